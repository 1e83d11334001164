"""Muscles, fasciae and ligaments that the mesh archive lacks, as closed solids over its bones, in its frame and pose.

`content/sheets.toml` tells each as rows of places on bones (`bone_places`) from origin to insertion, or as straps.
The rows are spanned by a grid, which is smoothed, laid on the trunk's wall or kept outside of other meshes, and
thickened to both sides; the grid's columns are the fibres. The patient's right.
"""

from __future__ import annotations

import itertools
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy import ndimage
from scipy.interpolate import PchipInterpolator
from scipy.spatial import ConvexHull

from authoring import content
from authoring.anatomy import archive, meshes
from authoring.anatomy.bone_places import ORDINALS, TRUNK_AXIS_Z, bone, place

SPACING = 4.5  # mm between the columns and the rows of a grid, on average
THIN = 1.5  # mm, thickness of an aponeurosis, and of flesh where it begins and ends
SWELL = 14.0  # mm along the fibres over which flesh comes to its full thickness
FAIRINGS = 14  # rounds of smoothing and keeping clear
RIM = np.radians([45.0, 0.0, -45.0])  # where the vertices of the rounded rim lie, seen from the edge of the sheet
CELL = 3.0  # mm of height, and degrees about the trunk's axis, of the map of what a sheet is kept clear of
PAD = 14  # empty cells of that map below and above, more than are closed
RAMP = 10.0  # mm from origin and insertion over which a sheet comes away from its bones
WALL_ENDS = (68.0, 112.0)  # degrees from the front over which a sheet leaves the trunk's wall
HULL_FROM = 780.0  # mm: the wall is made of what is higher
FACINGS = {"front": (0.0, 0.0, 1.0), "back": (0.0, 0.0, -1.0), "side": (-1.0, 0.0, 0.0)}


@dataclass(frozen=True, eq=False)
class Sheet:
    """One closed solid with its fibres; arrays are per vertex of `part.points` (n, 3)."""

    part: archive.Part
    of: str  # id of the muscle or of the structure
    member: str  # id of the part of it; empty where there is one
    way: np.ndarray  # (n, 3) unit vectors along the fibres, from origin to insertion
    share: np.ndarray  # (n,) share of the way from origin (0) to insertion (1)
    pale: np.ndarray  # (n,) above 0 in tendon, aponeurosis and intersections, below in flesh; share of the way
    start: np.ndarray  # (n,) whether at the origin
    end: np.ndarray  # (n,) whether at the insertion


@dataclass(frozen=True, eq=False)
class _Grid:
    """The middle surface of a sheet: rows from origin to insertion, columns along the fibres."""

    points: np.ndarray  # (rows, columns, 3)
    normals: np.ndarray  # (rows, columns, 3), to the outside of the body
    share: np.ndarray  # (rows, columns)
    tendon: np.ndarray  # (rows, columns), above 0 in tendon
    marks: np.ndarray  # (rows, columns), above 0 in intersections, which only the outer face shows
    thickness: np.ndarray  # (rows, columns) mm


@cache
def table() -> list[dict[str, Any]]:
    """The entries of `content/sheets.toml`."""
    entries: list[dict[str, Any]] = tomllib.loads((content.FOLDER / "sheets.toml").read_text("utf-8"))["sheet"]
    return entries


def file_of(entry: dict[str, Any]) -> str:
    """The name by which a sheet stands beside the archive's files."""
    member = entry.get("member", "").replace(" ", "_")
    return f"sheet-{entry['of']}" + (f"-{member}" if member else "")


def solids() -> dict[str, archive.Part]:
    """All sheets as closed meshes, by file."""
    return {file: sheet.part for file, sheet in sheets().items()}


@cache
def sheets() -> dict[str, Sheet]:
    """All sheets by file, in the order of the table: a later one may lie on an earlier one."""
    made: dict[str, Sheet] = {}
    for entry in table():
        grids = [_grid(points, entry, made) for points in _spans(entry)]
        made[file_of(entry)] = _sheet(entry, grids)
    return made


def _spans(entry: dict[str, Any]) -> list[np.ndarray]:
    """The surfaces (rows, columns, 3) that an entry tells, before they are smoothed."""
    if "straps" in entry:
        return [_strap(line, entry) for line in entry["straps"]]
    rows = [np.array([place(words) for words in row]) for row in entry["rows"]]
    return [_span(rows, entry)]


