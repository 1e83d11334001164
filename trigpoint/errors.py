"""What can go wrong, said so that a person can act on it: what, where, what to do.

Every error carries its problems as values, one per fault, so that a command can print them line by line and a
notebook can list them. The classes differ only in who has to act: the caller (input), the machine's owner
(output), or the project (anything else). Nothing here knows which file formats or names exist.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

SHOWN_CHOICES = 16
SHOWN_CHARACTERS = 80
LIKE = 0.6  # of a name to a known one, from which on a hint offers it; 1 is equal
SLIP = 0.78  # from which on it is taken for nothing else: "heigth" is a slip of "height", "site" may be a word


@dataclass(frozen=True)
class Problem:
    """One fault: what it is, in which file and at which place of it, and what to do."""

    what: str
    file: str = ""
    pointer: str = ""
    hint: str = ""

    def line(self) -> str:
        """The problem as one printable line, empty parts left out.

        >>> Problem("number expected", file="a.json", pointer="/format", hint="write 1").line()
        'a.json: /format: number expected (hint: write 1)'
        """
        parts = [part for part in (self.file, self.pointer, self.what) if part]
        hint = f" (hint: {self.hint})" if self.hint else ""
        return escaped(": ".join(parts) + hint)


class TrigpointError(Exception):
    """Whatever this library raises on purpose; `problems` lists the faults one by one."""

    exit_code = 4

    def __init__(self, problems: str | Problem | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(problem.line() for problem in self.problems)


class InputError(TrigpointError, ValueError):
    """Something given to the library cannot be used: a file, a name, a number."""

    exit_code = 2


class UnknownNameError(InputError, KeyError):
    """A name that is not known here; the hint says which one was probably meant."""


class OutputError(TrigpointError, OSError):
    """A result could not be written: disk, permission, folder."""

    exit_code = 3


def escaped(text: str) -> str:
    r"""The text with control, bidi and other unprintable characters written as escapes.

    >>> escaped("a\x1b[31m")
    'a\\x1b[31m'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def nearest(given: str, choices: Iterable[str], likeness: float = LIKE) -> str:
    """The choice that a mistyped name is nearest to, empty where none is at least so like it.

    >>> nearest("Gluteus-Mediu", ["piriformis", "gluteus_medius"]), nearest("site", ["side"], SLIP)
    ('gluteus_medius', '')
    """
    from difflib import get_close_matches  # 5 ms that only a mistake has to pay

    folded = {_folded(choice): choice for choice in reversed(list(choices))}
    near = get_close_matches(_folded(given[:SHOWN_CHARACTERS]), folded, n=1, cutoff=likeness)
    return folded[near[0]] if near else ""


def suggestion(given: str, choices: Iterable[str], *, first: Collection[str] = ()) -> str:
    """A hint for a mistyped name: the nearest choice, best one of the `first`; else these, or all choices."""
    choices = list(choices)
    if near := nearest(given, first) or nearest(given, choices):
        return f"did you mean '{near}'?"
    known = list(dict.fromkeys(first or choices))
    if not known:
        return ""
    more = f", ... ({len(known)} in all)" if len(known) > SHOWN_CHOICES else ""
    return "choose one of " + ", ".join(known[:SHOWN_CHOICES]) + more


def unknown(kind: str, given: object, choices: Iterable[str], meant: Sequence[str] = ()) -> UnknownNameError:
    """The error for a name that is none of the choices; with what is `meant`, it suggests these instead.

    >>> print(unknown("muscle", "gluteus mediu", ["gluteus_medius", "piriformis"]))
    unknown muscle 'gluteus mediu' (hint: did you mean 'gluteus_medius'?)
    >>> print(unknown("region", "calf", (), ["calf_lower", "calf_upper"]))
    unknown region 'calf' (hint: did you mean 'calf_lower' or 'calf_upper'?)
    """
    text = given if isinstance(given, str) else repr(given)
    shown = text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "..."
    return UnknownNameError(
        Problem(f"unknown {kind} '{shown}'", hint=_either(meant) if meant else suggestion(text, choices))
    )


def _either(names: Sequence[str]) -> str:
    """A hint of several names that may be meant, the first ones of very many."""
    shown = [f"'{name}'" for name in names[:SHOWN_CHOICES]]
    if len(names) > len(shown):
        return f"did you mean {', '.join(shown)}, ... ({len(names)} in all)?"
    return f"did you mean {' or '.join(filter(None, (', '.join(shown[:-1]), shown[-1])))}?"


def _folded(name: str) -> str:
    return name.casefold().replace(" ", "_").replace("-", "_")
