"""Drawn structures as the canonical text of their file: one muscle, or some bones, as one view shows them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from ..geometry.rings import on_grid
from .outline_writer import closed, document, group, opened, path
from .structure_shapes import GROUPS
from .structures import BONE, Structure

PAPER = 5.0  # mm around the drawing when the file is opened by itself

# How a group looks when the file is opened by itself; a reader of the file ignores it.
PREVIEW = {
    "rim": 'fill="#d9887a" stroke="#6e1f1c" stroke-width="0.6"',
    "tones": 'fill="#8c1a1a" fill-opacity="0.22"',
    "tendon": 'fill="#efe6d8" fill-opacity="0.6"',
    "fibres": 'fill="none" stroke="#6e1f1c" stroke-width="0.4"',
    "members": 'fill="none" stroke="#6e1f1c" stroke-width="0.6"',
    "bones": 'fill="#fcfaf3" stroke="#b8ac98" stroke-width="0.4"',
    "shades": 'fill="#b8ac98" fill-opacity="0.35"',
    "lines": 'fill="#b8ac98"',
}

Row = tuple[str, BaseGeometry, str]  # id, shape, title


def format_structure(
    structures: Structure | Sequence[Structure], *, title: str = "", licence: str, author: str, source: str
) -> str:
    """One structure, or the bones of one file, as canonical text; shapes are snapped to the grid of stored files.

    Parameters
    ----------
    structures : Structure or sequence of Structure
        All of one view, anterior, posterior or right; several must be bones.
    title : str, optional
        Of the file; by default the structure's title, or "Bones", and the view.
    licence, author, source : str
        What the file says of itself; `source` names whose work it is made from, and what was changed.

    Raises
    ------
    ValueError
        For structures that one file cannot hold, or a shape that is not valid.
    """
    drawn = [structures] if isinstance(structures, Structure) else sorted(structures, key=lambda one: one.id)
    if len({one.view for one in drawn}) != 1 or drawn[0].view == "left":
        raise ValueError("a file holds one view: anterior, posterior or right")
    if len(drawn) > 1 and any(one.kind != BONE for one in drawn):
        raise ValueError("only bones may share a file")
    left, top, right, bottom = shapely.total_bounds([on_grid(one.rim) for one in drawn]).tolist()
    x, y = math.floor(left - PAPER), math.floor(top - PAPER)
    box = x, y, math.ceil(right + PAPER) - x, math.ceil(bottom + PAPER) - y
    title = title or f"{_named(drawn[0]) if len(drawn) == 1 else 'Bones'}, {drawn[0].view} view"
    rows = (_bones if drawn[0].kind == BONE else _muscle)(drawn)
    groups: dict[str, list[str]] = {name: [] for name in GROUPS}
    for name, (key, shape, words) in rows:
        rings = opened(shape) if name == "fibres" else closed(shape)
        groups[name] += [path(key, rings, words)] if rings else []
    body = [line for name in GROUPS for line in group(name, PREVIEW[name], groups[name])]
    return document(box, title, licence, author, source, body)


def _named(one: Structure) -> str:
    return one.title or one.id.replace("_", " ")


def _muscle(drawn: Iterable[Structure]) -> Iterator[tuple[str, Row]]:
    """The groups and paths of the one structure that is no bone."""
    for one in drawn:
        title = _named(one)
        yield "rim", ("rim", one.rim, title)
        for number, tone in enumerate(one.tones, 1):
            yield "tones", (f"tone.{number}", tone, f"{title}, tone {number}")
        yield "tendon", ("tendon", one.tendon, f"{title}, tendon")
        for number, tone in enumerate(one.tendon_tones, 1):
            yield "tendon", (f"tendon.{number}", tone, f"{title}, tendon, tone {number}")
        yield "fibres", ("fibres", one.fibres, f"{title}, direction of its fibres")
        yield "fibres", ("fibres.tendon", one.tendon_fibres, f"{title}, fibres of its tendon")
        for key, shape in sorted(one.members.items()):
            yield "members", (key, shape, one.member_titles.get(key, key.replace("_", " ")))


def _bones(drawn: Iterable[Structure]) -> Iterator[tuple[str, Row]]:
    for one in drawn:
        title = _named(one)
        yield "bones", (one.id, one.rim, title)
        for number, tone in enumerate(one.tones, 1):
            yield "shades", (f"{one.id}.{number}", tone, f"{title}, shade {number}")
        yield "lines", (f"{one.id}.lines", one.lines, f"{title}, lines on it")
