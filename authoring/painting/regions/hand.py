"""The hand, painted by its rays: every point belongs to the nearest ray, from the wrist through a finger's joints.

The thumb's ray and the index finger are radial, the fifth ray and the ring finger ulnar; between them lie palm and
back of the hand.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from authoring.painting.regions.canvas import Canvas, joint
from authoring.painting.regions.coats import Paint, Region

REACH = (670.0, 880.0)  # heights between which this part paints
REGIONS = (
    Region("hand_radial", "Thumb side of the hand", "thumb with its ball and first web space, and the index finger"),
    Region("hand_ulnar", "Little-finger side of the hand", "fifth ray with its ball, and the ring finger"),
    Region("hand_dorsal", "Back of the hand", "back of the middle rays, and of the middle finger"),
    Region("hand_palmar", "Palm", "palm between the balls of thumb and little finger, and front of the middle finger"),
)
ROOTS = {1: 23.0, 2: 12.0, 3: 3.0, 4: -8.0, 5: -17.0}  # mm beside the middle of the wrist: where the rays begin
WRIST_ENDS = 8.0  # mm beyond the wrist's joint
BACK = 5.0  # mm before the joints: there the back of the hand ends
LAST_BONE = 3
WEB = 0.45  # of the first bone of a finger: there it leaves the palm


def _rays(at: Canvas) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For every point the ray (1 to 5) next to it, whether it lies along a finger, and how far on the palm's side."""
    best, ray = np.full(len(at.height), np.inf), np.zeros(len(at.height), int)
    free, palmar = np.zeros(len(at.height), bool), np.zeros(len(at.height))
    for number, root in ROOTS.items():
        beside, height, front = joint("hand")
        corners = [(beside + root, height, front), *(joint(f"finger-{number}-{k}") for k in range(1, 5))]
        for bone, (start, end) in enumerate(pairwise(np.array(corners))):
            along = (at.points - start) @ (end - start) / ((end - start) @ (end - start))
            off = at.points - start - along.clip(0, 1)[:, None] * (end - start)
            away = np.linalg.norm(off, axis=1)
            nearer = away < best
            back = BACK * (1 - along.clip(0, 1)) if bone == LAST_BONE else BACK  # a fingertip is all palm in front
            best[nearer], ray[nearer], palmar[nearer] = away[nearer], number, (off[:, 2] - back)[nearer]
            free[nearer] = bone > 1 or (bone == 1 and along[nearer] > WEB)
    return ray, free, palmar


def paint(at: Canvas) -> Paint:
    """Yield regions of the hand; later ones cover earlier ones."""
    hand = np.flatnonzero(at.arm & (at.beyond("hand") > WRIST_ENDS))
    ray, free, palmar = _rays(at.part(hand))
    radial = (ray == 1) | ((ray == 2) & free)
    ulnar = (ray == 5) | ((ray == 4) & free)
    yield "hand_dorsal", hand[palmar <= 0]
    yield "hand_palmar", hand[palmar > 0]
    yield "hand_radial", hand[radial]
    yield "hand_ulnar", hand[ulnar]
