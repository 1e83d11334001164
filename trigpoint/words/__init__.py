"""The words of figures and commands by language, and how each language writes lists, numbers and sentences.

Each language has a file in `data/words/`, read on first use. Names of muscles, points and regions are in the pattern
file, which `atlas` reads; `measure`, `phrase` and `paragraph` give widths and line breaks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from ..files.shipped import resource

FALLBACK = "en"
LANGUAGES = ("en", "la", "de", "fr", "es", "pt", "it", "zh", "ja")
NAMES_ONLY = frozenset({"la"})  # languages for names only; the sentences of the plate are in English
CAPITAL_NOUNS = frozenset({"de"})  # languages whose nouns keep their capital inside a sentence
EPITHET_FIRST = frozenset({"en", "la", "de"})  # where "upper buttock" and "lower buttock" are "upper and lower buttock"
_CAPITAL = re.compile(r"[^\W\d_]{1,2}\.|Achilles")  # capitals that abbreviations and names of persons keep
_EUPHONY = {  # "and" before its own sound: Spanish "y" becomes "e", Italian "e" becomes "ed"
    "es": (re.compile(r"\by (?=h?[ií](?![aeou]))", re.IGNORECASE), "e "),
    "it": (re.compile(r"\be (?=e)", re.IGNORECASE), "ed "),
}


def word(key: str, language: str = FALLBACK) -> str:
    """The word for `key`, in English where the language has none. KeyError for a key without any word.

    Parameters
    ----------
    key : str, as in `data/words/en.json`
    language : str, a tag such as "de" or "pt-BR", default "en"

    >>> word("view.posterior", "la")
    'Posterior view'
    """
    return words_of(next((code for code in chain(language) if key in words_of(code)), FALLBACK))[key]


def has(key: str) -> bool:
    """Whether there is a word for `key`."""
    return key in words_of(FALLBACK)


@cache
def words_of(code: str) -> Mapping[str, str]:
    """The words of one language by key; empty for a language that is not in `LANGUAGES`."""
    return dict(json.loads(resource("data", "words", f"{code}.json").read_bytes())) if code in LANGUAGES else {}


@cache
def chain(language: str) -> tuple[str, ...]:
    """The languages to try in turn before English: a tag, then the tag without its last part, and so on.

    >>> chain("de-AT")
    ('de-AT', 'de')
    """
    parts = language.split("-")
    return tuple("-".join(parts[:count]) for count in range(len(parts), 0, -1))


def language(asked: str, known: Collection[str] = ()) -> str | None:
    """The language that a tag means in any spelling, or None.

    Parameters
    ----------
    asked : str, such as "DE_at"
    known : collection of str, default (): languages besides `LANGUAGES`

    >>> language("DE_at"), language("tlh")
    ('de', None)
    """
    codes = {code.casefold(): code for code in (*known, *LANGUAGES)}
    return next((codes[tag] for tag in chain(asked.casefold().replace("_", "-")) if tag in codes), None)


def name(names: Mapping[str, str], language: str = FALLBACK) -> str:
    """One of several names: in the language, its parent ("pt" for "pt-BR"), English, else the first by code.

    Parameters
    ----------
    names : mapping of str to str, names by language; not empty
    language : str, a tag such as "de" or "pt-BR", default "en"

    >>> name({"en": "Gluteus medius", "la": "Musculus gluteus medius"}, "de")
    'Gluteus medius'
    """
    return names[next((code for code in (*chain(language), FALLBACK) if code in names), min(names))]


def listing(items: Iterable[str], language: str = FALLBACK) -> str:
    """The items joined by commas and "and"; by semicolons where an item itself holds an "and".

    Parameters
    ----------
    items : iterable of str
    language : str, a tag such as "de" or "pt-BR", default "en"

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
    """The language of a plate's sentences: English for a language that is for names only.

    >>> spoken("de"), spoken("la")
    ('de', 'en')
    """
    return FALLBACK if chain(language)[-1] in NAMES_ONLY else language


def sentences(said: Iterable[str], language: str = FALLBACK) -> str:
    """The sentences joined as the language writes them, without empty ones."""
    return word("join.sentences", language).join(filter(None, said))


def inside(text: str, language: str = FALLBACK) -> str:
    """A name as written inside a sentence: without its capital, except of abbreviations and German nouns.

    Parameters
    ----------
    text : str
    language : str, a tag such as "de" or "pt-BR", default "en"

    >>> inside("Gluteus medius"), inside("Oberer Anteil", "de"), inside("M. gluteus medius", "it")
    ('gluteus medius', 'Oberer Anteil', 'M. gluteus medius')
    """
    if text[1:2].isupper() or chain(language)[-1] in CAPITAL_NOUNS or _CAPITAL.match(text):
        return text
    return text[:1].lower() + text[1:]


def heading(text: str) -> str:
    """A name as written alone: with a capital.

    >>> heading("upper buttock")
    'Upper buttock'
    """
    return text[:1].upper() + text[1:]


def number(value: float, language: str = FALLBACK, decimals: int = 0) -> str:
    """A number with the decimal mark of the language and its mark between thousands.

    Parameters
    ----------
    value : float
    language : str, a tag such as "de" or "pt-BR", default "en"
    decimals : int, digits after the decimal mark, default 0

    >>> number(1234.5, decimals=1), number(1234.5, "de", 1), number(10, "ja")
    ('1,234.5', '1.234,5', '10')
    """
    whole, _, rest = f"{value:,.{decimals}f}".partition(".")
    whole = whole.replace(",", word("number.thousands", language))
    return whole + (word("number.decimal", language) + rest if rest else "")


def span(low: float, high: float | None, language: str = FALLBACK) -> str:
    """A range of whole numbers, both ends included.

    Parameters
    ----------
    low : float
    high : float or None, None for a range without an upper end
    language : str, a tag such as "de" or "pt-BR", default "en"

    >>> span(34, 45), span(3, 3), span(20, None), span(2, 3, "es")
    ('34–45', '3', '≥20', '2-3')
    """
    if low == high:
        return number(low, language)
    if high is None:
        return word("number.at_least", language).format(low=number(low, language))
    return word("number.range", language).format(low=number(low, language), high=number(high, language))


def below(low: float, high: float | None, language: str = FALLBACK) -> str:
    """A range of whole numbers without its upper end, as a class of values; the first class begins at 0.

    Parameters
    ----------
    low : float
    high : float or None, None for the last class, which has no upper end
    language : str, a tag such as "de" or "pt-BR", default "en"

    >>> below(25, 50), below(0, 25), below(150, None)
    ('25 to <50', '<25', '≥150')
    """
    if high is None or low == high:
        return span(low, high, language)
    key = "number.below" if low else "number.under"
    return word(key, language).format(low=number(low, language), high=number(high, language))


def quoted(text: str, language: str = FALLBACK) -> str:
    """A text between the quotation marks of the language.

    >>> quoted("spillover", "de")
    '„spillover“'
    """
    return word("quote.open", language) + text + word("quote.close", language)
