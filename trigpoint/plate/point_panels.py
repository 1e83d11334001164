"""A panel for each trigger point: the muscle with all X's, large, and a panel with the pain of each point alone.

Points with one pattern share a panel. All panels of pain have one height, and one crop but for pain that lies far away.
The muscle stands above them or on their left; on a narrow page, where both would be small, it is seen in the panels of
pain alone. Lengths are mm on paper unless the body is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product
from math import ceil
from typing import NamedTuple

import shapely
from shapely import MultiLineString, MultiPolygon

from ..atlas import Atlas
from ..geometry.frame import Frame
from ..geometry.rings import areas_in
from ..words import listing, name
from . import crop
from .cells import Cell, direction
from .content import CACHED, Seen, gather
from .headings import heading_height
from .labels.assignment import NOTHING_NAMED, Labelling
from .layout import LARGEST_SCALE, MARGIN, PAD, PANEL_GAP, ROW_GAP, Panel, refuse_too_small
from .muscle_styles import Hue, quiet
from .page import Page
from .panel_layers import PanelLayers
from .spec import Spec

ALIKE = 0.8  # of two points' pain: those that share so much have one pattern
NEAR = 260.0  # mm on the body: an X farther from its pain is left to the muscle's panel
AROUND_MUSCLE = crop.Air(38.0, 38.0, 250.0)
AROUND_PAIN = crop.Air(85.0, 75.0, 380.0)
FAR = 1.6  # as tall as usual: a crop that is taller is one of its own, so that the others keep their size
HALF = 0.6  # of the panels' height: the most that the muscle above them takes
BESIDE = (0.34, 0.4, 0.46)  # of the page's width: what the muscle on their left may take
MORE = 0.7  # of the muscle's panel: the most that it may grow to fill the page
SHARES = (1.0, 0.8, 0.6, 0.4, 0.2)  # of that: tried until the body fits
LARGER = 1.5  # times the scale of the pain: that of the muscle, if there is room
GOOD = 52.0  # mm: a panel of pain of this size (of a square) is easily read, a larger one is worth little more
LONG = 420.0  # mm on the body: of a longer muscle only what lies around its X's is shown
SECOND = 0.45  # of the muscle's area in its best view: another view that shows so much stands beside that
WITHOUT = 0.5  # worth of panels without the muscle's
HIGH, HIGH_MM = 1.3, 170.0  # panels this many times taller than wide, or so many mm, are worth half of flat ones


def groups(atlas: Atlas, spec: Spec) -> tuple[tuple[str, ...], ...]:
    """The points of a spec by pattern, in their order; those without pain are left out."""
    found: list[tuple[list[str], list[Seen]]] = []
    for point in spec.points:
        alone = gather(atlas, spec._replace(points=(point,)))
        if all(one.pain.is_empty for one in alone):
            continue
        for points, first in found:
            if all(_alike(a, b) for a, b in zip(first, alone, strict=True)):
                points.append(point)
                break
        else:
            found.append(([point], list(alone)))
    return tuple(tuple(points) for points, _ in found)


@lru_cache(CACHED)
def _alike(one: Seen, other: Seen) -> bool:
    """Whether two points' pain is nearly the same in a view."""
    both = ((one.pain, other.pain), (one.essential, other.essential))
    return all(shapely.intersection(a, b).area >= ALIKE * shapely.union(a, b).area for a, b in both)


def views(atlas: Atlas, spec: Spec) -> tuple[str, ...]:
    """The views of a spec that its panels show, in their order."""
    patterns = (gather(atlas, spec._replace(points=points)) for points in groups(atlas, spec))
    used = {one.view for one in _own_views(spec, gather(atlas, spec))} | {max(p, key=_telling).view for p in patterns}
    return tuple(view for view in spec.views if view in used)


def cells_of(page: Page) -> tuple[list[Cell], list[Cell]]:
    """The panels of the muscle, its own view first, and those of the patterns of its points."""
    atlas, spec = page.atlas, page.spec
    seen = gather(atlas, spec)
    patterns = [_pattern(page, points) for points in groups(atlas, spec)]
    return [_muscle(page, one) for one in _own_views(spec, seen)], patterns


def _own_views(spec: Spec, seen: Sequence[Seen]) -> list[Seen]:
    """The views of the muscle's panels: that which shows most of it and of the X's, and another that shows much."""

    def worth(one: Seen) -> float:
        return one.muscle.area * (1 + len(one.marks)) / (1 + len(spec.points))

    shown = sorted((one for one in seen if not one.muscle.is_empty), key=worth, reverse=True)
    if not shown:
        return []
    first = shown[0]
    marked = {mark.id for mark in first.marks}
    more = [one for one in shown[1:] if one.muscle.area >= SECOND * first.muscle.area]
    more = [one for one in shown[1:] if {mark.id for mark in one.marks} - marked] or more
    return [first, *more[:1]]


