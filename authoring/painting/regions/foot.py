"""The foot: heel, back of the foot, toes, and the rim of the sole that shows above the floor.

Painted in the foot's own frame: ahead of the ankle along the second toe, and out to the little toe.
"""

from __future__ import annotations

import numpy as np

from authoring.painting.regions.canvas import Canvas, curve, joint
from authoring.painting.regions.coats import Paint, Region

REACH = (-10.0, 120.0)  # heights between which this part paints
REGIONS = (
    Region("heel", "Heel", "back and sole of the heel, below the Achilles tendon"),
    Region("sole_arch", "Arch of the sole", "inner side below the instep, and the rim of the mid sole"),
    Region("sole_forefoot", "Ball of the foot", "rim of the sole below the metatarsal heads"),
    Region("foot_dorsum", "Top of the foot", "between ankle and toes, with the outer border of the foot"),
    Region("great_toe", "Great toe", "big toe and head of the first metatarsal"),
    Region("lesser_toes", "Toes two to five", "beyond the webs of the toes"),
)
RIM = 9.0  # mm of sole that shows above the floor


def _frame(at: Canvas) -> tuple[np.ndarray, np.ndarray]:
    ankle, toe = np.array(joint("ankle")), np.array(joint("toe-2-3"))
    along = (toe - ankle)[[0, 2]] / np.hypot(*(toe - ankle)[[0, 2]])
    beside, front = at.beside - ankle[0], at.front - ankle[2]
    return along[0] * beside + along[1] * front, along[1] * beside - along[0] * front


def _webs(out: np.ndarray, at: Canvas) -> tuple[np.ndarray, np.ndarray]:
    """How far ahead the toes begin at each `out`, and how far out the great toe ends at each point ahead."""
    joints = {(toe, k): np.array(joint(f"toe-{toe}-{k}"))[[0, 2]] for toe in range(1, 6) for k in (1, 2, 3)}
    between = [(joints[toe, 1] * 0.6 + joints[toe, 2] * 0.4) for toe in range(2, 6)]
    begin = curve(at.beside, *((float(beside), float(front)) for beside, front in between))
    first = [(joints[1, k] + joints[2, k]) / 2 for k in (1, 2, 3)]
    split = curve(at.front, *((float(front), float(beside)) for beside, front in first))
    return begin, split


def paint(at: Canvas) -> Paint:
    """Yield regions of the foot; later ones cover earlier ones."""
    ahead, out = _frame(at)
    behind = curve(at.height, (10, -12), (20, 0), (32, 16), (45, 28), (60, 34), (78, 38), (92, 46))
    begin, split = _webs(out, at)
    low = at.height < 120
    yield "foot_dorsum", low & (ahead > behind)
    arch = curve(ahead, (0, 16), (25, 30), (60, 30), (95, 20), (118, RIM))
    yield "sole_arch", low & (ahead > 0) & (ahead < 122) & ((at.height < RIM) | (out < -8) & (at.height < arch))
    yield "sole_forefoot", low & (ahead > 84) & (at.height < RIM)
    yield "heel", low & (at.height < curve(ahead, (-52, 54), (-36, 46), (-20, 34), (-6, 20), (8, 0)))
    great = (at.beside < split) & (at.front > curve(at.height, (0, 110), (25, 116), (40, 128)))
    yield "great_toe", low & great
    yield "lesser_toes", low & (at.beside >= split) & (at.front > begin)
