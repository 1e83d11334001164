"""The letters of a drawing: the font, advance and outline of each character.

The shipped faces set all characters that they have; others are cut out of a Chinese, Japanese or Korean font of this
machine (`cjk_fonts`). Letters stand by the fonts' own advances and kerning, in whole font units, without a text engine:
every version of every library puts them in the same place. Lines run from left to right.
"""

from __future__ import annotations

import shutil
import struct
import tempfile
import threading
import unicodedata
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from pathlib import Path as File
from typing import Any, TypeAlias

import matplotlib
import numpy as np
from matplotlib.ft2font import FT2Font, LoadFlags
from numpy.typing import NDArray

from ..errors import OutputError, Problem
from ..files.shipped import resource
from ..scene import Text
from . import cjk_fonts

FACES = {
    ("normal", "normal"): "Arimo-Regular.ttf",
    ("normal", "italic"): "Arimo-Italic.ttf",
    ("bold", "normal"): "Arimo-Bold.ttf",
    ("bold", "italic"): "Arimo-BoldItalic.ttf",
}
STAND_IN = "\ufffd"  # drawn for a character that no font has
KERN_HEADER, KERN_ROW = 18, np.dtype([("pair", ">u4"), ("value", ">i2")])
KEPT = 300  # words of a face whose outlines are kept for the next plate
FREETYPE = 64  # its outlines count in 1/64 of a unit
PLAIN: dict[str, Any] = {"hinting_factor": 1} if matplotlib.__version_info__ < (3, 11) else {}  # older: 8, and coarse

Curves: TypeAlias = tuple[NDArray[np.float64], NDArray[np.uint8]]  # places and codes, as in matplotlib.path.Path


class Face:
    """One font file, open for one thread: outlines and advances by character, in ems, y up."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.font = FT2Font(BytesIO(data), **PLAIN)
        self.em = int(self.font.units_per_EM)
        self.known = self.font.get_charmap()
        self.kerning = _kerning(data)
        self.glyphs: dict[str, tuple[Curves, int]] = {}
        self.words: dict[str, tuple[Curves, float]] = {}

    def glyph(self, sign: str) -> tuple[Curves, int]:
        """A character's outline in font units, and its advance."""
        if sign not in self.glyphs:
            loaded = self.font.load_glyph(self.known[ord(sign)], flags=LoadFlags.NO_SCALE)
            places, codes = self.font.get_path()
            advance = 0 if unicodedata.category(sign) == "Mn" else int(loaded.horiAdvance)
            self.glyphs[sign] = (np.reshape(places, (-1, 2)) * FREETYPE, np.asarray(codes, np.uint8)), advance
        return self.glyphs[sign]

    def closer(self, first: str, second: str) -> int:
        """The kerning of two characters, in font units."""
        return self.kerning.get(self.known[ord(first)] << 16 | self.known[ord(second)], 0)

    def set(self, words: str) -> tuple[Curves, float]:
        """The outline of some words and their advance, in ems."""
        if words not in self.words:
            if len(self.words) >= KEPT:
                self.words.clear()
            self.words[words] = self._set(words)
        return self.words[words]

    def _set(self, words: str) -> tuple[Curves, float]:
        parts: list[Curves] = []
        at = 0
        for index, sign in enumerate(words):
            at += self.closer(words[index - 1], sign) if index else 0
            (places, codes), advance = self.glyph(sign)
            parts.append((np.add(places, (at, 0)) / self.em, codes))
            at += advance
        return _joined(parts), at / self.em


@dataclass(frozen=True)
class Run:
    """Neighbours of one font: the file's name ("regular.ttf" or "bold.ttf" if cut), and where they start, in ems."""

    words: str
    file: str
    start: float


@dataclass(frozen=True)
class Line:
    """A line of text as runs, and its advance in ems."""

    runs: tuple[Run, ...]
    advance: float


