"""The content of one view of a muscle: its shape, zones and trigger points, in the view frame.

The essential zones of all points are united, so are the spillover zones, less the essential. Bends are rounded for the
eye; measurements use the atlas's shapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

import shapely
from shapely import MultiLineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from ..atlas import Atlas
from ..atlas.outlines import Outline
from ..atlas.patterns import LOW
from ..atlas.structures import Structure
from ..errors import UnknownNameError
from ..geometry.frame import Box
from ..geometry.rings import areas_in, inner_point, lines_in, rounded, union
from .spec import Spec

CACHED = 256  # views of plates; each is some tens of kilobytes
SLIVER = 4.0  # mm2 on the body: what is left of a spillover between two zones and is too small to be read
MARK_ROOM = 18.0  # mm on the body around an X
NAMEABLE = 150.0  # mm2 on the body: enough muscle for a leader to end on
FRONT_FIRST = 0.75
UPRIGHT, LATERAL = ("posterior", "anterior"), ("left", "right")
AWAY = 2.0  # additional cost of a mm of the body beyond the midline, for leaders that cross it
ON_EDGE = 0.1  # mm on the body: an edge this near to a zone is the zone's own
STUB = 2.0  # mm on the body: a shorter line is a speck


class PointMark(NamedTuple):
    """A trigger point's X in one view."""

    id: str
    number: int
    place: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Seen:
    """One view: the body and what is drawn on it; shapes may be empty, marks may be missing.

    `doubtful_edge` is the part of the essential zone's edge that only points of low confidence reach; `zones` are the
    essential zones of the single points, which may overlap; `drawn` is the muscle with its tones, where it has a file.
    """

    view: str
    outline: Outline
    muscle: MultiPolygon
    fibres: MultiLineString
    essential: MultiPolygon
    spillover: MultiPolygon
    marks: tuple[PointMark, ...]
    doubtful_edge: MultiLineString
    zones: tuple[MultiPolygon, ...] = ()
    drawn: Structure | None = None

    @property
    def shapes(self) -> tuple[BaseGeometry, ...]:
        """The shapes that the crop must hold: muscle, essential, spillover."""
        return self.muscle, self.essential, self.spillover

    @property
    def box(self) -> Box | None:
        """Bounds of everything drawn on the body, None where the view shows nothing of it."""
        return self._bounds(self.shapes)

    @cached_property
    def held(self) -> Box | None:
        """Bounds of zones and points, which no soft end of the body may veil; None where the view shows neither."""
        return self._bounds(self.shapes[1:])

    def _bounds(self, shapes: Iterable[BaseGeometry]) -> Box | None:
        found = (shape.bounds for shape in shapes if not shape.is_empty)
        return joined([*found, *(mark.place * 2 for mark in self.marks)])

    @cached_property
    def pain(self) -> BaseGeometry:
        """Both zones as one shape."""
        return shapely.union_all([self.essential, self.spillover])

    @cached_property
    def naming_place(self) -> tuple[float, float] | None:
        """A place deep in the muscle, off the marks, and off the zones if the muscle shows beside them."""
        around = shapely.MultiPoint([mark.place for mark in self.marks]).buffer(MARK_ROOM, quad_segs=4)
        bare = shapely.difference(self.muscle, around)
        for shape in (shapely.difference(bare, self.pain), bare):
            parts = [part for part in shapely.get_parts(shape) if part.area > NAMEABLE]
            if parts:
                return inner_point(max(parts, key=lambda part: part.area), 1.0)
        return None


def joined(boxes: Iterable[tuple[float, ...]]) -> Box | None:
    """The box around boxes, None for none."""
    columns = list(zip(*boxes, strict=True))
    return (min(columns[0]), min(columns[1]), max(columns[2]), max(columns[3])) if columns else None


@lru_cache(CACHED)
def open_side(one: Seen, points: frozenset[str]) -> Literal["left", "right"]:
    """The side on which leaders from these points (if none, from the shapes) leave the body soonest and cover least of
    the zones.

    Leaders across the midline cost more. In a side view the front counts as nearer than it is: the panel before stands
    behind the back, as a rule.
    """
    left, _, right, _ = one.outline.silhouette.bounds
    marks = [mark.place for mark in one.marks if mark.id in points]
    drawn = [part for shape in one.shapes for part in shapely.get_parts(shape)]
    marks = marks or [(part.centroid.x, part.centroid.y) for part in drawn]
    costs = {}
    for side, edge in (("left", left), ("right", right)):
        lines = shapely.MultiLineString([[place, (edge, place[1])] for place in marks])
        across = [[(0.0, y), (edge, y)] for x, y in marks if one.view in UPRIGHT and x * edge < 0]
        beyond = shapely.intersection(shapely.MultiLineString(across), one.outline.silhouette).length
        body, solid, dotted = (
            shapely.intersection(lines, shape).length
            for shape in (one.outline.silhouette, one.essential, one.spillover)
        )
        costs[side] = (body + AWAY * beyond + 2 * solid + dotted) * (FRONT_FIRST if side == one.view else 1.0)
    return "left" if costs["left"] < costs["right"] else "right"


def gather(atlas: Atlas, spec: Spec) -> tuple[Seen, ...]:
    """The content of each view of the spec."""
    return tuple(_seen(atlas, spec.muscle, spec.points, spec.side, spec.body, view) for view in spec.views)


def upright(atlas: Atlas, spec: Spec, seen: Sequence[Seen]) -> Seen:
    """The view of the locator: an upright one of the page, else that from behind if there is one, else the first."""
    if shown := next((one for one in seen if one.view in UPRIGHT), None):
        return shown
    try:
        return gather(atlas, spec._replace(views=UPRIGHT[:1]))[0]
    except UnknownNameError:  # an outline of the user's own that has side views only
        return seen[0]


@lru_cache(CACHED)
def _seen(atlas: Atlas, muscle: str, points: tuple[str, ...], side: str, body: str, view: str) -> Seen:
    seen_from = {"view": view, "side": side, "body": body}
    structure = atlas.structure(muscle, **seen_from)
    drawn = structure if structure.source else None
    shape = drawn.rim if drawn else rounded(structure.rim)  # what is drawn has its curves
    zones = tuple(rounded(atlas.zone(point, "essential", **seen_from)) for point in points)
    essential = union(zones)
    spillover = union(rounded(atlas.zone(point, "spillover", **seen_from)) for point in points)
    rest = areas_in(shapely.difference(spillover, essential), SLIVER)
    places = ((point, atlas.position(point, **seen_from)) for point in points)
    marks = tuple(PointMark(point, atlas.point(point).number, place) for point, place in places if place is not None)
    firm = [point for point in points if atlas.point(point).confidence != LOW]
    doubtful = MultiLineString()
    if len(firm) < len(points):
        sure = union(zone for point, zone in zip(points, zones, strict=True) if point in firm)
        apart = shapely.line_merge(shapely.difference(essential.boundary, sure.buffer(ON_EDGE)))
        doubtful = lines_in(apart, STUB)
    for zone in (essential, spillover):
        shapely.prepare(zone)
    outline = atlas.outline(body, view)
    return Seen(view, outline, shape, structure.fibres, essential, rest, marks, doubtful, zones, drawn)


def shows(atlas: Atlas, spec: Spec) -> bool:
    """Whether any of the views shows the muscle, a trigger point or a zone."""
    return any(one.marks or not all(shape.is_empty for shape in one.shapes) for one in gather(atlas, spec))
