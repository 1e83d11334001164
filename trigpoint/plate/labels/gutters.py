"""The labels beside one panel: which names its gutters hold, and the fault of the worst leader (1: just clear).

Names that no clear leader reaches are left out one after the other, if they may be. Results are cached by value;
leaders are priced once, however many names are left out. Lengths are mm on paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from math import hypot
from typing import NamedTuple

import numpy as np
import shapely

from ...geometry.frame import Box, Frame, Point
from ...geometry.lines import distance, tangles
from ...style import Style
from ..content import CACHED, UPRIGHT, Seen
from ..layout import Gutter
from .boundary import Search
from .leader_cost import Callout, PlacedCallout, Prices, beyond
from .zone_cover import ground

CLEARANCE = 1.4  # sizes of an X that a leader keeps from that of another point
NEAR = 0.95  # sizes of an X: nearer to the middle of another X, a leader or a dot touches it
STACK_GAP = 0.38  # sizes of a label's text between two labels
WRONG = 1000.0  # the fault of a leader that crosses another or touches the X of another point
MOST_COVERED = 6.0  # mm of a solid zone under a leader, beyond what lies around its anchor
NEEDED_SHARE = 0.8  # of what every way to the anchor covers, allowed in addition
LETTERED = ("region.", "landmark.", "bone.")  # keys of things without a number of their own
CROWD = 16.0  # with so many of these a leader may cover twice as much, as so many letters would be worse
APART, APART_SHARE = 1.2, 0.5  # mm of a leader from another mark, or a share of its own anchor's distance from it
LEFT = 1.5  # the fault of each name that becomes a letter
MOST_AWAY = 15.0  # mm of a leader on the half of the body that its anchor does not lie on
WAYS = 9  # heights of a gutter from which a way is tried
SEARCHES = 8  # panels whose priced leaders are kept: of 40 names each some megabytes


class Beside(NamedTuple):
    """The callouts wanted in the gutters of a panel, and the boxes that no leader may enter."""

    seen: Seen
    frame: Frame
    gutters: tuple[Gutter, ...]
    callouts: tuple[Callout, ...]
    blocked: tuple[Box, ...]
    style: Style

    @property
    def marks(self) -> tuple[Point, ...]:
        """The middle of every X of the panel on the page."""
        return tuple(self.frame.point(*mark.place) for mark in self.seen.marks)

    @property
    def middle(self) -> float | None:
        """The x of the body's midline on the page; a side view has none."""
        return self.frame.dx if self.seen.view in UPRIGHT else None

    @property
    def crowd(self) -> float:
        """The factor by which a leader may cover more where it is one of many."""
        return 1 + sum(map(_lettered, self.callouts)) / CROWD


class _Attempt(NamedTuple):
    """Callouts placed, the fault of the worst, and those to leave out so that the others become clear."""

    placed: tuple[PlacedCallout, ...]
    fault: float
    wrong: tuple[Callout, ...]


def placed(beside: Beside, *, most: float, roomy: bool) -> tuple[tuple[PlacedCallout, ...], float] | None:
    """The callouts of one panel and the fault of the worst; None where more than `most` names would be left out.

    Names that no clear leader reaches are left out; those for which there is no room only if not `roomy`.
    """
    kept, left = list(beside.callouts), 0
    while left <= most:
        if _search(beside).roomy(kept):
            attempt = _attempt(beside, tuple(kept))
            if not attempt.wrong:
                return attempt.placed, max(attempt.fault, LEFT * left)
            worst = attempt.wrong
        else:
            worst = tuple(one for one in kept if _lettered(one))[-1:] if not roomy else ()
            if not worst:
                return None
        left += len(worst)
        kept = [one for one in kept if one not in worst]
    return None


@lru_cache(SEARCHES)
def _search(beside: Beside) -> Search:
    """The search among the leaders that the callouts may have."""
    below, style = ground(beside.seen), beside.style
    prices = Prices(
        beside.callouts,
        beside.gutters,
        clearance=CLEARANCE * style.mark_size,
        avoid=beside.marks,
        blocked=beside.blocked,
        cover=lambda pieces: below.cover(pieces, beside.frame),
        middle=beside.middle,
    )
    return Search(prices, gap=STACK_GAP * style.size_label)


@lru_cache(8 * CACHED)
def _attempt(beside: Beside, kept: tuple[Callout, ...]) -> _Attempt:
    """The kept callouts where they cost least, and which of them to leave out."""
    placed = _search(beside).place(kept)
    spots = [*beside.marks, *(one.anchor for one in beside.callouts)]
    faults = {item: _fault(beside, item) if _clear(item, spots) else WRONG for item in placed}
    for one, other, how in tangles([item.leader for item in placed]):
        if how == 1.0:
            faults[placed[one]] = faults[placed[other]] = WRONG
    wrong = tuple(item.callout for item in placed if faults[item] >= WRONG and _lettered(item.callout))
    worst = wrong[::-1][: max(1, len(wrong) // 2)]
    return _Attempt(placed, max(faults.values(), default=0.0), worst)


def _lettered(callout: Callout) -> bool:
    """Whether a callout may be replaced by a letter on the body."""
    return callout.key.startswith(LETTERED)


def _clear(item: PlacedCallout, spots: Iterable[Point]) -> bool:
    """Whether a leader stays clear of other anchors and marks, in proportion to their distance from its own."""
    anchor = item.callout.anchor
    return not any(
        distance(spot, item.leader) < min(APART, APART_SHARE * hypot(spot[0] - anchor[0], spot[1] - anchor[1]))
        for spot in spots
        if spot != anchor
    )


def _fault(beside: Beside, item: PlacedCallout) -> float:
    """The fault of a leader: over 1 it is drawn only where there is no choice, from WRONG on never."""
    seen, frame, anchor = beside.seen, beside.frame, item.callout.anchor
    pieces = np.array([(*a, *b) for a, b in pairwise(item.leader)])
    solid = float(ground(seen).covered(pieces, frame).sum())
    if solid:
        allowed = MOST_COVERED + 2 * _depth(seen, frame, anchor) + NEEDED_SHARE * _needed(beside, anchor)
        solid /= beside.crowd * allowed
    foreign = (distance(spot, item.leader) for spot in beside.marks if spot != anchor)
    near = any(gap < NEAR * beside.style.mark_size for gap in foreign)
    away = float(beyond(pieces, anchor, beside.middle).sum()) if beside.middle is not None else 0.0
    return max(solid, away / MOST_AWAY, WRONG if near else 0.0)


def _needed(beside: Beside, spot: Point) -> float:
    """The least mm of essential zone under a straight way from a gutter to a spot."""
    heights = ((one.x, y) for one in beside.gutters for y in np.linspace(one.top, one.bottom, WAYS))
    ways = np.array([(*start, *spot) for start in heights])
    return float(ground(beside.seen).covered(ways, beside.frame).min())


def _depth(seen: Seen, frame: Frame, spot: Point) -> float:
    """The depth of a spot in the essential zone, in mm on the page; 0 outside."""
    zone = seen.essential
    inside = shapely.Point((spot[0] - frame.dx) / frame.scale, (spot[1] - frame.dy) / frame.scale)
    return float(frame.scale * inside.distance(zone.boundary)) if zone.contains(inside) else 0.0
