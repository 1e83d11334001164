"""The crop: how much of the body a plate shows, and the body cut to it, in the view frame.

All panels share a band of heights: what is drawn plus enough body to recognise the place. Pieces of the body that the
cut sets free and that carry nothing (a hand beside the hip) are left out; arms that carry nothing end a little below
the armpit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import zip_longest
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import shapely
from shapely import MultiLineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from ..atlas.outlines import Outline
from ..atlas.structures import BONE, Structure, listing
from ..atlas.views import mirror
from ..geometry.frame import Box
from ..geometry.rings import areas_in, lines_in
from .content import CACHED, UPRIGHT, Seen, joined

Side: TypeAlias = Literal["top", "bottom", "left", "right"]

ARMPIT = 478.0  # mm below the vertex: from here down the arms of every body are free of the trunk
STUMP = 34.0  # mm below the armpit where an arm that carries nothing ends, seen from behind or from the front
REACH = 165.0  # mm in front of the ankle plumb line where such an arm ends in a side view (arms are held forward)
SIDE_END = 35.0  # mm before that: the chest does not reach so far
STUMP_END = 60.0  # mm on the body that the soft end of an arm takes
BELOW_ARMS = 640.0  # mm below the vertex: in side views arms are above
LEAST_ABOVE = 45.0  # mm of body over what is drawn, at the least
WHOLE = 1250.0  # mm: a band that is taller and holds the arms becomes the whole body
MARGIN = 6.0  # mm of air above the head and under the soles
MIDLINE = 3.0  # mm: a bone whose middle is nearer to the midline than this has no fellow
LEGS = 0.5  # of a view's height: with the crotch above, it shows mostly legs
BEYOND = 45.0  # mm beyond the midline where half a body ends
THREAD = 4.0  # mm: half the width of a bridge that is too thin to hold a piece of the body
SEAM = 0.02  # mm on the body: the contour is left out this near to a cut
EDGE = 0.3  # mm on the body: half the width of a bone's edge, and a little more
LEAST_AREA = 1.0  # mm2 on the body: a smaller piece is a speck
DETAIL = 0.2  # mm on the body: what a contour may lose, a fifth of its printed line's width at the most


class Air(NamedTuple):
    """How much body a crop shows over and under what is drawn, and how tall it is at the least; mm on the body."""

    above: float
    below: float
    least: float


USUAL = Air(105.0, 95.0, 470.0)  # for a hip plate from the lower ribs to mid-thigh


class End(NamedTuple):
    """A straight cut through the body: the side of the missing part, its place, its extent across from `low` to `high`,
    and the mm of the body over which it may end softly.
    """

    side: Side
    at: float
    low: float
    high: float
    room: float

    def box(self, depth: float) -> Box:
        """The part of the body up to `depth` mm from the cut."""
        match self.side:
            case "top":
                return self.low, self.at, self.high, self.at + depth
            case "bottom":
                return self.low, self.at - depth, self.high, self.at
            case "left":
                return self.at, self.low, self.at + depth, self.high
            case "right":
                return self.at - depth, self.low, self.at, self.high


class Bones(NamedTuple):
    """The bones of a figure: their areas, their darker steps (the lightest first), lines on them, and who drew them."""

    rims: tuple[MultiPolygon, ...]
    shades: tuple[MultiPolygon, ...]
    lines: MultiPolygon
    sources: frozenset[str]


@dataclass(frozen=True, eq=False)
class Figure:
    """The body between two heights: areas, and lines without the cut edges.

    `box` holds the body; `around`, the fill and a little more, is the area for its lines and tones. `half`: only one
    side of the body is shown.
    """

    fill: MultiPolygon
    tones: tuple[MultiPolygon, ...]
    lines: MultiPolygon
    edge: MultiLineString
    box: Box
    ends: tuple[End, ...]
    outline: Outline
    around: BaseGeometry
    half: bool = False

    @cached_property
    def bones(self) -> Bones:
        """The ghost bones, in upright views with the fellows of paired ones."""
        drawn = self._bones()
        rims = _cut([one.rim for one in drawn], self.around)
        steps = zip_longest(*(one.tones for one in drawn), fillvalue=MultiPolygon())
        return Bones(
            tuple(part for part in rims if not part.is_empty),
            tuple(areas_in(np.array(_cut(_off_edge(step), self.around), object)) for step in steps),
            _cut([shapely.union_all([one.lines for one in drawn])], self.around)[0],
            frozenset(one.source for one in drawn if one.source),
        )

    def _bones(self) -> list[Structure]:
        """The bones that may show here; no other file of bones is read."""
        found: list[Structure] = []
        both = self.outline.view in UPRIGHT
        for key, one in listing(self.outline.structures).items():
            if one.kind == BONE and meets(one.box, self.around.bounds, both=both):
                bone = self.outline.structures[key]
                paired = both and abs(bone.rim.centroid.x) > MIDLINE
                found += [bone, bone.mirrored()] if paired else [bone]
        return found

    def depth(self, place: tuple[float, float]) -> float:
        """The distance of a place from the edge of the body, in mm."""
        return float(self._rim.distance(shapely.Point(place)))

    @cached_property
    def _rim(self) -> BaseGeometry:
        return self.fill.boundary


def band(seen: Sequence[Seen], more: Iterable[Box] = (), air: Air = USUAL) -> tuple[float, float]:
    """The heights (top, bottom; y down) that every panel of a plate shows; `more` are further boxes to hold."""
    outline = seen[0].outline
    _, top, _, bottom = outline.silhouette.bounds
    boxes = [*(one.box for one in seen), *more]
    content = joined(box for box in boxes if box is not None)
    if content is None:
        return top - MARGIN, bottom + MARGIN
    high, low = content[1] - air.above, content[3] + air.below
    slack = max(0.0, air.least - (low - high)) / 2
    high, low = high - slack, low + slack
    if high < ARMPIT <= content[1] - LEAST_ABOVE:  # a little lower, and the arms hang free and can be left out
        high, low = ARMPIT, max(low, ARMPIT + air.least)
    if low - high > WHOLE and high < ARMPIT:
        return top - MARGIN, bottom + MARGIN
    return max(high, top - MARGIN), min(low, bottom + MARGIN)


def figure(one: Seen, top: float, bottom: float, more: Iterable[Box] = (), *, half: float = 0.0) -> Figure:
    """The body of a view between two heights (mm): the pieces that carry something or hold a box of `more`.

    With `half` the body ends softly so many mm beyond the midline, on the side where nothing is drawn.
    """
    return _figure(one, round(top, 1), round(bottom, 1), tuple(more), half)


def one_sided(one: Seen) -> bool:
    """Whether all that an upright view draws lies on one side of the midline."""
    return one.view in UPRIGHT and one.box is not None and one.box[0] * one.box[2] > 0


def mostly_legs(one: Seen, top: float, bottom: float) -> bool:
    """Whether a view between two heights shows more of the legs than of the trunk."""
    _, high, _, low = one.outline.silhouette.bounds
    middle = shapely.intersection(one.outline.silhouette, shapely.LineString([(0, high), (0, low)]))
    return bool(middle.bounds[3] - top < LEGS * (bottom - top))


def halves(shown: Iterable[tuple[Seen, tuple[float, float]]], *, legs: bool = True) -> dict[tuple[str, float], float]:
    """By view and upper height: how far beyond the midline bodies reach, 0 for whole ones; for `figure`.

    Half a body is shown where all that its views draw lies on one side; with `legs`, only where it is mostly legs.
    """
    found: dict[tuple[str, float], float] = {}
    for one, (top, bottom) in shown:
        mine = BEYOND if one_sided(one) and (not legs or mostly_legs(one, top, bottom)) else 0.0
        found[one.view, top] = min(found.get((one.view, top), mine), mine)
    return found


@lru_cache(CACHED)
def _figure(one: Seen, top: float, bottom: float, more: tuple[Box, ...], half: float) -> Figure:
    outline = one.outline
    marks = shapely.MultiPoint([mark.place for mark in one.marks])
    carried = (*one.shapes, marks, *(shapely.box(*box) for box in more))
    left, vertex, right, sole = outline.silhouette.bounds
    side: Side = "left" if one.box and one.box[0] > 0 else "right"
    if half:
        left, right = (max(left, -half), right) if side == "left" else (left, min(right, half))
    window = shapely.box(left - 1, top, right + 1, bottom)
    kept = _kept(shapely.intersection(outline.silhouette, window), one, carried, one_leg=half > 0)
    stumps: tuple[End, ...] = ()
    if top > vertex or bottom < sole:  # a whole body keeps its arms
        kept, stumps = _without_arms(kept, one, carried)
    around = kept.buffer(0.5)
    low, _, high, _ = kept.bounds
    room = (one.held[1] - top, bottom - one.held[3]) if one.held else (np.inf, np.inf)
    cuts: list[End] = [End("top", top, low, high, room[0])] if top > vertex else []
    cuts += [End("bottom", bottom, low, high, room[1])] if bottom < sole else []
    if half and one.box:
        at, near = (left - 1, one.box[0]) if side == "left" else (right + 1, one.box[2])
        beyond = shapely.intersection(kept, shapely.box(min(at, 0), top, max(at, 0), bottom))
        if not beyond.is_empty:
            cuts.append(End(side, at, beyond.bounds[1], beyond.bounds[3], abs(near - at)))
    ends = (*cuts, *stumps)
    seams = [shapely.box(*end.box(SEAM)) for end in ends]
    edge = kept.boundary if not seams else shapely.difference(kept.boundary, shapely.union_all(seams))
    drawn = shapely.disjoint_subset_union_all(list(outline.lines.values())).simplify(DETAIL)
    *tones, lines = _cut([*outline.tones, drawn], around)
    box, edge = (low, top, high, bottom), lines_in(shapely.line_merge(edge))
    return Figure(kept, tuple(tones), lines, edge, box, ends, outline, around, half > 0)


def _cut(shapes: Sequence[BaseGeometry], around: BaseGeometry) -> list[MultiPolygon]:
    """Shapes of the body cut to the part that is kept, without specks."""
    every = np.array(shapes, object)
    shapely.prepare(around)
    seen = shapely.intersects(around, every)
    every[~seen] = MultiPolygon()
    every[seen] = shapely.intersection(every[seen], around)
    return [areas_in(shape, LEAST_AREA) for shape in every]


def _off_edge(shades: Sequence[BaseGeometry]) -> Sequence[BaseGeometry]:
    """Shades of bones without their rims, which would hide the bones' thin edges."""
    return list(shapely.buffer(np.array(shades, object), -EDGE, join_style="mitre"))


