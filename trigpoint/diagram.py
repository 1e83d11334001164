"""What a user asks for, as an immutable value that can be saved, drawn and shown.

Every name and number is checked when the diagram is made, so that a mistake is reported where it was typed. This room
knows formats and defaults; how a plate looks is for `compose`, how it is written for the backends.
"""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from . import backends, limits, multiples, presets
from .atlas import Atlas, load_atlas
from .compose import answers, compose
from .errors import InputError, Problem, UnknownNameError, unknown
from .intake import hidden
from .outlines import SIDES, VIEWS
from .patterns import Muscle, TriggerPoint, name_key
from .plate import prose, views
from .plate.content import shows
from .plate.hues import looks
from .plate.several import Layout
from .plate.spec import ANNOTATIONS, DEFAULT_ANNOTATIONS, DEFAULT_LAYERS, LABELS, LATERAL_BONES, LAYERS, Spec
from .presets import Preset, PresetWarning
from .resources import write_atomically
from .scene import Scene
from .style import THEMES, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DEFAULTS = {"side": "right", "body": "neutral", "theme": "plate", "language": "en", "text": "live"}
SEEN_ON_BONES = ("hip",)  # groups of muscles whose side views are read more easily with the bones below
FORMATS, TEXTS = backends.FORMATS, backends.TEXTS
LAYOUTS, OVERLAYS = ("together", "grid"), ("count", "prevalence")
DPI = 300.0  # of a figure that no journal asks more of
LOWEST, HIGHEST = 40.0, 600.0  # mm: of a page's height, a thumbnail; the long side of A2
SPELT = frozenset(  # what is given by names of this library, all of them in small letters
    ("side", "views", "theme", "layers", "layout", "overlay", "labels", "annotate", "text")
)
SIGNS = ("+", "-")  # before a layer: one more than usual, or one less
ONE_VIEW, SEVERAL_VIEWS = 120.0, 175.0  # mm: a journal's column and a half, and its full page width


