"""Rings of points and the shapes they enclose: conversion, validity, the grid of the stored files, inner points.

Files store a shape as plain rings under the even-odd rule (a hole is a ring inside a ring); the library works on it as
a shapely MultiPolygon. Coordinates are in mm, areas in mm2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely import MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from .frame import Indices, Points, Ring, Shapes

GRID_MM = 0.1  # the stored files keep one decimal
SLIVERS = np.errstate(all="ignore")  # a shape of no width makes GEOS divide by zero, with right results
SOUND = "Valid Geometry"  # as GEOS says it
FEW_VERTICES = 100  # up to here each vertex counts as a turn: counting turns would take longer than the test


def even_odd(rings: Sequence[Ring]) -> MultiPolygon:
    """The shape that rings (each n x 2, closed or not) enclose under the even-odd rule.

    Rings that cross give an invalid shape: `fault` describes it, `repair.mended` repairs it.

    >>> even_odd([[(0, 0), (9, 0), (9, 9)], [(5, 1), (8, 1), (8, 4)]]).area
    36.0
    """
    return nested(np.array([Polygon(np.asarray(ring, float)) for ring in rings], object))


@SLIVERS
def nested(polygons: Shapes) -> MultiPolygon:
    """The even-odd shape of polygons without holes: those inside an odd number of others are holes."""
    if len(polygons) < 2:
        return MultiPolygon(list(polygons))
    areas, (inside, around) = shapely.area(polygons), enclosures(polygons)
    depth = np.bincount(inside, minlength=len(polygons))
    holes: dict[int, list[int]] = {int(i): [] for i in np.flatnonzero(depth % 2 == 0)}
    for hole in np.flatnonzero(depth % 2):
        parents = around[inside == hole]
        parents = parents[depth[parents] == depth[hole] - 1]
        if len(parents) == 0:  # of crossing rings; kept as a part, so that the shape is found invalid
            holes[int(hole)] = []
        else:
            holes[int(parents[np.argmin(areas[parents])])].append(int(hole))
    rings = shapely.get_exterior_ring(polygons)
    parts = [shapely.polygons(rings[i], rings[inner]) if inner else polygons[i] for i, inner in sorted(holes.items())]
    whole: MultiPolygon = shapely.multipolygons(parts)
    return whole


def nest_depth(shapes: Iterable[Sequence[Ring]]) -> int:
    """The most rings inside one another in any of the shapes (each as its rings, n x 2), judged by their boxes.

    >>> nest_depth([[[(0, 0), (9, 0), (9, 9)], [(5, 1), (8, 1), (8, 4)]], [[(0, 0), (9, 0), (9, 9)]]])
    2
    """
    most = 0
    for rings in filter(len, shapes):
        low, high = (np.array([end(ring, axis=0) for ring in rings])[:, None] for end in (np.min, np.max))
        most = max(most, int(((low >= low[:, 0]) & (high <= high[:, 0])).all(2).sum(1).max()))
    return most


def enclosures(polygons: Shapes) -> tuple[Indices, Indices]:
    """The index of a polygon and of another that contains it, for every such pair."""
    areas = shapely.area(polygons)
    inside, around = shapely.STRtree(polygons).query(shapely.point_on_surface(polygons), predicate="within")
    larger = areas[around] > areas[inside]  # an outer ring's inner point may lie in its own hole
    return inside[larger], around[larger]


def chain_pairs(shapes: Iterable[Sequence[Ring]]) -> int:
    """The most pairs of chains that a test for crossings compares in shapes, each given as its rings (n x 2).

    A chain is a run of edges in one quadrant of directions; a body has few, a saw of long teeth thousands.
    """
    return sum(_chains(rings) ** 2 for rings in shapes)


def _chains(rings: Sequence[Ring]) -> int:
    vertices = sum(map(len, rings))  # type: ignore[arg-type]
    if vertices < FEW_VERTICES:
        return vertices
    steps = [np.diff(np.asarray(ring, float), axis=0) >= 0 for ring in rings]
    return sum(int((ahead[1:] != ahead[:-1]).any(axis=1).sum()) + 2 for ahead in steps)


def rings_of(shape: BaseGeometry) -> tuple[Points, ...]:
    """Every ring of a polygon shape as its points (n x 2), without the first point again at the end."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    coordinates, owner = shapely.get_coordinates(rings, return_index=True)
    return tuple(ring[:-1] for ring in _runs(coordinates, owner))


