"""Labels wrapped by sense: where a name may be broken, and where it is better not.

As few lines as the room asks for; among those, the break that hurts least: best before a bracket or after a comma,
badly inside a name of two words, hardly ever before a number or after an abbreviation. Words wider than the room are
broken at a hyphen, a slash, or with a hyphen after a vowel; Chinese and Japanese between characters. This room knows
words and widths and refuses to know places.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ..text import width, wrap

HELD = 60.0  # a break before a number or after an abbreviation: only where there is no other
INSIDE = 6.0  # between two words of a name
GOOD = 0.0  # after punctuation, before a bracket or a word that joins
PAUSES = ("Pe", "Pf")  # closing brackets and quotation marks
RAGGED = 4.0  # for a line that is empty, growing with the square of what a line lacks
LEAST_PIECE = 3  # letters before and after a hyphen that was put in

_NUMBER = re.compile(r"^[(\[]?[A-Z]?\d")
_ABBREVIATION = re.compile(r"^[(\[]?(?:[^\W\d_]{1,4}\.|TrPs?|[^\W\d_])$")
_JOINING = frozenset(
    (
        "and",
        "or",
        "of",
        "with",
        "und",
        "oder",
        "der",
        "des",
        "et",
        "ou",
        "de",
        "du",
        "y",
        "o",
        "del",
        "e",
        "di",
        "do",
        "da",
    )
)
_VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôûãõåæœ")


@lru_cache(4096)
def phrase(text: str, room: float, size: float) -> tuple[str, ...]:
    """The lines of a label that is at most `room` mm wide at a font size of `size` mm.

    >>> phrase("Superficial TrP 1 (upper, lateral)", 27.0, 2.6)
    ('Superficial TrP 1', '(upper, lateral)')
    >>> phrase("Gluteus medius and minimus", 24.0, 2.6)
    ('Gluteus medius', 'and minimus')
    """
    words = [piece for word in text.split() for piece in _fitting(word, room, size)]
    if not words:
        return ("",)
    wide = [width(word, size) for word in words]
    blank = width(" ", size)
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]  # lines, cost, where the last line begins
    for end in range(1, len(words) + 1):
        tries = []
        line = -blank
        for start in range(end - 1, -1, -1):
            line += blank + wide[start]
            if line > room + 1e-9 and start < end - 1:
                break
            lines, cost, _ = best[start]
            lack = max(0.0, 1 - line / room) if end < len(words) or start else 0.0
            tries.append((lines + 1, round(cost + _pain(words, start) + RAGGED * lack * lack, 6), start))
        best.append(min(tries, key=lambda each: (each[0], each[1], each[2])))
    found: list[str] = []
    end = len(words)
    while end:
        start = best[end][2]
        found.append(" ".join(words[start:end]))
        end = start
    return tuple(reversed(found))


def _pain(words: list[str], start: int) -> float:
    """What a break before a word costs."""
    if start == 0:
        return 0.0
    before, after = words[start - 1], words[start]
    if _ABBREVIATION.match(before) or _NUMBER.match(after):
        return HELD
    if (
        unicodedata.category(before[-1]) in PAUSES
        or before[-1] in "/-–,;:"
        or after[0] in "(["
        or after.casefold() in _JOINING
    ):
        return GOOD
    return HELD / 4 if before.casefold() in _JOINING else INSIDE


def _fitting(word: str, room: float, size: float) -> list[str]:
    """A word, in pieces where it is wider than the room."""
    if width(word, size) <= room:
        return [word]
    if any(unicodedata.east_asian_width(sign) in "WF" for sign in word):
        return wrap(word, room, size)
    pieces: list[str] = []
    while width(word, size) > room:
        cuts = [cut for cut in range(LEAST_PIECE, len(word) - LEAST_PIECE + 1) if _hyphenable(word, cut)]
        heads = [(head, cut) for cut in cuts if width(head := _head(word, cut), size) <= room]
        if not heads:
            return [*pieces, *wrap(word, room, size)]
        head, cut = heads[-1]
        pieces.append(head)
        word = word[cut:]
    return [*pieces, word]


def _hyphenable(word: str, cut: int) -> bool:
    """Whether a word may be broken before its letter number `cut`: after a hyphen, or a vowel before a syllable."""
    if word[cut - 1] in "-–/":
        return True
    before, after, then = word[cut - 1].casefold(), word[cut].casefold(), word[cut + 1 : cut + 2].casefold()
    return before in _VOWELS and after.isalpha() and after not in _VOWELS and then in _VOWELS


def _head(word: str, cut: int) -> str:
    return word[:cut] if word[cut - 1] in "-–/" else word[:cut] + "-"
