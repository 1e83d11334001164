"""Items painted by a renderer of matplotlib with all their properties: rcParams and installed fonts have no effect.

Line widths and letters scale with the page. Renderers of pixels get letters as outlines, so that these stand where they
do in SVG; others get text unless `text` is "paths". The module does not load matplotlib's figures, which is slow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.colors import to_rgb
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D, Transform

from ..geometry.curves import sharp
from ..geometry.frame import Points
from ..geometry.rings import enclosures
from ..scene import Dots, Item, Path, Text
from .fonts import Letters

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.font_manager import FontProperties

ROUND = np.linspace(0, 2 * np.pi, 16, endpoint=False)


def paint(
    renderer: Any,
    items: Iterable[Item],
    transform: Transform,
    letters: Letters,
    *,
    layer: Artist | None = None,
    text: str = "live",
) -> None:
    """Paint the items in their order; `transform` takes page millimetres to the renderer's pixels."""
    corners = transform.transform([[0, 0], [1, 0], [0, 1]])
    (a, b), (c, d), (e, f) = corners[1] - corners[0], corners[2] - corners[0], corners[0]
    page = Affine2D.from_values(a, b, c, d, e, f)
    pen = _Pen(renderer, page, float(np.hypot(a, b)), letters, layer)
    pen.outlines = pen.has_pixels or text == "paths"
    for item in items:
        match item:
            case Path() if item.rings:
                pen.path(item)
            case Dots() if len(item.points):
                pen.dots(item)
            case Text():
                pen.text(item)


class _Pen:
    """A renderer together with the way from page millimetres to its pixels."""

    def __init__(self, renderer: Any, page: Affine2D, scale: float, letters: Letters, layer: Artist | None) -> None:
        self.renderer, self.page, self.scale, self.letters, self.layer = renderer, page, scale, letters, layer
        self.points = scale / renderer.points_to_pixels(1.0)  # typographic points in a millimetre
        self.has_pixels = self.outlines = hasattr(renderer, "buffer_rgba")

    @contextmanager
    def context(self, stroke: str | None, width: float, opacity: float, dash: tuple[float, ...] = ()) -> Iterator[Any]:
        gc = self.renderer.new_gc()
        gc.set_linewidth(width * self.points if stroke else 0.0)
        gc.set_foreground(to_rgb(stroke or "#000000"), isRGBA=False)
        gc.set_alpha(opacity)
        gc.set_joinstyle("round")
        gc.set_capstyle("round")
        gc.set_snap(False)
        if dash:
            gc.set_dashes(0, [length * self.points for length in dash])
        if self.layer is not None and self.layer.get_clip_on():
            gc.set_clip_rectangle(self.layer.get_clip_box())
            gc.set_clip_path(self.layer.get_clip_path())
        yield gc
        gc.restore()

    def path(self, path: Path) -> None:
        rings = _oriented(path.rings) if path.fill and len(path.rings) > 1 else path.rings
        outline = _soft(rings) if path.soft else _outline(rings, path.closed)
        with self.context(path.stroke, path.width, path.opacity, path.dash) as gc:
            self.renderer.draw_path(gc, outline, self.page, to_rgb(path.fill) if path.fill else None)

    def dots(self, dots: Dots) -> None:
        disc = dots.radius * np.column_stack([np.cos(ROUND), np.sin(ROUND)])
        with self.context(None, 0.0, dots.opacity) as gc:
            if self.has_pixels:  # its own markers would jump to whole pixels
                discs = _outline(tuple(dots.points[:, None] + disc), closed=True)
                self.renderer.draw_path(gc, discs, self.page, to_rgb(dots.fill))
            else:
                mark, places = _outline((disc,), closed=True), Outline(dots.points)
                self.renderer.draw_markers(gc, mark, Affine2D().scale(self.scale), places, self.page, to_rgb(dots.fill))

    def text(self, text: Text) -> None:
        line = self.letters.line(text)
        shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor] * line.advance
        place = Affine2D().translate(-shift, 0).scale(text.size, -text.size).translate(text.x, text.y) + self.page
        halo = text.halo if text.halo_width else None
        if halo or self.outlines:
            outline = Outline(*self.letters.outline(line))
            outline.should_simplify = False
        if halo:
            with self.context(halo, 2 * text.halo_width, 1.0) as gc:
                self.renderer.draw_path(gc, outline, place, to_rgb(halo))
        if self.outlines:
            with self.context(None, 0.0, 1.0) as gc:
                self.renderer.draw_path(gc, outline, place, to_rgb(text.fill))
            return
        with self.context(text.fill, 1.0, 1.0) as gc:
            for run in line.runs:
                x, y = place.transform((run.start, 0.0))
                if self.renderer.flipy():
                    y = self.renderer.get_canvas_width_height()[1] - y
                font = _properties(self.letters.path(run.file), text.size * self.points)
                self.renderer.draw_text(gc, x, y, run.words, font, 0.0, ismath=False)


def _outline(rings: tuple[Points, ...], closed: bool) -> Outline:
    """Rings as one path that matplotlib does not simplify."""
    extra = 1 if closed else 0
    lengths = [len(ring) + extra for ring in rings]
    starts = np.cumsum([0, *lengths[:-1]])
    vertices = np.concatenate([part for ring in rings for part in (ring, ring[:extra])])
    codes = np.full(len(vertices), Outline.LINETO, dtype=Outline.code_type)
    codes[starts] = Outline.MOVETO
    if closed:
        codes[starts + lengths - 1] = Outline.CLOSEPOLY
    outline = Outline(vertices, codes)
    outline.should_simplify = False
    return outline


def _soft(rings: tuple[Points, ...]) -> Outline:
    """Closed rings with soft corners as one path."""
    vertices: list[Points] = []
    codes: list[int] = []
    for ring in rings:
        stays = sharp(ring)
        ends = np.where(stays[:, None], ring, (ring + np.roll(ring, -1, axis=0)) / 2)
        steps = np.where(stays, Outline.LINETO, Outline.CURVE3)
        vertices += [ends[-1:], np.stack([ring, ends], axis=1).reshape(-1, 2), ends[-1:]]
        codes += [int(Outline.MOVETO), *np.repeat(steps, 2).tolist(), int(Outline.CLOSEPOLY)]
    outline = Outline(np.concatenate(vertices), codes)
    outline.should_simplify = False
    return outline


def _oriented(rings: tuple[Points, ...]) -> tuple[Points, ...]:
    """Rings turned so that winding gives what even-odd means: matplotlib fills by winding number."""
    shapes = np.array([shapely.Polygon(ring) for ring in rings])
    outer = np.bincount(enclosures(shapes)[0], minlength=len(shapes)) % 2 == 0
    left = [shape.exterior.is_ccw for shape in shapes]
    return tuple(rings[index] if left[index] == outer[index] else rings[index][::-1] for index in range(len(rings)))


def _properties(path: str, points: float) -> FontProperties:
    """The font of a file; the other properties have no effect, but would be taken from rcParams."""
    from matplotlib.font_manager import FontProperties

    usual = {"style": "normal", "variant": "normal", "weight": "normal", "stretch": "normal"}
    return FontProperties(family="sans-serif", size=points, fname=path, **usual)  # type: ignore[arg-type]
