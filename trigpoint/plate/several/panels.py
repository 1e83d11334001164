"""Plates of several muscles: small multiples, or all on one body.

One scale and one crop for all panels. Panels carry no leaders: a muscle is named over its panel or in the legend. This
room decides panels and their headings; painting and furniture are those of the plate of one muscle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

import shapely
from shapely import MultiLineString, MultiPolygon

from ...atlas import Atlas
from ...geometry.frame import Box, Frame
from ...geometry.rings import areas_in, lines_in, lines_of, union
from ...scene import Item, Path, Text
from ...style import Style
from ...words import inside, listing, name, word
from ...words.measure import ASCENT, least_width, width
from ...words.paragraph import balanced
from .. import crop, furniture, linework, marks, paint
from ..content import CACHED, Seen, gather
from ..layout import GAP, LARGEST_SCALE, MARGIN, PAD, ROW_GAP, WIDEST_GAP, Panel, refuse_too_small
from ..muscle_styles import Hue, hatch, hue
from ..spec import Spec

Layout = Literal["grid", "together", "count", "prevalence"]

TALLEST_PAGE = 205.0  # mm for all rows of panels: a page less title, legend and credit
LEAST_STEP = 30.0  # mm from one panel to the next: room for the words over it
SMALL_MARK = 0.75
LETTER_GAP = 0.6  # of a heading's size, from its letter
LOWERED = (0.0, 2.0, 4.0)  # mm by which side marks may stand lower than on a plate of one muscle


@dataclass(frozen=True, eq=False)
class Cell:
    """One panel to be: the muscles on it, each with its look, and the words over it.

    `remarks` say what it lacks and, in a side view, where back and front are.
    """

    specs: tuple[Spec, ...]
    subjects: tuple[tuple[Seen, Hue], ...]
    merged: Seen
    heading: str
    letter: str
    depths: tuple[int, ...]
    """Which layer of the body each muscle lies in: 1 on the bone, 5 under the skin."""
    remarks: tuple[str, ...] = ()


def cells(atlas: Atlas, specs: Sequence[Spec], layout: Layout, style: Style) -> list[Cell]:
    """The panels of a plate: one per muscle and view in a grid, else one per view."""
    if layout == "grid":
        return _grid(atlas, specs, small_marks(style))
    seen = [gather(atlas, spec) for spec in specs]
    plain = Hue(style, None)
    looks = [hue(style, number) if layout == "together" else plain for number in range(len(specs))]
    depths = tuple(atlas.muscle(spec.muscle).layer for spec in specs)
    language = specs[0].language
    return [
        Cell(
            tuple(specs),
            tuple(zip(each, looks, strict=True)),
            merge(each),
            word(f"view.{view}", language),
            "",
            depths,
            _direction(view, language),
        )
        for view, each in zip(specs[0].views, zip(*seen, strict=True), strict=True)
    ]


def _grid(atlas: Atlas, specs: Sequence[Spec], style: Style) -> list[Cell]:
    """A panel for each muscle and view; the heading tells the view where they are not all the same."""
    alike = one_view(specs)
    found: list[Cell] = []
    for spec in specs:
        for one in gather(atlas, spec):
            words = name(atlas.muscle(spec.muscle).names, spec.language)
            heading = words if alike else _with_view(words, one.view, spec.language)
            unseen = remark(atlas, spec, [one])
            remarks = (*_direction(one.view, spec.language), *([unseen] if unseen else []))
            subjects = ((one, Hue(style, None)),)
            found.append(Cell((spec,), subjects, one, heading, furniture.letter(len(found)), (0,), remarks))
    return found


def one_view(specs: Sequence[Spec]) -> bool:
    """Whether all panels of the plate are seen from the same side."""
    return len({view for spec in specs for view in spec.views}) == 1


def _direction(view: str, language: str) -> tuple[str, ...]:
    return (word(f"direction.{view}", language),) if view in furniture.LATERAL else ()


def _with_view(muscle: str, view: str, language: str) -> str:
    return word("heading", language).format(muscle=muscle, view=inside(word(f"view.{view}", language), language))


def remark(atlas: Atlas, spec: Spec, seen: Sequence[Seen]) -> str:
    """Which points' positions these views cannot show, in words; empty where they show all."""
    shown = {mark.id for one in seen for mark in one.marks}
    hidden = tuple(str(atlas.point(point).number) for point in spec.points if point not in shown)
    if not hidden or "points" not in spec.layers:
        return ""
    key = ("hidden.all" if not shown else "hidden.some") + (".one" if len(hidden) == 1 else "")
    words = word(key, spec.language)
    views = listing(tuple(word(f"from.{one.view}", spec.language) for one in seen), spec.language)
    return words.format(numbers=listing(hidden, spec.language), view=views)


