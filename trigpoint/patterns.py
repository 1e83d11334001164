"""Referral patterns as values: muscles, their trigger points, zones, regions and the sources behind each.

This room knows the JSON format (its keys stand here and in the schema beside the data, nowhere else), its canonical
text, and what must agree inside one file. Coordinates are in the view frame of the outlines, for the patient's
right side. It does not know whether a body has such a region or such a muscle: the atlas does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from . import geometry
from .errors import unknown

FORMAT = 1
KINDS = ("essential", "spillover")
REACHES = (*KINDS, "not_reached")

Place = tuple[float, float]
Ring = tuple[Place, ...]


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Source:
    """A publication, and whether it was read or is cited from general knowledge."""

    key: str
    citation: str
    year: int | None
    kind: str
    basis: str
    doi: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """A named region of the skin, with its area in the Widespread Pain Index where it has one."""

    id: str
    names: Mapping[str, str]
    definition: str
    wpi: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a source says what a point's pattern is, and whether that place was read."""

    source: str
    basis: str
    locator: str = ""


@dataclass(frozen=True)
class Zone:
    """One kind of pain as one view shows it: rings under the even-odd rule, in the view frame."""

    kind: str
    view: str
    rings: tuple[Ring, ...]

    @classmethod
    def of(cls, kind: str, view: str, shape: BaseGeometry) -> Zone:
        """The zone of a polygon shape, snapped to the grid of the stored files."""
        rings = geometry.rings_of(geometry.on_grid(shape))
        return cls(kind, view, tuple(tuple((x, y) for x, y in ring.tolist()) for ring in rings))

    @cached_property
    def geometry(self) -> MultiPolygon:
        """The zone as a shapely shape."""
        return geometry.even_odd(self.rings)


@dataclass(frozen=True, slots=True)
class TriggerPoint:
    """A typical position (X) and where pressure on it is felt; `at` has a place only for views that show it."""

    id: str
    number: int
    label: Mapping[str, str]
    location: str
    laterality: str
    at: Mapping[str, Place]
    zones: tuple[Zone, ...]
    evidence: tuple[Evidence, ...]
    confidence: str
    review: str
    regions: Mapping[str, tuple[str, ...]] = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class Muscle:
    """A muscle with its names by language and its trigger points by number."""

    id: str
    names: Mapping[str, str]
    points: tuple[TriggerPoint, ...]
    aliases: tuple[str, ...] = ()
    fma: str = ""
    uberon: str = ""
    group: str = ""
    origin: str = ""
    insertion: str = ""
    innervation: str = ""
    notes: str = ""

    def point(self, which: int | str) -> TriggerPoint:
        """The trigger point with this number (1), name (`trp1`, `TrP1`) or id; UnknownNameError for none."""
        wanted = str(which).casefold()
        for point in self.points:
            if wanted in (point.id, f"trp{point.number}", str(point.number)):
                return point
        raise unknown(f"trigger point of {self.id}", which, [f"trp{point.number}" for point in self.points])


@dataclass(frozen=True, slots=True)
class About:
    """What a pattern file is, under which licence, and for which body its coordinates are."""

    title: str
    version: str
    licence: str
    stature_mm: int = 1700
    body: str = "neutral"


@dataclass(frozen=True, slots=True)
class Patterns:
    """Everything one pattern file says."""

    about: About
    sources: Mapping[str, Source]
    regions: Mapping[str, Region]
    muscles: tuple[Muscle, ...]


def format_patterns(patterns: Patterns) -> str:
    """The patterns as canonical JSON text: sorted ids, one ring per line, one decimal."""
    value = {
        "format": FORMAT,
        "about": _fields(patterns.about),
        "sources": {key: _fields(patterns.sources[key], leave="key") for key in sorted(patterns.sources)},
        "regions": {key: _fields(patterns.regions[key], leave="id") for key in sorted(patterns.regions)},
        "muscles": [_muscle(muscle) for muscle in sorted(patterns.muscles, key=lambda muscle: muscle.id)],
    }
    return _text(value, "") + "\n"


def _muscle(muscle: Muscle) -> dict[str, Any]:
    points = sorted(muscle.points, key=lambda point: point.number)
    return _fields(muscle) | {"points": [_point(point) for point in points]}


def _point(point: TriggerPoint) -> dict[str, Any]:
    zones = sorted(point.zones, key=lambda zone: (zone.kind, zone.view))
    return _fields(point) | {
        "at": {view: _Line(_place(point.at[view])) for view in sorted(point.at)},
        "zones": [_fields(zone) | {"rings": [_Line(_ring(ring)) for ring in zone.rings]} for zone in zones],
        "regions": {reach: sorted(point.regions.get(reach, ())) for reach in REACHES},
        "evidence": [_fields(evidence) for evidence in point.evidence],
    }


# Where the order of the text is not the order of the fields.
_ORDER: Mapping[type, str] = {
    Evidence: "source locator basis",
    TriggerPoint: "id number label location laterality at zones regions evidence confidence review",
    Muscle: "id names aliases fma uberon group origin insertion innervation notes points",
}
_OPTIONAL = frozenset({"doi", "url", "wpi", "fma", "uberon", "locator"})  # left out of the text where they are empty


def _fields(value: Any, *, leave: str = "") -> dict[str, Any]:
    names = _ORDER[type(value)].split() if type(value) in _ORDER else list(value.__dataclass_fields__)
    pairs = ((name, getattr(value, name)) for name in names if name != leave)
    return {name: _plain(item) for name, item in pairs if item or name not in _OPTIONAL}


def _plain(item: Any) -> Any:
    if isinstance(item, Mapping):
        return {key: item[key] for key in sorted(item)}
    return list(item) if isinstance(item, tuple) else item


@dataclass(frozen=True, slots=True)
class _Line:
    """A piece of JSON that stands on one line."""

    text: str


def _place(place: Place) -> str:
    x, y = (round(value, 1) + 0.0 for value in place)
    return f"[{x:.1f}, {y:.1f}]"


def _ring(ring: Iterable[Place]) -> str:
    return f"[{', '.join(_place(place) for place in ring)}]"


def _text(value: Any, indent: str) -> str:
    """JSON text with two blanks a level; values without containers inside stay on one line only if they are `_Line`."""
    inner = indent + "  "
    match value:
        case _Line(text):
            return text
        case dict() if value:
            rows = [f"{inner}{_quoted(key)}: {_text(item, inner)}" for key, item in value.items()]
            return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
        case list() if value and not all(isinstance(item, str) for item in value):
            return "[\n" + ",\n".join(inner + _text(item, inner) for item in value) + f"\n{indent}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _quoted(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)
