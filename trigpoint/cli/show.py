"""`trigpoint list`, `show` and `check`: what the data say, as text for people and JSON for machines.

Facts are printed with how far to trust them: which source, whether it was read, how sure, how far reviewed.
Nothing is drawn or written here.
"""

from __future__ import annotations

import argparse
import json
import shutil
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..atlas import Atlas, load_atlas
from ..atlas.pattern_writer import format_patterns
from ..atlas.patterns import KINDS, REACHES, Muscle, Patterns, TriggerPoint
from ..errors import InputError, Problem, escaped
from ..plate.captions import laterality
from ..words import name
from . import console

RECALL = "recall: cited from general knowledge, not checked against the page"
CAUTION = "Published expert observation of typical patterns: not a measurement, not a diagnosis."
LABEL_WIDTH = 13
LINE_WIDTH = 100
COLUMN = 28
TOLD = 3  # places without a name; the rest are counted


def list_muscles(arguments: argparse.Namespace) -> int:
    """Print one line per muscle; with a region, why it is listed."""
    if arguments.regions and arguments.region is not None:
        raise InputError(Problem("--regions and --region exclude each other", hint="leave one out"))
    atlas = load_atlas(patterns=arguments.patterns, outlines=arguments.outlines, repair=arguments.repair)
    if arguments.regions:
        return _list_regions(arguments, atlas)
    region = None if arguments.region is None else atlas.find_region(arguments.region)
    language = atlas.language(arguments.language)
    listed = 0
    for muscle in atlas.muscles:
        reached = {kind: _points_reaching(muscle, kind, region) for kind in KINDS} if region else {}
        if region and not any(reached.values()):
            continue
        listed += 1
        if arguments.json:
            points = [point.id for point in muscle.points]
            extra = {"region": region, **reached} if region else {}
            console.say_json({"id": muscle.id, "names": dict(muscle.names), "points": points, **extra})
        else:
            console.say(_list_line(muscle, reached, language))
    if region and not listed:
        console.note(f"notice: no muscle here refers pain to {region}")
    return 0


def _list_regions(arguments: argparse.Namespace, atlas: Atlas) -> int:
    """Print one line per region of the skin."""
    language = atlas.language(arguments.language)
    for region in atlas.patterns.regions.values():
        if arguments.json:
            console.say_json({"id": region.id, "names": dict(region.names), "definition": region.definition})
        else:
            console.say(f"{region.id:<{COLUMN}} {name(region.names, language)}")
    return 0


def _points_reaching(muscle: Muscle, kind: str, region: str) -> list[str]:
    return [point.id for point in muscle.points if region in point.regions.get(kind, ())]


def _list_line(muscle: Muscle, reached: dict[str, list[str]], language: str) -> str:
    parts = [f"{kind}: {', '.join(_short(point) for point in points)}" for kind, points in reached.items() if points]
    why = "; ".join(parts) or _counted(len(muscle.points), "trigger point")
    return f"{muscle.id:<{COLUMN}} {_padded(name(muscle.names, language), COLUMN)} {why}"


def _padded(text: str, room: int) -> str:
    """The text with blanks up to a column of the terminal, where Chinese and Japanese signs take two columns."""
    columns = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * (room - columns)


def _counted(count: int, thing: str) -> str:
    return f"{count or 'no'} {thing}{'' if count == 1 else 's'}"


def _short(point_id: str) -> str:
    return point_id.rpartition(".")[2]


def show_muscle(arguments: argparse.Namespace) -> int:
    """Print everything that is known about one muscle."""
    atlas = load_atlas(patterns=arguments.patterns, outlines=arguments.outlines, repair=arguments.repair)
    muscle, language = atlas.muscle(arguments.muscle), atlas.language(arguments.language)
    if arguments.json:
        console.say_json(_record(atlas.patterns, muscle))
    else:
        console.say("\n".join(_page(atlas, muscle, language)))
    return 0


def _record(patterns: Patterns, muscle: Muscle) -> dict[str, object]:
    """The muscle as the pattern file says it, with the sources it cites."""
    cited = {source: patterns.sources[source] for source in _cited(muscle)}
    whole = json.loads(format_patterns(replace(patterns, muscles=(muscle,), sources=cited)))
    return {**whole["muscles"][0], "sources": whole["sources"]}


