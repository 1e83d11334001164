"""The whole body without its skin: every part that is registered, as a view shows it, on any body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import shapely

from authoring.anatomy import meshes, registered
from authoring.anatomy.skeleton import MIDLINE, SMOOTH, seen_of
from authoring.body.view import POSE
from trigpoint.atlas.outlines import mirror
from trigpoint.atlas.structures import Structure
from trigpoint.atlas.warp import Warp

LEFT_OUT = ("platysma", "sphincter")  # they cover what is to be seen, or are too deep
PALE = ("tendon", "tract", "membrane", "retinac", "ligament", "linea", "cartilage", "disk", "fascia")


@cache
def _of(view: str) -> tuple[Structure, ...]:
    whole = registered.whole()
    parts = {
        file: part for file, part in whole.parts.items() if not any(word in part.name.lower() for word in LEFT_OUT)
    }
    points = {file: whole.points[POSE[view]][file] for file in parts}
    surfaces = {
        file: (meshes.smooth(points[file], part.triangles, SMOOTH), part.triangles) for file, part in parts.items()
    }
    pairs = {file for file, part in parts.items() if abs(part.points[:, 0].mean()) > MIDLINE}

    def told(file: str) -> tuple[str, str]:
        name = parts[file].name
        if file in whole.groups:
            return "bone", name
        return "context" if any(word in name.lower() for word in PALE) else "muscle", name

    found = tuple(seen_of(surfaces, pairs, view, told))
    if view == "right":
        return found
    return (
        *found,
        *(replace(one, rim=mirror(one.rim), tones=tuple(map(mirror, one.tones))) for one in found if one.id in pairs),
    )


def drawn(view: str, warp: Warp | None, within: shapely.MultiPolygon) -> Iterator[Structure]:
    """All that a view shows, both sides, carried to another body by its warp, inside its silhouette."""
    for one in _of("right" if view == "left" else view):
        if view == "left":
            one = replace(one, rim=mirror(one.rim), tones=tuple(map(mirror, one.tones)))
        if warp is not None:
            shapes = [warp.onto(shape, None, within) for shape in (one.rim, *one.tones)]
            one = replace(one, rim=shapes[0], tones=tuple(shapes[1:]))
        yield one
