"""TIFF: the container, read byte by byte, and by Pillow."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from trigpoint.backends import tiff

NOISE = np.random.default_rng(1).integers(0, 256, (301, 97, 3)).astype(np.uint8)
PRINT_A_FILE = """
import sys
import numpy as np
from trigpoint.backends import tiff
pixels = np.random.default_rng(5).integers(0, 256, (301, 97, 3)).astype(np.uint8)
for height in range(1, 301, 23):
    sys.stdout.buffer.write(tiff.encode(pixels[:height], dpi=300, words="noise"))
"""


@pytest.mark.parametrize("pixels", [NOISE, NOISE[..., 0], np.zeros((1, 1), np.uint8)], ids=["RGB", "grey", "one"])
def test_pixels_come_back(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
    data = tiff.encode(pixels, dpi=300.5, words="Müskel 筋")
    with Image.open(BytesIO(data)) as picture:
        assert (np.asarray(picture) == pixels).all()
        assert picture.mode == ("RGB" if pixels.ndim == 3 else "L")
        assert picture.info["dpi"] == (300.5, 300.5)
        assert picture.tag_v2[270].encode("latin-1").decode("utf-8") == "Müskel 筋"  # type: ignore[attr-defined]
    assert tiff.encode(pixels, dpi=300.5, words="Müskel 筋") == data


def test_the_same_pixels_give_the_same_bytes_whatever_memory_held_before() -> None:
    """The byte between strips that end at an odd place and the directory was left to chance by Pillow 10.3 to 12.0.

    The C library fills fresh memory with another value in each process; where it cannot, the processes are alike.
    """
    files = set()
    for value in (1, 90, 165):
        surroundings = {**os.environ, "GLIBC_TUNABLES": f"glibc.malloc.perturb={value}"}
        done = subprocess.run([sys.executable, "-c", PRINT_A_FILE], env=surroundings, capture_output=True, check=True)
        files.add(done.stdout)
    assert len(files) == 1


def test_the_byte_before_the_directory_is_zero() -> None:
    ends = set()
    for height in range(1, 40):
        data = tiff.encode(NOISE[:height], dpi=300, words="")
        with Image.open(BytesIO(data)) as picture:
            tags = picture.tag_v2  # type: ignore[attr-defined]
        end, start = tags[273][-1] + tags[279][-1], struct.unpack_from("<L", data, 4)[0]
        ends.add(start - end)
        assert data[end:start] == bytes(start - end)
    assert ends == {0, 1}


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
    assert struct.unpack_from("<L", data, offsets[3])[0] == 8
