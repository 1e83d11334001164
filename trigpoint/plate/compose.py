"""A plate as a scene: `compose(atlas, spec, style) -> Scene`, pure.

This room decides the order of layers and stacks the page from title to credit; what each of them looks like is known
in `trigpoint.plate`. It refuses to know files and formats.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ..atlas import Atlas
from ..atlas.patterns import KINDS
from ..geometry.frame import Box, Point
from ..scene import Group, Item, Path, Scene, Text, enlarged
from ..style import Style
from ..words import name, sentences, spoken, word
from . import captions, crop, foot, furniture, layout, layout_choice, linework, marks, paint
from .content import Seen, gather, upright
from .labels import assignment, subjects
from .labels.assignment import Labelling
from .labels.label import TEXT_GAP, text_box, written
from .layout import MARGIN, Panel
from .legend_symbols import Symbol
from .spec import LATERAL_BONES, Spec

if TYPE_CHECKING:
    from . import inset

Stacked: TypeAlias = tuple[tuple[Panel, ...], Labelling, "list[Group | None]", float]


def compose(atlas: Atlas, spec: Spec, style: Style) -> Scene:
    """The plate that the spec asks for; a page wider than the style is designed for is drawn larger as a whole."""
    factor = layout.enlargement(spec.width)
    return enlarged(_page(atlas, spec, style, factor).scene(), factor)


def _page(atlas: Atlas, spec: Spec, style: Style, factor: float) -> Page:
    chosen = layout.designed(spec, factor)
    return Page(atlas, chosen, style.for_page(chosen.width), factor)


def answers(atlas: Atlas, spec: Spec, style: Style) -> tuple[tuple[str, str], ...]:
    """What the numbers and letters of a plate stand for, as (number, name): all of a plate that asks for names, else
    those of its key.
    """
    if not spec.study:
        spec = spec._replace(labels="numbers", layers=spec.layers | {"labels", "key"})
    page = _page(atlas, spec, style, layout.enlargement(spec.width))
    _, top = page.titled()
    _, found, *_ = page.stacked(top)
    labels = found.labels.values() if spec.study else found.key
    order = sorted(labels, key=lambda one: (one.kind != "point", len(one.number), one.number))
    return tuple((one.number, one.text) for one in (order if spec.study else labels))


def _insets(atlas: Atlas, spec: Spec, seen: Sequence[Seen]) -> tuple[inset.Wanted, ...]:
    if not spec.inset:
        return ()
    from . import inset  # few plates have one

    return inset.wanted(atlas, spec, seen)


class Page:
    """One plate in the making, to be drawn `factor` times larger: the layers so far and the height used."""

    def __init__(self, atlas: Atlas, spec: Spec, style: Style, factor: float = 1.0) -> None:
        self.atlas, self.spec, self.style, self.factor = atlas, spec, style, factor
        seen = gather(atlas, spec)
        self.insets = _insets(atlas, spec, seen)
        top, bottom = crop.band(seen, [one.body for one in self.insets])
        held = {one.view: [each.body for each in self.insets if seen[each.panel] is one] for one in seen}
        self.figures = [crop.figure(one, top, bottom, held[one.view]) for one in seen]
        self.whole = upright(atlas, spec, seen) if self.shows("locator") else seen[0]
        self.framed = crop.figure(self.whole, top, bottom, held.get(self.whole.view, ())).box
        self.seen = seen
        self.subjects = subjects.subjects(atlas, spec, seen, self.figures) if self.shows("labels") else ()
        self.labels = assignment.labels(self.subjects, spec, style)
        self.viewed: dict[str, list[Item]] = {}  # names of views and letters of sides, once labels are placed

    def shows(self, layer: str) -> bool:
        """Whether the plate has this layer."""
        return layer in self.spec.layers

    def scene(self) -> Scene:
        """The page from title to credit."""
        spec, style = self.spec, self.style
        title, y = self.titled()
        panels, found, feet, y = self.stacked(y)
        self.viewed = {panel.view: self.views(panel, found) for panel in panels} if self.shows("views") else {}
        painted = [self.panelled(key, panels, draw) for key, draw in self.painters()]
        lines, frames, insets = self.inset_layers(panels, found)
        layers = [
            painted[0],
            lines,
            *painted[1:],
            frames,
            self.layer("acupoints", panels, lambda p: self.acupoints(p, found)),
            self.layer("points", panels, lambda p: self.points(p, found)),
            self.layer("labels", panels, lambda p: self.written(p, found)),
            self.layer("views", panels, lambda p: self.viewed[p.view]),
            insets,
            self.letters_layer(panels),
            self.group("title", title),
            *feet,
        ]
        paper = np.array([(0, 0), (spec.width, 0), (spec.width, y), (0, y)])
        page = Group("page", word("layer.page", spec.language), (Path((paper,), fill=style.paper),))
        return Scene(
            spec.width,
            y,
            (page, *(layer for layer in layers if layer is not None)),
            word("title.whole", spec.language).format(
                title=captions.title(self.atlas, spec), subtitle=captions.subtitle(spec)
            ),
            captions.describe(self.atlas, spec, measured=False),
            spoken(spec.language),
            captions.credit(self.atlas, spec),
            self.remarks(found),
        )

    def remarks(self, found: Labelling) -> tuple[str, ...]:
        """What its maker should know: names that were insisted on and stand in the key."""
        shown = {subject.key for subject in self.subjects if subject.places}
        missed = [one for one in found.key if one.key in shown] if self.spec.labels == "names" else []
        if not missed:
            return ()
        some = f"{len(missed)} of {len(self.labels)} names" if len(missed) < len(self.labels) else "the names"
        return (f"{some} found no room beside the body and stand in the key (hint: a wider plate, or fewer names)",)

    def titled(self) -> tuple[list[Item], float]:
        """The title, and where it ends."""
        if not self.shows("title"):
            return [], MARGIN
        words = captions.title(self.atlas, self.spec), captions.subtitle(self.spec)
        return furniture.title(*words, MARGIN, self.spec.width - 2 * MARGIN, self.style)

    def stacked(self, top: float) -> Stacked:
        """Panels, their labels and the foot below a height of the page, and where the page ends."""

        def lay(tallest: float) -> tuple[Stacked, float, float]:
            panels, found = self.labelled(top, tallest)
            low = max(panel.box[3] for panel in panels)
            feet, end = self.foot(panels, found, low + layout.FOOT_GAP)
            return (panels, found, feet, end), low - top, end

        return layout.fitted(lay, layout.TALLEST, self.spec.height, self.factor)

    def labelled(self, top: float, tallest: float = layout.TALLEST) -> tuple[tuple[Panel, ...], Labelling]:
        """The panels below a height of the page with their labels: the first lay-out in which every leader is clear.

        Where names or lines to write on are insisted on, the lay-out with the clearest leaders, if any holds them.
        """
        style, spec = self.style, self.spec
        sizes = [label.size(style)[0] for label in self.labels] if spec.labels != "numbers" else []
        gutter = max(*sizes, layout.LEAST_GUTTER) + layout.LABEL_GAP + TEXT_GAP if sizes else 0.0
        heading, names = self.lettered, [0.0 for _ in spec.views]
        if self.shows("views"):
            heading += furniture.view_heading(spec.views, style)
            names = [furniture.view_width(view, spec.language, style) for view in spec.views]
        plans = layout.plans(
            self.seen,
            self.figures,
            spec.width,
            gutter,
            heading=heading,
            tallest=tallest,
            forced=spec.labels in ("names", "blank"),
            aside=self.aside(),
            places=assignment.best_places(spec.views, self.subjects),
            names=names,
        )

        def laid(plan: layout.Plan) -> tuple[Panel, ...]:
            return layout.panels(plan, self.seen, self.figures, spec.width, top, heading, names)

        return layout_choice.choose(plans, laid, self.tried, len(self.labels))

    def aside(self) -> tuple[layout.Sides, ...]:
        """The width that insets take on the left and on the right of each panel."""
        if not self.insets:
            return ((0.0, 0.0),) * len(self.seen)
        from . import inset

        return inset.room(self.insets, len(self.seen), self.spec.width)

    def tried(self, panels: Sequence[Panel], most: float = inf) -> Labelling | None:
        """The labels of panels laid out, off the letters of the sides; at most so many names are told by a letter."""
        blocked = {panel.view: self.letters(panel) for panel in panels}
        return assignment.labelling(panels, self.subjects, self.labels, self.spec, self.style, blocked, most=most)

    def letters(self, panel: Panel) -> list[Box]:
        """Where the letters of the sides usually stand."""
        return [text_box(item) for item in self.views(panel) if isinstance(item, Text)] if self.shows("views") else []

    def painters(self) -> list[tuple[str, Callable[[Panel], Sequence[Item]]]]:
        """What paints each layer of the body and of what lies on it, in paint order."""
        style, zones = self.style, self.shows("zones")
        every: list[tuple[str, bool, Callable[[Panel], Sequence[Item]]]] = [
            ("body", True, lambda p: paint.body(p, style)),
            ("bones", True, self.bones),
            ("muscle", self.shows("muscle"), lambda p: paint.muscle(p, style, fibres=self.shows("fibres"))),
            ("spillover", zones, lambda p: paint.spillover(p, style)),
            ("essential", zones, self.essential),
            ("outline", True, lambda p: paint.outline(p, style)),
        ]
        return [(key, draw) for key, shown, draw in every if shown]

    def bones(self, panel: Panel) -> Sequence[Item]:
        """Ghost bones where they are asked for, or help."""
        helpful = panel.view in furniture.LATERAL and self.shows(LATERAL_BONES)
        return paint.bones(panel, self.style) if helpful or self.shows("bones") else []

    def essential(self, panel: Panel) -> Sequence[Item]:
        """The essential zone with the muscle in it."""
        fibres = self.shows("fibres")
        return paint.essential(panel, self.style, muscle_shown=self.shows("muscle"), fibres=fibres)

    def points(self, panel: Panel, found: Labelling) -> list[Item]:
        """Every X and its number, and the numbers of what is marked by a dot."""
        marked = found.marked.get(panel.view, ())
        leaders = [item.leader for item in found.placed.get(panel.view, ())]
        letters = [text_box(item) for item in self.viewed.get(panel.view, ()) if isinstance(item, Text)]
        texts = marks.numbers(panel, leaders, self.style, marked, letters, told=self.told)
        return [*marks.crosses(panel, self.style), *marks.dots(marked, self.style), *texts]

    @property
    def told(self) -> frozenset[str] | None:
        """The points whose numbers the plate explains, or asks for; None for all of them."""
        return frozenset(label.key for label in self.labels) if self.shows("labels") else None

    def acupoints(self, panel: Panel, found: Labelling) -> list[Item]:
        """Acupuncture points, clear of all that is written on the panel."""
        from . import acupoints  # few plates show any

        around = self.written(panel, found)
        if self.shows("views"):
            around = [*self.viewed[panel.view], *around]
        if self.shows("points"):
            around += self.points(panel, found)
        return acupoints.draw(self.spots(panel), panel, around, self.style)

    def spots(self, panel: Panel) -> dict[str, Point]:
        """The acupuncture points that a panel shows, by code."""
        from . import acupoints

        return acupoints.spots(self.atlas, self.spec, panel)

    def written(self, panel: Panel, found: Labelling) -> list[Item]:
        """Leaders and labels."""
        placed = found.placed.get(panel.view, ())
        return [part for item in placed for part in written(item, found.labels[item.callout.key], self.style)]

    def views(self, panel: Panel, found: Labelling | None = None) -> list[Item]:
        """The view's name and the side marks, these clear of labels that were found."""
        language, style = self.spec.language, self.style
        first = len(self.seen) > 1 and panel.seen is self.seen[0]
        written = self.written(panel, found) if found else ()
        marks = furniture.side_marks(panel, language, style, outer="left" if first else "right", written=written)
        return [*furniture.view_name(panel, language, style, below=self.lettered), *marks]

    @property
    def lettered(self) -> float:
        """Room over every panel for its letter."""
        return furniture.letter_heading(self.style) if self.shows("letters") else 0.0

    def letters_layer(self, panels: Sequence[Panel]) -> Group | None:
        """The letters of the panels, where they are asked for."""
        if not self.shows("letters"):
            return None
        drawn = (furniture.panel_letter(panel, number, self.style) for number, panel in enumerate(panels))
        return self.group("letters", [item for items in drawn for item in items])

    def foot(self, panels: Sequence[Panel], found: Labelling, top: float) -> tuple[list[Group | None], float]:
        """Locator, key, legend, scale bar and credit; and where the page ends."""
        spec, style = self.spec, self.style
        entries = self.entries(panels) if self.shows("legend") else []
        rows = found.key if self.shows("key") else ()
        spot = self.locator_spot(panels)
        beside = self.shows("locator") and spot is None
        said = sentences([captions.credit(self.atlas, spec), word("caution", spec.language)], spec.language)
        wanted = foot.Wanted(
            tuple((one.number, one.text if one.lines else None) for one in rows),
            tuple(words for _, words in entries),
            said if self.shows("credit") else "",
            foot.BAR * panels[0].frame.scale if self.shows("scale") else 0.0,
            word("scale.cm", spec.language).format(number=f"{foot.BAR / 10:.0f}"),
            furniture.locator_width(self.whole, 1.0) if beside else 0.0,
        )
        drawn = foot.draw(wanted, rows, [symbol for symbol, _ in entries], spec.width, top, style)
        spot = spot or drawn.locator
        locator = furniture.locator(self.whole, self.framed, spot, style) if spot else []
        groups = {"locator": locator, **drawn.layers}
        return [self.group(key, items) for key, items in groups.items()], drawn.bottom + MARGIN - 1.0

    def locator_spot(self, panels: Sequence[Panel]) -> Box | None:
        """Where the locator stands beside the panels; None where there is no room, or no locator."""
        if not self.shows("locator"):
            return None
        return furniture.locator_spot(panels, self.whole, self.spec.width, beside=not self.insets)

    def inset_layers(self, panels: Sequence[Panel], found: Labelling) -> list[Group | None]:
        """What joins insets to their places, the frames around these, and the insets, painted like their panels."""
        if not self.insets:
            return [None, None, None]
        from . import inset

        style = self.style
        placed = inset.place(self.insets, panels, self.spec.width, style)
        avoid: list[Item] = [text for one in placed for text in inset.caption(one, style)]
        for panel in panels:
            avoid += [*self.viewed.get(panel.view, ()), *self.written(panel, found)]
            avoid += self.points(panel, found) if self.shows("points") else ()
            avoid += self.acupoints(panel, found) if self.shows("acupoints") else ()
        groups = []
        for one in placed:
            items = [item for _, draw in self.painters() for item in draw(one.panel)]
            items += inset.marked(one, style, self.told) if self.shows("points") else ()
            key = f"inset.{one.wanted.region}.{one.panel.view}"
            groups.append(Group(key, one.wanted.words, tuple(inset.drawn(one, items, style))))
        lines, frames = inset.connectors(placed, avoid, style), inset.frames(placed, style)
        return [self.group("inset_lines", lines), self.group("inset_frames", frames), self.group("insets", groups)]

    def entries(self, panels: Sequence[Panel]) -> list[tuple[Symbol, str]]:
        """The legend's symbols and words: only what the plate shows; the muscle by its name, unless that is asked."""
        shown = {
            "point": self.shows("points") and any(one.marks for one in self.seen),
            "essential": self.shows("zones") and any(not one.essential.is_empty for one in self.seen),
            "spillover": self.shows("zones") and any(not linework.spillover(one).is_empty for one in self.seen),
            "doubtful": self.shows("zones") and any(not one.doubtful_edge.is_empty for one in self.seen),
            "acupoint": self.shows("acupoints") and any(map(self.spots, panels)),
            "muscle": self.shows("muscle") and any(not one.muscle.is_empty for one in self.seen),
        }
        words = {symbol: word(f"legend.{symbol}", self.spec.language) for symbol, there in shown.items() if there}
        if "muscle" in words and not self.spec.study:
            words["muscle"] = name(self.atlas.muscle(self.spec.muscle).names, self.spec.language)
        return [*words.items()]

    def layer(self, key: str, panels: Sequence[Panel], draw: Callable[[Panel], Sequence[Item]]) -> Group | None:
        """One layer, if it is asked for."""
        return self.panelled(key, panels, draw) if self.shows(key) else None

    def panelled(self, key: str, panels: Sequence[Panel], draw: Callable[[Panel], Sequence[Item]]) -> Group | None:
        """One layer with a group for each view that has something in it."""
        groups = []
        for panel in panels:
            items = draw(panel)
            if items:
                view = word(f"view.{panel.view}", self.spec.language)
                said = captions.zone(self.atlas, [self.spec], key, [panel.view]) if key in KINDS else ()
                groups.append(Group(f"{key}.{panel.view}", view, tuple(items), *said))
        return self.group(key, groups)

    def group(self, key: str, items: Sequence[Item]) -> Group | None:
        """A named layer, None where it would be empty."""
        return Group(key, word(f"layer.{key}", self.spec.language), tuple(items)) if items else None
