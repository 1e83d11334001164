"""What is left when a batch is killed at random moments: torn files, processes, figures that another run cannot bring.

    python -m benchmarks.kill [KILLS] [FIGURES] [SEED]

A batch of figures is drawn by two processes into one folder and killed with SIGKILL at a random moment: the whole
program's process, that and its workers at once, or one worker. After each kill every file is held against the same
batch drawn without a kill, and processes that live on after 5 s are counted. The next attempt resumes in the same
folder; one that comes to its end must have left the same bytes, and the folder is emptied. Needs psutil; Unix only.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

import trigpoint as tp

from .cold_start import environment

SECONDS = 5.0  # within which every process must be gone
VICTIMS = ("program", "program and workers", "one worker")
SIDES, WIDTHS = ("right", "left"), (85.0, 120.0, 150.0, 174.0)


def jobs(count: int, folder: Path) -> list[dict[str, object]]:
    """So many figures, every one another."""
    muscles = [muscle.id for muscle in tp.load_atlas().muscles]
    asked = [(muscle, side, width) for width in WIDTHS for side in SIDES for muscle in muscles]
    if count > len(asked):
        raise SystemExit(f"there are {len(asked)} different figures")
    return [
        {"muscles": muscle, "side": side, "width": width, "output": folder / f"{muscle}-{side}-{width:g}.svg"}
        for muscle, side, width in asked[:count]
    ]


def child(count: int, folder: Path) -> int:
    """The batch itself, in a process of its own; prints the number of files that failed."""
    results = tp.render_all(jobs(count, folder), processes=2, folder=folder, resume=True)
    failed = sum(result.status == "failed" for result in results)
    print(json.dumps({"failed": failed, "resumed": sum(result.status == "resumed" for result in results)}))
    return 0


def contents(folder: Path) -> dict[str, str]:
    """The hash of every file but those that the run keeps for itself."""
    files = (file for file in folder.iterdir() if not file.name.startswith("."))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@dataclass
class Tally:
    """What was seen after kills of one kind."""

    kills: int = 0
    files: int = 0  # whole ones that lay in the folder
    torn: int = 0
    alive: int = 0
    broken: int = 0  # programs that lost a worker and did not come to their end
    lost: Counter[int] = field(default_factory=Counter)  # figures that a run has lost by one kill


@dataclass
class Campaign:
    """The folder that the batch is drawn into, what it must hold in the end, and how often it did."""

    figures: int
    folder: Path
    expected: dict[str, str]
    resumed: int = 0
    wrong: int = 0

    def start(self) -> subprocess.Popen[str]:
        """One attempt; it resumes what is there."""
        words = [sys.executable, "-m", "benchmarks.kill", "--child", str(self.figures), str(self.folder)]
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(words, env=environment(), encoding="utf-8", **quiet)  # type: ignore[call-overload]

    def finished(self) -> None:
        """Hold the folder against what it must hold, and begin anew."""
        self.resumed += 1
        self.wrong += contents(self.folder) != self.expected or any(self.folder.glob(".*.tmp"))
        shutil.rmtree(self.folder)
        self.folder.mkdir()

    def strike(self, victim: str, after: float, tally: Tally) -> None:
        """Kill one attempt after some seconds, unless it is done by then, and see what is left."""
        with self.start() as process:
            try:
                said, _ = process.communicate(timeout=after)
            except subprocess.TimeoutExpired:
                self._struck_down(process, victim, tally)  # it is still at work
            except BaseException:
                process.kill()
                raise
            else:
                self.ended(said)

    def _struck_down(self, process: subprocess.Popen[str], victim: str, tally: Tally) -> None:
        workers = psutil.Process(process.pid).children(recursive=True)
        for struck in self._struck(victim, process, workers):
            with suppress(psutil.NoSuchProcess):
                struck.kill()
        said, _ = process.communicate()
        tally.kills += 1
        tally.alive += len(psutil.wait_procs(workers, timeout=SECONDS)[1])
        found = contents(self.folder)
        tally.files += len(found)
        tally.torn += sum(self.expected[name] != value for name, value in found.items())
        if said:
            self.ended(said, tally)
        elif victim == "one worker" and workers:
            tally.broken += 1

    @staticmethod
    def _struck(victim: str, program: subprocess.Popen[str], workers: list[psutil.Process]) -> list[Any]:
        """Which processes are killed; the program where there is no worker yet."""
        if victim == "one worker" and workers:
            return workers[:1]
        return [program] if victim == "program" else [program, *workers]

    def ended(self, said: str, tally: Tally | None = None) -> None:
        """Take in an attempt that came to its end: figures that it lost are for the next one to draw."""
        lost = json.loads(said)["failed"]
        if tally is not None:
            tally.lost[lost] += 1
        if not lost:
            self.finished()


def main() -> None:
    """Strike so many times, then print the table."""
    kills, figures, seed = (int(word) for word in [*sys.argv[1:], *("200", "200", "1")[len(sys.argv) - 1 :]])
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        whole, folder = Path(place, "whole"), Path(place, "killed")
        folder.mkdir()
        start = time.monotonic()
        with Campaign(figures, whole, {}).start() as clean:
            clean.communicate()
        longest = time.monotonic() - start
        campaign = Campaign(figures, folder, contents(whole))
        table = {victim: Tally() for victim in VICTIMS}
        with suppress(KeyboardInterrupt):  # stopped early, it tells what it has seen
            while sum(tally.kills for tally in table.values()) < kills:
                victim = chance.choice(VICTIMS)
                campaign.strike(victim, chance.uniform(0.1, longest), table[victim])
        kills = sum(tally.kills for tally in table.values())
        with campaign.start() as last:
            campaign.ended(last.communicate()[0])
    print(f"{figures} figures, {kills} kills within {longest:.1f} s from the start, seed {seed}")
    print(
        f"{'killed':22} {'times':>6} {'files seen':>11} {'torn':>5} {'alive after 5 s':>16}  figures lost by one kill"
    )
    for victim, tally in table.items():
        lost = ", ".join(f"{count}x {lost}" for lost, count in sorted(tally.lost.items())) or "-"
        lost += f"; did not come to the end: {tally.broken}" if tally.broken else ""
        print(f"{victim:22} {tally.kills:6} {tally.files:11} {tally.torn:5} {tally.alive:16}  {lost}")
    print(
        f"resumed to the end {campaign.resumed} times; other bytes or leftovers than without a kill: {campaign.wrong}"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        sys.exit(child(int(sys.argv[2]), Path(sys.argv[3])))
    main()
