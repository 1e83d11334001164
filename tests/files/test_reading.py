"""The gate for files: what is read, how much of it, and what no text may hold."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest

from tests.support.problems import lines
from trigpoint import limits
from trigpoint.errors import InputError
from trigpoint.files.findings import Findings
from trigpoint.files.reading import file_name, hidden, parse_json, read_bytes


def refused(text: str) -> list[str]:
    """What is wrong with a JSON text; nothing where it is sound."""
    findings = Findings("a.json")
    with contextlib.suppress(InputError):
        parse_json(text.encode(), findings)
    return lines(findings) if findings else []


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
