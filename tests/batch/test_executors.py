"""Executors of others: threads, process pools, dask; the same bytes by all, and what their deaths cost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import environment, small_files, trigpoint
from trigpoint.atlas import load_atlas
from trigpoint.batch import Job, Settings, Target, plan, render_all, results
from trigpoint.batch.workers import cluster, executors
from trigpoint.batch.workers.draw import here, lost
from trigpoint.cli import main
from trigpoint.errors import InputError, OutputError

MUSCLES = ("back", "calf", "hip")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_files(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def atlas(small):
    return load_atlas(patterns=small.patterns, outlines=small.outlines)


@pytest.fixture(scope="module")
def expected(atlas, small, tmp_path_factory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("expected")
    run(plan(MUSCLES, folder, ["svg", "png"]), atlas, small)
    return contents(folder)


def run(jobs, atlas, small, **settings):
    given = {"patterns": str(small.patterns), "outlines": str(small.outlines), **settings}
    return list(results(tuple(jobs), atlas, Settings(**given)))


def one(path: Path, **options: Any) -> Job:
    return Job(("hip",), (Target(path, "svg"),), options)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.startswith(".")}


class Does:
    """A value that does something in the process that it is sent to."""

    def __init__(self, function: Any, *given: Any) -> None:
        self._does = (function, given)

    def __reduce__(self) -> Any:
        return self._does


def spawned(workers: int = 2) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


@pytest.mark.parametrize("make", [lambda: ThreadPoolExecutor(3), spawned], ids=["threads", "spawned"])
def test_the_bytes_are_the_same(make, expected, atlas, small, tmp_path):
    with make() as executor:
        found = run(plan(MUSCLES, tmp_path, ["svg", "png"]), atlas, small, executor=executor)
        assert executor.submit(int, "7").result() == 7  # it is left running
    assert [result.path.name for result in found] == [f"{name}.{kind}" for name in MUSCLES for kind in ("svg", "png")]
    assert contents(tmp_path) == expected


def test_files_may_be_gathered(expected, atlas, small, tmp_path):
    (tmp_path / "hip.png").write_bytes(expected["hip.png"])
    (tmp_path / "back.svg").write_text("mine")
    jobs = plan(MUSCLES, tmp_path, ["svg", "png"])
    with ThreadPoolExecutor(2) as executor:
        found = run(jobs, atlas, small, executor=executor, gather=True, clobber="keep")
        assert [result.status for result in found].count("kept") == 2
        assert (tmp_path / "back.svg").read_text() == "mine"
        found = run(jobs, atlas, small, executor=executor, gather=True)
    assert {result.path.name: result.status for result in found} == {
        name: "written" if name == "back.svg" else "unchanged" for name in expected
    }
    assert contents(tmp_path) == expected


def test_what_fails_to_be_sent_back_or_drawn_fails_alone(atlas, small, tmp_path):
    jobs = [one(tmp_path / "0.svg"), one(tmp_path / "1.svg", wrong=1), one(tmp_path / "2.svg", title=threading.Lock())]
    with spawned(1) as executor:
        found = run([*jobs, one(tmp_path / "3.svg")], atlas, small, executor=executor)
    assert [result.status for result in found] == ["written", "failed", "failed", "written"]
    assert "TypeError" in found[1].error
    assert "pickle" in found[2].error


def test_a_pool_that_breaks_costs_the_figure_that_broke_it(atlas, small, tmp_path):
    jobs = [one(tmp_path / f"{n}.svg") for n in range(6)]
    jobs[2] = one(tmp_path / "2.svg", title=Does(os._exit, 1))
    with spawned(1) as executor, pytest.warns(RuntimeWarning, match="the executor broke"):
        found = run(jobs, atlas, small, executor=executor)
    assert [result.status for result in found] == ["failed" if n == 2 else "written" for n in range(6)]
    assert "ended with code 1" in found[2].error


@pytest.mark.parametrize("make", [lambda: ThreadPoolExecutor(3), spawned], ids=["threads", "spawned"])
def test_every_warning_comes_back_with_its_figure(make, small, tmp_path):
    """Each figure lacks a character of its own, so that a warning told for another one shows."""
    data = {"patterns": str(small.patterns), "outlines": str(small.outlines)}
    targets = [(Target(tmp_path / f"{n}.png", "png"),) for n in range(9)]
    titles = [{"title": f"A {chr(0xA640 + n)}"} for n in range(9)]
    jobs = [Job(("hip",), targets[n], titles[n], dpi=50, origin=f"row {n}") for n in range(9)]
    with make() as executor, pytest.warns(UserWarning, match="no font here") as caught:
        found = render_all(jobs, executor=executor, **data)
    assert [result.status for result in found] == ["written"] * 9
    told = sorted(str(warning.message).partition(";")[0] for warning in caught)
    assert told == [f"row {n}: no font here has 1 of the characters (U+{0xA640 + n:04X})" for n in range(9)]


@pytest.mark.parametrize("make", [lambda: ThreadPoolExecutor(1), lambda: spawned(1)], ids=["threads", "spawned"])
def test_what_is_begun_when_a_run_is_broken_off_is_told(make, atlas, small, tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "PATIENCE", 600)  # a pool takes two figures at a time out of our hands
    begun, go = tmp_path / ".begun", tmp_path / ".go"
    jobs = [one(tmp_path / f"{n}.svg", **({} if n == 0 else {"views": later(begun, go)})) for n in range(20)]
    wait = executors.wait
    monkeypatch.setattr(
        executors, "wait", lambda *given: (go.touch(), wait(*given))[1]
    )  # what is not begun is called back
    seen: list[Any] = []
    with make() as executor:
        given = {"patterns": str(small.patterns), "outlines": str(small.outlines), "executor": executor}
        found = results(tuple(jobs), atlas, Settings(**given), seen.append)
        assert next(found).status == "written"
        while not begun.exists():
            time.sleep(0.01)
        found.close()
    assert {result.status for result in seen} == {"written"}
    assert {result.path.name for result in seen} == set(contents(tmp_path)) > {"0.svg"}


WAITS = """\
import os, time
open({begun!r}, "w").close()
while not os.path.exists({go!r}):
    time.sleep(0.01)