def lines_of(shape: BaseGeometry) -> tuple[Points, ...]:
    """Every line of a line shape as its points (n x 2)."""
    coordinates, owner = shapely.get_coordinates(shapely.get_parts(shape), return_index=True)
    return _runs(coordinates, owner)


def _runs(coordinates: Points, owner: Indices) -> tuple[Points, ...]:
    ends = [0, *(np.flatnonzero(owner[1:] != owner[:-1]) + 1).tolist(), len(owner)]
    return tuple(coordinates[first:last] for first, last in pairwise(ends) if last > first)


@SLIVERS
def sound(shapes: BaseGeometry | Shapes) -> Any:
    """Whether a shape is valid; for an array of shapes, an array of bool.

    `shapely.is_valid` is not used: it switches the warnings of the whole process off meanwhile, and one of two threads
    may leave them off.

    >>> sound(shapely.Point(0, 0)), sound(shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]))
    (True, False)
    """
    return shapely.is_valid_reason(shapes) == SOUND


@SLIVERS
def fault(shape: BaseGeometry) -> str:
    """The reason why a shape is not valid, with the coordinate; empty for a valid shape.

    >>> fault(shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]))
    'self-intersection at (1, 1)'
    """
    reason, _, place = shapely.is_valid_reason(shape).rstrip("]").partition("[")
    if reason == SOUND:
        return ""
    numbers = ", ".join(f"{float(number):.10g}" for number in place.split())
    return reason.strip().lower() + (f" at ({numbers})" if numbers else "")


def on_grid(shape: BaseGeometry) -> MultiPolygon:
    """A polygon shape rounded to the grid of `GRID_MM`, still valid, its parts and rings in canonical order.

    Parts that vanish on the grid are dropped; a second call changes nothing. ValueError if the shape is not valid.
    """
    if reason := fault(shape):
        raise ValueError(f"the shape is not valid: {reason}")
    rounded = _polygons(shapely.transform(shape, _rounded))
    if not sound(rounded):
        rounded = _polygons(shapely.transform(shapely.set_precision(_polygons(shape), GRID_MM), _rounded))
    return MultiPolygon(list(shapely.get_parts(shapely.normalize(rounded))))


def lines_on_grid(shape: BaseGeometry) -> MultiLineString:
    """A line shape rounded to the grid of `GRID_MM`, without repeated points and lines that vanish."""
    lines = shapely.get_parts(shapely.transform(shape, _rounded))
    return MultiLineString([shapely.remove_repeated_points(line) for line in lines if line.length > 0])


def _rounded(coordinates: Points) -> Points:
    return np.round(coordinates, 1) + 0.0  # + 0.0 turns -0.0 into 0.0


def _polygons(shape: BaseGeometry) -> MultiPolygon:
    """The polygons of a shape without repeated points, and without parts and holes that enclose nothing."""
    parts = shapely.get_parts(shape)
    kept = []
    for part in parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]:
        outer, *holes = (_without_repeats(ring) for ring in (part.exterior, *part.interiors))
        if outer is not None:
            kept.append(Polygon(outer, [hole for hole in holes if hole is not None]))
    return MultiPolygon(kept)


def _without_repeats(ring: BaseGeometry) -> Points | None:
    points = shapely.get_coordinates(ring)[:-1]
    points = points[(points != np.roll(points, 1, axis=0)).any(axis=1)]
    return points if len(points) > 2 and Polygon(points).area > 0 else None


