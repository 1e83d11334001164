"""Words fall back to English, names of the data keep their languages, and each language writes as it is written."""

from __future__ import annotations

import pytest

from trigpoint.words import (
    LANGUAGES,
    chain,
    has,
    heading,
    inside,
    language,
    listing,
    name,
    number,
    quoted,
    sentences,
    span,
    word,
)


def test_words_fall_back_to_english():
    assert word("view.posterior") == "Posterior view"
    assert word("view.posterior", "la") == word("view.posterior", "sv") == "Posterior view"
    assert word("view.posterior", "de") == word("view.posterior", "de-AT") == "Ansicht von hinten"


def test_an_unknown_word_is_a_mistake_of_ours():
    assert has("view.posterior")
    assert not has("view.inferior")
    with pytest.raises(KeyError):
        word("view.inferior", "de")


def test_caution_says_what_a_plate_is_not():
    assert "not a diagnosis" in word("caution")
    assert LANGUAGES[0] == "en"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("la", "Musculus gluteus medius"),
        ("en", "Gluteus medius"),
        ("de", "Gluteus medius"),
        ("la-x", "Musculus gluteus medius"),
    ],
)
def test_a_name_in_the_best_language(language, expected):
    assert name({"en": "Gluteus medius", "la": "Musculus gluteus medius"}, language) == expected


def test_a_name_without_english():
    assert name({"la": "Musculus soleus", "de": "Schollenmuskel"}, "fr") == "Schollenmuskel"


@pytest.mark.parametrize(
    ("asked", "known", "meant"),
    [
        ("de", (), "de"),
        ("de-AT", (), "de"),
        ("de-AT", ("de-AT",), "de-AT"),
        ("PT_br", ("pt-BR",), "pt-BR"),
        ("zh-Hans-CN", (), "zh"),
        ("sv", ("sv",), "sv"),
        ("xx", (), None),
        ("", (), None),
        ("d", (), None),
    ],
)
def test_which_language_is_meant(asked, known, meant):
    assert language(asked, known) == meant


def test_a_tag_is_tried_from_its_whole_to_its_first_part():
    assert chain("zh-Hant-TW") == ("zh-Hant-TW", "zh-Hant", "zh")


@pytest.mark.parametrize(
    ("items", "expected"),
    [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b, and c")],
)
def test_listing(items, expected):
    assert listing(items) == expected


@pytest.mark.parametrize(
    ("items", "code", "expected"),
    [
        (("Leiste", "Hüfte", "Knie"), "de", "Leiste, Hüfte und Knie"),
        (("Leiste", "obere und untere Wade"), "de", "Leiste sowie obere und untere Wade"),
        (("inner and outer knee", "heel", "shin"), "en", "inner and outer knee, heel, and shin"),
        (("pubis", "ingle"), "es", "pubis e ingle"),
        (("pubis", "ilíaco"), "es-MX", "pubis e ilíaco"),
        (("coste", "epigastrio"), "it", "coste ed epigastrio"),
        (("coste", "fianco"), "it", "coste e fianco"),
        (("muslo", "hueso"), "es", "muslo y hueso"),
        (("骶部", "臀部"), "zh", "骶部和臀部"),
        (("仙骨部", "殿部", "腰部"), "ja", "仙骨部、殿部、腰部"),
    ],
)
def test_listing_in_other_languages(items, code, expected):
    assert listing(items, code) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "code", "expected"),
    [
        (1234567, 0, "en", "1,234,567"),
        (0.5, 1, "de", "0,5"),
        (-1234.5, 1, "it", "-1.234,5"),
        (1234.5, 2, "fr", "1\u00a0234,50"),
        (1234.5, 1, "ja", "1,234.5"),
        (7, 0, "la", "7"),
    ],
)
def test_numbers_have_the_marks_of_the_language(value, decimals, code, expected):
    assert number(value, code, decimals) == expected


def test_ranges_and_quotations():
    assert span(1234, 2345, "de") == "1.234–2.345"
    assert span(1, 2, "zh") == span(1, 2, "ja") == "1\uff5e2"
    quoted_ = [quoted("x", code) for code in ("en", "de", "fr", "es", "it", "ja")]
    assert quoted_ == ["“x”", "„x“", "«\u00a0x\u00a0»", "«x»", "«x»", "「x」"]


def test_sentences_are_joined_as_the_language_joins_them():
    assert sentences(["One.", "", "Two."]) == "One. Two."
    assert sentences(["一。", "二。"], "zh") == "一。二。"


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("Gluteus medius", "en", "gluteus medius"),
        ("M. gluteus medius", "de", "M. gluteus medius"),
        ("Ansicht von hinten", "de", "Ansicht von hinten"),
        ("Élévateur de l’anus", "fr", "élévateur de l’anus"),
        ("IT band", "en", "IT band"),
        ("Achilles tendon", "en", "Achilles tendon"),
        ("臀中肌", "zh", "臀中肌"),
        ("", "en", ""),
    ],
)
def test_a_name_inside_a_sentence(text, code, expected):
    assert inside(text, code) == expected
    assert heading(expected) == text
