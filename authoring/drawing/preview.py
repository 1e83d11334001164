"""Contact sheets for a person to look at: bodies, bones, muscles on their bones, landmarks, regions, points and zones.

Drawn from the shipped files, so that they show what users get.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Shape

from authoring.anatomy import archive
from authoring.body.view import VIEWS
from trigpoint.atlas import Atlas, load_atlas
from trigpoint.atlas.outlines import Outline
from trigpoint.atlas.structures import Structure

SHOWN = ("anterior", "posterior", "right")  # views that structures are stored for
ZOOM = {  # left, right, top, bottom in the view frame
    "whole": (-430, 560, -20, 1720),
    "head": (-110, 150, -10, 330),
    "arm": (-110, 560, 80, 1020),
    "trunk": (-200, 200, 420, 960),
    "pelvis": (-110, 210, 600, 960),
    "legs": (-110, 230, 860, 1720),
    "foot": (-70, 230, 1520, 1710),
}


BONE = ("#fcf8ee", "#eee3cf", "#d9c9ac")
FLESH = ("#e8ab9b", "#d9877a", "#c76a5e", "#b2544b", "#97403b", "#7c302e")
TENDON = ("#f3eadb", "#e3d5bf", "#cbb899")
AROUND = 25.0  # mm around a muscle on its bones


def fill(ax: Axes, shape: shapely.Geometry, **style: Any) -> None:
    """Paint a polygon shape of the view frame; `style` as matplotlib patches take it."""
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    if rings:
        paths = [Shape(np.array(ring.coords), closed=True) for ring in rings]
        ax.add_patch(PathPatch(Shape.make_compound_path(*paths), **style))


def draw_body(ax: Axes, outline: Outline) -> None:
    fill(ax, outline.silhouette, fc="#f7f1ea", ec="none")
    for tone in outline.tones:
        fill(ax, tone, fc="#7a4a2810", ec="none")
    for line in outline.lines.values():
        fill(ax, line, fc="#7d6a5d", ec="none")
    fill(ax, outline.silhouette, fc="none", ec="#54443b", lw=0.8)
    x, y, width, height = outline.bounds
    ax.set(aspect="equal", xlim=(x, x + width), ylim=(y + height, y), title=f"{outline.body} {outline.view}")
    ax.axis("off")


def draw_structure(ax: Axes, drawn: Structure) -> None:
    """A bone, a muscle or a tract in its tones, as a plate paints it."""
    tones = BONE if drawn.kind == "bone" else FLESH if drawn.kind == "muscle" else TENDON
    edge = {"bone": "#b7a68c"}.get(drawn.kind, "#5e2220")
    for tone, colour in zip((drawn.rim, *drawn.tones), tones, strict=False):
        fill(ax, tone, fc=colour, ec="none")
    for tone, colour in zip((drawn.tendon, *drawn.tendon_tones), TENDON, strict=False):
        fill(ax, tone, fc=colour, ec="none")
    for lines, colour in ((drawn.fibres, "#7a2b28"), (drawn.tendon_fibres, "#b9a080")):
        ax.add_collection(
            LineCollection([np.array(line.coords) for line in lines.geoms], colors=colour, linewidths=0.4)
        )
    for shape in (drawn.rim, *drawn.members.values()):
        fill(ax, shape, fc="none", ec=edge, lw=0.5)


def _regions(ax: Axes, atlas: Atlas, outline: Outline) -> None:
    colours, view = colormaps["tab20"].resampled(20), outline.view
    side = "left" if view == "left" else "right"
    for number, key in enumerate(sorted(atlas.patterns.regions)):
        shape = atlas.region(key, view=view, side=side, body=outline.body)
        if shape.is_empty:
            continue
        fill(ax, shape, fc=(*colours(number % 20)[:3], 0.55), ec="k", lw=0.3)
        place = shape.representative_point()
        ax.text(place.x, place.y, key, fontsize=5, ha="center", va="center", clip_on=True)


def _landmarks(ax: Axes, atlas: Atlas, outline: Outline) -> None:
    """Dots, and on other bodies a cross where the warp carries the same landmark to."""
    warp = atlas.warp(outline.body, outline.view)
    if warp:
        for place in atlas.outline(atlas.patterns.about.body, outline.view).landmarks.values():
            ax.plot(*warp.place(place), "+", color="#c4262e", ms=7)
    for key, (x, y) in outline.landmarks.items():
        ax.plot(x, y, "o", color="#1b7837", ms=3)
        ax.text(x + 6, y, key, fontsize=5.5, va="center", clip_on=True)


def save(figure: Figure, path: Path) -> Path:
    """Write the picture and return its path."""
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    return path


def _views(atlas: Atlas, body: str, out: Path) -> Iterator[Path]:
    for layer, draw in {"landmarks": _landmarks, "regions": _regions}.items():
        for zoom, (left, right, top, bottom) in ZOOM.items():
            width = 6.0
            figure = Figure(figsize=(width * len(VIEWS), width * (bottom - top) / (right - left) + 0.6))
            for ax, view in zip(figure.subplots(1, len(VIEWS)), VIEWS, strict=True):
                outline = atlas.outline(body, view)
                draw_body(ax, outline)
                draw(ax, atlas, outline)
                flip = (
                    -1 if view in ("anterior", "left") else 1
                )  # crops are written for the posterior and the right view
                ax.set(xlim=sorted((flip * left, flip * right)), ylim=(bottom, top))
            yield save(figure, out / f"{body}.{layer}.{zoom}.png")


def _bodies(atlas: Atlas, out: Path) -> Iterator[Path]:
    for view in VIEWS:
        figure = Figure(figsize=(9 * len(atlas.bodies), 18))
        for ax, body in zip(figure.subplots(1, len(atlas.bodies)), atlas.bodies, strict=True):
            draw_body(ax, atlas.outline(body, view))
            ax.set_ylim(1720, -20)
        yield save(figure, out / f"bodies.{view}.png")


def _muscles(atlas: Atlas, body: str, out: Path) -> Iterator[Path]:
    for muscle in atlas.muscles:
        points = muscle.points or (None,)  # without trigger points, a row for the muscle itself
        figure = Figure(figsize=(20, 5 * len(points)))
        grid = figure.subplots(len(points), len(VIEWS), squeeze=False)
        for row, point in zip(grid, points, strict=True):
            for ax, view in zip(row, VIEWS, strict=True):
                draw_body(ax, atlas.outline(body, view))
                side = "left" if view == "left" else "right"
                fill(ax, atlas.shape(muscle.id, view=view, side=side, body=body), fc="#c98a7488", ec="#7a3b2a", lw=0.6)
                if point:
                    _point(ax, atlas, point.id, view=view, side=side, body=body)
                title = f"{point.id if point else muscle.id} {view} {side}"
                ax.set(xlim=(-240, 240), ylim=(1100, 600), title=title)
        yield save(figure, out / f"{body}.{muscle.id}.png")


def _point(ax: Axes, atlas: Atlas, point: str, **seen: str) -> None:
    for kind, look in (("spillover", {"hatch": "....", "fc": "none"}), ("essential", {"fc": "#c4262ebb"})):
        fill(ax, atlas.zone(point, kind, **seen), ec="#c4262e", lw=0.5, **look)
    at = atlas.position(point, **seen)
    if at:
        ax.plot(*at, "kx", ms=7, mew=1.8)


def _structures(atlas: Atlas, body: str, view: str, kind: str) -> Iterator[Structure]:
    """All structures of a kind that a view shows, on both sides."""
    for name in atlas.structures[kind]:
        for side in ("right", "left"):
            drawn = atlas.structure(name, view=view, side=side, body=body)
            if not drawn.is_empty:
                yield drawn


def _skeletons(atlas: Atlas, out: Path) -> Iterator[Path]:
    for body in atlas.bodies:
        figure = Figure(figsize=(9 * len(VIEWS), 18))
        for ax, view in zip(figure.subplots(1, len(VIEWS)), VIEWS, strict=True):
            draw_body(ax, atlas.outline(body, view))
            for bone in _structures(atlas, body, view, "bone"):
                draw_structure(ax, bone)
        yield save(figure, out / f"{body}.skeleton.png")


def _ecorches(atlas: Atlas, out: Path) -> Iterator[Path]:
    """Everything under the skin, muscles that do not ship yet included; needs the meshes."""
    from authoring.anatomy import ecorche  # slow, and of no use to who has no meshes

    for body in atlas.bodies:
        figure = Figure(figsize=(9 * len(VIEWS), 18))
        for ax, view in zip(figure.subplots(1, len(VIEWS)), VIEWS, strict=True):
            outline = atlas.outline(body, view)
            draw_body(ax, outline)
            for drawn in ecorche.drawn(view, atlas.warp(body, view), outline.silhouette):
                draw_structure(ax, drawn)
        yield save(figure, out / f"{body}.ecorche.png")


def _on_bones(atlas: Atlas, out: Path) -> Iterator[Path]:
    """Each muscle and tract alone on the bones, in each view that shows it."""
    bones = {view: list(_structures(atlas, "neutral", view, "bone")) for view in SHOWN}
    for name in (*atlas.structures["muscle"], *atlas.structures["context"]):
        drawn = {view: atlas.structure(name, view=view) for view in SHOWN}
        drawn = {view: structure for view, structure in drawn.items() if not structure.is_empty}
        figure = Figure(figsize=(8 * len(drawn), 8))
        for ax, (view, structure) in zip(figure.subplots(1, len(drawn), squeeze=False)[0], drawn.items(), strict=True):
            left, top, right, bottom = structure.rim.bounds
            reach = max(right - left, bottom - top) / 2 + AROUND
            x, y = (left + right) / 2, (top + bottom) / 2
            for bone in bones[view]:
                draw_structure(ax, bone)
            draw_structure(ax, structure)
            ax.set(aspect="equal", xlim=(x - reach, x + reach), ylim=(y + reach, y - reach), title=f"{name} {view}")
            ax.axis("off")
        yield save(figure, out / f"structure.{name}.png")


def contact_sheets(out: Path) -> Iterator[Path]:
    """Write all contact sheets into the folder; yield their paths."""
    out.mkdir(parents=True, exist_ok=True)
    atlas = load_atlas()
    yield from _bodies(atlas, out)
    yield from _skeletons(atlas, out)
    yield from _on_bones(atlas, out)
    if archive.missing():
        print(f"no écorché: {archive.missing()}")
    else:
        yield from _ecorches(atlas, out)
    for body in atlas.bodies:
        yield from _views(atlas, body, out)
        yield from _muscles(atlas, body, out)
