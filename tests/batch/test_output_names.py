"""File names and titles of a manifest: placeholders, formats, names that cannot be."""

from __future__ import annotations

import json
import os

import pytest

from tests.support.manifests import OUT, names
from trigpoint import limits
from trigpoint.batch.manifest.columns import placeholders
from trigpoint.batch.manifest.output_folder import Places


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


@pytest.mark.parametrize(
    ("column", "meant"),
    [("Side", "side"), ("SIDE", "side"), ("sides", "side"), ("View", "views"), ("Langu age", "language")],
)
def test_an_option_in_other_letters_names_no_file(told, column, meant):
    """Its figures would be called left and show the right."""
    (line,) = told(f"muscle,{column},output\nhip,left,{{muscle}}-{{{column}}}\n")
    assert line == f"line 1: unknown column '{column}' (hint: did you mean '{meant}'?)"
