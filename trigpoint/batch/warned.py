"""What figures warn of while they are drawn: each warning with the name of its figure, but no warning a thousand times.

A warning is noted as text and kind, so that it travels from wherever a figure is drawn to whoever runs the batch. Many
threads may draw at a time, and each notes its own. What is warned of is unknown here.
"""

from __future__ import annotations

import threading
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

FOR_DEVELOPERS = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)
Noted = tuple[str, type[Warning]]  # a warning's text and kind
OFTEN = 3  # times that one text is told with a name; then its figures are counted


@contextmanager
def noted() -> Iterator[list[Noted]]:
    """Inside, what this thread warns of is noted in a list in place of being shown, all but what is for developers.

    Other threads warn as ever. One thing cannot be had: Python keeps `warnings.catch_warnings` for the whole process,
    so while another thread is in such a block, that block may get what this one warns of, without a figure's name.
    """
    found: list[Noted] = []
    outer = _listener.swap(found)
    try:
        yield found
    finally:
        _listener.swap(outer)


class _Listener:
    """The lists in which threads note what they warn of.

    Filters and `warnings.showwarning` are those of the whole process. So this stands in for `showwarning` and leaves to
    the one before what other threads warn of; and to filters it is a module that matches in the threads that note.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lists: dict[int, list[Noted]] = {}
        self._shown: Any = None
        developers = [("ignore", None, kind, self, 0) for kind in FOR_DEVELOPERS]
        self._filters = [*developers, ("always", None, Warning, self, 0)]

    def swap(self, found: list[Noted] | None) -> list[Noted] | None:
        """Note what this thread warns of in that list from now on (None: no more); the list before it."""
        thread = threading.get_ident()
        with self._lock:
            before = self._lists.pop(thread, None)
            if found is not None:
                self._lists[thread] = found
            if self._lists:
                self._take_place()
            else:
                self._let_be()
        return before

    def _take_place(self) -> None:
        if warnings.showwarning is not self:
            self._shown, warnings.showwarning = warnings.showwarning, self
        filters: Any = warnings.filters
        if filters[: len(self._filters)] != self._filters:
            filters[:0] = self._filters
        with warnings.catch_warnings():  # whereupon every module forgets what it has shown already
            pass

    def _let_be(self) -> None:
        if warnings.showwarning is self:
            warnings.showwarning = self._shown
        filters: Any = warnings.filters
        filters[:] = [each for each in filters if each not in self._filters]

    def match(self, _module: str) -> bool:
        """Whether this thread notes what it warns of."""
        return threading.get_ident() in self._lists

    def __call__(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        found = self._lists.get(threading.get_ident())
        if found is None:
            self._shown(message, category, filename, lineno, file, line)
        else:
            found.append((str(message), category))


_listener = _Listener()


class Warned:
    """The warnings of a run."""

    def __init__(self, *, several: bool) -> None:
        self._several = several
        self._times: Counter[Noted] = Counter()

    def tell(self, name: str, noted: Iterable[Noted]) -> None:
        """Warn of what a figure of that name warned of, named where there are several."""
        for text, kind in dict.fromkeys(noted):
            self._times[text, kind] += 1
            if self._times[text, kind] <= OFTEN:
                warnings.warn(f"{name}: {text}" if self._several else text, kind, stacklevel=3)

    def tell_rest(self) -> None:
        """Warn of how often each thing was passed over."""
        for (text, kind), times in self._times.items():
            if times > OFTEN:
                warnings.warn(f"{times - OFTEN:,} more: {text}", kind, stacklevel=3)
