"""The canvas that regions are painted on: skin of the right half of the body, in coordinates that read like anatomy.

Millimetres of the standing body: beside the midline, height above the floor, and front. Turns are degrees around the
trunk (0 the spine, 90 the side, 180 the navel) or around leg and arm (0 the front, 90 outside, 180 behind, -90 inside).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from scipy.interpolate import PchipInterpolator

from authoring.body.landmarks import standing
from authoring.body.skin import Body, build

TRUNK_AXIS = 10.0  # mm before the ankles' plumb line
ARM_EDGE = ((1290.0, 149.0), (600.0, 232.0))  # a line through the gap between trunk and arm: (height, beside)
ARM = ("shoulder", "elbow", "hand", "finger-3-1")  # joints along the arm's axis
LEG_TOP, LEG_STEP = 780.0, 20.0


def curve(at: np.ndarray, *corners: tuple[float, float]) -> np.ndarray:
    """A smooth curve without overshoot through `corners` (at, value), level beyond its ends."""
    x, y = np.array(sorted(corners)).T
    return PchipInterpolator(x, y)(np.clip(at, x[0], x[-1]))


def round_curve(turn: np.ndarray, *corners: tuple[float, float]) -> np.ndarray:
    """A smooth curve through `corners` (degrees, value) that closes around the leg."""
    around = [(angle + whole, value) for whole in (-360, 0, 360) for angle, value in corners]
    return curve(turn, *around)


def mark(name: str) -> tuple[float, float, float]:
    """A landmark of the right side or midline as (beside, height, front)."""
    points = standing()
    x, height, front = points[name] if name in points else points[f"{name}.r"]
    return -float(x), float(height), float(front)


def height_of(name: str) -> float:
    """Height of a landmark."""
    return mark(name)[1]


def joint(name: str) -> tuple[float, float, float]:
    """A joint centre of the right side as (beside, height, front)."""
    beside, height, front = build().joints[f"l-{name}"]
    return float(beside), float(height), float(front)


@cache
def _leg_axis() -> np.ndarray:
    """Rows (height, beside, front): the middle of the leg at every `LEG_STEP`, from the ankle to the crotch."""
    return _middles(build())


def _middles(body: Body) -> np.ndarray:
    points = body.standing[(body.standing[:, 0] > 0) & (np.abs(body.standing[:, 0]) < 230)]
    rows = []
    for height in np.arange(100.0, LEG_TOP + 1, LEG_STEP):
        ring = points[np.abs(points[:, 1] - height) < 6.0]
        middle = (ring.min(0) + ring.max(0)) / 2
        rows.append((height, middle[0], middle[2]))
    return np.array(rows)


def _along_arm(name: str) -> np.ndarray:
    """The direction (3,) of the arm at one of its joints: the mean of the bones that meet there."""
    number = ARM.index(name)
    ends = [np.array(joint(end)) for end in ARM[max(number - 1, 0) : number + 2]]
    bones = np.diff(ends, axis=0)
    towards = (bones / np.linalg.norm(bones, axis=1, keepdims=True)).sum(0)
    return towards / np.linalg.norm(towards)


@dataclass(frozen=True)
class Canvas:
    """Skin points (n,) of the right half by coordinate."""

    beside: np.ndarray
    height: np.ndarray
    front: np.ndarray

    @cached_property
    def turn(self) -> np.ndarray:
        """Degrees around the trunk, from the spine over the side to the navel."""
        return np.degrees(np.arctan2(self.beside, TRUNK_AXIS - self.front))

    @cached_property
    def leg_turn(self) -> np.ndarray:
        """Degrees around the leg's own axis, from -180 to 180."""
        height, beside, front = _leg_axis().T
        off = self.beside - np.interp(self.height, height, beside), self.front - np.interp(self.height, height, front)
        return np.degrees(np.arctan2(*off))

    @cached_property
    def arm_turn(self) -> np.ndarray:
        """Degrees around the arm's own axis, from -180 to 180; 90 is the thumb's side."""
        beside, height, front = np.array([joint(name) for name in reversed(ARM)]).T
        off = self.beside - np.interp(self.height, height, beside), self.front - np.interp(self.height, height, front)
        return np.degrees(np.arctan2(*off))

    def beyond(self, name: str) -> np.ndarray:
        """Millimetres (n,) beyond a joint of the arm, along the arm."""
        return (self.points - joint(name)) @ _along_arm(name)

    def part(self, inside: np.ndarray) -> Canvas:
        """Some of the points, by mask or numbers."""
        return Canvas(self.beside[inside], self.height[inside], self.front[inside])

    @property
    def points(self) -> np.ndarray:
        """The points (n, 3) as (beside, height, front)."""
        return np.stack([self.beside, self.height, self.front], 1)

    @cached_property
    def arm(self) -> np.ndarray:
        """True on the arm and hand."""
        (top, near), (low, far) = ARM_EDGE
        return self.beside > near + (top - self.height) * (far - near) / (top - low)


def oval(
    u: np.ndarray,
    v: np.ndarray,
    middle: tuple[float, float],
    half: tuple[float, float],
    *,
    lean: float = 0.0,
    power: float = 2.0,
) -> np.ndarray:
    """True inside an oval of the plane (u, v); `lean` degrees turn it towards u, a `power` above 2 squares it up."""
    du, dv = u - middle[0], v - middle[1]
    cos, sin = np.cos(np.radians(lean)), np.sin(np.radians(lean))
    across, along = du * cos - dv * sin, du * sin + dv * cos
    return np.abs(across / half[0]) ** power + np.abs(along / half[1]) ** power <= 1.0
