"""The figures of an article on gluteus medius and low back pain.

    python examples/low_back_pain_article.py figures

writes an overview of the three trigger points and one figure for each of them, as wide as a journal's column (85 mm)
and as its page (175 mm), as SVG and PDF for print and as PNG for a manuscript, and their captions in one text file.
"""

import sys
from pathlib import Path

import trigpoint as tp

MUSCLE = "gluteus_medius"
VIEWS = ["posterior", "right"]
WIDTHS = {"column": 85, "page": 175}  # mm
DPI = 600  # what journals ask for where a picture has both colour and text


def figures() -> dict[str, list[str]]:
    """The trigger points of each figure, by its name in the article: all of them, then each by itself."""
    points = [point.id for point in tp.load_atlas().muscle(MUSCLE).points]
    return {"figure-1": points, **{f"figure-{number}": [point] for number, point in enumerate(points, start=2)}}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    captions = []
    for name, points in figures().items():
        for size, width in WIDTHS.items():
            diagram = tp.Diagram(MUSCLE, points=points, views=VIEWS, width=width)
            diagram.save(folder / f"{name}-{size}.svg")
            diagram.save(folder / f"{name}-{size}.pdf")
            diagram.save(folder / f"{name}-{size}.png", dpi=DPI)
        captions.append(f"{name}\n{diagram.caption()}\n\nAlternative text: {diagram.alt_text()}\n")
    (folder / "captions.txt").write_text("\n".join(captions), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python low_back_pain_article.py FOLDER")
    main(Path(sys.argv[1]))
