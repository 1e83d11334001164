"""Female and male bodies: the outlines, and that the warp puts everything on the same anatomical place."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import numpy as np
import pytest
import shapely

from trigpoint import Diagram
from trigpoint.atlas import Atlas, load_atlas
from trigpoint.atlas.outline_writer import format_outline
from trigpoint.atlas.outlines import VIEWS, Outline, mirror, mirror_view, read_outline
from trigpoint.atlas.pattern_writer import format_patterns
from trigpoint.atlas.patterns import KINDS, shipped_patterns
from trigpoint.atlas.warp import Warp, Warps, format_warps, read_warps
from trigpoint.errors import InputError, UnknownNameError
from trigpoint.files.shipped import resource

DATA = Path(__file__).parents[1] / "support" / "fixtures_data"
BODIES = ("female", "male")
ONE, TWO = "gluteus_medius.trp1", "gluteus_medius.trp2"

LANDMARK_MM = 4.0
EDGE_MM, MEAN_EDGE_MM = 6.5, 1.2
CLEFT_MM = 4.0  # clefts narrower than twice this, as between arm and trunk, open and close from body to body
LEAST_DETERMINANT = 0.2
LARGE_MM2 = 1500.0  # smaller ones may be a strip along the edge of the body
TOUCH_MM2 = 25.0  # what neighbours that end at the body's edge share there

both = pytest.mark.parametrize(("body", "view"), list(itertools.product(BODIES, VIEWS)))


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return load_atlas()


def closed(shape: shapely.MultiPolygon) -> shapely.MultiPolygon:
    return shape.buffer(CLEFT_MM).buffer(-CLEFT_MM)


def carried(atlas: Atlas, body: str, view: str) -> Warp:
    warp = atlas.warp(body, view)
    assert warp is not None
    return warp


def test_three_bodies_ship(atlas: Atlas) -> None:
    assert set(atlas.bodies) >= {"neutral", *BODIES}
    assert all(atlas.warp("neutral", view) is None for view in VIEWS)


@both
def test_the_outline_is_whole(atlas: Atlas, body: str, view: str) -> None:
    outline = atlas.outline(body, view)
    assert len(outline.silhouette.geoms) == 1
    _, top, _, sole = outline.silhouette.bounds
    assert abs(top) < 1.5
    assert abs(sole - 1700) < 1.5
    neutral = atlas.outline("neutral", view)
    assert set(outline.landmarks) == set(neutral.landmarks)
    assert set(outline.lines) == set(neutral.lines)
    assert outline.titles["vertex"] == "Vertex of the head"
    assert not outline.regions
    assert not outline.muscles
    assert outline.licence == neutral.licence


@both
def test_what_is_drawn_stays_on_the_body(atlas: Atlas, body: str, view: str) -> None:
    outline = atlas.outline(body, view)
    near = outline.silhouette.buffer(2.5)
    for shape in (*outline.tones, *outline.lines.values()):
        assert shape.difference(near).area < 1.0
    for place in outline.landmarks.values():
        assert shapely.Point(place).distance(outline.silhouette) <= 1.0
    drawn = shapely.GeometryCollection([outline.silhouette, *outline.tones, *outline.lines.values()])
    assert shapely.get_num_coordinates(drawn) <= 8000


@both
def test_the_outline_is_canonical(body: str, view: str) -> None:
    file = resource("assets", "body_outlines", f"{body}.{view}.svg")
    assert format_outline(read_outline(file)).encode() == file.read_bytes()


@pytest.mark.parametrize("body", BODIES)
def test_left_is_the_mirror_of_right(atlas: Atlas, body: str) -> None:
    left, right = (atlas.outline(body, view) for view in ("left", "right"))
    assert left.silhouette.symmetric_difference(mirror(right.silhouette)).area < 1e-6
    np.testing.assert_array_equal(carried(atlas, body, "left").shift, carried(atlas, body, "right").mirrored().shift)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("view", ["anterior", "posterior"])
def test_the_warp_is_even_on_both_sides(atlas: Atlas, body: str, view: str) -> None:
    warp = carried(atlas, body, view)
    np.testing.assert_allclose(warp.mirrored().shift, warp.shift, atol=1e-9)
    assert warp.mirrored().origin == warp.origin


@pytest.mark.parametrize("body", BODIES)
def test_the_warp_is_canonical(body: str) -> None:
    file = resource("assets", "body_outlines", f"{body}.warp.json")
    warps = read_warps(file)
    stored = {view: warp for view, warp in warps.views.items() if view != "left"}
    assert format_warps(Warps(warps.body, warps.source, stored)).encode() == file.read_bytes()


@both
def test_landmarks_are_carried_to_landmarks(atlas: Atlas, body: str, view: str) -> None:
    warp, there = carried(atlas, body, view), atlas.outline(body, view).landmarks
    far = {
        name: round(float(np.hypot(*np.subtract(warp.place(place), there[name]))), 1)
        for name, place in atlas.outline("neutral", view).landmarks.items()
    }
    assert not {name: error for name, error in far.items() if error > LANDMARK_MM}
    assert sum(far.values()) / len(far) < LANDMARK_MM / 2


def edges(atlas: Atlas, body: str, view: str) -> tuple[np.ndarray, np.ndarray]:
    """How far the carried neutral edge lies from the body's own, and the other way round."""
    warp = carried(atlas, body, view)
    here, there = (closed(atlas.outline(name, view).silhouette) for name in ("neutral", body))
    moved = warp.polygons(here)
    own, other = (shapely.points(shapely.get_coordinates(shape.segmentize(3.0))) for shape in (moved, there))
    return shapely.distance(own, there.boundary), shapely.distance(other, moved.boundary)


