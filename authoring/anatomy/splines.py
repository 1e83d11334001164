"""Smooth moves of space from moves at points: one that ends at a reach, one that spreads everywhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy import sparse
from scipy.linalg import solve
from scipy.sparse.linalg import splu
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

CHUNK = 256  # points that are moved at a time


def thin(points: np.ndarray, step: float) -> np.ndarray:
    """The first point of each cell of a grid of `step` mm, as sorted numbers."""
    _, first = np.unique(np.floor(points / step).astype(np.int64), axis=0, return_index=True)
    return np.sort(first)


class Compact:
    """A compact spline (Wendland C2) of moves (n, 3) at points (n, 3): nothing beyond `reach` mm."""

    def __init__(self, points: np.ndarray, moves: np.ndarray, reach: float = 36.0, ridge: float = 0.02) -> None:
        self.reach, self.tree = reach, cKDTree(points)
        kernel = self._kernel(self.tree) + ridge * sparse.identity(len(points))
        options = {"SymmetricMode": True}
        solver = splu(kernel.tocsc(), permc_spec="MMD_AT_PLUS_A", options=options, diag_pivot_thresh=0.0)
        self.weights = solver.solve(moves)

    def _kernel(self, tree: cKDTree) -> sparse.csr_matrix:
        pairs = tree.sparse_distance_matrix(self.tree, self.reach, output_type="coo_matrix")
        share = pairs.data / self.reach
        return sparse.coo_matrix(((1 - share) ** 4 * (4 * share + 1), (pairs.row, pairs.col)), pairs.shape).tocsr()

    def __call__(self, points: np.ndarray) -> np.ndarray:
        return self._kernel(cKDTree(points)) @ self.weights


class Wide:
    """A spline (kernel r, the biharmonic one of space) of moves (n, 3) at points (n, 3), missed by some `smoothing`."""

    def __init__(self, points: np.ndarray, moves: np.ndarray, smoothing: float) -> None:
        count = len(points)
        full = np.zeros((count + 1, count + 1))
        full[:count, :count] = -cdist(points, points) + smoothing * np.eye(count)
        full[count, :count] = full[:count, count] = 1.0
        solved = solve(full, np.r_[moves, np.zeros((1, 3))], overwrite_a=True, check_finite=False)
        self.points, self.shift = points, solved[count]
        self._pull = np.ascontiguousarray(-solved[:count].T)

    def __call__(self, points: np.ndarray) -> np.ndarray:
        chunks = [points[k : k + CHUNK] for k in range(0, len(points), CHUNK)]
        with ThreadPoolExecutor(2) as pool:  # distances are counted without the lock
            return np.concatenate(list(pool.map(self._moved, chunks))) + self.shift

    def _moved(self, points: np.ndarray) -> np.ndarray:
        return np.einsum("ij,kj->ik", cdist(points, self.points), self._pull)
