"""Which label goes where: in the gutter of which panel, or as a number on the body and a row of the key.

Each thing is named once: a point in the panel that the layout gives it, all else where most of it is seen, the muscle
where its leader covers least. How unclear the worst leader is, is the labelling's fault; whoever chooses among lay-outs
compares it with 1. Pure, so what was placed once is kept by value. Lengths are mm on paper.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import hypot

import numpy as np
import shapely

from ..callouts import Callout, Gutter, Placed, beyond, place
from ..geometry import Frame
from ..leaders import Box, Point, distance, tangles
from ..style import Style
from .content import CACHED, UPRIGHT, Seen
from .ground import ground
from .label import Label, label
from .layout import Panel
from .named import Subject
from .spec import Spec

CLEARANCE = 1.4  # sizes of an X that a leader keeps from a foreign one
NEAR = 0.95  # sizes of an X: nearer to the middle of a foreign one, and a leader or a dot touches it
GAP = 0.38  # sizes of a label's text between two labels
WRONG = 1000.0  # the fault of a leader that crosses another or touches a foreign X
MOST_COVERED = 6.0  # mm of a solid zone under a leader, beyond what lies around its anchor
NEEDED_SHARE = 0.8  # of what no way to the anchor can avoid, allowed on top
LETTERED = ("region.", "landmark.", "bone.")  # keys of what has no number of its own
CROWD = 16.0  # with so many of these a leader may cover twice as much: as many letters would be worse
APART, APART_SHARE = 1.2, 0.5  # mm of a leader from a foreign mark, or a share of how far its own anchor lies from it
LEFT = 1.5  # the fault of each name that becomes a letter, as no leader can reach its place
MOST_LEFT = 0.3  # of the names
MOST_AWAY = 15.0  # mm of a leader on the half of the body that its anchor does not lie on
FULL = 0.9  # of the height of a gutter: as much as is filled without need
WAYS = 9  # heights of a gutter from which a way is tried


@dataclass(frozen=True, eq=False)
class Labelling:
    """The callouts of each view, what is marked there by a number alone, the rows of the key, and the fault."""

    placed: Mapping[str, tuple[Placed, ...]]
    marked: Mapping[str, tuple[tuple[Label, Point], ...]]
    key: tuple[Label, ...]
    labels: Mapping[str, Label]
    fault: float

    @property
    def lettered(self) -> int:
        """How many names are told in the key by a letter."""
        return sum(one.kind != "point" for one in self.key)

    @property
    def in_gutters(self) -> frozenset[str]:
        """The keys of all that has a label in a gutter."""
        return frozenset(item.callout.key for items in self.placed.values() for item in items)


def labels(subjects: Sequence[Subject], spec: Spec, style: Style) -> tuple[Label, ...]:
    """The subjects' labels as they stand in gutters; those to be filled in carry a number or a letter each."""
    others = [subject for subject in subjects if subject.kind != "point"]
    lettered = {subject.key: letter(index) for index, subject in enumerate(others)} if spec.study else {}
    return tuple(
        label(one.key, one.kind, one.number or lettered.get(one.key, ""), one.text, style, blank=spec.study)
        for one in subjects
        if one.places or not spec.study
    )


def labelling(
    panels: Sequence[Panel],
    subjects: Sequence[Subject],
    found: Sequence[Label],
    spec: Spec,
    style: Style,
    blocked: Mapping[str, Sequence[Box]],
) -> Labelling | None:
    """The best labelling of panels that are laid out; None where labels do not fit the gutters there are."""
    known = {subject.key: subject for subject in subjects}
    homes = _homes(panels, [known[one.key] for one in found], found, style)
    best: Labelling | None = None
    for namer in _namers(panels, known.get("muscle"), homes):
        mine = homes | ({"muscle": namer} if namer is not None else {})
        if not spec.study and "muscle" in known and namer is None:
            mine.pop("muscle", None)
        tried = _tried(panels, known, found, mine, spec, style, blocked)
        if tried is not None and (best is None or tried.fault < best.fault - 1e-9):
            best = tried
        if best is not None and best.fault <= 1:
            break
    return _in_order(best, panels) if best is not None and spec.study else best


def _in_order(found: Labelling, panels: Sequence[Panel]) -> Labelling:
    """The same with its letters as a reader meets them: panel by panel, down the left side, down the right, the key."""
    met = [item for panel in panels for item in sorted(found.placed.get(panel.view, ()), key=_down)]
    keys = [*(item.callout.key for item in met), *(one.key for one in found.key)]
    lettered = [key for key in keys if found.labels[key].kind != "point"]
    named = {key: letter(index) for index, key in enumerate(lettered)}
    labels = {key: one._replace(number=named.get(key, one.number)) for key, one in found.labels.items()}
    marked = {view: tuple((labels[one.key], spot) for one, spot in some) for view, some in found.marked.items()}
    return replace(found, marked=marked, key=tuple(labels[one.key] for one in found.key), labels=labels)


def _down(item: Placed) -> tuple[bool, float]:
    return item.gutter.side == "right", item.y


