"""What a plate says in words: credit, caption, description. Sentences are made from the data's lists.

Honest by construction: a source that is cited from general knowledge is said to be, and never with a page or a figure
number. This room knows words and refuses to know shapes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..atlas import Atlas
from ..patterns import Source, TriggerPoint
from ..words import listing, name, word
from .spec import Spec

_AUTHORS = re.compile(r"^(?P<authors>.+?) \((?P<year>\d{4})\)")
_INITIALS = re.compile(r"\s+[A-Z]{1,3}$")
MOST_SOURCES = 2  # in a credit line


def title(atlas: Atlas, spec: Spec) -> str:
    """The plate's title: the one asked for, else the muscle's name."""
    return spec.title or name(atlas.muscle(spec.muscle).names, spec.language)


def subtitle(spec: Spec) -> str:
    """What the plate shows, and of which side."""
    key = "subtitle" if len(spec.points) != 1 else "subtitle.one"
    return word(key, spec.language).format(side=word(f"side.{spec.side}", spec.language))


def short(source: Source) -> str:
    """A source as a credit line cites it.

    >>> short(Source("TS", "Travell JG, Simons DG (1992). Manual, vol. 2.", 1992, "manual", "recall"))
    'Travell & Simons 1992'
    """
    found = _AUTHORS.match(source.citation)
    if not found:
        return f"{source.citation.partition('.')[0]} {source.year}"
    authors = [_INITIALS.sub("", author) for author in found["authors"].removesuffix(", eds").split(", ")]
    several = f"{authors[0]} et al." if len(authors) > 2 else " & ".join(authors)
    return f"{several} {source.year}"


def credit(atlas: Atlas, spec: Spec) -> str:
    """Where the pattern is from, and how far that was checked."""
    points = _points(atlas, spec)
    cited: dict[str, bool] = {}
    for evidence in (evidence for point in points for evidence in point.evidence):
        recalled = evidence.basis == "recall" or atlas.patterns.sources[evidence.source].basis == "recall"
        cited[evidence.source] = cited.get(evidence.source, False) or recalled
    manuals = [key for key in cited if atlas.patterns.sources[key].kind == "manual"]
    shown = (manuals or list(cited))[:MOST_SOURCES]
    if not shown:
        return word("credit.none", spec.language)
    sources = listing(tuple(short(atlas.patterns.sources[key]) for key in shown), spec.language)
    recall = any(cited[key] for key in shown)
    return word("credit.recall" if recall else "credit.source", spec.language).format(sources=sources)


def caption(atlas: Atlas, spec: Spec) -> str:
    """A figure legend: what is shown, each point's pattern, whose side, from where."""
    points = _points(atlas, spec)
    muscle = name(atlas.muscle(spec.muscle).names, spec.language)
    many = len(points) != 1
    views = listing(tuple(word(f"view.in.{view}", spec.language) for view in spec.views), spec.language)
    opening = (
        f"{muscle}, {word(f'side.{spec.side}', spec.language)}: typical position of "
        f"{'its trigger points' if many else 'trigger point ' + str(points[0].number)} (X) and the "
        f"referred pain, seen from the {views}."
    )
    said = [
        opening,
        *(pattern(atlas, point, spec) for point in points),
        laterality(points),
        credit(atlas, spec),
        word("caution", spec.language),
    ]
    return " ".join(sentence for sentence in said if sentence)


def pattern(atlas: Atlas, point: TriggerPoint, spec: Spec) -> str:
    """One point's pattern as a sentence."""
    essential = regions(atlas, point.regions.get("essential", ()), spec)
    spillover = regions(atlas, point.regions.get("spillover", ()), spec)
    said = [f"essential pain (solid) in the {essential}"] if essential else []
    said += [f"spillover (stippled) over the {spillover}"] if spillover else []
    return f"{name(point.label, spec.language)}: {', '.join(said)}." if said else ""


def regions(atlas: Atlas, ids: Sequence[str], spec: Spec) -> str:
    """Regions as they are named inside a sentence."""
    return listing(tuple(_inside(_region(atlas, each, spec)) for each in ids), spec.language)


def _region(atlas: Atlas, region: str, spec: Spec) -> str:
    known = atlas.patterns.regions.get(region)
    return name(known.names, spec.language) if known else region.replace("_", " ")


def _inside(text: str) -> str:
    """A name without its capital, unless it is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def laterality(points: Sequence[TriggerPoint]) -> str:
    """On which side the pain is felt."""
    kinds = {point.laterality for point in points}
    if kinds == {"same_side"}:
        return "Pain is felt on the same side as the trigger point."
    if kinds == {"both_sides"}:
        return "Pain may be felt on both sides."
    return ""


def describe(atlas: Atlas, spec: Spec) -> str:
    """A shorter plain description, for those who cannot see the plate."""
    points = _points(atlas, spec)
    muscle = name(atlas.muscle(spec.muscle).names, spec.language)
    views = listing(tuple(word(f"view.in.{view}", spec.language) for view in spec.views), spec.language)
    count = "one trigger point" if len(points) == 1 else f"{len(points)} trigger points"
    essential = regions(atlas, _all(points, "essential"), spec)
    spillover = regions(atlas, [r for r in _all(points, "spillover") if r not in _all(points, "essential")], spec)
    parts = [f"Body map seen from the {views}, with {count} of the {_inside(muscle)} on the {spec.side} side."]
    parts += [f"Essential pain: {essential}."] if essential else []
    parts += [f"Spillover pain: {spillover}."] if spillover else []
    return " ".join(parts)


def _all(points: Sequence[TriggerPoint], reach: str) -> list[str]:
    return list(dict.fromkeys(region for point in points for region in point.regions.get(reach, ())))


def _points(atlas: Atlas, spec: Spec) -> list[TriggerPoint]:
    return [atlas.point(point) for point in spec.points]
