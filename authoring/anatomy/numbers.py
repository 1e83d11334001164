"""The numbers that say how well the whole body is registered, each with the limit that it must keep."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from authoring.anatomy import bone_landmarks, meshes, skin_fit
from authoring.anatomy.guides import similarity
from authoring.anatomy.registered import MOVED, whole
from authoring.anatomy.skin_depth import Skin
from authoring.anatomy.unfold import Local
from authoring.body.skin import build
from authoring.painting.places import place

TOUCH = 3.0  # mm: what lies nearer to a bone in the archive is attached
JOINTS = (
    ("Right hip bone", "Right femur"),
    ("Right femur", "Right tibia"),
    ("Right femur", "Right patella"),
    ("Right tibia", "Right talus"),
    ("Right talus", "Right calcaneus"),
    ("Right scapula", "Right humerus"),
    ("Right clavicle", "Manubrium"),
    ("Right clavicle", "Right scapula"),
    ("Right humerus", "Right ulna"),
    ("Right humerus", "Right radius"),
    ("Right radius", "Right scaphoid"),
    ("Right radius", "Right lunate"),
    ("Right third metacarpal bone", "Proximal phalanx of right middle finger"),
    ("Sacrum", "Right hip bone"),
    ("Occipital bone", "Atlas"),
    ("Right temporal bone", "Mandible"),
    ("Fifth lumbar vertebra", "Sacrum"),
    ("Right sixth rib", "Sixth thoracic vertebra"),
)


PAGE = Path(__file__).resolve().parents[2] / "docs" / "registration.md"
INTRODUCTION = """# How bones and muscles were brought into the body

Bones and muscles come from an open atlas, BodyParts3D 4.0, of one adult man who lies on his back. Here they are carried
into the standing body that the maps are drawn on: first the bones, by landmarks that both bodies have, then the muscles
with the bones that they are attached to; at the end everything is fitted under the skin. The table says how well that
went: `a > b` is `a` in the atlas and `b` here. `python -m authoring registration` writes this page.

Half of what the axes of the knee differ by is a bend of the tibia, which is why it is the least stiff bone. Pubic
tubercle and medial epicondyle stay where anthropometry has them, as the man of the atlas lies, with his thighs turned
inwards.

"""


@dataclass(frozen=True)
class Row:
    """A line of the table: what is measured, its limit in words, what was found."""

    what: str
    limit: str
    found: str


@cache
def by_name() -> dict[str, str]:
    """File of each part by its name."""
    return {part.name: file for file, part in reversed(whole().parts.items())}


@cache
def folds() -> dict[str, float]:
    """Least determinant of the local affine map of every soft part, by file."""
    body = whole()
    soft = [file for file in body.parts if file not in body.groups]
    return {
        file: float(Local(body.parts[file].points).determinants(body.points["standing"][file]).min()) for file in soft
    }


@cache
def stiffness() -> dict[str, float]:
    """Deviation (rms, mm) of every bone from a similarity, by file."""
    body, found = whole(), {}
    for file in body.groups:
        source, here = body.parts[file].points, body.points["standing"][file]
        scale, turn, shift = similarity(source, here)
        found[file] = float(np.sqrt(((scale * source @ turn.T + shift - here) ** 2).sum(1).mean()))
    return found


@cache
def joints() -> dict[str, tuple[float, float]]:
    """The gap between the bones of each joint (mm), in the archive and here."""
    return {f"{one} - {two}": (_gap(one, two, here=False), _gap(one, two, here=True)) for one, two in JOINTS}


def _gap(one: str, two: str, *, here: bool) -> float:
    body, clouds = whole(), []
    for name in (one, two):
        file = by_name()[name]
        points = body.points["standing"][file] if here else body.parts[file].points
        clouds.append(meshes.dense(points, body.parts[file].triangles))
    return float(np.sort(cKDTree(clouds[1]).query(clouds[0])[0])[:5].mean())


@cache
def condyles() -> dict[str, tuple[float, float]]:
    """The gap between femur and tibia at either condyle (mm), in the archive and here."""
    body = whole()
    femur, tibia = (by_name()[f"Right {name}"] for name in ("femur", "tibia"))
    source = body.parts[tibia].points
    low = body.parts[femur].points
    middle = low[low[:, 1] < low[:, 1].min() + 45, 0]
    middle = (middle.min() + middle.max()) / 2
    high = source[:, 1] > source[:, 1].max() - 25
    found = {}
    for name, side in (("medial", source[:, 0] > middle + 8), ("lateral", source[:, 0] < middle - 8)):
        gaps = []
        for points, other in (
            (source, low),
            (body.points["standing"][tibia], body.points["standing"][femur]),
        ):
            tree = cKDTree(meshes.dense(other, body.parts[femur].triangles))
            gaps.append(float(np.sort(tree.query(points[high & side])[0])[:5].mean()))
        found[name] = gaps[0], gaps[1]
    return found


@cache
def attachments(pose: str = "standing") -> dict[str, tuple[float, float]]:
    """Median distance (mm) of a part's attached vertices from bone, in the archive and here, by file."""
    body = whole()
    trees = [
        cKDTree(np.concatenate([meshes.dense(points[file], body.parts[file].triangles) for file in body.groups]))
        for points in ({file: part.points for file, part in body.parts.items()}, body.points[pose])
    ]
    found = {}
    for file, part in body.parts.items():
        gap = trees[0].query(part.points)[0]
        touch = gap < TOUCH
        if file not in body.groups and touch.sum() >= 5:
            here = trees[1].query(body.points[pose][file][touch])[0]
            found[file] = float(np.median(gap[touch])), float(np.median(here))
    return found


