"""A run's own folder: held against another run, tidied after a killed one, resumed from where that one stopped."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.support.command import environment, small_files
from trigpoint.atlas import load_atlas
from trigpoint.batch import Settings, dry, plan, render_all, results
from trigpoint.batch.journal import NAME as JOURNAL
from trigpoint.batch.journal import Journal
from trigpoint.cli import main
from trigpoint.errors import OutputError
from trigpoint.files import leftovers
from trigpoint.files.leftovers import clear_leftovers
from trigpoint.files.lock import NAME as LOCK
from trigpoint.files.lock import locked

MUSCLES = ("back", "calf", "hip")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_files(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def atlas(small):
    return load_atlas(patterns=small.patterns, outlines=small.outlines)


def run(jobs, atlas, small, folder, **settings):
    given = {"patterns": str(small.patterns), "outlines": str(small.outlines), "folder": folder, **settings}
    return results(tuple(jobs), atlas, Settings(**given))


def statuses(*given, **settings) -> list[str]:
    return [result.status for result in run(*given, **settings)]


# --- the lock

HOLDER = """\
import sys, time
from pathlib import Path
from trigpoint.files.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the folder."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "out")]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_run_into_a_folder_is_told_who_has_it(holder, small, tmp_path, capsys, monkeypatch):
    """At once: nothing is read for it."""
    monkeypatch.setattr("trigpoint.cli.render.load_atlas", None)
    assert main(["render", "--all", "--out", str(tmp_path / "out"), *small.options]) == 3
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert f"{tmp_path / 'out'}: another run writes into this folder: process {holder.pid} " in err
    assert f" on {socket.gethostname()}, since 20" in err
    assert [file.name for file in (tmp_path / "out").iterdir()] == [LOCK]


def test_a_killed_run_holds_nothing(holder, atlas, small, tmp_path):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert (tmp_path / "out" / LOCK).exists()
    assert statuses(plan(MUSCLES, tmp_path / "out", ["svg"]), atlas, small, tmp_path / "out") == ["written"] * 3
    assert not (tmp_path / "out" / LOCK).exists()


