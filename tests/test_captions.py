"""What is said of every muscle in every language: whole sentences, of that language, without ids and loose ends."""

from __future__ import annotations

import re

import pytest

import trigpoint as tp
from trigpoint.words import LANGUAGES, NAMES_ONLY

ATLAS = tp.load_atlas()
SPOKEN = [code for code in LANGUAGES if code not in ("en", *NAMES_ONLY)]
ENGLISH = re.compile(r"\b(the|and|of|over|along|with|pain|side|seen|trigger points?)\b", re.IGNORECASE)
LOOSE = re.compile(r"[{}_]|  |\.\.| [,.)]|\( |,,|;;|[:;,]$")
WIDE = re.compile(r"[，；：。、（）][ ,;:.]|[ ,;:.][，；：。、（）]|。。|、、")
CITED = re.compile(r"\w[\w’-]+( & \w[\w’-]+| et al\.)?\s\d{4}")


@pytest.mark.parametrize("muscle", [muscle.id for muscle in ATLAS.muscles])
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
