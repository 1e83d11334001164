"""`trigpoint render`: from the command line, or a manifest, to jobs.

All mistakes are printed together before the first figure is drawn. `trigpoint.batch` draws, `progress` prints.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import batch, limits
from ..atlas import Atlas, load_atlas
from ..backends import FORMATS, format_of
from ..diagram import Diagram, option_table
from ..errors import InputError, Problem, escaped, unknown
from ..files.file_names import STDOUT, alike, folder_fault, name_fault, place_fault
from ..files.findings import Findings
from . import console
from .muscle_names import muscle_ids
from .progress import Printing, announce, write

if TYPE_CHECKING:
    from concurrent.futures import Executor

STDIN = STDOUT
SOME = 8  # names that a warning lists


@dataclass(frozen=True)
class Figures:
    """The figures to draw and where they go; `looks` are keywords of `Diagram`."""

    muscles: tuple[str, ...]
    all: bool
    manifest: str | None
    manifest_format: str | None
    output: str | None
    out: str | None
    format: tuple[str, ...] | None
    dpi: float | None
    looks: Mapping[str, Any]

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats that are named, each once."""
        return tuple(dict.fromkeys(self.format or ()))

    @property
    def together(self) -> bool:
        """Whether all muscles share one plate."""
        return bool(self.looks.get("layout") or self.looks.get("overlay"))

    @property
    def usual(self) -> str:
        """The format where none is named: the first of the preset's that can be written here."""
        if not (preset := self.looks.get("preset")):
            return FORMATS[0]
        from ..diagram.journals import find

        return next((kind for kind in find(preset).get("formats") or () if kind in FORMATS), FORMATS[0])

    @property
    def target(self) -> tuple[batch.Target]:
        """The one file that -o names."""
        suffix = format_of(self.output or "")
        kind = self.formats[0] if self.formats else suffix if suffix in FORMATS else self.usual
        return (batch.Target(Path(self.output or ""), kind),)


def run(arguments: argparse.Namespace) -> int:
    """Draw the figures of the command line; the exit code."""
    figures = _figures(arguments)
    printing = Printing(quiet=arguments.quiet, json=arguments.json, report=arguments.report)
    given = {name for name, value in vars(arguments).items() if value}
    empty = [flag for flag in ("report", "scheduler", "executor") if getattr(arguments, flag) == ""]
    if problems := [*_contradictions(figures, given), *_run_problems(figures, given, empty, printing.report)]:
        raise InputError(problems)
    settings = _settings(arguments)
    if settings.folder and not arguments.dry_run:
        from ..files.lock import refuse_if_held

        refuse_if_held(settings.folder)  # before a long list of figures is read
    atlas = load_atlas(patterns=settings.patterns, outlines=settings.outlines, repair=settings.repair)
    if figures.all and not atlas.muscles:
        hint = "describe one in /muscles"
        raise InputError(Problem("there are no muscles", file=settings.patterns or "", hint=hint))
    jobs = _jobs(figures, atlas, talks=not (printing.quiet or printing.json))
    if arguments.strict:
        _hold_to_presets(jobs, atlas)
    if figures.output == STDOUT:
        return _to_stdout(jobs[0], atlas)
    if printing.report and (other := _in_place_of_the_report(jobs, Path(printing.report), figures.manifest, settings)):
        raise InputError(Problem(f"this is {other}", file=printing.report, hint="give the report another name"))
    if arguments.dry_run:
        return announce(jobs, settings, json=printing.json)
    with _executor(arguments.scheduler, arguments.executor, settings.processes) as executor:
        return write(jobs, atlas, replace(settings, executor=executor), printing, by_row=bool(figures.manifest))


def _figures(arguments: argparse.Namespace) -> Figures:
    looks = {row.name: value for row in option_table.looks() if (value := getattr(arguments, row.name)) is not None}
    given: dict[str, Any] = {**vars(arguments), "looks": looks}
    return Figures(**{each.name: given[each.name] for each in fields(Figures)})


def _settings(arguments: argparse.Namespace) -> batch.Settings:
    """How to go about the figures."""
    return batch.Settings(
        processes=arguments.jobs,
        timeout=arguments.timeout,
        patterns=arguments.patterns,
        outlines=arguments.outlines,
        repair=arguments.repair,
        clobber="keep" if arguments.no_clobber else "replace",
        gather=arguments.gather,
        fail_fast=arguments.fail_fast,
        folder=Path(arguments.out) if arguments.out else None,
        resume=arguments.resume,
    )


def _executor(scheduler: str | None, made_by: str | None, jobs: int) -> AbstractContextManager[Executor | None]:
    """What draws in place of processes of our own, closed afterwards; None where nothing is named."""
    if not (scheduler or made_by):
        return nullcontext()
    from ..batch.workers import cluster

    return cluster.dask(scheduler, jobs) if scheduler else cluster.made_by(made_by or "")


