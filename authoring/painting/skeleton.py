"""The bones in the body: which mesh each comes from, and where it lies.

`bones.toml` says it. Bones are meshes drawn onto our landmarks (legs, pelvis, spine), with parts added by hand of which
the mesh is poor, or tubes of our own alone (ribs). A vertebra keeps the shape of its body, which stands where the
column wants it; its arch reaches for the landmark on its spinous process. Frame: body. Knows nothing of views.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.interpolate import CubicSpline

from authoring import content
from authoring.body import bone_mesh
from authoring.body.skin import build
from authoring.body.wheels import MYO_SIM
from authoring.painting import places

TUBE_STEP = 2.0  # mm between the balls of a tube
ON_VERTEX = 0.2  # mm: a place of a mesh this near to a vertex is that vertex, and goes where smoothing takes it
HALF_BODY = (20.0, 14.0, 15.0)  # mm: half the width, height and depth of a vertebra's body
WORDS = f"drawn onto our landmarks from `{{mesh}}.stl` of {MYO_SIM.name} {MYO_SIM.version} ({{model}}; Apache-2.0)"
MODEL = {
    True: "leg model after Rajagopal and others 2016",
    False: "torso model after the Constrained Lumbar Spine model of SimTK",
}


@cache
def table() -> dict[str, dict]:
    """The authored bones by id."""
    return content.table("bones")


def source(bone: str) -> str:
    """Where the shape of a bone comes from, in words."""
    row = table()[bone]
    if "mesh" not in row:
        return "our own drawing on the body"
    words = WORDS.format(mesh=row["mesh"], model=MODEL[row["mesh"].startswith("r_")])
    return words + (", with parts added by hand" if row.get("tubes") or row.get("holes") else "")


@cache
def mesh(bone: str) -> bone_mesh.Mesh | None:
    """The mesh of a bone in the body, or none for a bone that is tubes alone."""
    row = table()[bone]
    if "mesh" not in row:
        return None
    coarse = fine = bone_mesh.read(row["mesh"])
    for _ in range(row["steps"]):
        fine = bone_mesh.subdivided(fine)
    points, triangles = fine
    low, high = row.get("between", (-np.inf, np.inf))
    middle = points[triangles][:, :, 1].mean(1)
    laid = table()[row.get("as", bone)]
    placed = _hung(laid, points) if "tip" in laid else _drawn(laid, coarse[0], points)
    return placed, triangles[(middle > low) & (middle < high)]


def body_middle(bone: str) -> np.ndarray:
    """The middle (3,) of a vertebra's body."""
    return places.place(table()[bone]["at"][1])


def tube(row: dict) -> tuple[np.ndarray, np.ndarray]:
    """Centres (n, 3) and radii (n,) of the balls that make a tube, or of a single ball."""
    depths = row.get("depth", [0.0] * len(row["path"]))
    corners = np.array([_at_depth(text, depth) for text, depth in zip(row["path"], depths, strict=True)])
    radius = np.array(row["radius"], float)
    if len(corners) == 1:
        return corners, radius
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(corners, axis=0), axis=1))])
    at = np.linspace(0, along[-1], max(2, round(along[-1] / TUBE_STEP)))
    return CubicSpline(along, corners, bc_type="natural")(at), np.interp(at, along, radius)


def _at_depth(text: str, depth: float) -> np.ndarray:
    point = places.place(text)
    if not depth:
        return point
    number = places.skin_tree().query(point)[1]
    return build().standing[number] - depth * build().normals["standing"][number]


def _drawn(row: dict, coarse: np.ndarray, fine: np.ndarray) -> np.ndarray:
    start = np.array([_on_mesh(bone_mesh.axes(at), coarse, fine) for at, _ in row["pairs"]])
    return bone_mesh.fitted(fine, start, np.array([places.place(text) for _, text in row["pairs"]]))


def _on_mesh(at: np.ndarray, coarse: np.ndarray, fine: np.ndarray) -> np.ndarray:
    """Where a vertex of the mesh has gone in subdivision; a place off the mesh stays."""
    gap = np.linalg.norm(coarse - at, axis=1)
    return fine[gap.argmin()] if gap.min() < ON_VERTEX else at


def _hung(row: dict, points: np.ndarray) -> np.ndarray:
    """A vertebra turned and scaled about the middle of its body, its arch drawn to the tip of its spinous process."""
    tip, body = bone_mesh.axes(row["tip"]), bone_mesh.axes(row["body"])
    angle = np.radians(row["tilt"])
    turn = np.array([[1, 0, 0], [0, np.cos(angle), np.sin(angle)], [0, -np.sin(angle), np.cos(angle)]])
    goal, middle = (places.place(text) for text in row["at"])

    def stiff(some: np.ndarray) -> np.ndarray:
        return (some - body) @ turn.T * row["scale"] + middle

    signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    corners = stiff(np.concatenate([body + signs * HALF_BODY, [tip]]))
    moves = np.zeros_like(corners)
    moves[-1] = goal - corners[-1]
    return stiff(points) + bone_mesh.spline(corners, moves)(stiff(points))
