"""Lines that bones draw on the skin of the trunk: the iliac crest and the inguinal ligament.

Both part regions of the trunk from regions of the pelvis, so both rooms read them here.
"""

from __future__ import annotations

import numpy as np

from authoring.painting.regions.canvas import TRUNK_AXIS, Canvas, curve, height_of, mark

CREST = (
    (14.0, -34.0),
    (27.0, -4.0),
    (38.0, 18.0),
    (50.0, 36.0),
    (66.0, 49.0),
)  # degrees around the trunk, mm above the PSIS


def around(name: str) -> float:
    """Degrees around the trunk of a landmark."""
    beside, _, front = mark(name)
    return float(np.degrees(np.arctan2(beside, TRUNK_AXIS - front)))


def crest_height(turn: np.ndarray) -> np.ndarray:
    """Height of the iliac crest around the trunk, from PSIS to ASIS and a little beyond."""
    psis = height_of("psis")
    corners = [(angle, psis + up) for angle, up in CREST]
    corners += [(around(name), height_of(name)) for name in ("iliac_crest_top", "iliac_crest_lateral", "asis")]
    corners.append((around("asis") + 15, height_of("asis") - 22))  # so that the line runs on through its end
    return curve(turn, *corners)


def above_crest(at: Canvas) -> np.ndarray:
    """Signed distance (n,) from the crest line along the skin."""
    radius = np.hypot(at.beside, TRUNK_AXIS - at.front)
    slope = (crest_height(at.turn + 1) - crest_height(at.turn - 1)) / (radius * np.radians(2))
    return (at.height - crest_height(at.turn)) / np.sqrt(1 + slope**2)


def above_ligament(at: Canvas) -> tuple[np.ndarray, np.ndarray]:
    """Signed distance (n,) from the inguinal ligament seen from the front; share (n,) of the way to the ASIS."""
    start, end = np.array(mark("pubic_tubercle")[:2]), np.array(mark("asis")[:2])
    way = end - start
    length = float(np.hypot(*way))
    off = np.stack([at.beside, at.height]) - start[:, None]
    share = (way @ off) / length**2
    return (way[0] * off[1] - way[1] * off[0]) / length + 6 * np.sin(np.pi * share.clip(0, 1)), share
