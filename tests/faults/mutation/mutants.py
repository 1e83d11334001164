"""Small mistakes for a module: every way in which one operator, constant, condition or statement is made wrong.

A mutant is the module's text with one such mistake. Prose (strings with blanks, docstrings) and annotations are left
alone: a message may be worded anew without any test failing. Nothing is run here.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

NEGATED = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt,
}  # fmt: skip
SHIFTED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPERATED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
SAID_ONLY = ("__slots__", "__all__")


@dataclass(frozen=True)
class Mutant:
    """One mistake: where it is, what it is, and the whole module with it."""

    line: int
    what: str
    source: str

    def told(self, sound: str) -> str:
        """The mistake in one line, with the first line of the module that it makes another."""
        pairs = zip(sound.splitlines(), self.source.splitlines(), strict=False)
        text = next((line.strip() for old, line in pairs if old != line), "")
        return f"{self.line}: {self.what}: {text[:120]}"


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a module's source."""
    tree = ast.parse(source)
    found = []
    for number, (node, mistakes) in enumerate(_places(tree)):
        for what, spoil in mistakes:
            spoiled = copy.deepcopy(tree)
            place = next(node for count, (node, _) in enumerate(_places(spoiled)) if count == number)
            spoil(place)
            text = ast.unparse(ast.fix_missing_locations(spoiled))
            found.append(Mutant(getattr(node, "target", node).lineno, what, text))
    same = ast.unparse(tree)
    return [mutant for mutant in found if mutant.source != same]


Mistake = tuple[str, Callable[[ast.AST], None]]


def _places(tree: ast.Module) -> Iterator[tuple[ast.AST, list[Mistake]]]:
    """The nodes that can be made wrong, each with its mistakes, in an order that a copy of the tree has too."""
    silent = {id(part) for node in ast.walk(tree) for part in _silent(node)}
    for node in ast.walk(tree):
        if id(node) not in silent and (mistakes := _mistakes(node)):
            yield node, mistakes


def _silent(node: ast.AST) -> Iterator[ast.AST]:
    """What the program does not act upon: annotations, docstrings, parts of f-strings, imports for types."""
    for name in ("annotation", "returns"):
        if getattr(node, name, None) is not None:
            yield from ast.walk(getattr(node, name))
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield from ast.walk(node)
    if isinstance(node, ast.JoinedStr):
        yield from (part for part in node.values if isinstance(part, ast.Constant))
    if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        yield from ast.walk(node.format_spec)
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        yield from ast.walk(node)
    if isinstance(node, ast.AnnAssign | ast.Assign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        kind = getattr(getattr(node, "annotation", None), "id", "")
        if kind == "TypeAlias" or any(isinstance(target, ast.Name) and target.id in SAID_ONLY for target in targets):
            yield from ast.walk(node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("TypeVar", "AssertionError"):
        yield from ast.walk(node)


def _mistakes(node: ast.AST) -> list[Mistake]:
    match node:
        case ast.Compare(ops=ops):
            made = [_operator(index, table) for index in range(len(ops)) for table in (NEGATED, SHIFTED)]
            return [mistake for mistake, table in zip(made, (NEGATED, SHIFTED) * len(ops), strict=True) if mistake]
        case ast.BoolOp():
            return [("and/or", lambda node: setattr(node, "op", _other(node.op)))]
        case ast.UnaryOp(op=ast.Not()):
            return [("not left out", _without_not)]
        case ast.BinOp(op=op) if type(op) in OPERATED and not _is_type(node):
            return [("operator", lambda node: setattr(node, "op", OPERATED[type(node.op)]()))]
        case ast.Constant(value=bool()):
            return [("constant", lambda node: setattr(node, "value", not node.value))]
        case ast.Constant(value=int() | float()):
            return [("constant + 1", lambda node: setattr(node, "value", node.value + 1))]
        case ast.Constant(value=str() as text) if " " not in text:
            return [("string", lambda node: setattr(node, "value", "" if node.value else "XX"))]
        case ast.If() | ast.While() | ast.IfExp():
            return [("condition", lambda node: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test)))]
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            return [("returns None", lambda node: setattr(node, "value", ast.Constant(None)))]
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()) | ast.AugAssign() | ast.Raise():
            return [("statement left out", _left_out)]
        case ast.Continue() | ast.Break():
            return [("statement left out", _left_out)]
        case ast.comprehension(ifs=[_, *_]):
            return [("filter left out", lambda node: setattr(node, "ifs", []))]
    return []


def _operator(index: int, table: dict[type[ast.cmpop], type[ast.cmpop]]) -> Mistake | None:
    def spoil(node: ast.AST) -> None:
        kind = type(node.ops[index])
        if kind in table:
            node.ops[index] = table[kind]()

    return ("comparison negated" if table is NEGATED else "comparison shifted", spoil)


def _other(op: ast.boolop) -> ast.boolop:
    return ast.Or() if isinstance(op, ast.And) else ast.And()


def _without_not(node: ast.AST) -> None:
    """Turn `not x` into `not not x`, which is the truth of x."""
    node.operand = ast.UnaryOp(ast.Not(), node.operand)


def _left_out(node: ast.AST) -> None:
    """Make a statement do nothing, in its own place."""
    node.__class__ = ast.Pass
    node.__dict__ = {key: value for key, value in node.__dict__.items() if "lineno" in key or "offset" in key}


def _is_type(node: ast.BinOp) -> bool:
    """Whether `a | b` joins types, as in `str | None`."""
    parts = (node.left, node.right)
    return isinstance(node.op, ast.BitOr) and any(
        isinstance(part, ast.Constant) or (isinstance(part, ast.Name) and part.id in ("str", "int", "float", "bytes"))
        for part in parts
    )
