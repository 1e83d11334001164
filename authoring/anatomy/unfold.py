"""Folds of a carried mesh: where the map turns it inside out or squeezes it flat, and how that is smoothed away."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from authoring.anatomy import meshes
from authoring.anatomy.guides import similarity

RADIUS = 9.0  # mm round a vertex within which the map is taken as affine
FEW = 12  # vertices that say too little
FLAT = 0.18  # thickness to length below which a neighbourhood is judged in its plane
BELOW = 0.48  # determinant at which smoothing sets in
RINGS = 4  # neighbours of neighbours that are smoothed with a fold
ROUNDS, STEPS = 12, 10
IRONED, WIDTH, WIDER = 0.36, 12.0, 1.35  # determinant at which ironing sets in; mm of its first reach; growth
ALONG = 4  # rounds that smooth along the mesh; the others do so through space


class Local:
    """The neighbourhoods of a mesh's vertices (n, 3) before it is carried."""

    def __init__(self, points: np.ndarray) -> None:
        count = len(points)
        pairs = cKDTree(points).query_pairs(RADIUS, output_type="ndarray")
        i, j = np.r_[pairs[:, 0], pairs[:, 1], np.arange(count)], np.r_[pairs[:, 1], pairs[:, 0], np.arange(count)]
        near = sparse.coo_matrix((np.ones(len(i)), (i, j)), (count, count)).tocsr()
        self.number = np.asarray(near.sum(1)).ravel()
        self.mean = sparse.diags(1 / self.number) @ near
        self.points = points - points.mean(0)
        size, self.axes = np.linalg.eigh(self._moments(self.points))  # axes[:, :, 2] is the longest
        size = np.sqrt(np.maximum(size, 0))
        self.flat = size[:, 0] < FLAT * size[:, 2]
        self.inverse = 1 / np.maximum(size**2, 1e-9)

    def _moments(self, other: np.ndarray) -> np.ndarray:
        """Mean of other x own offsets (n, 3, 3) round each vertex."""
        products = (other[:, :, None] * self.points[:, None, :]).reshape(-1, 9)
        means = (self.mean @ other)[:, :, None] * (self.mean @ self.points)[:, None, :]
        return (self.mean @ products).reshape(-1, 3, 3) - means

    def determinants(self, moved: np.ndarray) -> np.ndarray:
        """Determinant (n,) of the affine map nearest to the move round each vertex; 1 where there is too little.

        Of a flat sheet the change of its area, below 0 where it is turned over.
        """
        moved = moved - moved.mean(0)
        _, turn, _ = similarity(self.points, moved)
        tilted = self._moments(moved) @ self.axes * self.inverse[:, None, :]  # images of the three axes
        normal = self.axes[:, :, 0] @ turn.T
        across = np.cross(tilted[:, :, 1], tilted[:, :, 2])
        area = np.linalg.norm(across, axis=1) * np.where((across * normal).sum(1) < 0, -1, 1)
        area *= np.sign(np.linalg.det(self.axes))
        volume = np.linalg.det(tilted) * np.sign(np.linalg.det(self.axes))
        return np.where(self.number < FEW, 1.0, np.where(self.flat, area, volume))


def unfold(local: Local, moved: np.ndarray, triangles: np.ndarray, wider: int = 0) -> np.ndarray:
    """The moved vertices (n, 3) with their move smoothed wherever it folds or nearly folds; `wider` is in rings."""
    points = local.points
    mean = meshes.mean_of_neighbours(triangles, len(points))
    for turn in range(ROUNDS):
        bad = (local.determinants(moved) < BELOW).astype(float)
        if not bad.any():
            break
        for _ in range(RINGS + turn // 2 + wider):
            bad = np.maximum(bad, (mean @ bad > 0).astype(float))
        share = np.minimum(mean @ (mean @ bad), 1)[:, None]
        scale, rotation, shift = similarity(points, moved)
        rough = scale * points @ rotation.T + shift
        move = moved - rough
        across = mean if turn < ALONG else local.mean  # what is near but not joined is evened too
        for _ in range(STEPS):
            move += 0.7 * share * (across @ move - move)
        moved = rough + move
    return moved


def ironed(local: Local, source: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """The moved vertices (n, 3) with an affine map, fitted over a growing reach, in place of what is folded still."""
    tree, reach = cKDTree(source), WIDTH
    for _ in range(ROUNDS):
        bad = np.flatnonzero(local.determinants(moved) < IRONED)
        if not len(bad):
            break
        gap, _ = cKDTree(source[bad]).query(source)
        share = np.clip(1.5 - gap / reach, 0, 1)
        share = share * share * (3 - 2 * share)
        flat = moved.copy()
        for row in np.flatnonzero(share > 0):
            flat[row] = _affine(tree, source, moved, row, reach)
        moved = (moved + share[:, None] * (flat - moved)).round(4)
        reach *= WIDER
    return moved


def _affine(tree: cKDTree, source: np.ndarray, moved: np.ndarray, row: int, reach: float) -> np.ndarray:
    """Where the affine map nearest to the move around a vertex takes it."""
    near = np.sort(tree.query_ball_point(source[row], 1.6 * reach))
    weight = np.exp(-((np.linalg.norm(source[near] - source[row], axis=1) / reach) ** 2))[:, None]
    here, there = ((weight * points[near]).sum(0) / weight.sum() for points in (source, moved))
    a, b = source[near] - here, moved[near] - there
    ridge = 1e-3 * weight.sum() * reach**2 * np.eye(3)  # where the neighbourhood is flat: as it is across
    turn = np.linalg.solve((weight * a).T @ a + ridge, (weight * a).T @ b + ridge)
    return there + (source[row] - here) @ turn
