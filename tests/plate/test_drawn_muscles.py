"""Muscles in tones, tendons, bellies and shaded bones on a plate, and whose drawings they are."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

import trigpoint as tp
from tests.support.structures import BONES
from trigpoint.atlas import Atlas, load_atlas
from trigpoint.plate import linework
from trigpoint.plate.credits import ATTRIBUTION
from trigpoint.scene import Group, Scene
from trigpoint.scene import Path as Drawn
from trigpoint.style import THEMES, Style

STYLE = Style()
SHORT = "Bones and muscles after BodyParts3D (DBCLS), CC BY 4.0."
PAGE_KB, VIEW_KB = 120, 75
VIEWS = ["posterior", "right"]


@pytest.fixture(scope="module")
def drawn(drawn_folder: Path) -> Atlas:
    return load_atlas(outlines=drawn_folder)


def plate(atlas: Atlas, muscle: str = "gluteus_medius", *, panels: str = "together", **options) -> Scene:
    return tp.Diagram(muscle, atlas=atlas, panels=panels, **options).scene()


def layer(scene: Scene, key: str) -> list[Drawn]:
    found = scene.find(key)
    return [item for group in found.children for item in group.children] if found else []


def fills(items: list[Drawn]) -> list[str]:
    return [item.fill or item.stroke for item in items]


@pytest.mark.parametrize("theme", THEMES)
def test_a_muscle_is_painted_from_light_to_dark_and_its_rim_last(drawn: Atlas, theme: str) -> None:
    style = THEMES[theme]
    found = fills(layer(plate(drawn, views=["posterior"], theme=theme), "muscle"))
    tones = [*style.muscle_tones, style.tendon, *style.tendon_tones]
    fibres = [style.muscle_lines, style.muscle_lights, style.tendon_fibres]
    assert found == [*tones, style.muscle_lines, *fibres, style.muscle_lines]
    assert [style.muscle_tones.index(tone) for tone in found[:6]] == list(range(6))


def test_without_fibres_the_tones_stay(drawn: Atlas) -> None:
    with_fibres, without = (
        fills(layer(plate(drawn, views=["posterior"], layers=layers), "muscle")) for layers in ("+labels", "-fibres")
    )
    assert STYLE.tendon_fibres in with_fibres
    assert STYLE.tendon_fibres not in without
    assert without.count(STYLE.muscle_lines) == 2  # the edge of the bellies, and the rim


def test_tones_lie_inside_the_rim_on_paper(drawn: Atlas) -> None:
    items = layer(plate(drawn, views=["right"]), "muscle")
    rim = shapely.Polygon(items[0].rings[0]).buffer(0.05)
    for item in items[1:9]:
        assert all(rim.covers(shapely.Polygon(ring)) for ring in item.rings if len(ring) > 3)


def test_a_zone_is_a_glaze_through_which_the_muscle_is_seen(drawn: Atlas) -> None:
    scene = plate(drawn, views=["posterior"])
    zones = [item for item in layer(scene, "essential") if item.fill]
    assert zones
    assert all(item.opacity < 1 for item in zones)
    order = [group.id for group in scene.children]
    assert order.index("muscle") < order.index("essential")


def test_a_muscle_is_cut_at_the_end_of_its_panel(drawn: Atlas) -> None:
    """Longissimus thoracis reaches above the crop of its plate: nothing of it is painted beyond the panel."""
    scene = plate(drawn, "longissimus thoracis", points=[1], views=["posterior"])
    body = np.concatenate([ring for item in layer(scene, "body") for ring in item.rings])
    for item in layer(scene, "muscle"):
        ends = np.concatenate(item.rings)
        assert ends[:, 1].min() > body[:, 1].min() - 0.3
        assert ends[:, 1].max() < body[:, 1].max() + 0.3


@pytest.mark.parametrize("body", ["neutral", "female"])
@pytest.mark.parametrize(("side", "view"), [("left", "left"), ("right", "right"), ("left", "posterior")])
def test_both_sides_and_other_bodies_are_drawn_alike(drawn: Atlas, body: str, side: str, view: str) -> None:
    found = fills(layer(plate(drawn, body=body, side=side, views=[view]), "muscle"))
    assert found[:6] == list(STYLE.muscle_tones)
    assert len(found) == 14


def test_bones_have_two_shades_and_their_lines(drawn: Atlas) -> None:
    found = fills(layer(plate(drawn, views=["right"]), "bones"))
    assert found.count(STYLE.bone) > 5
    assert [found.count(shade) for shade in STYLE.bone_shades] == [1, 1]
    assert found.index(STYLE.bone_shades[0]) > len(found) - 1 - found[::-1].index(STYLE.bone)


def test_only_bones_of_the_crop_are_read(drawn_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from trigpoint.atlas import structure_folder

    opened: list[str] = []
    read = structure_folder.read_structures

    def counted(file, *args, **more):
        opened.append(file.name)
        return read(file, *args, **more)

    monkeypatch.setattr(structure_folder, "read_structures", counted)
    atlas = load_atlas(outlines=drawn_folder)
    plate(atlas, views=["posterior"])
    assert "gluteus_medius.posterior.svg" in opened
    plate(atlas, views=["right"])
    assert {"ribs.right.svg", "spine.right.svg"} <= set(opened)
    assert not {"leg.right.svg", "gluteus_maximus.right.svg"} & set(opened)
    assert len(opened) == len(set(opened))
    count = len(opened)
    plate(atlas, views=["right"], width=120)
    assert len(opened) == count


def test_bones_are_named_in_the_crop(drawn: Atlas) -> None:
    scene = plate(drawn, views=["right"], annotate=["bones"], labels="names")
    said = {text.text for text in scene.texts()}
    assert {"Sacrum", "Femur"} & said
    assert "Patella" not in said
    assert any(bone in BONES["spine"] for bone in drawn.outline("neutral", "right").bones)


def test_the_legend_shows_the_muscle_in_its_tones(drawn: Atlas) -> None:
    for options in ({}, {"layers": ["muscle", "legend"]}):
        scene = plate(drawn, **options)
        items = [item for item in scene.find("legend").children if isinstance(item, Drawn)]
        assert set(STYLE.muscle_tones) & set(fills(items))
        assert STYLE.muscle not in fills(items)


def test_a_muscle_without_tones_is_painted_flat(drawn_folder: Path, tmp_path: Path) -> None:
    import shutil

    copy = Path(shutil.copytree(drawn_folder, tmp_path / "copy"))
    for view in VIEWS:
        file = copy / "structures" / f"gluteus_medius.{view}.svg"
        text = re.sub(r'<g id="(tones|tendon|members)".*?</g>\n', "", file.read_text("utf-8"), flags=re.DOTALL)
        file.write_text(text, "utf-8")
    scene = plate(load_atlas(outlines=copy), views=["posterior"])
    assert fills(layer(scene, "muscle"))[0] == STYLE.muscle
    assert set(fills(scene.find("legend").children)) >= {STYLE.muscle}


def test_several_muscles_on_one_body_have_their_tones(drawn: Atlas) -> None:
    names = ["gluteus medius", "piriformis"]
    scene = tp.Diagram(*names, atlas=drawn, views=["posterior"]).scene()
    assert fills(layer(scene, "muscle")).count(STYLE.tendon) == 2


def test_the_cut_and_the_strokes_are_made_once(drawn: Atlas) -> None:
    plate(drawn, views=["posterior"])
    before = linework.pulls.cache_info().misses, linework.bellies.cache_info().misses
    plate(drawn, views=["posterior"], title="Another")
    assert (linework.pulls.cache_info().misses, linework.bellies.cache_info().misses) == before


def test_a_plate_stays_small(drawn: Atlas) -> None:
    whole = tp.Diagram("gluteus medius", atlas=drawn).to_bytes("svg")
    one = tp.Diagram("gluteus medius", atlas=drawn, views=["posterior"]).to_bytes("svg")
    assert len(whole) < PAGE_KB * 1000
    assert len(one) < VIEW_KB * 1000


# credits


def test_whose_drawings_they_are_is_said_on_the_plate_and_in_the_file(drawn: Atlas) -> None:
    scene = plate(drawn)
    assert ATTRIBUTION in scene.credit
    assert scene.credit.startswith("Pattern after")
    assert SHORT in " ".join(text.text for text in scene.find("credit").children)
    assert ATTRIBUTION in tp.Diagram("gluteus medius", atlas=drawn).to_bytes("svg").decode()


@pytest.mark.parametrize(
    "options", [{"layers": ["-muscle", "-bones"], "views": ["posterior"]}, {"layers": ["zones", "credit"]}]
)
def test_nothing_is_said_where_neither_muscle_nor_bone_is_drawn(drawn: Atlas, options: dict) -> None:
    scene = plate(drawn, **options)
    assert "BodyParts3D" not in " ".join(text.text for text in scene.texts())


def test_bones_alone_are_credited(drawn: Atlas) -> None:
    assert ATTRIBUTION in plate(drawn, layers="-muscle", views=["right"]).credit


def test_our_own_drawings_need_no_such_credit(drawn: Atlas) -> None:
    seen = replace(drawn.structure("gluteus medius", view="posterior"), source="Authored by the contributors")
    from trigpoint.plate.credits import anatomy

    assert not anatomy([seen.source])
    assert not anatomy([])


@pytest.mark.parametrize("language", ["de", "fr", "es", "pt", "it", "zh", "ja"])
def test_the_credit_is_in_the_language_of_the_plate(drawn: Atlas, language: str) -> None:
    said = "".join(text.text for text in plate(drawn, language=language).find("credit").children)
    assert "BodyParts3D" in said
    assert "Bones and muscles" not in said


def test_groups_of_the_scene_are_those_of_any_plate(drawn: Atlas) -> None:
    names = [item.id for item in plate(drawn).children if isinstance(item, Group)]
    assert {"bones", "muscle", "essential", "credit"} <= set(names)
