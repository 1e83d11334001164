"""Every colour, width and size of a plate, and the named themes.

A style is a frozen value: change one with `dataclasses.replace`. Lengths are millimetres on paper at the final size of
the plate; colours are "#rrggbb". This room knows how things look and refuses to know what they are or where they go.

Lines weigh what they mean: the body's outline most, then the rim of an essential zone, the muscle's rim, its fibres,
the lines on the body, leaders. Colours stay apart for all eyes: with normal vision, without red, green or blue cones
(Machado 2009, severity 1) and in grey, CIEDE2000 in every theme is at least 20 between dots and what they lie on, 8
between an essential zone and all else, 9 between muscle and body or paper, 6 between spillover (dots and ground mixed)
and paper, 3 between spillover and the body or muscle beneath it, 2 between body and paper, which a contour parts. In
grey the mixed tone of a spillover may equal that of a muscle or body: there its pattern tells, dots against none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from math import inf
from types import MappingProxyType

PT = 25.4 / 72
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
SMALLEST_TEXT = 6 * PT
THINNEST = 0.25 * PT  # printers lose thinner lines
DESIGNED_FOR = (75.0, 190.0)  # mm: page widths at which a style is used as it is


@dataclass(frozen=True, eq=False, repr=False)
class Style:
    """The look of a plate; the defaults are the theme "plate": a classical red on a warm, quiet body.

    >>> from dataclasses import replace
    >>> replace(THEMES["plate"], essential="#08306b").essential
    '#08306b'
    >>> Style(essential="#08306b")
    Style(essential='#08306b')
    """

    # paper and body
    paper: str = "#ffffff"
    body: str = "#f6f0e8"
    tone_1: str = "#efe6dd"
    tone_2: str = "#e5d9cc"
    body_lines: str = "#8b7565"
    body_lines_width: float = 0.19  # of the widest; they taper
    outline: str = "#5b4a41"
    outline_width: float = 0.34
    outline_swell: float = 0.45  # the contour is wider by this share away from the light, narrower towards it
    light: tuple[float, float] = (-0.6, -0.8)  # where the light comes from: x to the right, y down, of length 1
    # ghost bones
    bone: str = "#fcfaf7"
    bone_edge: str = "#cdc2b6"
    bone_edge_width: float = 0.14
    # muscle
    muscle: str = "#e7bda6"
    muscle_edge: str = "#a0664f"
    muscle_edge_width: float = 0.22
    fibres: str = "#ab6f56"
    fibres_width: float = 0.2
    # zones; a zone's edge and the muscle seen through it are colours of their own, nothing is see-through
    essential: str = "#c4262e"
    essential_edge: str = "#7f1219"
    essential_edge_width: float = 0.26
    essential_cores: tuple[float, ...] = (0.97, 0.94)  # its soft inside, in steps: darker below 1, lighter above
    essential_lines: tuple[int, ...] = ()  # degrees: lines fill the zone, in its colour, on `essential_ground`
    essential_ground: str = "#ffffff"
    seam: str = "#f2aea4"  # the edge of one point's zone inside another's
    seam_width: float = 0.18
    doubtful_edge_width: float = 0.4
    doubtful_dash: tuple[float, float] = (1.3, 0.9)
    muscle_in_essential: str = "#a01a22"
    spillover: str = "#8e0f1d"
    spillover_edge: str = "#8e0f1d"
    spillover_edge_width: float = 0.16
    spillover_dash: tuple[float, float] = (0.55, 0.6)
    dot_radius: float = 0.2
    dot_spacing: float = 0.86
    dot_gap: float = 0.12
    dot_least: float = 0.34  # the share of the dots that is left at the zone's outer rim
    dot_fade: float = 5.0  # over which they get fewer
    # the zones of several muscles on one body, fill and edge of each (after Okabe and Ito 2008, darkened until each
    # stands out from the body); and the steps of an overlay, the least first
    hues: tuple[tuple[str, str], ...] = (
        ("#c4262e", "#7f1219"),
        ("#3f8fc4", "#123a5c"),
        ("#e0a112", "#6e4d00"),
        ("#1d7a55", "#0a3d29"),
        ("#8a4f9e", "#42204f"),
        ("#4d4d4d", "#111111"),
        ("#c8759c", "#6b2446"),
        ("#7a8f1e", "#3a4508"),
    )
    hatch_spacing: float = 1.1
    hatch_width: float = 0.22
    ramp: tuple[str, ...] = ("#f6cfc2", "#efa591", "#e07a68", "#c4504a", "#9c2530", "#64101d")
    # trigger points
    mark: str = "#141210"
    mark_halo: str = "#ffffff"
    mark_size: float = 1.35
    mark_width: float = 0.5
    mark_halo_width: float = 0.36
    # acupuncture points
    acupoint: str = "#0b4f8a"
    acupoint_size: float = 1.3
    acupoint_width: float = 0.26
    # labels and their leaders
    leader: str = "#3c332e"
    leader_width: float = 0.14
    leader_halo_width: float = 0.22
    anchor_radius: float = 0.42
    text: str = "#221c18"
    text_quiet: str = "#5f554d"
    text_halo: str = "#ffffff"
    # the small whole body
    locator_fill: str = "#e6ddd3"
    locator_frame: str = "#5f554d"
    locator_frame_width: float = 0.2
    # sizes of text
    size_title: float = 11 * PT
    size_subtitle: float = 8 * PT
    size_view: float = 7.5 * PT
    size_side: float = 9 * PT
    size_number: float = 8 * PT
    size_label: float = 7.5 * PT
    size_legend: float = 7 * PT
    size_credit: float = SMALLEST_TEXT
    size_acupoint: float = SMALLEST_TEXT
    line_spacing: float = 1.28
    # what no scaling goes below; a preset raises them to what its journal asks
    least_text: float = SMALLEST_TEXT
    least_line: float = THINNEST

    def __post_init__(self) -> None:
        for name, kind in KINDS.items():
            given = getattr(self, name)
            if kind == "colour":
                object.__setattr__(self, name, _colour(given, name))
            elif not _is_number(given, above=0.0 if kind == "length" else -inf):
                asked = "a number above 0" if kind == "length" else "a number"
                raise ValueError(f"{name} is {given!r}: {asked} is expected")
        for name in ("title", "subtitle", "view", "side", "number", "label", "legend", "credit", "acupoint"):
            size = getattr(self, f"size_{name}")
            if size < SMALLEST_TEXT:
                raise ValueError(f"size_{name} is {size:.3f} mm: text needs {SMALLEST_TEXT:.3f} mm (6 pt) or more")

    def __repr__(self) -> str:
        usual = {field.name: field.default for field in fields(self)}
        other = (f"{name}={value!r}" for name, value in vars(self).items() if value != usual[name])
        return f"Style({', '.join(other)})"

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Style) and vars(self) == vars(other))

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))

    def scaled(self, factor: float) -> Style:
        """The same look with every length `factor` times as large, text and lines never below what the style allows.

        Colours, ratios (`line_spacing`) and everything without a length stay. Equal calls give one value.

        >>> THEMES["plate"].scaled(2).mark_size, THEMES["plate"].scaled(0.5).size_credit == SMALLEST_TEXT
        (2.7, True)
        """
        if not 0 < factor < float("inf"):
            raise ValueError(f"a style is scaled by a number above 0, not {factor}")
        return self if factor == 1 else _scaled(self, factor)

    def for_page(self, width: float) -> Style:
        """The style for a page that is `width` mm wide: itself from 75 to 190 mm, in proportion above, smaller below.

        Below, lengths shrink more slowly than the page (with its square root), so that an X still reads at 40 mm.

        >>> THEMES["plate"].for_page(380) == THEMES["plate"].scaled(2)
        True
        """
        least, most = DESIGNED_FOR
        return self.scaled(max(width / most, 1.0) * min(width / least, 1.0) ** 0.5)


@lru_cache(64)
def _scaled(style: Style, factor: float) -> Style:
    changes: dict[str, float | tuple[float, ...]] = {}
    for name in LENGTHS:
        value = getattr(style, name)
        if isinstance(value, tuple):
            changes[name] = tuple(factor * length for length in value)
        elif name.startswith("size_"):
            changes[name] = max(style.least_text, factor * value)
        else:
            changes[name] = max(factor * value, min(value, style.least_line))
    return replace(style, **changes)  # type: ignore[arg-type]


LENGTHS: tuple[str, ...] = tuple(
    field.name
    for field in fields(Style)
    if field.name != "line_spacing"
    and (
        field.name.startswith("size_")
        or field.name.rpartition("_")[2] in ("width", "size", "radius", "spacing", "gap", "dash", "fade")
    )
)
"""The fields of a style that are millimetres on paper."""


KINDS: dict[str, str] = {
    field.name: "length" if field.name in LENGTHS else "number" if "float" in str(field.type) else "colour"
    for field in fields(Style)
    if "int" not in str(field.type)
}


def _colour(given: object, name: str) -> object:
    """A colour, or a tuple of them, as they are written here."""
    if isinstance(given, tuple) and given:
        return tuple(_colour(each, name) for each in given)
    if not isinstance(given, str) or not _COLOUR.fullmatch(given):
        raise ValueError(f"{name} holds {given!r}: a colour is expected, '#' and six of 0-9, a-f")
    return given.lower()


def _is_number(given: object, above: float) -> bool:
    if isinstance(given, tuple):
        return all(_is_number(each, above) for each in given)
    return isinstance(given, int | float) and not isinstance(given, bool) and above < given < inf


def shade(colour: str, share: float) -> str:
    """A colour with so much of its brightness; above 1, as much nearer to white.

    >>> shade("#c4262e", 0.5), shade("#c4262e", 1.5)
    ('#621317', '#e29296')
    """
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    turned = (part * share if share <= 1 else part + (255 - part) * (share - 1) for part in parts)
    return "#" + "".join(f"{min(255, max(0, round(part))):02x}" for part in turned)


PLATE = Style()

PRINT = replace(
    PLATE,
    body="#f5f5f5",
    tone_1="#ebebeb",
    tone_2="#e0e0e0",
    body_lines="#7e7e7e",
    outline="#3a3a3a",
    bone="#fdfdfd",
    bone_edge="#bdbdbd",
    muscle="#c6c6c6",
    muscle_edge="#666666",
    fibres="#858585",
    essential="#4d4d4d",
    essential_cores=(0.93, 0.87),
    essential_edge="#111111",
    seam="#d6d6d6",
    muscle_in_essential="#262626",
    spillover="#000000",
    spillover_edge="#000000",
    hues=tuple((f"#{level:02x}{level:02x}{level:02x}", "#111111") for level in (64, 164, 212, 124, 188, 92, 144, 228)),
    ramp=("#dedede", "#bdbdbd", "#969696", "#707070", "#484848", "#1e1e1e"),
    mark="#000000",
    acupoint="#1a1a1a",
    leader="#2e2e2e",
    text="#111111",
    text_quiet="#4f4f4f",
    locator_fill="#dcdcdc",
    locator_frame="#4f4f4f",
)

# Black is legible on every fill, and every fill stands out from its neighbours or has a rim that does.
CONTRAST = replace(
    PLATE,
    body="#f8f3ec",
    tone_1="#ede6dc",
    tone_2="#e2d8cb",
    body_lines="#6f6358",
    outline="#1d1511",
    outline_width=0.42,
    bone="#ffffff",
    bone_edge="#75695e",
    bone_edge_width=0.18,
    muscle="#ecba96",
    muscle_edge="#6f331c",
    muscle_edge_width=0.26,
    fibres="#8a4a30",
    fibres_width=0.22,
    essential="#dc362c",
    essential_cores=(),
    essential_edge="#2e0305",
    essential_edge_width=0.34,
    muscle_in_essential="#3d0505",
    seam="#ffffff",
    seam_width=0.28,
    spillover="#4a0012",
    spillover_edge="#4a0012",
    spillover_edge_width=0.24,
    dot_least=0.5,
    hues=(
        ("#dc362c", "#2e0305"),
        ("#5aa5e0", "#04203d"),
        ("#f2b705", "#3a2900"),
        ("#35ab80", "#02231a"),
        ("#b982d4", "#2a0d36"),
        ("#949494", "#0d0d0d"),
        ("#e592b6", "#3d0b22"),
        ("#a4bb3c", "#1c2400"),
    ),
    hatch_width=0.26,
    mark="#000000",
    mark_size=1.5,
    mark_width=0.6,
    mark_halo_width=0.4,
    acupoint="#000000",
    acupoint_width=0.32,
    leader="#000000",
    leader_width=0.18,
    body_lines_width=0.2,
    text="#000000",
    text_quiet="#332c27",
    locator_fill="#8d8277",
    locator_frame="#000000",
    locator_frame_width=0.3,
)

# Light falls on a figure in a dark room: what is bright is near, and the rims glow.
DARK = replace(
    PLATE,
    paper="#14171c",
    body="#2c323b",
    tone_1="#262b33",
    tone_2="#1f242b",
    body_lines="#616b79",
    outline="#c5ced9",
    outline_width=0.3,
    bone="#434b57",
    bone_edge="#717d8c",
    muscle="#80503f",
    muscle_edge="#d99c83",
    fibres="#b57a65",
    essential="#fb6257",
    essential_cores=(1.07, 1.13),
    essential_edge="#ffd0c7",
    essential_ground="#14171c",
    muscle_in_essential="#b5302f",
    seam="#ffe2dc",
    spillover="#ffb4a3",
    spillover_edge="#ffb4a3",
    dot_radius=0.19,
    hues=(
        ("#fb6257", "#ffd9d2"),
        ("#4a9bd6", "#c4e3fa"),
        ("#d9a514", "#ffeab0"),
        ("#2f9c72", "#b5f0d6"),
        ("#a166bd", "#eacdf6"),
        ("#8d949e", "#eef1f5"),
        ("#d477a3", "#ffd3e6"),
        ("#93a832", "#e6f2a8"),
    ),
    ramp=("#5d3734", "#844a44", "#a95a50", "#d27462", "#f29c85", "#ffd6c8"),
    mark="#ffffff",
    mark_halo="#0c0e12",
    acupoint="#8ecbff",
    leader="#c5ced9",
    text="#f2f4f7",
    text_quiet="#aab4c0",
    text_halo="#14171c",
    locator_fill="#454d59",
    locator_frame="#c5ced9",
)

# A drawing to teach and to draw on: white line on blue, no solid colour but where a zone needs its ground.
BLUEPRINT = replace(
    PLATE,
    paper="#143c6b",
    body="#1b4a80",
    tone_1="#184576",
    tone_2="#15406f",
    body_lines="#8fb3dd",
    outline="#f2f7ff",
    bone="#225490",
    bone_edge="#8fb3dd",
    muscle="#35699f",
    muscle_edge="#cfe2f8",
    fibres="#a9cbf0",
    essential="#ffd23f",
    essential_cores=(),
    essential_edge="#ffd23f",
    essential_edge_width=0.3,
    essential_lines=(45,),
    essential_ground="#0c2748",
    muscle_in_essential="#7ea6d6",
    seam="#ffffff",
    spillover="#fff0c2",
    spillover_edge="#fff0c2",
    dot_radius=0.16,
    hues=(
        ("#0c2748", "#ffd23f"),
        ("#0c2748", "#7fe0ff"),
        ("#0c2748", "#ff9db8"),
        ("#0c2748", "#8df0b0"),
        ("#0c2748", "#ffab5c"),
        ("#0c2748", "#ffffff"),
        ("#0c2748", "#cdb4ff"),
        ("#0c2748", "#dcee6a"),
    ),
    hatch_spacing=0.68,
    hatch_width=0.34,
    ramp=("#35649a", "#5181b4", "#729fca", "#97bddd", "#c0daee", "#ffffff"),
    mark="#ffffff",
    mark_halo="#0c2748",
    acupoint="#9fe8ff",
    leader="#dbe9fa",
    text="#ffffff",
    text_quiet="#b9d0ec",
    text_halo="#143c6b",
    locator_fill="#3a6aa6",
    locator_frame="#dbe9fa",
)

THEMES: Mapping[str, Style] = MappingProxyType(
    {"plate": PLATE, "print": PRINT, "contrast": CONTRAST, "dark": DARK, "blueprint": BLUEPRINT}
)
