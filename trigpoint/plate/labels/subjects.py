"""The subjects of a plate's labels: muscle, points, regions, landmarks and bones that it shows, and their places.

The place of an area is the point deepest inside its visible part, off the marks of trigger points; that of a landmark
or a trigger point is its own. Places are on the body, in the view frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import NamedTuple, TypeAlias

import shapely
from shapely.geometry.base import BaseGeometry

from ...atlas import Atlas
from ...atlas.structures import BONE, listing
from ...atlas.views import mirror
from ...geometry.frame import Point
from ...geometry.rings import areas_in, inner_point
from ...words import has, heading, name, word
from ..content import CACHED, MARK_ROOM, NAMEABLE, Seen
from ..crop import Figure, meets
from ..spec import Spec
from .label import Kind
from .visibility import clearness

VEILED = 30.0  # mm of the body at a cut, which fades
AT_THE_EDGE = 6.0  # mm by which a landmark may lie outside the drawn body
TOLERANCE = 1.0  # mm on the body, for the deepest point of an area
SIDES = {"right": ".r", "left": ".l"}


class Place(NamedTuple):
    """A place where a view shows a subject, and how well: mm2 of an area, up to 1 for a point."""

    spot: Point
    worth: float


class Subject(NamedTuple):
    """A thing to be named, with its places by view; views that do not show it have none."""

    key: str
    kind: Kind
    number: str
    text: str
    places: dict[str, Place]


Found: TypeAlias = tuple[str, Kind, str, dict[str, Place]]
Pairs: TypeAlias = Sequence[tuple[Seen, Figure]]


def subjects(atlas: Atlas, spec: Spec, seen: Sequence[Seen], figures: Sequence[Figure]) -> tuple[Subject, ...]:
    """All subjects of `spec.annotate` in reading order; points have numbers and come first."""
    pairs = list(zip(seen, figures, strict=True))
    found: list[Found] = []
    for asked in spec.annotate:
        match asked:
            case "muscle" if "muscle" in spec.layers:
                places = {one.view: Place(one.naming_place, one.muscle.area) for one in seen if one.naming_place}
                found.append(("muscle", "muscle", name(atlas.muscle(spec.muscle).names, spec.language), places))
            case "regions":
                found += _regions(atlas, spec, pairs)
            case "landmarks":
                found += _landmarks(atlas, spec, pairs)
            case "bones" if "bones" in spec.layers:
                found += _bones(spec, pairs)
    others = [Subject(key, kind, "", heading(text), places) for key, kind, text, places in found]
    views = {one.view: number for number, one in enumerate(seen)}
    return (*_points(atlas, spec, seen), *sorted(others, key=partial(_reading, views)))


def _reading(views: dict[str, int], subject: Subject) -> tuple[int, float, str]:
    """The key of the reading order: view by view, from head to foot."""
    view = max(subject.places, key=lambda view: (subject.places[view].worth, -views[view]), default="")
    return views.get(view, len(views)), subject.places[view].spot[1] if view else 0.0, subject.key


def _points(atlas: Atlas, spec: Spec, seen: Sequence[Seen]) -> Iterator[Subject]:
    if "points" not in spec.annotate or "points" not in spec.layers:
        return
    for each in spec.points:
        point = atlas.point(each)
        places = {one.view: Place(mark.place, 1.0) for one in seen for mark in one.marks if mark.id == each}
        text = name(point.label, spec.language)
        unseen = word("label.unseen", spec.language).format(label=text)
        yield Subject(each, "point", str(point.number), text if places else unseen, places)


def _regions(atlas: Atlas, spec: Spec, pairs: Pairs) -> Iterator[Found]:
    """The regions that the points' zones reach, in the order of the data."""
    points = [atlas.point(point) for point in spec.points]
    reached = dict.fromkeys(
        region for kind in ("essential", "spillover") for point in points for region in point.regions.get(kind, ())
    )
    for region in reached:
        every = ((one.view, _region_place(atlas, region, spec.side, spec.body, one, figure)) for one, figure in pairs)
        if places := {view: place for view, place in every if place}:
            yield f"region.{region}", "region", name(atlas.patterns.regions[region].names, spec.language), places


@lru_cache(8 * CACHED)
def _region_place(atlas: Atlas, region: str, side: str, body: str, one: Seen, figure: Figure) -> Place | None:
    return _place(atlas.region(region, view=one.view, side=side, body=body), (), one, figure)


