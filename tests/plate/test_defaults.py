"""With only a muscle's name a plate must be right: every shipped muscle, both sides, the widths journals ask for."""

from __future__ import annotations

import pytest

import trigpoint as tp
from tests.support.plates import check, paths
from tests.support.sampling import each_muscle
from trigpoint.cli import main
from trigpoint.scene import Text


@each_muscle(wide=(60, 85, 120, 175), side=("right", "left"))
def test_nothing_collides(muscle, wide, side):
    check(tp.Diagram(muscle, side=side, width=wide).scene())


@each_muscle(view=("anterior", "posterior", "left", "right"), wide=(60, 85, 120))
def test_nothing_collides_in_one_view(muscle, view, wide):
    check(tp.Diagram(muscle, views=view, width=wide).scene())


@each_muscle()
def test_each_point_by_itself(muscle):
    for point in tp.load_atlas().muscle(muscle).points:
        diagram = tp.Diagram(muscle, points=[point.number])
        check(diagram.scene())
        numbers = {text.text for text in paths(diagram.scene().find("points"), Text)}
        assert numbers == {str(point.number)}


@each_muscle()
def test_default_plate_names_and_numbers_everything(muscle):
    data = tp.load_atlas().muscle(muscle)
    diagram = tp.Diagram(muscle)
    scene = diagram.scene()
    words = " ".join(text.text for text in scene.texts())
    assert data.names["en"] in words
    for point in data.points:
        for part in point.label["en"].split():
            assert part in words
    assert "Typical position, not a diagnosis." in words
    drawn = {"body", "bones", "muscle", "legend", "credit"} | ({"essential", "points"} if data.points else set())
    assert drawn <= {group.id for group in scene.children}
    assert scene.width == (120 if len(scene.find("body").children) == 1 else 175)
    assert scene.height < 225


@each_muscle()
def test_words_are_honest(muscle):
    diagram = tp.Diagram(muscle)
    said = diagram.caption() + diagram.scene().credit
    assert "Fig." not in said
    assert "ch." not in said
    if "recall" in {evidence.basis for point in tp.load_atlas().muscle(muscle).points for evidence in point.evidence}:
        assert "not checked against its pages" in said
        assert "(from general knowledge)" in diagram.caption()


def test_gluteus_medius_shows_back_and_side():
    for side in ("right", "left"):
        scene = tp.Diagram("gluteus_medius", side=side).scene()
        assert {group.id for group in scene.find("muscle").children} >= {"muscle.posterior", f"muscle.{side}"}
        zoned = [group.id.removeprefix("essential.") for group in scene.find("essential").children]
        assert zoned == ["posterior.1", f"{side}.2", "posterior.3"]


def test_a_hip_plate_shows_the_body_from_the_ribs_to_the_thigh_without_hands():
    scene = tp.Diagram("gluteus_medius", views="posterior", panels="together").scene()
    (fill, *_) = paths(scene.find("body"))
    assert len([ring for ring in fill.rings if len(ring) > 10]) == 1


def test_a_point_of_one_side_is_not_drawn_on_the_other():
    right, left = (tp.Diagram("rectus_abdominis", side=side) for side in ("right", "left"))
    assert "McBurney" in " ".join(text.text for text in right.scene().texts())
    assert "McBurney" not in " ".join(text.text for text in left.scene().texts())
    with pytest.raises(tp.InputError, match="a point of the right side only"):
        tp.Diagram("rectus_abdominis", points=[4], side="left")
    atlas = tp.load_atlas()
    assert atlas.zone("rectus_abdominis.trp4", "essential", view="anterior", side="left").is_empty
    assert atlas.position("rectus_abdominis.trp4", view="anterior", side="left") is None


def test_show_says_that_a_point_has_one_side(capsys):
    assert main(["show", "rectus_abdominis"]) == 0
    assert capsys.readouterr().out.count("right side only") == 1


def test_a_view_that_alone_shows_a_named_region_is_drawn():
    """The genital region is small, and seen from the front only."""
    atlas = tp.load_atlas()
    assert atlas.views("obturator_internus") == ("posterior", "anterior")
    assert atlas.views("levator_ani_coccygeus", side="left") == ("posterior", "anterior")
    assert atlas.views("gluteus_medius") == ("posterior", "right")
