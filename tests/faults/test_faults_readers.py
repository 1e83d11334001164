"""Hostile files: what is over a cap or made to be slow is refused in time, within memory, and says why."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import hostile
from tests.support.command import environment
from tests.support.pace import PACE
from trigpoint import limits

SECONDS = 2.0  # of processor, for one file; most take a tenth of it
MIB = 300


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Every hostile file read by a process of its own: what each cost, by the file's name."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, (make, _) in hostile.FILES.items():
        (folder / name).write_text(make(), "utf-8")
    script = Path(hostile.__file__)
    run = subprocess.run(
        [sys.executable, script, folder], cwd=folder, capture_output=True, text=True, check=False, env=environment()
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    yield {result["file"]: result for result in map(json.loads, run.stdout.splitlines())}
    for file in folder.iterdir():
        file.unlink()  # 100 MB that nobody wants to keep


@pytest.mark.parametrize("name", hostile.FILES)
def test_a_hostile_file_is_judged_in_time_and_in_words(name: str, read: dict[str, Any]) -> None:
    said, result = hostile.FILES[name][1], read[name]
    lines = result["lines"]
    assert bool(lines) == bool(said), lines[:3]
    assert not said or any(said in line for line in lines), lines[:3]
    assert len(lines) <= limits.PROBLEMS + 1
    assert all(len(line) < 1_000 for line in lines)
    assert result["seconds"] < SECONDS * max(1, result["pace"] / PACE)


def test_each_of_them_stays_within_memory(read: dict[str, Any]) -> None:
    assert {name: result["mib"] for name, result in read.items() if result["mib"] >= MIB} == {}


def test_a_cap_says_limit_actual_and_where_it_is_set(read: dict[str, Any]) -> None:
    """`20,001 or more shapes, more than the limit of 20,000 (trigpoint.limits.SHAPES)`, and the constant exists."""
    for result in read.values():
        for line in result["lines"]:
            if "more than the limit of" in line:
                name = line.partition("(trigpoint.limits.")[2].partition(")")[0]
                assert f"limit of {getattr(limits, name):,} " in line
