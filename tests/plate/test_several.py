"""Plates of several muscles: one body, a grid, a count; read from the scene."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

import trigpoint as tp
from tests.support.plates import box, paths
from trigpoint.atlas import Atlas, load_atlas
from trigpoint.files.shipped import resource
from trigpoint.plate.compose import ORDER
from trigpoint.plate.muscle_styles import hatch, hue, looks
from trigpoint.plate.spec import LAYERS
from trigpoint.scene import Text
from trigpoint.style import SMALLEST_TEXT, THEMES

THREE = ("gluteus_medius", "quadratus_lumborum", "piriformis")


def check(scene) -> None:
    page = shapely.box(0, 0, scene.width, scene.height)
    texts = [shapely.box(*box(text, ink=True)) for text in scene.texts()]
    for text in scene.texts():
        assert text.size >= SMALLEST_TEXT - 1e-9
        assert page.buffer(0.01).contains(shapely.box(*box(text))), text
    for number, one in enumerate(texts):
        assert not any(one.intersection(other).area > 1e-6 for other in texts[number + 1 :])


@pytest.mark.parametrize("wide", [85, 120, 175])
@pytest.mark.parametrize("asked", [{"layout": "together"}, {"layout": "grid"}, {"overlay": "count"}], ids=str)
def test_nothing_collides(asked, wide):
    check(tp.Diagram(*THREE, width=wide, **asked).scene())


def test_several_muscles_stand_on_one_body_unless_told_otherwise():
    scene = tp.Diagram(*THREE, views=["posterior"]).scene()
    assert len(scene.find("body").children) == 1
    said = {text.text for text in scene.texts()}
    assert {"Gluteus medius; point 3 not seen from behind", "Quadratus lumborum", "Piriformis"} <= said
    fills = {path.fill for path in paths(scene.find("essential"))}
    assert {fill for fill, _ in THEMES["plate"].hues[:3]} <= fills


def test_a_grid_has_a_panel_for_each_muscle_at_one_scale():
    scene = tp.Diagram(*THREE, layout="grid", views=["posterior"]).scene()
    panels = scene.find("body").children
    assert [group.label for group in panels] == ["Gluteus medius", "Quadratus lumborum", "Piriformis"]
    widths = [np.ptp(np.concatenate(paths(group)[0].rings)[:, 0]) for group in panels]
    assert max(widths) - min(widths) < 0.05
    letters = [text.text for text in paths(scene.find("headings"), Text) if text.weight == "bold"]
    assert letters == ["A", "B", "C"]


def test_patterns_tell_muscles_apart_without_colour():
    looks = [hue(THEMES["print"], number) for number in range(4)]
    assert len({look.angle for look in looks}) == 4
    assert len({look.style.essential for look in looks}) == 4
    assert len({(look.style.dot_radius, look.style.dot_spacing) for look in looks}) == 4
    lines = hatch(shapely.box(0, 0, 10, 10), 45.0, 1.1)
    assert len(lines.geoms) > 5
    assert shapely.box(0, 0, 10, 10).buffer(1e-6).contains(lines)
    assert hatch(shapely.Polygon(), 45.0, 1.1).is_empty


def test_a_count_has_a_colour_and_words_for_each_step():
    scene = tp.Diagram("gluteus_medius", overlay="count", views=["posterior"]).scene()
    words = {text.text for text in scene.texts()}
    assert {"1 trigger point", "2 trigger points"} <= words
    assert not paths(scene.find("points"), Text)
    assert len({path.fill for path in paths(scene.find("overlay"))} - {None}) == 2


def test_a_count_shows_where_the_muscles_and_their_points_lie():
    scene = tp.Diagram(*THREE, overlay="count", views=["posterior"]).scene()
    rims = [path for path in paths(scene.find("overlay")) if path.fill is None]
    assert len(rims) == 3
    marks = [path for path in paths(scene.find("points")) if path.stroke == THEMES["plate"].mark]
    assert len(marks) == 8
    bare = tp.Diagram(*THREE, overlay="count", views=["posterior"], layers=["-muscle", "-points"]).scene()
    assert all(path.fill for path in paths(bare.find("overlay")))
    assert bare.find("points") is None


def test_points_of_several_muscles_are_asked_for_by_id():
    d = tp.Diagram("piriformis", "gluteus_medius", points=["piriformis.trp1", "gluteus_medius.trp3"])
    assert [spec.points for spec in d._specs] == [("piriformis.trp1",), ("gluteus_medius.trp3",)]
    with pytest.raises(tp.UnknownNameError, match="unknown trigger point '1'"):
        tp.Diagram("piriformis", "gluteus_medius", points=[1])
    with pytest.raises(tp.InputError, match="of gluteus_medius"):
        tp.Diagram("piriformis", "gluteus_medius", points=["piriformis.trp1"])


@pytest.mark.parametrize(
    ("names", "options", "complaint"),
    [
        (("piriformis", "piriformis"), {}, "asked for twice"),
        (THREE, {"layout": "rows"}, "unknown layout 'rows'"),
        (THREE, {"overlay": "sum"}, "unknown overlay 'sum'"),
        (THREE, {"overlay": "count", "layout": "grid"}, "do not go together"),
        (("soleus",), {"overlay": "prevalence"}, "no published prevalence for soleus "),
        (
            ("gluteus_medius", "gluteus_maximus", "soleus"),
            {"overlay": "prevalence"},
            "for gluteus_maximus, soleus .*leave them out",
        ),
    ],
)
def test_what_does_not_go_together_is_said(names, options, complaint):
    with pytest.raises(tp.InputError, match=complaint):
        tp.Diagram(*names, **options)


def test_prevalence_weights_and_cites():
    d = tp.Diagram("gluteus_medius", "quadratus_lumborum", overlay="prevalence", views=["posterior"])
    words = " ".join(text.text for text in d.scene().texts())
    assert "Monclus-Diez et al. 2025" in words
    assert "%" in words
    assert "weighted" in d.caption()


def test_captions_and_descriptions_name_the_muscles():
    for options in ({"layout": "grid"}, {"layout": "together"}, {"overlay": "count"}):
        d = tp.Diagram(*THREE, **options)
        assert "piriformis" in d.caption().lower()
        assert "piriformis" in d.alt_text()
        assert "not a diagnosis" in d.caption()
    many = tp.Diagram(*THREE, "soleus", overlay="count", views=["posterior"])
    assert many.caption().startswith(
        "Gluteus medius, quadratus lumborum, piriformis, and soleus, right side: number of"
    )


def test_bones_are_drawn_unless_they_are_taken_away():
    for options in ({}, {"layout": "grid"}, {"overlay": "count"}):
        scene = tp.Diagram("vastus_medialis", **options).scene()
        order = [group.id for group in scene.children]
        assert order.index("body") < order.index("bones")
        assert len(scene.find("bones").children) == len(scene.find("body").children)
        bare = tp.Diagram("vastus_medialis", layers="-bones", **options).scene()
        assert bare.find("bones") is None
        assert [text.text for text in bare.texts()][:1] == [text.text for text in scene.texts()][:1]


def test_muscles_nearer_to_the_skin_are_painted_over_deeper_ones():
    names = ("gluteus_maximus", "gluteus_medius", "gluteus_minimus")
    layers = [load_atlas().muscle(name).layer for name in names]
    assert layers == sorted(layers, reverse=True)
    one, other = (tp.Diagram(*some, views=["posterior"]).scene().find("muscle") for some in (names, names[::-1]))
    shapes = [[len(path.rings[0]) for path in paths(group) if path.closed] for group in (one, other)]
    assert shapes[0] == shapes[1]  # in whatever order they are asked for


def test_the_legend_says_what_is_drawn():
    scene = tp.Diagram(*THREE, layers=["muscle", "legend"]).scene()
    said = {text.text for text in scene.texts()}
    assert not said & {"Trigger point", "Spillover pain zone"}


def test_a_long_muscle_does_not_shrink_a_grid():
    """The crop is that of zones and points; the muscle is cut with the body."""
    scene = tp.Diagram("longissimus_thoracis", "gluteus_medius", layout="grid", views=["posterior"]).scene()
    body, muscle = (
        np.concatenate([ring for path in paths(scene.find(f"{key}.1")) for ring in path.rings])[:, 1]
        for key in ("body", "muscle")
    )
    assert muscle.min() == pytest.approx(body.min(), abs=0.1)
    whole = tp.Diagram("longissimus_thoracis", "gluteus_medius", layout="grid", views=["posterior"], layers="muscle")
    assert np.ptp(body) / scene.width < whole.scene().height / scene.width


def test_a_panel_says_which_points_it_cannot_show():
    names = ("rectus_abdominis", "iliopsoas", "gluteus_medius", "piriformis")
    asked = {"layout": "grid", "views": ["posterior"], "width": 120, "points": None}
    scene = tp.Diagram(*names, **asked).scene()
    check(scene)
    said = {text.text for text in scene.texts()}
    assert {"trigger points not seen from behind", "point 3 not seen from behind"} <= said
    single = tp.Diagram("iliopsoas", layout="grid", points=[1], views="posterior").scene()
    assert "trigger point not seen from behind" in {text.text for text in single.texts()}


def test_side_marks_of_a_grid_stand_by_the_body():
    scene = tp.Diagram("gluteus_medius", "rectus_abdominis", layout="grid", views=["posterior"]).scene()
    left, right = paths(scene.find("views.1"), Text)
    body = np.concatenate([ring for path in paths(scene.find("body.1")) for ring in path.rings])[:, 0]
    assert (left.text, right.text) == ("L", "R")
    assert right.x - left.x < 0.8 * np.ptp(body)  # the arms are wider apart


def test_side_marks_of_all_views_stand_at_one_height():
    scene = tp.Diagram(*THREE, views=["posterior", "right"]).scene()
    assert len({round(text.y, 6) for text in paths(scene.find("views"), Text) if text.weight == "bold"}) == 1


def swatches(scene) -> dict[str, str]:
    """The colour of each class in a legend of plain fields."""
    legend = scene.find("legend")
    fields = [path for path in paths(legend) if path.fill]
    level = {text.text: (text.y, text.x) for text in paths(legend, Text)}
    found = {}
    for field in fields:
        (_, top), (right, bottom) = field.rings[0].min(0), field.rings[0].max(0)
        beside = [(x - right, text) for text, (y, x) in level.items() if top < y < bottom + 1 and x > right]
        found[min(beside)[1]] = field.fill
    return found


def test_the_classes_of_a_prevalence_have_no_gaps_and_say_that_they_are_sums():
    scene = tp.Diagram(*THREE, overlay="prevalence", views=["posterior"]).scene()
    assert list(swatches(scene)) == ["<25", "25 to <50", "50 to <75", "75 to <100", "100 to <150"]
    fills = {path.fill for path in paths(scene.find("overlay"))} - {None}
    assert fills < set(swatches(scene).values())  # a class that is empty here is told, too
    legend = " ".join(text.text for text in paths(scene.find("legend"), Text))
    assert legend.startswith("Sum of the muscles’ prevalences (each in % of patients")
    check(scene)


def test_a_class_of_prevalence_has_one_colour_on_every_plate():
    every = [
        swatches(tp.Diagram(*names, overlay="prevalence", views=["posterior"]).scene())
        for names in (THREE, THREE[:2], THREE[1:])
    ]
    for some in every:
        assert all(every[0].get(words, colour) == colour for words, colour in some.items())


def test_one_muscle_has_its_published_prevalence_in_the_colour_of_its_class():
    scene = tp.Diagram("gluteus_medius", overlay="prevalence", views=["posterior"]).scene()
    several = swatches(tp.Diagram(*THREE, overlay="prevalence", views=["posterior"]).scene())
    assert swatches(scene) == {"34–45% of patients": several["25 to <50"]}
    words = " ".join(text.text for text in scene.texts())
    assert "Sum" not in words
    assert "summed" not in words


@pytest.mark.parametrize(("least", "most", "words"), [(20, 40, "25 to <50"), (10, 39, "<25"), (40, 60, "50 to <75")])
def test_a_muscle_weighs_the_middle_of_its_prevalence(least, most, words):
    shipped = load_atlas()
    muscle = shipped.muscle("gluteus_medius")
    changed = replace(muscle, prevalence=replace(muscle.prevalence, least=least, most=most))
    atlas = Atlas(replace(shipped.patterns, muscles=(changed,)), resource("assets", "body_outlines"))
    scene = tp.Diagram("gluteus_medius", overlay="prevalence", views=["posterior"], atlas=atlas).scene()
    several = swatches(tp.Diagram(*THREE, overlay="prevalence", views=["posterior"]).scene())
    assert list(swatches(scene).values()) == [several[words]]


def test_a_count_has_no_gaps():
    names = ("gluteus_medius", "quadratus_lumborum", "piriformis", "gluteus_minimus")
    found = swatches(tp.Diagram(*names, overlay="count", views=["posterior"]).scene())
    first = [int(words.split("–")[0].split()[0]) for words in found]
    last = [int(words.split()[0].split("–")[-1]) for words in found]
    assert first[0] == 1
    assert [low - high for low, high in zip(first[1:], last[:-1], strict=True)] == [1] * (len(found) - 1)


def test_more_muscles_than_looks_are_refused_on_one_body():
    names = ("gluteus_medius", "gluteus_maximus", "piriformis", "soleus", "sartorius", "gracilis", "pectineus")
    names += ("quadratus_lumborum", "vastus_lateralis")
    with pytest.raises(tp.InputError, match=r"9 muscles on one body, and only 8 .*layout='grid'"):
        tp.Diagram(*names)
    assert tp.Diagram(*names, layout="grid").muscles == names
    with pytest.raises(tp.InputError, match="only 2 can be told apart"):
        tp.Diagram(*THREE, theme=replace(THEMES["plate"], hues=THEMES["plate"].hues[:2]))
    every = [hue(THEMES["plate"], number) for number in range(looks(THEMES["plate"]))]
    assert len({(look.style.essential, look.angle) for look in every}) == len(every) == 8


def test_three_panels_stand_in_one_row():
    scene = tp.Diagram(*THREE, layout="grid", views=["posterior"]).scene()
    tops = {text.y for text in paths(scene.find("headings"), Text) if text.weight == "bold"}
    assert len(tops) == 1


def test_every_x_of_several_muscles_tells_its_muscle():
    scene = tp.Diagram(*THREE, views=["posterior"]).scene()
    said = {text.text for text in paths(scene.find("points"), Text)}
    assert {"A1", "B2", "C1"} <= said
    legend = [(text.text, text.weight) for text in paths(scene.find("legend"), Text)]
    assert legend[:6] == [
        ("A", "bold"),
        ("Gluteus medius; point 3 not seen from behind", "normal"),
        ("B", "bold"),
        ("Quadratus lumborum", "normal"),
        ("C", "bold"),
        ("Piriformis", "normal"),
    ]
    assert tp.Diagram(*THREE).caption().count("A Gluteus medius.") == 1
    assert "A Gluteus medius" not in tp.Diagram(*THREE, layout="grid").caption()
    check(scene)


BACK_AND_FRONT = ("gluteus_medius", "quadratus_lumborum", "piriformis", "iliopsoas")


def test_every_muscle_on_one_body_has_an_x_in_some_view():
    d = tp.Diagram(*BACK_AND_FRONT)
    tags = {text.text[0] for text in paths(d.scene().find("points"), Text)}
    assert tags == {"A", "B", "C", "D"}
    assert d.shown_views == ("posterior", "anterior")
    three = tp.Diagram("piriformis", "quadratus_lumborum", "gluteus_medius", points=None)
    assert three.shown_views == ("posterior", "right")  # where those that show the zones best do


def test_an_overlay_shows_the_pain_of_every_muscle():
    names = ("gluteus_medius", "quadratus_lumborum", "piriformis", "vastus_medialis")
    shown = tp.Diagram(*names, overlay="count").shown_views
    assert all(set(load_atlas().views(name)) & set(shown) for name in names)


def test_a_legend_tells_what_no_view_shows():
    scene = tp.Diagram(*BACK_AND_FRONT, views=["posterior", "right"]).scene()
    said = " ".join(text.text for text in paths(scene.find("legend"), Text))
    assert "D Iliopsoas (psoas major, iliacus); trigger points not seen from behind and from the right" in said
    assert said.count("not seen") == 1  # all the others' are
    check(scene)


def test_a_panel_of_a_grid_is_seen_from_where_its_points_show():
    d = tp.Diagram(*BACK_AND_FRONT, "vastus_lateralis", layout="grid")
    scene = d.scene()
    labels = [group.label for group in scene.find("body").children]
    assert [label.rpartition(", ")[2] for label in labels] == ["posterior view"] * 3 + [
        "anterior view",
        "right lateral view",
    ]
    assert len(scene.find("points").children) == 5
    assert d.shown_views == ("posterior", "anterior", "right")
    for text in (d.caption(), d.alt_text()):
        assert "from behind, from the front, and from the right" in text
    check(scene)
    alike = tp.Diagram(*THREE, layout="grid").scene()
    assert alike.find("body").children[0].label == "Gluteus medius"


@pytest.mark.parametrize("asked", [{}, {"layout": "grid"}, {"overlay": "count"}], ids=str)
def test_side_views_tell_back_and_front(asked):
    scene = tp.Diagram(*THREE, views=["posterior", "right"], **asked).scene()
    said = [text.text for text in paths(scene.find("headings"), Text)]
    assert said.count("← back · front →") == (3 if asked.get("layout") == "grid" else 1)


def test_a_legend_of_one_body_tells_what_is_solid_and_what_is_stippled():
    scene = tp.Diagram(*THREE).scene()
    legend = scene.find("legend")
    said = [text.text for text in paths(legend, Text)]
    assert said[6:] == ["Trigger point", "Essential pain zone", "Spillover pain zone", "Muscle"]
    hues = {colour for pair in THEMES["plate"].hues for colour in pair}
    at = {text.text: text.y for text in paths(legend, Text)}
    swatch = [path.fill for path in paths(legend) if path.fill and path.rings[0].min(0)[1] > at["Piriformis"]]
    assert swatch
    assert not hues & set(swatch)  # in the colour of no muscle


@pytest.mark.parametrize("layout", ["together", "grid"])
def test_muscles_of_back_and_leg_are_cropped_to_what_is_drawn(layout):
    d = tp.Diagram("soleus", "gluteus_medius", "quadratus_lumborum", layout=layout, views=["posterior"])
    body = np.concatenate([ring for path in paths(d.scene().find("body.1")) for ring in path.rings])
    outline = load_atlas().outline("neutral", "posterior").silhouette.bounds
    tall, wide = np.ptp(body[:, 1]), np.ptp(body[:, 0])
    whole = (outline[3] - outline[1]) / (outline[2] - outline[0])
    assert tall / wide > 1.15 * whole  # no arms beside the trunk, though the head is gone


def test_a_legend_has_the_colours_of_zones_that_are_drawn_only():
    """Without zones the muscles have one colour, and letters tell them apart."""
    for layers, there in ((None, True), ("-zones", False)):
        legend = tp.Diagram(*THREE, layers=layers).scene().find("legend")
        fills = {path.fill for path in paths(legend)}
        assert {hue(THEMES["plate"], number).style.essential in fills for number in range(3)} == {there}
        said = [text.text for text in paths(legend, Text)]
        assert [text for text in said if len(text) == 1] == ["A", "B", "C"]
        assert ("Muscle" in said) == there


@pytest.mark.parametrize("asked", [{}, {"layout": "grid"}, {"layout": "together"}, {"overlay": "count"}], ids=str)
def test_layers_have_one_order_on_every_plate(asked):
    """That of the layers' table; panel letters are one group of texts."""
    names = THREE if asked else THREE[:1]
    scene = tp.Diagram(*names, layers=["+bones", "+acupoints", "+letters", "+scale"], **asked).scene()
    drawn = [group.id for group in scene.children[1:]]
    assert drawn == [layer for layer in ORDER if layer in drawn]
    switched = [layer for layer in LAYERS if layer in drawn]
    assert [layer for layer in drawn if layer in switched and layer != "title"] == [
        layer for layer in switched if layer != "title"
    ]
    assert {"letters", "views", "acupoints"} <= set(drawn)
    assert all(isinstance(each, Text) for each in scene.find("letters").children)


def test_a_grid_without_fibres_has_none():
    plain, bare = (
        tp.Diagram("gluteus_medius", layout="grid", views="posterior", layers=layers).scene().find("muscle")
        for layers in (None, ["-fibres"])
    )
    assert len(paths(bare)) < len(paths(plain))
