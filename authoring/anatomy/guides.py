"""A guide map for each group of bones, from the archive's pose into the neutral body.

Similarities for pelvis, vertebrae, scapula, foot and palm; frames from joint to joint, with taper, twist and a small
bend, for the segments of limbs; scales along the axes and a spline for the skull; splines for trunk and ribs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.interpolate import RBFInterpolator

from authoring.anatomy import bone_landmarks
from authoring.anatomy.bone_landmarks import FINGERS, NUMBER, TOES, Bones, far
from authoring.anatomy.targets import FLANK, FURROW, NAPE, NOTCH, STERNUM, XIPHOID_JOINT, Targets, Walk, unit
from authoring.painting.places import place

Map = Callable[[np.ndarray], np.ndarray]
Places = dict[str, np.ndarray]
RISEN = np.array([3.0, 15.0, 0.0])  # mm: the archive's body lies, its quadriceps slack; here the patella stands higher
CARPALS = ("scaphoid", "lunate", "triquetral", "pisiform", "trapezium", "trapezoid", "capitate", "hamate")
TARSALS = ("talus", "calcaneus", "cuboid", "cuneiform", "navicular", "sesamoid")
LONG = {
    "femur": "femur",
    "patella": "patella",
    "tibia": "leg",
    "fibula": "leg",
    "clavicle": "clavicle",
    "scapula": "scapula",
    "humerus": "humerus",
    "radius": "forearm",
    "ulna": "forearm",
}


def similarity(source: np.ndarray, goal: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Scale, rotation (3, 3) and shift (3,) that take points `source` (n, 3) nearest to `goal` (Umeyama 1991)."""
    middle, there = source.mean(0), goal.mean(0)
    left, size, right = np.linalg.svd((source - middle).T @ (goal - there))
    flip = np.array([1.0, 1.0, np.sign(np.linalg.det(right.T @ left.T))])
    turn = right.T @ np.diag(flip) @ left.T
    scale = float((size * flip).sum() / ((source - middle) ** 2).sum())
    return scale, turn, there - scale * turn @ middle


class Stiff:
    """The similarity nearest to pairs of points."""

    def __init__(self, source: Sequence[np.ndarray] | np.ndarray, goal: Sequence[np.ndarray] | np.ndarray) -> None:
        self.scale, self.turn, self.shift = similarity(np.asarray(source, float), np.asarray(goal, float))

    def __call__(self, points: np.ndarray) -> np.ndarray:
        return self.scale * points @ self.turn.T + self.shift


