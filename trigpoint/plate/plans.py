"""Lay-outs of the panels of one muscle: rows, gutters for labels, and one scale for all, the best first.

The worth of a lay-out weighs large bodies against a tall page, and names beside the body against a key below it.
Lengths are mm on paper unless the body is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple, TypeAlias

from ..geometry.frame import Box, Frame
from .content import Seen, open_side
from .crop import Figure
from .layout import (
    LABEL_GAP,
    LARGEST_SCALE,
    LEAST_BODY,
    MARGIN,
    PAD,
    PANEL_GAP,
    ROW_GAP,
    WIDEST_GAP,
    Gutter,
    Panel,
    Sides,
    locator_tall,
    refuse_too_small,
)

Rows: TypeAlias = tuple[tuple[int, ...], ...]

NAME_GAP = 2.0  # between the names of two views
NAME_EDGE = 1.0  # the least white border beside the names
LABELLED_SCALE = 0.095  # with gutters the body must stay this large: hips 35 mm wide
READABLE_SCALE = 0.06  # a smaller body is hard to read
SLIMMEST = 1.4  # a row is at most so much taller than the page is wide
TALL = 2.2  # a plate this many times taller than wide is worth half of a flat one
NAMED = 1.25  # names beside the body are worth this much more than a key
ROW_WORTH = 0.85  # of each row after the first
FIRST_SIDE, OTHER_SIDE, BOTH_SIDES, FEWER = 1.0, 0.97, 0.95, 0.97  # worth of gutters by where they stand
ELSEWHERE = 0.3  # lost where other views show all subjects of labels better
KEY_ROW = 3.5  # height of a label in the key


class Plan(NamedTuple):
    """The scale (paper mm per body mm), the panels of each row, each panel's gutters, and the points it labels."""

    scale: float
    rows: Rows
    gutters: tuple[Sides, ...]
    owners: tuple[frozenset[str], ...]


class Room(NamedTuple):
    """The room of a page: its width, the height of each row's heading, and the most height for all rows.

    `names` are the widths of the views' names, `aside` those that each panel's insets take on either side.
    """

    width: float
    heading: float
    tallest: float
    names: tuple[float, ...]
    aside: tuple[Sides, ...]

    def holds(self, rows: Rows) -> bool:
        """Whether the names of every row of several views fit the page."""
        taken = (_side_by_side([self.names[index] for index in row]) for row in rows if len(row) > 1)
        return all(wide <= self.width - 2 * NAME_EDGE for wide in taken)


class Bodies(NamedTuple):
    """The views to lay out with their figures, and the width of a gutter for labels (0: no labels).

    `forced` keeps gutters however small the bodies get; `places` counts the subjects that each view shows best.
    """

    seen: Sequence[Seen]
    figures: Sequence[Figure]
    gutter: float
    forced: bool
    places: Sequence[int]

    @property
    def tall(self) -> float:
        """The height of every figure, in mm on the body."""
        _, top, _, bottom = self.figures[0].box
        return bottom - top

    def width(self, index: int) -> float:
        """The width of a figure, in mm on the body."""
        return self.figures[index].box[2] - self.figures[index].box[0]


def plans(bodies: Bodies, room: Room) -> Iterator[Plan]:
    """Rows and gutters for a page, the best first; the last plan has no gutters.

    Others have gutters if forced, or if the body stays large enough or as large as without. Raises InputError in place
    of the last plan where its bodies would be too small.
    """
    points = len({mark.id for one in bodies.seen for mark in one.marks})
    found: list[tuple[float, int, Plan]] = []
    plain: list[tuple[float, int, Plan]] = []
    for rows in filter(room.holds, _splits(len(bodies.figures))):
        bare = _plan(bodies, rows, room, tuple((0.0, 0.0) for _ in bodies.figures))
        plain.append((_worth(bare, bodies, room, points * KEY_ROW if bodies.gutter else 0.0), -len(plain), bare))
        for owners, gutters, worth in _gutters(bodies) if bodies.gutter else ():
            if any(a and b for both in zip(gutters, room.aside, strict=True) for a, b in zip(*both, strict=True)):
                continue
            plan = _plan(bodies, rows, room, gutters, owners)
            large = bodies.forced or plan.scale >= min(LABELLED_SCALE, bare.scale)
            if plan.scale * bodies.tall >= LEAST_BODY and large:
                found.append((NAMED * worth * _worth(plan, bodies, room, 0.0), -len(found), plan))
    best = max(plain)
    yield from (plan for worth, _, plan in sorted(found, reverse=True) if bodies.forced or worth >= best[0])
    refuse_too_small(bodies.tall * best[2].scale)
    yield best[2]


