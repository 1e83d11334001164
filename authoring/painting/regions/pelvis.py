"""Pelvis, buttock, hip and groin: strips along the iliac crest, the sacrum, fields of the buttock, the pelvic floor.

Painted over the trunk's lower rim and over the top of the thigh. Knows the bones only through landmarks.
"""

from __future__ import annotations

import numpy as np

from authoring.painting.regions.canvas import Canvas, curve, height_of, mark, oval
from authoring.painting.regions.coats import Paint, Region
from authoring.painting.regions.pelvic_lines import above_crest, above_ligament, around, crest_height

REACH = (760.0, 1080.0)  # heights between which this part paints
REGIONS = (
    Region(
        "lumbosacral", "Lumbosacral region", "L4-L5 to the top of the sacrum, between the PSIS and the crest strips"
    ),
    Region(
        "iliac_crest_posterior",
        "Iliac crest, back",
        "strip 40 mm wide along the back third of the crest, from the PSIS",
    ),
    Region("iliac_crest_lateral", "Iliac crest, side", "strip 38 mm wide along the rest of the crest, out to the ASIS"),
    Region("sacroiliac", "Sacroiliac region", "leaning oval around the PSIS and 45 mm down the joint"),
    Region("sacral", "Sacral region", "S1 to S4 between the sacroiliac ovals, narrowing downwards"),
    Region("coccygeal", "Coccygeal region", "sacrococcygeal joint and coccyx, top of the natal cleft"),
    Region(
        "gluteal_cleft_border", "Border of the natal cleft", "crescent beside the cleft, sacral border to gluteal fold"
    ),
    Region(
        "gluteal_upper", "Upper buttock", "crest strip to the top of the sciatic notch, medial to the outer buttock"
    ),
    Region("gluteal_mid", "Middle buttock", "top of the sciatic notch to the level of the trochanter's tip"),
    Region("gluteal_lower", "Lower buttock", "below the trochanter's tip, down to the gluteal fold, over the sit-bone"),
    Region(
        "gluteal_lateral",
        "Outer buttock",
        "side of the hip, crest strip to the trochanter, behind the line below the ASIS",
    ),
    Region("trochanteric", "Greater trochanter", "oval over the outer face of the trochanter"),
    Region("hip_posterior", "Back of the hip", "rounded field between sit-bone and trochanter"),
    Region("hip_anterior", "Front of the hip", "below the ASIS, lateral to the groin, before the outer buttock"),
    Region("groin", "Groin", "strip below the inguinal ligament, ASIS to pubis, widest in the middle"),
    Region("pubic", "Pubic region", "symphysis and the skin above it, between the two pubic tubercles"),
    Region("genital", "Genital region", "plain patch at the front of the crotch"),
    Region("perineal_anal", "Perineum and anus", "plain patch at the back and underside of the crotch"),
)
CREST_HALF_WIDTH = {"iliac_crest_posterior": 20.0, "iliac_crest_lateral": 19.0}
MM_PER_DEGREE = 2.2  # along the skin around the pelvis, near ASIS and PSIS
BACK_THIRD_ENDS = 58.0  # degrees around the trunk


def _crest(at: Canvas) -> Paint:
    away, psis, asis = above_crest(at), around("psis"), around("asis")
    half = CREST_HALF_WIDTH["iliac_crest_lateral"]
    beyond = MM_PER_DEGREE * (at.turn - asis - 2).clip(0)
    yield "iliac_crest_lateral", (np.hypot(away, beyond) < half) & (at.turn > 40) & (at.turn < asis + 15)
    half = CREST_HALF_WIDTH["iliac_crest_posterior"]
    before = MM_PER_DEGREE * (psis + 1 - at.turn).clip(0)
    back = (np.hypot(away, before) < half) & (at.turn > psis - 15)
    yield "iliac_crest_posterior", back & (at.turn < BACK_THIRD_ENDS + 0.15 * away)


def gluteal_fold(beside: np.ndarray) -> np.ndarray:
    """Height of the lower edge of the buttock, turning up at its outer end."""
    return height_of("gluteal_fold") + curve(
        beside, (8, 18), (25, 8), (46, 0), (75, -5), (100, 0), (122, 12), (142, 34), (158, 70), (166, 110)
    )


def hip_front(height: np.ndarray) -> np.ndarray:
    """How far to the front the side of the hip reaches: from the ASIS down before the trochanter."""
    return curve(height, (838, 72), (856, 48), (875, 39), (905, 38), (967, 52))


