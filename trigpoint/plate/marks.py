"""Trigger points and their labels: X, number, callouts in the gutters.

Each point is labelled once, in the panel that looks at it most squarely; the muscle is named beside every panel with a
gutter. Labels that find no gutter are handed back for the key. Lengths are mm on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, pi, sin

import numpy as np
import shapely

from ..callouts import Callout, Line, Placed, Point, distance, fits, place
from ..geometry import Box, inner_point
from ..scene import Item, Path, Text
from ..style import Style
from ..text import CAP_HEIGHT, width, wrap
from .content import Mark
from .layout import Panel
from .paint import covered

LABEL_WIDTH = 27.0  # the widest a label in a gutter may be before it is wrapped
CLEARANCE = 1.9
SAMPLES = np.linspace(0.04, 0.96, 12)[:, None]


@dataclass(frozen=True)
class Label:
    """What a callout says: a bold number (may be empty) and wrapped lines of text."""

    key: str
    number: str
    text: str
    lines: tuple[str, ...]

    def indent(self, style: Style) -> float:
        """Room for the number, left of the lines."""
        return width(self.number, style.size_label, "bold") + 0.45 * style.size_label if self.number else 0.0

    def size(self, style: Style) -> tuple[float, float]:
        """Width and height of the label's box."""
        widest = max(width(line, style.size_label) for line in self.lines)
        return self.indent(style) + widest, len(self.lines) * style.size_label * style.line_spacing


def label(key: str, number: str, text: str, style: Style) -> Label:
    """A label wrapped to the gutter."""
    indent = Label(key, number, text, ()).indent(style)
    return Label(key, number, text, tuple(wrap(text, LABEL_WIDTH - indent, style.size_label)))


def crosses(panel: Panel, style: Style) -> list[Item]:
    """The X of every point that the panel sees, on a halo."""
    items: list[Item] = []
    for mark in panel.seen.marks:
        x, y = panel.frame.point(*mark.place)
        arm = style.mark_size / 2
        lines = tuple(np.array([(x - arm, y + turn * arm), (x + arm, y - turn * arm)]) for turn in (1, -1))
        halo = style.mark_width + 2 * style.mark_halo_width
        items.append(Path(lines, closed=False, stroke=style.mark_halo, width=halo))
        items.append(Path(lines, closed=False, stroke=style.mark, width=style.mark_width))
    return items


def numbers(panel: Panel, leaders: Sequence[Line], style: Style) -> list[Text]:
    """The number beside each X, where it is clear of other marks, numbers and leaders."""
    spots = {mark.id: panel.frame.point(*mark.place) for mark in panel.seen.marks}
    texts: list[Text] = []
    taken: list[Box] = []
    for mark in panel.seen.marks:
        others = [spot for key, spot in spots.items() if key != mark.id]
        around = _beside(mark, spots[mark.id], style)
        crowding = [_crowding(box, others, taken, leaders, style) for box in around]
        box = around[crowding.index(min(crowding))]
        taken.append(box)
        texts.append(
            Text(
                (box[0] + box[2]) / 2,
                box[3],
                str(mark.number),
                style.size_number,
                "middle",
                "bold",
                fill=style.mark,
                halo=style.text_halo,
                halo_width=style.mark_halo_width,
            )
        )
    return texts


def _beside(mark: Mark, spot: Point, style: Style) -> list[Box]:
    """Boxes for the number around the X: upper right first, then round the clock."""
    wide, tall = width(str(mark.number), style.size_number, "bold"), style.size_number * CAP_HEIGHT
    reach = style.mark_size / 2 + style.mark_halo_width + 0.5
    boxes = []
    for turn in (1, 0, 3, 4, 7, 5, 2, 6):
        dx, dy = cos(turn * pi / 4), -sin(turn * pi / 4)
        x, y = spot[0] + dx * (reach + wide / 2), spot[1] + dy * (reach + tall / 2)
        boxes.append((x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2))
    return boxes


