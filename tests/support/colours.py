"""How far apart colours look, to all eyes: WCAG contrast, CIEDE2000, simulated colour vision, and grey.

All of it is coloraide's: contrast as WCAG 2.2 defines it, CIEDE2000, and the matrices of Machado, Oliveira, Fernandes
2009 at severity 1.0, applied to linear sRGB as the paper does. Grey keeps the luminance. `python -m
tests.support.colours` prints what every theme reaches.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import pi

from coloraide import Color

from trigpoint.plate.paint import glaze
from trigpoint.style import THEMES, Style, mixed

LINEAR = "srgb-linear"
FILTERS = {"protanopia": "protan", "deuteranopia": "deutan", "tritanopia": "tritan", "grey": "grayscale"}
VISIONS = ("all three cones", *FILTERS)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    return Color(one).contrast(other, method="wcag21")


def seen(colour: Color | str, vision: str) -> Color:
    """A colour as eyes of that kind see it."""
    shown = Color(colour).convert(LINEAR)
    if vision in FILTERS:
        options = {} if vision == "grey" else {"method": "machado"}
        shown = shown.filter(FILTERS[vision], space=LINEAR, out_space=LINEAR, **options)
    return shown.clip()


def difference(one: Color | str, other: Color | str, vision: str = VISIONS[0]) -> float:
    """CIEDE2000 between two colours as eyes of that kind see them; 1 is hardly seen, 10 is seen at a glance."""
    return seen(one, vision).delta_e(seen(other, vision), method="2000", space="lab-d65")


def lightness(colour: Color) -> float:
    """The lightness of CIELAB in grey, 0 to 100."""
    return seen(colour, "grey").convert("lab-d65")["lightness"]


def _pattern(ground: Color | str, over: str, share: float) -> Color:
    """A pattern of dots or lines as an eye far away mixes it."""
    return Color(ground).mix(over, share, space=LINEAR, out_space=LINEAR)


def glazed(style: Style, ground: str) -> Iterator[Color]:
    """What the steps of an essential zone look like over a ground, from the rim inwards."""
    bare = (1 - style.hatch_width / style.hatch_spacing) ** len(style.essential_lines)
    for colour, opacity in glaze(style):
        ground = mixed(ground, colour, opacity)  # as a program that draws mixes them
        yield _pattern(ground, style.essential, 1 - bare)


def tones(style: Style) -> dict[str, Color]:
    """What areas of a plate look like."""
    dots = pi * style.dot_radius**2 / style.dot_spacing**2
    return {
        "paper": Color(style.paper),
        "body": Color(style.body),
        "muscle": Color(style.muscle),
        "spillover": _pattern(style.body, style.spillover, dots),
        "spillover on muscle": _pattern(style.muscle, style.spillover, dots),
        "dots": Color(style.spillover),
        "essential": next(glazed(style, style.body)),
        "essential on muscle": next(glazed(style, style.muscle)),
    }


def differences(style: Style) -> Iterator[tuple[tuple[str, str], str, float]]:
    """Every pair of a theme's tones, as every kind of eye sees them."""
    for one, other in combinations(tones(style).items(), 2):
        for vision in VISIONS:
            yield (one[0], other[0]), vision, difference(one[1], other[1], vision)


if __name__ == "__main__":
    for name, style in THEMES.items():
        rows: dict[tuple[str, str], list[str]] = {}
        for pair, _, value in differences(style):
            rows.setdefault(pair, []).append(f"{value:6.1f}")
        print(f"\n{name:36}", *(f"{vision[:6]:>6}" for vision in VISIONS))
        for pair, values in rows.items():
            print(f"{' / '.join(pair):36}", *values)
