"""The options of a figure, checked and made into specs for `plate`.

`option_table` says what one option takes; rules that need the atlas, the journal or another option, and the defaults
that depend on the figure, are here. Every error has a hint what to write instead.
"""

from __future__ import annotations

import math
import operator
import os
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, Literal, cast

from .. import limits
from ..atlas import Atlas, load_atlas
from ..atlas.patterns import Muscle, TriggerPoint, name_key
from ..errors import InputError, Problem, UnknownNameError, unknown
from ..files.reading import hidden
from ..plate import views
from ..plate.spec import ANNOTATIONS, DEFAULT_ANNOTATIONS, DEFAULT_LAYERS, LABELS, Spec
from ..style import Style
from .option_table import Option, looks

if TYPE_CHECKING:
    from ..plate.spec import Layout
    from .journals import Preset

SIGNS = ("+", "-")  # before a layer: one more than usual, or one less
ONE_VIEW, SEVERAL_VIEWS = 120.0, 175.0  # mm: a journal's column and a half, and its full page width


def plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a diagram's options in one form: tuples of several things, names in small letters."""
    fields = dict(given)
    for row in looks():
        value = several(fields[row.name]) if row.kind == "several" else fields[row.name]
        fields[row.name] = _spelt(value) if row.closed else _python(value) if row.kind == "number" else value
    return fields


def check(fields: Mapping[str, Any]) -> None:
    """Raise InputError for a choice that is none of its option's, or a number out of its range."""
    for row in looks():
        value = fields[row.name]
        if (row.name == "theme" and isinstance(value, Style)) or (value is None and row.default is None):
            continue
        if row.kind == "number":
            _in_range(row, value)
        elif row.closed:
            for each in value if row.kind == "several" else (value,):
                one_of(row.noun or row.name, _unsigned(each) if row.signed else each, row.choices)


def specs(
    asked: Mapping[str, Any], atlas: Atlas, found: Sequence[Muscle], rules: Preset | None
) -> tuple[tuple[Spec, ...], Layout | None]:
    """A checked spec for each muscle, alike but for muscle, points and, in a grid, views; how they share the plate."""
    layout = _layout(found, asked["layout"], asked["overlay"])
    chosen = _chosen(found, asked["points"], asked["side"])
    one_of("body", asked["body"], atlas.bodies)
    given = _views(asked["views"])
    shown = [given] * len(found) if given else _best_views(atlas, found, chosen, asked, layout)
    for view in dict.fromkeys(view for some in shown for view in some):
        atlas.outline(asked["body"], view)  # raises where the body is not drawn in this view,
        atlas.warp(asked["body"], view)  # and where nothing carries the patterns to it
    shared = Spec(
        muscle="",
        points=(),
        views=shown[0],
        width=_width(asked["width"], shown[0], len(found), rules),
        side=asked["side"],
        body=asked["body"],
        language=atlas.language(asked["language"]),
        title=checked_title(asked["title"]),
        layers=layers_of(asked["layers"]),
        labels=asked["labels"] or LABELS[0],
        annotate=_annotations(asked["annotate"]),
        height=_height(asked["height"], rules),
        inset=_insets(asked, atlas, shown[0], layout),
    )
    if layout is not None and (asked["labels"] is not None or asked["annotate"] is not None):
        hint = "leave labels and annotate out, or draw one muscle"
        raise InputError(Problem("a plate of several muscles has no leaders", hint=hint))
    if panelled := _panelled(asked, atlas, shared._replace(muscle=found[0].id, points=chosen[0]), layout):
        layout, used = panelled
        shown = [used]
        shared = shared._replace(width=_width(asked["width"], used, 0, rules))
    if "bones" in shared.annotate:
        shared = shared._replace(layers=shared.layers | {"bones"})
    parts = zip(found, chosen, shown, strict=True)
    return tuple(shared._replace(muscle=muscle.id, points=ids, views=views) for muscle, ids, views in parts), layout


def muscles_of(atlas: Atlas, wanted: tuple[str, ...]) -> list[Muscle]:
    """The muscles in the order given; InputError for one that is given twice."""
    if not wanted:
        raise TypeError("Diagram() needs the name of a muscle, such as Diagram('gluteus_medius')")
    found = [atlas.muscle(each) for each in wanted]
    ids = [muscle.id for muscle in found]
    if len(set(ids)) < len(ids):
        raise InputError(Problem(f"a muscle is asked for twice in {', '.join(ids)}", hint="name each muscle once"))
    return found


