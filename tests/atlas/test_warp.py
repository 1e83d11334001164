"""The warp as a value: what it does to points and shapes, its mirror, its text, and what its reader refuses."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from trigpoint import limits
from trigpoint.atlas.outlines import mirror
from trigpoint.atlas.warp import Warp, Warps, format_warps, read_warps, taps
from trigpoint.errors import InputError

DISC = shapely.MultiPolygon([shapely.Point(50, 60).buffer(30)])
places = st.lists(st.tuples(st.floats(-60, 160), st.floats(-60, 210)), min_size=1, max_size=8).map(np.array)


def wavy(size: float = 6.0) -> Warp:
    """A grid of 20 mm cells over x from -40 to 140 and y from -40 to 180 that moves places by up to `size` mm."""
    y, x = np.mgrid[0:12, 0:10] * 20.0 - 40.0
    return Warp((-40.0, -40.0), 20.0, np.stack([size * np.sin(y / 40), size * np.cos(x / 50)], 2))


def text(**changes: Any) -> dict[str, Any]:
    """The JSON value of a small sound file, with changes at its top level."""
    rows = [[0.0, 1.0, 2.0], [0.0, 1.0, 2.0]]
    grid = {"origin": [-10.0, 0.0], "dx": rows, "dy": rows}
    value = {"format": 1, "body": "tall", "from": "neutral", "cell": 20.0, "views": {"right": grid, "anterior": grid}}
    return value | changes


def written(folder: Path, value: Any) -> Path:
    path = folder / "tall.warp.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


@given(places)
def test_an_even_shift_moves_everything_alike(points: np.ndarray) -> None:
    moved = Warp((-40.0, -40.0), 20.0, np.full((12, 10, 2), (3.0, -2.0))).points(points)
    np.testing.assert_allclose(moved - points, np.broadcast_to((3.0, -2.0), points.shape), atol=1e-9)


@given(places)
def test_the_weights_of_a_place_add_up_to_one(points: np.ndarray) -> None:
    node, weight = taps(points, (-40.0, -40.0), 20.0, (12, 10))
    np.testing.assert_allclose(weight.sum(1), 1.0)
    assert node.min() >= 0
    assert node.max() < 120


def test_nodes_move_by_what_is_written_at_them() -> None:
    warp = wavy()
    y, x = np.mgrid[0:12, 0:10] * 20.0 - 40.0
    nodes = np.stack([x.ravel(), y.ravel()], 1)
    np.testing.assert_allclose(warp.points(nodes) - nodes, warp.shift.reshape(-1, 2), atol=1e-9)


def test_it_is_smooth_between_cells_and_constant_beyond_the_grid() -> None:
    warp, step = wavy(), 1e-5
    before, at, after = warp.points(np.array([(20 - step, 33), (20, 33), (20 + step, 33)]))
    np.testing.assert_allclose((after - at) / step, (at - before) / step, atol=1e-3)
    far, corner = warp.points(np.array([(900.0, 900.0), (140.0, 180.0)]))
    np.testing.assert_allclose(far - (900, 900), corner - (140, 180))


def test_long_edges_bend() -> None:
    square = shapely.box(0, 0, 100, 100)
    bent = wavy().polygons(square)
    assert isinstance(bent, shapely.MultiPolygon)
    assert shapely.get_num_coordinates(bent) > 40
    middle = wavy().points(np.array([(50.0, 0.0)]))[0]
    assert bent.boundary.distance(shapely.Point(middle)) < 0.1


def test_holes_and_lines_keep_their_kind() -> None:
    ring = DISC.difference(shapely.Point(50, 60).buffer(10))
    assert len(wavy().polygons(ring).geoms[0].interiors) == 1
    line = shapely.MultiLineString([[(0, 0), (100, 100)]])
    moved = wavy().lines(line, within=shapely.box(-50, -50, 60, 200))
    assert isinstance(moved, shapely.MultiLineString)
    assert 60 < moved.length < 100
    assert wavy().lines(line, within=shapely.box(500, 500, 501, 501)).is_empty
    assert wavy().polygons(shapely.MultiPolygon()).is_empty


@pytest.mark.parametrize("size", [12.0, -12.0])
def test_sides_that_the_bend_brings_together_stay_a_valid_shape(size: float) -> None:
    thin = shapely.Polygon([(0, 0), (100, 0), (100, 3), (54, 0.001), (0, 3)])
    assert thin.is_valid
    bent = wavy(size).polygons(thin)
    assert bent.is_valid
    assert bent.area == pytest.approx(thin.area, rel=0.3)


def test_the_mirror_of_the_warp_is_the_warp_of_the_mirror() -> None:
    warp = wavy()
    assert warp.mirrored().polygons(mirror(DISC)).symmetric_difference(mirror(warp.polygons(DISC))).area < 1e-6
    x, y = warp.place((12.0, 30.0))
    assert warp.mirrored().place((-12.0, 30.0)) == pytest.approx((-x, y))


def test_folds_are_found() -> None:
    assert len(wavy(2.0).folds()) == 0
    folded = wavy(2.0).shift.copy()
    folded[3, 4] = (30.0, 0.0)
    assert [40.0, 20.0] in Warp((-40.0, -40.0), 20.0, folded).folds().tolist()


def test_text_and_value_are_the_same(tmp_path: Path) -> None:
    made = Warps("tall", "neutral", {"right": Warp((-40.0, 0.0), 20.0, wavy().shift.round(1) + 0.0)})
    read = read_warps(written(tmp_path, format_warps(made)))
    assert (read.body, read.source) == ("tall", "neutral")
    np.testing.assert_array_equal(read.views["right"].shift, made.views["right"].shift)
    np.testing.assert_array_equal(read.views["left"].shift, made.views["right"].mirrored().shift)
    only_right = Warps(read.body, read.source, {"right": read.views["right"]})
    assert format_warps(only_right) == format_warps(made)


def test_a_left_view_of_its_own_is_kept(tmp_path: Path) -> None:
    grid = text()["views"]["right"]
    value = text(views={"right": grid, "left": grid | {"dx": grid["dy"]}})
    read = read_warps(written(tmp_path, value))
    np.testing.assert_array_equal(read.views["left"].shift[..., 0], grid["dy"])


def _grid(**changes: Any) -> dict[str, Any]:
    return text(views={"right": text()["views"]["right"] | changes})


@pytest.mark.parametrize(
    ("value", "pointer", "what"),
    [
        (text(format=2), "/format", "this trigpoint reads format 1"),
        (text(format="1"), "/format", "a whole number expected"),
        (text(cell=0.0), "/cell", "outside 1 to 500"),
        (text(cell=True), "/cell", "a number expected"),
        (text(body="../tall"), "/body", "cannot stand here"),
        (text(bodi="tall"), "/bodi", "unknown field"),
        (text(views={"back": text()["views"]["right"]}), "/views/back", "unknown field"),
        (_grid(origin=[0.0]), "/views/right/origin", "at least 2"),
        (_grid(origin=[0.0, 1e9]), "/views/right/origin/1", "outside"),
        (_grid(dx=[[0.0, 0.0]]), "/views/right/dx", "at least two rows"),
        (_grid(dx=[0.0, 0.0]), "/views/right/dx", "at least two rows"),
        (_grid(dx=[[0.0], [0.0]]), "/views/right/dx/0", "a row of 1 numbers"),
        (_grid(dx=[[0.0, 0.0], [0.0]]), "/views/right/dx/1", "a row of 1 numbers"),
        (_grid(dx=[[0.0, "0"], [0.0, 0.0]]), "/views/right/dx/0", "needs numbers"),
        (_grid(dx=[[0.0, True], [0.0, 0.0]]), "/views/right/dx/0", "needs numbers"),
        (_grid(dx=[[0.0, limits.WARP_MM + 1], [0.0, 0.0]]), "/views/right/dx/0", "needs numbers"),
        (_grid(dx=[[0.0, math.inf], [0.0, 0.0]]), "/views/right/dx/0/1", "not finite"),
        (_grid(dx=[[0.0, math.nan], [0.0, 0.0]]), "/views/right/dx/0/1", "not finite"),
        (_grid(dx=[[0.0] * 4] * 2), "/views/right", "of different size"),
        (_grid(dx=[[0.0, -30.0, 0.0]] * 2), "/views/right", "folds over at"),
        (_grid(dx=[[0.0] * 300] * 200), "/views/right/dx", "trigpoint.limits.WARP_NODES"),
        ({key: item for key, item in text().items() if key != "cell"}, "", "field 'cell' is missing"),
        ([], "", "an object expected"),
        ('{"format": 1, "format": 1}', "", "stands twice"),
        ("{", "line 1 column 2", "not JSON"),
    ],
)
def test_a_faulty_file_is_refused_with_its_place(tmp_path: Path, value: Any, pointer: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        read_warps(written(tmp_path, value))
    assert (pointer, True) in {(problem.pointer, what in problem.what) for problem in caught.value.problems}
    assert all(problem.file.endswith("tall.warp.json") for problem in caught.value.problems)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_warps(written(tmp_path, _grid(dx=[[0.0, "0"], [0.0]]) | {"cell": 0}))
    assert len(caught.value.problems) == 3


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WARP_BYTES", 10)
    with pytest.raises(InputError, match=r"trigpoint\.limits\.WARP_BYTES"):
        read_warps(written(tmp_path, text()))


def test_a_file_of_one_view_is_a_file(tmp_path: Path) -> None:
    read = read_warps(written(tmp_path, text(views={"anterior": text()["views"]["anterior"]})))
    assert list(read.views) == ["anterior"]
