"""Fibres of a belly in a view: the grain as a calm field, turned towards tendon lines, and even lines on it.

Images have rows downwards; directions are (x, y) with y down, unit vectors. The lines are evenly spaced streamlines
after Jobard and Lefer (1997).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from scipy import ndimage

STEP = 1.6  # pixels between the points of a traced line
TIGHT = 0.55  # a line ends where it comes nearer to another than this share of the gap
LEAST = 2.5  # gaps: shorter lines are not drawn
SHARPEST = 0.5  # cosine of the sharpest turn of one step


def calmed(direction: np.ndarray, mask: np.ndarray, calm: float) -> np.ndarray:
    """The projected grain (h, w, 2) as unit vectors, blurred by `calm` pixels; what points at the viewer is light."""
    size = np.hypot(*np.moveaxis(direction, 2, 0))
    weight = np.where(mask & (size > 0.05), np.clip(size, 0, 1) ** 2, 0.0)
    out = np.zeros(direction.shape)
    for axis in (0, 1):
        even = np.where(weight > 0, direction[..., axis] / np.maximum(size, 1e-9), 0.0) * weight
        out[..., axis] = _blurred(even, calm) + 0.03 * _blurred(even, 4 * calm)
    return out / np.maximum(np.linalg.norm(out, axis=2, keepdims=True), 1e-12)


def _blurred(image: np.ndarray, sigma: float) -> np.ndarray:
    """A Gaussian blur, on a coarser grid where it is wide."""
    coarse = max(1, int(sigma // 3))
    height, width = image.shape
    small = np.pad(image, ((0, -height % coarse), (0, -width % coarse)))
    small = small.reshape(small.shape[0] // coarse, coarse, small.shape[1] // coarse, coarse).mean((1, 3))
    small = ndimage.gaussian_filter(small, sigma / coarse, truncate=3.5)
    if coarse == 1:
        return small
    rows, columns = ((np.arange(size) + 0.5) / coarse - 0.5 for size in (height, width))
    return ndimage.map_coordinates(small, np.meshgrid(rows, columns, indexing="ij"), order=1, mode="nearest")


def across(field: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Where each pixel lies between the left rim (-1) and the right rim (1) of who looks along the grain."""
    inside = ndimage.distance_transform_edt(mask)
    down, right = np.gradient(ndimage.gaussian_filter(inside, 2))
    turn = (field[..., 0] * down - field[..., 1] * right) / (np.hypot(right, down) + 1e-9)
    edge = mask & (inside < 1.5)
    left, other = edge & (turn > 0.35), edge & (turn < -0.35)
    if not left.any() or not other.any():
        return np.zeros(mask.shape)
    to_left, to_right = ndimage.distance_transform_edt(~left), ndimage.distance_transform_edt(~other)
    place = (to_left - to_right) / np.maximum(to_left + to_right, 1e-9)
    return np.where(mask, ndimage.gaussian_filter(place, 1.5), 0)


def rays(mask: np.ndarray, pole: np.ndarray, toward: np.ndarray) -> np.ndarray:
    """As `across`, by the angle at a pole (x, y): for fans; `toward` is the grain's mean direction."""
    rows, columns = np.nonzero(mask)
    base = np.arctan2(toward[1], toward[0])
    turned = (np.arctan2(pole[1] - rows, pole[0] - columns) - base + np.pi) % (2 * np.pi) - np.pi
    low, high = np.percentile(turned, [3, 97])
    out = np.zeros(mask.shape)
    out[rows, columns] = np.clip(1 - 2 * (turned - low) / max(high - low, 1e-6), -1.2, 1.2)
    return out


