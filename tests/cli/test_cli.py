"""The command as a whole: mistakes, help, exit codes, signals, full disks, and what it loads."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests.support.command import ROOT, environment, files, trigpoint
from trigpoint.cli import main

WRONG = {
    "command": (["rendr"], "unknown command 'rendr' (hint: did you mean 'render'?)"),
    "option": (["render", "hip", "--vews", "left", "-o", "a.svg"], "'--vews' (hint: did you mean '--views'?)"),
    "value of an option": (
        ["render", "hip", "--width", "many", "-o", "a.svg"],
        "millimetres are expected, as 85, not 'many'",
    ),
    "list": (["render", "hip", "--views", "left,,right", "-o", "a.svg"], "a comma-separated list is expected"),
    "too many words": (["list", "hip"], "unexpected argument 'hip'"),
    "option before a command": (["--quiet", "render"], "unknown option '--quiet'"),
    "nothing named": (["render", "-o", "a.svg"], "no muscle named"),
    "nowhere to write": (["render", "hip"], "no place to write to"),
    "no name to write to": (["render", "hip", "-o", ""], "no place to write to"),
    "no folder to write to": (["render", "hip", "--out", ""], "no place to write to"),
    "report without a name": (["render", "hip", "-o", "a.svg", "--report", ""], "--report is empty"),
    "report on stdout": (["render", "hip", "-o", "a.svg", "--report", "-"], "--report writes a file"),
    "scheduler without a name": (["render", "hip", "-o", "a.svg", "--scheduler", ""], "--scheduler is empty"),
    "executor without a name": (["render", "hip", "-o", "a.svg", "--executor", ""], "--executor is empty"),
    "two places to write": (["render", "hip", "-o", "a.svg", "--out", "b"], "-o and --out exclude each other"),
    "all and some": (["render", "hip", "--all", "--out", "b"], "--all and names of muscles exclude each other"),
    "several into one": (["render", "hip", "calf", "-o", "a.svg"], "-o takes one figure"),
    "several into one, in one word": (["render", "hip,calf", "-o", "a.svg"], "part muscles by spaces: hip calf"),
    "layer as an option": (["render", "hip", "--scale", "-o", "a.svg"], "it is a layer: --layers +scale"),
    "layers named and changed": (["render", "hip", "--layers", "+scale,key", "-o", "a.svg"], "'key' is neither added"),
    "empty title": (["render", "hip", "--title", "", "-o", "a.svg"], "the title is empty"),
    "several formats into one": (["render", "hip", "--format", "svg,png", "-o", "a.svg"], "-o takes one format"),
    "one title for several": (["render", "--all", "--out", "b", "--title", "A"], "--title would name several"),
    "suffix": (["render", "hip", "-o", "a.jpeg"], "a.jpeg: the suffix of -o decides the format"),
    "no suffix": (["render", "hip", "-o", "a"], "a: the suffix of -o decides the format"),
    "suffix against format": (["render", "hip", "-o", "a.svg", "--format", "pdf"], "suffix and --format pdf differ"),
    "no folder": (["render", "hip", "-o", "none/a.svg"], "none/a.svg: there is no folder none"),
    "muscle": (["render", "hipp", "-o", "a.svg"], "unknown muscle 'hipp' (hint: did you mean 'hip'?)"),
    "format": (["render", "hip", "--format", "sgv", "--out", "b"], "unknown format 'sgv' (hint: did you mean 'svg'?)"),
    "view": (["render", "hip", "--views", "postrior", "-o", "a.svg"], "did you mean 'posterior'?"),
    "view, of several figures": (["render", "--all", "--views", "postrior", "--out", "b"], "did you mean 'posterior'?"),
    "side": (["render", "hip", "--side", "rigth", "-o", "a.svg"], "unknown side 'rigth' (hint: did you mean 'right'?)"),
    "theme": (
        ["render", "hip", "--theme", "plat", "-o", "a.svg"],
        "unknown theme 'plat' (hint: did you mean 'plate'?)",
    ),
    "body": (["render", "hip", "--body", "neutrl", "-o", "a.svg"], "did you mean 'neutral'?"),
    "layer": (["render", "hip", "--layers", "zone", "-o", "a.svg"], "did you mean 'zones'?"),
    "language": (["render", "hip", "--lang", "xx", "-o", "a.svg"], "unknown language 'xx'"),
    "point": (["render", "hip", "--points", "9", "-o", "a.svg"], "unknown trigger point of hip '9'"),
    "width": (["render", "hip", "--width", "4000", "-o", "a.svg"], "width 4000.0 is not a number from"),
    "resolution": (
        ["render", "hip", "--dpi", "9000", "-o", "a.png"],
        "argument --dpi: a number from 10 to 1200 is expected",
    ),
    "resolution of a later file": (
        ["render", "--all", "--dpi", "nan", "--format", "svg,png", "--out", "b"],
        "not 'nan'",
    ),
    "dpi in words": (
        ["render", "hip", "--dpi", "300dpi", "-o", "a.png"],
        "a number from 10 to 1200 is expected, not '300d",
    ),
    "pixels": (["render", "hip", "--width", "420", "--dpi", "1200", "-o", "a.png"], "a picture 19843 pixels wide is "),
    "one muscle twice": (["render", "hip", "side rump", "--out", "b"], "two figures have this file name"),
    "reserved name": (["render", "hip", "-o", "aux.svg"], "aux.svg: a name that Windows reserves"),
    "folder that is a file": (["render", "hip", "--out", "taken"], "taken is a file, not a folder"),
    "figure that is a folder": (["render", "hip", "-o", "folder.svg"], "folder.svg: this is a folder"),
    "standard output and JSON": (["render", "hip", "-o", "-", "--json"], "-o - puts the figure on stdout"),
    "hidden characters": (["render", "hip\x1b[31m", "-o", "a.svg"], "unknown muscle 'hip\\x1b[31m'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_told_in_one_line_and_nothing_is_written(name, here, small, capsys):
    words, expected = WRONG[name]
    (here / "taken").write_text("mine")
    (here / "folder.svg").mkdir()
    before = files(here)
    source = small.options if words[0] == "render" else []

    assert main([*words, *source]) == 2

    out, err = capsys.readouterr()
    assert [line for line in err.splitlines() if expected in line]
    assert len(err.splitlines()) == 1
    assert err.startswith("error: ")
    assert err.isprintable() or err.rstrip("\n").isprintable()
    assert files(here) == before
    if "--json" not in words:
        assert out == ""


def test_all_mistakes_are_told_at_once(here, capsys):
    assert main(["render", "--all", "hip", "--format", "gif,bmp", "-o", "x.svg"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 4


def test_unknown_muscles_are_all_named(here, small, capsys):
    assert main(["render", "hop", "calv", "--out", "b", *small.options]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert "'hop' (hint: did you mean 'hip'?)" in first
    assert "'calv' (hint: did you mean 'calf'?)" in second


def test_a_rejection_is_json_too(here, small, capsys):
    assert main(["render", "hipp", "-o", "a.svg", "--json", *small.options]) == 2
    out, err = capsys.readouterr()
    assert json.loads(out) == {"status": "error", "error": err.removeprefix("error: ").rstrip("\n")}


def test_alone_it_says_what_it_is_for(here, capsys):
    assert main([]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("  trigpoint ") == 2
    assert len(err.splitlines()) < 12


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["--version"], ["render", "--help"], ["check", "-h"]])
def test_help_ends_well(words, capsys):
    assert main(words) == 0
    assert "trigpoint" in capsys.readouterr().out


def test_whatever_was_imported_a_run_ends_in_silence(here, small):
    code = "import sys; sys.modules['trigpoint.x'] = None; from trigpoint.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "render", "hip", "-o", "a.svg", *small.options]
    run = subprocess.run(command, cwd=here, env=environment(), capture_output=True, encoding="utf-8", check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "a.svg\n", "")


def test_a_bug_is_told_without_a_traceback(here, capsys, monkeypatch):
    def broken(*given, **more):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("trigpoint.cli.list.load_atlas", broken)
    assert main(["list"]) == 4
    assert capsys.readouterr().err.startswith("error: internal error: ZeroDivisionError: by zero (hint: ")
    assert main(["list", "--debug"]) == 4
    assert "Traceback" in capsys.readouterr().err


@pytest.fixture
def full_disk(tmp_path):
    """A file system of 64 kB that holds one old file."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)]
    if os.geteuid() or not shutil.which("mount") or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount a small file system")
    (disk / "hip.svg").write_text("old")
    (disk / "rest").write_bytes(b"\0" * 60_000)
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_leaves_the_old_file(full_disk, here, small, capsys):
    assert main(["render", "hip", "calf", "--out", str(full_disk), *small.options]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert err.startswith(f"error: {full_disk}/hip.svg: cannot write: No space left on device (hint: ")
    assert (full_disk / "hip.svg").read_text() == "old"
    assert files(full_disk) == ["hip.svg", "rest"]


def test_a_limit_on_file_size_leaves_the_old_file(here, small):
    (here / "hip.svg").write_text("old")
    script = textwrap.dedent("""\
        import resource, signal, sys
        from trigpoint.cli import main
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        sys.exit(main(sys.argv[1:]))
    """)
    command = [sys.executable, "-B", "-c", script, "render", "hip", "-o", "hip.svg", *small.options]
    run = subprocess.run(command, cwd=here, env=environment(), capture_output=True, encoding="utf-8", check=False)
    assert (run.returncode, len(run.stderr.splitlines())) == (3, 1)
    assert (here / "hip.svg").read_text() == "old"
    assert files(here) == ["hip.svg"]


def test_a_folder_that_cannot_be_made(here, small, capsys):
    assert main(["render", "hip", "--out", "/proc/nowhere", *small.options]) == 3
    assert capsys.readouterr().err.startswith("error: /proc/nowhere: cannot make this folder: ")


SLOW = """\
import sys, time
from trigpoint import diagram
from trigpoint.files import atomic
from trigpoint.cli import console, main
def fsync(handle):
    print("writing", flush=True)
    time.sleep(60)
atomic.os.fsync = fsync
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGTERM, 143, "terminated"), (signal.SIGINT, 130, "interrupted"), (signal.SIGHUP, 129, "terminated")],
)
def test_a_signal_while_writing(number, code, said, here, small):
    command = [sys.executable, "-c", SLOW, "render", "hip", "calf", "--out", "b", "--quiet", *small.options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    heeded = partial(signal.signal, number, signal.SIG_DFL)  # a run in the background may hand down ignored signals
    with subprocess.Popen(command, cwd=here, env=environment(), preexec_fn=heeded, **pipes) as process:
        try:
            assert process.stdout.readline() == "writing\n"
            process.send_signal(number)
            _, err = process.communicate()  # a run that goes on after its sleep ends with another code
        finally:
            process.kill()
    assert (process.returncode, err) == (code, f"error: {said}\n")
    assert files(here) == ["b"]


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (BrokenPipeError(), 141, ""),
        (KeyboardInterrupt(), 130, "error: interrupted\n"),
        (OSError(28, "No space left on device"), 3, "error: output: No space left on device (hint: check space"),
        (PermissionError(13, "Permission denied", "a.svg"), 3, "error: a.svg: Permission denied (hint: check space"),
        (MemoryError(), 4, "error: internal error: MemoryError"),
    ],
)
def test_how_a_run_ends(error, code, said, capsys, monkeypatch):
    def fails(*given, **more):
        raise error

    monkeypatch.setattr("trigpoint.cli.list.load_atlas", fails)
    assert main(["list"]) == code
    err = capsys.readouterr().err
    assert err.startswith(said)
    assert len(err.splitlines()) == bool(said)


def test_the_handler_of_signals_is_put_back(small, capsys, monkeypatch):
    def stop(*given, **more):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr("trigpoint.cli.list.load_atlas", stop)
    assert main(["list"]) == 143
    assert capsys.readouterr().err == "error: terminated\n"
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_command_runs_in_a_thread_too(small):
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(main, ["list", *small.options]).result() == 0


def loaded_by(*words: str) -> set[str]:
    script = "import sys; from trigpoint.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", script, *words]
    run = subprocess.run(command, env=environment(), capture_output=True, encoding="utf-8", check=True)
    return set(run.stderr.split())


HEAVY = {"numpy", "shapely", "svgwrite", "matplotlib", "scipy", "pandas", "tqdm", "defusedxml"}


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["render", "--help"], []])
def test_help_loads_no_library(words):
    assert not HEAVY & loaded_by(*words)


def test_an_svg_needs_no_plotting_library(here, small):
    loaded = loaded_by("render", "hip", "-o", str(here / "a.svg"), *small.options)
    assert not loaded & {"matplotlib", "scipy", "pandas", "tqdm", "jsonschema", "multiprocessing", "svgwrite", "ssl"}
    assert {"numpy", "shapely"} <= loaded


def test_pixels_need_no_figure(here, small):
    loaded = loaded_by("render", "hip", "-o", str(here / "a.png"), *small.options)
    assert "matplotlib" in loaded
    assert not loaded & {"matplotlib.figure", "matplotlib.axes", "matplotlib.pyplot", "svgwrite"}


def test_it_is_a_module_too(here):
    run = trigpoint("--version", cwd=here)
    assert run.returncode == 0
    assert run.stdout.startswith("trigpoint ")
    assert ROOT.joinpath("trigpoint", "__main__.py").is_file()


def test_a_library_that_is_missing_is_an_installation_to_mend(monkeypatch, capsys):
    def broken(_arguments):
        raise ModuleNotFoundError("No module named 'shapely'", name="shapely")

    monkeypatch.setattr("trigpoint.cli.list.run", broken)
    assert main(["list"]) == 3
    err = capsys.readouterr().err
    assert "it needs shapely" in err
    assert "pip install" in err


@pytest.mark.parametrize("where", ["__del__", "callback", "import"])
@pytest.mark.parametrize(("number", "code", "said"), [("SIGINT", 130, "interrupted"), ("SIGTERM", 143, "terminated")])
def test_a_signal_where_python_ignores_errors_is_not_lost(number, code, said, where, tmp_path):
    """In `__del__` and in callbacks of weak references, and in an import that makes another error of it, as numpy's."""
    odd = "import __main__\ntry:\n    __main__.send()\nexcept BaseException:\n    raise ImportError from None\n"
    (tmp_path / "odd.py").write_text(odd)
    script = f"""
import os, signal, sys, time, weakref
from trigpoint import cli

def send(*_):
    os.kill(os.getpid(), signal.{number})

class Late:
    if {where!r} == "__del__":
        __del__ = send

def run(words):
    late = Late()
    held = weakref.ref(late, send if {where!r} == "callback" else None)
    del late
    if {where!r} == "import":
        import odd
    time.sleep(30)
    return 0

cli._run = run
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(cli.main(["list"]))
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (code, f"error: {said}\n")