def _without_arms(
    kept: MultiPolygon, one: Seen, carried: Sequence[BaseGeometry]
) -> tuple[MultiPolygon, tuple[End, ...]]:
    """The body with arms that end softly where they carry nothing, and those ends."""
    side, at, gone, beyond = _arms_end(one)
    if side == "bottom" and kept.bounds[1] > at:  # nothing above it to which an arm could belong
        return kept, ()
    parts = list(areas_in(shapely.intersection(kept, beyond)).geoms)
    if one.view in UPRIGHT:
        parts = [part for part in parts if not part.bounds[0] < 0 < part.bounds[2]]
    arms = [part for part in parts if part.intersects(gone)]
    if not arms or any(_carries(arm, carried) for arm in arms):
        return kept, ()
    ends = []
    for arm in arms:
        stump = shapely.difference(arm, gone)
        if stump.area > LEAST_AREA:
            west, high, east, low = stump.bounds
            across = (west, east) if side == "bottom" else (high, low)
            ends.append(End(side, at, *across, STUMP_END))
    lost = shapely.intersection(shapely.union_all(arms), gone).buffer(SEAM / 2)
    return areas_in(shapely.difference(kept, lost), LEAST_AREA), tuple(ends)


def _arms_end(one: Seen) -> tuple[Side, float, BaseGeometry, BaseGeometry]:
    """The cut of arms that carry nothing: side, place, the area beyond, and that area with the soft end."""
    left, top, right, bottom = one.outline.silhouette.bounds
    if one.view in UPRIGHT:
        at = ARMPIT + STUMP
        gone, beyond = ((left - 1, high, right + 1, bottom + 1) for high in (at, at - STUMP_END))
        return "bottom", at, shapely.box(*gone), shapely.box(*beyond)
    if one.view == "right":
        gone, beyond = ((near, top - 1, right + 1, BELOW_ARMS) for near in (REACH, REACH - SIDE_END))
        return "right", REACH, shapely.box(*gone), shapely.box(*beyond)
    gone, beyond = ((left - 1, top - 1, near, BELOW_ARMS) for near in (-REACH, SIDE_END - REACH))
    return "left", -REACH, shapely.box(*gone), shapely.box(*beyond)


