"""Manifests: every way of writing gives the same jobs, and every mistake is told with its line and column."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.command import ROOT, SmallFiles, small_files, trigpoint
from tests.support.small_atlas import small_atlas
from trigpoint import limits
from trigpoint.atlas import Atlas, load_atlas
from trigpoint.batch.manifest import read_manifest
from trigpoint.batch.manifest import reader as manifest
from trigpoint.batch.manifest.columns import columns, placeholders
from trigpoint.batch.manifest.output_folder import Places
from trigpoint.batch.row_options import MOST_COMMAS, settle
from trigpoint.cli import main
from trigpoint.diagram import Diagram
from trigpoint.diagram.diagram import FORMATS
from trigpoint.diagram.option_table import HEIGHT
from trigpoint.errors import InputError, UnknownNameError
from trigpoint.files.shipped import resource

SCHEMA = json.loads(resource("data", "manifest.schema.json").read_text("utf-8"))
OUT = Path("figures")


@pytest.fixture(scope="module")
def atlas(tmp_path_factory) -> Atlas:
    return small_atlas(tmp_path_factory.mktemp("outlines"))


@pytest.fixture(scope="module")
def read(atlas):
    def reader(text, kind="csv", **more):
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        return read_manifest(data, folder=more.pop("folder", OUT), format=kind, atlas=atlas, name=f"f.{kind}", **more)

    return reader


@pytest.fixture(scope="module")
def told(read):
    """The lines of the error that a manifest ends in, without the file's name."""

    def teller(text, kind="csv", **more) -> list[str]:
        with pytest.raises(InputError) as caught:
            read(text, kind, **more)
        lines = str(caught.value).split("\n")
        assert all(line.startswith(f"f.{kind}: ") for line in lines)
        return [line.removeprefix(f"f.{kind}: ") for line in lines]

    return teller


def mistakes(read, text, kind) -> list[str]:
    """What is wrong with a manifest; any error but InputError comes through."""
    try:
        read(text, kind)
    except InputError as error:
        return [problem.line() for problem in error.problems]
    return []


def names(jobs) -> list[str]:
    return [target.path.relative_to(OUT).as_posix() for job in jobs for target in job.targets]


def alike(jobs):
    """Jobs without the place where they were written."""
    return [replace(job, origin="") for job in jobs]


TOML = """
[defaults]
theme = "print"
side = "left"
clinic = "Nord"

[[figures]]  # [[figures]]
muscle = "hip"
views = ["posterior"]
width = 85.5
points = [1, 2]
patient = "A-1"
title = "Patient {patient}, {clinic}"
output = "{patient}/{muscle}-{side}"
format = ["svg", "png"]

[[figures]]
muscle = ["back", "calf"]
layout = "grid"
side = "right"
output = "both.pdf"
"""
ROWS = [
    {
        "muscle": "hip",
        "views": ["posterior"],
        "width": 85.5,
        "points": [1, 2],
        "patient": "A-1",
        "title": "Patient {patient}, {clinic}",
        "output": "{patient}/{muscle}-{side}",
        "format": ["svg", "png"],
    },
    {"muscle": ["back", "calf"], "layout": "grid", "side": "right", "output": "both.pdf"},
]
DEFAULTS = {"theme": "print", "side": "left", "clinic": "Nord"}
FULL = [{**DEFAULTS, **row} for row in ROWS]
COMMAS = """\
clinic,theme,side,muscle,views,width,points,patient,title,output,format,layout
Nord,print,left,hip,posterior,85.5,"1,2",A-1,"Patient {patient}, {clinic}",{patient}/{muscle}-{side},"svg,png",
Nord,print,right,"back,calf",,,,,,both.pdf,,grid
"""
SEMICOLONS = """\
clinic;theme;side;muscle;views;width;points;patient;title;output;format;layout;
Nord;print;left;hip;posterior;85,5;1,2;A-1;Patient {patient}, {clinic};{patient}/{muscle}-{side};svg,png;;
Nord;print;right;back, calf;;;;;;both.pdf;;grid;
;;;;;;;;;;;;
"""
WAYS = {
    "toml": (TOML, "toml"),
    "json": (json.dumps({"defaults": DEFAULTS, "figures": ROWS}, indent=1), "json"),
    "a list in json": (json.dumps(FULL), "json"),
    "jsonl": ("\n\n".join(map(json.dumps, FULL)), "jsonl"),
    "commas": (COMMAS, "csv"),
    "semicolons": (SEMICOLONS, "csv"),
    "a spreadsheet": ("\ufeff" + SEMICOLONS.replace("\n", "\r\n"), "csv"),
    "sep": ("sep=;\r\n" + SEMICOLONS.replace("\n", "\r\n"), "csv"),
    "tabs": (SEMICOLONS.replace(";", "\t"), "csv"),
    "an old machine": (SEMICOLONS.replace("\n", "\r"), "csv"),
}


@pytest.mark.parametrize(("text", "kind"), WAYS.values(), ids=WAYS)
def test_every_way_of_writing_gives_the_same_jobs(read, text, kind):
    first, second = jobs = read(text, kind)
    assert alike(jobs) == alike(read(TOML, "toml"))
    assert names(jobs) == ["A-1/hip-left.svg", "A-1/hip-left.png", "both.pdf"]
    assert first.muscles == ("hip",)
    assert second.muscles == ("back", "calf")
    assert first.columns == {"patient": "A-1", "clinic": "Nord"}
    assert first.options == {
        "theme": "print",
        "side": "left",
        "views": ("posterior",),
        "width": 85.5,
        "points": (1, 2),
        "title": "Patient A-1, Nord",
    }
    assert second.options == {"theme": "print", "side": "right", "layout": "grid"}
    assert [target.format for target in first.targets] == ["svg", "png"]


def test_a_job_says_where_it_was_written(read):
    assert [job.origin for job in read(COMMAS)] == ["f.csv line 2", "f.csv line 3"]
    assert [job.origin for job in read(TOML, "toml")] == ["f.toml figure 1 (hip)", "f.toml figure 2 (both.pdf)"]
    text = 'muscle,notes\nhip,"a\nb\nc"\n\n\ncalf,x\n'
    assert [job.origin for job in read(text)] == ["f.csv line 2", "f.csv line 7"]
    assert read(text)[0].columns == {"notes": "a\nb\nc"}


