"""The rule that picks which plates are drawn of every muscle."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from tests.support.sampling import MUSCLES, each_muscle, rows, sample
from trigpoint.atlas.outlines import SIDES, VIEWS
from trigpoint.style import THEMES
from trigpoint.words import LANGUAGES

AXES = {
    "view": VIEWS,
    "side": SIDES,
    "width": (60, 85, 120, 175),
    "theme": tuple(THEMES),
    "language": tuple(LANGUAGES),
}


@pytest.mark.parametrize("axis", AXES)
def test_every_muscle_meets_every_choice(axis: str) -> None:
    at = list(AXES).index(axis)
    for muscle in MUSCLES:
        assert {row[at] for row in sample(muscle, AXES)} == set(AXES[axis])


@pytest.mark.parametrize("axis", AXES)
def test_every_muscle_meets_every_pair_of_a_choice_with_another_axis_somewhere(axis: str) -> None:
    drawn = [row for muscle in MUSCLES for row in sample(muscle, AXES)]
    for other in AXES.keys() - {axis}:
        one, two = list(AXES).index(axis), list(AXES).index(other)
        assert {(row[one], row[two]) for row in drawn} == set(product(AXES[axis], AXES[other])), other


def test_the_sample_is_as_long_as_the_longest_axis() -> None:
    assert len(rows(MUSCLES, AXES)) == len(MUSCLES) * len(LANGUAGES)
    assert rows(["soleus"], {}) == [("soleus",)]


def test_neither_order_nor_other_muscles_count() -> None:
    mixed = [*MUSCLES, "a_new_muscle"]
    Random(1).shuffle(mixed)
    assert {row for row in rows(mixed, AXES) if row[0] != "a_new_muscle"} == set(rows(MUSCLES, AXES))


def test_every_combination_is_drawn_on_request() -> None:
    assert rows(["soleus"], AXES, every=True) == [("soleus", *row) for row in product(*AXES.values())]


@each_muscle(["soleus", "piriformis"], width=(85, 175), side=SIDES)
def test_the_mark_hands_a_test_its_muscle_and_choices(
    muscle: str, width: float, side: str, request: pytest.FixtureRequest
) -> None:
    assert request.node.name.endswith(f"[{muscle}-{width}-{side}]")
    assert (width, side) in product((85, 175), SIDES)
