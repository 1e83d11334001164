"""Writers of files: one module for each format, which takes a scene. `plate` makes scenes."""

from __future__ import annotations

from pathlib import PurePath

from ..errors import unknown
from ..scene import Scene
from .mpl_loading import load

FORMATS = ("svg", "png", "pdf", "eps", "tiff")
TEXTS = ("live", "paths")
SUFFIXES = {"tif": "tiff"}  # that are not the format's own name


def format_of(name: str) -> str:
    """The format by a file's suffix, or the bare suffix where it is none of a format.

    >>> format_of("figure-2.TIF"), format_of("figure.doc"), format_of("figure")
    ('tiff', 'doc', '')
    """
    suffix = PurePath(name).suffix.removeprefix(".").lower()
    return SUFFIXES.get(suffix, suffix)


def to_bytes(scene: Scene, format: str, *, dpi: float = 300, text: str = "live") -> bytes:
    """The scene as the bytes of a file.

    Parameters
    ----------
    scene : Scene
        The page.
    format : {"svg", "png", "pdf", "eps", "tiff"}
        The kind of file.
    dpi : float
        Pixels an inch of PNG and TIFF, 10 to 1,200, default 300.
    text : {"live", "paths"}
        Letters of SVG and PDF: text that can be searched and edited (default), or outlines. EPS always has outlines.

    Raises
    ------
    UnknownNameError
        For another format or text.
    InputError
        For what the format cannot hold: a character, or too many pixels.
    """
    if text not in TEXTS:
        raise unknown("text", text, TEXTS)
    match format:
        case "svg":
            from . import svg

            return svg.write(scene, text=text).encode("utf-8")
        case "pdf":
            load()
            from . import pdf

            return pdf.to_bytes(scene, text=text)
        case "eps":
            load(figures=False)
            from . import eps

            return eps.to_bytes(scene)
        case "png" | "tiff":
            load()
            from . import raster

            return raster.to_png(scene, dpi=dpi) if format == "png" else raster.to_tiff(scene, dpi=dpi)
        case _:
            raise unknown("format", format, FORMATS)


def remarks(scene: Scene, format: str, *, text: str = "live") -> tuple[str, ...]:
    """A sentence on characters without a font in a file of this format, or in a matplotlib figure ("figure").

    A stand-in is drawn for them, except in live text of SVG, which holds every character.
    """
    if format == "svg" and text == "live":
        return ()
    load(figures=False)
    from .fonts import Letters

    return Letters(scene.texts(), scene.language).remarks()
