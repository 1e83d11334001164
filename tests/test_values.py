"""Frozen values: what stands in the class stays, copies and pickles hold the fields, mappings stay as they are."""

from __future__ import annotations

import copy
import json
import operator
import pickle
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, asdict, field
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from trigpoint.atlas import Atlas, load_atlas
from trigpoint.atlas.outlines import Outline
from trigpoint.batch import Job, Target
from trigpoint.scene import Group, Scene
from trigpoint.values import ReadOnly, frozen

COPIES = [copy.copy, copy.deepcopy, *(partial(pickle.dumps, protocol=number) for number in range(6))]


@frozen
class Place:
    x: float
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({"en": "here"}))

    @cached_property
    def square(self) -> float:
        return self.x**2


@frozen
class Own:
    x: float

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Own)

    def __hash__(self) -> int:
        return 7

    def __repr__(self) -> str:
        return "mine"

    def __reduce__(self) -> tuple[Any, ...]:
        return Own, (self.x + 1,)


@frozen
class WithoutHash:
    x: float
    __hash__ = None  # type: ignore[assignment]


def test_what_stands_in_the_class_stays() -> None:
    assert Own(1) == Own(2)
    assert (hash(Own(1)), repr(Own(1))) == (7, "mine")
    assert copy.copy(Own(1)).x == 2
    assert WithoutHash(1) == WithoutHash(1)
    for value in (WithoutHash(1), Group("a", "A"), Scene(1, 1)):
        with pytest.raises(TypeError, match="unhashable"):
            hash(value)


def copied(value: Any, make: Callable[[Any], Any]) -> Any:
    made = make(value)
    return pickle.loads(made) if isinstance(made, bytes) else made


@pytest.mark.parametrize("make", COPIES)
def test_copies_are_equal_and_hold_no_more_than_the_fields(make: Callable[[Any], Any]) -> None:
    place = Place(3)
    assert place.square == 9
    twin = copied(place, make)
    assert twin == place
    assert twin is not place
    assert vars(twin).keys() == {"x", "names"}
    assert isinstance(twin.names, MappingProxyType)
    assert twin.names is not place.names
    with pytest.raises(FrozenInstanceError):
        twin.x = 4


@pytest.mark.parametrize("make", COPIES)
def test_data_can_be_copied(make: Callable[[Any], Any], small_atlas: Atlas) -> None:
    muscle, outline = small_atlas.muscle("gmed"), small_atlas.outline("neutral", "left")
    job = Job(("gmed",), (Target(Path("a.svg"), "svg"),), MappingProxyType({"side": "left"}))
    for value in (muscle, muscle.points[0], muscle.points[0].zones[0], outline, job, small_atlas.patterns):
        assert copied(value, make) == value


def test_a_shipped_outline_can_be_copied_before_its_shapes_are_made() -> None:
    outline = load_atlas().outline("neutral", "left")
    twin = pickle.loads(pickle.dumps(outline))
    assert isinstance(twin, Outline)
    assert twin == outline


def test_pickles_hold_no_geometry(small_atlas: Atlas) -> None:
    point = copy.deepcopy(small_atlas.muscle("gmed").points[0])
    before = pickle.dumps(point)
    assert all(zone.geometry for zone in point.zones)
    assert pickle.dumps(point) == before


def test_a_muscle_as_dicts_can_be_written_as_json(small_atlas: Atlas) -> None:
    muscle = small_atlas.muscle("gmed")
    value = json.loads(json.dumps(asdict(muscle)))
    assert value["names"] == muscle.names
    assert value["points"][0]["regions"].keys() == muscle.points[0].regions.keys()


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