def _layout(muscles: Sequence[Muscle], layout: str | None, overlay: str | None) -> Layout | None:
    """How several muscles share the plate; None for the plate of one muscle."""
    if overlay and layout:
        raise InputError(Problem("layout and overlay do not go together", hint="leave one of them out"))
    bare = [muscle.id for muscle in muscles if not muscle.prevalence]
    if overlay == "prevalence" and bare:
        hint = "use overlay='count'" + (", or leave them out" if len(bare) < len(muscles) else "")
        raise InputError(Problem(f"no published prevalence for {', '.join(bare)}", hint=hint))
    return cast("Layout | None", overlay or layout or ("together" if len(muscles) > 1 else None))


def _panelled(
    asked: Mapping[str, Any], atlas: Atlas, spec: Spec, layout: Layout | None
) -> tuple[Literal["points"], tuple[str, ...]] | None:
    """The layout with a panel for each pattern of a muscle's points, where it is asked for or usual, and its views."""
    named = [name for name in ("labels", "annotate", "inset") if asked[name] not in (None, (), LABELS[0])]
    if asked["panels"] == "points" and layout is not None:
        hint = "leave panels out, or draw one muscle without a layout or overlay"
        raise InputError(Problem("panels of points are for the plate of one muscle", hint=hint))
    if asked["panels"] == "points" and named:
        hint = f"leave {' and '.join(named)} out, or panels='points'"
        raise InputError(Problem("panels of points have headings and no names beside the body", hint=hint))
    if asked["panels"] == "together" or layout is not None or named or len(spec.points) < 2:
        return None
    chosen = asked["panels"] == "auto" and len(asked["views"] or ()) > 1  # each of them is to be seen
    if chosen or "zones" not in spec.layers:
        return None
    from ..plate import point_panels  # a plate with one point needs none

    return ("points", point_panels.views(atlas, spec)) if len(point_panels.groups(atlas, spec)) > 1 else None


def _best_views(
    atlas: Atlas,
    muscles: Sequence[Muscle],
    points: Sequence[tuple[str, ...]],
    asked: Mapping[str, Any],
    layout: Layout | None,
) -> list[tuple[str, ...]]:
    """The views of each muscle where none are given; InputError where no view shows anything."""
    found = views.choose(atlas, muscles, points, side=asked["side"], body=asked["body"], layout=layout)
    if not any(found):
        what = f"no view shows anything of {', '.join(muscle.id for muscle in muscles)}"
        raise InputError(Problem(what, hint="name the views to draw the body alone"))
    return found


def _spelt(given: Any) -> Any:
    """Names in small letters, whether one or several; all else as it is."""
    if isinstance(given, tuple):
        return tuple(_spelt(each) for each in given)
    return given.casefold() if isinstance(given, str) else given


def several(given: Any) -> Any:
    """A tuple of one value (text, or what is not iterable) or of several; None stays None."""
    if given is None:
        return None
    if isinstance(given, Set):  # its order differs from process to process
        given = sorted(given, key=str)
    try:
        found = (given,) if isinstance(given, str | bytes) else tuple(given)
    except TypeError:
        found = (given,)
    return tuple(_python(each) for each in found)


def _python(given: Any) -> Any:
    """Numbers and text of any library, such as numpy's, as Python's own; all else as it is."""
    if isinstance(given, str | float):
        return str(given) if isinstance(given, str) else float(given)
    try:
        return given if isinstance(given, bool) else operator.index(given)
    except TypeError:
        return given


def one_of(kind: str, given: Any, choices: Iterable[str]) -> str:
    """The choice that is given; UnknownNameError for anything else."""
    known = tuple(choices)
    if not isinstance(given, str) or given not in known:
        raise unknown(kind, given, known)
    return str(given)


def _points(muscle: Muscle, wanted: tuple[int | str, ...] | None, side: str) -> tuple[str, ...]:
    """The ids of the points wanted, in the muscle's order; all that the side has for None."""
    if wanted is None:
        return tuple(point.id for point in muscle.points if point.on(side))
    if not wanted:
        raise InputError(Problem("no trigger points asked for", hint="leave points out to draw all"))
    found = {_point(muscle, each) for each in wanted}
    return _on_side([point for point in muscle.points if point.id in found], side)


def _on_side(points: Iterable[TriggerPoint], side: str) -> tuple[str, ...]:
    """The ids of the points; InputError for one that this side does not have."""
    chosen = tuple(points)
    for point in chosen:
        if not point.on(side):
            what = f"{point.id} is a point of the {point.only_side} side only"
            raise InputError(Problem(what, hint=f"ask for side '{point.only_side}', or leave it out"))
    return tuple(point.id for point in chosen)


def _chosen(muscles: Sequence[Muscle], wanted: tuple[int | str, ...] | None, side: str) -> list[tuple[str, ...]]:
    """The ids of the points wanted of each muscle; those of several muscles are given by id."""
    if len(muscles) == 1 or wanted is None:
        return [_points(muscle, wanted, side) for muscle in muscles]
    ids = [point.id for muscle in muscles for point in muscle.points]
    for each in wanted:
        one_of("trigger point", each, ids)
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


