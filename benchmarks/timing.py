"""Times of many ways to do a thing, taken in turn, so that a busy moment of the machine falls on all of them alike.

A way is a process of its own that waits for a line on its input, does its work once and answers with one line of JSON:
`{"ms": processor time of the work, "bytes": size of what it made}`. So ways may live in environments of their own.
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

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Timing:
    """Medians of one way: milliseconds of processor time, and the size of what came out."""

    milliseconds: float
    size: int


def serve(work: Callable[[], bytes]) -> None:
    """Do the work once for each line of standard input, and tell how long it took."""
    for _ in sys.stdin:
        start = time.process_time()
        made = work()
        taken = 1000 * (time.process_time() - start)
        print(json.dumps({"ms": taken, "bytes": len(made)}), flush=True)


class Way:
    """A process that serves."""

    def __init__(self, words: Sequence[str]) -> None:
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def once(self) -> tuple[float, int]:
        """One more run: milliseconds and bytes."""
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
