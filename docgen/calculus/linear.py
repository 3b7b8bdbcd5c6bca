"""Terms that are linear in one differential: how they are taken apart, put together, and replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from docgen.algebra.memo import kept
from docgen.algebra.node import Node, had, make, mul, rebuild, unary
from docgen.algebra.normal import flip, parts, product
from docgen.algebra.properties import has_d, is_one
from docgen.algebra.sizes import ONE, SCALAR

#: How the coefficient meets the differential: ``left`` A de, ``trace`` tr(A dE), ``right`` (de) A for a row. Without a
#: coefficient: ``sandwich`` A dE B (also with dEᵀ, or any matrix that holds one), ``total`` a sum over samples.
Form = Literal["left", "trace", "right", "sandwich", "total"]


@dataclass(frozen=True, slots=True)
class Linear:
    """A term in canonical form: ``coefficient`` and the differentiated node ``of``; ``node`` is the term as printed."""

    form: Form
    coefficient: Node | None
    of: Node
    node: Node


@kept
def d_inside(node: Node) -> Node:
    """The one differential in a term (its ``d`` node)."""
    return node if node.op == "d" else next(d_inside(arg) for arg in node.args if has_d(arg))


def apply(coefficient: Node, differential: Node) -> Node:
    """The product coefficient · de as it is printed, de last, nothing cut out of the coefficient; an identity before
    the differential of a vector or matrix is not written."""
    head = _opened(coefficient) if coefficient.op == "mul" else (coefficient,)
    if head[-1].op == "eye" and not differential.is_scalar:
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
        if not is_one(head) or not flat:
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
    head = product(front)
    return core if is_one(head) else splice([head, core])
