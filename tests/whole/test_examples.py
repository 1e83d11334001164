"""Every example runs, and does what the texts about it say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from tests.support.command import ROOT, environment
from trigpoint.atlas import load_atlas
from trigpoint.cli import main

EXAMPLES = ROOT / "examples"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_the_figures_of_the_article(tmp_path):
    script = EXAMPLES / "low_back_pain_article.py"
    subprocess.run([sys.executable, script, "my figures"], cwd=tmp_path, env=environment(), check=True)
    names = {path.name for path in (tmp_path / "my figures").iterdir()}
    figures = [f"figure-{number}-{size}" for number in range(1, 5) for size in ("column", "page")]
    figures += ["figure-5-page", "figure-6-column"]
    assert names == {f"{figure}.{kind}" for figure in figures for kind in ("svg", "png", "pdf")} | {"captions.txt"}
    column = (tmp_path / "my figures" / "figure-1-column.svg").read_text(encoding="utf-8")
    assert 'width="85mm"' in column
    captions = (tmp_path / "my figures" / "captions.txt").read_text(encoding="utf-8")
    assert captions.count("not a diagnosis") == 6


def test_the_article_script_wants_a_folder(tmp_path):
    command = [sys.executable, EXAMPLES / "low_back_pain_article.py"]
    run = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, encoding="utf-8", check=False)
    assert (run.returncode, run.stderr) == (1, "usage: python low_back_pain_article.py FOLDER\n")


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_are_kept_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert not any(cell.outputs or cell.execution_count for cell in code)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_notebook_runs_and_shows_figures(tmp_path, monkeypatch):
    from nbclient import NotebookClient

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    notebook = nbformat.read(EXAMPLES / "quick_start.ipynb", as_version=4)
    patient = {"timeout": 600, "startup_timeout": 600}
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": tmp_path}}, **patient).execute()
    shown = [output.data for cell in notebook.cells for output in cell.get("outputs", ()) if "data" in output]
    figures = [data for data in shown if "image/svg+xml" in data]
    assert len(figures) == 5
    assert all("text/plain" in data and "text/html" not in data for data in figures)
    ids = [set(re.findall(r'\bid="([^"]+)"', data["image/svg+xml"])) for data in figures]
    assert len(set().union(*ids)) == sum(map(len, ids))
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == ["trp1.pdf", "trp1.png", "trp1.svg"]


COMMANDS = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("trigpoint ")]


@pytest.mark.parametrize("line", COMMANDS)
def test_the_commands_of_the_readme_work(line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line.partition("  #")[0])[1:]
    Path("my_patterns.json").write_bytes((ROOT / "data" / "referral_patterns.json").read_bytes())
    Path("examples").symlink_to(EXAMPLES)
    assert main(words) == 0


def test_the_python_of_the_readme_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {}
    assert len(blocks("python")) >= 2
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), namespace)


def test_the_numbers_of_the_texts_are_those_of_the_atlas():
    atlas = load_atlas()
    points = [point for muscle in atlas.muscles for point in muscle.points]
    drawn = f"{len(points)} trigger points of {sum(bool(muscle.points) for muscle in atlas.muscles)} muscles"
    assert f"**{drawn}**" in README
    assert drawn in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"**{len(atlas.patterns.regions)} regions of the skin**" in README
    assert f"**{len(atlas.patterns.sources)} sources**" in README
    often = Counter(point.confidence for point in points)
    assert f"({often['high']} points)" in README
    assert f"thin ({often['medium']})" in README.replace("\n", " ").replace("  ", " ")
    about = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    read = Counter(evidence.basis for point in points for evidence in point.evidence)
    assert (
        f"| {sum(read.values())} statements: {read['read']} from a source that was read, {read['recall']} from" in about
    )
    assert f"| high {often['high']}, medium {often['medium']}, low {often['low'] or 'none'} |" in about


def test_the_readme_names_files_that_are_there():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_gallery_is_complete_and_its_page_shows_every_plate(tmp_path: Path) -> None:
    """Two dozen plates are drawn by the page's command, and each of them stands on the page and beside it."""
    folder = ROOT / "examples" / "gallery"
    assert main(["render", "--manifest", str(folder / "gallery.toml"), "--out", str(tmp_path), "--quiet"]) == 0
    drawn = {file.name for file in tmp_path.glob("*.svg")}
    assert len(drawn) == 24
    assert drawn == {file.name for file in folder.glob("*.svg")}
    assert drawn == set(re.findall(r"\]\(([^)]+\.svg)\)", (folder / "README.md").read_text("utf-8")))


def test_the_pattern_file_that_the_documents_show_is_sound_and_is_drawn(tmp_path):
    (text,) = re.findall(r"```json\n(.*?)```", (ROOT / "data" / "README.md").read_text("utf-8"), re.DOTALL)
    file = tmp_path / "clinic.json"
    file.write_text(text, "utf-8")
    assert main(["check", str(file)]) == 0
    atlas = load_atlas(file)
    (point,) = atlas.muscle("piriformis").points
    assert point.regions["essential"] == tuple(share.region for share in atlas.reach(point.id, "essential")[:1])
    figure = tmp_path / "clinic.svg"
    assert main(["render", "piriformis", "--patterns", str(file), "-o", str(figure)]) == 0
    assert "of the piriformis on the right side. Essential pain over the middle buttock." in figure.read_text("utf-8")
