"""Quad meshes: the base body with its morphs, subdivision and normals.

Body frame, everywhere in `authoring`: x to the body's left, y up, z to the front. Knows nothing of poses or views.
Subdivision follows Catmull and Clark (1978), boundary rules included.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class BaseMesh:
    """The base body: all vertices (n, 3), its quads by group, and the folder it was read from."""

    points: np.ndarray
    groups: dict[str, np.ndarray]
    folder: Path

    @property
    def body(self) -> np.ndarray:
        """The quads (m, 4) of the skin, without the helper cubes that mark joints."""
        return self.groups["body"]


def read_base(folder: Path) -> BaseMesh:
    """Read `3dobjs/base.obj` below `folder`."""
    points: list[list[float]] = []
    groups: dict[str, list[list[int]]] = {}
    current: list[list[int]] = []
    for line in (folder / "3dobjs" / "base.obj").read_text("utf-8").splitlines():
        kind, *fields = line.split() or [""]
        if kind == "v":
            points.append([float(field) for field in fields[:3]])
        elif kind == "g":
            current = groups.setdefault(fields[0], [])
        elif kind == "f":
            current.append([int(field.split("/")[0]) - 1 for field in fields])
    return BaseMesh(np.array(points), {name: np.array(faces) for name, faces in groups.items()}, folder)


def _shares(value: float, names: list[str]) -> dict[str, float]:
    """Piecewise linear weights of evenly spaced anchors over 0..1; an empty name is an anchor without a morph."""
    grid = np.linspace(0.0, 1.0, len(names))
    weights = {name: float(np.interp(value, grid, row)) for name, row in zip(names, np.eye(len(names)), strict=True)}
    return {name: weight for name, weight in weights.items() if name and weight > 1e-9}


def _morph_weights(gender: float, muscle: float, cup: float) -> Iterator[tuple[str, float]]:
    """Yield (morph, weight) of a young adult of average weight and height, mean of the three base populations."""
    for sex, of_sex in _shares(gender, ["male", "female"]).items():
        for population in ("african", "asian", "caucasian"):
            yield f"macrodetails/{population}-{sex}-young", of_sex / 3
        for tone, of_tone in _shares(muscle, ["minmuscle", "averagemuscle", "maxmuscle"]).items():
            both = of_sex * of_tone
            yield f"macrodetails/universal-{sex}-young-{tone}-averageweight", both
            if sex == "female":
                for size, of_size in _shares(cup, ["mincup", "averagecup", "maxcup"]).items():
                    yield f"breast/female-young-{tone}-averageweight-{size}-averagefirmness", both * of_size


def morph(base: BaseMesh, *, gender: float, muscle: float = 0.5, cup: float = 0.5) -> np.ndarray:
    """Return all vertices (n, 3) of a body between male (gender 0) and female (gender 1)."""
    points = base.points.copy()
    for name, weight in _morph_weights(gender, muscle, cup):
        path = base.folder / "targets" / f"{name}.target.gz"
        if path.is_file():  # a combination without a morph is the base shape itself
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                rows = np.array([line.split() for line in lines if line.strip() and line[0] != "#"], float).reshape(
                    -1, 4
                )
            points[rows[:, 0].astype(int)] += weight * rows[:, 1:4]
    return points


def _edges(quads: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return unique edges (e, 2), the edge of every quad side (4 m,) and the number of quads at each edge."""
    sides = np.concatenate([quads[:, [side, (side + 1) % 4]] for side in range(4)])
    edges, of_side, count = np.unique(np.sort(sides, 1), axis=0, return_inverse=True, return_counts=True)
    return edges, of_side.ravel(), count


def _incidence(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int], value: float = 1.0) -> sparse.csr_matrix:
    return sparse.coo_matrix((np.full(len(rows), value), (rows, columns)), shape).tocsr()


def subdivide(quads: np.ndarray, count: int) -> tuple[sparse.csr_matrix, np.ndarray]:
    """One Catmull-Clark step: the matrix that maps `count` vertices to the new ones, and the new quads."""
    faces, (edges, of_side, uses) = len(quads), _edges(quads)
    corner, number = quads.ravel(), np.repeat(np.arange(faces), 4)
    to_face = _incidence(number, corner, (faces, count), 0.25)
    ends, end_number = edges.ravel(), np.repeat(np.arange(len(edges)), 2)
    to_middle = _incidence(end_number, ends, (len(edges), count), 0.5)
    edge_faces = _incidence(of_side, np.tile(np.arange(faces), 4), (len(edges), faces))
    border = uses != 2
    smooth_edges = 0.5 * to_middle + 0.25 * edge_faces @ to_face
    to_edge = sparse.diags((~border).astype(float)) @ smooth_edges + sparse.diags(border.astype(float)) @ to_middle
    vertex_faces = _incidence(corner, number, (count, faces))
    vertex_edges = _incidence(ends, end_number, (count, len(edges)))
    valence = np.asarray(vertex_edges.sum(1)).ravel()
    safe = np.maximum(valence, 1)
    inverse_faces = sparse.diags(1 / np.maximum(np.asarray(vertex_faces.sum(1)).ravel(), 1))
    inner = sparse.diags((valence > 0) / safe) @ (inverse_faces @ vertex_faces @ to_face)
    inner = inner + sparse.diags(2 * (valence > 0) / safe**2) @ (vertex_edges @ to_middle)
    inner = inner + sparse.diags((valence - 3) / safe)
    rim_edges = _incidence(edges[border].ravel(), np.repeat(np.flatnonzero(border), 2), (count, len(edges)))
    rim = 0.25 * rim_edges @ to_middle + 0.5 * sparse.eye(count)
    on_rim = np.zeros(count)
    on_rim[edges[border].ravel()] = 1.0
    to_vertex = sparse.diags(1 - on_rim) @ inner + sparse.diags(on_rim) @ rim
    side = of_side.reshape(4, faces).T + count
    centre = count + len(edges) + np.arange(faces)
    new = [np.stack([quads[:, j], side[:, j], centre, side[:, j - 1]], 1) for j in range(4)]
    return sparse.vstack([to_vertex, to_edge, to_face]).tocsr(), np.concatenate(new)


def vertex_normals(points: np.ndarray, quads: np.ndarray) -> np.ndarray:
    """Unit normals (n, 3), area-weighted over the quads at each vertex."""
    across = np.cross(points[quads[:, 2]] - points[quads[:, 0]], points[quads[:, 3]] - points[quads[:, 1]])
    normals = np.zeros_like(points)
    for side in range(4):
        np.add.at(normals, quads[:, side], across)
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)


def neighbour_mean(quads: np.ndarray, count: int) -> sparse.csr_matrix:
    """The matrix (count, count) that replaces every vertex by the mean of its neighbours."""
    edges, *_ = _edges(quads)
    both = np.concatenate([edges, edges[:, ::-1]])
    adjacency = _incidence(both[:, 0], both[:, 1], (count, count))
    degree = np.asarray(adjacency.sum(1)).ravel()
    return sparse.diags(1 / np.maximum(degree, 1)) @ adjacency


def joint_centres(base: BaseMesh, points: np.ndarray) -> dict[str, np.ndarray]:
    """Centres of the joint cubes, by name without the `joint-` prefix."""
    cubes = {name[6:]: faces for name, faces in base.groups.items() if name.startswith("joint-")}
    return {name: points[np.unique(faces)].mean(0) for name, faces in cubes.items()}