def test_jobs_can_be_drawn(read, atlas):
    for job in read(TOML, "toml"):
        assert Diagram(*job.muscles, atlas=atlas, **job.options).to_bytes("svg").startswith(b"<svg")


def test_a_file_by_its_suffix(tmp_path, atlas):
    for suffix, (text, _) in {"toml": WAYS["toml"], "tsv": WAYS["tabs"], "ndjson": WAYS["jsonl"]}.items():
        file = tmp_path / f"f.{suffix}"
        file.write_text(text, "utf-8")
        assert len(read_manifest(file, folder=OUT, atlas=atlas)) == 2
    with pytest.raises(InputError, match=r"f.yaml: the suffix does not tell .* \.toml, \.csv"):
        read_manifest(tmp_path / "f.yaml", folder=OUT, atlas=atlas)
    with pytest.raises(UnknownNameError, match="did you mean 'json'"):
        read_manifest(b"", folder=OUT, format="jsom", atlas=atlas)
    with pytest.raises(InputError, match="no such file"):
        read_manifest(tmp_path / "none.csv", folder=OUT, atlas=atlas)


# What counts where several places say something


def test_a_row_counts_before_the_command_line_and_that_before_defaults(read):
    rows = '[defaults]\nside = "left"\ntheme = "plate"\nwidth = 90\n[[figures]]\nmuscle = "hip"\nwidth = 70\n'
    (job,) = read(rows, "toml", given={"theme": "print", "width": 85.0, "views": ("posterior",)})
    assert job.options == {"side": "left", "theme": "print", "width": 70, "views": ("posterior",)}


def test_an_empty_cell_takes_the_default(read):
    (job,) = read("muscle,side,width,title\nhip, ,,\n", given={"side": "left", "title": "{muscle}!"})
    assert job.options == {"side": "left", "title": "hip!"}
    (job,) = read('{"defaults": {"side": "left"}, "figures": [{"muscle": "hip", "side": null}]}', "json")
    assert job.options == {"side": "left"}


def test_a_row_s_muscle_counts_by_either_name(read):
    (job,) = read('{"defaults": {"muscle": "hip"}, "figures": [{"muscles": ["calf"]}]}', "json")
    assert job.muscles == ("calf",)


def test_a_preset_gives_the_format_and_leaves_the_resolution_open(read):
    first, second = read("muscle,preset,dpi,format\nhip,elsevier-single,,\nhip,elsevier-single,600,png\n")
    assert (first.dpi, first.targets[0].format) == (None, "pdf")
    assert (second.dpi, second.targets[0].format) == (600, "png")


# Names of files


def test_every_placeholder(read):
    header = "muscle,views,side,points,preset,width,dpi,format,patient,output\n"
    row = 'hip,"posterior,right",left,"1,3",bmc-single,85.5,400,png,B 7,' + "-".join(f"{{{p}}}" for p in placeholders())
    (job,) = read(header + row + "-{patient}.{format}\n")
    values = {"muscle": "hip", "points": "1+3", "view": "posterior+right", "side": "left", "body": "neutral"}
    values |= {"language": "en", "theme": "plate", "preset": "bmc-single", "width": "85.5", "dpi": "400"}
    values |= {"format": "png", "index": "1", "row": "1"}
    assert names([job]) == ["-".join(values[p] for p in placeholders()) + "-B 7.png"]


def test_placeholders_of_what_is_not_said_are_what_is_drawn(read):
    assert names(read("muscle,output\nhip,{view}-{side}-{width}-{body}-{dpi}\n")) == [
        "right+posterior-right-175-neutral-300.svg"
    ]


def test_numbers_sort_as_text(read):
    rows = "muscle\n" + "hip\n" * 12
    assert names(read(rows))[:2] == ["01-hip.svg", "02-hip.svg"]
    assert names(read(rows, given={"output": "{row}"}))[8:10] == ["9.svg", "10.svg"]


@pytest.mark.parametrize(
    ("output", "format", "files"),
    [
        ("a.svg", "", ["a.svg"]),
        ("a.PNG", "", ["a.PNG"]),
        ("a.png", "png", ["a.png"]),
        ("a", "", ["a.svg"]),
        ("a.b", "", ["a.b.svg"]),
        ("a", "png,pdf", ["a.png", "a.pdf"]),
        ("{format}/a.{format}", "png,pdf", ["png/a.png", "pdf/a.pdf"]),
        ("{{a}}", "", ["{a}.svg"]),
    ],
)
def test_the_suffix_and_the_format(read, output, format, files):
    assert names(read(f'muscle,output,format\nhip,{output},"{format}"\n')) == files


def test_a_suffix_wins_over_a_format_for_all_rows_but_not_over_the_row_s(read, told):
    assert names(read("muscle,output\nhip,a.svg\nhip,b\n", given={"format": ("pdf",)})) == ["a.svg", "b.pdf"]
    (line,) = told("muscle,output,format\nhip,a.svg,pdf\n")
    assert line.startswith("line 2, column output: the name ends in .svg, the format is pdf")
    (line,) = told("muscle\nhip\n", given={"output": "a.svg", "format": "pdf"})
    assert line.startswith("line 2, column output (from the call): the name ends in .svg, the format is pdf")