def _span(rows: list[np.ndarray], entry: dict[str, Any]) -> np.ndarray:
    """A surface through rows of places: equal shares of the rows belong together."""
    spacing = entry.get("spacing", SPACING)
    columns = _count(np.mean([_length(row) for row in rows]), 8, spacing)
    if "teeth" in entry:
        gaps = len(rows[0]) - 1
        columns = gaps * max(6, round(columns / gaps)) + 1
    across = np.linspace(0, 1, columns)
    lines = np.array([_curve(row, np.linspace(0, 1, len(row)), across) for row in rows])
    steps = np.linalg.norm(np.diff(lines, axis=0), axis=2).mean(1)
    knots = np.concatenate([[0], np.cumsum(steps)]) / steps.sum()
    shares = np.linspace(0, 1, _count(steps.sum(), 8, spacing))
    surface = _curve(lines, knots, shares)
    return _bitten(surface, entry) if "teeth" in entry else surface


def _bitten(surface: np.ndarray, entry: dict[str, Any]) -> np.ndarray:
    """The surface whose origin is cut back between its places, so that each of these is the tip of a tooth."""
    rows, columns, _ = surface.shape
    lengths = np.linalg.norm(np.diff(surface, axis=0), axis=2).sum(0)
    cut = np.minimum(_bites(entry, columns) / lengths, 0.6)
    shares = np.linspace(0, 1, rows)
    return np.stack(
        [_curve(surface[:, k], shares, cut[k] + (1 - cut[k]) * shares) for k in range(columns)],
        axis=1,
    )


def _bites(entry: dict[str, Any], columns: int) -> np.ndarray:
    """How deep (mm) the origin is cut back at each column: nothing at its places."""
    at = np.linspace(0, len(entry["rows"][0]) - 1, columns)
    numbers, depths = zip(*entry["teeth"]["depth_mm"], strict=True)
    return np.interp(at, numbers, depths) * np.abs(np.sin(np.pi * at))


def _strap(line: list[str], entry: dict[str, Any]) -> np.ndarray:
    """A ribbon along places, its width given at equal shares of the way, its face where `facing` says."""
    points = np.array([place(words) for words in line])
    shares = np.linspace(0, 1, _count(_length(points), 8))
    middle = _curve(points, np.linspace(0, 1, len(points)), shares)
    width = _spread(entry["width"], len(shares))
    side = np.cross(np.gradient(middle, axis=0), _outwards(middle, entry.get("facing", "")))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    across = np.linspace(-0.5, 0.5, _count(width.max(), 5))
    return middle[:, None] + side[:, None] * (width[:, None] * across)[..., None]


def _curve(points: np.ndarray, knots: np.ndarray, at: np.ndarray) -> np.ndarray:
    """A smooth curve through points (n, ...) at knots, without overshoot; straight where there are two."""
    if len(points) == 2:
        weight = at.reshape(-1, *[1] * (points.ndim - 1))
        return points[0] + weight * (points[1] - points[0])
    return PchipInterpolator(knots, points)(at)


def _length(points: np.ndarray) -> float:
    return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())


def _count(length: float, least: int, spacing: float = SPACING) -> int:
    return max(least, round(float(length) / spacing)) + 1


def _spread(values: float | list[float], count: int) -> np.ndarray:
    """Values given at equal shares of a line, at `count` shares of it."""
    given = np.atleast_1d(np.array(values, float))
    return np.interp(np.linspace(0, 1, count), np.linspace(0, 1, len(given)), given)


def _outwards(points: np.ndarray, facing: str) -> np.ndarray:
    """Unit vectors from the trunk's axis, level, or one direction everywhere."""
    if facing:
        return np.broadcast_to(FACINGS[facing], points.shape)
    out = (points - [0, 0, TRUNK_AXIS_Z]) * [1, 0, 1]
    return out / np.maximum(np.linalg.norm(out, axis=-1, keepdims=True), 1e-9)