@dataclass(frozen=True, init=False, repr=False)
class Diagram:
    """A referral map of one muscle, or of several on one plate.

    A muscle is an id, a name in any language or an alias. `points` are numbers (1), names ("TrP1"), labels or ids; all
    points if left out. `side` is the patient's. `views` stand from left to right in the order given; if left out, those
    that show the zones. `width` is in mm on paper (40 to 420), the height follows from the content. `theme` is "plate",
    "print" (grey), "contrast", "dark", "blueprint" (line art) or a Style. `layers` names the parts of the plate to draw
    besides the body: "muscle", "fibres", "zones", "points", "labels", "key", "views", "locator", "title", "legend",
    "credit", "bones" (ghost bones), "acupoints" (acupuncture points, for nearness only), "letters" (A, B, C over the
    panels) and "scale" (a bar of 10 cm); if left out, all but the last four, with bones in side views of the hip.
    A plate wider than 190 mm is drawn larger as a whole, text and lines included.

    `language` is en, la (names only), de, fr, es, pt, it, zh or ja, or one that the data are named in; "de-AT" is "de"
    where there is no closer one.

    `annotate` names what is labelled: "muscle" and "points", if left out, and on request "regions" (those that the
    zones reach), "landmarks" and "bones" (which are then drawn). `labels="names"` writes the names beside the body,
    `labels="numbers"` numbers on it and a key below, `labels="blank"` leaves lines to write the names on; if left out,
    names where every leader is clear, else numbers.

    Several muscles: `layout="together"` (the default) draws up to eight on one body, each with its colour and pattern;
    `layout="grid"` gives each a panel of its own at one scale, seen from where its points show. `overlay="count"` shows
    how many trigger points refer to each place, `overlay="prevalence"` weights muscles by how often their points are
    active in low back pain; every muscle must have a published prevalence.

    `height` is the most that the page may be tall, in mm: bodies get smaller until it fits. `inset` names a region, or
    several, to enlarge beside the body ("sacral").

    `preset` makes the figure for a family of journals, such as "elsevier-single" (`trigpoint presets` lists them): it
    sets width and greatest height, the default resolution and format, and brings text sizes and line weights of the
    theme within the journal's rules. A width or height given beside it wins. `check_preset` tells which rules the
    figure breaks.

    `text` is "live" (SVG and PDF hold text, which can be searched and edited and, in SVG, needs its typeface or one of
    the same widths where it is shown) or "paths" (outlines, the same everywhere).

    A diagram never changes. Raises UnknownNameError for a name that is not known, InputError for a number out of range
    or for options that do not go together.

    >>> Diagram("gluteus medius", side="left", views="posterior", width=85).save("figure-2.svg")  # doctest: +SKIP
    """

    muscles: tuple[str, ...]
    points: tuple[int | str, ...] | None
    side: str
    views: tuple[str, ...] | None
    body: str
    theme: str | Style
    language: str
    width: float | None
    title: str | None
    layers: tuple[str, ...] | None
    layout: str | None
    overlay: str | None
    preset: str | None
    labels: str | None
    annotate: tuple[str, ...] | None
    height: float | None
    inset: tuple[str, ...] | None
    text: str
    atlas: Atlas | None

    def __init__(
        self,
        *names: str,
        muscles: Iterable[str] = (),
        points: Iterable[int | str] | int | str | None = None,
        side: str = "right",
        views: Iterable[str] | str | None = None,
        body: str = "neutral",
        theme: str | Style = "plate",
        language: str = "en",
        width: float | None = None,
        title: str | None = None,
        layers: Iterable[str] | str | None = None,
        layout: str | None = None,
        overlay: str | None = None,
        preset: str | None = None,
        labels: str | None = None,
        annotate: Iterable[str] | str | None = None,
        height: float | None = None,
        inset: Iterable[str] | str | None = None,
        text: str = "live",
        atlas: Atlas | None = None,
    ) -> None:
        given = locals()
        several = {key: _several(given[key]) for key in ("points", "views", "layers", "annotate", "inset")}
        fields = {key: given[key] for key in self.__dataclass_fields__} | several
        fields |= {key: _spelt(fields[key]) for key in SPELT}
        found_in = atlas or load_atlas()
        fields["body"] = next((each for each in found_in.bodies if each.casefold() == str(body).casefold()), body)
        found = _muscles(found_in, (*names, *_several(muscles)))
        for key, value in (fields | {"muscles": tuple(muscle.id for muscle in found)}).items():
            object.__setattr__(self, key, value)
        _one_of("text", self.text, TEXTS)
        rules = presets.find(preset) if preset is not None else None
        specs, chosen = _specs(self, found_in, found, rules)
        style = theme if isinstance(theme, Style) else THEMES[_one_of("theme", self.theme, THEMES)]
        if chosen == "together" and len(found) > looks(style):
            what = f"{len(found)} muscles on one body, and only {looks(style)} can be told apart"
            raise InputError(Problem(what, hint="use layout='grid', or draw fewer"))
        if rules:
            style = presets.styled(style, rules)
        hidden_fields = {"_atlas": found_in, "_specs": specs, "_layout": chosen, "_style": style, "_preset": rules}
        for key, value in hidden_fields.items():
            object.__setattr__(self, key, value)

    if TYPE_CHECKING:
        _atlas: Atlas
        _specs: tuple[Spec, ...]
        _layout: Layout | None
        _style: Style
        _preset: Preset | None

    @property
    def _spec(self) -> Spec:
        return self._specs[0]

    @property
    def page_width(self) -> float:
        """The width of the page in mm, whether it was given or chosen."""
        return self._spec.width

    def __repr__(self) -> str:
        said = [repr(muscle) for muscle in self.muscles]
        for key in list(self.__dataclass_fields__)[1:-1]:
            value = getattr(self, key)
            if value != DEFAULTS.get(key):
                said.append(f"{key}={value!r}")
        return f"Diagram({', '.join(said)})"

    @cached_property
    def _scene(self) -> Scene:
        try:
            return self._composed(self._specs)
        except InputError:
            if self.height is not None or self._preset is None:
                raise
        return self._composed([replace(spec, height=None) for spec in self._specs])  # too tall, which a check tells

    def _composed(self, specs: Sequence[Spec]) -> Scene:
        if self._layout is None:
            return compose(self._atlas, specs[0], self._style)
        return multiples.compose(self._atlas, specs, self._layout, self._style)

    def scene(self) -> Scene:
        """The drawing as a plain value, in millimetres on the page."""
        return self._scene

    def caption(self) -> str:
        """A figure legend for an article, made from the data: what is shown, each point's pattern, the source."""
        if self._layout is None:
            return prose.caption(self._atlas, self._spec)
        return prose.caption_of(self._atlas, self._specs, self._layout)

    def alt_text(self) -> str:
        """A short description for readers who cannot see the figure."""
        if self._layout is None:
            return prose.describe(self._atlas, self._spec)
        return prose.describe_of(self._atlas, self._specs, self._layout)

    def check_preset(self, format: str | None = None, *, dpi: float | None = None) -> tuple[Problem, ...]:
        """The rules of the preset that the figure breaks, each with what was measured and what is allowed.

        With a format, also what is wrong with such a file, at `dpi` (the preset's if left out). Empty without a preset.
        """
        if self._preset is None:
            return ()
        wanted = None if format is None else _one_of("format", str(format).lower(), FORMATS)
        file = presets.File(wanted, self._dpi(dpi), self.text) if wanted else None
        return presets.problems(self._preset, self._scene, self._style, file)

    @property
    def shown_views(self) -> tuple[str, ...]:
        """The views that are drawn, from left to right: those asked for, else those that show the zones."""
        return prose.together(self._specs).views

    def answer_key(self) -> tuple[tuple[str, str], ...]:
        """What the numbers and letters of a plate with `labels="blank"` or `"numbers"` stand for: (number, name).

        >>> Diagram("piriformis", labels="blank").answer_key()[0]
        ('1', 'TrP1 (lateral)')
        """
        return answers(self._atlas, self._spec, self._style) if self._layout is None else ()

    def answer_plate(self) -> Diagram:
        """The same plate with its names: the answer to one with `labels="blank"` or with numbers and no key."""
        fields = {key: getattr(self, key) for key in self.__dataclass_fields__ if key != "muscles"}
        layers = None if self.layers is None else tuple(sorted(_layers(self.layers) | {"labels", "key"}))
        return Diagram(*self.muscles, **fields | {"labels": "names", "layers": layers})

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        format: str | None = None,
        dpi: float | None = None,
        text: str | None = None,
    ) -> Path:
        """Write the figure and return its path; the format comes from the suffix.

        `dpi` counts for PNG and TIFF; left out, it is the preset's, or 300. `text` takes the place of the diagram's
        own. A file is replaced in one step, never left half written. Raises UnknownNameError for a format that is not
        svg, png, pdf, eps or tiff, and OutputError where the file cannot be written; warns of every rule of the preset
        that is broken, and of names that were insisted on and found no room.
        """
        target = Path(path)
        data = self._bytes(format or _format_of(target), dpi, text)
        write_atomically(target, data)
        return target

    def to_bytes(self, format: str = "svg", *, dpi: float | None = None, text: str | None = None) -> bytes:
        """The figure as the bytes of a file: "svg", "png", "pdf", "eps" or "tiff"; warns as `save` does."""
        return self._bytes(format, dpi, text)

    def _bytes(self, format: str, dpi: float | None, text: str | None) -> bytes:
        wanted = _one_of("format", str(format).lower(), FORMATS)
        resolution = self._dpi(dpi)
        if not any(shows(self._atlas, spec) for spec in self._specs):
            what = f"nothing of {', '.join(self.muscles)} is seen in the view {' or '.join(self.shown_views)}"
            warnings.warn(f"{what} (hint: side {self.side}; leave views out for those that show it)", stacklevel=3)
        for remark in self._scene.remarks:
            warnings.warn(remark, stacklevel=3)
        data = backends.to_bytes(self._scene, wanted, dpi=resolution, text=text or self.text)
        if self._preset is not None:
            file = presets.File(wanted, resolution, text or self.text, len(data))
            for problem in presets.problems(self._preset, self._scene, self._style, file):
                warnings.warn(problem.line(), PresetWarning, stacklevel=3)
        return data

    def _dpi(self, asked: float | None) -> float:
        return asked if asked is not None else (self._preset and self._preset.get("dpi")) or DPI

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

        def svg() -> str:
            return backends.to_bytes(self._scene, "svg", text=self.text).decode("utf-8")

        def plain() -> str:
            return repr(self)

        makers = {"image/svg+xml": svg, "text/plain": plain}
        wanted = [kind for kind in makers if (not include or kind in include) and kind not in (exclude or ())]
        return {kind: makers[kind]() for kind in wanted}


