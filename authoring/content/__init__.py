"""What people edit: muscles with their trigger points, names in other languages, regions, sources, lines, and
what is known of meshes: their names, attachments, and the sheets beside them.

Everything is a table; the tables say by name, in words and millimetres, what the other rooms paint and draw.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def table(name: str) -> dict:
    """A table of this folder by the name of its file: `table("vocabulary")`."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


@cache
def tables(folder: str) -> dict[str, dict]:
    """The tables of a folder, `muscles` or `names`, by the names of their files."""
    return {path.stem: table(f"{folder}/{path.stem}") for path in sorted((FOLDER / folder).glob("*.toml"))}
