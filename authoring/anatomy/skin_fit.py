"""Fit to the skin: what lies too near to it is pressed in, on limbs what lies too deep is drawn out a little.

One smooth move of space that leaves deep bones where they are; then a last local push for single points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from authoring.anatomy.skin_depth import Skin
from authoring.anatomy.splines import Wide, thin

PATCH = 9.0  # mm: size of a patch of skin
# mm under the skin: in general; hands, feet, face; tips of toes and fingers; upper ribs; sternum, spine, pelvis
LEAST, LEAST_FINE, LEAST_TIP, LEAST_RIB, LEAST_STERNUM = 4.8, 3.6, 2.4, 13.0, 7.5
FLOOR = 0.85  # share of these that single points are pushed to at the end
UPPER_RIBS = ("first", "second", "third", "fourth", "fifth", "sixth")
AXIAL = ("sternum", "manubrium", "xiphoid", "vertebra", "hip bone", "sacrum")
INNER = (
    "tooth",
    "ethmoid",
    "vomer",
    "concha",
    "sphenoid",
    "lacrimal",
    "uvular",
    "aryepiglotticus",
    "medial rectus",
    "lateral rectus",
    "superior rectus",
    "inferior rectus",
    "superior oblique",
    "inferior oblique",
)
# How deep the outermost tissue may lie before it is drawn out, in mm: by height on the leg, by share along the arm.
LEG_HEIGHTS, LEG_DEEP = (90, 140, 260, 400, 480, 540, 640, 740, 800), (60, 11, 8, 10, 40, 12, 11, 13, 40)
ARM_ALONG, ARM_DEEP = (-0.1, 0.12, 0.3, 0.8, 1.0, 1.15, 1.4, 1.75, 1.9), (40, 12, 8, 9, 40, 8, 7, 10, 60)
MIRROR = np.array([-1.0, 1.0, 1.0])
TURNS = 2
REST = 12.0  # mm: what lies that much deeper than it must is not looked at again


def inner(name: str) -> bool:
    """Whether a part lies inside the head, where the skin has no say (oblique parts of neck muscles do not)."""
    words = name.lower()
    return "colli" not in words and "capitis" not in words and any(word in words for word in INNER)


def least(name: str, group: str, points: np.ndarray) -> np.ndarray:
    """How many mm (n,) under the skin the points (n, 3) of a part should lie."""
    if inner(name):
        return np.full(len(points), -99.0)
    words = name.lower()
    x, y, z = points.T
    deep = np.where((y < 130) | (x < -285) | ((y > 1500) & (z > 20)), LEAST_FINE, LEAST)
    deep[((y < 36) & (z > 95)) | ((x < -300) & (y < 770))] = LEAST_TIP
    if group == "ribs" and any(word in words for word in UPPER_RIBS):
        deep[:] = LEAST_RIB
    if any(word in words for word in AXIAL):
        deep[:] = LEAST_STERNUM
    return deep


@dataclass(frozen=True, eq=False)
class Patches:
    """The outer skin cut into patches: which one each skin point is of, means over neighbours, limits."""

    skin: Skin
    of: np.ndarray
    mean: sparse.csr_matrix
    deep: np.ndarray


def patches(skin: Skin, joints: dict[str, np.ndarray]) -> Patches:
    """Cut the skin into cells of `PATCH` mm."""
    cell = np.floor(skin.points / PATCH).astype(int)
    of = np.unique(cell, axis=0, return_inverse=True)[1].reshape(-1)
    count = np.bincount(of)
    at, normal = (np.stack([np.bincount(of, v[:, k]) for k in range(3)], 1) for v in (skin.points, skin.normals))
    at /= count[:, None]
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    pairs = cKDTree(at).query_pairs(16.0, output_type="ndarray")
    i, j = pairs[(normal[pairs[:, 0]] * normal[pairs[:, 1]]).sum(1) > 0.3].T
    near = sparse.coo_matrix((np.ones(2 * len(i)), (np.r_[i, j], np.r_[j, i])), (len(at), len(at))).tocsr()
    near = near + sparse.identity(len(at))
    mean = sparse.diags(1 / np.asarray(near.sum(1)).ravel()) @ near
    return Patches(skin, of, mean.tocsr(), _deep(at, normal, joints))


def _deep(at: np.ndarray, normal: np.ndarray, joints: dict[str, np.ndarray]) -> np.ndarray:
    """How deep the outermost tissue under each patch may lie (mm), by place."""
    x, y, z = at.T
    deep = np.full(len(x), 60.0)
    shoulder, elbow, wrist = (joints[name] for name in ("r-shoulder", "r-elbow", "r-hand"))
    upper = ((at - shoulder) @ (elbow - shoulder)) / ((elbow - shoulder) @ (elbow - shoulder))
    lower = 1 + ((at - elbow) @ (wrist - elbow)) / ((wrist - elbow) @ (wrist - elbow))
    along = np.where(upper < 1, upper, np.maximum(lower, 1.0))
    off = np.linalg.norm(at - shoulder - np.clip(upper, 0, 1)[:, None] * (elbow - shoulder), axis=1)
    hand = (y < 800) & (x > -240)
    arm = (x < -150) & ((off < 75) | (along > 1.0)) & (along > 0.0) & ~hand & ((x < -175) | (along > 0.2))
    leg = (y < 800) & ~arm & (x > -240)
    deep[arm] = np.interp(along[arm], ARM_ALONG, ARM_DEEP)
    deep[leg] = np.interp(y[leg], LEG_HEIGHTS, LEG_DEEP)
    trunk = ~arm & ~leg
    behind = trunk & (z < 5) & (y > 960) & (y < 1500)
    deep[behind] = np.where(np.abs(x[behind]) < 10, 60.0, np.where(y[behind] > 1150, 8.5, 7.5))  # the furrow stays
    deep[trunk & (y > 1375) & (y < 1500) & (z < 10) & (normal[:, 1] > 0.1)] = 7.0  # upper border of trapezius
    deep[trunk & (z < -20) & (y < 960) & (np.abs(x) > 25)] = 17.0  # buttock
    return deep


def fit(points: np.ndarray, least: np.ndarray, bone: np.ndarray, cut: Patches) -> np.ndarray:
    """Points (n, 3) moved to at least `least` (n,) mm under the skin; deep ones are held where `bone` (n,) is true."""
    for turn in range(TURNS):
        bones = points[bone]
        at, moves = _wished(points, least, cut, draw=turn == 0)
        hold = bones[cut.skin.depth(bones)[0] > 16]
        hold = hold[thin(hold, 32.0)]
        edge = at[:, 0] > -40
        at = np.concatenate([at, at[edge] * MIRROR, hold])
        moves = np.concatenate([moves, moves[edge] * MIRROR, np.zeros_like(hold)])
        rows = thin(at, 3.0)
        space = Wide(at[rows], moves[rows], smoothing=6.0)
        points = (points + space(points)).round(2)
    return push(points, least, cut.skin)


def _wished(points: np.ndarray, least: np.ndarray, cut: Patches, *, draw: bool) -> tuple[np.ndarray, np.ndarray]:
    """A share of the outermost points (k, 3), and where the skin wants them to move (k, 3)."""
    depth, near = cut.skin.depth(points)
    patch, spare = cut.of[near], depth - least
    low = np.full(len(cut.deep), np.inf)
    np.minimum.at(low, patch, spare)
    found = np.isfinite(low)
    pull = np.zeros(len(low))
    if draw:
        pull[found] = np.clip(low[found] - np.maximum(cut.deep[found] - 5.0, 0), 0, 9.0) * 0.7 * (low[found] < 45)
        pull = cut.mean @ (cut.mean @ pull)
    outer = np.flatnonzero(spare < np.maximum(low[patch] + 2.0, 0))
    outer = outer[np.argsort(spare[outer].round(4), kind="stable")]
    fine = (points[outer, 1] < 95) | (points[outer, 0] < -290)
    outer = np.concatenate(
        [rows[thin(points[rows], step)] for rows, step in ((outer[fine], 8.0), (outer[~fine], 18.0))]
    )
    size = np.where(spare[outer] < 0, spare[outer], np.minimum(pull[patch[outer]], spare[outer]))
    return points[outer], cut.skin.normals[near[outer]] * size[:, None]


def push(points: np.ndarray, least: np.ndarray, skin: Skin, steps: int = 12, reach: float = 9.0) -> np.ndarray:
    """Push single points to a share of the least depth, their near neighbours with them."""
    shallow = np.arange(len(points))
    for _ in range(steps):
        depth, near = skin.depth(points[shallow])
        some = FLOOR * least[shallow] - depth
        need, wish = np.zeros(len(points)), np.zeros_like(points)
        need[shallow] = np.maximum(some, 0)
        wish[shallow] = -skin.normals[near] * need[shallow, None]
        bad = need > 0.05
        if not bad.any():
            break
        shallow = shallow[some > -REST]
        gap, who = cKDTree(points[bad]).query(points, k=8, distance_upper_bound=2.5 * reach)
        close = np.isfinite(gap)
        weight = np.where(close, np.exp(-((gap / reach) ** 2) / 2), 0)
        soft = (weight[..., None] * wish[bad][np.where(close, who, 0)]).sum(1) / np.maximum(weight.sum(1), 1)[:, None]
        points = points + np.where(bad[:, None], 0.6 * wish + 0.4 * soft, soft)
    return points.round(2)
