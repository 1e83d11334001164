"""The output of `trigpoint render`: paths or records on stdout in the order of the jobs, bar, report and summary."""

from __future__ import annotations

import gc
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import batch
from ..atlas import Atlas
from ..errors import OutputError, TrigpointError, escaped
from . import console

if TYPE_CHECKING:
    from ..batch.report import Report


class Printing(NamedTuple):
    """What a run prints: nothing but errors where `quiet`, one object a file as `json`; its `report` is a file."""

    quiet: bool
    json: bool
    report: str | None


def announce(jobs: Sequence[batch.Job], settings: batch.Settings, *, json: bool) -> int:
    """Print the files that a run would write; the exit code."""
    for job, target in batch.dry(jobs, settings):
        if json:
            console.say_json(batch.Result(job.name, target.path, "planned").record())
        else:
            console.say_path(target.path)
    return 0


def write(
    jobs: Sequence[batch.Job], atlas: Atlas, settings: batch.Settings, printing: Printing, *, by_row: bool = False
) -> int:
    """Draw the jobs and print what becomes of each file; the exit code. `by_row` names rows of a manifest in errors."""
    total = sum(len(job.targets) for job in jobs)
    talks = not (printing.quiet or printing.json)
    bar = talks and total > 1 and console.is_terminal(sys.stderr)
    if total > 1:
        gc.enable()  # a single figure is over before garbage piles up
    start = time.monotonic()
    tally = _Tally(by_row=by_row)
    with ExitStack() as stack:
        report = stack.enter_context(_reported(jobs, Path(printing.report), tally)) if printing.report else None
        stack.callback(tally.complain)  # when the bar is gone
        tick = stack.enter_context(console.progress(total)) if bar else None

        def found(result: batch.Result) -> None:
            if report:
                report.add(result)
            if tick:
                tick()

        for result in stack.enter_context(closing(batch.results(jobs, atlas, settings, found))):
            tally.add(result)
            if printing.json:
                console.say_json(result.record())
            elif talks and result.status in ("written", "unchanged") and not (bar and console.is_terminal(sys.stdout)):
                console.say_path(result.path)
            elif talks and total == 1 and result.status in ("kept", "resumed"):
                console.note(f"{escaped(str(result.path))}: {result.status}")
            console.flush()  # so that a pipe shows a long run as it goes
    if talks and total > 1:
        console.note(f"{tally.summary()} in {time.monotonic() - start:.1f} s")
    return tally.exit_code()


@contextmanager
def _reported(jobs: Sequence[batch.Job], path: Path, tally: _Tally) -> Iterator[Report]:
    """A report that is written however the run ends."""
    from ..batch.report import Report

    report = Report(path, jobs)
    try:
        yield report
    except BaseException as error:
        with suppress(OutputError):  # the first error is the one to be told
            report.write("failed" if isinstance(error, Exception) else "interrupted")
        raise
    report.write("failed" if tally.exit_code() else "done")


class _Tally:
    """The results of a run, counted; those that failed are kept for the end. `by_row` names their rows beside files."""

    def __init__(self, *, by_row: bool) -> None:
        self._by_row = by_row
        self._counts: Counter[str] = Counter()
        self._failed: list[batch.Result] = []

    def add(self, result: batch.Result) -> None:
        self._counts[result.status] += 1
        if result.status == "failed":
            self._failed.append(result)

    def summary(self) -> str:
        """Such as "3 written, 1 failed"."""
        return ", ".join(f"{self._counts[status]:,} {status}" for status in batch.STATUSES if self._counts[status])

    def complain(self) -> None:
        """The problems of files that failed, each with the file's name where it has none."""
        for result in self._failed:
            here, row = str(result.path), result.input if self._by_row else ""
            told = (replace(fault, file=fault.file or here, pointer=fault.pointer or row) for fault in result.problems)
            console.complain(TrigpointError(told))

    def exit_code(self) -> int:
        """0 if nothing failed, 1 if something did; where nothing came out at all, what its errors agree on."""
        codes = {result.exit_code for result in self._failed}
        if not codes:
            return 0
        came_out = self._counts.total() - len(self._failed) - self._counts["pending"]
        return codes.pop() if len(codes) == 1 and not came_out else 1
