"""The drawn shapes of an outline file as geometry: which groups there are, and what a shape of each stands for.

Paths of the groups become polygons under the even-odd rule, lines of pull and the places of landmarks. What is not
sound becomes a finding with its place, or is mended with `repair`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
import shapely
from shapely import MultiLineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from .. import limits
from ..files.findings import Findings
from ..geometry.frame import Points
from ..geometry.rings import chain_pairs, fault, nest_depth, nested, sound
from .outline_reader import DrawnShape, numbers, polylines
from .read_only import ReadOnly

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

TONES = tuple(f"tone-{step}" for step in range(1, 9))  # of the body, each darker than the one before
GROUPS = ("silhouette", *TONES, "lines", "bones", "regions", "muscles", "landmarks")
FIBRES = ".fibres"  # a muscle's lines of pull stand beside its shape under this id
LANDMARK = "landmark."  # before the id of a landmark that shares its name with a shape: `landmark.vertex`
ALL = ("lines", "bones")  # groups of which a plate needs all or none
WHOLE = ("silhouette", *TONES)  # groups whose paths are parts of one shape, not things with a name


Geometry = TypeVar("Geometry", bound=BaseGeometry)
Lines = Mapping[str, MultiLineString]
Make: TypeAlias = Callable[[list[DrawnShape], Findings], Sequence[Geometry]]


def judged(
    marks: Sequence[DrawnShape], findings: Findings, groups: Sequence[str] = GROUPS
) -> tuple[dict[str, Any], Lines]:
    """The shapes of every group and the lines of pull by muscle, each found sound or reported."""
    lines, vertices = {}, 0
    for mark in filter(_is_line, marks):
        line = lines[mark.id.removesuffix(FIBRES)] = _line(mark, findings)
        vertices = _counted(vertices + int(shapely.get_num_coordinates(line)), mark, findings)
    return _shapes(filter(_is_shape, marks), findings, vertices, groups), ReadOnly(lines)


def checked(
    marks: Sequence[DrawnShape], findings: Findings, groups: Sequence[str] = GROUPS, all: Sequence[str] = ALL
) -> tuple[dict[str, Any], Lines]:
    """As `judged`, of a file known to be sound: shapes are made at the first use, those of groups `all` all at once."""
    drawn: dict[str, dict[str, DrawnShape]] = {group: {} for group in groups}
    for mark in filter(_is_shape, marks):
        drawn[mark.group][mark.id] = mark
    shapes: dict[str, Any] = {group: _WhenAsked(those, _unjudged, all=group in all) for group, those in drawn.items()}
    for group in filter(shapes.__contains__, WHOLE):
        parts = _unjudged(list(drawn[group].values()), findings)
        shapes[group] = MultiPolygon([one for part in parts for one in part.geoms])
    lines = {mark.id.removesuffix(FIBRES): mark for mark in marks if _is_line(mark)}
    return shapes, _WhenAsked(lines, _lines)


class _WhenAsked(Mapping[str, Geometry]):
    """Shapes by id, each made from its mark at the first use; with `all`, all at once, which is quicker."""

    def __init__(
        self,
        marks: dict[str, DrawnShape],
        make: Make[Geometry],
        *,
        all: bool = False,
    ) -> None:
        self._marks, self._make, self._all = marks, make, all
        self._made: dict[str, Geometry] = {}

    def __getitem__(self, key: str) -> Geometry:
        if key not in self._made:
            wanted = self._marks if self._all else {key: self._marks[key]}
            findings = Findings(self._marks[key].at)
            self._made |= zip(wanted, self._make(list(wanted.values()), findings), strict=True)
            findings.settle()
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._marks)

    def __len__(self) -> int:
        return len(self._marks)


def _lines(marks: Iterable[DrawnShape], findings: Findings) -> list[MultiLineString]:
    """The lines of pull of some marks; a function with a name, so that outlines can be pickled."""
    return [_line(mark, findings) for mark in marks]


def _is_line(mark: DrawnShape) -> bool:
    return mark.group == "fibres" or (mark.group == "muscles" and mark.id.endswith(FIBRES))


def _is_shape(mark: DrawnShape) -> bool:
    return mark.kind == "path" and mark.group != "landmarks" and not _is_line(mark)


def _polylines(mark: DrawnShape, ends: str, findings: Findings) -> list[list[float]]:
    try:
        return polylines(mark.attributes.get("d", ""), ends=ends)
    except ValueError as error:
        findings.add(str(error), mark.at, "save as plain SVG with straight absolute paths")
        return []


def _line(mark: DrawnShape, findings: Findings) -> MultiLineString:
    found = _polylines(mark, "", findings)
    if any(len(line) < 4 for line in found):
        findings.add("a line of pull needs two points", mark.at, "delete it or draw it longer")
        found = []
    if not found:
        return MultiLineString()
    sizes = [len(line) // 2 for line in found]
    coordinates = _points(np.fromiter(chain.from_iterable(found), float))
    lines = shapely.linestrings(coordinates, indices=np.repeat(np.arange(len(found)), sizes))
    return MultiLineString(shapely.get_parts(lines).tolist())


def landmarks(marks: Iterable[DrawnShape], findings: Findings) -> dict[str, tuple[float, float]]:
    """The places of all landmarks, in the view frame."""
    places: dict[str, tuple[float, float]] = {}
    for mark in marks:
        if (mark.kind == "circle") != (mark.group == "landmarks"):
            findings.add("landmarks are circles, all else is paths", mark.at, "draw it as the other")
        elif mark.group == "landmarks":
            try:
                x, y = (numbers(mark.attributes[name])[0] for name in ("cx", "cy"))
            except (ValueError, LookupError):
                findings.add("the landmark has no place", mark.at, 'write cx="..." cy="..."')
            else:
                name = mark.id.removeprefix(LANDMARK)
                if name in places:
                    findings.add(f"the landmark '{name}' stands twice", mark.at, "delete one of them")
                places[name] = (x, y)
    return places


def _shapes(drawn: Iterable[DrawnShape], findings: Findings, vertices: int, groups: Sequence[str]) -> dict[str, Any]:
    """The closed shapes of every group: one MultiPolygon for a group of parts, else one by id."""
    marks = []
    for mark in drawn:
        if rings := _rings(mark, findings):
            vertices = _counted(vertices + sum(map(len, rings)) // 2, mark, findings)
            marks.append((mark, rings))
    _measure(marks, findings)
    sizes = [len(rings) for _, rings in marks]
    polygons = _polygons([ring for _, rings in marks for ring in rings])
    right = sound(polygons)
    wrapped = shapely.multipolygons(polygons, indices=np.repeat(np.arange(len(marks)), sizes))
    shapes: dict[str, Any] = {group: {} for group in groups}
    first = 0
    for (mark, rings), size, shape in zip(marks, sizes, np.asarray(wrapped, object), strict=True):
        part = slice(first, first := first + size)
        reason = "" if right[part].all() else fault(polygons[part][np.argmin(right[part])])
        if size > 1 and not reason:  # one ring is right as it is
            shape = nested(polygons[part])
            reason = fault(shape)
        if reason and findings.repair:
            shape, reason = _mended(mark, rings, reason, findings)
        if reason:
            findings.add(f"the shape is not valid: {reason}", mark.at, "draw it without crossings")
        shapes.setdefault(mark.group, {})[mark.id] = shape
    for group in filter(shapes.__contains__, WHOLE):
        shapes[group] = _joined(group, shapes[group], findings)
    return {group: ReadOnly(found) if isinstance(found, dict) else found for group, found in shapes.items()}


def _mended(mark: DrawnShape, rings: list[list[float]], reason: str, findings: Findings) -> tuple[MultiPolygon, str]:
    """The shape without crossings, or an empty one and why there is none."""
    from ..geometry.repair import mended  # only on request

    try:
        shape, change = mended([_points(ring) for ring in rings])
    except ValueError as error:
        return MultiPolygon(), f"{reason}; {error}"
    findings.repaired(f"repaired: {reason}; the area changed by {100 * change:.2g} %", mark.at)
    return shape, ""


def _counted(vertices: int, mark: DrawnShape, findings: Findings) -> int:
    """How many vertices were read so far; InputError where there are too many."""
    if vertices > limits.FILE_VERTICES:
        what = limits.over("FILE_VERTICES", vertices, "or more vertices")
        findings.fail(what, mark.at, "simplify the drawing")
    return vertices


def _measure(marks: list[tuple[DrawnShape, list[list[float]]]], findings: Findings) -> None:
    """Refuse shapes that take long to judge, before any is judged; the parts of a whole group make one shape."""
    shapes: dict[str, list[list[float]]] = {}
    for mark, rings in marks:
        shapes.setdefault(mark.group if mark.group in WHOLE else mark.at, []).extend(rings)
    if (pairs := sum(len(rings) ** 2 for rings in shapes.values())) > limits.RING_PAIRS:
        findings.fail(limits.over("RING_PAIRS", pairs, "pairs of rings"), hint="draw fewer rings in a shape")
    readable = [[_points(ring) for ring in rings] for rings in shapes.values()]
    if (depth := nest_depth(readable)) > limits.NESTED_RINGS:
        findings.fail(limits.over("NESTED_RINGS", depth, "rings in one another"), hint="draw fewer of them")
    if (pairs := chain_pairs(readable)) > limits.CHAIN_PAIRS:
        findings.fail(limits.over("CHAIN_PAIRS", pairs, "pairs of edges"), hint="draw shapes with fewer teeth")


def _rings(mark: DrawnShape, findings: Findings) -> list[list[float]]:
    """The rings of a path as flat lists, the last point not repeating the first."""
    rings = [ring[:-2] if ring[:2] == ring[-2:] else ring for ring in _polylines(mark, "Z", findings)]
    if any(len(ring) < 6 for ring in rings):
        findings.add("a ring needs three points", mark.at, "delete it or draw it larger")
    return [ring for ring in rings if len(ring) >= 6]


def _unjudged(marks: Sequence[DrawnShape], findings: Findings) -> list[MultiPolygon]:
    """The shapes of marks that are known to be sound, made in one go."""
    rings = [_rings(mark, findings) for mark in marks]
    findings.settle()
    if not marks:
        return []
    sizes = [len(some) for some in rings]
    polygons = _polygons([ring for some in rings for ring in some])
    wrapped = shapely.multipolygons(polygons, indices=np.repeat(np.arange(len(marks)), sizes))
    parts = np.split(polygons, np.cumsum(sizes)[:-1])
    return [nested(part) if len(part) > 1 else whole for part, whole in zip(parts, np.asarray(wrapped), strict=True)]


def _polygons(rings: list[list[float]]) -> NDArray[np.object_]:
    """A polygon for every ring, made in one go."""
    sizes = [len(ring) // 2 for ring in rings]
    coordinates = _points(np.fromiter(chain.from_iterable(rings), float))
    lines = shapely.linearrings(coordinates, indices=np.repeat(np.arange(len(rings)), sizes))
    return np.asarray(shapely.polygons(lines), object)


def _points(flat: ArrayLike) -> Points:
    """Numbers x, y, x, y, ... as points (n x 2)."""
    return np.reshape(np.asarray(flat, float), (-1, 2))


def _joined(group: str, parts: dict[str, MultiPolygon], findings: Findings) -> MultiPolygon:
    """The parts of a group as one shape; they may touch in points but not overlap."""
    if len(parts) == 1:
        return next(iter(parts.values()))
    shape = MultiPolygon([polygon for part in parts.values() for polygon in part.geoms])
    if reason := fault(shape):
        findings.add(f"the shapes of the group overlap: {reason}", group, "unite them")
    return shape
