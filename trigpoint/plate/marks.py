"""Marks on the body: the X of every trigger point, and the numbers and letters beside marks and dots.

A number stands where it is clear of other marks, of numbers and of leaders. Lengths are mm on paper.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import combinations
from math import cos, hypot, inf, pi, sin

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ..errors import InputError, Problem
from ..geometry.frame import Box, Point
from ..geometry.lines import Line, distance
from ..scene import Item, Path, Text
from ..style import Style
from ..words.measure import CAP_HEIGHT, DESCENT, width
from .content import CACHED
from .labels.label import Label, end
from .layout import Panel

NUMBER_AIR = (0.5, 1.2, 2.2)  # between an X and its number
FAR_AIR = (3.2, 4.4)  # where numbers would overlap otherwise
TURNS = (1, 0, 3, 4, 7, 5, 2, 6, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5)  # eighths of a circle, the best first
LOW_LETTERS = frozenset("gjpqy")
DIAGONAL = 0.5**0.5
LEAST_ARM = 0.6  # of an X's ordinary size
MARK_AIR = 0.25  # between an X and the number of another
TEXT_AIR = 0.4  # between two numbers
OWN = 1.5  # a foreign X is at least so many times as far from a number as its own
DOUBT = 4.0  # what each missing mm counts
TIE_ENDS = 0.4  # sizes of an X from the middle of what a number is tied to
PASSES = 2  # the second time each number knows where all others stand
TRIES = 12  # orders in which numbers choose their places, until none overlap
TOUCH, UNREAD = 0.02, 0.8  # mm that two texts may share: seen by nobody, and as much as leaves both readable


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


def numbers(
    panel: Panel,
    leaders: Sequence[Line],
    style: Style,
    marked: Sequence[tuple[Label, Point]] = (),
    blocked: Sequence[Box] = (),
    *,
    within: BaseGeometry | None = None,
    told: Collection[str] | None = None,
) -> list[Item]:
    """The number beside each X and each thing that is marked by a number alone, clear of marks, numbers, leaders and of
    the boxes that are blocked; with a frame, only those that find a place `within` it; of the X's, those alone that
    are `told` of somewhere, if that is known. One that had to stand nearer to something else is joined to its own.
    """
    marks = [(mark, panel.frame.point(*mark.place)) for mark in panel.seen.marks]
    entries = [(str(mark.number) if told is None or mark.id in told else "", spot) for mark, spot in marks]
    entries += [(label.number, spot) for label, spot in marked]
    return list(_numbers(tuple(entries), tuple(leaders), tuple(blocked), style, within))


@lru_cache(8 * CACHED)
def _numbers(
    entries: tuple[tuple[str, Point], ...],
    leaders: tuple[Line, ...],
    blocked: tuple[Box, ...],
    style: Style,
    within: BaseGeometry | None,
) -> tuple[Item, ...]:
    arm = LEAST_ARM * style.mark_size / 2
    kept_off = [*blocked, *((x - arm, y - arm, x + arm, y + arm) for _, (x, y) in entries)]
    order: list[int] = [index for index, (number, _) in enumerate(entries) if number]
    airs: tuple[float, ...] = NUMBER_AIR
    least = inf
    boxes: dict[int, Box] = {}
    for _ in range(TRIES):
        placed = _placed(order, entries, leaders, blocked, style, within, airs)
        tangled = _tangled(placed, kept_off)
        worst = max(tangled.values(), default=0.0)
        if worst < least:
            boxes, least = placed, worst
        if not tangled or within is not None:
            break
        order = [*tangled, *(index for index in order if index not in tangled)]  # the hard ones choose first
        airs = NUMBER_AIR + FAR_AIR
    if least > UNREAD and within is None:
        what = "numbers and letters of a view would lie over each other"
        raise InputError(Problem(what, hint="make the page wider, allow more height, or name and show less"))
    if within is not None:
        boxes = {index: box for index, box in boxes.items() if index not in tangled}
    items: list[Item] = []
    for index, box in sorted(boxes.items()):
        number, spot = entries[index]
        if any(_gap(box, other) < _gap(box, spot) - TOUCH for at, (_, other) in enumerate(entries) if at != index):
            items += _tie(box, spot, style)
        items.append(_beside_mark(number, box, style))
    return tuple(items)


def _tie(box: Box, spot: Point, style: Style) -> list[Item]:
    """A short line from a number to what it belongs to."""
    x, y = (max(low, min(high, at)) for low, high, at in ((box[0], box[2], spot[0]), (box[1], box[3], spot[1])))
    away = _gap(box, spot)
    if away <= TIE_ENDS * style.mark_size:
        return []
    short = TIE_ENDS * style.mark_size / away
    line = (np.array([(x, y), (spot[0] + short * (x - spot[0]), spot[1] + short * (y - spot[1]))]),)
    halo = style.leader_width + 2 * style.leader_halo_width
    looks = ((style.text_halo, halo), (style.leader, style.leader_width))
    return [Path(line, closed=False, stroke=colour, width=wide) for colour, wide in looks]


def _placed(
    order: Sequence[int],
    entries: Sequence[tuple[str, Point]],
    leaders: Sequence[Line],
    blocked: Sequence[Box],
    style: Style,
    within: BaseGeometry | None,
    airs: Sequence[float],
) -> dict[int, Box]:
    """The boxes of numbers that choose their places in an order."""
    boxes: dict[int, Box] = {}
    for _ in range(PASSES):
        before = dict(boxes)
        for index in order:
            number, spot = entries[index]
            others = [other for at, (_, other) in enumerate(entries) if at != index]
            taken = [*blocked, *(box for at, box in boxes.items() if at != index)]
            box, crowding = _clearest(number, spot, others, taken, leaders, style, within, own=OWN, airs=airs)
            if crowding < inf:
                boxes[index] = box
        if boxes == before:
            break
    return boxes


def _tangled(boxes: dict[int, Box], kept_off: Sequence[Box]) -> dict[int, float]:
    """Which of some texts lie over one before them, or over what they should be kept off, and by how much."""
    found: dict[int, float] = {}
    taken = list(kept_off)
    for index, box in boxes.items():
        over = max((_shared(box, other) for other in taken), default=0.0)
        if over > TOUCH:
            found[index] = over
        taken.append(box)
    return found


def tags(entries: Sequence[tuple[Sequence[str], Point]], blocked: Sequence[Box], style: Style) -> list[Item]:
    """What tells each X from those of other muscles: the first of its words that finds a clear place, if any does."""
    texts: list[Item] = []
    taken: list[Box] = [*blocked]
    for index, (words, spot) in enumerate(entries):
        others = [other for at, (_, other) in enumerate(entries) if at != index]
        for word in words:
            box, crowding = _clearest(word, spot, others, taken, (), style)
            if not crowding:
                taken.append(box)
                texts.append(_beside_mark(word, box, style))
                break
    return texts


def _clearest(
    number: str,
    spot: Point,
    others: Sequence[Point],
    taken: Sequence[Box],
    leaders: Sequence[Line],
    style: Style,
    within: BaseGeometry | None = None,
    *,
    own: float = 0.0,
    airs: Sequence[float] = NUMBER_AIR,
) -> tuple[Box, float]:
    """The box beside an X that is clearest of all else, and how crowded it is: inf where none lies within a frame.

    Other X's should be `own` times as far from it.
    """
    box, least = (0.0, 0.0, 0.0, 0.0), inf
    for tried in _beside(number, spot, style, airs):
        if within is not None and not within.contains(shapely.box(*tried)):
            continue
        crowding = _crowding(tried, others, taken, leaders, style) + (_doubt(tried, spot, others, own) if own else 0.0)
        if crowding < least:
            box, least = tried, crowding
        if not least:
            break
    return box, least


def _beside_mark(number: str, box: Box, style: Style) -> Text:
    return Text(
        (box[0] + box[2]) / 2,
        box[3] - _below(number) * style.size_number,
        number,
        style.size_number,
        "middle",
        "bold",
        fill=style.mark,
        halo=style.text_halo,
        halo_width=style.mark_halo_width,
    )


def dots(marked: Sequence[tuple[Label, Point]], style: Style) -> list[Item]:
    """What stands on the body where a thing is marked by a number alone."""
    return [item for label, spot in marked for item in end(spot, label.kind, style)]


def _beside(number: str, spot: Point, style: Style, airs: Sequence[float]) -> list[Box]:
    """Boxes for the number around the X: upper right first, then round the clock; close by first, then farther."""
    wide, tall = width(number, style.size_number, "bold"), style.size_number * (CAP_HEIGHT + _below(number))
    boxes = []
    for air in airs:
        reach = style.mark_size / 2 + style.mark_halo_width + air
        for turn in TURNS:
            dx, dy = cos(turn * pi / 4), -sin(turn * pi / 4)
            x = spot[0] + dx * reach + _towards(dx) * wide / 2
            y = spot[1] + dy * reach + _towards(dy) * tall / 2
            boxes.append((x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2))
    return boxes


def _below(number: str) -> float:
    """How far a number or letter reaches below its baseline, in sizes of its text."""
    return DESCENT if LOW_LETTERS & set(number) else 0.0


def _towards(share: float) -> float:
    """How much of half a box lies beyond its near edge: at 45 degrees the near corner points at the X."""
    return max(-1.0, min(1.0, share / DIAGONAL))


def _crowding(box: Box, others: Sequence[Point], taken: Sequence[Box], leaders: Sequence[Line], style: Style) -> float:
    """How badly a number's box is placed: 0 for a clear one."""
    x, y, half = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[3] - box[1]) / 2
    arm = (style.mark_size + style.mark_width) / 2 + MARK_AIR
    bad = 0.0
    for a, b in others:
        bad += 10 * _shared(box, (a - arm, b - arm, a + arm, b + arm))
    for left, top, right, bottom in taken:
        bad += 10 * _shared(box, (left - TEXT_AIR, top - TEXT_AIR, right + TEXT_AIR, bottom + TEXT_AIR))
    for leader in leaders:
        bad += 5 * max(0.0, half + 0.5 - distance((x, y), leader))
    return bad


def _doubt(box: Box, spot: Point, others: Sequence[Point], own: float) -> float:
    """How much a number seems to belong to a foreign X: 0 where its own is clearly the nearest."""
    far = own * _gap(box, spot)
    return DOUBT * sum(max(0.0, far - _gap(box, other)) for other in others)


def _gap(box: Box, spot: Point) -> float:
    """The distance of a point from a box, 0 inside."""
    return hypot(max(box[0] - spot[0], 0.0, spot[0] - box[2]), max(box[1] - spot[1], 0.0, spot[1] - box[3]))


def _shared(one: Box, other: Box) -> float:
    """How far one box would have to move to be clear of another: 0 if it is."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, min(across, down))
