"""Landmarks by rule on the bones of the archive, in its own pose (the patient's right, x < 0).

Each rule is one line beside its name: the point of a bone farthest along a direction, the centre of a ball-shaped head,
the middle between the ends of two bones that meet in a joint.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

NUMBER = (
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
    "Eleventh",
    "Twelfth",
)
FINGERS = ("thumb", "index finger", "middle finger", "ring finger", "little finger")
TOES = ("big toe", "second toe", "third toe", "fourth toe", "little toe")
VERTEBRAE = (
    {"c1": "Atlas", "c2": "Axis"}
    | {f"c{k}": f"{NUMBER[k - 1]} cervical vertebra" for k in range(3, 8)}
    | {f"t{k}": f"{NUMBER[k - 1]} thoracic vertebra" for k in range(1, 13)}
    | {f"l{k}": f"{NUMBER[k - 1]} lumbar vertebra" for k in range(1, 6)}
)
X, Y, Z = 0, 1, 2
Bones = Callable[[str], np.ndarray]


def far(points: np.ndarray, direction: Sequence[float] | np.ndarray, share: float = 0.0) -> np.ndarray:
    """The point (3,) farthest along a direction; with `share`, the mean of that share of the points."""
    along = points @ np.asarray(direction, float)
    if not share:
        return points[along.argmax()]
    return points[along >= np.quantile(along, 1 - share)].mean(0)


def sphere(points: np.ndarray) -> tuple[np.ndarray, float]:
    """Centre (3,) and radius of the sphere nearest to points (least squares)."""
    solved = np.linalg.lstsq(np.c_[2 * points, np.ones(len(points))], (points**2).sum(1), rcond=None)[0]
    return solved[:3], float(np.sqrt(solved[3] + solved[:3] @ solved[:3]))


def ball(points: np.ndarray, start: np.ndarray, axis: Sequence[float]) -> np.ndarray:
    """Centre (3,) of a ball-shaped head that starts near `start`: fit, keep what lies on it, fit again."""
    centre, radius = start, 24.0
    for _ in range(12):
        some = points[np.abs(np.linalg.norm(points - centre, axis=1) - radius) < 0.18 * radius]
        some = some[(some - centre) @ np.asarray(axis) > -0.2 * radius]
        centre, radius = sphere(some)
    return centre


def ends(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of a long bone, the upper one first: means of the 6 % farthest points along its longest axis."""
    axis = np.linalg.svd(points - points.mean(0), full_matrices=False)[2][0]
    axis = axis if axis[Y] > 0 else -axis
    return far(points, axis, 0.06), far(points, -axis, 0.06)


def find(bone: Bones) -> dict[str, np.ndarray]:
    """All landmarks (3,) by name; `bone(name)` gives the vertices of a bone by its English name."""
    return _spine(bone) | _pelvis(bone) | _leg(bone) | _foot(bone) | _arm(bone) | _hand(bone) | _skull(bone)


def _spine(bone: Bones) -> dict[str, np.ndarray]:
    at = {}
    for key, name in VERTEBRAE.items():
        points = bone(name)
        front = points[:, Z] > points[:, Z].max() - (14 if key[0] == "c" else 26)
        middle = (points[front].min(0) + points[front].max(0)) / 2
        at[f"{key}.body"] = middle * [0, 1, 1] if key != "c1" else far(points, (0, 0, 1), 0.05)
        at[f"{key}.tip"] = far(points, (0, -0.35, -1))
    sacrum = bone("Sacrum")
    return at | {"coccyx_tip": sacrum[sacrum[:, Y].argmin()]}


def _pelvis(bone: Bones) -> dict[str, np.ndarray]:
    hip = bone("Right hip bone")
    high, low = (hip[hip[:, Y] > np.percentile(hip[:, Y], 60)], hip[hip[:, Y] < np.percentile(hip[:, Y], 45)])
    crest = hip[hip[:, Y] > hip[:, Y].max() - 90]
    return {
        "asis": far(high, (0, 0, 1)),
        "iliac_crest_top": far(hip, (0, 1, 0)),
        "iliac_crest_lateral": far(crest, (-1, 0, 0)),
        "psis": far(crest, (0, 0, -1)),
        "ischial_tuberosity": far(hip, (0, -1, 0)),
        "pubic_tubercle": far(low, (0, 0, 1)),
    }


def _leg(bone: Bones) -> dict[str, np.ndarray]:
    femur, tibia, fibula = bone("Right femur"), bone("Right tibia"), bone("Right fibula")
    axis = (0.9, 0.45, 0.1)
    knee = femur[femur[:, Y] < femur[:, Y].min() + 45]
    lateral, medial = far(knee, (-1, 0, 0)), far(knee, (1, 0, 0))
    below = tibia[:, Y] - tibia[:, Y].max()
    inner, outer = far(tibia, (0.25, -1, 0)), far(fibula, (0, -1, 0))
    return {
        "hip_centre": ball(femur, far(femur, axis) - [14, 10, 0], axis),
        "lateral_epicondyle": lateral,
        "medial_epicondyle": medial,
        "knee_centre": (lateral + medial) / 2,
        "greater_trochanter": far(femur[femur[:, X] < np.percentile(femur[:, X], 20)], (0, 1, 0)),
        "tibial_tuberosity": far(tibia[(below > -48) & (below < -32)], (0, 0, 1)),
        "medial_malleolus": inner,
        "lateral_malleolus": outer,
        "fibular_head": far(fibula, (0, 1, 0)),
        "ankle_centre": (inner + outer) / 2 + np.array([0, 10, 0]),
        "patella": bone("Right patella").mean(0),
    }


