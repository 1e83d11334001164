"""EPS: what PostScript cannot do by itself, and the limits of its programs; readers tell how it looks."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from tests.support import readers
from trigpoint.backends import eps
from trigpoint.scene import Dots, Group, Item, Path, Scene, Text

DPI = 254.0  # ten pixels a millimetre


def box(left: float, top: float, right: float, bottom: float) -> Any:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


def shown(*items: Item) -> Any:
    return np.asarray(readers.ghostscript(eps.to_bytes(Scene(20, 20, items)), DPI))


def at(picture: Any, x: float, y: float) -> tuple[int, ...]:
    return tuple(int(value) for value in picture[round(10 * y), round(10 * x)])


RED = Path((box(2, 2, 18, 18),), fill="#ff0000")


def test_veils_over_each_other_mix_what_is_below_and_not_what_is_above() -> None:
    veils = [Path((box(0, 0, 20, bottom),), fill="#ffffff", opacity=0.5) for bottom in (8, 12)]
    above = Path((box(9, 0, 11, 20),), fill="#0000ff")
    picture = shown(RED, Group("veils", "Veils", tuple(veils)), above)
    assert at(picture, 5, 16) == (255, 0, 0)
    assert at(picture, 5, 10) == pytest.approx((255, 128, 128), abs=1)
    assert at(picture, 5, 5) == pytest.approx((255, 191, 191), abs=1)
    assert at(picture, 10, 5) == at(picture, 10, 16) == (0, 0, 255)
    assert at(picture, 1, 5) == (255, 255, 255)


def test_veils_beside_each_other_and_across_each_other() -> None:
    down = Path((box(0, 0, 8, 20),), fill="#ffffff", opacity=0.5)
    across = Path((box(0, 0, 20, 8),), fill="#000000", opacity=0.5)
    picture = shown(RED, down, across)
    assert at(picture, 5, 15) == pytest.approx((255, 128, 128), abs=1)
    assert at(picture, 15, 5) == pytest.approx((128, 0, 0), abs=1)
    assert at(picture, 5, 5) == pytest.approx((128, 64, 64), abs=1)
    assert at(picture, 15, 15) == (255, 0, 0)


def test_other_see_through_things_are_mixed_with_white() -> None:
    triangle = Path((np.array([(2.0, 2.0), (18.0, 2.0), (2.0, 18.0)]),), fill="#0000ff", opacity=0.5)
    picture = shown(triangle, Dots(np.array([(15.0, 15.0)]), 2, "#000000", 0.5))
    assert at(picture, 5, 5) == pytest.approx((128, 128, 255), abs=1)
    assert at(picture, 15, 15) == pytest.approx((128, 128, 128), abs=1)


def test_holes_dashes_and_empty_things() -> None:
    holed = Path((box(1, 1, 9, 9), box(3, 3, 7, 7)), fill="#00ff00")
    dashed = Path((np.array([(1.0, 15.0), (18.0, 15.0)]),), closed=False, stroke="#000000", width=0.2, dash=(3, 3))
    plain = Path((np.array([(1.0, 18.0), (19.0, 18.0)]),), closed=False, stroke="#000000", width=0.2)
    nothing = (Path(()), Dots(np.empty((0, 2)), 1, "#000000"), Text(1, 1, " ", 3), Path((box(0, 0, 1, 1),)))
    picture = shown(holed, dashed, plain, *nothing)
    assert at(picture, 2, 2) == (0, 255, 0)
    assert at(picture, 5, 5) == (255, 255, 255)
    dark = picture[150, :, 0] < 128
    assert np.count_nonzero(np.diff(dark.astype(int)) == 1) == 3
    assert (picture[180, 20:180, 0] < 128).all()


def test_a_shape_of_many_points_is_parted_for_old_interpreters() -> None:
    turn = np.linspace(0, 2 * np.pi, 2 * eps.PROCEDURE + 10, endpoint=False)
    circle = Path((np.column_stack([10 + 8 * np.cos(turn), 10 + 8 * np.sin(turn)]),), fill="#000000")
    written = eps.to_bytes(Scene(20, 20, (circle,))).decode()
    assert len(re.findall(r"^/p0\.\d ", written, re.MULTILINE)) == 3
    assert "/p0 {p0.0 p0.1 p0.2} def" in written
    assert at(shown(circle), 10, 10) == (0, 0, 0)


def test_titles_of_any_script_stay_in_ascii() -> None:
    scene = Scene(20, 20, (RED,), title="Müller (中殿筋)\\ 100 %", description="x" * 900, credit="y")
    lines = eps.to_bytes(scene).decode("ascii").splitlines()
    assert "%%Title: M?ller (???)\\ 100 %" in lines
    assert max(map(len, lines)) <= 255
    assert eps.to_bytes(Scene(20, 20)).decode("ascii").count("pdfmark") == 2  # its definition alone
