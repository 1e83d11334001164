"""The painted layers of a panel: body, muscle, zones, outline. Shapes of the body in, cached paths of the page out.

Two things are transparent: the soft ends of the body at the crop, which are veils of paper, and an essential zone,
which is a glaze through which muscle, fibres and bones are seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from math import inf

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from ..atlas.structures import Structure
from ..geometry.frame import Points, corners
from ..geometry.rings import lines_of, rings_of
from ..geometry.stipple import Fade, stipple
from ..scene import Dots, Item, Path
from ..style import Style, shade
from . import linework
from .content import CACHED, ON_EDGE
from .crop import End
from .layout import Panel
from .muscle_styles import hatch

DOT_SIZES = ((0.0, 0.62), (0.3, 0.8), (0.65, 1.0))  # of a stipple: from these shares of its fade on, so large a dot
FINE = 0.6  # of a fibre's width: those of a tendon
LOST = 0.03  # mm on paper: what an edge may lose, less than a printer's dot
BONE, BONE_SHADE = 0.05, 0.13  # the same of a bone with its thin edge, and of its shades
FAINT, UNDER = 0.2, 0.12  # the same of a shade of the body with soft corners, and how far it stays from the body's edge
SPECK = 25.0  # of the square of that: a smaller piece is a speck
KEPT = 64  # painted layers of each kind: a batch draws the same body again and again
DENSE = 0.55  # mm on paper between two fibres, on the mean, at the least
STEP = 1.05  # from one line weight on the body to the next
FADE = 7.0  # mm on paper over which the body ends softly
FADE_STEPS = 12
FADE_SHARE = 0.5  # of the room between a cut and the nearest zone or X


def area(shape: BaseGeometry, panel: Panel, lost: float = LOST, **look: object) -> list[Item]:
    """A polygon shape of the body as one path, nothing for an empty shape; its edge may lose some mm on paper."""
    rings = tuple(panel.frame.points(ring) for ring in _rings(shape, _on_body(lost, panel)))
    return [Path(rings, **look)] if rings else []  # type: ignore[arg-type]


def strokes(
    shape: BaseGeometry, panel: Panel, *, stroke: str, width: float, dash: tuple[float, ...] = ()
) -> list[Item]:
    """A line shape of the body as one open path, nothing for an empty shape."""
    lines = tuple(panel.frame.points(line) for line in _lines(shape))
    return [Path(lines, closed=False, stroke=stroke, width=width, dash=dash)] if lines else []


@lru_cache(8 * CACHED)
def _rings(shape: BaseGeometry, lost: float) -> tuple[Points, ...]:
    """The rings of a shape without what is too fine for the page, in mm on the body."""
    parts = shapely.get_parts(shape.simplify(lost, preserve_topology=False))
    return rings_of(MultiPolygon(parts[shapely.area(parts) > SPECK * lost * lost].tolist()))


@lru_cache(8 * CACHED)
def _lines(shape: BaseGeometry) -> tuple[Points, ...]:
    return lines_of(shape)


@lru_cache(KEPT)
def body(panel: Panel, style: Style) -> tuple[Item, ...]:
    """The body in its tones and its drawn lines: a middle tone all over, then what is lighter, then what is darker."""
    figure, colours = panel.figure, style.flesh(len(panel.figure.tones))
    middle = len(figure.tones) // 2  # its own edge would follow the body's all along
    within = figure.fill.buffer(-UNDER / panel.frame.scale, join_style="mitre")
    light = [shapely.difference(within, tone) for tone in reversed(figure.tones[:middle])]
    dark = [shapely.intersection(within, tone) for tone in figure.tones[middle:]]
    return (
        *area(figure.fill, panel, fill=colours[middle], soft=True),
        *_shades(light, colours[middle - 1 :: -1] if middle else (), panel),
        *_shades(dark, colours[middle + 1 :], panel),
        *area(linework.body_lines(figure, _on_body(style.body_lines_width, panel)), panel, fill=style.body_lines),
    )


def _shades(
    shapes: Sequence[BaseGeometry], colours: Sequence[str], panel: Panel, lost: float = FAINT
) -> Iterator[Item]:
    """Shades with soft corners, which lie on tenths of a millimetre."""
    for shape, colour in zip(shapes, colours, strict=True):
        placed = [panel.frame.points(ring).round(1) for ring in _rings(shape, _on_body(lost, panel))]
        if rings := tuple(ring for ring in placed if len(ring) > 3):  # a triangle may have rounded to a line
            yield Path(rings, fill=colour, soft=True)


@lru_cache(KEPT)
def bones(panel: Panel, style: Style) -> tuple[Item, ...]:
    """Ghost bones over the body and under the muscle."""
    items: list[Item] = []
    drawn = panel.figure.bones
    for bone in drawn.rims:
        items += area(bone, panel, BONE, fill=style.bone, stroke=style.bone_edge, width=style.bone_edge_width)
    for step, colour in zip(drawn.shades, style.bone_shades, strict=False):
        items += _shades([step], [colour], panel, BONE_SHADE)
    return (*items, *area(drawn.lines, panel, fill=style.bone_edge))


@lru_cache(KEPT)
def muscle(panel: Panel, style: Style, *, fibres: bool) -> tuple[Item, ...]:
    """The muscle under the zones."""
    seen = panel.seen
    if seen.drawn:
        return tuple(_drawn(panel, seen.drawn, style, fibres=fibres))
    shape = area(seen.muscle, panel, fill=style.muscle, stroke=style.muscle_edge, width=style.muscle_edge_width)
    lines = area(linework.fibres(seen, _on_body(style.fibres_width, panel)), panel, fill=style.fibres) if fibres else []
    return (*shape, *lines)


def _drawn(panel: Panel, muscle: Structure, style: Style, *, fibres: bool) -> list[Item]:
    """A muscle in its tones from light to dark, its tendon over them, then lines, its rim last."""
    seen, line, thin = panel.seen, style.muscle_lines, style.fibres_width
    if not muscle.tones and muscle.tendon.is_empty:
        items = area(muscle.rim, panel, fill=style.muscle)
    else:
        items = _tones((muscle.rim, *muscle.tones), style.muscle_tones, panel)
        items += _tones((muscle.tendon, *muscle.tendon_tones), (style.tendon, *style.tendon_tones), panel)
    items += strokes(linework.bellies(seen), panel, stroke=line, width=thin)
    if fibres:
        every = linework.fibres(seen, _on_body(thin, panel))
        apart = muscle.rim.area / max(muscle.fibres.length, 1.0) * panel.frame.scale
        dark, light = linework.parted(every, max(1, math.ceil(DENSE / apart)))
        items += [*area(dark, panel, fill=line), *area(light, panel, fill=style.muscle_lights)]
        fine = linework.pulls(muscle.tendon_fibres, _on_body(FINE * thin, panel))
        items += area(fine, panel, fill=style.tendon_fibres)
    return [*items, *area(muscle.rim, panel, stroke=line, width=style.muscle_edge_width)]


def rim(panel: Panel, style: Style) -> list[Item]:
    """The muscle's edge alone."""
    seen = panel.seen
    line = style.muscle_lines if seen.drawn else style.muscle_edge
    return area(seen.drawn.rim if seen.drawn else seen.muscle, panel, stroke=line, width=style.muscle_edge_width)


