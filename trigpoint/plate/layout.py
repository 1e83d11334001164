"""Where panels and gutters go on the page.

One scale for all panels, panels of a row side by side on one baseline. Lay-outs differ in rows and in the gutters for
labels beside panels; they are tried in the order of their worth, which weighs how large the body is against how tall
the plate gets, and names beside the body against a key below it. Lengths are mm on paper unless the body is named.
This room knows boxes and refuses to know what is painted in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Literal, NamedTuple, TypeAlias, TypeVar

from ..errors import InputError, Problem
from ..geometry.frame import Box, Frame
from ..style import DESIGNED_FOR
from .content import Seen, open_side
from .crop import Figure
from .spec import Spec

Rows: TypeAlias = tuple[tuple[int, ...], ...]
Sides: TypeAlias = tuple[float, float]  # the widths of the gutters to the left and right of a panel, 0 for none

Found = TypeVar("Found")

MARGIN = 3.0  # white border of the page
PAD = 3.5  # room beside a body for the side marks
GAP = 5.0  # between two panels: the letters of their sides stand there
WIDEST_GAP = 14.0  # panels that stand farther apart no longer belong together
ROW_GAP = 4.0
NAME_GAP = 2.0  # between the names of two views
NAME_EDGE = 1.0  # white border beside them where there is not room for more
FOOT_GAP = 2.5  # between the panels and the foot
LABEL_GAP = 1.5  # between a panel and the labels of its gutter
LEAST_GUTTER = 15.0  # room for the locator at its foot
LOCATOR_TALLEST = 26.0
LOCATOR_SHARE = 0.32  # of the height of the panel beside it
LARGEST_SCALE = 0.28
LABELLED_SCALE = 0.095  # with gutters the body must stay this large: hips 35 mm wide
READABLE_SCALE = 0.06  # a smaller body is hard to read
LEAST_BODY = 12.0  # mm: marks and numbers hide a body that is less tall
TALLEST = 150.0  # all rows of panels with their headings, a page less its furniture
SLIMMEST = 1.4  # and a row is at most so much taller than the page is wide
TALL = 2.2  # a plate this many times taller than wide is worth half of a flat one
NAMED = 1.25  # names beside the body are worth this much more than a key
ROW_WORTH = 0.85  # of each row after the first
FIRST_SIDE, OTHER_SIDE, BOTH_SIDES, FEWER = 1.0, 0.97, 0.95, 0.97  # worth of gutters by where they stand
ROUNDS = 8  # less room may mean other rows and another legend
LEAST_TALL = 20.0  # of a row of panels with its heading
ELSEWHERE = 0.3  # lost where all that is named would be seen better in other views
KEY_ROW = 3.5  # height of a label in the key


class Gutter(NamedTuple):
    """A column for labels: leaders leave it at `x`; labels lie beyond, between `top` and `bottom`."""

    side: Literal["left", "right"]
    x: float
    top: float
    bottom: float


class Plan(NamedTuple):
    """The scale (paper mm per body mm), the panels of each row, each panel's gutters, and which labels which points."""

    scale: float
    rows: Rows
    gutters: tuple[Sides, ...]
    aside: tuple[Sides, ...]
    owners: tuple[frozenset[str], ...] = ()


class Panel(NamedTuple):
    """One view on the page: its frame, its box, and the gutters that its labels may use."""

    seen: Seen
    figure: Figure
    frame: Frame
    box: Box
    heading: float
    gutters: tuple[Gutter, ...]
    labelled: frozenset[str]
    """Ids of the points that are labelled here."""
    middle: float
    """Where the view's name is centred, on the page."""

    @property
    def view(self) -> str:
        """The view's name."""
        return self.seen.view

    @property
    def body_box(self) -> Box:
        """What the body fills, on the page."""
        return self.frame.box(self.figure.box)


class Room(NamedTuple):
    """What a page offers: its width, the room for each row's heading, the most that all rows may take, and the room
    beside each panel that is taken by something else than labels. `names` are the widths of the views' names.
    """

    width: float
    heading: float
    tallest: float
    aside: tuple[Sides, ...]
    names: tuple[float, ...]

    def holds(self, rows: Rows) -> bool:
        """Whether the names of every row of several views fit the page."""
        taken = (_side_by_side([self.names[index] for index in row]) for row in rows if len(row) > 1)
        return all(wide <= self.width - 2 * NAME_EDGE for wide in taken)


