"""What is written in a node: whether it is zero or holds a differential, how long it is, whether it is positive."""

from __future__ import annotations

from docgen.algebra.memo import kept
from docgen.algebra.node import Node

#: Scalar functions that are positive everywhere.
POSITIVE_FUNCTIONS = frozenset({"exp", "sigma", "cosh"})


@kept
def has_d(node: Node) -> bool:
    """Whether a differential occurs in the node."""
    return node.op == "d" or any(has_d(arg) for arg in node.args)


#: Operators that are zero as soon as one argument is, and those that are zero when every argument is.
_ZERO_IF_ANY = frozenset({"mul", "had", "kron", "inner"})
_ZERO_IF_ALL = frozenset(
    {"add", "T", "tr", "sum", "diag", "dg", "vec", "unvec", "total", "d", "norm", "normsq", "norm1", "mpow"}
)


@kept
def is_zero(node: Node) -> bool:
    """Whether the node is zero as it is written: the number 0, a matrix of zeros, a product or sum of such."""
    op = node.op
    if op in _ZERO_IF_ANY:
        return any(is_zero(arg) for arg in node.args)
    if op in _ZERO_IF_ALL or (op == "pow" and node.data > 0):
        return all(is_zero(arg) for arg in node.args)
    return op == "zeros" or (op == "num" and not node.data)


def is_one(node: Node) -> bool:
    """Whether the node is the number 1, or 1 in every entry."""
    return node.op == "ones" or (node.op == "num" and node.data == 1)


@kept
def transposes(node: Node) -> int:
    """How many transposes are written in the node; the row 1ᵀ of ones is as plain as the column."""
    return (node.op == "T" and node.args[0].op != "ones") + sum(transposes(arg) for arg in node.args)


@kept
def weight(node: Node) -> int:
    """How long the node is as written: symbols, numbers, operator names, signs and transposes."""
    own = {"add": len(node.args) - 1, "mul": 0, "had": len(node.args) - 1, "num": 1 if node.data != -1 else 0}
    return own.get(node.op, 1) + sum(weight(arg) for arg in node.args)


def is_positive(node: Node) -> bool:
    """Whether a scalar or every entry is known to be positive (so that powers of it multiply)."""
    if node.op == "num":
        return bool(node.data > 0)
    if node.op == "sym":
        return "positive" in node.data.assumptions and node.shape.kind != "matrix"
    if node.op == "fn":
        return node.data in POSITIVE_FUNCTIONS
    return node.op in ("norm", "norm1", "softmax")
