"""The zones under leaders: those of one view as a grid of small cells, made once per view.

The cover of a leader is its length over the essential zone, and a share of that over spillover, sampled evenly.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ...geometry.frame import Box, Frame, Points
from ..content import CACHED, Seen, joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

CELL = 1.5  # mm on the body: a third of a millimetre on paper
SPILLOVER_SHARE = 0.15  # a leader over stipple is read more easily than one over a solid zone
SAMPLES = 16  # samples along a piece of a leader that might be chosen
FINE = 96  # samples along a piece of a chosen one
AT_ONCE = 512  # pieces sampled at a time: memory that is used again is fast


class Ground(NamedTuple):
    """Cells from `left`, `top` on, the outermost empty: 1 in the essential zone; `burden` adds a share of spillover."""

    left: float
    top: float
    essential: NDArray[np.float32]
    burden: NDArray[np.float32]

    def covered(self, pieces: Points, frame: Frame) -> Points:
        """The mm of each piece (n, 4) of the page over the essential zone."""
        return self._under(self.essential, pieces, frame, FINE)

    def cover(self, pieces: Points, frame: Frame) -> Points:
        """How much each piece covers: mm of essential, and a share of those of spillover."""
        return self._under(self.burden, pieces, frame, SAMPLES)

    def _under(self, cells: NDArray[np.float32], pieces: Points, frame: Frame, samples: int) -> Points:
        """The mean of the cells under each piece, times its length; pieces beside the grid have 0."""
        moved = np.array([frame.dx + frame.scale * self.left, frame.dy + frame.scale * self.top] * 2)
        ends = ((pieces - moved) / (frame.scale * CELL)).astype(np.float32)
        rows, columns = cells.shape
        (x, y, u, v), found = ends.T, np.zeros(len(pieces))
        inside = (np.maximum(x, u) > 0) & (np.minimum(x, u) < columns)
        which = np.flatnonzero(inside & (np.maximum(y, v) > 0) & (np.minimum(y, v) < rows))
        for start in range(0, len(which), AT_ONCE):
            some = which[start : start + AT_ONCE]
            found[some] = _mean(cells, ends[some], samples)
        return found * np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1])


def _mean(cells: NDArray[np.float32], ends: NDArray[np.float32], samples: int) -> Points:
    """The mean of the cells under pieces, whose ends are measured in cells."""
    x, y, u, v = ends.T
    rows, columns = cells.shape
    shares = ((np.arange(samples, dtype=np.float32) + np.float32(0.5)) / np.float32(samples))[:, None]
    across = (x + shares * (u - x)).astype(np.intp)
    down = (y + shares * (v - y)).astype(np.intp)
    for places, last in ((across, columns - 1), (down, rows - 1)):  # faster than np.clip
        np.maximum(places, 0, out=places)
        np.minimum(places, last, out=places)
    down *= columns
    down += across
    return np.asarray(cells.ravel()[down].sum(axis=0, dtype=np.float64) / samples)


@lru_cache(CACHED)
def ground(seen: Seen) -> Ground:
    """The zones of a view as cells."""
    zones = seen.essential, seen.spillover
    left, top, right, bottom = joined(zone.bounds for zone in zones if not zone.is_empty) or (0.0, 0.0, 1.0, 1.0)
    box = (left - CELL, top - CELL, right + CELL, bottom + CELL)
    essential, spillover = (cells(zone, box, CELL).astype(np.float32) for zone in zones)
    return Ground(box[0], box[1], essential, essential + np.float32(SPILLOVER_SHARE) * spillover)


def cells(shape: BaseGeometry, box: Box, cell: float) -> NDArray[np.float64]:
    """A shape as cells of a box, row by row: 1 where the middle of a cell lies inside (even-odd), else 0.

    >>> cells(shapely.box(1, 1, 3, 2), (0, 0, 4, 3), 1.0).astype(int).tolist()
    [[0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]]
    """
    left, top, right, bottom = box
    rows, columns = (max(1, int(np.ceil(size / cell - 1e-9))) for size in (bottom - top, right - left))
    flips = np.zeros((rows, columns + 1), np.int64)
    points, owner = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shape)), return_index=True)
    edges = np.flatnonzero(owner[:-1] == owner[1:])
    (x0, y0), (x1, y1) = points[:-1][edges].T, points[1:][edges].T
    middle = top + (np.arange(rows) + 0.5) * cell
    edge, row = np.nonzero((y0[:, None] <= middle) != (y1[:, None] <= middle))
    x = x0[edge] + (middle[row] - y0[edge]) * (x1[edge] - x0[edge]) / (y1[edge] - y0[edge])
    column = np.clip(np.ceil((x - left) / cell - 0.5), 0, columns).astype(np.intp)
    np.add.at(flips, (row, column), 1)
    return np.asarray(np.cumsum(flips, axis=1)[:, :columns] % 2, np.float64)
