"""Languages on the command line: what is named, how it is found, and which names a file lacks."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

import trigpoint as tp
from tests.support.command import small_files
from trigpoint.atlas.consistency import muscles_without_shape
from trigpoint.atlas.pattern_writer import format_patterns
from trigpoint.atlas.patterns import read_patterns
from trigpoint.cli import main


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_files(tmp_path_factory.mktemp("small"))


@pytest.mark.parametrize(
    ("code", "named"),
    [("de", "M.\u00a0soleus  "), ("de-AT", "M.\u00a0soleus  "), ("ja", "ヒラメ筋  "), ("en", "Soleus  ")],
)
def test_list_in_a_language(code, named, capsys):
    assert main(["list", "--language", code]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("soleus"))
    assert named in line
    assert line.endswith("  3 trigger points")


def test_columns_hold_where_signs_are_wide(capsys):
    main(["list", "--lang", "zh"])
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("soleus"))
    assert line == "soleus" + " " * 23 + "比目鱼肌" + " " * 21 + "3 trigger points"


def test_show_in_a_language(capsys):
    assert main(["show", "Medio gluteo", "--language", "fr"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Moyen fessier (gluteus_medius)\n")
    assert "de: M.\u00a0gluteus medius" in re.sub(r"\n +", " ", text)
    assert "TrP1 (postérieur) (gluteus_medius.trp1)" in text
    assert "crête iliaque postérieure, région sacrée" in text
    assert "pain felt     on the same side, but the sacral part on both sides" in text
    assert "origin " in text


@pytest.mark.parametrize("command", [["list"], ["show", "soleus"], ["render", "soleus", "-o", "-"]])
def test_a_language_that_is_not_there(command, capsys):
    assert main([*command, "--language", "dee"]) == 2
    assert "unknown language 'dee' (hint: did you mean 'de'?)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["show", "gluteus"], "did you mean 'gluteus_maximus', 'gluteus_medius' or 'gluteus_minimus'?"),
        (["show", "glutaeus"], "did you mean 'gluteus_maximus', 'gluteus_medius' or 'gluteus_minimus'?"),
        (["show", "hamstring"], "did you mean 'biceps_femoris' or 'semitendinosus_semimembranosus'?"),
        (["show", "piriformus"], "did you mean 'piriformis'?"),
        (["list", "--region", "Wade"], "did you mean 'calf_lower' or 'calf_upper'?"),
        (["list", "--region", "buttock upper"], "did you mean 'gluteal_upper'?"),
    ],
    ids=str,
)
def test_a_part_of_a_name_brings_all_that_may_be_meant(words, meant, capsys):
    assert main(words) == 2
    assert meant in capsys.readouterr().err


@pytest.mark.parametrize(
    "region", ["Kreuzbeinregion", "KREUZBEINREGION", "骶部", "仙骨部", "sacral region", "regione sacrale"]
)
def test_a_region_is_found_by_any_of_its_names(region, capsys):
    assert main(["list", "--region", region, "--json"]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first["region"] == "sacral"


def test_a_name_of_two_regions_is_refused(small):
    atlas = tp.load_atlas(small.patterns, small.outlines)
    first, second = list(atlas.patterns.regions)[:2]
    regions = {
        key: replace(region, names={**region.names, "de": "Gégend"}) for key, region in atlas.patterns.regions.items()
    }
    atlas.patterns = replace(atlas.patterns, regions=regions)
    with pytest.raises(tp.InputError, match=f"'gegend' means several regions: {first}, {second}.*give the id of one"):
        atlas.find_region("gegend")
    assert atlas.find_region(second) == second


def test_check_tells_which_names_are_missing(small, capsys):
    words = ["check", str(small.patterns), "--outlines", str(small.outlines)]
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert out.endswith("no problems (3 muscles, 11 trigger points)\n")
    lines = err.splitlines()
    assert lines[0] == "notice: la: 1 name missing, drawn in English: /muscles/1/names"
    assert lines[1].startswith("notice: de: ")
    assert " names missing, drawn in English: /muscles/0/names, /muscles/1/names, /muscles/2/names and " in lines[1]
    assert main([*words, "--json"]) == 0
    out, err = capsys.readouterr()
    missing = json.loads(out)["missing_names"]
    assert missing["la"] == ["/muscles/1/names"]
    assert list(missing) == ["la", "de", "fr", "es", "pt", "it", "zh", "ja"]
    assert "/muscles/2/points/2/label" in missing["ja"]
    assert "/regions/sacral/names" in missing["ja"]
    assert err == ""


def test_the_shipped_file_is_told_of_as_any_other(capsys):
    assert main(["check"]) == 0
    assert len(capsys.readouterr().err.splitlines()) == len(tp.load_atlas().missing_names())


def test_a_missing_name_is_drawn_in_english_and_never_as_an_id(small, tmp_path):
    patterns = read_patterns(small.patterns)
    hip = next(muscle for muscle in patterns.muscles if muscle.id == "hip")
    file = tmp_path / "mine.json"
    file.write_text(
        format_patterns(replace(patterns, muscles=(replace(hip, names={"en": "Rump", "de": "Gesäß"}),))), "utf-8"
    )
    atlas = tp.load_atlas(file, small.outlines)
    scene = tp.Diagram("hip", language="de", atlas=atlas).scene()
    assert scene.title == "Gesäß: Triggerpunkte und übertragener Schmerz, rechte Seite"
    diagram = tp.Diagram("hip", language="fr", atlas=atlas)
    assert diagram.scene().title == "Rump\u00a0: Points gâchettes et douleur référée, côté droit"
    assert "TrP1 (posterior) – douleur essentielle (aplat)\u00a0: sacrum\u00a0;" in diagram.caption()
    said = [diagram.caption(), diagram.alt_text(), *(text.text for text in diagram.scene().texts())]
    assert not any("_" in words or "hip.trp" in words for words in said)


def test_a_region_that_only_the_outline_knows_is_called_as_it_calls_it(monkeypatch):
    atlas = tp.load_atlas()
    bare = type(atlas)(replace(atlas.patterns, regions={}), atlas._folder)
    from trigpoint.plate.region_phrases import region

    assert region(bare, "gluteal_upper", "de") == "upper buttock"
    assert region(bare, "achilles", "fr") == "Achilles tendon"
    assert region(bare, "no_such", "fr") == "no such"


def test_show_tells_how_often_a_muscle_is_found_active(capsys):
    assert main(["show", "gluteus_medius"]) == 0
    text = capsys.readouterr().out
    assert "  found active  in 34 to 45 % of patients with low back pain; MONCLUS2025\n" in text
    assert "\n  MONCLUS2025   Monclus-Diez G" in text
    assert main(["show", "gluteus_medius", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["prevalence"]["source"] in record["sources"]
    assert main(["show", "soleus"]) == 0
    assert "found active" not in capsys.readouterr().out


def test_a_region_without_muscles_is_told_and_two_questions_are_refused(capsys):
    assert main(["list", "--region", "cheek"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "notice: no muscle here refers pain to cheek\n")
    assert main(["list", "--regions", "--region", "cheek"]) == 2
    assert "--regions and --region exclude each other" in capsys.readouterr().err


def test_muscles_that_can_be_named_are_offered_in_order():
    atlas = tp.load_atlas()
    drawn = {view: atlas.outline("neutral", view) for view in ("posterior", "anterior", "right", "left")}
    strange = replace(atlas.patterns, muscles=(replace(atlas.muscle("soleus"), id="qqq"),))
    (problem,) = muscles_without_shape(strange, drawn, "mine.json")
    ids = sorted({muscle for outline in drawn.values() for muscle in outline.muscles})
    assert problem.hint.startswith(f"choose one of {', '.join(ids[:8])}, ")


def test_all_of_none_is_refused(small, capsys, tmp_path):
    value = json.loads(small.patterns.read_text("utf-8")) | {"muscles": []}
    (tmp_path / "none.json").write_text(json.dumps(value), "utf-8")
    assert main(["render", "--all", "--patterns", str(tmp_path / "none.json"), "--out", str(tmp_path / "out")]) == 2
    assert "none.json: there are no muscles" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
