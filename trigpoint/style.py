"""Colours, line weights and sizes of a plate, and the named themes; `plate` draws with them.

A style is a frozen value: change one with `dataclasses.replace`. Lengths are mm on paper at the plate's final size.
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


def _pairs(fills: str, edges: str) -> tuple[tuple[str, str], ...]:
    """The hues of a theme: fills and their edges, in the same order."""
    return tuple(zip(fills.split(), edges.split(), strict=True))


def _row(colours: str) -> tuple[str, ...]:
    return tuple(colours.split())


@dataclass(frozen=True, eq=False, repr=False)
class Style:
    """The look of a plate; the defaults are the theme "plate": a classical red on a warm, quiet body.

    Parameters
    ----------
    paper, body, outline, bone, muscle, essential, spillover, mark, acupoint, leader, text, locator_fill, ... : str
        Colours "#rrggbb"; the body is shaded from `body` to `body_shade`, `text_quiet` is for what matters less, a
        `*_halo` lies around marks and letters, `seam` is the edge of one point's zone inside another's.
    muscle_tones, muscle_lines, muscle_lights : tuple of str, str, str
        The colours of a muscle drawn in tones: that of its rim, then from light to dark; its fibres and edge; the light
        fibres between them.
    tendon, tendon_tones, tendon_fibres, bone_shades : str, tuple of str, str, tuple of str
        The same of its tendon, and the darker steps of a bone.
    *_width, *_radius, mark_size, acupoint_size, dot_spacing, dot_gap, dot_fade, hatch_spacing : float
        Lengths in mm, above 0; `body_lines_width` is that of the widest line, `dot_fade` the depth of the zone over
        which the dots get fewer.
    outline_swell, dot_least : float
        Shares: by how much the outline is wider away from the light and narrower towards it; of the dots, how many are
        left at the zone's outer rim.
    light : (float, float)
        The direction that light comes from: x to the right, y down, of length 1.
    essential_glaze, essential_cores : tuple of float
        Opacities of an essential zone: at its rim, then of the steps of its soft inside, through which muscle and bones
        are seen; 1 hides them. The colours of these steps: the zone's own, darker below 1, lighter above.
    essential_lines, essential_ground : tuple of int, str
        Angles in degrees of lines that fill an essential zone in its colour, and the colour between them; none by
        default.
    doubtful_dash, spillover_dash : (float, float)
        Dash and gap in mm.
    spillover_edge : str or None
        The colour of a dashed fence around spillover; None: none, the dots fade.
    hues : tuple of (str, str)
        Fill and edge for the zones of each of several muscles on one body (after Okabe and Ito 2008, darkened until
        each stands out from the body).
    ramp : tuple of str
        The colours of an overlay, the least first.
    size_title, size_label, size_credit, ... : float
        Sizes of text in mm, 6 pt or more; `line_spacing` is the ratio of line to size.
    least_text, least_line : float
        What no scaling goes below, in mm; a preset raises them to what its journal requires.

    Raises
    ------
    ValueError
        For a colour, a number or a size of text that is none of these.

    Examples
    --------
    >>> Style(essential="#08306B")
    Style(essential='#08306b')
    """

    paper: str = "#ffffff"
    body: str = "#f8eee3"
    body_shade: str = "#d7b8a0"
    body_lines: str = "#7d6655"
    body_lines_width: float = 0.17
    outline: str = "#5b4a41"
    outline_width: float = 0.2
    outline_swell: float = 0.5
    light: tuple[float, float] = (-0.6, -0.8)
    bone: str = "#fcfaf7"
    bone_edge: str = "#cdc2b6"
    bone_edge_width: float = 0.14
    bone_shades: tuple[str, ...] = ("#f1e9dc", "#e3d9c7")
    muscle: str = "#e7bda6"
    muscle_edge: str = "#8a523d"
    muscle_edge_width: float = 0.2
    fibres: str = "#ab6f56"
    fibres_width: float = 0.15
    muscle_tones: tuple[str, ...] = ("#ecbcab", "#e6ac9a", "#de9b89", "#d58b7a", "#cc7d6d", "#c47263")
    muscle_lines: str = "#6f2c25"
    muscle_lights: str = "#f8ddd2"
    tendon: str = "#f5e9dc"
    tendon_tones: tuple[str, ...] = ("#e9d6c3", "#dcc2ab")
    tendon_fibres: str = "#b88f76"
    essential: str = "#cd0f1c"
    essential_edge: str = "#8a0f18"
    essential_edge_width: float = 0.24
    essential_cores: tuple[float, ...] = (1.0, 1.0)
    essential_glaze: tuple[float, ...] = (0.58, 0.66, 0.73)
    essential_lines: tuple[int, ...] = ()
    essential_ground: str = "#ffffff"
    seam: str = "#f2aea4"
    seam_width: float = 0.18
    doubtful_edge_width: float = 0.4
    doubtful_dash: tuple[float, float] = (1.3, 0.9)
    spillover: str = "#6f0918"
    spillover_edge: str | None = None
    spillover_edge_width: float = 0.16
    spillover_dash: tuple[float, float] = (0.55, 0.6)
    dot_radius: float = 0.2
    dot_spacing: float = 0.86
    dot_gap: float = 0.12
    dot_least: float = 0.12
    dot_fade: float = 8.0
    hues: tuple[tuple[str, str], ...] = _pairs(
        "#c4262e #3f8fc4 #e0a112 #1d7a55 #8a4f9e #4d4d4d #c8759c #7a8f1e",
        "#7f1219 #123a5c #6e4d00 #0a3d29 #42204f #111111 #6b2446 #3a4508",
    )
    hatch_spacing: float = 1.5
    hatch_width: float = 0.12
    ramp: tuple[str, ...] = ("#f6cfc2", "#efa591", "#e07a68", "#c4504a", "#9c2530", "#64101d")
    mark: str = "#141210"
    mark_halo: str = "#ffffff"
    mark_size: float = 1.5
    mark_width: float = 0.5
    mark_halo_width: float = 0.36
    acupoint: str = "#0b4f8a"
    acupoint_size: float = 1.3
    acupoint_width: float = 0.26
    leader: str = "#3c332e"
    leader_width: float = 0.14
    leader_halo_width: float = 0.22
    anchor_radius: float = 0.42
    text: str = "#221c18"
    text_quiet: str = "#5f554d"
    text_halo: str = "#ffffff"
    locator_fill: str = "#e6ddd3"
    locator_frame: str = "#5f554d"
    locator_frame_width: float = 0.2
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
    least_text: float = SMALLEST_TEXT
    least_line: float = THINNEST

    def __post_init__(self) -> None:
        for name, kind in KINDS.items():
            given = getattr(self, name)
            if given is None and name == "spillover_edge":
                continue
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

    def flesh(self, tones: int) -> tuple[str, ...]:
        """The colours of a body with so many tones: `body` first, then evenly to `body_shade`.

        >>> Style(body="#ffffff", body_shade="#808080").flesh(2)
        ('#ffffff', '#c0c0c0', '#808080')
        """
        return tuple(mixed(self.body, self.body_shade, step / max(tones, 1)) for step in range(tones + 1))

    def scaled(self, factor: float) -> Style:
        """The same look with every length `factor` times as large; text and lines stay at or above the style's least.

        ValueError for a factor that is not above 0. Equal calls give one value.

        >>> THEMES["plate"].scaled(2).mark_size, THEMES["plate"].scaled(0.5).size_credit == SMALLEST_TEXT
        (3.0, True)
        """
        if not 0 < factor < float("inf"):
            raise ValueError(f"a style is scaled by a number above 0, not {factor}")
        return self if factor == 1 else _scaled(self, factor)

    def for_page(self, width: float) -> Style:
        """The style for a page that is `width` mm wide: itself from 75 to 190 mm, larger in proportion above.

        Below, lengths shrink with the square root of the page's width, so that an X is still legible at 40 mm.

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