def _specs(
    asked: Diagram, atlas: Atlas, found: Sequence[Muscle], rules: Preset | None
) -> tuple[tuple[Spec, ...], Layout | None]:
    """A checked spec for each muscle, alike but for muscle, points and, in a grid, views; how they share the plate."""
    layout = _layout(found, asked.layout, asked.overlay)
    chosen = _chosen(found, asked.points, asked.side)
    _one_of("side", asked.side, SIDES)
    _one_of("body", asked.body, atlas.bodies)
    given = _views(asked.views)
    shown = [given] * len(found) if given else _best_views(atlas, found, chosen, asked, layout)
    for view in dict.fromkeys(view for some in shown for view in some):
        atlas.outline(asked.body, view)  # raises where the body is not drawn in this view,
        atlas.warp(asked.body, view)  # and where nothing carries the patterns to it
    shared = Spec(
        muscle="",
        points=(),
        views=shown[0],
        width=_width(asked.width, shown[0], len(found), rules),
        side=asked.side,
        body=asked.body,
        language=atlas.language(asked.language),
        title=checked_title(asked.title),
        layers=_layers(asked.layers),
        labels=LABELS[0] if asked.labels is None else _one_of("labels", asked.labels, LABELS),
        annotate=_annotations(asked.annotate),
        height=_height(asked.height, rules),
        inset=_insets(asked.inset, atlas, layout),
    )
    if layout is not None and (asked.labels is not None or asked.annotate is not None):
        hint = "leave labels and annotate out, or draw one muscle"
        raise InputError(Problem("a plate of several muscles has no leaders", hint=hint))
    if "bones" in shared.annotate:
        shared = replace(shared, layers=shared.layers | {"bones"})
    usual = asked.layers is None or (_relative(asked.layers) and "-bones" not in asked.layers)
    if usual and layout is None and found[0].group in SEEN_ON_BONES:
        shared = replace(shared, layers=shared.layers | {LATERAL_BONES})
    parts = zip(found, chosen, shown, strict=True)
    return tuple(replace(shared, muscle=muscle.id, points=ids, views=views) for muscle, ids, views in parts), layout


