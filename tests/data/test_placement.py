"""Every muscle where an anatomist expects it: the checks beside its shape in `authoring/content/muscles/`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import shapely

from trigpoint.atlas import load_atlas

FOLDER = Path(__file__).resolve().parents[2] / "authoring" / "content" / "muscles"
TABLES = [tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))]
MUSCLES = [pytest.param(table, id=table["id"]) for table in TABLES]
ORDERED = [
    pytest.param(table["id"], *row, id=f"{table['id']}-{row[1]}-{row[2]}")
    for table in TABLES
    for row in table["check"].get("order", ())
]
HALVES = [
    pytest.param(f"{table['id']}.trp{point['number']}", region, half, id=f"{table['id']}.trp{point['number']}-{region}")
    for table in TABLES
    for point in table.get("points", ())
    for region, half in point.get("halves", {}).items()
]
VIEWS = ("posterior", "right", "anterior")
Table = dict[str, Any]


def shape(muscle: str, view: str) -> shapely.MultiPolygon:
    return load_atlas().shape(muscle, view=view)


def lateral(view: str) -> int:
    """The direction of x that leads away from the midline on the patient's right."""
    return {"posterior": 1, "anterior": -1}[view]


@pytest.mark.parametrize("table", MUSCLES)
def test_every_table_is_in_the_atlas(table: Table) -> None:
    muscle = load_atlas().muscle(table["id"])
    assert [point.number for point in muscle.points] == list(range(1, len(table.get("points", ())) + 1))
    assert any(not shape(table["id"], view).is_empty for view in VIEWS)


@pytest.mark.parametrize("table", MUSCLES)
def test_area_is_plausible(table: Table) -> None:
    assert table["check"]["area"]
    for view, (least, most) in table["check"]["area"].items():
        assert least <= shape(table["id"], view).area / 100 <= most, view


@pytest.mark.parametrize("table", MUSCLES)
def test_ends_are_at_their_landmarks(table: Table) -> None:
    assert len(table["check"]["ends"]) >= 2
    for view, landmark, most in table["check"]["ends"]:
        place = shapely.Point(load_atlas().outline("neutral", view).landmarks[landmark])
        assert shape(table["id"], view).distance(place) <= most, (view, landmark)


@pytest.mark.parametrize("table", MUSCLES)
def test_the_shape_lies_on_the_body_and_on_its_side(table: Table) -> None:
    for view in VIEWS:
        drawn = shape(table["id"], view)
        assert drawn.is_valid
        assert drawn.difference(load_atlas().outline("neutral", view).silhouette.buffer(0.5)).area < 1.0
        if view in ("posterior", "anterior") and not drawn.is_empty:
            assert drawn.centroid.x * lateral(view) > 0


@pytest.mark.parametrize("table", MUSCLES)
def test_fibres_run_in_the_muscle(table: Table) -> None:
    for view in VIEWS:
        lines, drawn = load_atlas().fibres(table["id"], view=view), shape(table["id"], view)
        assert lines.is_empty or lines.difference(drawn.buffer(1.0)).length < 1.0
        if drawn.area > 2500:
            assert len(lines.geoms) >= 3, view


@pytest.mark.parametrize(("muscle", "view", "relation", "other"), ORDERED)
def test_order_against_neighbours(muscle: str, view: str, relation: str, other: str) -> None:
    one, two = shape(muscle, view).centroid, shape(other, view).centroid
    match relation:
        case "above":
            assert one.y < two.y
        case "below":
            assert one.y > two.y
        case "lateral_to":
            assert one.x * lateral(view) > two.x * lateral(view)
        case "medial_to":
            assert one.x * lateral(view) < two.x * lateral(view)
        case "in_front_of":
            assert view == "right"
            assert one.x > two.x
        case "behind":
            assert view == "right"
            assert one.x < two.x
        case _:
            pytest.fail(f"unknown relation {relation}")


def half_of(region: shapely.MultiPolygon, half: str, view: str) -> shapely.Geometry:
    left, top, right, bottom = region.bounds
    x, y = (left + right) / 2, (top + bottom) / 2
    outward = lateral(view) > 0 if view in ("posterior", "anterior") else None
    boxes = {
        "upper": (left, top, right, y),
        "lower": (left, y, right, bottom),
        "front": (x, top, right, bottom),
        "back": (left, top, x, bottom),
        "lateral": (x, top, right, bottom) if outward else (left, top, x, bottom),
        "medial": (left, top, x, bottom) if outward else (x, top, right, bottom),
    }
    return region.intersection(shapely.box(*boxes[half]))


@pytest.mark.parametrize(("point", "region", "half"), HALVES)
def test_the_half_that_the_facts_name_is_covered(point: str, region: str, half: str) -> None:
    """Where a source says "the upper half of", the zone covers that half better than the other."""
    atlas = load_atlas()
    shown = [view for view in VIEWS if not atlas.region(region, view=view).is_empty]
    view = max(shown, key=lambda view: atlas.region(region, view=view).area)
    whole = atlas.region(region, view=view)
    kinds = [kind for kind in ("essential", "spillover") if region in atlas.point(point).regions[kind]]
    zone = shapely.union_all([atlas.zone(point, kind, view=view) for kind in kinds])
    named = half_of(whole, half, view)
    rest = whole.difference(named)
    covered = zone.intersection(named).area / named.area
    assert covered >= (0.4 if "essential" in kinds else 0.15)
    assert covered > zone.intersection(rest).area / rest.area
