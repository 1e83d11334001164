"""What lies over what on a plate, measured from its scene: nothing is rendered.

Texts are the boxes of their ink, marks and leaders their strokes, bodies their silhouettes; everything is looked up by
the ids of the scene's groups. `collisions` names every overlap in words; an empty list is a clean plate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray

from trigpoint.scene import Dots, Group, Item, Path, Scene, Text, bounds
from trigpoint.style import SMALLEST_TEXT, Style
from trigpoint.words.measure import CAP_HEIGHT, DESCENT, width

Array = NDArray[np.float64]

SLACK = 0.02  # mm: what two printed things may share before it counts
LOW_LETTERS = frozenset("gjpqyQ,;()[]{}/|çşţ")
TALL_SHARE = 0.95  # of the em, for what stands higher than a capital: accents on capitals, signs of Asian scripts
WIDE_SIGNS = "\u2e80"  # from here on every sign fills its em
FURNITURE = ("title", "insets", "views", "headings", "letters", "labels", "legend", "key", "credit", "scale")


@dataclass(frozen=True)
class Named:
    """Boxes (n x 4) and what each of them is."""

    boxes: Array
    names: tuple[str, ...]


def collisions(scene: Scene, style: Style) -> list[str]:
    """Every overlap of a scene, in words."""
    return [*_texts(scene, style), *_leaders(scene, style), *_areas(scene), *_edges(scene, style)]


def ink(text: Text) -> tuple[float, float, float, float]:
    """The box that a text's letters fill."""
    wide = _width(text.text, text.size, text.weight)
    left = text.x - {"start": 0.0, "middle": wide / 2, "end": wide}[text.anchor]
    up, down = _reach(text.text)
    return left, text.y - up * text.size, left + wide, text.y + down * text.size


@lru_cache(20_000)
def _reach(text: str) -> tuple[float, float]:
    full = any(sign >= WIDE_SIGNS for sign in text)
    tall = full or any(sign.isupper() and not sign.isascii() for sign in text)
    return (TALL_SHARE if tall else CAP_HEIGHT), (DESCENT if full or LOW_LETTERS & set(text) else 0.0)


_width = lru_cache(20_000)(width)


def _texts(scene: Scene, style: Style) -> Iterator[str]:
    """Texts over each other, over an X, over furniture, and off the body that they do not belong on."""
    texts = scene.texts()
    if not texts:
        return
    boxes = np.array([ink(text) for text in texts])
    for i, j in zip(*np.nonzero(np.triu(_overlap(boxes, boxes), 1)), strict=True):
        yield f"text {texts[i].text!r} over text {texts[j].text!r}"
    strokes = list(_marks(scene, style))
    if strokes:
        hit = _through(np.array([line for _, line in strokes]), boxes, style.mark_width / 2 - SLACK)
        for i, j in zip(*np.nonzero(hit), strict=True):
            yield f"X of {strokes[i][0]} under text {texts[j].text!r}"
    solid, within = _solid(scene), _within(scene)
    for i, j in zip(*np.nonzero(_overlap(solid.boxes, boxes)), strict=True):
        if within.get(id(texts[j])) == solid.names[i]:
            continue
        yield f"{solid.names[i]} under text {texts[j].text!r}"
    aside = [(text, box) for text, box in zip(texts, boxes, strict=True) if id(text) in _off_the_body(scene)]
    for name, body in _bodies(scene):
        left, top, right, bottom = body.bounds
        for text, box in aside:
            if box[0] < right and box[2] > left and box[1] < bottom and box[3] > top:
                inner = shapely.box(box[0] + SLACK, box[1] + SLACK, box[2] - SLACK, box[3] - SLACK)
                if body.intersects(inner):
                    yield f"body {name} under text {text.text!r}"


def _within(scene: Scene) -> dict[int, str]:
    """The inset that each text of one belongs to."""
    groups = _groups(scene, "inset.")
    return {id(item): f"{group.id}" for group in groups for item in _walk(group) if isinstance(item, Text)}


def _off_the_body(scene: Scene) -> set[int]:
    """The texts that must not lie on a body: all but the numbers and codes beside marks."""
    return {
        id(item)
        for group in scene.children
        if isinstance(group, Group) and group.id in FURNITURE
        for item in _walk(group)
        if isinstance(item, Text) and item.halo is None
    }