def _cited(muscle: Muscle) -> list[str]:
    often = {muscle.prevalence.source} if muscle.prevalence else set()
    return sorted(often | {evidence.source for point in muscle.points for evidence in point.evidence})


def _page(atlas: Atlas, muscle: Muscle, language: str) -> Iterator[str]:
    patterns = atlas.patterns
    yield f"{name(muscle.names, language)} ({muscle.id})"
    named = [f"{code}: {muscle.names[code]}" for code in atlas.languages if code in muscle.names]
    yield from _fact("names", "; ".join(named))
    yield from _fact("also called", ", ".join(muscle.aliases))
    yield from _fact("origin", muscle.origin)
    yield from _fact("insertion", muscle.insertion)
    yield from _fact("innervation", muscle.innervation)
    yield from _fact("identifiers", ", ".join(filter(None, (muscle.fma, muscle.uberon))))
    yield from _fact("notes", muscle.notes)
    if often := muscle.prevalence:
        share = f"{often.least:g} to {often.most:g} % of patients with low back pain"
        yield from _fact("found active", f"in {share}; {often.source}")
    for point in muscle.points:
        yield ""
        yield from _point(patterns, point, language)
    if not muscle.points:
        yield from ("", "No trigger points of this muscle are recorded.")
        return
    yield from ("", "Sources")
    for key in _cited(muscle):
        source = patterns.sources[key]
        where = f" https://doi.org/{source.doi}" if source.doi else f" {source.url}" if source.url else ""
        yield from _fact(key, f"{source.citation}{where} [{source.basis}]")
    yield from ("", f"[{RECALL}]", CAUTION)


def _point(patterns: Patterns, point: TriggerPoint, language: str) -> Iterator[str]:
    yield f"{name(point.label, language)} ({point.id})"
    yield from _fact("location", point.location)
    for reach in REACHES:
        names = [name(patterns.regions[region].names, language) for region in point.regions.get(reach, ())]
        area = f" ({point.area_cm2[reach]:.0f} cm2 of skin)" if names and reach in point.area_cm2 else ""
        yield from _fact(reach.replace("_", " "), ", ".join(names) + area)
    yield from _fact("found on the", f"{point.only_side} side only" if point.only_side else "")
    yield from _fact("pain felt", laterality(point))
    yield from _fact("confidence", f"{point.confidence}; review: {point.review}")
    cited = (f"{item.source}{f', {item.locator}' if item.locator else ''} [{item.basis}]" for item in point.evidence)
    yield from _fact("evidence", "; ".join(cited))


def _fact(label: str, text: str) -> Iterable[str]:
    """A labelled paragraph; nothing where there is no text."""
    if not text:
        return ()
    width = max(40, min(LINE_WIDTH, shutil.get_terminal_size((LINE_WIDTH, 24)).columns))
    head = f"  {label:<{LABEL_WIDTH}} "
    indent = " " * len(head)
    return textwrap.wrap(
        text, width, initial_indent=head, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def check_files(arguments: argparse.Namespace) -> int:
    """Say whether patterns and outlines can be drawn; every problem of both at once."""
    atlas: Atlas = load_atlas(patterns=arguments.file, outlines=arguments.outlines, repair=arguments.repair)
    if problems := atlas.check():
        raise InputError(problems)
    points = sum(len(muscle.points) for muscle in atlas.muscles)
    missing = atlas.missing_names()
    if arguments.json:
        counted = {"muscles": len(atlas.muscles), "points": points, "missing_names": missing}
        console.say_json({"status": "ok", "file": arguments.file, **counted})
    else:
        said = f"{_counted(len(atlas.muscles), 'muscle')}, {_counted(points, 'trigger point')}"
        console.say(f"{escaped(arguments.file or 'shipped patterns')}: no problems ({said})")
        for code, places in missing.items():
            rest = f" and {len(places) - TOLD} more" if len(places) > TOLD else ""
            told = f"{_counted(len(places), 'name')} missing, drawn in English: {', '.join(places[:TOLD])}{rest}"
            console.note(f"notice: {code}: {told}")
    return 0
