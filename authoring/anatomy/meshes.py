"""Triangle meshes: neighbours, smoothing, normals, pieces, and points all over a surface. Knows no anatomy."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

TAUBIN = (0.5, -0.52)  # shares of a step towards the neighbours' mean, and back (Taubin 1995)


def adjacency(triangles: np.ndarray, count: int) -> sparse.csr_matrix:
    """Which of `count` vertices share an edge, as a matrix of ones."""
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    edges = np.concatenate([edges, edges[:, ::-1]])
    matrix = sparse.coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), (count, count)).tocsr()
    matrix.data[:] = 1.0
    return matrix


def lengths(points: np.ndarray, triangles: np.ndarray) -> sparse.csr_matrix:
    """The length of every edge, in both directions, as a matrix (n, n)."""
    near = adjacency(triangles, len(points)).tocoo()
    size = np.linalg.norm(points[near.row] - points[near.col], axis=1) + 1e-6  # no edge is nothing
    return sparse.csr_matrix((size, (near.row, near.col)), near.shape)


def mean_of_neighbours(triangles: np.ndarray, count: int) -> sparse.csr_matrix:
    """The matrix (n, n) that replaces every vertex by the mean of its neighbours."""
    near = adjacency(triangles, count)
    return sparse.diags(1 / np.maximum(np.asarray(near.sum(1)).ravel(), 1)) @ near


def smooth(points: np.ndarray, triangles: np.ndarray, steps: int) -> np.ndarray:
    """The surface without its facets, its volume kept (Taubin 1995)."""
    mean = mean_of_neighbours(triangles, len(points))
    for _ in range(steps):
        for share in TAUBIN:
            points = points + share * (mean @ points - points)
    return points


def normals(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Outward unit normals (n, 3), weighted by area."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    across = np.cross(b - a, c - a)
    total = np.stack(
        [sum(np.bincount(triangles[:, k], across[:, j], len(points)) for k in range(3)) for j in range(3)], 1
    )
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def dense(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Points all over a surface: vertices, middles of edges and of triangles."""
    corners = points[triangles]
    return np.concatenate([points, corners.mean(1), *((corners[:, k] + corners[:, k - 1]) / 2 for k in range(3))])


def pieces(triangles: np.ndarray, count: int, least: int = 1) -> list[np.ndarray]:
    """The vertices of each connected piece of at least so many, the largest piece first."""
    _, label = csgraph.connected_components(adjacency(triangles, count), directed=False)
    size = np.bincount(label)
    return [np.flatnonzero(label == number) for number in np.argsort(-size, kind="stable") if size[number] >= least]


def part(triangles: np.ndarray, count: int, keep: np.ndarray) -> np.ndarray:
    """The triangles between the vertices `keep`, numbered anew in their order."""
    number = np.full(count, -1)
    number[keep] = np.arange(len(keep))
    renamed = number[triangles]
    return np.ascontiguousarray(renamed[(renamed >= 0).all(1)])
