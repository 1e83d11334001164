"""Title, subtitle, caption and description of a page, made from the data's lists; credits has the sources."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache, partial

from ..atlas import Atlas
from ..atlas.outlines import mirror_view
from ..atlas.patterns import KINDS, SAME_SIDE, TriggerPoint
from ..words import FALLBACK, has, inside, listing, name, sentences, word
from .content import CACHED
from .credits import NAMED, muscles, nearness, sources, weights
from .labels.label import letter
from .page import OVERLAYS, Page
from .region_phrases import named, reached, where
from .spec import Layout, Spec, together


def title(atlas: Atlas, specs: Sequence[Spec]) -> str:
    """The title: the spec's own, a question on a study plate, the muscles' names if they are few, else their number."""
    first = specs[0]
    if first.title or first.study:
        return first.title or word("title.study", first.language)
    if len(specs) > NAMED:
        return word("title.several", first.language).format(number=len(specs))
    return muscles(atlas, specs)


def subtitle(specs: Sequence[Spec], layout: Layout | None) -> str:
    """The layers that the page shows, the side, and the view where all panels of a grid have the same one."""
    first, side = specs[0], word(f"side.{specs[0].side}", specs[0].language)
    if layout in OVERLAYS:
        return word(f"subtitle.{layout}", first.language).format(side=side)
    every = together(specs)
    shown = {"points", "zones"} & first.layers if every.points else frozenset()
    keys = {2: "subtitle", 0: "subtitle.none"}
    key = keys.get(len(shown), "subtitle.no_points" if "zones" in shown else "subtitle.no_pain")
    if len(every.points) == 1 and "points" in shown:
        key += ".one"
    plain = word(key, first.language).format(side=side)
    if layout != "grid" or len(every.views) > 1:
        return plain
    view = inside(word(f"view.{first.views[0]}", first.language), first.language)
    return word("subtitle.view", first.language).format(subtitle=plain, view=view)


def caption(atlas: Atlas, spec: Spec, *, panels: bool = False) -> str:
    """The figure legend of one muscle: what is shown, the side, the views, each point's pattern, sources.

    With `panels` it says that each pattern has a panel.
    """
    every = _points(atlas, spec)
    points = _seen(every, spec)
    count = word("caption.point" if len(points) == 1 else "caption.points", spec.language)
    patterns = list(filter(None, (_pattern(atlas, point, spec) for point in every)))
    opening = word(_opening("caption", points, patterns), spec.language).format(
        muscle=name(atlas.muscle(spec.muscle).names, spec.language),
        side=word(f"side.{spec.side}", spec.language),
        points=count.format(number=points[0].number if points else 0),
        views=_views(spec),
    )
    one_side = bool(patterns) and all(point.laterality == SAME_SIDE for point in every)
    said = [opening, word("caption.panels", spec.language) if panels else "", *patterns]
    said.append(word("caption.same_side", spec.language) if one_side else "")
    said += [sources(atlas, spec), nearness(atlas, spec), word("caution", spec.language)]
    return sentences(said, spec.language)


def _opening(usual: str, points: Collection[object], pain: Collection[object]) -> str:
    """The key of a caption's opening words: `usual` where both points and pain are drawn."""
    shown = {(True, True): usual, (True, False): "caption.no_pain", (False, True): "caption.no_points"}
    return shown.get((bool(points), bool(pain)), "caption.bare")


def caption_of(atlas: Atlas, specs: Sequence[Spec], layout: str) -> str:
    """The figure legend of a plate of several muscles."""
    first = specs[0]
    detailed = layout in ("grid", "together")  # these name each muscle later on, with its points
    key = f"caption.{layout}"
    if detailed and any(spec.points for spec in specs):
        seen = [point for spec in specs for point in _seen(_points(atlas, spec), spec)]
        key = _opening(key, seen, _pained(atlas, specs))
    said_of = title(atlas, [spec._replace(title=None) for spec in specs]) if detailed else muscles(atlas, specs)
    opening = word(key, first.language).format(
        muscles=said_of,
        muscle=said_of,
        points=word("caption.points", first.language),
        side=word(f"side.{first.side}", first.language),
        views=_views(together(specs)),
    )
    said = [opening, weights(atlas, specs) if layout == "prevalence" else ""]
    if detailed:
        lettered = layout == "together" and len(specs) > 1 and "points" in first.layers
        for number, spec in enumerate(specs):
            muscle = name(atlas.muscle(spec.muscle).names, first.language)
            if lettered and spec.points:
                muscle = f"{letter(number).upper()} {muscle}"
            patterns = [_pattern(atlas, point, spec) for point in _points(atlas, spec)]
            said.append(word("caption.muscle", first.language).format(muscle=muscle))
            said += patterns or [word("credit.no_pattern", first.language)]
    whole = together(specs)
    said += [sources(atlas, whole) if whole.points else "", nearness(atlas, whole), word("caution", first.language)]
    return sentences(said, first.language)


def description(page: Page) -> str:
    """A page's text for screen readers, with the regions that the data name."""
    if page.layout in (None, "points"):
        return describe(page.atlas, page.spec, panels=page.layout == "points", measured=False)
    return describe_of(page.atlas, page.specs, str(page.layout))


def describe_of(atlas: Atlas, specs: Sequence[Spec], layout: str) -> str:
    """The text for screen readers of a plate of several muscles."""
    first = specs[0]
    names = tuple(inside(name(atlas.muscle(spec.muscle).names, first.language), first.language) for spec in specs)
    listed = listing(names, first.language)
    side = word(f"side.{first.side}", first.language)
    key = "alt.bare" if layout == "together" and not _pained(atlas, specs) else f"alt.{layout}"
    return word(key, first.language).format(views=_views(together(specs)), muscles=listed, muscle=listed, side=side)


