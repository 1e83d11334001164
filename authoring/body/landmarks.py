"""Bony landmarks of the body, each found by a rule that is written beside its name.

Heights come from this body's joints and surface where it shows the place, else from anthropometry as shares of stature
of the neutral body, which the joints of another body carry to it; depths are measured inwards from the skin. Frame:
body, millimetres. Knows nothing of regions, muscles or pain.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from authoring.body.skin import STATURE, Body, build
from authoring.body.view import project

POSTERIOR, ANTERIOR, LATERAL = "posterior", "anterior", "lateral"
BEHIND, BOTH = (POSTERIOR, LATERAL), (ANTERIOR, POSTERIOR, LATERAL)
FACING = {"left": ".l", "right": ".r"}
UP, FRONT, BACK, OUT, IN = np.array([[0, 1, 0], [0, 0, 1], [0, 0, -1], [1, 0, 0], [-1, 0, 0]], float)

# Heights above the floor as shares of stature: adult means of standing anthropometry.
HEIGHT = {
    "c7": 0.845,
    "t12": 0.680,
    "rib12_tip": 0.633,
    "iliac_crest_top": 0.610,
    "iliac_crest_lateral": 0.586,
    "psis": 0.579,
    "asis": 0.569,
    "sacral_apex": 0.530,
    "greater_trochanter": 0.524,
    "pubic_tubercle": 0.514,
    "coccyx_tip": 0.504,
    "ischial_tuberosity": 0.489,
}
LUMBAR_STEP = 0.0175  # from one lumbar spinous process to the next
LEVELS = ("l-knee", "l-upper-leg", "spine-3", "l-shoulder")  # joints that carry heights to another body
KNEE_LINE_BELOW_AXIS = 0.010


@dataclass(frozen=True)
class Landmark:
    """A named place: its English title, whether it exists twice, the kinds of view that show it, and its rule."""

    name: str
    title: str
    paired: bool
    views: tuple[str, ...]
    rule: str


def _spine(name: str, rule: str) -> Landmark:
    return Landmark(name, f"Spinous process of {name.upper()}", False, BEHIND, rule)


TABLE = (
    Landmark("vertex", "Vertex of the head", False, BOTH, "highest point of the skin"),
    _spine("c7", "0.845 H, 8 mm under the skin of the nape"),
    _spine("t12", "one lumbar step above L1, 9 mm under the skin"),
    _spine("l1", "three lumbar steps above L4, 9 mm under the skin"),
    _spine("l2", "two lumbar steps above L4, 9 mm under the skin"),
    _spine("l3", "one lumbar step above L4, 9 mm under the skin"),
    _spine("l4", "level of the crest tops (the supracristal line), 10 mm under the skin"),
    _spine("l5", "one lumbar step below L4, 12 mm under the skin"),
    Landmark("rib12_tip", "Tip of rib 12", True, BEHIND, "0.633 H, 0.051 H beside the midline, 20 mm under the back"),
    Landmark(
        "iliac_crest_top",
        "Top of the iliac crest",
        True,
        BOTH,
        "0.610 H, a little behind the mid pelvis, 20 mm under the flank, whose muscles bulge over it",
    ),
    Landmark(
        "iliac_crest_lateral",
        "Most lateral point of the iliac crest",
        True,
        BOTH,
        "0.586 H, before the mid pelvis, 10 mm under the skin of the side",
    ),
    Landmark(
        "asis",
        "Anterior superior iliac spine",
        True,
        (ANTERIOR, LATERAL),
        "0.569 H, skin at 0.076 H beside the midline, 10 mm deep",
    ),
    Landmark(
        "psis",
        "Posterior superior iliac spine",
        True,
        BEHIND,
        "0.579 H, 0.028 H beside the midline, 7 mm under the back",
    ),
    Landmark(
        "greater_trochanter",
        "Tip of the greater trochanter",
        True,
        BOTH,
        "0.524 H, behind the mid pelvis, 20 mm under the skin of the side",
    ),
    Landmark(
        "ischial_tuberosity",
        "Lowest point of the ischial tuberosity",
        True,
        BEHIND,
        "0.489 H, 0.027 H beside the midline, 0.021 H behind the hip's centre",
    ),
    Landmark(
        "pubic_tubercle",
        "Pubic tubercle",
        True,
        (ANTERIOR, LATERAL),
        "0.514 H, 0.0135 H beside the midline, in the frontal plane of both ASIS",
    ),
    Landmark("sacral_apex", "Apex of the sacrum", False, BEHIND, "0.530 H, 12 mm under the floor of the natal cleft"),
    Landmark("coccyx_tip", "Tip of the coccyx", False, BEHIND, "0.504 H, 18 mm under the floor of the natal cleft"),
    Landmark(
        "lateral_epicondyle",
        "Lateral epicondyle of the femur",
        True,
        BOTH,
        "height and depth of the knee's axis, 10 mm under the outer skin",
    ),
    Landmark(
        "medial_epicondyle",
        "Medial epicondyle of the femur",
        True,
        BOTH,
        "height and depth of the knee's axis, 12 mm under the inner skin",
    ),
    Landmark("knee_line", "Joint line of the knee", True, BOTH, "0.010 H below the middle of both epicondyles"),
    Landmark(
        "fibular_head",
        "Head of the fibula",
        True,
        BOTH,
        "0.014 H below the knee line, 0.010 H behind the knee's axis, 22 mm under the outer skin, as the calf bulges",
    ),
    Landmark(
        "gluteal_fold",
        "Gluteal fold",
        True,
        BEHIND,
        "deepest bend of the skin between buttock and thigh, behind the ischial tuberosity",
    ),
    Landmark("popliteal_crease", "Popliteal crease", True, BEHIND, "deepest bend of the skin behind the knee"),
    Landmark(
        "navel",
        "Navel",
        False,
        (ANTERIOR, LATERAL),
        "where the midline skin of the belly lies deepest below the skin beside it",
    ),
)


def _names(landmark: Landmark) -> tuple[str, ...]:
    return (f"{landmark.name}.r", f"{landmark.name}.l") if landmark.paired else (landmark.name,)


def _title(name: str, title: str) -> str:
    return title + {".r": ", right", ".l": ", left"}.get(name[-2:], "")


TITLES = {name: _title(name, landmark.title) for landmark in TABLE for name in _names(landmark)}


class Skin:
    """The standing skin, to be reached by rays from inside; heights of the neutral body are carried by the joints."""

    def __init__(self, body: Body) -> None:
        known, here = ([joints[name][1] for name in LEVELS] for joints in (build().joints, body.joints))
        self.levels = np.array([0.0, *known, STATURE])
        self.shifts = np.array([0.0, *np.subtract(here, known), 0.0])
        self.triangles = body.standing[np.concatenate([body.quads[:, [0, 1, 2]], body.quads[:, [0, 2, 3]]])]
        self.low, self.high = self.triangles.min(1), self.triangles.max(1)

    def height(self, neutral: float) -> float:
        """The height above the floor of what lies at a height of the neutral body."""
        return neutral + float(np.interp(neutral, self.levels, self.shifts))

    def place(self, name: str, x: float = 0.0, z: float = 0.0) -> np.ndarray:
        """A point (3,) at a landmark's height; `x` is a share of stature, `z` in mm."""
        return np.array([x * STATURE, self.height(HEIGHT[name] * STATURE), z])

    def hit(self, start: np.ndarray, towards: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The first skin point (3,) from `start` along an axis direction, and its outward unit normal (3,)."""
        axis = int(np.abs(towards).argmax())
        flat = [other for other in range(3) if other != axis]
        (i, j), (a, b) = flat, start[flat]
        row = (self.low[:, i] <= a) & (self.high[:, i] >= a) & (self.low[:, j] <= b) & (self.high[:, j] >= b)
        corners = self.triangles[row]
        first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        normal = np.cross(first, second)
        depth = ((corners[:, 0] - start) * normal).sum(1) / np.where(normal @ towards, normal @ towards, np.nan)
        at = start + depth[:, None] * towards - corners[:, 0]
        square = (normal**2).sum(1)
        u = (np.cross(at, second) * normal).sum(1) / square
        v = (np.cross(first, at) * normal).sum(1) / square
        inside = (u > -1e-6) & (v > -1e-6) & (u + v < 1 + 1e-6) & (depth > 0)
        if not inside.any():
            raise ValueError(f"no skin from {start} towards {towards}")
        best = np.flatnonzero(inside)[depth[inside].argmin()]
        outward = normal[best] / np.sqrt(square[best])
        return start + depth[best] * towards, outward

    def under(self, start: np.ndarray, towards: np.ndarray, depth: float) -> np.ndarray:
        """The point (3,) `depth` mm under the skin met from `start`, at the same height."""
        point, normal = self.hit(start, towards)
        level = normal * [1.0, 0.0, 1.0]
        return point - depth * level / (level @ level)

    def bend(self, x: float, z: float, towards: np.ndarray, low: float, high: float) -> np.ndarray:
        """The skin point (3,) between two heights where the vertical profile at `x` bends in most sharply."""
        heights = np.arange(self.height(low), self.height(high), 4.0)
        points = np.array([self.hit(np.array([x, height, z]), towards)[0] for height in heights])
        profile = np.convolve(points @ towards, np.ones(5) / 5, "valid")
        return points[3 + int(np.diff(profile, 2).argmax())]

    def dimple(self, low: float, high: float) -> np.ndarray:
        """The midline skin point (3,) of the belly between two heights that lies deepest below the skin beside it."""
        heights = np.arange(low, high, 2.0)
        rays = [[self.hit(np.array([x, height, 0.0]), FRONT)[0] for x in (0.01, 18.0)] for height in heights]
        points = np.array(rays)
        return points[int((points[:, 1, 2] - points[:, 0, 2]).argmax()), 0]


def _spinous(skin: Skin) -> dict[str, np.ndarray]:
    level = HEIGHT["iliac_crest_top"]
    depth = {"l5": 12.0, "l4": 10.0, "l3": 9.0, "l2": 9.0, "l1": 9.0, "t12": 9.0}
    found = {"c7": skin.under(skin.place("c7", 1e-5), BACK, 8.0)}
    for step, name in enumerate(depth, start=-1):
        start = np.array([0.01, skin.height((level + step * LUMBAR_STEP) * STATURE), 0.0])
        found[name] = skin.under(start, BACK, depth[name])
    return found


def _pelvis(skin: Skin) -> dict[str, np.ndarray]:
    """Left half and midline of the pelvis; its middle is the mean of ASIS and PSIS, between front and back."""
    asis = skin.under(skin.place("asis", 0.076), FRONT, 10.0)
    psis = skin.under(skin.place("psis", 0.028), BACK, 7.0)
    middle = (asis[2] + psis[2]) / 2
    ischium = skin.place("ischial_tuberosity", 0.027, middle + 10.0 - 0.021 * STATURE)
    return {
        "asis.l": asis,
        "psis.l": psis,
        "iliac_crest_top.l": skin.under(skin.place("iliac_crest_top", 0.02, middle - 21.0), OUT, 20.0),
        "iliac_crest_lateral.l": skin.under(skin.place("iliac_crest_lateral", 0.02, middle + 42.0), OUT, 10.0),
        "greater_trochanter.l": skin.under(skin.place("greater_trochanter", 0.05, middle - 8.0), OUT, 20.0),
        "pubic_tubercle.l": skin.place("pubic_tubercle", 0.0135, asis[2]),
        "ischial_tuberosity.l": ischium,
        "sacral_apex": skin.under(skin.place("sacral_apex", 1e-5), BACK, 12.0),
        "coccyx_tip": skin.under(skin.place("coccyx_tip", 1e-5), BACK, 18.0),
        "rib12_tip.l": skin.under(skin.place("rib12_tip", 0.051), BACK, 20.0),
        "gluteal_fold.l": skin.bend(ischium[0], 0.0, BACK, 740.0, 850.0),
        "navel": skin.dimple(1010.0, 1060.0),
    }


def _knee(skin: Skin, body: Body) -> dict[str, np.ndarray]:
    axis = body.joints["l-knee"]
    outer, inner = skin.under(axis, OUT, 10.0), skin.under(axis, IN, 12.0)
    line = (outer + inner) / 2 - KNEE_LINE_BELOW_AXIS * STATURE * UP
    head = line - np.array([0.0, 0.014, 0.010]) * STATURE
    return {
        "lateral_epicondyle.l": outer,
        "medial_epicondyle.l": inner,
        "knee_line.l": line,
        "fibular_head.l": skin.under(head, OUT, 22.0),
        "popliteal_crease.l": skin.bend(line[0], line[2], BACK, 460.0, 560.0),
    }


def find(body: Body) -> dict[str, np.ndarray]:
    """All landmarks of `body` (3,) in the standing pose, in the order of `TABLE`."""
    skin = Skin(body)
    vertex = body.standing[body.standing[:, 1].argmax()] * [0, 1, 1]
    found = {"vertex": vertex} | _spinous(skin) | _pelvis(skin) | _knee(skin, body)
    for name in list(found):
        if name.endswith(".l"):
            found[name[:-2] + ".r"] = found[name] * [-1.0, 1.0, 1.0]
        else:
            found[name] = found[name] * [0.0, 1.0, 1.0]
    return {name: found[name] for name in TITLES}


@cache
def standing(name: str = "neutral") -> dict[str, np.ndarray]:
    """The landmarks of a body."""
    return find(build(name))


def projected(view: str, body: str = "neutral") -> dict[str, tuple[float, float]]:
    """View-frame positions, one decimal, of the landmarks that a view shows; a lateral view shows its facing side."""
    kind = LATERAL if view in FACING else view
    shown = {}
    for landmark in TABLE:
        names = _names(landmark) if kind in landmark.views else ()
        for name in names:
            if landmark.paired and view in FACING and not name.endswith(FACING[view]):
                continue
            x, y = project(standing(body)[name], view)[0].round(1) + 0.0
            shown[name] = float(x), float(y)
    return shown
