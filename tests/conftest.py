"""Fixtures that several test modules share: the small bodies and patterns of `fixtures_data`, and copies to spoil."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trigpoint.atlas import Atlas, load_atlas

DATA = Path(__file__).parent / "support" / "fixtures_data"


@pytest.fixture(scope="session")
def small_atlas() -> Atlas:
    return load_atlas(DATA / "patterns.json", DATA)


@pytest.fixture
def patterns_value() -> Any:
    return json.loads((DATA / "patterns.json").read_bytes())
