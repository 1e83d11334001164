"""Files made to be slow or heavy: each is small to write down, within some cap or just above it, and must be cheap.

`python tests/faults/hostile.py FOLDER` reads every file of a folder in one process, and prints a line of JSON for
each: how it ended, the seconds of processor it took, and the peak of memory so far.
"""

from __future__ import annotations

import copy
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.pace import pace

DATA = Path(__file__).parents[1] / "support" / "fixtures_data"
BODY = '<g id="silhouette"><path id="b" d="M0 0L9 0 9 9Z"><title>Body</title></path></g>'
REGIONS = '<g id="regions">{}</g>'
ALPHABET = "abcdefghijklmnopqrstuvwxyz"

Maker = Callable[[], str]


def drawing(inside: str, *, before: str = "", root: str = "") -> str:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"{root}>{BODY}{inside}</svg>'


def shape(number: object, data: str, title: str = "R") -> str:
    return f'<path id="r{number}" d="{data}"><title>{title}</title></path>'


def saw(teeth: int, shift: float = 0.0) -> list[list[float]]:
    """A ring without crossings whose long slanting teeth all overlap each other's boxes."""
    ring = []
    for tooth in range(teeth):
        x = round(tooth * 0.8, 1)
        ring += [
            [x, shift - x],
            [2000 + x, shift + 2000 - x],
            [2000.2 + x, shift + 1999.8 - x],
            [x + 0.4, shift - x - 0.4],
        ]
    return [[round(x, 1), round(y, 1)] for x, y in [*ring, [-1000, -3000]]]


def path(ring: list[list[float]]) -> str:
    first, *others = (f"{x} {y}" for x, y in ring)
    return f"M{first}L{' '.join(others)}Z"


def nest(depth: int) -> list[list[list[int]]]:
    return [[[-i, -i], [i, -i], [i, i], [-i, i]] for i in range(1, depth + 1)]


def patterns(change: Callable[[Any], Any]) -> Maker:
    def make() -> str:
        value = json.loads((DATA / "patterns.json").read_bytes())
        return json.dumps(change(value) or value)

    return make


def in_muscle(**fields: Any) -> Maker:
    return patterns(lambda value: value["muscles"][0].update(fields))


def in_point(**fields: Any) -> Maker:
    return patterns(lambda value: value["muscles"][0]["points"][0].update(fields))


