"""The matplotlib writer: exact sizes, the same bytes everywhere, no setting of matplotlib read or changed."""

from __future__ import annotations

import copy
import os
import pickle
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from pathlib import Path as File
from typing import Any

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from trigpoint import Diagram, backends, limits
from trigpoint.backends import FORMATS, cjk_fonts, mpl
from trigpoint.backends.pixel_size import size, too_wide
from trigpoint.errors import InputError, UnknownNameError
from trigpoint.scene import Dots, Group, Item, Path, Scene, Text
from trigpoint.words import measure as measured

RED, WHITE = (178, 24, 43), (255, 255, 255)


def square(left: float, top: float, side: float) -> Any:
    return np.array([(left, top), (left + side, top), (left + side, top + side), (left, top + side)])


def demo(label: str = "Gluteus medius") -> Scene:
    zone = Group("zone", "A zone", (Path((square(5, 5, 10), square(8, 8, 4)), fill="#b2182b"),))
    marks = Group("marks", "Marks", (Dots(np.array([(25.0, 10.0)]), 2.0, "#b2182b"), zone))
    line = Path((square(20, 15, 5),), closed=False, stroke="#000000", width=0.5, dash=(1, 0.5), opacity=0.5)
    text = Text(2, 25, label, 3, weight="bold", halo="#ffffff", halo_width=0.3)
    nothing = (Path(()), Dots(np.empty((0, 2)), 1, "#000000"))
    return Scene(40, 30, (marks, line, text, *nothing), "Títle ж", "What", "en", "Whose")


def image(scene: Scene, dpi: float = 254) -> Image.Image:
    return Image.open(BytesIO(backends.to_bytes(scene, "png", dpi=dpi)))


def pixels_of(page: Figure) -> Any:
    canvas: Any = FigureCanvasAgg(page)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


@pytest.mark.parametrize(("dpi", "metre"), [(50, 1969), (72, 2835), (100, 3937)])  # not 1968 and 2834
def test_png_says_the_nearest_number_of_pixels_a_metre(dpi: float, metre: int) -> None:
    data = backends.to_bytes(demo(), "png", dpi=dpi)
    place = data.index(b"pHYs") + 4
    assert data[place : place + 9] == metre.to_bytes(4) * 2 + b"\x01"


def test_png_has_its_size_dpi_words_and_no_alpha() -> None:
    picture = image(demo(), 300)
    assert picture.size == (round(40 * 300 / 25.4), round(30 * 300 / 25.4))
    assert picture.mode == "RGB"
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.01)
    words = {key: value for key, value in picture.info.items() if key != "dpi"}
    assert words == {"Title": "Títle ж", "Description": "What", "Credit": "Whose"}


def test_png_is_sound_and_holds_nothing_but_the_picture_and_its_words() -> None:
    data = backends.to_bytes(demo(), "png", dpi=100)
    kinds, place = [], 8
    while place < len(data):
        length = int.from_bytes(data[place : place + 4])
        kind, check = data[place + 4 : place + 8], data[place + 8 + length : place + 12 + length]
        assert zlib.crc32(data[place + 4 : place + 8 + length]) == int.from_bytes(check)
        kinds.append(kind.decode())
        place += 12 + length
    assert kinds == ["IHDR", "pHYs", "iTXt", "tEXt", "tEXt", "IDAT", "IEND"]
    image(demo(), 100).verify()


@pytest.mark.parametrize(
    ("x", "y", "colour"),
    [
        (2, 2, WHITE),
        (6, 6, RED),
        (10, 10, WHITE),
        (14, 14, RED),
        (16, 10, WHITE),
        (25, 10, RED),
        (25, 8.2, RED),
        (25, 7.7, WHITE),
    ],
)
def test_colours_are_where_they_belong(x: float, y: float, colour: tuple[int, int, int]) -> None:
    assert image(demo()).getpixel((round(10 * x), round(10 * y))) == colour


@pytest.mark.parametrize("turned", [False, True])
def test_fill_is_even_odd_however_the_rings_turn(turned: bool) -> None:
    rings = [square(1, 1, 18), square(4, 4, 12), square(7, 7, 6), square(4, 4, 2)]
    rings = [ring[::-1] if turned and index % 2 else ring for index, ring in enumerate(rings)]
    picture = image(Scene(20, 20, (Path(tuple(rings), fill="#b2182b"),)))
    assert [picture.getpixel((at, 100)) for at in (25, 55, 100)] == [RED, WHITE, RED]
    assert picture.getpixel((50, 50)) == RED


