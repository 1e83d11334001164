"""Overlays: how many trigger points refer to each place of the body, or how often those that do are found active.

What lies over each other is cut into steps, each with a colour of the style's ramp. Sums are made in the view frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
NARROW = 4.0  # mm on the body: half the width of a gap between the two zones of a point that nobody means


@dataclass(frozen=True, eq=False)
class Overlay:
    """Steps of a count or a sum: their least values, the highest of all, their colours, and per panel their shapes."""

    edges: tuple[float, ...]
    most: float
    colours: tuple[str, ...]
    shapes: tuple[tuple[MultiPolygon, ...], ...]

    @property
    def shown(self) -> range:
        """The numbers of the steps up to the highest that a panel shows: a scale without gaps."""
        drawn = (number for each in self.shapes for number, shape in enumerate(each) if not shape.is_empty)
        return range(max(drawn, default=-1) + 1)

    @property
    def steps(self) -> tuple[tuple[tuple[str, MultiPolygon], ...], ...]:
        """The colours and shapes of each panel, the lowest step first."""
        return tuple(tuple(zip(self.colours, each, strict=True)) for each in self.shapes)


def overlay(page: Page) -> Overlay:
    """What lies over each other in each view: trigger points counted, or muscles weighted by prevalence."""
    stacks = [list(_stack(page, view)) for view in page.spec.views]
    top = max((sum_ for stack in stacks for sum_ in _sums(stack)), default=1.0)
    edges = _count_edges(top) if page.layout == "count" else PREVALENCE_EDGES
    ramp = page.style.ramp
    last = min(len(ramp) - 1, len(edges))  # few steps do not need the darkest colour
    chosen = [ramp[round(place)] for place in np.linspace(0, last, len(edges))]
    shapes = tuple(steps([shape for shape, _ in stack], [weight for _, weight in stack], edges) for stack in stacks)
    return Overlay(edges, top, tuple(chosen), shapes)


def _stack(page: Page, view: str) -> Iterator[tuple[MultiPolygon, float]]:
    """The shapes to be counted in a view, each with its weight: one per point, or one per muscle and its percents."""
    atlas = page.atlas
    for spec in page.specs:
        zones = [_covered(atlas, point, view, spec.side, spec.body) for point in spec.points]
        if page.layout == "count":
            yield from ((zone, 1.0) for zone in zones)
        else:
            often = atlas.muscle(spec.muscle).prevalence
            if often is not None:
                yield union(zones), (often.least + often.most) / 2


@lru_cache(CACHED)
def _covered(atlas: Atlas, point: str, view: str, side: str, body: str) -> MultiPolygon:
    """What one point covers: its zones and the narrow gap between them."""
    return bridged([atlas.zone(point, kind, view=view, side=side, body=body) for kind in KINDS], NARROW)


def _sums(stack: Sequence[tuple[MultiPolygon, float]]) -> Iterator[float]:
    yield from cells([shape for shape, _ in stack], [weight for _, weight in stack])[1].tolist()


def _count_edges(top: float) -> tuple[float, ...]:
    """The least values of at most MOST_STEPS steps up to the highest count."""
    known = [edge for edge in COUNT_EDGES if edge <= top] or [1]
    return tuple(known if len(known) <= MOST_STEPS else known[: MOST_STEPS - 1] + known[-1:])
