"""Where the landmarks of the archive's bones lie in the neutral body (the patient's right, x < 0; millimetres).

Joint centres and landmarks where the body knows the place; else the skin, met by a rule, less the depth of soft tissue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from authoring.body.skin import Body
from authoring.painting.places import place

# mm of soft tissue over bone
SCALP, BROW, CHIN, NAPE, FURROW, STERNUM, FLANK, FINGER_TIP = 5.5, 5.0, 8.0, 8.0, 10.5, 9.0, 13.0, 0.5
NOTCH, XIPHOID_JOINT = 1390.0, 1234.0  # heights of the suprasternal notch and of the seventh cartilage's sternal end
Walk = Callable[[float], np.ndarray]


def unit(vector: np.ndarray) -> np.ndarray:
    """The vector at length one."""
    return vector / np.linalg.norm(vector)


@dataclass(frozen=True, eq=False)
class Targets:
    """Places by name (3,), NaN where a coordinate is free; and walks along fingers and toes by share of length."""

    body: Body

    @cached_property
    def joints(self) -> dict[str, np.ndarray]:
        """Joint centres of the patient's right and of the midline."""
        return {name.removeprefix("r-"): at for name, at in self.body.joints.items() if not name.startswith("l-")}

    def midline(self, height: float, *, front: bool) -> np.ndarray:
        """The skin of the midline at a height."""
        skin = self.body.standing
        some = skin[(np.abs(skin[:, 0]) < 3) & (np.abs(skin[:, 1] - height) < 3), 2]
        return np.array([0.0, height, some.max() if front else some.min()])

    def flank(self, height: float) -> float:
        """Half the breadth of the trunk at a height: from the midline as far as there is no gap before the arm."""
        skin = self.body.standing
        beside = np.sort(-skin[(np.abs(skin[:, 1] - height) < 3) & (skin[:, 0] < 0), 0])
        gap = np.flatnonzero(np.diff(beside) > 6)
        gap = gap[gap > len(beside) * 0.2]
        return float(beside[gap[0]] if len(gap) else beside[-1])

    @cached_property
    def head(self) -> dict[str, np.ndarray]:
        """Landmarks of the skull from the skin of the head."""
        skin = self.body.standing
        skin = skin[skin[:, 1] > 1470]
        middle = skin[np.abs(skin[:, 0]) < 4]
        brow = middle[(middle[:, 1] > 1600) & (middle[:, 1] < 1630)]
        chin = middle[(middle[:, 1] > 1485) & (middle[:, 1] < 1512)]
        side = skin[(skin[:, 1] > 1615) & (skin[:, 1] < 1640)]
        temple = skin[(np.abs(skin[:, 1] - 1566) < 3) & (skin[:, 2] > 60)]
        free = np.nan
        return {
            "vertex": np.array([0, skin[:, 1].max() - SCALP, free]),
            "occiput": np.array([0, free, skin[:, 2].min() + SCALP]),
            "glabella": np.array([0, free, brow[:, 2].max() - BROW]),
            "chin": np.array([0, chin[:, 1].min() + CHIN, chin[:, 2].max() - CHIN - 2]),
            "parietal_side": np.array([side[:, 0].min() + SCALP, free, free]),
            "zygion": np.array([temple[:, 0].min() + 7.0, free, free]),
            "eye": self.joints["eye"],
            "bite": np.array([free, 1521.0, free]),  # 3 mm under the line of the lips
            "ear": np.array([-58.0, 1568.0, 21.0]),  # the bony canal, 14 mm inside the tragus
        }

    @cached_property
    def limbs(self) -> dict[str, np.ndarray]:
        """Joint centres and landmarks of the limbs."""
        skin, joints = self.body.standing, self.joints
        knee = (place("lateral_epicondyle") + place("medial_epicondyle")) / 2 + np.array([1, 4, -2])
        row = skin[(np.abs(skin[:, 1] - 76) < 3) & (skin[:, 0] < 0), 0]
        heel = skin[(skin[:, 1] < 45) & (skin[:, 0] < 0)]
        heel = heel[heel[:, 2].argmin()]
        shoulder = joints["shoulder"] + np.array([-2, 12, -1])
        inner = NOTCH + 5
        return {
            "hip_centre": place("hip_centre"),
            "knee_centre": knee,
            "ankle_centre": np.array([(row.min() + row.max()) / 2, joints["ankle"][1] + 3, joints["ankle"][2]]),
            "heel": np.array([heel[0], 22.0, heel[2] + 8.0]),
            "shoulder_centre": shoulder,
            "elbow_centre": joints["elbow"] + np.array([0, 0, -8]),
            "wrist_centre": joints["hand"] + np.array([0, -1, 0]),
            "acromion": shoulder + np.array([-3, 31, -17]),
            "clavicle.inner": np.array([-12.0, inner, self.midline(inner, front=True)[2] - 22.0]),  # it bulges 18 mm
            "clavicle.outer": shoulder + np.array([19, 36, -6]),
            "inferior_angle": np.array([-104.0, 1234.0, -74.0]),
            "spine_root": np.array([-73.0, 1345.0, -72.0]),
            "superior_angle": np.array([-84.0, 1383.0, -56.0]),
        }

    def toe(self, number: int) -> Walk:
        """A walk from the head of the metatarsal bone to the tip of a toe."""
        names = [f"toe-{number}-{j}" for j in range(1, 4 if number == 1 else 5)]
        back = unit((self.limbs["ankle_centre"] - self.joints[names[0]]) * [1, 0.5, 1])
        return _walk([self.joints[name] for name in names], first=6.0 * back, last=5.0)

    def finger(self, number: int) -> Walk:
        """A walk from the head of the metacarpal bone to the tip of a finger."""
        names = [f"finger-{number}-{j}" for j in range(2 if number == 1 else 1, 5)]
        back = unit(self.limbs["wrist_centre"] - self.joints[names[0]])
        first = np.zeros(3) if number == 1 else 9.0 * back
        return _walk([self.joints[name] for name in names], first=first, last=FINGER_TIP)


def _walk(joints: Sequence[np.ndarray], *, first: np.ndarray, last: float) -> Walk:
    """A walk by share along joints, its first point moved by `first` and its last one drawn in by `last` mm."""
    points = np.array(joints, float)
    points[0] += first
    points[-1] -= last * unit(points[-1] - points[-2])
    along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))]
    return lambda share: np.array([np.interp(share * along[-1], along, points[:, k]) for k in range(3)])
