"""Work done in a fork of this process, which may hang, fall over its own feet or leave processes behind."""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import signal
from collections.abc import Callable
from typing import Any


def in_a_fork(work: Callable[[], Any], seconds: int | None = None) -> Any:
    """What the work gives; None where its process dies, or needs more than so many seconds of processor."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            os.setpgid(0, 0)
            if seconds:
                resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
                signal.alarm(20 * seconds)  # it may also sleep
            value = work()
            with os.fdopen(into, "wb") as pipe:
                pipe.write(pickle.dumps(value))
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        data = pipe.read()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)  # what it has started and left behind
    os.waitpid(child, 0)
    return pickle.loads(data) if data else None