def small_marks(style: Style) -> Style:
    """A style for panels of a few centimetres."""
    return replace(
        style,
        mark_size=SMALL_MARK * style.mark_size,
        mark_width=SMALL_MARK * style.mark_width,
        mark_halo_width=SMALL_MARK * style.mark_halo_width,
        size_side=max(style.least_text, SMALL_MARK * style.size_side),
        size_number=max(style.least_text, SMALL_MARK * style.size_number),
        outline_width=max(style.least_line, SMALL_MARK * style.outline_width),
    )


@lru_cache(CACHED)
def merge(seen: tuple[Seen, ...]) -> Seen:
    """Several muscles in one view, as one: what crop and scale must hold."""
    first = seen[0]
    return Seen(
        first.view,
        first.outline,
        union(one.muscle for one in seen),
        MultiLineString(),
        union(one.essential for one in seen),
        union(one.spillover for one in seen),
        tuple(mark for one in seen for mark in one.marks),
        MultiLineString(),
    )


def place(
    found: Sequence[Cell],
    width_mm: float,
    top: float,
    style: Style,
    *,
    heads: bool,
    aside: bool,
    muscles: bool,
    tallest: float,
) -> list[Panel]:
    """The cells in rows, as large as the page allows without leaving a row half empty; headings have room if `heads`,
    beside letters that stand `aside`.

    Zones and points decide the crop, and with `muscles` the muscles too; else a longer one ends softly with the body.
    """
    held = [cell.merged if muscles else replace(cell.merged, muscle=MultiPolygon()) for cell in found]
    high, low = crop.band(held)
    figures = [crop.figure(one, high, low) for one in held]
    wide = max(figure.box[2] - figure.box[0] for figure in figures)
    best: tuple[float, float, int, list[float]] = (0.0, 0.0, 1, [0.0] * len(found))
    for columns in range(1, len(found) + 1):
        room = (width_mm - 2 * MARGIN) / columns
        rows = [found[start : start + columns] for start in range(0, len(found), columns)]
        headings = [heading_height(row, room, style, aside=aside) if heads else 0.0 for row in rows]
        across = (width_mm - 2 * MARGIN - GAP * (columns - 1)) / columns - 2 * PAD
        down = (tallest - sum(headings) - len(rows) * ROW_GAP) / len(rows)
        scale = min(across / wide, down / (low - high), LARGEST_SCALE)
        if heads and columns > 1 and not all(_said(cell, room, style, aside=aside).whole for cell in found):
            break
        filled = len(found) / (columns * len(rows))
        best = max(best, (scale * filled, scale, columns, headings))
    _, scale, columns, headings = best
    tall = (low - high) * scale
    refuse_too_small(tall)
    step = min((width_mm - 2 * MARGIN) / columns, max(wide * scale + 2 * PAD + WIDEST_GAP, LEAST_STEP))
    if heads:  # words over panels that stand closer take more lines
        rows = [found[start : start + columns] for start in range(0, len(found), columns)]
        headings = [heading_height(row, step, style, aside=aside) for row in rows]
    before = (width_mm - step * columns) / 2
    panels = []
    for number, (cell, figure) in enumerate(zip(found, figures, strict=True)):
        row, column = divmod(number, columns)
        in_row = min(columns, len(found) - row * columns)
        left = before + column * step + (columns - in_row) * step / 2
        heading = headings[row]
        y = top + sum(headings[:row]) + row * (tall + ROW_GAP)
        middle = left + step / 2 - (figure.box[0] + figure.box[2]) / 2 * scale
        frame = Frame(scale, middle, y + heading - high * scale)
        box = (left, y + heading, left + step, y + heading + tall)
        panels.append(Panel(cell.merged, figure, frame, box, y, (), frozenset(), left + step / 2))
    return panels


def head(cell: Cell, panel: Panel, style: Style, *, aside: bool) -> list[Item]:
    """The words over a panel, after its letter unless that stands `aside`, wrapped to the panel, and its remarks."""
    left, _, right, _ = panel.box
    size, middle = style.size_label, (left + right) / 2
    said = _said(cell, right - left, style, aside=aside)
    y = panel.heading + size
    x = middle - (max(width(row, size, said.weight) for row in said.rows) + said.indent) / 2
    x = max(x, left + _beside(style)) if aside else x
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
    """The words over a panel in lines, and how far those of the heading stand right of its letter."""

    rows: tuple[str, ...]
    remarks: tuple[str, ...]
    indent: float
    weight: Literal["normal", "bold"]
    whole: bool
    """Whether every word of the heading stands on one line."""


