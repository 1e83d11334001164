"""Text is as wide as the fonts say, and wrapped lines lose nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.ft2font import FT2Font, LoadFlags

from trigpoint.files.shipped import resource
from trigpoint.words import measure

FONTS = Path(str(resource("assets", "fonts")))
SAMPLE = "Glutéus medius, ÅÄÖ ßþ Łódź ŒŠŽ Ωμέγα Средняя ягодичная Їґ – — ’x’ “y” … ‰ € ™ ← ↓ − ≈ ≤ ≥ 0123456789 (TrP1)"


@pytest.mark.parametrize(
    ("weight", "upright", "italic"), [("normal", "Regular", "Italic"), ("bold", "Bold", "BoldItalic")]
)
def test_each_character_is_as_wide_as_in_the_font(weight: str, upright: str, italic: str) -> None:
    fonts = [FT2Font(str(FONTS / f"Arimo-{style}.ttf")) for style in (upright, italic)]
    for sign in SAMPLE:
        advances = [font.load_char(ord(sign), flags=LoadFlags.NO_SCALE).horiAdvance for font in fonts]
        assert measure.width(sign, 1.0, weight) == pytest.approx(max(advances) / 2048)
        assert advances[0] == advances[1] or ord(sign) > 0x0370


def test_letters_are_as_wide_as_those_of_arial() -> None:
    """Of some letters, in 1/2048 em: whoever has Arial sees the lines that were measured."""
    arial = {"G": 1593, "l": 455, "u": 1139, "m": 1706, "T": 1251, "r": 682, "P": 1366, "1": 1139, " ": 569, "−": 1196}
    assert {sign: round(measure.width(sign, 2048)) for sign in arial} == arial


def test_vertical_measures_are_those_of_the_font() -> None:
    font = FT2Font(str(FONTS / "Arimo-Regular.ttf"))
    assert (font.ascender / 2048, -font.descender / 2048) == (measure.ASCENT, measure.DESCENT)
    assert 0.5 < measure.X_HEIGHT < measure.CAP_HEIGHT < measure.ASCENT < 1


@pytest.mark.slow
def test_generated_table_is_up_to_date() -> None:
    fonts = pytest.importorskip("authoring.typeface.fonts", exc_type=ImportError)
    assert fonts.main(["--check"]) == 0


def test_the_table_of_widths_is_read_when_the_first_text_is_measured() -> None:
    code = "import trigpoint.words.measure as m; print(m._advances.cache_info().currsize); m.width('a', 3.0)"
    code += "; print(m._advances.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "1"]


def test_width_grows_with_size_and_weight() -> None:
    assert measure.width("pelvis", 6.0) == pytest.approx(2 * measure.width("pelvis", 3.0))
    assert measure.width("pelvis", 3.0, "bold") > measure.width("pelvis", 3.0)
    assert measure.width("", 3.0) == 0


def test_marks_and_invisible_characters_take_no_room() -> None:
    assert measure.width("e\u0301", 3.0) == measure.width("e", 3.0)
    assert measure.width("a\u200bb\u00adc", 3.0) == measure.width("abc", 3.0)


def test_unknown_characters_get_a_safe_width() -> None:
    assert measure.width("中", 3.0) == 3.0
    assert measure.width("ế", 3.0) == measure.width("e", 3.0)


def test_wrap_breaks_at_spaces_only_where_it_must() -> None:
    assert measure.wrap("Gluteus medius", 100.0, 3.0) == ["Gluteus medius"]
    assert measure.wrap("Gluteus medius", 20.0, 3.0) == ["Gluteus", "medius"]
    assert measure.wrap("  two \n lines ", 100.0, 3.0) == ["two lines"]
    assert measure.wrap("10\u00a0mm", 1.5 * measure.width("10", 3.0), 3.0)[0] == "10\u00a0"
    assert measure.wrap(" ", 10.0, 3.0) == []


def test_wrap_breaks_long_words_after_hyphens_then_anywhere() -> None:
    assert measure.wrap("lumbo-sacral", measure.width("lumbo-s", 3.0), 3.0) == ["lumbo-", "sacral"]
    assert measure.wrap("iiii", measure.width("ii", 3.0), 3.0) == ["ii", "ii"]
    assert measure.wrap("e\u0301e\u0301", 0.1, 3.0) == ["e\u0301", "e\u0301"]


@pytest.mark.parametrize(
    ("words", "most", "lines"),
    [
        ("中臀筋のトリガーポイント", 4, ["中臀筋の", "トリガー", "ポイント"]),
        ("痛みの領域。右側", 5, ["痛みの領", "域。右側"]),  # the full stop takes a character along
        ("腰「背部」痛", 2, ["腰", "「背", "部」", "痛"]),
        ("ショッピ", 1.5, ["シ", "ョ", "ッ", "ピ"]),  # too narrow for any rule
        ("臀中肌（后部）", 4, ["臀中肌", "（后部）"]),
        ("触发点1和2", 3, ["触发点", "1和2"]),
        ("Gluteus medius 中臀筋", 5, ["Gluteus", "medius 中", "臀筋"]),
    ],
)
def test_chinese_and_japanese_break_between_characters_but_not_before_closing_signs(
    words: str, most: float, lines: list[str]
) -> None:
    assert measure.wrap(words, most * 3.0, 3.0) == lines


def test_east_asian_characters_are_as_wide_as_tall() -> None:
    assert measure.width("中臀筋のトリガー。「」", 3.0) == 11 * 3.0
    assert measure.width("ﾄﾘｶﾞ", 3.0) == 4 * 1.5
    assert measure.width("が", 3.0) == measure.width("か\u3099", 3.0) == 3.0


@given(st.text(st.characters(categories=["L", "N", "P", "Zs", "Mn"]), max_size=60), st.floats(1.0, 60.0))
def test_wrapped_lines_fit_and_lose_nothing(words: str, limit: float) -> None:
    lines = measure.wrap(words, limit, 3.0)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    for line in lines:
        letters = [sign for sign in line if measure.width(sign, 3.0) > 0]
        assert measure.width(line, 3.0) <= limit * (1 + 1e-9) or len(letters) == 1


def test_unknown_weight_is_refused() -> None:
    with pytest.raises(KeyError):
        measure.width("x", 3.0, "heavy")
