"""Numbers and letters beside X's and dots, clear of other marks, each other and leaders. Lengths are mm on paper."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from math import hypot, inf
from typing import NamedTuple

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
from .labels.around import around, clearest
from .labels.label import Label
from .layout import Panel
from .marks import LEAST_ARM

NUMBER_AIR = (0.5, 1.2, 2.2)  # between an X and its number
FAR_AIR = (3.2, 4.4)  # where numbers would overlap otherwise
TURNS = (1, 0, 3, 4, 7, 5, 2, 6, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5)  # eighths of a circle, the best first
LOW_LETTERS = frozenset("gjpqy")
MARK_AIR = 0.25  # between an X and the number of another
TEXT_AIR = 0.4  # between two numbers
OWN = 1.5  # times as far from a number as its own X, another X should be
DOUBT = 4.0  # the cost of each missing mm
TIE_ENDS = 0.4  # sizes of an X from the middle of what a number is tied to
PASSES = 2  # the second one with the places of all other numbers
TRIES = 12  # orders in which numbers choose their places, until none overlap
TOUCH, UNREAD = 0.02, 0.8  # mm that two texts may share: invisible, and the most that leaves both readable


class Numbers(NamedTuple):
    """The texts of a panel with their spots (an empty text keeps others off), and the leaders and boxes that they keep
    off. With a frame, only texts with a place `within` it are written.
    """

    entries: tuple[tuple[str, Point], ...]
    style: Style
    leaders: tuple[Line, ...] = ()
    blocked: tuple[Box, ...] = ()
    within: BaseGeometry | None = None

    def others(self, index: int) -> list[Point]:
        """The spots of all but one."""
        return [spot for at, (_, spot) in enumerate(self.entries) if at != index]

    def clearest(
        self, text: str, index: int, taken: Sequence[Box], airs: Sequence[float], own: float = 0.0
    ) -> tuple[Box | None, float]:
        """The box for a text beside a spot, and its crowding; other X's should be `own` times as far from it."""
        spot, others, style = self.entries[index][1], self.others(index), self.style
        arm = (style.mark_size + style.mark_width) / 2 + MARK_AIR
        near = [(a - arm, b - arm, a + arm, b + arm) for a, b in others]

        def crowding(box: Box) -> float:
            if self.within is not None and not self.within.contains(shapely.box(*box)):
                return inf
            crowded = self._crowding(box, near, taken)
            return crowded + (_doubt(box, spot, others, own) if own else 0.0)

        size = width(text, style.size_number, "bold"), style.size_number * (CAP_HEIGHT + _below(text))
        reaches = [style.mark_size / 2 + style.mark_halo_width + air for air in airs]
        return clearest(around(spot, size, reaches, TURNS), crowding)

    def _crowding(self, box: Box, near: Sequence[Box], taken: Sequence[Box]) -> float:
        """The cost of a box among X's, texts and leaders: 0 for a clear one."""
        x, y, half = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[3] - box[1]) / 2
        bad = 0.0
        for other in near:
            bad += 10 * _shared(box, other)
        for left, top, right, bottom in taken:
            bad += 10 * _shared(box, (left - TEXT_AIR, top - TEXT_AIR, right + TEXT_AIR, bottom + TEXT_AIR))
        for leader in self.leaders:
            bad += 5 * max(0.0, half + 0.5 - distance((x, y), leader))
        return bad

    def placed(self, order: Sequence[int], airs: Sequence[float]) -> dict[int, Box]:
        """The boxes of numbers that choose their places in an order."""
        boxes: dict[int, Box] = {}
        for _ in range(PASSES):
            before = dict(boxes)
            for index in order:
                taken = [*self.blocked, *(box for at, box in boxes.items() if at != index)]
                box, _ = self.clearest(self.entries[index][0], index, taken, airs, OWN)
                if box is not None:
                    boxes[index] = box
            if boxes == before:
                break
        return boxes


def entries(
    panel: Panel, marked: Sequence[tuple[Label, Point]] = (), explained: Collection[str] | None = None
) -> tuple[tuple[str, Point], ...]:
    """The number of each X of a panel, empty for a point that is not in `explained`, and of each thing with a dot."""
    said = [str(mark.number) if explained is None or mark.id in explained else "" for mark in panel.seen.marks]
    spots = [panel.frame.point(*mark.place) for mark in panel.seen.marks]
    return (*zip(said, spots, strict=True), *((label.number, spot) for label, spot in marked))