def _crowding(
    box: Box, others: Sequence[Point], taken: Sequence[Box], leaders: Sequence[Line], style: Style
) -> float:
    """How badly a number's box is placed: 0 for a clear one."""
    x, y, half = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[3] - box[1]) / 2
    bad = 0.0
    for a, b in others:
        bad += 10 * max(0.0, style.mark_size + half + 0.6 - hypot(a - x, b - y))
    for other in taken:
        bad += 10 * max(0.0, 2 * half + 0.4 - hypot((other[0] + other[2]) / 2 - x, (other[1] + other[3]) / 2 - y))
    for leader in leaders:
        bad += 5 * max(0.0, half + 0.5 - distance((x, y), leader))
    return bad


def assign(panels: Sequence[Panel]) -> dict[str, Panel]:
    """The panel that labels each point: of those with a gutter, where the X lies deepest inside the silhouette."""
    best: dict[str, tuple[float, Panel]] = {}
    for panel in panels:
        edge = panel.figure.fill.boundary
        for mark in panel.seen.marks if panel.gutters else ():
            depth = edge.distance(shapely.Point(mark.place))
            if mark.id not in best or depth > best[mark.id][0]:
                best[mark.id] = depth, panel
    return {key: panel for key, (_, panel) in best.items()}


def callouts(panel: Panel, labels: Sequence[Label], muscle: Label | None, style: Style) -> tuple[Placed, ...]:
    """Place the panel's labels; the muscle's name only where there is room and a place to point at."""
    marks = {mark.id: panel.frame.point(*mark.place) for mark in panel.seen.marks}
    reach = style.mark_size / 2 + style.mark_halo_width + 0.35
    wanted = [Callout(label.key, marks[label.key], *label.size(style), reach) for label in labels]
    spot = naming_place(panel, list(marks.values())) if muscle else None
    if muscle and spot:
        wanted.append(Callout(muscle.key, spot, *muscle.size(style)))
    while wanted and not any(fits(wanted, gutter) for gutter in panel.gutters):
        wanted.pop()
    zones = covered(panel)

    def cover(line: Line) -> float:
        total = 0.0
        for a, b in pairwise(line):
            points = np.array(a) + SAMPLES * (np.array(b) - np.array(a))
            total += float(shapely.contains_xy(zones, points).mean()) * hypot(b[0] - a[0], b[1] - a[1])
        return total

    return place(wanted, panel.gutters, clearance=CLEARANCE, avoid=list(marks.values()), cover=cover)


def naming_place(panel: Panel, marks: Sequence[Point]) -> Point | None:
    """Where the muscle's leader ends: deep in the muscle, off the zones if the muscle shows beside them."""
    muscle = panel.frame.shape(panel.seen.muscle)
    around = shapely.union_all([shapely.Point(mark).buffer(2.2) for mark in marks])
    zones = covered(panel)
    for shape in (shapely.difference(muscle, shapely.union_all([zones, around])), shapely.difference(muscle, around)):
        parts = [part for part in shapely.get_parts(shape) if part.area > 4]
        if parts:
            return inner_point(max(parts, key=lambda part: part.area), 0.2)
    return None


def written(placed: Placed, label: Label, style: Style) -> list[Item]:
    """A callout's leader, on a halo, and its label."""
    line = (np.array(placed.leader),)
    halo = style.leader_width + 2 * style.leader_halo_width
    items: list[Item] = [
        Path(line, closed=False, stroke=style.text_halo, width=halo),
        Path(line, closed=False, stroke=style.leader, width=style.leader_width),
    ]
    wide, tall = label.size(style)
    left = placed.gutter.side == "left"
    x = placed.gutter.x - 0.8 - wide if left else placed.gutter.x + 0.8
    step = style.size_label * style.line_spacing
    y = placed.y - tall / 2 + step / 2 + style.size_label * CAP_HEIGHT / 2
    if label.number:
        items.append(Text(x, y, label.number, style.size_label, weight="bold", fill=style.text))
    for index, text in enumerate(label.lines):
        items.append(Text(x + label.indent(style), y + index * step, text, style.size_label, fill=style.text))
    return items
