"""Limits of time that hold on slow and busy machines: processor time, measured against a piece of known work."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

PACE = 0.0045  # seconds for which limits are written; where `pace` takes longer, so may everything


def pace() -> float:
    """The seconds of processor that a piece of work takes now: how fast this machine is, busy as it may be."""
    start = time.process_time()
    sorted(str(number * 7_919 % 100_003) for number in range(20_000))
    return time.process_time() - start


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail if the block takes more processor time than a machine of ordinary pace needs in so many seconds."""
    before, start = pace(), time.process_time()
    yield
    taken, slower = time.process_time() - start, max(before, pace(), PACE) / PACE
    assert taken < seconds * slower, f"{taken:.1f} s of processor"