def _muscles(atlas: Atlas, wanted: tuple[str, ...]) -> list[Muscle]:
    """The muscles in the order asked for; InputError where one is asked for twice."""
    if not wanted:
        raise TypeError("Diagram() needs the name of a muscle, such as Diagram('gluteus_medius')")
    found = [atlas.muscle(each) for each in wanted]
    ids = [muscle.id for muscle in found]
    if len(set(ids)) < len(ids):
        raise InputError(Problem(f"a muscle is asked for twice in {', '.join(ids)}", hint="name each muscle once"))
    return found


def _layout(muscles: Sequence[Muscle], layout: str | None, overlay: str | None) -> Layout | None:
    """How several muscles share the plate; None for the plate of one muscle."""
    if overlay is not None:
        if layout is not None:
            raise InputError(Problem("layout and overlay do not go together", hint="leave one of them out"))
        chosen = _one_of("overlay", overlay, OVERLAYS)
        bare = [muscle.id for muscle in muscles if not muscle.prevalence]
        if chosen == "prevalence" and bare:
            hint = "use overlay='count'" + (", or leave them out" if len(bare) < len(muscles) else "")
            raise InputError(Problem(f"no published prevalence for {', '.join(bare)}", hint=hint))
        return cast(Layout, chosen)
    if layout is not None:
        return cast(Layout, _one_of("layout", layout, LAYOUTS))
    return "together" if len(muscles) > 1 else None


