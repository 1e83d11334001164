"""The arguments of all commands.

Options of a figure come from the table of options; the library checks their values, so that notebooks and the command
line give the same messages. A flag of several values adds up, any other may be given once.
"""

from __future__ import annotations

import argparse
import math
import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

from .. import limits
from ..diagram import option_table
from ..diagram.option_table import LOOKS, PLACE, SUBJECT, Option, option
from ..errors import InputError, Problem, unknown
from ..files.shipped import VERSION
from ..plate.spec import LAYERS

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
WIDTH = 80  # of a terminal of unknown width
N = TypeVar("N", int, float)
COMMANDS = ("render", "cards", "list", "show", "check", "presets")


class Parser(argparse.ArgumentParser):
    """argparse whose usage errors are errors like all others, and whose options are written in full."""

    def __init__(self, *, formatter_class: type[_Formatter] | None = None, **given: Any) -> None:
        super().__init__(formatter_class=formatter_class or _Formatter, allow_abbrev=False, **given)
        self.register("action", None, _Once)  # argparse's own keeps the last of several and loses the others

    def error(self, message: str) -> NoReturn:
        """Raise InputError in place of printing and leaving."""
        hint = f"see '{self.prog} --help'"
        if message.startswith("argument --layers: expected"):
            hint = "a list that begins with '-' is written --layers=-key"
        raise InputError(Problem(message, hint=hint))


class _Formatter(argparse.HelpFormatter):
    """As wide as the terminal. argparse makes one for many an option, so that the width must be known without loading
    shutil.
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
    flag = word.partition("=")[0]
    if flag.removeprefix("--") in LAYERS and "--layers" in options:
        return Problem(f"unknown option '{flag}'", hint=f"it is a layer: --layers +{flag.removeprefix('--')}")
    return unknown("option", flag, options).problems[0]


def _parser(wanted: str) -> tuple[Parser, Parser]:
    """The parser, and that of the wanted command; the others are there to be listed by --help."""
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
    _table_options(where, PLACE)
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
    _table_options(parser.add_argument_group(SUBJECT), SUBJECT)
    look = parser.add_argument_group(LOOKS)
    _table_options(look, LOOKS)
    look.add_argument("--strict", action="store_true", help="write nothing if a figure breaks a rule of its preset")
    _source_options(parser)
    _print_options(parser)


def _cards_options(parser: Parser) -> None:
    add = parser.add_argument
    add("muscles", nargs="*", metavar="MUSCLE", help="name or id, for example gluteus_medius")
    add("--all", action="store_true", help="every muscle there is")
    add("--out", metavar="DIR", help="a folder for the table, the instructions and a folder of images, made if missing")
    add("--no-clobber", action="store_true", help="keep files that exist; else a changed table stays as cards.1.csv")
    kinds = "refers, which (both by default), names: what the cards ask"
    add("--kinds", action=_More, type=_spelt, metavar="K,K", help=kinds)
    add("--format", type=str.casefold, default="png", metavar="F", help="format of the images: png (default) or svg")
    add("--dpi", type=_number(option("dpi")), metavar="N", help="resolution of PNG (default: 200)")
    look = parser.add_argument_group(LOOKS)
    for row in map(option, ("side", "body", "theme", "language", "width")):
        _table_option(look, row, row.default)
    _source_options(parser)
    _print_options(parser)


def _list_options(parser: Parser) -> None:
    parser.add_argument("--regions", action="store_true", help="list the regions that pain is referred to instead")
    reach = "only muscles whose pain zones reach one of these regions, for example sacral"
    parser.add_argument("--region", action=_More, type=lambda text: (text,), metavar="R,R", help=reach)
    _language_option(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object per muscle")
    _source_options(parser)


def _show_options(parser: Parser) -> None:
    parser.add_argument("muscle", metavar="MUSCLE", help="name or id, for example gluteus_medius")
    _language_option(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    _source_options(parser)


def _language_option(group: argparse._ActionsContainer) -> None:
    """The language of names; messages stay English."""
    row = option("language")
    _table_option(group, row, row.default)


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


def _print_options(parser: Parser) -> None:
    told = parser.add_argument_group("what is printed")
    told.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors and warnings")
    told.add_argument("--json", action="store_true", help="print one JSON object per file")


def _table_options(group: argparse._ActionsContainer, name: str) -> None:
    """The options of a figure that belong into a group of the help."""
    for row in option_table.OPTIONS:
        if row.group == name:
            _table_option(group, row)


def _table_option(group: argparse._ActionsContainer, row: Option, default: str | None = None) -> None:
    """A flag of the table of options; None where it is not given, unless it has a default here."""
    given: dict[str, Any] = {"default": default, "metavar": row.metavar, "help": row.described.replace("%", "%%")}
    match row.kind:
        case "several":
            group.add_argument(*row.flags, action=_More, type=_spelt if row.part == "file" else _names, **given)
        case "number":
            group.add_argument(*row.flags, type=_number(row), **given)
        case "one":
            group.add_argument(*row.flags, **given)


class _Once(argparse.Action):
    """Stores the value of an option, which may be given once."""

    given = False

    def __call__(self, parser: object, namespace: argparse.Namespace, value: object, flag: str | None = None) -> None:
        """Store the value; argparse.ArgumentError where there is one already."""
        if self.given and flag:
            raise argparse.ArgumentError(self, f"given twice, and takes one value; leave out {flag} {value}")
        self.given = True
        setattr(namespace, self.dest, value)


class _More(argparse.Action):
    """Adds the values of an option to those that it has, in the order given."""

    def __call__(self, parser: object, namespace: argparse.Namespace, value: Any, flag: str | None = None) -> None:
        """Store all values so far."""
        setattr(namespace, self.dest, (*(getattr(namespace, self.dest) or ()), *value))


def _names(text: str) -> tuple[str, ...]:
    """The parts of a comma-separated list."""
    parts = tuple(part.strip() for part in text.split(","))
    if not all(parts):
        raise argparse.ArgumentTypeError(f"a comma-separated list is expected, not '{text}'")
    return parts


def _spelt(text: str) -> tuple[str, ...]:
    """Names in whatever letters, each once."""
    return tuple(dict.fromkeys(name.casefold() for name in _names(text)))


def _number(row: Option) -> Callable[[str], float]:
    """What reads a number of the table; `Diagram` checks the range of its own, so that all say the same about it."""
    if row.part == "diagram":
        return _within(float, -math.inf, math.inf, "millimetres are expected, as 85")
    return _within(float, row.least, row.most, f"a number from {row.least:g} to {row.most:g} is expected")


def _within(kind: Callable[[str], N], least: float, most: float, expected: str) -> Callable[[str], N]:
    """What reads a number of a range, or says what is expected."""

    def read(text: str) -> N:
        with suppress(ValueError):
            if least <= (value := kind(text)) <= most:
                return value
        raise argparse.ArgumentTypeError(f"{expected}, not '{text}'")

    return read


_count = _within(int, 0, limits.PROCESSES, f"a number from 0 to {limits.PROCESSES} is expected")
_seconds = _within(float, math.ulp(0), limits.SECONDS, f"a number of seconds up to {limits.SECONDS:,} is expected")
