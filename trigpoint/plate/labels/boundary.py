"""Boundary labelling: labels in a left and a right gutter, each joined to its anchor by a thin leader.

The anchors are split by x between the two gutters, so that leaders of different gutters cannot cross; `stacking` finds
the stack of least cost in each gutter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from ..layout import Gutter
from .leader_cost import Callout, PlacedCallout, Prices
from .stacking import Stacking, fits, stacked

Halves: TypeAlias = "list[tuple[tuple[Callout, ...], Gutter]]"

MOST_SPLITS, LEAST_SPLITS = 5, 2  # how many splits are worked out, the most hopeful first
CROWDED = 4  # for so many labels, one split fewer is worked out


class Search(NamedTuple):
    """The placing of all or some priced callouts, labels at least `gap` mm apart; leaders avoid all their anchors."""

    prices: Prices
    gap: float = 1.0

    def place(self, callouts: Iterable[Callout]) -> tuple[PlacedCallout, ...]:
        """The callouts placed, sorted by key. ValueError if the labels do not fit the gutters."""
        ordered = _across(callouts)
        splits = self.splits(ordered)
        if not splits:
            raise ValueError(
                f"{len(ordered)} labels do not fit their gutters: fewer or smaller labels, or taller gutters"
            )
        stacking = Stacking(self.prices, self.gap)
        hopeful = sorted(splits, key=lambda halves: sum(self.prices.outlook(half, gutter) for half, gutter in halves))
        best: tuple[float, tuple[PlacedCallout, ...]] | None = None
        for halves in hopeful[: max(LEAST_SPLITS, MOST_SPLITS - len(ordered) // CROWDED)]:
            stacks = [stacking.fill(half, gutter) for half, gutter in halves]
            whole = stacked(sum((stack.placed for stack in stacks), ()), sum((stack.costs for stack in stacks), ()))
            if best is None or whole.cost < best[0] - 1e-6:
                best = whole.cost, tuple(sorted(whole.placed, key=lambda item: item.callout.key))
        return best[1] if best else ()

    def roomy(self, callouts: Iterable[Callout]) -> bool:
        """Whether the callouts fit the gutters."""
        return bool(self.splits(_across(callouts)))

    def splits(self, ordered: tuple[Callout, ...]) -> list[Halves]:
        """The ways to split callouts from left to right between the gutters so that they fit."""
        columns: dict[str, Gutter] = {gutter.side: gutter for gutter in self.prices.gutters}
        found = []
        for split in range(len(ordered) + 1):
            halves = [(side, half) for side, half in (("left", ordered[:split]), ("right", ordered[split:])) if half]
            if all(side in columns and fits(half, columns[side], self.gap) for side, half in halves):
                found.append([(half, columns[side]) for side, half in halves])
        return found


def _across(callouts: Iterable[Callout]) -> tuple[Callout, ...]:
    return tuple(sorted(callouts, key=lambda callout: (callout.anchor, callout.key)))
