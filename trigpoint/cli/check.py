"""`trigpoint check`: whether patterns and outlines can be drawn, and which names they lack."""

from __future__ import annotations

import argparse

from ..atlas import Atlas, load_atlas
from ..errors import InputError, escaped
from . import console

TOLD = 3  # places without a name; the rest are counted


def run(arguments: argparse.Namespace) -> int:
    """Say whether patterns and outlines can be drawn; every problem of both at once."""
    atlas: Atlas = load_atlas(patterns=arguments.file, outlines=arguments.outlines, repair=arguments.repair)
    if problems := atlas.check():
        raise InputError(problems)
    points = sum(len(muscle.points) for muscle in atlas.muscles)
    missing = atlas.missing_names()
    if arguments.json:
        counted = {"muscles": len(atlas.muscles), "points": points, "missing_names": missing}
        console.say_json({"status": "ok", "file": arguments.file, **counted})
    else:
        said = f"{console.counted(len(atlas.muscles), 'muscle')}, {console.counted(points, 'trigger point')}"
        console.say(f"{escaped(arguments.file or 'shipped patterns')}: no problems ({said})")
        for code, places in missing.items():
            rest = f" and {len(places) - TOLD} more" if len(places) > TOLD else ""
            told = f"{console.counted(len(places), 'name')} missing, drawn in English: {', '.join(places[:TOLD])}{rest}"
            console.note(f"notice: {code}: {told}")
    return 0
