"""The look keeps its promises: contrast, greys, smallest text."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from trigpoint.style import LENGTHS, SMALLEST_TEXT, THEMES, THINNEST, Style


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lightness(colour: str) -> float:
    y = luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


themes = pytest.mark.parametrize("style", THEMES.values(), ids=THEMES)


@themes
def test_colours_are_six_digits(style):
    for field in fields(Style):
        value = getattr(style, field.name)
        if isinstance(value, str):
            assert re.fullmatch("#[0-9a-f]{6}", value), field.name


@themes
def test_text_is_six_points_or_more_and_dark_enough(style):
    assert all(getattr(style, f.name) >= SMALLEST_TEXT for f in fields(Style) if f.name.startswith("size_"))
    assert contrast(style.text, style.paper) >= 7
    assert contrast(style.text_quiet, style.paper) >= 4.5


@themes
@pytest.mark.parametrize("below", ["body", "tone_1", "tone_2"])
def test_zones_and_marks_stand_out_from_the_body(style, below):
    ground = getattr(style, below)
    for name in ("essential", "spillover", "mark", "leader", "muscle_edge"):
        assert contrast(getattr(style, name), ground) >= 3, name


@themes
def test_spillover_dots_and_marks_stand_out_from_the_muscle(style):
    assert contrast(style.spillover, style.muscle) >= 3
    assert contrast(style.mark_halo, style.mark) >= 7


@themes
def test_what_is_told_apart_by_fill_is_told_apart_in_grey(style):
    levels = sorted(lightness(c) for c in (style.body, style.muscle, style.essential))
    assert levels[1] - levels[0] >= 20
    assert levels[2] - levels[1] >= 10


def test_print_is_pure_grey():
    for field in fields(Style):
        value = getattr(THEMES["print"], field.name)
        if isinstance(value, str):
            assert value[1:3] == value[3:5] == value[5:7], field.name


def test_a_style_is_a_value():
    style = THEMES["plate"]
    assert replace(style, essential="#08306b").essential == "#08306b"
    with pytest.raises(FrozenInstanceError):
        style.essential = "#000000"
    with pytest.raises(TypeError):
        THEMES["plate"] = style


def test_too_small_a_text_is_refused():
    with pytest.raises(ValueError, match=r"size_credit is 1\.500 mm"):
        replace(THEMES["plate"], size_credit=1.5)


@themes
@pytest.mark.parametrize("factor", [0.4, 0.73, 1.0, 2.2])
def test_a_scaled_style_keeps_its_proportions_its_colours_and_legible_text(style, factor):
    scaled = style.scaled(factor)
    for field in fields(Style):
        before, after = getattr(style, field.name), getattr(scaled, field.name)
        if field.name not in LENGTHS:
            assert after == before, field.name
        elif field.name.startswith("size_"):
            assert after == pytest.approx(max(SMALLEST_TEXT, factor * before)), field.name
        elif isinstance(before, tuple):
            assert after == pytest.approx([factor * length for length in before]), field.name
        else:
            assert after == pytest.approx(max(factor * before, min(before, THINNEST))), field.name
    assert style.scaled(factor) is style.scaled(factor)


def test_every_number_of_a_style_is_a_length_or_known_not_to_be_one():
    numbers = {f.name for f in fields(Style) if not isinstance(getattr(Style(), f.name), str)}
    assert numbers - set(LENGTHS) == {"line_spacing"}


def test_pages_of_common_widths_share_one_style_and_others_grow_or_shrink():
    style = THEMES["plate"]
    assert style.for_page(85) is style.for_page(175) is style
    assert style.for_page(40).mark_size == pytest.approx(style.mark_size * (40 / 75) ** 0.5)
    assert style.for_page(420).size_label == pytest.approx(style.size_label * 420 / 190)


@pytest.mark.parametrize("factor", [0, -1, float("nan"), float("inf")])
def test_an_impossible_scale_is_refused(factor):
    with pytest.raises(ValueError, match="above 0"):
        THEMES["plate"].scaled(factor)
