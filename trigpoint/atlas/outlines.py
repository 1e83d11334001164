"""The drawn body: one outline per body and view, in a strict subset of SVG that any browser shows.

What an outline holds, and how its file is read. Shapes are in the view frame: millimetres on
the 1,700 mm body, x to the viewer's right, y down from the top of the head. `outline_reader` reads the XML,
`outline_shapes` makes the shapes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely import MultiLineString, MultiPolygon

from .. import limits
from ..files.findings import Findings
from ..files.reading import Readable, file_name, read_bytes
from .outline_reader import OutlineSheet, numbers, parse, parse_known
from .outline_shapes import GROUPS, TONES, checked, judged, landmarks
from .read_only import ReadOnly
from .structures import Structure
from .views import SIDES as SIDES  # outlines are known by them
from .views import VIEWS as VIEWS
from .views import Place
from .views import mirror as mirror
from .views import mirror_place as mirror_place
from .views import mirror_view as mirror_view

Shapes = Mapping[str, MultiPolygon]


@dataclass(frozen=True)
class Outline:
    """One body in one view, in the view frame; shapes of paired things are the patient's right.

    Attributes
    ----------
    bounds : tuple of float
        The viewBox: xmin, ymin, width, height in mm.
    silhouette, tones : MultiPolygon, tuple of MultiPolygon
        The body, and its steps of shade: each covers what is darker than the one before.
    lines, bones, regions, muscles : mapping of shapely shapes by id
    fibres, landmarks : mapping
        Lines of pull by muscle, places (x, y) by landmark.
    titles : mapping
        The English words of every id of the file, with those of numbered parts (`silhouette.1`) and of landmarks that
        are named like a shape (`landmark.vertex`).
    structures : mapping of Structure by id
        Muscles, bones and what lies between them as they are drawn, those in files of their own too; an atlas fills it.
    """

    body: str
    view: str
    bounds: tuple[float, float, float, float]  # the viewBox: xmin, ymin, width, height
    silhouette: MultiPolygon
    tones: tuple[MultiPolygon, ...] = ()
    lines: Shapes = field(default_factory=ReadOnly)
    bones: Shapes = field(default_factory=ReadOnly)
    regions: Shapes = field(default_factory=ReadOnly)
    muscles: Shapes = field(default_factory=ReadOnly)
    fibres: Mapping[str, MultiLineString] = field(default_factory=ReadOnly)
    landmarks: Mapping[str, Place] = field(default_factory=ReadOnly)
    titles: Mapping[str, str] = field(default_factory=ReadOnly)
    title: str = ""
    licence: str = ""
    author: str = ""
    source: str = ""
    structures: Mapping[str, Structure] = field(default_factory=ReadOnly, repr=False, compare=False)


def read_outline(source: Readable, *, repair: bool = False) -> Outline:
    """The outline of a file `<body>.<view>.svg`; InputError with every problem, each with its place.

    With `repair`, shapes that cross themselves are mended where that changes their area by less than 1 %; each is a
    warning.
    """
    findings = Findings(file_name(source), repair=repair)
    named = _named(findings)
    sheet = parse(read_bytes(source, "SVG_BYTES"), GROUPS, findings)
    return _outline(named, sheet, *judged(sheet.marks, findings), findings)


def open_outline(source: Readable) -> Outline:
    """As `read_outline`, for a file that was checked when it was made.

    Lines, bones, regions, muscles and their fibres become shapes when they are first asked for: a plate needs few of
    them.
    """
    findings = Findings(file_name(source))
    named = _named(findings)
    sheet = parse_known(read_bytes(source, "SVG_BYTES"), findings)
    return _outline(named, sheet, *checked(sheet.marks, findings), findings)


def _named(findings: Findings) -> tuple[str, str]:
    """Body and view from the file name; a finding where it does not give them."""
    name = FILE.fullmatch(re.split(r"[/\\]", findings.file)[-1])
    if name is None:
        findings.add("the file name does not say body and view", hint=f"name it <body>.<view>.svg, view {_OR_VIEWS}")
        return "", ""
    return name[1], name[2]


def _outline(
    named: tuple[str, str],
    sheet: OutlineSheet,
    shapes: Mapping[str, Any],
    lines: Mapping[str, MultiLineString],
    findings: Findings,
) -> Outline:
    """The outline, if there are no findings."""
    places = landmarks(sheet.marks, findings)
    if shapes["silhouette"].is_empty and not findings:
        findings.add("no silhouette", "silhouette", "draw the body's edge as closed paths in this group")
    bounds = _bounds(sheet, findings)
    findings.settle()
    return Outline(
        *named,
        bounds,
        shapes["silhouette"],
        _tones(shapes),
        shapes["lines"],
        shapes["bones"],
        shapes["regions"],
        shapes["muscles"],
        lines,
        ReadOnly(places),
        ReadOnly({mark.id: mark.title for mark in sheet.marks}),
        sheet.title,
        author=sheet.words.get("author", ""),
        licence=sheet.words.get("licence", ""),
        source=sheet.words.get("source", ""),
    )


def _tones(shapes: Mapping[str, Any]) -> tuple[MultiPolygon, ...]:
    """The steps of shade up to the last that is drawn."""
    tones: list[MultiPolygon] = [shapes[name] for name in TONES]
    while tones and tones[-1].is_empty:
        tones.pop()
    return tuple(tones)


FILE = re.compile(rf"([A-Za-z][A-Za-z0-9_-]*)\.({'|'.join(VIEWS)})\.svg")  # how an outline's file is named
_OR_VIEWS = ", ".join(VIEWS[:-1]) + f" or {VIEWS[-1]}"


def _bounds(sheet: OutlineSheet, findings: Findings) -> tuple[float, float, float, float]:
    try:
        x, y, width, height = numbers(sheet.view_box)
    except ValueError:
        findings.fail("the viewBox is missing or not four numbers", "svg", 'write viewBox="xmin ymin width height"')
    if not (width > 0 and height > 0 and max(map(abs, (x, y, width, height))) <= 2 * limits.COORDINATE_MM):
        findings.add("the viewBox shows no part of a body", "svg", "write millimetres on the 1,700 mm body")
    return x, y, width, height
