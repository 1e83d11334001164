"""Letters that stand for things: of names on the body, of muscles and of panels."""

from __future__ import annotations


def letter(number: int) -> str:
    """a to z, then aa, ab and so on; `number` counts from 0.

    >>> letter(0), letter(26), letter(1).upper()
    ('a', 'aa', 'B')
    """
    before, last = divmod(number, 26)
    return (letter(before - 1) if before else "") + chr(ord("a") + last)
