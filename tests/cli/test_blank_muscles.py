"""Muscles of which nothing can be drawn: told by `check`, and no reason to draw nothing of the others."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from tests.support.command import SmallFiles, small_files
from trigpoint import InputError, limits, load_atlas, render_all
from trigpoint.cli import main


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallFiles:
    return small_files(tmp_path_factory.mktemp("small"))


def with_blank(small: SmallFiles, folder: Path, number: int) -> Path:
    """The small patterns and so many muscles with neither points nor a shape."""
    value = json.loads(small.patterns.read_text("utf-8"))
    for index in range(number):
        blank = copy.deepcopy(value["muscles"][0])
        names = dict.fromkeys(blank["names"], f"Blank {index}")
        value["muscles"].append(blank | {"id": f"blank_{index}", "names": names, "points": [], "aliases": []})
    file = folder / "blank.json"
    file.write_text(json.dumps(value), "utf-8")
    return file


@pytest.mark.parametrize(("number", "more"), [(1, ""), (300, " and 292 more muscles")])
def test_all_others_are_drawn_and_a_line_names_them(
    number: int, more: str, small: SmallFiles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--patterns", str(with_blank(small, tmp_path, number)), "--outlines", str(small.outlines)]
    assert main(["render", "--all", "--out", str(tmp_path / "b"), "--quiet", *data]) == 0
    assert sorted(file.name for file in (tmp_path / "b").iterdir()) == ["back.svg", "calf.svg", "hip.svg"]
    (line,) = capsys.readouterr().err.splitlines()
    names = ", ".join(f"blank_{index}" for index in range(min(number, 8)))
    assert line.startswith(f"warning: no view shows anything of {names}{more} (hint: 'trigpoint check'")


def test_where_there_are_no_others_nothing_is_drawn(
    small: SmallFiles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = with_blank(small, tmp_path, 2)
    value = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(value | {"muscles": value["muscles"][3:]}), "utf-8")
    data = ["--patterns", str(file), "--outlines", str(small.outlines)]
    assert main(["render", "--all", "--out", str(tmp_path / "b"), *data]) == 2
    assert "error: no view shows anything of blank_0" in capsys.readouterr().err
    assert not (tmp_path / "b").exists()


def test_a_check_tells_of_them(small: SmallFiles, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(with_blank(small, tmp_path, 1)), "--outlines", str(small.outlines)]) == 2
    assert "/muscles/3/id: no outline shows the muscle 'blank_0', which has no tr" in capsys.readouterr().err


def test_problems_of_a_list_are_capped_and_counted(small: SmallFiles, tmp_path: Path) -> None:
    patterns = with_blank(small, tmp_path, limits.PROBLEMS + 7)
    atlas = load_atlas(patterns, small.outlines)
    jobs = [{"muscles": each.id, "output": tmp_path / f"{each.id}.svg"} for each in atlas.muscles if not each.points]
    with pytest.raises(InputError) as caught:
        render_all(jobs, patterns=str(patterns), outlines=str(small.outlines))
    assert len(caught.value.problems) == limits.PROBLEMS + 1
    assert caught.value.problems[-1].what == "and 7 more problems"
