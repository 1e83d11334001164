"""Repair of rings whose edges cross, on request only.

A crossing is repaired where this changes the area by at most 1 %. More is a mistake in the drawing and a ValueError:
in a bow-tie, one half cancels the other's area by its sign. `atlas` finds the rings and reports what was repaired.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from .. import limits
from .frame import Points, Ring, Shapes
from .rings import SLIVERS, even_odd, fault, rings_of, union

MOST = 0.01  # share of the area that a repair may change
CHUNK = 100  # edges compared with all others in one query


@SLIVERS
def mended(rings: Sequence[Ring]) -> tuple[MultiPolygon, float]:
    """The valid even-odd shape of rings (each n x 2) that cross themselves or each other, and the change of its area.

    The change is the largest of any ring's, as a share of its signed area before. ValueError if the change is too large
    or too many pairs of edges overlap.

    >>> shape, change = mended([[(0, 0), (100, 0), (100, 100), (49, 101), (51, 101), (0, 100)]])
    >>> shape.is_valid, f"{100 * change:.2g} %"
    (True, '0.00039 %')
    """
    whole = [_mended(even_odd([ring])) for ring in rings]
    shape, last = _mended(even_odd([ring for part, _ in whole for ring in rings_of(part)]))
    return shape, max([last, *(change for _, change in whole)])


def _mended(shape: MultiPolygon) -> tuple[MultiPolygon, float]:
    if not fault(shape):
        return shape, 0.0
    _refuse_tangles(shape)
    before = abs(shape.area)
    after = union([shapely.make_valid(shape, method="structure", keep_collapsed=False)])
    change = abs(after.area - before) / before if before else 1.0
    if change > MOST:
        raise ValueError(f"a repair would change the area by {100 * change:.3g} %, more than {100 * MOST:g} %")
    return after, change


def _refuse_tangles(shape: BaseGeometry) -> None:
    """ValueError for so many overlapping edges that a repair could take minutes, as GEOS cannot be interrupted."""
    edges = np.concatenate([_edges(ring) for ring in rings_of(shape)])
    tree, pairs = shapely.STRtree(edges), 0
    for start in range(0, len(edges), CHUNK):
        pairs += tree.query(edges[start : start + CHUNK]).shape[1]
        if pairs > limits.REPAIR_PAIRS:
            raise ValueError(f"not repaired: {limits.over('REPAIR_PAIRS', pairs, 'or more pairs of edges')}")


def _edges(ring: Points) -> Shapes:
    return np.asarray(shapely.linestrings(np.stack([ring, np.roll(ring, -1, axis=0)], 1)), object)
