"""The specification of a plate: ids, views, width and layers; hashable, with ids that were checked before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

# Every layer that can be switched, in paint order; the body itself is always drawn.
LAYERS = (
    "bones",
    "muscle",
    "fibres",
    "zones",
    "acupoints",
    "points",
    "labels",
    "views",
    "letters",
    "locator",
    "title",
    "key",
    "legend",
    "scale",
    "credit",
)
DEFAULT_LAYERS = frozenset(LAYERS) - {"acupoints", "letters", "scale"}
ANNOTATIONS = ("muscle", "points", "regions", "landmarks", "bones")  # what can be named
DEFAULT_ANNOTATIONS = ("muscle", "points")
PANELS = ("auto", "points", "together")  # whether each trigger point of a muscle has a panel of its own
LABELS = ("auto", "names", "numbers", "blank")
Layout = Literal["grid", "together", "count", "prevalence", "points"]  # how muscles, or points, share a page


class Spec(NamedTuple):
    """One plate: `points` are ids in drawing order, `views` from left to right, `width` in mm on paper.

    `layers` are names of LAYERS; `title` None means the muscle's name. `annotate` are names of ANNOTATIONS: what has
    labels; `labels`, one of LABELS: their kind. `height` is the largest page height in mm, None for any; `inset` are
    ids of regions to enlarge.
    """

    muscle: str
    points: tuple[str, ...]
    views: tuple[str, ...]
    width: float
    side: str = "right"
    body: str = "neutral"
    language: str = "en"
    title: str | None = None
    layers: frozenset[str] = DEFAULT_LAYERS
    labels: str = "auto"
    annotate: tuple[str, ...] = DEFAULT_ANNOTATIONS
    height: float | None = None
    inset: tuple[str, ...] = ()

    @property
    def study(self) -> bool:
        """Whether the plate is a study plate, without names: blank, or numbers without their key."""
        return self.labels == "blank" or (self.labels == "numbers" and "key" not in self.layers)


def together(specs: Sequence[Spec]) -> Spec:
    """Several muscles as one spec with all their points and views."""
    views = tuple(dict.fromkeys(view for spec in specs for view in spec.views))
    return specs[0]._replace(points=tuple(point for spec in specs for point in spec.points), views=views)
