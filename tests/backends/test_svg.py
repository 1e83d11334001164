"""The SVG writer: geometry and text come back as they were sent, and nothing else is in the file."""

from __future__ import annotations

import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint import backends
from trigpoint.backends import path_data, svg
from trigpoint.backends.fonts import Letters
from trigpoint.errors import InputError
from trigpoint.scene import Dots, Group, Path, Scene, Text

NS = "{http://www.w3.org/2000/svg}"
INKSCAPE = "{http://www.inkscape.org/namespaces/inkscape}"
RING = np.array([(1.0, 2.0), (11.25, 2.0), (11.25, 40.5), (-3.0, 40.5)])
TITLED = Group(
    "zone", "A zone", (Path((RING,), fill="#b2182b"),), title="Essential pain zone", description="Over the sacrum."
)


@pytest.fixture
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of shapes for one test alone."""
    monkeypatch.setattr(path_data, "_kept", {})


def parsed(scene: Scene, **options: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg.write(scene, **options))


def places(data: str) -> list[list[tuple[int, int]]]:
    """Rings of absolute places from M, m, l, h0 and z, with the grammar that the writer uses."""
    rings: list[list[tuple[int, int]]] = []
    x = y = 0
    for command, rest in re.findall("([MmlLhz])([^MmlLhz]*)", data):
        numbers = [int(number) for number in re.findall(r"-?\d+", rest)]
        if command in "hz":
            continue
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = (dx, dy) if command == "M" else (x + dx, y + dy)
            if command in "Mm":
                rings.append([])
            rings[-1].append((x, y))
    return rings


def paths(scene: Scene) -> list[ElementTree.Element]:
    return parsed(scene).findall(f".//{NS}path")


def test_page_is_in_millimetres() -> None:
    root = parsed(Scene(84.5, 120))
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("84.5mm", "120mm", "0 0 8450 12000")
    assert (root.get("version"), root.get("role"), root.get("fill")) == ("1.1", "img", "none")


def test_path_comes_back_as_sent() -> None:
    hole = np.array([(2.0, 5.0), (4.0, 5.0), (4.0, 9.0)])
    [path] = paths(Scene(9, 9, (Path((RING, hole), fill="#b2182b", stroke="#000000", width=0.35, dash=(1, 0.5)),)))
    assert [np.array(ring).tolist() for ring in places(path.attrib.pop("d"))] == [
        (100 * RING).tolist(),
        (100 * hole).tolist(),
    ]
    assert path.attrib == {
        "fill": "#b2182b",
        "fill-rule": "evenodd",
        "stroke": "#000000",
        "stroke-width": "35",
        "stroke-dasharray": "100 50",
    }


def test_open_path_is_not_closed_and_opacity_is_written_for_what_is_painted() -> None:
    [path] = paths(Scene(9, 9, (Path((RING,), closed=False, stroke="#000000", width=0.1, opacity=0.25),)))
    assert not path.attrib["d"].endswith("z")
    assert path.get("stroke-opacity") == "0.25"
    assert "fill-opacity" not in path.attrib


def test_long_steps_and_points_that_fall_together_are_written() -> None:
    far = np.array([(0.0, 0.0), (500.0, 0.0), (500.0, 500.0), (0.0, 500.0)])
    point = np.array([(1.0, 1.0), (1.001, 1.001)])
    one, two = paths(Scene(9, 9, (Path((far,)), Path((point,), closed=False, stroke="#000000", width=1))))
    assert np.array(places(one.attrib["d"])[0]).tolist() == (100 * far).tolist()
    assert two.attrib["d"] == "M100 100l0 0"


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(-3000, 3000), st.integers(-3000, 3000)), min_size=3, max_size=20))
def test_any_line_comes_back(points: list[tuple[int, int]]) -> None:
    path = Path((np.array(points) / 100,), closed=False, stroke="#000000", width=1)
    assert places(paths(Scene(9, 9, (path,)))[0].attrib["d"]) == [points]


@pytest.mark.usefixtures("nothing_kept")
def test_a_shape_that_was_written_before_is_the_same_again() -> None:
    turn = np.linspace(0, 6, 2 * path_data.LARGE)
    wave = np.column_stack([turn, np.sin(turn)])
    looks = (
        Path((wave,), fill="#000000"),
        Path((wave,), closed=False, stroke="#000000", width=1),
        Path((wave[:-1], wave[:-1] + 1), fill="#000000"),
        Path((wave + 0.01,), fill="#000000"),
        Dots(wave, 1, "#000000"),
    )
    scenes = [Scene(9, 9, (look,)) for look in looks]
    first = [svg.write(scene) for scene in scenes]
    assert len(path_data._kept) == len(looks)
    assert [svg.write(scene) for scene in scenes] == first
    for number in range(path_data.KEPT + 5):
        svg.write(Scene(9, 9, (Path((wave + number,), fill="#000000"),)))
    assert len(path_data._kept) == path_data.KEPT
    assert [svg.write(scene) for scene in scenes] == first


@pytest.mark.usefixtures("nothing_kept")
def test_only_large_shapes_are_kept() -> None:
    turn = np.linspace(0, 6, path_data.LARGE)
    wave = np.column_stack([turn, np.sin(turn)])
    for points, kept in ((wave[1:], 0), (wave, 1)):
        svg.write(Scene(9, 9, (Path((points,), fill="#000000"),)))
        assert len(path_data._kept) == kept


@pytest.mark.usefixtures("nothing_kept")
def test_a_kept_shape_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    turn = np.linspace(0, 6, 2 * path_data.LARGE)
    scene = Scene(9, 9, (Path((np.column_stack([turn, np.sin(turn)]),), fill="#000000"),))
    made: list[int] = []
    formatted = path_data._formatted
    monkeypatch.setattr(path_data, "_formatted", lambda items: [made.append(len(items)), formatted(items)][1])
    first, second = svg.write(scene), svg.write(scene)
    assert first == second
    assert made == [1, 0]


def test_points_in_columns_are_written_as_those_in_rows() -> None:
    turn = np.linspace(0, 6, 2 * path_data.LARGE)
    columns = np.array([turn, np.sin(turn)]).T
    one, two = (svg.write(Scene(9, 9, (Path((points,), fill="#000000"),))) for points in (columns, columns.copy("C")))
    assert one == two


def test_every_element_has_a_line_of_its_own() -> None:
    scene = Scene(9, 9, (TITLED, Dots(RING, 1, "#000000"), Text(1, 1, "x", 3)), "Map")
    lines = svg.write(scene).splitlines()
    assert all(line.startswith("<") and line.endswith(">") for line in lines)
    assert sum(line.startswith(("<path ", "<text ", "<g ", "<title")) for line in lines) == 6


def test_numbers_are_parted_by_a_space_or_a_sign() -> None:
    assert [path_data._Steps()[step] for step in (-3, 0, 7)] == ["-3", " 0", " 7"]


def test_dots_are_points_with_round_caps() -> None:
    points = np.array([(1.0, 2.0), (3.5, -1.25), (3.5, 9.0)])
    [dots] = paths(Scene(9, 9, (Dots(points, 0.2, "#b2182b", 0.5), Dots(np.empty((0, 2)), 1, "#000000"), Path(()))))
    assert [ring[0] for ring in places(dots.attrib["d"])] == [(100, 200), (350, -125), (350, 900)]
    assert dots.attrib["d"].count("h0") == 3
    style = {"stroke": "#b2182b", "stroke-width": "40", "stroke-linecap": "round", "stroke-opacity": "0.5"}
    assert style.items() <= dots.attrib.items()


def test_what_is_usual_is_not_written() -> None:
    """Thousands of attributes that say what a viewer does anyhow would double the file."""
    items = (Path((RING,), fill="#b2182b"), Dots(RING, 0.2, "#b2182b"), Text(1, 2, "TrP1", 3))
    path, dots, text = parsed(Scene(9, 9, items))[1:]
    assert path.attrib.keys() == {"d", "fill"}
    assert dots.attrib.keys() == {"d", "stroke", "stroke-width", "stroke-linecap"}
    assert text.attrib.keys() == {"x", "y", "font-size", "fill"}


def test_text_has_its_style_and_its_halo_below() -> None:
    text = Text(1, 2, "TrP1", 3.2, "end", "bold", "italic", "#112233", "#ffffff", 0.4)
    halo, letters = parsed(Scene(9, 9, (text,))).findall(f"{NS}text")
    assert (halo.text, letters.text) == ("TrP1", "TrP1")
    assert (halo.get("stroke"), halo.get("stroke-width"), halo.get("aria-hidden")) == ("#ffffff", "80", "true")
    assert letters.attrib == {
        "x": "100",
        "y": "200",
        "font-size": "320",
        "fill": "#112233",
        "text-anchor": "end",
        "font-weight": "bold",
        "font-style": "italic",
    }


def outlines(data: str) -> list[tuple[float, float]]:
    """Absolute places from m, l, q and z, of which the last goes back to where the curve began."""
    found: list[tuple[float, float]] = []
    here = begin = (0.0, 0.0)
    for command, rest in re.findall("([mlqz])([^mlqz]*)", data):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", rest)]
        assert len(numbers) == {"m": 2, "l": 2, "q": 4, "z": 0}[command]
        steps = [(here[0] + dx, here[1] + dy) for dx, dy in zip(numbers[::2], numbers[1::2], strict=True)]
        found += steps
        here = steps[-1] if steps else begin
        begin = here if command == "m" else begin
    return found


def test_outlined_letters_come_back_as_sent() -> None:
    text = Text(40.5, 12.25, "Bio ‰8", 3, "middle", "bold", "italic", "#112233", "#ffffff", 0.4)
    halo, letters = parsed(Scene(60, 20, (text,)), text="paths").findall(f"{NS}path")
    places, codes = Letters([text], "en").placed(text)
    assert np.array(outlines(letters.attrib["d"])) == pytest.approx(100 * places[codes != 79], abs=0.051)
    assert letters.attrib["d"].count("z") == (codes == 79).sum() > len(text.text)
    assert not re.search(r"\.0(?!\d)", letters.attrib["d"])
    assert halo.attrib.pop("d") == letters.attrib.pop("d")
    assert halo.attrib == {"fill": "#ffffff", "stroke": "#ffffff", "stroke-width": "80", "aria-hidden": "true"}
    assert letters.attrib == {"fill": "#112233", "role": "img", "aria-label": "Bio ‰8"}


def test_a_curve_is_closed_to_where_it_began() -> None:
    """Outlines of fonts go back by themselves; one that does not must not carry the next one away."""
    places = np.array([(1, 1), (2, 1), (2, 2), (0, 0), (5, 5), (6, 5), (6.01, 6.002), (0, 0)])
    data = path_data.curves(places, np.array([1, 2, 2, 79, 1, 2, 2, 79], np.uint8))
    assert data == "m100 100l100 0l0 100zm400 400l100 0l1 100.2z"
    assert np.array(outlines(data)) == pytest.approx(100 * places[[0, 1, 2, 4, 5, 6]])


def test_outlines_of_letters_that_no_font_has_are_remarked_on() -> None:
    scene = Scene(9, 9, (Text(1, 1, "\U0001f9b4", 3),))
    (said,) = backends.remarks(scene, "svg", text="paths")
    assert said.startswith("no font here has 1 of the characters (U+1F9B4)")
    assert backends.remarks(scene, "svg") == ()


@pytest.mark.parametrize(
    ("language", "words", "eastern"),
    [
        ("en", "Gluteus medius", ""),
        ("fr", "Moyen fessier, œdème – Ωμέγα", ""),
        ("ja", "TrP1", "'Noto Sans CJK JP', 'Noto Sans JP', 'Hiragino Sans', 'Yu Gothic', Meiryo, "),
        ("zh-TW", "TrP1", "'Noto Sans CJK TC', 'Noto Sans TC', 'PingFang TC', 'Microsoft JhengHei', "),
        ("en", "中臀筋トリガー", "'Noto Sans CJK JP', 'Noto Sans JP', 'Hiragino Sans', 'Yu Gothic', Meiryo, "),
        ("en", "중둔근 (TrP1)", "'Noto Sans CJK KR', 'Noto Sans KR', 'Apple SD Gothic Neo', 'Malgun Gothic', "),
    ],
)
def test_the_typeface_has_stand_ins_for_every_system(language: str, words: str, eastern: str) -> None:
    root = parsed(Scene(9, 9, (Text(1, 1, "x", 3), Text(1, 2, words, 3)), language=language))
    families = f"Arial, Arimo, 'Liberation Sans', Helvetica, 'Nimbus Sans', {eastern}sans-serif"
    assert root.get("font-family") == families
    assert root.get("text-rendering") == "geometricPrecision"


def test_groups_are_layers_and_titles_can_be_read_aloud() -> None:
    nested = Group("points", "Points", (Group("points.x", "X", ()),))
    root = parsed(Scene(9, 9, (TITLED, nested), "Map", "Where it hurts", "de", "CC BY 4.0"), id_prefix="p")
    layer, points = root.findall(f"{NS}g")
    assert (layer.get("id"), layer.get(f"{INKSCAPE}label"), layer.get(f"{INKSCAPE}groupmode")) == (
        "p-zone",
        "A zone",
        "layer",
    )
    assert points[0].get(f"{INKSCAPE}groupmode") is None
    assert [(child.tag, child.text) for child in layer][:2] == [
        (f"{NS}title", "Essential pain zone"),
        (f"{NS}desc", "Over the sacrum."),
    ]
    assert [child.tag for child in root[:3]] == [f"{NS}title", f"{NS}desc", f"{NS}metadata"]
    assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"
    assert (root[0].text, root[1].text, root.get("role")) == ("Map", "Where it hurts", "img")
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"
    facts = {fact.tag.rpartition("}")[2]: fact.text for fact in root[2][0][0]}
    assert facts == {"title": "Map", "description": "Where it hurts", "rights": "CC BY 4.0", "language": "de"}


def test_a_scene_without_words_has_no_empty_titles() -> None:
    root = parsed(Scene(9, 9))
    assert root.find(f"{NS}title") is None
    assert root.get("aria-labelledby") is None
    assert [fact.tag for fact in root[0][0][0]] == ["{http://purl.org/dc/elements/1.1/}language"]


def test_ids_are_names_and_differ_between_different_figures() -> None:
    scenes = [Scene(9, 9, (TITLED,), title) for title in ("one", "two")]
    scenes.append(Scene(9, 10, (TITLED,), "one"))
    scenes.append(Scene(9, 9, (Group("zone", "A zone", (Path((RING + 1,), fill="#b2182b"),)),), "one"))
    ids = [element.get("id") for scene in scenes for element in parsed(scene).iter() if element.get("id")]
    assert len(ids) == len(set(ids)) == 8
    assert all(re.fullmatch("f[0-9a-f]{10}[.-](title|zone)", str(name)) for name in ids)


def test_id_prefix_must_be_a_name() -> None:
    with pytest.raises(InputError, match="id prefix '1a'"):
        svg.write(Scene(9, 9), id_prefix="1a")


# What a plate's words are made of: anything that XML can hold, on one line.
words = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\ufffe\uffff", min_codepoint=32))


@settings(max_examples=500, deadline=None)
@given(words)
def test_any_text_comes_back_and_adds_no_markup(label: str) -> None:
    scene = Scene(9, 9, (Group("g", label or "g", (Text(1, 1, label, 3),), title=label),), label, label, "en", label)
    root = parsed(scene)
    text = root.find(f"{NS}g/{NS}text")
    assert text is not None
    assert (text.text or "") == label
    if label:
        assert root[0].text == root[1].text == root.findtext(f"{NS}g/{NS}title") == label
        assert root[2][0][0][2].text == label
        assert root.findall(f"{NS}g")[0].get(f"{INKSCAPE}label") == label
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "g", "text", "title", "desc", "metadata", "RDF", "Description"} | {
        "description",
        "rights",
        "language",
    }
    assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)


@pytest.mark.parametrize("label", ["two\nlines", "a\ttab", "\"quoted\" & 'so'", "<g id='x'/>", "&lt;&#10;"])
def test_a_label_is_the_same_in_an_attribute(label: str) -> None:
    (group,) = parsed(Scene(9, 9, (Group("g", label),))).findall(f"{NS}g")
    assert group.get(f"{INKSCAPE}label") == label
    assert group.attrib.keys() == {"id", f"{INKSCAPE}label", f"{INKSCAPE}groupmode"}


def test_spaces_that_count_are_preserved() -> None:
    root = parsed(Scene(9, 9, (Text(1, 1, "two  spaces", 3), Text(1, 2, "one space", 3))))
    kept = [text.get("{http://www.w3.org/XML/1998/namespace}space") for text in root.findall(f"{NS}text")]
    assert kept == ["preserve", None]


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x1b", "\ud800", "\ufffe", "\r"])
def test_characters_that_xml_forbids_are_refused(sign: str) -> None:
    for scene in (Scene(9, 9, title=f"a{sign}"), Scene(9, 9, (Group("g", f"a{sign}"),))):
        with pytest.raises(InputError, match=rf"U\+{ord(sign):04X} at place 1"):
            svg.write(scene)


def test_nothing_is_referred_to_or_scripted() -> None:
    label = Text(1, 1, "x", 3, halo="#ffffff", halo_width=1)
    written = svg.write(Scene(9, 9, (TITLED, Dots(RING, 1, "#000000"), label)))
    assert not re.search(r"url\(|href|<script|<style|<defs|transform", written)


def test_same_bytes_in_another_process_and_without_matplotlib() -> None:
    code = """
import sys
from trigpoint import backends
from trigpoint.backends import path_data, svg
from trigpoint.scene import Group, Path, Scene, Text
ring = [(0.1 * i, (i * i) % 7.0) for i in range(50)]
scene = Scene(30, 20, (Group("g", "G", (Path((ring,), fill="#b2182b"), Text(1, 1, "x 中", 3))),), "t", "d", "ja", "c")
assert svg.write(scene) == svg.write(scene)
print(svg.write(scene))
assert not {"matplotlib", "scipy", "pandas", "fontTools", "PIL"} & set(sys.modules)
"""
    surroundings = [{"PYTHONHASHSEED": "1", "LC_ALL": "C"}, {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8"}]
    one, two = (subprocess.check_output([sys.executable, "-c", code], env=environment) for environment in surroundings)
    assert one == two != b""
