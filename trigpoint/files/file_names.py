"""What the name of a file or folder may not be, on any of the common systems, and which names are one name somewhere.

A fault is a pair of texts: what is wrong, and what to do. Nothing is written here.
"""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from .. import limits
from ..errors import Problem

Fault = tuple[str, str]

RESERVED = frozenset(  # Windows gives these names to devices, whatever their suffix
    ["aux", "con", "conin$", "conout$", "nul", "prn"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in "123456789\u00b9\u00b2\u00b3"]
)
OWN = ".trigpoint."  # how names begin that a run keeps for files of its own
UNPORTABLE = frozenset('<>:"/\\|?*\ufffd')  # the last stands for bytes that are no text
TAKEN_FOR = {"-": "an option", "~": "the home folder"}  # what programs take a name for that begins so
STDOUT = "-"
NO_FILE = ("a device, a pipe or the like has this name", "give the name of a file; '-o -' writes to standard output")
OUTSIDE = ("a part of the name is empty, or leads out of the output folder", "give a plain name, or folder/name")


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
        if fault := (path.name != STDOUT and name_fault(path.name)) or place_fault(path):
            yield Problem(fault[0], file=str(path), hint=fault[1])


def alike(name: str) -> str:
    """A name as the most careless machine sees it: names that are alike by this are one name somewhere."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def name_fault(given: str) -> Fault | None:
    """What is wrong with the name of a file or folder, without the folders above it."""
    stored = os.fsencode(on_disk(given))
    name = stored.decode("utf-8", "replace")  # what the bytes mean, whatever this process's locale
    plain = "use letters, digits, '_', '-' and '.'"
    if not name.isprintable() or UNPORTABLE & set(name):
        return "a character that file names cannot have everywhere", plain
    if name != name.rstrip(". "):
        return "a file name cannot end in a dot or a blank", plain
    if name[:1] in TAKEN_FOR:
        return f"a name that begins with '{name[0]}' is taken for {TAKEN_FOR[name[0]]}", "begin it with a letter"
    if alike(name).startswith(OWN):
        return "this is a name that a run keeps to itself", "give another name"
    if name.partition(".")[0].rstrip().casefold() in RESERVED:
        return "a name that Windows reserves for a device", "give another name"
    if len(stored) > limits.NAME_BYTES:
        return limits.over("NAME_BYTES", len(stored), "bytes in a file name"), "give a shorter name"
    return None


def folders_fault(parts: Sequence[str]) -> Fault | None:
    """What is wrong with the names of folders below an output folder, from the top; none of them is hidden."""
    if len(parts) > limits.DEPTH:
        return f"folders {limits.TOO_DEEP}", OUTSIDE[1]
    for part in parts:
        if not part.strip("."):
            return OUTSIDE
        if fault := name_fault(part):
            return fault
        if part.startswith("."):
            return "a folder whose name begins with a dot is hidden", "begin it with a letter"
    return None


def on_disk(name: str) -> str:
    """A name as this process must say it to have it stored in UTF-8, whatever its locale."""
    return os.fsdecode(name.encode("utf-8", "surrogateescape"))


def folder_fault(path: Path) -> Fault | None:
    """What stands in the way of a folder that is there or is to be made; OSError where it cannot be read."""
    if path.parts[:1] and path.parts[0].startswith("~"):
        return f"'{path.parts[0]}' is not replaced by a home folder here", "write that folder in full"
    nearest = next(each for each in (path, *path.parents) if each.exists())
    return None if nearest.is_dir() else (f"{nearest} is a file, not a folder", "choose another folder")


def place_fault(path: Path) -> Fault | None:
    """What stands in the way of a file at this place; a folder that is not there yet is no fault."""
    try:
        if path.is_dir():
            return "this is a folder", "give a file name"
        if is_special(path):
            return NO_FILE
        return folder_fault(path.parent)
    except OSError as error:
        what = "too long" if error.errno == errno.ENAMETOOLONG else error.strerror or str(error)
        return f"this path cannot be used: {what}", "choose another folder"


def is_special(path: Path) -> bool:
    """Whether a device, a pipe or the like has this name, which a file must not take; OSError if unreadable."""
    try:
        mode = path.stat().st_mode
        return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) or os.readlink(path).startswith("/proc/")
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        if error.errno == errno.EINVAL:  # no link
            return False
        raise
