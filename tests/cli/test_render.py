"""`trigpoint render`: which files come out, reports, formats, options."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from tests.support.command import environment, files, trigpoint
from trigpoint.cli import main
from trigpoint.cli.arguments import parse
from trigpoint.diagram import Diagram
from trigpoint.diagram.diagram import written
from trigpoint.diagram.option_table import looks


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


@pytest.mark.filterwarnings("always:nothing of")
def test_a_figure_that_shows_nothing_is_told(tmp_path, capsys):
    assert main(["render", "gluteus_medius", "--side", "left", "--views", "right", "-o", str(tmp_path / "a.svg")]) == 0
    assert "warning: nothing of gluteus_medius is seen in the view right" in capsys.readouterr().err
    assert main(["render", "gluteus_medius", "--side", "left", "--views", "left", "-o", str(tmp_path / "a.svg")]) == 0
    assert not capsys.readouterr().err
