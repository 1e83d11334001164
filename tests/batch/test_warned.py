"""What figures of a batch warn of: told with the figure's name, and not a thousand times."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.command import SmallFiles, small_files, trigpoint
from trigpoint.batch import render_all
from trigpoint.batch.warned import OFTEN, Noted, Warned, noted
from trigpoint.diagram.journals import PresetWarning


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
        with noted() as inner:
            warnings.warn("inside", UserWarning, stacklevel=1)
        warnings.warn("odd again", UserWarning, stacklevel=1)
    assert found == [("odd", UserWarning), ("odd again", UserWarning)]
    assert inner == [("inside", UserWarning)]


def state() -> tuple[object, list[object]]:
    return warnings.showwarning, [*warnings.filters]


def test_nothing_is_left_behind():
    before = state()
    with suppress(ValueError), noted():
        assert state() != before
        raise ValueError
    assert state() == before


def test_what_was_shown_before_is_noted_all_the_same():
    """Python shows a warning once for its place in a program, and then forgets it."""
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        found = []
        for _ in range(3):
            with noted() as each:
                odd()
            found += each
            with warnings.catch_warnings(record=True):
                odd()
    assert found == [("odd", UserWarning)] * 3


def odd() -> None:
    warnings.warn("odd", UserWarning, stacklevel=1)


def in_thread(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_every_thread_notes_its_own():
    """All are inside at the same time, and each warns when all the others are."""
    together = threading.Barrier(8)
    found: dict[int, list[Noted]] = {}

    def draw(number: int) -> None:
        with noted() as found[number]:
            for step in range(50):
                together.wait(60)
                warnings.warn(f"{number} at {step}", UserWarning, stacklevel=1)
        together.wait(60)

    before = state()
    threads = [threading.Thread(target=draw, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: [(f"{n} at {step}", UserWarning) for step in range(50)] for n in range(8)}
    assert state() == before


def test_other_threads_warn_as_ever():
    """By their own filters, to whoever shows them."""
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        warnings.filterwarnings("error", "severe")
        warnings.filterwarnings("ignore", "idle")
        with noted() as found:
            in_thread(odd)
            in_thread(lambda: warnings.warn("idle", UserWarning, stacklevel=1))
            in_thread(severe)
            warnings.warn("severe", UserWarning, stacklevel=1)
    assert [str(warning.message) for warning in shown] == ["odd"]
    assert found == [("severe", UserWarning)]


def severe() -> None:
    with pytest.raises(UserWarning, match="severe"):
        warnings.warn("severe", UserWarning, stacklevel=1)


def test_a_block_of_another_thread_that_ends_later_leaves_no_harm():
    """Such a block brings back what stood there when it began: by then nobody notes any more."""
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("default")
        with noted():
            block = warnings.catch_warnings()
            block.__enter__()
        block.__exit__(None, None, None)
        odd()
        with noted() as found:
            odd()
    assert [str(warning.message) for warning in shown] == ["odd"]
    assert found == [("odd", UserWarning)]


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
