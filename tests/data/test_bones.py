"""Bones: which view shows which, that they lie on landmarks and in the body, that sizes and overlaps are possible."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
import shapely

pytest.importorskip("scipy", reason="the authoring extra is not installed")
pytest.importorskip("contourpy", reason="the authoring extra is not installed")

from authoring.body import bone_mesh, landmarks
from authoring.body.view import project
from authoring.drawing.artwork import silhouette
from authoring.painting import bones, places, skeleton
from trigpoint.atlas.outline_writer import format_outline
from trigpoint.atlas.outlines import Outline, mirror

pytestmark = pytest.mark.slow

VIEWS = ("anterior", "posterior", "right")
MIDLINE = {"sacrum", "coccyx", *bones.SPINE}
PAIRED = {"hip_bone", "femur", "tibia", "fibula", *bones.RIBS}
SHOWN = {
    "anterior": MIDLINE | PAIRED | {"patella"},
    "posterior": MIDLINE | PAIRED,
    "right": (MIDLINE | PAIRED | {"patella"}) - {"vertebra_l5"},  # behind the wing of the ilium
}
ON = {  # landmark: bone that carries it
    **{f"l{number}": f"vertebra_l{number}" for number in range(1, 6)},
    "t12": "vertebra_t12",
    "rib12_tip": "rib_12",
    "iliac_crest_top": "hip_bone",
    "iliac_crest_lateral": "hip_bone",
    "asis": "hip_bone",
    "psis": "hip_bone",
    "pubic_tubercle": "hip_bone",
    "ischial_tuberosity": "hip_bone",
    "sacral_apex": "coccyx",
    "coccyx_tip": "coccyx",
    "greater_trochanter": "femur",
    "lateral_epicondyle": "femur",
    "medial_epicondyle": "femur",
    "fibular_head": "fibula",
}
CONTOUR = {  # views in which the landmark is on the contour of its bone, not before or behind it
    "iliac_crest_top": VIEWS,
    "iliac_crest_lateral": VIEWS,
    "asis": ("right",),
    "psis": ("right",),
    "pubic_tubercle": ("right",),
    "ischial_tuberosity": ("posterior", "right"),
    "greater_trochanter": ("anterior", "posterior"),
    "lateral_epicondyle": ("anterior", "posterior"),
    "medial_epicondyle": ("anterior", "posterior"),
    "fibular_head": ("anterior", "posterior"),
    "rib12_tip": ("posterior", "right"),
    "coccyx_tip": ("posterior", "right"),
    **dict.fromkeys(("t12", "l1", "l2", "l3", "l4", "l5", "sacral_apex"), ("right",)),
}
NEAR = 6.0  # mm


def _vertices(shape: shapely.Geometry) -> int:
    return int(shapely.get_num_coordinates(shape))


@pytest.fixture(params=VIEWS)
def view(request: pytest.FixtureRequest) -> str:
    return request.param


def test_each_view_shows_its_bones(view: str) -> None:
    assert set(bones.shapes(view)) == SHOWN[view]
    assert {key.removesuffix(bones.LINES) for key in bones.details(view)} <= SHOWN[view]


def test_every_bone_has_words() -> None:
    named = {key for view in VIEWS for key in (*bones.shapes(view), *bones.details(view))}
    assert named <= set(bones.TITLES)
    assert len(set(bones.TITLES.values())) == len(bones.TITLES)
    assert set(bones.SOURCES) == set(skeleton.table())
    assert not set(skeleton.table()) & {*landmarks.TITLES, *(row.name for row in landmarks.TABLE)}


def test_paired_and_midline_bones_are_told_apart() -> None:
    paired = {bone for bone, row in skeleton.table().items() if row.get("paired")}
    assert paired == PAIRED | {"patella"}
    assert set(skeleton.table()) == paired | MIDLINE


def test_bones_are_light(view: str) -> None:
    shapes, lines = bones.shapes(view), bones.details(view)
    assert max(map(_vertices, shapes.values())) <= 250
    assert sum(map(_vertices, (*shapes.values(), *lines.values()))) <= 2000


def test_bones_are_valid_and_stay_in_the_body(view: str) -> None:
    body = silhouette(view).buffer(0.1)
    for bone, shape in bones.shapes(view).items():
        assert shape.is_valid, bone
        assert shape.area > 40, bone
        assert shape.difference(body).area < 1.0, bone


def test_inner_lines_stay_in_their_bones(view: str) -> None:
    for key, lines in bones.details(view).items():
        shape = bones.shapes(view)[key.removesuffix(bones.LINES)]
        assert lines.difference(shape).area < 0.5, key


def test_landmarks_lie_on_their_bones(view: str) -> None:
    places_shown = landmarks.projected(view)
    for name, bone in ON.items():
        at = places_shown.get(f"{name}.r", places_shown.get(name))
        if at is None:
            continue
        shape = bones.whole(bone, view)
        assert shape.distance(shapely.Point(at)) < NEAR, name
        if view in CONTOUR[name]:
            assert shape.boundary.distance(shapely.Point(at)) < NEAR, name


def test_bones_of_the_midline_are_even() -> None:
    for view, bone in itertools.product(("anterior", "posterior"), MIDLINE):
        shape = bones.shapes(view)[bone]
        assert shape.symmetric_difference(mirror(shape)).area < 0.1, (view, bone)


def test_paired_bones_are_the_patients_right() -> None:
    for bone in PAIRED:
        assert bones.shapes("posterior")[bone].bounds[0] > 0, bone
        assert bones.shapes("anterior")[bone].bounds[2] < 0, bone


def test_left_is_the_mirror_of_right() -> None:
    for of in (bones.shapes, bones.details):
        right, left = of("right"), of("left")
        assert set(right) == set(left)
        assert all(left[key].equals(mirror(right[key])) for key in right)
    assert bones.whole("femur", "left").equals(mirror(bones.whole("femur", "right")))


def test_no_bone_runs_through_another(view: str) -> None:
    shapes = bones.shapes(view)
    for one, other in itertools.combinations(sorted(shapes), 2):
        assert shapes[one].intersection(shapes[other]).area < 4.0, (one, other)


def test_only_neighbours_overlap_when_seen_from_behind() -> None:
    shapes = {bone: bones.whole(bone, "posterior") for bone in SHOWN["posterior"]}
    touching = {
        tuple(sorted((one, other)))
        for one, other in itertools.combinations(shapes, 2)
        if shapes[one].intersection(shapes[other]).area > 20.0
    }
    assert ("femur", "hip_bone") in touching
    assert not [pair for pair in touching if "femur" in pair and not {"hip_bone", "tibia"} & set(pair)]
    joint = shapes["femur"].intersection(shapes["hip_bone"])
    centre = shapely.Point(project(places.place("hip_centre"), "posterior")[0])
    assert joint.hausdorff_distance(centre) < 45.0
    levels = [f"vertebra_{level}" for level in ("t9", "t10", "t11", "t12", "l1", "l2", "l3", "l4", "l5")]
    for one, other in itertools.combinations(levels, 2):
        if abs(levels.index(one) - levels.index(other)) > 1:
            assert tuple(sorted((one, other))) not in touching


def test_the_pelvis_has_its_openings() -> None:
    for view in ("anterior", "posterior"):
        hip, sacrum = bones.whole("hip_bone", view), bones.whole("sacrum", view)
        (foramen,) = [shapely.Polygon(ring) for part in hip.geoms for ring in part.interiors]
        assert 500 < foramen.area < 1400
        assert sum(len(part.interiors) for part in sacrum.geoms) == 8
    assert sum(len(part.interiors) for part in bones.whole("hip_bone", "right").geoms) == 1


@pytest.mark.parametrize(
    ("bone", "view", "wide", "high"),
    [
        ("hip_bone", "posterior", (118, 140), (195, 225)),
        ("hip_bone", "right", (130, 165), (195, 225)),
        ("sacrum", "posterior", (98, 118), (90, 120)),
        ("coccyx", "posterior", (18, 32), (32, 52)),
        ("femur", "posterior", (85, 115), (410, 460)),
        ("patella", "anterior", (38, 50), (42, 54)),
        ("vertebra_l3", "posterior", (80, 104), (34, 62)),
        ("vertebra_l3", "right", (65, 90), (32, 56)),
        ("rib_12", "posterior", (50, 75), (80, 125)),
    ],
)
def test_sizes_are_those_of_an_adult(bone: str, view: str, wide: tuple[int, int], high: tuple[int, int]) -> None:
    left, top, right, bottom = bones.whole(bone, view).bounds
    assert wide[0] < right - left < wide[1]
    assert high[0] < bottom - top < high[1]


def test_independent_proportions_hold_for_the_drawn_bones() -> None:
    """One adult body from imaging, in units of crest top to knee line; see the landmarks' own test."""
    found = landmarks.standing()
    middle = float(np.mean([found[name][1] for name in ("asis.r", "psis.r")]))
    unit = found["iliac_crest_top.r"][1] - found["knee_line.r"][1]

    def up(y: float) -> float:
        return (1700.0 - y - middle) / unit

    hip, femur = bones.whole("hip_bone", "posterior").bounds, bones.whole("femur", "posterior").bounds
    assert up(hip[1]) == pytest.approx(0.103, abs=0.03)
    assert up(hip[3]) == pytest.approx(-0.266, abs=0.03)
    assert up(femur[1]) == pytest.approx(-0.159 + 0.045, abs=0.03)  # the head's top
    assert up(femur[3]) == pytest.approx(-0.897, abs=0.03)
    assert hip[2] / unit == pytest.approx(0.234, abs=0.03)
    assert femur[2] / unit == pytest.approx(0.254, abs=0.05)


