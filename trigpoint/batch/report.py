"""The report of a run: one JSON file with the result of every file, also of a run that was broken off.

It is written before the first figure, so that a place that cannot be written to is found in time, and at the end.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ..files.atomic import make_folder, write_atomically
from ..files.shipped import VERSION
from .jobs import Job, Result


class Report:
    """What is known of a run so far."""

    def __init__(self, path: Path, jobs: Sequence[Job]) -> None:
        make_folder(path.parent)  # it may be the one that the figures are to make
        self._path = path
        self._results = {
            target.path: Result(job.name, target.path, "pending") for job in jobs for target in job.targets
        }
        self._start = time.monotonic()
        self.write("running")

    def add(self, result: Result) -> None:
        """Take in what became of one file."""
        self._results[result.path] = result

    def write(self, status: str) -> None:
        """Write it: `status` is "running", "done", "failed" or "interrupted". OutputError where that cannot be."""
        items = [result.record() for result in self._results.values()]
        counts = Counter(result.status for result in self._results.values())
        document = {
            "trigpoint": VERSION,
            "status": status,
            "seconds": round(time.monotonic() - self._start, 3),
            "counts": dict(sorted(counts.items())),
            "items": items,
        }
        write_atomically(self._path, json.dumps(document, indent=1).encode() + b"\n")
