"""Whether this program can start Python anew, as a worker process of its own needs it.

In a frozen program (PyInstaller, cx_Freeze), and in many that embed Python, `sys.executable` is the program itself.
Started as a worker, it would do its own work again, start workers of its own, and so on without end.
"""

from __future__ import annotations

import os
import sys

from ...errors import OutputError, Problem

NAMES = ("python", "pypy", "graalpy")  # what files of interpreters are called, whatever follows


def is_interpreter() -> bool:
    """Whether `sys.executable` is a Python interpreter, as far as its name and this program tell."""
    frozen = getattr(sys, "frozen", False)  # set by all that freeze programs
    return not frozen and os.path.basename(sys.executable or "").lower().startswith(NAMES)


def require_interpreter() -> None:
    """Raise OutputError where this program cannot start processes of its own."""
    if not is_interpreter():
        what = "no Python interpreter to start processes with: this program is frozen, or Python is embedded in it"
        raise OutputError(Problem(what, hint="draw in one process without a time limit, or pass an executor"))
