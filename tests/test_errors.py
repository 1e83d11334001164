from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError

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
    assert suggestion("qqq", [f"muscle_{i}" for i in range(40)]).endswith("muscle_15, ... (40 in all)")
    assert suggestion("qqq", []) == ""


def test_unknown_name_shows_odd_values_briefly() -> None:
    assert "unknown side '3'" in str(unknown("side", 3, ["left"]))
    assert len(str(unknown("side", "x" * 10_000, ["left"]))) < 200


def test_a_list_of_choices_is_whole_up_to_sixteen() -> None:
    names = [f"muscle_{i}" for i in range(16)]
    assert suggestion("qqq", names) == "choose one of " + ", ".join(names)
    assert suggestion("qqq", [*names, "another"]) == "choose one of " + ", ".join(names) + ", ... (17 in all)"


def test_of_very_many_names_that_are_meant_the_first_are_shown() -> None:
    names = [f"muscle_{i}" for i in range(17)]
    shown = ", ".join(f"'{name}'" for name in names[:16])
    assert unknown("muscle", "x", (), names).problems[0].hint == f"did you mean {shown}, ... (17 in all)?"
    shown = ", ".join(f"'{name}'" for name in names[:15])
    assert unknown("muscle", "x", (), names[:16]).problems[0].hint == f"did you mean {shown} or 'muscle_15'?"


def test_blanks_hyphens_and_case_make_no_name_less_near() -> None:
    assert suggestion("a b", ["a_bc", "A-B"]) == "did you mean 'A-B'?"
    assert suggestion("a b", ["a bc", "a_b"]) == "did you mean 'a_b'?"
    assert suggestion("A-B", ["a-bc", "a b"]) == "did you mean 'a b'?"


def test_a_name_is_shown_up_to_eighty_characters() -> None:
    assert f"'{'x' * 80}'" in str(unknown("side", "x" * 80, ["left"]))
    assert f"'{'x' * 80}...'" in str(unknown("side", "x" * 81, ["left"]))


def test_a_problem_is_a_value() -> None:
    problem = Problem("what")
    assert len({problem, Problem("what")}) == 1
    with pytest.raises(FrozenInstanceError):
        problem.what = "else"  # type: ignore[misc]
