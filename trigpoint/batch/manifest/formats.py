"""The bytes of a manifest as rows of cells: TOML, JSON and JSON Lines; `csv_format` reads CSV.

Strict as for every file that comes from outside: caps before work, one encoding, no key twice, no endless number, and
every fault with its place: the line where a row is a line, else the figure by its number and muscle.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ... import limits
from ...errors import InputError, escaped, suggestion
from ...files.findings import Findings
from ...files.reading import Scan, decoded, hidden, json_value, parse_json

FIGURES, DEFAULTS, SCHEMA = "figures", "defaults", "$schema"
_KEY = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DOTTED = re.compile(rf"(?<![\w-])(?:{_KEY}[ \t]*+\.[ \t]*+){{{limits.DOTTED_PARTS}}}")
NAMED_BY = ("muscle", "muscles", "output")  # columns by which messages name a figure, the first that holds a text


@dataclass(frozen=True, slots=True)
class Row:
    """One figure as it was written: its number from 1, its line where a row is one (else 0), its cells."""

    number: int
    line: int
    cells: Mapping[str, Any]

    @property
    def place(self) -> str:
        """Where it stands, in words.

        >>> Row(3, 0, {"muscle": "piriformis"}).place, Row(3, 7, {}).place
        ('figure 3 (piriformis)', 'line 7')
        """
        if self.line:
            return f"line {self.line}"
        named = next((cell for cell in map(self.cells.get, NAMED_BY) if isinstance(cell, str) and cell.strip()), "")
        return f"figure {self.number}" + (f" ({escaped(named.strip()[:40])})" if named else "")


@dataclass(frozen=True)
class Table:
    """A manifest in rows, `count` of them. In `texts` every cell is text, with `decimal_comma` "85,5" is a number.

    `header` holds the names of the columns where all rows have the same ones, `header_place` says where.
    """

    rows: Iterable[Row]
    count: int
    defaults: Mapping[str, Any] = field(default_factory=dict)
    header: tuple[str, ...] = ()
    header_place: str = "defaults"
    texts: bool = False
    decimal_comma: bool = False


def unseen(text: str) -> str:
    """As `intake.hidden`, but a cell may have line breaks and tabs: notes do."""
    return "" if text.isprintable() else hidden(text.translate({9: " ", 10: " ", 13: " "}))


def read_json(data: bytes, findings: Findings) -> Table:
    """A list of figures, or an object with `figures` and `defaults`."""
    held = parse_json(data, findings, values="MANIFEST_VALUES", leaf=None)
    return _table(held, findings)


def read_json_lines(data: bytes, findings: Findings) -> Table:
    """One figure on each line; empty lines are passed over."""
    lines = decoded(data, findings).split("\n")
    rows: list[Row] = []
    for line, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        too_many(len(rows) + 1, findings)
        place = f"line {line}"
        try:
            value = json_value(text, findings, pointer=place, line=line, leaf=None)
        except InputError:  # noted in the findings: the next line may be sound
            continue
        if isinstance(value, dict):
            rows.append(Row(len(rows) + 1, line, value))
        else:
            findings.add("an object expected", place, 'write {"muscle": ...} on every line')
    return Table(rows, len(rows))


def read_toml(data: bytes, findings: Findings) -> Table:
    """`[defaults]` and any number of `[[figures]]`."""
    import tomllib  # 16 ms that only a manifest in TOML has to pay

    text = decoded(data, findings).replace("\r\n", "\n")
    if found := _DOTTED.search(text):
        line = text.count("\n", 0, found.start()) + 1
        what = f"a key of more than {limits.DOTTED_PARTS} parts (trigpoint.limits.DOTTED_PARTS)"
        findings.fail(what, f"line {line}", "a manifest goes no deeper than [[figures]]")
    try:
        held = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
        at = f"line {place[1]} column {place[2]}" if place and place[1] else f"line {text.count(chr(10)) + 1}"
        what = message[: place.start()] if place else message
        findings.fail(f"not TOML: {what[0].lower()}{what[1:]}", at, "mend the text there")
    except RecursionError:
        findings.fail(limits.TOO_DEEP, hint="nothing that is read here goes so deep")
    except ValueError:  # a number of thousands of digits, a day that no calendar has
        findings.fail("not TOML: a number or a date that cannot be", hint="write fewer digits")
    held = _plain(held)
    Scan(findings, leaf=None).look(held)
    return _table(held, findings)


def _plain(value: Any) -> Any:
    """Dates as their text: they have no other use in a figure."""
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case datetime.date() | datetime.time():  # a datetime is a date
            return value.isoformat()
    return value


def _table(held: Any, findings: Findings) -> Table:
    """The rows of a file that is one value."""
    if isinstance(held, list):
        held = {FIGURES: held}
    if not isinstance(held, dict):
        findings.fail("a list of figures expected", hint=f'write {{"{FIGURES}": [...]}}')
    for key in held:
        if key not in (FIGURES, DEFAULTS, SCHEMA):
            findings.add(f"unknown field '{key[:80]}'", f"/{key[:80]}", suggestion(key, (FIGURES, DEFAULTS)))
    figures, defaults = held.get(FIGURES), held.get(DEFAULTS, {})
    if not isinstance(defaults, dict):
        findings.add("an object expected", f"/{DEFAULTS}", "give columns and values")
        defaults = {}
    if not isinstance(held.get(SCHEMA, ""), str):
        findings.add("a text expected", f"/{SCHEMA}", "give the address of the schema")
    if not isinstance(figures, list):
        what = f"field '{FIGURES}' is missing" if figures is None else "a list expected"
        findings.fail(what, f"/{FIGURES}", f'write [[{FIGURES}]] or "{FIGURES}": [...]')
    too_many(len(figures), findings)
    for at, cells in enumerate(figures):
        if not isinstance(cells, dict):
            findings.add("an object expected", f"/{FIGURES}/{at}", "a figure is columns and values")
    rows = [Row(number, 0, cells) for number, cells in enumerate(figures, start=1) if isinstance(cells, dict)]
    return Table(rows, len(figures), defaults)


def too_many(rows: int, findings: Findings) -> None:
    """Fail where there are more rows than a manifest may have."""
    if rows > limits.MANIFEST_ROWS:
        findings.fail(limits.over("MANIFEST_ROWS", rows, "or more figures"), hint="split the manifest")
