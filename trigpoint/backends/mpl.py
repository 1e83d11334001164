"""A scene as a matplotlib drawing, and from there as PNG and PDF; the only place that knows matplotlib.

Everything is handed to the renderer with all its properties, by small artists that scale line widths and letters with
the page: so rcParams, installed fonts and pyplot play no part, and a plate may be drawn small into somebody's Axes.
Whatever has pixels gets its letters as outlines, which puts them where the SVG has them; PDF gets real text.
"""

from __future__ import annotations

import os
import threading
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import Any, BinaryIO

import matplotlib
import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextToPath
from matplotlib.transforms import Affine2D, Bbox, Transform

from .. import limits
from ..errors import InputError, Problem, unknown
from ..resources import resource
from ..scene import Dots, Group, Item, Path, Points, Scene, Text, bounds
from . import png

MM = 25.4  # in an inch
FACES = {
    ("normal", "normal"): "Arimo-Regular.ttf",
    ("normal", "italic"): "Arimo-Italic.ttf",
    ("bold", "normal"): "Arimo-Bold.ttf",
    ("bold", "italic"): "Arimo-BoldItalic.ttf",
}
FORMATS = ("png", "pdf")
STAND_IN = "\ufffd"  # drawn for a character that the typeface does not have
EM = 100  # pixels; letters are laid out at this size and scaled
ROUND = np.linspace(0, 2 * np.pi, 16, endpoint=False)
PDF_SETTINGS: dict[str, Any] = {
    "pdf.fonttype": 42,
    "pdf.use14corefonts": False,
    "pdf.compression": 6,
    "pdf.inheritcolor": False,
}
PDF_SETTINGS |= {  # matplotlib 3.10 lays out letters by these; later ones keep the names, without a value or a use
    key: value
    for key in ("text.kerning_factor", "text.hinting_factor")
    if (value := matplotlib.rcParamsDefault.get(key)) is not None
}
_pdf_lock = threading.Lock()
_thread = threading.local()


def figure(scene: Scene) -> Figure:
    """A Figure of exactly the page's size, one artist for each group: its `gid` is the group's id, its label the label.

    It has no Axes and belongs to no pyplot window. Characters that the typeface lacks are named in one warning.
    """
    _warn_of_missing(scene)
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
    for layer in _layers(scene):
        layer.set_transform(upright)
        page.add_artist(layer)
    return page


def draw(scene: Scene, ax: Axes) -> Axes:
    """Draw into Axes that the caller owns: the page fills them, y down, equal aspect, no axis lines."""
    _warn_of_missing(scene)
    for layer in _layers(scene):
        layer.set_transform(ax.transData)
        ax.add_artist(layer)
    ax.set(xlim=(0, scene.width), ylim=(scene.height, 0))
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def save(scene: Scene, target: str | os.PathLike[str] | BinaryIO, format: str, *, dpi: float = 300) -> None:
    """Write PNG or PDF to a path or an open binary file; see `to_bytes`."""
    data = to_bytes(scene, format, dpi=dpi)
    if isinstance(target, str | os.PathLike):
        with open(target, "wb") as file:
            file.write(data)
    else:
        target.write(data)


def to_bytes(scene: Scene, format: str, *, dpi: float = 300) -> bytes:
    """The scene as "png" (white paper, no alpha, `dpi` pixels an inch) or "pdf" (fonts embedded as Type 42).

    The same scene gives the same bytes. Raises InputError for a size above the limits and for an unknown format.
    """
    if format not in FORMATS:
        raise unknown("format", format, FORMATS)
    return _png(scene, dpi) if format == "png" else _pdf(scene)


def _png(scene: Scene, dpi: float) -> bytes:
    width, height = _pixels(scene, dpi)
    _warn_of_missing(scene)
    renderer: Any = RendererAgg(width, height, dpi)  # type: ignore[no-untyped-call]
    pixels = np.asarray(renderer.buffer_rgba())
    pixels[...] = 255
    page = Affine2D().scale(dpi / MM, -dpi / MM).translate(0, height)
    _paint(renderer, (item for item in scene.walk() if not isinstance(item, Group)), page)
    words = {"Title": scene.title, "Description": scene.description, "Credit": scene.credit}
    return png.encode(pixels, dpi=dpi, words=words)


