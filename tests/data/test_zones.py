"""Zones, positions and shapes against the facts that stand beside them: one test per trigger point, named by it."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely

from trigpoint.atlas import load_atlas
from trigpoint.atlas.outlines import VIEWS, mirror
from trigpoint.atlas.patterns import KINDS, TriggerPoint

LEAST_COVER = 0.40  # of an essential region, in the view that shows most of it
MOST_TOUCH = 0.05  # of a region that the pattern does not reach
LEAST_SHOWN = 200.0  # mm2 of a zone in a view, or it is not drawn there
POINTS = [pytest.param(point, id=point.id) for muscle in load_atlas().muscles for point in muscle.points]
TABLES = [
    tomllib.loads(path.read_text("utf-8"))
    for path in sorted((Path(__file__).resolve().parents[2] / "authoring" / "content" / "muscles").glob("*.toml"))
]
HALVES = {
    f"{table['id']}.trp{point['number']}": set(point.get("halves", ())) for table in TABLES for point in table["points"]
}
FACING = ("anterior", "posterior", "right")  # the views that show the patient's right side


def _region(key: str) -> Iterator[tuple[str, shapely.MultiPolygon]]:
    """A region wherever it shows, the view with the most of it first."""
    outlines = [load_atlas().outline("neutral", view) for view in FACING]
    shown = [(outline.view, outline.regions[key]) for outline in outlines if key in outline.regions]
    return iter(sorted(shown, key=lambda pair: -pair[1].area))


def _zone(point: TriggerPoint, kind: str, view: str) -> shapely.MultiPolygon:
    return load_atlas().zone(point.id, kind, view=view)


@pytest.mark.parametrize("point", POINTS)
def test_essential_zone_covers_its_regions(point: TriggerPoint) -> None:
    """Where a source names a half of a region, that half is tested with the placement of the muscle."""
    for key in set(point.regions["essential"]) - HALVES[point.id]:
        view, region = next(_region(key))
        assert _zone(point, "essential", view).intersection(region).area >= LEAST_COVER * region.area, (key, view)


@pytest.mark.parametrize("point", POINTS)
def test_spillover_touches_each_of_its_regions(point: TriggerPoint) -> None:
    for key in set(point.regions["spillover"]) - HALVES[point.id]:
        view, region = next(_region(key))
        assert _zone(point, "spillover", view).intersection(region).area >= 0.15 * region.area, (key, view)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("kind", KINDS)
def test_zone_stays_off_what_it_does_not_reach(point: TriggerPoint, kind: str) -> None:
    for key in point.regions["not_reached"]:
        for view, region in _region(key):
            touched = _zone(point, kind, view).intersection(region).area
            assert touched <= MOST_TOUCH * region.area, (key, view)


@pytest.mark.parametrize("point", POINTS)
def test_most_of_a_zone_lies_in_named_regions(point: TriggerPoint) -> None:
    """A zone that spreads far beyond its words would be a picture without a source."""
    atlas = load_atlas()
    named = point.regions["essential"] + point.regions["spillover"]
    zone = _zone(point, "essential", "posterior")
    right = zone.intersection(shapely.box(0, 0, 1000, 1700))  # the outline holds the regions of the patient's right
    shapes = [atlas.outline("neutral", "posterior").regions[key] for key in named if key in _posterior()]
    assert right.intersection(shapely.union_all(shapes).buffer(8)).area >= 0.75 * right.area


def _posterior() -> set[str]:
    return set(load_atlas().outline("neutral", "posterior").regions)


@pytest.mark.parametrize("point", POINTS)
def test_zones_lie_on_the_body_and_are_worth_showing(point: TriggerPoint) -> None:
    for zone in point.zones:
        body = load_atlas().outline("neutral", zone.view).silhouette
        assert zone.geometry.is_valid
        assert zone.geometry.difference(body.buffer(0.5)).area < 1.0
        assert zone.geometry.area >= LEAST_SHOWN * 0.97


@pytest.mark.parametrize("point", POINTS)
def test_spillover_begins_where_the_essential_zone_ends(point: TriggerPoint) -> None:
    for view in VIEWS:
        both = _zone(point, "essential", view).intersection(_zone(point, "spillover", view)).area
        assert both <= 0.03 * max(_zone(point, "spillover", view).area, 1.0)


@pytest.mark.parametrize("point", POINTS)
def test_same_side_pain_stays_on_its_side(point: TriggerPoint) -> None:
    left = shapely.box(-1000, 0, 0, 1700)
    for kind in KINDS:
        zone = _zone(point, kind, "posterior")
        across = zone.intersection(left).area
        if point.laterality == "same_side":
            assert across <= 0.02 * zone.area + 1e-9
        elif "both" in point.laterality and kind == "essential":
            assert across >= 0.25 * zone.area


@pytest.mark.parametrize("point", POINTS)
def test_the_mark_lies_in_its_muscle(point: TriggerPoint) -> None:
    atlas, muscle = load_atlas(), point.id.partition(".")[0]
    assert point.at
    for view, place in point.at.items():
        shape = atlas.shape(muscle, view=view)
        assert shape.contains(shapely.Point(place)), view
        assert shape.boundary.distance(shapely.Point(place)) > 1.5, view


@pytest.mark.parametrize("point", POINTS)
def test_the_left_side_is_the_mirror(point: TriggerPoint) -> None:
    atlas = load_atlas()
    for view, other in (("posterior", "posterior"), ("right", "left")):
        zone = atlas.zone(point.id, "essential", view=other, side="left")
        if point.only_side:
            assert zone.is_empty
            continue
        assert zone.symmetric_difference(mirror(_zone(point, "essential", view))).area < 1e-9


class TestGluteusMedius:
    """Where the facts say that its points, its shape and its zones lie, measured from landmarks."""

    def landmark(self, view: str, name: str) -> tuple[float, float]:
        return load_atlas().outline("neutral", view).landmarks[name]

    def test_trp1_is_lateral_to_the_psis_and_below_the_posterior_crest(self) -> None:
        x, y = load_atlas().point("gluteus_medius.trp1").at["posterior"]
        psis, top = self.landmark("posterior", "psis.r"), self.landmark("posterior", "iliac_crest_top.r")
        assert 10 < x - psis[0] < 45
        assert psis[1] - 5 < y < psis[1] + 40
        assert y > top[1] + 30

    def test_trp2_is_below_the_middle_of_the_crest(self) -> None:
        x, y = load_atlas().point("gluteus_medius.trp2").at["right"]
        front, back = self.landmark("right", "asis.r"), self.landmark("right", "psis.r")
        share = (front[0] - x) / (front[0] - back[0])
        assert 0.35 < share < 0.65
        assert 10 < y - self.landmark("right", "iliac_crest_top.r")[1] < 50

    def test_trp3_is_a_short_way_behind_the_asis(self) -> None:
        x, y = load_atlas().point("gluteus_medius.trp3").at["right"]
        asis = self.landmark("right", "asis.r")
        assert 10 < asis[0] - x < 50
        assert abs(y - asis[1]) < 35

    def test_the_points_run_from_back_to_front(self) -> None:
        atlas = load_atlas()
        places = [atlas.position(f"gluteus_medius.trp{number}", view="right") for number in (1, 2, 3)]
        assert all(one[0] + 20 < other[0] for one, other in itertools.pairwise(places))

    def test_the_fan_spans_the_ilium_and_ends_on_the_trochanter(self) -> None:
        shape = load_atlas().shape("gluteus_medius", view="right")
        left, top, right, bottom = shape.bounds
        asis, psis = self.landmark("right", "asis.r"), self.landmark("right", "psis.r")
        trochanter, crest = self.landmark("right", "greater_trochanter.r"), self.landmark("right", "iliac_crest_top.r")
        assert 0 < asis[0] - right < 45  # tensor fasciae latae lies before it
        assert -5 < left - psis[0] < 45
        assert abs(top - crest[1]) < 12
        assert 5 < bottom - trochanter[1] < 45
        assert shape.distance(shapely.Point(trochanter)) < 15

    def test_its_area_is_plausible(self) -> None:
        """Less than a lateral projection of an adult's ilium, which is about 16 cm wide and 16 cm high."""
        assert 75 < load_atlas().shape("gluteus_medius", view="right").area / 100 < 140

    def test_fibres_converge_on_the_trochanter(self) -> None:
        lines = shapely.get_parts(load_atlas().fibres("gluteus_medius", view="right"))
        longest = max(line.length for line in lines)
        lines = [line for line in lines if line.length > 0.6 * longest]
        starts = [line.coords[0] for line in lines]
        ends = [line.coords[-1] for line in lines]
        assert len(lines) >= 8
        spread = [max(x for x, _ in places) - min(x for x, _ in places) for places in (starts, ends)]
        assert spread[0] > 1.5 * spread[1]
        assert sum(y for _, y in ends) / len(ends) > sum(y for _, y in starts) / len(starts) + 50

    def test_the_strip_of_trp1_follows_the_crest(self) -> None:
        zone = _zone(load_atlas().point("gluteus_medius.trp1"), "essential", "posterior")
        top, psis = self.landmark("posterior", "iliac_crest_top.r"), self.landmark("posterior", "psis.r")
        for share in (0.3, 0.5, 0.7, 0.9):
            along = (top[0] + share * (psis[0] - top[0]), top[1] + share * (psis[1] - top[1]))
            assert zone.distance(shapely.Point(along)) < 8

    def test_pain_of_trp2_ends_in_the_upper_half_of_the_thigh(self) -> None:
        point = load_atlas().point("gluteus_medius.trp2")
        knee, trochanter = self.landmark("posterior", "knee_line.r"), self.landmark("posterior", "greater_trochanter.r")
        for view in ("posterior", "right"):
            assert _zone(point, "spillover", view).bounds[3] < (knee[1] + trochanter[1]) / 2

    def test_the_sacral_part_of_trp3_lies_on_both_sides(self) -> None:
        zone = _zone(load_atlas().point("gluteus_medius.trp3"), "essential", "posterior")
        sacral = load_atlas().outline("neutral", "posterior").regions["sacral"]
        for side in (sacral, mirror(sacral)):
            assert zone.intersection(side).area >= 0.5 * side.area
