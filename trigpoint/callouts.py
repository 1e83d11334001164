"""Boundary labelling: labels in a left and a right gutter, each joined to its anchor by a thin leader.

A leader is straight or has one elbow. For every label, all leaders from all heights of a gutter are priced at once:
what they cover, how near they pass to what is not theirs, how long they are. In a gutter, the cheapest heights of a
stack of labels are found exactly (dynamic programming), and labels are swapped or bent until no two leaders cross.
Every split of the anchors by x between the two gutters is tried, so leaders of different gutters cannot cross.
Deterministic. This room knows boxes and lines and refuses to know fonts, bodies and pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from .leaders import Array, Box, Line, Point, crossed, distances, enters, tangles

if TYPE_CHECKING:
    from numpy.typing import NDArray

Halves: TypeAlias = "list[tuple[tuple[Callout, ...], Gutter]]"
Cover: TypeAlias = Callable[[Array], Array]  # pieces (n, 4: x, y, x, y) -> mm of each over what should stay bare

STEP = 1.5  # mm between two heights at which a leader may leave its gutter
LEVEL_FIRST = (0.3, 0.55, 0.8)  # shares of the way at which a leader that begins level bends
LEVEL_LAST = (0.2, 0.45, 0.7)  # and at which one that ends level bends
ROUND = 0.6  # share of the way at which a leader that goes round something bends
ASIDE = (-0.2, -0.1, 0.1, 0.2)  # shares of the way by which a leader may go round what stands in its way
BEND = 2.5  # mm of length that a bend is worth
ASKEW = 12.0  # and more where neither piece is level
ZIGZAG = 25.0  # and more where it goes down and up again, or up and down
LEVEL = 0.01  # of what a label stands above or below its anchor, so that of two equals the level one wins
STEEPEST = 1.2  # a piece that rises more than this for each mm across costs extra
COVER_WEIGHT = 5.0
AWAY_WEIGHT = 2.0  # of each mm beyond the middle, on the other half than the anchor
CENTRAL = 2.0  # mm: an anchor this near to the middle belongs to both halves
FAULT_WEIGHT = 1e4
CROSSING = 100.0  # times worse than passing through a foreign anchor
SHARED = 1 + len(LEVEL_FIRST)  # from this way on the last piece of a leader is the same whatever its port
ROUNDS = 3
MOST_SPLITS, LEAST_SPLITS = 5, 2  # splits between two gutters that are worked out, the most hopeful first
CROWDED = 4  # labels more, one split fewer
FEW = 16  # leaders looked at first, where few of very many can win
VAIN = 6  # swaps of two labels without a gain, after which no more are tried


@dataclass(frozen=True)
class Callout:
    """A label to be placed: its box (mm) and the anchor it speaks of; the leader ends `reach` mm before the anchor."""

    key: str
    anchor: Point
    width: float
    height: float
    reach: float = 0.0


@dataclass(frozen=True)
class Gutter:
    """A column for labels: leaders leave it at `x`; labels lie beyond, between `top` and `bottom`."""

    side: Literal["left", "right"]
    x: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Placed:
    """A callout with the middle height of its label and its leader, from the gutter to the anchor."""

    callout: Callout
    gutter: Gutter
    y: float
    leader: Line


def bare(pieces: Array) -> Array:
    """The cover of a page on which nothing needs to stay bare."""
    return np.zeros(len(pieces))


def beyond(pieces: Array, anchor: Point, middle: float) -> Array:
    """The mm of each piece beyond the x of `middle`, seen from the anchor; none for an anchor in the middle.

    >>> beyond(np.array([[-10.0, 0.0, 5.0, 0.0], [1.0, 0.0, 5.0, 0.0]]), (5.0, 0.0), 0.0).tolist()
    [10.0, 0.0]
    """
    return _beyond(pieces, np.array(_half(anchor, middle)), middle)


def _half(anchor: Point, middle: float) -> float:
    """Which half an anchor lies in: -1 or 1, and 0 for both."""
    if abs(anchor[0] - middle) < CENTRAL:
        return 0.0
    return 1.0 if anchor[0] > middle else -1.0


def _beyond(pieces: Array, halves: Array, middle: float) -> Array:
    """The mm of each piece (..., 4) that lie in the half other than its own."""
    start, end = halves * (pieces[..., 0] - middle), halves * (pieces[..., 2] - middle)
    span = np.maximum(np.abs(start - end), 1e-9)
    share = np.clip(-np.minimum(start, end), 0.0, span) / span
    return np.asarray(share * np.hypot(span, pieces[..., 3] - pieces[..., 1]))


def place(
    callouts: Iterable[Callout],
    gutters: Iterable[Gutter],
    *,
    gap: float = 1.0,
    clearance: float = 1.0,
    avoid: Sequence[Point] = (),
    blocked: Sequence[Box] = (),
    cover: Cover = bare,
    middle: float | None = None,
) -> tuple[Placed, ...]:
    """Place every callout, sorted by key.

    `gap` is the least room between two labels, `clearance` the least distance of a leader from a foreign anchor or a
    point of `avoid`; no leader should enter a box of `blocked`; `cover(pieces)` is the length in mm of each piece over
    what should stay uncovered; a leader that goes beyond the x of `middle`, to the other half than its anchor's,
    costs more. Raises ValueError if the labels are taller than the gutters.
    """
    every = tuple(callouts)
    search = Search(every, tuple(gutters), gap, clearance, tuple(avoid), tuple(blocked), cover, middle)
    return search.place(every)


def fits(callouts: Sequence[Callout], gutter: Gutter, gap: float = 1.0) -> bool:
    """Whether the labels, one below the other, fit into the gutter."""
    return sum(c.height for c in callouts) + gap * (len(callouts) - 1) <= gutter.bottom - gutter.top + 1e-9


def spread(aims: Sequence[float], heights: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """The middles of boxes stacked in the order given, as near to their aims as can be (least squares).

    Pool adjacent violators on the aims less what lies above each box; clamping the pooled means to the gutter keeps
    them optimal.

    >>> spread([5, 5], [2, 2], 0, 0, 20)
    [4.0, 6.0]
    """
    offsets, below = [], 0.0
    for height in heights:
        offsets.append(below + height / 2)
        below += height + gap
    pools: list[tuple[float, int]] = []
    for aim, offset in zip(aims, offsets, strict=True):
        mean, count = aim - offset, 1
        while pools and pools[-1][0] > mean:
            other, more = pools.pop()
            mean, count = (mean * count + other * more) / (count + more), count + more
        pools.append((mean, count))
    lowest = bottom - (below - gap)
    free = [max(top, min(lowest, mean)) for mean, count in pools for _ in range(count)]
    return [base + offset for base, offset in zip(free, offsets, strict=True)]


@dataclass(frozen=True)
class _Stack:
    """Labels placed, and what the leader of each costs, crossings aside."""

    placed: tuple[Placed, ...]
    costs: tuple[float, ...]

    @cached_property
    def tangled(self) -> tuple[tuple[int, int, float], ...]:
        """The pairs whose leaders cross (1), or all but touch (a little)."""
        return tuple(tangles([item.leader for item in self.placed]))

    @property
    def cost(self) -> float:
        """What all leaders cost together."""
        return sum(self.costs) + FAULT_WEIGHT * CROSSING * sum(how for *_, how in self.tangled)

    def swapped(self, index: int, item: Placed, cost: float) -> _Stack:
        """The stack with another place for one label, in order of height."""
        pairs = [*zip(self.placed, self.costs, strict=True)]
        pairs[index] = item, cost
        pairs.sort(key=lambda pair: pair[0].y)
        return _Stack(tuple(item for item, _ in pairs), tuple(cost for _, cost in pairs))


@dataclass(frozen=True, eq=False)
class _Choice:
    """Every leader that one callout may have from one gutter: `bends[port, way]` (n, m, 2), `costs[port, way]`."""

    callout: Callout
    gutter: Gutter
    ports: Array
    bends: Array
    ends: Array
    costs: Array
    least: Array
    """The least cost at each port; infinite where the label would leave the gutter."""

    def placed(self, port: int) -> Placed:
        """The callout at a port, with its cheapest leader from there."""
        return self.at(port, int(self.costs[port].argmin()))

    def at(self, port: int, way: int) -> Placed:
        """The callout at a port, with one of its leaders."""
        y = float(self.ports[port])
        start = (self.gutter.x, y)
        bend, end = (tuple(each[port, way].tolist()) for each in (self.bends, self.ends))
        return Placed(self.callout, self.gutter, y, (start, end) if bend == start else (start, bend, end))

    def pieces(self, ports: NDArray[np.intp], ways: NDArray[np.intp]) -> Array:
        """Both pieces of some leaders: (leaders, 2, 4)."""
        found = np.empty((len(ports), 2, 4))
        found[:, 0, 0], found[:, 0, 1] = self.gutter.x, self.ports[ports]
        found[:, 0, 2:] = found[:, 1, :2] = self.bends[ports, ways]
        found[:, 1, 2:] = self.ends[ports, ways]
        return found


@dataclass(frozen=True, eq=False)
class Search:
    """Callouts that are to be placed, all or some of them, with every leader that they may have, priced once.

    What `place` tells holds here; what is not placed is kept off as if it were.
    """

    callouts: tuple[Callout, ...]
    gutters: tuple[Gutter, ...]
    gap: float = 1.0
    clearance: float = 1.0
    avoid: tuple[Point, ...] = ()
    blocked: tuple[Box, ...] = ()
    cover: Cover = bare
    middle: float | None = None

    @cached_property
    def anchors(self) -> tuple[Point, ...]:
        """Whatever a leader should keep off, unless it leads there."""
        return tuple(dict.fromkeys((*sorted(callout.anchor for callout in self.callouts), *self.avoid)))

    @cached_property
    def choices(self) -> dict[tuple[str, str], _Choice]:
        """The priced leaders of every callout from every gutter."""
        return {(choice.callout.key, gutter.side): choice for gutter in self.gutters for choice in self.priced(gutter)}

    def choice(self, callout: Callout, gutter: Gutter) -> _Choice:
        """The priced leaders of a callout from a gutter."""
        return self.choices[callout.key, gutter.side]

    def place(self, callouts: Iterable[Callout]) -> tuple[Placed, ...]:
        """Place these callouts, sorted by key. Raises ValueError if the labels are taller than the gutters."""
        ordered = _across(callouts)
        splits = self.splits(ordered)
        if not splits:
            raise ValueError(
                f"{len(ordered)} labels do not fit their gutters: fewer or smaller labels, or taller gutters"
            )
        hopeful = sorted(splits, key=lambda halves: sum(self.outlook(half, gutter) for half, gutter in halves))
        best: tuple[float, tuple[Placed, ...]] | None = None
        for halves in hopeful[: max(LEAST_SPLITS, MOST_SPLITS - len(ordered) // CROWDED)]:
            stacks = [self.fill(half, gutter) for half, gutter in halves]
            whole = _Stack(sum((stack.placed for stack in stacks), ()), sum((stack.costs for stack in stacks), ()))
            if best is None or whole.cost < best[0] - 1e-6:
                best = whole.cost, tuple(sorted(whole.placed, key=lambda item: item.callout.key))
        return best[1] if best else ()

    def roomy(self, callouts: Iterable[Callout]) -> bool:
        """Whether these callouts fit the gutters."""
        return bool(self.splits(_across(callouts)))

    def splits(self, ordered: tuple[Callout, ...]) -> list[Halves]:
        """The ways to split callouts from left to right between the gutters so that they fit."""
        columns: dict[str, Gutter] = {gutter.side: gutter for gutter in self.gutters}
        found = []
        for split in range(len(ordered) + 1):
            halves = [(side, half) for side, half in (("left", ordered[:split]), ("right", ordered[split:])) if half]
            if all(side in columns and fits(half, columns[side], self.gap) for side, half in halves):
                found.append([(half, columns[side]) for side, half in halves])
        return found

    def priced(self, gutter: Gutter) -> list[_Choice]:
        """Every leader of every callout from a gutter with its cost."""
        ports = self.ports(gutter)
        bends, ends = _ways(self.callouts, gutter, ports)
        count, heights, ways = bends.shape[:3]
        starts = np.empty_like(bends)
        starts[..., 0], starts[..., 1] = gutter.x, ports[:, None]
        first, last = np.concatenate([starts, bends], axis=-1), np.concatenate([bends, ends], axis=-1)
        parts = [first, last[:, :, :SHARED], last[:, :1, SHARED:]]  # the other last pieces are those of every port
        flat = np.concatenate([part.reshape(count, -1, 4) for part in parts], axis=1)
        costs = self.cost(flat, self.callouts)
        edges = (heights * ways, heights * (ways + SHARED))
        before, after, shared = np.split(costs, edges, axis=1)
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
        parted = zip(self.callouts, bends, ends, total, least, strict=True)
        return [_Choice(callout, gutter, ports, *each) for callout, *each in parted]

    def ports(self, gutter: Gutter) -> Array:
        """The heights at which leaders may leave a gutter: evenly spaced, and level with each anchor."""
        even = np.arange(gutter.top, gutter.bottom, STEP)
        level = [y for _, y in self.anchors if gutter.top <= y <= gutter.bottom]
        every = np.round(np.concatenate([even, level, [gutter.bottom]]), 4)
        return np.array(sorted(set(every.tolist())))  # np.unique would load numpy.ma

    def cost(self, pieces: Array, callouts: Sequence[Callout]) -> Array:
        """What each piece (callouts, n, 4) of leaders costs by its length, its rise and what it passes."""
        across, down = np.abs(pieces[..., 2] - pieces[..., 0]), np.abs(pieces[..., 3] - pieces[..., 1])
        costs = np.hypot(across, down) + np.maximum(0.0, down - STEEPEST * across)
        costs += COVER_WEIGHT * self.cover(pieces.reshape(-1, 4)).reshape(costs.shape)
        if self.middle is not None:
            halves = np.array([_half(callout.anchor, self.middle) for callout in callouts])
            costs += AWAY_WEIGHT * _beyond(pieces, halves[:, None], self.middle)
        costs += FAULT_WEIGHT * self.faults(pieces, callouts)
        return costs

    def faults(self, pieces: Array, callouts: Sequence[Callout]) -> Array:
        """How badly each piece passes what is not its own: for each point too near, the missing share of the clearance;
        1 for each blocked box entered.
        """
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
            found += enters(flat, box).reshape(found.shape)
        return found

    def outlook(self, callouts: Sequence[Callout], gutter: Gutter) -> float:
        """What a gutter's labels cost at the least, if none is in the way of another."""
        return sum(float(self.choice(callout, gutter).least.min()) for callout in callouts)

    def fill(self, callouts: Sequence[Callout], gutter: Gutter) -> _Stack:
        """One gutter's labels, uncrossed."""
        order = sorted(callouts, key=lambda callout: (callout.anchor[1], callout.anchor[0], callout.key))
        best = self.stack(order, gutter)
        tried, vain = best, 0
        while tried is not None and tried.tangled and vain < VAIN:
            one, other, _ = tried.tangled[0]
            order[one], order[other] = order[other], order[one]
            tried, vain = self.stack(order, gutter), vain + 1
            if tried and (best is None or tried.cost < best.cost - 1e-6):
                best, vain = tried, 0
        if best and best.tangled:
            best = self.settle(best)
        if best is None or best.tangled:
            straight = self.slots(order, gutter)
            best = straight if best is None or straight.cost < best.cost else best
        return best

    def stack(self, order: Sequence[Callout], gutter: Gutter) -> _Stack | None:
        """The cheapest heights of labels stacked in this order, crossings aside; None where the ports are too few."""
        choices = [self.choice(callout, gutter) for callout in order]
        ports = choices[0].ports
        sums: list[Array] = [choices[0].least]
        lasts: list[NDArray[np.intp]] = []
        for above, below in pairwise(choices):
            apart = (above.callout.height + below.callout.height) / 2 + self.gap
            last = np.searchsorted(ports, ports - apart + 1e-9, side="right") - 1  # the lowest port for the label above
            reach = np.minimum.accumulate(sums[-1])
            sums.append(below.least + np.where(last >= 0, reach[last], np.inf))
            lasts.append(last)
        port = int(sums[-1].argmin())
        if not np.isfinite(sums[-1][port]):
            return None
        chosen = [port]
        for total, last in zip(reversed(sums[:-1]), reversed(lasts), strict=True):
            chosen.append(int(total[: last[chosen[-1]] + 1].argmin()))
        down = [*zip(choices, reversed(chosen), strict=True)]
        costs = tuple(float(choice.least[port]) for choice, port in down)
        return _Stack(tuple(choice.placed(port) for choice, port in down), costs)

    def settle(self, stack: _Stack) -> _Stack:
        """One tangled label after the other takes the cheapest place that the others leave it."""
        for _ in range(ROUNDS):
            before = stack.cost
            for key in dict.fromkeys(stack.placed[index].callout.key for *pair, _ in stack.tangled for index in pair):
                keys = [item.callout.key for item in stack.placed]
                stack = self.moved(stack, keys.index(key))
            if stack.cost > before - 1e-6 or not stack.tangled:
                break
        return stack

    def moved(self, stack: _Stack, index: int) -> _Stack:
        """The stack with one label where it costs least beside the others."""
        item = stack.placed[index]
        others = stack.placed[:index] + stack.placed[index + 1 :]
        choice = self.choice(item.callout, item.gutter)
        free = np.isfinite(choice.least)
        for other in others:
            apart = (other.callout.height + item.callout.height) / 2 + self.gap
            free &= np.abs(choice.ports - other.y) >= apart - 1e-9
        ports = np.flatnonzero(free)
        if not len(ports):
            return stack
        port, way = _least_crossed(choice, ports, [item.leader for item in others])
        found = stack.swapped(index, choice.at(port, way), float(choice.costs[port, way]))
        return found if found.cost < stack.cost - 1e-6 else stack

    def slots(self, callouts: Sequence[Callout], gutter: Gutter) -> _Stack:
        """Straight leaders from equal slots: every swap of two that cross shortens them, so this ends uncrossed."""
        order, count = list(callouts), len(callouts)
        tallest = max(callout.height for callout in order)
        slot = min(tallest, (gutter.bottom - gutter.top - self.gap * (count - 1)) / count)
        middles = spread([c.anchor[1] for c in order], [slot] * count, self.gap, gutter.top, gutter.bottom)
        while True:
            placed = [_straight(c, gutter, y) for c, y in zip(order, middles, strict=True)]
            swapped: set[int] = set()
            for one, other, how in tangles([item.leader for item in placed]):
                if how == 1.0 and not swapped & {one, other}:
                    order[one], order[other] = order[other], order[one]
                    swapped |= {one, other}
            if not swapped:
                break
        if slot < tallest:  # labels of unequal height that only just fit: apart matters more than uncrossed
            heights = [callout.height for callout in order]
            middles = spread(middles, heights, self.gap, gutter.top, gutter.bottom)
            placed = [_straight(c, gutter, y) for c, y in zip(order, middles, strict=True)]
        pieces = np.array([[(*item.leader[0], *item.leader[1])] for item in placed])
        return _Stack(tuple(placed), tuple(np.round(self.cost(pieces, order)[:, 0], 6).tolist()))


