"""Where muscles are attached: from the words of `content/attachments.toml` to sets of vertices of the source meshes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from authoring import content
from authoring.anatomy import archive, meshes
from authoring.anatomy.bone_places import ORDINALS

REACH, TIP_REACH = 4.5, 12.0  # mm of contact, if the table does not say otherwise
TIPS_APART, TIP_SIZE = 14.0, 4.0  # mm
WAYS = {"up": (1, 1.0), "down": (1, -1.0), "front": (2, 1.0), "back": (2, -1.0)}
SIDES = {  # words for a share of a bone's box: axis, and the sign of what is more
    "above": (1, 1.0),
    "below": (1, -1.0),
    "before": (2, 1.0),
    "behind": (2, -1.0),
    "lateral_of": (0, -1.0),
    "medial_of": (0, 1.0),
}
ITEM = {"bone", "where", "within_mm", "end", "tips", *SIDES}
VIEWS = {"anterior", "posterior", "right", "medial", "plantar", "above"}
FEATHER = {
    "insertion_lines",
    "origin_lines",
    "angle",
    "angle_to",
    "from",
    "to",
    "origin_from",
    "origin_to",
    "width",
    "across",
}
PENNATIONS = {"parallel", "fan", "uni", "bi", "multi", "spiral", "sling"}
# soft parts that muscles are attached to: retinaculum, membranes, tendon, tract, ligament, line, cartilage
SOFT = ("FJ1471", "FJ1476", "FJ1392", "FJ1405", "FJ1423", "FJ2764", "FJ1448", "FJ2808")
KINDS = {
    "ribs": "right {} rib",
    "costal cartilages": "right {} costal cartilage",
    "cervical": "{} cervical vertebra",
    "thoracic": "{} thoracic vertebra",
    "lumbar": "{} lumbar vertebra",
    "metacarpals": "right {} metacarpal bone",
    "metatarsals": "right {} metatarsal bone",
}
DIGITS = {
    "fingers": ("thumb", "index finger", "middle finger", "ring finger", "little finger"),
    "toes": ("big toe", "second toe", "third toe", "fourth toe", "little toe"),
}

Items = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Entry:
    """One mesh of a muscle: its attachments and its fibres, as the table has them."""

    file: str
    name: str
    of: str
    views: tuple[str, ...]
    pennation: str
    tendon_origin: float
    tendon_insertion: float
    origin: Items
    insertion: Items
    head: str = ""
    slant: float | None = None
    tendon_middle: tuple[float, float] | None = None
    feather: Mapping[str, Any] = field(default_factory=dict)
    axis: Mapping[str, float] = field(default_factory=dict)
    pieces: str = ""
    keep_side: float | None = None
    calm: float = 1.0


@cache
def entries() -> dict[str, Entry]:
    """The entries by file, in the order of the table; ValueError with the file for what it does not know."""
    return {file: _entry(file, row) for file, row in content.table("attachments").items()}


@cache
def of(muscle: str) -> tuple[Entry, ...]:
    """The entries of a muscle by its id."""
    return tuple(entry for entry in entries().values() if entry.of == muscle)


def _entry(file: str, row: Mapping[str, Any]) -> Entry:
    words = dict(row)
    words.pop("notes", None)
    try:
        tendon = dict(words.pop("tendon"))
        for key in ("origin", "insertion"):
            words[key] = tuple(words[key])
            for item in words[key]:
                _known(item.keys(), ITEM, "word in an attachment")
                _known({"bone", "where"} - item.keys(), set(), "attachment without")
        _known([words["pennation"]], PENNATIONS, "pennation")
        _known(words["views"], VIEWS, "view")
        _known(words.get("feather", {}), FEATHER, "word of a feather")
        words["views"] = tuple(words["views"])
        middle = tendon.pop("middle", None)
        ends = {"tendon_origin": tendon.pop("origin"), "tendon_insertion": tendon.pop("insertion")}
        _known(tendon, set(), "word of a tendon")
        return Entry(file, tendon_middle=tuple(middle) if middle else None, **ends, **words)
    except (TypeError, KeyError, ValueError) as error:
        raise ValueError(f"{file}: {error}") from None


def _known(words: Iterable[str], known: Collection[str], what: str) -> None:
    if strange := sorted(set(words) - set(known)):
        raise ValueError(f"no {what} {', '.join(strange)}")


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    """Files by the name of a bone or soft part, in lower case."""
    found: dict[str, tuple[str, ...]] = {}
    for file, row in archive.table().items():
        if row["kind"] == "bone" or file in SOFT:
            name = row["name"].lower()
            found[name] = (*found.get(name, ()), file)
    return found


def bones(name: str) -> tuple[str, ...]:
    """The files of a bone, or of a group of bones such as `ribs 3-5`; KeyError for none of that name."""
    return tuple(file for one in _named(name.lower()) for file in _by_name()[one])


def _named(name: str) -> list[str]:
    found = re.fullmatch(r"([a-z ]+?) (\d+)(?:-(\d+))?", name)
    if found and found[1] in KINDS:
        numbers = _numbers(found[2], found[3], len(ORDINALS), name)
        top = {1: "atlas", 2: "axis"} if found[1] == "cervical" else {}
        return [top.get(number, KINDS[found[1]].format(ORDINALS[number - 1])) for number in numbers]
    found = re.fullmatch(r"(proximal|middle|distal) (fingers|toes) (\d)(?:-(\d))?", name)
    if found:
        numbers = _numbers(found[3], found[4], len(DIGITS[found[2]]), name)
        names = [f"{found[1]} phalanx of right {DIGITS[found[2]][number - 1]}" for number in numbers]
        if not set(names) & _by_name().keys():
            raise KeyError(name)
        return [one for one in names if one in _by_name()]
    if name not in _by_name():
        raise KeyError(name)
    return [name]


def _numbers(first: str, last: str | None, most: int, name: str) -> range:
    """The numbers of a group, from 1; KeyError for others."""
    numbers = range(int(first), int(last or first) + 1)
    if not numbers or numbers[0] < 1 or numbers[-1] > most:
        raise KeyError(name)
    return numbers


@cache
def _cloud(file: str) -> tuple[cKDTree, np.ndarray, np.ndarray]:
    """A tree of points on a bone, and the corners of its box."""
    part = archive.parts()[file]
    points = meshes.dense(part.points, part.triangles)
    return cKDTree(points), points.min(0), points.max(0)


def way(word: str, points: np.ndarray) -> np.ndarray:
    """The unit vector (3,) of a word; medial and lateral follow the side that the points lie on."""
    vector = np.zeros(3)
    if word in WAYS:
        axis, sign = WAYS[word]
        vector[axis] = sign
    elif word in ("medial", "lateral"):
        outward = -1.0 if np.median(points[:, 0]) < 0 else 1.0
        vector[0] = outward if word == "lateral" else -outward
    else:
        raise ValueError(f"no way '{word}'")
    return vector


def vertices(points: np.ndarray, triangles: np.ndarray, items: Sequence[Mapping[str, Any]]) -> np.ndarray:
    """Which vertices (n,) of a mesh in the archive's pose any of the items takes."""
    keep = np.zeros(len(points), bool)
    for item in items:
        keep |= _one(points, triangles, item)
    return keep


