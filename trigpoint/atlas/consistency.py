"""What patterns and outlines must agree on: whether a zone lies on the body, an X on its muscle, a region on a map.

Each rule is a function that returns problems with the JSON pointer of the pattern file. Nothing is repaired here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from itertools import islice
from typing import Any

import shapely
from shapely import MultiPolygon, Point

from .. import limits
from ..errors import Problem, suggestion
from ..geometry.rings import inner_point
from ..words import FALLBACK, LANGUAGES, NAMES_ONLY
from .outlines import Outline
from .patterns import KINDS, SAME_SIDE, Muscle, Patterns, TriggerPoint

OFF_BODY_MM = 3.0  # a zone may pass the silhouette by the width of a drawn line
OFF_BODY_MM2 = 1.0  # less than this outside is rounding
OFF_MUSCLE_MM = 5.0  # an X is a typical position, not a fixed spot
RIGHTWARDS = {"posterior": 1, "anterior": -1}  # where the patient's right is, in views that show both sides

SAME_EVERYWHERE = re.compile(r"TrP ?\d*")  # labels that need no other language

Outlines = Mapping[str, Outline]
Rule = Callable[[Patterns, Outlines, str], list[Problem]]


def _few(rule: Callable[[Patterns, Outlines, str], Iterator[Problem]]) -> Rule:
    """The rule, stopped after `limits.PROBLEMS` problems."""

    @wraps(rule)
    def first(patterns: Patterns, outlines: Outlines, file: str) -> list[Problem]:
        problems = rule(patterns, outlines, file)
        found = [*islice(problems, limits.PROBLEMS)]
        return [*found, Problem("and more problems of this kind", file)] if next(problems, None) else found

    return first


def all_problems(patterns: Patterns, outlines: Outlines, file: str) -> list[Problem]:
    """Every disagreement, in the order of the rules; outlines may show more than the patterns speak of."""
    if not outlines:
        body = patterns.about.body
        hint = f"add files {body}.<view>.svg, or name a body that is there"
        return [Problem(f"there are no outlines of the body '{body}'", file, "/about/body", hint)]
    rules = [off_body, off_muscle, on_the_other_side, regions_without_shape, muscles_without_shape]
    return [problem for rule in rules for problem in rule(patterns, outlines, file)]


def _points(patterns: Patterns) -> Iterator[tuple[str, Muscle, TriggerPoint]]:
    for i, muscle in enumerate(patterns.muscles):
        for j, point in enumerate(muscle.points):
            yield f"/muscles/{i}/points/{j}", muscle, point


@_few
def off_body(patterns: Patterns, outlines: Outlines, file: str) -> Iterator[Problem]:
    """Zones and points that leave the silhouette."""
    bodies: dict[str, Any] = {view: outline.silhouette.buffer(OFF_BODY_MM) for view, outline in outlines.items()}
    for body in bodies.values():
        shapely.prepare(body)
    for at, _, point in _points(patterns):
        yield from _zones_off(point, bodies, file, at)
        yield from _places_off("point", point.at, bodies, file, at)
    for index, acupoint in enumerate(patterns.acupoints):
        yield from _places_off("acupuncture point", acupoint.at, bodies, file, f"/acupoints/{index}")


def _zones_off(point: TriggerPoint, bodies: dict[str, Any], file: str, at: str) -> Iterator[Problem]:
    for index, zone in enumerate(point.zones):
        body = bodies.get(zone.view, zone.geometry)
        outside = MultiPolygon() if body.contains(zone.geometry) else zone.geometry.difference(body)
        if outside.area > OFF_BODY_MM2:
            x, y = inner_point(outside)
            what = f"the zone leaves the body at ({x:g}, {y:g})"
            yield Problem(what, file, f"{at}/zones/{index}", "clip it to the silhouette of the view")


def _places_off(
    kind: str, places: Mapping[str, tuple[float, float]], bodies: dict[str, Any], file: str, at: str
) -> Iterator[Problem]:
    for view, (x, y) in places.items():
        if view in bodies and not bodies[view].contains(Point(x, y)):
            what = f"the {kind} ({x:g}, {y:g}) lies off the body"
            yield Problem(what, file, f"{at}/at/{view}", "place it inside the silhouette of the view")


@_few
def off_muscle(patterns: Patterns, outlines: Outlines, file: str) -> Iterator[Problem]:
    """Trigger points away from the shape of their muscle, where a view has one."""
    for at, muscle, point in _points(patterns):
        for view, place in point.at.items():
            shape = outlines[view].muscles.get(muscle.id) if view in outlines else None
            distance = shape.distance(Point(place)) if shape else 0.0
            if distance > OFF_MUSCLE_MM:
                what = f"the point lies {distance:.0f} mm off the shape of {muscle.id}"
                yield Problem(what, file, f"{at}/at/{view}", "place it on the muscle")


@_few
def on_the_other_side(patterns: Patterns, outlines: Outlines, file: str) -> Iterator[Problem]:
    """Points and zones of the patient's left, where the data are of the right and pain is said to be felt there."""
    hint = "draw the patient's right: x above 0 from behind, below 0 from the front"
    for at, _, point in _points(patterns):
        if point.laterality != SAME_SIDE:
            continue
        for view, (x, _y) in point.at.items():
            if x * RIGHTWARDS.get(view, 0) < 0:
                yield Problem("the point lies on the patient's left", file, f"{at}/at/{view}", hint)
        for index, zone in enumerate(point.zones):
            if zone.geometry.centroid.x * RIGHTWARDS.get(zone.view, 0) < 0:
                yield Problem("most of the zone lies on the patient's left", file, f"{at}/zones/{index}", hint)


