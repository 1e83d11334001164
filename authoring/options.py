"""The schema of manifests and the page of options, both made from the table of options.

`python -m authoring.options` writes data/manifest.schema.json and docs/options.md.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from trigpoint import limits
from trigpoint.batch.manifest.columns import columns, placeholders
from trigpoint.diagram.option_table import OPTIONS, Option
from trigpoint.files.canonical import Line, json_text

ROOT = Path(__file__).resolve().parent.parent
SCHEMA, PAGE = ROOT / "data" / "manifest.schema.json", ROOT / "docs" / "options.md"
ABOUT = (
    "For TOML and JSON: 'defaults' and 'figures', or the list of figures alone. A line of JSON Lines and a row of CSV "
    "is a figure. Columns of your own may be used in 'output' and 'title' as {placeholders}."
)
HEAD = """\
# Options of a figure

One table for `Diagram` in Python, `trigpoint render`, and the columns of a manifest. It is made by
`python -m authoring.options` from `trigpoint/diagram/option_table.py`: change it there.

On the command line, several values are a list with commas, a flag given several times, or both; other flags are given
once. In a manifest they are a list, or a text with commas.

| `Diagram` | command | column | takes | what it does |
|---|---|---|---|---|
"""


def schema(options: tuple[Option, ...] = OPTIONS) -> str:
    """The JSON Schema of a manifest."""
    text = {"maxLength": limits.CELL_CHARACTERS}
    own = {"type": ["string", "number", "boolean", "null"], **text, "exclusiveMinimum": -1e15, "exclusiveMaximum": 1e15}
    named = {
        "minLength": 1,
        "maxLength": limits.LABEL_CHARACTERS,
        "pattern": r"\S",
        "not": {"enum": sorted({*placeholders()} - {*columns()})},
    }
    figures = {"type": "array", "items": {"$ref": "#/$defs/figure"}, "minItems": 1, "maxItems": limits.MANIFEST_ROWS}
    properties = {name: rule(each) for each in options for name in each.columns or (each.name,)}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A manifest of trigpoint: one row is one figure",
        "description": ABOUT,
        "oneOf": [
            _line(figures),
            {
                "type": "object",
                "properties": {
                    "$schema": _line({"type": "string", "description": "the address of this schema, for editors"}),
                    "defaults": _line({"$ref": "#/$defs/defaults"}),
                    "figures": _line(figures),
                },
                "required": ["figures"],
                "additionalProperties": False,
            },
        ],
        "$defs": {
            "own": _line(own | {"description": "a column of your own: a text, a number, true or false"}),
            "defaults": _line(
                {"description": "what a figure takes where its row says nothing", "$ref": "#/$defs/figure"}
            ),
            "figure": {
                "type": "object",
                "maxProperties": limits.MANIFEST_COLUMNS,
                "propertyNames": _line(named),
                "additionalProperties": _line({"$ref": "#/$defs/own"}),
                "properties": {name: _line(each) for name, each in properties.items()},
            },
        },
    }
    return json_text(whole) + "\n"


def rule(option: Option) -> dict[str, Any]:
    """What the schema says of an option's column."""
    whole = ["integer"] if option.whole else []
    about = {"description": option.described}
    if option.name == "output":
        names = ", ".join(placeholders())
        about = {"description": f"{option.help}; placeholders: {names} and columns of your own; {{{{ is a brace"}
    match option.kind:
        case "number":
            return {"type": ["number", "null"], "minimum": option.least, "maximum": option.most, **about}
        case "several":
            items = {"type": ["string", *whole], "pattern": r"\S"}
            kinds = {"type": ["string", *whole, "array", "null"], "items": items, "minItems": 1}
            return kinds | {"maxLength": limits.CELL_CHARACTERS} | about
    return {"type": ["string", "null"], "maxLength": limits.CELL_CHARACTERS} | about


def _line(value: object) -> Line:
    return Line(json.dumps(value, ensure_ascii=False))


def page(options: tuple[Option, ...] = OPTIONS) -> str:
    """The reference of options, as Markdown."""
    return HEAD + "".join(f"| {' | '.join(_cells(each))} |\n" for each in options)


def _cells(option: Option) -> tuple[str, ...]:
    number = f"a number, {option.least:g} to {option.most:g}"
    one = "one" if option.choices else "a text"
    takes = {"one": one, "several": "one or several", "number": number}[option.kind]
    keyword = f"`{option.name}`" if option.part == "diagram" else ""
    flags = " ".join(f"`{flag}`" for flag in option.flags) or {"muscles": "names", "output": "`-o`"}[option.name]
    held = " ".join(f"`{name}`" for name in option.columns or (option.name,))
    return keyword, flags, held, takes, option.described.replace("|", "\\|")


def main() -> None:
    """Write both files."""
    for path, text in ((SCHEMA, schema()), (PAGE, page())):
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
