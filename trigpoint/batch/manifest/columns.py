"""Which columns a manifest has, and what a cell of each may hold.

The columns come from the table of options. A cell becomes the value that `Diagram` takes, whether it was written as
text in a spreadsheet or as a list in JSON; `Diagram` checks whether a muscle or a theme of that name exists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from ... import limits
from ...diagram import option_table
from ...errors import Problem, escaped
from .formats import unseen

TEMPLATES = ("output", "title")
ROW_NAMES = ("index", "row")
KINDS = {"one": frozenset(["string"]), "several": frozenset(["string", "array"]), "number": frozenset(["number"])}
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
_WHOLE = re.compile(r"(\d{1,9})(?:\.0)?")  # where one of a column is missing, pandas writes 1.0 for 1
_COMMA = re.compile(r"[+-]?\d+,\d+")
_BROKEN_FORMULA = re.compile(r"#(?:N/[AD]|NV|¡?[^\W\d_]+(?:/0)?[!?])")  # in whichever language
_WORDS = {"array": "a list", "string": "a text", "number": "a number", "integer": "a whole number", "null": "nothing"}


class CellError(ValueError):
    """A cell that its column cannot hold."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.problem = Problem(what, hint=hint)


@dataclass(frozen=True)
class Column:
    """A column by name; `kinds` are the types of JSON that it takes, `items` those of the entries of a list."""

    name: str
    kinds: frozenset[str]
    items: frozenset[str]
    hint: str

    def value(self, cell: Any, *, texts: bool = False, decimal_comma: bool = False) -> Any:
        """What the cell means: text, number, a tuple of names, or None where it is empty; CellError otherwise.

        With `texts`, numbers are written as text, "85,5" too with `decimal_comma`.
        """
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return None
        if texts:
            cell = cell.strip()
            if "number" in self.kinds:
                return _number(cell, decimal_comma=decimal_comma)
        kind = _kind(cell)
        if kind not in self.kinds and not (kind == "integer" and "number" in self.kinds):
            raise CellError(f"{self.wanted} expected, found {_shown(cell)}", self.hint)
        match cell:
            case str() if "array" in self.kinds:
                return self._entries(cell.split(","))
            case list() | tuple():
                return self._entries(cell)
            case int() | float():
                return self._entries([cell]) if "array" in self.kinds else _finite(cell)
        return _text(cell)

    @property
    def wanted(self) -> str:
        """What it takes, in words."""
        return next(_WORDS[kind] for kind in ("number", "string", "array") if kind in self.kinds)

    def _entries(self, cells: Any) -> tuple[str | int, ...]:
        found: list[str | int] = []
        for cell in cells:
            if _kind(cell) not in self.items:
                raise CellError(f"{self.wanted} expected in the list, found {_shown(cell)}", self.hint)
            entry = _text(cell.strip()) if isinstance(cell, str) else int(cell)
            if entry == "":
                raise CellError("an empty entry in the list", "take a comma out")
            whole = _WHOLE.fullmatch(str(entry)) if "integer" in self.items else None
            found.append(int(whole[1]) if whole else entry)
        if not found:
            raise CellError("an empty list", self.hint)
        return tuple(found)


@cache
def columns() -> Mapping[str, Column]:
    """Every column but a manifest's own, by name."""
    found = {}
    for row in option_table.OPTIONS:
        whole = frozenset(["integer"] if row.whole else [])
        items = whole | {"string"} if row.kind == "several" else frozenset[str]()
        for name in row.columns or (row.name,):
            found[name] = Column(name, KINDS[row.kind] | whole | {"null"}, items, row.described)
    return MappingProxyType(found)


def placeholders() -> tuple[str, ...]:
    """The names that stand for something in every template."""
    return (*option_table.placeholders(), *ROW_NAMES)


def is_broken(text: str) -> bool:
    """Whether a text is what a spreadsheet writes in place of what it cannot compute.

    >>> [is_broken(text) for text in ("#N/A", "#BEZUG!", "#DIV/0!", "#¡REF!", "#1", "R#N/A")]
    [True, True, True, True, False, False]
    """
    return text.startswith("#") and _BROKEN_FORMULA.fullmatch(text.strip()) is not None


def own_value(cell: Any) -> str:
    """The text of a cell in a column of the user's own, empty where it holds nothing; CellError where it is no text."""
    match cell:
        case None:
            return ""
        case str() if is_broken(cell):  # the column may be unused
            return cell
        case str():
            return _text(cell)
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return f"{_finite(cell):.15g}"
    raise CellError(f"a text or a number expected, found {_shown(cell)}", "columns of your own hold one text each")


def _text(text: str) -> str:
    if len(text) > limits.CELL_CHARACTERS:
        raise CellError(limits.over("CELL_CHARACTERS", len(text), "characters"), "shorten it")
    if is_broken(text):
        raise CellError(f"the cell holds an error of its spreadsheet: {text.strip()}", "mend the formula there")
    if fault := unseen(text):
        raise CellError(f"the text holds {fault}", "delete the character")
    return text


def _number(text: str, *, decimal_comma: bool) -> float:
    if decimal_comma and _COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if not (text.isascii() and _NUMBER.fullmatch(text)) or len(text) > 40:
        hint = "write a decimal point" if _COMMA.fullmatch(text) else "write digits, such as 85 or 85.5"
        raise CellError(f"a number expected, found '{escaped(text[:40])}'", hint)
    return _finite(float(text))


def _finite(number: float) -> float:
    if not -(10.0**15) < number < 10.0**15:  # not-a-number, too
        raise CellError("the number is not finite, or far too large", "write an ordinary number")
    return float(number)


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "integer" if value.is_integer() else "number"
        case str():
            return "string"
        case list() | tuple():
            return "array"
        case dict():
            return "object"
        case None:
            return "null"
    return "other"  # from a caller: no file holds such a thing


def _shown(value: Any) -> str:
    kind = _kind(value)
    words = {"array": "a list", "object": "an object", "null": "nothing"}
    return words.get(kind) or escaped((repr(value) if kind == "other" else json.dumps(value, ensure_ascii=False))[:60])
