"""A scene as pixels, drawn by matplotlib without a figure; `png` and `tiff` write them with their metadata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.transforms import Affine2D

from ..scene import Group, Scene
from . import png
from .fonts import Letters
from .mpl_pen import paint
from .pixel_size import MM, size

if TYPE_CHECKING:
    from numpy.typing import NDArray


def to_png(scene: Scene, *, dpi: float) -> bytes:
    """The scene as PNG, RGB, `dpi` pixels an inch. Raises InputError for a size above the limits."""
    return png.encode(pixels(scene, dpi), dpi=dpi, words=_words(scene))


def to_tiff(scene: Scene, *, dpi: float) -> bytes:
    """The scene as TIFF: RGB, or grey where nothing has a colour, packed by LZW. Raises InputError as `to_png` does."""
    from . import tiff

    shown = pixels(scene, dpi)[..., :3]
    grey = bool((shown[..., 0] == shown[..., 1]).all() and (shown[..., 1] == shown[..., 2]).all())
    said = "\n".join(filter(None, _words(scene).values()))
    return tiff.encode(shown[..., 0] if grey else shown, dpi=dpi, words=said)


def pixels(scene: Scene, dpi: float) -> NDArray[np.uint8]:
    """The page as an array of shape (height, width, 4), opaque."""
    width, height = size(scene.width, scene.height, dpi)
    letters = Letters(scene.texts(), scene.language)
    renderer: Any = RendererAgg(width, height, dpi)  # type: ignore[no-untyped-call]
    shown: NDArray[np.uint8] = np.asarray(renderer.buffer_rgba())
    shown[...] = 255
    page = Affine2D().scale(dpi / MM, -dpi / MM).translate(0, height)
    paint(renderer, (item for item in scene.walk() if not isinstance(item, Group)), page, letters)
    return shown


def _words(scene: Scene) -> Mapping[str, str]:
    return {"Title": scene.title, "Description": scene.description, "Credit": scene.credit}
