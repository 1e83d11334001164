"""The cost of leaders: length, bends, what they cover, and how near they pass to anchors and marks of others.

A leader is straight or has one elbow. All leaders of a label from all heights of a gutter are priced at once, before
`stacking` tries where to place it. Lengths are mm on paper.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np

from ...geometry.frame import Box, Indices, Point, Points
from ...geometry.lines import Line, distances, enters
from ..layout import Gutter

Cover: TypeAlias = Callable[[Points], Points]  # pieces (n, 4: x, y, x, y) -> mm of each over what should stay uncovered

STEP = 1.5  # mm between two heights at which a leader may leave its gutter
LEVEL_FIRST = (0.3, 0.55, 0.8)  # shares of the way at which a leader that begins level bends
LEVEL_LAST = (0.2, 0.45, 0.7)  # the same of one that ends level
ROUND = 0.6  # the same of one that goes round an obstacle
ASIDE = (-0.2, -0.1, 0.1, 0.2)  # shares of the way by which a leader may go round an obstacle
BEND = 2.5  # the cost of a bend, in mm of length
ASKEW = 12.0  # added where neither piece is level
ZIGZAG = 25.0  # added where a leader goes down and up again, or up and down
LEVEL = 0.01  # times the height of a label above or below its anchor, so that of two equals the level one wins
STEEPEST = 1.2  # a piece that rises more than this for each mm across costs extra
COVER_WEIGHT = 5.0
AWAY_WEIGHT = 2.0  # for each mm beyond the middle, on the other half than the anchor
CENTRAL = 2.0  # mm: an anchor this near to the middle belongs to both halves
FAULT_WEIGHT = 1e4
SHARED = 1 + len(LEVEL_FIRST)  # from this way on, the last piece of a leader is the same for every port


class Callout(NamedTuple):
    """A label to be placed: the size of its box and its anchor; the leader ends `reach` mm before the anchor."""

    key: str
    anchor: Point
    width: float
    height: float
    reach: float = 0.0


class PlacedCallout(NamedTuple):
    """A callout with the middle height of its label and its leader, from the gutter to the anchor."""

    callout: Callout
    gutter: Gutter
    y: float
    leader: Line


def bare(pieces: Points) -> Points:
    """The cover of a page on which nothing should stay uncovered."""
    return np.zeros(len(pieces))


def beyond(pieces: Points, anchor: Point, middle: float) -> Points:
    """The mm of each piece beyond the x of `middle`, seen from the anchor; none for an anchor in the middle.

    >>> beyond(np.array([[-10.0, 0.0, 5.0, 0.0], [1.0, 0.0, 5.0, 0.0]]), (5.0, 0.0), 0.0).tolist()
    [10.0, 0.0]
    """
    return _beyond(pieces, np.array(_half(anchor, middle)), middle)


def _half(anchor: Point, middle: float) -> float:
    """The half in which an anchor lies: -1 or 1, and 0 for both."""
    return 0.0 if abs(anchor[0] - middle) < CENTRAL else 1.0 if anchor[0] > middle else -1.0


def _beyond(pieces: Points, halves: Points, middle: float) -> Points:
    """The mm of each piece (..., 4) that lie in the half other than its own."""
    start, end = halves * (pieces[..., 0] - middle), halves * (pieces[..., 2] - middle)
    span = np.maximum(np.abs(start - end), 1e-9)
    share = np.clip(-np.minimum(start, end), 0.0, span) / span
    return np.asarray(share * np.hypot(span, pieces[..., 3] - pieces[..., 1]))


class Choice(NamedTuple):
    """Every leader that one callout may have from one gutter: `bends`, `ends` and `costs` by port and way.

    `least` is the least cost at each port; infinite where the label would leave the gutter.
    """

    callout: Callout
    gutter: Gutter
    ports: Points
    bends: Points
    ends: Points
    costs: Points
    least: Points

    def placed(self, port: int) -> PlacedCallout:
        """The callout at a port, with its cheapest leader from there."""
        return self.at(port, int(self.costs[port].argmin()))

    def at(self, port: int, way: int) -> PlacedCallout:
        """The callout at a port, with one of its leaders."""
        start = self.gutter.x, float(self.ports[port])
        bend, end = (tuple(each[port, way].tolist()) for each in (self.bends, self.ends))
        return PlacedCallout(self.callout, self.gutter, start[1], (start, end) if bend == start else (start, bend, end))

    def pieces(self, ports: Indices, ways: Indices) -> Points:
        """Both pieces of some leaders: (leaders, 2, 4)."""
        found = np.empty((len(ports), 2, 4))
        found[:, 0, 0], found[:, 0, 1] = self.gutter.x, self.ports[ports]
        found[:, 0, 2:] = found[:, 1, :2] = self.bends[ports, ways]
        found[:, 1, 2:] = self.ends[ports, ways]
        return found


@dataclass(frozen=True, eq=False)
class Prices:
    """Callouts with the costs of every leader that they may have from some gutters.

    Costs rise for a leader nearer than `clearance` mm to another's anchor or a point of `avoid`, inside a box of
    `blocked`, over what should stay uncovered (`cover`, mm of each piece) and beyond the x of `middle`.
    """

    callouts: tuple[Callout, ...]
    gutters: tuple[Gutter, ...]
    clearance: float = 1.0
    avoid: tuple[Point, ...] = ()
    blocked: tuple[Box, ...] = ()
    cover: Cover = bare
    middle: float | None = None

    @cached_property
    def anchors(self) -> tuple[Point, ...]:
        """All points that a leader avoids, except its own anchor."""
        return tuple(dict.fromkeys((*sorted(callout.anchor for callout in self.callouts), *self.avoid)))

    @cached_property
    def choices(self) -> dict[tuple[str, str], Choice]:
        """The priced leaders of every callout from every gutter."""
        return {(choice.callout.key, gutter.side): choice for gutter in self.gutters for choice in self.priced(gutter)}

    def choice(self, callout: Callout, gutter: Gutter) -> Choice:
        """The priced leaders of a callout from a gutter."""
        return self.choices[callout.key, gutter.side]

    def priced(self, gutter: Gutter) -> list[Choice]:
        """Every leader of every callout from a gutter, with its cost."""
        ports = self.ports(gutter)
        bends, ends = _ways(self.callouts, gutter, ports)
        count, heights, ways = bends.shape[:3]
        starts = np.empty_like(bends)
        starts[..., 0], starts[..., 1] = gutter.x, ports[:, None]
        first, last = np.concatenate([starts, bends], axis=-1), np.concatenate([bends, ends], axis=-1)
        parts = [first, last[:, :, :SHARED], last[:, :1, SHARED:]]  # the other last pieces are those of every port
        flat = np.concatenate([part.reshape(count, -1, 4) for part in parts], axis=1)
        costs = self.cost(flat, self.callouts)
        before, after, shared = np.split(costs, (heights * ways, heights * (ways + SHARED)), axis=1)
        total = before.reshape(count, heights, ways)
        total[..., :SHARED] += after.reshape(count, heights, SHARED)
        total[..., SHARED:] += shared[:, None]
        total[..., 1:] += BEND
        for number, callout in enumerate(self.callouts):  # no bend nearer than the end
            near = distances(callout.anchor, first[number].reshape(-1, 4)) < callout.reach - 1e-6
            total[number, :, 1:] += FAULT_WEIGHT * near.reshape(heights, ways)[:, 1:]
        total[..., -len(ASIDE) :] += ASKEW
        rise = (bends[..., 1] - starts[..., 1]) * (ends[..., 1] - bends[..., 1])
        total += ZIGZAG * (rise < -1e-9)
        total += LEVEL * np.abs(ports - np.array([callout.anchor[1] for callout in self.callouts])[:, None])[..., None]
        total = np.round(total, 6)
        half = np.array([callout.height / 2 - 1e-9 for callout in self.callouts])[:, None]
        inside = (ports - half >= gutter.top) & (ports + half <= gutter.bottom)
        least = np.where(inside, total.min(axis=-1), np.inf)
        every = zip(self.callouts, bends, ends, total, least, strict=True)
        return [Choice(callout, gutter, ports, *each) for callout, *each in every]

    def ports(self, gutter: Gutter) -> Points:
        """The heights at which leaders may leave a gutter: evenly spaced, and level with each anchor."""
        even = np.arange(gutter.top, gutter.bottom, STEP)
        level = [y for _, y in self.anchors if gutter.top <= y <= gutter.bottom]
        every = np.round(np.concatenate([even, level, [gutter.bottom]]), 4)
        return np.array(sorted(set(every.tolist())))  # np.unique would load numpy.ma

    def cost(self, pieces: Points, callouts: Sequence[Callout]) -> Points:
        """The cost of each piece (callouts, n, 4) of leaders by its length, its rise and what it passes."""
        across, down = np.abs(pieces[..., 2] - pieces[..., 0]), np.abs(pieces[..., 3] - pieces[..., 1])
        costs = np.hypot(across, down) + np.maximum(0.0, down - STEEPEST * across)
        costs += COVER_WEIGHT * self.cover(pieces.reshape(-1, 4)).reshape(costs.shape)
        if self.middle is not None:
            halves = np.array([_half(callout.anchor, self.middle) for callout in callouts])
            costs += AWAY_WEIGHT * _beyond(pieces, halves[:, None], self.middle)
        return costs + FAULT_WEIGHT * self.faults(pieces, callouts)

    def faults(self, pieces: Points, callouts: Sequence[Callout]) -> Points:
        """The faults of each piece: the missing share of the clearance of each point, and 1 for each blocked box."""
        found = np.zeros(pieces.shape[:2])
        flat, clearance = pieces.reshape(-1, 4), self.clearance
        x, y, u, v = flat.T
        left, right = np.minimum(x, u) - clearance, np.maximum(x, u) + clearance
        high, low = np.minimum(y, v) - clearance, np.maximum(y, v) + clearance
        for other in self.anchors:
            near = ((left < other[0]) & (other[0] < right) & (high < other[1]) & (other[1] < low)).reshape(found.shape)
            near[[callout.anchor == other for callout in callouts]] = False
            found[near] += np.maximum(0.0, 1 - distances(other, pieces[near]) / clearance)
        for box in self.blocked:
            near = ((left < box[2]) & (box[0] < right) & (high < box[3]) & (box[1] < low)).reshape(found.shape)
            found[near] += enters(pieces[near], box)
        return found

    def outlook(self, callouts: Sequence[Callout], gutter: Gutter) -> float:
        """The least cost of labels in a gutter, each placed without the others."""
        return sum(float(self.choice(callout, gutter).least.min()) for callout in callouts)


def _ways(callouts: Sequence[Callout], gutter: Gutter, ports: Points) -> tuple[Points, Points]:
    """Bends and ends (callouts, ports, ways, 2): straight, level first (to `SHARED`), level last, round something."""
    x, y = np.array([callout.anchor for callout in callouts]).T[..., None]
    run = x - gutter.x
    shares = np.array((*LEVEL_FIRST, *LEVEL_LAST, *(ROUND for _ in ASIDE)))
    bends = np.empty((len(callouts), len(ports), 1 + len(shares), 2))
    bends[:, :, 0, 0] = gutter.x
    bends[:, :, 1:, 0] = (gutter.x + shares * run)[:, None]
    bends[..., 1] = ports[:, None]
    bends[:, :, SHARED:, 1] = y[..., None]
    bends[:, :, -len(ASIDE) :, 1] += (np.array(ASIDE) * np.abs(run))[:, None]
    bends = np.round(bends, 4)
    bends[:, :, 0, 0] = gutter.x  # unrounded: a straight leader bends where it starts
    way = np.stack([x, y], axis=-1)[:, None] - bends
    long = np.maximum(np.hypot(way[..., 0], way[..., 1]), 1e-9)
    reach = np.array([callout.reach for callout in callouts])[:, None, None]
    share = np.maximum(0.0, 1 - reach / long)
    return bends, bends + way * share[..., None]
