"""Referral patterns as values: muscles, their trigger points, zones, regions and the sources behind each.

`pattern_checks` and the schema beside the data say what a pattern file must obey, `pattern_writer` writes one.
Coordinates are in the view frame of the outlines, for the patient's right side. Whether a body has such a region or
muscle is checked in `consistency`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from ..errors import unknown
from ..files.findings import Findings
from ..files.reading import Readable, file_name, parse_json, read_bytes
from ..files.shipped import resource
from ..geometry import rings
from .pattern_checks import KINDS as KINDS
from .pattern_checks import LOW as LOW
from .pattern_checks import REACHES as REACHES
from .pattern_checks import SAME_SIDE as SAME_SIDE
from .pattern_checks import check
from .pattern_checks import name_key as name_key
from .read_only import ReadOnly

Place = tuple[float, float]
Ring = tuple[Place, ...]


@dataclass(frozen=True)
class Source:
    """A publication; `basis` is "read" or "recall" (cited from general knowledge)."""

    key: str
    citation: str
    year: int | None
    kind: str
    basis: str
    doi: str = ""
    url: str = ""


@dataclass(frozen=True)
class Region:
    """A named region of the skin; `wpi` is its area in the Widespread Pain Index, empty for none."""

    id: str
    names: Mapping[str, str]
    definition: str
    wpi: str = ""


@dataclass(frozen=True)
class Evidence:
    """What a source says about a point (`locator`), and whether that place was read (`basis`)."""

    source: str
    basis: str
    locator: str = ""


@dataclass(frozen=True)
class Zone:
    """A zone in one view: `kind` "essential" or "spillover", rings under the even-odd rule in mm of the view frame."""

    kind: str
    view: str
    rings: tuple[Ring, ...]

    @classmethod
    def of(cls, kind: str, view: str, shape: BaseGeometry) -> Zone:
        """The zone of a polygon shape, snapped to the grid of the stored files."""
        found = rings.rings_of(rings.on_grid(shape))
        return cls(kind, view, tuple(tuple((x, y) for x, y in ring.tolist()) for ring in found))

    @cached_property
    def geometry(self) -> MultiPolygon:
        """The zone as a shapely shape."""
        return rings.even_odd(self.rings)


@dataclass(frozen=True)
class TriggerPoint:
    """A trigger point and its referred pain.

    Attributes
    ----------
    id, number : str, int
        Such as "gluteus_medius.trp1", 1.
    label, location, laterality : mapping of str by language, str, str
    at : mapping
        The place (x, y) of the X by view, for views that show it.
    zones : tuple of Zone
    evidence, confidence, review : tuple of Evidence, {"high", "medium", "low"}, str
    regions : mapping
        Ids of regions by "essential", "spillover" and "not_reached".
    area_cm2 : mapping
        By kind of zone, on the skin of the 1,700 mm body; empty where unknown.
    only_side : str
        "right" or "left" for a point that only one side has, such as McBurney's, else empty.
    """

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
    regions: Mapping[str, tuple[str, ...]] = field(default_factory=ReadOnly)
    area_cm2: Mapping[str, float] = field(default_factory=ReadOnly)
    only_side: str = ""

    def on(self, side: str) -> bool:
        """Whether the point exists on this side of the patient; nearly all exist on both."""
        return self.only_side in ("", side)


@dataclass(frozen=True)
class Prevalence:
    """The percentage of patients with low back pain in whom a muscle's points are active, from least to most."""

    least: float
    most: float
    source: str


@dataclass(frozen=True)
class Muscle:
    """A muscle with its trigger points, by number.

    `names` are by language; `fma` and `uberon` are its ids in these ontologies, empty where unknown; `layer` is its
    depth, from 1 on the bone to 5 under the skin, 0 where not stated.
    """

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
    layer: int = 0
    prevalence: Prevalence | None = None

    def point(self, which: int | str) -> TriggerPoint:
        """The trigger point with this number (1), name (`trp1`, `TrP1`) or id; UnknownNameError for none."""
        wanted = str(which).casefold()
        for point in self.points:
            if wanted in (point.id, f"trp{point.number}", str(point.number)):
                return point
        raise unknown(f"trigger point of {self.id}", which, [f"trp{point.number}" for point in self.points])


@dataclass(frozen=True)
class Acupoint:
    """An acupuncture point, shown for nearness only; `at` is its place by view."""

    id: str
    names: Mapping[str, str]
    location: str
    at: Mapping[str, Place]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class About:
    """Title, version and licence of a pattern file, and the body of its coordinates."""

    title: str
    version: str
    licence: str
    stature_mm: int = 1700
    body: str = "neutral"


@dataclass(frozen=True)
class Patterns:
    """The content of one pattern file."""

    about: About
    sources: Mapping[str, Source]
    regions: Mapping[str, Region]
    muscles: tuple[Muscle, ...]
    acupoints: tuple[Acupoint, ...] = ()


def read_patterns(source: Readable, *, repair: bool = False) -> Patterns:
    """The patterns of a file; InputError with every problem, each with its JSON pointer.

    With `repair`, rings that cross are mended where that changes their area by less than 1 %; each is a warning.
    """
    findings = Findings(file_name(source), repair=repair)
    value = parse_json(read_bytes(source, "JSON_BYTES"), findings)
    check(value, findings)
    findings.settle()
    return _patterns(value)


def shipped_patterns() -> Patterns:
    """The patterns that come with the library; its own tests have checked that file, so it is only loaded here."""
    return _patterns(json.loads(resource("data", "referral_patterns.json").read_bytes()))


def _patterns(value: dict[str, Any]) -> Patterns:
    sources = {key: Source(key, **fields) for key, fields in value["sources"].items()}
    regions = {key: Region(key, **_read_only(fields)) for key, fields in value["regions"].items()}
    muscles = tuple(_muscle(fields) for fields in value["muscles"])
    acupoints = tuple(Acupoint(**_read_only(fields) | _placed(fields)) for fields in value.get("acupoints", ()))
    return Patterns(About(**value["about"]), ReadOnly(sources), ReadOnly(regions), muscles, acupoints)


def _muscle(fields: dict[str, Any]) -> Muscle:
    special = {
        "points": tuple(_point(point) for point in fields["points"]),
        "aliases": tuple(fields.get("aliases", ())),
        "prevalence": Prevalence(**fields["prevalence"]) if "prevalence" in fields else None,
    }
    return Muscle(**_read_only(fields) | special)


def _point(fields: dict[str, Any]) -> TriggerPoint:
    reached = {reach: tuple(ids) for reach, ids in fields.get("regions", {}).items()}
    zones = tuple(_zone(**zone) for zone in fields["zones"])
    special = _placed(fields) | {"zones": zones, "regions": ReadOnly(reached)}
    return TriggerPoint(**_read_only(fields) | special)


def _placed(fields: dict[str, Any]) -> dict[str, Any]:
    """What trigger points and acupuncture points have alike."""
    return {
        "at": ReadOnly({view: (float(x), float(y)) for view, (x, y) in fields["at"].items()}),
        "evidence": tuple(Evidence(**evidence) for evidence in fields["evidence"]),
    }


def _zone(kind: str, view: str, rings: list[list[list[float]]]) -> Zone:
    return Zone(kind, view, tuple([tuple(map(tuple, ring)) for ring in rings]))  # type: ignore[arg-type]


def _read_only(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: ReadOnly(item) if isinstance(item, dict) else item for key, item in fields.items()}
