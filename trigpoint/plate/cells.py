"""The panels of a page: for each the muscles that it shows, their looks, and the words over it.

A grid has a panel for each muscle and view; every other page has one for each view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from shapely import MultiLineString

from ..atlas import Atlas
from ..geometry.rings import union
from ..style import Style
from ..words import inside, listing, name, word
from .content import CACHED, LATERAL, Seen, gather
from .labels.label import letter
from .muscle_styles import Hue, hue, quiet
from .page import Page
from .spec import Spec

SMALL_MARK = 0.75


@dataclass(frozen=True, eq=False)
class Cell:
    """One panel before it is laid out.

    `id` ends the ids of its groups, `merged` is what its crop must hold, `style` that of its marks, `depths` the layer
    of each muscle (1 on the bone, 5 under the skin); `remarks` are points not shown, and in a side view back and front.
    """

    id: str
    specs: tuple[Spec, ...]
    subjects: tuple[tuple[Seen, Hue], ...]
    merged: Seen
    heading: str
    style: Style
    depths: tuple[int, ...] = (0,)
    letter: str = ""
    remarks: tuple[str, ...] = ()


def cells(page: Page) -> tuple[Cell, ...]:
    """The panels of a page, in their order."""
    if page.layout == "grid":
        return tuple(_grid(page, small_marks(page.style)))
    atlas, style = page.atlas, page.style
    several = page.layout == "together"
    plain = Hue(quiet(style) if page.overlay else style, None)
    looks = [hue(style, number) if several else plain for number in range(len(page.specs))]
    depths = tuple(atlas.muscle(spec.muscle).layer for spec in page.specs)
    seen = zip(*(gather(atlas, spec) for spec in page.specs), strict=True)
    found = []
    for number, (view, each) in enumerate(zip(page.spec.views, seen, strict=True), 1):
        key, merged = (view, each[0]) if page.layout is None else (str(number), merge(each))
        subjects, remarks = tuple(zip(each, looks, strict=True)), direction(view, page.spec.language)
        words = page.word(f"view.{view}")
        found.append(Cell(key, page.specs, subjects, merged, words, style, depths, remarks=remarks))
    return tuple(found)


def _grid(page: Page, style: Style) -> list[Cell]:
    """A panel for each muscle and view; its heading names the view where the page has several."""
    alike, look = one_view(page.specs), Hue(style, None)
    found: list[Cell] = []
    for spec in page.specs:
        for one in gather(page.atlas, spec):
            heading = name(page.atlas.muscle(spec.muscle).names, spec.language)
            if not alike:
                view = inside(page.word(f"view.{one.view}"), spec.language)
                heading = page.word("heading").format(muscle=heading, view=view)
            unseen = remark(page.atlas, spec, [one])
            remarks = (*direction(one.view, spec.language), *([unseen] if unseen else []))
            key, sign = str(len(found) + 1), letter(len(found)).upper()
            found.append(Cell(key, (spec,), ((one, look),), one, heading, style, letter=sign, remarks=remarks))
    return found


def one_view(specs: Sequence[Spec]) -> bool:
    """Whether all panels of a page are seen from the same side."""
    return len({view for spec in specs for view in spec.views}) == 1


def direction(view: str, language: str) -> tuple[str, ...]:
    """Where back and front are in a side view, in words; nothing for other views."""
    return (word(f"direction.{view}", language),) if view in LATERAL else ()


def remark(atlas: Atlas, spec: Spec, seen: Sequence[Seen]) -> str:
    """The points whose positions these views do not show, in words; empty where they show all."""
    shown = {mark.id for one in seen for mark in one.marks}
    hidden = tuple(str(atlas.point(point).number) for point in spec.points if point not in shown)
    if not hidden or "points" not in spec.layers:
        return ""
    key = ("hidden.all" if not shown else "hidden.some") + (".one" if len(hidden) == 1 else "")
    views = listing(tuple(word(f"from.{one.view}", spec.language) for one in seen), spec.language)
    return word(key, spec.language).format(numbers=listing(hidden, spec.language), view=views)


def small_marks(style: Style) -> Style:
    """A style for panels of a few centimetres."""
    return replace(
        style,
        mark_size=SMALL_MARK * style.mark_size,
        mark_width=SMALL_MARK * style.mark_width,
        mark_halo_width=SMALL_MARK * style.mark_halo_width,
        size_side=max(style.least_text, SMALL_MARK * style.size_side),
        size_number=max(style.least_text, SMALL_MARK * style.size_number),
        outline_width=max(style.least_line, SMALL_MARK * style.outline_width),
    )


@lru_cache(CACHED)
def merge(seen: tuple[Seen, ...]) -> Seen:
    """What several muscles show in one view, as one, for crop and scale."""
    muscle, essential, spillover = (union(shapes) for shapes in zip(*(one.shapes for one in seen), strict=True))
    marks, none = tuple(mark for one in seen for mark in one.marks), MultiLineString()
    return Seen(seen[0].view, seen[0].outline, muscle, none, essential, spillover, marks, none)
