"""The drawn body: one outline per body and view, in a strict subset of SVG that any browser shows.

This room knows the views, the mirror between the patient's sides, what an outline holds and its canonical text.
Shapes are in the view frame: millimetres on the 1,700 mm body, x to the viewer's right, y down from the top of
the head. It does not know trigger points, colours of a plate, or XML: `svg_subset` reads the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiLineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from . import limits
from .canonical import number
from .geometry import Points, chain_pairs, fault, lines_of, lines_on_grid, nested, on_grid, rings_of
from .intake import Findings, Readable, file_name, read_bytes
from .repair import mended
from .svg_subset import Mark, Sheet, numbers, one_line, parse, polylines

VIEWS = ("anterior", "posterior", "left", "right")
SIDES = ("right", "left")
GROUPS = ("silhouette", "tone-1", "tone-2", "lines", "bones", "regions", "muscles", "landmarks")
FIBRES = ".fibres"  # a muscle's lines of pull stand beside its shape under this id
LANDMARK = "landmark."  # before the id of a landmark that shares its name with a shape: `landmark.vertex`
NAMED = ("bones", "regions", "muscles")
WHOLE = ("silhouette", "tone-1", "tone-2")  # groups whose paths are parts of one shape, not things with a name

# How a group looks when the file is opened by itself; a reader of the file ignores it.
PREVIEW = {
    "silhouette": 'fill="#f8f3ee" stroke="#5b4a41" stroke-width="1.5"',
    "tone-1": 'fill="#efe6dd"',
    "tone-2": 'fill="#e4d7ca"',
    "lines": 'fill="#8b7768"',
    "bones": 'fill="#ffffff" fill-opacity="0.4" stroke="#8b7768" stroke-width="0.8"',
    "regions": 'fill="none" stroke="#2166ac" stroke-width="0.8"',
    "muscles": 'fill="none" stroke="#8c1a1a" stroke-width="1"',
    "landmarks": 'fill="#1b7837"',
}

Geometry = TypeVar("Geometry", bound=BaseGeometry)
Shapes = Mapping[str, MultiPolygon]
Place = tuple[float, float]


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Outline:
    """One body in one view, in the view frame; shapes of paired things are the patient's right.

    `titles` holds the words of every id of the file, those of the numbered parts (`silhouette.1`, `tone-1.2`) and of
    landmarks named like a shape (`landmark.vertex`) too.
    """

    body: str
    view: str
    bounds: tuple[float, float, float, float]  # the viewBox: xmin, ymin, width, height
    silhouette: MultiPolygon
    tones: tuple[MultiPolygon, MultiPolygon] = (MultiPolygon(), MultiPolygon())
    lines: Shapes = field(default_factory=_none)
    bones: Shapes = field(default_factory=_none)
    regions: Shapes = field(default_factory=_none)
    muscles: Shapes = field(default_factory=_none)
    fibres: Mapping[str, MultiLineString] = field(default_factory=_none)
    landmarks: Mapping[str, Place] = field(default_factory=_none)
    titles: Mapping[str, str] = field(default_factory=_none)
    title: str = ""
    licence: str = ""
    author: str = ""
    source: str = ""


def mirror_view(view: str) -> str:
    """The view in which the other side of the body looks as this side does here.

    >>> mirror_view("left"), mirror_view("posterior")
    ('right', 'posterior')
    """
    return {"left": "right", "right": "left"}.get(view, view)


def mirror(shape: Geometry) -> Geometry:
    """The shape of the patient's other side in the mirrored view: x becomes -x."""
    return shapely.transform(shape, _negated)


def mirror_place(place: Place) -> Place:
    """A place of the patient's other side in the mirrored view."""
    return 0.0 - place[0], place[1]


def _negated(coordinates: Points) -> Points:
    return coordinates * (-1.0, 1.0) + 0.0


def format_outline(outline: Outline) -> str:
    """The outline as canonical text: ids sorted, one ring per line, one decimal, shapes snapped to that grid."""
    x, y, width, height = (number(value) for value in outline.bounds)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' viewBox="{x} {y} {width} {height}">',
        f"<title>{_escape(outline.title)}</title>",
        "<metadata>",
        f"<dc:rights>{_escape(outline.licence)}</dc:rights>",
        f"<dc:creator>{_escape(outline.author)}</dc:creator>",
        f"<dc:source>{_escape(outline.source)}</dc:source>",
        "</metadata>",
    ]
    for group in GROUPS:
        elements = list(_elements(outline, group))
        if elements:
            lines += [f'<g id="{group}" fill-rule="evenodd" {PREVIEW[group]}>', *elements, "</g>"]
    return "\n".join([*lines, "</svg>", ""])


