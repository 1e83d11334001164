"""The looks of several muscles on one plate: a hue of the style, and for grey a line pattern and a stipple."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np
import shapely
from shapely import MultiLineString
from shapely.geometry.base import BaseGeometry

from ..geometry.frame import corners
from ..geometry.rings import lines_in
from ..style import Style, mixed

ANGLES: tuple[float | None, ...] = (None, 45.0, -45.0, 0.0, 90.0, 22.5, -22.5, 67.5)  # of a zone's lines; None: solid
FIRST_ANGLE = 135.0  # of the first muscle where a style draws every zone in lines
MOST = len(ANGLES)
QUIET = 0.3  # of the body's colour in a muscle that is not the subject
LIGHT = 0.34  # opacity of the glaze of each muscle's zone
SHORTEST = 0.3  # mm on paper of a pattern's line
# Radius and spacing of the stipple, as multiples of the style's: spillover differs without colour, too
DOTS = ((1.0, 1.0), (0.7, 0.75), (1.4, 1.5), (1.0, 1.6), (0.7, 1.2), (1.4, 2.1), (0.85, 0.85), (1.2, 1.9))


class Hue(NamedTuple):
    """The style of one muscle among others, and the angle of its pattern."""

    style: Style
    angle: float | None

    @property
    def pattern(self) -> str:
        """The colour of the pattern's lines."""
        return self.style.essential_edge


@cache
def quiet(style: Style) -> Style:
    """The style with its muscle nearer to the body, where the pain is the subject."""

    def calm(colour: str) -> str:
        return mixed(colour, style.body, QUIET)

    return replace(
        style,
        muscle=calm(style.muscle),
        muscle_tones=tuple(map(calm, style.muscle_tones)),
        muscle_lines=calm(style.muscle_lines),
        muscle_lights=calm(style.muscle_lights),
    )


def looks(style: Style) -> int:
    """The number of muscles for which a style has a colour and a pattern each."""
    return min(MOST, len(style.hues))


def hue(style: Style, number: int) -> Hue:
    """The look of the muscle with this number, from 0 to below `looks`."""
    (fill, edge), (radius, spacing) = style.hues[number], DOTS[number]
    angle = FIRST_ANGLE if style.essential_lines and ANGLES[number] is None else ANGLES[number]
    look = replace(
        quiet(style),
        essential=fill,
        essential_cores=(),  # a core would look like another pattern
        essential_glaze=(LIGHT,),
        essential_lines=(),
        essential_edge=edge,
        seam=edge,
        spillover=edge,
        spillover_edge=edge if style.spillover_edge else None,
        dot_radius=radius * style.dot_radius,
        dot_spacing=spacing * style.dot_spacing,
    )
    return Hue(look, angle)


def hatch(shape: BaseGeometry, angle: float, spacing: float) -> MultiLineString:
    """Parallel lines over a shape (mm on paper), anchored to the page so that neighbours run on."""
    if shape.is_empty:
        return MultiLineString()
    along = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    across = np.array([-along[1], along[0]])
    ring = corners(shape.bounds)
    low, high = (ring @ across).min(), (ring @ across).max()
    first, last = (ring @ along).min() - 1, (ring @ along).max() + 1
    offsets = np.arange(np.ceil(low / spacing), np.floor(high / spacing) + 1) * spacing
    ends = np.stack([offsets[:, None] * across + first * along, offsets[:, None] * across + last * along], 1)
    return lines_in(shapely.intersection(MultiLineString(list(ends)), shape), SHORTEST)
