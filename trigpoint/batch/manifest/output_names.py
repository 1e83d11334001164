"""The words of a manifest's rows: titles and file names made from templates, each file claimed for one figure.

A value that no file name can hold is refused, not rewritten: two patients must never share a file because of a
character. `row_options` settles whether a row's options are sound.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ...backends import FORMATS, format_of
from ...diagram.options import checked_title
from ...errors import InputError, Problem, unknown
from ...files.file_names import UNPORTABLE, on_disk
from ..jobs import Target
from ..row_options import Options
from .columns import is_broken, placeholders
from .formats import Row
from .output_folder import Places
from .templates import Template, parse, unknown_names

OUTPUT = "{index}-{muscle}"  # the name of a file where no row says one
OTHER_PICTURES = frozenset(["jpg", "jpeg", "gif", "webp", "bmp", "emf", "wmf", "ai", "ps", "svgz"])
HINTED = 1_000  # templates; to look for what a slip means takes 0.1 ms


class Note(Protocol):
    """What notes a problem of a row."""

    def __call__(self, row: Row, column: str, problem: Problem, *, shared: bool = False) -> None:
        """Something is wrong with a row's column, or with the text there that the row shares with others."""


@dataclass
class RowNames:
    """Titles and files of one manifest below one folder.

    `own` are the manifest's own columns, `note` takes a row, a column and what is wrong there, `where` names a row by
    its mark. `used` collects the placeholders in use.
    """

    folder: Path
    own: Collection[str]
    note: Note
    where: Callable[[int], str]
    used: set[str] = field(default_factory=set)
    templates: dict[tuple[str, str], Template | tuple[Problem, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = Places(self.folder)

    def title(self, row: Row, text: str | None, words: Mapping[str, str], *, whole: bool) -> tuple[str | None, bool]:
        """The title from its text, and whether it can be printed; `whole` says whether all words are known."""
        template = self._template(row, "title", text)
        if not isinstance(template, Template):
            return None, template is None
        if empty := [name for name in template.names if _lacks(words.get(name))]:
            if whole:
                self._note_empty(row, "title", empty, words)
            return None, False
        try:
            return checked_title(template.filled(words.__getitem__)), True
        except InputError as error:
            for problem in error.problems:
                self.note(row, "title", problem)
        return None, False

    def targets(
        self, row: Row, text: str | None, options: Options, words: Mapping[str, str], *, whole: bool
    ) -> tuple[Target, ...]:
        """The row's files, named by a text; none where a name is wrong. `whole` as for titles."""
        template = self._template(row, "output", text or OUTPUT)
        if not isinstance(template, Template):
            return ()
        if empty := [name for name in template.names if name != "format" and _lacks(words.get(name))]:
            if whole:
                self._note_empty(row, "output", empty, words)
            return ()
        if unsafe := [name for name in template.names if UNPORTABLE & set(words.get(name, ""))]:
            for name in unsafe:
                sign = next(sign for sign in words[name] if sign in UNPORTABLE)
                what = f"'{words[name]}' cannot be part of a file name: it holds '{sign}'"
                self.note(row, name if name in row.cells else "output", Problem(what, hint="write '-' in its place"))
            return ()
        found = []
        for kind, ending in self._endings(row, template, options, words):
            name = template.filled({**words, "format": kind}.__getitem__) + ending
            if self._claimed(row, name):
                found.append(Target(self.folder / on_disk(name), kind))
        return tuple(found)

    def _endings(
        self, row: Row, template: Template, options: Options, words: Mapping[str, str]
    ) -> list[tuple[str, str]]:
        """The formats of a row's files, each with what its name still needs at the end."""
        found = []
        formats = options.formats or FORMATS[:1]  # unknown where an option is wrong
        for kind in formats:
            name = template.filled({**words, "format": kind}.__getitem__)
            suffix = format_of(f"-{name.rpartition('/')[2]}")  # a name that is nothing but a suffix has one, too
            if suffix in OTHER_PICTURES:
                self.note(row, "output", unknown("format", suffix, FORMATS).problems[0])
                return []
            found.append((suffix, "") if suffix in FORMATS else (kind, f".{kind}"))
        named = tuple(suffix for suffix, ending in found if not ending)
        if not named or named == formats:
            return found
        nearer = row.cells.get("output") and not row.cells.get("format")  # than a format given for all rows
        if options.chosen and not nearer:
            what = f"the name ends in .{named[0]}, the format is {', '.join(formats)}"
            self.note(row, "output", Problem(what, hint="leave one of them out, or end the name in .{format}"))
            return []
        return found[:1]

    def _claimed(self, row: Row, name: str) -> bool:
        """Whether the file name is sound and no other figure has it."""
        taken = self.places.claim(name, row.line or row.number)
        if taken is None:
            return True
        if isinstance(taken, int):
            hint = "use {index} or a column of your own in 'output'"
            taken = Problem(f"'{name}' is taken already, by {self.where(taken)}", hint=hint)
        self.note(row, "output", taken)
        return False

    def _template(self, row: Row, column: str, text: str | None) -> Template | tuple[Problem, ...] | None:
        """The template of a text; problems where it is none; None where there is no text."""
        if text is None:
            return None
        key = (column, text)
        if key not in self.templates:
            self.templates[key] = self._parsed(column, text)
        found = self.templates[key]
        if not isinstance(found, Template):
            for problem in found:
                self.note(row, column, problem, shared=True)
        return found

    def _parsed(self, column: str, text: str) -> Template | tuple[Problem, ...]:
        try:
            template = parse(text)
        except InputError as error:
            return error.problems
        self.used.update(template.names)
        known = [name for name in (*placeholders(), *self.own) if column == "output" or name != "format"]
        return tuple(unknown_names(template, known, hints=len(self.templates) < HINTED)) or template

    def _note_empty(self, row: Row, column: str, names: list[str], words: Mapping[str, str]) -> None:
        for name in names:
            what = f"{{{name}}} is {words.get(name) or 'empty'} here"
            self.note(row, column, Problem(what, hint=f"fill the column, or leave {{{name}}} out of '{column}'"))


def _lacks(word: str | None) -> bool:
    return not word or is_broken(word)
