"""Places on the bones of the mesh archive, in words: `crest 0.3`, `rib8 0.6 lower`, `l3 transverse, out 5, up 2`.

Patient's right, in the archive's frame and pose (x to the body's left, y up, z to the front, mm). A place is a word, or
a share of the way between two (`asis > pubic_tubercle 0.4`), then shifts in mm: out (to the right), in, up, down,
front, back. Words:

asis, psis, pubic_tubercle, pubic_symphysis   of the hip bone; the symphysis at its upper front
crest T            iliac crest, 0 at the ASIS, 1 at the PSIS
ribN T SIDE        along rib N (1-12), 0 head, 1 front end; SIDE is lower, upper, outer, inner; the middle without it
cartilageN T SIDE  along costal cartilage N (1-7), 0 at the rib, 1 at the sternum; outer where no SIDE is said
cN, tN, lN PART    vertebra: spinous (its tip), transverse (tip), lamina (back), body (front)
sN                 spinous crest of the sacrum at the level of S1-S5
sternum T          front of the sternum in the midline, 0 jugular notch, 1 tip of the xiphoid
linea T            front of the linea alba, 0 symphysis, 1 xiphoid
inferior_angle, coracoid                      of the scapula
intertubercular    floor of the groove of the humerus, at the height of teres major
patella_apex, tibial_tuberosity               lower tip of the patella, most prominent point of the tuberosity
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from authoring.anatomy import archive, meshes

ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
SPINE = {"c": ("cervical", 7), "t": ("thoracic", 12), "l": ("lumbar", 5)}
SHIFTS = {"out": (0, -1), "in": (0, 1), "up": (1, 1), "down": (1, -1), "front": (2, 1), "back": (2, -1)}
TRUNK_AXIS_Z = 75.0  # mm: the trunk's long axis runs through x = 0 at this depth


def place(text: str) -> np.ndarray:
    """The point (3,) that the words mean; ValueError for words unknown."""
    first, *shifts = [phrase.strip() for phrase in text.split(",")]
    start, way, rest = first.partition(">")
    point = _base(start.strip())
    if way:
        *second, share = rest.split()
        point = point + _number(share, text) * (_base(" ".join(second)) - point)
    for shift in shifts:
        word, _, size = shift.partition(" ")
        if word not in SHIFTS:
            raise ValueError(f"{text!r}: {word!r} is no direction ({', '.join(SHIFTS)})")
        axis, sign = SHIFTS[word]
        point = point + sign * _number(size, text) * np.eye(3)[axis]
    return point


@cache
def bone(name: str) -> archive.Part:
    """The mesh of that name (any case, the side left out or said)."""
    found = _by_name().get(name.lower()) or _by_name().get(f"right {name.lower()}")
    if found is None:
        raise ValueError(f"no mesh is called {name!r}")
    return found


@cache
def _by_name() -> dict[str, archive.Part]:
    named: dict[str, archive.Part] = {}
    for part in archive.parts().values():
        named.setdefault(part.name.lower().replace("left ", "right "), part)
    return named


def bone_of(text: str) -> str:
    """The name of the bone that a place lies on, where it is one bone and the place is not shifted; else empty."""
    if "," in text or ">" in text:
        return ""
    head = text.split()[0]
    if found := re.fullmatch(r"(rib|cartilage|[ctl])(\d+)", head):
        return _numbered(found[1], int(found[2]))
    if re.fullmatch(r"s\d", head):
        return "sacrum"
    return {word: name for name, words in OF_BONE.items() for word in words}.get(head, "")


OF_BONE = {
    "hip bone": ("asis", "psis", "crest", "pubic_tubercle", "pubic_symphysis"),
    "scapula": ("inferior_angle", "coracoid"),
    "humerus": ("intertubercular",),
    "patella": ("patella_apex",),
    "tibia": ("tibial_tuberosity",),
    "linea alba": ("linea",),
}


def _numbered(kind: str, number: int) -> str:
    most = {"rib": 12, "cartilage": 7}.get(kind) or SPINE[kind][1]
    if not 1 <= number <= most:
        raise ValueError(f"{kind}{number}: there are {most}")
    if kind == "rib":
        return f"{ORDINALS[number - 1]} rib"
    if kind == "cartilage":
        return f"{ORDINALS[number - 1]} costal cartilage"
    if kind == "c" and number < 3:
        return ("atlas", "axis")[number - 1]
    return f"{ORDINALS[number - 1]} {SPINE[kind][0]} vertebra"


def _number(text: str, whole: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{whole!r}: {text!r} is no number") from None


def _base(text: str) -> np.ndarray:
    head, *words = text.split()
    shares = [float(word) for word in words if re.fullmatch(r"[\d.]+", word)]
    sides = [word for word in words if not re.fullmatch(r"[\d.]+", word)]
    side = sides[0] if sides else ""
    if found := re.fullmatch(r"(rib|cartilage)(\d+)", head):
        return _along_rib(found[1], int(found[2]), _share(shares, text), side)
    if found := re.fullmatch(r"([ctl])(\d+)", head):
        return _of_vertebra(_numbered(found[1], int(found[2])), side, text)
    if found := re.fullmatch(r"s([1-5])", head):
        return _sacral_crest(int(found[1]))
    if head == "crest":
        return _on_line(_crest(), _share(shares, text))
    if head in ("sternum", "linea"):
        return _midline(head, _share(shares, text))
    return _landmark(head)


def _share(shares: list[float], text: str) -> float:
    if len(shares) != 1:
        raise ValueError(f"{text!r} needs one share of the way")
    return shares[0]


def _along_rib(kind: str, number: int, share: float, side: str) -> np.ndarray:
    part = bone(_numbered(kind, number))
    root = _numbered("t", number) if kind == "rib" else _numbered("rib", number)
    way = _way_along(part.name, bone(root).name)
    band = np.flatnonzero(np.abs(way - share) < 0.02)
    if not len(band):
        band = np.argsort(np.abs(way - share), kind="stable")[:6]
    ring = part.points[band]
    radius = np.hypot(ring[:, 0], ring[:, 2] - TRUNK_AXIS_Z)
    sides = {"lower": -ring[:, 1], "upper": ring[:, 1], "outer": radius, "inner": -radius}
    side = side or ("outer" if kind == "cartilage" else "")
    if side and side not in sides:
        raise ValueError(f"{side!r} is no side of a rib ({', '.join(sides)})")
    return ring[np.argmax(sides[side])] if side else ring.mean(0)


@cache
def _way_along(name: str, root: str) -> np.ndarray:
    """Share of the way along a rib or cartilage (n,), from its vertex nearest to the mesh `root`."""
    part = bone(name)
    distance, _ = cKDTree(bone(root).points).query(part.points)
    start = int(np.argmin(distance))
    if "cartilage" in part.name:  # in pieces, one across the midline: as the crow flies, on the right
        way = np.linalg.norm(part.points - part.points[start], axis=1)
        way[part.points[:, 0] > 0] = np.inf
    else:
        way = csgraph.dijkstra(meshes.lengths(part.points, part.triangles), indices=start)
    reached = np.isfinite(way)
    return np.where(reached, way, 9e9) / way[reached].max()


def _of_vertebra(name: str, side: str, text: str) -> np.ndarray:
    points = bone(name).points
    x, _, z = points.T
    if side == "transverse":
        return points[np.argmin(x)]
    if side == "body":
        return points[np.argmax(np.where(np.abs(x) < 5, z, -9e9))]
    if side == "lamina":
        return points[np.argmin(np.where((x < -6) & (x > -14), z, 9e9))]
    if side == "spinous":
        return points[np.argmin(np.where(np.abs(x) < 6, z, 9e9))]
    raise ValueError(f"{text!r}: a vertebra has spinous, transverse, lamina, body")


def _sacral_crest(number: int) -> np.ndarray:
    points = bone("sacrum").points
    height = points[:, 1].max() - (0.1 + 0.17 * (number - 1)) * np.ptp(points[:, 1])
    near = points[(np.abs(points[:, 1] - height) < 6) & (np.abs(points[:, 0]) < 10)]
    return near[np.argmin(near[:, 2])]


@cache
def _crest() -> np.ndarray:
    points = bone("hip bone").points
    front, back = _landmark("asis"), _landmark("psis")
    line = [front]
    for z in np.linspace(front[2], back[2], 30)[1:-1]:
        slice_ = points[np.abs(points[:, 2] - z) < 3.5]
        line.append(slice_[np.argmax(slice_[:, 1])])
    return np.array([*line, back])


def _on_line(line: np.ndarray, share: float) -> np.ndarray:
    step = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    return np.array([np.interp(share * step[-1], step, line[:, axis]) for axis in range(3)])


def _midline(head: str, share: float) -> np.ndarray:
    names = {"sternum": ("manubrium", "body of sternum", "xiphoid process"), "linea": ("linea alba",)}[head]
    points = np.concatenate([bone(name).points for name in names])
    points = points[np.abs(points[:, 0]) < 8]
    low, high = points[:, 1].min(), points[:, 1].max()
    y = low + (share if head == "linea" else 1 - share) * (high - low)
    return np.array([0.0, y, points[np.abs(points[:, 1] - y) < 5, 2].max()])


@cache
def _landmark(word: str) -> np.ndarray:
    if word not in _LANDMARKS:
        raise ValueError(f"{word!r} is no place on a bone")
    name, rule = _LANDMARKS[word]
    points = bone(name).points
    return points[np.argmax(rule(*points.T))]


def _above(y: np.ndarray, share: float) -> np.ndarray:
    """0 in the upper part of a bone from this share of its height, far below 0 under it."""
    return np.where(y > y.min() + share * np.ptp(y), 0.0, -9e9)


def _within(inside: np.ndarray) -> np.ndarray:
    return np.where(inside, 0.0, -9e9)


_LANDMARKS = {  # the vertex of the bone where the expression is greatest
    "asis": ("hip bone", lambda x, y, z: z - 0.4 * x + _above(y, 0.6)),
    "psis": ("hip bone", lambda x, y, z: -z + _above(y, 0.6)),
    "pubic_tubercle": (
        "hip bone",
        lambda x, y, z: z + 0.6 * y - 0.6 * np.abs(x + 25) + _within((x > -32) & (z > 100)),
    ),
    "pubic_symphysis": ("hip bone", lambda x, y, z: y + 0.5 * z + _within((x > -8) & (z > 90))),
    "inferior_angle": ("scapula", lambda x, y, z: -y),
    "coracoid": ("scapula", lambda x, y, z: z),
    "intertubercular": (
        "humerus",
        lambda x, y, z: z + 0.35 * x + _within(np.abs(y - y.max() + 0.16 * np.ptp(y)) < 6),
    ),
    "patella_apex": ("patella", lambda x, y, z: -y),
    "tibial_tuberosity": (
        "tibia",
        lambda x, y, z: z + _within((y < y.max() - 0.08 * np.ptp(y)) & (y > y.max() - 0.16 * np.ptp(y))),
    ),
}
