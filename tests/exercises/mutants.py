"""Small changes to a function's source, one at a time, each giving a new function.

They stand for slips: another operator, a constant off by one, arguments exchanged, a call dropped.
"""

import ast
import copy
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

OPERATORS = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Div, ast.Add, ast.Pow),
    ast.Div: (ast.Mult, ast.Sub, ast.FloorDiv),
    ast.Pow: (ast.Mult, ast.Add),
    ast.MatMult: (ast.Mult,),
}
COMPARISONS = {
    ast.Lt: (ast.GtE, ast.LtE),
    ast.LtE: (ast.Gt, ast.Lt),
    ast.Gt: (ast.LtE, ast.GtE),
    ast.GtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
DROPPED = {"abs", "sqrt", "clip", "norm", "arccos", "exp", "log", "mean", "sum", "maximum"}


@dataclass(frozen=True)
class Mutant:
    """A changed function and the change: ``"line 3: w + h → w - h"``."""

    change: str
    function: Callable[..., Any]


def mutants(function: Callable[..., Any]) -> Iterator[Mutant]:
    """Iterate over all mutants of a function defined at the top level of a module."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    (definition,) = tree.body
    assert isinstance(definition, ast.FunctionDef)
    for statement in definition.body:
        for node in ast.walk(statement):
            for variant in _variants(node):
                new = _Replace(node, variant).visit(copy.copy(tree))
                change = f"line {node.lineno}: {ast.unparse(node)} → {ast.unparse(variant)}"
                yield Mutant(change, _compile(new, function))


def _variants(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp):
        for operator in OPERATORS.get(type(node.op), ()):
            yield ast.BinOp(node.left, operator(), node.right)
        if not isinstance(node.op, ast.Add | ast.Mult):
            yield ast.BinOp(node.right, node.op, node.left)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for value in (node.value + 1, node.value - 1, node.value * 2):
            if value != node.value:
                yield ast.Constant(value)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for comparison in COMPARISONS.get(type(node.ops[0]), ()):
            yield ast.Compare(node.left, [comparison()], node.comparators)
    elif isinstance(node, ast.Call):
        yield from _call_variants(node)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield ast.Return(ast.UnaryOp(ast.USub(), node.value))


def _call_variants(node: ast.Call) -> Iterator[ast.AST]:
    for i in range(len(node.args) - 1):
        args = node.args.copy()
        args[i], args[i + 1] = args[i + 1], args[i]
        yield ast.Call(node.func, args, node.keywords)
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
    if name in DROPPED and node.args:
        yield node.args[0]


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self.old:
            return self.new
        fresh = copy.copy(node)
        for field, value in ast.iter_fields(node):
            if isinstance(value, list):
                visited = [self.visit(v) if isinstance(v, ast.AST) else v for v in value]
                setattr(fresh, field, visited)
            elif isinstance(value, ast.AST):
                setattr(fresh, field, self.visit(value))
        return fresh


def _compile(tree: ast.AST, original: Callable[..., Any]) -> Callable[..., Any]:
    namespace = dict(vars(sys.modules[original.__module__]))
    module = ast.fix_missing_locations(tree)
    exec(compile(module, f"<mutant of {original.__name__}>", "exec"), namespace)
    mutant: Callable[..., Any] = namespace[original.__name__]
    return mutant