def _leaders(scene: Scene, style: Style) -> Iterator[str]:
    """Leaders through texts, through an X, and over each other."""
    yield from _inset_lines(scene, style)
    lines = [line for group in _groups(scene, "labels.") for line in _lines(group, style.leader)]
    if not lines:
        return
    pieces = np.concatenate([np.stack([line[:-1], line[1:]], 1) for line in lines])
    owner = np.repeat(np.arange(len(lines)), [len(line) - 1 for line in lines])
    texts = scene.texts()
    hit = _through(pieces, np.array([ink(text) for text in texts]).reshape(-1, 4), -SLACK)
    for i, j in zip(*np.nonzero(hit), strict=True):
        yield f"leader {owner[i] + 1} through text {texts[j].text!r}"
    for name, stroke in _marks(scene, style):
        near = _segments_apart(pieces, stroke) < style.mark_width / 2
        if near.any():
            yield f"leader {owner[int(np.argmax(near))] + 1} through the X of {name}"
    for i, j in zip(*np.nonzero(np.triu(_crossings(pieces), 1)), strict=True):
        if owner[i] != owner[j]:
            yield f"leader {owner[i] + 1} crosses leader {owner[j] + 1}"


def _inset_lines(scene: Scene, style: Style) -> Iterator[str]:
    """Lines from insets to their places through texts."""
    frames = scene.find("inset_lines")
    lines = _lines(frames, style.locator_frame) if frames else []
    if lines:
        texts = scene.texts()
        hit = _through(np.array(lines), np.array([ink(text) for text in texts]).reshape(-1, 4), -SLACK)
        for _, j in zip(*np.nonzero(hit), strict=True):
            yield f"line of an inset through text {texts[j].text!r}"


def _areas(scene: Scene) -> Iterator[str]:
    """Bodies over each other, and furniture over bodies."""
    bodies = list(_bodies(scene))
    for number, (name, one) in enumerate(bodies):
        for other_name, other in bodies[number + 1 :]:
            if _overlap(np.array([one.bounds]), np.array([other.bounds])).any() and one.intersects(other):
                yield f"body {name} over body {other_name}"
    solid = _solid(scene)
    for box, what in zip(solid.boxes.tolist(), solid.names, strict=True):
        for name, body in bodies:
            if body.intersects(shapely.box(*box)):
                yield f"{what} over body {name}"
    for i, j in zip(*np.nonzero(np.triu(_overlap(solid.boxes, solid.boxes), 1)), strict=True):
        if solid.names[i] != solid.names[j]:
            yield f"{solid.names[i]} over {solid.names[j]}"


def _edges(scene: Scene, style: Style) -> Iterator[str]:
    """What leaves the page, text too small to print, and zones or marks that the body's soft ends veil."""
    for text in scene.texts():
        if _leaves(ink(text), scene):
            yield f"text {text.text!r} leaves the page"
        if text.size < SMALLEST_TEXT - 1e-9:
            yield f"text {text.text!r} is smaller than 6 pt"
    veils = []
    for group in scene.children:
        for item in _walk(group):
            if isinstance(item, Path) and item.opacity < 1 and item.fill == style.paper:
                veils += [(*ring.min(axis=0), *ring.max(axis=0)) for ring in item.rings]
            elif isinstance(item, Path | Dots) and _leaves(bounds([item]), scene):
                yield f"a shape of {getattr(group, 'id', '?')} leaves the page"
    if veils:
        held = list(_held(scene, style))
        boxes = np.array([box for _, box in held]).reshape(-1, 4)
        for i in np.flatnonzero(_overlap(boxes, np.array(veils)).any(axis=1)):
            yield f"{held[i][0]} under the soft end of the body"


def _leaves(box: tuple[float, float, float, float] | None, scene: Scene) -> bool:
    """Whether a box reaches over an edge of the page."""
    if box is None:
        return False
    left, top, right, bottom = box
    return left < -SLACK or top < -SLACK or right > scene.width + SLACK or bottom > scene.height + SLACK


def _held(scene: Scene, style: Style) -> Iterator[tuple[str, Array]]:
    """What a crop must hold: every zone and every X."""
    for kind in ("essential", "spillover", "overlay"):
        for group in _groups(scene, f"{kind}."):
            for item in group.children:
                if isinstance(item, Path) and item.closed and (item.fill or kind != "overlay"):
                    for ring in item.rings:
                        yield f"zone of {group.id}", np.array([*ring.min(axis=0), *ring.max(axis=0)])
    for name, line in _marks(scene, style):
        yield f"X of {name}", np.array([*line.min(axis=0), *line.max(axis=0)])


