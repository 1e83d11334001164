"""The tests themselves: no test imports a test, helpers say what they are, folders mirror the rooms of the library."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import trigpoint
from tests.conftest import NOT_CORE, lies_in

HERE = Path(__file__).parent
LIBRARY = Path(trigpoint.__file__).parent
BESIDE_THE_ROOMS = {"data", "faults", "support", "whole"}
MODULES = {path.relative_to(HERE).as_posix(): path.read_text("utf-8") for path in sorted(HERE.rglob("*.py"))}
HELPERS = sorted(name for name in MODULES if name.startswith("support/"))


def named(source: str) -> Iterator[str]:
    """Every dotted name that a module imports, and what it imports from there."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module or ''}.{alias.name}" for alias in node.names)


def imported_tests(source: str) -> list[str]:
    """The modules of tests among what is imported."""
    return [name for name in named(source) if any(part.startswith("test_") for part in name.split("."))]


def undocumented(source: str) -> list[str]:
    """What of a module is for others to use, is longer than one statement, and has no docstring."""
    tree = ast.parse(source)
    defined = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and len(node.body) > 1]
    public = [node for node in defined if not node.name.startswith("_") and node.name != "main"]
    return [getattr(node, "name", "the module") for node in (tree, *public) if not ast.get_docstring(node)]


def strangers(folders: set[str], rooms: set[str]) -> set[str]:
    """The folders of tests that mirror no room."""
    return folders - rooms - BESIDE_THE_ROOMS


def folders_of(place: Path, pattern: str) -> set[str]:
    """The folders of a place that hold such files, at any depth."""
    return {path.relative_to(place).parts[0] for path in place.glob(f"*/**/{pattern}")}


def test_no_test_imports_a_test() -> None:
    assert {name: found for name, source in MODULES.items() if (found := imported_tests(source))} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from tests.plate.test_labels import laid_out", 1),
        ("from tests.plate import test_labels", 1),
        ("def f():\n    import tests.plate.test_labels", 1),
        ("from .test_labels import laid_out", 1),
        ("from tests.support import plates\nimport pytest", 0),
    ],
)
def test_a_test_that_imports_a_test_would_be_found(source: str, found: int) -> None:
    assert len(imported_tests(source)) == found


@pytest.mark.parametrize("name", HELPERS)
def test_every_helper_says_what_it_is(name: str) -> None:
    assert undocumented(MODULES[name]) == []
    assert not Path(name).name.startswith("test_")


def test_a_helper_that_says_nothing_would_be_found() -> None:
    assert undocumented("def f():\n  x = 1\n  return x\ndef g(): ...") == ["the module", "f"]


def test_every_folder_mirrors_a_room() -> None:
    assert strangers(folders_of(HERE, "test_*.py"), folders_of(LIBRARY, "__init__.py")) == set()
    assert strangers({"plate", "kitchen"}, {"plate"}) == {"kitchen"}


def test_every_room_has_tests_and_some_of_them_in_the_core() -> None:
    rooms = {name for name in folders_of(LIBRARY, "__init__.py") if not name.startswith("_")}
    core = {name.split("/")[0] for name in MODULES if "/test_" in name and not lies_in(HERE / name, NOT_CORE)}
    assert rooms <= core


def test_what_is_left_out_of_the_core_is_there() -> None:
    assert [place for place in NOT_CORE if not (HERE / place).exists()] == []
