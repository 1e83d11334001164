"""Many figures in one run: jobs as plain values, all checked before the first figure, drawn here or by processes.

The bytes of a figure do not depend on what draws it.
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
    """Check and draw many figures.

    All jobs are checked first. Then a figure that fails is a result with status "failed", and the others are drawn.

    Parameters
    ----------
    jobs : Job, mapping, or iterable of both
        Figures; a mapping holds "muscles", "output" (one file or several), "dpi" and the options of `Diagram`.
    executor : concurrent.futures.Executor, optional
        Draws in place of own processes; it is left running.
    on_done : callable, optional
        Called with each result when it is there, and again with one that was being handed out when the run was ended.
    processes : int, default 0
        1 draws in this process, 0 uses as many as there are processors (one in a frozen program), up to 256.
    timeout : float, optional
        Seconds for one figure, then it is given up (30 with own processes, no limit with an executor).
    patterns, outlines : str, optional
        A pattern file and a folder of outlines in place of the shipped ones; `repair` mends their shapes.
    clobber : {"replace", "keep"}
        What happens to files that exist.
    gather : bool
        Files are sent back and written by this process, for executors that do not share its disk.
    fail_fast : bool
        The run ends with the first figure that fails.
    folder : path, optional
        The folder of the files, locked against other runs; `resume=True` goes on where an earlier run stopped.

    Returns
    -------
    list of Result
        One per file, in the order of the jobs.

    Raises
    ------
    InputError
        With everything that is wrong with any job; nothing is written.
    OutputError
        The machine refuses (disk full, read-only, no processes); files that are written stay.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [result.status for result in render_all([{"muscles": "piriformis", "output": f"{folder}/a.svg"}])]
    ['written']
    """
    atlas = load_atlas(patterns, outlines, repair=repair)
    wanted = listed(jobs, atlas=atlas)
    place = None if folder is None else Path(folder)
    drawn = (processes, executor, timeout, patterns, outlines, repair)
    settings = Settings(*drawn, clobber, gather, fail_fast, place, resume)
    return list(results(wanted, atlas, settings, on_done))
