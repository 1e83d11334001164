"""Marks on the body: the X of every trigger point, and what stands where a thing is marked by a number alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from ..geometry.frame import Point
from ..scene import Item, Path
from ..style import Style
from .labels.label import Label, end
from .layout import Panel

LEAST_ARM = 0.6  # of an X's ordinary size


def crosses(panel: Panel, style: Style) -> list[Item]:
    """The X of every point that the panel sees, all halos below all X's."""
    spots = [panel.frame.point(*mark.place) for mark in panel.seen.marks]
    arm = _arm(spots, style)
    strokes = [
        tuple(np.array([(x - arm, y + turn * arm), (x + arm, y - turn * arm)]) for turn in (1, -1)) for x, y in spots
    ]
    halo = style.mark_width + 2 * style.mark_halo_width
    return [
        *(Path(lines, closed=False, stroke=style.mark_halo, width=halo) for lines in strokes),
        *(Path(lines, closed=False, stroke=style.mark, width=style.mark_width) for lines in strokes),
    ]


def _arm(spots: Sequence[Point], style: Style) -> float:
    """Half the size of a panel's X's: smaller where two would lie on each other, but never too small to be read."""
    apart = min((max(abs(a[0] - b[0]), abs(a[1] - b[1])) for a, b in combinations(spots, 2)), default=np.inf)
    whole = style.mark_size / 2
    return float(min(whole, max(LEAST_ARM * whole, (apart - style.mark_width) / 2)))


def dots(marked: Sequence[tuple[Label, Point]], style: Style) -> list[Item]:
    """What stands on the body where a thing is marked by a number alone."""
    return [item for label, spot in marked for item in end(spot, label.kind, style)]