def _landmarks(atlas: Atlas, spec: Spec, pairs: Pairs) -> Iterator[Found]:
    """The landmarks of the side shown and of the midline that lie in the crop and are not hidden by the body."""
    found: dict[str, dict[str, Place]] = {}
    words: dict[str, str] = {}
    for one, figure in pairs:
        ending = SIDES[one.view if one.view in SIDES else spec.side]
        for key, place in _landmark_places(atlas, spec.body, one).items():
            plain, dot, _ = key.partition(".")
            if (dot and not key.endswith(ending)) or not _shown(place, one, figure):
                continue
            clear = clearness(atlas, spec.body if one.outline.landmarks else atlas.patterns.about.body, one.view, key)
            if clear:
                found.setdefault(plain, {})[one.view] = Place(place, clear)
                words[plain] = _landmark_title(one, key)
    for key in found:
        yield f"landmark.{key}", "landmark", _said(f"landmark.{key}", words[key], spec.language), found[key]


def _landmark_places(atlas: Atlas, body: str, one: Seen) -> dict[str, Point]:
    """The landmarks of a view; a body without landmarks gets those of the atlas, warped to it."""
    own = dict(one.outline.landmarks)
    start = atlas.patterns.about.body
    if own or body == start:
        return own
    warp = atlas.warp(body, one.view)
    drawn = atlas.outline(start, one.view).landmarks
    return {key: warp.place(place) for key, place in drawn.items()} if warp else dict(drawn)


def _landmark_title(one: Seen, key: str) -> str:
    titles = one.outline.titles
    text = titles.get(f"landmark.{key}") or titles.get(key) or key.partition(".")[0].replace("_", " ")
    return text.removesuffix(", right").removesuffix(", left")


def _shown(place: Point, one: Seen, figure: Figure) -> bool:
    """Whether a place lies on the drawn body, clear of its fading ends."""
    top, bottom = _clear(one, figure)
    return top <= place[1] <= bottom and float(figure.fill.distance(shapely.Point(place))) <= AT_THE_EDGE


def _clear(one: Seen, figure: Figure) -> tuple[float, float]:
    """The heights between which the body does not fade."""
    _, high, _, low = figure.box
    _, vertex, _, sole = one.outline.silhouette.bounds
    return (high + VEILED if high > vertex else high), (low - VEILED if low < sole else low)


def _bones(spec: Spec, pairs: Pairs) -> Iterator[Found]:
    """The bones drawn; of a pair, that of the side shown."""
    found: dict[str, dict[str, Place]] = {}
    words: dict[str, str] = {}
    for one, figure in pairs:
        listed = listing(one.outline.structures)
        for key, about in listed.items():
            if about.kind != BONE or (about.box is not None and not has(f"bone.{key}")):
                continue  # discs, teeth and the like, of a file of structures, have no word
            near = meets(about.box, figure.box, both=one.view not in SIDES)
            if near and (place := _bone_place(key, spec.side, one, figure)):
                found.setdefault(key, {})[one.view] = place
                words[key] = one.outline.titles.get(key) or key.replace("_", " ")
    for key in found:
        yield f"bone.{key}", "bone", _said(f"bone.{key}", words[key], spec.language), found[key]


@lru_cache(8 * CACHED)
def _bone_place(key: str, side: str, one: Seen, figure: Figure) -> Place | None:
    bone = one.outline.bones[key]
    if side == "left" and one.view not in SIDES:
        bone = mirror(bone)
    return _place(bone, (one.muscle, one.essential, one.spillover), one, figure)


def _place(shape: BaseGeometry, over: Sequence[BaseGeometry], one: Seen, figure: Figure) -> Place | None:
    """The deepest point of the visible part of an area, off the marks, and off the shapes over it if enough is left."""
    left, _, right, _ = figure.box
    top, bottom = _clear(one, figure)
    if shape.is_empty or bottom <= top:
        return None
    window = shapely.intersection(figure.fill, shapely.box(left - 1, top, right + 1, bottom))
    seen = shapely.intersection(shape, window)
    off_marks = shapely.difference(seen, shapely.MultiPoint([mark.place for mark in one.marks]).buffer(MARK_ROOM))
    for rest in (shapely.difference(off_marks, shapely.union_all(list(over))), off_marks) if over else (off_marks,):
        parts = areas_in(rest, NAMEABLE).geoms
        if parts:
            return Place(inner_point(max(parts, key=lambda part: part.area), TOLERANCE), float(seen.area))
    return None


def _said(key: str, title: str, language: str) -> str:
    """The word for something drawn, or its title in the outline if there is no word."""
    return word(key, language) if has(key) else title
