"""The bones and muscles of the open atlas lie in the body as they must; the pure functions are tested alone."""

from types import SimpleNamespace

import numpy as np
import pytest

from authoring.anatomy import archive, numbers, registered
from authoring.anatomy.guides import Segment, group, similarity
from authoring.anatomy.skin_depth import Skin
from authoring.anatomy.splines import Compact, Wide, thin
from authoring.anatomy.unfold import Local, ironed

needs_meshes = pytest.mark.skipif(bool(archive.missing()), reason=archive.missing() or "the meshes are there")
SEED = np.random.default_rng(7)


def test_similarity_finds_the_one_that_was_used():
    points = SEED.normal(size=(20, 3))
    turn = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
    scale, found, shift = similarity(points, 1.3 * points @ turn.T + [1, 2, 3])
    assert scale == pytest.approx(1.3)
    np.testing.assert_allclose(found, turn, atol=1e-9)
    np.testing.assert_allclose(shift, [1, 2, 3], atol=1e-9)


def test_a_segment_takes_joints_to_joints_also_when_it_is_bent():
    source = np.array([0.0, 400, 0]), np.array([0.0, 0, 0])
    goal = np.array([10.0, 500, 0]), np.array([30.0, 80, 5])
    lean = np.array([0.03, 0.0, 0.0])
    for bend in ((np.zeros(3), np.zeros(3)), (lean, -lean)):
        found = Segment(source, goal, twist=(3, 9), bend=bend)(np.array(source))
        np.testing.assert_allclose(found, goal, atol=1e-9)


def test_a_compact_spline_meets_its_moves_and_ends_at_its_reach():
    points = SEED.uniform(0, 60, size=(40, 3))
    moves = SEED.normal(size=(40, 3))
    spline = Compact(points, moves, reach=20.0, ridge=1e-9)
    np.testing.assert_allclose(spline(points), moves, atol=1e-5)
    assert not spline(np.array([[200.0, 0, 0]])).any()


def test_a_wide_spline_meets_its_moves():
    points, moves = SEED.uniform(0, 60, size=(40, 3)), SEED.normal(size=(40, 3))
    np.testing.assert_allclose(Wide(points, moves, smoothing=0.0)(points), moves, atol=1e-8)


def test_thin_keeps_one_point_of_each_cell():
    assert thin(np.array([[0.1, 0, 0], [0.2, 0, 0], [5.0, 0, 0]]), 1.0).tolist() == [0, 2]


def test_depth_is_counted_inwards_from_the_skin():
    sphere = SEED.normal(size=(4000, 3))
    sphere /= np.linalg.norm(sphere, axis=1, keepdims=True)
    body = SimpleNamespace(points={"standing": 20 * sphere}, normals={"standing": sphere})
    depth, _ = Skin(body, outer=np.ones(len(sphere), bool)).depth(np.array([[0.0, 0, 15], [0, 0, 23]]))
    np.testing.assert_allclose(depth, [5, -3], atol=0.4)


def test_ironing_takes_a_fold_away():
    points = np.random.default_rng(7).uniform(0, 60, size=(2500, 3))
    local = Local(points)
    folded = points + np.array([14.0, 0, 0]) * np.exp(-(((points - 30) / 12) ** 2).sum(1))[:, None]
    assert local.determinants(folded).min() < 0.3
    flat = ironed(local, points, folded)
    assert local.determinants(flat).min() > 0.3
    assert np.abs(flat - folded).max() < 12


def test_a_fold_has_a_negative_determinant():
    points = SEED.uniform(0, 30, size=(800, 3))
    local = Local(points)
    np.testing.assert_allclose(local.determinants(points)[local.number > 11], 1, atol=1e-6)
    folded = points * 1.0
    folded[:, 0] = np.abs(folded[:, 0] - 15)
    assert local.determinants(folded).min() < -0.5


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Right femur", "femur"),
        ("Right fibula", "leg"),
        ("Distal phalanx of right thumb", "finger1.2"),
        ("Right third metatarsal bone", "mt3"),
        ("Sacrum", "trunk"),
        ("Right sixth rib", "ribs"),
        ("Right lunate", "palm"),
    ],
)
def test_every_bone_has_its_group(name, expected):
    assert group(name) == expected


@needs_meshes
@pytest.mark.slow
class TestWholeBody:
    def test_nothing_is_folded(self):
        names = {part.file: part.name for part in registered.whole().parts.values()}
        bad = {names[f]: round(v, 2) for f, v in numbers.folds().items() if v < 0.3}
        assert not bad

    def test_bones_are_stiff(self):
        groups = registered.whole().groups
        assert max(v for file, v in numbers.stiffness().items() if groups[file] != "head") <= 4.0

    def test_joints_hold(self):
        assert {name: gap for name, gap in numbers.joints().items() if abs(gap[1] - gap[0]) > 4} == {}

    def test_both_condyles_touch(self):
        assert {name: gap for name, gap in numbers.condyles().items() if abs(gap[1] - gap[0]) > 2} == {}

    @pytest.mark.parametrize("pose", ["standing", "reaching"])
    def test_what_is_attached_stays_attached(self, pose):
        names = {part.file: part.name for part in registered.whole().parts.values()}
        assert {names[file]: gap for file, gap in numbers.attachments(pose).items() if gap[1] > 3} == {}

    def test_nothing_pierces_the_skin(self):
        assert min(depth.min() for depth in numbers.depths().values()) > 1.9

    def test_nothing_pierces_the_skin_of_the_side_view(self):
        assert min(numbers.reached().values()) > 1.9

    def test_midline_bones_lie_on_the_midline(self):
        assert numbers.midline() < 3

    def test_points_belong_to_the_rows_of_the_meshes(self):
        body = registered.whole()
        for pose in ("standing", "reaching"):
            assert all(body.points[pose][file].shape == part.points.shape for file, part in body.parts.items())
