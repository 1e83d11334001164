"""What a pattern file must obey, checked on the plain JSON value, before anything is built from it.

The shipped schema states the structure; here are the rules that a schema cannot state: references that lead somewhere,
names that mean one muscle, rings that enclose something. All faults are found in one pass, however broken the rest is.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from .. import limits
from ..files.findings import Findings
from ..files.schema import Schema
from ..files.shipped import resource
from ..geometry.rings import chain_pairs, even_odd, fault, nest_depth, rings_of

FORMAT = 1
KINDS = ("essential", "spillover")
SAME_SIDE = "same_side"  # where the pain of most points is felt
REACHES = (*KINDS, "not_reached")
_ACCENTS = re.compile("[\u0300-\u036f]")
_APART = re.compile(r"[\W_]+")
_MUSCLE = re.compile(r"^[\W_]*(mm?(\.\s*|\s+)|(musculi|musculus|muscles?|musculos?|muscol[io])[\W_]+)(?=\w)")
LOW = "low"  # the confidence of a point that should be checked before anyone relies on it


def name_key(name: str) -> str:
    """A name without what people write differently: case, accents, blanks, marks, and the word "muscle" before it.

    >>> name_key("Gluteus-medius") == name_key("gluteus_medius") == name_key("M. glutéus medius")
    True
    """
    plain = name.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", plain)))
    return _APART.sub("", _MUSCLE.sub("", plain)) or plain


def check(value: Any, findings: Findings) -> None:
    """Note everything that is wrong with the JSON value of a pattern file."""
    if isinstance(value, dict) and type(value.get("format")) is int and value["format"] != FORMAT:
        what = f"the file has format {value['format']}, this trigpoint reads format {FORMAT}"
        findings.add(what, "/format", "update trigpoint, or write the file anew in that format")
        return  # the rest would be judged by the wrong rules
    _measure(value, findings)
    text = resource("data", "referral_patterns.schema.json").read_text("utf-8")
    Schema(json.loads(text), native={"ring": _ring}).check(value, findings)
    names: dict[str, str] = {}
    shapes: dict[str, list[Any]] = {}
    for at, muscle in _each(value, "", "muscles"):
        _names(muscle, at, names, findings)
        often = _dict(muscle.get("prevalence"))
        _known("source", often.get("source"), _dict(value.get("sources")), f"{at}/prevalence/source", findings)
        least, most = (often.get(key) for key in ("least", "most"))
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            findings.add(f"the least, {least}, is above the most, {most}", f"{at}/prevalence", "change them over")
        numbers: set[int] = set()
        for spot, point in _each(muscle, at, "points"):
            _number(muscle, point, spot, numbers, findings)
            _references(value, point, spot, findings)
            _zones(point, spot, shapes, findings)
    _shapes(shapes, findings)
    codes: set[str] = set()
    for at, acupoint in _each(value, "", "acupoints"):
        _references(value, acupoint, at, findings)
        if acupoint.get("id") in codes:
            findings.add(f"acupuncture point {acupoint['id']} stands twice", f"{at}/id", "keep one of them")
        codes |= {acupoint["id"]} if isinstance(acupoint.get("id"), str) else set()


def _measure(value: Any, findings: Findings) -> None:
    """Refuse more geometry than is quickly judged, before any of it is looked at."""
    shapes = [
        _list(zone.get("rings"))
        for at, muscle in _each(value, "", "muscles")
        for spot, point in _each(muscle, at, "points")
        for _, zone in _each(point, spot, "zones")
    ]
    vertices = sum(len(_list(ring)) for rings in shapes for ring in rings)
    if vertices > limits.FILE_VERTICES:
        findings.fail(limits.over("FILE_VERTICES", vertices, "vertices"), "/muscles", "simplify the rings")
    pairs = sum(len(rings) ** 2 for rings in shapes if len(rings) <= limits.SHAPE_RINGS)
    if pairs > limits.RING_PAIRS:
        findings.fail(limits.over("RING_PAIRS", pairs, "pairs of rings"), "/muscles", "use fewer rings in a zone")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _each(parent: Any, at: str, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a list as (pointer, object); faults of the list itself are noted by the schema."""
    for index, item in enumerate(_list(_dict(parent).get(key))):
        if isinstance(item, dict):
            yield f"{at}/{key}/{index}", item


def _ring(value: Any, at: str, findings: Findings) -> None:
    """The schema's definition `ring`, said in Python because a ring may have thousands of places."""
    if not isinstance(value, list) or len(value) < 3:
        findings.add("a list of at least three places expected", at, "write [[x, y], [x, y], [x, y]]")
    elif len(value) > limits.RING_VERTICES:
        findings.add(limits.over("RING_VERTICES", len(value), "vertices in a ring"), at, "simplify the ring")
    else:
        for index, place in enumerate(value):
            if not _is_place(place):
                findings.add("a place near the body expected", f"{at}/{index}", "write [x, y], millimetres in the view")


def _is_place(value: Any) -> bool:
    if type(value) is not list or len(value) != 2:
        return False
    x, y = value
    if type(x) not in (int, float) or type(y) not in (int, float):
        return False
    reach = limits.COORDINATE_MM
    return bool(-reach <= x <= reach and -reach <= y <= reach)


