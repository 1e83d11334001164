"""The legend: its entries with their words, and its symbols, drawn in the plate's style into small boxes of the page.

Only what is drawn has an entry. Several muscles on one body differ by the look of their zones; an overlay has entries
for its colours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import shapely

from ..geometry.frame import Box, Points, corners
from ..geometry.rings import lines_of
from ..geometry.stipple import stipple
from ..scene import Dots, Item, Path
from ..style import Style
from ..words import below, name, span, word
from . import marks, paint
from .cells import remark
from .labels.label import letter
from .muscle_styles import Hue, hatch, hue
from .page import Page
from .panel_layers import PanelLayers, spills

if TYPE_CHECKING:
    from .several.overlay import Overlay

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
    strokes = marks.cross(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), style.mark_size / 2)
    return [Path(strokes, closed=False, stroke=style.mark, width=style.mark_width)]


def _essential(box: Box, style: Style) -> list[Item]:
    edge = Path((corners(box),), stroke=style.essential_edge, width=style.essential_edge_width)
    body, (fill, clear) = Path((corners(box),), fill=style.body), paint.glaze(style)[0]
    zone = Path((corners(box),), fill=fill, opacity=clear)
    return [body, zone, *paint.hatched(shapely.box(*box), style), edge]


def _acupoint(box: Box, style: Style) -> list[Item]:
    from . import acupoints  # few legends have one

    return [acupoints.ring(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), style)]


def _doubtful(box: Box, style: Style) -> list[Item]:
    width = style.doubtful_edge_width
    return [Path((corners(box),), stroke=style.essential_edge, width=width, dash=style.doubtful_dash)]


def _spillover(box: Box, style: Style) -> list[Item]:
    dots = _sample(style.dot_spacing, style.dot_radius, style.dot_gap)
    body = Path((corners(box),), fill=style.body)
    return [body, Dots(dots + np.array(box[:2]), style.dot_radius, style.spillover), *_fence(box, style)]


def _fence(box: Box, style: Style) -> list[Item]:
    """The edge of a spillover swatch, in styles whose zones have one."""
    if not style.spillover_edge:
        return []
    width, dash = style.spillover_edge_width, style.spillover_dash
    return [Path((corners(box),), stroke=style.spillover_edge, width=width, dash=dash)]


@lru_cache(16)
def _sample(spacing: float, radius: float, gap: float) -> Points:
    """The stipple of a swatch at the page's corner, the same on every plate."""
    return stipple(shapely.box(0, 0, *SWATCH), spacing=spacing, radius=radius, gap=gap)[0]


def _muscle(box: Box, style: Style) -> list[Item]:
    left, top, right, bottom = box
    share = (bottom - top) / (right - left)
    starts = np.linspace(left + 0.8, right - 1.6, 5)
    fibres = tuple(np.array([(x, bottom - 0.35), (x + 0.9, top + 0.35)]) for x in starts) if share else ()
    return [
        Path((corners(box),), fill=style.muscle, stroke=style.muscle_edge, width=style.muscle_edge_width),
        Path(fibres, closed=False, stroke=style.fibres, width=style.fibres_width),
    ]


def _flesh(box: Box, style: Style) -> list[Item]:
    """A muscle in tones: light to the left, darker to the right."""
    left, top, right, bottom = box
    tones, items = style.muscle_tones[1::2], list[Item]()
    for number, tone in enumerate(tones):
        start = left + (right - left) * number / len(tones)
        items.append(Path((corners((start, top, right, bottom)),), fill=tone))
    starts = np.linspace(left + 0.5, right - 1.1, 8)
    fibres = tuple(np.array([(x, bottom - 0.3), (x + 0.6, top + 0.3)]) for x in starts)
    line = style.muscle_lines
    return [
        *items,
        Path(fibres, closed=False, stroke=line, width=style.fibres_width),
        Path((corners(box),), stroke=line, width=style.muscle_edge_width),
    ]


def swatch(colour: str) -> Symbol:
    """A plain field of one colour."""
    return lambda box, style: [Path((corners(box),), fill=colour)]


def neutral(key: str) -> Symbol:
    """A symbol that stands for the zones of every muscle, in no muscle's colour."""

    def draw(box: Box, style: Style) -> list[Item]:
        fill, grey = style.locator_fill, style.text_quiet
        look = replace(style, essential=fill, essential_edge=grey, essential_lines=(), essential_glaze=(1.0,))
        return SYMBOLS[key](box, replace(look, spillover=grey, spillover_edge=grey if style.spillover_edge else None))

    return draw


def patterned(look: Hue) -> Symbol:
    """The zones of one muscle among several: essential to the left, spillover to the right."""

    def draw(box: Box, _: Style) -> list[Item]:
        style, middle = look.style, box[0] + SOLID_SHARE * (box[2] - box[0])
        solid, rest = (box[0], box[1], middle, box[3]), shapely.box(middle, *box[1:])
        lines = lines_of(hatch(shapely.box(*solid), look.angle, style.hatch_spacing)) if look.angle is not None else ()
        hatched = [Path(lines, closed=False, stroke=look.pattern, width=look.style.hatch_width)] if lines else []
        dots, _depths = stipple(rest, spacing=style.dot_spacing, radius=style.dot_radius, gap=style.dot_gap)
        body = Path((corners((middle, *box[1:])),), fill=style.body)
        fence = _fence((middle, *box[1:]), style)
        return [body, Dots(dots, style.dot_radius, style.spillover), *fence, *_essential(solid, style), *hatched]

    return draw


