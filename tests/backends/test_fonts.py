"""Letters: where each stands, which font it is of, and what fills in for the plate's own."""

from __future__ import annotations

import gc
import warnings
from io import BytesIO
from itertools import pairwise
from pathlib import Path as File
from typing import Any

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTCollection, TTFont

from trigpoint.backends import cjk_fonts
from trigpoint.backends.fonts import Letters
from trigpoint.cli import main
from trigpoint.files.shipped import resource
from trigpoint.scene import Text
from trigpoint.words import measure as measured

EM = 1000


def font(family: str, signs: str, *, height: int) -> TTFont:
    """A font of PostScript outlines in which every character is a box of a height of its own."""
    names = {ord(sign): f"u{ord(sign):04X}" for sign in signs}
    builder = FontBuilder(EM, isTTF=False)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    drawn = {}
    for glyph in (".notdef", *names.values()):
        pen = T2CharStringPen(EM, None)
        pen.moveTo((100, 0))
        pen.lineTo((900, 0))
        pen.curveTo((950, 100), (950, height - 100), (900, height))
        pen.lineTo((100, height))
        pen.closePath()
        drawn[glyph] = pen.getCharString()
    builder.setupCFF(family.replace(" ", ""), {"FullName": family}, drawn, {})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", *names.values()), (EM, 100)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")})
    builder.setupOS2()
    builder.setupPost()
    made: TTFont = builder.font
    return made


