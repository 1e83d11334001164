"""A folder of outlines whose muscles and bones lie in files of their own, made from the shapes that ship.

Tones, tendons and bellies are made up: each tone is the one before, a little smaller and moved away from the light.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import shapely
from shapely import MultiPolygon
from shapely.affinity import translate

from trigpoint.atlas import load_atlas
from trigpoint.atlas.outline_writer import format_outline
from trigpoint.atlas.outlines import VIEWS, open_outline
from trigpoint.atlas.structure_index import STORED, format_index
from trigpoint.atlas.structure_writer import format_structure
from trigpoint.atlas.structures import CONTEXT, Structure
from trigpoint.files.shipped import resource
from trigpoint.geometry.rings import areas_in, lines_in

SOURCE = (
    "BodyParts3D, © The Database Center for Life Science licensed under CC Attribution 4.0 International; "
    "changed: registered to another body, smoothed, projected, drawn"
)
WORDS = {"licence": "CC BY 4.0", "author": "trigpoint contributors", "source": SOURCE}
SHIPPED = "assets", "body_outlines"
MUSCLES = ("gluteus_maximus", "gluteus_medius", "longissimus_thoracis", "piriformis", "tensor_fasciae_latae")
BONES = {
    "pelvis": ("coccyx", "hip_bone", "sacrum"),
    "femur": ("femur",),
    "leg": ("patella", "tibia"),
    "ribs": ("rib_11", "rib_12"),
    "spine": ("vertebra_l3", "vertebra_l4", "vertebra_l5"),
}
TRACT = "iliotibial_tract"


def parts(view: str) -> dict[str, list[Structure]]:
    """The structures of a view by the file that they go into."""
    shown = load_atlas().outline("neutral", view).structures
    found = {key: [muscle(shown[key])] for key in MUSCLES if key in shown}
    for file, bones in BONES.items():
        if drawn := [bone(shown[key]) for key in bones if key in shown]:
            found[file] = drawn
    if view == "right":
        band = muscle(shown["tensor_fasciae_latae"])
        found[TRACT] = [replace(band, id=TRACT, kind=CONTEXT, title="Iliotibial tract", members={})]
    return found


def muscle(bare: Structure) -> Structure:
    """The muscle with five tones, a tendon with two at its lower end, and two bellies."""
    rim = bare.rim
    x0, y0, x1, y1 = rim.bounds
    tendon = areas_in(shapely.intersection(rim, shapely.box(x0, y1 - 0.2 * (y1 - y0), x1, y1)))
    middle = (x0 + x1) / 2
    boxes = {"inner": (x0, y0, middle, y1), "outer": (middle, y0, x1, y1)}
    halves = {
        f"{bare.id}_{side}": areas_in(shapely.intersection(rim, shapely.box(*box))) for side, box in boxes.items()
    }
    return replace(
        bare,
        tones=steps(rim, 5, 0.03 * (x1 - x0)),
        tendon=tendon,
        tendon_tones=steps(tendon, 2, 0.02 * (x1 - x0)),
        tendon_fibres=lines_in(shapely.intersection(translate(bare.fibres, 1.5, 0), tendon)),
        members=halves,
        member_titles={key: key.replace("_", " ") for key in halves},
    )


def bone(bare: Structure) -> Structure:
    """The bone with two shades."""
    return replace(bare, tones=steps(bare.rim, 2, 2.0))


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
    """The folder with outlines that hold neither muscles nor bones, and with some structures in files of their own."""
    for body in ("female", "male"):
        name = f"{body}.warp.json"
        (folder / name).write_bytes(resource(*SHIPPED, name).read_bytes())
    for body in ("neutral", "female", "male"):
        for view in VIEWS:
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