SYMBOLS: dict[str, Callable[[Box, Style], list[Item]]] = {
    "point": _cross,
    "essential": _essential,
    "spillover": _spillover,
    "muscle": _muscle,
    "flesh": _flesh,
    "doubtful": _doubtful,
    "acupoint": _acupoint,
}


class Entry(NamedTuple):
    """A symbol, its words, and the bold letter before them."""

    symbol: Symbol
    words: str
    letter: str = ""


def entries(page: Page, layers: Sequence[PanelLayers], overlay: Overlay | None) -> list[Entry]:
    """The entries in their order, the muscle by its name unless the plate is a study plate; none without a legend."""
    if not page.shows("legend"):
        return []
    kinds = _kinds(page, layers)
    if overlay:
        kinds.pop("muscle", None)  # whose edges run through several colours
        return [*_steps(page, overlay), *(Entry(key, words) for key, words in kinds.items())]
    if page.layout == "together":
        if not page.shows("zones") or not any(spec.points for spec in page.specs):
            kinds.pop("muscle", None)  # every entry shows it
        return [*_muscles(page, layers), *(Entry(neutral(key), words) for key, words in kinds.items())]
    if page.layout in (None, "points") and (words := kinds.pop("muscle", "")):  # stands last
        names = page.atlas.muscle(page.spec.muscle).names
        kinds["muscle"] = words if page.spec.study else name(names, page.spec.language)
    return [Entry(_flesh_or(key, layers), words) for key, words in kinds.items()]


def _flesh_or(key: str, layers: Sequence[PanelLayers]) -> str:
    """The symbol of a key, that of a muscle in tones where one is drawn so."""
    drawn = any(seen.drawn and seen.drawn.tones for one in layers for seen, _ in one.cell.subjects)
    return "flesh" if key == "muscle" and drawn else key


def _kinds(page: Page, layers: Sequence[PanelLayers]) -> dict[str, str]:
    """The kinds of drawn things, with their words."""
    merged = [one.cell.merged for one in layers]
    each = [seen for one in layers for seen, _ in one.cell.subjects]
    zones = page.shows("zones")
    shown = {
        "point": page.shows("points") and any(one.marks for one in merged),
        "essential": zones and any(not one.essential.is_empty for one in merged),
        "spillover": zones and any(spills(one.cell) for one in layers),
        "doubtful": zones and any(not one.doubtful_edge.is_empty for one in each),
        "muscle": page.shows("muscle") and any(not one.muscle.is_empty for one in merged),
        "acupoint": any(one.spots for one in layers),
    }
    return {key: page.word(f"legend.{key}") for key, there in shown.items() if there}


def _muscles(page: Page, layers: Sequence[PanelLayers]) -> list[Entry]:
    """Muscles on one body, each with its look, the letter before its numbers, and the points that no view shows."""
    found = []
    for number, spec in enumerate(page.specs):
        zoned = spec.points and page.shows("zones")
        tagged = len(page.specs) > 1 and page.shows("points") and spec.points
        symbol: Symbol = patterned(hue(page.style, number)) if zoned else _flesh_or("muscle", layers)
        words = name(page.atlas.muscle(spec.muscle).names, spec.language)
        unseen = remark(page.atlas, spec, [one.cell.subjects[number][0] for one in layers])
        said = page.word("join.clauses").join(filter(None, (words, unseen)))
        found.append(Entry(symbol, said, letter(number).upper() if tagged else ""))
    return found


def _steps(page: Page, overlay: Overlay) -> list[Entry]:
    """The meaning of an overlay's colours; of one muscle's prevalence, which is no sum, the published range."""
    symbols = {number: swatch(overlay.colours[number]) for number in overlay.shown}
    often = page.atlas.muscle(page.spec.muscle).prevalence
    if page.layout == "prevalence" and often and len(page.specs) == 1:
        words = page.word("legend.prevalence").format(range=span(often.least, often.most, page.spec.language))
        return [Entry(symbol, words) for symbol in list(symbols.values())[-1:]]
    return [Entry(symbol, _range(page, overlay, number)) for number, symbol in symbols.items()]


def _range(page: Page, overlay: Overlay, number: int) -> str:
    """The words of one step: whole counts from first to last, or sums from its least to below the next's."""
    low, language = overlay.edges[number], page.spec.language
    last = number + 1 == len(overlay.edges)
    if page.layout == "prevalence":
        return below(low, None if last else overlay.edges[number + 1], language)
    high = overlay.most if last else overlay.edges[number + 1] - 1
    if high <= 1:
        return word("legend.count.one", language)
    return word("legend.count", language).format(range=span(low, high, language))