def _best_views(
    atlas: Atlas, muscles: Sequence[Muscle], points: Sequence[tuple[str, ...]], asked: Diagram, layout: Layout | None
) -> list[tuple[str, ...]]:
    """The views of each muscle where none are asked for; InputError where no view shows anything."""
    found = views.choose(atlas, muscles, points, side=asked.side, body=asked.body, layout=layout)
    if not any(found):
        what = f"no view shows anything of {', '.join(muscle.id for muscle in muscles)}"
        raise InputError(Problem(what, hint="name the views to draw the body alone"))
    return found


def _spelt(given: Any) -> Any:
    """Names in small letters, whether one or several; all else as it is."""
    if isinstance(given, str):
        return given.casefold()
    if isinstance(given, tuple):
        return tuple(_spelt(each) for each in given)
    return given


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


def _points(muscle: Muscle, wanted: tuple[int | str, ...] | None, side: str) -> tuple[str, ...]:
    """The ids of the points wanted, in the muscle's order; all that the side has if none are named."""
    if wanted is None:
        return tuple(point.id for point in muscle.points if point.on(side))
    if not wanted:
        raise InputError(Problem("no trigger points asked for", hint="leave points out to draw all"))
    found = {_point(muscle, each) for each in wanted}
    return _on_side([point for point in muscle.points if point.id in found], side)


def _on_side(points: Iterable[TriggerPoint], side: str) -> tuple[str, ...]:
    """The ids of points that are asked for; InputError for one that this side does not have."""
    chosen = tuple(points)
    for point in chosen:
        if not point.on(side):
            what = f"{point.id} is a point of the {point.only_side} side only"
            raise InputError(Problem(what, hint=f"ask for side '{point.only_side}', or leave it out"))
    return tuple(point.id for point in chosen)


def _chosen(muscles: Sequence[Muscle], wanted: tuple[int | str, ...] | None, side: str) -> list[tuple[str, ...]]:
    """The ids of the points wanted of each muscle; of several muscles they are asked for by id."""
    if len(muscles) == 1 or wanted is None:
        return [_points(muscle, wanted, side) for muscle in muscles]
    ids = [point.id for muscle in muscles for point in muscle.points]
    for each in wanted:
        _one_of("trigger point", each, ids)
    chosen = [_on_side([point for point in muscle.points if point.id in wanted], side) for muscle in muscles]
    bare = [muscle.id for muscle, points in zip(muscles, chosen, strict=True) if muscle.points and not points]
    if bare:
        raise InputError(Problem(f"no trigger point asked for of {', '.join(bare)}", hint="name one, or leave it out"))
    return chosen


