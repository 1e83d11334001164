"""Places for a text beside a spot: boxes all round it, near ones first, and the clearest of them; mm on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import cos, inf, pi, sin

from ...geometry.frame import Box, Point

DIAGONAL = 0.5**0.5


def around(
    spot: Point, size: tuple[float, float], reaches: Iterable[float], turns: Sequence[float], corner: float = DIAGONAL
) -> Iterator[Box]:
    """Boxes of a size (wide, tall) round a spot: for each reach (mm away) at every turn (eighths, 0 right, 2 above).

    From the turn with the cosine `corner` on, the near corner of a box lies on the way to its spot; 1.0 lets it slide.

    >>> next(around((0.0, 0.0), (4.0, 2.0), [1.0], [0]))
    (1.0, -1.0, 5.0, 1.0)
    """
    wide, tall = size
    for reach in reaches:
        for turn in turns:
            dx, dy = cos(turn * pi / 4), -sin(turn * pi / 4)
            x = spot[0] + dx * reach + max(-1.0, min(1.0, dx / corner)) * wide / 2
            y = spot[1] + dy * reach + max(-1.0, min(1.0, dy / corner)) * tall / 2
            yield x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2


def clearest(boxes: Iterable[Box], crowding: Callable[[Box], float]) -> tuple[Box | None, float]:
    """The least crowded box, or the first that is clear (0), and its crowding; None where all are impossible (inf)."""
    found, least = None, inf
    for box in boxes:
        if (crowded := crowding(box)) < least:
            found, least = box, crowded
        if not least:
            break
    return found, least
