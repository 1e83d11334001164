"""The words of the command line: which commands and options there are, and what each expects.

Names of muscles, views, sides, themes and formats are checked by those who know them, so that a notebook and the
command line say the same about a mistyped one. Nothing is read or written here.
"""

from __future__ import annotations

import argparse
import math
import os
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from .. import limits
from ..errors import InputError, Problem, unknown
from ..files.shipped import VERSION

EXAMPLES = """\
examples:
  trigpoint render gluteus_medius -o gluteus_medius.svg
  trigpoint list --region sacral
"""
SHORT_HELP = f"""\
usage: trigpoint COMMAND ...

Draws trigger-point referral maps. Commands: render, cards, list, show, check, presets.

{EXAMPLES}
'trigpoint COMMAND --help' explains a command."""
REPAIR = "mend shapes that cross themselves where that changes their area by less than 1 %%, and say so"
WIDTH = 80  # of a terminal that does not tell
COMMANDS = ("render", "cards", "list", "show", "check", "presets")


class Parser(argparse.ArgumentParser):
    """argparse whose usage errors are errors like all others, and whose options are written in full."""

    def __init__(self, *, formatter_class: type[_Formatter] | None = None, **given: Any) -> None:
        super().__init__(formatter_class=formatter_class or _Formatter, allow_abbrev=False, **given)

    def error(self, message: str) -> NoReturn:
        """Raise InputError in place of printing and leaving."""
        hint = f"see '{self.prog} --help'"
        if message.startswith("argument --layers: expected"):
            hint = "a list that begins with '-' is written --layers=-key"
        raise InputError(Problem(message, hint=hint))


class _Formatter(argparse.HelpFormatter):
    """As wide as the terminal. argparse makes one for many an option that it is told of, so that what tells the width
    must be quick to load, which shutil is not.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


class _Examples(_Formatter, argparse.RawDescriptionHelpFormatter):
    """As `_Formatter`, with examples line by line."""


def _columns() -> int:
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and 0 < len(asked) < 6 and int(asked):
        return int(asked)
    try:
        return os.get_terminal_size().columns or WIDTH
    except OSError:  # no terminal
        return WIDTH


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The arguments as values; InputError for words that mean nothing here."""
    if words[0] not in COMMANDS and not words[0].startswith("-"):
        raise unknown("command", words[0], COMMANDS)
    parser, asked = _parser(words[0])
    arguments, rest = parser.parse_known_args(words)
    if strange := [word for word in rest if word.startswith("-")]:
        options = re.findall(r"--[a-z-]+", asked.format_usage())
        raise InputError(_unexpected(word, options) for word in strange)
    if rest and arguments.command not in ("render", "cards"):
        hint = f"see 'trigpoint {arguments.command} --help'"
        raise InputError(Problem(f"unexpected argument '{rest[0]}'", hint=hint))
    if rest:  # argparse stops at the first group of names: `render A --dpi 300 B`
        arguments.muscles = [*arguments.muscles, *rest]
    return arguments


def _unexpected(word: str, options: Sequence[str]) -> Problem:
    from ..plate.spec import LAYERS  # 100 ms that only a mistake has to pay

    option = word.partition("=")[0]
    if option.removeprefix("--") in LAYERS and "--layers" in options:
        return Problem(f"unknown option '{option}'", hint=f"it is a layer: --layers +{option.removeprefix('--')}")
    return unknown("option", option, options).problems[0]


def _parser(wanted: str) -> tuple[Parser, Parser]:
    """The parser, and that of the wanted command; the others are there for whoever asks what commands there are."""
    parser = Parser(
        prog="trigpoint",
        description="Draws trigger-point referral maps: muscle, trigger points, essential and spillover pain zones.",
        epilog=EXAMPLES,
        formatter_class=_Examples,
    )
    parser.add_argument("--version", action="version", version=f"trigpoint {VERSION}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", prog="trigpoint")
    asked = parser
    for name, summary, fill in (
        ("render", "draw figures", _render_options),
        ("cards", "write study cards that Anki imports", _cards_options),
        ("list", "list the muscles, or those that refer to a region", _list_options),
        ("show", "print what is known about a muscle, with sources", _show_options),
        ("check", "check a pattern file and the outlines it is drawn on", _check_options),
        ("presets", "list the journals' presets, with sources", _presets_options),
    ):
        if wanted in COMMANDS and name != wanted:
            continue
        command = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        if name == wanted:
            asked = command
            fill(command)
            command.add_argument("--debug", action="store_true", help="show the traceback of an error")
    return parser, asked


