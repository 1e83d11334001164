"""Study cards: a question and an answer as images, and a table that Anki imports.

A card asks where a point refers, which muscle causes a pain, or for the names of what is marked; the question's image,
file name, title and metadata do not contain the answer. Words of the patterns are text on a card, never Anki's markup.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

from ..atlas import Atlas, load_atlas
from ..atlas.patterns import Muscle, TriggerPoint
from ..errors import InputError, Problem, unknown
from ..files.atomic import make_folder, write_atomically
from ..files.file_names import place_fault
from ..files.lock import locked
from ..plate.spec import DEFAULT_LAYERS, LAYERS
from ..words import name, word
from .diagram import Diagram

KINDS = ("refers", "which", "names")
USUAL = ("refers", "which")
FORMATS = ("png", "svg")  # what Anki shows on every device
DPI = 200.0
WIDTH = 120.0  # mm
TABLE, MEDIA, INSTRUCTIONS = "cards.csv", "media", "README.txt"
COLUMNS = ("Front", "Back", "Tags")
HEADER = ("#separator:Comma", "#html:true", f"#columns:{','.join(COLUMNS)}", f"#tags column:{len(COLUMNS)}")
_LIVE = re.compile(r"[\[\\]|\{(?=\{)")  # how [latex], [sound:x], [$], \( and {{c1::x}} begin, which Anki runs
PREFIX = "trigpoint"  # Anki keeps the media of all decks in one folder
DIGITS = 10  # of the digest in a file's name
BARE = tuple(layer for layer in LAYERS if layer in DEFAULT_LAYERS - {"muscle", "fibres", "points", "labels", "key"})
UNPAINTED = tuple(layer for layer in LAYERS if layer in DEFAULT_LAYERS - {"zones"})
HOW_TO = f"""\
These cards are made for Anki 2.1.54 or later.

1. Copy all files of the folder '{MEDIA}' into the folder 'collection.media' of your Anki profile
   (Anki: Tools > Check Media > View Files shows it).
2. In Anki choose File > Import and open '{TABLE}'. Choose the note type 'Basic' and a deck.

Typical patterns after published expert observation, not a diagnosis.
Images: CC BY 4.0, trigpoint.
"""


@dataclass(frozen=True)
class Card:
    """One card.

    Parameters
    ----------
    kind : {"refers", "which", "names"}
        What it asks: where a point refers, which muscle causes a pain, or the names of what is marked.
    muscle : str
        The muscle's id.
    stem : str
        The beginning of its files' names.
    front, back : str
        Question and answer in words.
    question, answer : Diagram
        The figures.
    """

    kind: str
    muscle: str
    stem: str
    front: str
    back: str
    question: Diagram
    answer: Diagram

    @property
    def tags(self) -> str:
        """Anki's hierarchical tags, separated by spaces."""
        return f"{PREFIX} {PREFIX}::{self.kind} {PREFIX}::{self.muscle}"

    def image(self, side: str, kind: str) -> str:
        """The file name of an image: `side` is "question" or "answer", `kind` "png" or "svg"."""
        return f"{self.stem}-{side}.{kind}"


@dataclass(frozen=True)
class Written:
    """A file of a set of cards.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    card : Card, optional
        Its card; None for the table and the instructions.
    status : {"written", "kept", "set aside"}
        "kept" is a file that existed and is not replaced, "set aside" a former text under a new name.
    """

    path: Path
    card: Card | None = None
    status: str = "written"


