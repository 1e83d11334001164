"""The bones that a see-through body shows, as outlines in every view.

Most bones are meshes laid onto our landmarks (`skeleton`), with parts that the mesh lacks added by hand; ribs are drawn
by hand alone: `bones.toml` says which and how. A bone is stored as what a viewer sees of it before the bones behind it:
nearer ones are cut out of farther ones. Paired bones are the patient's right; bones of the midline are whole, and so are
their shapes in the lateral views. Knows nothing of muscles, regions or pain.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import shapely
from scipy.interpolate import CubicSpline

from authoring import places, skeleton
from authoring.artwork import silhouette, tapered
from authoring.body import build
from authoring.view import polygons, project, seen
from trigpoint.outlines import mirror

TABLE = Path(__file__).resolve().with_name("bones.toml")
TUBE_STEP = 2.0  # mm between the balls of a tube
FACETS = 8  # quarter-circle segments of a ball
ROUND, FILLET = 1.2, 2.0  # mm: radii of outward and inward corners
TOLERANCE = 0.25  # mm
BODY_DEPTH, PEDICLE = 16.0, 4.0  # mm: a vertebra's body ends this far behind its middle; pedicles are thinner than twice this
LEAST, ARCH_LEAST = 8.0, 40.0  # mm2: smaller parts of a bone behind another are not drawn
DISC = 6.0  # mm: discs are lower than twice this
CRUMB = 0.8  # mm: thinner slivers of a bone behind another are not drawn
SPINE = tuple(f"vertebra_{level}" for level in ("t9", "t10", "t11", "t12", "l1", "l2", "l3", "l4", "l5"))
RIBS = ("rib_12", "rib_11", "rib_10", "rib_9")
SHANK = ("fibula", "tibia")
NEAREST = {  # from the viewer inwards
    "posterior": (*SPINE, *RIBS, "coccyx", "hip_bone", "sacrum", "femur", *SHANK, "patella"),
    "anterior": ("sacrum", *SPINE[::-1], *RIBS, "hip_bone", "coccyx", "patella", "femur", *SHANK[::-1]),
    "right": (*RIBS, "femur", *SHANK, "patella", "hip_bone", "sacrum", "coccyx", *SPINE),
}


@cache
def table() -> dict[str, dict]:
    """The authored bones by id."""
    return tomllib.loads(TABLE.read_text("utf-8"))


TITLES = {key: row["title"] for key, row in table().items()}


@cache
def mesh(bone: str) -> skeleton.Mesh | None:
    """The mesh of a bone in the body frame, or none for a bone that is drawn by hand."""
    row = table()[bone]
    if "mesh" not in row:
        return None
    coarse = skeleton.read(row["mesh"])
    fine = coarse
    for _ in range(row["steps"]):
        fine = skeleton.subdivided(fine)
    points, triangles = fine
    low, high = row.get("between", (-np.inf, np.inf))
    middle = points[triangles][:, :, 1].mean(1)
    return _placed(table()[row.get("as", bone)], coarse[0], points), triangles[(middle > low) & (middle < high)]


def _placed(row: dict, coarse: np.ndarray, fine: np.ndarray) -> np.ndarray:
    if "tip" in row:
        return _vertebra(row, fine)
    start = np.array([_on_mesh(_body_axes(at), coarse, fine) for at, _ in row["pairs"]])
    goal = np.array([places.place(text) for _, text in row["pairs"]])
    return skeleton.fitted(fine, start, goal)


def _body_axes(at: Sequence[float]) -> np.ndarray:
    front, up, right = at
    return np.array([-right, up, front])


def _on_mesh(at: np.ndarray, coarse: np.ndarray, fine: np.ndarray) -> np.ndarray:
    """Where a vertex of the mesh has gone in subdivision; a place off the mesh stays."""
    gap = np.linalg.norm(coarse - at, axis=1)
    return fine[gap.argmin()] if gap.min() < 0.2 else at


def _vertebra(row: dict, points: np.ndarray) -> np.ndarray:
    """A vertebra turned by its tilt about the middle of its body; its arch reaches for the tip of its spinous process."""
    tip, body = _body_axes(row["tip"]), _body_axes(row["body"])
    angle = np.radians(row["tilt"])
    turn = np.array([[1, 0, 0], [0, np.cos(angle), np.sin(angle)], [0, -np.sin(angle), np.cos(angle)]])
    goal, middle = (places.place(text) for text in row["at"])
    corners = body + np.array([[x, y, z] for x in (-20, 20) for y in (-14, 14) for z in (-15, 15)])
    start = np.concatenate([corners, [tip]])
    stiff = (start - body) @ turn.T * row["scale"] + middle
    placed = (points - body) @ turn.T * row["scale"] + middle
    return placed + skeleton.spline(stiff, np.concatenate([stiff[:-1], [goal]]) - stiff)(placed)


def _tube(row: dict) -> tuple[np.ndarray, np.ndarray]:
    """Centres (n, 3) and radii (n,) of the balls that make a tube."""
    corners = np.array([places.place(text) for text in row["path"]])
    if "depth" in row:
        corners = np.array([_at_depth(*pair) for pair in zip(corners, row["depth"], strict=True)])
    radius = np.array(row["radius"], float)
    if len(corners) == 1:
        return corners, radius
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(corners, axis=0), axis=1))])
    at = np.linspace(0, along[-1], max(2, round(along[-1] / TUBE_STEP)))
    return CubicSpline(along, corners, bc_type="natural")(at), np.interp(at, along, radius)


def _at_depth(point: np.ndarray, depth: float) -> np.ndarray:
    if not depth:
        return point
    number = places.skin_tree().query(point)[1]
    return build().standing[number] - depth * build().normals["standing"][number]


def _balls(row: dict, view: str) -> shapely.Geometry:
    centres, radii = _tube(row)
    discs = shapely.buffer(shapely.points(project(centres, view)), radii, quad_segs=FACETS)
    if len(discs) == 1:
        return discs[0]
    return shapely.union_all([shapely.union_all(discs[i : i + 2]).convex_hull for i in range(len(discs) - 1)])


def _meshed(bone: str, view: str, front: bool = False) -> shapely.Geometry:
    """The shadow of a bone's mesh; with `front`, of a vertebra's body alone."""
    flesh = mesh(bone)
    if flesh is None:
        return shapely.Polygon()
    points, triangles = flesh
    if front:
        back = places.place(table()[bone]["at"][1])[2] - BODY_DEPTH
        triangles = triangles[(points[triangles][:, :, 2] > back).all(1)]
    faces = shapely.polygons(project(points, view)[triangles])
    facing = shapely.is_ccw(shapely.get_exterior_ring(faces)) & (shapely.area(faces) > 1e-4)
    return shapely.union_all(faces[facing]).buffer(0.02)


def _body(bone: str, view: str) -> shapely.MultiPolygon:
    """The body of a vertebra, without its pedicles."""
    shape = _meshed(bone, view, front=True)
    filled = shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(shape)])
    return _smooth(filled.buffer(-PEDICLE).buffer(PEDICLE), view, {})


def _smooth(shape: shapely.Geometry, view: str, row: dict) -> shapely.MultiPolygon:
    fillet, corner = row.get("fillet", FILLET), row.get("round", ROUND)
    soft = shape.buffer(-corner).buffer(corner + fillet).buffer(-fillet)
    return polygons(soft.intersection(silhouette(view)).simplify(TOLERANCE))


@cache
def whole(bone: str, view: str) -> shapely.MultiPolygon:
    """The outline of a bone in a view as if it stood alone."""
    if view == "left":
        return mirror(whole(bone, "right"))
    row = table()[bone]
    tubes = [_balls(tube, view) for tube in row.get("tubes", ())]
    holes = [_balls(hole, view) for hole in row.get("holes", ()) if view in hole["views"]]
    if view != "right" and not row.get("paired"):
        tubes, holes = ([*some, *map(mirror, some)] for some in (tubes, holes))
    shape = shapely.union_all([_meshed(bone, view), *tubes]).difference(shapely.union_all(holes))
    return _smooth(shape, view, row)


@cache
def shapes(view: str) -> dict[str, shapely.MultiPolygon]:
    """What a view shows of every bone, in the view frame; nearer bones hide what lies behind them."""
    if view == "left":
        return {bone: mirror(shape) for bone, shape in shapes("right").items()}
    shown, before = {}, shapely.MultiPolygon()
    column, bodies = _column() if view == "anterior" else (before, {})
    for bone in NEAREST[view]:
        shape = whole(bone, view)
        if bone in bodies:  # bodies and the discs between them hide the arches behind
            shown[bone] = polygons(bodies[bone].union(_left(shape, column.union(before), ARCH_LEAST).buffer(0.05)))
        else:
            shown[bone] = _left(shape, before.union(column))
        paired = table()[bone].get("paired") and view != "right"
        before = shapely.union_all([before, shape, mirror(shape)] if paired else [before, shape])
    return dict(sorted(shown.items()))


def _column() -> tuple[shapely.Geometry, dict[str, shapely.MultiPolygon]]:
    """The bodies of the vertebrae from the front, and all of them with the discs between."""
    bodies = {bone: _body(bone, "anterior") for bone in SPINE}
    return shapely.union_all(list(bodies.values())).buffer(DISC).buffer(-DISC), bodies


def _left(shape: shapely.MultiPolygon, before: shapely.Geometry, least: float = LEAST) -> shapely.MultiPolygon:
    """What is left of a shape that stands behind another, without slivers and crumbs."""
    left = shape.difference(before)
    open_ = left.buffer(-CRUMB).buffer(CRUMB + 0.05).intersection(left).simplify(TOLERANCE / 2)
    return shapely.MultiPolygon([part for part in shapely.get_parts(polygons(open_)) if part.area >= least])


@cache
def details(view: str) -> dict[str, shapely.MultiPolygon]:
    """Lines inside the bones of a view, thin tapering shapes in the view frame, as `<bone>.lines`."""
    if view == "left":
        return {key: mirror(lines) for key, lines in details("right").items()}
    drawn = {}
    for bone, row in table().items():
        strokes = [_stroke(line, view) for line in row.get("lines", ()) if view in line["views"]]
        inside = shapely.union_all(strokes).intersection(shapes(view)[bone].buffer(-0.3))
        if not inside.is_empty:
            drawn[f"{bone}.lines"] = polygons(inside.simplify(TOLERANCE / 2))
    return drawn


def _stroke(line: dict, view: str) -> shapely.Polygon:
    corners = np.array([places.place(text) for text in line["path"]])
    return tapered(project(corners, view), line["width"])
