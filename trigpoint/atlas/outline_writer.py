"""An outline as the canonical text of its file: SVG that any browser shows, and that can be compared line by line."""

from __future__ import annotations

from collections.abc import Iterable

from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from ..files.canonical import number
from ..geometry.frame import Points
from ..geometry.rings import lines_of, lines_on_grid, on_grid, rings_of
from .outline_reader import one_line
from .outline_shapes import FIBRES, GROUPS, LANDMARK, TONES
from .outlines import Outline

# How a group looks when the file is opened by itself; a reader of the file ignores it.
PREVIEW = {
    "silhouette": 'fill="#f8f3ee" stroke="#5b4a41" stroke-width="1.5"',
    **dict.fromkeys(TONES, 'fill="#7a4a28" fill-opacity="0.05"'),
    "lines": 'fill="#8b7768"',
    "bones": 'fill="#ffffff" fill-opacity="0.4" stroke="#8b7768" stroke-width="0.8"',
    "regions": 'fill="none" stroke="#2166ac" stroke-width="0.8"',
    "muscles": 'fill="none" stroke="#8c1a1a" stroke-width="1"',
    "landmarks": 'fill="#1b7837"',
}


def format_outline(outline: Outline) -> str:
    """The outline as canonical text: ids sorted, one ring per line, one decimal, shapes snapped to that grid."""
    body = [line for name in GROUPS for line in group(name, PREVIEW[name], _elements(outline, name))]
    return document(outline.bounds, outline.title, outline.licence, outline.author, outline.source, body)


def document(
    bounds: tuple[float, float, float, float], title: str, licence: str, author: str, source: str, body: Iterable[str]
) -> str:
    """A drawing in the subset; `bounds` is its viewBox (xmin, ymin, width, height), `body` the lines of its groups."""
    x, y, width, height = (number(value) for value in bounds)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' viewBox="{x} {y} {width} {height}">',
        f"<title>{_escape(title)}</title>",
        "<metadata>",
        f"<dc:rights>{_escape(licence)}</dc:rights>",
        f"<dc:creator>{_escape(author)}</dc:creator>",
        f"<dc:source>{_escape(source)}</dc:source>",
        "</metadata>",
    ]
    return "\n".join([*lines, *body, "</svg>", ""])


def group(name: str, look: str, elements: Iterable[str]) -> list[str]:
    """The lines of a group with its elements; none for no elements."""
    found = list(elements)
    return [f'<g id="{name}" fill-rule="evenodd" {look}>', *found, "</g>"] if found else []


def path(key: str, rings: list[str], title: str) -> str:
    """A path of rings or lines, empty for none."""
    data = "\n".join(rings)
    return f'<path id="{key}" d="{data}"><title>{_escape(title)}</title></path>' if rings else ""


def closed(shape: BaseGeometry) -> list[str]:
    """The rings of a polygon shape on the grid, as path data."""
    return [_ring(ring) + "Z" for ring in rings_of(on_grid(shape))]


def opened(shape: BaseGeometry) -> list[str]:
    """The lines of a line shape on the grid, as path data."""
    return [_ring(line) for line in lines_of(lines_on_grid(shape))]


def _elements(outline: Outline, group: str) -> Iterable[str]:
    match group:
        case "silhouette":
            yield from _parts(outline, group, outline.silhouette)
        case _ if group in TONES:
            for tone in outline.tones[TONES.index(group) :][:1]:
                yield from _parts(outline, group, tone)
        case "muscles":
            for key in sorted({*outline.muscles, *outline.fibres}):
                if key in outline.muscles:
                    yield from _path(outline, key, closed(outline.muscles[key]))
                if key in outline.fibres:
                    yield from _path(outline, key + FIBRES, opened(outline.fibres[key]))
        case "landmarks":
            shapes = {*outline.lines, *outline.bones, *outline.regions, *outline.muscles}
            for name, (x, y) in sorted(outline.landmarks.items()):
                key = LANDMARK + name if name in shapes else name
                circle = f'<circle id="{key}" cx="{number(x)}" cy="{number(y)}" r="3"'
                yield f"{circle}><title>{_escape(_title(outline, key))}</title></circle>"
        case _:
            for key, shape in sorted(getattr(outline, group).items()):
                yield from _path(outline, key, closed(shape))


def _parts(outline: Outline, group: str, shape: MultiPolygon) -> Iterable[str]:
    for count, part in enumerate(on_grid(shape).geoms, 1):
        yield from _path(outline, f"{group}.{count}", closed(part))


def _path(outline: Outline, key: str, rings: list[str]) -> Iterable[str]:
    if rings:
        yield path(key, rings, _title(outline, key))


def _ring(points: Points) -> str:
    pairs = [f"{number(x)} {number(y)}" for x, y in points.tolist()]
    return f"M{pairs[0]}L{' '.join(pairs[1:])}"


def _title(outline: Outline, key: str) -> str:
    return outline.titles.get(key, key.replace("_", " "))


def _escape(text: str) -> str:
    return one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
