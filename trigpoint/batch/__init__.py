"""Many figures in one run: what is asked for, whether it can work, who draws it, what became of it.

A job is a plain value. All of a list is checked before the first figure; then every figure is drawn and written by
itself, here or by any number of processes, always with the same bytes. What argv looked like and what a person is told
is unknown here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..atlas import load_atlas
from .check import check, listed
from .jobs import STATUSES, Job, Result, Target, plan
from .run import Settings, dry, results

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = [
    "STATUSES",
    "Job",
    "Result",
    "Settings",
    "Target",
    "check",
    "dry",
    "plan",
    "render_all",
    "results",
]


def render_all(
    jobs: Iterable[Job | Mapping[str, Any]] | Job | Mapping[str, Any],
    *,
    executor: Executor | None = None,
    on_done: Callable[[Result], object] | None = None,
    processes: int = 0,
    timeout: float | None = None,
    patterns: str | None = None,
    outlines: str | None = None,
    repair: bool = False,
    clobber: str = "replace",
    gather: bool = False,
    fail_fast: bool = False,
    folder: str | Path | None = None,
    resume: bool = False,
) -> list[Result]:
    """Draw many figures; one result per file, in the order of the jobs.

    A job is a `Job`, or a mapping such as `{"muscles": "piriformis", "output": "a.svg", "side": "left"}`; one may stand
    by itself. All are checked first: InputError tells everything that is wrong, with the job's number in the list where
    it has no `origin`, and nothing is written. Then a figure that fails is a
    result with status "failed", and the others are drawn. OutputError ends the run where the machine refuses (disk
    full, read-only); files written stay.

    Figures are drawn by `processes` processes of our own (0: as many as there are processors, 1: in this one; a frozen
    program or one that embeds Python starts none: 0 is 1 there, and more are an OutputError), or by
    an `executor`, any of `concurrent.futures`, which is left running. The bytes are the same whoever draws. A process
    that dies, or needs more than `timeout` seconds for a figure (30 if left out), loses that figure alone. `on_done` is
    called with each result as soon as it is there, and once more with one that was being taken when the run is broken
    off; the time that it takes counts for no figure. `gather` has the files sent back and written by this process, for
    executors that do not share its disk. `clobber="keep"` leaves files that exist. A `folder` that holds the files is
    locked against other runs while it lasts, and `resume=True` goes on where an earlier run into it has stopped.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [result.status for result in render_all([{"muscles": "piriformis", "output": f"{folder}/a.svg"}])]
    ['written']
    """
    atlas = load_atlas(patterns, outlines, repair=repair)
    wanted = listed(jobs, atlas=atlas)
    place = None if folder is None else Path(folder)
    settings = Settings(
        processes=processes, executor=executor, timeout=timeout, patterns=patterns, outlines=outlines, repair=repair,
        clobber=clobber, gather=gather, fail_fast=fail_fast, folder=place, resume=resume,
    )  # fmt: skip
    return list(results(wanted, atlas, settings, on_done))
