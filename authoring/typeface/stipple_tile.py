"""Write the tile of blue-noise dots into `assets/stipple/tile.json`.

Farthest-point optimisation (Schlömer, Heck, Deussen 2011) on a torus: each point in turn is moved to the place that is
farthest from all others, until all distances to the nearest neighbour are nearly equal, yet without the rows of a
lattice. The points are written in such an order that the first k of them are even as well, for every k: where a zone is
to be lighter, only the first dots are drawn (sample elimination, Yuksel 2015). Run
`python -m authoring.typeface.stipple_tile` (half a minute); the same seed gives the same tile.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from trigpoint.geometry import stipple

SEED, SWEEPS = 1, 6
SOFT = 0.9  # how far a point crowds its neighbours, in mean spacings
FILE = Path(__file__).resolve().parent.parent / "assets" / "stipple" / "tile.json"

Points = NDArray[np.float64]


def optimised(count: int) -> Points:
    """`count` points on the unit torus."""
    points = np.random.default_rng(SEED).random((count, 2))
    for _ in range(SWEEPS):
        for index in range(count):
            points[index] = farthest(np.delete(points, index, axis=0))
    return points


def farthest(points: Points) -> Points:
    """The centre of the largest empty circle on the torus."""
    around = repeated(points, 4 / np.sqrt(len(points)))
    corners = around[Delaunay(around).simplices]
    (ax, ay), b, c = corners[:, 0].T, corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    twice = 2 * (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0])
    bb, cc = (b**2).sum(axis=1), (c**2).sum(axis=1)
    x, y = (c[:, 1] * bb - b[:, 1] * cc) / twice, (b[:, 0] * cc - c[:, 0] * bb) / twice
    centres = np.stack([x + ax, y + ay], axis=1)
    inside = ((centres >= 0) & (centres < 1)).all(axis=1)
    best: Points = centres[inside][np.hypot(x, y)[inside].argmax()]
    return best


def repeated(points: Points, margin: float) -> Points:
    """The tile and a margin of its neighbours."""
    copies = np.concatenate([points + np.array([dx, dy]) for dx in (-1, 0, 1) for dy in (-1, 0, 1)])
    return copies[((copies > -margin) & (copies < 1 + margin)).all(axis=1)]


def ranked(points: Points) -> Points:
    """The points (n, 2) of the unit torus so ordered that the first k are spread as evenly as k of them can be.

    From all points the most crowded is taken away, again and again; the last one left comes first.
    """
    apart = np.abs(points[:, None] - points[None])
    squared = (np.minimum(apart, 1 - apart) ** 2).sum(axis=2)
    left, order = np.ones(len(points), bool), []
    for count in range(len(points), 0, -1):
        crowd = np.exp(-squared[left][:, left] * count / SOFT**2).sum(axis=1).round(9)
        last = np.flatnonzero(left)[crowd.argmax()]
        left[last] = False
        order.append(last)
    return points[order[::-1]]


def rows() -> list[list[int]]:
    """The tile as whole numbers of 1/STEPS spacing, in the order of `ranked`."""
    steps = stipple.SIDE * stipple.STEPS
    tile = np.rint(optimised(stipple.SIDE**2) * steps).astype(int) % steps
    ordered = sorted(tile.tolist(), key=lambda point: (point[1] // stipple.STEPS, point[0]))
    found: list[list[int]] = np.rint(ranked(np.array(ordered) / steps) * steps).astype(int).tolist()
    return found


def text(tile: list[list[int]]) -> str:
    """The file: a dot a line."""
    return "[\n" + ",\n".join(map(json.dumps, tile)) + "\n]\n"


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text(rows()), encoding="ascii")