def _views(views: tuple[str, ...] | None) -> tuple[str, ...]:
    """The views given, each once; empty for the default."""
    if views is None:
        return ()
    if not views:
        raise InputError(Problem("no views asked for", hint="leave views out to draw those that show the zones"))
    if len(set(views)) < len(views):
        raise InputError(Problem(f"a view is asked for twice in {', '.join(views)}", hint="name each view once"))
    return views


def layers_of(wanted: tuple[str, ...] | None) -> frozenset[str]:
    """The layers to draw: those named, or the usual ones with what "+scale" adds and "-locator" takes away."""
    if wanted is None:
        return DEFAULT_LAYERS
    if not _relative(wanted):
        return frozenset(wanted)
    if plain := [layer for layer in wanted if layer[:1] not in SIGNS]:
        what = f"layer '{plain[0]}' is neither added nor taken away"
        raise InputError(Problem(what, hint="give every layer a + or a -, or none of them"))
    added, taken = ({each[1:] for each in wanted if each[0] == sign} for sign in SIGNS)
    return (DEFAULT_LAYERS | added) - taken


def layers_with(wanted: tuple[str, ...] | None, more: Collection[str]) -> tuple[str, ...] | None:
    """The layers given and more, in the form in which they are given: names, or changes of the usual ones."""
    if wanted is None or not _relative(wanted):
        return None if wanted is None else tuple(sorted({*wanted, *more}))
    return tuple(each for each in wanted if each[0] == "+" or each[1:] not in more) or None


def _unsigned(layer: Any) -> Any:
    return layer[1:] if isinstance(layer, str) and layer[:1] in SIGNS else layer


def _relative(layers: Iterable[str]) -> bool:
    """Whether layers are given as changes of the usual ones."""
    return any(layer[:1] in SIGNS for layer in layers)


def _annotations(wanted: tuple[str, ...] | None) -> tuple[str, ...]:
    """What is labelled, in the order of the kinds."""
    return DEFAULT_ANNOTATIONS if wanted is None else tuple(each for each in ANNOTATIONS if each in wanted)


def _width(wanted: float | None, views: tuple[str, ...], muscles: int, rules: Preset | None) -> float:
    if wanted is None and rules:
        return float(rules.get("width_mm"))
    if wanted is None:
        return ONE_VIEW if len(views) == muscles == 1 else SEVERAL_VIEWS
    return _float(wanted)


def _height(wanted: float | None, rules: Preset | None) -> float | None:
    """The most that the page may be tall: the option, else what the journal allows."""
    if wanted is None:
        return rules.get("height_max_mm") if rules else None
    return _float(wanted)


def _insets(asked: Mapping[str, Any], atlas: Atlas, shown: tuple[str, ...], layout: Layout | None) -> tuple[str, ...]:
    """The regions to enlarge, each seen in one of the views shown; a plate of several muscles has none."""
    wanted = asked["inset"]
    if not wanted:
        return ()
    if layout is not None:
        what = "insets are for the plate of one muscle"
        raise InputError(Problem(what, hint="leave the inset out, or draw one muscle without a layout or overlay"))
    if strange := [each for each in wanted if not isinstance(each, str)]:
        raise unknown("region", strange[0], atlas.patterns.regions)
    found = tuple(dict.fromkeys(atlas.find_region(region) for region in wanted))
    for region in found:
        if all(atlas.region(region, view=view, side=asked["side"], body=asked["body"]).is_empty for view in shown):
            what = f"region {region} is seen in none of the views {', '.join(shown)}"
            raise InputError(Problem(what, hint="add a view that shows it, or leave the inset out"))
    return found


def atlas_of(given: Any) -> Atlas:
    """The atlas that is given, the shipped one for None; InputError for anything else."""
    if given is None:
        return load_atlas()
    if not isinstance(given, Atlas):
        made = repr(given) if isinstance(given, str | os.PathLike) else "..."
        raise InputError(Problem(f"atlas {given!r} is not an Atlas", hint=f"give atlas=load_atlas({made})"))
    return given


def checked_dpi(given: Any) -> float:
    """A resolution as a number; its writer checks what a format can hold."""
    value = _float(given)
    if math.isnan(value):
        raise InputError(Problem(f"dpi {given!r} is not a number", hint="give pixels an inch, such as 300"))
    return value


def _float(given: Any) -> float:
    """A number of any library as a float; NaN for text and all else."""
    try:
        return math.nan if isinstance(given, bool | str | bytes) else float(given)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _in_range(row: Option, given: Any) -> None:
    if not row.least <= _float(given) <= row.most:
        what = f"{row.name} {given!r} is not a number from {row.least:g} to {row.most:g} {row.unit}".rstrip()
        raise InputError(Problem(what, hint=f"choose a {row.name} from {row.least:g} to {row.most:g}"))


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
