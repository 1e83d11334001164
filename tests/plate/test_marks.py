"""The X's of one view never lie on each other, however small the plate."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path as File

import numpy as np
import pytest
from numpy.typing import NDArray

import trigpoint as tp
from tests.support.sampling import each_muscle
from tests.support.small_atlas import small_atlas
from trigpoint.atlas import Atlas
from trigpoint.scene import Path, Scene

SEVERAL = [muscle.id for muscle in tp.load_atlas().muscles if len(muscle.points) > 1]


def crosses(scene: Scene) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """The corners of the ink of every X, its halo left out, panel by panel."""
    found = []
    group = scene.find("points")
    for panel in group.children if group else ():
        ink = [item for item in panel.children if isinstance(item, Path) and not item.closed and len(item.rings) == 2]
        top = {tuple(np.round(np.mean(item.rings, axis=(0, 1)), 3)): item for item in ink}.values()  # the halo is below
        found += [
            (np.min(item.rings, axis=(0, 1)) - item.width / 2, np.max(item.rings, axis=(0, 1)) + item.width / 2)
            for item in top
        ]
    return found


def overlaps(scene: Scene) -> int:
    """How many pairs of X's of the plate have ink in common."""
    return sum(
        bool((low < other_high - 1e-6).all() and (other_low < high - 1e-6).all())
        for (low, high), (other_low, other_high) in combinations(crosses(scene), 2)
    )


@each_muscle(SEVERAL, view=("posterior", "anterior", "right"), wide=(60, 85, 120, 175))
def test_no_x_lies_on_another(muscle: str, view: str, wide: float) -> None:
    assert overlaps(tp.Diagram(muscle, views=view, width=wide).scene()) == 0


def pair(apart: float, folder: File) -> Scene:
    """A plate with two points that are so many mm of the body apart."""
    patterns = small_atlas(folder).patterns
    calf = next(muscle for muscle in patterns.muscles if muscle.id == "calf")
    one = replace(calf.points[0], at={"posterior": (80.0, 1300.0)})
    two = replace(one, id="calf.trp2", number=2, at={"posterior": (80.0 + apart, 1300.0)})
    atlas = Atlas(replace(patterns, muscles=(replace(calf, points=(one, two)),)), folder)
    return tp.Diagram("calf", views="posterior", width=85, atlas=atlas, panels="together").scene()


def test_an_x_gets_smaller_only_where_another_is_near(tmp_path: File) -> None:
    distances = (40.0, 30.0, *range(20, 0, -1))
    scenes = [pair(apart, tmp_path) for apart in distances]
    sizes = [float(np.ptp(crosses(scene)[0], axis=0)[0]) for scene in scenes]
    lie_over = [bool(overlaps(scene)) for scene in scenes]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == sizes[1] == pytest.approx(2.0)  # 1.5 mm of stroke and half its width of 0.5 mm at each end
    assert sizes[-1] == pytest.approx(1.4)  # 0.6 of the stroke: a smaller X would not be read
    shrunk = [size for size in sizes if sizes[-1] < size < sizes[0]]
    assert len(shrunk) >= 2
    assert lie_over == [size == sizes[-1] for size in sizes], "only X's of the least size may lie on each other"
