"""Generates small changes to a module, one at a time, such as a mistake or a forger would make. No code is run here."""

from __future__ import annotations

import ast
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
DROPPED = (ast.Expr, ast.AugAssign, ast.Raise)


class Mutant(NamedTuple):
    """A module with one change: the place of the change, and the code there before and after the change."""

    place: str  # the qualified name of the changed function, such as Frontier.add; "" for code outside functions
    before: str
    after: str
    tree: ast.Module  # the unchanged module
    node: ast.AST
    changed: ast.AST

    @property
    def name(self) -> str:
        """The mutant's unique name in its module. Edits elsewhere in the module do not change this name."""
        return f"{self.place or '(module)'}: {self.before} → {self.after}"

    def source(self) -> str:
        """Returns the source of the changed module. This source is generated on demand, because a module has hundreds
        of mutants.
        """
        with self._made():
            return ast.unparse(self.tree)

    def code(self, path: str) -> CodeType:
        """Returns the changed module as compiled code. Unchanged lines keep their line numbers."""
        with self._made():
            return compile(ast.fix_missing_locations(self.tree), path, "exec", dont_inherit=True)

    @contextmanager
    def _made(self) -> Iterator[None]:
        _Replaced(self.node, self.changed).visit(self.tree)
        try:
            yield
        finally:
            _Replaced(self.changed, self.node).visit(self.tree)


class _Replaced(ast.NodeTransformer):
    """Replaces one node of a syntax tree by another node, in place."""

    def __init__(self, node: ast.AST, other: ast.AST) -> None:
        self._node, self._other = node, other

    def visit(self, node: ast.AST) -> ast.AST:
        return self._other if node is self._node else self.generic_visit(node)


def mutants(source: str) -> Iterator[Mutant]:
    """Yields every mutant of a module in the order of its source. Mutants with equal names are numbered."""
    tree = ast.parse(source)
    seen: dict[str, int] = {}
    for place, node in _changeable(tree):
        before = ""
        for changed in _changes(node):
            before = before or _line(node)
            after = "(nothing)" if isinstance(changed, ast.Pass) else _line(changed)
            mutant = Mutant(place, before, after, tree, node, changed)
            seen[mutant.name] = number = seen.get(mutant.name, 0) + 1
            yield mutant if number == 1 else mutant._replace(after=f"{mutant.after} ({number})")


def _line(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())


def _changeable(tree: ast.AST, place: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Yields the nodes that may be changed, each with the name of the function or class around it. Annotations and
    string literals are left out.
    """
    for field, value in ast.iter_fields(tree):
        if field in {"annotation", "returns", "decorator_list"} or (
            field == "keywords" and isinstance(tree, ast.ClassDef)
        ):
            continue
        for node in value if isinstance(value, list) else [value]:
            if not isinstance(node, ast.AST) or _is_for_types(node):
                continue
            named = isinstance(node, ast.FunctionDef | ast.ClassDef)
            inside = f"{place}.{node.name}".lstrip(".") if isinstance(node, ast.FunctionDef | ast.ClassDef) else place
            if not named:
                yield place, node
            yield from _changeable(node, inside)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left=left, ops=ops, comparators=right):
            for at, operator in enumerate(ops):
                yield ast.Compare(left, [*ops[:at], COMPARED[type(operator)](), *ops[at + 1 :]], right)
        case ast.BoolOp(op=operator, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
            yield from (_without(node, at) for at in range(len(values)))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(left=left, op=operation, right=other) if type(operation) in COMPUTED:
            yield ast.BinOp(left, COMPUTED[type(operation)](), other)
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.Return(value=value) if value is not None and not _is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.If(test=ast.Name() | ast.Call() | ast.Attribute() as test, body=body, orelse=orelse):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.IfExp(test=ast.Name() | ast.Call() | ast.Attribute() as test, body=value, orelse=other):
            yield ast.IfExp(ast.UnaryOp(ast.Not(), test), value, other)
        case ast.Expr(value=ast.Constant()):  # a docstring
            return
        case _ if isinstance(node, DROPPED):
            yield ast.Pass()


def _without(node: ast.BoolOp, at: int) -> ast.AST:
    rest = [value for place, value in enumerate(node.values) if place != at]
    return rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