class Segment:
    """From joint to joint: the least turn, a twist (degrees) and a scale across at either end, and a small bend.

    `bend` are two vectors (3,) across the axis: how the axis leans at its first and at its last end, in radians.
    """

    def __init__(
        self,
        source: tuple[np.ndarray, np.ndarray],
        goal: tuple[np.ndarray, np.ndarray],
        twist: tuple[float, float] = (0.0, 0.0),
        across: tuple[float, float] = (1.0, 1.0),
        bend: tuple[np.ndarray, np.ndarray] = (np.zeros(3), np.zeros(3)),
    ) -> None:
        self.start, self.there = source[0], goal[0]
        self.old, self.axis = unit(source[1] - source[0]), unit(goal[1] - goal[0])
        self.length = float(np.linalg.norm(source[1] - source[0]))
        self.new_length = float(np.linalg.norm(goal[1] - goal[0]))
        axis = np.cross(self.old, self.axis)
        cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
        self.turn = np.eye(3) + cross + cross @ cross / (1 + self.old @ self.axis)
        self.twist, self.across, self.bend = np.radians(twist), across, bend

    def __call__(self, points: np.ndarray) -> np.ndarray:
        scale = self.new_length / self.length
        along = (points - self.start) @ self.old
        share = np.clip(along / self.length, 0, 1)
        soft = share * share * (3 - 2 * share)
        off = (points - self.start - along[:, None] * self.old) @ self.turn.T
        off *= ((self.across[0] * (1 - soft) + self.across[1] * soft) * scale)[:, None]
        angle = (self.twist[0] * (1 - soft) + self.twist[1] * soft)[:, None]
        off = off * np.cos(angle) + np.cross(self.axis, off) * np.sin(angle)
        lean, shift = self._lean(along / self.length)
        along = along * scale - (lean * off).sum(1)
        return self.there + along[:, None] * self.axis + off + shift

    def _lean(self, share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How the axis leans (n, 3) and how far it is shifted across (n, 3): a cubic between the ends, then even."""
        inside = np.clip(share, 0, 1)
        first, last = self.bend
        curve = [inside * (1 - inside) ** 2 + np.minimum(share, 0), inside**2 * (inside - 1) + np.maximum(share - 1, 0)]
        slope = [(1 - inside) * (1 - 3 * inside), inside * (3 * inside - 2)]
        lean = slope[0][:, None] * first + slope[1][:, None] * last
        return lean, (curve[0][:, None] * first + curve[1][:, None] * last) * self.new_length

    def frame(self, at: np.ndarray) -> np.ndarray:
        """The rotation (3, 3) nearest to what the map does round a point (3,)."""
        moved = self(np.concatenate([at[None], at + np.eye(3)]))
        left, _, right = np.linalg.svd(moved[1:] - moved[0])
        return (left @ right).T


class Plate:
    """A similarity (or another rough map), then a thin-plate spline for what it leaves."""

    def __init__(self, source: np.ndarray, goal: np.ndarray, smoothing: float, rough: Map | None = None) -> None:
        self.rough = rough or Stiff(source, goal)
        roughly = self.rough(source)
        self.rest = RBFInterpolator(roughly, goal - roughly, kernel="thin_plate_spline", smoothing=smoothing)

    def __call__(self, points: np.ndarray) -> np.ndarray:
        moved = self.rough(points)
        return moved + self.rest(moved)


class Pairs:
    """Places in the archive and in the body; those beside the midline are taken on both sides."""

    def __init__(self) -> None:
        self.rows: dict[tuple[float, ...], np.ndarray] = {}

    def add(self, source: np.ndarray, goal: np.ndarray, *, both: bool = True) -> None:
        for side in (1.0, -1.0) if both else (0.0,):
            self.rows.setdefault(tuple((source * [side, 1, 1]).round(3) + 0.0), goal * [side, 1, 1])

    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        keys = sorted(self.rows)
        return np.array(keys), np.array([self.rows[key] for key in keys])


def _skull(source: Places, goal: Places) -> Plate:
    """Scales from the breadth, height and length of the head, then what single landmarks leave."""
    height = (goal["vertex"][1] - goal["chin"][1]) / (source["vertex"][1] - source["chin"][1])
    length = (goal["glabella"][2] - goal["occiput"][2]) / (source["glabella"][2] - source["occiput"][2])
    scale = np.array([goal["parietal_side"][0] / source["parietal_side"][0], height, length])
    shift = np.array(
        [0, goal["vertex"][1] - height * source["vertex"][1], goal["glabella"][2] - length * source["glabella"][2]]
    )

    def rough(points: np.ndarray) -> np.ndarray:
        return points * scale + shift

    pairs = Pairs()
    for name, at in goal.items():
        pairs.add(source[name], np.where(np.isnan(at), rough(source[name]), at))
    return Plate(*pairs.arrays(), smoothing=8.0, rough=rough)


def _tips(source: Places, targets: Targets) -> Places:
    """Tips of the spinous processes: where the body knows them, between them by share of the height."""
    lumbar = ("t12", "l1", "l2", "l3", "l4", "l5")
    goal = {f"{name}.tip": place(name) * [0, 1, 1] + np.array([0, 0, 3]) for name in lumbar}
    goal["coccyx_tip"] = place("coccyx_tip") * [0, 1, 1]
    goal["c7.tip"] = targets.midline(place("c7")[1], front=False) + np.array([0, 0, NAPE])
    low, high = source["t12.tip"][1], source["c7.tip"][1]
    for k in range(1, 12):
        share = (source[f"t{k}.tip"][1] - low) / (high - low)
        height = goal["t12.tip"][1] + share * (goal["c7.tip"][1] - goal["t12.tip"][1])
        goal[f"t{k}.tip"] = targets.midline(height, front=False) + np.array([0, 0, FURROW])
    return goal


def _trunk(source: Places, targets: Targets, head: Map, bone: Bones) -> Plate:
    """A spline through pelvis, spine, chest wall and the base of the head."""
    pairs = Pairs()
    pelvis = ("asis", "psis", "iliac_crest_top", "iliac_crest_lateral", "ischial_tuberosity", "pubic_tubercle")
    for name in (*pelvis, "hip_centre"):
        pairs.add(source[name], place(name))
    tips = _tips(source, targets)
    for name, at in tips.items():
        pairs.add(source[name], at, both=False)
    for name in ("l5", "l4", "l3", "l2", "l1", "t12", "t10", "t8", "t6", "t4", "t2", "c7"):
        depth = 0.92 if name in ("t10", "t8", "t6", "t4", "t2") else 0.95  # the chest of the body is flatter
        off = source[f"{name}.body"] - source[f"{name}.tip"]
        pairs.add(source[f"{name}.body"], tips[f"{name}.tip"] + depth * off * [0, 1, 1], both=False)
    top, bottom = source["clavicle.inner"][1] - 4, 1181.0  # of the sternal ends of the cartilages in the archive
    for word in NUMBER[:7]:
        at = far(bone(f"Right {word.lower()} costal cartilage"), (1, 0, 0), 0.06)
        height = XIPHOID_JOINT + (at[1] - bottom) / (top - bottom) * (NOTCH - XIPHOID_JOINT)
        pairs.add(at, np.array([at[0], height, targets.midline(height, front=True)[2] - STERNUM - 5]))
    levels = sorted((source[name][1], at[1]) for name, at in tips.items() if name.endswith(".tip"))
    for k in range(3, 11):
        at = far(bone(f"Right {NUMBER[k - 1].lower()} rib"), (-1, 0, 0), 0.01)
        height = float(np.interp(at[1], *np.array(levels).T))
        wide = min(targets.flank(height), 146.0) - FLANK - (10 if k < 6 else 0)
        pairs.add(at, np.array([-min(wide, 0.93 * abs(at[0])), height, np.nan]))
    a, b = pairs.arrays()
    known = ~np.isnan(b).any(1)
    b = np.where(np.isnan(b), Plate(a[known], b[known], smoothing=60.0)(a), b)
    base = np.array(
        [source[n] * [side, 1, 1] for n in ("condyle", "mastoid", "occiput", "chin", "ear") for side in (1, -1)]
    )
    a, rows = np.unique(np.concatenate([a, base]).round(3), axis=0, return_index=True)
    return Plate(a, np.concatenate([b, head(base)])[rows], smoothing=40.0)


def _limb_leg(source: Places, targets: Targets, maps: dict[str, Map]) -> None:
    goal = targets.limbs
    maps["foot"] = Stiff(
        [source["ankle_centre"], source["heel"], *(source[f"toe{k}.j1"] for k in range(1, 6))],
        [goal["ankle_centre"], goal["heel"], *(targets.toe(k)(0.0) for k in range(1, 6))],
    )
    thigh = ((source["hip_centre"], source["knee_centre"]), (goal["hip_centre"], goal["knee_centre"]))
    shank = ((source["knee_centre"], source["ankle_centre"]), (goal["knee_centre"], goal["ankle_centre"]))
    # The body's legs are bowed at the knee where the archive's are straight: each bone takes half of that as a bend.
    at, taper = source["knee_centre"], (1.03, 0.76)
    femur = Segment(*thigh, twist=(-2, -5))
    leg = Segment(*shank, twist=(-5, -11), across=taper)
    apart = leg.frame(at) @ femur.frame(at).T
    lean = np.array([apart[2, 1] - apart[1, 2], apart[0, 2] - apart[2, 0], apart[1, 0] - apart[0, 1]]) / 2
    first = np.cross(lean / 2, femur.axis)
    second = np.cross(-lean / 2, leg.axis)
    spin = float(np.degrees(lean @ leg.axis))
    maps["femur"] = thigh_map = Segment(*thigh, twist=(-2, -5), bend=(np.zeros(3), first))
    maps["leg"] = Segment(*shank, twist=(-5 - spin, -11), across=taper, bend=(second, np.zeros(3)))
    maps["patella"] = lambda points: thigh_map(points) + RISEN
    for k in range(1, 6):
        base = maps["foot"](source[f"mt{k}.base"][None])[0]
        maps[f"mt{k}"] = Segment((source[f"mt{k}.base"], source[f"toe{k}.j1"]), (base, targets.toe(k)(0.0)))
        _digit(source, f"toe{k}", targets.toe(k), maps)


def _limb_arm(source: Places, targets: Targets, maps: dict[str, Map]) -> None:
    goal = targets.limbs
    held = ("shoulder_centre", "shoulder_centre", "acromion", "inferior_angle", "spine_root", "superior_angle")
    maps["scapula"] = Stiff([source[name] for name in held], [goal[name] for name in held])
    # by the manubrium, and under the skin
    inner = (maps["trunk"](source["clavicle.inner"][None])[0] + goal["clavicle.inner"]) / 2
    maps["clavicle"] = Segment((source["clavicle.inner"], source["clavicle.outer"]), (inner, goal["clavicle.outer"]))
    maps["humerus"] = Segment(
        (source["shoulder_centre"], source["elbow_centre"]),
        (goal["shoulder_centre"], goal["elbow_centre"]),
        across=(1.0, 0.97),
    )
    maps["palm"] = palm = Stiff(
        [source["wrist_centre"]] * 2 + [source[f"finger{k}.j1"] for k in range(2, 6)],
        [goal["wrist_centre"]] * 2 + [targets.finger(k)(0.0) for k in range(2, 6)],
    )
    fore = ((source["elbow_centre"], source["wrist_centre"]), (goal["elbow_centre"], goal["wrist_centre"]))
    breadth = source["finger5.j1"] - source["finger2.j1"]
    twist = _twist(Segment(*fore), palm, breadth, source["wrist_centre"])
    maps["forearm"] = Segment(*fore, twist=(0.0, twist), across=(0.95, 0.88))
    for k in range(1, 6):
        base = source[f"mc{k}.base"]
        ray = ((base, source[f"finger{k}.j1"]), (palm(base[None])[0], targets.finger(k)(0.0)))
        turn = 0.0 if k == 1 else _twist(Segment(*ray), palm, breadth, base)
        maps[f"mc{k}"] = Segment(*ray, twist=(turn, turn))
        _digit(source, f"finger{k}", targets.finger(k), maps)


def _digit(source: Places, name: str, walk: Walk, maps: dict[str, Map]) -> None:
    """Phalanges: the joints at the same shares of the digit's length as in the archive."""
    joints = [source[f"{name}.j{j}"] for j in range(1, 4) if f"{name}.j{j}" in source] + [source[f"{name}.tip"]]
    along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(joints, axis=0), axis=1))]
    goal = [walk(x / along[-1]) for x in along]
    for j in range(len(joints) - 1):
        maps[f"{name}.{j + 1}"] = Segment((joints[j], joints[j + 1]), (goal[j], goal[j + 1]))