@cache
def depths(pose: str = "standing") -> dict[str, np.ndarray]:
    """Depth under the skin of a pose (mm) of the vertices of every part that it covers, by file."""
    body, skin = whole(), Skin(build())
    skin = skin if pose == "standing" else Skin(build(), pose, outer=skin.outer)
    return {
        file: skin.depth(body.points[pose][file])[0]
        for file, part in body.parts.items()
        if not skin_fit.inner(part.name)
    }


def reached() -> dict[str, float]:
    """Least depth (mm) under the reaching skin of each part that this pose moves, by file."""
    points = whole().points
    return {
        file: float(values.min())
        for file, values in depths("reaching").items()
        if np.abs(points["standing"][file] - points["reaching"][file]).max() > MOVED
    }


@cache
def checks() -> dict[str, tuple[str, float]]:
    """Depths (mm) under the skin at known places, with what is to be expected in words."""
    points = whole().points["standing"]

    def deep(name: str, low: float = -1e9, high: float = 1e9) -> float:
        file = by_name()[name]
        rows = (points[file][:, 1] > low) & (points[file][:, 1] < high)
        return float(depths()[file][rows].min())

    femur, hip = points[by_name()["Right femur"]], points[by_name()["Right hip bone"]]
    under = depths()[by_name()["Right hip bone"]]
    spines = [deep(f"{word} lumbar vertebra") for word in ("First", "Second", "Third", "Fourth", "Fifth")]
    return {
        "greater trochanter": ("12-20", deep("Right femur", femur[:, 1].max() - 80)),
        "anterior superior spine": (
            "about 10",
            float(under[np.argsort(-hip[:, 2] + 0.3 * np.abs(hip[:, 1] - 967))[:30]].min()),
        ),
        "posterior superior spine": ("5-10", float(under[np.argsort(hip[:, 2])[:30]].min())),
        "iliac crest": ("about 10", float(under[hip[:, 1] > 985].min())),
        "spinous processes L1-L5": ("8-12", float(np.mean(spines))),
        "shin": ("3-6", deep("Right tibia", 180, 400)),
        "medial malleolus": ("3-6", deep("Right tibia", high=100)),
        "lateral malleolus": ("3-6", deep("Right fibula", high=100)),
        "patella": ("5-8", deep("Right patella")),
    }


