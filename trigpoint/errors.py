"""The errors of this library, each with its problems as values, and the words for unknown names.

The classes differ in who has to act: the caller (input), the machine's owner (output), the project (anything else).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

SHOWN_CHOICES = 16
SHOWN_CHARACTERS = 80
LIKE = 0.6  # least likeness of a name to a known one that a hint offers; 1 is equal
SLIP = 0.78  # likeness of a certain slip: "heigth" is one of "height", "site" may be a word of its own


@dataclass(frozen=True)
class Problem:
    """One fault.

    Parameters
    ----------
    what : str
        The fault in a few words.
    file, pointer : str
        The file, and the place in it as a JSON pointer, line or element; empty where there is none.
    hint : str
        What to do.
    """

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
    """The base of all errors that this library raises on purpose.

    Parameters
    ----------
    problems : str, Problem or iterable of Problem
        One fault or several; the attribute `problems` is a tuple of them. `exit_code` is that of a command.
    """

    exit_code = 4

    def __init__(self, problems: str | Problem | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(problem.line() for problem in self.problems)


class InputError(TrigpointError, ValueError):
    """A file, name or number given to the library cannot be used; also a ValueError."""

    exit_code = 2


class UnknownNameError(InputError, KeyError):
    """A name that does not exist; the hint gives the nearest one. Also a KeyError."""


class OutputError(TrigpointError, OSError):
    """A result could not be written: disk, permission, folder. Also an OSError."""

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
    """The choice nearest to a mistyped name; empty where no choice has that `likeness` (0 to 1) to it.

    >>> nearest("Gluteus-Mediu", ["piriformis", "gluteus_medius"]), nearest("site", ["side"], SLIP)
    ('gluteus_medius', '')
    """
    from difflib import get_close_matches  # takes 5 ms to load, and only mistakes need it

    folded = {_folded(choice): choice for choice in reversed(list(choices))}
    near = get_close_matches(_folded(given[:SHOWN_CHARACTERS]), folded, n=1, cutoff=likeness)
    return folded[near[0]] if near else ""


def suggestion(given: str, choices: Iterable[str], *, first: Collection[str] = ()) -> str:
    """A hint for a mistyped name: the nearest of the `first`, or of all choices; else a list of these."""
    choices = list(choices)
    if near := nearest(given, first) or nearest(given, choices):
        return f"did you mean '{near}'?"
    known = list(dict.fromkeys(first or choices))
    more = f", ... ({len(known)} in all)" if len(known) > SHOWN_CHOICES else ""
    return "choose one of " + ", ".join(known[:SHOWN_CHOICES]) + more if known else ""


def unknown(kind: str, given: object, choices: Iterable[str], meant: Sequence[str] = ()) -> UnknownNameError:
    """The error for a name that is none of the choices; its hint suggests the names in `meant`, if any.

    >>> print(unknown("muscle", "gluteus mediu", ["gluteus_medius", "piriformis"]))
    unknown muscle 'gluteus mediu' (hint: did you mean 'gluteus_medius'?)
    >>> print(unknown("region", "calf", (), ["calf_lower", "calf_upper"]))
    unknown region 'calf' (hint: did you mean 'calf_lower' or 'calf_upper'?)
    """
    text = given if isinstance(given, str) else repr(given)
    shown = text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "..."
    hint = _either(meant) if meant else suggestion(text, choices)
    return UnknownNameError(Problem(f"unknown {kind} '{shown}'", hint=hint))


def _either(names: Sequence[str]) -> str:
    """A hint of several names that may be meant, the first ones of very many."""
    shown = [f"'{name}'" for name in names[:SHOWN_CHOICES]]
    if len(names) > len(shown):
        return f"did you mean {', '.join(shown)}, ... ({len(names)} in all)?"
    return f"did you mean {' or '.join(filter(None, (', '.join(shown[:-1]), shown[-1])))}?"


def _folded(name: str) -> str:
    return name.casefold().replace(" ", "_").replace("-", "_")
