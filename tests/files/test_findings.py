"""How the problems of a file are counted, and how far hints go."""

from __future__ import annotations

import warnings

import pytest

from tests.support.problems import lines
from trigpoint import limits
from trigpoint.errors import InputError
from trigpoint.files.findings import Findings


def test_a_problem_says_file_place_and_hint() -> None:
    findings = Findings("a.json")
    assert not findings
    findings.add("wrong", "/x", "right it")
    findings.add("odd")
    assert findings
    assert lines(findings) == ["a.json: /x: wrong (hint: right it)", "a.json: odd"]
    with pytest.raises(InputError) as caught:
        Findings().fail("nothing", hint="give something")
    assert str(caught.value) == "nothing (hint: give something)"
    with pytest.raises(InputError) as caught:
        Findings().fail("nothing", "/there")
    assert str(caught.value) == "/there: nothing"


def test_nothing_noted_is_nothing_raised() -> None:
    findings = Findings("a.json")
    findings.settle()
    with pytest.raises(InputError, match="second"):
        findings.fail("second")


def test_the_same_problem_is_told_once() -> None:
    findings = Findings()
    for _ in range(5):
        findings.add("same", "/x")
    assert lines(findings) == ["/x: same"]


@pytest.mark.parametrize("more", [0, 1, 2])
def test_problems_beyond_the_first_hundred_are_counted(more: int) -> None:
    findings = Findings("a")
    for number in range(limits.PROBLEMS + more):
        assert findings.full == (number >= limits.PROBLEMS)
        findings.add(f"fault {number}")
    told = lines(findings)
    assert told[limits.PROBLEMS - 1] == f"a: fault {limits.PROBLEMS - 1}"
    assert told[limits.PROBLEMS :] == ([f"a: and {more} more problems"] if more else [])


@pytest.mark.parametrize("different", [True, False])
def test_after_ten_thousand_problems_a_file_is_not_read_on(different: bool) -> None:
    findings = Findings("a")
    for number in range(limits.PROBLEMS_NOTED):
        findings.add(f"fault {number}" if different else "fault")
    with pytest.raises(InputError) as caught:
        findings.add("one more")
    told = [problem.line() for problem in caught.value.problems]
    assert told[-1] == "a: and more: not read any further after 10,000 problems (trigpoint.limits.PROBLEMS_NOTED)"
    assert len(told) == (limits.PROBLEMS if different else 1) + 1


def test_exactly_ten_thousand_problems_are_counted_to_the_end() -> None:
    findings = Findings("a")
    for number in range(limits.PROBLEMS_NOTED):
        findings.add(f"fault {number}")
    assert lines(findings)[-1] == "a: and 9,900 more problems"


def test_hints_are_given_as_long_as_they_are_read() -> None:
    findings = Findings()
    assert findings.meant("sacrul", ["sacral", "lumbar"]) == "did you mean 'sacral'?"
    for number in range(limits.PROBLEMS - 1):
        findings.add(f"fault {number}")
    assert findings.meant("sacrul", ["sacral"]) == "did you mean 'sacral'?"
    findings.add("the last that is told")
    assert findings.meant("sacrul", ["sacral"]) == ""


def test_hints_are_given_until_they_have_taken_their_time() -> None:
    findings = Findings()
    many = ["sacral", *(f"x{number}" for number in range(limits.COMPARISONS - 2))]
    assert findings.meant("sacrul", many) == "did you mean 'sacral'?"
    assert findings.meant("sacrul", ["sacral"]) == "did you mean 'sacral'?"
    assert findings.meant("sacrul", ["sacral"]) == ""
    assert not findings


def test_what_others_follow_from_is_told_first() -> None:
    findings = Findings()
    findings.add("the page is too small")
    findings.add("the file is cut off", first=True)
    assert lines(findings) == ["the file is cut off", "the page is too small"]


def test_a_repair_is_a_warning_where_nothing_else_is_wrong() -> None:
    findings = Findings("a.json", repair=True)
    findings.repaired("mended a bit", "/x")
    with pytest.warns(UserWarning, match=r"^a\.json: /x: mended a bit$"):
        findings.settle()
    findings.settle()  # a second warning would be an error here
    assert findings.repair
    assert not Findings().repair
    findings.repaired("again", "/y")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(InputError):
            findings.fail("wrong all the same")
