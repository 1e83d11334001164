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
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .leaders import Array, Box, Line, Point, crossed, distances, enters, tangles

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
ROUNDS = 3
MOST_SPLITS, LEAST_SPLITS = 5, 2  # splits between two gutters that are worked out, the most hopeful first
CROWDED = 4  # labels more, one split fewer
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
    if abs(anchor[0] - middle) < CENTRAL:
        return bare(pieces)
    side = 1.0 if anchor[0] > middle else -1.0
    start, end = side * (pieces[:, 0] - middle), side * (pieces[:, 2] - middle)
    span = np.maximum(np.abs(start - end), 1e-9)
    share = np.clip(-np.minimum(start, end), 0.0, span) / span
    return np.asarray(share * np.hypot(span, pieces[:, 3] - pieces[:, 1]))


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
    ordered = tuple(sorted(callouts, key=lambda callout: (callout.anchor, callout.key)))
    columns: dict[str, Gutter] = {gutter.side: gutter for gutter in gutters}
    anchors = tuple(dict.fromkeys((*(callout.anchor for callout in ordered), *avoid)))
    task = _Task(gap, clearance, anchors, tuple(blocked), cover, middle, {})
    splits = [
        halves
        for split in range(len(ordered) + 1)
        for halves in [[("left", ordered[:split]), ("right", ordered[split:])]]
        if all(not half or (side in columns and fits(half, columns[side], gap)) for side, half in halves)
    ]
    if not splits:
        raise ValueError(f"{len(ordered)} labels do not fit their gutters: fewer or smaller labels, or taller gutters")
    hopeful = sorted(splits, key=lambda halves: sum(task.outlook(half, columns[side]) for side, half in halves if half))
    best: tuple[float, tuple[Placed, ...]] | None = None
    for halves in hopeful[: max(LEAST_SPLITS, MOST_SPLITS - len(ordered) // CROWDED)]:
        stacks = [task.fill(half, columns[side]) for side, half in halves if half]
        whole = _Stack(sum((stack.placed for stack in stacks), ()), sum((stack.costs for stack in stacks), ()))
        if best is None or whole.cost < best[0] - 1e-6:
            best = whole.cost, tuple(sorted(whole.placed, key=lambda item: item.callout.key))
    return best[1] if best else ()


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

    def pieces(self) -> Array:
        """Both pieces of every leader: (ports, ways, 2, 4)."""
        starts = np.empty_like(self.bends)
        starts[..., 0], starts[..., 1] = self.gutter.x, self.ports[:, None]
        first = np.concatenate([starts, self.bends], axis=-1)
        return np.stack([first, np.concatenate([self.bends, self.ends], axis=-1)], axis=-2)


@dataclass(frozen=True)
class _Task:
    """What `place` was asked, with the leaders priced so far."""

    gap: float
    clearance: float
    anchors: tuple[Point, ...]
    blocked: tuple[Box, ...]
    cover: Cover
    middle: float | None
    choices: dict[tuple[str, str], _Choice]

    def choice(self, callout: Callout, gutter: Gutter) -> _Choice:
        """The priced leaders of a callout from a gutter."""
        key = callout.key, gutter.side
        if key not in self.choices:
            self.choices[key] = self.priced(callout, gutter)
        return self.choices[key]

    def priced(self, callout: Callout, gutter: Gutter) -> _Choice:
        """Every leader of a callout from a gutter with its cost."""
        ports = self.ports(gutter)
        bends, ends = _ways(callout, gutter, ports)
        found = _Choice(callout, gutter, ports, bends, ends, np.empty(0), np.empty(0))
        pieces = found.pieces()
        across, down = np.abs(pieces[..., 2] - pieces[..., 0]), np.abs(pieces[..., 3] - pieces[..., 1])
        costs = np.hypot(across, down) + np.maximum(0.0, down - STEEPEST * across)
        flat = pieces.reshape(-1, 4)
        costs += COVER_WEIGHT * self.cover(flat).reshape(costs.shape)
        if self.middle is not None:
            costs += AWAY_WEIGHT * beyond(flat, callout.anchor, self.middle).reshape(costs.shape)
        costs += FAULT_WEIGHT * self.faults(flat, callout).reshape(costs.shape)
        total = costs.sum(axis=-1)
        total[:, 1:] += BEND
        before = distances(callout.anchor, pieces[..., 0, :].reshape(-1, 4)).reshape(total.shape)
        total[:, 1:] += FAULT_WEIGHT * (before < callout.reach - 1e-6)[:, 1:]  # no bend nearer than the end
        total[:, -len(ASIDE) :] += ASKEW
        rise = pieces[..., 3] - pieces[..., 1]
        total += ZIGZAG * (rise[..., 0] * rise[..., 1] < -1e-9)
        total += LEVEL * np.abs(ports - callout.anchor[1])[:, None]
        total = np.round(total, 6)
        half = callout.height / 2 - 1e-9
        inside = (ports - half >= gutter.top) & (ports + half <= gutter.bottom)
        return _Choice(callout, gutter, ports, bends, ends, total, np.where(inside, total.min(axis=1), np.inf))

    def ports(self, gutter: Gutter) -> Array:
        """The heights at which leaders may leave a gutter: evenly spaced, and level with each anchor."""
        even = np.arange(gutter.top, gutter.bottom, STEP)
        level = [y for _, y in self.anchors if gutter.top <= y <= gutter.bottom]
        every = np.round(np.concatenate([even, level, [gutter.bottom]]), 4)
        return np.array(sorted(set(every.tolist())))  # np.unique would load numpy.ma

    def faults(self, pieces: Array, callout: Callout) -> Array:
        """How badly each piece passes what is not its own: for each point too near, the missing share of the clearance;
        1 for each blocked box entered.
        """
        found = np.zeros(len(pieces))
        low, high = (edge(pieces[:, (0, 2)]) for edge in (np.min, np.max))
        for other in self.anchors:
            if other != callout.anchor and low - self.clearance < other[0] < high + self.clearance:
                found += np.maximum(0.0, 1 - distances(other, pieces) / self.clearance)
        for box in self.blocked:
            found += enters(pieces, box)
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
        pieces, costs = choice.pieces()[ports], choice.costs[ports].copy()
        for other in others:
            for piece in pairwise(other.leader):
                costs += FAULT_WEIGHT * CROSSING * crossed(pieces, piece).max(axis=-1)
        port, way = (int(number) for number in np.unravel_index(costs.argmin(), costs.shape))
        port = int(ports[port])
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
            pair = next((each for each in tangles([item.leader for item in placed]) if each[2] == 1.0), None)
            if pair is None:
                break
            one, other, _ = pair
            order[one], order[other] = order[other], order[one]
        if slot < tallest:  # labels of unequal height that only just fit: apart matters more than uncrossed
            heights = [callout.height for callout in order]
            middles = spread(middles, heights, self.gap, gutter.top, gutter.bottom)
            placed = [_straight(c, gutter, y) for c, y in zip(order, middles, strict=True)]
        return _Stack(tuple(placed), tuple(map(self.static, placed)))

    def static(self, item: Placed) -> float:
        """What a straight leader costs, crossings aside."""
        pieces = np.array([(*a, *b) for a, b in pairwise(item.leader)])
        across, down = np.abs(pieces[:, 2] - pieces[:, 0]), np.abs(pieces[:, 3] - pieces[:, 1])
        total = np.hypot(across, down) + np.maximum(0.0, down - STEEPEST * across)
        total += COVER_WEIGHT * self.cover(pieces) + FAULT_WEIGHT * self.faults(pieces, item.callout)
        if self.middle is not None:
            total += AWAY_WEIGHT * beyond(pieces, item.callout.anchor, self.middle)
        return round(float(total.sum()), 6)


def _ways(callout: Callout, gutter: Gutter, ports: Array) -> tuple[Array, Array]:
    """Bends and ends (ports, ways, 2): straight, beginning level, ending level, round something."""
    x, y = callout.anchor
    run = x - gutter.x
    shares = np.array((*LEVEL_FIRST, *LEVEL_LAST, *(ROUND for _ in ASIDE)))
    bends = np.empty((len(ports), 1 + len(shares), 2))
    bends[:, 0, 0] = gutter.x
    bends[:, 1:, 0] = gutter.x + shares * run
    bends[..., 1] = ports[:, None]
    bends[:, 1 + len(LEVEL_FIRST) :, 1] = y
    bends[:, -len(ASIDE) :, 1] += np.array(ASIDE) * abs(run)
    bends = np.round(bends, 4)
    bends[:, 0, 0] = gutter.x
    way = np.array([x, y]) - bends
    long = np.maximum(np.hypot(way[..., 0], way[..., 1]), 1e-9)
    share = np.maximum(0.0, 1 - callout.reach / long)
    return bends, bends + way * share[..., None]


def _straight(callout: Callout, gutter: Gutter, y: float) -> Placed:
    (x0, y0), (x1, y1) = (gutter.x, y), callout.anchor
    run = hypot(x1 - x0, y1 - y0)
    share = max(0.0, 1 - callout.reach / run) if run else 0.0
    return Placed(callout, gutter, y, ((x0, y0), (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)))
