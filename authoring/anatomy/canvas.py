"""Surfaces on the pixels of a view: which is seen where, how it is lit, and contours as shapes of the view frame."""

from __future__ import annotations

from collections.abc import Sequence

import contourpy
import numpy as np
import shapely
from scipy import ndimage

from authoring.anatomy import meshes
from authoring.body.view import polygons, project, rasterise, seen

LIGHT = np.array([-0.24, 0.42, 0.87]) / np.linalg.norm([-0.24, 0.42, 0.87])  # from the viewer's upper left
MARGIN = 6.0  # mm of empty image around what is drawn


class Canvas:
    """What a view sees of some surfaces within a box (x0, y0, x1, y1) of the view frame, `ppm` pixels to the mm.

    `owner` (h, w) is the number of the surface that a pixel sees, -1 for none; `depth` (h, w) its distance towards the
    viewer. A surface with a lift (mm) is seen through what lies before it by less than that.
    """

    def __init__(
        self,
        surfaces: Sequence[tuple[np.ndarray, np.ndarray]],
        view: str,
        box: Sequence[float],
        ppm: float,
        lifts: Sequence[float] = (),
    ) -> None:
        self.view, self.ppm = view, ppm
        self.origin = np.floor(np.array(box[:2]) - MARGIN)
        size = np.ceil((np.array(box[2:]) + MARGIN - self.origin) * ppm).astype(int)
        self.shape = int(size[1]), int(size[0])
        first = np.cumsum([0, *(len(points) for points, _ in surfaces)])
        self._points = np.concatenate([points for points, _ in surfaces])
        self._triangles = np.concatenate(
            [triangles + start for (_, triangles), start in zip(surfaces, first, strict=False)]
        )
        depth = seen(self._points, view)[:, 2]
        lifted = depth + np.repeat(lifts, np.diff(first)) if lifts else depth
        self._face, self._weights = rasterise(self.pixels(self._points), lifted, self._triangles, self.shape)
        self.mask = self._face >= 0
        self._corners = self._triangles[self._face[self.mask]]
        self.owner = np.full(self.shape, -1)
        self.owner[self.mask] = np.searchsorted(first, self._corners[:, 0], side="right") - 1
        self.depth = self.sample(depth, -np.inf)

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """Pixels (column, row) of body points (n, 3), pixel centres at whole numbers."""
        return (project(points, self.view) - self.origin) * self.ppm - 0.5

    def sample(self, values: np.ndarray, outside: float = 0.0) -> np.ndarray:
        """The image of a value per vertex of all surfaces, (n,) or (n, c)."""
        image = np.full(self.shape + values.shape[1:], outside)
        image[self.mask] = np.einsum("ij,ij...->i...", self._weights, values[self._corners])
        return image

    @property
    def lit(self) -> np.ndarray:
        """Lambert shading (h, w) of what is seen."""
        return self.sample(seen(meshes.normals(self._points, self._triangles), self.view)) @ LIGHT

    def contour(self, image: np.ndarray, level: float = 0.0) -> shapely.MultiPolygon:
        """Where `image` is below `level`, as polygons of the view frame."""
        padded = np.pad(image, 1, constant_values=max(float(image.max()), level) + 1.0)
        generator = contourpy.contour_generator(z=padded, fill_type=contourpy.FillType.OuterOffset)
        shapes = []
        for points, offsets in zip(*generator.filled(-np.inf, level), strict=True):
            rings = [(ring - 0.5) / self.ppm + self.origin for ring in np.split(points, offsets[1:-1])]
            shapes.append(shapely.Polygon(rings[0], rings[1:]))
        return polygons(shapely.union_all(shapely.make_valid(shapes)))

    def place(self, pixels: np.ndarray) -> np.ndarray:
        """View-frame places (n, 2) of pixels (n, 2)."""
        return (pixels + 0.5) / self.ppm + self.origin


def blurred(image: np.ndarray, mask: np.ndarray, sigma: float) -> np.ndarray:
    """A Gaussian blur by `sigma` pixels that does not bleed over the edge of a mask, carried on beyond it."""
    weight = ndimage.gaussian_filter(mask.astype(float), sigma)
    even = ndimage.gaussian_filter(np.where(mask, image, 0.0), sigma) / np.maximum(weight, 1e-6)
    return spread(even, mask)


def spread(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The image carried on from the nearest pixel of the mask."""
    if mask.all() or not mask.any():
        return image
    nearest = ndimage.distance_transform_edt(~mask, return_distances=False, return_indices=True)
    return image[tuple(nearest)]


def rounded(shape: shapely.Geometry, radius: float, least: float, tolerance: float) -> shapely.MultiPolygon:
    """The shape without corners sharper than `radius` mm and without parts and holes below `least` mm2."""
    even = shapely.buffer(shapely.buffer(shapely.buffer(shape, -radius), 2 * radius), -radius)
    parts = [
        shapely.Polygon(part.exterior, [ring for ring in part.interiors if shapely.Polygon(ring).area > least])
        for part in shapely.get_parts(polygons(even))
        if part.area > least
    ]
    return polygons(shapely.MultiPolygon(parts).simplify(tolerance))
