"""The body on a plate: its tones from light to dark within its edge, in the colours of the theme, and its contour."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely

import trigpoint as tp
from trigpoint.atlas.outlines import VIEWS
from trigpoint.plate.credits import ATTRIBUTION
from trigpoint.scene import Group, Path, Scene
from trigpoint.style import THEMES

ATLAS = tp.load_atlas()
LEAST_TONES = 6


def bodies(scene: Scene, layer: str = "body") -> list[list[Path]]:
    """The paths of every body that is drawn."""
    found = scene.find(layer)
    assert found
    return [
        [item for item in one.children if isinstance(item, Path)] for one in found.children if isinstance(one, Group)
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_a_body_has_every_tone_of_its_theme(theme: str) -> None:
    style = THEMES[theme]
    colours = style.flesh(len(ATLAS.outline("neutral", "posterior").tones))
    assert len(set(colours)) >= LEAST_TONES + 1
    assert (colours[0], colours[-1]) == (style.body, style.body_shade)
    for body in bodies(tp.Diagram("gluteus_medius", theme=theme).scene()):
        assert {item.fill for item in body} <= {*colours, style.body_lines}
        assert body[0].fill == colours[len(colours) // 2]


def test_tones_stay_on_the_body_and_cost_little() -> None:
    for body in bodies(tp.Diagram("gluteus_medius").scene()):
        edge = shapely.MultiPolygon([shapely.Polygon(ring) for ring in body[0].rings]).buffer(0.1)
        assert all(item.soft for item in body[:-1])
        for item in body[1:-1]:
            for ring in item.rings:
                assert shapely.Polygon(ring).buffer(0).difference(edge).area < 0.05
        assert sum(len(ring) for item in body for ring in item.rings) < 1600


def test_the_contour_swells_from_a_tenth_to_three_tenths_of_a_millimetre() -> None:
    style = THEMES["plate"]
    ends = style.outline_width * (1 - style.outline_swell), style.outline_width * (1 + style.outline_swell)
    assert ends == pytest.approx((0.1, 0.3))
    assert all(item.soft for item in bodies(tp.Diagram("gluteus_medius").scene(), "outline")[0][:1])


@pytest.mark.parametrize("body", ["neutral", "female", "male"])
@pytest.mark.parametrize("view", VIEWS)
def test_bodies_have_soft_steps_each_inside_the_one_before(body: str, view: str) -> None:
    tones = ATLAS.outline(body, view).tones
    assert len(tones) >= LEAST_TONES
    areas = [tone.area for tone in tones]
    assert areas == sorted(areas, reverse=True)
    for outer, inner in pairwise(tones):
        assert inner.difference(outer.buffer(1.5)).area < 0.001 * inner.area + 50


def test_bodies_differ_in_their_steps() -> None:
    female, male = (ATLAS.outline(body, "anterior").tones[1] for body in ("female", "male"))
    assert female.symmetric_difference(male).area > 0.1 * male.area


def test_the_relief_of_a_body_is_credited_in_the_file() -> None:
    scene = tp.Diagram("gluteus_medius", layers=["zones", "labels"], views=["posterior"]).scene()
    assert ATTRIBUTION in scene.credit


def test_a_face_is_calm_and_even() -> None:
    lines = ATLAS.outline("neutral", "anterior").lines
    for name in ("eye", "brow", "nose_wing", "ear"):
        right, left = lines[f"line.{name}.r"], lines[f"line.{name}.l"]
        np.testing.assert_allclose(right.area, left.area, rtol=0.05)
    assert lines["line.mouth"].bounds[3] < 200
