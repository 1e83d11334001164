"""One run at a time in a folder: held by the operating system, so that a killed run holds nothing.

The lock is a file that says who holds it, for the message that another run gets. It is gone when the run is over.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ..errors import OutputError, Problem
from .atomic import hold, make_folder
from .file_names import OWN

NAME = f"{OWN}lock"
HELD_AT = 1 << 20  # the byte that Windows locks lies behind the text, which others must be able to read
NOT_THROUGH_A_LINK = getattr(os, "O_NOFOLLOW", 0)  # a link put here by others would have us write elsewhere
MOMENTS = 10  # looks at a lock that does not say yet whose it is, 50 ms apart


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder, made if missing; OutputError naming the other run where there is one."""
    make_folder(folder)
    handle, path = _taken(folder / NAME), Path(os.path.abspath(folder), NAME)
    _held.add(handle)
    try:
        with contextlib.suppress(OSError):  # a full disk: held all the same, without a name
            os.ftruncate(handle, 0)
            since = datetime.now(UTC).isoformat(timespec="seconds")
            mine = {"pid": os.getpid(), "host": socket.gethostname(), "since": since}
            os.write(handle, json.dumps(mine).encode())
        yield
    finally:
        if handle in _held:  # not so in a process that was forked off
            _held.remove(handle)
            _release(handle, path)


def _let_go() -> None:
    """A process that is forked off would hold the locks for as long as it lives, even where the run is gone."""
    for handle in _held:
        os.close(handle)
    _held.clear()


_held: set[int] = set()  # handles
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


def refuse_if_held(folder: Path) -> None:
    """Raise OutputError at once where another run holds the folder; a missing folder is free."""
    if (folder / NAME).exists():
        with locked(folder):
            pass


def _taken(path: Path) -> int:
    """The handle of the lock file, held; its holder may have removed the file while it was waited for."""
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | NOT_THROUGH_A_LINK, 0o666)
        except OSError as error:
            what = f"cannot write here: {error.strerror}"
            raise OutputError(Problem(what, file=str(path.parent), hint="choose a folder you may write to")) from error
        if not _hold(handle):
            os.close(handle)
            raise OutputError(Problem(_holder(path), file=str(path.parent), hint="wait for it, or use another folder"))
        if _is_still(path, handle):
            return handle
        os.close(handle)


def _is_still(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(handle))
    except OSError:
        return False


def _holder(path: Path) -> str:
    for _ in range(MOMENTS):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            other = json.loads(path.read_bytes())
            who = f"process {other['pid']} on {other['host']}, since {other['since']}"
            return f"another run writes into this folder: {who}"
        time.sleep(0.05)
    return "another run writes into this folder"


if sys.platform == "win32":
    import msvcrt

    def _hold(handle: int) -> bool:
        os.lseek(handle, HELD_AT, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True

    def _release(handle: int, path: Path) -> None:
        os.close(handle)
        with contextlib.suppress(OSError):  # another run may hold it by now
            path.unlink()

else:
    import fcntl

    _hold = hold

    def _release(handle: int, path: Path) -> None:
        with contextlib.suppress(OSError):
            if _is_still(path, handle):  # the folder may have been made anew, and be held by another run
                path.unlink()
        fcntl.flock(handle, fcntl.LOCK_UN)  # a process forked outside Python has the handle, too
        os.close(handle)
