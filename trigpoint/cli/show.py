"""`trigpoint show`: all facts about a muscle with sources, confidence and review state, as text or JSON."""

from __future__ import annotations

import argparse
import json
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..atlas import Atlas, load_atlas
from ..atlas.pattern_writer import format_patterns
from ..atlas.patterns import REACHES, Muscle, Patterns, TriggerPoint
from ..plate.captions import laterality
from ..words import name
from . import console

RECALL = "recall: cited from general knowledge, not checked against the page"
CAUTION = "Published expert observation of typical patterns: not a measurement, not a diagnosis."
LABEL_WIDTH = 13
LINE_WIDTH = 100


def run(arguments: argparse.Namespace) -> int:
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
