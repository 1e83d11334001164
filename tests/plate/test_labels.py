"""Labels over all muscles: leaders never cross, pass no X and end on what they speak of; names, numbers, blanks."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import hypot

import numpy as np
import pytest
import shapely

import trigpoint as tp
from tests.support.collisions import collisions
from tests.support.sampling import each_muscle
from trigpoint import Diagram
from trigpoint.errors import InputError
from trigpoint.geometry.lines import cross, distance, enters
from trigpoint.plate import foot
from trigpoint.plate.compose import Composer
from trigpoint.plate.labelled_panels import FEW_LETTERED
from trigpoint.plate.labels import assignment, label, subjects
from trigpoint.plate.labels.label import letter, text_box
from trigpoint.plate.labels.leader_cost import beyond
from trigpoint.plate.page import designed
from trigpoint.scene import Dots, Group, Path, Text
from trigpoint.style import THEMES
from trigpoint.words.measure import width
from trigpoint.words.phrase import phrase

STYLE = THEMES["plate"]
ATLAS = tp.load_atlas()
EVERYTHING = ("muscle", "points", "regions", "landmarks", "bones")


def laid_out(diagram):
    """The panels and the labelling of a diagram, as the composer finds them."""
    made = Composer(designed(diagram._atlas, diagram._specs, diagram._style))
    return made.body, [one.panel for one in made.sheet.panels], made.sheet.labels


def shape_of(key, panel, body):
    """What a label speaks of, as a shape of the panel's view."""
    kind, _, which = key.partition(".")
    seen, spec = panel.seen, body.page.spec
    match kind:
        case "muscle":
            return seen.muscle
        case "region":  # of the side that the plate shows
            return ATLAS.region(which, view=panel.view, side=spec.side, body=spec.body)
        case "bone":
            return seen.outline.bones[which]
    places = {mark.id: mark.place for mark in seen.marks}
    if key in places:
        return shapely.Point(places[key])
    marks = seen.outline.landmarks
    return shapely.Point(marks.get(which) or marks[f"{which}.{spec.side[0]}"])


def in_gutters(found):
    """The keys of all that has a label in a gutter."""
    return {item.callout.key for items in found.placed.values() for item in items}


def check_leaders(body, panels, found):
    for panel in panels:
        placed = found.placed.get(panel.view, ())
        marks = {mark.id: panel.frame.point(*mark.place) for mark in panel.seen.marks}
        for one, other in combinations(placed, 2):
            assert not cross(one.leader, other.leader), (one, other)
        for item in placed:
            for key, spot in marks.items():
                if key != item.callout.key:
                    far = distance(spot, item.leader)
                    assert far > 0.5 * body.page.style.mark_size, (panel.view, item.callout.key, key)
            end = item.leader[-1]
            place = ((end[0] - panel.frame.dx) / panel.frame.scale, (end[1] - panel.frame.dy) / panel.frame.scale)
            subject = shape_of(item.callout.key, panel, body)
            if item.callout.reach:
                x, y = marks[item.callout.key]
                assert hypot(end[0] - x, end[1] - y) == pytest.approx(item.callout.reach, abs=0.01)
            elif subject.geom_type == "Point":
                assert subject.distance(shapely.Point(place)) < 0.5
            else:
                assert subject.contains(shapely.Point(place)), item.callout.key


@each_muscle(wide=(60, 85, 120, 175), labels=("auto", "names"))
def test_leaders_of_every_muscle(muscle, wide, labels):
    check_leaders(*laid_out(tp.Diagram(muscle, width=wide, labels=labels)))


@each_muscle()
def test_leaders_of_the_left_side_and_of_another_body(muscle):
    check_leaders(*laid_out(tp.Diagram(muscle, side="left", width=120, annotate=("muscle", "points", "regions"))))
    check_leaders(*laid_out(tp.Diagram(muscle, body="male", width=120, language="de")))