class Letters:
    """The fonts for the texts of one drawing, for one thread; the same texts give the same lines."""

    def __init__(self, texts: Iterable[Text], language: str) -> None:
        self._texts, self._language = tuple(texts), language
        self.faces = dict(_shipped())
        self.missing: set[str] = set()
        self._folder: File | None = None
        self.close: Callable[[], object] = lambda: None  # removes the folder of fonts
        for bold in (False, True):
            lacked = {sign for text in self._texts if (text.weight == "bold") == bold for sign in self._lacked(text)}
            if lacked:
                self._borrow(lacked, language, bold=bold)

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle by the texts: an open font stays in its thread."""
        return type(self), (self._texts, self._language)

    def _lacked(self, text: Text) -> set[str]:
        known = self.faces[FACES[text.weight, text.style]].known
        return {sign for sign in _visible(text.text) if ord(sign) not in known}

    def _borrow(self, lacked: set[str], language: str, *, bold: bool) -> None:
        wanted = {sign for sign in lacked if cjk_fonts.is_cjk(sign)}
        source = cjk_fonts.find(cjk_fonts.language_of(sorted(wanted), language), bold) if wanted else None
        found: set[str] = set()
        if source:
            face = Face(cjk_fonts.cut(wanted, source))
            self.faces[_cut_name(bold)] = face
            found = {sign for sign in wanted if ord(sign) in face.known}
        self.missing |= lacked - found

    def line(self, text: Text) -> Line:
        """A text's runs: every character in the shipped face, else in the borrowed one, else as a stand-in."""
        files = (FACES[text.weight, text.style], _cut_name(text.weight == "bold"))
        at, runs = 0.0, []
        for file, signs in groupby((self._found(sign, files) for sign in _visible(text.text)), itemgetter(0)):
            words = "".join(sign for _, sign in signs)
            runs.append(Run(words, file, at))
            at += self.faces[file].set(words)[1]
        return Line(tuple(runs), at)

    def _found(self, sign: str, files: tuple[str, ...]) -> tuple[str, str]:
        """The first of the files that has a character, and the character; else the first and a stand-in."""
        having = (file for file in files if file in self.faces and ord(sign) in self.faces[file].known)
        file = next(having, None)
        return (file, sign) if file else (files[0], STAND_IN)

    def outline(self, line: Line) -> Curves:
        """A line's letters as closed curves, in ems, y up."""
        runs = [(run.start, *self.faces[run.file].set(run.words)[0]) for run in line.runs]
        return _joined([(np.add(places, (start, 0.0)), codes) for start, places, codes in runs])

    def placed(self, text: Text) -> Curves:
        """A text's letters as closed curves where they stand on the page, in mm, y down."""
        line = self.line(text)
        places, codes = self.outline(line)
        begin = text.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor] * line.advance * text.size
        return places * (text.size, -text.size) + (begin, text.y), codes

    def path(self, file: str) -> str:
        """The path of a font's file; a cut font, or one that ships in a zip, is written to a folder of this object.

        OutputError where no such folder can be made.
        """
        if file in FACES.values() and isinstance(shipped := resource("assets", "fonts", file), File):
            return str(shipped)
        try:
            if self._folder is None:
                self._folder = File(tempfile.mkdtemp(prefix="trigpoint-"))
                self.close = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
            place = self._folder / file
            if not place.exists():
                place.write_bytes(self.faces[file].data)
        except OSError as error:
            hint = 'name one in TMPDIR, or draw letters as outlines: text="paths", --text paths'
            what = f"no temporary folder for fonts: {error.strerror or error}"
            raise OutputError(Problem(what, hint=hint)) from None
        return str(place)

    def remarks(self) -> tuple[str, ...]:
        """The characters that no font here has, in one sentence; empty where every character has a font."""
        if not self.missing:
            return ()
        missing = sorted(self.missing)
        signs = ", ".join(f"U+{ord(sign):04X}" for sign in missing[:10]) + (", ..." if len(missing) > 10 else "")
        what = f"no font here has {len(missing)} of the characters ({signs})"
        hint = "write SVG to keep them"
        if any(cjk_fonts.is_cjk(sign) for sign in missing):
            hint = f"for Chinese and Japanese install {cjk_fonts.PACKAGES}, or {hint}"
        return (f"{what}; {hint}",)


def _joined(parts: Iterable[Curves]) -> Curves:
    """Curves one after the other; two empty arrays for none."""
    places, codes = zip((np.empty((0, 2)), np.empty(0, np.uint8)), *parts, strict=True)
    return np.concatenate(places), np.concatenate(codes)


def _cut_name(bold: bool) -> str:
    return "bold.ttf" if bold else "regular.ttf"


def _visible(words: str) -> str:
    """The words with composed accents (NFC) and without invisible signs."""
    if words.isascii():
        return words
    composed = unicodedata.normalize("NFC", words)
    return "".join(sign for sign in composed if unicodedata.category(sign) != "Cf")


_thread = threading.local()


def _shipped() -> dict[str, Face]:
    """The shipped faces, once for each thread, since an open font keeps the letter that it loaded last."""
    if not hasattr(_thread, "faces"):
        _thread.faces = {file: Face(_bytes(file)) for file in FACES.values()}
    faces: dict[str, Face] = _thread.faces
    return faces


@cache
def _bytes(file: str) -> bytes:
    return resource("assets", "fonts", file).read_bytes()


def _kerning(data: bytes) -> dict[int, int]:
    """A font's kerning table: units by pair of glyphs, the first times 65,536 plus the second."""
    for index in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * index)
        if tag == b"kern":
            count = struct.unpack_from(">H", data, offset + 10)[0]
            rows = np.frombuffer(data, KERN_ROW, count, offset + KERN_HEADER)
            return dict(zip(rows["pair"].tolist(), rows["value"].tolist(), strict=True))
    return {}
