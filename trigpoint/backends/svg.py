"""A scene as SVG: one walk over the scene gives its elements to a sink, which makes text of them.

The file stays editable: text as text, groups as named layers, plain attributes, nothing referred to by `url()`, so that
two figures in one page do not disturb each other. `svgwrite_drawing` has a sink that makes svgwrite's elements.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

import numpy as np

from ..errors import InputError, Problem
from ..geometry.frame import Points
from ..scene import Dots, Group, Item, Path, Scene, Text
from ..words import measure
from .mpl_loading import load
from .path_data import UNITS, curves, path_data

if TYPE_CHECKING:
    from .fonts import Letters

Attributes: TypeAlias = tuple[tuple[str, str], ...]

NAMESPACES = {
    "xmlns": "http://www.w3.org/2000/svg",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
    "xmlns:inkscape": "http://www.inkscape.org/namespaces/inkscape",
    "xmlns:rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
}
PREFIX = "\0"  # in place of the prefix of ids until the digest of all else is made; nothing else holds it
LINK = "xlink:href"  # programs that know only SVG 1.1 read it, and so do all others
IDS = ("id", "aria-labelledby", LINK)  # attributes that hold it
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_IN_QUOTES = {**_IN_TEXT, ord('"'): "&quot;", ord("\n"): "&#10;", ord("\t"): "&#9;"}
# A carriage return is forbidden, since a parser makes a line feed of it. A list of what is allowed compiles ten times
# as slowly.
FORBIDDEN = "[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


class Sink(Protocol):
    """A receiver of the elements of a document, one after the other."""

    def add(self, tag: str, attributes: Attributes = (), *, words: str | None = None, shape: str = "") -> None:
        """A path of some shape, an element with words, or, without both, the beginning of one with children."""

    def end(self, tag: str) -> None:
        """The end of an element with children."""


def write(scene: Scene, *, id_prefix: str | None = None, text: str = "live") -> str:
    """The scene as an SVG document without an XML declaration, so that it can also stand inside a page.

    With `text="paths"` letters are outlines, each line with its words in `aria-label`. A group's id in the file is
    `<id_prefix>-<id>`; the default prefix is a digest of the content. InputError for characters that XML cannot hold.
    """
    if id_prefix is not None and not _NAME.fullmatch(id_prefix):
        hint = "write a letter, then letters of A-Z, digits, '_', '.' or '-'"
        raise InputError(Problem(f"id prefix {id_prefix!r} is not a name", hint=hint))
    written = text_of(Walk(scene, text))
    return written.replace(PREFIX, id_prefix or prefix_of(written))


def text_of(walk: Walk) -> str:
    """The text of a document, an element a line; in its ids stands PREFIX."""
    sink = _Lines()
    walk.into(sink)
    return "\n".join([*sink.lines, ""])


def prefix_of(written: str) -> str:
    """The prefix of the ids of a document, by its text."""
    return "f" + hashlib.sha256(written.encode()).hexdigest()[:10]


class Walk:
    """The way over a scene, from the document's first element to its last."""

    def __init__(self, scene: Scene, text: str) -> None:
        self.scene, self.live = scene, text == "live"
        self.letters = None if self.live else _letters(scene)
        self.shapes = path_data(scene)
        self.copies = copies(scene)

    def into(self, sink: Sink) -> None:
        """Hand every element to a sink."""
        scene = self.scene
        named = [(tag, words) for tag, words in (("title", scene.title), ("desc", scene.description)) if words]
        sink.add("svg", self._root([tag for tag, _ in named]))
        for tag, words in named:
            sink.add(tag, (("id", f"{PREFIX}.{tag}"),), words=words)
        self._metadata(sink)
        self._items(scene.children, sink, top=True)
        sink.end("svg")

    def _root(self, named: list[str]) -> Attributes:
        scene = self.scene
        attributes = NAMESPACES | {
            "xml:lang": scene.language,
            "version": "1.1",
            "width": f"{_number(scene.width)}mm",
            "height": f"{_number(scene.height)}mm",
            "viewBox": f"0 0 {_number(scene.width * UNITS)} {_number(scene.height * UNITS)}",
            "role": "img",
            "fill": "none",
            "stroke-linejoin": "round",
            "stroke-linecap": "round",
        }
        if self.live:
            attributes["font-family"] = _families(scene)
            attributes["text-rendering"] = "geometricPrecision"  # letters do not jump to pixels, at any size
        if named:
            attributes["aria-labelledby"] = " ".join(f"{PREFIX}.{tag}" for tag in named)
        return tuple(attributes.items())

    def _metadata(self, sink: Sink) -> None:
        """The document's metadata."""
        scene = self.scene
        outer = ("metadata", ()), ("rdf:RDF", ()), ("rdf:Description", (("rdf:about", ""),))
        facts = {"title": scene.title, "description": scene.description, "rights": scene.credit}
        for tag, attributes in outer:
            sink.add(tag, attributes)
        for tag, words in (facts | {"language": scene.language}).items():
            if words:
                sink.add(f"dc:{tag}", words=words)
        for tag, _ in reversed(outer):
            sink.end(tag)

    def _items(self, items: Iterable[Item], sink: Sink, *, top: bool = False) -> None:
        for item in items:
            match item:
                case Path() if item.rings:
                    holes = len(item.rings) > 1
                    style = _path_style(item.fill, item.stroke, item.width, item.dash, item.opacity, holes)
                    sink.add("path", style, shape=self.shapes[id(item)])
                case Dots() if len(item.points):
                    style = _dots_style(item.fill, item.radius, item.opacity)
                    sink.add("path", style, shape=self.shapes[id(item)])
                case Text():
                    self._text(item, sink)
                case Group():
                    layer = (("inkscape:groupmode", "layer"),) if top else ()
                    sink.add("g", (("id", f"{PREFIX}-{item.id}"), *layer, ("inkscape:label", item.label)))
                    for tag, words in (("title", item.title), ("desc", item.description)):
                        if words:
                            sink.add(tag, words=words)
                    if copy := self.copies.get(item.id):
                        x, y = map(str, copy.way)
                        sink.add("use", ((LINK, f"#{PREFIX}-{copy.of}"), ("x", x), ("y", y)))
                        sink.end("use")
                    else:
                        self._items(item.children, sink)
                    sink.end("g")

    def _text(self, item: Text, sink: Sink) -> None:
        """A text, above its halo."""
        looks: list[Attributes] = [(("fill", item.fill),)]
        if halo := item.halo if item.halo_width else None:
            width = _number(2 * item.halo_width * UNITS)
            looks.insert(0, (("fill", halo), ("stroke", halo), ("stroke-width", width), ("aria-hidden", "true")))
        if self.letters is None:
            style = _text_style(item)
            for look in looks:
                sink.add("text", style + look, words=item.text)
        elif shape := curves(*self.letters.placed(item)):
            looks[-1] += (("role", "img"), ("aria-label", item.text))
            for look in looks:
                sink.add("path", look, shape=shape)


