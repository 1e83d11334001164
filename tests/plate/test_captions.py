"""What is said of every muscle in every language: whole sentences, of that language, without ids and loose ends."""

from __future__ import annotations

import re
import warnings
from html import unescape

import pytest

import trigpoint as tp
from tests.support.sampling import WITH_POINTS, each_muscle
from trigpoint.words import LANGUAGES, NAMES_ONLY

ATLAS = tp.load_atlas()
SPOKEN = [code for code in LANGUAGES if code not in ("en", *NAMES_ONLY)]
ENGLISH = re.compile(r"\b(the|and|of|over|along|with|pain|side|seen|trigger points?)\b", re.IGNORECASE)
LOOSE = re.compile(r"[{}_]|  |\.\.| [,.)]|\( |,,|;;|[:;,]$")
WIDE = re.compile(r"[，；：。、（）][ ,;:.]|[ ,;:.][，；：。、（）]|。。|、、")
CITED = re.compile(r"\w[\w’-]+( & \w[\w’-]+| et al\.)?\s\d{4}")


@each_muscle()
def test_every_language_says_it_whole(muscle):
    for code in LANGUAGES:
        diagram = tp.Diagram(muscle, language=code)
        for text in (diagram.caption(), diagram.alt_text()):
            assert not LOOSE.search(text), code
            assert text[-1] == ("。" if code in ("zh", "ja") else ".")
            assert code not in SPOKEN or not ENGLISH.search(text), code
            if code in ("zh", "ja"):
                own = CITED.sub("X", text)
                assert not WIDE.search(own), code
                assert not re.search(r"[,;:()]", own), code


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    "asked", [{"layout": "together"}, {"layout": "grid"}, {"overlay": "count"}, {"overlay": "prevalence"}]
)
def test_plates_of_several_muscles_are_told_of_too(asked, code):
    diagram = tp.Diagram("piriformis", "gluteus_medius", "quadratus_lumborum", language=code, **asked)
    for text in (diagram.caption(), diagram.alt_text()):
        assert not LOOSE.search(text)
        assert code not in SPOKEN or not ENGLISH.search(text)


def test_the_sentences_of_one_language():
    diagram = tp.Diagram("piriformis", points=[1], language="fr", views="posterior")
    assert diagram.caption().startswith(
        "Piriforme, côté droit\u00a0: situation typique du point gâchette 1 (X) et douleur référée\u00a0; "
        "vue postérieure. "
        "TrP1 (latéral) – douleur essentielle (aplat)\u00a0: "
    )
    assert diagram.caption().endswith(" Situation typique, non un diagnostic.")


def words_of(diagram):
    """What is said of a figure, by its description inside the file too."""
    inside, *_ = re.findall(r"<desc[^>]*>(.*?)</desc>", diagram.to_bytes("svg").decode("utf-8"))
    return diagram.caption(), diagram.alt_text(), unescape(inside)


@each_muscle(WITH_POINTS, view=("posterior", "anterior", "left", "right"), side=("right", "left"))
def test_only_pain_and_points_that_are_drawn_are_told_of(muscle, view, side):
    with warnings.catch_warnings(action="ignore"):  # of plates that show nothing
        diagram = tp.Diagram(muscle, views=view, side=side)
        caption, *described = words_of(diagram)
    points = [point.id for point in ATLAS.muscle(muscle).points if point.on(side)]
    for kind, marked, named in (
        ("essential", "essential pain (solid)", "Essential pain "),
        ("spillover", "spillover (stippled)", "Spillover "),
    ):
        drawn = [point for point in points if not ATLAS.zone(point, kind, view=view, side=side).is_empty]
        assert caption.count(marked) == len(drawn)
        assert all(named not in text for text in described if not drawn)
    seen = [point for point in points if ATLAS.position(point, view=view, side=side)]
    assert ("(X)" in caption) == bool(seen)
    count = {0: "with the ", 1: "with one trigger point of"}.get(len(seen), f"with {len(seen)} trigger points of")
    assert all(count in text for text in described)


@pytest.mark.parametrize(
    ("layers", "opening", "pain"),
    [
        ("-zones", "typical positions of the trigger points (X), seen from behind", False),
        ("-points", "referred pain of the trigger points, seen from behind", True),
        (["muscle"], "position of the muscle, seen from behind", False),
    ],
)
def test_layers_that_are_left_out_are_not_told_of(layers, opening, pain):
    diagram = tp.Diagram("piriformis", layers=layers, views="posterior")
    caption, *described = words_of(diagram)
    assert caption.startswith(f"Piriformis, right side: {opening}.")
    assert ("(solid)" in caption) == ("Pain is felt on the side" in caption) == pain
    assert all(("pain" in text) == pain for text in described)
    assert all(("trigger point" in text) == (layers == "-zones") for text in described)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("layers", ["-zones", "-points"])
def test_every_language_says_what_is_left_out(layers, code):
    text = tp.Diagram("piriformis", language=code, layers=layers).caption()
    assert not LOOSE.search(text)
    assert code not in SPOKEN or not ENGLISH.search(text)
    assert re.search("[(（]X[)）]", text.split("TrP1")[0]) is None or layers == "-zones"


def test_a_caption_cites_who_weighs():
    assert "Monclus-Diez et al. 2025" in tp.Diagram("piriformis", overlay="prevalence").caption()
    assert "Monclus-Diez" not in tp.Diagram("piriformis", overlay="count").caption()


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_heading_tells_what_the_layers_show(code):
    asked = [{}, {"layers": "-zones"}, {"layers": "-zones", "points": 1}, {"layers": "-points"}, {"layers": ["title"]}]
    headings = [tp.Diagram("piriformis", language=code, **options).scene().title for options in asked]
    assert len(set(headings)) == len(headings) - (code in ("zh", "ja"))  # no plural there
    assert not any(LOOSE.search(heading) for heading in headings)
    if code == "en":
        assert [heading.removeprefix("Piriformis: ").removesuffix(", right side") for heading in headings] == [
            "Trigger points and referred pain",
            "Trigger points",
            "Trigger point",
            "Referred pain",
            "Position of the muscle",
        ]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("layout", ["together", "grid"])
def test_plates_of_several_muscles_tell_of_no_more_than_their_layers(layout, code):
    def said(layers):
        diagram = tp.Diagram("piriformis", "gluteus_medius", layout=layout, language=code, layers=layers)
        return diagram.caption(), diagram.alt_text()

    for layers in ("-zones", "-points"):
        for text in said(layers):
            assert not LOOSE.search(text)
            assert code not in SPOKEN or not ENGLISH.search(text)
    if code == "en":
        caption, described = said("-zones")
        assert "pain" not in caption + described
        assert "right side: typical positions of the trigger points (X), seen from behind" in caption
        assert "(X)" not in said("-points")[0]
        assert "and gluteus medius, right side: referred pain of the trigger points, seen" in said("-points")[0]
