"""Worker processes, each with at most two tasks, and the answers to all tasks.

A worker that dies or takes longer than the timeout loses its current task, which gets a failed outcome; a new worker
replaces it. Time in which this process does not listen (it is stopped, its caller is slow) does not count. Workers are
fresh interpreters: no state is inherited, and the script or notebook that calls is not run again.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO, cast

from ... import limits
from ...errors import OutputError, Problem
from .draw import Answer, Late, Means, Outcome, Task, lost, unreadable
from .interpreter import require_interpreter
from .worker import await_greeting, receive, send

BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop()); "
    "from trigpoint.batch.workers.worker import main; main()"
)
START_SECONDS = 120.0  # for loading the libraries, on a machine that is busy with other things
STARTS = 3  # workers that may die one after another before any of them has been ready
PATIENCE = 1.0  # seconds that workers get to finish the figure in hand when the run is broken off
TICK = 0.5  # seconds between looks at the clock: Windows delivers Ctrl-C only then
ENDINGS = tuple(name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
READY = "ready"
NEVER = float("inf")


class Worker:
    """A process and the thread that listens to it; whatever it says arrives in `heard`, None when it is gone.

    Its answers are in `said`, too, and stay there until they are taken care of. `deadline` is when it is given up.
    """

    def __init__(self, command: Sequence[str], heard: SimpleQueue[tuple[Worker, Any]], deadline: float) -> None:
        self.hand: deque[tuple[int, Task]] = deque()  # the task that it is at, and the one after that
        self.said: deque[Answer] = deque()
        self.deadline = deadline
        self.ready = False
        self.overdue: int | None = None  # the number of the task for which it was killed
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**dict.fromkeys(limits.ONE_THREAD, "1"), **os.environ},
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._listener = threading.Thread(target=self._listen, args=(heard,), daemon=True)
        self._listener.start()

    def _listen(self, heard: SimpleQueue[tuple[Worker, Any]]) -> None:
        with suppress(Exception), cast(BinaryIO, self._process.stdout) as pipe:
            await_greeting(pipe)
            heard.put((self, READY))
            while True:
                self.said.append(receive(pipe))
                heard.put((self, self.said[-1]))
        self._process.kill()  # if it still runs: its answers can no longer be read
        self._process.wait()
        heard.put((self, None))

    def give(self, number: int, task: Task) -> None:
        """Hand over a task; where the worker is gone, its end is noticed later. Raises what pickle does."""
        data = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        with suppress(OSError):
            send(cast(BinaryIO, self._process.stdin), (number, len(task["targets"]), data))
        self.hand.append((number, task))

    def kill(self) -> None:
        """End the process now."""
        self._process.kill()

    def dismiss(self) -> None:
        """Tell the process to end after the task in hand."""
        with suppress(OSError):
            cast(BinaryIO, self._process.stdin).close()

    def gone(self, patience: float) -> bool:
        """Whether the process ends within some seconds, and all that it said is heard."""
        self._listener.join(max(patience, 0))
        return not self._listener.is_alive()

    def end(self) -> str:
        """How the process ended, in words."""
        code = self._process.returncode or 0
        return f"was killed by {_signal(-code)}" if code < 0 else f"ended with code {code}"

    def has_room(self, tasks: int) -> bool:
        """Whether it can be given a task and then has no more than so many."""
        return self.ready and self.overdue is None and len(self.hand) < tasks


class Pool:
    """A number of workers and the tasks that they share."""

    def __init__(self, tasks: Iterable[tuple[int, Task]], processes: int, timeout: float, late: Late) -> None:
        self._tasks = iter(tasks)
        self._waiting: deque[tuple[int, Task]] = deque()  # the next task, after those that came back unbegun
        self._unsendable: list[Answer] = []
        self._processes = processes
        self._timeout = timeout
        self._late = late
        self._workers: list[Worker] = []
        self._messages: SimpleQueue[tuple[Worker, Any]] = SimpleQueue()
        self._failures = 0  # workers that died before they were ready, one after another
        self._clock = 0.0  # seconds: the clock of all deadlines

    def answers(self) -> Generator[Answer, None, None]:
        """The answer to every task, as soon as it is there; afterwards, however that ends, no worker is left."""
        try:
            while self._start_workers():
                worker, message = self._next_message()
                if message is None:
                    yield from self._remove(worker)
                elif message == READY:
                    worker.ready, worker.deadline, self._failures = True, NEVER, 0
                else:
                    yield self._taken(worker)
                    worker.said.popleft()
                self._hand_out()
                yield from self._unsendable
                self._unsendable.clear()
        finally:
            self._end_all()

    def _any_left(self) -> bool:
        """Whether a task waits for a worker; at most one is taken from the list ahead of its time."""
        if not self._waiting:
            self._waiting.extend(islice(self._tasks, 1))
        return bool(self._waiting)

    def _start_workers(self) -> bool:
        """See to it that there are enough workers; whether anything is left to wait for."""
        while self._any_left() and len(self._workers) < self._processes:
            command = _command()
            try:
                with kept_from(*ENDINGS):
                    self._workers.append(Worker(command, self._messages, self._clock + START_SECONDS))
            except OSError as error:
                if not self._workers:
                    what = f"cannot start a process: {error.strerror}"
                    raise OutputError(Problem(what, hint="--jobs 1 draws without")) from error
                self._processes = len(self._workers)  # as many as this machine lets us have
        return self._any_left() or any(worker.hand for worker in self._workers)

    def _next_message(self) -> tuple[Worker, Any]:
        """The next word of any worker; those that let their time pass are killed, and say so by their end."""
        while True:
            soonest = min(worker.deadline for worker in self._workers)
            most, start = max(0.0, min(TICK, soonest - self._clock)), time.monotonic()
            try:
                return self._messages.get(timeout=most)
            except Empty:
                pass
            finally:
                self._clock += min(most, time.monotonic() - start)
            self._give_up()

    def _give_up(self) -> None:
        """Kill those whose time is over."""
        for worker in self._workers:
            if worker.deadline <= self._clock:
                worker.deadline = NEVER
                worker.overdue = worker.hand[0][0] if worker.hand else -1
                worker.kill()

    def _hand_out(self) -> None:
        """Give every worker a task, and a second one once all have their first."""
        for tasks in (1, 2):
            for worker in self._workers:
                while worker.has_room(tasks) and self._any_left():
                    self._give(worker, *self._waiting.popleft())
            if not all(worker.hand for worker in self._workers):
                return

    def _give(self, worker: Worker, number: int, task: Task) -> None:
        try:
            worker.give(number, task)
        except Exception as error:  # an option that cannot be pickled
            self._unsendable.append((number, [unreadable(error) for _ in task["targets"]], []))
        if len(worker.hand) == 1 and worker.deadline == NEVER:
            worker.deadline = self._clock + self._timeout

    def _taken(self, worker: Worker) -> Answer:
        worker.hand.popleft()
        worker.deadline = self._clock + self._timeout if worker.hand else NEVER
        return worker.said[0]

    def _remove(self, worker: Worker) -> Iterator[Answer]:
        """Let go of a worker that is gone; the answer to the task that it was at, if any."""
        self._workers.remove(worker)
        worker.dismiss()
        if not worker.ready:
            self._failures += 1
            if self._failures >= STARTS:
                what = f"worker processes do not start ({self._failures} in a row {worker.end()})"
                raise OutputError(Problem(what, hint="--jobs 1 draws without them"))
        current = worker.hand.popleft() if worker.hand and worker.overdue in (None, worker.hand[0][0]) else None
        self._waiting.extendleft(reversed(worker.hand))
        if current:
            yield current[0], self._lost_with(worker, current[1]), []

    def _lost_with(self, worker: Worker, task: Task) -> list[Outcome]:
        """The outcomes of the task that a worker was at when it ended."""
        if worker.overdue is not None:
            return lost(task, f"given up after {self._timeout:g} s", "give it more time with --timeout")
        hint = "short of memory? draw it alone, or with fewer --jobs"
        return lost(task, f"the process drawing it {worker.end()}", hint)

    def _end_all(self) -> None:
        """Let every worker finish the figure in hand if that takes a moment, and pass on what nobody has taken yet."""
        for worker in self._workers:
            worker.dismiss()
        end = time.monotonic() + PATIENCE
        for worker in self._workers:
            if not worker.gone(end - time.monotonic()):
                worker.kill()
        for worker in self._workers:
            worker.gone(PATIENCE)
            for answer in worker.said:
                self._late(answer)


def processes(count: int, timeout: float) -> Means:
    """By worker processes; a figure may take `timeout` seconds. OutputError where workers do not even start."""
    return lambda tasks, late: Pool(tasks, count, timeout, late).answers()


def _command() -> Sequence[str]:
    require_interpreter()
    names_of_files = f"utf8={sys.flags.utf8_mode}"  # written as this process writes them
    return [sys.executable, "-P", "-X", names_of_files, "-c", BOOT, json.dumps(sys.path, default=str)]


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


@contextmanager
def kept_from(*names: str) -> Iterator[None]:
    """Inside, processes that are started never see these signals; the program sees them on leaving at the latest.

    A terminal, `timeout` or a service manager sends them to all; the program ends its processes itself.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {getattr(signal, name) for name in names})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
