"""One label: its lines, its size, and how it is drawn with its leader.

A leader ends in a dot on an area, at a small diamond on a landmark, and short of the X of a point. A label to be filled
in is a number and a line to write on. Lengths are mm on paper.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from ...geometry.frame import Box, Point
from ...scene import Anchor, Dots, Item, Path, Text
from ...style import Style
from ...words.measure import CAP_HEIGHT, reach, width
from ...words.phrase import phrase
from .leader_cost import Callout, PlacedCallout

Kind: TypeAlias = Literal["muscle", "point", "region", "landmark", "bone"]

LABEL_EMS = 10.2  # sizes of its text: the most width of a label in a gutter, which is wrapped to it
BLANK_EMS = 9.0  # sizes of the text: the line to write on
BROAD = "aa"  # the width that is kept for a number or letter before a line to write on
BLANK_TALL = 2.0  # sizes of the text: handwriting is larger than print
TEXT_GAP = 0.8  # between a leader and its label


class Label(NamedTuple):
    """The text of a callout: a bold number (may be empty) and wrapped lines; no lines if it is to be filled in."""

    key: str
    kind: Kind
    number: str
    text: str
    lines: tuple[str, ...]

    def indent(self, style: Style) -> float:
        """Room for the number, left of the lines."""
        return width(self.number, style.size_label, "bold") + 0.45 * style.size_label if self.number else 0.0

    def inner(self, style: Style) -> float:
        """The start of the lines; of lines to write on the same for every number."""
        return self.indent(style) if self.lines else max(self.indent(style), self._replace(number=BROAD).indent(style))

    def size(self, style: Style) -> tuple[float, float]:
        """Width and height of the label's box."""
        if not self.lines:
            return self.inner(style) + BLANK_EMS * style.size_label, BLANK_TALL * style.size_label
        widest = max(width(line, style.size_label) for line in self.lines)
        return self.indent(style) + widest, len(self.lines) * style.size_label * style.line_spacing

    def callout(self, anchor: Point, style: Style) -> Callout:
        """The label as a box with an anchor on the page."""
        reach = style.mark_size / 2 + style.mark_halo_width + 0.35 if self.kind == "point" else 0.0
        return Callout(self.key, anchor, *self.size(style), reach)


def label(key: str, kind: Kind, number: str, text: str, style: Style, *, blank: bool = False) -> Label:
    """A label wrapped to a gutter, or left blank."""
    one = Label(key, kind, number, text, ())
    room = LABEL_EMS * style.size_label - one.indent(style)
    return one if blank else one._replace(lines=phrase(text, room, style.size_label))


def letter(number: int) -> str:
    """a to z, then aa, ab and so on; `number` counts from 0.

    >>> letter(0), letter(26), letter(1).upper()
    ('a', 'aa', 'B')
    """
    before, last = divmod(number, 26)
    return (letter(before - 1) if before else "") + chr(ord("a") + last)


def written(placed: PlacedCallout, one: Label, style: Style) -> list[Item]:
    """The leader of a callout, on a halo, its end, and its label."""
    line = (np.array(placed.leader),)
    halo = style.leader_width + 2 * style.leader_halo_width
    items: list[Item] = [
        Path(line, closed=False, stroke=style.text_halo, width=halo),
        Path(line, closed=False, stroke=style.leader, width=style.leader_width),
        *end(placed.leader[-1], one.kind, style),
    ]
    wide, _ = one.size(style)
    left = placed.gutter.side == "left"
    x = placed.gutter.x - TEXT_GAP - wide if left else placed.gutter.x + TEXT_GAP
    step = style.size_label * style.line_spacing
    rows = max(1, len(one.lines)) * step
    y = placed.y - rows / 2 + step / 2 + style.size_label * CAP_HEIGHT / 2
    if one.number:
        items.append(Text(x, y, one.number, style.size_label, weight="bold", fill=style.text))
    anchor: Anchor = "end" if left and not one.number else "start"  # words stand at their leader
    start = placed.gutter.x - TEXT_GAP if anchor == "end" else x + one.indent(style)
    for index, text in enumerate(one.lines):
        items.append(Text(start, y + index * step, text, style.size_label, anchor, fill=style.text))
    if not one.lines:
        items.append(rule(x + one.inner(style), x + wide, y, style))
    return items


def rule(left: float, right: float, baseline: float, style: Style) -> Path:
    """A line to write on."""
    y = baseline + style.leader_width
    return Path((np.array([(left, y), (right, y)]),), closed=False, stroke=style.text_quiet, width=style.leader_width)


def text_box(text: Text) -> Box:
    """The box of a text's letters."""
    wide = width(text.text, text.size, text.weight)
    left = text.x - {"start": 0.0, "middle": wide / 2, "end": wide}[text.anchor]
    up, down = reach(text.text)
    return left, text.y - text.size * up, left + wide, text.y + text.size * down


def end(spot: Point, kind: Kind, style: Style) -> list[Item]:
    """The end of a leader, also drawn where a thing is marked by its number alone."""
    if kind == "point":
        return []
    radius, halo = style.anchor_radius, style.leader_halo_width
    if kind == "landmark":
        (x, y), arm = spot, 1.4 * radius
        diamond = np.array([(x, y - arm), (x + arm, y), (x, y + arm), (x - arm, y)])
        return [Path((diamond,), fill=style.leader, stroke=style.text_halo, width=halo)]
    at = np.array([spot])
    return [Dots(at, radius + halo, style.text_halo), Dots(at, radius, style.leader)]
