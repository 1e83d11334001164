"""The options of manifest rows, settled once for all rows that have the same: whether and under which name to draw.

`Diagram` checks the options; where it refuses, each option is tried alone, so that every mistake has its column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..atlas import Atlas
from ..backends import FORMATS
from ..diagram import Diagram, journals
from ..diagram.option_table import DPI, MUSCLES, OPTIONS, option
from ..errors import InputError, Problem, unknown

MOST_COMMAS = 6  # in a muscle's name
NO_MUSCLE = Problem("no muscle is named", hint="'trigpoint list' prints their names")
OF_THE_MUSCLES = frozenset(["points", "overlay", "layout"])  # of no meaning where the muscle is unknown


@dataclass(frozen=True)
class Options:
    """What a row asks for, sound or not.

    `keywords` are those of `Diagram`. `formats` are those of its files, `chosen` is whether the row named them.
    `page_width` is in mm. `words` fill placeholders. `problems` are pairs of a column (empty where no single one is at
    fault) and what is wrong.
    """

    muscles: tuple[str, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    chosen: bool = False
    dpi: float | None = None
    page_width: float = 0.0
    words: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[tuple[str, Problem], ...] = ()


def settle(cells: Mapping[str, Any], atlas: Atlas) -> Options:
    """The options of a row's cells, all but names of files and titles; they hold values as `Diagram` takes them."""
    problems: list[tuple[str, Problem]] = []
    if "format" in cells:
        cells = {**cells, "format": tuple(str(kind).casefold() for kind in cells["format"])}
    given = [key for key in MUSCLES if key in cells]
    if len(given) != 1:
        twice = Problem("both 'muscle' and 'muscles' are given", hint="name it once")
        problems.append((MUSCLES[0], twice if given else NO_MUSCLE))
    names = _whole(cells[given[0]], atlas) if given else ()
    options = {key: value for key, value in cells.items() if key not in (*MUSCLES, "format", "dpi")}
    problems += _file_problems(cells)
    if not problems:
        try:
            return _sound(Diagram(*names, atlas=atlas, **options), cells, options)
        except InputError:
            pass
    return Options(problems=tuple(dict.fromkeys([*problems, *_diagnosed(names, given, options, atlas)])))


def _whole(entries: Sequence[str], atlas: Atlas) -> tuple[str, ...]:
    """Names of muscles from the parts of a list: one that has commas of its own was cut there."""
    found: list[str] = []
    rest = list(entries)
    while rest:
        wholes = (", ".join(map(str, rest[:count])) for count in range(min(len(rest), MOST_COMMAS + 1), 1, -1))
        name = "" if rest[0] in atlas else next((each for each in wholes if each in atlas), "")
        found.append(name or rest[0])
        del rest[: name.count(", ") + 1]
    return tuple(found)


def _sound(diagram: Diagram, cells: Mapping[str, Any], options: dict[str, Any]) -> Options:
    rules = journals.find(options["preset"]) if "preset" in options else None
    asked = [kind for kind in (rules and rules.get("formats")) or () if kind in FORMATS]
    resolution = cells.get("dpi") or (rules and rules.get("dpi")) or DPI
    words = _words(diagram, options, resolution)
    formats = cells.get("format") or tuple(asked[:1]) or FORMATS[:1]
    return Options(
        diagram.muscles,
        options,
        tuple(dict.fromkeys(formats)),
        "format" in cells,
        cells.get("dpi"),
        diagram.page_width,
        words,
    )


def _words(diagram: Diagram, options: Mapping[str, Any], resolution: float) -> dict[str, str]:
    """What stands for the placeholders of options, all but the format, in titles and file names."""
    drawn = {"views": diagram.shown_views, "width": diagram.page_width, "dpi": resolution}
    words = {}
    for row in OPTIONS:
        value: Any = drawn.get(row.name) or getattr(diagram, row.name, None) or options.get(row.name, "")
        if row.placeholder and row.name != "format":
            several = "+".join(map(str, value)) if row.kind == "several" else str(value)
            words[row.placeholder] = f"{value:g}" if row.kind == "number" else several
    return words


def _file_problems(cells: Mapping[str, Any]) -> list[tuple[str, Problem]]:
    strange = [kind for kind in cells.get("format", ()) if kind not in FORMATS]
    found = [("format", unknown("format", kind, FORMATS).problems[0]) for kind in strange]
    row, dpi = option("dpi"), cells.get("dpi")
    if dpi is not None and not row.least <= dpi <= row.most:
        what = f"dpi {dpi:g} is not a number from {row.least:g} to {row.most:g}"
        found.append(("dpi", Problem(what, hint="300 is usual, line art may need 1,000")))
    return found


def _diagnosed(
    names: tuple[str, ...], given: list[str], options: Mapping[str, Any], atlas: Atlas
) -> list[tuple[str, Problem]]:
    """Every option tried alone; where each works alone, the one without which all the others work."""
    column = given[0] if given else MUSCLES[0]
    found = [(column, problem) for name in names for problem in _refusal(partial(atlas.muscle, name))]
    if not found and names:
        found += [(column, problem) for problem in _refusal(partial(Diagram, *names, atlas=atlas))]
    known = names if names and not found else (atlas.muscles[0].id,)
    for key, value in options.items():
        if known is names or key not in OF_THE_MUSCLES:
            found += [(key, problem) for problem in _refusal(partial(Diagram, *known, atlas=atlas, **{key: value}))]
    if not found and known is names:
        found += _together(names, options, atlas)
    return found


def _together(names: tuple[str, ...], options: Mapping[str, Any], atlas: Atlas) -> list[tuple[str, Problem]]:
    """What is wrong with options that are sound one by one."""
    refused = _refusal(partial(Diagram, *names, atlas=atlas, **options))
    for key in options:
        others = {other: value for other, value in options.items() if other != key}
        if not _refusal(partial(Diagram, *names, atlas=atlas, **others)):
            return [(key, problem) for problem in refused]
    return [("", problem) for problem in refused]


def _refusal(attempt: Callable[[], object]) -> tuple[Problem, ...]:
    try:
        attempt()
    except InputError as error:
        return error.problems
    return ()
