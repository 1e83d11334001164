"""A file is written in one step: the old bytes or the new ones, for the same people as before."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from trigpoint.errors import OutputError
from trigpoint.files import atomic
from trigpoint.files.atomic import write_atomically
from trigpoint.files.leftovers import clear_leftovers

PACKAGE = Path(__file__).parents[2] / "trigpoint"


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_new_file_takes_no_name_that_is_taken(links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On file systems that know no hard links, too."""

    def refuse(*_given: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    assert write_atomically(tmp_path / "a", b"first", new=True)
    assert not write_atomically(tmp_path / "a", b"second", new=True)
    assert (tmp_path / "a").read_bytes() == b"first"
    assert write_atomically(tmp_path / "a", b"third")
    assert (tmp_path / "a").read_bytes() == b"third"
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name")
def test_what_is_no_file_stays(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.svg")
    (tmp_path / "null.svg").symlink_to(os.devnull)
    (tmp_path / "out.svg").symlink_to("/proc/self/fd/1")
    for name in ("pipe.svg", "null.svg", "out.svg"):
        with pytest.raises(OutputError, match="a device, a pipe or the like has this name") as caught:
            write_atomically(tmp_path / name, b"x")
        assert str(caught.value).count(name) == str(caught.value).count("hint") == 1
        assert not (tmp_path / name).is_file() or (tmp_path / name).is_symlink()
    assert len(os.listdir(tmp_path)) == 3


@pytest.mark.skipif(os.name != "posix", reason="there are no such permissions")
def test_a_private_file_stays_private(tmp_path: Path) -> None:
    own, link = tmp_path / "own.svg", tmp_path / "link.svg"
    own.write_bytes(b"old")
    own.chmod(0o600)
    link.symlink_to(own)
    write_atomically(own, b"new")
    write_atomically(link, b"new")
    assert own.read_bytes() == link.read_bytes() == b"new"
    assert own.stat().st_mode & 0o777 == 0o600
    assert not link.is_symlink()
    assert link.stat().st_mode & 0o111 == 0


def test_write_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a figure – 1.svg"
    write_atomically(target, b"old")
    write_atomically(str(target), b"new")
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_write_keeps_the_mode_that_the_umask_gives(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_atomically(tmp_path / "x", b"")
    finally:
        os.umask(old)
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o640


def test_write_takes_long_names(tmp_path: Path) -> None:
    write_atomically(tmp_path / ("é" * 120 + ".svg"), b"x")
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("none/x.svg", "make the folder"),
        ("file/x.svg", "make the folder"),
        ("folder", "give a file name"),
        ("nul\0.svg", "another file name"),
        ("x" * 400 + ".svg", "older file"),
    ],
)
def test_a_refused_write_says_what_to_do(tmp_path: Path, name: str, hint: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OutputError, match=hint) as caught:
        write_atomically(tmp_path / name, b"x")
    assert caught.value.exit_code == 3
    assert sorted(tmp_path.rglob("*")) == before


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """A file-size limit makes a real write fail as a full disk does."""
    target = tmp_path / "x.svg"
    target.write_bytes(b"old")
    code = (
        "import resource, signal, sys\n"
        "from trigpoint.files.atomic import write_atomically\n"
        "from trigpoint.errors import OutputError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n    write_atomically(sys.argv[1], b'x' * 5000)\n"
        "except OutputError as error:\n    print(error)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, target], cwd=PACKAGE.parent, capture_output=True, text=True, check=True
    )
    assert "cannot write: File too large" in run.stdout
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    """Run as another user where the tests run as root, who may write anywhere."""
    tmp_path.chmod(0o555)
    code = (
        "import os, sys\n"
        "from trigpoint.files.atomic import write_atomically\n"
        "if os.geteuid() == 0:\n    os.seteuid(65534)\n"
        "write_atomically(sys.argv[1], b'x')\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "x"], cwd=PACKAGE.parent, capture_output=True, text=True, check=False
    )
    tmp_path.chmod(0o755)
    assert "OutputError" in run.stderr
    assert "Permission denied (hint: choose a folder that you may write to)" in run.stderr


def test_many_writers_never_tear_a_file(tmp_path: Path) -> None:
    target = tmp_path / "x"
    contents = [bytes([65 + i]) * 50_000 for i in range(4)]
    threads = [threading.Thread(target=write_atomically, args=(target, data)) for data in contents * 5]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert target.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_is_safe_on_the_disk_and_held_before_it_takes_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at from inside `fsync`: all bytes have left the program, and no other run takes the file away."""
    seen = []

    def fsync(handle: int) -> None:
        (temporary,) = tmp_path.glob(".*.tmp")
        os.utime(temporary, (1, 1))
        seen.append((os.fstat(handle).st_size, clear_leftovers(tmp_path), temporary.exists()))

    monkeypatch.setattr(atomic.os, "fsync", fsync)
    for size in (50, 5_000):  # less and more than a file object keeps to itself
        write_atomically(tmp_path / "x.svg", b"x" * size)
    assert seen == [(50, 0, True), (5_000, 0, True)]
    assert [file.name for file in tmp_path.iterdir()] == ["x.svg"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError(2, "No such file or directory"), "cannot write: No such file or directory"),
        (PermissionError(13, "Permission denied"), "cannot write: Permission denied"),
        (OSError("quota of the group"), "cannot write: quota of the group"),
    ],
)
def test_the_machine_s_own_words_are_told(
    error: OSError, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace(*_: object) -> None:
        raise error

    monkeypatch.setattr(atomic.os, "replace", replace)
    with pytest.raises(OutputError) as caught:
        write_atomically(tmp_path / "x", b"x")
    (problem,) = caught.value.problems
    assert (problem.what, problem.file) == (said, str(tmp_path / "x"))
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_for_all_whom_the_umask_leaves_it_to(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_atomically(tmp_path / "x", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o666


def test_a_file_is_held_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_bytes(b"")
    with open(tmp_path / "x", "rb") as first, open(tmp_path / "x", "rb") as second:
        assert atomic.hold(first.fileno()) is True
        assert atomic.hold(second.fileno()) is False
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "fcntl", None)  # as where there is no such module
        assert atomic.hold(0) is True

    def flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", flock)
    assert atomic.hold(0) is True


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize("mode", [0o4755, 0o2751, 0o1644, 0o7600])
def test_a_replaced_file_keeps_its_owner_and_runs_as_nobody_else(mode: int, tmp_path: Path) -> None:
    file = tmp_path / "x.svg"
    file.write_bytes(b"old")
    os.chown(file, 12345, 23456)
    file.chmod(mode)
    write_atomically(file, b"new")
    found = file.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o7777) == (12345, 23456, mode & 0o777)
    assert file.read_bytes() == b"new"


@pytest.mark.skipif(os.name != "posix", reason="there are no such permissions")
def test_a_file_that_cannot_keep_its_group_gives_no_other_group_its_rights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, lstat = tmp_path / "x.svg", os.lstat
    file.write_bytes(b"old")
    file.chmod(0o664)

    def foreign(path: Path) -> os.stat_result:
        found = list(lstat(path))
        found[stat.ST_GID] += 1
        return os.stat_result(found)

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(atomic.os, "lstat", foreign)
    monkeypatch.setattr(atomic.os, "chown", refused)
    write_atomically(file, b"new")
    assert file.stat().st_mode & 0o777 == 0o604