@each_muscle(kinds=(("points", "regions"), ("landmarks",), EVERYTHING))
def test_leaders_of_every_muscle_with_all_that_can_be_named(muscle, kinds):
    body, panels, found = laid_out(tp.Diagram(muscle, width=175, annotate=kinds))
    check_leaders(body, panels, found)
    named_once = [*in_gutters(found), *(one.key for one in found.key)]
    assert len(named_once) == len(set(named_once))


@each_muscle(labels=("names", "numbers", "blank"), wide=(85, 175))
def test_nothing_collides(muscle, labels, wide):
    diagram = tp.Diagram(muscle, width=wide, labels=labels)
    assert collisions(diagram.scene(), diagram._style) == []


@each_muscle()
def test_nothing_collides_where_much_is_named(muscle):
    for wide, kinds in ((175, ("muscle", "points", "regions")), (120, ("points", "landmarks")), (120, ("bones",))):
        diagram = tp.Diagram(muscle, width=wide, annotate=kinds)
        assert collisions(diagram.scene(), diagram._style) == [], kinds


@each_muscle()
def test_a_study_plate_tells_no_name(muscle):
    known = ATLAS.muscle(muscle)
    diagram = tp.Diagram(muscle, labels="blank", annotate=("muscle", "points", "regions"))
    scene = diagram.scene()
    said = " | ".join([*(text.text for text in scene.texts()), scene.title, scene.description, scene.credit]).casefold()
    for name in (*known.names.values(), *(point.label["en"] for point in known.points if len(point.label["en"]) > 4)):
        assert name.casefold() not in said
    key = diagram.answer_key()
    assert dict(key).keys() == {number for number, _ in key}
    assert known.names["en"] in dict(key).values() or scene.find("muscle") is None
    shown = {text.text for text in scene.texts()}
    assert shown >= {number for number, _ in key}


@pytest.mark.parametrize(
    "layers", [None, "-title", "+scale", ("-labels", "-title"), "-key", ("zones", "points"), ("bones", "points")]
)
def test_question_and_answer_show_the_same_body(layers):
    asked = Diagram("gluteus medius", labels="blank", annotate="points", layers=layers)
    answer = asked.answer_plate()
    shown = [{layer.id for layer in one.scene().children} - {"labels", "key"} for one in (asked, answer)]
    assert shown[0] == shown[1]
    assert answer.scene().find("labels")


def test_the_answer_plate_has_the_names():
    asked = tp.Diagram("gluteus_medius", labels="blank", layers=["muscle", "zones", "points", "labels"], width=175)
    answer = asked.answer_plate()
    words = " ".join(text.text for text in answer.scene().texts())
    assert answer.labels == "names"
    assert all(name.split(" (")[0] in words for _, name in asked.answer_key())
    assert not {"TrP1 (posterior)", "Gluteus medius"} & {text.text for text in asked.scene().texts()}


def test_numbers_without_their_key_ask_too():
    layers = ("muscle", "zones", "points", "labels", "title")
    asked = tp.Diagram("piriformis", labels="numbers", layers=layers)
    told = tp.Diagram("piriformis", labels="numbers", layers=(*layers, "key"))
    assert "Piriformis" not in {text.text for text in asked.scene().texts()}
    assert "Piriformis" in {text.text for text in told.scene().texts()}
    assert told.scene().find("key") is not None
    assert asked.scene().find("key") is None
    assert ("a", "Piriformis") in asked.answer_key()
    assert told.answer_key() == (("1", "TrP1 (lateral)"), ("2", "TrP2 (medial)"))


def test_numbers_stand_for_what_is_marked_without_leaders():
    scene = tp.Diagram("gluteus_medius", labels="numbers", annotate=("points", "regions"), views="posterior").scene()
    key = [text.text for group in scene.find("key").children for text in [group] if isinstance(text, Text)]
    letters = [text for text in key if len(text) == 1]
    on_body = [text.text for text in scene.find("points").children[0].children if isinstance(text, Text)]
    assert set(on_body) <= set(letters)
    assert "Sacral region" in key
    assert scene.find("labels") is None