def mixed(colour: str, other: str, share: float) -> str:
    """A colour with so much of another.

    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = ((int(one[place : place + 2], 16) for one in (colour, other)) for place in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


# Lines weigh what they mean: the body's outline most, then the rim of an essential zone, the muscle's rim, the lines on
# the body, fibres, leaders. Colours stay apart for all eyes: with normal vision, without red, green or blue cones
# (Machado 2009, severity 1) and in grey, CIEDE2000 in every theme is at least 20 between dots and what they lie on, 8
# between the glaze of an essential zone (each of its steps) and what it lies on, be it body, bone, tendon or any tone
# of a muscle, 9 between muscle and body or paper, 6 between spillover (dots and ground mixed) and paper, 3 between
# spillover and the body or muscle beneath it, 2 between body and paper, which a contour parts. The glaze on the body
# may equal a muscle beside it: they meet at the zone's rim, and fibres tell the muscle. In grey the mixed tone of a
# spillover may equal that of a muscle or body: its dots distinguish it there. Lines tell the zones of blueprint.
# What differs from the theme "plate", a row a field, a column a theme; "-" is the default of the class.
# Contrast: black is legible on every fill, and every fill, or its rim, stands out from its neighbours. Dark: light
# falls on a figure in a dark room; what is near is bright. Blueprint: white line on blue, to teach and to draw on.
_TABLE = """\
                        print     contrast  dark      blueprint
