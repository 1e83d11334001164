"""Speed and memory beside peers and floors, measured in one run: `python -m benchmarks [--runs N] [--plates N,N]`.

Peers are installed into `.venv-peers`, an environment of their own. Ratios count, not milliseconds: they are what
stays the same from machine to machine. Unix only.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import cold_start, many, peers
from .timing import ROOT, in_turn, table

OURS = (sys.executable, "-m", "benchmarks.tasks")


def warm(runs: int, peer: Path, scene: Path) -> None:
    """Plates in a process that has everything loaded."""
    plain = (str(peer), str(peers.HERE / "plain_matplotlib.py"), str(scene))
    ways = {
        "string formatting alone (floor)": (*OURS, "formatting"),
        "trigpoint: compose and write": (*OURS, "svg"),
        "trigpoint: the same, another plate each time": (*OURS, "svg-different"),
        "trigpoint: default plate, two views": (*OURS, "svg-default"),
        "anatomapa: two regions, no labels": (str(peer), str(peers.HERE / "anatomapa_map.py")),
        "plain matplotlib: the same scene": (*plain, "svg"),
    }
    table("one view, 85 mm, SVG", in_turn(ways, runs), "string formatting alone (floor)")
    ways = {
        "plain matplotlib: the same scene": (*plain, "png"),
        "trigpoint: compose and write": (*OURS, "png"),
        "trigpoint: default plate, two views": (*OURS, "png-default"),
        "PNG encoding alone (floor)": (*OURS, "encoding"),
    }
    table("one view, 85 mm, PNG at 300 dpi", in_turn(ways, runs), "plain matplotlib: the same scene")
    ways = {
        "JSON parser alone (floor)": (*OURS, "parsing"),
        "shipped patterns and one outline": (*OURS, "loading"),
        "the same from files that are checked": (*OURS, "reading"),
    }
    table("reading", in_turn(ways, runs), "JSON parser alone (floor)")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="runs of each way (default: 15)")
    parser.add_argument("--plates", default="1000,10000", help="sizes of the batches (default: 1000,10000; 0: none)")
    arguments = parser.parse_args()
    peer = peers.environment(ROOT / ".venv-peers")
    with tempfile.TemporaryDirectory() as folder:
        scene = Path(folder, "scene.json")
        subprocess.run([*OURS, "scene", str(scene)], check=True, cwd=ROOT)
        warm(arguments.runs, peer, scene)
    print("\nCHOIRBM: not measured, it needs R" + (" and its package" if shutil.which("Rscript") else ""))
    cold_start.report(arguments.runs)
    many.report([int(size) for size in arguments.plates.split(",") if int(size)])


if __name__ == "__main__":
    main()
