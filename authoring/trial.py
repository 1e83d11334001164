"""One muscle as it is written now, before a build: a picture, and its zones held against the regions that it names.

Bodies and regions are those that ship, so that a try takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from authoring import build
from authoring.anatomy import archive
from authoring.drawing.preview import draw_body, draw_structure, fill, save
from authoring.painting import strokes
from trigpoint.atlas import load_atlas
from trigpoint.atlas.outlines import Outline
from trigpoint.atlas.structures import Structure

VIEWS = ("posterior", "right", "anterior")
TRIFLE = 0.02  # of a region: less is not worth a word
MARGIN = 60.0  # mm around what is drawn
ZONE = {"spillover": {"fc": "#f4a58266", "hatch": "...."}, "essential": {"fc": "#c4262e99"}}

Zones = dict[str, dict[str, shapely.MultiPolygon]]  # by view, by kind


def _outline(view: str) -> Outline:
    return load_atlas().outline(build.BODY, view)


@cache
def _drawn(muscle: str) -> dict[str, Structure]:
    """The muscle as it would be built, or as it ships where there are no meshes to build it from."""
    if not archive.missing():
        return build.views(muscle)
    return {view: load_atlas().structure(muscle, view=view) for view in VIEWS}


def _zones(muscle: str, number: int) -> Zones:
    painted = build.zones(muscle, number)
    return {view: {kind: strokes.shape(field, view) for kind, field in painted.items()} for view in VIEWS}


def _shares(zones: Zones, kind: str, region: str) -> Iterator[tuple[str, float]]:
    """The share of a region that the zone covers, in each view that shows it."""
    for view in VIEWS:
        shapes = _outline(view).regions
        if region in shapes:
            yield view, zones[view][kind].intersection(shapes[region]).area / shapes[region].area


def _words(table: dict, zones: Zones) -> Iterator[str]:
    yield f"TrP{table['number']} {table['label']}"
    for kind in ("essential", "spillover"):
        for region in table["regions"][kind]:
            shares = ", ".join(f"{view} {share:.2f}" for view, share in _shares(zones, kind, region))
            yield f"  {kind} covers of {region}: {shares or 'no view shows it'}"
        for region in table["regions"]["not_reached"]:
            for view, share in _shares(zones, kind, region):
                if share > TRIFLE:
                    yield f"  WRONG {kind} touches {region}: {view} {share:.3f}"
        others = {
            f"{region} ({view} {share:.2f})"
            for region in load_atlas().patterns.regions
            if region not in table["regions"][kind]
            for view, share in _shares(zones, kind, region)
            if share > 0.1
        }
        yield f"  {kind} also touches: {', '.join(sorted(others)) or 'nothing'}"


def _panel(ax: Axes, muscle: str, view: str) -> shapely.MultiPolygon:
    """The body with its regions and the muscle, whose shape is returned."""
    outline = _outline(view)
    draw_body(ax, outline)
    for key, region in outline.regions.items():
        fill(ax, region, fc="none", ec="#2166ac", lw=0.4)
        place = region.representative_point()
        ax.text(place.x, place.y, key, fontsize=5, color="#2166ac", ha="center", clip_on=True)
    ax.set_title(view, fontsize=9)
    if view not in _drawn(muscle):
        return shapely.MultiPolygon()
    draw_structure(ax, _drawn(muscle)[view])
    return _drawn(muscle)[view].rim


def _draw_point(ax: Axes, muscle: str, table: dict, view: str, zones: Zones) -> None:
    shape = _panel(ax, muscle, view)
    for kind, style in ZONE.items():
        fill(ax, zones[view][kind], ec="#b2182b", lw=0.6, **style)
    at = _position(muscle, table).get(view)
    if at:
        ax.plot(*at, "kx", ms=9, mew=2.2)
    inside = "" if at is None or shape.contains(shapely.Point(at)) else ": X OUTSIDE ITS MUSCLE"
    ax.set_title(f"TrP{table['number']} {view}{inside}", fontsize=9)


def _position(muscle: str, table: dict) -> Mapping[str, tuple[float, float]]:
    if not archive.missing():
        return build.position(muscle, table["at"], table.get("marked", ()))
    return load_atlas().point(f"{muscle}.trp{table['number']}").at


def report(muscle: str, out: Path) -> str:
    """Draw `<out>/<muscle>.try.png`; return what its zones cover, and its path."""
    points = build.points(muscle)
    zones = {table["number"]: _zones(muscle, table["number"]) for table in points}
    drawn = [shape for by_view in zones.values() for kinds in by_view.values() for shape in kinds.values()]
    drawn += [structure.rim for structure in _drawn(muscle).values()]
    _, top, _, bottom = shapely.GeometryCollection(drawn).bounds
    high = bottom - top + 2 * MARGIN
    rows = points or [None]  # without trigger points, a row for the muscle itself
    figure = Figure(figsize=(7 * len(VIEWS), len(rows) * (7 * high / 460 + 0.4)))
    grid = figure.subplots(len(rows), len(VIEWS), squeeze=False)
    for row, table in zip(grid, rows, strict=True):
        for ax, view in zip(row, VIEWS, strict=True):
            if table:
                _draw_point(ax, muscle, table, view, zones[table["number"]])
            else:
                _panel(ax, muscle, view)
            ax.set(xlim=(-230, 230), ylim=(bottom + MARGIN, top - MARGIN))
    out.mkdir(parents=True, exist_ok=True)
    path = save(figure, out / f"{muscle}.try.png")
    words = [line for table in points for line in _words(table, zones[table["number"]])]
    areas = [f"{view} {structure.rim.area / 100:.0f} cm2" for view, structure in _drawn(muscle).items()]
    return "\n".join([f"{muscle}: {', '.join(areas)}", *words, f"wrote {path}"])
