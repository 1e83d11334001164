"""Fixtures of the tests of manifests: readers of a text, and a small atlas as files."""

from __future__ import annotations

import pytest

from tests.support.command import SmallFiles, small_files
from tests.support.manifests import OUT
from tests.support.small_atlas import small_atlas
from trigpoint.atlas import Atlas
from trigpoint.batch.manifest import read_manifest
from trigpoint.errors import InputError


@pytest.fixture(scope="module")
def atlas(tmp_path_factory) -> Atlas:
    return small_atlas(tmp_path_factory.mktemp("outlines"))


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
