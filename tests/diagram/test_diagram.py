"""What a user asks for: names checked when asked, files written whole, shown in a notebook."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
import warnings
from dataclasses import FrozenInstanceError, replace
from functools import partial
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest

import trigpoint as tp
from tests.support.small_atlas import small_atlas
from trigpoint.atlas import Atlas
from trigpoint.atlas.outline_writer import format_outline
from trigpoint.diagram.diagram import FORMATS
from trigpoint.plate.spec import LAYERS
from trigpoint.scene import Group, Scene
from trigpoint.style import THEMES
from trigpoint.words import word


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    return small_atlas(tmp_path_factory.mktemp("outlines"))


@pytest.fixture
def hip(atlas):
    return tp.Diagram("hip", atlas=atlas)


@pytest.mark.parametrize("name", ["hip", "Hip muscle", "HIP-MUSCLE", "musculus coxae", "side_rump"])
def test_a_muscle_by_any_of_its_names(atlas, hip, name):
    assert tp.Diagram(name, atlas=atlas).scene() == hip.scene()


@pytest.mark.parametrize("point", [1, "1", "trp1", "TrP1", "hip.trp1", "TrP1 (posterior)", "trp1 (POSTERIOR)"])
def test_a_point_by_any_of_its_names(atlas, point):
    one = tp.Diagram("hip", points=point, atlas=atlas)
    assert one.scene() == tp.Diagram("hip", points=[point], atlas=atlas).scene()
    assert "with one trigger point" in one.alt_text()
    assert "TrP2" not in " ".join(text.text for text in one.scene().texts())


def test_points_are_drawn_in_the_muscles_order_and_once(atlas):
    mixed = tp.Diagram("hip", points=[3, "trp1", 3], atlas=atlas)
    assert mixed.scene() == tp.Diagram("hip", points=[1, 3], atlas=atlas).scene()


def test_defaults_choose_views_and_width(atlas, hip):
    assert views_of(hip) == {"posterior", "right"}
    assert hip.scene().width == 175
    assert tp.Diagram("back", atlas=atlas, panels="together").scene().width == 120
    assert views_of(tp.Diagram("hip", side="left", atlas=atlas)) == {"posterior", "left"}


def views_of(diagram):
    """The views of the bodies that are drawn."""
    return {group.id.split(".")[1] for group in diagram.scene().find("body").children}


def test_a_single_view_or_layer_may_be_given_by_itself(atlas):
    one = tp.Diagram("hip", views="anterior", layers="title", atlas=atlas)
    assert [group.id for group in one.scene().children] == ["page", "body", "outline", "title"]


WRONG_NAMES = [
    ({"muscles": ["hipp"]}, "muscle", "hip"),
    ({"points": [4]}, "trigger point of hip", "trp1"),
    ({"points": "TrP9"}, "trigger point of hip", "trp"),
    ({"side": "rigth"}, "side", "right"),
    ({"side": None}, "side", "right"),
    ({"views": ["posterio"]}, "view", "posterior"),
    ({"body": "neutrl"}, "body", "neutral"),
    ({"theme": "plat"}, "theme", "plate"),
    ({"language": "eng"}, "language", "en"),
    ({"layers": ["musle"]}, "layer", "muscle"),
]


@pytest.mark.parametrize(("wrong", "kind", "meant"), WRONG_NAMES, ids=lambda value: str(value))
def test_unknown_names_are_refused_at_once_with_a_hint(atlas, wrong, kind, meant):
    with pytest.raises(tp.UnknownNameError) as caught:
        tp.Diagram(**{"muscles": ["hip"], **wrong}, atlas=atlas)
    message = str(caught.value)
    assert message.startswith(f"unknown {kind} ")
    assert meant in message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("width", [39.9, 420.1, 0, -85, float("nan"), float("inf"), "85", True, [85], 10**400])
def test_a_width_out_of_range_is_refused_with_the_limits(atlas, width):
    with pytest.raises(tp.InputError, match="from 40 to 420 mm"):
        tp.Diagram("hip", width=width, atlas=atlas)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"points": []}, "no trigger points asked for"),
        ({"views": []}, "no views asked for"),
        ({"views": ["posterior", "posterior"]}, "a view is asked for twice"),
        ({"title": "x" * 201}, "201 characters in the title"),
        ({"title": "a\u202eb"}, "hidden character in the title"),
        ({"title": "a\x00b"}, "hidden character in the title"),
        ({"title": 7}, "the title must be text"),
    ],
    ids=str,
)
def test_other_mistakes_are_refused(atlas, wrong, message):
    with pytest.raises(tp.InputError, match=message):
        tp.Diagram("hip", **wrong, atlas=atlas)


NO_NAMES = [
    ({"points": 1.0}, "trigger point of hip '1.0'"),
    ({"points": [float("nan")]}, "trigger point of hip 'nan'"),
    ({"points": True}, "trigger point of hip 'True'"),
    ({"points": b"1"}, "trigger point of hip"),
    ({"layers": 5}, "layer '5'"),
    ({"layers": ["muscle", None]}, "layer 'None'"),
    ({"views": 2.5}, "view '2.5'"),
    ({"views": np.array([["posterior"], ["right"]])}, "view 'array"),
    ({"annotate": 7}, "annotation '7'"),
    ({"inset": [["sacral"]]}, "region"),
    ({"preset": ["plos"]}, "preset"),
    ({"muscles": 2.5}, "muscle '2.5'"),
]


@pytest.mark.parametrize(("wrong", "said"), NO_NAMES, ids=str)
def test_what_is_no_name_is_refused_like_an_unknown_one(atlas, wrong, said):
    with pytest.raises(tp.UnknownNameError, match=f"unknown {said}.*(choose one of|did you mean)"):
        tp.Diagram("hip", **wrong, atlas=atlas)


@pytest.mark.parametrize("wrong", ["clinic.json", "", 5, {}])
def test_what_is_no_atlas_is_refused(wrong):
    with pytest.raises(tp.InputError, match=r"is not an Atlas \(hint: give atlas=load_atlas\("):
        tp.Diagram("piriformis", atlas=wrong)


SAME = [
    ({"points": np.int64(1)}, {"points": 1}),
    ({"points": np.array([1, 2], dtype=np.uint8)}, {"points": [1, 2]}),
    ({"points": np.array(["TrP1"])}, {"points": "TrP1"}),
    ({"views": np.array(["posterior", "right"])}, {"views": ["posterior", "right"]}),
    ({"width": np.int32(85), "height": np.float64(200)}, {"width": 85, "height": 200.0}),
]


@pytest.mark.parametrize(("of_numpy", "plain"), SAME, ids=str)
def test_numbers_and_names_of_numpy_are_as_good_as_pythons(atlas, of_numpy, plain):
    made = tp.Diagram("hip", **of_numpy, atlas=atlas)
    assert made == tp.Diagram("hip", **plain, atlas=atlas)
    assert repr(made) == repr(tp.Diagram("hip", **plain, atlas=atlas))


def test_an_unknown_keyword_is_named():
    with pytest.raises(TypeError, match="wdith"):
        tp.Diagram("hip", wdith=85)


def test_a_diagram_is_a_value(atlas, hip):
    with pytest.raises(FrozenInstanceError):
        hip.side = "left"
    assert hip == tp.Diagram("hip", atlas=atlas)
    assert hash(hip) == hash(tp.Diagram("hip", atlas=atlas))
    left = replace(hip, side="left")
    assert views_of(left) == {"posterior", "left"}
    assert repr(tp.Diagram("hip", points=[1], atlas=atlas)) == "Diagram('hip', points=(1,))"


ASKED = [
    {},
    {"points": [1], "views": ("posterior", "right"), "width": 100, "language": "de", "text": "paths"},
    {"theme": replace(THEMES["plate"], essential="#08306b"), "preset": "elsevier-single", "layers": "+scale"},
]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda diagram: pickle.loads(pickle.dumps(diagram))])
@pytest.mark.parametrize("asked", ASKED)
def test_a_diagram_can_be_copied_and_pickled(asked, copied):
    diagram = tp.Diagram("piriformis", **asked)
    drawn = diagram.to_bytes("pdf")
    twin = copied(diagram)
    assert twin == diagram
    assert hash(twin) == hash(diagram)
    assert "_scene" not in vars(twin)
    assert twin.to_bytes("pdf") == drawn


def test_a_pickled_diagram_holds_what_was_asked_for():
    diagram = tp.Diagram("piriformis")
    diagram.scene()
    assert len(pickle.dumps(diagram)) < 1000
    assert pickle.loads(pickle.dumps(tp.Diagram("piriformis", atlas=tp.load_atlas()))).atlas is tp.load_atlas()


def test_a_diagram_of_an_atlas_of_ones_own_can_be_pickled(hip):
    assert copy.deepcopy(hip) == hip
    assert pickle.loads(pickle.dumps(hip)).to_bytes() == hip.to_bytes()


def test_a_style_of_ones_own(atlas):
    blue = tp.Diagram("hip", theme=replace(THEMES["plate"], essential="#08306b"), atlas=atlas)
    assert b"#08306b" in blue.to_bytes("svg")


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf", "SVG"])
def test_save_takes_the_format_from_the_suffix(hip, tmp_path, suffix):
    path = tmp_path / f"figure.{suffix}"
    assert hip.save(path, dpi=72) == path
    data = path.read_bytes()
    assert data == hip.to_bytes(suffix, dpi=72)
    assert data.lstrip().startswith({"svg": b"<", "png": b"\x89PNG", "pdf": b"%PDF"}[suffix.lower()])
    assert os.listdir(tmp_path) == [path.name]


def test_save_with_a_format_of_ones_own(hip, tmp_path):
    hip.save(tmp_path / "figure.tmp", format="svg")
    assert ElementTree.fromstring((tmp_path / "figure.tmp").read_bytes()).tag.endswith("svg")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("figure.svgg", r"unknown format 'svgg' \(hint: did you mean 'svg'\?\)"),
        ("figure.docx", "unknown format 'docx' .hint: choose one of svg, png, pdf"),
        ("figure", "'figure' has no suffix that tells the format .hint: end the name in .svg, .png, .pdf"),
    ],
)
def test_save_refuses_a_suffix_that_is_no_format(hip, tmp_path, name, message):
    with pytest.raises(tp.InputError, match=message):
        hip.save(tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_save_into_a_missing_folder(hip, tmp_path):
    with pytest.raises(tp.OutputError, match="make the folder"):
        hip.save(tmp_path / "none" / "figure.svg")


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_bytes_each_time(atlas, format):
    first, second = (tp.Diagram("hip", width=60, atlas=atlas).to_bytes(format, dpi=72) for _ in range(2))
    assert first == second


def test_dpi_is_checked(hip):
    with pytest.raises(tp.InputError, match="dpi"):
        hip.to_bytes("png", dpi=5)


@pytest.mark.parametrize("dpi", ["300", True, [300], float("nan"), b"300"])
def test_what_is_no_number_is_no_dpi(hip, tmp_path, dpi):
    for ask in (hip.to_bytes, partial(hip.save, tmp_path / "a.png")):
        with pytest.raises(tp.InputError, match=r"dpi .* is not a number \(hint: give pixels an inch, such as 300\)"):
            ask(dpi=dpi)
    assert hip.to_bytes("png", dpi=np.int64(60)) == hip.to_bytes("png", dpi=60)


def test_outlines_of_ones_own_may_lack_views(atlas, tmp_path):
    folder = tmp_path / "outlines"
    folder.mkdir()
    (folder / "neutral.right.svg").write_text(format_outline(atlas.outline("neutral", "right")), encoding="utf-8")
    own = Atlas(atlas.patterns, folder)
    assert tp.Diagram("hip", views="right", atlas=own, panels="together").scene().find("locator")
    with pytest.raises(tp.UnknownNameError, match="unknown view of body neutral 'posterior'"):
        tp.Diagram("hip", atlas=own)


def test_drawing_on_axes_of_ones_own(hip):
    from matplotlib.figure import Figure

    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert hip.draw(right) is right
    assert not left.artists
    assert len(right.get_children()) > len(left.get_children())


def fonts_of(figure):
    held = BytesIO()
    figure.savefig(held, format="pdf")
    return held.getvalue().count(b"/BaseFont")


@pytest.mark.parametrize(("text", "there"), [("live", True), ("paths", False)])
def test_a_figure_holds_letters_as_the_diagram_asks(atlas, text, there):
    from matplotlib.figure import Figure

    diagram = tp.Diagram("hip", text=text, atlas=atlas)
    page = Figure()
    diagram.draw(page.subplots())
    assert [fonts_of(figure) > 0 for figure in (diagram.figure(), page)] == [there, there]


def test_a_figure_of_the_pages_size(hip):
    from matplotlib.figure import Figure

    figure = hip.figure()
    assert isinstance(figure, Figure)
    assert figure.get_figwidth() == pytest.approx(175 / 25.4)


def test_what_a_notebook_shows(hip):
    shown = hip._repr_mimebundle_()
    assert list(shown) == ["image/svg+xml", "text/plain"]
    assert shown["image/svg+xml"].encode() == hip.to_bytes()
    assert shown["text/plain"] == repr(hip)
    assert list(hip._repr_mimebundle_(include=["text/plain"])) == ["text/plain"]
    assert list(hip._repr_mimebundle_(exclude={"text/plain"})) == ["image/svg+xml"]
    assert hip._repr_mimebundle_(include={"text/html"}, exclude=None) == {}


def on_axes(diagram):
    from matplotlib.figure import Figure

    return diagram.draw(Figure().subplots())


OUTPUTS = {
    "save": lambda diagram: diagram.save("a.svg"),
    "to_bytes": lambda diagram: diagram.to_bytes(),
    "drawing": lambda diagram: diagram.drawing(),
    "figure": lambda diagram: diagram.figure(),
    "draw": on_axes,
    "notebook": lambda diagram: diagram._repr_mimebundle_(),
}


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"views": "anterior"}, ["nothing of piriformis is seen in the view anterior"]),
        ({"labels": "names", "annotate": "regions", "width": 40}, ["3 of 7 names found no room"]),
        ({"preset": "plos", "width": 60, "points": 1}, ["the figure is 60 mm wide"]),
    ],
    ids=["nothing", "names", "preset"],
)
def test_every_output_warns_once_where_it_is_asked_for(output, asked, said, monkeypatch):
    diagram = tp.Diagram("piriformis", **asked)
    monkeypatch.setattr("trigpoint.diagram.diagram.write_atomically", lambda path, data: None)
    monkeypatch.setitem(globals(), "__name__", "__main__")  # as in a cell
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        OUTPUTS[output](diagram)
        if output == "notebook":
            diagram._repr_mimebundle_(include=["text/plain"])
    file = output in ("save", "to_bytes") and "preset" in asked
    words = [str(warning.message) for warning in told if "the format is svg" not in str(warning.message)]
    assert len(words) == len(said)
    assert all(part in word for part, word in zip(said, words, strict=True))
    assert len(told) - len(words) == file
    assert {warning.filename for warning in told} == {__file__}


def test_a_notebook_without_a_cell_warns_all_the_same(atlas):
    with pytest.warns(UserWarning, match="nothing of hip is seen"):
        tp.Diagram("hip", views="anterior", atlas=atlas)._repr_mimebundle_()


def test_scene_is_made_once(hip):
    assert isinstance(hip.scene(), Scene)
    assert hip.scene() is hip.scene()


def test_caption_reads_like_a_figure_legend(atlas):
    assert tp.Diagram("hip", points=[1], views=["posterior"], atlas=atlas).caption() == (
        "Hip muscle, right side: typical position of trigger point 1 (X) and the referred pain, seen from behind. "
        "TrP1 (posterior): essential pain (solid) over the sacrum; "
        "spillover (stippled) over the upper buttock, sacrum, and TFL region. "
        "Pain is felt on the side of the trigger point. "
        "Sources: Able & Baker 1992 (from general knowledge). "
        "Typical position, not a diagnosis."
    )


def test_caption_names_works_with_their_basis_and_counts_pages(atlas):
    assert "Sources: Able & Baker 1992 (from general knowledge); Charlie et al. 2001 (read). " in (
        tp.Diagram("hip", atlas=atlas).caption()
    )
    both = tp.Diagram("hip", "calf", atlas=atlas).caption()
    assert "Charlie et al. 2001 (read); Able & Baker 1992 (from general knowledge), and 1 web page (read). " in both
    assert "Fig." not in both
    assert "p. 155" not in both
    assert "Pattern without a recorded source." in tp.Diagram("back", atlas=atlas).caption()


def test_caption_tells_what_is_not_on_the_same_side(atlas):
    caption = tp.Diagram("hip", atlas=atlas).caption()
    assert "TFL region (on both sides)." in caption
    assert "Pain is felt on the side" not in caption


def test_caption_has_no_empty_sentence(atlas):
    for muscle in ("hip", "calf", "back"):
        for side in ("left", "right"):
            caption = tp.Diagram(muscle, side=side, atlas=atlas).caption()
            assert "  " not in caption
            assert ".." not in caption
            assert f"{side} side" in caption


def test_alt_text_is_the_descriptions_text(hip):
    assert hip.alt_text() == hip.scene().description
    assert hip.alt_text().startswith("Body map seen from")
    assert "3 trigger points of the hip muscle on the right side" in hip.alt_text()


def test_the_svg_says_what_it_shows_to_those_who_cannot_see(hip):
    root = ElementTree.fromstring(hip.to_bytes())
    words = [element.text for element in root.iter() if element.tag.endswith(("title", "desc"))]
    assert hip.alt_text() in words


def test_layers_are_documented():
    for layer in LAYERS:
        assert f'"{layer}"' in tp.Diagram.__doc__


def test_the_svg_path_loads_no_matplotlib():
    code = (
        "import sys, trigpoint as tp; d = tp.Diagram('gluteus_medius'); d.to_bytes('svg'); d.caption();"
        "print([m for m in ('matplotlib', 'pandas', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "diagram",
    [
        tp.Diagram("gluteus_medius", language="de", panels="together"),
        tp.Diagram("gluteus_medius", "piriformis", language="de"),
        tp.Diagram("gluteus_medius", "piriformis", layout="grid", views=["posterior", "right"], language="de"),
    ],
    ids=["one", "together", "grid"],
)
def test_every_zone_of_a_plate_says_what_it_is_and_of_which_points(diagram):
    groups = [item for item in diagram.scene().walk() if isinstance(item, Group)]
    zones = [group for group in groups if group.id.startswith(("essential.", "spillover."))]
    assert len(zones) >= 4
    for group in zones:
        assert group.title == word(f"legend.{group.id.partition('.')[0]}", "de")
        assert "TrP1 (" in group.description
        shared = len(diagram.muscles) > 1 and diagram.layout is None
        assert ("M.\u00a0gluteus medius" in group.description) == shared


def test_text_as_outlines_is_asked_for_by_the_diagram_or_by_the_file(tmp_path):
    outlined = tp.Diagram("gluteus_medius", views="posterior", text="paths")
    live = replace_text(outlined, "live")
    assert outlined.to_bytes() == live.to_bytes(text="paths") != live.to_bytes()
    assert outlined.to_bytes(text="live") == live.to_bytes()
    assert live.save(tmp_path / "a.svg", text="paths").read_bytes() == outlined.to_bytes()
    assert "text='paths'" in repr(outlined)
    assert b"<text" not in outlined.to_bytes()
    with pytest.raises(tp.UnknownNameError, match=r"unknown text 'path' .*paths"):
        tp.Diagram("gluteus_medius", text="path")
    with pytest.raises(tp.UnknownNameError, match="unknown text 'curves'"):
        live.to_bytes(text="curves")


def replace_text(diagram, text):
    return tp.Diagram(*diagram.muscles, views=diagram.views, text=text)


@pytest.mark.parametrize(
    ("name", "begins"), [("a.tif", b"II*\0"), ("a.TIFF", b"II*\0"), ("a.eps", b"%!PS-Adobe-3.0 EPSF-3.0")]
)
def test_print_formats_by_their_suffixes(tmp_path, name, begins):
    path = tp.Diagram("gluteus_medius", views="posterior", width=60).save(tmp_path / name, dpi=60)
    assert path.read_bytes().startswith(begins)


def test_sets_have_one_order():
    assert tp.Diagram("piriformis", views={"posterior", "right", "anterior"}).views == (
        "anterior",
        "posterior",
        "right",
    )