def test_regions_landmarks_and_bones_are_those_shown():
    body, _, found = laid_out(tp.Diagram("gluteus_medius", views="posterior", annotate=EVERYTHING, labels="names"))
    texts = {key: one.text for key, one in found.labels.items()}
    assert texts["region.sacral"] == "Sacral region"
    assert texts["landmark.psis"] == "Posterior superior iliac spine"
    assert texts["bone.sacrum"] == "Sacrum"
    assert "bones" in body.page.spec.layers
    assert not [key for key in texts if "calf" in key or "vertex" in key or key.endswith((".r", ".l"))]


def test_landmarks_of_the_side_asked_for():
    for side in ("right", "left"):
        body, (panel,), _ = laid_out(
            tp.Diagram("gluteus_medius", views="posterior", annotate="landmarks", side=side, labels="names")
        )
        places = {one.key: one.places["posterior"].spot for one in body.subjects}
        assert (places["landmark.greater_trochanter"][0] > 0) == (side == "right")
        assert panel.view == "posterior"


def test_landmarks_of_another_body_lie_on_it():
    body, (panel,), _ = laid_out(tp.Diagram("gluteus_medius", views="posterior", annotate="landmarks", body="female"))
    assert len(body.subjects) > 8
    for one in body.subjects:
        place = shapely.Point(one.places["posterior"].spot)
        assert panel.figure.fill.distance(place) <= subjects.AT_THE_EDGE


def test_ends_of_leaders_are_marked():
    asked = ("regions", "landmarks")
    scene = tp.Diagram("soleus", views="posterior", annotate=asked, labels="names").scene()
    (group,) = [group for group in scene.find("labels").children if isinstance(group, Group)]
    ends = [item for item in group.children if isinstance(item, Dots)]
    diamonds = [item for item in group.children if isinstance(item, Path) and item.fill]
    assert ends
    assert diamonds
    assert {round(dots.radius, 3) for dots in ends} == {
        STYLE.anchor_radius,
        round(STYLE.anchor_radius + STYLE.leader_halo_width, 3),
    }


def test_nothing_is_named_where_nothing_is_asked_for():
    scene = tp.Diagram("gluteus_medius", annotate=()).scene()
    assert scene.find("labels") is None
    assert scene.find("key") is None


def test_mistakes_are_told():
    with pytest.raises(InputError, match="labels 'name'"):
        tp.Diagram("piriformis", labels="name")
    with pytest.raises(InputError, match="annotation 'bone'"):
        tp.Diagram("piriformis", annotate=["bone"])
    with pytest.raises(InputError, match="several muscles has no leaders"):
        tp.Diagram("piriformis", "soleus", labels="blank")


def test_the_same_plate_twice_is_the_same():
    one, other = (tp.Diagram("vastus_lateralis", annotate=EVERYTHING, width=175) for _ in range(2))
    assert one.to_bytes() == other.to_bytes()
    body, _, found = laid_out(one)
    turned = body.page.spec._replace(annotate=tuple(reversed(EVERYTHING)))
    again = Composer(body.page._replace(specs=(turned,))).body.laid(10.0, body.tallest)[1]
    assert {view: set(items) for view, items in again.placed.items()} == {
        view: set(items) for view, items in found.placed.items()
    }


