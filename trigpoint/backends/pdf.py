"""A scene as PDF: real text with its fonts embedded, no date, no program name, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import matplotlib
from matplotlib.backends.backend_pdf import FigureCanvasPdf

from ..files import forks
from ..scene import Scene
from . import mpl
from .fonts import Letters

SETTINGS: dict[str, Any] = {
    "pdf.fonttype": 42,
    "pdf.use14corefonts": False,
    "pdf.compression": 6,
    "pdf.inheritcolor": False,
}
SETTINGS |= {  # matplotlib 3.10 lays out letters by these; later ones keep the names, without a value or a use
    key: value
    for key in ("text.kerning_factor", "text.hinting_factor")
    if (value := matplotlib.rcParamsDefault.get(key)) is not None
}
_lock = forks.lock()


def to_bytes(scene: Scene, *, text: str = "live") -> bytes:
    """The scene as a PDF of its size, with "live" text or letters as "paths"."""
    subject = "\n".join(filter(None, (scene.description, scene.credit)))
    facts = {"Title": scene.title, "Subject": subject, "Creator": None, "Producer": None, "CreationDate": None}
    file = BytesIO()
    letters = Letters(scene.texts(), scene.language)
    canvas: Any = FigureCanvasPdf(mpl.figure(scene, text=text, letters=letters))
    try:
        with _settings():
            canvas.print_pdf(file, metadata={key: words for key, words in facts.items() if words != ""})
    finally:
        letters.close()
    return file.getvalue()


@contextmanager
def _settings() -> Iterator[None]:
    """Set the rcParams that the PDF writer takes for one file at a time, then restore them."""
    settings: Any = matplotlib.rcParams
    with _lock:
        before = {key: settings[key] for key in SETTINGS}
        settings.update(SETTINGS)
        try:
            yield
        finally:
            settings.update(before)
