"""Shapes and letters as path data, the `d` of SVG: whole hundredths of a millimetre, relative from point to point.

The numbers of a scene become text all at once; large shapes are kept, since a body in the same frame is drawn often.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ..files import forks
from ..geometry.curves import sharp
from ..geometry.frame import Points
from ..scene import Dots, Path, Scene

if TYPE_CHECKING:
    from numpy.typing import NDArray

Spot: TypeAlias = list[int]

UNITS = 100  # of the file's coordinates in one millimetre
MOVE, LINE, CURVE, CLOSE = 1, 2, 3, 79  # codes of matplotlib.path.Path; a curve is quadratic and takes two places
LARGE, KEPT = 12, 400  # points of a shape that is kept for the next plate; how many shapes are
_keeping = forks.lock()
_kept: dict[bytes, str] = {}  # path data by the digest of its places, the oldest first


class _Steps(dict[int, str]):
    """The text of a number that follows another: with a space or a minus sign; most are in the table below."""

    def __missing__(self, step: int) -> str:
        return f" {step}" if step >= 0 else str(step)


_STEPS = _Steps({step: _Steps().__missing__(step) for step in range(-500, 500)})


def path_data(scene: Scene) -> dict[int, str]:
    """The path data of every item that has a shape, by the item's identity."""
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
    """A digest of the places of a large shape; None for a small one, which is written as quickly."""
    lines = _lines(item)
    if sum(map(len, lines)) < LARGE:
        return None
    how = getattr(item, "closed", None), getattr(item, "soft", False)
    digest = hashlib.blake2b(repr((*how, [len(line) for line in lines])).encode())
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
        if isinstance(item, Path) and item.soft:
            yield "".join([_soft(ring) for ring in item.rings])
            for _ in item.rings:
                next(spans)
        elif isinstance(item, Path):
            yield "".join([_ring(words, *next(spans), closed=item.closed) for _ in item.rings])
        else:
            yield _dots(words, *next(spans))


def _ring(words: list[str], start: int, end: int, *, closed: bool) -> str:
    first = f"M{words[start]}{words[start + 1]}l"
    return f"{first}{''.join(words[start + 2 : end])}{'z' if closed else ''}".replace("M ", "M").replace("l ", "l")


def _soft(ring: Points) -> str:
    """A ring with soft corners. After a curve, `t` mirrors its control point: that is the next corner, if corners lie
    on even units, so that the middles of edges are whole ones.
    """
    corners = 2 * np.rint(ring * (UNITS / 2)).astype(np.int64)
    ends = (corners + np.roll(corners, -1, axis=0)) // 2
    stays = sharp(ring)
    places = np.where(stays[:, None], corners, ends).tolist()  # where each corner's piece ends
    x, y = places[-1]
    said, last = [f"M{x} {y}"], ""
    for (bend_x, bend_y), (to_x, to_y), fixed in zip(corners.tolist(), places, stays.tolist(), strict=True):
        step = "l" if fixed else "t" if last in ("q", "t") else "q"
        numbers = [bend_x - x, bend_y - y] if step == "q" else []
        words = [*map(_STEPS.__getitem__, [*numbers, to_x - x, to_y - y])]
        said += [step + words[0].lstrip() if step != last else words[0], *words[1:]]
        x, y, last = to_x, to_y, step
    return f"{''.join(said)}z"


def _dots(words: list[str], start: int, end: int) -> str:
    """Zero-length lines with round caps: a tenth of the size of as many circles, and drawn as discs by every viewer."""
    pairs = zip(words[start:end:2], words[start + 1 : end : 2], strict=True)
    return "".join([f"m{x}{y}h0" for x, y in pairs]).replace("m ", "m")


def curves(places: Points, codes: NDArray[np.uint8]) -> str:
    """Letters as path data, in tenths of a unit, relative from place to place; a curve is quadratic."""
    said: list[str] = []
    for code, here, ends in contours(places, codes):
        steps = () if code == CLOSE else [tenth(a - b) for end in ends for a, b in zip(end, here, strict=True)]
        said.append("z" if code == CLOSE else "mlq"[code - 1] + " ".join(steps))
    return "".join(said).replace(" -", "-")


def contours(places: Points, codes: NDArray[np.uint8]) -> Iterator[tuple[int, Spot, list[Spot]]]:
    """The parts of letters in order: code, begin, and one or two ends, in tenths of a unit. CLOSE goes to the begin."""
    spots: list[Spot] = np.rint(places * UNITS * 10).astype(np.int64).tolist()
    kinds: list[int] = codes.tolist()
    here = begin = [0, 0]
    index = 0
    while index < len(spots):
        code = kinds[index]
        ends = spots[index : index + 2] if code == CURVE else [spots[index]]
        yield code, here, ends
        index += len(ends)
        here = begin if code == CLOSE else ends[-1]
        begin = here if code == MOVE else begin


def tenth(value: float) -> str:
    """Tenths of a unit as a number of units.

    >>> tenth(10), tenth(-7)
    ('1', '-0.7')
    """
    return f"{value / 10:.1f}".removesuffix(".0")
