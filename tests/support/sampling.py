"""Which plates are drawn of every muscle: a sample by rule, or all combinations with `pytest --all-muscles`.

A test names what it varies: `@each_muscle(width=(60, 85, 120, 175), side=SIDES)`. Every muscle is drawn as often as
the longest of these axes has choices. From one plate to the next every axis steps to its next choice; a digest of the
muscle's name says where it begins. Thus every muscle meets every choice of every axis, pairs of choices differ from
muscle to muscle, and neither the order of the tests nor a muscle that is added changes the plates of another muscle.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import product

import pytest

from trigpoint.atlas import load_atlas

Axes = Mapping[str, Sequence[object]]
MUSCLES = tuple(muscle.id for muscle in load_atlas().muscles)
WITH_POINTS = tuple(muscle.id for muscle in load_atlas().muscles if muscle.points)


def each_muscle(muscles: Iterable[str] = MUSCLES, **axes: Collection[object]) -> pytest.MarkDecorator:
    """A mark that draws a test for each muscle, as its argument `muscle`, and for choices of every axis."""
    return pytest.mark.each_muscle(tuple(muscles), {name: tuple(choices) for name, choices in axes.items()})


def sample(muscle: str, axes: Axes) -> list[tuple[object, ...]]:
    """The combinations of choices that a muscle is drawn with, in the order of the axes."""
    starts = sha256(muscle.encode()).digest()
    plates = max(map(len, axes.values()), default=1)
    return [
        tuple(choices[(start + plate) % len(choices)] for start, choices in zip(starts, axes.values(), strict=False))
        for plate in range(plates)
    ]


def rows(muscles: Iterable[str], axes: Axes, *, every: bool = False) -> list[tuple[object, ...]]:
    """The muscle and the choices of each test: a sample, or every combination."""
    return [
        (muscle, *choices)
        for muscle in muscles
        for choices in (product(*axes.values()) if every else sample(muscle, axes))
    ]