def zones(*rings: list[Any]) -> Maker:
    kinds = [(kind, view) for kind in ("essential", "spillover") for view in ("anterior", "posterior", "left", "right")]

    def change(value: Any) -> None:
        points = value["muscles"][0]["points"]
        point = points[0]
        points.clear()
        for number in range(1, 2 + len(rings) // len(kinds)):
            mine = rings[(number - 1) * len(kinds) : number * len(kinds)]
            made = [
                {"kind": kind, "view": view, "rings": ring} for (kind, view), ring in zip(kinds, mine, strict=False)
            ]
            points.append(copy.deepcopy(point) | {"id": f"gluteus_medius.trp{number}", "number": number, "zones": made})

    return patterns(change)


def bomb() -> str:
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    return drawing("<title>&e11;</title>", before=f'<!DOCTYPE svg [<!ENTITY e0 "ha">{entities}]>')


def quadratic() -> str:
    return drawing(f"<title>{'&e;' * 50_000}</title>", before=f'<!DOCTYPE svg [<!ENTITY e "{"ha" * 50_000}">]>')


# name of a file: its text, and words of the message; None where the file is sound
FILES: dict[str, tuple[Maker, str | None]] = {
    "deep.json": (lambda: "[" * 200_000 + "]" * 200_000, "limits.DEPTH"),
    "deep_objects.json": (lambda: '{"a":' * 300 + "1" + "}" * 300, "limits.DEPTH"),
    "wide.json": (lambda: "[" + '{"k":1},' * 330_000 + "1]", "limits.ITEMS"),
    "values.json": (lambda: "[" + "{}," * 5_000_000 + "1]", "limits.JSON_VALUES"),
    "bytes.json": (lambda: '["' + "x" * 17_000_000 + '"]', "limits.JSON_BYTES"),
    "text.json": (lambda: '["' + "\U0001f9b4" * 4_000_000 + '"]', "an object expected"),
    "hidden.json": (lambda: '["' + "\u202e" * 5_000_000 + '"]', "RIGHT-TO-LEFT OVERRIDE"),
    "digits.json": (lambda: "[" + "1" * 16_000_000 + "]", "16 or more digits"),
    "late_duplicate.json": (
        lambda: "{" + ",".join(f'"k{i}":1' for i in range(90_000)) + ',"z":1,"z":2}',
        "key 'z' stands twice",
    ),
    "unknown_fields.json": (in_muscle(**{f"k{i}": 1 for i in range(90_000)}), "unknown field 'k0'"),
    "unknown_views.json": (in_point(at={f"v{i}": [1, 2] for i in range(90_000)}), "unknown field 'v0'"),
    "unknown_regions.json": (
        in_point(regions={"essential": [f"q{i}" for i in range(90_000)]}),
        "unknown region 'q0'",
    ),
    "many_to_compare_with.json": (
        patterns(
            lambda value: value.update(
                regions={ALPHABET * 3 + str(i): {"names": {"en": "R"}, "definition": ""} for i in range(50_000)}
            )
        ),
        "unknown region",
    ),
    "no_muscles_at_all.json": (
        patterns(lambda value: value.update(muscles=[{"k": 1}] * 90_000)),
        "limits.PROBLEMS_NOTED",
    ),
    "many_aliases.json": (in_muscle(aliases=["a b_" * 40 + str(i) for i in range(60_000)]), None),
    "many_points.json": (
        patterns(lambda value: value["muscles"][0].update(points=value["muscles"][0]["points"] * 1_500)),
        "stands twice",
    ),
    "nested_rings.json": (zones(nest(999)), "limits.NESTED_RINGS"),
    "nests.json": (zones(*[nest(900)] * 3), "limits.RING_PAIRS"),
    "rings.json": (zones(nest(1_001)), "limits.SHAPE_RINGS"),
    "vertices.json": (zones([[[i % 100, i // 100] for i in range(10_001)]]), "limits.RING_VERTICES"),
    "all_vertices.json": (zones(*[[[[i % 100, i // 100] for i in range(9_900)]]] * 21), "limits.FILE_VERTICES"),
    "saw.json": (zones([saw(1_000)]), None),
    "saws.json": (zones(*[[saw(2_400)]] * 4), "limits.CHAIN_PAIRS"),
    "crossings.json": (zones([[[i * 37 % 1009 - 500, i * 91 % 1013] for i in range(9_900)]]), "self-intersection at ("),
    "off_the_scale.json": (zones([[[0, 0], [1e308, 0], [1e308, 1e308]]]), "a place near the body expected"),
    "bomb.posterior.svg": (bomb, "entities are not read"),
    "quadratic.posterior.svg": (quadratic, "entities are not read"),
    "external.posterior.svg": (
        lambda: drawing("<title>&e;</title>", before="<!DOCTYPE svg [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"),
        "entities are not read",
    ),
    "parameter.posterior.svg": (
        lambda: drawing("", before='<!DOCTYPE svg [<!ENTITY % e SYSTEM "file:///dev/zero"> %e;]>'),
        "entities are not read",
    ),
    "deep.posterior.svg": (lambda: drawing("<g>" * 100_000 + "</g>" * 100_000), "limits.DEPTH"),
    "attribute.posterior.svg": (lambda: drawing("", root=f' id="{"x" * 30_000_000}"'), "limits.SVG_BYTES"),
    "attribute_in.posterior.svg": (lambda: drawing(f'<g id="{"x" * 5_000_000}"/>'), "unknown group 'xxx"),
    "attributes.posterior.svg": (
        lambda: drawing("<g" + "".join(f' a{i}="1"' for i in range(400_000)) + "/>"),
        "an attribute 'a0'",
    ),
    "groups.posterior.svg": (lambda: drawing('<g id="x"/>' * 400_000), "limits.PROBLEMS_NOTED"),
    "elements.posterior.svg": (lambda: drawing("<x/>" * 900_000), "limits.PROBLEMS_NOTED"),
    "foreign.posterior.svg": (
        lambda: drawing('<y:x xmlns:y="u">' * 25 + "<y/>" * 900_000 + "</y:x>" * 25),
        None,
    ),
    "shapes.posterior.svg": (
        lambda: drawing(REGIONS.format("".join(shape(i, "M0 0L9 0 9 9Z") for i in range(20_001)))),
        "limits.SHAPES",
    ),
    "rings.posterior.svg": (
        lambda: drawing(REGIONS.format(shape(1, "M0 0L1 0 1 1Z" * 1_001))),
        "limits.SHAPE_RINGS",
    ),
    "nests.posterior.svg": (
        lambda: drawing(REGIONS.format("".join(shape(i, "".join(map(path, nest(900)))) for i in range(3)))),
        "limits.RING_PAIRS",
    ),
    "parts.posterior.svg": (
        lambda: drawing("").replace(
            BODY, BODY.replace("</g>", "".join(shape(i, f"M{i} 0L{i}.9 0 {i} 9Z") for i in range(1_001)) + "</g>")
        ),
        "limits.RING_PAIRS",
    ),
    "saws.posterior.svg": (
        lambda: drawing(REGIONS.format("".join(shape(i, path(saw(2_400))) for i in range(4)))),
        "limits.CHAIN_PAIRS",
    ),
    "vertices.posterior.svg": (
        lambda: drawing(REGIONS.format("".join(shape(i, f"M0 0L{'1 0 ' * 9_990}Z") for i in range(21)))),
        "limits.FILE_VERTICES",
    ),
    "fibres.posterior.svg": (
        lambda: drawing(
            '<g id="muscles">'
            + "".join(f'<path id="m{i}.fibres" d="{"M0 0L1 1" * 999}"><title>M</title></path>' for i in range(500))
            + "</g>"
        ),
        "limits.FILE_VERTICES",
    ),
    "long_title.posterior.svg": (lambda: drawing(f"<title>{'&lt;' * 1_300_000}</title>"), "limits.LABEL_CHARACTERS"),
    "comment.posterior.svg": (lambda: drawing(f"<!--{'x' * 5_000_000}-->"), None),
}


def judged(file: Path) -> dict[str, Any]:
    """How a reader ends on a file, and what that costs."""
    before = pace()
    from trigpoint.atlas.outlines import read_outline
    from trigpoint.atlas.patterns import read_patterns
    from trigpoint.errors import InputError

    start = time.process_time()
    try:
        (read_patterns if file.suffix == ".json" else read_outline)(file)
        lines = []
    except InputError as error:
        lines = [problem.line() for problem in error.problems]
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"file": file.name, "lines": lines, "seconds": seconds, "mib": peak, "pace": max(before, pace())}


def alone(file: Path) -> None:
    """Judge a file in a process of its own, so that its memory is its own, and print that."""
    child = os.fork()
    if not child:
        print(json.dumps(judged(file)), flush=True)
        os._exit(0)
    os.waitpid(child, 0)


if __name__ == "__main__":
    import trigpoint.atlas.outlines
    import trigpoint.atlas.patterns  # noqa: F401 loaded once for all

    for file in sorted(Path(sys.argv[1]).iterdir()):
        alone(file)
