"""The places of a manifest's files: names below one folder, each checked and reserved before anything is written.

A name may have folders of its own but may not lead out of the output folder, neither by dots nor by a link. Names that
differ only in case or in how an accent is encoded count as one, since some file systems hold them for one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ...errors import Problem
from ...files.file_names import OUTSIDE, Fault, alike, folders_fault, name_fault, on_disk


class Places:
    """The names taken so far below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._taken: dict[str, int] = {}  # by the name as the most careless machine sees it, the number of its row
        self._folders: dict[str, Folder] = {}

    def claim(self, name: str, row: int) -> Problem | int | None:
        """Take a name for a row: None where it is free and sound, the row that has it already, or what is wrong."""
        above, _, last = name.rpartition("/")
        folder = self._folders.get(above)
        if folder is None:
            folder = self._folders[above] = _folder(self.folder, above)
        fault = OUTSIDE if _NAMELESS.fullmatch(last) or name.startswith("/") else name_fault(last)
        if folder.fault or fault:
            what, hint = folder.fault or fault or OUTSIDE
            return Problem(f"'{name}': {what}", hint=hint)
        if last in folder.held:
            return Problem(f"'{name}': this is a folder", hint="give a file name")
        same = alike(name)
        if same in self._taken:
            return self._taken[same]
        self._taken[same] = row
        return None

    def clashes(self) -> Iterator[tuple[int, str]]:
        """Every name that is to be a file and a folder at once: the row of the file, and the name."""
        for above in self._folders:
            parts = above.split("/")
            for count in range(1, len(parts) + 1):
                name = "/".join(parts[:count])
                row = self._taken.get(alike(name))
                if row is not None:
                    yield row, name


_NAMELESS = re.compile(r"|\.+[^.]*")  # nothing before the suffix, or nothing at all


class Folder(NamedTuple):
    """A folder below the output folder: what is wrong with it, and the names of the folders that it holds."""

    fault: Fault | None = None
    held: frozenset[str] = frozenset()


def _folder(top: Path, name: str) -> Folder:
    parts = name.split("/") if name else []
    if fault := folders_fault(parts) or _way_fault(top, parts):
        return Folder(fault)
    with suppress(OSError), os.scandir(top / on_disk(name)) as entries:  # not there yet, or not readable
        return Folder(held=frozenset(entry.name for entry in entries if entry.is_dir()))
    return Folder()


def _way_fault(top: Path, parts: list[str]) -> Fault | None:
    """What stands in the way to a folder."""
    place = top
    try:
        for part in parts:
            place = place / on_disk(part)
            if place.is_symlink():
                return f"{place} is a link, which may lead out of the output folder", "take an ordinary folder"
            if place.exists() and not place.is_dir():
                return f"{place} is a file, not a folder", "choose another folder"
    except OSError as error:
        return f"this path cannot be used: {error.strerror}", "choose another folder"
    return None
