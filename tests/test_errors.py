from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigpoint.errors import InputError, OutputError, Problem, TrigpointError, UnknownNameError, suggestion, unknown


def test_a_line_says_file_place_fault_and_remedy() -> None:
    problem = Problem("unknown field 'orgin'", "clinic.json", "/muscles/0/orgin", "did you mean 'origin'?")
    assert problem.line() == "clinic.json: /muscles/0/orgin: unknown field 'orgin' (hint: did you mean 'origin'?)"
    assert Problem("no such file").line() == "no such file"


@given(st.text())
def test_a_line_is_one_printable_line(text: str) -> None:
    assert Problem(text, text, text, text).line().isprintable()


def test_an_error_lists_its_problems() -> None:
    problems = [Problem("one"), Problem("two")]
    error = InputError(iter(problems))
    assert error.problems == tuple(problems)
    assert str(error) == "one\ntwo"
    assert InputError("plain words").problems == (Problem("plain words"),)


@pytest.mark.parametrize(
    ("kind", "also", "code"),
    [
        (TrigpointError, Exception, 4),
        (InputError, ValueError, 2),
        (UnknownNameError, KeyError, 2),
        (OutputError, OSError, 3),
    ],
)
def test_errors_are_what_callers_expect_to_catch(kind: type[TrigpointError], also: type[Exception], code: int) -> None:
    error = kind(Problem("what", hint="do"))
    assert isinstance(error, also)
    assert isinstance(error, TrigpointError)
    assert error.exit_code == code
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is kind
        assert str(twin) == "what (hint: do)"


def test_unknown_name_suggests_the_nearest() -> None:
    error = unknown("muscle", "Gluteus-Mediu", ["piriformis", "gluteus_medius"])
    assert isinstance(error, UnknownNameError)
    assert str(error) == "unknown muscle 'Gluteus-Mediu' (hint: did you mean 'gluteus_medius'?)"


def test_unknown_name_lists_choices_where_none_is_near() -> None:
    assert suggestion("qqq", ["left", "right"]) == "choose one of left, right"
    assert suggestion("qqq", [f"muscle_{i}" for i in range(40)]).endswith("muscle_11, ... (40 in all)")
    assert suggestion("qqq", []) == ""


def test_unknown_name_shows_odd_values_briefly() -> None:
    assert "unknown side '3'" in str(unknown("side", 3, ["left"]))
    assert len(str(unknown("side", "x" * 10_000, ["left"]))) < 200
