"""What a picture depends on besides its job: the program, its libraries, the patterns and outlines, as one small value.

Two equal values mean equal bytes for equal jobs. So a journal knows what is out of date, and a worker on another
machine knows whether it may draw for this run.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..files.shipped import resource

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

SUFFIXES = (".json", ".svg", ".ttf", ".otf", ".woff2")
LIBRARIES = ("matplotlib", "numpy", "pillow", "shapely")  # what may change a byte of a file


def program(patterns: str | None = None, outlines: str | None = None) -> dict[str, str]:
    """Names of the parts, each with its version or with a hash of its content.

    >>> sorted(program())
    ['data', 'libraries', 'outlines', 'patterns', 'program', 'python']
    """
    package = Path(__file__).resolve().parent.parent
    shipped = [file for name in ("assets", "data") for file in _below(resource(name))]
    return {
        "program": _hash_of(sorted(package.rglob("*.py"))) if package.is_dir() else _version("trigpoint"),
        "patterns": _hash_of([Path(patterns)] if patterns else ()),
        "outlines": _hash_of(_below(Path(outlines)) if outlines else ()),
        "data": _hash_of(shipped),
        "libraries": " ".join(f"{name} {_version(name)}" for name in LIBRARIES),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
    }


def differences(wanted: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """The names of the parts in which two programs differ."""
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def _below(folder: Traversable) -> list[Traversable]:
    """Every file of data in a folder and the folders in it, in one order everywhere; none where it is missing."""
    found: list[Traversable] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name) if folder.is_dir() else ():
        if entry.is_dir():
            found += _below(entry)
        elif entry.name.endswith(SUFFIXES):
            found.append(entry)
    return found


def _hash_of(files: Iterable[Traversable]) -> str:
    """One hash over names and contents; a missing file counts as an empty one and is reported by who reads it."""
    found = hashlib.sha256()
    for file in files:
        data = file.read_bytes() if file.is_file() else b""
        found.update(f"{file.name}\0{len(data)}\0".encode())
        found.update(data)
    return found.hexdigest()[:32]


def _version(library: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # 20 ms that a single figure does not pay

    try:
        return version(library)
    except PackageNotFoundError:
        return "unknown"