@_few
def regions_without_shape(patterns: Patterns, outlines: Outlines, file: str) -> Iterator[Problem]:
    """Regions that pain reaches but no view shows."""
    drawn = sorted({name for outline in outlines.values() for name in outline.regions})
    for at, _, point in _points(patterns):
        for kind in KINDS:
            for index, name in enumerate(point.regions.get(kind, ())):
                if name not in drawn:
                    what, place = f"no outline shows the region '{name}'", f"{at}/regions/{kind}/{index}"
                    yield Problem(what, file, place, suggestion(name, drawn))


@_few
def muscles_without_shape(patterns: Patterns, outlines: Outlines, file: str) -> Iterator[Problem]:
    """Muscles without a shape in any view; one without trigger points leaves nothing to draw."""
    drawn = sorted({name for outline in outlines.values() for name in outline.muscles})
    for index, muscle in enumerate(patterns.muscles):
        if muscle.id not in drawn:
            lacking = "" if muscle.points else ", which has no trigger points either: nothing of it can be drawn"
            what = f"no outline shows the muscle '{muscle.id}'{lacking}"
            yield Problem(what, file, f"/muscles/{index}/id", suggestion(muscle.id, drawn))


def missing_names(patterns: Patterns) -> dict[str, list[str]]:
    """Where names are missing, as JSON pointers by language: English is drawn there. That is no fault of a file.

    A language of names only needs those of muscles. Acupuncture points need none beside their codes.
    """
    muscles = {f"/muscles/{index}/names": muscle.names for index, muscle in enumerate(patterns.muscles)}
    others = {f"/regions/{key}/names": region.names for key, region in patterns.regions.items()}
    for at, _, point in _points(patterns):
        if not SAME_EVERYWHERE.fullmatch(point.label[FALLBACK]):
            others[f"{at}/label"] = point.label
    wanted = {code: muscles if code in NAMES_ONLY else muscles | others for code in LANGUAGES}
    lacking = {code: [at for at, names in named.items() if code not in names] for code, named in wanted.items()}
    return {code: pointers for code, pointers in lacking.items() if pointers}