def _buttock(at: Canvas) -> Paint:
    back, tip = at.front < 0, height_of("greater_trochanter")
    below_crest = (at.height < crest_height(at.turn)) & (at.turn < 122)
    outer = curve(at.height, (880, 130), (915, 127), (950, 121), (985, 111), (1020, 98))
    notch = height_of("psis") - 48 + 14 * ((at.beside - 40) / 70).clip(0, 1) ** 2
    middle = tip - 6 + 12 * ((at.beside - 75) / 45) ** 2
    yield "gluteal_lower", back & (at.height < tip + 20) & (at.height > gluteal_fold(at.beside))
    yield "gluteal_upper", back & below_crest & (at.height > middle)
    yield "gluteal_mid", back & below_crest & (at.height > middle) & (at.height < notch)
    low = tip - curve(at.front, (10, 24), (26, 16), (38, 2))
    side = below_crest & (at.beside > outer) & (at.front < hip_front(at.height)) & (at.height > low)
    yield "gluteal_lateral", side


def _hip(at: Canvas) -> Paint:
    tip, (_, _, trochanter) = height_of("greater_trochanter"), mark("greater_trochanter")
    yield "hip_posterior", (at.front < 0) & oval(at.beside, at.height, (123, tip - 31), (41, 38), power=2.6)
    over = (at.beside > 120) & oval(at.front, at.height, (trochanter - 1, tip - 22), (34, 42), power=2.2)
    yield "trochanteric", over


def _low_back(at: Canvas) -> Paint:
    top = (height_of("l4") + height_of("l5")) / 2 - 3 + 8 * (at.beside / 52) ** 2
    yield "lumbosacral", (at.turn < 70) & (at.beside < 56) & (at.height < top) & (at.height > height_of("psis") - 20)
    yield from _crest(at)


def _sacrum(at: Canvas) -> Paint:
    back, psis, apex = at.turn < 70, height_of("psis"), height_of("sacral_apex")
    crescent = curve(at.height, (788, 26), (815, 36), (850, 42), (890, 41), (920, 36), (944, 31))
    cleft = (at.front < -20) & (at.beside < crescent) & (at.height < 944)
    yield "gluteal_cleft_border", cleft & (at.height > gluteal_fold(at.beside))
    half = curve(at.height, (apex + 10, 17), (apex + 25, 25), (apex + 45, 33), (psis, 38))
    top = psis + 2 + 6 * (at.beside / 36) ** 2
    yield "sacral", back & (at.beside < half) & (at.height < top) & (at.height > apex + 10)
    beside, height, _ = mark("psis")
    yield "sacroiliac", back & oval(at.beside, at.height, (beside - 1, height - 17), (17, 35), lean=13, power=2.4)
    fork = height_of("coccyx_tip") - 31
    yield "perineal_anal", oval(at.beside, at.height, (0, fork), (16, 36)) & (at.front <= 10)
    tailbone = oval(at.beside, at.height, (0, apex + 12), (16, 52), power=2.4)
    yield "coccygeal", back & tailbone & (at.height < apex + 12 - 3 * (at.beside / 16) ** 2)


def _front(at: Canvas) -> Paint:
    above, share = above_ligament(at)
    front, tip = at.front > 0, height_of("greater_trochanter")
    low = tip - 50 + 14 * np.cos(np.radians((at.beside - 125) * 1.5))
    under = front & (above < 0) & (at.height < height_of("asis") + 8)
    yield "hip_anterior", under & (at.height > low) & (at.front > hip_front(at.height)) & (at.beside > 30)
    width = curve(share, (-0.3, 40), (0.0, 40), (0.45, 36), (0.8, 26), (1.0, 10), (1.06, 0))
    yield "groin", under & (above > -width) & (at.beside > 10)
    tubercle = height_of("pubic_tubercle")
    yield "pubic", front & oval(at.beside, at.height, (0, tubercle + 4), (35, 38), power=2.5)
    fork = curve(at.height, (806, 9), (828, 18), (842, 22), (858, 10))
    yield "genital", (at.front > 10) & (at.beside < fork) & (at.height < tubercle - 24)


def paint(at: Canvas) -> Paint:
    """Yield regions of the pelvis; later ones cover earlier ones."""
    yield from _buttock(at)
    yield from _front(at)
    yield from _low_back(at)
    yield from _sacrum(at)
    yield from _hip(at)
