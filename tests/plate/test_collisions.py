"""Nothing on a plate lies over anything else: every muscle is drawn in every view, side, width and language.

`collisions.py` measures; here it must also find each kind of overlap in scenes that are made to have one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import trigpoint as tp
from tests.support.collisions import collisions, ink
from tests.support.sampling import MUSCLES, each_muscle
from trigpoint.atlas import load_atlas
from trigpoint.atlas.outlines import SIDES, VIEWS
from trigpoint.plate import linework, paint
from trigpoint.plate.layout import Panel
from trigpoint.scene import Group, Item, Path, Scene, Text
from trigpoint.style import THEMES, Style
from trigpoint.words import LANGUAGES

STYLE = THEMES["plate"]
WIDTHS = (60, 85, 120, 175)
LOW_BACK = ("gluteus_medius", "quadratus_lumborum", "piriformis", "iliopsoas", "rectus_abdominis", "gluteus_minimus")


@pytest.fixture
def undotted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plates without the dots of the spillover, which take half of the time and lie inside its edge, which is drawn."""

    def edge(panel: Panel, style: Style) -> list[Item]:
        look = {"stroke": style.spillover, "width": style.spillover_edge_width}
        return paint.area(linework.spillover(panel.seen), panel, **look)

    monkeypatch.setattr(paint, "spillover", edge)


def found(*names: str, **options: object) -> list[str]:
    drawn = tp.Diagram(*names, **options).scene()
    return collisions(drawn, STYLE.for_page(drawn.width))


@pytest.mark.usefixtures("undotted")
@each_muscle(language=LANGUAGES, view=VIEWS, side=SIDES, width=WIDTHS)
def test_nothing_collides_on_a_plate_of_one_view(
    muscle: str, language: str, view: str, side: str, width: float
) -> None:
    assert found(muscle, views=view, side=side, width=width, language=language) == []


@each_muscle(width=(40, 60, 85, 120, 175, 300, 420))
def test_nothing_collides_on_a_default_plate_of_any_size(muscle: str, width: float) -> None:
    assert found(muscle, side=side_of(muscle), width=width) == []


@each_muscle(body=("female", "male"), width=(85, 175))
def test_nothing_collides_on_any_body(muscle: str, body: str, width: float) -> None:
    assert found(muscle, side=side_of(muscle), width=width, body=body) == []


@pytest.mark.parametrize("width", [60, 85, 120, 175, 420])
@pytest.mark.parametrize("count", range(2, 7))
@pytest.mark.parametrize("asked", [{"layout": "together"}, {"layout": "grid"}, {"overlay": "count"}], ids=str)
def test_nothing_collides_on_plates_of_several_muscles(asked: dict[str, str], count: int, width: float) -> None:
    assert found(*LOW_BACK[:count], width=width, **asked) == []


@pytest.mark.parametrize("width", [120, 175, 420])
def test_nothing_collides_on_a_page_of_twelve(width: float) -> None:
    assert found(*MUSCLES[:12], layout="grid", views="posterior", width=width) == []


EVERYTHING = ("muscle", "points", "regions", "landmarks", "bones")


@pytest.mark.usefixtures("undotted")
@pytest.mark.parametrize("width", [85, 120])
@pytest.mark.parametrize("muscle", ["gluteus_medius", "levator_ani_coccygeus", "longissimus_thoracis"])
def test_nothing_collides_where_everything_is_named(muscle: str, width: float) -> None:
    assert found(muscle, width=width, annotate=EVERYTHING) == []


def test_a_plate_on_which_numbers_would_lie_over_each_other_is_refused() -> None:
    with pytest.raises(tp.InputError, match="numbers and letters of a view would lie over each other"):
        found("multifidi_rotatores", width=60, annotate=EVERYTHING)


def test_a_number_nearer_to_a_foreign_mark_is_tied_to_its_own() -> None:
    crowded = {"width": 60, "side": "left", "body": "male", "annotate": ("points", "landmarks", "regions")}
    drawn = tp.Diagram("multifidi_rotatores", **crowded).scene()
    points = drawn.find("points.posterior")
    assert isinstance(points, Group)
    paths = [item for item in points.children if isinstance(item, Path) and not item.closed]
    crosses = [np.mean(item.rings, axis=(0, 1)) for item in paths if item.stroke == STYLE.mark]
    number = next(item for item in points.children if isinstance(item, Text) and item.text == "1")
    left, top, right, bottom = ink(number)
    far = [np.hypot(max(left - x, x - right, 0), max(top - y, y - bottom, 0)) for x, y in crosses]
    assert far[0] > far[1]  # the first X is its own
    ties = [item.rings[0] for item in paths if item.stroke == STYLE.leader]
    ends = [end for begin, end in ties if left - 0.1 < begin[0] < right + 0.1 and top - 0.1 < begin[1] < bottom + 0.1]
    assert any(np.hypot(*(end - crosses[0])) < STYLE.mark_size for end in ends)


@each_muscle()
def test_no_plate_with_room_has_ties(muscle: str) -> None:
    points = tp.Diagram(muscle, side=side_of(muscle), width=85).scene().find("points")
    for item in points.children if isinstance(points, Group) else ():
        strokes = {part.stroke for part in getattr(item, "children", ()) if isinstance(part, Path)}
        assert strokes <= {STYLE.mark, STYLE.mark_halo}


