"""A scene as a svgwrite Drawing, for who wants to go on drawing; the only place that knows svgwrite.

It holds what the SVG writer writes, element by element, so that the two cannot differ. svgwrite is slow to load and
slow to write, so that a figure which is only saved does without it. It runs without svgwrite's checks, which know
neither `aria-label` nor named layers, and without its automatic ids, which would depend on what was drawn before.
"""

from __future__ import annotations

from xml.etree import ElementTree

import svgwrite

from trigpoint.scene import Scene

from .svg import NAMESPACES, write

_PREFIXES = {uri: name.partition(":")[2] for name, uri in NAMESPACES.items()}
_PREFIXES["http://www.w3.org/XML/1998/namespace"] = "xml"


def to_drawing(scene: Scene, *, text: str = "live") -> svgwrite.Drawing:
    """The scene as a `svgwrite.Drawing`; its user units are hundredths of a millimetre.

    `text` is "live" or "paths". Raises InputError for characters that XML cannot hold.
    """
    root = ElementTree.fromstring(write(scene, text=text))
    drawing = svgwrite.Drawing(debug=False)
    drawing.attribs.update(NAMESPACES | _attributes(root))
    for child in root:
        drawing.add(_element(child, drawing))
    return drawing


class _Words:
    """What tells of a picture and is not drawn: titles, descriptions, metadata. svgwrite asks elements for no more."""

    def __init__(self, element: ElementTree.Element) -> None:
        self.elementname = _plain(element.tag)
        self._xml = ElementTree.Element(self.elementname, _attributes(element))
        self._xml.text = element.text
        self._xml.extend(_Words(child).get_xml() for child in element)

    def get_xml(self) -> ElementTree.Element:
        return self._xml


def _element(source: ElementTree.Element, drawing: svgwrite.Drawing) -> svgwrite.base.BaseElement | _Words:
    attributes = _attributes(source)
    match _plain(source.tag):
        case "g":
            element = drawing.g()
        case "path":
            element = drawing.path(d=attributes.pop("d"))
        case "text":
            element = drawing.text(source.text or "")
        case _:
            return _Words(source)
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
