"""Temporary files of writers that were killed: found by name in a folder, removed where no process uses them."""

from __future__ import annotations

import contextlib
import os
import re
import time

from .atomic import hold

_TEMPORARY = re.compile(r"\..{1,40}\.(\d{1,10})-[0-9a-f]{12}\.tmp", re.DOTALL)
_OLD = 300.0  # seconds; no file takes so long to be written


def clear_leftovers(folder: str | os.PathLike[str]) -> int:
    """Remove the temporary files of writers that were killed from a folder; how many there were.

    A file goes only if its name is one that `write_atomically` gives, if no process has it open for writing, and if the
    process of its name is gone or the file is old: another machine or container may use the same process numbers. Where
    files cannot be locked, it must be old.
    """
    removed = 0
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            named = _TEMPORARY.fullmatch(entry.name)
            if named and entry.is_file(follow_symlinks=False) and _abandoned(entry, int(named[1])):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)
                    removed += 1
    return removed


def _abandoned(entry: os.DirEntry[str], writer: int) -> bool:
    with contextlib.suppress(OSError):
        old = time.time() - entry.stat().st_mtime > _OLD
        if not old and _runs(writer):
            return False
        with open(entry.path, "r+b") as file:  # NFS locks only what may be written
            return hold(file.fileno(), untold=old)
    return False


def _runs(process: int) -> bool:
    """Whether there is a process of this number on this machine; True where that cannot be found out."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
