from __future__ import annotations

import re
import zipfile
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import MultiLineString, MultiPolygon

from trigpoint import limits
from trigpoint.atlas.outline_writer import format_outline
from trigpoint.atlas.outlines import (
    SIDES,
    VIEWS,
    Outline,
    mirror,
    mirror_place,
    mirror_view,
    open_outline,
    read_outline,
)
from trigpoint.errors import InputError
from trigpoint.geometry.rings import even_odd, on_grid

DATA = Path(__file__).parents[1] / "support" / "fixtures_data"
TEXT = (DATA / "neutral.posterior.svg").read_text("utf-8")
BODY = '<g id="silhouette"><path id="b" d="M0 0L9 0 9 9Z"><title>Body</title></path></g>'


def drawing(inside: str, *, before: str = "", root: str = 'viewBox="0 0 10 10"') -> str:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg" {root}>{inside}</svg>'


@pytest.fixture
def refused(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Read a text as an outline; the lines of its problems, without the file's name."""

    def read(text: str | bytes, name: str = "neutral.posterior.svg") -> list[str]:
        path = tmp_path / name
        path.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
        with pytest.raises(InputError) as caught:
            read_outline(path)
        assert caught.value.exit_code == 2
        assert all(problem.file == str(path) for problem in caught.value.problems)
        return [replace(problem, file="").line() for problem in caught.value.problems]

    return read


@pytest.mark.parametrize("view", VIEWS)
def test_canonical_text_comes_back_byte_for_byte(view: str) -> None:
    path = DATA / f"neutral.{view}.svg"
    outline = read_outline(path)
    assert (outline.body, outline.view) == ("neutral", view)
    assert format_outline(outline) == path.read_text("utf-8")


def test_an_outline_holds_what_is_drawn() -> None:
    outline = read_outline(DATA / "neutral.posterior.svg")
    assert outline.bounds == (-250, -10, 500, 1710)
    assert outline.silhouette.bounds == (-230, 0, 230, 1690)
    assert outline.tones[0].area == 300 * 400 - 100 * 250
    assert outline.landmarks["asis.r"] == (140, 720)
    assert outline.fibres["gluteus_medius"].geom_type == "MultiLineString"
    assert list(outline.muscles) == ["gluteus_medius", "piriformis"]
    assert outline.titles["sacral"] == "Sacrum"
    assert (outline.licence, outline.title) == ("CC BY 4.0", "Neutral body, back view")
    with pytest.raises(TypeError):
        outline.regions["sacral"] = MultiPolygon()  # type: ignore[index]


TITLES = st.text(
    st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters="\u2066\u2067\u2068\u2069"), min_size=1
).map(lambda text: " ".join(text[:99].split()) or "x")
IDS = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True).filter(lambda name: "silhouette" not in name)
BOXES = st.tuples(st.floats(-900, 900), st.floats(-900, 900), st.floats(0.3, 300), st.floats(0.3, 300)).map(
    lambda box: MultiPolygon([shapely.box(box[0], box[1], box[0] + box[2], box[1] + box[3])])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    regions=st.dictionaries(IDS, BOXES, max_size=4),
    bones=st.dictionaries(IDS.map("bone.".__add__), BOXES, max_size=2),
    silhouette=BOXES,
    places=st.dictionaries(IDS.map("at.".__add__), st.tuples(st.floats(-900, 900), st.floats(-900, 900)), max_size=3),
    title=TITLES,
)
def test_whatever_is_formatted_reads_back(
    tmp_path: Path,
    regions: dict[str, MultiPolygon],
    bones: dict[str, MultiPolygon],
    silhouette: MultiPolygon,
    places: dict[str, tuple[float, float]],
    title: str,
) -> None:
    lines = {"m": MultiLineString([[(0.04, 0), (5.55, 5)]])}
    outline = Outline(
        "mine", "left", (-999, -999, 1999, 1999), silhouette, regions=regions, bones=bones, fibres=lines,
        landmarks=places, title=title, author=title, titles=dict.fromkeys(regions, title),
    )  # fmt: skip
    text = format_outline(outline)
    path = tmp_path / "mine.left.svg"
    path.write_text(text, "utf-8")
    again = read_outline(path)
    assert format_outline(again) == text
    assert again.title == title
    assert dict(again.regions) == {name: on_grid(shape) for name, shape in regions.items()}


