"""Blue-noise dots for a spillover zone: evenly spread, without clumps or rows, clear of the zone's edge.

The dots come from one tile (`assets/stipple/tile.json`) that repeats seamlessly from the page's origin, so that they
depend only on the zone and the spacing. The tile ranks its dots: where a zone fades towards its rim, those of low rank
stay, evenly spread. Shapes and points are in mm on the page.
"""

from __future__ import annotations

import json
from functools import cache
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ..files.shipped import resource
from .frame import Box, Points, Values

SIDE = 32  # the tile's side in spacings; it holds SIDE x SIDE dots
STEPS = 128  # coordinates are whole numbers of 1/STEPS spacing
NARROW = 1.5  # parts of a zone narrower than this many spacings may fall between the dots
SLACK = 0.1  # spacings: slivers that buffers leave along a bend are thinner, and no narrow parts
SPECK = 0.01  # spacings: the side of a square; parts of less area are no narrow parts
FADE_SHARE = 0.8  # of a part's greatest depth: the most that its fading margin takes
FADE_STEP = 0.04  # of a fade's depth: by so much its rim is simplified, which is not visible
CLOSEST = 0.75  # an added dot keeps this many spacings from all others


class Fade(NamedTuple):
    """Where a stipple gets lighter: towards the lines `rim`, over `depth` mm, down to the share `least` of its dots."""

    rim: BaseGeometry
    depth: float
    least: float


def stipple(
    zone: BaseGeometry, *, spacing: float, radius: float, gap: float, fade: Fade | None = None
) -> tuple[Points, Values]:
    """Centres (n, 2) of dots of `radius` mm, at least `gap` mm clear of the zone's edge, about `spacing` mm apart, and
    how far each lies within the fade (n), from 0 on the rim to 1.

    There is one dot for each square of `spacing` mm, fewer where the stipple fades. Parts too narrow for the lattice
    get dots along their middle; those narrower than a dot and its gaps stay empty.

    Parameters
    ----------
    zone : shapely polygons
    spacing, radius, gap : float, in mm; spacing over 0, the others at least 0, else ValueError
    fade : Fade or None, default None: without a fade

    >>> len(stipple(shapely.box(0, 0, 50, 20), spacing=1.0, radius=0.2, gap=0.0)[0])
    972
    """
    if not (spacing > 0 and radius >= 0 and gap >= 0):
        raise ValueError(f"stipple needs spacing > 0, radius >= 0, gap >= 0, not {spacing}, {radius}, {gap}")
    room = zone.buffer(-(gap + radius), quad_segs=4) if gap + radius > 0 else zone
    if room.is_empty:
        return np.empty((0, 2)), np.empty(0)
    shapely.prepare(room)
    dots, ranks = _lattice(room.bounds, spacing)
    inside = shapely.contains_xy(room, dots)
    dots, ranks = dots[inside], ranks[inside]
    extra = _in_narrow_parts(room, dots, spacing)
    every = np.concatenate([dots, extra])
    if fade is None or fade.rim.is_empty:
        return every, np.ones(len(every))
    depths = _depths(room, every, fade)
    ranks = np.concatenate([ranks, np.zeros(len(extra))])  # a narrow part keeps all of its dots
    kept = ranks < fade.least + (1 - fade.least) * depths**2 * (3 - 2 * depths)
    return every[kept], depths[kept]


def _depths(room: BaseGeometry, dots: Points, fade: Fade) -> Values:
    """How far each dot lies within the fade, from 0 on the rim to 1; a small part fades over less."""
    rim = fade.rim.simplify(FADE_STEP * fade.depth)
    deep: Values = shapely.distance(shapely.points(dots), rim)  # type: ignore[assignment]
    depth = np.full(len(dots), fade.depth)
    parts = shapely.get_parts(room)
    for part in parts:
        mine = shapely.contains_xy(part, dots) if len(parts) > 1 else np.ones(len(dots), bool)
        depth[mine] = min(fade.depth, FADE_SHARE * deep[mine].max(initial=0.0))
    return np.asarray(np.minimum(deep / np.maximum(depth, 1e-9), 1.0))


def _lattice(box: Box, spacing: float) -> tuple[Points, Values]:
    """The dots of all tiles that a box touches, cut to the box, and the rank of each from 0 to 1."""
    side = SIDE * spacing
    left, top, right, bottom = (int(np.floor(edge / side)) for edge in box)
    corners = [(column, row) for row in range(top, bottom + 1) for column in range(left, right + 1)]
    tile = _tile()
    dots = ((np.array(corners)[:, None] * SIDE + tile) * spacing).reshape(-1, 2)
    x, y = dots.T
    kept = np.flatnonzero((x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3]))
    return dots[kept], kept % len(tile) / len(tile)


@cache
def _tile() -> Points:
    """The dots of the tile, in such an order that the first k of them are evenly spread for every k."""
    return np.array(json.loads(resource("assets", "stipple", "tile.json").read_bytes())) / STEPS


def _in_narrow_parts(room: BaseGeometry, dots: Points, spacing: float) -> Points:
    """Dots along the middle of the narrow parts, where the lattice left room for them."""
    reach = NARROW / 2 * spacing
    wide = room.buffer(-reach, quad_segs=4).buffer(reach + SLACK * spacing, quad_segs=4)
    parts = shapely.get_parts(room.difference(wide))
    added = np.empty((0, 2))
    for part in parts[shapely.area(parts) > (SPECK * spacing) ** 2]:
        left, top, right, bottom = shapely.bounds(part) + np.array([-1, -1, 1, 1]) * spacing
        x, y = dots.T
        near = np.concatenate([dots[(x > left) & (x < right) & (y > top) & (y < bottom)], added])
        for spot in _along_the_middle(part, spacing):
            if not len(near) or ((near - spot) ** 2).sum(axis=1).min() >= (CLOSEST * spacing) ** 2:
                near, added = np.concatenate([near, [spot]]), np.concatenate([added, [spot]])
    return added


def _along_the_middle(part: BaseGeometry, spacing: float) -> Points:
    """Middles of cuts through the part, one spacing apart, first across its longer axis, then across the other."""
    a, b, c, d = shapely.get_coordinates(part.minimum_rotated_rectangle)[:4]
    if np.hypot(*(b - a)) < np.hypot(*(c - b)):
        a, b, c, d = b, c, d, a
    cuts = np.concatenate([_cuts(a, b, d, c, spacing), _cuts(a, d, b, c, spacing)])
    chords = shapely.get_parts(shapely.intersection(part, shapely.linestrings(cuts)))
    chords = chords[shapely.get_dimensions(chords) == 1]
    counts = np.maximum(1, np.rint(shapely.length(chords) / spacing)).astype(int)
    places = [(number + 0.5) / count for count in counts.tolist() for number in range(count)]
    spots = shapely.line_interpolate_point(np.repeat(chords, counts), places, normalized=True)
    return np.asarray(shapely.get_coordinates(spots))


def _cuts(a: Points, b: Points, c: Points, d: Points, spacing: float) -> Points:
    """Lines from the side a-b to the side c-d, one spacing apart."""
    steps = max(1, round(float(np.hypot(*(b - a))) / spacing))
    along = ((np.arange(steps) + 0.5) / steps)[:, None]
    return np.stack([a + along * (b - a), c + along * (d - c)], axis=1)
