"""The few SVG elements an outline may hold, read without trust.

Groups with known ids, in them paths of absolute M, L and Z and circles, on each an id and a title: that is all that is
read. Nodes of other namespaces (an editor's notes) are passed over, everything else is a finding, and nothing of the
file survives but ids, words and numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError, fromstring

from .. import limits
from ..files.findings import Findings
from ..files.reading import ID, decoded, hidden

SVG = "{http://www.w3.org/2000/svg}"
WORDS = {
    "{http://purl.org/dc/elements/1.1/}rights": "licence",
    "{http://purl.org/dc/elements/1.1/}creator": "author",
    "{http://purl.org/dc/elements/1.1/}source": "source",
}
# Presentation that an outline may carry for its preview; it is not read.
_LOOKS = frozenset(
    {"fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-linejoin"}
    | {"stroke-linecap", "opacity"}
)
_ATTRIBUTES = {
    "svg": frozenset({"viewBox", "width", "height", "version", "baseProfile", "id", "role", "lang"}),
    "g": _LOOKS | {"id"},
    "path": _LOOKS | {"id", "d"},
    "circle": _LOOKS | {"id", "cx", "cy", "r"},
    "title": frozenset({"id"}),
    "metadata": frozenset({"id"}),
}
_INSIDE = {"": ("svg",), "svg": ("title", "metadata", "g"), "g": ("title", "path", "circle")}
_INSIDE |= {"path": ("title",), "circle": ("title",), "title": (), "metadata": ()}
_PLAIN = "save as plain SVG: straight paths of M, L and Z, no styles, no transforms, no nested groups"
_DRAWABLE = re.compile(r"[MLZ0-9.,\s-]*")
_SPACE = re.compile("[ \t\r\n]+")
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


@dataclass
class DrawnShape:
    """One path or circle as it stands in the file."""

    kind: str
    group: str
    id: str
    attributes: dict[str, str]
    title: str = ""

    @property
    def at(self) -> str:
        """Where it is, for a message."""
        return f"{self.group}/{self.id}"


@dataclass
class OutlineSheet:
    """All that is taken from one file."""

    view_box: str = ""
    title: str = ""
    words: dict[str, str] = field(default_factory=dict)
    marks: list[DrawnShape] = field(default_factory=list)


def parse(data: bytes, groups: Iterable[str], findings: Findings) -> OutlineSheet:
    """The marks of an SVG in the subset, in file order; everything foreign to the subset becomes a finding."""
    from defusedxml.common import DefusedXmlException  # what ships is read without
    from defusedxml.ElementTree import DefusedXMLParser

    text = decoded(data, findings)
    target = _Target(tuple(groups), findings)
    parser = DefusedXMLParser(target=target, encoding="utf-8")
    try:
        parser.feed(text)
        parser.close()
    except ParseError as error:
        line, column = error.position
        what = f"not XML: {str(error).partition(':')[0]}"
        findings.fail(what, f"line {line} column {column + 1}", "mend the file there")
    except DefusedXmlException:
        findings.fail("entities are not read", hint="write the characters themselves and delete the declarations")
    return target.sheet


def parse_known(data: bytes, findings: Findings) -> OutlineSheet:
    """As `parse`, twice as fast, of a file that this project has made and checked: nothing in it is judged again."""
    try:
        root = fromstring(data)
    except ParseError as error:
        findings.fail(f"not XML: {error}", hint="install the package anew")
    sheet = OutlineSheet(root.get("viewBox", ""), root.findtext(f"{SVG}title", ""))
    sheet.words |= {WORDS[node.tag]: node.text or "" for node in root.iterfind(f"{SVG}metadata/*")}
    for group in root.iterfind(f"{SVG}g"):
        name = group.get("id", "")
        for node in group:
            title = node.findtext(f"{SVG}title", "")
            sheet.marks.append(DrawnShape(node.tag.removeprefix(SVG), name, node.get("id", ""), node.attrib, title))
    return sheet


class _Target:
    """Takes the parser's events; `names` is the path of open elements, empty names stand for foreign ones."""

    def __init__(self, groups: tuple[str, ...], findings: Findings) -> None:
        self.sheet = OutlineSheet()
        self._groups = groups
        self._findings = findings
        self._names: list[str] = []
        self._group = ""
        self._ids: set[str] = set()
        self._text: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self._names[-1] if self._names else ""
        name = tag.removeprefix(SVG) if tag.startswith(SVG) else ""
        if len(self._names) >= limits.DEPTH:
            self._findings.fail(limits.TOO_DEEP, hint="ungroup the drawing")
        if self._names and (parent in ("", "metadata") or not name):
            self._text = [] if tag in WORDS else None
            self._names.append("" if parent != "metadata" or tag not in WORDS else tag)
            return
        self._names.append(name if name in _INSIDE.get(parent, ()) else "")
        if not self._names[-1]:
            self._refuse(name, parent)
            return
        self._check_attributes(name, attributes)
        match name:
            case "svg":
                self.sheet.view_box = attributes.get("viewBox", "")
            case "g":
                self._open_group(attributes.get("id", ""))
            case "path" | "circle":
                self._draw(name, attributes)
            case _:
                self._text = []

    def _refuse(self, name: str, parent: str) -> None:
        where = self._group or parent
        if parent:
            self._findings.add(f"an element <{name[:40]}> is not read", where, _PLAIN)
        else:
            self._findings.add("not an SVG drawing", hint='begin with <svg xmlns="http://www.w3.org/2000/svg">')

    def _check_attributes(self, name: str, attributes: dict[str, str]) -> None:
        for key in attributes:
            if key not in _ATTRIBUTES[name] and not key.startswith("{"):
                where = "/".join(part for part in (self._group, attributes.get("id", "")) if part)
                self._findings.add(f"an attribute '{key[:40]}' on <{name}> is not read", where, _PLAIN)

    def _open_group(self, name: str) -> None:
        self._group = name
        if self._group not in self._groups:
            hint = self._findings.meant(self._group, self._groups)
            self._findings.add(f"unknown group '{self._group[:80]}'", "", hint)

    def _draw(self, kind: str, attributes: dict[str, str]) -> None:
        mark = DrawnShape(kind, self._group, attributes.get("id", ""), attributes)
        self.sheet.marks.append(mark)
        if len(self.sheet.marks) > limits.SHAPES:
            self._findings.fail(limits.over("SHAPES", len(self.sheet.marks), "or more shapes"), hint="simplify it")
        if not ID.fullmatch(mark.id) or len(mark.id) > limits.LABEL_CHARACTERS:
            hint = "give an id that begins with a letter and goes on with letters, digits, . _ -"
            self._findings.add(f"'{mark.id[:80]}' is no id", self._group, hint)
        elif mark.id in self._ids:
            self._findings.add("the id stands twice", mark.at, "rename one of them")
        self._ids.add(mark.id)

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        name = self._names.pop()
        if self._text is not None and name in ("title", *WORDS):
            self._hear(name, one_line("".join(self._text)))
        if name == "g":
            self._group = ""
        elif name in ("path", "circle") and not self.sheet.marks[-1].title:
            self._findings.add("the shape has no title", self.sheet.marks[-1].at, "add <title>its name</title>")
        self._text = None

    def _hear(self, name: str, text: str) -> None:
        owner = self._names[-1]
        where = self.sheet.marks[-1].at if owner in ("path", "circle") else name.rpartition("}")[2]
        cap = "LABEL_CHARACTERS" if name == "title" else "TEXT_CHARACTERS"
        if hidden(text):
            self._findings.add(f"the text holds {hidden(text)}", where, "delete the character")
        if len(text) > getattr(limits, cap):
            self._findings.add(limits.over(cap, len(text), "characters"), where, "shorten it")
        if name in WORDS:
            self.sheet.words[WORDS[name]] = text
        elif owner == "svg":
            self.sheet.title = text
        elif owner in ("path", "circle"):
            self.sheet.marks[-1].title = text

    def close(self) -> None:
        """The parser's last call; the sheet is read from the target."""


