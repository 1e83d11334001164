"""What a user asks for, as an immutable value that can be saved, drawn and shown.

Every name and number is checked when the diagram is made, so that a mistake is reported where it was typed. This room
knows formats and defaults; how a plate looks is for `compose`, how it is written for the backends.
"""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Iterable
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import limits
from .atlas import Atlas, load_atlas
from .compose import compose
from .errors import InputError, Problem, UnknownNameError, unknown
from .intake import hidden
from .outlines import SIDES, VIEWS
from .patterns import Muscle
from .plate import prose
from .plate.spec import LAYERS, Spec
from .resources import write_atomically
from .scene import Scene
from .style import THEMES, Style
from .words import LANGUAGES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("svg", "png", "pdf")
NARROWEST, WIDEST = 40.0, 420.0  # mm: a thumbnail that still holds 6 pt text; the long side of A3
ONE_VIEW, SEVERAL_VIEWS = 120.0, 175.0  # mm: a journal's column and a half, and its full page width


@dataclass(frozen=True)
class Diagram:
    """A referral map of one muscle.

    `muscle` is an id, a name in any language or an alias. `points` are numbers (1), names ("TrP1"), labels or ids; all
    points if left out. `side` is the patient's. `views` stand from left to right in the order given; if left out, those
    that show the zones. `width` is in mm on paper (40 to 420), the height follows from the content. `theme` is "plate",
    "print" or a Style. `layers` names the parts of the plate to draw besides the body: "muscle", "fibres", "zones",
    "points", "labels", "views", "locator", "title", "legend", "credit"; all of them if left out.

    Raises UnknownNameError for a name that is not known, InputError for a number out of range.

    >>> Diagram("gluteus medius", side="left", views="posterior", width=85).save("figure-2.svg")  # doctest: +SKIP
    """

    muscle: str
    _: KW_ONLY
    points: Iterable[int | str] | int | str | None = None
    side: str = "right"
    views: Iterable[str] | str | None = None
    body: str = "neutral"
    theme: str | Style = "plate"
    language: str = "en"
    width: float | None = None
    title: str | None = None
    layers: Iterable[str] | str | None = None
    atlas: Atlas | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name in ("points", "views", "layers"):
            object.__setattr__(self, name, _several(getattr(self, name)))
        atlas = self.atlas or load_atlas()
        muscle = atlas.muscle(self.muscle)
        points = _points(muscle, self.points)  # type: ignore[arg-type]
        side = _one_of("side", self.side, SIDES)
        views = _views(self.views) or tuple(atlas.views(muscle.id, points, side=side))  # type: ignore[arg-type]
        body = _one_of("body", self.body, atlas.bodies)
        for view in views:
            atlas.outline(body, view)  # raises where the body is not drawn in this view,
            atlas.warp(body, view)  # and where nothing carries the patterns to it
        languages = dict.fromkeys([*LANGUAGES, *muscle.names])
        spec = Spec(
            muscle=muscle.id,
            points=points,
            views=views,
            width=_width(self.width, views),
            side=side,
            body=body,
            language=_one_of("language", self.language, languages),
            title=_title(self.title),
            layers=_layers(self.layers),  # type: ignore[arg-type]
        )
        style = self.theme if isinstance(self.theme, Style) else THEMES[_one_of("theme", self.theme, THEMES)]
        for name, value in (("_atlas", atlas), ("_spec", spec), ("_style", style)):
            object.__setattr__(self, name, value)

    if TYPE_CHECKING:
        _atlas: Atlas
        _spec: Spec
        _style: Style

    @cached_property
    def _scene(self) -> Scene:
        return compose(self._atlas, self._spec, self._style)

    def scene(self) -> Scene:
        """The drawing as a plain value, in millimetres on the page."""
        return self._scene

    def caption(self) -> str:
        """A figure legend for an article, made from the data: what is shown, each point's pattern, the source."""
        return prose.caption(self._atlas, self._spec)

    def alt_text(self) -> str:
        """A short description for readers who cannot see the figure."""
        return prose.describe(self._atlas, self._spec)

    def save(self, path: str | os.PathLike[str], *, format: str | None = None, dpi: float = 300) -> Path:
        """Write the figure and return its path; the format comes from the suffix, `dpi` counts for PNG.

        A file is replaced in one step, never left half written. Raises UnknownNameError for a format that is not svg,
        png or pdf, and OutputError where the file cannot be written.
        """
        target = Path(path)
        data = self.to_bytes(format or _format_of(target), dpi=dpi)
        write_atomically(target, data)
        return target

    def to_bytes(self, format: str = "svg", *, dpi: float = 300) -> bytes:
        """The figure as the bytes of a file: "svg", "png" or "pdf"."""
        wanted = _one_of("format", str(format).lower(), FORMATS)
        if wanted == "svg":
            from .backends import svg

            return svg.write(self._scene).encode("utf-8")
        from .backends import mpl

        return mpl.to_bytes(self._scene, wanted, dpi=dpi)

    def figure(self) -> Figure:
        """The figure as a matplotlib Figure of the page's size; pyplot is not touched."""
        from .backends import mpl

        return mpl.figure(self._scene)

    def draw(self, ax: Axes) -> Axes:
        """Draw onto Axes that the caller owns, and return them."""
        from .backends import mpl

        mpl.draw(self._scene, ax)
        return ax

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, Any]:
        """What a notebook shows."""
        makers = {"image/svg+xml": lambda: self.to_bytes("svg").decode("utf-8"), "text/plain": lambda: repr(self)}
        wanted = [kind for kind in makers if (not include or kind in include) and kind not in (exclude or ())]
        return {kind: makers[kind]() for kind in wanted}


