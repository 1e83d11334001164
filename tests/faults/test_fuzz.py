"""Every seed and every finding of the fuzzers is read again, and the fuzzers themselves run."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

import fuzz.judge
from fuzz.judge import Judge
from fuzz.mutate import mutate
from fuzz.targets import HERE, TARGETS

ROOT = HERE.parent


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_findings_are_stood(name: str, tmp_path: Path) -> None:
    judge = Judge(TARGETS[name].read, tmp_path)
    inputs = TARGETS[name].inputs()
    assert inputs
    assert [judge(data) for data in inputs] == [""] * len(inputs)
    assert judge.counts["accepted"] > 0  # a seed that is refused at once would lead nowhere


@pytest.mark.parametrize("name", TARGETS)
def test_a_hundred_mutations_are_stood(name: str, tmp_path: Path) -> None:
    target, random = TARGETS[name], Random(name)
    judge, seeds = Judge(target.read, tmp_path), target.inputs()
    for _ in range(100):
        data = mutate(random.choice(seeds), target.words, random, 20_000, tree=target.tree)
        assert len(data) <= 20_000
        assert judge(data) == ""
    assert judge.counts["refused"] > 0


def test_the_judge_can_condemn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    def reader(data: bytes) -> None:
        if data == b"slow":
            start = os.times().user
            while os.times().user - start < 0.2:
                pass
        elif data == b"heavy":
            bytearray(b"x") * (most + 300 << 20)  # the peak is that of the process, whatever ran in it before
        elif data:
            {}[data]

    judge = Judge(reader, tmp_path)
    assert judge(b"") == ""
    assert judge(b"longer").startswith("KeyError in fuzz: b'longer'")
    assert judge(b"key").startswith("KeyError in fuzz: b'key'")
    monkeypatch.setattr(fuzz.judge, "SECONDS", 60)  # to fill much memory takes its time
    assert judge(b"heavy") == "heavier than 300 MiB"
    monkeypatch.setattr(fuzz.judge, "SECONDS", 0.1)
    assert judge(b"slow") == "slower than 2 s of processor"
    assert sorted(file.read_bytes() for file in tmp_path.iterdir() if file.suffix != ".json") == [
        b"heavy",
        b"key",
        b"slow",
    ]
    assert len(judge.findings) == 3


@pytest.mark.slow
@pytest.mark.parametrize("way", [[], ["--plain"]])
def test_the_command_prints_what_it_did(way: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "fuzz", "warps", "--minutes", "0.05", *way]
    run = subprocess.run(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.startswith("warps (")
    assert "findings     0" in run.stdout
