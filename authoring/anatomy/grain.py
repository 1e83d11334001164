"""Which way the fibres of a belly run on its surface, and where its tendons are: values per vertex, from the source.

On a mesh the grain is the gradient of a harmonic function between the attachments. Its values there follow the axis of
the muscle, or the distance to the narrower end of a fan, so that fibres need not leave at right angles. The share of
the way is by distance along the surface. Cotangent weights stay as they are: clipping them bends the grain on the long
thin triangles of reduced meshes. Solids made from sheets bring their grain with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph
from scipy.sparse.linalg import spsolve

from authoring.anatomy import archive, attachments, meshes, sheets
from authoring.anatomy.attachments import Entry

SMOOTH = 5  # Taubin steps
SLANT = {"parallel": 0.85, "fan": 0.7, "uni": 0.9, "bi": 0.9, "multi": 0.7}  # of values at the attachments; else 0
PENNATE = ("uni", "bi", "multi")
FLESHY = 0.045  # a tendon of a smaller share is not drawn: flesh reaches the bone
PIECE = 30  # vertices; smaller shards of a mesh are dropped
EVENING = 6  # steps that smooth the share of the way


@dataclass(frozen=True, eq=False)
class Belly:
    """One belly: rows of its vertices in the part's mesh, its triangles, and values per vertex.

    `way` (n, 3) are unit vectors of the grain in the archive's pose, `share` (n,) runs from origin (0) to insertion
    (1), `pale` (n,) is above 0 in tendon, `start` and `end` (n,) are the vertices of the attachments.
    """

    file: str
    of: str
    member: str
    title: str
    rows: np.ndarray
    triangles: np.ndarray
    way: np.ndarray
    share: np.ndarray
    pale: np.ndarray
    start: np.ndarray
    end: np.ndarray
    first: str  # the view that its feather is told for
    straight: bool  # fibres run from attachment to attachment: no pennate, no winding muscle
    feather: Mapping
    calm: float


@cache
def bellies(of: str) -> tuple[Belly, ...]:
    """The bellies of a muscle, of meshes first, then of sheets."""
    found = [_of_mesh(entry) for entry in attachments.of(of)]
    return (*found, *(_of_sheet(sheet) for sheet in sheets.sheets().values() if sheet.of == of))


def _of_sheet(sheet: sheets.Sheet) -> Belly:
    part = sheet.part
    rows = np.arange(len(part.points))
    values = sheet.way, sheet.share, sheet.pale, sheet.start, sheet.end
    member = sheet.member.replace(" ", "_")
    return Belly(part.file, sheet.of, member, part.name, rows, part.triangles, *values, "", False, {}, 1.0)


def _of_mesh(entry: Entry) -> Belly:
    part = archive.parts()[entry.file]
    count = len(part.points)
    kept = np.arange(count)
    if entry.keep_side is not None:
        kept = np.flatnonzero(part.points[:, 0] < entry.keep_side)
    inside = meshes.part(part.triangles, count, kept)
    pieces = [kept[rows] for rows in meshes.pieces(inside, len(kept), max(PIECE, round(0.01 * len(kept))))]
    groups = pieces if entry.pieces == "each" else [np.sort(np.concatenate(pieces))]
    done = [found for rows in groups if (found := _piece(entry, part, rows)) is not None]
    if not done:
        raise ValueError(f"{entry.file} {entry.name}: no attachment found")
    first = np.cumsum([0, *(len(rows) for rows, *_ in done)])
    triangles = np.concatenate([tri + start for (_, tri, *_), start in zip(done, first, strict=False)])
    rows, way, share, start, end = (np.concatenate([one[k] for one in done]) for k in (0, 2, 3, 4, 5))
    return Belly(
        entry.file,
        entry.of,
        entry.head,
        entry.name,
        rows,
        triangles,
        way,
        share,
        _pale(entry, share),
        start,
        end,
        entry.views[0],
        entry.pennation in ("parallel", "fan"),
        entry.feather,
        entry.calm,
    )


def _pale(entry: Entry, share: np.ndarray) -> np.ndarray:
    pale = np.full(len(share), -1.0)
    if entry.tendon_origin >= FLESHY:
        pale = np.maximum(pale, entry.tendon_origin - share)
    if entry.tendon_insertion >= FLESHY:
        pale = np.maximum(pale, share - 1 + entry.tendon_insertion)
    if entry.tendon_middle:
        low, high = entry.tendon_middle
        pale = np.maximum(pale, np.minimum(share - low, high - share))
    return pale


def _piece(entry: Entry, part: archive.Part, rows: np.ndarray) -> tuple[np.ndarray, ...] | None:
    """Rows, triangles, grain, share and attachments of the pieces that reach from origin to insertion."""
    points = part.points[rows]
    triangles = meshes.part(part.triangles, len(part.points), rows)
    start = attachments.vertices(points, triangles, entry.origin)
    end = attachments.vertices(points, triangles, entry.insertion)
    start &= ~end
    joined = [one for one in meshes.pieces(triangles, len(points)) if start[one].any() and end[one].any()]
    if not joined:
        return None
    points = meshes.smooth(points, triangles, SMOOTH)
    keep = np.sort(np.concatenate(joined))
    triangles = meshes.part(triangles, len(points), keep)
    points, start, end, rows = points[keep], start[keep], end[keep], rows[keep]
    way, share = field(points, triangles, start, end, entry)
    return rows, triangles, way, share, start, end


def field(
    points: np.ndarray, triangles: np.ndarray, start: np.ndarray, end: np.ndarray, entry: Entry
) -> tuple[np.ndarray, np.ndarray]:
    """Unit grain (n, 3) and share of the way (n,) between two sets of vertices (n,)."""
    value = np.full(len(points), np.nan)
    value[start], value[end] = _at_ends(points, start, end, entry)
    free = np.isnan(value)
    if free.any():
        stiff = _laplacian(points, triangles)
        inner = (stiff[free][:, free] + 1e-10 * sparse.eye(int(free.sum()))).tocsc()
        value[free] = spsolve(inner, -stiff[free][:, ~free] @ value[~free])
    way = gradient(points, triangles, value)
    return way, _share(points, triangles, start, end, entry.pennation in PENNATE)


def _at_ends(points: np.ndarray, start: np.ndarray, end: np.ndarray, entry: Entry) -> tuple[np.ndarray, np.ndarray]:
    """Values at origin and insertion."""
    first, last = points[start].mean(0), points[end].mean(0)
    along = last - first
    if entry.pennation == "fan":
        spread = [np.linalg.norm(points[rows] - at, axis=1).mean() for rows, at in ((start, first), (end, last))]
        inwards = spread[1] <= spread[0]
        reach = -np.linalg.norm(points - last, axis=1) if inwards else np.linalg.norm(points - first, axis=1)
        straight = points @ along / np.linalg.norm(along)
        narrow = end if inwards else start  # within it the pole would lie inside: along the axis there
        reach[narrow] = straight[narrow] - straight[narrow].mean() + reach[narrow].mean()
    else:
        if entry.axis:
            along = np.sum([weight * attachments.way(word, points) for word, weight in entry.axis.items()], axis=0)
        reach = points @ (along / np.linalg.norm(along))
    low, high = reach[start].mean(), reach[end].mean()
    if high - low < 1e-6:  # the axis says nothing here
        return np.zeros(int(start.sum())), np.ones(int(end.sum()))
    slant = SLANT.get(entry.pennation, 0.0) if entry.slant is None else entry.slant
    return low + slant * (reach[start] - low), high + slant * (reach[end] - high)


def _laplacian(points: np.ndarray, triangles: np.ndarray) -> sparse.csr_matrix:
    """The cotangent Laplacian (n, n), positive on its diagonal."""
    rows, columns, values = [], [], []
    for k in range(3):
        a, b, c = triangles[:, k], triangles[:, (k + 1) % 3], triangles[:, (k + 2) % 3]
        u, v = points[a] - points[c], points[b] - points[c]
        half = np.einsum("ij,ij->i", u, v) / np.maximum(np.linalg.norm(np.cross(u, v), axis=1), 1e-9) / 2
        rows += [a, b]
        columns += [b, a]
        values += [half, half]
    count = len(points)
    weight = sparse.coo_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), (count, count)
    )
    return sparse.diags(np.asarray(weight.sum(1)).ravel()) - weight.tocsr()


def gradient(points: np.ndarray, triangles: np.ndarray, value: np.ndarray) -> np.ndarray:
    """The unit gradient (n, 3) of a value per vertex, the mean of the triangles at each vertex by their area."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    opposite = np.stack([c - b, a - c, b - a], 1)
    slope = (value[triangles][..., None] * np.cross(normal[:, None], opposite)).sum(1)
    return _at_vertices(slope, triangles, len(points))


