"""How matplotlib is loaded: without a settings file in processes of our own, and without its log lines.

A `matplotlibrc` counts for no figure, but matplotlib reads it while it is imported: one of another encoding ends the
import, a pipe stops it. The command and its workers set MATPLOTLIBRC to the null device, which says that no file is to
be read; then the one in the working folder is left out, too, and no temporary folder is made. In a program of others
their own settings are read as ever, and a file that cannot be read is named in an error of this library.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import OutputError, Problem

NAME = "matplotlibrc"
LOGGERS = ("matplotlib", "matplotlib.font_manager")
_exists = os.path.exists


def load(*, figures: bool = True) -> None:
    """Import matplotlib's fonts, and with `figures` what its figures and pixels need.

    Raises OutputError where a settings file makes that impossible.
    """
    wanted = "matplotlib.font_manager" if figures else "matplotlib.ft2font"
    if {"matplotlib", wanted} <= sys.modules.keys():  # its parts stay where it could not be imported itself
        return
    with _silence():
        if "matplotlib" not in sys.modules:
            _load_matplotlib()
        if figures:
            _find_a_cache()
        import_module(wanted)


def _load_matplotlib() -> None:
    """Import the package itself; what would end its import is found before: it cannot be tried again."""
    file = "" if _is_ours() else _settings_file()
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


def _is_ours() -> bool:
    """Whether this process is to read no settings."""
    return os.environ.get("MATPLOTLIBRC") == os.devnull


def _load_without_settings() -> None:
    before = os.environ.get("MATPLOTLIBRC")
    os.environ["MATPLOTLIBRC"] = os.devnull
    os.path.exists = lambda path: path != NAME and _exists(path)
    try:
        import_module("matplotlib")
    finally:
        os.path.exists = _exists
        if before is None:
            del os.environ["MATPLOTLIBRC"]
        else:
            os.environ["MATPLOTLIBRC"] = before


def _settings_file() -> str:
    """The file that matplotlib will read, by its own rules; empty where there is none of a person's."""
    named, variables = os.environ.get("MATPLOTLIBRC", ""), os.environ
    folders = [variables.get("MPLCONFIGDIR", "")]
    if not folders[0]:
        home = os.path.expanduser("~")
        linux = sys.platform.startswith(("linux", "freebsd"))
        folders = [os.path.join(variables.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"), "matplotlib")]
        if not linux:
            folders = [os.path.join(home, ".matplotlib"), os.path.join(variables.get("LOCALAPPDATA", ""), "matplotlib")]
    places = [NAME, named, os.path.join(named, NAME), *(os.path.join(folder, NAME) for folder in folders)]
    return next((place for place in places if os.path.exists(place) and not os.path.isdir(place)), "")


def _unreadable(file: str, why: str) -> OutputError:
    what = f"matplotlib cannot read its settings: {why}"
    return OutputError(Problem(what, str(Path(file).absolute()), hint="mend the file, or move it"))


def _find_a_cache() -> None:
    """Let matplotlib find a folder for its list of fonts, or do without.

    It would take a temporary one, which a process that is ended leaves behind.
    """
    import tempfile  # with what it loads it takes longer than the rest of this module, and SVG needs none of it

    matplotlib: Any = sys.modules["matplotlib"]
    before = tempfile.tempdir
    if _is_ours():
        tempfile.tempdir = os.devnull
    try:
        matplotlib.get_cachedir()
    except OSError:
        matplotlib.get_cachedir = matplotlib.get_configdir = lambda: os.devnull
    finally:
        tempfile.tempdir = before


@contextmanager
def _silence() -> Iterator[None]:
    """Inside, matplotlib does not say that it looks for fonts, or where it may not write."""

    import logging  # as above

    def no(record: logging.LogRecord) -> bool:
        return False

    for name in LOGGERS:
        logging.getLogger(name).addFilter(no)
    try:
        yield
    finally:
        for name in LOGGERS:
            logging.getLogger(name).removeFilter(no)
