"""How long the command takes from a standing start, beside what its libraries alone need to load.

Every command is a process of its own, with its bytecode cached as on any machine where it ran before. The runs are
interleaved, so that a busy moment of the machine falls on all of them; the table holds medians, of the ratios too: each
run is compared with what loading took in the same round. Unix only.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = "import numpy, shapely, svgwrite"  # what the project stands on; all ratios are to this
LOADED = "import numpy, shapely"  # what the command loads of it for an SVG
TRIGPOINT = ("-m", "trigpoint")
COMMANDS = {
    f'python -c "{LIBRARIES}"': ("-c", LIBRARIES),
    f'python -c "{LOADED}"': ("-c", LOADED),
    "trigpoint --help": (*TRIGPOINT, "--help"),
    "trigpoint render gluteus_medius -o x.svg": (*TRIGPOINT, "render", "gluteus_medius", "-o", "x.svg"),
    "trigpoint render gluteus_medius -o x.png": (*TRIGPOINT, "render", "gluteus_medius", "-o", "x.png"),
}


def environment() -> dict[str, str]:
    """This process's environment with the checkout importable, and bytecode kept."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT)}


def once(words: tuple[str, ...], folder: str) -> tuple[float, float]:
    """Processor and wall time of one run, in milliseconds."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *words], cwd=folder, env=environment(), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"failed: python {' '.join(words)}")
    return 1000 * (used.ru_utime + used.ru_stime), 1000 * wall


def report(runs: int) -> None:
    """Print the table."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        for run in range(-1, runs):  # the first one only fills the caches
            for name, words in COMMANDS.items():
                taken = once(words, folder)
                if run >= 0:
                    times[name].append(taken)
    base = next(iter(times.values()))
    print(f"\n{'a process of its own':48}   CPU ms  ratio  wall ms  ratio")
    for name, taken in times.items():
        cpu, wall = np.median(taken, axis=0)
        cpu_ratio, wall_ratio = np.median(np.divide(taken, base), axis=0)
        print(f"{name:48} {cpu:8.0f} {cpu_ratio:6.2f} {wall:8.0f} {wall_ratio:6.2f}")
