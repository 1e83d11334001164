from __future__ import annotations

import json
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from trigpoint import limits
from trigpoint.atlas import Atlas, load_atlas
from trigpoint.atlas.consistency import on_the_other_side
from trigpoint.atlas.outlines import VIEWS, mirror, mirror_place, mirror_view
from trigpoint.atlas.pattern_writer import format_patterns
from trigpoint.atlas.patterns import Zone, read_patterns, shipped_patterns
from trigpoint.errors import InputError, UnknownNameError
from trigpoint.files.shipped import resource

DATA = Path(__file__).parents[1] / "support" / "fixtures_data"
ONE, TWO = "gluteus_medius.trp1", "gluteus_medius.trp2"


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """A folder with copies of the small bodies and patterns, to be spoilt."""
    shutil.copytree(DATA, tmp_path / "clinic")
    return tmp_path / "clinic"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    "name",
    ["gluteus_medius", "gluteus medius", "Gluteus Medius", "GLUTEUS-MEDIUS", "gmed", "Musculus gluteus medius",
     "mittlerer gesäßmuskel", "中殿筋"],
)  # fmt: skip
def test_a_muscle_is_found_by_any_of_its_names(small_atlas: Atlas, name: str) -> None:
    assert small_atlas.muscle(name) is small_atlas.muscles[0]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("gluteus mediu", "did you mean 'gluteus_medius'?"),
        ("qqq", "choose one of gluteus_medius, piriformis"),
        ("", ""),
        ("Mittlerer Gesässmuskl", "did you mean 'Mittlerer Gesäßmuskel'?"),
        ("musculus gluteus mediuss", "did you mean 'Musculus gluteus medius'?"),
        ("G-Medd", "did you mean 'GMed'?"),
    ],
)
def test_an_unknown_muscle_is_suggested(small_atlas: Atlas, name: str, hint: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        small_atlas.muscle(name)
    assert f"unknown muscle '{name}'" in str(caught.value)
    assert hint in str(caught.value)


def test_points_are_found_by_id(small_atlas: Atlas) -> None:
    assert small_atlas.point(ONE).number == 1
    assert small_atlas.point("Gluteus medius.TrP2").id == TWO
    for wrong, hint in [
        ("gluteus_medius", "did you mean"),
        ("gluteus_medius.trp7", "trp2"),
        ("glutes.trp1", "did you mean"),
    ]:
        with pytest.raises(UnknownNameError, match=hint):
            small_atlas.point(wrong)


def test_outlines_are_read_once(small_atlas: Atlas) -> None:
    assert small_atlas.bodies == ("neutral",)
    outline = small_atlas.outline("neutral", "posterior")
    assert small_atlas.outline("neutral", "posterior") is outline
    assert outline.regions["sacral"].area > 0


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", ["essential", "spillover"])
def test_the_left_is_the_right_in_the_mirror(small_atlas: Atlas, view: str, kind: str) -> None:
    other = mirror_view(view)
    for ask in (
        lambda view, side: small_atlas.zone(TWO, kind, view=view, side=side),
        lambda view, side: small_atlas.shape("gluteus_medius", view=view, side=side),
        lambda view, side: small_atlas.fibres("gluteus_medius", view=view, side=side),
        lambda view, side: small_atlas.region("gluteal_lateral", view=view, side=side),
    ):
        assert ask(view, "left").equals(mirror(ask(other, "right")))


def test_sides_are_the_patients(small_atlas: Atlas) -> None:
    """From behind, the patient's right is on the viewer's right; the lateral views show one side each."""
    behind = {"view": "posterior"}
    assert small_atlas.zone(ONE, "spillover", **behind).bounds[0] > 0
    assert small_atlas.zone(ONE, "spillover", **behind, side="left").bounds[2] < 0
    assert small_atlas.position(ONE, **behind) == (90.0, 700.0)
    assert small_atlas.position(ONE, **behind, side="left") == (-90.0, 700.0)
    assert small_atlas.position(TWO, view="left", side="left") == (-10.0, 700.0)
    assert small_atlas.position(TWO, view="right", side="left") is None
    assert small_atlas.position(ONE, view="anterior") is None
    assert small_atlas.zone(TWO, "essential", view="right", side="left").is_empty
    seen = small_atlas.region("gluteal_lateral", view="left", side="left")
    assert seen.equals(small_atlas.outline("neutral", "left").regions["gluteal_lateral"])


def test_what_is_not_seen_is_empty(small_atlas: Atlas) -> None:
    assert small_atlas.zone(ONE, "essential", view="anterior").is_empty
    assert small_atlas.shape("piriformis", view="right").is_empty
    assert small_atlas.fibres("piriformis", view="posterior").is_empty
    assert small_atlas.region("lumbar", view="posterior").is_empty


def test_views_show_the_most_first(small_atlas: Atlas) -> None:
    assert small_atlas.views("gluteus medius") == ("posterior", "right")
    assert small_atlas.views("gmed", points=[2]) == ("right", "posterior")
    assert small_atlas.views("gmed", points=["TrP2"], side="left") == ("left", "posterior")
    assert small_atlas.views("gmed", points=[ONE]) == ("posterior",)
    muscle = small_atlas.muscle("gmed")
    assert small_atlas.views(muscle, points=muscle.points) == ("posterior", "right")
    assert small_atlas.views("gmed", points=[]) == ()


def test_a_point_without_zones_is_shown_where_its_x_is(small_atlas: Atlas) -> None:
    assert small_atlas.views("piriformis") == ("posterior",)


@pytest.mark.parametrize(
    "ask",
    [
        lambda atlas: atlas.outline("neutral", "back"),
        lambda atlas: atlas.outline("neutrl", "left"),
        lambda atlas: atlas.outline(["neutral"], "left"),
        lambda atlas: atlas.zone(ONE, "esential", view="left"),
        lambda atlas: atlas.zone(ONE, "essential", view="lft"),
        lambda atlas: atlas.zone(ONE, "essential", view="left", side="rihgt"),
        lambda atlas: atlas.zone(ONE, "essential", view="left", body="neutrl"),
        lambda atlas: atlas.position(ONE, view="lft"),
        lambda atlas: atlas.position(ONE, view="left", side="rihgt"),
        lambda atlas: atlas.position(ONE, view="left", body="neutrl"),
        lambda atlas: atlas.shape("gmed", view="left", body="neutrl"),
        lambda atlas: atlas.region("sacrl", view="left"),
        lambda atlas: atlas.reach(ONE, "esential"),
        lambda atlas: atlas.reach(ONE, None),
        lambda atlas: atlas.regions_of(atlas.point(ONE).zones[0], side="rihgt"),
        lambda atlas: atlas.regions_of(atlas.point(ONE).zones[0], body="neutrl"),
        lambda atlas: atlas.regions_of(atlas.point(ONE).zones[0].geometry, view="lft"),
        lambda atlas: atlas.views("gmed", side="rihgt"),
        lambda atlas: atlas.views("gmed", points=[9]),
    ],
)
def test_every_unknown_name_is_answered_with_the_known_ones(small_atlas: Atlas, ask: Any) -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean|choose one of"):
        ask(small_atlas)


def test_a_view_that_is_not_drawn(clinic: Path) -> None:
    (clinic / "neutral.right.svg").unlink()
    (clinic / "notes.about.svg").write_text("not a view")
    atlas = load_atlas(clinic / "patterns.json", clinic)
    assert atlas.bodies == ("neutral",)
    with pytest.raises(UnknownNameError, match="unknown view of body neutral 'right'"):
        atlas.outline("neutral", "right")
    assert atlas.shape("gmed", view="left", side="left").is_empty
    assert atlas.fibres("gmed", view="left", side="left").is_empty
    assert atlas.region("sacral", view="left", side="left").is_empty


def test_the_small_atlas_agrees(small_atlas: Atlas) -> None:
    assert small_atlas.check() == []
    assert "2 muscles" in repr(small_atlas)


def test_disagreements_are_named(clinic: Path) -> None:
    change(clinic / "neutral.posterior.svg", 'id="sacral"', 'id="sacrum"')
    change(clinic / "neutral.posterior.svg", 'id="piriformis"', 'id="pirifomis"')
    change(clinic / "patterns.json", '"posterior": [90.0, 700.0]', '"posterior": [30.0, 700.0]')
    problems = load_atlas(clinic / "patterns.json", clinic).check()
    assert [problem.line().removeprefix(f"{clinic}/") for problem in problems] == [
        "patterns.json: /muscles/0/points/0/at/posterior: the point lies 22 mm off the shape of gluteus_medius"
        " (hint: place it on the muscle)",
        "patterns.json: /muscles/0/points/0/regions/essential/0: no outline shows the region 'sacral'"
        " (hint: did you mean 'sacrum'?)",
        "patterns.json: /muscles/1/id: no outline shows the muscle 'piriformis' (hint: did you mean 'pirifomis'?)",
    ]


def test_what_is_drawn_on_the_wrong_side_is_named(tmp_path: Path) -> None:
    shipped = shipped_patterns()
    muscle = next(muscle for muscle in shipped.muscles if muscle.id == "vastus_medialis")
    point = muscle.points[0]
    turned = replace(
        point,
        at={view: mirror_place(place) for view, place in point.at.items()},
        zones=tuple(Zone.of(zone.kind, zone.view, mirror(zone.geometry)) for zone in point.zones),
    )
    file = tmp_path / "turned.json"
    for laterality, told in (("same_side", True), ("opposite side", False)):
        points = (replace(turned, laterality=laterality),)
        patterns = replace(shipped, muscles=(replace(muscle, points=points),))
        said = [problem.line() for problem in on_the_other_side(patterns, {}, str(file))]
        assert (
            any("/at/anterior: the point lies on the patient's left (hint: draw the" in line for line in said) == told
        )
        assert any("most of the zone lies on the patient's left (hint: draw the" in line for line in said) == told
    assert on_the_other_side(shipped, {}, "") == []


def test_patterns_may_speak_of_less_than_the_outlines_show(clinic: Path) -> None:
    shipped = shipped_patterns()
    few = replace(shipped, muscles=shipped.muscles[:1])
    used = {name for point in few.muscles[0].points for names in point.regions.values() for name in names}
    few = replace(few, regions={name: shipped.regions[name] for name in used})
    (clinic / "few.json").write_text(format_patterns(few), "utf-8")
    assert load_atlas(clinic / "few.json").check() == []


def test_the_shipped_outlines_show_nothing_without_a_name() -> None:
    atlas = load_atlas()
    muscles = {muscle.id for muscle in atlas.muscles}
    for body in atlas.bodies:
        for view in VIEWS:
            outline = atlas.outline(body, view)
            assert set(outline.muscles) <= muscles
            assert set(outline.regions) <= set(atlas.patterns.regions)


def test_a_folder_without_outlines_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "figure.svg").write_text("not an outline")
    for patterns in (None, DATA / "patterns.json"):
        with pytest.raises(InputError) as caught:
            load_atlas(patterns, tmp_path)
        (problem,) = caught.value.problems
        assert problem.line().startswith(f"{tmp_path}: no outlines here (hint: name the files <body>.<view>.svg")