def test_what_a_browser_allows_beside_the_canonical_form_is_read(tmp_path: Path) -> None:
    text = drawing(
        """
        <title>Body</title>
        <metadata>hand-drawn <rdf:RDF xmlns:rdf="urn:r"><title>not this</title></rdf:RDF>
          <dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">A &amp; B</dc:creator></metadata>
        <view:notes xmlns:view="urn:editor"><path d="junk"/></view:notes>
        <g id="silhouette" view:layer="1" xmlns:view="urn:editor"><title>layer</title>
          <path id="b" d=" M 0,0 L 9,0 L 9,9 5 9, 0,0 Z "><title> Body
             edge </title></path>
        </g>""",
        before='\ufeff<?xml version="1.0" encoding="latin-1"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"'
        ' "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n<!-- by hand -->',
    )
    path = tmp_path / "my_body.left.svg"
    path.write_text(text, "utf-8")
    outline = read_outline(path)
    assert outline.author == "A & B"
    assert outline.titles == {"b": "Body edge"}
    assert outline.silhouette.area == even_odd([[(0, 0), (9, 0), (9, 9), (5, 9)]]).area


def test_a_checked_outline_opens_to_the_same_and_makes_named_shapes_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "my_body.posterior.svg"
    path.write_text(TEXT, "utf-8")
    read, opened = read_outline(path), open_outline(path)
    for group in ("bones", "regions", "muscles", "fibres"):
        mine, theirs = getattr(opened, group), getattr(read, group)
        assert list(mine) == list(theirs)
        assert len(mine) == len(theirs)
        assert all(mine[key].equals_exact(shape) and mine[key] is mine[key] for key, shape in theirs.items())
    assert format_outline(opened) == format_outline(read)


def test_a_named_shape_that_is_wrong_is_found_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "my_body.posterior.svg"
    path.write_text(re.sub(r'(id="pelvis" d="M[^L]*)L', r"\1C", TEXT), "utf-8")
    opened = open_outline(path)
    with pytest.raises(InputError, match="bones/pelvis"):
        opened.bones["pelvis"]


def path(name: str, data: str = "M1 1L8 1 8 7Z") -> str:
    return f'<path id="{name}" d="{data}"><title>{name}</title></path>'


def opened(inside: str, folder: Path) -> Outline:
    (folder / "mine.left.svg").write_text(drawing(BODY + inside), "utf-8")
    return open_outline(folder / "mine.left.svg")


@pytest.mark.parametrize(("group", "together"), [("lines", True), ("bones", True), ("regions", False)])
def test_lines_and_bones_are_made_together_and_regions_one_by_one(group: str, together: bool, tmp_path: Path) -> None:
    """Told by a wrong one, which is found with any of those that are made together."""
    shapes = getattr(opened(f'<g id="{group}">{path("a")}{path("d")}{path("c", "M1 1C2 2 3 3Z")}</g>', tmp_path), group)
    if together:
        with pytest.raises(InputError, match=f"{group}/c: 'C' in a path"):
            shapes["a"]
    else:
        assert shapes["d"].equals(MultiPolygon([shapely.Polygon([(1, 1), (8, 1), (8, 7)])]))
    with pytest.raises(InputError, match="'C' in a path"):
        shapes["c"]


def test_parts_and_holes_of_a_checked_outline_are_told_apart(tmp_path: Path) -> None:
    square, hole, beside = "M0 0L9 0 9 9 0 9Z", "M2 2L5 2 5 5 2 5Z", "M20 0L29 0 29 9 20 9Z"
    bones = opened(f'<g id="bones">{path("a", square + hole)}{path("d")}{path("c", square + beside)}</g>', tmp_path)
    assert {key: shape.area for key, shape in bones.bones.items()} == {"a": 81 - 9, "d": 21, "c": 2 * 81}


def test_a_checked_outline_may_have_nothing_but_a_body(tmp_path: Path) -> None:
    outline = opened("", tmp_path)
    assert outline.silhouette.area == 40.5
    assert outline.tones == ()
    assert not {**outline.lines, **outline.bones, **outline.regions, **outline.muscles, **outline.fibres}
    assert (outline.title, outline.licence, outline.author, outline.source) == ("", "", "", "")


