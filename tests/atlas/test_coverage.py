"""Which regions a zone covers, and how that is said."""

from __future__ import annotations

import pytest
import shapely

import trigpoint as tp
from trigpoint.atlas import load_atlas
from trigpoint.atlas.coverage import RegionShare, largest, shares
from trigpoint.plate.region_phrases import merged


def test_shares_are_of_both_and_leave_trifles_out() -> None:
    zone = shapely.box(0, 0, 10, 10)
    regions = {
        "half": shapely.box(5, 0, 25, 10),
        "touch": shapely.box(9.999, 0, 30, 30),
        "away": shapely.box(50, 0, 60, 9),
    }
    assert shares(zone, regions, "left") == [RegionShare("half", "left", 0.25, 0.5)]


def test_most_of_the_zone_comes_first() -> None:
    few, many = RegionShare("a", "right", 1.0, 0.1), RegionShare("b", "right", 0.1, 0.9)
    assert largest([few, many]) == (many, few)


def test_a_zone_of_the_data_knows_its_view() -> None:
    atlas = load_atlas()
    zone = next(z for z in atlas.point("gluteus_medius.trp3").zones if (z.kind, z.view) == ("essential", "posterior"))
    right, left = atlas.regions_of(zone), atlas.regions_of(zone, side="left")
    assert {(s.region, s.side) for s in right} >= {("sacral", "right"), ("sacral", "left")}
    swapped = {"right": "left", "left": "right"}
    mirrored = {(s.region, swapped[s.side], round(s.of_zone, 6)) for s in left}
    assert mirrored == {(s.region, s.side, round(s.of_zone, 6)) for s in right}


def test_a_shape_needs_a_view() -> None:
    atlas = load_atlas()
    shape = atlas.zone("gluteus_medius.trp2", "essential", view="right")
    assert atlas.regions_of(shape, view="right")[0].region == "gluteal_lateral"
    assert atlas.regions_of(shapely.MultiPolygon(), view="right") == ()
    with pytest.raises(tp.InputError, match="needs the view"):
        atlas.regions_of(shape)
    with pytest.raises(tp.InputError, match=r"not sound: self-intersection at \(25, 925\).*make_valid"):
        atlas.regions_of(shapely.Polygon([(0, 900), (50, 950), (50, 900), (0, 950)]), view="posterior")


def test_a_side_view_knows_the_near_side_only() -> None:
    atlas = load_atlas()
    shape = atlas.zone("gluteus_medius.trp2", "essential", view="left", side="left")
    assert {share.side for share in atlas.regions_of(shape, view="left")} == {"left"}


def test_reach_judges_each_region_where_it_shows_most() -> None:
    reach = {share.region: share for share in load_atlas().reach("gluteus_medius.trp2", "essential")}
    assert reach["gluteal_lateral"].of_region == pytest.approx(0.59, abs=0.06)  # of the side view, not of a rim behind
    assert sum(share.of_zone for share in load_atlas().reach("gluteus_medius.trp1", "essential")) < 1.3


def test_the_caption_reads_like_a_sentence() -> None:
    text = tp.Diagram("gluteus_medius", points=[1]).caption()
    assert "essential pain (solid) along the posterior iliac crest, over the sacroiliac and sacral region" in text
    assert "over the upper, middle, and lower buttock" in text


def test_alike_names_are_merged() -> None:
    assert merged(["upper buttock", "lower buttock", "flank"], "en") == ["upper and lower buttock", "flank"]
    assert merged(["fesse haute", "fesse basse"], "fr") == ["fesse haute", "fesse basse"]
    assert merged(["greater trochanter"], "en") == ["greater trochanter"]


def test_areas_on_the_skin_are_not_those_of_the_projection() -> None:
    for point in load_atlas().muscle("gluteus_medius").points:
        for kind, area in point.area_cm2.items():
            seen = [
                load_atlas().zone(point.id, kind, view=view).area / 100 for view in ("posterior", "right", "anterior")
            ]
            assert max(seen) * 0.9 < area < 1.6 * sum(seen)