def _one(points: np.ndarray, triangles: np.ndarray, item: Mapping[str, Any]) -> np.ndarray:
    keep = np.ones(len(points), bool)
    for text in item.get("end", ()):
        keep &= at_end(points, text)
    if "tips" in item:
        keep &= tips(points, triangles, item["tips"])
    if item["bone"]:
        reach = float(item.get("within_mm", TIP_REACH if "tips" in item else REACH))
        files = [file for name in item["bone"] for file in bones(name)]
        keep &= np.any([_touching(points, file, reach, item) for file in files], axis=0)
    return keep


def _touching(points: np.ndarray, file: str, reach: float, item: Mapping[str, Any]) -> np.ndarray:
    tree, low, high = _cloud(file)
    near = tree.query(points, distance_upper_bound=reach + 1)[0] < reach
    for word, (axis, sign) in SIDES.items():
        if word in item:
            share = (points[:, axis] - low[axis]) / (high[axis] - low[axis])
            if axis == 0:
                share = share if np.median(points[:, 0]) < 0 else 1 - share
                near &= sign * (share - (1 - item[word])) > 0
            else:
                near &= sign * (share - item[word]) > 0
    return near


def at_end(points: np.ndarray, text: str) -> np.ndarray:
    """Vertices (n,) in the last share of the extent: `up 0.1`, or `axis up 0.1` along the longest axis."""
    *first, word, share = text.split()
    toward = way(word, points)
    if first == ["axis"]:
        axis = np.linalg.svd(points - points.mean(0), full_matrices=False)[2][0]
        toward = axis * np.sign(axis @ toward)
    elif first:
        raise ValueError(f"no end '{text}'")
    along = points @ toward
    return along >= along.max() - float(share) * np.ptp(along)


def tips(points: np.ndarray, triangles: np.ndarray, text: str) -> np.ndarray:
    """Vertices (n,) around every local extreme towards one way or two: `up medial 10` has them 10 mm apart or more."""
    words = text.split()
    apart = float(words.pop()) if words[-1].replace(".", "").isdigit() else TIPS_APART
    toward = np.sum([way(word, points) for word in words], axis=0)
    height = points @ (toward / np.linalg.norm(toward))
    near = meshes.adjacency(triangles, len(points))
    over = near.multiply(height[None, :] - height.min()).max(1).toarray().ravel() + height.min()
    length: sparse.csr_matrix = meshes.lengths(points, triangles)
    keep = np.zeros(len(points), bool)
    for row in np.flatnonzero(height >= over - 1e-9):
        far = csgraph.dijkstra(length, indices=row, limit=apart)
        if height[row] >= height[far <= apart].max() - 1e-6:
            keep |= far <= TIP_SIZE
    return keep
