"""Pictures of too many pixels, told before the first one is drawn as far as the width of the page is known by then.

How tall a page gets is seen when it is drawn; whoever writes pixels looks once more. Nothing else about a job is of
interest here.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..backends.size import PIXELS, too_wide
from ..diagram import DPI
from ..errors import Problem
from ..intake import Findings
from .jobs import Job


def check_sizes(jobs: Iterable[Job]) -> None:
    """Raise InputError with every job whose own width, or its preset's, gives its pictures too many pixels.

    The jobs are sound but for that. No figure is looked at, so that this is quick for any number of them.
    """
    findings = Findings()
    for job in jobs:
        for problem in size_problems(job):
            column = f": column {'width' if job.dpi is None else 'dpi'}"
            findings.add(problem.what, job.origin and job.origin + column, problem.hint)
    findings.settle()


def size_problems(job: Job, page_width: float | None = None) -> tuple[Problem, ...]:
    """What is wrong with the pictures of a sound job, on a page of that width in mm or of the one that is asked for."""
    if not any(target.format in PIXELS for target in job.targets):
        return ()
    rules = None
    if preset := job.options.get("preset"):
        from ..presets import find  # most figures are for no journal

        rules = find(preset)
    dpi = job.dpi or (rules and rules.get("dpi")) or DPI
    width = page_width or job.options.get("width") or (rules and rules.get("width_mm"))
    problem = too_wide(width, dpi) if width else None
    return (problem,) if problem else ()