@both
def test_the_neutral_silhouette_is_carried_to_the_silhouette(atlas: Atlas, body: str, view: str) -> None:
    here, there = edges(atlas, body, view)
    assert here.max() < EDGE_MM
    assert np.percentile(there, 98) < EDGE_MM  # but for the ends of closed clefts
    assert max(here.mean(), there.mean()) < MEAN_EDGE_MM


@both
def test_nothing_folds(atlas: Atlas, body: str, view: str) -> None:
    warp, silhouette = carried(atlas, body, view), atlas.outline("neutral", view).silhouette
    x0, y0, x1, y1 = silhouette.bounds
    x, y = np.meshgrid(np.arange(x0, x1, 5.0), np.arange(y0, y1, 5.0))
    inside = shapely.contains_xy(silhouette, x.ravel(), y.ravel())
    places, step = np.stack([x.ravel(), y.ravel()], 1)[inside], 0.5
    right, low = np.array([(step, 0.0), (0.0, step)])
    across = (warp.points(places + right) - warp.points(places - right)) / (2 * step)
    down = (warp.points(places + low) - warp.points(places - low)) / (2 * step)
    determinant = across[:, 0] * down[:, 1] - across[:, 1] * down[:, 0]
    assert determinant.min() > LEAST_DETERMINANT
    assert determinant.max() < 4.0


@both
def test_zones_lie_on_the_body_in_their_muscle(atlas: Atlas, body: str, view: str) -> None:
    silhouette = atlas.outline(body, view).silhouette
    for muscle in atlas.muscles:
        for side in ("right", "left"):
            kept = {"view": view, "side": side}
            shapes, plain = (
                [
                    atlas.shape(muscle.id, body=name, **kept),
                    *(atlas.zone(point.id, kind, body=name, **kept) for point in muscle.points for kind in KINDS),
                ]
                for name in (body, "neutral")
            )
            for shape, before in zip(shapes, plain, strict=True):
                assert shape.is_valid
                assert shape.is_empty == before.is_empty
                assert shape.difference(silhouette).area < 1.0  # the halves of a silhouette differ by the grid
                if before.area > LARGE_MM2:
                    assert 0.6 * before.area <= shape.area <= 1.6 * before.area
            for point in muscle.points:
                place, before_place = (atlas.position(point.id, body=name, **kept) for name in (body, "neutral"))
                assert (place is None) == (before_place is None)
                if place is not None:
                    assert silhouette.contains(shapely.Point(place))


