"""The shoulder: its top, three faces of the deltoid, the armpit, the shoulder blade and its inner border.

Knows the lines of clavicle, scapular spine and blade by corners beside the midline; painted over chest, back and arm.
"""

from __future__ import annotations

import numpy as np

from authoring.painting.regions.canvas import TRUNK_AXIS, Canvas, curve, joint
from authoring.painting.regions.coats import Paint, Region
from authoring.painting.regions.trunk import muscle_border, rib9

REACH = (1150.0, 1480.0)  # heights between which this part paints
REGIONS = (
    Region("shoulder_top", "Top of the shoulder", "neck-shoulder angle to acromion, clavicle to scapular spine"),
    Region("shoulder_anterior", "Front of the shoulder", "front of the deltoid, from its groove to the armpit's level"),
    Region("shoulder_lateral", "Outer shoulder", "middle of the deltoid, acromion to its insertion"),
    Region("shoulder_posterior", "Back of the shoulder", "back of the deltoid, below the scapular spine"),
    Region("scapular", "Shoulder blade", "from its upper to its lower angle, inner border to the deltoid"),
    Region("scapular_medial_border", "Inner border of the shoulder blade", "strip beside the erector spinae"),
    Region("axilla", "Armpit", "hollow between chest and arm with both folds"),
)
ARMPIT = ((150.0, 1284.0, 2.0), (20.0, 40.0, 60.0))  # middle and half-widths: beside, height, front


def clavicle(beside: np.ndarray) -> np.ndarray:
    """Height of the lower edge of the clavicle, running on below the acromion."""
    return curve(
        beside, (0, 1402), (16, 1404), (40, 1397), (75, 1395), (125, 1403), (140, 1402), (168, 1386), (198, 1350)
    )


def scapular_spine(beside: np.ndarray) -> np.ndarray:
    """Height at which the top of the shoulder ends behind: above the blade, then along the spine to the acromion."""
    return curve(beside, (40, 1442), (58, 1430), (80, 1413), (110, 1402), (140, 1394), (172, 1378), (198, 1350))


def inner_border(height: np.ndarray) -> np.ndarray:
    """How far beside the midline the shoulder blade begins."""
    return curve(
        height, (1224, 116), (1238, 104), (1246, 97), (1258, 88), (1275, 81), (1310, 76), (1350, 74), (1430, 80)
    )


def _outer_border(height: np.ndarray) -> np.ndarray:
    """How far beside the midline the shoulder blade ends, at its lower angle and at the back of the deltoid."""
    return curve(height, (1236, 104), (1242, 114), (1262, 128), (1290, 139), (1330, 143), (1370, 142), (1400, 138))


def _deltoid(at: Canvas) -> Paint:
    turn, down = at.arm_turn, at.beyond("shoulder")
    groove = curve(at.height, (1280, 156), (1300, 150), (1330, 141), (1360, 130), (1400, 116))
    behind = at.front < joint("shoulder")[2]
    yield "shoulder_anterior", ~behind & (at.beside > groove) & (down < 58) & (turn <= 45) & (turn > -90)
    fold = curve(at.beside, (142, 1294), (152, 1284), (164, 1200))  # where the hind wall of the armpit begins
    back = behind & ((turn > 130) | (turn < -90)) & (at.beside > _outer_border(at.height))
    yield "shoulder_posterior", back & (at.height > fold) & (down < 62)
    insertion = 128 - 70 * (np.abs(turn - 88) / 42) ** 2.2
    yield "shoulder_lateral", (at.beside > 150) & (turn > 45) & (turn <= 130) & (down < insertion)


def paint(at: Canvas) -> Paint:
    """Yield regions of the shoulder; later ones cover earlier ones."""
    back = at.turn < 90
    blade = back & (at.height > curve(at.beside, (90, 1250), (104, 1240), (116, 1242), (140, 1262)))
    strip = back & (at.beside > muscle_border(at.height)) & (at.height > rib9(at.turn))
    yield "scapular_medial_border", strip & (at.beside <= inner_border(at.height) + 2)
    yield "scapular", blade & (at.beside > inner_border(at.height) + 2) & (at.beside < _outer_border(at.height))
    yield from _deltoid(at)
    middle, half = ARMPIT
    yield "axilla", (np.abs((at.points - middle) / half) ** 2.4).sum(1) < 1
    ahead = ((at.front - TRUNK_AXIS + 45) / 50).clip(0, 1)
    low = ahead * clavicle(at.beside) + (1 - ahead) * scapular_spine(at.beside)
    yield "shoulder_top", (at.beside > 44) & (at.height > low)