@pytest.mark.parametrize(
    ("text", "ems", "lines"),
    [
        ("Superficial TrP 1 (upper, lateral)", 10.2, ["Superficial TrP 1", "(upper, lateral)"]),
        ("Spinous process of L5", 8.0, ["Spinous process", "of L5"]),
        ("M. gluteus medius", 7.0, ["M. gluteus", "medius"]),
        ("Gluteus medius and gluteus minimus", 9.0, ["Gluteus medius and", "gluteus minimus"]),
        ("Tip of rib 12", 5.0, ["Tip", "of rib 12"]),
        ("", 5.0, [""]),
        ("TrP\uff08T10\uff5eT11水平\uff09", 9.2, ["TrP", "\uff08T10\uff5eT11水平\uff09"]),
        ("TrP\uff08T10\uff5eT11高位\uff09", 9.2, ["TrP", "\uff08T10\uff5eT11高位\uff09"]),
        ("深部TrP\u00a01\uff08上内側\uff09", 9.2, ["深部TrP\u00a01", "\uff08上内側\uff09"]),
        ("スズメバチの巣", 6.0, ["スズメバチ", "の巣"]),
        ("腸脛靱帯の外側上顆部", 9.0, ["腸脛靱帯の", "外側上顆部"]),
    ],
)
def test_labels_break_by_sense(text, ems, lines):
    assert list(phrase(text, ems, 1.0)) == lines


@pytest.mark.parametrize(
    "text", ["Oberschenkelfaszienspanner", "semitendinosus/semimembranosus", "腸脛靱帯の外側上顆部"]
)
def test_a_word_wider_than_its_room_is_broken_where_it_may_be(text):
    lines = phrase(text, 6.0, 1.0)
    assert all(width(line, 1.0) <= 6.0 for line in lines)
    assert "".join(line.removesuffix("-") for line in lines) == text.replace("-", "")


def test_a_number_is_never_parted_from_what_it_counts():
    for muscle in ATLAS.muscles:
        for point in muscle.points:
            for text in point.label.values():
                for before in phrase(text, 10.2, 1.0)[:-1]:
                    assert not before.endswith(("TrP", "TrPs", "M.", "No.", "Nr."))


@pytest.mark.parametrize("language", ["ja", "zh"])
@pytest.mark.parametrize("ems", [8.8, 9.7, 10.2])
def test_no_character_is_left_alone(language, ems):
    for muscle in ATLAS.muscles:
        for names in (muscle.names, *(point.label for point in muscle.points)):
            lines = phrase(names[language], ems, 1.0)
            assert all(sum(sign.isalnum() for sign in line) > 1 for line in lines), lines


def test_letters_go_on_after_z():
    assert [letter(number) for number in (0, 25, 26, 51, 52)] == ["a", "z", "aa", "az", "ba"]


def test_a_blank_label_has_room_for_a_hand():
    blank = label.label("muscle", "muscle", "a", "Gluteus medius", STYLE, blank=True)
    assert blank.lines == ()
    wide, tall = blank.size(STYLE)
    assert wide > 20
    assert tall > 1.5 * label.label("muscle", "muscle", "a", "Gluteus medius", STYLE).size(STYLE)[1]


@each_muscle(side=("right", "left"), wide=(85, 175))
def test_names_stand_on_the_half_of_the_body_that_they_speak_of(muscle, side, wide):
    _, panels, found = laid_out(tp.Diagram(muscle, side=side, width=wide))
    for panel in panels:
        middle = panel.frame.dx
        for item in found.placed.get(panel.view, ()) if panel.view in ("posterior", "anterior") else ():
            away = beyond(np.array([(*a, *b) for a, b in pairwise(item.leader)]), item.callout.anchor, middle)
            assert away.sum() < 15, item.callout.key


