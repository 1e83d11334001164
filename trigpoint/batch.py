"""Many figures in one run: the list of jobs, their file names, and one result for every file.

A job is a plain value, so a list of jobs can be looked at, printed or handed over before anything is drawn. All
names are checked before the first figure; then a figure that fails takes no other one with it. What argv looked
like and what a person is told is unknown here.
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .atlas import Atlas
from .diagram import Diagram
from .errors import InputError, OutputError, Problem, TrigpointError
from .resources import write_atomically

NAME_BYTES = 255  # the longest file name that common file systems take
RESERVED = frozenset(  # Windows gives these names to devices, whatever their suffix
    ["aux", "con", "nul", "prn", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))]
)
UNPORTABLE = frozenset('<>:"/\\|?*')


@dataclass(frozen=True)
class Target:
    """A file to be written, and what is written into it."""

    path: Path
    format: str


@dataclass(frozen=True)
class Job:
    """One figure and its files. `options` are the keywords of `Diagram`, `dpi` counts for PNG only."""

    muscle: str
    targets: tuple[Target, ...]
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    dpi: float = 300


@dataclass(frozen=True)
class Result:
    """What became of one file.

    `status` is "written", "unchanged" (it held these very bytes already), "kept" (it existed and was not to be
    replaced) or "failed". `milliseconds` is the time for drawing and writing this file.
    """

    muscle: str
    path: Path
    status: str
    sha256: str = ""
    milliseconds: float = 0.0
    error: TrigpointError | None = None


def plan(
    muscles: Iterable[str], folder: str | Path, formats: Iterable[str], *, dpi: float = 300, **options: Any
) -> tuple[Job, ...]:
    """One job per muscle id, one file per format: `<folder>/<muscle>.<format>`.

    >>> [target.path.name for job in plan(["piriformis"], "figures", ["svg", "png"]) for target in job.targets]
    ['piriformis.svg', 'piriformis.png']
    """
    kinds = tuple(formats)
    return tuple(
        Job(muscle, tuple(Target(Path(folder) / f"{muscle}.{kind}", kind) for kind in kinds), options, dpi)
        for muscle in muscles
    )


def check(jobs: Iterable[Job], *, atlas: Atlas) -> None:
    """Raise InputError with everything that can be known to be wrong before the first figure is drawn."""
    jobs = tuple(jobs)
    problems = list(_target_problems(jobs))
    for job in jobs:
        try:
            Diagram(job.muscle, atlas=atlas, **job.options)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(dict.fromkeys(problems))  # a mistyped view is one mistake, however many figures have it


def _target_problems(jobs: Iterable[Job]) -> Iterator[Problem]:
    """File names that cannot work, or that two figures would share."""
    seen: dict[str, Path] = {}
    for target in (target for job in jobs for target in job.targets):
        path = target.path
        same = unicodedata.normalize("NFC", str(path)).casefold()
        if same in seen:
            what = "two figures have this file name" if seen[same] == path else f"too close to the name {seen[same]}"
            yield Problem(what, file=str(path), hint="name every muscle once")
        seen[same] = path
        if fault := _name_fault(path.name) or _place_fault(path):
            yield Problem(fault[0], file=str(path), hint=fault[1])


def targets_to_write(job: Job, clobber: str = "replace") -> tuple[Target, ...]:
    """The files that a run would write."""
    return tuple(target for target in job.targets if clobber == "replace" or not target.path.exists())


def run(jobs: Iterable[Job], *, atlas: Atlas, clobber: str = "replace") -> Iterator[Result]:
    """Draw and write the jobs in order, giving one result per file as soon as it is there.

    `clobber` is "replace" or "keep": what happens to a file that exists. All files of a figure are drawn before its
    first one is written. Where the machine refuses (disk full, no permission), every later file would meet the same,
    so OutputError ends the run there; files written stay.
    """
    for job in jobs:
        wanted = targets_to_write(job, clobber)
        try:
            diagram = Diagram(job.muscle, atlas=atlas, **job.options)
            drawn = {target: _timed(diagram, target, job.dpi) for target in wanted}
        except Exception as error:  # a bug in one figure must not take the others with it
            failure = _as_failure(error)
            yield from (Result(job.muscle, target.path, "failed", error=failure) for target in wanted)
            continue
        for target in job.targets:
            yield _stored(job, target, *drawn[target]) if target in drawn else Result(job.muscle, target.path, "kept")


def _timed(diagram: Diagram, target: Target, dpi: float) -> tuple[bytes, float]:
    """The file's bytes and the milliseconds they took."""
    start = time.perf_counter()
    data = diagram.to_bytes(target.format, dpi=dpi)
    return data, (time.perf_counter() - start) * 1000


def _stored(job: Job, target: Target, data: bytes, drawing: float) -> Result:
    start = time.perf_counter()
    status = _store(target.path, data)
    elapsed = drawing + (time.perf_counter() - start) * 1000
    return Result(job.muscle, target.path, status, hashlib.sha256(data).hexdigest(), round(elapsed, 1))


def _store(path: Path, data: bytes) -> str:
    """Write unless the file holds these bytes already: builds that look at times then have nothing to do."""
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return "unchanged"
    except OSError:  # not there, or not readable: writing will tell
        pass
    _make_folder(path.parent)
    write_atomically(path, data)
    return "written"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"cannot make this folder: {error.strerror}"
        raise OutputError(Problem(what, file=str(folder), hint="choose a folder you may write to")) from error


def _as_failure(error: Exception) -> TrigpointError:
    if isinstance(error, TrigpointError):
        return error
    failure = TrigpointError(Problem(f"internal error: {type(error).__name__}: {error}", hint="please report it"))
    failure.__cause__ = error
    return failure


def _name_fault(given: str) -> tuple[str, str] | None:
    """What is wrong with a file's name on any of the common systems, and what to do."""
    name = os.fsencode(given).decode("utf-8", "replace")  # what the bytes mean, whatever this process's locale
    plain = "use letters, digits, '_', '-' and '.'"
    if not name.isprintable() or UNPORTABLE & set(name):
        return "a character that file names cannot have everywhere", plain
    if name != name.rstrip(". "):
        return "a file name cannot end in a dot or a blank", plain
    if name.partition(".")[0].rstrip().casefold() in RESERVED:
        return "a name that Windows reserves for a device", "give another name"
    if len(os.fsencode(given)) > NAME_BYTES:
        return f"a file name of more than {NAME_BYTES} bytes (trigpoint.batch.NAME_BYTES)", "give a shorter name"
    return None


def _place_fault(path: Path) -> tuple[str, str] | None:
    """What stands in the way at this place; a folder that is not there yet is none."""
    try:
        if path.is_dir():
            return "this is a folder", "give a file name"
        nearest = next(parent for parent in path.parents if parent.exists())
        return None if nearest.is_dir() else (f"{nearest} is a file, not a folder", "choose another folder")
    except OSError as error:
        what = "too long" if error.errno == errno.ENAMETOOLONG else error.strerror or str(error)
        return f"this path cannot be used: {what}", "choose another folder"
