"""Both writers show the same picture: the SVG, drawn by an independent program, equals the PNG."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from trigpoint import backends
from trigpoint.backends import svg
from trigpoint.resources import resource
from trigpoint.scene import Dots, Group, Item, Path, Scene, Text
from trigpoint.stipple import stipple

resvg_py = pytest.importorskip("resvg_py")
FONTS = str(resource("assets", "fonts"))
DPI = 200.0
MM = DPI / 25.4

Pixels = NDArray[np.float64]


def circle(x: float, y: float, radius: float) -> Any:
    turn = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    return np.column_stack([x + radius * np.cos(turn), y + radius * np.sin(turn)])


def paths() -> dict[str, Item]:
    zigzag = np.array([(5.0, 75.0), (20.0, 70.0), (35.0, 78.0), (55.0, 72.0)])
    box = np.array([(60.0, 5.0), (75.0, 5.0), (75.0, 20.0), (60.0, 20.0)])
    zone = shapely.box(62, 26, 116, 62).difference(shapely.Point(90, 44).buffer(8))
    return {
        "outline": Path((circle(30, 40, 28),), fill="#f6e7da", stroke="#6b5b50", width=0.35),
        "nested": Path(tuple(circle(30, 40, r) for r in (14, 8, 3)), fill="#b2182b", stroke="#7f0010", width=0.25),
        "dashes": Path((zigzag, zigzag[::2] + 4), closed=False, stroke="#2166ac", width=0.5, dash=(2, 1.2)),
        "thin": Path((zigzag - (0, 4),), closed=False, stroke="#000000", width=0.1),
        "veil": Path((box,), fill="#2166ac", stroke="#000000", width=2, opacity=0.4),
        "stipple": Dots(stipple(zone, spacing=1.1, radius=0.22, gap=0.3), 0.22, "#b2182b"),
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
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg.write(scene), font_dirs=[FONTS], skip_system_fonts=True, background="#ffffff", dpi=DPI
    )
    return Image.open(BytesIO(bytes(drawn))).convert("RGB")


def from_mpl(scene: Scene) -> Image.Image:
    return Image.open(BytesIO(backends.to_bytes(scene, "png", dpi=DPI)))


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


@pytest.mark.skipif(shutil.which("rsvg-convert") is None, reason="rsvg-convert is not installed")
def test_a_second_svg_program_draws_the_same_dots() -> None:
    scene = page(paths()["stipple"], paths()["dashes"])
    command = ["rsvg-convert", "--dpi-x", str(DPI), "--dpi-y", str(DPI), "--background-color", "white"]
    drawn = subprocess.run(command, input=svg.write(scene).encode(), capture_output=True, check=True).stdout
    picture = Image.open(BytesIO(drawn)).convert("RGB")
    expected = from_mpl(scene)
    assert np.abs(np.subtract(picture.size, expected.size)).max() <= 1
    assert difference(picture.crop((0, 0, *expected.size)), expected).max() < 40