def _at_vertices(vectors: np.ndarray, triangles: np.ndarray, count: int) -> np.ndarray:
    total = np.zeros((count, 3))
    for k in range(3):
        for axis in range(3):
            total[:, axis] += np.bincount(triangles[:, k], vectors[:, axis], count)
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def carried(way: np.ndarray, source: np.ndarray, here: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Unit vectors (n, 3) on a surface `source` (n, 3) as its deformation to `here` (n, 3) turns them."""
    u, v = (source[triangles[:, k]] - source[triangles[:, 0]] for k in (1, 2))
    along = way[triangles].mean(1)
    uu, uv, vv = (np.einsum("ij,ij->i", a, b) for a, b in ((u, u), (u, v), (v, v)))
    wu, wv = np.einsum("ij,ij->i", along, u), np.einsum("ij,ij->i", along, v)
    size = uu * vv - uv * uv
    size = np.where(size > 1e-9, size, np.inf)
    s, t = (wu * vv - wv * uv) / size, (wv * uu - wu * uv) / size
    moved = s[:, None] * (here[triangles[:, 1]] - here[triangles[:, 0]])
    moved += t[:, None] * (here[triangles[:, 2]] - here[triangles[:, 0]])
    area = np.linalg.norm(
        np.cross(here[triangles[:, 1]] - here[triangles[:, 0]], here[triangles[:, 2]] - here[triangles[:, 0]]), axis=1
    )
    return _at_vertices(moved * area[:, None], triangles, len(here))


def _share(points: np.ndarray, triangles: np.ndarray, start: np.ndarray, end: np.ndarray, pennate: bool) -> np.ndarray:
    length = meshes.lengths(points, triangles)
    from_end = csgraph.dijkstra(length, indices=np.flatnonzero(end), min_only=True)
    begin = np.flatnonzero(start)
    if pennate:  # of a long origin only the far end counts as the beginning of the way
        far = from_end[begin]
        begin = begin[far >= far.max() - 0.15 * np.ptp(far) - 2.0]
    from_start = csgraph.dijkstra(length, indices=begin, min_only=True)
    share = from_start / np.maximum(from_start + from_end, 1e-9)
    mean = meshes.mean_of_neighbours(triangles, len(points))
    for _ in range(EVENING):
        share = 0.5 * share + 0.5 * (mean @ share)
    return share
