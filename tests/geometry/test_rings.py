from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

from trigpoint.geometry.frame import Frame
from trigpoint.geometry.rings import (
    even_odd,
    fault,
    inner_point,
    lines_of,
    lines_on_grid,
    on_grid,
    rings_of,
    rounded,
    union,
)

Ring = list[tuple[float, float]]


def star(corners: int, radius: float, x: float = 0, y: float = 0) -> Ring:
    angles = [2 * math.pi * i / corners for i in range(corners)]
    return [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]


@st.composite
def shapes(draw: st.DrawFn) -> MultiPolygon:
    """Shapes with holes and islands, on no grid."""
    coordinate = st.floats(-300, 300)
    blobs = draw(
        st.lists(st.tuples(st.integers(3, 12), st.floats(0.05, 80), coordinate, coordinate), min_size=1, max_size=6)
    )
    shape = MultiPolygon()
    for corners, radius, x, y in blobs:
        shape = shape.symmetric_difference(Polygon(star(corners, radius, x, y)))
    return MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])


def test_nothing_encloses_nothing() -> None:
    assert even_odd([]).is_empty
    assert rings_of(MultiPolygon()) == ()
    assert lines_of(shapely.MultiLineString()) == ()


def test_rings_nest_by_even_and_odd() -> None:
    rings = [star(16, radius) for radius in (10, 40, 20, 30)] + [star(16, 5, 100, 0)]
    shape = even_odd(rings)
    assert len(shape.geoms) == 3
    inside = [shape.contains(shapely.Point(x, 0.1)) for x in (5, 15, 25, 35, 45, 100)]
    assert inside == [False, True, False, True, False, True]


def test_direction_and_closing_do_not_matter() -> None:
    outer, inner = star(8, 10), star(8, 5)
    plain = even_odd([outer, inner])
    assert even_odd([outer[::-1], inner]).equals(plain)
    assert even_odd([inner, [*outer, outer[0]]]).equals(plain)


def test_rings_that_touch_a_larger_one_are_sorted_rightly() -> None:
    square = [(0, 0), (10, 0), (10, 10), (0, 10)]
    hole_at_corner = [(0, 0), (5, 2), (2, 5)]
    neighbour = [(10, 10), (20, 10), (20, 20)]
    shape = even_odd([hole_at_corner, neighbour, square])
    assert shape.area == pytest.approx(100 - 10.5 + 50)
    assert fault(shape) == ""


def test_crossing_rings_are_found_invalid() -> None:
    shape = even_odd([[(0, 0), (10, 0), (10, 10), (0, 10)], [(5, 5), (15, 5), (15, 8), (5, 8)]])
    assert fault(shape).startswith("self-intersection at (10, ")
    lying_across = even_odd(
        [[(0, 0), (10, 0), (10, 10), (0, 10)], [(1, 4), (12, 4), (12, 6), (1, 6)], star(5, 0.2, 9, 5)]
    )
    assert fault(lying_across)


def test_a_ring_in_three_that_cross_stays_a_part() -> None:
    """Nothing may be lost before the fault is found, whatever the depth."""
    rings = [shapely.box(0, 0, 10, 10), shapely.box(6, 0, 16, 10), shapely.box(2, 6, 14, 16), shapely.box(7, 7, 9, 9)]
    shape = even_odd([shapely.get_coordinates(ring) for ring in rings])
    assert len(rings_of(shape)) == 4
    assert fault(shape)


@given(shapes())
def test_rings_give_the_shape_back(shape: MultiPolygon) -> None:
    again = even_odd(rings_of(shape))
    assert again.symmetric_difference(shape).area == pytest.approx(0, abs=1e-6)


@given(shapes())
def test_on_grid_is_valid_near_and_stable(shape: MultiPolygon) -> None:
    snapped = on_grid(shape)
    assert fault(snapped) == ""
    points = shapely.get_coordinates(snapped)
    assert np.array_equal(points, np.round(points, 1))
    assert snapped.symmetric_difference(shape).area <= 0.15 * shape.length + 0.1
    assert shapely.to_wkb(on_grid(snapped)) == shapely.to_wkb(snapped)