def _muscle(page: Page, one: Seen) -> Cell:
    """A panel of the muscle with its X's, without pain."""
    bare = _painless(one)
    return Cell(
        one.view,
        (page.spec,),
        ((bare, Hue(page.style, None)),),
        bare,
        page.word(f"view.{one.view}"),
        page.style,
        remarks=direction(one.view, page.spec.language),
    )


@lru_cache(CACHED)
def _painless(one: Seen) -> Seen:
    """A view without its zones."""
    none = MultiPolygon()
    return replace(one, essential=none, spillover=none, zones=(), doubtful_edge=MultiLineString())


@lru_cache(CACHED)
def _near(one: Seen) -> Seen:
    """A view without the X's that are far from the pain."""
    near = (mark for mark in one.marks if one.pain.distance(shapely.Point(mark.place)) <= NEAR)
    return replace(one, marks=tuple(near))


@lru_cache(CACHED)
def _pain(one: Seen) -> Seen:
    """A view without its muscle, which may pass the crop of the pain."""
    return replace(one, muscle=MultiPolygon())


def _pattern(page: Page, points: tuple[str, ...]) -> Cell:
    """The panel of a pattern, in the view that shows most of it."""
    atlas, spec = page.atlas, page.spec._replace(points=points)
    one = max(gather(atlas, spec), key=_telling)
    held = _near(one)
    language = spec.language
    labels = tuple(name(atlas.point(point).label, language) for point in points)
    view = page.word(f"view.{one.view}")
    return Cell(
        f"{one.view}.{'_'.join(str(atlas.point(point).number) for point in points)}",
        (spec._replace(views=(one.view,)),),
        ((held, Hue(quiet(page.style), None)),),
        held,
        listing(labels, language),
        page.style,
        remarks=(view,),
    )


def _telling(one: Seen) -> float:
    """How much of its pain a view shows; where the X's show as well, a little more."""
    return (2 * one.essential.area + one.spillover.area) * (1.1 if one.marks else 1.0)


@lru_cache(CACHED)
def _around_marks(one: Seen) -> Seen:
    """A long muscle cut to what lies around its X's, so that it is seen large."""
    _, top, _, bottom = one.muscle.bounds
    if not one.marks or bottom - top <= LONG:
        return one
    high, low = (pick(mark.place[1] for mark in one.marks) for pick in (min, max))
    window = shapely.box(-1e4, high - LONG / 3, 1e4, low + LONG / 3)
    return replace(one, muscle=areas_in(shapely.intersection(one.muscle, window)))