def inner_point(shape: Polygon | MultiPolygon, tolerance: float = 0.5) -> tuple[float, float]:
    """The point (x, y) deepest inside a polygon shape: the centre of its largest inscribed circle.

    It is rounded to 0.01 mm, so that two builds of GEOS give the same place. ValueError for an empty shape.

    Parameters
    ----------
    shape : Polygon or MultiPolygon
    tolerance : float, in mm, default 0.5

    >>> inner_point(shapely.box(0, 0, 10, 10))
    (5.0, 5.0)
    """
    if shape.is_empty:
        raise ValueError("an empty shape has no inner point")
    centre = shapely.get_coordinates(shapely.maximum_inscribed_circle(shape, tolerance))[0]
    return round(float(centre[0]), 2), round(float(centre[1]), 2)


def areas_in(shape: BaseGeometry | Shapes, least: float = 0.0) -> MultiPolygon:
    """The polygons of a geometry of any type, without its lines and points.

    Parameters
    ----------
    shape : shapely geometry or array of geometries
    least : float, in mm2, default 0: only polygons of a larger area are taken

    >>> areas_in(shapely.GeometryCollection([shapely.box(0, 0, 2, 2), shapely.Point(5, 5)])).area
    4.0
    """
    parts = shapely.get_parts(shapely.get_parts(shape))
    kept = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) > least)
    found: MultiPolygon = shapely.multipolygons(parts[kept])
    return found


def lines_in(shape: BaseGeometry | Shapes, least: float = 0.0) -> MultiLineString:
    """The lines of a geometry of any type, without its polygons and points.

    Parameters
    ----------
    shape : shapely geometry or array of geometries
    least : float, in mm, default 0: only longer lines are taken
    """
    parts = shapely.get_parts(shapely.get_parts(shape))
    kept = (shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & (shapely.length(parts) > least)
    found: MultiLineString = shapely.multilinestrings(parts[kept])
    return found


def union(shapes: Iterable[BaseGeometry]) -> MultiPolygon:
    """The union of polygon shapes; empty for none."""
    return areas_in(shapely.union_all(list(shapes)))


def rounded(shape: MultiPolygon, bend: tuple[float, float] = (4.0, 45.0)) -> MultiPolygon:
    """The shape with its bends cut once (Chaikin 1974), so that a polygon of few points looks like a curve.

    A cut corner becomes two, a quarter of its sides away. A shape that would not stay valid is returned unchanged.

    Parameters
    ----------
    shape : MultiPolygon
    bend : pair of float, in degrees, default (4, 45): corners that turn by an angle between these two are cut

    >>> octagon = Polygon([(3, 0), (6, 0), (9, 3), (9, 6), (6, 9), (3, 9), (0, 6), (0, 3)])
    >>> len(rounded(MultiPolygon([octagon]), (40, 50)).geoms[0].exterior.coords) - 1
    16
    """
    parts = [
        Polygon(_cut(part.exterior, bend), [_cut(hole, bend) for hole in part.interiors])
        for part in shapely.get_parts(shape)
    ]
    found = MultiPolygon(parts)
    return found if sound(found) else shape


def _cut(ring: BaseGeometry, bend: tuple[float, float]) -> Points:
    points = shapely.get_coordinates(ring)[:-1]
    before, after = np.roll(points, 1, axis=0) - points, np.roll(points, -1, axis=0) - points
    straight = np.arctan2(after[:, 1], after[:, 0]) - np.arctan2(-before[:, 1], -before[:, 0])
    turn = np.degrees(np.abs((straight + np.pi) % (2 * np.pi) - np.pi))
    cut = (turn > bend[0]) & (turn < bend[1])
    pairs = np.stack([points + before / 4 * cut[:, None], points + after / 4 * cut[:, None]], axis=1)
    return np.asarray(pairs.reshape(-1, 2)[np.stack([np.ones_like(cut), cut], axis=1).ravel()])
