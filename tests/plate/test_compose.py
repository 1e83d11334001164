"""What is on a plate and where, read from the scene: nothing is rendered."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
import shapely

import trigpoint as tp
from tests.support.plates import box, check, leaders, paths
from tests.support.small_atlas import small_atlas
from trigpoint.plate import credits, crop, foot, plans
from trigpoint.plate.compose import Composer
from trigpoint.plate.content import gather
from trigpoint.plate.page import designed
from trigpoint.plate.spec import LAYERS, Spec
from trigpoint.scene import Dots, Group, Path, Text
from trigpoint.style import THEMES, shade

STYLE = THEMES["plate"]
ORDER = [
    "page",
    "body",
    "muscle",
    "spillover",
    "essential",
    "outline",
    "points",
    "labels",
    "views",
    "title",
    "locator",
    "legend",
    "credit",
]
WIDTHS = (40, 60, 85, 120, 175, 300)


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    return small_atlas(tmp_path_factory.mktemp("outlines"))


def plate(atlas, muscle="hip", *, panels="together", **wanted):
    return tp.Diagram(muscle, atlas=atlas, panels=panels, **wanted).scene()


def labelled(atlas, spec):
    """The panels of a spec with their labels, not yet laid out."""
    return Composer(designed(atlas, [spec], STYLE)).body


def panels_of(atlas, spec):
    """The panels as the composer lays them out, found again from the scene's own rule."""
    return labelled(atlas, spec).laid(0.0, 150.0)[0]


@pytest.mark.parametrize("wide", WIDTHS)
@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("muscle", ["hip", "calf", "back"])
def test_nothing_collides(atlas, muscle, side, wide):
    check(plate(atlas, muscle, side=side, width=wide))


@pytest.mark.parametrize(
    "views",
    [
        ["posterior"],
        ["right"],
        ["left", "anterior"],
        ["right", "posterior"],
        ["anterior", "posterior", "left", "right"],
    ],
    ids=".".join,
)
@pytest.mark.parametrize("wide", WIDTHS)
def test_nothing_collides_in_any_views(atlas, views, wide):
    scene = plate(atlas, views=views, width=wide)
    check(scene)
    body = scene.find("body")
    assert [group.id for group in body.children] == [f"body.{view}" for view in views]


def test_layers_in_paint_order(atlas):
    scene = plate(atlas)
    assert [group.id for group in scene.children] == ORDER
    assert all(isinstance(group, Group) and group.label for group in scene.children)
    assert scene.width == 175
    assert scene.title == "Hip muscle: Trigger points and referred pain, right side"
    assert "Essential pain over the sacrum" in scene.description
    assert scene.credit.startswith("Pattern after Able & Baker 1992")


def test_every_layer_can_be_left_out(atlas):
    gone = {"zones": {"spillover", "essential"}, "bones": set(), "acupoints": set(), "key": set()}
    for layer in LAYERS:
        scene = plate(atlas, layers=[other for other in LAYERS if other != layer])
        missing = {*ORDER, "letters", "scale"} - {group.id for group in scene.children}
        assert missing == gone.get(layer, {layer} - {"fibres"})
        check(scene)
    bare = plate(atlas, layers=[])
    assert [group.id for group in bare.children] == ["page", "body", "outline"]


def test_fibres_are_a_layer_of_the_muscle(atlas):
    with_fibres, without = plate(atlas), plate(atlas, layers=set(LAYERS) - {"fibres"})
    assert STYLE.fibres in {path.fill for path in paths(with_fibres.find("muscle"))}
    assert STYLE.fibres not in {path.fill for path in paths(without.find("muscle"))}


def test_a_plate_without_muscle_does_not_name_it(atlas):
    scene = plate(atlas, layers=set(LAYERS) - {"muscle"})
    legend = [text.text for text in paths(scene.find("legend"), Text)]
    assert not {"Muscle", "Long back muscle"} & set(legend)


@pytest.mark.parametrize("side", ["right", "left"])
def test_zones_are_where_the_atlas_says(atlas, side):
    diagram = tp.Diagram("hip", atlas=atlas, side=side, points=[1], views=["posterior"], width=100)
    scene = diagram.scene()
    spec = Spec("hip", ("hip.trp1",), ("posterior",), 100.0, side=side)
    (panel,) = panels_of(atlas, spec)
    drawn, *_ = [path for path in paths(scene.find("essential")) if path.fill == STYLE.essential]
    frame = panel.frame
    offset = scene.find("body").children[0].children[0].rings[0].min(axis=0)
    ring = (drawn.rings[0] - offset) / frame.scale
    zone = atlas.zone("hip.trp1", "essential", view="posterior", side=side)
    fill = panel.figure.fill.bounds
    expected = shapely.transform(zone, lambda points: points - (fill[0], fill[1]))
    assert shapely.Polygon(ring).symmetric_difference(expected).area < 1.0


