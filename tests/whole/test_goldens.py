"""Five whole plates, kept as files: whatever changes a figure is seen here, and looked at before it is kept.

`pytest tests/whole/test_goldens.py --update-goldens` writes them anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import trigpoint as tp
from tests.support.goldens import difference

FOLDER = Path(__file__).parent / "goldens"
PLATES = {
    "one_view_in_a_column": (("gluteus_medius",), {"width": 85, "views": "posterior"}),
    "blank_labels": (("piriformis",), {"width": 85, "views": "posterior", "labels": "blank"}),
    "three_together": (
        ("piriformis", "gluteus_medius", "quadratus_lumborum"),
        {"width": 85, "views": "posterior", "layout": "together", "language": "de"},
    ),
    "grid_of_two": (("piriformis", "soleus"), {"width": 85, "layout": "grid", "theme": "print", "side": "left"}),
    "count_overlay": (("piriformis", "gluteus_medius"), {"width": 85, "views": "posterior", "overlay": "count"}),
}


def drawn(name: str) -> str:
    muscles, options = PLATES[name]
    return tp.Diagram(*muscles, **options).to_bytes("svg").decode("utf-8")


def kept(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_bytes().decode("utf-8")


@pytest.mark.parametrize("name", PLATES)
def test_a_plate_is_drawn_as_it_is_kept(name: str, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-goldens"):
        (FOLDER / f"{name}.svg").write_bytes(drawn(name).encode("utf-8"))
    found = difference(kept(name), drawn(name))
    assert not found, f"{name}.svg: {found}\nif the new plate is right, run pytest with --update-goldens"


def test_no_file_is_kept_that_is_not_drawn() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.svg" for name in PLATES}


CHANGES = {
    "a coordinate": ('<path d="M1008 7472', '<path d="M1008 7473', "in body > body.posterior"),
    "a colour": ('fill="#e8d3c2"', 'fill="#e8d3c3"', "in body > body.posterior"),
    "a word": (">Trigger point<", ">Trigger spot<", "in legend"),
    "a space": (">Trigger point<", ">Trigger  point<", "in legend"),
    "a layer": ('inkscape:label="Page">\n', 'inkscape:label="Page"/>\n', "outside all groups"),
    "an id": ('-legend"', '-Legend"', "outside all groups"),
    "the end": ("</svg>\n", "</svg>", "outside all groups"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_one_change_is_found_and_named(what: str) -> None:
    old, new, place = CHANGES[what]
    same = kept("one_view_in_a_column")
    assert same.count(old) >= 1
    found = difference(same, same.replace(old, new, 1))
    assert place in found
    assert len(found) < 500


def test_a_lost_element_is_found_and_those_after_it_are_not() -> None:
    same = kept("one_view_in_a_column")
    lost = next(line for line in same.split("\n") if "<text" in line)
    assert "lines that differ: 1;" in difference(same, same.replace(lost + "\n", "", 1))


def test_what_begins_the_ids_counts_too() -> None:
    same = kept("one_view_in_a_column")
    prefix = same.partition('title id="')[2].partition(".")[0]
    assert difference(same, same.replace(prefix, "f0123456789")) == "only what begins the ids differs"
    assert difference(same, same) == ""
