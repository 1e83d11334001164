"""Ctrl-C is for the program, not for the processes that it has started: those it ends itself, without a word.

A terminal sends the signal to all of them. Whoever is started in here has it blocked from its first moment on.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_interrupts() -> Iterator[None]:
    """Inside, what is started never sees Ctrl-C; the program itself sees it on leaving at the latest."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