def letter(number: int) -> str:
    """a to z, then aa, ab and so on.

    >>> letter(0), letter(26)
    ('a', 'aa')
    """
    before, last = divmod(number, 26)
    return (letter(before - 1) if before else "") + chr(ord("a") + last)


def best_places(views: Sequence[str], subjects: Iterable[Subject]) -> tuple[int, ...]:
    """How many things besides muscle and points each view shows best."""
    best = [
        max(subject.places, key=lambda view: (subject.places[view].worth, -views.index(view)))
        for subject in subjects
        if subject.key.startswith(LETTERED) and subject.places
    ]
    return tuple(best.count(view) for view in views)


def _homes(
    panels: Sequence[Panel], subjects: Sequence[Subject], found: Sequence[Label], style: Style
) -> dict[str, int]:
    """The panel that names each subject, beside a gutter if it can be; the muscle's is chosen by its leader.

    Where a panel has more names than its gutters hold, those that another shows almost as well go there.
    """
    homes: dict[str, int] = {}
    for subject in subjects:
        shown = [(number, panel) for number, panel in enumerate(panels) if panel.view in subject.places]
        beside = [(number, panel) for number, panel in shown if panel.gutters]
        if subject.kind == "point":
            beside = [(number, panel) for number, panel in beside if subject.key in panel.labelled][:1]
            shown = []
        if beside or shown:
            homes[subject.key], _ = max(beside or shown, key=lambda each: (_worth(each[1], subject), -each[0]))
    tall = {one.key: one.size(style)[1] + GAP * style.size_label for one in found}
    free = [FULL * sum(gutter.bottom - gutter.top for gutter in panel.gutters) for panel in panels]
    for key, number in homes.items():
        free[number] -= tall[key]
    moves = sorted(_moves(panels, subjects, homes), reverse=True)
    for _, key, to in moves:
        if free[homes[key]] < 0 <= free[to] - tall[key]:
            free[homes[key]] += tall[key]
            free[to] -= tall[key]
            homes[key] = to
    return homes


def _moves(
    panels: Sequence[Panel], subjects: Sequence[Subject], homes: Mapping[str, int]
) -> Iterator[tuple[float, str, int]]:
    """What might be named in another panel, which, and how well it is seen there."""
    for subject in subjects:
        if subject.key in homes and subject.key.startswith(LETTERED):
            here = _worth(panels[homes[subject.key]], subject)
            for number, panel in enumerate(panels):
                if number != homes[subject.key] and panel.gutters and panel.view in subject.places:
                    yield _worth(panel, subject) / here, subject.key, number


def _namers(panels: Sequence[Panel], muscle: Subject | None, homes: Mapping[str, int]) -> Iterator[int | None]:
    """The panels that may name the muscle, that where its leader covers least first; None leaves it to the legend."""
    costs = []
    for number, panel in enumerate(panels):
        spot = _spot(panel, muscle) if muscle else None
        if spot and panel.gutters:
            costs.append((_level(panel.seen, panel.frame, panel.gutters, spot), number))
    yield from (number for _, number in sorted(costs))
    yield None


def _worth(panel: Panel, subject: Subject) -> float:
    return subject.places[panel.view].worth


@lru_cache(8 * CACHED)
def _level(seen: Seen, frame: Frame, gutters: tuple[Gutter, ...], spot: Point) -> float:
    """What the best level leader to a spot costs."""
    lines = np.array([(gutter.x, spot[1], *spot) for gutter in gutters])
    return float((2 * ground(seen).cover(lines, frame) + np.abs(lines[:, 0] - lines[:, 2])).min())


def _spot(panel: Panel, subject: Subject) -> Point | None:
    """A subject's place on the page."""
    seen = subject.places.get(panel.view)
    return panel.frame.point(*seen.spot) if seen else None


def _tried(
    panels: Sequence[Panel],
    known: Mapping[str, Subject],
    found: Sequence[Label],
    homes: Mapping[str, int],
    spec: Spec,
    style: Style,
    blocked: Mapping[str, Sequence[Box]],
) -> Labelling | None:
    """Labels in the gutters of the panels they belong to; the rest as numbers."""
    insisted = spec.labels == "names"
    placed: dict[str, tuple[Placed, ...]] = {}
    fault = 0.0
    for number, panel in enumerate(panels):
        if panel.gutters:
            here = [one for one in found if homes.get(one.key) == number]
            wanted = tuple(one.callout(spot, style) for one in here if (spot := _spot(panel, known[one.key])))
            done = _placed(panel.seen, panel.frame, panel.gutters, wanted, tuple(blocked[panel.view]), style, insisted)
            if done is None:
                return None
            placed[panel.view], worst = done
            fault = max(fault, worst)
    in_gutters = {item.callout.key for items in placed.values() for item in items}
    rest = [one for one in found if one.key not in in_gutters and (spec.study or one.kind != "muscle")]
    taken = 0
    marked: dict[str, list[tuple[Label, Point]]] = {}
    rows: list[Label] = []
    for one in rest:
        if not one.number:
            one, taken = one._replace(number=letter(taken)), taken + 1
        rows.append(one)
        if one.kind != "point" and one.key in homes:
            panel = panels[homes[one.key]]
            spot = _spot(panel, known[one.key])
            if spot:
                marked.setdefault(panel.view, []).append((one, spot))
    labels = {one.key: one for one in (*found, *rows)}
    return Labelling(placed, {view: tuple(some) for view, some in marked.items()}, tuple(rows), labels, fault)


