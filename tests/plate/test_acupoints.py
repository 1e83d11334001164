"""Acupuncture points: where the words of their sources put them, in the file, and as circles on a plate."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
import shapely

import trigpoint as tp
from tests.support.plates import box, paths
from tests.support.small_atlas import small_atlas
from trigpoint.atlas import Atlas
from trigpoint.atlas.pattern_writer import format_patterns
from trigpoint.atlas.patterns import Acupoint, Evidence, read_patterns
from trigpoint.plate.spec import DEFAULT_LAYERS
from trigpoint.scene import Path, Text
from trigpoint.style import THEMES

STYLE = THEMES["plate"]
LAYERS = (*DEFAULT_LAYERS, "acupoints")
WORDS = "Acupuncture point (nearness only)"


def at(code: str, view: str = "posterior", **asked: str) -> tuple[float, float]:
    place = tp.load_atlas().acupoint_position(code, view=view, **asked)
    assert place is not None
    return place


def spine(name: str) -> float:
    return tp.load_atlas().outline("neutral", "posterior").landmarks[name][1]


@pytest.mark.parametrize(("code", "above", "below"), [
    ("BL23", "l2", "l3"), ("BL52", "l2", "l3"), ("BL24", "l3", "l4"), ("BL25", "l4", "l5"), ("EX-B7", "l4", "l5"),
    ("BL26", "l5", "sacral_apex"), ("BL31", "l5", "sacral_apex"), ("BL34", "l5", "sacral_apex"),
])  # fmt: skip
def test_levels_against_the_spine(code, above, below):
    assert spine(above) < at(code)[1] < spine(below)


@pytest.mark.parametrize("row", [
    ("BL23", "BL52"), ("BL25", "EX-B7"), ("BL31", "BL27"), ("BL32", "BL28", "BL53"), ("BL34", "BL54"),
])  # fmt: skip
def test_medial_to_lateral_on_one_level(row):
    places = [at(code) for code in row]
    assert all(one[0] < two[0] for one, two in pairwise(places))
    assert max(y for _, y in places) - min(y for _, y in places) < 1.0


def test_the_foramina_descend_and_converge():
    places = [at(code) for code in ("BL31", "BL32", "BL33", "BL34")]
    assert all(one[0] > two[0] > 0 and one[1] < two[1] for one, two in pairwise(places))
    psis = tp.load_atlas().outline("neutral", "posterior").landmarks["psis.r"]
    assert places[0][0] < psis[0]
    assert abs(places[0][1] - psis[1]) < 10


def test_cun_are_proportional():
    assert at("BL52")[0] == pytest.approx(2 * at("BL23")[0], abs=0.2)
    assert at("EX-B7")[0] == pytest.approx(3.5 / 1.5 * at("BL25")[0], abs=0.2)


def test_hip_points_against_landmarks():
    front, side = (tp.load_atlas().outline("neutral", view).landmarks for view in ("anterior", "right"))
    asis = front["asis.r"]
    for code in ("GB27", "GB28"):
        assert abs(at(code, "anterior")[0]) < abs(asis[0])
        assert at(code, "anterior")[1] > asis[1]
    assert at("GB28", "anterior")[1] > at("GB27", "anterior")[1]
    x, y = at("GB29", "right")
    assert side["greater_trochanter.r"][0] < x < side["asis.r"][0]
    assert side["asis.r"][1] < y < side["greater_trochanter.r"][1]
    trochanter = tp.load_atlas().outline("neutral", "posterior").landmarks["greater_trochanter.r"]
    assert at("GB30")[0] == pytest.approx(0.67 * trochanter[0], abs=1)


def test_all_lie_on_every_body_on_the_side_asked_for():
    atlas = tp.load_atlas()
    for body in atlas.bodies:
        for point in atlas.patterns.acupoints:
            for view in ("posterior", "right", "anterior"):
                place = atlas.acupoint_position(point.id, view=view, body=body)
                if place:
                    assert atlas.outline(body, view).silhouette.buffer(2).contains(shapely.Point(place)), (body, point)
    assert at("BL25", side="left") == (-at("BL25")[0], at("BL25")[1])
    assert atlas.acupoint("大肠俞") is atlas.acupoint("dachangshu") is atlas.acupoint("BL 25")
    assert atlas.acupoint("bl25").names == {"en": "Dachangshu", "ja": "大腸兪", "zh": "大肠俞"}
    with pytest.raises(tp.UnknownNameError, match="unknown acupuncture point 'BL99'"):
        atlas.acupoint("BL99")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("outlines")
    patterns = small_atlas(folder).patterns
    found = (Evidence("M", "recall"), Evidence("W", "read"))
    places = {"A1": (90, 640), "A2": (95, 642), "A3": (70, 706), "A4": (100, 760), "A5": (100, 1600)}
    points = tuple(
        Acupoint(key, {"en": f"Point {key}"}, "here", {"posterior": place}, found) for key, place in places.items()
    )
    return Atlas(replace(patterns, muscles=patterns.muscles[1:], acupoints=points), folder)


@pytest.mark.parametrize("asked", [{}, {"layout": "grid"}, {"side": "left", "width": 60}], ids=str)
def test_circles_with_codes_that_collide_with_nothing(small, asked):
    scene = tp.Diagram("hip", views="posterior", layers=LAYERS, atlas=small, panels="together", **asked).scene()
    layer = scene.find("acupoints")
    assert {path.stroke for path in paths(layer)} == {STYLE.acupoint}
    codes = paths(layer, Text)
    assert {text.text for text in codes} <= {"A1", "A2", "A3", "A4"}
    assert len(codes) == len(paths(layer)) >= 3  # no circle without its code; the fifth point lies below the crop
    middles = {text.text: path.rings[0].mean(axis=0) for text, path in zip(codes, paths(layer), strict=True)}
    for text in codes:
        apart = {code: shapely.box(*box(text, ink=True)).distance(shapely.Point(at)) for code, at in middles.items()}
        assert min(apart, key=apart.get) == text.text
    marked = [shapely.box(*box(text, ink=True)) for text in [*codes, *paths(scene.find("points"), Text)]]
    assert not any(one.intersects(two) for one, two in combinations(marked, 2))
    crosses = [shapely.LineString(line) for path in paths(scene.find("points"), Path) for line in path.rings]
    assert not any(cross.intersects(one) for cross in crosses for one in marked[: len(codes)])
    assert WORDS in " ".join(text.text for text in scene.texts())


def test_only_on_request_and_only_where_one_is_shown(small):
    plain = tp.Diagram("hip", atlas=small)
    assert plain.scene().find("acupoints") is None
    assert "nearness" not in plain.caption()
    asked = tp.Diagram("hip", views="posterior", layers=LAYERS, atlas=small)
    assert (
        "Open circles: acupuncture points, shown for nearness only "
        "(sources: Able & Baker 1992 (from general knowledge), and 1 web page (read))."
    ) in asked.caption()
    aside = tp.Diagram("hip", views="right", layers=LAYERS, atlas=small).scene()
    assert aside.find("acupoints") is None
    assert WORDS not in [text.text for text in aside.texts()]


def test_in_the_file_and_back(small, tmp_path):
    path = tmp_path / "clinic.json"
    text = format_patterns(small.patterns)
    path.write_text(text, "utf-8")
    again = read_patterns(path)
    assert again.acupoints == small.patterns.acupoints
    assert format_patterns(again) == text
    assert '"acupoints"' not in format_patterns(replace(small.patterns, acupoints=()))


def test_faults_in_the_file_are_told(small, tmp_path):
    first = small.patterns.acupoints[0]
    strange = replace(first, evidence=(Evidence("nobody", "read"),))
    path = tmp_path / "clinic.json"
    path.write_text(format_patterns(replace(small.patterns, acupoints=(first, strange))), "utf-8")
    with pytest.raises(tp.InputError, match="unknown source 'nobody'") as caught:
        read_patterns(path)
    told = {problem.pointer: problem.what for problem in caught.value.problems}
    assert told == {
        "/acupoints/1/evidence/0/source": "unknown source 'nobody'",
        "/acupoints/1/id": "acupuncture point A1 stands twice",
    }
    off = replace(small.patterns, acupoints=(replace(first, at={"posterior": (2000.0, 0.0)}),))
    path.write_text(format_patterns(off), "utf-8")
    with pytest.raises(tp.InputError, match="acupuncture point \\(2000, 0\\) lies off the body"):
        tp.load_atlas(patterns=path, outlines=small._folder)
