"""What a plate says in words: credit, caption, description. Sentences are made from the data's lists.

Honest by construction: a source that is cited from general knowledge is said to be, and never with a page or a figure
number. This room knows words and refuses to know shapes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache, partial

from ..atlas import Atlas
from ..atlas.outlines import mirror_view
from ..atlas.patterns import KINDS, SAME_SIDE, Evidence, Source, TriggerPoint
from ..words import FALLBACK, has, inside, listing, name, sentences, word
from . import furniture
from .content import CACHED
from .region_phrases import named, reached, where
from .spec import Spec

_AUTHORS = re.compile(r"^(?P<authors>.+?) \((?P<year>\d{4})\)")
_INITIALS = re.compile(r"\s+[A-Z]{1,3}$")
NAMED = 3  # muscles in a title
MOST_SOURCES = 2  # in a credit line


def title(atlas: Atlas, spec: Spec) -> str:
    """The plate's title: the one asked for, else the muscle's name, or a question where that is to be found."""
    if spec.study and not spec.title:
        return word("title.study", spec.language)
    return spec.title or name(atlas.muscle(spec.muscle).names, spec.language)


def subtitle(spec: Spec) -> str:
    """What the layers of the plate show, and of which side."""
    shown = {"points", "zones"} & spec.layers if spec.points else frozenset()
    key = {2: "subtitle", 0: "subtitle.none"}.get(
        len(shown), "subtitle.no_points" if "zones" in shown else "subtitle.no_pain"
    )
    if len(spec.points) == 1 and "points" in shown:
        key += ".one"
    return word(key, spec.language).format(side=word(f"side.{spec.side}", spec.language))


def short(source: Source) -> str:
    """A source as a credit line cites it.

    >>> short(Source("TS", "Travell JG, Simons DG (1992). Manual, vol. 2.", 1992, "manual", "recall"))
    'Travell & Simons 1992'
    """
    found = _AUTHORS.match(source.citation)
    if not found:
        return f"{source.citation.partition('.')[0]} {source.year or ''}".strip()
    authors = [_INITIALS.sub("", author) for author in found["authors"].removesuffix(", eds").split(", ")]
    several = f"{authors[0]} et al." if len(authors) > 2 or "et al." in authors else " & ".join(authors)
    return f"{several} {source.year}"


def _is_book(source: Source) -> bool:
    """A manual with authors and a year."""
    return source.kind == "manual" and bool(_AUTHORS.match(source.citation))


def _cited(atlas: Atlas, found: Sequence[Evidence]) -> dict[str, bool]:
    """The keys of the sources, and whether any of what they are cited for is recalled."""
    cited: dict[str, bool] = {}
    for evidence in found:
        recalled = evidence.basis == "recall" or atlas.patterns.sources[evidence.source].basis == "recall"
        cited[evidence.source] = cited.get(evidence.source, False) or recalled
    return cited


def sources(atlas: Atlas, spec: Spec) -> str:
    """The books and papers behind the points, each read or recalled; web pages are counted."""
    found = [evidence for point in _points(atlas, spec) for evidence in point.evidence]
    if not found:
        return credit(atlas, spec)
    return word("sources", spec.language).format(sources=_works(atlas, found, spec.language))


def _nearness(atlas: Atlas, spec: Spec) -> str:
    """What acupuncture points on a plate mean, and their sources; empty without the layer."""
    found = [evidence for point in atlas.patterns.acupoints for evidence in point.evidence]
    if "acupoints" not in spec.layers or not found:
        return ""
    return word("caption.acupoints", spec.language).format(sources=_works(atlas, found, spec.language))


def _works(atlas: Atlas, found: Sequence[Evidence], language: str) -> str:
    """Works, the most cited first, each with its basis, and how many web pages."""
    cited = _cited(atlas, found)
    often = Counter(evidence.source for evidence in found)
    works: dict[str, bool] = {}  # one work may stand under two keys
    pages = Counter[bool]()
    for key in sorted(cited, key=lambda key: -often[key]):
        source = atlas.patterns.sources[key]
        if source.kind == "page" or (source.kind == "manual" and not _is_book(source)):
            pages[cited[key]] += 1
        else:
            works[short(source)] = works.get(short(source), False) or cited[key]
    basis = {recalled: word(f"basis.{'recall' if recalled else 'read'}", language) for recalled in (False, True)}
    said = word("sources.work", language)
    named = word("join.clauses", language).join(
        said.format(work=work, basis=basis[recalled]) for work, recalled in works.items()
    )
    counted = [
        word("sources.page" if count == 1 else "sources.pages", language).format(number=count, basis=basis[recalled])
        for recalled, count in sorted(pages.items())
    ]
    counted = [listing(tuple(counted), language)] if counted else []
    return word("sources.and", language).join([*([named] if named else []), *counted])


def credit(atlas: Atlas, spec: Spec) -> str:
    """Where the pattern is from, and how far that was checked; nothing where that would tell what is to be found."""
    said = _credit(atlas, spec.points, spec.language)
    return "" if spec.study and tells(atlas, spec, said) else said


@lru_cache(CACHED)
def _credit(atlas: Atlas, ids: tuple[str, ...], language: str) -> str:
    points = [atlas.point(point) for point in ids]
    if not points:
        return word("credit.no_pattern", language)
    cited = _cited(atlas, [evidence for point in points for evidence in point.evidence])
    often = Counter(evidence.source for point in points for evidence in point.evidence)
    manuals = [key for key in cited if _is_book(atlas.patterns.sources[key])]
    ranked = sorted(manuals or cited, key=lambda key: -often[key])
    names = {short(atlas.patterns.sources[key]): key for key in reversed(ranked)}  # one work may stand under two keys
    shown = [key for key in ranked if key in names.values()][:MOST_SOURCES]
    if not shown:
        return word("credit.none", language)
    sources = listing(tuple(short(atlas.patterns.sources[key]) for key in shown), language)
    works = {short(atlas.patterns.sources[key]) for key in shown}
    recall = any(recalled for key, recalled in cited.items() if short(atlas.patterns.sources[key]) in works)
    return word("credit.recall" if recall else "credit.source", language).format(sources=sources)


def tells(atlas: Atlas, spec: Spec, text: str) -> bool:
    """Whether a text gives away the muscle by one of its names."""
    muscle = atlas.muscle(spec.muscle)
    names = (muscle.id, muscle.id.replace("_", " "), *muscle.names.values(), *muscle.aliases)
    return any(re.search(rf"(?<!\w){re.escape(each.casefold())}(?!\w)", text.casefold()) for each in names)


def caption(atlas: Atlas, spec: Spec) -> str:
    """A figure legend: what is shown, each point's pattern, whose side, from where."""
    every = _points(atlas, spec)
    points = _seen(every, spec)
    key = "caption.point" if len(points) == 1 else "caption.points"
    patterns = list(filter(None, (_pattern(atlas, point, spec) for point in every)))
    opening = word(_opening("caption", points, patterns), spec.language).format(
        muscle=name(atlas.muscle(spec.muscle).names, spec.language),
        side=word(f"side.{spec.side}", spec.language),
        points=word(key, spec.language).format(number=points[0].number if points else 0),
        views=_views(spec),
    )
    one_side = bool(patterns) and all(point.laterality == SAME_SIDE for point in every)
    said = [
        opening,
        *patterns,
        word("caption.same_side", spec.language) if one_side else "",
        sources(atlas, spec),
        _nearness(atlas, spec),
        word("caution", spec.language),
    ]
    return sentences(said, spec.language)


