"""Insets: a region of the body enlarged in a circle or a rounded box beside its panel, joined to its place by lines.

An inset is painted like a panel, at its own scale, and cut to its frame, without clip paths. Lengths are mm on paper
unless the body is named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from math import acos, atan2, cos, hypot, pi, sin
from typing import Literal, TypeAlias

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ..atlas import Atlas
from ..atlas.outlines import mirror
from ..errors import InputError, Problem
from ..geometry.frame import Box, Frame, Point
from ..geometry.rings import areas_in, even_odd, lines_in, lines_of, rings_of
from ..scene import Dots, Item, Path, Text, bounds
from ..style import Style
from ..words import name
from ..words.measure import CAP_HEIGHT
from ..words.phrase import phrase
from . import marks
from .content import CACHED, UPRIGHT, PointMark, Seen, open_side
from .labels.label import text_box
from .layout import Panel, Sides
from .numbers import Numbers, entries, numbered
from .spec import Spec

Tangent: TypeAlias = tuple[Point, Point]

AIR = 1.18  # of the region's size: what the inset shows around it
SHARE = 0.3  # of the page's width that an inset takes
SMALLEST, LARGEST = 16.0, 44.0  # mm across
INSET_GAP = 3.0  # between an inset and its panel, or another inset
CAPTION_AIR = 0.6  # between an inset and its words
ROUND = 1.35  # a region longer than this for its width gets a box
CORNER = 0.16  # of the box's shorter side
LEAST_TIMES = 1.5  # the least enlargement
MIDLINE = 2.0  # mm on the body: a half that comes so near to the midline belongs to a region on it
STUB = 0.8  # mm: a shorter piece of a line leads nowhere
SPECK = 0.02  # mm2 or mm: smaller pieces are not drawn


@dataclass(frozen=True)
class Inset:
    """A region to enlarge: its words, its panel and the side of that, a box of the body, and if a circle frames it."""

    region: str
    words: str
    panel: int
    side: Literal["left", "right"]
    body: Box
    round: bool


@dataclass(frozen=True, eq=False)
class PlacedInset:
    """An inset on the page: the enlarged panel, its `frame`, the frame around its place on the body (`source`), and its
    words in `rows`, which stand over it (`above`) or under it.
    """

    inset: Inset
    panel: Panel
    frame: BaseGeometry
    source: BaseGeometry
    spot: Box
    rows: tuple[str, ...]
    above: bool

    @property
    def id(self) -> str:
        """The id of its group."""
        return f"inset.{self.inset.region}.{self.panel.view}"


def insets(atlas: Atlas, spec: Spec, seen: Sequence[Seen]) -> tuple[Inset, ...]:
    """The spec's insets, each in the view that shows most of its region, on the side away from the muscle's labels."""
    return tuple(_inset(atlas, spec, seen, region) for region in spec.inset)


def _inset(atlas: Atlas, spec: Spec, seen: Sequence[Seen], region: str) -> Inset:
    shapes = [_region(atlas, spec, one.view, region) for one in seen]
    most = max(range(len(seen)), key=lambda index: (round(shapes[index].area), -index))
    left, top, right, bottom = shapes[most].bounds
    wide, tall = right - left, bottom - top
    circle = max(wide, tall) <= ROUND * min(wide, tall)
    if circle:
        wide = tall = max(max(wide, tall) * AIR, hypot(wide, tall) * 0.9)
    else:
        wide, tall = wide + (AIR - 1) * max(wide, tall), tall + (AIR - 1) * max(wide, tall)
    x, y = (left + right) / 2, (top + bottom) / 2
    labelled = open_side(seen[most], frozenset(mark.id for mark in seen[most].marks))
    names = atlas.patterns.regions[region].names if region in atlas.patterns.regions else {"en": region}
    said = name(names, spec.language)
    words, body = said[:1].upper() + said[1:], (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
    return Inset(region, words, most, "left" if labelled == "right" else "right", body, circle)


def _region(atlas: Atlas, spec: Spec, view: str, region: str) -> BaseGeometry:
    """A region in a view, both halves where it lies on the midline."""
    shape: BaseGeometry = atlas.region(region, view=view, side=spec.side, body=spec.body)
    if shape.is_empty or view not in UPRIGHT:
        return shape
    left, _, right, _ = shape.bounds
    return shapely.union_all([shape, mirror(shape)]) if min(abs(left), abs(right)) < MIDLINE else shape


def size(one: Inset, page: float) -> tuple[float, float]:
    """The width and height of an inset on a page of a width."""
    wide, tall = one.body[2] - one.body[0], one.body[3] - one.body[1]
    across = max(SMALLEST, min(LARGEST, SHARE * page))
    if wide >= tall:
        return across, across * tall / wide
    return min(across, 1.5 * across * wide / tall), min(across * tall / wide, 1.5 * across)


def room(insets: Iterable[Inset], count: int, page: float) -> tuple[Sides, ...]:
    """The width that insets take beside each panel."""
    sides = [[0.0, 0.0] for _ in range(count)]
    for one in insets:
        which = 0 if one.side == "left" else 1
        sides[one.panel][which] = max(sides[one.panel][which], size(one, page)[0] + INSET_GAP)
    return tuple((before, after) for before, after in sides)


def placed(insets: Sequence[Inset], panels: Sequence[Panel], page: float, style: Style) -> tuple[PlacedInset, ...]:
    """The insets beside their panels, each as near to the height of its place as the others allow."""
    found: list[PlacedInset] = []
    for number, side in product(range(len(panels)), ("left", "right")):
        mine = sorted((one for one in insets if (one.panel, one.side) == (number, side)), key=lambda o: o.body[1])
        found += _column(mine, panels[number], page, style)
    return tuple(found)


def _column(insets: Sequence[Inset], panel: Panel, page: float, style: Style) -> Iterator[PlacedInset]:
    """The insets on one side of a panel, from top to bottom."""
    _, top, _, bottom = panel.box
    for number, one in enumerate(insets):
        across, deep = size(one, page)
        rows = phrase(one.words, across, style.size_label)
        said = CAPTION_AIR + len(rows) * style.size_label * style.line_spacing
        left_over = len(insets) - number
        free = (bottom - top - INSET_GAP * (left_over - 1)) / left_over
        shrink = min(1.0, (free - said) / deep)
        wide, tall = across * shrink, deep * shrink
        scale = wide / (one.body[2] - one.body[0])
        if scale < LEAST_TIMES * panel.frame.scale:
            what = f"region {one.region} is too large to be enlarged on this page"
            raise InputError(Problem(what, hint="make the page wider, show fewer views, or leave the inset out"))
        x = panel.box[0] - INSET_GAP - across / 2 if one.side == "left" else panel.box[2] + INSET_GAP + across / 2
        source = panel.frame.box(one.body)
        middle = (source[1] + source[3]) / 2
        last = bottom - (left_over - 1) * (free + INSET_GAP) - tall - said
        high = max(top, min(middle - tall / 2, last))
        above = middle > high + tall / 2 + 1e-6  # the lines leave downwards: the words stand over the inset
        high += said if above else 0.0
        spot = (x - wide / 2, high, x + wide / 2, high + tall)
        frame = Frame(scale, spot[0] - one.body[0] * scale, spot[1] - one.body[1] * scale)
        enlarged = panel._replace(frame=frame, box=spot, gutters=())
        yield PlacedInset(one, enlarged, _frame(spot, one.round), _frame(source, one.round), spot, rows, above)
        top = spot[3] + (0.0 if above else said) + INSET_GAP


@lru_cache(CACHED)
def _frame(box: Box, circle: bool) -> BaseGeometry:
    """The frame of an inset in a box of the page."""
    left, top, right, bottom = box
    if circle:
        return shapely.Point((left + right) / 2, (top + bottom) / 2).buffer((right - left) / 2, quad_segs=24)
    corner = CORNER * min(right - left, bottom - top)
    return shapely.box(left + corner, top + corner, right - corner, bottom - corner).buffer(corner, quad_segs=8)


def drawn(one: PlacedInset, items: Iterable[Item], style: Style) -> list[Item]:
    """An inset: paper, the painted items cut to the frame, the frame, and its words."""
    rings = rings_of(one.frame)
    edge = Path(rings, stroke=style.locator_frame, width=2 * style.locator_frame_width)
    return [Path(rings, fill=style.paper), *cut(items, one.frame), edge, *caption(one, style)]


def caption(one: PlacedInset, style: Style) -> list[Item]:
    """The region's name, under the inset or over it."""
    size, step = style.size_label, style.size_label * style.line_spacing
    middle, low = (one.spot[0] + one.spot[2]) / 2, one.spot[3] + CAPTION_AIR
    if one.above:
        low = one.spot[1] - CAPTION_AIR - len(one.rows) * step
    first = low + step / 2 + size * CAP_HEIGHT / 2
    rows = enumerate(one.rows)
    return [Text(middle, first + number * step, row, size, "middle", fill=style.text) for number, row in rows]


