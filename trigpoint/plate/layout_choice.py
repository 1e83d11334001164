"""Which of many lay-outs a plate gets: the first whose labels are all clear, or else the one that holds most names.

Lay-outs come in the order in which they are best; trying one is dear, so few are tried. How a lay-out is made, and how
its labels are placed, is for others to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import inf
from typing import TypeAlias

from .labels.assignment import CLEAR, Labelling
from .layout import Panel
from .plans import Plan

MOST_TRIED = 6  # lay-outs from the first that holds names, if one holds all but a few: those that come first are best
FEW_LETTERED = 0.15  # of the names

Panels: TypeAlias = tuple[Panel, ...]


def choose(
    plans: Iterable[Plan],
    laid: Callable[[Plan], Panels],
    labelled: Callable[[Sequence[Panel], float], Labelling | None],
    names: int,
) -> tuple[Panels, Labelling]:
    """The panels and labels of the plan that is taken; `labelled` may give up when more names are left than so many.

    The last plan has no gutters, so that its labels always fit.
    """
    beside: list[tuple[int, float, int, Panels, Labelling]] = []
    since = 0  # lay-outs from the first that holds names
    for plan in plans:
        least = min((lettered for lettered, *_ in beside), default=inf)
        if since >= MOST_TRIED and least <= FEW_LETTERED * names:
            break
        panels = laid(plan)
        found = labelled(panels, least)
        if found is not None and any(panel.gutters for panel in panels):
            if found.fault <= CLEAR and not found.lettered:
                return panels, found
            beside.append((found.lettered, round(found.fault, 6), len(beside), panels, found))
        since += bool(beside)
    if beside:
        panels, found = min(beside, key=lambda each: each[:3])[3:]
    assert found is not None, "a plan without gutters comes last"
    return panels, found
