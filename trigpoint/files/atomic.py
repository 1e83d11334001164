"""How a file is written so that it is never seen half done: a temporary file in the same folder, and one rename."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from ..errors import OutputError, Problem
from .file_names import NO_FILE, is_special

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
            hold(file.fileno())
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


def _keep_permissions(target: Path, temporary: Path) -> None:
    """Give the new file owner, group and permissions of the one that it replaces, as far as the process may.

    Never the setuid, setgid and sticky bits, nor the rights of a group that the new file does not belong to.
    """
    with contextlib.suppress(OSError):  # there is none, or a file system without permissions
        old = os.lstat(target)
        if not stat.S_ISREG(old.st_mode):
            return
        for owner, group in ((old.st_uid, -1), (-1, old.st_gid)) if hasattr(os, "chown") else ():
            with contextlib.suppress(OSError):
                os.chown(temporary, owner, group)
        foreign = os.stat(temporary).st_gid != old.st_gid
        os.chmod(temporary, old.st_mode & (0o707 if foreign else 0o777))


def hold(handle: int, *, untold: bool = True) -> bool:
    """Lock an open file until it is closed; False where another process has it, `untold` where locks do not work."""
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


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; OutputError where that fails."""
    try:
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        for each in reversed(missing):  # one by one: `parents=True` calls itself for every level
            each.mkdir(exist_ok=True)
        folder.mkdir(exist_ok=True)
    except OSError as error:
        what = f"cannot make this folder: {error.strerror}"
        raise OutputError(Problem(what, file=str(folder), hint="choose a folder you may write to")) from error


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
