"""Drawn structures in files of their own: written and read, looked up, mirrored, carried, and refused."""

from __future__ import annotations

import json
import pickle
import shutil
from dataclasses import fields, replace
from pathlib import Path

import pytest
import shapely
from shapely import MultiLineString, MultiPolygon

from tests.support.structures import BONES, MUSCLES, TRACT, WORDS, parts
from trigpoint import limits
from trigpoint.atlas import Atlas, load_atlas
from trigpoint.atlas.outline_writer import format_outline
from trigpoint.atlas.outlines import VIEWS, Outline, mirror, open_outline
from trigpoint.atlas.patterns import shipped_patterns
from trigpoint.atlas.structure_folder import StructureFolder
from trigpoint.atlas.structure_index import STORED, Entry, format_index, open_index, read_index
from trigpoint.atlas.structure_shapes import open_structures, read_structures
from trigpoint.atlas.structure_writer import format_structure
from trigpoint.atlas.structures import BONE, CONTEXT, MUSCLE, Structure
from trigpoint.errors import InputError, UnknownNameError

GLUTEUS = "gluteus_medius"
SQUARE = MultiPolygon([shapely.box(0, 0, 60, 60)])


@pytest.fixture(scope="module")
def drawn(drawn_folder: Path) -> Atlas:
    return load_atlas(outlines=drawn_folder)


