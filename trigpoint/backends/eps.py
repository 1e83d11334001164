"""A scene as Encapsulated PostScript: vectors, letters as outlines, no fonts, no pixels, no date.

PostScript has no transparency. All that is under a see-through area is drawn again, clipped to it, in mixed colours;
a see-through line or dot is mixed with white. Each shape is one procedure, however often it is painted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ..geometry.curves import sharp
from ..geometry.frame import Box, Points
from ..scene import Dots, Group, Item, Path, Scene, Text, bounds
from ..style import mixed
from . import path_data
from .fonts import Letters
from .path_data import UNITS, contours, tenth

POINT = 72 / 25.4  # in a millimetre
OVERLAP = 0.02  # mm that a cell reaches under its neighbour, so that no seam shows between them
COVERED = 0.05  # mm by which a see-through area may pass another that it lies in
PROCEDURE = 9_000  # points of one procedure: an array of PostScript holds 65,535 objects
PROLOG = """\
/m {moveto} bind def /l {rlineto} bind def /v {rcurveto} bind def /z {closepath} bind def
/c {setrgbcolor} bind def /w {setlinewidth} bind def /f {fill} bind def /e {eofill} bind def /s {stroke} bind def
/cell {gsave rectclip} bind def /end {grestore} bind def
/pdfmark where {pop} {userdict /pdfmark /cleartomark load put} ifelse
"""


@dataclass(frozen=True)
class Painting:
    """One painting of one procedure: its colour, the operators that paint, and the shapes that it is clipped to."""

    procedure: str
    colour: str
    paint: str
    box: Box
    clips: tuple[str, ...] = ()


@dataclass(frozen=True)
class Veil:
    """A see-through rectangle, lying over all paintings before number `above`."""

    box: Box
    colour: str
    opacity: float
    above: int


def to_bytes(scene: Scene) -> bytes:
    """The scene as EPS of its size."""
    letters = Letters(scene.texts(), scene.language)
    procedures: list[str] = []
    paintings: list[Painting] = []
    veils: list[Veil] = []
    glazes: list[tuple[int, BaseGeometry]] = []
    for item in scene.walk():
        if isinstance(item, Path) and _is_veil(item):
            veils.append(Veil(_box(item), str(item.fill), item.opacity, len(paintings)))
        elif isinstance(item, Path) and item.fill and item.opacity < 1:
            shape = _polygon(item)
            start = max((first for first, other in glazes if other.covers(shape)), default=0)  # what it hides is below
            glazes.append((len(paintings), shape.buffer(COVERED)))
            paintings += _glazed(item, paintings[start:], procedures)
        elif not isinstance(item, Group):
            paintings += _paintings(item, letters, procedures)
    scale = POINT / UNITS
    page = f"0 {scene.height * POINT:.4f} translate {scale:.8f} {-scale:.8f} scale 1 setlinejoin 1 setlinecap"
    body = [*_header(scene), PROLOG, *_information(scene), *procedures, "gsave", page]
    body += _run([(painting, ()) for painting in paintings])
    for box, over in _cells(veils):
        body += _cell(box, over, paintings)
    return "\n".join([*body, "grestore", "showpage", "%%EOF", ""]).encode("ascii")


def _header(scene: Scene) -> list[str]:
    wide, tall = scene.width * POINT, scene.height * POINT
    title = "".join(sign if 32 <= ord(sign) < 127 else "?" for sign in unicodedata.normalize("NFC", scene.title))
    return [
        "%!PS-Adobe-3.0 EPSF-3.0",
        f"%%BoundingBox: 0 0 {int(np.ceil(wide))} {int(np.ceil(tall))}",
        f"%%HiResBoundingBox: 0 0 {wide:.4f} {tall:.4f}",
        *([f"%%Title: {title[:200]}"] if title else []),
        "%%LanguageLevel: 2",
        "%%Pages: 1",
        "%%EndComments",
    ]


def _information(scene: Scene) -> list[str]:
    """The metadata of a PDF made from the file, in any script, folded to lines of 200 characters."""
    said = {"Title": scene.title, "Subject": "\n".join(filter(None, (scene.description, scene.credit)))}
    pairs = " ".join(f"/{key} <feff{words.encode('utf-16-be').hex()}>" for key, words in said.items() if words)
    line = f"[ {pairs} /DOCINFO pdfmark"  # white space is ignored within a string of hexadecimal digits
    return ["\n".join(line[start : start + 200] for start in range(0, len(line), 200))] if pairs else []


def _is_veil(path: Path) -> bool:
    if path.opacity == 1 or path.stroke or not path.fill or len(path.rings) != 1 or len(path.rings[0]) != 4:
        return False
    steps = np.diff(path.rings[0], axis=0, append=path.rings[0][:1])
    return bool(((steps == 0).sum(axis=1) == 1).all())


def _box(item: Item) -> Box:
    found = bounds([item])
    assert found is not None
    return found


def _glazed(path: Path, below: Sequence[Painting], procedures: list[str]) -> list[Painting]:
    """What lies below a see-through area, once more, within it and in mixed colours; then its edge, if it has one."""
    name, box, colour = f"p{len(procedures)}", _box(path), str(path.fill)
    procedures.append(_procedure(name, _rings(path)))
    clip = f"{name} {'eoclip' if len(path.rings) > 1 else 'clip'}"
    again = [
        replace(
            one, colour=mixed(one.colour, colour, path.opacity), box=_shared(one.box, box), clips=(*one.clips, clip)
        )
        for one in below
        if _meet(one.box, box)
    ]
    ground = Painting(name, _on_white(colour, path.opacity), "e" if len(path.rings) > 1 else "f", box)
    edge = [Painting(name, path.stroke, _stroke(path.width, path.dash), box)] if path.stroke else []
    return [ground, *again, *edge]


def _shared(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _polygon(path: Path) -> BaseGeometry:
    return shapely.make_valid(shapely.union_all([shapely.Polygon(ring) for ring in path.rings]))


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


def _paintings(item: Item, letters: Letters, procedures: list[str]) -> Iterator[Painting]:
    """The paintings of an item, bottom first; its shape is added to the procedures."""
    name = f"p{len(procedures)}"
    match item:
        case Path() if item.rings and (item.fill or item.stroke):
            procedures.append(_procedure(name, _rings(item)))
            box = _box(item)
            if item.fill:
                yield Painting(name, item.fill, "e" if len(item.rings) > 1 else "f", box)
            if item.stroke:
                yield Painting(name, _on_white(item.stroke, item.opacity), _stroke(item.width, item.dash), box)
        case Dots() if len(item.points):
            procedures.append(_procedure(name, ([f"{_at(x)} {_at(y)} m 0 0 l"] for x, y in item.points)))
            yield Painting(name, _on_white(item.fill, item.opacity), _stroke(2 * item.radius), _box(item))
        case Text() if item.text.strip():
            places, codes = letters.placed(item)
            if not len(places):
                return
            procedures.append(_procedure(name, _letters(places, codes)))
            (left, top), (right, bottom) = places.min(axis=0), places.max(axis=0)
            grown = item.halo_width
            box = (left - grown, top - grown, right + grown, bottom + grown)
            if item.halo and item.halo_width:
                yield Painting(name, item.halo, _stroke(2 * item.halo_width), box)
                yield Painting(name, item.halo, "f", box)
            yield Painting(name, item.fill, "f", box)


def _stroke(width: float, dash: tuple[float, ...] = ()) -> str:
    """The operators of a stroke; a dash is set for one painting only."""
    line = f"{_number(width * UNITS)} w s"
    return f"[{' '.join(_number(length * UNITS) for length in dash)}] 0 setdash {line} [] 0 setdash" if dash else line


def _procedure(name: str, parts: Iterable[list[str]]) -> str:
    """A shape, in as many arrays as it takes."""
    steps = list(chain.from_iterable(parts))
    chunks = [steps[start : start + PROCEDURE] for start in range(0, len(steps), PROCEDURE)]
    if len(chunks) < 2:
        return f"/{name} {{\n{_lines(steps)}\n}} bind def"
    made = [f"/{name}.{index} {{\n{_lines(chunk)}\n}} bind def" for index, chunk in enumerate(chunks)]
    return "\n".join([*made, f"/{name} {{{' '.join(f'{name}.{index}' for index in range(len(chunks)))}}} def"])


def _lines(steps: list[str]) -> str:
    """Steps, six a line: a line of EPS has at most 255 characters."""
    return "\n".join(" ".join(steps[start : start + 6]) for start in range(0, len(steps), 6))


def _rings(path: Path) -> Iterator[list[str]]:
    return (_soft(ring) if path.soft else _ring(ring, closed=path.closed) for ring in path.rings)


def _soft(ring: Points) -> list[str]:
    """A ring with soft corners: quadratic curves as the cubic ones that they are."""
    stays = sharp(ring)
    ends = np.where(stays[:, None], ring, (ring + np.roll(ring, -1, axis=0)) / 2)
    here = np.roll(ends, 1, axis=0)
    places = [np.rint(each * UNITS) for each in ((2 * ring + here) / 3, (2 * ring + ends) / 3, ends)]
    begin = np.rint(here * UNITS)
    ways = np.concatenate([place - begin for place in places], axis=1).astype(np.int64).tolist()
    steps = [
        f"{way[4]} {way[5]} l" if fixed else f"{' '.join(map(str, way))} v"
        for way, fixed in zip(ways, stays, strict=True)
    ]
    x, y = begin[0].astype(np.int64).tolist()
    return [f"{x} {y} m", *steps, "z"]


def _ring(ring: Points, *, closed: bool) -> list[str]:
    places = np.rint(ring * UNITS).astype(np.int64)
    x, y = places[0].tolist()
    steps = (places[1:] - places[:-1]).tolist()
    return [f"{x} {y} m", *(f"{dx} {dy} l" for dx, dy in steps), *(["z"] if closed else [])]


def _letters(places: Points, codes: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> Iterator[list[str]]:
    """Letters, in tenths of the file's unit."""
    steps: list[str] = []
    for code, here, ends in contours(places, codes):
        match code:
            case path_data.MOVE:
                steps.append(f"{tenth(ends[0][0])} {tenth(ends[0][1])} m")
            case path_data.LINE:
                steps.append(f"{tenth(ends[0][0] - here[0])} {tenth(ends[0][1] - here[1])} l")
            case path_data.CURVE:  # a quadratic one, as the cubic one that it is
                bend, end = ends
                pulls = [[(far + 2 * near) / 3 for far, near in zip(at, bend, strict=True)] for at in (here, end)]
                pulls.append([*map(float, end)])
                steps.append(" ".join(f"{tenth(x - here[0])} {tenth(y - here[1])}" for x, y in pulls) + " v")
            case path_data.CLOSE:
                steps.append("z")
    yield steps


