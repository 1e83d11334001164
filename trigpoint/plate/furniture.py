"""What stands around the panels: title, view names, side marks, locator, legend, key, credit.

Every function takes the height where it may begin and gives back what it drew and where it ended, in mm on paper. This
room knows how furniture looks and refuses to know what the words are about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np
import shapely

from ..geometry import Box, Frame, corners, lines_of, rings_of
from ..scene import Anchor, Dots, Item, Path, Points, Text
from ..stipple import stipple
from ..style import Style
from ..text import ASCENT, CAP_HEIGHT, width, wrap
from ..words import word
from . import acupoints, paint
from .content import Seen
from .crop import small
from .hues import Hue, hatch
from .label import BLANK_EMS, BLANK_TALL, Label, rule
from .layout import MARGIN, Panel, locator_tall

Block: TypeAlias = tuple[list[Item], float]
Symbol: TypeAlias = "str | Callable[[Box, Style], list[Item]]"  # a name of SYMBOLS, or what draws it into a box
Side: TypeAlias = Literal["left", "right"]

START: Anchor = "start"
END: Anchor = "end"
LATERAL = ("left", "right")
SWATCH = (6.2, 3.0)
SOLID_SHARE = 0.55  # of the swatch of one muscle among several
SWATCH_GAP = 1.5
ENTRY_GAP = 5.0
ROW_AIR = 1.1
LOCATOR_LOW = 19.0  # mm; beside the legend
LOCATOR_AIR = 12.0  # mm on the body, between the body and the frame
LOCATOR_GAP = 4.0  # between a gutter's edge and the locator
SIDE_DEPTH = 8.0  # the side marks stand this far above the lower edge of a panel
SIDE_SHARE = 0.2  # and in a low one at this share of its height


def lines(texts: Sequence[str], x: float, top: float, size: float, style: Style, **look: object) -> Block:
    """Lines of text below each other."""
    step = size * style.line_spacing
    first = top + size * ASCENT
    items: list[Item] = [
        Text(x, first + index * step, text, size, **look)  # type: ignore[arg-type]
        for index, text in enumerate(texts)
    ]
    return items, top + step * len(texts)


def fitting(text: str, room: float, size: float, least: float, weight: str = "normal") -> float:
    """The size at which a line of text fits, but not below `least`: then it is wrapped."""
    return max(least, min(size, size * room / width(text, size, weight)))


def title(name: str, subtitle: str, top: float, room: float, style: Style) -> Block:
    """The plate's name and what it shows."""
    size = fitting(name, room, style.size_title, style.size_subtitle, "bold")
    items, y = lines(wrap(name, room, size, "bold"), MARGIN, top, size, style, weight="bold", fill=style.text)
    size = fitting(subtitle, room, style.size_subtitle, style.size_credit)
    below, y = lines(wrap(subtitle, room, size), MARGIN, y + 0.4, size, style, fill=style.text_quiet)
    return [*items, *below], y + 2.5


def view_heading(views: Iterable[str], style: Style) -> float:
    """Room over the panels for the names of the views."""
    lateral = any(view in LATERAL for view in views)
    return style.line_spacing * (style.size_view + (style.size_credit if lateral else 0.0)) + 1.5


def view_name(panel: Panel, language: str, style: Style) -> list[Item]:
    """The view's name over its panel; under a side view's name which way is back and front."""
    left, _, right, _ = panel.box
    middle, y = (left + right) / 2, panel.heading + style.size_view * ASCENT
    items: list[Item] = []
    text = word(f"view.{panel.view}", language)
    items.append(Text(middle, y, text, style.size_view, "middle", "bold", fill=style.text))
    if panel.view in LATERAL:
        y += style.size_credit * style.line_spacing
        text = word(f"direction.{panel.view}", language)
        items.append(Text(middle, y, text, style.size_credit, "middle", fill=style.text_quiet))
    return items


def side_marks(panel: Panel, language: str, style: Style, *, outer: Side) -> list[Item]:
    """R and L beside the body; in a side view the letter of the side that is seen, on the plate's `outer` side."""
    y = panel.box[3] - min(SIDE_DEPTH, SIDE_SHARE * (panel.box[3] - panel.box[1]))
    left, right = _edges(panel, y)
    if panel.view in LATERAL:
        marks = [(panel.view, left, END) if outer == "left" else (panel.view, right, START)]
    else:
        first, second = ("left", "right") if panel.view == "posterior" else ("right", "left")
        marks = [(first, left, END), (second, right, START)]
    return [
        Text(x, y, word(f"mark.{side}", language), style.size_side, anchor, "bold", fill=style.text)
        for side, x, anchor in marks
    ]


