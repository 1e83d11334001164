"""A pytest plugin that tries mutants on tests that are collected once: none is imported again for a mutant.

A first run tells which tests call which function of the module, and how long they take. Then each mutant of a function
gets a fork of this process, in which the function's code is exchanged, and the tests that call it run, the quickest
first, until one fails. What can only be exchanged by importing the module anew is handed back.
"""

from __future__ import annotations

import importlib
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from forks import in_a_fork
from mutants import Mutant

SECONDS = 30  # of processor for the tests of one mutant: a mistake may make a loop endless
Calls = dict[str, tuple[float, set[int]]]  # by test: seconds, and first lines of the functions it calls


class Hunt:
    """Tries the mutants of one module; afterwards `killed`, `survivors` and `others` say what became of them."""

    def __init__(self, module: str, file: Path, sound: str, mutants: list[Mutant], told: Callable[[str], None]) -> None:
        self._module, self._file, self._mutants, self._told = module, file, mutants, told
        self._sound = sound
        self._codes = dict(_functions(compile(sound, "sound", "exec")))
        self._failed = False
        self.killed: list[Mutant] = []
        self.survivors: list[Mutant] = []
        self.others: list[Mutant] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed |= report.failed
        if report.failed:
            print(report.longreprtext, file=sys.stderr, flush=True)  # into the log, which the next run begins anew

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        calls: Calls = in_a_fork(lambda: self._traced(session.items), 10 * SECONDS)
        if not calls:
            raise pytest.UsageError("a test fails without any mistake")
        for mutant in self._mutants:
            path = self._changed(mutant)
            live = path and _live(importlib.import_module(self._module), path)
            if not live or live.__code__.co_filename != str(self._file):
                self.others.append(mutant)
                continue
            line = live.__code__.co_firstlineno
            tests = sorted(
                (item for item in session.items if line in calls[item.nodeid][1]), key=lambda item: calls[item.nodeid]
            )
            code = dict(_functions(compile(mutant.source, str(self._file), "exec")))[path]
            survives = in_a_fork(partial(self._survives, tests, live, code), SECONDS)
            (self.survivors if survives else self.killed).append(mutant)
            if survives:
                self._told(f"{mutant.told(self._sound)} ({len(tests)} tests)")
        return True

    def _traced(self, items: list[pytest.Item]) -> Calls:
        """What each test calls; empty where one fails."""
        calls: Calls = {}
        name = str(self._file)
        for item in items:
            lines: set[int] = set()

            def note(frame: types.FrameType, event: str, _: Any, lines: set[int] = lines) -> None:
                if event == "call" and frame.f_code.co_filename == name:
                    lines.add(frame.f_code.co_firstlineno)

            start = time.process_time()
            threading.setprofile(note)
            sys.setprofile(note)
            _run(item)
            sys.setprofile(None)
            threading.setprofile(None)
            calls[item.nodeid] = time.process_time() - start, lines
        return {} if self._failed else calls

    def _survives(self, tests: list[pytest.Item], live: types.FunctionType, code: types.CodeType) -> bool:
        live.__code__ = code
        for item in tests:
            _run(item)
            if self._failed:
                return False
        return True

    def _changed(self, mutant: Mutant) -> str:
        """The path of the one function whose code is not the same; empty where the module itself differs."""
        try:
            tree = compile(mutant.source, "sound", "exec")
        except SyntaxError:
            return ""
        found = dict(_functions(tree))
        different = [path for path, code in self._codes.items() if not _same(code, found.get(path))]
        return different[0] if len(different) == 1 else ""


def _run(item: pytest.Item) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)


def _functions(code: types.CodeType, before: str = "") -> Iterator[tuple[str, types.CodeType]]:
    """Functions of the module and methods of its classes, each with what is defined inside it."""
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType) and not inner.co_name.startswith("<"):
            path = f"{before}{inner.co_name}"
            if inner.co_flags & 0x2:  # CO_NEWLOCALS: a function, not the body of a class
                yield path, inner
            else:
                yield from _functions(inner, f"{path}.")


def _same(code: types.CodeType, other: types.CodeType | None) -> bool:
    """Whether two functions do the same, wherever they stand."""
    if other is None or code.co_code != other.co_code or code.co_names != other.co_names:
        return False
    if len(code.co_consts) != len(other.co_consts):
        return False
    for mine, yours in zip(code.co_consts, other.co_consts, strict=True):
        if isinstance(mine, types.CodeType):
            if not isinstance(yours, types.CodeType) or not _same(mine, yours):
                return False
        elif type(mine) is not type(yours) or repr(mine) != repr(yours):
            return False
    return True


def _live(module: types.ModuleType, path: str) -> types.FunctionType | None:
    """The function of this path, whatever it is wrapped into."""
    found: Any = module
    for name in path.split("."):
        found = vars(found).get(name) if isinstance(found, type | types.ModuleType) else None
    for inner in ("fget", "func", "__func__", "__wrapped__"):
        if not isinstance(found, types.FunctionType):
            found = getattr(found, inner, found)
    return found if isinstance(found, types.FunctionType) else None
