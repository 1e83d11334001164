"""Chinese, Japanese and Korean: fonts of this machine, and small TrueType fonts of single characters cut out of them.

Han characters share their codes but not their shapes, so the font depends on the language. It is searched once, at the
first need, by the file names that systems use (`assets/fonts/cjk.json`). A source may be a collection, a variable font
or one of PostScript outlines. `fonts` sets the letters.
"""

from __future__ import annotations

import json
import mmap
import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from ..files import forks
from ..files.shipped import resource
from ..words.measure import EASTERN, is_eastern

PACKAGES = "fonts-noto-cjk (Debian, Ubuntu), google-noto-sans-cjk-fonts (Fedora), noto-fonts-cjk (Arch)"
EPOCH = 2_082_844_800  # 1970 as fonts count seconds: no date of making
ERROR = 0.001  # em: how far a quadratic curve may be from the cubic one that it stands for

_reading = forks.lock()  # a font is one open file, whatever thread asks for its characters


class Fonts(NamedTuple):
    """The fonts for a language: their `families` in SVG, the words that name the language's `face` in a collection, and
    their `files`, regular and bold, the best first.
    """

    families: list[str]
    face: list[str]
    files: list[tuple[str, str]]


@cache
def known() -> dict[str, Fonts]:
    """The known fonts by language tag, those for all languages as "all"."""
    held = json.loads(resource("assets", "fonts", "cjk.json").read_bytes())
    return {tag: Fonts(**fonts) for tag, fonts in held.items()}


@dataclass(frozen=True)
class FontFace:
    """A face of a font file, and the weight to take of a variable one."""

    path: str
    index: int
    weight: int


def is_cjk(sign: str) -> bool:
    """Whether these fonts may have a character: it is wide, or its width depends on its neighbours."""
    return is_eastern(sign) or unicodedata.east_asian_width(sign) == "A"


def language_of(signs: Iterable[str], language: str) -> str:
    """The language whose shapes the characters get: the drawing's own, else by the characters.

    >>> language_of("中臀筋トリガー", "en"), language_of("臀中肌", "en"), language_of("臀中肌", "zh-TW")
    ('ja', 'zh', 'zh-hant')
    """
    first, *rest = language.lower().split("-")
    if first == "zh" and {"hant", "tw", "hk", "mo"} & set(rest):
        return "zh-hant"
    if first in EASTERN:
        return first
    names = [unicodedata.name(sign, "") for sign in signs]
    scripts = {"ja": ("HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA"), "ko": ("HANGUL",)}
    return next((tag for tag, begin in scripts.items() if any(name.startswith(begin) for name in names)), "zh")


@cache
def find(language: str, bold: bool) -> FontFace | None:
    """The best font of this machine for a language; None where there is none."""
    files, fonts = _files(), known()
    for regular, bolder in [pair for tag in dict.fromkeys(["all", language, *fonts]) for pair in fonts[tag].files]:
        for name in (bolder, regular) if bold else (regular,):
            for path in files.get(name.casefold(), ()):
                try:
                    source = FontFace(path, _face(path, fonts[language].face, bold=bold), 700 if bold else 400)
                    with _reading:
                        _opened(source)
                except Exception:  # a broken font file can raise anything; the next one may work
                    continue
                return source
    return None


def folders() -> Iterator[Path]:
    """The folders of fonts, the user's own first."""
    home = Path(os.path.expanduser("~"))
    match sys.platform:
        case "win32":
            yield Path(os.environ.get("LOCALAPPDATA", str(home)), "Microsoft", "Windows", "Fonts")
            yield Path(os.environ.get("WINDIR", r"C:\Windows"), "Fonts")
        case "darwin":
            yield home / "Library" / "Fonts"
            yield from map(Path, ("/Library/Fonts", "/System/Library/Fonts"))
        case _:
            yield Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share", "fonts")
            yield home / ".fonts"
            yield from map(Path, ("/usr/local/share/fonts", "/usr/share/fonts", "/usr/X11R6/lib/X11/fonts"))