def frames(placed: Iterable[PlacedInset], style: Style) -> list[Item]:
    """The frame around the place on the body that each inset enlarges."""
    wide, rings = style.locator_frame_width, [rings_of(one.source) for one in placed]
    looks = ((style.text_halo, wide + 2 * style.leader_halo_width), (style.locator_frame, wide))
    return [Path(ring, stroke=colour, width=thick) for ring in rings for colour, thick in looks]


def connectors(placed: Sequence[PlacedInset], avoid: Iterable[Item], style: Style) -> list[Item]:
    """The two lines from each place to its inset that touch both, broken at the items to avoid and at other insets."""
    kept_off = [_around(item) for item in avoid]
    found: list[Item] = []
    for one in placed:
        others = [other.frame.buffer(CAPTION_AIR) for other in placed if other is not one]
        lines = shapely.MultiLineString(_tangents(one)).difference(shapely.union_all([*kept_off, *others]))
        parts = [line for line in shapely.get_parts(lines) if line.length > STUB]
        if parts:
            rings = tuple(shapely.get_coordinates(line) for line in parts)
            found.append(Path(rings, closed=False, stroke=style.locator_frame, width=style.locator_frame_width))
    return found


def _around(item: Item) -> BaseGeometry:
    """The area that lines keep off around an item."""
    if isinstance(item, Text):
        return shapely.box(*text_box(item)).buffer(CAPTION_AIR)
    if isinstance(item, Path) and not item.closed:
        return shapely.MultiLineString([shapely.LineString(ring) for ring in item.rings]).buffer(item.width / 2)
    return shapely.Point()


