"""Running the command as a person does: a process of its own, or in this process where speed matters more."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import shapely
from shapely import MultiPolygon

from tests.support.small_atlas import BODIES, outline, small_atlas
from trigpoint.atlas.outline_writer import format_outline
from trigpoint.atlas.pattern_writer import format_patterns
from trigpoint.atlas.patterns import Evidence, TriggerPoint, Zone

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class SmallFiles:
    """A pattern file of three muscles, "back", "calf" and "hip", and the folder of their outlines."""

    patterns: Path
    outlines: Path

    @property
    def options(self) -> list[str]:
        return ["--patterns", str(self.patterns), "--outlines", str(self.outlines)]


def small_files(folder: Path) -> SmallFiles:
    """The small atlas as files of a folder, such that a reader finds no fault in them."""
    outlines = folder / "outlines"
    outlines.mkdir()
    patterns = small_atlas(outlines).patterns
    square = MultiPolygon([shapely.box(0, 700, 40, 740)])
    back = replace(outline("posterior"), regions=dict.fromkeys(patterns.regions, square))
    (outlines / "neutral.posterior.svg").write_text(format_outline(back), encoding="utf-8")
    regions = {key: replace(region, definition="A box.") for key, region in patterns.regions.items()}
    muscles = tuple(
        replace(muscle, points=tuple(map(_as_a_reader_wants_it, muscle.points))) for muscle in patterns.muscles
    )
    file = folder / "patterns.json"
    file.write_text(format_patterns(replace(patterns, muscles=muscles, regions=regions)), encoding="utf-8")
    return SmallFiles(file, outlines)


def _as_a_reader_wants_it(point: TriggerPoint) -> TriggerPoint:
    """The point with a source, its X on the muscle, and zones that stay on the body."""
    at = {view: (x * 0.92, y) for view, (x, y) in point.at.items()}
    zones = (
        Zone.of(zone.kind, zone.view, zone.geometry.intersection(BODIES[zone.view].buffer(-1))) for zone in point.zones
    )
    return replace(point, at=at, zones=tuple(zones), evidence=point.evidence or (Evidence("M", "recall"),))


def environment(**more: str) -> dict[str, str]:
    """This process's environment with the checkout importable."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def trigpoint(*words: str, cwd: Path, env: dict[str, str] | None = None, **more: object) -> subprocess.CompletedProcess:
    """Run `python -m trigpoint` in a folder; output is text."""
    options = {"capture_output": True, "encoding": "utf-8", "timeout": 600, **more}
    command = [sys.executable, "-m", "trigpoint", *words]
    return subprocess.run(command, cwd=cwd, env=env or environment(), check=False, **options)


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*"))
