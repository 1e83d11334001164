"""The look keeps its promises: contrast, greys, smallest text."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, fields, replace
from itertools import combinations, pairwise

import pytest
from coloraide import Color

from tests.support.colours import VISIONS, contrast, difference, glazed, lightness, seen, tones
from trigpoint import Diagram
from trigpoint.plate.muscle_styles import quiet
from trigpoint.style import LENGTHS, SMALLEST_TEXT, THEMES, THINNEST, Style, shade

COLOUR = "#[0-9a-f]{6}"
# The least CIEDE2000 difference that `trigpoint.style` states, the strictest first: (one, other), least.
GROUND = ("paper", "body", "muscle", "spillover", "spillover on muscle")
ZONES = ("essential", "essential on muscle")
LEAST = (
    ((("paper", "body", "dots"), ZONES), 8),
    ((("muscle",), ("essential on muscle",)), 8),
    ((("spillover",), ZONES), 4),  # dots against none
    ((("spillover on muscle",), ("essential on muscle",)), 2),
    ((("muscle", "spillover on muscle", "essential"), ZONES), 0),  # these meet at a rim alone, which is darker
    ((GROUND, ("dots",)), 20),
    ((("paper", "body"), ("muscle", "spillover on muscle")), 9),
    ((("paper",), ("spillover",)), 6),
    ((("spillover",), ("spillover on muscle",)), 6),
    ((("body", "muscle"), ("spillover", "spillover on muscle")), 3),
    ((("paper",), ("body",)), 2),
)

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
@pytest.mark.parametrize("below", ["body", "body_shade"])
def test_zones_and_marks_stand_out_from_the_body(style, below):
    ground = getattr(style, below)
    for name in ("essential_edge", "spillover", "mark", "leader", "muscle_edge", "outline"):
        assert contrast(getattr(style, name), ground) >= 3, name
    assert contrast(style.essential, ground) >= 3
    rim = Color(style.essential_edge)
    assert min(rim.contrast(step, method="wcag21") for step in glazed(style, ground)) >= 1.4


@themes
def test_spillover_dots_and_marks_stand_out_from_the_muscle(style):
    for look in of_muscles(style):
        assert contrast(look.spillover, look.muscle) >= 3
    assert contrast(style.mark_halo, style.mark) >= 7


def of_muscles(style):
    """The style, and as many others, each with another tone of a drawn muscle as its muscle."""
    return (style, *(replace(style, muscle=tone) for tone in style.muscle_tones))


@themes
@pytest.mark.parametrize("vision", VISIONS)
def test_what_a_plate_shows_stays_apart_for_all_eyes(style, vision):
    for look in of_muscles(style):
        shown = tones(look)
        for one, other in combinations(shown, 2):
            least = next(least for pairs, least in LEAST if one in pairs[0] and other in pairs[1])
            if vision == "grey" and least <= 6 and "spillover" in (one + other):
                continue  # its dots tell: they differ from every ground by 20 and more
            if style.essential_lines and other in ZONES:  # it is the lines that tell
                least = min(least, 3)
            found = difference(shown[one], shown[other], vision)
            assert found >= least, f"{one} / {other}: {found:.1f} with a muscle of {look.muscle}"


@themes
@pytest.mark.parametrize("vision", VISIONS)
def test_zones_stay_apart_from_tendons_and_shaded_bones_for_all_eyes(style, vision):
    below = (style.tendon, *style.tendon_tones, style.bone, *style.bone_shades, *style.muscle_tones)
    for ground in (*below, *quiet(style).muscle_tones):
        for step in [style.essential] if style.essential_lines else glazed(style, ground):  # a line, or a glaze
            assert difference(step, ground, vision) >= 8, ground
        assert difference(style.spillover, ground, vision) >= 20, ground


@themes
def test_steps_of_a_drawing_go_one_way_and_its_lines_are_seen(style):
    for steps in (style.muscle_tones, (style.tendon, *style.tendon_tones), (style.bone, *style.bone_shades)):
        order = [lightness(Color(colour)) for colour in steps]
        assert order == sorted(order, reverse=True)
    assert len(style.muscle_tones) == 6
    for ground in (*style.muscle_tones, style.tendon, style.body, style.bone):
        assert contrast(style.muscle_lines, ground) >= 2.2


def test_lightness_alone_tells_the_zones_muscle_and_body_apart():
    """In grey each pair is parted by lightness or, spillover from its ground, by dots against none."""
    for name, style in THEMES.items():
        for look in of_muscles(style):
            shown = {key: lightness(colour) for key, colour in tones(look).items()}
            if style.essential_lines:  # it is they that tell
                shown["essential on muscle"] = lightness(Color(style.essential))
            for one, other, least in (
                ("essential on muscle", "muscle", 8),
                ("essential", "body", 18),
                ("muscle", "body", 8),
                ("dots", "body", 35),
            ):
                assert abs(shown[one] - shown[other]) >= least, (name, one, other, look.muscle)


def test_simulated_eyes_keep_grey_and_lose_what_they_lack():
    for vision in VISIONS:
        assert difference("#808080", seen("#808080", vision)) < 0.5
    red, green = "#b53a2c", "#6f7a2c"
    for vision in ("deuteranopia", "grey"):
        assert difference(red, green, vision) < 0.4 * difference(red, green)


def test_print_is_pure_grey():
    for field in fields(Style):
        value = getattr(THEMES["print"], field.name)
        for colour in re.findall("#[0-9a-f]{6}", str(value)):
            assert colour[1:3] == colour[3:5] == colour[5:7], field.name


# What WCAG 2.2 asks of the theme "contrast": 4.5:1 for text, 3:1 for what must be seen; (what, on what, least ratio).
# A zone's or muscle's area may be near in lightness to its neighbour if the rim between them stands out from both.
GROUNDS = ("paper", "body", "body_shade", "muscle", "essential", "bone")
FLAT = ("fibres", "muscle_edge")  # of a muscle that is not drawn in tones
SKIN = ("body", "body_shade")
ASKED = [
    *((text, ground, 4.5) for text in ("text", "mark", "acupoint") for ground in (*GROUNDS, "text_halo", "mark_halo")),
    ("text_quiet", "paper", 4.5),
    *(("leader", ground, 3) for ground in (*GROUNDS, "text_halo")),
    *(("outline", ground, 3) for ground in ("paper", *SKIN, "muscle", "essential")),
    *((line, ground, 3) for line in ("body_lines", "bone_edge") for ground in SKIN),
    ("bone_edge", "bone", 3),
    *(("muscle_edge", ground, 3) for ground in (*SKIN, "muscle", "bone")),
    ("fibres", "muscle", 3),
    ("muscle_lines", "muscle", 3),
    *(("muscle_lines", ground, 3) for ground in (*SKIN, "bone", "tendon")),
    *(("essential", ground, 3) for ground in (*SKIN, "paper", "bone")),
    *(("essential_edge", ground, 3) for ground in (*SKIN, "muscle", "essential", "bone", "paper")),
    ("seam", "essential", 3),
    *((line, ground, 3) for line in ("spillover", "spillover_edge") for ground in (*SKIN, "muscle", "bone")),
    ("locator_fill", "paper", 3),
    *(("locator_frame", ground, 3) for ground in ("paper", "locator_fill")),
]


@pytest.mark.parametrize(("what", "ground", "least"), ASKED)
def test_the_theme_contrast_has_the_ratios_of_wcag(what, ground, least):
    looks = of_muscles(THEMES["contrast"])
    for look in looks if ground == "muscle" and what not in FLAT else looks[:1]:
        assert contrast(getattr(look, what), getattr(look, ground)) >= least


@pytest.mark.parametrize("number", range(len(THEMES["contrast"].hues)))
def test_the_hues_of_the_theme_contrast_carry_marks_and_have_rims(number):
    style = THEMES["contrast"]
    fill, edge = style.hues[number]
    assert contrast(style.mark, fill) >= 4.5
    for ground in (fill, *(getattr(style, name) for name in (*SKIN, "muscle", "paper"))):
        assert contrast(edge, ground) >= 3


@themes
def test_hues_and_steps_of_an_overlay_differ_for_all_eyes(style):
    for vision in VISIONS:
        assert all(difference(one, other, vision) >= 7 for one, other in pairwise(style.ramp))
        assert all(difference(step, style.body, vision) >= 4 for step in style.ramp)
    order = [Color(colour).luminance() for colour in style.ramp]
    assert order in (sorted(order), sorted(order, reverse=True))
    for fill, edge in style.hues:
        assert contrast(edge, fill) >= 1.8
        assert contrast(edge, style.body) >= 3


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
    ratios = {"spillover_edge", "line_spacing", "outline_swell", "light", "dot_least", "essential_lines"}
    several = {"hues", "ramp", "essential_cores", "essential_glaze", "muscle_tones", "tendon_tones", "bone_shades"}
    assert numbers - set(LENGTHS) == ratios | several | {"least_text", "least_line"}


def test_pages_of_common_widths_share_one_style_and_others_grow_or_shrink():
    style = THEMES["plate"]
    assert style.for_page(85) is style.for_page(175) is style
    assert style.for_page(40).mark_size == pytest.approx(style.mark_size * (40 / 75) ** 0.5)
    assert style.for_page(420).size_label == pytest.approx(style.size_label * 420 / 190)


@pytest.mark.parametrize("factor", [0, -1, float("nan"), float("inf")])
def test_an_impossible_scale_is_refused(factor):
    with pytest.raises(ValueError, match="above 0"):
        THEMES["plate"].scaled(factor)


def test_a_style_says_below_what_it_is_not_scaled():
    style = replace(THEMES["plate"], least_text=2.5, least_line=0.12, leader_width=0.14, essential_edge_width=0.5)
    small = style.scaled(0.5)
    assert small.size_title == 2.5
    assert (small.leader_width, small.essential_edge_width) == (0.12, 0.25)


@pytest.mark.parametrize(
    ("field", "value", "asked"),
    [
        ("essential", "red", "a colour"),
        ("essential", "#12345", "a colour"),
        ("essential", None, "a colour"),
        ("hues", (("#123456", "blue"),), "a colour"),
        ("ramp", (), "a colour"),
        ("outline_width", 0.0, "a number above 0"),
        ("dot_gap", float("nan"), "a number above 0"),
        ("spillover_dash", (0.5, "1"), "a number above 0"),
        ("outline_swell", float("inf"), "a number"),
        ("essential_cores", ("#c4262e",), "a number"),
    ],
)
def test_what_a_style_cannot_draw_is_told_where_it_was_typed(field, value, asked):
    with pytest.raises(ValueError, match=f"{field} (is|holds) .*: {asked} is expected"):
        replace(THEMES["plate"], **{field: value})


def test_capitals_are_letters():
    assert replace(THEMES["plate"], essential="#08306B") == replace(THEMES["plate"], essential="#08306b")
    assert replace(THEMES["plate"], ramp=("#ABCDEF",)).ramp == ("#abcdef",)


def test_the_inside_of_a_zone_follows_its_colour():
    blue = replace(THEMES["plate"], essential="#08306b")
    drawn = Diagram("gluteus medius", theme=blue).to_bytes().decode()
    assert {"#08306b", *(shade("#08306b", share) for share in blue.essential_cores)} <= set(re.findall(COLOUR, drawn))
    assert not {shade(Style().essential, share) for share in Style().essential_cores} & set(re.findall(COLOUR, drawn))
    assert (shade("#ffffff", 0.5), shade("#000000", 2.0), shade("#102030", 1.0)) == ("#808080", "#ffffff", "#102030")