paper                   -         -         #14171c   #143c6b
body                    #f5f5f5   #f8f3ec   #2c323b   #1b4a80
body_shade              #cfcfcf   #dfd2c2   #191d23   #123862
body_lines              #7e7e7e   #6f6358   #616b79   #8fb3dd
body_lines_width        -         0.2       -         -
outline                 #3a3a3a   #1d1511   #c5ced9   #f2f7ff
outline_width           -         0.28      -         -
bone                    #fdfdfd   #ffffff   #434b57   #225490
bone_edge               #bdbdbd   #75695e   #717d8c   #8fb3dd
bone_edge_width         -         0.18      -         -
muscle                  #c6c6c6   #ecba96   #80503f   #35699f
muscle_edge             #666666   #6f331c   #d99c83   #cfe2f8
muscle_edge_width       -         0.26      -         -
fibres                  #858585   #8a4a30   #b57a65   #a9cbf0
fibres_width            -         0.19      -         -
muscle_lines            #4a4a4a   #5f2413   #e3ab95   #cfe2f8
muscle_lights           #ececec   #f9dcc6   #a8664f   #8fb3dd
tendon                  #eeeeee   #fff6ea   #6e5f52   #4379b0
tendon_fibres           #8c8c8c   #8a6444   #c9b5a2   #cfe2f8
essential               #3a3a3a   #dc362c   #fb6257   #ffd86b
essential_edge          #111111   #2e0305   #ffd0c7   #ffd86b
essential_edge_width    -         0.34      -         -
essential_ground        -         -         #14171c   #0c2748
seam                    #d6d6d6   #ffffff   #ffe2dc   #ffffff
seam_width              -         0.28      -         -
spillover               #000000   #4a0012   #ffb4a3   #fff0c2
spillover_edge          -         #4a0012   -         -
spillover_edge_width    -         0.24      -         -
dot_radius              -         -         0.19      0.16
dot_least               -         0.5       -         -
dot_fade                -         5.0       -         -
hatch_spacing           -         -         -         0.8
hatch_width             -         0.2       -         0.18
mark                    #000000   #000000   #ffffff   #ffffff
mark_halo               -         -         #0c0e12   #0c2748
mark_size               -         1.6       -         -
mark_width              -         0.6       -         -
mark_halo_width         -         0.4       -         -
acupoint                #1a1a1a   #000000   #8ecbff   #9fe8ff
acupoint_width          -         0.32      -         -
leader                  #2e2e2e   #000000   #c5ced9   #dbe9fa
leader_width            -         0.18      -         -
text                    #111111   #000000   #f2f4f7   #ffffff
text_quiet              #4f4f4f   #332c27   #aab4c0   #b9d0ec
text_halo               -         -         #14171c   #143c6b
locator_fill            #dcdcdc   #8d8277   #454d59   #3a6aa6
locator_frame           #4f4f4f   #000000   #c5ced9   #dbe9fa
locator_frame_width     -         0.3       -         -
"""


def _theme(name: str, **more: tuple[object, ...]) -> Style:
    """The style of a column of the table, with the fields that hold several values."""
    names, *rows = (line.split() for line in _TABLE.splitlines())
    cells = {field: each[names.index(name)] for field, *each in rows}
    own = {key: cell if cell[0] == "#" else float(cell) for key, cell in cells.items() if cell != "-"}
    return Style(**own, **more)  # type: ignore[arg-type]  # Style checks each value


_GREYS = "#404040 #a4a4a4 #d4d4d4 #7c7c7c #bcbcbc #5c5c5c #909090 #e4e4e4"
_PRINT = _theme(
    "print",
    essential_glaze=(0.66, 0.74, 0.8),
    bone_shades=("#f0f0f0", "#e0e0e0"),
    muscle_tones=_row("#c9c9c9 #c1c1c1 #b9b9b9 #b2b2b2 #acacac #a6a6a6"),
    tendon_tones=("#dedede", "#cccccc"),
    hues=tuple((grey, "#111111") for grey in _GREYS.split()),
    ramp=("#dedede", "#bdbdbd", "#969696", "#707070", "#484848", "#1e1e1e"),
)
_CONTRAST = _theme(
    "contrast",
    essential_cores=(),
    essential_glaze=(0.72,),
    bone_shades=("#f4eee3", "#e6dccb"),
    muscle_tones=_row("#ecba96 #e6ad88 #e1a27d #dd9a77 #db9777 #da9575"),
    tendon_tones=("#f1dfc8", "#e4cbab"),
    hues=_pairs(
        "#dc362c #5aa5e0 #f2b705 #35ab80 #b982d4 #949494 #e592b6 #a4bb3c",
        "#2e0305 #04203d #3a2900 #02231a #2a0d36 #0d0d0d #3d0b22 #1c2400",
    ),
)
_DARK = _theme(
    "dark",
    essential_glaze=(0.72, 0.8, 0.86),
    bone_shades=("#3b434e", "#343b45"),
    muscle_tones=_row("#955743 #8d5240 #864d3d #7f493a #794637 #744334"),
    tendon_tones=("#625549", "#574b40"),
    hues=_pairs(
        "#fb6257 #4a9bd6 #d9a514 #2f9c72 #a166bd #8d949e #d477a3 #93a832",
        "#ffd9d2 #c4e3fa #ffeab0 #b5f0d6 #eacdf6 #eef1f5 #ffd3e6 #e6f2a8",
    ),
    ramp=("#5d3734", "#844a44", "#a95a50", "#d27462", "#f29c85", "#ffd6c8"),
)
_EDGES = "#ffd23f #7fe0ff #ff9db8 #8df0b0 #ffab5c #ffffff #cdb4ff #dcee6a"
_BLUEPRINT = _theme(
    "blueprint",
    essential_cores=(),
    essential_glaze=(0.6,),
    essential_lines=(45,),
    bone_shades=("#1f4d87", "#1c477e"),
    muscle_tones=_row("#3e73aa #3b70a6 #396da3 #376ba1 #356a9f #34689d"),
    tendon_tones=("#3f74ab", "#3b70a6"),
    hues=tuple(("#0c2748", edge) for edge in _EDGES.split()),
    ramp=("#35649a", "#5181b4", "#729fca", "#97bddd", "#c0daee", "#ffffff"),
)
THEMES: Mapping[str, Style] = MappingProxyType(
    {"plate": Style(), "print": _PRINT, "contrast": _CONTRAST, "dark": _DARK, "blueprint": _BLUEPRINT}
)
