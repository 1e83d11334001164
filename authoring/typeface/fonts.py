"""Write the typeface that ships, and its advance widths, into `assets/fonts/`.

Run `python -m authoring.typeface.fonts` after changing `typeface.RANGES`; `--check` only says, by its exit code,
whether the files are up to date. An italic letter is hardly ever wider than its upright one; where it is, its width
stands for both.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont

from authoring.typeface import typeface
from trigpoint.words import measure

STYLES = {"normal": ("Regular", "Italic"), "bold": ("Bold", "BoldItalic")}
NO_WIDTH = ("Mn", "Me", "Cf")  # categories of marks and signs that take no room
ADVANCES = "advances.json"


def rows(fonts: dict[str, TTFont]) -> dict[str, list[int]]:
    """Each character that ships, with its advance in 1/2048 em for every weight of `measure.WEIGHTS`."""
    tables = [[(font.getBestCmap(), font["hmtx"]) for font in map(fonts.get, STYLES[each])] for each in measure.WEIGHTS]
    found = {}
    for code in typeface.characters()[1:]:
        row = [max(metrics[glyphs[code]][0] if code in glyphs else 0 for glyphs, metrics in both) for both in tables]
        if all(row):
            found[chr(code)] = [0] * len(row) if unicodedata.category(chr(code)) in NO_WIDTH else row
    return found


def advances(files: dict[str, bytes]) -> bytes:
    """The file of widths, a character a line; ValueError where `measure` states other heights than the fonts have."""
    fonts = {name[6:-4]: TTFont(BytesIO(data)) for name, data in files.items() if name.endswith(".ttf")}
    regular = fonts["Regular"]
    heights = (regular["hhea"].ascent, -regular["hhea"].descent, regular["OS/2"].sCapHeight, regular["OS/2"].sxHeight)
    stated = (measure.ASCENT, measure.DESCENT, measure.CAP_HEIGHT, measure.X_HEIGHT)
    if any(font["head"].unitsPerEm != measure.UNITS for font in fonts.values()):
        raise ValueError(f"the fonts are not drawn on {measure.UNITS} units")
    if stated != tuple(units / measure.UNITS for units in heights):
        raise ValueError(f"write {heights} as ASCENT, DESCENT, CAP_HEIGHT and X_HEIGHT in {measure.__file__}")
    lines = [f"{json.dumps(sign)}: {json.dumps(row)}" for sign, row in rows(fonts).items()]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("ascii")


def wanted() -> dict[Path, bytes]:
    """Every file that this command writes, with what it must hold."""
    faces = typeface.build()
    return {typeface.FOLDER / name: data for name, data in (faces | {ADVANCES: advances(faces)}).items()}


def main(arguments: list[str]) -> int:
    """Write the files, or only compare them."""
    changed = {path: data for path, data in wanted().items() if not path.is_file() or path.read_bytes() != data}
    if arguments == ["--check"]:
        return int(bool(changed))
    typeface.FOLDER.mkdir(exist_ok=True)
    for path, data in changed.items():
        path.write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
