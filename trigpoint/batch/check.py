"""What can be known to be wrong with a list of jobs before the first figure is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..atlas import Atlas
from ..diagram import Diagram
from ..errors import InputError, Problem
from .jobs import Job
from .names import path_problems


def check(jobs: Iterable[Job], *, atlas: Atlas) -> None:
    """Raise InputError with everything that is wrong: names of files, of muscles, options.

    Figures that are asked for alike are looked at once, so that long lists take little time.
    """
    jobs = tuple(jobs)
    problems = list(path_problems(target.path for job in jobs for target in job.targets))
    sound: set[str] = set()
    for job in jobs:
        if (asked := repr((job.muscles, sorted(job.options.items())))) in sound:
            continue
        try:
            Diagram(*job.muscles, atlas=atlas, **job.options)
            sound.add(asked)
        except InputError as error:
            problems += (_placed(problem, job) for problem in error.problems)
    if problems:
        raise InputError(dict.fromkeys(problems))  # a mistyped view is one mistake, however many figures have it


def _placed(problem: Problem, job: Job) -> Problem:
    return replace(problem, file=problem.file or job.origin)
