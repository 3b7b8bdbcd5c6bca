"""Solved problems built node by node, for the tests of statements and solutions; no formula is read."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from docgen.algebra.node import (
    Node,
    Symbol,
    add,
    fn,
    inner,
    mul,
    num,
    sym,
    transpose,
    unary,
    workspace,
)
from docgen.algebra.sizes import ONE, SCALAR, Size, shape, size
from docgen.calculus.derivation import Function, Solution
from docgen.calculus.derive import derive_all
from docgen.calculus.request import Request

N, M, D = size("n"), size("m"), size("d")
L = size(r"\ell")


def vector(name: str, rows: Size = N, *assume: str) -> Node:
    return sym(Symbol(name, frozenset(assume)), shape(rows, ONE))


def matrix(name: str, rows: Size = N, cols: Size = N, *assume: str) -> Node:
    return sym(Symbol(name, frozenset(assume)), shape(rows, cols))


def _linear() -> tuple[Node, Node, list[Node]]:
    a, x = vector("a"), vector("x")
    return mul([transpose(a), x]), x, [a, x]


def _quadratic() -> tuple[Node, Node, list[Node]]:
    x, A = vector("x"), matrix("A")
    return mul([transpose(x), A, x]), x, [x, A]


def _symmetric() -> tuple[Node, Node, list[Node]]:
    x, A = vector("x"), matrix("A", N, N, "symmetric")
    return mul([transpose(x), A, x]), x, [x, A]


def _sandwich() -> tuple[Node, Node, list[Node]]:
    a, A, X = vector("a"), matrix("A"), matrix("X")
    return mul([transpose(a), X, A, X, a]), X, [a, X, A]


def _cubic() -> tuple[Node, Node, list[Node]]:
    x = vector("x")
    return mul([x, transpose(x), x]), x, [x]


def _inverse() -> tuple[Node, Node, list[Node]]:
    A = matrix("A", N, N, "invertible")
    return unary("inv", A), A, [A]


def _determinant() -> tuple[Node, Node, list[Node]]:
    A = matrix("A", N, N, "invertible")
    return unary("det", A), A, [A]


def _trace() -> tuple[Node, Node, list[Node]]:
    A = matrix("A")
    return unary("tr", A), A, [A]


def _product() -> tuple[Node, Node, list[Node]]:
    A, B = matrix("A", N, M), matrix("B", M, N)
    return unary("tr", mul([A, B])), A, [A, B]


def _bilinear() -> tuple[Node, Node, list[Node]]:
    x, A, y = vector("x"), matrix("A", N, M), vector("y", M)
    return mul([transpose(x), A, y]), A, [x, A, y]


def _logistic() -> tuple[Node, Node, list[Node]]:
    w, x = vector("w", D), vector("x", D)
    y = sym(Symbol("y", values=(Fraction(-1), Fraction(1))), SCALAR)
    return fn("log", add([num(1), fn("exp", mul([num(-1), y, inner(w, x)]))])), w, [y, w, x]


def _squares() -> tuple[Node, Node, list[Node]]:
    y, X, w = vector("y", L), matrix("X", L, D), vector("w", D)
    r = add([y, mul([num(-1), mul([X, w])])])
    return mul([transpose(r), r]), w, [y, X, w]


def _norm() -> tuple[Node, Node, list[Node]]:
    x = vector("x")
    return unary("norm", x), x, [x]


BUILDERS: dict[str, tuple[Callable[[], tuple[Node, Node, list[Node]]], str, tuple[str, ...]]] = {
    "linear-form": (_linear, "f", ("gradient",)),
    "quadratic-form": (_quadratic, "f", ("gradient",)),
    "quadratic-form-hessian": (_quadratic, "f", ("hessian",)),
    "symmetric-form": (_symmetric, "f", ("gradient", "hessian")),
    "matrix-sandwich": (_sandwich, "f", ("gradient",)),
    "cubic-map": (_cubic, "f", ("jacobian",)),
    "matrix-inverse": (_inverse, "f", ("differential",)),
    "determinant": (_determinant, "f", ("gradient",)),
    "trace": (_trace, "f", ("gradient",)),
    "trace-of-product": (_product, "f", ("gradient",)),
    "bilinear-form": (_bilinear, "f", ("gradient",)),
    "logistic-loss": (_logistic, "f", ("gradient",)),
    "least-squares": (_squares, "Q", ("gradient", "hessian")),
    "norm": (_norm, "f", ("gradient",)),
}


def solved(name: str, layout: str = "mixed") -> Solution:
    """The solution of one of the problems above."""
    build, letter, tasks = BUILDERS[name]
    with workspace():
        formula, variable, symbols = build()
        function = Function(letter, formula, variable, tuple(symbols))
        return Solution(function, derive_all(function, Request(tasks=tasks, layouts=(layout,))))
