"""The share of a region that a zone covers, and of the zone that lies in the region, from shapes of one view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

TRIFLE = 0.005  # of both region and zone: less is the blur of two borders


@dataclass(frozen=True)
class RegionShare:
    """What a zone and a region have in common, as shares of either (0 to 1); `side` is the patient's."""

    region: str
    side: str
    of_region: float
    of_zone: float


def shares(zone: BaseGeometry, regions: Mapping[str, BaseGeometry], side: str) -> list[RegionShare]:
    """The regions of one side that a zone touches, in the order given; trifles are left out.

    >>> square = shapely.box(0, 0, 2, 2)
    >>> shares(shapely.box(0, 0, 1, 2), {"here": square, "there": shapely.box(5, 5, 6, 6)}, "right")
    [RegionShare(region='here', side='right', of_region=0.5, of_zone=1.0)]
    """
    shapes = np.array(list(regions.values()), dtype=object)
    common, whole = shapely.area(shapely.intersection(zone, shapes)), shapely.area(shapes)
    return [
        RegionShare(key, side, float(part / area), float(part / zone.area))
        for key, part, area in zip(regions, common, whole, strict=True)
        if part > 0 and max(part / area, part / zone.area) >= TRIFLE
    ]


def largest(found: Iterable[RegionShare]) -> tuple[RegionShare, ...]:
    """The shares, those that make most of the zone first."""
    return tuple(sorted(found, key=lambda share: (-share.of_zone, share.region, share.side)))
