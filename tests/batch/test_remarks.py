"""The remarks on figures of a batch: values until they are told, with the figure's name, and not a thousand times."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from tests.support.command import SmallFiles, small_files, trigpoint
from trigpoint.atlas import load_atlas
from trigpoint.batch import Job, Settings, Target, render_all
from trigpoint.batch.remarks import OFTEN, Remarks
from trigpoint.batch.run import context_of
from trigpoint.batch.workers.draw import draw, task_of
from trigpoint.diagram.diagram import Remark
from trigpoint.diagram.journals import PresetWarning


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> SmallFiles:
    return small_files(tmp_path_factory.mktemp("small"))


MUSCLES = ("back", "calf", "hip")


def told(remarks: Remarks, names: int, text: str) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for number in range(names):
            remarks.warn(f"figure {number}", [Remark(text, PresetWarning)] * 2)
        remarks.warn_of_rest()
    assert {warning.category for warning in caught} == {PresetWarning}
    return [str(warning.message) for warning in caught]


def test_a_few_are_named_and_the_rest_is_counted():
    assert told(Remarks(several=True), OFTEN, "odd") == [f"figure {number}: odd" for number in range(OFTEN)]
    assert told(Remarks(several=True), OFTEN + 1234, "odd")[OFTEN:] == ["1,234 more: odd"]


def test_a_single_figure_needs_no_name():
    assert told(Remarks(several=False), 1, "odd") == ["odd"]


def test_a_task_gives_the_remarks_of_all_its_files_and_warns_of_none(small, tmp_path):
    """A preset that is not met, characters without a font, and nothing to be seen: as values, in whatever thread."""
    atlas = load_atlas(small.patterns, small.outlines)
    targets = tuple(Target(tmp_path / f"a.{kind}", kind) for kind in ("svg", "png"))
    job = Job(("hip",), targets, {"preset": "plos", "title": "A \ua66e", "views": "anterior"}, dpi=300)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outcomes, remarks = draw(task_of(job, context_of(Settings(), {})), atlas)
    assert [outcome["status"] for outcome in outcomes] == ["written", "written"]
    said = {(remark.kind, remark.text.partition(" (")[0]) for remark in remarks}
    assert said >= {
        (UserWarning, "nothing of hip is seen in the view anterior"),
        (UserWarning, "no font here has 1 of the characters"),
        (PresetWarning, "plos: the format is svg; asked for: one of tiff, eps"),
        (PresetWarning, "plos: the format is png; asked for: one of tiff, eps"),
    }


@pytest.mark.parametrize("processes", [1, 2])
def test_every_figure_of_a_batch_is_named_however_it_is_drawn(small, tmp_path, processes):
    jobs = [{"muscles": name, "output": tmp_path / f"{name}.svg", "preset": "plos"} for name in MUSCLES]
    with pytest.warns(PresetWarning) as caught:
        results = render_all(jobs, processes=processes, patterns=str(small.patterns), outlines=str(small.outlines))
    assert [result.status for result in results] == ["written"] * 3
    words = sorted(str(warning.message) for warning in caught)
    what = "plos: the format is svg; asked for: one of tiff, eps (hint: save it as tiff)"
    assert words == [f"{name}: {what}" for name in MUSCLES]


def test_the_command_says_so_in_one_line_each(small, tmp_path):
    Path(tmp_path, "f.csv").write_text("muscle,preset\n" + "hip,plos\n" * 8, "utf-8")
    words = ["render", "--manifest", "f.csv", "--out", "plates", "--format", "svg", "--quiet", *small.options]
    done = trigpoint(*words, cwd=tmp_path)
    lines = done.stderr.splitlines()
    assert (done.returncode, len(lines)) == (0, OFTEN + 1)
    assert lines[0].startswith("warning: f.csv line 2: plos: the format is svg")
    assert lines[-1].startswith("warning: 5 more: plos: the format is svg")
