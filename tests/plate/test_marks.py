"""The X's of one view never lie on each other, however small the plate."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

import trigpoint as tp
from tests.support.sampling import each_muscle
from trigpoint.plate import marks
from trigpoint.scene import Path
from trigpoint.style import Style

SEVERAL = [muscle.id for muscle in tp.load_atlas().muscles if len(muscle.points) > 1]


def overlaps(diagram: tp.Diagram) -> int:
    """How many pairs of X's of the plate have ink in common."""
    found = 0
    group = diagram.scene().find("points")
    for panel in group.children if group else ():
        ink = [item for item in panel.children if isinstance(item, Path) and not item.closed and len(item.rings) == 2]
        top = {tuple(np.round(np.mean(item.rings, axis=(0, 1)), 3)): item for item in ink}.values()  # the halo is below
        boxes = [(np.min(item.rings, axis=(0, 1)), np.max(item.rings, axis=(0, 1)), item.width) for item in top]
        for (low, high, width), (other_low, other_high, _) in combinations(boxes, 2):
            found += bool((low < other_high + width - 1e-6).all() and (other_low < high + width - 1e-6).all())
    return found


@each_muscle(SEVERAL, view=("posterior", "anterior", "right"), wide=(60, 85, 120, 175))
def test_no_x_lies_on_another(muscle: str, view: str, wide: float) -> None:
    assert overlaps(tp.Diagram(muscle, views=view, width=wide)) == 0


def test_an_x_gets_smaller_only_where_another_is_near() -> None:
    style = Style()
    alone, near = marks._arm([(0, 0), (9, 9)], style), marks._arm([(0, 0), (1.7, 0.2)], style)
    assert alone == style.mark_size / 2
    assert near == pytest.approx((1.7 - style.mark_width) / 2)
    assert marks._arm([(0, 0), (0.1, 0)], style) == pytest.approx(marks.LEAST_ARM * style.mark_size / 2)
