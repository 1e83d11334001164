"""The default views of a plate: those that show the zones.

One muscle has the atlas's views for it. Several on one body share the fewest views in which each of them can be read;
in a grid each panel has one view, the same as the others where that shows its muscle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from ..atlas import Atlas
from ..atlas.patterns import Muscle

ENOUGH = 0.5  # of the trigger points, in a view that the panels of a grid share
FEW = 2  # views of one body: as many as stand beside each other at a size that is easily read
Views = tuple[str, ...]


def choose(
    atlas: Atlas,
    muscles: Sequence[Muscle],
    points: Sequence[tuple[str, ...]],
    *,
    side: str,
    body: str,
    layout: str | None,
) -> list[Views]:
    """The views of each muscle with these of its points; none where no view shows anything of any muscle."""
    own = [atlas.views(muscle.id, ids, side=side) for muscle, ids in zip(muscles, points, strict=True)]
    votes: dict[str, float] = {}
    for views in own:
        for rank, view in enumerate(views):
            votes[view] = votes.get(view, 0.0) + 1 / (1 + rank)
    ranked = tuple(sorted(votes, key=lambda view: -votes[view]))
    if layout is None or not ranked:
        return own
    marked = [
        {view: _marked(atlas, muscle, ids, view, side, body) for view in ranked}
        for muscle, ids in zip(muscles, points, strict=True)
    ]
    if layout == "grid":
        return [_alone((ranked[0], *views), views, shares) for views, shares in zip(own, marked, strict=True)]
    wanted = [frozenset(views) for views in own]
    if layout == "together":
        wanted += [frozenset(view for view, share in shares.items() if share) for shares in marked]
    return [_shared(ranked, votes, wanted)] * len(muscles)


def _marked(atlas: Atlas, muscle: Muscle, points: Sequence[str], view: str, side: str, body: str) -> float:
    """The share of the muscle's X's in a view; for a muscle without trigger points, 1 if its shape is there, else 0."""
    if not points:
        return float(not atlas.shape(muscle.id, view=view, side=side, body=body).is_empty)
    seen = [atlas.position(point, view=view, side=side, body=body) is not None for point in points]
    return sum(seen) / len(seen)


def _alone(tried: Sequence[str], own: Views, shares: Mapping[str, float]) -> Views:
    """The first view with enough of the X's, else that with most; among equals one that shows the zones."""
    return (min(tried, key=lambda view: (-min(shares[view], ENOUGH), view not in own)),)


def _shared(ranked: Views, votes: dict[str, float], wanted: Sequence[frozenset[str]]) -> Views:
    """The fewest views, at least `FEW` if there are, that meet as many sets as all do; of these the most voted."""

    def met(views: Iterable[str]) -> int:
        return sum(not each.isdisjoint(views) for each in wanted)

    for count in range(FEW, len(ranked)):
        best = max(combinations(ranked, count), key=lambda views: (met(views), sum(votes[view] for view in views)))
        if met(best) == met(ranked):
            return best
    return ranked
