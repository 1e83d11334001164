"""Checks of a value against a JSON Schema, as far as the schemas of this project use it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

from .. import limits
from .findings import Findings
from .reading import token

Native = Callable[[Any, str, Findings], None]


class Schema:
    """A JSON Schema, as far as the shipped schemas use it: structure, required fields, ranges, patterns and choices.

    `native` replaces a definition by a function, where a schema would be slow (rings of thousands of points).
    """

    def __init__(self, schema: dict[str, Any], native: dict[str, Native]) -> None:
        self._root = schema
        self._native = {f"#/$defs/{name}": check for name, check in native.items()}

    def check(self, value: Any, findings: Findings) -> None:
        """Note every place where the value is not as the schema says."""
        self._check(value, self._root, "", findings)

    def _check(self, value: Any, rule: dict[str, Any], at: str, findings: Findings) -> None:
        reference = rule.get("$ref", "")
        if reference in self._native:
            self._native[reference](value, at, findings)
            return
        if reference:
            rule = self._root["$defs"][reference.removeprefix("#/$defs/")]
        kinds = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
        if _kind(value) not in kinds and not (_kind(value) == "integer" and "number" in kinds):
            findings.add(f"{_article(kinds[0])} expected, found {_shown(value)}", at, rule.get("description", ""))
            return
        match value:
            case dict():
                self._object(value, rule, at, findings)
            case list():
                _size(len(value), rule, "Items", "entries", at, findings)
                for index, item in enumerate(value):
                    self._check(item, rule["items"], f"{at}/{index}", findings)
            case str():
                _string(value, rule, at, findings)
            case int() | float():
                _number(value, rule, at, findings)

    def _object(self, value: dict[str, Any], rule: dict[str, Any], at: str, findings: Findings) -> None:
        known: dict[str, Any] = rule.get("properties", {})
        other = rule.get("additionalProperties")
        meant: set[str] = set()
        _size(len(value), rule, "Properties", "entries", at, findings)
        for key, item in value.items():
            inner = f"{at}/{token(key)}"
            if key in known:
                self._check(item, known[key], inner, findings)
            elif isinstance(other, dict):
                if not re.search(rule["propertyNames"]["pattern"], key):
                    findings.add(f"'{key}' cannot be used as a key", inner, rule["propertyNames"]["description"])
                self._check(item, other, inner, findings)
            else:
                hint = findings.meant(key, known, first=[name for name in known if name not in value])
                meant.update(name for name in known if hint == f"did you mean '{name}'?")
                findings.add(f"unknown field '{key[:80]}'", inner, hint)
        for key in rule.get("required", ()):
            if key not in value and key not in meant:
                findings.add(f"field '{key}' is missing", at, known.get(key, {}).get("description", ""))


def _kind(value: Any) -> str:
    return {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}.get(
        type(value), "null"
    )


def _article(kind: str) -> str:
    return {"object": "an object", "array": "a list", "string": "a text", "integer": "a whole number"}.get(
        kind, f"a {kind}"
    )


def _shown(value: Any) -> str:
    return _article(_kind(value)) if isinstance(value, (dict, list)) else json.dumps(value)[:80]


def _string(value: str, rule: dict[str, Any], at: str, findings: Findings) -> None:
    _size(len(value), rule, "Length", "characters", at, findings)
    if "enum" in rule and value not in rule["enum"]:
        findings.add(f"unknown value '{value[:80]}'", at, findings.meant(value, rule["enum"]))
    long_enough = len(value) >= rule.get("minLength", 0)  # else noted by `_size`
    if "pattern" in rule and long_enough and not re.search(rule["pattern"], value):
        findings.add(f"'{value[:80]}' cannot stand here", at, rule.get("description", ""))


def _number(value: float, rule: dict[str, Any], at: str, findings: Findings) -> None:
    low, high = rule.get("minimum", -math.inf), rule.get("maximum", math.inf)
    if "const" in rule and value != rule["const"]:
        findings.add(f"{rule['const']} expected, found {value}", at, rule.get("description", ""))
    if not low <= value <= high:
        findings.add(f"the number {value} is outside {low} to {high}", at, rule.get("description", ""))


def _size(size: int, rule: dict[str, Any], what: str, unit: str, at: str, findings: Findings) -> None:
    if size < rule.get(f"min{what}", 0):
        findings.add(f"{size} {unit}, at least {rule[f'min{what}']} expected", at, rule.get("description", ""))
    if size > rule.get(f"max{what}", size):
        cap = rule.get("x-cap", "")
        findings.add(
            limits.over(cap, size, unit) if cap else f"{size:,} {unit}, at most {rule[f'max{what}']} expected", at
        )
