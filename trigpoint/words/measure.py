"""Widths and line breaks of text in millimetres, computed without a drawing library.

The widths are those of Arimo regular and bold, which its italics, Arial, Liberation Sans and Helvetica share; they are
read from `assets/fonts/advances.json` on first use. Kerning is left out: it only draws letters together, so a box of
these widths holds its text. Chinese and Japanese characters are one em wide in every font; lines break between them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from ..files.shipped import resource

FAMILIES = ("Arial", "Arimo", "Liberation Sans", "Helvetica", "Nimbus Sans", "sans-serif")
EASTERN = ("ja", "ko", "zh")  # languages whose characters need other fonts
UNITS = 2048
ASCENT, DESCENT, CAP_HEIGHT, X_HEIGHT = 1854 / UNITS, 434 / UNITS, 1409 / UNITS, 1082 / UNITS  # of the regular face
WIDE_ASCENT, WIDE_DESCENT = 0.95, 0.22  # ems over and under the baseline that ideographs and kana reach
WEIGHTS = ("normal", "bold")

_NO_WIDTH = ("Mn", "Me", "Cf")  # categories of characters without width
BREAKS = re.compile("[ \t\n\r\f\v\u2028\u2029]+")
_INNER_BREAKS = re.compile("(?<=[-\u2010\u2013/])(?=.)")
# Characters that may not begin or end a line in Chinese and Japanese setting (JIS X 4051, GB/T 15834): closing and
# opening signs, small kana, marks of length and repetition.
_NOT_FIRST = frozenset(
    "!%),.:;?]}°·’”†‡‥…‰′″℃–—"
    "、。〃々〆〉》」』】〕〗〙〛〜〞〟・ーゝゞヽヾ゠〻！％），．：；？］｝～｡｣､･ｰ"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
)
_NOT_LAST = frozenset("([{‘“$£¥〈《「『【〔〖〘〚〝（［｛￡￥｢")


def width(text: str, size: float, weight: str = "normal") -> float:
    """Width in mm of one line of text.

    Parameters
    ----------
    text : str
    size : float, the font size in mm
    weight : "normal" (default) or "bold"

    >>> round(width("Gluteus medius", 3.0), 2)
    20.84
    """
    return _units(text, weight) * size / UNITS


def wrap(text: str, max_width: float, size: float, weight: str = "normal") -> list[str]:
    """Lines of at most `max_width` mm, broken at spaces (not at no-break spaces) and between ideographs or kana.

    No line begins with a closing sign or ends with an opening one. A word wider than a line is broken after a hyphen or
    a slash, else between letters, so that only a single letter can be wider than `max_width`.

    Parameters
    ----------
    text : str
    max_width, size : float, the width of a line and the font size in mm
    weight : "normal" (default) or "bold"

    >>> wrap("Gluteus medius, trigger point 1", 30.0, 3.0)
    ['Gluteus medius,', 'trigger point 1']
    """
    limit = max_width * UNITS / size
    lines: list[str] = []
    line = ""
    for glue, piece in _pieces(text, limit, weight):
        longer = line + glue + piece if line else piece
        if line and _units(longer, weight) > limit:
            lines.append(line)
            longer = piece
        line = longer
    return [*lines, line] if line else lines


def least_width(text: str, size: float, weight: str = "normal") -> float:
    """Width in mm of the widest part of a text that `wrap` keeps together if there is room for it.

    >>> least_width("Gluteus medius", 3.0) == width("Gluteus", 3.0)
    True
    """
    units = (unit for word in filter(None, BREAKS.split(text)) for unit in unbroken(word))
    return max((width(unit, size, weight) for unit in units), default=0.0)


def _pieces(text: str, limit: float, weight: str) -> Iterator[tuple[str, str]]:
    """The unbroken pieces, each after its glue to the piece before: a space, or nothing inside a broken word."""
    for word in filter(None, BREAKS.split(text)):
        glue = " "
        for unit in unbroken(word):
            for part in _INNER_BREAKS.split(unit) if _units(unit, weight) > limit else [unit]:
                for piece in _letters(part) if _units(part, weight) > limit else [part]:
                    yield glue, piece
                    glue = ""


def unbroken(word: str) -> list[str]:
    """The parts of a word that no line break divides: a word of letters is one, ideographs stand alone.

    >>> unbroken("中臀筋（TrP1）、右")
    ['中', '臀', '筋', '（TrP1）、', '右']
    """
    if word.isascii():
        return [word]
    signs = _letters(word)
    units = signs[:1]
    for before, sign in pairwise(signs):
        if (is_wide(before) or is_wide(sign)) and before[0] not in _NOT_LAST and sign[0] not in _NOT_FIRST:
            units.append(sign)
        else:
            units[-1] += sign
    return units


def is_wide(sign: str) -> bool:
    """Whether a character is an ideograph, kana or another one as wide as it is tall."""
    return unicodedata.east_asian_width(sign[0]) in "WF"


def reach(text: str) -> tuple[float, float]:
    """The reach of a text's letters over and under the baseline, in ems, without the tails of low letters."""
    wide = not text.isascii() and any(map(is_wide, text))
    return (WIDE_ASCENT, WIDE_DESCENT) if wide else (CAP_HEIGHT, 0.0)


def is_eastern(sign: str) -> bool:
    """Whether a character is an ideograph, kana, hangul or a full-width sign, which no Latin font has."""
    return unicodedata.east_asian_width(sign) in "WFH" and not sign.isascii()


def _letters(word: str) -> list[str]:
    """Single characters, each with its combining marks."""
    letters: list[str] = []
    for sign in word:
        if letters and _is_zero_width(sign):
            letters[-1] += sign
        else:
            letters.append(sign)
    return letters


@lru_cache(4096)
def _units(text: str, weight: str) -> int:
    advances = _advances()[weight]
    return sum(advances[sign] if sign in advances else _fallback(sign, weight) for sign in text)


@cache
def _advances() -> dict[str, dict[str, int]]:
    """The width of each character of the typeface, in units, by weight."""
    rows: dict[str, list[int]] = json.loads(resource("assets", "fonts", "advances.json").read_bytes())
    return {weight: {sign: row[column] for sign, row in rows.items()} for column, weight in enumerate(WEIGHTS)}


@lru_cache(maxsize=1024)
def _fallback(sign: str, weight: str) -> int:
    """The width of a character outside the table: 0 for marks, that of its base letter, or a whole em to be safe."""
    if _is_zero_width(sign):
        return 0
    if unicodedata.east_asian_width(sign) == "H":  # katakana of half the width
        return UNITS // 2
    return _advances()[weight].get(unicodedata.normalize("NFD", sign)[0], UNITS)


def _is_zero_width(sign: str) -> bool:
    return unicodedata.category(sign) in _NO_WIDTH
