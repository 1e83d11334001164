"""Paint on the skin: picking points through a view, and signed distances to strokes.

Everything is in the body frame of the standing pose, millimetres; the patient's right is at x < 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from authoring.body import STATURE
from authoring.view import PIXELS_PER_MM, look


@cache
def _seen_skin(view: str) -> np.ndarray:
    buffer = look(view)
    return buffer.sample(buffer.body.standing, outside=np.nan)


def pick(view: str, x: float, height: float) -> np.ndarray:
    """The skin point (3,) that a viewer sees at view-frame x and `height` mm above the floor.

    Raises `ValueError` where the view shows no body.
    """
    buffer = look(view)
    column, row = (np.array([x, STATURE - height]) - buffer.origin) * PIXELS_PER_MM - 0.5
    point = _seen_skin(view)[round(row), round(column)]
    if np.isnan(point).any():
        raise ValueError(f"no skin at x = {x}, height = {height} in the {view} view")
    return point


def mirrored(points: np.ndarray) -> np.ndarray:
    """The same points (..., 3) on the other side of the body."""
    return points * [-1.0, 1.0, 1.0]


def distance(points: np.ndarray, line: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Distance (n,) of points (n, 3) to a polyline in space, and how far along it (n,), from 0 to 1."""
    best, along = np.full(len(points), np.inf), np.zeros(len(points))
    corners = np.asarray(line, float)
    corners = corners[np.r_[True, (np.diff(corners, axis=0) != 0).any(1)]]
    if len(corners) == 1:
        return np.linalg.norm(points - corners[0], axis=1), along
    lengths = np.linalg.norm(np.diff(corners, axis=0), axis=1)
    reached = 0.0
    for start, end, length in zip(corners[:-1], corners[1:], lengths, strict=True):
        share = (((points - start) @ (end - start)) / length**2).clip(0, 1)
        gap = np.linalg.norm(points - (start + share[:, None] * (end - start)), axis=1)
        nearer = gap < best
        best[nearer], along[nearer] = gap[nearer], (reached + share * length)[nearer] / lengths.sum()
        reached += length
    return best, along
