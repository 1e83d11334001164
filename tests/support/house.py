"""`python tests/support/house.py [PACKAGE]` prints names at the top, modules, lines, imports and circles."""

from __future__ import annotations

import ast
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

Graph = dict[str, set[str]]


def modules(package: Path) -> dict[str, Path]:
    """Every module of a package by its dotted name; a folder's `__init__` has the name of the folder."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = [package.name, *path.relative_to(package).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(module: str, source: str, known: dict[str, Path], *, door: bool = False) -> set[str]:
    """The known modules that a module's import statements name, wherever they stand in it."""
    package = module.split(".") if door else module.split(".")[:-1]
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*start, *([node.module] if node.module else [])])
            below = {f"{origin}.{alias.name}" for alias in node.names}
            found |= {name if name in known else origin for name in below}
    return {name for name in found if name in known}


def graph(known: dict[str, Path]) -> Graph:
    """Which module of a package imports which."""
    return {
        module: imports(module, path.read_text("utf-8"), known, door=path.name == "__init__.py")
        for module, path in known.items()
    }


def arrows(folder: str, every: Graph) -> Graph:
    """Which files and folders of a folder import which; what imports the folder's own door comes back to itself."""
    found: Graph = {}
    depth = folder.count(".") + 2
    for module, others in every.items():
        if not module.startswith(f"{folder}."):
            continue
        start = ".".join(module.split(".")[:depth])
        ends = {".".join(other.split(".")[:depth]) for other in others if other.startswith(f"{folder}.")} - {start}
        found.setdefault(start, set()).update(ends | ({start} if folder in others else set()))
    return found


def circle(every: Graph) -> list[str]:
    """A circle of imports, if there is one, as the names along it."""
    try:
        list(TopologicalSorter(every).static_order())
    except CycleError as error:
        return list(error.args[1])
    return []


def floors(every: Graph) -> int:
    """The length of the longest chain of imports."""
    sorter, count = TopologicalSorter(every), 0
    sorter.prepare()
    while sorter.is_active():
        ready = sorter.get_ready()
        sorter.done(*ready)
        count += 1
    return count


def main(package: Path) -> None:
    """Print the size of a package."""
    known = modules(package)
    every = graph(known)
    folders = [module for module, path in known.items() if path.name == "__init__.py"]
    top = {module.split(".")[1] for module in known if module.count(".")} - {"__main__"}
    circles = {folder: found for folder in folders if (found := circle(arrows(folder, every)))}
    rooms = arrows(package.name, every)
    print("names at the top   ", len(top))
    print("folders            ", len(folders))
    print("modules            ", len(known))
    print("lines              ", sum(len(path.read_text("utf-8").splitlines()) for path in known.values()))
    print("imports            ", sum(len(others) for others in every.values()))
    print("imports at the top ", sum(len(others - {room}) for room, others in rooms.items()))
    print("floors at the top  ", "none, for a circle" if circle(rooms) else floors(rooms))
    print("circles            ", circles or 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "trigpoint")
