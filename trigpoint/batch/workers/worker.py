"""The life of a worker process: draw what comes in through a pipe, answer through another, end with the parent.

A worker reads ahead in a thread of its own, so that it learns at once when its parent is gone, however it went; then
it has a moment to finish the file in hand. Signals that end a program are the parent's business.

Values go through a pipe one after the other: the length, then the value, pickled; both ends are this program. What else
is started in a worker may print before it comes to itself, so what the parent reads begins with a greeting.
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
    with suppress(OSError):  # nobody wants the answer any more
        serve(inbox, outbox, orphaned=_leave)
    sys.stderr.flush()
    os._exit(0)  # nothing is left to be done, and to take the libraries down costs time


def serve(inbox: BinaryIO, outbox: BinaryIO, *, orphaned: Callable[[], object]) -> None:
    """Answer every task, in order, with its number, outcomes and remarks; where the inbox ends, `orphaned` is called.

    Then nobody wants the tasks that are not begun.
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
    except Exception as error:  # a value of a kind that only the caller's own program knows
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
    """Tell the other end that values follow; OSError where nobody reads any more."""
    pipe.write(_GREETING)
    pipe.flush()


def await_greeting(pipe: BinaryIO) -> None:
    """Pass over what stands before the greeting; EOFError where none comes."""
    seen = b""
    while seen != _GREETING:
        seen = (seen + _exactly(pipe, 1))[-len(_GREETING) :]


def send(pipe: BinaryIO, value: Any) -> None:
    """Send one value; OSError where nobody reads any more."""
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
