"""How far apart colours look, to all eyes: WCAG contrast, CIEDE2000, simulated colour vision, and grey.

Sources: WCAG 2.2, "relative luminance" and "contrast ratio"; Sharma, Wu, Dalal 2005 for CIEDE2000; Machado, Oliveira,
Fernandes 2009 for the matrices at severity 1.0, applied to linear sRGB as the paper does. Grey keeps the luminance.
Colours are "#rrggbb". `python -m tests.support.colours` prints what every theme reaches.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import atan2, cos, degrees, exp, hypot, pi, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from trigpoint.style import THEMES, Style

Colour = NDArray[np.float64]  # linear sRGB, 0 to 1

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = XYZ.sum(axis=1)
VISIONS: dict[str, NDArray[np.float64]] = {
    "all three cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
    "grey": np.tile(LUMINANCE, (3, 1)),
}


def linear(colour: str) -> Colour:
    """A colour without the curve of sRGB."""
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ LUMINANCE)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(colour: Colour) -> tuple[float, float, float]:
    """A colour in CIELAB."""
    share = XYZ @ np.clip(colour, 0, 1) / WHITE
    f = np.where(share > 216 / 24389, np.cbrt(share), (24389 / 27 * share + 16) / 116)
    return float(116 * f[1] - 16), float(500 * (f[0] - f[1])), float(200 * (f[1] - f[2]))


def ciede2000(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """The difference of two CIELAB colours; 1 is about the least that is seen, 10 is seen at a glance."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = 0.5 * (1 - sqrt(mean**7 / (mean**7 + 25**7)))
    c1, c2 = hypot((1 + g) * a1, b1), hypot((1 + g) * a2, b2)
    h1, h2 = (degrees(atan2(b, (1 + g) * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = h2 - h1 if c1 * c2 else 0.0
    turn -= 360 * round(turn / 360)
    lightness, chroma, hue = l2 - l1, c2 - c1, 2 * sqrt(c1 * c2) * sin(radians(turn) / 2)
    mid, c = (l1 + l2) / 2, (c1 + c2) / 2
    h = (h1 + h2) / 2 if abs(h1 - h2) <= 180 else ((h1 + h2 + 360) / 2) % 360
    h = h if c1 * c2 else h1 + h2
    t = 1 - 0.17 * cos(radians(h - 30)) + 0.24 * cos(radians(2 * h))
    t += 0.32 * cos(radians(3 * h + 6)) - 0.20 * cos(radians(4 * h - 63))
    sl, sc, sh = 1 + 0.015 * (mid - 50) ** 2 / sqrt(20 + (mid - 50) ** 2), 1 + 0.045 * c, 1 + 0.015 * c * t
    rc = 2 * sqrt(c**7 / (c**7 + 25**7))
    rt = -rc * sin(radians(60 * exp(-(((h - 275) / 25) ** 2))))
    dl, dc, dh = lightness / sl, chroma / sc, hue / sh
    return sqrt(max(dl**2 + dc**2 + dh**2 + rt * dc * dh, 0.0))


def difference(one: Colour, other: Colour, vision: str) -> float:
    """CIEDE2000 between two colours as eyes of that kind see them."""
    return ciede2000(lab(VISIONS[vision] @ one), lab(VISIONS[vision] @ other))


def tones(style: Style) -> dict[str, Colour]:
    """What areas of a plate look like, patterns (dots, and lines that fill a zone) mixed as an eye far away does."""
    dots = pi * style.dot_radius**2 / style.dot_spacing**2
    bare = 1.0
    for _ in style.essential_lines:
        bare *= 1 - style.hatch_width / style.hatch_spacing
    ground = linear(style.essential_ground if style.essential_lines else style.essential)
    return {
        "paper": linear(style.paper),
        "body": linear(style.body),
        "muscle": linear(style.muscle),
        "spillover": dots * linear(style.spillover) + (1 - dots) * linear(style.body),
        "spillover on muscle": dots * linear(style.spillover) + (1 - dots) * linear(style.muscle),
        "dots": linear(style.spillover),
        "essential": bare * ground + (1 - bare) * linear(style.essential) if style.essential_lines else ground,
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