"""


def later(begun: Path, go: Path) -> Any:
    """An option that leaves a mark and then waits for another one in the process that draws."""
    code = WAITS.format(begun=str(begun), go=str(go))
    return map(eval, [f"exec({code!r}, {{}}) or 'posterior'"])


class Silent(Executor):
    """Never does anything."""

    def submit(self, *given: Any, **more: Any) -> Future[Any]:
        return Future()


def test_an_executor_that_never_answers_is_given_up_on_request(atlas, small, tmp_path):
    found = run([one(tmp_path / "a.svg"), one(tmp_path / "b.svg")], atlas, small, executor=Silent(), timeout=0.2)
    assert [result.status for result in found] == ["failed", "failed"]
    assert "nothing came back for 0.2 s" in found[0].error


def test_what_was_given_up_leaves_no_file_later(atlas, small, tmp_path):
    over = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        executor.submit(over.wait)
        found = run(plan(MUSCLES, tmp_path, ["svg"]), atlas, small, executor=executor, timeout=0.2)
        over.set()
    assert [result.status for result in found] == ["failed"] * 3
    assert contents(tmp_path) == {}


def test_the_first_failure_calls_back_what_is_not_begun(atlas, small, tmp_path):
    over = threading.Event()
    jobs = [one(tmp_path / f"{n}.svg", views=map(over.wait, [None])) for n in range(20)]
    jobs[0] = one(tmp_path / "0.svg", wrong=1)
    with ThreadPoolExecutor(1) as executor:
        found = run(jobs, atlas, small, executor=executor, fail_fast=True)
        over.set()
    assert [result.status for result in found] == ["failed"] + ["pending"] * 19
    assert contents(tmp_path) == {}


def test_an_executor_that_is_shut_down_fails_every_figure(atlas, small, tmp_path):
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    found = run([one(tmp_path / "a.svg"), one(tmp_path / "b.svg")], atlas, small, executor=executor)
    assert ["after shutdown" in result.error for result in found] == [True, True]


def test_what_was_lost_with_another_figure_is_tried_alone(expected, atlas, small, tmp_path):
    class LosesThree(ThreadPoolExecutor):
        def submit(self, *given: Any, **more: Any) -> Future[Any]:
            sent.append(given[1]["targets"][0][0])
            return super().submit(*given, **more) if len(sent) > 3 else super().submit(int, "a worker died")

    sent: list[str] = []
    with LosesThree(1) as executor:
        found = run([one(tmp_path / f"{n}.svg") for n in range(5)], atlas, small, executor=executor)
    assert [result.status for result in found] == ["written"] * 5
    assert [Path(path).stem for path in sent] == ["0", "1", "2", "3", "4", "0", "1", "2"]


class Cancels(Executor):
    """Gives everything back undone."""

    def submit(self, *given: Any, **more: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


def test_a_cancelled_figure_is_a_failed_one(atlas, small, tmp_path):
    (result,) = run([one(tmp_path / "a.svg")], atlas, small, executor=Cancels())
    assert "CancelledError" in result.error


def test_no_more_is_handed_over_than_is_held_at_a_time():
    flying: list[int] = []

    class Counts(Executor):
        def submit(self, function: Any, task: Any) -> Future[Any]:
            future: Future[Any] = Future()
            flying.append(0)
            threading.Timer(0.01, lambda: (flying.pop(), future.set_result((lost(task, "", ""), [])))).start()
            most.append(len(flying))
            return future

    most: list[int] = []
    tasks = ((number, {"targets": [("a", "svg")]}) for number in range(executors.IN_FLIGHT * 2))
    answers = list(executors.by(Counts(), otherwise=here)(tasks, print))
    assert len(answers) == executors.IN_FLIGHT * 2
    assert max(most) <= executors.IN_FLIGHT


# --- executors that the command makes

FACTORY = """\
from concurrent.futures import ThreadPoolExecutor
def threads():
    return ThreadPoolExecutor(2)