def plans(
    seen: Sequence[Seen],
    figures: Sequence[Figure],
    width: float,
    gutter: float,
    *,
    heading: float = 0.0,
    tallest: float = TALLEST,
    forced: bool = False,
    aside: Sequence[Sides] = (),
    places: Sequence[int] = (),
    names: Sequence[float] = (),
) -> Iterator[Plan]:
    """Rows and gutters for a page, the best first; `gutter` is the width that labels ask for (0: there are none).

    Gutters stand beside panels as long as the body stays large enough, or would not be larger without, or always if
    names are `forced`; the last plan has none. `heading` is the room over each row, `tallest` the room for all rows,
    `aside` the room that each panel needs on either side for something else than labels, `places` how many things
    that may be named each view shows best, `names` how wide the name over each is. Raises InputError behind the last
    plan where bodies would be too small.
    """
    aside = tuple(aside) or tuple((0.0, 0.0) for _ in figures)
    room = Room(width, heading, tallest, aside, tuple(names) or tuple(0.0 for _ in figures))
    points = len({mark.id for one in seen for mark in one.marks})
    _, top, _, bottom = figures[0].box
    found: list[tuple[float, int, Plan]] = []
    plain: list[tuple[float, int, Plan]] = []
    for rows in filter(room.holds, _splits(len(figures))):
        bare = _plan(figures, rows, room, tuple((0.0, 0.0) for _ in figures))
        plain.append((_worth(bare, figures, room, points * KEY_ROW if gutter else 0.0), -len(plain), bare))
        for owners, gutters, worth in _gutters(seen, figures, gutter, places, forced) if gutter else ():
            if any(a and b for both in zip(gutters, room.aside, strict=True) for a, b in zip(*both, strict=True)):
                continue
            plan = _plan(figures, rows, room, gutters, owners)
            if plan.scale * (bottom - top) >= LEAST_BODY and (forced or plan.scale >= min(LABELLED_SCALE, bare.scale)):
                found.append((NAMED * worth * _worth(plan, figures, room, 0.0), -len(found), plan))
    best = max(plain)
    yield from (plan for worth, _, plan in sorted(found, reverse=True) if forced or worth >= best[0])
    refuse_too_small((bottom - top) * best[2].scale)
    yield best[2]


def refuse_too_small(tall: float) -> None:
    """Raise InputError for bodies that would be too little `tall`, in mm on paper."""
    if tall < LEAST_BODY:
        what = "this page has no room for bodies that could be read"
        hint = "make it wider, allow more height, show fewer views or muscles, or leave out insets"
        raise InputError(Problem(what, hint=hint))


def _splits(count: int) -> Iterator[Rows]:
    """Every way to set panels in rows, in their order, no row longer than the one before it by more than one."""
    for breaks in range(count):
        for places in combinations(range(1, count), breaks):
            edges = (0, *places, count)
            rows = tuple(tuple(range(a, b)) for a, b in pairwise(edges))
            sizes = [len(row) for row in rows]
            if max(sizes) - min(sizes) <= 1 and sizes == sorted(sizes, reverse=True):
                yield rows


def _gutters(
    seen: Sequence[Seen], figures: Sequence[Figure], gutter: float, places: Sequence[int], forced: bool
) -> Iterator[tuple[tuple[frozenset[str], ...], tuple[Sides, ...], float]]:
    """Which panels label which points, with gutters on which sides, and what that is worth.

    A view that shows things best which are to be named may have a gutter without a point of its own.
    """
    everything = tuple(range(len(seen)))
    subsets = [everything, *((one,) for one in everything if len(seen) > 1)]
    for subset in subsets:
        owners = assign(subset, seen, figures)
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


def assign(among: Sequence[int], seen: Sequence[Seen], figures: Sequence[Figure]) -> dict[str, int] | None:
    """Which panel of some labels each point: the one in which its X lies deepest inside the body, or one for
    all where one marks all: names that begin beside one view go on there.

    None where a point that any panel marks is marked in none of these.
    """
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
    figures: Sequence[Figure], rows: Rows, room: Room, gutters: tuple[Sides, ...], owners: Sequence[frozenset[str]] = ()
) -> Plan:
    """The largest scale at which every row fits the page."""
    _, top, _, bottom = figures[0].box
    fitting: list[float] = []
    for row in rows:
        taken = (
            2 * MARGIN
            + GAP * (len(row) - 1)
            + sum(2 * PAD + sum(gutters[index]) + sum(room.aside[index]) for index in row)
        )
        fitting.append((room.width - taken) / sum(_width(figures[index]) for index in row))
    tall = (room.tallest - ROW_GAP * (len(rows) - 1)) / len(rows) - room.heading
    scale = min(*fitting, LARGEST_SCALE, min(tall, SLIMMEST * room.width) / (bottom - top))
    return Plan(scale, rows, gutters, room.aside, tuple(owners) or tuple(frozenset() for _ in figures))


