"""The arm from armpit to wrist: four faces of the upper arm and of the forearm, three sides of the elbow, the wrist.

Painted around the arm's own axis with the palm to the front, so that a face keeps its place when the arm is raised.
The shoulder paints over its top, the hand over its end.
"""

from __future__ import annotations

import numpy as np

from authoring.painting.regions.canvas import Canvas, curve, oval
from authoring.painting.regions.coats import Paint, Region

REACH = (690.0, 1345.0)  # heights between which this part paints
REGIONS = (
    Region("arm_anterior", "Front of the upper arm", "biceps, armpit to elbow crease"),
    Region("arm_lateral", "Outer upper arm", "below the insertion of the deltoid"),
    Region("arm_posterior", "Back of the upper arm", "triceps, armpit to the tip of the elbow"),
    Region("arm_medial", "Inner upper arm", "groove between biceps and triceps, armpit to elbow"),
    Region("elbow_lateral", "Outer elbow", "oval around the lateral epicondyle and the head of the radius"),
    Region("elbow_medial", "Inner elbow", "oval around the medial epicondyle and the ulnar groove"),
    Region("elbow_anterior", "Elbow crease", "oval of the antecubital fossa"),
    Region("forearm_radial", "Thumb side of the forearm", "border over the brachioradialis and the radius"),
    Region("forearm_ulnar", "Little-finger side of the forearm", "border along the ulna"),
    Region("forearm_dorsal", "Back of the forearm", "extensors, elbow to wrist"),
    Region("forearm_volar", "Front of the forearm", "flexors, elbow crease to wrist"),
    Region("wrist", "Wrist", "ring 34 mm wide around the wrist"),
)
ELBOW_RADIUS = 37.0  # mm


def _faces(at: Canvas, names: tuple[str, str, str, str], borders: tuple[float, float, float, float]) -> Paint:
    """Front, outside, back and inside, between turns given from the outer front border round to the inner front one."""
    turn = at.arm_turn
    front, outside, back, inside = names
    outer_front, outer_back, inner_back, inner_front = borders
    yield back, np.ones(len(turn), bool)
    yield front, (turn > inner_front) & (turn <= outer_front)
    yield outside, (turn > outer_front) & (turn <= outer_back)
    yield inside, (turn <= inner_front) & (turn > inner_back)


def _elbow(at: Canvas) -> Paint:
    beyond = at.beyond("elbow")

    def side(middle: float) -> np.ndarray:
        return np.radians((at.arm_turn - middle + 180) % 360 - 180) * ELBOW_RADIUS

    yield "elbow_anterior", oval(side(-2), beyond, (0, 2), (33, 25), power=2.6)
    yield "elbow_lateral", oval(side(98), beyond, (0, 6), (31, 33), power=2.6)
    yield "elbow_medial", oval(side(-106), beyond, (0, -3), (30, 29), power=2.6)


def paint(at: Canvas) -> Paint:
    """Yield regions of the arm; later ones cover earlier ones."""
    upper = ("arm_anterior", "arm_lateral", "arm_posterior", "arm_medial")
    lower = ("forearm_volar", "forearm_radial", "forearm_dorsal", "forearm_ulnar")
    for name, inside in _faces(at, upper, (48, 132, -132, -56)):
        yield name, at.arm & inside
    tip = curve(at.arm_turn, (-180, 12), (-120, 4), (-50, 0), (50, 0), (120, 4), (180, 12))
    for name, inside in _faces(at, lower, (46, 122, -128, -58)):
        yield name, at.arm & inside & (at.beyond("elbow") > tip)
    for name, inside in _elbow(at):
        yield name, at.arm & inside
    yield "wrist", at.arm & (at.beyond("hand") > -26)