@pytest.mark.parametrize("side", ["right", "left"])
def test_a_column_of_names_stands_beside_the_zones_not_beside_the_other_leg(side):
    for muscle in ("pectineus", "sartorius"):
        _, (panel,), found = laid_out(tp.Diagram(muscle, side=side, annotate=("muscle", "points", "regions")))
        assert in_gutters(found)
        assert {gutter.side for gutter in panel.gutters} == {"left" if side == "right" else "right"}  # from the front


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("body", ATLAS.bodies)
def test_landmarks_that_the_body_hides_are_not_named(body, side):
    views = (side, "anterior", "posterior")
    asked = tp.Diagram("gluteus_minimus", side=side, views=views, body=body, annotate="landmarks", layers=("labels",))
    body, _, _ = laid_out(asked)
    seen = {one.key.removeprefix("landmark."): set(one.places) for one in body.subjects}
    for hidden in ("medial_epicondyle", "ischial_tuberosity", "sacral_apex", "coccyx_tip", "pubic_tubercle"):
        assert side not in seen[hidden], hidden
        assert seen[hidden], hidden
    for there in ("lateral_epicondyle", "greater_trochanter", "fibular_head", "asis", "l4", "navel"):
        assert side in seen[there], there
    assert {"anterior", "posterior"} <= seen["medial_epicondyle"]


def test_a_leader_keeps_off_what_other_labels_speak_of():
    for muscle in ("soleus", "gluteus_minimus", "piriformis"):
        for labels in (None, "names"):
            asked = tp.Diagram(muscle, width=175, labels=labels, annotate=("muscle", "points", "regions", "landmarks"))
            _, _, found = laid_out(asked)
            for placed in found.placed.values():
                for one in placed:
                    for other in placed:
                        apart = hypot(*(a - b for a, b in zip(one.callout.anchor, other.callout.anchor, strict=True)))
                        if one is not other:
                            assert distance(other.callout.anchor, one.leader) >= min(1.2, apart / 2) - 1e-9, (
                                one,
                                other,
                            )


def gap(box, spot):
    return hypot(max(box[0] - spot[0], 0, spot[0] - box[2]), max(box[1] - spot[1], 0, spot[1] - box[3]))


@each_muscle()
def test_a_number_stands_nearest_to_its_own_x(muscle):
    for width_mm in (60, 120):
        body, panels, found = laid_out(tp.Diagram(muscle, width=width_mm))
        for one in body.layers(panels, found):
            panel = one.panel
            spots = {str(mark.number): panel.frame.point(*mark.place) for mark in panel.seen.marks}
            apart = [hypot(a[0] - b[0], a[1] - b[1]) for a, b in combinations(spots.values(), 2)]
            if any(each < 1.3 * body.page.style.mark_size for each in apart):
                continue  # these all but lie on each other: no number can be clear
            for text in one.points:
                if isinstance(text, Text):
                    box = label.text_box(text)
                    own = gap(box, spots[text.text])
                    assert all(gap(box, spot) > own for number, spot in spots.items() if number != text.text), text.text


def test_no_number_that_nothing_explains():
    for annotate in ("landmarks", ("muscle", "regions")):
        scene = tp.Diagram("gluteus_medius", width=175, annotate=annotate, inset="sacral").scene()
        assert scene.find("points")
        assert not [text for text in scene.texts() if text.text.isdigit()]
    body, panels, found = laid_out(tp.Diagram("gluteus_medius", width=175, annotate="points"))
    assert [item.text for item in body.layers(panels, found)[0].points if isinstance(item, Text)]


@pytest.mark.parametrize("wide", [60, 85, 175])
def test_letters_to_be_explained_run_down_each_side(wide):
    diagram = tp.Diagram("gluteus_medius", labels="blank", annotate=("muscle", "points", "regions"), width=wide)
    body, panels, found = laid_out(diagram)
    met = []
    for panel in panels:
        down = sorted(found.placed.get(panel.view, ()), key=lambda item: (item.gutter.side == "right", item.y))
        met += [found.labels[item.callout.key] for item in down]
    met += found.key
    letters = [one.number for one in met if one.kind != "point"]
    assert letters == [letter(index) for index in range(len(letters))]
    assert len({round(one.inner(body.page.style), 6) for one in met}) == 1  # the lines begin below each other
    told = dict(diagram.answer_key())
    assert all(told[one.number] == one.text for one in met)


