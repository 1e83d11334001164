"""Bones as they are drawn: which view shows which, that they lie on landmarks and in the body, and their size."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely

from trigpoint.atlas import load_atlas
from trigpoint.atlas.structures import Structure
from trigpoint.atlas.views import mirror

ATLAS = load_atlas()
VIEWS = ("anterior", "posterior", "right")
NEAR = 16.0  # mm
SPINE = {f"vertebra_{region}{n}" for region, count in (("c", 7), ("t", 12), ("l", 5)) for n in range(1, count + 1)}
LIMBS = {
    "femur",
    "patella",
    "tibia",
    "fibula",
    "talus",
    "calcaneus",
    "humerus",
    "radius",
    "ulna",
    "scapula",
    "clavicle",
}
RIBS = {f"rib_{number}" for number in range(1, 13)}
AXIS = {"sacrum", "coccyx", "sternum", "manubrium", "occipital", "mandible", "frontal"}
HAND = {f"metacarpal_{n}" for n in range(1, 6)} | {
    f"finger_{n}_{row}" for n in range(2, 6) for row in ("proximal", "distal")
}
FOOT = {f"metatarsal_{n}" for n in range(1, 6)} | {
    f"toe_{n}_{row}" for n in range(2, 6) for row in ("proximal", "distal")
}
ON = {  # landmark: bone that carries it
    **{f"l{number}": f"vertebra_l{number}" for number in range(1, 6)},
    "t12": "vertebra_t12",
    "iliac_crest_top": "hip_bone",
    "iliac_crest_lateral": "hip_bone",
    "asis": "hip_bone",
    "psis": "hip_bone",
    "ischial_tuberosity": "hip_bone",
    "pubic_tubercle": "hip_bone",
    "greater_trochanter": "femur",
    "lateral_epicondyle": "femur",
    "medial_epicondyle": "femur",
    "coccyx_tip": "coccyx",
}


def bone(name: str, view: str) -> Structure:
    return ATLAS.structure(name, view=view)


def shown(view: str) -> dict[str, Structure]:
    found = {name: bone(name, view) for name in ATLAS.structures["bone"]}
    return {name: one for name, one in found.items() if not one.is_empty}


def test_the_whole_skeleton_is_there() -> None:
    assert set(ATLAS.structures["bone"]) >= SPINE | LIMBS | RIBS | AXIS | HAND | FOOT | {"hip_bone"}
    assert len(ATLAS.structures["bone"]) >= 150


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_shows_most_bones(view: str) -> None:
    seen = set(shown(view))
    assert seen >= {"hip_bone", "femur", "tibia", "scapula", "humerus", "rib_9", "vertebra_l3"}


def test_every_bone_has_a_name() -> None:
    titles = {name: bone(name, view).title for view in VIEWS for name in shown(view)}
    assert all(titles.values())
    assert len(set(titles.values())) == len(titles)
    assert titles["rib_12"] == "Rib 12"
    assert titles["vertebra_c1"] == "Vertebra C1"
    assert titles["finger_2_middle"] == "Middle phalanx of finger 2"
    assert titles["disc_l4"] == "Disc below vertebra L4"


@pytest.mark.parametrize("view", VIEWS)
def test_bones_are_light_and_have_two_steps_of_shade(view: str) -> None:
    found = shown(view)
    corners = {name: sum(map(shapely.get_num_coordinates, (one.rim, *one.tones))) for name, one in found.items()}
    assert max(corners.values()) <= 900
    assert sum(corners.values()) <= 16000
    large = [one for one in found.values() if one.rim.area > 400]
    assert sum(len(one.tones) == 2 for one in large) > 0.8 * len(large)


@pytest.mark.parametrize("view", VIEWS)
def test_bones_are_valid_and_stay_in_the_body(view: str) -> None:
    body = ATLAS.outline("neutral", view).silhouette
    for name, one in shown(view).items():
        assert one.rim.is_valid, name
        assert one.rim.difference(body).area < 0.5, name
        assert all(tone.difference(one.rim.buffer(0.1)).area < 0.5 for tone in one.tones), name


@pytest.mark.parametrize("view", VIEWS)
def test_landmarks_lie_on_their_bones(view: str) -> None:
    places = ATLAS.outline("neutral", view).landmarks
    for name, carrier in ON.items():
        at = places.get(f"{name}.r", places.get(name))
        if at is not None and not bone(carrier, view).is_empty:
            assert bone(carrier, view).rim.distance(shapely.Point(at)) < NEAR, name


def test_paired_bones_are_the_patients_right() -> None:
    for name in sorted({"hip_bone", *LIMBS, *RIBS} - {"patella"}):
        assert bone(name, "posterior").rim.centroid.x > 15, name
    assert bone("femur", "anterior").rim.bounds[2] < 0
    assert bone("patella", "anterior").rim.bounds[2] < 0


def test_bones_of_the_midline_lie_on_it() -> None:
    for name in ("sacrum", "vertebra_l3", "vertebra_t6", "sternum"):
        for view in ("anterior", "posterior"):
            if not bone(name, view).is_empty and name != "sternum":
                left, _, right, _ = bone(name, view).rim.bounds
                assert abs(left + right) < 8, (name, view)


def test_left_is_the_mirror_of_right() -> None:
    assert ATLAS.structure("femur", view="left", side="left").rim.equals(mirror(bone("femur", "right").rim))


@pytest.mark.parametrize("view", VIEWS)
def test_no_bone_runs_through_another(view: str) -> None:
    rims = {name: one.rim for name, one in shown(view).items()}
    for one, other in itertools.combinations(sorted(rims), 2):
        overlap = rims[one].intersection(rims[other]).area
        assert overlap < max(8.0, 0.06 * min(rims[one].area, rims[other].area)), (one, other)


@pytest.mark.parametrize(
    ("name", "view", "wide", "high"),
    [
        ("hip_bone", "posterior", (105, 150), (180, 235)),
        ("hip_bone", "right", (115, 170), (175, 235)),
        ("sacrum", "posterior", (80, 118), (80, 125)),
        ("femur", "posterior", (70, 130), (400, 480)),
        ("patella", "anterior", (32, 52), (32, 56)),
        ("vertebra_l3", "posterior", (65, 104), (30, 66)),
        ("rib_12", "posterior", (30, 120), (30, 125)),
        ("scapula", "posterior", (70, 125), (110, 190)),
        ("humerus", "posterior", (60, 150), (270, 340)),
        ("tibia", "anterior", (40, 90), (340, 420)),
    ],
)
def test_sizes_are_those_of_an_adult(name: str, view: str, wide: tuple[int, int], high: tuple[int, int]) -> None:
    left, top, right, bottom = bone(name, view).rim.bounds
    assert wide[0] < right - left < wide[1]
    assert high[0] < bottom - top < high[1]


def test_independent_proportions_hold_for_the_drawn_bones() -> None:
    """One adult body from imaging, in units of crest top to knee line; see the landmarks' own test."""
    hip, femur = bone("hip_bone", "posterior").rim.bounds, bone("femur", "posterior").rim.bounds
    places = ATLAS.outline("neutral", "posterior").landmarks
    right = ATLAS.outline("neutral", "right").landmarks
    middle = float(np.mean([right["asis.r"][1], right["psis.r"][1]]))
    unit = places["knee_line.r"][1] - places["iliac_crest_top.r"][1]

    def up(y: float) -> float:
        return (middle - y) / unit

    assert up(hip[1]) == pytest.approx(0.103, abs=0.03)
    assert up(hip[3]) == pytest.approx(-0.266, abs=0.03)
    assert up(femur[3]) == pytest.approx(-0.897, abs=0.035)
    assert hip[2] / unit == pytest.approx(0.234, abs=0.04)
    assert femur[2] / unit == pytest.approx(0.254, abs=0.05)


@pytest.mark.parametrize("body", [body for body in ATLAS.bodies if body != "neutral"])
def test_bones_stay_in_other_bodies(body: str) -> None:
    for view in VIEWS:
        skin = ATLAS.outline(body, view).silhouette
        for name in ("hip_bone", "femur", "rib_9", "scapula", "radius", "talus", "mandible"):
            one = ATLAS.structure(name, view=view, body=body)
            assert one.rim.difference(skin).area < 0.5, (name, view)
