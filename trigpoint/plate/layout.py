"""Where panels and gutters go on the page.

One scale for all panels, panels of a row side by side on one baseline. A gutter for labels stands beside a panel as
long as the body stays large enough; otherwise labels go to a key under the panels. Lengths are mm on paper unless the
body is named. This room knows boxes and refuses to know what is painted in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ..callouts import Gutter
from ..geometry import Box, Frame
from .content import Seen, open_side
from .crop import Figure

MARGIN = 3.0  # white border of the page
PAD = 3.5  # room beside a body for the side marks
GAP = 3.0  # between two panels
ROW_GAP = 4.0
LABEL_GAP = 1.5  # between a panel and the labels of its gutter
LEAST_GUTTER = 15.0  # room for the locator at its foot
LOCATOR_TALLEST = 26.0
LOCATOR_SHARE = 0.32  # of the height of the panel beside it
LARGEST_SCALE = 0.25
LABELLED_SCALE = 0.115  # with gutters the body must stay this large: hips 45 mm wide
ROW_SCALE = 0.075  # below this, panels go to another row
TALLEST = 135.0  # all rows of panels together, a page less its furniture
SLIMMEST = 1.4  # and a row is at most so much taller than the page is wide


@dataclass(frozen=True)
class Plan:
    """The scale (paper mm per body mm), the panels of each row, and the width of each panel's gutter (0: none)."""

    scale: float
    rows: tuple[tuple[int, ...], ...]
    gutters: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Panel:
    """One view on the page: its frame, its box, and the gutters that its labels may use."""

    seen: Seen
    figure: Figure
    frame: Frame
    box: Box
    heading: float
    gutters: tuple[Gutter, ...]
    labelled: frozenset[str]
    """Ids of the points that are labelled here."""

    @property
    def view(self) -> str:
        """The view's name."""
        return self.seen.view

    @property
    def body_box(self) -> Box:
        """What the body fills, on the page."""
        left, top, right, bottom = self.figure.box
        return (*self.frame.point(left, top), *self.frame.point(right, bottom))


def plans(seen: Sequence[Seen], figures: Sequence[Figure], width: float, gutter: float) -> Iterator[Plan]:
    """Gutters and rows for a page width, the best first; `gutter` is the width that labels ask for (0: there are none).

    Every panel gets a gutter, or one that marks every point, as long as the body stays large enough; the last has none.
    """
    count = len(figures)
    row = (tuple(range(count)),)
    labelled = [(gutter,) * count, *(tuple(gutter if i == one else 0.0 for i in range(count)) for one in range(count))]
    for gutters in labelled if gutter else ():
        scale = _scale(figures, row, width, gutters)
        if scale >= LABELLED_SCALE and _reaches_all(gutters, seen):
            yield Plan(scale, row, gutters)
    none = (0.0,) * count
    for rows in range(1, count + 1):
        size = -(-count // rows)
        split = tuple(row[0][start : start + size] for start in range(0, count, size))
        scale = _scale(figures, split, width, none)
        if scale >= ROW_SCALE:
            break
    yield Plan(scale, split, none)


def assign(chosen: Plan, seen: Sequence[Seen], figures: Sequence[Figure]) -> dict[str, int]:
    """Which panel labels each point: of those with a gutter, the one in which its X lies deepest inside the body."""
    best: dict[str, tuple[float, int]] = {}
    for index, (one, figure, gutter) in enumerate(zip(seen, figures, chosen.gutters, strict=True)):
        for mark in one.marks if gutter else ():
            depth = figure.depth(mark.place)
            if mark.id not in best or depth > best[mark.id][0]:
                best[mark.id] = depth, index
    return {point: index for point, (_, index) in best.items()}


def _reaches_all(gutters: Sequence[float], seen: Sequence[Seen]) -> bool:
    """Whether each point that any panel marks is marked in a panel beside a gutter."""
    beside = [one for one, gutter in zip(seen, gutters, strict=True) if gutter]
    return {mark.id for one in seen for mark in one.marks} == {mark.id for one in beside for mark in one.marks}


def _scale(
    figures: Sequence[Figure], rows: tuple[tuple[int, ...], ...], width: float, gutters: Sequence[float]
) -> float:
    _, top, _, bottom = figures[0].box
    fitting: list[float] = []
    for row in rows:
        taken = 2 * MARGIN + GAP * (len(row) - 1) + sum(2 * PAD + gutters[index] for index in row)
        fitting.append((width - taken) / sum(_width(figures[index]) for index in row))
    tallest = min(TALLEST / len(rows), SLIMMEST * width)
    return min(*fitting, LARGEST_SCALE, tallest / (bottom - top))


def _width(figure: Figure) -> float:
    return figure.box[2] - figure.box[0]


def panels(
    chosen: Plan, seen: Sequence[Seen], figures: Sequence[Figure], width: float, top: float, heading: float
) -> tuple[Panel, ...]:
    """Every panel below `top`, in the order of the views; `heading` is the room for a view's name."""
    placed: list[Panel] = []
    owners = assign(chosen, seen, figures)
    _, high, _, low = figures[0].box
    tall = (low - high) * chosen.scale
    for row in chosen.rows:
        bodies = [_width(figures[index]) * chosen.scale + 2 * PAD for index in row]
        taken = sum(bodies) + sum(chosen.gutters[index] for index in row)
        between = (width - 2 * MARGIN - taken) / (len(row) + 1)
        if len(row) > 1 and between < GAP:  # a full row: all the room goes between the panels
            between = (width - 2 * MARGIN - taken) / (len(row) - 1)
        x = MARGIN + (width - 2 * MARGIN - taken - between * (len(row) - 1)) / 2
        for index, wide in zip(row, bodies, strict=True):
            mine = frozenset(point for point, owner in owners.items() if owner == index)
            side, gutter = open_side(seen[index], mine), chosen.gutters[index]
            left = x + gutter if side == "left" else x
            box = (left, top + heading, left + wide, top + heading + tall)
            frame = Frame(chosen.scale, left + PAD - figures[index].box[0] * chosen.scale, box[1] - high * chosen.scale)
            columns = (_gutter(side, box),) if gutter else ()
            placed.append(Panel(seen[index], figures[index], frame, box, top, columns, mine))
            x += wide + gutter + between
        top = placed[-1].box[3] + ROW_GAP
    return tuple(placed)


def _gutter(side: Literal["left", "right"], box: Box) -> Gutter:
    """The gutter beside a panel, with room for the locator at its foot."""
    left, top, right, bottom = box
    edge = left - LABEL_GAP if side == "left" else right + LABEL_GAP
    return Gutter(side, edge, top, bottom - locator_tall(bottom - top) - LABEL_GAP)


def locator_tall(panel: float) -> float:
    """How tall the locator in a gutter is, beside a panel that is `panel` mm tall."""
    return min(LOCATOR_TALLEST, LOCATOR_SHARE * panel)