def test_an_outline_that_ships_without_its_words_is_whole(tmp_path: Path) -> None:
    body = MultiPolygon([shapely.box(0, 0, 9, 9)])
    text = format_outline(Outline("mine", "left", (0, 0, 9, 9), body))
    (tmp_path / "mine.left.svg").write_text(text, "utf-8")
    outline = open_outline(tmp_path / "mine.left.svg")
    assert (outline.title, outline.licence, outline.author, outline.source) == ("", "", "", "")
    (tmp_path / "mine.left.svg").write_text(text[:-9], "utf-8")
    with pytest.raises(InputError, match=r"not XML: .*line 11, column 0 \(hint: install the package anew\)"):
        open_outline(tmp_path / "mine.left.svg")


def test_a_wrong_line_of_pull_is_found_when_asked_for(tmp_path: Path) -> None:
    outline = opened(f'<g id="muscles">{path("m.fibres", "M0 0L9 0")}{path("n.fibres", "M0 0")}</g>', tmp_path)
    assert outline.fibres["m"].length == 9
    with pytest.raises(InputError, match=r"muscles/n\.fibres: a line of pull needs two points"):
        outline.fibres["n"]


def test_an_outline_stays_as_it_was_read() -> None:
    outline = read_outline(DATA / "neutral.posterior.svg")
    with pytest.raises(FrozenInstanceError):
        outline.body = "mine"  # type: ignore[misc]


def test_words_that_are_not_given_are_empty_or_made_of_the_id() -> None:
    body = MultiPolygon([shapely.box(0, 0, 9, 9)])
    text = format_outline(Outline("mine", "left", (0, 0, 9, 9), body, regions={"calf_upper": body}))
    assert '<path id="calf_upper"' in text
    assert "<title>calf upper</title>" in text
    for empty in ("<title>", "<dc:rights>", "<dc:creator>", "<dc:source>"):
        assert f"{empty}{empty.replace('<', '</')}" in text


def test_words_are_no_markup(tmp_path: Path) -> None:
    body, words = MultiPolygon([shapely.box(0, 0, 9, 9)]), "A & B <i>&lt;</i>"
    outline = Outline("mine", "left", (0, 0, 9, 9), body, title=words, author=words, titles={"silhouette.1": words})
    text = format_outline(outline)
    assert "<title>A &amp; B &lt;i&gt;&amp;lt;&lt;/i&gt;</title>" in text
    (tmp_path / "mine.left.svg").write_text(text, "utf-8")
    again = read_outline(tmp_path / "mine.left.svg")
    assert (again.title, again.author, again.titles["silhouette.1"]) == (words, words, words)


def test_a_drawing_without_a_body_says_what_to_do(refused) -> None:  # type: ignore[no-untyped-def]
    nothing = "silhouette: no silhouette (hint: draw the body's edge as closed paths in this group)"
    where = 'svg: the viewBox is missing or not four numbers (hint: write viewBox="xmin ymin width height")'
    assert refused(drawing("")) == [nothing]
    assert refused(drawing(BODY, root="")) == [where]
    assert refused(drawing("", root="")) == [nothing, where]


@pytest.mark.parametrize(
    ("box", "fine"),
    [
        ("0 0 0.5 0.5", True),
        ("0 0 0 9", False),
        ("0 0 9 0", False),
        (f"{-2 * limits.COORDINATE_MM} 0 9 9", True),
        (f"0 {2 * limits.COORDINATE_MM + 1} 9 9", False),
        (f"0 0 9 {2 * limits.COORDINATE_MM + 1}", False),
    ],
)
def test_the_view_box_shows_a_part_of_the_body(box: str, fine: bool, tmp_path: Path, refused) -> None:  # type: ignore[no-untyped-def]
    text = drawing(BODY, root=f'viewBox="{box}"')
    if fine:
        (tmp_path / "mine.left.svg").write_text(text, "utf-8")
        assert read_outline(tmp_path / "mine.left.svg").bounds == tuple(map(float, box.split()))
    else:
        said = "svg: the viewBox shows no part of a body (hint: write millimetres on the 1,700 mm body)"
        assert refused(text) == [said]


