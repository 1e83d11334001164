"""The gate for files: how problems are counted, how far hints go, what is read."""

from __future__ import annotations

import contextlib
import warnings
from pathlib import Path
from typing import Any

import pytest

from trigpoint import limits
from trigpoint.errors import InputError
from trigpoint.files import schema
from trigpoint.files.findings import Findings
from trigpoint.files.reading import file_name, hidden, parse_json, read_bytes


def lines(findings: Findings) -> list[str]:
    with pytest.raises(InputError) as caught:
        findings.settle()
    return [problem.line() for problem in caught.value.problems]


def refused(text: str) -> list[str]:
    """What is wrong with a JSON text; nothing where it is sound."""
    findings = Findings("a.json")
    with contextlib.suppress(InputError):
        parse_json(text.encode(), findings)
    return lines(findings) if findings else []


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


@pytest.mark.parametrize(("size", "fine"), [(9, True), (10, True), (11, False)])
def test_a_cap_is_the_most_that_is_read(size: int, fine: bool, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "SVG_BYTES", 10)
    path = tmp_path / "x"
    path.write_bytes(b"x" * size)
    if fine:
        assert read_bytes(path, "SVG_BYTES") == b"x" * size
        assert read_bytes(str(path), "SVG_BYTES") == b"x" * size
        return
    with pytest.raises(InputError) as caught:
        read_bytes(path, "SVG_BYTES")
    said = "11 bytes, more than the limit of 10 (trigpoint.limits.SVG_BYTES)"
    assert str(caught.value) == f"{path}: {said} (hint: make the file smaller, or split it)"


class Grown:
    """A file that has more in it than its size said, or says none, as one in an archive does."""

    name = "grown"

    def __str__(self) -> str:
        return "archive/grown"

    def is_file(self) -> bool:
        return True

    def open(self, _mode: str) -> Any:
        import io

        return io.BytesIO(b"x" * 500)


def test_a_file_that_does_not_tell_its_size_is_read_no_further_than_its_cap(monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "SVG_BYTES", 10)
    with pytest.raises(InputError) as caught:
        read_bytes(Grown(), "SVG_BYTES")  # type: ignore[arg-type]
    assert str(caught.value).startswith("archive/grown: 11 or more bytes, more than the limit of 10")
    monkeypatch.setattr(limits, "SVG_BYTES", 500)
    assert len(read_bytes(Grown(), "SVG_BYTES")) == 500  # type: ignore[arg-type]


def test_a_file_is_named_as_it_was_given(tmp_path: Path) -> None:
    assert file_name("a/b.json") == "a/b.json"
    assert file_name(tmp_path / "b.json") == str(tmp_path / "b.json")
    assert file_name(Grown()) == "archive/grown"  # type: ignore[arg-type]


