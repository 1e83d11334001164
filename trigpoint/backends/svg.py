"""A scene as SVG text, the only place that knows svgwrite.

Coordinates are whole hundredths of a millimetre, relative from point to point: small, quick to write, the same on every
machine. What is written stays editable: text as text, groups as named layers, plain attributes, nothing referred to by
`url()`, so that two figures in one page cannot disturb each other. It decides nothing about what a plate shows.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import numpy as np
import svgwrite
from numpy.typing import NDArray

from trigpoint import text
from trigpoint.errors import InputError, Problem
from trigpoint.scene import Dots, Group, Item, Path, Points, Scene, Text

from . import cjk

if TYPE_CHECKING:
    from .letters import Letters

UNITS = 100  # of the viewBox in one millimetre
MOVE, CURVE, CLOSE = 1, 3, 79  # codes of the letters' outlines
NAMESPACES = {
    "xmlns:inkscape": "http://www.inkscape.org/namespaces/inkscape",
    "xmlns:rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
}
# A parser turns a carriage return into a line feed, so it cannot be written either. Said the other way round, as the
# characters that are allowed, this takes ten times as long to compile.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


class _Steps(dict[int, str]):
    """The text of a number after another one, parted by a space or by its minus sign; nearly all steps are short."""

    def __missing__(self, step: int) -> str:
        return f" {step}" if step >= 0 else str(step)


_STEPS = _Steps({step: _Steps().__missing__(step) for step in range(-500, 500)})


def write(scene: Scene, *, id_prefix: str | None = None, text: str = "live") -> str:
    """The scene as an SVG document without an XML declaration, so that it can also stand inside a page.

    With `text="paths"` letters are outlines, each line with its words in `aria-label`. Every group's id is
    `<id_prefix>-<group id>`; the prefix is a digest of the content unless one is given. Raises InputError for
    characters that XML cannot hold.
    """
    if id_prefix is not None and not _PREFIX.fullmatch(id_prefix):
        hint = "write a letter, then letters of A-Z, digits, '_', '.' or '-'"
        raise InputError(Problem(f"id prefix {id_prefix!r} is not a name", hint=hint))
    return _Page(scene, text).finished(id_prefix)


class _Node:
    """An element that svgwrite has no room for: it only asks its children for `get_xml`."""

    def __init__(self, tag: str, words: str = "", *children: _Node) -> None:
        self.xml = ElementTree.Element(tag)
        self.xml.text = words or None
        self.xml.extend(child.xml for child in children)

    def get_xml(self) -> ElementTree.Element:
        return self.xml


class _Page:
    """One document while it is written; `content` collects everything that is drawn, for the digest."""

    def __init__(self, scene: Scene, text: str) -> None:
        self.scene = scene
        self.letters = _letters(scene) if text == "paths" else None
        self.content: list[str] = []
        self.groups: list[tuple[Any, str]] = []
        self.drawing = svgwrite.Drawing(
            size=(f"{_number(scene.width)}mm", f"{_number(scene.height)}mm"),
            viewBox=f"0 0 {_number(scene.width * UNITS)} {_number(scene.height * UNITS)}",
            debug=False,
        )
        self.drawing.elements.remove(self.drawing.defs)
        self.drawing.attribs.update(NAMESPACES)
        self.drawing.attribs.update({"fill": "none", "stroke-linejoin": "round", "stroke-linecap": "round"})
        self.drawing.attribs["xml:lang"] = self.checked(scene.language)
        if self.letters is None:
            self.drawing.attribs["font-family"] = _families(scene)
        self.add(self.drawing, scene.children, top=True)

    def finished(self, prefix: str | None) -> str:
        scene, drawing = self.scene, self.drawing
        title, description, credit = map(self.checked, (scene.title, scene.description, scene.credit))
        self.content += (repr(scene.width), repr(scene.height))
        prefix = prefix or "f" + hashlib.sha256("\0".join(self.content).encode()).hexdigest()[:10]
        for element, name in self.groups:
            element.attribs["id"] = f"{prefix}-{name}"
        named = {"title": title, "desc": description}
        heads = [_Node(tag, words) for tag, words in named.items() if words]
        for head in heads:
            head.xml.set("id", f"{prefix}.{head.xml.tag}")
        drawing.attribs["role"] = "img"
        if heads:
            drawing.attribs["aria-labelledby"] = " ".join(head.xml.attrib["id"] for head in heads)
        facts = {"dc:title": title, "dc:description": description, "dc:rights": credit, "dc:language": scene.language}
        about = _Node("rdf:Description", "", *(_Node(tag, words) for tag, words in facts.items() if words))
        about.xml.set("rdf:about", "")
        drawing.elements[0:0] = [*heads, _Node("metadata", "", _Node("rdf:RDF", "", about))]
        written: str = ElementTree.tostring(drawing.get_xml(), encoding="unicode")
        return written.replace("><", ">\n<") + "\n"  # a literal "><" is never content: both are escaped there

    def checked(self, words: str) -> str:
        found = _FORBIDDEN.search(words)
        if found:
            what = f"character U+{ord(found[0]):04X} at place {found.start()} of {words!r} cannot be written to SVG"
            raise InputError(Problem(what, hint="remove it"))
        self.content.append(words)
        return words

    def add(self, parent: Any, items: Iterable[Item], *, top: bool = False) -> None:
        for item in items:
            match item:
                case Path() if item.rings:
                    self.put(parent, self.drawing.path(d=_path(item)), _path_style(item))
                case Dots() if len(item.points):
                    self.put(parent, self.drawing.path(d=_dots(item.points)), _dots_style(item))
                case Text():
                    self.add_text(parent, item)
                case Group():
                    self.add_group(parent, item, top=top)

    def put(self, parent: Any, element: Any, attributes: dict[str, str]) -> None:
        element.attribs.update(attributes)
        parent.elements.append(element)
        self.content += (*element.commands, repr(attributes)) if hasattr(element, "commands") else (repr(attributes),)

    def add_text(self, parent: Any, item: Text) -> None:
        words = self.checked(item.text)
        width = _number(2 * item.halo_width * UNITS)
        around = {"fill": item.halo, "stroke": item.halo, "stroke-width": width} if item.halo else {}
        has_halo = around and item.halo_width
        if self.letters is None:
            style = _text_style(item)
            if has_halo:
                self.put(parent, self.drawing.text(words), {**style, **around, "aria-hidden": "true"})
            self.put(parent, self.drawing.text(words), style)
        elif curves := _curves(*self.letters.placed(item)):
            if has_halo:
                self.put(parent, self.drawing.path(d=curves), {**around, "aria-hidden": "true"})
            self.put(parent, self.drawing.path(d=curves), {"fill": item.fill, "role": "img", "aria-label": words})

    def add_group(self, parent: Any, group: Group, *, top: bool) -> None:
        element = self.drawing.g()
        attributes = {"inkscape:label": self.checked(group.label)}
        if top:
            attributes["inkscape:groupmode"] = "layer"
        self.put(parent, element, attributes)
        self.groups.append((element, group.id))
        self.content.append(group.id)
        for tag, words in (("title", group.title), ("desc", group.description)):
            if words:
                element.elements.append(_Node(tag, self.checked(words)))
        self.add(element, group.children)
        self.content.append("end")


def _path(path: Path) -> str:
    return "".join(_ring(ring, closed=path.closed) for ring in path.rings)


def _ring(ring: Points, *, closed: bool) -> str:
    places = np.rint(ring * UNITS).astype(np.int64)
    steps = (places[1:] - places[:-1]).ravel().tolist()
    x, y = places[0].tolist()
    return f"M{x} {y}l{''.join(map(_STEPS.__getitem__, steps)).removeprefix(' ')}{'z' if closed else ''}"


def _dots(points: Points) -> str:
    """Zero-length lines with round caps: a tenth of the size of as many circles, and drawn as discs by every viewer."""
    places = np.rint(points * UNITS).astype(np.int64)
    steps = np.diff(places, axis=0, prepend=[[0, 0]]).ravel().tolist()
    return "".join([f"m{x} {y}h0" for x, y in zip(steps[::2], steps[1::2], strict=True)]).replace(" -", "-")


def _letters(scene: Scene) -> Letters:
    """The fonts of the texts; reading fonts takes matplotlib, which live text does not need."""
    from .letters import Letters

    letters = Letters(scene.texts(), scene.language)
    letters.warn()
    return letters


def _curves(places: Points, codes: NDArray[np.uint8]) -> str:
    """Letters as path data, in tenths of a unit, relative from place to place; a curve is quadratic."""
    spots = np.rint(places * UNITS * 10).astype(np.int64).tolist()
    said: list[str] = []
    here = begin = [0, 0]
    index = 0
    while index < len(spots):
        code, spot = codes[index], spots[index]
        if code == CLOSE:
            said.append("z")
            here = begin
        else:
            steps = spots[index : index + 2] if code == CURVE else [spot]
            index += len(steps) - 1
            said.append(
                "mlq"[code - 1] + " ".join(_tenth(a - b) for step in steps for a, b in zip(step, here, strict=True))
            )
            here = steps[-1]
            begin = here if code == MOVE else begin
        index += 1
    return "".join(said).replace(" -", "-")


def _tenth(value: int) -> str:
    return str(value // 10) if value % 10 == 0 else f"{value / 10:.1f}"


def _families(scene: Scene) -> str:
    """The typeface and what stands in for it; for Chinese and Japanese the fonts of the language, before the last."""
    names = list(text.FAMILIES)
    eastern = {sign for item in scene.texts() for sign in item.text if cjk.is_wide(sign)}
    first = scene.language.partition("-")[0]
    if eastern or first in text.EASTERN:
        names[-1:-1] = text.EASTERN[cjk.language_of(sorted(eastern), scene.language)]
    return ", ".join(f"'{name}'" if " " in name else name for name in names)


def _path_style(path: Path) -> dict[str, str]:
    style: dict[str, str] = {}
    if path.fill:
        style["fill"] = path.fill
        if len(path.rings) > 1:
            style["fill-rule"] = "evenodd"
    if path.stroke:
        style |= {"stroke": path.stroke, "stroke-width": _number(path.width * UNITS)}
        if path.dash:
            style["stroke-dasharray"] = " ".join(_number(length * UNITS) for length in path.dash)
    if path.opacity < 1:
        style |= {f"{kind}-opacity": _number(path.opacity) for kind in ("fill", "stroke") if kind in style}
    return style


def _dots_style(dots: Dots) -> dict[str, str]:
    style = {"stroke": dots.fill, "stroke-width": _number(2 * dots.radius * UNITS), "stroke-linecap": "round"}
    return style | ({"stroke-opacity": _number(dots.opacity)} if dots.opacity < 1 else {})


def _text_style(item: Text) -> dict[str, str]:
    style = {"x": _number(item.x * UNITS), "y": _number(item.y * UNITS), "font-size": _number(item.size * UNITS)}
    style["fill"] = item.fill
    if item.anchor != "start":
        style["text-anchor"] = item.anchor
    if item.weight != "normal":
        style["font-weight"] = item.weight
    if item.style != "normal":
        style["font-style"] = item.style
    if item.text != " ".join(item.text.split()):
        style["xml:space"] = "preserve"
    return style


def _number(value: float) -> str:
    """At most two decimals, none that are not needed."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
