"""The other pose: bones move stiffly by the skin's own motion, the rest by blended motions of the bones round it.

Each group of bones takes the rigid motion nearest to that of the skin around it, chained at the joints.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from authoring.anatomy.carry import HAND, nearby
from authoring.body.skin import Body

Motion = tuple[np.ndarray, np.ndarray]
POWER, LEAST = 2.5, 4.0
# shares of the arm's turn that clavicle and shoulder blade take, and the joint about which they do
GIRDLE = {"clavicle": (0.10, "clavicle.inner"), "scapula": (0.30, "clavicle.outer")}
JOINTS = (
    ("scapula", "clavicle", "clavicle.outer"),
    ("humerus", "scapula", "shoulder_centre"),
    ("forearm", "humerus", "elbow_centre"),
    ("palm", "forearm", "wrist_centre"),
)


def rigid(source: np.ndarray, goal: np.ndarray) -> Motion:
    """Rotation (3, 3) and shift (3,) that take points nearest to points (Kabsch)."""
    a, b = source.mean(0), goal.mean(0)
    left, _, right = np.linalg.svd((source - a).T @ (goal - b))
    turn = right.T @ np.diag([1, 1, np.sign(np.linalg.det(right.T @ left.T))]) @ left.T
    return turn, b - turn @ a


class Follow:
    """Motions of the groups of bones from standing to a pose; `bones` are their points (n, 3) standing."""

    def __init__(
        self, bones: Mapping[str, np.ndarray], joints: Mapping[str, np.ndarray], body: Body, pose: str
    ) -> None:
        right = body.standing[:, 0] < 0
        a, b = body.standing[right], body.points[pose][right]
        self.trees = {name: cKDTree(points) for name, points in bones.items()}
        owner = np.argmin([tree.query(a, workers=2)[0] for tree in self.trees.values()], 0)
        skin = cKDTree(a)
        self.motion: dict[str, Motion] = dict.fromkeys(bones, (np.eye(3), np.zeros(3)))
        arm = [name for name in bones if name.startswith(HAND)]
        for name in ["humerus", *arm]:
            own = owner == list(bones).index(name)
            if name == "humerus":
                own &= a[:, 1] < joints["shoulder_centre"][1] - 60
            rows = np.flatnonzero(own)
            if len(rows) < 20:
                rows = np.unique(skin.query(bones[name], k=4)[1])
            self.motion[name] = rigid(a[rows], b[rows])
        turn = Rotation.from_matrix(self.motion["humerus"][0]).as_rotvec()
        for name, (share, pivot) in GIRDLE.items():
            part = Rotation.from_rotvec(share * turn).as_matrix()
            self.motion[name] = part, joints[pivot] - part @ joints[pivot]
        before = self.motion["palm"][1]
        for child, parent, at in JOINTS:
            (one, _), (two, shift) = self.motion[child], self.motion[parent]
            self.motion[child] = one, two @ joints[at] + shift - one @ joints[at]
        slid = self.motion["palm"][1] - before
        for name in arm:
            if name not in ("forearm", "palm"):
                self.motion[name] = self.motion[name][0], self.motion[name][1] + slid

    def bone(self, group: str, points: np.ndarray) -> np.ndarray:
        """Points (n, 3) of a bone in the pose."""
        turn, shift = self.motion[group]
        return points @ turn.T + shift

    def __call__(self, points: np.ndarray, layer: str) -> np.ndarray:
        """Points (n, 3) of another part in the pose."""
        total, weight = np.zeros_like(points), np.zeros(len(points))
        for name, rows, share in nearby(points, self.trees, layer, POWER, LEAST):
            total[rows] += share[:, None] * self.bone(name, points[rows])
            weight[rows] += share
        return total / np.maximum(weight, 1e-300)[:, None]
