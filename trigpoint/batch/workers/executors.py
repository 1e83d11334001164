"""Tasks handed to an executor of `concurrent.futures` and taken back.

Whatever an executor does with a task (loses it, breaks), the task gets an outcome or is drawn by other means.
"""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import suppress
from queue import Empty, SimpleQueue

from .draw import Answer, Drawn, Late, Means, Task, draw_task, failed, lost

TICK = 0.5  # seconds between looks at the clock
IN_FLIGHT = 256  # tasks that an executor holds at a time: enough for a cluster, little enough to forget at an end
GATHERED = 64  # the same where each comes back with its files, up to some megabytes
PATIENCE = 1.0  # seconds for what is begun when the run is broken off


class Submitted:
    """The tasks that an executor has been given and has not given back."""

    def __init__(self, executor: Executor, timeout: float | None, ahead: int, otherwise: Means) -> None:
        self._executor = executor
        self._timeout = timeout
        self._ahead = ahead
        self._otherwise = otherwise
        self._flying: dict[Future[Drawn], tuple[int, Task]] = {}
        self._landed: SimpleQueue[Future[Drawn]] = SimpleQueue()
        self._undone: list[tuple[int, Task]] = []
        self._suspects: list[tuple[int, Task]] = []
        self._alone = False  # whether tasks are handed over one at a time by now

    def answers(self, tasks: Iterable[tuple[int, Task]], late: Late) -> Generator[Answer, None, None]:
        """Every task's answer, in the order in which they come back; those that may be to blame at the end, alone."""
        waiting = iter(tasks)
        try:
            yield from self._all(waiting)
            suspects, self._suspects = self._suspects, []
            self._alone = True
            for suspect in suspects:
                yield from self._all(iter([suspect]))
        finally:
            self._call_back(late)
        if self._undone:
            warnings.warn("the executor broke; the rest is drawn by processes of our own", RuntimeWarning, stacklevel=2)
            yield from self._otherwise(_chained(self._undone, waiting), late)

    def _all(self, waiting: Iterator[tuple[int, Task]]) -> Iterator[Answer]:
        while self._submit(waiting) or self._flying:
            yield from self._land()

    def _submit(self, waiting: Iterator[tuple[int, Task]]) -> bool:
        """Hand over as many tasks as there is room for; whether any was."""
        any_ = False
        while not self._undone and len(self._flying) < self._ahead and (task := next(waiting, None)):
            future = self._started(task[1])
            self._flying[future] = task
            future.add_done_callback(self._landed.put)
            any_ = True
        return any_

    def _started(self, task: Task) -> Future[Drawn]:
        try:
            return self._executor.submit(draw_task, task)
        except Exception as error:  # broken, shut down, or unable to carry this task
            future: Future[Drawn] = Future()
            future.set_exception(error)
            return future

    def _land(self) -> Iterator[Answer]:
        future = self._wait()
        if future is None:
            given_up = f"given up: nothing came back for {self._timeout:g} s"
            flying, self._flying = self._flying, {}
            for late in flying:
                late.cancel()  # or it would leave a file after all
            for number, task in flying.values():
                yield number, lost(task, given_up, "give it more time with --timeout"), []
        elif future in self._flying:  # else it was given up before
            number, task = self._flying[future]
            error = _error_of(future)
            if error is None:
                yield number, *future.result()
            elif isinstance(error, BrokenExecutor):
                self._undone.append((number, task))
            elif self._alone:
                yield number, [failed(error) for _ in task["targets"]], []
            else:
                self._suspects.append((number, task))
            del self._flying[future]

    def _call_back(self, late: Late) -> None:
        """Cancel what is not begun yet; what is done in a moment is not lost."""
        done, _ = wait([future for future in self._flying if not future.cancel()], PATIENCE)
        for future in done:
            if _error_of(future) is None:
                late((self._flying[future][0], *future.result()))

    def _wait(self) -> Future[Drawn] | None:
        """The next future that is done; None where that takes too long."""
        left = float("inf") if self._timeout is None else self._timeout
        while left > 0:  # by ticks: time in which this program is stopped counts for nobody
            with suppress(Empty):
                return self._landed.get(timeout=min(TICK, left))
            left -= TICK
        return None


def _error_of(future: Future[Drawn]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as error:
        return error


def _chained(first: list[tuple[int, Task]], then: Iterator[tuple[int, Task]]) -> Iterator[tuple[int, Task]]:
    yield from sorted(first, key=lambda task: task[0])
    yield from then


def by(executor: Executor, *, timeout: float | None = None, ahead: int = IN_FLIGHT, otherwise: Means) -> Means:
    """By an executor, which is left running and holds `ahead` tasks at a time.

    With `timeout`, tasks in flight are given up when none of them has come back for so many seconds. A machine that
    dies may take tasks along that only waited there: what an executor reports as lost is tried once more at the end,
    alone, so that the one to blame is the one that is named. What a broken executor leaves undone is done `otherwise`.
    """
    return lambda tasks, late: Submitted(executor, timeout, ahead, otherwise).answers(tasks, late)