def test_muscle_and_bone_fit() -> None:
    """Gluteus medius starts under the crest and ends on the greater trochanter."""
    crest = shapely.LineString(project(np.array([places.crest(share) for share in np.linspace(0, 1, 40)]), "right"))
    assert crest.distance(bones.whole("hip_bone", "right").boundary) < NEAR
    assert max(bones.whole("hip_bone", "right").distance(shapely.Point(at)) for at in crest.coords) < NEAR


def test_subdivision_of_an_octahedron_tends_to_a_ball() -> None:
    points = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], float)
    triangles = np.array([[a, b, c] for a in (0, 1) for b in (2, 3) for c in (4, 5)])
    mesh = points, triangles
    for _ in range(3):
        mesh = bone_mesh.subdivided(mesh)
    assert len(mesh[1]) == 8 * 4**3
    radius = np.linalg.norm(mesh[0], axis=1)
    assert radius.max() / radius.min() < 1.25


def test_an_open_border_stays_where_it_is() -> None:
    flat = np.array([[0, 0, 0], [4, 0, 0], [0, 4, 0]], float), np.array([[0, 1, 2]])
    points, triangles = bone_mesh.subdivided(flat)
    assert points[:3].tolist() == flat[0].tolist()
    assert len(triangles) == 4


def test_fitted_places_meet() -> None:
    rng = np.random.default_rng(5)
    start, goal = rng.normal(size=(7, 3)), rng.normal(size=(7, 3))
    assert bone_mesh.fitted(start, start, goal) == pytest.approx(goal, abs=1e-6)


