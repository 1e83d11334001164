"""All limits of sizes and counts, each with its reason; readers and writers apply them.

They let a file of any origin fail with one clear line, within a second and within ordinary memory, and are far above
what a whole-body atlas needs. A message about a limit names its constant, which can then be raised here.
"""

from __future__ import annotations

JSON_BYTES = 16 * 1024 * 1024  # a pattern file of 112 points is about 1 MB; parsing costs up to 15 times its size
JSON_VALUES = 1_000_000  # brackets, commas and colons of a file; each value costs memory many times its bytes
SVG_BYTES = 5 * 1024 * 1024  # an outline with every region and muscle is about 0.3 MB
DEPTH = 32  # the deepest place of a pattern file is 10 levels down, of an outline 3
TOO_DEEP = f"nested deeper than {DEPTH} levels (trigpoint.limits.DEPTH)"
PROBLEMS = 100  # lines of errors: more are not read before the first ones are mended
PROBLEMS_NOTED = 10_000  # after so many a file is not read any further: to note a million would take seconds
COMPARISONS = 10_000  # of mistyped names with known ones, in one file; 0.1 ms at worst, and there are 100 regions

RING_VERTICES = 10_000  # a silhouette at 0.3 mm has about 1,500; the validity test is quick up to here
SHAPE_RINGS = 1_000  # rings of one shape; the most in a shipped outline is 31
RING_PAIRS = 1_000_000  # of rings in one shape, over a file: 0.5 us to know which lies in which; an outline has 3,000
NESTED_RINGS = 32  # in one another: what is done with a shape grows with the square, 990 took 12 s a figure; 3 ship
CHAIN_PAIRS = 50_000_000  # of edges that run one way, in one shape, over a file: 20 ns to hold two against each other
REPAIR_PAIRS = 100_000  # of edges whose boxes overlap: a repair of as many takes 1 s, and a slip of the pen has few
FILE_VERTICES = 200_000  # a fully drawn outline has about 10,000
SHAPES = 20_000  # paths and circles of one outline; a full one has about 500
INDEX_BYTES = 2 * 1024 * 1024  # where the structures of a body are; 400 of them take about 0.1 MB
STRUCTURES = 5_000  # of one index; a whole body has about 400
WARP_BYTES = 4 * 1024 * 1024  # the grids of a body, 20 mm apart, are about 0.1 MB
WARP_NODES = 50_000  # of one grid; 20 mm apart over a whole view it has about 4,000
WARP_MM = 500  # how far a warp may move a place; the shipped ones stay under 60 mm
ITEMS = 100_000  # entries of a list

MANIFEST_BYTES = 32 * 1024 * 1024  # 100,000 rows of ten columns in JSON are about 25 MB
MANIFEST_ROWS = 100_000  # figures of one run; more are several runs
MANIFEST_COLUMNS = 200  # a spreadsheet of a study has some dozens
MANIFEST_VALUES = 4_000_000  # brackets, commas and colons of a manifest in JSON; each value costs memory
CELL_CHARACTERS = 4_000  # one cell; names and titles have 200 at most
DOTTED_PARTS = 32  # of one TOML key a.b.c: the parser's time grows with their square

LABEL_CHARACTERS = 200  # a name or label that still fits beside a drawing
TEXT_CHARACTERS = 4_000  # a note, a citation: one long paragraph
COORDINATE_MM = 5_000  # reach of the view frame; the body is 1,700 mm tall

PROCESSES = 256  # of a batch on one machine; each takes about 100 MB
SECONDS = 86_400  # a day for one figure is as good as no limit

WIDTH_MIN = 40.0  # mm on paper: a thumbnail that still holds 6 pt text
WIDTH_MAX = 420.0  # mm: the long side of A3
NAME_BYTES = 255  # the longest file name that common file systems take
PNG_SIDE = 8_192  # pixels; viewers and the renderer's own limits begin above
PNG_PIXELS = 32_000_000  # 128 MB of RGBA while drawing
DPI_MIN = 10
DPI_MAX = 1_200  # the most that a journal requires (line art)

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")  # set to 1: no figure multiplies matrices


def over(name: str, actual: int, what: str) -> str:
    """The words for a limit that is exceeded: how many of what, the limit and where it is set.

    >>> over("LABEL_CHARACTERS", 1234, "characters in a label")
    '1,234 characters in a label, more than the limit of 200 (trigpoint.limits.LABEL_CHARACTERS)'
    """
    limit: int = globals()[name]
    return f"{actual:,} {what}, more than the limit of {limit:,} (trigpoint.limits.{name})"