def _figures(seen: Sequence[Seen], air: crop.Air) -> tuple[crop.Figure, ...]:
    """The bodies of panels of one height: of the same crop, but for those whose pain lies much farther away."""
    bands = [crop.band([one], air=air) for one in seen]
    usual = sorted(bottom - top for top, bottom in bands)[(len(bands) - 1) // 2]
    near = [bottom - top <= FAR * usual for top, bottom in bands]
    joint = crop.band([one for one, is_near in zip(seen, near, strict=True) if is_near], air=air)
    shown = [joint if is_near else band for band, is_near in zip(bands, near, strict=True)]
    pairs = list(zip(seen, shown, strict=True))
    halves = crop.halves(pairs, legs=air is AROUND_PAIN)
    return tuple(crop.figure(one, *band, half=halves[one.view, band[0]]) for one, band in pairs)


def _panel(cell: Cell, figure: crop.Figure, across: tuple[float, float], down: tuple[float, float, float]) -> Panel:
    """A panel from its left edge and width, and the top of its heading, that heading's height and the body's."""
    (left, wide), (top, over, tall) = across, down
    scale = tall / (figure.box[3] - figure.box[1])
    middle = round(left + wide / 2 - (figure.box[0] + figure.box[2]) / 2 * scale, 1)
    frame = Frame(scale, middle, round(top + over - figure.box[1] * scale, 1))
    box = (left, top + over, left + wide, top + over + tall)
    return Panel(cell.merged, figure, frame, box, top, (), frozenset(), left + wide / 2)


class Block(NamedTuple):
    """Panels of one height in rows; those whose crop is taller than the usual one have a smaller scale."""

    figures: tuple[crop.Figure, ...]
    cells: tuple[Cell, ...]
    page: Page

    @property
    def wide(self) -> float:
        """The greatest width of a body at the usual scale, in mm on the body."""
        tall = self.tall
        return max(tall * (right - left) / (bottom - top) for left, top, right, bottom in (f.box for f in self.figures))

    @property
    def tall(self) -> float:
        """The height of the usual crop, in mm on the body."""
        return min(figure.box[3] - figure.box[1] for figure in self.figures)

    def grown(self, more: float) -> Block:
        """A block of one panel with more of the body, in mm on it, above and below."""
        if more <= 0:
            return self
        (figure,), (cell,) = self.figures, self.cells
        _, vertex, _, sole = figure.outline.silhouette.bounds
        tall = self.tall + more
        top = max(vertex - crop.MARGIN, min(figure.box[1] - more / 2, sole + crop.MARGIN - tall))
        half = crop.BEYOND if figure.half else 0.0
        return self._replace(figures=(crop.figure(cell.merged, top, top + tall, half=half),))

    def rows(self, columns: int) -> list[tuple[int, ...]]:
        """The panels of each row."""
        return [tuple(range(len(self.cells)))[start : start + columns] for start in range(0, len(self.cells), columns)]

    def headings(self, columns: int, room: float) -> list[float]:
        """The height of the headings of each row of panels `room` mm wide."""
        return [heading_height([self.cells[i] for i in row], room, self.page) for row in self.rows(columns)]


class Plan(NamedTuple):
    """A lay-out: its worth, the columns and scale of the patterns, the scale of the muscle, its width beside them (0:
    above), how many views of it, and by how much its panel is taller than its crop.
    """

    worth: float
    columns: int
    scale: float
    muscle: float
    beside: float
    heads: int
    more: float = 0.0


class PointPanels:
    """The muscle and the patterns of its points, to be laid out on a page."""

    locator = None
    insets = ()
    tallest = 195.0  # mm for all rows of panels: a page less title, legend and credit

    def __init__(self, page: Page) -> None:
        self.page = page
        heads, patterns = cells_of(page)
        self.cells = (*heads, *patterns)
        held = [_pain(cell.merged) for cell in patterns]
        self.patterns = Block(_figures(held, AROUND_PAIN), tuple(patterns), page)
        self.heads = [Block(_figures([_around_marks(cell.merged)], AROUND_MUSCLE), (cell,), page) for cell in heads]

    def laid(self, top: float, tallest: float) -> tuple[tuple[Panel, ...], Labelling]:
        """The panels below a height of the page, in the best lay-out."""
        plan = max(self._plans(tallest), default=None)
        refuse_too_small(plan.scale * self.patterns.tall if plan else 0.0)
        assert plan is not None, "none was refused"
        if plan.beside and plan.heads == 1:
            plan = plan._replace(more=self._spare(plan))
        return tuple(self._panels(plan, top)), NOTHING_NAMED

    @property
    def room(self) -> float:
        """The width of the page between its margins."""
        return self.page.spec.width - 2 * MARGIN

    def _share(self, count: int) -> float:
        """The width of each of some panels in a row."""
        return (self.room - PANEL_GAP * (count - 1)) / count

    def _plans(self, tallest: float) -> Iterator[Plan]:
        """Every lay-out: patterns in columns, and the muscle above them, beside them, or not at all."""
        for columns in range(1, len(self.patterns.cells) + 1):
            yield from self._above(columns, 0, tallest)
            for heads in range(1, len(self.heads) + 1):
                yield from self._above(columns, heads, tallest)
            if self.heads:
                for share, heads in product(BESIDE, range(1, len(self.heads) + 1)):
                    yield from self._beside(columns, share * self.room, heads, tallest)

    def _above(self, columns: int, heads: int, tallest: float) -> Iterator[Plan]:
        step = self._share(columns)
        headings = self.patterns.headings(columns, step)
        fixed = sum(headings) + ROW_GAP * (len(headings) - 1)
        widest = min((step - 2 * PAD) / self.patterns.wide, LARGEST_SCALE)
        shown = self.heads[:heads]
        over, muscle = 0.0, 0.0
        if shown:
            wide = self._share(heads)
            over = max(sum(head.headings(1, wide)) for head in shown) + ROW_GAP
            muscle = (wide - 2 * PAD) / max(head.wide for head in shown)
            tall = HALF * (len(headings) * widest * self.patterns.tall + fixed)
            muscle = min(muscle, LARGEST_SCALE, min(tall, HALF * tallest) / max(head.tall for head in shown))
            over += muscle * max(head.tall for head in shown)
        scale = min(widest, (tallest - fixed - over) / (len(headings) * self.patterns.tall))
        if scale > 0:
            total = over + fixed + len(headings) * scale * self.patterns.tall
            yield self._plan(columns, scale, muscle, 0.0, heads, total)

    def _beside(self, columns: int, wide: float, heads: int, tallest: float) -> Iterator[Plan]:
        step = (self.room - wide - PANEL_GAP * columns) / columns
        headings = self.patterns.headings(columns, step)
        fixed = sum(headings) + ROW_GAP * (len(headings) - 1)
        scale = min((step - 2 * PAD) / self.patterns.wide, LARGEST_SCALE)
        scale = min(scale, (tallest - fixed) / (len(headings) * self.patterns.tall))
        if scale <= 0:
            return
        total = fixed + len(headings) * scale * self.patterns.tall
        shown = self.heads[:heads]
        over = sum(sum(head.headings(1, wide)) for head in shown) + ROW_GAP * (heads - 1)
        across = (wide - 2 * PAD) / max(head.wide for head in shown)
        muscle = min(across, (total - over) / sum(head.tall for head in shown), LARGEST_SCALE)
        if muscle > 0:
            yield self._plan(columns, scale, muscle, wide, heads, total)

    def _plan(self, columns: int, scale: float, muscle: float, beside: float, heads: int, total: float) -> Plan:
        size = scale * (self.patterns.wide * self.patterns.tall) ** 0.5 / GOOD
        large = min(size, 1.0) ** 1.3 + 0.25 * max(0.0, min(size, 1.6) - 1.0)
        seen = max(WITHOUT, min(1.0, muscle / (LARGER * scale)) ** 0.5) if heads else WITHOUT
        more = 1.03 if heads > 1 else 1.0
        cells = len(self.patterns.cells)
        full = (cells / (columns * ceil(cells / columns))) ** 0.3
        flat = 1 / (1 + (total / max(HIGH * self.page.spec.width, HIGH_MM)) ** 2)
        return Plan(large * seen * more * full * flat, columns, scale, muscle, beside, heads)

    def _panels(self, plan: Plan, top: float) -> Iterator[Panel]:
        heads, left = self.heads[: plan.heads], MARGIN
        bottom = top
        if heads and not plan.beside:
            wide = self._share(len(heads))
            over = max(sum(head.headings(1, wide)) for head in heads)
            for number, head in enumerate(heads):
                x, tall = MARGIN + number * (wide + PANEL_GAP), head.tall * plan.muscle
                yield _panel(head.cells[0], head.figures[0], (x, wide), (top, over, tall))
            bottom = top + over + max(head.tall for head in heads) * plan.muscle + ROW_GAP
        elif heads:
            left, y = MARGIN + plan.beside + PANEL_GAP, top
            for head in heads:
                head = head.grown(plan.more / plan.muscle)
                over, tall = sum(head.headings(1, plan.beside)), head.tall * plan.muscle
                yield _panel(head.cells[0], head.figures[0], (MARGIN, plan.beside), (y, over, tall))
                y += over + tall + ROW_GAP
        columns = plan.columns
        step = (self.page.spec.width - MARGIN - left - PANEL_GAP * (columns - 1)) / columns
        tall = self.patterns.tall * plan.scale
        for row, over in zip(self.patterns.rows(columns), self.patterns.headings(columns, step), strict=True):
            x = left + (columns - len(row)) * (step + PANEL_GAP) / 2
            for index in row:
                cell, figure = self.patterns.cells[index], self.patterns.figures[index]
                yield _panel(cell, figure, (x, step), (bottom, over, tall))
                x += step + PANEL_GAP
            bottom += over + tall + ROW_GAP

    def _spare(self, plan: Plan) -> float:
        """The height that is left below the muscle beside the patterns, as far as more of the body is of use there."""
        step = (self.room - plan.beside - PANEL_GAP * plan.columns) / plan.columns
        headings = self.patterns.headings(plan.columns, step)
        total = sum(headings) + ROW_GAP * (len(headings) - 1) + len(headings) * plan.scale * self.patterns.tall
        tall = self.heads[0].tall * plan.muscle
        spare = max(0.0, min(total - sum(self.heads[0].headings(1, plan.beside)) - tall, MORE * tall))
        tried = (spare * share for share in SHARES)  # with arms a body may be too wide
        fits = (more for more in tried if self.heads[0].grown(more / plan.muscle).wide * plan.muscle <= plan.beside)
        return next(fits, 0.0)

    def layers(self, panels: Sequence[Panel], found: Labelling) -> tuple[PanelLayers, ...]:
        """The panels to be drawn."""
        shown = [next(cell for cell in self.cells if cell.merged is panel.seen) for panel in panels]
        return tuple(PanelLayers(self.page, cell, panel, found) for cell, panel in zip(shown, panels, strict=True))

    def remarks(self, _: Labelling) -> tuple[str, ...]:
        """No remarks: every point has its panel."""
        return ()
