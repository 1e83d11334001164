"""Both writers show the same picture: the SVG, drawn by an independent program, equals the PNG."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from tests.support import readers
from trigpoint import backends
from trigpoint.backends import cjk_fonts, svg
from trigpoint.geometry.stipple import stipple
from trigpoint.scene import Dots, Group, Item, Path, Scene, Text

DPI = 200.0
SAME = 1.6  # mean difference of grey levels; a picture that is 0.13 mm aside differs from itself by 2.2
MM = DPI / 25.4

Pixels = NDArray[np.float64]


def circle(x: float, y: float, radius: float) -> Any:
    turn = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    return np.column_stack([x + radius * np.cos(turn), y + radius * np.sin(turn)])


def box(left: float, top: float, right: float, bottom: float) -> Any:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


def paths() -> dict[str, Item]:
    zigzag = np.array([(5.0, 75.0), (20.0, 70.0), (35.0, 78.0), (55.0, 72.0)])
    zone = shapely.box(62, 26, 116, 62).difference(shapely.Point(90, 44).buffer(8))
    return {
        "outline": Path((circle(30, 40, 28),), fill="#f6e7da", stroke="#6b5b50", width=0.35),
        "nested": Path(tuple(circle(30, 40, r) for r in (14, 8, 3)), fill="#b2182b", stroke="#7f0010", width=0.25),
        "dashes": Path((zigzag, zigzag[::2] + 4), closed=False, stroke="#2166ac", width=0.5, dash=(2, 1.2)),
        "thin": Path((zigzag - (0, 4),), closed=False, stroke="#000000", width=0.1),
        "veil": Path((box(60, 5, 75, 20),), fill="#2166ac", stroke="#000000", width=2, opacity=0.4),
        "stipple": Dots(stipple(zone, spacing=1.1, radius=0.22, gap=0.3)[0], 0.22, "#b2182b"),
        "pale": Dots(np.array([(90.0, 44.0), (84.0, 44.0)]), 2.0, "#000000", 0.3),
    }


def texts() -> tuple[Text, ...]:
    return (
        Text(62, 70, "Gluteus medius AVAToTy", 4, weight="bold"),
        Text(116, 76, "right: 10 µm ≥ 5 $x$ & <b>", 3, "end", style="italic", fill="#333333"),
        Text(89, 82, "middle Ωμέγα Средняя", 3, "middle"),
        Text(30, 42, "TrP1", 3.2, "middle", "bold", halo="#ffffff", halo_width=0.5),
        Text(89, 88, "bold italic éàü", 3, "middle", "bold", "italic"),
    )


def page(*items: Item) -> Scene:
    return Scene(120, 92, (Group("all", "All", items),), "Every primitive")


def from_svg(scene: Scene) -> Image.Image:
    return readers.resvg(svg.write(scene).encode(), DPI)


def from_mpl(scene: Scene) -> Image.Image:
    return readers.opened(backends.to_bytes(scene, "png", dpi=DPI))


def difference(one: Image.Image, two: Image.Image) -> Pixels:
    """Absolute difference of the two after a blur of a fifth of a millimetre: edges may be smoothed differently."""
    assert one.size == two.size
    soft = [np.asarray(image.filter(ImageFilter.GaussianBlur(0.2 * MM)), dtype=float) for image in (one, two)]
    away: Pixels = np.abs(soft[0] - soft[1])
    return away


@pytest.mark.parametrize("name", list(paths()))
def test_each_primitive_looks_the_same(name: str) -> None:
    scene = page(paths()[name])
    away = difference(from_svg(scene), from_mpl(scene))
    assert away.mean() < 0.15
    assert away.max() < 20


def test_a_whole_page_looks_the_same() -> None:
    scene = page(*paths().values(), *texts())
    away = difference(from_svg(scene), from_mpl(scene))
    assert away.mean() < 0.3
    assert away.max() < 25


def ink(image: Image.Image) -> Pixels:
    """Left, top, right, bottom of what is dark, in mm."""
    rows, columns = np.nonzero(np.asarray(image.convert("L")) < 128)
    return np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]) / MM


@pytest.mark.parametrize("text", texts(), ids=lambda text: text.text.split()[0])
def test_each_text_stands_at_the_same_place(text: Text) -> None:
    scene = page(text)
    assert ink(from_svg(scene)) == pytest.approx(ink(from_mpl(scene)), abs=0.15)


def test_the_comparison_can_fail() -> None:
    one, moved = (page(Path((circle(x, 40, 8),), stroke="#000000", width=0.35)) for x in (30, 30.3))
    assert difference(from_svg(one), from_mpl(moved)).max() > 40
    solid, holed = (page(Path(tuple(circle(9, 9, r) for r in rings), fill="#b2182b")) for rings in ([8], [8, 3]))
    assert difference(from_svg(solid), from_mpl(holed)).max() > 100


READERS: dict[str, Callable[[Scene], Image.Image]] = {
    "resvg": from_svg,
    "resvg, paths, no fonts": lambda scene: readers.resvg(svg.write(scene, text="paths").encode(), DPI, fonts=False),
    "librsvg": lambda scene: readers.librsvg(svg.write(scene).encode(), DPI),
    "Chromium": lambda scene: readers.chromium(svg.write(scene).encode(), scene.width, scene.height, DPI),
    "poppler": lambda scene: readers.poppler(backends.to_bytes(scene, "pdf"), DPI),
    "poppler, paths": lambda scene: readers.poppler(backends.to_bytes(scene, "pdf", text="paths"), DPI),
    "Ghostscript": lambda scene: readers.ghostscript(backends.to_bytes(scene, "eps"), DPI),
    "Pillow, TIFF": lambda scene: readers.opened(backends.to_bytes(scene, "tiff", dpi=DPI)),
}


@pytest.mark.parametrize("reader", READERS)
def test_every_format_is_the_same_picture_in_a_reader_of_its_own(reader: str) -> None:
    """Of everything but what PostScript cannot do, a see-through shape that is not a rectangle over the page."""
    drawn = {name: item for name, item in paths().items() if name not in ("pale", "veil")}
    over = Path((box(0, 0, 40, 30),), fill="#ffffff", opacity=0.5)
    scene = page(*drawn.values(), over, *texts())
    expected, shown = from_mpl(scene), READERS[reader](scene)
    assert np.abs(np.subtract(shown.size, expected.size)).max() <= 3  # a browser's window is of whole CSS pixels
    away = difference(shown.crop((0, 0, *expected.size)), expected)
    assert away.mean() < SAME
    assert away.max() < 50
    assert difference(ImageChops.offset(expected, 1, 0), expected).mean() > SAME


@pytest.mark.parametrize("reader", READERS)
def test_text_is_as_long_and_stands_in_the_same_place_in_every_reader(reader: str) -> None:
    """0.15 mm is less than the space between two words. Text in Japanese too, where the reader has a font."""
    if reader == "resvg":  # it sees the plate's own fonts only
        lines = texts()
    else:
        if cjk_fonts.find("ja", False) is None:
            readers.stop("no font for Japanese is installed")
        lines = (*texts(), Text(62, 10, "中臀筋（AV）トリガー TrP1", 3.2))
    for text in lines:
        scene = Scene(120, 92, (text,), language="ja")
        shown = READERS[reader](scene)
        assert ink(shown) == pytest.approx(ink(from_mpl(scene)), abs=0.15), text.text
