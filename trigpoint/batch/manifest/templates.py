"""Texts with placeholders, such as `{muscle}-{patient}.{format}`: file names and titles of a manifest.

A placeholder is a name between braces and nothing more (no attribute, index or format), so that a template reaches only
the words it is given. `{{` and `}}` are braces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from ...errors import InputError, Problem, suggestion

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Template:
    """A text in parts: those at odd places are names of placeholders, the others stand as they are."""

    parts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The placeholders in their order."""
        return self.parts[1::2]

    def filled(self, word: Callable[[str], str]) -> str:
        """The text with `word(name)` in place of every placeholder.

        >>> parse("{side}-{{x}}").filled({"side": "left"}.__getitem__)
        'left-{x}'
        """
        return "".join([word(part) if place % 2 else part for place, part in enumerate(self.parts)])


def parse(text: str) -> Template:
    """The template of a text; InputError for a brace that opens or closes nothing."""
    parts = [""]
    start = 0
    for found in _PART.finditer(text):
        parts[-1] += text[start : found.start()]
        start = found.end()
        if found[1] is not None:
            parts += [found[1].strip(), ""]
        elif len(found[0]) == 2:
            parts[-1] += found[0][:1]
        else:
            what = f"the brace at character {found.start() + 1} has no partner"
            raise InputError(Problem(what, hint=f"write {found[0] * 2} for a brace, {{name}} for a placeholder"))
    parts[-1] += text[start:]
    return Template(tuple(parts))


def unknown_names(template: Template, known: Collection[str], *, hints: bool = True) -> list[Problem]:
    """A problem for every placeholder that is none of the known names, with `hints` what it may have meant."""
    return [
        Problem(f"unknown placeholder '{{{name[:80]}}}'", hint=suggestion(name, known) if hints else "")
        for name in dict.fromkeys(template.names)
        if name not in known
    ]
