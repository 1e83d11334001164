"""The layers of one panel: body, muscles, zones, points, and the texts beside them.

A layer that the page does not show is empty. Layers that keep off each other are cached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import shapely
from shapely import MultiPolygon

from ..geometry.frame import Box, Point
from ..geometry.rings import areas_in, lines_in, lines_of
from ..scene import Item, Path, Text
from . import furniture, linework, marks, paint
from .cells import SMALL_MARK, Cell, small_marks
from .content import CACHED, Seen
from .headings import heading
from .labels.assignment import Labelling
from .labels.label import letter, text_box, written
from .layout import Panel
from .muscle_styles import hatch
from .numbers import Numbers, entries, numbered, tags
from .page import Page


@dataclass(frozen=True, eq=False)
class PanelLayers:
    """One panel of a page, to be drawn.

    Its side marks stand `lowered` mm deeper than usual, that of a side view on the `outer` side. `steps` are the
    colours and shapes of an overlay.
    """

    page: Page
    cell: Cell
    panel: Panel
    labels: Labelling
    outer: furniture.Side = "right"
    lowered: float = 0.0
    steps: Sequence[tuple[str, MultiPolygon]] = ()

    @property
    def sources(self) -> frozenset[str]:
        """Where the drawings of the muscles and bones shown come from; nothing for plain shapes."""
        muscles = self.cell.subjects if self.page.shows("muscle") else ()
        found = frozenset(seen.drawn.source for seen, _ in muscles if seen.drawn and not seen.muscle.is_empty)
        return found | (self.panel.figure.bones.sources if self.page.shows("bones") else frozenset())

    def bones(self) -> Sequence[Item]:
        """The bones below the muscle."""
        return paint.bones(self.panel, self.page.style) if self.page.shows("bones") else ()

    def muscle(self) -> Sequence[Item]:
        """The muscles, the deepest first, cut at the panel's ends."""
        items: list[Item] = []
        layered = zip(self.cell.depths, self.cell.subjects, strict=True) if self.page.shows("muscle") else ()
        for _, (seen, look) in sorted(layered, key=lambda pair: pair[0]):
            items += paint.muscle(self._of(_within(seen, self.panel)), look.style, fibres=self.page.shows("fibres"))
        return items

    def spillover(self) -> Sequence[Item]:
        """The spillover zones, off every essential zone of the panel."""
        items: list[Item] = []
        for seen, look in self.cell.subjects if self.page.shows("zones") else ():
            items += paint.spillover(self._of(_bare(seen, self.cell.merged)), look.style)
        return items

    def essential(self) -> Sequence[Item]:
        """The essential zones with their patterns; where two overlap, both patterns show."""
        items: list[Item] = []
        if not self.page.shows("zones"):
            return items
        several = len(self.cell.subjects) > 1
        for seen, look in self.cell.subjects:
            items += paint.essential(self._of(seen), look.style)
        for seen, look in self.cell.subjects if several else ():
            if look.angle is not None:
                lines = lines_of(hatch(self.panel.frame.shape(seen.essential), look.angle, look.style.hatch_spacing))
                width = look.style.hatch_width
                items += [Path(lines, closed=False, stroke=look.pattern, width=width)] if lines else []
            items += paint.edge(self._of(seen), look.style)
        return items

    def overlay(self) -> Sequence[Item]:
        """The steps of an overlay, the lowest first, and the edges of the muscles over them."""
        items: list[Item] = []
        for colour, shape in self.steps:
            items += paint.area(shape, self.panel, fill=colour, stroke=colour, width=0.05)
        for seen, look in self.cell.subjects if self.steps and self.page.shows("muscle") else ():
            items += paint.rim(self._of(_within(seen, self.panel)), look.style)
        return items

    @cached_property
    def spots(self) -> dict[str, Point]:
        """The acupuncture points that the panel shows, by code."""
        if not self.page.shows("acupoints"):
            return {}
        from . import acupoints  # few plates show any

        return acupoints.spots(self.page.atlas, self.page.spec, self.panel)

    @cached_property
    def acupoints(self) -> Sequence[Item]:
        """Acupuncture points, clear of texts, leaders and X's."""
        if not self.spots:
            return ()
        from . import acupoints

        around = [*self.views, *self.written, *self.points]
        return acupoints.draw(self.spots, self.panel, around, self.page.style)

    @cached_property
    def points(self) -> Sequence[Item]:
        """Every X with its number (after the letter of its muscle, if several) and the dots with their numbers."""
        if not self.page.shows("points"):
            return ()
        blocked = tuple(text_box(item) for item in self.views if isinstance(item, Text))
        if self.page.overlay:
            return marks.crosses(self.panel, small_marks(self.page.style))
        if len(self.cell.subjects) > 1:
            return [*marks.crosses(self.panel, self.page.style), *self._tags(blocked)]
        style, marked = self.cell.style, self.labels.marked.get(self.panel.view, ())
        leaders = tuple(item.leader for item in self.labels.placed.get(self.panel.view, ()))
        task = Numbers(entries(self.panel, marked, self.explained), style, leaders, blocked)
        return [*marks.crosses(self.panel, style), *marks.dots(marked, style), *numbered(task)]

    def _tags(self, blocked: tuple[Box, ...]) -> Sequence[Item]:
        """The numbers of several muscles' X's, each after the letter of its muscle."""
        found = [
            (letter(index).upper(), mark.number, self.panel.frame.point(*mark.place))
            for index, (seen, _) in enumerate(self.cell.subjects)
            for mark in seen.marks
        ]
        style = self.page.style
        small = replace(style, size_number=max(style.least_text, SMALL_MARK * style.size_number))
        texts = tuple((f"{sign}{number}", spot) for sign, number, spot in found)
        return tags(Numbers(texts, small, blocked=blocked), [sign for sign, *_ in found])

    @property
    def explained(self) -> frozenset[str] | None:
        """The points whose numbers have a label, on pages with labels; None for all points on others."""
        return frozenset(self.labels.labels) if self.page.named else None

    @cached_property
    def written(self) -> Sequence[Item]:
        """Leaders and labels."""
        placed, labels = self.labels.placed.get(self.panel.view, ()), self.labels.labels
        return [part for item in placed for part in written(item, labels[item.callout.key], self.page.style)]

    def headings(self) -> Sequence[Item]:
        """The words over the panel, on pages without labels beside the body."""
        if self.page.layout is None or not self.page.shows("labels"):
            return ()
        return heading(self.cell, self.panel, self.page)

    @cached_property
    def sides(self) -> Sequence[Text]:
        """The side marks beside the body, clear of labels."""
        if not self.page.shows("views"):
            return ()
        low = self.panel._replace(box=(*self.panel.box[:3], self.panel.box[3] + self.lowered))
        language = self.page.spec.language
        return furniture.side_marks(low, language, self.cell.style, outer=self.outer, written=self.written)

    @cached_property
    def views(self) -> Sequence[Item]:
        """The side marks, and the view's name where no heading has it."""
        if self.page.layout is not None or not self.page.shows("views"):
            return self.sides
        style = self.page.style
        below = furniture.letter_heading(style) if self.page.shows("letters") else 0.0
        return [*furniture.view_name(self.panel, self.page.spec.language, style, below=below), *self.sides]

    def _of(self, seen: Seen) -> Panel:
        """The panel with one muscle."""
        return self.panel._replace(seen=seen)


