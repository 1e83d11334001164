"""A manifest in CSV, as spreadsheets write it: byte order mark, semicolons, quoted line breaks, decimal commas.

The delimiter is the one by which most columns are recognised; a first line such as `sep=;` decides. All cells are
text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from itertools import islice

from ... import limits
from ...errors import escaped
from ...files.findings import Findings
from ...files.reading import decoded, hidden
from .formats import Row, Table, too_many

DELIMITERS = (",", ";", "\t")


def read_csv(data: bytes, known: Collection[str], findings: Findings) -> Table:
    """The rows below a line of column names; `known` are the names by which the delimiter is recognised."""
    text = decoded(data, findings, hint="save the file as UTF-8, which spreadsheets call 'CSV UTF-8'")
    skipped = 0
    if named := re.match(r"sep=([,;\t])\r?\n", text, re.IGNORECASE):
        text, skipped = text[named.end() :], 1
    delimiter = named[1] if named else _delimiter(text, known)
    first, *_ = [*islice(_lines(text, delimiter, skipped, findings), 1), (1, [])]
    header = _header(first, findings)
    if not {*header} & {*known}:  # what stands above the names of the columns: the name of a table, a type
        below = islice(_lines(text, delimiter, skipped, findings), 1, 6)
        if found := next((line for line, cells in below if {name.strip() for name in cells} & {*known}), 0):
            hint = f"delete what stands above line {found}"
            findings.fail("the first line names no column", f"line {first[0]}", hint)
    count = _counted(_lines(text, delimiter, skipped, findings), header, delimiter, findings)
    return Table(
        _rows(_lines(text, delimiter, skipped, findings), header),
        count,
        header=tuple(name for name in header if name),
        header_place=f"line {first[0]}",
        texts=True,
        decimal_comma=delimiter != ",",
    )


def _delimiter(text: str, known: Collection[str]) -> str:
    """The one by which most cells of the header are names of columns."""
    first = text.lstrip("\r\n")[:10_000]

    def recognised(delimiter: str) -> tuple[int, int]:
        try:
            header = next(csv.reader(io.StringIO(first, newline=""), delimiter=delimiter, skipinitialspace=True), [])
        except csv.Error:
            return 0, 0
        return sum(name.strip() in known for name in header), len(header)

    return max(DELIMITERS, key=recognised)


def _lines(text: str, delimiter: str, skipped: int, findings: Findings) -> Iterator[tuple[int, list[str]]]:
    """Each record that holds anything, with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        line = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            hint = 'write a quote inside a quoted cell twice, as in "a ""b"" c"'
            findings.fail(f"not CSV: {error}", f"line {line}", hint)
        if any(map(str.strip, cells)):
            yield line, cells


def _header(first: tuple[int, list[str]], findings: Findings) -> list[str]:
    """The names of the columns; a column with an empty name must stay empty."""
    line, names = first
    names = [name.strip() for name in names]
    if not any(names):
        findings.fail("the file is empty", hint="begin with a line of column names, such as muscle,side,output")
    if len(names) > limits.MANIFEST_COLUMNS:
        findings.fail(limits.over("MANIFEST_COLUMNS", len(names), "columns"), f"line {line}", "leave columns out")
    for name in dict.fromkeys(name for name in names if name and names.count(name) > 1):
        findings.add(f"column '{name[:80]}' stands twice", f"line {line}", "keep one of them")
    for name in names:
        if hidden(name):
            findings.add(f"the name of a column holds {hidden(name)}", f"line {line}", "delete the character")
    findings.settle()
    return names


def _counted(lines: Iterator[tuple[int, list[str]]], header: list[str], delimiter: str, findings: Findings) -> int:
    """How many rows there are, each of which must have one cell for each column."""
    nameless = [place for place, name in enumerate(header) if not name]
    count = 0
    for count, (line, cells) in enumerate(lines):
        too_many(count, findings)
        if count and len(cells) != len(header):
            hint = f'put a text with {delimiter!r} in quotes, as in "posterior{delimiter}right"'
            if len(cells) < len(header):
                hint = f"write {delimiter!r} for empty cells, too"
            findings.add(f"{len(cells)} cells, the header has {len(header)}", f"line {line}", hint)
        elif count:
            for place in [place for place in nameless if cells[place].strip()]:
                nameless.remove(place)  # such as the numbers of all rows: one mistake
                what = f"cell {place + 1} has no column: '{escaped(cells[place][:40])}'"
                findings.add(what, f"line {line}", "name the column in the first line, or delete it")
    return count


def _rows(lines: Iterator[tuple[int, list[str]]], header: list[str]) -> Iterator[Row]:
    for number, (line, cells) in enumerate(lines):
        if number and len(cells) == len(header):
            named = dict(zip(header, cells, strict=True))
            named.pop("", None)
            yield Row(number, line, named)
