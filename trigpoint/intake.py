"""The gate for what comes from outside: bytes within a cap, text without hidden characters, JSON without surprises.

A pattern file or an outline may come from anybody. Here it is read no further than its cap allows, and every fault is
collected with its place, so that its owner sees all of them at once. What the data mean is for the rooms above.
"""

from __future__ import annotations

import json
import math
import os
import re
import warnings
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeAlias

from . import limits
from .errors import InputError, Problem, suggestion

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Leaf: TypeAlias = Callable[[Any], tuple[str, str] | None]
Readable: TypeAlias = "str | os.PathLike[str] | Traversable"

ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
# Control characters (XML forbids most), line separators, bidi embeddings, overrides and isolates, lone surrogates.
_HIDDEN = "[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"


class Findings:
    """The problems of one file, as they are found: the first of them in words, the rest counted."""

    def __init__(self, file: str = "", *, repair: bool = False) -> None:
        self.file = file
        self.repair = repair  # whether shapes that cross themselves are to be mended
        self._repairs: list[str] = []
        self._problems: dict[Problem, None] = {}
        self._more = 0
        self._noted = 0
        self._compared = 0

    def __bool__(self) -> bool:
        return bool(self._problems)

    @property
    def full(self) -> bool:
        """Whether more problems would only be counted."""
        return len(self._problems) >= limits.PROBLEMS

    def add(self, what: str, pointer: str = "", hint: str = "", *, first: bool = False) -> None:
        """Note one problem at a place of the file; InputError where there are more than anybody would count.

        One that others follow from is told `first`, and in words however many there are.
        """
        self._noted += 1
        if self._noted > limits.PROBLEMS_NOTED:
            self.settle()
        if first:
            self._problems = {Problem(what, self.file, pointer, hint): None} | self._problems
        elif self.full:
            self._more += 1
        else:
            self._problems[Problem(what, self.file, pointer, hint)] = None

    def meant(self, given: str, choices: Collection[str]) -> str:
        """The hint for a mistyped name, as long as somebody may read it and the file has not had its share of them."""
        self._compared += len(choices)
        if self.full or self._compared > limits.COMPARISONS:
            return ""
        return suggestion(given, choices)

    def repaired(self, what: str, pointer: str) -> None:
        """Note that something was mended; `settle` tells it as a warning."""
        self._repairs.append(Problem(what, self.file, pointer).line())

    def fail(self, what: str, pointer: str = "", hint: str = "") -> NoReturn:
        """Note a problem that makes reading on pointless, and raise InputError."""
        self.add(what, pointer, hint)
        self.settle()
        raise AssertionError("a noted problem raises")

    def settle(self) -> None:
        """Raise InputError with everything noted, if anything was; else warn of what was mended."""
        if self._noted > limits.PROBLEMS_NOTED:
            what = f"and more: not read any further after {limits.PROBLEMS_NOTED:,} problems"
            self._problems[Problem(f"{what} (trigpoint.limits.PROBLEMS_NOTED)", self.file)] = None
        elif self._more:
            self._problems[Problem(f"and {self._more:,} more problems", self.file)] = None
        if self._problems:
            raise InputError(self._problems)
        for line in self._repairs:
            warnings.warn(line, stacklevel=4)
        self._repairs.clear()


def file_name(source: Readable) -> str:
    """How a message names the file."""
    return os.fspath(source) if isinstance(source, (str, os.PathLike)) else str(source)


def read_bytes(source: Readable, cap: str) -> bytes:
    """The bytes of a file no larger than the named cap of `limits`; InputError otherwise."""
    limit: int = getattr(limits, cap)
    name = file_name(source)
    hint = "make the file smaller, or split it"
    try:
        place = Path(source) if isinstance(source, (str, os.PathLike)) else source
        if isinstance(place, Path) and place.stat().st_size > limit:
            raise InputError(Problem(limits.over(cap, place.stat().st_size, "bytes"), name, hint=hint))
        if not place.is_file():
            raise InputError(Problem("this is not an ordinary file", name, hint="give the path of a file"))
        with place.open("rb") as file:
            data: bytes = file.read(limit + 1)
    except FileNotFoundError:
        raise InputError(Problem("no such file", name, hint="check the path")) from None
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(Problem(f"cannot read: {why}", name, hint="check the path and its permissions")) from None
    if len(data) > limit:
        raise InputError(Problem(limits.over(cap, len(data), "or more bytes"), name, hint=hint))
    return data


def hidden(text: str) -> str:
    r"""Which character of a text a reader would not see for what it is, in words; empty for an honest text.

    >>> hidden("gluteus\u202emedius")
    'U+202E RIGHT-TO-LEFT OVERRIDE at character 8'
    """
    if text.isprintable():  # nearly every text, and cheaper than the pattern
        return ""
    found = re.search(_HIDDEN, text)
    if not found:
        return ""
    import unicodedata  # only a fault needs the names

    character = found.group()
    name = unicodedata.name(character, "surrogate" if "\ud800" <= character <= "\udfff" else "control character")
    return f"U+{ord(character):04X} {name} at character {found.start() + 1}"


def faulty(value: Any) -> tuple[str, str] | None:
    """What is wrong with a text or a number, wherever it stands, and what to do."""
    match value:
        case str() if why := hidden(value):
            return f"the text holds {why}", "delete the character"
        case float() if not math.isfinite(value):
            return "the number is not finite", "write an ordinary number"
        case int() if abs(value) >= 10**15:
            return "a whole number of 16 or more digits", "write fewer digits"
    return None