def test_a_similarity_needs_no_spline() -> None:
    rng = np.random.default_rng(6)
    start = rng.normal(size=(6, 3))
    turn = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1.0]])
    others = rng.normal(size=(4, 3))
    moved = bone_mesh.fitted(others, start, 2 * start @ turn.T + [1, 2, 3])
    assert moved == pytest.approx(2 * others @ turn.T + [1, 2, 3], abs=1e-6)


def test_bones_are_written_in_their_group() -> None:
    shapes = bones.shapes("right") | bones.details("right")
    outline = Outline("neutral", "right", (-300, -20, 600, 1740), silhouette("right"), bones=shapes, titles=_titles())
    text = format_outline(outline)
    assert '<g id="bones"' in text
    assert '<path id="hip_bone.lines"' in text
    assert "<title>Rib 12</title>" in text


def _titles() -> dict[str, str]:
    return bones.TITLES | {"silhouette.1": "Outline of the body"}


def test_the_texts_say_where_every_bone_comes_from():
    root = Path(__file__).resolve().parents[2]
    told = (root / "assets" / "README.md").read_text("utf-8")
    for bone, row in skeleton.table().items():
        mesh = f"`{row['mesh']}.stl`" if "mesh" in row else "none: our own drawing"
        assert f"| `{bone}` | {mesh}" in told
    for text in (told, (root / "NOTICE").read_text("utf-8")):
        assert re.search(rf"{skeleton.MYO_SIM.name}\S* {re.escape(skeleton.MYO_SIM.version)}", text)
    assert skeleton.MYO_SIM.sha256 in told
