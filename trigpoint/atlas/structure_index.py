"""The index of a folder of structures: which file holds a structure, and where each view shows it.

`index.json` is read before any structure, so that no file is opened of what is not drawn.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import limits
from ..files.canonical import json_text, place
from ..files.findings import Findings
from ..files.reading import Readable, file_name, parse_json, read_bytes
from ..files.schema import Schema
from ..geometry.rings import on_grid
from .structures import BONE, KINDS, Structure

if TYPE_CHECKING:
    from ..geometry.frame import Box

FORMAT = 1
STORED = ("anterior", "posterior", "right")  # the left view is the mirror of the right one
NAME = "^[A-Za-z][A-Za-z0-9_-]*$"  # of structures and of their files: no dot, and no way into another folder

_ID = {"type": "string", "pattern": NAME, "maxLength": limits.LABEL_CHARACTERS, "x-cap": "LABEL_CHARACTERS"}
_COORDINATE = {"type": "number", "minimum": -limits.COORDINATE_MM, "maximum": limits.COORDINATE_MM}
_BOX = {"type": "array", "minItems": 4, "maxItems": 4, "items": _COORDINATE, "description": "write [x0, y0, x1, y1]"}
_ENTRY = {
    "type": "object",
    "required": ["kind", "title", "file", "boxes"],
    "additionalProperties": False,
    "properties": {
        "kind": {"type": "string", "enum": KINDS},
        "title": {"type": "string", "minLength": 1, "maxLength": limits.LABEL_CHARACTERS, "x-cap": "LABEL_CHARACTERS"},
        "file": _ID | {"description": "give the file's name without its view and ending"},
        "boxes": {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": dict.fromkeys(STORED, _BOX),
            "description": "give a box for each view that shows it; the left one is the mirror of the right one",
        },
    },
}
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["format", "structures"],
    "additionalProperties": False,
    "properties": {
        "format": {"type": "integer", "const": FORMAT, "description": f"write {FORMAT}"},
        "structures": {
            "type": "object",
            "propertyNames": {"pattern": NAME, "description": "begin with a letter; then letters, digits, _ -"},
            "additionalProperties": _ENTRY,
            "maxProperties": limits.STRUCTURES,
            "x-cap": "STRUCTURES",
        },
    },
}


class Entry(NamedTuple):
    """What the index says of a structure: its kind, English title, file, and its box (mm) by view."""

    kind: str
    title: str
    file: str
    boxes: Mapping[str, Box]


Index = Mapping[str, Entry]


def format_index(files: Mapping[str, Iterable[Structure]]) -> str:
    """The index as canonical text: the structures of all views by the name of their file, without view and ending."""
    entries: dict[str, dict[str, Any]] = {}
    for file, drawn in sorted(files.items()):
        for one in sorted(drawn, key=lambda one: (one.id, one.view)):
            row = entries.setdefault(one.id, {"kind": one.kind, "title": one.title, "file": file, "boxes": {}})
            if row["file"] != file:
                raise ValueError(f"the structure {one.id} is drawn in two files, {row['file']} and {file}")
            if (row["kind"], row["title"]) != (one.kind, one.title):
                raise ValueError(f"the structure {one.id} has another kind or title in view {one.view}")
            row["boxes"][one.view] = place(on_grid(one.rim).bounds)
    return json_text({"format": FORMAT, "structures": dict(sorted(entries.items()))}) + "\n"


def open_index(source: Readable) -> Index:
    """As `read_index`, of a file that was checked when it was made."""
    value = json.loads(read_bytes(source, "INDEX_BYTES"))
    return {
        key: Entry(row["kind"], row["title"], row["file"], row["boxes"]) for key, row in value["structures"].items()
    }


def read_index(source: Readable) -> Index:
    """What a file `index.json` says; InputError with every problem, each with its JSON pointer."""
    findings = Findings(file_name(source))
    value = parse_json(read_bytes(source, "INDEX_BYTES"), findings)
    if isinstance(value, dict) and type(value.get("format")) is int and value["format"] != FORMAT:
        what = f"the file has format {value['format']}, this trigpoint reads format {FORMAT}"
        findings.fail(what, "/format", "update trigpoint, or write the file anew in that format")
    Schema(_SCHEMA, native={}).check(value, findings)
    findings.settle()
    kinds: dict[str, list[str]] = {}
    for key, row in value["structures"].items():
        kinds.setdefault(row["file"], []).append(row["kind"])
        for view, (x0, y0, x1, y1) in row["boxes"].items():
            if not (x0 < x1 and y0 < y1):
                findings.add("the box is empty", f"/structures/{key}/boxes/{view}", "write [x0, y0, x1, y1], y down")
    for key, row in value["structures"].items():
        if len(kinds[row["file"]]) > 1 and {*kinds[row["file"]]} != {BONE}:
            what = f"the file {row['file']} holds several structures: only bones may share a file"
            findings.add(what, f"/structures/{key}/file", "give each muscle a file of its own")
    findings.settle()
    return {key: _entry(row) for key, row in value["structures"].items()}


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(row["kind"], row["title"], row["file"], row["boxes"])
