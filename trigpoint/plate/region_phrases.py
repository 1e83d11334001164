"""Regions in sentences: the regions that a point reaches, their order, and their names as a list.

Names are not inflected: languages with cases and genders list regions after a colon.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..atlas import Atlas
from ..atlas.patterns import TriggerPoint
from ..words import EPITHET_FIRST, chain, inside, listing, name, word

WELL_COVERED, WELL_FILLED = 0.3, 0.2  # of a region, of a zone: a smaller share is not said
STRIPS = frozenset(
    ("iliac_crest_posterior", "iliac_crest_lateral", "scapular_medial_border", "gluteal_cleft_border", "achilles")
)  # regions that a zone runs along
LEVELS = ("upper", "mid", "lower")  # the ends of ids of regions that lie below each other


def reached(atlas: Atlas, points: Sequence[TriggerPoint], kind: str) -> list[str]:
    """The regions that these points' zones of one kind cover well, those that make most of a zone first.

    Where a point's facts name regions, only those count; if the zone covers none of them, all that the facts name.
    """
    found: list[str] = []
    for point in points:
        facts, shares = point.regions.get(kind, ()), atlas.reach(point.id, kind)
        covered = [each.region for each in shares if each.of_region >= WELL_COVERED or each.of_zone >= WELL_FILLED]
        found += [region for region in covered if region in facts or not facts] or facts
    return list(dict.fromkeys(found))


def named(points: Sequence[TriggerPoint], kind: str) -> list[str]:
    """The regions that the facts name for these points."""
    return list(dict.fromkeys(region for point in points for region in point.regions.get(kind, ())))


def where(atlas: Atlas, ids: Sequence[str], language: str) -> str:
    """Regions with their prepositions: "along the iliac crest, over the sacrum and upper buttock"."""
    along, over = word("where.along", language), word("where.over", language)
    said: dict[str, list[str]] = {along: [], over: []}
    for each in ids:
        said[along if each in STRIPS else over].append(each)
    placed = [text.format(regions=listed(atlas, some, language)) for text, some in said.items() if some]
    return word("join.list", language).join(placed)


def listed(atlas: Atlas, ids: Sequence[str], language: str) -> str:
    """The names of regions as a list inside a sentence."""
    names = [region(atlas, each, language) for each in downwards(ids)]
    return listing(merged(names, language), language)


def downwards(ids: Sequence[str]) -> list[str]:
    """The regions, with the levels of one place together and from above downwards.

    >>> downwards(["gluteal_mid", "sacral", "gluteal_upper"])
    ['gluteal_upper', 'gluteal_mid', 'sacral']
    """
    groups: dict[str, list[str]] = {}
    for each in ids:
        place, _, level = each.rpartition("_")
        groups.setdefault(place if level in LEVELS else each, []).append(each)
    order = {level: rank for rank, level in enumerate(LEVELS)}
    return [
        each for some in groups.values() for each in sorted(some, key=lambda id: order.get(id.rpartition("_")[2], 0))
    ]


def merged(names: Sequence[str], language: str) -> list[str]:
    """The names, with those that differ in their first word only joined, in languages that allow it.

    >>> merged(["upper buttock", "sacrum", "middle buttock"], "en")
    ['upper and middle buttock', 'sacrum']
    """
    if chain(language)[-1] not in EPITHET_FIRST:
        return list(dict.fromkeys(names))
    groups: dict[str, list[str]] = {}
    for each in names:
        first, blank, rest = each.partition(" ")
        groups.setdefault(rest if blank else each, []).append(first)
    return [
        f"{listing(firsts, language)} {rest}" if len(firsts) > 1 or firsts[0] != rest else rest
        for rest, firsts in groups.items()
    ]


def region(atlas: Atlas, region: str, language: str) -> str:
    """The name of a region inside a sentence, in the data's words or else the outlines'."""
    known = atlas.patterns.regions.get(region)
    return inside(name(known.names, language), language) if known else inside(atlas.title(region))