def test_a_body_that_is_not_drawn_is_one_problem(clinic: Path) -> None:
    for view in VIEWS:
        (clinic / f"neutral.{view}.svg").rename(clinic / f"giant.{view}.svg")
    (problem,) = load_atlas(clinic / "patterns.json", clinic).check()
    assert problem.line().endswith(
        "/about/body: there are no outlines of the body 'neutral'"
        " (hint: add files neutral.<view>.svg, or name a body that is there)"
    )


def test_zones_off_the_body_are_refused(clinic: Path) -> None:
    change(clinic / "patterns.json", "[180.0, 740.0]", "[380.0, 740.0]")
    change(clinic / "patterns.json", '"posterior": [90.0, 700.0]', '"posterior": [290.0, 700.0]')
    with pytest.raises(InputError) as caught:
        load_atlas(clinic / "patterns.json", clinic)
    first, second = caught.value.problems
    assert first.pointer == "/muscles/0/points/0/at/posterior"
    assert "the point (290, 700) lies off the body" in first.what
    assert second.pointer.startswith("/muscles/0/points/1/zones/")
    assert "the zone leaves the body at (2" in second.what


def test_only_the_first_of_many_that_are_off_the_body_are_told(clinic: Path) -> None:
    value = json.loads((clinic / "patterns.json").read_text("utf-8"))
    point = value["muscles"][0]["points"][0] | {"at": {"posterior": [2000, 2000]}}
    numbers = range(1, limits.PROBLEMS + 2)
    points = [point | {"id": f"gluteus_medius.trp{number}", "number": number} for number in numbers]
    value["muscles"][0]["points"] = points
    (clinic / "patterns.json").write_text(json.dumps(value), "utf-8")
    with pytest.raises(InputError) as caught:
        load_atlas(clinic / "patterns.json", clinic)
    assert len(caught.value.problems) == limits.PROBLEMS + 1
    assert caught.value.problems[-1].what == "and more problems of this kind"


