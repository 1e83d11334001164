"""The assignment of labels: to the gutter of a panel, or to a number on the body and a row of the key.

Each thing is named once: a point in the panel that the layout gives it, all else where most of it is seen, the muscle
where its leader covers least. The fault of a labelling is that of its worst leader (`gutters`). Lengths: mm on paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count
from math import inf
from typing import NamedTuple

import numpy as np

from ...geometry.frame import Box, Frame, Point
from ...style import Style
from ..content import CACHED, Seen
from ..layout import Gutter, Panel
from ..spec import Spec
from .gutters import LEFT, LETTERED, STACK_GAP, WRONG, Beside, placed
from .label import Label, label, letter
from .leader_cost import PlacedCallout
from .subjects import Subject
from .zone_cover import ground

MOST_LEFT = 0.3  # of the names to be filled in
CLEAR = 1.0  # the most fault of a leader that is drawn where names may stand in the key instead
FULL = 0.9  # share of a gutter's height that is filled before names move to another panel


class Labelling(NamedTuple):
    """The callouts of each view, the things marked there by a number alone, the rows of the key, and the fault."""

    placed: Mapping[str, tuple[PlacedCallout, ...]]
    marked: Mapping[str, tuple[tuple[Label, Point], ...]]
    key: tuple[Label, ...]
    labels: Mapping[str, Label]
    fault: float

    @property
    def lettered(self) -> int:
        """The number of names that stand in the key with a letter."""
        return sum(one.kind != "point" for one in self.key)


NOTHING_NAMED = Labelling({}, {}, (), {}, 0.0)


def labels(subjects: Sequence[Subject], spec: Spec, style: Style) -> tuple[Label, ...]:
    """The subjects' labels for gutters; those to be filled in carry a number or a letter each."""
    others = [subject for subject in subjects if subject.kind != "point"]
    lettered = {subject.key: letter(index) for index, subject in enumerate(others)} if spec.study else {}
    return tuple(
        label(one.key, one.kind, one.number or lettered.get(one.key, ""), one.text, style, blank=spec.study)
        for one in subjects
        if one.places or not spec.study
    )


def labelling(task: Task, *, most: float = inf) -> Labelling | None:
    """The best labelling of panels that are laid out, with at most `most` names in the key.

    None where labels do not fit the gutters, or the fault would be more than `task.bearable`.
    """
    panels, study, homes = task.panels, task.spec.study, _homes(task)
    best: Labelling | None = None
    for namer in _namers(panels, task.known.get("muscle")):
        mine = homes | ({"muscle": namer} if namer is not None else {})
        if not study and namer is None:
            mine.pop("muscle", None)
        tried = task.tried(mine, most, best.fault - 1e-9 if best is not None else task.bearable)
        if tried is not None and (best is None or tried.fault < best.fault - 1e-9):
            best = tried
        if best is not None and best.fault <= CLEAR:
            break
    return _in_order(best, panels) if best is not None and study else best


def _in_order(found: Labelling, panels: Sequence[Panel]) -> Labelling:
    """The labelling with letters in reading order: panel by panel, down the left side, down the right, then the key."""
    stacks = (sorted(found.placed.get(panel.view, ()), key=lambda one: (one.gutter.side, one.y)) for panel in panels)
    keys = [*(item.callout.key for stack in stacks for item in stack), *(one.key for one in found.key)]
    lettered = [key for key in keys if found.labels[key].kind != "point"]
    named = {key: letter(index) for index, key in enumerate(lettered)}
    labels = {key: one._replace(number=named.get(key, one.number)) for key, one in found.labels.items()}
    marked = {view: tuple((labels[one.key], spot) for one, spot in some) for view, some in found.marked.items()}
    return found._replace(marked=marked, key=tuple(labels[one.key] for one in found.key), labels=labels)


def best_places(views: Sequence[str], subjects: Iterable[Subject]) -> tuple[int, ...]:
    """How many things besides the muscle and points each view shows best."""
    best = [
        max(subject.places, key=lambda view: (subject.places[view].worth, -views.index(view)))
        for subject in subjects
        if subject.key.startswith(LETTERED) and subject.places
    ]
    return tuple(best.count(view) for view in views)


def _homes(task: Task) -> dict[str, int]:
    """The index of the panel that names each subject: one with a gutter if possible, where it is seen best.

    From a panel with more names than its gutters hold, those that another panel shows almost as well move there.
    """
    panels, subjects = task.panels, [task.known[one.key] for one in task.found]
    homes: dict[str, int] = {}
    for subject in subjects:
        shown = [(number, panel) for number, panel in enumerate(panels) if panel.view in subject.places]
        beside = [(number, panel) for number, panel in shown if panel.gutters]
        if subject.kind == "point":
            beside = [(number, panel) for number, panel in beside if subject.key in panel.labelled][:1]
            shown = []
        if beside or shown:
            homes[subject.key], _ = max(beside or shown, key=lambda each: (_worth(each[1], subject), -each[0]))
    tall = {one.key: one.size(task.style)[1] + STACK_GAP * task.style.size_label for one in task.found}
    free = [FULL * sum(gutter.bottom - gutter.top for gutter in panel.gutters) for panel in panels]
    for key, number in homes.items():
        free[number] -= tall[key]
    for _, key, to in sorted(_moves(panels, subjects, homes), reverse=True):
        if free[homes[key]] < 0 <= free[to] - tall[key]:
            free[homes[key]] += tall[key]
            free[to] -= tall[key]
            homes[key] = to
    return homes


