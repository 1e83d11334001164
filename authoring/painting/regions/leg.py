"""Leg and ankle: shin, inner and outer leg, calf, Achilles tendon and the ankle's three sides."""

from __future__ import annotations

import numpy as np

from authoring.painting.regions.canvas import Canvas, curve, height_of, joint, round_curve
from authoring.painting.regions.coats import Paint, Region
from authoring.painting.regions.thigh import knee_bottom

REACH = (0.0, 500.0)  # heights between which this part paints
REGIONS = (
    Region("leg_anterior", "Shin", "from the tibial crest over the front compartment, knee to ankle"),
    Region("leg_lateral_upper", "Outer leg, upper half", "fibular side below the knee, upper half"),
    Region("leg_lateral_lower", "Outer leg, lower half", "fibular side, lower half down to the ankle"),
    Region("leg_medial", "Inner leg", "inner face of the tibia, knee to ankle"),
    Region("calf_upper", "Calf, upper half", "bellies of gastrocnemius"),
    Region("calf_lower", "Calf, lower half", "below the bellies, beside the Achilles tendon"),
    Region("achilles", "Achilles tendon", "strip 25 mm wide from the lower calf to the heel"),
    Region("ankle_anterior", "Front of the ankle", "between the malleoli in front"),
    Region("ankle_medial", "Inner ankle", "medial malleolus and the skin below and behind it"),
    Region("ankle_lateral", "Outer ankle", "lateral malleolus and the skin below and behind it"),
)


def ankle_top(at: Canvas) -> np.ndarray:
    """Height at which the leg ends and the ankle begins."""
    corners = ((-90, 46), (0, 58), (90, 40), (180, 30))
    return joint("ankle")[1] + round_curve(at.leg_turn, *corners)


def _leg(at: Canvas) -> Paint:
    turn, half = at.leg_turn, (height_of("knee_line") + joint("ankle")[1]) / 2
    leg = at.height < knee_bottom(at)
    outer_front = curve(at.height, (110, 42), (260, 44), (430, 40))
    outer_back = curve(at.height, (110, 128), (260, 122), (430, 118))
    inner_front = curve(at.height, (110, -32), (260, -24), (430, -28))
    inner_back = curve(at.height, (110, -128), (260, -112), (430, -112))
    lift = 7 * np.cos(np.radians(2 * (turn - 90)))
    yield "calf_upper", leg
    yield "calf_lower", leg & (at.height < half + 22 + lift)
    outer = leg & (turn > outer_front) & (turn <= outer_back)
    yield "leg_lateral_upper", outer
    yield "leg_lateral_lower", outer & (at.height < half + lift)
    yield "leg_medial", leg & (turn <= inner_front) & (turn > inner_back)
    yield "leg_anterior", leg & (turn > inner_front) & (turn <= outer_front)


def _ankle(at: Canvas) -> Paint:
    ankle = at.height < ankle_top(at)
    yield "ankle_lateral", ankle & (at.leg_turn > 0)
    yield "ankle_medial", ankle & (at.leg_turn <= 0)
    beside, _, front = joint("ankle")
    half = curve(at.height, (70, 23), (100, 22), (128, 24))
    yield "ankle_anterior", ankle & (at.front > front + 4) & (np.abs(at.beside - beside - 4) < half)
    width = curve(at.height, (40, 16), (70, 12), (120, 11.5), (160, 12.5), (178, 9), (188, 0))
    tendon = (at.front < front - 16) & (np.abs(at.beside - beside - 1) < width)
    yield "achilles", tendon & (at.height < 188)


def paint(at: Canvas) -> Paint:
    """Yield regions of leg and ankle; later ones cover earlier ones."""
    yield from _leg(at)
    yield from _ankle(at)
