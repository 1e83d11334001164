"""A fan-shaped muscle as a sheet under the skin, and what each view shows of it.

The sheet runs from an origin curve to an insertion curve, both through places; its depth under the skin is given at the
origin, in the belly and at the insertion. A see-through plate shows it wherever the skin over it faces the viewer.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import shapely
from scipy import ndimage
from scipy.interpolate import CubicSpline

from authoring import places
from authoring.artwork import draw
from authoring.body import build
from authoring.view import polygons, project, seen

ACROSS, ALONG = 61, 41  # samples from front to back, and from origin to insertion
SMOOTH = (8.0, 4.0)  # samples across and along: the sheet forgets the steps between skin vertices
FACING = -0.3  # least z of the normal of the skin above: a see-through plate shows a little of what curves away
FILLET, ROUND = 14.0, 4.0  # mm: radii of inward and outward corners of the shape
TOLERANCE, FIBRE_LEAST = 0.3, 30.0  # mm
BORDER = 3  # samples
FIBRE_ENDS = (0.05, 0.97)  # fibres start and end a little inside the shape


@dataclass(frozen=True)
class Fan:
    """Places from front to back along origin and insertion, depths under the skin, how many fibres to draw.

    `depth` and `thickness` are mm at the origin, in the belly and at the insertion.
    """

    origin: tuple[str, ...]
    insertion: tuple[str, ...]
    depth: tuple[float, float, float]
    thickness: tuple[float, float, float]
    fibres: int

    @classmethod
    def of(cls, value: dict) -> Fan:
        """The fan of a TOML table."""
        return cls(
            *(tuple(item) if isinstance(item, list) else item for item in (value[key.name] for key in fields(cls)))
        )

    @cached_property
    def outer(self) -> np.ndarray:
        """The face (ACROSS, ALONG, 3) of the sheet that is nearer to the skin."""
        return self._laid(np.array(self.depth))

    @cached_property
    def inner(self) -> np.ndarray:
        """The face (ACROSS, ALONG, 3) of the sheet that is nearer to the bone."""
        return self._laid(np.array(self.depth) + self.thickness)

    def _laid(self, depth: np.ndarray) -> np.ndarray:
        """Straight lines of pull from origin to insertion, moved to their depth under the skin."""
        share = np.linspace(0, 1, ALONG)
        start, end = (self._curve(texts)[:, None, :] for texts in (self.origin, self.insertion))
        chords = (start + share[None, :, None] * (end - start)).reshape(-1, 3)
        deep = np.tile(CubicSpline((0, 0.5, 1), depth)(share), ACROSS)
        number = places.skin_tree().query(chords)[1]
        moves = build().standing[number] - deep[:, None] * build().normals["standing"][number] - chords
        smooth = ndimage.gaussian_filter(moves.reshape(ACROSS, ALONG, 3), (*SMOOTH, 0), mode="nearest")
        return chords.reshape(ACROSS, ALONG, 3) + smooth

    @staticmethod
    def _curve(texts: tuple[str, ...]) -> np.ndarray:
        corners = np.array([places.place(text) for text in texts])
        return CubicSpline(np.linspace(0, 1, len(corners)), corners)(np.linspace(0, 1, ACROSS))

    def within(self, point: np.ndarray) -> np.ndarray:
        """The point (3,) of the sheet under a point of the skin, a little inside the sheet's border."""
        middle = ((self.outer + self.inner) / 2)[BORDER:-BORDER, BORDER:-BORDER].reshape(-1, 3)
        return middle[np.argmin(np.linalg.norm(middle - point, axis=1))]

    @cached_property
    def _facing(self) -> np.ndarray:
        """The normal (ACROSS, ALONG, 3) of the skin over the sheet."""
        number = places.skin_tree().query(self.outer.reshape(-1, 3))[1]
        normals = build().normals["standing"][number].reshape(ACROSS, ALONG, 3)
        return ndimage.gaussian_filter(normals, (*SMOOTH, 0), mode="nearest")

    def _toward(self, view: str) -> np.ndarray:
        """Where (ACROSS, ALONG) the skin over the sheet faces the viewer, or nearly."""
        return seen(self._facing.reshape(-1, 3), view)[:, 2].reshape(ACROSS, ALONG) > FACING

    def shape(self, view: str) -> shapely.MultiPolygon:
        """The outline of the visible part of the muscle, in the view frame."""
        toward = self._toward(view)
        shown = toward[:-1, :-1] & toward[1:, :-1] & toward[1:, 1:] & toward[:-1, 1:]
        faces = [_cells(face, view)[shown.ravel()] for face in (self.outer, self.inner)]
        rims = [(slice(None), 0), (slice(None), -1), (0, slice(None)), (-1, slice(None))]
        for rim in rims:  # the walls between both faces
            wall = np.stack([self.outer[rim], self.inner[rim]])
            faces.append(_cells(wall, view)[toward[rim][:-1] & toward[rim][1:]])
        union = shapely.union_all(shapely.make_valid(shapely.polygons(np.concatenate(faces))))
        smooth = union.buffer(FILLET).buffer(-FILLET - ROUND).buffer(ROUND)
        return polygons(smooth.intersection(draw(view).silhouette).simplify(TOLERANCE))

    def lines(self, view: str) -> shapely.MultiLineString:
        """The fibres that show, in the view frame, each from its origin towards the insertion."""
        flat = project(self.outer.reshape(-1, 3), view).reshape(ACROSS, ALONG, 2)
        toward, sheet = self._toward(view), self.shape(view)
        first, last = (round(share * (ALONG - 1)) for share in FIBRE_ENDS)
        lines = []
        for number in np.linspace(0, ACROSS - 1, self.fibres + 2).round().astype(int)[1:-1]:
            shown = flat[number, first : last + 1][toward[number, first : last + 1]]
            if len(shown) > 1:
                lines.append(shapely.LineString(shown).simplify(TOLERANCE).intersection(sheet))
        parts = shapely.get_parts(shapely.get_parts(lines))
        return shapely.MultiLineString([part for part in parts if part.length > FIBRE_LEAST])


def _cells(grid: np.ndarray, view: str) -> np.ndarray:
    """The quads (k, 4, 2) of a grid of body points (a, b, 3), in the view frame."""
    flat = project(grid.reshape(-1, 3), view).reshape(*grid.shape[:2], 2)
    return np.stack([flat[:-1, :-1], flat[1:, :-1], flat[1:, 1:], flat[:-1, 1:]], 2).reshape(-1, 4, 2)
