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
PAD = 3.0  # room beside a body for the side marks
GAP = 3.0  # between two panels
ROW_GAP = 4.0
LABEL_GAP = 1.5  # between a panel and the labels of its gutter
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


def plan(figures: Sequence[Figure], width: float, gutter: float, near: str) -> Plan:
    """Choose gutters and rows for a page width; `gutter` is the width that labels ask for (0: there are none)."""
    everything = tuple(range(len(figures)))
    single = {"left": (gutter, 0.0), "right": (0.0, gutter)}[near]
    for left, right in ((gutter, gutter), single) if len(figures) > 1 else (single,):
        scale = _scale(figures, (everything,), width - left - right)
        if gutter and scale >= LABELLED_SCALE:
            return Plan(scale, (everything,), left, right)
    for count in range(1, len(figures) + 1):
        size = -(-len(figures) // count)
        rows = tuple(everything[start : start + size] for start in range(0, len(figures), size))
        scale = _scale(figures, rows, width)
        if scale >= ROW_SCALE:
            break
    return Plan(scale, rows)


def _scale(figures: Sequence[Figure], rows: tuple[tuple[int, ...], ...], width: float) -> float:
    _, top, _, bottom = figures[0].box
    fitting = []
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
    for row in chosen.rows:
        widths = [_width(figures[index]) * chosen.scale + 2 * PAD for index in row]
        spare = width - 2 * MARGIN - chosen.left - chosen.right - sum(widths) - GAP * (len(row) - 1)
        between = GAP + spare / (len(row) + 1) * 0.6
        x = MARGIN + chosen.left + (spare - (between - GAP) * (len(row) - 1)) / 2
        first, last = row[0], row[-1]
        for index, wide in zip(row, widths, strict=True):
            box = (x, top + heading, x + wide, top + heading + (low - high) * chosen.scale)
            frame = Frame(chosen.scale, x + PAD - figures[index].box[0] * chosen.scale, box[1] - high * chosen.scale)
            columns = []
            if chosen.left and index == first:
                columns.append(Gutter("left", box[0] - LABEL_GAP, box[1], box[3]))
            if chosen.right and index == last:
                columns.append(Gutter("right", box[2] + LABEL_GAP, box[1], box[3]))
            placed.append(Panel(seen[index], figures[index], frame, box, top, tuple(columns)))
            x += wide + between
        top = placed[-1].box[3] + ROW_GAP
    return tuple(placed)