@both
def test_regions_touch_on_every_body(atlas: Atlas, body: str, view: str) -> None:
    side = view if view in ("left", "right") else "right"
    shapes = {name: atlas.region(name, view=view, side=side, body=body) for name in atlas.patterns.regions}
    shown = {name: shape for name, shape in shapes.items() if not shape.is_empty}
    assert shown
    for one, other in itertools.combinations(sorted(shown), 2):
        shared = shown[one].intersection(shown[other]).area
        assert shared <= max(TOUCH_MM2, 0.03 * min(shown[one].area, shown[other].area)), (one, other)


@both
def test_a_zone_reaches_the_edge_where_it_did_before(atlas: Atlas, body: str, view: str) -> None:
    """The lateral hip seen from behind and from the front, and the rump in a side view, end at the edge of the body."""
    names = [name for name in ("gluteal_lateral", "sacral") if name in atlas.outline("neutral", view).regions]
    side = view if view in ("left", "right") else "right"
    for name in names:
        before, after = (
            atlas.region(name, view=view, side=side, body=one).boundary.intersection(
                atlas.outline(one, view).silhouette.boundary.buffer(0.3)
            )
            for one in ("neutral", body)
        )
        assert after.length >= 0.7 * before.length


@both
def test_bones_are_carried_with_the_outline(atlas: Atlas, body: str, view: str) -> None:
    outline, neutral = atlas.outline(body, view), atlas.outline("neutral", view)
    assert set(outline.bones) == set(neutral.bones)
    for name, bone in outline.bones.items():
        assert bone.is_valid
        assert bone.difference(outline.silhouette).area < 1e-6
        if neutral.bones[name].area > LARGE_MM2:
            assert bone.area == pytest.approx(neutral.bones[name].area, rel=0.4)


@pytest.mark.parametrize("body", BODIES)
def test_the_left_side_is_the_mirror(atlas: Atlas, body: str) -> None:
    for view in VIEWS:
        other = mirror_view(view)
        here = atlas.zone(ONE, "spillover", view=view, side="left", body=body)
        there = mirror(atlas.zone(ONE, "spillover", view=other, body=body))
        assert here.symmetric_difference(there).area < 1e-6
        place = atlas.position(ONE, view=other, body=body)
        assert atlas.position(ONE, view=view, side="left", body=body) == (
            None if place is None else pytest.approx((-place[0], place[1]))
        )


def test_a_plate_of_every_body(atlas: Atlas) -> None:
    pictures = {body: Diagram("gluteus_medius", body=body).to_bytes("svg") for body in ("neutral", *BODIES)}
    assert len(set(pictures.values())) == 3
    for body in BODIES:
        scene = Diagram("gluteus_medius", body=body, views=VIEWS, layers=["muscle", "zones", "points"]).scene()
        names = {group.id for group in scene.walk() if hasattr(group, "id")}
        assert {"essential.posterior", "muscle.right", "points.posterior"} <= names


@pytest.mark.parametrize("body", ["neutral", *BODIES])
@pytest.mark.parametrize(("view", "side"), [("left", "right"), ("right", "left")])
def test_a_side_view_shows_the_near_side_only(atlas: Atlas, body: str, view: str, side: str) -> None:
    far = {"view": view, "side": side, "body": body}
    assert atlas.shape("gluteus_medius", **far).is_empty
    assert atlas.fibres("gluteus_medius", **far).is_empty
    assert atlas.region("gluteal_lateral", **far).is_empty
    near = far | {"side": view}
    assert not atlas.shape("gluteus_medius", **near).is_empty
    assert not atlas.fibres("gluteus_medius", **near).is_empty
    assert not atlas.region("gluteal_lateral", **near).is_empty


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """The small neutral body with a second one, `tall`, 10 mm to the viewer's right of it, which draws no regions."""
    folder = tmp_path / "clinic"
    shutil.copytree(DATA, folder)
    for view in VIEWS:
        bare = read_outline(folder / f"neutral.{view}.svg")
        moved = shapely.transform(bare.silhouette, lambda points: points + np.array((10.0, 0.0)))
        tall = Outline("tall", view, bare.bounds, shapely.MultiPolygon(moved), title="tall")
        (folder / f"tall.{view}.svg").write_text(format_outline(tall), "utf-8")
    return folder