def _grid(points: np.ndarray, entry: dict[str, Any], made: dict[str, Sheet]) -> _Grid:
    rows, columns, _ = points.shape
    if bulge := entry.get("bulge"):
        dome = np.outer(np.sin(np.pi * np.linspace(0, 1, rows)), np.sin(np.pi * np.linspace(0, 1, columns)))
        points = points + _outwards(points, entry.get("facing", "")) * (bulge * dome)[..., None]
    points = _clear(points, entry, made)
    step = np.linalg.norm(np.diff(points, axis=0), axis=2)
    length = np.concatenate([np.zeros((1, columns)), np.cumsum(step, 0)])
    share = length / length[-1]
    tendon = _tendon(share, entry)
    return _Grid(
        points,
        _normals(points, entry),
        share,
        tendon,
        _marks(share, length[-1], entry),
        _thickness(tendon, length, entry),
    )


def _clear(points: np.ndarray, entry: dict[str, Any], made: dict[str, Sheet]) -> np.ndarray:
    """The surface smoothed inside its border, on the trunk's wall and outside of the meshes `over`."""
    rows, columns, _ = points.shape
    over = _reach(tuple(entry.get("over", ())), tuple(made.values()))
    wall = _spread(entry["wall"], rows)[:, None] if "wall" in entry else None
    last = 1 + int(entry.get("until", 1.0) * (rows - 1))
    half = _spread(entry["thickness"], columns) / 2
    points = points.copy()
    for _ in range(FAIRINGS):
        points = _smoothed(points)
        angle, radius = _polar(points)
        lift = np.zeros((rows, columns))
        if wall is not None:
            side = np.minimum(angle, 360 - angle)
            share = np.clip((WALL_ENDS[1] - side) / (WALL_ENDS[1] - WALL_ENDS[0]), 0, 1)
            lift = share * (_wall(points) + wall - radius)
        if over is not None:
            height = np.clip((points[..., 1] - over[1]) / CELL, 0, len(over[0]) - 1)
            need = ndimage.map_coordinates(over[0], [height, angle / CELL], order=1, mode="grid-wrap")
            lift = np.maximum(lift, need + half + entry.get("gap", 1.0) - radius)
            lift = lift if wall is not None else np.maximum(lift, 0)
        ramp = np.maximum(_ramp(points, entry), _valleys(entry, rows, columns))
        lift[last:] = 0
        lift = ndimage.gaussian_filter(lift, 1.0, mode="nearest") * ramp
        points = points + _outwards(points, "") * lift[..., None]
    return np.round(points, 2)


@cache
def _hull() -> np.ndarray:
    """The planes (n, 4) of the convex hull of ribs, linea alba and pelvis, of both sides."""
    ribs = [f"{ORDINALS[number - 1]} rib" for number in range(5, 13)]
    cartilages = [f"{ORDINALS[number - 1]} costal cartilage" for number in range(5, 8)]
    points = np.concatenate([bone(name).points for name in [*ribs, *cartilages, "linea alba", "hip bone"]])
    points = points[points[:, 1] > HULL_FROM]
    return ConvexHull(np.concatenate([points, points * [-1, 1, 1]])).equations


def _wall(points: np.ndarray) -> np.ndarray:
    """How far the trunk's wall is from its axis, at the height and in the direction of points (..., 3)."""
    out = _outwards(points, "")
    planes = _hull()
    rest = planes[:, 3] + planes[:, 2] * TRUNK_AXIS_Z + points[..., 1, None] * planes[:, 1]
    slope = out @ planes[:, :3].T
    return np.where(slope > 1e-6, -rest / np.maximum(slope, 1e-6), np.inf).min(-1)


def _ramp(points: np.ndarray, entry: dict[str, Any]) -> np.ndarray:
    """0 at origin and insertion, 1 from some mm of them; 1 at an insertion that is loose."""
    step = np.linalg.norm(np.diff(points, axis=0), axis=2)
    length = np.concatenate([np.zeros((1, step.shape[1])), np.cumsum(step, 0)])
    rest = np.inf if entry.get("loose") else length[-1] - length
    near = np.clip(np.minimum(length, rest) / entry.get("ramp", RAMP), 0, 1)
    return near * near * (3 - 2 * near)


def _valleys(entry: dict[str, Any], rows: int, columns: int) -> np.ndarray:
    """1 between the teeth of the origin, where the sheet is on no bone, 0 at their tips and at the insertion."""
    if "teeth" not in entry:
        return np.zeros((rows, columns))
    depth = _bites(entry, columns)
    return np.outer(np.linspace(1, 0, rows) ** 2, depth / depth.max())


