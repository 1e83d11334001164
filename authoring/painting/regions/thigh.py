"""Thigh and knee: four faces, two halves, and the knee's four sides.

Painted around the leg's own axis, so that a face keeps its place in every view.
"""

from __future__ import annotations

import numpy as np

from authoring.painting.regions.canvas import Canvas, curve, height_of, round_curve
from authoring.painting.regions.coats import Paint, Region

FACES = {
    "anterior": ("Front of the thigh", "quadriceps, between the sartorius line and the front of the iliotibial band"),
    "lateral": ("Outer thigh", "iliotibial band and vastus lateralis"),
    "posterior": ("Back of the thigh", "hamstrings"),
    "medial": ("Inner thigh", "adductors, behind the sartorius line, narrowing downwards"),
}
HALVES = {
    "upper": ("upper half", "from the groin, trochanter or gluteal fold to mid thigh"),
    "lower": ("lower half", "from mid thigh to the knee"),
}
REACH = (380.0, 930.0)  # heights between which this part paints
REGIONS = (
    *(
        Region(f"thigh_{face}_{half}", f"{title}, {part}", f"{painted}, {span}")
        for face, (title, painted) in FACES.items()
        for half, (part, span) in HALVES.items()
    ),
    Region("knee_anterior", "Front of the knee", "oval of the patella and its surround"),
    Region("knee_medial", "Inner knee", "around the inner joint line, epicondyle to tibial plateau"),
    Region("knee_lateral", "Outer knee", "around the outer joint line, patellar border to fibular head"),
    Region("knee_posterior", "Back of the knee", "popliteal space around its crease"),
)


def face(at: Canvas) -> dict[str, np.ndarray]:
    """Which face of the thigh each point belongs to."""
    turn, height = at.leg_turn, at.height
    outer_front = curve(height, (520, 52), (680, 50), (820, 46))
    outer_back = curve(height, (520, 122), (680, 126), (800, 132))
    inner_front = curve(height, (520, -64), (640, -58), (740, -44), (830, -30))
    inner_back = curve(height, (520, -128), (640, -132), (740, -128), (810, -118))
    anterior = (turn > inner_front) & (turn <= outer_front)
    lateral = (turn > outer_front) & (turn <= outer_back)
    medial = (turn <= inner_front) & (turn > inner_back)
    return {"anterior": anterior, "lateral": lateral, "posterior": ~(anterior | lateral | medial), "medial": medial}


def middle(at: Canvas) -> np.ndarray:
    """Height of mid thigh, a little lower in front and behind than at the sides."""
    ends = (height_of("gluteal_fold") + height_of("greater_trochanter")) / 2, height_of("lateral_epicondyle")
    return sum(ends) / 2 + 6 - 9 * np.cos(np.radians(2 * at.leg_turn))


def knee_top(at: Canvas) -> np.ndarray:
    """Height at which the thigh ends and the knee begins."""
    corners = ((-140, 58), (-95, 40), (-55, 52), (0, 76), (55, 52), (95, 38), (140, 58), (180, 70))
    return height_of("knee_line") + round_curve(at.leg_turn, *corners)


def knee_bottom(at: Canvas) -> np.ndarray:
    """Height at which the knee ends and the leg begins."""
    corners = ((-140, -26), (-95, -30), (-50, -20), (0, -30), (50, -18), (95, -36), (140, -26), (180, -32))
    return height_of("knee_line") + round_curve(at.leg_turn, *corners)


def paint(at: Canvas) -> Paint:
    """Yield regions of thigh and knee; later ones cover earlier ones."""
    thigh = (at.height < height_of("greater_trochanter") + 20) & (at.height > 400)
    for name, inside in face(at).items():
        yield f"thigh_{name}_upper", thigh & inside
        yield f"thigh_{name}_lower", thigh & inside & (at.height < middle(at))
    knee = (at.height < knee_top(at)) & (at.height > 380)
    turn, rise = at.leg_turn, (at.height - height_of("knee_line")) / 60
    yield "knee_lateral", knee & (turn > 0) & (turn < 128 + 6 * rise)
    yield "knee_medial", knee & (turn <= 0) & (turn > -128 - 6 * rise)
    yield "knee_posterior", knee & ((turn >= 128 + 6 * rise) | (turn <= -128 - 6 * rise))
    yield "knee_anterior", knee & (np.abs(turn - 2) < 50 - 16 * np.abs(rise - 0.38) ** 2)
