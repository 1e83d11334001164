"""Head and neck: calm fields of the face, the skull above the nuchal line, three sides of the neck.

Painted by the patient's profile (front and height) and around the neck. Lids, lips and nostrils are no borders.
"""

from __future__ import annotations

import numpy as np

from authoring.painting.regions.canvas import Canvas, curve, oval
from authoring.painting.regions.coats import Paint, Region
from authoring.painting.regions.shoulder import clavicle

REACH = (1380.0, 1720.0)  # heights between which this part paints
REGIONS = (
    Region("vertex", "Crown of the head", "cap above the hairline"),
    Region("forehead", "Forehead", "brow to hairline, between the temporal lines"),
    Region("temple", "Temple", "temporal fossa in front of and above the ear, zygomatic arch to the crown"),
    Region("eye_orbit", "Eye", "oval around the orbit, brow to its lower rim"),
    Region("ear", "Ear", "oval of the external ear and the skin just behind it"),
    Region("cheek", "Cheek", "below orbit and zygomatic arch down to the jaw, with the side of the nose"),
    Region("jaw_teeth", "Jaw and teeth", "jaw joint, angle and body of the mandible, both lips over the teeth"),
    Region("occiput", "Back of the head", "above the nuchal line, behind the ear"),
    Region("neck_posterior", "Back of the neck", "nuchal line to C7, trapezius to its front edge"),
    Region("neck_lateral", "Side of the neck", "mastoid to the neck-shoulder angle, trapezius to sternocleidomastoid"),
    Region("neck_anterior", "Front of the neck", "mandible to clavicle, before the sternocleidomastoid"),
)
EAR = (16.0, 1571.0)  # its middle: front, height
NECK_AXIS = 5.0  # mm before the ankles' plumb line
NECK_ENDS = 70.0  # mm beside the midline: the neck-shoulder angle


def head_edge(front: np.ndarray) -> np.ndarray:
    """Height at which head becomes neck: nuchal line, mastoid, angle and lower edge of the jaw."""
    nuchal = ((-62, 1562), (-45, 1556), (-20, 1550), (5, 1541), (28, 1540))
    return curve(front, *nuchal, (36, 1530), (43, 1511), (56, 1496), (74, 1488), (100, 1486), (125, 1485))


def _neck(at: Canvas) -> Paint:
    turn = np.degrees(np.arctan2(at.beside, NECK_AXIS - at.front))
    behind = curve(at.height, (1442, 84), (1480, 74), (1520, 66), (1556, 62))
    before = curve(at.height, (1402, 163), (1430, 153), (1460, 142), (1500, 122), (1540, 104))
    behind_base = curve(at.beside, (0, 1442), (40, 1443), (NECK_ENDS, 1452))
    base = np.where(at.front > NECK_AXIS - 20, clavicle(at.beside), behind_base)
    neck = (at.height > base) & (at.beside < curve(at.height, (1395, NECK_ENDS - 9), (1450, NECK_ENDS)))
    yield "neck_posterior", neck
    yield "neck_lateral", neck & (turn > behind)
    yield "neck_anterior", neck & (turn > before)


def _skull(at: Canvas) -> Paint:
    yield "occiput", at.height > 0
    yield "temple", at.front > EAR[0] - 20 - 0.1 * (at.height - EAR[1])
    yield "vertex", at.height > curve(at.front, (-75, 1638), (-30, 1650), (30, 1660), (70, 1662), (108, 1664))


def _mouth(at: Canvas) -> np.ndarray:
    """True inside the mouth, which a view looks into."""
    return (at.front > -10) & oval(at.beside, at.height, (0, 1522), (28, 18))


def _jaw_top(at: Canvas) -> np.ndarray:
    """Height of the upper border of jaw and lips: before the ear, down the ramus, along the body, up to the nose."""
    side = curve(at.front, (30, 1582), (47, 1580), (53, 1560), (61, 1536), (72, 1520), (80, 1518))
    front = curve(at.beside, (0, 1551), (18, 1548), (31, 1537), (41, 1524), (49, 1518), (60, 1518))
    return np.where(at.front > 76, front, side)


def _face(at: Canvas) -> Paint:
    line = curve(at.height, (1570, 88), (1606, 84), (1630, 77), (1666, 66))
    yield "forehead", (at.front > line) & (at.height < curve(at.front, (30, 1660), (70, 1662), (108, 1664)))
    arch = curve(at.front, (20, 1576), (60, 1582), (90, 1588), (105, 1598), (125, 1600))
    yield "cheek", (at.height < arch) & (at.front > 24)
    yield "jaw_teeth", ((at.height < _jaw_top(at)) | _mouth(at)) & (at.front > 24)
    yield "eye_orbit", (at.front > 60) & oval(at.beside, at.height, (33, 1592), (25, 19), power=2.4)
    yield "ear", (at.beside > 52) & oval(at.front, at.height, EAR, (25, 34), power=2.2)


def paint(at: Canvas) -> Paint:
    """Yield regions of head and neck; later ones cover earlier ones."""
    yield from _neck(at)
    head = (at.height > head_edge(at.front)) | _mouth(at)
    for part in (_skull, _face):
        for name, inside in part(at):
            yield name, head & inside
