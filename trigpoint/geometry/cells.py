"""Overlapping shapes as polygons of equal sums of weights.

The shapes are cut along all their borders into cells (exact, no raster); the value of a cell is the sum of the weights
of the shapes that contain it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from .frame import Shapes, Values
from .rings import union

SPECK = 1.0  # mm2 on the body: smaller cells lie between two borders that all but agree
TOUCHING = 0.05  # mm on the body: a gap this near to a shape touches it


def bridged(shapes: Sequence[BaseGeometry], reach: float) -> MultiPolygon:
    """The union of the shapes and of the gaps between two of them that are at most twice `reach` mm wide (closing).

    Bays and holes of a single shape stay open.

    >>> round(bridged([shapely.box(0, 0, 9, 9), shapely.box(11, 0, 20, 9)], 2.0).area)  # 162 and the gap between
    179
    """
    whole = union(shapes)
    gaps = shapely.get_parts(shapely.difference(whole.buffer(reach, quad_segs=4).buffer(-reach, quad_segs=4), whole))
    beside = sum((shapely.dwithin(gaps, shape, TOUCHING).astype(int) for shape in shapes), np.zeros(len(gaps), int))
    narrow = gaps[(shapely.area(gaps) >= SPECK) & (beside > 1)]
    return union([whole, *narrow]) if len(narrow) else whole


def cells(shapes: Sequence[BaseGeometry], weights: Sequence[float]) -> tuple[Shapes, Values]:
    """The cells (n,) that the shapes' borders cut each other into, and the sum of weights (n,) on each.

    >>> found, sums = cells([shapely.box(0, 0, 4, 4), shapely.box(2, 0, 6, 4)], [1, 1])
    >>> sorted(zip(shapely.area(found).tolist(), sums.tolist()))
    [(8.0, 1.0), (8.0, 1.0), (8.0, 2.0)]
    """
    filled = [(shape, weight) for shape, weight in zip(shapes, weights, strict=True) if not shape.is_empty]
    if not filled:
        return np.array([], object), np.array([])
    borders = shapely.union_all([shape.boundary for shape, _ in filled])
    parts = shapely.get_parts(shapely.polygonize(shapely.get_parts(borders)))
    parts = parts[shapely.area(parts) >= SPECK]
    spots = shapely.point_on_surface(parts)
    sums = np.zeros(len(parts))
    for shape, weight in filled:
        shapely.prepare(shape)
        sums += weight * shapely.contains(shape, spots)
    return parts[sums > 0], sums[sums > 0]


def steps(shapes: Sequence[BaseGeometry], weights: Sequence[float], edges: Sequence[float]) -> tuple[MultiPolygon, ...]:
    """For each of the rising `edges`, the area whose sum of weights reaches it but not the next.

    >>> low, high = steps([shapely.box(0, 0, 4, 4), shapely.box(2, 0, 6, 4)], [1, 1], [1, 2])
    >>> low.area, high.area
    (16.0, 8.0)
    """
    parts, sums = cells(shapes, weights)
    step = np.searchsorted(np.asarray(edges, float), sums + 1e-9, side="right") - 1
    return tuple(_joined(parts[step == number]) for number in range(len(edges)))


def _joined(parts: Shapes) -> MultiPolygon:
    return MultiPolygon([part for part in shapely.get_parts(shapely.union_all(parts)) if part.geom_type == "Polygon"])
