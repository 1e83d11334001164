"""`trigpoint presets`: the rules of journals for figures, each number with its source, its date and its confidence."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from ..diagram import journals
from ..diagram.journals import Preset, Rule
from . import console

CAUTION = "Rules change: the journal's own page decides. Numbers marked ? are from memory: check the journal."
COLUMNS = (("preset", 17), ("width mm", 18), ("height mm", 10), ("text pt", 9), ("lines pt", 10), ("dpi", 9))
RANGES = {
    "width mm": ("width_mm",),
    "height mm": ("height_max_mm",),
    "text pt": ("text_min_pt", "text_max_pt"),
    "lines pt": ("line_min_pt", "line_max_pt"),
    "dpi": ("dpi",),
}
WORDS = {
    "width_mm": "width, mm",
    "width_min_mm": "least width, mm",
    "width_max_mm": "greatest width, mm",
    "height_max_mm": "greatest height, mm",
    "text_min_pt": "smallest text, pt",
    "text_max_pt": "largest text, pt",
    "letter_pt": "panel letters, pt",
    "line_min_pt": "thinnest line, pt",
    "line_max_pt": "thickest line, pt",
    "dpi": "resolution, dpi",
    "dpi_min": "least resolution, dpi",
    "dpi_max": "greatest resolution, dpi",
    "formats": "formats",
    "fonts": "typefaces",
    "text": "text",
    "colour": "colour",
    "file_max_mb": "largest file, MB",
}


def run(arguments: argparse.Namespace) -> int:
    """Print one line per preset and the sources, or everything about one of them."""
    known = journals.presets()
    if arguments.preset is not None:
        one = journals.find(arguments.preset)
        known = {one.id: one}
    if arguments.json:
        for preset in known.values():
            console.say_json(_record(preset))
    else:
        console.say("\n".join(_page(one) if arguments.preset is not None else _table(known)))
    return 0


def _record(preset: Preset) -> dict[str, object]:
    rules = {key: _origin(rule) for key, rule in preset.rules.items()}
    return {"id": preset.id, "family": preset.family, "name": preset.name, "rules": rules}


def _origin(rule: Rule) -> dict[str, object]:
    source = rule.source
    return {
        "value": rule.value,
        "confidence": rule.confidence,
        "source": source.title,
        "url": source.url,
        "read_on": source.read_on,
    }


def _table(known: Mapping[str, Preset]) -> Iterator[str]:
    yield "".join(f"{word:<{width}}" for word, width in COLUMNS) + "formats"
    for preset in known.values():
        cells = [preset.id, *(_range(preset, keys) for keys in RANGES.values())]
        row = "".join(f"{cell:<{width}}" for cell, (_, width) in zip(cells, COLUMNS, strict=True))
        yield (row + _range(preset, ("formats",))).rstrip()
    yield ""
    yield from _sources(known)
    yield ""
    yield CAUTION


def _range(preset: Preset, keys: tuple[str, ...]) -> str:
    """The numbers of some rules as one cell."""
    rules = [preset.rules[key] for key in keys if key in preset.rules]
    doubt = "?" if any(rule.confidence == "low" for rule in rules) else ""
    words = "-".join(_value(rule.value) for rule in rules)
    if len(rules) < len(keys) and words:
        words += "-"  # no upper bound
    if keys == ("width_mm",) and "width_min_mm" in preset.rules:
        words += f" ({preset.get('width_min_mm')}-{preset.get('width_max_mm') or words})"
    return words + doubt


def _value(value: Any) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _sources(known: Mapping[str, Preset]) -> Iterator[str]:
    """Each family with where its numbers were read, and when."""
    families: dict[str, dict[str, None]] = {}
    for preset in known.values():
        lines = families.setdefault(preset.name, {})
        for rule in preset.rules.values():
            lines[_where(rule)] = None
    for name, lines in families.items():
        yield name
        yield from (f"  {line}" for line in lines)


def _where(rule: Rule) -> str:
    source = rule.source
    read = f", read {source.read_on}" if source.read_on else ""
    return f"{source.title}{read}{': ' + source.url if source.url else ''}"


def _page(preset: Preset) -> Iterator[str]:
    yield f"{preset.id}: {preset.name}"
    for key, rule in preset.rules.items():
        yield f"  {WORDS[key] + ':':<26}{_value(rule.value).replace(',', ', ')}"
        yield f"  {'':<26}{rule.confidence} confidence; {_where(rule)}"
    yield ""
    yield CAUTION