def _opening(usual: str, points: Collection[object], pain: Collection[object]) -> str:
    """The key of the words that open a caption: the usual ones where both points and pain are drawn."""
    shown = {(True, True): usual, (True, False): "caption.no_pain", (False, True): "caption.no_points"}
    return shown.get((bool(points), bool(pain)), "caption.bare")


def together(specs: Sequence[Spec]) -> Spec:
    """Several muscles as one spec, for what is said of all their points and views."""
    views = tuple(dict.fromkeys(view for spec in specs for view in spec.views))
    return specs[0]._replace(points=tuple(point for spec in specs for point in spec.points), views=views)


def title_of(atlas: Atlas, specs: Sequence[Spec]) -> str:
    """The title of a plate of several muscles: the one asked for, their names if they are few, else their number."""
    first = specs[0]
    if first.title:
        return first.title
    names = [name(atlas.muscle(spec.muscle).names, first.language) for spec in specs]
    if len(names) > NAMED:
        return word("title.several", first.language).format(number=len(names))
    return _muscles(names, first.language)


def counted_muscles(atlas: Atlas, specs: Sequence[Spec]) -> str:
    """The muscles of an overlay, which shows none of them by itself; empty where its title names them."""
    first = specs[0]
    if not first.title and len(specs) <= NAMED:
        return ""
    names = [name(atlas.muscle(spec.muscle).names, first.language) for spec in specs]
    return word("credit.muscles", first.language).format(muscles=_muscles(names, first.language))


