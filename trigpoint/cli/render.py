"""`trigpoint render`: from the words of the command line, or a manifest, to jobs.

Everything that can be known to be wrong is said at once, before the first figure is drawn. How a figure is drawn
and written is left to the batch, what is told about it to `running`.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from .. import batch, limits
from ..atlas import Atlas, load_atlas
from ..backends import FORMATS, format_of
from ..batch.file_names import OWN, alike, folder_fault, place_fault
from ..diagram import Diagram
from ..errors import InputError, Problem, escaped, unknown
from ..files.findings import Findings
from . import console
from .muscle_names import muscle_ids
from .progress import announce, write

STDOUT = STDIN = "-"
SOME = 8  # names that a warning lists


def render(arguments: argparse.Namespace) -> int:
    """Draw what is asked for; the exit code."""
    if problems := list(_contradictions(arguments)):
        raise InputError(problems)
    if arguments.out and not arguments.dry_run:
        from ..batch.lock import refuse_if_held

        refuse_if_held(Path(arguments.out))  # before a long list of figures is read
    atlas = load_atlas(patterns=arguments.patterns, outlines=arguments.outlines, repair=arguments.repair)
    if arguments.manifest:
        jobs = _manifest_jobs(arguments, atlas)
    else:
        jobs = _jobs(arguments, _muscles(arguments, atlas))
        batch.check(jobs, atlas=atlas)
    if arguments.strict:
        _hold_to_presets(jobs, atlas)
    if arguments.output == STDOUT:
        return _to_stdout(jobs[0], atlas, arguments)
    if arguments.report and (other := _in_place_of_the_report(jobs, arguments)):
        raise InputError(Problem(f"this is {other}", file=arguments.report, hint="give the report another name"))
    return announce(jobs, arguments) if arguments.dry_run else write(jobs, atlas, arguments)


def _contradictions(arguments: argparse.Namespace) -> Iterator[Problem]:
    """What no muscle or file could make right."""
    if arguments.manifest:
        yield from _beside_a_manifest(arguments)
        return
    if arguments.manifest_format:
        yield Problem("--manifest-format is that of --manifest FILE", hint="name the manifest, or leave it out")
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
        yield Problem("-o takes one figure", hint="--out DIR writes several, --layout together or grid sets all on one")
    if several and arguments.title is not None:
        yield Problem("--title would name several figures alike", hint="draw one muscle at a time")
    yield from _format_problems(arguments)
    yield from _run_problems(arguments)


def _beside_a_manifest(arguments: argparse.Namespace) -> Iterator[Problem]:
    """What a manifest says itself, and so cannot be asked for."""
    if arguments.all or arguments.muscles:
        yield Problem("--manifest and muscles exclude each other", hint="the manifest names the muscle of every row")
    if arguments.output or not arguments.out:
        yield Problem("--manifest writes below a folder", hint="name it with --out DIR, files with the column 'output'")
    if arguments.manifest == STDIN and not arguments.manifest_format:
        yield Problem("stdin has no suffix", hint="give --manifest-format toml, csv, json or jsonl")
    yield from _run_problems(arguments)


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


def _run_problems(arguments: argparse.Namespace) -> Iterator[Problem]:
    """What does not go together of how the figures are drawn."""
    if arguments.strict and not (arguments.preset or arguments.manifest):
        yield Problem("--strict holds figures to a preset", hint="name one with --preset")
    if arguments.scheduler and arguments.executor:
        yield Problem("--scheduler and --executor exclude each other", hint="leave one out")
    if arguments.gather and not (arguments.scheduler or arguments.executor):
        yield Problem("--gather brings files back from other machines", hint="it needs --scheduler or --executor")
    if arguments.resume and not arguments.out:
        yield Problem("--resume goes on with a folder of figures", hint="use --out DIR")
    if arguments.out and (fault := _blocked(arguments.out)):
        yield Problem(fault[0], file=arguments.out, hint=fault[1])
    for flag in ("report", "scheduler", "executor"):  # such as "$HERE" where nothing is
        if getattr(arguments, flag) == "":
            yield Problem(f"--{flag} is empty", hint="give it a value, or leave it out")
    if arguments.report == STDOUT:
        yield Problem("--report writes a file", hint="name it; --json prints the same on stdout")
    elif arguments.report:
        yield from _report_problems(Path(arguments.report), arguments.out)


def _report_problems(report: Path, out: str | None) -> Iterator[Problem]:
    """What is wrong with the place of a report; the output folder, and those in it, are made where they are missing."""
    made = out and Path(out).resolve() in report.resolve().parents
    if fault := place_fault(report):
        yield Problem(fault[0], file=str(report), hint=fault[1])
    elif not made and not report.parent.is_dir():
        yield Problem(f"there is no folder {report.parent}", file=str(report), hint="make it first")


def _in_place_of_the_report(jobs: Iterable[batch.Job], arguments: argparse.Namespace) -> str:
    """What a report would be written over, however its name is spelt; empty where there is nothing."""
    wanted = Path(arguments.report).resolve()
    folder, name = wanted.parent, alike(wanted.name)
    for given, what in ((arguments.manifest, "the manifest"), (arguments.patterns, "the pattern file")):
        if given and given != STDIN and Path(given).resolve() == wanted:
            return what
    if arguments.outlines and folder == Path(arguments.outlines).resolve() and wanted.exists():
        return "a file of the outlines"
    if arguments.out and folder == Path(arguments.out).resolve() and name.startswith(OWN):
        return "a name that a run keeps to itself"
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


def _format_problems(arguments: argparse.Namespace) -> Iterator[Problem]:
    kinds = arguments.format or ()
    strange = [unknown("format", kind, FORMATS).problems[0] for kind in kinds if kind not in FORMATS]
    yield from strange
    if not arguments.output or strange:
        return
    if arguments.output == STDOUT:
        apart = ("json", "dry_run", "report", "executor", "scheduler", "timeout")
        for flag in (f"--{name.replace('_', '-')}" for name in apart if getattr(arguments, name)):
            yield Problem(f"-o - puts the figure on stdout, without {flag}", hint=f"name a file, or leave out {flag}")
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


LOOKS = tuple(field.name for field in fields(Diagram) if field.name not in ("muscles", "atlas"))


def _muscles(arguments: argparse.Namespace, atlas: Atlas) -> tuple[str, ...]:
    """The ids of what is asked for; every unknown name is a problem of its own."""
    if arguments.all and not atlas.muscles:
        raise InputError(
            Problem("there are no muscles", file=arguments.patterns or "", hint="describe one in /muscles")
        )
    if arguments.all:
        return tuple(muscle.id for muscle in atlas.muscles) if arguments.views else _shown(atlas)
    return muscle_ids(arguments.muscles, atlas)


def _shown(atlas: Atlas) -> tuple[str, ...]:
    """The ids of all muscles with trigger points or a shape; a warning names the others."""
    shown = {muscle.id: bool(muscle.points or atlas.views(muscle.id)) for muscle in atlas.muscles}
    blank = [name for name, there in shown.items() if not there]
    if blank and len(blank) < len(shown):
        some = ", ".join(blank[:SOME]) + (f" and {len(blank) - SOME:,} more muscles" if len(blank) > SOME else "")
        warnings.warn(f"no view shows anything of {some} (hint: 'trigpoint check' tells what is missing)", stacklevel=2)
    return tuple(name for name, there in shown.items() if there or len(blank) == len(shown))


def _jobs(arguments: argparse.Namespace, muscles: tuple[str, ...]) -> tuple[batch.Job, ...]:
    options: dict[str, Any] = {key: getattr(arguments, key) for key in LOOKS if getattr(arguments, key) is not None}
    if arguments.layout or arguments.overlay:
        return (batch.Job(muscles, _targets(arguments), options, arguments.dpi),)  # all on one plate
    if arguments.out:
        formats = arguments.format or (_usual(arguments.preset),)
        return batch.plan(muscles, arguments.out, formats, dpi=arguments.dpi, **options)
    return (batch.Job(muscles[:1], _targets(arguments), options, arguments.dpi),)


def _manifest_jobs(arguments: argparse.Namespace, atlas: Atlas) -> tuple[batch.Job, ...]:
    """One job for each row; what the command line says stands in for cells that say nothing."""
    from ..batch.manifest.reader import open_manifest  # 15 ms that only a manifest has to pay

    from_stdin = arguments.manifest == STDIN
    if from_stdin and sys.stdin is None:
        raise InputError(Problem("standard input is closed", hint="give the manifest as a file"))
    given = {key: value for key in (*LOOKS, "format", "dpi") if (value := getattr(arguments, key)) is not None}
    found = open_manifest(
        sys.stdin.buffer.read(limits.MANIFEST_BYTES + 1) if from_stdin else arguments.manifest,
        folder=arguments.out,
        format=arguments.manifest_format,
        given=given,
        atlas=atlas,
        name="stdin" if from_stdin else "",
        origin="command line",
    )
    if found.unused and not (arguments.quiet or arguments.json):  # perhaps `Seite`, which was to say the side
        some = ", ".join(f"'{escaped(name[:40])}'" for name in found.unused[:8])
        console.note(f"note: no option, and in no name or title: {some}")
    return found.jobs


def _targets(arguments: argparse.Namespace) -> tuple[batch.Target, ...]:
    """The one file that -o names."""
    suffix = _suffix(arguments.output)
    usual = suffix if suffix in FORMATS else _usual(arguments.preset)
    return (batch.Target(Path(arguments.output), arguments.format[0] if arguments.format else usual),)


def _usual(preset: str | None) -> str:
    """The format where none is named: the first of the preset's that can be written here."""
    if not preset:
        return FORMATS[0]
    from ..diagram.journals import find

    return next((kind for kind in find(preset).get("formats") or () if kind in FORMATS), FORMATS[0])


def _to_stdout(job: batch.Job, atlas: Atlas, arguments: argparse.Namespace) -> int:
    kind = job.targets[0].format
    if kind != FORMATS[0] and console.is_terminal(sys.stdout):
        raise InputError(Problem(f"a terminal cannot show {kind}", hint="redirect stdout, or name a file"))
    with console.quiet_libraries():
        console.say_bytes(Diagram(*job.muscles, atlas=atlas, **job.options).to_bytes(kind, dpi=job.dpi))
    return 0