def test_own_outlines_with_the_shipped_patterns() -> None:
    atlas = load_atlas(outlines=DATA)
    assert atlas.outline("neutral", "posterior").title == "Neutral body, back view"
    assert atlas.muscles == load_atlas().muscles


def test_own_patterns_on_the_shipped_bodies(clinic: Path) -> None:
    path = clinic / "shipped.json"
    path.write_text(format_patterns(shipped_patterns()), "utf-8")
    atlas = load_atlas(patterns=str(path))
    assert atlas.bodies == load_atlas().bodies
    assert atlas.zone(ONE, "essential", view="posterior").equals(load_atlas().zone(ONE, "essential", view="posterior"))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        load_atlas(outlines=tmp_path / "none")


def test_the_shipped_atlas_is_made_once_and_by_many_threads() -> None:
    found: list[Any] = []
    threads = [
        threading.Thread(target=lambda: found.append(load_atlas().zone(ONE, "essential", view="posterior")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(shape.equals(found[0]) for shape in found)
    assert load_atlas() is load_atlas()


def test_the_shipped_patterns_obey_the_rules_they_are_spared_at_every_start() -> None:
    file = resource("data", "referral_patterns.json")
    strict = read_patterns(file)
    assert strict == shipped_patterns()
    assert format_patterns(strict) == file.read_text("utf-8")
    assert json.loads(file.read_text("utf-8"))["format"] == 1


def test_an_atlas_holds_muscles_by_all_their_names():
    shipped = load_atlas()
    assert all(name in shipped for name in ("piriformis", "M. piriformis", "gluteus-medius", "mittlerer Gesäßmuskel"))
    assert not any(name in shipped for name in ("nobody", "", 5, None))
