"""Study cards: a question and an answer as images, and a table that Anki reads.

A card asks where a point refers, which muscle gives a pain, or for the names of what is marked. Neither a question's
picture nor its file name, title or metadata gives the answer away. Cards are plain values first; they are written one
by one, each file in one step, the table last, so that it names only images that exist. What argv looked like is unknown
here.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from ..atlas import Atlas, load_atlas
from ..atlas.patterns import Muscle, TriggerPoint
from ..errors import InputError, OutputError, Problem, unknown
from ..files.atomic import write_atomically
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
PREFIX = "trigpoint"  # Anki keeps the media of all decks in one folder
DIGITS = 10  # of the digest in a file's name
BARE = tuple(layer for layer in LAYERS if layer in DEFAULT_LAYERS - {"muscle", "fibres", "points", "labels", "key"})
UNPAINTED = tuple(layer for layer in LAYERS if layer in DEFAULT_LAYERS - {"zones"})
HOW_TO = """\
These cards are made for Anki 2.1.54 or later.

1. Copy all files of the folder '{media}' into the folder 'collection.media' of your Anki profile
   (Anki: Tools > Check Media > View Files shows it).
2. In Anki choose File > Import and open '{table}'. Choose the note type 'Basic' and a deck.

{count} cards. Typical patterns after published expert observation, not a diagnosis.
Images: CC BY 4.0, trigpoint.
"""


@dataclass(frozen=True)
class Card:
    """One card: what is asked and answered in words, and the figures that show it; `stem` begins their file names."""

    kind: str
    muscle: str
    stem: str
    front: str
    back: str
    question: Diagram
    answer: Diagram

    @property
    def tags(self) -> str:
        """Tags for Anki, with levels."""
        return f"{PREFIX} {PREFIX}::{self.kind} {PREFIX}::{self.muscle}"

    def image(self, side: str, kind: str) -> str:
        """The file name of the question's or the answer's image."""
        return f"{self.stem}-{side}.{kind}"


@dataclass(frozen=True)
class Written:
    """A file that was written; `card` is None for the table and the instructions."""

    path: Path
    card: Card | None = None


def cards(atlas: Atlas, muscles: Iterable[str], kinds: Iterable[str] = USUAL, **options: Any) -> tuple[Card, ...]:
    """The cards of these muscles, by id; `options` are keywords of `Diagram` (side, body, theme, language, width).

    A point without zones, or a muscle without points, has no card of its pain. Raises InputError for an unknown kind.

    >>> from trigpoint.atlas import load_atlas
    >>> [card.kind for card in cards(load_atlas(), ["piriformis"])]
    ['refers', 'refers', 'which']
    """
    wanted = tuple(dict.fromkeys(kinds))
    if strange := [kind for kind in wanted if kind not in KINDS]:
        raise InputError([unknown("kind of card", kind, KINDS).problems[0] for kind in strange])
    options = {"width": WIDTH} | {key: value for key, value in options.items() if value is not None}
    found: list[Card] = []
    for each in dict.fromkeys(muscles):
        muscle = atlas.muscle(each)
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
    language = answer.language
    said = {"muscle": name(muscle.names, language), "point": name(point.label, language)}
    text = word("card.refers", language).format(**said)
    stem = f"{PREFIX}-{muscle.id}-trp{point.number}-{_digest('refers', point.id, options, answer)}"
    return Card("refers", muscle.id, stem, text, answer.caption(), question, answer)


def _which(atlas: Atlas, muscle: Muscle, options: Mapping[str, Any]) -> Card:
    """Which muscle gives this pain? The question shows zones only, and its files are named after nothing."""
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
    """What tells a card from any other, in a few digits that tell a reader nothing.

    Cards of the shipped data keep their names when a drawing is mended, so that Anki takes the new one for the old. Of
    data of your own, the muscle and the body count, too: else they would take the place of the shipped ones.
    """
    said = repr((kind, subject, sorted((key, repr(value)) for key, value in options.items())))
    if drawn.atlas not in (None, load_atlas()):
        body = [drawn.atlas.outline(drawn.body, view).silhouette.wkt for view in drawn.shown_views]
        said += repr((drawn.atlas.muscle(drawn.muscles[0]), body))
    return hashlib.sha256(said.encode("utf-8")).hexdigest()[:DIGITS]


def table(found: Iterable[Card], kind: str) -> str:
    """The cards as Anki imports them: header lines, then one row of HTML fields per card."""
    text = io.StringIO()
    rows = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for card in found:
        question = _image(card.image("question", kind), card.question)
        answer = _image(card.image("answer", kind), card.answer)
        front, back = f"<p>{escape(card.front)}</p>{question}", f"{answer}<p>{escape(card.back)}</p>"
        rows.writerow((front, back, card.tags))
    return "\n".join((*HEADER, text.getvalue()))


def _image(file: str, diagram: Diagram) -> str:
    return f'<img src="{escape(file)}" alt="{escape(diagram.alt_text())}">'


def check(found: Iterable[Card], folder: Path, kind: str) -> None:
    """Raise InputError with everything that can be known to be wrong before the first file is written."""
    problems: list[Problem] = []
    if kind not in FORMATS:
        problems += unknown("format of cards", kind, FORMATS).problems
    names = [card.stem for card in found]
    if not names:
        problems.append(Problem("none of these muscles has a card of this kind", hint=f"kinds: {', '.join(KINDS)}"))
    problems += [Problem(f"two cards have the name {stem}") for stem in dict.fromkeys(names) if names.count(stem) > 1]
    for place in (folder, folder / MEDIA):
        nearest = next((each for each in (place, *place.parents) if each.exists()), None)
        if nearest is not None and not nearest.is_dir():
            hint = "choose another folder"
            problems.append(Problem(f"{nearest} is a file, not a folder", file=str(place), hint=hint))
    if problems:
        raise InputError(dict.fromkeys(problems))


def write(found: Iterable[Card], folder: str | Path, kind: str = FORMATS[0], *, dpi: float = DPI) -> Iterator[Written]:
    """Write the images of the cards, then the instructions and the table, telling of each file as soon as it is there.

    Each file is replaced in one step. Raises InputError before the first one, OutputError where one cannot be written.
    """
    found, place = tuple(found), Path(folder)
    check(found, place, kind)
    try:
        (place / MEDIA).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"cannot make this folder: {error.strerror}"
        hint = "choose a folder you may write to"
        raise OutputError(Problem(what, file=str(place / MEDIA), hint=hint)) from error
    for card in found:
        for side, diagram in (("question", card.question), ("answer", card.answer)):
            path = place / MEDIA / card.image(side, kind)
            write_atomically(path, diagram.to_bytes(kind, dpi=dpi))
            yield Written(path, card)
    how_to = HOW_TO.format(media=MEDIA, table=TABLE, count=len(found))
    for file, text in ((INSTRUCTIONS, how_to), (TABLE, table(found, kind))):
        write_atomically(place / file, text.encode("utf-8"))
        yield Written(place / file)
