"""Many shapes over each other: how much lies on every place, as polygons.

The shapes are cut along all their borders into cells (exact, no raster); a cell's value is the sum of the weights of
the shapes that it lies in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from .rings import union

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPECK = 1.0  # mm2 on the body: cells between two borders that all but agree
TOUCHING = 0.05  # mm on the body: a gap this near to a shape lies at its border


def bridged(shapes: Sequence[BaseGeometry], reach: float) -> MultiPolygon:
    """Shapes as one, with the gaps between two of them that are nowhere more than twice `reach` mm wide (closing).

    Bays and holes of one shape alone stay open.

    >>> round(bridged([shapely.box(0, 0, 9, 9), shapely.box(11, 0, 20, 9)], 2.0).area)  # 162 and the gap between
    179
    """
    whole = union(shapes)
    gaps = shapely.get_parts(shapely.difference(whole.buffer(reach, quad_segs=4).buffer(-reach, quad_segs=4), whole))
    beside = sum((shapely.dwithin(gaps, shape, TOUCHING).astype(int) for shape in shapes), np.zeros(len(gaps), int))
    narrow = gaps[(shapely.area(gaps) >= SPECK) & (beside > 1)]
    return union([whole, *narrow]) if len(narrow) else whole


def cells(shapes: Sequence[BaseGeometry], weights: Sequence[float]) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
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
    """The places whose sum reaches each edge but not the next; edges rise.

    >>> low, high = steps([shapely.box(0, 0, 4, 4), shapely.box(2, 0, 6, 4)], [1, 1], [1, 2])
    >>> low.area, high.area
    (16.0, 8.0)
    """
    parts, sums = cells(shapes, weights)
    step = np.searchsorted(np.asarray(edges, float), sums + 1e-9, side="right") - 1
    return tuple(_joined(parts[step == number]) for number in range(len(edges)))


def _joined(parts: NDArray[np.object_]) -> MultiPolygon:
    union = shapely.union_all(parts)
    return MultiPolygon([part for part in shapely.get_parts(union) if part.geom_type == "Polygon"])
