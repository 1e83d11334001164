"""Regions of the body, painted once on the standing skin and seen in every view.

Each body part names its regions and says in words and in code where they lie. Parts are painted in the order of
`PARTS`, each between two heights, and a later coat covers an earlier one. Regions are of the patient's right; midline
ones are their right half. All skin of that half has a region.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import shapely

from authoring.body.view import look
from authoring.painting.regions import arm, foot, hand, head, label_image, leg, pelvis, shoulder, thigh, trunk
from authoring.painting.regions.canvas import Canvas
from authoring.painting.regions.coats import Region

PARTS: Final = (thigh, trunk, pelvis, leg, foot, arm, hand, shoulder, head)
REGIONS: Final[tuple[Region, ...]] = tuple(region for part in PARTS for region in part.REGIONS)
TITLES: Final = {region.name: region.title for region in REGIONS}
NUMBER: Final = {region.name: number for number, region in enumerate(REGIONS)}


def label(points: np.ndarray) -> np.ndarray:
    """The number in `REGIONS` (n,) of the region at standing skin points (n, 3), -1 where there is none."""
    right = points[:, 0] <= 0
    canvas = Canvas(*(points[right] * [-1.0, 1.0, 1.0]).T)
    labels = np.full(len(canvas.beside), -1)
    for part in PARTS:
        low, high = part.REACH
        there = np.flatnonzero((canvas.height > low) & (canvas.height < high))
        for name, inside in part.paint(canvas.part(there)):
            labels[there[inside]] = NUMBER[name]
    out = np.full(len(points), -1)
    out[right] = labels
    return out


def image(view: str) -> np.ndarray:
    """The number (h, w) of the region that each pixel of a view sees, -1 where there is none."""
    buffer = look(view)
    labels = np.full(buffer.mask.shape, -1)
    labels[buffer.mask] = label(np.einsum("ij,ijk->ik", buffer.weights, buffer.body.standing[buffer.corners]))
    return labels


@cache
def _traced(view: str) -> dict[str, shapely.MultiPolygon]:
    shapes = label_image.trace(image(view), look(view).origin)
    return {REGIONS[number].name: shape for number, shape in shapes.items()}


def shapes(view: str) -> dict[str, shapely.MultiPolygon]:
    """What a view shows of each region, in the view frame; the left view mirrors the right one."""
    if view == "left":
        return {
            name: shapely.transform(shape, lambda points: points * [-1.0, 1.0])
            for name, shape in _traced("right").items()
        }
    return dict(_traced(view))