def feathered(
    field: np.ndarray,
    place: np.ndarray,
    insertions: Sequence[float],
    origins: Sequence[float],
    degrees: np.ndarray | float,
    strength: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The grain turned towards lines of insertion and away from lines of origin, and the lane between lines (h, w)."""
    marks = sorted([(x, 1) for x in insertions] + [(x, -1) for x in origins])
    lane = np.zeros(place.shape, np.int64)
    for x, _ in marks:
        lane += place > x
    pulls = [0, *(kind for _, kind in marks), 0]
    turn = np.sign(np.array([pulls[k + 1] - pulls[k] for k in range(len(marks) + 1)]))[lane]
    angle = np.radians(degrees) * strength * turn
    side = np.stack([-field[..., 1], field[..., 0]], 2)
    out = np.cos(angle)[..., None] * field + np.sin(angle)[..., None] * side
    out = np.stack([ndimage.gaussian_filter(out[..., axis], 1.0) for axis in (0, 1)], 2)
    return out / np.maximum(np.linalg.norm(out, axis=2, keepdims=True), 1e-9), lane


class Lines:
    """Evenly spaced lines on a field of directions (h, w, 2) inside a mask, each within its lane.

    `gap` is the distance between lines in pixels.
    """

    def __init__(self, field: np.ndarray, mask: np.ndarray, lane: np.ndarray, gap: float) -> None:
        nearest = ndimage.distance_transform_edt(~mask, return_distances=False, return_indices=True)
        self._x, self._y = (field[..., axis][tuple(nearest)].round(6).tolist() for axis in (0, 1))
        self._inside = ndimage.distance_transform_edt(mask)
        self._deep = (self._inside >= 1.0).tolist()
        self._lane, self._lanes = lane, lane.tolist()
        self._gap = gap
        self._taken = np.zeros(mask.shape, bool)  # too near to a line for another to go on
        self._near = np.zeros(mask.shape, bool)  # too near for another to begin
        self._discs = _disc(TIGHT * gap), _disc(0.97 * gap)

    def all(self, share: np.ndarray) -> list[np.ndarray]:
        """The lines (n, 2) of pixels x, y from origin to insertion; they begin where the share of the way is half."""
        found: list[np.ndarray] = []
        queue: deque[tuple[float, float]] = deque()
        seeds = iter(self._seeds(share))
        while True:
            if queue:
                x, y = queue.popleft()
            elif (seed := next(seeds, None)) is not None:
                x, y = seed
            else:
                return found
            line = self._line(x, y)
            if line is not None:
                found.append(line)
                self._stamp(line)
                queue.extend(self._beside(line))

    def _seeds(self, share: np.ndarray) -> list[tuple[float, float]]:
        rows, columns = np.nonzero(self._inside > 2)
        order = np.lexsort((columns * 7919 % 997, rows * 104729 % 991, np.abs(share[rows, columns] - 0.5).round(1)))
        order = order[np.unique(np.r_[0 : min(len(order), 400), 0 : len(order) : 7])]
        return [(float(x), float(y)) for x, y in zip(columns[order], rows[order], strict=True)]

    def _line(self, x: float, y: float) -> np.ndarray | None:
        height, width = self._inside.shape
        if not (2 <= x < width - 3 and 2 <= y < height - 3):
            return None
        row, column = int(y + 0.5), int(x + 0.5)
        if self._inside[row, column] < 1.5 or self._near[row, column]:
            return None
        mine = self._lanes[row][column]
        line = [*reversed(self._half(x, y, -1.0, mine)), (x, y), *self._half(x, y, 1.0, mine)]
        return np.array(line) if (len(line) - 1) * STEP >= LEAST * self._gap else None

    def _half(self, x: float, y: float, sign: float, mine: int) -> list[tuple[float, float]]:
        """The line from a point one way, without that point."""
        height, width = self._inside.shape
        out: list[tuple[float, float]] = []
        before = (0.0, 0.0)
        for number in range(4000):
            u, v = self._at(x, y)
            half = 0.5 * STEP * sign
            u, v = self._at(
                min(max(x + half * u, 1), width - 3),
                min(max(y + half * v, 1), height - 3),
            )
            size = (u * u + v * v) ** 0.5
            if size < 0.2:
                return out
            u, v = sign * u / size, sign * v / size
            if number and u * before[0] + v * before[1] < SHARPEST:
                return out
            before = (u, v)
            x, y = x + STEP * u, y + STEP * v
            if not (1 <= x < width - 2 and 1 <= y < height - 2):
                return out
            row, column = int(y + 0.5), int(x + 0.5)
            if not self._deep[row][column] or self._lanes[row][column] != mine or self._taken[row, column]:
                return out
            out.append((x, y))
        return out

    def _at(self, x: float, y: float) -> tuple[float, float]:
        """The direction between four pixels."""
        j, i = int(x), int(y)
        fx, fy = x - j, y - i
        a, b, c, d = (1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy
        xs, xt, ys, yt = self._x[i], self._x[i + 1], self._y[i], self._y[i + 1]
        return (
            a * xs[j] + b * xs[j + 1] + c * xt[j] + d * xt[j + 1],
            a * ys[j] + b * ys[j + 1] + c * yt[j] + d * yt[j + 1],
        )

    def _stamp(self, line: np.ndarray) -> None:
        mine = self._lane[int(line[len(line) // 2, 1] + 0.5), int(line[len(line) // 2, 0] + 0.5)]
        height, width = self._inside.shape
        at = np.round(line).astype(int)
        for image, (dx, dy) in zip((self._taken, self._near), self._discs, strict=True):
            columns, rows = (at[:, :1] + dx).ravel(), (at[:, 1:] + dy).ravel()
            good = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
            columns, rows = columns[good], rows[good]
            same = self._lane[rows, columns] == mine
            image[rows[same], columns[same]] = True

    def _beside(self, line: np.ndarray) -> list[tuple[float, float]]:
        out = []
        for x, y in line[:: max(1, round(self._gap / STEP))].tolist():
            u, v = self._at(x, y)
            out += [(x - self._gap * v, y + self._gap * u), (x + self._gap * v, y - self._gap * u)]
        return out


def _disc(radius: float) -> tuple[np.ndarray, np.ndarray]:
    reach = int(radius)
    dy, dx = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    inside = dx**2 + dy**2 < radius**2
    return dx[inside], dy[inside]
