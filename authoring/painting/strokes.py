"""Zones of pain painted on the skin as strokes, and what each view sees of them.

A stroke is a curve through places with a radius at each; a zone is their smooth union, a signed distance at
every skin vertex (mm, negative inside). Knows nothing of muscles or of what is true: that stands in `content/muscles/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy import ndimage

from authoring.body.skin import build
from authoring.body.surface import distance, mirrored
from authoring.body.view import PIXELS_PER_MM, look, polygons
from authoring.drawing.artwork import silhouette
from authoring.painting import places

FAR = 60.0  # mm: distances are kept up to here
BLEND = 9.0  # mm: how far two strokes flow into each other
SMOOTH = 4.5  # mm: blur of the painted distance in a view
LEAST_SHOWN = 200.0  # mm2: what shows less of itself in a view is not drawn there
LEAST_PART = 60.0  # mm2: crumbs of a zone behind an edge of the body
TOLERANCE = 0.3  # mm


@dataclass(frozen=True)
class Stroke:
    """A curve through `path` with a radius (mm) at each place, evenly interpolated; on one or both sides."""

    path: tuple[str, ...]
    radius: tuple[float, ...]
    both_sides: bool = False

    @classmethod
    def of(cls, value: dict) -> Stroke:
        """The stroke of a TOML table: `path`, `radius` (a number or one per place), `sides = "both"`."""
        path, radius = tuple(value["path"]), value["radius"]
        radii = tuple(radius) if isinstance(radius, list) else (radius,) * len(path)
        if len(radii) != len(path):
            raise ValueError(f"{len(path)} places but {len(radii)} radii: {path}")
        return cls(path, tuple(map(float, radii)), value.get("sides") == "both")


def field(strokes: Sequence[Stroke]) -> np.ndarray:
    """Signed distance (n,) of every skin vertex to the smooth union of the strokes; FAR where it is farther."""
    skin = build().standing
    total = np.full(len(skin), FAR)
    for stroke in strokes:
        line = places.curve(stroke.path)
        reach = max(stroke.radius) + FAR
        for points in (line, mirrored(line)) if stroke.both_sides else (line,):
            near = ((skin > points.min(0) - reach) & (skin < points.max(0) + reach)).all(1)
            gap, along = distance(skin[near], points)
            grid = np.linspace(0, 1, len(stroke.radius)) if len(stroke.radius) > 1 else np.zeros(1)
            total[near] = _smooth_minimum(total[near], gap - np.interp(along, grid, stroke.radius))
    return total.clip(-FAR, FAR)


def _smooth_minimum(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The minimum, rounded where both are within BLEND of each other (polynomial blend)."""
    return np.minimum(a, b) - np.clip(BLEND - np.abs(a - b), 0, None) ** 2 / (4 * BLEND)


def area(zone: np.ndarray) -> float:
    """The cm2 of skin inside the zone: each quad by the share of its corners that lie inside."""
    body = build()
    corners = body.standing[body.quads]
    across = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    inside = (zone[body.quads] < 0).mean(1)
    return float((np.linalg.norm(across, axis=1) / 2 * inside).sum() / 100)


def shape(zone: np.ndarray, view: str) -> shapely.MultiPolygon:
    """The zone as the view sees it, in the view frame; empty where less than 2 cm2 of it show."""
    whole = look(view)
    inside = whole.points[zone < 0]
    if not len(inside):
        return shapely.MultiPolygon()
    buffer = whole.window(inside, FAR)
    if not buffer.mask.any():
        return shapely.MultiPolygon()
    image = buffer.spread(buffer.sample(zone, outside=FAR))
    smooth = ndimage.gaussian_filter(image, SMOOTH * PIXELS_PER_MM)
    shown = buffer.region(smooth, tolerance=TOLERANCE).intersection(silhouette(view))
    shown = shapely.MultiPolygon([part for part in shapely.get_parts(polygons(shown)) if part.area >= LEAST_PART])
    return shown if shown.area >= LEAST_SHOWN else shapely.MultiPolygon()
