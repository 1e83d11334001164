"""The painted layers of a panel: body, muscle, zones, outline. Shapes of the body in, cached paths of the page out.

Only the soft ends of the body at the crop, veils of paper, are transparent: where a zone covers the muscle, the
muscle's edge and fibres are drawn again in a tone of the zone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache

import shapely
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

FINE = 0.6  # of a fibre's width: those of a tendon
KEPT = 64  # painted layers of each kind: a batch draws the same body again and again
STEP = 1.05  # from one line weight on the body to the next
FADE = 7.0  # mm on paper over which the body ends softly
FADE_STEPS = 12
FADE_SHARE = 0.5  # of the room between a cut and the nearest zone or X


def area(shape: BaseGeometry, panel: Panel, **look: object) -> list[Item]:
    """A polygon shape of the body as one path, nothing for an empty shape."""
    rings = tuple(panel.frame.points(ring) for ring in _rings(shape))
    return [Path(rings, **look)] if rings else []  # type: ignore[arg-type]


def strokes(
    shape: BaseGeometry, panel: Panel, *, stroke: str, width: float, dash: tuple[float, ...] = ()
) -> list[Item]:
    """A line shape of the body as one open path, nothing for an empty shape."""
    lines = tuple(panel.frame.points(line) for line in _lines(shape))
    return [Path(lines, closed=False, stroke=stroke, width=width, dash=dash)] if lines else []


@lru_cache(8 * CACHED)
def _rings(shape: BaseGeometry) -> tuple[Points, ...]:
    return rings_of(shape)


@lru_cache(8 * CACHED)
def _lines(shape: BaseGeometry) -> tuple[Points, ...]:
    return lines_of(shape)


@lru_cache(KEPT)
def body(panel: Panel, style: Style) -> tuple[Item, ...]:
    """The body's fill, its two tones and its drawn lines."""
    figure = panel.figure
    return (
        *area(figure.fill, panel, fill=style.body),
        *area(figure.tones[0], panel, fill=style.tone_1),
        *area(figure.tones[1], panel, fill=style.tone_2),
        *area(linework.body_lines(figure, _on_body(style.body_lines_width, panel)), panel, fill=style.body_lines),
    )


@lru_cache(KEPT)
def bones(panel: Panel, style: Style) -> tuple[Item, ...]:
    """Ghost bones over the body and under the muscle."""
    items: list[Item] = []
    drawn = panel.figure.bones
    for bone in drawn.rims:
        items += area(bone, panel, fill=style.bone, stroke=style.bone_edge, width=style.bone_edge_width)
    for step, colour in zip(drawn.shades, style.bone_shades, strict=False):
        items += area(step, panel, fill=colour)
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
        items += area(linework.fibres(seen, _on_body(thin, panel)), panel, fill=line)
        fine = linework.pulls(muscle.tendon_fibres, _on_body(FINE * thin, panel))
        items += area(fine, panel, fill=style.tendon_fibres)
    return [*items, *area(muscle.rim, panel, stroke=line, width=style.muscle_edge_width)]


def _tones(shapes: Sequence[BaseGeometry], colours: Sequence[str], panel: Panel) -> list[Item]:
    """Shapes inside one another, each in its colour; the last colour for all that have none."""
    looks = (colours[min(step, len(colours) - 1)] for step in range(len(shapes)))
    return [item for shape, look in zip(shapes, looks, strict=True) for item in area(shape, panel, fill=look)]


def _on_body(length: float, panel: Panel) -> float:
    """The length in mm on the body, rounded up by an invisible step, so that plates of similar scale share linework."""
    return float(STEP ** math.ceil(math.log(length / panel.frame.scale, STEP)))


@lru_cache(KEPT)
def spillover(panel: Panel, style: Style) -> tuple[Item, ...]:
    """The spillover zone: stipple that gets lighter towards the outer rim, inside a dashed edge."""
    shape = linework.spillover(panel.seen)
    if shape.is_empty:
        return ()
    look = {"stroke": style.spillover_edge, "width": style.spillover_edge_width, "dash": style.spillover_dash}
    fade = Fade(panel.frame.shape(linework.rim(panel.seen)), style.dot_fade, style.dot_least)
    spacing, radius, gap = style.dot_spacing, style.dot_radius, style.dot_gap
    points = stipple(panel.frame.shape(shape), spacing=spacing, radius=radius, gap=gap, fade=fade)
    return (*([Dots(points, radius, style.spillover)] if len(points) else []), *area(shape, panel, **look))


@lru_cache(KEPT)
def essential(panel: Panel, style: Style, *, muscle_shown: bool, fibres: bool = True) -> tuple[Item, ...]:
    """The essential zone: solid or in lines, a little darker inside, with the muscle's edge and fibres over it."""
    seen = panel.seen
    items = filled(seen.essential, panel, style)
    shares = style.essential_cores
    for share, core in zip(shares, linework.cores(seen, len(shares)) if shares else (), strict=True):
        items += area(core, panel, fill=shade(style.essential, share))
    if muscle_shown:
        tone, width = style.muscle_in_essential, style.muscle_edge_width
        items += strokes(linework.rim_in_essential(seen), panel, stroke=tone, width=width)
        if fibres:
            inside = linework.fibres_in_essential(seen, _on_body(style.fibres_width, panel))
            items += area(inside, panel, fill=tone)
    items += strokes(linework.seams(seen), panel, stroke=style.seam, width=style.seam_width)
    return (*items, *edge(panel, style))


def filled(shape: BaseGeometry, panel: Panel, style: Style) -> list[Item]:
    """An essential zone without its edge: one colour, or lines on their ground."""
    if not style.essential_lines:
        return area(shape, panel, fill=style.essential)
    return [*area(shape, panel, fill=style.essential_ground), *hatched(panel.frame.shape(shape), style)]


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
    return (*area(ring, panel, fill=style.outline), *_fades(panel, style))


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
