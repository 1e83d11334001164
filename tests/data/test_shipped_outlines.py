"""The outlines that ship: what every view must hold, and how it must look to a reader of the file."""

from __future__ import annotations

import itertools

import pytest
import shapely

from trigpoint.atlas import load_atlas
from trigpoint.atlas.outline_reader import parse, parse_known
from trigpoint.atlas.outline_shapes import GROUPS
from trigpoint.atlas.outline_writer import format_outline
from trigpoint.atlas.outlines import VIEWS, Outline, mirror, read_outline
from trigpoint.errors import InputError
from trigpoint.files.findings import Findings
from trigpoint.files.shipped import resource

MOST_VERTICES = 8000  # of silhouette, tones and lines together
MOST_REGION_VERTICES = 4500


@pytest.fixture(params=VIEWS)
def outline(request: pytest.FixtureRequest) -> Outline:
    return load_atlas().outline("neutral", request.param)


@pytest.mark.parametrize("body", ["neutral", "female", "male"])
@pytest.mark.parametrize("view", VIEWS)
def test_the_quick_reader_finds_what_the_careful_one_finds(body: str, view: str) -> None:
    data = resource("assets", "body_outlines", f"{body}.{view}.svg").read_bytes()
    assert parse_known(data, Findings("known")) == parse(data, GROUPS, Findings("known"))


def test_a_damaged_file_of_ours_is_an_error_with_a_way_out() -> None:
    data = resource("assets", "body_outlines", "neutral.left.svg").read_bytes()
    with pytest.raises(InputError, match=r"not XML: .*install the package anew"):
        parse_known(data[:1000], Findings("neutral.left.svg"))


def test_the_body_is_one_piece_of_1700_mm(outline: Outline) -> None:
    assert len(outline.silhouette.geoms) == 1
    _, top, _, sole = outline.silhouette.bounds
    assert abs(top) < 1.5
    assert abs(sole - 1700) < 1.5
    assert outline.silhouette.is_valid


def test_the_drawing_is_light(outline: Outline) -> None:
    drawn = shapely.GeometryCollection([outline.silhouette, *outline.tones, *outline.lines.values()])
    assert shapely.get_num_coordinates(drawn) <= MOST_VERTICES
    regions = shapely.GeometryCollection(list(outline.regions.values()))
    assert shapely.get_num_coordinates(regions) <= MOST_REGION_VERTICES


def test_tones_and_lines_stay_on_the_body(outline: Outline) -> None:
    body = outline.silhouette.buffer(2.5)
    for shape in (*outline.tones, *outline.lines.values()):
        assert shape.difference(body).area < 1.0


def test_there_are_no_specks(outline: Outline) -> None:
    assert all(part.area > 400 for tone in outline.tones for part in tone.geoms)
    assert all(shapely.minimum_rotated_rectangle(line).length > 20 for line in outline.lines.values())
    assert len(outline.lines) <= 60


def test_landmarks_lie_on_the_body(outline: Outline) -> None:
    places = {key: shapely.Point(place) for key, place in outline.landmarks.items()}
    assert not [key for key, place in places.items() if place.distance(outline.silhouette) > 1.0]
    assert len(places) >= 18


def test_regions_touch_and_do_not_overlap(outline: Outline) -> None:
    regions = outline.regions
    for one, other in itertools.combinations(sorted(regions), 2):
        shared = regions[one].intersection(regions[other]).area
        assert shared <= 0.01 * min(regions[one].area, regions[other].area), (one, other)
    covered = shapely.union_all(list(regions.values()))
    joined = covered.buffer(1.0).buffer(-1.0)
    gaps = [shapely.Polygon(ring).area for part in shapely.get_parts(joined) for ring in part.interiors]
    assert sum(gap for gap in gaps if gap < 2000) < 150
    assert covered.difference(outline.silhouette.buffer(1.0)).area < 20


def test_every_shape_has_words(outline: Outline) -> None:
    named = {*outline.lines, *outline.regions, *outline.muscles, *outline.landmarks}
    assert named <= set(outline.titles)
    assert outline.licence.startswith("CC BY 4.0")


@pytest.mark.parametrize("view", VIEWS)
def test_the_file_is_canonical(view: str) -> None:
    data = resource("assets", "body_outlines", f"neutral.{view}.svg").read_bytes()
    assert format_outline(read_outline(resource("assets", "body_outlines", f"neutral.{view}.svg"))).encode() == data


def test_left_is_the_mirror_of_right() -> None:
    left, right = (load_atlas().outline("neutral", view) for view in ("left", "right"))
    assert left.silhouette.symmetric_difference(mirror(right.silhouette)).area < 1e-6
    for key, region in right.regions.items():
        assert left.regions[key].symmetric_difference(mirror(region)).area < 1e-6
    for key, (x, y) in right.landmarks.items():
        other = f"{key[:-2]}.l" if key.endswith(".r") else key
        assert left.landmarks[other] == pytest.approx((-x, y), abs=1e-9)


@pytest.mark.parametrize("view", ["anterior", "posterior"])
def test_the_body_is_even_on_both_sides(view: str) -> None:
    outline = load_atlas().outline("neutral", view)
    assert outline.silhouette.symmetric_difference(mirror(outline.silhouette)).area < 0.002 * outline.silhouette.area
    for key, (x, y) in outline.landmarks.items():
        if key.endswith(".r"):
            assert outline.landmarks[f"{key[:-2]}.l"] == pytest.approx((-x, y), abs=0.11)


def test_the_patients_right_is_where_a_reader_expects_it() -> None:
    atlas = load_atlas()
    assert atlas.outline("neutral", "posterior").landmarks["psis.r"][0] > 0
    assert atlas.outline("neutral", "anterior").landmarks["asis.r"][0] < 0
    assert (
        atlas.outline("neutral", "right").landmarks["asis.r"][0] > atlas.outline("neutral", "right").landmarks["l5"][0]
    )


def test_all_regions_show_somewhere() -> None:
    atlas = load_atlas()
    shown = set().union(*(atlas.outline("neutral", view).regions for view in VIEWS))
    assert shown == set(atlas.patterns.regions)
    assert len(shown) == 92
