"""`trigpoint render`: from the words of the command line to files, and what is told about each.

Everything that can be known to be wrong is said at once, before the first figure is drawn. How a figure is drawn
and written is left to the batch.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import batch, presets
from ..atlas import Atlas, load_atlas
from ..backends import format_of
from ..diagram import DPI, FORMATS, Diagram
from ..errors import InputError, Problem, TrigpointError, unknown
from . import console

STDOUT = "-"


def render(arguments: argparse.Namespace) -> int:
    """Draw what is asked for; the exit code."""
    if problems := list(_contradictions(arguments)):
        raise InputError(problems)
    atlas = load_atlas(patterns=arguments.patterns, outlines=arguments.outlines)
    muscles = _muscles(arguments, atlas)
    jobs = _jobs(arguments, muscles)
    batch.check(jobs, atlas=atlas)
    if arguments.output == STDOUT:
        return _to_stdout(jobs[0], atlas, arguments)
    clobber = "keep" if arguments.no_clobber else "replace"
    if arguments.dry_run:
        return _announce(jobs, clobber, arguments)
    return _write(jobs, clobber, atlas, arguments)


def _contradictions(arguments: argparse.Namespace) -> Iterator[Problem]:
    """What no muscle or file could make right."""
    if arguments.all and arguments.muscles:
        yield Problem("--all and names of muscles exclude each other", hint="leave one out")
    if not arguments.all and not arguments.muscles:
        yield Problem("no muscle named", hint="'trigpoint list' prints their names; --all takes every one")
    if bool(arguments.output) == bool(arguments.out):
        what = "-o and --out exclude each other" if arguments.out else "no place to write to"
        yield Problem(what, hint="-o FILE for one figure, --out DIR for any number")
    together = arguments.layout or arguments.overlay
    several = (arguments.all or len(arguments.muscles) > 1) and not together
    if together and arguments.out:
        yield Problem("--layout and --overlay draw one figure", hint="name it with -o FILE")
    if several and arguments.output:
        yield Problem("-o takes one figure", hint="use --out DIR")
    if several and arguments.title is not None:
        yield Problem("--title would name several figures alike", hint="draw one muscle at a time")
    yield from _format_problems(arguments)


def _format_problems(arguments: argparse.Namespace) -> Iterator[Problem]:
    kinds = arguments.format or ()
    strange = [unknown("format", kind, FORMATS).problems[0] for kind in kinds if kind not in FORMATS]
    yield from strange
    if not arguments.output or strange:
        return
    if arguments.output == STDOUT and (arguments.json or arguments.dry_run):
        yield Problem("-o - puts the figure on stdout", hint="name a file, or leave out --json and --dry-run")
    suffix = _suffix(arguments.output)
    if len(kinds) > 1:
        yield Problem("-o takes one format", hint="use --out DIR")
    elif kinds and suffix in FORMATS and suffix != kinds[0]:
        yield Problem(f"suffix and --format {kinds[0]} differ", file=arguments.output, hint="leave one out")
    elif not kinds and suffix not in FORMATS and arguments.output != STDOUT:
        yield Problem("the suffix of -o decides the format", file=arguments.output, hint=f"use .{', .'.join(FORMATS)}")
    folder = Path(arguments.output).parent
    if not folder.is_dir():
        yield Problem(f"there is no folder {folder}", file=arguments.output, hint="make it first, or use --out DIR")


def _suffix(name: str) -> str:
    return format_of(name)


LOOKS = (
    "points",
    "views",
    "side",
    "body",
    "theme",
    "language",
    "width",
    "title",
    "layers",
    "layout",
    "overlay",
    "preset",
    "text",
)


def _muscles(arguments: argparse.Namespace, atlas: Atlas) -> tuple[str, ...]:
    """The ids of what is asked for; every unknown name is a problem of its own."""
    if arguments.all:
        return tuple(muscle.id for muscle in atlas.muscles)
    found: list[str] = []
    problems: list[Problem] = []
    for name in arguments.muscles:
        try:
            found.append(atlas.muscle(name).id)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(found)


def _jobs(arguments: argparse.Namespace, muscles: tuple[str, ...]) -> tuple[batch.Job, ...]:
    options: dict[str, Any] = {key: getattr(arguments, key) for key in LOOKS if getattr(arguments, key) is not None}
    if arguments.layout or arguments.overlay:
        options["muscles"] = muscles[1:]  # all on one plate
    usual, asked = _usual(arguments.preset)
    dpi = arguments.dpi or asked
    if arguments.out:
        return batch.plan(muscles, arguments.out, arguments.format or (usual,), dpi=dpi, **options)
    suffix = _suffix(arguments.output)
    kind = arguments.format[0] if arguments.format else suffix if suffix in FORMATS else usual
    return (batch.Job(muscles[0], (batch.Target(Path(arguments.output), kind),), options, dpi),)


def _usual(preset: str | None) -> tuple[str, float]:
    """The format and the resolution where none are named: the first of the preset's that can be written here."""
    if preset is None:
        return FORMATS[0], DPI
    rules = presets.find(preset)
    formats = [kind for kind in rules.get("formats") or () if kind in FORMATS]
    return (formats or FORMATS)[0], rules.get("dpi") or DPI


