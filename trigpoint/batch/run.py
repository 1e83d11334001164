"""A run: from a list of jobs to one result per file, in the order of the list.

Finished files of an earlier run are skipped, the others are drawn, and every answer is journalled before it is handed
out. One figure that fails stops no other unless `fail_fast` is set; a machine that refuses (disk full) ends the run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import limits
from ..atlas import Atlas
from ..diagram.diagram import Remark
from ..errors import InputError, OutputError, Problem, unknown
from ..files.leftovers import clear_leftovers
from .jobs import Job, Result, Target
from .remarks import Remarks
from .workers.draw import Answer, Context, Means, Outcome, Task, here, stored, task_of, to_write
from .workers.interpreter import is_interpreter, require_interpreter

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from .journal import Journal

CLOBBER = ("replace", "keep")
TIMEOUT = 30.0  # seconds for a figure: the largest PNG takes about two


@dataclass(frozen=True)
class Settings:
    """How a run goes about its jobs.

    `processes` draw at a time: 1 is this process, 0 as many as there are processors. An `executor` draws in their
    place. `timeout` is in seconds for a figure (None: 30 by processes of our own, else no end); to give a figure up, a
    process must be killed, so it needs processes of our own. `clobber` is "replace" or "keep", for files that exist.
    `repair` mends shapes of the patterns and outlines, as in `load_atlas`.
    `folder` is held against other runs and gets the journal; `resume` leaves alone what that journal says is done.
    """

    processes: int = 1
    executor: Executor | None = None
    timeout: float | None = None
    patterns: str | None = None
    outlines: str | None = None
    repair: bool = False
    clobber: str = "replace"
    gather: bool = False
    fail_fast: bool = False
    folder: Path | None = None
    resume: bool = False

    def __post_init__(self) -> None:
        problems = []
        if not 0 <= self.processes <= limits.PROCESSES:
            hint = f"0 to {limits.PROCESSES}; 0 is one per processor"
            problems.append(Problem(f"{self.processes} processes cannot draw", hint=hint))
        if self.timeout is not None and not 0 < self.timeout <= limits.SECONDS:
            problems.append(Problem(f"a timeout of {self.timeout} s", hint=f"more than 0, up to {limits.SECONDS}"))
        if self.clobber not in CLOBBER:
            problems += unknown("clobber", self.clobber, CLOBBER).problems
        if self.resume and self.folder is None:
            problems.append(Problem("resume needs the folder that an earlier run wrote into", hint="give folder"))
        if problems:
            raise InputError(problems)


def results(
    jobs: Sequence[Job], atlas: Atlas, settings: Settings, on_done: Callable[[Result], object] | None = None
) -> Generator[Result, None, None]:
    """Draw and write checked jobs, giving one result per file in the order of the jobs.

    `on_done` is called with each result at once, in the order in which they are found. OutputError ends the run where
    the machine refuses; files written stay. Whatever ends it, no process is left and the folder is free again.
    """
    with ExitStack() as stack:
        journal = None
        here = _processes(len(jobs), settings) == 0
        with_what = {} if here and settings.folder is None else _program(settings)
        folders = {os.path.abspath(folder) for folder in {target.path.parent for job in jobs for target in job.targets}}
        if settings.folder is not None:
            from ..files.lock import locked  # one file by itself has neither journal nor lock
            from .journal import Journal

            stack.enter_context(locked(settings.folder))
            folders.add(os.path.abspath(settings.folder))
            _tidy(folders)
            journal = Journal(settings.folder, with_what, resume=settings.resume)
        run = _Run(jobs, settings, context_of(settings, with_what), journal, on_done or (lambda result: None))
        try:
            with closing(run.in_order(_means(len(jobs), atlas, settings))) as found:
                yield from found
        finally:
            if journal is not None:
                journal.close(finished=run.finished)
            if not run.finished:
                _tidy(folders)


def dry(jobs: Iterable[Job], settings: Settings) -> Iterator[tuple[Job, Target]]:
    """The files that such a run would write, in its order; nothing is touched."""
    journal = None
    if settings.folder is not None and settings.resume:
        from .journal import Journal

        journal = Journal(settings.folder, _program(settings), resume=True)
    for job in jobs:
        for target in job.targets:
            if to_write(target.path, settings.clobber) and not (journal and journal.done(job, target)):
                yield job, target


def _program(settings: Settings) -> dict[str, str]:
    from .fingerprint import program  # one file by itself is drawn by this very process

    return program(settings.patterns, settings.outlines)


def _working_folder() -> Path:
    try:
        return Path.cwd()
    except OSError:  # it is deleted: only whole paths lead anywhere
        return Path()


def _tidy(folders: Iterable[str]) -> None:
    for folder in folders:
        clear_leftovers(folder)


def processors() -> int:
    """How many processors this process may use."""
    usable: Callable[[int], set[int]] | None = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def _processes(jobs: int, settings: Settings) -> int:
    """The number of worker processes, 0 to draw in this one; OutputError where workers cannot be started."""
    most = processors() if is_interpreter() else 1
    count = min(settings.processes or most, jobs)
    if settings.executor is not None:
        return count
    if count <= 1 and settings.timeout is None:
        return 0
    require_interpreter()
    return count


def _means(jobs: int, atlas: Atlas, settings: Settings) -> Means:
    limit = TIMEOUT if settings.timeout is None else settings.timeout
    count = _processes(jobs, settings)
    if not count:
        return here(atlas)
    from .workers import pool  # one process needs none of it

    if settings.executor is None:
        return pool.processes(count, limit)
    from .workers import executors

    own = pool.processes(processors(), limit)
    ahead = executors.GATHERED if settings.gather else executors.IN_FLIGHT
    return executors.by(settings.executor, timeout=settings.timeout, ahead=ahead, otherwise=own)


def context_of(settings: Settings, with_what: Mapping[str, str]) -> Context:
    """What all tasks share; who gathers the files decides here which ones to replace."""
    return {
        "patterns": settings.patterns and os.path.abspath(settings.patterns),
        "outlines": settings.outlines and os.path.abspath(settings.outlines),
        "repair": settings.repair,
        "program": with_what,
        "clobber": "replace" if settings.gather else settings.clobber,
        "gather": settings.gather,
    }


class _Run:
    """One run's state: what is found, what was told, and whether to go on."""

    def __init__(
        self,
        jobs: Sequence[Job],
        settings: Settings,
        context: Context,
        journal: Journal | None,
        on_done: Callable[[Result], object],
    ) -> None:
        self._jobs = jobs
        self._settings = settings
        self._context = context
        self._journal = journal
        self._on_done = on_done
        self._found: dict[int, list[Result | None]] = {}  # of jobs begun and not told yet, one per target
        self._asked: dict[int, list[int]] = {}  # of the same jobs, the places of the targets that need drawing
        self._remarks = Remarks(several=len(jobs) > 1)
        self._start = _working_folder()
        self._told = 0  # jobs
        self._stopped = False
        self._refusal: OutputError | None = None
        self._refused: list[Result] = []
        self.finished = False  # every file is there

    def in_order(self, draw: Means) -> Generator[Result, None, None]:
        """The results in the order of the jobs."""
        failures = 0
        with closing(draw(self._tasks(), self._take_late)) as answers:
            for number, outcomes, remarks in answers:
                self._take(number, outcomes, remarks)
                for result in self._tell():
                    failures += result.status == "failed"
                    if result not in self._refused:  # the error that ends the run names it
                        yield result
                if self._refusal:
                    raise self._refusal
                if self._stopped:
                    break
        self._remarks.warn_of_rest()
        for result in self._tell(rest=True):
            failures += result.status in ("failed", "pending")
            yield result
        self.finished = not failures

    def _tasks(self) -> Iterator[tuple[int, Task]]:
        """The jobs that need drawing, numbered, one by one as there is room."""
        for number, job in enumerate(self._jobs):
            found = [self._without_drawing(job, target) for target in job.targets]
            self._found[number] = found
            for result in found:
                if result is not None:
                    self._on_done(result)
            self._asked[number] = [place for place, result in enumerate(found) if result is None]
            if left := tuple(self._placed(job.targets[place]) for place in self._asked[number]):
                yield number, task_of(replace(job, targets=left), self._context)

    def _placed(self, target: Target) -> Target:
        """Its place, also after the caller has changed the working folder."""
        return Target(self._start / target.path, target.format)

    def _without_drawing(self, job: Job, target: Target) -> Result | None:
        place = self._placed(target)
        if self._journal and (sha256 := self._journal.done(job, place)):
            return Result(job.name, target.path, "resumed", sha256)
        if not to_write(place.path, self._settings.clobber):
            return Result(job.name, target.path, "kept")
        return None

    def _take(self, number: int, outcomes: Sequence[Outcome], remarks: Iterable[Remark]) -> None:
        """Note the answer to a task: store what was gathered, write the journal, see whether to go on."""
        job, found = self._jobs[number], self._found[number]
        for place, outcome in zip(self._asked[number], outcomes, strict=True):
            if found[place] is not None:
                continue  # the answer was being taken when the run was broken off
            target = job.targets[place]
            result = self._result(job, target, outcome)
            self._note(job, target, result)
            self._stopped |= self._settings.fail_fast and result.status == "failed"
            self._on_done(result)
            found[place] = result
        self._remarks.warn(job.name, remarks)

    def _note(self, job: Job, target: Target, result: Result) -> None:
        """Journal a file; where the journal cannot be written, the file has its result all the same."""
        try:
            if self._journal and result.sha256:
                self._journal.note(job, self._placed(target), result.sha256)
        except OutputError as error:
            self._refusal = self._refusal or error

    def _take_late(self, answer: Answer) -> None:
        """Note an answer that was left over when the run was broken off; why that was is what there is to tell."""
        with suppress(Exception):
            if None in self._found.get(answer[0], ()):  # else it is noted already
                self._take(*answer)

    def _result(self, job: Job, target: Target, outcome: Outcome) -> Result:
        given, sent = str(target.path), os.path.abspath(self._placed(target).path)
        if outcome["data"] is not None:
            clobber = self._settings.clobber
            outcome = stored(sent, outcome["data"], outcome["milliseconds"], clobber=clobber, gather=False)
        problems = tuple(
            Problem(what, given if file == sent else file, pointer, hint)
            for what, file, pointer, hint in outcome["problems"]
        )
        if outcome["status"] == "refused" and self._refusal is None:
            self._refusal = OutputError(replace(problem, file=problem.file or given) for problem in problems)
        status = "failed" if outcome["status"] == "refused" else outcome["status"]
        sha256, milliseconds = outcome["sha256"], outcome["milliseconds"]
        result = Result(job.name, target.path, status, sha256, milliseconds, problems, outcome["exit_code"])
        if outcome["status"] == "refused":
            self._refused.append(result)
        return result

    def _tell(self, *, rest: bool = False) -> Iterator[Result]:
        """The results that are next in order and complete; at the end all, whatever is missing marked as pending."""
        while self._told < len(self._jobs):
            job, found = self._jobs[self._told], self._found.get(self._told)
            if not rest and (found is None or None in found):
                return
            for target, result in zip(job.targets, found or [None] * len(job.targets), strict=True):
                yield result or Result(job.name, target.path, "pending")
            self._found.pop(self._told, None)
            self._asked.pop(self._told, None)
            self._told += 1