def _splits(count: int) -> Iterator[Rows]:
    """Every way to set panels in rows, in their order, no row longer than the one before it by more than one."""
    for breaks in range(count):
        for places in combinations(range(1, count), breaks):
            edges = (0, *places, count)
            rows = tuple(tuple(range(a, b)) for a, b in pairwise(edges))
            sizes = [len(row) for row in rows]
            if max(sizes) - min(sizes) <= 1 and sizes == sorted(sizes, reverse=True):
                yield rows


def _gutters(bodies: Bodies) -> Iterator[tuple[tuple[frozenset[str], ...], tuple[Sides, ...], float]]:
    """The ways to label: the points of each panel, its gutters, and the worth of both.

    A view that shows a subject of a label best may have a gutter without a point of its own.
    """
    seen, _, gutter, forced, places = bodies
    everything = tuple(range(len(seen)))
    subsets = [everything, *((one,) for one in everything if len(seen) > 1)]
    for subset in subsets:
        owners = _assigned(subset, bodies)
        if owners is None:
            continue
        mine = tuple(frozenset(point for point, owner in owners.items() if owner == index) for index in everything)
        worth = 1.0 if subset == everything else FEWER
        best = [index for index in subset if mine[index] or (places and places[index])]
        used = best or list(subset)
        if places and any(places):
            worth *= 1 - ELSEWHERE * (1 - sum(places[index] for index in used) / sum(places))
        for turned, share in ((False, FIRST_SIDE), (True, OTHER_SIDE)):
            sides = {index: _open(seen[index], mine[index], turned=turned) for index in used}
            widths = {index: (gutter, 0.0) if side == "left" else (0.0, gutter) for index, side in sides.items()}
            yield mine, tuple(widths.get(index, (0.0, 0.0)) for index in everything), worth * share
        if len(used) == 1 or forced:
            yield mine, tuple((gutter, gutter) if i in used else (0.0, 0.0) for i in everything), worth * BOTH_SIDES


def _open(one: Seen, points: frozenset[str], *, turned: bool) -> str:
    side = open_side(one, points)
    return side if not turned else "right" if side == "left" else "left"


def _assigned(among: Sequence[int], bodies: Bodies) -> dict[str, int] | None:
    """The panel, of those in `among`, that labels each point: one for all if it shows all, else the one in which the X
    lies deepest inside the body. None where a point of another panel is in none of these.
    """
    seen, figures, *_ = bodies
    every = {mark.id for one in seen for mark in one.marks}
    depths = {index: {mark.id: figures[index].depth(mark.place) for mark in seen[index].marks} for index in among}
    whole = [index for index in among if every and depths[index].keys() == every]
    if whole:
        among = [max(whole, key=lambda index: (sum(depths[index].values()), -index))]
    best: dict[str, tuple[float, int]] = {}
    for index in among:
        for point, depth in depths[index].items():
            if point not in best or depth > best[point][0]:
                best[point] = depth, index
    if any(mark.id not in best for one in seen for mark in one.marks):
        return None
    return {point: index for point, (_, index) in best.items()}


