"""Panels on the page: boxes, gutters, gaps, the fit to a height. Lengths are mm on paper unless the body is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias, TypeVar

from ..errors import InputError, Problem
from ..geometry.frame import Box, Frame
from .content import Seen
from .crop import Figure

Sides: TypeAlias = tuple[float, float]  # the widths of the gutters to the left and right of a panel, 0 for none
Found = TypeVar("Found")

MARGIN = 3.0  # white border of the page
PAD = 3.5  # room beside a body for the side marks
PANEL_GAP = 5.0  # between two panels: the letters of their sides stand there
WIDEST_GAP = 14.0  # panels that stand farther apart no longer belong together
ROW_GAP = 4.0
FOOT_GAP = 2.5  # between the panels and the foot
LABEL_GAP = 1.5  # between a panel and the labels of its gutter
LOCATOR_TALLEST = 26.0
LOCATOR_SHARE = 0.32  # of the height of the panel beside it
LARGEST_SCALE = 0.28
LEAST_BODY = 12.0  # mm: marks and numbers hide a body that is less tall
ROUNDS = 8  # less room may mean other rows and another legend
LEAST_TALL = 20.0  # of a row of panels with its heading


class Gutter(NamedTuple):
    """A column for labels: leaders leave it at `x`; labels lie beyond, between `top` and `bottom`."""

    side: Literal["left", "right"]
    x: float
    top: float
    bottom: float


class Panel(NamedTuple):
    """One view on the page: its frame, its box, and the gutters for its labels.

    `heading` is where the words over it begin, `middle` where the view's name is centred, `labelled` are ids of the
    points with their labels here.
    """

    seen: Seen
    figure: Figure
    frame: Frame
    box: Box
    heading: float
    gutters: tuple[Gutter, ...]
    labelled: frozenset[str]
    middle: float

    @property
    def view(self) -> str:
        """The view's name."""
        return self.seen.view

    @property
    def body_box(self) -> Box:
        """The box that the body fills, on the page."""
        return self.frame.box(self.figure.box)


def refuse_too_small(tall: float) -> None:
    """Raise InputError for bodies that would be too little `tall`, in mm on paper."""
    if tall < LEAST_BODY:
        what = "this page has no room for bodies that could be read"
        hint = "make it wider, allow more height, show fewer views or muscles, or leave out insets"
        raise InputError(Problem(what, hint=hint))


def fitted(
    lay: Callable[[float], tuple[Found, float, float]], tallest: float, height: float | None, factor: float
) -> Found:
    """The result of `lay` for the tallest rows of panels with which the page is at most `height` mm high.

    `lay` returns its result, the height that the rows took, and where the page ends. Raises InputError where the rest
    of the page is too tall; the message has the height as drawn in the end, `factor` times larger.
    """
    for number in range(ROUNDS):
        try:
            found, used, bottom = lay(tallest)
        except InputError:  # in the first round, with all the room, the cause is not the height
            if not number:
                raise
            break
        if height is None or bottom <= height + 1e-6:
            return found
        tallest = min(tallest, used) - (bottom - height) - 0.01
        if tallest < LEAST_TALL:
            break
    what = f"the plate does not fit a height of {(height or 0.0) * factor:g} mm"
    raise InputError(Problem(what, hint="allow more height, make the page wider, or leave out layers or views"))


def locator_tall(panel: float) -> float:
    """The height of the locator in a gutter beside a panel that is `panel` mm tall."""
    return min(LOCATOR_TALLEST, LOCATOR_SHARE * panel)
