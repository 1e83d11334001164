"""The panels of several muscles, or of an overlay, in rows of one scale and one crop, without leaders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shapely import MultiPolygon

from ...geometry.frame import Frame
from .. import crop
from ..cells import Cell
from ..headings import heading_height, unbroken
from ..labels.assignment import NOTHING_NAMED, Labelling
from ..layout import LARGEST_SCALE, MARGIN, PAD, PANEL_GAP, ROW_GAP, WIDEST_GAP, Panel, refuse_too_small
from ..page import Page
from ..panel_layers import PanelLayers
from .overlay import Overlay

LEAST_STEP = 30.0  # mm from one panel to the next: room for its heading
LOWERED = (0.0, 2.0, 4.0)  # mm that side marks may stand lower than on a plate of one muscle


class PanelRows:
    """The cells of a page as rows of panels.

    The crop holds all zones and points, and muscles on one body or without zones; other muscles fade at the crop.
    """

    locator = None
    insets = ()
    tallest = 205.0  # mm for all rows of panels: a page less title, legend and credit

    def __init__(self, page: Page, cells: Sequence[Cell], overlay: Overlay | None) -> None:
        self.page, self.cells, self.overlay = page, cells, overlay
        whole = page.layout == "together" or "zones" not in page.spec.layers
        held = [cell.merged if whole else replace(cell.merged, muscle=MultiPolygon()) for cell in cells]
        self.high, self.low = crop.band(held)
        self.figures = [crop.figure(one, self.high, self.low) for one in held]
        self.wide = max(figure.box[2] - figure.box[0] for figure in self.figures)

    def laid(self, top: float, tallest: float) -> tuple[tuple[Panel, ...], Labelling]:
        """The panels below a height of the page, as large as fit into rows that are well filled."""
        scale, columns = self._best(tallest)
        tall = (self.low - self.high) * scale
        refuse_too_small(tall)
        room = self.page.spec.width - 2 * MARGIN
        step = min(room / columns, max(self.wide * scale + 2 * PAD + WIDEST_GAP, LEAST_STEP))
        headings = self._headings(columns, step)
        before = (self.page.spec.width - step * columns) / 2
        panels = []
        for number, (cell, figure) in enumerate(zip(self.cells, self.figures, strict=True)):
            row, column = divmod(number, columns)
            in_row = min(columns, len(self.cells) - row * columns)
            left = before + column * step + (columns - in_row) * step / 2
            top_of_row = top + sum(headings[:row]) + row * (tall + ROW_GAP)
            y = top_of_row + headings[row]
            middle = left + step / 2 - (figure.box[0] + figure.box[2]) / 2 * scale
            frame, box = Frame(scale, middle, y - self.high * scale), (left, y, left + step, y + tall)
            panels.append(Panel(cell.merged, figure, frame, box, top_of_row, (), frozenset(), left + step / 2))
        return tuple(panels), NOTHING_NAMED

    def _best(self, tallest: float) -> tuple[float, int]:
        """The scale and the columns of the best rows, with no more columns than unbroken headings allow."""
        best = (0.0, 0.0, 1)
        room = self.page.spec.width - 2 * MARGIN
        for columns in range(1, len(self.cells) + 1):
            headings = self._headings(columns, room / columns)
            across = (room - PANEL_GAP * (columns - 1)) / columns - 2 * PAD
            down = (tallest - sum(headings) - len(headings) * ROW_GAP) / len(headings)
            scale = min(across / self.wide, down / (self.low - self.high), LARGEST_SCALE)
            if columns > 1 and not all(unbroken(cell, room / columns, self.page) for cell in self.cells):
                break
            best = max(best, (scale * len(self.cells) / (columns * len(headings)), scale, columns))
        return best[1:]

    def _headings(self, columns: int, room: float) -> list[float]:
        """The height of the heading over each row, with panels `room` mm wide."""
        rows = (self.cells[start : start + columns] for start in range(0, len(self.cells), columns))
        return [heading_height(row, room, self.page) for row in rows]

    def remarks(self, _: Labelling) -> tuple[str, ...]:
        """No remarks: rows leave nothing out."""
        return ()

    def layers(self, panels: Sequence[Panel], found: Labelling) -> tuple[PanelLayers, ...]:
        """The panels to be drawn, with side marks at one height for all: that nearest to the bodies."""
        steps = self.overlay.steps if self.overlay else ((),) * len(panels)
        every = [
            tuple(
                PanelLayers(self.page, cell, panel, found, lowered=low, steps=each)
                for cell, panel, each in zip(self.cells, panels, steps, strict=True)
            )
            for low in LOWERED
        ]
        return min(every, key=lambda some: sum(map(_apart, some)))


def _apart(one: PanelLayers) -> float:
    """The greatest distance of the side marks of a panel from its middle."""
    left, _, right, _ = one.panel.box
    return max((abs(side.x - (left + right) / 2) for side in one.sides), default=0.0)
