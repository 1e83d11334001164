"""Processes of our own: the same bytes as without them, and what is lost when one of them dies or hangs."""

from __future__ import annotations

import io
import itertools
import json
import os
import pickle
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from tests.support.command import small_files
from trigpoint import render_all
from trigpoint.atlas import load_atlas
from trigpoint.batch import Job, Settings, Target, plan, results
from trigpoint.batch.run import context_of
from trigpoint.batch.workers import pool
from trigpoint.batch.workers.draw import task_of
from trigpoint.batch.workers.worker import await_greeting, greet, receive, send, serve
from trigpoint.diagram.diagram import Remark
from trigpoint.diagram.journals import PresetWarning
from trigpoint.errors import OutputError

MUSCLES = ("back", "calf", "hip")
NEVER = 99


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_files(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def atlas(small):
    return load_atlas(patterns=small.patterns, outlines=small.outlines)


def run(jobs, atlas, small, *, on_done=None, **settings):
    given = {"processes": 2, "patterns": str(small.patterns), "outlines": str(small.outlines), **settings}
    return list(results(tuple(jobs), atlas, Settings(**given), on_done))


def doing(code: str) -> Any:
    """An option that runs code in the process that draws; the checks before a run would not let it pass."""
    return map(exec, [code])


def one(path: Path, muscle: str = "hip", **options: Any) -> Job:
    return Job((muscle,), (Target(path, "svg"),), options)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def children() -> list[psutil.Process]:
    """Our worker processes that are alive."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            found += [child] if pool.BOOT in child.cmdline() else []
    return found


def test_the_bytes_and_the_order_are_the_same(atlas, small, tmp_path):
    formats = ("svg", "png", "pdf")
    serial = run(plan(MUSCLES, tmp_path / "1", formats), atlas, small, processes=1)
    seen = []
    shared = run(plan(MUSCLES, tmp_path / "2", formats), atlas, small, on_done=seen.append)
    assert [result.path.name for result in shared] == [result.path.name for result in serial]
    assert [result.sha256 for result in shared] == [result.sha256 for result in serial]
    assert contents(tmp_path / "1") == contents(tmp_path / "2")
    assert sorted(seen, key=lambda result: result.path) == sorted(shared, key=lambda result: result.path)
    assert children() == []


def test_a_process_that_dies_loses_its_own_figure_alone(atlas, small, tmp_path):
    jobs = [one(tmp_path / f"{n}.svg") for n in range(8)]
    jobs[3] = one(tmp_path / "3.svg", views=doing("import os; os.abort()"))
    jobs[5] = one(tmp_path / "5.svg", views=doing("import os; os._exit(7)"))
    found = run(jobs, atlas, small)
    assert [result.status for result in found] == ["failed" if n in (3, 5) else "written" for n in range(8)]
    assert "the process drawing it was killed by SIGABRT" in found[3].error
    assert "the process drawing it ended with code 7" in found[5].error
    assert {found[3].exit_code, found[5].exit_code} == {3}
    assert sorted(contents(tmp_path)) == [f"{n}.svg" for n in range(8) if n not in (3, 5)]
    assert len(set(contents(tmp_path).values())) == 1


def test_a_process_that_dies_while_it_writes_leaves_nothing(atlas, small, tmp_path):
    die = "setattr(__import__('os'), 'fsync', lambda handle: __import__('os').abort()) or 'posterior'"
    found = run([one(tmp_path / "0.svg", views=map(eval, [die])), one(tmp_path / "1.svg")], atlas, small)
    assert [result.status for result in found] == ["failed", "written"]
    assert list(contents(tmp_path)) == ["1.svg"]


def test_a_process_that_is_killed_from_outside_loses_at_most_one_figure(atlas, small, tmp_path):
    jobs = [one(tmp_path / f"{n}.svg") for n in range(12)]

    def kill(result):
        if result.path.name in ("2.svg", "6.svg"):
            children()[0].kill()

    found = run(jobs, atlas, small, on_done=kill)
    lost = [result for result in found if result.status == "failed"]
    assert len(lost) <= 2
    assert all("killed by SIGKILL" in result.error for result in lost)
    whole = [data for name, data in contents(tmp_path).items() if not name.startswith(".")]  # no temporary ones
    assert len(whole) >= 10
    assert len(set(whole)) == 1


@pytest.fixture
def hours_pass(monkeypatch) -> Iterator[list[set[int]]]:
    """Numbers of tasks are taken out of this list when workers are at no others and silent: hours have passed then."""
    give_up, pending = pool.Pool._give_up, []

    def later(workers):
        at = {worker.hand[0][0] for worker in workers._workers if worker.hand}
        if pending and at and at <= pending[-1]:
            pending.pop()
            workers._clock += 9999
        give_up(workers)

    monkeypatch.setattr(pool.Pool, "_give_up", later)
    yield pending
    assert not pending


def test_a_process_that_hangs_is_given_up(atlas, small, tmp_path, hours_pass):
    hours_pass.append({1})
    jobs = [
        one(tmp_path / "0.svg"),
        one(tmp_path / "1.svg", views=doing("import time; time.sleep(6000)")),
        one(tmp_path / "2.svg"),
    ]
    found = run(jobs, atlas, small, timeout=600)
    assert [result.status for result in found] == ["written", "failed", "written"]
    assert "given up after 600 s" in found[1].error
    assert children() == []


def test_a_process_that_is_stopped_is_given_up(atlas, small, tmp_path, hours_pass):
    def stop(result):
        if result.path.name == "0.svg":
            children()[0].send_signal(signal.SIGSTOP)
            hours_pass.append({*range(6)})

    found = run([one(tmp_path / f"{n}.svg") for n in range(6)], atlas, small, processes=1, timeout=600, on_done=stop)
    assert [result.status for result in found].count("failed") == 1
    assert children() == []


def test_time_in_which_nobody_listens_counts_for_no_figure(atlas, small, tmp_path, monkeypatch):
    """Who takes the results may be slow, or the whole program be stopped: at every look at it the clock has jumped."""
    jumps = itertools.count(step=1000)
    monkeypatch.setattr(pool, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + next(jumps)))
    found = run([one(tmp_path / f"{n}.svg") for n in range(6)], atlas, small)
    assert [result.status for result in found] == ["written"] * 6


def test_a_figure_that_is_ready_in_the_end_is_not_given_up_nor_the_next_one(atlas, small, tmp_path, monkeypatch):
    """Its answer comes between the last look at the clock and the end of its process."""
    kill, given_up = pool.Worker.kill, []

    def late(worker):
        given_up.append(worker)
        (tmp_path / "go").touch()
        while not worker.said:
            time.sleep(0.01)
        kill(worker)

    monkeypatch.setattr(pool.Worker, "kill", late)
    wait = f"while not __import__('os').path.exists({str(tmp_path / 'go')!r}): __import__('time').sleep(0.01)"
    jobs = [one(tmp_path / "0.svg", views=map(eval, [f"exec({wait!r}) or 'posterior'"])), one(tmp_path / "1.svg")]
    found = run(jobs, atlas, small, processes=1, timeout=1)
    assert [result.status for result in found] == ["written", "written"]
    assert given_up


def test_what_is_printed_before_a_worker_comes_to_itself_is_passed_over(atlas, small, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("print('Welcome to the cluster!', flush=True)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    found = run(plan(MUSCLES, tmp_path, ["svg"]), atlas, small)
    assert [result.status for result in found] == ["written"] * 3


def test_a_worker_that_talks_nonsense_is_gone(atlas, small, tmp_path, monkeypatch):
    greeted = io.BytesIO()
    greet(greeted)
    said = greeted.getvalue() + b"x" * 999
    monkeypatch.setattr(pool, "BOOT", f"import os, time; os.write(1, {said!r}); time.sleep(600)")
    found = run(plan(MUSCLES, tmp_path, ["svg"]), atlas, small, timeout=6000)
    assert ["the process drawing it was killed by SIGKILL" in result.error for result in found] == [True] * 3


def test_processes_that_cannot_start_are_told_once(atlas, small, tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "BOOT", "import os; os._exit(3)")
    with pytest.raises(OutputError, match=r"do not start \(3 in a row ended with code 3\)"):
        run(plan(MUSCLES, tmp_path, ["svg"]), atlas, small)
    monkeypatch.setattr("sys.executable", "")
    with pytest.raises(OutputError, match="no Python interpreter"):
        run(plan(MUSCLES, tmp_path, ["svg"]), atlas, small)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path):
    """A file system that holds some plates, but not all."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)]
    if os.geteuid() or not shutil.which("mount") or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount a small file system")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("gather", [False, True])
def test_a_disk_that_fills_up_ends_the_run(gather, atlas, small, small_disk):
    jobs = [one(small_disk / f"{n}.svg", width=100 + n) for n in range(40)]
    settings = {"folder": small_disk, "gather": gather}
    with pytest.raises(OutputError, match="No space left on device"):
        run(jobs, atlas, small, **settings)
    left = contents(small_disk)
    assert set(left) - {f"{n}.svg" for n in range(40)} <= {".trigpoint.journal"}
    assert all(data.endswith(b"</svg>\n") for name, data in left.items() if name.endswith(".svg"))
    assert 0 < len(left) < 40
    assert children() == []


def test_a_file_is_told_though_the_journal_is_full(atlas, small, small_disk, tmp_path):
    with suppress(OSError), (small_disk / "junk").open("wb", buffering=0) as junk:
        while True:
            junk.write(bytes(512))
    seen = []
    jobs = [one(tmp_path / "out" / f"{n}.svg") for n in range(20)]
    with pytest.raises(OutputError, match="cannot keep the journal: No space left"):
        run(jobs, atlas, small, folder=small_disk, on_done=seen.append)
    assert {result.path.name for result in seen} == figures(tmp_path / "out") != set()
    assert {result.status for result in seen} == {"written"}


def test_nothing_is_left_when_the_results_are_not_taken(atlas, small, tmp_path):
    jobs = [one(tmp_path / f"{n}.svg") for n in range(50)]
    settings = Settings(processes=2, patterns=str(small.patterns), outlines=str(small.outlines))
    found = results(tuple(jobs), atlas, settings)
    assert next(found).status == "written"
    found.close()
    assert children() == []
    assert len(contents(tmp_path)) < 50


WAITS = """\
import os, time
open({begun!r}, "w").close()
while not os.path.exists({go!r}):
    time.sleep(0.01)
"""


def slow(begun: Path, go: Path) -> Any:
    """An option that leaves a mark and then waits for another one in the process that draws."""
    code = WAITS.format(begun=str(begun), go=str(go))
    return map(eval, [f"exec({code!r}, {{}}) or 'posterior'"])


@pytest.fixture
def patient(monkeypatch):
    """Whoever is at a figure when the run is broken off gets all the time it needs, on machines that are slow, too."""
    monkeypatch.setattr(pool, "PATIENCE", 600)
    main = "import trigpoint.batch.workers.worker as room; room.GRACE = 600; main()"
    monkeypatch.setattr(pool, "BOOT", pool.BOOT.replace("main()", main))


@pytest.fixture
def broken_off(atlas, small, tmp_path, monkeypatch) -> Callable[..., None]:
    """Two processes at figures that wait, but for some; Ctrl-C comes while so many are being drawn.

    Then, or when the first figure is told, they go on if they may.
    """

    def run_and_interrupt(on_done: Any, *, quick: int = 1, busy: int = 1, go_on: bool = True) -> None:
        marks, go = tmp_path / "marks", tmp_path / "go"
        marks.mkdir()

        def look(_pool):
            if len({mark.name for mark in marks.iterdir()} - figures(tmp_path)) >= busy:
                if go_on:
                    go.touch()
                raise KeyboardInterrupt

        def told(result):
            if busy == NEVER:
                go.touch()
            on_done(result)

        monkeypatch.setattr(pool, "TICK", 0.02)
        monkeypatch.setattr(pool.Pool, "_give_up", look)
        options = [{} if n < quick else {"views": slow(marks / f"{n}.svg", go)} for n in range(30)]
        run([one(tmp_path / f"{n}.svg", **given) for n, given in enumerate(options)], atlas, small,
            folder=tmp_path, on_done=told)  # fmt: skip

    return run_and_interrupt


def noted(folder: Path) -> set[str]:
    """The files of the journal."""
    return {json.loads(line)["output"] for line in (folder / ".trigpoint.journal").read_bytes().splitlines()}


def figures(folder: Path) -> set[str]:
    return {file.name for file in folder.glob("[!.]*.svg")}


@pytest.mark.usefixtures("patient")
def test_what_is_finished_when_a_run_is_broken_off_is_told(broken_off, tmp_path):
    seen = []
    with pytest.raises(KeyboardInterrupt):
        broken_off(seen.append)
    assert {result.status for result in seen} == {"written"}
    assert {result.path.name for result in seen} == figures(tmp_path) == noted(tmp_path)
    assert {mark.name for mark in (tmp_path / "marks").iterdir()} <= figures(tmp_path)
    assert children() == []


def test_what_is_not_finished_soon_is_not_waited_for(broken_off, tmp_path):
    seen = []
    with pytest.raises(KeyboardInterrupt):
        broken_off(seen.append, quick=8, busy=2, go_on=False)
    assert {result.path.name for result in seen} == figures(tmp_path) == noted(tmp_path)
    assert {mark.name for mark in (tmp_path / "marks").iterdir()} - figures(tmp_path)
    assert children() == []


def test_a_figure_of_this_process_that_is_being_taken_when_the_run_ends_is_not_lost(atlas, small, tmp_path):
    seen = []

    def interrupt(result):
        seen.append(result.path.name)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(
            [one(tmp_path / f"{n}.svg") for n in range(4)],
            atlas,
            small,
            processes=1,
            folder=tmp_path,
            on_done=interrupt,
        )
    assert seen == ["0.svg", "1.svg", "1.svg"]
    assert set(seen) == figures(tmp_path) == noted(tmp_path)


@pytest.mark.usefixtures("patient")
def test_an_answer_that_is_being_taken_when_the_run_ends_is_not_lost(broken_off, tmp_path):
    """Ctrl-C comes at any moment."""
    seen = []

    def interrupt(result):
        seen.append(result.path.name)
        if len(seen) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off(interrupt, busy=NEVER)
    assert seen.count(seen[0]) == 2
    assert len(set(seen)) == len(seen) - 1
    assert set(seen) == figures(tmp_path) == noted(tmp_path)


@pytest.mark.usefixtures("patient")
def test_what_goes_wrong_at_the_end_does_not_hide_why_the_run_ended(broken_off):
    seen = []

    def refuse(result):
        seen.append(result)
        raise ValueError(f"number {len(seen)}")

    with pytest.raises(ValueError, match=r"number 1$") as caught:
        broken_off(refuse, busy=NEVER)
    assert caught.value.__context__ is None
    assert children() == []


def test_other_data_than_the_run_was_started_with_are_not_drawn(atlas, small, tmp_path):
    folder = tmp_path / "outlines"
    folder.mkdir()
    for file in small.outlines.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())

    def spoil(result):
        if result.path.name != "0.svg":
            return
        for child in children():
            child.kill()
        (folder / "neutral.posterior.svg").write_text("<svg/>")

    jobs = [one(tmp_path / f"{n}.svg") for n in range(6)]
    found = run(jobs, atlas, small, outlines=str(folder), processes=1, timeout=600, on_done=spoil)
    assert found[0].status == "written"
    assert "not what the run was started with: outlines" in found[-1].error


