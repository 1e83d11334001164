"""Linework of a view as geometry, in the view frame: swelling contours, tapered strokes, cores and rims of zones.

A plate needs neither gradients nor clip paths: a contour is the area between two copies of the silhouette, a zone's
soft core the same zone, smaller.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import MultiLineString, MultiPolygon, Polygon
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from ..geometry.frame import Points
from ..geometry.rings import areas_in, lines_in, lines_of, rings_of, rounded, sound
from .content import CACHED, STUB, Seen
from .crop import Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

NARROW = 3.5  # mm: a spillover zone that is nowhere twice as wide as this is a sliver between others
CORE_SHARE = 0.44  # of a zone's greatest depth: where the last step of its core begins
CORE_EXACT = 4.0  # mm: tolerance of that depth
CORE_LEAST = 9.0  # mm: a shallower zone has no core
CLEAR = 2.0  # mm from the edge of a zone to the seams inside it
APART = 1.0  # mm2: zones that cover no more of each other only touch
SEAM_LEAST = 6.0  # mm: a shorter line between two zones is a speck
ROUGH = 0.3  # mm that a core, a seam or a fade may lose
ON_EDGE = 1.0  # mm: a zone's rim this near to the body's edge goes on round the body
TRIM = (0.02, 0.08)  # of a fibre's length: how far short of the rim it may end
SHORT_EVERY, SHORT_TRIM = 3, (0.09, 0.22)  # every third fibre is a short one between two long ones
FINE = 0.7  # of a fibre's width: those between two fibres
FINE_ROOM = (6.0, 32.0)  # mm between two fibres in which a finer one fits
FIBRE_POINTS = 9
STROKE_OFF = 0.25  # mm by which a drawn fibre may leave its line
STROKE_POINTS = (5, 32)  # of a drawn fibre, at the least and at the most
ON_RIM = 0.6  # mm: a belly's edge this near to the muscle's is the same line
TAPER = 0.45  # the less, the longer a stroke keeps its width
GOLDEN = 0.6180339887  # steps by this share spread evenly without a period
MEAN = 0.6  # mean width of a tapered stroke as a share of its widest place, at the least
STROKE_LIKE = 0.15  # relative difference of a stroke's area from its length times its width, at the most
SQUEEZED = 0.04  # of its width on paper: what a contour may lose


@lru_cache(CACHED)
def contour(figure: Figure, width: float, swell: float, light: tuple[float, float]) -> MultiPolygon:
    """The body's outline, but for the cuts of the crop, as an area about `width` mm wide: by the share `swell` wider
    away from the light and narrower towards it; `light` is the direction that it comes from, of length 1.
    """
    (x, y), fill = light, rounded(figure.fill)
    outer = fill.buffer(width / 2, quad_segs=1)
    inner = translate(fill.buffer(-width / 2, quad_segs=1), x * swell * width, y * swell * width)
    ring = shapely.difference(outer, inner)
    if figure.ends:
        grown = np.array([-width, -width, width, width])
        cuts = [shapely.box(*(np.array(end.box(0.0)) + grown).tolist()) for end in figure.ends]
        ring = shapely.difference(ring, shapely.union_all(cuts))
    return areas_in(ring.simplify(SQUEEZED * width))


@lru_cache(CACHED)
def body_lines(figure: Figure, width: float) -> MultiPolygon:
    """The lines drawn on the body, each thinned to at most `width` mm; thinner ones stay."""
    strokes = shapely.get_parts(figure.lines)
    wide = 2 * shapely.area(strokes) / np.maximum(shapely.length(strokes), 1e-9) > MEAN * width
    return MultiPolygon([_thinned(one, width) if thick else one for one, thick in zip(strokes, wide, strict=True)])


def _thinned(stroke: Polygon, width: float) -> Polygon:
    """A tapering stroke thinned to at most `width` mm, its sides moved to its middle. Other shapes stay as they are."""
    ring = shapely.get_coordinates(stroke.exterior)[:-1]
    squared = ((ring[:, None] - ring[None]) ** 2).sum(axis=2)
    first, last = sorted(divmod(int(squared.argmax()), len(ring)))  # its ends
    count = max(last - first, len(ring) - last + first) + 1
    one = _part(ring[first : last + 1], 0.0, 1.0, count)
    other = _part(np.concatenate([ring[last:], ring[: first + 1]])[::-1], 0.0, 1.0, count)
    middle, half = (one + other) / 2, (one - other) / 2
    share = np.hypot(*np.diff(middle, axis=0).T) @ np.hypot(*(half[1:] + half[:-1]).T) / stroke.area
    widest = 2 * np.hypot(*half.T).max()
    if widest <= width or abs(share - 1) > STROKE_LIKE:
        return stroke
    half *= width / widest
    return shapely.Polygon(np.concatenate([middle + half, (middle - half)[::-1]]))


@lru_cache(CACHED)
def fibres(seen: Seen, width: float) -> MultiPolygon:
    """The muscle's fibres as tapering strokes of at most `width` mm that end short of its rim, long and short ones."""
    lines = lines_of(seen.fibres)
    if not lines:
        return MultiPolygon()
    if seen.drawn:
        return pulls(seen.fibres, width)
    widths = [width * (0.75 + 0.25 * _share(number, 2)) for number in range(len(lines))]
    strokes, finer = tapered(np.array(_long(lines)), widths), np.empty(0, object)
    if between := _between(lines):
        finer = tapered(np.array(between), [FINE * width] * len(between))
    kept = np.concatenate([strokes, finer[shapely.contains(seen.muscle, finer)]])
    bent = ~sound(kept)
    kept[bent] = shapely.make_valid(kept[bent])
    return _joined(kept)


