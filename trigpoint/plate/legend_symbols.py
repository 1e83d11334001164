"""What stands in the legend: the plate's own dots, dashes, weights and colours, drawn into a small box of the page.

Every symbol is made from the style that the plate is drawn in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import shapely

from ..geometry.frame import Box, Points, corners
from ..geometry.rings import lines_of
from ..geometry.stipple import stipple
from ..scene import Dots, Item, Path
from ..style import Style
from . import paint
from .muscle_styles import Hue, hatch

Symbol: TypeAlias = "str | Callable[[Box, Style], list[Item]]"  # a name of SYMBOLS, or what draws it into a box

SWATCH = (6.2, 3.0)
SOLID_SHARE = 0.55  # of the swatch of one muscle among several


def drawn(symbol: Symbol, left: float, top: float, style: Style) -> list[Item]:
    """A symbol with its upper left corner at a place of the page."""
    draw = SYMBOLS[symbol] if isinstance(symbol, str) else symbol
    return draw((left, top, left + SWATCH[0], top + SWATCH[1]), style)


def bar(left: float, right: float, y: float, style: Style) -> Path:
    """A scale bar with its two ends marked."""
    tick = style.size_legend / 4
    ends = [np.array([(x, y - tick), (x, y + tick)]) for x in (left, right)]
    return Path((np.array([(left, y), (right, y)]), *ends), closed=False, stroke=style.text, width=style.outline_width)


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
    from . import acupoints  # few legends have one

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


def neutral(key: str) -> Symbol:
    """A symbol that stands for the zones of every muscle, in no muscle's colour."""

    def draw(box: Box, style: Style) -> list[Item]:
        fill, grey = style.locator_fill, style.text_quiet
        look = replace(style, essential=fill, essential_edge=grey, essential_lines=(), essential_cores=())
        return SYMBOLS[key](box, replace(look, spillover=grey, spillover_edge=grey))

    return draw


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