def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    """Below a file there is no folder: what root meets, too."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"cannot read: Not a directory \(hint: check the path and its permissions\)"):
        read_bytes(tmp_path / "file" / "x", "SVG_BYTES")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ""),
        ("gluteus medius, 中殿筋, שריר", ""),
        ("e\u0301 \u200d\u200c\u200e\u00ad\ue000", ""),  # marks, joiners and private signs hide nothing
        ("\x1f", "U+001F control character at character 1"),
        ("ab\x7f", "U+007F control character at character 3"),
        ("\x9f", "U+009F control character at character 1"),
        ("\u2028", "U+2028 LINE SEPARATOR at character 1"),
        ("\u202a", "U+202A LEFT-TO-RIGHT EMBEDDING at character 1"),
        ("x\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE at character 2"),
        ("\u2066", "U+2066 LEFT-TO-RIGHT ISOLATE at character 1"),
        ("\u2069", "U+2069 POP DIRECTIONAL ISOLATE at character 1"),
        ("\ud800", "U+D800 surrogate at character 1"),
        ("\udfff", "U+DFFF surrogate at character 1"),
        ("\ufffe", "U+FFFE control character at character 1"),
        ("\uffff", "U+FFFF control character at character 1"),
        ("\u202f\u2065\u206a\ufffd", ""),
    ],
)
def test_hidden_characters_are_named(text: str, found: str) -> None:
    assert hidden(text) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "a.json: /b: key 'c' stands twice (hint: keep one of them)"),
        ('[{"x": 1, "y": 2, "x": 3}]', "a.json: /0: key 'x' stands twice"),
        ('[{"y": 1, "x": 2, "x": 3}]', "a.json: /0: key 'x' stands twice"),
        ('{"a/b~c": [1e999]}', "a.json: /a~1b~0c/0: the number is not finite"),
        ("[999999999999999, 1000000000000000]", "a.json: /1: a whole number of 16 or more digits"),
        ("[-999999999999999, -1000000000000000]", "a.json: /1: a whole number of 16 or more digits"),
        ("[1e15]", ""),
        ('["\\u0007"]', "a.json: /0: the text holds U+0007 control character at character 1"),
        ('{"\\u0007": 1}', "a.json: a key holds U+0007 control character at character 1"),
        ("[" * 32 + "]" * 32, ""),
        ("[" * 33 + "]" * 33, f"a.json: {'/0' * 32}: nested deeper than 32 levels"),
        ('{"a":' * 32 + "1" + "}" * 32, ""),
        ('{"a":' * 33 + "1" + "}" * 33, "nested deeper than 32 levels"),
        ("[1,", "a.json: line 1 column 4: not JSON: expecting value (hint: mend the text there)"),
        ("[1,\n\n oops]", "a.json: line 3 column 2: not JSON: expecting value"),
    ],
)
def test_what_no_json_may_hold(text: str, said: str) -> None:
    told = refused(text)
    assert len(told) == bool(said)
    assert not said or said in told[0]


def test_the_number_of_values_and_entries_is_limited(monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "JSON_VALUES", 6)
    monkeypatch.setattr(limits, "ITEMS", 3)
    for text, said in {
        '[{"a":1},2]': "",
        '[{"a":1},2,[]]': "",
        "[1,2,3]": "",
        "[1,2,3,4]": "4 entries, more than the limit of 3 (trigpoint.limits.ITEMS)",
        '[{"a":1},2,[3],4]': "7 values, more than the limit of 6 (trigpoint.limits.JSON_VALUES)",
    }.items():
        told = refused(text)
        assert len(told) == bool(said)
        assert not said or said in told[0]


def test_keys_are_looked_at_everywhere_though_texts_are_somebody_else_s() -> None:
    findings = Findings()
    parse_json(b'{"a": [{"b": {"c": "\\u0007", "c": 1e999}}]}', findings, leaf=None)
    assert lines(findings) == ["/a/0/b: key 'c' stands twice (hint: keep one of them)"]


def told(value: Any, rule: dict[str, Any]) -> list[str]:
    findings = Findings()
    schema.Schema(rule, native={}).check(value, findings)
    return lines(findings) if findings else []


@pytest.mark.parametrize(
    ("value", "rule", "said"),
    [
        ("x" * 90, {"type": "string", "enum": ["y"]}, f"unknown value '{'x' * 80}' (hint: choose one of y)"),
        ("x" * 90, {"type": "string", "pattern": "y"}, f"'{'x' * 80}' cannot stand here"),
        ("x" * 90, {"type": "object"}, f'an object expected, found "{"x" * 79}'),
        ({"x" * 90: 1}, {"type": "object"}, f"/{'x' * 90}: unknown field '{'x' * 80}'"),
        (2, {"type": "integer", "const": 1}, "1 expected, found 2"),
        (2, {"type": "integer", "const": 1, "description": "the first"}, "1 expected, found 2 (hint: the first)"),
        (2, {"type": "integer", "minimum": 3, "maximum": 4}, "the number 2 is outside 3 to 4"),
        ("", {"type": "string", "minLength": 1}, "0 characters, at least 1 expected"),
        (1, {"type": "string", "description": "a name"}, "a text expected, found 1 (hint: a name)"),
        (1, {"type": "boolean"}, "a boolean expected, found 1"),
        (True, {"type": "boolean"}, None),
        ({}, {"type": "object", "required": ["a"]}, "field 'a' is missing"),
        ({}, {"type": "object", "minProperties": 1}, "0 entries, at least 1 expected"),
    ],
)
def test_a_value_is_shown_in_part_and_a_hint_is_what_the_rule_says(value: Any, rule: Any, said: str | None) -> None:
    assert told(value, rule) == ([said] if said else [])


def test_a_field_is_missing_unless_a_misspelt_one_was_meant_for_it() -> None:
    rule = {
        "type": "object",
        "required": ["name", "side"],
        "properties": {key: {"type": "string"} for key in ("name", "side")},
    }
    assert told({"nmae": "x"}, rule) == [
        "/nmae: unknown field 'nmae' (hint: did you mean 'name'?)",
        "field 'side' is missing",
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"n": 1, "t": "ab", "l": [1, 2]}, []),
        ({"n": 3.0, "t": "ab"}, ["/n: 3.0 is", "whole"]),
        ({"n": True, "t": "ab"}, ["/n: a whole number expected, found true"]),
        ({"n": 0, "t": "ab"}, ["/n: the number 0 is outside 1 to 3 (hint: small)"]),
        ({"n": 4, "t": "ab"}, ["/n: the number 4 is outside 1 to 3"]),
        ({"n": 3, "t": "a"}, ["/t: 1 characters, at least 2 expected"]),
        ({"n": 3, "t": "abcd"}, ["/t: 4 characters, at most 3 expected"]),
        ({"n": 3, "t": "a1"}, ["/t: 'a1' cannot stand here"]),
        ({"n": 3, "t": "ab", "l": []}, ["/l: 0 entries, at least 1 expected"]),
        ({"n": 3, "t": "ab", "l": [1, 2, 3]}, ["/l: 3 entries, more than the limit of 100,000"]),
        ({"n": 3, "t": "ab", "l": [1, None]}, ["/l/1: a number expected, found null"]),
        ({"n": 3, "t": "ab", "l": {}}, ["/l: a list expected, found an object"]),
        ({"n": 3, "t": "ab", "u": "yes"}, ["/u: unknown field 'u' (hint: choose one of l, k)"]),
        ({"n": 3, "tt": "ab"}, ["/tt: unknown field 'tt' (hint: did you mean 't'?)"]),
        ({"n": 3}, ["field 't' is missing (hint: two letters)"]),
        ({"n": 3, "t": "ab", "k": {"en": "x", "9": "y"}}, ["/k/9: '9' cannot be used as a key (hint: letters)"]),
        ({"n": 3, "t": "ab", "k": {"en": 5}}, ["/k/en: a text expected, found 5"]),
        ([], ["an object expected, found a list"]),
    ],
)
def test_a_schema_says_what_and_where(value: Any, said: list[str]) -> None:
    rule = {
        "type": "object",
        "required": ["n", "t"],
        "additionalProperties": False,
        "properties": {
            "n": {"type": "integer", "minimum": 1, "maximum": 3, "description": "small"},
            "t": {
                "type": "string",
                "minLength": 2,
                "maxLength": 3,
                "pattern": "^[a-z]+$",
                "description": "two letters",
            },
            "l": {"type": "array", "minItems": 1, "maxItems": 2, "x-cap": "ITEMS", "items": {"type": "number"}},
            "k": {
                "type": "object",
                "propertyNames": {"pattern": "^[a-z]+$", "description": "letters"},
                "additionalProperties": {"type": "string"},
            },
        },
    }
    findings = Findings()
    schema.Schema(rule, native={}).check(value, findings)
    if not said:
        findings.settle()
        return
    if value == {"n": 3.0, "t": "ab"}:
        assert "a whole number expected, found 3.0" in lines(findings)[0]
        return
    (line,) = lines(findings)
    assert line.startswith(said[0])
