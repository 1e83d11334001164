"""Every colour, width and size of a plate, and the named themes.

A style is a frozen value: change one with `dataclasses.replace`. Lengths are millimetres on paper at the final size of
the plate; colours are "#rrggbb". This room knows how things look and refuses to know what they are or where they go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from types import MappingProxyType

PT = 25.4 / 72
SMALLEST_TEXT = 6 * PT
THINNEST = 0.25 * PT  # no line is made thinner than this: printers lose it
DESIGNED_FOR = (75.0, 190.0)  # mm: page widths at which a style is used as it is


@dataclass(frozen=True)
class Style:
    """The look of a plate; the defaults are the theme "plate": a classical red on a warm, quiet body.

    >>> from dataclasses import replace
    >>> replace(THEMES["plate"], essential="#08306b").essential
    '#08306b'
    """

    # paper and body
    paper: str = "#ffffff"
    body: str = "#f7f2ec"
    tone_1: str = "#efe6dd"
    tone_2: str = "#e5d9cc"
    body_lines: str = "#b3a294"
    outline: str = "#5b4a41"
    outline_width: float = 0.28
    # ghost bones
    bone: str = "#fcfaf7"
    bone_edge: str = "#cdc2b6"
    bone_edge_width: float = 0.14
    # muscle
    muscle: str = "#e7bda6"
    muscle_edge: str = "#a0664f"
    muscle_edge_width: float = 0.18
    fibres: str = "#c08a72"
    fibres_width: float = 0.14
    # zones; a zone's edge and the muscle seen through it are colours of their own, nothing is see-through
    essential: str = "#c4262e"
    essential_edge: str = "#7f1219"
    essential_edge_width: float = 0.25
    doubtful_edge_width: float = 0.4
    doubtful_dash: tuple[float, float] = (1.3, 0.9)
    muscle_in_essential: str = "#a01a22"
    spillover: str = "#b01c25"
    spillover_edge: str = "#b01c25"
    spillover_edge_width: float = 0.16
    spillover_dash: tuple[float, float] = (0.55, 0.6)
    dot_radius: float = 0.2
    dot_spacing: float = 0.86
    dot_gap: float = 0.12
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
    leader_width: float = 0.18
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

    def __post_init__(self) -> None:
        for name in ("title", "subtitle", "view", "side", "number", "label", "legend", "credit", "acupoint"):
            size = getattr(self, f"size_{name}")
            if size < SMALLEST_TEXT:
                raise ValueError(f"size_{name} is {size:.3f} mm: text needs {SMALLEST_TEXT:.3f} mm (6 pt) or more")

    def scaled(self, factor: float) -> Style:
        """The same look with every length `factor` times as large; text never below 6 pt, lines never below 0.25 pt.

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
            changes[name] = max(SMALLEST_TEXT, factor * value)
        else:
            changes[name] = max(factor * value, min(value, THINNEST))
    return replace(style, **changes)  # type: ignore[arg-type]


LENGTHS: tuple[str, ...] = tuple(
    field.name
    for field in fields(Style)
    if field.name != "line_spacing"
    and (
        field.name.startswith("size_")
        or field.name.rpartition("_")[2] in ("width", "size", "radius", "spacing", "gap", "dash")
    )
)
"""The fields of a style that are millimetres on paper."""


PLATE = Style()

PRINT = replace(
    PLATE,
    body="#f6f6f6",
    tone_1="#ededed",
    tone_2="#e2e2e2",
    body_lines="#ababab",
    outline="#4a4a4a",
    bone="#fdfdfd",
    bone_edge="#c4c4c4",
    muscle="#cfcfcf",
    muscle_edge="#6e6e6e",
    fibres="#9a9a9a",
    essential="#4d4d4d",
    essential_edge="#111111",
    muscle_in_essential="#2e2e2e",
    spillover="#000000",
    spillover_edge="#000000",
    mark="#000000",
    acupoint="#1a1a1a",
    leader="#2e2e2e",
    text="#111111",
    text_quiet="#4f4f4f",
    locator_fill="#dcdcdc",
    locator_frame="#4f4f4f",
)

THEMES: Mapping[str, Style] = MappingProxyType({"plate": PLATE, "print": PRINT})