def test_on_grid_mends_what_rounding_breaks() -> None:
    """Two corners that a needle's width keeps apart fall onto each other, and a sliver vanishes."""
    needle = Polygon([(0, 0), (10, 0), (10, 10), (5.04, 0.04), (0, 10)])
    assert fault(on_grid(needle)) == ""
    assert on_grid(Polygon([(0, 0), (10, 0.01), (10, 0.02)])).is_empty
    with_speck = Polygon(star(9, 10), [star(4, 0.02)])
    assert len(rings_of(on_grid(with_speck))) == 1
    assert on_grid(shapely.MultiPolygon([shapely.box(0, 0, 5, 5), shapely.box(5.01, 1, 8, 4)])).area == 25 + 9


def test_on_grid_refuses_what_is_broken_already() -> None:
    with pytest.raises(ValueError, match=r"self-intersection at \(1, 1\)"):
        on_grid(Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]))


def test_lines_on_grid_drop_what_vanishes() -> None:
    lines = lines_on_grid(shapely.MultiLineString([[(0, 0), (0.01, 0.01), (5, 5)], [(1, 1), (1.01, 1)]]))
    assert [line.tolist() for line in lines_of(lines)] == [[[0, 0], [5, 5]]]


def test_inner_point_is_deep_inside() -> None:
    horseshoe = Polygon([(0, 0), (30, 0), (30, 40), (20, 40), (20, 5), (10, 5), (10, 40), (0, 40)])
    x, y = inner_point(horseshoe)
    assert horseshoe.contains(shapely.Point(x, y))
    assert horseshoe.exterior.distance(shapely.Point(x, y)) > 4.5
    assert inner_point(MultiPolygon([shapely.box(0, 0, 2, 2), shapely.box(10, 0, 20, 10)])) == (15.0, 5.0)
    with pytest.raises(ValueError, match="empty"):
        inner_point(MultiPolygon())


def test_union_keeps_polygons_only() -> None:
    joined = union([shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)])
    assert joined.area == 6
    assert isinstance(joined, MultiPolygon)
    assert union([]).is_empty


def test_a_frame_fits_the_body_into_the_page() -> None:
    frame = Frame.fit((-100, 0, 100, 400), (10, 20, 60, 120))
    assert frame.scale == 0.25
    assert frame.point(0, 200) == (35, 70)
    assert frame.points([(-100, 0), (100, 400)]).tolist() == [[10, 20], [60, 120]]
    assert frame.shape(shapely.box(-100, 0, 100, 400)).bounds == (10, 20, 60, 120)
    assert frame.body_box((10, 20, 60, 120)) == (-100, 0, 100, 400)


def test_rounding_moves_bends_a_little_and_true_corners_not_at_all():
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    disc = shapely.MultiPolygon([shapely.Polygon(np.column_stack([50 * np.cos(turn), 50 * np.sin(turn)]))])
    once = rounded(disc)
    assert len(once.geoms[0].exterior.coords) == 2 * 24 + 1
    assert once.symmetric_difference(disc).area < 0.01 * disc.area
    assert once.hausdorff_distance(disc) < 0.5
    square = shapely.MultiPolygon([shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))])
    assert rounded(square).equals_exact(square, 0)
    assert rounded(shapely.MultiPolygon()).is_empty


@given(st.lists(st.tuples(st.floats(5, 50), st.floats(0.05, 1)), min_size=5, max_size=40))
def test_rounding_keeps_a_shape_valid(corners):
    turn = np.cumsum([step for _, step in corners])
    turn = turn / (turn[-1] + 0.1) * 2 * np.pi
    reach = np.array([far for far, _ in corners])
    shape = shapely.MultiPolygon([shapely.Polygon(np.column_stack([reach * np.cos(turn), reach * np.sin(turn)]))])
    assert rounded(shape).is_valid == shape.is_valid
