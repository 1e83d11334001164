"""The warp from the neutral body to another, view by view, fitted to the skin that both share.

Three kinds of pairs pull on the grid: skin seen in both bodies, landmarks, and the edge of the silhouette; what bends
least between them is taken, which also carries the grid smoothly off the body. Knows no muscle and no zone.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely
from scipy import sparse
from scipy.sparse.linalg import spsolve
from scipy.spatial import cKDTree

from authoring.body.landmarks import projected
from authoring.body.skin import build
from authoring.body.view import PIXELS_PER_MM, POSE, look, project
from authoring.drawing.artwork import silhouette
from trigpoint.atlas.warp import Warp, Warps, taps

FROM = "neutral"
FITTED = ("anterior", "posterior", "right")  # the left view is the mirror of the right one
EVEN = ("anterior", "posterior")
CELL = 25.0  # mm
AROUND = 40.0  # mm of grid around the body
PIXEL_STEP = 6  # pixels between pairs of skin
EDGE_STEP = 3.0  # mm between places of a silhouette
EDGE_ROUNDS = 4  # each looks for the nearest edge again
EDGE_FAR = 30.0  # mm: what has no edge so near is no pair
CLEFT = 4.0  # mm: clefts narrower than twice this, as between arm and trunk, are no edge to fit
QUIET = 45.0  # mm around a landmark, within which the skin gives way to it
SKIN, EDGE, LANDMARK = 1.0, 4.0, 500.0  # weights of one pair
BENDING = 4.0

Pairs = tuple[np.ndarray, np.ndarray, np.ndarray]  # places here (n, 2), shifts (n, 2), weights (n,)


@cache
def warps(body: str) -> Warps:
    """The warps to a body."""
    return Warps(body, FROM, {view: fit(view, body) for view in FITTED})


@cache
def fit(view: str, body: str) -> Warp:
    """The warp to a body in one view."""
    origin, shape = _grid(view)
    pairs = [_skin(view, body), _landmarks(view, body)]
    warp = _solve(pairs, origin, shape, view)
    for _ in range(EDGE_ROUNDS):
        warp = _solve([*pairs, _edge(warp, view, body)], origin, shape, view)
    return Warp(origin, CELL, warp.shift.round(1) + 0.0)


def _grid(view: str) -> tuple[tuple[float, float], tuple[int, int]]:
    """The first node, and how many rows and columns; even on both sides of a midline."""
    bounds = np.array(silhouette(view, FROM).bounds).reshape(2, 2)
    if view in EVEN:
        reach = np.abs(bounds[:, 0]).max()
        bounds[:, 0] = -reach, reach
    low = np.floor((bounds[0] - AROUND) / CELL)
    high = np.ceil((bounds[1] + AROUND) / CELL)
    columns, rows = (high - low).astype(int) + 1
    x, y = (low * CELL).tolist()
    return (x, y), (int(rows), int(columns))


def _skin(view: str, body: str) -> Pairs:
    """Where skin that both bodies show in the view lies on each; near landmarks it counts for little."""
    here, there = look(view, FROM), look(view, body)
    some = np.zeros(here.mask.shape, bool)
    some[::PIXEL_STEP, ::PIXEL_STEP] = True
    rows = some[here.mask]
    weights, corners = here.weights[rows], here.corners[rows]
    start, end = (np.einsum("ij,ijk->ik", weights, build(name).points[POSE[view]][corners]) for name in (FROM, body))
    both = there.visible(end)
    at, to = project(start[both], view), project(end[both], view)
    gap = cKDTree(list(projected(view, FROM).values())).query(at)[0]
    area = (PIXEL_STEP / PIXELS_PER_MM) ** 2 / 16.0
    return at, to - at, SKIN * area * (1 - 0.97 * np.exp(-((gap / QUIET) ** 2) / 2))


def _landmarks(view: str, body: str) -> Pairs:
    here, there = projected(view, FROM), projected(view, body)
    at, to = np.array(list(here.values())), np.array([there[name] for name in here])
    return at, to - at, np.full(len(at), LANDMARK)


def _edge(warp: Warp, view: str, body: str) -> Pairs:
    """Places of both silhouettes that lie nearest to each other once the warp has moved the neutral one."""
    here, there = _places(silhouette(view, FROM)), _places(silhouette(view, body))
    moved = warp.points(here)
    gap, found = cKDTree(there).query(moved)
    back, owner = cKDTree(moved).query(there)
    at = np.concatenate([here[gap < EDGE_FAR], here[owner][back < EDGE_FAR]])
    to = np.concatenate([there[found][gap < EDGE_FAR], there[back < EDGE_FAR]])
    return at, to - at, np.full(len(at), EDGE)


def _places(shape: shapely.MultiPolygon) -> np.ndarray:
    """Places (n, 2) along the edge of a silhouette, without its clefts."""
    rings = shapely.get_parts(shape.buffer(CLEFT).buffer(-CLEFT).boundary)
    return np.concatenate(
        [shapely.get_coordinates(ring.interpolate(np.arange(0, ring.length, EDGE_STEP))) for ring in rings]
    )


def _solve(pairs: list[Pairs], origin: tuple[float, float], shape: tuple[int, int], view: str) -> Warp:
    """The grid that comes nearest to the pairs and bends least."""
    at, to, weight = (np.concatenate(column) for column in zip(*pairs, strict=True))
    node, share = taps(at, origin, CELL, shape)
    count = shape[0] * shape[1]
    reach = sparse.csr_matrix((share.ravel(), (np.repeat(np.arange(len(at)), 16), node.ravel())), (len(at), count))
    heavy = sparse.diags(weight)
    left = (reach.T @ heavy @ reach + BENDING * _bending(shape)).tocsc()
    shift = spsolve(left, reach.T @ (weight[:, None] * to)).reshape(*shape, 2)
    if view in EVEN:
        shift = (shift + shift[:, ::-1] * (-1.0, 1.0)) / 2
    return Warp(origin, CELL, shift)


def _bending(shape: tuple[int, int]) -> sparse.csr_matrix:
    """The matrix of the squared second differences of a grid: along rows, along columns, and across both."""

    def second(count: int) -> sparse.csr_matrix:
        return sparse.diags([1.0, -2.0, 1.0], [0, 1, 2], (count - 2, count))

    def first(count: int) -> sparse.csr_matrix:
        return sparse.diags([-1.0, 1.0], [0, 1], (count - 1, count))

    rows, columns = shape
    parts = [
        sparse.kron(second(rows), sparse.eye(columns)),
        sparse.kron(sparse.eye(rows), second(columns)),
        np.sqrt(2) * sparse.kron(first(rows), first(columns)),
    ]
    return sum((part.T @ part for part in parts), sparse.csr_matrix((rows * columns, rows * columns)))
