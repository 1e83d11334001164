"""Drawn structures: a muscle, a bone or a tract as one view shows it, with its tones, tendon, fibres and bellies.

Each lies in a file of its own, which is read when it is first drawn: `Drawn` is a mapping that knows of its things what
the index says, and reads them one by one. Shapes are in the view frame, of paired things the patient's right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, TypeVar

import shapely
from shapely import MultiLineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from ..geometry.frame import Box
from ..geometry.rings import areas_in, lines_in
from .read_only import ReadOnly
from .views import mirror, mirror_view

MUSCLE, BONE, CONTEXT = KINDS = ("muscle", "bone", "context")
TONES = 5  # of a muscle, the rim's own not counted
STEPS = 2  # of a tendon, and of a bone
KEPT = 64  # things of one mapping: a batch draws the same again and again, but not the whole body

NO_AREA, NO_LINES = MultiPolygon(), MultiLineString()

V = TypeVar("V")


@dataclass(frozen=True)
class Structure:
    """One muscle, bone or context structure (such as the iliotibial tract) in one view, in the view frame.

    Attributes
    ----------
    id, kind, view, title : str
        `kind` is "muscle", "bone" or "context", `title` the English name.
    rim : MultiPolygon
        All that the view sees of it, in its lightest tone; empty where the view does not show it.
    tones : tuple of MultiPolygon
        Darker and darker, each inside the one before, the first inside the rim; at most 5, of a bone 2.
    tendon, tendon_tones : MultiPolygon, tuple of MultiPolygon
        The tendon inside the rim, and its darker steps.
    fibres, tendon_fibres : MultiLineString
        Lines of pull, of the belly and of the tendon.
    members : mapping
        The bellies of a muscle that has several, by id; `member_titles` are their English names.
    lines : MultiPolygon
        Thin shapes drawn on a bone.
    source : str
        Where the drawing comes from, as its file says; empty for a shape of an outline's own file.
    """

    id: str
    kind: str
    view: str
    title: str = ""
    rim: MultiPolygon = NO_AREA
    tones: tuple[MultiPolygon, ...] = ()
    tendon: MultiPolygon = NO_AREA
    tendon_tones: tuple[MultiPolygon, ...] = ()
    fibres: MultiLineString = NO_LINES
    tendon_fibres: MultiLineString = NO_LINES
    members: Mapping[str, MultiPolygon] = field(default_factory=ReadOnly)
    member_titles: Mapping[str, str] = field(default_factory=ReadOnly)
    lines: MultiPolygon = NO_AREA
    source: str = ""

    __hash__ = None  # type: ignore[assignment]

    @property
    def is_empty(self) -> bool:
        """Whether the view shows nothing of it."""
        return bool(self.rim.is_empty)

    def within(self, window: BaseGeometry) -> Structure:
        """The part of it that lies in a window of the view."""
        areas = {
            name: areas_in(shapely.intersection(getattr(self, name), window)) for name in ("rim", "tendon", "lines")
        }
        pulls = {
            name: lines_in(shapely.intersection(getattr(self, name), window)) for name in ("fibres", "tendon_fibres")
        }
        steps = {
            name: tuple(areas_in(shapely.intersection(tone, window)) for tone in getattr(self, name))
            for name in ("tones", "tendon_tones")
        }
        members = {key: areas_in(shapely.intersection(shape, window)) for key, shape in self.members.items()}
        return replace(self, **areas, **pulls, **steps, members=ReadOnly(members))  # type: ignore[arg-type]

    def mirrored(self) -> Structure:
        """The same of the patient's other side, in the mirrored view."""
        return replace(
            self,
            view=mirror_view(self.view),
            rim=mirror(self.rim),
            tones=tuple(map(mirror, self.tones)),
            tendon=mirror(self.tendon),
            tendon_tones=tuple(map(mirror, self.tendon_tones)),
            fibres=mirror(self.fibres),
            tendon_fibres=mirror(self.tendon_fibres),
            members=ReadOnly({key: mirror(shape) for key, shape in self.members.items()}),
            lines=mirror(self.lines),
        )


class Listed(NamedTuple):
    """What is known of a structure before it is read; no box where only its shape can tell."""

    kind: str
    title: str = ""
    box: Box | None = None


def listing(structures: Mapping[str, Structure]) -> Mapping[str, Listed]:
    """What is known of structures before they are read."""
    if isinstance(structures, Drawn):
        return structures.listed
    return {key: Listed(one.kind, one.title) for key, one in structures.items()}


def keep(kept: dict[Any, V], key: object, thing: V) -> None:
    """Put a thing into a dict that holds no more than the last `KEPT`; other threads may do the same."""
    for oldest in list(kept)[: max(0, len(kept) + 1 - KEPT)]:
        kept.pop(oldest, None)
    kept[key] = thing


class Drawn(Mapping[str, V]):
    """Things by id, each read at the first use; the last ones are kept.

    Parameters
    ----------
    listed : mapping of Listed by id
        What there is: `len`, `in` and iteration read nothing.
    read : callable
        The thing of an id; a function with a name or a `partial`, so that the mapping can be pickled.
    """

    def __init__(self, listed: Mapping[str, Listed], read: Callable[[str], V]) -> None:
        self.listed = listed
        self._read = read
        self._kept: dict[str, V] = {}

    def __getitem__(self, key: str) -> V:
        if key not in self.listed:
            raise KeyError(key)
        found = self._kept.get(key)
        if found is None:
            found = self._read(key)
            keep(self._kept, key, found)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.listed)

    def __len__(self) -> int:
        return len(self.listed)

    def __contains__(self, key: object) -> bool:
        return key in self.listed

    def __reduce__(self) -> tuple[type[Drawn[V]], tuple[Mapping[str, Listed], Callable[[str], V]]]:
        return type(self), (self.listed, self._read)
