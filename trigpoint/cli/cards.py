"""`trigpoint cards`: a folder of study cards, made and written by `trigpoint.diagram.study_cards`."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

from ..atlas import load_atlas
from ..diagram import study_cards
from ..errors import InputError, Problem, escaped
from ..files.lock import refuse_if_held
from . import console
from .muscle_names import muscle_ids

LOOKS = ("side", "body", "theme", "language", "width")


def run(arguments: argparse.Namespace) -> int:
    """Write the cards of some muscles; the exit code."""
    problems: list[Problem] = []
    if arguments.all and arguments.muscles:
        problems.append(Problem("--all and names of muscles exclude each other", hint="leave one out"))
    if not arguments.all and not arguments.muscles:
        problems.append(Problem("no muscle named", hint="'trigpoint list' prints their names; --all takes every one"))
    if not arguments.out:
        problems.append(Problem("no place to write to", hint="--out DIR"))
    if problems:
        raise InputError(problems)
    refuse_if_held(Path(arguments.out))
    atlas = load_atlas(patterns=arguments.patterns, outlines=arguments.outlines)
    options: dict[str, Any] = {key: getattr(arguments, key) for key in LOOKS}
    named = arguments.muscles or [muscle.id for muscle in atlas.muscles]
    found = study_cards.cards(atlas, muscle_ids(named, atlas), arguments.kinds or study_cards.USUAL, **options)
    return _write(found, arguments)


def _write(found: tuple[study_cards.Card, ...], arguments: argparse.Namespace) -> int:
    talks = not (arguments.quiet or arguments.json)
    bar = talks and console.is_terminal(sys.stderr)
    dpi = arguments.dpi or study_cards.DPI
    done = study_cards.write(found, Path(arguments.out), arguments.format, dpi=dpi, keep=arguments.no_clobber)
    steps = console.progress(2 * len(found) + 2) if bar else nullcontext(lambda: None)
    with closing(done), steps as step:
        for written in done:
            step()
            card, status = written.card, written.status
            if arguments.json:
                record = {"output": str(written.path), "kind": card and card.kind, "muscle": card and card.muscle}
                console.say_json(record | {"status": status})
            elif status == "set aside" and not arguments.quiet:
                console.note(f"note: what was here before is kept: {escaped(str(written.path))}")
            elif talks and status == "written" and not (bar and console.is_terminal(sys.stdout)):
                console.say_path(written.path)
    return 0