def test_a_path_among_the_landmarks_is_not_judged_as_a_shape(refused) -> None:  # type: ignore[no-untyped-def]
    inside = f'<g id="landmarks">{path("l4", "M0 0L9 9 9 0 0 9Z")}</g>'
    assert refused(drawing(BODY + inside)) == [
        "landmarks/l4: landmarks are circles, all else is paths (hint: draw it as the other)"
    ]


# A drawing, and how many vertices, shapes, rings of one shape, vertices of one ring and millimetres it has at most.
COUNTED = BODY + (
    f'<g id="regions">{path("a", "M0 0L9 0 9 9 0 9ZM2 2L5 2 5 5Z")}{path("d")}</g>'
    f'<g id="muscles">{path("m")}{path("m.fibres", "M0 0L9 0M0 1L5 1 -11 1")}</g>'
)
VERTICES = 3 + (4 + 3) + 3 + 3 + (2 + 3)
CAPS = {
    "FILE_VERTICES": (VERTICES, f"{VERTICES} or more vertices"),
    "SHAPES": (5, "5 or more shapes"),
    "SHAPE_RINGS": (2, "2 rings in a shape"),
    "RING_VERTICES": (4, "4 vertices in a ring"),
    "COORDINATE_MM": (11, "a coordinate is -11: farther than any body reaches"),
    "RING_PAIRS": (1 + 4 + 1 + 1, "7 pairs of rings"),
    "NESTED_RINGS": (2, "2 rings in one another"),
    "CHAIN_PAIRS": (9 + 49 + 9 + 9, "76 pairs of edges"),
}


