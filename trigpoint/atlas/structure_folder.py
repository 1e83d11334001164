"""The folder of structures beside the outlines, and what an outline shows of it.

Files are opened when something of them is first drawn. What an outline's own file holds goes before a structure of the
same name; to another body all is carried by its warp.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache, cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import MultiLineString, MultiPolygon

from ..errors import InputError, Problem
from ..files.shipped import resource
from ..geometry.rings import areas_in
from .outlines import Outline
from .read_only import ReadOnly
from .structure_index import STORED, Index, open_index, read_index
from .structure_shapes import open_structures, read_structures
from .structures import BONE, CONTEXT, MUSCLE, Drawn, Listed, Structure, keep, listing
from .views import mirror_view

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from .warp import Warp

FOLDER, INDEX = "structures", "index.json"
LINES = ".lines"  # the ending of ids of lines drawn on a bone, in an outline's own file
HAIR_MM = 0.5  # by which a structure that is carried to another body keeps off its edge
SAMPLES = np.linspace(0, 1, 5)  # shares of a box's sides: the places of it that a warp is asked for
BENT_MM = 10.0  # by which what lies between them may move otherwise


class StructureFolder:
    """The folder `structures` inside a folder of outlines; it may be missing.

    Parameters
    ----------
    outlines : Traversable
        The folder of the outlines.
    known : bool
        Whether its files were checked when they were made, as the shipped ones were.
    repair : bool
        As of `read_outline`.
    """

    def __init__(self, outlines: Traversable, *, known: bool = False, repair: bool = False) -> None:
        self._outlines, self._known, self._repair = outlines, known, repair
        self._files: dict[tuple[str, str], Mapping[str, Structure]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """How it is pickled: by its place, the shipped one by its name alone."""
        if self is shipped_structures():
            return shipped_structures, ()
        return partial(type(self), known=self._known, repair=self._repair), (self._outlines,)

    @cached_property
    def index(self) -> Index:
        """What there is; empty without the folder."""
        folder = self._outlines / FOLDER
        if not folder.is_dir():
            return {}
        return open_index(folder / INDEX) if self._known else read_index(folder / INDEX)

    def listed(self, view: str) -> dict[str, Listed]:
        """What a view shows."""
        stored, found = _stored(view), {}
        for key, entry in self.index.items():
            if stored in entry.boxes:
                x0, y0, x1, y1 = entry.boxes[stored]
                box = (x0, y0, x1, y1) if stored == view else (-x1, y0, -x0, y1)
                found[key] = Listed(entry.kind, entry.title, box)
        return found

    def structure(self, key: str, view: str) -> Structure:
        """A structure that the index lists for a view."""
        stored = _stored(view)
        found = self._file(self.index[key].file, stored)[key]
        return found if stored == view else found.mirrored()

    def _file(self, name: str, view: str) -> Mapping[str, Structure]:
        """All structures of a file; the last files are kept."""
        found = self._files.get((name, view))
        if found is None:
            held = {key: entry for key, entry in self.index.items() if entry.file == name and view in entry.boxes}
            file = self._outlines / FOLDER / f"{name}.{view}.svg"
            read = open_structures if self._known else partial(read_structures, repair=self._repair)
            found = read(file, view, held)
            keep(self._files, (name, view), found)
        return found

    def problems(self) -> list[Problem]:
        """What is wrong with the index and with the files that it names; nothing where they were checked when made."""
        if self._known:
            return []
        found: list[Problem] = []
        try:
            files = {(entry.file, view) for entry in self.index.values() for view in entry.boxes}
        except InputError as error:
            return list(error.problems)
        for name, view in sorted(files):
            try:
                self._file(name, view)
            except InputError as error:
                found += error.problems
        return found


@cache
def shipped_structures() -> StructureFolder:
    """The structures that ship."""
    return StructureFolder(resource("assets", "body_outlines"), known=True)


def _stored(view: str) -> str:
    return view if view in STORED else mirror_view(view)


def drawn(outline: Outline, folder: StructureFolder) -> Outline:
    """The outline of the body that structures are drawn on, with all that the folder adds to its own shapes."""
    added = folder.listed(outline.view)
    structures = Drawn(added | _own(outline), partial(_drawn, outline, folder))
    whole = replace(outline, structures=structures)
    if not added:
        return whole
    return replace(
        whole,
        muscles=_part(structures, "rim", outline.muscles, MUSCLE),
        fibres=_part(structures, "fibres", outline.fibres, MUSCLE, without=outline.muscles),
        bones=_part(structures, "rim", outline.bones, BONE),
        titles=ReadOnly({key: one.title for key, one in added.items()} | dict(outline.titles)),
    )


def _drawn(outline: Outline, folder: StructureFolder, key: str) -> Structure:
    return plain(outline, key) if key in _own(outline) else folder.structure(key, outline.view)


def _own(outline: Outline) -> dict[str, Listed]:
    """The muscles and bones that an outline's own file holds."""
    found = {key: Listed(BONE, outline.titles.get(key, "")) for key in outline.bones if not key.endswith(LINES)}
    muscles = dict.fromkeys([*outline.muscles, *outline.fibres])
    return found | {key: Listed(MUSCLE, outline.titles.get(key, "")) for key in muscles}


