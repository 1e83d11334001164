"""Running the command as a person does: a process of its own, or in this process where speed matters more."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from small_atlas import BODIES, small_atlas

from trigpoint.patterns import Muscle, Zone, format_patterns

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class SmallFiles:
    """A pattern file of two muscles, "calf" and "hip", and the folder of their outlines."""

    patterns: Path
    outlines: Path

    @property
    def options(self) -> list[str]:
        return ["--patterns", str(self.patterns), "--outlines", str(self.outlines)]


def small_files(folder: Path) -> SmallFiles:
    outlines = folder / "outlines"
    outlines.mkdir()
    patterns = small_atlas(outlines).patterns
    cited = tuple(_on_body(muscle) for muscle in patterns.muscles if all(point.evidence for point in muscle.points))
    regions = {key: replace(region, definition="A box.") for key, region in patterns.regions.items()}
    file = folder / "patterns.json"
    file.write_text(format_patterns(replace(patterns, muscles=cited, regions=regions)), encoding="utf-8")
    return SmallFiles(file, outlines)


def _on_body(muscle: Muscle) -> Muscle:
    def clipped(zone: Zone) -> Zone:
        return Zone.of(zone.kind, zone.view, zone.geometry.intersection(BODIES[zone.view].buffer(-1)))

    return replace(
        muscle, points=tuple(replace(point, zones=tuple(map(clipped, point.zones))) for point in muscle.points)
    )


def environment(**more: str) -> dict[str, str]:
    """This process's environment with the checkout importable."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def trigpoint(*words: str, cwd: Path, env: dict[str, str] | None = None, **more: object) -> subprocess.CompletedProcess:
    """Run `python -m trigpoint` in a folder; output is text."""
    options = {"capture_output": True, "encoding": "utf-8", "timeout": 120, **more}
    command = [sys.executable, "-m", "trigpoint", *words]
    return subprocess.run(command, cwd=cwd, env=env or environment(), check=False, **options)
