"""A posterior body map with two marked regions by anatomapa, as SVG; it draws no labels and no trigger points.

Runs in the peers' environment and imports nothing of this project but the timing.
"""

from __future__ import annotations

import sys
from pathlib import Path

import anatomapa

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from timing import serve  # type: ignore[import-not-found]


def draw() -> bytes:
    """The map as the bytes of a file."""
    return anatomapa.heatmap({"buttocks": 2, "lower_back": 1}, view="posterior", lang="en").to_svg().encode()


if __name__ == "__main__":
    serve(draw)
