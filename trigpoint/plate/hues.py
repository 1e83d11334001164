"""How several muscles are told apart on one plate: a hue for each, and for grey a line pattern and a stipple.

Hues are Okabe and Ito's (2008), darkened until each stands out from the body; their lightness differs as well. This
room knows styles and lines and refuses to know muscles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely import MultiLineString
from shapely.geometry.base import BaseGeometry

from ..style import Style

# essential fill, its edge and its lines; angle of the lines in degrees (None: solid)
HUES: tuple[tuple[str, str, float | None], ...] = (
    ("#c4262e", "#7f1219", None),
    ("#3f8fc4", "#123a5c", 45.0),
    ("#e0a112", "#6e4d00", -45.0),
    ("#1d7a55", "#0a3d29", 0.0),
    ("#8a4f9e", "#42204f", 90.0),
    ("#4d4d4d", "#111111", 22.5),
    ("#c8759c", "#6b2446", -22.5),
    ("#7a8f1e", "#3a4508", 67.5),
)
MOST = len(HUES)
# Radius and spacing of the stipple, as multiples of the style's: spillover is told apart without colour, too
DOTS = ((1.0, 1.0), (0.7, 0.75), (1.4, 1.5), (1.0, 1.6), (0.7, 1.2), (1.4, 2.1), (0.85, 0.85), (1.2, 1.9))
LINE_SPACING = 1.1  # mm on paper between the lines of a pattern
LINE_WIDTH = 0.22


@dataclass(frozen=True)
class Hue:
    """The style of one muscle among others, and the angle of its pattern."""

    style: Style
    angle: float | None

    @property
    def pattern(self) -> str:
        """The colour of the pattern's lines."""
        return self.style.essential_edge


def hue(style: Style, number: int) -> Hue:
    """The look of the muscle with this number, 0 or more; a style without colour keeps its greys and its patterns."""
    fill, edge, angle = HUES[number % MOST]
    if _grey(style.essential):
        level = 0x40 + 0x1C * (number % 6)
        fill, edge = f"#{level:02x}{level:02x}{level:02x}", style.essential_edge
    coloured = replace(style, essential=fill, essential_edge=edge, spillover=edge, spillover_edge=edge)
    radius, spacing = DOTS[number % MOST]
    dotted = replace(coloured, dot_radius=radius * style.dot_radius, dot_spacing=spacing * style.dot_spacing)
    return Hue(replace(dotted, muscle_in_essential=edge), angle)


def _grey(colour: str) -> bool:
    return colour[1:3] == colour[3:5] == colour[5:7]


def hatch(shape: BaseGeometry, angle: float, spacing: float = LINE_SPACING) -> MultiLineString:
    """Parallel lines over a shape (mm on paper), anchored to the page so that neighbours run on."""
    if shape.is_empty:
        return MultiLineString()
    left, top, right, bottom = shape.bounds
    along = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    across = np.array([-along[1], along[0]])
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    low, high = (corners @ across).min(), (corners @ across).max()
    first, last = (corners @ along).min() - 1, (corners @ along).max() + 1
    offsets = np.arange(np.ceil(low / spacing), np.floor(high / spacing) + 1) * spacing
    ends = np.stack([offsets[:, None] * across + first * along, offsets[:, None] * across + last * along], 1)
    cut = shapely.get_parts(shapely.intersection(MultiLineString(list(ends)), shape))
    return MultiLineString([part for part in cut if part.geom_type == "LineString" and part.length > 0.3])
