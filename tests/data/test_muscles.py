"""Every muscle as it is drawn: its tones, fibres, tendons and bellies, and that it lies in the body."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from trigpoint.atlas import load_atlas
from trigpoint.atlas.structures import Structure

VIEWS = ("anterior", "posterior", "right")
ATLAS = load_atlas()
CLOSED, ENDED = 1.5 * np.pi, np.pi / 2  # a closed line turns by more; none may turn by more than a right angle
WINDING = {"obturator_internus", "levator_ani_coccygeus"}  # round the notch of the ischium, round the pelvic outlet
MEMBERS = {
    "abdominal_obliques": {"external", "internal"},
    "adductor_longus_brevis": {"longus", "brevis"},
    "biceps_femoris": {"long", "short"},
    "iliopsoas": {"psoas_major", "iliacus"},
    "semitendinosus_semimembranosus": {"semitendinosus", "semimembranosus"},
    "short_lateral_rotators": {"gemellus_superior", "gemellus_inferior", "quadratus_femoris", "obturator_externus"},
}
TENDONS = {  # muscles whose tendon or aponeurosis is told from their flesh, and the least share of the rim in a view
    ("latissimus_dorsi", "posterior"): 0.2,
    ("abdominal_obliques", "anterior"): 0.3,
    ("rectus_abdominis", "anterior"): 0.03,
    ("soleus", "posterior"): 0.1,
    ("gluteus_maximus", "posterior"): 0.04,
    ("gluteus_medius", "right"): 0.02,
    ("rectus_femoris", "anterior"): 0.08,
    ("semitendinosus_semimembranosus", "posterior"): 0.05,
    ("gracilis", "anterior"): 0.05,
}


def drawn(kind: str) -> list[Structure]:
    found = [ATLAS.structure(name, view=view) for name in ATLAS.structures[kind] for view in VIEWS]
    return [one for one in found if not one.is_empty]


MUSCLES = [pytest.param(one, id=f"{one.id}-{one.view}") for one in drawn("muscle")]
ALL = [pytest.param(one, id=f"{one.id}-{one.view}") for kind in ATLAS.structures for one in drawn(kind)]


def turns(line: np.ndarray) -> np.ndarray:
    step = np.diff(line, axis=0)
    angle = np.unwrap(np.arctan2(step[:, 1], step[:, 0]))
    return angle - angle[0]


@pytest.mark.parametrize("one", ALL)
def test_it_stays_under_the_skin(one: Structure) -> None:
    body = ATLAS.outline("neutral", one.view).silhouette
    assert one.rim.is_valid
    assert one.rim.difference(body).area < 0.5
    before = one.rim
    for tone in one.tones:
        assert tone.is_valid
        assert tone.difference(before.buffer(0.1)).area < 0.5
        before = tone
    assert one.tendon.difference(one.rim.buffer(0.1)).area < 0.5


@pytest.mark.parametrize("one", MUSCLES)
def test_it_has_a_belly(one: Structure) -> None:
    assert len(one.tones) >= 4, "at least five tones with the rim's own"
    assert one.tones[0].area > 0.5 * one.rim.area
    assert one.tones[-1].area < 0.7 * one.rim.area


@pytest.mark.parametrize("one", MUSCLES)
def test_its_fibres_run_from_end_to_end(one: Structure) -> None:
    lines = [np.array(line.coords) for line in one.fibres.geoms]
    assert len(lines) >= 12
    for line in lines:
        angle = turns(line)
        assert np.ptp(angle) < CLOSED, "a fibre closes on itself"
        if one.id not in WINDING:
            assert np.ptp(angle) < ENDED, "a fibre turns by more than a right angle"
    flesh = one.rim.difference(one.tendon)
    room = flesh.buffer(-4.0)
    cover = shapely.union_all(one.fibres.buffer(4.5))
    assert room.difference(cover).area < 0.06 * flesh.area, "a part of the belly has no fibres"


@pytest.mark.parametrize("one", MUSCLES)
def test_tendon_and_flesh_are_told_apart(one: Structure) -> None:
    share = one.tendon.area / one.rim.area
    assert share >= TENDONS.get((one.id, one.view), 0.0)
    assert share < 0.75
    if not one.tendon.is_empty:
        flesh = one.fibres.intersection(one.tendon.buffer(-3)).length
        assert flesh < 0.05 * max(one.fibres.length, 1), "fibres of flesh run over the tendon"


@pytest.mark.parametrize("muscle", sorted(MEMBERS))
def test_composites_show_their_members(muscle: str) -> None:
    shown = {member for view in VIEWS for member in ATLAS.structure(muscle, view=view).members}
    assert shown >= MEMBERS[muscle]


def test_rectus_abdominis_has_three_intersections() -> None:
    one = ATLAS.structure("rectus_abdominis", view="anterior")
    left, top, right, bottom = one.rim.bounds
    middle = shapely.LineString([((left + right) / 2 + shift, y) for shift, y in ((0, top), (0, bottom))])
    strip = middle.buffer(12).intersection(one.tendon)
    bands = [part for part in shapely.get_parts(strip.buffer(3).buffer(-3)) if part.area > 8]
    heights = sorted((part.centroid.y - top) / (bottom - top) for part in bands)
    assert len([share for share in heights if 0.05 < share < 0.7]) >= 3


@pytest.mark.parametrize("body", [body for body in ATLAS.bodies if body != "neutral"])
@pytest.mark.parametrize("muscle", ATLAS.structures["muscle"])
def test_on_other_bodies_it_stays_under_the_skin(muscle: str, body: str) -> None:
    for view in VIEWS:
        one = ATLAS.structure(muscle, view=view, body=body)
        if not one.is_empty:
            assert one.rim.difference(ATLAS.outline(body, view).silhouette).area < 0.5


def test_every_view_of_a_file_is_in_the_index() -> None:
    assert len(ATLAS.structures["muscle"]) == 30
    assert {"iliotibial_tract", "calcaneal_tendon", "patellar_ligament", "linea_alba"} <= set(
        ATLAS.structures["context"]
    )
    assert {"thoracolumbar_fascia", "inguinal_ligament"} <= set(ATLAS.structures["context"])


@pytest.mark.parametrize("one", ALL)
def test_it_names_whose_work_it_derives_from(one: Structure) -> None:
    from trigpoint.plate.credits import ATTRIBUTION

    assert ATTRIBUTION in one.source
    assert "changed: registered to another body, smoothed, projected, drawn" in one.source
