"""Draws one job and stores its files, in this process, in a worker or on a cluster.

Tasks and outcomes are plain values that any executor can carry. Every error becomes an outcome; nothing is raised.
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

from ...atlas import Atlas, load_atlas
from ...diagram.diagram import Diagram, Remark, written
from ...errors import InputError, OutputError, Problem, TrigpointError
from ...files.atomic import make_folder, write_atomically
from ..jobs import Job

Fault = tuple[str, str, str, str]  # a Problem as a plain value
EVERYWHERE = frozenset(  # what a machine refuses for one file, it refuses for the next: space, handles, a broken disk
    getattr(errno, name, 0) for name in ("ENOSPC", "EDQUOT", "EROFS", "EIO", "EMFILE", "ENFILE")
)


class Context(TypedDict):
    """What all tasks of a run have in common.

    `program` is what the run was started with, and must be what draws; where it is empty nobody looks. `gather` asks
    for the bytes to be handed back in place of being written.
    """

    patterns: str | None
    outlines: str | None
    repair: bool
    program: Mapping[str, str]
    clobber: str
    gather: bool


class Task(TypedDict):
    """A job as a plain value; `targets` are pairs of absolute path and format."""

    muscles: Sequence[str]
    targets: Sequence[tuple[str, str]]
    options: Mapping[str, Any]
    dpi: float | None
    context: Context


class Outcome(TypedDict):
    """What became of one target, as a plain value; `data` only where it was asked for.

    `status` is one of those of Result, or "drawn" (its bytes are in `data`), or "refused": the machine failed in a way
    that every later file would meet, too.
    """

    status: str
    sha256: str
    milliseconds: float
    problems: Sequence[Fault]
    exit_code: int
    data: bytes | None


Drawn = tuple[list[Outcome], list[Remark]]  # what became of a task's targets, and the remarks on its figure
Answer = tuple[int, list[Outcome], list[Remark]]  # the same with the task's number
Late = Callable[[Answer], object]  # what is called with answers that are left over when a run is broken off
# Who draws takes numbered tasks as there is room, and gives back numbered answers in the order in which they are found.
# An answer that was being taken when a run was broken off comes once more, as a late one.
Means = Callable[[Iterable[tuple[int, Task]], Late], Generator[Answer, None, None]]


def task_of(job: Job, context: Context) -> Task:
    """The job as a value for another process, whose working directory may differ."""
    return {
        "muscles": job.muscles,
        "targets": [(os.path.abspath(target.path), target.format) for target in job.targets],
        "options": dict(job.options),
        "dpi": job.dpi,
        "context": context,
    }


def draw_task(task: Task) -> Drawn:
    """Draw and store a task with the atlas that its context names: the function that executors call."""
    try:
        return draw(task, _atlas_of(task["context"]))
    except Exception as error:  # whatever it is, it must reach the caller as a value
        return [failed(error) for _ in task["targets"]], []


def _atlas_of(context: Context) -> Atlas:
    wanted = context["program"]
    return _loaded(context["patterns"], context["outlines"], context["repair"], tuple(sorted(wanted.items())))


@lru_cache(maxsize=2)
def _loaded(patterns: str | None, outlines: str | None, repair: bool, wanted: tuple[tuple[str, str], ...]) -> Atlas:
    """The atlas, once it is sure that it and the program are those of the run: other ones would draw other bytes."""
    from ..fingerprint import differences, program

    if wanted and (differing := differences(dict(wanted), program(patterns, outlines))):
        what = f"not what the run was started with: {', '.join(differing)}"
        raise OutputError(Problem(what, hint="let every machine have the same program and data"))
    return load_atlas(patterns, outlines, repair=repair)


def draw(task: Task, atlas: Atlas) -> Drawn:
    """One outcome per target and the figure's remarks; all of its files are drawn before the first one is stored.

    A file that cannot be drawn in its format fails alone; what is wrong with the figure itself fails all of them.
    """
    context, targets = task["context"], task["targets"]
    wanted = [target for target in targets if to_write(target[0], context["clobber"])]
    try:
        diagram = Diagram(*task["muscles"], atlas=atlas, **task["options"])
    except Exception as error:  # a bug in one figure must not take the others with it
        return [failed(error) if target in wanted else _kept() for target in targets], []
    drawn = {target: _drawn(diagram, target[1], task["dpi"]) for target in wanted}
    remarks = [remark for file in drawn.values() if isinstance(file, _File) for remark in file.remarks]
    return [_settled(target[0], drawn.get(target), context) for target in targets], remarks


def to_write(path: str | Path, clobber: str) -> bool:
    """Whether a run would write this file."""
    return clobber == "replace" or not os.path.lexists(path)


class _File(NamedTuple):
    """A drawn file, the time it took in milliseconds, and the remarks on it."""

    data: bytes
    milliseconds: float
    remarks: Sequence[Remark]


def _drawn(diagram: Diagram, format: str, dpi: float | None) -> _File | Exception:
    """A file, or what went wrong."""
    start = time.perf_counter()
    try:
        data, remarks = written(diagram, format, dpi=dpi)
    except Exception as error:  # a bug in one format must not take the others with it
        return error
    return _File(data, (time.perf_counter() - start) * 1000, remarks)


def _settled(path: str, drawn: _File | Exception | None, context: Context) -> Outcome:
    """The outcome of a target by what was drawn for it, if it was to be drawn at all."""
    if drawn is None:
        return _kept()
    if isinstance(drawn, Exception):
        return failed(drawn)
    return stored(path, drawn.data, drawn.milliseconds, clobber=context["clobber"], gather=context["gather"])


def stored(path: str, data: bytes, milliseconds: float, *, clobber: str, gather: bool) -> Outcome:
    """Store a drawn file, or keep its bytes for the caller who gathers them."""
    start = time.perf_counter()
    sha256 = hashlib.sha256(data).hexdigest()  # first: from when a file is there, nothing must keep it from being told
    try:
        store = _store if clobber == "replace" else _store_new
        status = "drawn" if gather else store(Path(path), data)
    except Exception as error:  # whatever it is, it must not take the other figures with it
        return failed(error)
    if status == "kept":
        return _kept()
    return {
        "status": status,
        "sha256": sha256,
        "milliseconds": round(milliseconds + (time.perf_counter() - start) * 1000, 1),
        "problems": (),
        "exit_code": 0,
        "data": data if gather else None,
    }


def _store(path: Path, data: bytes) -> str:
    """Write unless the file holds these bytes already: builds that look at times then have nothing to do."""
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return "unchanged"
    except OSError:  # not there, or not readable: writing will tell
        pass
    make_folder(path.parent)
    write_atomically(path, data)
    return "written"


def _store_new(path: Path, data: bytes) -> str:
    """Write unless there is a file, which may have come while this one was drawn."""
    make_folder(path.parent)
    return "written" if write_atomically(path, data, new=True) else "kept"


def failed(error: BaseException) -> Outcome:
    """The outcome of a target that could not be drawn or stored."""
    known = _explained(error)
    problems = [(problem.what, problem.file, problem.pointer, problem.hint) for problem in known.problems]
    number = getattr(error, "errno", None) or getattr(error.__cause__, "errno", None)
    return _plain("refused" if number in EVERYWHERE else "failed", problems, known.exit_code)


def unreadable(error: Exception) -> Outcome:
    """The outcome of a target of a task that cannot be handed to another process."""
    what = f"an option cannot be handed to another process: {type(error).__name__}: {error}"
    return failed(InputError(Problem(what, hint="give plain values, or draw in this process alone")))


def lost(task: Task, what: str, hint: str) -> list[Outcome]:
    """The outcomes of a task whose process did not come back."""
    return [_plain("failed", [(what, "", "", hint)], OutputError.exit_code) for _ in task["targets"]]


def _kept() -> Outcome:
    return _plain("kept")


def _plain(status: str, problems: Sequence[Fault] = (), exit_code: int = 0) -> Outcome:
    return {
        "status": status,
        "sha256": "",
        "milliseconds": 0.0,
        "problems": problems,
        "exit_code": exit_code,
        "data": None,
    }


def _explained(error: BaseException) -> TrigpointError:
    match error:
        case TrigpointError():
            return error
        case MemoryError():
            return OutputError(Problem("not enough memory for this figure", hint="draw it alone, or with fewer --jobs"))
        case OSError():
            where = str(error.filename) if error.filename else ""
            return OutputError(Problem(error.strerror or str(error), file=where, hint="check space and permissions"))
    return TrigpointError(Problem(f"internal error: {type(error).__name__}: {error}", hint="please report it"))


def here(atlas: Atlas) -> Means:
    """One after the other, in this process."""

    def answers(tasks: Iterable[tuple[int, Task]], late: Late) -> Generator[Answer, None, None]:
        for number, task in tasks:
            answer = number, *draw(task, atlas)
            try:
                yield answer
            except GeneratorExit:
                late(answer)
                raise

    return answers