def test_patients_right_is_at_the_viewers_right_from_behind_and_left_from_the_front(atlas):
    behind = plate(atlas, views=["posterior"])
    marks_behind = {text.text: text.x for text in paths(behind.find("views"), Text) if text.text in "RL"}
    assert marks_behind["L"] < marks_behind["R"]
    zone = next(path for path in paths(behind.find("spillover"), Dots))
    assert abs(zone.points[:, 0].mean() - marks_behind["R"]) < abs(zone.points[:, 0].mean() - marks_behind["L"])
    front = plate(atlas, views=["anterior"])
    marks_front = {text.text: text.x for text in paths(front.find("views"), Text) if text.text in "RL"}
    assert marks_front["R"] < marks_front["L"]
    aside = plate(atlas, views=["left"], side="left")
    words = [text.text for text in paths(aside.find("views"), Text)]
    assert words == ["Left lateral view", "← front · back →", "L"]


def test_the_far_sides_muscle_is_not_drawn(atlas):
    scene = plate(atlas, views=["left", "right"], side="right")
    assert [group.id for group in scene.find("muscle").children] == ["muscle.right"]


def test_left_is_the_mirror_of_right(atlas):
    def spots(side):
        scene = plate(atlas, views=["posterior"], side=side, width=85, points=[1, 2])
        crosses = [p for p in paths(scene.find("points")) if p.stroke == STYLE.mark]
        return [np.concatenate(p.rings).mean(axis=0) for p in crosses]

    for one, other in zip(spots("right"), spots("left"), strict=True):
        assert one[0] + other[0] == pytest.approx(85, abs=0.2)
        assert one[1] == pytest.approx(other[1])


def test_essential_is_the_union_and_spillover_what_is_left(atlas):
    spec = Spec("hip", ("hip.trp1", "hip.trp2", "hip.trp3"), ("posterior", "right"), 175.0)
    for one in gather(atlas, spec):
        essential, spillover = (
            shapely.union_all([atlas.zone(point, kind, view=one.view) for point in spec.points])
            for kind in ("essential", "spillover")
        )
        assert one.essential.symmetric_difference(essential).area < 0.01 * essential.area  # bends are rounded
        assert one.essential.hausdorff_distance(essential) < 1.5
        assert one.spillover.intersection(one.essential).area < 1e-6
        assert one.spillover.area == pytest.approx(spillover.difference(essential).area, rel=0.01, abs=20)
        assert one is gather(atlas, Spec("hip", spec.points, (one.view,), 60.0))[0]


def test_stipple_stays_in_its_zone(atlas):
    scene = plate(atlas, theme="contrast")  # whose spillover has an edge
    for view in ("posterior", "right"):
        group = scene.find(f"spillover.{view}")
        dots = paths(group, Dots)
        zone = shapely.union_all([shapely.Polygon(ring) for path in paths(group) for ring in path.rings])
        assert sum(len(some.points) for some in dots) > 50
        assert all(shapely.contains_xy(zone, some.points).all() for some in dots)
        assert len({some.radius for some in dots}) == len(dots)


def test_panels_share_scale_and_baseline(atlas):
    spec = Spec("hip", ("hip.trp1",), ("posterior", "right", "anterior"), 175.0)
    panels = panels_of(atlas, spec)
    assert len({panel.frame.scale for panel in panels}) == 1
    assert len({(panel.box[1], panel.box[3]) for panel in panels}) == 1
    for one, other in pairwise(panels):
        assert one.box[2] < other.box[0]


def test_panels_go_to_rows_before_they_get_too_small(atlas):
    narrow = panels_of(atlas, Spec("hip", ("hip.trp1",), ("posterior", "right", "anterior"), 60.0))
    assert len({panel.box[1] for panel in narrow}) > 1
    assert narrow[0].frame.scale > 0.8 * plans.READABLE_SCALE


def test_a_body_is_cut_without_a_line_along_the_cut(atlas):
    (one,) = gather(atlas, Spec("hip", ("hip.trp1",), ("posterior",), 85.0))
    top, bottom = crop.band([one])
    figure = crop.figure(one, top, bottom)
    for line in figure.edge.geoms:
        for (_, y0), (_, y1) in pairwise(line.coords):
            assert not (y0 == y1 and min(abs(y0 - top), abs(y0 - bottom)) < 0.2)
    assert figure.fill.bounds[1] == pytest.approx(top, abs=0.1)
    assert figure.fill.bounds[3] == pytest.approx(bottom, abs=0.1)


