"""Data can be copied and pickled, as programs do that keep an atlas or send it to another process."""

from __future__ import annotations

import copy
import json
import operator
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from trigpoint.atlas import Atlas, load_atlas
from trigpoint.atlas.outlines import Outline
from trigpoint.atlas.read_only import ReadOnly
from trigpoint.batch import Job, Target
from trigpoint.scene import Group, Scene

COPIES = [copy.copy, copy.deepcopy, *(partial(pickle.dumps, protocol=number) for number in range(6))]


def copied(value: Any, make: Callable[[Any], Any]) -> Any:
    made = make(value)
    return pickle.loads(made) if isinstance(made, bytes) else made


@pytest.mark.parametrize("make", COPIES)
def test_data_can_be_copied(make: Callable[[Any], Any], small_atlas: Atlas) -> None:
    muscle, outline = small_atlas.muscle("gmed"), small_atlas.outline("neutral", "left")
    assert all(zone.geometry for zone in muscle.points[0].zones)
    job = Job(("gmed",), (Target(Path("a.svg"), "svg"),), {"side": "left"})
    for value in (muscle, muscle.points[0], muscle.points[0].zones[0], outline, job, small_atlas.patterns):
        twin = copied(value, make)
        assert twin == value
        assert twin is not value
        with pytest.raises(FrozenInstanceError):
            twin.id = "other"


@pytest.mark.parametrize("make", COPIES)
def test_a_shipped_outline_can_be_copied_before_its_shapes_are_made(make: Callable[[Any], Any]) -> None:
    outline = load_atlas().outline("neutral", "left")
    twin = copied(outline, make)
    assert isinstance(twin, Outline)
    assert twin == outline


def test_a_muscle_as_dicts_can_be_written_as_json(small_atlas: Atlas) -> None:
    muscle = small_atlas.muscle("gmed")
    value = json.loads(json.dumps(asdict(muscle)))
    assert value["names"] == muscle.names
    assert value["points"][0]["regions"].keys() == muscle.points[0].regions.keys()


def test_what_holds_arrays_has_no_hash() -> None:
    for value in (Group("a", "A"), Scene(1, 1)):
        with pytest.raises(TypeError, match="unhashable"):
            hash(value)


CHANGES: list[Callable[[Any], object]] = [
    lambda mapping: operator.setitem(mapping, "a", 2),
    lambda mapping: operator.delitem(mapping, "a"),
    lambda mapping: operator.ior(mapping, {"b": 2}),
    lambda mapping: mapping.clear(),
    lambda mapping: mapping.pop("a"),
    lambda mapping: mapping.popitem(),
    lambda mapping: mapping.setdefault("b", 2),
    lambda mapping: mapping.update(b=2),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_read_only_mapping_cannot_change(change: Callable[[Any], object]) -> None:
    for mapping in (ReadOnly(a=1), copy.deepcopy(ReadOnly(a=1)), pickle.loads(pickle.dumps(ReadOnly(a=1)))):
        with pytest.raises(TypeError, match="read-only"):
            change(mapping)
        assert mapping == {"a": 1}


def test_every_way_to_change_a_dict_is_refused() -> None:
    reading = {"copy", "fromkeys", "get", "items", "keys", "values"}
    writing = {name for name in vars(dict) if not name.startswith("_")} - reading
    assert writing <= vars(ReadOnly).keys()