def test_what_cannot_be_sent_fails_alone(atlas, small, tmp_path):
    found = run(
        [one(tmp_path / f"{n}.svg", **({"title": threading.Lock()} if n == 1 else {})) for n in range(4)], atlas, small
    )
    assert [result.status for result in found] == ["written", "failed", "written", "written"]
    assert "pickle" in found[1].error


def test_what_cannot_be_read_by_a_worker_fails_alone(atlas, small, tmp_path):
    """Such as a value of a class that a notebook has defined."""

    class Odd:
        def __reduce__(self):
            return int, ("of this program alone",)

    found = run([one(tmp_path / f"{n}.svg", **({"title": Odd()} if n == 1 else {})) for n in range(4)], atlas, small)
    assert [result.status for result in found] == ["written", "failed", "written", "written"]
    assert "an option cannot be handed to another process: ValueError" in found[1].error
    assert found[1].exit_code == 2


def test_a_task_that_lay_ready_for_a_process_that_died_is_not_lost(atlas, small, tmp_path):
    """One process has all tasks; every second one kills it."""
    deadly = {"views": doing("import os; os.abort()")}
    jobs = [one(tmp_path / f"{n}.svg", **(deadly if n % 2 else {})) for n in range(6)]
    found = run(jobs, atlas, small, processes=1, timeout=600)
    assert [result.status for result in found] == ["written", "failed"] * 3


