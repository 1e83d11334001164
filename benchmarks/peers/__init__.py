"""The programs that this one is measured against, in an environment of their own.

`environment` makes it once from `requirements.txt`; the scripts beside it run inside.
"""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"


def environment(folder: Path) -> Path:
    """The interpreter of the peers' environment, made where it is missing or its requirements have changed."""
    python = folder / "bin" / "python"
    stamp = folder / "requirements.txt"
    wanted = REQUIREMENTS.read_text("utf-8")
    if not stamp.is_file() or stamp.read_text("utf-8") != wanted:
        venv.create(folder, with_pip=True, clear=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS)]
        subprocess.run([python, *install], check=True)
        stamp.write_text(wanted, "utf-8")
    return python
