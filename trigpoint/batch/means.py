"""By whom tasks are done: in this process, by processes of our own, by an executor of the user's or a cluster's.

All take numbered tasks one by one, as they have room, and give back numbered answers in the order in which they are
found. Where a run is broken off, answers that are left over, or come within a moment, go to whoever is named for them;
one that was being taken just then comes once more. Which files were asked for, and what is told about them, is unknown
here.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING

from .drawing import Outcome, Task, draw
from .warned import Noted, noted

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ..atlas import Atlas

IN_FLIGHT = 256  # tasks that an executor holds at a time: enough for a cluster, little enough to forget at an end
GATHERED = 64  # the same where each comes back with its files, up to some megabytes

Answer = tuple[int, list[Outcome], list[Noted]]
Late = Callable[[Answer], object]  # what is called with answers that are left over
Means = Callable[[Iterable[tuple[int, Task]], Late], Generator[Answer, None, None]]


def here(atlas: Atlas) -> Means:
    """One after the other, in this process."""

    def answers(tasks: Iterable[tuple[int, Task]], late: Late) -> Generator[Answer, None, None]:
        for number, task in tasks:
            with noted() as warned:
                outcomes = draw(task, atlas)
            try:
                yield number, outcomes, warned
            except GeneratorExit:
                late((number, outcomes, warned))
                raise

    return answers


def processes(count: int, timeout: float) -> Means:
    """By worker processes; a figure may take `timeout` seconds."""

    def answers(tasks: Iterable[tuple[int, Task]], late: Late) -> Generator[Answer, None, None]:
        from .crew import drive  # one process needs none of it

        return drive(tasks, late, processes=count, timeout=timeout)

    return answers


def by(executor: Executor, *, timeout: float | None = None, ahead: int = IN_FLIGHT, otherwise: Means) -> Means:
    """By an executor, which is left running and holds `ahead` tasks at a time.

    With `timeout`, tasks in flight are given up when none of them has come back for so many seconds. A machine that
    dies may take tasks along that only waited there: what an executor reports as lost is tried once more at the end,
    alone, so that the one to blame is the one that is named. What a broken executor leaves undone is done `otherwise`.
    """
    from .submitted import Submitted  # and with it logging, which no other means needs

    return lambda tasks, late: Submitted(executor, timeout, ahead, otherwise).answers(tasks, late)
