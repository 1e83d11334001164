"""Boundary labelling: labels in a left and a right gutter, each joined to its anchor by a thin leader.

Every split of the anchors by x between the two gutters is tried, so leaders of different gutters cannot cross. In a
gutter, labels keep the order of their anchors' heights, take the heights nearest to where they aim (pool adjacent
violators, exact) and are swapped until no two leaders cross; a leader that would pass through a foreign anchor gets
one elbow. Deterministic. This room knows boxes and lines and refuses to know fonts, bodies and pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from math import hypot
from typing import Literal, TypeAlias

Point: TypeAlias = tuple[float, float]
Line: TypeAlias = tuple[Point, ...]
Cover: TypeAlias = Callable[[Line], float]

SLOPES = (0.0, -0.15, 0.15, -0.3, 0.3, -0.5, 0.5)
ELBOWS = (0.25, 0.5, 0.75, 0.9)
ASIDE = (-0.15, 0.15, -0.3, 0.3)
MOVES = (-2.0, 2.0, -4.0, 4.0, -8.0, 8.0, -14.0, 14.0)  # mm that a label may be moved at once
ROUNDS = 3
COVER_WEIGHT = 5.0
FAULT_WEIGHT = 1e4
CROSSING = 100  # times worse than passing through a foreign anchor


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


def place(
    callouts: Iterable[Callout],
    gutters: Iterable[Gutter],
    *,
    gap: float = 1.0,
    clearance: float = 1.0,
    avoid: Sequence[Point] = (),
    cover: Cover = lambda line: 0.0,
) -> tuple[Placed, ...]:
    """Place every callout, sorted by key.

    `gap` is the least room between two labels, `clearance` the least distance of a leader from a foreign anchor or a
    point of `avoid`; `cover(line)` is the length in mm of a line over what should stay uncovered. Raises ValueError if
    the labels are taller than the gutters.
    """
    ordered = sorted(callouts, key=lambda callout: (callout.anchor, callout.key))
    columns: dict[str, Gutter] = {gutter.side: gutter for gutter in gutters}
    task = _Task(gap, clearance, tuple(callout.anchor for callout in ordered) + tuple(avoid), cover)
    best: tuple[float, tuple[Placed, ...]] | None = None
    for split in range(len(ordered) + 1):
        halves = {"left": ordered[:split], "right": ordered[split:]}
        if any(half and (side not in columns or not fits(half, columns[side], gap)) for side, half in halves.items()):
            continue
        placed = [item for side, half in halves.items() if half for item in task.fill(half, columns[side])]
        cost = task.cost(placed)
        if best is None or cost < best[0] - 1e-9:
            best = cost, tuple(sorted(placed, key=lambda item: item.callout.key))
    if best is None:
        raise ValueError(f"{len(ordered)} labels do not fit their gutters: fewer or smaller labels, or taller gutters")
    return best[1]


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
class _Task:
    gap: float
    clearance: float
    anchors: tuple[Point, ...]
    cover: Cover

    def fill(self, callouts: Sequence[Callout], gutter: Gutter) -> list[Placed]:
        """One gutter's labels, uncrossed."""
        order = sorted(callouts, key=lambda callout: (callout.anchor[1], callout.anchor[0], callout.key))
        aims = {callout.key: self.aim(callout, gutter) for callout in order}
        placed = self.uncross(order, aims, gutter) or self.slots(order, gutter)
        placed = self.settle(placed, gutter)
        for index, item in enumerate(placed):
            if self.passes(item):
                rest = placed[:index] + placed[index + 1 :]
                tries = [item, *(replace(item, leader=line) for line in elbows(item))]
                placed[index] = min(tries, key=lambda candidate: self.cost([*rest, candidate]))
        return placed

    def settle(self, placed: list[Placed], gutter: Gutter) -> list[Placed]:
        """Move one label after the other, its neighbours giving way, while leaders come to cover or pass less."""
        cost = self.cost(placed)
        for _ in range(ROUNDS):
            before = cost
            for index in [i for i, item in enumerate(placed) if self.cover(item.leader) or self.passes(item)]:
                for move in MOVES:
                    aims = [item.y for item in placed]
                    aims[index] += move
                    heights = [item.callout.height for item in placed]
                    if move < 0:  # those above make room
                        aims[:index] = [min(y, aims[index]) for y in aims[:index]]
                    else:
                        aims[index + 1 :] = [max(y, aims[index]) for y in aims[index + 1 :]]
                    middles = spread(aims, heights, self.gap, gutter.top, gutter.bottom)
                    moved = [_placed(item.callout, gutter, y) for item, y in zip(placed, middles, strict=True)]
                    if self.cost(moved) < cost - 1e-6:
                        placed, cost = moved, self.cost(moved)
            if cost == before:
                break
        return placed

    def aim(self, callout: Callout, gutter: Gutter) -> float:
        """The height in the gutter from which the leader covers least, near to the anchor's own height."""
        x, y = callout.anchor
        run = abs(x - gutter.x)

        def cost(slope: float) -> float:
            item = _placed(callout, gutter, y + slope * run)
            return self.cost([item])

        reachable = [s for s in SLOPES if gutter.top <= y + s * run <= gutter.bottom]
        return y + run * min(reachable, key=cost, default=0.0)

    def uncross(self, order: list[Callout], aims: dict[str, float], gutter: Gutter) -> list[Placed] | None:
        """Stack the labels and swap those whose leaders cross; None if that does not settle."""
        order = list(order)
        for _ in range(len(order) ** 2 + 1):
            heights = [callout.height for callout in order]
            middles = spread([aims[c.key] for c in order], heights, self.gap, gutter.top, gutter.bottom)
            placed = [_placed(c, gutter, y) for c, y in zip(order, middles, strict=True)]
            pair = crossing(placed)
            if pair is None:
                return placed
            order[pair[0]], order[pair[1]] = order[pair[1]], order[pair[0]]
        return None

    def slots(self, order: list[Callout], gutter: Gutter) -> list[Placed]:
        """Equal slots: every swap of two crossing leaders shortens them together, so this always ends uncrossed."""
        order, count = list(order), len(order)
        tallest = max(callout.height for callout in order)
        room = (gutter.bottom - gutter.top - self.gap * (count - 1)) / count
        slot = min(tallest, room)
        middles = spread([c.anchor[1] for c in order], [slot] * count, self.gap, gutter.top, gutter.bottom)
        while True:
            placed = [_placed(c, gutter, y) for c, y in zip(order, middles, strict=True)]
            pair = crossing(placed)
            if pair is None:
                break
            order[pair[0]], order[pair[1]] = order[pair[1]], order[pair[0]]
        if slot < tallest:  # labels of unequal height that only just fit: apart matters more than uncrossed
            heights = [callout.height for callout in order]
            middles = spread(middles, heights, self.gap, gutter.top, gutter.bottom)
            placed = [_placed(c, gutter, y) for c, y in zip(order, middles, strict=True)]
        return placed

    def passes(self, item: Placed) -> float:
        """How badly the leader passes foreign anchors: for each too close one, the missing share of the clearance."""
        own = item.callout.anchor
        gaps = (distance(other, item.leader) for other in self.anchors if other != own)
        return sum(1 - gap / self.clearance for gap in gaps if gap < self.clearance)

    def cost(self, placed: Sequence[Placed]) -> float:
        crossings = sum(cross(a.leader, b.leader) for a, b in combinations(placed, 2))
        faults = CROSSING * crossings + sum(map(self.passes, placed))
        covered = sum(self.cover(item.leader) for item in placed)
        return FAULT_WEIGHT * faults + COVER_WEIGHT * covered + sum(length(item.leader) for item in placed)


