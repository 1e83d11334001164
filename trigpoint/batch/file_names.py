"""File names: what cannot work on any of the common systems, and what two figures would share.

Everything is looked at before the first figure is drawn. What is written into the files is unknown here.
"""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from .. import limits
from ..errors import Problem
from ..files.atomic import NO_FILE, is_special

RESERVED = frozenset(  # Windows gives these names to devices, whatever their suffix
    ["aux", "con", "conin$", "conout$", "nul", "prn"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in "123456789\u00b9\u00b2\u00b3"]
)
OWN = ".trigpoint."  # how names begin that a run keeps for files of its own
UNPORTABLE = frozenset('<>:"/\\|?*\ufffd')  # the last stands for bytes that are no text


def path_problems(paths: Iterable[Path]) -> Iterator[Problem]:
    """File names that cannot work, or that two figures would share, also by another way to one folder."""
    seen: dict[str, Path] = {}
    folders: dict[Path, str] = {}
    for path in paths:
        above = path.parent
        if above not in folders:
            folders[above] = os.path.realpath(above)
        same = alike(os.path.join(folders[above], path.name))
        if same in seen:
            one = seen[same].name == path.name
            what = "two figures have this file name" if one else f"too close to the name {seen[same]}"
            yield Problem(what, file=str(path), hint="name every muscle once")
        seen[same] = path
        if fault := name_fault(path.name) or place_fault(path):
            yield Problem(fault[0], file=str(path), hint=fault[1])


def alike(name: str) -> str:
    """A name as the most careless machine sees it: names that are alike by this are one name somewhere."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def name_fault(given: str) -> tuple[str, str] | None:
    """What is wrong with a file's name on any of the common systems, and what to do."""
    stored = os.fsencode(on_disk(given))
    name = stored.decode("utf-8", "replace")  # what the bytes mean, whatever this process's locale
    plain = "use letters, digits, '_', '-' and '.'"
    if not name.isprintable() or UNPORTABLE & set(name):
        return "a character that file names cannot have everywhere", plain
    if name != name.rstrip(". "):
        return "a file name cannot end in a dot or a blank", plain
    if name.partition(".")[0].rstrip().casefold() in RESERVED:
        return "a name that Windows reserves for a device", "give another name"
    if len(stored) > limits.NAME_BYTES:
        return limits.over("NAME_BYTES", len(stored), "bytes in a file name"), "give a shorter name"
    return None


def on_disk(name: str) -> str:
    """A name as this process must say it to have it stored in UTF-8, whatever its locale."""
    return os.fsdecode(name.encode("utf-8", "surrogateescape"))


def folder_fault(path: Path) -> tuple[str, str] | None:
    """What stands in the way of a folder that is there or is to be made; OSError where nobody may look."""
    nearest = next(each for each in (path, *path.parents) if each.exists())
    return None if nearest.is_dir() else (f"{nearest} is a file, not a folder", "choose another folder")


def place_fault(path: Path) -> tuple[str, str] | None:
    """What stands in the way at this place; a folder that is not there yet is none."""
    try:
        if path.is_dir():
            return "this is a folder", "give a file name"
        if is_special(path):
            return NO_FILE
        return folder_fault(path.parent)
    except OSError as error:
        what = "too long" if error.errno == errno.ENAMETOOLONG else error.strerror or str(error)
        return f"this path cannot be used: {what}", "choose another folder"
