"""Batches of thousands of plates: time for each plate, gain of a second process, and peak memory of all processes.

Every plate of a batch is another one: muscle, side, width, theme and language change from row to row. Memory is
the proportional share (PSS) of the command and its workers, read from `/proc` while they run: Linux only.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from trigpoint import load_atlas

from .cold_start import environment

JOBS = (1, 2)
EVERY = 0.2  # seconds between two looks at the memory


def rows(count: int) -> Iterator[dict[str, object]]:
    """The rows of a manifest, no two alike."""
    atlas = load_atlas()
    muscles = [muscle.id for muscle in atlas.muscles if "posterior" in atlas.views(muscle.id)]
    looks = itertools.product(("en", "de"), ("plate", "print"), ("right", "left"), range(850, 2_000), muscles)
    for number, (language, theme, side, width, muscle) in zip(range(count), looks, strict=False):
        row = {"muscle": muscle, "side": side, "theme": theme, "language": language, "views": "posterior"}
        yield {**row, "width": width / 10, "output": f"{number:06}"}


def family(parent: int) -> list[int]:
    """A process and all that descend from it."""
    found = [parent]
    for process in found:
        for thread in Path(f"/proc/{process}/task").glob("*/children"):
            found += map(int, thread.read_text().split())
    return found


def share(process: int) -> int:
    """The memory of a process in bytes, what it shares with others divided among them."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return 1024 * int(line.split()[1])
    return 0


class Memory(threading.Thread):
    """Looks at the memory of a family of processes until it is told to stop; `peak` in bytes."""

    def __init__(self, parent: int) -> None:
        super().__init__(daemon=True)
        self.parent, self.peak, self.over = parent, 0, threading.Event()

    def run(self) -> None:
        """Keep the largest sum."""
        while not self.over.wait(EVERY):
            try:
                self.peak = max(self.peak, sum(map(share, family(self.parent))))
            except OSError:  # a process that ended between two lines
                continue


def batch(count: int, jobs: int, folder: Path) -> tuple[float, float, int]:
    """Seconds of wall time and of processor time, and the peak of memory, of one command."""
    manifest = folder / "rows.jsonl"
    manifest.write_text("".join(json.dumps(row) + "\n" for row in rows(count)), "utf-8")
    out = folder / f"{count}-{jobs}"
    words = ["render", "--manifest", str(manifest), "--out", str(out), "--jobs", str(jobs), "--quiet"]
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "trigpoint", *words], env=environment())
    memory = Memory(process.pid)
    memory.start()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    memory.over.set()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or len(list(out.glob("*.svg"))) != count:
        raise SystemExit(f"the batch of {count} plates failed")
    return wall, used.ru_utime + used.ru_stime, memory.peak


def report(sizes: list[int]) -> None:
    """Print the table."""
    print(f"\n{'plates to SVG, every one another':30} jobs   wall s  ms each  plates/s  gain  peak MiB")
    for count in sizes:
        alone = 0.0
        for jobs in JOBS:
            with tempfile.TemporaryDirectory() as folder:
                wall, _, peak = batch(count, jobs, Path(folder))
            alone = alone or wall
            each = f"{1000 * wall / count:8.1f} {count / wall:9.0f} {alone / wall:5.2f}"
            print(f"{count:30,} {jobs:4} {wall:8.1f} {each} {peak / 2**20:9.0f}", flush=True)
