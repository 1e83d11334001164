"""Comparing a drawn SVG file with one that is kept: exactly, and with words that name the element that differs.

The files of the SVG writer have one element a line and are compared as they are: nothing is rounded, sorted or left
out. Only the words pass over what begins every id of a file, a digest of the whole figure that any change changes.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import zip_longest

PREFIX = re.compile(r"\bf[0-9a-f]{10}\b")
OPENED = re.compile(r'<g\b[^>]*\bid="(?:f-)?([^"]*)"')
AROUND = 60  # characters shown before and after the first difference of a line


def difference(kept: str, drawn: str) -> str:
    """What differs between two SVG files, in words for a person; empty if they are the same to the last character."""
    if kept == drawn:
        return ""
    one, two = PREFIX.sub("f", kept).split("\n"), PREFIX.sub("f", drawn).split("\n")
    if one == two:
        return "only what begins the ids differs"
    first = next(number for number, (a, b) in enumerate(zip_longest(one, two)) if a != b)
    changed = sum(max(b - a, d - c) for what, a, b, c, d in _changes(one, two) if what != "equal")
    was, now = (lines[first] if first < len(lines) else "(the end of the file)" for lines in (one, two))
    return f"lines that differ: {changed}; the first is line {first + 1}, {_place(one[:first])}:\n{_shown(was, now)}"


def _changes(one: list[str], two: list[str]) -> list[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, one, two, autojunk=False).get_opcodes()


def _place(before: list[str]) -> str:
    """Which groups are open after some lines, the outermost first."""
    open_groups: list[str] = []
    for line in before:
        if (opened := OPENED.match(line)) and not line.endswith("/>"):
            open_groups.append(opened[1])
        elif line == "</g>":
            open_groups.pop()
    return f"in {' > '.join(open_groups)}" if open_groups else "outside all groups"


def _shown(was: str, now: str) -> str:
    """Two lines from a little before their first difference to a little after it."""
    at = next((place for place, (a, b) in enumerate(zip_longest(was, now)) if a != b), 0)
    start, end = max(0, at - AROUND), at + AROUND
    return "\n".join(
        f"  {word} {'…' * (start > 0)}{line[start:end]}{'…' * (end < len(line))}"
        for word, line in (("kept ", was), ("drawn", now))
    )
