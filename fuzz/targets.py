"""What is fuzzed: a reader for each kind of file, the inputs to begin with, and words worth inserting.

A target reads the bytes, and where they pass, writes what was read and reads that again: both must say the same. No
file is written; nothing is known here of how inputs are made or counted.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FIXTURES = HERE.parent / "tests" / "support" / "fixtures_data"


class Held:
    """Bytes that a reader takes for a file of this name."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.data = data

    def __str__(self) -> str:
        return self.name

    def is_file(self) -> bool:
        return True

    def open(self, _mode: str = "rb") -> io.BytesIO:
        return io.BytesIO(self.data)


KINDS = {".csv": "c", ".toml": "t", ".json": "j", ".jsonl": "J"}


@cache
def small_atlas() -> Any:
    from trigpoint.atlas import load_atlas

    return load_atlas(FIXTURES / "patterns.json", FIXTURES)


@dataclass(frozen=True)
class Target:
    """A kind of file: the reader, where its first inputs lie, and what may be put between their tokens."""

    name: str
    read: Callable[[bytes], None]
    seeds: tuple[Path, ...]
    words: tuple[str, ...]
    tree: bool = False  # inputs are JSON, so that values can be exchanged and not only bytes
    kinds: Mapping[str, str] = field(default_factory=dict)  # by suffix the letter that an input of it begins with

    def inputs(self) -> list[bytes]:
        """The first inputs: those of the tests, those of this folder, and every finding that was mended."""
        folders = (HERE / "seeds" / self.name, HERE / "findings" / self.name)
        files = [*self.seeds, *(file for folder in folders for file in sorted(folder.glob("*")))]
        letters = [self.kinds.get(file.suffix, "") for file in files]
        return [letter.encode() + file.read_bytes() for letter, file in zip(letters, files, strict=True)]


def patterns(data: bytes) -> None:
    from trigpoint.atlas.pattern_writer import format_patterns
    from trigpoint.atlas.patterns import read_patterns

    text = format_patterns(read_patterns(Held("clinic.json", data)))
    again = format_patterns(read_patterns(Held("clinic.json", text.encode())))
    assert again == text, "what was written reads differently"


def outlines(data: bytes) -> None:
    import shapely

    from trigpoint.atlas.outline_writer import format_outline
    from trigpoint.atlas.outlines import read_outline

    outline = read_outline(Held("mine.posterior.svg", data))
    shapes = [outline.silhouette, *outline.tones, *outline.regions.values(), *outline.muscles.values()]
    assert all(shapely.is_valid(shapes)), "a shape that is not valid was let in"
    assert not outline.silhouette.is_empty, "a body without a silhouette was let in"
    text = format_outline(outline)
    if 'id="silhouette.1"' in text:  # on the grid of the files, the whole body may vanish
        again = format_outline(read_outline(Held("mine.posterior.svg", text.encode())))
        assert again == text, "what was written reads differently"


def structures(data: bytes) -> None:
    """A file of one muscle, or of two bones: what is let in is sound, and its tones lie in one another."""
    import shapely

    from trigpoint.atlas.structure_index import Entry
    from trigpoint.atlas.structure_shapes import read_structures
    from trigpoint.atlas.structure_writer import format_structure

    box = {"posterior": (0.0, 0.0, 90.0, 90.0)}
    muscle = {"m": Entry("muscle", "M", "f", box)}
    bones = {key: Entry("bone", key, "f", box) for key in ("hip", "thigh")}
    listed = bones if b'"hip' in data else muscle
    words = {"title": "T", "licence": "L", "author": "A", "source": "S"}
    found = list(read_structures(Held("f.posterior.svg", data), "posterior", listed).values())
    for one in found:
        tones = (one.rim, *one.tones)
        assert all(shapely.is_valid([*tones, one.tendon, *one.tendon_tones])), "a shape that is not valid was let in"
        outside = [inner.difference(outer).area for outer, inner in zip(tones, one.tones, strict=False)]
        assert all(area < 0.2 * one.rim.length for area in outside), "a tone lies outside"
    assert format_structure(found, **words).endswith("</svg>\n")


def indexes(data: bytes) -> None:
    from trigpoint.atlas.structure_index import read_index

    for key, entry in read_index(Held("index.json", data)).items():
        assert not {"/", "\\", ".", ":"} & {*key, *entry.file}, f"a way to another folder: {entry.file!r}"
        assert all(len(box) == 4 for box in entry.boxes.values())


def warps(data: bytes) -> None:
    from trigpoint.atlas.warp import format_warps, read_warps

    text = format_warps(read_warps(Held("mine.warp.json", data)))
    again = format_warps(read_warps(Held("mine.warp.json", text.encode())))
    assert again == text, "what was written reads differently"


