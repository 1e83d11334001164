"""What the tests of manifests share: the names of the files that come of one, its mistakes, the command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from trigpoint.cli import main
from trigpoint.errors import InputError

OUT = Path("figures")
COMMAS = """\
clinic,theme,side,muscle,views,width,points,patient,title,output,format,layout
Nord,print,left,hip,posterior,85.5,"1,2",A-1,"Patient {patient}, {clinic}",{patient}/{muscle}-{side},"svg,png",
Nord,print,right,"back,calf",,,,,,both.pdf,,grid
"""
ROWS = [
    {
        "muscle": "hip",
        "views": ["posterior"],
        "width": 85.5,
        "points": [1, 2],
        "patient": "A-1",
        "title": "Patient {patient}, {clinic}",
        "output": "{patient}/{muscle}-{side}",
        "format": ["svg", "png"],
    },
    {"muscle": ["back", "calf"], "layout": "grid", "side": "right", "output": "both.pdf"},
]
DEFAULTS = {"theme": "print", "side": "left", "clinic": "Nord"}
FULL = [{**DEFAULTS, **row} for row in ROWS]


def mistakes(read, text, kind) -> list[str]:
    """What is wrong with a manifest; any error but InputError comes through."""
    try:
        read(text, kind)
    except InputError as error:
        return [problem.line() for problem in error.problems]
    return []


def names(jobs) -> list[str]:
    return [target.path.relative_to(OUT).as_posix() for job in jobs for target in job.targets]


def run(small, *words: str) -> int:
    return main(["render", *words, *small.options])


def alike(jobs):
    """Jobs without the place where they were written."""
    return [replace(job, origin="") for job in jobs]
