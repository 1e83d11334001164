"""The text in which data and assets are kept: made to be compared line by line.

One decimal for every coordinate, one ring per line, JSON with a line per entry, in the order that the caller gives.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple


class Line(NamedTuple):
    """A piece of JSON that stays on one line."""

    text: str


def number(value: float) -> str:
    """One decimal, and no negative zero.

    >>> number(-0.04), number(12)
    ('0.0', '12.0')
    """
    return f"{round(float(value), 1) + 0.0:.1f}"


def place(point: Iterable[float]) -> Line:
    """A point as a JSON list."""
    return Line(f"[{', '.join(number(value) for value in point)}]")


def ring(points: Iterable[Iterable[float]]) -> Line:
    """A ring of points as a JSON list of lists."""
    return Line(f"[{', '.join(place(point).text for point in points)}]")


def json_text(value: Any, indent: str = "") -> str:
    """JSON with two blanks a level; lists of plain texts, empty containers and `Line`s stay on one line.

    >>> print(json_text({"at": place((1, 2)), "ids": ["a", "b"]}))
    {
      "at": [1.0, 2.0],
      "ids": ["a", "b"]
    }
    """
    inner = indent + "  "
    match value:
        case Line(text):
            return text
        case dict() if value:
            rows = [f"{inner}{json_text(key)}: {json_text(item, inner)}" for key, item in value.items()]
            return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
        case list() if not all(isinstance(item, str) for item in value):
            return "[\n" + ",\n".join(inner + json_text(item, inner) for item in value) + f"\n{indent}]"
        case _:
            return json.dumps(value, ensure_ascii=False)
