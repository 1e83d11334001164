"""The scene as a svgwrite Drawing: what the SVG writer writes, in elements that a person can add to."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import svgwrite

from trigpoint import Diagram
from trigpoint.backends import svg, svgwrite_drawing
from trigpoint.scene import Scene, Text

SVG = "{http://www.w3.org/2000/svg}"
OWN = {"baseProfile", "font-size"}  # what only a drawing's root has
Said = tuple[str, dict[str, str], str]


def said(root: ElementTree.Element) -> Iterator[Said]:
    """Every element of a picture with its attributes and words; looks of the root are those of its layers."""
    looks = {name: root.attrib.pop(name) for name in svgwrite_drawing.LOOKS if name in root.attrib}
    for layer in root.findall(f"{SVG}g") + root.findall(f"{SVG}text"):
        layer.attrib.update(looks | layer.attrib)
    for element in root.iter():
        own = OWN if element is root else set()
        attributes = {name: value for name, value in element.attrib.items() if name not in own}
        words = (element.text or "") if element.tag == f"{SVG}text" else (element.text or "").strip()
        if element.tag != f"{SVG}defs":  # svgwrite's own, empty
            yield element.tag, attributes, words


@pytest.fixture(scope="module")
def diagram() -> Diagram:
    return Diagram("gluteus medius", views="posterior", width=85)


@pytest.mark.parametrize("text", ["live", "paths"])
def test_it_holds_what_the_file_holds(diagram: Diagram, text: str) -> None:
    file = ElementTree.fromstring(diagram.to_bytes("svg", text=text))
    written = ElementTree.fromstring(svgwrite_drawing.to_drawing(diagram.scene(), text=text).tostring())
    assert list(said(written)) == list(said(file))
    assert len(list(said(file))) > 50


def test_letters_are_live_unless_paths_are_asked_for(diagram: Diagram) -> None:
    assert svgwrite_drawing.to_drawing(diagram.scene()).tostring() == diagram.drawing().tostring()


def test_a_difference_would_be_seen(diagram: Diagram) -> None:
    page = diagram.drawing()
    page.add(page.circle((10, 10), 5))
    file = ElementTree.fromstring(diagram.to_bytes("svg"))
    assert list(said(ElementTree.fromstring(page.tostring()))) != list(said(file))


def test_its_elements_are_those_of_svgwrite(diagram: Diagram) -> None:
    page = diagram.drawing()
    assert isinstance(page, svgwrite.Drawing)
    layers = [element for element in page.elements if isinstance(element, svgwrite.container.Group)]
    names = [layer.attribs["inkscape:label"] for layer in layers if "inkscape:label" in layer.attribs]
    assert {"Body", "Muscle"} <= set(names)
    assert all(layer.attribs["inkscape:groupmode"] == "layer" for layer in layers if layer.attribs)
    kinds = {type(element) for layer in layers for view in layer.elements for element in getattr(view, "elements", ())}
    assert {svgwrite.path.Path, svgwrite.text.Text} <= kinds


def test_what_is_added_lies_on_top(diagram: Diagram, tmp_path: Path) -> None:
    page = diagram.drawing()
    page.add(page.circle((4200, 3000), 150, stroke="black", stroke_width=20))
    page.saveas(tmp_path / "marked.svg", pretty=True)
    root = ElementTree.parse(tmp_path / "marked.svg").getroot()
    assert root[-1].tag == f"{SVG}circle"
    assert root[-1].get("stroke-width") == "20"


def test_what_is_added_is_seen(diagram: Diagram) -> None:
    """SVG's own looks: were the layers' ones the root's, a note would have no fill, and be a hair high."""
    page = diagram.drawing()
    root = ElementTree.fromstring(page.tostring())
    assert not {"fill", "stroke", "stroke-linecap"} & root.attrib.keys()
    assert float(root.attrib["font-size"]) * 72 / 2540 == pytest.approx(8, abs=0.1)
    assert all(layer.get("fill") == "none" for layer in root.findall(f"{SVG}g"))


def test_every_element_does_what_svgwrite_s_do(diagram: Diagram) -> None:
    for element in diagram.drawing().elements:
        assert element.tostring().startswith(f"<{element.elementname}")
        assert element.copy().tostring()
        assert isinstance(element.attribs, dict)


def test_a_whole_drawing_stands_in_another(diagram: Diagram) -> None:
    outer = svgwrite.Drawing(size=("200mm", "200mm"), debug=False)
    outer.add(diagram.drawing())
    inner = ElementTree.fromstring(outer.tostring()).find(f"{SVG}svg")
    assert inner is not None
    assert len(list(said(inner))) == len(list(said(ElementTree.fromstring(diagram.to_bytes()))))


def test_two_drawings_of_one_figure_are_the_same_and_apart(diagram: Diagram) -> None:
    one, two = diagram.drawing(), diagram.drawing()
    assert one.tostring() == two.tostring()
    one.add(one.rect((0, 0), (10, 10)))
    assert one.tostring() != two.tostring()
    assert "<rect" not in two.tostring()


def test_a_text_keeps_its_blanks_and_signs() -> None:
    scene = Scene(20, 20, (Text(1, 1, '  a <b> & "c"  ', 3, fill="#000000"), Text(1, 1, "", 3)))
    root = ElementTree.fromstring(svgwrite_drawing.to_drawing(scene).tostring())
    text, none = root.findall(f"{SVG}text")
    assert text.text == '  a <b> & "c"  '
    assert not none.text
    assert text.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"


def test_units_are_hundredths_of_a_millimetre() -> None:
    page = svgwrite_drawing.to_drawing(Scene(84.5, 120))
    assert (page["width"], page["height"], page["viewBox"]) == ("84.5mm", "120mm", "0 0 8450 12000")
    assert svg.UNITS == 100


def test_svgwrite_is_loaded_for_a_drawing_only() -> None:
    code = (
        "import sys, trigpoint; d = trigpoint.Diagram('gluteus medius'); d.to_bytes()\n"
        "print('svgwrite' in sys.modules); d.drawing(); print('svgwrite' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
