"""What is drawn of a view: contours swell, strokes taper, zones stay apart; what is measured stays as it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

import trigpoint as tp
from tests.support.sampling import each_muscle
from trigpoint.geometry.stipple import Fade, stipple
from trigpoint.plate import linework, paint
from trigpoint.plate.content import Seen, gather
from trigpoint.plate.crop import band, figure
from trigpoint.plate.spec import Spec
from trigpoint.scene import Dots, Path
from trigpoint.style import THEMES

ATLAS = tp.load_atlas()


def seen_of(name: str, view: str = "posterior") -> Seen:
    points = tuple(point.id for point in ATLAS.muscle(name).points)
    return gather(ATLAS, Spec(name, points, (view,), 100.0))[0]


def round_figure():
    seen = seen_of("gluteus_medius")
    whole = figure(seen, *band([seen]))
    disc = shapely.MultiPolygon([shapely.Point(0, 0).buffer(100, quad_segs=64)])
    return replace(whole, fill=disc, ends=())


def test_a_contour_is_wide_away_from_the_light_and_narrow_towards_it():
    ring = linework.contour(round_figure(), 2.0, 0.5, (-0.6, -0.8))

    def width(x: float, y: float) -> float:
        return ring.intersection(shapely.LineString([(90 * x, 90 * y), (110 * x, 110 * y)])).length

    assert width(-0.6, -0.8) == pytest.approx(1.0, abs=0.15)
    assert width(0.6, 0.8) == pytest.approx(3.0, abs=0.15)
    assert width(0.8, -0.6) == pytest.approx(2.0, abs=0.15)


def test_a_contour_is_one_area_on_the_silhouette_and_not_along_the_cuts():
    seen = seen_of("gluteus_medius")
    whole = figure(seen, *band([seen]))
    ring = linework.contour(whole, 2.0, 0.45, (-0.6, -0.8))
    assert ring.is_valid
    assert ring.within(whole.fill.boundary.buffer(2.0))
    assert ring.area == pytest.approx(2.0 * whole.edge.length, rel=0.12)
    assert whole.ends
    for end in whole.ends:
        assert not ring.intersects(shapely.LineString(np.reshape(end.box(0.0), (2, 2))))


def test_a_tapered_stroke_is_pointed_and_as_wide_as_asked():
    line = np.column_stack([np.linspace(0, 40, 9), np.zeros(9)])
    (stroke,) = linework.tapered(line[None], [3.0])
    assert stroke.is_valid
    assert stroke.bounds == pytest.approx((0, -1.5, 40, 1.5))
    widths = [stroke.intersection(shapely.LineString([(x, -5), (x, 5)])).length for x in (1, 4, 10, 20)]
    assert widths == sorted(widths)
    assert widths[0] < 1.5


@each_muscle()
def test_fibres_lie_in_the_muscle_and_end_short_of_its_ends(muscle):
    for view in ("posterior", "right", "anterior"):
        seen = seen_of(muscle, view)
        drawn = linework.fibres(seen, 1.5)
        assert drawn.is_valid
        assert drawn.difference(seen.muscle.buffer(1.0)).area < 1.0
        if not seen.fibres.is_empty:
            ends = shapely.MultiPoint([end for line in seen.fibres.geoms for end in (line.coords[0], line.coords[-1])])
            touched = shapely.intersects(linework.fibres(seen, 0.4), shapely.get_parts(ends).tolist())
            assert touched.mean() <= 0.55, "but where another fibre runs past, and at its root"


def test_no_two_fibres_are_cut_alike():
    lines = [np.array([(x, 0.0), (x, 100.0)]) for x in range(0, 200, 10)]
    ends = {(round(part[0, 1], 3), round(part[-1, 1], 3)) for part in linework._long(lines)}
    assert len(ends) == len(lines)


@each_muscle()
def test_cores_lie_in_each_other_and_in_their_zone(muscle):
    seen = seen_of(muscle)
    first, second = linework.cores(seen, 2)
    assert linework.cores(seen, 0) == ()
    for inner, outer in ((first, seen.essential), (second, first)):
        assert inner.difference(outer).area <= 0.01 * max(outer.area, 1.0)
        assert inner.area < outer.area or outer.is_empty


def test_zones_of_several_points_keep_their_edges_where_they_meet():
    seen = seen_of("gluteus_medius")
    seams = linework.seams(seen)
    assert seams.length > 50
    edges = shapely.union_all([zone.boundary for zone in seen.zones])
    assert seams.within(edges.buffer(0.01))
    assert seams.distance(seen.essential.boundary) > 1
    alone = replace(seen, zones=seen.zones[:1])
    assert linework.seams(alone).is_empty
    scene = tp.Diagram("gluteus_medius", views=["posterior"], panels="together").scene()
    style = THEMES["plate"]
    assert [item for item in scene.walk() if isinstance(item, Path) and item.stroke == style.seam]


def test_slivers_of_spillover_are_not_drawn_but_still_measured():
    seen = seen_of("gluteus_medius")
    sliver = shapely.box(300, 700, 301, 760)
    wide = shapely.box(340, 700, 380, 760)
    with_sliver = replace(seen, spillover=shapely.MultiPolygon([sliver, wide]))
    drawn = linework.spillover(with_sliver)
    assert drawn.intersection(sliver).is_empty
    assert drawn.symmetric_difference(wide).area < 0.03 * wide.area
    assert with_sliver.spillover.intersects(sliver)


def test_the_atlas_keeps_its_zones():
    point = ATLAS.muscle("gluteus_medius").points[0].id
    before = ATLAS.zone(point, "spillover", view="posterior", side="right", body="neutral").wkb
    tp.Diagram("gluteus_medius", theme="dark").scene()
    assert ATLAS.zone(point, "spillover", view="posterior", side="right", body="neutral").wkb == before


def test_spillover_is_lighter_towards_its_rim_but_not_where_it_meets_the_essential_zone():
    zone = shapely.box(0, 0, 60, 30)
    rim = shapely.LineString([(0, 0), (60, 0)])
    dots, depths = stipple(zone, spacing=0.8, radius=0.0, gap=0.0, fade=Fade(rim, 8.0, 0.3))
    assert depths == pytest.approx(np.minimum(dots[:, 1] / 8.0, 1.0))
    rows, _ = np.histogram(dots[:, 1], [0, 2, 4, 8, 15, 30])
    density = rows / np.diff([0, 2, 4, 8, 15, 30])
    assert (np.diff(density[:4]) > 0).all()
    assert density[0] == pytest.approx(0.33 * density[4], rel=0.25)
    assert density[3] == pytest.approx(density[4], rel=0.05)
    full = {tuple(dot) for dot in stipple(zone, spacing=0.8, radius=0.0, gap=0.0)[0].tolist()}
    assert {tuple(dot) for dot in dots.tolist()} <= full


def test_what_is_left_of_a_fading_stipple_is_even():
    zone = shapely.box(0, 0, 60, 60)
    middle, far = (shapely.LineString([(0, y), (60, y)]) for y in (30, -1000))
    fades = (Fade(rim, 20.0, 0.4) for rim in (far, middle))
    whole, faded = (stipple(zone, spacing=1.0, radius=0.0, gap=0.0, fade=fade)[0] for fade in fades)
    assert len(whole) == pytest.approx(3600, rel=0.03)
    light = faded[np.abs(faded[:, 1] - 30) < 4]
    apart = np.hypot(*(light[:, None] - light[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    nearest = apart.min(axis=1)
    share = len(light) / (8 * 60)
    assert 0.38 < share < 0.5
    assert nearest.mean() > 0.7 / np.sqrt(share), "as far apart as so many dots can be, not what chance would leave"


def test_the_rim_that_fades_is_the_outer_one():
    seen = seen_of("gluteus_medius")
    rim = linework.rim(seen)
    assert rim.length > 100
    assert rim.intersection(seen.essential.buffer(-1)).is_empty
    inner = rim.difference(seen.outline.silhouette.boundary.buffer(0.5))
    assert inner.length >= 0.99 * rim.length, "round the body the zone goes on"


@pytest.mark.parametrize("theme", THEMES)
def test_a_spillover_on_a_plate_is_denser_inside_than_at_its_rim(theme):
    style = THEMES[theme]
    asked = {"views": ["posterior"], "width": 120, "panels": "together"}

    def dots(theme: object) -> list[Dots]:
        scene = tp.Diagram("gluteus_medius", theme=theme, **asked).scene()
        return [item for item in scene.find("spillover").children[0].children if isinstance(item, Dots)]

    drawn = dots(theme)
    assert [some.radius for some in drawn] == pytest.approx([share * style.dot_radius for _, share in paint.DOT_SIZES])
    every = sum(len(some.points) for some in dots(replace(style, dot_least=1.0)))
    assert 0.35 < sum(len(some.points) for some in drawn) / every < 0.95


@pytest.mark.parametrize("theme", THEMES)
def test_lines_weigh_what_they_mean(theme):
    style = THEMES[theme]
    weights = [
        style.outline_width * (1 + style.outline_swell),
        style.essential_edge_width,
        style.muscle_edge_width,
        style.body_lines_width,
        style.fibres_width,
        style.leader_width,
    ]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == len(weights)


@pytest.mark.parametrize("width", [0.8, 1.2])
def test_lines_on_the_body_are_no_wider_than_asked(width):
    seen = seen_of("gluteus_medius")
    whole = figure(seen, *band([seen]))
    drawn = linework.body_lines(whole, width)
    assert len(drawn.geoms) == len(whole.lines.geoms)
    for part in drawn.geoms:
        assert 2 * shapely.maximum_inscribed_circle(part, 0.02).length <= width + 0.1
    assert drawn.difference(whole.lines.buffer(0.15)).area < 0.05 * drawn.area
    (before, after) = (sum(part.length for part in shape.geoms) for shape in (whole.lines, drawn))
    assert after == pytest.approx(before, rel=0.05), "thinner, not shorter"
    assert linework.body_lines(whole, 50.0).equals(whole.lines)


def test_a_zone_drawn_in_lines_has_a_ground_and_lines_in_plate_and_legend():
    style = THEMES["blueprint"]
    scene = tp.Diagram("gluteus_medius", views=["posterior"], theme="blueprint").scene()
    for group in ("essential", "legend"):
        inside = list(_paths(scene.find(group)))
        assert any(item.fill == style.essential_ground for item in inside)
        assert any(item.stroke == style.essential and not item.closed for item in inside)


def _paths(item):
    for child in item.children:
        if isinstance(child, Path):
            yield child
        elif hasattr(child, "children"):
            yield from _paths(child)
