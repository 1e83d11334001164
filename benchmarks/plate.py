"""How long a plate takes in a process that has everything loaded, beside the same drawing by ordinary matplotlib means.

    python -m benchmarks.plate [RUNS]

Two plates: one view for a journal's column, and the default one. "Ordinary" is the finished scene as patches, scatter
and texts on Axes, written by `savefig`; it is spared the composing. The runs are interleaved; the table holds medians.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from io import BytesIO
from statistics import median

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke

from trigpoint import Diagram
from trigpoint.backends import mpl
from trigpoint.scene import Dots, Path, Points, Scene, Text

POINTS = 72 / 25.4  # in a millimetre
DPI = 300
PLATES = {
    "one view, 85 mm": {"views": "posterior", "width": 85},
    "default": {},
}


def line(ring: Points, closed: bool) -> Outline:
    """A ring or an open line; a closed one ends with the place that `closed` replaces."""
    return Outline(np.vstack([ring, ring[:1]]), closed=True) if closed else Outline(ring)


def ordinary(scene: Scene, format: str) -> bytes:
    """The scene as an experienced user of matplotlib would draw it."""
    figure = Figure(figsize=(scene.width / 25.4, scene.height / 25.4))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, scene.width), ylim=(scene.height, 0))
    axes.set_axis_off()
    for order, item in enumerate(scene.walk()):
        match item:
            case Path():
                outline = Outline.make_compound_path(*(line(ring, item.closed) for ring in item.rings))
                style = {"facecolor": item.fill or "none", "edgecolor": item.stroke or "none", "alpha": item.opacity}
                axes.add_patch(PathPatch(outline, linewidth=item.width * POINTS, zorder=order, **style))
            case Dots():
                x, y = item.points.T
                axes.scatter(x, y, (2 * item.radius * POINTS) ** 2, item.fill, linewidth=0, zorder=order)
            case Text():
                halo = [withStroke(linewidth=2 * item.halo_width * POINTS, foreground=item.halo)] if item.halo else []
                font = {"size": item.size * POINTS, "weight": item.weight, "style": item.style, "color": item.fill}
                place = {"ha": {"start": "left", "middle": "center", "end": "right"}[item.anchor], "va": "baseline"}
                axes.text(item.x, item.y, item.text, path_effects=halo, zorder=order, **font, **place)
    file = BytesIO()
    figure.savefig(file, format=format, dpi=DPI)
    return file.getvalue()


def milliseconds(work: Callable[[], bytes]) -> tuple[float, bytes]:
    """Processor time of one call, and what it made."""
    start = time.process_time()
    made = work()
    return 1000 * (time.process_time() - start), made


def report(name: str, options: dict[str, object], runs: int) -> None:
    """Print the lines of one plate."""
    scene = Diagram("gluteus_medius", **options).scene()
    ways: dict[str, Callable[[], bytes]] = {
        "compose and SVG": lambda: Diagram("gluteus_medius", **options).to_bytes("svg"),
        "ordinary SVG": lambda: ordinary(scene, "svg"),
        f"PNG, {DPI} dpi": lambda: mpl.to_bytes(scene, "png", dpi=DPI),
        f"ordinary PNG, {DPI} dpi": lambda: ordinary(scene, "png"),
    }
    times: dict[str, list[float]] = {way: [] for way in ways}
    sizes: dict[str, int] = {}
    for run in range(-1, runs):  # the first one only fills the caches
        for way, work in ways.items():
            taken, made = milliseconds(work)
            sizes[way] = len(made)
            if run >= 0:
                times[way].append(taken)
    for way in ways:
        base = way if way.startswith("ordinary") else f"ordinary {way.removeprefix('compose and ')}"
        ratio = median(times[way]) / median(times[base])
        share = sizes[way] / sizes[base]
        print(f"{name:18} {way:22} {median(times[way]):8.1f} {ratio:6.2f} {sizes[way]:10,} {share:6.2f}")


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    print(f"{f'median of {runs} runs':41}   CPU ms  ratio      bytes  ratio")
    for name, options in PLATES.items():
        report(name, options, runs)


if __name__ == "__main__":
    main()
