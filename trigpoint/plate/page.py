"""A page as one value for the composer: specs, style and layout.

A page wider than the style's design width is laid out at that width, in mm, and enlarged as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..atlas import Atlas
from ..scene import Group, Item
from ..style import DESIGNED_FOR, Style
from ..words import word
from .spec import Layout, Spec

OVERLAYS = ("count", "prevalence")
NOT_IN_GRIDS = frozenset({"key", "locator"})
NOT_IN_OVERLAYS = NOT_IN_GRIDS | {"zones"}


class Page(NamedTuple):
    """A page: one spec for each muscle, alike but for muscle, points and, in a grid, views.

    `layout` None is the plate of one muscle with labels beside it; `factor` is the enlargement in the end.
    """

    atlas: Atlas
    specs: tuple[Spec, ...]
    style: Style
    layout: Layout | None = None
    factor: float = 1.0

    @property
    def spec(self) -> Spec:
        """The first spec, for all that the specs have in common."""
        return self.specs[0]

    @property
    def overlay(self) -> bool:
        """Whether the page shows sums instead of zones."""
        return self.layout in OVERLAYS

    @property
    def named(self) -> bool:
        """Whether labels stand beside the bodies, joined to them by leaders."""
        return self.layout is None and self.shows("labels")

    def shows(self, layer: str) -> bool:
        """Whether the page has this layer."""
        left_out = () if self.layout is None else NOT_IN_OVERLAYS if self.overlay else NOT_IN_GRIDS
        return layer in self.spec.layers and layer not in left_out

    def word(self, key: str) -> str:
        """A word in the page's language."""
        return word(key, self.spec.language)

    def group(self, key: str, items: Sequence[Item]) -> Group:
        """A layer with its name."""
        return Group(key, self.word(f"layer.{key}"), tuple(items))


def designed(atlas: Atlas, specs: Sequence[Spec], style: Style, layout: Layout | None = None) -> Page:
    """The page of these specs, at the width that the style is designed for."""
    factor = max(1.0, specs[0].width / DESIGNED_FOR[1])
    height = specs[0].height and specs[0].height / factor
    sized = tuple(spec._replace(width=spec.width / factor, height=height) for spec in specs)
    return Page(atlas, sized, style.for_page(sized[0].width), layout, factor)
