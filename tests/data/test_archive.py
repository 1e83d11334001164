"""Reading the archive of meshes: what is refused, and what it says; parsing; the table of files."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("scipy", reason="the authoring extra is not installed")

from authoring import content
from authoring.anatomy import archive, attachments

CUBE = """# a comment
v 0 0 0
v 10 0 0
v 10 10 0
v 0 10 0
v 0 0 0.00001
v 0 0 20
f 1/1 2/2 3/3 4/4
f 5//1 2//2 6//3
f 1 5 2
"""


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, dict[str, str]]]:
    """An archive of one file."""
    row = {"fma": "FMA1", "name": "Right cube", "kind": "bone", "side": "as it is"}
    row["sha256"] = hashlib.sha256(CUBE.encode()).hexdigest()
    found = {"FJ1": row}
    caches = archive._opener, archive.parts
    for one in caches:
        one.cache_clear()
    monkeypatch.setattr(archive, "table", lambda: found)
    yield found
    for one in caches:
        one.cache_clear()


def zipped(folder: Path, text: str = CUBE, name: str = "isa_BP3D_4.0_obj_99/FJ1.obj") -> Path:
    path = folder / "meshes.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(name, text)
    return path


def test_it_says_where_to_get_the_archive(table: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(archive.VARIABLE, raising=False)
    assert "BODYPARTS3D is not set" in archive.missing()
    assert "isa_BP3D_4.0_obj_99.zip" in archive.missing()
    assert archive.HOME in archive.missing()


def test_a_folder_without_the_files_is_refused(table: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zipped(tmp_path, name="else/FJ2.obj")
    monkeypatch.setenv(archive.VARIABLE, str(tmp_path))
    with pytest.raises(archive.MeshesMissingError, match="holds no folder or zip with all 1 files"):
        archive.parts()


@pytest.mark.parametrize("form", ["zip", "folder with zip", "folder", "folder in folder"])
def test_every_form_of_the_archive_is_read(
    form: str, table: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path
    if "zip" in form:
        path = zipped(tmp_path)
        place = path if form == "zip" else tmp_path
    else:
        inner = tmp_path / "isa" if form == "folder in folder" else tmp_path
        inner.mkdir(exist_ok=True)
        (inner / "FJ1.obj").write_text(CUBE)
    monkeypatch.setenv(archive.VARIABLE, str(place))
    assert archive.missing() == ""
    (part,) = archive.parts().values()
    assert (part.file, part.name, part.kind) == ("FJ1", "Right cube", "bone")


def test_a_file_that_is_not_the_one_meant_is_refused(
    table: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(archive.VARIABLE, str(zipped(tmp_path, CUBE + "v 1 1 1\n")))
    with pytest.raises(archive.MeshesMissingError, match=r"FJ1\.obj has sha256"):
        archive.parts()


def test_parsing_welds_turns_and_splits() -> None:
    points, triangles = archive.parse(CUBE)
    assert len(points) == 5, "two vertices are one"
    assert len(triangles) == 3, "a quad is two triangles, one without area is none"
    assert points[:, 1].tolist().count(20.0) == 1, "up is the third number of the file"
    assert points[:, 2].min() == -10.0, "the front is against the second"
    assert np.unique(triangles).tolist() == [0, 1, 2, 3, 4]


def test_a_mirrored_file_is_turned(table: dict[str, dict[str, str]], tmp_path: Path, monkeypatch) -> None:
    table["FJ1"]["side"] = "mirrored"
    monkeypatch.setenv(archive.VARIABLE, str(zipped(tmp_path)))
    (part,) = archive.parts().values()
    assert part.points[:, 0].min() == -10.0


def test_the_table_has_no_left_half() -> None:
    names = [row["name"] for row in archive.table().values()]
    assert len(names) == 360
    assert not [name for name in names if "left" in name.lower()]
    assert all(len(row["sha256"]) == 64 for row in archive.table().values())


def test_attachments_name_meshes_that_are_there() -> None:
    for file, entry in attachments.entries().items():
        row = archive.table()[file]
        assert row["name"] == entry.name
        assert row["kind"] == "muscle" or "trapezius" in entry.name
        for item in (*entry.origin, *entry.insertion):
            assert item["where"]
            assert all(attachments.bones(name) for name in item["bone"])


@pytest.mark.parametrize("name", ["ribs 0", "ribs 13", "proximal fingers 6", "middle fingers 1", "lumbar 5-3", "tail"])
def test_bones_that_are_not_there_are_refused(name: str) -> None:
    with pytest.raises(KeyError):
        attachments.bones(name)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"pennation": "spiky"}, "no pennation spiky"),
        ({"colour": "red"}, "colour"),
        ({"origin": [{"bone": [], "where": "x", "near": 3}]}, "no word in an attachment near"),
        ({"origin": [{"where": "x"}]}, "no attachment without bone"),
        ({"tendon": {"origin": 0.1}}, "insertion"),
        ({"tendon": {"origin": 0.1, "insertion": 0.1, "end": 1}}, "no word of a tendon end"),
        ({"feather": {"angel": 20}}, "no word of a feather angel"),
        ({"views": ["below"]}, "no view below"),
    ],
)
def test_a_table_that_does_not_know_its_words_is_refused(change: dict, complaint: str) -> None:
    row = content.table("attachments")["FJ1419"] | change
    with pytest.raises(ValueError, match=f"FJ1419: .*{complaint}"):
        attachments._entry("FJ1419", row)
