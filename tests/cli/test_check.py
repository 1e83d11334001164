"""`trigpoint check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trigpoint.cli import main


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
