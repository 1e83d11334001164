"""The command: what it writes, what it says, how it ends."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pty
import select
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import termios
import textwrap
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from functools import partial
from pathlib import Path

import pytest

from tests.support.command import ROOT, SmallFiles, environment, small_files, trigpoint
from trigpoint.cli import console, main
from trigpoint.cli.arguments import parse
from trigpoint.diagram import Diagram
from trigpoint.diagram.diagram import written
from trigpoint.diagram.option_table import looks


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> SmallFiles:
    return small_files(tmp_path_factory.mktemp("small"))


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*"))


# --- what is asked for wrongly: exit 2, one line per mistake, nothing written

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


# --- render


def test_one_figure(here, small, capsys):
    assert main(["render", "hip", "-o", "hip.svg", *small.options]) == 0
    assert capsys.readouterr().out == "hip.svg\n"
    assert files(here) == ["hip.svg"]
    assert (here / "hip.svg").read_bytes().startswith(b"<svg ")


@pytest.mark.parametrize(("name", "magic"), [("a.svg", b"<svg "), ("a.PNG", b"\x89PNG"), ("a.pdf", b"%PDF")])
def test_the_suffix_decides(name, magic, here, small):
    assert main(["render", "hip", "-o", name, "--quiet", *small.options]) == 0
    assert (here / name).read_bytes().startswith(magic)


def test_several_figures_in_several_formats(here, small, capsys):
    assert main(["render", "hip", "calf", "--format", "svg,pdf", "--out", "plates/new", *small.options]) == 0
    expected = [f"plates/new/{name}.{kind}" for name in ("hip", "calf") for kind in ("svg", "pdf")]
    assert capsys.readouterr().out.splitlines() == expected
    assert sorted(files(here)) == sorted(["plates", "plates/new", *expected])


def test_all_muscles(here, small, capsys):
    assert main(["render", "--all", "--out", "plates", *small.options]) == 0
    assert capsys.readouterr().out.splitlines() == [f"plates/{name}.svg" for name in ("back", "calf", "hip")]


def test_names_may_stand_between_options(here, small, capsys):
    assert main(["render", "hip", "--out", "b", "calf", "--width", "90", *small.options]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_options_reach_the_drawing(here, small):
    words = "--views right --points 1,trp2 --side right --width 90 --title Mine --language la --theme print"
    assert main(["render", "HIP muscle", "-o", "a.svg", *words.split(), "--layers", "zones,title", *small.options]) == 0
    text = (here / "a.svg").read_text(encoding="utf-8")
    assert 'width="90mm"' in text
    assert "Mine" in text


def test_the_file_is_what_the_library_saves(here, small):
    from trigpoint.atlas import load_atlas

    atlas = load_atlas(patterns=small.patterns, outlines=small.outlines)
    assert main(["render", "hip", "-o", "a.png", "--dpi", "150", *small.options]) == 0
    assert (here / "a.png").read_bytes() == Diagram("hip", atlas=atlas).to_bytes("png", dpi=150)


def test_paths_with_blanks_and_letters_of_any_script(here, small):
    assert main(["render", "hip", "-o", "Abbildung für 図 1.svg", *small.options]) == 0
    assert main(["render", "hip", "--out", "neue Bilder 図", *small.options]) == 0
    assert files(here) == ["Abbildung für 図 1.svg", "neue Bilder 図", "neue Bilder 図/hip.svg"]


def test_a_dry_run_names_what_a_run_writes(here, small, capsys):
    words = ["render", "hip", "calf", "--format", "svg,png", "--out", "b", *small.options]
    assert main([*words, "--dry-run"]) == 0
    planned = capsys.readouterr().out
    assert files(here) == []
    assert main([*words, "--dry-run", "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert main(words) == 0
    assert capsys.readouterr().out == planned
    assert [(line["status"], line["output"]) for line in told] == [("planned", path) for path in planned.splitlines()]


def test_files_that_exist_are_kept_on_request(here, small, capsys):
    words = ["render", "hip", "calf", "--out", "b", *small.options, "--no-clobber"]
    (here / "b").mkdir()
    (here / "b/hip.svg").write_text("mine")
    assert main([*words, "--dry-run"]) == 0
    assert capsys.readouterr().out == "b/calf.svg\n"
    assert main(words) == 0
    assert capsys.readouterr().out == "b/calf.svg\n"
    assert (here / "b/hip.svg").read_text() == "mine"


def test_the_same_bytes_are_not_written_again(here, small):
    words = ["render", "hip", "-o", "a.svg", *small.options]
    assert main(words) == 0
    os.utime("a.svg", (1, 1))
    assert main(words) == 0
    assert (here / "a.svg").stat().st_mtime == 1
    assert main([*words, "--width", "100"]) == 0
    assert (here / "a.svg").stat().st_mtime > 1


def test_json_tells_one_object_per_file(here, small, capsys):
    assert main(["render", "hip", "--format", "svg,pdf", "--out", "b", "--json", *small.options]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["output"] for line in lines] == ["b/hip.svg", "b/hip.pdf"]
    for line in lines:
        assert list(line) == ["status", "input", "output", "sha256", "ms", "error"]
        assert (line["status"], line["input"], line["error"]) == ("written", "hip", None)
        assert line["sha256"] == hashlib.sha256((here / line["output"]).read_bytes()).hexdigest()
        assert line["ms"] > 0


def test_quiet_says_nothing(here, small, capsys):
    assert main(["render", "--all", "--out", "b", "--quiet", *small.options]) == 0
    assert capsys.readouterr() == ("", "")


def fail_for_hip(monkeypatch, error: Exception) -> None:
    def broken(diagram, *given, **more):
        if diagram.muscles == ("hip",):
            raise error
        return written(diagram, *given, **more)

    monkeypatch.setattr("trigpoint.batch.workers.draw.written", broken)


def test_one_failing_figure_does_not_stop_the_others(here, small, capsys, monkeypatch):
    fail_for_hip(monkeypatch, ZeroDivisionError("by zero"))
    assert main(["render", "hip", "calf", "--out", "b", *small.options]) == 1
    out, err = capsys.readouterr()
    assert out == "b/calf.svg\n"
    failure, summary = err.splitlines()
    assert failure == "error: b/hip.svg: internal error: ZeroDivisionError: by zero (hint: please report it)"
    assert summary.startswith("1 written, 1 failed in ")
    assert files(here) == ["b", "b/.trigpoint.journal", "b/calf.svg"]


def test_where_every_figure_fails_the_exit_code_says_why(here, small, capsys, monkeypatch):
    fail_for_hip(monkeypatch, ZeroDivisionError("by zero"))
    assert main(["render", "hip", "--format", "svg,pdf", "--out", "b", "--json", *small.options]) == 4
    out, err = capsys.readouterr()
    assert [json.loads(line)["status"] for line in out.splitlines()] == ["failed", "failed"]
    assert len(err.splitlines()) == 2


@pytest.mark.parametrize(
    ("report", "what"),
    [
        ("b/hip.svg", "the name of a figure"),
        ("b/../b/HIP.svg", "the name of a figure"),
        ("link/hip.svg", "the name of a figure"),
        ("b/.trigpoint.lock", "a name that a run keeps to itself"),
        ("mine.json", "the pattern file"),
        ("mine/neutral.posterior.svg", "a file of the outlines"),
    ],
)
def test_a_report_is_written_over_nothing_that_is_needed(here, small, capsys, report, what):
    (here / "b").mkdir()
    (here / "link").symlink_to("b")
    shutil.copy(small.patterns, here / "mine.json")
    shutil.copytree(small.outlines, here / "mine")
    mine = ["--patterns", "mine.json", "--outlines", "mine"]
    before = files(here)
    assert main(["render", "hip", "--out", "b", "--report", report, *mine]) == 2
    assert f"error: {report}: this is {what}" in capsys.readouterr().err
    assert files(here) == before
    assert (here / "mine.json").read_bytes() == small.patterns.read_bytes()


@pytest.mark.parametrize(
    ("report", "why"), [("null", "a device, a pipe or the like has this name"), ("b", "this is a folder")]
)
def test_a_report_that_cannot_be_a_file_is_told_before_the_run(here, small, capsys, report, why):
    (here / "null").symlink_to(os.devnull)
    (here / "b").mkdir()
    assert main(["render", "hip", "--out", "c", "--report", report, *small.options]) == 2
    assert f"error: {report}: {why} (hint: give " in capsys.readouterr().err
    assert not (here / "c").exists()


def test_a_report_may_lie_in_the_folder_that_the_run_makes(here, small):
    for report in ("b/report.json", "c/d/../notes/report.json"):
        assert main(["render", "hip", "--out", report[0], "--report", report, *small.options]) == 0
        assert json.loads((here / report).read_text())["counts"] == {"written": 1}
    assert main(["render", "hip", "--out", "d", "--report", "e/report.json", *small.options]) == 2
    assert not (here / "d").exists()
    assert not (here / "e").exists()


def test_a_figure_takes_no_device_s_name(here, small, capsys):
    (here / "null.svg").symlink_to(os.devnull)
    assert main(["render", "hip", "-o", "null.svg", *small.options]) == 2
    assert "error: null.svg: a device, a pipe or the like has this name (hint: " in capsys.readouterr().err
    assert (here / "null.svg").is_symlink()


def test_a_file_that_is_kept_is_told(here, small, capsys):
    assert main(["render", "hip", "-o", "a.svg", *small.options]) == 0
    assert main(["render", "hip", "-o", "a.svg", "--side", "left", "--no-clobber", *small.options]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("a.svg\n", "a.svg: kept\n")


@pytest.mark.parametrize("surroundings", [{"MPLBACKEND": "Qt4Agg"}, {"SOURCE_DATE_EPOCH": "yesterday"}])
def test_no_setting_of_matplotlib_s_ends_a_run(here, small, surroundings):
    run = trigpoint("render", "hip", "-o", "a.pdf", *small.options, cwd=here, env=environment(**surroundings))
    assert (run.returncode, run.stderr) == (0, "")


def test_a_warning_never_ends_a_run(here, small):
    words = ["render", "hip", "--preset", "elsevier-single", "-o", "a.svg", *small.options]
    command = [sys.executable, "-W", "error", "-m", "trigpoint", *words]
    run = subprocess.run(command, cwd=here, env=environment(), capture_output=True, encoding="utf-8", check=False)
    assert (run.returncode, run.stdout) == (0, "a.svg\n")
    assert run.stderr.startswith("warning: elsevier-single: the format is svg")


def test_a_list_that_begins_with_a_dash(here, small, capsys):
    assert main(["render", "hip", "-o", "a.svg", "--layers", "-key", *small.options]) == 2
    assert "is written --layers=-key" in capsys.readouterr().err
    assert main(["render", "hip", "-o", "a.svg", "--layers=-key", *small.options]) == 0


@pytest.mark.parametrize("more", [["--report", "r.json"], ["--executor", "m:f"], ["--scheduler", "local"], ["--json"]])
def test_a_figure_on_stdout_comes_alone(here, small, capsys, more):
    assert main(["render", "hip", "-o", "-", *more, *small.options]) == 2
    assert f"-o - puts the figure on stdout, without {more[0]}" in capsys.readouterr().err
    assert files(here) == []


def test_a_format_named_twice_is_one(here, small, capsys):
    assert main(["render", "hip", "--out", "b", "--format", "svg,SVG", *small.options]) == 0
    assert capsys.readouterr().out == "b/hip.svg\n"


def test_a_message_stands_above_the_bar(monkeypatch, capsys):
    with console.progress(3) as tick:
        tick()
        console.note("a message")
    assert "a message" in capsys.readouterr().err.replace("\r", "\n").split("\n")


def test_strict_needs_a_preset_somewhere(here, small, capsys):
    (here / "m.json").write_text('[{"muscle": "hip"}]')
    manifest = ["--manifest", "m.json", "--out", "b", *small.options]
    assert main(["render", *manifest, "--strict"]) == 2
    assert "--strict holds figures to a preset" in capsys.readouterr().err
    (here / "m.json").write_text('[{"muscle": "hip", "preset": "elsevier-single", "width": 150}]')
    assert main(["render", *manifest, "--strict"]) == 2
    assert "error: m.json figure 1 (hip): elsevier-single: the figure is 150 mm wide" in capsys.readouterr().err


def test_a_report_is_not_written_over_its_manifest(here, small, capsys):
    (here / "m.json").write_text('[{"muscle": "hip"}]')
    assert main(["render", "--manifest", "m.json", "--out", "b", "--report", "./m.json", *small.options]) == 2
    assert "this is the manifest" in capsys.readouterr().err
    assert (here / "m.json").read_text() == '[{"muscle": "hip"}]'


def test_without_stderr_stdout_holds_nothing_but_data(here, small):
    words = ["render", "hip", "--preset", "elsevier-single", "--format", "svg", "-o", "-", *small.options]
    script = f"exec {shlex.join([sys.executable, '-m', 'trigpoint', *words])} 2>&-"
    run = subprocess.run(script, shell=True, cwd=here, env=environment(), capture_output=True, check=False)
    assert run.returncode == 0
    assert run.stdout.startswith(b"<svg ")
    assert run.stdout.endswith(b"</svg>\n")


def test_without_stdin_there_is_no_manifest(small, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["render", "--manifest", "-", "--manifest-format", "csv", "--out", "b", *small.options]) == 2
    assert "standard input is closed" in capsys.readouterr().err


def test_names_beyond_the_locale_are_stored_in_utf_8(here, small):
    (here / "m.csv").write_text("muscle,who,output\nhip,Müller,{who}\nhip,Müller,{who}-1/{index}\n", encoding="utf-8")
    plain = environment(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    run = trigpoint("render", "--manifest", "m.csv", "--out", "b", *small.options, cwd=here, env=plain)
    assert run.returncode == 0
    assert {"Müller.svg", "Müller-1"} <= set(os.listdir(here / "b"))
    again = trigpoint("render", "--manifest", "m.csv", "--out", "b", *small.options, cwd=here, env=plain)
    assert (again.returncode, len(again.stdout.splitlines())) == (0, 2)


@pytest.mark.parametrize("columns", ["9" * 5000, "0", "-3", "wide", "²"])
def test_silly_widths_of_a_terminal_do_no_harm(here, columns):
    run = trigpoint("render", "--help", cwd=here, env=environment(COLUMNS=columns))
    assert run.returncode == 0
    assert max(map(len, run.stdout.splitlines())) <= 80


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


# --- standard output


def test_the_figure_on_standard_output(here, small):
    run = trigpoint("render", "hip", "-o", "-", "--format", "pdf", *small.options, cwd=here, encoding=None)
    assert run.returncode == 0
    assert run.stdout.startswith(b"%PDF")
    assert run.stderr == b""
    assert files(here) == []


def test_svg_is_the_format_of_standard_output(here, small):
    run = trigpoint("render", "hip", "-o", "-", *small.options, cwd=here)
    assert run.stdout.startswith("<svg ")
    assert run.stdout.rstrip().endswith("</svg>")


def read_terminal(words: list[str], cwd: Path, *, stdout: object = None, env: dict[str, str] | None = None):
    """Run the command with a terminal as stderr (and stdout unless given); its exit code and what the terminal saw."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    command = [sys.executable, "-m", "trigpoint", *words]
    process = subprocess.Popen(
        command, cwd=cwd, env=env or environment(), stderr=terminal, stdout=stdout or terminal, stdin=subprocess.DEVNULL
    )
    os.close(terminal)
    seen = b""
    while select.select([controller], [], [], 600)[0]:
        try:
            part = os.read(controller, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        seen += part
    os.close(controller)
    return process.wait(), seen.decode()


def test_no_binary_figure_on_a_terminal(here, small):
    code, seen = read_terminal(["render", "hip", "-o", "-", "--format", "png", *small.options], here)
    assert code == 2
    assert seen == "error: a terminal cannot show png (hint: redirect stdout, or name a file)\r\n"


def test_progress_is_shown_on_a_terminal_only(here, small):
    words = ["render", "--all", "--out", "b", *small.options]
    code, seen = read_terminal(words, here)
    assert code == 0
    assert "3/3" in seen
    assert "\x1b[" not in seen.replace("\x1b[A", "")
    for quiet in ("--quiet", "--json"):
        code, seen = read_terminal([*words, quiet], here, stdout=subprocess.DEVNULL)
        assert (code, seen) == (0, "")
    code, seen = read_terminal(["render", "hip", "--out", "b", *small.options], here)
    assert (code, seen) == (0, "b/hip.svg\r\n")


def test_paths_go_where_output_goes_while_the_bar_is_shown(here, small):
    with open(here / "paths", "wb") as paths:
        code, seen = read_terminal(["render", "--all", "--out", "b", *small.options], here, stdout=paths)
    assert code == 0
    assert "3/3" in seen
    assert (here / "paths").read_text() == "b/back.svg\nb/calf.svg\nb/hip.svg\n"


def test_a_reader_that_leaves_early_is_no_error(here, small):
    gone, pipe = os.pipe()
    os.close(gone)
    run = trigpoint("list", *small.options, cwd=here, stdout=pipe, stderr=subprocess.PIPE, capture_output=False)
    os.close(pipe)
    assert (run.returncode, run.stderr) == (141, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("words", [["list"], ["render", "hip", "-o", "-"], ["show", "hip", "--json"]])
def test_an_output_that_is_full(words, here, small):
    with open("/dev/full", "wb") as full:
        run = trigpoint(*words, *small.options, cwd=here, stdout=full, stderr=subprocess.PIPE, capture_output=False)
    assert run.returncode == 3
    assert run.stderr == "error: output: No space left on device (hint: check space and permissions)\n"


def test_a_closed_output(here, small):
    script = 'exec "$@" >&-'
    command = ["sh", "-c", script, "sh", sys.executable, "-m", "trigpoint", "render", "hip", "-o", "-", *small.options]
    run = subprocess.run(command, cwd=here, env=environment(), stderr=subprocess.PIPE, encoding="utf-8", check=False)
    assert (run.returncode, run.stderr) == (3, "error: standard output is closed (hint: give a file name to -o)\n")


def test_a_terminal_of_ascii_only(here, small):
    plain = environment(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    run = trigpoint("render", "hip", "-o", "图.svg", *small.options, cwd=here, env=plain)
    assert run.returncode == 0
    assert files(here) == ["图.svg"]
    usual = trigpoint("render", "hip", "-o", "b.svg", *small.options, cwd=here)
    assert usual.returncode == 0
    assert (here / "b.svg").read_bytes() == (here / "图.svg").read_bytes()


# --- the machine refuses


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


# --- interrupted

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


# --- the same ends without a process of their own


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


def test_no_standard_output_at_all(here, small, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["list", *small.options]) == 0
    assert main(["render", "hip", "-o", "-", *small.options]) == 3
    assert capsys.readouterr().err == "error: standard output is closed (hint: give a file name to -o)\n"


def test_a_warning_is_one_line(here, small, capsys):
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("always")
        patch.setattr("trigpoint.cli.list.load_atlas", lambda **more: warnings.warn("odd\x1b", stacklevel=1))
        assert main(["list"]) == 4
    assert capsys.readouterr().err.startswith("warning: odd\\x1b\nerror: internal error: AttributeError")


def test_a_bar_is_drawn_for_several_figures(here, small, capsys, monkeypatch):
    monkeypatch.setattr("trigpoint.cli.console.is_terminal", lambda stream: stream is sys.stderr)
    assert main(["render", "hip", "calf", "--out", "b", *small.options]) == 0
    out, err = capsys.readouterr()
    assert out == "b/hip.svg\nb/calf.svg\n"
    assert "2/2" in err


@pytest.mark.parametrize("words", [["--dry-run"], [], ["--no-clobber"]])
def test_a_terminal_is_not_sent_the_control_characters_of_a_folder(here, small, capsys, monkeypatch, words):
    """A program gets the path as it is; a person sees it in one line, without moving the cursor."""
    folder = "a\x1b[2J\nb\u202e"
    command = ["render", "hip", "--out", folder, *small.options, *words]
    assert main(command) == 0
    assert capsys.readouterr().out == f"{folder}/hip.svg\n"
    monkeypatch.setattr("trigpoint.cli.console.is_terminal", lambda stream: stream is sys.stdout)
    assert main(command) == 0
    told = "".join(capsys.readouterr())
    assert "a\\x1b[2J\\nb\\u202e/hip.svg" in told
    assert all(line.isprintable() for line in told.splitlines())
    assert main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["output"] == f"{folder}/hip.svg"


def test_a_terminal_is_not_sent_a_picture_it_cannot_show(here, small, capsys, monkeypatch):
    monkeypatch.setattr("trigpoint.cli.console.is_terminal", lambda stream: True)
    assert main(["render", "hip", "-o", "-", "--format", "png", *small.options]) == 2
    assert capsys.readouterr().err.startswith("error: a terminal cannot show png")
    assert main(["render", "hip", "-o", "-", *small.options]) == 0


# --- list, show, check


def test_list(small, capsys):
    assert main(["list", *small.options]) == 0
    _, calf, hip = capsys.readouterr().out.splitlines()
    assert calf.split() == ["calf", "Calf", "muscle", "1", "trigger", "point"]
    assert hip.split() == ["hip", "Hip", "muscle", "3", "trigger", "points"]


@pytest.mark.parametrize("region", ["sacral", "SACRUM"])
def test_list_by_region(region, small, capsys):
    assert main(["list", "--region", region, *small.options]) == 0
    assert "essential: trp1, trp2, trp3" in capsys.readouterr().out
    assert main(["list", "--region", "tfl region", *small.options]) == 0
    assert "spillover: trp1" in capsys.readouterr().out
    assert main(["list", "--region", region, "--json", *small.options]) == 0
    _, calf, hip = map(json.loads, capsys.readouterr().out.splitlines())
    assert (calf["id"], calf["region"], calf["essential"]) == ("calf", "sacral", ["calf.trp1"])
    assert hip["points"] == ["hip.trp1", "hip.trp2", "hip.trp3"]


def test_list_of_a_region_that_is_not_there(small, capsys):
    assert main(["list", "--region", "sacrl", *small.options]) == 2
    assert "unknown region 'sacrl' (hint: did you mean 'sacral'?)" in capsys.readouterr().err


def test_show(small, capsys):
    assert main(["show", "Musculus coxae", *small.options]) == 0
    text = capsys.readouterr().out
    for expected in (
        "Hip muscle (hip)",
        "TrP3 (anterior, uncommon, with a very long label) (hip.trp3)",
        "M, p. 155, Fig. 8.1 [recall]",
        "P [read]",
        "Able AB, Baker C (1992). Manual. [recall]",
        "confidence    high; review: draft",
        "not a diagnosis",
    ):
        assert expected in text
    assert max(map(len, text.splitlines())) <= 100


def test_show_as_json(small, capsys):
    assert main(["show", "hip", "--json", *small.options]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["id"] == "hip"
    assert [point["number"] for point in shown["points"]] == [1, 2, 3]
    assert sorted(shown["sources"]) == ["M", "P"]


def test_show_needs_a_muscle_that_is_there(small, capsys):
    assert main(["show", "hpi", *small.options]) == 2
    assert "did you mean 'hip'?" in capsys.readouterr().err
    assert main(["show"]) == 2
    assert "required: MUSCLE" in capsys.readouterr().err


def test_check_of_sound_files(small, capsys):
    words = ["check", str(small.patterns), "--outlines", str(small.outlines)]
    assert main(words) == 0
    assert capsys.readouterr().out == f"{small.patterns}: no problems (3 muscles, 11 trigger points)\n"
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "ok"


def test_check_tells_every_problem(here, small, capsys):
    text = small.patterns.read_text(encoding="utf-8")
    Path("mine.json").write_text(text.replace('"laterality"', '"lateralty"').replace('"high"', '"hihg"'), "utf-8")
    words = ["check", "mine.json", "--outlines", str(small.outlines)]
    assert main(words) == 2
    err = capsys.readouterr().err
    assert len(err.splitlines()) >= 8
    assert all(line.startswith("error: mine.json: /muscles/") for line in err.splitlines())
    assert "did you mean 'laterality'?" in err
    assert main([*words, "--json"]) == 2
    out, err = capsys.readouterr()
    assert ["error: " + json.loads(line)["error"] for line in out.splitlines()] == err.splitlines()


def test_check_of_a_point_outside_its_muscle(here, small, capsys):
    document = json.loads(small.patterns.read_text(encoding="utf-8"))
    document["muscles"][2]["points"][0]["at"]["posterior"] = [0.0, 400.0]
    Path("mine.json").write_text(json.dumps(document), encoding="utf-8")
    assert main(["check", "mine.json", "--outlines", str(small.outlines)]) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: mine.json: /muscles/2/points/0/at/posterior: ")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("words", [["check", "none.json"], ["check", "--outlines", "none"]])
def test_check_of_files_that_are_not_there(words, here, capsys):
    assert main(words) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_shipped_files_are_sound(capsys):
    assert main(["check"]) == 0
    assert capsys.readouterr().out.startswith("shipped patterns: no problems")


# --- what a run loads


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


def test_several_muscles_on_one_plate(here, capsys):
    assert main(["render", "gluteus_medius", "piriformis", "--layout", "grid", "-o", "grid.svg"]) == 0
    assert "Piriformis" in (here / "grid.svg").read_text("utf-8")
    assert main(["render", "gluteus_medius", "piriformis", "--overlay", "count", "--out", "b"]) == 2
    assert "draw one figure" in capsys.readouterr().err


def test_every_option_of_a_diagram_reaches_the_figure() -> None:
    """What the command accepts is drawn: nothing is taken and then forgotten."""
    known = vars(parse(["render", "gluteus_medius", "-o", "a.svg"]))
    names = {row.name for row in looks()}
    assert names == {field.name for field in fields(Diagram)} - {"muscles", "atlas"}
    assert names <= {*known}


def test_height_and_inset_count(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["render", "gluteus_medius", "--height", "90", "--inset", "sacral", "-o", "a.svg"]) == 0
    expected = Diagram("gluteus_medius", height=90, inset="sacral")
    assert Path("a.svg").read_bytes() == expected.to_bytes("svg")
    assert expected.scene().find("insets") is not None


def test_names_of_the_library_may_be_in_capitals(here, small):
    words = ["--theme", "Plate", "--side", "Right", "--body", "Neutral", "--labels", "Auto", "--layers", "+Scale"]
    assert main(["render", "hip", "-q", *words, "--format", "SVG", "--out", "a", *small.options]) == 0
    assert main(["render", "hip", "-q", "--layers", "+scale", "--out", "b", *small.options]) == 0
    assert (here / "a" / "hip.svg").read_bytes() == (here / "b" / "hip.svg").read_bytes()


def test_layers_are_added_to_the_usual_ones_and_taken_away():
    usual = {group.id for group in Diagram("soleus").scene().children}
    changed = {group.id for group in Diagram("soleus", layers=("+scale", "-locator")).scene().children}
    assert changed == usual - {"locator"} | {"scale"}


def test_a_library_that_is_missing_is_an_installation_to_mend(monkeypatch, capsys):
    def broken(_arguments):
        raise ModuleNotFoundError("No module named 'shapely'", name="shapely")

    monkeypatch.setattr("trigpoint.cli.list.run", broken)
    assert main(["list"]) == 3
    err = capsys.readouterr().err
    assert "it needs shapely" in err
    assert "pip install" in err


@pytest.mark.filterwarnings("always:nothing of")
def test_a_figure_that_shows_nothing_is_told(tmp_path, capsys):
    assert main(["render", "gluteus_medius", "--side", "left", "--views", "right", "-o", str(tmp_path / "a.svg")]) == 0
    assert "warning: nothing of gluteus_medius is seen in the view right" in capsys.readouterr().err
    assert main(["render", "gluteus_medius", "--side", "left", "--views", "left", "-o", str(tmp_path / "a.svg")]) == 0
    assert not capsys.readouterr().err


def test_regions_are_listed_by_name(capsys):
    assert main(["list", "--regions", "--language", "de"]) == 0
    assert "groin" + " " * 24 + "Leiste" in capsys.readouterr().out.splitlines()


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