@pytest.mark.parametrize("cap", CAPS)
def test_what_is_just_at_a_cap_is_read(cap: str, tmp_path: Path, refused, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    most, said = CAPS[cap]
    place = tmp_path / "mine.left.svg"
    place.write_text(drawing(COUNTED), "utf-8")
    monkeypatch.setattr(limits, cap, most)
    assert read_outline(place).regions["a"].area == 81 - 4.5
    monkeypatch.setattr(limits, cap, most - 1)
    assert all(said in line for line in refused(drawing(COUNTED)))


def test_all_problems_come_at_once(refused) -> None:  # type: ignore[no-untyped-def]
    text = TEXT.replace('id="regions"', 'id="regiosn"').replace("<title>Pelvis</title>", "").replace('cx="0.0" ', "")
    assert refused(text.replace("L-150.0 1000.0", "C-150.0 1000.0")) == [
        "bones/pelvis: the shape has no title (hint: add <title>its name</title>)",
        "unknown group 'regiosn' (hint: did you mean 'regions'?)",
        "tone-1/tone-1.1: 'C' in a path: only absolute M, L and Z are read"
        " (hint: save as plain SVG with straight absolute paths)",
        'landmarks/l4: the landmark has no place (hint: write cx="..." cy="...")',
    ]


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        (
            '<g id="silhouette"><path id="b" d="M0 0L9 9 9 0 0 9Z"><title>B</title></path></g>',
            "self-intersection at (4",
        ),
        (
            '<g id="regions"><path id="r" d="M0 0L9 0 9 9 0 9ZM5 5L15 5 15 8 5 8Z"><title>R</title></path></g>',
            "regions/r",
        ),
        (
            '<g id="regions"><path id="r" d="M0 0L9 0 9 0Z"><title>R</title></path></g>',
            "r: the shape is not valid",
        ),
        ('<g id="regions"><path id="r" d="M0 0L9 0 0 0Z"><title>R</title></path></g>', "a ring needs three points"),
        ('<g id="regions"><path id="r" d="M0 0L9 0 9 9"><title>R</title></path></g>', "must be closed by one Z"),
        ('<g id="regions"><path id="r" d="M0 0L9 0 9 9Z5"><title>R</title></path></g>', "must be closed by one Z"),
        ('<g id="regions"><path id="r" d="L9 0 9 9Z"><title>R</title></path></g>', "must begin with M"),
        ('<g id="regions"><path id="r" d=""><title>R</title></path></g>', "must begin with M"),
        ('<g id="regions"><path id="r"><title>R</title></path></g>', "must begin with M"),
        ('<g id="regions"><path id="r" d="M0 0L9 0 9Z"><title>R</title></path></g>', "pairs of numbers expected"),
        ('<g id="regions"><path id="r" d="M0 0LL9 0 9 9Z"><title>R</title></path></g>', "pairs of numbers expected"),
        ('<g id="regions"><path id="r" d="M0 0L9 0 1.2.3 9Z"><title>R</title></path></g>', "could not convert"),
        ('<g id="regions"><path id="r" d="M0 0L9 0 nan 9Z"><title>R</title></path></g>', "'n' in a path"),
        ('<g id="regions"><path id="r" d="m0 0l9 0 9 9z"><title>R</title></path></g>', "'m' in a path"),
        ('<g id="regions"><path id="r" d="M0 0L9 0 1e9 9Z"><title>R</title></path></g>', "'e' in a path"),
        ('<g id="regions"><path id="r" d="M0 0L9 0 99999 9Z"><title>R</title></path></g>', "a coordinate is 99999"),
        ('<g id="regions"><path id="r r" d="M0 0L9 0 9 9Z"><title>R</title></path></g>', "'r r' is no id"),
        ('<g id="regions"><path d="M0 0L9 0 9 9Z"><title>R</title></path></g>', "'' is no id"),
        ('<g id="bones"><path id="b" d="M0 0L9 0 9 9Z"><title>R</title></path></g>', "bones/b: the id stands twice"),
        ('<g id="regions"><path id="r" d="M0 0L9 0 9 9Z"><title> </title></path></g>', "the shape has no title"),
        ('<g id="regions"><path id="r" d="M0 0L9 0 9 9Z"><title>a\u202eb</title></path></g>', "RIGHT-TO-LEFT OVERRIDE"),
        ('<g id="regions"><path id="r" d="M0 0L9 0 9 9Z"><title>a\x85b</title></path></g>', "U+0085 control character"),
        (f'<g id="regions"><path id="r" d="M0 0L9 0 9 9Z"><title>{"a" * 201}</title></path></g>', "LABEL_CHARACTERS"),
        ('<g id="muscles"><path id="m.fibres" d="M0 0L9 0Z"><title>R</title></path></g>', "must stay open"),
        ('<g id="muscles"><path id="m.fibres" d="M0 0"><title>R</title></path></g>', "needs two points"),
        (
            '<g id="landmarks"><circle id="l4" cx="0" cy="0" r="1"><title>L</title></circle>'
            '<circle id="landmark.l4" cx="1" cy="0" r="1"><title>L</title></circle></g>',
            "the landmark 'l4' stands twice",
        ),
        ('<g id="landmarks"><path id="l4" d="M0 0L9 0 9 9Z"><title>L</title></path></g>', "landmarks are circles"),
        ('<g id="regions"><circle id="l4" cx="0" cy="0" r="1"><title>L</title></circle></g>', "landmarks are circles"),
        ('<g id="landmarks"><circle id="l4" cx="inf" cy="0" r="1"><title>L</title></circle></g>', "has no place"),
        ('<g id="silhouette"><path id="c" d="M1 0L8 0 9 7Z"><title>B</title></path></g>', "of the group overlap"),
        ('<g id="regions"><g id="x"/></g>', "regions: an element <g> is not read"),
        ("<script>alert(1)</script>", "svg: an element <script> is not read"),
        ('<image href="file:///etc/passwd"/>', "an element <image> is not read"),
        ("<style>path { display: none }</style>", "an element <style> is not read"),
        ('<g id="regions" transform="scale(2)"/>', "regions: an attribute 'transform' on <g> is not read"),
        ('<g id="regions" onload="alert(1)"/>', "an attribute 'onload' on <g> is not read"),
        ("<g/>", "unknown group ''"),
    ],
)
def test_what_is_not_in_the_subset_is_named(inside: str, said: str, refused) -> None:  # type: ignore[no-untyped-def]
    lines = refused(drawing(BODY + inside))
    assert any(said in line for line in lines), lines


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not XML: no element found"),
        ("<svg", "line 1 column"),
        ("{}", "not XML: not well-formed"),
        ("<html><body/></html>", "not an SVG drawing"),
        ("<svg viewBox='0 0 1 1'/>", "not an SVG drawing"),
        (drawing(""), "no silhouette"),
        (drawing(BODY, root=""), "the viewBox is missing"),
        (drawing(BODY, root='viewBox="0 0 x 10"'), "the viewBox is missing"),
        (drawing(BODY, root='viewBox="0 0 -1 10"'), "the viewBox shows no part"),
        (drawing(BODY).encode("utf-16"), "not UTF-8 text (byte 0, line 1)"),
        (drawing(BODY).encode("utf-16-le"), "not UTF-8 text (byte 1, line 1)"),
        (drawing(BODY.replace("Body", "\x0b")), "not XML: not well-formed"),
        (drawing(BODY, before="<!DOCTYPE svg [<!ENTITY a 'b'>]>"), "entities are not read"),
        (drawing(BODY, before="<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"), "entities are not read"),
    ],
)
def test_what_is_no_outline_is_refused(text: str | bytes, said: str, refused) -> None:  # type: ignore[no-untyped-def]
    lines = refused(text)
    assert any(said in line for line in lines), lines