def _smoothed(points: np.ndarray) -> np.ndarray:
    """The surface nearer to its neighbours' mean; origin and insertion stay, free borders are smoothed along."""
    new = points.copy()
    new[1:-1, 1:-1] = (points[:-2, 1:-1] + points[2:, 1:-1] + points[1:-1, :-2] + points[1:-1, 2:]) / 4
    for border in (0, -1):
        new[1:-1, border] = (points[:-2, border] + points[2:, border]) / 2
    return 0.5 * points + 0.5 * new


def _polar(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Degrees about the trunk's axis from the front (0 to 360), and distance to it."""
    x, z = points[..., 0], points[..., 2] - TRUNK_AXIS_Z
    return np.degrees(np.arctan2(x, z)) % 360, np.hypot(x, z)


def _reach(names: tuple[str, ...], made: tuple[Sheet, ...]) -> tuple[np.ndarray, float] | None:
    """How far meshes with these words in their names reach from the trunk's axis, by height and direction."""
    if not names:
        return None
    clouds = [
        meshes.dense(part.points, part.triangles)
        for part in [*archive.parts().values(), *(sheet.part for sheet in made)]
        if any(name in part.name.lower() for name in names)
    ]
    points = np.concatenate(clouds)
    angle, radius = _polar(points)
    low = points[:, 1].min() - PAD * CELL
    reach = np.zeros((int(np.ptp(points[:, 1]) / CELL) + 2 * PAD, int(360 / CELL)))
    cell = (((points[:, 1] - low) / CELL).round().astype(int), (angle / CELL).round().astype(int) % reach.shape[1])
    np.maximum.at(reach, cell, radius)
    wrap = ("nearest", "wrap")
    reach = ndimage.grey_closing(reach, (9, 3), mode=wrap)
    return ndimage.gaussian_filter(ndimage.maximum_filter(reach, 3, mode=wrap), 0.7, mode=wrap), float(low)


def _tendon(share: np.ndarray, entry: dict[str, Any]) -> np.ndarray:
    """Above 0 where the fibres are tendon: from origin and insertion by the shares that the entry gives."""
    if entry["kind"] != "muscle":
        return np.ones_like(share)
    columns = share.shape[1]
    first = ndimage.gaussian_filter1d(_spread(entry.get("origin_tendon", 0.0), columns), 1.5, mode="nearest")
    last = ndimage.gaussian_filter1d(_spread(entry.get("insertion_tendon", 0.0), columns), 1.5, mode="nearest")
    return np.maximum(first - share, share - 1 + last)


def _marks(share: np.ndarray, length: np.ndarray, entry: dict[str, Any]) -> np.ndarray:
    """Above 0 in the tendinous intersections."""
    pale = np.full(share.shape, -1.0)
    if marks := entry.get("marks"):
        turns = np.linspace(0, 1, share.shape[1]) * marks["turns"]
        zigzag = marks["zigzag_mm"] * (2 * np.abs((turns % 1) * 2 - 1) - 1) / 2 / length
        for middle in marks["shares"]:
            pale = np.maximum(pale, marks["width_mm"] / 2 / length - np.abs(share - middle - zigzag))
    return pale


def _thickness(tendon: np.ndarray, length: np.ndarray, entry: dict[str, Any]) -> np.ndarray:
    """Of flesh as the entry says, along the rows; thin in aponeuroses and where flesh begins and ends."""
    rows, columns = tendon.shape
    given = np.array(entry["thickness"], float)
    across = np.linspace(0, 1, columns)
    full = np.where(across < 0.5, given[0], given[-1])
    if len(given) == 3:
        full = full + (given[1] - full) * np.sin(np.pi * across) ** 0.7
    if entry["kind"] != "muscle":
        return np.broadcast_to(full, (rows, columns))
    flesh = np.clip(np.minimum(-tendon, 1.0) * length[-1] / entry.get("swell", SWELL), 0, 1)
    flesh = np.minimum(flesh, np.clip(np.minimum(length, length[-1] - length) / SWELL, 0, 1))
    flesh = flesh * flesh * (3 - 2 * flesh)
    return ndimage.gaussian_filter(THIN + (full - THIN) * flesh, 0.8, mode="nearest")


def _normals(points: np.ndarray, entry: dict[str, Any]) -> np.ndarray:
    """Smoothed unit normals of the grid, to the outside of the body."""
    normal = np.cross(np.gradient(points, axis=0), np.gradient(points, axis=1))
    normal /= np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-9)
    normal = ndimage.gaussian_filter(normal, (1.2, 1.2, 0), mode="nearest")
    normal /= np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-9)
    outside = (normal * _outwards(points, entry.get("facing", ""))).sum(2).mean() > 0
    return normal if outside else -normal