def _pixels(scene: Scene, dpi: float) -> tuple[int, int]:
    if not limits.DPI_MIN <= dpi <= limits.DPI_MAX:
        what = f"dpi {dpi:g} is outside {limits.DPI_MIN} to {limits.DPI_MAX}"
        raise InputError(Problem(what, hint="the limits are DPI_MIN and DPI_MAX in trigpoint/limits.py"))
    width, height = (max(1, round(side * dpi / MM)) for side in (scene.width, scene.height))
    if max(width, height) > limits.PNG_SIDE or width * height > limits.PNG_PIXELS:
        what = f"a PNG of {width} x {height} pixels is above {limits.PNG_SIDE} a side or {limits.PNG_PIXELS} in all"
        raise InputError(Problem(what, hint="lower dpi or width; see PNG_SIDE and PNG_PIXELS in trigpoint/limits.py"))
    return width, height


def _pdf(scene: Scene) -> bytes:
    subject = "\n".join(filter(None, (scene.description, scene.credit)))
    facts = {"Title": scene.title, "Subject": subject, "Creator": None, "Producer": None, "CreationDate": None}
    file = BytesIO()
    canvas: Any = FigureCanvasPdf(figure(scene))
    with _pdf_settings():
        canvas.print_pdf(file, metadata={key: words for key, words in facts.items() if words != ""})
    return file.getvalue()


@contextmanager
def _pdf_settings() -> Iterator[None]:
    """The PDF writer takes these from rcParams alone: they are set for one file at a time, then put back."""
    settings: Any = matplotlib.rcParams
    with _pdf_lock:
        before = {key: settings[key] for key in PDF_SETTINGS}
        settings.update(PDF_SETTINGS)
        try:
            yield
        finally:
            settings.update(before)


class Layer(Artist):
    """The items of one group that are painted one after the other, in page millimetres."""

    def __init__(self, items: tuple[Item, ...], group: Group | None) -> None:
        super().__init__()
        self.items = items
        self.set_zorder(1)
        if group is not None:
            self.set_gid(group.id)
            self.set_label(group.label)

    def draw(self, renderer: Any) -> None:
        """Paint onto whatever renderer matplotlib brings."""
        if self.get_visible():
            renderer.open_group("layer", gid=self.get_gid())
            _paint(renderer, self.items, self.get_transform(), self)
            renderer.close_group("layer")
        self.stale = False

    def get_window_extent(self, renderer: Any = None) -> Bbox:
        """Where the ink is, in pixels; of text only the place where it is anchored."""
        box = bounds(self.items)
        if box is None:
            return Bbox.null()
        return Bbox(self.get_transform().transform(np.reshape(box, (2, 2))))


def _layers(scene: Scene) -> Iterator[Layer]:
    """Runs of items between the beginnings and ends of groups, in paint order."""

    def runs(items: Iterable[Item], group: Group | None) -> Iterator[Layer]:
        run: list[Item] = []
        for item in items:
            if isinstance(item, Group):
                if run:
                    yield Layer(tuple(run), group)
                yield from runs(item.children, item)
                run = []
            else:
                run.append(item)
        if run:
            yield Layer(tuple(run), group)

    yield from runs(scene.children, None)


def _paint(renderer: Any, items: Iterable[Item], transform: Transform, layer: Artist | None = None) -> None:
    corners = transform.transform([[0, 0], [1, 0], [0, 1]])
    (a, b), (c, d), (e, f) = corners[1] - corners[0], corners[2] - corners[0], corners[0]
    page = Affine2D.from_values(a, b, c, d, e, f)
    pen = _Pen(renderer, page, float(np.hypot(a, b)), layer)
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

    def __init__(self, renderer: Any, page: Affine2D, scale: float, layer: Artist | None) -> None:
        self.renderer, self.page, self.scale, self.layer = renderer, page, scale, layer
        self.points = scale / renderer.points_to_pixels(1.0)  # typographic points in a millimetre
        self.has_pixels = hasattr(renderer, "buffer_rgba")

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
        outline = _outline(_oriented(path.rings) if path.fill and len(path.rings) > 1 else path.rings, path.closed)
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
        words = _shown(text)
        letters, advance = _letters(words, FACES[text.weight, text.style])
        shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor] * advance
        place = Affine2D().translate(-shift, 0).scale(text.size, -text.size).translate(text.x, text.y) + self.page
        if text.halo and text.halo_width:
            with self.context(text.halo, 2 * text.halo_width, 1.0) as gc:
                self.renderer.draw_path(gc, letters, place, to_rgb(text.halo))
        if self.has_pixels:
            with self.context(None, 0.0, 1.0) as gc:
                self.renderer.draw_path(gc, letters, place, to_rgb(text.fill))
        else:
            with self.context(text.fill, 1.0, 1.0) as gc:
                x, y = place.transform((0.0, 0.0))
                if self.renderer.flipy():
                    y = self.renderer.get_canvas_width_height()[1] - y
                self.renderer.draw_text(gc, x, y, words, _properties(text, text.size * self.points), 0.0, ismath=False)


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