def elbows(item: Placed) -> list[Line]:
    """The item's leader with one bend, at a few places between the gutter and the anchor, level or aside."""
    (x0, y0), (x1, y1) = item.leader[0], item.callout.anchor
    run = x1 - x0
    heights = (y0, y1, *(y1 + aside * abs(run) for aside in ASIDE))
    bends = [(x0 + run * share, y) for share in ELBOWS for y in heights]
    return [((x0, y0), bend, _short_of(bend, item.callout)) for bend in [*bends, (x1, y0)] if bend != (x1, y1)]


def crossing(placed: Sequence[Placed]) -> tuple[int, int] | None:
    """The first two whose leaders cross."""
    pairs = combinations(range(len(placed)), 2)
    return next((pair for pair in pairs if cross(placed[pair[0]].leader, placed[pair[1]].leader)), None)


def cross(one: Line, other: Line) -> bool:
    """Whether two lines cross or touch."""
    return any(_segments_cross(a, b, c, d) for a, b in pairwise(one) for c, d in pairwise(other))


def length(line: Line) -> float:
    """The length of a line in mm."""
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line))


def distance(point: Point, line: Line) -> float:
    """The distance of a point from a line in mm."""
    return min(_from_segment(point, a, b) for a, b in pairwise(line))


def _placed(callout: Callout, gutter: Gutter, y: float) -> Placed:
    port = (gutter.x, y)
    return Placed(callout, gutter, y, (port, _short_of(port, callout)))


def _short_of(start: Point, callout: Callout) -> Point:
    """The end of a straight piece from `start` that stops `reach` before the anchor."""
    (x0, y0), (x1, y1) = start, callout.anchor
    run = hypot(x1 - x0, y1 - y0)
    share = max(0.0, 1 - callout.reach / run) if run else 0.0
    return x0 + (x1 - x0) * share, y0 + (y1 - y0) * share


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _segments_cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _from_segment(p: Point, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    share = max(0.0, min(1.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square)) if square else 0.0
    return hypot(p[0] - a[0] - share * dx, p[1] - a[1] - share * dy)