def test_the_file_name_says_body_and_view(refused) -> None:  # type: ignore[no-untyped-def]
    assert refused(TEXT, "neutral.back.svg") == [
        "the file name does not say body and view"
        " (hint: name it <body>.<view>.svg, view anterior, posterior, left or right)"
    ]


def empty(number: int) -> str:
    return f'<path id="p{number}"><title>P</title></path>'


def bomb() -> str:
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    return drawing(f"<title>&e11;</title>{BODY}", before=f'<!DOCTYPE svg [<!ENTITY e0 "ha">{entities}]>')


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (bomb, "entities are not read"),
        (lambda: drawing("<g>" * 100_000 + "</g>" * 100_000), "nested deeper than 32 levels (trigpoint.limits.DEPTH)"),
        (lambda: drawing(f'<g id="{"x" * 30_000_000}"/>'), "limit of 5,242,880 (trigpoint.limits.SVG_BYTES)"),
        (lambda: drawing(f'<g id="{"x" * 5_000_000}"/>'), "unknown group 'xxx"),
        (lambda: drawing(f'<g id="regions">{"".join(map(empty, range(20_001)))}</g>'), "limits.SHAPES"),
        (lambda: drawing(f'<g id="regions"><path id="r" d="{"M0 0L1 0 1 1Z" * 2_001}"/></g>'), "limits.SHAPE_RINGS"),
        (lambda: drawing(f'<g id="regions"><path id="r" d="M0 0L{"1 0 " * 10_000}Z"/></g>'), "limits.RING_VERTICES"),
        (
            lambda: drawing(
                "".join(
                    f'<g id="regions"><path id="r{i}" d="M0 0L{"1 0 " * 9_990}Z"><title>R</title></path></g>'
                    for i in range(21)
                )
            ),
            "limits.FILE_VERTICES",
        ),
    ],
)
def test_too_much_is_refused_by_the_cap_that_it_breaks(make, said: str, refused) -> None:  # type: ignore[no-untyped-def]
    lines = refused(make())
    assert any(said in line for line in lines), lines[:3]
    assert len(lines) <= limits.PROBLEMS + 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_junk_is_an_input_error_and_nothing_else(tmp_path: Path, data: st.DataObject) -> None:
    """Bytes of a good file are cut, doubled and overwritten."""
    raw = TEXT.encode()
    start = data.draw(st.integers(0, len(raw)))
    stop = data.draw(st.integers(start, min(len(raw), start + 40)))
    junk = data.draw(
        st.one_of(st.binary(max_size=12), st.sampled_from([b"<", b"M", b"Z", b"nan", b'"', b"\0", b"<g>"]))
    )
    path = tmp_path / "neutral.posterior.svg"
    path.write_bytes(raw[:start] + junk + raw[stop:])
    try:
        outline = read_outline(path)
    except InputError:
        assert path.read_bytes() != raw
    else:
        assert all(shapely.is_valid(shape) for shape in outline.regions.values())


