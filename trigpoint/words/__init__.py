"""The interface's words by language, how a language writes, and which language to fall back to.

Each language has a file in `data/words/`, read when it is first used. Names of muscles, points and regions stand in the
pattern file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from ..files.shipped import resource

FALLBACK = "en"
LANGUAGES = ("en", "la", "de", "fr", "es", "pt", "it", "zh", "ja")
NAMES_ONLY = frozenset({"la"})  # languages that name things, on a plate whose sentences are in English
CAPITAL_NOUNS = frozenset({"de"})  # languages that keep a noun's capital inside a sentence
EPITHET_FIRST = frozenset({"en", "la", "de"})  # where "upper buttock" and "lower buttock" are "upper and lower buttock"
_CAPITAL = re.compile(r"[^\W\d_]{1,2}\.|Achilles")  # "M. gluteus medius" keeps its M, and a person has a capital
# "And" before its own sound: Spanish "y" is "e", Italian "e" is "ed".
_EUPHONY = {
    "es": (re.compile(r"\by (?=h?[ií](?![aeou]))", re.IGNORECASE), "e "),
    "it": (re.compile(r"\be (?=e)", re.IGNORECASE), "ed "),
}


def word(key: str, language: str = FALLBACK) -> str:
    """The interface's word for `key`, in English where the language lacks it.

    >>> word("view.posterior", "la")
    'Posterior view'
    """
    for code in chain(language):
        found = words_of(code).get(key)
        if found is not None:
            return found
    return words_of(FALLBACK)[key]


def has(key: str) -> bool:
    """Whether the interface has a word for `key`."""
    return key in words_of(FALLBACK)


@cache
def words_of(code: str) -> Mapping[str, str]:
    """The interface's words of one language by key; empty for a language that the interface is not translated to."""
    words: Mapping[str, str] = (
        json.loads(resource("data", "words", f"{code}.json").read_bytes()) if code in LANGUAGES else {}
    )
    return words


@cache
def chain(language: str) -> tuple[str, ...]:
    """The languages to try in turn, before English: a tag, then what is left without its last part.

    >>> chain("de-AT")
    ('de-AT', 'de')
    """
    parts = language.split("-")
    return tuple("-".join(parts[:count]) for count in range(len(parts), 0, -1))


def language(asked: str, known: Collection[str] = ()) -> str | None:
    """The known language that is meant by a tag in whatever spelling, None for none.

    `known` are languages of the data, beside those of the interface.

    >>> language("DE_at"), language("tlh")
    ('de', None)
    """
    codes = {code.casefold(): code for code in (*known, *LANGUAGES)}
    return next((codes[tag] for tag in chain(asked.casefold().replace("_", "-")) if tag in codes), None)


def name(names: Mapping[str, str], language: str = FALLBACK) -> str:
    """The best of a datum's names: the language, its parent ("pt" for "pt-BR"), English, else the first by code.

    >>> name({"en": "Gluteus medius", "la": "Musculus gluteus medius"}, "de")
    'Gluteus medius'
    """
    for code in (*chain(language), FALLBACK):
        if code in names:
            return names[code]
    return names[min(names)]


def listing(items: Iterable[str], language: str = FALLBACK) -> str:
    """The items as words in a sentence; told apart where one of them is itself "upper and lower buttock".

    >>> listing(("sacrum", "iliac crest", "buttock"))
    'sacrum, iliac crest, and buttock'
    >>> listing(("Kreuzbein", "Leiste"), "de"), listing(("骶部", "臀上部", "腰部"), "zh")
    ('Kreuzbein und Leiste', '骶部、臀上部和腰部')
    """
    items = tuple(items)
    *first, last = items or ("",)
    if not first:
        return last
    conjunction = word("list.two", language).format(first="", last="")
    if any(conjunction in item for item in items):
        key = "list.nested"
    else:
        key = "list.two" if len(first) == 1 else "list.more"
    text = word(key, language).format(first=word("join.list", language).join(first), last=last)
    sound, instead = _EUPHONY.get(chain(language)[-1], (None, ""))
    return sound.sub(instead, text) if sound else text


def spoken(language: str) -> str:
    """The language that a plate's sentences are in: English, where a language has names only.

    >>> spoken("de"), spoken("la")
    ('de', 'en')
    """
    return FALLBACK if chain(language)[-1] in NAMES_ONLY else language


def sentences(said: Iterable[str], language: str = FALLBACK) -> str:
    """Sentences one after the other, empty ones left out."""
    return word("join.sentences", language).join(filter(None, said))


def inside(text: str, language: str = FALLBACK) -> str:
    """A name as it stands inside a sentence: without its capital, unless that is an abbreviation's or the language's.

    >>> inside("Gluteus medius"), inside("Oberer Anteil", "de"), inside("M. gluteus medius", "it")
    ('gluteus medius', 'Oberer Anteil', 'M. gluteus medius')
    """
    if text[1:2].isupper() or chain(language)[-1] in CAPITAL_NOUNS or _CAPITAL.match(text):
        return text
    return text[:1].lower() + text[1:]


def heading(text: str) -> str:
    """A name as it stands alone: with a capital.

    >>> heading("upper buttock")
    'Upper buttock'
    """
    return text[:1].upper() + text[1:]


def number(value: float, language: str = FALLBACK, decimals: int = 0) -> str:
    """A number with the language's decimal mark and its mark between thousands.

    >>> number(1234.5, decimals=1), number(1234.5, "de", 1), number(10, "ja")
    ('1,234.5', '1.234,5', '10')
    """
    whole, _, rest = f"{value:,.{decimals}f}".partition(".")
    whole = whole.replace(",", word("number.thousands", language))
    return whole + (word("number.decimal", language) + rest if rest else "")


def span(low: float, high: float | None, language: str = FALLBACK) -> str:
    """From one whole number to another, or open at its upper end.

    >>> span(34, 45), span(3, 3), span(20, None), span(2, 3, "es")
    ('34–45', '3', '≥20', '2-3')
    """
    if low == high:
        return number(low, language)
    if high is None:
        return word("number.at_least", language).format(low=number(low, language))
    return word("number.range", language).format(low=number(low, language), high=number(high, language))


def below(low: float, high: float | None, language: str = FALLBACK) -> str:
    """From one whole number, which counts, to another, which does not; the last class is open, the first begins at 0.

    >>> below(25, 50), below(0, 25), below(150, None)
    ('25 to <50', '<25', '≥150')
    """
    if high is None or low == high:
        return span(low, high, language)
    key = "number.below" if low else "number.under"
    return word(key, language).format(low=number(low, language), high=number(high, language))


def quoted(text: str, language: str = FALLBACK) -> str:
    """A text between the language's quotation marks.

    >>> quoted("spillover", "de")
    '„spillover“'
    """
    return word("quote.open", language) + text + word("quote.close", language)
