"""What is installed: from a wheel, a source archive, an editable install and a plain checkout."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

import trigpoint

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = os.pathsep.join(dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]))
LITTER = (".*cache*", ".git", ".venv*", ".hypothesis", "__pycache__", "build", "dist", "*.egg-info")

TRIAL = """\
import trigpoint
diagram = trigpoint.Diagram("gluteus_medius")
svg = diagram.to_bytes("svg")
assert svg.startswith(b"<svg ") and b"Gluteus medius" in svg
starts = {"png": b"\\x89PNG", "pdf": b"%PDF", "eps": b"%!PS", "tiff": b"II*\\0"}
assert all(diagram.to_bytes(format, dpi=50).startswith(start) for format, start in starts.items())
assert diagram.to_bytes("svg", text="paths").count(b"<text") == 0
for view in ("anterior", "left", "posterior", "right"):
    assert not trigpoint.load_atlas().outline("neutral", view).silhouette.is_empty
print(trigpoint.__file__)
"""


def configuration() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def test_every_folder_that_ships_is_named():
    """Packages of code are found; folders of data are mapped into the package one by one."""
    mapped = dict(line.split(" = ") for line in configuration()["options"]["package_dir"].strip().splitlines())
    shipped = {path.parent.relative_to(ROOT) for top in ("assets", "data") for path in (ROOT / top).rglob("*.*")}
    folders = {path for path in shipped if "__pycache__" not in path.parts}
    assert {(".".join(["trigpoint", *path.parts]), path.as_posix()) for path in folders} <= set(mapped.items())


def test_the_build_system_is_three_lines():
    assert (ROOT / "pyproject.toml").read_text(encoding="utf-8").count("\n") == 3


def run(*command: object, cwd: Path, **environment: str) -> str:
    env = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**env, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A copy of the tree, so that building leaves nothing in it."""
    folder = tmp_path_factory.mktemp("source") / "trigpoint-source"
    return Path(shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LITTER)))


@pytest.fixture(scope="module")
def archives(checkout, tmp_path_factory) -> Path:
    """A folder with the source archive, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, checkout, cwd=folder)
    return folder


@pytest.fixture
def python(tmp_path) -> Path:
    """An interpreter of a virtual environment with nothing in it."""
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv", cwd=tmp_path)
    return tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"


def install(python: Path, *what: object) -> None:
    """Install into the environment; the libraries that trigpoint needs are lent, not installed."""
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--ignore-installed"]
    pip = [sys.executable, "-m", "pip", "--python", python, "install", *options]
    run(*pip, *what, cwd=python.parent, PYTHONPATH=LIBRARIES)


def place_of_a_working_trigpoint(python: Path, folder: Path, *more: Path, **environment: str) -> Path:
    paths = os.pathsep.join([*map(str, more), LIBRARIES])
    empty = folder / "empty folder"
    empty.mkdir()
    return Path(run(python, "-c", TRIAL, cwd=empty, PYTHONPATH=paths, **environment)).parent


@pytest.mark.slow
def test_a_wheel(archives, python, tmp_path):
    (wheel,) = archives.glob("*.whl")
    install(python, wheel)
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path))
    assert place_of_a_working_trigpoint(python, tmp_path, site) == site / "trigpoint"
    version = run(python.with_name("trigpoint"), "--version", cwd=tmp_path, PYTHONPATH=LIBRARIES)
    assert version == f"trigpoint {trigpoint.__version__}"
    assert sorted(path.name.partition("-")[0] for path in site.iterdir()) == ["trigpoint", "trigpoint"]


@pytest.mark.slow
def test_a_source_archive(archives, python, tmp_path):
    (archive,) = archives.glob("*.tar.gz")
    install(python, archive)
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path))
    assert place_of_a_working_trigpoint(python, tmp_path, site) == site / "trigpoint"


@pytest.mark.slow
def test_an_editable_install(checkout, python, tmp_path):
    source = shutil.copytree(checkout, tmp_path / "a checkout")
    install(python, "--editable", source)
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path))
    assert place_of_a_working_trigpoint(python, tmp_path, site) == source / "trigpoint"


@pytest.mark.slow
def test_a_plain_checkout(checkout, python, tmp_path):
    assert place_of_a_working_trigpoint(python, tmp_path, checkout) == checkout / "trigpoint"


@pytest.mark.slow
def test_a_wheel_that_is_not_unpacked(archives, python, tmp_path):
    (wheel,) = archives.glob("*.whl")
    spare = tmp_path / "tmp"
    spare.mkdir()
    assert place_of_a_working_trigpoint(python, tmp_path, wheel, TMPDIR=str(spare)) == wheel / "trigpoint"
    assert list(spare.iterdir()) == [], "fonts of a PDF are written to a folder that goes with it"


@pytest.mark.slow
def test_what_the_archives_hold(archives, checkout):
    (wheel,) = archives.glob("*.whl")
    (archive,) = archives.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as content:
        packed = set(content.namelist())
        (top_level,) = (name for name in packed if name.endswith("top_level.txt"))
        assert content.read(top_level).decode().split() == ["trigpoint"]
    assert {name.split("/")[0].partition("-")[0] for name in packed} == {"trigpoint"}
    assets = {path.relative_to(ROOT).as_posix() for path in (ROOT / "assets").rglob("*.*") if path.suffix != ".pyc"}
    assert {f"trigpoint/{name}" for name in assets} <= packed
    assert {"trigpoint/py.typed", "trigpoint/data/referral_patterns.json", "trigpoint/data/LICENSE.txt"} <= packed
    licences = {"LICENSE", "LICENSE-DATA", "NOTICE", "OFL.txt"}
    assert {Path(name).name for name in packed if "/licenses/" in name} == licences
    with tarfile.open(archive) as content:
        sources = {name.partition("/")[2] for name in content.getnames()}
    assert {"README.md", "CONTRIBUTING.md", "tests/run", "examples/low_back_pain_article.py", "ruff.toml"} <= sources
    assert not any(".cache" in name or name.endswith(".pyc") for name in sources)
