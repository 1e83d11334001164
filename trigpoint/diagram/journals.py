"""Journals' rules for figures: the presets, the styles that they change, and the rules that a scene breaks.

The numbers are in `data/journal_presets.json`, each with its source, the day it was read and its confidence. Checks
measure the finished scene; `options` and `diagram` apply the defaults for width, height, resolution and format.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from ..errors import InputError, Problem, unknown
from ..files.shipped import resource
from ..scene import Group, Item, Path, Scene, Text, walk
from ..style import PT, SMALLEST_TEXT, Style

FILE = "journal_presets.json"
CONFIDENCE = ("high", "medium", "low")
RASTER = ("png", "tiff")
OUTLINED = ("eps",)  # whose letters are always written as outlines
DOUBLED = ("locator_frame_width",)  # the rim of an inset is twice as wide
WIDTH_SLACK = 0.1  # mm; printers are no more exact
SLACK = 0.005  # of the number allowed, for sums of rounded lengths
MEGABYTE = 1_000_000


class PresetWarning(UserWarning):
    """A figure, which is written nevertheless, breaks a rule of the journal it was made for."""


@dataclass(frozen=True)
class Source:
    """The source of numbers; `read_on` is None for numbers from memory."""

    id: str
    title: str
    url: str | None
    read_on: str | None


@dataclass(frozen=True)
class Rule:
    """One number, word or list of a preset. `confidence` is "high", "medium" or "low"."""

    value: Any
    source: Source
    confidence: str


@dataclass(frozen=True)
class Preset:
    """The rules of one family of journals for a figure of one width.

    Keys of `rules`, all but the first optional: `width_mm`, `width_min_mm`, `width_max_mm`, `height_max_mm`,
    `text_min_pt`, `text_max_pt`, `letter_pt` (panel letters), `line_min_pt`, `line_max_pt`, `dpi` (the default),
    `dpi_min`, `dpi_max`, `formats` (the first is the default), `fonts`, `text` ("live" or "paths"), `colour`
    ("grey": it must do without), `file_max_mb`.
    """

    id: str
    family: str
    name: str
    rules: Mapping[str, Rule]

    def get(self, key: str) -> Any:
        """The value of a rule, None where the family has none."""
        return self.rules[key].value if key in self.rules else None


@cache
def presets() -> Mapping[str, Preset]:
    """Every preset by id, in the order of the file."""
    held = _held()
    sources = {key: Source(key, **source) for key, source in held["sources"].items()}
    found = {}
    for family in held["families"]:
        for column, more in family["widths"].items():
            rules = {
                key: Rule(_frozen(rule["value"]), sources[rule["source"]], rule["confidence"])
                for key, rule in (more | family["rules"]).items()
            }
            key = "-".join(filter(None, (family["id"], column)))
            found[key] = Preset(key, family["id"], family["name"], MappingProxyType(rules))
    return MappingProxyType(found)


def find(name: str) -> Preset:
    """The preset of that id; a family's name alone means its usual width. Raises UnknownNameError or InputError.

    >>> find("elsevier-single").get("width_mm"), find("bmj").id
    (90, 'bmj-double')
    """
    known = presets()
    usual = {family["id"]: f"{family['id']}-{family['usual']}" for family in _held()["families"]}
    name = str(name).casefold()
    if preset := known.get(name) or known.get(usual.get(name, "")):
        return preset
    if name in _held()["not_found"]:
        hint = "use 'generic-single' or 'generic-double', and check the journal"
        raise InputError(Problem(_held()["not_found"][name], hint=hint))
    raise unknown("preset", name, known)


@cache
def _held() -> dict[str, Any]:
    held: dict[str, Any] = json.loads(resource("data", FILE).read_text(encoding="utf-8"))
    return held


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def styled(style: Style, preset: Preset) -> Style:
    """The style with its text sizes and line weights brought within the preset's rules."""
    text = (preset.get("text_min_pt") or 0) * PT, (preset.get("text_max_pt") or 1000) * PT
    line = (preset.get("line_min_pt") or 0) * PT, (preset.get("line_max_pt") or 1000) * PT
    changed = {"least_text": max(style.least_text, text[0]), "least_line": max(style.least_line, line[0])}
    for field in fields(style):
        value = getattr(style, field.name)
        if field.name.startswith("size_"):
            changed[field.name] = max(min(max(value, text[0]), text[1]), SMALLEST_TEXT)
        elif field.name.endswith("_width") and "halo" not in field.name:
            most = value if field.name.startswith("mark") else line[1]  # a symbol is no line
            most = most / 2 if field.name in DOUBLED else most
            changed[field.name] = min(max(value, line[0]), most)
    return replace(style, **changed)  # type: ignore[arg-type]  # all of these are numbers


@dataclass(frozen=True)
class File:
    """A file of a scene: `text` is "live" or "paths", `size` its bytes; 0 before it is made."""

    format: str
    dpi: float
    text: str = "live"
    size: int = 0


def problems(preset: Preset, scene: Scene, style: Style, file: File | None = None) -> tuple[Problem, ...]:
    """Every rule of the preset that a scene breaks, or a file of it: what was measured and what is allowed."""
    found = (*_page(preset, scene), *_text(preset, scene), *_lines(preset, scene, style), *_colour(preset, scene))
    return (*found, *_file(preset, file)) if file else found


