"""A folder of outlines whose muscles and bones lie in files of their own, made from the shapes that ship.

Tones, tendons and bellies are made up: each tone is the one before, a little smaller and moved away from the light.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import shapely
from shapely import MultiPolygon
from shapely.affinity import translate

from trigpoint.atlas import load_atlas
from trigpoint.atlas.outline_writer import format_outline
from trigpoint.atlas.outlines import Outline, open_outline
from trigpoint.atlas.structure_index import STORED, format_index
from trigpoint.atlas.structure_writer import format_structure
from trigpoint.atlas.structures import BONE, CONTEXT, MUSCLE, Structure
from trigpoint.files.shipped import resource
from trigpoint.geometry.rings import areas_in, lines_in

SOURCE = (
    "BodyParts3D, © The Database Center for Life Science licensed under CC Attribution 4.0 International; "
    "changed: registered to another body, smoothed, projected, drawn"
)
WORDS = {"licence": "CC BY 4.0", "author": "trigpoint contributors", "source": SOURCE}
SHIPPED = "assets", "body_outlines"
TRACT = "iliotibial_tract"


def parts(view: str) -> dict[str, list[Structure]]:
    """The structures of a view by the file that they go into."""
    outline = open_outline(resource(*SHIPPED, f"neutral.{view}.svg"))
    found = {key: [muscle(key, outline)] for key in outline.muscles}
    bones = [key for key in outline.bones if not key.endswith(".lines")]
    for key in bones:
        file = "pelvis" if key in ("hip_bone", "sacrum", "coccyx") else "ribs" if key.startswith("rib_") else key
        found.setdefault(file, []).append(bone(key, outline))
    if view == "right":
        band = muscle("tensor_fasciae_latae", outline)
        found[TRACT] = [replace(band, id=TRACT, kind=CONTEXT, title="Iliotibial tract", members={})]
    return found


def muscle(key: str, outline: Outline) -> Structure:
    """A muscle with five tones, a tendon with two at its lower end, and two bellies."""
    rim = outline.muscles[key]
    fibres = outline.fibres[key]
    x0, y0, x1, y1 = rim.bounds
    tendon = areas_in(shapely.intersection(rim, shapely.box(x0, y1 - 0.2 * (y1 - y0), x1, y1)))
    middle = (x0 + x1) / 2
    halves = [
        areas_in(shapely.intersection(rim, shapely.box(*box))) for box in ((x0, y0, middle, y1), (middle, y0, x1, y1))
    ]
    several = all(half.area > 1 for half in halves)
    return Structure(
        key,
        MUSCLE,
        outline.view,
        outline.titles[key],
        rim,
        steps(rim, 5, 0.03 * (x1 - x0)),
        tendon,
        steps(tendon, 2, 0.02 * (x1 - x0)),
        fibres,
        lines_in(shapely.intersection(translate(fibres, 1.5, 0), tendon)),
        {f"{key}_{side}": half for side, half in zip(("inner", "outer"), halves, strict=True)} if several else {},
        {f"{key}_{side}": f"{side.title()} belly" for side in ("inner", "outer")} if several else {},
    )


def bone(key: str, outline: Outline) -> Structure:
    """A bone with two shades, and its lines."""
    rim = outline.bones[key]
    lines = outline.bones.get(f"{key}.lines", MultiPolygon())
    return Structure(key, BONE, outline.view, outline.titles[key], rim, steps(rim, 2, 2.0), lines=lines)


def steps(shape: MultiPolygon, count: int, step: float) -> tuple[MultiPolygon, ...]:
    """Shapes inside one another, each moved away from the light."""
    found: list[MultiPolygon] = []
    for _ in range(count):
        around = found[-1] if found else shape
        inner = translate(around.buffer(-step, quad_segs=2), step, step)
        inner = areas_in(shapely.intersection(inner, around), 1.0).simplify(0.2)
        found.append(areas_in(shapely.intersection(inner, around)))
    return tuple(one for one in found if not one.is_empty)


def write(folder: Path) -> Path:
    """The folder with outlines that hold neither muscles nor bones, and with all structures in files of their own."""
    for name in [f"{body}.warp.json" for body in ("female", "male")]:
        shutil.copy(str(resource(*SHIPPED, name)), folder)
    atlas = load_atlas()
    for body in atlas.bodies:
        for view in ("anterior", "posterior", "left", "right"):
            one = open_outline(resource(*SHIPPED, f"{body}.{view}.svg"))
            bare = replace(one, muscles={}, fibres={}, bones={})
            (folder / f"{body}.{view}.svg").write_text(format_outline(bare), "utf-8")
    (folder / "structures").mkdir()
    files: dict[str, list[Structure]] = {}
    for view in STORED:
        for file, drawn in parts(view).items():
            text = format_structure(drawn, **WORDS)
            (folder / "structures" / f"{file}.{view}.svg").write_text(text, "utf-8")
            files.setdefault(file, []).extend(drawn)
    (folder / "structures" / "index.json").write_text(format_index(files), "utf-8")
    return folder