def _several(given: Any) -> Any:
    """A tuple of what may be given as one thing or several; None stays None."""
    if given is None:
        return None
    return (given,) if isinstance(given, str | int) else tuple(given)


def _one_of(kind: str, given: Any, choices: Iterable[str]) -> str:
    known = tuple(choices)
    if given not in known:
        raise unknown(kind, given, known)
    return str(given)


def _points(muscle: Muscle, wanted: tuple[int | str, ...] | None) -> tuple[str, ...]:
    """The ids of the points wanted, in the muscle's order."""
    if wanted is None:
        return tuple(point.id for point in muscle.points)
    if not wanted:
        raise InputError(Problem("no trigger points asked for", hint="leave points out to draw all"))
    found = {_point(muscle, each) for each in wanted}
    return tuple(point.id for point in muscle.points if point.id in found)


def _point(muscle: Muscle, wanted: int | str) -> str:
    try:
        return muscle.point(wanted).id
    except UnknownNameError:
        folded = str(wanted).casefold()
        for point in muscle.points:
            if folded in (label.casefold() for label in point.label.values()):
                return point.id
        raise


def _views(wanted: tuple[str, ...] | None) -> tuple[str, ...]:
    """The views asked for, checked; empty for the default."""
    if wanted is None:
        return ()
    views = tuple(_one_of("view", view, VIEWS) for view in wanted)
    if not views:
        raise InputError(Problem("no views asked for", hint="leave views out to draw those that show the zones"))
    if len(set(views)) < len(views):
        raise InputError(Problem(f"a view is asked for twice in {', '.join(views)}", hint="name each view once"))
    return views


def _layers(wanted: tuple[str, ...] | None) -> frozenset[str]:
    if wanted is None:
        return frozenset(LAYERS)
    return frozenset(_one_of("layer", layer, LAYERS) for layer in wanted)


def _width(wanted: float | None, views: tuple[str, ...]) -> float:
    if wanted is None:
        return ONE_VIEW if len(views) == 1 else SEVERAL_VIEWS
    return _number("width", wanted, NARROWEST, WIDEST, "mm")


def _number(name: str, given: Any, least: float, most: float, unit: str) -> float:
    try:
        value = math.nan if isinstance(given, bool | str) else float(given)
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if not least <= value <= most:
        what = f"{name} {given!r} is not a number from {least:g} to {most:g} {unit}"
        raise InputError(Problem(what, hint=f"choose a {name} from {least:g} to {most:g}"))
    return value


def _title(wanted: str | None) -> str | None:
    """A title that can be printed: of ordinary length and without hidden characters."""
    if wanted is None:
        return None
    if not isinstance(wanted, str):
        raise InputError(Problem(f"the title must be text, not {wanted!r}", hint="leave it out for the muscle's name"))
    if len(wanted) > limits.LABEL_CHARACTERS:
        raise InputError(Problem(limits.over("LABEL_CHARACTERS", len(wanted), "characters in the title")))
    if hidden(wanted):
        raise InputError(Problem(f"hidden character in the title: {hidden(wanted)}", hint="take it out"))
    return wanted


def _format_of(path: Path) -> str:
    suffix = path.suffix.removeprefix(".").lower()
    if not suffix:
        what = f"{path.name!r} has no suffix that tells the format"
        raise InputError(Problem(what, hint=f"end the name in {', '.join('.' + kind for kind in FORMATS)}"))
    return _one_of("format", suffix, FORMATS)
