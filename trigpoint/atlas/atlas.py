"""The atlas: bodies and patterns together, looked up by any name.

Data are kept for the patient's right side of one body. The atlas answers for either side, by the mirror, and for every
body, by a warp, with values and shapes in the view frame. It draws nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from shapely import MultiLineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from ..errors import InputError, Problem, unknown
from ..files.shipped import resource
from ..geometry.rings import fault, union
from .best_views import TELLING, alone, telling
from .bodies import Bodies, known
from .names import Names
from .outlines import Outline, open_outline, read_outline
from .patterns import KINDS, Acupoint, Muscle, Patterns, TriggerPoint, Zone, name_key, read_patterns, shipped_patterns
from .structure_folder import StructureFolder, shipped_structures
from .structures import KINDS as STRUCTURE_KINDS
from .structures import MUSCLE, Listed, Structure, listing
from .views import SIDES, VIEWS, mirror, mirror_place, mirror_view

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from .coverage import RegionShare
    from .warp import Warp

CANONICAL = ("posterior", "right", "left", "anterior")  # the order of views on a plate


Geometry = TypeVar("Geometry", bound=BaseGeometry)


def load_atlas(
    patterns: str | os.PathLike[str] | None = None,
    outlines: str | os.PathLike[str] | None = None,
    *,
    repair: bool = False,
) -> Atlas:
    """The atlas of the shipped data (made once), or of a pattern file or a folder of outlines.

    Parameters
    ----------
    patterns : path, optional
        A pattern file in place of the shipped one; its zones and points must lie on the body.
    outlines : path, optional
        A folder of `<body>.<view>.svg` in place of the shipped outlines; drawn muscles and bones of the body that
        patterns are drawn on may lie in its folder `structures`.
    repair : bool
        Mends shapes that cross themselves where their area changes by at most 1 %; each is a warning.

    Raises
    ------
    InputError
        With every problem of the files, each with its place.

    Examples
    --------
    >>> load_atlas() is load_atlas()
    True
    """
    if patterns is None and outlines is None:
        return _shipped()
    folder = resource("assets", "body_outlines") if outlines is None else Path(os.path.abspath(outlines))
    if not folder.is_dir():
        raise InputError(Problem("no such folder", os.fspath(outlines or ""), hint="give the folder of the outlines"))
    opened = open_outline if outlines is None else partial(read_outline, repair=repair)
    mine = () if patterns is None else (os.fspath(patterns),)
    found = shipped_patterns() if patterns is None else read_patterns(patterns, repair=repair)
    structures = shipped_structures() if outlines is None else StructureFolder(folder, repair=repair)
    atlas = Atlas(found, folder, *mine, read=opened, structures=structures)
    if not atlas.bodies:
        hint = "name the files <body>.<view>.svg, for example neutral.posterior.svg"
        raise InputError(Problem("no outlines here", str(folder), hint=hint))
    if patterns is not None and (outside := atlas.off_body()):
        raise InputError(outside)
    return atlas


@cache
def _shipped() -> Atlas:
    folder = resource("assets", "body_outlines")
    return Atlas(shipped_patterns(), folder, read=open_outline, structures=shipped_structures())


class Atlas:
    """Muscles, trigger points and zones of one pattern file on the bodies of one folder of outlines.

    `load_atlas` makes one. Shapes are shapely geometries in the view frame (mm on the body of 1,700 mm, y down). The
    parameters that recur are

    view : {"anterior", "posterior", "left", "right"}
    side : {"right", "left"}
        The patient's side.
    body : str, default "neutral"
        One of `bodies`.

    and every method raises UnknownNameError for a name that the atlas does not have.
    """

    def __init__(
        self,
        patterns: Patterns,
        folder: Traversable,
        file: str = "referral_patterns.json",
        *,
        read: Callable[[Traversable], Outline] = read_outline,
        structures: StructureFolder | None = None,
    ) -> None:
        self.patterns = patterns
        self._folder = folder
        self._file = file
        self._read = read
        self._bodies = Bodies(folder, patterns.about.body, read, structures or StructureFolder(folder))
        self._telling: dict[tuple[int, ...], tuple[list[TriggerPoint], dict[str, float]]] = {}
        self._shown: dict[tuple[str, str, str], dict[str, MultiPolygon]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """How an atlas is pickled: by its patterns, and where its outlines are; the shipped one by its name alone."""
        if self is _shipped():
            return load_atlas, ()
        made = partial(type(self), read=self._read, structures=self._bodies.structures)
        return made, (self.patterns, self._folder, self._file)

    def __repr__(self) -> str:
        return f"<Atlas of {len(self.muscles)} muscles from {self._file}>"

    @property
    def muscles(self) -> tuple[Muscle, ...]:
        """All muscles, sorted by id."""
        return self.patterns.muscles

    @property
    def bodies(self) -> tuple[str, ...]:
        """The names of all bodies with outlines."""
        return self._bodies.names

    def outline(self, body: str, view: str) -> Outline:
        """The outline of a body in a view, read at the first use; a warp brings what its file lacks."""
        return self._bodies.outline(body, view)

    def warp(self, body: str, view: str) -> Warp | None:
        """The map that carries the patterns to a body in a view; None for the body that they are drawn on.

        Raises InputError where the body has outlines but no warp.
        """
        return self._bodies.warp(body, view)

    @cached_property
    def _names(self) -> Names:
        return Names(self.patterns)

    def __contains__(self, name: object) -> bool:
        """Whether a muscle has that id, alias or name: `"piriformis" in atlas`."""
        return name in self._names

    def muscle(self, name: str) -> Muscle:
        """The muscle with this id, alias or name in any language; case, accents, blanks and marks do not count."""
        return self._names.muscle(name)

    def point(self, point_id: str) -> TriggerPoint:
        """The trigger point with this id: `gluteus_medius.trp1`."""
        return self._names.point(point_id)

    def acupoint(self, code: str) -> Acupoint:
        """The acupuncture point with this code, or name in any language: `BL25`, `Dachangshu`."""
        return self._names.acupoint(code)

    def find_body(self, wanted: object) -> object:
        """The body of this name in any case; the argument itself where there is none."""
        return self._bodies.meant(wanted)

    def find_region(self, wanted: str) -> str:
        """The id of the region with this id or name in any language; InputError for a name that several have."""
        return self._names.region(wanted)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the interface, then others in which muscles have names."""
        return self._names.languages

    def language(self, asked: object) -> str:
        """The known language for a tag: "de" for "de-AT" where no name is in Austrian German."""
        return self._names.language(asked)

    def title(self, thing: str) -> str:
        """The English name of a region, muscle, bone or landmark in the outlines, else its id in words."""
        titles = (outline.titles for outline in self._bodies.drawn().values())
        return next((some[thing] for some in titles if thing in some), thing.replace("_", " "))

    def zone(self, point_id: str, kind: str, *, view: str, side: str = "right", body: str = "neutral") -> MultiPolygon:
        """The zone of a point in a view, `kind` "essential" or "spillover"; empty where the view does not show it."""
        known("kind of zone", kind, KINDS)
        self._bodies.known(body)
        point = self.point(point_id)
        zones = point.zones if point.on(side) else ()

        def stored(view: str) -> MultiPolygon:
            found = [zone.geometry for zone in zones if (zone.kind, zone.view) == (kind, view)]
            return self._bodies.carried(found[0] if len(found) == 1 else union(found), body, view)

        return _sided(stored, view, side)

    def position(
        self, point_id: str, *, view: str, side: str = "right", body: str = "neutral"
    ) -> tuple[float, float] | None:
        """The place (x, y) of a point's X in a view; None where the view does not show it."""
        point = self.point(point_id)
        return self._seen_at(point.at if point.on(side) else {}, view, side, body)

    def acupoint_position(
        self, code: str, *, view: str, side: str = "right", body: str = "neutral"
    ) -> tuple[float, float] | None:
        """The place (x, y) of an acupuncture point in a view; None where the view does not show it."""
        return self._seen_at(self.acupoint(code).at, view, side, body)

    def _seen_at(
        self, at: Mapping[str, tuple[float, float]], view: str, side: str, body: str
    ) -> tuple[float, float] | None:
        known("view", view, VIEWS)
        known("side", side, SIDES)
        kept_in = view if side == "right" else mirror_view(view)
        warp = self.warp(body, kept_in)
        place = at.get(kept_in)
        if place is None:
            return None
        if warp:
            place = warp.place(place)
        return place if side == "right" else mirror_place(place)

    def shape(self, muscle_id: str, *, view: str, side: str = "right", body: str = "neutral") -> MultiPolygon:
        """The shape of a muscle in a view; empty where it is not seen, as on the far side of a side view."""
        return self._structure(self.muscle(muscle_id).id, view, side, body).rim

    def fibres(self, muscle_id: str, *, view: str, side: str = "right", body: str = "neutral") -> MultiLineString:
        """The lines of pull of a muscle in a view; empty where it is not seen."""
        return self._structure(self.muscle(muscle_id).id, view, side, body).fibres

    def structure(self, name: str, *, view: str, side: str = "right", body: str = "neutral") -> Structure:
        """A muscle, bone or context structure as a view shows it, with tones, tendon and fibres; empty where not seen.

        Parameters
        ----------
        name : str
            A muscle by any name; others by id or English name.
        view, side, body
            As in all methods; of a structure on the midline, both sides are the same thing.

        Examples
        --------
        >>> load_atlas().structure("gluteus medius", view="posterior").title
        'Gluteus medius'
        """
        key = self._structure_id(str(name))
        found = self._structure(key, view, side, body)
        if found.is_empty and key in (listed := self._listed):
            return Structure(key, listed[key].kind, view, listed[key].title)
        return found

    @property
    def structures(self) -> dict[str, tuple[str, ...]]:
        """The ids of all that is drawn, by kind: "muscle", "bone", "context"."""
        found = self._listed
        return {kind: tuple(sorted(key for key in found if found[key].kind == kind)) for kind in STRUCTURE_KINDS}

    @property
    def _listed(self) -> dict[str, Listed]:
        """All that is drawn in any view of the body that the patterns are drawn on."""
        drawn = self._bodies.drawn().values()
        return {key: one for outline in drawn for key, one in listing(outline.structures).items()}

    def _structure_id(self, name: str) -> str:
        """The id of a structure by its name."""
        if name in self._names:
            return self.muscle(name).id
        titles = {key: one.title for key, one in self._listed.items()}
        keys = {name_key(title): key for key, title in titles.items()} | {name_key(key): key for key in titles}
        if name_key(name) not in keys:
            muscles = [each for muscle in self.muscles for each in (muscle.id, *muscle.names.values(), *muscle.aliases)]
            raise unknown("structure", name, [*sorted(titles), *sorted(titles.values()), *muscles])
        return keys[name_key(name)]

    def _structure(self, key: str, view: str, side: str, body: str) -> Structure:
        known("view", view, VIEWS)
        known("side", side, SIDES)
        kept_in = view if side == "right" else mirror_view(view)
        found = self._bodies.structure(key, body, kept_in) if mirror_view(view) != side else None
        self._bodies.known(body)
        if found is None:
            return Structure(key, MUSCLE, view)
        return found if side == "right" else found.mirrored()

    def region(self, region_id: str, *, view: str, side: str = "right", body: str = "neutral") -> MultiPolygon:
        """A region of the skin in a view, of a midline region the half of that side; empty where it is not seen."""

        def stored(view: str) -> MultiPolygon:
            outline, own = self._bodies.drawn_on(body, view)
            seen = outline.regions if outline else {}
            known("region", region_id, [*self.patterns.regions, *seen])
            shape = seen.get(region_id, MultiPolygon())
            return shape if own else self._bodies.carried(shape, body, view)

        return _near(stored, view, side, MultiPolygon())

    def regions_of(
        self, zone: Zone | BaseGeometry, *, view: str | None = None, side: str = "right", body: str = "neutral"
    ) -> tuple[RegionShare, ...]:
        """The regions that a zone covers, with the share of each region and of the zone; most of the zone first.

        Regions of both sides count, those on the midline as two halves.

        Parameters
        ----------
        zone : Zone or shapely geometry
            A Zone has its view and is drawn for the patient's right; any other shape needs `view`.
        view, side, body
            As in all methods; `side` is the side for which a Zone is taken.

        Examples
        --------
        >>> atlas = load_atlas()
        >>> zone = atlas.point("gluteus_medius.trp1").zones[0]
        >>> atlas.regions_of(zone)[0].region
        'iliac_crest_posterior'
        """
        known("side", side, SIDES)
        self._bodies.known(body)
        if isinstance(zone, Zone):
            own = zone.view if side == "right" else mirror_view(zone.view)
            shape: BaseGeometry = self._bodies.carried(zone.geometry, body, zone.view)
            shape = shape if side == "right" else mirror(shape)
        elif view is None:
            raise InputError(Problem("a shape needs the view it is seen in", hint="add view=, such as 'posterior'"))
        else:
            known("view", view, VIEWS)
            if reason := fault(zone):
                raise InputError(Problem(f"the shape is not sound: {reason}", hint="mend it with shapely.make_valid"))
            own, shape = view, zone
        if shape.is_empty:
            return ()
        from .coverage import largest, shares  # no figure needs it

        found = [share for each in SIDES for share in shares(shape, self._regions(own, each, body), each)]
        return largest(found)

    def _regions(self, view: str, side: str, body: str) -> dict[str, MultiPolygon]:
        """The regions of one side that a view shows, kept for the next zone."""
        if (view, side, body) not in self._shown:
            outline, _ = self._bodies.drawn_on(body, view if side == "right" else mirror_view(view))
            seen = outline.regions if outline and mirror_view(view) != side else ()
            found = {key: self.region(key, view=view, side=side, body=body) for key in seen}
            self._shown[view, side, body] = found
        return self._shown[view, side, body]

    def reach(self, point_id: str, kind: str) -> tuple[RegionShare, ...]:
        """The regions that a point's zone of one kind covers, each judged in the view that shows most of the region.

        For the patient's right side, most of the zone first; `kind` is "essential" or "spillover".
        """
        from .coverage import largest

        known("kind of zone", kind, KINDS)
        best: dict[tuple[str, str], tuple[float, RegionShare]] = {}
        for zone in self.point(point_id).zones:
            for share in self.regions_of(zone) if zone.kind == kind else ():
                seen = self.region(share.region, view=zone.view, side=share.side).area
                key = share.region, share.side
                if key not in best or seen > best[key][0]:
                    best[key] = seen, share
        return largest(share for _, share in best.values())

    def views(
        self, muscle: Muscle | str, points: Iterable[TriggerPoint | int | str] | None = None, side: str = "right"
    ) -> tuple[str, ...]:
        """The views that show the zones of a muscle's points: the one that shows most, then the others in their order.

        A view that shows hardly anything of any zone is left out, unless a region that the point names shows there
        alone. A muscle without trigger points has the views that show its shape.

        Parameters
        ----------
        muscle : Muscle or str
        points : iterable of TriggerPoint, number or name, optional
            All points that exist on that side by default.
        side : {"right", "left"}
        """
        known("side", side, SIDES)
        owner = muscle if isinstance(muscle, Muscle) else self.muscle(muscle)
        wanted = [point for point in owner.points if point.on(side)] if points is None else points
        found = [point if isinstance(point, TriggerPoint) else owner.point(point) for point in wanted]
        if not owner.points:
            shown = self._showing(owner)
        else:
            key = tuple(id(point) for point in found)
            if key not in self._telling:  # with the points, so that no other can get the same key
                self._telling[key] = found, self._telling_views(found)
            shown = self._telling[key][1]
        if side == "left":
            shown = {mirror_view(view): area for view, area in shown.items()}
        ordered = sorted(shown, key=CANONICAL.index)
        most = max(ordered, key=lambda view: shown[view], default="")
        return tuple(sorted(ordered, key=lambda view: view != most))

    def _telling_views(self, points: Sequence[TriggerPoint]) -> dict[str, float]:
        """How much each view shows of points of the right side, in mm2; views that show hardly any left out."""
        body, shown = self.patterns.about.body, telling(points)
        if body not in self.bodies:
            return shown

        def named(region: str, view: str) -> list[MultiPolygon]:
            sides = [side for side in SIDES if mirror_view(view) != side]  # the far side needs no outline
            return [self.region(region, view=view, side=side, body=body) for side in sides]

        return shown | alone(points, shown, named)

    def _showing(self, muscle: Muscle) -> dict[str, float]:
        """How much each view shows of a muscle of the right side, in mm2; views that show hardly any left out."""
        areas = {view: self.shape(muscle.id, view=view, body=self.patterns.about.body).area for view in VIEWS}
        return {view: area for view, area in areas.items() if area > TELLING * max(areas.values())}

    def check(self) -> list[Problem]:
        """All problems between patterns and outlines; faults of a file itself are found when it is read."""
        from . import consistency  # no plate needs it

        return consistency.all_problems(self.patterns, self._bodies.drawn(), self._file) + self._bodies.problems()

    def missing_names(self) -> dict[str, list[str]]:
        """The JSON pointers of missing names, by language of the interface."""
        from . import consistency

        return consistency.missing_names(self.patterns)

    def off_body(self) -> list[Problem]:
        """Zones and points that lie off the body."""
        from . import consistency

        return consistency.off_body(self.patterns, self._bodies.drawn(), self._file)


def _sided(stored: Callable[[str], Geometry], view: str, side: str) -> Geometry:
    """A shape of one side, from the stored one of the patient's right; the only place where sides are mirrored."""
    known("view", view, VIEWS)
    known("side", side, SIDES)
    return stored(view) if side == "right" else mirror(stored(mirror_view(view)))


def _near(stored: Callable[[str], Geometry], view: str, side: str, none: Geometry) -> Geometry:
    """As `_sided`, but empty for the far side of a side view."""
    shape = _sided(stored, view, side)
    return none if mirror_view(view) == side else shape
