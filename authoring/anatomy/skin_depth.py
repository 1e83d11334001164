"""How deep a point lies under the outer skin (mouth, nostrils and sockets closed), and which way is out."""

from __future__ import annotations

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from authoring.body.skin import Body
from authoring.body.view import rasterise

LOOK = 0.6  # pixels to the mm of the looks around the body
WORKERS = 2  # threads of a search for neighbours
SLACK = 3.0  # mm behind the frontmost skin that still count as seen
ROUNDS = ((0, 12), (40, 8), (-40, 8), (85, 1), (-85, 1))  # degrees of tilt, and how many looks around the body
FACE = np.array([[-60.0, 1490.0], [60.0, 1620.0]])  # mm: window of the face
NEAREST = 3  # skin points that a depth is the mean of
FAR_OUT = 25.0  # mm: nothing lies that far outside, so what is that far from the skin is inside
SLIT = 9.0  # mm: walls of the armpit that face each other this near are one
ARMPIT = np.array([[110.0, 1215.0], [190.0, 1335.0]])


def depths(flat: np.ndarray, depth: np.ndarray, triangles: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The frontmost depth (h, w) of a surface at whole coordinates of `flat` (n, 2), -inf where there is none."""
    turned = np.stack([flat[:, 0], shape[0] - 1 - flat[:, 1]], 1)  # rows of an image run down
    triangle, weights = rasterise(turned, depth, triangles, shape)
    image = np.full(shape, -np.inf)
    seen = triangle >= 0
    image[seen] = (weights * depth[triangles[triangle[seen]]]).sum(1)
    return image[::-1]


def _outside(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Which vertices somebody sees who walks around the body (parallel views)."""
    seen = np.zeros(len(points), bool)
    for tilt, count in ROUNDS:
        for k in range(count):
            a, t = 2 * np.pi * k / count, np.radians(tilt)
            ahead = np.array([np.sin(a) * np.cos(t), np.sin(t), np.cos(a) * np.cos(t)])
            right = np.array([np.cos(a), 0, -np.sin(a)])
            flat, z = points @ np.stack([right, np.cross(ahead, right)], 1), points @ ahead
            flat = (flat - flat.min(0)) * LOOK
            width, height = (flat.max(0) + 2).astype(int)
            image = depths(flat, z, triangles, (int(height), int(width)))
            at = np.round(flat).astype(int)
            seen |= z > image[at[:, 1].clip(0, height - 1), at[:, 0].clip(0, width - 1)] - SLACK
    return seen


def _lids(
    points: np.ndarray, triangles: np.ndarray, reach: int = 8, behind: float = 4.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices inside mouth, nostrils and sockets (n,), and points (k, 3) with normals (k, 3) that close these."""
    low = FACE[0]
    width, height = (FACE[1] - low + 1).astype(int)
    ahead = depths(points[:, :2] - low, points[:, 2], triangles, (int(height), int(width)))
    closed = ndimage.grey_closing(np.maximum(ahead, 20.0), size=2 * reach + 1)
    at = np.round(points[:, :2] - low).astype(int)
    rows = np.flatnonzero(((at > 8) & (at < [width - 9, height - 9])).all(1) & (points[:, 2] > 10))
    inside = np.zeros(len(points), bool)
    inside[rows] = points[rows, 2] < closed[at[rows, 1], at[rows, 0]] - behind
    filled = (closed > ahead + behind) & ndimage.binary_erosion(closed > 60, iterations=3)
    filled[:9], filled[-9:], filled[:, :9], filled[:, -9:] = False, False, False, False
    soft = ndimage.gaussian_filter(closed, 2.0)
    down, across = np.gradient(soft)
    y, x = np.nonzero(filled)
    normal = np.stack([-across[y, x], -down[y, x], np.ones(len(x))], 1)
    lid = np.stack([x + low[0], y + low[1], soft[y, x]], 1)
    return inside, lid, normal / np.linalg.norm(normal, axis=1, keepdims=True)


def _slit(points: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """Which vertices are walls of the slit of the armpit, which is closed when the arm hangs."""
    beside = np.stack([np.abs(points[:, 0]), points[:, 1]], 1)
    near = np.flatnonzero(((beside > ARMPIT[0]) & (beside < ARMPIT[1])).all(1))
    walls = np.zeros(len(points), bool)
    pairs = cKDTree(points[near]).query_pairs(SLIT, output_type="ndarray")
    i, j = near[pairs.T]
    between = points[j] - points[i]
    facing = ((normals[i] * normals[j]).sum(1) < -0.5) & ((normals[i] * between).sum(1) > 0)
    walls[i[facing]] = walls[j[facing]] = True
    return walls


class Skin:
    """The outer skin of a pose as points (n, 3) with outward unit normals (n, 3); `outer` says which vertices it is."""

    def __init__(self, body: Body, pose: str = "standing", outer: np.ndarray | None = None) -> None:
        points, normals = body.points[pose], body.normals[pose]
        lid = normal = np.zeros((0, 3))
        if outer is None:
            triangles = np.concatenate([body.quads[:, [0, 1, 2]], body.quads[:, [0, 2, 3]]])
            inside, lid, normal = _lids(points, triangles)
            outer = _outside(points, triangles) & ~inside
        self.outer = outer
        self.points, self.normals = np.r_[points[outer], lid], np.r_[normals[outer], normal]
        self.wall = np.r_[_slit(points, normals)[outer], np.zeros(len(lid), bool)]
        self.tree = cKDTree(self.points)
        self.open = cKDTree(self.points[~self.wall])

    def depth(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Depth (n,) under the skin, below 0 outside, and the number (n,) of the nearest skin point."""
        gap, near = self.tree.query(points, k=NEAREST, workers=WORKERS)
        depth = -np.einsum("nki,nki->nk", points[:, None] - self.points[near], self.normals[near]).mean(1)
        depth = np.where(gap[:, 0] > FAR_OUT, gap[:, 0], depth)
        slit = self.wall[near].any(1)  # in the slit of the armpit, or beside it: as deep as the open skin is far
        if slit.any():
            depth[slit] = self.open.query(points[slit])[0]
        return depth, near[:, 0]
