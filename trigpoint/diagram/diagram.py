"""`Diagram`: a figure as an immutable value that can be saved, drawn and shown.

Every name and number is checked when the diagram is made, so that an error points at the line with the mistake.
`options` checks, `plate.compose` makes the drawing, `backends` writes it.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import backends
from ..atlas import Atlas
from ..errors import InputError, Problem
from ..files.atomic import write_atomically
from ..plate import captions
from ..plate.compose import answers, compose
from ..plate.content import shows
from ..plate.spec import Spec, together
from ..scene import Scene
from ..style import THEMES, Style
from .option_table import DPI, looks
from .options import atlas_of, check, checked_dpi, layers_with, muscles_of, one_of, plain, several, specs

if TYPE_CHECKING:
    from types import FrameType

    import svgwrite
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..plate.spec import Layout
    from .journals import Preset

FORMATS = backends.FORMATS


class Remark(NamedTuple):
    """What the author of a figure should know of it, and the category of its warning."""

    text: str
    kind: type[Warning] = UserWarning


@dataclass(frozen=True, init=False, repr=False)
class Diagram:
    """A referral map of one muscle, or of several on one plate; a value that never changes.

    Parameters
    ----------
    *names, muscles : str
        Muscles by id, name in any language or alias.
    points : int, str or several
        Numbers (1), names ("TrP1"), labels or ids; all points if left out. Of several muscles, ids.
    side : str
        The patient's: "right" (default) or "left".
    views : str or several
        "anterior", "posterior", "left", "right", from left to right as given; if left out, those that show the zones.
    body : str
        "neutral" (default), "female" or "male", or one of the `atlas`.
    theme : str or Style
        "plate" (default), "print" (grey), "contrast", "dark", "blueprint" (line art), or a style of your own.
    language : str
        en (default), la (names only), de, fr, es, pt, it, zh, ja, or one that the data are named in; "de-AT" is "de"
        where there is no closer one.
    width : float
        mm on paper, 40 to 420; if left out, the preset's, else 120 for one view and 175 for more. A plate wider than
        190 mm is drawn larger as a whole, text and lines included.
    title : str
        Text in place of the muscle's name.
    layers : str or several
        The parts of the plate to draw besides the body: "muscle", "fibres", "zones", "points", "labels", "key",
        "views", "locator", "title", "legend", "credit", "bones", "acupoints" (acupuncture points, for nearness only),
        "letters" (A, B, C over the panels) and "scale" (a bar of 10 cm). If left out, all but the last three. "+scale"
        and "-bones" change what is usual.
    layout : str
        Of several muscles: "together" (default) draws up to eight on one body, each with its colour and pattern;
        "grid" gives each a panel of its own at one scale, seen from where its points show.
    overlay : str
        "count": how many trigger points refer to each place. "prevalence": the same, with muscles weighted by how often
        their points are active in low back pain; every muscle must have a published prevalence. Excludes `layout`.
    panels : str
        Of one muscle: "points" draws the muscle with all X's and a panel for the pain of each point, or of points with
        the same pattern; "together" draws all points on one body, with labels beside it; "auto" (default) is "points"
        where there is more than one pattern, unless several `views` are given, or `labels`, `annotate` or `inset` ask
        for names on one body.
    preset : str
        A family of journals, such as "elsevier-single" (`trigpoint presets` lists them). Sets width and greatest
        height, the default resolution and format, and brings text sizes and line weights of the theme within the
        journal's rules; `width` and `height` given beside it win. `check_preset` lists the rules that are broken.
    labels : str
        Of one muscle: "names" beside the body, "numbers" on it and a key below, "blank" lines to write the names on;
        "auto" (default) is names where every leader is clear, else numbers.
    annotate : str or several
        Of one muscle, what is labelled: "muscle" and "points" (default), "regions" (those that the zones reach),
        "landmarks" and "bones" (which are then drawn).
    height : float
        The most that the page may be tall in mm, 40 to 600: bodies get smaller until it fits.
    inset : str or several
        Of one muscle, regions to enlarge beside the body, such as "sacral".
    text : str
        "live" (default): SVG and PDF hold text, which can be searched and edited and, in SVG, needs its typeface or one
        of the same widths where it is shown. "paths": outlines, the same everywhere.
    atlas : Atlas
        The data to draw; the shipped ones if left out.

    Raises
    ------
    UnknownNameError
        For a name that does not exist.
    InputError
        For a number out of range, or options that do not go together.

    Examples
    --------
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
    panels: str
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
        panels: str = "auto",
        preset: str | None = None,
        labels: str | None = None,
        annotate: Iterable[str] | str | None = None,
        height: float | None = None,
        inset: Iterable[str] | str | None = None,
        text: str = "live",
        atlas: Atlas | None = None,
    ) -> None:
        given = dict(locals())
        fields = plain({row.name: given[row.name] for row in looks()})
        found_in = atlas_of(atlas)
        fields["body"] = found_in.find_body(body)
        found = muscles_of(found_in, (*names, *(several(muscles) or ())))
        check(fields)
        rules = None if preset is None else _rules(preset)
        asked, chosen = specs(fields, found_in, found, rules)
        style = theme if isinstance(theme, Style) else THEMES[fields["theme"]]
        if rules:
            from .journals import styled

            style = styled(style, rules)
        if chosen == "together":
            _check_count(len(found), style)
        vars(self).update(fields, muscles=tuple(muscle.id for muscle in found), atlas=atlas)
        vars(self).update(_atlas=found_in, _specs=asked, _layout=chosen, _style=style, _preset=rules)

    if TYPE_CHECKING:
        _atlas: Atlas
        _specs: tuple[Spec, ...]
        _layout: Layout | None
        _style: Style
        _preset: Preset | None

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle by the arguments, which are checked and drawn anew."""
        return partial(type(self), **{key: getattr(self, key) for key in self.__dataclass_fields__}), ()

    @property
    def _spec(self) -> Spec:
        return self._specs[0]

    @property
    def page_width(self) -> float:
        """The width of the page in mm, given or chosen."""
        return self._spec.width

    def __repr__(self) -> str:
        given = ((row.name, getattr(self, row.name)) for row in looks() if getattr(self, row.name) != row.default)
        return f"Diagram({', '.join([*map(repr, self.muscles), *(f'{name}={value!r}' for name, value in given)])})"

    @cached_property
    def _drawn(self) -> tuple[Scene, Layout | None]:
        """The scene, and how it is laid out."""
        try:
            return self._composed(self._specs)
        except InputError:
            if self.height is not None or self._preset is None:
                raise
        specs = [spec._replace(height=None) for spec in self._specs]  # too tall, which `check_preset` reports
        return self._composed(specs)

    def _composed(self, specs: Sequence[Spec]) -> tuple[Scene, Layout | None]:
        """With a panel for each point if they fit the page or are asked for, else with all points together."""
        try:
            return compose(self._atlas, specs, self._style, self._layout), self._layout
        except InputError:
            if self._layout != "points" or self.panels == "points":
                raise
        return compose(self._atlas, specs, self._style), None

    @property
    def _scene(self) -> Scene:
        return self._drawn[0]

    @property
    def _panelled(self) -> bool:
        """Whether each pattern has a panel; a page whose height is limited may have no room for them."""
        return (self._layout if self.height is None else self._drawn[1]) == "points"

    def scene(self) -> Scene:
        """The drawing as a `trigpoint.scene.Scene`, in millimetres on the page."""
        return self._scene

    def caption(self) -> str:
        """A figure legend for an article: what is shown, each point's pattern, the source."""
        if self._layout in (None, "points"):
            return captions.caption(self._atlas, self._spec, panels=self._panelled)
        return captions.caption_of(self._atlas, self._specs, str(self._layout))

    def alt_text(self) -> str:
        """A short description for readers who cannot see the figure."""
        if self._layout in (None, "points"):
            return captions.describe(self._atlas, self._spec, panels=self._panelled)
        return captions.describe_of(self._atlas, self._specs, str(self._layout))

    def check_preset(self, format: str | None = None, *, dpi: float | None = None) -> tuple[Problem, ...]:
        """The rules of the preset that the figure breaks.

        Parameters
        ----------
        format : {"svg", "png", "pdf", "eps", "tiff"}, optional
            Check a file of this format as well.
        dpi : float, optional
            Its resolution, in pixels an inch; the preset's if left out.

        Returns
        -------
        tuple of Problem
            Each says what was measured and what is allowed. Empty without a preset.
        """
        if self._preset is None:
            return ()
        from . import journals

        wanted = None if format is None else one_of("format", str(format).lower(), FORMATS)
        file = journals.File(wanted, self._dpi(dpi), self.text) if wanted else None
        return journals.problems(self._preset, self._scene, self._style, file)

    @property
    def shown_views(self) -> tuple[str, ...]:
        """The views that are drawn, from left to right: those given, else those that show the zones."""
        return together(self._specs).views

    def answer_key(self) -> tuple[tuple[str, str], ...]:
        """Pairs (number or letter, name) for a plate with `labels="blank"` or `"numbers"`; else empty.

        >>> Diagram("piriformis", labels="blank").answer_key()[0]
        ('1', 'TrP1 (lateral)')
        """
        return answers(self._atlas, self._spec, self._style) if self._layout is None else ()

    def answer_plate(self) -> Diagram:
        """The same plate with its names: the answer to one with `labels="blank"` or with numbers and no key."""
        fields = {key: getattr(self, key) for key in self.__dataclass_fields__ if key != "muscles"}
        layers = layers_with(self.layers, ("labels", "key"))
        return Diagram(*self.muscles, **fields | {"labels": "names", "layers": layers})

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        format: str | None = None,
        dpi: float | None = None,
        text: str | None = None,
    ) -> Path:
        """Write the figure to a file, which is replaced in one step.

        Parameters
        ----------
        path : str or path-like
            Where to write.
        format : {"svg", "png", "pdf", "eps", "tiff"}, optional
            If left out, by the suffix of the path.
        dpi : float, optional
            Pixels an inch of PNG and TIFF, 10 to 1,200; if left out, the preset's, or 300.
        text : {"live", "paths"}, optional
            In place of the diagram's own.

        Returns
        -------
        pathlib.Path
            The path of the file.

        Raises
        ------
        UnknownNameError
            For another format or text.
        InputError
            For a suffix that names no format, or a resolution out of range.
        OutputError
            Where the file cannot be written.

        Warns
        -----
        UserWarning
            Of names that have no room, of characters without a font, and (as `journals.PresetWarning`) of every rule of
            the preset that is broken.
        """
        target = Path(path)
        data, remarks = written(self, format or format_told(target), dpi=dpi, text=text)
        _warn(remarks)
        write_atomically(target, data)
        return target

    def to_bytes(self, format: str = "svg", *, dpi: float | None = None, text: str | None = None) -> bytes:
        """The bytes of a file of the figure; parameters, errors and warnings are those of `save`."""
        data, remarks = written(self, format, dpi=dpi, text=text)
        _warn(remarks)
        return data

    def _remarks(self, format: str, text: str, *file: Any) -> Iterator[Remark]:
        """What the figure does not show, and the rules of the preset that it, or a file of it, breaks."""
        if not any(shows(self._atlas, spec) for spec in self._specs):
            what = f"nothing of {', '.join(self.muscles)} is seen in the view {' or '.join(self.shown_views)}"
            yield Remark(f"{what} (hint: side {self.side}; leave views out for those that show it)")
        yield from map(Remark, (*self._scene.remarks, *backends.remarks(self._scene, format, text=text)))
        if self._preset is not None:
            from . import journals

            made = journals.File(format, *file) if file else None
            for problem in journals.problems(self._preset, self._scene, self._style, made):
                yield Remark(problem.line(), journals.PresetWarning)

    def _dpi(self, asked: float | None) -> float:
        return (self._preset and self._preset.get("dpi")) or DPI if asked is None else checked_dpi(asked)

    def drawing(self) -> svgwrite.Drawing:
        """The figure as a svgwrite Drawing, to add to it; its user units are hundredths of a millimetre.

        Its elements are svgwrite's own, in the layers of the SVG file that `save` writes. Warns as `figure` does.

        >>> page = Diagram("gluteus medius").drawing()
        >>> arrow = page.add(page.line((3000, 3000), (4000, 3500), stroke="black", stroke_width=20))
        >>> page.saveas("with-an-arrow.svg")  # doctest: +SKIP
        """
        from ..backends import svgwrite_drawing

        _warn(self._remarks("svg", self.text))
        return svgwrite_drawing.to_drawing(self._scene, text=self.text)

    def figure(self) -> Figure:
        """The figure as a matplotlib Figure of the page's size; pyplot is not touched.

        Warns as `save` does, of all but the preset's rules for files.
        """
        from ..backends.mpl_loading import load

        load()
        from ..backends import mpl

        _warn(self._remarks("figure", self.text))
        return mpl.figure(self._scene, text=self.text)

    def draw(self, ax: Axes) -> Axes:
        """Draw into `ax`, flat and linear Axes of the caller (else InputError); return them. Warns as `figure` does."""
        from ..backends import mpl

        _warn(self._remarks("figure", self.text))
        mpl.draw(self._scene, ax, text=self.text)
        return ax

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, Any]:
        """What a notebook shows; warns as `figure` does, at the cell."""
        makers: dict[str, Callable[[], str]] = {
            "image/svg+xml": lambda: backends.to_bytes(self._scene, "svg", text=self.text).decode("utf-8"),
            "text/plain": self.__repr__,
        }
        wanted = [kind for kind in makers if (not include or kind in include) and kind not in (exclude or ())]
        if "image/svg+xml" in wanted:
            _warn(self._remarks("svg", self.text), _cell())
        return {kind: makers[kind]() for kind in wanted}


