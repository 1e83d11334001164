"""Labels in gutters: in order, apart, inside, and their leaders uncrossed."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.geometry.lines import cross, crossed, distance
from trigpoint.plate.labels.boundary import Search
from trigpoint.plate.labels.leader_cost import FAULT_WEIGHT, Callout, Prices
from trigpoint.plate.labels.stacking import CROSSING, Stacking, _least_crossed, fits, spread
from trigpoint.plate.layout import Gutter

LEFT = Gutter("left", 20.0, 0.0, 100.0)
RIGHT = Gutter("right", 120.0, 0.0, 100.0)

grid = st.integers(0, 1000).map(lambda n: n / 10)
anchors = st.lists(st.tuples(grid.map(lambda x: 30 + 0.8 * x), grid), min_size=1, max_size=7, unique=True)

# A busy machine may take long over one example; that is no fault of the placing.
unhurried = settings(deadline=None, max_examples=60)


def callouts(points, height=4.0, reach=0.0):
    return [Callout(f"c{index}", point, 15.0, height, reach) for index, point in enumerate(points)]


def place(found, gutters, avoid=(), **terms):
    """Every callout in its place, sorted by key."""
    return Search(Prices(tuple(found), tuple(gutters), avoid=tuple(avoid), **terms)).place(found)


@unhurried
@given(anchors, st.sampled_from([[LEFT], [RIGHT], [LEFT, RIGHT]]))
def test_labels_are_apart_and_inside_and_leaders_uncrossed(points, gutters):
    placed = place(callouts(points), gutters)
    assert [item.callout.key for item in placed] == sorted(f"c{i}" for i in range(len(points)))
    for gutter in gutters:
        column = sorted((item for item in placed if item.gutter is gutter), key=lambda item: item.y)
        for upper, lower in pairwise(column):
            assert lower.y - upper.y >= 5.0 - 1e-6
        for item in column:
            assert gutter.top - 1e-6 <= item.y - 2
            assert item.y + 2 <= gutter.bottom + 1e-6
            assert item.leader[0] == (gutter.x, item.y)
            assert item.leader[-1] == pytest.approx(item.callout.anchor)
    assert not any(cross(a.leader, b.leader) for a, b in combinations(placed, 2))


@unhurried
@given(anchors, st.lists(st.sampled_from([3.0, 6.5]), min_size=7, max_size=7))
def test_labels_of_unequal_height_stay_apart_and_inside(points, heights):
    mixed = [Callout(f"c{i}", point, 15.0, heights[i]) for i, point in enumerate(points)]
    column = sorted(place(mixed, [LEFT]), key=lambda item: item.y)
    for upper, lower in pairwise(column):
        assert lower.y - upper.y >= (upper.callout.height + lower.callout.height) / 2 + 1 - 1e-6
    assert column[0].y - column[0].callout.height / 2 >= -1e-6
    assert column[-1].y + column[-1].callout.height / 2 <= 100 + 1e-6


@unhurried
@given(anchors, st.integers(0, 10**6), st.sampled_from([[LEFT], [LEFT, RIGHT]]))
def test_whatever_is_to_be_avoided_leaders_stay_uncrossed(points, seed, gutters):
    def cover(pieces):
        return np.abs(np.sin(seed + 12.9898 * pieces.sum(axis=1))) * 100

    placed = place(callouts(points), gutters, cover=cover)
    assert not any(cross(a.leader, b.leader) for a, b in combinations(placed, 2))


@unhurried
@given(anchors)
def test_equal_slots_always_uncross(points):
    many = callouts(points)
    placed = Stacking(Prices(tuple(many), (LEFT,)), 1.0).slots(many, LEFT).placed
    assert not any(cross(a.leader, b.leader) for a, b in combinations(placed, 2))
    for upper, lower in pairwise(placed):
        assert lower.y - upper.y >= 5.0 - 1e-6


@unhurried
@given(anchors)
def test_the_same_whatever_the_order_given(points):
    many = callouts(points)
    assert place(many, [LEFT, RIGHT]) == place(list(reversed(many)), [RIGHT, LEFT])


@unhurried
@given(
    st.lists(st.tuples(grid, st.sampled_from([2.0, 3.5, 6.0])), min_size=1, max_size=8),
    st.sampled_from([0.0, 1.0]),
)
def test_spread_is_the_nearest_stack(wanted, gap):
    aims, heights = zip(*wanted, strict=True)
    middles = spread(aims, heights, gap, 0, 100)
    for (y0, h0), (y1, h1) in pairwise(zip(middles, heights, strict=True)):
        assert y1 - y0 >= (h0 + h1) / 2 + gap - 1e-9
    assert middles[0] - heights[0] / 2 >= -1e-9
    assert middles[-1] + heights[-1] / 2 <= 100 + 1e-9
    error = sum((m - a) ** 2 for m, a in zip(middles, aims, strict=True))
    for index in range(len(middles)):
        for step in (-0.01, 0.01):
            other = list(middles)
            other[index] += step
            apart = all(b - a >= (heights[i] + heights[i + 1]) / 2 + gap for i, (a, b) in enumerate(pairwise(other)))
            inside = other[0] >= heights[0] / 2 and other[-1] <= 100 - heights[-1] / 2
            if apart and inside:
                assert sum((m - a) ** 2 for m, a in zip(other, aims, strict=True)) >= error - 1e-9


def test_order_of_anchor_heights_is_kept_where_nothing_crosses():
    placed = place(callouts([(60, 70), (61, 20), (62, 45)]), [LEFT])
    assert sorted(placed, key=lambda item: item.y) == [placed[1], placed[2], placed[0]]
    assert [item.y for item in placed] == [70, 20, 45]


def test_each_anchor_goes_to_its_near_gutter():
    near, far = place(callouts([(35, 50), (110, 50)]), [LEFT, RIGHT])
    assert (near.gutter, far.gutter) == (LEFT, RIGHT)


def test_a_leader_keeps_off_foreign_anchors():
    placed = place(callouts([(40, 50), (70, 50), (100, 50)]), [LEFT])
    for item in placed:
        for other in placed:
            if other is not item:
                assert distance(other.callout.anchor, item.leader) >= 1.0


def test_a_leader_keeps_off_other_things_by_an_elbow():
    low = Gutter("left", 20.0, 48.0, 52.0)
    (item,) = place(callouts([(80, 50)]), [low], avoid=[(50, 50)], clearance=2.5)
    assert len(item.leader) == 3
    assert distance((50, 50), item.leader) >= 2.5


def test_a_leader_avoids_what_it_should_not_cover():
    def cover(pieces):
        return np.where(pieces[:, 1] > 40, np.hypot(*(pieces[:, 2:] - pieces[:, :2]).T), 0.0)

    (item,) = place(callouts([(60, 50)]), [LEFT], cover=cover)
    assert item.y <= 40


def test_a_leader_ends_short_of_its_anchor():
    (item,) = place(callouts([(60, 50)], reach=2.0), [LEFT])
    assert item.leader[-1] == pytest.approx((58, 50))
    every = Prices((item.callout,), (LEFT,)).choice(item.callout, LEFT)
    ends = every.ends[(np.abs(every.bends - (60, 50)) > 2).any(axis=-1)]
    assert np.hypot(*(ends - (60, 50)).T) == pytest.approx(2.0)
    (touching,) = place([Callout("a", (20, 50), 5, 4, 2.0)], [LEFT])
    assert touching.leader[-1] == (20, 50)


def test_labels_that_only_just_fit_stay_apart():
    points = [(30, 50), (60, 51), (90, 49), (50, 48)]
    mixed = [Callout(f"c{i}", p, 15.0, h) for i, (p, h) in enumerate(zip(points, (40, 20, 20, 17), strict=True))]
    slots = Stacking(Prices(tuple(mixed), (LEFT,)), 1.0).slots(mixed, LEFT).placed
    for column in (sorted(place(mixed, [LEFT]), key=lambda item: item.y), slots):
        for upper, lower in pairwise(column):
            assert lower.y - upper.y >= (upper.callout.height + lower.callout.height) / 2 + 1 - 1e-6


def test_too_many_labels_are_refused():
    many = callouts([(60, y) for y in range(30)])
    assert not fits(many, LEFT)
    with pytest.raises(ValueError, match="30 labels do not fit"):
        place(many, [LEFT])


@pytest.mark.parametrize("seed", range(12))
def test_some_of_many_are_placed_as_if_the_others_were_only_kept_off(seed):
    drawn = np.random.default_rng(seed)
    points = [tuple(point) for point in drawn.uniform((30, 5), (110, 95), (12, 2)).round(1).tolist()]
    many = callouts(points, reach=1.0)
    some, rest = many[::2], many[1::2]
    alone = place(some, [LEFT, RIGHT], avoid=[one.anchor for one in rest], middle=70.0)
    search = Search(Prices(tuple(many), (LEFT, RIGHT), middle=70.0))
    assert search.place(some) == alone
    assert search.place(many) == place(many, [LEFT, RIGHT], middle=70.0)


def test_some_fit_where_all_do_not():
    many = callouts([(60, y) for y in range(30)])
    search = Search(Prices(tuple(many), (LEFT,)))
    assert not search.roomy(many)
    assert search.roomy(many[:20])
    assert len(search.place(many[:20])) == 20


@pytest.mark.parametrize("count", [1, 4, 9])
@pytest.mark.parametrize("seed", range(6))
def test_the_leader_that_costs_least_beside_others_is_found_without_a_look_at_all(seed, count):
    drawn = np.random.default_rng(seed)
    points = [tuple(point) for point in drawn.uniform((30, 5), (110, 95), (count + 1, 2)).round(1).tolist()]
    first, *others = callouts(points)
    prices = Prices((first, *others), (LEFT,), clearance=4.0)
    choice, ports = prices.choice(first, LEFT), np.arange(0, 60, 2)
    lines = [item.leader for item in Search(prices).place(others)]
    port, way = _least_crossed(choice, ports, lines)

    def whole(port, way):
        piece = choice.at(port, way).leader
        pieces = np.array([[(*a, *b) for a, b in pairwise(piece)]])
        other = np.array([(*a, *b) for line in lines for a, b in pairwise(line)])
        tangled = crossed(pieces, other).max(axis=1).sum()
        return choice.costs[port, way] + FAULT_WEIGHT * CROSSING * tangled

    every = [whole(port, way) for port in ports for way in range(choice.costs.shape[1])]
    assert whole(port, way) == pytest.approx(min(every))


@unhurried
@given(st.lists(st.tuples(grid, grid, grid, grid), min_size=2, max_size=12))
def test_many_pieces_cross_as_one_by_one(lines):
    pieces = np.array(lines)
    found = crossed(pieces, pieces)
    for row, one in enumerate(lines):
        for column, other in enumerate(lines):
            assert (found[row, column] == 1.0) == cross((one[:2], one[2:]), (other[:2], other[2:]))


def test_placing_labels_loads_no_more_of_numpy():
    """Such as masked arrays, which some of its functions load when they are first called: 9 ms."""
    code = """if True:
        import sys, numpy
        before = {name for name in sys.modules if name.startswith("numpy")}
        from trigpoint.plate.labels.boundary import Search
        from trigpoint.plate.labels.leader_cost import Callout, Prices
        from trigpoint.plate.layout import Gutter
        both = Callout("a", (50, 50), 9, 4), Callout("b", (60, 40), 9, 4)
        assert len(Search(Prices(both, (Gutter("left", 0, 0, 90),))).place(both)) == 2
        print(sorted({name for name in sys.modules if name.startswith("numpy")} - before))
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_no_labels():
    assert place([], [LEFT]) == ()