def _elements(outline: Outline, group: str) -> Iterable[str]:
    match group:
        case "silhouette":
            yield from _parts(outline, group, outline.silhouette)
        case "tone-1" | "tone-2":
            yield from _parts(outline, group, outline.tones[GROUPS.index(group) - 1])
        case "muscles":
            for key in sorted({*outline.muscles, *outline.fibres}):
                if key in outline.muscles:
                    yield from _path(outline, key, _closed(outline.muscles[key]))
                if key in outline.fibres:
                    lines = lines_of(lines_on_grid(outline.fibres[key]))
                    yield from _path(outline, key + FIBRES, [_ring(line) for line in lines])
        case "landmarks":
            shapes = {*outline.lines, *outline.bones, *outline.regions, *outline.muscles}
            for name, (x, y) in sorted(outline.landmarks.items()):
                key = LANDMARK + name if name in shapes else name
                circle = f'<circle id="{key}" cx="{number(x)}" cy="{number(y)}" r="3"'
                yield f"{circle}><title>{_title(outline, key)}</title></circle>"
        case _:
            for key, shape in sorted(getattr(outline, group).items()):
                yield from _path(outline, key, _closed(shape))


def _parts(outline: Outline, group: str, shape: MultiPolygon) -> Iterable[str]:
    for count, part in enumerate(on_grid(shape).geoms, 1):
        yield from _path(outline, f"{group}.{count}", _closed(part))


def _path(outline: Outline, key: str, rings: list[str]) -> Iterable[str]:
    if rings:
        data = "\n".join(rings)
        yield f'<path id="{key}" d="{data}"><title>{_title(outline, key)}</title></path>'


def _closed(shape: BaseGeometry) -> list[str]:
    return [_ring(ring) + "Z" for ring in rings_of(on_grid(shape))]


def _ring(points: Points) -> str:
    pairs = [f"{number(x)} {number(y)}" for x, y in points.tolist()]
    return f"M{pairs[0]}L{' '.join(pairs[1:])}"


def _title(outline: Outline, key: str) -> str:
    return _escape(outline.titles.get(key, key.replace("_", " ")))


def _escape(text: str) -> str:
    return one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def read_outline(source: Readable, *, repair: bool = False) -> Outline:
    """The outline of a file `<body>.<view>.svg`; InputError with every problem, each with its place.

    With `repair`, shapes that cross themselves are mended where that changes their area by less than 1 %; each is a
    warning.
    """
    findings, sheet = _sheet(source, repair=repair)
    lines, vertices = {}, 0
    for mark in filter(_is_line, sheet.marks):
        line = lines[mark.id.removesuffix(FIBRES)] = _line(mark, findings)
        vertices = _counted(vertices + int(shapely.get_num_coordinates(line)), mark, findings)
    shapes = _shapes(filter(_is_shape, sheet.marks), findings, vertices)
    return _outline(sheet, shapes, lines, findings)


def open_outline(source: Readable) -> Outline:
    """As `read_outline`, for a file that was checked when it was made.

    Bones, regions, muscles and their fibres become shapes when they are first asked for: a plate needs few of them.
    """
    findings, sheet = _sheet(source)
    at_once = [mark for mark in sheet.marks if _is_shape(mark) and mark.group not in NAMED]
    named = {group: _WhenAsked(_named(sheet, group), _one_shape) for group in NAMED}
    lines = _WhenAsked({mark.id.removesuffix(FIBRES): mark for mark in sheet.marks if _is_line(mark)}, _one_line)
    return _outline(sheet, _shapes(at_once, findings) | named, lines, findings)


def _sheet(source: Readable, *, repair: bool = False) -> tuple[Findings, Sheet]:
    """The marks of a file, and the findings so far."""
    findings = Findings(file_name(source), repair=repair)
    if not _NAME.search(findings.file):
        findings.add("the file name does not say body and view", hint=f"name it <body>.<view>.svg, view {_OR_VIEWS}")
    return findings, parse(read_bytes(source, "SVG_BYTES"), GROUPS, findings)


