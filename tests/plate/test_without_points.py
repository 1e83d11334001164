"""A muscle without trigger points: its shape and name are drawn, nothing is said of pain."""

from __future__ import annotations

from dataclasses import replace

import pytest

import trigpoint as tp
from tests.support.small_atlas import small_atlas
from trigpoint.atlas import Atlas


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The small atlas, its hip muscle without points and a muscle without points and shape."""
    folder = tmp_path_factory.mktemp("outlines")
    patterns = small_atlas(folder).patterns
    back, calf, hip = (
        replace(muscle, points=() if muscle.id == "hip" else muscle.points) for muscle in patterns.muscles
    )
    nowhere = replace(hip, id="nowhere", names={"en": "Nowhere"}, aliases=())
    return Atlas(replace(patterns, muscles=(back, calf, hip, nowhere)), folder)


def test_the_views_are_those_that_show_its_shape(bare):
    assert bare.views("hip") == ("posterior", "right")
    assert bare.views("hip", side="left") == ("posterior", "left")
    assert bare.views("nowhere") == ()


def test_it_is_drawn_and_named(bare):
    scene = tp.Diagram("hip", atlas=bare).scene()
    drawn = {group.id for group in scene.children}
    assert {"body", "muscle", "title", "legend", "credit", "locator"} <= drawn
    assert not {"points", "essential", "spillover"} & drawn
    words = [text.text for text in scene.texts()]
    assert words.count("Hip muscle") == 3  # title, label and legend
    assert "Position of the muscle, right side" in words
    assert not any("pain" in word.lower() for word in words)


def test_its_words_speak_of_no_points(bare):
    diagram = tp.Diagram("hip", views="posterior", atlas=bare)
    assert diagram.caption() == (
        "Hip muscle, right side: position of the muscle, seen from behind. "
        "No referral pattern of its own is drawn. Typical position, not a diagnosis."
    )
    assert diagram.alt_text() == "Body map seen from behind, with the hip muscle on the right side."


def test_it_stands_on_a_plate_with_others(bare):
    together = tp.Diagram("hip", "calf", atlas=bare)
    assert "Hip muscle. No referral pattern of its own is drawn. B Calf muscle. TrP1" in together.caption()
    legend = [text.text for text in together.scene().texts()]
    assert {"Hip muscle", "Calf muscle", "Trigger point"} <= set(legend)
    assert tp.Diagram("hip", "calf", atlas=bare, points=["calf.trp1"]).scene().find("essential")
    alone = tp.Diagram("hip", layout="grid", atlas=bare)
    assert alone.caption().count("No referral pattern") == 1
    assert not any("pain" in text.text.lower() for text in alone.scene().texts())
    count = tp.Diagram("hip", "calf", overlay="count", atlas=bare).scene()
    assert count.find("overlay") is not None
    shapes = {group.id for group in count.find("overlay").children}
    only = tp.Diagram("calf", overlay="count", atlas=bare).scene()
    assert shapes == {group.id for group in only.find("overlay").children}, "a muscle without points counts nothing"


def test_points_of_it_are_not_known(bare):
    with pytest.raises(tp.UnknownNameError, match="unknown trigger point of hip '1'"):
        tp.Diagram("hip", points=[1], atlas=bare)


def test_what_no_view_shows_is_refused(bare):
    with pytest.raises(tp.InputError, match="no view shows anything of nowhere"):
        tp.Diagram("nowhere", atlas=bare)
    assert tp.Diagram("nowhere", views="posterior", atlas=bare).scene().find("body")
