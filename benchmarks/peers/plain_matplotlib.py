"""A scene drawn as an experienced user of matplotlib would, one artist for each thing: `SCENE.json svg|png`.

Runs in the peers' environment and imports nothing of this project but the timing. It is spared the composing.
"""

from __future__ import annotations

import json
import sys
from io import BytesIO
from pathlib import Path as File

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

sys.path.insert(0, str(File(__file__).resolve().parent.parent))
from timing import serve  # type: ignore[import-not-found]

POINTS = 72 / 25.4  # in a millimetre
DPI = 300
ALIGN = {"start": "left", "middle": "center", "end": "right"}


def outline(ring: list[list[float]], closed: bool) -> Path:
    """A ring or an open line; a closed one ends with the place that `closed` replaces."""
    return Path(np.array([*ring, ring[0]]), closed=True) if closed else Path(np.array(ring))


def draw(scene: dict[str, object], format: str) -> bytes:
    """The scene as the bytes of a file."""
    width, height = scene["width"], scene["height"]
    figure = Figure(figsize=(width / 25.4, height / 25.4))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    for order, item in enumerate(scene["items"]):
        match item["kind"]:
            case "path":
                whole = Path.make_compound_path(*(outline(ring, item["closed"]) for ring in item["rings"]))
                style = {"facecolor": item["fill"] or "none", "edgecolor": item["stroke"] or "none"}
                style |= {"alpha": item["opacity"], "linewidth": item["width"] * POINTS}
                axes.add_patch(PathPatch(whole, zorder=order, **style))
            case "dots":
                x, y = np.array(item["points"]).T
                axes.scatter(x, y, (2 * item["radius"] * POINTS) ** 2, item["fill"], linewidth=0, zorder=order)
            case "text":
                halo = item["halo"] and [withStroke(linewidth=2 * item["halo_width"] * POINTS, foreground=item["halo"])]
                font = {"size": item["size"] * POINTS, "weight": item["weight"], "style": item["style"]}
                place = {"ha": ALIGN[item["anchor"]], "va": "baseline", "color": item["fill"]}
                axes.text(item["x"], item["y"], item["text"], path_effects=halo or [], zorder=order, **font, **place)
    file = BytesIO()
    figure.savefig(file, format=format, dpi=DPI)
    return file.getvalue()


if __name__ == "__main__":
    told = json.loads(File(sys.argv[1]).read_text("utf-8"))
    serve(lambda: draw(told, sys.argv[2]))