@lru_cache(8 * CACHED)
def numbered(task: Numbers) -> tuple[Item, ...]:
    """The numbers; one that stands nearer to something else is joined to its own spot by a line.

    Raises InputError where numbers would overlap so that they cannot be read.
    """
    boxes, tangled = _settled(task)
    if task.within is not None:
        boxes = {index: box for index, box in boxes.items() if index not in tangled}
    elif max(tangled.values(), default=0.0) > UNREAD:
        what = "numbers and letters of a view would lie over each other"
        raise InputError(Problem(what, hint="make the page wider, allow more height, or name and show less"))
    items: list[Item] = []
    for index, box in sorted(boxes.items()):
        text, spot = task.entries[index]
        if any(_gap(box, other) < _gap(box, spot) - TOUCH for other in task.others(index)):
            items += _tie(box, spot, task.style)
        items.append(_written(text, box, task.style))
    return tuple(items)


def _settled(task: Numbers) -> tuple[dict[int, Box], dict[int, float]]:
    """The least tangled boxes that numbers take in any order, and the overlaps in mm of those that are tangled."""
    arm = LEAST_ARM * task.style.mark_size / 2
    kept_off = [*task.blocked, *((x - arm, y - arm, x + arm, y + arm) for _, (x, y) in task.entries)]
    order = [index for index, (text, _) in enumerate(task.entries) if text]
    airs: tuple[float, ...] = NUMBER_AIR
    best: tuple[dict[int, Box], dict[int, float]] = {}, {}
    least = inf
    for _ in range(TRIES):
        placed = task.placed(order, airs)
        tangled = _tangled(placed, kept_off)
        worst = max(tangled.values(), default=0.0)
        if worst < least:
            best, least = (placed, tangled), worst
        if not tangled or task.within is not None:
            break
        order = [*tangled, *(index for index in order if index not in tangled)]  # the hard ones choose first
        airs = NUMBER_AIR + FAR_AIR
    return best


def _tangled(boxes: dict[int, Box], kept_off: Sequence[Box]) -> dict[int, float]:
    """The texts that overlap one before them or a box to keep off, with the overlap in mm."""
    found: dict[int, float] = {}
    taken = list(kept_off)
    for index, box in boxes.items():
        over = max((_shared(box, other) for other in taken), default=0.0)
        if over > TOUCH:
            found[index] = over
        taken.append(box)
    return found


def tags(task: Numbers, short: Sequence[str]) -> list[Item]:
    """Each text, or else the shorter one, where it is clear of all else; neither where both are not."""
    texts: list[Item] = []
    taken = [*task.blocked]
    for index, ((text, _), less) in enumerate(zip(task.entries, short, strict=True)):
        for said in (text, less):
            box, crowding = task.clearest(said, index, taken, NUMBER_AIR)
            if box is not None and not crowding:
                taken.append(box)
                texts.append(_written(said, box, task.style))
                break
    return texts


def _tie(box: Box, spot: Point, style: Style) -> list[Item]:
    """A short line from a number to its spot."""
    x, y = (max(low, min(high, at)) for low, high, at in ((box[0], box[2], spot[0]), (box[1], box[3], spot[1])))
    away = _gap(box, spot)
    if away <= TIE_ENDS * style.mark_size:
        return []
    short = TIE_ENDS * style.mark_size / away
    line = (np.array([(x, y), (spot[0] + short * (x - spot[0]), spot[1] + short * (y - spot[1]))]),)
    halo = style.leader_width + 2 * style.leader_halo_width
    looks = ((style.text_halo, halo), (style.leader, style.leader_width))
    return [Path(line, closed=False, stroke=colour, width=wide) for colour, wide in looks]


def _written(text: str, box: Box, style: Style) -> Text:
    size, halo, wide = style.size_number, style.text_halo, style.mark_halo_width
    x, y = (box[0] + box[2]) / 2, box[3] - _below(text) * size
    return Text(x, y, text, size, "middle", "bold", fill=style.mark, halo=halo, halo_width=wide)


def _below(text: str) -> float:
    """The depth of a text below its baseline, in sizes of its text."""
    return DESCENT if LOW_LETTERS & set(text) else 0.0


def _doubt(box: Box, spot: Point, others: Sequence[Point], own: float) -> float:
    """The ambiguity of a number's place: 0 where its own spot is clearly the nearest."""
    far = own * _gap(box, spot)
    return DOUBT * sum(max(0.0, far - _gap(box, other)) for other in others)


def _gap(box: Box, spot: Point) -> float:
    """The distance of a point from a box, 0 inside."""
    return hypot(max(box[0] - spot[0], 0.0, spot[0] - box[2]), max(box[1] - spot[1], 0.0, spot[1] - box[3]))


def _shared(one: Box, other: Box) -> float:
    """The way that one box would have to move to be clear of another: 0 if it is clear."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, min(across, down))
