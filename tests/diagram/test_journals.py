"""Journals' presets: every number has a source, a plate keeps the rules, and one that breaks them says so."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import trigpoint as tp
from tests.support.command import trigpoint
from tests.support.small_atlas import small_atlas
from trigpoint.cli import main
from trigpoint.cli.presets import WORDS
from trigpoint.diagram import journals
from trigpoint.diagram.diagram import FORMATS
from trigpoint.diagram.journals import File, PresetWarning, problems, styled
from trigpoint.scene import Dots, Group, Scene, Text
from trigpoint.scene import Path as Line
from trigpoint.style import PT, SMALLEST_TEXT, THEMES

KNOWN = journals.presets()
FILE = Path(__file__).parents[2] / "data" / journals.FILE
LISTED = [
    "elsevier-single",
    "elsevier-onehalf",
    "elsevier-double",
    "springer-single",
    "springer-double",
    "bmc-single",
    "bmc-double",
    "nature-single",
    "nature-onehalf",
    "nature-double",
    "plos",
    "bmj-single",
    "bmj-double",
    "frontiers-single",
    "frontiers-double",
    "generic-single",
    "generic-double",
]


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    return small_atlas(tmp_path_factory.mktemp("outlines"))


def rule(key, preset="elsevier-single"):
    return KNOWN[preset].get(key)


def page(*items, width=80.0, height=60.0) -> Scene:
    return Scene(width, height, (Group("labels", "Labels", items),))


def said(preset: str, scene: Scene, **more) -> list[str]:
    file = File(**{"dpi": 300, **more}) if more else None
    return [problem.line() for problem in problems(KNOWN[preset], scene, THEMES["plate"], file)]


def line(width: float, stroke: str = "#222222") -> Line:
    return Line((np.array([(0, 0), (9, 9)]),), closed=False, stroke=stroke, width=width * PT)


def test_the_presets_of_the_file_in_their_order():
    assert list(KNOWN) == LISTED


@pytest.mark.parametrize("preset", KNOWN.values(), ids=KNOWN)
def test_every_number_has_a_source_and_says_how_sure_it_is(preset):
    assert preset.rules.keys() <= WORDS.keys(), "a key that nothing reads"
    assert {"width_mm", "dpi"} <= preset.rules.keys()
    for key, rule in preset.rules.items():
        source = rule.source
        assert rule.confidence in journals.CONFIDENCE
        assert (rule.confidence == "low") == (source.id == "recall"), key
        assert (source.read_on is None) == (source.id in ("recall", "own")), key
        if source.read_on:
            assert date.fromisoformat(source.read_on) <= date(2100, 1, 1)
        assert source.title
        assert source.url is None or re.match("https?://", source.url)


@pytest.mark.parametrize("preset", KNOWN.values(), ids=KNOWN)
def test_numbers_make_sense(preset):
    pairs = [("width_min_mm", "width_mm"), ("width_mm", "width_max_mm"), ("text_min_pt", "text_max_pt")]
    pairs += [("line_min_pt", "line_max_pt"), ("dpi_min", "dpi"), ("dpi", "dpi_max")]
    for low, high in pairs:
        if preset.get(low) is not None and preset.get(high) is not None:
            assert 0 < preset.get(low) <= preset.get(high)
    assert not preset.get("formats") or set(preset.get("formats")) <= {*FORMATS, "eps", "tiff", "jpeg"}


def test_sources_are_all_used_and_keys_stand_once():
    twice: list[str] = []

    def keep(pairs):
        keys = [key for key, _ in pairs]
        twice.extend(key for key in keys if keys.count(key) > 1)
        return dict(pairs)

    held = json.loads(FILE.read_text("utf-8"), object_pairs_hook=keep)
    used = {rule.source.id for preset in KNOWN.values() for rule in preset.rules.values()}
    assert used == set(held["sources"])
    assert not twice


@pytest.mark.parametrize("preset", KNOWN)
def test_a_plate_made_for_a_journal_keeps_its_rules(preset):
    """All of a real plate but colour, which a reader has to choose."""
    d = tp.Diagram("gluteus_medius", preset=preset, theme="print")
    assert d.scene().width == rule("width_mm", preset)
    assert d.check_preset() == ()
    accepted = [kind for kind in FORMATS if kind in (rule("formats", preset) or FORMATS)]
    accepted = [kind for kind in accepted if (preset.partition("-")[0], kind) != ("nature", "eps")]  # outlines
    assert [d.check_preset(kind) for kind in accepted] == [()] * len(accepted)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("preset", KNOWN.values(), ids=KNOWN)
def test_a_style_keeps_its_colours_and_gets_sizes_within_the_rules(preset, theme):
    style = styled(THEMES[theme], preset)
    for field in fields(style):
        before, after = getattr(THEMES[theme], field.name), getattr(style, field.name)
        if field.name.startswith("size_"):
            least = max((preset.get("text_min_pt") or 0) * PT, SMALLEST_TEXT)
            most = max((preset.get("text_max_pt") or 99), preset.get("letter_pt") or 0) * PT
            assert least - 1e-9 <= after <= max(most, least) + 1e-9
        elif field.name.startswith("least_"):
            assert after >= before
        elif not field.name.endswith("_width"):
            assert after == before


def test_a_narrow_figure_keeps_to_the_least_line_and_text(atlas):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        diagram = tp.Diagram("hip", atlas=atlas, preset="springer-single", width=42, points=[1], views="posterior")
        told = " ".join(str(problem) for problem in diagram.check_preset())
    assert "pt" not in told, told


def test_what_is_within_the_rules_already_is_left_alone():
    plate = THEMES["plate"]
    style = styled(plate, KNOWN["elsevier-single"])
    assert style.size_title == plate.size_title
    assert style.outline_width == plate.outline_width
    assert style.size_credit == pytest.approx(7 * PT)


BROKEN = [
    ("elsevier-single", page(width=120), {}, "the figure is 120 mm wide; asked for: at most 90 mm"),
    ("plos", page(width=60), {}, "60 mm wide; asked for: at least 66.8 mm"),
    ("plos", page(width=200), {}, "200 mm wide; asked for: at most 190.5 mm"),
    ("nature-single", page(width=80, height=200), {}, "200.0 mm high; asked for: at most 170 mm"),
    ("elsevier-single", page(Text(1, 9, "a", 6 * PT)), {}, "text of 6.0 pt in the layer labels; asked for: at least 7"),
    ("nature-single", page(Text(1, 9, "a", 9 * PT)), {}, "text of 9.0 pt in the layer labels; asked for: at most 7 pt"),
    ("springer-double", page(line(0.2)), {}, "a line of 0.20 pt in the layer labels; asked for: at least 0.3 pt"),
    ("elsevier-single", page(line(2)), {}, "a line of 2.00 pt in the layer labels; asked for: at most 1.5 pt"),
    ("bmj-double", page(line(1, "#aa0000")), {}, "colour (#aa0000) in the layer labels; asked for: a figure fit for"),
    ("bmj-double", page(Dots([(1, 1)], 1, "#aa0000")), {}, "colour (#aa0000)"),
    ("bmj-double", page(Text(1, 9, "a", 5, fill="#aa0000")), {}, "colour (#aa0000)"),
    ("bmj-double", page(width=200), {}, "at most 180 mm (from memory: check the journal)"),
    ("elsevier-single", page(), {"format": "svg"}, "the format is svg; asked for: one of pdf, eps, tiff, jpeg"),
    ("bmc-single", page(width=85), {"format": "png", "dpi": 200}, "resolution is 200 dpi; asked for: at least 300"),
    ("plos", page(), {"format": "tiff", "dpi": 1200}, "resolution is 1200 dpi; asked for: at most 600 dpi"),
    ("nature-single", page(), {"format": "pdf", "text": "paths"}, "letters of this pdf are outlines; asked for: live"),
    ("nature-single", page(), {"format": "eps"}, "letters of this eps are outlines; asked for: live text"),
    ("plos", page(), {"format": "tiff", "size": 12_300_000}, "the file has 12.3 MB; asked for: at most 10 MB"),
]


@pytest.mark.parametrize(("preset", "scene", "more", "words"), BROKEN, ids=lambda value: str(value)[:30])
def test_a_broken_rule_is_named_with_what_was_measured_and_what_is_allowed(preset, scene, more, words):
    (found,) = said(preset, scene, **more)
    assert found.startswith(f"{preset}: ")
    assert words in found
    assert "(hint: " in found


KEPT = [
    ("elsevier-single", page(width=60), {}),
    ("nature-single", page(Text(1, 9, "A", 8 * PT), width=89), {}),  # a panel letter
    ("elsevier-single", page(line(3, THEMES["plate"].mark)), {}),  # an X is no line
    ("elsevier-single", page(line(3, "#ffffff")), {}),  # nor is a halo
    ("nature-single", page(), {"format": "pdf", "text": "live"}),
    ("plos", page(), {"format": "eps", "text": "paths"}),
    ("elsevier-single", page(), {"format": "pdf", "dpi": 10}),  # of no account without pixels
    ("bmj-double", page(Text(1, 9, "a", 5, fill="#777777", halo="#ffffff")), {"format": "svg"}),
]


@pytest.mark.parametrize(("preset", "scene", "more"), KEPT, ids=range(len(KEPT)))
def test_what_no_rule_forbids(preset, scene, more):
    assert said(preset, scene, **more) == []


def test_what_is_asked_for_beside_a_preset_wins_and_is_told(atlas, tmp_path):
    d = tp.Diagram("hip", preset="bmc-single", width=120, atlas=atlas)
    assert d.scene().width == 120
    with pytest.warns(PresetWarning) as caught:
        d.save(tmp_path / "a.png", dpi=100)
    words = " ".join(str(warning.message) for warning in caught)
    assert "120 mm wide" in words
    assert "100 dpi" in words
    assert {warning.filename for warning in caught} == {__file__}, "the place of the call, not of the library"
    assert len(d.check_preset()) == 1
    assert len(d.check_preset("png", dpi=100)) == 2
    assert (tmp_path / "a.png").stat().st_size > 0


def test_a_preset_keeps_a_plate_under_its_height():
    words = {"annotate": ["muscle", "points", "regions", "landmarks", "bones"], "views": ["posterior", "right"]}
    free = tp.Diagram("gluteus_medius", width=89, **words)
    held = tp.Diagram("gluteus_medius", preset="elsevier-single", **words)
    assert free.scene().height > 240 >= held.scene().height
    assert held.check_preset() == ()


def test_a_plate_that_cannot_be_so_low_is_drawn_all_the_same_and_says_so():
    words = {"annotate": ["muscle", "points", "regions", "landmarks", "bones"], "preset": "nature-single"}
    d = tp.Diagram("quadratus_lumborum", **words)
    (problem,) = d.check_preset()
    assert "mm high; asked for: at most 170 mm" in problem.what
    with pytest.raises(tp.InputError, match="does not fit a height of 170 mm"):
        tp.Diagram("quadratus_lumborum", height=170, **words).scene()


def test_a_grid_keeps_the_rules_of_text_and_lines():
    names = ["gluteus_medius", "rectus_abdominis", "gluteus_maximus"]  # with a remark on points that cannot be seen
    for preset in ("springer-double", "generic-double", "elsevier-double"):
        assert tp.Diagram(*names, layout="grid", preset=preset).check_preset() == ()


@pytest.mark.parametrize("preset", KNOWN)
def test_an_inset_keeps_the_rules(preset):
    assert tp.Diagram("piriformis", inset="sacral", preset=preset, theme="print").check_preset() == ()


def test_a_preset_gives_the_resolution(atlas):
    width = {}
    for name, dpi in (("bmc-single", 300), ("elsevier-single", 500)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PresetWarning)
            data = tp.Diagram("hip", preset=name, atlas=atlas).to_bytes("png")
        width[dpi] = int.from_bytes(data[16:20], "big")
    assert width == {300: round(85 / 25.4 * 300), 500: round(90 / 25.4 * 500)}


def test_a_notebook_shows_the_figure_without_advice_on_formats(atlas):
    shown = tp.Diagram("hip", preset="springer-single", atlas=atlas)._repr_mimebundle_()
    assert shown["text/plain"] == "Diagram('hip', preset='springer-single')"


def test_without_a_preset_there_are_no_rules(atlas):
    assert tp.Diagram("hip", atlas=atlas).check_preset("svg") == ()


def test_a_user_s_own_style_gets_the_sizes_too(atlas):
    mine = replace(THEMES["plate"], essential="#08306b")
    d = tp.Diagram("hip", preset="springer-single", theme=mine, atlas=atlas)
    assert d.check_preset() == ()
    fills = {item.fill for item in d.scene().walk() if isinstance(item, Line)}
    assert "#08306b" in fills


@pytest.mark.parametrize(
    ("family", "meant"), [("elsevier", "elsevier-double"), ("plos", "plos"), ("bmj", "bmj-double")]
)
def test_a_family_s_name_means_its_usual_width(family, meant):
    assert journals.find(family).id == meant


def test_names_that_are_none(atlas):
    with pytest.raises(tp.UnknownNameError, match="did you mean 'elsevier-single'"):
        tp.Diagram("hip", preset="elsevier-singel", atlas=atlas)
    with pytest.raises(tp.InputError, match=r"no page of JOSPT.*use 'generic-single'"):
        tp.Diagram("hip", preset="jospt", atlas=atlas)


def test_the_command_lists_presets_with_source_and_date(capsys):
    assert main(["presets"]) == 0
    told = capsys.readouterr().out
    assert all(f"\n{name} " in told for name in KNOWN)
    assert "read 2026-11-22" in told
    assert "check the journal" in told
    assert "90?" in told


def test_the_command_tells_all_about_one(capsys):
    assert main(["presets", "plos"]) == 0
    told = capsys.readouterr().out
    assert "greatest height, mm:      222.3" in told
    assert "high confidence; PLOS Medicine: figures, read" in told
    assert main(["presets", "elsevir"]) == 2
    assert "did you mean 'elsevier-single'" in capsys.readouterr().err


def test_presets_for_machines(capsys):
    assert main(["presets", "--json"]) == 0
    rows = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    assert [row["id"] for row in rows] == LISTED
    assert rows[0]["rules"]["width_mm"]["value"] == 90
    assert {"value", "confidence", "source", "url", "read_on"} == set(rows[0]["rules"]["dpi"])


def test_the_command_warns_and_writes(tmp_path):
    done = trigpoint("render", "gluteus_medius", "--preset", "nature-single", "-o", "a.svg", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr.startswith("warning: nature-single: the format is svg; asked for: one of pdf, eps")
    assert (tmp_path / "a.svg").stat().st_size > 0


def test_the_command_takes_the_format_from_the_preset(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["render", "gluteus_medius", "--preset", "elsevier-single", "--out", "plates", "--dry-run"]) == 0
    assert capsys.readouterr().out.split() == [str(Path("plates/gluteus_medius.pdf"))]


def test_strict_writes_nothing_that_breaks_a_rule(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["render", "gluteus_medius", "--preset", "bmc-single", "--strict", "--format", "svg,png", "--out", "plates"]
    assert main([*words, "--dpi", "200"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "error: plates/gluteus_medius.svg: bmc-single: the format is svg; asked for: one of pdf, eps, tiff, png, jpeg"
        " (hint: save it as pdf)",
        "error: plates/gluteus_medius.png: bmc-single: the resolution is 200 dpi; asked for: at least 300 dpi"
        " (hint: leave dpi out)",
    ]
    assert not list(tmp_path.iterdir())
    assert main(["render", "gluteus_medius", "--preset", "bmc-single", "--strict", "-o", "a.pdf"]) == 0
    assert main(["render", "gluteus_medius", "--strict", "-o", "b.pdf"]) == 2
    assert "--strict holds figures to a preset" in capsys.readouterr().err
