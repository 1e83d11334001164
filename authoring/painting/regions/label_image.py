"""From an image of labels to polygons that share their borders, in the view frame.

Borders are followed along pixel edges, smoothed between the points where three labels meet, and simplified together.
"""

from __future__ import annotations

import numpy as np
import shapely
from scipy import ndimage
from scipy.spatial import cKDTree

from authoring.body.view import PIXELS_PER_MM, polygons

SPECK = 50.0  # mm²; smaller patches go to their neighbours
REACH = 6.0  # mm from which a region takes over a speck
SMOOTHING = 2.2  # mm along the border
TOLERANCE = 0.9  # mm


def without_specks(labels: np.ndarray, speck: float = SPECK) -> np.ndarray:
    """Labels (h, w), -1 where there is none, every patch smaller than `speck` given to the region beside it, if any."""
    small, reach = _specks(labels, speck), REACH * PIXELS_PER_MM
    near = ndimage.maximum_filter(small, 2 * round(reach) + 1) & (labels >= 0) & ~small
    given = np.full(small.sum(), -1)
    if near.any() and small.any():
        away, nearest = cKDTree(np.argwhere(near)).query(np.argwhere(small))
        given[away < reach] = labels[near][nearest[away < reach]]
    out = labels.copy()
    out[small] = given
    return out


def _specks(labels: np.ndarray, speck: float) -> np.ndarray:
    """True (h, w) on patches smaller than `speck` mm2."""
    small = np.zeros(labels.shape, bool)
    for label, box in enumerate(ndimage.find_objects(labels + 1)):
        if box is not None:
            patches, _ = ndimage.label(labels[box] == label)
            tiny = np.bincount(patches.ravel()) < speck * PIXELS_PER_MM**2
            tiny[0] = False
            small[box] |= tiny[patches]
    return small


def _edges(labels: np.ndarray) -> np.ndarray:
    """Pixel edges (n, 2, 2) between different labels, as (column, row) of lattice corners."""
    rows, columns = np.nonzero(labels[:, 1:] != labels[:, :-1])
    upright = np.stack([columns + 1, rows, columns + 1, rows + 1], 1)
    rows, columns = np.nonzero(labels[1:] != labels[:-1])
    level = np.stack([columns, rows + 1, columns + 1, rows + 1], 1)
    return np.concatenate([upright, level]).reshape(-1, 2, 2).astype(float)


def _smoothed(arc: np.ndarray, sigma: float) -> np.ndarray:
    """An arc (n, 2) smoothed along itself: its ends stay, a ring goes round."""
    if len(arc) < 5:
        return arc
    if (arc[0] == arc[-1]).all():
        ring = ndimage.gaussian_filter1d(arc[:-1], sigma, axis=0, mode="wrap")
        return np.concatenate([ring, ring[:1]])
    chord = np.linspace(arc[0], arc[-1], len(arc))
    away = arc - chord
    odd = np.concatenate([-away[:0:-1], away, -away[-2::-1]])
    inner = ndimage.gaussian_filter1d(odd, sigma, axis=0)[len(arc) : 2 * len(arc) - 2]
    return np.concatenate([arc[:1], chord[1:-1] + inner, arc[-1:]])


def arcs(labels: np.ndarray, origin: tuple[float, float]) -> list[np.ndarray]:
    """Smooth borders (n, 2) of the view frame, each from one meeting point to the next; x = 0 stays on the midline."""
    padded = np.pad(labels, 1, constant_values=-1)
    merged = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(_edges(padded))))
    out = []
    for line in shapely.get_parts(merged):
        arc = (shapely.get_coordinates(line) - 1) / PIXELS_PER_MM + origin
        smooth = _smoothed(arc, SMOOTHING * PIXELS_PER_MM)
        smooth[arc[:, 0] == 0, 0] = 0.0
        out.append(smooth)
    return out


def trace(
    labels: np.ndarray, origin: tuple[float, float], tolerance: float = TOLERANCE
) -> dict[int, shapely.MultiPolygon]:
    """The polygons of each label, rounded to one decimal; neighbours share vertices."""
    labels = without_specks(labels)
    lines = shapely.union_all([shapely.LineString(arc) for arc in arcs(labels, origin)])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    column, row = np.floor((inner - origin) * PIXELS_PER_MM).astype(int).T
    rows, columns = row.clip(0, labels.shape[0] - 1), column.clip(0, labels.shape[1] - 1)
    of_face = labels[rows, columns]
    faces, of_face = faces[of_face >= 0], of_face[of_face >= 0]
    plain = shapely.coverage_simplify(faces, tolerance)
    rounded = shapely.set_precision(plain, 0.1, mode="pointwise")
    return {int(label): polygons(shapely.union_all(rounded[of_face == label])) for label in np.unique(of_face)}
