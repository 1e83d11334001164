"""Where a trigger point lies: in the muscle, nearest to a place in words, and in each view that shows it there."""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely
from scipy.spatial import cKDTree

from authoring.anatomy import drawing
from authoring.body.skin import build
from authoring.body.view import project, seen
from authoring.painting import places
from trigpoint.atlas.structures import Structure

FACING = 0.12  # least z of the normal of the skin over a point that a view marks
NEAR = ("anterior", "posterior", "right")  # views that may show the right side
MIDDLE = 24  # vertices around a place of the surface whose mean lies in the belly
EDGE = 2.5  # mm: a mark stands this far inside the rim of its muscle
FAR = 15.0  # mm from the shape that a view shows: farther away it is not marked there


@cache
def _tree(muscle: str) -> cKDTree:
    return cKDTree(np.concatenate([one.points[one.belly.pale < 0] for one in drawing.placed(muscle, "standing")]))


def within(muscle: str, point: np.ndarray) -> np.ndarray:
    """The point (3,) of the flesh of a muscle that is nearest to a place (3,)."""
    tree = _tree(muscle)
    around = tree.data[tree.query(point, k=MIDDLE)[1]]
    weight = 1 / (np.linalg.norm(around - point, axis=1) + 2.0) ** 2
    return (around * weight[:, None]).sum(0) / weight.sum()


def facing(point: np.ndarray) -> tuple[str, ...]:
    """The views that the skin next to a point faces."""
    number = places.skin_tree().query(point)[1]
    normal = build().normals["standing"][number][None]
    return tuple(view for view in NEAR if seen(normal, view)[0, 2] > FACING)


def shown(point: np.ndarray, drawn: dict[str, Structure], *, only: tuple[str, ...]) -> dict[str, tuple[float, float]]:
    """Where each view that draws the muscle marks a point of it; `only` names the views that may."""
    found = {}
    for view, structure in drawn.items():
        if view not in only:
            continue
        flesh = structure.rim.difference(structure.tendon) if not structure.tendon.is_empty else structure.rim
        room = flesh.buffer(-EDGE)
        room = flesh if room.is_empty else room
        at = shapely.Point(project(point, view)[0])
        if room.distance(at) <= FAR:
            x, y = shapely.get_coordinates(shapely.shortest_line(room, at))[0].round(1).tolist()
            found[view] = (x, y)
    return found
