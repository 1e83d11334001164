"""The furniture around the panels: title, view names, panel letters, side marks, locator. Lengths are mm on paper.

Functions of stacked blocks take the height where a block begins and return its items and its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import shapely

from ..geometry.frame import Box, Frame, corners
from ..geometry.lines import enters
from ..geometry.rings import rings_of
from ..scene import Anchor, Item, Path, Text
from ..style import Style
from ..words import word
from ..words.measure import ASCENT, width
from ..words.paragraph import balanced
from ..words.phrase import phrase
from .content import CACHED, LATERAL, Seen
from .crop import Figure, small
from .labels.label import letter, text_box
from .layout import MARGIN, Panel, locator_tall

TextBlock: TypeAlias = tuple[list[Item], float]
Side: TypeAlias = Literal["left", "right"]

START: Anchor = "start"
END: Anchor = "end"
LOCATOR_AIR = 12.0  # mm on the body, between the body and the frame
LOCATOR_GAP = 4.0  # between a gutter's edge and the locator
SIDE_DEPTH = 8.0  # the side marks stand this far above the lower edge of a panel
SIDE_SHARE = 0.2  # in a low panel the side marks stand at this share of its height
SIDE_CLIMB = 0.6  # of a panel's height: the range of the side marks
SIDE_STEP = 1.0  # mm from one place tried for side marks to the next
SIDE_AIR = 0.4  # mm around side marks
CLOSER = 0.8  # mm that a side mark may stand closer to the body, to keep the margin


def lines(texts: Sequence[str], x: float, top: float, size: float, style: Style, **look: object) -> TextBlock:
    """Lines of text below each other."""
    step, first = size * style.line_spacing, top + size * ASCENT
    items = [Text(x, first + index * step, text, size, **look) for index, text in enumerate(texts)]  # type: ignore[arg-type]
    return [*items], top + step * len(texts)


def fitting(text: str, room: float, size: float, least: float, weight: str = "normal") -> float:
    """The size at which a line of text fits, at least `least` (a longer text is wrapped)."""
    wide = width(text, size, weight)
    return max(least, min(size, size * room / wide)) if wide else size  # a text may hold only signs without width


def title(name: str, subtitle: str, top: float, room: float, style: Style) -> TextBlock:
    """The plate's title and subtitle."""
    size = fitting(name, room, style.size_title, style.size_subtitle, "bold")
    items, y = lines(phrase(name, room, size, "bold"), MARGIN, top, size, style, weight="bold", fill=style.text)
    size = fitting(subtitle, room, style.size_subtitle, style.size_credit)
    below, y = lines(balanced(subtitle, room, size), MARGIN, y + 0.4, size, style, fill=style.text_quiet)
    return [*items, *below], y + 2.5


def letter_heading(style: Style) -> float:
    """Room over the panels for their letters."""
    return style.size_side * style.line_spacing


def panel_letter(panel: Panel, number: int, style: Style) -> list[Item]:
    """A panel's letter over its upper left corner."""
    y = panel.heading + style.size_side * ASCENT
    return [Text(panel.box[0], y, letter(number).upper(), style.size_side, weight="bold", fill=style.text)]


def view_heading(views: Iterable[str], style: Style) -> float:
    """Room over the panels for the names of the views."""
    lateral = any(view in LATERAL for view in views)
    return style.line_spacing * (style.size_view + (style.size_credit if lateral else 0.0)) + 1.5


def view_width(view: str, language: str, style: Style) -> float:
    """The width of the view's name, or of the words under it if they are wider."""
    wide = width(word(f"view.{view}", language), style.size_view, "bold")
    if view not in LATERAL:
        return wide
    return max(wide, width(word(f"direction.{view}", language), style.size_credit))


def view_name(panel: Panel, language: str, style: Style, *, below: float = 0.0) -> list[Item]:
    """The view's name over its panel, `below` mm under its top; in a side view also the directions back and front."""
    middle, y = panel.middle, panel.heading + below + style.size_view * ASCENT
    text = word(f"view.{panel.view}", language)
    items: list[Item] = [Text(middle, y, text, style.size_view, "middle", "bold", fill=style.text)]
    if panel.view in LATERAL:
        y += style.size_credit * style.line_spacing
        text = word(f"direction.{panel.view}", language)
        items.append(Text(middle, y, text, style.size_credit, "middle", fill=style.text_quiet))
    return items


def side_marks(panel: Panel, language: str, style: Style, *, outer: Side, written: Sequence[Item] = ()) -> list[Text]:
    """R and L beside the body, near its lower edge or at the next height clear of the `written` items; in a side view
    the letter of the visible side, on the plate's `outer` side.
    """
    tall = panel.box[3] - panel.box[1]
    usually = panel.box[3] - min(SIDE_DEPTH, SIDE_SHARE * tall)
    usual = _side_marks(panel, usually, language, style, outer)
    heights = np.arange(usually - SIDE_CLIMB * tall, panel.box[3] - SIDE_AIR, SIDE_STEP).tolist() if written else []
    nearest = [usually, *sorted(heights, key=lambda y: abs(y - usually))]
    tried = (_side_marks(panel, y, language, style, outer) for y in nearest)
    return next((marks for marks in tried if _clear(marks, written)), usual)


