"""Where the shipped files are found: a checkout, an installed package, a zip."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from trigpoint.files import shipped
from trigpoint.files.shipped import resource

PACKAGE = Path(__file__).parents[2] / "trigpoint"


def test_shipped_files_are_found() -> None:
    assert b"trigpoint referral patterns" in resource("data", "referral_patterns.schema.json").read_bytes()
    assert resource("assets", "body_outlines").is_dir()


@pytest.mark.parametrize("part", ["", ".", "..", "a/b", "a\\b"])
def test_a_resource_is_never_outside(part: str) -> None:
    with pytest.raises(ValueError, match="bad resource part"):
        resource("data", part)


def test_a_missing_resource_says_where_it_was_looked_for() -> None:
    with pytest.raises(FileNotFoundError, match=r"data/none.json not found; looked at: .*trigpoint"):
        resource("data", "none.json")


def test_an_installed_package_does_not_look_beside_itself(tmp_path: Path) -> None:
    """Site-packages may hold somebody else's folder `data`."""
    (tmp_path / "trigpoint" / "files").mkdir(parents=True)
    for name in ("__init__.py", "files/__init__.py", "files/forks.py", "files/shipped.py"):
        (tmp_path / "trigpoint" / name).write_bytes((PACKAGE / name).read_bytes())
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.json").write_text("{}")
    code = "from trigpoint.files.shipped import resource; resource('data', 'x.json')"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "FileNotFoundError" in run.stderr


def test_where_there_is_no_folder_the_importer_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "__file__", "/none.zip/trigpoint/files/shipped.py")
    assert resource("errors.py").is_file()


def test_a_zipped_package_finds_its_files(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "wheel.zip", "w") as archive:
        for name in ("__init__.py", "files/__init__.py", "files/forks.py", "files/shipped.py"):
            archive.write(PACKAGE / name, f"trigpoint/{name}")
        archive.writestr("trigpoint/data/x.json", "{}")
    code = "from trigpoint.files.shipped import resource; print(resource('data', 'x.json').read_text())"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "wheel.zip")}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "{}"