def cards(atlas: Atlas, muscles: Iterable[str], kinds: Iterable[str] = USUAL, **options: Any) -> tuple[Card, ...]:
    """The cards of muscles. A point without zones, or a muscle without points, has no card of its pain.

    Parameters
    ----------
    atlas : Atlas
        The data to draw.
    muscles, kinds : iterable of str
        Ids of muscles; kinds of cards: "refers" and "which" (default), "names".
    **options
        Keywords of `Diagram`, such as `side`, `body`, `theme`, `language` and `width` (default 120 mm).

    Raises
    ------
    InputError
        For an unknown kind, and as `Diagram` does.

    Examples
    --------
    >>> from trigpoint.atlas import load_atlas
    >>> [card.kind for card in cards(load_atlas(), ["piriformis"])]
    ['refers', 'refers', 'which']
    """
    wanted = tuple(dict.fromkeys(kinds))
    if strange := [unknown("kind of card", kind, KINDS).problems[0] for kind in wanted if kind not in KINDS]:
        raise InputError(strange)
    options = {"width": WIDTH} | {key: value for key, value in options.items() if value is not None}
    found: list[Card] = []
    for each in dict.fromkeys(muscles):
        muscle = atlas.muscle(each)
        options = {"panels": "together", **options}  # one picture a side
        painful = [point for point in muscle.points if point.zones and point.on(options.get("side", "right"))]
        if "refers" in wanted:
            found += (_refers(atlas, muscle, point, options) for point in painful)
        if "which" in wanted and painful:
            found.append(_which(atlas, muscle, options))
        if "names" in wanted:
            found.append(_names(atlas, muscle, options))
    return tuple(found)


def _refers(atlas: Atlas, muscle: Muscle, point: TriggerPoint, options: Mapping[str, Any]) -> Card:
    """Where does this point refer? The question shows muscle and X."""
    answer = Diagram(muscle.id, atlas=atlas, points=[point.number], **options)
    asked = {**options, "views": answer.shown_views, "layers": UNPAINTED}
    question = Diagram(muscle.id, atlas=atlas, points=[point.number], **asked)
    names = {"muscle": name(muscle.names, answer.language), "point": name(point.label, answer.language)}
    text = word("card.refers", answer.language).format(**names)
    stem = f"{PREFIX}-{muscle.id}-trp{point.number}-{_digest('refers', point.id, options, answer)}"
    return Card("refers", muscle.id, stem, text, answer.caption(), question, answer)


def _which(atlas: Atlas, muscle: Muscle, options: Mapping[str, Any]) -> Card:
    """Which muscle causes this pain? The question shows zones only, and the files' names do not contain the muscle."""
    answer = Diagram(muscle.id, atlas=atlas, **options)
    asked = {**options, "views": answer.shown_views, "layers": BARE, "labels": "blank", "annotate": ()}
    question = Diagram(muscle.id, atlas=atlas, **asked)
    stem = f"{PREFIX}-{_digest('which', muscle.id, options, answer)}"
    return Card("which", muscle.id, stem, word("card.which", answer.language), answer.caption(), question, answer)


def _names(atlas: Atlas, muscle: Muscle, options: Mapping[str, Any]) -> Card:
    """What is it called? The question has lines to write on."""
    question = Diagram(muscle.id, atlas=atlas, **{**options, "labels": "blank"})
    key = "; ".join(f"{number} {text}" for number, text in question.answer_key())
    stem = f"{PREFIX}-{_digest('names', muscle.id, options, question)}"
    return Card("names", muscle.id, stem, word("card.name", question.language), key, question, question.answer_plate())


def _digest(kind: str, subject: str, options: Mapping[str, Any], drawn: Diagram) -> str:
    """The digits that distinguish a card from any other.

    Cards of the shipped data keep their names when a drawing changes, so that Anki replaces the old one. With other
    data, the muscle and the body count too: such cards must not replace the shipped ones.
    """
    said = repr((kind, subject, sorted((key, repr(value)) for key, value in options.items())))
    if drawn.atlas not in (None, load_atlas()):
        body = [drawn.atlas.outline(drawn.body, view).silhouette.wkt for view in drawn.shown_views]
        said += repr((drawn.atlas.muscle(drawn.muscles[0]), body))
    return hashlib.sha256(said.encode("utf-8")).hexdigest()[:DIGITS]


