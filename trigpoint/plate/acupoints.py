"""Acupuncture points on a panel: small open circles with their codes. Lengths are mm on paper.

A code stands clear of marks, texts, leaders and other codes, and nearer to its own circle than to any other. A point
whose code has no such place, or whose circle lies under a text, is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, pi
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ..atlas import Atlas
from ..geometry.frame import Box, Point
from ..scene import Item, Path, Text
from ..style import Style
from ..words.measure import CAP_HEIGHT, width
from .labels.around import around, clearest
from .labels.label import text_box
from .layout import Panel
from .paint import soft_ends
from .spec import Spec

AIR = 0.3  # between a code and everything else
TURNS = (0, 4, 1, 7, 3, 5, 2, 6)  # eighths of a circle around the point, the best first
REACHES = (0.4, 1.0, 1.7)  # from the circle to its code
NEARER = 1.5  # times as far from any other circle
CORNERS = 24


def spots(atlas: Atlas, spec: Spec, panel: Panel) -> dict[str, Point]:
    """The acupuncture points that a panel shows, by code, on the page."""
    left, top, right, bottom = panel.box
    ends = [shapely.box(*end.box(depth / panel.frame.scale)) for end, depth in soft_ends(panel)]
    found = {}
    for point in atlas.patterns.acupoints:
        place = atlas.acupoint_position(point.id, view=panel.view, side=spec.side, body=spec.body)
        spot = shapely.Point(place) if place is not None else None
        if place is None or not panel.figure.fill.intersects(spot) or any(end.intersects(spot) for end in ends):
            continue
        x, y = panel.frame.point(*place)
        if left < x < right and top < y < bottom:
            found[point.id] = (x, y)
    return found


def draw(found: dict[str, Point], panel: Panel, avoid: Iterable[Item], style: Style) -> list[Item]:
    """Circles with their codes, clear of the items to avoid."""
    radius = style.acupoint_size / 2
    circles = {code: shapely.Point(spot).buffer(radius + style.acupoint_width / 2) for code, spot in found.items()}
    avoid = list(avoid)
    taken, texts = _shapes(avoid), _shapes(item for item in avoid if isinstance(item, Text))
    named: list[tuple[Item, Item]] = []
    for code, spot in found.items():
        if any(text.intersects(circles[code]) for text in texts):
            continue
        others = [circle for other, circle in circles.items() if other != code]
        room = _Room(panel.box, circles[code], others, taken)
        size = width(code, style.size_acupoint), style.size_acupoint * CAP_HEIGHT
        box, _ = clearest(around(spot, size, [radius + reach for reach in REACHES], TURNS, corner=1.0), room.crowding)
        if box is not None:
            taken.append(shapely.box(*box))
            named.append((ring(spot, style), _code(code, box, style)))
    return [*(circle for circle, _ in named), *(code for _, code in named)]


def ring(spot: Point, style: Style) -> Path:
    """The open circle of a point."""
    turns = np.linspace(0, 2 * pi, CORNERS, endpoint=False)
    points = np.array(spot) + style.acupoint_size / 2 * np.stack([np.cos(turns), np.sin(turns)], 1)
    return Path((points,), fill=style.paper, stroke=style.acupoint, width=style.acupoint_width)


def _code(code: str, box: Box, style: Style) -> Text:
    middle, size, halo = (box[0] + box[2]) / 2, style.size_acupoint, style.mark_halo_width
    return Text(middle, box[3], code, size, "middle", fill=style.acupoint, halo=style.text_halo, halo_width=halo)


class _Room(NamedTuple):
    """The place of a circle's code: inside a box, off the taken shapes, nearer to its `own` circle than to `others`."""

    box: Box
    own: BaseGeometry
    others: Sequence[BaseGeometry]
    taken: Sequence[BaseGeometry]

    def crowding(self, box: Box) -> float:
        """0 where a code may stand, else infinite."""
        shape, outer = shapely.box(*box), self.box
        inside = outer[0] <= box[0] and outer[1] <= box[1] and box[2] <= outer[2] and box[3] <= outer[3]
        clear = inside and all(shape.distance(other) >= AIR for other in self.taken)
        apart = max(AIR, NEARER * shape.distance(self.own))
        return 0.0 if clear and all(shape.distance(other) >= apart for other in self.others) else inf


def _shapes(items: Iterable[Item]) -> list[BaseGeometry]:
    """The areas that texts and lines cover."""
    shapes: list[BaseGeometry] = []
    for item in items:
        match item:
            case Text():
                shapes.append(shapely.box(*text_box(item)))
            case Path():
                shapes += [_line(line).buffer(item.width / 2) for line in item.rings]
    return shapes


def _line(points: Sequence[Sequence[float]] | np.ndarray) -> BaseGeometry:
    return shapely.LineString(points) if len(points) > 1 else shapely.Point(points[0])