def figures(data: bytes) -> None:
    """A pattern file that is read is also drawn: with whatever names, places and shapes it may hold."""
    from xml.etree.ElementTree import fromstring

    from trigpoint.atlas import Atlas
    from trigpoint.atlas.consistency import off_body
    from trigpoint.atlas.patterns import read_patterns
    from trigpoint.diagram import Diagram
    from trigpoint.errors import InputError

    read = read_patterns(Held("clinic.json", data))
    atlas = Atlas(read, FIXTURES)
    drawn = {view: small_atlas().outline("neutral", view) for view in ("anterior", "posterior", "left", "right")}
    if problems := off_body(read, drawn, "clinic.json"):
        raise InputError(problems)
    for muscle in read.muscles[:2]:
        diagram = Diagram(muscle.id, views="posterior", atlas=atlas)
        page = fromstring(diagram.to_bytes("svg"))
        assert not [node for node in page.iter() if node.tag.endswith("script")], "a script in the figure"
        assert not [key for node in page.iter() for key in node.attrib if key.startswith("on")], (
            "a handler in the figure"
        )
        diagram.caption(), diagram.alt_text()


def manifests(data: bytes) -> None:
    """A manifest of the kind that its first letter says; every file stays below its folder."""
    from trigpoint.batch.manifest.reader import read_manifest

    letters = {letter.encode(): suffix[1:] for suffix, letter in KINDS.items()}
    kind = letters.get(data[:1], "jsonl")
    jobs = read_manifest(data[1:], folder="out", format=kind, atlas=small_atlas(), name=f"figures.{kind}")
    for job in jobs:
        for target in job.targets:
            place = os.path.normpath(target.path)
            assert place.startswith("out" + os.sep), f"a file outside its folder: {place!r}"
            assert place.isprintable(), f"a file name with hidden characters: {place!r}"


JSON_WORDS = (
    *("NaN", "Infinity", "-Infinity", "1e400", "-0.0", "9999999999999999", "1e15", "null", "true", "{}", "[]", '""'),
    *('"\\u202e"', '"\\ud800"', '"\\u0000"', '"$x$"', '"<script>"', '{"a":1,"a":2}', "[[0,0],[9,9],[9,0],[0,9]]"),
)
SVG_WORDS = (
    *("M", "L", "Z", "m", "z", "C1 1 2 2 3 3", "nan", "inf", "1e9", "-", "--1", "0.", ".5", "99999", "\u0661", "&#0;"),
    *("<g>", "</g>", "<g id='regions'>", "<path/>", "<!-- -->", "<![CDATA[x]]>", "<?pi?>", "&amp;", "&lol;", "\u202e"),
    *('<path id="x" d="M0 0L9 0 9 9Z"><title>x</title></path>', "<!DOCTYPE svg [<!ENTITY lol 'lol'>]>"),
    *('<circle id="x" cx="1" cy="1" r="1"><title>x</title></circle>', "<script>x</script>", ' onload="x"', "\ufeff"),
    *('xmlns:x="urn:x"', "<x:y/>", "<style/>", 'id="m.fibres"', 'id="landmark.a"'),
)

MANIFEST_WORDS = (
    *(
        "{muscle}",
        "{{",
        "}}",
        "{",
        "{patient.__class__}",
        "{0}",
        "{index}",
        "../",
        "/etc/passwd",
        "C:\\",
        "con.svg",
        "..",
        ".",
    ),
    *(
        "\r\n",
        ";",
        ",",
        "\t",
        '"',
        '""',
        "'",
        "[[figures]]",
        "[defaults]",
        "muscle",
        "output",
        "title",
        "format",
        "width",
    ),
    *(
        "piriformis",
        "gluteus_medius",
        "85,5",
        "1e400",
        "nan",
        "true",
        "2026-03-02",
        "\ufeff",
        "\u202e",
        "\x00",
        "a.b.c.d = 1",
    ),
    *(
        "[1, 2]",
        '["svg", "png"]',
        '{"a": 1}',
        "\\u0000",
        "=cmd|' /C calc'!A0",
        "posterior",
        "x" * 300,
        "\u0301",
        "STRASSE",
    ),
)

TARGETS = {
    target.name: target
    for target in (
        Target("patterns", patterns, (FIXTURES / "patterns.json",), JSON_WORDS, tree=True),
        Target("outlines", outlines, tuple(sorted(FIXTURES.glob("*.svg"))), SVG_WORDS),
        Target("structures", structures, (), SVG_WORDS),
        Target("indexes", indexes, (), JSON_WORDS, tree=True),
        Target("warps", warps, (), JSON_WORDS, tree=True),
        Target("figures", figures, (FIXTURES / "patterns.json",), JSON_WORDS, tree=True),
        Target("manifests", manifests, (), MANIFEST_WORDS, tree=True, kinds=KINDS),
    )
}
