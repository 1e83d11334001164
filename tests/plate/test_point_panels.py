"""A panel for each trigger point: which points share one, what stands where, and that nothing is lost."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

import trigpoint as tp
from tests.support.collisions import collisions
from tests.support.plates import paths
from tests.support.sampling import each_muscle
from trigpoint.plate import point_panels
from trigpoint.plate.page import designed
from trigpoint.plate.spec import Spec
from trigpoint.scene import Path, Scene, Text
from trigpoint.style import THEMES

ATLAS = tp.load_atlas()
STYLE = THEMES["plate"]
SEVERAL = [muscle.id for muscle in ATLAS.muscles if len(muscle.points) > 1]


def spec_of(muscle: str) -> Spec:
    data = ATLAS.muscle(muscle)
    return Spec(muscle, tuple(point.id for point in data.points), ATLAS.views(muscle), 175.0)


def groups(scene: Scene, layer: str) -> list[str]:
    found = scene.find(layer)
    return [group.id.removeprefix(f"{layer}.") for group in found.children] if found else []


def spans(scene: Scene, layer: str = "body") -> dict[str, np.ndarray]:
    """The box of each panel's body, by the end of its group's id."""
    found = {}
    for group in scene.find(layer).children:
        ends = np.concatenate([ring for path in paths(group) for ring in path.rings])
        found[group.id.removeprefix(f"{layer}.")] = np.array([*ends.min(axis=0), *ends.max(axis=0)])
    return found


def test_each_pattern_has_a_panel_after_those_of_the_muscle() -> None:
    scene = tp.Diagram("gluteus_medius").scene()
    assert groups(scene, "body") == ["right", "posterior", "posterior.1", "right.2", "posterior.3"]
    assert groups(scene, "essential") == ["posterior.1", "right.2", "posterior.3"]
    assert groups(scene, "muscle")[:2] == ["right", "posterior"]
    said = [text.text for text in paths(scene.find("headings"), Text)]
    assert [words for words in said if words.startswith("TrP")] == [
        "TrP1 (posterior)",
        "TrP2 (middle)",
        "TrP3 (anterior, uncommon)",
    ]


def test_the_first_panel_shows_every_x_and_each_other_one_its_own() -> None:
    scene = tp.Diagram("gluteus_medius").scene()
    numbers = {
        group.id.removeprefix("points."): [text.text for text in paths(group, Text)]
        for group in scene.find("points").children
    }
    assert numbers["right"] == ["1", "2", "3"]
    assert numbers["posterior.1"] == ["1"]
    assert numbers["right.2"] == ["2"]
    assert "posterior.3" not in numbers  # this point is not seen from behind


def test_points_with_one_pattern_share_a_panel() -> None:
    assert point_panels.groups(ATLAS, spec_of("piriformis")) == (("piriformis.trp1", "piriformis.trp2"),)
    assert "posterior.1" not in groups(tp.Diagram("piriformis").scene(), "body")
    assert len(point_panels.groups(ATLAS, spec_of("vastus_lateralis"))) == 5


@each_muscle(SEVERAL)
def test_every_point_with_pain_is_in_one_pattern(muscle: str) -> None:
    spec = spec_of(muscle)
    every = [point for some in point_panels.groups(ATLAS, spec) for point in some]
    painful = [point.id for point in ATLAS.muscle(muscle).points if point.zones]
    assert sorted(every) == sorted(painful)


@each_muscle(SEVERAL, width=(60, 85, 120, 175, 380))
def test_nothing_collides_and_panels_stay_on_the_page(muscle: str, width: float) -> None:
    scene = tp.Diagram(muscle, width=width).scene()
    assert collisions(scene, STYLE.for_page(scene.width)) == []
    for box in spans(scene).values():
        assert box[0] > -0.5
        assert box[2] < scene.width + 0.5


def test_pain_takes_half_of_the_page_or_more() -> None:
    for muscle in ("gluteus_medius", "vastus_lateralis", "soleus", "quadratus_lumborum"):
        boxes = spans(tp.Diagram(muscle).scene())
        area = {key: (box[2] - box[0]) * (box[3] - box[1]) for key, box in boxes.items()}
        pain = sum(each for key, each in area.items() if "." in key)
        assert pain > 0.5 * sum(area.values()), muscle


def test_pain_far_away_leaves_the_others_their_size() -> None:
    """The third point of soleus refers to the sacrum: its panel alone shows the leg up to there."""
    boxes = spans(tp.Diagram("soleus").scene(), "muscle")
    tall = {key: box[3] - box[1] for key, box in boxes.items()}
    assert tall["posterior.3"] < 0.6 * tall["posterior.1"]
    assert tall["posterior.1"] == pytest.approx(tall["posterior.2"], rel=0.1)


def test_one_leg_is_shown_where_all_lies_on_it() -> None:
    scene = tp.Diagram("soleus").scene()
    marks = [text.text for text in paths(scene.find("views"), Text) if text.text in "RL"]
    assert set(marks) == {"R"}
    assert {text.text for text in paths(tp.Diagram("soleus", side="left").scene().find("views"), Text)} & {"L"}


def test_what_is_asked_for_is_drawn_or_refused_in_words() -> None:
    together = tp.Diagram("gluteus_medius", panels="together").scene()
    assert groups(together, "essential") == ["posterior", "right"]
    for options in ({"labels": "names"}, {"annotate": ["muscle", "regions"]}, {"inset": "sacral"}):
        assert groups(tp.Diagram("gluteus_medius", **options).scene(), "essential") == ["posterior", "right"]
        with pytest.raises(tp.InputError, match="panels of points have headings and no names beside the body"):
            tp.Diagram("gluteus_medius", panels="points", **options)
    with pytest.raises(tp.InputError, match=r"for the plate of one muscle \(hint: leave panels out"):
        tp.Diagram("gluteus_medius", "piriformis", panels="points")
    with pytest.raises(tp.InputError, match="unknown panels 'all'"):
        tp.Diagram("gluteus_medius", panels="all")
    one = tp.Diagram("gluteus_medius", points=[1]).scene()
    assert groups(one, "essential") == ["posterior", "right"]
    assert tp.Diagram("gluteus_medius", points=[1], panels="points").scene() == one


def test_layers_are_left_out_of_every_panel() -> None:
    bare = tp.Diagram("gluteus_medius", layers=["-points", "-labels", "-bones"]).scene()
    assert not {"points", "headings", "bones"} & {group.id for group in bare.children}
    assert groups(tp.Diagram("gluteus_medius", layers="-zones").scene(), "body") == ["posterior", "right"]
    lettered = tp.Diagram("gluteus_medius", layers="+letters").scene()
    assert [text.text for text in paths(lettered.find("letters"), Text)] == list("ABCDE")


def test_a_page_that_is_too_low_is_refused_and_a_low_one_is_filled() -> None:
    low = tp.Diagram("gluteus_medius", height=110).scene()
    assert low.height <= 110 + 1e-6
    for width in (40, 60, 175, 420):
        with pytest.raises(tp.InputError, match=r"does not fit a height of 40 mm|no room for bodies"):
            tp.Diagram("vastus_lateralis", height=40, width=width, panels="points").scene()


def test_where_panels_do_not_fit_all_points_are_drawn_together() -> None:
    small = tp.Diagram("gluteus_medius", width=60, height=90)
    assert groups(small.scene(), "essential") == ["posterior", "right"]
    assert "panel" not in small.caption() + small.alt_text() + small.scene().description
    with pytest.raises(tp.InputError, match="height of 90 mm"):
        tp.Diagram("gluteus_medius", width=60, height=90, panels="points").scene()


def test_the_muscle_of_a_pattern_is_quieter_than_the_muscle_itself() -> None:
    scene = tp.Diagram("gluteus_medius").scene()
    first, other = ({path.fill for path in paths(scene.find(f"muscle.{key}"))} for key in ("right", "right.2"))
    assert STYLE.muscle_tones[2] in first
    assert STYLE.muscle_tones[2] not in other


def test_a_body_that_comes_again_is_written_once() -> None:
    text = tp.Diagram("gluteus_medius").to_bytes().decode()
    assert text.count("<use ") >= 2
    names = {part.split('"')[0] for part in text.split('xlink:href="#')[1:]}
    assert all(f'id="{name}"' in text for name in names)
    whole = tp.Diagram("gluteus_medius").scene()
    shapes = [paths(whole.find(f"bones.posterior.{number}"), Path) for number in (1, 3)]
    ways = [b.rings[0] - a.rings[0] for a, b in zip(*shapes, strict=True)]
    assert np.ptp(np.concatenate(ways), axis=0) == pytest.approx(0, abs=1e-6)


@each_muscle(SEVERAL)
def test_zones_lie_where_the_atlas_says(muscle: str) -> None:
    spec = spec_of(muscle)
    body = point_panels.PointPanels(designed(ATLAS, [spec], STYLE, "points"))
    panels, _ = body.laid(10.0, body.tallest)
    for panel, cell in zip(panels, body.layers(panels, body.laid(10.0, body.tallest)[1]), strict=True):
        points = cell.cell.specs[0].points
        if panel.seen.essential.is_empty:
            continue
        whole = shapely.union_all([ATLAS.zone(point, "essential", view=panel.view) for point in points])
        assert panel.seen.essential.symmetric_difference(whole).area < 0.02 * whole.area
        left, top, right, bottom = panel.figure.box
        assert shapely.box(left - 1, top, right + 1, bottom).covers(whole)