def caption_of(atlas: Atlas, specs: Sequence[Spec], layout: str) -> str:
    """A figure legend of a plate of several muscles."""
    first = specs[0]
    detailed = layout in ("grid", "together")  # these name each muscle later on, with its points
    names = [name(atlas.muscle(spec.muscle).names, first.language) for spec in specs]
    key = f"caption.{layout}"
    if detailed and any(spec.points for spec in specs):
        key = _opening(
            key, [point for spec in specs for point in _seen(_points(atlas, spec), spec)], _pained(atlas, specs)
        )
    said_of = (
        title_of(atlas, [spec._replace(title=None) for spec in specs]) if detailed else _muscles(names, first.language)
    )
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
                muscle = f"{furniture.letter(number)} {muscle}"
            patterns = [_pattern(atlas, point, spec) for point in _points(atlas, spec)]
            said.append(word("caption.muscle", first.language).format(muscle=muscle))
            said += patterns or [word("credit.no_pattern", first.language)]
    whole = together(specs)
    said += [sources(atlas, whole) if whole.points else "", _nearness(atlas, whole), word("caution", first.language)]
    return sentences(said, first.language)


def _muscles(names: Sequence[str], language: str) -> str:
    """The names of muscles as one, with the capital of the first."""
    return listing((names[0], *(inside(each, language) for each in names[1:])), language)


def describe_of(atlas: Atlas, specs: Sequence[Spec], layout: str) -> str:
    """A plain description of a plate of several muscles."""
    first = specs[0]
    names = tuple(inside(name(atlas.muscle(spec.muscle).names, first.language), first.language) for spec in specs)
    muscles = listing(names, first.language)
    side = word(f"side.{first.side}", first.language)
    key = "alt.bare" if layout == "together" and not _pained(atlas, specs) else f"alt.{layout}"
    return word(key, first.language).format(views=_views(together(specs)), muscles=muscles, muscle=muscles, side=side)


def weights(atlas: Atlas, specs: Sequence[Spec]) -> str:
    """Who says how often the muscles' points are active."""
    often = (atlas.muscle(spec.muscle).prevalence for spec in specs)
    keys = dict.fromkeys(each.source for each in often if each)
    cited = listing(tuple(short(atlas.patterns.sources[key]) for key in keys), specs[0].language)
    key = "credit.weights" if len(specs) > 1 else "credit.weights.one"
    return word(key, specs[0].language).format(sources=cited) if keys else ""


def _pattern(atlas: Atlas, point: TriggerPoint, spec: Spec) -> str:
    """One point's pattern as a sentence, of the zones that are drawn; empty if no region is covered."""
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
    """What a zone on the plate is, and which points refer pain to it in these views, each with the regions named."""
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
    """On which side a point's pain is felt: in the interface's words, or as the data remark on it."""
    key = f"laterality.{point.laterality}"
    return word(key, language) if has(key) else point.laterality.replace("_", " ")


def _views(spec: Spec) -> str:
    return listing(tuple(word(f"from.{view}", spec.language) for view in spec.views), spec.language)


def describe(atlas: Atlas, spec: Spec, *, measured: bool = True) -> str:
    """A shorter plain description, for those who cannot see the plate.

    `measured` says the regions that the zones cover, otherwise those that the facts name: that is soon done.
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
    return sentences([said, *_pain(atlas, essential, spillover, spec.language, measured=measured)], spec.language)


@lru_cache(CACHED)
def _pain(
    atlas: Atlas, essential: tuple[str, ...], spillover: tuple[str, ...], language: str, *, measured: bool
) -> tuple[str, ...]:
    """Where the pain is whose zones of these points are drawn, a sentence for each kind."""
    regions_of = partial(reached, atlas) if measured else named
    most, more = (
        regions_of([atlas.point(point) for point in ids], kind)
        for kind, ids in zip(KINDS, (essential, spillover), strict=True)
    )
    places = dict(zip(KINDS, (most, [region for region in more if region not in most]), strict=True))
    return tuple(
        word(f"alt.{kind}", language).format(where=where(atlas, some, language))
        for kind, some in places.items()
        if some
    )


def _shown(spec: Spec) -> set[str]:
    """The views of the plate, as the data of the patient's right have them."""
    return {view if spec.side == "right" else mirror_view(view) for view in spec.views}


def _drawn(points: Sequence[TriggerPoint], spec: Spec, kind: str) -> tuple[str, ...]:
    """Those of the points whose zone of one kind is on the plate."""
    if "zones" not in spec.layers:
        return ()
    views = _shown(spec)
    return tuple(point.id for point in points if any(zone.kind == kind and zone.view in views for zone in point.zones))


def _pained(atlas: Atlas, specs: Sequence[Spec]) -> list[str]:
    """The points of several muscles of whose zones any is on the plate."""
    return [point for spec in specs for kind in KINDS for point in _drawn(_points(atlas, spec), spec, kind)]


def _seen(points: Sequence[TriggerPoint], spec: Spec) -> list[TriggerPoint]:
    """Those of the points whose X is on the plate."""
    views = _shown(spec) if "points" in spec.layers else set()
    return [point for point in points if not views.isdisjoint(point.at)]


def _points(atlas: Atlas, spec: Spec) -> list[TriggerPoint]:
    return [atlas.point(point) for point in spec.points]
