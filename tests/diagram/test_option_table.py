"""One row an option: the checks, flags, columns, placeholders, schema and page all come from the table."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys

import jsonschema
import pytest

from authoring import options as authored
from trigpoint import InputError, UnknownNameError, backends
from trigpoint.atlas import load_atlas
from trigpoint.atlas.outlines import SIDES, VIEWS
from trigpoint.batch.manifest.columns import CellError, columns, placeholders
from trigpoint.batch.manifest.templates import parse as parse_template
from trigpoint.batch.manifest.templates import unknown_names
from trigpoint.cli import main
from trigpoint.cli.arguments import parse
from trigpoint.diagram import Diagram, option_table
from trigpoint.diagram.option_table import OPTIONS, Option, looks, option
from trigpoint.diagram.options import check, plain
from trigpoint.style import THEMES
from trigpoint.words import LANGUAGES

MADE_UP = (
    Option("mood", "one", "how it feels", choices=("glad", "sad"), default="glad", placeholder="mood"),
    Option("weathers", "several", "what it is like outside", choices=("rain", "sun"), noun="weather", metavar="W,W"),
    Option("loudness", "number", "how loud", least=1, most=9, unit="dB", columns=("loud",)),
)


@pytest.fixture
def made_up(monkeypatch):
    """The table with rows that nobody has ever heard of."""
    monkeypatch.setattr(option_table, "OPTIONS", (*OPTIONS, *MADE_UP))
    columns.cache_clear()
    yield option_table.OPTIONS
    columns.cache_clear()


ASKED = {row.name: row.default for row in looks()}


def test_a_new_row_is_checked(made_up):
    fields = plain({**ASKED, "mood": "SAD", "weathers": "Sun", "loudness": 3})
    assert (fields["mood"], fields["weathers"], fields["loudness"]) == ("sad", ("sun",), 3)
    check(fields)
    for wrong, said in (
        ({"mood": "gald"}, "unknown mood 'gald' (hint: did you mean 'glad'?)"),
        ({"weathers": ["sun", "rian"]}, "unknown weather 'rian' (hint: did you mean 'rain'?)"),
        ({"loudness": 12}, "loudness 12 is not a number from 1 to 9 dB"),
    ):
        with pytest.raises(InputError, match=re.escape(said)):
            check(plain({**ASKED, "mood": "sad", "weathers": None, "loudness": None, **wrong}))


def test_a_new_row_is_a_flag_with_help(made_up, capsys):
    found = parse(["render", "hip", "--mood", "sad", "--weathers", "sun", "--weathers", "rain,sun", "--loudness", "3"])
    assert (found.mood, found.weathers, found.loudness) == ("sad", ("sun", "rain", "sun"), 3)
    assert main(["render", "--help"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "--mood MOOD how it feels: glad (default) or sad" in out
    assert "--weathers W,W what it is like outside: rain, sun" in out


def test_a_new_row_is_a_column_a_placeholder_and_part_of_the_schema(made_up):
    assert {"mood", "weathers", "loud"} <= {*columns()}
    assert columns()["weathers"].value("rain, sun") == ("rain", "sun")
    assert "mood" in placeholders()
    schema = json.loads(authored.schema(made_up))
    sound = jsonschema.Draft202012Validator(schema).is_valid
    assert sound([{"muscle": "hip", "mood": "sad", "weathers": ["rain"], "loud": 9}])
    assert not sound([{"muscle": "hip", "mood": ["sad"]}])
    assert not sound([{"muscle": "hip", "loud": 10}])
    with pytest.raises(CellError, match="a number expected, found 'many'"):
        columns()["loud"].value("many", texts=True)
    assert unknown_names(parse_template("{mood}-{muscle}"), placeholders()) == []


def test_a_new_row_is_documented(made_up):
    assert "| `mood` | `--mood` | `mood` | one | how it feels: glad (default) or sad |\n" in authored.page(made_up)
    assert "| `loudness` | `--loudness` | `loud` | a number, 1 to 9 | how loud |\n" in authored.page(made_up)


def test_what_ships_is_what_the_table_says():
    """`python -m authoring.options` writes both."""
    assert authored.SCHEMA.read_text("utf-8") == authored.schema()
    assert authored.PAGE.read_text("utf-8") == authored.page()


def test_a_diagram_takes_what_the_table_says():
    taken = inspect.signature(Diagram).parameters
    rows = {row.name: row for row in OPTIONS if row.part == "diagram"}
    assert {*taken} == {*rows} | {"names", "atlas"}
    assert {name: row.default for name, row in rows.items() if name != "muscles"} == {
        name: each.default for name, each in taken.items() if name not in ("names", "muscles", "atlas")
    }
    listed = re.findall(r"^    (\*?[\w, ]+) : ", Diagram.__doc__, re.MULTILINE)
    assert [name for line in listed for name in line.lstrip("*").split(", ")] == [*taken]


def test_a_diagram_is_told_by_what_is_not_usual():
    assert repr(Diagram("piriformis")) == "Diagram('piriformis')"
    assert repr(Diagram("piriformis", side="LEFT", views="Posterior")) == (
        "Diagram('piriformis', side='left', views=('posterior',))"
    )


def test_the_choices_are_those_of_what_draws():
    atlas = load_atlas()
    for name, known in {
        "side": SIDES,
        "views": VIEWS,
        "body": atlas.bodies,
        "theme": THEMES,
        "language": LANGUAGES,
        "format": backends.FORMATS,
        "text": backends.TEXTS,
    }.items():
        assert sorted(option(name).choices) == sorted(known), name


@pytest.mark.parametrize(
    "row", [row for row in OPTIONS if row.closed and row.part == "diagram"], ids=lambda row: row.name
)
def test_every_choice_is_taken_in_capitals_and_no_other(row):
    for choice in row.choices:
        check(plain({**ASKED, row.name: choice.upper()}))
    with pytest.raises(UnknownNameError, match=f"unknown {row.noun or row.name} 'qqqq'"):
        Diagram("gluteus_medius", **{row.name: "qqqq"})


def test_the_table_loads_no_library():
    code = "import sys, trigpoint.diagram.option_table; print(sorted({'numpy', 'shapely', 'json'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
