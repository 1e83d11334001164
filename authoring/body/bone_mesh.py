"""Meshes of bones as a package has them: reading, smoothing, and moving them so that named places meet.

Meshes stand in the frame of their bone: x to the left, y up, z to the front, millimetres. Subdivision follows Loop
(1987). Only the leg and torso models of the package are a source, never its arm model. Knows nothing of the body or of
views.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import RBFInterpolator

from authoring.body.wheels import MYO_SIM, unpacked

FOLDER = "myo_sim/models/meshes"
STL = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
WELD = 6  # decimals of a metre: corners this near are one vertex

Mesh = tuple[np.ndarray, np.ndarray]  # vertices (n, 3), triangles (m, 3)


@cache
def _folder() -> Path:
    return unpacked(MYO_SIM, FOLDER)


@cache
def read(name: str) -> Mesh:
    """The mesh of a binary STL file, whose own axes are front, up, right, in metres."""
    data = (_folder() / f"{name}.stl").read_bytes()
    count = int.from_bytes(data[80:84], "little")
    corners = np.frombuffer(data, STL, count, 84)["corners"].reshape(-1, 3).astype(float)
    points, number = np.unique(corners.round(WELD), axis=0, return_inverse=True)
    triangles = number.reshape(-1, 3)
    whole = (triangles[:, [0, 1, 2]] != triangles[:, [1, 2, 0]]).all(1)
    return axes(points * 1000.0), triangles[whole]


def axes(points: ArrayLike) -> np.ndarray:
    """Points (..., 3) given as front, up, right in the axes of the body: left, up, front."""
    front, up, right = np.moveaxis(np.asarray(points, float), -1, 0)
    return np.stack([-right, up, front], -1)


def subdivided(mesh: Mesh) -> Mesh:
    """One Loop step; vertices keep their rows. Borders are kept as they are, split in the middle."""
    points, triangles = mesh
    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    opposite = np.concatenate([triangles[:, 2], triangles[:, 0], triangles[:, 1]])
    edges, of_side, shared = np.unique(np.sort(sides, 1), axis=0, return_inverse=True, return_counts=True)
    of_side = of_side.reshape(-1)
    ends = points[edges].sum(1)
    across = np.zeros_like(ends)
    np.add.at(across, of_side, points[opposite])
    inner = (shared == 2)[:, None]
    middle = np.where(inner, 0.375 * ends + 0.125 * across, 0.5 * ends)
    valence, total = np.zeros(len(points)), np.zeros_like(points)
    np.add.at(valence, edges.ravel(), 1.0)
    np.add.at(total, edges.ravel(), points[edges[:, ::-1].ravel()])
    weight = 0.375 + 0.25 * np.cos(2 * np.pi / np.maximum(valence, 1))
    pull = (0.625 - weight**2)[:, None]
    moved = (1 - pull) * points + pull * total / np.maximum(valence, 1)[:, None]
    on_border = np.unique(edges[shared != 2])
    moved[on_border] = points[on_border]
    first, second, third = of_side.reshape(3, -1) + len(points)
    a, b, c = triangles.T
    fine = np.stack([[a, first, third], [b, second, first], [c, third, second], [first, second, third]])
    return np.concatenate([moved, middle]), fine.transpose(0, 2, 1).reshape(-1, 3)


def fitted(points: np.ndarray, start: np.ndarray, goal: np.ndarray) -> np.ndarray:
    """Points (n, 3) moved as the places `start` (k, 3) must move to reach `goal` (k, 3)."""
    turn, shift = _similarity(start, goal)
    placed, near = points @ turn.T + shift, start @ turn.T + shift
    return placed + spline(near, goal - near)(placed)


def spline(places: np.ndarray, moves: np.ndarray) -> RBFInterpolator:
    """The smoothest field of moves through these at places (k, 3): a thin-plate spline of space (kernel r)."""
    return RBFInterpolator(places, moves, kernel="linear", degree=1 if len(places) > 4 else 0)


def _similarity(start: np.ndarray, goal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Scaled rotation (3, 3) and shift (3,) that take `start` nearest to `goal` (Umeyama 1991)."""
    centre, aim = start.mean(0), goal.mean(0)
    left, size, right = np.linalg.svd((goal - aim).T @ (start - centre))
    sign = np.array([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    turn = (left * sign) @ right * (size * sign).sum() / ((start - centre) ** 2).sum()
    return turn, aim - turn @ centre