def _long(lines: Sequence[Points]) -> list[Points]:
    """The fibres with their ends taken off, each by its own share."""
    found = []
    for number, line in enumerate(lines):
        low, high = SHORT_TRIM if number % SHORT_EVERY == 1 else TRIM
        start, end = (low + (high - low) * _share(number, turn) for turn in (0, 1))
        found.append(_part(line, start, 1 - end))
    return found


def _between(lines: Sequence[Points]) -> list[Points]:
    """Finer and shorter fibres where two that run side by side stand farthest apart and leave room."""
    found = []
    for number, (a, b) in enumerate(pairwise([_part(line, 0.0, 1.0) for line in lines])):
        apart = np.hypot(*(a - b).T)
        length = np.hypot(*np.diff(a, axis=0).T).sum()
        if FINE_ROOM[0] < apart.max() < min(FINE_ROOM[1], 0.5 * length):
            weight = 0.35 + 0.3 * _share(number, 0)
            middle = min(max(float(apart.argmax()) / (FIBRE_POINTS - 1), 0.32), 0.68) + 0.1 * (_share(number, 1) - 0.5)
            half = 0.16 + 0.1 * _share(number, 2)
            found.append(_part(weight * a + (1 - weight) * b, middle - half, middle + half))
    return found


def _part(line: Points, start: float, end: float, count: int = FIBRE_POINTS) -> Points:
    """Points along a line (n x 2), evenly from one share of its length to another."""
    along, steps = np.zeros(len(line)), line[1:] - line[:-1]
    np.cumsum(np.hypot(steps[:, 0], steps[:, 1]), out=along[1:])
    places = (start + np.arange(count) * ((end - start) / (count - 1))) * along[-1]
    part = np.empty((count, 2))
    part[:, 0], part[:, 1] = (np.interp(places, along, line[:, axis]) for axis in (0, 1))
    return part


def _share(number: int, turn: int) -> float:
    """A share from 0 to 1 that looks random and is the same every time."""
    return (number * GOLDEN + turn * 0.37) % 1.0


def tapered(lines: Points, widths: Sequence[float]) -> NDArray[np.object_]:
    """Strokes along lines (m x n x 2) as m polygons, each with its width at its middle and pointed at its ends."""
    run = np.gradient(lines, axis=1)
    across = np.stack([-run[..., 1], run[..., 0]], axis=2) / np.maximum(np.hypot(*run.T).T, 1e-9)[..., None]
    half = np.array(widths)[:, None] / 2 * np.sin(np.linspace(0, np.pi, lines.shape[1])) ** TAPER
    side = across * half[..., None]
    rings = np.concatenate([lines + side, (lines - side)[:, -2:0:-1]], axis=1)
    return np.array([shapely.Polygon(ring) for ring in rings], object)


@lru_cache(CACHED)
def pulls(lines: MultiLineString, width: float) -> MultiPolygon:
    """Lines as tapering strokes of at most `width` mm, each of as few points as its length needs."""
    by_count: dict[int, list[tuple[int, Points]]] = {}
    for number, line in enumerate(lines_of(lines)):
        count = _count(line)
        by_count.setdefault(count, []).append((number, _part(line, 0.0, 1.0, count)))
    drawn: dict[int, BaseGeometry] = {}
    for some in by_count.values():
        widths = [width * (0.75 + 0.25 * _share(number, 2)) for number, _ in some]
        made = tapered(np.array([line for _, line in some]), widths)
        drawn |= zip((number for number, _ in some), made, strict=True)
    kept = np.array([drawn[number] for number in sorted(drawn)], object)
    bent = ~sound(kept)
    kept[bent] = shapely.make_valid(kept[bent])
    return _joined(kept)