def _point(muscle: Muscle, wanted: int | str) -> str:
    try:
        return muscle.point(wanted).id
    except UnknownNameError:
        key = name_key(str(wanted))
        for point in muscle.points:
            if key in map(name_key, point.label.values()):
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
    """The layers to draw: those named, or the usual ones with what "+scale" adds and "-locator" takes away."""
    if wanted is None:
        return DEFAULT_LAYERS
    if not _relative(wanted):
        return frozenset(_one_of("layer", layer, LAYERS) for layer in wanted)
    if plain := [layer for layer in wanted if layer[:1] not in SIGNS]:
        what = f"layer '{plain[0]}' is neither added nor taken away"
        raise InputError(Problem(what, hint="give every layer a + or a -, or none of them"))
    changed = {sign: {_one_of("layer", each[1:], LAYERS) for each in wanted if each[0] == sign} for sign in SIGNS}
    return (DEFAULT_LAYERS | changed["+"]) - changed["-"]


def _relative(layers: Iterable[str]) -> bool:
    """Whether layers are told as changes of the usual ones."""
    return any(layer[:1] in SIGNS for layer in layers)


def _annotations(wanted: tuple[str, ...] | None) -> tuple[str, ...]:
    """What is to be named, in the order of the kinds."""
    if wanted is None:
        return DEFAULT_ANNOTATIONS
    asked = {_one_of("annotation", each, ANNOTATIONS) for each in wanted}
    return tuple(each for each in ANNOTATIONS if each in asked)


def _width(wanted: float | None, views: tuple[str, ...], muscles: int, rules: Preset | None) -> float:
    if wanted is None and rules:
        return float(rules.get("width_mm"))
    if wanted is None:
        return ONE_VIEW if len(views) == muscles == 1 else SEVERAL_VIEWS
    return _number("width", wanted, limits.WIDTH_MIN, limits.WIDTH_MAX, "mm")


def _height(wanted: float | None, rules: Preset | None) -> float | None:
    """The most that the page may be tall: what is asked for, else what the journal allows."""
    if wanted is None:
        return rules.get("height_max_mm") if rules else None
    return _number("height", wanted, LOWEST, HIGHEST, "mm")


def _insets(wanted: tuple[str, ...] | None, atlas: Atlas, layout: Layout | None) -> tuple[str, ...]:
    """The regions to enlarge, checked; a plate of several muscles has none."""
    if not wanted:
        return ()
    if layout is not None:
        what = "insets are for the plate of one muscle"
        raise InputError(Problem(what, hint="leave the inset out, or draw one muscle without a layout or overlay"))
    return tuple(dict.fromkeys(atlas.find_region(region) for region in wanted))


def _number(name: str, given: Any, least: float, most: float, unit: str) -> float:
    try:
        value = math.nan if isinstance(given, bool | str) else float(given)
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if not least <= value <= most:
        what = f"{name} {given!r} is not a number from {least:g} to {most:g} {unit}"
        raise InputError(Problem(what, hint=f"choose a {name} from {least:g} to {most:g}"))
    return value


def checked_title(wanted: str | None) -> str | None:
    """A title that can be printed, of ordinary length and without hidden characters; InputError otherwise."""
    if wanted is None:
        return None
    if not isinstance(wanted, str):
        raise InputError(Problem(f"the title must be text, not {wanted!r}", hint="leave it out for the muscle's name"))
    if not wanted.strip():
        hint = "leave it out for the muscle's name; layers without 'title' draw none"
        raise InputError(Problem("the title is empty", hint=hint))
    if len(wanted) > limits.LABEL_CHARACTERS:
        raise InputError(Problem(limits.over("LABEL_CHARACTERS", len(wanted), "characters in the title")))
    if hidden(wanted):
        raise InputError(Problem(f"hidden character in the title: {hidden(wanted)}", hint="take it out"))
    return wanted


def _format_of(path: Path) -> str:
    suffix = backends.format_of(path.name)
    if not suffix:
        what = f"{path.name!r} has no suffix that tells the format"
        raise InputError(Problem(what, hint=f"end the name in {', '.join('.' + kind for kind in FORMATS)}"))
    return _one_of("format", suffix, FORMATS)
