"""Places on the body as people say them: `psis, out 12, down 20` or `crest 0.7, down 15`.

A place is an anchor and any number of steps in millimetres. Anchors: a landmark (of the patient's right where it is
paired), one of `ANCHORS`, `from > to 0.4` (a share of the way between two of these), or `crest 0.7` (a share of the way
along the iliac crest, from the anterior superior spine at 0 to the posterior one at 1). Steps: out, in (from and to the
midline), up, down, front, back, in this order of the words; and `skin`, the nearest skin, or `skin back`, `skin front`,
`skin out`, the skin straight that way. A size may be in proportional units of acupuncture: `out 1.5 back_cun`. The
result is a point of the body frame.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.spatial import cKDTree

from authoring.body import landmarks
from authoring.body.skin import build
from authoring.body.view import look, seen
from authoring.painting.regions.shoulder import inner_border

STEPS = {
    "out": (-1.0, 0.0, 0.0),  # the patient's right is at x < 0
    "in": (1.0, 0.0, 0.0),
    "up": (0.0, 1.0, 0.0),
    "down": (0.0, -1.0, 0.0),
    "front": (0.0, 0.0, 1.0),
    "back": (0.0, 0.0, -1.0),
}
FACING = {"back": "posterior", "front": "anterior", "out": "right"}
CREST = ("asis", "iliac_crest_lateral", "iliac_crest_top", "psis")
SPLINE_STEP = 4.0  # mm between the points of a curve through places


# Further places that muscles hang on. Joint centres of the mesh are animation joints: their heights are good, their
# half-widths are set to those of anatomy (hip centre 0.051 of stature beside the midline).
ANCHORS = {
    "hip_centre": "joint:r-upper-leg, in 17, front 10",
    "lesser_trochanter": "hip_centre, down 65, out 4, back 20",
    "knee_centre": "lateral_epicondyle > medial_epicondyle 0.5",
    "patella_base": "knee_centre, up 23, front 42",
    "patella_apex": "knee_centre, down 15, front 38",
    "tibial_tuberosity": "knee_line, down 36, front 29, out 16",
    "ankle_centre": "joint:r-ankle",
    "xiphoid": "joint:spine-2, up 96, front 134",
    "symphysis": "pubic_tubercle, in 23, down 12",
    "shoulder_centre": "joint:r-shoulder",
    # Levels of the posterior sacral foramina on the midline: the first by the posterior superior iliac spine, the
    # second just below it, the fourth above the hiatus; nearly even steps between.
    "foramen_s1_level": "psis, in 46.8, up 4",
    "foramen_s2_level": "psis, in 46.8, down 16",
    "foramen_s3_level": "psis, in 46.8, down 36",
    "foramen_s4_level": "psis, in 46.8, down 54",
    "sacral_hiatus": "sacral_apex, up 12",
}
BLADE_LEVEL = 1350.0  # mm above the floor, where the shoulder blade comes nearest to the spine


@cache
def units() -> dict[str, float]:
    """The mm of each unit of a step: proportional cun, by which part of this body they are measured on."""
    symphysis = landmark("pubic_tubercle")[1]  # the upper border is level with the tubercles
    return {
        "back_cun": float(inner_border(np.array([BLADE_LEVEL]))[0]) / 3,
        "belly_cun": float(landmark("navel")[1] - symphysis) / 5,
    }


@cache
def _landmarks() -> dict[str, np.ndarray]:
    joints = {f"joint:{name}": centre for name, centre in build().joints.items()}
    return landmarks.standing() | joints


def landmark(name: str) -> np.ndarray:
    """The landmark or anchor (3,), of the patient's right where it is paired; ValueError for none of that name."""
    known = _landmarks()
    for key in (f"{name}.r", name):
        if key in known:
            return known[key]
    if name in ANCHORS:
        return place(ANCHORS[name])
    raise ValueError(f"no landmark '{name}'")


def crest(share: float) -> np.ndarray:
    """The point (3,) of the right iliac crest at a share of its length."""
    at, spline = _crest()
    return spline(share * at)


@cache
def _crest() -> tuple[float, CubicSpline]:
    corners = np.array([landmark(name) for name in CREST])
    return _spline(corners)


def _spline(corners: np.ndarray) -> tuple[float, CubicSpline]:
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(corners, axis=0), axis=1))])
    return float(along[-1]), CubicSpline(along, corners)


def place(text: str) -> np.ndarray:
    """The point (3,) that the words name; ValueError with the words if they say nothing.

    Example: `place("greater_trochanter > psis 0.5, back 10")`.
    """
    anchor, *steps = (part.strip() for part in text.split(","))
    point = _anchor(anchor, text)
    for step in steps:
        direction, _, size = step.partition(" ")
        if direction == "skin":
            point = _straight(point, size) if size else on_skin(point[None])[0]
            continue
        if direction not in STEPS:
            raise ValueError(f"'{text}': no step '{direction}' (choose from {', '.join(STEPS)}, skin)")
        number, _, unit = size.partition(" ")
        if unit and unit not in units():
            raise ValueError(f"'{text}': no unit '{unit}' (choose from {', '.join(units())}; none for mm)")
        point = point + np.array(STEPS[direction]) * float(number) * (units()[unit] if unit else 1.0)
    return point


def _straight(point: np.ndarray, way: str) -> np.ndarray:
    """The skin (3,) straight behind, before or outside a point."""
    whole = look(FACING[way])
    column, row = np.round(whole.pixel(point[None])[0]).astype(int)
    return point + np.array(STEPS[way]) * (whole.depth[row, column] - seen(point[None], whole.view)[0, 2])


def _anchor(anchor: str, text: str) -> np.ndarray:
    match anchor.split():
        case ["crest", share]:
            return crest(float(share))
        case [start, ">", end, share]:
            return landmark(start) + float(share) * (landmark(end) - landmark(start))
        case [name]:
            return landmark(name)
        case _:
            raise ValueError(f"'{text}': write a landmark, 'a > b 0.5' or 'crest 0.5' first")


@cache
def skin_tree() -> cKDTree:
    """All skin vertices of the standing pose."""
    return cKDTree(build().standing)


def on_skin(points: np.ndarray) -> np.ndarray:
    """The nearest skin vertices (n, 3) of points (n, 3)."""
    return build().standing[skin_tree().query(points)[1]]


def curve(texts: Iterable[str]) -> np.ndarray:
    """A smooth curve (n, 3) through the skin at the places, or the one skin point."""
    corners = on_skin(np.array([place(text) for text in texts]))
    if len(corners) == 1:
        return corners
    length, spline = _spline(corners)
    return spline(np.linspace(0, length, max(2, round(length / SPLINE_STEP))))
