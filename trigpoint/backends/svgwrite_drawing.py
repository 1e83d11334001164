"""A scene as a svgwrite Drawing, for who wants to go on drawing; the only place that knows svgwrite.

It holds what the SVG writer writes, element by element, so that the two cannot differ. svgwrite is slow to load and
slow to write, so that a figure which is only saved does without it. It runs without svgwrite's checks, which know
neither `aria-label` nor named layers, and without its automatic ids, which would depend on what was drawn before.
"""

from __future__ import annotations

from xml.etree import ElementTree

import svgwrite
from svgwrite.base import BaseElement

from ..scene import Scene
from .svg import NAMESPACES, write

LOOKS = ("fill", "stroke-linejoin", "stroke-linecap")  # of all layers, and not of what a person adds to them
NOTE = 280  # units: the size of added text that says none, about 8 pt
_PREFIXES = {uri: name.partition(":")[2] for name, uri in NAMESPACES.items()}
_PREFIXES["http://www.w3.org/XML/1998/namespace"] = "xml"


def to_drawing(scene: Scene, *, text: str = "live") -> svgwrite.Drawing:
    """The scene as a `svgwrite.Drawing`; its user units are hundredths of a millimetre.

    `text` is "live" or "paths". What is added has the looks that SVG gives it (black, without a contour), the
    figure's typeface, and 8 pt where it says no size. Raises InputError for characters that XML cannot hold.
    """
    root = ElementTree.fromstring(write(scene, text=text))
    drawing = svgwrite.Drawing(debug=False)
    drawing.attribs.update(NAMESPACES | _attributes(root) | {"font-size": NOTE})
    looks = {name: drawing.attribs.pop(name) for name in LOOKS}
    for child in root:
        element = drawing.add(_element(child, drawing))
        if not isinstance(element, _Words):
            element.attribs.update(looks | element.attribs)
    return drawing


class _Words(BaseElement):  # type: ignore[misc]  # svgwrite has no types
    """What tells of a picture and is not drawn: titles, descriptions, metadata."""

    def __init__(self, source: ElementTree.Element, drawing: svgwrite.Drawing) -> None:
        super().__init__(factory=drawing)
        self.elementname = _plain(source.tag)
        self.attribs.update(_attributes(source))
        self.elements += [_Words(child, drawing) for child in source]
        self.text = source.text

    def get_xml(self) -> ElementTree.Element:
        xml: ElementTree.Element = super().get_xml()
        xml.attrib.update(self.attribs)  # svgwrite leaves out what is empty, as an RDF description is about itself
        xml.text = self.text
        return xml


def _element(source: ElementTree.Element, drawing: svgwrite.Drawing) -> BaseElement:
    attributes = _attributes(source)
    match _plain(source.tag):
        case "g":
            element = drawing.g()
        case "path":
            element = drawing.path(d=attributes.pop("d"))
        case "text":
            element = drawing.text(source.text or "")
        case _:
            return _Words(source, drawing)
    element.attribs.update(attributes)
    for child in source:
        element.add(_element(child, drawing))
    return element


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    return {_plain(name): value for name, value in element.attrib.items()}


def _plain(name: str) -> str:
    """`{uri}name` as it is written in a document: `prefix:name`."""
    uri, _, rest = name.removeprefix("{").rpartition("}")
    prefix = _PREFIXES.get(uri, "")
    return f"{prefix}:{rest}" if prefix else rest