@lru_cache(8 * CACHED)
def _placed(
    seen: Seen,
    frame: Frame,
    gutters: tuple[Gutter, ...],
    callouts: tuple[Callout, ...],
    blocked: tuple[Box, ...],
    style: Style,
    insisted: bool,
) -> tuple[tuple[Placed, ...], float] | None:
    """The callouts of one panel and the fault of the worst; None where they do not fit.

    Names that no leader can reach are left out, if they are few, or if names are `insisted` on; then also those for
    which there is no room.
    """
    below = ground(seen)
    marks = [frame.point(*mark.place) for mark in seen.marks]
    crowd = 1 + sum(map(_lettered, callouts)) / CROWD
    kept = list(callouts)
    left: list[Callout] = []
    while True:
        others = [*marks, *(one.anchor for one in left)]
        try:
            placed = place(
                kept,
                gutters,
                gap=GAP * style.size_label,
                clearance=CLEARANCE * style.mark_size,
                avoid=others,
                blocked=blocked,
                cover=lambda pieces: below.cover(pieces, frame),
                middle=_middle(seen, frame),
            )
        except ValueError:
            over = [one for one in kept if _lettered(one)] if insisted else []
            if not over:
                return None
            left.append(over[-1])
            kept.remove(over[-1])
            continue
        faults = {item: _fault(seen, frame, item, gutters, marks, crowd, style) for item in placed}
        for item in placed:
            if not _clear(item, [*(other.callout.anchor for other in placed), *others]):
                faults[item] = WRONG
        for one, other, how in tangles([item.leader for item in placed]):
            if how == 1.0:
                faults[placed[one]] = faults[placed[other]] = WRONG
        wrong = [item.callout for item in placed if faults[item] >= WRONG and _lettered(item.callout)]
        if not wrong or (not insisted and len(left) + 1 > MOST_LEFT * len(callouts)):
            return placed, max([*faults.values(), LEFT * len(left)], default=0.0)
        worst = wrong[::-1][: max(1, len(wrong) // 2)]
        left += worst
        kept = [one for one in kept if one not in worst]


def _lettered(callout: Callout) -> bool:
    """Whether a thing may stand on the body with a letter, where no leader reaches it."""
    return callout.key.startswith(LETTERED)


def _clear(item: Placed, spots: Iterable[Point]) -> bool:
    """Whether a leader keeps off what other labels speak of, as far as its own anchor does."""
    anchor = item.callout.anchor
    return not any(
        distance(spot, item.leader) < min(APART, APART_SHARE * hypot(spot[0] - anchor[0], spot[1] - anchor[1]))
        for spot in spots
        if spot != anchor
    )


def _fault(
    seen: Seen,
    frame: Frame,
    item: Placed,
    gutters: Sequence[Gutter],
    marks: Collection[Point],
    crowd: float,
    style: Style,
) -> float:
    """How unclear a leader is: over 1 it is not drawn where there is a choice, from WRONG on never."""
    anchor = item.callout.anchor
    pieces = np.array([(*a, *b) for a, b in pairwise(item.leader)])
    solid = float(ground(seen).covered(pieces, frame).sum())
    allowed = MOST_COVERED + 2 * _depth(seen, frame, anchor) + NEEDED_SHARE * _needed(seen, frame, anchor, gutters)
    foreign = (distance(spot, item.leader) for spot in marks if spot != anchor)
    near = any(gap < NEAR * style.mark_size for gap in foreign)
    middle = _middle(seen, frame)
    away = float(beyond(pieces, anchor, middle).sum()) if middle is not None else 0.0
    return max(solid / (crowd * allowed), away / MOST_AWAY, WRONG if near else 0.0)


def _middle(seen: Seen, frame: Frame) -> float | None:
    """The x of the body's midline on the page; a side view has none."""
    return frame.dx if seen.view in UPRIGHT else None


def _needed(seen: Seen, frame: Frame, spot: Point, gutters: Sequence[Gutter]) -> float:
    """The mm of essential zone that no straight way from a gutter to a spot can avoid."""
    heights = [(gutter.x, y) for gutter in gutters for y in np.linspace(gutter.top, gutter.bottom, WAYS)]
    return float(ground(seen).covered(np.array([(*start, *spot) for start in heights]), frame).min())


def _depth(seen: Seen, frame: Frame, spot: Point) -> float:
    """How many mm of the page a spot lies inside the essential zone."""
    zone = seen.essential
    inside = shapely.Point((spot[0] - frame.dx) / frame.scale, (spot[1] - frame.dy) / frame.scale)
    return float(frame.scale * inside.distance(zone.boundary)) if zone.contains(inside) else 0.0