def _tangents(one: PlacedInset) -> list[Tangent]:
    """The two lines that touch both frames from outside."""
    (x0, y0, x1, y1), spot = one.source.bounds, one.spot
    if not one.inset.round:
        left = one.inset.side == "left"
        near, far = (x0, spot[2]) if left else (x1, spot[0])
        corner = CORNER * min(spot[2] - spot[0], spot[3] - spot[1])
        small = CORNER * min(x1 - x0, y1 - y0)
        return [((near, y0 + small), (far, spot[1] + corner)), ((near, y1 - small), (far, spot[3] - corner))]
    a, b = ((x0 + x1) / 2, (y0 + y1) / 2), ((spot[0] + spot[2]) / 2, (spot[1] + spot[3]) / 2)
    small, large = (x1 - x0) / 2, (spot[2] - spot[0]) / 2
    run = hypot(b[0] - a[0], b[1] - a[1])
    if run <= large - small:
        return []
    towards, turn = atan2(b[1] - a[1], b[0] - a[0]), acos((small - large) / run)
    ways = [(cos(angle % (2 * pi)), sin(angle % (2 * pi))) for angle in (towards + turn, towards - turn)]
    return [((a[0] + small * x, a[1] + small * y), (b[0] + large * x, b[1] + large * y)) for x, y in ways]


def marked(one: PlacedInset, style: Style, explained: Collection[str] | None = None) -> list[Item]:
    """Every X well inside the inset, with its number if it is in `explained`; none where that number has no room."""
    frame = one.frame.buffer(-CAPTION_AIR)
    inside = [mark for mark in one.panel.seen.marks if _holds(frame, marks.crosses(_only(one.panel, mark), style))]
    texts = numbered(Numbers(entries(_only(one.panel, *inside), explained=explained), style, within=frame))
    said = {text.text for text in texts if isinstance(text, Text)}
    kept = (each for each in inside if str(each.number) in said or (explained is not None and each.id not in explained))
    return [*marks.crosses(_only(one.panel, *kept), style), *texts]


def _only(panel: Panel, *kept: PointMark) -> Panel:
    return panel._replace(seen=replace(panel.seen, marks=kept))


def _holds(frame: BaseGeometry, items: Sequence[Item]) -> bool:
    box = bounds(items)
    return box is not None and bool(frame.contains(shapely.box(*box)))


def cut(items: Iterable[Item], frame: BaseGeometry) -> list[Item]:
    """The items inside a frame: areas and lines cut at it, dots and texts only as a whole."""
    found: list[Item] = []
    for item in items:
        match item:
            case Path():
                found += _cut_path(item, frame)
            case Dots():
                inner = frame.buffer(-item.radius)
                points = item.points[shapely.contains_xy(inner, item.points)]
                found += [replace(item, points=points)] if len(points) else []
            case Text() if frame.contains(shapely.box(*text_box(item))):
                found.append(item)
    return found


def _cut_path(path: Path, frame: BaseGeometry) -> Iterator[Item]:
    if not path.closed:
        lines = [line for ring in path.rings for line in _inside(shapely.LineString(ring), frame)]
        if lines:
            yield replace(path, rings=tuple(lines))
        return
    if path.fill is not None:
        shape = shapely.make_valid(even_odd(path.rings), method="structure", keep_collapsed=False)
        rings = rings_of(areas_in(shapely.intersection(shape, frame), SPECK))
        if rings:
            yield replace(path, rings=rings, stroke=None, width=0.0, dash=())
    if path.stroke is not None:
        closed = (shapely.LineString([*ring, ring[0]]) for ring in path.rings)
        lines = [line for ring in closed for line in _inside(ring, frame)]
        if lines:
            yield replace(path, rings=tuple(lines), closed=False, fill=None)


def _inside(line: BaseGeometry, frame: BaseGeometry) -> list[np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    return list(lines_of(lines_in(shapely.line_merge(shapely.intersection(line, frame)), SPECK)))
