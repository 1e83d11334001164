"""Bytes within a cap, text without hidden characters, JSON without surprises.

A pattern file or an outline may come from anybody. It is read no further than its cap allows, and every fault is noted
with its place. What the data mean is checked by the rooms above.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from .. import limits
from ..errors import InputError, Problem
from .findings import Findings

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Leaf: TypeAlias = Callable[[Any], tuple[str, str] | None]
Readable: TypeAlias = "str | os.PathLike[str] | Traversable"

ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
# Control characters (XML forbids most), line separators, bidi embeddings, overrides and isolates, lone surrogates.
_HIDDEN = "[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"


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

    `values` names the cap on how many values there may be; `leaf` returns what is wrong with a text or a number;
    None leaves these to the caller.
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
    """Checks that hold for every value of a JSON file; `twice` are keys given twice, by the id of their object."""

    findings: Findings
    twice: Mapping[int, str] = MappingProxyType({})
    leaf: Leaf | None = faulty  # None leaves texts and numbers to the caller

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
                self.look(item, f"{pointer}/{token(key)}", depth + 1)


def token(key: str) -> str:
    """A key as it stands in a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")
