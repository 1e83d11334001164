"""Insets, the largest height of a page, panel letters and the scale bar: read from the scene."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

import trigpoint as tp
from tests.support.collisions import collisions
from tests.support.plates import paths
from trigpoint.plate import inset
from trigpoint.plate.compose import Composer
from trigpoint.plate.labels.label import text_box
from trigpoint.plate.page import designed
from trigpoint.plate.spec import Spec
from trigpoint.scene import Dots, Path, Text, bounds
from trigpoint.style import THEMES

STYLE = THEMES["plate"]


@pytest.mark.parametrize("width", [85, 120, 175])
@pytest.mark.parametrize("views", [None, ["posterior"]], ids=str)
@pytest.mark.parametrize(
    "regions", [("sacral",), ("gluteal_upper", "sacral"), ("iliac_crest_posterior",)], ids=".".join
)
@pytest.mark.parametrize("muscle", ["gluteus_medius", "quadratus_lumborum", "piriformis", "vastus_lateralis"])
def test_nothing_collides_beside_an_inset(muscle, regions, views, width):
    diagram = tp.Diagram(muscle, inset=regions, views=views, width=width)
    assert collisions(diagram.scene(), STYLE.for_page(width)) == []


def test_an_inset_enlarges_its_region_and_stays_in_its_frame():
    scene = tp.Diagram("gluteus_medius", inset="sacral", width=175).scene()
    group = scene.find("inset.sacral.posterior")
    ground = next(path for path in paths(group) if path.fill == STYLE.paper)
    frame = shapely.Polygon(ground.rings[0])
    for item in paths(group, (Path, Dots)):
        for ring in item.rings if isinstance(item, Path) else [item.points]:
            assert shapely.MultiPoint(ring).difference(frame.buffer(0.05)).is_empty
    (around,) = [
        path for path in paths(scene.find("inset_frames")) if path.closed and path.stroke == STYLE.locator_frame
    ]
    assert np.ptp(ground.rings[0][:, 0]) > 1.5 * np.ptp(around.rings[0][:, 0])
    assert "Sacral region" in {text.text for text in paths(group, Text)}


def test_what_an_inset_shows_is_cut_exactly():
    square = Path((np.array([(0, 0), (10, 0), (10, 10), (0, 10)]),), fill="#112233", stroke="#445566", width=0.3)
    dots = Dots(np.array([(1, 1), (4.9, 4.9), (8, 8)]), 0.2, "#112233")
    area, line, kept, _ = inset.cut(
        [square, dots, Text(1, 9, "in", 2), Text(1, 30, "far", 2)], shapely.box(0.5, 0.5, 5, 20)
    )
    assert bounds([area]) == (0.5, 0.5, 5.0, 10.0)
    assert area.stroke is None
    assert not line.closed
    assert bounds([line])[3] == pytest.approx(10.15)
    assert kept.points.tolist() == [[1, 1]]  # the second would reach over the edge


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"inset": "buttock"}, "did you mean 'gluteal_lateral', 'gluteal_lower'"),
        ({"inset": "sacral", "layout": "grid"}, "plate of one muscle"),
        ({"views": "anterior", "inset": "sacral"}, "seen in none of the views anterior"),
        ({"views": "left", "side": "right", "body": "male", "inset": "groin"}, "seen in none of the views left"),
        ({"height": 20}, "height 20 is not a number from 40 to 600 mm"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_for_is_said(asked, complaint):
    with pytest.raises(tp.InputError, match=complaint):
        tp.Diagram("gluteus_medius", **asked)


def test_what_cannot_be_drawn_is_said():
    with pytest.raises(tp.InputError, match="does not fit a height of 40 mm"):
        tp.Diagram("gluteus_medius", width=60, height=40).scene()


@pytest.mark.parametrize(
    ("muscle", "view", "region"),
    [
        ("semitendinosus_semimembranosus", "posterior", "elbow_lateral"),
        ("rectus_abdominis", "right", "hand_ulnar"),
        ("gluteus_medius", "posterior", "hand_dorsal"),
        ("piriformis", "anterior", "hand_palmar"),  # a view that shows nothing else
        ("gluteus_medius", "posterior", "sacral"),
    ],
)
@pytest.mark.parametrize("body", ["neutral", "male"])
def test_what_is_enlarged_is_drawn(muscle, view, region, body):
    """Arms that carry nothing are left out, but not those whose hand is to be enlarged."""
    atlas = tp.load_atlas()
    points = tuple(point.id for point in atlas.muscle(muscle).points)
    spec = Spec(muscle, points, (view,), 120.0, body=body, inset=(region,))
    page = Composer(designed(atlas, [spec], STYLE))
    shape = atlas.region(region, view=view, body=body)
    assert page.body.figures[0].fill.buffer(1.0).intersection(shape).area > 0.99 * shape.area
    assert [each for each in collisions(page.scene(), STYLE) if "leaves the page" in each] == []


EVERY_VIEW = ["anterior", "posterior", "left", "right"]
CRAMPED = {
    "too low": (["rectus_abdominis"], {"width": 40, "height": 90}),
    "too many views": (["gracilis"], {"width": 40, "height": 70, "views": EVERY_VIEW}),
    "insets wider than the page": (
        ["iliocostalis_thoracis"],
        {"width": 41, "inset": ["arm_medial", "forearm_volar", "flank"], "height": 80, "views": EVERY_VIEW},
    ),
    "an inset of a dwarf": (["soleus"], {"width": 85, "height": 60, "inset": "trochanteric", "views": EVERY_VIEW}),
    "a low grid": (
        ["gluteus_medius", "piriformis", "soleus", "gracilis"],
        {"layout": "grid", "width": 40, "height": 90},
    ),
    "a grid of all": ([muscle.id for muscle in tp.load_atlas().muscles], {"layout": "grid", "width": 85}),
}


@pytest.mark.parametrize(("muscles", "asked"), CRAMPED.values(), ids=CRAMPED)
def test_a_page_without_room_for_bodies_is_refused(muscles, asked):
    """Drawn all the same, their marks would hide them, and their headings lie over each other."""
    diagram = tp.Diagram(*muscles, **asked)
    with pytest.raises(tp.InputError, match=r"no room for bodies|does not fit a height|too large to be enlarged"):
        diagram.scene()


def test_names_give_way_before_bodies_do():
    asked = {"width": 41, "height": 120, "inset": "cheek", "views": "anterior", "labels": "names"}
    scene = tp.Diagram("levator_ani_coccygeus", **asked).scene()
    assert scene.height <= 120
    assert collisions(scene, STYLE) == []


@pytest.mark.parametrize("muscles", [["gluteus_medius"], ["gluteus_medius", "piriformis"]])
def test_a_large_page_that_is_too_tall_is_said_in_its_own_millimetres(muscles):
    with pytest.raises(tp.InputError, match=r"^the plate does not fit a height of 41\.5 mm"):
        tp.Diagram(*muscles, width=400, height=41.5).scene()


@pytest.mark.parametrize("height", [70, 90, 120, 200])
@pytest.mark.parametrize("asked", [("gluteus_medius",), ("rectus_abdominis",), ("piriformis", "quadratus_lumborum")])
def test_a_plate_fits_its_height(asked, height):
    scene = tp.Diagram(*asked, width=175, height=height).scene()
    assert scene.height <= height + 1e-6
    assert collisions(scene, STYLE) == []


def test_a_wide_page_is_the_same_drawing_larger():
    small, large = (tp.Diagram("gluteus_medius", width=width).scene() for width in (190, 380))
    assert large.height == pytest.approx(2 * small.height)
    for one, other in zip(small.texts(), large.texts(), strict=True):
        assert (other.text, other.size) == (one.text, pytest.approx(2 * one.size))


def test_letters_stand_over_the_upper_left_corner_of_every_panel():
    layers = ["zones", "points", "labels", "views", "letters"]
    for asked in ({}, {"layout": "grid"}):
        names = ("gluteus_medius", "piriformis") if asked else ("piriformis",)
        scene = tp.Diagram(*names, layers=layers, **asked).scene()
        letters = paths(scene.find("letters"), Text)
        assert [text.text for text in letters] == ["A", "B"]
        assert {text.weight for text in letters} == {"bold"}
        views = [text for text in scene.texts() if "view" in text.text and text.weight == "bold"]
        assert all(letter.y < view.y for letter, view in zip(letters, views, strict=False))
        assert collisions(scene, STYLE) == []


def test_the_scale_bar_is_ten_centimetres_of_the_body():
    scene = tp.Diagram("gluteus_medius", layers=["zones", "legend", "scale"], panels="together").scene()
    line = paths(scene.find("scale"))[0].rings[0]
    drawn = scene.find("body.posterior").children[0].rings[0]
    atlas = tp.load_atlas()
    widest = np.ptp(
        atlas.outline("neutral", "posterior").silhouette.intersection(shapely.box(-200, 700, 200, 1000)).bounds[::2]
    )
    assert np.ptp(line[:, 0]) / np.ptp(drawn[:, 0]) == pytest.approx(100 / widest, rel=0.05)
    assert "10 cm" in {text.text for text in paths(scene.find("scale"), Text)}


@pytest.mark.parametrize(
    ("muscle", "asked"),
    [
        ("multifidi_rotatores", {"inset": ("sacral", "thoracolumbar")}),
        ("gluteus_maximus", {"inset": "sacral", "language": "ja", "annotate": ("muscle", "points", "regions")}),
        ("piriformis", {"inset": ("sacral", "gluteal_upper")}),
        ("gluteus_medius", {"inset": ("gluteal_upper", "iliac_crest_posterior"), "width": 85}),
    ],
    ids=str,
)
def test_an_inset_shows_an_x_and_its_number_together_or_neither(muscle, asked):
    scene = tp.Diagram(muscle, **asked).scene()
    for group in scene.find("insets").children:
        numbers = [text for text in paths(group, Text) if text.text.isdecimal()]
        crosses = [path for path in paths(group) if path.stroke == STYLE.mark and len(path.rings) == 2]
        assert len(numbers) == len(crosses)
        frame = shapely.Polygon(paths(group)[0].rings[0])
        assert all(frame.contains(shapely.box(*bounds([item]))) for item in (*numbers, *crosses))


@pytest.mark.parametrize(
    "asked", [{"inset": ("sacral", "coccygeal"), "width": 85, "body": "male"}, {"inset": "sacral"}]
)
def test_lines_lead_from_every_place_to_both_sides_of_its_inset(asked):
    scene = tp.Diagram("gluteus_maximus", **asked).scene()
    lines = paths(scene.find("inset_lines"))
    assert len(lines) == len(scene.find("insets").children)
    for line, group in zip(lines, scene.find("insets").children, strict=True):
        frame = shapely.Polygon(paths(group)[0].rings[0])
        ends = [shapely.Point(ring[-1]) for ring in line.rings if frame.distance(shapely.Point(ring[-1])) < 0.1]
        assert len(ends) == 2
        assert ends[0].distance(ends[1]) > 5


@pytest.mark.parametrize(("language", "margin"), [("en", 3.0), ("ja", 2.5)])
def test_letters_of_the_sides_keep_the_margin(language, margin):
    for muscle, asked in (("gluteus_maximus", {"inset": "sacral", "width": 85}), ("iliopsoas", {"inset": "sacral"})):
        scene = tp.Diagram(muscle, language=language, **asked).scene()
        letters = [text for text in paths(scene.find("views"), Text) if len(text.text) == 1]
        assert letters
        for left, _, right, _ in map(text_box, letters):
            assert min(left, scene.width - right) > margin - 0.01
