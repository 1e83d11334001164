"""How matplotlib is loaded: without a settings file in processes of our own, and without its log lines.

A `matplotlibrc` counts for no figure, but matplotlib reads it while it is imported: one of another encoding ends the
import, a pipe stops it. The command and its workers set MATPLOTLIBRC to the null device, which says that no file is to
be read; then the one in the working folder is left out, too, and no temporary folder is made, which a process that is
killed would leave behind. In a program of others their own settings are read as ever.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import OutputError, Problem

NAME, VARIABLE = "matplotlibrc", "MATPLOTLIBRC"
_exists = os.path.exists


def load(*, figures: bool = True) -> None:
    """Import matplotlib's fonts, and with `figures` what its figures and pixels need.

    Raises OutputError where a settings file makes that impossible.
    """
    wanted = "matplotlib.font_manager" if figures else "matplotlib.ft2font"
    if {"matplotlib", wanted} <= sys.modules.keys():  # its parts stay where it could not be imported itself
        return
    import logging  # takes longer than the rest of this module, and SVG does without

    logger = logging.getLogger("matplotlib")  # says that it looks for fonts, and where it may not write
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        if "matplotlib" not in sys.modules:
            _load_matplotlib()
        if figures:
            _find_a_cache()
        import_module(wanted)
    finally:
        logger.setLevel(level)


def _load_matplotlib() -> None:
    """Import the package itself; what would end its import is found before, since it cannot be tried again."""
    file = "" if os.environ.get(VARIABLE) == os.devnull else _settings_file()
    if file and not os.path.isfile(file):
        raise _unreadable(file, "it is no ordinary file")
    try:
        Path(file or os.devnull).read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise _unreadable(file, "it is not UTF-8 text") from None
    except OSError:
        file = ""
    if file:
        import_module("matplotlib")
    else:
        _load_without_settings()


def _load_without_settings() -> None:
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = os.devnull
    os.path.exists = lambda path: path != NAME and _exists(path)
    try:
        import_module("matplotlib")
    finally:
        os.path.exists = _exists
        del os.environ[VARIABLE]
        if before is not None:
            os.environ[VARIABLE] = before


def _settings_file() -> str:
    """The file that matplotlib will read, by its own rules; empty where there is none of a person's."""
    named, folder, home = os.environ.get(VARIABLE, ""), os.environ.get("MPLCONFIGDIR"), Path(os.path.expanduser("~"))
    usual: list[str | Path]
    if sys.platform.startswith(("linux", "freebsd")):
        usual = [Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config", "matplotlib")]
    else:
        usual = [home / ".matplotlib", Path(os.environ.get("LOCALAPPDATA") or home, "matplotlib")]
    places = [NAME, named, *(os.path.join(each, NAME) for each in (named, *([folder] if folder else usual)))]
    return next((place for place in places if os.path.exists(place) and not os.path.isdir(place)), "")


def _unreadable(file: str, why: str) -> OutputError:
    what = f"matplotlib cannot read its settings: {why}"
    return OutputError(Problem(what, os.path.abspath(file), hint="mend the file, or move it"))


def _find_a_cache() -> None:
    """Let matplotlib find a folder for its list of fonts, or do without."""
    import tempfile  # as logging

    matplotlib: Any = sys.modules["matplotlib"]
    before = tempfile.tempdir
    if os.environ.get(VARIABLE) == os.devnull:
        tempfile.tempdir = os.devnull
    try:
        matplotlib.get_cachedir()
    except OSError:
        matplotlib.get_cachedir = matplotlib.get_configdir = lambda: os.devnull
    finally:
        tempfile.tempdir = before