def test_attributes_that_change_nothing_are_passed_over(tmp_path: Path) -> None:
    looks = 'fill="x" fill-rule="x" fill-opacity="1" stroke="x" stroke-width="1" stroke-opacity="1" opacity="1"'
    looks += ' stroke-linejoin="x" stroke-linecap="x"'
    root = 'viewBox="0 0 9 9" width="9" height="9" version="1.1" baseProfile="full" id="s" role="img" lang="en"'
    inside = f"""<title id="t">T</title><metadata id="m"><title>not this</title></metadata>
        <metadata>nor this</metadata><g id="silhouette" {looks}>
        <path id="b" {looks} d="M0 0L9 0 9 9Z"><title id="bt">Body</title></path></g>
        <g id="landmarks"><circle id="l4" {looks} cx="1" cy="2" r="3"><title>L4</title></circle></g>"""
    path = tmp_path / "mine.left.svg"
    path.write_text(drawing(inside, root=root), "utf-8")
    outline = read_outline(path)
    assert outline.landmarks == {"l4": (1, 2)}
    assert (outline.title, outline.licence) == ("T", "")
    path.write_text(drawing(BODY), "utf-8")
    assert read_outline(path).title == ""


def test_what_is_wrong_is_named_by_place_and_in_part(refused) -> None:  # type: ignore[no-untyped-def]
    assert refused("{}")[0].startswith("line 1 column 1: not XML")
    assert refused("<svg>\n <a></b></svg>")[-1].startswith("line 2 column 7: not XML")
    (line,) = refused(drawing(BODY + f'<g id="regions" {"a" * 41}="1"/>'))
    assert f"an attribute '{'a' * 40}' on <g>" in line
    (line,) = refused(drawing(f"<{'e' * 41}/>" + BODY))
    assert line.startswith(f"svg: an element <{'e' * 40}> is not read")
    (line,) = refused(drawing(BODY + f'<g id="{"g" * 81}"/>'))
    assert line.startswith(f"unknown group '{'g' * 80}'")
    (line,) = refused(drawing(BODY + f'<g id="regions">{path(" " + "r" * 80)}</g>'))
    assert line.startswith(f"regions: ' {'r' * 79}' is no id")
    (line,) = refused(drawing(BODY + f'<g id="regions">{path("r", f"M0 0L{9:041}Z")}</g>'))
    assert line.startswith(f"regions/r: '{'0' * 40}' in a path: pairs of numbers expected")


def test_an_attribute_that_is_not_read_is_named_with_its_place(refused) -> None:  # type: ignore[no-untyped-def]
    shape = path("r").replace("<path", '<path style="display:none"')
    for drawn, place in ((shape, "regions/r"), (shape.replace('id="r"', ""), "regions")):
        lines = refused(drawing(BODY + f'<g id="regions">{drawn}</g>'))
        assert any(line.startswith(f"{place}: an attribute 'style' on <path> is not read") for line in lines), lines


@pytest.mark.parametrize("more", [0, 1])
def test_words_may_be_as_long_as_the_cap(more: int, tmp_path: Path, refused) -> None:  # type: ignore[no-untyped-def]
    """Of characters of three bytes, so that the parser tells a long text in pieces."""
    title, source = "中" * (limits.LABEL_CHARACTERS + more), "中" * (limits.TEXT_CHARACTERS + more)
    text = drawing(
        f'<title>{title}</title><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:source>{source}</dc:source>'
        f'</metadata>{BODY}<g id="regions"><path id="r" d="M1 1L8 1 8 7Z"><title>{title}</title></path></g>'
        f'<g id="landmarks"><circle id="l4" cx="1" cy="2" r="3"><title>{title}</title></circle></g>'
    )
    if not more:
        (tmp_path / "mine.left.svg").write_text(text, "utf-8")
        outline = read_outline(tmp_path / "mine.left.svg")
        assert (outline.title, outline.source, outline.titles["l4"]) == (title, source, title)
        return
    label = "201 characters, more than the limit of 200 (trigpoint.limits.LABEL_CHARACTERS) (hint: shorten it)"
    assert refused(text) == [
        f"title: {label}",
        "source: 4,001 characters, more than the limit of 4,000 (trigpoint.limits.TEXT_CHARACTERS) (hint: shorten it)",
        f"regions/r: {label}",
        f"landmarks/l4: {label}",
    ]


