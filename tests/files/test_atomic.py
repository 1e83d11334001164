from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from trigpoint.errors import OutputError
from trigpoint.files import atomic, shipped
from trigpoint.files.atomic import write_atomically
from trigpoint.files.shipped import resource

PACKAGE = Path(__file__).parents[2] / "trigpoint"


def test_shipped_files_are_found() -> None:
    assert b"trigpoint referral patterns" in resource("data", "referral_patterns.schema.json").read_bytes()
    assert resource("assets", "body_outlines").is_dir()


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


@pytest.mark.parametrize("part", ["", ".", "..", "a/b", "a\\b"])
def test_a_resource_is_never_outside(part: str) -> None:
    with pytest.raises(ValueError, match="bad resource part"):
        resource("data", part)


def test_a_missing_resource_says_where_it_was_looked_for() -> None:
    with pytest.raises(FileNotFoundError, match=r"data/none.json not found; looked at: .*trigpoint"):
        resource("data", "none.json")


def test_an_installed_package_does_not_look_beside_itself(tmp_path: Path) -> None:
    """Site-packages may hold somebody else's folder `data`."""
    (tmp_path / "trigpoint" / "files").mkdir(parents=True)
    for name in ("__init__.py", "files/__init__.py", "files/shipped.py"):
        (tmp_path / "trigpoint" / name).write_bytes((PACKAGE / name).read_bytes())
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.json").write_text("{}")
    code = "from trigpoint.files.shipped import resource; resource('data', 'x.json')"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "FileNotFoundError" in run.stderr


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


def test_where_there_is_no_folder_the_importer_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "__file__", "/none.zip/trigpoint/files/shipped.py")
    assert resource("errors.py").is_file()


def test_a_zipped_package_finds_its_files(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "wheel.zip", "w") as archive:
        for name in ("__init__.py", "files/__init__.py", "files/shipped.py"):
            archive.write(PACKAGE / name, f"trigpoint/{name}")
        archive.writestr("trigpoint/data/x.json", "{}")
    code = "from trigpoint.files.shipped import resource; print(resource('data', 'x.json').read_text())"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "wheel.zip")}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "{}"


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
        seen.append((os.fstat(handle).st_size, atomic.clear_leftovers(tmp_path), temporary.exists()))

    monkeypatch.setattr(atomic.os, "fsync", fsync)
    for size in (50, 5_000):  # less and more than a file object keeps to itself
        write_atomically(tmp_path / "x.svg", b"x" * size)
    assert seen == [(50, 0, True), (5_000, 0, True)]
    assert [file.name for file in tmp_path.iterdir()] == ["x.svg"]


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
    assert atomic.clear_leftovers(tmp_path / "copy") == 1
    assert list((tmp_path / "copy").iterdir()) == []


def test_what_a_running_program_has_just_written_stays(tmp_path: Path) -> None:
    mine, gone = f".x.svg.{os.getpid()}-0123456789ab.tmp", ".x.svg.4194999-0123456789ab.tmp"  # above Linux's numbers
    for name in (mine, gone, "x.svg", ".x.tmp", f".x.svg.{os.getpid()}-0123456789.tmp"):
        (tmp_path / name).write_bytes(b"x")
    assert atomic.clear_leftovers(tmp_path) == 1
    assert not (tmp_path / gone).exists()
    assert (tmp_path / mine).exists()
    os.utime(tmp_path / mine, (1, 1))
    assert atomic.clear_leftovers(tmp_path) == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(
        [".x.tmp", f".x.svg.{os.getpid()}-0123456789.tmp", "x.svg"]
    )
    assert atomic.clear_leftovers(tmp_path / "none") == 0


def test_what_only_looks_like_a_leftover_stays(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"mine")
    os.utime(tmp_path / "precious", (1, 1))
    link, folder = tmp_path / ".x.svg.4194999-0123456789ab.tmp", tmp_path / ".y.svg.4194999-0123456789ab.tmp"
    link.symlink_to(tmp_path / "precious")
    folder.mkdir()
    assert atomic.clear_leftovers(tmp_path) == 0
    assert len(list(tmp_path.iterdir())) == 3


def test_a_leftover_that_has_gone_meanwhile_is_not_taken_for_one(tmp_path: Path) -> None:
    """Nor one that cannot be opened: nobody can tell who holds it."""
    (tmp_path / ".x.svg.4194999-0123456789ab.tmp").write_bytes(b"x")
    with os.scandir(tmp_path) as entries:
        (entry,) = entries
    os.unlink(entry.path)
    assert atomic._abandoned(entry, 4_194_999) is False


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


def test_whether_a_process_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    signals: list[int] = []
    before = signal.signal(signal.SIGHUP, lambda number, _: signals.append(number))
    try:
        assert atomic._runs(os.getpid()) is True
    finally:
        signal.signal(signal.SIGHUP, before)
    assert signals == []  # asking disturbs nobody
    assert atomic._runs(4_194_999) is False
    assert atomic._runs(10**30) is True  # no number of a process: nobody can tell
    monkeypatch.setattr(atomic.os, "name", "nt")
    assert atomic._runs(4_194_999) is True


def test_a_file_is_held_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_bytes(b"")
    with open(tmp_path / "x", "rb") as first, open(tmp_path / "x", "rb") as second:
        assert atomic._hold(first.fileno()) is True
        assert atomic._hold(second.fileno()) is False
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "fcntl", None)  # as where there is no such module
        assert atomic._hold(0) is True

    def flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", flock)
    assert atomic._hold(0) is True


@pytest.mark.parametrize(("age", "left"), [(300.0, 0), (300.5, 1)])
def test_a_leftover_is_old_after_five_minutes(
    age: float, left: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f".x.svg.{os.getpid()}-0123456789ab.tmp"
    path.write_bytes(b"x")
    now = 1_700_000_000.0
    monkeypatch.setattr(atomic.time, "time", lambda: now)
    os.utime(path, (now - age, now - age))
    assert atomic.clear_leftovers(tmp_path) == left