def test_hands_beside_the_hip_are_left_out_and_the_other_leg_is_not(atlas):
    (hip,) = gather(atlas, Spec("hip", ("hip.trp1",), ("posterior",), 85.0))
    assert len(crop.figure(hip, *crop.band([hip])).fill.geoms) == 1
    (calf,) = gather(atlas, Spec("calf", ("calf.trp1",), ("posterior",), 85.0))
    assert len(crop.figure(calf, *crop.band([calf])).fill.geoms) == 2


def test_arms_that_carry_nothing_end_below_the_armpit():
    atlas = tp.load_atlas()
    for muscle, view, ends in (("serratus_posterior_inferior", "posterior", 2), ("rectus_abdominis", "right", 1)):
        points = tuple(point.id for point in atlas.muscle(muscle).points)
        (one,) = gather(atlas, Spec(muscle, points, (view,), 85.0))
        figure = crop.figure(one, *crop.band([one]))
        stumps = [end for end in figure.ends if end.room == crop.STUMP_END]
        assert len(stumps) == ends
        for end in stumps:
            held = shapely.union_all(list(one.shapes))
            assert held.disjoint(shapely.box(*end.box(end.room)))
        assert not one.outline.silhouette.difference(figure.fill).is_empty
    (arm,) = gather(atlas, Spec("latissimus_dorsi", ("latissimus_dorsi.trp1",), ("posterior",), 85.0))
    whole = crop.figure(arm, *crop.band([arm]))
    assert np.ptp(whole.fill.bounds[0::2]) == pytest.approx(np.ptp(arm.outline.silhouette.bounds[0::2]), abs=1)


def test_a_view_that_shows_nothing_shows_the_trunk(atlas):
    (front,) = gather(atlas, Spec("hip", ("hip.trp1",), ("anterior",), 85.0))
    assert front.box is None
    assert crop.band([front])[0] < 0
    assert len(crop.figure(front, 600.0, 790.0).fill.geoms) == 1
    assert len(crop.figure(front, 1200.0, 1500.0).fill.geoms) == 2


def test_soft_ends_only_where_the_body_is_cut(atlas):
    hip = [path for path in paths(plate(atlas, "hip", width=85).find("outline")) if path.opacity < 1]
    front = [path for path in paths(plate(atlas, views=["anterior"]).find("outline")) if path.opacity < 1]
    assert hip
    assert not front


def test_labels_stand_in_gutters_or_in_the_key(atlas):
    wide, narrow = plate(atlas, "back", width=120), plate(atlas, "back", width=60)
    assert len(leaders(wide, "posterior")) == 8
    assert narrow.find("labels") is None
    for scene in (wide, narrow):
        words = " ".join(text.text for text in scene.texts())
        for number in range(1, 8):
            assert f"TrP{number} (level {number})" in words


def test_each_point_is_labelled_once(atlas):
    for wide in WIDTHS:
        words = " ".join(text.text for text in plate(atlas, width=wide).texts())
        assert words.count("TrP1 (posterior)") == 1
        assert words.count("TrP2 (middle)") == 1


@pytest.mark.parametrize("wide", range(70, 200, 10))
def test_labels_stand_all_in_gutters_or_all_in_the_key(atlas, wide):
    scene = plate(atlas, width=wide)
    aside = " ".join(text.text for text in paths(scene.find("labels"), Text))
    assert len({label in aside for label in ("TrP1 (posterior)", "TrP2 (middle)", "TrP3 (anterior,")}) == 1


def test_a_number_beside_each_x(atlas):
    scene = plate(atlas)
    for view, expected in (("posterior", ["1", "2"]), ("right", ["1", "2", "3"])):
        assert [text.text for text in paths(scene.find(f"points.{view}"), Text)] == expected


def test_names_stand_beside_the_body_where_a_gutter_finds_room():
    """At 120 mm the side view alone has one, at 85 mm none: then a key names the points."""
    assert [group.id for group in plate(None, "gluteus_medius", width=120).find("labels").children]
    narrow = plate(None, "gluteus_medius", width=85)
    assert narrow.find("labels") is None
    assert {"TrP1 (posterior)", "TrP2 (middle)"} <= {text.text for text in narrow.texts()}


def test_labels_that_do_not_fit_a_gutter_are_refused(atlas):
    page = labelled(atlas, Spec("back", tuple(f"back.trp{n}" for n in range(1, 8)), ("posterior",), 120.0))
    panels, found = page.laid(0.0, 150.0)
    assert len(found.placed["posterior"]) == 8
    gutters = tuple(gutter._replace(bottom=gutter.top + 12) for gutter in panels[0].gutters)
    assert page.tried([panels[0]._replace(gutters=gutters)]) is None


