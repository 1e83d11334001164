"""Rings, lines, cells, frames and dots in millimetres. Knows no body."""

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

__all__ = [
    "GRID_MM",
    "Box",
    "Frame",
    "Point",
    "Points",
    "areas_in",
    "chain_pairs",
    "corners",
    "even_odd",
    "fault",
    "inner_point",
    "lines_in",
    "lines_of",
    "lines_on_grid",
    "nested",
    "on_grid",
    "rings_of",
    "rounded",
    "sound",
    "union",
]