def _twist(one: Segment, two: Map, vector: np.ndarray, at: np.ndarray) -> float:
    """Degrees about the axis of `one` by which `two` turns a side vector farther."""
    ends = np.array([at, at + vector])
    (a, b), (c, d) = one(ends), two(ends)
    u, w = b - a, d - c
    u, w = u - one.axis * (u @ one.axis), w - one.axis * (w @ one.axis)
    return float(np.degrees(np.arctan2(np.cross(u, w) @ one.axis, u @ w)))


def guides(bone: Bones, targets: Targets) -> tuple[dict[str, Map], Places]:
    """The guide map of every group of bones, and the landmarks of the archive."""
    source = bone_landmarks.find(bone)
    head = _skull(source, targets.head)
    trunk = _trunk(source, targets, head, bone)
    maps: dict[str, Map] = {"head": head, "trunk": trunk, "ribs": trunk}
    _limb_leg(source, targets, maps)
    _limb_arm(source, targets, maps)
    return maps, source


def group(name: str) -> str:
    """The group of a bone by its English name: bones of one group share a guide map."""
    words = name.lower()
    for kind, digits in (("finger", FINGERS), ("toe", TOES)):
        for k, digit in enumerate(digits, 1):
            if words.endswith(digit):
                row = ("proximal", "middle", "distal").index(words.split()[0]) + 1
                return f"{kind}{k}.{min(row, 2 if k == 1 else 3)}"
    for k, number in enumerate(NUMBER[:5], 1):
        for kind, short in (("metacarpal", "mc"), ("metatarsal", "mt")):
            if words == f"right {number.lower()} {kind} bone":
                return f"{short}{k}"
    if words.removeprefix("right ") in LONG:
        return LONG[words.removeprefix("right ")]
    if any(word in words for word in TARSALS):
        return "foot"
    if any(word in words for word in CARPALS):
        return "palm"
    if stiff(name) or words == "hyoid bone":
        return "trunk"
    if any(word in words for word in (" rib", "costal", "sternum", "manubrium", "xiphoid")):
        return "ribs"
    return "head"


def stiff(name: str) -> bool:
    """Whether a bone of the trunk takes the similarity nearest to its guide map, not the map itself."""
    words = name.lower()
    return "vertebra" in words or words in ("atlas", "axis", "sacrum", "right hip bone")
