"""By whom tasks are done: in this process, by processes of our own, by an executor of the user's or a cluster's.

All take numbered tasks one by one, as they have room, and give back numbered answers in the order in which they are
found. Which files were asked for, and what is told about them, is unknown here.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from .drawing import Outcome, Task, draw, draw_task, failed, lost
from .warned import Noted, noted, plain

if TYPE_CHECKING:
    from ..atlas import Atlas

IN_FLIGHT = 256  # tasks that an executor holds at a time: enough for a cluster, little enough to forget at an end
GATHERED = 64  # the same where each comes back with its files, up to some megabytes
TICK = 0.5  # seconds between looks at the clock

Answer = tuple[int, list[Outcome], list[Noted]]
Means = Callable[[Iterable[tuple[int, Task]]], Generator[Answer, None, None]]


def here(atlas: Atlas) -> Means:
    """One after the other, in this process."""

    def answers(tasks: Iterable[tuple[int, Task]]) -> Generator[Answer, None, None]:
        for number, task in tasks:
            with noted() as warned:
                outcomes = draw(task, atlas)
            yield number, outcomes, plain(warned)

    return answers


def processes(count: int, timeout: float) -> Means:
    """By worker processes; a figure may take `timeout` seconds."""

    def answers(tasks: Iterable[tuple[int, Task]]) -> Generator[Answer, None, None]:
        from .crew import drive  # one process needs none of it

        return drive(tasks, processes=count, timeout=timeout)

    return answers


def by(executor: Executor, *, timeout: float | None = None, ahead: int = IN_FLIGHT, otherwise: Means) -> Means:
    """By an executor, which is left running and holds `ahead` tasks at a time.

    With `timeout`, tasks in flight are given up when none of them has come back for so many seconds. A machine that
    dies may take tasks along that only waited there: what an executor reports as lost is tried once more at the end,
    alone, so that the one to blame is the one that is named. What a broken executor leaves undone is done `otherwise`.
    """
    return lambda tasks: _Submitted(executor, timeout, ahead, otherwise).answers(tasks)


class _Submitted:
    """The tasks that an executor has been given and has not given back."""

    def __init__(self, executor: Executor, timeout: float | None, ahead: int, otherwise: Means) -> None:
        self._executor = executor
        self._timeout = timeout
        self._ahead = ahead
        self._otherwise = otherwise
        self._flying: dict[Future[list[Outcome]], tuple[int, Task]] = {}
        self._landed: SimpleQueue[Future[list[Outcome]]] = SimpleQueue()
        self._undone: list[tuple[int, Task]] = []
        self._suspects: list[tuple[int, Task]] = []
        self._alone = False  # whether tasks are handed over one at a time by now

    def answers(self, tasks: Iterable[tuple[int, Task]]) -> Generator[Answer, None, None]:
        waiting = iter(tasks)
        try:
            yield from self._all(waiting)
            suspects, self._suspects = self._suspects, []
            self._alone = True
            for suspect in suspects:
                yield from self._all(iter([suspect]))
        finally:
            for future in self._flying:
                future.cancel()
        if self._undone:
            warnings.warn("the executor broke; the rest is drawn by processes of our own", RuntimeWarning, stacklevel=2)
            yield from self._otherwise(_chained(self._undone, waiting))

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

    def _started(self, task: Task) -> Future[list[Outcome]]:
        try:
            return self._executor.submit(draw_task, task)
        except Exception as error:  # broken, shut down, or unable to carry this task
            future: Future[list[Outcome]] = Future()
            future.set_exception(error)
            return future

    def _land(self) -> Iterator[Answer]:
        future = self._wait()
        if future is None:
            given_up = f"given up: nothing came back for {self._timeout:g} s"
            for number, task in self._flying.values():
                yield number, lost(task, given_up, "give it more time with --timeout"), []
            self._flying.clear()
        elif future in self._flying:  # else it was given up before
            number, task = self._flying.pop(future)
            error = _error_of(future)
            if error is None:
                yield number, future.result(), []
            elif isinstance(error, BrokenExecutor):
                self._undone.append((number, task))
            elif self._alone:
                yield number, [failed(error) for _ in task["targets"]], []
            else:
                self._suspects.append((number, task))

    def _wait(self) -> Future[list[Outcome]] | None:
        """The next future that is done; None where that takes too long."""
        end = time.monotonic() + (self._timeout if self._timeout is not None else float("inf"))
        while (left := end - time.monotonic()) > 0:
            try:
                return self._landed.get(timeout=min(TICK, left))
            except Empty:
                continue
        return None


def _error_of(future: Future[list[Outcome]]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as error:
        return error


def _chained(first: list[tuple[int, Task]], then: Iterator[tuple[int, Task]]) -> Iterator[tuple[int, Task]]:
    yield from sorted(first, key=lambda task: task[0])
    yield from then
