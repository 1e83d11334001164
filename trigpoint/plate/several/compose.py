"""A plate of several muscles as a scene: `compose(atlas, specs, layout, style) -> Scene`, pure.

Small multiples, all on one body, or a count of what refers to each place. This room stacks the page from title to
credit; panels are made in `trigpoint.plate.several.panels`. It refuses to know files and formats.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from ...atlas import Atlas
from ...scene import Group, Item, Path, Scene, enlarged
from ...style import Style
from ...words import below, inside, name, sentences, span, spoken, word
from .. import acupoints, captions, foot, furniture, legend_symbols, paint
from ..labels.label import text_box
from ..layout import FOOT_GAP, MARGIN, Panel, designed, enlargement, fitted
from ..legend_symbols import Symbol
from ..muscle_styles import hue
from ..spec import Spec
from . import panels as several
from .overlay import Overlay, overlay
from .panels import Cell, Layout

Entry: TypeAlias = "tuple[Symbol, str, str]"  # what is drawn, its bold letter, and its words


def compose(atlas: Atlas, specs: Sequence[Spec], layout: Layout, style: Style) -> Scene:
    """The plate that the specs ask for; they share all but muscle and points.

    A page wider than the style is designed for is drawn larger as a whole.
    """
    factor = enlargement(specs[0].width)
    chosen = [designed(spec, factor) for spec in specs]
    return enlarged(_composed(atlas, chosen, layout, style.for_page(chosen[0].width), factor), factor)


def _composed(atlas: Atlas, specs: Sequence[Spec], layout: Layout, style: Style, factor: float) -> Scene:
    first = specs[0]
    cells = several.cells(atlas, specs, layout, style)
    top, title = _title(atlas, specs, layout, style)
    muscles = layout == "together" or "zones" not in first.layers
    counted = overlay(atlas, specs, layout, style) if layout in ("count", "prevalence") else None
    heads, aside = "labels" in first.layers, "letters" in first.layers

    def lay(tallest: float) -> tuple[tuple[list[Panel], list[Group | None], float], float, float]:
        panels = several.place(
            cells, first.width, top, style, heads=heads, aside=aside, muscles=muscles, tallest=tallest
        )
        low = max(panel.box[3] for panel in panels)
        entries = _steps(atlas, specs, counted, layout) if counted else _entries(atlas, specs, cells, layout, style)
        if "acupoints" in first.layers and any(acupoints.spots(atlas, first, panel) for panel in panels):
            entries.append(("acupoint", "", word("legend.acupoint", first.language)))
        feet, end = _foot(atlas, specs, layout, style, entries, panels[0].frame.scale, low + FOOT_GAP)
        return (panels, feet, end), low - top, end

    panels, feet, y = fitted(lay, several.TALLEST_PAGE, first.height, factor)
    groups = [*_layers(atlas, specs, cells, panels, layout, counted, style), _group("title", title, first), *feet]
    paper = np.array([(0, 0), (first.width, 0), (first.width, y), (0, y)])
    page = Group("page", word("layer.page", first.language), (Path((paper,), fill=style.paper),))
    said = captions.title_of(atlas, specs)
    return Scene(
        first.width,
        y,
        (page, *(group for group in groups if group)),
        word("title.whole", first.language).format(title=said, subtitle=_subtitle(specs, layout)),
        captions.describe_of(atlas, specs, layout),
        spoken(first.language),
        captions.credit(atlas, captions.together(specs)),
    )


def _subtitle(specs: Sequence[Spec], layout: Layout) -> str:
    first = specs[0]
    if layout in ("count", "prevalence"):
        return word(f"subtitle.{layout}", first.language).format(side=word(f"side.{first.side}", first.language))
    plain = captions.subtitle(captions.together(specs))
    if layout == "grid" and several.one_view(specs):
        view = inside(word(f"view.{first.views[0]}", first.language), first.language)
        return word("subtitle.view", first.language).format(subtitle=plain, view=view)
    return plain


def _title(atlas: Atlas, specs: Sequence[Spec], layout: Layout, style: Style) -> tuple[float, list[Item]]:
    first = specs[0]
    if "title" not in first.layers:
        return MARGIN, []
    room = first.width - 2 * MARGIN
    items, y = furniture.title(captions.title_of(atlas, specs), _subtitle(specs, layout), MARGIN, room, style)
    return y, items


def _layers(
    atlas: Atlas,
    specs: Sequence[Spec],
    cells: Sequence[Cell],
    panels: Sequence[Panel],
    layout: Layout,
    counted: Overlay | None,
    style: Style,
) -> list[Group | None]:
    """The layers of all panels in paint order."""
    shown = specs[0].layers
    pairs = list(zip(cells, panels, strict=True))
    language = specs[0].language
    drawn: dict[str, list[Sequence[Item]]] = {"body": [paint.body(panel, style) for panel in panels]}
    if "bones" in shown:
        drawn["bones"] = [paint.bones(panel, style) for panel in panels]
    if counted:
        drawn["overlay"] = [counted.draw(number, panel) for number, panel in enumerate(panels)]
    else:
        if "muscle" in shown:
            drawn["muscle"] = [several.muscle(cell, panel, fibres="fibres" in shown) for cell, panel in pairs]
        if "zones" in shown:
            drawn["spillover"] = [several.spillover(cell, panel) for cell, panel in pairs]
            drawn["essential"] = [
                several.essential(cell, panel, muscle_shown="muscle" in shown) for cell, panel in pairs
            ]
    drawn["outline"] = [paint.outline(panel, style) for panel in panels]
    small = several.small_marks(style) if layout == "grid" else style
    sides = several.sides(panels, language, small) if "views" in shown else [[] for _ in panels]
    points: list[Sequence[Item]] = []
    if "points" in shown and not counted:
        for (cell, panel), letters in zip(pairs, sides, strict=True):
            blocked = [text_box(item) for item in letters]
            points.append(several.points(cell, panel, style, blocked))
    if "acupoints" in shown:
        drawn["acupoints"] = []
        for number, panel in enumerate(panels):
            around = [*(points[number] if points else ()), *sides[number]]
            found = acupoints.spots(atlas, specs[0], panel)
            drawn["acupoints"].append(acupoints.draw(found, panel, around, style))
    if points:
        drawn["points"] = points
    if "labels" in shown:
        drawn["headings"] = [several.head(cell, panel, style, aside="letters" in shown) for cell, panel in pairs]
    if "letters" in shown:
        drawn["letters"] = [furniture.panel_letter(panel, number, style) for number, panel in enumerate(panels)]
    if "views" in shown:
        drawn["views"] = [*sides]
    groups = []
    for key, items in drawn.items():
        inner = []
        for number, (some, cell) in enumerate(zip(items, cells, strict=True)):
            here = [cell.merged.view]
            said = captions.zone(atlas, cell.specs, key, here) if key in ("spillover", "essential") else ()
            if some:
                inner.append(Group(f"{key}.{number + 1}", cell.heading, tuple(some), *said))
        groups.append(_group(key, inner, specs[0]))
    return groups


def _foot(
    atlas: Atlas,
    specs: Sequence[Spec],
    layout: Layout,
    style: Style,
    entries: Sequence[Entry],
    scale: float,
    top: float,
) -> tuple[list[Group | None], float]:
    """Legend, scale bar and credit, and where the page ends."""
    first = specs[0]
    said = [captions.counted_muscles(atlas, specs)] if layout in ("count", "prevalence") else []
    said += [captions.credit(atlas, captions.together(specs))]
    said += [captions.weights(atlas, specs)] if layout == "prevalence" else []
    shown = entries if "legend" in first.layers else ()
    summed = shown and layout == "prevalence" and len(specs) > 1
    wanted = foot.Wanted(
        heading=word("legend.sum", first.language) if summed else "",
        signs=tuple(sign for _, sign, _ in shown),
        legend=tuple(words for *_, words in shown),
        credit=sentences([*said, word("caution", first.language)], first.language) if "credit" in first.layers else "",
        bar=foot.BAR * scale if "scale" in first.layers else 0.0,
        bar_words=word("scale.cm", first.language).format(number=f"{foot.BAR / 10:.0f}"),
    )
    drawn = foot.draw(wanted, (), [symbol for symbol, *_ in shown], first.width, top, style)
    return [_group(key, items, first) for key, items in drawn.layers.items()], drawn.bottom + MARGIN - 1.0


def _steps(atlas: Atlas, specs: Sequence[Spec], counted: Overlay, layout: Layout) -> list[Entry]:
    """What the colours of an overlay mean; of one muscle's prevalence, which is no sum, what was published."""
    language = specs[0].language
    often = atlas.muscle(specs[0].muscle).prevalence
    if layout == "prevalence" and often and len(specs) == 1:
        words = word("legend.prevalence", language).format(range=span(often.least, often.most, language))
        return [(legend_symbols.swatch(counted.colours[number]), "", words) for number in counted.shown[-1:]]
    return [
        (legend_symbols.swatch(counted.colours[number]), "", _range(counted, number, layout, language))
        for number in counted.shown
    ]