LIGHT_EVERY = 3  # of the fibres, one is a light one


@lru_cache(CACHED)
def parted(fibres: MultiPolygon, step: int) -> tuple[MultiPolygon, MultiPolygon]:
    """Of the strokes of a muscle's fibres every `step`-th: the dark ones, and the light ones between them."""
    parts = shapely.get_parts(fibres)[::step]
    light = np.arange(len(parts)) % LIGHT_EVERY == 1
    return shapely.multipolygons(parts[~light]), shapely.multipolygons(parts[light])


def _count(line: Points) -> int:
    """How many points evenly along a line (n x 2) keep within `STROKE_OFF` of it.

    Of a bend of angle a and length l, a chord of a share 1/n lies l a / 8 n2 away at the most.
    """
    steps = np.diff(line, axis=0)
    turns = np.abs(np.diff(np.unwrap(np.arctan2(steps[:, 1], steps[:, 0])))).sum()
    length = np.hypot(steps[:, 0], steps[:, 1]).sum()
    least, most = STROKE_POINTS
    return min(max(math.ceil(math.sqrt(length * turns / (8 * STROKE_OFF))) + 1, least), most)


@lru_cache(CACHED)
def bellies(seen: Seen) -> MultiLineString:
    """The edges between the bellies of a muscle, inside its rim."""
    if seen.drawn is None or len(seen.drawn.members) < 2:
        return MultiLineString()
    edges = shapely.union_all([shape.boundary for shape in seen.drawn.members.values()])
    return _lines(shapely.difference(edges, seen.muscle.boundary.buffer(ON_RIM, quad_segs=1)), STUB)


@lru_cache(CACHED)
def cores(seen: Seen, steps: int) -> tuple[MultiPolygon, ...]:
    """The essential zones again, smaller and smaller: each point's zone has its own core, a shallow one has none."""
    found: list[list[BaseGeometry]] = [[] for _ in range(steps)]
    for part in shapely.get_parts(list(seen.zones or (seen.essential,))):
        depth = shapely.maximum_inscribed_circle(part, CORE_EXACT).length
        for step, shapes in enumerate(found if depth >= CORE_LEAST else (), 1):
            inset = CORE_SHARE * depth * step / steps
            shapes.append(part.buffer(-inset, quad_segs=3).simplify(ROUGH))
    return tuple(_joined(np.array(shapes, object)) for shapes in found)


@lru_cache(CACHED)
def seams(seen: Seen) -> MultiLineString:
    """Where the edge of one point's essential zone runs inside that of another."""
    if sum(zone.area for zone in seen.zones) < seen.essential.area + APART:
        return MultiLineString()
    edges = shapely.union_all([zone.boundary for zone in seen.zones])
    inside = seen.essential.buffer(-CLEAR, quad_segs=2)
    return _lines(shapely.intersection(edges, inside), SEAM_LEAST)


@lru_cache(CACHED)
def spillover(seen: Seen) -> MultiPolygon:
    """The spillover zone without the slivers that it leaves between essential zones."""
    wide = seen.spillover.buffer(-NARROW, quad_segs=3).buffer(1.15 * NARROW, quad_segs=3)
    return areas_in(shapely.intersection(seen.spillover, wide))


@lru_cache(CACHED)
def rim(seen: Seen) -> MultiLineString:
    """The outer rim of the pain: not where spillover meets an essential zone, nor where it goes on round the body."""
    rings = rings_of(seen.pain.simplify(ROUGH))
    if not rings:
        return MultiLineString()
    ends = np.concatenate([np.stack([ring, np.roll(ring, -1, axis=0)], axis=1) for ring in rings])
    on_edge = shapely.dwithin(_edge(seen.outline.silhouette), shapely.points(ends.mean(axis=1)), ON_EDGE)
    edges = lines_in(shapely.linestrings(ends[~on_edge]))
    return _lines(edges, 0.0)  # half the points to measure from


@lru_cache(32)
def _edge(silhouette: MultiPolygon) -> BaseGeometry:
    """The body's edge, prepared for many queries."""
    edge = silhouette.boundary
    shapely.prepare(edge)
    return edge


def _joined(parts: NDArray[np.object_]) -> MultiPolygon:
    """Polygon shapes as one; only what meets is united."""
    groups = shapely.STRtree(parts).query(parts, predicate="intersects")
    meets = np.bincount(groups[0], minlength=len(parts)) > 1
    return areas_in(np.array([shapely.union_all(parts[meets]), *parts[~meets]], object))


def _lines(shape: BaseGeometry, least: float) -> MultiLineString:
    return lines_in(shapely.line_merge(shape), least)
