"""Fibres and attachments of the muscles where they are made: on the meshes, in the body. Needs the meshes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from scipy.spatial import cKDTree

pytest.importorskip("scipy", reason="the authoring extra is not installed")
pytest.importorskip("contourpy", reason="the authoring extra is not installed")

from authoring import build
from authoring.anatomy import archive, attachments, drawing, fibres, grain, meshes, registered
from authoring.body.view import POSE, project
from trigpoint.atlas import load_atlas

needs_meshes = pytest.mark.skipif(bool(archive.missing()), reason=archive.missing() or "the meshes are there")
STRAIGHT = np.cos(np.radians(25.0))
# Their bundles leave the line from end to end: fans whose rays spread wider, and what turns about a bone.
SPREAD = {"FJ1403", "FJ1404", "FJ1422", "FJ2547", "FJ2549", "FJ2550", "FJ2551", "FJ1426", "FJ1425", "FJ1419", "FJ1420"}


def test_every_drawn_muscle_has_meshes_or_sheets() -> None:
    sheets = {row["of"] for row in build.content.table("sheets")["sheet"]}
    assert all(attachments.of(muscle) or muscle in sheets for muscle in build.muscles())


def test_attachments_know_their_words() -> None:
    assert len(attachments.entries()) == 167
    assert attachments.bones("ribs 3-5") == tuple(
        file for name in ("third", "fourth", "fifth") for file in attachments.bones(f"right {name} rib")
    )
    assert len(attachments.bones("cervical 1-7")) == 7
    with pytest.raises(KeyError):
        attachments.bones("left ear")
    with pytest.raises(ValueError, match="no way 'sideways'"):
        attachments.way("sideways", np.zeros((3, 3)))


def test_the_last_share_of_a_muscle_is_its_end() -> None:
    points = np.stack([np.zeros(101), np.linspace(0, 100, 101), np.zeros(101)], 1)
    assert np.flatnonzero(attachments.at_end(points, "up 0.1")).min() == 90
    assert np.flatnonzero(attachments.at_end(points, "axis down 0.1")).max() == 10


def test_the_grain_of_a_strip_runs_along_it() -> None:
    x, y = np.meshgrid(np.linspace(0, 20, 11), np.linspace(0, 100, 41))
    points = np.stack([x.ravel(), y.ravel(), np.zeros(x.size)], 1)
    k = np.arange(x.size).reshape(x.shape)
    quads = np.stack([k[:-1, :-1], k[:-1, 1:], k[1:, 1:], k[1:, :-1]], 2).reshape(-1, 4)
    triangles = np.concatenate([quads[:, :3], quads[:, [0, 2, 3]]])
    entry = attachments.Entry("x", "x", "x", ("anterior",), "parallel", 0.0, 0.0, (), ())
    way, share = grain.field(points, triangles, points[:, 1] < 1, points[:, 1] > 99, entry)
    assert way[:, 1].min() > 0.999
    assert np.corrcoef(share, points[:, 1])[0, 1] > 0.99
    turned = points[:, [1, 0, 2]]
    assert grain.carried(way, points, turned, triangles)[:, 0].min() > 0.999


def test_lines_on_an_even_field_are_even() -> None:
    field = np.zeros((200, 120, 2))
    field[..., 1] = 1.0
    mask = np.zeros((200, 120), bool)
    mask[10:190, 10:110] = True
    share = np.tile(np.linspace(0, 1, 200)[:, None], (1, 120))
    lines = fibres.Lines(field, mask, np.zeros(mask.shape, np.int64), 10.0).all(share)
    places = sorted(float(line[:, 0].mean()) for line in lines if len(line) > 80)
    assert 8 <= len(places) <= 12
    assert 5.5 < np.diff(places).min() <= np.diff(places).max() < 16


def test_a_feather_turns_towards_its_line() -> None:
    field = np.zeros((60, 80, 2))
    field[..., 1] = 1.0
    place = np.tile(np.linspace(1, -1, 80), (60, 1))  # the left hand of who looks down the picture is on its right
    turned, lane = fibres.feathered(field, place, [0.0], [], 20.0, np.ones(place.shape))
    assert turned[30, 10, 0] > 0.3
    assert turned[30, 70, 0] < -0.3
    assert set(np.unique(lane)) == {0, 1}


@needs_meshes
@pytest.mark.slow
@pytest.mark.parametrize("muscle", sorted(build.muscles()))
def test_it_is_attached_to_its_bones(muscle: str) -> None:
    whole = registered.whole()
    for entry in attachments.of(muscle):
        part, here = whole.parts[entry.file], whole.points["standing"][entry.file]
        for items in (entry.origin, entry.insertion):
            files = [file for item in items for name in item["bone"] for file in attachments.bones(name)]
            if not files:
                continue
            there = [meshes.dense(whole.points["standing"][file], whole.parts[file].triangles) for file in files]
            rows = attachments.vertices(part.points, part.triangles, items)
            assert np.median(cKDTree(np.concatenate(there)).query(here[rows])[0]) < 7.0, (entry.file, items[0]["where"])


@needs_meshes
@pytest.mark.slow
@pytest.mark.parametrize("muscle", sorted(build.muscles()))
def test_straight_fibres_follow_the_line_of_pull(muscle: str) -> None:
    """90 % of their length within 25 degrees of the line from attachment to attachment, in the first view."""
    bellies = [one for one in grain.bellies(muscle) if one.straight and one.file not in SPREAD]
    if not bellies or len(grain.bellies(muscle)) > 1:
        pytest.skip("winds, spreads or has several bellies")
    entry = attachments.entries()[bellies[0].file]
    view = next(
        view for view in build.looks(muscle).views if view in entry.views or view == build.looks(muscle).views[0]
    )
    (placed,) = drawing.placed(muscle, POSE[view])
    first, last = (project(placed.points[rows], view).mean(0) for rows in (placed.belly.start, placed.belly.end))
    along = (last - first) / np.linalg.norm(last - first)
    lines = shapely.get_parts(load_atlas().fibres(muscle, view=view))
    steps = np.concatenate([np.diff(shapely.get_coordinates(line), axis=0) for line in lines])
    size = np.linalg.norm(steps, axis=1)
    near = np.abs(steps @ along) / np.maximum(size, 1e-9) > STRAIGHT
    assert size[near].sum() > 0.9 * size.sum()
