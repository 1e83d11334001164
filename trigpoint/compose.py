"""A plate as a scene: `compose(atlas, spec, style) -> Scene`, pure.

This room decides the order of layers and stacks the page from title to credit; what each of them looks like is known
in `trigpoint.plate`. It refuses to know files and formats.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from .atlas import Atlas
from .callouts import Box
from .errors import UnknownNameError
from .plate import acupoints, crop, foot, furniture, labelling, layout, marks, named, paint, prose
from .plate.content import Seen, gather
from .plate.label import TEXT_GAP, text_box, written
from .plate.labelling import Labelling
from .plate.layout import MARGIN, Panel
from .plate.spec import LATERAL_BONES, Spec
from .plate.symbols import Symbol
from .scene import Group, Item, Path, Scene, Text, enlarged
from .style import Style
from .words import name, sentences, spoken, word

UPRIGHT = ("posterior", "anterior")
FOOT_GAP = 2.5  # mm between panels and foot


def compose(atlas: Atlas, spec: Spec, style: Style) -> Scene:
    """The plate that the spec asks for; a page wider than the style is designed for is drawn larger as a whole."""
    factor = layout.enlargement(spec.width)
    return enlarged(_page(atlas, spec, style, factor).scene(), factor)


def _page(atlas: Atlas, spec: Spec, style: Style, factor: float) -> Page:
    width = spec.width / factor
    return Page(atlas, replace(spec, width=width), style.for_page(width))


def answers(atlas: Atlas, spec: Spec, style: Style) -> tuple[tuple[str, str], ...]:
    """What the numbers and letters of a plate stand for, as (number, name): all of a plate that asks for names, else
    those of its key.
    """
    if not spec.study:
        spec = replace(spec, labels="numbers", layers=spec.layers | {"labels", "key"})
    page = _page(atlas, spec, style, layout.enlargement(spec.width))
    labels = page.labels if spec.study else page.labelled(0.0)[1].key
    return tuple((label.number, label.text) for label in labels)


def upright(atlas: Atlas, spec: Spec, seen: Sequence[Seen]) -> Seen:
    """The view of the locator: from behind or from the front, as a body is known at a glance."""
    shown = next((one for one in seen if one.view in UPRIGHT), None)
    if shown:
        return shown
    try:
        return gather(atlas, replace(spec, views=UPRIGHT[:1]))[0]
    except UnknownNameError:  # an outline of the user's own that has side views only
        return seen[0]


class Page:
    """One plate in the making: the layers so far and the height used."""

    def __init__(self, atlas: Atlas, spec: Spec, style: Style) -> None:
        self.atlas, self.spec, self.style = atlas, spec, style
        seen = gather(atlas, spec)
        top, bottom = crop.band(seen)
        self.figures = [crop.figure(one, top, bottom) for one in seen]
        self.whole = upright(atlas, spec, seen) if self.shows("locator") else seen[0]
        self.framed = crop.figure(self.whole, top, bottom).box
        self.seen = seen
        self.subjects = named.subjects(atlas, spec, seen, self.figures) if self.shows("labels") else ()
        self.labels = labelling.labels(self.subjects, spec, style)

    def shows(self, layer: str) -> bool:
        """Whether the plate has this layer."""
        return layer in self.spec.layers

    def scene(self) -> Scene:
        """The page from title to credit."""
        spec, style = self.spec, self.style
        y = MARGIN
        title: list[Item] = []
        if self.shows("title"):
            room = spec.width - 2 * MARGIN
            title, y = furniture.title(prose.title(self.atlas, spec), prose.subtitle(spec), y, room, style)
        panels, found = self.labelled(y)
        feet, y = self.foot(panels, found, max(panel.box[3] for panel in panels) + FOOT_GAP)
        layers = [
            self.layer("body", panels, lambda p: paint.body(p, style)),
            self.bones(panels),
            self.layer("muscle", panels, lambda p: paint.muscle(p, style, fibres=self.shows("fibres"))),
            self.layer("spillover", panels, lambda p: paint.spillover(p, style), "zones"),
            self.layer("essential", panels, self.essential, "zones"),
            self.layer("outline", panels, lambda p: paint.outline(p, style)),
            self.layer("acupoints", panels, lambda p: self.acupoints(p, found, first=p is panels[0])),
            self.layer("points", panels, lambda p: self.points(p, found)),
            self.layer("labels", panels, lambda p: self.written(p, found)),
            self.layer("views", panels, lambda p: self.views(p, first=p is panels[0] and len(panels) > 1)),
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
                title=prose.title(self.atlas, spec), subtitle=prose.subtitle(spec)
            ),
            prose.describe(self.atlas, spec, measured=False),
            spoken(spec.language),
            prose.credit(self.atlas, spec),
        )

    def labelled(self, top: float) -> tuple[tuple[Panel, ...], Labelling]:
        """The panels below a height of the page with their labels: the first lay-out in which every leader is clear.

        Where names or lines to write on are insisted on, the lay-out with the clearest leaders, if any holds them.
        """
        style, spec = self.style, self.spec
        sizes = [label.size(style)[0] for label in self.labels] if spec.labels != "numbers" else []
        gutter = max(*sizes, layout.LEAST_GUTTER) + layout.LABEL_GAP + TEXT_GAP if sizes else 0.0
        heading = furniture.view_heading(spec.views, style) if self.shows("views") else 0.0
        heading += self.lettered
        insisted = spec.labels in ("names", "blank")
        beside: list[tuple[float, int, tuple[Panel, ...], Labelling]] = []
        for plan in layout.plans(self.seen, self.figures, spec.width, gutter, heading=heading, forced=insisted):
            panels = layout.panels(plan, self.seen, self.figures, spec.width, top, heading)
            found = self.tried(panels)
            if found is not None and found.fault < labelling.WRONG and any(panel.gutters for panel in panels):
                if found.fault <= 1:
                    return panels, found
                beside.append((round(found.fault, 6), len(beside), panels, found))
        if insisted and beside:
            panels, found = min(beside, key=lambda each: each[:2])[2:]
        assert found is not None, "the last lay-out has no gutters, so its labels always fit"
        return panels, found

    def tried(self, panels: Sequence[Panel]) -> Labelling | None:
        """The labels of panels laid out, off the letters of the sides."""
        blocked = {panel.view: self.letters(panel, first=panel is panels[0] and len(panels) > 1) for panel in panels}
        return labelling.labelling(panels, self.subjects, self.labels, self.spec, self.style, blocked)

    def letters(self, panel: Panel, *, first: bool) -> list[Box]:
        """Where the letters of the sides stand."""
        return [text_box(item) for item in self.views(panel, first=first) if isinstance(item, Text)]

    def bones(self, panels: Sequence[Panel]) -> Group | None:
        """Ghost bones where they are asked for, or help."""
        lateral = [panel for panel in panels if panel.view in furniture.LATERAL]
        shown = panels if self.shows("bones") else lateral if self.shows(LATERAL_BONES) else []
        groups = [
            Group(f"bones.{panel.view}", word(f"view.{panel.view}", self.spec.language), tuple(items))
            for panel in shown
            if (items := paint.bones(panel, self.style))
        ]
        return self.group("bones", groups)

    def essential(self, panel: Panel) -> Sequence[Item]:
        """The essential zone with the muscle in it."""
        fibres = self.shows("fibres")
        return paint.essential(panel, self.style, muscle_shown=self.shows("muscle"), fibres=fibres)

    def points(self, panel: Panel, found: Labelling) -> list[Item]:
        """Every X and its number, and the numbers of what is marked by a dot."""
        marked = found.marked.get(panel.view, ())
        leaders = [item.leader for item in found.placed.get(panel.view, ())]
        texts = marks.numbers(panel, leaders, self.style, marked)
        return [*marks.crosses(panel, self.style), *marks.dots(marked, self.style), *texts]

    def acupoints(self, panel: Panel, found: Labelling, *, first: bool) -> list[Item]:
        """Acupuncture points, clear of all that is written on the panel."""
        around = self.written(panel, found)
        if self.shows("views"):
            around = [*self.views(panel, first=first), *around]
        if self.shows("points"):
            around += self.points(panel, found)
        return acupoints.draw(acupoints.spots(self.atlas, self.spec, panel), panel, around, self.style)

    def written(self, panel: Panel, found: Labelling) -> list[Item]:
        """Leaders and labels."""
        placed = found.placed.get(panel.view, ())
        return [part for item in placed for part in written(item, found.labels[item.callout.key], self.style)]

    def views(self, panel: Panel, *, first: bool) -> list[Item]:
        """The view's name and the side marks."""
        language, style = self.spec.language, self.style
        marks = furniture.side_marks(panel, language, style, outer="left" if first else "right")
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
        entries = self.entries(found, panels) if self.shows("legend") else []
        rows = found.key if self.shows("key") else ()
        spot = furniture.locator_spot(panels, self.whole, spec.width) if self.shows("locator") else None
        beside = self.shows("locator") and spot is None
        said = sentences([prose.credit(self.atlas, spec), word("caution", spec.language)], spec.language)
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

    def entries(self, found: Labelling, panels: Sequence[Panel]) -> list[tuple[Symbol, str]]:
        """The legend's symbols and words: only what the plate shows; the muscle by name if no label says it."""
        shown = {
            "point": self.shows("points") and any(one.marks for one in self.seen),
            "essential": self.shows("zones") and any(not one.essential.is_empty for one in self.seen),
            "spillover": self.shows("zones") and any(not one.spillover.is_empty for one in self.seen),
            "doubtful": self.shows("zones") and any(not one.doubtful_edge.is_empty for one in self.seen),
            "acupoint": self.shows("acupoints")
            and any(acupoints.spots(self.atlas, self.spec, panel) for panel in panels),
            "muscle": self.shows("muscle") and any(not one.muscle.is_empty for one in self.seen),
        }
        words = {symbol: word(f"legend.{symbol}", self.spec.language) for symbol, there in shown.items() if there}
        if "muscle" in words and "muscle" not in found.in_gutters and not self.spec.study:
            words["muscle"] = name(self.atlas.muscle(self.spec.muscle).names, self.spec.language)
        return [*words.items()]

    def layer(
        self, key: str, panels: Sequence[Panel], draw: Callable[[Panel], Sequence[Item]], switch: str | None = None
    ) -> Group | None:
        """One layer with a group for each view that has something in it."""
        if (switch or key) not in self.spec.layers and key not in ("body", "outline"):
            return None
        groups = []
        for panel in panels:
            items = draw(panel)
            if items:
                view = word(f"view.{panel.view}", self.spec.language)
                said = prose.zone(self.atlas, [self.spec], key, [panel.view]) if switch == "zones" else ()
                groups.append(Group(f"{key}.{panel.view}", view, tuple(items), *said))
        return self.group(key, groups)

    def group(self, key: str, items: Sequence[Item]) -> Group | None:
        """A named layer, None where it would be empty."""
        return Group(key, word(f"layer.{key}", self.spec.language), tuple(items)) if items else None
