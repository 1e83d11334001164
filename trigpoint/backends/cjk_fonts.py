"""Chinese, Japanese and Korean: which font of this machine has their characters, and those characters cut out of it.

Han characters share their codes but not their shapes, so the font goes by the language. It is looked for once, when a
picture first needs it, by the names under which systems carry it; no list of all fonts is made and no program asked.
What is cut out is a small TrueType font, whatever the source: a collection, a variable font, PostScript outlines.
Where letters go is unknown here.
"""

from __future__ import annotations

import mmap
import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from ..files import forks
from ..words.measure import is_eastern

PACKAGES = "fonts-noto-cjk (Debian, Ubuntu), google-noto-sans-cjk-fonts (Fedora), noto-fonts-cjk (Arch)"
EPOCH = 2_082_844_800  # 1970 as fonts count seconds: no date of making
ERROR = 0.001  # em: how far a quadratic curve may be from the cubic one that it stands for

_reading = forks.lock()  # a font is one open file, whatever thread asks for its characters


@dataclass(frozen=True)
class Known:
    """A font by its files, regular and bold, as systems name them."""

    regular: str
    bold: str


# For each language, the words that its face has in a collection for several, and the fonts from the best to the last.
FACES = {
    "ja": ("JP", "Japanese"),
    "zh": ("SC", "CN", "GB", "Chinese"),
    "zh-hant": ("TC", "TW", "HK"),
    "ko": ("KR", "Korean"),
}
ANY = (
    Known("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
    Known("NotoSansCJK-VF.ttc", "NotoSansCJK-VF.ttc"),
    Known("SourceHanSans.ttc", "SourceHanSans.ttc"),
    Known("SourceHanSans-VF.ttc", "SourceHanSans-VF.ttc"),
)
FONTS = {
    "ja": (
        Known("NotoSansCJKjp-Regular.otf", "NotoSansCJKjp-Bold.otf"),
        Known("NotoSansJP-Regular.otf", "NotoSansJP-Bold.otf"),
        Known("NotoSansJP-Regular.ttf", "NotoSansJP-Bold.ttf"),
        Known("NotoSansJP[wght].ttf", "NotoSansJP[wght].ttf"),
        Known("NotoSansJP-VF.ttf", "NotoSansJP-VF.ttf"),
        Known("SourceHanSansJP-Regular.otf", "SourceHanSansJP-Bold.otf"),
        Known("ヒラギノ角ゴシック W3.ttc", "ヒラギノ角ゴシック W6.ttc"),
        Known("YuGothR.ttc", "YuGothB.ttc"),
        Known("meiryo.ttc", "meiryob.ttc"),
        Known("msgothic.ttc", "msgothic.ttc"),
        Known("ipaexg.ttf", "ipaexg.ttf"),
        Known("ipag.ttf", "ipag.ttf"),
        Known("TakaoGothic.ttf", "TakaoGothic.ttf"),
        Known("VL-Gothic-Regular.ttf", "VL-Gothic-Regular.ttf"),
    ),
    "zh": (
        Known("NotoSansCJKsc-Regular.otf", "NotoSansCJKsc-Bold.otf"),
        Known("NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf"),
        Known("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"),
        Known("NotoSansSC[wght].ttf", "NotoSansSC[wght].ttf"),
        Known("NotoSansSC-VF.ttf", "NotoSansSC-VF.ttf"),
        Known("SourceHanSansSC-Regular.otf", "SourceHanSansSC-Bold.otf"),
        Known("SourceHanSansCN-Regular.otf", "SourceHanSansCN-Bold.otf"),
        Known("PingFang.ttc", "PingFang.ttc"),
        Known("Hiragino Sans GB.ttc", "Hiragino Sans GB.ttc"),
        Known("STHeiti Light.ttc", "STHeiti Medium.ttc"),
        Known("msyh.ttc", "msyhbd.ttc"),
        Known("simhei.ttf", "simhei.ttf"),
        Known("Deng.ttf", "Dengb.ttf"),
        Known("simsun.ttc", "simsun.ttc"),
        Known("wqy-microhei.ttc", "wqy-microhei.ttc"),
        Known("wqy-zenhei.ttc", "wqy-zenhei.ttc"),
        Known("DroidSansFallbackFull.ttf", "DroidSansFallbackFull.ttf"),
        Known("DroidSansFallback.ttf", "DroidSansFallback.ttf"),
    ),
    "zh-hant": (
        Known("NotoSansCJKtc-Regular.otf", "NotoSansCJKtc-Bold.otf"),
        Known("NotoSansTC-Regular.otf", "NotoSansTC-Bold.otf"),
        Known("NotoSansTC[wght].ttf", "NotoSansTC[wght].ttf"),
        Known("PingFang.ttc", "PingFang.ttc"),
        Known("msjh.ttc", "msjhbd.ttc"),
    ),
    "ko": (
        Known("NotoSansCJKkr-Regular.otf", "NotoSansCJKkr-Bold.otf"),
        Known("NotoSansKR-Regular.otf", "NotoSansKR-Bold.otf"),
        Known("NotoSansKR[wght].ttf", "NotoSansKR[wght].ttf"),
        Known("AppleSDGothicNeo.ttc", "AppleSDGothicNeo.ttc"),
        Known("malgun.ttf", "malgunbd.ttf"),
        Known("NanumGothic.ttf", "NanumGothicBold.ttf"),
    ),
}


@dataclass(frozen=True)
class FontFace:
    """A face of a font file, and the weight to take of a variable one."""

    path: str
    index: int
    weight: int


def is_cjk(sign: str) -> bool:
    """Whether a character is one that these fonts may have: wide, or of a width that depends on its neighbours."""
    return is_eastern(sign) or unicodedata.east_asian_width(sign) == "A"


def language_of(signs: Iterable[str], language: str) -> str:
    """The language whose shapes the characters get: the drawing's own, else what the characters themselves tell.

    >>> language_of("中臀筋トリガー", "en"), language_of("臀中肌", "en"), language_of("臀中肌", "zh-TW")
    ('ja', 'zh', 'zh-hant')
    """
    first, *rest = language.lower().split("-")
    if first == "zh" and {"hant", "tw", "hk", "mo"} & set(rest):
        return "zh-hant"
    if first in FONTS:
        return first
    names = [unicodedata.name(sign, "") for sign in signs]
    if any(name.startswith(("HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA")) for name in names):
        return "ja"
    return "ko" if any(name.startswith("HANGUL") for name in names) else "zh"


@cache
def find(language: str, bold: bool) -> FontFace | None:
    """The best font of this machine for a language; None where there is none."""
    files = _files()
    others = [known for key, fonts in FONTS.items() if key != language for known in fonts]
    for known in (*ANY, *FONTS[language], *others):
        for name in (known.bold, known.regular) if bold else (known.regular,):
            for path in files.get(name.casefold(), ()):
                try:
                    source = FontFace(path, _face(path, FACES[language], bold=bold), 700 if bold else 400)
                    with _reading:
                        _opened(source)
                except Exception:  # whatever a broken file makes of itself: the next one may do
                    continue
                return source
    return None


def folders() -> Iterator[Path]:
    """Where systems keep fonts, the user's own first."""
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
    wanted = {
        name.casefold() for fonts in (ANY, *FONTS.values()) for each in fonts for name in (each.regular, each.bold)
    }
    found: dict[str, list[str]] = {}
    for folder in folders():
        for root, inner, names in os.walk(folder):
            inner.sort()
            for name in sorted(names):
                composed = unicodedata.normalize("NFC", name).casefold()
                if composed in wanted:
                    found.setdefault(composed, []).append(os.path.join(root, name))
    return found


def _face(path: str, words: tuple[str, ...], *, bold: bool) -> int:
    """Which face of a collection is meant for the language; 0 in a file of one face."""
    if not path.lower().endswith((".ttc", ".otc")):
        return 0
    from fontTools.ttLib import TTCollection

    names = [_said(font) for font in TTCollection(_mapped(path), lazy=True).fonts]
    style = ("Bold", "W6", "Semibold") if bold else ("Regular", "W3", "Normal")

    def rank(index: int) -> tuple[bool, bool, int]:
        said = names[index]
        return not set(words) & said or "Mono" in said, not set(style) & said, index

    return min(range(len(names)), key=rank)


def _mapped(path: str) -> mmap.mmap:
    """A font file as far as it is read: they are of 20 MB, and a few characters are wanted."""
    with open(path, "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _said(font: Any) -> set[str]:
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
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    font, drawn, names = _opened(source)
    em = font["head"].unitsPerEm
    mine = {ord(sign): names[ord(sign)] for sign in signs if ord(sign) in names}
    cubic = "glyf" not in font
    glyphs, advances = {".notdef": TTGlyphPen(None).glyph()}, {".notdef": em}
    for name in mine.values():
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, ERROR * em, reverse_direction=cubic))
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
    """The face, its outlines and its characters: slow to read, small to keep, since it is read as far as needed."""
    from fontTools.ttLib import TTFont

    font = TTFont(_mapped(source.path), fontNumber=source.index, lazy=True)
    return font, font.getGlyphSet(location={"wght": source.weight}), font.getBestCmap()