@pytest.mark.parametrize("anchor", ["start", "middle", "end"])
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_text_is_as_wide_as_measured_and_stands_at_its_anchor(anchor: Any, weight: Any) -> None:
    words = "Höhenunterschied"
    picture = np.asarray(image(Scene(100, 10, (Text(50, 7, words, 4, anchor, weight),))).convert("L"))
    columns, rows = (np.flatnonzero((picture < 128).any(axis=axis)) for axis in (0, 1))
    width = measured.width(words, 4, weight)
    left = 50 - width * {"start": 0, "middle": 0.5, "end": 1}[anchor]
    assert columns[0] / 10 == pytest.approx(left, abs=0.5)
    assert columns[-1] / 10 == pytest.approx(left + width, abs=0.5)
    assert 7 - (rows[0] / 10) > measured.CAP_HEIGHT * 4


def test_pdf_has_the_page_size_embedded_type_42_fonts_and_no_date() -> None:
    data = backends.to_bytes(demo(), "pdf")
    assert re.search(rb"/MediaBox \[ ?0 0 113\.38\d* 85\.03\d* ?\]", data)
    assert b"/CIDFontType2" in data
    assert b"/Type3" not in data
    assert not re.search(rb"/(CreationDate|ModDate|Producer|Creator)\b", data)
    assert b"/Subject (What\nWhose)" in data or b"/Subject (What\\nWhose)" in data
    streams = [zlib.decompress(found) for found in re.findall(rb"stream\r?\n(x.*?)\r?\nendstream", data, re.DOTALL)]
    assert any(b"TJ" in stream for stream in streams)


def test_no_type_3_font_whatever_the_settings_and_settings_stay() -> None:
    hostile = {"pdf.fonttype": 3, "pdf.compression": 0, "pdf.inheritcolor": True, "font.family": "monospace"}
    plain = backends.to_bytes(demo(), "pdf")
    with matplotlib.rc_context(hostile):  # type: ignore[arg-type]
        before = dict(matplotlib.rcParams)
        assert backends.to_bytes(demo(), "pdf") == plain
        assert dict(matplotlib.rcParams) == before


def test_figure_has_the_page_size_and_an_artist_for_each_group() -> None:
    page = mpl.figure(demo())
    assert page.get_size_inches() * 25.4 == pytest.approx((40, 30))
    layers = [artist for artist in page.artists if isinstance(artist, mpl.Layer)]
    assert [(layer.get_gid(), layer.get_label()) for layer in layers] == [
        ("marks", "Marks"),
        ("zone", "A zone"),
        (None, ""),
    ]
    assert (pixels_of(page)[24, 24, :3] == RED).all()
    layers[1].set_visible(False)
    assert (pixels_of(page)[24, 24, :3] == WHITE).all()


def test_any_canvas_can_write_the_figure() -> None:
    page = mpl.figure(demo())
    for format in ("svg", "ps", "pdf", "png"):
        page.savefig(BytesIO(), format=format)
    drawn = BytesIO()
    page.savefig(drawn, format="svg")
    assert b'id="zone"' in drawn.getvalue()
    tight = BytesIO()
    page.savefig(tight, format="png", dpi=254, bbox_inches="tight", pad_inches=0)
    assert Image.open(tight).size[0] < 300


def test_draw_fits_the_page_into_axes_of_the_caller() -> None:
    page = Figure(figsize=(6, 3), layout="constrained")
    left, right = page.subplots(1, 2)
    assert mpl.draw(demo(), right) is right
    pixels_of(page)
    assert (right.get_xlim(), right.get_ylim(), right.get_aspect()) == ((0, 40), (30, 0), 1)
    assert not left.artists
    assert {artist.get_gid() for artist in right.artists} >= {"marks", "zone"}
    picture = pixels_of(page)
    x, y = right.transData.transform((6, 6))
    assert tuple(picture[len(picture) - int(y), int(x), :3]) == RED


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda page: pickle.loads(pickle.dumps(page))])
def test_a_figure_with_our_artists_can_be_copied_and_pickled(copied: Callable[[Figure], Figure]) -> None:
    page = Figure()
    mpl.draw(demo(), page.subplots())
    for drawn in (mpl.figure(demo(), text="paths"), page):
        twin = copied(drawn)
        assert (pixels_of(twin) == pixels_of(drawn)).all()
        assert [layer.text for layer in twin.findobj(mpl.Layer)] == [layer.text for layer in drawn.findobj(mpl.Layer)]


