"""Zones of low confidence: a dashed edge, and words for it only where one is drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

import trigpoint as tp
from tests.support.plates import paths
from tests.support.small_atlas import small_atlas
from trigpoint.atlas import Atlas
from trigpoint.scene import Path
from trigpoint.style import THEMES

STYLE = THEMES["plate"]
WORDS = "Dashed edge: low confidence"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("outlines")


def doubting(folder, *doubted: str) -> Atlas:
    """The small atlas with these points of low confidence."""
    patterns = small_atlas(folder).patterns
    muscles = (
        replace(
            muscle,
            points=tuple(replace(point, confidence="low") if point.id in doubted else point for point in muscle.points),
        )
        for muscle in patterns.muscles
    )
    return Atlas(replace(patterns, muscles=tuple(muscles)), folder)


def dashed(scene) -> list[Path]:
    return [path for path in paths(scene.find("essential")) if path.dash]


def said(scene) -> bool:
    return WORDS in [text.text for text in scene.texts()]


def test_a_sure_zone_has_a_plain_edge(folder):
    scene = tp.Diagram("hip", atlas=doubting(folder)).scene()
    assert not dashed(scene)
    assert not said(scene)


@pytest.mark.parametrize("asked", [{}, {"layout": "grid"}, {"layout": "together"}], ids=str)
def test_an_unsure_zone_has_a_dashed_edge_and_words(folder, asked):
    scene = tp.Diagram("hip", atlas=doubting(folder, "hip.trp2"), views="posterior", **asked).scene()
    (edge,) = dashed(scene)
    assert edge.dash == STYLE.doubtful_dash
    assert said(scene)
    around = shapely.MultiLineString([*edge.rings]).bounds
    whole = shapely.union_all(
        [shapely.LineString(ring) for path in paths(scene.find("essential")) for ring in path.rings]
    )
    assert around[2] - around[0] < 0.5 * (whole.bounds[2] - whole.bounds[0])  # the disc of the second point alone


def test_several_muscles_each_with_its_own_edge(folder):
    diagram = tp.Diagram("hip", "calf", views="posterior", atlas=doubting(folder, "calf.trp1"))
    edges = dashed(diagram.scene())
    assert edges
    assert all(edge.stroke != STYLE.essential_edge for edge in edges)
    assert said(diagram.scene())
    assert not said(
        tp.Diagram("hip", "calf", views="posterior", layers=["muscle", "legend"], atlas=diagram.atlas).scene()
    )


def test_where_a_sure_zone_has_the_same_edge_it_is_plain(folder):
    atlas = doubting(folder, "hip.trp1", "hip.trp2", "hip.trp3")
    scene = tp.Diagram("hip", atlas=atlas, points=[1], views="posterior").scene()
    assert len(dashed(scene)) == 1
    assert not [
        path for path in paths(scene.find("essential")) if path.stroke == STYLE.essential_edge and not path.dash
    ]


def test_no_words_where_no_dashed_edge_is_drawn(folder):
    atlas = doubting(folder, "hip.trp2")
    assert not said(tp.Diagram("hip", points=[1], atlas=atlas).scene())
    assert not said(tp.Diagram("hip", layers=["muscle", "legend"], atlas=atlas).scene())
    assert not said(tp.Diagram("hip", overlay="count", atlas=atlas).scene())
