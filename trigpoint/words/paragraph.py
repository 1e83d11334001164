"""Paragraphs of a plate: lines that are about equally long, so that no word is left alone on the last.

It knows words and widths and refuses to know what is said and where it stands.
"""

from __future__ import annotations

from functools import lru_cache

from .measure import least_width, width, wrap

BALANCE = 7  # halvings of the room in search of the narrowest paragraph


@lru_cache(2048)
def balanced(text: str, room: float, size: float, weight: str = "normal") -> tuple[str, ...]:
    """A paragraph in as few lines as the room allows, about equally long, so that no word is left alone on the last.

    >>> balanced("Pattern after Able & Baker 1992, from general knowledge.", 60.0, 2.5)
    ('Pattern after Able & Baker', '1992, from general knowledge.')
    >>> balanced("Semitendineo e semimembranaceo", 22.0, 2.5)
    ('Semitendineo e', 'semimembranaceo')
    """
    rows = wrap(text, room, size, weight)
    low, high = max(room / 2, least_width(text, size, weight)), room
    if len(rows) < 2 or max(width(row, size, weight) for row in rows) > room:
        return tuple(rows)
    for _ in range(BALANCE):
        middle = (low + high) / 2
        narrower = wrap(text, middle, size, weight)
        if len(narrower) > len(rows) or max(width(row, size, weight) for row in narrower) > middle:
            low = middle
        else:
            high, rows = middle, narrower
    return tuple(rows)
