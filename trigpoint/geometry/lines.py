"""Lines of straight pieces: whether two cross or nearly touch, their distance from a point, whether they enter a box.

Functions for one line take tuples of points; those for many straight pieces take arrays. Lengths are in mm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot
from typing import TypeAlias

import numpy as np

from .frame import Box, Flags, Point, Points, Values

Line: TypeAlias = tuple[Point, ...]

APART = 0.5  # mm: lines that come nearer nearly touch
TOUCHING = 0.1  # how much that counts, where a crossing counts 1


def distances(point: Point, pieces: Points) -> Values:
    """The distance of a point from each piece (n, 4)."""
    x, y = pieces[:, 0], pieces[:, 1]
    dx, dy = pieces[:, 2] - x, pieces[:, 3] - y
    square = np.maximum(dx * dx + dy * dy, 1e-12)
    share = np.clip(((point[0] - x) * dx + (point[1] - y) * dy) / square, 0.0, 1.0)
    return np.hypot(point[0] - x - share * dx, point[1] - y - share * dy)


def enters(pieces: Points, box: Box) -> Flags:
    """Whether each piece (n, 4) enters a box."""
    first, last = np.zeros(len(pieces)), np.ones(len(pieces))
    for axis in (0, 1):
        start = pieces[:, axis]
        way = pieces[:, axis + 2] - start
        way = np.where(np.abs(way) < 1e-9, 1e-9, way)
        one, other = (box[axis] - start) / way, (box[axis + 2] - start) / way
        first, last = np.maximum(first, np.minimum(one, other)), np.minimum(last, np.maximum(one, other))
    return first < last


def crossed(pieces: Points, others: Points) -> Points:
    """For pieces (..., 4) and others (n, 4): 1 where they cross, TOUCHING where an end of the other is near, else 0.

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
    """The pairs (by index) of lines of one or two pieces that cross (1.0) or nearly touch (TOUCHING)."""
    if len(lines) < 2:
        return
    points = np.array([line if len(line) == 3 else (*line, line[-1]) for line in lines])  # a straight one ends twice
    high, low = points[..., 1].min(axis=1), points[..., 1].max(axis=1)
    over = (high[:, None] < low + APART) & (high < low[:, None] + APART)  # in a stack of labels, few do
    first, second = np.nonzero(np.triu(over, 1))
    if not len(first):
        return
    one, other = points[first], points[second]
    cross, near = _cross(one, other), np.minimum(_nearest(one, other), _nearest(other, one)) < APART
    for i, j, crossing in zip(*(each[cross | near].tolist() for each in (first, second, cross)), strict=True):
        yield i, j, 1.0 if crossing else TOUCHING


def _cross(one: Points, other: Points) -> Flags:
    """Whether the lines (n, 3, 2) of each pair cross."""
    a, b = one[:, :-1, None], one[:, 1:, None]
    c, d = other[:, None, :-1], other[:, None, 1:]
    apart = (_turns(a, b, c) * _turns(a, b, d) < 0) & (_turns(c, d, a) * _turns(c, d, b) < 0)
    return np.asarray(apart.any(axis=(1, 2)))


def _turns(a: Points, b: Points, c: Points) -> Points:
    along, away = b - a, c - a
    return np.asarray(along[..., 0] * away[..., 1] - along[..., 1] * away[..., 0])


def _nearest(one: Points, other: Points) -> Points:
    """The least distance of the ends and bends of each line from the other of its pair."""
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
    ends = [*((point, other) for point in one), *((point, one) for point in other)] if apart else []
    return any(distance(*end) < apart for end in ends)


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