def nothing():
    return None
"""


def test_the_command_takes_an_executor_by_name(expected, small, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "my_cluster.py").write_text(FACTORY)
    words = ["render", "--all", "--format", "svg,png", "--out", "b", *small.options, "--executor"]
    assert main([*words, "my_cluster:threads", "--gather"]) == 0
    assert contents(tmp_path / "b") == expected
    for name, said in (
        ("my_cluster:nothing", "made no executor"),
        ("my_cluster:none", "AttributeError"),
        ("x", "No mod"),
    ):
        assert main([*words, name]) == 2
        assert said in capsys.readouterr().err
    assert main([*words, "a:b", "--scheduler", "local"]) == 2
    assert main(["render", "--all", "--out", "b", "--gather", *small.options]) == 2


def test_a_scheduler_that_is_not_there(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.2)
    with pytest.raises(OutputError, match="no scheduler answers"), cluster.dask("tcp://127.0.0.1:1", 2):
        pass
    with pytest.raises(InputError, match="not the address"), cluster.dask("nonsense://a", 2):
        pass
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match="needs the package distributed"), cluster.dask("local", 2):
        pass


@pytest.mark.slow
def test_a_local_dask_cluster(expected, small, tmp_path):
    words = ["render", "--all", "--format", "svg,png", "--out", "b", *small.options, "--jobs", "2"]
    done = trigpoint(*words, "--scheduler", "local", cwd=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[1:]) == (0, []), done.stderr
    assert contents(tmp_path / "b") == expected
    (tmp_path / "g.csv").write_text("muscle,title\nhip,A \ua66e\ncalf,B \ua66e\n", "utf-8")
    words = ["render", "--manifest", "g.csv", "--out", "g", "--format", "png", "--quiet", *small.options]
    done = trigpoint(*words, "--scheduler", "local", "--jobs", "2", cwd=tmp_path)
    said = [line.partition(" has ")[0] for line in sorted(done.stderr.splitlines())]
    assert said == [f"warning: g.csv line {line}: no font here" for line in (2, 3)]


@pytest.mark.slow
def test_an_interrupted_local_cluster_says_one_line(small, tmp_path):
    """A terminal sends Ctrl-C to the workers of the cluster, too."""
    (tmp_path / "rows.csv").write_text("\n".join(["muscle,width", *(f"hip,{80 + n / 10}" for n in range(500))]))
    words = ["render", "--manifest", "rows.csv", "--format", "png", "--out", "b", "--jobs", "2", *small.options]
    command = [sys.executable, "-m", "trigpoint", *words, "--scheduler", "local"]
    heeded = partial(signal.signal, signal.SIGINT, signal.default_int_handler)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    own = {"preexec_fn": heeded, "start_new_session": True}
    with subprocess.Popen(command, cwd=tmp_path, env=environment(), **own, **pipes) as process:
        assert process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate()
    assert (process.returncode, err) == (130, "error: interrupted\n")


@pytest.fixture
def dask_cluster(tmp_path):
    """The address of a scheduler with two workers, each a process of its own on loopback; what kills is not retried."""
    file = tmp_path / "scheduler.json"
    env = environment(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    quiet = {"cwd": tmp_path, "env": env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    cli = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(file), "--nthreads", "1"]
    with ExitStack() as stack:
        for command in ([*cli, "--no-dashboard", "--scheduler-file", str(file)], worker, worker):
            process = stack.enter_context(subprocess.Popen(command, **quiet))
            stack.callback(process.kill)
        for _ in range(6_000):
            if file.exists() and file.stat().st_size:
                break
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"]


@pytest.mark.slow
def test_a_dask_scheduler_and_its_workers(dask_cluster, expected, atlas, small, tmp_path):
    """The command first; then a figure that kills the worker that draws it."""
    words = ["render", "--all", "--format", "svg,png", "--out", "b", *small.options, "--scheduler", dask_cluster]
    done = trigpoint(*words, "--gather", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "b") == expected
    jobs = [one(tmp_path / f"c/{n}.svg") for n in range(8)]
    jobs[2] = one(tmp_path / "c/2.svg", views=map(exec, ["import os; os.abort()"]))  # run by whoever draws
    with cluster.dask(dask_cluster, 2) as executor:
        found = run(jobs, atlas, small, executor=executor)
    assert [n for n, result in enumerate(found) if result.status == "failed"] == [2]
    assert "KilledWorker" in found[2].error
    assert {result.status for result in found} <= {"written", "unchanged", "failed"}  # what died unsent is drawn anew
    assert set(contents(tmp_path / "c").values()) == {expected["hip.svg"]}
