"""`trigpoint show`."""

from __future__ import annotations

import json

from trigpoint.cli import main


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
