"""What a schema says of a value, and where."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.problems import lines
from trigpoint.files import schema
from trigpoint.files.findings import Findings


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
