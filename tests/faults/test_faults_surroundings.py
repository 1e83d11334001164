"""The same bytes whatever surrounds the program: settings, folders, languages, clocks, seeds, processes, threads."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import ROOT, SmallFiles, environment, small_files, trigpoint

HOSTILE = """\
font.family: monospace
font.size: 30
text.usetex: True
text.antialiased: False
path.simplify_threshold: 1.0
path.sketch: (5, 50, 2)
savefig.dpi: 20
savefig.transparent: True
figure.facecolor: black
figure.autolayout: True
pdf.fonttype: 3
pdf.compression: 1
backend: TkAgg
"""
FORMATS = "svg,png,pdf"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallFiles:
    return small_files(tmp_path_factory.mktemp("small"))


def hashes(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def drawn(
    folder: Path, small: SmallFiles, *options: str, muscles: tuple[str, ...] = ("hip", "calf"), **variables: str
) -> dict[str, str]:
    """What the command writes in a process of its own, which finds only these variables beside what it needs."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder)} | variables
    run = trigpoint(
        "render", *muscles, "--out", "figures", "--format", FORMATS, "--dpi", "60", "--quiet", *options, *small.options,
        cwd=folder, env=env,
    )  # fmt: skip
    assert (run.stderr, run.stdout, run.returncode) == ("", "", 0)
    return hashes(folder / "figures")