def decoded(data: bytes, findings: Findings, *, hint: str = "save the file as UTF-8") -> str:
    """The bytes as UTF-8 text, a byte order mark left out; InputError if they are something else."""
    try:
        text, fault = data.decode("utf-8-sig"), data.find(b"\0")  # UTF-16 without its mark is full of NULs
    except UnicodeDecodeError as error:
        text, fault = "", error.start
    if fault >= 0:
        line = data.count(b"\n", 0, fault) + 1
        findings.fail(f"not UTF-8 text (byte {fault:,}, line {line:,})", hint=hint)
    return text


def parse_json(data: bytes, findings: Findings, *, values: str = "JSON_VALUES", leaf: Leaf | None = faulty) -> Any:
    """The JSON value of the bytes. Duplicate keys, endless numbers, depth and hidden characters become findings.

    `values` names the cap on how many values there may be; `leaf` tells what is wrong with a text or a number, and
    is None where that is somebody else's.
    """
    count = sum(data.count(mark) for mark in (b"[", b"{", b",", b":"))
    if count > getattr(limits, values):
        findings.fail(limits.over(values, count, "values"), hint="simplify the file, or split it")
    return json_value(decoded(data, findings), findings, leaf=leaf)


def json_value(text: str, findings: Findings, *, pointer: str = "", line: int = 1, leaf: Leaf | None = faulty) -> Any:
    """The JSON value of a text that begins at a line and a place of its file; see `parse_json`."""
    twice: list[tuple[dict[str, Any], str]] = []

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) < len(pairs):
            again = {key: place for place, (key, _) in enumerate(pairs)}
            twice.append((value, next(key for place, (key, _) in enumerate(pairs) if again[key] != place)))
        return value

    try:
        value = json.loads(text, object_pairs_hook=keep)
    except json.JSONDecodeError as error:
        what = f"not JSON: {error.msg[0].lower()}{error.msg[1:]}"
        findings.fail(what, f"line {line + error.lineno - 1} column {error.colno}", "mend the text there")
    except RecursionError:
        findings.fail(limits.TOO_DEEP, pointer, hint="nothing that is read here goes so deep")
    except ValueError:  # a number of thousands of digits
        findings.fail("a whole number of 16 or more digits", pointer, hint="write fewer digits")
    Scan(findings, {id(item): key for item, key in twice}, leaf).look(value, pointer)
    return value


class Scan(NamedTuple):
    """What no data of ours may hold, wherever it stands; `twice` are keys given twice, by the id of their object."""

    findings: Findings
    twice: Mapping[int, str] = MappingProxyType({})
    leaf: Leaf | None = faulty  # None where somebody else looks at texts and numbers

    def look(self, value: Any, pointer: str = "", depth: int = 1) -> None:
        """Note every fault of a value and of all that it holds."""
        match value:
            case dict() | list() if depth > limits.DEPTH:
                self.findings.add(limits.TOO_DEEP, pointer, "nothing that is read here goes so deep")
            case dict() | list() if len(value) > limits.ITEMS:
                self.findings.add(limits.over("ITEMS", len(value), "entries"), pointer)
            case dict():
                self._object(value, pointer, depth)
            case list():
                for index, item in enumerate(value):
                    if type(item) not in (int, float) or not -(10**15) < item < 10**15:  # most are coordinates
                        self.look(item, f"{pointer}/{index}", depth + 1)
            case _ if self.leaf and (fault := self.leaf(value)):
                self.findings.add(fault[0], pointer, fault[1])

    def _object(self, value: dict[str, Any], pointer: str, depth: int) -> None:
        if id(value) in self.twice:
            self.findings.add(f"key '{self.twice[id(value)]}' stands twice", pointer, "keep one of them")
        for key, item in value.items():
            if hidden(key):
                self.findings.add(f"a key holds {hidden(key)}", pointer, "delete the character")
            if self.leaf or isinstance(item, dict | list):
                self.look(item, f"{pointer}/{_token(key)}", depth + 1)


def _token(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


Native = Callable[[Any, str, Findings], None]


class Schema:
    """A JSON Schema, as far as our own files use it: structure, required fields, ranges, patterns and choices.

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
            inner = f"{at}/{_token(key)}"
            if key in known:
                self._check(item, known[key], inner, findings)
            elif isinstance(other, dict):
                if not re.search(rule["propertyNames"]["pattern"], key):
                    findings.add(f"'{key}' cannot be used as a key", inner, rule["propertyNames"]["description"])
                self._check(item, other, inner, findings)
            else:
                hint = _meant(key, [name for name in known if name not in value], known, findings)
                meant.update(name for name in known if hint == f"did you mean '{name}'?")
                findings.add(f"unknown field '{key[:80]}'", inner, hint)
        for key in rule.get("required", ()):
            if key not in value and key not in meant:
                findings.add(f"field '{key}' is missing", at, known.get(key, {}).get("description", ""))


def _meant(key: str, missing: list[str], known: Collection[str], findings: Findings) -> str:
    """The field that a misspelt one stands for, best one that is missing; else which there are to choose from."""
    hints = [findings.meant(key, missing), findings.meant(key, known)]
    return next((hint for hint in hints if hint.startswith("did you mean")), hints[0] or hints[1])


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
    long_enough = len(value) >= rule.get("minLength", 0)  # else that is told
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
