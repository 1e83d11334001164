"""Small similarities that bring whole bones under the skin, their joints staying as near as may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares
from scipy.spatial.transform import Rotation

from authoring.anatomy.skin_depth import Skin

SAMPLES = 600


@dataclass(frozen=True)
class Rule:
    """Groups of bones moved as one, mm under the skin, weights of moved joints and of a change of size, joints held."""

    groups: tuple[str, ...]
    least: float
    hold: float
    size: float
    held: tuple[str, ...]


RULES = (
    Rule(("clavicle",), 4.0, 0.45, 60, ("clavicle.inner", "clavicle.inner", "clavicle.outer")),
    Rule(("scapula",), 8.0, 0.5, 60, ("shoulder_centre", "acromion", "spine_root")),
    Rule(("humerus",), 5.0, 0.7, 60, ("shoulder_centre", "elbow_centre")),
    Rule(("forearm",), 4.0, 0.7, 60, ("elbow_centre", "wrist_centre")),
    Rule(("palm", "mc2", "mc3", "mc4", "mc5"), 4.0, 0.4, 30, ("wrist_centre", "finger2.j1", "finger5.j1")),
    Rule(("mc1",), 3.5, 0.4, 30, ("mc1.base", "finger1.j1")),
    Rule(("patella",), 5.0, 0.2, 60, ("patella",)),
    Rule(("leg",), 4.5, 0.9, 60, ("knee_centre", "knee_centre", "ankle_centre")),
    Rule(("foot", *(f"mt{k}" for k in range(1, 6))), 4.0, 0.4, 30, ("ankle_centre", "heel", "toe1.j1", "toe5.j1")),
    *(
        Rule(tuple(f"{digit}{k}.{j}" for j in (1, 2, 3)), least, 0.3, 12, (f"{digit}{k}.j1", f"{digit}{k}.tip"))
        for digit, least in (("finger", 2.5), ("toe", 2.2))
        for k in range(1, 6)
    ),
)


def correction(points: np.ndarray, held: np.ndarray, skin: Skin, rule: Rule) -> tuple[float, np.ndarray, np.ndarray]:
    """Scale, rotation (3, 3), shift (3,) that bring bone points (n, 3) under the skin, with joints `held` (k, 3)."""
    some = points[np.linspace(0, len(points) - 1, min(SAMPLES, len(points))).astype(int)]
    centre = some.mean(0)

    def moved(p: np.ndarray, q: np.ndarray) -> np.ndarray:
        turn = Rotation.from_rotvec(p[:3]).as_matrix()
        return np.exp(p[6]) * (q - centre) @ turn.T + centre + p[3:6]

    def cost(p: np.ndarray) -> np.ndarray:
        lack = np.maximum(rule.least - skin.depth(moved(p, some))[0], 0) * np.sqrt(60 / len(some))
        return np.r_[lack, (rule.hold * (moved(p, held) - held)).ravel(), rule.size * p[6], 25 * p[:3]]

    scales = np.array([0.05] * 3 + [3.0] * 3 + [0.05])
    found = least_squares(cost, np.zeros(7), diff_step=1e-3, x_scale=scales, max_nfev=25).x.round(6)
    scale, turn = float(np.exp(found[6])), Rotation.from_rotvec(found[:3]).as_matrix()
    return scale, turn, centre + found[3:6] - scale * turn @ centre
