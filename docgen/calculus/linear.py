"""Terms that are linear in one differential: how they are taken apart, put together, and replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docgen.algebra.node import Node, had, make, mul, num, rebuild, unary
from docgen.algebra.normal import flip, has_d, parts, product
from docgen.algebra.sizes import ONE, SCALAR

#: How the coefficient meets the differential: ``left`` A de, ``trace`` tr(A dE), ``right`` (de) A for a row,
#: ``sandwich`` A dE B (also with dEᵀ, or any matrix that holds one), ``vec`` J vec(dE).
Form = str


@dataclass(frozen=True, slots=True)
class Linear:
    """A term in canonical form: ``coefficient`` and the differentiated node ``of``; ``node`` is the term as printed."""

    form: Form
    coefficient: Node | None
    of: Node
    node: Node


def d_inside(node: Node) -> Node:
    """The one differential in a term (its ``d`` node)."""
    found: Node | None = node.memo.get("the d")
    if found is None:
        found = node if node.op == "d" else next(d_inside(arg) for arg in node.args if has_d(arg))
        node.memo["the d"] = found
    return found


def apply(coefficient: Node, differential: Node) -> Node:
    """The product coefficient · de as it is printed, de last, nothing cut out of the coefficient."""
    if differential.is_scalar and not coefficient.is_scalar:
        return mul([*(_opened(coefficient) if coefficient.op == "mul" else (coefficient,)), differential])
    taken = parts(coefficient)
    if taken.number == 1 and not taken.scalars and not taken.chain:
        return differential
    if coefficient.op == "eye":
        return differential
    head = _opened(coefficient) if coefficient.op == "mul" else (coefficient,)
    if head and head[-1].op == "eye":
        head = head[:-1]
    return mul([*head, differential])


def splice(factors: Sequence[Node]) -> Node:
    """A product in the given order with nested products opened; numbers and scalars that are not products of vectors
    go to the front, multiplied together."""
    front: list[Node] = []
    flat: list[Node] = []
    for factor in factors:
        for piece in _opened(factor, flat) if factor.op == "mul" and len(factors) > 1 else (factor,):
            if piece.shape is SCALAR and piece.op not in ("mul", "inner", "tr", "total", "add") and not has_d(piece):
                front.append(piece)
            else:
                flat.append(piece)
    if front:
        head = product(front)
        if head.op != "num" or head.data != 1 or not flat:
            flat[:0] = head.args if head.op == "mul" and all(arg.shape is SCALAR for arg in head.args) else (head,)
    return mul(flat)


def _opened(factor: Node, before: Sequence[Node] = ()) -> Sequence[Node]:
    """The factors of a nested product; a 1 x 1 chain in the middle of a longer product keeps its brackets."""
    if factor.shape is not SCALAR:
        inner = any(arg.shape.cols is ONE and arg.shape is not SCALAR for arg in factor.args[:-1])
        return _bracketed(factor.args) if before and inner else factor.args
    if has_d(factor) and (not before or mul(before).shape.cols is ONE):
        return factor.args
    chain = [arg for arg in factor.args if arg.shape is not SCALAR]
    scalars = [arg for arg in factor.args if arg.shape is SCALAR]
    return [*scalars, mul(chain)] if chain else scalars


def _bracketed(factors: Sequence[Node]) -> list[Node]:
    """The factors of a product with each 1 x 1 chain among them as one factor."""
    found: list[Node] = []
    chain: list[Node] = []
    for factor in factors:
        if factor.shape is SCALAR:
            found.append(factor)
            continue
        chain.append(factor)
        if mul(chain).shape is SCALAR:
            found.append(mul(chain))
            chain = []
    return [*found, *chain]


def graft(node: Node, old: Node, new: Node) -> Node:
    """``node`` with its differential ``old`` replaced by the term ``new``: products spliced, nothing moved."""
    if node is old:
        return new
    args = [graft(arg, old, new) if has_d(arg) and d_inside(arg) is old else arg for arg in node.args]
    op = node.op
    if op == "mul":
        return splice(args)
    if op == "T":
        return args[0] if args[0].shape is SCALAR else flip(args[0])
    if op in ("had", "tr", "sum", "diag", "dg", "vec", "total", "kron", "inner"):
        position = next((i for i, arg in enumerate(args) if has_d(arg)), 0)
        numbers = [a for a in args[position].args if a.op == "num"] if args[position].op == "mul" else []
        if numbers:  # numbers come out of linear operators
            args[position] = splice([a for a in args[position].args if a.op != "num"])
            inside = had(args) if op == "had" else rebuild(node, args)
            return splice([*numbers, inside])
        if op == "had":
            flat = [piece for arg in args for piece in (arg.args if arg.op == "had" else (arg,))]
            return had(flat)
        return rebuild(node, args)
    return rebuild(node, args)


def trace(matrix: Node) -> Node:
    """The trace as printed: numbers and scalars in front, nothing rotated."""
    taken = parts(matrix)
    if matrix.op == "mul" and (taken.number != 1 or any(not has_d(b) for b, _ in taken.scalars)):
        scalars = [arg for arg in matrix.args if arg.shape is SCALAR]
        rest = [arg for arg in matrix.args if arg.shape is not SCALAR]
        if rest:
            return splice([*scalars, make("tr", (mul(rest),), None, SCALAR)])
    return unary("tr", matrix)


def ordered(front: Sequence[Node], core: Node) -> Node:
    """Scalars in normal form in front of a term."""
    head = product(list(front)) if front else num(1)
    if head.op == "num" and head.data == 1:
        return core
    return splice([head, core])
