"""Which views are worth showing of trigger points, by how much of their zones each shows.

A view counts that shows much of a point's zones, its X, or pain in a region that the point names and that hardly
shows in another view. Everything is for the patient's right side; the caller gives the shapes of regions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from shapely import MultiPolygon

from .patterns import TriggerPoint, Zone

TELLING = 0.25  # a view is worth showing if it has this share of what a point's best view shows of its zones

Named = Callable[[str, str], Iterable[MultiPolygon]]  # the shapes of a region in a view


def telling(points: Iterable[TriggerPoint]) -> dict[str, float]:
    """How much zone each view shows of points, in mm2; views that show hardly any left out."""
    total: dict[str, float] = {}
    worth = set()
    for point in points:
        areas: dict[str, float] = {}
        for zone in point.zones:
            areas[zone.view] = areas.get(zone.view, 0.0) + zone.geometry.area
        mine = {view for view, area in areas.items() if area >= TELLING * max(areas.values())}
        if point.at and not mine & set(point.at):  # somewhere its X must be seen
            mine.add(max(point.at, key=lambda view: areas.get(view, 0.0)))
        worth |= mine
        total |= {view: total.get(view, 0.0) + area for view, area in areas.items()}
        if not areas:  # nothing painted: wherever the X can be seen
            worth |= set(point.at)
    return {view: total.get(view, 0.0) for view in worth}


def alone(points: Iterable[TriggerPoint], shown: Collection[str], named: Named) -> dict[str, float]:
    """The views beside those shown that alone show the pain in a region that a point names, with their zones in mm2."""
    more: dict[str, float] = {}
    for point in points:
        for zone in point.zones:
            if zone.view not in shown and _is_alone(point, zone, shown, named):
                more[zone.view] = more.get(zone.view, 0.0) + zone.geometry.area
    return more


def _is_alone(point: TriggerPoint, zone: Zone, shown: Collection[str], named: Named) -> bool:
    most = zone.geometry.area  # no region can show more of the zone here
    elsewhere = {region: _in_region(point, zone.kind, region, shown, named) for region in point.regions[zone.kind]}
    return any(
        area < TELLING * most and area < TELLING * _in_region(point, zone.kind, region, [zone.view], named)
        for region, area in elsewhere.items()
    )


def _in_region(point: TriggerPoint, kind: str, region: str, views: Collection[str], named: Named) -> float:
    """How much of a point's zones of one kind lies in a region, in the best of some views; mm2."""
    areas = [0.0]
    for zone in point.zones:
        if zone.kind == kind and zone.view in views:
            areas.append(sum(zone.geometry.intersection(shape).area for shape in named(region, zone.view)))
    return max(areas)