def midline() -> float:
    """How far (mm) the mean of a midline bone lies beside the midline at most."""
    body = whole()
    files = [f for f in body.groups if abs(body.parts[f].points[:, 0].mean()) < 2 and len(body.parts[f].points) > 200]
    return max(abs(float(body.points["standing"][file][:, 0].mean())) for file in files)


LANDMARKS = (
    "asis",
    "psis",
    "iliac_crest_top",
    "iliac_crest_lateral",
    "ischial_tuberosity",
    "pubic_tubercle",
    "greater_trochanter",
    "lateral_epicondyle",
    "medial_epicondyle",
    "fibular_head",
    "tibial_tuberosity",
    "coccyx_tip",
    "c7",
    "t12",
    "l1",
    "l2",
    "l3",
    "l4",
    "l5",
)


@cache
def landmarks() -> dict[str, np.ndarray]:
    """How far (3,) outwards, up and to the front the same place of the bone lies from each landmark of ours (mm)."""
    body, files = whole(), by_name()
    names = {name.lower(): file for name, file in files.items()}
    found = bone_landmarks.find(lambda name: body.parts[names[name.lower()]].points)
    source = np.concatenate([body.parts[file].points for file in body.groups])
    moves = np.concatenate([body.points["standing"][file] for file in body.groups]) - source
    tree = cKDTree(source)
    gaps = {}
    for name in LANDMARKS:
        at = found[name] if name in found else found[f"{name}.tip"]
        gaps[name] = (at + moves[tree.query(at, k=12)[1]].mean(0) - place(name)) * [-1.0, 1.0, 1.0]
    return gaps


def rows() -> list[Row]:
    """The table."""
    body = whole()

    def worst(values: dict[str, float], count: int = 4, *, least: bool = False) -> str:
        files = sorted(values, key=lambda file: values[file] if least else -values[file])[:count]
        return "; ".join(f"{body.parts[file].name} {values[file]:.2f}" for file in files)

    skull = {file for file, name in body.groups.items() if name == "head"}
    here = {file: pair[1] for file, pair in attachments().items()}
    reaching = {file: pair[1] for file, pair in attachments("reaching").items()}
    shallow = {file: float(values.min()) for file, values in depths().items()}
    found = [
        Row("folds: least local change of volume or area", "> 0.3", worst(folds(), least=True)),
        Row("stiffness of bones (rms, mm)", "<= 4", worst({f: v for f, v in stiffness().items() if f not in skull})),
        Row("attachments: median distance from bone (mm)", "<= 3", worst(here)),
        Row("the same, reaching", "", worst(reaching)),
        Row("least depth under the skin (mm)", ">= 2", worst(shallow, least=True)),
        Row("the same of what moves, reaching", ">= 2", worst(reached(), least=True)),
        Row("midline bones beside the midline (mm)", "<= 3", f"{midline():.2f}"),
    ]
    found += [Row(f"joint {name} (mm)", "within 4", f"{a:.1f} > {b:.1f}") for name, (a, b) in joints().items()]
    found += [Row(f"knee, {name} (mm)", "within 2", f"{a:.1f} > {b:.1f}") for name, (a, b) in condyles().items()]
    found += [Row(f"depth of {name} (mm)", limit, f"{value:.1f}") for name, (limit, value) in checks().items()]
    for name, gap in landmarks().items():
        out, up, front = (f"{value:+.0f}" for value in gap)
        size = f"out {out}, up {up}, front {front}: {np.linalg.norm(gap):.0f}"
        found.append(Row(f"bone from landmark {name} (mm)", "<= 8", size))
    return found


def table() -> str:
    """The rows as a table in Markdown."""
    lines = ["| what | limit | found |", "|---|---|---|"]
    return "\n".join(lines + [f"| {row.what} | {row.limit} | {row.found} |" for row in rows()]) + "\n"


def write_page() -> str:
    """Write the page for readers; return the table."""
    found = table()
    PAGE.write_text(INTRODUCTION + found, encoding="utf-8")
    return found
