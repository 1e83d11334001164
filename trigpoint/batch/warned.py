"""What figures warn of while they are drawn: each warning with the name of its figure, but no warning a thousand times.

A warning is noted as text and kind, so that it travels from wherever a figure is drawn to whoever runs the batch. What
is warned of is unknown here.
"""

from __future__ import annotations

import threading
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

FOR_DEVELOPERS = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)
Noted = tuple[str, type[Warning]]  # a warning's text and kind
OFTEN = 3  # times that one text is told with a name; then its figures are counted


@contextmanager
def noted() -> Iterator[list[warnings.WarningMessage]]:
    """Inside, warnings are noted in a list in place of being shown, all but those for developers."""
    if threading.current_thread() is not threading.main_thread():  # filters are those of the whole process
        yield []
        return
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        for kind in FOR_DEVELOPERS:
            warnings.simplefilter("ignore", kind)
        yield found


def plain(found: Iterable[warnings.WarningMessage]) -> list[Noted]:
    """Warnings as plain values."""
    return [(str(warning.message), warning.category) for warning in found]


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