def _tones(shapes: Sequence[BaseGeometry], colours: Sequence[str], panel: Panel) -> list[Item]:
    """Shapes inside one another, each in its colour; the last colour for all that have none."""
    looks = (colours[min(step, len(colours) - 1)] for step in range(len(shapes)))
    return [item for shape, look in zip(shapes, looks, strict=True) for item in area(shape, panel, fill=look)]


def _on_body(length: float, panel: Panel) -> float:
    """The length in mm on the body, rounded up by an invisible step, so that plates of similar scale share linework."""
    return float(STEP ** math.ceil(math.log(length / panel.frame.scale, STEP)))


@lru_cache(KEPT)
def spillover(panel: Panel, style: Style) -> tuple[Item, ...]:
    """The spillover zone: stipple that gets sparser and finer towards the outer rim; some styles have a fence there."""
    shape = linework.spillover(panel.seen)
    if shape.is_empty:
        return ()
    fade = Fade(panel.frame.shape(linework.rim(panel.seen)), style.dot_fade, style.dot_least)
    spacing, radius, gap = style.dot_spacing, style.dot_radius, style.dot_gap
    points, depths = stipple(panel.frame.shape(shape), spacing=spacing, radius=radius, gap=gap, fade=fade)
    items: list[Item] = [
        Dots(points[chosen], size * radius, style.spillover)
        for (low, size), (high, _) in pairwise((*DOT_SIZES, (inf, 0.0)))
        if (chosen := (depths >= low) & (depths < high)).any()
    ]
    return (*items, *fence(shape, panel, style))


def fence(shape: BaseGeometry, panel: Panel, style: Style) -> list[Item]:
    """The dashed edge of a spillover zone, in styles that have one."""
    if not style.spillover_edge:
        return []
    edge, width, dash = style.spillover_edge, style.spillover_edge_width, style.spillover_dash
    return area(shape, panel, stroke=edge, width=width, dash=dash)


