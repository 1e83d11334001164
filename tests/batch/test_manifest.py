"""A manifest as jobs: every way of writing one, its order of precedence, hostile files, caps."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.manifests import COMMAS, DEFAULTS, FULL, OUT, ROWS, alike, mistakes, names
from trigpoint import limits
from trigpoint.batch.manifest import read_manifest
from trigpoint.batch.manifest import reader as manifest
from trigpoint.batch.row_options import settle
from trigpoint.diagram import Diagram
from trigpoint.diagram.diagram import FORMATS
from trigpoint.errors import InputError, UnknownNameError

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


def test_a_workbook_is_told_what_to_do(tmp_path):
    with pytest.raises(InputError, match=r"workbooks are not read .*CSV UTF-8"):
        read_manifest(tmp_path / "a.xlsx", folder=OUT)


def test_a_header_without_muscles_is_one_mistake(told):
    (line,) = told("muscle|side\n" + "hip|left\n" * 9)
    assert line == "line 1: the header has no column 'muscle' (hint: its columns are muscle|side)"


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
