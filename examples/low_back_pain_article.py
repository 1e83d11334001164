"""The figures of an article on trigger points and low back pain.

    python examples/low_back_pain_article.py figures

writes an overview of the trigger points of gluteus medius and one figure for each of them, as wide as a journal's
column (85 mm) and as its page (175 mm); then the muscles that refer to the low back, side by side, and where their
pain overlaps. Each is written as SVG and PDF for print and as PNG for a manuscript, all captions in one text file.
"""

import sys
from pathlib import Path

import trigpoint as tp

MUSCLE = "gluteus_medius"
VIEWS = ["posterior", "right"]
WIDTHS = {"column": 85, "page": 175}  # mm
DPI = 600  # what journals ask for where a picture has both colour and text

LOW_BACK = {"thoracolumbar", "lumbar", "lumbosacral", "sacral", "sacroiliac", "iliac_crest_posterior"}
# Soleus is left out: its third point refers to the sacroiliac joint, but lies in the calf. All panels share one scale
# and one crop, so that a body from ribs to heels would leave a few millimetres for the back. The text may name it.
LEFT_OUT = {"soleus"}


def referring() -> dict[str, list[str]]:
    """The trigger points whose essential zone lies on the low back, by muscle."""
    found = {}
    for muscle in tp.load_atlas().muscles:
        points = [point.id for point in muscle.points if LOW_BACK & set(point.regions["essential"])]
        if points and muscle.id not in LEFT_OUT:
            found[muscle.id] = points
    return found


def figures() -> dict[str, dict[str, tp.Diagram]]:
    """Every figure by its name in the article, and each by the name of its size."""
    points = [point.id for point in tp.load_atlas().muscle(MUSCLE).points]
    shown = [points, *([point] for point in points)]
    found = {
        f"figure-{number}": {
            size: tp.Diagram(MUSCLE, points=some, views=VIEWS, width=width) for size, width in WIDTHS.items()
        }
        for number, some in enumerate(shown, start=1)
    }
    muscles = referring()
    chosen = {"points": [point for some in muscles.values() for point in some], "views": "posterior"}
    panels = tp.Diagram(
        *muscles, **chosen, layout="grid", width=WIDTHS["page"], title="Muscles that refer to the low back"
    )
    overlap = tp.Diagram(
        *muscles, **chosen, overlay="count", width=WIDTHS["column"], title="Where low back referral overlaps"
    )
    return {**found, "figure-5": {"page": panels}, "figure-6": {"column": overlap}}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    captions = []
    for name, sizes in figures().items():
        for size, diagram in sizes.items():
            diagram.save(folder / f"{name}-{size}.svg")
            diagram.save(folder / f"{name}-{size}.pdf")
            diagram.save(folder / f"{name}-{size}.png", dpi=DPI)
        captions.append(f"{name}\n{diagram.caption()}\n\nAlternative text: {diagram.alt_text()}\n")
    (folder / "captions.txt").write_text("\n".join(captions), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python low_back_pain_article.py FOLDER")
    main(Path(sys.argv[1]))
