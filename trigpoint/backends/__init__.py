"""Writers: each takes a scene to one kind of file and knows nothing else of this package but text and scenes."""

from __future__ import annotations

from pathlib import PurePath

from ..errors import unknown
from ..scene import Scene
from .mpl_loading import load

FORMATS = ("svg", "png", "pdf", "eps", "tiff")
TEXTS = ("live", "paths")
SUFFIXES = {"tif": "tiff"}  # that are not the format's own name


def format_of(name: str) -> str:
    """The format that a file's suffix tells, or the bare suffix where it tells none.

    >>> format_of("figure-2.TIF"), format_of("figure.doc"), format_of("figure")
    ('tiff', 'doc', '')
    """
    suffix = PurePath(name).suffix.removeprefix(".").lower()
    return SUFFIXES.get(suffix, suffix)


def to_bytes(scene: Scene, format: str, *, dpi: float = 300, text: str = "live") -> bytes:
    """The scene as the bytes of a file.

    `dpi` counts for "png" and "tiff", `text` for "svg" and "pdf": "live" text can be searched and edited and needs its
    typeface where it is read, "paths" looks the same everywhere. "eps" always has paths. Raises InputError for what the
    format cannot hold, and UnknownNameError for a format or text that is none of these.
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
    """What a file of this format, or a matplotlib figure ("figure"), cannot show of the scene, in sentences.

    Characters that no font here has are drawn as a stand-in, except as live text of SVG, which holds the characters.
    """
    if format == "svg" and text == "live":
        return ()
    load(figures=False)
    from .fonts import Letters

    return Letters(scene.texts(), scene.language).remarks()