class Copy(NamedTuple):
    """A group that is another one moved, by `way` in the file's units."""

    of: str
    way: tuple[int, int]


def copies(scene: Scene) -> dict[str, Copy]:
    """The groups within layers that repeat an earlier one elsewhere on the page, as a body does that is drawn again."""
    found: dict[str, Copy] = {}
    first: dict[tuple[object, ...], Group] = {}
    for layer in scene.children:
        for group in layer.children if isinstance(layer, Group) else ():
            if isinstance(group, Group) and (key := _kind(group)):
                other = first.setdefault(key, group)
                if other is not group and (way := _way(other, group)):
                    found[group.id] = Copy(other.id, way)
    return found


def _kind(group: Group) -> tuple[object, ...] | None:
    """What two groups have in common if one is the other moved; None for a group that is never one."""
    kind: list[object] = []
    for item in group.children:
        match item:
            case Path():
                kind += [item.fill, item.stroke, item.width, item.dash, item.opacity, item.closed, item.soft]
                kind += map(len, item.rings)
            case Dots():
                kind += [item.fill, item.radius, item.opacity, len(item.points)]
            case _:
                return None
    return None if group.title or group.description else tuple(kind)


def _way(one: Group, other: Group) -> tuple[int, int] | None:
    """The way from one group to another in the file's units; None if it is not the same for all of their points."""
    places, others = (np.rint(np.concatenate(_points(group)) * UNITS) for group in (one, other))
    ways = others - places
    return (int(ways[0, 0]), int(ways[0, 1])) if len(ways) and (ways == ways[0]).all() else None