def _names(muscle: dict[str, Any], at: str, taken: dict[str, str], findings: Findings) -> None:
    """One name must mean one muscle, in whatever language and spelling."""
    own = muscle.get("id") if isinstance(muscle.get("id"), str) else at
    spellings = [(f"{at}/id", own)]
    spellings += [(f"{at}/names/{tag}", name) for tag, name in _dict(muscle.get("names")).items()]
    spellings += [(f"{at}/aliases/{i}", name) for i, name in enumerate(_list(muscle.get("aliases")))]
    for spot, name in spellings:
        if not isinstance(name, str):
            continue
        other = taken.setdefault(name_key(name), at)
        if other != at:
            findings.add(f"the name '{name}' already means another muscle", spot, f"see {other}")


def _number(muscle: dict[str, Any], point: dict[str, Any], at: str, numbers: set[int], findings: Findings) -> None:
    """Points are numbered once each, and the id says muscle and number."""
    number, own = point.get("number"), muscle.get("id")
    if type(number) is not int or not isinstance(own, str):
        return
    if number in numbers:
        findings.add(f"trigger point {number} stands twice", f"{at}/number", "number the points from 1")
    numbers.add(number)
    if isinstance(point.get("id"), str) and point["id"] != f"{own}.trp{number}":
        findings.add(f"the id '{point['id']}' does not fit muscle and number", f"{at}/id", f"write '{own}.trp{number}'")


def _references(value: Any, point: dict[str, Any], at: str, findings: Findings) -> None:
    sources, regions = _dict(value.get("sources")), _dict(value.get("regions"))
    for spot, evidence in _each(point, at, "evidence"):
        _known("source", evidence.get("source"), sources, f"{spot}/source", findings)
    for reach, ids in _dict(point.get("regions")).items():
        for index, name in enumerate(_list(ids)):
            _known("region", name, regions, f"{at}/regions/{reach}/{index}", findings)


def _known(kind: str, name: Any, choices: dict[str, Any], at: str, findings: Findings) -> None:
    if isinstance(name, str) and name not in choices:
        findings.add(f"unknown {kind} '{name}'", at, findings.meant(name, choices) or f"describe it under /{kind}s")


def _zones(point: dict[str, Any], at: str, shapes: dict[str, list[Any]], findings: Findings) -> None:
    """One zone for a kind and a view; the rings of all are gathered by their place, to be judged together."""
    seen: set[str] = set()
    for spot, zone in _each(point, at, "zones"):
        which = f"{zone.get('kind')} zone in view {zone.get('view')}"
        if which in seen:
            findings.add(f"a second {which}", spot, "put all its rings into one zone")
        seen.add(which)
        rings = _list(zone.get("rings"))
        if len(rings) <= limits.SHAPE_RINGS:
            shapes[f"{spot}/rings"] = rings


def _shapes(shapes: dict[str, list[Any]], findings: Findings) -> None:
    """Rings must enclose something; none are looked at where that could take long."""
    readable = [[ring for ring in rings if _is_ring(ring)] for rings in shapes.values()]
    if (depth := nest_depth(readable)) > limits.NESTED_RINGS:
        findings.fail(limits.over("NESTED_RINGS", depth, "rings in one another"), "/muscles", "draw fewer of them")
    if (pairs := chain_pairs(readable)) > limits.CHAIN_PAIRS:
        findings.fail(limits.over("CHAIN_PAIRS", pairs, "pairs of edges"), "/muscles", "draw rings with fewer teeth")
    for at, rings in shapes.items():
        _shape(rings, at, findings)


def _is_ring(ring: Any) -> bool:
    return isinstance(ring, list) and 3 <= len(ring) <= limits.RING_VERTICES and all(map(_is_place, ring))


def _shape(rings: list[Any], at: str, findings: Findings) -> None:
    """Each ring must be simple, and together they must not cross; with `repair`, they are mended."""
    if findings.repair and all(map(_is_ring, rings)):
        _repair(rings, at, findings)
        return
    sound = 0
    for index, ring in enumerate(rings):
        if not _is_ring(ring):
            continue  # noted by `_ring`
        reason = fault(even_odd([ring]))
        if reason:
            findings.add(f"the ring is not valid: {reason}", f"{at}/{index}", "draw it without crossings")
        sound += not reason
    if sound == len(rings) > 1 and (reason := fault(even_odd(rings))):
        findings.add(f"the rings do not fit together: {reason}", at, "rings may lie inside each other, not cross")


def _repair(rings: list[Any], at: str, findings: Findings) -> None:
    """Put mended rings in the place of those that cross."""
    from ..geometry.repair import mended  # only on request

    reasons = [reason for ring in rings if (reason := fault(even_odd([ring])))]
    reason = reasons[0] if reasons else fault(even_odd(rings))
    if not reason:
        return
    try:
        shape, change = mended(rings)
    except ValueError as error:
        findings.add(f"the rings are not valid: {reason}; {error}", at, "draw them without crossings")
        return
    rings[:] = [ring.tolist() for ring in rings_of(shape)]
    findings.repaired(f"repaired: {reason}; the area changed by {100 * change:.2g} %", at)
