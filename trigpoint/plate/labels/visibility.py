"""The visibility of landmarks: whether the body hides them in a view.

The depth of a landmark is measured in a view at right angles, as the part of the body between it and the eye. Landmarks
on the far side of a limb or deep in the trunk are hidden, except near the contour. Lengths are mm on the body.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache

import shapely

from ...atlas import Atlas
from ...atlas.outlines import Outline
from ...errors import UnknownNameError
from ..content import CACHED, UPRIGHT

DEEPEST = 115.0  # mm of the body between the eye and a visible landmark, at most
FAR = 0.7  # share of the thickness: deeper landmarks are on the far side
CONTOUR = 15.0  # mm from the edge of the silhouette: always visible
ASIDE = ("right", "left")
TURN = ("right", "posterior", "left", "anterior")  # in the view after its own, the eye of a view lies to the right


@lru_cache(8 * CACHED)
def clearness(atlas: Atlas, body: str, view: str, key: str) -> float:
    """How clearly a view shows a landmark: 1 on the skin before the eye, 0 where the body hides it."""
    outline = atlas.outline(body, view)
    around = next((other for other in _across(atlas, body, view) if key in other.landmarks), None)
    depth = _depth(around, key, at_right=TURN[(TURN.index(view) + 1) % 4] == around.view) if around else None
    if depth is None:
        return 1.0
    deep, share = depth
    edge = float(outline.silhouette.boundary.distance(shapely.Point(outline.landmarks[key])))
    if edge > CONTOUR and (deep > DEEPEST or share > FAR):
        return 0.0
    return 1.0 - 0.5 * min(1.0, share)


def _across(atlas: Atlas, body: str, view: str) -> list[Outline]:
    """The outlines of the views at right angles to one, as far as the body has them."""
    found = []
    for other in ASIDE if view in UPRIGHT else UPRIGHT:
        with suppress(UnknownNameError):
            found.append(atlas.outline(body, other))
    return found


def _depth(around: Outline, key: str, *, at_right: bool) -> tuple[float, float] | None:
    """The depth of the body before a landmark, in mm and as a share of its thickness; None at the end of the body."""
    x, y = around.landmarks[key]
    left, _, right, _ = around.silhouette.bounds
    level = shapely.LineString([(left - 1, y), (right + 1, y)])
    spans = [part for part in shapely.get_parts(shapely.intersection(around.silhouette, level)) if part.length > 0]
    if not spans:
        return None
    near, _, far, _ = min(spans, key=lambda span: span.distance(shapely.Point(x, y))).bounds
    deep = max(0.0, far - x if at_right else x - near)
    return deep, deep / (far - near)