@lru_cache(KEPT)
def essential(panel: Panel, style: Style) -> tuple[Item, ...]:
    """The essential zone: a glaze, or lines on one, stronger inside."""
    seen = panel.seen
    shapes = seen.essential, *linework.cores(seen, len(style.essential_cores))
    looks = zip(shapes, glaze(style), strict=False)
    items = [item for shape, (fill, clear) in looks for item in area(shape, panel, fill=fill, opacity=clear)]
    if style.essential_lines:
        items += hatched(panel.frame.shape(seen.essential), style)
    items += strokes(linework.seams(seen), panel, stroke=style.seam, width=style.seam_width)
    return (*items, *edge(panel, style))


def glaze(style: Style) -> list[tuple[str, float]]:
    """Colour and opacity of the layers of an essential zone, the largest first; each lies over those before it.

    >>> glaze(Style(essential_glaze=(0.5, 0.75), essential_cores=(1.0,)))
    [('#cd0f1c', 0.5), ('#cd0f1c', 0.5)]
    """
    colour = style.essential_ground if style.essential_lines else style.essential
    clear = [1.0, *(1 - opacity for opacity in style.essential_glaze)]
    opacities = [round(1 - b / a, 4) if a else 1.0 for a, b in pairwise(clear)]
    return [(shade(colour, share), each) for share, each in zip((1.0, *style.essential_cores), opacities, strict=False)]


def hatched(shape: BaseGeometry, style: Style) -> list[Item]:
    """The lines that fill an essential zone (a shape in mm on paper), in styles that draw it so."""
    items: list[Item] = []
    for angle in style.essential_lines:
        lines = lines_of(hatch(shape, angle, style.hatch_spacing))
        items += [Path(lines, closed=False, stroke=style.essential, width=style.hatch_width)] if lines else []
    return items


def edge(panel: Panel, style: Style) -> list[Item]:
    """The edge of the essential zone: dashed on paper where only points of low confidence reach."""
    seen = panel.seen
    stroke, thin = style.essential_edge, style.essential_edge_width
    if seen.doubtful_edge.is_empty:
        return area(seen.essential, panel, stroke=stroke, width=thin)
    sure = shapely.difference(seen.essential.boundary, seen.doubtful_edge.buffer(ON_EDGE, cap_style="flat"))
    width = style.doubtful_edge_width
    return [
        *strokes(sure, panel, stroke=stroke, width=thin),
        *strokes(seen.doubtful_edge, panel, stroke=style.paper, width=width),
        *strokes(seen.doubtful_edge, panel, stroke=stroke, width=width, dash=style.doubtful_dash),
    ]


@lru_cache(KEPT)
def outline(panel: Panel, style: Style) -> tuple[Item, ...]:
    """The body's contour, thick and thin, and its soft ends where it is cut."""
    width = _on_body(style.outline_width, panel)
    ring = linework.contour(panel.figure, width, style.outline_swell, style.light)
    return (*area(ring, panel, fill=style.outline, soft=True), *_fades(panel, style))


def _fades(panel: Panel, style: Style) -> list[Item]:
    """Veils of paper over the ends of the body, each a little larger than the part it covers."""
    strips: list[Item] = []
    for end, depth in soft_ends(panel):
        for share, opacity in _veils():
            left, top, right, bottom = panel.frame.box(end.box(share * depth / panel.frame.scale))
            w, n, e, s = (style.outline_width * (end.side != side) for side in ("right", "bottom", "left", "top"))
            box = left - w, top - n, right + e, bottom + s  # the contour is drawn half over the edge
            strips.append(Path((corners(box),), fill=style.paper, opacity=opacity))
    return strips


def soft_ends(panel: Panel) -> list[tuple[End, float]]:
    """The cuts of the body, and the mm on paper over which it ends softly there: never into a zone or an X."""
    scale = panel.frame.scale
    return [(end, min(FADE, FADE_SHARE * scale * end.room)) for end in panel.figure.ends]


@cache
def _veils() -> tuple[tuple[float, float], ...]:
    """Depth (a share of the whole) and opacity of the veils; all begin at the cut, so that no seam shows between."""
    shares = [1 - (step + 0.5) / FADE_STEPS for step in range(FADE_STEPS)]
    clear = [1.0, *(1 - share * share * (3 - 2 * share) for share in reversed(shares))]
    depths = [(FADE_STEPS - step) / FADE_STEPS for step in range(FADE_STEPS)]
    return tuple((depth, round(1 - b / a, 4)) for depth, a, b in zip(depths, clear, clear[1:], strict=False))
