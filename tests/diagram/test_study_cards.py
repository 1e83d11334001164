"""Study cards: every image that the table names is there, and no question tells its answer."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

import trigpoint as tp
from tests.support.sampling import MUSCLES, each_muscle
from trigpoint.cli import main
from trigpoint.diagram import study_cards
from trigpoint.errors import InputError, OutputError
from trigpoint.files.lock import locked
from trigpoint.files.shipped import resource
from trigpoint.plate.region_phrases import region

ATLAS = tp.load_atlas()
FIXTURES = Path(__file__).parents[1] / "support" / "fixtures_data"
SOURCE = re.compile(r'<img src="([^"]+)"')


def names_of(muscle):
    """Whatever would give a muscle away: its names, and the labels of its points."""
    labels = {label for point in muscle.points for label in point.label.values() if not label.startswith("TrP")}
    return {muscle.id, muscle.id.replace("_", " "), *muscle.names.values(), *muscle.aliases, *labels}


def rows_of(text):
    """The table as Anki reads it: the header lines, then the rows by column."""
    lines = text.split("\n")
    head = [line for line in lines if line.startswith("#")]
    body = csv.reader(io.StringIO("\n".join(lines[len(head) :])), strict=True)
    (columns,) = [line.removeprefix("#columns:").split(",") for line in head if line.startswith("#columns:")]
    return head, [dict(zip(columns, row, strict=True)) for row in body]


def test_cards_are_written_with_a_table_that_anki_reads(tmp_path):
    found = study_cards.cards(ATLAS, ["gluteus_medius", "piriformis"], study_cards.KINDS)
    files = [written.path for written in study_cards.write(found, tmp_path / "deck", "svg")]
    assert all(path.is_file() for path in files)
    assert files[-1].name == "cards.csv"
    head, rows = rows_of(files[-1].read_text("utf-8"))
    assert head == ["#separator:Comma", "#html:true", "#columns:Front,Back,Tags", "#tags column:3"]
    assert [card.kind for card in found] == [*["refers"] * 3, "which", "names", *["refers"] * 2, "which", "names"]
    assert len(rows) == len(found)
    assert len({row["Front"] for row in rows}) == len(rows)
    media = {path.name for path in (tmp_path / "deck" / "media").iterdir()}
    named = [source for row in rows for field in ("Front", "Back") for source in SOURCE.findall(row[field])]
    assert set(named) == media
    assert len(named) == len(set(named)) == 2 * len(rows)
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", name) for name in media)
    said = unescape(rows[0]["Back"])
    assert "essential pain (solid) along the posterior iliac crest" in said
    assert "media" in (tmp_path / "deck" / "README.txt").read_text("utf-8")


@each_muscle()
def test_which_muscle_is_not_told_by_the_question(muscle):
    known = ATLAS.muscle(muscle)
    for card in study_cards.cards(ATLAS, [muscle], ["which"]):
        data = card.question.to_bytes("svg").decode("utf-8").casefold()
        front = f"{card.front} {card.image('question', 'svg')} {card.question.alt_text()}".casefold()
        for name in names_of(known):
            assert not re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", data + front), name
        scene = card.question.scene()
        assert scene.find("muscle") is None
        assert scene.find("points") is None
        assert scene.find("essential") is not None
        assert {group.id for group in scene.find("essential").children} == {
            group.id for group in card.answer.scene().find("essential").children
        }


def test_a_png_question_tells_nothing_either():
    for card in study_cards.cards(ATLAS, ["soleus"], ["which"]):
        data = card.question.to_bytes("png", dpi=50)
        answer = card.answer.to_bytes("png", dpi=50)
        assert b"oleus" not in data
        assert b"oleus" in answer  # the same search finds the name where it is


@each_muscle()
def test_where_a_point_refers_is_not_told_by_the_question(muscle):
    for card in study_cards.cards(ATLAS, [muscle], ["refers"]):
        scene = card.question.scene()
        assert scene.find("essential") is None
        assert scene.find("spillover") is None
        assert scene.find("points") is not None or not any(mark for mark in card.answer.scene().find("points").children)
        (point,) = card.question.points
        reached = ATLAS.muscle(muscle).point(point).regions
        told = f"{scene.title} {scene.description} {scene.credit} {card.question.alt_text()} {card.front}".casefold()
        for each in (*reached["essential"], *reached["spillover"]):
            assert f"over the {region(ATLAS, each, 'en')}".casefold() not in told
        assert "zone" not in told


def test_a_muscle_without_points_has_only_its_name_to_ask():
    assert study_cards.cards(ATLAS, ["short_lateral_rotators"]) == ()
    assert [card.kind for card in study_cards.cards(ATLAS, ["short_lateral_rotators"], study_cards.KINDS)] == ["names"]


def test_options_reach_the_figures_and_the_file_names():
    (plain,) = study_cards.cards(ATLAS, ["piriformis"], ["which"])
    (other,) = study_cards.cards(ATLAS, ["piriformis"], ["which"], language="de", side="left", body="female", width=85)
    assert plain.stem != other.stem
    assert other.front == "Welcher Muskel verursacht diesen Schmerz?"
    assert (other.question.side, other.answer.body, other.answer.width) == ("left", "female", 85)
    assert other.question.shown_views == other.answer.shown_views


def test_the_same_cards_have_the_same_bytes(tmp_path):
    for folder in ("one", "other"):
        list(study_cards.write(study_cards.cards(ATLAS, ["piriformis"]), tmp_path / folder, "svg"))
    for path in (tmp_path / "one").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "other" / path.relative_to(tmp_path / "one")).read_bytes()


def test_everything_wrong_is_told_before_the_first_file(tmp_path):
    with pytest.raises(InputError, match="kind of card 'reffers'"):
        study_cards.cards(ATLAS, ["piriformis"], ["reffers"])
    found = study_cards.cards(ATLAS, ["piriformis"])
    with pytest.raises(InputError, match="format of cards 'pdf'"):
        list(study_cards.write(found, tmp_path / "deck", "pdf"))
    with pytest.raises(InputError, match="none of these muscles"):
        list(study_cards.write((), tmp_path / "deck"))
    with pytest.raises(InputError, match="two cards have the name"):
        list(study_cards.write((*found, found[0]), tmp_path / "deck"))
    (tmp_path / "file").write_text("mine", "utf-8")
    with pytest.raises(InputError, match="is a file, not a folder"):
        list(study_cards.write(found, tmp_path / "file" / "deck"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_a_folder_that_cannot_be_made(tmp_path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with pytest.raises(OutputError, match="cannot make this folder"):
        list(study_cards.write(study_cards.cards(ATLAS, ["piriformis"]), tmp_path / "deck"))


def test_the_command_writes_cards(tmp_path, capsys):
    assert main(["cards", "piriformis", "--out", str(tmp_path / "a"), "--format", "svg", "soleus"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-1].endswith("cards.csv")
    assert len(told) == 2 * (2 + 1 + 3 + 1) + 2
    out = ["--out", str(tmp_path / "b"), "--format", "svg", "--kinds", "which", "--language", "fr"]
    assert main(["cards", "piriformis", *out, "--json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["kind"] for record in records] == ["which", "which", None, None]
    assert main(["cards", "piriformis", *out, "--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_cards_of_one_s_own_patterns_never_take_the_place_of_others(tmp_path):
    """Anki keeps the images of all decks in one folder."""
    patterns, body = tmp_path / "clinic.json", tmp_path / "outlines"
    shipped = resource("data", "referral_patterns.json").read_text("utf-8")
    value = json.loads(shipped)
    (muscle,) = (each for each in value["muscles"] if each["id"] == "piriformis")
    muscle["points"][0]["zones"][0]["rings"][0][0][0] += 0.5
    patterns.write_text(json.dumps(value), "utf-8")
    shutil.copytree(resource("assets", "body_outlines"), body)
    outline = body / "neutral.posterior.svg"
    text = outline.read_text("utf-8")
    first = re.search(r'id="silhouette.1" d="M(-?[0-9.]+)', text)
    outline.write_text(text[: first.start(1)] + f"{float(first[1]) + 0.5:.1f}" + text[first.end(1) :], "utf-8")
    decks = [ATLAS, tp.load_atlas(patterns), tp.load_atlas(outlines=body)]
    stems = [{card.stem for card in study_cards.cards(atlas, ["piriformis"], study_cards.KINDS)} for atlas in decks]
    assert len(set().union(*stems)) == sum(map(len, stems)) == 12
    again = study_cards.cards(tp.load_atlas(patterns), ["piriformis"], study_cards.KINDS)
    assert {card.stem for card in again} == stems[1]


def test_kinds_and_formats_are_known_in_whatever_letters(tmp_path, capsys):
    assert main(["cards", "soleus", "--out", str(tmp_path), "--kinds", "Names,NAMES", "--format", "SVG"]) == 0
    assert sorted(path.suffix for path in (tmp_path / "media").iterdir()) == [".svg", ".svg"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--out", "x"], "no muscle named"),
        (["piriformis"], "no place to write to"),
        (["--all", "piriformis", "--out", "x"], "--all and names of muscles exclude each other"),
        (["piriformiss", "solleus", "--out", "x"], "unknown muscle 'solleus'"),
        (["piriformis", "--out", "x", "--format", "pdf"], "format of cards 'pdf'"),
        (["piriformis", "--out", "x", "--kinds", "names,whitch"], "kind of card 'whitch'"),
        (["piriformis", "--out", "x", "--width", "3"], "width 3.0 is not a number from 40"),
    ],
)
def test_mistakes_on_the_command_line(words, told, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["cards", *words]) == 2
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_every_muscle_has_cards_with_names_of_their_own():
    found = study_cards.cards(ATLAS, MUSCLES, study_cards.KINDS)
    assert len({card.stem for card in found}) == len(found) > 100


# --- what is there already


def written(found, folder, **more):
    return [
        (each.path.relative_to(folder).as_posix(), each.status) for each in study_cards.write(found, folder, **more)
    ]


def test_a_table_that_was_edited_is_never_lost(tmp_path, capsys):
    out = ["cards", "soleus", "--out", str(tmp_path), "--format", "svg", "--kinds", "names"]
    assert main(out) == 0
    ours = (tmp_path / "cards.csv").read_bytes()
    for number in (1, 2):
        (tmp_path / "cards.csv").write_bytes(ours + b"my own card %d" % number)
        assert main(out) == 0
        assert f"note: what was here before is kept: {tmp_path / f'cards.{number}.csv'}\n" in capsys.readouterr().err
        assert (tmp_path / "cards.csv").read_bytes() == ours
        assert (tmp_path / f"cards.{number}.csv").read_bytes() == ours + b"my own card %d" % number
    assert main(out) == 0
    assert capsys.readouterr().err == ""
    names = {"cards.csv", "cards.1.csv", "cards.2.csv", "README.txt", "media"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_instructions_of_somebody_else_are_never_lost(tmp_path):
    (tmp_path / "README.txt").write_text("mine", "utf-8")
    one, several = (study_cards.cards(ATLAS, muscles, ["names"]) for muscles in (["soleus"], ["soleus", "piriformis"]))
    assert ("README.1.txt", "set aside") in written(one, tmp_path, kind="svg")
    assert (tmp_path / "README.1.txt").read_text("utf-8") == "mine"
    assert [name for name, status in written(several, tmp_path, kind="svg") if status == "set aside"] == ["cards.1.csv"]


def test_files_that_exist_are_kept_on_request(tmp_path, capsys):
    out = ["cards", "soleus", "--out", str(tmp_path), "--format", "svg", "--kinds", "names", "--no-clobber"]
    (tmp_path / "cards.csv").write_text("mine", "utf-8")
    assert main(out) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.rpartition("/")[2] for line in told][-1] == "README.txt"
    assert len(told) == 3
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    image = next((tmp_path / "media").glob("*-answer.svg"))
    image.write_text("mine, too", "utf-8")
    assert main([*out, "--json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["status"] for record in records] == ["kept"] * 4
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == before | {image: b"mine, too"}


def test_two_runs_never_write_into_one_folder(tmp_path, capsys, monkeypatch):
    found = study_cards.cards(ATLAS, ["soleus"], ["names"])
    with locked(tmp_path / "deck"):
        with pytest.raises(OutputError, match=f"another run writes into this folder: process {os.getpid()} on"):
            list(study_cards.write(found, tmp_path / "deck", "svg"))
        monkeypatch.setattr("trigpoint.cli.cards.load_atlas", None)  # nothing is read for it
        assert main(["cards", "soleus", "--out", str(tmp_path / "deck")]) == 3
        assert "another run writes into this folder" in capsys.readouterr().err
    run = study_cards.write(found, tmp_path / "deck", "svg")
    next(run)
    with pytest.raises(OutputError, match="another run"), locked(tmp_path / "deck"):
        pass
    run.close()
    assert [path.name for path in (tmp_path / "deck").iterdir()] == ["media"]


def test_a_home_folder_that_no_shell_has_put_in_is_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["cards", "soleus", "--out=~/deck"]) == 2
    assert "'~' is not replaced by a home folder here" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


# --- words that another program would run

MARKUP = (
    r"[latex]\input{x}[/latex]",
    "[sound:x.mp3]",
    r"[$]x[/$] [$$]y[/$$]",
    r"\(x\) \[y\]",
    "{{c1::x}} {{{Front}}}",
    "[[type:Front]]",
    "[anki:tts lang=en]x[/anki:tts]",
    "=cmd|' /C calc'!A1",
    "+1",
    "-1",
    "@SUM(A1)",
    "<script>x</script>",
)
RUN = re.compile(r"\[/?(latex|\$|sound:|anki:|\[type:)|\\[(\[]|\{\{")


class Field(HTMLParser):
    """A field of a card as a browser takes it: its pieces of text, and its tags."""

    def __init__(self, text):
        super().__init__()
        self.pieces, self.tags, self.alt = [], set(), ""
        self.feed(text)

    def handle_data(self, data):
        self.pieces.append(data)

    def handle_starttag(self, tag, attrs):
        self.tags.add((tag, *(name for name, _ in attrs)))
        self.alt += dict(attrs).get("alt", "")


@pytest.mark.parametrize("markup", MARKUP)
def test_words_of_a_pattern_file_are_text_on_a_card_and_nothing_else(markup, tmp_path):
    value = json.loads((FIXTURES / "patterns.json").read_text("utf-8"))
    for muscle in value["muscles"]:
        muscle["names"] = {code: f"{markup} {name}" for code, name in muscle["names"].items()}
        for point in muscle["points"]:
            point["label"] = {code: f"{markup} {label}" for code, label in point["label"].items()}
    for each in value["regions"].values():
        each["names"] = {code: f"{markup} {name}" for code, name in each["names"].items()}
    for source in value["sources"].values():
        source["citation"] = f"{markup} {source['citation']}"
    (tmp_path / "clinic.json").write_text(json.dumps(value), "utf-8")
    found = study_cards.cards(tp.load_atlas(tmp_path / "clinic.json", FIXTURES), ["gluteus_medius"], study_cards.KINDS)
    text = study_cards.table(found, "svg")
    assert not RUN.search(unescape(text))
    _, rows = rows_of(text)
    for card, row in zip(found, rows, strict=True):
        assert not any(field.startswith(("=", "+", "-", "@", "\t", "\r")) for field in row.values())
        for field, said in (("Front", card.front), ("Back", card.back)):
            read = Field(row[field])
            assert "".join(read.pieces) == said
            assert not any(RUN.search(piece) for piece in [*read.pieces, read.alt])
            assert read.tags <= {("p",), ("span",), ("img", "src", "alt")}
    assert any(markup in card.front for card in found)
    assert any(markup in card.back for card in found)


def test_words_of_the_shipped_data_need_no_care():
    text = study_cards.table(study_cards.cards(ATLAS, MUSCLES, study_cards.KINDS), "svg")
    assert "<span>" not in text
    assert "\u2060" not in text
