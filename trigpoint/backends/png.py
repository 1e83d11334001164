"""Pixels as a PNG file, without dates and program names.

Flat areas and thin lines pack best without PNG's line filters, and trying filters takes an imaging library most of its
time: a plate takes 385 kB in 23 ms here, 444 kB in 110 ms there.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVEL = 3
INCH = 0.0254  # metres


def encode(pixels: NDArray[np.uint8], *, dpi: float, words: Mapping[str, str]) -> bytes:
    """An RGB file from `pixels` of shape (height, width, 3 or more), of which the first three are red, green and blue.

    `words` become text chunks, keyword to text; empty ones are left out.
    """
    height, width = pixels.shape[:2]
    rows = np.zeros((height, 1 + 3 * width), dtype=np.uint8)  # each row begins with the number of its filter: none
    colours = rows[:, 1:].reshape(height, width, 3)  # a view; filled plane by plane, which is six times as fast
    for plane in range(3):
        colours[..., plane] = pixels[..., plane]
    density = round(dpi / INCH)
    chunks = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        _chunk(b"pHYs", struct.pack(">IIB", density, density, 1)),
        *(_words(keyword, text) for keyword, text in words.items() if text),
        _chunk(b"IDAT", zlib.compress(rows.data, LEVEL)),
        _chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _words(keyword: str, text: str) -> bytes:
    name = keyword.encode("latin-1") + b"\0"
    try:
        return _chunk(b"tEXt", name + text.encode("latin-1"))
    except UnicodeEncodeError:
        return _chunk(b"iTXt", name + b"\0\0\0\0" + text.encode("utf-8"))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