def _oriented(rings: tuple[Points, ...]) -> tuple[Points, ...]:
    """Rings turned so that winding gives what even-odd means: matplotlib fills by winding number."""
    shapes = np.array([shapely.Polygon(ring) for ring in rings])
    areas, inner = np.asarray(shapely.area(shapes)), np.asarray(shapely.point_on_surface(shapes))
    within = shapely.contains(shapes[None, :], inner[:, None]) & (areas[None, :] > areas[:, None])
    outer = np.sum(within, axis=1) % 2 == 0
    left = [shape.exterior.is_ccw for shape in shapes]
    return tuple(rings[index] if left[index] == outer[index] else rings[index][::-1] for index in range(len(rings)))


@cache
def _path(file: str) -> str:
    return str(resource("assets", "fonts", file))


def _font(file: str) -> FT2Font:
    """A face that ships with the plate; one for each thread, since a face keeps the text it was last given."""
    fonts: dict[str, FT2Font] = _thread.__dict__.setdefault("fonts", {})
    if file not in fonts:
        fonts[file] = FT2Font(_path(file))
        fonts[file].set_size(EM, 72)
    return fonts[file]


def _letters(words: str, file: str) -> tuple[Outline, float]:
    """Outlines of a line of text and how far it advances, y up, in ems."""
    font = _font(file)
    font.set_text(words, 0.0, flags=LoadFlags.NO_HINTING)
    advance = font.get_width_height()[0] / 64 / EM
    places, glyphs, _ = TextToPath().get_glyphs_with_font(font, words)
    vertices, codes = [np.empty((0, 2))], [np.empty(0, dtype=Outline.code_type)]
    for name, x, y, scale in places:
        vertices.append(np.reshape(glyphs[name][0], (-1, 2)) * scale + (x, y))
        codes.append(np.asarray(glyphs[name][1], dtype=Outline.code_type))
    outline = Outline(np.concatenate(vertices) / EM, np.concatenate(codes))
    outline.should_simplify = False
    return outline, advance


def _properties(text: Text, points: float) -> FontProperties:
    return FontProperties(
        family="Arimo",
        style=text.style,
        variant="normal",
        weight=text.weight,
        stretch="normal",
        size=points,
        fname=_path(FACES[text.weight, text.style]),
    )


@cache
def _known(file: str) -> frozenset[int]:
    return frozenset(_font(file).get_charmap())


def _missing(text: Text) -> set[str]:
    known = _known(FACES[text.weight, text.style])
    return {sign for sign in text.text if ord(sign) not in known and unicodedata.category(sign) != "Cf"}


def _shown(text: Text) -> str:
    """The text without what cannot be seen anyway, and with a stand-in for each character that the typeface lacks."""
    known = _known(FACES[text.weight, text.style])
    if all(ord(sign) in known for sign in text.text):
        return text.text
    missing = _missing(text)
    shown = (STAND_IN if sign in missing else sign for sign in text.text if sign in missing or ord(sign) in known)
    return "".join(shown)


def _warn_of_missing(scene: Scene) -> None:
    missing = sorted(set().union(*map(_missing, scene.texts())))
    if missing:
        signs = ", ".join(f"U+{ord(sign):04X}" for sign in missing[:10]) + (", ..." if len(missing) > 10 else "")
        what = f"the typeface Arimo lacks {len(missing)} of the characters ({signs}); write SVG to keep them"
        warnings.warn(what, UserWarning, stacklevel=3)