def table(found: Iterable[Card], kind: str) -> str:
    """The cards as Anki imports them, with images of one `kind`: header lines, then a row of HTML fields per card."""
    text = io.StringIO()
    rows = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for card in found:
        question = _image(card.image("question", kind), card.question)
        answer = _image(card.image("answer", kind), card.answer)
        rows.writerow((_paragraph(card.front) + question, answer + _paragraph(card.back), card.tags))
    return "\n".join((*HEADER, text.getvalue()))


def _image(file: str, diagram: Diagram) -> str:
    alt = _LIVE.sub("\\g<0>\u2060", escape(diagram.alt_text()))  # a word joiner, which is neither seen nor heard
    return f'<img src="{escape(file)}" alt="{alt}">'


def _paragraph(text: str) -> str:
    """A text as HTML that Anki shows as it is: a tag splits what would begin LaTeX, sounds or gaps."""
    return "<p>" + _LIVE.sub(r"<span>\g<0></span>", escape(text)) + "</p>"


def check(found: Iterable[Card], folder: Path, kind: str) -> None:
    """Raise InputError with every fault that is found before the first file is written; parameters as of `write`."""
    problems = [] if kind in FORMATS else [*unknown("format of cards", kind, FORMATS).problems]
    names = [card.stem for card in found]
    if not names:
        problems.append(Problem("none of these muscles has a card of this kind", hint=f"kinds: {', '.join(KINDS)}"))
    problems += [Problem(f"two cards have the name {stem}") for stem in dict.fromkeys(names) if names.count(stem) > 1]
    for place in (folder / INSTRUCTIONS, folder / TABLE, folder / MEDIA / PREFIX):
        if fault := place_fault(place):
            problems.append(Problem(fault[0], file=str(place), hint=fault[1]))
    if problems:
        raise InputError(dict.fromkeys(problems))


def write(
    found: Iterable[Card], folder: str | Path, kind: str = FORMATS[0], *, dpi: float = DPI, keep: bool = False
) -> Generator[Written, None, None]:
    """Write the images of the cards, then the instructions and the table, each in one step; the folder is locked.

    A former table or instructions with other words, such as an edited table, stay under a name with a number:
    `cards.1.csv`.

    Parameters
    ----------
    found : iterable of Card
        The cards.
    folder : str or pathlib.Path
        Where to write; it is made if missing.
    kind : {"png", "svg"}
        The format of the images.
    dpi : float
        Pixels an inch of PNG, default 200.
    keep : bool
        Whether every file that exists stays as it is; default False.

    Yields
    ------
    Written
        Each file as soon as it is complete.

    Raises
    ------
    InputError
        Before the first file.
    OutputError
        Where a file cannot be written, or another run writes to the folder.
    """
    found, place = tuple(found), Path(folder)
    check(found, place, kind)
    texts = ((place / INSTRUCTIONS, HOW_TO), (place / TABLE, table(found, kind)))
    with locked(place):
        make_folder(place / MEDIA)
        for card in found:
            for side, diagram in (("question", card.question), ("answer", card.answer)):
                path = place / MEDIA / card.image(side, kind)
                kept = keep and path.exists()
                if not kept:
                    write_atomically(path, diagram.to_bytes(kind, dpi=dpi))
                yield Written(path, card, "kept" if kept else "written")
        for path, text in texts:
            yield from _written(path, text.encode("utf-8"), keep)


def _written(path: Path, data: bytes, keep: bool) -> Iterator[Written]:
    """Write a text; a former one that differs is set aside first."""
    old = path.read_bytes() if path.is_file() else None
    if keep and old is not None:
        yield Written(path, status="kept")
        return
    if old not in (None, data):
        aside = (path.with_suffix(f".{number}{path.suffix}") for number in count(1))
        free = next(file for file in aside if not file.exists())
        write_atomically(free, old)
        yield Written(free, status="set aside")
    write_atomically(path, data)
    yield Written(path)
