"""The whole body registered: every part of the archive, and what is added to it, in the poses of the neutral body."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from authoring.anatomy import archive, meshes, skin_fit
from authoring.anatomy.archive import Part
from authoring.anatomy.carry import Carrier
from authoring.anatomy.follow import Follow
from authoring.anatomy.guides import group
from authoring.anatomy.skin_depth import Skin
from authoring.anatomy.targets import Targets
from authoring.anatomy.unfold import Local, ironed, unfold
from authoring.body.kept_results import kept
from authoring.body.skin import POSES, Body, build

MAKERS = (
    "anatomy/archive.py",
    "anatomy/bone_landmarks.py",
    "anatomy/carry.py",
    "anatomy/follow.py",
    "anatomy/guides.py",
    "anatomy/meshes.py",
    "anatomy/registered.py",
    "anatomy/settle.py",
    "anatomy/skin_depth.py",
    "anatomy/skin_fit.py",
    "anatomy/splines.py",
    "anatomy/targets.py",
    "anatomy/unfold.py",
    "body/landmarks.py",
    "content/meshes.tsv",
    "painting/places.py",
)
SHARD = 0.05  # of a mesh: smaller loose pieces go with the rest
FOLDED = 0.32  # local determinant below which a part is unfolded once more
MOVED = 0.5  # mm: a part that a pose moves less than this stays where it is
POSED = 4.0  # mm: how deep under the skin of another pose a part is pushed, or as deep as it lay before
PASSES = 5  # of unfolding and pushing under the skin


@dataclass(frozen=True, eq=False)
class Whole:
    """Source meshes by file; their vertices (n, 3) in the body frame by pose and file, to 0.01 mm; groups of bones."""

    parts: dict[str, Part]
    points: dict[str, dict[str, np.ndarray]]
    groups: dict[str, str]


def extra() -> dict[str, Part]:
    """Solids that the archive lacks, in its frame, by name."""
    if importlib.util.find_spec("authoring.anatomy.sheets") is None:
        return {}
    found: dict[str, Part] = importlib.import_module("authoring.anatomy.sheets").solids()
    return found


@cache
def whole() -> Whole:
    """All parts in the standing and the reaching pose; MeshesMissingError where the archive cannot be read."""
    added = extra()
    parts = archive.parts() | added
    arrays = kept("registered", lambda: register(parts), version=_version(added))
    ends = np.cumsum([len(part.points) for part in parts.values()])[:-1]
    points = {
        pose: dict(zip(parts, np.split(array, ends), strict=True)) for pose, array in zip(POSES, arrays, strict=True)
    }
    return Whole(parts, points, {file: group(part.name) for file, part in parts.items() if is_bone(part)})


def is_bone(part: Part) -> bool:
    """Whether a part is carried as a bone: bones, cartilages of the ribs, teeth."""
    return part.kind == "bone" or "tooth" in part.name


def _version(added: dict[str, Part]) -> bytes:
    """What the result hangs on: the code that makes it, the landmarks, the solids that are added."""
    here = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(b"".join((here / name).read_bytes() for name in MAKERS))
    for file, part in added.items():
        digest.update(file.encode() + part.name.encode() + part.points.round(3).tobytes() + part.triangles.tobytes())
    return digest.digest()


def register(parts: dict[str, Part]) -> tuple[np.ndarray, ...]:
    """Vertices of all parts, one after the other (n, 3), in each pose."""
    body = build()
    skin = Skin(body)
    carrier = Carrier(parts, Targets(body), skin)
    rough = {f: carrier.bones[f] if f in carrier.bones else carrier(part).round(2) for f, part in parts.items()}
    for file, part in parts.items():
        if file not in carrier.bones:
            rough[file] = unfold(Local(part.points), rough[file], part.triangles).round(2)
    least = {f: skin_fit.least(part.name, carrier.groups.get(f, ""), rough[f]) for f, part in parts.items()}
    cut = skin_fit.patches(skin, body.joints)
    bone = np.concatenate([np.full(len(points), file in carrier.bones) for file, points in rough.items()])
    fitted = skin_fit.fit(np.concatenate(list(rough.values())), np.concatenate(list(least.values())), bone, cut)
    ends = np.cumsum([len(points) for points in rough.values()])[:-1]
    fine = dict(zip(parts, np.split(fitted, ends), strict=True))
    for file in parts.keys() - carrier.bones.keys():
        fine[file] = _eased(parts[file], fine[file], least[file], skin)
    return np.concatenate(list(fine.values())), _posed(parts, fine, carrier, (body, "reaching", skin))


def _with_shards(part: Part, points: np.ndarray) -> np.ndarray:
    """The vertices with small loose pieces of the mesh moved as the large piece beside them."""
    whole, *others = meshes.pieces(part.triangles, len(points))
    shards = [rows for rows in others if len(rows) < SHARD * len(points)]
    if not shards:
        return points
    rows = np.concatenate(shards)
    gap, near = cKDTree(part.points[whole]).query(part.points[rows], k=8)
    weight = 1 / (gap + 1.0) ** 2
    moves = (points - part.points)[whole][near]
    moved = points.copy()
    moved[rows] = part.points[rows] + (weight[..., None] * moves).sum(1) / weight.sum(1)[:, None]
    return moved


def _eased(part: Part, points: np.ndarray, least: np.ndarray, skin: Skin) -> np.ndarray:
    """A soft part without folds, and under the skin."""
    local = Local(part.points)
    points = _with_shards(part, points)
    for turn in range(PASSES):
        unfolded = unfold(local, points, part.triangles, wider=3 * turn)
        points = skin_fit.push(unfolded, least, skin)
        if local.determinants(points).min() > FOLDED:
            return points.round(2)
    return skin_fit.push(ironed(local, part.points, points), least, skin).round(2)


def _posed(
    parts: dict[str, Part], fine: dict[str, np.ndarray], carrier: Carrier, to: tuple[Body, str, Skin]
) -> np.ndarray:
    """All parts in another pose (n, 3), what moved under the skin of that pose; `to` has the skin that stands too."""
    body, pose, skin = to
    dense: dict[str, list[np.ndarray]] = {}
    for file, name in carrier.groups.items():
        dense.setdefault(name, []).append(meshes.dense(fine[file], parts[file].triangles))
    bones = {name: np.concatenate(points) for name, points in dense.items()}
    bones = {name: points[:: max(1, len(points) // 3000)] for name, points in bones.items()}
    follow = Follow(bones, carrier.targets.limbs, body, pose)
    posed, around = [], Skin(body, pose, outer=skin.outer)
    for file, part in parts.items():
        bone, points = file in carrier.groups, fine[file]
        moved = follow.bone(carrier.groups[file], points) if bone else follow(points, carrier.layer(part))
        if np.abs(moved - points).max() > MOVED and not skin_fit.inner(part.name):
            moved = skin_fit.push(moved, np.minimum(POSED, skin.depth(points)[0] / skin_fit.FLOOR), around)
        posed.append(moved.round(2))
    return np.concatenate(posed)