def shifted(source: str = "neutral", body: str = "tall", views: tuple[str, ...] = VIEWS) -> str:
    warp = Warp((-500.0, -100.0), 500.0, np.full((5, 3, 2), (10.0, 0.0)))
    return format_warps(Warps(body, source, dict.fromkeys(views, warp)))


def test_a_body_of_ones_own(clinic: Path) -> None:
    (clinic / "tall.warp.json").write_text(shifted(), "utf-8")
    atlas = load_atlas(clinic / "patterns.json", clinic)
    assert atlas.bodies == ("neutral", "tall")
    x, y = atlas.position(ONE, view="posterior")
    assert atlas.position(ONE, view="posterior", body="tall") == pytest.approx((x + 10, y))
    assert atlas.position(ONE, view="posterior", side="left", body="tall") == pytest.approx((-x - 10, y))
    assert atlas.position(ONE, view="anterior", body="tall") is None
    zone = atlas.zone(ONE, "spillover", view="posterior", body="tall")
    assert zone.bounds[0] == pytest.approx(atlas.zone(ONE, "spillover", view="posterior").bounds[0] + 10)
    region = atlas.region("sacral", view="posterior")
    assert atlas.region("sacral", view="posterior", body="tall").area == pytest.approx(region.area, rel=0.02)
    assert not atlas.fibres("gluteus_medius", view="posterior", body="tall").is_empty
    assert atlas.shape("piriformis", view="right", body="tall").is_empty
    assert atlas.warp("tall", "posterior") is atlas.warp("tall", "posterior")


@pytest.mark.parametrize("side", ["right", "left"])
def test_a_zone_covers_the_same_regions_on_every_body(atlas: Atlas, side: str) -> None:
    zone = next(zone for zone in atlas.point(ONE).zones if (zone.kind, zone.view) == ("essential", "posterior"))
    neutral, female = (
        {(share.region, share.side): share.of_region for share in atlas.regions_of(zone, side=side, body=body)}
        for body in ("neutral", "female")
    )
    assert female == {key: pytest.approx(share, abs=0.03) for key, share in neutral.items()}


def test_a_body_without_a_warp_is_refused_for_data(clinic: Path) -> None:
    atlas = load_atlas(clinic / "patterns.json", clinic)
    assert atlas.outline("tall", "posterior").title == "tall"
    for ask in (
        lambda: atlas.zone(ONE, "essential", view="posterior", body="tall"),
        lambda: atlas.position(ONE, view="posterior", body="tall"),
        lambda: atlas.shape("gmed", view="posterior", body="tall"),
        lambda: atlas.fibres("gmed", view="posterior", body="tall"),
        lambda: atlas.region("sacral", view="posterior", body="tall"),
        lambda: Diagram("gmed", body="tall", atlas=atlas),
    ):
        with pytest.raises(InputError, match=r"no warp from 'neutral' \(hint: put tall\.warp\.json beside"):
            ask()


def test_a_body_that_draws_its_own_regions_keeps_them(clinic: Path) -> None:
    (clinic / "own.posterior.svg").write_text((clinic / "neutral.posterior.svg").read_text("utf-8"), "utf-8")
    atlas = load_atlas(clinic / "patterns.json", clinic)
    own = atlas.region("sacral", view="posterior", body="own")
    assert own.equals(atlas.outline("own", "posterior").regions["sacral"])
    assert atlas.region("sacral", view="anterior", body="own").is_empty
    assert atlas.shape("gmed", view="posterior", body="own").equals(atlas.shape("gmed", view="posterior"))


def test_a_warp_between_other_bodies_is_refused(clinic: Path) -> None:
    for wrong in (shifted(source="female"), shifted(body="small")):
        (clinic / "tall.warp.json").write_text(wrong, "utf-8")
        atlas = load_atlas(clinic / "patterns.json", clinic)
        with pytest.raises(InputError, match="not from 'neutral' to 'tall'"):
            atlas.zone(ONE, "essential", view="posterior", body="tall")


