"""The floors of the library: a room imports only from floors below its own, and importing the package loads nothing."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import trigpoint

PACKAGE = Path(trigpoint.__file__).parent

# Lowest first. A room that has outgrown one file keeps its parts on a step of its own, just below its door.
FLOORS = [
    {"errors", "limits", "values"},
    {"resources", "intake"},
    {
        "scene",
        "geometry",
        "leaders",
        "text",
        "style",
        "words",
        "stipple",
        "canonical",
        "svg_subset",
        "shares",
        "overlay",
    },
    {"repair"},
    {"outline_shapes", "pricing"},
    {"pattern_rules", "presets", "stacking"},
    {"patterns", "outlines", "warp", "callouts", "backends"},
    {"agreement", "pattern_text", "outline_text", "lookup", "showing", "bodies"},
    {"atlas"},
    {"plate"},
    {"compose", "multiples", "search", "request"},
    {"diagram"},
    {"batch", "cards"},
    {"cli"},
    {"__main__"},
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path, source: str) -> set[str]:
    """The rooms of the package that a module's import statements name, wherever they stand in it."""
    package = ["trigpoint", *path.relative_to(PACKAGE).parent.parts]
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*start, *([node.module] if node.module else [])])
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "trigpoint" else [module]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("trigpoint.")}
    return {name for name in found if name in FLOOR or (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").exists()}


def offences(path: Path, source: str) -> list[str]:
    room = room_of(path)
    return [
        f"{path.relative_to(PACKAGE)} imports {other}"
        for other in sorted(imported_rooms(path, source))
        if other != room and FLOOR[other] >= FLOOR[room]
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    assert room_of(path) in FLOOR, "a new room: give it a floor"
    assert offences(path, path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("geometry.py", "from .atlas import Atlas"),
        ("geometry.py", "def f():\n    from . import patterns"),
        ("outlines.py", "from .patterns import Zone"),
        ("outlines.py", "import trigpoint.patterns"),
        ("outlines.py", "from trigpoint import patterns"),
        ("backends/svg.py", "from ..diagram import Diagram"),
        ("backends/svg.py", "from .. import callouts"),
    ],
)
def test_an_upward_or_sideways_import_would_be_found(file: str, source: str) -> None:
    assert offences(PACKAGE / file, source)


@pytest.mark.parametrize(
    "source", ["from . import svg", "from ..scene import Path", "import json", "from .svg import write"]
)
def test_a_downward_import_is_none(source: str) -> None:
    assert offences(PACKAGE / "backends" / "mpl.py", source) == []


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_importing_the_package_loads_no_library() -> None:
    heavy = "{'numpy', 'shapely', 'svgwrite', 'matplotlib', 'defusedxml', 'tqdm', 'pandas', 'scipy'}"
    assert run(f"import sys, trigpoint; dir(trigpoint); print(sorted({heavy} & set(sys.modules)))") == "[]"
    code = f"import sys, trigpoint as t; t.InputError, t.__version__; print(sorted({heavy} & set(sys.modules)))"
    assert run(code) == "[]"


def test_the_atlas_loads_neither_writers_nor_big_libraries() -> None:
    code = (
        "import sys, trigpoint; trigpoint.load_atlas().outline('neutral', 'posterior')\n"
        "print(sorted({'svgwrite', 'matplotlib', 'pandas', 'scipy', 'jsonschema', 'importlib.resources', 'difflib'}"
        " & set(sys.modules)))"
    )
    assert run(code) == "[]"


def test_every_public_name_is_there() -> None:
    for name in trigpoint.__all__:
        assert getattr(trigpoint, name) is not None
        assert name in dir(trigpoint)
    assert trigpoint.load_atlas is importlib.import_module("trigpoint.atlas").load_atlas
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = trigpoint.nothing  # type: ignore[attr-defined]


def test_the_version_is_a_plain_literal() -> None:
    """The build reads it without importing anything."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    values = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__version__"
    ]
    assert values == [trigpoint.__version__]