@pytest.fixture
def fonts(tmp_path: File, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The only folder with fonts that this machine has: a collection, as Noto Sans CJK is one."""
    collection = TTCollection()
    collection.fonts = [
        font("Noto Sans CJK JP", "中直、。あ", height=700),
        font("Noto Sans Mono CJK SC", "中直", height=100),
        font("Noto Sans CJK SC", "中直、。", height=500),
    ]
    inner = tmp_path / "fonts" / "opentype"
    inner.mkdir(parents=True)
    collection.save(inner / "NotoSansCJK-Regular.ttc")
    monkeypatch.setattr(cjk_fonts, "folders", lambda: iter([tmp_path / "none", tmp_path / "fonts"]))
    for kept in (cjk_fonts.find, cjk_fonts._files, cjk_fonts._opened, cjk_fonts._cut):
        kept.cache_clear()
    yield tmp_path / "fonts"
    for kept in (cjk_fonts.find, cjk_fonts._files, cjk_fonts._opened, cjk_fonts._cut):
        kept.cache_clear()


def test_letters_stand_as_the_font_says() -> None:
    face = TTFont(BytesIO(resource("assets", "fonts", "Arimo-Regular.ttf").read_bytes()))
    names, advances, kerning = face.getBestCmap(), face["hmtx"], face["kern"].kernTables[0].kernTable
    words = "Travell & Simons, AVÄT (TrP1) ← µ"
    text = Text(0, 0, words, 3)
    letters = Letters([text], "en")
    expected = sum(advances[names[ord(sign)]][0] for sign in words)
    closer = sum(kerning.get((names[ord(a)], names[ord(b)]), 0) for a, b in pairwise(words))
    assert closer < 0
    assert letters.line(text).advance == pytest.approx((expected + closer) / 2048)
    assert measured.width(words, 1) == pytest.approx(expected / 2048)


def test_lines_are_never_longer_than_measured() -> None:
    for words in ("Travell & Simons 1992", "LV AV To Yo P. 11", "Musculus glutaeus medius, rechts", "中臀筋 TrP1"):
        for weight in ("normal", "bold"):
            text = Text(0, 0, words, 3, weight=weight)  # type: ignore[arg-type]
            width = measured.width(words, 1, weight)
            assert 0.9 * width < Letters([text], "ja").line(text).advance <= width + 1e-9


@pytest.mark.parametrize(("anchor", "left"), [("start", 10.0), ("middle", 8.0), ("end", 6.0)])
def test_outlines_stand_at_the_anchor(anchor: Any, left: float) -> None:
    text = Text(10, 20, "中中", 2, anchor)
    letters = Letters([text], "zh")
    places, codes = letters.placed(text)
    assert len(places) == len(codes)
    assert left <= places[:, 0].min()
    assert places[:, 0].max() <= left + 4.0
    assert 18 < places[:, 1].min() < places[:, 1].max() < 21


@pytest.mark.parametrize(("language", "height"), [("ja", 0.7), ("zh", 0.5), ("zh-CN", 0.5), ("ko", 0.7), ("en", 0.5)])
def test_a_language_gets_its_own_shapes(fonts: File, language: str, height: float) -> None:
    text = Text(0, 0, "直 TrP1", 1)
    letters = Letters([text], language)
    line = letters.line(text)
    assert [(run.words, run.file) for run in line.runs] == [("直", "regular.ttf"), (" TrP1", "Arimo-Regular.ttf")]
    assert line.runs[1].start == 1.0
    places, _ = letters.outline(line)
    assert places[places[:, 0] < 0.97, 1].max() == pytest.approx(height, abs=0.002)
    assert not letters.missing


def test_kana_tell_that_a_foreign_title_is_japanese(fonts: File) -> None:
    text = Text(0, 0, "直あ", 1)
    letters = Letters([text], "en")
    assert letters.outline(letters.line(text))[0][:, 1].max() == pytest.approx(0.7, abs=0.002)


def test_bold_falls_back_to_regular_and_another_language_to_what_there_is(fonts: File) -> None:
    assert cjk_fonts.find("ja", True) == cjk_fonts.FontFace(str(fonts / "opentype" / "NotoSansCJK-Regular.ttc"), 0, 700)
    assert cjk_fonts.find("zh-hant", False) == cjk_fonts.FontFace(
        str(fonts / "opentype" / "NotoSansCJK-Regular.ttc"), 0, 400
    )
    (fonts / "opentype" / "NotoSansCJK-Regular.ttc").rename(fonts / "simhei.ttf")
    (fonts / "NotoSansJP-Regular.otf").write_bytes(b"not a font")
    cjk_fonts.find.cache_clear()
    cjk_fonts._files.cache_clear()
    found = cjk_fonts.find("ja", False)
    assert found is None or found.path.endswith("simhei.ttf")


def test_what_no_font_has_is_named_and_shown_as_such(fonts: File) -> None:
    text = Text(0, 0, "中筋x", 1, weight="bold")
    letters = Letters([text], "zh")
    assert letters.missing == {"筋"}
    assert [run.words for run in letters.line(text).runs] == ["中", "\ufffdx"]
    assert "has 1 of the characters (U+7B4B)" in letters.remarks()[0]


def test_the_cut_font_is_the_same_each_time_and_its_file_goes_with_the_letters(fonts: File) -> None:
    source = cjk_fonts.find("zh", False)
    assert source
    once = cjk_fonts.cut("中直", source)
    cjk_fonts._cut.cache_clear()
    assert cjk_fonts.cut("直中中", source) == once
    letters = Letters([Text(0, 0, "直中", 1)], "zh")
    path = File(letters.path("regular.ttf"))
    assert path.read_bytes() == once
    assert letters.path("regular.ttf") == str(path)
    del letters
    gc.collect()
    assert not path.parent.exists()


def test_without_fonts_nothing_is_found(fonts: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cjk_fonts, "folders", lambda: iter(()))
    cjk_fonts.find.cache_clear()
    cjk_fonts._files.cache_clear()
    assert cjk_fonts.find("ja", False) is None


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_every_system_has_its_folders(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", system)
    assert len(list(cjk_fonts.folders())) >= 2


def test_outlines_are_those_of_the_font() -> None:
    text = Text(0, 0, "H", 1)
    letters = Letters([text], "en")
    places, codes = letters.outline(letters.line(text))
    assert places[:, 1].max() == pytest.approx(measured.CAP_HEIGHT)
    assert set(codes.tolist()) <= {1, 2, 3, 79}
    assert np.isclose(places[:, 1].min(), 0)


def test_the_command_says_in_one_line_which_package_has_the_missing_characters(
    tmp_path: File, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cjk_fonts, "find", lambda language, bold: None)
    path = tmp_path / "a.png"
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert main(["render", "gluteus_medius", "--language", "ja", "--dpi", "60", "-o", str(path)]) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if "fonts-noto-cjk" in line]
    assert len(lines) == 1
    assert lines[0].startswith("warning: no font here has ")
    assert path.read_bytes().startswith(b"\x89PNG")