def _to_stdout(job: batch.Job, atlas: Atlas, arguments: argparse.Namespace) -> int:
    kind = job.targets[0].format
    if kind != FORMATS[0] and console.is_terminal(sys.stdout):
        raise InputError(Problem(f"a terminal cannot show {kind}", hint="redirect stdout, or name a file"))
    console.say_bytes(Diagram(job.muscle, atlas=atlas, **job.options).to_bytes(kind, dpi=job.dpi))
    return 0


def _announce(jobs: tuple[batch.Job, ...], clobber: str, arguments: argparse.Namespace) -> int:
    for job in jobs:
        for target in batch.targets_to_write(job, clobber):
            if arguments.json:
                console.say_json(_record(batch.Result(job.muscle, target.path, "planned")))
            else:
                console.say(str(target.path))
    return 0


def _write(jobs: tuple[batch.Job, ...], clobber: str, atlas: Atlas, arguments: argparse.Namespace) -> int:
    total = sum(len(job.targets) for job in jobs)
    talks = not (arguments.quiet or arguments.json)
    bar = talks and total > 1 and console.is_terminal(sys.stderr)
    results: list[batch.Result] = []
    if total > 1:
        gc.enable()  # a single figure is over before garbage piles up
    done = batch.run(jobs, atlas=atlas, clobber=clobber)
    try:
        for result in console.progress(done, total) if bar else done:
            results.append(result)
            if arguments.json:
                console.say_json(_record(result))
            elif talks and result.status in ("written", "unchanged") and not (bar and console.is_terminal(sys.stdout)):
                console.say(str(result.path))
    finally:
        for result in results:
            if result.error is not None:
                _tell(result, result.error)
    return _exit_code(results)


def _record(result: batch.Result) -> dict[str, object]:
    return {
        "status": result.status,
        "input": result.muscle,
        "output": str(result.path),
        "sha256": result.sha256 or None,
        "ms": result.milliseconds,
        "error": str(result.error) if result.error else None,
    }


def _tell(result: batch.Result, error: TrigpointError) -> None:
    """A failed file's problems, each with the file's name where it has none."""
    here = str(result.path)
    console.complain(TrigpointError(replace(problem, file=problem.file or here) for problem in error.problems))


def _exit_code(results: list[batch.Result]) -> int:
    """0 if nothing failed, 1 if something did; where nothing came out at all, what its errors agree on."""
    codes = {result.error.exit_code for result in results if result.error}
    if not codes:
        return 0
    return codes.pop() if len(codes) == 1 and all(result.error for result in results) else 1
