"""`trigpoint list`: the muscles, those that refer pain to a region, or the regions; for people, or as JSON."""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Collection, Iterable

from ..atlas import Atlas, load_atlas
from ..atlas.patterns import KINDS, Muscle
from ..errors import InputError, Problem, UnknownNameError
from ..words import name
from . import console

COLUMN = 28


def run(arguments: argparse.Namespace) -> int:
    """Print one line per muscle; with regions, why it is listed."""
    if arguments.regions and arguments.region is not None:
        raise InputError(Problem("--regions and --region exclude each other", hint="leave one out"))
    atlas = load_atlas(patterns=arguments.patterns, outlines=arguments.outlines, repair=arguments.repair)
    if arguments.regions:
        return _list_regions(arguments, atlas)
    regions = _regions(arguments.region or (), atlas)
    language = atlas.language(arguments.language)
    asked: dict[str, object] = {"region": regions[0]} if len(regions) == 1 else {"regions": regions} if regions else {}
    listed = 0
    for muscle in atlas.muscles:
        reached = {kind: _points_reaching(muscle, kind, regions) for kind in KINDS} if regions else {}
        if regions and not any(reached.values()):
            continue
        listed += 1
        if arguments.json:
            points = [point.id for point in muscle.points]
            console.say_json({"id": muscle.id, "names": dict(muscle.names), "points": points, **asked, **reached})
        else:
            console.say(_list_line(muscle, reached, language))
    if regions and not listed:
        console.note(f"notice: no muscle here refers pain to {' or '.join(regions)}")
    return 0


def _regions(wanted: Iterable[str], atlas: Atlas) -> tuple[str, ...]:
    """The ids of regions, each a name or several between commas; a name may have commas of its own."""
    found: list[str] = []
    for text in wanted:
        try:
            found.append(atlas.find_region(text))
        except UnknownNameError:
            if "," not in text:
                raise
            found += (atlas.find_region(part.strip()) for part in text.split(","))
    return tuple(dict.fromkeys(found))


def _list_regions(arguments: argparse.Namespace, atlas: Atlas) -> int:
    """Print one line per region of the skin."""
    language = atlas.language(arguments.language)
    for region in atlas.patterns.regions.values():
        if arguments.json:
            console.say_json({"id": region.id, "names": dict(region.names), "definition": region.definition})
        else:
            console.say(f"{region.id:<{COLUMN}} {name(region.names, language)}")
    return 0


def _points_reaching(muscle: Muscle, kind: str, regions: Collection[str]) -> list[str]:
    return [point.id for point in muscle.points if not {*regions}.isdisjoint(point.regions.get(kind, ()))]


def _list_line(muscle: Muscle, reached: dict[str, list[str]], language: str) -> str:
    parts = [
        f"{kind}: {', '.join(point.rpartition('.')[2] for point in points)}"
        for kind, points in reached.items()
        if points
    ]
    why = "; ".join(parts) or console.counted(len(muscle.points), "trigger point")
    return f"{muscle.id:<{COLUMN}} {_padded(name(muscle.names, language), COLUMN)} {why}"


def _padded(text: str, room: int) -> str:
    """The text with blanks up to a column of the terminal, where Chinese and Japanese signs take two columns."""
    columns = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * (room - columns)
