"""Keeps slow results between runs, in the git-ignored cache; a change of the code that makes them makes them anew."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from authoring.body.wheels import CACHE

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
    if path.is_file():
        with np.load(path) as arrays:
            return tuple(arrays[key] for key in arrays.files)
    made = make()
    for old in sorted(CACHE.glob(f"{name}.*.npz"), key=lambda file: file.stat().st_mtime)[:-VERSIONS]:
        old.unlink(missing_ok=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{id(made)}.part")
    with part.open("wb") as stream:
        np.savez(stream, *made)
    part.replace(path)
    return made