def _solid(scene: Scene) -> Named:
    """Locator, insets and the legend's symbols as boxes."""
    boxes, names = [], []
    for key in ("locator", "scale"):
        group = scene.find(key)
        drawn = [item for item in _walk(group) if not isinstance(item, Text)] if group else []
        if drawn and (box := bounds(drawn)):
            boxes.append(box)
            names.append(key)
    for group in _groups(scene, "inset."):
        if box := bounds(item for item in _walk(group) if isinstance(item, Path) and item.closed):
            boxes.append(box)
            names.append(group.id)
    if legend := scene.find("legend"):
        for item in _walk(legend):
            if isinstance(item, Path | Dots) and (box := bounds([item])):
                boxes.append(box)
                names.append("legend symbol")
    return Named(np.array(boxes).reshape(-1, 4), tuple(names))


def _bodies(scene: Scene) -> Iterator[tuple[str, shapely.Geometry]]:
    for group in _groups(scene, "body."):
        first = next(item for item in group.children if isinstance(item, Path))
        yield group.id.removeprefix("body."), _polygon(first.rings)


def _polygon(rings: tuple[Array, ...]) -> shapely.Geometry:
    shape = shapely.MultiPolygon([shapely.Polygon(ring) for ring in rings]).buffer(0)
    shapely.prepare(shape)
    return shape


def _marks(scene: Scene, style: Style) -> Iterator[tuple[str, Array]]:
    """The strokes of every X, each (2 x 2); those of the legend too, but not what ties a number to its mark."""
    for group in [*_groups(scene, "points."), *_groups(scene, "inset."), *_groups(scene, "legend")]:
        for item in _walk(group):
            drawn = isinstance(item, Path) and not item.closed and item.stroke == style.mark
            if isinstance(item, Path) and drawn and [len(line) for line in item.rings] == [2, 2]:
                yield from ((group.id, line) for line in item.rings)


def _lines(group: Group, stroke: str) -> list[Array]:
    found = [item for item in _walk(group) if isinstance(item, Path) and not item.closed and item.stroke == stroke]
    return [line for item in found for line in item.rings]


def _groups(scene: Scene, prefix: str) -> list[Group]:
    return [item for item in scene.walk() if isinstance(item, Group) and item.id.startswith(prefix)]


def _walk(item: Item | None) -> Iterable[Item]:
    if isinstance(item, Group):
        for child in item.children:
            yield from _walk(child)
    elif item is not None:
        yield item


def _overlap(one: Array, other: Array) -> NDArray[np.bool_]:
    """Which boxes of one lie over which of the other, by more than the slack."""
    a, b = one.reshape(-1, 1, 4), other.reshape(1, -1, 4)
    across = np.minimum(a[..., 2], b[..., 2]) - np.maximum(a[..., 0], b[..., 0])
    down = np.minimum(a[..., 3], b[..., 3]) - np.maximum(a[..., 1], b[..., 1])
    return (across > SLACK) & (down > SLACK)


def _through(segments: Array, boxes: Array, air: float) -> NDArray[np.bool_]:
    """Which segments (n x 2 x 2) pass through which boxes grown by `air` (Liang and Barsky's clipping)."""
    start, run = segments[:, None, 0], segments[:, None, 1] - segments[:, None, 0]
    low, high = boxes[None, :, :2] - air, boxes[None, :, 2:] + air
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = (low - start) / run, (high - start) / run
    flat = run == 0
    inside = (low < start) & (start < high)
    near = np.where(flat, np.where(inside, -np.inf, np.inf), np.minimum(a, b)).max(axis=2)
    far = np.where(flat, np.where(inside, np.inf, -np.inf), np.maximum(a, b)).min(axis=2)
    return np.maximum(near, 0) < np.minimum(far, 1)


def _crossings(pieces: Array) -> NDArray[np.bool_]:
    """Which segments cross which others."""
    a, b = pieces[:, 0], pieces[:, 1]

    def turn(p: Array, q: Array, r: Array) -> Array:
        return (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0])

    one, two, three, four = a[:, None], b[:, None], a[None], b[None]
    return (turn(one, two, three) * turn(one, two, four) < 0) & (turn(three, four, one) * turn(three, four, two) < 0)


def _segments_apart(pieces: Array, stroke: Array) -> Array:
    """The distance of each segment from one stroke, sampled along the stroke."""
    spots = stroke[0] + np.linspace(0, 1, 7)[:, None] * (stroke[1] - stroke[0])
    start, run = pieces[:, 0], pieces[:, 1] - pieces[:, 0]
    square = np.maximum((run * run).sum(axis=1), 1e-12)
    share = np.clip(((spots[:, None] - start) * run).sum(axis=2) / square, 0, 1)
    gap = spots[:, None] - start - share[..., None] * run
    return np.sqrt((gap * gap).sum(axis=2)).min(axis=0)
