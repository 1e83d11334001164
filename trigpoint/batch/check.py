"""Checks of a list of jobs before the first figure is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .. import limits
from ..atlas import Atlas
from ..backends.pixel_size import PIXELS, too_wide
from ..diagram import Diagram
from ..diagram.option_table import DPI, looks
from ..diagram.options import checked_dpi, several
from ..errors import InputError, Problem, unknown
from ..files.file_names import path_problems
from .jobs import Job, understood


def listed(jobs: object, *, atlas: Atlas) -> tuple[Job, ...]:
    """The jobs of a list of jobs and mappings, or of a single one.

    Raises InputError with everything that is wrong with any of them; those that do not say where they were written down
    are named by their number in the list.
    """
    given = (jobs,) if isinstance(jobs, Job | Mapping) else jobs
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        hint = "give a list of mappings or Jobs; read_manifest() makes one of a file"
        raise InputError(Problem(f"{given!r} is no list of jobs", hint=hint))
    made = [understood(each) for each in given]
    found = tuple(job for job, _ in made)
    places = [job.origin or f"job {number}" for number, job in enumerate(found, 1)]
    _settle(_problems(found, atlas, places, [problems for _, problems in made]))
    return found


def check(jobs: Iterable[Job], *, atlas: Atlas) -> None:
    """Raise InputError with everything that is wrong: names of files, of muscles, options, pictures that are too wide.

    Figures with the same options are checked once.
    """
    found = tuple(jobs)
    _settle(_problems(found, atlas, [job.origin for job in found], [()] * len(found)))


def _settle(problems: Iterable[Problem]) -> None:
    if told := list(dict.fromkeys(problems)):  # a mistyped view is one mistake, however many figures have it
        more = len(told) - limits.PROBLEMS
        raise InputError(told[: limits.PROBLEMS] + [Problem(f"and {more:,} more problems")] * (more > 0))


def _problems(
    jobs: Sequence[Job], atlas: Atlas, places: Sequence[str], of_form: Sequence[Sequence[Problem]]
) -> list[Problem]:
    problems, known_options = list(_of_paths(jobs, places)), {row.name for row in looks()}
    seen: dict[str, tuple[Sequence[Problem], float]] = {}  # and the width of the page where nothing is wrong
    for job, place, known in zip(jobs, places, of_form, strict=True):
        sound = {key: value for key, value in job.options.items() if key in known_options}
        asked = repr((job.muscles, sorted(sound.items()), [*job.options], job.dpi))
        if asked not in seen:
            of_figure, width = _of_figure(job.muscles, sound, atlas)
            seen[asked] = (*_of_options(job), *of_figure), width
        wrong, width = seen[asked]
        problems += (_placed(problem, place) for problem in (*known, *(wrong or size_problems(job, width))))
    return problems


def _of_paths(jobs: Sequence[Job], places: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with names of files, at the jobs that have nothing but a number to be known by."""
    numbered = zip(jobs, places, strict=True)
    whose = {str(target.path): place for job, place in numbered if place != job.origin for target in job.targets}
    for problem in path_problems(target.path for job in jobs for target in job.targets):
        place = whose.get(problem.file)
        yield replace(problem, file=place, pointer=problem.file) if place else problem


def _of_options(job: Job) -> Iterator[Problem]:
    known = sorted(row.name for row in looks())
    for key in job.options:
        if key not in known:
            yield from unknown("option", key, [*known, "muscles", "output", "dpi"]).problems
    try:
        checked_dpi(0 if job.dpi is None else job.dpi)
    except InputError as error:
        yield from error.problems


def _of_figure(muscles: tuple[str, ...], options: Mapping[str, Any], atlas: Atlas) -> tuple[Sequence[Problem], float]:
    """What is wrong with a figure, and the width of its page where nothing is.

    The options are tried one by one where it is refused, with any muscle where none is named.
    """
    first: Sequence[Problem] = ()
    if muscles:
        try:
            return (), Diagram(*muscles, atlas=atlas, **options).page_width
        except InputError as error:
            first = error.problems
    from .row_options import NO_MUSCLE, settle  # only for mistakes

    cells = {key: several(value) if key == "points" else value for key, value in options.items()}
    if muscles:
        cells["muscles"] = tuple(map(str, muscles))
    return [problem for _, problem in settle(cells, atlas).problems if problem != NO_MUSCLE] or first, 0.0


def _placed(problem: Problem, place: str) -> Problem:
    return replace(problem, file=problem.file or place)


def size_problems(job: Job, page_width: float) -> tuple[Problem, ...]:
    """What is wrong with the pictures of a sound job on a page of that width in mm, before its height is known."""
    if not any(target.format in PIXELS for target in job.targets):
        return ()
    rules = None
    if preset := job.options.get("preset"):
        from ..diagram.journals import find  # most figures are for no journal

        rules = find(preset)
    dpi = job.dpi or (rules and rules.get("dpi")) or DPI
    problem = too_wide(page_width, dpi)
    return (problem,) if problem else ()
