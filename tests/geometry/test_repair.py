"""Crossing rings: refused, and mended on request only where that changes next to nothing, with every change told."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.command import small_files
from tests.support.pace import within
from trigpoint import limits
from trigpoint.atlas import load_atlas
from trigpoint.atlas.outlines import read_outline
from trigpoint.atlas.patterns import read_patterns
from trigpoint.cli import main
from trigpoint.errors import InputError
from trigpoint.geometry import repair
from trigpoint.geometry.repair import MOST, mended
from trigpoint.geometry.rings import even_odd, fault

DATA = Path(__file__).parents[1] / "support" / "fixtures_data"
ZONE = "/muscles/0/points/0/zones/0/rings"
SQUARE = [[80, 700], [180, 700], [180, 760], [80, 760]]
SLIP = [[80, 700], [180, 700], [180, 760], [128.5, 761], [131.5, 761], [80, 760]]  # the pen went back over its own line
BOW_TIE = [[80, 700], [180, 760], [180, 700], [80, 760]]
CROSSING = [[100, 720], [185, 720], [185, 720.545]]  # leaves the square through its side


def patterns_with(value: Any, rings: Any, folder: Path) -> Path:
    value["muscles"][0]["points"][0]["zones"][0]["rings"] = rings
    path = folder / "clinic.json"
    path.write_text(json.dumps(value), "utf-8")
    return path


def zone_of(path: Path, **options: Any) -> shapely.MultiPolygon:
    return read_patterns(path, **options).muscles[0].points[0].zones[0].geometry


def test_a_slip_of_the_pen_is_refused_and_mended_on_request(patterns_value: Any, tmp_path: Path) -> None:
    path = patterns_with(patterns_value, [SLIP], tmp_path)
    with pytest.raises(InputError, match=r"the ring is not valid: self-intersection at \(130, 760\.97"):
        read_patterns(path)
    with pytest.warns(
        UserWarning, match=r"clinic\.json: .*repaired: self-intersection at .*the area changed by 0\."
    ) as told:
        shape = zone_of(path, repair=True)
    assert [str(warning.message).partition(": ")[2].partition(":")[0] for warning in told] == [ZONE]
    assert shape.is_valid
    assert shape.area == pytest.approx(shapely.convex_hull(even_odd([SLIP])).area, rel=MOST)
    assert shape.contains(shapely.Point(130, 760.99))  # both sides of the crossing are kept


@pytest.mark.parametrize(
    ("rings", "said"),
    [
        ([BOW_TIE], "self-intersection at (130, 730); a repair would change the area by 100 %, more than 1 %"),
        ([SQUARE, CROSSING], "a repair would change the area by"),
        ([[[80, 700], [80, 700], [80, 700]]], "too few points"),
        ([[[80, 700], [180, 700], [130, 700]]], "self-intersection"),
    ],
)
def test_what_was_not_meant_so_is_refused_even_then(rings: Any, said: str, patterns_value: Any, tmp_path: Path) -> None:
    if rings[-1] is CROSSING:
        rings = [SQUARE, [[100, 720], [280, 720], [280, 750]]]
    path = patterns_with(patterns_value, rings, tmp_path)
    with pytest.raises(InputError) as caught:
        read_patterns(path, repair=True)
    assert [problem.pointer for problem in caught.value.problems] == [ZONE]
    assert said in caught.value.problems[0].what
    assert caught.value.problems[0].hint == "draw them without crossings"


def test_rings_that_cross_each_other_a_little_are_mended(patterns_value: Any, tmp_path: Path) -> None:
    path = patterns_with(patterns_value, [SQUARE, CROSSING], tmp_path)
    with pytest.warns(UserWarning, match=r"; the area changed by 0\.044 %$"):
        shape = zone_of(path, repair=True)
    assert shape.is_valid
    assert shape.area == pytest.approx(even_odd([SQUARE]).area, rel=MOST)


def test_sound_rings_are_left_as_they_are(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_patterns(DATA / "patterns.json", repair=True) == read_patterns(DATA / "patterns.json")
        again = read_outline(DATA / "neutral.posterior.svg", repair=True)
    assert again == read_outline(DATA / "neutral.posterior.svg")


def outline_with(ring: list[list[float]], folder: Path) -> Path:
    text = (DATA / "neutral.posterior.svg").read_text("utf-8")
    places = [f"{x} {y}" for x, y in ring]
    shape = f'<path id="spot" d="M{places[0]}L{" ".join(places[1:])}Z"><title>Spot</title></path>'
    start = text.index("<path", text.index('<g id="regions"'))
    path = folder / "neutral.posterior.svg"
    path.write_text(text[:start] + shape + text[start:], "utf-8")
    return path


def test_an_outline_is_mended_likewise(tmp_path: Path) -> None:
    path = outline_with(SLIP, tmp_path)
    with pytest.raises(InputError, match="regions/spot: the shape is not valid"):
        read_outline(path)
    with pytest.warns(UserWarning, match="regions/spot: repaired: self-intersection at") as told:
        outline = read_outline(path, repair=True)
    assert [warning.filename for warning in told] == [__file__]  # whoever asked for the repair
    assert str(told[0].message).endswith("; the area changed by 0.0014 %")
    assert outline.regions["spot"].is_valid
    with pytest.raises(InputError, match=r"regions/spot: .*at \(130, 730\); a repair would change the area by 100 %"):
        read_outline(outline_with(BOW_TIE, tmp_path), repair=True)


def test_an_atlas_is_mended_as_a_whole(tmp_path: Path, patterns_value: Any) -> None:
    for view in ("anterior", "left", "right"):
        (tmp_path / f"neutral.{view}.svg").write_bytes((DATA / f"neutral.{view}.svg").read_bytes())
    outline_with(SLIP, tmp_path)
    with pytest.warns(UserWarning, match="repaired") as told:
        atlas = load_atlas(patterns_with(patterns_value, [SLIP], tmp_path), tmp_path, repair=True)
    assert len(told) == 2
    assert atlas.outline("neutral", "posterior").regions["spot"].is_valid


def test_a_tangle_is_refused_in_time(patterns_value: Any, tmp_path: Path) -> None:
    random = Random(1)
    tangle = [[random.uniform(-200, 200), random.uniform(0, 1_700)] for _ in range(3_000)]
    path = patterns_with(patterns_value, [tangle], tmp_path)
    said = r"pairs of edges, more than the limit of 100,000 \(trigpoint.limits.REPAIR_PAIRS"
    with within(2.0), pytest.raises(InputError, match=said):
        read_patterns(path, repair=True)


def test_the_largest_tangle_that_passes_is_judged_in_time() -> None:
    random = Random(1)
    tangle = [(random.random(), random.random()) for _ in range(440)]
    with within(2.0), pytest.raises(ValueError, match=r"would change the area by"):
        mended([tangle])
    assert limits.REPAIR_PAIRS < 500**2


def test_the_change_is_told_as_a_share_of_the_area() -> None:
    with pytest.raises(ValueError, match=r"would change the area by 66\.7 %, more than 1 %"):
        mended([[(0, 0), (30, 15), (30, -5), (0, 10)]])  # triangles of 50 and 200 mm2 that turn against each other
    shape, change = mended([SQUARE, CROSSING])
    before = 6_000 - 85 * 0.545 / 2
    assert change == pytest.approx((shape.area - before) / before)
    assert change > 0.0004


def test_what_changes_by_the_most_that_is_allowed_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    _, change = mended([SLIP])
    monkeypatch.setattr(repair, "MOST", change)
    assert mended([SLIP])[1] == change
    monkeypatch.setattr(repair, "MOST", 0.999 * change)
    with pytest.raises(ValueError, match="would change the area"):
        mended([SLIP])


@pytest.mark.parametrize("teeth", [1, 120])  # with 120 the edges are looked at in several goes
def test_edges_are_a_tangle_by_how_many_lie_over_each_other(teeth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    saw = [(x, 60.0 + x % 2) for x in range(100 - teeth, 100)]
    ring = np.array([(0, 0), (200, 0), (200, 60), (99, 61), (101, 61), *saw[::-1], (-99, 61)])
    assert fault(even_odd([ring]))
    boxes = np.sort(np.stack([ring, np.roll(ring, -1, axis=0)]), axis=0)
    over = (boxes[0][:, None] <= boxes[1][None]).all(axis=2)
    pairs = int((over & over.T).sum())  # of each edge with every other and itself, in both orders
    monkeypatch.setattr(limits, "REPAIR_PAIRS", pairs)
    assert mended([ring])[0].is_valid
    monkeypatch.setattr(limits, "REPAIR_PAIRS", pairs - 1)
    with pytest.raises(ValueError, match=f"not repaired: {pairs:,} or more pairs of edges, more than the limit"):
        mended([ring])


PLACES = st.tuples(st.floats(0, 99), st.floats(0, 99))


@example([[(0.0, 0.0), (0.0, 1.0), (1.0, 0.0)], [(0.0, 0.0), (0.0, 1.0), (5e-324, 0.0)]])
@example([[(0.0, 2.0), (1.97e-165, 0.0), (1.97e-165, 1.0), (4.03e-280, 1.0)]])
@given(st.lists(st.lists(PLACES, min_size=3, max_size=8), min_size=1, max_size=3))
def test_what_is_mended_is_valid_and_hardly_changed(rings: list[list[tuple[float, float]]]) -> None:
    try:
        shape, change = mended(rings)
    except ValueError:
        return
    assert not fault(shape)
    assert not shape.is_empty
    assert 0 <= change <= MOST


@pytest.mark.filterwarnings("default")
def test_the_command_mends_on_request_and_says_so(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    small = small_files(tmp_path)
    value = json.loads(small.patterns.read_text("utf-8"))
    zone = value["muscles"][-1]["points"][0]["zones"][0]
    start, stop = np.array(zone["rings"][0][:2])
    aside = (stop - start)[::-1] * (0.5, -0.5) / np.linalg.norm(stop - start)
    slip = [(start + share * (stop - start) + aside).tolist() for share in (0.55, 0.45)]
    zone["rings"][0][1:1] = slip
    small.patterns.write_text(json.dumps(value), "utf-8")
    monkeypatch.chdir(tmp_path)
    words = ["render", "hip", "--out", "figures", "--patterns", str(small.patterns), "--outlines", str(small.outlines)]
    assert main(words) == 2
    assert "the ring is not valid" in capsys.readouterr().err
    for more in (["--jobs", "1"], ["--jobs", "2", "--format", "svg,pdf"]):
        assert main([*words, "--repair", *more]) == 0
        assert capsys.readouterr().err.count("repaired: ") == 1
    assert main(["check", str(small.patterns), "--outlines", str(small.outlines), "--repair"]) == 0
    out, err = capsys.readouterr()
    assert err.startswith("warning: ")
    assert "no problems" in out
