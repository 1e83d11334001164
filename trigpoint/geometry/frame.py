"""Points, boxes, types of arrays, and the frame that converts millimetres on the body to millimetres on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Point: TypeAlias = tuple[float, float]
Box: TypeAlias = tuple[float, float, float, float]  # xmin, ymin, xmax, ymax
Points: TypeAlias = "NDArray[np.float64]"  # n x 2, or n x 4 for straight pieces of lines
Ring: TypeAlias = "ArrayLike"  # the points of a ring, n x 2, as an array or as lists
Values: TypeAlias = "NDArray[np.float64]"  # one number for each of n things
Flags: TypeAlias = "NDArray[np.bool_]"
Indices: TypeAlias = "NDArray[np.intp]"
Shapes: TypeAlias = "NDArray[np.object_]"  # shapely geometries


def corners(box: Box) -> Points:
    """The four corners of a box as a ring, 4 x 2: from the upper left clockwise on the page."""
    left, top, right, bottom = box
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


class Frame(NamedTuple):
    """Where the body lies on the paper: page = scale * body + (dx, dy), both in millimetres, y down.

    Parameters
    ----------
    scale : float, mm on paper for each mm on the body
    dx, dy : float, the place of the body's origin in mm on paper
    """

    scale: float
    dx: float
    dy: float

    @classmethod
    def fit(cls, body: Box, page: Box) -> Frame:
        """The largest frame that shows the box `body` inside the box `page`, centred.

        >>> Frame.fit((0, 0, 100, 200), (10, 10, 30, 30))
        Frame(scale=0.1, dx=15.0, dy=10.0)
        """
        scale = min((page[2] - page[0]) / (body[2] - body[0]), (page[3] - page[1]) / (body[3] - body[1]))
        dx = (page[0] + page[2]) / 2 - scale * (body[0] + body[2]) / 2
        dy = (page[1] + page[3]) / 2 - scale * (body[1] + body[3]) / 2
        return cls(scale, dx, dy)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """The point (x, y) of the body on the page."""
        return self.scale * x + self.dx, self.scale * y + self.dy

    def points(self, points: ArrayLike) -> Points:
        """Points (n x 2) of the body on the page."""
        return np.asarray(points, float) * self.scale + (self.dx, self.dy)

    def shape(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape of the body on the page."""
        return shapely.transform(shape, self.points)

    def box(self, body: Box) -> Box:
        """A box of the body on the page."""
        left, top, right, bottom = body
        return (*self.point(left, top), *self.point(right, bottom))

    def body_box(self, page: Box) -> Box:
        """The part of the body that a box of the page shows."""
        x0, y0, x1, y1 = page
        s, dx, dy = self.scale, self.dx, self.dy
        return (x0 - dx) / s, (y0 - dy) / s, (x1 - dx) / s, (y1 - dy) / s