FORKS = """\
import os, sys, time
from pathlib import Path
from trigpoint.files.lock import locked
with locked(Path(sys.argv[1])):
    if os.fork() == 0:
        sys.exit()
    os.wait()
    if os.fork() == 0:
        print(os.getpid(), flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_process_that_was_forked_off_neither_frees_a_folder_nor_holds_it(tmp_path):
    """Such as those of a pool, which live on when the run is killed."""
    command = [sys.executable, "-W", "ignore", "-c", FORKS, str(tmp_path)]
    pipes = {"stdout": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(command, env=environment(), **pipes) as process, ExitStack() as ended:
        ended.callback(process.kill)
        child = psutil.Process(int(process.stdout.readline()))
        ended.callback(child.kill)
        with pytest.raises(OutputError, match="another run writes"), locked(tmp_path):
            pass
        process.kill()
        process.wait()
        assert child.is_running()
        with locked(tmp_path):
            pass


def test_a_folder_is_free_again_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), locked(tmp_path):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
    with locked(tmp_path), pytest.raises(OutputError, match="another run writes"), locked(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_made_anew_is_not_set_free_by_who_held_the_old_one(tmp_path):
    folder = tmp_path / "out"
    with ExitStack() as newer:
        with locked(folder):
            shutil.rmtree(folder)
            newer.enter_context(locked(folder))
        assert os.listdir(folder) == [LOCK]
        with pytest.raises(OutputError, match="another run writes"), locked(folder):
            pass
    assert os.listdir(folder) == []


def test_a_lock_that_says_nothing_still_holds(tmp_path):
    with locked(tmp_path):
        (tmp_path / LOCK).write_text("")
        with pytest.raises(OutputError, match="another run writes into this folder"), locked(tmp_path):
            pass


def test_a_lock_that_was_removed_in_the_meantime_is_taken_anew(tmp_path, monkeypatch):
    """Between opening and locking, the holder before may have removed the file: that one guards nothing."""
    from trigpoint.files import lock

    hold, calls = lock._hold, []

    def late(handle):
        calls.append(handle)
        if len(calls) == 1:
            (tmp_path / LOCK).unlink()
        return hold(handle)

    monkeypatch.setattr(lock, "_hold", late)
    with locked(tmp_path):
        assert (tmp_path / LOCK).exists()
    assert len(calls) == 2


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="needs O_NOFOLLOW")
@pytest.mark.parametrize("name", [LOCK, JOURNAL])
def test_a_link_in_the_folder_leads_nowhere(name, atlas, small, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "out" / name).symlink_to(tmp_path / "precious")
    with pytest.raises(OutputError):
        statuses(plan(MUSCLES, tmp_path / "out", ["svg"]), atlas, small, tmp_path / "out")
    assert (tmp_path / "precious").read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name")
@pytest.mark.parametrize("resume", [False, True])
def test_a_journal_that_never_ends_is_not_read(atlas, small, tmp_path, resume):
    for folder, lay in (("pipe", os.mkfifo), ("zeros", lambda place: place.symlink_to("/dev/zero"))):
        (tmp_path / folder).mkdir()
        lay(tmp_path / folder / JOURNAL)
        jobs = plan(MUSCLES, tmp_path / folder, ["svg"])
        with pytest.raises(OutputError, match=f"{JOURNAL}: a device, a pipe or the like has this name .*delete it"):
            statuses(jobs, atlas, small, tmp_path / folder, resume=resume)


@pytest.mark.parametrize("processes", [1, 2])
def test_files_go_where_they_were_asked_for_whatever_folder_a_caller_goes_to(small, tmp_path, monkeypatch, processes):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    given = {"patterns": str(small.patterns), "outlines": os.path.relpath(small.outlines)}
    jobs = [{"muscles": "hip", "output": f"b/{n}.svg", "width": 100 + n} for n in range(9)]

    def leave(result):
        os.chdir(tmp_path / "elsewhere")

    def fail(result):
        leave(result)
        if result.path.name == "5.svg":
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        render_all(jobs, processes=processes, folder="b", on_done=fail, **given)
    monkeypatch.chdir(tmp_path)
    found = render_all(jobs, processes=processes, folder="b", on_done=leave, resume=True, **given)
    assert [str(result.path) for result in found] == [job["output"] for job in jobs]
    statuses = {result.status for result in found}  # of what was told late, of what nobody waited for, and of the rest
    assert {"resumed"} <= statuses <= {"resumed", "unchanged", "written"}
    assert sorted(os.listdir(tmp_path / "b")) == sorted([JOURNAL, *(f"{n}.svg" for n in range(9))])
    assert os.listdir(tmp_path / "elsewhere") == []


# --- the journal


def test_a_run_that_went_well_leaves_figures_only(atlas, small, tmp_path):
    assert statuses(plan(MUSCLES, tmp_path, ["svg"]), atlas, small, tmp_path) == ["written"] * 3
    assert sorted(file.name for file in tmp_path.iterdir()) == ["back.svg", "calf.svg", "hip.svg"]


def test_a_run_goes_on_where_another_one_stopped(atlas, small, tmp_path):
    jobs = plan(MUSCLES, tmp_path, ["svg", "pdf"])
    broken_off = run(jobs, atlas, small, tmp_path)
    for _ in range(3):
        next(broken_off)
    broken_off.close()
    assert JOURNAL in os.listdir(tmp_path)
    settings = Settings(1, None, None, str(small.patterns), str(small.outlines), folder=tmp_path, resume=True)
    assert [target.path.name for _, target in dry(jobs, settings)] == ["hip.svg", "hip.pdf"]
    assert statuses(jobs, atlas, small, tmp_path, resume=True) == ["resumed"] * 4 + ["written"] * 2
    assert statuses(jobs, atlas, small, tmp_path, resume=True) == ["resumed"] * 6
    assert sorted(os.listdir(tmp_path)) == sorted(
        [JOURNAL, *(target.path.name for job in jobs for target in job.targets)]
    )


def noted(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / JOURNAL).read_text().splitlines()]


@pytest.fixture
def drawn(atlas, small, tmp_path):
    """Three figures and their journal."""
    jobs = plan(MUSCLES, tmp_path, ["svg"])
    assert statuses(jobs, atlas, small, tmp_path, resume=True) == ["written"] * 3
    assert [line["output"] for line in noted(tmp_path)] == ["back.svg", "calf.svg", "hip.svg"]
    return jobs


def test_what_is_not_as_it_was_left_is_drawn_again(drawn, atlas, small, tmp_path):
    (tmp_path / "back.svg").unlink()
    (tmp_path / "calf.svg").write_text("changed by hand")
    assert statuses(drawn, atlas, small, tmp_path, resume=True) == ["written", "written", "resumed"]
    for line in noted(tmp_path):
        assert line["sha256"] == hashlib.sha256((tmp_path / line["output"]).read_bytes()).hexdigest()


def test_what_is_asked_for_otherwise_is_drawn_again(drawn, atlas, small, tmp_path):
    left = plan(MUSCLES, tmp_path, ["svg"], side="left")
    mixed = [left[0], *drawn[1:]]
    assert statuses(mixed, atlas, small, tmp_path, resume=True) == ["written", "resumed", "resumed"]


def test_other_data_draw_everything_again(drawn, atlas, small, tmp_path, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "patterns.json"
    other.write_text(small.patterns.read_text("utf-8") + "\n", "utf-8")
    assert statuses(drawn, atlas, small, tmp_path, resume=True, patterns=str(other)) == ["unchanged"] * 3


@pytest.mark.parametrize(
    "torn", [b'{"output": "hip.svg", "inp', b"\xff\xfe", b"[1, 2]\n", b"null\n", b'{"output": 1}\n', b"[" * 100_000]
)
def test_a_torn_journal_costs_its_torn_line(drawn, atlas, small, tmp_path, torn):
    whole = (tmp_path / JOURNAL).read_bytes().splitlines(keepends=True)
    (tmp_path / JOURNAL).write_bytes(b"".join(whole[:2]) + torn)
    assert statuses(drawn, atlas, small, tmp_path, resume=True) == ["resumed", "resumed", "unchanged"]
    assert len(noted(tmp_path)) == 3


def test_a_journal_does_not_grow_with_every_run(drawn, atlas, small, tmp_path):
    for _ in range(3):
        os.utime(tmp_path / "hip.svg")
        (tmp_path / "hip.svg").write_text("")
        statuses(drawn, atlas, small, tmp_path, resume=True)
    assert len(noted(tmp_path)) <= 4


def test_a_folder_may_move(drawn, atlas, small, tmp_path, tmp_path_factory):
    moved = tmp_path_factory.mktemp("moved") / "new"
    os.rename(tmp_path, moved)
    assert statuses(plan(MUSCLES, moved, ["svg"]), atlas, small, moved, resume=True) == ["resumed"] * 3
    os.rename(moved, tmp_path)


def test_a_journal_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / JOURNAL).mkdir()
    with pytest.raises(OutputError, match="cannot read the journal of an earlier run: Is a directory"):
        Journal(tmp_path, {}, resume=True)


# --- what killed writers leave behind

WRITER = """\
import os, sys, time
from trigpoint.files import atomic
def stop(handle):
    print("writing", flush=True)
    time.sleep(600)
