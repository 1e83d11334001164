"""A small atlas made of boxes: enough body, muscles and points to try every layout without the shipped data."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import shapely
from shapely import MultiLineString, MultiPolygon

from trigpoint.atlas import Atlas
from trigpoint.atlas.outline_writer import format_outline
from trigpoint.atlas.outlines import Outline, mirror
from trigpoint.atlas.patterns import About, Evidence, Muscle, Patterns, Region, Source, TriggerPoint, Zone

FRONT = shapely.union_all(
    [
        shapely.Point(0, 100).buffer(100),
        shapely.box(-30, 150, 30, 300),
        shapely.Polygon([(-180, 280), (180, 280), (130, 600), (180, 850), (-180, 850), (-130, 600)]),
        shapely.box(-170, 800, -15, 1700),
        shapely.box(15, 800, 170, 1700),
        shapely.Polygon([(150, 285), (185, 290), (330, 860), (280, 880)]),
        shapely.Polygon([(-150, 285), (-185, 290), (-330, 860), (-280, 880)]),
    ]
)
ASIDE = shapely.union_all(
    [
        shapely.Point(10, 100).buffer(100),
        shapely.box(-70, 150, 100, 1650),
        shapely.Point(-60, 850).buffer(90),
        shapely.box(-70, 1600, 200, 1700),
    ]
)
BODIES = {"posterior": FRONT, "anterior": FRONT, "right": ASIDE, "left": mirror(ASIDE)}

HIP = {"posterior": [(60, 690), (170, 690), (165, 820), (120, 800)], "right": [(-60, 690), (40, 690), (5, 830)]}
CALF = {"posterior": [(40, 1250), (140, 1250), (100, 1450)], "right": [(-60, 1250), (20, 1250), (-30, 1450)]}
BACK = {"posterior": [(20, 330), (60, 330), (60, 900), (20, 900)]}

SOURCES = {
    "M": Source("M", "Able AB, Baker C (1992). Manual.", 1992, "manual", "recall"),
    "P": Source("P", "Charlie D, Delta E, Echo F (2001). Paper.", 2001, "experiment", "read"),
    "W": Source("W", "A page without authors. Site.", 2020, "page", "read"),
}


def disc(x: float, y: float, radius: float) -> shapely.Polygon:
    """A circle of the body."""
    return shapely.Point(x, y).buffer(radius)


def point(muscle, number, label, at, zones, evidence=("M",), laterality="same_side"):
    """A trigger point of the right side with its zones, by kind and view, and its sources."""
    painted = tuple(Zone.of(kind, view, shape) for (kind, view), shape in zones.items())
    said = tuple(Evidence(key, SOURCES[key].basis, "p. 155, Fig. 8.1" if key == "M" else "") for key in evidence)
    regions = {"essential": ("sacral",), "spillover": ("gluteal_upper", "sacral", "tfl_region"), "not_reached": ()}
    return TriggerPoint(
        f"{muscle}.trp{number}",
        number,
        {"en": label},
        "somewhere",
        laterality,
        at,
        painted,
        said,
        "high",
        "draft",
        regions,
    )


def muscles() -> tuple[Muscle, ...]:
    """Three muscles: a hip with three points in two views, a calf with one, and a long back with seven."""
    hip = (
        point(
            "hip",
            1,
            "TrP1 (posterior)",
            {"posterior": (70, 705), "right": (-62, 700)},
            {
                ("essential", "posterior"): shapely.box(15, 660, 120, 720),
                ("spillover", "posterior"): shapely.box(40, 700, 160, 860),
                ("essential", "right"): shapely.box(-70, 660, -20, 720),
                ("spillover", "right"): shapely.box(-120, 700, -20, 860),
            },
        ),
        point(
            "hip",
            2,
            "TrP2 (middle)",
            {"posterior": (120, 700), "right": (-10, 700)},
            {
                ("essential", "posterior"): disc(120, 760, 30),
                ("spillover", "right"): shapely.box(-40, 850, 40, 1000),
                ("essential", "right"): disc(-10, 760, 30),
            },
            ("M", "P"),
        ),
        point(
            "hip",
            3,
            "TrP3 (anterior, uncommon, with a very long label)",
            {"right": (30, 705)},
            {("essential", "posterior"): shapely.box(-60, 690, 60, 730), ("spillover", "right"): disc(0, 670, 25)},
            ("P",),
            "both_sides",
        ),
    )
    calf = (
        point(
            "calf",
            1,
            "TrP1",
            {"posterior": (90, 1300)},
            {("essential", "posterior"): disc(90, 1600, 40), ("spillover", "right"): disc(-30, 1350, 40)},
            ("P", "W"),
        ),
    )
    back = tuple(
        point(
            "back",
            number,
            f"TrP{number} (level {number})",
            {"posterior": (40, 300 + 60 * number)},
            {("essential", "posterior"): disc(60, 300 + 60 * number, 25)},
            (),
        )
        for number in range(1, 8)
    )
    return (
        Muscle("back", {"en": "Long back muscle", "la": "Musculus longissimus dorsi maximus"}, back),
        Muscle("calf", {"en": "Calf muscle"}, calf),
        Muscle("hip", {"en": "Hip muscle", "la": "Musculus coxae"}, hip, aliases=("side rump",)),
    )


def outline(view: str) -> Outline:
    """The outline of a view, with shapes and fibres of the muscles that it shows."""
    silhouette = shapely.MultiPolygon([BODIES[view]])
    shapes, fibres = {}, {}
    for name, shape in (("hip", HIP), ("calf", CALF), ("back", BACK)):
        if view in shape or (view == "left" and "right" in shape):
            ring = np.array(shape[view if view in shape else "right"], float)
            ring = ring * (-1, 1) if view == "left" else ring
            shapes[name] = MultiPolygon([shapely.Polygon(ring)])
            fibres[name] = MultiLineString([[ring[0], ring[-1]], [ring[1], ring[-1]]])
    tone = shapely.intersection(silhouette, shapely.box(60, 0, 400, 1700))
    dark = shapely.intersection(silhouette, shapely.box(120, 0, 400, 1700))
    return Outline(
        "neutral",
        view,
        (-400.0, -10.0, 800.0, 1720.0),
        silhouette,
        tuple(MultiPolygon([p for p in shapely.get_parts(t) if p.geom_type == "Polygon"]) for t in (tone, dark)),
        lines={"line.furrow": MultiPolygon([shapely.Polygon([(0, 400), (3, 500), (0, 600)])])},
        muscles=shapes,
        fibres=fibres,
        title=view,
        licence="none",
        author="nobody",
        source="boxes",
    )


@cache
def small_atlas(folder: Path) -> Atlas:
    """The atlas, its outlines written to and read from `folder`."""
    for view in BODIES:
        (folder / f"neutral.{view}.svg").write_text(format_outline(outline(view)), encoding="utf-8")
    regions = {
        "sacral": Region("sacral", {"en": "Sacrum"}, ""),
        "gluteal_upper": Region("gluteal_upper", {"en": "Upper buttock"}, ""),
        "tfl_region": Region("tfl_region", {"en": "TFL region"}, ""),
    }
    return Atlas(Patterns(About("small", "0", "none"), SOURCES, regions, muscles()), folder)
