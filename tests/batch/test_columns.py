"""Columns and cells of a manifest: blanks, slips, columns of its own, mistakes that hide no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.manifests import OUT, names
from trigpoint.atlas import load_atlas
from trigpoint.batch.manifest import read_manifest
from trigpoint.batch.row_options import MOST_COMMAS
from trigpoint.errors import InputError


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
