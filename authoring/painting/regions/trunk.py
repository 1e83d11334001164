"""Chest, back, flank and belly: where their regions lie on the trunk.

Knows levels of the spine, the costal margin and the border of the back muscles; the pelvis paints over its lower rim.
"""

from __future__ import annotations

import numpy as np

from authoring.painting.regions.canvas import Canvas, curve, height_of
from authoring.painting.regions.coats import Paint, Region
from authoring.painting.regions.pelvic_lines import above_crest, above_ligament

REACH = (840.0, 1470.0)  # heights between which this part paints
REGIONS = (
    Region("chest_anterior", "Front of the chest", "clavicle to costal margin, midline to the front of the armpit"),
    Region("chest_lateral", "Side of the chest", "rib cage from the armpit to the costal margin, behind that line"),
    Region("thoracic_upper", "Upper thoracic region", "midline to the border of the erector spinae, C7-T1 to T6-T7"),
    Region("thoracic_lower", "Lower thoracic region", "midline to the border of the erector spinae, T6-T7 to T10-T11"),
    Region("thoracolumbar", "Thoracolumbar region", "midline to the border of the erector spinae, T10-T11 to L1-L2"),
    Region(
        "lower_ribs_posterior", "Lower ribs, back", "ribs 9 to 12 beside the erector spinae, sloping down to the side"
    ),
    Region("lumbar", "Lumbar region", "midline to the border of the erector spinae, L1-L2 to L4-L5"),
    Region(
        "flank", "Flank", "from the erector spinae round to the front of the side, costal margin to iliac crest strip"
    ),
    Region("epigastric", "Epigastric region", "between the costal margins, xiphoid to midway to the navel"),
    Region("abdomen_upper", "Upper abdomen", "below the costal margin beside the epigastrium"),
    Region("abdomen_mid", "Umbilical belt", "belt about 90 mm high around the navel, flank to flank"),
    Region("abdomen_lower", "Lower abdomen", "below the belt, down to the inguinal ligament"),
)


PROMINENT = 1457.0  # mm: levels of the skin are counted from here, a little above the tip of C7


def level(thoracic: float) -> float:
    """Height of a thoracic level by number; 0 is the vertebra prominens on the skin, halves are gaps."""
    return float(np.interp(thoracic, [0, 12], [PROMINENT, height_of("t12")]))


def muscle_border(height: np.ndarray) -> np.ndarray:
    """How far beside the midline the erector spinae ends."""
    return curve(height, (1005, 60), (1030, 67), (1070, 72), (1115, 70), (1160, 63), (1206, 57), (1294, 50))


def costal_margin(turn: np.ndarray) -> np.ndarray:
    """Height of the lower edge of the rib cage around the trunk, from rib 12 to the xiphoid."""
    tip = height_of("rib12_tip")
    corners = ((38, 52), (44, 30), (52, 4), (66, -2), (84, 6), (104, 20), (124, 44), (145, 84), (163, 118), (174, 130))
    return tip + curve(turn, *corners)


def rib9(turn: np.ndarray) -> np.ndarray:
    """Height of rib 9 around the trunk, sloping down to the side."""
    return level(9.0) + 8 - 34 * ((turn - 25) / 75).clip(0, 2)


def flank_front(height: np.ndarray) -> np.ndarray:
    """Turn at which the flank ends and the belly begins."""
    return curve(height, (970, 118), (1040, 116), (1100, 112))


def chest_front(height: np.ndarray) -> np.ndarray:
    """Turn at which the side of the chest ends and its front begins: a line down from the front of the armpit."""
    return curve(height, (1080, 112), (1160, 117), (1230, 118), (1290, 104), (1330, 94))


def _belt(at: Canvas, offset: float, sag: float) -> np.ndarray:
    """Height of a line around the belly, `offset` above the navel, that sags by `sag` at the midline."""
    return height_of("navel") + offset - sag * np.cos(np.radians(at.turn.clip(90, 180) - 180)) ** 2


def paint(at: Canvas) -> Paint:
    """Yield regions of the trunk; later ones cover earlier ones."""
    back = (at.turn < 90) & (at.height > height_of("psis"))
    spine = back & (at.beside < muscle_border(at.height))
    junction = (height_of("l1") + height_of("l2")) / 2 - 3 + 8 * (at.beside / 70) ** 2
    upper = level(10.5) - 4 + 10 * (at.beside / 60) ** 2
    cage = (at.height > costal_margin(at.turn)) & ~spine
    yield "chest_lateral", cage
    yield "chest_anterior", cage & (at.turn > chest_front(at.height))
    yield "thoracic_upper", spine
    yield "thoracic_lower", spine & (at.height <= level(6.5) - 3 + 8 * (at.beside / 55) ** 2)
    yield "thoracolumbar", spine & (at.height < upper)
    yield "lumbar", spine & (at.height < junction)
    below = ~spine & (at.height < costal_margin(at.turn))
    side = (above_crest(at) > 0) & (at.height > height_of("asis"))
    ribs = ~spine & side & (at.turn < curve(at.height, (1080, 92), (1150, 84), (1240, 80)))
    yield "lower_ribs_posterior", ribs & (at.height < rib9(at.turn))
    yield "flank", below & side & (at.turn < 125)
    belly = below & (at.turn > flank_front(at.height)) & (above_ligament(at)[0] > -1)
    yield "abdomen_upper", belly
    epigastric = at.beside < curve(at.height, (1095, 44), (1130, 46), (1170, 34), (1200, 14), (1210, 8))
    yield "epigastric", belly & epigastric
    yield "abdomen_mid", belly & (at.height < _belt(at, 56, 14))
    yield "abdomen_lower", belly & (at.height < _belt(at, -34, 16))
