"""Names in the shipped data: there in every language, told apart, written as it is written, and found again."""

from __future__ import annotations

import re

import pytest

import trigpoint as tp
from authoring.content import translations
from trigpoint.atlas.patterns import name_key, read_patterns
from trigpoint.files.shipped import resource
from trigpoint.words import LANGUAGES, quoted

ATLAS = tp.load_atlas()
PATTERNS = ATLAS.patterns
NAMED = [code for code in LANGUAGES if code not in ("en", "la")]
EASTERN = ("zh", "ja")
LACKING = 0.1  # of all names
CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


def everything(code: str) -> dict[str, str]:
    found = {f"muscle {muscle.id}": muscle.names for muscle in PATTERNS.muscles}
    found |= {f"region {region.id}": region.names for region in PATTERNS.regions.values()}
    found |= {point.id: point.label for muscle in PATTERNS.muscles for point in muscle.points}
    return {key: names[code] for key, names in found.items() if code in names}


@pytest.mark.parametrize("code", NAMED)
def test_hardly_anything_lacks_a_name(code):
    """Who adds a muscle need not know seven languages, but a language that falls behind is found."""
    assert len(ATLAS.missing_names().get(code, [])) <= LACKING * len(everything(code))
    assert all(code in region.names for region in PATTERNS.regions.values())


def test_latin_names_every_muscle_and_eastern_languages_every_acupuncture_point():
    assert all("la" in muscle.names for muscle in PATTERNS.muscles)
    assert all(set(point.names) == {"en", *EASTERN} for point in PATTERNS.acupoints)


@pytest.mark.parametrize("code", ["en", *NAMED])
def test_regions_and_muscles_are_told_apart(code):
    for kind in ("region", "muscle"):
        named = [text for key, text in everything(code).items() if key.startswith(kind)]
        assert len({name_key(text) for text in named}) == len(named)


@pytest.mark.parametrize("muscle", PATTERNS.muscles, ids=lambda muscle: muscle.id)
def test_labels_of_a_muscle_are_told_apart(muscle):
    for code in ("en", *NAMED):
        labels = [point.label[code] for point in muscle.points if code in point.label]
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("code", ["en", *NAMED])
def test_marks_are_those_of_the_language(code):
    strange = set("\"'‘‚“”„«»「」") - set(quoted("", code))
    wide, narrow = "，（）；：", ",();:"
    strange |= set(narrow if code in EASTERN else wide)
    assert not {key: text for key, text in everything(code).items() if strange & set(text) or text != text.strip()}


@pytest.mark.parametrize("code", EASTERN)
def test_eastern_names_are_in_their_script(code):
    plain = {key: text for key, text in everything(code).items() if not CJK.search(text)}
    assert all(re.fullmatch(r"TrP\d?", text) for text in plain.values())


@pytest.mark.parametrize("code", [code for code in NAMED if code not in EASTERN])
def test_western_names_are_in_theirs(code):
    assert not [text for text in everything(code).values() if CJK.search(text)]
    regions = [text for key, text in everything(code).items() if key.startswith("region")]
    if code != "de":
        assert all(text[0].islower() for text in regions)


@pytest.mark.parametrize("muscle", PATTERNS.muscles, ids=lambda muscle: muscle.id)
def test_a_muscle_is_found_by_any_of_its_names(muscle):
    for name in (*muscle.names.values(), *muscle.aliases):
        assert ATLAS.muscle(name) is muscle
        assert ATLAS.muscle(name.upper()) is muscle


@pytest.mark.parametrize(
    "name",
    [
        "mittlerer gesassmuskel",
        "Mittlerer Gesaessmuskel",
        "mittlerer Gesäßmuskel",
        "M. gluteus medius",
        "m gluteus medius",
        "Muscle moyen fessier",
        "músculo glúteo médio",
        "gluteo medio",
        "GLÚTEO MEDIO",
        "臀中肌",
        "中殿筋",
    ],
)
def test_accents_case_and_the_word_muscle_do_not_count(name):
    assert ATLAS.muscle(name).id == "gluteus_medius"


def test_an_accent_of_a_syllable_counts():
    assert name_key("がん") != name_key("かん")


def test_no_name_means_two_muscles():
    read_patterns(resource("data", "referral_patterns.json"))  # raises where one does


def test_names_of_nothing_are_told(monkeypatch):
    known = {"muscles": {"soleus"}, "regions": {"heel"}}
    tables = {"xx": {"muscles": {"soleus": "a"}, "regions": {"hel": "b"}, "acupoints": {"GB30": "c"}}}
    monkeypatch.setattr(translations, "tables", lambda: tables)
    with pytest.raises(ValueError, match=r"names/xx.toml: \[regions\] hel; names/xx.toml: \[acupoints\] GB30"):
        translations.check(known)
    assert translations.of("muscles", "soleus", "Soleus") == {"en": "Soleus", "xx": "a"}


def test_labels_fall_back_where_a_language_has_fewer(monkeypatch):
    monkeypatch.setattr(translations, "tables", lambda: {"xx": {"points": {"soleus": ["eins"]}}})
    assert translations.label("soleus", 1, "one") == {"en": "one", "xx": "eins"}
    assert translations.label("soleus", 2, "two") == {"en": "two"}
    assert translations.aliases("soleus") == []


def typeset(names):
    if isinstance(names, str):
        return translations.typeset(names)
    if isinstance(names, list):
        return [typeset(name) for name in names]
    return {key: typeset(name) for key, name in names.items()}


def test_abbreviations_keep_to_what_follows_them():
    assert translations.typeset("Mm. gemelli, M. soleus") == "Mm.\u00a0gemelli, M.\u00a0soleus"
    assert translations.typeset("浅层TrP 1（上外侧）") == "浅层TrP\u00a01（上外侧）"
    assert translations.typeset("orteils 2 à 5") == "orteils\u00a02 à\u00a05"
    assert translations.typeset("TrP au milieu") == "TrP au milieu"


def test_a_point_is_found_by_its_label_however_it_is_typed():
    for label in ("Superficial TrP 1 (upper, lateral)", "oberflachlicher trp 1 oben lateral", "浅层TrP 1（上外侧）"):
        assert tp.Diagram("quadratus_lumborum", points=[label])._specs[0].points == ("quadratus_lumborum.trp1",)


def test_the_shipped_names_are_those_that_are_authored():
    """Held without a build, which takes minutes: whoever mends a name must build as well."""
    for code, table in translations.tables().items():
        shipped = {
            "muscles": {muscle.id: muscle.names[code] for muscle in PATTERNS.muscles if code in muscle.names},
            "regions": {region.id: region.names[code] for region in PATTERNS.regions.values() if code in region.names},
            "points": {
                muscle.id: labels
                for muscle in PATTERNS.muscles
                if (labels := [point.label[code] for point in muscle.points if code in point.label])
            },
        }
        shipped["acupoints"] = {point.id: point.names[code] for point in PATTERNS.acupoints if code in point.names}
        assert shipped == {kind: typeset(table.get(kind, {})) for kind in shipped}
    for muscle in PATTERNS.muscles:
        assert set(translations.aliases(muscle.id)) <= set(muscle.aliases)
