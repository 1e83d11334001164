"""A page as a scene: `compose(atlas, specs, style, layout) -> Scene`, and the list of layers with what draws them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from ..atlas import Atlas
from ..atlas.patterns import KINDS
from ..scene import Group, Item, Path, Scene, enlarged
from ..style import Style
from ..words import spoken
from . import captions, credits, foot, furniture, legend, paint
from .cells import cells
from .labelled_panels import LabelledPanels
from .labels.assignment import Labelling
from .layout import FOOT_GAP, MARGIN, fitted
from .page import Page, designed
from .panel_layers import PanelLayers
from .spec import Layout, Spec

if TYPE_CHECKING:
    from .inset import PlacedInset
    from .point_panels import PointPanels
    from .several.overlay import Overlay
    from .several.rows import PanelRows

Draw: TypeAlias = Callable[[PanelLayers], Sequence[Item]]
Layers: TypeAlias = dict[str, Sequence[Item]]

PAINTED: tuple[tuple[str, Draw], ...] = (  # on the body; an inset shows it too
    ("body", lambda one: paint.body(one.panel, one.page.style)),
    ("bones", PanelLayers.bones),
    ("muscle", PanelLayers.muscle),
    ("spillover", PanelLayers.spillover),
    ("essential", PanelLayers.essential),
    ("overlay", PanelLayers.overlay),
    ("outline", lambda one: paint.outline(one.panel, one.page.style)),
)
WRITTEN: tuple[tuple[str, Draw], ...] = (
    ("acupoints", attrgetter("acupoints")),
    ("points", attrgetter("points")),
    ("labels", attrgetter("written")),
    ("headings", PanelLayers.headings),
    ("views", attrgetter("views")),
)
ORDER = (  # in which layers are painted
    *("body", "inset_lines", "bones", "muscle", "spillover", "essential", "overlay", "outline", "inset_frames"),
    *("acupoints", "points", "labels", "headings", "views", "insets", "letters"),
    *("title", "locator", "key", "legend", "scale", "credit"),
)


class Sheet(NamedTuple):
    """A page laid out: its panels with their labels, the layers of its foot, and where it ends."""

    panels: tuple[PanelLayers, ...]
    labels: Labelling
    foot: Layers
    bottom: float


def compose(atlas: Atlas, specs: Sequence[Spec], style: Style, layout: Layout | None = None) -> Scene:
    """The page of the specs as a scene; with `layout` None the plate of one muscle.

    Raises InputError where the page has no room for readable bodies.
    """
    page = designed(atlas, specs, style, layout)
    return enlarged(Composer(page).scene(), page.factor)


def _sources(panels: Iterable[PanelLayers]) -> frozenset[str]:
    """Where the drawings of muscles and bones on the panels come from."""
    return frozenset[str]().union(*(one.sources for one in panels))


def _bodies(panels: Iterable[PanelLayers]) -> frozenset[str]:
    """Where the bodies on the panels come from: the relief of their shades is made from muscles and bones."""
    return frozenset(one.panel.figure.outline.source for one in panels if one.panel.figure.tones)


def answers(atlas: Atlas, spec: Spec, style: Style) -> tuple[tuple[str, str], ...]:
    """The key of a plate as pairs (number, name); of a study plate with all that is numbered."""
    if not spec.study:
        spec = spec._replace(labels="numbers", layers=spec.layers | {"labels", "key"})
    found = Composer(designed(atlas, [spec], style)).sheet.labels
    if not spec.study:
        return tuple((one.number, one.text) for one in found.key)
    order = sorted(found.labels.values(), key=lambda one: (one.kind != "point", len(one.number), one.number))
    return tuple((one.number, one.text) for one in order)


class Composer:
    """A page in the making: its content, then the places."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.overlay: Overlay | None = None
        self.body: LabelledPanels | PanelRows | PointPanels
        if page.layout is None:
            self.body = LabelledPanels(page, cells(page))
        elif page.layout == "points":
            from .point_panels import PointPanels  # muscles with one pattern have one panel a view

            self.body = PointPanels(page)
        else:
            from .several import overlay, rows  # most figures show one muscle

            self.overlay = overlay.overlay(page) if page.overlay else None
            self.body = rows.PanelRows(page, cells(page), self.overlay)

    def scene(self) -> Scene:
        """The page from title to credit."""
        page, spec, sheet = self.page, self.page.spec, self.sheet
        width, height = spec.width, sheet.bottom
        layers = self.title[0] | self.panel_layers() | self.insets() | self.letters() | sheet.foot
        paper = np.array([(0, 0), (width, 0), (width, height), (0, height)])
        ground = page.group("page", [Path((paper,), fill=page.style.paper)])
        return Scene(
            width,
            height,
            (ground, *(page.group(key, layers[key]) for key in ORDER if layers.get(key))),
            page.word("title.whole").format(title=self.words[0], subtitle=self.words[1]),
            captions.description(page),
            spoken(spec.language),
            credits.metadata(page, _sources(sheet.panels) | _bodies(sheet.panels)),
            self.body.remarks(sheet.labels),
        )

    @cached_property
    def words(self) -> tuple[str, str]:
        """The page's title, and what stands below it."""
        return captions.title(self.page.atlas, self.page.specs), captions.subtitle(self.page.specs, self.page.layout)

    @cached_property
    def title(self) -> tuple[Layers, float]:
        """The title, and where it ends."""
        page = self.page
        if not page.shows("title"):
            return {}, MARGIN
        items, end = furniture.title(*self.words, MARGIN, page.spec.width - 2 * MARGIN, page.style)
        return {"title": items}, end

    @cached_property
    def sheet(self) -> Sheet:
        """Panels, their labels and the foot, below the title."""
        _, top = self.title

        def lay(tallest: float) -> tuple[Sheet, float, float]:
            panels, found = self.body.laid(top, tallest)
            low = max(panel.box[3] for panel in panels)
            layers = self.body.layers(panels, found)
            foot, end = self.foot(layers, found, low + FOOT_GAP)
            return Sheet(layers, found, foot, end), low - top, end

        return fitted(lay, self.body.tallest, self.page.spec.height, self.page.factor)

    def foot(self, layers: Sequence[PanelLayers], found: Labelling, top: float) -> tuple[Layers, float]:
        """Locator, key, legend, scale bar and credit; and where the page ends."""
        page, style = self.page, self.page.style
        panels = [one.panel for one in layers]
        explained = legend.entries(page, layers, self.overlay)
        rows = found.key if page.shows("key") else ()
        locator = self.body.locator
        spot = locator.spot(panels, page.spec.width) if locator else None
        summed = explained and page.layout == "prevalence" and len(page.specs) > 1
        content = foot.FootContent(
            tuple((one.number, one.text if one.lines else None) for one in rows),
            tuple(one.words for one in explained),
            credits.paragraph(page, _sources(layers)) if page.shows("credit") else "",
            foot.BAR * panels[0].frame.scale if page.shows("scale") else 0.0,
            page.word("scale.cm").format(number=f"{foot.BAR / 10:.0f}"),
            locator.width(1.0) if locator and spot is None else 0.0,
            page.word("legend.sum") if summed else "",
            tuple(one.letter for one in explained),
        )
        drawn = foot.draw(content, rows, [one.symbol for one in explained], page.spec.width, top, style)
        spot = spot or drawn.locator
        located = locator.draw(spot, style) if locator and spot else []
        return {"locator": located, **drawn.layers}, drawn.bottom + MARGIN - 1.0

    def panel_layers(self) -> Layers:
        """The layers of all panels, each with a group for every panel that is not empty in it."""
        return {key: list(self.groups(key, draw)) for key, draw in (*PAINTED, *WRITTEN)}

    def groups(self, key: str, draw: Draw) -> Iterator[Group]:
        """One layer of each panel; the group of a zone carries its words."""
        for one in self.sheet.panels:
            items, cell = draw(one), one.cell
            if items:
                view = [cell.merged.view]
                said = captions.zone(self.page.atlas, cell.specs, key, view) if key in KINDS else ()
                yield Group(f"{key}.{cell.id}", cell.heading, tuple(items), *said)

    def letters(self) -> Layers:
        """A, B, C over the panels."""
        panels = self.sheet.panels if self.page.shows("letters") else ()
        drawn = (furniture.panel_letter(one.panel, number, self.page.style) for number, one in enumerate(panels))
        return {"letters": [item for items in drawn for item in items]}

    def insets(self) -> Layers:
        """The insets, their frames on the bodies, and the lines between both."""
        if not self.body.insets:
            return {}
        from . import inset

        page, style, panels = self.page, self.page.style, self.sheet.panels
        placed = inset.placed(self.body.insets, [one.panel for one in panels], page.spec.width, style)
        avoid: list[Item] = [text for one in placed for text in inset.caption(one, style)]
        for one in panels:
            avoid += [*one.views, *one.written, *one.points, *one.acupoints]
        groups = [Group(one.id, one.inset.words, tuple(inset.drawn(one, self.inset(one), style))) for one in placed]
        return {
            "inset_lines": inset.connectors(placed, avoid, style),
            "inset_frames": inset.frames(placed, style),
            "insets": groups,
        }

    def inset(self, placed: PlacedInset) -> list[Item]:
        """The content of an inset: its panel enlarged, with the X's that lie in it."""
        from . import inset

        here = replace(self.sheet.panels[placed.inset.panel], panel=placed.panel)
        items = [item for _, draw in PAINTED for item in draw(here)]
        return [*items, *inset.marked(placed, self.page.style, here.explained)] if self.page.shows("points") else items