@cache
def _files() -> dict[str, list[str]]:
    """The paths of the known fonts by their folded name, in a fixed order."""
    wanted = {name.casefold() for fonts in known().values() for pair in fonts.files for name in pair}
    found: dict[str, list[str]] = {}
    for folder in folders():
        for root, inner, names in os.walk(folder):
            inner.sort()
            for name in sorted(names):
                composed = unicodedata.normalize("NFC", name).casefold()
                if composed in wanted:
                    found.setdefault(composed, []).append(os.path.join(root, name))
    return found


def _face(path: str, words: list[str], *, bold: bool) -> int:
    """The index of a collection's face for the language; 0 in a file of one face."""
    if not path.lower().endswith((".ttc", ".otc")):
        return 0
    from fontTools.ttLib import TTCollection

    style = {"Bold", "W6", "Semibold"} if bold else {"Regular", "W3", "Normal"}
    names = [_names(font) for font in TTCollection(_mapped(path), lazy=True).fonts]
    ranks = [(not {*words} & said or "Mono" in said, not style & said) for said in names]
    return ranks.index(min(ranks))


def _mapped(path: str) -> mmap.mmap:
    """A font file, mapped: only what is read of its 20 MB is loaded."""
    with open(path, "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _names(font: Any) -> set[str]:
    """The words of a face's family and style."""
    names = (font["name"].getDebugName(number) or "" for number in (1, 2, 16, 17))
    return {word for name in names for word in name.replace("-", " ").split()}


def cut(signs: Iterable[str], source: FontFace) -> bytes:
    """A TrueType font of those characters that the source has; the same bytes for the same characters."""
    with _reading:
        return _cut("".join(sorted(set(signs))), source)


@lru_cache(maxsize=64)
def _cut(signs: str, source: FontFace) -> bytes:
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    font, drawn, names = _opened(source)
    em = font["head"].unitsPerEm
    mine = {ord(sign): names[ord(sign)] for sign in signs if ord(sign) in names}
    cubic = "glyf" not in font
    glyphs, advances = {".notdef": TTGlyphPen(None).glyph()}, {".notdef": em}
    for name in mine.values():
        pen = TTGlyphPen(None)
        whole = DecomposingRecordingPen(drawn)  # a sign of some fonts is made of parts, which are other glyphs
        drawn[name].draw(whole)
        whole.replay(Cu2QuPen(pen, ERROR * em, reverse_direction=cubic))
        glyphs[name], advances[name] = pen.glyph(), round(drawn[name].width)
    builder = FontBuilder(em, isTTF=True)
    builder.updateHead(created=EPOCH, modified=EPOCH)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(mine)
    builder.setupGlyf(glyphs)
    left = {name: getattr(glyph, "xMin", 0) for name, glyph in builder.font["glyf"].glyphs.items()}
    builder.setupHorizontalMetrics({name: (advance, left[name]) for name, advance in advances.items()})
    builder.setupHorizontalHeader(ascent=font["hhea"].ascent, descent=font["hhea"].descent)
    said = {"familyName": 1, "styleName": 2, "psName": 6}
    builder.setupNameTable({key: font["name"].getDebugName(number) or "CJK" for key, number in said.items()})
    builder.setupOS2()
    builder.setupPost(keepGlyphNames=False)
    builder.font.recalcTimestamp = False
    file = BytesIO()
    builder.save(file)
    return file.getvalue()


@lru_cache(maxsize=4)
def _opened(source: FontFace) -> tuple[Any, Any, dict[int, str]]:
    """The face, its outlines and its characters: slow to open, and small, since parts are read when needed."""
    from fontTools.ttLib import TTFont

    font = TTFont(_mapped(source.path), fontNumber=source.index, lazy=True)
    return font, font.getGlyphSet(location={"wght": source.weight}), font.getBestCmap()
