"""Sources of a page's patterns and drawings: short citations, the credit line, and the sources of a caption.

A source cited from general knowledge is marked so, and has no page or figure number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ..atlas import Atlas
from ..atlas.patterns import Evidence, Source
from ..words import inside, listing, name, sentences, word
from .content import CACHED
from .page import Page
from .spec import Spec, together

_AUTHORS = re.compile(r"^(?P<authors>.+?) \((?P<year>\d{4})\)")
_INITIALS = re.compile(r"\s+[A-Z]{1,3}$")
ATTRIBUTION = "BodyParts3D, © The Database Center for Life Science licensed under CC Attribution 4.0 International"
NAMED = 3  # muscles in a title
MOST_SOURCES = 2  # in a credit line


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
    """The keys of the sources, and whether any evidence from each is recalled rather than read."""
    cited: dict[str, bool] = {}
    for evidence in found:
        recalled = evidence.basis == "recall" or atlas.patterns.sources[evidence.source].basis == "recall"
        cited[evidence.source] = cited.get(evidence.source, False) or recalled
    return cited


def sources(atlas: Atlas, spec: Spec) -> str:
    """The books and papers that are evidence for the points, each read or recalled; web pages are counted."""
    found = [evidence for point in spec.points for evidence in atlas.point(point).evidence]
    if not found:
        return credit(atlas, spec)
    return word("sources", spec.language).format(sources=_works(atlas, found, spec.language))


def nearness(atlas: Atlas, spec: Spec) -> str:
    """The meaning of acupuncture points on a plate, and their sources; empty without the layer."""
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
    return word("sources.and", language).join(
        filter(None, (named, listing(tuple(counted), language) if counted else ""))
    )


def credit(atlas: Atlas, spec: Spec) -> str:
    """The pattern's sources and how far they were checked; empty on a study plate whose muscle they would name."""
    said = _credit(atlas, spec.points, spec.language)
    return "" if spec.study and _names_muscle(atlas, spec, said) else said


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


def _names_muscle(atlas: Atlas, spec: Spec, text: str) -> bool:
    """Whether a text contains one of the muscle's names."""
    muscle = atlas.muscle(spec.muscle)
    names = (muscle.id, muscle.id.replace("_", " "), *muscle.names.values(), *muscle.aliases)
    return any(re.search(rf"(?<!\w){re.escape(each.casefold())}(?!\w)", text.casefold()) for each in names)


def weights(atlas: Atlas, specs: Sequence[Spec]) -> str:
    """The sources for how often the muscles' points are active; empty without any."""
    often = (atlas.muscle(spec.muscle).prevalence for spec in specs)
    keys = dict.fromkeys(each.source for each in often if each)
    cited = listing(tuple(short(atlas.patterns.sources[key]) for key in keys), specs[0].language)
    key = "credit.weights" if len(specs) > 1 else "credit.weights.one"
    return word(key, specs[0].language).format(sources=cited) if keys else ""


def muscles(atlas: Atlas, specs: Sequence[Spec]) -> str:
    """The names of muscles as one list that begins with a capital."""
    language = specs[0].language
    first, *others = (name(atlas.muscle(spec.muscle).names, language) for spec in specs)
    return listing((first, *(inside(each, language) for each in others)), language)


def anatomy(sources: Iterable[str]) -> bool:
    """Whether any of the drawings was made from the open atlas that asks to be named.

    >>> anatomy(["Our own drawing", f"{ATTRIBUTION}; changed: projected, drawn"])
    True
    """
    return any(ATTRIBUTION in source for source in sources)


def metadata(page: Page, sources: Iterable[str]) -> str:
    """The credit that goes into the file: the pattern's sources, and whose drawings of muscles and bones are shown."""
    said = credit(page.atlas, together(page.specs))
    return " ".join(filter(None, (said, ATTRIBUTION if anatomy(sources) else "")))


def paragraph(page: Page, sources: Iterable[str] = ()) -> str:
    """The credit of a page with its caution; on an overlay, where the title does not name them, also the muscles.

    `sources` are those of the drawings of muscles and bones that are shown.
    """
    atlas, specs, language = page.atlas, page.specs, page.spec.language
    said = [credit(atlas, together(specs))]
    if page.overlay and (page.spec.title or len(specs) > NAMED):  # else the title names them
        said.insert(0, page.word("credit.muscles").format(muscles=muscles(atlas, specs)))
    if page.layout == "prevalence":
        said.append(weights(atlas, specs))
    if anatomy(sources):
        said.append(page.word("credit.anatomy"))
    return sentences([*said, page.word("caution")], language)