def _render_options(parser: Parser) -> None:
    add = parser.add_argument
    add("muscles", nargs="*", metavar="MUSCLE", help="name or id, for example gluteus_medius")
    add("--all", action="store_true", help="every muscle there is")
    add("--manifest", metavar="FILE", help="a figure for each row of a TOML, CSV, JSON or JSON Lines file; - is stdin")
    add("--manifest-format", metavar="F", help="toml, csv, json or jsonl, where the suffix does not tell")
    where = parser.add_argument_group("where to")
    where.add_argument("-o", metavar="FILE", dest="output", help="one figure; its suffix is the format, - is stdout")
    where.add_argument("--out", metavar="DIR", help="a folder for one file per muscle and format, made if missing")
    where.add_argument(
        "--format", type=_spelt, metavar="F,F", help="svg (if no preset asks another), png, pdf, eps, tiff"
    )
    where.add_argument(
        "--dpi", type=_resolution, metavar="N", help="pixels an inch of PNG and TIFF (default: the preset's, or 300)"
    )
    where.add_argument("--no-clobber", action="store_true", help="keep files that exist")
    where.add_argument("--dry-run", action="store_true", help="print the files that would be written, write none")
    where.add_argument(
        "--resume", action="store_true", help="go on with a broken-off run: keep what it finished in --out"
    )
    where.add_argument("--report", metavar="FILE", help="write a JSON report of every file, however the run ends")
    how = parser.add_argument_group("how to go about many figures")
    how.add_argument("--jobs", type=_count, default=1, metavar="N", help="draw N at a time; 0: one per processor")
    how.add_argument("--timeout", type=_seconds, metavar="S", help="give a figure up after S seconds (with --jobs: 30)")
    how.add_argument("--fail-fast", action="store_true", help="end with the first figure that fails")
    how.add_argument("--scheduler", metavar="URL", help="draw by dask: tcp://host:port, or local")
    how.add_argument("--executor", metavar="M:F", help="draw by the executor that function F of module M makes")
    how.add_argument("--gather", action="store_true", help="send files back here instead of sharing a disk")
    what = parser.add_argument_group("what to draw")
    what.add_argument("--points", type=_names, metavar="N,N", help="only these trigger points, for example 1,2")
    what.add_argument("--views", type=_names, metavar="V,V", help="anterior, posterior, left, right")
    what.add_argument("--side", help="the patient's side: right (default) or left")
    what.add_argument("--body", help="the body to draw on (default: neutral)")
    look = parser.add_argument_group("how it looks")
    look.add_argument("--theme", help="plate (default), print, contrast, dark or blueprint: colours, lines")
    _language_option(look, default=None)
    look.add_argument("--preset", metavar="NAME", help="for a family of journals; 'trigpoint presets' lists them")
    look.add_argument("--strict", action="store_true", help="write nothing if a figure breaks a rule of its preset")
    look.add_argument("--width", type=_millimetres, metavar="MM", help="width on paper in millimetres")
    look.add_argument("--text", metavar="KIND", help="live, or paths: letters as outlines in SVG and PDF (EPS: always)")
    look.add_argument(
        "--height", type=_millimetres, metavar="MM", help="the most that the page may be tall, in millimetres"
    )
    look.add_argument("--title", metavar="TEXT", help="a title in place of the muscle's name")
    look.add_argument("--layout", metavar="NAME", help="several muscles on one plate (-o FILE): together or grid")
    look.add_argument("--overlay", metavar="NAME", help="what refers to each place (-o FILE): count or prevalence")
    look.add_argument("--layers", type=_names, metavar="L,L", help="only these, as zones,points,labels; or +scale,-key")
    look.add_argument("--labels", metavar="HOW", help="auto (default), names, numbers or blank (lines to write on)")
    look.add_argument(
        "--annotate", type=_names, metavar="A,A", help="what is named: muscle, points, regions, landmarks, bones"
    )
    look.add_argument("--inset", type=_names, metavar="R,R", help="regions to enlarge beside the body, as sacral")
    _source_options(parser)
    told = parser.add_argument_group("what is printed")
    told.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors and warnings")
    told.add_argument("--json", action="store_true", help="print one JSON object per file")


