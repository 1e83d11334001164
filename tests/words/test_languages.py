"""Every language has every word of the interface and no other, and writes with its own marks alone."""

from __future__ import annotations

import json
from pathlib import Path
from string import Formatter

import pytest

from trigpoint.atlas.outlines import VIEWS
from trigpoint.plate.spec import LAYERS
from trigpoint.words import LANGUAGES, NAMES_ONLY, word, words_of

FILES = Path(__file__).parents[2] / "data" / "words"
WORDS = {code: words_of(code) for code in LANGUAGES}
WHOLE = [code for code in LANGUAGES if code not in NAMES_ONLY]
NAMES = ("landmark.", "bone.")
WIDE = ("zh", "ja")


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}


@pytest.mark.parametrize("code", WHOLE)
def test_a_language_has_every_word_and_no_other(code):
    assert set(WORDS[code]) == set(WORDS["en"])


@pytest.mark.parametrize("code", sorted(NAMES_ONLY))
def test_a_language_of_names_has_every_name_and_no_other_word(code):
    assert set(WORDS[code]) == {key for key in WORDS["en"] if key.startswith(NAMES)}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_word_is_filled_in_as_its_english_is(code):
    assert {key: fields(text) for key, text in WORDS[code].items()} == {
        key: fields(WORDS["en"][key]) for key in WORDS[code]
    }


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_word_is_blank_or_has_stray_blanks(code):
    for key, text in WORDS[code].items():
        assert text or key == "join.sentences", key
        assert "  " not in text, key
        if not key.startswith(("join.", "sources.and", "caption.aside", "quote.", "number.")):
            assert text == text.strip(), key


@pytest.mark.parametrize("code", LANGUAGES)
def test_quotation_marks_are_the_languages_own(code):
    own = WORDS[code].get("quote.open", "") + WORDS[code].get("quote.close", "")
    strange = set("\"'‘‚“”„«»‹›「」『』＂") - set(own)
    assert not {key: text for key, text in WORDS[code].items() if strange & set(text)}


@pytest.mark.parametrize("code", WHOLE)
def test_punctuation_is_as_wide_as_the_script(code):
    narrow, wide = ",;:()", "，；：（）。、"
    strange = set(narrow if code in WIDE else wide)
    mixed = {key: text for key, text in WORDS[code].items() if strange & set(text) and key != "number.thousands"}
    assert not mixed


def test_french_has_a_no_break_space_before_high_marks():
    for key, text in WORDS["fr"].items():
        for mark in ":;?!%»":
            assert f" {mark}" not in text, key
            before = [text[place - 1] for place, sign in enumerate(text) if sign == mark and place]
            assert set(before) <= {"\u00a0"}, key


def test_only_french_and_where_a_percent_sign_asks_for_it_have_no_break_spaces():
    for code in set(LANGUAGES) - {"fr"}:
        held = {key for key, text in WORDS[code].items() if "\u00a0" in text or "\u202f" in text}
        assert held <= {"legend.prevalence", "number.thousands"}, code


@pytest.mark.parametrize("code", WHOLE)
def test_what_the_drawing_asks_for_is_there(code):
    for view in VIEWS:
        assert {f"view.{view}", f"from.{view}"} <= set(WORDS[code])
    unnamed = {"zones", "fibres", "lateral_bones"}  # parts of layers that have names
    assert {f"layer.{layer}" for layer in LAYERS if layer not in unnamed} <= set(WORDS[code])


@pytest.mark.parametrize("code", WHOLE)
def test_sides_and_views_are_told_apart(code):
    words = WORDS[code]
    assert words["mark.left"] != words["mark.right"]
    assert max(len(words["mark.left"]), len(words["mark.right"])) == 1
    assert len({words[f"view.{view}"] for view in VIEWS}) == len(VIEWS)
    assert words["side.left"] != words["side.right"]


def test_only_the_language_asked_for_is_read():
    words_of.cache_clear()
    word("caution", "de-AT")
    assert words_of.cache_info().currsize == 2  # of `de-AT`, which has no file, and of `de`


def test_every_file_is_a_language():
    assert sorted(path.name for path in FILES.iterdir()) == sorted(f"{code}.json" for code in LANGUAGES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_file_is_written_in_one_way_and_gives_no_key_twice(code):
    text = (FILES / f"{code}.json").read_text("utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
