"""Times of many ways to do a thing, taken in turn, so that a busy moment of the machine falls on all of them alike.

A way is a process of its own that waits for a line on its input, works for a moment and answers with one line of JSON:
`{"ms": processor time of one piece of work, "bytes": its size}`. So ways may live in environments of their own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

LEAST = 0.05  # seconds of work between two looks at the clock
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Timing:
    """Medians of one way: milliseconds of processor time, and the size of what came out."""

    milliseconds: float
    size: int


def serve(work: Callable[[], bytes]) -> None:
    """For each line of standard input, do the work for a while, and tell how long one piece of it took on average."""
    for _ in sys.stdin:
        work()  # another process has had the processor's caches in between
        start, times = time.process_time(), 0
        while (taken := time.process_time() - start) < LEAST:
            made, times = work(), times + 1
        print(json.dumps({"ms": 1000 * taken / times, "bytes": len(made)}), flush=True)


class Way:
    """A process that serves."""

    def __init__(self, words: Sequence[str]) -> None:
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def once(self) -> tuple[float, int]:
        """One more moment of work: milliseconds and bytes."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"a benchmark died: {self.process.args!r}")
        told = json.loads(answer)
        return told["ms"], told["bytes"]

    def close(self) -> None:
        """Let the process end."""
        self.process.communicate()


def in_turn(ways: Mapping[str, Sequence[str]], runs: int, *, warm: int = 3) -> dict[str, Timing]:
    """Every way `runs` times, interleaved, after `warm` runs that only fill caches."""
    serving = {name: Way(words) for name, words in ways.items()}
    times: dict[str, list[float]] = {name: [] for name in ways}
    sizes: dict[str, int] = {}
    for run in range(-warm, runs):
        for name, way in serving.items():
            taken, sizes[name] = way.once()
            if run >= 0:
                times[name].append(taken)
    for way in serving.values():
        way.close()
    return {name: Timing(median(taken), sizes[name]) for name, taken in times.items()}


def table(title: str, timings: Mapping[str, Timing], base: str) -> None:
    """Print the timings as rows with their ratio to one of them."""
    print(f"\n{title:52} CPU ms  ratio      bytes")
    for name, timing in timings.items():
        ratio = timing.milliseconds / timings[base].milliseconds
        print(f"  {name:48} {timing.milliseconds:8.2f} {ratio:6.2f} {timing.size:10,}", flush=True)