atomic.os.fsync = stop
atomic.write_atomically(sys.argv[1], b"half a picture")
"""


@pytest.fixture
def writer(tmp_path):
    """Another process in the middle of writing a file."""
    command = [sys.executable, "-c", WRITER, str(tmp_path / "hip.svg")]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout.readline() == "writing\n"
        yield process
        process.kill()


def temporaries(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if re.fullmatch(r"\.hip\.svg\.\d+-[0-9a-f]{12}\.tmp", name)]


def test_leftovers_of_a_killed_writer_are_removed(writer, tmp_path, atlas, small):
    for name in (".hip.svg.tmp", ".hip.svg.1-abc.tmp", f".hip.svg.{writer.pid}-0123456789ab.tmp.bak", "hip.tmp"):
        (tmp_path / name).write_text("not ours")
    assert len(temporaries(tmp_path)) == 1
    assert clear_leftovers(tmp_path) == 0
    assert len(temporaries(tmp_path)) == 1
    writer.kill()
    writer.wait()
    assert statuses(plan(["hip"], tmp_path, ["svg"]), atlas, small, tmp_path) == ["written"]
    assert temporaries(tmp_path) == []
    assert len(os.listdir(tmp_path)) == 5


def test_an_old_leftover_goes_though_its_number_is_in_use_again(tmp_path):
    leftover = tmp_path / f".hip.svg.{os.getpid()}-0123456789ab.tmp"
    leftover.write_text("")
    assert clear_leftovers(tmp_path) == 0
    os.utime(leftover, (1, 1))
    assert clear_leftovers(tmp_path) == 1
    assert clear_leftovers(tmp_path / "nowhere") == 0


def test_where_files_cannot_be_locked_only_old_leftovers_go(tmp_path, monkeypatch):
    """Their writer may be on another machine."""

    def no_locks(*_given):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    monkeypatch.setattr(leftovers, "_runs", lambda process: False)
    leftover = tmp_path / ".hip.svg.1-0123456789ab.tmp"
    leftover.write_text("")
    assert clear_leftovers(tmp_path) == 0
    os.utime(leftover, (1, 1))
    assert clear_leftovers(tmp_path) == 1


def test_an_old_file_that_is_still_written_stays(writer, tmp_path):
    (name,) = temporaries(tmp_path)
    os.utime(tmp_path / name, (1, 1))
    assert clear_leftovers(tmp_path) == 0


# --- the command


def test_a_report_names_every_file(small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["render", "--all", "--out", "b", "--report", "r.json", "--quiet", *small.options]) == 0
    report = json.loads(Path("r.json").read_text())
    assert (report["status"], report["counts"]) == ("done", {"written": 3})
    assert [item["output"] for item in report["items"]] == ["b/back.svg", "b/calf.svg", "b/hip.svg"]
    for item in report["items"]:
        assert item["sha256"] == hashlib.sha256(Path(item["output"]).read_bytes()).hexdigest()


def test_a_report_is_written_where_figures_fail(small, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b").mkdir()
    words = ["render", "hip", "calf", "--format", "png", "--out", "b", "--report", "r.json", *small.options]
    assert main([*words, "--dpi", "1200", "--width", "170", "--fail-fast"]) == 2
    report = json.loads(Path("r.json").read_text())
    assert report["status"] == "failed"
    assert [item["status"] for item in report["items"]] == ["failed", "pending"]
    assert "more than the limit" in report["items"][0]["error"] or "pixels" in report["items"][0]["error"]
    assert main(["render", "hip", "--out", "b", "--report", "none/r.json", *small.options]) == 2
    assert main(["render", "hip", "--out", "b", "--report", "b", "--quiet", *small.options]) == 2
    assert main(["render", "hip", "--out", "b", "--report", "b/hip.svg", "--quiet", *small.options]) == 2


SIGNALS = [
    (signal.SIGINT, 130, "interrupted"),
    (signal.SIGTERM, 143, "terminated"),
    (signal.SIGHUP, 129, "terminated"),
]
BATCH = ["render", "--manifest", "rows.csv", "--out", "b", "--jobs", "2", "--format", "svg,png", "--dpi", "100"]


def batch(small, folder: Path, *how: str) -> list[str]:
    """The command of a run that is not over before its output is read: a tight pipe has no room for all of it."""
    rows = [f"{muscle},{80 + number / 10}" for number in range(500) for muscle in ("hip", "calf", "back")]
    (folder / "rows.csv").write_text("\n".join(["muscle,width", *rows]))
    return [sys.executable, "-u", *how, *BATCH, *small.options, "--report", "r.json"]


def own_group(number: int) -> dict[str, object]:
    """How to start it: heeding a signal, which a run in the background may ignore, and apart from these tests."""
    heeded = partial(signal.signal, number, signal.SIG_DFL)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8", "pipesize": 4096}
    return {"preexec_fn": heeded, "start_new_session": True, "env": environment(), **pipes}


@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["program", "group"])
@pytest.mark.parametrize(("number", "code", "said"), SIGNALS)
def test_a_signal_ends_all_processes(number, code, said, send, small, tmp_path):
    """Sent to the program alone, or, as a terminal does, to its workers too."""
    command = batch(small, tmp_path, "-m", "trigpoint")
    with subprocess.Popen(command, cwd=tmp_path, **own_group(number)) as process:
        assert process.stdout.readline()
        workers = psutil.Process(process.pid).children(recursive=True)
        send(process.pid, number)
        _, err = process.communicate()
    assert (process.returncode, err) == (code, f"error: {said}\n")
    assert psutil.wait_procs(workers, timeout=600)[1] == []
    all_is_told(tmp_path)


def all_is_told(folder: Path) -> None:
    """What a run that was broken off leaves: figures, and what is said of them."""
    assert not [name for name in os.listdir(folder / "b") if name.endswith((".tmp", ".lock"))]
    report = json.loads((folder / "r.json").read_text())
    assert report["status"] == "interrupted"
    assert {item["status"] for item in report["items"]} == {"written", "pending"}
    written = {Path(item["output"]).name for item in report["items"] if item["status"] == "written"}
    assert written == set(figures(folder / "b")) == {entry["output"] for entry in noted(folder / "b")}


PATIENT = "import sys; from trigpoint import cli; cli.SAME_WISH = 1e9; sys.exit(cli.main())"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_that_comes_again_and_again_spoils_nothing(number, small, tmp_path):
    """A terminal that closes sends two, a person is impatient: what is finished is told all the same."""
    with subprocess.Popen(batch(small, tmp_path, "-c", PATIENT), cwd=tmp_path, **own_group(number)) as process:
        assert process.stdout.readline()
        while not select.select([process.stderr], [], [], 0.005)[0]:
            process.send_signal(number)
        _, err = process.communicate()
    assert err in ("error: interrupted\n", "error: terminated\n")
    assert process.returncode in (128 + number, -number)  # the last one may have met Python at its own end
    all_is_told(tmp_path)


def figures(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.startswith(".")}


def test_kill_in_mid_batch_and_resume(small, tmp_path, monkeypatch, capsys):
    """The whole process goes at once; its workers follow by themselves, and another run ends with the same bytes.

    It cannot be over before: nobody reads what it prints, and the pipe has no room for all of it.
    """
    monkeypatch.chdir(tmp_path)
    names = [f"{number}-{'x' * 100}" for number in range(12)]
    Path("rows.csv").write_text("\n".join(["muscle,output", *(f"hip,{name}" for name in names)]))
    words = ["render", "--manifest", "rows.csv", "--format", "svg,png", "--dpi", "30", "--json", *small.options]
    assert main([*words, "--out", "whole"]) == 0
    command = [sys.executable, "-u", "-m", "trigpoint", *words, "--out", "b", "--jobs", "2"]
    tight = {"stdout": subprocess.PIPE, "pipesize": 4096, "bufsize": 0}
    with subprocess.Popen(command, cwd=tmp_path, env=environment(), **tight) as process:
        assert process.stdout.read(1)
        workers = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    assert len(workers) == 2
    assert psutil.wait_procs(workers, timeout=600)[1] == []
    whole = figures(tmp_path / "whole")
    assert figures(tmp_path / "b").items() <= whole.items()
    capsys.readouterr()
    assert main([*words, "--out", "b", "--resume"]) == 0
    assert '"resumed"' in capsys.readouterr().out
    assert figures(tmp_path / "b") == whole
