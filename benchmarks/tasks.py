"""The work of this project that is timed, each piece in a process of its own: `python -m benchmarks.tasks NAME`.

Beside the real thing stand two floors, which no program that makes the same files can pass: writing the numbers of
the drawing as text, and packing the finished pixels as PNG.
"""

from __future__ import annotations

import itertools
import json
import sys
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path as File

import numpy as np
from PIL import Image

from trigpoint import Diagram, load_atlas
from trigpoint.atlas import Atlas
from trigpoint.atlas.outlines import open_outline
from trigpoint.atlas.patterns import read_patterns, shipped_patterns
from trigpoint.files.shipped import resource
from trigpoint.scene import Dots, Path, Scene, Text

from .timing import serve

DPI = 300
PLATE = {"views": "posterior", "width": 85}  # one labelled view, for a journal's column


def plate(**options: object) -> Diagram:
    """A diagram that has not been composed yet."""
    return Diagram("gluteus_medius", **options)


def svg(**options: object) -> Callable[[], bytes]:
    """Compose and write SVG; the same plate each time, so that all that can be kept is kept."""
    return lambda: plate(**options).to_bytes("svg")


def different() -> Callable[[], bytes]:
    """The same for a plate that was not drawn before: muscle, side and width change from run to run."""
    muscles = [muscle.id for muscle in load_atlas().muscles if muscle.points]
    wide = itertools.count(800)
    warnings.filterwarnings("ignore", "nothing of")  # a muscle of the front, from behind, is a plate as well
    turn = itertools.cycle([(muscle, side) for side in ("right", "left") for muscle in muscles])

    def draw() -> bytes:
        muscle, side = next(turn)
        return Diagram(muscle, side=side, views="posterior", width=next(wide) / 10).to_bytes("svg")

    return draw


def png(**options: object) -> Callable[[], bytes]:
    """Compose and write PNG."""
    return lambda: plate(**options).to_bytes("png", dpi=DPI)


def formatting() -> Callable[[], bytes]:
    """Every number of the plate as text, by hand and without a document around them."""
    items = list(plate(**PLATE).scene().walk())

    def write() -> bytes:
        out: list[str] = []
        for item in items:
            match item:
                case Path():
                    out += ["M" + "L".join([f"{x:.2f} {y:.2f}" for x, y in ring.tolist()]) for ring in item.rings]
                case Dots():
                    out += [f"M{x:.2f} {y:.2f}h0" for x, y in item.points.tolist()]
                case Text():
                    out.append(f'<text x="{item.x:.2f}" y="{item.y:.2f}">{item.text}</text>')
        return "".join(out).encode()

    return write


def encoding() -> Callable[[], bytes]:
    """The finished pixels of the plate as PNG, with the settings of an ordinary `savefig`."""
    image = Image.open(BytesIO(plate(**PLATE).to_bytes("png", dpi=DPI))).convert("RGBA")
    pixels = np.asarray(image)

    def write() -> bytes:
        file = BytesIO()
        Image.fromarray(pixels).save(file, "PNG", dpi=(DPI, DPI))
        return file.getvalue()

    return write


def loading() -> Callable[[], bytes]:
    """The shipped patterns and one outline: what the first plate of a process waits for."""
    folder = resource("assets", "body_outlines")

    def load() -> bytes:
        atlas = Atlas(shipped_patterns(), folder, read=open_outline)
        atlas.outline("neutral", "posterior")
        return repr(atlas).encode()

    return load


def reading() -> Callable[[], bytes]:
    """The same from files of the user's own, every value checked."""
    file, folder = resource("data", "referral_patterns.json"), resource("assets", "body_outlines")

    def read() -> bytes:
        atlas = Atlas(read_patterns(file), folder)
        atlas.outline("neutral", "posterior")
        return repr(atlas).encode()

    return read


def parsing() -> Callable[[], bytes]:
    """The floor of reading: the JSON parser alone."""
    data = resource("data", "referral_patterns.json").read_bytes()
    return lambda: data if json.loads(data) else b""


def dump(scene: Scene) -> str:
    """A scene as JSON, for programs that know nothing of this one."""
    items: list[dict[str, object]] = []
    for item in scene.walk():
        match item:
            case Path():
                known = {key: getattr(item, key) for key in ("closed", "fill", "stroke", "width", "dash", "opacity")}
                items.append({"kind": "path", "rings": [ring.tolist() for ring in item.rings], **known})
            case Dots():
                items.append({"kind": "dots", "points": item.points.tolist(), "radius": item.radius, "fill": item.fill})
            case Text():
                items.append({"kind": "text", **vars(item)})
    return json.dumps({"width": scene.width, "height": scene.height, "items": items})


TASKS: dict[str, Callable[[], Callable[[], bytes]]] = {
    "svg": lambda: svg(**PLATE),
    "svg-default": svg,
    "svg-different": different,
    "png": lambda: png(**PLATE),
    "png-default": png,
    "formatting": formatting,
    "encoding": encoding,
    "loading": loading,
    "reading": reading,
    "parsing": parsing,
}


def main() -> None:
    """Serve one task, or write the scene that peers draw to a file: `scene FILE`."""
    if sys.argv[1] == "scene":
        File(sys.argv[2]).write_text(dump(plate(**PLATE).scene()), "utf-8")
    else:
        serve(TASKS[sys.argv[1]]())


if __name__ == "__main__":
    main()
