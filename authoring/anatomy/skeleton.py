"""The bones of the body: their ids and groups, and what a view shows of each, with two steps of shade.

A view shows what a viewer sees of each bone: nearer ones hide farther ones. Paired bones are the patient's right; those
of the midline are whole; a lateral view holds the paired bones of the side that faces the viewer. Discs, costal
cartilages and teeth count as bones. Shapes are in the view frame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache

import numpy as np
import shapely
from scipy import ndimage

from authoring.anatomy import archive, meshes, registered
from authoring.anatomy.attachments import DIGITS
from authoring.anatomy.bone_places import ORDINALS
from authoring.anatomy.canvas import Canvas, blurred, rounded
from authoring.body.surface import mirrored
from authoring.body.view import POSE, polygons, project
from authoring.drawing.artwork import silhouette
from trigpoint.atlas.structures import Structure

PPM = 2.0
SMOOTH = 4  # Taubin steps
SHADES = (0.66, 0.40)  # of the blurred shading: a step covers what is darker
SHADE_BLUR = 2.0  # mm
RIM_BLUR, RIM_ROUND = 0.7, 0.5  # mm
LEAST, LEAST_SHADE = 5.0, 8.0  # mm2
TOLERANCE, SHADE_TOLERANCE = 0.2, 0.35  # mm
INSIDE = 0.8  # mm from the silhouette
COCCYX = 812.0  # mm of the archive's height, below which the sacrum's mesh is coccyx
MIDLINE = 4.0  # mm: a part whose middle lies nearer to the midline is not paired

GROUPS = {
    "lumbar_spine": r"(vertebra|disc)_(l\d|t12)",
    "thoracic_spine": r"(vertebra|disc)_t\d+",
    "cervical_spine": r"(vertebra|disc)_c\d",
    "thorax": r"rib_.*|costal_cartilage_.*|sternum|manubrium|xiphoid",
    "pelvis": r"hip_bone|sacrum|coccyx",
    "thigh": r"femur|patella",
    "leg": r"tibia|fibula",
    "foot": r"talus|calcaneus|cuboid|navicular|cuneiform_.*|metatarsal_.*|toe_.*|sesamoid_foot.*",
    "shoulder": r"clavicle|scapula",
    "arm": r"humerus",
    "forearm": r"radius|ulna",
    "hand": r"scaphoid|lunate|triquetral|pisiform|trapezium|trapezoid|capitate|hamate|metacarpal_.*|finger_.*",
    "skull": r".*",
}
FLAT = (
    "ethmoid",
    "frontal",
    "lacrimal",
    "nasal",
    "occipital",
    "parietal",
    "sphenoid",
    "temporal",
    "zygomatic",
    "hyoid",
)
OWN = {
    "Atlas": "vertebra_c1",
    "Axis": "vertebra_c2",
    "Body of sternum": "sternum",
    "Xiphoid process": "xiphoid",
    "Intervertebral disk": "disc_t12",
    "Intervertebral disk of axis": "disc_c2",
    "Hyoid bone": "hyoid",
}


@cache
def ids() -> dict[str, str]:
    """The id of every bone by its file; two files of one bone have one id."""
    return {file: named(row["name"]) for file, row in archive.table().items() if _is_bone(row)}


def _is_bone(row: dict[str, str]) -> bool:
    return row["kind"] == "bone" or any(word in row["name"] for word in ("tooth", "disk"))


def named(name: str) -> str:
    """The id of a bone by its name in the archive: `Right twelfth rib` is `rib_12`."""
    if name in OWN:
        return OWN[name]
    text = name.lower().removeprefix("right ")
    number = next((k for k, word in enumerate(ORDINALS, 1) if re.search(rf"\b{word}\b", text)), 0)
    for row, digits in DIGITS.items():
        for k, digit in enumerate(digits, 1):
            if text.endswith(digit):
                return f"{row[:-1]}_{k}_{text.split()[0]}"
    region = {"cervical": "c", "thoracic": "t", "lumbar": "l"}
    if found := re.search(r"(cervical|thoracic|lumbar) vertebra", text):
        return f"{'disc' if 'disk' in text else 'vertebra'}_{region[found[1]]}{number}"
    if found := re.search(r"(rib|costal cartilage|metacarpal|metatarsal)( bone)?$", text):
        return f"{found[1].replace(' ', '_')}_{number}"
    if found := re.match(r"(medial|intermediate|lateral) cuneiform", text):
        return f"cuneiform_{found[1]}"
    if "sesamoid" in text:
        return "sesamoid_foot"
    text = text.replace(" of right foot", "").replace("hip bone", "hip_bone").replace(" secondary", "")
    return text.removesuffix(" bone").replace(" ", "_")


def title(bone: str) -> str:
    """The English name of a bone by its id: `Vertebra T12`, `Rib 9`."""
    if found := re.fullmatch(r"(vertebra|disc)_([ctl]\d+)", bone):
        return f"{'Vertebra' if found[1] == 'vertebra' else 'Disc below vertebra'} {found[2].upper()}"
    if found := re.fullmatch(r"(finger|toe)_(\d)_(\w+)", bone):
        return f"{found[3].capitalize()} phalanx of {found[1]} {found[2]}"
    if bone in FLAT:
        return f"{bone.capitalize()} bone"
    words = {
        "sternum": "Body of the sternum",
        "xiphoid": "Xiphoid process",
        "sesamoid_foot": "Sesamoid bones of the foot",
    }
    return words.get(bone, bone.replace("_", " ").capitalize())


def group(bone: str) -> str:
    """The file that a bone lies in."""
    return next(name for name, pattern in GROUPS.items() if re.fullmatch(pattern, bone))


@cache
def surfaces(pose: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Vertices and triangles of each bone in the body; the coccyx apart from the sacrum."""
    whole = registered.whole()
    found: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for file, bone in ids().items():
        part = whole.parts[file]
        points = meshes.smooth(whole.points[pose][file], part.triangles, SMOOTH)
        if bone == "sacrum":
            low = part.points[part.triangles][:, :, 1].mean(1) < COCCYX
            found["sacrum"], found["coccyx"] = (points, part.triangles[~low]), (points, part.triangles[low])
        elif bone in found:
            before, triangles = found[bone]
            found[bone] = np.concatenate([before, points]), np.concatenate([triangles, part.triangles + len(before)])
        else:
            found[bone] = points, part.triangles
    return found


