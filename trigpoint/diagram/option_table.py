"""The table of a figure's options, one row an option.

`Diagram`'s checks, the flags of the command line, the columns and placeholders of a manifest, its schema and the page
docs/options.md are made from these rows (the last two by `python -m authoring.options`). A new option is a row here, a
parameter of `Diagram`, and its use. The module loads no library, so that `--help` is quick.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from .. import limits
from ..plate.spec import ANNOTATIONS, LABELS, LAYERS, PANELS

LOOKS, SUBJECT, PLACE = "how it looks", "what to draw", "where to"  # groups of `trigpoint render --help`
DPI = 300.0  # of a figure without a preset
HEIGHT = (40.0, 600.0)  # mm of a page: a thumbnail; the long side of A2
MUSCLES = ("muscle", "muscles")  # columns: two words for one thing
MANY_CHOICES = 6  # more are a plain list, not a sentence


class Option(NamedTuple):
    """One option.

    `name` is the keyword of `Diagram`; `kind` is one value, one or several, or a number. `choices` are all that there
    are, unless `open`: the data bring more. `default` is None where it depends on the figure. `noun` is what messages
    call one value. `least`, `most` and `unit` are a number's. `whole` lets whole numbers stand among several names,
    `signed` a + or - before each. `part` is what the option belongs to: the diagram, its files, or a manifest's row.
    `aliases` are further flags, `columns` the names of its column where they are not the option's own, `placeholder`
    is its name in titles and file names.
    """

    name: str
    kind: Literal["one", "several", "number"]
    help: str
    choices: tuple[str, ...] = ()
    default: str | None = None
    noun: str = ""
    open: bool = False
    least: float = 0.0
    most: float = 0.0
    unit: str = ""
    whole: bool = False
    signed: bool = False
    part: Literal["diagram", "file", "row"] = "diagram"
    group: str = LOOKS
    metavar: str | None = None
    aliases: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    placeholder: str = ""

    @property
    def closed(self) -> bool:
        """Whether the choices are all that there are; capitals and small letters are then alike."""
        return bool(self.choices) and not self.open

    @property
    def flags(self) -> tuple[str, ...]:
        """The option's flags on the command line; none for a positional argument."""
        return (f"--{self.name}", *self.aliases) if self.group else ()

    @property
    def described(self) -> str:
        """The help with the choices, the default marked.

        >>> option("side").described
        "the patient's side: right (default) or left"
        """
        if not self.choices:
            return self.help
        said = [f"{each} (default)" if each == self.default else each for each in self.choices]
        if self.kind == "several" or len(said) > MANY_CHOICES:
            return f"{self.help}: {', '.join(said)}"
        return f"{self.help}: {' or '.join([', '.join(said[:-1]), said[-1]])}"


# fmt: off
OPTIONS = (
    Option("muscles", "several", "a muscle by id, name or alias; several share one plate",
           group="", columns=MUSCLES, placeholder="muscle"),
    Option("output", "one", "the file's name below the output folder, such as {muscle}-{patient}.{format}",
           part="row", group=""),
    Option("format", "several", "kinds of file (the preset's first, or svg, if left out)",
           choices=("svg", "png", "pdf", "eps", "tiff"), part="file", group=PLACE, metavar="F,F", placeholder="format"),
    Option("dpi", "number", f"pixels an inch of PNG and TIFF (the preset's, or {DPI:g}, if left out)",
           least=limits.DPI_MIN, most=limits.DPI_MAX, part="file", group=PLACE, metavar="N", placeholder="dpi"),
    Option("points", "several", "only these trigger points, for example 1,2",
           noun="trigger point", whole=True, group=SUBJECT, metavar="N,N", placeholder="points"),
    Option("side", "one", "the patient's side",
           choices=("right", "left"), default="right", group=SUBJECT, placeholder="side"),
    Option("views", "several", "views in this order (those that show the zones if left out)",
           choices=("anterior", "posterior", "left", "right"), noun="view",
           group=SUBJECT, metavar="V,V", placeholder="view"),
    Option("body", "one", "the body to draw on",
           choices=("neutral", "female", "male"), default="neutral", open=True, group=SUBJECT, placeholder="body"),
    Option("theme", "one", "colours and lines",
           choices=("plate", "print", "contrast", "dark", "blueprint"), default="plate", placeholder="theme"),
    Option("language", "one", "language of what is named",
           choices=("en", "la", "de", "fr", "es", "pt", "it", "zh", "ja"), default="en", open=True,
           metavar="CODE", aliases=("--lang",), placeholder="language"),
    Option("width", "number", "width on paper in millimetres",
           least=limits.WIDTH_MIN, most=limits.WIDTH_MAX, unit="mm", metavar="MM", placeholder="width"),
    Option("title", "one", "a title in place of the muscle's name", metavar="TEXT"),
    Option("layers", "several", "only these layers, or changes of the usual ones, as +scale,-key",
           choices=LAYERS, noun="layer", signed=True, metavar="L,L"),
    Option("layout", "one", "several muscles on one plate", choices=("together", "grid"), metavar="NAME"),
    Option("overlay", "one", "what refers to each place", choices=("count", "prevalence"), metavar="NAME"),
    Option("panels", "one", "of one muscle: a panel for each trigger point, or all points together",
           choices=PANELS, default="auto", metavar="HOW"),
    Option("preset", "one", "for a family of journals, such as elsevier-single; 'trigpoint presets' lists them",
           metavar="NAME", placeholder="preset"),
    Option("labels", "one", "how names stand: beside the body, as numbers and a key, as blank lines (auto if left out)",
           choices=LABELS, metavar="HOW"),
    Option("annotate", "several", "what is named (muscle and points if left out)",
           choices=ANNOTATIONS, noun="annotation", metavar="A,A"),
    Option("height", "number", "the most that the page may be tall, in millimetres",
           least=HEIGHT[0], most=HEIGHT[1], unit="mm", metavar="MM"),
    Option("inset", "several", "regions to enlarge beside the body, such as sacral", noun="region", metavar="R,R"),
    Option("text", "one", "letters in SVG and PDF, as text or as outlines (EPS: always paths)",
           choices=("live", "paths"), default="live", metavar="KIND"),
)
# fmt: on


def option(name: str) -> Option:
    """The row of an option."""
    return next(each for each in OPTIONS if each.name == name)


def looks() -> tuple[Option, ...]:
    """The options of a diagram besides its muscles, in the order of its parameters."""
    return tuple(each for each in OPTIONS if each.part == "diagram" and each.name != "muscles")


def placeholders() -> tuple[str, ...]:
    """The names that stand for options in titles and file names."""
    return tuple(each.placeholder for each in OPTIONS if each.placeholder)
