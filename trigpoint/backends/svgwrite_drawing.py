"""A scene as a svgwrite Drawing that can be added to; the only module that imports svgwrite, which is slow.

Its elements are those that `svg` writes. svgwrite's checks are off, since they reject `aria-label` and named layers, as
are its automatic ids, which depend on what was drawn before.
"""

from __future__ import annotations

from xml.etree import ElementTree

import svgwrite
from svgwrite.base import BaseElement

from ..scene import Scene
from .svg import IDS, LINK, PREFIX, Attributes, Walk, prefix_of, text_of

LOOKS = ("fill", "stroke-linejoin", "stroke-linecap")  # of all layers, and not of what a person adds to them
NOTE = 280  # units, about 8 pt: the size of added text that sets none


def to_drawing(scene: Scene, *, text: str = "live") -> svgwrite.Drawing:
    """The scene as a `svgwrite.Drawing` in hundredths of a millimetre; `text` is "live" or "paths".

    Added elements have SVG's default looks (black, no contour), the figure's typeface, and 8 pt unless they set a size.
    Raises InputError for characters that XML cannot hold.
    """
    walk = Walk(scene, text)
    sink = _Elements(prefix_of(text_of(walk)))
    walk.into(sink)
    return sink.drawing


class _Elements:
    """A sink that makes svgwrite's elements; `prefix` is that of their ids."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.drawing = svgwrite.Drawing(debug=False)
        self.around: list[BaseElement] = []  # the elements that are open, the drawing first

    def add(self, tag: str, attributes: Attributes = (), *, words: str | None = None, shape: str = "") -> None:
        match tag:
            case "svg":
                self.drawing.attribs.update(self._attributes(attributes) | {"font-size": NOTE})
                self.looks = {name: self.drawing.attribs.pop(name) for name in LOOKS}
                self.around.append(self.drawing)
                return
            case "g":
                element = self.drawing.g()
            case "path":
                element = self.drawing.path(d=shape)
            case "use":
                element = self.drawing.use("")
            case "text":
                element = self.drawing.text(words)
            case _:
                element = _Words(tag, words, self.drawing)
        element.attribs.update(self._attributes(attributes))
        if tag == "use":  # svgwrite keeps a link elsewhere, and writes that
            element.href = element.attribs[LINK]
        if len(self.around) == 1 and not isinstance(element, _Words):
            element.attribs.update(self.looks | element.attribs)
        self.around[-1].elements.append(element)
        if words is None and not shape:
            self.around.append(element)

    def end(self, tag: str) -> None:
        self.around.pop()

    def _attributes(self, attributes: Attributes) -> dict[str, str]:
        return {name: words.replace(PREFIX, self.prefix) if name in IDS else words for name, words in attributes}


class _Words(BaseElement):  # type: ignore[misc]  # svgwrite has no types
    """An element that is not drawn: a title, a description, metadata."""

    def __init__(self, tag: str, words: str | None, drawing: svgwrite.Drawing) -> None:
        super().__init__(factory=drawing)
        self.elementname = tag
        self.said = words

    def get_xml(self) -> ElementTree.Element:
        xml: ElementTree.Element = super().get_xml()
        xml.attrib.update(self.attribs)  # svgwrite leaves out what is empty, as an RDF description is about itself
        xml.text = self.said
        return xml