def _outline(
    sheet: Sheet, shapes: Mapping[str, Any], lines: Mapping[str, MultiLineString], findings: Findings
) -> Outline:
    """The outline, if there are no findings."""
    bounds, landmarks = _bounds(sheet, findings), _landmarks(sheet, findings)
    if shapes["silhouette"].is_empty and not findings:
        findings.add("no silhouette", "silhouette", "draw the body's edge as closed paths in this group")
    findings.settle()
    named = _NAME.search(findings.file)
    body, view = named.groups() if named else ("", "")
    return Outline(
        body,
        view,
        bounds,
        shapes["silhouette"],
        (shapes["tone-1"], shapes["tone-2"]),
        MappingProxyType(shapes["lines"]),
        MappingProxyType(shapes["bones"]),
        MappingProxyType(shapes["regions"]),
        MappingProxyType(shapes["muscles"]),
        MappingProxyType(lines),
        MappingProxyType(landmarks),
        MappingProxyType({mark.id: mark.title for mark in sheet.marks}),
        sheet.title,
        **sheet.words,
    )


class _WhenAsked(Mapping[str, Geometry]):
    """Shapes by id, each made from its mark when it is first asked for."""

    def __init__(self, marks: dict[str, Mark], make: Callable[[Mark], Geometry]) -> None:
        self._marks, self._make = marks, make
        self._made: dict[str, Geometry] = {}

    def __getitem__(self, key: str) -> Geometry:
        if key not in self._made:
            self._made[key] = self._make(self._marks[key])
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._marks)

    def __len__(self) -> int:
        return len(self._marks)


def _named(sheet: Sheet, group: str) -> dict[str, Mark]:
    return {mark.id: mark for mark in sheet.marks if mark.group == group and _is_shape(mark)}


def _one_shape(mark: Mark) -> MultiPolygon:
    findings = Findings(mark.at)
    shapes: dict[str, MultiPolygon] = _shapes([mark], findings)[mark.group]
    findings.settle()
    return shapes[mark.id]


def _one_line(mark: Mark) -> MultiLineString:
    findings = Findings(mark.at)
    line = _line(mark, findings)
    findings.settle()
    return line


_NAME = re.compile(rf"(?:^|[/\\])([A-Za-z][A-Za-z0-9_-]*)\.({'|'.join(VIEWS)})\.svg$")
_OR_VIEWS = ", ".join(VIEWS[:-1]) + f" or {VIEWS[-1]}"


def _bounds(sheet: Sheet, findings: Findings) -> tuple[float, float, float, float]:
    try:
        x, y, width, height = numbers(sheet.view_box)
    except ValueError:
        findings.add("the viewBox is missing or not four numbers", "svg", 'write viewBox="xmin ymin width height"')
        return 0.0, 0.0, 1.0, 1.0
    if not (width > 0 and height > 0 and max(map(abs, (x, y, width, height))) <= 2 * limits.COORDINATE_MM):
        findings.add("the viewBox shows no part of a body", "svg", "write millimetres on the 1,700 mm body")
    return x, y, width, height


def _is_line(mark: Mark) -> bool:
    return mark.group == "muscles" and mark.id.endswith(FIBRES)


def _is_shape(mark: Mark) -> bool:
    return mark.kind == "path" and mark.group != "landmarks" and not _is_line(mark)


def _polylines(mark: Mark, ends: str, findings: Findings) -> list[list[float]]:
    try:
        return polylines(mark.attributes.get("d", ""), ends=ends)
    except ValueError as error:
        findings.add(str(error), mark.at, "save as plain SVG with straight absolute paths")
        return []


def _line(mark: Mark, findings: Findings) -> MultiLineString:
    found = _polylines(mark, "", findings)
    if any(len(line) < 4 for line in found):
        findings.add("a line of pull needs two points", mark.at, "delete it or draw it longer")
        found = []
    return MultiLineString([np.reshape(line, (-1, 2)) for line in found])


def _landmarks(sheet: Sheet, findings: Findings) -> dict[str, Place]:
    landmarks = {}
    for mark in sheet.marks:
        if (mark.kind == "circle") != (mark.group == "landmarks"):
            findings.add("landmarks are circles, all else is paths", mark.at, "draw it as the other")
        elif mark.group == "landmarks":
            try:
                x, y = (numbers(mark.attributes.get(name, ""))[0] for name in ("cx", "cy"))
            except (ValueError, IndexError):
                findings.add("the landmark has no place", mark.at, 'write cx="..." cy="..."')
            else:
                name = mark.id.removeprefix(LANDMARK)
                if name in landmarks:
                    findings.add(f"the landmark '{name}' stands twice", mark.at, "delete one of them")
                landmarks[name] = (x, y)
    return landmarks


