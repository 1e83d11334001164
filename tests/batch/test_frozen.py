"""Frozen programs and programs that embed Python: never started anew by a batch; what PyInstaller is given to pack."""

from __future__ import annotations

import os
import runpy
import sys
import types
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.support.command import SmallFiles, small_files
from trigpoint import _pyinstaller
from trigpoint.batch import fingerprint, render_all
from trigpoint.batch.run import processors
from trigpoint.batch.workers import cluster
from trigpoint.batch.workers.interpreter import is_interpreter
from trigpoint.errors import OutputError

MUSCLES = ("back", "calf", "hip")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallFiles:
    return small_files(tmp_path_factory.mktemp("small"))


@pytest.fixture
def frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This program as if it were frozen, with a name as interpreters have: a file that notes every start of it."""
    program, starts = tmp_path / "python-clinic", tmp_path / "starts"
    program.write_text(f"#!/bin/sh\necho started >> '{starts}'\n")
    program.chmod(0o755)
    starts.touch()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    return starts


def jobs(folder: Path) -> list[dict[str, object]]:
    return [{"muscles": name, "output": folder / f"{name}.svg"} for name in MUSCLES]


def test_a_frozen_program_draws_in_its_own_process(frozen: Path, small: SmallFiles, tmp_path: Path) -> None:
    data = {"patterns": str(small.patterns), "outlines": str(small.outlines)}
    found = render_all(jobs(tmp_path), **data)
    assert [result.status for result in found] == ["written"] * 3
    assert frozen.read_text() == ""


@pytest.mark.parametrize("how", [{"processes": 2}, {"timeout": 60.0}])
def test_a_frozen_program_starts_no_processes(
    how: dict[str, float], frozen: Path, small: SmallFiles, tmp_path: Path
) -> None:
    data = {"patterns": str(small.patterns), "outlines": str(small.outlines)}
    with pytest.raises(OutputError, match=r"no Python interpreter .*frozen.*pass an executor"):
        render_all(jobs(tmp_path), folder=tmp_path / "b", **data, **how)
    with pytest.raises(OutputError, match="no Python interpreter"), cluster.dask("local", 2):
        pass
    assert frozen.read_text() == ""
    assert not (tmp_path / "b").exists()
    assert not list(tmp_path.glob("*.svg"))


@pytest.mark.parametrize(
    ("name", "right"),
    [("python3.13", True), ("python.exe", True), ("PYTHONW.EXE", True), ("pypy3", True), ("uwsgi", False), ("", False)],
)
def test_interpreters_are_known_by_name(name: str, right: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", name and os.path.join("python", name))
    assert is_interpreter() == right


def test_this_interpreter_is_one() -> None:
    assert is_interpreter()
    assert processors() >= 1


def test_pyinstaller_is_told_of_the_hook_by_an_entry_point() -> None:
    found = [each for each in entry_points(group="pyinstaller40") if each.value.startswith("trigpoint.")]
    assert [each.load() for each in found] == [_pyinstaller.hook_dirs]


def test_the_hook_names_all_data_and_all_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a stand-in for PyInstaller, which need not be there."""

    def collect_submodules(package: str, filter: object) -> list[str]:
        root = Path(fingerprint.__file__).parents[1]
        parts = [file.relative_to(root.parent).with_suffix("").parts for file in root.rglob("*.py")]
        names = (".".join(part[:-1] if part[-1] == "__init__" else part) for part in parts)
        return [name for name in names if filter(name)]  # type: ignore[operator]

    hooks = types.ModuleType("PyInstaller.utils.hooks")
    hooks.__dict__.update(collect_submodules=collect_submodules, copy_metadata=lambda name: [(name, f"{name}.info")])
    for name in ("PyInstaller", "PyInstaller.utils"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, "PyInstaller.utils.hooks", hooks)
    (folder,) = _pyinstaller.hook_dirs()
    made = runpy.run_path(str(Path(folder, "hook-trigpoint.py")))
    placed = {place: Path(source) for source, place in made["datas"]}
    assert (placed["trigpoint/data"] / "referral_patterns.json").is_file()
    assert (placed["trigpoint/assets"] / "fonts" / "Arimo-Regular.ttf").is_file()
    assert (placed["trigpoint/assets"] / "body_outlines" / "neutral.posterior.svg").is_file()
    assert (placed["trigpoint/data"] / "words" / "ja.json").is_file()
    assert {"trigpoint.backends.pdf", "trigpoint.batch.manifest", "trigpoint.cli"} <= set(made["hiddenimports"])
    assert not [name for name in made["hiddenimports"] if "_pyinstaller" in name]


def test_a_program_without_source_files_is_known_by_its_version(tmp_path: Path) -> None:
    assert fingerprint.source_hash(tmp_path) == ""


def test_a_file_that_moves_changes_the_hash_of_the_program(tmp_path: Path) -> None:
    """Two files called compose.py that change places, too."""

    def laid(**files: str) -> str:
        for name, text in files.items():
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / "compose.py").write_text(text)
        return fingerprint.source_hash(tmp_path)

    first = laid(plate="a", several="b")
    assert laid(plate="b", several="a") != first
    assert laid(plate="a", several="b") == first
    (tmp_path / "several").rename(tmp_path / "zebra")
    assert fingerprint.source_hash(tmp_path) != first