def plain(outline: Outline, key: str) -> Structure:
    """A muscle or bone of an outline's own file: a rim, and lines of pull or lines on it."""
    title = outline.titles.get(key, key.replace("_", " "))
    if key in outline.muscles or key in outline.fibres:
        rim, fibres = outline.muscles.get(key, MultiPolygon()), outline.fibres.get(key, MultiLineString())
        return Structure(key, MUSCLE, outline.view, title, rim, fibres=fibres)
    lines = outline.bones.get(key + LINES, MultiPolygon())
    return Structure(key, BONE, outline.view, title, outline.bones[key], lines=lines)


def _part(
    structures: Drawn[Structure], part: str, own: Mapping[str, Any], kind: str, without: Collection[str] = ()
) -> Drawn[Any]:
    """One part of every structure of a kind; the shapes of the outline's own file go before."""
    more = [key for key, one in structures.listed.items() if one.kind == kind and key not in without]
    listed = {key: structures.listed.get(key, Listed(kind)) for key in sorted({*own, *more})}
    return Drawn(listed, partial(_shape, structures, part, own))


def _shape(structures: Drawn[Structure], part: str, own: Mapping[str, Any], key: str) -> Any:
    return own[key] if key in own else getattr(structures[key], part)


def carried(outline: Outline, start: Outline | None, warp: Warp | None) -> Outline:
    """The outline of another body with what a warp, if there is one, carries there from the first one.

    Muscles come to a body that has neither muscles nor regions of its own, bones to one that has no bones.
    """
    if start is None or warp is None:
        return replace(outline, structures=Drawn(_own(outline), partial(plain, outline)))
    kinds = ([] if outline.muscles or outline.regions else [MUSCLE, CONTEXT]) + ([] if outline.bones else [BONE])
    come = {key: one for key, one in listing(start.structures).items() if one.kind in kinds}
    structures = Drawn(_moved(come, warp) | _own(outline), partial(_carried, outline, start, warp))
    bones = Drawn(dict.fromkeys(start.bones, Listed(BONE)), partial(_carried_bone, outline, start, warp))
    titles = {key: one.title for key, one in come.items() if one.box}
    return replace(
        outline,
        structures=structures,
        bones=outline.bones or bones,
        titles=ReadOnly(titles | dict(outline.titles)) if titles else outline.titles,
    )


def _carried(outline: Outline, start: Outline, warp: Warp, key: str) -> Structure:
    if key in _own(outline):
        return plain(outline, key)
    one = start.structures[key]
    if one.source:
        return _inside(one, warp, inner(outline.silhouette))
    edge = start.silhouette if one.kind == MUSCLE else None
    return replace(
        one,
        rim=warp.onto(one.rim, edge, outline.silhouette),
        fibres=warp.lines(one.fibres, within=outline.silhouette),
        lines=warp.onto(one.lines, None, outline.silhouette),
    )


def _carried_bone(outline: Outline, start: Outline, warp: Warp, key: str) -> MultiPolygon:
    name = key.removesuffix(LINES)
    bone = _carried(outline, start, warp, name)
    return bone.lines if name != key else bone.rim


def _inside(one: Structure, warp: Warp, body: MultiPolygon) -> Structure:
    """A structure as it lies on another body: its rim inside, tones and tendon inside the rim."""
    rim = warp.polygons(one.rim)
    if not body.contains(rim):
        rim = areas_in(shapely.intersection(rim, body))
    tendon = _cut(one.tendon, warp, rim)
    return replace(
        one,
        rim=rim,
        tones=_steps(one.tones, warp, rim),
        tendon=tendon,
        tendon_tones=_steps(one.tendon_tones, warp, tendon),
        fibres=warp.lines(one.fibres, within=rim),
        tendon_fibres=warp.lines(one.tendon_fibres, within=rim),
        members=ReadOnly({key: _cut(shape, warp, rim) for key, shape in one.members.items()}),
        lines=_cut(one.lines, warp, rim),
    )


def _steps(tones: tuple[MultiPolygon, ...], warp: Warp, around: MultiPolygon) -> tuple[MultiPolygon, ...]:
    found = []
    for tone in tones:
        around = _cut(tone, warp, around)
        found.append(around)
    return tuple(found)


def _cut(shape: MultiPolygon, warp: Warp, around: MultiPolygon) -> MultiPolygon:
    return MultiPolygon() if shape.is_empty else warp.onto(shape, None, around)


@lru_cache(16)
def inner(silhouette: MultiPolygon) -> MultiPolygon:
    """The inside of a body, a hair off its edge."""
    inside = areas_in(silhouette.buffer(-HAIR_MM))
    shapely.prepare(inside)
    return inside


def _moved(listed: Mapping[str, Listed], warp: Warp) -> dict[str, Listed]:
    """The same with boxes around what their boxes hold after the warp."""
    boxed = {key: one.box for key, one in listed.items() if one.box}
    if not boxed:
        return dict(listed)
    low, high = np.split(np.array(list(boxed.values())), 2, axis=1)
    shares = np.stack(np.meshgrid(SAMPLES, SAMPLES), axis=2).reshape(-1, 2)
    places = low[:, None] + shares * (high - low)[:, None]
    moved = warp.points(places.reshape(-1, 2)).reshape(places.shape)
    ends = np.concatenate([moved.min(axis=1) - BENT_MM, moved.max(axis=1) + BENT_MM], axis=1).tolist()
    return dict(listed) | {key: listed[key]._replace(box=tuple(box)) for key, box in zip(boxed, ends, strict=True)}