def _points(group: Group) -> list[Points]:
    drawn = [item for item in group.children if isinstance(item, Path | Dots)]
    every = (item.rings if isinstance(item, Path) else (item.points,) for item in drawn)
    return [points for some in every for points in some]


class _Lines:
    """A sink that makes the text of a document, a line for each element."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, tag: str, attributes: Attributes = (), *, words: str | None = None, shape: str = "") -> None:
        if shape:
            self.lines.append(f'<{tag} d="{shape}"{_attributes(attributes)}/>')
        elif words is None:
            self.lines.append(f"<{tag}{_attributes(attributes)}>")
        else:
            self.lines.append(f"<{tag}{_attributes(attributes)}>{_escaped(words)}</{tag}>")

    def end(self, tag: str) -> None:
        self.lines.append(f"</{tag}>")


@lru_cache(4096)
def _attributes(attributes: Attributes) -> str:
    """Attributes as they are written; those of a style are the same for many shapes."""
    return "".join([f' {name}="{words if name in IDS else _quoted(words)}"' for name, words in attributes])


def _checked(words: str) -> str:
    if words.isprintable():  # as nearly all are: the rule is then not even compiled
        return words
    if found := re.search(FORBIDDEN, words):
        what = f"character U+{ord(found[0]):04X} at place {found.start()} of {words!r} cannot be written to SVG"
        raise InputError(Problem(what, hint="remove it"))
    return words


def _escaped(words: str) -> str:
    return _checked(words).translate(_IN_TEXT)


def _quoted(words: str) -> str:
    return _checked(words).translate(_IN_QUOTES)


def _letters(scene: Scene) -> Letters:
    """The fonts of the texts; reading fonts takes matplotlib, which live text does not need."""
    load(figures=False)
    from .fonts import Letters

    return Letters(scene.texts(), scene.language)


def _families(scene: Scene) -> str:
    """The typeface and what stands in for it; for Chinese and Japanese the fonts of the language, before the last."""
    *names, last = measure.FAMILIES
    others = (item.text for item in scene.texts() if not item.text.isascii())
    eastern = {sign for text in others for sign in text if measure.is_eastern(sign)}
    if eastern or scene.language.partition("-")[0] in measure.EASTERN:
        from . import cjk_fonts  # no other text needs it

        names += cjk_fonts.known()[cjk_fonts.language_of(sorted(eastern), scene.language)].families
    return ", ".join(f"'{name}'" if " " in name else name for name in (*names, last))


@lru_cache(1024)
def _path_style(
    fill: str | None, stroke: str | None, width: float, dash: tuple[float, ...], opacity: float, holes: bool
) -> Attributes:
    style: list[tuple[str, str]] = []
    if fill:
        style.append(("fill", fill))
        if holes:
            style.append(("fill-rule", "evenodd"))
    if stroke:
        style += [("stroke", stroke), ("stroke-width", _number(width * UNITS))]
        if dash:
            style.append(("stroke-dasharray", " ".join(_number(length * UNITS) for length in dash)))
    if opacity < 1:
        kinds = (kind for kind, colour in (("fill", fill), ("stroke", stroke)) if colour)
        style += [(f"{kind}-opacity", _number(opacity)) for kind in kinds]
    return tuple(style)


@lru_cache(256)
def _dots_style(fill: str, radius: float, opacity: float) -> Attributes:
    """The style of zero-length lines with round caps."""
    width = _number(2 * radius * UNITS)
    style = (("stroke", fill), ("stroke-width", width), ("stroke-linecap", "round"))
    return (*style, ("stroke-opacity", _number(opacity))) if opacity < 1 else style


def _text_style(item: Text) -> Attributes:
    style = [(name, _number(value * UNITS)) for name, value in (("x", item.x), ("y", item.y), ("font-size", item.size))]
    more = (("text-anchor", item.anchor), ("font-weight", item.weight), ("font-style", item.style))
    style += [(name, value) for name, value in more if value not in ("start", "normal")]
    if item.text != " ".join(item.text.split()):
        style.append(("xml:space", "preserve"))
    return tuple(style)


@lru_cache(4096)
def _number(value: float) -> str:
    """At most two decimals, none that are not needed."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
