"""Output of the command: data on stdout, messages on stderr, one line each, without colours.

Streams may be closed, full or unable to encode a name; a message that cannot be shown never becomes a second error.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from ..errors import OutputError, Problem, TrigpointError, escaped


def prepare() -> None:
    """Let streams escape what their encoding lacks, rather than fail on it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(line: str) -> None:
    """One line of data."""
    print(line)


def say_path(path: Path) -> None:
    """The path of a file on a line of its own: as it is for a program, without control characters for a person."""
    say(escaped(str(path)) if is_terminal(sys.stdout) else str(path))


def say_json(value: object) -> None:
    """One JSON object on a line of its own, in ASCII, so that any encoding carries it."""
    from json import dumps  # 3 ms that only its readers have to pay

    print(dumps(value))


def say_bytes(data: bytes) -> None:
    """A whole file, as it is."""
    if sys.stdout is None:
        raise OutputError(Problem("standard output is closed", hint="give a file name to -o"))
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def note(text: str) -> None:
    """A message to the person."""
    if sys.stderr is None:  # closed by the parent process; print would take stdout in its place
        return
    with contextlib.suppress(OSError, ValueError):  # the stream is closed
        if bars := sys.modules.get("tqdm"):
            bars.tqdm.write(text, file=sys.stderr)  # above the bar, not in it
        else:
            print(text, file=sys.stderr)
        sys.stderr.flush()


@contextlib.contextmanager
def plain_warnings() -> Iterator[None]:
    """Inside, a warning is one line for a person, without the place in the program that gave it."""

    def show(message: Warning | str, *_place: object, **_more: object) -> None:
        note(f"warning: {escaped(str(message))}")

    with warnings.catch_warnings():
        warnings.showwarning = show
        warnings.filterwarnings("default", category=UserWarning)  # `python -W error` would end a run for each
        yield


def complain(error: TrigpointError, *, json: bool = False) -> None:
    """The error's problems, one line each; with `json`, the same as objects on stdout."""
    for problem in error.problems:
        note(f"error: {problem.line()}")
    if json:
        with contextlib.suppress(OSError, ValueError):
            for problem in error.problems:
                say_json({"status": "error", "error": problem.line()})
            flush()


def counted(count: int, thing: str) -> str:
    """Such as "1 muscle", "no muscles", "3 muscles"."""
    return f"{count or 'no'} {thing}{'' if count == 1 else 's'}"


def flush() -> None:
    """Hand over what is still buffered, now, while an error can still be told."""
    if sys.stdout is not None:
        sys.stdout.flush()


def hush() -> None:
    """Send the rest of stdout nowhere: it is closed, and Python would report that at its end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def hush_if_broken() -> None:
    """Hush stdout where it takes no more bytes."""
    try:
        flush()
    except (OSError, ValueError):
        hush()


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person looks at this stream."""
    return stream is not None and stream.isatty()


@contextlib.contextmanager
def progress(total: int) -> Iterator[Callable[[], object]]:
    """A bar on stderr; what is given moves it on by one."""
    from tqdm import tqdm

    with tqdm(total=total, unit="file", file=sys.stderr, leave=True) as bar:
        yield bar.update