def _row(bone: Bones, digit: str, thumb: bool) -> list[np.ndarray]:
    """The phalanges of a finger or toe, from the hand or foot to the tip; thumb and big toe have no middle one."""
    words = ("Proximal", "Distal") if thumb else ("Proximal", "Middle", "Distal")
    return [bone(f"{word} phalanx of right {digit}") for word in words]


def _foot(bone: Bones) -> dict[str, np.ndarray]:
    at = {"heel": far(bone("Right calcaneus"), (0, -0.5, -1))}
    for k, toe in enumerate(TOES, 1):
        bones = [bone(f"Right {NUMBER[k - 1].lower()} metatarsal bone"), *_row(bone, toe, k == 1)]
        axis = np.linalg.svd(bones[0] - bones[0].mean(0), full_matrices=False)[2][0]
        axis = axis if axis[Z] > 0 else -axis
        at[f"mt{k}.base"] = far(bones[0], -axis, 0.08)
        for j in range(len(bones) - 1):
            at[f"toe{k}.j{j + 1}"] = (far(bones[j], axis, 0.08) + far(bones[j + 1], -axis, 0.08)) / 2
        at[f"toe{k}.tip"] = far(bones[-1], axis)
    return at


def _arm(bone: Bones) -> dict[str, np.ndarray]:
    clavicle, scapula, humerus = bone("Right clavicle"), bone("Right scapula"), bone("Right humerus")
    low = humerus[humerus[:, Y] < humerus[:, Y].min() + 45]
    return {
        "clavicle.inner": far(clavicle, (1, 0, 0), 0.04),
        "clavicle.outer": far(clavicle, (-1, 0, 0), 0.04),
        "acromion": far(scapula, (-1, 0.5, 0)),
        "inferior_angle": far(scapula, (0, -1, 0)),
        "superior_angle": far(scapula[scapula[:, X] > np.percentile(scapula[:, X], 70)], (0, 1, 0)),
        "spine_root": far(scapula, (1, 0, 0), 0.01),
        "shoulder_centre": ball(humerus, far(humerus, (0.7, 0.7, 0)) - [14, 14, 0], (0.7, 0.7, -0.1)),
        "elbow_centre": (far(low, (1, 0, 0)) + far(low, (-1, 0, 0))) / 2,
    }


def _hand(bone: Bones) -> dict[str, np.ndarray]:
    at = {"wrist_centre": (far(bone("Right lunate"), (0, 1, 0), 0.3) + far(bone("Right scaphoid"), (0, 1, 0), 0.3)) / 2}
    for k, finger in enumerate(FINGERS, 1):
        bones = [bone(f"Right {NUMBER[k - 1].lower()} metacarpal bone"), *_row(bone, finger, k == 1)]
        tips = [ends(points) for points in bones]
        at[f"mc{k}.base"] = tips[0][0]
        for j in range(len(bones) - 1):
            at[f"finger{k}.j{j + 1}"] = (tips[j][1] + tips[j + 1][0]) / 2
        at[f"finger{k}.tip"] = far(bones[-1], bones[-1].mean(0) - tips[-1][0])
    return at


def _skull(bone: Bones) -> dict[str, np.ndarray]:
    parietal, frontal, jaw = bone("Right parietal bone"), bone("Frontal bone"), bone("Mandible")
    temporal = bone("Right temporal bone")
    front = [far(bone(f"Right {way} rectus"), (0, 0, 1), 0.07) for way in ("medial", "lateral", "superior", "inferior")]
    return {
        "vertex": far(np.concatenate([parietal, frontal]), (0, 1, 0)),
        "occiput": far(bone("Occipital bone"), (0, 0, -1)),
        "mastoid": far(temporal[temporal[:, Z] < 85], (-0.6, -1, 0)),
        "zygion": far(bone("Right zygomatic bone"), (-1, 0, 0)),
        "chin": far(jaw[np.abs(jaw[:, X]) < 12], (0, -0.5, 1)),
        "glabella": far(frontal[np.abs(frontal[:, X]) < 8], (0, 0, 1)),
        "parietal_side": far(parietal, (-1, 0, 0)),
        "ear": far(jaw[jaw[:, X] < 0], (0, 1, 0)) + np.array([-4, 2, -16]),  # behind the head of the jaw
        "bite": far(bone("Right upper central secondary incisor tooth"), (0, -1, 0.2)),
        "condyle": far(bone("Atlas"), (0, 1, 0), 0.2),
        "eye": np.mean(front, 0) - [0, 0, 4],  # the straight muscles end in front of the eyeball's middle
    }
