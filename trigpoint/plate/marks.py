"""Marks on the body: the X of every trigger point, and the dots of things that only a number names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from ..geometry.frame import Point, Points
from ..scene import Item, Path
from ..style import Style
from .labels.label import Label, end
from .layout import Panel

LEAST_ARM = 0.6  # of an X's ordinary size


def crosses(panel: Panel, style: Style) -> list[Item]:
    """The X of every point in the panel's view, all halos below all X's."""
    spots = [panel.frame.point(*mark.place) for mark in panel.seen.marks]
    strokes = [cross(spot, _arm(spots, style)) for spot in spots]
    looks = ((style.mark_halo, style.mark_width + 2 * style.mark_halo_width), (style.mark, style.mark_width))
    return [Path(lines, closed=False, stroke=colour, width=wide) for colour, wide in looks for lines in strokes]


def cross(spot: Point, arm: float) -> tuple[Points, ...]:
    """The two strokes of an X."""
    return tuple(np.array(spot) + np.array([(-arm, turn * arm), (arm, -turn * arm)]) for turn in (1, -1))


def _arm(spots: Sequence[Point], style: Style) -> float:
    """Half the size of a panel's X's: smaller where two would overlap, but never illegible."""
    apart = min((max(abs(a[0] - b[0]), abs(a[1] - b[1])) for a, b in combinations(spots, 2)), default=np.inf)
    whole = style.mark_size / 2
    return float(min(whole, max(LEAST_ARM * whole, (apart - style.mark_width) / 2)))


def dots(marked: Sequence[tuple[Label, Point]], style: Style) -> list[Item]:
    """The dots of things that only a number names."""
    return [item for label, spot in marked for item in end(spot, label.kind, style)]