NAMES = [
    ("../a.svg", "leads out of the output folder"),
    ("a/../../b.svg", "leads out of the output folder"),
    ("/etc/a.svg", "leads out of the output folder"),
    ("/a.svg", "leads out of the output folder"),
    ("/{muscle}", "leads out of the output folder"),
    ("a//b.svg", "a part of the name is empty"),
    ("./a.svg", "leads out of the output folder"),
    ("a/", "a part of the name is empty"),
    ("a/.", "a part of the name is empty"),
    ("a/..", "a part of the name is empty"),
    ("a/.{format}", "a part of the name is empty"),
    ("/".join(["é" * 120] * 20), "this path cannot be used: File name too long"),
    ("..\\a.svg", "a character that file names cannot have everywhere"),
    ("C:a.svg", "a character that file names cannot have everywhere"),
    ("con.svg", "a name that Windows reserves for a device"),
    ("LPT1/a.svg", "a name that Windows reserves for a device"),
    ("a./b.svg", "cannot end in a dot"),
    ("a /b.svg", "cannot end in a dot or a blank"),
    ("~/x.svg", "a name that begins with '~' is taken for the home folder"),
    ("~x.svg", "a name that begins with '~' is taken for the home folder"),
    ("-rf x", "a name that begins with '-' is taken for an option"),
    ("a/-rf/x", "a name that begins with '-' is taken for an option"),
    (".ssh/x", "a folder whose name begins with a dot is hidden"),
    ("a/.git/x", "a folder whose name begins with a dot is hidden"),
    (".trigpoint.lock/x", "a name that a run keeps to itself"),
    (".trigpoint.journal", "a name that a run keeps to itself"),
    ("x" * 256 + ".svg", "more than the limit of 255"),
    ("é" * 130 + ".svg", "more than the limit of 255"),
    ("a\u202eb.svg", "RIGHT-TO-LEFT OVERRIDE"),
    ("a.jpg", "unknown format 'jpg'"),
    ("{patient}.svg", "{patient} is empty here"),
    ("{note}.svg", "'a/b' cannot be part of a file name: it holds '/'"),
    ("{nothing}.svg", "unknown placeholder '{nothing}'"),
    ("{muscle.svg", "the brace at character 1 has no partner"),
    ("{muscle.__class__}.svg", "unknown placeholder"),
]


@pytest.mark.parametrize(("output", "words"), NAMES, ids=[name[:12] for name, _ in NAMES])
def test_names_that_cannot_be(told, output, words):
    row = {"muscle": "hip", "note": "a/b", "patient": "", "output": output}
    (line,) = told(json.dumps([row]), "json")
    assert words in line
    assert line.startswith(("figure 1 (hip), column output", "figure 1 (hip), column note"))


def test_a_nul_in_a_name(told):
    (line,) = told('[{"muscle": "hip", "output": "a\\u0000.svg"}]', "json")
    assert "U+0000" in line