def written(
    diagram: Diagram, format: str, *, dpi: float | None = None, text: str | None = None
) -> tuple[bytes, tuple[Remark, ...]]:
    """The bytes of a file of the figure, with the remarks that `Diagram.to_bytes` warns of."""
    wanted = one_of("format", str(format).lower(), FORMATS)
    resolution, letters = diagram._dpi(dpi), text or diagram.text
    data = backends.to_bytes(diagram._scene, wanted, dpi=resolution, text=letters)
    return data, tuple(diagram._remarks(wanted, letters, resolution, letters, len(data)))


def _warn(remarks: Iterable[Remark], stacklevel: int = 3) -> None:
    """Issue every remark as a warning at the line that called the caller of this function."""
    for remark in remarks:
        warnings.warn(remark.text, remark.kind, stacklevel)


def _cell() -> int:
    """The stacklevel of the cell or script that shows a figure, as seen by the caller; 3 if there is none."""
    frame: FrameType | None = sys._getframe(1)
    level = 2
    while frame is not None and frame.f_globals.get("__name__") != "__main__":
        frame, level = frame.f_back, level + 1
    return level if frame else 3


def _rules(preset: object) -> Preset:
    from .journals import find, presets  # most figures are for no journal

    return find(preset if isinstance(preset, str) else one_of("preset", preset, presets()))


def _check_count(muscles: int, style: Style) -> None:
    """Raise InputError for more muscles on one body than a style has distinct looks."""
    from ..plate.muscle_styles import looks

    if muscles > looks(style):
        what = f"{muscles} muscles on one body, and only {looks(style)} can be told apart"
        raise InputError(Problem(what, hint="use layout='grid', or draw fewer"))


def format_told(path: Path) -> str:
    """The format by a file's suffix; InputError for a name without one, UnknownNameError for another."""
    suffix = backends.format_of(path.name)
    if not suffix:
        what = f"{path.name!r} has no suffix that tells the format"
        raise InputError(Problem(what, hint=f"end the name in {', '.join('.' + kind for kind in FORMATS)}"))
    return one_of("format", suffix, FORMATS)
