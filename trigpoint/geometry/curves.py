"""Soft rings: corners that bend little are drawn as curves, sharp ones stay.

The curve of a soft ring is the quadratic B-spline of its corners: it runs from the middle of an edge to the middle of
the next, with the corner between them as control point, and takes no more numbers than the edges do. From a sharp
corner it runs straight to the next middle, or bends towards the next soft corner.
"""

from __future__ import annotations

import numpy as np

from .frame import Flags, Points

SHARP, TURN = 0.6, 65.0  # mm that a curve would miss a corner by, degrees: more of either, and the corner stays


def sharp(ring: Points) -> Flags:
    """Which corners of a closed ring (n x 2) are sharp.

    >>> sharp(np.array([(0, 0), (8, 0), (8, 8), (4, 8.5), (0, 8)])).tolist()
    [True, True, True, False, True]
    """
    into, out = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
    cross, along = into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0], (into * out).sum(axis=1)
    missed = np.hypot(*(out - into).T) / 8
    stays: Flags = (missed > SHARP) | (np.abs(np.degrees(np.arctan2(cross, along))) > TURN)
    return stays