SAME = [("a.svg", "a.svg"), ("a.svg", "A.svg"), ("ä.svg", "a\u0308.svg"), ("ß.svg", "SS.svg"), ("d/a.svg", "D/A.svg")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_some_machine_takes_for_one(told, one, other):
    rows = [{"muscle": "hip", "output": one}, {"muscle": "back"}, {"muscle": "calf", "output": other}]
    (line,) = told("\n".join(map(json.dumps, rows)), "jsonl")
    assert line.startswith(f"line 3, column output: '{other}' is taken already, by line 1 (hint: use")


def test_a_name_cannot_be_a_file_and_a_folder(told):
    (line,) = told("muscle,output\nhip,d.svg\ncalf,d.svg/x\n")
    assert line.startswith("line 2: 'd.svg' is the name of a file and of a folder")
    (line,) = told("muscle,output\nhip,d/e.svg\ncalf,d/e.svg/x\n")
    assert line.startswith("line 2: 'd/e.svg' is the name of a file and of a folder")
    places = Places(OUT)
    assert [places.claim(name, row) for row, name in enumerate(("d", "d/e", "d/e/f.svg"))] == [None] * 3
    assert list(places.clashes()) == [(0, "d"), (0, "d"), (1, "d/e")]


def test_links_and_files_in_the_way(told, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    out = tmp_path / "out"
    (out / "real" / "deep.svg").mkdir(parents=True)
    (out / "file").write_text("")
    os.symlink(tmp_path / "elsewhere", out / "link")
    rows = "muscle,output\nhip,link/a\nhip,file/a\nhip,real/deep.svg\nhip,real/link\n"
    lines = told(rows, folder=out)
    assert len(lines) == 3
    assert "line 2, column output" in lines[0]
    assert "is a link, which may lead out" in lines[0]
    assert "is a file, not a folder" in lines[1]
    assert "this is a folder" in lines[2]
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize(
    ("output", "file", "kind"),
    [
        ("{muscle}.png", "hip.png", "png"),
        ("{muscle}.PDF", "hip.PDF", "pdf"),
        ("{sheet}", "plate.v2.tif", "tiff"),
        ("{sheet}/{muscle}", "plate.v2.tif/hip.svg", "svg"),
        ("{muscle}.v2", "hip.v2.svg", "svg"),
    ],
)
def test_the_end_of_the_whole_name_is_the_format(read, output, file, kind):
    (job,) = read(f"muscle,sheet,output\nhip,plate.v2.tif,{output}\n")
    (target,) = job.targets
    assert (target.path.relative_to(OUT).as_posix(), target.format) == (file, kind)


@pytest.mark.parametrize("output", ["{muscle}.jpg", "{sheet}"])
def test_a_picture_of_another_kind_is_refused(told, output):
    (line,) = told(f"muscle,sheet,output\nhip,plate.jpg,{output}\n")
    assert "line 2, column output: unknown format 'jpg'" in line


def test_folders_are_not_nested_without_end(read, told):
    assert names(read("muscle,output\nhip," + "a/" * limits.DEPTH + "x\n"))
    (line,) = told("muscle,output\nhip," + "a/" * (limits.DEPTH + 1) + "x\n")
    assert "folders nested deeper than 32 levels (trigpoint.limits.DEPTH)" in line


@pytest.mark.parametrize("output", [".png", "plates/.png", ".png.svg"])
def test_a_name_that_is_only_a_suffix_is_none(read, told, output):
    if output == ".png.svg":
        assert names(read(f"muscle,output\nhip,{output}\n")) == [output]
    else:
        assert "a part of the name is empty" in told(f"muscle,output\nhip,{output}\n")[0]


def test_a_name_with_its_format_in_it_has_a_suffix_all_the_same(read):
    rows = 'muscle,format,output\nhip,"svg,png",{output}\n'
    for output, files in (
        ("{format}/{muscle}", ["svg/hip.svg", "png/hip.png"]),
        ("{muscle}.{format}", ["hip.svg", "hip.png"]),
        ("{muscle}-{format}", ["hip-svg.svg", "hip-png.png"]),
    ):
        assert names(read(rows.replace("{output}", output))) == files


def test_a_format_beside_another_suffix_is_told(told):
    (line,) = told("muscle,format,output\nhip,png,{muscle}.pdf\n")
    assert "the name ends in .pdf, the format is png" in line


# Mistakes


@pytest.mark.parametrize(
    ("column", "meant"),
    [("Side", "side"), ("SIDE", "side"), ("sides", "side"), ("View", "views"), ("Langu age", "language")],
)
def test_an_option_in_other_letters_names_no_file(told, column, meant):
    """Its figures would be called left and show the right."""
    (line,) = told(f"muscle,{column},output\nhip,left,{{muscle}}-{{{column}}}\n")
    assert line == f"line 1: unknown column '{column}' (hint: did you mean '{meant}'?)"


def test_all_mistakes_are_told_at_once(told):
    rows = """\
muscle,side,views,width,theme,output,extra
hipp,rigth,posterior,wide,plate,a.svg,
hip,left,"posterior,posterio",500,plat,b.svg,
hip,left,posterior,,,b.svg,
"""
    assert told(rows) == [
        "line 2, column width: a number expected, found 'wide' (hint: write digits, such as 85 or 85.5)",
        "line 2, column muscle: unknown muscle 'hipp' (hint: did you mean 'hip'?)",
        "line 2, column side: unknown side 'rigth' (hint: did you mean 'right'?)",
        "line 3, column views: unknown view 'posterio' (hint: did you mean 'posterior'?)",
        "line 3, column width: width 500.0 is not a number from 40 to 420 mm (hint: choose a width from 40 to 420)",
        "line 3, column theme: unknown theme 'plat' (hint: did you mean 'plate'?)",
        "line 4, column output: 'b.svg' is taken already, by line 3 (hint: use {index} or a column of"
        " your own in 'output')",
    ]


def test_what_is_wrong_with_a_row_is_told_there_wherever_its_text_comes_from(told):
    rows = """[defaults]
output = "{patient}-{muscle}"
[[figures]]
muscle = "hip"
patient = "A"
[[figures]]
muscle = "hip"
[[figures]]
muscle = "hip"
patient = "A"
"""
    assert told(rows, "toml") == [
        "figure 2 (hip), column output (from defaults): {patient} is empty here (hint: fill the column, or leave"
        " {patient} out of 'output')",
        "figure 3 (hip), column output (from defaults): 'A-hip.svg' is taken already, by figure 1 (hip) (hint: use"
        " {index} or a column of your own in 'output')",
    ]
    (line,) = told('[defaults]\noutput = "{patint}"\n' + '[[figures]]\nmuscle = "hip"\npatient = "A"\n' * 9, "toml")
    assert line.startswith("defaults, column output: unknown placeholder '{patint}' (hint: did you mean 'patient'?")


def test_columns_that_mean_nothing_are_named(small, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("f.csv").write_text("muscle,Seite,who,when\nhip,links,A,\n", "utf-8")
    words = ("--manifest", "f.csv", "--out", "plates", "--title", "{who}", "--dry-run")
    assert run(small, *words) == 0
    assert capsys.readouterr().err == "note: no option, and in no name or title: 'Seite', 'when'\n"
    assert run(small, *words, "--quiet") == 0
    assert capsys.readouterr().err == ""


def test_a_workbook_is_told_what_to_do(tmp_path):
    with pytest.raises(InputError, match=r"workbooks are not read .*CSV UTF-8"):
        read_manifest(tmp_path / "a.xlsx", folder=OUT)


def test_a_header_without_muscles_is_one_mistake(told):
    (line,) = told("muscle|side\n" + "hip|left\n" * 9)
    assert line == "line 1: the header has no column 'muscle' (hint: its columns are muscle|side)"


def test_a_name_with_commas_is_one_name(read):
    whole = "Iliopsoas (psoas major, iliacus)"
    shipped = load_atlas()

    def drawn(cell, kind="csv"):
        rows = f'muscle,layout\n"{cell}",together\n' if kind == "csv" else json.dumps([{"muscle": cell}])
        return read_manifest(rows.encode(), folder=OUT, format=kind, atlas=shipped)[0].muscles

    assert drawn(whole) == drawn(whole, "json") == ("iliopsoas",)
    assert drawn(f"piriformis, {whole}, gluteus medius") == ("piriformis", "iliopsoas", "gluteus_medius")
    with pytest.raises(InputError, match=r"unknown muscle 'Iliopsoas \(psoas major'"):
        drawn("Iliopsoas (psoas major, nothing)")


def test_no_muscle_of_ours_has_more_commas_than_are_looked_at():
    names = [name for muscle in load_atlas().muscles for name in (*muscle.names.values(), *muscle.aliases)]
    assert 1 < max(name.count(", ") for name in names) <= MOST_COMMAS


def test_formats_and_presets_in_capitals(read):
    (job,) = read("muscle,format,preset\nhip,PNG,Elsevier-SINGLE\n")
    assert names([job]) == ["1-hip.png"]


@pytest.mark.parametrize("blank", ["  ", "\u00a0", "\t"])
def test_a_figure_without_a_muscle_is_told_however_its_cell_is_empty(told, blank):
    (line,) = told(f'muscle,side\nhip,left\n"{blank}",left\n')
    assert line.startswith("line 3: no muscle is named")
    (line,) = told(json.dumps([{"muscle": "hip"}, {"muscle": blank, "side": "left"}], indent=1), "json")
    assert line.startswith("figure 2: no muscle is named")


def test_a_muscle_that_cannot_be_read_is_not_missing_besides(told):
    (line,) = told(json.dumps([{"muscle": True, "width": 85}, {"muscle": "hip"}]), "json")
    assert "column muscle: a text expected, found true" in line


def test_two_muscles_of_the_defaults_are_told_as_those_of_a_row(told):
    both = {"muscle": "hip", "muscles": "calf"}
    (line,) = told(json.dumps({"defaults": both, "figures": [{"side": "left"}]}), "json")
    assert "both 'muscle' and 'muscles' are given" in line
    (line,) = told("side\nleft\n", given=both)
    assert "both 'muscle' and 'muscles' are given" in line


def test_an_inset_that_no_view_shows_is_told_before_anything_is_drawn():
    rows = b"muscle,views,inset\niliopsoas,posterior,sacral\niliopsoas,anterior,sacral\n"
    with pytest.raises(InputError, match=r"^manifest: line 3, column views: region sacral is seen in none of the .*$"):
        read_manifest(rows, folder=OUT, format="csv")


def test_blanks_after_a_comma_belong_to_no_cell(read):
    rows = 'muscle, views, "patient", title, output\nhip, "posterior, right", "A B", "x ""y"", z", {patient}\n'
    (job,) = read(rows)
    assert (job.options["views"], job.options["title"], names([job])) == (
        ("posterior", "right"),
        'x "y", z',
        ["A B.svg"],
    )


def test_a_number_of_a_point_may_be_written_as_any_number(read):
    told = [job.options["points"] for job in read('muscle,points\nhip,1.0\nhip,"1.0, 2.0"\nhip,1\nhip,"trp1,2"\n')]
    assert told == [(1,), (1, 2), (1,), ("trp1", 2)]
    assert read('[{"muscle": "hip", "points": ["1.0"]}]', "json")[0].options["points"] == (1,)


def test_numbers_of_rows_without_a_name_are_one_mistake_and_hide_no_other(told):
    lines = told('"","muscle","side"\n' + "".join(f'"{n}","hip","left"\n' for n in range(300)) + '"x","hip","lfet"\n')
    assert [line.partition(" (")[0] for line in lines] == [
        "line 2: cell 1 has no column: '0'",
        "line 302, column side: unknown side 'lfet'",
    ]


def test_rows_of_blanks_are_empty(read):
    assert names(read("muscle;side\nhip;left\n  ; \t\n \ncalf;\n")) == ["1-hip.svg", "2-calf.svg"]


@pytest.mark.parametrize("above", ["Table 1", "#TYPE Selected.System.Data", "Figures,,,", '"2026, spring"\n'])
def test_what_stands_above_the_columns_is_one_mistake(told, above):
    (line,) = told(f"{above}\nmuscle,side,width,output\n" + "hip,left,85,a-{index}\n" * 200)
    number = 2 + above.count("\n")
    assert line == f"line 1: the first line names no column (hint: delete what stands above line {number})"


def test_a_row_that_is_too_short_is_not_told_to_quote(told):
    (line,) = told("muscle,side,title\nhip,left\n")
    assert line == "line 2: 2 cells, the header has 3 (hint: write ',' for empty cells, too)"


def test_a_cell_that_holds_too_much_is_not_empty_besides(told):
    (line,) = told('[{"muscle": "hip", "n": 12345678901234567, "output": "{n}", "title": "{n}"}]', "json")
    assert "column n: the number is not finite, or far too large" in line


# What a caller gives for all rows


def test_columns_that_a_caller_gives_name_files_and_titles(read):
    (job,) = read("muscle,output\nhip,{patient}\n", given={"patient": "A", "title": "{patient}!"})
    assert (names([job]), job.options["title"], job.columns) == (["A.svg"], "A!", {"patient": "A"})


@pytest.mark.parametrize(
    ("slip", "told_as"),
    [
        ({"Side": "left"}, "the call: unknown column 'Side' (hint: did you mean 'side'?)"),
        ({"widht": 85}, "the call: unknown column 'widht' (hint: did you mean 'width'?"),
        ({"index": 1}, "the call: 'index' is a placeholder already"),
        ({"views": {"posterior"}}, "the call, column views: a text expected, found {'posterior'}"),
        ({"width": Path("a")}, f"the call, column width: a number expected, found {Path('a')!r}"),
    ],
)
def test_mistakes_of_a_caller_are_told(told, slip, told_as):
    (line,) = told("muscle\nhip\n", given=slip)
    assert line.startswith(told_as)


@pytest.mark.parametrize("slip", ["muscel", "Muscle", "mucsle", "muscle_"])
def test_a_slip_in_a_column_s_name_is_one_mistake(told, slip):
    (line,) = told(f"{slip},side\n" + "hip,left\n" * 300)
    assert line.startswith(f"line 1: unknown column '{slip}' (hint: did you mean 'muscle'?")


@pytest.mark.parametrize(("slip", "meant"), [("veiws", "views"), ("sides", "side"), ("tilte", "title")])
def test_slips(told, slip, meant):
    (line,) = told(json.dumps([{"muscle": "hip", slip: "x"}]), "json")
    assert f"unknown column '{slip}' (hint: did you mean '{meant}'?" in line


@pytest.mark.parametrize("own", ["patient", "date", "age", "size", "Patient ID", "größe", "notes", "name", "points.x"])
def test_columns_of_one_s_own(read, own):
    (job,) = read(json.dumps([{"muscle": "hip", own: "x", "output": f"{{{own}}}"}]), "json")
    assert job.columns == {own: "x"}
    assert names([job]) == ["x.svg"]


def test_a_column_that_a_template_uses_is_no_slip(read, told):
    rows = [{"muscle": "hip", "muscle_id": "G1", "output": "{muscle_id}"}]
    assert names(read(json.dumps(rows), "json")) == ["G1.svg"]
    del rows[0]["output"]
    assert "did you mean 'muscle'" in told(json.dumps(rows), "json")[0]


@pytest.mark.parametrize("name", ["index", "row", "view"])
def test_names_of_placeholders_are_taken(told, name):
    (line,) = told(json.dumps([{"muscle": "hip", name: "x", "output": f"{{{name}}}"}]), "json")
    assert f"'{name}'" in line


def test_mistakes_of_defaults_and_of_the_command_line_are_told_once(told):
    rows = '[defaults]\nside = "lefft"\nwidth = "x"\n[[figures]]\nmuscle = "hip"\n[[figures]]\nmuscle = "calf"\n'
    assert told(rows, "toml", given={"theme": "plat"}) == [
        'defaults, column width: a number expected, found "x" (hint: width on paper in millimetres)',
        "defaults, column side: unknown side 'lefft' (hint: did you mean 'left'?)",
        "the call, column theme: unknown theme 'plat' (hint: did you mean 'plate'?)",
    ]


def test_options_that_do_not_go_together(told):
    (line,) = told("muscle,overlay,layout\nhip,count,grid\n")
    assert line.startswith("line 2, column overlay: layout and overlay do not go together")
    (line,) = told("muscle,muscles\nhip,calf\n")
    assert line.startswith("line 2, column muscle: both 'muscle' and 'muscles' are given")


def test_a_title_is_checked_as_it_will_be_printed(told):
    long = "x" * 150
    lines = told(
        json.dumps([{"muscle": "hip", "n": long, "title": "{n}{n}"}, {"muscle": "hip", "title": "a\nb"}]), "json"
    )
    assert ["300 characters in the title" in lines[0], "U+000A" in lines[1]] == [True, True]
    (line,) = told("muscle,title\nhip,{format}\n")
    assert "unknown placeholder '{format}'" in line


def test_figures_of_json_and_toml_are_named_by_their_number_and_muscle(told):
    rows = [
        {"muscle": "hip", "title": '{{ "figures" [{'},
        {"muscle": "hip\u200bp\n"},
        {"muscles": ["hip"], "side": "x"},
    ]
    for held in (rows, {"figures": rows, "defaults": {"x": "figures"}}):
        lines = told(json.dumps(held, indent=1), "json")
        assert any(each.startswith("figure 2 (hip\\u200bp), column muscle: unknown muscle") for each in lines)
        assert any(each.startswith("figure 3, column side: unknown side 'x'") for each in lines)
    text = '[[figures]]\nmuscle = "hip"\n[[figures]]\noutput = "a.svg"\n'
    assert told(text, "toml")[0].startswith("figure 2 (a.svg): no muscle is named")


HOSTILE = {
    "utf-16": ("muscle\nhip\n".encode("utf-16"), "csv", "not UTF-8 text (byte 0, line 1)"),
    "latin-1": ("muscle,patient\nhip,Jäger\n".encode("latin-1"), "csv", "not UTF-8 text (byte 20, line 2)"),
    "nul": (b"muscle\nhi\0p\n", "csv", "not UTF-8 text (byte 9, line 2)"),
    "empty csv": ("", "csv", "the file is empty"),
    "only a header": ("muscle,side\n", "csv", "no figures"),
    "only blank rows": ("muscle,side\n,\n,\n", "csv", "no figures"),
    "a cell too many": ("muscle,side\nhip,left,x\n", "csv", "line 2: 3 cells, the header has 2"),
    "a cell too few": ("muscle,side\nhip\n", "csv", "line 2: 1 cells, the header has 2"),
    "a list without quotes": (
        "muscle,views\nhip,posterior,right\n",
        "csv",
        "put a text with ',' in quotes, as in \"post",
    ),
    "a column twice": ("muscle,side,side\nhip,left,left\n", "csv", "line 1: column 'side' stands twice"),
    "a cell without a column": ("muscle,\nhip,x\n", "csv", "line 2: cell 2 has no column: 'x'"),
    "an open quote": ('muscle,note\nhip,"x\n', "csv", "not CSV: unexpected end of data"),
    "a quote in a cell": ('muscle,note\nhip,"a"b\n', "csv", "line 2: not CSV: ',' expected after '\"'"),
    "a huge cell": ("muscle,note\nhip," + "x" * 5000 + "\n", "csv", "5,000 characters, more than the limit of 4,000"),
    "a cell beyond the parser": ("muscle,note\nhip," + "x" * 200_000 + "\n", "csv", "field larger than field limit"),
    "too many columns": (",".join(f"c{n}" for n in range(201)), "csv", "201 columns, more than the limit of 200"),
    "hidden in a header": ("muscle,a\u202eb\nhip,x\n", "csv", "the name of a column holds U+202E"),
    "hidden in a cell": ("muscle,a\nhip,x\u202e\n", "csv", "line 2, column a: the text holds U+202E"),
    "a decimal comma where commas part": (
        'muscle,width\nhip,"85,5"\n',
        "csv",
        "found '85,5' (hint: write a decimal point",
    ),
    "nan in a cell": ("muscle,width\nhip,nan\n", "csv", "a number expected, found 'nan'"),
    "inf in a cell": ("muscle,width\nhip,1e999\n", "csv", "the number is not finite, or far too large"),
    "other digits": ("muscle,width\nhip,٨٥\n", "csv", "a number expected"),
    "no json": ("[{]", "json", "not JSON: "),
    "a json that is no list": ("5", "json", "a list of figures expected"),
    "no figures": ('{"defaults": {}}', "json", "/figures: field 'figures' is missing"),
    "figures that are no list": ('{"figures": {}}', "json", "/figures: a list expected"),
    "figures that are none": ('{"figures": [1]}', "json", "/figures/0: an object expected"),
    "defaults that are none": (
        '{"defaults": 1, "figures": [{"muscle": "hip"}]}',
        "json",
        "/defaults: an object expected",
    ),
    "an unknown section": ('{"default": {}, "figures": [{"muscle": "hip"}]}', "json", "did you mean 'defaults'?"),
    "nan": ('[{"muscle": "hip", "width": NaN}]', "json", "column width: the number is not finite"),
    "1e400": ('[{"muscle": "hip", "own": 1e400}]', "json", "column own: the number is not finite"),
    "many digits": ('[{"muscle": "hip", "own": 10000000000000000}]', "json", "column own: the number is not finite"),
    "a key twice": ('[{"muscle": "hip", "side": "left", "side": "left"}]', "json", "/0: key 'side' stands twice"),
    "a list in an own column": ('[{"muscle": "hip", "own": []}]', "json", "column own: a text or a number expected"),
    "true as a number": ('[{"muscle": "hip", "width": true}]', "json", "column width: a number expected, found true"),
    "half a point": ('[{"muscle": "hip", "points": [1.5]}]', "json", "column points: a text expected in the list"),
    "no points": ('[{"muscle": "hip", "points": []}]', "json", "column points: an empty list"),
    "an empty entry": (
        '[{"muscle": "hip", "views": "posterior,"}]',
        "json",
        "column views: an empty entry in the list",
    ),
    "no names": ('[{"muscle": "hip", "": "x"}]', "json", "a column without a name"),
    "depth": ("[" * 500 + "]" * 500, "json", "nested deeper than 32 levels"),
    "deep in a cell": ('[{"muscle": "hip", "own": ' + "[" * 60 + "]" * 60 + "}]", "json", "nested deeper than 32"),
    "depth beyond the parser": ("[" * 100_000, "json", "nested deeper than 32 levels"),
    "a surrogate": ('[{"muscle": "hip", "own": "\\ud800"}]', "json", "the text holds U+D800"),
    "a line that is no json": ('{"muscle": "hip"}\n{muscle}\n{"muscle": "hipp"}', "jsonl", "line 2 column 2: not JSON"),
    "a line that is no object": ('{"muscle": "hip"}\n[1]\n', "jsonl", "line 2: an object expected"),
    "no toml": ("[[figures]]\nmuscle = hip\n", "toml", "line 2 column 10: not TOML: invalid value"),
    "an open toml": ("figures = [", "toml", "line 1: not TOML: "),
    "a toml key twice": ('[[figures]]\nmuscle = "hip"\nmuscle = "calf"\n', "toml", "cannot overwrite a value"),
    "a toml nan": ('[[figures]]\nmuscle = "hip"\nwidth = nan\n', "toml", "column width: the number is not finite"),
    "a deep toml": ("x = " + "[" * 100_000, "toml", "nested deeper than 32 levels"),
    "a dotted toml": ("a." * 50_000 + "b = 1\n", "toml", "line 1: a key of more than 32 parts"),
    "dots in quotes": ('"a" . ' * 50_000 + "b = 1\n", "toml", "line 1: a key of more than 32 parts"),
    "toml of many digits": ("x = " + "9" * 100_000, "toml", "a number or a date that cannot be"),
    "a day that is none": ("x = 2026-02-31\n", "toml", "not TOML"),
    "a table for a row": ('[figures]\nmuscle = "hip"\n', "toml", "/figures: a list expected"),
}


@pytest.mark.parametrize(("text", "kind", "words"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_and_clumsy_files(told, text, kind, words):
    assert any(words in line for line in told(text, kind))


def test_a_line_that_is_no_json_hides_no_other_mistake(told):
    assert len(told(*HOSTILE["a line that is no json"][:2])) == 2


CAPS = [
    ("MANIFEST_BYTES", 100, "csv", "muscle\n" + "hip\n" * 50),
    ("MANIFEST_ROWS", 10, "csv", "muscle\n" + "hip\n" * 11),
    ("MANIFEST_ROWS", 10, "jsonl", '{"muscle": "hip"}\n' * 11),
    ("MANIFEST_ROWS", 10, "json", json.dumps([{"muscle": "hip"}] * 11)),
    ("MANIFEST_ROWS", 10, "toml", '[[figures]]\nmuscle = "hip"\n' * 11),
    ("MANIFEST_COLUMNS", 3, "json", '[{"muscle": "hip", "a": 1, "b": 2, "c": 3}]'),
    ("MANIFEST_COLUMNS", 3, "jsonl", "".join(f'{{"muscle": "hip", "a{n}": 1}}\n' for n in range(4))),
    ("MANIFEST_VALUES", 3, "json", '[{"muscle": "hip", "a": 1, "b": 2, "c": 3}]'),
]


@pytest.mark.parametrize(("cap", "limit", "kind", "text"), CAPS, ids=[f"{cap} {kind}" for cap, _, kind, _ in CAPS])
def test_caps(monkeypatch, tmp_path, atlas, cap, limit, kind, text):
    monkeypatch.setattr(limits, cap, limit)
    file = tmp_path / f"f.{kind}"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError, match=rf"more than the limit of {limit} \(trigpoint.limits.{cap}\)"):
        read_manifest(file, folder=OUT, atlas=atlas)


def test_only_the_first_of_many_mistakes_are_told_in_words(told):
    lines = told("muscle\n" + "hipp\n" * 500)
    assert len(lines) == limits.PROBLEMS + 1
    assert lines[-1] == "and 400 more problems"


# Speed and size: what repeats is settled once


def test_equal_options_are_settled_once_and_shared(read, monkeypatch):
    settled = []
    monkeypatch.setattr(manifest, "settle", lambda *given: settled.append(given) or settle(*given))
    header = "muscle,side,patient,title,output\n"
    rows = "".join(f"{('hip', 'calf')[n % 2]},left,P{n},,{{patient}}\n" for n in range(1000))
    jobs = read(header + rows)
    assert len(settled) == 2
    assert len({id(job.options) for job in jobs}) == 2
    assert [job.columns["patient"] for job in jobs] == [f"P{n}" for n in range(1000)]


def test_true_one_and_1_0_are_told_apart(told):
    rows = [{"muscle": "hip", "points": 1}, {"muscle": "hip", "points": True}, {"muscle": "hip", "points": 1.0}]
    (line,) = told("\n".join(map(json.dumps, rows)), "jsonl")
    assert line.startswith("line 2, column points: ")


def test_many_rows_that_are_all_wrong_end_soon(told, monkeypatch):
    tried = []
    monkeypatch.setattr(manifest, "settle", lambda *given: tried.append(given) or settle(*given))
    lines = told("muscel,side\n" + "".join(f"hip,left{n}\n" for n in range(5000)))
    assert len(tried) <= limits.PROBLEMS + 1
    assert lines[0].startswith("line 1: unknown column 'muscel'")
    assert lines[-1] == "and 1 more problems"


# On the command line

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


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> SmallFiles:
    return small_files(tmp_path_factory.mktemp("small"))


def run(small, *words: str) -> int:
    return main(["render", *words, *small.options])


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


# The schema


def test_the_schema_is_one_and_takes_the_samples():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for value in (ROWS, FULL, {"defaults": DEFAULTS, "figures": ROWS}):
        jsonschema.validate(value, SCHEMA)


def test_every_option_of_a_diagram_is_a_column():
    options = {*Diagram.__dataclass_fields__} - {"atlas"}
    assert {*columns()} == options | {"muscle", "output", "format", "dpi"}


def test_the_numbers_of_the_schema_are_those_of_the_library():
    figure = SCHEMA["$defs"]["figure"]
    assert figure["maxProperties"] == limits.MANIFEST_COLUMNS
    assert figure["propertyNames"]["maxLength"] == limits.LABEL_CHARACTERS
    assert {rule["maxItems"] for rule in (SCHEMA["oneOf"][0], SCHEMA["oneOf"][1]["properties"]["figures"])} == {
        limits.MANIFEST_ROWS
    }
    dpi, width = figure["properties"]["dpi"], figure["properties"]["width"]
    assert (dpi["minimum"], dpi["maximum"]) == (limits.DPI_MIN, limits.DPI_MAX)
    assert (width["minimum"], width["maximum"]) == (limits.WIDTH_MIN, limits.WIDTH_MAX)
    height = figure["properties"]["height"]
    assert (height["minimum"], height["maximum"]) == HEIGHT
    assert figure["properties"]["title"]["maxLength"] == limits.CELL_CHARACTERS
    assert set(figure["propertyNames"]["not"]["enum"]) == {*placeholders()} - {*columns()}


SOUND = {
    "points": [1, "1", "1, 2", [1], ["trp1", 2], 2.0, None, ""],
    "side": ["left", "right", None],
    "views": ["posterior", ["posterior", "right"], "posterior,right", None],
    "body": ["neutral", None],
    "theme": ["plate", "print"],
    "language": ["en"],
    "width": [40, 85.5, 420, None],
    "dpi": [10, 300, 1200.0],
    "format": ["svg", ["svg", "png"], None],
    "title": ["A title", "", None, "{muscle}"],
    "layout": [None],
    "overlay": [None, "count"],
    "preset": ["bmc-single"],
    "layers": ["zones", ["zones", "points"]],
    "patient": ["P", 5, 5.5, True, None],
}
WRONG = [5.5, True, {}, {"a": 1}, [], [[]], ["", "x"], [None], "x" * 4001, -1, 5000, 10**15]


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_schema_and_reader_agree(read, data):
    """The schema rejects a manifest of sound names where the reader does, but for too many pixels."""
    chosen = data.draw(st.lists(st.sampled_from([*SOUND]), unique=True, max_size=5))
    row = {"muscle": data.draw(st.sampled_from(["hip", ["hip"], "Hip muscle"])), "output": "a-{index}"}
    row |= {column: data.draw(st.sampled_from(SOUND[column])) for column in chosen}
    if chosen and data.draw(st.booleans()):
        slip = data.draw(st.sampled_from([*chosen, "muscle"]))
        wrong = data.draw(st.sampled_from(WRONG))
        if wrong not in (-1, 5000, 10**15) or slip in ("width", "dpi", "side", "patient"):
            row[slip] = wrong
    figures = [row] if data.draw(st.booleans()) else {"defaults": row, "figures": [{}]}
    sound = jsonschema.Draft202012Validator(SCHEMA).is_valid(figures)
    found = [each for each in mistakes(read, json.dumps(figures), "json") if "pixels wide" not in each]
    assert bool(found) != sound, found or figures


# Round trips

CELLS = st.text(
    alphabet=st.characters(blacklist_categories=("Cc", "Cs", "Cn"), blacklist_characters="\u2028\u2029"), max_size=20
).filter(lambda text: not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"))
ROW = st.fixed_dictionaries(
    {
        "muscle": st.sampled_from(["hip", "calf", "back"]),
        "side": st.sampled_from(["left", "right"]),
        "width": st.one_of(st.none(), st.floats(40, 420).map(lambda width: round(width, 2))),
        "views": st.sampled_from(["posterior", "posterior,right"]),
        "patient": CELLS,
        "note": CELLS,
    }
)


@given(st.lists(ROW, min_size=1, max_size=5), st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_come_back_from_csv_as_from_json(read, rows, delimiter, ending, marked):
    held = io.StringIO()
    writer = csv.writer(held, delimiter=delimiter, lineterminator=ending)
    writer.writerow(rows[0])
    writer.writerows([["" if row[name] is None else row[name] for name in rows[0]] for row in rows])
    text = ("\ufeff" if marked else "") + held.getvalue()
    expected = read("\n".join(map(json.dumps, rows)), "jsonl")
    assert alike(read(text)) == alike(expected)
    for job, row in zip(expected, rows, strict=True):
        assert job.columns.get("patient", "") == row["patient"].strip()
        assert job.options.get("width") == row["width"]


@given(st.binary(max_size=200), st.sampled_from(manifest.FORMATS))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_end_in_jobs_or_in_an_input_error(read, data, kind):
    mistakes(read, data, kind)


WORDS = ["muscle", "hip", "side", "left", "output", "figures", "defaults", "{muscle}", "[[figures]]", ".svg", "../"]
PIECES = st.sampled_from([*WORDS, *",;:={}[]#.\\ \n\"'", '"""', "\r\n", "null", "1e9", "2026-01-01"])


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(manifest.FORMATS))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pieces_of_manifests_end_in_jobs_or_in_an_input_error(read, text, kind):
    if not mistakes(read, text, kind):
        for job in read(text, kind):
            assert all(OUT in target.path.parents and ".." not in target.path.parts for target in job.targets)
            assert all(target.format in FORMATS for target in job.targets)


@pytest.mark.parametrize("error", ["#N/A", "#NV", "#BEZUG!", "#NAME?", "#¡VALOR!", "#DIV/0!"])
def test_what_a_spreadsheet_could_not_compute_is_printed_nowhere(read, told, error):
    assert told(f"muscle,title\nhip,{error}\n") == [
        f"line 2, column title: the cell holds an error of its spreadsheet: {error} (hint: mend the formula there)"
    ]
    rows = f"muscle,patient,title,output\nhip,{error},for {{patient}},{{patient}}\n"
    assert [line.partition(" (")[0] for line in told(rows)] == [
        f"line 2, column title: {{patient}} is {error} here",
        f"line 2, column output: {{patient}} is {error} here",
    ]
    assert len(read(f"muscle,remarks\nhip,{error}\n")) == 1
    assert read("muscle,title\nhip,#1 of 3!\n")[0].options["title"] == "#1 of 3!"
