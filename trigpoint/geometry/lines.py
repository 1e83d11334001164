"""Leaders as plain lines: whether two cross or all but touch, how near one passes a point, whether it enters a box.

One line at a time, and many straight pieces at once as arrays. In mm, on any plane. This room knows lines and refuses
to know labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from .frame import Box, Point, Points

if TYPE_CHECKING:
    from numpy.typing import NDArray

Line: TypeAlias = tuple[Point, ...]

APART = 0.5  # mm: lines that come nearer all but touch
TOUCHING = 0.1  # of a crossing


def distances(point: Point, pieces: Points) -> Points:
    """The distance of a point from each piece."""
    x, y = pieces[:, 0], pieces[:, 1]
    dx, dy = pieces[:, 2] - x, pieces[:, 3] - y
    square = np.maximum(dx * dx + dy * dy, 1e-12)
    share = np.clip(((point[0] - x) * dx + (point[1] - y) * dy) / square, 0.0, 1.0)
    return np.hypot(point[0] - x - share * dx, point[1] - y - share * dy)


def enters(pieces: Points, box: Box) -> NDArray[np.bool_]:
    """Whether each piece enters a box."""
    first, last = np.zeros(len(pieces)), np.ones(len(pieces))
    for axis in (0, 1):
        start = pieces[:, axis]
        way = pieces[:, axis + 2] - start
        way = np.where(np.abs(way) < 1e-9, 1e-9, way)
        one, other = (box[axis] - start) / way, (box[axis + 2] - start) / way
        first, last = np.maximum(first, np.minimum(one, other)), np.minimum(last, np.maximum(one, other))
    return first < last


def crossed(pieces: Points, others: Points) -> Points:
    """Which of many pieces (..., 4) cross which of others (n, 4): 1, or a little if an end of the other is too near.

    >>> crossed(np.array([[0.0, 0.0, 9.0, 0.0]]), np.array([[5.0, -5.0, 5.0, 5.0], [0.0, 2.0, 9.0, 2.0]])).tolist()
    [[1.0, 0.0]]
    """
    x, y, u, v = np.moveaxis(pieces, -1, 0)[..., None]
    a, b, c, d = others.T
    along, up = u - x, v - y
    from_start, from_end = along * (b - y) - up * (a - x), along * (d - y) - up * (c - x)
    to_start, to_end = (c - a) * (y - b) - (d - b) * (x - a), (c - a) * (v - b) - (d - b) * (u - a)
    crossing = (from_start * from_end < 0) & (to_start * to_end < 0)
    square = np.maximum(along * along + up * up, 1e-12)
    near = np.zeros(crossing.shape, bool)
    for end_x, end_y in ((a, b), (c, d)):
        away_x, away_y = end_x - x, end_y - y
        share = np.clip((away_x * along + away_y * up) / square, 0.0, 1.0)
        near |= np.hypot(away_x - share * along, away_y - share * up) < APART
    return np.where(crossing, 1.0, TOUCHING * near)


def tangles(lines: Sequence[Line]) -> Iterator[tuple[int, int, float]]:
    """The pairs of lines of one or two pieces that cross (1), or all but touch (a little)."""
    if len(lines) < 2:
        return
    points = np.array([line if len(line) == 3 else (*line, line[-1]) for line in lines])  # a straight one ends twice
    high, low = points[..., 1].min(axis=1), points[..., 1].max(axis=1)
    over = (high[:, None] < low + APART) & (high < low[:, None] + APART)  # of most labels in a stack they do not
    first, second = np.nonzero(np.triu(over, 1))
    if not len(first):
        return
    one, other = points[first], points[second]
    cross = _cross(one, other)
    near = np.minimum(_nearest(one, other), _nearest(other, one)) < APART
    for i, j, crossing in zip(*(each[cross | near].tolist() for each in (first, second, cross)), strict=True):
        yield i, j, 1.0 if crossing else TOUCHING


def _cross(one: Points, other: Points) -> NDArray[np.bool_]:
    """Whether each line (n, 3, 2) crosses the other of its pair."""
    a, b = one[:, :-1, None], one[:, 1:, None]
    c, d = other[:, None, :-1], other[:, None, 1:]
    apart = (_turns(a, b, c) * _turns(a, b, d) < 0) & (_turns(c, d, a) * _turns(c, d, b) < 0)
    return np.asarray(apart.any(axis=(1, 2)))


def _turns(a: Points, b: Points, c: Points) -> Points:
    along, away = b - a, c - a
    return np.asarray(along[..., 0] * away[..., 1] - along[..., 1] * away[..., 0])


def _nearest(one: Points, other: Points) -> Points:
    """How near the ends and bends of each line come to the other of its pair."""
    start, end = other[:, None, :-1], other[:, None, 1:]
    along, away = end - start, one[:, :, None] - start
    square = np.maximum((along * along).sum(axis=-1), 1e-12)
    share = np.clip((along * away).sum(axis=-1) / square, 0.0, 1.0)
    gap = away - share[..., None] * along
    return np.asarray(np.sqrt((gap * gap).sum(axis=-1)).min(axis=(1, 2)))


def cross(one: Line, other: Line, apart: float = 0.0) -> bool:
    """Whether two lines cross, or come nearer than `apart` mm at an end or a bend."""
    if any(_pieces_cross(a, b, c, d) for a, b in pairwise(one) for c, d in pairwise(other)):
        return True
    if not apart:
        return False
    near = min(*(distance(point, other) for point in one), *(distance(point, one) for point in other))
    return near < apart


def length(line: Line) -> float:
    """The length of a line in mm."""
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line))


def distance(point: Point, line: Line) -> float:
    """The distance of a point from a line in mm."""
    return min(_from_piece(point, a, b) for a, b in pairwise(line))


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _pieces_cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _from_piece(p: Point, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    share = max(0.0, min(1.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square)) if square else 0.0
    return hypot(p[0] - a[0] - share * dx, p[1] - a[1] - share * dy)
