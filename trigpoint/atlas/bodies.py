"""The bodies of one folder: their outlines, and the warps that carry to each what is drawn on the first.

Files are read when they are first needed. Only the first body need have muscles, regions and bones of its own; to the
others they come by a warp, inside the silhouette.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shapely import MultiPolygon

from ..errors import InputError, Problem, unknown
from ..files.file_names import alike
from .outlines import FILE, VIEWS, Outline
from .structure_folder import StructureFolder, carried, drawn
from .structures import Structure

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from .warp import Warp, Warps

WARP = ".warp.json"


def known(kind: str, name: object, choices: Collection[Any]) -> None:
    """Raise UnknownNameError for what is none of the choices."""
    if not isinstance(name, str) or name not in choices:
        raise unknown(kind, name, choices)


class Bodies:
    """The bodies of a folder; `first` is the one that the patterns are drawn on."""

    def __init__(
        self, folder: Traversable, first: str, read: Callable[[Traversable], Outline], structures: StructureFolder
    ) -> None:
        self._folder = folder
        self._first = first
        self._read = read
        self.structures = structures
        self._outlines: dict[tuple[str, str], Outline] = {}
        self._warps: dict[str, Warps] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The bodies there are outlines of."""
        return tuple(dict.fromkeys(body for body, _ in self._files))

    def meant(self, asked: object) -> object:
        """The body of this name in whatever letters, else what is asked for; InputError for the name of a stray."""
        if isinstance(asked, str) and asked in self.strays:
            raise InputError(self.strays[asked])
        return next((name for name in self.names if alike(name) == alike(str(asked))), asked)

    def known(self, body: object) -> None:
        """Raise UnknownNameError for a body that there is not, InputError for a stray."""
        if body not in self.names:
            self.meant(body)
            raise unknown("body", body, self.names)

    @cached_property
    def strays(self) -> dict[str, Problem]:
        """Names that differ from a body's in nothing but capitals, each with what is wrong; they are no bodies."""
        ranked = sorted(self._named, key=lambda key: (key[0] == self._first, key))
        kept = {alike(body): body for body, _ in ranked}
        return {
            body: self._stray(body, view, kept[alike(body)]) for body, view in ranked[::-1] if body not in kept.values()
        }

    def _stray(self, body: str, view: str, kept: str) -> Problem:
        views = sorted((other != view, other) for name, other in self._named if name == kept)
        what = f"the name differs from {kept}.{views[0][1]}.svg in nothing but capitals: this is no body of its own"
        return Problem(what, f"{body}.{view}.svg", hint="delete one of the two files, or give it another name")

    @cached_property
    def _named(self) -> dict[tuple[str, str], Traversable]:
        """The files that are named after body and view, those of stray bodies, too."""
        named = sorted((file.name, file) for file in self._folder.iterdir() if FILE.fullmatch(file.name))
        return {(body, view): file for name, file in named for body, view, _ in [name.split(".")]}

    @cached_property
    def _files(self) -> dict[tuple[str, str], Traversable]:
        return {(body, view): file for (body, view), file in self._named.items() if body not in self.strays}

    def outline(self, body: str, view: str) -> Outline:
        """The outline of a body in a view, read at the first use; a warp brings the structures that it has not."""
        known("view", view, VIEWS)
        self.known(body)
        if (body, view) not in self._outlines:
            if (body, view) not in self._files:
                raise unknown(f"view of body {body}", view, [drawn for name, drawn in self._files if name == body])
            self._outlines[body, view] = self._with_structures(self._read(self._files[body, view]))
        return self._outlines[body, view]

    def _with_structures(self, outline: Outline) -> Outline:
        if outline.body == self._first:
            return drawn(outline, self.structures)
        start = self._start(outline.view) if outline.body in self._warp_files else None
        warp = self.warp(outline.body, outline.view) if start else None
        return carried(outline, start, warp)

    def structure(self, key: str, body: str, view: str) -> Structure | None:
        """A muscle, bone or context structure of a body in a view, of the patient's right; None where it has none."""
        outline, own = self.drawn_on(body, view)
        if outline is None:
            return None
        return (outline if own else self.outline(body, view)).structures.get(key)

    def warp(self, body: str, view: str) -> Warp | None:
        """What carries the patterns to a body in a view; None for the body that they are drawn on.

        Raises InputError where the body has outlines but no warp.
        """
        known("view", view, VIEWS)
        self.known(body)
        start = self._first
        if body == start:
            return None
        file = self._warp_files.get(body)
        if file is None:
            hint = f"put {body}.warp.json beside its outlines, or draw on body '{start}'"
            raise InputError(Problem(f"body '{body}' has outlines but no warp from '{start}'", hint=hint))
        if body not in self._warps:
            from .warp import read_warps  # the body that the patterns are drawn on needs none

            self._warps[body] = read_warps(file)
        warps = self._warps[body]
        if (warps.body, warps.source) != (body, start):
            what = f"the warp leads from '{warps.source}' to '{warps.body}', not from '{start}' to '{body}'"
            raise InputError(Problem(what, file.name, "/from", f"draw on body '{start}', or make the warp anew"))
        if view not in warps.views:
            raise unknown(f"view of the warp to {body}", view, warps.views)
        return warps.views[view]

    @cached_property
    def _warp_files(self) -> dict[str, Traversable]:
        files = sorted((file.name, file) for file in self._folder.iterdir() if file.name.endswith(WARP))
        return {name.removesuffix(WARP): file for name, file in files}

    def drawn_on(self, body: str, view: str) -> tuple[Outline | None, bool]:
        """The outline that muscles and regions of a body are taken from in a view, and whether it is the body's own."""
        self.known(body)
        outline = self.outline(body, view) if (body, view) in self._files else None
        if outline is None or body == self._first or outline.muscles or outline.regions:
            return outline, True
        self.warp(body, view)  # raises for a body without a warp
        return self._start(view), False

    def _start(self, view: str) -> Outline | None:
        """The outline of the body that the patterns are drawn on, where there is one."""
        return self.outline(self._first, view) if (self._first, view) in self._files else None

    def carried(self, shape: MultiPolygon, body: str, view: str) -> MultiPolygon:
        """A shape as it lies on another body: inside its silhouette, and up to the edge where it was there before."""
        warp = self.warp(body, view)
        if warp is None or shape.is_empty or (body, view) not in self._files:
            return shape
        start = self._start(view)
        edge = start.silhouette if start else None
        return warp.onto(shape, edge, self.outline(body, view).silhouette)

    def problems(self) -> list[Problem]:
        """What is wrong with structures and warps that lie beside the outlines, and with the names of the outlines."""
        problems = [*self.strays.values(), *self.structures.problems()]
        for body, view in self._files:
            if body in self._warp_files:
                try:
                    self.warp(body, view)
                except InputError as error:
                    problems += error.problems
        return list(dict.fromkeys(problems))

    def drawn(self) -> dict[str, Outline]:
        """The outlines of the body that the patterns are for, by view."""
        drawn = {view: self._start(view) for view in VIEWS}
        return {view: outline for view, outline in drawn.items() if outline}
