"""Everything carried by the bones: guide maps blended by nearness of their bones, then a spline for what is left.

A part listens only to the bones of its layer: the thigh not to the hand beside it, trapezius not to the ribs beneath.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from scipy.spatial import cKDTree

from authoring.anatomy import meshes
from authoring.anatomy.archive import Part
from authoring.anatomy.guides import Stiff, group, guides, stiff
from authoring.anatomy.settle import RULES, correction
from authoring.anatomy.skin_depth import Skin
from authoring.anatomy.splines import Compact, thin
from authoring.anatomy.targets import Targets

HAND = ("forearm", "palm", "mc", "finger")
GIRDLE = ("scapula", "clavicle", "humerus")
BROAD = ("trunk", "ribs", "head", "femur", "leg", "humerus", "scapula")  # heard from afar
# The shoulder blade slides on the chest: what lies over it does not hear ribs, what lies under it not the blade.
LAYERS: dict[str, Callable[[str], bool]] = {
    "trunk and leg": lambda name: not name.startswith(HAND) and name not in GIRDLE,
    "girdle": lambda name: not name.startswith(HAND) and name != "ribs",
    "bridge": lambda name: not name.startswith(HAND),
    "arm": lambda name: name != "ribs",
}
OVER = (
    "trapezius",
    "rhomboid",
    "levator scapulae",
    "infraspinatus",
    "supraspinatus",
    "teres major",
    "teres minor",
    "deltoid",
    "subscapularis",
    "coracobrachialis",
)
UNDER = (
    "iliocostalis",
    "longissimus",
    "spinalis",
    "serratus posterior",
    "rotator",
    "splenius",
    "transversus thoracis",
    "scalenus",
    "disk",
    "external oblique",
    "internal oblique",
    "abdominis",
    "quadratus lumborum",
    "multifid",
    "patellar",
    "thoracolumbar",
    "inguinal",
)
BETWEEN = ("pectoralis", "latissimus")
POWER, LEAST = 3.0, 2.5  # weights are (distance, at least LEAST mm) ** -POWER
MIRROR = np.array([-1.0, 1.0, 1.0])
HOLD = 4.0  # mm from a bone within which a move is not evened
STEPS = 12
THIN = 2.5  # mm between the points of a bone that the blend of the guides measures to
WORKERS = 2  # threads of a search for neighbours


def nearby(
    points: np.ndarray, trees: Mapping[str, cKDTree], layer: str, power: float, least: float
) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Group, rows and weights of the points that are near to each group of bones that a layer hears."""
    found = []
    for name, tree in trees.items():
        if LAYERS[layer](name):
            far = 160.0 if name in BROAD else 60.0
            gap, _ = tree.query(points, distance_upper_bound=far, workers=WORKERS)
            rows = np.flatnonzero(np.isfinite(gap))
            fade = np.clip((far - gap[rows]) / (0.4 * far), 0, 1)
            found.append((name, rows, np.maximum(gap[rows], least) ** -power * fade * fade))
    return found


