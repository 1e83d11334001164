"""Line breaks of labels by sense: the fewest lines that fit, and among those the breaks of least cost.

Breaks are best before a bracket or after a comma, bad inside a name of two words, and worst before a number or after an
abbreviation. Chinese and Japanese also break between characters, but leave none alone. Words wider than the room are
broken at a hyphen or a slash, or with a hyphen after a vowel. `measure` gives the widths.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from .measure import BREAKS, is_wide, unbroken, width, wrap

HELD = 60.0  # cost of a break before a number or after an abbreviation: only where there is no other
INSIDE = 6.0  # between two words of a name
GOOD = 0.0  # after punctuation, before a bracket or a word that joins
PAUSES = ("Pe", "Pf")  # closing brackets and quotation marks
RAGGED = 4.0  # times the square of the share of a line that stays empty
KANA = 4.0  # added between two characters of katakana, which are one word
LEAST_PIECE = 3  # letters before and after an added hyphen

_NUMBER = re.compile(r"^[(\[]?[A-Z]?\d")
_ABBREVIATION = re.compile(r"^[(\[]?(?:[^\W\d_]{1,4}\.|TrPs?|[^\W\d_])$")
_RANGE = re.compile("[\uff5e\u301c\u2013-]$")
_JOINING = re.compile("and|or|of|with|und|oder|der|des|et|ou|de|du|y|o|del|e|di|do|da")
_VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôûãõåæœ")


@lru_cache(4096)
def phrase(text: str, room: float, size: float, weight: str = "normal") -> tuple[str, ...]:
    """The lines of a label, broken by sense.

    Parameters
    ----------
    text : str
    room, size : float, the width of a line and the font size in mm
    weight : "normal" (default) or "bold"

    >>> phrase("Superficial TrP 1 (upper, lateral)", 27.0, 2.6)
    ('Superficial TrP 1', '(upper, lateral)')
    >>> phrase("Gluteus medius and minimus", 24.0, 2.6)
    ('Gluteus medius', 'and minimus')
    >>> phrase("TrP【下部腰椎水平】", 24.0, 2.6)
    ('TrP', '【下部腰椎水平】')
    """
    pieces = list(_pieces(text, room, size, weight))
    words = [piece for _, piece in pieces]
    if not words:
        return ("",)
    wide = [width(word, size, weight) for word in words]
    gaps = [width(" ", size, weight) if glue else 0.0 for glue, _ in pieces]
    pains = [_pain(words, start, glue) for start, (glue, _) in enumerate(pieces)]
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]  # lines, cost, where the last line begins
    for end in range(1, len(words) + 1):
        tries, line = [], 0.0
        for start in range(end - 1, -1, -1):
            line += wide[start] + (gaps[start + 1] if start < end - 1 else 0.0)
            if line > room + 1e-9 and start < end - 1:
                break
            lines, cost, _ = best[start]
            lack = max(0.0, 1 - line / room) if end < len(words) or start else 0.0
            tries.append((lines + 1, round(cost + pains[start] + RAGGED * lack * lack, 6), start))
        best.append(min(tries, key=lambda each: (each[0], each[1], each[2])))
    found: list[str] = []
    end = len(words)
    while end:
        end, after = best[end][2], end
        found.append("".join(glue + word for glue, word in pieces[end:after]).removeprefix(" "))
    return tuple(reversed(found))


def _pieces(text: str, room: float, size: float, weight: str) -> Iterator[tuple[str, str]]:
    """The unbroken pieces, each after its glue to the piece before: a space, or nothing between characters."""
    for word in filter(None, BREAKS.split(text)):
        glue = " "
        for unit in unbroken(word):
            for piece in _fitting(unit, room, size, weight):
                yield glue, piece
                glue = ""


def _pain(words: list[str], start: int, glue: str) -> float:
    """The cost of a break before a word."""
    if start == 0:
        return 0.0
    before, after = words[start - 1], words[start]
    if not glue and (is_wide(before[-1]) or is_wide(after)):
        return _parting(words, start)
    if _ABBREVIATION.match(before) or _NUMBER.match(after):
        return HELD
    paused = unicodedata.category(before[-1]) in PAUSES or before[-1] in "/-–,;:"
    if paused or after[0] in "([" or _JOINING.fullmatch(after.casefold()):
        return GOOD
    return HELD / 4 if _JOINING.fullmatch(before.casefold()) else INSIDE


def _parting(words: list[str], start: int) -> float:
    """The cost of a break between two characters of Chinese or Japanese."""
    before, after = words[start - 1], words[start]
    if _RANGE.search(before):
        return HELD
    if _pauses(before) or _opens(after):
        return GOOD
    last = next((at for at in range(start, len(words)) if _pauses(words[at])), len(words) - 1)
    first = next((at for at in range(start - 1, 0, -1) if _opens(words[at]) or _pauses(words[at - 1])), 0)
    if start in (first + 1, last):  # a character would stand alone
        return HELD / 2
    return INSIDE + (KANA if all("\u30a1" <= sign <= "\u30ff" for sign in (before[-1], after[0])) else 0.0)


def _pauses(word: str) -> bool:
    return unicodedata.category(word[-1]) in (*PAUSES, "Po")


def _opens(word: str) -> bool:
    return unicodedata.category(word[0]) in ("Ps", "Pi")


def _fitting(word: str, room: float, size: float, weight: str) -> list[str]:
    """A word, or its pieces if it is wider than the room."""
    pieces: list[str] = []
    while width(word, size, weight) > room:
        cuts = [cut for cut in range(LEAST_PIECE, len(word) - LEAST_PIECE + 1) if _hyphenable(word, cut)]
        heads = [(head, cut) for cut in cuts if width(head := _head(word, cut), size, weight) <= room]
        if not heads:
            return [*pieces, *wrap(word, room, size, weight)]
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
