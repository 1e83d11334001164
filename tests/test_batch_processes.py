"""Processes of our own: the same bytes as without them, and what is lost when one of them dies or hangs."""

from __future__ import annotations

import io
import os
import signal
import time
import warnings
from pathlib import Path
from typing import Any

import psutil
import pytest
from command import small_files

from trigpoint.atlas import load_atlas
from trigpoint.batch import Job, Settings, Target, plan, results
from trigpoint.batch import crew as crew_room
from trigpoint.batch.channel import receive, send
from trigpoint.batch.drawing import task_of
from trigpoint.batch.worker import READY, serve
from trigpoint.errors import OutputError

MUSCLES = ("back", "calf", "hip")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_files(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def atlas(small):
    return load_atlas(patterns=small.patterns, outlines=small.outlines)


def run(jobs, atlas, small, *, on_done=None, **settings):
    given = {"processes": 2, "patterns": str(small.patterns), "outlines": str(small.outlines), **settings}
    return list(results(tuple(jobs), atlas, Settings(**given), on_done))


class Does:
    """A value that does something in the process that it is sent to, before anything can be drawn there."""

    def __init__(self, function: Any, *given: Any) -> None:
        self._does = (function, given)

    def __reduce__(self) -> Any:
        return self._does


def one(path: Path, muscle: str = "hip", **options: Any) -> Job:
    return Job((muscle,), (Target(path, "svg"),), options)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if child.status() != psutil.STATUS_ZOMBIE]


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
    jobs[3] = one(tmp_path / "3.svg", title=Does(os.abort))
    jobs[5] = one(tmp_path / "5.svg", title=Does(os._exit, 7))
    found = run(jobs, atlas, small)
    assert [result.status for result in found] == ["failed" if n in (3, 5) else "written" for n in range(8)]
    assert "the process drawing it was killed by SIGABRT" in found[3].error
    assert "the process drawing it ended with code 7" in found[5].error
    assert {found[3].exit_code, found[5].exit_code} == {3}
    assert sorted(contents(tmp_path)) == [f"{n}.svg" for n in range(8) if n not in (3, 5)]
    assert len(set(contents(tmp_path).values())) == 1


def test_a_process_that_is_killed_from_outside_loses_at_most_one_figure(atlas, small, tmp_path):
    jobs = [one(tmp_path / f"{n}.svg") for n in range(12)]

    def kill(result):
        if result.path.name in ("2.svg", "6.svg"):
            children()[0].kill()

    found = run(jobs, atlas, small, on_done=kill)
    lost = [result for result in found if result.status == "failed"]
    assert len(lost) <= 2
    assert all("killed by SIGKILL" in result.error for result in lost)
    assert len(contents(tmp_path)) >= 10
    assert len(set(contents(tmp_path).values())) == 1


def test_a_process_that_hangs_is_given_up(atlas, small, tmp_path):
    jobs = [one(tmp_path / "0.svg"), one(tmp_path / "1.svg", title=Does(time.sleep, 60)), one(tmp_path / "2.svg")]
    found = run(jobs, atlas, small, timeout=2)
    assert [result.status for result in found] == ["written", "failed", "written"]
    assert "given up after 2 s" in found[1].error
    assert children() == []


def test_a_process_that_is_stopped_is_given_up(atlas, small, tmp_path):
    def stop(result):
        if result.path.name == "0.svg":
            children()[0].send_signal(signal.SIGSTOP)

    found = run([one(tmp_path / f"{n}.svg") for n in range(6)], atlas, small, processes=1, timeout=2, on_done=stop)
    assert [result.status for result in found].count("failed") == 1
    assert children() == []


def test_processes_that_cannot_start_are_told_once(atlas, small, tmp_path, monkeypatch):
    monkeypatch.setattr(crew_room, "BOOT", "import os; os._exit(3)")
    with pytest.raises(OutputError, match=r"do not start \(3 in a row ended with code 3\)"):
        run(plan(MUSCLES, tmp_path, ["svg"]), atlas, small)
    monkeypatch.setattr("sys.executable", "")
    with pytest.raises(OutputError, match="no Python interpreter"):
        run(plan(MUSCLES, tmp_path, ["svg"]), atlas, small)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_when_the_results_are_not_taken(atlas, small, tmp_path):
    jobs = [one(tmp_path / f"{n}.svg") for n in range(50)]
    settings = Settings(processes=2, patterns=str(small.patterns), outlines=str(small.outlines))
    found = results(tuple(jobs), atlas, settings)
    assert next(found).status == "written"
    found.close()
    assert children() == []
    assert len(contents(tmp_path)) < 50


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
    found = run(jobs, atlas, small, outlines=str(folder), processes=1, timeout=30, on_done=spoil)
    assert found[0].status == "written"
    assert "not what the run was started with: outlines" in found[-1].error


def talk(tasks: list[Any]) -> tuple[list[Any], list[bool]]:
    """What a worker answers to tasks, and whether it noticed that its parent is gone."""
    reader, writer = os.pipe()
    outbox = io.BytesIO()
    left: list[bool] = []
    with os.fdopen(writer, "wb") as pipe:
        for task in tasks:
            send(pipe, task)
    with os.fdopen(reader, "rb") as inbox:
        serve(inbox, outbox, orphaned=lambda: left.append(True))
    outbox.seek(0)
    return [receive(outbox) for _ in range(len(tasks) + 1)], left


def test_a_worker_answers_and_notices_its_end(small, tmp_path, monkeypatch):
    context = {
        "patterns": str(small.patterns),
        "outlines": None,
        "repair": False,
        "program": {},
        "clobber": "replace",
        "gather": True,
    }
    context["outlines"] = str(small.outlines)

    def noisy(self, *given, **more):
        warnings.warn("odd", stacklevel=1)
        warnings.warn("for developers", DeprecationWarning, stacklevel=1)
        return b"bytes"

    monkeypatch.setattr("trigpoint.batch.drawing.Diagram.to_bytes", noisy)
    answers, left = talk([task_of(one(tmp_path / name), context) for name in ("a.svg", "b.svg")])
    assert answers[0] == READY
    for outcomes, warned in answers[1:]:
        assert [outcome["data"] for outcome in outcomes] == [b"bytes"]
        assert warned == ["odd"]
    assert left in ([True], [])


def test_half_a_value_is_none():
    pipe = io.BytesIO()
    send(pipe, {"a": 1})
    whole = pipe.getvalue()
    assert receive(io.BytesIO(whole)) == {"a": 1}
    for size in (0, 3, 8, len(whole) - 1):
        with pytest.raises(EOFError):
            receive(io.BytesIO(whole[:size]))
