"""The sheets over bones: closed, outwards, on their bones, with fibres that run from origin to insertion."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.spatial import cKDTree

from authoring.anatomy import archive, bone_places, meshes, sheets

needs_meshes = pytest.mark.skipif(bool(archive.missing()), reason=archive.missing())
FILES = [sheets.file_of(entry) for entry in sheets.table()]
ENTRIES = pytest.mark.parametrize("entry", sheets.table(), ids=FILES)


def made(entry: dict) -> sheets.Sheet:
    return sheets.sheets()[sheets.file_of(entry)]


def test_files_differ():
    assert len(set(FILES)) == len(FILES)


@needs_meshes
@pytest.mark.parametrize(
    "words", ["patella", "rib13 0.5", "cartilage8 0.2", "rib5", "t5 elbow", "asis, over 5", "asis > psis"]
)
def test_unknown_words_are_errors(words: str):
    with pytest.raises(ValueError, match=r"\w"):
        bone_places.place(words)


@needs_meshes
def test_landmarks_stand_where_an_anatomist_looks():
    at = {word: bone_places.place(word) for word in ("asis", "psis", "pubic_tubercle", "crest 0.5", "l4 spinous", "s2")}
    assert at["asis"][2] > at["crest 0.5"][2] > at["psis"][2]
    assert at["crest 0.5"][1] > at["asis"][1] > at["pubic_tubercle"][1]
    assert abs(at["l4 spinous"][1] - at["crest 0.5"][1]) < 25  # the line between the crests crosses L4
    assert at["pubic_tubercle"][0] == pytest.approx(-22, abs=8)
    assert at["s2"][1] < at["l4 spinous"][1]


@needs_meshes
def test_shifts_and_shares():
    a, b = bone_places.place("asis"), bone_places.place("pubic_tubercle")
    assert bone_places.place("asis > pubic_tubercle 0.25, out 3, up 4, back 5") == pytest.approx(
        a + 0.25 * (b - a) + [-3, 4, -5]
    )


@needs_meshes
@pytest.mark.parametrize("number", range(1, 13))
def test_ribs_run_forwards_or_down(number: int):
    head, end = (bone_places.place(f"rib{number} {share}") for share in (0.02, 0.98))
    assert abs(head[0]) < abs(end[0]) or head[2] < end[2]
    outer, inner = (bone_places.place(f"rib{number} 0.5 {side}") for side in ("outer", "inner"))
    assert np.hypot(outer[0], outer[2] - 75) > np.hypot(inner[0], inner[2] - 75)


@needs_meshes
@ENTRIES
def test_closed_and_outwards(entry: dict):
    part = made(entry).part
    a, b, c = (part.points[part.triangles[:, k]] for k in range(3))
    edges = np.concatenate([part.triangles[:, [0, 1]], part.triangles[:, [1, 2]], part.triangles[:, [2, 0]]])
    assert len(np.unique(edges, axis=0)) == len(edges)  # each direction once
    assert np.unique(np.sort(edges, 1), axis=0, return_counts=True)[1].tolist() == [2] * (len(edges) // 2)
    assert np.linalg.norm(np.cross(b - a, c - a), axis=1).min() > 0.005
    for piece in meshes.pieces(part.triangles, len(part.points)):
        faces = meshes.part(part.triangles, len(part.points), piece)
        corner = part.points[piece][faces]
        assert np.einsum("ij,ij->i", corner[:, 0], np.cross(corner[:, 1], corner[:, 2])).sum() > 0


@needs_meshes
@ENTRIES
def test_as_thick_as_said(entry: dict):
    """The two faces of the first piece stand apart by the given thickness somewhere, and never by more."""
    sheet = made(entry)
    piece = meshes.pieces(sheet.part.triangles, len(sheet.part.points))[0]
    points = sheet.part.points[np.sort(piece)]
    most = max(np.atleast_1d(entry["thickness"]))
    half = _face_size(len(points), sheet.start[np.sort(piece)])
    apart = np.linalg.norm(points[:half] - points[half : 2 * half], axis=1)
    assert apart.max() == pytest.approx(most, rel=0.15)
    if entry["kind"] == "muscle":
        assert np.median(apart[sheet.start[np.sort(piece)][:half]]) < 2.6


def _face_size(count: int, start: np.ndarray) -> int:
    """Vertices of one face: rows by columns, where the origin is the first row and both faces come first."""
    columns = int(np.argmin(start))
    for rows in range(2, 400):
        if 2 * rows * columns + 3 * (2 * rows + 2 * columns - 4) == count:
            return rows * columns
    raise AssertionError("no grid fits")


@needs_meshes
@ENTRIES
def test_origin_and_insertion_are_on_bone(entry: dict):
    sheet = made(entry)
    for rows, at in (((0,), sheet.start), ((-1,), sheet.end)):
        tree = cKDTree(sheet.part.points[at])
        lines = entry.get("straps")
        words = [line[rows[0]] for line in lines] if lines else entry["rows"][rows[0]]
        for word in words:
            if bone_places.bone_of(word):
                assert tree.query(bone_places.place(word))[0] < 6, word


@needs_meshes
@ENTRIES
def test_fibres_run_from_origin_to_insertion(entry: dict):
    sheet = made(entry)
    count = len(sheet.part.points)
    assert {len(values) for values in (sheet.way, sheet.share, sheet.pale, sheet.start, sheet.end)} == {count}
    assert np.linalg.norm(sheet.way, axis=1) == pytest.approx(1)
    assert sheet.share.min() == 0
    assert sheet.share.max() == 1
    assert (sheet.share[sheet.start] == 0).all()
    assert (sheet.share[sheet.end] == 1).all()
    begin = 0
    for piece in sorted(meshes.pieces(sheet.part.triangles, count), key=min):
        columns = int(np.argmin(sheet.start[begin:]))
        size = _face_size(len(piece), sheet.start[begin : begin + len(piece)])
        face = slice(begin, begin + size)
        assert (np.diff(sheet.share[face].reshape(-1, columns), axis=0) > 0).all()
        way = sheet.way[face].reshape(-1, columns, 3)
        assert ((way[1:] * way[:-1]).sum(2) > 0).all()
        begin += len(piece)


def _inside(points: np.ndarray, words: str) -> float:
    """Share of points more than 1 mm inside of the meshes whose name has the words."""
    deep = np.zeros(len(points), bool)
    for part in archive.parts().values():
        if re.search(words, part.name.lower()):
            normals = meshes.normals(part.points, part.triangles)
            size, near = cKDTree(part.points).query(points)
            depth = -np.einsum("ij,ij->i", points - part.points[near], normals[near])
            deep |= (depth > 1) & (size < 15)
    return float(deep.mean())


@needs_meshes
@pytest.mark.parametrize(
    "words", [" rib$", "iliocostalis|longissimus", "serratus posterior inferior", "right scapula$"]
)
def test_latissimus_is_outside(words: str):
    assert _inside(sheets.sheets()["sheet-latissimus_dorsi"].part.points, words) < 0.02


@needs_meshes
def test_external_oblique_is_outside_ribs():
    assert _inside(sheets.sheets()["sheet-abdominal_obliques-external"].part.points, " rib$") < 0.02


@needs_meshes
def test_intersections_are_on_the_front_of_rectus_only():
    sheet = sheets.sheets()["sheet-rectus_abdominis"]
    middle = (sheet.share > 0.4) & (sheet.share < 0.93)
    pale = middle & (sheet.pale > 0)
    normals = meshes.normals(sheet.part.points, sheet.part.triangles)
    assert pale.sum() > 60
    assert (normals[pale, 2] > 0).all()
