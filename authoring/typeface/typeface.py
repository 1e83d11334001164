"""Make the plate's typeface, `assets/fonts/`, out of Arimo as the package registry has it.

Arimo comes as variable fonts of 3,000 characters, 1 MB. What ships are its four static faces with the characters of
`RANGES`, without hints and layout tables: kerning stays, as the plain table that every program reads, so that letters
are spaced alike everywhere. The same wheel and the same fontTools give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0
from fontTools.varLib import instancer

from authoring.body.wheels import ARIMO, unpacked

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "fonts"
LICENCE = "OFL.txt"
RANGES = (  # the characters that ship, as far as Arimo has them
    (0x0020, 0x007E),
    (0x00A0, 0x024F),  # Latin with the letters of European languages
    (0x02B9, 0x02DD),  # primes and accents that stand alone
    (0x0300, 0x036F),  # accents that stand on a letter
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x04FF),  # Cyrillic
    (0x1E00, 0x1EFF),  # Latin with two accents, Vietnamese
    (0x2010, 0x2027),  # dashes, quotation marks, bullets, ellipsis
    (0x2030, 0x203E),
    (0x2070, 0x208E),  # small numbers above and below
    (0x20AC, 0x20AC),
    (0x2113, 0x2126),
    (0x2190, 0x2195),  # arrows
    (0x2206, 0x2206),
    (0x2212, 0x221E),
    (0x2248, 0x2248),
    (0x2260, 0x2265),
    (0x25A0, 0x25CF),
)
PREFIX = "fontpkg_arimo/"
STAND_IN = 0xFFFD  # drawn for a character that no font has
NAMES = {"copyright": 0, "family": 1, "style": 2, "unique": 3, "full": 4, "version": 5, "postscript": 6}
KEPT_NAMES = (*NAMES.values(), 7, 13, 14)  # with the trademark, the licence and where to read it
WINDOWS, UNICODE, AMERICAN = 3, 1, 0x409
DROPPED = ("STAT", "gasp", "GPOS", "GSUB", "GDEF", "MVAR", "HVAR")
ITALIC, BOLD, REGULAR = 1 << 0, 1 << 5, 1 << 6  # of OS/2.fsSelection


@dataclass(frozen=True)
class Face:
    """One file that ships: its style, and what it is cut from."""

    style: str
    source: str
    weight: int

    @property
    def file(self) -> str:
        return f"Arimo-{self.style.replace(' ', '')}.ttf"


FACES = (
    Face("Regular", "Arimo[wght].ttf", 400),
    Face("Bold", "Arimo[wght].ttf", 700),
    Face("Italic", "Arimo-Italic[wght].ttf", 400),
    Face("Bold Italic", "Arimo-Italic[wght].ttf", 700),
)


def characters() -> list[int]:
    """The code points that ship, as far as the typeface has them."""
    return [STAND_IN, *(code for first, last in RANGES for code in range(first, last + 1))]


def build() -> dict[str, bytes]:
    """Every file of the folder by its name."""
    source = unpacked(ARIMO, PREFIX)
    files = {face.file: _bytes(_face(source / "files" / face.source, face)) for face in FACES}
    return files | {LICENCE: (source / "LICENSE").read_bytes()}


def _face(path: Path, face: Face) -> TTFont:
    font = instancer.instantiateVariableFont(TTFont(path, recalcTimestamp=False), {"wght": face.weight})
    options = Options(
        hinting=False,
        layout_features=["kern"],
        layout_scripts=["*"],
        name_IDs=list(KEPT_NAMES),
        name_languages=[AMERICAN],
        notdef_outline=True,
        glyph_names=False,
        recalc_timestamp=False,
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    pairs = _kerning(font)
    for tag in DROPPED:
        if tag in font:
            del font[tag]
    font["kern"] = _kern_table(pairs)
    _rename(font, face)
    return font


def _kerning(font: TTFont) -> dict[tuple[str, str], int]:
    """Pairs of glyphs and how much closer the second one comes; the first lookup that has a pair decides."""
    pairs: dict[tuple[str, str], int] = {}
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            inner = getattr(table, "ExtSubTable", table)
            if inner.LookupType != 2:
                continue
            if inner.Format != 1:
                raise ValueError("kerning by classes of glyphs: unroll it here")
            for first, seconds in zip(inner.Coverage.glyphs, inner.PairSet, strict=True):
                for record in seconds.PairValueRecord:
                    pairs.setdefault((first, record.SecondGlyph), getattr(record.Value1, "XAdvance", 0))
    return {pair: value for pair, value in pairs.items() if value}


def _kern_table(pairs: dict[tuple[str, str], int]) -> object:
    rows = KernTable_format_0()
    rows.version, rows.coverage, rows.tupleIndex, rows.kernTable = 0, 1, None, pairs
    table = newTable("kern")
    table.version, table.kernTables = 0, [rows]
    return table


def _rename(font: TTFont, face: Face) -> None:
    """Say which face this is, in the places where programs look, and that it was changed."""
    names, full = font["name"], f"Arimo {face.style}"
    version = f"{names.getDebugName(NAMES['version'])}; cut from Arimo {ARIMO.version} for trigpoint"
    said = {"style": face.style, "full": full, "postscript": face.file.removesuffix(".ttf"), "version": version}
    for key, words in (said | {"unique": f"trigpoint; {full}; {ARIMO.version}"}).items():
        names.setName(words, NAMES[key], WINDOWS, UNICODE, AMERICAN)
    bold, italic = face.weight == 700, "Italic" in face.style
    font["OS/2"].fsSelection &= ~(ITALIC | BOLD | REGULAR)
    font["OS/2"].fsSelection |= ITALIC * italic | BOLD * bold | REGULAR * (not bold and not italic)
    font["OS/2"].usWeightClass = face.weight
    font["head"].macStyle = 1 * bold + 2 * italic


def _bytes(font: TTFont) -> bytes:
    file = BytesIO()
    font.save(file, reorderTables=True)
    return file.getvalue()