def meets(box: Box | None, other: tuple[float, ...], *, both: bool) -> bool:
    """Whether a thing in a box, or with `both` its fellow, may lie in another box; True where its box is not known."""
    if box is None:
        return True
    (x0, y0, x1, y1), (left, top, right, bottom) = box, other
    wide = (x0 <= right and x1 >= left) or (both and -x1 <= right and -x0 >= left)
    return wide and y0 <= bottom and y1 >= top


def _kept(cut: BaseGeometry, one: Seen, carried: Sequence[BaseGeometry], *, one_leg: bool = False) -> MultiPolygon:
    """The pieces that carry something, their fellows, and pieces mostly between; a thread does not hold a piece."""
    simple = cut.simplify(DETAIL)
    cores = areas_in(simple.buffer(-THREAD, quad_segs=4)).geoms
    whole = [shapely.intersection(simple, core.buffer(1.2 * THREAD, quad_segs=4)) for core in cores]
    pieces = [max(shapely.get_parts(piece), key=lambda part: part.area) for piece in whole]
    if len(pieces) < 2:
        return MultiPolygon(pieces)
    if one.box is None:  # nothing to show here: the trunk, or both legs
        trunk = [piece for piece in pieces if piece.bounds[0] < 0 < piece.bounds[2]]
        carried = [*carried, *(trunk or pieces)]
    both = one.view in UPRIGHT and not one_leg
    carrying = [each for each in pieces if _carries(each, carried) or (both and _carries(mirror(each), carried))]
    bounds = np.array([piece.bounds for piece in carrying or pieces])
    least, most = bounds[:, 0].min(), bounds[:, 2].max()
    return MultiPolygon([piece for piece in pieces if _share(piece, least, most) > 0.5])


def _carries(piece: BaseGeometry, carried: Iterable[BaseGeometry]) -> bool:
    """Whether any of the shapes that a figure must hold lies on a piece of the body."""
    return any(piece.intersects(shape) for shape in carried)


def _share(piece: BaseGeometry, least: float, most: float) -> float:
    """The share of a piece's width between two x."""
    left, _, right, _ = piece.bounds
    return float((min(right, most) - max(left, least)) / (right - left))


@lru_cache(CACHED)
def small(one: Seen) -> MultiPolygon:
    """The whole silhouette of a view in the detail of a thumbnail."""
    return areas_in(one.outline.silhouette.simplify(4.0))