def _pattern(atlas: Atlas, point: TriggerPoint, spec: Spec) -> str:
    """One point's drawn zones as a sentence; empty if they cover no region."""
    drawn = {kind: [point] if _drawn([point], spec, kind) else [] for kind in KINDS}
    said = {kind: where(atlas, reached(atlas, some, kind), spec.language) for kind, some in drawn.items()}
    zones = [word(f"caption.{kind}", spec.language).format(where=place) for kind, place in said.items() if place]
    if not zones:
        return ""
    aside = ""
    if point.laterality != SAME_SIDE:
        aside = word("caption.aside", spec.language).format(remark=laterality(point, spec.language))
    label, both = name(point.label, spec.language), word("join.clauses", spec.language).join(zones)
    return word("caption.pattern", spec.language).format(label=label, zones=both, aside=aside)


def zone(atlas: Atlas, specs: Sequence[Spec], kind: str, views: Sequence[str]) -> tuple[str, str]:
    """A zone's name in the legend, and the points that refer pain to it in these views, with the regions."""
    language = specs[0].language
    said: list[str] = []
    for spec in specs if not specs[0].study else ():
        patterns = [_zone(atlas, point, spec, kind, tuple(views)) for point in spec.points]
        if len(specs) > 1 and any(patterns):
            muscle = name(atlas.muscle(spec.muscle).names, language)
            said.append(word("caption.muscle", language).format(muscle=muscle))
        said += filter(None, patterns)
    return word(f"legend.{kind}", language), sentences(said, language)


@lru_cache(CACHED)
def _zone(atlas: Atlas, point_id: str, spec: Spec, kind: str, views: tuple[str, ...]) -> str:
    point = atlas.point(point_id)
    drawn = (atlas.zone(point.id, kind, view=view, side=spec.side, body=spec.body) for view in views)
    place = "" if all(shape.is_empty for shape in drawn) else where(atlas, named([point], kind), spec.language)
    if not place:
        return ""
    zones, label = word(f"caption.{kind}", spec.language).format(where=place), name(point.label, spec.language)
    return word("caption.pattern", spec.language).format(label=label, zones=zones, aside="")


def laterality(point: TriggerPoint, language: str = FALLBACK) -> str:
    """The side on which a point's pain is felt, in a language's words or else in the data's."""
    key = f"laterality.{point.laterality}"
    return word(key, language) if has(key) else point.laterality.replace("_", " ")


def _views(spec: Spec) -> str:
    return listing(tuple(word(f"from.{view}", spec.language) for view in spec.views), spec.language)


def describe(atlas: Atlas, spec: Spec, *, panels: bool = False, measured: bool = True) -> str:
    """A plate's text for screen readers, with the regions that the zones cover, or if not `measured` (faster), that
    the facts name. With `panels` it says that each pattern has a panel.
    """
    if spec.study:
        return word("alt.study", spec.language).format(views=_views(spec))
    every = _points(atlas, spec)
    points = _seen(every, spec)
    count = word("alt.point" if len(points) == 1 else "alt.points", spec.language).format(number=len(points))
    muscle = inside(name(atlas.muscle(spec.muscle).names, spec.language), spec.language)
    side = word(f"side.{spec.side}", spec.language)
    opening = word("alt" if points else "alt.bare", spec.language)
    said = opening.format(views=_views(spec), points=count, muscle=muscle, side=side)
    essential, spillover = (_drawn(every, spec, kind) for kind in KINDS)
    aside = word("caption.panels", spec.language) if panels else ""
    return sentences(
        [said, aside, *_pain(atlas, essential, spillover, spec.language, measured=measured)], spec.language
    )


@lru_cache(CACHED)
def _pain(
    atlas: Atlas, essential: tuple[str, ...], spillover: tuple[str, ...], language: str, *, measured: bool
) -> tuple[str, ...]:
    """A sentence for each kind of zone that is drawn of these points: the regions, each said once."""
    regions_of = partial(reached, atlas) if measured else named
    drawn = zip(KINDS, (essential, spillover), strict=True)
    most, more = (regions_of([atlas.point(point) for point in ids], kind) for kind, ids in drawn)
    places = zip(KINDS, (most, [region for region in more if region not in most]), strict=True)
    said = ((word(f"alt.{kind}", language), where(atlas, some, language)) for kind, some in places if some)
    return tuple(text.format(where=place) for text, place in said)


def _shown(spec: Spec) -> set[str]:
    """The plate's views as the data, which are of the right side, name them."""
    return {view if spec.side == "right" else mirror_view(view) for view in spec.views}


def _drawn(points: Sequence[TriggerPoint], spec: Spec, kind: str) -> tuple[str, ...]:
    """The points whose zone of one kind is on the plate."""
    if "zones" not in spec.layers:
        return ()
    views = _shown(spec)
    return tuple(point.id for point in points if any(zone.kind == kind and zone.view in views for zone in point.zones))


def _pained(atlas: Atlas, specs: Sequence[Spec]) -> list[str]:
    """The points of several muscles with a zone on the plate."""
    return [point for spec in specs for kind in KINDS for point in _drawn(_points(atlas, spec), spec, kind)]


def _seen(points: Sequence[TriggerPoint], spec: Spec) -> list[TriggerPoint]:
    """The points whose X is on the plate."""
    views = _shown(spec) if "points" in spec.layers else set()
    return [point for point in points if not views.isdisjoint(point.at)]


def _points(atlas: Atlas, spec: Spec) -> list[TriggerPoint]:
    return [atlas.point(point) for point in spec.points]
