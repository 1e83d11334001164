from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from trigpoint import limits
from trigpoint.atlas import pattern_checks
from trigpoint.atlas.pattern_writer import format_patterns
from trigpoint.atlas.patterns import (
    About,
    Acupoint,
    Evidence,
    Muscle,
    Patterns,
    Prevalence,
    TriggerPoint,
    Zone,
    name_key,
    read_patterns,
)
from trigpoint.errors import InputError, UnknownNameError
from trigpoint.files import reading
from trigpoint.files.reading import hidden
from trigpoint.files.shipped import resource
from trigpoint.geometry.rings import even_odd

PATH = Path(__file__).parents[1] / "support" / "fixtures_data" / "patterns.json"
TEXT = PATH.read_text("utf-8")
SCHEMA = json.loads(resource("data", "referral_patterns.schema.json").read_text("utf-8"))
FIRST = "/muscles/0/points/0"


@pytest.fixture
def refused(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Read a value, a text or bytes as a pattern file; the lines of its problems, without the file's name."""

    def read(given: Any) -> list[str]:
        path = tmp_path / "clinic.json"
        text = given if isinstance(given, (str, bytes)) else json.dumps(given)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
        with pytest.raises(InputError) as caught:
            read_patterns(path)
        assert all(problem.file == str(path) for problem in caught.value.problems)
        return [replace(problem, file="").line() for problem in caught.value.problems]

    return read


@pytest.fixture
def patterns() -> Patterns:
    return read_patterns(PATH)


def at(value: Any, pointer: str) -> tuple[Any, Any]:
    """The container and the key that a JSON pointer leads to."""
    *path, last = pointer.strip("/").split("/")
    for token in path:
        value = value[int(token) if isinstance(value, list) else token]
    return value, int(last) if isinstance(value, list) else last


def spoil(value: Any, pointer: str, new: Any) -> Any:
    container, key = at(value, pointer)
    if isinstance(container, list) and key == len(container):
        container.append(new)
    else:
        container[key] = new
    return value


def test_canonical_text_comes_back_byte_for_byte(patterns: Patterns) -> None:
    assert format_patterns(patterns) == TEXT


def test_patterns_hold_what_the_file_says(patterns: Patterns) -> None:
    assert patterns.about.stature_mm == 1700
    assert [muscle.id for muscle in patterns.muscles] == ["gluteus_medius", "piriformis"]
    muscle = patterns.muscles[0]
    assert muscle.names["ja"] == "中殿筋"
    assert muscle.aliases == ("GMed",)
    point = muscle.points[1]
    assert (point.id, point.number, point.review) == ("gluteus_medius.trp2", 2, "checked")
    assert point.at == {"posterior": (140.0, 690.0), "right": (10.0, 700.0)}
    assert point.regions["essential"] == ("gluteal_lateral", "gluteal_mid")
    assert point.evidence[0].source in patterns.sources
    assert patterns.sources["PAGE"].year is None
    assert patterns.regions["sacral"].wpi == "lower_back"
    with pytest.raises(TypeError):
        patterns.sources["x"] = patterns.sources["PAGE"]  # type: ignore[index]


def values(value: Any) -> list[Any]:
    """A value of a pattern file and all that it holds."""
    if isinstance(value, Mapping):
        return [each for item in value.values() for each in values(item)]
    if isinstance(value, tuple):
        return [each for item in value for each in values(item)]
    if is_dataclass(value):
        return [value, *(each for field in fields(value) for each in values(getattr(value, field.name)))]
    return []


def test_patterns_stay_as_they_were_read(patterns: Patterns) -> None:
    """Many figures and threads share one atlas."""
    often = replace(patterns.muscles[0], prevalence=Prevalence(1, 2, "PAGE"))
    near = Acupoint("A1", {"en": "A"}, "here", {}, (Evidence("PAGE", "read"),))
    kinds = set()
    for value in values(replace(patterns, muscles=(often,), acupoints=(near,))):
        kinds.add(type(value).__name__)
        with pytest.raises(FrozenInstanceError):
            setattr(value, fields(value)[0].name, "else")
    assert kinds == {
        "Patterns", "About", "Source", "Region", "Muscle", "TriggerPoint", "Zone", "Evidence", "Prevalence", "Acupoint"
    }  # fmt: skip


def test_what_is_not_said_is_empty() -> None:
    muscle = Muscle("m", {"en": "M"}, ())
    assert not any(getattr(muscle, field.name) for field in fields(muscle)[2:])
    assert {muscle.group, muscle.origin, muscle.insertion, muscle.innervation, muscle.notes} == {""}
    point = TriggerPoint("m.trp1", 1, {}, "here", "right", {}, (), (), "low", "draft")
    assert (dict(point.regions), dict(point.area_cm2), point.on("left"), point.on("right")) == ({}, {}, True, True)
    about = About("Mine", "1", "CC0")
    assert (about.stature_mm, about.body) == (1700, "neutral")


def test_a_zone_is_a_shape_with_holes(patterns: Patterns) -> None:
    zone = next(zone for zone in patterns.muscles[0].points[0].zones if len(zone.rings) == 2)
    assert zone.geometry.area == 110 * 160 - 40 * 60
    assert zone.geometry is zone.geometry
    assert Zone.of(zone.kind, zone.view, zone.geometry) == zone


@pytest.mark.parametrize("which", [2, "2", "trp2", "TrP2", "gluteus_medius.trp2"])
def test_a_point_of_a_muscle_has_many_names(patterns: Patterns, which: int | str) -> None:
    assert patterns.muscles[0].point(which).number == 2


def test_an_unknown_point_names_the_known_ones(patterns: Patterns) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown trigger point of gluteus_medius '7'.*trp1, trp2"):
        patterns.muscles[0].point(7)


def test_names_are_told_apart_by_letters_only() -> None:
    assert name_key("Gluteus-medius") == name_key(" gluteus_MEDIUS ") == name_key("gluteusmedius")
    assert name_key("GESÄSS") == name_key("Gesäß")


@pytest.mark.parametrize(
    "name", [" M. soleus ", "\tMusculus soleus", "Musculus-soleus", "musculus_soleus", "(M. soleus)", "Soleus muscle "]
)
def test_a_word_for_muscle_counts_nowhere(name: str) -> None:
    assert name_key(name).removesuffix("muscle") == "soleus"


def test_shares_of_patients_are_in_order(refused) -> None:  # type: ignore[no-untyped-def]
    value = json.loads(TEXT)
    often = value["muscles"][0]["prevalence"] = {"least": 50, "most": 10, "source": next(iter(value["sources"]))}
    assert refused(value) == ["/muscles/0/prevalence: the least, 50, is above the most, 10 (hint: change them over)"]
    often["least"] = 10
    value["about"]["licence"] = ""
    assert not any("prevalence" in line for line in refused(value))


@pytest.mark.parametrize(
    ("pointer", "new", "said"),
    [
        ("/format", 2, "/format: the file has format 2, this trigpoint reads format 1 (hint: update trigpoint"),
        ("/format", "1", "/format: a whole number expected, found \"1\""),
        ("/muscels", [], "/muscels: unknown field 'muscels' (hint: did you mean 'muscles'?)"),
        ("/about/stature_mm", 1800, "/about/stature_mm: 1700 expected, found 1800"),
        ("/about/licence", "", "/about/licence: 0 characters, at least 1 expected"),
        ("/muscles/0/names/en", "  ", "/muscles/0/names/en: '  ' cannot stand here (hint: write a short text)"),
        ("/about", None, "/about: an object expected, found null"),
        ("/sources/PAGE/kind", "pages", "unknown value 'pages' (hint: did you mean 'page'?)"),
        ("/sources/PAGE/year", 99, "the number 99 is outside 1500 to 2200"),
        ("/sources/PAGE/year", True, "a whole number expected, found true"),
        ("/sources/PAGE/url", "javascript:alert(1)", "'javascript:alert(1)' cannot stand here (hint: begin with https://)"),
        ("/sources/a b", {}, "/sources/a b: 'a b' cannot be used as a key"),
        ("/regions/x~1y", {}, "'x~1y' cannot be used as a key"),
        ("/regions/sacral/names/english", "x", "'english' cannot be used as a key (hint: use a language tag"),
        ("/regions/sacral/names", {"de": "Kreuzbein"}, "/regions/sacral/names: field 'en' is missing"),
        ("/muscles/0/orgin", "x", "/muscles/0/orgin: unknown field 'orgin'"),
        ("/muscles/0/id", "9x", "/muscles/0/id: '9x' cannot stand here (hint: begin with a letter"),
        ("/muscles/1/id", "gluteus_medius", "/muscles/1/id: the name 'gluteus_medius' already means another muscle"),
        ("/muscles/1/aliases/0", "g-med", "/muscles/1/aliases/0: the name 'g-med' already means another muscle"),
        ("/muscles/1/names/en", "gluteus Medius", "/muscles/1/names/en: the name 'gluteus Medius' already"),
        ("/muscles/1/aliases/0", "x" * 201, "201 characters, more than the limit of 200 (trigpoint.limits"),
        ("/muscles/0/notes", "x" * 4_001, "trigpoint.limits.TEXT_CHARACTERS"),
        (f"{FIRST}/id", "gluteus_medius.trp9", "hint: write 'gluteus_medius.trp1'"),
        (f"{FIRST}/number", 2, "trigger point 2 stands twice"),
        (f"{FIRST}/number", 0, "the number 0 is outside 1 to 999"),
        (f"{FIRST}/confidence", "hihg", "did you mean 'high'?"),
        (f"{FIRST}/evidence", [], "0 entries, at least 1 expected (hint: name at least one source)"),
        (f"{FIRST}/evidence/0/source", "MANUAL1993", "unknown source 'MANUAL1993' (hint: did you mean 'MANUAL1992'?)"),
        (f"{FIRST}/regions/essential/0", "sacrall", "unknown region 'sacrall' (hint: did you mean 'sacral'?)"),
        (f"{FIRST}/at/back", [1, 2], f"{FIRST}/at/back: unknown field 'back'"),
        (f"{FIRST}/at/posterior", [1], "1 entries, at least 2 expected (hint: write [x, y])"),
        (f"{FIRST}/at/posterior", [1, 9_999], "the number 9999 is outside -5000 to 5000"),
        (f"{FIRST}/zones/1/view", "right", "a second spillover zone in view right"),
        (f"{FIRST}/zones/0/rings", [], "0 entries, at least 1 expected (hint: give at least one ring)"),
        (f"{FIRST}/zones/0/rings/0", [[0, 0], [1, 1]], "zones/0/rings/0: a list of at least three places expected"),
        (f"{FIRST}/zones/0/rings/0/1", [0], "zones/0/rings/0/1: a place near the body expected"),
        (f"{FIRST}/zones/0/rings/0/1", ["0", "1"], "zones/0/rings/0/1: a place near the body expected"),
        (f"{FIRST}/zones/0/rings/0/1", [0, 6_000], "zones/0/rings/0/1: a place near the body expected"),
        (f"{FIRST}/zones/0/rings/0", [[0, 0], [9, 9], [9, 0], [0, 9]], "not valid: self-intersection at (4.5, 4.5)"),
        (f"{FIRST}/zones/0/rings/0", [[0, 0], [0, 0], [0, 0]], "not valid: too few points"),
        (f"{FIRST}/zones/0/rings/1", [[20, 700], [20, 900], [25, 900]], "the rings do not fit together: self-inter"),
        (f"{FIRST}/location", "a\u0000b", f"{FIRST}/location: the text holds U+0000 control character at character 2"),
        (f"{FIRST}/label/en", "a\u202eb", "the text holds U+202E RIGHT-TO-LEFT OVERRIDE at character 2"),
        (f"{FIRST}/label/en", "a\ud800b", "the text holds U+D800 surrogate at character 2"),
        (f"{FIRST}/label/e\nn", "x", "a key holds U+000A control character"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(pointer: str, new: Any, said: str, patterns_value: Any, refused) -> None:  # type: ignore[no-untyped-def]
    lines = refused(spoil(patterns_value, pointer, new))
    assert any(said in line for line in lines), lines


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1 column 1: not JSON: expecting value"),
        ("{'a': 1}", "line 1 column 2: not JSON"),
        (TEXT.replace('"en": "Piriformis"', '"en": "Piriformis", "en": "x"'), "names: key 'en' stands twice"),
        (TEXT.replace("[90.0, 700.0]", "[NaN, 700.0]"), f"{FIRST}/at/posterior/0: the number is not finite"),
        (TEXT.replace("[90.0, 700.0]", "[90.0, 1e400]"), f"{FIRST}/at/posterior/1: the number is not finite"),
        (TEXT.replace("[90.0, 700.0]", "[90.0, -Infinity]"), f"{FIRST}/at/posterior/1: the number is not finite"),
        (TEXT.replace("[90.0, 700.0]", "[90.0, 1234567890123456]"), "a whole number of 16 or more digits"),
        (TEXT.replace("[90.0, 700.0]", f"[90.0, {'9' * 5_000}]"), "a whole number of 16 or more digits"),
        (TEXT.replace("[90.0, 700.0]", "[" * 40 + "]" * 40), "nested deeper than 32 levels (trigpoint.limits.DEPTH)"),
        ("[" * 200_000 + "]" * 200_000, "nested deeper than 32 levels"),
        (TEXT.encode("utf-16"), "not UTF-8 text (byte 0, line 1) (hint: save the file as UTF-8)"),
        (TEXT.encode("utf-16-le"), "not UTF-8 text"),
        (TEXT.encode("latin-1", "replace"), "not UTF-8 text"),
        ("[]", "an object expected, found a list"),
        ("1", "an object expected, found 1"),
        ("{}", "field 'muscles' is missing"),
        ('{"format": 2, "chapters": []}', "/format: the file has format 2"),
    ],
)  # fmt: skip
def test_what_is_no_pattern_file_is_refused(text: str | bytes, said: str, refused) -> None:  # type: ignore[no-untyped-def]
    lines = refused(text)
    assert any(said in line for line in lines), lines


@pytest.mark.parametrize(("source", "known"), [("MANUAL1992", True), ("MANUAL1993", False)])
def test_how_often_needs_a_source(source: str, known: bool, patterns_value: Any, tmp_path: Path) -> None:
    patterns_value["muscles"][0]["prevalence"] = {"least": 1, "most": 2, "source": source}
    path = tmp_path / "x.json"
    path.write_text(json.dumps(patterns_value), "utf-8")
    if known:
        patterns = read_patterns(path)
        assert patterns.muscles[0].prevalence == Prevalence(1, 2, source)
        path.write_text(format_patterns(patterns), "utf-8")
        assert read_patterns(path) == patterns
        return
    with pytest.raises(InputError) as caught:
        read_patterns(path)
    (problem,) = caught.value.problems
    assert problem.pointer == "/muscles/0/prevalence/source"
    assert problem.line().endswith("unknown source 'MANUAL1993' (hint: did you mean 'MANUAL1992'?)")


def test_a_muscle_without_an_id_has_no_wrong_numbers(patterns_value: Any, refused) -> None:  # type: ignore[no-untyped-def]
    del patterns_value["muscles"][0]["id"]
    (line,) = refused(patterns_value)
    assert line.startswith("/muscles/0: field 'id' is missing")


@pytest.mark.parametrize("place", [(5_000, 0), (-5_000, 0), (0, 5_000), (0, -5_000)])
def test_the_farthest_place_is_near_the_body(place: tuple[int, int], patterns_value: Any, tmp_path: Path) -> None:
    """That it is not on the body is for the atlas to find."""
    rings = [[[*place], [1, 1], [2, 3]]]
    path = tmp_path / "x.json"
    path.write_text(json.dumps(spoil(patterns_value, f"{FIRST}/zones/0/rings", rings)), "utf-8")
    assert read_patterns(path).muscles[0].points[0].zones[0].rings[0][0] == place


# What the file has most of when the first zone has a square and a triangle in it, and how it is told.
CAPS = {
    "RING_VERTICES": (4, f"{FIRST}/zones/0/rings/0: 4 vertices in a ring, more than the limit of 3"),
    "FILE_VERTICES": (7, "/muscles: 7 vertices, more than the limit of 6"),
    "RING_PAIRS": (4, "/muscles: 4 pairs of rings, more than the limit of 3"),
    "CHAIN_PAIRS": (49, "/muscles: 49 pairs of edges, more than the limit of 48"),
}


@pytest.mark.parametrize("cap", CAPS)
def test_what_is_just_at_a_cap_is_judged(cap: str, patterns_value: Any, refused, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    most, said = CAPS[cap]
    rings = [[[0, 0], [9, 0], [9, 9], [0, 9]], [[5, 5], [15, 5], [15, 8]]]
    del patterns_value["muscles"][1]["points"][:], patterns_value["muscles"][0]["points"][1:]
    del patterns_value["muscles"][0]["points"][0]["zones"][1:]
    spoil(patterns_value, f"{FIRST}/zones/0/rings", rings)
    monkeypatch.setattr(limits, cap, most)
    (line,) = refused(patterns_value)
    assert line.startswith(f"{FIRST}/zones/0/rings: the rings do not fit together: self-intersection at (9, 5)")
    monkeypatch.setattr(limits, cap, most - 1)
    (line,) = refused(patterns_value)
    assert line.startswith(said)


def test_rings_in_one_another_are_few(tmp_path: Path, patterns_value: Any, refused, work: Counter[str]) -> None:  # type: ignore[no-untyped-def]
    """Many side by side are drawn in time; the union of many in one another takes a time that grows with the square."""
    apart = [[[90 + i, 690], [90.5 + i, 690], [90 + i, 690.5]] for i in range(50)]
    nest = [[[90 + i, 700 + i], [190 - i, 700 + i], [190 - i, 800 - i], [90 + i, 800 - i]] for i in range(49)]
    most, path = limits.NESTED_RINGS, tmp_path / "many.json"
    path.write_text(json.dumps(spoil(patterns_value, f"{FIRST}/zones/0/rings", [*apart, *nest[:most]])), "utf-8")
    assert len(read_patterns(path).muscles[0].points[0].zones[0].rings) == 50 + most
    before = work["even_odd"]
    (line,) = refused(spoil(patterns_value, f"{FIRST}/zones/0/rings", [*apart, *nest[: most + 1]]))
    assert line.startswith(
        f"/muscles: {most + 1} rings in one another, more than the limit of {most} (trigpoint.limits"
    )
    assert work["even_odd"] == before


def test_a_zone_of_the_most_rings_is_judged(patterns_value: Any, refused, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    many = [[[x, y], [x + 5, y], [x, y + 5]] for x in range(0, 370, 10) for y in range(0, 270, 10)]
    rings = [*many[: limits.SHAPE_RINGS - 1], [[1, 1], [9, 1], [9, 2]]]
    del patterns_value["muscles"][1]["points"][:], patterns_value["muscles"][0]["points"][1:]
    del patterns_value["muscles"][0]["points"][0]["zones"][1:]
    (line,) = refused(spoil(patterns_value, f"{FIRST}/zones/0/rings", rings))
    assert line.startswith(f"{FIRST}/zones/0/rings: the rings do not fit together: self-intersection at (")
    monkeypatch.setattr(limits, "RING_PAIRS", limits.SHAPE_RINGS**2 - 1)
    (line,) = refused(patterns_value)
    assert line.startswith("/muscles: 1,000,000 pairs of rings")


def test_another_format_is_all_that_is_said(patterns_value: Any, refused) -> None:  # type: ignore[no-untyped-def]
    assert len(refused(patterns_value | {"format": 2, "new": []})) == 1


def test_all_problems_come_at_once(patterns_value: Any, refused) -> None:  # type: ignore[no-untyped-def]
    spoil(patterns_value, f"{FIRST}/zones/0/rings/0", [[0, 0], [9, 9], [9, 0], [0, 9]])
    spoil(patterns_value, f"{FIRST}/evidence/0/source", "NOBODY")
    spoil(patterns_value, "/muscles/1/points", 5)
    del patterns_value["muscles"][0]["names"]
    spoil(patterns_value, "/muscles/0/nmaes", {"en": "x"})
    spoil(patterns_value, "/sources/PAGE/citation", "a\u202eb")
    said = refused(patterns_value)
    assert [line.partition(":")[0] for line in said] == [
        "/sources/PAGE/citation",
        "/muscles/0/nmaes",
        "/muscles/1/points",
        f"{FIRST}/evidence/0/source",
        f"{FIRST}/zones/0/rings/0",
    ]
    assert "did you mean 'names'?" in said[1]


def test_many_problems_are_counted(patterns_value: Any, refused) -> None:  # type: ignore[no-untyped-def]
    spoil(patterns_value, f"{FIRST}/zones/0/rings/0", [[0, "x"]] * 5_000)
    lines = refused(patterns_value)
    assert len(lines) == limits.PROBLEMS + 1
    assert lines[-1] == "and 4,900 more problems"


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_text(TEXT, "utf-8-sig")
    assert format_patterns(read_patterns(path)) == TEXT


def test_a_reversed_ring_means_the_same(patterns_value: Any, tmp_path: Path, patterns: Patterns) -> None:
    rings = patterns_value["muscles"][0]["points"][0]["zones"][0]["rings"]
    rings[0].reverse()
    path = tmp_path / "x.json"
    path.write_text(json.dumps(patterns_value), "utf-8")
    again = read_patterns(path)
    assert again.muscles[0].points[0].zones[0].geometry.equals(patterns.muscles[0].points[0].zones[0].geometry)


def ring(size: int) -> list[list[float]]:
    return [[i % 100, i // 100] for i in range(size)]


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How much the reader does of what takes long: bytes decoded, values scanned, vertices tested for crossings."""
    done: Counter[str] = Counter()

    def counted(module: Any, name: str, size: Callable[[Any], int]) -> None:
        function = getattr(module, name)

        def counts(given: Any, *more: Any) -> Any:
            done[name] += size(given)
            return function(given, *more)

        monkeypatch.setattr(module, name, counts)

    counted(reading, "decoded", len)
    counted(reading.Scan, "look", lambda _: 1)
    counted(pattern_checks, "even_odd", lambda rings: sum(map(len, rings)))
    return done


def with_rings(rings: Any) -> str:
    return json.dumps(spoil(json.loads(TEXT), f"{FIRST}/zones/0/rings", rings))


@pytest.mark.parametrize(
    ("make", "cap", "spared"),
    [
        (lambda: "[" + "1" * 17_000_000 + "]", "16,777,216 (trigpoint.limits.JSON_BYTES)", "decoded"),
        (lambda: "[" + "{}," * 5_000_000 + "1]", "1,000,000 (trigpoint.limits.JSON_VALUES)", "decoded"),
        (lambda: "[" + '"",' * 200_000 + "1]", "100,000 (trigpoint.limits.ITEMS)", "look"),
        (lambda: with_rings([ring(10_001)]), "10,000 (trigpoint.limits.RING_VERTICES)", "even_odd"),
        (lambda: with_rings([ring(3)] * 1_001), "1,000 (trigpoint.limits.SHAPE_RINGS)", "even_odd"),
        (lambda: with_rings([ring(9_900)] * 21), "200,000 (trigpoint.limits.FILE_VERTICES)", "even_odd"),
    ],
)
def test_a_cap_is_looked_at_before_the_work_is_done(make, cap: str, spared: str, refused, work: Counter[str]) -> None:  # type: ignore[no-untyped-def]
    lines = refused(make())
    assert any(f"more than the limit of {cap}" in line for line in lines), lines[:3]
    assert work[spared] < 1_000  # what the rest of the file needs; the part above the cap would need thousands


def test_a_long_value_is_not_repeated_in_the_message(refused) -> None:  # type: ignore[no-untyped-def]
    (line,) = refused(TEXT.replace("[90.0, 700.0]", '"' + "x" * 1_000_000 + '"'))
    assert "a list expected, found" in line
    assert len(line) < 300


STATUS = Path("/proc/self/status")


@pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells a process its own peak of memory")
@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 300 + "1" + "}" * 300,
        "[" + ('{"k":1},' * 300_000) + "1]",
        "[" + ('"' + "\U0001f9b4" * 4_000_000 + '"') + "]",
    ],
    ids=["deep", "wide", "long"],
)
def test_the_largest_that_may_pass_stays_within_memory(text: str, tmp_path: Path) -> None:
    """The peak is VmHWM, which begins anew with the program; ru_maxrss would count the process that started it."""
    path = tmp_path / "x.json"
    path.write_text(text, "utf-8")
    code = (
        "import sys\n"
        "from trigpoint.atlas.patterns import read_patterns\n"
        "try:\n    read_patterns(sys.argv[1])\n"
        f"except ValueError:\n    print(open('{STATUS}').read())\n"
    )
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", code, path], cwd=root, capture_output=True, text=True, check=True)
    peak = re.search(r"^VmHWM:\s+(\d+) kB$", run.stdout, re.MULTILINE)
    assert peak
    assert int(peak[1]) < 300 * 1024


def every_place(value: Any, pointer: str = "") -> list[str]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [pointer] * bool(pointer) + [place for key, item in inner for place in every_place(item, f"{pointer}/{key}")]


PLACES = [place for place in every_place(json.loads(TEXT)) if not re.search(r"/rings/0/[1-9]", place)]
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-10, 3_000), st.floats(), st.text(max_size=8),
    st.lists(st.integers(0, 9), max_size=4), st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(places=st.lists(st.sampled_from(PLACES), min_size=1, max_size=3), junk=JUNK, drop=st.booleans())
def test_junk_in_any_place_is_an_input_error_as_the_schema_says(
    tmp_path: Path, places: list[str], junk: Any, drop: bool
) -> None:
    """Never another exception; and whatever an independent validator refuses, the reader refuses too."""
    value = json.loads(TEXT)
    for place in places:
        try:
            container, key = at(value, place)
            if drop:
                del container[key]
            else:
                container[key] = copy.deepcopy(junk)
        except (KeyError, IndexError, TypeError, ValueError):
            continue  # an earlier change took the place away
    path = tmp_path / "x.json"
    path.write_text(json.dumps(value), "utf-8")
    try:
        read_patterns(path)
    except InputError:
        return
    jsonschema.validate(json.loads(json.dumps(value)), SCHEMA)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@example(0, TEXT.encode()[:3])
@example(TEXT.encode().index(b"piriformis") + 4, b"xyz")
@given(st.integers(0, len(TEXT)), st.binary(max_size=6))
def test_junk_bytes_are_an_input_error_or_read_as_they_stand(tmp_path: Path, where: int, junk: bytes) -> None:
    raw = TEXT.encode()
    path = tmp_path / "x.json"
    path.write_bytes(raw[:where] + junk + raw[where + 3 :])
    try:
        read = read_patterns(path)
    except InputError:
        assert path.read_bytes() != raw
        return
    path.write_text(format_patterns(read), "utf-8")
    assert read_patterns(path) == read


WORDS = st.text(max_size=30).filter(lambda text: not hidden(text))
COORDINATES = st.floats(-900, 900)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    label=WORDS.filter(str.strip),
    note=WORDS,
    x=COORDINATES,
    y=COORDINATES,
    size=st.floats(1, 90),
    sides=st.integers(3, 9),
)
def test_whatever_is_formatted_reads_back(
    tmp_path: Path, label: str, note: str, x: float, y: float, size: float, sides: int
) -> None:
    patterns = read_patterns(PATH)
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)][: min(sides, 4)]
    zone = Zone.of("essential", "left", even_odd([corners]))
    point = replace(
        patterns.muscles[0].points[0], label={"en": label}, location=note, zones=(zone,), at={"left": (x, y)}
    )
    muscle = replace(patterns.muscles[0], points=(point,), notes=note)
    text = format_patterns(replace(patterns, muscles=(muscle,)))
    path = tmp_path / "x.json"
    path.write_text(text, "utf-8")
    again = read_patterns(path)
    assert format_patterns(again) == text
    assert again.muscles[0].points[0].zones == (zone,)
    assert again.muscles[0].points[0].label["en"] == label


def test_the_schema_is_a_schema_and_accepts_the_fixture() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(TEXT), SCHEMA)


def test_the_caps_of_the_schema_are_those_of_the_library() -> None:
    def rules(value: Any) -> list[dict[str, Any]]:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return ([value] if isinstance(value, dict) else []) + [rule for item in inner for rule in rules(item)]

    for rule in rules(SCHEMA):
        if "x-cap" in rule:
            assert (rule.get("maxLength") or rule["maxItems"]) == getattr(limits, rule["x-cap"])
    assert SCHEMA["$defs"]["ring"]["maxItems"] == limits.RING_VERTICES
    assert SCHEMA["$defs"]["place"]["items"]["maximum"] == limits.COORDINATE_MM
