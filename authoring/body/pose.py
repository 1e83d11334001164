"""Poses: bones of the standard rig, linear blend skinning, and delta mush against its folds.

A pose is a handful of angles in degrees; paint belongs to vertices, so it travels with the skin.
Delta mush follows Mancewicz and others (2014).
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from authoring.body.mesh import BaseMesh, joint_centres, neighbour_mean, vertex_normals

MUSH_STEPS = 12


@dataclass(frozen=True)
class Pose:
    """Angles in degrees: arms away from the trunk and forward, elbows, palms, legs apart, toes out."""

    abduction: float
    flexion: float = 0.0
    elbow: float = 0.0
    carrying: float = 8.0
    palm_in: float = 12.0
    legs_apart: float = 2.5
    toes_out: float = 8.0


STANDING = Pose(abduction=14)
REACHING = Pose(abduction=4, flexion=75, elbow=60)


@dataclass(frozen=True)
class Rig:
    """Bones by name: head and tail (3,), parent; and skin weights as (bone, vertices, weights)."""

    head: dict[str, np.ndarray]
    tail: dict[str, np.ndarray]
    parent: dict[str, str]
    skin: list[tuple[str, np.ndarray, np.ndarray]]


def read_rig(base: BaseMesh, points: np.ndarray) -> Rig:
    """Read the standard rig and place its bones in the body `points`."""
    folder = base.folder / "rigs" / "standard"
    bones = json.loads((folder / "rig.default.json").read_text("utf-8"))
    weights = json.loads((folder / "weights.default.json").read_text("utf-8"))["weights"]
    joints = joint_centres(base, points)

    def place(end: dict) -> np.ndarray:
        match end["strategy"]:
            case "CUBE":
                return joints[end["cube_name"].removeprefix("joint-")]
            case "VERTEX":
                return points[end["vertex_index"]]
            case _:
                return points[end["vertex_indices"]].mean(0)

    skin = [
        (bone, np.array([row[0] for row in rows], int), np.array([row[1] for row in rows]))
        for bone, rows in weights.items()
        if rows
    ]
    return Rig(
        {name: place(bone["head"]) for name, bone in bones.items()},
        {name: place(bone["tail"]) for name, bone in bones.items()},
        {name: bone["parent"] for name, bone in bones.items()},
        skin,
    )


def rotation(axis: np.ndarray, degrees: float) -> np.ndarray:
    """Rotation matrix (3, 3) about `axis` (Rodrigues)."""
    x, y, z = axis / np.linalg.norm(axis)
    cross, angle = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]]), np.radians(degrees)
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def _turn(start: np.ndarray, end: np.ndarray, share: float = 1.0) -> np.ndarray:
    """The smallest rotation that takes direction `start` to `end`, or a share of it."""
    axis = np.cross(start, end)
    angle = np.degrees(np.arctan2(np.linalg.norm(axis), start @ end))
    return np.eye(3) if angle < 1e-6 else rotation(axis, share * angle)


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def _arm(rig: Rig, pose: Pose, side: str) -> dict[str, np.ndarray]:
    sign = 1.0 if side == "L" else -1.0

    def pointing(outward: float, forward: float) -> np.ndarray:
        out, ahead = np.radians(outward), np.radians(forward)
        return np.array([sign * np.sin(out), -np.cos(out) * np.cos(ahead), np.cos(out) * np.sin(ahead)])

    elbow, wrist = rig.head[f"lowerarm01.{side}"], rig.head[f"wrist.{side}"]
    rest = elbow - rig.head[f"upperarm01.{side}"]
    upper_direction = pointing(pose.abduction, pose.flexion)
    upper = _turn(rest, upper_direction)
    bend = pose.flexion + pose.elbow
    fore_direction = pointing(pose.abduction + pose.carrying, bend)
    fore = _turn(upper @ (wrist - elbow), fore_direction) @ upper
    knuckle = rig.head[f"finger3-1.{side}"] - wrist
    hand = _turn(fore @ knuckle, fore_direction) @ fore
    index, little = rig.head[f"finger2-1.{side}"] - wrist, rig.head[f"finger5-1.{side}"] - wrist
    palm = np.cross(index, little)
    curl = rig.tail[f"finger3-3.{side}"] - rig.head[f"finger3-1.{side}"]
    palm = palm if palm @ (curl - knuckle * (curl @ knuckle) / (knuckle @ knuckle)) > 0 else -palm
    inward, ahead = np.radians(pose.palm_in), np.radians(bend)
    wish = np.array([-sign * np.sin(inward), np.cos(inward) * np.sin(ahead), np.cos(inward) * np.cos(ahead)])

    def across(vector: np.ndarray) -> np.ndarray:
        return _unit(vector - fore_direction * (vector @ fore_direction))

    now, wish = across(hand @ palm), across(wish)
    twist = np.degrees(np.arctan2(np.cross(now, wish) @ fore_direction, now @ wish))
    return {
        f"clavicle.{side}": _turn(rest, upper_direction, 0.12),
        f"shoulder01.{side}": _turn(rest, upper_direction, 0.25),
        f"upperarm01.{side}": upper,
        f"upperarm02.{side}": upper,
        f"lowerarm01.{side}": rotation(fore_direction, 0.35 * twist) @ fore,
        f"lowerarm02.{side}": rotation(fore_direction, 0.75 * twist) @ fore,
        f"wrist.{side}": rotation(fore_direction, twist) @ hand,
    }


def _leg(rig: Rig, pose: Pose, side: str) -> dict[str, np.ndarray]:
    sign, apart, out = (1.0 if side == "L" else -1.0), np.radians(pose.legs_apart), np.radians(pose.toes_out)
    rest = rig.head[f"foot.{side}"] - rig.head[f"upperleg01.{side}"]
    leg = _turn(rest, np.array([sign * np.sin(apart), -np.cos(apart), rest[2] / np.linalg.norm(rest)]))
    foot = rig.tail[f"foot.{side}"] - rig.head[f"foot.{side}"]
    flat = _turn(foot * [1, 0, 1], np.array([sign * np.sin(out), 0.0, np.cos(out)]))
    turned = {f"{part}0{number}.{side}": leg for part in ("upperleg", "lowerleg") for number in (1, 2)}
    return turned | {f"foot.{side}": flat, f"pelvis.{side}": np.eye(3)}


def apply(pose: Pose, rig: Rig, points: np.ndarray, quads: np.ndarray) -> np.ndarray:
    """Return the vertices (n, 3) in the pose."""
    turns: dict[str, np.ndarray] = {}
    for side in "LR":
        turns |= _arm(rig, pose, side) | _leg(rig, pose, side)
    placed: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def motion(bone: str) -> tuple[np.ndarray, np.ndarray]:
        if bone not in placed:
            above, shift = motion(rig.parent[bone]) if rig.parent[bone] else (np.eye(3), np.zeros(3))
            turn = turns.get(bone, above)
            placed[bone] = turn, above @ rig.head[bone] + shift - turn @ rig.head[bone]
        return placed[bone]

    moved, total = np.zeros_like(points), np.zeros(len(points))
    for bone, vertices, weights in rig.skin:
        turn, shift = motion(bone)
        moved[vertices] += weights[:, None] * (points[vertices] @ turn.T + shift)
        total[vertices] += weights
    moved = np.where((total > 1e-6)[:, None], moved / np.maximum(total, 1e-6)[:, None], points)
    return _delta_mush(points, moved, quads)


def _frames(points: np.ndarray, quads: np.ndarray) -> np.ndarray:
    """A frame (3, 3) per vertex: normal, an edge direction in the tangent plane, and their cross product."""
    normals = vertex_normals(points, quads)
    neighbour = np.zeros(len(points), int)
    for side in range(3, -1, -1):
        neighbour[quads[:, side]] = quads[:, (side + 1) % 4]
    tangent = points[neighbour] - points
    tangent -= normals * (tangent * normals).sum(1, keepdims=True)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-12)
    return np.stack([normals, tangent, np.cross(normals, tangent)], 2)


def _delta_mush(rest: np.ndarray, posed: np.ndarray, quads: np.ndarray) -> np.ndarray:
    skin = np.unique(quads)
    mean = neighbour_mean(quads, len(rest))

    def smooth(points: np.ndarray) -> np.ndarray:
        for _ in range(MUSH_STEPS):
            points = _only(skin, mean @ points, points)
        return points

    smooth_rest, smooth_posed = smooth(rest), smooth(posed)
    detail = np.einsum("nji,nj->ni", _frames(smooth_rest, quads), rest - smooth_rest)
    mushed = smooth_posed + np.einsum("nij,nj->ni", _frames(smooth_posed, quads), detail)
    return _only(skin, mushed, posed)


def _only(rows: np.ndarray, new: np.ndarray, old: np.ndarray) -> np.ndarray:
    out = old.copy()
    out[rows] = new[rows]
    return out