def test_the_place_of_an_artist_is_a_box_that_stands_upright() -> None:
    page = Figure(figsize=(3, 3))
    axes = mpl.draw(demo(), page.subplots())
    pixels_of(page)
    (zone,) = (layer for layer in axes.artists if layer.get_gid() == "zone")
    box = zone.get_window_extent()
    assert box.width > 0
    assert box.height > 0
    note = axes.annotate("above", (0.5, 1.0), xycoords=zone, va="bottom")
    assert note.get_window_extent(FigureCanvasAgg(page).get_renderer()).y0 >= box.y1 - 1


def test_artists_become_pixels_on_request() -> None:
    page = Figure(figsize=(3, 3))
    axes = mpl.draw(demo(), page.subplots())
    live, pixels = BytesIO(), BytesIO()
    page.savefig(live, format="svg")
    for layer in axes.artists:
        layer.set_rasterized(True)
    page.savefig(pixels, format="svg")
    assert b"<image" not in live.getvalue()
    assert b"<image" in pixels.getvalue()


def test_lines_and_letters_shrink_with_the_axes() -> None:
    line = Path((np.array([(0.0, 10.0), (20.0, 10.0)]),), closed=False, stroke="#000000", width=4)
    for inches in (1.0, 2.0):
        page = Figure(figsize=(inches, inches), dpi=100)
        mpl.draw(Scene(20, 20, (line,)), page.add_axes((0.0, 0.0, 1.0, 1.0)))
        picture = pixels_of(page)[..., 0]
        assert (picture[:, len(picture) // 2] < 128).mean() == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize("format", ["png", "pdf"])
def test_threads_give_the_bytes_of_a_serial_run(format: str) -> None:
    before = dict(matplotlib.rcParams)
    scenes = [demo(f"Label {number}") for number in range(4 if format == "pdf" else 12)]
    serial = [backends.to_bytes(scene, format, dpi=100) for scene in scenes]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda scene: backends.to_bytes(scene, format, dpi=100), scenes)) == serial
    assert dict(matplotlib.rcParams) == before


HOSTILE = """
font.family: monospace
font.size: 30
text.hinting: none
text.kerning_factor: 6
text.hinting_factor: 1
text.parse_math: False
text.usetex: True
text.antialiased: False
lines.scale_dashes: False
path.simplify: True
path.simplify_threshold: 1.0
path.snap: False
path.sketch: (5, 50, 2)
agg.path.chunksize: 200
savefig.dpi: 20
savefig.transparent: True
figure.facecolor: black
figure.autolayout: True
axes.facecolor: red
pdf.fonttype: 3
pdf.use14corefonts: True
pdf.compression: 1
"""


def test_same_bytes_with_a_hostile_matplotlibrc_and_without_pyplot(tmp_path: File) -> None:
    code = """
import hashlib, sys
import numpy as np
from trigpoint import backends
from trigpoint.scene import Dots, Path, Scene, Text
turn = np.linspace(0, 6, 900)
wave = np.column_stack([1 + 4 * turn, 10 + np.sin(30 * turn)])
scene = Scene(30, 20, (Path((wave,), closed=False, stroke="#000000", width=0.2, dash=(1, 0.5)),
                       Dots(wave[::50], 0.3, "#b2182b"), Text(1, 5, "AVAT $x$ TrP1", 3)), "t", "d", "en", "c")
for format in ("png", "pdf", "eps", "tiff"):
    print(hashlib.sha256(backends.to_bytes(scene, format)).hexdigest())
assert "matplotlib.pyplot" not in sys.modules
"""
    clean, hostile = tmp_path / "clean", tmp_path / "hostile"
    for folder, settings in ((clean, ""), (hostile, HOSTILE)):
        folder.mkdir()
        (folder / "matplotlibrc").write_text(settings)
    path = os.pathsep.join([str(File(mpl.__file__).parents[2]), *filter(None, sys.path)])  # the same libraries
    runs = [
        subprocess.check_output(
            [sys.executable, "-W", "ignore", "-c", code],
            cwd=folder,
            env={"PYTHONPATH": path, "PYTHONHASHSEED": seed, "HOME": str(tmp_path), "LC_ALL": "C"},
        )
        for folder, seed in ((clean, "1"), (hostile, "2"))
    ]
    assert runs[0] == runs[1] != b""