def _shapes(drawn: Iterable[Mark], findings: Findings, vertices: int = 0) -> dict[str, Any]:
    """The closed shapes of every group: one MultiPolygon for a group of parts, else one by id."""
    marks = []
    for mark in drawn:
        if rings := _rings(mark, findings):
            vertices = _counted(vertices + sum(map(len, rings)) // 2, mark, findings)
            marks.append((mark, rings))
    _measure(marks, findings)
    sizes = [len(rings) for _, rings in marks]
    polygons = _polygons([ring for _, rings in marks for ring in rings])
    sound = shapely.is_valid(polygons)
    wrapped = shapely.multipolygons(polygons, indices=np.repeat(np.arange(len(marks)), sizes))
    shapes: dict[str, Any] = {group: {} for group in GROUPS}
    first = 0
    for (mark, rings), size, shape in zip(marks, sizes, np.asarray(wrapped, object), strict=True):
        part = slice(first, first := first + size)
        reason = "" if sound[part].all() else fault(polygons[part][np.argmin(sound[part])])
        if size > 1 and not reason:  # one ring is right as it is
            shape = nested(polygons[part])
            reason = fault(shape)
        if reason and findings.repair:
            shape, reason = _mended(mark, rings, reason, findings)
        if reason:
            findings.add(f"the shape is not valid: {reason}", mark.at, "draw it without crossings")
        shapes.setdefault(mark.group, {})[mark.id] = shape
    for group in WHOLE:
        shapes[group] = _joined(group, shapes[group], findings)
    return shapes


def _mended(mark: Mark, rings: list[list[float]], reason: str, findings: Findings) -> tuple[MultiPolygon, str]:
    """The shape without crossings, or an empty one and why there is none."""
    try:
        shape, change = mended([np.reshape(ring, (-1, 2)) for ring in rings])
    except ValueError as error:
        return MultiPolygon(), f"{reason}; {error}"
    findings.repaired(f"repaired: {reason}; the area changed by {100 * change:.2g} %", mark.at)
    return shape, ""


def _counted(vertices: int, mark: Mark, findings: Findings) -> int:
    """How many vertices were read so far; InputError where there are too many."""
    if vertices > limits.FILE_VERTICES:
        what = limits.over("FILE_VERTICES", vertices, "or more vertices")
        findings.fail(what, mark.at, "simplify the drawing")
    return vertices


def _measure(marks: list[tuple[Mark, list[list[float]]]], findings: Findings) -> None:
    """Refuse shapes that take long to judge, before any is judged; the parts of a whole group make one shape."""
    shapes: dict[str, list[list[float]]] = {}
    for mark, rings in marks:
        shapes.setdefault(mark.group if mark.group in WHOLE else mark.at, []).extend(rings)
    if (pairs := sum(len(rings) ** 2 for rings in shapes.values())) > limits.RING_PAIRS:
        findings.fail(limits.over("RING_PAIRS", pairs, "pairs of rings"), hint="draw fewer rings in a shape")
    pairs = chain_pairs([np.reshape(ring, (-1, 2)) for ring in rings] for rings in shapes.values())
    if pairs > limits.CHAIN_PAIRS:
        findings.fail(limits.over("CHAIN_PAIRS", pairs, "pairs of edges"), hint="draw shapes with fewer teeth")


def _rings(mark: Mark, findings: Findings) -> list[list[float]]:
    """The rings of a path as flat lists, the last point not repeating the first."""
    rings = [ring[:-2] if ring[:2] == ring[-2:] else ring for ring in _polylines(mark, "Z", findings)]
    if any(len(ring) < 6 for ring in rings):
        findings.add("a ring needs three points", mark.at, "delete it or draw it larger")
    return [ring for ring in rings if len(ring) >= 6]


def _polygons(rings: list[list[float]]) -> NDArray[np.object_]:
    """A polygon for every ring, made in one go."""
    sizes = [len(ring) // 2 for ring in rings]
    coordinates = np.fromiter(chain.from_iterable(rings), float).reshape(-1, 2)
    lines = shapely.linearrings(coordinates, indices=np.repeat(np.arange(len(rings)), sizes))
    return np.asarray(shapely.polygons(lines), object)


def _joined(group: str, parts: dict[str, MultiPolygon], findings: Findings) -> MultiPolygon:
    """The parts of a group as one shape; they may touch in points but not overlap."""
    if len(parts) == 1:
        return next(iter(parts.values()))
    shape = MultiPolygon([polygon for part in parts.values() for polygon in part.geoms])
    if reason := fault(shape):
        findings.add(f"the shapes of the group overlap: {reason}", group, "unite them")
    return shape
