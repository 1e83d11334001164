"""Each cap is the most that passes: one less is refused, with the actual number, the limit and the constant."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trigpoint import limits
from trigpoint.atlas.outline_shapes import WHOLE
from trigpoint.atlas.outlines import read_outline
from trigpoint.atlas.patterns import read_patterns
from trigpoint.atlas.warp import read_warps
from trigpoint.errors import InputError

DATA = Path(__file__).parent / "support" / "fixtures_data"
WARPS = DATA.parents[2] / "fuzz" / "seeds" / "warps" / "two_views.json"
SHAPES = ("RING_VERTICES", "RING_PAIRS", "CHAIN_PAIRS", "FILE_VERTICES")
PATTERNS = ("JSON_BYTES", "JSON_VALUES", "ITEMS", *SHAPES)  # others stand in the schema, held to the same numbers
OUTLINE = ("SVG_BYTES", "SHAPES", "SHAPE_RINGS", "LABEL_CHARACTERS", *SHAPES)
READERS: dict[str, tuple[Callable[[Path], Any], Path, tuple[str, ...]]] = {
    "patterns": (read_patterns, DATA / "patterns.json", PATTERNS),
    "outline": (read_outline, DATA / "neutral.posterior.svg", OUTLINE),
    "warps": (read_warps, WARPS, ("WARP_BYTES", "WARP_NODES")),
}
CASES = [(name, cap) for name, (_, _, caps) in READERS.items() for cap in caps]


def refusal(name: str) -> str:
    read, path, _ = READERS[name]
    try:
        read(path)
    except InputError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("name", "cap"), CASES)
def test_one_less_than_what_a_file_needs_is_refused(name: str, cap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    low, high = 0, getattr(limits, cap)
    assert refusal(name) == ""
    while high - low > 1:  # the fewest that let the file pass
        middle = (low + high) // 2
        monkeypatch.setattr(limits, cap, middle)
        low, high = (middle, high) if refusal(name) else (low, middle)
    monkeypatch.setattr(limits, cap, high - 1)
    said = f"more than the limit of {high - 1:,} (trigpoint.limits.{cap})"
    (line,) = [line for line in refusal(name).splitlines() if said in line][:1]
    assert re.search(rf"(^|\D){high:,} ", line)


def test_every_cap_has_its_reason_beside_it() -> None:
    lines = Path(limits.__file__).read_text("utf-8").splitlines()
    caps = [line for line in lines if re.match(r"[A-Z_]+ = ", line)]
    assert len(caps) > 30
    without = [line for line in caps if "  # " not in line and not line.startswith(("TOO_DEEP", "DPI_MIN"))]
    assert without == []


def test_pairs_are_counted_by_the_square_of_a_shape_s_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RING_PAIRS", 0)
    value = json.loads((DATA / "patterns.json").read_bytes())
    zones = [zone for muscle in value["muscles"] for point in muscle["points"] for zone in point["zones"]]
    assert max(len(zone["rings"]) for zone in zones) > 1
    assert f" {sum(len(zone['rings']) ** 2 for zone in zones)} pairs of rings" in refusal("patterns")
    groups = re.findall(r'<g id="([a-z0-9-]+)".*?</g>', text := READERS["outline"][1].read_text("utf-8"), re.DOTALL)
    pairs = 0
    for group in groups:
        inside = text[text.index(f'<g id="{group}"') :].partition("</g>")[0]
        counts = [
            data.count("M")
            for key, data in re.findall(r'<path id="([^"]+)" d="([^"]*)"', inside)
            if "fibres" not in key
        ]
        pairs += sum(counts) ** 2 if group in WHOLE else sum(count**2 for count in counts)
    assert f" {pairs} pairs of rings" in refusal("outline")