@pytest.fixture
def copy(drawn_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(drawn_folder, tmp_path / "copy"))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the structure files that are opened."""
    from trigpoint.atlas import structure_folder

    names: list[str] = []
    for name in ("open_structures", "read_structures"):
        read = getattr(structure_folder, name)

        def counted(file, *args, read=read, **more):
            names.append(file.name)
            return read(file, *args, **more)

        monkeypatch.setattr(structure_folder, name, counted)
    return names


def same(one: Structure, other: Structure) -> bool:
    """Whether all shapes of two structures cover the same places."""

    def alike(a, b) -> bool:
        match a:
            case MultiPolygon() | MultiLineString():
                return a.normalize().equals_exact(b.normalize(), 0.051)
            case tuple():
                return len(a) == len(b) and all(map(alike, a, b))
            case dict():
                return a.keys() == b.keys() and all(alike(a[key], b[key]) for key in a)
        return a == b

    return all(alike(getattr(one, field.name), getattr(other, field.name)) for field in fields(Structure))


# written and read


@pytest.mark.parametrize("view", STORED)
def test_what_is_written_is_read_by_both_readers_and_written_again(view: str, drawn_folder: Path) -> None:
    index = read_index(drawn_folder / "structures" / "index.json")
    for name, some in parts(view).items():
        file = drawn_folder / "structures" / f"{name}.{view}.svg"
        listed = {key: entry for key, entry in index.items() if entry.file == name and view in entry.boxes}
        careful, quick = read_structures(file, view, listed), open_structures(file, view, listed)
        assert careful.keys() == quick.keys() == {one.id for one in some}
        assert all(same(careful[key], quick[key]) for key in careful)
        assert format_structure(list(careful.values()), **WORDS) == file.read_text("utf-8")
        for one in some:
            assert careful[one.id].rim.symmetric_difference(one.rim).area < 0.06 * one.rim.length
            assert careful[one.id].source == WORDS["source"]


def test_both_readers_of_an_index_find_the_same(drawn_folder: Path) -> None:
    file = drawn_folder / "structures" / "index.json"
    assert open_index(file) == read_index(file)
    assert read_index(file)["sacrum"].file == "pelvis"


def test_tones_lie_in_one_another(drawn: Atlas) -> None:
    for name in (*MUSCLES, "sacrum"):
        one = drawn.structure(name, view="posterior")
        for outer, inner in zip((one.rim, *one.tones), one.tones, strict=False):
            assert inner.difference(outer.buffer(0.15)).is_empty


def test_one_file_holds_one_muscle_or_bones_of_one_view() -> None:
    one = Structure("a", MUSCLE, "right", "A", SQUARE)
    bone = replace(one, id="b", kind=BONE)
    with pytest.raises(ValueError, match="only bones may share"):
        format_structure([one, bone], **WORDS)
    with pytest.raises(ValueError, match="one view"):
        format_structure([bone, replace(bone, id="c", view="anterior")], **WORDS)
    with pytest.raises(ValueError, match="one view"):
        format_structure(replace(one, view="left"), **WORDS)
    with pytest.raises(ValueError, match="drawn in two files"):
        format_index({"a": [one], "b": [one]})
    with pytest.raises(ValueError, match="another kind or title"):
        format_index({"a": [one, replace(one, view="anterior", title="B")]})


def test_the_files_say_who_made_them(drawn_folder: Path) -> None:
    text = (drawn_folder / "structures" / f"{GLUTEUS}.posterior.svg").read_text("utf-8")
    assert "<dc:source>BodyParts3D, © The Database Center for Life Science licensed under CC" in text
    assert "<title>Gluteus medius, posterior view</title>" in text


# looked up


def test_a_muscle_is_found_by_any_name_and_others_by_id_or_title(drawn: Atlas) -> None:
    one = drawn.structure("mittlerer Gesäßmuskel", view="posterior")
    assert (one.id, one.kind, one.view, one.title) == (GLUTEUS, MUSCLE, "posterior", "Gluteus medius")
    assert len(one.tones) == 5
    assert len(one.tendon_tones) == 2
    assert set(one.members) == {f"{GLUTEUS}_inner", f"{GLUTEUS}_outer"}
    assert drawn.structure("Iliotibial tract", view="right").kind == CONTEXT
    assert drawn.structure("hip bone", view="right").id == "hip_bone"
    assert drawn.structures[CONTEXT] == (TRACT,)
    assert set(drawn.structures[BONE]) == {bone for bones in BONES.values() for bone in bones}
    assert drawn.title("sacrum") == "Sacrum"


def test_an_unknown_name_gets_a_hint(drawn: Atlas) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'sacrum'"):
        drawn.structure("sacrun", view="posterior")
    with pytest.raises(UnknownNameError, match="unknown view"):
        drawn.structure("sacrum", view="top")
    with pytest.raises(UnknownNameError, match="unknown body"):
        drawn.structure("sacrum", view="posterior", body="tall")


def test_what_a_view_does_not_show_is_empty(drawn: Atlas) -> None:
    one = drawn.structure(TRACT, view="posterior")
    assert (one.is_empty, one.kind, one.title) == (True, CONTEXT, "Iliotibial tract")
    assert drawn.structure(GLUTEUS, view="left").is_empty
    assert drawn.structure("gluteus minimus", view="posterior").is_empty  # a muscle that this folder does not draw


def test_the_shipped_atlas_answers_too() -> None:
    one = load_atlas().structure(GLUTEUS, view="posterior")
    assert one.rim.equals(load_atlas().shape(GLUTEUS, view="posterior"))
    assert GLUTEUS in load_atlas().structures[MUSCLE]


def test_outlines_show_structures_as_their_own_shapes(drawn: Atlas) -> None:
    outline = drawn.outline("neutral", "posterior")
    assert outline.muscles[GLUTEUS].equals(drawn.structure(GLUTEUS, view="posterior").rim)
    assert outline.fibres[GLUTEUS].equals(drawn.fibres(GLUTEUS, view="posterior"))
    assert TRACT not in outline.muscles
    assert set(outline.bones) <= set(drawn.structures[BONE])
    assert outline.titles["sacrum"] == "Sacrum"
    with pytest.raises(KeyError):
        outline.muscles["none"]
    assert {each.what.partition("'")[0] for each in drawn.check()} == {"no outline shows the muscle "}


def test_what_an_outline_holds_itself_wins(copy: Path) -> None:
    file = copy / "neutral.posterior.svg"
    own = MultiPolygon([shapely.box(60, 800, 120, 860)])
    file.write_text(format_outline(replace(open_outline(file), muscles={GLUTEUS: own}, bones={"sacrum": own})), "utf-8")
    atlas = load_atlas(outlines=copy)
    one = atlas.structure(GLUTEUS, view="posterior")
    assert one.rim.equals(own)
    assert (one.tones, one.source, one.fibres.is_empty) == ((), "", True)
    assert atlas.shape(GLUTEUS, view="posterior").equals(own)
    assert atlas.fibres(GLUTEUS, view="posterior").is_empty
    assert atlas.structure("sacrum", view="posterior").rim.equals(own)
    assert atlas.structure(GLUTEUS, view="right").tones
    assert "piriformis" in atlas.outline("neutral", "posterior").muscles


# mirrored and carried


@pytest.mark.parametrize("name", [GLUTEUS, "sacrum", TRACT])
@pytest.mark.parametrize("view", VIEWS)
def test_the_left_is_the_mirror_of_the_right(drawn: Atlas, name: str, view: str) -> None:
    other = {"left": "right", "right": "left"}.get(view, view)
    left, right = drawn.structure(name, view=view, side="left"), drawn.structure(name, view=other)
    assert left.view == view
    assert left.rim.equals(mirror(right.rim))
    assert all(a.equals(mirror(b)) for a, b in zip(left.tones, right.tones, strict=True))
    assert left.fibres.equals(mirror(right.fibres))
    assert {key: shape.area for key, shape in left.members.items()} == pytest.approx(
        {key: shape.area for key, shape in right.members.items()}
    )


def test_the_left_view_is_made_of_the_files_of_the_right_one(drawn: Atlas) -> None:
    left, right = (drawn.outline("neutral", view) for view in ("left", "right"))
    assert set(left.structures) == set(right.structures)
    assert left.muscles[GLUTEUS].equals(mirror(right.muscles[GLUTEUS]))


@pytest.mark.parametrize("body", ["female", "male"])
@pytest.mark.parametrize("view", ["posterior", "right", "left"])
@pytest.mark.parametrize("name", [*MUSCLES, "hip_bone", TRACT])
def test_on_another_body_a_structure_lies_inside_with_its_tones(drawn: Atlas, body: str, view: str, name: str) -> None:
    side = "left" if view == "left" else "right"
    one = drawn.structure(name, view=view, side=side, body=body)
    body_here = drawn.outline(body, view).silhouette
    assert one.view == view
    if one.is_empty:
        assert drawn.structure(name, view=view, side=side).is_empty
        return
    assert body_here.buffer(-0.45).contains(one.rim)
    for outer, inner in zip((one.rim, *one.tones), one.tones, strict=False):
        assert inner.difference(outer.buffer(1e-6)).area < 1e-6
    for shape in (one.tendon, one.fibres, one.tendon_fibres, *one.members.values()):
        assert shape.difference(one.rim.buffer(1e-6)).is_empty
    assert one.rim.area == pytest.approx(drawn.structure(name, view=view, side=side).rim.area, rel=0.4)
    assert drawn.shape(GLUTEUS, view="posterior", body=body).area > 1000


def test_bones_of_another_body_come_by_the_warp_one_by_one(drawn: Atlas) -> None:
    female, neutral = drawn.outline("female", "posterior"), drawn.outline("neutral", "posterior")
    assert set(female.bones) == set(neutral.bones)
    assert not female.muscles
    assert not female.bones["sacrum"].equals(neutral.bones["sacrum"])


def test_all_parts_are_cut_by_a_window(drawn: Atlas) -> None:
    one = drawn.structure(GLUTEUS, view="posterior")
    x0, y0, x1, y1 = one.rim.bounds
    window = shapely.box(x0, y0 + 20, x1, y1 - 10)
    part = one.within(window)
    assert part.rim.bounds[1::2] == (y0 + 20, y1 - 10)
    assert (part.id, part.source, len(part.tones)) == (one.id, one.source, 5)
    assert part.rim.area == pytest.approx(one.rim.intersection(window).area)
    for shape in (
        *part.tones,
        part.tendon,
        *part.tendon_tones,
        part.fibres,
        part.tendon_fibres,
        *part.members.values(),
    ):
        assert window.buffer(1e-9).covers(shape)
        assert not shape.is_empty


@pytest.mark.parametrize("view", VIEWS)
def test_the_boxes_that_decide_what_is_read_hold_what_is_drawn(drawn: Atlas, view: str) -> None:
    for body in ("neutral", "female", "male"):
        structures = drawn.outline(body, view).structures
        assert len(structures) > 5
        for key, one in structures.items():
            x0, y0, x1, y1 = structures.listed[key].box
            assert shapely.box(x0, y0, x1, y1).buffer(0.06).covers(one.rim), (body, key)


# lazy, small, sent


def test_only_what_is_drawn_is_read(drawn_folder: Path, opened: list[str]) -> None:
    atlas = load_atlas(outlines=drawn_folder)
    outline = atlas.outline("neutral", "posterior")
    assert len(outline.muscles) >= 3
    assert GLUTEUS in outline.muscles
    assert "sacrum" in list(outline.bones)
    assert atlas.structures[MUSCLE]
    assert opened == []
    atlas.shape(GLUTEUS, view="posterior")
    atlas.fibres(GLUTEUS, view="posterior")
    outline.muscles[GLUTEUS]
    assert opened == [f"{GLUTEUS}.posterior.svg"]
    outline.bones["sacrum"], outline.bones["coccyx"]
    assert opened[1:] == ["pelvis.posterior.svg"]


def test_the_last_things_are_kept_and_no_more(drawn_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trigpoint.atlas.structures.KEPT", 2)
    outline = load_atlas(outlines=drawn_folder).outline("neutral", "posterior")
    for _ in range(2):
        areas = [outline.muscles[name].area for name in outline.muscles]
        assert all(areas)
    assert len(outline.muscles._kept) == 2


def test_an_atlas_and_its_outlines_can_be_sent_to_another_process(drawn: Atlas, drawn_folder: Path) -> None:
    again = pickle.loads(pickle.dumps(drawn))
    assert same(again.structure(GLUTEUS, view="left", side="left"), drawn.structure(GLUTEUS, view="left", side="left"))
    for body in ("neutral", "female"):
        outline = drawn.outline(body, "posterior")
        sent = pickle.loads(pickle.dumps(outline))
        assert sent.bones["sacrum"].equals(outline.bones["sacrum"])
        assert set(sent.structures) == set(outline.structures)
    one = drawn.structure(GLUTEUS, view="posterior")
    assert pickle.loads(pickle.dumps(one)) == one
    known = Atlas(
        shipped_patterns(), drawn_folder, read=open_outline, structures=StructureFolder(drawn_folder, known=True)
    )
    assert pickle.loads(pickle.dumps(known)).structure(GLUTEUS, view="posterior").tones
    assert known.check() == drawn.check()


# refused


def hostile(folder: Path, text: str, box: list[float] | None = None, **entry: object) -> Atlas:
    """An atlas of one square muscle `m` whose file holds the groups of a text."""
    body = MultiPolygon([shapely.box(-100, -100, 200, 200)])
    outline = Outline("neutral", "posterior", (-200, -200, 500, 500), body)
    (folder / "neutral.posterior.svg").write_text(format_outline(outline), "utf-8")
    there = folder / "structures"
    there.mkdir()
    row = {"kind": "muscle", "title": "M", "file": "m", "boxes": {"posterior": box or [0, 0, 60, 60]}} | entry
    (there / "index.json").write_text(json.dumps({"format": 1, "structures": {"m": row}}), "utf-8")
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
    (there / "m.posterior.svg").write_text(f"{head}{text}</svg>", "utf-8")
    return load_atlas(outlines=folder)


def group(name: str, **paths: str) -> str:
    """A group of paths by id; `_` in an id stands for a dot."""
    drawn = (f'<path id="{key.replace("_", ".")}" d="{data}"><title>T</title></path>' for key, data in paths.items())
    return f'<g id="{name}">{"".join(drawn)}</g>'


def square(size: float, at: float = 0.0) -> str:
    low, high = at, at + size
    return f"M{low} {low}L{high} {low} {high} {high} {low} {high}Z"


RIM = group("rim", rim=square(60))


def test_a_plain_file_is_read(tmp_path: Path) -> None:
    atlas = hostile(tmp_path, RIM + group("tones", tone_1=square(30, 9)) + group("fibres", fibres="M1 1L9 9"))
    one = atlas.structure("m", view="posterior")
    assert (one.rim.area, one.tones[0].area, len(one.fibres.geoms)) == (3600, 900, 1)
    assert one.source == "not stated"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RIM + "<script>alert(1)</script>", "an element <script> is not read"),
        (RIM + group("muscles", m=square(9)), "unknown group 'muscles'"),
        (RIM + '<image href="http://example.org/x.png"/>', "an element <image> is not read"),
        (RIM.replace('id="rim" d', 'id="rim" onclick="x()" d'), "an attribute 'onclick' on <path> is not read"),
        (group("tones", tone_1=square(30)), "rim: no rim .*draw its edge as a closed path"),
        (RIM + group("tones", tone_1=square(30), tone_3=square(9)), "tones/tone.3: the step before it is missing"),
        (RIM + group("tones", tone_6=square(30)), "tones/tone.6: no such shape is known here"),
        (RIM + group("bones", m=square(30)), "bones/m: no such shape is known here"),
        (RIM + group("tendon", tendons=square(30)), "did you mean 'tendon'"),
        (RIM + group("fibres", fibres="M1 1L9 9Z"), "a line of pull must stay open"),
        (RIM + '<g id="rim"><circle id="c" cx="1" cy="1" r="1"><title>T</title></circle></g>', "landmarks are circles"),
        (RIM + group("tones", tone_1="M0 0L9 9 9 0 0 9Z"), "tones/tone.1: the shape is not valid"),
        (group("rim", rim=square(50)), r"rim: the index gives another box .*\[0.0, 0.0, 50.0, 50.0\] for m"),
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]>", "not XML"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    atlas = hostile(tmp_path, text)
    with pytest.raises(InputError, match=said) as caught:
        atlas.shape("gluteus medius", view="posterior"), atlas.structure("m", view="posterior")
    assert "m.posterior.svg" in str(caught.value)
    assert any("m.posterior.svg" in problem.file for problem in atlas.check())


def test_a_tone_outside_is_cut(tmp_path: Path) -> None:
    text = RIM + group("tones", tone_1=square(60, 30), tone_2=square(80)) + group("tendon", tendon=square(99, 50))
    one = hostile(tmp_path, text + group("members", a=square(70))).structure("m", view="posterior")
    assert one.tones[0].bounds == one.tones[1].bounds == (30, 30, 60, 60)
    assert one.tendon.bounds == (50, 50, 60, 60)
    assert one.members["a"].area == 3600


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    atlas = hostile(tmp_path, RIM)
    (tmp_path / "structures" / "m.posterior.svg").unlink()
    with pytest.raises(InputError, match=r"m\.posterior\.svg: no such file"):
        atlas.structure("m", view="posterior")


def test_a_bone_that_its_file_lacks_is_named(tmp_path: Path) -> None:
    atlas = hostile(tmp_path, group("bones", n=square(60)), kind="bone")
    with pytest.raises(InputError, match="no bone 'm', which the index places here") as caught:
        atlas.structure("m", view="posterior")
    assert "bones/n: no such shape is known here" in str(caught.value)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"file": "../x"}, "/structures/m/file: '../x' cannot stand here"),
        ({"file": "a/b"}, "'a/b' cannot stand here"),
        ({"file": "C:x"}, "'C:x' cannot stand here"),
        ({"kind": "nerve"}, "/structures/m/kind: unknown value 'nerve'"),
        ({"title": "M\u202e"}, "the text holds U\\+202E"),
        ({"boxes": {"left": [0, 0, 1, 1]}}, "unknown field 'left'"),
        ({"boxes": {"posterior": [0, 0, 1]}}, "3 entries"),
        ({"boxes": {"posterior": [0, 0, 0, 1]}}, "the box is empty"),
        ({"boxes": {"posterior": [0, 0, 1, 1e9]}}, "outside"),
        ({"boxes": {}}, "0 entries"),
        ({"colour": "red"}, "unknown field 'colour'"),
    ],
)
def test_a_bad_entry_of_the_index_is_refused_with_its_place(tmp_path: Path, entry: dict, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        hostile(tmp_path, RIM, **entry).structure("m", view="posterior")
    assert "index.json" in str(caught.value)
    assert load_atlas(outlines=tmp_path)._bodies.structures.problems()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"format": 2, "structures": {}}', "format 2, this trigpoint reads format 1"),
        ('{"format": 1}', "field 'structures' is missing"),
        ('{"format": 1, "structures": {"a/b": {}}}', "'a/b' cannot be used as a key"),
        ('{"format": 1, "structures": {"a.1": {}}}', r"'a\.1' cannot be used as a key"),
        ("[]", "an object expected"),
        ("{", "not JSON"),
        ("[" * 900, "nested deeper|not JSON"),
        ("[" + "1," * 1_100_000 + "1]", r"limits\.(INDEX_BYTES|JSON_VALUES)"),
    ],
)
def test_a_bad_index_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "index.json"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError, match=said):
        read_index(file)


def test_an_index_of_very_many_is_refused_soon(tmp_path: Path) -> None:
    row = {"kind": "bone", "title": "T", "file": "f", "boxes": {"right": [0, 0, 1, 1]}}
    file = tmp_path / "index.json"
    file.write_text(json.dumps({"format": 1, "structures": {f"b{i}": row for i in range(limits.STRUCTURES + 1)}}))
    with pytest.raises(InputError, match=r"limits\.STRUCTURES"):
        read_index(file)
    row["title"] = "T" * 60
    file.write_text(json.dumps({"format": 1, "structures": {f"b{i}": row for i in range(20_000)}}))
    with pytest.raises(InputError, match=r"limits\.INDEX_BYTES"):
        read_index(file)


def test_muscles_do_not_share_a_file(tmp_path: Path) -> None:
    row = {"kind": "muscle", "title": "T", "file": "f", "boxes": {"right": [0, 0, 1, 1]}}
    file = tmp_path / "index.json"
    file.write_text(json.dumps({"format": 1, "structures": {"a": row, "b": row}}))
    with pytest.raises(InputError, match="only bones may share a file"):
        read_index(file)


def test_a_folder_without_index_is_no_folder_of_structures(tmp_path: Path, drawn_folder: Path) -> None:
    shutil.copy(drawn_folder / "neutral.posterior.svg", tmp_path)
    assert load_atlas(outlines=tmp_path).structures == {MUSCLE: (), BONE: (), CONTEXT: ()}
    (tmp_path / "structures").mkdir()
    with pytest.raises(InputError, match=r"index\.json: no such file"):
        load_atlas(outlines=tmp_path).structure(GLUTEUS, view="posterior")


def test_repair_mends_structures_too(tmp_path: Path) -> None:
    hostile(tmp_path, group("rim", rim="M0 0L60 0 60 60 0 60 0 30.2 0.3 30 0 30 0.3 30.2Z"))
    with pytest.raises(InputError, match="not valid"):
        load_atlas(outlines=tmp_path).structure("m", view="posterior")
    atlas = load_atlas(outlines=tmp_path, repair=True)
    with pytest.warns(UserWarning, match="rim/rim: repaired"):
        assert atlas.structure("m", view="posterior").rim.area == pytest.approx(3600, rel=0.01)


def test_an_entry_says_what_it_is() -> None:
    assert Entry._fields == ("kind", "title", "file", "boxes")
