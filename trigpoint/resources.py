"""Where the shipped files are, and how a file is written so that it is never seen half done.

Shipped files are looked for inside the package first (a wheel) and then beside it (a checkout or an editable
install). Writing goes through a temporary file in the same folder and one rename. What the bytes mean is
unknown here.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import OutputError, Problem

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_PACKAGE = __name__.rpartition(".")[0]
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def resource(*parts: str) -> Traversable:
    """A shipped file or folder, `resource("data", "referral_patterns.json")`; FileNotFoundError where it is missing."""
    for part in parts:
        if part in ("", ".", "..") or "/" in part or "\\" in part:
            raise ValueError(f"bad resource part: {part!r}")
    tried = []
    for root in _roots():
        node = root
        for part in parts:  # a namespace folder takes one part at a time before Python 3.12
            node = node / part
        if node.is_file() or node.is_dir():
            return node
        tried.append(str(node))
    raise FileNotFoundError(f"trigpoint resource {'/'.join(parts)} not found; looked at: {', '.join(tried)}")


def _roots() -> list[Traversable]:
    """The package, and its parent folder only where that is the source tree: never site-packages."""
    package = Path(__file__).resolve().parent
    if not package.is_dir():  # inside a zip
        from importlib.resources import files  # 10 ms that an ordinary installation does not pay

        return [files(_PACKAGE)]
    checkout = package.parent
    return [package, checkout] if (checkout / "setup.cfg").is_file() else [package]


def write_atomically(path: str | os.PathLike[str], data: bytes) -> None:
    """Write the file so that a reader sees the old bytes or the new ones, and a kill leaves no torn file.

    A symbolic link is replaced by the file, as `os.replace` does. Raises OutputError; the old file is then intact.
    """
    target = Path(path)
    temporary = target.parent / f".{target.name[:40]}.{os.urandom(6).hex()}.tmp"
    try:
        with os.fdopen(os.open(temporary, _NEW_FILE, 0o666), "wb") as file:  # less the umask
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except (OSError, ValueError) as error:
        raise OutputError(_refusal(target, error)) from error
    finally:
        with contextlib.suppress(OSError, ValueError):
            os.unlink(temporary)  # gone already where all went well


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
