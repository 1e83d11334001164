"""Whether a view sees a landmark, or the body hides it.

How deep a landmark lies is measured in a view at right angles: how much of the body stands there between it and the
eye. What lies on the far side of a limb or deep in the trunk is hidden, but for what makes the contour. Places and
depths are mm on the body.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache

import shapely

from ...atlas import Atlas
from ...atlas.outlines import Outline
from ...errors import UnknownNameError
from ..content import CACHED, UPRIGHT

DEEPEST = 115.0  # mm of the body before a landmark, at the most
FAR = 0.7  # of the thickness: what lies farther is on the other side
CONTOUR = 15.0  # mm from the edge of the silhouette: seen from the side
ASIDE = ("right", "left")
EYES = {  # the direction in which the eye of a view lies, in a view at right angles to it
    ("right", "posterior"): 1,
    ("right", "anterior"): -1,
    ("left", "posterior"): -1,
    ("left", "anterior"): 1,
    ("posterior", "right"): -1,
    ("posterior", "left"): 1,
    ("anterior", "right"): 1,
    ("anterior", "left"): -1,
}


@lru_cache(8 * CACHED)
def clearness(atlas: Atlas, body: str, view: str, key: str) -> float:
    """How clearly a view sees a landmark: 1 on the skin before the eye, 0 where the body hides it."""
    outline = atlas.outline(body, view)
    around = next((other for other in _across(atlas, body, view) if key in other.landmarks), None)
    depth = _depth(around, key, EYES[view, around.view]) if around else None
    if depth is None:
        return 1.0
    deep, share = depth
    edge = float(outline.silhouette.boundary.distance(shapely.Point(outline.landmarks[key])))
    if edge > CONTOUR and (deep > DEEPEST or share > FAR):
        return 0.0
    return 1.0 - 0.5 * min(1.0, share)


def _across(atlas: Atlas, body: str, view: str) -> list[Outline]:
    """The outlines of the views at right angles to one, as far as they are drawn."""
    found = []
    for other in ASIDE if view in UPRIGHT else UPRIGHT:
        with suppress(UnknownNameError):
            found.append(atlas.outline(body, other))
    return found


def _depth(around: Outline, key: str, eye: int) -> tuple[float, float] | None:
    """How much of the body lies before a landmark, in mm and as a share of all there; None at the end of the body."""
    x, y = around.landmarks[key]
    left, _, right, _ = around.silhouette.bounds
    level = shapely.LineString([(left - 1, y), (right + 1, y)])
    spans = [part for part in shapely.get_parts(shapely.intersection(around.silhouette, level)) if part.length > 0]
    if not spans:
        return None
    near, _, far, _ = min(spans, key=lambda span: span.distance(shapely.Point(x, y))).bounds
    deep = max(0.0, far - x if eye > 0 else x - near)
    return deep, deep / (far - near)
