"""The words over a panel without labels: its letter, its heading, and its remarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from ..scene import Item, Text
from ..style import Style
from ..words.measure import ASCENT, least_width, width
from ..words.paragraph import balanced
from .cells import Cell
from .layout import Panel
from .page import Page

LETTER_GAP = 0.6  # of a heading's size, from its letter


def heading(cell: Cell, panel: Panel, page: Page) -> list[Item]:
    """The heading of a panel, wrapped to it, after its letter (unless that stands at the corner), and the remarks."""
    left, _, right, _ = panel.box
    style, middle = page.style, (left + right) / 2
    size, said = style.size_label, _said(cell, right - left, page)
    y = panel.heading + size
    x = middle - (max(width(row, size, said.weight) for row in said.rows) + said.indent) / 2
    x = max(x, left + _beside(style)) if page.shows("letters") else x
    items: list[Item] = [Text(x, y, cell.letter, size, weight="bold", fill=style.text)] if said.indent else []
    for row in said.rows:
        items.append(Text(x + said.indent, y, row, size, weight=said.weight, fill=style.text))
        y += size * style.line_spacing
    y -= (size - style.least_text) * style.line_spacing
    for number, row in enumerate(said.remarks):
        at = middle, y + number * style.least_text * style.line_spacing
        items.append(Text(*at, row, style.least_text, "middle", fill=style.text_quiet))
    return items


class _Said(NamedTuple):
    """The words over a panel in lines; `indent` is the room for a letter, `whole` whether no word is broken."""

    rows: tuple[str, ...]
    remarks: tuple[str, ...]
    indent: float
    weight: Literal["normal", "bold"]
    whole: bool


def _said(cell: Cell, room: float, page: Page) -> _Said:
    """The words as they fit over a panel `room` mm wide."""
    style, aside = page.style, page.shows("letters")
    size = style.size_label
    lettered = bool(cell.letter) and not aside
    indent = width(cell.letter, size, "bold") + LETTER_GAP * size if lettered else 0.0
    weight: Literal["normal", "bold"] = "normal" if cell.letter or aside else "bold"
    remarks = (row for said in cell.remarks for row in balanced(said, room - 1.0, style.least_text))
    free = room - indent - 1.0 - (_beside(style) if aside else 0.0)
    whole = least_width(cell.heading, size, weight) <= free
    return _Said(balanced(cell.heading, free, size, weight), tuple(remarks), indent, weight, whole)


def _beside(style: Style) -> float:
    """Room for the letter of a panel that stands at its upper left corner."""
    return width("AW", style.size_side, "bold") + LETTER_GAP * style.size_label


def heading_height(cells: Sequence[Cell], room: float, page: Page) -> float:
    """Room over a row of panels `room` mm wide for the longest heading with its remarks."""
    if not page.shows("labels"):
        return 0.0
    style, every = page.style, [_said(cell, room, page) for cell in cells]
    rows = max(len(said.rows) * style.size_label + len(said.remarks) * style.least_text for said in every)
    return rows * style.line_spacing + ASCENT


def unbroken(cell: Cell, room: float, page: Page) -> bool:
    """Whether a heading, if any, needs no line break inside a word over a panel `room` mm wide."""
    return not page.shows("labels") or _said(cell, room, page).whole