@pytest.mark.parametrize("size", [limits.LABEL_CHARACTERS, limits.LABEL_CHARACTERS + 1])
def test_an_id_may_be_as_long_as_a_label(size: int, tmp_path: Path) -> None:
    path = tmp_path / "mine.left.svg"
    path.write_text(drawing(BODY.replace('id="b"', f'id="{"b" * size}"')), "utf-8")
    if size > limits.LABEL_CHARACTERS:
        with pytest.raises(InputError, match="is no id"):
            read_outline(path)
    else:
        assert list(read_outline(path).titles) == ["b" * size]


@pytest.mark.parametrize("levels", [limits.DEPTH, limits.DEPTH + 1])
def test_the_deepest_that_is_read(levels: int, tmp_path: Path) -> None:
    path = tmp_path / "mine.left.svg"
    inside = '<y:x xmlns:y="urn:y">' * (levels - 1) + "</y:x>" * (levels - 1)
    path.write_text(drawing(BODY + inside), "utf-8")
    if levels <= limits.DEPTH:
        assert read_outline(path).silhouette.area > 0
        return
    with pytest.raises(InputError, match="nested deeper than 32 levels"):
        read_outline(path)


def test_files_that_are_none(tmp_path: Path) -> None:
    for path, said in [
        (tmp_path / "a.left.svg", "no such file"),
        (tmp_path, "not an ordinary file"),
        (Path("/dev/zero"), "not an ordinary file"),
        (tmp_path / "a\0.svg", "cannot read"),
        (tmp_path / ("x" * 300), "cannot read"),
    ]:
        with pytest.raises(InputError, match=said):
            read_outline(path)


def test_an_outline_in_a_zip_is_read_under_the_same_caps(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "wheel.zip", "w") as archive:
        archive.writestr("neutral.posterior.svg", TEXT)
        archive.writestr("neutral.left.svg", TEXT + " " * limits.SVG_BYTES)
    folder = zipfile.Path(tmp_path / "wheel.zip")
    assert format_outline(read_outline(folder / "neutral.posterior.svg")) == TEXT
    with pytest.raises(InputError, match=r"limits\.SVG_BYTES"):
        read_outline(folder / "neutral.left.svg")


def test_a_landmark_may_share_its_name_with_a_shape(tmp_path: Path) -> None:
    body = MultiPolygon([shapely.box(0, 0, 9, 9)])
    titles = {"vertex": "Crown of the head", "landmark.vertex": "Vertex of the head", "c7": "Spinous process of C7"}
    outline = Outline(
        "mine", "left", (0, 0, 9, 9), body, regions={"vertex": body}, landmarks={"vertex": (4, 0), "c7": (1, 2)},
        titles=titles,
    )  # fmt: skip
    text = format_outline(outline)
    assert '<circle id="landmark.vertex"' in text
    assert '<circle id="c7"' in text
    path = tmp_path / "mine.left.svg"
    path.write_text(text, "utf-8")
    again = read_outline(path)
    assert again.landmarks == outline.landmarks
    assert titles.items() <= again.titles.items()
    assert format_outline(again) == text


def test_mirroring_twice_changes_nothing() -> None:
    assert [mirror_view(view) for view in VIEWS] == ["anterior", "posterior", "right", "left"]
    right = read_outline(DATA / "neutral.right.svg")
    left = read_outline(DATA / "neutral.left.svg")
    assert mirror(right.silhouette).equals(left.silhouette)
    assert mirror(mirror(right.silhouette)) == right.silhouette
    assert mirror_place((0.0, 5.0)) == (0.0, 5.0)
    assert str(mirror_place((0.0, 5.0))[0]) == "0.0"
    assert mirror_place(right.landmarks["asis.r"]) == left.landmarks["asis.l"]
    assert SIDES == ("right", "left")
    x = shapely.get_coordinates(mirror(MultiPolygon([shapely.box(0, 0, 9, 9)])))[:, 0]
    assert not np.signbit(x[x == 0]).any()  # a file does not say -0.0