class Carrier:
    """The bones in the body, rounded to 0.01 mm, and the map that carries the rest; `trees` are in the archive."""

    def __init__(self, parts: Mapping[str, Part], targets: Targets, skin: Skin) -> None:
        named: dict[str, np.ndarray] = {}
        for part in parts.values():
            named.setdefault(part.name.lower(), part.points)
        self.guide, self.places = guides(lambda name: named[name.lower()], targets)
        self.parts, self.targets = parts, targets
        self.groups = {f: group(part.name) for f, part in parts.items() if part.kind == "bone" or "tooth" in part.name}
        self.bones = {file: self._placed(parts[file], name) for file, name in self.groups.items()}
        self.layers: dict[str, str] = {}
        self.settled: dict[str, tuple[float, np.ndarray, np.ndarray]] = {}
        self._settle(skin)
        self.bones = {file: points.round(2) for file, points in self.bones.items()}
        dense: dict[str, list[np.ndarray]] = {}
        for file, name in self.groups.items():
            dense.setdefault(name, []).append(meshes.dense(parts[file].points, parts[file].triangles))
        clouds = {name: np.concatenate(points) for name, points in dense.items()}
        self.trees = {name: cKDTree(points[thin(points, THIN)]) for name, points in clouds.items()}
        self.heard = {
            layer: cKDTree(np.concatenate([points for name, points in clouds.items() if hears(name)]))
            for layer, hears in LAYERS.items()
        }
        self.rest = {layer: self._rest(layer) for layer in LAYERS}

    def _placed(self, part: Part, name: str) -> np.ndarray:
        moved = self.guide[name](part.points)
        return Stiff(part.points, moved)(part.points) if stiff(part.name) else moved

    def _settle(self, skin: Skin) -> None:
        for rule in RULES:
            files = [file for file, name in self.groups.items() if name in rule.groups]
            points = np.concatenate([self.bones[file] for file in files])
            held = np.array([self.guide[rule.groups[0]](self.places[name][None])[0] for name in rule.held])
            scale, turn, shift = correction(points, held, skin, rule)
            self.settled |= dict.fromkeys(rule.groups, (scale, turn, shift))
            for file in files:
                self.bones[file] = scale * self.bones[file] @ turn.T + shift

    def at(self, name: str, points: np.ndarray) -> np.ndarray:
        """Points (n, 3) by the guide map of a group, settled."""
        scale, turn, shift = self.settled.get(name, (1.0, np.eye(3), np.zeros(3)))
        return scale * self.guide[name](points) @ turn.T + shift

    def _blend(self, points: np.ndarray, layer: str) -> np.ndarray:
        total, weight = np.zeros_like(points), np.zeros(len(points))
        for name, rows, share in nearby(points, self.trees, layer, POWER, LEAST):
            if len(rows):
                total[rows] += share[:, None] * self.at(name, points[rows])
                weight[rows] += share
        return total / np.maximum(weight, 1e-300)[:, None]

    def _both(self, points: np.ndarray, layer: str) -> np.ndarray:
        """The blended guide maps, even across the midline."""
        share = np.clip(0.5 - points[:, 0] / 24, 0, 1)[:, None]  # 1 on the right
        share = share * share * (3 - 2 * share)
        out = np.zeros_like(points)
        right, left = share[:, 0] > 0, share[:, 0] < 1
        out[right] += share[right] * self._blend(points[right], layer)
        out[left] += (1 - share[left]) * self._blend(points[left] * MIRROR, layer) * MIRROR
        return out

    def _rest(self, layer: str) -> Compact:
        """What the blended guides leave at the bones."""
        source, goal = [], []
        for file, placed in self.bones.items():
            part = self.parts[file]
            if "tooth" in part.name or not LAYERS[layer](self.groups[file]):
                continue
            fine = self.groups[file].startswith((*HAND, "foot", "mt", "toe"))
            a, b = meshes.dense(part.points, part.triangles), meshes.dense(placed, part.triangles)
            rows = thin(a, 4.0 if fine else 7.0)
            source.append(a[rows])
            goal.append(b[rows])
            if abs(part.points[:, 0].mean()) > 4:  # its mirror image, where the right half may reach
                rows = rows[(a[rows, 0] > -45) & (a[rows, 0] < -2)]
                source.append(a[rows] * MIRROR)
                goal.append(b[rows] * MIRROR)
        a, b = np.concatenate(source), np.concatenate(goal)
        rows = thin(a, 2.0)
        return Compact(a[rows], b[rows] - self._both(a[rows], layer))

    def __call__(self, part: Part) -> np.ndarray:
        """Vertices in the body, before the fit to the skin; the move is evened over the mesh between attachments."""
        points, layer = part.points, self.layer(part)
        move = self._both(points, layer) + self.rest[layer](points) - points
        gap = self.heard[layer].query(points, distance_upper_bound=60, workers=WORKERS)[0]
        free = np.clip((gap - HOLD) / HOLD, 0, 1)[:, None]
        mean = meshes.mean_of_neighbours(part.triangles, len(points))
        for _ in range(STEPS):
            move += 0.6 * free * (mean @ move - move)
        return points + move

    def layer(self, part: Part) -> str:
        """The layer of a part: by its name, else by the bones that it comes near."""
        if part.file not in self.layers:
            self.layers[part.file] = self._layer(part)
        return self.layers[part.file]

    def _layer(self, part: Part, reach: float = 12.0) -> str:
        words = part.name.lower()
        if any(word in words for word in OVER):
            return "girdle"
        if any(word in words for word in BETWEEN):
            return "bridge"
        if any(word in words for word in UNDER):
            return "trunk and leg"
        some = part.points[:: max(1, len(part.points) // 300)]

        def gap(*names: str) -> float:
            return min(tree.query(some)[0].min() for name, tree in self.trees.items() if name.startswith(names))

        if gap(*HAND) < reach or (gap("humerus") < reach and gap("ribs") > 3):
            return "arm"
        return "bridge" if gap(*GIRDLE) < 5 else "trunk and leg"
