"""Muscles, trigger points, regions and languages by whatever name a person uses.

Ids and names in any language count, whatever their case, accents and marks. What is not found is an error with
what may have been meant: the bearers of a part of a name, or of a word that is nearly one of a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from .. import words
from ..errors import SLIP, InputError, Problem, nearest, unknown
from .patterns import Acupoint, Muscle, Patterns, TriggerPoint, name_key

LEAST_MEANT, LONGEST_MEANT = 4, 80  # characters of a name that is looked for in others
_WORD = re.compile(r"[^\W_]+")
_UMLAUTS = re.compile("([aou])e")  # "Gesaessmuskel" is looked for as "gesassmuskel", which "Gesäßmuskel" is kept as


class Names:
    """The names in one set of patterns, gathered at the first use."""

    def __init__(self, patterns: Patterns) -> None:
        self._patterns = patterns

    @cached_property
    def _by_id(self) -> Mapping[str, Muscle]:
        return {muscle.id: muscle for muscle in self._patterns.muscles}

    @cached_property
    def _by_name(self) -> Mapping[str, Muscle]:
        return {
            name_key(name): muscle
            for muscle in self._patterns.muscles
            for name in (*muscle.aliases, *muscle.names.values(), muscle.id)
        }

    def muscle(self, name: str) -> Muscle:
        """The muscle with this id, alias or name in any language; case, accents, blanks and marks do not count."""
        found = self._found(str(name))
        if found is None:
            ids = [muscle.id for muscle in self._patterns.muscles]
            others = [each for muscle in self._patterns.muscles for each in (*muscle.names.values(), *muscle.aliases)]
            named = {one.id: (one.id, *one.names.values(), *one.aliases) for one in self._patterns.muscles}
            raise unknown("muscle", name, [*ids, *others], _meant(str(name), named))
        return found

    def __contains__(self, name: object) -> bool:
        return self._found(str(name)) is not None

    def _found(self, name: str) -> Muscle | None:
        if name in self._by_id:
            return self._by_id[name]
        key = name_key(name)
        return self._by_name.get(key) or self._by_name.get(_UMLAUTS.sub(r"\1", key))

    def point(self, point_id: str) -> TriggerPoint:
        """The trigger point with this id: `gluteus_medius.trp1`."""
        name, dot, which = str(point_id).rpartition(".")
        muscle = self._found(name) if dot else None
        if muscle is None:
            ids = [point.id for muscle in self._patterns.muscles for point in muscle.points]
            raise unknown("trigger point", point_id, ids)
        return muscle.point(which)

    @cached_property
    def _acupoints(self) -> Mapping[str, Acupoint]:
        points = self._patterns.acupoints
        return {name_key(each): point for point in points for each in (*point.names.values(), point.id)}

    def acupoint(self, code: str) -> Acupoint:
        """The acupuncture point with this code, or name in any language: `BL25`, `Dachangshu`."""
        found = self._acupoints.get(name_key(str(code)))
        if found is None:
            raise unknown("acupuncture point", code, [point.id for point in self._patterns.acupoints])
        return found

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the interface, then others that muscles are named in."""
        found = sorted({code for muscle in self._patterns.muscles for code in muscle.names})
        return tuple(dict.fromkeys([*words.LANGUAGES, *found]))

    def language(self, asked: object) -> str:
        """The language that is meant: "de-AT" is "de" where nothing is named in Austrian German."""
        found = words.language(asked, self.languages) if isinstance(asked, str) else None
        if found is None:
            raise unknown("language", asked, self.languages)
        return found

    def region(self, wanted: str) -> str:
        """The id of the region with this id or name in any language; InputError for a name of several regions."""
        key = name_key(str(wanted))
        regions = self._patterns.regions.values()
        if wanted in self._patterns.regions:
            return wanted
        found = [one.id for one in regions if key in (name_key(one.id), *map(name_key, one.names.values()))]
        if len(found) > 1:
            what = f"'{wanted}' means several regions: {', '.join(found)}"
            raise InputError(Problem(what, hint="give the id of one"))
        if not found:
            named = {one.id: (one.id, *one.names.values()) for one in regions}
            texts = [text for one in regions for text in one.names.values()]
            raise unknown("region", wanted, [*sorted(self._patterns.regions), *texts], _meant(str(wanted), named))
        return found[0]


def _meant(wanted: str, named: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Ids of which a name has the given words, or a word nearly the same; none for a misspelt whole name."""
    key = name_key(wanted[:LONGEST_MEANT])
    if len(key) < LEAST_MEANT:
        return ()
    keys = {each: [name_key(name) for name in names] for each, names in named.items()}
    parts = [name_key(word) for word in _WORD.findall(wanted)]
    if found := tuple(each for each, some in keys.items() if any(all(part in name for part in parts) for name in some)):
        return found
    if nearest(key, [name for names in keys.values() for name in names], SLIP):
        return ()
    words = {each: {name_key(word) for name in names for word in _WORD.findall(name)} for each, names in named.items()}
    near = nearest(key, sorted(set().union(*words.values())), SLIP)
    return tuple(each for each, some in words.items() if near and near in some)