def _contradictions(figures: Figures, given: Set[str]) -> Iterator[Problem]:
    """What no muscle or file could make right; `given` are the flags that say something."""
    muscles, out = figures.muscles, figures.out
    if figures.manifest:
        if figures.all or muscles:
            hint = "the manifest names the muscle of every row"
            yield Problem("--manifest and muscles exclude each other", hint=hint)
        if figures.output or not out:
            hint = "name it with --out DIR, files with the column 'output'"
            yield Problem("--manifest writes below a folder", hint=hint)
        if figures.manifest == STDIN and not figures.manifest_format:
            yield Problem("stdin has no suffix", hint="give --manifest-format toml, csv, json or jsonl")
        return
    if figures.manifest_format:
        yield Problem("--manifest-format is that of --manifest FILE", hint="name the manifest, or leave it out")
    if figures.all and muscles:
        yield Problem("--all and names of muscles exclude each other", hint="leave one out")
    if not figures.all and not muscles:
        yield Problem("no muscle named", hint="'trigpoint list' prints their names; --all takes every one")
    if bool(figures.output) == bool(out):
        what = "-o and --out exclude each other" if out else "no place to write to"
        yield Problem(what, hint="-o FILE for one figure, --out DIR for any number")
    several = (figures.all or len(muscles) > 1) and not figures.together
    if figures.together and out:
        yield Problem("--layout and --overlay draw one figure", hint="name it with -o FILE")
    if several and figures.output:
        yield Problem("-o takes one figure", hint="--out DIR writes several, --layout together or grid sets all on one")
    if several and "title" in figures.looks:
        yield Problem("--title would name several figures alike", hint="draw one muscle at a time")
    yield from _format_problems(figures.output, figures.formats, given)


def _hold_to_presets(jobs: Sequence[batch.Job], atlas: Atlas) -> None:
    """Raise InputError with every rule of a preset that a figure would break."""
    findings = Findings()
    for job in jobs:
        diagram = Diagram(*job.muscles, atlas=atlas, **job.options)
        for target in job.targets:
            for problem in diagram.check_preset(target.format, dpi=job.dpi):
                findings.add(problem.what, job.origin or str(target.path), problem.hint)
    findings.settle()
    if not any(job.options.get("preset") for job in jobs):
        raise InputError(
            Problem("--strict holds figures to a preset", hint="name one with --preset, or in the manifest")
        )


def _run_problems(figures: Figures, given: Set[str], empty: Iterable[str], report: str | None) -> Iterator[Problem]:
    """What does not go together of how the figures are drawn; `empty` flags have a value without a character."""
    if "strict" in given and not given & {"preset", "manifest"}:
        yield Problem("--strict holds figures to a preset", hint="name one with --preset")
    if given >= {"scheduler", "executor"}:
        yield Problem("--scheduler and --executor exclude each other", hint="leave one out")
    if "gather" in given and not given & {"scheduler", "executor"}:
        yield Problem("--gather brings files back from other machines", hint="it needs --scheduler or --executor")
    if "resume" in given and not figures.out:
        yield Problem("--resume goes on with a folder of figures", hint="use --out DIR")
    if figures.out and (fault := _blocked(figures.out)):
        yield Problem(fault[0], file=figures.out, hint=fault[1])
    for flag in empty:  # such as "$HERE" where nothing is
        yield Problem(f"--{flag} is empty", hint="give it a value, or leave it out")
    if report == STDOUT:
        yield Problem("--report writes a file", hint="name it; --json prints the same on stdout")
    elif report:
        yield from _report_problems(Path(report), figures.out)


def _report_problems(report: Path, out: str | None) -> Iterator[Problem]:
    """What is wrong with the place of a report; the output folder, and those in it, are made where they are missing."""
    made = out and Path(out).resolve() in report.resolve().parents
    if fault := name_fault(report.name) or place_fault(report):
        yield Problem(fault[0], file=str(report), hint=fault[1])
    elif not made and not report.parent.is_dir():
        yield Problem(f"there is no folder {report.parent}", file=str(report), hint="make it first")


def _in_place_of_the_report(
    jobs: Iterable[batch.Job], report: Path, manifest: str | None, settings: batch.Settings
) -> str:
    """What a report would be written over, however its name is spelt; empty where there is nothing."""
    wanted = report.resolve()
    folder, name = wanted.parent, alike(wanted.name)
    for given, what in ((manifest, "the manifest"), (settings.patterns, "the pattern file")):
        if given and given != STDIN and Path(given).resolve() == wanted:
            return what
    if settings.outlines and folder == Path(settings.outlines).resolve() and wanted.exists():
        return "a file of the outlines"
    folders: dict[Path, Path] = {}
    for target in (target for job in jobs for target in job.targets):
        if alike(target.path.name) == name:
            above = target.path.parent
            folders[above] = folders.get(above) or above.resolve()
            if folders[above] == folder:
                return "the name of a figure"
    return ""


