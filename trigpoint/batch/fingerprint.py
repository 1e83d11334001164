"""The version of all that a picture depends on besides its job: program, libraries, patterns, outlines, shipped data.

Equal values mean equal bytes for equal jobs: a journal finds what is out of date, a worker whether it may draw.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..files.shipped import VERSION, resource

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

SUFFIXES = (".json", ".svg", ".ttf", ".otf", ".woff2")
LIBRARIES = ("matplotlib", "numpy", "pillow", "shapely")  # what may change a byte of a file


def program(patterns: str | None = None, outlines: str | None = None) -> dict[str, str]:
    """Names of the parts, each with its version or with a hash of its content.

    >>> sorted(program())
    ['data', 'libraries', 'outlines', 'patterns', 'program', 'python']
    """
    return {
        "program": source_hash(Path(__file__).resolve().parent.parent) or VERSION,
        "patterns": _hash_of({Path(patterns).name: Path(patterns)} if patterns else {}),
        "outlines": _hash_of(_below(Path(outlines)) if outlines else {}),
        "data": _hash_of(_below(resource("assets"), "assets/") | _below(resource("data"), "data/")),
        "libraries": " ".join(f"{name} {_version(name)}" for name in LIBRARIES),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
    }


def differences(wanted: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """The names of the parts in which two programs differ."""
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def source_hash(package: Path) -> str:
    """A hash over the names, from the package on, and contents of its source files; empty where there are none.

    A frozen program has no source files, nor has a package in a zip that is not unpacked.
    """
    files = {file.relative_to(package).as_posix(): file for file in package.rglob("*.py")}
    return _hash_of(files) if files else ""


def _below(folder: Traversable, prefix: str = "") -> dict[str, Traversable]:
    """Every file of data in a folder and the folders in it, by its path from there; none where it is missing."""
    found: dict[str, Traversable] = {}
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.is_dir():
            found |= _below(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(SUFFIXES):
            found[prefix + entry.name] = entry
    return found


def _hash_of(files: Mapping[str, Traversable]) -> str:
    """One hash over names and contents, in the order of names; a missing file counts as an empty one."""
    found = hashlib.sha256()
    for name, file in sorted(files.items()):
        data = file.read_bytes() if file.is_file() else b""
        found.update(f"{name}\0{len(data)}\0".encode())
        found.update(data)
    return found.hexdigest()[:32]


def _version(library: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # 20 ms that a single figure does not pay

    try:
        return version(library)
    except PackageNotFoundError:
        return "unknown"
