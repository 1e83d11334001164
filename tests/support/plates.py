"""What the tests of plates ask of a scene: boxes of texts, the items of a layer, and what holds for every plate."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import shapely

from trigpoint.geometry.lines import cross
from trigpoint.scene import Group, Path, Text, bounds
from trigpoint.style import SMALLEST_TEXT, THEMES
from trigpoint.words.measure import ASCENT, CAP_HEIGHT, DESCENT, width

STYLE = THEMES["plate"]


def box(text: Text, *, ink: bool = False) -> tuple[float, float, float, float]:
    """The box of a text; of its capitals and digits with `ink`."""
    wide = width(text.text, text.size, text.weight)
    left = text.x - {"start": 0, "middle": wide / 2, "end": wide}[text.anchor]
    up, down = (CAP_HEIGHT, 0.0) if ink else (0.8 * ASCENT, 0.8 * DESCENT)
    return left, text.y - up * text.size, left + wide, text.y + down * text.size


def paths(group, kind=Path):
    """The items of a kind in a group and in the groups within it; none where there is no group."""
    if group is None:
        return []
    found = []
    for item in group.children:
        found += paths(item, kind) if isinstance(item, Group) else [item] if isinstance(item, kind) else []
    return found


def leaders(scene, view):
    """The leaders of a view's labels: the thin lines, without their halos."""
    lines = [path for path in paths(scene.find(f"labels.{view}")) if path.stroke != STYLE.text_halo]
    return [tuple(map(tuple, path.rings[0].tolist())) for path in lines]


def check(scene):
    """What holds for every plate."""
    inside = shapely.box(0, 0, scene.width, scene.height)
    texts = scene.texts()
    for text in texts:
        assert text.size >= SMALLEST_TEXT - 1e-9, text
        assert inside.buffer(0.01).contains(shapely.box(*box(text))), text
    for one, other in combinations(texts, 2):
        overlap = shapely.box(*box(one, ink=True)).intersection(shapely.box(*box(other, ink=True))).area
        assert overlap < 1e-6, (one.text, other.text)
    for path in paths(scene.find("locator")):
        small = shapely.box(*bounds([path]))
        assert not [text for text in texts if shapely.box(*box(text, ink=True)).intersects(small)]
    for item in scene.walk():
        if isinstance(item, Path):
            for ring in item.rings:
                assert ring.min() >= -1.0
                assert ring[:, 0].max() <= scene.width + 1.0
                assert ring[:, 1].max() <= scene.height + 1.0
    for view in ("posterior", "anterior", "left", "right"):
        check_marks(scene, view)


def check_marks(scene, view):
    """What holds for the X's of a view: no text lies on one, no leader passes one, and leaders do not cross."""
    crosses = [path for path in paths(scene.find(f"points.{view}")) if path.stroke == STYLE.mark]
    spots = [np.concatenate(path.rings).mean(axis=0) for path in crosses]
    numbers = {id(text) for text in paths(scene.find(f"points.{view}"), Text)}
    for text in scene.texts():
        for spot in spots:
            half = STYLE.mark_size / 2 if id(text) not in numbers else 0.2
            cross_box = shapely.box(*(spot - half), *(spot + half))
            assert shapely.box(*box(text, ink=True)).intersection(cross_box).area < 1e-6, text
    lines = leaders(scene, view)
    for one, other in combinations(lines, 2):
        assert not cross(one, other)
    for line in lines:
        string = shapely.LineString(line)
        assert not [spot for spot in spots if string.distance(shapely.Point(spot)) < 0.8], line
        for text in scene.texts():
            assert string.intersection(shapely.box(*box(text, ink=True))).length < 0.5, (text, line)
