"""A plate in each format, opened by programs of others: its words, its fonts, its size, what it says about itself."""

from __future__ import annotations

import io
import json
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, ImageChops

from tests.support import readers
from trigpoint import Diagram
from trigpoint.backends import cjk_fonts

TITLE = "Glutéus medius · 中臀筋（右）"


def diagram(**options: object) -> Diagram:
    return Diagram("gluteus_medius", views="posterior", width=85, title=TITLE, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module", autouse=True)
def _fonts() -> None:
    if cjk_fonts.find("zh", False) is None:
        readers.stop("no font for Chinese is installed")


def test_pdf_has_its_fonts_in_it_and_its_words_can_be_searched() -> None:
    data = diagram().to_bytes("pdf")
    rows = readers.run("pdffonts", "-", data=data).decode().splitlines()[2:]
    assert {row.split()[0].partition("+")[2].partition("-")[0] for row in rows} == {"Arimo", "NotoSansCJKsc"}
    assert all(re.search(r"CID TrueType +Identity-H +yes yes yes", row) for row in rows), rows
    words = readers.run("pdftotext", "-", "-", data=data).decode()
    assert TITLE in words
    assert "Trigger points and referred pain" in words
    facts = readers.run("pdfinfo", "-", data=data).decode()
    assert re.search(rf"^Title: +{TITLE}", facts, re.MULTILINE)
    wide = float(re.search(r"Page size: +([0-9.]+) x", facts)[1])  # type: ignore[index]
    assert wide == pytest.approx(85 / 25.4 * 72, abs=0.01)
    assert not re.search("Producer|Creator|CreationDate", facts)


def test_pdf_with_outlined_text_has_no_fonts() -> None:
    data = diagram(text="paths").to_bytes("pdf")
    assert readers.run("pdffonts", "-", data=data).decode().splitlines()[2:] == []
    assert data == diagram().to_bytes("pdf", text="paths")


def test_eps_is_one_page_of_its_size_without_fonts(tmp_path: Path) -> None:
    data = diagram().to_bytes("eps")
    lines = data.decode("ascii").splitlines()
    assert lines[0] == "%!PS-Adobe-3.0 EPSF-3.0"
    assert lines[-1] == "%%EOF"
    assert max(map(len, lines)) <= 255
    assert not re.search("findfont|selectfont|setpagedevice", data.decode())
    (tmp_path / "a.eps").write_bytes(data)
    size = next(line for line in lines if line.startswith("%%HiResBoundingBox")).split()[3:]
    assert float(size[0]) == pytest.approx(85 / 25.4 * 72, abs=0.001)
    options = "-q -dSAFER -dBATCH -dNOPAUSE -dEPSCrop -sDEVICE=pdfwrite -sOutputFile=a.pdf a.eps"
    readers.run("gs", *options.split(), folder=tmp_path)
    facts = readers.run("pdfinfo", "a.pdf", folder=tmp_path).decode()
    assert re.search(rf"^Title: +{TITLE}", facts, re.MULTILINE)
    assert "Pages:           1" in facts


def test_eps_looks_as_the_png_does() -> None:
    """At half a millimetre a pixel; Ghostscript paints every pixel that a shape touches, which is least at 400 dpi."""
    drawn = diagram()
    shown = readers.ghostscript(drawn.to_bytes("eps"), 400)
    expected = readers.opened(drawn.to_bytes("png", dpi=400))
    assert np.abs(np.subtract(shown.size, expected.size)).max() <= 1
    assert np.abs(coarse(shown) - coarse(expected)).mean() < 1.2
    assert np.abs(coarse(ImageChops.offset(shown, 4, 0)) - coarse(expected)).mean() > 1.2


def coarse(picture: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Means of squares of eight pixels."""
    wide, tall = (side // 8 for side in picture.size)
    small = picture.crop((0, 0, 8 * wide, 8 * tall)).resize((wide, tall), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float64)


def test_tiff_is_flat_packed_and_says_what_it_is(tmp_path: Path) -> None:
    path = diagram().save(tmp_path / "a.tif", dpi=200)
    with Image.open(path) as picture:
        assert (picture.format, picture.mode, picture.info["compression"]) == ("TIFF", "RGB", "tiff_lzw")
        assert picture.info["dpi"] == (200.0, 200.0)
        assert "extrasamples" not in str(picture.tag_v2)
        said = picture.tag_v2[270].encode("latin-1").decode("utf-8")
        assert said.startswith(TITLE)
        assert "Travell" in said
        png = readers.opened(diagram().to_bytes("png", dpi=200))
        assert (np.asarray(picture) == np.asarray(png)).all()
    assert diagram().to_bytes("tiff", dpi=200) == path.read_bytes()


def test_tiff_without_colour_is_grey() -> None:

    drawn = Diagram("gluteus_medius", views="posterior", width=85, theme="print").to_bytes("tiff", dpi=100)
    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.mode == "L"


def test_png_says_what_it_is_in_every_script() -> None:

    with Image.open(io.BytesIO(diagram().to_bytes("png", dpi=100))) as picture:
        assert picture.info["Title"].startswith(TITLE)
        assert "essential pain" in picture.info["Description"].lower()
        assert picture.info["dpi"] == pytest.approx((100, 100), abs=0.01)


@pytest.mark.parametrize("text", ["live", "paths"])
def test_a_browser_takes_two_figures_on_one_page_and_names_them(text: str, tmp_path: Path) -> None:
    figures = [diagram(text=text), diagram(text=text, side="left")]
    page = "<!doctype html><meta charset='utf-8'>" + "".join(each.to_bytes("svg").decode() for each in figures)
    (tmp_path / "page.html").write_text(
        page + "<script>document.title = JSON.stringify([...document.querySelectorAll('svg')].map(svg => ["
        "svg.getAttribute('role'), svg.getAttribute('aria-labelledby').split(' ')"
        ".map(id => document.getElementById(id).textContent).join(' '), svg.getBBox().width]).concat("
        "[[...document.querySelectorAll('[id]')].map(one => one.id)]))</script>",
        encoding="utf-8",
    )
    command = [*readers.CHROMIUM.split(), f"--user-data-dir={tmp_path}/profile", "--dump-dom"]
    shown = readers.run("chromium", *command, (tmp_path / "page.html").as_uri()).decode()
    found = re.search("<title>(\\[\\[.*?\\]\\])</title>", shown)
    assert found, shown[:500]
    first, second, ids = json.loads(found[1].replace("&quot;", '"').replace("&amp;", "&"))
    assert first[0] == second[0] == "img"
    assert first[1].startswith(f"{TITLE}: ")
    assert first[1] != second[1]
    assert first[2] > 8000
    assert len(ids) == len(set(ids)) > 20


def test_outlined_text_keeps_its_words_for_those_who_listen() -> None:
    root = ElementTree.fromstring(diagram(text="paths").to_bytes("svg"))
    said = [element.get("aria-label") for element in root.iter() if element.get("aria-label")]
    assert TITLE in said
    assert not root.findall(".//{http://www.w3.org/2000/svg}text")
    assert "font-family" not in root.attrib
    live = ElementTree.fromstring(diagram().to_bytes("svg"))
    texts = live.findall(".//{http://www.w3.org/2000/svg}text")
    assert said == [text.text for text in texts if text.get("aria-hidden") is None]


def test_a_missing_reader_fails_in_ci_and_is_skipped_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"not installed: no-such-program \(tests/support/readers.sh"):
        readers.need("no-such-program")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception):
        readers.need("sh", "no-such-program")


def test_the_script_that_installs_the_readers_is_sound() -> None:
    script = Path(__file__).parents[1] / "support" / "readers.sh"
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
