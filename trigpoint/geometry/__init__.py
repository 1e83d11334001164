"""Plane geometry in millimetres: rings and shapes, points, boxes and frames; cells, lines, repair and dots below."""

from .frame import Box, Frame, Point, Points, corners
from .rings import (
    GRID_MM,
    areas_in,
    chain_pairs,
    even_odd,
    fault,
    inner_point,
    lines_in,
    lines_of,
    lines_on_grid,
    nested,
    on_grid,
    rings_of,
    rounded,
    sound,
    union,
)

__all__ = ["GRID_MM", "Box", "Frame", "Point", "Points", "areas_in", "chain_pairs", "corners", "even_odd", "fault"]
__all__ += ["inner_point", "lines_in", "lines_of", "lines_on_grid", "nested", "on_grid", "rings_of", "rounded", "sound"]
__all__ += ["union"]
