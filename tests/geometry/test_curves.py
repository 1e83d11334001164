"""Soft rings: which corners bend, and that every kind of file draws the same curve."""

from __future__ import annotations

import re

import numpy as np
import pytest

from trigpoint.backends import path_data
from trigpoint.backends.eps import to_bytes
from trigpoint.backends.mpl_pen import _soft
from trigpoint.geometry.curves import sharp
from trigpoint.scene import Path, Scene

TURNS = np.linspace(0, 2 * np.pi, 24, endpoint=False)
CIRCLE = 10 + 5 * np.column_stack([np.cos(TURNS), np.sin(TURNS)])
SQUARE = np.array([(2.0, 2.0), (8.0, 2.0), (8.0, 8.0), (2.0, 8.0)])


def shape(ring: np.ndarray) -> str:
    path = Path((ring,), fill="#b2182b", soft=True)
    return path_data.path_data(Scene(20, 20, (path,)))[id(path)]


def test_a_round_ring_bends_and_a_square_stays() -> None:
    assert not sharp(CIRCLE).any()
    assert sharp(SQUARE).all()


def test_a_soft_ring_takes_no_more_numbers_than_its_corners() -> None:
    text = shape(CIRCLE)
    assert (text.count("q"), text.count("t"), text.count("l")) == (1, 1, 0)
    assert len(re.findall(r"-?\d+", text)) == 2 + 4 + 2 * (len(CIRCLE) - 1)
    assert shape(SQUARE).count("l") == 1


@pytest.mark.parametrize("ring", [CIRCLE, SQUARE, np.concatenate([CIRCLE[:13], [(2.0, 2.0)]])])
def test_a_soft_ring_comes_back_to_its_beginning(ring: np.ndarray) -> None:
    text = shape(ring)
    x, y = map(int, re.match(r"M(-?\d+) (-?\d+)", text).groups())
    start = x, y
    for step, words in re.findall(r"([qtl])([^qtlz]*)", text):
        numbers = list(map(int, re.findall(r"-?\d+", words)))
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        for dx, dy in pairs[1::2] if step == "q" else pairs:
            x, y = x + dx, y + dy
    assert (x, y) == start


def test_pixels_get_the_same_curve() -> None:
    drawn = _soft((CIRCLE,)).to_polygons(closed_only=True)[0]
    radius = np.hypot(*(drawn - 10).T)
    assert radius.min() > 4.9
    assert radius.max() < 5.0


def test_eps_has_curves_for_soft_corners_only() -> None:
    text = to_bytes(Scene(20, 20, (Path((CIRCLE,), fill="#b2182b", soft=True),))).decode()
    assert text.count(" v\n") + text.count(" v ") == len(CIRCLE)
    text = to_bytes(Scene(20, 20, (Path((SQUARE,), fill="#b2182b", soft=True),))).decode()
    assert " v" not in text.split("bind def\n")[-2]


def test_an_open_path_has_no_soft_corners() -> None:
    with pytest.raises(ValueError, match="soft corners"):
        Path((SQUARE,), closed=False, soft=True)
