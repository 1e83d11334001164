"""`trigpoint list`."""

from __future__ import annotations

import json

import pytest

from trigpoint.cli import main


def test_list(small, capsys):
    assert main(["list", *small.options]) == 0
    _, calf, hip = capsys.readouterr().out.splitlines()
    assert calf.split() == ["calf", "Calf", "muscle", "1", "trigger", "point"]
    assert hip.split() == ["hip", "Hip", "muscle", "3", "trigger", "points"]


@pytest.mark.parametrize("region", ["sacral", "SACRUM"])
def test_list_by_region(region, small, capsys):
    assert main(["list", "--region", region, *small.options]) == 0
    assert "essential: trp1, trp2, trp3" in capsys.readouterr().out
    assert main(["list", "--region", "tfl region", *small.options]) == 0
    assert "spillover: trp1" in capsys.readouterr().out
    assert main(["list", "--region", region, "--json", *small.options]) == 0
    _, calf, hip = map(json.loads, capsys.readouterr().out.splitlines())
    assert (calf["id"], calf["region"], calf["essential"]) == ("calf", "sacral", ["calf.trp1"])
    assert hip["points"] == ["hip.trp1", "hip.trp2", "hip.trp3"]


def test_list_of_a_region_that_is_not_there(small, capsys):
    assert main(["list", "--region", "sacrl", *small.options]) == 2
    assert "unknown region 'sacrl' (hint: did you mean 'sacral'?)" in capsys.readouterr().err


def test_regions_are_listed_by_name(capsys):
    assert main(["list", "--regions", "--language", "de"]) == 0
    assert "groin" + " " * 24 + "Leiste" in capsys.readouterr().out.splitlines()
