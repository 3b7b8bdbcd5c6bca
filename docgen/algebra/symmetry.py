"""The use of declared symmetries: a step that a reader wants to see, so no constructor takes it by itself."""

from __future__ import annotations

from docgen.algebra.memo import kept
from docgen.algebra.node import Node, transpose, walk, zeros
from docgen.algebra.normal import flip, sum_of
from docgen.algebra.renormal import renormal

SYMMETRIC = frozenset({"symmetric", "positive_definite", "diagonal"})


def is_symmetric(node: Node) -> bool:
    """Whether a square matrix equals its transpose: declared, or because its normal form with the declared symmetries
    equals that of its transpose."""
    if node.shape.rows is not node.shape.cols:
        return False
    if node.op == "sym":
        return bool(node.data.assumptions & SYMMETRIC)
    return with_symmetry(flip(node)) is with_symmetry(node)


@kept
def with_symmetry(node: Node) -> Node:
    """The node with Aᵀ replaced by A wherever A is declared symmetric."""
    if not any(at.op == "T" for at in walk(node)):
        return node
    if node.op == "T":
        inside = with_symmetry(node.args[0])
        if inside.op == "sym" and inside.data.assumptions & SYMMETRIC:
            return inside
        if inside.op in ("sym", "d"):  # not flipped: to drop the transpose of a scalar is no use of a symmetry
            return transpose(inside)
        if inside.op == "inv" and with_symmetry(flip(inside.args[0])) is inside.args[0]:
            return inside
        if inside.op == "add" and sum_of([with_symmetry(flip(term)) for term in inside.args]) is sum_of(
            [inside, zeros(inside.shape)]
        ):
            return inside
        return flip(inside)
    args = [with_symmetry(arg) for arg in node.args]
    if tuple(args) == node.args:
        return node
    return renormal(node, args)
