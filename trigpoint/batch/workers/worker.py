"""A worker process: it draws what comes in through a pipe, answers through another, and ends with its parent.

A thread reads ahead, so that the end of the parent is noticed at once; then the current file has a moment to be
finished. Signals that end a program are left to the parent. Each value in a pipe is its length and its pickle; the
first bytes are a greeting, since code that runs at the start of an interpreter may print.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, BinaryIO

from .draw import Drawn, draw_task, unreadable

_LENGTH = struct.Struct("!Q")
_GREETING = b"\0trigpoint is listening\0"
GRACE = 1.0  # seconds for the figure in hand when the parent is gone

Sent = tuple[int, int, bytes]  # a task's number, how many targets it has, and itself, pickled


def main() -> None:
    """Serve the parent over standard input and output, which nothing else in this process gets to see."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore", UserWarning)  # the parent has warned of the files, and figures come with remarks
    os.environ["MATPLOTLIBRC"] = os.devnull  # no settings: see backends/mpl_loading
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.dup2(2, 1)  # a stray print must not look like an answer
    with suppress(OSError):  # the parent is gone
        serve(inbox, outbox, orphaned=_leave)
    sys.stderr.flush()
    os._exit(0)  # nothing is left to be done, and to take the libraries down costs time


def serve(inbox: BinaryIO, outbox: BinaryIO, *, orphaned: Callable[[], object]) -> None:
    """Answer every task, in order, with its number, outcomes and remarks; where the inbox ends, `orphaned` is called.

    Tasks that are not begun are dropped then.
    """
    tasks: SimpleQueue[Sent | None] = SimpleQueue()
    over = threading.Event()
    threading.Thread(target=_listen, args=(inbox, tasks, over, orphaned), daemon=True).start()
    greet(outbox)
    while (sent := tasks.get()) is not None and not over.is_set():
        number, targets, task = sent
        send(outbox, (number, *_drawn(targets, task)))


def _drawn(targets: int, data: bytes) -> Drawn:
    try:
        task = pickle.loads(data)
    except Exception as error:  # a value of a class of the calling program
        return [unreadable(error)] * targets, []
    return draw_task(task)


def _listen(
    inbox: BinaryIO, tasks: SimpleQueue[Sent | None], over: threading.Event, orphaned: Callable[[], object]
) -> None:
    try:
        while True:
            tasks.put(receive(inbox))
    except (EOFError, OSError):
        over.set()
        tasks.put(None)
    orphaned()


def _leave() -> None:
    time.sleep(GRACE)
    os._exit(1)


def greet(pipe: BinaryIO) -> None:
    """Announce that values follow; OSError where the other end is closed."""
    pipe.write(_GREETING)
    pipe.flush()


def await_greeting(pipe: BinaryIO) -> None:
    """Pass over what stands before the greeting; EOFError where none comes."""
    seen = b""
    while seen != _GREETING:
        seen = (seen + _exactly(pipe, 1))[-len(_GREETING) :]


def send(pipe: BinaryIO, value: Any) -> None:
    """Send one value; OSError where the other end is closed."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def receive(pipe: BinaryIO) -> Any:
    """The next value; EOFError where the other end is gone, even in the middle of a value."""
    return pickle.loads(_exactly(pipe, _LENGTH.unpack(_exactly(pipe, _LENGTH.size))[0]))


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data