def test_headings_and_remarks_of_small_multiples_keep_off_bodies_beside_panel_letters() -> None:
    names = "gracilis", "pectineus", "iliocostalis_lumborum", "biceps_femoris", "latissimus_dorsi", "vastus_lateralis"
    more = {"width": 250, "views": ("right", "posterior", "anterior", "left"), "side": "left", "body": "female"}
    layers = "-muscle", "+letters", "-points", "-title"
    drawn = tp.Diagram(
        *names, "soleus", "short_lateral_rotators", layout="grid", layers=layers, language="la", **more
    ).scene()
    assert collisions(drawn, STYLE.for_page(drawn.width)) == []
    said = " ".join(text.text for text in drawn.texts()).split()
    assert said.count("obturatorius") == 4  # no word is broken


def test_a_line_of_an_inset_keeps_off_asian_signs_and_codes() -> None:
    views = "anterior", "left", "posterior"
    more = {"language": "zh", "views": views, "side": "left", "body": "male", "inset": "perineal_anal"}
    assert found("gluteus_maximus", width=250, theme="blueprint", labels="blank", annotate="muscle", **more) == []
    codes = {"layers": ("+bones", "-credit", "+acupoints", "-views"), "inset": "wrist", "views": "posterior"}
    assert found("obturator_internus", width=100, height=220, language="la", points=1, theme="contrast", **codes) == []


@pytest.mark.parametrize("layout", ["alone", "grid", "together"])
def test_a_legend_names_no_spillover_that_is_too_thin_to_be_drawn(layout: str) -> None:
    more = {} if layout == "alone" else {"layout": layout}
    names = ("sartorius",) if layout == "alone" else ("sartorius", "vastus_medialis")
    drawn = tp.Diagram(*names, views="posterior", **more).scene()
    assert not any(isinstance(item, Group) and item.id.startswith("spillover.") for item in drawn.walk())
    assert "Spillover pain zone" not in {text.text for text in drawn.texts()}


def side_of(muscle: str) -> str:
    """The first side that has any of a muscle's points."""
    points = load_atlas().muscle(muscle).points
    return next(side for side in SIDES if not points or any(point.on(side) for point in points))


SQUARE = np.array([(10, 10), (40, 10), (40, 60), (10, 60)])
BODY = Group("body", "Body", (Group("body.posterior", "", (Path((SQUARE,), fill=STYLE.body),)),))
BELOW = np.array([(10, 52), (40, 52), (40, 60), (10, 60)])


def scene(*groups: Group) -> Scene:
    return Scene(80, 80, (BODY, *groups))


def leader(*places: tuple[float, float]) -> Path:
    return Path((np.array(places),), closed=False, stroke=STYLE.leader, width=STYLE.leader_width)


def labels(*items: Item) -> Group:
    return Group("labels", "", (Group("labels.posterior", "", items),))


def cross(x: float, y: float) -> Group:
    strokes = tuple(np.array([(x - 0.7, y + turn * 0.7), (x + 0.7, y - turn * 0.7)]) for turn in (1, -1))
    mark = Path(strokes, closed=False, stroke=STYLE.mark, width=STYLE.mark_width)
    return Group("points", "", (Group("points.posterior", "", (mark,)),))


@pytest.mark.parametrize(
    ("groups", "complaint"),
    [
        ([Group("title", "", (Text(50, 5, "one", 3), Text(53, 6, "other", 3)))], "text 'one' over text 'other'"),
        ([Group("title", "", (Text(70, 5, "too long for it", 3),))], "leaves the page"),
        ([Group("title", "", (Text(50, 5, "small", 1),))], "smaller than 6 pt"),
        ([Group("views", "", (Text(38, 40, "R", 3),))], "body posterior under text 'R'"),
        ([cross(20, 20), Group("views", "", (Text(20, 20.5, "1", 3),))], "X of points.posterior under text '1'"),
        ([labels(Text(50, 30, "name", 3), leader((54, 20), (54, 35)))], "leader 1 through text 'name'"),
        ([labels(leader((45, 20), (15, 20))), cross(20, 20)], "leader 1 through the X of points.posterior"),
        ([labels(leader((45, 20), (15, 30)), leader((45, 30), (15, 20)))], "leader 1 crosses leader 2"),
        ([Group("locator", "", (Path((SQUARE + 5,), fill="#000000"),))], "locator over body posterior"),
        (
            [Group("legend", "", (Path((BELOW + np.array([0, 10]),), fill="#000000"), Text(15, 66, "Pain", 3)))],
            "legend symbol under text 'Pain'",
        ),
        (
            [
                Group("essential", "", (Group("essential.posterior", "", (Path((SQUARE,), fill="#000000"),)),)),
                Group("outline", "", (Path((BELOW,), fill=STYLE.paper, opacity=0.5),)),
            ],
            "zone of essential.posterior under the soft end",
        ),
        ([Group("essential", "", (Path((SQUARE + 50,), fill="#000000"),))], "a shape of essential leaves the page"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_collision_is_found(groups: list[Group], complaint: str) -> None:
    assert any(complaint in what for what in collisions(scene(*groups), STYLE))


def test_bodies_over_each_other_are_found() -> None:
    other = Group("body.right", "", (Path((SQUARE + 20,), fill=STYLE.body),))
    both = replace(BODY, children=(*BODY.children, other))
    assert collisions(Scene(80, 80, (both,)), STYLE) == ["body posterior over body right"]


def test_a_clean_scene_has_none() -> None:
    clean = scene(labels(Text(50, 30, "name", 3), leader((49, 29), (22, 20))), cross(20, 20))
    assert collisions(clean, STYLE) == []
