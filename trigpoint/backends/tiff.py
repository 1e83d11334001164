"""Pixels as a TIFF file by Pillow: one page packed by LZW, no alpha, no date, no program name, as journals open it."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

DESCRIPTION, STARTS, LENGTHS = 270, 273, 279  # tags of TIFF: the words, where each strip of pixels is, how long it is


def encode(pixels: NDArray[np.uint8], *, dpi: float, words: str) -> bytes:
    """A file of `pixels`, of shape (height, width) for grey or (height, width, 3) for red, green and blue.

    `words` are its description, in UTF-8; none if empty. The padding byte between strips that end at an odd place and
    the directory, which is random in Pillow before 13, is set to 0.
    """
    file = BytesIO()
    said = {DESCRIPTION: words.encode("utf-8")} if words else {}
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    picture.save(file, "TIFF", compression="tiff_lzw", dpi=(dpi, dpi), tiffinfo=said)
    data = file.getbuffer()
    with Image.open(BytesIO(data)) as written:
        tags = written.tag_v2  # type: ignore[attr-defined]
        end, directory = tags[STARTS][-1] + tags[LENGTHS][-1], struct.unpack_from("<L", data, 4)[0]
    data[end:directory] = bytes(directory - end)
    return bytes(data)
