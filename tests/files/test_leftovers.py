"""What killed writers leave behind goes, and nothing else does."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from trigpoint.files import atomic, leftovers
from trigpoint.files.atomic import write_atomically
from trigpoint.files.leftovers import clear_leftovers


@pytest.mark.parametrize("name", ["x", "x" * 39 + "\n", "é" * 100])
def test_what_a_killed_write_of_any_name_leaves_is_cleared(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of what lies there in the middle of a write, which nobody holds."""

    def fsync(handle: int) -> None:
        (temporary,) = tmp_path.glob(".*.tmp")
        copy = tmp_path / "copy" / temporary.name
        copy.write_bytes(b"torn")
        os.utime(copy, (1, 1))

    (tmp_path / "copy").mkdir()
    monkeypatch.setattr(atomic.os, "fsync", fsync)
    write_atomically(tmp_path / name, b"x")
    assert clear_leftovers(tmp_path / "copy") == 1
    assert list((tmp_path / "copy").iterdir()) == []


def test_what_a_running_program_has_just_written_stays(tmp_path: Path) -> None:
    mine, gone = f".x.svg.{os.getpid()}-0123456789ab.tmp", ".x.svg.4194999-0123456789ab.tmp"  # above Linux's numbers
    for name in (mine, gone, "x.svg", ".x.tmp", f".x.svg.{os.getpid()}-0123456789.tmp"):
        (tmp_path / name).write_bytes(b"x")
    assert clear_leftovers(tmp_path) == 1
    assert not (tmp_path / gone).exists()
    assert (tmp_path / mine).exists()
    os.utime(tmp_path / mine, (1, 1))
    assert clear_leftovers(tmp_path) == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(
        [".x.tmp", f".x.svg.{os.getpid()}-0123456789.tmp", "x.svg"]
    )
    assert clear_leftovers(tmp_path / "none") == 0


def test_what_only_looks_like_a_leftover_stays(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"mine")
    os.utime(tmp_path / "precious", (1, 1))
    link, folder = tmp_path / ".x.svg.4194999-0123456789ab.tmp", tmp_path / ".y.svg.4194999-0123456789ab.tmp"
    link.symlink_to(tmp_path / "precious")
    folder.mkdir()
    assert clear_leftovers(tmp_path) == 0
    assert len(list(tmp_path.iterdir())) == 3


def test_a_leftover_that_has_gone_meanwhile_is_not_taken_for_one(tmp_path: Path) -> None:
    """Nor one that cannot be opened: nobody can tell who holds it."""
    (tmp_path / ".x.svg.4194999-0123456789ab.tmp").write_bytes(b"x")
    with os.scandir(tmp_path) as entries:
        (entry,) = entries
    os.unlink(entry.path)
    assert leftovers._abandoned(entry, 4_194_999) is False


def test_whether_a_process_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    signals: list[int] = []
    before = signal.signal(signal.SIGHUP, lambda number, _: signals.append(number))
    try:
        assert leftovers._runs(os.getpid()) is True
    finally:
        signal.signal(signal.SIGHUP, before)
    assert signals == []  # asking disturbs nobody
    assert leftovers._runs(4_194_999) is False
    assert leftovers._runs(10**30) is True  # no number of a process: nobody can tell
    monkeypatch.setattr(leftovers.os, "name", "nt")
    assert leftovers._runs(4_194_999) is True


@pytest.mark.parametrize(("age", "left"), [(300.0, 0), (300.5, 1)])
def test_a_leftover_is_old_after_five_minutes(
    age: float, left: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f".x.svg.{os.getpid()}-0123456789ab.tmp"
    path.write_bytes(b"x")
    now = 1_700_000_000.0
    monkeypatch.setattr(leftovers.time, "time", lambda: now)
    os.utime(path, (now - age, now - age))
    assert clear_leftovers(tmp_path) == left
