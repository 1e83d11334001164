"""What each pixel of a view sees: which triangle, at which depth; and contours of such images in the view frame.

The view frame is that of the shipped files: millimetres, x to the viewer's right, y down from the vertex of the head,
x = 0 on the midline (anterior, posterior) or on the ankles' plumb line (left, right).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property

import contourpy
import numpy as np
import shapely
from scipy import ndimage

from authoring.body.kept_results import kept
from authoring.body.skin import STATURE, Body, build

VIEWS = ("anterior", "posterior", "left", "right")
POSE = {"anterior": "standing", "posterior": "standing", "left": "reaching", "right": "reaching"}
PIXELS_PER_MM = 1.5
MARGIN = 16.0  # mm of empty image around the body


def seen(vectors: np.ndarray, view: str) -> np.ndarray:
    """Turn body vectors (n, 3) into a view: x to the viewer's right, y up, z towards the viewer."""
    x, y, z = vectors.T
    turned = {"anterior": (x, y, z), "posterior": (-x, y, -z), "left": (-z, y, x), "right": (z, y, -x)}
    return np.stack(turned[view], 1)


def project(points: np.ndarray, view: str) -> np.ndarray:
    """View-frame coordinates (n, 2) of body points (n, 3)."""
    flat = seen(np.atleast_2d(points), view)[:, :2]
    return np.stack([flat[:, 0], STATURE - flat[:, 1]], 1)


@dataclass(frozen=True)
class Buffer:
    """One view of one body, sampled at pixel centres.

    `triangle` (h, w) is -1 off the body; `weights` (k, 3) are barycentric, one row per body pixel in reading order.
    """

    body: Body
    view: str
    origin: tuple[float, float]
    triangles: np.ndarray
    triangle: np.ndarray
    depth: np.ndarray
    weights: np.ndarray

    @property
    def points(self) -> np.ndarray:
        """Vertices (n, 3) in this view's pose."""
        return self.body.points[POSE[self.view]]

    @cached_property
    def mask(self) -> np.ndarray:
        """True where a pixel sees the body."""
        return self.triangle >= 0

    @cached_property
    def corners(self) -> np.ndarray:
        """Vertices (k, 3) of the triangle that each body pixel sees."""
        return self.triangles[self.triangle[self.mask]]

    def sample(self, field: np.ndarray, outside: float = 0.0) -> np.ndarray:
        """An image of a value per vertex (n,) or (n, c), interpolated; `outside` off the body."""
        image = np.full(self.mask.shape + field.shape[1:], outside)
        image[self.mask] = np.einsum("ij,ij...->i...", self.weights, field[self.corners])
        return image

    def smooth(self, image: np.ndarray, sigma: float) -> np.ndarray:
        """Gaussian blur by `sigma` mm that does not bleed over the body's edge."""
        radius = sigma * PIXELS_PER_MM
        weight = np.maximum(ndimage.gaussian_filter(self.mask.astype(float), radius), 1e-6)
        return ndimage.gaussian_filter(np.where(self.mask, image, 0.0), radius) / weight

    @cached_property
    def normal(self) -> np.ndarray:
        """Unit normals (h, w, 3) in the view: x right, y up, z towards the viewer."""
        image = self.sample(seen(self.body.normals[POSE[self.view]], self.view))
        return image / np.maximum(np.linalg.norm(image, axis=2, keepdims=True), 1e-9)

    def pixel(self, points: np.ndarray) -> np.ndarray:
        """Pixel coordinates (column, row) of body points (n, 3), pixel centres at whole numbers."""
        return (project(points, self.view) - self.origin) * PIXELS_PER_MM - 0.5

    def visible(self, points: np.ndarray, slack: float = 4.0) -> np.ndarray:
        """Which body points (n, 3) lie no more than `slack` mm behind the skin that the viewer sees."""
        at = np.round(self.pixel(points)).astype(int)
        rows, columns = at[:, 1].clip(0, self.mask.shape[0] - 1), at[:, 0].clip(0, self.mask.shape[1] - 1)
        return seen(np.atleast_2d(points), self.view)[:, 2] >= self.depth[rows, columns] - slack

    def window(self, points: np.ndarray, margin: float) -> Buffer:
        """The part of this buffer around body points (n, 3), with `margin` mm on every side."""
        at = self.pixel(points)
        wide = margin * PIXELS_PER_MM
        left, top = np.maximum(np.floor(at.min(0) - wide), 0).astype(int)
        right, bottom = np.minimum(np.ceil(at.max(0) + wide), self.mask.shape[::-1]).astype(int)
        part = np.s_[top:bottom, left:right]
        kept = np.zeros(self.mask.shape, bool)
        kept[part] = True
        origin = (self.origin[0] + left / PIXELS_PER_MM, self.origin[1] + top / PIXELS_PER_MM)
        return replace(
            self,
            origin=origin,
            triangle=self.triangle[part],
            depth=self.depth[part],
            weights=self.weights[kept[self.mask]],
        )

    def spread(self, image: np.ndarray) -> np.ndarray:
        """The image carried over the body's edge from the nearest pixel of the body."""
        nearest = ndimage.distance_transform_edt(~self.mask, return_distances=False, return_indices=True)
        return image[tuple(nearest)]

    def region(self, image: np.ndarray, level: float = 0.0, tolerance: float = 0.35) -> shapely.MultiPolygon:
        """Where `image` is below `level`, as polygons of the view frame, simplified by `tolerance` mm."""
        return trace(image, level, self.origin, tolerance)


