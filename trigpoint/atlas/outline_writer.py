"""An outline as the canonical text of its file: SVG that any browser shows, and that can be compared line by line."""

from __future__ import annotations

from collections.abc import Iterable

from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from ..files.canonical import number
from ..geometry.frame import Points
from ..geometry.rings import lines_of, lines_on_grid, on_grid, rings_of
from .outline_reader import one_line
from .outline_shapes import FIBRES, GROUPS, LANDMARK
from .outlines import Outline

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
