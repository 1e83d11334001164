"""A muscle as a view shows it: rim, tones, tendon, fibres and bellies, from its meshes and sheets in the body.

Bones before it hide it, unless its table says that the view looks through them. Shapes are in the view frame, of the
patient's right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from scipy import ndimage

from authoring.anatomy import fibres, grain, meshes, registered, skeleton
from authoring.anatomy.canvas import Canvas, blurred, rounded
from authoring.body.view import POSE, polygons, project, seen
from authoring.drawing.artwork import silhouette
from trigpoint.atlas.structures import Structure

TONES = (0.97, 0.88, 0.74, 0.58, 0.42)  # of the blurred shading: a tone covers what is darker
TENDON_TONES = (0.64, 0.48)
PPM, LARGEST, FINEST = 1000.0, 2.0, 5.0  # pixels along the drawing; least and most pixels to the mm
SMOOTH = 3  # Taubin steps on the registered surface
RIM_BLUR, RIM_ROUND = 0.8, 0.7  # mm
LEAST_PART, LEAST_TONE = 25.0, 10.0  # mm2
SMALL = 0.04  # of the whole: smaller parts that bones leave are not drawn
TOLERANCE, TONE_TOLERANCE, FIBRE_TOLERANCE = 0.15, 0.25, 0.12  # mm
TONE_BLUR = 0.055  # of the width of the belly
EVEN, EVEN_TO = (8, 92), (0.44, 0.97)  # half of the shading is stretched: these percentiles of it come to lie there
TEETH = 2.5  # mm: half the height of the teeth between tendon and flesh
LIFT = 9.0  # mm from one belly to the next that its table lays over it
HIDDEN = 5.0  # mm that a bone lies before the muscle to hide it
GROOVE, GROOVE_WIDE = 0.22, 2.2  # how much darker a belly is beside one that lies over it, and over how many mm
GAPS, ACROSS = (1.3, 3.0), 36.0  # mm between fibres at least and most; fibres across a belly
CALM = 0.15  # of the width of the belly: the blur of its grain
SHORT = 4.0  # mm: shorter pieces of a fibre are not drawn
OPPOSITE = {"anterior": "posterior", "posterior": "anterior", "medial": "right"}
INSIDE = 0.6  # mm from the silhouette


@dataclass(frozen=True, eq=False)
class Placed:
    """A belly in the body: vertices (n, 3) and grain (n, 3) in the pose of the view."""

    belly: grain.Belly
    points: np.ndarray
    way: np.ndarray


@cache
def placed(of: str, pose: str) -> tuple[Placed, ...]:
    """The bellies of a muscle in a pose of the body."""
    whole = registered.whole()
    found = []
    for belly in grain.bellies(of):
        source, here = whole.parts[belly.file].points[belly.rows], whole.points[pose][belly.file][belly.rows]
        points = meshes.smooth(here, belly.triangles, SMOOTH)
        way = grain.carried(belly.way, source, here, belly.triangles)
        found.append(Placed(belly, points, way))
    return tuple(found)


@dataclass(frozen=True)
class Look:
    """How a muscle is looked at: `[drawing]` of its table.

    `through` names the views that look through the bones before it, `single` those that draw its largest part alone,
    `over` its bellies from the outermost inwards, where they are layers.
    """

    views: tuple[str, ...]
    through: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    over: tuple[str, ...] = ()


def muscle(of: str, view: str, title: str, look: Look) -> Structure | None:
    """The drawing of a muscle in a view other than the left one; None where nothing of it is seen."""
    return _Drawing(placed(of, POSE[view]), view, look).structure(of, "muscle", title)


def context(of: str, view: str, title: str) -> Structure | None:
    """A tract, tendon, fascia or ligament, all of it pale."""
    return _Drawing(_context(of, POSE[view]), view, Look((view,)), pale=True).structure(of, "context", title)


CONTEXT_MESHES = {"iliotibial_tract": "FJ1423", "calcaneal_tendon": "FJ1405", "linea_alba": "FJ1448"}


@cache
def _context(of: str, pose: str) -> tuple[Placed, ...]:
    if of not in CONTEXT_MESHES:
        return placed(of, pose)
    whole = registered.whole()
    part = whole.parts[CONTEXT_MESHES[of]]
    points = meshes.smooth(whole.points[pose][part.file], part.triangles, SMOOTH)
    axis = np.linalg.svd(points - points.mean(0), full_matrices=False)[2][0]
    axis = axis * np.sign(-axis[1])
    along = points @ axis
    share = (along - along.min()) / np.ptp(along)
    count = len(points)
    way = np.tile(axis, (count, 1))
    values = way, share, np.ones(count), share < 0.02, share > 0.98
    belly = grain.Belly(part.file, of, "", part.name, np.arange(count), part.triangles, *values, "", True, {}, 1.0)
    return (Placed(belly, points, way),)


class _Drawing:
    """The images that a drawing is made from."""

    def __init__(self, placed: Sequence[Placed], view: str, look: Look, *, pale: bool = False) -> None:
        self.placed, self.view, self.pale, self.single = placed, view, pale, view in look.single
        flat = project(np.concatenate([one.points for one in placed]), view)
        box = (*flat.min(0), *flat.max(0))
        size = max(box[2] - box[0], box[3] - box[1])
        ppm = float(np.clip(PPM / size, LARGEST, FINEST))
        surfaces = [(one.points, one.belly.triangles) for one in placed]
        ranks = {member: len(look.over) - place for place, member in enumerate(look.over)}
        lifts = [LIFT * ranks.get(one.belly.member, 0) for one in placed] if look.over else ()
        self.canvas = canvas = Canvas(surfaces, view, box, ppm, lifts)
        self.owner = canvas.owner if view in look.through else np.where(self._hidden(), -1, canvas.owner)
        self.mask = self._even(self.owner >= 0)
        nearest = ndimage.distance_transform_edt(self.owner < 0, return_distances=False, return_indices=True)
        self.owner = np.where(self.mask, self.owner[tuple(nearest)], -1)

    def _hidden(self) -> np.ndarray:
        """Where a bone lies before the muscle."""
        canvas = self.canvas
        high, wide = canvas.shape
        corner = canvas.origin + np.array([wide, high]) / canvas.ppm
        bones = skeleton.near(self.view, (*canvas.origin, *corner))
        if not bones:
            return np.zeros(canvas.shape, bool)
        inner = (*(canvas.origin + 6.0), *(corner - 6.0))
        before = Canvas(bones, self.view, inner, canvas.ppm)
        high, wide = min(high, before.shape[0]), min(wide, before.shape[1])
        hidden = np.zeros(canvas.shape, bool)
        hidden[:high, :wide] = before.depth[:high, :wide] > canvas.depth[:high, :wide] + HIDDEN
        return hidden & canvas.mask

    def _even(self, mask: np.ndarray) -> np.ndarray:
        """A mask without fringes and pinholes."""
        reach = max(1, round(0.5 * self.canvas.ppm))
        closed = ndimage.binary_closing(np.pad(mask, 2 * reach), iterations=reach)[
            2 * reach : -2 * reach, 2 * reach : -2 * reach
        ]
        return ndimage.gaussian_filter((closed | mask).astype(float), RIM_BLUR * self.canvas.ppm) > 0.5

    def structure(self, of: str, kind: str, title: str) -> Structure | None:
        rim = self._rim()
        if rim.is_empty:
            return None
        shade = self._shade()
        pale = self._pale()
        flesh = rim if not self.pale else shapely.MultiPolygon()
        tendon = (
            rim if self.pale else self._clear(self.canvas.contour(np.where(self.mask, -pale, 9.0)), rim, LEAST_TONE)
        )
        tones = self._tones(shade, TONES, flesh)
        tendon_tones = self._tones(shade, TENDON_TONES, tendon)
        lines, pearl = self._fibres(pale, rim)
        members, titles = self._members(rim)
        return Structure(
            of, kind, self.view, title, rim, tones, tendon, tendon_tones, lines, pearl, members, titles, source=""
        )

    def _rim(self) -> shapely.MultiPolygon:
        if not self.mask.any():
            return shapely.MultiPolygon()
        soft = ndimage.gaussian_filter(self.mask.astype(float), 0.5 * RIM_BLUR * self.canvas.ppm)
        shape = rounded(self.canvas.contour(0.5 - soft), RIM_ROUND, LEAST_PART, TOLERANCE)
        shape = polygons(shape.intersection(silhouette(self.view).buffer(-INSIDE)))
        largest = max((part.area for part in shape.geoms), default=0.0)
        least = largest if self.single else max(LEAST_PART, SMALL * shape.area)
        return shapely.MultiPolygon([part for part in shape.geoms if part.area >= least])

    def _shade(self) -> np.ndarray:
        """Shading (h, w), blurred within each belly, darker in the grooves between bellies."""
        lit, shade = self.canvas.lit, np.full(self.canvas.shape, 2.0)
        for number in range(len(self.placed)):
            own = self.owner == number
            if own.any():
                sigma = max(3.0, TONE_BLUR * self._wide(own)) if own.sum() > 50 else 3.0
                even = blurred(lit, own & self.canvas.mask, sigma)
                shade = np.where(own, even - GROOVE * self._groove(own, number), shade)
        if self.mask.any():
            low, high = np.percentile(shade[self.mask], EVEN)
            stretched = EVEN_TO[0] + (EVEN_TO[1] - EVEN_TO[0]) * (shade - low) / max(high - low, 1e-6)
            shade = np.where(shade < 1.9, (shade + stretched) / 2, shade)
        inside = ndimage.binary_dilation(self.mask, iterations=4)
        nearest = ndimage.distance_transform_edt(self.owner < 0, return_distances=False, return_indices=True)
        return np.where(inside, shade[tuple(nearest)], 2.0)

    def _groove(self, own: np.ndarray, number: int) -> np.ndarray:
        other = (self.owner >= 0) & ~own
        if not other.any():
            return np.zeros(own.shape)
        gap, (rows, columns) = ndimage.distance_transform_edt(~other, return_indices=True)
        depth = np.where(np.isfinite(self.canvas.depth), self.canvas.depth, -1e6)
        over = depth[rows, columns] > depth
        return np.where(over, np.exp(-((gap / self.canvas.ppm / GROOVE_WIDE) ** 2)), 0.0)

    @staticmethod
    def _wide(mask: np.ndarray) -> float:
        """The width of a belly in pixels."""
        return 2 * float(np.percentile(ndimage.distance_transform_edt(mask)[mask], 95))

    def _tones(
        self, shade: np.ndarray, levels: Iterable[float], within: shapely.MultiPolygon
    ) -> tuple[shapely.MultiPolygon, ...]:
        found = []
        for level in levels:
            if within.is_empty:
                break
            shape = self._clear(self.canvas.contour(shade, level), within, LEAST_TONE)
            if shape.is_empty:
                break
            found.append(shape)
            within = shape
        return tuple(found)

    @staticmethod
    def _clear(shape: shapely.MultiPolygon, within: shapely.MultiPolygon, least: float) -> shapely.MultiPolygon:
        inside = polygons(rounded(shape, 0.5, least, TONE_TOLERANCE).intersection(within))
        return shapely.MultiPolygon([part for part in inside.geoms if part.area > least])

    def _values(self, name: str) -> np.ndarray:
        return np.concatenate([getattr(one.belly, name) for one in self.placed])

    def _pale(self) -> np.ndarray:
        """Above 0 (h, w) where tendon is seen; its edge has teeth along the grain."""
        pale = self.canvas.sample(self._values("pale"), -1.0)
        out = np.full(pale.shape, -1.0)
        for number in range(len(self.placed)):
            own = self.owner == number
            if own.any():
                out = np.where(own, blurred(pale, own & self.canvas.mask, 1.5), out)
        return out + np.where(out > -0.9, self._teeth(), 0)

    def _teeth(self) -> np.ndarray:
        out = np.zeros(self.canvas.shape)
        for number, one in enumerate(self.placed):
            own = self.owner == number
            if own.sum() > 50:
                place = fibres.across(self._grain(number, own), own)
                size = TEETH / float(np.ptp(one.points, axis=0).max())
                out = np.where(own, size * (np.sin(place * 34) + 0.7 * np.sin(place * 61 + 1)), out)
        return out

    @cache  # noqa: B019  # a drawing lives as long as it is drawn
    def _grain_image(self) -> np.ndarray:
        way = np.concatenate([one.way for one in self.placed])
        return self.canvas.sample(seen(way, self.view))[..., :2] * [1, -1]

    def _grain(self, number: int, own: np.ndarray) -> np.ndarray:
        calm = np.clip(CALM * self._wide(own), 3, 40) * self.placed[number].belly.calm
        return fibres.calmed(self._grain_image(), own & self.canvas.mask, calm)

    def _fibres(
        self, pale: np.ndarray, rim: shapely.MultiPolygon
    ) -> tuple[shapely.MultiLineString, shapely.MultiLineString]:
        flesh: list[np.ndarray] = []
        pearl: list[np.ndarray] = []
        share = self.canvas.sample(self._values("share"))
        for number in range(len(self.placed)):
            own = self.owner == number
            if own.sum() < 100:
                continue
            wide = self._wide(own)
            field, lane = self._feathered(number, own, self._grain(number, own), share)
            gap = float(np.clip(wide / self.canvas.ppm / ACROSS, *GAPS)) * self.canvas.ppm
            for line in fibres.Lines(field, own, lane, gap).all(share):
                at = line.round().astype(int)
                light = (pale[at[:, 1], at[:, 0]] > 0) | self.pale
                for run in np.split(np.arange(len(line)), np.flatnonzero(np.diff(light)) + 1):
                    if len(run) * fibres.STEP > SHORT * self.canvas.ppm:
                        (pearl if light[run[0]] else flesh).append(self.canvas.place(line[run]))
        return _lines(flesh, rim), _lines(pearl, rim)

    def _feathered(
        self, number: int, own: np.ndarray, field: np.ndarray, share: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        belly = self.placed[number].belly
        plume = belly.feather
        if not plume:
            return field, np.zeros(own.shape, np.int64)
        turned = -1 if OPPOSITE.get(belly.first) == self.view else 1
        first, last = float(plume.get("from", 0.0)), float(plume.get("to", 1.0))
        place = fibres.across(field, own)
        if plume.get("across") == "angle":
            one = self.placed[number]
            ends = [one.points[rows] for rows in (belly.start, belly.end)]
            narrow = min(ends, key=lambda points: float(project(points, self.view).std(0).sum()))
            place = fibres.rays(own, self.canvas.pixels(narrow).mean(0), field[own].mean(0))
        strength = np.clip((share - first + 0.04) / 0.08, 0, 1) * np.clip((last + 0.04 - share) / 0.08, 0, 1)
        angle = float(plume.get("angle", 20))
        degrees = angle + (float(plume.get("angle_to", angle)) - angle) * np.clip(share, 0, 1) ** 2
        insertions = [turned * float(x) for x in plume.get("insertion_lines", ())]
        origins = [turned * float(x) for x in plume.get("origin_lines", ())]
        return fibres.feathered(field, place, insertions, origins, degrees, strength)

    def _members(self, rim: shapely.MultiPolygon) -> tuple[dict[str, shapely.MultiPolygon], dict[str, str]]:
        """What is seen of each belly, where there are several."""
        names = [one.belly.member for one in self.placed]
        found: dict[str, shapely.MultiPolygon] = {}
        titles = {}
        if len(set(names)) < 2:
            return found, titles
        for name in dict.fromkeys(names):
            own = np.isin(self.owner, [number for number, other in enumerate(names) if other == name])
            soft = ndimage.gaussian_filter(own.astype(float), 0.6 * self.canvas.ppm)
            shape = self._clear(self.canvas.contour(0.5 - soft), rim, LEAST_PART)
            if not shape.is_empty:
                key = name or "main"
                found[key], titles[key] = shape, key.replace("_", " ").capitalize()
        return (found, titles) if len(found) > 1 else ({}, {})


def _lines(lines: Sequence[np.ndarray], within: shapely.MultiPolygon) -> shapely.MultiLineString:
    if not lines:
        return shapely.MultiLineString()
    simple = shapely.simplify(shapely.MultiLineString(lines), FIBRE_TOLERANCE)
    inside = shapely.intersection(simple, within.buffer(-0.3))
    parts = [part for part in shapely.get_parts(inside) if part.geom_type == "LineString" and part.length > SHORT]
    return shapely.MultiLineString(parts)
