"""Trigger points and their labels: X, number, callouts in the gutters.

A point is labelled in one panel, as the layout assigns it; the muscle is named once, where its leader covers least.
Labels that do not fit are left for the key. Lengths are mm on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from math import cos, pi, sin

import numpy as np
import shapely

from ..callouts import Callout, Line, Placed, Point, distance, fits, length, place
from ..geometry import Box
from ..scene import Item, Path, Text
from ..style import Style
from ..text import CAP_HEIGHT, width, wrap
from .content import Mark
from .layout import Panel

LABEL_WIDTH = 27.0  # the widest a label in a gutter may be before it is wrapped
CLEARANCE = 1.9
NEAR = 0.9  # mm from a foreign X, and a leader seems to belong to it
NUMBER_AIR = (0.5, 1.2, 2.2)  # between an X and its number
TURNS = (1, 0, 3, 4, 7, 5, 2, 6, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5)  # eighths of a circle, the best first
DIAGONAL = 0.5**0.5
MARK_AIR = 0.25  # between an X and the number of another
TEXT_AIR = 0.4  # between two numbers
SPILLOVER_SHARE = 0.15  # a leader over stipple is read more easily than one over a solid zone
MOST_COVERED = 4.0  # mm of a solid zone under a leader, beyond what lies around its X: for more, labels go to the key
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
    """Boxes for the number around the X: upper right first, then round the clock; close by first, then farther."""
    wide, tall = width(str(mark.number), style.size_number, "bold"), style.size_number * CAP_HEIGHT
    boxes = []
    for air in NUMBER_AIR:
        reach = style.mark_size / 2 + style.mark_halo_width + air
        for turn in TURNS:
            dx, dy = cos(turn * pi / 4), -sin(turn * pi / 4)
            x = spot[0] + dx * reach + _towards(dx) * wide / 2
            y = spot[1] + dy * reach + _towards(dy) * tall / 2
            boxes.append((x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2))
    return boxes


def _towards(share: float) -> float:
    """How much of half a box lies beyond its near edge: at 45 degrees the near corner points at the X."""
    return max(-1.0, min(1.0, share / DIAGONAL))


def _crowding(box: Box, others: Sequence[Point], taken: Sequence[Box], leaders: Sequence[Line], style: Style) -> float:
    """How badly a number's box is placed: 0 for a clear one."""
    x, y, half = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[3] - box[1]) / 2
    arm = (style.mark_size + style.mark_width) / 2 + MARK_AIR
    bad = 0.0
    for a, b in others:
        bad += 10 * _shared(box, (a - arm, b - arm, a + arm, b + arm))
    for left, top, right, bottom in taken:
        bad += 10 * _shared(box, (left - TEXT_AIR, top - TEXT_AIR, right + TEXT_AIR, bottom + TEXT_AIR))
    for leader in leaders:
        bad += 5 * max(0.0, half + 0.5 - distance((x, y), leader))
    return bad


def _shared(one: Box, other: Box) -> float:
    """How far one box would have to move to be clear of another: 0 if it is."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, min(across, down))


def callouts(panel: Panel, labels: Sequence[Label], muscle: Label | None, style: Style) -> tuple[Placed, ...] | None:
    """Place the panel's labels, the muscle's name among them where it is asked for.

    None if they do not fit, or if a leader would cover a solid zone, pass a foreign X or bend to the muscle's name.
    """
    marks = {mark.id: panel.frame.point(*mark.place) for mark in panel.seen.marks}
    reach = style.mark_size / 2 + style.mark_halo_width + 0.35
    wanted = [Callout(label.key, marks[label.key], *label.size(style), reach) for label in labels]
    spot = naming_place(panel)
    if muscle and spot:
        wanted.append(Callout(muscle.key, spot, *muscle.size(style)))
    if (muscle and not spot) or not any(fits(wanted, gutter) for gutter in panel.gutters):
        return None
    spots = list(marks.values())
    placed = place(wanted, panel.gutters, clearance=CLEARANCE, avoid=spots, cover=cache(partial(cover, panel)))
    return placed if all(_fault(panel, item, spots) <= 1.0 for item in placed) else None


def _fault(panel: Panel, item: Placed, spots: Sequence[Point]) -> float:
    """How unclear a leader is: over 1 it is not drawn."""
    solid, _ = covered(panel, item.leader)
    allowed = MOST_COVERED + 2 * _depth(panel, item.callout.anchor)
    foreign = (distance(spot, item.leader) for spot in spots if spot != item.callout.anchor)
    near = max((NEAR / max(gap, 1e-3) for gap in foreign), default=0.0)
    bent = 2.0 if len(item.leader) > 2 and item.callout.anchor not in spots else 0.0
    return max(solid / allowed, near, bent)


def _depth(panel: Panel, spot: Point) -> float:
    """How many mm of the page a spot lies inside the essential zone."""
    frame, zone = panel.frame, panel.seen.essential
    inside = shapely.Point((spot[0] - frame.dx) / frame.scale, (spot[1] - frame.dy) / frame.scale)
    return frame.scale * inside.distance(zone.boundary) if zone.contains(inside) else 0.0


def cover(panel: Panel, line: Line) -> float:
    """How much a line of the page covers of the panel's zones: mm of essential, and a share of those of spillover."""
    solid, dotted = covered(panel, line)
    return solid + SPILLOVER_SHARE * dotted


def covered(panel: Panel, line: Line) -> tuple[float, float]:
    """The mm of a line of the page over the panel's essential zone, and over its spillover."""
    x, y = np.concatenate([(a + SAMPLES * (np.array(b) - a)) for a, b in pairwise(map(np.array, line))]).T
    frame = panel.frame
    x, y = (x - frame.dx) / frame.scale, (y - frame.dy) / frame.scale
    solid, dotted = (shapely.contains_xy(zone, x, y).mean() for zone in (panel.seen.essential, panel.seen.spillover))
    return float(solid) * length(line), float(dotted) * length(line)


def naming_place(panel: Panel) -> Point | None:
    """Where the muscle's leader ends: deep in the muscle, off the marks, off the zones if it shows beside them."""
    place = panel.seen.naming_place
    return panel.frame.point(*place) if place else None


def namers(panels: Sequence[Panel]) -> list[Panel]:
    """The panels that may name the muscle, that where its leader covers least first."""
    costs: list[tuple[float, int, Panel]] = []
    for panel in panels:
        spot = naming_place(panel) if panel.gutters else None
        if spot:
            line = ((panel.gutters[0].x, spot[1]), spot)
            costs.append((2 * cover(panel, line) + length(line), len(costs), panel))
    return [panel for *_, panel in sorted(costs, key=lambda row: row[:2])]


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
