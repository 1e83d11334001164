"""Labels stacked in one gutter, at the heights of least cost at which no two leaders cross.

The best heights of labels in a given order are found exactly (dynamic programming); then labels are swapped or moved
until no leaders cross.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot
from typing import NamedTuple

import numpy as np

from ...geometry.frame import Indices, Points
from ...geometry.lines import Line, crossed, tangles
from ..layout import Gutter
from .leader_cost import FAULT_WEIGHT, Callout, Choice, PlacedCallout, Prices

CROSSING = 100.0  # times worse than passing through another's anchor
ROUNDS = 3  # in which each tangled label moves once
FEW = 16  # leaders compared first, the cheapest of many
VAIN = 6  # swaps of two labels without a gain, after which no more are tried


def fits(callouts: Sequence[Callout], gutter: Gutter, gap: float = 1.0) -> bool:
    """Whether the labels, one below the other, fit into the gutter."""
    return sum(c.height for c in callouts) + gap * (len(callouts) - 1) <= gutter.bottom - gutter.top + 1e-9


def spread(aims: Sequence[float], heights: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """The middles of boxes stacked in the order given, as near to their aims as possible (least squares).

    Pool adjacent violators, on the aims minus the heights above each box; the pooled means are clamped to the gutter.

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


class Stack(NamedTuple):
    """Labels placed, the cost of each leader, the pairs of `tangles` among them, and the cost of all together."""

    placed: tuple[PlacedCallout, ...]
    costs: tuple[float, ...]
    tangled: tuple[tuple[int, int, float], ...]
    cost: float

    def swapped(self, index: int, item: PlacedCallout, cost: float) -> Stack:
        """The stack with another place for one label, in order of height."""
        pairs = [*zip(self.placed, self.costs, strict=True)]
        pairs[index] = item, cost
        pairs.sort(key=lambda pair: pair[0].y)
        return stacked(tuple(item for item, _ in pairs), tuple(cost for _, cost in pairs))


def stacked(placed: tuple[PlacedCallout, ...], costs: tuple[float, ...]) -> Stack:
    """The stack of some labels."""
    tangled = tuple(tangles([item.leader for item in placed]))
    return Stack(placed, costs, tangled, sum(costs) + FAULT_WEIGHT * CROSSING * sum(how for *_, how in tangled))


class Stacking(NamedTuple):
    """The stacking of labels at least `gap` mm apart, where their leaders cost least."""

    prices: Prices
    gap: float

    def fill(self, callouts: Sequence[Callout], gutter: Gutter) -> Stack:
        """The labels of one gutter, without crossings."""
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

    def stack(self, order: Sequence[Callout], gutter: Gutter) -> Stack | None:
        """The stack of least cost in this order, crossings aside; None where the ports are too few."""
        choices = [self.prices.choice(callout, gutter) for callout in order]
        ports = choices[0].ports
        sums: list[Points] = [choices[0].least]
        lasts: list[Indices] = []
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
        return stacked(tuple(choice.placed(port) for choice, port in down), costs)

    def settle(self, stack: Stack) -> Stack:
        """The stack after each tangled label in turn has moved to the cheapest place that the others leave."""
        for _ in range(ROUNDS):
            before = stack.cost
            for key in dict.fromkeys(stack.placed[index].callout.key for *pair, _ in stack.tangled for index in pair):
                keys = [item.callout.key for item in stack.placed]
                stack = self.moved(stack, keys.index(key))
            if stack.cost > before - 1e-6 or not stack.tangled:
                break
        return stack

    def moved(self, stack: Stack, index: int) -> Stack:
        """The stack with one label where it costs least beside the others."""
        item, others = stack.placed[index], stack.placed[:index] + stack.placed[index + 1 :]
        choice = self.prices.choice(item.callout, item.gutter)
        free = np.isfinite(choice.least)
        for other in others:
            apart = (other.callout.height + item.callout.height) / 2 + self.gap
            free &= np.abs(choice.ports - other.y) >= apart - 1e-9
        ports = np.flatnonzero(free)
        if not len(ports):
            return stack
        port, way = _least_crossed(choice, ports, [item.leader for item in others])
        there = choice.at(port, way)
        if there == item:
            return stack
        found = stack.swapped(index, there, float(choice.costs[port, way]))
        return found if found.cost < stack.cost - 1e-6 else stack

    def slots(self, callouts: Sequence[Callout], gutter: Gutter) -> Stack:
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
        if slot < tallest:  # labels of unequal height that barely fit: no overlap matters more than no crossing
            heights = [callout.height for callout in order]
            middles = spread(middles, heights, self.gap, gutter.top, gutter.bottom)
            placed = [_straight(c, gutter, y) for c, y in zip(order, middles, strict=True)]
        pieces = np.array([[(*item.leader[0], *item.leader[1])] for item in placed])
        return stacked(tuple(placed), tuple(np.round(self.prices.cost(pieces, order)[:, 0], 6).tolist()))


def _least_crossed(choice: Choice, ports: Indices, others: Sequence[Line]) -> tuple[int, int]:
    """The port and way of the leader, from one of some ports, that costs least beside other leaders.

    Leaders are compared in order of cost until none can win any more, as crossings only add to it.
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
        if total.min() < least:
            least, best = float(total.min()), int(some[total.argmin()])
        seen, many = seen + many, many * FEW
    port, way = divmod(best, choice.costs.shape[1])
    return int(ports[port]), way


def _straight(callout: Callout, gutter: Gutter, y: float) -> PlacedCallout:
    (x0, y0), (x1, y1) = (gutter.x, y), callout.anchor
    run = hypot(x1 - x0, y1 - y0)
    share = max(0.0, 1 - callout.reach / run) if run else 0.0
    return PlacedCallout(callout, gutter, y, ((x0, y0), (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)))
