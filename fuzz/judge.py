"""Whether a reader stood an input: no exception but this library's own, 2 s of processor, 300 MiB of memory.

Findings are kept as files, one for each kind of fault and place in the code, the shortest input that shows it. The
rest is counted. What the inputs are is not known here.
"""

from __future__ import annotations

import hashlib
import json
import resource
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from trigpoint.errors import InputError

SECONDS = 2.0
MIB = 300
READER_MIB = 60  # what a process that has read one small file weighs; an input may add the rest


class Judge:
    """Runs one reader on many inputs, and keeps the counts and the findings of the run in a folder."""

    def __init__(self, read: Callable[[bytes], None], folder: Path) -> None:
        self._read = read
        self._folder = folder
        self.counts = {"executions": 0, "accepted": 0, "refused": 0, "slowest_ms": 0, "most_mib": 0}
        self.findings: dict[str, str] = {}
        self._begun = time.monotonic()
        self._told = 0.0
        folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, data: bytes) -> str:
        """Read one input; the name of what is wrong, empty if nothing is."""
        before, start = _peak_mib(), time.process_time()
        verdict, wrong = self._verdict(data)
        taken, grown = time.process_time() - start, _peak_mib() - before
        if not wrong and taken > SECONDS:
            wrong = "slower than 2 s of processor"
        if not wrong and grown > MIB - READER_MIB:
            wrong = f"heavier than {MIB} MiB"
        self.counts["executions"] += 1
        self.counts[verdict] += 1
        self.counts["slowest_ms"] = max(self.counts["slowest_ms"], round(taken * 1000))
        self.counts["most_mib"] = max(self.counts["most_mib"], _peak_mib())
        if wrong:
            self._keep(wrong, data)
        if time.monotonic() - self._told > 1:
            self.tell()
        return wrong

    def _verdict(self, data: bytes) -> tuple[str, str]:
        try:
            self._read(data)
        except InputError:
            return "refused", ""
        except Exception as error:  # whatever it is, it is a finding
            frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/trigpoint/" in frame.filename]
            place = f"{Path(frames[-1].filename).name}:{frames[-1].name}" if frames else "fuzz"
            return "refused", f"{type(error).__name__} in {place}: {str(error)[:60]}"
        return "accepted", ""

    def _keep(self, wrong: str, data: bytes) -> None:
        kind = wrong.partition(": ")[0]
        file = self._folder / hashlib.sha256(kind.encode()).hexdigest()[:12]
        if kind not in self.findings or file.stat().st_size > len(data):
            file.write_bytes(data)
            self.findings[kind] = f"{wrong} ({file})"

    def tell(self) -> None:
        """Write down the counts so far: a fuzzer may end its process without a word."""
        self._told = time.monotonic()
        seconds = round(self._told - self._begun)
        told = {**self.counts, "seconds": seconds, "findings": sorted(self.findings.values())}
        (self._folder / "counts.json").write_text(json.dumps(told))


def _peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
