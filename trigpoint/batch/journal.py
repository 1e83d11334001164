"""The files that a run has finished, one per line in the output folder, so that a later run can go on.

A line names a file, and hashes of what it was drawn from and of its bytes. It counts only if it is whole and the file
still holds those bytes; otherwise the file is drawn again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import OutputError, Problem
from ..files.atomic import write_atomically
from ..files.file_names import NO_FILE, OWN, is_special
from ..files.lock import NOT_THROUGH_A_LINK
from .jobs import Job, Target

NAME = f"{OWN}journal"


class Journal:
    """The journal of one folder. What earlier runs have noted stays in it, but counts only for one that resumes."""

    def __init__(self, folder: Path, program: Mapping[str, str], *, resume: bool) -> None:
        self._folder = os.path.abspath(folder)
        self._path = Path(self._folder, NAME)
        self._program = dict(program)
        self._handle: int | None = None
        self._resume = resume
        self._noted = _read(self._path)
        self._found = self._path.exists()

    def done(self, job: Job, target: Target) -> str:
        """The hash of a file that needs no drawing; empty where it does."""
        source, sha256 = self._noted.get(self._relative(target.path), ("", ""))
        if not self._resume or not sha256 or source != self._source(job, target):
            return ""
        try:
            return sha256 if hashlib.sha256(target.path.read_bytes()).hexdigest() == sha256 else ""
        except OSError:
            return ""

    def note(self, job: Job, target: Target, sha256: str) -> None:
        """Note a file that is written; OutputError where there is no room for the line."""
        try:
            os.write(self._opened(), _line(self._relative(target.path), self._source(job, target), sha256))
        except OSError as error:
            what = f"cannot keep the journal: {error.strerror}"
            raise OutputError(Problem(what, file=str(self._path), hint="free some space")) from error

    def _opened(self) -> int:
        """The file, to be written behind what counts of its lines."""
        if self._handle is None:
            if self._noted:
                write_atomically(self._path, b"".join(_line(path, *noted) for path, noted in self._noted.items()))
            how = os.O_WRONLY | os.O_CREAT | os.O_APPEND | NOT_THROUGH_A_LINK
            self._handle = os.open(self._path, how if self._noted else how | os.O_TRUNC, 0o666)
        return self._handle

    def close(self, *, finished: bool) -> None:
        """Close it; where everything is finished and nobody has asked for a journal, none is left."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        if finished and not self._resume and not self._found:
            with contextlib.suppress(OSError):
                self._path.unlink()

    def _relative(self, path: Path) -> str:
        """A path that stays right when the folder moves."""
        whole = os.path.abspath(path)
        return whole.removeprefix(os.path.join(self._folder, ""))

    def _source(self, job: Job, target: Target) -> str:
        """A hash of all that the file's bytes follow from."""
        asked: list[Any] = [job.muscles, dict(job.options), job.dpi, target.format, self._program]
        return hashlib.sha256(json.dumps(asked, sort_keys=True, default=repr).encode()).hexdigest()


def _line(path: str, source: str, sha256: str) -> bytes:
    return json.dumps({"output": path, "input": source, "sha256": sha256}).encode() + b"\n"


def _read(path: Path) -> dict[str, tuple[str, str]]:
    """By path, what each file was drawn from and what is in it; the last word on a file counts.

    OutputError for a pipe or a device, which would be read for ever.
    """
    if is_special(path):
        raise OutputError(Problem(NO_FILE[0], file=str(path), hint="delete it, or choose another folder"))
    noted: dict[str, tuple[str, str]] = {}
    try:
        with contextlib.suppress(FileNotFoundError), open(path, "rb") as lines:
            for line in lines:
                with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
                    entry = json.loads(line)
                    noted[str(entry["output"])] = str(entry["input"]), str(entry["sha256"])
    except OSError as error:
        what = f"cannot read the journal of an earlier run: {error.strerror}"
        raise OutputError(Problem(what, file=str(path), hint="move it away, or use another folder")) from error
    return noted