def _blocked(folder: str) -> tuple[str, str] | None:
    try:
        return folder_fault(Path(folder))
    except OSError:  # writing will tell
        return None


def _format_problems(output: str | None, kinds: tuple[str, ...], given: Set[str]) -> Iterator[Problem]:
    strange = [unknown("format", kind, FORMATS).problems[0] for kind in kinds if kind not in FORMATS]
    yield from strange
    if not output or strange:
        return
    if output == STDOUT:
        apart = ("json", "dry_run", "report", "executor", "scheduler", "timeout")
        for flag in (f"--{name.replace('_', '-')}" for name in apart if name in given):
            yield Problem(f"-o - puts the figure on stdout, without {flag}", hint=f"name a file, or leave out {flag}")
    suffix = format_of(output)
    if len(kinds) > 1:
        yield Problem("-o takes one format", hint="use --out DIR")
    elif kinds and suffix in FORMATS and suffix != kinds[0]:
        yield Problem(f"suffix and --format {kinds[0]} differ", file=output, hint="leave one out")
    elif not kinds and suffix not in FORMATS and output != STDOUT:
        yield Problem("the suffix of -o decides the format", file=output, hint=f"use .{', .'.join(FORMATS)}")
    folder = Path(output).parent
    if not folder.is_dir():
        yield Problem(f"there is no folder {folder}", file=output, hint="make it first, or use --out DIR")


def _jobs(figures: Figures, atlas: Atlas, *, talks: bool) -> tuple[batch.Job, ...]:
    """The checked jobs of the figures."""
    if figures.manifest:
        return _manifest_jobs(figures, atlas, talks=talks)
    if figures.all:
        muscles = tuple(each.id for each in atlas.muscles) if figures.looks.get("views") else _shown(atlas)
    else:
        muscles = muscle_ids(figures.muscles, atlas)
    if figures.out:
        formats = figures.formats or (figures.usual,)
        jobs = batch.plan(muscles, figures.out, formats, dpi=figures.dpi, **figures.looks)
    else:
        shown = muscles if figures.together else muscles[:1]
        jobs = (batch.Job(shown, figures.target, figures.looks, figures.dpi),)
    batch.check(jobs, atlas=atlas)
    return jobs


def _shown(atlas: Atlas) -> tuple[str, ...]:
    """The ids of all muscles with trigger points or a shape; a warning names the others."""
    shown = {muscle.id: bool(muscle.points or atlas.views(muscle.id)) for muscle in atlas.muscles}
    blank = [name for name, there in shown.items() if not there]
    if blank and len(blank) < len(shown):
        some = ", ".join(blank[:SOME]) + (f" and {len(blank) - SOME:,} more muscles" if len(blank) > SOME else "")
        warnings.warn(f"no view shows anything of {some} (hint: 'trigpoint check' tells what is missing)", stacklevel=2)
    return tuple(name for name, there in shown.items() if there or len(blank) == len(shown))


def _manifest_jobs(figures: Figures, atlas: Atlas, *, talks: bool) -> tuple[batch.Job, ...]:
    """One job for each row; what the command line says stands in for cells that say nothing."""
    from ..batch.manifest.reader import open_manifest  # 15 ms that only a manifest has to pay

    from_stdin = figures.manifest == STDIN
    if from_stdin and sys.stdin is None:
        raise InputError(Problem("standard input is closed", hint="give the manifest as a file"))
    found = open_manifest(
        sys.stdin.buffer.read(limits.MANIFEST_BYTES + 1) if from_stdin else figures.manifest or "",
        folder=figures.out or "",
        format=figures.manifest_format,
        given={**figures.looks, "format": figures.formats or None, "dpi": figures.dpi},
        atlas=atlas,
        name="stdin" if from_stdin else "",
        origin="command line",
    )
    if found.unused and talks:  # perhaps `Seite`, which was to say the side
        some = ", ".join(f"'{escaped(name[:40])}'" for name in found.unused[:8])
        console.note(f"note: no option, and in no name or title: {some}")
    return found.jobs


def _to_stdout(job: batch.Job, atlas: Atlas) -> int:
    kind = job.targets[0].format
    if kind != FORMATS[0] and console.is_terminal(sys.stdout):
        raise InputError(Problem(f"a terminal cannot show {kind}", hint="redirect stdout, or name a file"))
    console.say_bytes(Diagram(*job.muscles, atlas=atlas, **job.options).to_bytes(kind, dpi=job.dpi))
    return 0