def one_line(text: str) -> str:
    """The text as XML's white space means it: a run of blanks, tabs and line ends is one blank."""
    return _SPACE.sub(" ", text).strip(" ")


def numbers(text: str) -> list[float]:
    """Plain decimal numbers between blanks or commas; ValueError for anything else."""
    tokens = text.replace(",", " ").split()
    if not all(_DECIMAL.fullmatch(token) for token in tokens):
        raise ValueError(f"'{text[:40]}' are not plain decimal numbers")
    return [float(token) for token in tokens]


def polylines(data: str, *, ends: str) -> list[list[float]]:
    """The lines of a path as flat lists x, y, x, y, ...; each must end in `ends`: "Z" (closed) or "" (open).

    ValueError says what is wrong with the path.

    >>> polylines("M0 0L9 0 9 9Z", ends="Z")
    [[0.0, 0.0, 9.0, 0.0, 9.0, 9.0]]
    """
    drawable = _DRAWABLE.match(data)
    if drawable and drawable.end() < len(data):
        raise ValueError(f"'{data[drawable.end()]}' in a path: only absolute M, L and Z are read")
    before, *pieces = data.split("M")
    if before.strip() or not pieces:
        raise ValueError("a path must begin with M")
    if len(pieces) > limits.SHAPE_RINGS:
        raise ValueError(limits.over("SHAPE_RINGS", len(pieces), "rings in a shape"))
    return [_polyline(piece, ends) for piece in pieces]


def _polyline(piece: str, ends: str) -> list[float]:
    body, end, rest = piece.partition("Z")
    if end != ends or rest.strip():
        raise ValueError("every ring must be closed by one Z" if ends else "a line of pull must stay open, without Z")
    tokens: list[str] = []
    for segment in body.replace(",", " ").split("L"):
        pairs = segment.split()
        if not pairs or len(pairs) % 2:
            raise ValueError(f"'{segment.strip()[:40]}' in a path: pairs of numbers expected after M and L")
        tokens += pairs
    try:
        line = list(map(float, tokens))
    except ValueError as error:
        raise ValueError(f"{error} in a path") from None
    if len(line) > 2 * limits.RING_VERTICES:
        raise ValueError(limits.over("RING_VERTICES", len(line) // 2, "vertices in a ring"))
    if max(map(abs, line)) > limits.COORDINATE_MM:
        raise ValueError(f"a coordinate is {max(line, key=abs):g}: farther than any body reaches")
    return line