def _said(cell: Cell, room: float, style: Style, *, aside: bool) -> _Said:
    """What fits over a panel `room` mm wide."""
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


def heading_height(found: Sequence[Cell], room: float, style: Style, *, aside: bool) -> float:
    """Room over a row of panels `room` mm wide for the longest heading with its remarks."""
    every = [_said(cell, room, style, aside=aside) for cell in found]
    rows = max(len(said.rows) * style.size_label + len(said.remarks) * style.least_text for said in every)
    return rows * style.line_spacing + ASCENT


def sides(panels: Sequence[Panel], language: str, style: Style) -> Sequence[Sequence[Text]]:
    """R and L of each panel, at one height near the foot: where they stand nearest to the bodies, not by the hands."""
    found = []
    for low in LOWERED:
        lowered = (panel._replace(box=(*panel.box[:3], panel.box[3] + low)) for panel in panels)
        found.append([furniture.side_marks(panel, language, style, outer="right") for panel in lowered])
    return min(found, key=lambda some: sum(_apart(each, panel) for each, panel in zip(some, panels, strict=True)))


def _apart(sides: Sequence[Text], panel: Panel) -> float:
    middle = (panel.box[0] + panel.box[2]) / 2
    return max(abs(side.x - middle) for side in sides)


def muscle(cell: Cell, panel: Panel, *, fibres: bool) -> list[Item]:
    """The muscles, the deepest first, as far as the panel goes."""
    items: list[Item] = []
    for _, (seen, look) in sorted(zip(cell.depths, cell.subjects, strict=True), key=lambda pair: pair[0]):
        items += paint.muscle(panel._replace(seen=_within(seen, panel)), look.style, fibres=fibres)
    return items


def _within(seen: Seen, panel: Panel) -> Seen:
    """The muscle of a view, cut where the panel cuts the body."""
    _, top, _, bottom = panel.figure.box
    left, high, right, low = seen.outline.silhouette.bounds
    if seen.muscle.is_empty or (top <= seen.muscle.bounds[1] and seen.muscle.bounds[3] <= bottom):
        return seen
    window = shapely.box(left, max(high, top), right, min(low, bottom))
    muscle, fibres = (shapely.intersection(shape, window) for shape in (seen.muscle, seen.fibres))
    return replace(seen, muscle=areas_in(muscle), fibres=lines_in(fibres))


def spillover(cell: Cell, panel: Panel) -> list[Item]:
    """The spillover zones, off every essential zone of the panel."""
    items: list[Item] = []
    for seen, look in cell.subjects:
        items += paint.spillover(panel._replace(seen=_bare(seen, cell.merged)), look.style)
    return items


def spills(cell: Cell) -> bool:
    """Whether any spillover zone is drawn on the panel."""
    return any(not linework.spillover(_bare(seen, cell.merged)).is_empty for seen, _ in cell.subjects)


@lru_cache(CACHED)
def _bare(seen: Seen, merged: Seen) -> Seen:
    """One muscle without its spillover where another one's essential zone lies."""
    if seen is merged:
        return seen
    return replace(seen, spillover=areas_in(shapely.difference(seen.spillover, merged.essential)))


def essential(cell: Cell, panel: Panel, *, muscle_shown: bool) -> list[Item]:
    """The essential zones with their patterns; where two lie over each other, both patterns show."""
    items: list[Item] = []
    several = len(cell.subjects) > 1
    for seen, look in cell.subjects:
        here = panel._replace(seen=seen)
        items += paint.essential(here, look.style, muscle_shown=muscle_shown and not several)
    for seen, look in cell.subjects if several else ():
        if look.angle is not None:
            lines = lines_of(hatch(panel.frame.shape(seen.essential), look.angle, look.style.hatch_spacing))
            items += [Path(lines, closed=False, stroke=look.pattern, width=look.style.hatch_width)] if lines else []
        items += paint.edge(panel._replace(seen=seen), look.style)
    return items


def points(cell: Cell, panel: Panel, style: Style, blocked: Sequence[Box]) -> list[Item]:
    """Every X and its number; where the panel shows several muscles, after the letter of the muscle."""
    if len(cell.subjects) == 1:
        _, look = cell.subjects[0]
        return [*marks.crosses(panel, look.style), *marks.numbers(panel, (), look.style, (), blocked)]
    tags = [
        ((f"{furniture.letter(index)}{mark.number}", furniture.letter(index)), panel.frame.point(*mark.place))
        for index, (seen, _) in enumerate(cell.subjects)
        for mark in seen.marks
    ]
    small = replace(style, size_number=max(style.least_text, SMALL_MARK * style.size_number))
    return [*marks.crosses(panel, style), *marks.tags(tags, blocked, small)]
