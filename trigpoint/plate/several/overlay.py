"""Overlays: how many trigger points refer to each place of the body, or how often those that do are found active.

The overlapping zones are cut (`geometry.cells`) into steps, each with a colour of the style's ramp, in the view frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from shapely import MultiPolygon

from ...atlas import Atlas
from ...atlas.patterns import KINDS
from ...geometry.cells import bridged, cells, steps
from ...geometry.rings import union
from ..content import CACHED
from ..page import Page

PREVALENCE_EDGES = (0.0, 25.0, 50.0, 75.0, 100.0, 150.0)  # the same, in the same colours, on every plate
COUNT_EDGES = (1, 2, 3, 4, 6, 8, 12, 16, 24)
MOST_STEPS = 6
NARROW = 4.0  # mm on the body: half the width of the gaps that are closed between the zones of a point


@dataclass(frozen=True, eq=False)
class Overlay:
    """Steps of a count or a sum: their least values, the highest value, their colours, and their shapes per panel."""

    edges: tuple[float, ...]
    most: float
    colours: tuple[str, ...]
    shapes: tuple[tuple[MultiPolygon, ...], ...]

    @property
    def shown(self) -> range:
        """The indices of the steps up to the highest that a panel shows, without gaps."""
        drawn = (number for each in self.shapes for number, shape in enumerate(each) if not shape.is_empty)
        return range(max(drawn, default=-1) + 1)

    @property
    def steps(self) -> tuple[tuple[tuple[str, MultiPolygon], ...], ...]:
        """The colours and shapes of each panel, the lowest step first."""
        return tuple(tuple(zip(self.colours, each, strict=True)) for each in self.shapes)


def overlay(page: Page) -> Overlay:
    """The overlay of a page: trigger points counted, or muscles weighted by prevalence."""
    stacks = [_stack(page, view) for view in page.spec.views]
    top = max((value for stack in stacks for value in cells(*stack)[1].tolist()), default=1.0)
    edges = _count_edges(top) if page.layout == "count" else PREVALENCE_EDGES
    ramp = page.style.ramp
    last = min(len(ramp) - 1, len(edges))  # few steps do not need the darkest colour
    chosen = [ramp[round(place)] for place in np.linspace(0, last, len(edges))]
    return Overlay(edges, top, tuple(chosen), tuple(steps(*stack, edges) for stack in stacks))


def _stack(page: Page, view: str) -> tuple[list[MultiPolygon], list[float]]:
    """The shapes to be counted in a view and their weights: one per point, or one per muscle and its percents."""
    atlas = page.atlas
    shapes: list[MultiPolygon] = []
    weights: list[float] = []
    for spec in page.specs:
        zones = [_covered(atlas, point, view, spec.side, spec.body) for point in spec.points]
        if page.layout == "count":
            shapes += zones
            weights += [1.0] * len(zones)
        elif often := atlas.muscle(spec.muscle).prevalence:
            shapes.append(union(zones))
            weights.append((often.least + often.most) / 2)
    return shapes, weights


@lru_cache(CACHED)
def _covered(atlas: Atlas, point: str, view: str, side: str, body: str) -> MultiPolygon:
    """The zones of one point and the narrow gap between them."""
    return bridged([atlas.zone(point, kind, view=view, side=side, body=body) for kind in KINDS], NARROW)


def _count_edges(top: float) -> tuple[float, ...]:
    """The least values of at most `MOST_STEPS` steps up to the highest count."""
    known = [edge for edge in COUNT_EDGES if edge <= top] or [1]
    return tuple(known if len(known) <= MOST_STEPS else known[: MOST_STEPS - 1] + known[-1:])
