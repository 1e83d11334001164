"""The drawn body of one view: silhouette, steps of shade, and the artist's lines.

Silhouette and tones are contours of what the view sees; the lines are deliberate strokes from `lines.toml`, carried to
other bodies by whoever asks for these. Knows nothing of landmarks, regions or muscles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from scipy import ndimage
from scipy.interpolate import CubicSpline
from shapely import affinity

from authoring import content
from authoring.body.view import PIXELS_PER_MM, Buffer, look, polygons
from authoring.drawing import relief
from trigpoint.geometry.rings import GRID_MM

LIGHT = {"anterior": (-0.30, 0.34, 0.89), "posterior": (-0.30, 0.34, 0.89), "right": (-0.22, 0.34, 0.91)}
EDGE_BLUR = 1.2  # mm
TONE_LEVELS = (0.92, 0.84, 0.75, 0.64, 0.50, 0.31)  # of the shading: a tone covers what is darker
TONE_BLUR = 6.0  # mm
TONE_LEAST, TONE_ROUND = 600.0, 5.0  # mm2: smaller patches, and smaller holes, are noise; mm: radius of its corners
EDGE_TOLERANCE, TONE_TOLERANCE = 0.12, 0.7  # mm
FAIR_STEP, FAIR_BLUR, FAIR_MOST = 1.0, 8.0, 0.45  # mm along an edge, and how far it may move: a step of pixels is 0.67
HOLE_LEAST = 400.0  # mm2: a smaller gap between arm and trunk is closed
CLOSE = 3.5  # mm: clefts of the silhouette narrower than twice this are closed (lips, between toes)
LINE_STEP, LINE_LEAST = 6.0, 11  # mm between the points of a stroke, and how many it has at least
LINE_POWER = 0.7  # how soon a tapering line reaches its full width

Carry = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Artwork:
    """Polygons of the view frame; `lines` by name, each with its title in `titles`."""

    silhouette: shapely.MultiPolygon
    tones: tuple[shapely.MultiPolygon, ...]
    lines: dict[str, shapely.MultiPolygon]
    titles: dict[str, str]


@cache
def draw(view: str, body: str = "neutral", carry: Carry | None = None) -> Artwork:
    """Draw the body as a view other than the left one sees it; `carry` takes places of the neutral body to this one."""
    edge = silhouette(view, body)
    buffer, shade = look(view, body), _shade(view, body)
    tones = tuple(_tone(buffer, shade, level, edge) for level in TONE_LEVELS)
    lines, titles = _lines(view, body, carry)
    return Artwork(edge, tones, lines, titles)


def _flip(shape: shapely.Geometry) -> shapely.Geometry:
    return affinity.scale(shape, xfact=-1, origin=(0, 0))


@cache
def silhouette(view: str, body: str = "neutral") -> shapely.MultiPolygon:
    """The outline of the body in the view, in the view frame."""
    if view == "left":
        return _flip(silhouette("right", body))
    buffer = look(view, body)
    edge = 0.5 - ndimage.gaussian_filter(buffer.mask.astype(float), EDGE_BLUR * PIXELS_PER_MM)
    shape = _faired(buffer.region(edge, tolerance=0.05))
    if buffer.view in ("anterior", "posterior"):  # both halves from one, so that the mirror rule is exact
        half = shape.intersection(shapely.box(0, -100, 1000, 1800)).simplify(EDGE_TOLERANCE)
        half = shapely.set_precision(half, GRID_MM)
        return _without_holes(shapely.union_all([half, _flip(half)], grid_size=GRID_MM), HOLE_LEAST)
    shape = shape.buffer(CLOSE).buffer(-CLOSE)
    return polygons(_without_holes(shape, HOLE_LEAST).simplify(EDGE_TOLERANCE))


def _faired(shape: shapely.MultiPolygon) -> shapely.MultiPolygon:
    """The shape without the steps that pixels left in its edge, which moves by no more than they are high."""
    parts = [
        shapely.make_valid(shapely.Polygon(_fair(part.exterior), [_fair(ring) for ring in part.interiors]))
        for part in shapely.get_parts(shape)
    ]
    return polygons(shapely.union_all(parts))


def _fair(ring: shapely.LinearRing) -> np.ndarray:
    places = np.arange(0, ring.length, FAIR_STEP)
    points = shapely.get_coordinates(shapely.line_interpolate_point(ring, places))
    moved = ndimage.gaussian_filter1d(points, FAIR_BLUR / FAIR_STEP, axis=0, mode="wrap") - points
    reach = np.hypot(*moved.T)[:, None]
    return points + moved * np.minimum(1, FAIR_MOST / np.maximum(reach, 1e-9))


def _without_holes(shape: shapely.Geometry, least: float) -> shapely.MultiPolygon:
    """Fill the holes of less than `least` mm2."""
    return shapely.MultiPolygon(
        [
            shapely.Polygon(part.exterior, [ring for ring in part.interiors if shapely.Polygon(ring).area >= least])
            for part in shapely.get_parts(polygons(shape))
        ]
    )


def _shade(view: str, body: str) -> np.ndarray:
    """The blurred shading (h, w), from 1 in full light, carried on a little over the edge of the body."""
    buffer, light = look(view, body), np.array(LIGHT[view])
    lit = relief.normals(view, body) @ (light / np.linalg.norm(light))
    inside = ndimage.binary_dilation(buffer.mask, iterations=4)  # so that tones end at the silhouette
    return np.where(inside, buffer.spread(buffer.smooth(np.clip(lit, 0, 1), TONE_BLUR)), 2.0)


def _tone(buffer: Buffer, shade: np.ndarray, level: float, within: shapely.MultiPolygon) -> shapely.MultiPolygon:
    shape = buffer.region(shade, level, tolerance=0.1)
    shape = shape.buffer(-TONE_ROUND).buffer(2 * TONE_ROUND).buffer(-TONE_ROUND)
    kept = [part for part in shapely.get_parts(_without_holes(shape, TONE_LEAST)) if part.area >= TONE_LEAST]
    calm = shapely.union_all(kept).simplify(TONE_TOLERANCE)
    shapes = polygons(shapely.intersection(calm, within))
    return shapely.MultiPolygon([part for part in shapes.geoms if part.area >= TONE_LEAST])


@cache
def _strokes() -> dict[str, dict[str, dict]]:
    return content.table("lines")


def _lines(view: str, body: str, carry: Carry | None) -> tuple[dict[str, shapely.MultiPolygon], dict[str, str]]:
    """The strokes of the neutral body where they lie on this one, with the strokes drawn for it alone."""
    own = _strokes().get(body, {}).get(view, {})
    lines, titles = {}, {}
    for name, stroke in (_strokes()[view] | own).items():
        points = np.array(stroke["at"], float)
        if carry and name not in own:
            points = carry(points)
        shape = tapered(points, stroke["width"], stroke.get("blunt", ""))
        sides = {f"{name}.r": shape, f"{name}.l": _flip(shape)}
        for key, side in (sides if stroke.get("pair") else {name: shape}).items():
            lines[f"line.{key}"] = polygons(side)
            titles[f"line.{key}"] = stroke["title"]
    return lines, titles


def tapered(points: np.ndarray, width: float, blunt: str = "") -> shapely.Polygon:
    """A smooth stroke through `points` (n, 2), `width` mm at its widest, thin at its ends unless one is `blunt`."""
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    spline = CubicSpline(length, points)
    count = max(LINE_LEAST, round(length[-1] / LINE_STEP) + 1)
    share = np.linspace(0, 1, count)
    swell = {"start": np.cos(share * np.pi / 2), "end": np.sin(share * np.pi / 2)}.get(blunt, np.sin(share * np.pi))
    half = width / 2 * np.maximum(swell, 0) ** LINE_POWER + 0.15
    direction = spline(share * length[-1], 1)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    across = direction[:, ::-1] * [-1, 1] * half[:, None]
    middle = spline(share * length[-1])
    return shapely.Polygon(np.concatenate([middle + across, (middle - across)[::-1]]))