def _clear(marks: Iterable[Text], written: Iterable[Item]) -> bool:
    """Whether no line and no text comes near the marks."""
    boxes = [(a - SIDE_AIR, b - SIDE_AIR, c + SIDE_AIR, d + SIDE_AIR) for a, b, c, d in map(text_box, marks)]
    return not any(_meets(item, box) for box in boxes for item in written)


def _meets(item: Item, box: Box) -> bool:
    """Whether a line or a text enters a box; dots never do."""
    if isinstance(item, Text):
        left, top, right, bottom = text_box(item)
        return left < box[2] and box[0] < right and top < box[3] and box[1] < bottom
    lines = item.rings if isinstance(item, Path) else ()
    near = [line for line in lines if line[:, 1].min() < box[3] and line[:, 1].max() > box[1]]
    return any(enters(np.hstack([line[:-1], line[1:]]), box).any() for line in near)


def _side_marks(panel: Panel, y: float, language: str, style: Style, outer: Side) -> list[Text]:
    left, right = _edges(panel, y)
    if panel.view in LATERAL:
        marks = [(panel.view, left, END) if outer == "left" else (panel.view, right, START)]
    else:
        first, second = ("left", "right") if panel.view == "posterior" else ("right", "left")
        marks = [(first, left, END), (second, right, START)]
        if panel.figure.half:
            low, _, high, _ = panel.seen.box or panel.figure.box
            marks = marks[1:] if low + high > 0 else marks[:1]
    said = [(word(f"mark.{side}", language), x, anchor) for side, x, anchor in marks]
    return [
        Text(_kept_in(panel, text, x, anchor, style), y, text, style.size_side, anchor, "bold", fill=style.text)
        for text, x, anchor in said
    ]


def _kept_in(panel: Panel, text: str, x: float, anchor: Anchor, style: Style) -> float:
    """The x of a letter beside the body: a little closer to it where the letter would leave the panel's box."""
    wide = width(text, style.size_side, "bold")
    over = wide - (x - panel.box[0] if anchor == END else panel.box[2] - x)
    closer = max(0.0, min(over, CLOSER))
    return x + closer if anchor == END else x - closer


def _edges(panel: Panel, y: float) -> tuple[float, float]:
    """The left and right edge of the body around a height of the page, plus a little air."""
    x0, x1 = _reach(panel.figure, panel.frame.body_box((panel.box[0], y - 4.5, panel.box[2], y + 1.5)))
    return panel.frame.point(x0, 0)[0] - 1.6, panel.frame.point(x1, 0)[0] + 1.6


@lru_cache(CACHED)
def _reach(figure: Figure, box: Box) -> tuple[float, float]:
    """The least and the largest x of the body inside a box, both in the view frame."""
    strip = shapely.intersection(figure.fill, shapely.box(*box))
    x0, _, x1, _ = strip.bounds if not strip.is_empty else figure.box
    return x0, x1


class Locator(NamedTuple):
    """The whole body of one view, small, with the crop (a box of the body) framed.

    It stands at the foot of the last gutter, or if `beside`, right of the last row where that leaves room, else in the
    foot.
    """

    whole: Seen
    framed: Box
    beside: bool = True

    def spot(self, panels: Sequence[Panel], page: float) -> Box | None:
        """Its box beside the panels of a page of that width; None where there is no room."""
        hosts = [panel for panel in panels if panel.gutters]
        last = (hosts or panels)[-1]
        _, top, right, bottom = last.box
        tall = locator_tall(bottom - top)
        wide = self.width(tall)
        if not hosts:
            fits = self.beside and page - MARGIN - right >= wide + 1.0
            return (page - MARGIN - wide, bottom - tall, page - MARGIN, bottom) if fits else None
        gutter = last.gutters[-1]
        near = gutter.x + LOCATOR_GAP if gutter.side == "right" else gutter.x - LOCATOR_GAP - wide
        return near, bottom - tall, near + wide, bottom

    def draw(self, spot: Box, style: Style) -> list[Item]:
        """The body in a box of the page."""
        x0, y0, x1, y1 = self.whole.outline.silhouette.bounds
        frame = Frame((spot[3] - spot[1]) / (y1 - y0), 0.0, 0.0)
        frame = Frame(frame.scale, spot[0] - x0 * frame.scale, spot[3] - y1 * frame.scale)
        body = tuple(frame.points(ring) for ring in rings_of(small(self.whole)))
        west, high, east, low = self.framed
        box = (*frame.point(max(x0, west - LOCATOR_AIR), high), *frame.point(min(x1, east + LOCATOR_AIR), low))
        edge = Path((corners(box),), stroke=style.locator_frame, width=style.locator_frame_width)
        return [Path(body, fill=style.locator_fill), edge]

    def width(self, tall: float) -> float:
        """Its width at a height."""
        x0, y0, x1, y1 = self.whole.outline.silhouette.bounds
        return (x1 - x0) * tall / (y1 - y0)
