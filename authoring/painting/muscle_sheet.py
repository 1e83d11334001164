"""A muscle as sheets in the body, and what each view shows of them.

A sheet runs through rows of places, from its origin to its insertion; each row runs across the fibres. A sheet with
`depth` follows the skin at that depth, as superficial muscles do; one without lies where its rows say. A see-through
plate shows a sheet where the skin over it faces the viewer, or whole in the views that the sheet names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from scipy import ndimage
from scipy.interpolate import CubicSpline

from authoring.body.skin import build
from authoring.body.view import polygons, project, seen
from authoring.drawing.artwork import silhouette
from authoring.painting import places

ACROSS, ALONG = 41, 31  # samples along a row, and from origin to insertion
SMOOTH = (5.0, 3.0)  # samples across and along: the sheet forgets the steps between skin vertices
FACING = -0.3  # least z of the normal of the skin above: a see-through plate shows a little of what curves away
FILLET, ROUND = 14.0, 4.0  # mm: radii of inward and outward corners of the shape
TOLERANCE, FIBRE_LEAST = 0.3, 30.0  # mm
MARKED = 0.12  # the same of the skin over a trigger point that a view marks
NEAR = ("anterior", "posterior", "right")  # views that may show the right side
BORDER = 2  # samples
FIBRE_ENDS = (0.05, 0.97)  # fibres start and end a little inside the shape


@dataclass(frozen=True)
class Sheet:
    """Rows of places from origin to insertion; mm of thickness and mm under the skin, evenly spaced along the muscle.

    Without `depth` the sheet lies where its rows say. `views` names the views that show it whole; no other does then.
    """

    rows: tuple[tuple[str, ...], ...]
    thickness: tuple[float, ...]
    fibres: int
    depth: tuple[float, ...] = ()
    views: tuple[str, ...] = ()

    @classmethod
    def of(cls, value: dict) -> Sheet:
        """The sheet of a TOML table; ValueError where its lists do not fit each other."""
        rows = tuple(tuple(row) for row in value["rows"])
        depth, thickness = tuple(value.get("depth", ())), tuple(value["thickness"])
        if len(rows) < 2 or len(thickness) < 2 or len(depth) == 1:
            raise ValueError(f"two rows or more, two thicknesses or more, no depth or two or more: {rows}")
        return cls(rows, thickness, value["fibres"], depth, tuple(value.get("views", ())))

    @cached_property
    def faces(self) -> tuple[np.ndarray, np.ndarray]:
        """Both faces (ACROSS, ALONG, 3) of the sheet: nearer to the skin, nearer to the bone."""
        across = np.stack([_spread(row) for row in self.rows], 1)
        share = _shares(across)
        grid = _through(share, across, axis=1)(np.linspace(0, 1, ALONG))
        thickness = _along(self.thickness)
        if not self.depth:
            half = _normals(grid) * thickness[None, :, None] / 2
            return grid + half, grid - half
        return _under_skin(grid, _along(self.depth)), _under_skin(grid, _along(self.depth) + thickness)

    @cached_property
    def normals(self) -> np.ndarray:
        """The normal (ACROSS, ALONG, 3) of the skin over the sheet."""
        number = places.skin_tree().query(self.faces[0].reshape(-1, 3))[1]
        normals = build().normals["standing"][number].reshape(ACROSS, ALONG, 3)
        return ndimage.gaussian_filter(normals, (*SMOOTH, 0), mode="nearest")

    def within(self, point: np.ndarray) -> np.ndarray:
        """The point (3,) in the middle of the sheet that is nearest to a place, a little inside the border."""
        middle = (sum(self.faces) / 2)[BORDER:-BORDER, BORDER:-BORDER].reshape(-1, 3)
        return middle[np.argmin(np.linalg.norm(middle - point, axis=1))]

    def shown(self, view: str) -> np.ndarray:
        """Which samples (ACROSS, ALONG) of the sheet the view shows."""
        if self.views:
            return np.full((ACROSS, ALONG), view in self.views)
        return seen(self.normals.reshape(-1, 3), view)[:, 2].reshape(ACROSS, ALONG) > FACING

    def cells(self, view: str) -> np.ndarray:
        """Quads (k, 4, 2) of the view frame that cover what shows: both faces and the walls between them."""
        shown = self.shown(view)
        whole = shown[:-1, :-1] & shown[1:, :-1] & shown[1:, 1:] & shown[:-1, 1:]
        quads = [_quads(face, view)[whole.ravel()] for face in self.faces]
        for rim in ((slice(None), 0), (slice(None), -1), (0, slice(None)), (-1, slice(None))):
            wall = np.stack([face[rim] for face in self.faces])
            quads.append(_quads(wall, view)[shown[rim][:-1] & shown[rim][1:]])
        return np.concatenate(quads)

    def lines(self, view: str) -> list[shapely.LineString]:
        """The fibres that show, in the view frame, each from its origin towards the insertion."""
        flat = project(self.faces[0].reshape(-1, 3), view).reshape(ACROSS, ALONG, 2)
        first, last = (round(share * (ALONG - 1)) for share in FIBRE_ENDS)
        lines = []
        for number in np.linspace(0, ACROSS - 1, self.fibres + 2).round().astype(int)[1:-1]:
            line = flat[number, first : last + 1][self.shown(view)[number, first : last + 1]]
            if len(line) > 1:
                lines.append(shapely.LineString(line).simplify(TOLERANCE))
        return lines


def shape(sheets: Sequence[Sheet], view: str) -> shapely.MultiPolygon:
    """The outline of a muscle that these sheets make, in the view frame."""
    quads = np.concatenate([sheet.cells(view) for sheet in sheets])
    union = shapely.union_all(shapely.make_valid(shapely.polygons(quads)))
    smooth = union.buffer(FILLET).buffer(-FILLET - ROUND).buffer(ROUND)
    return polygons(smooth.intersection(silhouette(view)).simplify(TOLERANCE))


def fibres(sheets: Sequence[Sheet], view: str) -> shapely.MultiLineString:
    """The lines of pull of a muscle that these sheets make, in the view frame."""
    outline = shape(sheets, view)
    lines = [line.intersection(outline) for sheet in sheets for line in sheet.lines(view)]
    return shapely.MultiLineString([part for part in shapely.get_parts(lines) if part.length > FIBRE_LEAST])


def within(sheets: Sequence[Sheet], point: np.ndarray) -> tuple[np.ndarray, Sheet]:
    """The point (3,) in the muscle that is nearest to a place, and the sheet that it lies in."""
    inside = [(sheet.within(point), sheet) for sheet in sheets]
    return min(inside, key=lambda pair: float(np.linalg.norm(pair[0] - point)))


def shown_in(sheet: Sheet, point: np.ndarray) -> tuple[str, ...]:
    """The views that mark a trigger point of the sheet at a point of its middle."""
    return sheet.views or facing(point)


def facing(point: np.ndarray) -> tuple[str, ...]:
    """The views that the skin next to a point faces."""
    number = places.skin_tree().query(point)[1]
    normal = build().normals["standing"][number][None]
    return tuple(view for view in NEAR if seen(normal, view)[0, 2] > MARKED)


def _spread(row: Sequence[str]) -> np.ndarray:
    """ACROSS points (n, 3) along a row of places; a row of one place is a point."""
    corners = np.array([places.place(text) for text in row])
    if len(corners) == 1:
        return np.repeat(corners, ACROSS, axis=0)
    return _through(np.linspace(0, 1, len(corners)), corners)(np.linspace(0, 1, ACROSS))


def _shares(across: np.ndarray) -> np.ndarray:
    """How far along the muscle, from 0 to 1, each row (ACROSS, rows, 3) lies."""
    steps = np.linalg.norm(np.diff(across.mean(0), axis=0), axis=1)
    return np.concatenate([[0], np.cumsum(steps)]) / steps.sum()


def _along(values: Sequence[float]) -> np.ndarray:
    return _through(np.linspace(0, 1, len(values)), np.array(values, float))(np.linspace(0, 1, ALONG))


def _through(share: np.ndarray, values: np.ndarray, axis: int = 0) -> CubicSpline:
    return CubicSpline(share, values, axis=axis, bc_type="natural")


def _under_skin(grid: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """The grid (ACROSS, ALONG, 3) moved to its depth (ALONG,) under the nearest skin."""
    flat = grid.reshape(-1, 3)
    number = places.skin_tree().query(flat)[1]
    deep = np.tile(depth, ACROSS)[:, None] * build().normals["standing"][number]
    moves = (build().standing[number] - deep - flat).reshape(grid.shape)
    return grid + ndimage.gaussian_filter(moves, (*SMOOTH, 0), mode="nearest")


def _normals(grid: np.ndarray) -> np.ndarray:
    """Unit normals (ACROSS, ALONG, 3) of a sheet, away from the middle of the body."""
    normals = np.cross(np.gradient(grid, axis=0), np.gradient(grid, axis=1))
    outward = (normals * (grid - grid.mean((0, 1)) * [0, 1, 0])).sum() >= 0
    normals = normals if outward else -normals
    return normals / np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-9)


def _quads(grid: np.ndarray, view: str) -> np.ndarray:
    """The quads (k, 4, 2) of a grid of body points (a, b, 3), in the view frame."""
    flat = project(grid.reshape(-1, 3), view).reshape(*grid.shape[:2], 2)
    return np.stack([flat[:-1, :-1], flat[1:, :-1], flat[1:, 1:], flat[:-1, 1:]], 2).reshape(-1, 4, 2)
