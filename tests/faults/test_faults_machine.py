"""The machine refuses: full, read-only, forbidden, out of handles. One line, exit 3, no torn file, old files intact."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import SmallFiles, environment, small_files, trigpoint
from trigpoint import render_all
from trigpoint.batch import Result


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallFiles:
    return small_files(tmp_path_factory.mktemp("small"))


@pytest.fixture
def here(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


def hashes(folder: Path) -> dict[str, str]:
    """Of every figure; a journal and a lock have names that begin with a dot."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.glob("[!.]*.*"))}


@pytest.fixture(scope="module")
def whole(small: SmallFiles, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The files of a run that nothing disturbs."""
    folder = tmp_path_factory.mktemp("whole")
    assert batch(folder, small).returncode == 0
    return hashes(folder / "figures")


def batch(
    folder: Path, small: SmallFiles, *more: str, out: str = "figures", **options: object
) -> subprocess.CompletedProcess[str]:
    words = ["render", "--all", "--format", "svg,png", "--dpi", "100", "--out", out, *more, *small.options]
    return trigpoint(*words, cwd=folder, **options)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, 160 kB large: room for a picture or two."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("only root may mount a small file system")
    mount = ["mount", "-t", "tmpfs", "-o", "size=160k", "none", str(folder)]
    made = subprocess.run(mount, check=False, capture_output=True, encoding="utf-8")
    if made.returncode and not os.environ.get("CI"):
        pytest.skip(f"root may not mount here: {made.stderr}")
    assert not made.returncode, made.stderr
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def complaint(run: subprocess.CompletedProcess[str]) -> str:
    """The one line of complaint."""
    lines = [line for line in run.stderr.splitlines() if line.startswith("error: ")]
    assert run.returncode == 3, run
    assert "Traceback" not in run.stderr
    assert len(lines) == 1, run.stderr
    return lines[0]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_disk_that_fills_up_in_mid_batch(
    jobs: str, disk: Path, here: Path, small: SmallFiles, whole: dict[str, str]
) -> None:
    (disk / "hip.png").write_text("old")
    run = batch(here, small, "--jobs", jobs, "--report", str(here / "report.json"), out=str(disk))
    assert "No space left on device" in complaint(run)
    found = hashes(disk)
    assert found.pop("hip.png") in (hashlib.sha256(b"old").hexdigest(), whole["hip.png"])
    assert 0 < len(found) < len(whole)
    assert found.items() <= whole.items()
    assert not list(disk.glob(".*.tmp"))
    report = json.loads((here / "report.json").read_bytes())
    assert "written" in json.dumps(report)


def test_a_disk_that_can_only_be_read(disk: Path, here: Path, small: SmallFiles) -> None:
    (disk / "hip.svg").write_text("old")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert "Read-only file system" in complaint(batch(here, small, out=str(disk)))
    one = trigpoint("render", "hip", "-o", str(disk / "hip.svg"), *small.options, cwd=here)
    assert "Read-only file system" in complaint(one)
    assert (disk / "hip.svg").read_text() == "old"
    assert os.listdir(disk) == ["hip.svg"]


AS_ANOTHER_USER = """\
import os, sys
from trigpoint.cli import main
mine, *words = sys.argv[1:]
before = os.getcwd()
os.chdir(mine)
assert main([*words, "--quiet"]) == 0  # whatever is imported for it may lie where the other user cannot read
os.chdir(before)
if os.geteuid() == 0:
    os.seteuid(65534)
sys.exit(main(words))
"""


@pytest.mark.parametrize(
    "where", [["-o", "piriformis.png"], ["--out", ".", "--format", "png"], ["--out", "new/folder"]]
)
def test_a_folder_without_permission(where: list[str], here: Path) -> None:
    (here / "piriformis.png").write_text("old")
    mine = here.parent / "mine"
    mine.mkdir()
    here.chmod(0o555)
    command = [sys.executable, "-c", AS_ANOTHER_USER, str(mine), "render", "piriformis", *where, "--dpi", "20"]
    try:
        run = subprocess.run(command, cwd=here, env=environment(), capture_output=True, encoding="utf-8", check=False)
    finally:
        here.chmod(0o755)
    assert "ermission denied" in complaint(run)
    assert (here / "piriformis.png").read_text() == "old"
    assert os.listdir(here) == ["piriformis.png"]


def test_a_limit_on_open_files(here: Path, small: SmallFiles, whole: dict[str, str]) -> None:
    """From the fewest that let Python itself start to as many as are needed: done, or refused in one line."""
    ends = set()
    for most, jobs in ((5, "1"), (6, "1"), (7, "1"), (6, "2"), (9, "2"), (12, "2")):
        folder = here / f"{most}-{jobs}"
        limit = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (most, most))
        run = batch(folder.parent, small, "--jobs", jobs, out=str(folder), preexec_fn=limit)
        ends.add(run.returncode)
        if run.returncode:
            assert "Too many open files" in complaint(run)
        found = hashes(folder) if folder.is_dir() else {}
        assert found.items() <= whole.items()
        assert (len(found) == len(whole)) == (run.returncode == 0)
        assert not list(folder.glob(".*.tmp"))
    assert ends == {0, 3}


def test_fewer_processes_draw_where_no_more_can_be_started(here: Path, small: SmallFiles) -> None:
    (here / "rows.csv").write_text("\n".join(["muscle,width", *(f"hip,{90 + n}" for n in range(16))]))
    words = ["--manifest", "rows.csv", "--out", "figures", "--jobs", "16", *small.options]
    limit = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (24, 24))
    run = trigpoint("render", *words, cwd=here, preexec_fn=limit)
    assert run.returncode == 0, run.stderr
    assert len(hashes(here / "figures")) == 16


def test_a_limit_on_memory_is_no_traceback(here: Path, small: SmallFiles) -> None:
    """A picture of 32 megapixels where there is no room for it: told in one line, nothing torn."""
    script = textwrap.dedent("""\
        import resource, sys
        import trigpoint
        from trigpoint.cli import main
        atlas = trigpoint.load_atlas(*sys.argv[1:3])
        trigpoint.Diagram("hip", atlas=atlas).to_bytes("png", dpi=20)
        used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + (40 << 20),) * 2)
        sys.exit(main(["render", "hip", "-o", "hip.png", "--width", "170", "--dpi", "850",
                       "--patterns", sys.argv[1], "--outlines", sys.argv[2]]))
    """)
    if not Path("/proc/self/statm").exists():
        pytest.skip("only Linux tells a process how much memory it has taken")
    (here / "hip.png").write_text("old")
    command = [sys.executable, "-c", script, small.patterns, small.outlines]
    run = subprocess.run(command, cwd=here, env=environment(), capture_output=True, encoding="utf-8", check=False)
    assert run.returncode in (3, 4), run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert "emory" in run.stderr
    assert (here / "hip.png").read_text() == "old"
    assert os.listdir(here) == ["hip.png"]


@pytest.mark.parametrize("processes", [1, 2])
def test_an_item_that_fails_costs_the_others_nothing(processes: int, here: Path, small: SmallFiles) -> None:
    """A picture too large for its cap, in the middle of a batch: its SVG has no pixels, and comes out."""
    data = {"patterns": str(small.patterns), "outlines": str(small.outlines), "processes": processes}
    good = [{"muscles": name, "dpi": 50, "output": [f"{name}.svg", f"{name}.png"]} for name in ("back", "calf", "hip")]
    bad = {"muscles": "hip", "side": "left", "dpi": 1_200, "width": 170, "output": ["bad.svg", "bad.png"]}

    def drawn(jobs: list[dict[str, Any]], folder: Path) -> list[Result]:
        placed = [job | {"output": [str(folder / name) for name in job["output"]]} for job in jobs]
        return render_all(placed, **data)

    results = drawn([good[0], bad, *good[1:]], here / "some")
    assert [result.status for result in results] == ["written"] * 3 + ["failed"] + ["written"] * 4
    assert "PNG_SIDE" in results[3].error
    assert results[3].exit_code == 2
    drawn(good, here / "clean")
    (here / "some" / "bad.svg").unlink()
    assert hashes(here / "some") == hashes(here / "clean")
    assert len(hashes(here / "clean")) == 6