def _within(seen: Seen, panel: Panel) -> Seen:
    """The muscle of a view, cut where the panel cuts the body."""
    _, top, _, bottom = panel.figure.box
    if seen.muscle.is_empty or (top <= seen.muscle.bounds[1] and seen.muscle.bounds[3] <= bottom):
        return seen
    return _cut(seen, top, bottom)


@lru_cache(CACHED)
def _cut(seen: Seen, top: float, bottom: float) -> Seen:
    left, high, right, low = seen.outline.silhouette.bounds
    window = shapely.box(left, max(high, top), right, min(low, bottom))
    muscle, fibres = (shapely.intersection(shape, window) for shape in (seen.muscle, seen.fibres))
    drawn = seen.drawn.within(window) if seen.drawn else None
    return replace(seen, muscle=areas_in(muscle), fibres=lines_in(fibres), drawn=drawn)


def spills(cell: Cell) -> bool:
    """Whether any spillover zone is drawn on the panel."""
    return any(not linework.spillover(_bare(seen, cell.merged)).is_empty for seen, _ in cell.subjects)


@lru_cache(CACHED)
def _bare(seen: Seen, merged: Seen) -> Seen:
    """One muscle without its spillover where another one's essential zone lies."""
    if seen is merged:
        return seen
    return replace(seen, spillover=areas_in(shapely.difference(seen.spillover, merged.essential)))
