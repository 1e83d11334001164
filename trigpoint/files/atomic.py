"""How a file is written so that it is never seen half done: a temporary file in the same folder, and one rename."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import OutputError, Problem

if TYPE_CHECKING:
    pass

_TEMPORARY = re.compile(r"\..{1,40}\.(\d{1,10})-[0-9a-f]{12}\.tmp", re.DOTALL)
_OLD = 300.0  # seconds; no file takes so long to be written
NO_FILE = ("a device, a pipe or the like has this name", "give the name of a file; '-o -' writes to standard output")
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def write_atomically(path: str | os.PathLike[str], data: bytes, *, new: bool = False) -> bool:
    """Write the file so that a reader sees the old bytes or the new ones, and a kill leaves no torn file.

    A symbolic link is replaced by the file, as `os.replace` does. With `new`, the file is written only where nothing
    has its name; of several programs that do so at once, one writes. Whether it was written. Raises OutputError; the
    old file is then intact.
    """
    target = Path(path)
    try:
        special = is_special(target)
    except (OSError, ValueError) as error:
        raise OutputError(_refusal(target, error)) from error
    if special:
        raise OutputError(Problem(NO_FILE[0], file=str(target), hint=NO_FILE[1]))
    temporary = target.parent / f".{target.name[:40]}.{os.getpid()}-{os.urandom(6).hex()}.tmp"
    try:
        with os.fdopen(os.open(temporary, _NEW_FILE, 0o666), "wb") as file:  # less the umask
            _hold(file.fileno())
            _keep_permissions(target, temporary)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if new:
            return _placed(temporary, target)
        os.replace(temporary, target)
        return True
    except (OSError, ValueError) as error:
        raise OutputError(_refusal(target, error)) from error
    finally:
        with contextlib.suppress(OSError, ValueError):
            os.unlink(temporary)  # gone already where all went well


def _placed(temporary: Path, target: Path) -> bool:
    """Give a file its name unless something has it; whether it got it."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        return False
    except OSError:  # a file system without links: the name is taken first, by an empty file
        try:
            os.close(os.open(target, _NEW_FILE, 0o666))
        except FileExistsError:
            return False
        os.replace(temporary, target)
    return True


def is_special(path: Path) -> bool:
    """Whether a device, a pipe or the like has this name, which a file must not take; OSError where nobody may look."""
    try:
        mode = path.stat().st_mode
        return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) or os.readlink(path).startswith("/proc/")
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        if error.errno == errno.EINVAL:  # no link
            return False
        raise


def _keep_permissions(target: Path, temporary: Path) -> None:
    """Who may read and write the file that is replaced may do so afterwards, and nobody else."""
    with contextlib.suppress(OSError):  # there is none, or a file system without permissions
        mode = os.lstat(target).st_mode
        if stat.S_ISREG(mode):
            os.chmod(temporary, stat.S_IMODE(mode))


def clear_leftovers(folder: str | os.PathLike[str]) -> int:
    """Remove the temporary files of writers that were killed from a folder; how many there were.

    A file goes only if its name is one that `write_atomically` gives, if nobody holds it open for writing, and if the
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
            return _hold(file.fileno(), untold=old)
    return False


def _runs(process: int) -> bool:
    """Whether there is a process of this number on this machine; taken for granted where nobody can tell."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _hold(handle: int, *, untold: bool = True) -> bool:
    """Mark an open file as in use until it is closed; whether nobody else does, or `untold` where nobody can tell."""
    try:
        import fcntl
    except ImportError:  # Windows removes no file that is open
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return untold
    return True


def _refusal(target: Path, error: OSError | ValueError) -> Problem:
    if isinstance(error, ValueError):  # a NUL character in the name
        return Problem(f"cannot write: {error}", file=str(target), hint="give another file name")
    what = f"cannot write: {error.strerror or error}"
    match error:
        case FileNotFoundError() | NotADirectoryError():
            hint = f"make the folder {target.parent} first"
        case PermissionError():
            hint = "choose a folder that you may write to"
        case IsADirectoryError():
            hint = "this is a folder: give a file name"
        case _:
            hint = "free some space or choose another folder; an older file of this name is untouched"
    return Problem(what, file=str(target), hint=hint)
