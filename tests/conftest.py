"""Fixtures that test modules share, the sample of plates of every muscle, and which tests bear the marker `core`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import SmallFiles, small_files
from tests.support.manifests import OUT
from tests.support.sampling import rows
from tests.support.small_atlas import small_atlas as small_atlas_in
from tests.support.structures import write
from trigpoint.atlas import Atlas, load_atlas
from trigpoint.batch.manifest import read_manifest
from trigpoint.errors import InputError

HERE = Path(__file__).parent
DATA = HERE / "support" / "fixtures_data"
# `core` is every test but those that are marked `slow`, that draw each muscle, or that lie in these folders and
# modules, which start many processes, install packages or draw for long.
NOT_CORE = (
    "backends/test_mpl_loading.py",
    "batch/test_executors.py",
    "batch/test_folder.py",
    "batch/test_frozen.py",
    "batch/test_processes.py",
    "faults",
    "files/test_forks.py",
    "plate/test_collisions.py",
    "plate/test_inset.py",
    "whole/test_examples.py",
    "whole/test_packaging.py",
    "whole/test_readers.py",
    "whole/test_writers_agree.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-muscles", action="store_true", help="draw every muscle in all combinations, not a sample")
    parser.addoption("--update-goldens", action="store_true", help="write the plates of tests/whole/goldens anew")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Draw what `each_muscle` marks for every muscle and for choices of its axes (tests/support/sampling.py)."""
    for mark in metafunc.definition.iter_markers("each_muscle"):
        muscles, axes = mark.args
        every = metafunc.config.getoption("--all-muscles")
        metafunc.parametrize(["muscle", *axes], rows(muscles, axes, every=every), ids=_words)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        if not marks & {"slow", "each_muscle"} and not lies_in(item.path, NOT_CORE):
            item.add_marker("core")


def lies_in(path: Path, places: tuple[str, ...]) -> bool:
    """Whether a file is, or lies in, one of some places of the tests."""
    return any(path.is_relative_to(HERE / place) for place in places)


def _words(choice: object) -> str:
    return "+".join(map(str, choice)) if isinstance(choice, tuple) else str(choice)


@pytest.fixture(scope="session")
def small_atlas() -> Atlas:
    return load_atlas(DATA / "patterns.json", DATA)


@pytest.fixture(scope="session")
def drawn_folder(tmp_path_factory) -> Path:
    """A folder of outlines whose muscles and bones lie in files of their own."""
    return write(tmp_path_factory.mktemp("drawn"))


@pytest.fixture
def patterns_value() -> Any:
    return json.loads((DATA / "patterns.json").read_bytes())


@pytest.fixture(scope="module")
def atlas(tmp_path_factory) -> Atlas:
    return small_atlas_in(tmp_path_factory.mktemp("outlines"))


@pytest.fixture(scope="module")
def read(atlas):
    def reader(text, kind="csv", **more):
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        return read_manifest(data, folder=more.pop("folder", OUT), format=kind, atlas=atlas, name=f"f.{kind}", **more)

    return reader


@pytest.fixture(scope="module")
def told(read):
    """The lines of the error that a manifest ends in, without the file's name."""

    def teller(text, kind="csv", **more) -> list[str]:
        with pytest.raises(InputError) as caught:
            read(text, kind, **more)
        lines = str(caught.value).split("\n")
        assert all(line.startswith(f"f.{kind}: ") for line in lines)
        return [line.removeprefix(f"f.{kind}: ") for line in lines]

    return teller


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> SmallFiles:
    return small_files(tmp_path_factory.mktemp("small"))


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder
