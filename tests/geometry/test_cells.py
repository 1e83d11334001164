"""Shapes over each other: exact sums, and shapes that are one although a narrow gap lies between them."""

from __future__ import annotations

import pytest
import shapely

from trigpoint.geometry.cells import bridged, cells, steps

LEFT, RIGHT = shapely.box(0, 0, 40, 40), shapely.box(45, 0, 85, 40)


def test_cells_are_exact() -> None:
    shapes = [shapely.box(0, 0, 40, 40), shapely.box(20, 0, 60, 40), shapely.box(30, 10, 35, 15)]
    found, sums = cells(shapes, [1, 1, 1])
    assert shapely.area(found).sum() == pytest.approx(60 * 40)
    assert sorted(sums.tolist()) == [1, 1, 2, 3]
    one, two, three = steps(shapes, [1, 1, 1], [1, 2, 3])
    assert (one.area, two.area, three.area) == pytest.approx((1600, 775, 25))
    assert cells([], [])[1].size == 0


def test_a_narrow_gap_between_two_shapes_is_bridged() -> None:
    found = bridged([LEFT, RIGHT], 4.0)
    assert len(found.geoms) == 1
    assert found.contains(shapely.box(0, 4, 85, 36))
    assert found.covers(LEFT)
    assert found.covers(RIGHT)


def test_a_wide_gap_stays_open() -> None:
    assert bridged([LEFT, RIGHT], 2.0).equals(shapely.union(LEFT, RIGHT))


def test_bays_and_holes_of_one_shape_stay_open() -> None:
    ring = LEFT.difference(shapely.box(18, 18, 22, 22)).difference(shapely.box(10, 0, 14, 20))
    assert bridged([ring, shapely.box(90, 0, 99, 9)], 4.0).area == pytest.approx(ring.area + 81)
    assert bridged([ring, shapely.Polygon()], 4.0).equals(ring)
