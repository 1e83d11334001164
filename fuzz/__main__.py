"""`python -m fuzz TARGET --minutes N`: fuzz one reader and print what was found; exit 1 if anything was.

With atheris installed (`pip install atheris`, Linux) the inputs are guided by coverage, else they are made at random
from the seeds. Counts and inputs that fail are kept in `.fuzz/TARGET/`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from .judge import Judge
from .mutate import mutate
from .targets import TARGETS, Target

KEPT = Path(".fuzz")
LONGEST = 200_000  # bytes of an input; what a large one costs shows at this size, and the tests try the caps
HANGS = 60  # seconds until the fuzzer itself ends an input


def main() -> int:
    """Run the fuzzer in a process of its own, then print its counts."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description="Fuzz a reader of this library.")
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plain", action="store_true", help="do not use atheris")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    target, folder = TARGETS[arguments.target], KEPT / arguments.target
    guided = not arguments.plain and importlib.util.find_spec("atheris") is not None
    if arguments.inside:
        (_guided if guided else _plain)(target, folder, arguments.minutes * 60, arguments.seed)
        return 0
    (folder / "counts.json").unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "fuzz", *sys.argv[1:], "--inside"]
        ended = subprocess.run(command, stdout=log, stderr=log, check=False).returncode
    counts = json.loads((folder / "counts.json").read_text())
    print(f"{target.name} ({'atheris' if guided else 'random'}, seed {arguments.seed}):")
    for name, count in counts.items():
        print(f"  {name:<12} {count if name != 'findings' else len(count)}")
    for line in counts["findings"]:
        print(f"  finding: {line}")
    if ended:
        print(f"  the fuzzer itself ended with {ended}: see {folder / 'log'}")
    return 1 if counts["findings"] or ended else 0


def _plain(target: Target, folder: Path, seconds: float, seed: int) -> None:
    """Inputs at random: a tenth of those that pass become seeds themselves."""
    judge, random, pool = Judge(target.read, folder), Random(seed), target.inputs()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = mutate(random.choice(pool), target.words, random, LONGEST, tree=target.tree)
        before = judge.counts["accepted"]
        judge(data)
        if judge.counts["accepted"] > before and len(pool) < 2_000 and random.random() < 0.1:
            pool.append(data)
    judge.tell()


def _guided(target: Target, folder: Path, seconds: float, seed: int) -> None:
    """Inputs that atheris thinks lead to new places of the code; it ends the process itself."""
    import atheris

    with atheris.instrument_imports(include=["trigpoint"]):
        target.read(target.inputs()[0])
    judge = Judge(target.read, folder)
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    seeds = target.inputs()
    for number, data in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(data)

    def other(data: bytes, limit: int, seed: int) -> bytes:
        random = Random(seed)
        if random.random() < 0.2:
            return bytes(atheris.Mutate(data, limit))
        if random.random() < 0.2:  # what is refused at once teaches little: begin anew with an input that passes
            data = random.choice(seeds)
        return mutate(data, target.words, random, limit, tree=target.tree)

    flags = [f"-max_total_time={seconds:.0f}", f"-max_len={LONGEST}", f"-seed={seed}", f"-timeout={HANGS}"]
    flags += ["-rss_limit_mb=0", "-len_control=20", f"-artifact_prefix={folder}/", "-print_final_stats=1"]
    atheris.Setup(["fuzz", *flags, str(corpus)], lambda data: judge(data) and None, custom_mutator=other)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