def _edges(panel: Panel, y: float) -> tuple[float, float]:
    """Where the body ends to the left and right around a height of the page, plus a little air."""
    left, top, right, bottom = panel.frame.body_box((panel.box[0], y - 4.5, panel.box[2], y + 1.5))
    strip = shapely.intersection(panel.figure.fill, shapely.box(left, top, right, bottom))
    x0, _, x1, _ = strip.bounds if not strip.is_empty else panel.figure.box
    return panel.frame.point(x0, 0)[0] - 1.6, panel.frame.point(x1, 0)[0] + 1.6


def locator(panels: Sequence[Panel], one: Seen, crop: Box, right: float, bottom: float, style: Style) -> list[Item]:
    """The whole body of one view with the crop (a box of the body) framed: at the foot of the last gutter, if there is
    one, else with its lower right corner at `right`, `bottom`.
    """
    tall, hosts = LOCATOR_LOW, [panel for panel in panels if panel.gutters]
    left = right - locator_width(one, tall)
    if hosts:
        (gutter, *_), (_, top, _, bottom) = hosts[-1].gutters, hosts[-1].box
        tall = locator_tall(bottom - top)
        left = gutter.x + LOCATOR_GAP
        if gutter.side == "left":
            left = gutter.x - LOCATOR_GAP - locator_width(one, tall)
    x0, y0, x1, y1 = one.outline.silhouette.bounds
    scale = tall / (y1 - y0)
    frame = Frame(scale, left - x0 * scale, bottom - y1 * scale)
    body = tuple(frame.points(ring) for ring in rings_of(small(one)))
    west, high, east, low = crop
    box = (*frame.point(max(x0, west - LOCATOR_AIR), high), *frame.point(min(x1, east + LOCATOR_AIR), low))
    return [
        Path(body, fill=style.locator_fill),
        Path((corners(box),), stroke=style.locator_frame, width=style.locator_frame_width),
    ]


def locator_width(one: Seen, tall: float) -> float:
    """How wide a locator of that height is."""
    x0, y0, x1, y1 = one.outline.silhouette.bounds
    return (x1 - x0) * tall / (y1 - y0)


def legend(entries: Sequence[tuple[Symbol, str]], left: float, top: float, room: float, style: Style) -> Block:
    """Symbols and their words, in a row if they fit, else in columns; entries are (symbol, words)."""
    size, step = style.size_legend, style.size_legend * style.line_spacing
    beside = SWATCH[0] + SWATCH_GAP
    wide = [beside + width(text, size) + ENTRY_GAP for _, text in entries]
    columns = len(entries)
    for rows in range(1, len(entries) + 1):  # rows are filled evenly: four entries stand 4, 2 + 2, 1 + 1 + 1 + 1
        columns = -(-len(entries) // rows)
        if sum(_columns(wide, columns)) - ENTRY_GAP <= room:
            break
    starts = [left + sum(_columns(wide, columns)[:column]) for column in range(columns)]
    items: list[Item] = []
    deep = 0.0
    for index, (symbol, text) in enumerate(entries):
        column = index % columns
        if column == 0:
            top, deep = top + deep, 0.0
        words = wrap(text, room - beside, size) if columns == 1 else [text]
        draw = SYMBOLS[symbol] if isinstance(symbol, str) else symbol
        items += draw((starts[column], top, starts[column] + SWATCH[0], top + SWATCH[1]), style)
        first = top + SWATCH[1] / 2 + size * (CAP_HEIGHT / 2 - ASCENT)
        items += lines(words, starts[column] + beside, first, size, style, fill=style.text)[0]
        deep = max(deep, SWATCH[1] + ROW_AIR + (len(words) - 1) * step)
    return items, top + deep


def _columns(widths: Sequence[float], columns: int) -> list[float]:
    """The width of each column when entries fill them row by row."""
    return [max(widths[column::columns]) for column in range(columns)]


def key(labels: Sequence[Label], left: float, top: float, room: float, style: Style) -> Block:
    """The labels that found no gutter, below each other; a line to write on for those to be filled in."""
    items: list[Item] = []
    step = style.size_label * style.line_spacing
    for one in labels:
        x, baseline = left + one.indent(style), top + style.size_label * ASCENT
        items.append(Text(left, baseline, one.number, style.size_label, weight="bold", fill=style.text))
        if one.lines:
            text = wrap(one.text, room - one.indent(style), style.size_label)
            body, end = lines(text, x, top, style.size_label, style, fill=style.text)
            items += body
            top = max(end, top + step)
        else:
            items.append(rule(x, x + BLANK_EMS * style.size_label, baseline, style))
            top += BLANK_TALL * style.size_label
    return items, top


def _cross(box: Box, style: Style) -> list[Item]:
    x, y, arm = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, style.mark_size / 2
    strokes = tuple(np.array([(x - arm, y + turn * arm), (x + arm, y - turn * arm)]) for turn in (1, -1))
    return [Path(strokes, closed=False, stroke=style.mark, width=style.mark_width)]


def _essential(box: Box, style: Style) -> list[Item]:
    edge = {"stroke": style.essential_edge, "width": style.essential_edge_width}
    if not style.essential_lines:
        return [Path((corners(box),), fill=style.essential, **edge)]  # type: ignore[arg-type]
    lines = paint.hatched(shapely.box(*box), style)
    return [Path((corners(box),), fill=style.essential_ground), *lines, Path((corners(box),), **edge)]  # type: ignore[arg-type]


def _acupoint(box: Box, style: Style) -> list[Item]:
    return [acupoints.ring(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), style)]


