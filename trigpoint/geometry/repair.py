"""Mending rings whose edges cross, on request only: what is done, and how little it may change.

A crossing is a slip of the pen where its removal leaves the area as it was, and a mistake where it does not: a bow-tie
has lost half of its area to the other half's sign. The first is mended and told, the second refused. What the rings
stand for, and where they were read, is unknown here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from .. import limits
from .frame import Points
from .rings import SLIVERS, even_odd, fault, rings_of, union

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MOST = 0.01  # of the area; what changes more was not drawn as it was meant
CHUNK = 100  # edges looked at in one go


@SLIVERS
def mended(rings: Sequence[ArrayLike]) -> tuple[MultiPolygon, float]:
    """The valid even-odd shape of rings (each n x 2) that cross themselves or each other, and the change of its area.

    The change is the largest of any ring's, as a share of the area it had by its signed sum. ValueError says why rings
    are not mended: the change is too large, or there is too much to look at.

    >>> shape, change = mended([[(0, 0), (100, 0), (100, 100), (49, 101), (51, 101), (0, 100)]])
    >>> shape.is_valid, f"{100 * change:.2g} %"
    (True, '0.00039 %')
    """
    whole = [_mended(even_odd([ring])) for ring in rings]
    changes = [change for _, change in whole]
    shape = even_odd([ring for part, _ in whole for ring in rings_of(part)])
    if fault(shape):
        shape, change = _mended(shape)
        changes.append(change)
    return shape, max(changes)


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
    """ValueError where so many edges lie over each other that a repair could take minutes; it cannot be stopped."""
    edges = np.concatenate([_edges(ring) for ring in rings_of(shape)])
    tree, pairs = shapely.STRtree(edges), 0
    for start in range(0, len(edges), CHUNK):
        pairs += tree.query(edges[start : start + CHUNK]).shape[1]
        if pairs > limits.REPAIR_PAIRS:
            raise ValueError(f"not repaired: {limits.over('REPAIR_PAIRS', pairs, 'or more pairs of edges')}")


def _edges(ring: Points) -> NDArray[np.object_]:
    return np.asarray(shapely.linestrings(np.stack([ring, np.roll(ring, -1, axis=0)], 1)), object)
