"""Signals that end the program are for it alone, not for the processes that it has started: those it ends itself.

A terminal, `timeout` or a service manager sends them to all. Whoever is started in here has them blocked from its first
moment on, and ends without a word.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_from(*names: str) -> Iterator[None]:
    """Inside, what is started never sees these signals; the program itself sees them on leaving at the latest."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {getattr(signal, name) for name in names})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