@cache
def paired(bone: str) -> bool:
    """Whether there is another of it on the patient's left."""
    points, triangles = surfaces("standing")[bone]
    return abs(float(points[np.unique(triangles)][:, 0].mean())) > MIDLINE


@cache
def _boxes(view: str) -> dict[str, tuple[float, float, float, float]]:
    found = {}
    for bone, (points, triangles) in surfaces(POSE[view]).items():
        flat = project(points[np.unique(triangles)], view)
        found[bone] = (*map(float, flat.min(0)), *map(float, flat.max(0)))
    return found


def near(view: str, box: Sequence[float]) -> list[tuple[np.ndarray, np.ndarray]]:
    """The surfaces of the right and middle bones that meet a box of the view."""
    left, top, right, bottom = box
    return [
        surfaces(POSE[view])[bone]
        for bone, (x0, y0, x1, y1) in _boxes(view).items()
        if x0 < right and x1 > left and y0 < bottom and y1 > top
    ]


@cache
def drawn(view: str) -> tuple[Structure, ...]:
    """The bones that a view other than the left one shows."""
    found = surfaces(POSE[view])
    names = list(found)
    return tuple(seen_of(found, {name for name in names if paired(name)}, view, lambda name: ("bone", title(name))))


def seen_of(
    surfaces: Mapping[str, tuple[np.ndarray, np.ndarray]],
    pairs: Collection[str],
    view: str,
    told: Callable[[str], tuple[str, str]],
) -> Iterator[Structure]:
    """What a view shows of surfaces that hide each other, pairs with fellows; `told` gives kind and title."""
    names = list(surfaces)
    shown = [surfaces[name] for name in names]
    if view != "right":
        shown += [
            (mirrored(points), np.ascontiguousarray(triangles[:, ::-1]))
            for name, (points, triangles) in surfaces.items()
            if name in pairs
        ]
    flat = project(np.concatenate([points for points, _ in shown]), view)
    canvas = Canvas(shown, view, (*flat.min(0), *flat.max(0)), PPM)
    lit = canvas.lit
    inside = silhouette(view).buffer(-INSIDE)
    for number, name in enumerate(names):
        one = _seen(name, canvas, number, lit, inside, *told(name))
        if one is not None:
            yield one


def _seen(
    name: str, canvas: Canvas, number: int, lit: np.ndarray, inside: shapely.Geometry, kind: str, title: str
) -> Structure | None:
    rows, columns = np.nonzero(canvas.owner == number)
    if not len(rows):
        return None
    reach = round(6 * PPM)
    top, left = max(rows.min() - reach, 0), max(columns.min() - reach, 0)
    part = np.s_[top : rows.max() + reach, left : columns.max() + reach]
    own = canvas.owner[part] == number
    shift = np.array([left, top]) / canvas.ppm
    soft = ndimage.gaussian_filter(own.astype(float), RIM_BLUR * PPM)
    rim = rounded(_moved(canvas.contour(0.5 - soft), shift), RIM_ROUND, LEAST, TOLERANCE)
    rim = polygons(rim.intersection(inside))
    if rim.is_empty:
        return None
    shade = blurred(lit[part], own, SHADE_BLUR * PPM)
    tones, within = [], rim
    for level in SHADES:
        shape = rounded(_moved(canvas.contour(shade, level), shift), 0.6, LEAST_SHADE, SHADE_TOLERANCE)
        within = polygons(shape.intersection(within))
        if within.is_empty:
            break
        tones.append(within)
    return Structure(name, kind, canvas.view, title, rim, tuple(tones))


def _moved(shape: shapely.MultiPolygon, shift: np.ndarray) -> shapely.MultiPolygon:
    return shapely.transform(shape, lambda points: points + shift)
