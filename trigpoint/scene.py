"""The drawing as a plain value: paths, dots, text and groups on a page.

All lengths are millimetres on paper, y down; list order is paint order. Curves are flattened and shapes clipped before,
in `plate`; `backends` writes files of a scene. It holds no anatomy and no fonts: tests read it without rendering.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from math import isfinite
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from .geometry.frame import Box, Points

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Anchor: TypeAlias = Literal["start", "middle", "end"]
Weight: TypeAlias = Literal["normal", "bold"]
Slant: TypeAlias = Literal["normal", "italic"]

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


def _same(one: Path | Dots, other: object) -> bool:
    """Equality of two values that hold arrays, which a dataclass cannot compare by itself."""
    if type(one) is not type(other):
        return False
    for field in fields(one):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if field.name != "rings":
            mine, theirs = (mine,), (theirs,)
        if len(mine) != len(theirs) or not all(map(np.array_equal, mine, theirs)):
            return False
    return True


@dataclass(frozen=True, eq=False)
class Path:
    """Lines or areas of one style; joins and caps are round.

    Parameters
    ----------
    rings : tuple of array of shape (n, 2)
        Points in mm, kept as read-only copies: 3 or more of a closed ring, 2 or more of a line.
    closed : bool
        Whether each ring ends where it begins (default; a repeated last point is dropped). Rings may touch, not cross.
    fill, stroke : str, optional
        Colours "#rrggbb"; the fill is even-odd, and an open path has none.
    width : float
        Of the stroke, in mm: above 0 where there is a stroke.
    dash : tuple of float
        Lengths of dash and gap in turn, in mm; solid if empty.
    opacity : float
        0 to 1 (default).
    soft : bool
        Whether the corners of closed rings that bend little are drawn as curves (`geometry.curves`); not by default.

    Raises
    ------
    ValueError
        For a value outside these, as with `Dots`, `Text`, `Group` and `Scene`.

    Examples
    --------
    >>> square = Path((np.array([(0, 0), (10, 0), (10, 10), (0, 10)]),), fill="#b2182b")
    >>> bounds([square])
    (0.0, 0.0, 10.0, 10.0)
    """

    rings: tuple[Points, ...]
    closed: bool = True
    fill: str | None = None
    stroke: str | None = None
    width: float = 0.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    soft: bool = False

    def __post_init__(self) -> None:
        least = 3 if self.closed else 2
        rings = tuple(_ring(ring, least, closed=self.closed) for ring in self.rings)
        object.__setattr__(self, "rings", rings)
        object.__setattr__(self, "dash", tuple(float(length) for length in self.dash))
        _check_colours(self.fill, self.stroke)
        _check_numbers("a path", opacity=self.opacity, width=self.width)
        if self.stroke is not None and not self.width > 0:
            raise ValueError(f"a path with a stroke needs a width above 0 mm, not {self.width}")
        if len(self.dash) % 2 or not all(0 < length < np.inf for length in self.dash):
            raise ValueError(f"a dash is pairs of lengths above 0 mm, not {self.dash}")
        if (self.fill is not None or self.soft) and not self.closed:
            raise ValueError("an open path has no fill and no soft corners: close it, or leave these out")

    __eq__ = _same


@dataclass(frozen=True, eq=False)
class Dots:
    """Discs of one size and colour.

    Parameters
    ----------
    points : array of shape (n, 2)
        Centres in mm, kept as a read-only copy.
    radius : float
        In mm, above 0.
    fill : str
        Colour "#rrggbb".
    opacity : float
        0 to 1 (default).
    """

    points: Points
    radius: float
    fill: str
    opacity: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", _points(self.points))
        _check_colours(self.fill)
        _check_numbers("a set of dots", opacity=self.opacity, radius=self.radius)
        if not self.radius > 0:
            raise ValueError(f"dots need a radius above 0 mm, not {self.radius}")

    __eq__ = _same


@dataclass(frozen=True)
class Text:
    """One line of text.

    Parameters
    ----------
    x, y : float
        The point on the baseline, in mm, at the text's `anchor`.
    text : str
        One line without tabs.
    size : float
        Font size in mm, above 0.
    anchor : {"start", "middle", "end"}
        The part of the text that stands at the point.
    weight, style : str
        "normal" (default) or "bold"; "normal" (default) or "italic".
    fill, halo : str
        Colours "#rrggbb" of the letters (black) and of a rim around and below them (None: no halo).
    halo_width : float
        Width of the halo on each side, in mm, 0 or more.
    """

    x: float
    y: float
    text: str
    size: float
    anchor: Anchor = "start"
    weight: Weight = "normal"
    style: Slant = "normal"
    fill: str = "#000000"
    halo: str | None = None
    halo_width: float = 0.0

    def __post_init__(self) -> None:
        _check_colours(self.fill, self.halo)
        _check_numbers(f"text {self.text!r}", x=self.x, y=self.y, size=self.size, halo_width=self.halo_width)
        _check_choice("anchor", self.anchor, ("start", "middle", "end"))
        _check_choice("weight", self.weight, ("normal", "bold"))
        _check_choice("style", self.style, ("normal", "italic"))
        if not self.size > 0:
            raise ValueError(f"text {self.text!r} needs a size above 0 mm, not {self.size}")
        if any(sign in self.text for sign in "\n\r\t"):
            raise ValueError(f"text {self.text!r} must be one line without tabs: wrap it first, one Text for each line")


@dataclass(frozen=True)
class Group:
    """Items that belong together.

    Parameters
    ----------
    id, label : str
        A name for programs, unique in the scene: a letter, then letters, digits, "_", "." or "-"; a name for people.
    children : tuple of Path, Dots, Text or Group
        In paint order.
    title, description : str, optional
        What the group shows: a tooltip, and words for readers who cannot see it.
    """

    id: str
    label: str
    children: tuple[Item, ...] = ()
    title: str | None = None
    description: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "children", tuple(self.children))
        if not _ID.fullmatch(self.id):
            raise ValueError(f"group id {self.id!r} must be a letter, then letters, digits, '_', '.' or '-'")

    __hash__ = None  # type: ignore[assignment]


Item: TypeAlias = Path | Dots | Text | Group


@dataclass(frozen=True)
class Scene:
    """A whole page.

    Parameters
    ----------
    width, height : float
        In mm, above 0.
    children : tuple of Path, Dots, Text or Group
        In paint order.
    title, description, credit : str
        Metadata of the files; the description is for readers who cannot see the page.
    language : str
        The language tag of the texts, such as "en".
    remarks : tuple of str
        What the author of the figure should know of it; not drawn.
    """

    width: float
    height: float
    children: tuple[Item, ...] = ()
    title: str = ""
    description: str = ""
    language: str = "en"
    credit: str = ""
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "children", tuple(self.children))
        _check_numbers("a scene", width=self.width, height=self.height)
        if not (self.width > 0 and self.height > 0):
            raise ValueError(f"a scene needs a width and a height above 0 mm, not {self.width} x {self.height}")
        seen: set[str] = set()
        for item in self.walk():
            if isinstance(item, Group):
                if item.id in seen:
                    raise ValueError(f"two groups of one scene have the id {item.id!r}")
                seen.add(item.id)

    def walk(self) -> Iterator[Item]:
        """Every item in paint order, a group before its children."""
        for item in self.children:
            yield from walk(item)

    def find(self, group_id: str) -> Group | None:
        """The group of that id; None if there is none."""
        return next((item for item in self.walk() if isinstance(item, Group) and item.id == group_id), None)

    def texts(self) -> tuple[Text, ...]:
        """Every text in paint order."""
        return tuple(item for item in self.walk() if isinstance(item, Text))

    __hash__ = None  # type: ignore[assignment]


def bounds(items: Iterable[Item]) -> Box | None:
    """Left, top, right, bottom of the ink in mm, of a text its point only; None if there are no items."""
    boxes = [box for each in items for item in walk(each) for box in _boxes(item)]
    if not boxes:
        return None
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def enlarged(scene: Scene, factor: float) -> Scene:
    """The same drawing with every length `factor` times as large, text and strokes included.

    >>> enlarged(Scene(80, 60, (Text(4, 8, "Sacrum", 3.0),)), 2).texts()[0].size
    6.0
    """
    if factor == 1:
        return scene
    children = tuple(_enlarged(item, factor) for item in scene.children)
    return replace(scene, width=round(scene.width * factor, 6), height=scene.height * factor, children=children)


def _enlarged(item: Item, factor: float) -> Item:
    match item:
        case Path():
            rings = tuple(ring * factor for ring in item.rings)
            dash = tuple(length * factor for length in item.dash)
            return replace(item, rings=rings, width=item.width * factor, dash=dash)
        case Dots():
            return replace(item, points=item.points * factor, radius=item.radius * factor)
        case Text():
            x, y, halo = item.x * factor, item.y * factor, item.halo_width * factor
            return replace(item, x=x, y=y, size=item.size * factor, halo_width=halo)
        case Group():
            return replace(item, children=tuple(_enlarged(child, factor) for child in item.children))


def _boxes(item: Item) -> Iterator[Box]:
    match item:
        case Path():
            margin = item.width / 2 if item.stroke else 0.0
            yield from (_box(ring, margin) for ring in item.rings)
        case Dots() if len(item.points):
            yield _box(item.points, item.radius)
        case Text():
            yield (item.x, item.y, item.x, item.y)


def _box(points: Points, margin: float) -> Box:
    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return left - margin, top - margin, right + margin, bottom + margin


def walk(item: Item) -> Iterator[Item]:
    """The item and, of a group, all that it holds, in paint order."""
    yield item
    if isinstance(item, Group):
        for child in item.children:
            yield from walk(child)


def _points(values: ArrayLike) -> Points:
    points = np.array(values, dtype=np.float64)
    if points.size == 0:
        points = points.reshape(0, 2)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"points must have the shape (n, 2), not {points.shape}")
    if not np.isfinite(points).all():
        index = int(np.flatnonzero(~np.isfinite(points).all(axis=1))[0])
        raise ValueError(f"point {index} is {tuple(points[index].tolist())}: it must be finite numbers of mm")
    points.flags.writeable = False
    return points


def _ring(values: ArrayLike, least: int, *, closed: bool) -> Points:
    ring = _points(values)
    if closed and len(ring) > 1 and (ring[0] == ring[-1]).all():
        ring = ring[:-1]
    if len(ring) < least:
        raise ValueError(f"{'a closed ring' if closed else 'a line'} needs {least} points or more, not {len(ring)}")
    return ring


def _check_colours(*colours: str | None) -> None:
    for colour in colours:
        if colour is not None and not _COLOUR.fullmatch(colour):
            raise ValueError(f"colour {colour!r} must be '#' and six of 0-9, a-f")


def _check_numbers(what: str, **numbers: float) -> None:
    for name, value in numbers.items():
        if not isfinite(value):
            raise ValueError(f"{what} has {name} {value}: it must be a finite number")
        if name == "opacity" and not 0 <= value <= 1:
            raise ValueError(f"{what} has opacity {value}: it must be from 0 to 1")
        if name.endswith("width") and value < 0:
            raise ValueError(f"{what} has {name} {value}: it must not be negative")


def _check_choice(name: str, given: str, choices: tuple[str, ...]) -> None:
    if given not in choices:
        raise ValueError(f"{name} {given!r} must be one of {', '.join(choices)}")
