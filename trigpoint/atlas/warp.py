"""From one body to another: a smooth displacement of the view frame, one grid per view.

Muscles, regions and zones are drawn on one body; beside the outlines of another lies `<body>.warp.json`, which says
where each place of the first lies on it. Here that file is read, without trust, and points and shapes are moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import MultiLineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from .. import limits
from ..files.canonical import Line, json_text, number, place
from ..files.findings import Findings
from ..files.reading import Readable, file_name, parse_json, read_bytes
from ..files.schema import Schema
from ..geometry.frame import Points
from ..geometry.rings import areas_in, lines_in, sound

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = 1
EDGE_MM = 8.0  # longer edges are divided before they are bent
RIM_MM = 8.0  # a warp meets the edge of a body to a few millimetres; what reached the edge shall reach it again
TOUCHING_MM = 0.3  # stored shapes are cut at the edge to a tenth of a millimetre

_ROWS = {"$ref": "#/$defs/rows"}
_NAME = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_-]*$", "maxLength": limits.LABEL_CHARACTERS}
_COORDINATE = {"type": "number", "minimum": -limits.COORDINATE_MM, "maximum": limits.COORDINATE_MM}
_GRID = {
    "type": "object",
    "required": ["origin", "dx", "dy"],
    "additionalProperties": False,
    "properties": {
        "origin": {"type": "array", "minItems": 2, "maxItems": 2, "items": _COORDINATE, "description": "write [x, y]"},
        "dx": _ROWS,
        "dy": _ROWS,
    },
}
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["format", "body", "from", "cell", "views"],
    "additionalProperties": False,
    "properties": {
        "format": {"type": "integer", "const": FORMAT, "description": f"write {FORMAT}"},
        "body": _NAME | {"description": "name the body whose outlines lie beside this file"},
        "from": _NAME | {"description": "name the body that the grid starts from"},
        "cell": {"type": "number", "minimum": 1, "maximum": 500, "description": "millimetres between nodes"},
        "views": {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {"anterior": _GRID, "posterior": _GRID, "right": _GRID, "left": _GRID},
            "description": "give a grid for each view; left may be left out: it is the mirror of right",
        },
    },
}


@dataclass(frozen=True, eq=False)
class Warp:
    """A displacement (rows, columns, 2) in mm at nodes `cell` mm apart, the first at `origin`; constant beyond."""

    origin: tuple[float, float]
    cell: float
    shift: NDArray[np.float64]

    def points(self, points: Points) -> Points:
        """Where places (n, 2) of the first body lie on the other one.

        >>> Warp((0.0, 0.0), 10.0, np.full((3, 3, 2), 2.5)).points(np.array([(4.0, 5.0)])).tolist()
        [[6.5, 7.5]]
        """
        node, weight = taps(points, self.origin, self.cell, self.shift.shape[:2])
        moved: Points = np.asarray(points, float) + (weight[:, :, None] * self._flat[node]).sum(1)
        return moved

    def place(self, place: tuple[float, float]) -> tuple[float, float]:
        """Where one place lies on the other body."""
        x, y = self.points(np.array([place]))[0].tolist()
        return x, y

    def polygons(self, shape: BaseGeometry) -> MultiPolygon:
        """A polygon shape as it lies on the other body."""
        bent = self._bent(shape)
        if not sound(bent):  # sides nearer to each other than the bend of an edge
            bent = shapely.make_valid(bent)
        return areas_in(bent)

    def onto(self, shape: BaseGeometry, start: BaseGeometry | None, end: BaseGeometry) -> MultiPolygon:
        """A polygon shape of one silhouette on the other: inside it, and up to its edge where it was at the edge."""
        moved = self.polygons(shape)
        grown = self.polygons(_with_rim(shape, start)) if start else moved
        parts = areas_in(shapely.intersection(grown, end)).geoms
        return MultiPolygon([part for part in parts if part.intersects(moved)])

    def lines(self, shape: BaseGeometry, within: BaseGeometry) -> MultiLineString:
        """A line shape as it lies on the other body, inside its silhouette."""
        return lines_in(shapely.intersection(self._bent(shape), within))

    def mirrored(self) -> Warp:
        """The warp of the patient's other side in the mirrored view."""
        width = (self.shift.shape[1] - 1) * self.cell
        return Warp((-self.origin[0] - width, self.origin[1]), self.cell, self.shift[:, ::-1] * (-1.0, 1.0))

    def folds(self) -> Points:
        """The nodes (n, 2) at which the moved grid turns over or shrinks to nothing."""
        rows, columns = self.shift.shape[:2]
        nodes = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), 2) * self.cell + self.origin
        moved = nodes + self.shift
        across, down = np.diff(moved, axis=1), np.diff(moved, axis=0)
        folded = np.zeros((rows - 1, columns - 1), bool)
        for x in (across[:-1], across[1:]):
            for y in (down[:, :-1], down[:, 1:]):
                folded |= x[..., 0] * y[..., 1] - x[..., 1] * y[..., 0] <= 0
        return np.asarray(nodes[:-1, :-1][folded])

    @cached_property
    def _flat(self) -> NDArray[np.float64]:
        return self.shift.reshape(-1, 2)

    def _bent(self, shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(shapely.segmentize(shape, EDGE_MM), self.points)


def _with_rim(shape: BaseGeometry, body: BaseGeometry) -> BaseGeometry:
    """The shape grown over the body's edge wherever it reaches this edge."""
    touching = body.boundary.intersection(shape.buffer(TOUCHING_MM))
    if touching.is_empty:
        return shape
    rim = touching.buffer(RIM_MM, cap_style="flat").difference(body)
    return shapely.union_all([shape, rim, touching.buffer(TOUCHING_MM, cap_style="flat")])


@dataclass(frozen=True, eq=False)
class Warps:
    """What one file holds: the body, the body that it is made from, and a warp for each view."""

    body: str
    source: str
    views: Mapping[str, Warp]


def taps(
    points: Points, origin: tuple[float, float], cell: float, shape: tuple[int, int]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The nodes (n, 16) around places (n, 2) in a grid of rows and columns, and their weights.

    Catmull and Rom (1974): through the values at the nodes, without a kink between cells.
    """
    rows, columns = shape
    spots = ((np.asarray(points, float) - origin) / cell).clip(0, (columns - 1, rows - 1))
    first = np.minimum(np.floor(spots).astype(int), (columns - 2, rows - 2))
    t = spots - first
    weight = np.stack(
        [
            ((2 - t) * t - 1) * t / 2,
            ((3 * t - 5) * t * t + 2) / 2,
            ((4 - 3 * t) * t + 1) * t / 2,
            (t - 1) * t * t / 2,
        ]
    )
    near = first + np.arange(-1, 3)[:, None, None]
    x, y = near[..., 0].clip(0, columns - 1), near[..., 1].clip(0, rows - 1)
    node = y[:, None] * columns + x[None]
    both = weight[:, None, :, 1] * weight[None, :, :, 0]
    return node.reshape(16, -1).T, both.reshape(16, -1).T


def format_warps(warps: Warps) -> str:
    """The canonical text: a row of the grid per line, one decimal."""
    views = {
        view: {"origin": place(warp.origin), "dx": _rows(warp.shift[..., 0]), "dy": _rows(warp.shift[..., 1])}
        for view, warp in sorted(warps.views.items())
    }
    cell = next(iter(warps.views.values())).cell
    head = {"format": FORMAT, "body": warps.body, "from": warps.source, "cell": Line(number(cell))}
    return json_text(head | {"views": views}) + "\n"


def _rows(values: NDArray[np.float64]) -> list[Line]:
    return [Line(f"[{', '.join(number(value) for value in row)}]") for row in values.tolist()]


def read_warps(source: Readable) -> Warps:
    """The warps of a file `<body>.warp.json`; InputError with every problem, each with its JSON pointer."""
    findings = Findings(file_name(source))
    value = parse_json(read_bytes(source, "WARP_BYTES"), findings)
    if isinstance(value, dict) and type(value.get("format")) is int and value["format"] != FORMAT:
        what = f"the file has format {value['format']}, this trigpoint reads format {FORMAT}"
        findings.fail(what, "/format", "update trigpoint, or write the file anew in that format")
    Schema(_SCHEMA, native={"rows": _check_rows}).check(value, findings)
    findings.settle()
    cell = float(value["cell"])
    views = {view: _warp(grid, cell, f"/views/{view}", findings) for view, grid in value["views"].items()}
    findings.settle()
    if "right" in views:
        views.setdefault("left", views["right"].mirrored())
    return Warps(value["body"], value["from"], MappingProxyType(views))


def _check_rows(value: Any, at: str, findings: Findings) -> None:
    """The schema's definition `rows`, said in Python because a grid has thousands of numbers."""
    if not isinstance(value, list) or len(value) < 2 or not all(isinstance(row, list) for row in value):
        findings.add("at least two rows of numbers expected", at, "write [[1.0, 2.0], [1.5, 2.5]]")
        return
    width, nodes = len(value[0]), sum(map(len, value))
    if nodes > limits.WARP_NODES:
        findings.add(limits.over("WARP_NODES", nodes, "nodes in a grid"), at, "use larger cells")
        return
    for index, row in enumerate(value):
        if len(row) != width or width < 2:
            findings.add(f"a row of {len(row)} numbers", f"{at}/{index}", f"every row needs {max(width, 2)} numbers")
        reach = limits.WARP_MM
        if not all(type(number) in (int, float) and -reach <= number <= reach for number in row):
            findings.add(f"the row needs numbers from {-reach} to {reach}", f"{at}/{index}", "write millimetres")


def _warp(grid: dict[str, Any], cell: float, at: str, findings: Findings) -> Warp:
    dx, dy = (np.array(grid[axis], float) for axis in ("dx", "dy"))
    if dx.shape != dy.shape:
        findings.fail("dx and dy are of different size", at, "give both for the same nodes")
    x, y = grid["origin"]
    warp = Warp((float(x), float(y)), cell, np.stack([dx, dy], 2))
    folds = warp.folds()
    if len(folds):
        what = f"the grid folds over at ({folds[0][0]:g}, {folds[0][1]:g})"
        findings.add(what, at, "neighbouring nodes must not pass each other")
    return warp
