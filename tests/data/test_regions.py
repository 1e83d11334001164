"""Regions: complete, on the body, without overlaps or holes, beside the right neighbours, where their landmarks say."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
import shapely

pytest.importorskip("scipy")
pytest.importorskip("contourpy")

from authoring import content
from authoring.body import landmarks, view
from authoring.painting import regions
from authoring.painting.regions import label_image

pytestmark = pytest.mark.slow

PAINTED_VIEWS = ("anterior", "posterior", "right")
Shapes = dict[str, shapely.MultiPolygon]


@pytest.fixture(scope="module")
def seen() -> dict[str, Shapes]:
    return {name: regions.shapes(name) for name in view.VIEWS}


@pytest.fixture(scope="module")
def centre(seen: dict[str, Shapes]) -> dict[str, dict[str, shapely.Point]]:
    return {name: {key: shape.centroid for key, shape in shapes.items()} for name, shapes in seen.items()}


def test_names_and_titles_are_complete() -> None:
    names = [region.name for region in regions.REGIONS]
    assert len(names) == len(set(names)) == 92
    assert len(set(regions.TITLES.values())) == 92
    assert all(region.painted for region in regions.REGIONS)


def test_every_region_can_be_seen_somewhere(seen: dict[str, Shapes]) -> None:
    assert set().union(*seen.values()) == set(regions.TITLES)


def test_left_mirrors_right(seen: dict[str, Shapes]) -> None:
    assert seen["left"].keys() == seen["right"].keys()
    for name, shape in seen["left"].items():
        flipped = shapely.transform(shape, lambda points: points * [-1, 1])
        assert flipped.equals(seen["right"][name])


@pytest.mark.parametrize("name", PAINTED_VIEWS)
class TestView:
    def test_shapes_are_valid_light_and_round(self, seen: dict[str, Shapes], name: str) -> None:
        shapes = seen[name].values()
        assert all(shape.is_valid and not shape.is_empty for shape in shapes)
        assert sum(shapely.get_num_coordinates(shape) for shape in shapes) <= 4500
        points = np.concatenate([shapely.get_coordinates(shape) for shape in shapes])
        np.testing.assert_allclose(points, points.round(1), atol=1e-9)

    def test_shapes_lie_on_the_body(self, seen: dict[str, Shapes], name: str) -> None:
        buffer = view.look(name)
        silhouette = buffer.region(0.5 - buffer.mask.astype(float)).buffer(1.0)
        assert [key for key, shape in seen[name].items() if not silhouette.contains(shape)] == []

    def test_only_the_right_half_is_painted(self, seen: dict[str, Shapes], name: str) -> None:
        if name == "right":
            return
        x = np.concatenate([shapely.get_coordinates(shape)[:, 0] for shape in seen[name].values()])
        assert (x >= 0).all() if name == "posterior" else (x <= 0).all()

    def test_no_overlaps(self, seen: dict[str, Shapes], name: str) -> None:
        for (one, a), (other, b) in combinations(seen[name].items(), 2):
            shared = a.intersection(b).area if a.intersects(b) else 0.0
            assert shared <= 0.01 * min(a.area, b.area), (one, other)

    def test_no_holes(self, seen: dict[str, Shapes], name: str) -> None:
        whole = view.polygons(shapely.union_all(list(seen[name].values())).buffer(0.05))
        holes = [shapely.Polygon(ring).area for part in whole.geoms for ring in part.interiors]
        assert max(holes, default=0.0) < 100

    def test_all_skin_of_the_right_half_is_covered(self, seen: dict[str, Shapes], name: str) -> None:
        buffer = view.look(name)
        skin = buffer.sample(buffer.body.standing, outside=np.nan)
        rows, columns = np.nonzero(skin[..., 0] < 0)
        points = (np.stack([columns, rows], 1) + 0.5) / view.PIXELS_PER_MM + buffer.origin
        covered = shapely.union_all(list(seen[name].values())).buffer(1.0)
        shapely.prepare(covered)
        assert shapely.contains_xy(covered, *points[::7].T).mean() > 0.998

    def test_patches_are_no_specks(self, seen: dict[str, Shapes], name: str) -> None:
        assert min(part.area for shape in seen[name].values() for part in shape.geoms) > 0.8 * label_image.SPECK


@pytest.mark.parametrize(
    ("name", "down"),
    [
        ("posterior", "thoracic_lower thoracolumbar lumbar lumbosacral sacral coccygeal perineal_anal"),
        ("posterior", "lower_ribs_posterior flank iliac_crest_lateral gluteal_lateral trochanteric"),
        ("posterior", "iliac_crest_posterior gluteal_upper gluteal_mid gluteal_lower thigh_posterior_upper"),
        ("posterior", "thigh_posterior_upper thigh_posterior_lower knee_posterior calf_upper calf_lower achilles heel"),
        ("anterior", "epigastric abdomen_mid abdomen_lower pubic genital"),
        ("anterior", "iliac_crest_lateral hip_anterior thigh_anterior_upper thigh_anterior_lower knee_anterior"),
        ("anterior", "knee_anterior leg_anterior ankle_anterior foot_dorsum great_toe"),
        ("right", "flank iliac_crest_lateral gluteal_lateral trochanteric thigh_lateral_upper thigh_lateral_lower"),
        ("right", "knee_lateral leg_lateral_upper leg_lateral_lower ankle_lateral heel"),
        ("posterior", "vertex occiput neck_posterior thoracic_upper thoracic_lower"),
        ("posterior", "shoulder_top scapular lower_ribs_posterior"),
        ("posterior", "shoulder_top shoulder_posterior arm_posterior forearm_dorsal wrist hand_dorsal"),
        ("anterior", "vertex forehead eye_orbit cheek jaw_teeth neck_anterior chest_anterior epigastric"),
        ("anterior", "shoulder_top shoulder_anterior arm_anterior elbow_anterior forearm_volar wrist hand_palmar"),
        ("anterior", "shoulder_lateral arm_lateral elbow_lateral forearm_radial hand_radial"),
        ("anterior", "axilla arm_medial elbow_medial forearm_ulnar hand_ulnar"),
        ("right", "vertex temple ear neck_lateral shoulder_top axilla chest_lateral flank"),
    ],
)
def test_order_from_top_to_bottom(centre: dict[str, dict[str, shapely.Point]], name: str, down: str) -> None:
    for upper, lower in pairwise(down.split()):
        assert centre[name][upper].y < centre[name][lower].y, (upper, lower)


@pytest.mark.parametrize(
    ("name", "outwards"),
    [
        ("posterior", "lumbar flank"),
        ("posterior", "lumbosacral iliac_crest_posterior iliac_crest_lateral"),
        ("posterior", "sacral sacroiliac gluteal_upper gluteal_lateral"),
        ("posterior", "coccygeal gluteal_cleft_border gluteal_lower hip_posterior trochanteric"),
        ("posterior", "thigh_medial_lower thigh_posterior_lower thigh_lateral_lower"),
        ("posterior", "ankle_medial achilles ankle_lateral"),
        ("anterior", "epigastric abdomen_upper"),
        ("anterior", "pubic groin hip_anterior gluteal_lateral"),
        ("anterior", "thigh_medial_upper thigh_anterior_upper thigh_lateral_upper"),
        ("anterior", "knee_medial knee_anterior knee_lateral"),
        ("anterior", "great_toe lesser_toes"),
        ("anterior", "forehead temple ear"),
        ("anterior", "neck_anterior neck_lateral shoulder_top"),
        ("anterior", "chest_anterior chest_lateral axilla shoulder_anterior shoulder_lateral"),
        ("anterior", "arm_medial arm_anterior arm_lateral"),
        ("anterior", "elbow_medial elbow_anterior elbow_lateral"),
        ("anterior", "forearm_ulnar forearm_volar forearm_radial"),
        ("anterior", "hand_ulnar hand_palmar hand_radial"),
        ("posterior", "thoracic_upper scapular_medial_border scapular shoulder_posterior shoulder_lateral"),
        ("posterior", "hand_ulnar hand_dorsal hand_radial"),
    ],
)
def test_order_from_midline_outwards(centre: dict[str, dict[str, shapely.Point]], name: str, outwards: str) -> None:
    for inner, outer in pairwise(outwards.split()):
        assert abs(centre[name][inner].x) < abs(centre[name][outer].x), (inner, outer)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("posterior", "lumbar", "lumbosacral"),
        ("posterior", "lumbosacral", "sacral"),
        ("posterior", "sacral", "sacroiliac"),
        ("posterior", "sacral", "coccygeal"),
        ("posterior", "iliac_crest_posterior", "sacroiliac"),
        ("posterior", "iliac_crest_posterior", "iliac_crest_lateral"),
        ("posterior", "iliac_crest_posterior", "gluteal_upper"),
        ("posterior", "gluteal_upper", "gluteal_mid"),
        ("posterior", "gluteal_mid", "gluteal_lower"),
        ("posterior", "hip_posterior", "gluteal_lower"),
        ("posterior", "gluteal_lower", "thigh_posterior_upper"),
        ("right", "trochanteric", "gluteal_lateral"),
        ("right", "trochanteric", "hip_posterior"),
        ("right", "trochanteric", "thigh_lateral_upper"),
        ("anterior", "groin", "abdomen_lower"),
        ("anterior", "groin", "hip_anterior"),
        ("anterior", "groin", "pubic"),
        ("posterior", "occiput", "neck_posterior"),
        ("posterior", "neck_posterior", "thoracic_upper"),
        ("posterior", "thoracic_upper", "scapular_medial_border"),
        ("posterior", "scapular_medial_border", "scapular"),
        ("posterior", "scapular", "shoulder_posterior"),
        ("posterior", "scapular", "shoulder_top"),
        ("right", "temple", "ear"),
        ("right", "jaw_teeth", "neck_anterior"),
        ("right", "axilla", "chest_lateral"),
        ("right", "shoulder_lateral", "arm_lateral"),
        ("right", "elbow_lateral", "forearm_radial"),
        ("anterior", "shoulder_anterior", "chest_anterior"),
        ("anterior", "chest_anterior", "abdomen_upper"),
        ("anterior", "wrist", "hand_palmar"),
    ],
)
def test_neighbours_share_a_border(seen: dict[str, Shapes], name: str, one: str, other: str) -> None:
    shared = seen[name][one].intersection(seen[name][other])
    assert shared.length > 5


@pytest.mark.parametrize(
    ("name", "region", "landmark"),
    [
        ("posterior", "sacroiliac", "psis.r"),
        ("posterior", "lumbar", "l2"),
        ("posterior", "lumbar", "l3"),
        ("posterior", "lumbar", "l4"),
        ("posterior", "lumbosacral", "l5"),
        ("posterior", "thoracolumbar", "t12"),
        ("posterior", "iliac_crest_lateral", "iliac_crest_top.r"),
        ("posterior", "coccygeal", "sacral_apex"),
        ("right", "trochanteric", "greater_trochanter.r"),
        ("right", "iliac_crest_lateral", "iliac_crest_top.r"),
        ("right", "iliac_crest_lateral", "iliac_crest_lateral.r"),
        ("right", "iliac_crest_lateral", "asis.r"),
        ("anterior", "iliac_crest_lateral", "asis.r"),
        ("anterior", "abdomen_mid", "navel"),
        ("anterior", "pubic", "pubic_tubercle.r"),
        ("anterior", "knee_anterior", "knee_line.r"),
        ("posterior", "knee_posterior", "popliteal_crease.r"),
        ("right", "knee_lateral", "lateral_epicondyle.r"),
        ("posterior", "vertex", "vertex"),
    ],
)
def test_landmarks_lie_in_their_regions(seen: dict[str, Shapes], name: str, region: str, landmark: str) -> None:
    assert seen[name][region].buffer(1.0).contains(shapely.Point(landmarks.projected(name)[landmark]))


def test_crest_strip_is_about_as_wide_as_promised(seen: dict[str, Shapes]) -> None:
    crest = seen["right"]["iliac_crest_lateral"]
    x, _ = landmarks.projected("right")["iliac_crest_top.r"]
    column = crest.intersection(shapely.LineString([(x, 500), (x, 900)]))
    assert 33 <= column.length <= 45


@pytest.mark.parametrize(
    ("region", "joint"),
    [
        ("elbow_anterior", "elbow"),
        ("wrist", "hand"),
        ("hand_palmar", "finger-3-1"),
        ("hand_palmar", "finger-3-3"),
        ("hand_radial", "finger-1-3"),
        ("hand_radial", "finger-2-3"),
        ("hand_ulnar", "finger-4-3"),
        ("hand_ulnar", "finger-5-1"),
        ("eye_orbit", "eye"),
    ],
)
def test_joints_lie_behind_their_regions(seen: dict[str, Shapes], region: str, joint: str) -> None:
    centre = view.look("anterior").body.joints[f"r-{joint}"]
    assert seen["anterior"][region].contains(shapely.Point(view.project(centre, "anterior")[0]))


def test_the_raised_arm_carries_its_paint(seen: dict[str, Shapes]) -> None:
    forward = {name: shape.centroid.x for name, shape in seen["right"].items()}
    along = ("shoulder_posterior", "arm_lateral", "elbow_lateral", "forearm_radial", "wrist", "hand_radial")
    for nearer, farther in pairwise(along):
        assert forward[nearer] < forward[farther], (nearer, farther)


def test_the_far_side_carries_no_region() -> None:
    points = view.look("right").body.standing
    assert (regions.label(points[points[:, 0] > 0]) == -1).all()


def test_all_skin_of_the_near_side_has_a_region() -> None:
    points = view.look("right").body.standing
    assert (regions.label(points[points[:, 0] <= 0]) >= 0).all()


def test_only_hands_see_both_sides_of_the_middle_finger(seen: dict[str, Shapes]) -> None:
    assert "hand_dorsal" not in seen["anterior"]
    assert "hand_palmar" not in seen["posterior"]


def test_nothing_of_the_skull_lies_below_the_jaw_or_on_the_trunk(seen: dict[str, Shapes]) -> None:
    for name in PAINTED_VIEWS:
        for region in ("vertex", "forehead", "temple", "eye_orbit", "ear", "cheek", "jaw_teeth", "occiput"):
            if region in seen[name]:
                assert seen[name][region].bounds[3] < 225, (name, region)


def test_vocabulary_names_every_region() -> None:
    words = content.table("vocabulary")
    assert words.keys() == regions.TITLES.keys()
    assert len({row["name"] for row in words.values()}) == len(words)


def test_specks_go_to_the_region_beside_them() -> None:
    labels = np.full((60, 60), -1)
    labels[5:55, 5:55] = 0
    labels[20:24, 20:24] = 1
    labels[57:59, 57:59] = 2
    clean = label_image.without_specks(labels)
    assert (clean[20:24, 20:24] == 0).all()
    assert 1 not in clean
    assert (clean[57:59, 57:59] != 2).all()


def test_a_traced_coverage_has_shared_borders() -> None:
    labels = np.full((80, 120), -1)
    labels[10:70, 10:60] = 3
    labels[10:70, 60:110] = 7
    labels[25:55, 40:80] = 5
    traced = label_image.trace(labels, (0.0, 0.0))
    assert sorted(traced) == [3, 5, 7]
    assert shapely.coverage_is_valid(list(traced.values()))
    assert sum(shape.area for shape in traced.values()) == pytest.approx(60 * 100 / view.PIXELS_PER_MM**2, rel=0.02)
