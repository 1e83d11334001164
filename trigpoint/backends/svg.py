"""A scene as SVG text.

Coordinates are whole hundredths of a millimetre, relative from point to point: small, quick to write, the same on every
machine. What is written stays editable: text as text, groups as named layers, plain attributes, nothing referred to by
`url()`, so that two figures in one page cannot disturb each other. It is thousands of numbers and a few names, and is
put together as text: element by element, by whatever library, takes several times as long. It decides nothing about
what a plate shows. Who wants elements to go on with has them from `drawing`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from .. import forks
from ..errors import InputError, Problem
from ..geometry.frame import Points
from ..scene import Dots, Group, Item, Path, Scene, Text
from ..words import measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .fonts import Letters

UNITS = 100  # of the viewBox in one millimetre
MOVE, CURVE, CLOSE = 1, 3, 79  # codes of the letters' outlines
NAMESPACES = {
    "xmlns": "http://www.w3.org/2000/svg",
    "xmlns:inkscape": "http://www.inkscape.org/namespaces/inkscape",
    "xmlns:rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
}
LARGE, KEPT = 12, 400  # points of a shape that is kept for the next plate; how many shapes are
PREFIX = "\0"  # stands for the prefix of ids until the digest of everything else is known; nothing else can hold it
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_IN_QUOTES = {**_IN_TEXT, ord('"'): "&quot;", ord("\n"): "&#10;", ord("\t"): "&#9;"}
# A parser turns a carriage return into a line feed, so it cannot be written either. Said the other way round, as the
# characters that are allowed, this takes ten times as long to compile.
FORBIDDEN = "[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_keeping = forks.lock()
_kept: dict[bytes, str] = {}  # path data by the digest of its places, the oldest first


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
    if id_prefix is not None and not _NAME.fullmatch(id_prefix):
        hint = "write a letter, then letters of A-Z, digits, '_', '.' or '-'"
        raise InputError(Problem(f"id prefix {id_prefix!r} is not a name", hint=hint))
    page = _Page(scene, _letters(scene) if text == "paths" else None)
    page.add(scene.children, top=True)
    written = "\n".join([*_opening(scene, live=text == "live"), *page.lines, "</svg>", ""])
    prefix = id_prefix or "f" + hashlib.sha256(written.encode()).hexdigest()[:10]
    return written.replace(PREFIX, prefix)


def _opening(scene: Scene, *, live: bool) -> list[str]:
    """The beginning of the document: its size, and what it says about itself."""
    named = {tag: words for tag, words in (("title", scene.title), ("desc", scene.description)) if words}
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
    if live:
        attributes["font-family"] = _families(scene)
        attributes["text-rendering"] = "geometricPrecision"  # letters do not jump to pixels, at any size
    said = "".join(f" {name}={_quoted(value)}" for name, value in attributes.items())
    if named:
        said += f' aria-labelledby="{" ".join(f"{PREFIX}.{tag}" for tag in named)}"'
    facts = {"title": scene.title, "description": scene.description, "rights": scene.credit, "language": scene.language}
    about = [f"<dc:{tag}>{_escaped(words)}</dc:{tag}>" for tag, words in facts.items() if words]
    return [
        f"<svg{said}>",
        *(f'<{tag} id="{PREFIX}.{tag}">{_escaped(words)}</{tag}>' for tag, words in named.items()),
        '<metadata>\n<rdf:RDF>\n<rdf:Description rdf:about="">',
        *about,
        "</rdf:Description>\n</rdf:RDF>\n</metadata>",
    ]


class _Page:
    """The elements of one document while they are written, a line for each."""

    def __init__(self, scene: Scene, letters: Letters | None) -> None:
        self.letters = letters
        self.shapes = _shapes(scene)
        self.lines: list[str] = []

    def add(self, items: Iterable[Item], *, top: bool = False) -> None:
        for item in items:
            match item:
                case Path() if item.rings:
                    self.lines.append(f'<path d="{self.shapes[id(item)]}"{_path_style(item)}/>')
                case Dots() if len(item.points):
                    self.lines.append(f'<path d="{self.shapes[id(item)]}"{_dots_style(item)}/>')
                case Text():
                    self.add_text(item)
                case Group():
                    self.add_group(item, top=top)

    def add_text(self, item: Text) -> None:
        halo = item.halo if item.halo_width else None
        around = (
            f' fill="{halo}" stroke="{halo}" stroke-width="{_number(2 * item.halo_width * UNITS)}" aria-hidden="true"'
        )
        if self.letters is None:
            words, style = _escaped(item.text), _text_style(item)
            if halo:
                self.lines.append(f"<text{style}{around}>{words}</text>")
            self.lines.append(f'<text{style} fill="{item.fill}">{words}</text>')
        elif curves := _curves(*self.letters.placed(item)):
            if halo:
                self.lines.append(f'<path d="{curves}"{around}/>')
            self.lines.append(f'<path d="{curves}" fill="{item.fill}" role="img" aria-label={_quoted(item.text)}/>')

    def add_group(self, group: Group, *, top: bool) -> None:
        layer = ' inkscape:groupmode="layer"' if top else ""
        self.lines.append(f'<g id="{PREFIX}-{group.id}"{layer} inkscape:label={_quoted(group.label)}>')
        for tag, words in (("title", group.title), ("desc", group.description)):
            if words:
                self.lines.append(f"<{tag}>{_escaped(words)}</{tag}>")
        self.add(group.children)
        self.lines.append("</g>")


def _checked(words: str) -> str:
    if words.isprintable():  # as nearly all are, so that the rule need not even be compiled
        return words
    if found := re.search(FORBIDDEN, words):
        what = f"character U+{ord(found[0]):04X} at place {found.start()} of {words!r} cannot be written to SVG"
        raise InputError(Problem(what, hint="remove it"))
    return words


def _escaped(words: str) -> str:
    return _checked(words).translate(_IN_TEXT)


def _quoted(words: str) -> str:
    return f'"{_checked(words).translate(_IN_QUOTES)}"'


def _shapes(scene: Scene) -> dict[int, str]:
    """The path data of every item that has a shape, by the item's identity.

    All numbers are made at once. Large shapes are kept for the next plates: a body in the same frame is drawn often.
    """
    shapes: dict[int, str] = {}
    fresh: list[tuple[Path | Dots, bytes | None]] = []
    for item in scene.walk():
        if isinstance(item, Path | Dots):
            key = _key(item)
            known = _kept.get(key) if key else None
            if known is None:
                fresh.append((item, key))
            else:
                shapes[id(item)] = known
    for (item, key), shape in zip(fresh, _formatted([item for item, _ in fresh]), strict=True):
        shapes[id(item)] = shape
        if key:
            with _keeping:
                if len(_kept) >= KEPT:
                    del _kept[next(iter(_kept))]
                _kept[key] = shape
    return shapes


def _lines(item: Path | Dots) -> tuple[Points, ...]:
    return item.rings if isinstance(item, Path) else (item.points,)


def _key(item: Path | Dots) -> bytes | None:
    """A digest of the places of a large shape; None for a small one, which is as quickly written."""
    lines = _lines(item)
    if sum(map(len, lines)) < LARGE:
        return None
    digest = hashlib.blake2b(repr((getattr(item, "closed", None), [len(line) for line in lines])).encode())
    for line in lines:
        digest.update(line.data if line.flags.c_contiguous else line.tobytes())
    return digest.digest()


def _formatted(items: list[Path | Dots]) -> Iterator[str]:
    """The path data of each item."""
    lines = [line for item in items for line in _lines(item)]
    ends = np.cumsum([len(line) for line in lines], dtype=np.int64)
    starts = ends - [len(line) for line in lines] if lines else ends
    places = np.rint(np.concatenate([np.empty((0, 2)), *lines]) * UNITS).astype(np.int64)
    steps = np.diff(places, axis=0, prepend=places[:1])
    filled = starts[ends > starts]
    steps[filled] = places[filled]
    words = list(map(_STEPS.__getitem__, steps.ravel().tolist()))
    spans = zip((2 * starts).tolist(), (2 * ends).tolist(), strict=True)
    for item in items:
        if isinstance(item, Path):
            yield "".join([_ring(words, *next(spans), closed=item.closed) for _ in item.rings])
        else:
            yield _dots(words, *next(spans))


def _ring(words: list[str], start: int, end: int, *, closed: bool) -> str:
    first = f"M{words[start]}{words[start + 1]}l"
    return f"{first}{''.join(words[start + 2 : end])}{'z' if closed else ''}".replace("M ", "M").replace("l ", "l")


def _dots(words: list[str], start: int, end: int) -> str:
    """Zero-length lines with round caps: a tenth of the size of as many circles, and drawn as discs by every viewer."""
    pairs = zip(words[start:end:2], words[start + 1 : end : 2], strict=True)
    return "".join([f"m{x}{y}h0" for x, y in pairs]).replace("m ", "m")


def _letters(scene: Scene) -> Letters:
    """The fonts of the texts; reading fonts takes matplotlib, which live text does not need."""
    from .fonts import Letters

    return Letters(scene.texts(), scene.language)


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
    *names, last = measure.FAMILIES
    eastern = {
        sign for item in scene.texts() if not item.text.isascii() for sign in item.text if measure.is_eastern(sign)
    }
    first = scene.language.partition("-")[0]
    if eastern or first in measure.EASTERN:
        from . import cjk_fonts  # no other text needs it

        names += measure.EASTERN[cjk_fonts.language_of(sorted(eastern), scene.language)]
    return ", ".join(f"'{name}'" if " " in name else name for name in (*names, last))


def _path_style(path: Path) -> str:
    style = ""
    if path.fill:
        style = f' fill="{path.fill}"'
        if len(path.rings) > 1:
            style += ' fill-rule="evenodd"'
    if path.stroke:
        style += f' stroke="{path.stroke}" stroke-width="{_number(path.width * UNITS)}"'
        if path.dash:
            style += f' stroke-dasharray="{" ".join(_number(length * UNITS) for length in path.dash)}"'
    if path.opacity < 1:
        kinds = [kind for kind, colour in (("fill", path.fill), ("stroke", path.stroke)) if colour]
        style += "".join(f' {kind}-opacity="{_number(path.opacity)}"' for kind in kinds)
    return style


def _dots_style(dots: Dots) -> str:
    opacity = f' stroke-opacity="{_number(dots.opacity)}"' if dots.opacity < 1 else ""
    return f' stroke="{dots.fill}" stroke-width="{_number(2 * dots.radius * UNITS)}" stroke-linecap="round"{opacity}'


def _text_style(item: Text) -> str:
    style = f' x="{_number(item.x * UNITS)}" y="{_number(item.y * UNITS)}" font-size="{_number(item.size * UNITS)}"'
    if item.anchor != "start":
        style += f' text-anchor="{item.anchor}"'
    if item.weight != "normal":
        style += f' font-weight="{item.weight}"'
    if item.style != "normal":
        style += f' font-style="{item.style}"'
    if item.text != " ".join(item.text.split()):
        style += ' xml:space="preserve"'
    return style


@lru_cache(4096)
def _number(value: float) -> str:
    """At most two decimals, none that are not needed."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
