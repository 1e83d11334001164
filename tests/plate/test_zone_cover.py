"""What leaders cover, read from a grid: as shapely measures it, within a cell."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

import trigpoint as tp
from trigpoint.geometry.frame import Frame
from trigpoint.plate.content import gather
from trigpoint.plate.labels.zone_cover import CELL, SPILLOVER_SHARE, cells, ground
from trigpoint.plate.spec import Spec


@pytest.fixture(scope="module")
def seen():
    points = tuple(f"gluteus_medius.trp{number}" for number in (1, 2, 3))
    return gather(tp.load_atlas(), Spec("gluteus_medius", points, ("posterior",), 120.0))[0]


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Point(50, 40).buffer(30),
        shapely.Point(50, 40).buffer(30).difference(shapely.Point(55, 40).buffer(12)),
        shapely.MultiPolygon(
            [shapely.box(3.3, 3.4, 20.2, 70.7), shapely.Polygon([(30.2, 5.1), (95.3, 8.7), (60.6, 75.9)])]
        ),
        shapely.MultiPolygon(),
    ],
    ids=["disc", "ring", "two", "nothing"],
)
def test_cells_are_those_whose_middles_lie_inside(shape):
    found = cells(shape, (0.0, 0.0, 100.0, 80.0), 2.0)
    x, y = np.meshgrid(np.arange(1.0, 100.0, 2.0), np.arange(1.0, 80.0, 2.0))
    assert (found.astype(bool) == shapely.contains_xy(shape, x, y)).all()


def test_cover_is_the_length_over_the_zones(seen):
    frame = Frame(0.15, 40.0, -60.0)
    rng = np.random.default_rng(7)
    left, top, right, bottom = seen.essential.union(seen.spillover).bounds
    ends = rng.uniform(
        (left - 80, top - 80, left - 80, top - 80), (right + 80, bottom + 80, right + 80, bottom + 80), (200, 4)
    )
    pieces = np.concatenate([frame.points(ends[:, :2]), frame.points(ends[:, 2:])], axis=1)
    lines = shapely.linestrings(ends.reshape(-1, 2, 2))
    solid, dotted = (
        frame.scale * shapely.length(shapely.intersection(lines, zone)) for zone in (seen.essential, seen.spillover)
    )
    long = frame.scale * shapely.length(lines)
    below = ground(seen)
    assert np.abs(below.covered(pieces, frame) - solid).max() < 4 * CELL * frame.scale + 0.03 * long.max()
    assert np.abs(below.cover(pieces, frame) - solid - SPILLOVER_SHARE * dotted).max() < 0.15 * long.max()
    assert (below.covered(pieces, frame)[solid == 0] <= 2 * CELL * frame.scale + 0.02 * long.max()).all()


def test_a_view_without_zones_covers_nothing():
    (bare,) = gather(tp.load_atlas(), Spec("gluteus_medius", (), ("posterior",), 120.0))
    pieces = np.array([(0.0, 0.0, 50.0, 80.0)])
    assert ground(bare).cover(pieces, Frame(0.1, 0.0, 0.0)).tolist() == [0.0]
    assert ground(bare) is ground(bare)