def _moves(
    panels: Sequence[Panel], subjects: Sequence[Subject], homes: Mapping[str, int]
) -> Iterator[tuple[float, str, int]]:
    """What another panel might name: how well it is seen there, relative to its home, its key, and the panel."""
    for subject in subjects:
        if subject.key in homes and subject.key.startswith(LETTERED):
            here = _worth(panels[homes[subject.key]], subject)
            for number, panel in enumerate(panels):
                if number != homes[subject.key] and panel.gutters and panel.view in subject.places:
                    yield _worth(panel, subject) / here, subject.key, number


def _namers(panels: Sequence[Panel], muscle: Subject | None) -> list[int | None]:
    """The panels that may name the muscle, those where its leader covers least first; then None, for the legend."""
    costs = [
        (_level(panel.seen, panel.frame, panel.gutters, spot), number)
        for number, panel in enumerate(panels)
        if muscle and panel.gutters and (spot := _spot(panel, muscle))
    ]
    return [*(number for _, number in sorted(costs)), None]


def _worth(panel: Panel, subject: Subject) -> float:
    return subject.places[panel.view].worth


@lru_cache(8 * CACHED)
def _level(seen: Seen, frame: Frame, gutters: tuple[Gutter, ...], spot: Point) -> float:
    """The cost of the best level leader to a spot."""
    lines = np.array([(gutter.x, spot[1], *spot) for gutter in gutters])
    return float((2 * ground(seen).cover(lines, frame) + np.abs(lines[:, 0] - lines[:, 2])).min())


def _spot(panel: Panel, subject: Subject) -> Point | None:
    """The place of a subject on the page, or None where the panel does not show it."""
    seen = subject.places.get(panel.view)
    return panel.frame.point(*seen.spot) if seen else None


class Task(NamedTuple):
    """What is to be labelled: panels laid out, subjects by key, their labels, and by view the boxes leaders avoid."""

    panels: Sequence[Panel]
    known: Mapping[str, Subject]
    found: Sequence[Label]
    spec: Spec
    style: Style
    blocked: Mapping[str, Sequence[Box]]

    @property
    def bearable(self) -> float:
        """The most fault of a labelling that is drawn: `CLEAR`, unless names or lines to write on are required."""
        return WRONG - 1e-9 if self.spec.labels in ("names", "blank") else CLEAR

    def tried(self, homes: Mapping[str, int], most: float, bearable: float) -> Labelling | None:
        """The labelling with labels in the gutters of their panels, the rest as numbers; None if not bearable."""
        beside: dict[str, tuple[PlacedCallout, ...]] = {}
        fault, most = 0.0, most - self.homeless(homes)
        for number, panel in enumerate(self.panels):
            if panel.gutters:
                done = self.placed(panel, number, homes, most, bearable)
                if done is None:
                    return None
                beside[panel.view], worst, left = done
                fault, most = max(fault, worst), most - left
                if fault > bearable:
                    return None
        return self.completed(homes, beside, fault) if most >= 0 else None

    def homeless(self, homes: Mapping[str, int]) -> int:
        """The number of names without a gutter, which need a letter."""
        named = [one for one in self.found if one.kind != "point" and (self.spec.study or one.kind != "muscle")]
        return sum(one.key not in homes or not self.panels[homes[one.key]].gutters for one in named)

    def placed(
        self, panel: Panel, number: int, homes: Mapping[str, int], most: float, bearable: float
    ) -> tuple[tuple[PlacedCallout, ...], float, int] | None:
        """The labels beside one panel, the fault of the worst leader, and the number of labels left out."""
        here = [one for one in self.found if homes.get(one.key) == number]
        wanted = tuple(one.callout(spot, self.style) for one in here if (spot := _spot(panel, self.known[one.key])))
        asked = Beside(panel.seen, panel.frame, panel.gutters, wanted, tuple(self.blocked[panel.view]), self.style)
        few = min(most, bearable / LEFT, MOST_LEFT * len(wanted) if self.spec.labels == "blank" else inf)
        done = placed(asked, most=few, roomy=self.spec.labels != "names")
        return (*done, len(wanted) - len(done[0])) if done is not None else None

    def completed(
        self, homes: Mapping[str, int], beside: Mapping[str, tuple[PlacedCallout, ...]], fault: float
    ) -> Labelling:
        """The labels beside panels, and the rest as numbers."""
        in_gutters = {item.callout.key for items in beside.values() for item in items}
        rest = [one for one in self.found if one.key not in in_gutters and (self.spec.study or one.kind != "muscle")]
        letters = map(letter, count())
        rows = tuple(one if one.number else one._replace(number=next(letters)) for one in rest)
        marked: dict[str, tuple[tuple[Label, Point], ...]] = {}
        for one in rows:
            if one.kind != "point" and one.key in homes:
                panel = self.panels[homes[one.key]]
                if spot := _spot(panel, self.known[one.key]):
                    marked[panel.view] = (*marked.get(panel.view, ()), (one, spot))
        return Labelling(beside, marked, rows, {one.key: one for one in (*self.found, *rows)}, fault)
