"""The entries of the legend: which symbols a page explains, each with its words.

Only what is drawn is explained. Several muscles on one body are told apart by the look of their zones; an overlay
explains its colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..words import below, name, span, word
from . import legend_symbols
from .cells import remark
from .labels.label import letter
from .legend_symbols import Symbol
from .muscle_styles import hue
from .page import Page
from .panel_layers import PanelLayers, spills

if TYPE_CHECKING:
    from .several.overlay import Overlay


class Entry(NamedTuple):
    """What is drawn, its words, and the bold letter before them."""

    symbol: Symbol
    words: str
    letter: str = ""


def entries(page: Page, drawn: Sequence[PanelLayers], overlay: Overlay | None) -> list[Entry]:
    """The entries in their order, the muscle by its name unless that is asked for; none without a legend."""
    if not page.shows("legend"):
        return []
    kinds = _kinds(page, drawn)
    if overlay:
        return [*_steps(page, overlay), *(Entry(key, words) for key, words in kinds.items())]
    if page.layout == "together":
        if not page.shows("zones") or not any(spec.points for spec in page.specs):
            kinds.pop("muscle", None)  # which every entry shows
        neutral = (Entry(legend_symbols.neutral(key), words) for key, words in kinds.items())
        return [*_muscles(page, drawn), *neutral]
    if page.layout is None and (words := kinds.pop("muscle", "")):  # stands last
        names = page.atlas.muscle(page.spec.muscle).names
        kinds["muscle"] = words if page.spec.study else name(names, page.spec.language)
    return [Entry(key, words) for key, words in kinds.items()]


def _kinds(page: Page, drawn: Sequence[PanelLayers]) -> dict[str, str]:
    """The kinds of things that are drawn, with their words."""
    merged = [one.cell.merged for one in drawn]
    each = [seen for one in drawn for seen, _ in one.cell.subjects]
    zones = page.shows("zones")
    shown = {
        "point": page.shows("points") and any(one.marks for one in merged),
        "essential": zones and any(not one.essential.is_empty for one in merged),
        "spillover": zones and any(spills(one.cell) for one in drawn),
        "doubtful": zones and any(not one.doubtful_edge.is_empty for one in each),
        "muscle": page.shows("muscle") and any(not one.muscle.is_empty for one in merged),
        "acupoint": any(one.spots for one in drawn),
    }
    return {key: page.word(f"legend.{key}") for key, there in shown.items() if there}


def _muscles(page: Page, drawn: Sequence[PanelLayers]) -> list[Entry]:
    """Muscles on one body, each with its look, the letter before its numbers, and what no view shows of it."""
    found = []
    for number, spec in enumerate(page.specs):
        zoned = spec.points and page.shows("zones")
        tagged = len(page.specs) > 1 and page.shows("points") and spec.points
        symbol: Symbol = legend_symbols.patterned(hue(page.style, number)) if zoned else "muscle"
        words = name(page.atlas.muscle(spec.muscle).names, spec.language)
        unseen = remark(page.atlas, spec, [one.cell.subjects[number][0] for one in drawn])
        said = page.word("join.clauses").join(filter(None, (words, unseen)))
        found.append(Entry(symbol, said, letter(number).upper() if tagged else ""))
    return found


def _steps(page: Page, overlay: Overlay) -> list[Entry]:
    """What the colours of an overlay mean; of one muscle's prevalence, which is no sum, what was published."""
    symbols = {number: legend_symbols.swatch(overlay.colours[number]) for number in overlay.shown}
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
