"""The foot of a plate: key, legend, scale bar, locator and credit, arranged so that they take the least height.

The key stands over the legend or beside it, in as many columns as fit; the locator beside both, or beside the credit
alone. The arrangement depends on words, widths and sizes only and is cached. Lengths are mm on paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise, product
from typing import NamedTuple

from ..geometry.frame import Box
from ..scene import Item, Text
from ..style import Style
from ..words.measure import ASCENT, CAP_HEIGHT, width
from ..words.paragraph import balanced
from ..words.phrase import phrase
from .furniture import lines
from .labels.label import BLANK_EMS, BLANK_TALL, Label, rule
from .layout import MARGIN
from .legend import SWATCH, Symbol, bar, drawn

SWATCH_GAP = 1.5
ENTRY_GAP = 5.0
ROW_AIR = 1.1
BLOCK_GAP = 1.2  # between legend and credit
KEY_GAP = 2.7  # between the key and the legend below it: more than between two lines
BESIDE_GAP = 7.0  # between a key and the legend beside it
KEY_SHARE = 0.5  # of the room, at the most, for a key that has the legend beside it
MOST_COLUMNS = 3
SIGN_EMS = 0.45  # between a bold letter of the legend and its words
LOCATOR_LOW, LOCATOR_LEAST = 19.0, 13.0  # height of the locator in the foot
LOCATOR_AIR = 3.0
BAR = 100.0  # mm on the body: the length of the scale bar


class FootContent(NamedTuple):
    """The content of the foot, without symbols.

    `key` are rows of number and words (None: a line to write on), `bar` is the length of the scale bar, `locator` the
    locator's width per height (0: none), `heading` stands over the legend, `signs` are bold letters before its words.
    """

    key: tuple[tuple[str, str | None], ...] = ()
    legend: tuple[str, ...] = ()
    credit: str = ""
    bar: float = 0.0
    bar_words: str = ""
    locator: float = 0.0
    heading: str = ""
    signs: tuple[str, ...] = ()


class Paragraph(NamedTuple):
    """Lines of text at a place, from the foot's upper left corner.

    `number` is its row, `tab` the distance of a key's words from their number, `sign` the bold letter before them.
    """

    x: float
    y: float
    rows: tuple[str, ...]
    number: int = 0
    tab: float = 0.0
    sign: str = ""


class Foot(NamedTuple):
    """The arrangement of the foot; `locator` is left, top and height, `bar` left and middle height."""

    height: float
    key: tuple[Paragraph, ...]
    legend: tuple[Paragraph, ...]
    heading: Paragraph
    credit: Paragraph
    bar: tuple[float, float] | None
    locator: tuple[float, float, float] | None


@lru_cache(512)
def arrange(content: FootContent, room: float, style: Style) -> Foot:
    """The arrangement that takes the least height; among equals the first."""
    tried = (_arranged(content, room, style, *each) for each in _options(content))
    return min(filter(None, tried), key=lambda foot: round(foot.height, 6))


def _options(content: FootContent) -> Iterator[tuple[int, bool, bool]]:
    """Columns of the key, whether the legend stands beside it, whether the locator stands beside the credit alone."""
    columns = range(1, min(MOST_COLUMNS, max(1, len(content.key))) + 1)
    beside = (False, True) if content.key and content.legend else (False,)
    yield from product(columns, beside, (False, True) if content.locator and content.credit else (False,))


def _arranged(content: FootContent, room: float, style: Style, columns: int, beside: bool, low: bool) -> Foot | None:
    """The foot with the key in `columns`, the legend `beside` it, the locator `low`; None where that does not fit."""
    aside = content.locator * LOCATOR_LOW + LOCATOR_AIR if content.locator else 0.0
    upper = room if low else room - aside
    key = _key(content.key, upper * (KEY_SHARE if beside else 1.0), columns, style)
    if key is None:
        return None
    rows, deep, wide = key
    if beside:
        entries, tall, broad = _legend(content, upper - wide - BESIDE_GAP, style)
        if broad > upper - wide - BESIDE_GAP:
            return None
        entries = tuple(_moved(each, wide + BESIDE_GAP, 0.0) for each in entries)
        start, broad, first, deep = wide + BESIDE_GAP, broad + wide + BESIDE_GAP, 0.0, max(deep, tall)
    else:
        start = 0.0
        first = deep + KEY_GAP if rows and content.legend else deep
        entries, tall, broad = _legend(content, upper, style)
        entries = tuple(_moved(each, 0.0, first) for each in entries)
        deep = first + tall
    said = balanced(content.heading, upper - start, style.size_legend) if content.heading else ()
    heading = Paragraph(start, first, said)
    if said:
        over = len(said) * style.size_legend * style.line_spacing + ROW_AIR
        entries, deep = tuple(_moved(each, 0.0, over) for each in entries), deep + over
    measure = None
    if content.bar:
        measure, deep = _bar(content, broad if content.legend else 0.0, first, deep, upper, style)
    top = deep + BLOCK_GAP if deep else 0.0
    credit = balanced(content.credit, room - aside, style.size_credit) if content.credit else ()
    end = top + len(credit) * style.size_credit * style.line_spacing if credit else deep
    spot = None
    if content.locator:
        begin = top if low else 0.0
        tall = max(LOCATOR_LEAST, min(LOCATOR_LOW, end - begin))
        end = max(end, begin + tall)
        spot = room - content.locator * tall, end - tall, tall
    return Foot(end, rows, entries, heading, Paragraph(0.0, top, credit), measure, spot)


def _key(
    rows: Sequence[tuple[str, str | None]], room: float, columns: int, style: Style
) -> tuple[tuple[Paragraph, ...], float, float] | None:
    """The key in columns of about one length, with its height and width; None where they do not fit."""
    size = style.size_label
    found: list[Paragraph] = []
    x = deep = 0.0
    starts = [len(rows) - (columns - column) * len(rows) // columns for column in range(columns + 1)]
    for start, end in pairwise(starts):
        y = wide = 0.0
        tab = max((Label("", "point", sign, "", ()).indent(style) for sign, _ in rows[start:end]), default=0.0)
        for number, (_, words) in enumerate(rows[start:end], start):
            text = tuple(phrase(words, room - tab, size) if columns == 1 else [words]) if words else ()
            found.append(Paragraph(x, y, text, number, tab=tab))
            wide = max(wide, tab + max((width(row, size) for row in text), default=BLANK_EMS * size))
            y += len(text) * size * style.line_spacing if words else BLANK_TALL * size
        x, deep = x + wide + ENTRY_GAP, max(deep, y)
    wide = max(0.0, x - ENTRY_GAP)
    return (tuple(found), deep, wide) if columns == 1 or wide <= room else None


def _legend(content: FootContent, room: float, style: Style) -> tuple[tuple[Paragraph, ...], float, float]:
    """Symbols and their words in a row if they fit, else in columns, with their height and width.

    Rows are filled evenly: four entries stand 4, 2 + 2, 1 + 1 + 1 + 1; in one column words are wrapped.
    """
    size, step = style.size_legend, style.size_legend * style.line_spacing
    words, signs = content.legend, content.signs or ("",) * len(content.legend)
    befores = [SWATCH[0] + SWATCH_GAP + _sign(sign, style) for sign in signs]
    wide = [before + width(text, size) + ENTRY_GAP for before, text in zip(befores, words, strict=True)]
    columns = max(1, len(words))
    for rows in range(1, len(words) + 1):
        columns = -(-len(words) // rows)
        if sum(_columns(wide, columns)) - ENTRY_GAP <= room:
            break
    starts = [sum(_columns(wide, columns)[:column]) for column in range(columns)]
    found: list[Paragraph] = []
    y = deep = broad = 0.0
    for number, (before, sign, text) in enumerate(zip(befores, signs, words, strict=True)):
        column = number % columns
        if column == 0:
            y, deep = y + deep, 0.0
        said = tuple(balanced(text, room - before, size)) if columns == 1 else (text,)
        found.append(Paragraph(starts[column], y, said, number, sign=sign))
        broad = max(broad, starts[column] + before + max(width(row, size) for row in said))
        deep = max(deep, SWATCH[1] + ROW_AIR + (len(said) - 1) * step)
    return tuple(found), y + deep, broad


def _sign(sign: str, style: Style) -> float:
    """Room for a bold letter before the words of a legend."""
    return width(sign, style.size_legend, "bold") + SIGN_EMS * style.size_legend if sign else 0.0


def _columns(widths: Sequence[float], columns: int) -> list[float]:
    """The width of each column when entries fill them row by row."""
    return [max(widths[column::columns]) for column in range(columns)] if widths else []


def _bar(
    content: FootContent, taken: float, first: float, deep: float, room: float, style: Style
) -> tuple[tuple[float, float], float]:
    """The scale bar's place, at the right end of the legend's first row or in a row below, and the height of both."""
    wide = content.bar + SWATCH_GAP + width(content.bar_words, style.size_legend)
    if taken and taken + ENTRY_GAP + wide <= room:
        return (room - wide, first + SWATCH[1] / 2), deep
    row = SWATCH[1] + ROW_AIR
    return (0.0, deep + SWATCH[1] / 2), deep + row


def _moved(block: Paragraph, x: float, y: float) -> Paragraph:
    return block._replace(x=block.x + x, y=block.y + y)


class DrawnFoot(NamedTuple):
    """The foot as drawn: its layers, the box of the page that the locator may take, and where it ends."""

    layers: Mapping[str, Sequence[Item]]
    locator: Box | None
    bottom: float


def draw(
    content: FootContent, labels: Sequence[Label], symbols: Sequence[Symbol], page: float, top: float, style: Style
) -> DrawnFoot:
    """The foot of a page `page` mm wide, from `top` down; labels and symbols in the order of the words."""
    if all(isinstance(symbol, str) for symbol in symbols):
        return _kept(content, tuple(labels), tuple(symbols), page, top, style)
    return _drawn(content, labels, symbols, page, top, style)


def _drawn(
    content: FootContent, labels: Sequence[Label], symbols: Sequence[Symbol], page: float, top: float, style: Style
) -> DrawnFoot:
    foot = arrange(content, page - 2 * MARGIN, style)
    layers = {
        "key": key(foot, labels, MARGIN, top, style),
        "legend": legend(foot, symbols, MARGIN, top, style),
        "scale": scale_bar(foot, content, MARGIN, top, style),
        "credit": credit(foot, MARGIN, top, style),
    }
    spot = None
    if foot.locator:
        x, y, tall = MARGIN + foot.locator[0], top + foot.locator[1], foot.locator[2]
        spot = (x, y, x + content.locator * tall, y + tall)
    return DrawnFoot(layers, spot, top + foot.height)


_kept = lru_cache(256)(_drawn)


def key(foot: Foot, labels: Sequence[Label], left: float, top: float, style: Style) -> list[Item]:
    """The labels without a gutter; those without words have a line to write on."""
    items: list[Item] = []
    for block in foot.key:
        one = labels[block.number]
        x, y = left + block.x, top + block.y
        inner, baseline = x + max(block.tab, one.inner(style)), y + style.size_label * ASCENT
        items.append(Text(x, baseline, one.number, style.size_label, weight="bold", fill=style.text))
        if block.rows:
            items += lines(block.rows, inner, y, style.size_label, style, fill=style.text)[0]
        else:
            items.append(rule(inner, inner + BLANK_EMS * style.size_label, baseline, style))
    return items


def legend(foot: Foot, symbols: Iterable[Symbol], left: float, top: float, style: Style) -> list[Item]:
    """The plate's symbols, each with its words."""
    size = style.size_legend
    items = lines(foot.heading.rows, left, top + foot.heading.y, size, style, fill=style.text)[0]
    for block, symbol in zip(foot.legend, symbols, strict=True):
        x, y = left + block.x, top + block.y
        items += drawn(symbol, x, y, style)
        first = y + SWATCH[1] / 2 + size * (CAP_HEIGHT / 2 - ASCENT)
        x += SWATCH[0] + SWATCH_GAP
        if block.sign:
            items += lines([block.sign], x, first, size, style, weight="bold", fill=style.text)[0]
        items += lines(block.rows, x + _sign(block.sign, style), first, size, style, fill=style.text)[0]
    return items


def credit(foot: Foot, left: float, top: float, style: Style) -> list[Item]:
    """The sources and the caution."""
    return lines(foot.credit.rows, left, top + foot.credit.y, style.size_credit, style, fill=style.text_quiet)[0]


def scale_bar(foot: Foot, content: FootContent, left: float, top: float, style: Style) -> list[Item]:
    """The scale bar and its length on the body."""
    if foot.bar is None:
        return []
    x, y, size = left + foot.bar[0], top + foot.bar[1], style.size_legend
    end = x + content.bar
    words = Text(end + SWATCH_GAP, y + size * CAP_HEIGHT / 2, content.bar_words, size, fill=style.text)
    return [bar(x, end, y, style), words]
