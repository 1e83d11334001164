"""A manifest on the command line: samples, dry runs, failures, standard input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest

from tests.support.command import ROOT, trigpoint
from tests.support.manifests import COMMAS, OUT, alike, names, run
from trigpoint.batch.manifest import read_manifest
from trigpoint.files.shipped import resource

SCHEMA = json.loads(resource("data", "manifest.schema.json").read_text("utf-8"))


def test_columns_that_mean_nothing_are_named(small, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("f.csv").write_text("muscle,Seite,who,when\nhip,links,A,\n", "utf-8")
    words = ("--manifest", "f.csv", "--out", "plates", "--title", "{who}", "--dry-run")
    assert run(small, *words) == 0
    assert capsys.readouterr().err == "note: no option, and in no name or title: 'Seite', 'when'\n"
    assert run(small, *words, "--quiet") == 0
    assert capsys.readouterr().err == ""


SAMPLES = [ROOT / "examples" / "figures.toml", ROOT / "examples" / "figures.csv"]


def test_the_samples_say_the_same():
    one, other = (read_manifest(sample, folder=OUT) for sample in SAMPLES)
    assert alike(one) == alike(other)
    assert names(one) == [
        "A-017/2026-03-02-gluteus_medius-left.svg",
        "A-017/2026-03-02-gluteus_medius-left.pdf",
        "A-017/2026-03-09-piriformis-right.svg",
        "A-017/2026-03-09-piriformis-right.pdf",
        "overview.pdf",
    ]
    assert one[0].options["title"] == "Patient A-017, 2026-03-02"
    jsonschema.validate(json.loads(json.dumps(tomllib.loads(SAMPLES[0].read_text("utf-8")), default=str)), SCHEMA)


def test_a_figure_that_fails_is_told_with_its_file_and_its_row(small, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("f.csv").write_text("muscle,width,height,output\nhip,85,,a\nhip,40,40,b\n", "utf-8")
    assert run(small, "--manifest", "f.csv", "--out", "o", "--quiet") == 1
    assert capsys.readouterr().err.startswith("error: o/b.svg: f.csv line 3: the plate does not fit a height of 40 mm")
    assert [file.name for file in Path("o").glob("*.svg")] == ["a.svg"]


def test_a_run_writes_what_a_dry_run_names(small, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("f.csv").write_text(COMMAS.replace("both.pdf", "both.svg").replace("svg,png", "svg"), "utf-8")
    assert run(small, "--manifest", "f.csv", "--out", "plates", "--dry-run") == 0
    planned = capsys.readouterr().out.split()
    assert not Path("plates").exists()
    assert run(small, "--manifest", "f.csv", "--out", "plates") == 0
    assert capsys.readouterr().out.split() == planned == ["plates/A-1/hip-left.svg", "plates/both.svg"]
    assert b"Patient A-1, Nord" in Path(planned[0]).read_bytes()
    report = "--json", "--report", "report.json"
    assert run(small, "--manifest", "f.csv", "--out", "plates", *report) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["status"], row["input"]) for row in told] == [("unchanged", f"f.csv line {n}") for n in (2, 3)]


def test_nothing_is_written_where_a_row_is_wrong(small, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("f.csv").write_text("muscle,side,output\nhip,left,a.svg\nhip,lefft,../b.svg\n", "utf-8")
    assert run(small, "--manifest", "f.csv", "--out", "plates") == 2
    assert capsys.readouterr().err.splitlines() == [
        "error: f.csv: line 3, column side: unknown side 'lefft' (hint: did you mean 'left'?)",
        "error: f.csv: line 3, column output: '../b.svg': a part of the name is empty, or leads out of the output"
        " folder (hint: give a plain name, or folder/name)",
    ]
    assert os.listdir() == ["f.csv"]


@pytest.mark.parametrize(
    ("header", "cells", "column"),
    [
        ("width,dpi,format", "420,1200,png", "dpi"),
        ("width,dpi,format", '420,1200,"svg,png"', "dpi"),
        ("width,output,dpi", "420,b.png,1200", "dpi"),
        ("width,preset,format", "420,plos,tiff", "width"),
        ("format,dpi,views", 'png,1200,"posterior,right"', "dpi"),
    ],
)
@pytest.mark.parametrize("more", [[], ["--dry-run"], ["--jobs", "2"]], ids=["run", "dry", "jobs"])
def test_a_page_too_wide_for_its_pixels_is_told_with_its_line(
    small, tmp_path, monkeypatch, capsys, more, header, cells, column
):
    monkeypatch.chdir(tmp_path)
    good = ",".join({"width": "85"}.get(name, "") for name in header.split(","))
    Path("big.csv").write_text(f"muscle,{header}\nhip,{good}\ncalf,{cells}\n")
    assert run(small, "--manifest", "big.csv", "--out", "plates", *more) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"error: big.csv: line 3, column {column}: a picture ")
    assert "PNG_SIDE" in line
    assert not Path("plates").exists()


def test_a_name_that_ends_in_svg_has_no_pixels_to_be_refused(small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("big.csv").write_text("muscle,output,width\nhip,a.svg,420\n")
    assert run(small, "--manifest", "big.csv", "--out", "plates", "--format", "png", "--dpi", "1200") == 0
    assert Path("plates", "a.svg").exists()


def test_the_command_line_fills_empty_cells(small, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("f.csv").write_text("muscle,side\nhip,\nhip,right\n", "utf-8")
    given = ["--side", "left", "--format", "svg,png", "--dpi", "50", "--title", "{muscle} {row}"]
    assert run(small, "--manifest", "f.csv", "--out", "plates", "--dry-run", *given) == 0
    assert capsys.readouterr().out.split() == [f"plates/{n}-hip.{kind}" for n in (1, 2) for kind in ("svg", "png")]


def test_a_manifest_from_standard_input(small, tmp_path):
    words = ["render", "--manifest", "-", "--manifest-format", "jsonl", "--out", "plates", *small.options]
    done = trigpoint(*words, cwd=tmp_path, input='{"muscle": "hip", "output": "ä"}\n')
    assert (done.returncode, done.stdout.split()) == (0, [str(Path("plates", "ä.svg"))])
    done = trigpoint(*words, cwd=tmp_path, input='{"muscle": "hipp"}\n')
    assert done.returncode == 2
    assert "error: stdin: line 1, column muscle: unknown muscle 'hipp'" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["hip", "--out", "x"], "--manifest and muscles exclude each other"),
        (["--all", "--out", "x"], "--manifest and muscles exclude each other"),
        (["-o", "x.svg"], "--manifest writes below a folder"),
        ([], "--manifest writes below a folder"),
    ],
)
def test_what_does_not_go_with_a_manifest(small, tmp_path, monkeypatch, capsys, words, told):
    monkeypatch.chdir(tmp_path)
    Path("f.csv").write_text("muscle\nhip\n", "utf-8")
    assert run(small, "--manifest", "f.csv", *words) == 2
    assert told in capsys.readouterr().err


def test_a_format_needs_a_manifest_and_stdin_a_format(small, capsys):
    assert run(small, "hip", "--manifest-format", "csv", "--out", "x") == 2
    assert "--manifest-format is that of --manifest FILE" in capsys.readouterr().err
    assert run(small, "--manifest", "-", "--out", "x") == 2
    assert "stdin has no suffix" in capsys.readouterr().err


def test_drawing_one_figure_loads_nothing_for_manifests():
    code = "import sys; from trigpoint.cli import render; print(sorted({'csv', 'tomllib'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