def _cells(veils: list[Veil]) -> Iterator[tuple[Box, tuple[Veil, ...]]]:
    """The rectangles into which the veils' edges divide the page, each with the veils over it, from top to bottom."""
    xs, ys = (sorted({edge for veil in veils for edge in veil.box[axis::2]}) for axis in (0, 1))
    for top, bottom in pairwise(ys):
        row = [
            (left, right, tuple(veil for veil in veils if _covers(veil, (left + right) / 2, (top + bottom) / 2)))
            for left, right in pairwise(xs)
        ]
        for over, run in groupby(row, key=lambda cell: cell[2]):
            if over:
                cells = list(run)
                yield (cells[0][0], top, cells[-1][1], bottom), over


def _covers(veil: Veil, x: float, y: float) -> bool:
    left, top, right, bottom = veil.box
    return left <= x <= right and top <= y <= bottom


def _cell(box: Box, over: tuple[Veil, ...], paintings: list[Painting]) -> Iterator[str]:
    """All paintings that reach into the box, again, in the colours that the veils over them give."""
    left, top, right, bottom = box[0], box[1], box[2] + OVERLAP, box[3] + OVERLAP
    yield f"{_at(left)} {_at(top)} {_at(right - left)} {_at(bottom - top)} cell"
    here = (
        (painting, [veil for veil in over if veil.above > index])
        for index, painting in enumerate(paintings)
        if _meet(painting.box, (left, top, right, bottom))
    )
    yield from _run(here)
    yield "end"


def _run(paintings: Iterable[tuple[Painting, Sequence[Veil]]]) -> Iterator[str]:
    """Paintings with the veils over them, those with the same clips together."""
    for clips, some in groupby(paintings, key=lambda pair: pair[0].clips):
        if clips:
            yield " ".join(["gsave", *(f"{clip} newpath" for clip in clips)])
        yield from (_painted(*pair) for pair in some)
        if clips:
            yield "end"


def _painted(painting: Painting, over: Iterable[Veil]) -> str:
    """A painting in its colour, mixed with the veils over it."""
    colour = _rgb(painting.colour)
    for veil in over:
        colour = [now + (then - now) * veil.opacity for now, then in zip(colour, _rgb(veil.colour), strict=True)]
    shares = (f"{value:.4f}".rstrip("0").rstrip(".") for value in colour)
    return f"{' '.join(shares)} c {painting.procedure} {painting.paint}"


def _on_white(colour: str, opacity: float) -> str:
    return mixed("#ffffff", colour, opacity)


def _rgb(colour: str) -> list[float]:
    return [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]


def _at(value: float) -> str:
    return str(round(value * UNITS))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
