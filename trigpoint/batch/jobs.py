"""Figures to be drawn and results of drawing, as plain values that can be printed or sent to another process."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from ..diagram.diagram import format_told
from ..diagram.options import several
from ..errors import InputError, Problem

STATUSES = ("written", "unchanged", "kept", "resumed", "failed", "pending")


class Target(NamedTuple):
    """A file to be written, and its format ("svg", "png", "pdf", "eps" or "tiff")."""

    path: Path
    format: str


@dataclass(frozen=True)
class Job:
    """One figure and its files.

    Attributes
    ----------
    muscles : tuple of str
        Names of one muscle, or of several on one plate.
    targets : tuple of Target
    options : mapping
        Keywords of `Diagram` but `muscles` and `atlas`, as plain values.
    dpi : float, optional
        Resolution of PNG and TIFF; the preset's, or 300.
    columns : mapping of str to str
        A manifest's own columns, which name files and titles.
    origin : str
        Where the job comes from, for messages, such as "figures.toml row 7".
    """

    muscles: tuple[str, ...]
    targets: tuple[Target, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    dpi: float | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""

    @property
    def name(self) -> str:
        """The name of this job in messages and reports."""
        return self.origin or " ".join(self.muscles)


class Result(NamedTuple):
    """The result for one file.

    Attributes
    ----------
    input, path : str, Path
        The job's name and the file.
    status : str
        "written", "unchanged" (it held these bytes), "kept" (it existed, with `clobber="keep"`), "resumed" (an earlier
        run wrote it), "failed", or "pending" (the run ended before its turn).
    sha256 : str
        Of the bytes, in hexadecimal; empty where there are none.
    milliseconds : float
        For drawing and writing.
    problems, exit_code : tuple of Problem, int
        Why a file failed, and the cause: 2 the job, 3 the machine, 4 the program.
    """

    input: str
    path: Path
    status: str
    sha256: str = ""
    milliseconds: float = 0.0
    problems: tuple[Problem, ...] = ()
    exit_code: int = 0

    @property
    def error(self) -> str:
        """The problems, one line each; empty where there are none."""
        return "\n".join(problem.line() for problem in self.problems)

    def record(self) -> dict[str, str | float | None]:
        """The result as a JSON object."""
        return {
            "status": self.status,
            "input": self.input,
            "output": str(self.path),
            "sha256": self.sha256 or None,
            "ms": self.milliseconds,
            "error": self.error or None,
        }


def plan(
    muscles: Iterable[str], folder: str | Path, formats: Iterable[str], *, dpi: float | None = None, **options: Any
) -> tuple[Job, ...]:
    """One job per muscle id, one file per format: `<folder>/<muscle>.<format>`.

    >>> [target.path.name for job in plan(["piriformis"], "figures", ["svg", "png"]) for target in job.targets]
    ['piriformis.svg', 'piriformis.png']
    """
    kinds = tuple(formats)
    return tuple(
        Job((muscle,), tuple(Target(Path(folder) / f"{muscle}.{kind}", kind) for kind in kinds), options, dpi)
        for muscle in muscles
    )


def understood(given: object) -> tuple[Job, list[Problem]]:
    """The job that is given, as far as it can be made out, and what is wrong with its form.

    A mapping describes one by "muscles", "output" (one file or several) and options of `Diagram`.

    >>> understood({"muscles": "piriformis", "output": "a.svg", "side": "left"})[0].options
    {'side': 'left'}
    """
    if isinstance(given, Job):
        job = replace(given, options=_kept(given.options))
        return job, _missing(muscles=given.muscles, output=given.targets)
    if not isinstance(given, Mapping):
        hint = "give mappings such as {'muscles': 'piriformis', 'output': 'a.svg'}, or Jobs"
        return Job((), ()), [Problem(f"{given!r} is not a job", hint=hint)]
    options = _kept(given)
    named = [several(options.pop(key)) or () for key in ("muscle", "muscles") if key in options]
    muscles = tuple(name for some in named for name in some)
    outputs = several(options.pop("output", None)) or ()
    targets, problems = [], _missing(muscles=muscles, output=outputs)
    for path in outputs:
        try:
            targets.append(_target(path))
        except InputError as error:
            problems += error.problems
    return Job(muscles, tuple(targets), options, options.pop("dpi", None)), problems


def _kept(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options, with what can be gone through only once as a tuple: it is checked first and drawn later."""
    return {key: tuple(value) if isinstance(value, Iterator) else value for key, value in options.items()}


def _missing(**parts: tuple[Any, ...]) -> list[Problem]:
    return [
        Problem(f"a job without '{key}'", hint="give muscles and output") for key, there in parts.items() if not there
    ]


def _target(path: object) -> Target:
    if not isinstance(path, str | os.PathLike):
        raise InputError(Problem(f"output {path!r} is not the name of a file", hint="give one or several names"))
    return Target(Path(path), format_told(Path(path)))