def _plan(
    bodies: Bodies, rows: Rows, room: Room, gutters: tuple[Sides, ...], owners: tuple[frozenset[str], ...] = ()
) -> Plan:
    """The largest scale at which every row fits the page."""
    fitting: list[float] = []
    for row in rows:
        beside = sum(2 * PAD + sum(gutters[index]) + sum(room.aside[index]) for index in row)
        taken = 2 * MARGIN + PANEL_GAP * (len(row) - 1) + beside
        fitting.append((room.width - taken) / sum(bodies.width(index) for index in row))
    tall = (room.tallest - ROW_GAP * (len(rows) - 1)) / len(rows) - room.heading
    scale = min(*fitting, LARGEST_SCALE, min(tall, SLIMMEST * room.width) / bodies.tall)
    return Plan(scale, rows, gutters, owners or tuple(frozenset() for _ in gutters))


def _worth(plan: Plan, bodies: Bodies, room: Room, key: float) -> float:
    """The worth of a plan: large bodies on a page that is not too tall, in few rows."""
    if plan.scale <= 0:
        return 0.0
    tall = len(plan.rows) * (bodies.tall * plan.scale + room.heading) + key
    large = plan.scale**0.5 * min(1.0, plan.scale / READABLE_SCALE)
    return float(large / (1 + tall / (TALL * room.width)) * ROW_WORTH ** (len(plan.rows) - 1))


def panels(chosen: Plan, bodies: Bodies, room: Room, top: float) -> tuple[Panel, ...]:
    """Every panel below `top`, in the order of the views."""
    placed: list[Panel] = []
    seen, figures, *_ = bodies
    high, tall = figures[0].box[1], bodies.tall * chosen.scale
    hosts = [index for index, widths in enumerate(chosen.gutters) if any(widths)]
    for row in chosen.rows:
        across = [bodies.width(index) * chosen.scale + 2 * PAD for index in row]
        taken = sum(across) + sum(sum(chosen.gutters[index]) + sum(room.aside[index]) for index in row)
        slack = room.width - 2 * MARGIN - taken
        between = min(max(slack / (len(row) + 1), PANEL_GAP), WIDEST_GAP)
        x = MARGIN + (slack - between * (len(row) - 1)) / 2
        boxes: list[Box] = []
        for index, wide in zip(row, across, strict=True):
            before, after = (a + b for a, b in zip(chosen.gutters[index], room.aside[index], strict=True))
            boxes.append((x + before, top + room.heading, x + before + wide, top + room.heading + tall))
            x += before + wide + after + between
        middles = _apart([(box[0] + box[2]) / 2 for box in boxes], [room.names[index] for index in row], room.width)
        for index, box, middle in zip(row, boxes, middles, strict=True):
            left = box[0] + PAD - figures[index].box[0] * chosen.scale
            frame = Frame(chosen.scale, left, box[1] - high * chosen.scale)
            columns = _columns(box, chosen.gutters[index], host=index in hosts[-1:])
            placed.append(Panel(seen[index], figures[index], frame, box, top, columns, chosen.owners[index], middle))
        top = placed[-1].box[3] + ROW_GAP
    return tuple(placed)


def _apart(middles: Sequence[float], names: Sequence[float], width: float) -> list[float]:
    """The centres of a row's names: `middles`, moved aside as far as needed for the others and the page's edges."""
    moved: list[float] = []
    least = edge = min(MARGIN, (width - _side_by_side(names)) / 2)
    for middle, name in zip(middles, names, strict=True):
        moved.append(max(middle, least + name / 2))
        least = moved[-1] + name / 2 + NAME_GAP
    most = width - edge
    for index in reversed(range(len(moved))):
        moved[index] = min(moved[index], most - names[index] / 2)
        most = moved[index] - names[index] / 2 - NAME_GAP
    return moved


def _side_by_side(names: Sequence[float]) -> float:
    return sum(names) + NAME_GAP * (len(names) - 1)


def _columns(box: Box, widths: Sides, *, host: bool) -> tuple[Gutter, ...]:
    """The gutters beside a panel; the host has room for the locator at the foot of the last one."""
    left, top, right, bottom = box
    foot = bottom - (locator_tall(bottom - top) + LABEL_GAP if host else 0.0)
    before, after = widths
    first = (Gutter("left", left - LABEL_GAP, top, bottom if after else foot),) if before else ()
    return (*first, Gutter("right", right + LABEL_GAP, top, foot)) if after else first