def _worth(plan: Plan, figures: Sequence[Figure], room: Room, key: float) -> float:
    """How good a plan is: large bodies on a page that is not too tall, in few rows."""
    if plan.scale <= 0:
        return 0.0
    _, top, _, bottom = figures[0].box
    tall = len(plan.rows) * ((bottom - top) * plan.scale + room.heading) + key
    large = plan.scale**0.5 * min(1.0, plan.scale / READABLE_SCALE)
    return float(large / (1 + tall / (TALL * room.width)) * ROW_WORTH ** (len(plan.rows) - 1))


def _width(figure: Figure) -> float:
    return figure.box[2] - figure.box[0]


def panels(
    chosen: Plan,
    seen: Sequence[Seen],
    figures: Sequence[Figure],
    width: float,
    top: float,
    heading: float,
    names: Sequence[float],
) -> tuple[Panel, ...]:
    """Every panel below `top`, in the order of the views; `heading` is the room for the views' names, `names` wide."""
    placed: list[Panel] = []
    _, high, _, low = figures[0].box
    tall = (low - high) * chosen.scale
    hosts = [index for index, widths in enumerate(chosen.gutters) if any(widths)]
    for row in chosen.rows:
        bodies = [_width(figures[index]) * chosen.scale + 2 * PAD for index in row]
        taken = sum(bodies) + sum(sum(chosen.gutters[index]) + sum(chosen.aside[index]) for index in row)
        slack = width - 2 * MARGIN - taken
        between = min(max(slack / (len(row) + 1), GAP), WIDEST_GAP)
        x = MARGIN + (slack - between * (len(row) - 1)) / 2
        boxes: list[Box] = []
        for index, wide in zip(row, bodies, strict=True):
            before, after = (a + b for a, b in zip(chosen.gutters[index], chosen.aside[index], strict=True))
            boxes.append((x + before, top + heading, x + before + wide, top + heading + tall))
            x += before + wide + after + between
        middles = _apart([(box[0] + box[2]) / 2 for box in boxes], [names[index] for index in row], width)
        for index, box, middle in zip(row, boxes, middles, strict=True):
            left = box[0] + PAD - figures[index].box[0] * chosen.scale
            frame = Frame(chosen.scale, left, box[1] - high * chosen.scale)
            columns = _columns(box, chosen.gutters[index], host=index in hosts[-1:])
            placed.append(Panel(seen[index], figures[index], frame, box, top, columns, chosen.owners[index], middle))
        top = placed[-1].box[3] + ROW_GAP
    return tuple(placed)


def _apart(middles: Sequence[float], names: Sequence[float], width: float) -> list[float]:
    """Where names of a row are centred: at these places, or as far beside as others and the page's edges ask for."""
    edge = min(MARGIN, (width - _side_by_side(names)) / 2)
    moved: list[float] = []
    least = edge
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
    columns = []
    if before:
        columns.append(Gutter("left", left - LABEL_GAP, top, bottom if after else foot))
    if after:
        columns.append(Gutter("right", right + LABEL_GAP, top, foot))
    return tuple(columns)


def fitted(
    lay: Callable[[float], tuple[Found, float, float]], tallest: float, height: float | None, factor: float
) -> Found:
    """What `lay` makes of the room for the rows of panels, with ever less room until the page is not above `height` mm.

    `lay` gives back what it made, how much of the room it took and where the page ends. Raises InputError where the
    rest of the page is too tall, with the height of the page as it is drawn in the end, `factor` times larger.
    """
    for number in range(ROUNDS):
        try:
            found, used, bottom = lay(tallest)
        except InputError:  # with all the room there is, it is not for want of height
            if not number:
                raise
            break
        if height is None or bottom <= height + 1e-6:
            return found
        tallest = min(tallest, used) - (bottom - height) - 0.01
        if tallest < LEAST_TALL:
            break
    what = f"the plate does not fit a height of {(height or 0.0) * factor:g} mm"
    raise InputError(Problem(what, hint="allow more height, make the page wider, or leave out layers or views"))


def enlargement(width: float) -> float:
    """How many times larger than designed a page is drawn: wide ones hang on a wall and are read from afar."""
    return max(1.0, width / DESIGNED_FOR[1])


def designed(spec: Spec, factor: float) -> Spec:
    """The spec of a page before it is drawn `factor` times larger."""
    return spec._replace(width=spec.width / factor, height=spec.height and spec.height / factor)


def locator_tall(panel: float) -> float:
    """How tall the locator in a gutter is, beside a panel that is `panel` mm tall."""
    return min(LOCATOR_TALLEST, LOCATOR_SHARE * panel)