def test_names_that_find_no_room_are_told_once():
    crowded = tp.Diagram("quadratus_lumborum", labels="names", width=80, annotate=EVERYTHING)
    with pytest.warns(UserWarning, match="names found no room") as told:
        crowded.to_bytes("svg")
    assert len(told) == 1
    roomy = tp.Diagram("gluteus_medius", labels="names", width=175, annotate=("muscle", "points", "regions"))
    assert not roomy.scene().remarks
    assert not laid_out(roomy)[2].key


@pytest.mark.parametrize("muscle", ["gluteus_medius", "levator_ani_coccygeus", "vastus_lateralis"])
def test_the_lay_out_is_found_that_holds_all_names_but_a_few(muscle):
    body, _, found = laid_out(tp.Diagram(muscle, labels="names", annotate=EVERYTHING))
    assert len(body.labels) > 30
    assert found.lettered <= FEW_LETTERED * len(body.labels)


def test_names_stand_in_the_key_rather_than_beside_an_unclear_leader():
    crowded = tp.Diagram("gluteus_minimus", annotate=EVERYTHING, width=175)
    body, panels, found = laid_out(crowded)
    assert not in_gutters(found)
    assert body.tried(panels, 0) is None
    assert body.tried(panels, found.lettered).lettered == found.lettered


def test_every_view_with_room_gets_its_names():
    asked = tp.Diagram(
        "gluteus_medius", labels="names", width=175, annotate=("muscle", "points", "regions", "landmarks")
    )
    _, panels, found = laid_out(asked)
    assert all(found.placed[panel.view] for panel in panels)
    assert not found.lettered


def test_places_are_named_in_the_view_that_shows_most_of_them():
    body, _, found = laid_out(tp.Diagram("piriformis", language="zh", annotate=("regions", "landmarks")))
    best = assignment.best_places([one.view for one in body.seen], body.subjects)
    assert best[0] > best[1]
    assert len(found.placed["posterior"]) > len(found.placed.get("right", ()))


@pytest.mark.parametrize("muscle", ["gluteus_minimus", "soleus", "gluteus_medius"])
def test_all_points_are_named_at_one_view_where_one_shows_them_all(muscle):
    _, panels, _ = laid_out(tp.Diagram(muscle, width=175, panels="together"))
    assert len([panel for panel in panels if panel.labelled]) == 1


def test_a_key_has_one_tab_a_column_and_stands_off_the_legend():
    rows = tuple((letter(number), f"Spinous process number {number}") for number in range(43))
    found = foot.arrange(foot.FootContent(rows, ("Trigger point",)), 169.0, STYLE)
    columns = {x: [block for block in found.key if block.x == x] for x in {block.x for block in found.key}}
    assert sorted(map(len, columns.values())) == [14, 14, 15]
    for blocks in columns.values():
        assert len({block.tab for block in blocks}) == 1
        assert blocks[0].tab > max(width(rows[block.number][0], STYLE.size_label, "bold") for block in blocks)
    step = STYLE.size_label * STYLE.line_spacing
    last = max(block.y for block in found.key) + step
    assert min(block.y for block in found.legend) - last > 0.4 * step


CROWDED = ("iliocostalis_lumborum", "serratus_posterior_inferior", "rectus_abdominis", "sartorius")


@pytest.mark.parametrize("muscle", CROWDED)
def test_no_leader_runs_through_the_letter_of_a_side(muscle):
    """Where everything is named, the letters give way."""
    scene = tp.Diagram(muscle, annotate=EVERYTHING, labels="names").scene()
    labels = {group.id.partition(".")[2]: group.children for group in scene.find("labels").children}
    for group in scene.find("views").children:
        letters = [text_box(item) for item in group.children if isinstance(item, Text) and len(item.text) == 1]
        assert letters
        written = labels.get(group.id.partition(".")[2], ())
        lines = [line for item in written if isinstance(item, Path) for line in item.rings]
        assert not any(enters(np.hstack([line[:-1], line[1:]]), box).any() for line in lines for box in letters)
