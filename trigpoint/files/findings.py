"""The problems of one file, collected so that its owner sees all of them at once."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from typing import NoReturn

from .. import limits
from ..errors import InputError, Problem, suggestion


class Findings:
    """The problems of one file, as they are found: the first of them in words, the rest counted."""

    def __init__(self, file: str = "", *, repair: bool = False) -> None:
        self.file = file
        self.repair = repair  # whether shapes that cross themselves are to be mended
        self._repairs: list[str] = []
        self._problems: dict[Problem, None] = {}
        self._more = 0
        self._noted = 0
        self._compared = 0

    def __bool__(self) -> bool:
        return bool(self._problems)

    @property
    def full(self) -> bool:
        """Whether more problems would only be counted."""
        return len(self._problems) >= limits.PROBLEMS

    def add(self, what: str, pointer: str = "", hint: str = "", *, first: bool = False) -> None:
        """Note one problem at a place of the file; InputError above `limits.PROBLEMS_NOTED`.

        With `first`, for a cause of other problems, it is put before them and always kept in words.
        """
        self._noted += 1
        if self._noted > limits.PROBLEMS_NOTED:
            self.settle()
        if first:
            self._problems = {Problem(what, self.file, pointer, hint): None} | self._problems
        elif self.full:
            self._more += 1
        else:
            self._problems[Problem(what, self.file, pointer, hint)] = None

    def meant(self, given: str, choices: Collection[str], first: Collection[str] = ()) -> str:
        """As `suggestion`; empty where the problem is only counted, or above `limits.COMPARISONS`."""
        self._compared += len(first) + len(choices)
        if self.full or self._compared > limits.COMPARISONS:
            return ""
        return suggestion(given, choices, first=first)

    def repaired(self, what: str, pointer: str) -> None:
        """Note that something was mended; `settle` gives a warning."""
        self._repairs.append(Problem(what, self.file, pointer).line())

    def fail(self, what: str, pointer: str = "", hint: str = "") -> NoReturn:
        """Note a problem that makes reading on pointless, and raise InputError."""
        self.add(what, pointer, hint)
        self.settle()
        raise AssertionError("a noted problem raises")

    def settle(self) -> None:
        """Raise InputError with everything noted, if anything was; else warn of what was mended."""
        if self._noted > limits.PROBLEMS_NOTED:
            what = f"and more: not read any further after {limits.PROBLEMS_NOTED:,} problems"
            self._problems[Problem(f"{what} (trigpoint.limits.PROBLEMS_NOTED)", self.file)] = None
        elif self._more:
            self._problems[Problem(f"and {self._more:,} more problems", self.file)] = None
        if self._problems:
            raise InputError(self._problems)
        for line in self._repairs:
            warnings.warn(line, stacklevel=4)
        self._repairs.clear()
