"""A scene is a plain value: frozen, comparable, and free of what no writer could draw."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest

from trigpoint.scene import Dots, Group, Path, Scene, Text, bounds

SQUARE: Any = ([(0, 0), (10, 0), (10, 10), (0, 10)],)


def scene() -> Scene:
    inner = Group("inner", "Inner", (Text(1, 2, "two", 3),))
    return Scene(50, 40, (Text(1, 1, "one", 3), Group("outer", "Outer", (Path(SQUARE), inner)), Text(1, 3, "three", 3)))


def test_walk_goes_in_paint_order_groups_before_their_children() -> None:
    assert [type(item).__name__ for item in scene().walk()] == ["Text", "Group", "Path", "Group", "Text", "Text"]
    assert [text.text for text in scene().texts()] == ["one", "two", "three"]


def test_find_looks_into_groups() -> None:
    found = scene().find("inner")
    assert found is not None
    assert found.label == "Inner"
    assert scene().find("nowhere") is None


def test_equal_drawings_are_equal() -> None:
    assert scene() == scene()
    assert Path(SQUARE) != Path(SQUARE, fill="#ffffff")
    assert Path(SQUARE) != Path((*SQUARE, *SQUARE))
    assert Path(SQUARE) != Path(([(0, 0), (10, 0), (10, 11)],))
    assert Dots([(1, 1)], 1, "#000000") == Dots(np.array([(1.0, 1.0)]), 1, "#000000")  # type: ignore[arg-type]
    assert Dots(np.zeros((1, 2)), 1, "#000000") != "dots"


def test_values_cannot_change_afterwards() -> None:
    points = np.array(SQUARE[0], dtype=float)
    path = Path((points,))
    points[0] = 99
    assert path.rings[0][0].tolist() == [0, 0]
    with pytest.raises(ValueError, match="read-only"):
        path.rings[0][0] = 1
    with pytest.raises(FrozenInstanceError):
        path.width = 2  # type: ignore[misc]
    with pytest.raises(TypeError):
        hash(path)


def test_a_repeated_last_point_is_dropped() -> None:
    assert len(Path(([(0, 0), (1, 0), (1, 1), (0, 0)],)).rings[0]) == 3  # type: ignore[arg-type]
    assert len(Path(([(0, 0), (1, 0), (0, 0)],), closed=False).rings[0]) == 3  # type: ignore[arg-type]


def test_bounds_count_strokes_and_dots() -> None:
    path = Path(SQUARE, stroke="#000000", width=1.0)
    dots = Dots(np.array([(20.0, 5.0)]), 2, "#000000")
    assert bounds([path]) == (-0.5, -0.5, 10.5, 10.5)
    assert bounds([Group("g", "G", (path, dots)), Text(30, -3, "x", 2)]) == (-0.5, -3, 30, 10.5)
    assert bounds([Dots(np.empty((0, 2)), 1, "#000000")]) is None


NAN = float("nan")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Path(([(0, 0), (1, NAN), (1, 1)],)), r"point 1 is \(1.0, nan\)"),
        (lambda: Path(([(0, 0, 0)] * 3,)), r"shape \(n, 2\)"),
        (lambda: Path(([(0, 0), (1, 1)],)), "closed ring needs 3 points or more, not 2"),
        (lambda: Path(([],), closed=False), "line needs 2 points or more, not 0"),
        (lambda: Path(SQUARE, stroke="#000000"), "width above 0"),
        (lambda: Path(SQUARE, width=-1), "must not be negative"),
        (lambda: Path(SQUARE, opacity=1.5), "opacity 1.5"),
        (lambda: Path(SQUARE, opacity=NAN), "finite"),
        (lambda: Path(SQUARE, dash=(1,)), "pairs of lengths"),
        (lambda: Path(SQUARE, dash=(1, 0)), "pairs of lengths"),
        (lambda: Path(SQUARE, fill="red"), "colour 'red'"),
        (lambda: Path(SQUARE, fill="#ABCDEF"), "colour '#ABCDEF'"),
        (lambda: Path(SQUARE, closed=False, fill="#000000"), "open path has no fill"),
        (lambda: Dots(np.zeros((1, 2)), 0, "#000000"), "radius above 0"),
        (lambda: Text(0, NAN, "x", 3), "finite"),
        (lambda: Text(0, 0, "x", 0), "size above 0"),
        (lambda: Text(0, 0, "a\nb", 3), "one line"),
        (lambda: Text(0, 0, "x", 3, anchor="left"), "anchor 'left' must be one of start, middle, end"),  # type: ignore[arg-type]
        (lambda: Group("1st", "x"), "group id '1st'"),
        (lambda: Group("", "x"), "group id ''"),
        (lambda: Scene(0, 10), "above 0 mm"),
        (lambda: Scene(10, float("inf")), "finite"),
        (lambda: Scene(9, 9, (Group("a", "A", (Group("a", "B"),)),)), "two groups of one scene have the id 'a'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