def test_a_long_title_is_made_smaller_then_wrapped(atlas):
    title = "Trigger points of the hip muscle in people with persistent low back pain"
    for wide in (60, 175):
        scene = plate(atlas, title=title, width=wide)
        words = " ".join(text.text for text in paths(scene.find("title"), Text))
        assert title in words
        assert scene.title.startswith(title)
        check(scene)


def test_a_language_of_the_data(atlas):
    scene = plate(atlas, language="la")
    words = [text.text for text in scene.texts()]
    assert "Musculus coxae" in words
    assert "Posterior view" in words
    assert scene.language == "en"  # its sentences


def test_legend_names_only_what_is_drawn(atlas):
    words = [text.text for text in paths(plate(atlas, "back").find("legend"), Text)]
    assert words == ["Trigger point", "Essential pain zone", "Long back muscle"]  # whether a label says it or not
    words = [text.text for text in paths(plate(atlas, "back", layers=["legend", "muscle"]).find("legend"), Text)]
    assert words == ["Long back muscle"]
    assert foot.arrange(foot.FootContent(), 100.0, STYLE).height == 0.0


def test_locator_is_seen_from_behind_even_on_a_side_view(atlas):
    aside, behind = (plate(atlas, views=[view], width=85) for view in ("right", "posterior"))
    shapes = [paths(scene.find("locator"))[0].rings[0] for scene in (aside, behind)]
    spans = [np.ptp(shape, axis=0) for shape in shapes]
    assert spans[0][0] / spans[0][1] == pytest.approx(spans[1][0] / spans[1][1], rel=0.01)


def test_locator_frames_the_crop(atlas):
    scene = plate(atlas)
    body, frame = paths(scene.find("locator"))
    assert body.fill == STYLE.locator_fill
    assert frame.stroke == STYLE.locator_frame
    tall = np.ptp(np.concatenate(body.rings)[:, 1])
    assert 0.2 < np.ptp(frame.rings[0][:, 1]) / tall < 0.6


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_gives_every_colour(atlas, theme):
    style = THEMES[theme]
    scene = plate(atlas, theme=theme)
    (first, *_) = [path for path in paths(scene.find("essential")) if path.fill]
    assert first.fill == (style.essential_ground if style.essential_lines else style.essential)
    known = {value for value in vars(style).values() if isinstance(value, str)} | {
        shade(style.essential, share) for share in style.essential_cores
    }
    known |= {colour for tones in range(9) for colour in style.flesh(tones)}
    for item in scene.walk():
        if isinstance(item, Path):
            assert {item.fill, item.stroke} - {None} <= known


def test_only_soft_ends_and_zones_are_see_through(atlas):
    for item in plate(atlas).walk():
        if isinstance(item, Path | Dots) and item.opacity < 1:
            assert item.fill in (STYLE.paper, STYLE.essential)


def test_what_is_recalled_is_said_to_be_and_without_page_or_figure(atlas):
    scene = plate(atlas)
    assert scene.credit == (
        "Pattern after Able & Baker 1992, from general knowledge of the work, not checked against its pages."
    )
    words = " ".join(text.text for text in scene.texts()) + tp.Diagram("hip", atlas=atlas).caption()
    assert "155" not in words
    assert "Fig." not in words
    assert "Typical position, not a diagnosis." in words


def test_credit_without_a_manual(atlas):
    calf = Spec("calf", ("calf.trp1",), ("posterior",), 85.0)
    assert credits.credit(atlas, calf) == "Pattern after Charlie et al. 2001 and A page without authors 2020."
    back = Spec("back", ("back.trp1",), ("posterior",), 85.0)
    assert credits.credit(atlas, back) == "Pattern without a recorded source."


CRAMPED = [
    ("quadratus_lumborum", {"width": 60, "height": 80}),
    ("vastus_lateralis", {"width": 85, "language": "pt"}),
    ("gracilis", {"width": 50, "height": 100, "views": ["left", "anterior", "right"], "language": "de"}),
    ("gluteus_medius", {"width": 40, "height": 126, "views": ["left", "posterior"], "language": "pt"}),
    ("obturator_internus", {"width": 85, "height": 70, "views": ["anterior", "posterior", "left"], "language": "fr"}),
]


@pytest.mark.parametrize(("muscle", "asked"), CRAMPED, ids=[muscle for muscle, _ in CRAMPED])
def test_names_of_views_keep_apart_and_on_the_page_over_small_bodies(muscle, asked):
    drawn = plate(None, muscle, **asked)
    names = [shapely.box(*box(text)) for text in paths(drawn.find("views"), Text)]
    room = shapely.box(plans.NAME_EDGE, 0, drawn.width - plans.NAME_EDGE, drawn.height)
    assert all(name.within(room) for name in names)
    assert not any(a.intersects(b) for a, b in combinations(names, 2))
