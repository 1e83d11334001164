"""A scene as a matplotlib Figure, or as artists in the caller's Axes; `mpl_pen` paints them. pyplot is not used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist, allow_rasterization
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D, Bbox

from ..errors import InputError, Problem
from ..scene import Group, Item, Scene, bounds
from .fonts import Letters
from .mpl_pen import paint
from .pixel_size import MM

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def figure(scene: Scene, *, text: str = "live", letters: Letters | None = None) -> Figure:
    """A Figure of exactly the page's size, without Axes or a pyplot window; `letters` are the fonts of its texts.

    It holds an artist for each group, whose `gid` is the group's id and whose label is the group's.
    """
    letters = letters or Letters(scene.texts(), scene.language)
    page = Figure(
        figsize=(scene.width / MM, scene.height / MM),
        dpi=100,
        facecolor="#ffffff",
        edgecolor="#ffffff",
        linewidth=0.0,
        frameon=True,
        layout="none",  # type: ignore[arg-type]  # the stub forgets it
    )
    page.patch.set(sketch_params=None, path_effects=[], snap=None)  # every artist takes these from rcParams at first
    upright = Affine2D().scale(1 / MM, -1 / MM).translate(0, scene.height / MM) + page.dpi_scale_trans
    for layer in _layers(scene.children, None, letters, text):
        layer.set_transform(upright)
        page.add_artist(layer)
    return page


def draw(scene: Scene, ax: Axes, *, text: str = "live") -> Axes:
    """Draw into Axes that the caller owns: the page fills them, y down, equal aspect, no axis lines.

    In a figure with plates, the `gid` of every layer begins with the number of this one (`plate2-muscle`). Raises
    InputError for Axes that are not flat and linear: polar, geographic, three-dimensional, logarithmic.
    """
    if hasattr(ax, "zaxis") or not ax.transData.is_affine:
        what = f"a plate needs Axes that are flat and linear, not {ax.name} ones ({ax.get_xscale()}, {ax.get_yscale()})"
        raise InputError(Problem(what, hint="give it Axes of its own: figure.add_subplot()"))
    letters = Letters(scene.texts(), scene.language)
    plates = {artist.plate for axes in ax.figure.axes for artist in axes.artists if isinstance(artist, Layer)}
    for layer in _layers(scene.children, None, letters, text):
        layer.plate = max(plates, default=0) + 1
        if plates and layer.get_gid():
            layer.set_gid(f"plate{layer.plate}-{layer.get_gid()}")
        layer.set_transform(ax.transData)
        ax.add_artist(layer)
    ax.set(xlim=(0, scene.width), ylim=(scene.height, 0))
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


class Layer(Artist):
    """An artist of items of one group, in page millimetres."""

    def __init__(self, items: tuple[Item, ...], group: Group | None, letters: Letters, text: str) -> None:
        super().__init__()
        self.items, self.letters, self.text = items, letters, text
        self.plate = 1  # its number among those of the figure
        self.set_zorder(1)
        if group is not None:
            self.set_gid(group.id)
            self.set_label(group.label)

    @allow_rasterization  # type: ignore[untyped-decorator]  # matplotlib's own
    def draw(self, renderer: Any) -> None:
        """Paint with a renderer of matplotlib."""
        if self.get_visible():
            renderer.open_group("layer", gid=self.get_gid())
            paint(renderer, self.items, self.get_transform(), self.letters, layer=self, text=self.text)
            renderer.close_group("layer")
        self.stale = False

    def get_window_extent(self, renderer: Any = None) -> Bbox:
        """The box of the ink in pixels; text counts with its anchor only."""
        box = bounds(self.items)
        if box is None:
            return Bbox.null()
        corners = self.get_transform().transform(np.reshape(box, (2, 2)))
        return Bbox((corners.min(axis=0), corners.max(axis=0)))  # pixels count upwards, millimetres down


def _layers(items: Iterable[Item], group: Group | None, letters: Letters, text: str) -> Iterator[Layer]:
    """A layer for each run of items between the beginnings and ends of groups, in paint order."""
    for grouped, run in groupby(items, lambda item: isinstance(item, Group)):
        part = tuple(run)
        if not grouped:
            yield Layer(part, group, letters, text)
        for item in part:
            if isinstance(item, Group):
                yield from _layers(item.children, item, letters, text)