def test_a_warp_without_the_view_is_refused(clinic: Path) -> None:
    (clinic / "tall.warp.json").write_text(shifted(views=("posterior",)), "utf-8")
    atlas = load_atlas(clinic / "patterns.json", clinic)
    with pytest.raises(UnknownNameError, match="unknown view of the warp to tall 'right'"):
        atlas.zone(TWO, "essential", view="right", body="tall")


def test_own_patterns_are_carried_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(format_patterns(shipped_patterns()), "utf-8")
    mine, shipped = load_atlas(patterns=path), load_atlas()
    zones = [one.zone(ONE, "essential", view="posterior", body="female") for one in (mine, shipped)]
    assert zones[0].symmetric_difference(zones[1]).area < 1e-6


def test_check_reads_the_warps(clinic: Path) -> None:
    (clinic / "tall.warp.json").write_text(shifted(), "utf-8")
    assert load_atlas(clinic / "patterns.json", clinic).check() == []
    (clinic / "tall.warp.json").write_text("{}", "utf-8")
    problems = load_atlas(clinic / "patterns.json", clinic).check()
    assert {problem.file.rpartition("/")[2] for problem in problems} == {"tall.warp.json"}


# --- files whose names differ from an outline's in nothing but capitals


@pytest.mark.parametrize("stray", ["NEUTRAL.posterior.svg", "Neutral.left.svg", "NEUTRAL.anterior.svg"])
def test_a_stray_file_is_no_body_and_breaks_none(clinic: Path, stray: str) -> None:
    """On a machine that knows no capitals it would be the other file."""
    before = Diagram("gmed", atlas=load_atlas(clinic / "patterns.json", clinic)).to_bytes("svg")
    (clinic / "tall.warp.json").write_text(shifted(), "utf-8")
    (clinic / stray).write_text("nothing that could be read", "utf-8")
    body, view, _ = stray.split(".")
    (clinic / "neutral.anterior.svg").unlink()  # no file with the same view is needed to tell it
    atlas = load_atlas(clinic / "patterns.json", clinic)
    assert atlas.bodies == ("neutral", "tall")
    assert Diagram("gmed", atlas=atlas).to_bytes("svg") == before
    assert Diagram("gmed", atlas=atlas, body="nEUTRAL").body == "neutral"
    assert Diagram("gmed", atlas=atlas, body="TALL").body == "tall"
    other = "neutral.left.svg" if view == "anterior" else f"neutral.{view}.svg"
    said = f"{stray}: the name differs from {other} in nothing but capitals"
    (problem,) = atlas.check()
    assert problem.line().startswith(said)
    for ask in (lambda: Diagram("gmed", atlas=atlas, body=body), lambda: atlas.outline(body, view)):
        with pytest.raises(InputError) as caught:
            ask()
        assert caught.value.problems == (problem,)


def test_of_two_bodies_that_differ_in_capitals_the_plain_one_counts(clinic: Path) -> None:
    (clinic / "tall.warp.json").write_text(shifted(), "utf-8")
    for view in ("left", "posterior"):
        shutil.copy(clinic / f"tall.{view}.svg", clinic / f"Tall.{view}.svg")
    atlas = load_atlas(clinic / "patterns.json", clinic)
    assert atlas.bodies == ("neutral", "tall")
    assert [problem.file for problem in atlas.check()] == ["Tall.left.svg"]


@pytest.mark.parametrize("file", ["1.posterior.svg", "neutral copy.posterior.svg", "a.b.posterior.svg", "a.back.svg"])
def test_a_file_that_is_not_named_after_body_and_view_is_no_body(clinic: Path, file: str) -> None:
    (clinic / "tall.warp.json").write_text(shifted(), "utf-8")
    (clinic / file).write_text("nothing that could be read", "utf-8")
    atlas = load_atlas(clinic / "patterns.json", clinic)
    assert atlas.bodies == ("neutral", "tall")
    assert atlas.check() == []
