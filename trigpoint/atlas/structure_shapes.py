"""The drawing of structures in one file, `<file>.<view>.svg`, as `Structure`s.

A file holds one muscle (or other structure that is no bone), or some bones. It is in the subset of SVG that outlines
are in, with groups of its own; what is not as it should be is a finding with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import shapely
from shapely import MultiLineString, MultiPolygon

from ..files.findings import Findings
from ..files.reading import Readable, file_name, read_bytes
from ..geometry.rings import areas_in
from .outline_reader import DrawnShape, OutlineSheet, parse, parse_known
from .outline_shapes import Lines, checked, judged, landmarks
from .read_only import ReadOnly
from .structure_index import Entry
from .structures import BONE, STEPS, TONES, Drawn, Listed, Structure

GROUPS = ("rim", "tones", "tendon", "fibres", "members", "bones", "shades", "lines")
MUSCLE_GROUPS = GROUPS[:5]  # of which all shapes are drawn together
UNSTATED = "not stated"  # the source of a file that names none
HAIR_MM = 0.15  # by which a tone may pass what it lies in: files keep a tenth of a millimetre
_NUMBERED = re.compile(r"(.+)\.([1-9])")

Listing = Mapping[str, Entry]


def read_structures(source: Readable, view: str, listed: Listing, *, repair: bool = False) -> dict[str, Structure]:
    """The structures of a file that the index lists for it; InputError with every problem, each with its place.

    Tones that leave what they lie in are cut. With `repair`, shapes that cross themselves are mended where that changes
    their area by less than 1 %; each is a warning.
    """
    findings = Findings(file_name(source), repair=repair)
    sheet = parse(read_bytes(source, "SVG_BYTES"), GROUPS, findings)
    shapes, lines = judged(sheet.marks, findings, GROUPS)
    landmarks(sheet.marks, findings)  # circles are none here
    _check_ids(sheet.marks, listed, findings)
    findings.settle()
    made = {key: _clipped(_structure(sheet, shapes, lines, view, listed, key)) for key in listed}
    for one in made.values():
        _check_box(one, listed[one.id], findings)
    findings.settle()
    return made


def open_structures(source: Readable, view: str, listed: Listing) -> Mapping[str, Structure]:
    """As `read_structures`, of a file that was checked when it was made; each is made at the first use."""
    findings = Findings(file_name(source))
    sheet = parse_known(read_bytes(source, "SVG_BYTES"), findings)
    shapes, lines = checked(sheet.marks, findings, GROUPS, all=MUSCLE_GROUPS)
    known = {key: Listed(entry.kind, entry.title) for key, entry in listed.items()}
    return Drawn(known, partial(_structure, sheet, shapes, lines, view, listed))


def _structure(
    sheet: OutlineSheet, shapes: Mapping[str, Any], lines: Lines, view: str, listed: Listing, key: str
) -> Structure:
    none, words = MultiPolygon(), sheet.words.get("source") or UNSTATED
    kind, title = listed[key][:2]
    if kind == BONE:
        tones = _numbered(shapes["shades"], key)
        drawn, strokes = shapes["bones"].get(key, none), shapes["lines"].get(f"{key}.lines", none)
        return Structure(key, kind, view, title, drawn, tones, lines=strokes, source=words)
    tendon = shapes["tendon"]
    return Structure(
        key,
        kind,
        view,
        title,
        shapes["rim"].get("rim", none),
        _numbered(shapes["tones"], "tone"),
        tendon.get("tendon", none),
        _numbered(tendon, "tendon"),
        lines.get("fibres", MultiLineString()),
        lines.get("fibres.tendon", MultiLineString()),
        ReadOnly(shapes["members"]),
        ReadOnly({mark.id: mark.title for mark in sheet.marks if mark.group == "members"}),
        source=words,
    )


def _numbered(shapes: Mapping[str, MultiPolygon], name: str) -> tuple[MultiPolygon, ...]:
    """The shapes `name.1`, `name.2`, ... in their order."""
    keys = (f"{name}.{number}" for number in range(1, TONES + 1))
    return tuple(shapes[key] for key in keys if key in shapes)


def _check_ids(marks: Iterable[DrawnShape], listed: Listing, findings: Findings) -> None:
    """Note ids that mean nothing here, and shapes that are missing."""
    found = {(mark.group, mark.id): mark for mark in marks if mark.group in GROUPS}
    bones = [key for key, entry in listed.items() if entry.kind == BONE]
    allowed = {("bones", bone) for bone in bones} | {("lines", f"{bone}.lines") for bone in bones}
    allowed |= {("shades", f"{bone}.{step + 1}") for bone in bones for step in range(STEPS)}
    if len(bones) < len(listed):
        allowed |= {("rim", "rim"), ("tendon", "tendon"), ("fibres", "fibres"), ("fibres", "fibres.tendon")}
        allowed |= {("tones", f"tone.{step + 1}") for step in range(TONES)}
        allowed |= {("tendon", f"tendon.{step + 1}") for step in range(STEPS)}
        allowed |= {key for key in found if key[0] == "members"}
        if ("rim", "rim") not in found:
            findings.add("no rim", "rim", "draw its edge as a closed path with the id 'rim' in this group")
    for key, mark in found.items():
        if key not in allowed:
            ids = [name for group, name in allowed if group == key[0]]
            findings.add("no such shape is known here", mark.at, findings.meant(mark.id, sorted(ids)))
    for bone in bones:
        if ("bones", bone) not in found:
            findings.add(f"no bone '{bone}', which the index places here", "bones", "draw it, or leave it out there")
    for (group, name), mark in found.items():
        step = _NUMBERED.fullmatch(name)
        if step and group != "members" and step[2] != "1" and (group, f"{step[1]}.{int(step[2]) - 1}") not in found:
            findings.add("the step before it is missing", mark.at, "count the steps from 1, the lightest first")


def _clipped(one: Structure) -> Structure:
    """The structure with every tone inside the one before, the first one and the tendon inside the rim."""
    tendon = _within(one.tendon, one.rim)
    return replace(
        one,
        tones=_nested(one.tones, one.rim),
        tendon=tendon,
        tendon_tones=_nested(one.tendon_tones, tendon),
        members=ReadOnly({key: _within(shape, one.rim) for key, shape in one.members.items()}),
    )


def _nested(tones: Iterable[MultiPolygon], around: MultiPolygon) -> tuple[MultiPolygon, ...]:
    found = []
    for tone in tones:
        around = _within(tone, around)
        found.append(around)
    return tuple(found)


def _within(shape: MultiPolygon, around: MultiPolygon) -> MultiPolygon:
    """The shape itself where it keeps inside by a hair, else the part of it that does."""
    if shape.is_empty or around.buffer(HAIR_MM).covers(shape):
        return shape
    return areas_in(shapely.intersection(shape, around))


def _check_box(one: Structure, entry: Entry, findings: Findings) -> None:
    given, drawn = entry.boxes[one.view], one.rim.bounds
    if max(abs(a - b) for a, b in zip(given, drawn, strict=True)) > HAIR_MM:
        said = ", ".join(f"{value:.1f}" for value in drawn)
        at = "rim" if one.kind != BONE else f"bones/{one.id}"
        findings.add("the index gives another box", at, f"write [{said}] for {one.id} in index.json")
