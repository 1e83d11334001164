"""What is to be drawn and what became of it, as plain values.

A job is one figure and its files, so a list of jobs can be looked at, printed or handed to another process before
anything is drawn. How a job is drawn, by whom and in which order is unknown here; so is where it was written down,
but for a name of that place that messages may use.
"""

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
    """A file to be written, and what is written into it."""

    path: Path
    format: str


@dataclass(frozen=True)
class Job:
    """One figure and its files.

    `muscles` are names of one muscle or of several on one plate. `options` are the other keywords of `Diagram`, all
    but `atlas`, as plain values. `dpi` counts for pictures made of pixels (None: the preset's, or 300). `columns` are a
    manifest's own columns; they name files and titles and draw nothing. `origin` says where the job was written down,
    such as "figures.toml row 7".
    """

    muscles: tuple[str, ...]
    targets: tuple[Target, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    dpi: float | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""

    @property
    def name(self) -> str:
        """What messages and reports call this job."""
        return self.origin or " ".join(self.muscles)


class Result(NamedTuple):
    """What became of one file.

    `status` is "written", "unchanged" (it held these very bytes already), "kept" (it existed and was not to be
    replaced), "resumed" (an earlier run wrote it, and it is still as that run left it), "failed", or "pending" (the
    run ended before its turn). `milliseconds` is the time for drawing and writing this file. Of a failed one,
    `problems` say why and `exit_code` whose fault it is (2 what was asked for, 3 the machine, 4 the program).
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
        """The result as an object of JSON."""
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
