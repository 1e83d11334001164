"""Fixtures of the command's tests: a small atlas as files, and a folder to work in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import SmallFiles, small_files


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> SmallFiles:
    return small_files(tmp_path_factory.mktemp("small"))


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder
