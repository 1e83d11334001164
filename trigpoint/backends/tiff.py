"""Pixels as a TIFF file: the container and nothing else.

Pillow packs the pixels (LZW), strip by strip; the file around them is written here, since libraries leave bytes of
chance between the strips. Journals open these: one page, no alpha, no date, no program name, the tags of baseline TIFF.
"""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHORT, LONG, ASCII, RATIONAL = 3, 4, 2, 5
FORMATS = {SHORT: "H", LONG: "L"}
LZW, INCH = 5, 2
GREY, RGB = 1, 2


def encode(pixels: NDArray[np.uint8], *, dpi: float, words: str) -> bytes:
    """A file of `pixels`, of shape (height, width) for grey or (height, width, 3) for red, green and blue.

    `words` are its description, in UTF-8; none if empty.
    """
    height, width = pixels.shape[:2]
    colours = 1 if pixels.ndim == 2 else pixels.shape[2]
    strips, rows = _packed(pixels)
    density = (round(dpi * 1000), 1000)
    tags: list[tuple[int, int, tuple[int, ...] | bytes]] = [
        (256, LONG, (width,)),
        (257, LONG, (height,)),
        (258, SHORT, (8,) * colours),
        (259, SHORT, (LZW,)),
        (262, SHORT, (GREY if colours == 1 else RGB,)),
        *([(270, ASCII, words.encode("utf-8") + b"\0")] if words else []),
        (273, LONG, tuple(8 + sum(map(len, strips[:index])) for index in range(len(strips)))),
        (277, SHORT, (colours,)),
        (278, LONG, (rows,)),
        (279, LONG, tuple(map(len, strips))),
        (282, RATIONAL, density),
        (283, RATIONAL, density),
        (284, SHORT, (1,)),
        (296, SHORT, (INCH,)),
    ]
    body = b"".join(strips)
    return struct.pack("<2sHL", b"II", 42, 8 + len(body)) + body + _directory(tags, 8 + len(body))


def _packed(pixels: NDArray[np.uint8]) -> tuple[list[bytes], int]:
    """The strips of the picture, each of an even length, and how many rows one has."""
    file = BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, "TIFF", compression="tiff_lzw")
    data = file.getvalue()
    with Image.open(file) as picture:
        tags = picture.tag_v2  # type: ignore[attr-defined]
        spans = list(zip(tags[273], tags[279], strict=True))
        rows = int(tags[278])
    strips = [data[start : start + length] for start, length in spans]
    return [strip + b"\0" * (len(strip) % 2) for strip in strips], rows


def _directory(tags: list[tuple[int, int, tuple[int, ...] | bytes]], start: int) -> bytes:
    """The list of tags, followed by the values that have no room in it."""
    entries, values = struct.pack("<H", len(tags)), b""
    beyond = start + 2 + 12 * len(tags) + 4
    for tag, kind, value in tags:
        if isinstance(value, bytes):
            count, packed = len(value), value
        elif kind == RATIONAL:
            count, packed = 1, struct.pack("<LL", *value)
        else:
            count, packed = len(value), struct.pack(f"<{len(value)}{FORMATS[kind]}", *value)
        packed += b"\0" * (len(packed) % 2)
        if len(packed) > 4:
            place = struct.pack("<L", beyond + len(values))
            values += packed
        else:
            place = packed.ljust(4, b"\0")
        entries += struct.pack("<HHL", tag, kind, count) + place
    return entries + struct.pack("<L", 0) + values
