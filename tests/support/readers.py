"""Independent programs that open what the writers made, each as a function from bytes to a picture or to words.

None of them is of this project or of its libraries. Where one is missing the test is skipped, unless CI=true: there
`tests/support/readers.sh` has installed them all.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from trigpoint.files.shipped import resource

FONTS = str(resource("assets", "fonts"))
CHROMIUM = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update"
    " --disable-sync --hide-scrollbars"
)
FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts/opentype/noto</dir><cachedir>{cache}</cachedir></fontconfig>"""


def need(*programs: str) -> None:
    """Skip the test where a program is missing, or fail in CI."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        stop(f"not installed: {', '.join(missing)}")


def stop(reason: str) -> None:
    """Skip, or fail in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (tests/support/readers.sh installs the readers)")
    pytest.skip(reason)


def run(*command: object, data: bytes = b"", folder: Path | None = None, fonts: bool = False) -> bytes:
    """What a program prints; `fonts` shows it the plate's own fonts and those for Chinese and Japanese, no others."""
    need(str(command[0]))
    with tempfile.TemporaryDirectory() as cache:
        environment = dict(os.environ)
        if fonts:
            config = Path(cache, "fonts.conf")
            config.write_text(FONTCONFIG.format(fonts=FONTS, cache=cache), encoding="utf-8")
            environment["FONTCONFIG_FILE"] = str(config)
        words = [str(word) for word in command]
        done = subprocess.run(
            words, input=data, capture_output=True, cwd=folder, env=environment, timeout=120, check=False
        )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


def opened(data: bytes) -> Image.Image:
    """A picture as RGB."""
    return Image.open(BytesIO(data)).convert("RGB")


def resvg(svg: bytes, dpi: float, *, fonts: bool = True) -> Image.Image:
    """By resvg, with the plate's own fonts or with none at all."""
    resvg_py = pytest.importorskip("resvg_py")
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg.decode(),
        font_dirs=[FONTS] if fonts else [],
        skip_system_fonts=True,
        background="#ffffff",
        dpi=dpi,
    )
    return opened(bytes(drawn))


def librsvg(svg: bytes, dpi: float) -> Image.Image:
    """By librsvg and Pango."""
    options = ("--dpi-x", dpi, "--dpi-y", dpi, "--background-color", "white")
    return opened(run("rsvg-convert", *options, data=svg, fonts=True))


def chromium(svg: bytes, width: float, height: float, dpi: float) -> Image.Image:
    """By a browser; the sizes are mm."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        body = '<!doctype html><meta charset="utf-8"><style>body{margin:0}svg{display:block}</style>'
        page.write_bytes(body.encode() + svg)
        size = ",".join(str(math.ceil(side / 25.4 * 96)) for side in (width, height))
        shot = Path(folder, "shot.png")
        scale = f"--force-device-scale-factor={dpi / 96}"
        places = (f"--user-data-dir={folder}/profile", f"--window-size={size}", f"--screenshot={shot}", page.as_uri())
        run("chromium", *CHROMIUM.split(), scale, *places, fonts=True)
        return opened(shot.read_bytes())


def poppler(pdf: bytes, dpi: float) -> Image.Image:
    """A PDF as poppler draws it."""
    return opened(run("pdftoppm", "-r", dpi, "-png", "-singlefile", "-", data=pdf))


def ghostscript(eps: bytes, dpi: float) -> Image.Image:
    """An EPS as Ghostscript draws it."""
    options = "-q -dSAFER -dBATCH -dNOPAUSE -dEPSCrop -sDEVICE=png16m -dTextAlphaBits=4 -dGraphicsAlphaBits=4"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "figure.eps").write_bytes(eps)
        run("gs", *options.split(), f"-r{dpi:g}", "-sOutputFile=figure.png", "figure.eps", folder=Path(folder))
        return opened(Path(folder, "figure.png").read_bytes())
