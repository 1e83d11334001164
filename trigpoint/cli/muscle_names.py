"""The muscles named on a command line, as ids; every unknown name is a problem of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..atlas import Atlas
from ..errors import InputError, Problem


def muscle_ids(names: Iterable[str], atlas: Atlas) -> tuple[str, ...]:
    """The ids of named muscles; InputError with every name that is none."""
    found: list[str] = []
    problems: list[Problem] = []
    for name in names:
        try:
            found.append(atlas.muscle(name).id)
        except InputError as error:
            problems += [replace(each, hint=_parted(name, atlas) or each.hint) for each in error.problems]
    if problems:
        raise InputError(problems)
    return tuple(found)


def _parted(name: str, atlas: Atlas) -> str:
    """What to do with names that stand in one word between commas."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) < 2:
        return ""
    try:
        ids = [atlas.muscle(part).id for part in parts if part]
    except InputError:
        return ""
    return f"part muscles by spaces: {' '.join(ids)}"
