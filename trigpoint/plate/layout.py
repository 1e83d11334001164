"""Where panels and gutters go on the page.

One scale for all panels, panels of a row side by side on one baseline. Gutters for labels stand at the outer sides as
long as the body stays large enough; otherwise labels go to a key under the panels. Lengths are mm on paper unless the
body is named. This room knows boxes and refuses to know what is painted in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..callouts import Gutter
from ..geometry import Box, Frame
from .content import Seen
from .crop import Figure

MARGIN = 3.0  # white border of the page
PAD = 3.5  # room beside a body for the side marks
GAP = 3.0  # between two panels
ROW_GAP = 4.0
LABEL_GAP = 1.5  # between a panel and the labels of its gutter
LOCATOR_TALLEST = 26.0
LOCATOR_SHARE = 0.32  # of the height of the panel beside it
LARGEST_SCALE = 0.25
LABELLED_SCALE = 0.115  # with gutters the body must stay this large: hips 45 mm wide
ROW_SCALE = 0.075  # below this, panels go to another row
TALLEST = 135.0  # all rows of panels together, a page less its furniture


@dataclass(frozen=True)
class Plan:
    """The scale (paper mm per body mm), the panels of each row, and the widths of the gutters (0: none)."""

    scale: float
    rows: tuple[tuple[int, ...], ...]
    left: float = 0.0
    right: float = 0.0


@dataclass(frozen=True, eq=False)
class Panel:
    """One view on the page: its frame, its box, and the gutters that its labels may use."""

    seen: Seen
    figure: Figure
    frame: Frame
    box: Box
    heading: float
    gutters: tuple[Gutter, ...]

    @property
    def view(self) -> str:
        """The view's name."""
        return self.seen.view

    @property
    def body_box(self) -> Box:
        """What the body fills, on the page."""
        left, top, right, bottom = self.figure.box
        return (*self.frame.point(left, top), *self.frame.point(right, bottom))


def plan(seen: Sequence[Seen], figures: Sequence[Figure], width: float, gutter: float, near: str) -> Plan:
    """Choose gutters and rows for a page width; `gutter` is the width that labels ask for (0: there are none).

    Gutters are used only if every point has its X in a panel that they stand beside, the side `near` to them first.
    """
    everything = tuple(range(len(figures)))
    left, right = Plan(0, (everything,), gutter, 0.0), Plan(0, (everything,), 0.0, gutter)
    single = (left, right) if near == "left" else (right, left)
    both = (Plan(0, (everything,), gutter, gutter),) if len(figures) > 1 else ()
    for chosen in (*both, *single) if gutter else ():
        scale = _scale(figures, chosen.rows, width - chosen.left - chosen.right)
        if scale >= LABELLED_SCALE and _reaches_all(chosen, seen):
            return Plan(scale, chosen.rows, chosen.left, chosen.right)
    for count in range(1, len(figures) + 1):
        size = -(-len(figures) // count)
        rows = tuple(everything[start : start + size] for start in range(0, len(figures), size))
        scale = _scale(figures, rows, width)
        if scale >= ROW_SCALE:
            break
    return Plan(scale, rows)


def _reaches_all(chosen: Plan, seen: Sequence[Seen]) -> bool:
    """Whether each point that any panel marks is marked in a panel beside a gutter."""
    beside = [one for one, gutter in ((seen[0], chosen.left), (seen[-1], chosen.right)) if gutter]
    return {mark.id for one in seen for mark in one.marks} == {mark.id for one in beside for mark in one.marks}


def _scale(figures: Sequence[Figure], rows: tuple[tuple[int, ...], ...], width: float) -> float:
    _, top, _, bottom = figures[0].box
    fitting: list[float] = []
    for row in rows:
        taken = 2 * MARGIN + GAP * (len(row) - 1) + 2 * PAD * len(row)
        fitting.append((width - taken) / sum(_width(figures[index]) for index in row))
    return min(*fitting, LARGEST_SCALE, TALLEST / len(rows) / (bottom - top))


def _width(figure: Figure) -> float:
    return figure.box[2] - figure.box[0]


def panels(
    chosen: Plan, seen: Sequence[Seen], figures: Sequence[Figure], width: float, top: float, heading: float
) -> tuple[Panel, ...]:
    """Every panel below `top`, in the order of the views; `heading` is the room for a view's name."""
    placed: list[Panel] = []
    _, high, _, low = figures[0].box
    tall = (low - high) * chosen.scale
    for row in chosen.rows:
        widths = [_width(figures[index]) * chosen.scale + 2 * PAD for index in row]
        spare = width - 2 * MARGIN - chosen.left - chosen.right - sum(widths) - GAP * (len(row) - 1)
        between = GAP + spare / (len(row) + 1) * 0.6
        x = MARGIN + chosen.left + (spare - (between - GAP) * (len(row) - 1)) / 2
        for index, wide in zip(row, widths, strict=True):
            box = (x, top + heading, x + wide, top + heading + tall)
            frame = Frame(chosen.scale, x + PAD - figures[index].box[0] * chosen.scale, box[1] - high * chosen.scale)
            gutters = _gutters(chosen, box, first=index == row[0], last=index == row[-1])
            placed.append(Panel(seen[index], figures[index], frame, box, top, gutters))
            x += wide + between
        top = placed[-1].box[3] + ROW_GAP
    return tuple(placed)


def _gutters(chosen: Plan, box: Box, *, first: bool, last: bool) -> tuple[Gutter, ...]:
    """The gutters beside a panel; the plate's first one leaves room for the locator at its foot."""
    left, top, right, bottom = box
    above = bottom - locator_tall(bottom - top) - LABEL_GAP
    columns = []
    if chosen.left and first:
        columns.append(Gutter("left", left - LABEL_GAP, top, above))
    if chosen.right and last:
        columns.append(Gutter("right", right + LABEL_GAP, top, bottom if chosen.left else above))
    return tuple(columns)


def locator_tall(panel: float) -> float:
    """How tall the locator in a gutter is, beside a panel that is `panel` mm tall."""
    return min(LOCATOR_TALLEST, LOCATOR_SHARE * panel)
