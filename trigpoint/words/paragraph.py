"""Paragraphs whose lines are about equally long. `phrase` breaks the lines of labels."""

from __future__ import annotations

from functools import lru_cache

from .measure import least_width, width, wrap

BALANCE = 7  # steps of the bisection for the narrowest paragraph


@lru_cache(2048)
def balanced(text: str, room: float, size: float, weight: str = "normal") -> tuple[str, ...]:
    """The fewest lines at most `room` mm wide, about equally long, so that no word stands alone on the last.

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
