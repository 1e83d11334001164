"""The panels of one muscle, with the labels and insets beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, TypeAlias

from ..scene import Text
from . import crop, furniture, plans
from .cells import Cell
from .content import Seen, upright
from .labels import assignment
from .labels.assignment import CLEAR, NOTHING_NAMED, Labelling
from .labels.label import TEXT_GAP, Label, text_box
from .labels.subjects import Subject, subjects
from .layout import LABEL_GAP, Panel, Sides
from .page import Page
from .panel_layers import PanelLayers

if TYPE_CHECKING:
    from .inset import Inset

Panels: TypeAlias = tuple[Panel, ...]

LEAST_GUTTER = 15.0  # mm: room for the locator at the foot of a gutter
MOST_TRIED = 6  # lay-outs, counted from the first with names, if one holds all but a few names
FEW_LETTERED = 0.15  # of the names: the most that may be letters for that


class LabelledPanels:
    """The views of one muscle, and the subjects of labels beside them."""

    tallest = 150.0  # mm for all rows of panels with their headings: a page less its furniture

    def __init__(self, page: Page, cells: Sequence[Cell]) -> None:
        self.page, self.cells = page, cells
        self.seen = tuple(cell.merged for cell in cells)
        self.insets = _insets(page, self.seen)
        top, bottom = crop.band(self.seen, [one.body for one in self.insets])
        held = {one.view: [each.body for each in self.insets if self.seen[each.panel] is one] for one in self.seen}
        halves = crop.halves((one, (top, bottom)) for one in self.seen) if not self.insets else {}
        self.figures = [
            crop.figure(one, top, bottom, held[one.view], half=halves.get((one.view, top), 0.0)) for one in self.seen
        ]
        self.locator: furniture.Locator | None = None
        if page.shows("locator"):
            whole = upright(page.atlas, page.spec, self.seen)
            framed = crop.figure(whole, top, bottom, held.get(whole.view, ())).box
            self.locator = furniture.Locator(whole, framed, beside=not self.insets)

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        """The things that labels may name."""
        named = self.page.named
        return subjects(self.page.atlas, self.page.spec, self.seen, self.figures) if named else ()

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """The labels of the subjects."""
        return assignment.labels(self.subjects, self.page.spec, self.page.style)

    def laid(self, top: float, tallest: float) -> tuple[Panels, Labelling]:
        """The panels below a height of the page with their labels, in the best lay-out."""
        spec, style = self.page.spec, self.page.style
        sizes = [label.size(style)[0] for label in self.labels] if spec.labels != "numbers" else []
        gutter = max(*sizes, LEAST_GUTTER) + LABEL_GAP + TEXT_GAP if sizes else 0.0
        forced, places = spec.labels in ("names", "blank"), assignment.best_places(spec.views, self.subjects)
        bodies, room = plans.Bodies(self.seen, self.figures, gutter, forced, places), self.room(tallest)
        return self._chosen(plans.panels(plan, bodies, room, top) for plan in plans.plans(bodies, room))

    def _chosen(self, layouts: Iterable[Panels]) -> tuple[Panels, Labelling]:
        """The first lay-out whose labels are all clear, or else the one that holds most names.

        Lay-outs come best first; few are tried, since each costs time. The last has no gutters: its labels always fit.
        """
        beside: list[tuple[int, float, int, Panels, Labelling]] = []
        since = 0  # lay-outs from the first that holds names
        for panels in layouts:
            least = min((lettered for lettered, *_ in beside), default=inf)
            if since >= MOST_TRIED and least <= FEW_LETTERED * len(self.labels):
                break
            found = self.tried(panels, least)
            if found is not None and any(panel.gutters for panel in panels):
                if found.fault <= CLEAR and not found.lettered:
                    return panels, found
                beside.append((found.lettered, round(found.fault, 6), len(beside), panels, found))
            since += bool(beside)
        if beside:
            panels, found = min(beside, key=lambda each: each[:3])[3:]
        assert found is not None, "a plan without gutters comes last"
        return panels, found

    def room(self, tallest: float) -> plans.Room:
        """The room of the page for panels, all rows of which are at most `tallest` mm tall."""
        page, spec, style = self.page, self.page.spec, self.page.style
        heading, names = furniture.letter_heading(style) if page.shows("letters") else 0.0, (0.0,) * len(spec.views)
        if page.shows("views"):
            heading += furniture.view_heading(spec.views, style)
            names = tuple(furniture.view_width(view, spec.language, style) for view in spec.views)
        return plans.Room(spec.width, heading, tallest, names, self.aside)

    @property
    def aside(self) -> tuple[Sides, ...]:
        """The width that insets take on the left and on the right of each panel."""
        if not self.insets:
            return ((0.0, 0.0),) * len(self.seen)
        from . import inset

        return inset.room(self.insets, len(self.seen), self.page.spec.width)

    def tried(self, panels: Sequence[Panel], most: float = inf) -> Labelling | None:
        """The labels of panels laid out, off the side marks; None where more than `most` would be letters."""
        layers = self.layers(panels, NOTHING_NAMED)  # side marks in their usual places, and the view's name
        blocked = {one.panel.view: [text_box(each) for each in one.views if isinstance(each, Text)] for one in layers}
        known = {subject.key: subject for subject in self.subjects}
        task = assignment.Task(panels, known, self.labels, self.page.spec, self.page.style, blocked)
        return assignment.labelling(task, most=most)

    def layers(self, panels: Sequence[Panel], found: Labelling) -> tuple[PanelLayers, ...]:
        """The panels with their labels, to be drawn; the side mark of the first of several stands on its left."""
        first = len(panels) > 1
        return tuple(
            PanelLayers(self.page, cell, panel, found, outer="left" if first and number == 0 else "right")
            for number, (cell, panel) in enumerate(zip(self.cells, panels, strict=True))
        )

    def remarks(self, found: Labelling) -> tuple[str, ...]:
        """Warnings: how many names, with labels="names", stand in the key."""
        shown = {subject.key for subject in self.subjects if subject.places}
        missed = [one for one in found.key if one.key in shown] if self.page.spec.labels == "names" else []
        if not missed:
            return ()
        some = f"{len(missed)} of {len(self.labels)} names" if len(missed) < len(self.labels) else "the names"
        return (f"{some} found no room beside the body and stand in the key (hint: a wider plate, or fewer names)",)


def _insets(page: Page, seen: Sequence[Seen]) -> tuple[Inset, ...]:
    if not page.spec.inset:
        return ()
    from . import inset  # few plates have one

    return inset.insets(page.atlas, page.spec, seen)
