"""The number of pixels of a page at a resolution, and its limits; no library is loaded. `raster` makes the pixels."""

from __future__ import annotations

from .. import limits
from ..errors import InputError, Problem

MM = 25.4  # in an inch
PIXELS = ("png", "tiff")  # the formats that have any


def size(width: float, height: float, dpi: float) -> tuple[int, int]:
    """The pixels of a page that is so many millimetres wide and tall. Raises InputError above the limits."""
    if not limits.DPI_MIN <= dpi <= limits.DPI_MAX:
        what = f"dpi {dpi:g} is outside {limits.DPI_MIN} to {limits.DPI_MAX}"
        raise InputError(Problem(what, hint="the limits are DPI_MIN and DPI_MAX in trigpoint/limits.py"))
    across, down = _side(width, dpi), _side(height, dpi)
    if max(across, down) > limits.PNG_SIDE or across * down > limits.PNG_PIXELS:
        raise InputError(_above(f"of {across} x {down} pixels"))
    return across, down


def too_wide(width: float, dpi: float) -> Problem | None:
    """The problem of a page of that width in mm, whatever its height; None where the height decides.

    >>> too_wide(420, 1200).what
    'a picture 19843 pixels wide is above 8192 a side or 32000000 in all'
    """
    if not limits.DPI_MIN <= dpi <= limits.DPI_MAX or _side(width, dpi) <= limits.PNG_SIDE:
        return None
    return _above(f"{_side(width, dpi)} pixels wide")


def _side(millimetres: float, dpi: float) -> int:
    return max(1, round(millimetres * dpi / MM))


def _above(extent: str) -> Problem:
    what = f"a picture {extent} is above {limits.PNG_SIDE} a side or {limits.PNG_PIXELS} in all"
    return Problem(what, hint="lower dpi or width; see PNG_SIDE and PNG_PIXELS in trigpoint/limits.py")
