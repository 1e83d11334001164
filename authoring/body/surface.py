"""Geometry on the skin: the other side of the body, and distances to a stroke.

Everything is in the body frame of the standing pose, millimetres; the patient's right is at x < 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


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
