"""Bones as a see-through body shows them: outlines and inner lines in every view, in the view frame.

A view shows what a viewer sees of each bone: nearer ones are cut out of farther ones, so that no line runs through
another bone; `whole` gives a bone as if it stood alone. Paired bones are the patient's right; bones of the midline are
stored whole, not as a right half; a lateral view holds the paired bones of the side that faces the viewer.
Knows nothing of muscles, regions or pain.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely

from authoring.body.view import polygons, project
from authoring.drawing.artwork import silhouette, tapered
from authoring.painting import places, skeleton
from authoring.painting.skeleton import table
from trigpoint.atlas.outlines import mirror

FACETS = 8  # segments of a quarter circle
ROUND, FILLET = 1.2, 2.0  # mm: radii of outward and inward corners, unless the bone says otherwise
TOLERANCE, FINE = 0.25, 0.12  # mm
SLIVER = 0.8  # mm: slivers of a hidden bone narrower than twice this are not drawn
LEAST, ARCH_LEAST = 8.0, 40.0  # mm2: nor are smaller parts of a bone, or of a vertebra's arch
BODY_DEPTH, PEDICLE = 16.0, 4.0  # mm from the middle of a vertebra's body to its back; half of a pedicle
DISC, SEAM = 6.0, 1.5  # mm: half of the highest disc; half of the widest cleft closed between body and arch
INSIDE = 0.3  # mm: inner lines end this far before the border of their bone

SPINE = tuple(f"vertebra_{level}" for level in ("t9", "t10", "t11", "t12", "l1", "l2", "l3", "l4", "l5"))
RIBS = ("rib_12", "rib_11", "rib_10", "rib_9")
NEAREST = {  # from the viewer inwards
    "posterior": (*SPINE, *RIBS, "coccyx", "hip_bone", "sacrum", "femur", "fibula", "tibia"),
    "anterior": ("sacrum", *SPINE[::-1], *RIBS, "hip_bone", "coccyx", "patella", "femur", "tibia", "fibula"),
    "right": (*RIBS, "femur", "fibula", "tibia", "patella", "hip_bone", "sacrum", "coccyx", *SPINE),
}
LINES = ".lines"  # a bone's inner lines stand beside its shape under this id

TITLES = {key: row["title"] for key, row in table().items()}
TITLES |= {f"{key}{LINES}": f"{row['title']}, inner lines" for key, row in table().items() if "lines" in row}
SOURCES = {key: skeleton.source(key) for key in table()}

Shapes = dict[str, shapely.MultiPolygon]


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
    shape = shapely.union_all([_shadow(bone, view), *tubes])
    if holes:  # these, well shaped, in place of what the mesh leaves open
        shape = _without_holes(shape).difference(shapely.union_all(holes))
    return _even(_smooth(shape, view, row.get("round", ROUND), row.get("fillet", FILLET)), bone, view)


@cache
def shapes(view: str) -> Shapes:
    """What a view shows of the bones; a bone that others hide is left out."""
    if view == "left":
        return {bone: mirror(shape) for bone, shape in shapes("right").items()}
    shown, before = {}, shapely.MultiPolygon()
    bodies = {bone: _body(bone) for bone in SPINE} if view == "anterior" else {}
    column = shapely.union_all(list(bodies.values())).buffer(DISC).buffer(-DISC)
    for bone in NEAREST[view]:
        shape = whole(bone, view)
        if bone in bodies:  # bodies, and the discs between them, hide the arches behind
            shown[bone] = _joined(bodies[bone], _left(shape, before.union(column), ARCH_LEAST))
        else:
            shown[bone] = _left(shape, before.union(column), LEAST)
        paired = table()[bone].get("paired") and view != "right"
        before = shapely.union_all([before, shape, mirror(shape)] if paired else [before, shape])
    return {bone: _even(shape, bone, view) for bone, shape in sorted(shown.items()) if not shape.is_empty}


@cache
def details(view: str) -> Shapes:
    """Inner lines by `<bone>.lines`, such as the rim of the acetabulum: thin tapering shapes inside their bones."""
    if view == "left":
        return {key: mirror(lines) for key, lines in details("right").items()}
    drawn = {}
    for bone, shape in shapes(view).items():
        strokes = [_stroke(line, view) for line in table()[bone].get("lines", ()) if view in line["views"]]
        if strokes:
            inside = shapely.union_all(strokes).intersection(shape.buffer(-INSIDE))
            drawn[bone + LINES] = polygons(inside.simplify(FINE))
    return drawn


def _stroke(line: dict, view: str) -> shapely.Polygon:
    corners = np.array([places.place(text) for text in line["path"]])
    return tapered(project(corners, view), line["width"])


def _balls(tube: dict, view: str) -> shapely.Geometry:
    centres, radii = skeleton.tube(tube)
    discs = shapely.buffer(shapely.points(project(centres, view)), radii, quad_segs=FACETS)
    if len(discs) == 1:
        return discs[0]
    pairs = shapely.multipolygons(np.stack([discs[:-1], discs[1:]], 1))
    return shapely.union_all(shapely.convex_hull(pairs))


def _shadow(bone: str, view: str, front: float = -np.inf) -> shapely.Geometry:
    """What the mesh of a bone covers in a view; only of its triangles before `front`, if given."""
    mesh = skeleton.mesh(bone)
    if mesh is None:
        return shapely.MultiPolygon()
    points, triangles = mesh
    triangles = triangles[(points[triangles][:, :, 2] > front).all(1)]
    faces = shapely.polygons(project(points, view)[triangles])
    facing = ~shapely.is_ccw(shapely.get_exterior_ring(faces))  # y runs down
    return shapely.union_all(faces[facing & (shapely.area(faces) > 1e-4)]).buffer(0.02)


def _body(bone: str) -> shapely.MultiPolygon:
    """The body of a vertebra from the front, without its pedicles."""
    back = skeleton.body_middle(bone)[2] - BODY_DEPTH
    block = _without_holes(_shadow(bone, "anterior", back)).buffer(-PEDICLE).buffer(PEDICLE)
    return _smooth(block, "anterior", ROUND, FILLET)


def _smooth(shape: shapely.Geometry, view: str, corner: float, fillet: float) -> shapely.MultiPolygon:
    soft = shape.buffer(-corner).buffer(corner + fillet).buffer(-fillet)
    return polygons(soft.intersection(silhouette(view)).simplify(TOLERANCE))


def _even(shape: shapely.MultiPolygon, bone: str, view: str) -> shapely.MultiPolygon:
    """A bone of the midline with both halves from one, so that the mirror rule is exact."""
    if view == "right" or table()[bone].get("paired"):
        return shape
    half = shape.intersection(shapely.box(0, -100, 1000, 1800))
    return polygons(shapely.union_all([half, mirror(half)], grid_size=0.01))


def _without_holes(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(polygons(shape))])


def _joined(body: shapely.MultiPolygon, arch: shapely.MultiPolygon) -> shapely.MultiPolygon:
    """A vertebra from the front: its body and what stands out of its arch."""
    one = _without_holes(body.union(arch).buffer(SEAM).buffer(-SEAM))
    return polygons(one.simplify(TOLERANCE))


def _left(shape: shapely.MultiPolygon, before: shapely.Geometry, least: float) -> shapely.MultiPolygon:
    """What is left of a shape that stands behind another, without slivers and crumbs."""
    left = shape.difference(before)
    open_ = left.buffer(-SLIVER).buffer(SLIVER + 0.05).intersection(left).simplify(FINE)
    return shapely.MultiPolygon([part for part in shapely.get_parts(polygons(open_)) if part.area >= least])