@pytest.mark.parametrize(
    "options", [{"projection": "polar"}, {"projection": "3d"}, {"projection": "hammer"}, {"xscale": "log"}], ids=str
)
def test_axes_that_would_show_nothing_are_refused(options: dict[str, Any]) -> None:
    axes = Figure().add_subplot(**options)
    with pytest.raises(InputError, match=r"flat and linear, not .* give it Axes of its own"):
        mpl.draw(demo(), axes)
    assert not axes.artists


MAKERS: list[Callable[[Scene], object]] = [
    mpl.figure,
    *(partial(backends.to_bytes, format=kind) for kind in FORMATS[1:]),
]


@pytest.mark.parametrize("make", MAKERS)
def test_missing_characters_give_one_remark_and_a_figure(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cjk_fonts, "find", lambda language, bold: None)
    texts: tuple[Item, ...] = (Text(1, 5, "中殿筋", 3), Text(1, 10, "大殿筋", 3), Text(1, 15, "plain", 3))
    assert make(Scene(20, 20, texts))
    (said,) = backends.remarks(Scene(20, 20, texts), "figure")
    assert re.match("no font here has 4 of the characters .* install fonts-noto-cjk", said)
    assert backends.remarks(Scene(20, 20, texts[2:]), "figure") == ()


def test_long_lists_of_missing_characters_are_cut() -> None:
    scene = Scene(90, 20, (Text(1, 5, "".join(map(chr, range(0x0E01, 0x0E0D))), 3),))
    assert re.search(r"has 12 .*, \.\.\.\); write SVG", backends.remarks(scene, "figure")[0])


def test_dollars_accents_and_empty_text_are_drawn_as_they_are() -> None:
    for label in ("$5 to $10", r"\frac{1}", "e\u0301\u200b", "", " "):
        assert backends.to_bytes(demo(label), "png", dpi=60)
        assert backends.to_bytes(demo(label), "pdf")


@pytest.mark.parametrize("dpi", [9.9, 1201, float("nan"), float("inf"), -300])
def test_dpi_is_limited(dpi: float) -> None:
    with pytest.raises(InputError, match="DPI_MIN and DPI_MAX"):
        backends.to_bytes(demo(), "png", dpi=dpi)


def test_size_in_pixels_is_limited() -> None:
    for scene in (Scene(1000, 10), Scene(170, 140)):
        with pytest.raises(InputError, match="PNG_SIDE and PNG_PIXELS"):
            backends.to_bytes(scene, "png", dpi=1200)
    assert max(image(Scene(limits.PNG_SIDE / 10, 1), 254).size) == limits.PNG_SIDE


@given(st.floats(40, 420), st.floats(40, 600), st.floats(limits.DPI_MIN, limits.DPI_MAX))
def test_what_is_too_wide_is_so_at_any_height(width: float, height: float, dpi: float) -> None:
    """And what is not has a height that is allowed."""
    if too_wide(width, dpi):
        with pytest.raises(InputError, match="PNG_SIDE and PNG_PIXELS"):
            size(width, height, dpi)
    else:
        assert max(size(width, 1, dpi)) <= limits.PNG_SIDE


def test_unknown_format_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="unknown format 'jpg'"):
        backends.to_bytes(demo(), "jpg")


def test_plates_on_one_figure_share_no_id(tmp_path):
    figure = Figure()
    for number, axes in enumerate(figure.subplots(1, 3)):
        Diagram("piriformis" if number else "gluteus medius").draw(axes)
    figure.savefig(tmp_path / "three.svg")
    ids = re.findall(r' id="([^"]*)"', (tmp_path / "three.svg").read_text("utf-8"))
    assert len(ids) == len(set(ids))
    assert {"muscle.posterior", "plate2-muscle.posterior", "plate3-muscle.posterior"} <= set(ids)