@pytest.fixture(scope="module")
def ordinary(small: SmallFiles, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    found = drawn(tmp_path_factory.mktemp("ordinary"), small, PYTHONHASHSEED="0", LC_ALL="C.UTF-8", TZ="UTC")
    assert len(found) == 6
    return found


def test_processes_write_names_of_files_as_the_one_that_asked(small: SmallFiles, tmp_path: Path) -> None:
    """`python -X utf8` where the surroundings would have it otherwise."""
    (tmp_path / "rows.csv").write_text("muscle,output\nhip,h\u00fcfte\ncalf,\u8153\n", "utf-8")
    words = ["render", "--manifest", "rows.csv", "--out", "figures", "--jobs", "2", "--quiet", *small.options]
    env = environment(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    command = [sys.executable, "-X", "utf8", "-m", "trigpoint", *words]
    run = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", check=False)
    assert (run.returncode, run.stderr) == (0, "")
    names = {"h\u00fcfte.svg".encode(), "\u8153.svg".encode()}
    assert set(os.listdir(os.fsencode(tmp_path / "figures"))) == names


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_the_seed_of_hashes_and_the_clock_count_for_nothing(
    seed: str, ordinary: dict[str, str], small: SmallFiles, tmp_path: Path
) -> None:
    variables = {"PYTHONHASHSEED": seed, "TZ": "Asia/Kathmandu", "SOURCE_DATE_EPOCH": "1"}
    assert drawn(tmp_path, small, **variables) == ordinary


@pytest.mark.parametrize(
    "variables",
    [
        {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de", "PYTHONIOENCODING": "ascii", "COLUMNS": "7"},
    ],
    ids=["C", "de"],
)
def test_languages_and_encodings_count_for_nothing(
    variables: dict[str, str], ordinary: dict[str, str], small: SmallFiles, tmp_path: Path
) -> None:
    assert drawn(tmp_path, small, **variables) == ordinary


def test_settings_of_matplotlib_count_for_nothing(ordinary: dict[str, str], small: SmallFiles, tmp_path: Path) -> None:
    """Lying in the working directory, or named by a variable; with a folder for settings that nobody can write."""
    (tmp_path / "matplotlibrc").write_text(HOSTILE)
    (tmp_path / "stylelib").write_text("a file where matplotlib expects a folder")
    nowhere = str(tmp_path / "matplotlibrc" / "below-a-file")
    named = {"MATPLOTLIBRC": str(tmp_path / "matplotlibrc"), "MPLBACKEND": "module://nowhere"}
    assert drawn(tmp_path, small, MPLCONFIGDIR=nowhere, HOME="/proc/nowhere", **named) == ordinary


def test_names_of_folders_count_for_nothing(ordinary: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "Ünïcödé and blanks 図版 'quoted' $HOME %s"
    folder.mkdir()
    assert drawn(folder, small_files(folder), LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0") == ordinary


@pytest.mark.parametrize("jobs", ["2", "8"])
def test_the_number_and_the_order_of_jobs_count_for_nothing(
    jobs: str, ordinary: dict[str, str], small: SmallFiles, tmp_path: Path
) -> None:
    assert drawn(tmp_path, small, "--jobs", jobs, muscles=("calf", "hip")) == ordinary


WORDS = ["--format", "png", "--dpi", "40", "--quiet"]


STARTED = """\
import hashlib, json, multiprocessing, sys
from concurrent.futures import ProcessPoolExecutor
import trigpoint

if __name__ == "__main__":
    method, patterns, outlines = sys.argv[1:]
    names = ("hip", "calf", "hip")
    jobs = [{"muscles": name, "output": f"{n}-{name}.svg"} for n, name in enumerate(names)]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
        results = trigpoint.render_all(jobs, executor=pool, patterns=patterns, outlines=outlines)
    print(json.dumps([result.sha256 for result in results]))
"""


@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
def test_how_processes_are_started_counts_for_nothing(
    method: str, ordinary: dict[str, str], small: SmallFiles, tmp_path: Path
) -> None:
    """And a figure that one process draws again is the same."""
    (tmp_path / "main.py").write_text(STARTED)
    command = [sys.executable, "main.py", method, small.patterns, small.outlines]
    run = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, encoding="utf-8", check=True)
    hip, calf = ordinary["hip.svg"], ordinary["calf.svg"]
    assert json.loads(run.stdout) == [hip, calf, hip]


THREADS = """\
import sys, threading, random, warnings
from concurrent.futures import ThreadPoolExecutor
import matplotlib
import trigpoint

def settings():
    # to look at "backend" would choose one, and load pyplot
    return {key: str(matplotlib.rcParams[key]) for key in matplotlib.rcParams if key != "backend"}

before = settings(), list(warnings.filters)
enter = warnings.catch_warnings.__enter__
patterns, outlines = sys.argv[1:]
wanted = [
    (muscle, side, theme, width, kind)
    for muscle in ("hip", "calf") for side in ("right", "left") for theme in ("plate", "print") for width in (85, 120)
    for kind in ("svg", "png")
][::2] + [("back", "right", "plate", 85, "pdf"), ("hip", "left", "print", 85, "pdf")] * 2
assert len(wanted) == 20

def figure(atlas, number):
    muscle, side, theme, width, kind = wanted[number]
    diagram = trigpoint.Diagram(muscle, side=side, theme=theme, width=width, atlas=atlas)
    return diagram.to_bytes(kind, dpi=30)

def refuse(block):
    raise AssertionError("such a block holds for all threads, and two of them may leave its filter behind")

def thread(seed):
    order = list(range(20))
    random.Random(seed).shuffle(order)
    start.wait()
    warnings.catch_warnings.__enter__ = refuse
    return {number: figure(shared, number) for number in order}

alone = trigpoint.load_atlas(patterns, outlines)
serial = {number: figure(alone, number) for number in range(20)}
shared, start = trigpoint.load_atlas(patterns, outlines), threading.Barrier(8)  # nothing of it is read yet
with ThreadPoolExecutor(8) as pool:
    for drawn in pool.map(thread, range(8)):
        assert drawn == serial, [number for number in serial if drawn[number] != serial[number]]
warnings.catch_warnings.__enter__ = enter
assert (settings(), warnings.filters) == before
assert "matplotlib.pyplot" not in sys.modules
print("equal")
"""


def test_eight_threads_draw_twenty_figures_each_as_one_does(small: SmallFiles, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", THREADS, small.patterns, small.outlines]
    run = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, encoding="utf-8", check=False)
    assert (run.stderr, run.stdout) == ("", "equal\n")


def test_a_program_around_it_keeps_its_own_settings(small: SmallFiles, tmp_path: Path) -> None:
    """Locale, decimal context, warnings and numpy's errors are the caller's, and change no byte."""
    script = textwrap.dedent("""\
        import decimal, hashlib, sys, warnings
        import numpy
        import trigpoint
        atlas = trigpoint.load_atlas(sys.argv[1], sys.argv[2])
        plain = trigpoint.Diagram("hip", atlas=atlas).to_bytes("svg")
        decimal.getcontext().prec = 2
        numpy.seterr(all="raise")
        numpy.set_printoptions(precision=1)
        numpy.random.seed(7)
        state = numpy.random.get_state()[1].tolist()
        filters = list(warnings.filters)
        again = trigpoint.load_atlas(sys.argv[1], sys.argv[2])
        assert trigpoint.Diagram("hip", atlas=again).to_bytes("svg") == plain
        assert trigpoint.Diagram("hip", atlas=again).to_bytes("png", dpi=40)
        assert numpy.random.get_state()[1].tolist() == state
        assert list(warnings.filters) == filters
        print("kept")
    """)
    command = [sys.executable, "-c", script, small.patterns, small.outlines]
    run = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, encoding="utf-8", check=False)
    assert (run.stdout, run.stderr) == ("kept\n", "")


@pytest.fixture(autouse=True)
def _no_traces(small: SmallFiles) -> Iterator[None]:
    """Drawing leaves nothing beside the data it was drawn from."""
    before = sorted(small.patterns.parent.rglob("*"))
    yield
    assert sorted(small.patterns.parent.rglob("*")) == before
