"""Stipple is even, keeps clear of the edge, leaves no hole, and depends on nothing but its input."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from trigpoint.files.shipped import resource
from trigpoint.geometry.stipple import SIDE, STEPS, stipple

SPACING, RADIUS, GAP = 1.2, 0.2, 0.25


def blob() -> BaseGeometry:
    turn = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    reach = 40 + 9 * np.sin(3 * turn) + 4 * np.sin(11 * turn)
    shape = shapely.Polygon(np.column_stack([90 + reach * np.cos(turn), 70 + reach * np.sin(turn)]))
    return shape.difference(shapely.Point(95, 72).buffer(8))


def dots_of(zone: BaseGeometry, spacing: float = SPACING) -> NDArray[np.float64]:
    return stipple(zone, spacing=spacing, radius=RADIUS, gap=GAP)[0]


def nearest(dots: NDArray[np.float64]) -> NDArray[np.float64]:
    away = np.hypot(*(dots[:, None] - dots[None]).transpose(2, 0, 1))
    np.fill_diagonal(away, np.inf)
    smallest: NDArray[np.float64] = away.min(axis=1)
    return smallest


def test_the_tile_is_written_as_its_tool_writes_it() -> None:
    tool = pytest.importorskip("authoring.stipple_tile", exc_type=ImportError)
    text = tool.FILE.read_text(encoding="ascii")
    dots = json.loads(text)
    assert tool.text(dots) == text
    assert len({tuple(dot) for dot in dots}) == SIDE**2
    assert all(0 <= value < SIDE * STEPS for dot in dots for value in dot)


def test_the_first_dots_of_the_tile_are_even_too() -> None:
    tile = np.array(json.loads(resource("assets", "stipple", "tile.json").read_bytes())) / STEPS
    for share in (0.25, 0.5):
        some = tile[: int(share * len(tile))]
        around = np.concatenate([some + np.array([x, y]) * SIDE for x in (-1, 0, 1) for y in (-1, 0, 1)])
        away = np.hypot(*(some[:, None] - around[None]).transpose(2, 0, 1))
        away[away == 0] = np.inf
        least = away.min(axis=1) * np.sqrt(share)
        assert least.min() > 0.4, "of as many dots in disorder some would touch"
        assert least.std() / least.mean() < 0.2


def test_dots_are_evenly_far_apart() -> None:
    away = nearest(dots_of(blob())) / SPACING
    assert away.min() >= 0.7
    assert away.mean() == pytest.approx(1.0, abs=0.03)
    assert away.std() / away.mean() < 0.05


def test_dots_do_not_stand_in_rows() -> None:
    dots, _ = stipple(shapely.box(0, 0, 60, 60), spacing=1.0, radius=0, gap=0)
    angle = np.linspace(0, np.pi, 180, endpoint=False)
    ring = 2 * np.pi * np.column_stack([np.cos(angle), np.sin(angle)])
    inner, row = (np.abs(np.exp(1j * dots @ (radius * ring).T).sum(axis=0)) ** 2 / len(dots) for radius in (0.4, 1.08))
    assert inner.mean() < 0.1, "blue noise has nothing at low frequencies"
    assert row.max() < 0.1 * len(dots), "a lattice would put nearly all power into a few directions"


def test_dots_keep_clear_of_the_edge() -> None:
    zone = blob()
    dots = shapely.union_all(shapely.points(dots_of(zone)))
    assert zone.contains(dots)
    assert dots.distance(zone.boundary) >= RADIUS + GAP - 1e-3


def test_no_hole_is_larger_than_a_spacing_and_a_third() -> None:
    zone = blob()
    free = zone.buffer(-GAP).difference(shapely.union_all(shapely.points(dots_of(zone)).tolist()).buffer(1.3 * SPACING))
    reached = zone.buffer(-GAP - 1.3 * SPACING)
    assert free.intersection(reached).is_empty


@pytest.mark.parametrize("width", [0.95, 1.2, 1.6, 2.4])
def test_narrow_parts_are_not_left_empty(width: float) -> None:
    middle = shapely.Point(20, 20)
    ring = middle.buffer(15, quad_segs=32).difference(middle.buffer(15 - width, quad_segs=32))
    for zone in (ring, shapely.box(40.1, 0, 40.1 + width, 30), shapely.Point(60.3, 5.4).buffer(width / 2)):
        dots = dots_of(zone)
        covered = shapely.union_all(shapely.points(dots)).buffer(1.5 * SPACING)
        assert len(dots)
        assert zone.buffer(-GAP - RADIUS).difference(covered).is_empty


def test_a_zone_without_room_for_a_dot_stays_empty() -> None:
    assert dots_of(shapely.box(0, 0, 30, 0.8)).shape == (0, 2)
    assert dots_of(shapely.Polygon()).shape == (0, 2)


def test_a_part_of_a_zone_gets_the_same_dots() -> None:
    whole = {tuple(dot) for dot in dots_of(shapely.box(-50, -50, 50, 50)).tolist()}
    part = {tuple(dot) for dot in dots_of(shapely.box(-20, -20, 20, 20)).tolist()}
    assert len(part - whole) <= 4, "only a corner may gain a dot"


@settings(max_examples=30, deadline=None)
@given(st.floats(-500, 500), st.floats(-500, 500), st.floats(0.5, 40), st.floats(0.5, 40), st.floats(0.6, 4))
def test_any_box_has_its_share_of_dots(left: float, top: float, wide: float, high: float, spacing: float) -> None:
    zone = shapely.box(left, top, left + wide, top + high)
    dots, _ = stipple(zone, spacing=spacing, radius=0.1, gap=0.1)
    assert np.array_equal(dots, stipple(zone, spacing=spacing, radius=0.1, gap=0.1)[0])
    assert shapely.contains_xy(zone, dots).all()
    assert 1 <= len(dots) <= (wide / spacing + 1.5) * (high / spacing + 1.5)


@pytest.mark.parametrize("numbers", [(0, 1, 1), (1, -1, 0), (1, 1, -1), (float("nan"), 1, 1)])
def test_impossible_numbers_are_refused(numbers: tuple[float, float, float]) -> None:
    spacing, radius, gap = numbers
    with pytest.raises(ValueError, match="stipple needs"):
        stipple(blob(), spacing=spacing, radius=radius, gap=gap)
