"""Words from anybody stay words: on the page as they were given, in an SVG that may stand inside a web page."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.command import SmallFiles, small_files
from trigpoint.atlas import Atlas, load_atlas
from trigpoint.atlas.outline_writer import format_outline
from trigpoint.atlas.outlines import read_outline
from trigpoint.diagram import Diagram
from trigpoint.errors import InputError
from trigpoint.files.reading import hidden

ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
SVG = "{http://www.w3.org/2000/svg}"
NASTY = [
    "<script>alert(1)</script>", "</text><script/>", "a & b < c > d", '" onload="alert(1)', "' onerror='x", "]]>",
    "<!--", "-->", "<![CDATA[x]]>", "&lt;b&gt;", "&#x41;", "${jndi:x}", "$5 to $10", r"$\frac{1}{2}$", "{muscle}",
    "%s %d", "{0.__class__}", "שריר הישבן", "عضلة (1)", "a\u0301\u0302\u0303", "中殿筋", "\U0001f9b4", "\u200bzero",
    "x\u200f(y)", "=cmd|' /C calc'!A0", "javascript:alert(1)", "url(#a)", "../../etc/passwd", "\ufeffmark",
    "I\u0307", "ß", "ﬁ",
]  # fmt: skip
# One line, and short enough that nothing on the plate is wrapped.
LABELS = st.one_of(
    st.sampled_from([text for text in NASTY if len(text) < 20]),
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=12),
    st.text("<>&\"'$\\{}%/;=#()[]-:ab ", min_size=1, max_size=12),
).filter(lambda text: text == " ".join(text.split()) and text.strip() and not hidden(text))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallFiles:
    return small_files(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def atlas(small: SmallFiles) -> Atlas:
    return load_atlas(small.patterns, small.outlines)


def page(diagram: Diagram) -> ElementTree.Element:
    return ElementTree.fromstring(diagram.to_bytes("svg"))


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]


def assert_harmless(root: ElementTree.Element) -> None:
    """Nothing in it can run, load or clash."""
    for node in root.iter():
        assert node.tag.rpartition("}")[2] not in (
            "script",
            "foreignObject",
            "image",
            "style",
            "a",
            "iframe",
            "set",
        )
        for key, value in node.attrib.items():
            name = key.rpartition("}")[2].lower()
            assert not name.startswith("on")
            if name == "href":  # what is drawn again, in the same file
                assert node.tag == f"{SVG}use"
                assert value.startswith("#")
            assert name not in ("src", "style", "class")
            assert "url(" not in value or name in ("label", "aria-label")
        assert "id" not in node.attrib or ID.fullmatch(node.attrib["id"])
    ids = [node.attrib["id"] for node in root.iter() if "id" in node.attrib]
    assert len(ids) == len(set(ids))


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(label="\ufeff")  # a sign without width
@given(label=LABELS)
def test_a_label_is_on_the_page_as_it_was_given(atlas: Atlas, label: str) -> None:
    root = page(Diagram("calf", title=label, atlas=atlas, views="posterior"))
    assert label in texts(root)
    assert_harmless(root)


@pytest.mark.parametrize("label", NASTY)
def test_words_of_a_pattern_file_do_no_harm(label: str, small: SmallFiles, tmp_path: Path) -> None:
    """In every place where a pattern file has words that a plate, its caption or its page shows."""
    value = json.loads(small.patterns.read_text("utf-8"))
    muscle = value["muscles"][-1]
    muscle["names"] = {"en": label, "la": label}
    for point in muscle["points"]:
        point["label"] = {"en": label}
        point["location"] = label
    for source in value["sources"].values():
        source["citation"] = label
    value["about"] |= {"title": label, "licence": label, "version": label}
    for region in value["regions"].values():
        region["names"] = {"en": label}
    file = tmp_path / "clinic.json"
    file.write_text(json.dumps(value), "utf-8")
    diagram = Diagram(muscle["id"], atlas=load_atlas(file, small.outlines))
    root = page(diagram)
    assert_harmless(root)
    words = "".join("".join(texts(root)).split())
    assert "".join(label.split()) in words
    assert label in diagram.alt_text() + diagram.caption()
    assert label in "".join(node.text or "" for node in root.iter(f"{SVG}title"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a character that no font has
        assert diagram.to_bytes("pdf").startswith(b"%PDF")
        outlined = ElementTree.fromstring(diagram.to_bytes("svg", text="paths"))
    assert_harmless(outlined)
    spoken = "".join(node.attrib.get("aria-label", "") for node in outlined.iter())
    assert "".join(label.split()) in "".join(spoken.split())


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x1b", "\x85", "\u2028", "\u202e", "\u2066", "\ud800", "\uffff"])
@pytest.mark.parametrize("place", ["names", "label", "location", "citation", "title"])
def test_hidden_characters_are_refused_wherever_they_stand(
    sign: str, place: str, small: SmallFiles, tmp_path: Path, atlas: Atlas
) -> None:
    if place == "title":
        with pytest.raises(InputError, match=f"U\\+{ord(sign):04X}"):
            Diagram("hip", title=f"a{sign}b", atlas=atlas)
        return
    value = json.loads(small.patterns.read_text("utf-8"))
    muscle = value["muscles"][-1]
    source = next(iter(value["sources"].values()))
    holder = {"names": muscle["names"], "label": muscle["points"][0]["label"], "location": muscle["points"][0]}
    holder.get(place, source)["en" if place in ("names", "label") else place] = f"a{sign}b"
    file = tmp_path / "clinic.json"
    file.write_text(json.dumps(value), "utf-8")
    with pytest.raises(InputError, match=f"U\\+{ord(sign):04X} .* at character 2") as caught:
        load_atlas(file, small.outlines)
    assert str(caught.value).isprintable()


def test_different_figures_in_one_page_share_no_id(atlas: Atlas) -> None:
    figures = [
        Diagram("hip", atlas=atlas), Diagram("hip", side="left", atlas=atlas), Diagram("calf", atlas=atlas),
        Diagram("hip", title="Hip", atlas=atlas), Diagram("hip", width=90, atlas=atlas),
        Diagram("hip", theme="print", atlas=atlas), Diagram("hip", "calf", atlas=atlas),
    ]  # fmt: skip
    ids = [{node.attrib["id"] for node in page(figure).iter() if "id" in node.attrib} for figure in figures]
    assert all(ids)
    assert sum(map(len, ids)) == len(set().union(*ids))


HOSTILE = """\
<?xml version="1.0"?>
<?xml-stylesheet href="http://evil.example/EVIL.css"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<!-- EVIL -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:e="urn:EVIL" viewBox="-400 -10 800 1720" e:onload="EVIL">
<title>Body</title><metadata>EVIL<e:x onclick="EVIL">EVIL</e:x></metadata><e:script>EVIL</e:script>
"""


def test_no_node_of_an_outline_is_copied_into_a_figure(small: SmallFiles, tmp_path: Path) -> None:
    """What an editor leaves in a file is passed over, and is in nothing that is written."""
    for file in small.outlines.iterdir():
        text = file.read_text("utf-8")
        inside = text[text.index("<g ") :].replace("<g id=", '<g e:label="EVIL" id=')
        inside = inside.replace("<path id=", '<path e:x="EVIL" fill="EVIL" id=')
        (tmp_path / file.name).write_text(HOSTILE + inside, "utf-8")
    spoilt = load_atlas(small.patterns, tmp_path)
    clean = load_atlas(small.patterns, small.outlines)
    assert "EVIL" not in format_outline(read_outline(tmp_path / "neutral.posterior.svg"))
    made = Diagram("hip", layers=["muscle", "fibres", "zones", "points"], atlas=spoilt).to_bytes("svg")
    assert b"EVIL" not in made
    assert made == Diagram("hip", layers=["muscle", "fibres", "zones", "points"], atlas=clean).to_bytes("svg")


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_characters_that_no_font_has_are_one_warning_a_figure(kind: str, atlas: Atlas) -> None:
    title = "Hip \U00013000\U00013001\U00012000"
    with pytest.warns(UserWarning, match="no font here has 3 of the characters") as told:
        data: Any = Diagram("hip", title=title, atlas=atlas).to_bytes(kind, dpi=40)
    assert len(data) > 1_000
    assert len(told) == 1