def _page(preset: Preset, scene: Scene) -> Iterator[Problem]:
    widest = "width_max_mm" if "width_max_mm" in preset.rules else "width_mm"
    what = f"the figure is {scene.width:g} mm wide"
    if scene.width > preset.get(widest) + WIDTH_SLACK:
        yield _broken(preset, widest, what, "at most {} mm", "leave the width out")
    if scene.width < (preset.get("width_min_mm") or 0) - WIDTH_SLACK:
        yield _broken(preset, "width_min_mm", what, "at least {} mm", "leave the width out")
    highest = preset.get("height_max_mm")
    if highest and scene.height > highest + WIDTH_SLACK:
        what = f"the figure is {scene.height:.1f} mm high"
        yield _broken(preset, "height_max_mm", what, "at most {} mm", "draw fewer views or layers, or narrower")


def _text(preset: Preset, scene: Scene) -> Iterator[Problem]:
    sizes = {text.size / PT: layer for layer, text in _items(scene) if isinstance(text, Text)}
    if not sizes:
        return
    least, most = min(sizes), max(sizes)
    allowed = preset.get("text_min_pt")
    if allowed and least < allowed * (1 - SLACK):
        what = f"text of {least:.1f} pt in the layer {sizes[least]}"
        yield _broken(preset, "text_min_pt", what, "at least {} pt", "leave the layer out, or choose a larger size")
    allowed = max(preset.get("text_max_pt") or most, preset.get("letter_pt") or 0)
    if most > allowed * (1 + SLACK):
        what = f"text of {most:.1f} pt in the layer {sizes[most]}"
        yield _broken(preset, "text_max_pt", what, "at most {} pt", "choose a smaller size")


def _lines(preset: Preset, scene: Scene, style: Style) -> Iterator[Problem]:
    """Weights of lines; halos do not count, and the X of a point may be heavier."""
    halos = {style.paper, style.mark_halo, style.text_halo}
    drawn = [(layer, item) for layer, item in _items(scene) if isinstance(item, Path) and item.stroke not in halos]
    weights = [(item.width / PT, layer) for layer, item in drawn if item.stroke]
    allowed = preset.get("line_min_pt")
    what = "a line of {:.2f} pt in the layer {}"
    if weights and allowed and min(weights)[0] < allowed * (1 - SLACK):
        measured = what.format(*min(weights))
        yield _broken(
            preset, "line_min_pt", measured, "at least {} pt", "leave the layer out, or choose a larger width"
        )
    weights = [(item.width / PT, layer) for layer, item in drawn if item.stroke and item.stroke != style.mark]
    allowed = preset.get("line_max_pt")
    if weights and allowed and max(weights)[0] > allowed * (1 + SLACK):
        yield _broken(preset, "line_max_pt", what.format(*max(weights)), "at most {} pt", "choose a smaller width")


def _colour(preset: Preset, scene: Scene) -> Iterator[Problem]:
    if preset.get("colour") != "grey":
        return
    for layer, item in _items(scene):
        coloured = [colour for colour in _colours(item) if not colour[1:3] == colour[3:5] == colour[5:7]]
        if coloured:
            what = f"colour ({coloured[0]}) in the layer {layer}"
            yield _broken(preset, "colour", what, "a figure fit for black and white", "use the theme 'print'")
            return


def _file(preset: Preset, file: File) -> Iterator[Problem]:
    accepted = preset.get("formats")
    if accepted and file.format not in accepted:
        yield _broken(preset, "formats", f"the format is {file.format}", "one of {}", f"save it as {accepted[0]}")
    if file.format in RASTER:
        what = f"the resolution is {file.dpi:g} dpi"
        if file.dpi < (preset.get("dpi_min") or file.dpi):
            yield _broken(preset, "dpi_min", what, "at least {} dpi", "leave dpi out")
        if file.dpi > (preset.get("dpi_max") or file.dpi):
            yield _broken(preset, "dpi_max", what, "at most {} dpi", "leave dpi out")
    elif preset.get("text") == "live" and (file.text == "paths" or file.format in OUTLINED):
        yield _broken(preset, "text", f"letters of this {file.format} are outlines", "{} text", "save live text as pdf")
    if file.size > (preset.get("file_max_mb") or file.size) * MEGABYTE:
        what = f"the file has {file.size / MEGABYTE:.1f} MB"
        yield _broken(preset, "file_max_mb", what, "at most {} MB", "choose another format or a lower resolution")


def _broken(preset: Preset, key: str, measured: str, allowed: str, hint: str) -> Problem:
    """The words for one broken rule, with a note for a number from memory."""
    rule = preset.rules[key]
    value = ", ".join(rule.value) if isinstance(rule.value, tuple) else rule.value
    doubt = " (from memory: check the journal)" if rule.confidence == "low" else ""
    return Problem(f"{preset.id}: {measured}; asked for: {allowed.format(value)}{doubt}", hint=hint)


def _items(scene: Scene) -> Iterator[tuple[str, Item]]:
    """Everything drawn, with the id of its layer."""
    for layer in scene.children:
        name = layer.id if isinstance(layer, Group) else "page"
        yield from ((name, item) for item in walk(layer) if not isinstance(item, Group))


def _colours(item: Item) -> tuple[str, ...]:
    given = (getattr(item, name, None) for name in ("fill", "stroke", "halo"))
    return tuple(colour for colour in given if colour)