def _across(callouts: Iterable[Callout]) -> tuple[Callout, ...]:
    return tuple(sorted(callouts, key=lambda callout: (callout.anchor, callout.key)))


def _least_crossed(choice: _Choice, ports: NDArray[np.intp], others: Sequence[Line]) -> tuple[int, int]:
    """The port and way of the leader, from one of some ports, that costs least beside other leaders.

    The cheapest are looked at first, and no more of them than may win: what a leader crosses only makes it dearer.
    """
    costs = choice.costs[ports].ravel()
    order = np.argsort(costs, kind="stable")
    pieces = np.array([(*a, *b) for line in others for a, b in pairwise(line)]).reshape(-1, 4)
    least, best, seen, many = np.inf, 0, 0, FEW
    while seen < len(order) and costs[order[seen]] < least:
        some = order[seen : seen + many]
        number, ways = np.divmod(some, choice.costs.shape[1])
        tangled = crossed(choice.pieces(ports[number], ways), pieces).max(axis=1).sum(axis=-1)
        total = costs[some] + FAULT_WEIGHT * CROSSING * tangled
        cheapest = int(total.argmin())
        if total[cheapest] < least:
            least, best = float(total[cheapest]), int(some[cheapest])
        seen, many = seen + many, many * FEW
    port, way = divmod(best, choice.costs.shape[1])
    return int(ports[port]), way


def _ways(callouts: Sequence[Callout], gutter: Gutter, ports: Array) -> tuple[Array, Array]:
    """Bends and ends (callouts, ports, ways, 2): straight, beginning level, ending level, round something.

    Those that begin level come first, as the last pieces of all others are the same from every port (`SHARED`).
    """
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
    bends[:, :, 0, 0] = gutter.x  # unrounded, as a straight leader is known by it
    way = np.stack([x, y], axis=-1)[:, None] - bends
    long = np.maximum(np.hypot(way[..., 0], way[..., 1]), 1e-9)
    reach = np.array([callout.reach for callout in callouts])[:, None, None]
    share = np.maximum(0.0, 1 - reach / long)
    return bends, bends + way * share[..., None]


def _straight(callout: Callout, gutter: Gutter, y: float) -> Placed:
    (x0, y0), (x1, y1) = (gutter.x, y), callout.anchor
    run = hypot(x1 - x0, y1 - y0)
    share = max(0.0, 1 - callout.reach / run) if run else 0.0
    return Placed(callout, gutter, y, ((x0, y0), (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)))
