"""What figures of a batch warn of: told with the figure's name, and not a thousand times."""

from __future__ import annotations

import threading
import warnings
from pathlib import Path

import pytest
from command import SmallFiles, small_files, trigpoint

from trigpoint.batch import render_all
from trigpoint.batch.warned import OFTEN, Warned, noted
from trigpoint.presets import PresetWarning


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> SmallFiles:
    return small_files(tmp_path_factory.mktemp("small"))


MUSCLES = ("back", "calf", "hip")


def told(warned: Warned, names: int, text: str) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for number in range(names):
            warned.tell(f"figure {number}", [(text, PresetWarning)] * 2)
        warned.tell_rest()
    assert {warning.category for warning in caught} == {PresetWarning}
    return [str(warning.message) for warning in caught]


def test_a_few_are_named_and_the_rest_is_counted():
    assert told(Warned(several=True), OFTEN, "odd") == [f"figure {number}: odd" for number in range(OFTEN)]
    assert told(Warned(several=True), OFTEN + 1234, "odd")[OFTEN:] == ["1,234 more: odd"]


def test_a_single_figure_needs_no_name():
    assert told(Warned(several=False), 1, "odd") == ["odd"]


def test_warnings_are_noted_but_those_for_developers():
    with noted() as found:
        warnings.warn("odd", UserWarning, stacklevel=1)
        warnings.warn("for developers", DeprecationWarning, stacklevel=1)
    assert [str(warning.message) for warning in found] == ["odd"]


def test_other_threads_leave_the_filters_of_the_process_alone():
    """Warnings are shown as ever there: to note them would take them from every other thread, too."""
    seen = []

    def look() -> None:
        before = warnings.showwarning, list(warnings.filters)
        with noted() as found:
            seen.append((found, before == (warnings.showwarning, list(warnings.filters))))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [([], True)]


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