def trace(image: np.ndarray, level: float, origin: tuple[float, float], tolerance: float) -> shapely.MultiPolygon:
    """Polygons of the view frame where `image` is below `level`."""
    padded = np.pad(image, 1, constant_values=max(image.max(), level) + 1.0)
    generator = contourpy.contour_generator(z=padded, fill_type=contourpy.FillType.OuterOffset)
    shapes = []
    for points, offsets in zip(*generator.filled(-np.inf, level), strict=True):
        rings = [(ring - 0.5) / PIXELS_PER_MM + origin for ring in np.split(points, offsets[1:-1])]
        shapes.append(shapely.Polygon(rings[0], rings[1:]))
    return polygons(shapely.simplify(shapely.union_all(shapely.make_valid(shapes)), tolerance))


def polygons(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """The polygons of any geometry, as one valid multi-polygon."""
    parts = shapely.get_parts(shapely.make_valid(shape))
    flat = shapely.get_parts(parts)
    return shapely.MultiPolygon([part for part in flat if part.geom_type == "Polygon" and part.area > 0])


@cache
def look(view: str, name: str = "neutral") -> Buffer:
    """Draw the body into a depth buffer of one view."""
    body = build(name)
    points = body.points[POSE[view]]
    flat, depth = project(points, view), seen(points, view)[:, 2]
    low, high = flat.min(0) - MARGIN, flat.max(0) + MARGIN
    if view in ("anterior", "posterior"):  # the same frame on both sides of the midline
        reach = float(np.ceil(max(-low[0], high[0])))
        low[0], high[0] = -reach, reach
    origin = (float(np.floor(low[0])), float(np.floor(low[1])))
    width, height = (np.ceil((high - origin) * PIXELS_PER_MM)).astype(int)
    quads = body.quads
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    pixels = (flat - origin) * PIXELS_PER_MM - 0.5
    shape = int(height), int(width)
    triangle, weights = kept(f"{name}.{view}", lambda: rasterise(pixels, depth, triangles, shape))
    mask = triangle >= 0
    surface = np.full(mask.shape, -np.inf)
    surface[mask] = (weights * depth[triangles[triangle[mask]]]).sum(1)
    return Buffer(body, view, origin, triangles, triangle, surface, weights)


def _barycentric(corners: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Weights (k, 3) of points `at` (k, 2) in triangles (k, 3, 2)."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    double = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    first = ((b[:, 0] - at[:, 0]) * (c[:, 1] - at[:, 1]) - (b[:, 1] - at[:, 1]) * (c[:, 0] - at[:, 0])) / double
    second = ((c[:, 0] - at[:, 0]) * (a[:, 1] - at[:, 1]) - (c[:, 1] - at[:, 1]) * (a[:, 0] - at[:, 0])) / double
    return np.stack([first, second, 1 - first - second], 1)


def rasterise(
    pixels: np.ndarray, depth: np.ndarray, triangles: np.ndarray, shape: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Nearest triangle (h, w), -1 where there is none, and its barycentric weights at each covered pixel."""
    corners = pixels[triangles]
    (ux, uy), (vx, vy) = (corners[:, 1] - corners[:, 0]).T, (corners[:, 2] - corners[:, 0]).T
    facing = np.flatnonzero(ux * vy - uy * vx < -1e-9)  # rows run down, so that what faces the viewer turns this way
    low, high = np.ceil(corners[facing].min(1)).astype(int), np.floor(corners[facing].max(1)).astype(int)
    kept = ((low <= high) & (high >= 0) & (low < shape[::-1])).all(1)
    facing, low, span = facing[kept], low[kept], (high - low)[kept]
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for row in range(int(span[:, 1].max()) + 1):
        tall = np.flatnonzero(span[:, 1] >= row)
        for column in range(int(span[tall, 0].max()) + 1):
            some = tall[span[tall, 0] >= column]
            at, number = low[some] + (column, row), facing[some]
            weights = _barycentric(corners[number], at)
            inside = (weights >= -1e-6).all(1) & (at >= 0).all(1) & (at < shape[::-1]).all(1)
            number, at, weights = number[inside], at[inside], weights[inside]
            found.append((at[:, 1] * shape[1] + at[:, 0], (weights * depth[triangles[number]]).sum(1), number))
    cell, z, number = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((-number, z))  # the nearest last; of equal ones the triangle with the lowest number
    nearest = np.full(shape[0] * shape[1], -1)
    nearest[cell[order]] = number[order]
    nearest = nearest.reshape(shape)
    rows, columns = np.nonzero(nearest >= 0)
    return nearest, _barycentric(corners[nearest[rows, columns]], np.stack([columns, rows], 1).astype(float))
