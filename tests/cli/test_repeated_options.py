"""An option given twice adds up where several values make sense, else it is refused: never is one lost in silence."""

from __future__ import annotations

import json

import pytest

from tests.support.command import small_files
from trigpoint.cli import main
from trigpoint.cli.arguments import COMMANDS, _parser, parse

HERE = ["render", "hip", "-o", "a.svg"]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_files(tmp_path_factory.mktemp("small"))


@pytest.mark.parametrize(
    ("flag", "given", "held"),
    [
        ("--views", ["posterior", "right"], ("posterior", "right")),
        ("--views", ["right,posterior", "left"], ("right", "posterior", "left")),
        ("--points", ["2", "1,3"], ("2", "1", "3")),
        ("--format", ["SVG,png", "svg", "pdf"], ("svg", "png", "svg", "pdf")),
        ("--layers", ["+scale", "-key"], ("+scale", "-key")),
        ("--annotate", ["points", "regions,muscle"], ("points", "regions", "muscle")),
        ("--inset", ["sacral", "gluteal_upper"], ("sacral", "gluteal_upper")),
    ],
)
def test_several_values_add_up_in_their_order(flag, given, held):
    words = [f"{flag}={value}" for value in given]
    assert getattr(parse([*HERE, *words]), flag.removeprefix("--")) == held


def test_kinds_of_cards_add_up():
    assert parse(["cards", "hip", "--kinds", "names", "--kinds", "Which,refers"]).kinds == ("names", "which", "refers")


def singles(command: str) -> list[str]:
    """The flags of a command that hold one value."""
    _, asked = _parser(command)
    return [
        action.option_strings[-1]
        for action in asked._actions
        if action.option_strings and action.nargs != 0 and type(action).__name__ != "_More"
    ]


@pytest.mark.parametrize(
    ("command", "flag"),
    [(command, flag) for command in COMMANDS for flag in singles(command)],
)
def test_one_value_given_twice_is_refused(command, flag, capsys):
    value = "50"
    words = [command, *(["hip"] if command in ("render", "cards", "show") else []), flag, value, flag, value]
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "given twice" in said
    assert said.startswith("error: argument ")
    assert len(said.splitlines()) == 1


def test_another_name_of_the_same_option_is_the_same(capsys):
    assert main([*HERE, "--language", "de", "--lang", "fr"]) == 2
    assert "given twice" in capsys.readouterr().err


def test_a_figure_of_two_views_however_they_are_given(tmp_path, monkeypatch, small):
    monkeypatch.chdir(tmp_path)
    assert main(["render", "hip", "--views", "posterior,right", "-o", "a.svg", *small.options]) == 0
    assert main(["render", "hip", "--views", "posterior", "-o", "b.svg", "--views", "right", *small.options]) == 0
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_a_format_given_twice_is_one_and_two_are_two(tmp_path, monkeypatch, small):
    monkeypatch.chdir(tmp_path)
    assert main(["render", "hip", "--format", "svg", "--format", "SVG", "-o", "a.svg", *small.options]) == 0
    assert main(["render", "hip", "--format", "svg", "--format", "png", "--out", "out", *small.options]) == 0
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["hip.png", "hip.svg"]


def test_a_view_asked_for_twice_is_still_refused(capsys, small):
    assert main([*HERE, "--views", "left", "--views", "left", *small.options]) == 2
    assert "a view is asked for twice in left, left" in capsys.readouterr().err


def listed(capsys, *words: str) -> list[dict]:
    assert main(["list", "--json", *words]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_regions_add_up(capsys):
    one, two = (listed(capsys, "--region", region) for region in ("sacral", "calf_upper"))
    both = listed(capsys, "--region", "sacral", "--region", "calf_upper")
    assert {each["id"] for each in both} == {each["id"] for each in (*one, *two)}
    assert len(both) > max(len(one), len(two))
    assert all(each["regions"] == ["sacral", "calf_upper"] for each in both)
    assert both == listed(capsys, "--region", "sacral,calf_upper")
    assert all(each["region"] == "sacral" for each in one)


def test_a_region_that_is_not_there_is_told_among_others(capsys):
    assert main(["list", "--region", "sacral,qqq"]) == 2
    assert "unknown region 'qqq'" in capsys.readouterr().err
    assert main(["list", "--region", "", "--json"]) == 2
    assert "unknown region ''" in capsys.readouterr().err
