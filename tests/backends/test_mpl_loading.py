"""How matplotlib is loaded: whatever settings lie about, whatever folders cannot be written, nothing of it is seen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import ROOT, SmallFiles, small_files, trigpoint
from trigpoint.backends import FORMATS
from trigpoint.errors import OutputError

BY_MATPLOTLIB = FORMATS[1:]
LIBRARY = """
import sys
import trigpoint
from trigpoint.errors import TrigpointError
diagram = trigpoint.Diagram("piriformis", views="posterior")
for format in sys.argv[1:]:
    try:
        print(format, len(diagram.to_bytes(format, dpi=40)) > 1000)
    except TrigpointError as error:
        print(format, type(error).__name__, error)
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallFiles:
    return small_files(tmp_path_factory.mktemp("small"))


@pytest.fixture(params=["latin-1", "pipe"])
def rc(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def put(kind: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "latin-1":
        (folder / "matplotlibrc").write_bytes("# f\u00fcr B\u00fccher\n".encode("latin-1"))
    else:
        os.mkfifo(folder / "matplotlibrc")


def surroundings(**more: object) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | {name: str(value) for name, value in more.items()}


def library(folder: Path, *formats: str, **variables: object) -> list[str]:
    """What a program of somebody's own prints that makes these formats in a folder."""
    done = subprocess.run(
        [sys.executable, "-c", LIBRARY, *formats],
        cwd=folder, env=surroundings(**variables), capture_output=True, encoding="utf-8", timeout=100, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.mark.parametrize(("place", "jobs"), [("here", "1"), ("configuration", "2")])
def test_no_settings_file_ends_or_stops_the_command(
    rc: str, place: str, jobs: str, small: SmallFiles, tmp_path: Path
) -> None:
    put(rc, tmp_path if place == "here" else tmp_path / "config")
    words = ["hip", "calf", "--format", ",".join(FORMATS), "--out", "figures", "--dpi", "40", "--jobs", jobs, "--quiet"]
    env = surroundings(MPLCONFIGDIR=tmp_path / "config", HOME=tmp_path)
    done = trigpoint("render", *words, *small.options, cwd=tmp_path, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(list((tmp_path / "figures").iterdir())) == 2 * len(FORMATS)


@pytest.mark.parametrize("place", ["here", "configuration", "named"])
def test_a_program_of_others_gets_an_error_that_names_the_file(rc: str, place: str, tmp_path: Path) -> None:
    put(rc, tmp_path if place == "here" else tmp_path / "config")
    named = {"MATPLOTLIBRC": tmp_path / "config"} if place == "named" else {"MPLCONFIGDIR": tmp_path / "config"}
    svg, *others = library(tmp_path, *FORMATS, HOME=tmp_path, **named)
    assert svg == "svg True"
    file = (tmp_path if place == "here" else tmp_path / "config") / "matplotlibrc"
    why = "it is not UTF-8 text" if rc == "latin-1" else "it is no ordinary file"
    start = f"OutputError {file}: matplotlib cannot read its settings: {why}"
    assert [line.startswith(f"{format} {start}") for format, line in zip(BY_MATPLOTLIB, others, strict=True)] == [
        True for _ in BY_MATPLOTLIB
    ]


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_is_said_where_matplotlib_has_to_look_for_fonts(format: str, tmp_path: Path) -> None:
    assert library(tmp_path, format, MPLCONFIGDIR=tmp_path / "empty", HOME=tmp_path) == [f"{format} True"]


def test_settings_and_variables_of_a_program_of_others_are_as_before(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("font.size: 31\n")
    code = """
import os, logging, tempfile
import trigpoint
before = dict(os.environ), os.path.exists, tempfile.tempdir
trigpoint.Diagram("piriformis", views="posterior").to_bytes("png", dpi=40)
assert before == (dict(os.environ), os.path.exists, tempfile.tempdir)
assert logging.getLogger("matplotlib").level == logging.NOTSET
import matplotlib
print(matplotlib.rcParams["font.size"])
"""
    env = surroundings(HOME=tmp_path)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, check=True)
    assert (done.stdout.strip(), done.stderr) == (b"31.0", b"")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_home_that_cannot_be_written_leaves_nothing_behind(jobs: str, small: SmallFiles, tmp_path: Path) -> None:
    spare = tmp_path / "tmp"
    spare.mkdir()
    words = ["hip", "calf", "--format", ",".join(FORMATS), "--out", "figures", "--dpi", "40", "--jobs", jobs, "--quiet"]
    env = surroundings(HOME="/proc/nowhere", TMPDIR=spare)
    done = trigpoint("render", *words, *small.options, cwd=tmp_path, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(spare.iterdir()) == []


NO_FOLDER = """
for folder in /tmp /var/tmp /usr/tmp; do
    [ ! -d $folder ] || { mount --bind $folder $folder && mount -o remount,bind,ro $folder; } || exit 77
done
cd /proc && exec "$@"
"""


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder that can be written, in none of the places where temporary files go."""
    if not shutil.which("unshare") or not os.access("/dev/shm", os.W_OK):
        pytest.skip("needs namespaces, and memory as a file system")
    folder = Path(tempfile.mkdtemp(dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)


def without_a_folder(*command: str, **variables: object) -> subprocess.CompletedProcess[str]:
    run = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", NO_FOLDER, "sh", sys.executable, *command],
        env=surroundings(HOME="/proc/nowhere", **variables),
        capture_output=True, encoding="utf-8", timeout=100, check=False,
    )  # fmt: skip
    if run.returncode == 77 or run.stderr.startswith("unshare:"):
        pytest.skip(f"no namespaces here: {run.stderr}")
    return run


def test_every_format_works_where_no_folder_can_be_written() -> None:
    done = without_a_folder("-c", LIBRARY, *FORMATS)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [f"{format} True" for format in FORMATS]


def test_the_command_works_where_no_other_folder_can_be_written(outside: Path) -> None:
    words = ["-m", "trigpoint", "render", "piriformis", "--format", ",".join(FORMATS), "--dpi", "40", "--quiet"]
    done = without_a_folder(*words, "--out", str(outside / "figures"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(list((outside / "figures").iterdir())) == len(FORMATS)


def test_fonts_without_a_folder_are_an_error_of_the_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of a package in a zip, or of Chinese and Japanese: what has no file needs a temporary one."""
    from trigpoint.backends.fonts import Letters

    letters = Letters((), "en")
    letters.faces["bold.ttf"] = letters.faces["Arimo-Bold.ttf"]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(OutputError, match=r"no temporary folder for fonts: .* TMPDIR, or draw letters as outlines"):
        letters.path("bold.ttf")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    file = Path(letters.path("bold.ttf"))
    assert file.read_bytes() == letters.faces["bold.ttf"].data
    letters.close()
    assert not file.parent.exists()
