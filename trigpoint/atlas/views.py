"""The views of the body, the sides of the patient, and the mirror between them.

Data are kept for the patient's right: what is drawn of the left is the mirror of the right in the mirrored view.
"""

from __future__ import annotations

from typing import TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from ..geometry.frame import Points

VIEWS = ("anterior", "posterior", "left", "right")
SIDES = ("right", "left")

Geometry = TypeVar("Geometry", bound=BaseGeometry)
Place = tuple[float, float]


def mirror_view(view: str) -> str:
    """The view in which the other side of the body looks as this side does here.

    >>> mirror_view("left"), mirror_view("posterior")
    ('right', 'posterior')
    """
    return {"left": "right", "right": "left"}.get(view, view)


def mirror(shape: Geometry) -> Geometry:
    """The shape of the patient's other side in the mirrored view: x becomes -x."""
    return shapely.transform(shape, _negated)


def mirror_place(place: Place) -> Place:
    """A place of the patient's other side in the mirrored view."""
    return 0.0 - place[0], place[1]


def _negated(coordinates: Points) -> Points:
    return coordinates * (-1.0, 1.0) + 0.0