def _sheet(entry: dict[str, Any], grids: list[_Grid]) -> Sheet:
    pieces = [_solid(grid) for grid in grids]
    columns = [np.concatenate([piece[k] for piece in pieces]) for k in (0, 2, 3, 4, 5, 6)]
    offset, triangles = 0, []
    for piece in pieces:
        triangles.append(piece[1] + offset)
        offset += len(piece[0])
    points, way, share, pale, start, end = columns
    part = archive.Part(file_of(entry), entry["name"], entry["kind"], points, np.concatenate(triangles))
    return Sheet(part, entry["of"], entry.get("member", ""), way, share, pale, start, end)


def _solid(grid: _Grid) -> tuple[np.ndarray, ...]:
    """Points, triangles, way, share, pale, start, end of a grid thickened to both sides, its rim rounded."""
    rows, columns, _ = grid.points.shape
    rim = _rim(rows, columns)
    half = grid.thickness[..., None] / 2
    flat, normal = grid.points.reshape(-1, 3), grid.normals.reshape(-1, 3)
    edge = _edge(grid)[rim]
    layers = [(grid.points + half * grid.normals).reshape(-1, 3), (grid.points - half * grid.normals).reshape(-1, 3)]
    size = half.reshape(-1, 1)[rim]
    layers += [flat[rim] + size * (np.cos(turn) * edge + np.sin(turn) * normal[rim]) for turn in RIM]
    source = np.concatenate([np.arange(rows * columns)] * 2 + [rim] * len(RIM))
    way = np.gradient(grid.points, axis=0).reshape(-1, 3)
    way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-9)
    outer = np.zeros(len(source), bool)
    outer[: rows * columns] = True
    pale = np.where(outer, np.maximum(grid.tendon, grid.marks).ravel()[source], grid.tendon.ravel()[source])
    row = source // columns
    triangles = _triangles(rows, columns, rim)
    points = np.round(np.concatenate(layers), 2)
    corner = points[triangles] - points.mean(0)
    if np.linalg.det(corner).sum() < 0:
        triangles = np.ascontiguousarray(triangles[:, ::-1])
    return points, triangles, way[source], grid.share.ravel()[source], pale, row == 0, row == rows - 1


def _rim(rows: int, columns: int) -> np.ndarray:
    """The border of the grid as a ring of vertices."""
    number = np.arange(rows * columns).reshape(rows, columns)
    return np.concatenate([number[0, :-1], number[:-1, -1], number[-1, :0:-1], number[:0:-1, 0]])


def _edge(grid: _Grid) -> np.ndarray:
    """Unit vectors (rows * columns, 3) in the sheet, away from it over its border."""
    inner = np.gradient(grid.points, axis=0), np.gradient(grid.points, axis=1)
    out = np.zeros_like(grid.points)
    for axis, border in ((0, 0), (0, -1), (1, 0), (1, -1)):
        at = (border, slice(None)) if axis == 0 else (slice(None), border)
        along = inner[1 - axis][at]
        over = np.cross(along, grid.normals[at])
        over /= np.maximum(np.linalg.norm(over, axis=1, keepdims=True), 1e-9)
        sign = np.sign((over * inner[axis][at]).sum(1)) * (-1 if border == 0 else 1)
        out[at] += over * np.where(sign == 0, 1, sign)[:, None]
    return (out / np.maximum(np.linalg.norm(out, axis=2, keepdims=True), 1e-9)).reshape(-1, 3)


def _triangles(rows: int, columns: int, rim: np.ndarray) -> np.ndarray:
    number = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:]
    face = np.concatenate([np.stack([a, b, c], 2).reshape(-1, 3), np.stack([a, c, d], 2).reshape(-1, 3)])
    rings = [rim, *(2 * rows * columns + k * len(rim) + np.arange(len(rim)) for k in range(len(RIM)))]
    rings.append(rim + rows * columns)
    found = [face, face[:, ::-1] + rows * columns]
    for upper, lower in itertools.pairwise(rings):
        after, below = np.roll(upper, -1), np.roll(lower, -1)
        found += [np.stack([upper, after, lower], 1), np.stack([after, below, lower], 1)]
    return np.concatenate(found)
