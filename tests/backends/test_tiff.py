"""TIFF: the container, read byte by byte, and by Pillow."""

from __future__ import annotations

import struct
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from trigpoint.backends import tiff

NOISE = np.random.default_rng(1).integers(0, 256, (301, 97, 3)).astype(np.uint8)


@pytest.mark.parametrize("pixels", [NOISE, NOISE[..., 0], np.zeros((1, 1), np.uint8)], ids=["RGB", "grey", "one"])
def test_pixels_come_back(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
    data = tiff.encode(pixels, dpi=300.5, words="Müskel 筋")
    with Image.open(BytesIO(data)) as picture:
        assert (np.asarray(picture) == pixels).all()
        assert picture.mode == ("RGB" if pixels.ndim == 3 else "L")
        assert picture.info["dpi"] == (300.5, 300.5)
        assert picture.tag_v2[270].encode("latin-1").decode("utf-8") == "Müskel 筋"  # type: ignore[attr-defined]
    assert tiff.encode(pixels, dpi=300.5, words="Müskel 筋") == data


def test_the_directory_is_that_of_baseline_tiff() -> None:
    data = tiff.encode(NOISE, dpi=600, words="")
    magic, version, start = struct.unpack_from("<2sHL", data)
    assert (magic, version, start % 2) == (b"II", 42, 0)
    count = struct.unpack_from("<H", data, start)[0]
    entries = [struct.unpack_from("<HHLL", data, start + 2 + 12 * index) for index in range(count)]
    tags = [entry[0] for entry in entries]
    assert tags == sorted(set(tags))
    assert 270 not in tags  # no words, no description
    assert not {305, 306, 315, 338, 34675} & set(tags)  # program, date, artist, alpha, colour profile
    assert struct.unpack_from("<L", data, start + 2 + 12 * count)[0] == 0  # one page
    offsets = next(entry for entry in entries if entry[0] == 273)
    first = struct.unpack_from(f"<{offsets[2]}L", data, offsets[3])
    assert first[0] == 8
    assert all(place % 2 == 0 for place in first)