def _cards_options(parser: Parser) -> None:
    add = parser.add_argument
    add("muscles", nargs="*", metavar="MUSCLE", help="name or id, for example gluteus_medius")
    add("--all", action="store_true", help="every muscle there is")
    add("--out", metavar="DIR", help="a folder for the table, the instructions and a folder of images, made if missing")
    add("--no-clobber", action="store_true", help="keep files that exist; else a changed table stays as cards.1.csv")
    add("--kinds", type=_spelt, metavar="K,K", help="refers, which (both by default), names: what the cards ask")
    add("--format", type=str.casefold, default="png", metavar="F", help="format of the images: png (default) or svg")
    add("--dpi", type=_resolution, metavar="N", help="resolution of PNG (default: 200)")
    look = parser.add_argument_group("how it looks")
    look.add_argument("--side", default="right", help="the patient's side: right (default) or left")
    look.add_argument("--body", default="neutral", help="the body to draw on (default: neutral)")
    look.add_argument("--theme", default="plate", help="colours and line widths (default: plate)")
    look.add_argument("--language", "--lang", default="en", metavar="CODE", help="language of names (default: en)")
    look.add_argument(
        "--width", type=_millimetres, metavar="MM", help="width of the images in millimetres (default: 120)"
    )
    _source_options(parser)
    told = parser.add_argument_group("what is printed")
    told.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors and warnings")
    told.add_argument("--json", action="store_true", help="print one JSON object per file")


def _list_options(parser: Parser) -> None:
    parser.add_argument("--regions", action="store_true", help="list the regions that pain is referred to instead")
    parser.add_argument("--region", help="only muscles whose pain zones reach this region, for example sacral")
    _language_option(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object per muscle")
    _source_options(parser)


def _show_options(parser: Parser) -> None:
    parser.add_argument("muscle", metavar="MUSCLE", help="name or id, for example gluteus_medius")
    _language_option(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    _source_options(parser)


def _language_option(group: argparse._ActionsContainer, default: str | None = "en") -> None:
    """What names are in; messages stay English."""
    codes = "en (default), la, de, fr, es, pt, it, zh, ja"
    words = f"language of what is named: {codes}"
    group.add_argument("--language", "--lang", default=default, metavar="CODE", help=words)


def _check_options(parser: Parser) -> None:
    parser.add_argument("file", nargs="?", metavar="FILE", help="a pattern file (default: the shipped one)")
    parser.add_argument("--outlines", metavar="DIR", help="a folder of body outlines (default: the shipped ones)")
    parser.add_argument("--repair", action="store_true", help=REPAIR)
    parser.add_argument("--json", action="store_true", help="print one JSON object per problem")


def _presets_options(parser: Parser) -> None:
    parser.add_argument("preset", nargs="?", metavar="NAME", help="only this one, every number with its source")
    parser.add_argument("--json", action="store_true", help="print one JSON object per preset")


def _source_options(parser: Parser) -> None:
    source = parser.add_argument_group("what to draw from")
    source.add_argument("--patterns", metavar="FILE", help="a pattern file (default: the shipped one)")
    source.add_argument("--outlines", metavar="DIR", help="a folder of body outlines (default: the shipped ones)")
    source.add_argument("--repair", action="store_true", help=REPAIR)


def _names(text: str) -> tuple[str, ...]:
    """The parts of a comma-separated list."""
    parts = tuple(part.strip() for part in text.split(","))
    if not all(parts):
        raise argparse.ArgumentTypeError(f"a comma-separated list is expected, not '{text}'")
    return parts


def _spelt(text: str) -> tuple[str, ...]:
    """Names in whatever letters, each once."""
    return tuple(dict.fromkeys(name.casefold() for name in _names(text)))


def _millimetres(text: str) -> float:
    """A length on paper."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"millimetres are expected, as 85, not '{text}'") from None


def _count(text: str) -> int:
    """A number of processes."""
    value = int(text) if text.isdecimal() else -1
    if not 0 <= value <= limits.PROCESSES:
        raise argparse.ArgumentTypeError(f"a number from 0 to {limits.PROCESSES} is expected, not '{text}'")
    return value


def _seconds(text: str) -> float:
    """A length of time."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= limits.SECONDS:
        raise argparse.ArgumentTypeError(f"a number of seconds up to {limits.SECONDS:,} is expected, not '{text}'")
    return value


def _resolution(text: str) -> float:
    """Dots per inch within the limits."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not limits.DPI_MIN <= value <= limits.DPI_MAX:
        raise argparse.ArgumentTypeError(
            f"a number from {limits.DPI_MIN} to {limits.DPI_MAX} is expected, not '{text}'"
        )
    return value