class Outbox(io.BytesIO):
    """Calls back at every flush."""

    def __init__(self, flushed: Any) -> None:
        super().__init__()
        self._flushed = flushed

    def flush(self) -> None:
        self._flushed()


def talk(tasks: list[Any], hear: int) -> tuple[list[Any], bool]:
    """What a worker answers to tasks, its parent being gone after so many words; whether it noticed that."""
    reader, writer = os.pipe()
    noticed, answers = threading.Event(), []
    with os.fdopen(reader, "rb") as inbox, os.fdopen(writer, "wb") as pipe:
        for number, task in tasks:
            send(pipe, (number, 1, pickle.dumps(task)))

        def answered() -> None:
            answers.append(1)
            if len(answers) == hear:
                pipe.close()
                noticed.wait()

        outbox = Outbox(answered)
        serve(inbox, outbox, orphaned=noticed.set)
    outbox.seek(0)
    await_greeting(outbox)
    return [receive(outbox) for _ in answers[1:]], noticed.is_set()


def test_a_worker_answers_and_notices_its_end(small, tmp_path, monkeypatch):
    context = context_of(Settings(patterns=str(small.patterns), outlines=str(small.outlines), gather=True), {})

    monkeypatch.setattr("trigpoint.batch.workers.draw.written", lambda *given, **more: (b"bytes", (Remark("odd"),)))
    jobs = [one(tmp_path / f"{n}.svg") for n in range(3)]
    answers, noticed = talk([(number, task_of(job, context)) for number, job in enumerate(jobs, 7)], hear=3)
    assert [number for number, _, _ in answers] == [7, 8]
    for _, outcomes, remarks in answers:
        assert [outcome["data"] for outcome in outcomes] == [b"bytes"], outcomes
        assert remarks == [Remark("odd")]
    assert noticed


def test_a_warning_comes_back_with_its_figure(tmp_path):
    jobs = [{"muscle": "piriformis", "output": tmp_path / f"{n}.svg", "preset": "elsevier-single"} for n in range(2)]
    for job in jobs:
        job["width"] = 200
    with pytest.warns(PresetWarning, match="piriformis: ") as noted:
        found = render_all(jobs, processes=2)
    assert [result.status for result in found] == ["written", "written"]
    assert all(str(warning.message).startswith("piriformis: ") for warning in noted)


def test_half_a_value_is_none():
    pipe = io.BytesIO()
    send(pipe, {"a": 1})
    whole = pipe.getvalue()
    assert receive(io.BytesIO(whole)) == {"a": 1}
    for size in (0, 3, 8, len(whole) - 1):
        with pytest.raises(EOFError):
            receive(io.BytesIO(whole[:size]))
