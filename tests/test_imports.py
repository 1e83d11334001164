"""The rooms of the library: imports point down, inside a room too, and importing the package loads nothing."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import trigpoint
from tests.support import house
from tests.support.house import arrows, circle

PACKAGE = Path(trigpoint.__file__).parent


MODULES = house.modules(PACKAGE)
# The door of the house opens on every room, when a name is asked for; PyInstaller's hook runs inside PyInstaller.
OUTSIDE = {"trigpoint", "trigpoint._pyinstaller", "trigpoint._pyinstaller.hook-trigpoint"}
GRAPH = {module: others for module, others in house.graph(MODULES).items() if module not in OUTSIDE}


# The rooms and the leaf files, the lowest first; what stands together is apart from each other and imports only from
# lines above. The door of the house and `__main__` are above all.
ORDER = (
    ("limits",),
    ("errors",),
    ("files",),
    ("geometry", "words"),
    ("style", "scene"),
    ("atlas",),
    ("search",),
    ("backends", "plate"),
    ("diagram",),
    ("batch",),
    ("cli",),
    ("__main__",),
)
LEVEL = {f"trigpoint.{room}": level for level, rooms in enumerate(ORDER) for room in rooms}
LEAVES = {"errors", "limits", "scene", "style"}  # files at the top of the package; all else lies in a room


def upward(rooms: dict[str, set[str]]) -> list[str]:
    """The imports from one room into another that does not lie below it."""
    return [f"{room} imports {other}" for room in rooms for other in sorted(rooms[room]) if LEVEL[other] >= LEVEL[room]]


def misplaced(names: set[str]) -> set[str]:
    """The names at the top of the package that are neither a room with a place in the order nor a leaf file."""
    rooms = {room for level in ORDER for room in level} - LEAVES - {"__main__"}
    files = {f"{leaf}.py" for leaf in LEAVES} | {"__init__.py", "__main__.py", "py.typed"}
    return names - rooms - files - {"_pyinstaller"}  # where PyInstaller looks for its hooks


FOLDERS = sorted(module for module, path in MODULES.items() if path.name == "__init__.py")


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_folder_has_a_circle_of_imports(folder: str) -> None:
    assert circle(arrows(folder, GRAPH)) == []


@pytest.mark.parametrize(
    ("module", "source", "found"),
    [
        ("trigpoint.errors", "from .limits import over", False),
        ("trigpoint.limits", "from . import errors", True),
        ("trigpoint.limits", "def f():\n    from .errors import Problem", True),
        ("trigpoint.limits", "import trigpoint.errors", True),
        ("trigpoint.limits", "from trigpoint import errors", True),
    ],
)
def test_a_circle_would_be_found(module: str, source: str, found: bool) -> None:
    graph = {"trigpoint.errors": {"trigpoint.limits"}, "trigpoint.limits": set()}
    graph[module] = graph[module] | house.imports(module, source, MODULES)
    assert bool(circle(arrows("trigpoint", graph))) is found


def test_a_circle_inside_a_folder_would_be_found() -> None:
    graph = {"trigpoint.cli.render": {"trigpoint.cli.console"}, "trigpoint.cli.console": {"trigpoint.cli"}}
    assert circle(arrows("trigpoint.cli", graph))  # a room's file that imports its own door


def test_no_room_imports_one_above_it() -> None:
    assert upward(arrows("trigpoint", GRAPH)) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("trigpoint.geometry.rings", "from ..style import Style"),
        ("trigpoint.atlas.atlas", "def f():\n    from .. import diagram"),
        ("trigpoint.plate.paint", "from ..backends import svg"),
        ("trigpoint.files.atomic", "from ..geometry.rings import even_odd"),
        ("trigpoint.limits", "import trigpoint.errors"),
    ],
)
def test_an_import_from_a_room_above_would_be_found_without_a_circle(module: str, source: str) -> None:
    graph = {module: house.imports(module, source, MODULES)}
    assert len(upward(arrows("trigpoint", graph))) == 1
    assert not circle(arrows("trigpoint", graph))


def test_nobody_inside_uses_the_door_of_the_house() -> None:
    assert [module for module, others in GRAPH.items() if "trigpoint" in others] == []


@pytest.mark.parametrize(
    "source",
    ["import trigpoint", "from trigpoint import Diagram", "from .. import __version__", "from .. import Atlas"],
)
def test_a_use_of_the_door_would_be_found(source: str) -> None:
    assert "trigpoint" in house.imports("trigpoint.cli.render", source, MODULES)


def test_the_top_of_the_package_holds_rooms_and_leaf_files_only() -> None:
    assert misplaced({path.name for path in PACKAGE.iterdir()} - {"__pycache__", "assets", "data"}) == set()
    assert misplaced({"atlas", "style.py", "kitchen", "plate.py", "helpers.py"}) == {
        "kitchen",
        "plate.py",
        "helpers.py",
    }


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
    tree = ast.parse((PACKAGE / "files" / "shipped.py").read_text("utf-8"))
    values = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "VERSION"
    ]
    assert values == [trigpoint.__version__]
