"""The meshes of BodyParts3D 4.0, read from where the environment says; none of them is part of this project.

`BODYPARTS3D` names a folder or a zip with the archive's OBJ files: the official `isa_BP3D_4.0_obj_99.zip`, or any part
of it that holds the files of `content/meshes.tsv`. Each file must hash to what that table says. The archive's axes are
turned to those of the body: x to the body's left, y up, z to the front, millimetres; in its own pose and place.

BodyParts3D, (c) The Database Center for Life Science licensed under CC Attribution 4.0 International.
"""

from __future__ import annotations

import csv
import hashlib
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from authoring import content

VARIABLE = "BODYPARTS3D"
HOME = "https://dbarchive.biosciencedbc.jp/en/bodyparts3d/download.html"
ATTRIBUTION = "BodyParts3D, © The Database Center for Life Science licensed under CC Attribution 4.0 International"
CHANGED = "registered to another body, smoothed, projected, drawn"
WELD = 4  # decimals of a mm: vertices this near are one


class MeshesMissingError(RuntimeError):
    """The archive is not there, or is not the one that the table names; the message says where to get it."""


@dataclass(frozen=True, eq=False)
class Part:
    """A mesh of the patient's right or of the midline: vertices (n, 3) and triangles (m, 3) in the archive's pose.

    `kind` is "bone", "muscle" or "other" (tendons, membranes, discs, cartilages, teeth).
    """

    file: str
    name: str
    kind: str
    points: np.ndarray
    triangles: np.ndarray


@cache
def table() -> dict[str, dict[str, str]]:
    """The rows of `content/meshes.tsv` by file: FMA id, name, kind, side and sha256."""
    with (content.FOLDER / "meshes.tsv").open(encoding="utf-8", newline="") as lines:
        return {row["file"]: row for row in csv.DictReader(lines, delimiter="\t")}


def missing() -> str:
    """Why the meshes cannot be read, in words; empty where they can."""
    try:
        _opener()
    except MeshesMissingError as error:
        return str(error)
    return ""


@cache
def parts() -> dict[str, Part]:
    """All meshes of the table by file; MeshesMissingError where one is missing or not the one that is meant."""
    read = _opener()
    found = {}
    for file, row in table().items():
        data = read(file)
        digest = hashlib.sha256(data).hexdigest()
        if digest != row["sha256"]:
            raise MeshesMissingError(_told(f"{file}.obj has sha256 {digest}, expected {row['sha256']}"))
        points, triangles = parse(data.decode("ascii"))
        if row["side"] == "mirrored":
            points, triangles = points * [-1.0, 1.0, 1.0], np.ascontiguousarray(triangles[:, ::-1])
        found[file] = Part(file, row["name"], row["kind"], points, triangles)
    return found


def parse(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Vertices (n, 3) and triangles (m, 3) of an OBJ text: repeated vertices welded, axes turned."""
    corners, faces = [], []
    for line in text.splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            corners.append(rest.split()[:3])
        elif kind == "f":
            ring = [int(corner.partition("/")[0]) - 1 for corner in rest.split()]
            faces += [(ring[0], ring[k], ring[k + 1]) for k in range(1, len(ring) - 1)]
    points, number = np.unique(np.array(corners, float).round(WELD), axis=0, return_inverse=True)
    triangles = number.reshape(-1)[np.array(faces)]
    whole = (triangles != np.roll(triangles, 1, 1)).all(1)
    x, y, z = points.T
    return np.stack([x, z, -y], 1), np.ascontiguousarray(triangles[whole])


@cache
def _opener() -> Callable[[str], bytes]:
    """A function that returns the bytes of a file of the archive by its number."""
    said = os.environ.get(VARIABLE, "")
    if not said:
        raise MeshesMissingError(_told(f"the environment variable {VARIABLE} is not set"))
    place = Path(said)
    if place.is_dir() and (folder := _folder_of_meshes(place)):
        return lambda file: (folder / f"{file}.obj").read_bytes()
    for path in [place] if place.is_file() else sorted(place.glob("*.zip")):
        if zipfile.is_zipfile(path):
            archive = zipfile.ZipFile(path)
            names = {Path(name).stem: name for name in archive.namelist() if name.endswith(".obj")}
            if not table().keys() - names.keys():
                return lambda file: archive.read(names[file])  # left at once
    raise MeshesMissingError(_told(f"{place} holds no folder or zip with all {len(table())} files of the table"))


def _folder_of_meshes(place: Path) -> Path | None:
    first = next(iter(table()))
    for folder in sorted({path.parent for path in place.rglob(f"{first}.obj")}):
        if all((folder / f"{file}.obj").is_file() for file in table()):
            return folder
    return None


def _told(what: str) -> str:
    return (
        f"the meshes of BodyParts3D 4.0 are needed: {what}. Get isa_BP3D_4.0_obj_99.zip from {HOME} and set"
        f" {VARIABLE} to the zip, or to the folder that it unpacks to"
    )
