"""Locks and processes that are forked: a child can draw, though other threads drew when it was forked.

Of all threads only the one that forks lives on in the child. A lock that another thread held would be held there for
good, and what it guards would be half done.
"""

from __future__ import annotations

import os
import sys
from functools import cached_property
from threading import RLock


def lock() -> RLock:
    """A lock that is held over every fork by the thread that forks, so that it is free in the child.

    The fork waits until what the lock guards is whole. Make one for a module, never for a value: it stays for good.
    """
    made = RLock()  # a thread may fork while it holds it
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=made.acquire, after_in_parent=made.release, after_in_child=made.release)
    return made


def _free_properties() -> None:
    """Give every cached property of this package a new, free lock.

    Python 3.11 has one for all values of a class, and holds it while a property is worked out. Later ones have none.
    """
    package = __name__.partition(".")[0]
    rooms = [module for name, module in [*sys.modules.items()] if name.partition(".")[0] == package]
    kinds = {kind for room in rooms for kind in vars(room).values() if isinstance(kind, type)}
    for each in {each for kind in kinds for each in vars(kind).values() if isinstance(each, cached_property)}:
        each.lock = RLock()  # type: ignore[attr-defined]


if sys.version_info < (3, 12) and hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_free_properties)