def _entries(atlas: Atlas, specs: Sequence[Spec], cells: Sequence[Cell], layout: Layout, style: Style) -> list[Entry]:
    """What the symbols mean, of those that are drawn; muscles on one body by the look of their zones."""
    language = specs[0].language
    shown, merged = specs[0].layers, [cell.merged for cell in cells]
    each = [seen for cell in cells for seen, _ in cell.subjects]
    drawn = {
        "point": "points" in shown and any(one.marks for one in merged),
        "essential": "zones" in shown and any(not one.essential.is_empty for one in merged),
        "spillover": "zones" in shown and any(map(several.spills, cells)),
        "doubtful": "zones" in shown and any(not one.doubtful_edge.is_empty for one in each),
        "muscle": "muscle" in shown and any(not one.muscle.is_empty for one in merged),
    }
    kinds = {key: word(f"legend.{key}", language) for key, there in drawn.items() if there}
    if layout == "grid":
        return [(key, "", words) for key, words in kinds.items()]
    looks: list[Entry] = []
    for number, spec in enumerate(specs):
        symbol = legend_symbols.patterned(hue(style, number)) if spec.points and "zones" in shown else "muscle"
        words = name(atlas.muscle(spec.muscle).names, language)
        tagged = len(specs) > 1 and "points" in shown and spec.points
        unseen = several.remark(atlas, spec, [cell.subjects[number][0] for cell in cells])
        said = word("join.clauses", language).join(filter(None, (words, unseen)))
        looks.append((symbol, furniture.letter(number) if tagged else "", said))
    if "zones" not in shown or not any(spec.points for spec in specs):
        kinds.pop("muscle", None)  # which every entry shows
    return [*looks, *((legend_symbols.neutral(key), "", words) for key, words in kinds.items())]


def _range(counted: Overlay, number: int, layout: Layout, language: str) -> str:
    """The words of one step: whole counts from first to last, or sums from its least to below the next's."""
    low = counted.edges[number]
    last = number + 1 == len(counted.edges)
    if layout == "prevalence":
        return below(low, None if last else counted.edges[number + 1], language)
    high = counted.most if last else counted.edges[number + 1] - 1
    if high <= 1:
        return word("legend.count.one", language)
    return word("legend.count", language).format(range=span(low, high, language))


def _group(key: str, items: Sequence[Item], spec: Spec) -> Group | None:
    return Group(key, word(f"layer.{key}", spec.language), tuple(items)) if items else None
