"""Patterns as the canonical text of a pattern file, so that two versions of a file can be compared line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..files.canonical import json_text, place, ring
from .pattern_checks import FORMAT, REACHES
from .patterns import Acupoint, Evidence, Muscle, Patterns, Prevalence, TriggerPoint, Zone

# Where the order in the text is not the order of the fields.
_ORDER: Mapping[type, str] = {
    Evidence: "source locator basis",
    TriggerPoint: "id number label location laterality only_side at zones area_cm2 regions evidence confidence review",
    Muscle: "id names aliases fma uberon group layer prevalence origin insertion innervation notes points",
}
_OPTIONAL = frozenset(
    {"doi", "url", "wpi", "fma", "uberon", "locator", "area_cm2", "only_side", "layer", "prevalence"}
)  # left out of the text where they are empty


def format_patterns(patterns: Patterns) -> str:
    """The patterns as canonical JSON text: sorted ids, one ring per line, one decimal."""
    muscles = sorted(patterns.muscles, key=lambda muscle: muscle.id)
    value = {
        "format": FORMAT,
        "about": _fields(patterns.about),
        "sources": {key: _fields(patterns.sources[key], leave="key") for key in sorted(patterns.sources)},
        "regions": {key: _fields(patterns.regions[key], leave="id") for key in sorted(patterns.regions)},
        "muscles": [_fields(muscle) | {"points": _points(muscle)} for muscle in muscles],
    }
    if patterns.acupoints:
        value["acupoints"] = [
            _fields(point) | _at(point) | {"evidence": [_fields(evidence) for evidence in point.evidence]}
            for point in sorted(patterns.acupoints, key=lambda point: point.id)
        ]
    return json_text(value) + "\n"


def _at(point: TriggerPoint | Acupoint) -> dict[str, Any]:
    return {"at": {view: place(point.at[view]) for view in sorted(point.at)}}


def _points(muscle: Muscle) -> list[dict[str, Any]]:
    return [
        _fields(point)
        | _at(point)
        | {
            "zones": [_fields(zone) | {"rings": [ring(points) for points in zone.rings]} for zone in _sorted(point)],
            "regions": {reach: sorted(point.regions.get(reach, ())) for reach in REACHES},
            "evidence": [_fields(evidence) for evidence in point.evidence],
        }
        for point in sorted(muscle.points, key=lambda point: point.number)
    ]


def _sorted(point: TriggerPoint) -> list[Zone]:
    return sorted(point.zones, key=lambda zone: (zone.kind, zone.view))


def _fields(value: Any, *, leave: str | None = None) -> dict[str, Any]:
    names = _ORDER[type(value)].split() if type(value) in _ORDER else list(value.__dataclass_fields__)
    pairs = ((name, getattr(value, name)) for name in names if name != leave)
    return {name: _plain(item) for name, item in pairs if item or name not in _OPTIONAL}


def _plain(item: Any) -> Any:
    if isinstance(item, Mapping):
        return {key: item[key] for key in sorted(item)}
    if isinstance(item, Prevalence):
        return _fields(item)
    return list(item) if isinstance(item, tuple) else item