def _doubtful(box: Box, style: Style) -> list[Item]:
    width = style.doubtful_edge_width
    return [Path((corners(box),), stroke=style.essential_edge, width=width, dash=style.doubtful_dash)]


def _spillover(box: Box, style: Style) -> list[Item]:
    left, top, _, _ = box
    dots = _sample(style.dot_spacing, style.dot_radius, style.dot_gap)
    edge = style.spillover_edge_width
    frame = Path((corners(box),), stroke=style.spillover_edge, width=edge, dash=style.spillover_dash)
    return [Dots(dots + np.array([left, top]), style.dot_radius, style.spillover), frame]


@lru_cache(16)
def _sample(spacing: float, radius: float, gap: float) -> Points:
    """The stipple of a swatch at the page's corner, the same on every plate."""
    return stipple(shapely.box(0, 0, *SWATCH), spacing=spacing, radius=radius, gap=gap)


def _muscle(box: Box, style: Style) -> list[Item]:
    left, top, right, bottom = box
    share = (bottom - top) / (right - left)
    starts = np.linspace(left + 0.8, right - 1.6, 5)
    fibres = tuple(np.array([(x, bottom - 0.35), (x + 0.9, top + 0.35)]) for x in starts) if share else ()
    return [
        Path((corners(box),), fill=style.muscle, stroke=style.muscle_edge, width=style.muscle_edge_width),
        Path(fibres, closed=False, stroke=style.fibres, width=style.fibres_width),
    ]


def swatch(colour: str) -> Symbol:
    """A plain field of one colour."""
    return lambda box, style: [Path((corners(box),), fill=colour)]


def patterned(look: Hue) -> Symbol:
    """The zones of one muscle among several: essential to the left, spillover to the right."""

    def draw(box: Box, _: Style) -> list[Item]:
        style, middle = look.style, box[0] + SOLID_SHARE * (box[2] - box[0])
        solid, rest = (box[0], box[1], middle, box[3]), shapely.box(middle, *box[1:])
        lines = lines_of(hatch(shapely.box(*solid), look.angle, style.hatch_spacing)) if look.angle is not None else ()
        drawn = [Path(lines, closed=False, stroke=look.pattern, width=look.style.hatch_width)] if lines else []
        dots = stipple(rest, spacing=style.dot_spacing, radius=style.dot_radius, gap=style.dot_gap)
        edge = {"stroke": style.spillover_edge, "width": style.spillover_edge_width, "dash": style.spillover_dash}
        frame = Path((corners((middle, *box[1:])),), **edge)  # type: ignore[arg-type]
        return [Dots(dots, style.dot_radius, style.spillover), frame, *_essential(solid, style), *drawn]

    return draw


SYMBOLS: dict[str, Callable[[Box, Style], list[Item]]] = {
    "point": _cross,
    "essential": _essential,
    "spillover": _spillover,
    "muscle": _muscle,
    "doubtful": _doubtful,
    "acupoint": _acupoint,
}
