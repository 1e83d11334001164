"""Pictures of too many pixels, told before the first one is drawn where the width of the page alone gives too many.

How tall a page gets is seen when it is drawn; whoever writes pixels looks once more. Nothing else about a job is of
interest here.
"""

from __future__ import annotations

from ..backends.pixel_size import PIXELS, too_wide
from ..diagram.option_table import DPI
from ..errors import Problem
from .jobs import Job


def size_problems(job: Job, page_width: float) -> tuple[Problem, ...]:
    """What is wrong with the pictures of a sound job on a page of that width in mm."""
    if not any(target.format in PIXELS for target in job.targets):
        return ()
    rules = None
    if preset := job.options.get("preset"):
        from ..diagram.journals import find  # most figures are for no journal

        rules = find(preset)
    dpi = job.dpi or (rules and rules.get("dpi")) or DPI
    problem = too_wide(page_width, dpi)
    return (problem,) if problem else ()
