"""Words fall back to English; names of the data keep their languages."""

from __future__ import annotations

import pytest

from trigpoint.words import LANGUAGES, listing, name, word


def test_words_fall_back_to_english():
    assert word("view.posterior") == "Posterior view"
    assert word("view.posterior", "de") == "Posterior view"


def test_an_unknown_word_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        word("view.inferior")


def test_caution_says_what_a_plate_is_not():
    assert "not a diagnosis" in word("caution")
    assert "en" in LANGUAGES


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
    ("items", "expected"),
    [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b, and c")],
)
def test_listing(items, expected):
    assert listing(items) == expected
