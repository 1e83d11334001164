"""Landmarks: order, depth under the skin, symmetry, and agreement with independent proportions."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy")
pytest.importorskip("contourpy")

from authoring.body import landmarks, view
from authoring.body.skin import build

pytestmark = pytest.mark.slow

# One adult body from imaging, as (beside the midline, up, behind).
# Origin: mean of both ASIS and both PSIS; unit: crest top to knee line.
INDEPENDENT = {
    "iliac_crest_top": (0.171, 0.103, 0.020),
    "iliac_crest_lateral": (0.234, 0.033, -0.062),
    "asis": (0.209, -0.011, -0.123),
    "psis": (0.079, 0.012, 0.123),
    "greater_trochanter": (0.221, -0.160, 0.012),
    "ischial_tuberosity": (0.073, -0.266, 0.031),
    "pubic_tubercle": (0.031, -0.178, -0.122),
    "rib12_tip": (0.141, 0.181, 0.038),
    "coccyx_tip": (0.0, -0.211, 0.099),
    "l1": (0.0, 0.238, 0.093),
    "l2": (0.0, 0.177, 0.085),
    "l3": (0.0, 0.133, 0.085),
    "l4": (0.0, 0.092, 0.086),
    "l5": (0.0, 0.054, 0.094),
    "t12": (0.0, 0.288, 0.104),
    "c7": (0.0, 0.845, 0.105),
}


@pytest.fixture(scope="module")
def found() -> dict[str, np.ndarray]:
    return landmarks.standing()


@pytest.fixture(scope="module")
def skin() -> landmarks.Skin:
    return landmarks.Skin(build())


def test_every_landmark_is_found_and_titled(found: dict[str, np.ndarray]) -> None:
    assert list(found) == list(landmarks.TITLES)
    assert len({landmarks.TITLES[name] for name in found}) == len(found)
    assert all(landmark.rule for landmark in landmarks.TABLE)


def test_heights_follow_the_skeleton(found: dict[str, np.ndarray]) -> None:
    down = [
        "vertex",
        "c7",
        "t12",
        "l1",
        "l2",
        "l3",
        "l4",
        "l5",
        "psis.r",
        "sacral_apex",
        "coccyx_tip",
        "gluteal_fold.r",
    ]
    down += ["popliteal_crease.r", "lateral_epicondyle.r", "knee_line.r", "fibular_head.r"]
    heights = [found[name][1] for name in down]
    assert heights == sorted(heights, reverse=True)
    assert found["ischial_tuberosity.r"][1] > found["gluteal_fold.r"][1]


def test_levels_that_clinicians_use(found: dict[str, np.ndarray]) -> None:
    assert found["iliac_crest_top.r"][1] == pytest.approx(found["l4"][1], abs=1)
    assert abs(found["asis.r"][1] - found["psis.r"][1]) < 25
    assert abs(found["navel"][1] - found["l4"][1]) < 20
    assert found["pubic_tubercle.r"][2] == pytest.approx(found["asis.r"][2])


def test_left_mirrors_right(found: dict[str, np.ndarray]) -> None:
    for name, point in found.items():
        if name.endswith(".r"):
            assert point[0] < 0
            np.testing.assert_array_equal(found[name[:-2] + ".l"], point * [-1, 1, 1])
        elif not name.endswith(".l"):
            assert point[0] == 0


@pytest.mark.parametrize(
    ("name", "towards", "low", "high"),
    [
        *((f"l{number}", landmarks.BACK, 7, 13) for number in range(1, 6)),
        ("t12", landmarks.BACK, 7, 12),
        ("psis.l", landmarks.BACK, 5, 10),
        ("asis.l", landmarks.FRONT, 8, 20),
        ("greater_trochanter.l", landmarks.OUT, 15, 22),
        ("iliac_crest_lateral.l", landmarks.OUT, 8, 13),
        ("sacral_apex", landmarks.BACK, 8, 15),
    ],
)
def test_depth_under_the_skin(
    found: dict[str, np.ndarray], skin: landmarks.Skin, name: str, towards: np.ndarray, low: float, high: float
) -> None:
    point = found[name] + [0.01, 0, 0]
    assert low <= np.linalg.norm(skin.hit(point, towards)[0] - point) <= high


def test_all_lie_in_the_silhouette(found: dict[str, np.ndarray]) -> None:
    buffer = view.look("posterior")
    at = np.round(buffer.pixel(np.array([point for name, point in found.items() if name != "vertex"]))).astype(int)
    assert buffer.mask[at[:, 1], at[:, 0]].all()


def test_independent_proportions(found: dict[str, np.ndarray]) -> None:
    origin = sum(found[f"{name}.{side}"] for name in ("asis", "psis") for side in "lr") / 4
    unit = found["iliac_crest_top.l"][1] - found["knee_line.l"][1]
    for name, expected in INDEPENDENT.items():
        beside, up, front = (found.get(name, found.get(f"{name}.l")) - origin) / unit
        assert (beside, up, -front) == pytest.approx(expected, abs=0.06), name


def test_a_view_shows_what_can_be_seen_there() -> None:
    posterior, right = landmarks.projected("posterior"), landmarks.projected("right")
    assert posterior["psis.r"][0] > 0 > posterior["psis.l"][0]
    assert "navel" not in posterior
    assert "psis.r" in right
    assert "psis.l" not in right
    assert landmarks.projected("anterior")["asis.r"][0] < 0
    left = landmarks.projected("left")
    assert left["l4"] == (-right["l4"][0], right["l4"][1])
    assert left["asis.l"] == (-right["asis.r"][0], right["asis.r"][1])


def test_a_ray_that_leaves_the_body_is_refused(skin: landmarks.Skin) -> None:
    with pytest.raises(ValueError, match="no skin"):
        skin.hit(np.array([0.0, 1690.0, 900.0]), landmarks.FRONT)
