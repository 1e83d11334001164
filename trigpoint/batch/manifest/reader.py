"""A manifest as jobs: every row of a file is one figure, checked before the first one is drawn.

Rows that ask for the same are settled once. All problems of a file come in one error, each with its place and column.
A row's own cell counts first, then what the command line gives, then the manifest's defaults.
`formats` and `csv_format` parse files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from ... import limits
from ...atlas import Atlas, load_atlas
from ...diagram.option_table import MUSCLES
from ...errors import SLIP, InputError, Problem, escaped, nearest, unknown
from ...files.findings import Findings
from ...files.reading import read_bytes
from ..check import size_problems
from ..jobs import Job
from ..row_options import NO_MUSCLE, Options, settle
from .columns import TEMPLATES, CellError, Column, columns, own_value, placeholders
from .csv_format import read_csv
from .formats import Row, Table, read_json, read_json_lines, read_toml
from .output_names import RowNames

FORMATS = ("toml", "csv", "json", "jsonl")
SUFFIXES = {"toml": "toml", "csv": "csv", "tsv": "csv", "json": "json", "jsonl": "jsonl", "ndjson": "jsonl"}
WORKBOOKS = ("xlsx", "xls", "xlsm", "ods", "numbers")


def read_manifest(
    source: str | os.PathLike[str] | bytes,
    *,
    folder: str | os.PathLike[str],
    format: str | None = None,
    given: Mapping[str, Any] | None = None,
    atlas: Atlas | None = None,
    name: str = "",
) -> tuple[Job, ...]:
    """The jobs of a manifest, in the order of its rows.

    Parameters
    ----------
    source : path or bytes
        A file, or its bytes.
    folder : path
        The folder below which all files go.
    format : {"toml", "csv", "json", "jsonl"}, optional
        By default that of the file's suffix.
    given : mapping, optional
        Columns for all rows that leave them empty.
    atlas : Atlas, optional
        The atlas that muscles and regions are looked up in, the shipped one by default; give `render_all` the same
        `patterns` and `outlines`.
    name : str, optional
        The name of the bytes in messages.

    Raises
    ------
    InputError
        With everything that is wrong with the file.

    Examples
    --------
    >>> rows = b"muscle,patient,output\\npiriformis,P1,{patient}-{muscle}\\n"
    >>> [target.path.name for job in read_manifest(rows, folder="figures", format="csv") for target in job.targets]
    ['P1-piriformis.svg']
    """
    return open_manifest(source, folder=folder, format=format, given=given, atlas=atlas, name=name).jobs


class Manifest(NamedTuple):
    """The jobs of a manifest, and its columns that mean nothing: no option, and in no name or title."""

    jobs: tuple[Job, ...]
    unused: tuple[str, ...]


def open_manifest(
    source: str | os.PathLike[str] | bytes,
    *,
    folder: str | os.PathLike[str],
    format: str | None = None,
    given: Mapping[str, Any] | None = None,
    atlas: Atlas | None = None,
    name: str = "",
    origin: str = "the call",
) -> Manifest:
    """As `read_manifest`, with what a person may want to know besides the jobs. `origin` is where `given` was given."""
    label = name or (os.fspath(source) if not isinstance(source, bytes) else "manifest")
    kind = format or _format_of(label)
    if kind not in FORMATS:
        raise unknown("format of a manifest", kind, FORMATS)
    data = source if isinstance(source, bytes) else read_bytes(source, "MANIFEST_BYTES")
    findings = Findings(label)
    if len(data) > limits.MANIFEST_BYTES:
        findings.fail(limits.over("MANIFEST_BYTES", len(data), "or more bytes"), hint="split the manifest")
    if kind == "csv":
        table = read_csv(data, {*columns()}, findings)
    else:
        table = {"toml": read_toml, "json": read_json, "jsonl": read_json_lines}[kind](data, findings)
    reader = _Reader(table, Path(folder), atlas or load_atlas(), findings)
    jobs = reader.jobs({key: value for key, value in (given or {}).items() if value is not None}, origin)
    findings.settle()
    return Manifest(jobs, tuple(each for each in reader.own if each not in reader.names.used))


def _format_of(name: str) -> str:
    suffix = Path(name).suffix.removeprefix(".").lower()
    if suffix not in SUFFIXES:
        what = "the suffix does not tell how the manifest is written"
        hint = f"end the name in .{', .'.join(FORMATS)}, or give --manifest-format"
        if suffix in WORKBOOKS:
            what, hint = "workbooks are not read", "save the sheet as 'CSV UTF-8' in the spreadsheet program"
        raise InputError(Problem(what, file=name, hint=hint))
    return SUFFIXES[suffix]


@dataclass
class _Reader:
    """One manifest while it is read; `jobs` is its only door."""

    table: Table
    folder: Path
    atlas: Atlas
    findings: Findings
    common: dict[str, Any] = field(default_factory=dict)  # values of option columns for rows that have none
    texts: dict[str, str] = field(default_factory=dict)  # the same of file names and titles
    common_own: dict[str, str] = field(default_factory=dict)
    origin: dict[str, str] = field(default_factory=dict)  # where each of these was given
    own: dict[str, int] = field(default_factory=dict)  # own columns, with the mark of the row that has each first
    settled: dict[tuple[object, ...], Options] = field(default_factory=dict)
    without_muscle: list[str] = field(default_factory=list)

    def jobs(self, given: Mapping[str, Any], origin: str) -> tuple[Job, ...]:
        """Every row as a job; findings hold what is wrong."""
        self.take_common(self.table.defaults, "defaults")
        self.take_common(given, origin)
        self.note_own_columns((*self.table.defaults, *given, *self.table.header))
        self.names = RowNames(self.folder, self.own, self.note, self.where)
        self.digits = len(str(self.table.count))
        jobs = tuple(job for row in self.table.rows for job in self.job(row))
        if not self.table.count:
            self.findings.add("no figures", hint="write one row for each figure")
        self.finish()
        return jobs

    def finish(self) -> None:
        """Note what can only be known once all templates are."""
        meant = self.note_slips()
        if not meant & {*MUSCLES}:
            header = self.table.header
            if header and self.without_muscle and not {*MUSCLES} & {*header}:
                hint = f"its columns are {', '.join(escaped(name[:40]) for name in header[:8])}"
                self.findings.add("the header has no column 'muscle'", self.table.header_place, hint, first=True)
                return self.clashes()
            for place in self.without_muscle:
                self.findings.add(NO_MUSCLE.what, place, NO_MUSCLE.hint)
        self.clashes()

    def clashes(self) -> None:
        """Note every name that is to be a file and a folder."""
        for mark, name in self.names.places.clashes():
            hint = "rename one of them"
            self.findings.add(f"'{name}' is the name of a file and of a folder", self.where(mark), hint)

    def take_common(self, cells: Mapping[str, Any], origin: str) -> None:
        """What rows take that say nothing; what is given later wins."""
        for name, cell in cells.items():
            try:
                value = columns()[name].value(cell) if name in columns() else own_value(cell).strip() or None
            except CellError as error:
                self.findings.add(error.problem.what, f"{origin}, column {name}", error.problem.hint)
                continue
            if value is None:
                continue
            self.origin[name] = origin
            held = self.texts if name in TEMPLATES else self.common if name in columns() else self.common_own
            if name in MUSCLES:
                old = [key for key in MUSCLES if self.origin.get(key) != origin]
                held = self.common = {key: value for key, value in self.common.items() if key not in old}
            held[name] = value

    def note_own_columns(self, common: Iterable[str]) -> None:
        """The manifest's own columns, before any template is read."""
        known = columns()
        self.own = {name: 0 for name in common if name not in known}
        if not self.table.texts:
            for row in self.table.rows:
                for name in row.cells:
                    if name not in known and name not in self.own:
                        self.own[name] = row.line or row.number
        if len(self.own) > limits.MANIFEST_COLUMNS:  # each is held against those that mean something
            what = limits.over("MANIFEST_COLUMNS", len(self.own), "columns of your own")
            self.findings.fail(what, hint="leave columns out")

    def note_slips(self) -> set[str]:
        """Note own columns with a name that cannot be, or is a slip; return the columns that these slips mean."""
        meant = set()
        for name, mark in self.own.items():
            place = self.where(mark) if mark else self.origin.get(name, self.table.header_place)
            if not 0 < len(name.strip()) <= limits.LABEL_CHARACTERS:
                what = "a column without a name" if not name.strip() else "the name of a column is too long"
                self.findings.add(what, place, f"write 1 to {limits.LABEL_CHARACTERS} characters", first=True)
            elif near := _same(name, columns()):
                self.findings.add(f"unknown column '{name}'", place, f"did you mean '{near}'?", first=True)
                meant.add(near)
            elif (name not in self.names.used or name in placeholders()) and (
                near := nearest(name.strip(), columns(), SLIP)
            ):
                hint = f"did you mean '{near}'? A column of your own is left alone if {{{name}}} stands in a template"
                self.findings.add(f"unknown column '{name}'", place, hint, first=True)
                meant.add(near)
            elif name in placeholders():
                hint = "give the column another name"
                self.findings.add(f"'{name}' is a placeholder already", place, hint, first=True)
        return meant

    def job(self, row: Row) -> Iterator[Job]:
        """The job of a row, none where something is wrong with it."""
        cells = row.cells
        if len(cells) > limits.MANIFEST_COLUMNS:
            self.note(row, "", Problem(limits.over("MANIFEST_COLUMNS", len(cells), "columns")))
            return
        options, own, sound = self.options(row), *self.own_values(row)
        for column, problem in options.problems:
            self.note(row, column, problem)
        words = {**options.words, **own, "row": str(row.number), "index": f"{row.number:0{self.digits}}"}
        texts = {column: self.text(row, column) for column in TEMPLATES}
        whole = sound and not options.problems
        title, title_sound = self.names.title(row, texts["title"], words, whole=whole)
        targets = self.names.targets(row, texts["output"], options, words, whole=whole)
        if options.problems or not (sound and title_sound and targets):
            return
        keywords = options.keywords if title is None else {**options.keywords, "title": title}
        job = Job(options.muscles, targets, keywords, options.dpi, own, f"{self.findings.file} {row.place}")
        for problem in size_problems(job, options.page_width):
            self.note(row, "width" if job.dpi is None else "dpi", problem)
        yield job

    def options(self, row: Row) -> Options:
        """The options of a row, from those settled before where its cells are the same."""
        known = columns()
        cells = [(name, cell) for name, cell in row.cells.items() if name in known and name not in TEMPLATES]
        key = tuple([(name, cell if isinstance(cell, str) else _told_apart(cell)) for name, cell in cells])
        found = self.settled.get(key)
        if found is None:
            if self.findings.full:  # more problems would only be counted
                self.finish()
                self.findings.add("the rest was not looked at", row.place)
                self.findings.settle()
            found = self.settled[key] = self.settle(cells)
        if any(problem == NO_MUSCLE for _, problem in found.problems):
            self.without_muscle.append(self.place(row, ""))
        return found

    def settle(self, cells: list[tuple[str, Any]]) -> Options:
        values: dict[str, Any] = {}
        problems: list[tuple[str, Problem]] = []
        for name, cell in cells:
            try:
                value = self.value(columns()[name], cell)
            except CellError as error:
                problems.append((name, error.problem))
                continue
            if value is not None:
                values[name] = value
        wrong = {name for name, _ in problems}
        own_muscle = any(name in values or name in wrong for name in MUSCLES)
        common = {key: value for key, value in self.common.items() if not (own_muscle and key in MUSCLES)}
        found = settle(common | values, self.atlas)
        if problems:  # a muscle that cannot be read is one, all the same
            others = [each for each in found.problems if not (own_muscle and each[1] == NO_MUSCLE)]
            return Options(problems=(*problems, *others))
        return found

    def value(self, column: Column, cell: Any) -> Any:
        return column.value(cell, texts=self.table.texts, decimal_comma=self.table.decimal_comma)

    def text(self, row: Row, column: str) -> str | None:
        """What a row, or else all rows, give as a title or a name of files."""
        try:
            text: str | None = self.value(columns()[column], row.cells.get(column))
        except CellError as error:
            self.note(row, column, error.problem)
            return None
        return text or self.texts.get(column)

    def own_values(self, row: Row) -> tuple[dict[str, str], bool]:
        """The row's cells in own columns that hold something, and whether all of them are sound."""
        own, sound = dict(self.common_own), True
        for name, cell in row.cells.items():
            if name in self.own:
                try:
                    value = own_value(cell).strip()
                except CellError as error:
                    self.note(row, name, error.problem)
                    sound = False
                    continue
                if value:
                    own[name] = value
        return own, sound

    def note(self, row: Row, column: str, problem: Problem, *, shared: bool = False) -> None:
        """Note a problem of a row, or of where its cell came from; a text that rows share can be wrong in some."""
        if problem != NO_MUSCLE:  # told at the end, unless a slip in the name of the column is why
            own = column in TEMPLATES and not shared
            self.findings.add(problem.what, self.place(row, column, own=own), problem.hint)

    def place(self, row: Row, column: str, *, own: bool = False) -> str:
        """Where a cell stands: in the row, or where its row has it from; there and in its `own` row."""
        given = row.cells.get(column)
        here = row.place
        if not column:
            return here
        origin = self.origin.get(column) if given is None or not str(given).strip() else None
        if own and origin:
            return f"{here}, column {column} (from {origin})"
        return f"{origin or here}, column {column}"

    def where(self, mark: int) -> str:
        """A row in words, by its mark: its line, or its number where it has none."""
        return self.places.get(mark, f"line {mark}")

    @cached_property
    def places(self) -> dict[int, str]:
        """The rows that have no line, in words, by their number."""
        return {} if self.table.texts else {row.number: row.place for row in self.table.rows if not row.line}


def _told_apart(cell: Any) -> object:
    """A key for a cell, by which 1, 1.0 and true differ, and whatever no cell may hold is alike."""
    if isinstance(cell, list):
        return tuple([_told_apart(item) if not isinstance(item, list) else list for item in cell])
    return (type(cell), cell if isinstance(cell, str | int | float) else None)


def _same(name: str, known: Iterable[str]) -> str:
    """The column that a name would be but for capitals, blanks or the plural; empty where there is none.

    Without this, a column `Side` could name files by a side that is not drawn.
    """
    plain = _bare(name)
    return next((each for each in known if _bare(each) == plain), "")


def _bare(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum()).removesuffix("s")
