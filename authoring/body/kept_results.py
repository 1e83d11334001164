"""Keeps slow results between runs, in the git-ignored cache; a change of the code that makes them makes them anew."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np

from authoring.body.wheels import CACHE

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]

VERSIONS = 4  # of each result are kept
MAKERS = ("wheels", "mesh", "pose", "skin", "view")


@cache
def _version() -> str:
    here = Path(__file__).resolve().parent
    digest = hashlib.sha256(np.__version__.encode())
    for name in MAKERS:
        digest.update((here / f"{name}.py").read_bytes())
    return digest.hexdigest()[:16]


def kept(name: str, make: Callable[[], tuple[np.ndarray, ...]], *, version: bytes = b"") -> tuple[np.ndarray, ...]:
    """The arrays that `make` returns, from the cache where this version of the code has made them before.

    `version` tells apart what `make` hangs on beside the code of the body.
    """
    told = hashlib.sha256(_version().encode() + version).hexdigest()[:16] if version else _version()
    path = CACHE / f"{name}.{told}.npz"
    CACHE.mkdir(parents=True, exist_ok=True)
    with _alone(path):
        if not path.is_file():
            _keep(path, make())
        for old in sorted(CACHE.glob(f"{name}.*.npz"), key=lambda file: file.stat().st_mtime)[:-VERSIONS]:
            old.unlink(missing_ok=True)
        with np.load(path) as arrays:
            return tuple(arrays[key] for key in arrays.files)


def _keep(path: Path, made: tuple[np.ndarray, ...]) -> None:
    part = path.with_suffix(f".{id(made)}.part")
    with part.open("wb") as stream:
        np.savez(stream, *made)
    part.replace(path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time makes a result, the others wait for it; each makes its own where files have no locks."""
    with path.with_suffix(".lock").open("w") as stream:
        if fcntl is not None:
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield
