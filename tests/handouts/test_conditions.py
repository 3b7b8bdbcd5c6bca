"""Where formulas make sense: the conditions a statement prints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from docgen.algebra.node import Node, Symbol, add, fn, inner, mul, num, power, sym, transpose, unary, workspace
from docgen.algebra.notation import PLAIN
from docgen.algebra.sizes import SCALAR
from docgen.handouts.conditions import Condition, conditions
from tests.handouts.solved import M, N, matrix, vector


def scalar(name: str, *assume: str, values: tuple[int, ...] = ()) -> Node:
    return sym(Symbol(name, frozenset(assume), values=tuple(map(Fraction, values))), SCALAR)


def gram(*assume: str) -> Node:
    X = matrix("X", M, N, *assume)
    return mul([transpose(X), X])


CASES: list[tuple[str, Callable[[], Node], list[Condition]]] = [
    ("inverse", lambda: unary("inv", matrix("A")), [Condition("formula", r"\det A \ne 0")]),
    ("declared invertible", lambda: unary("inv", matrix("A", N, N, "invertible")), []),
    ("positive definite", lambda: unary("inv", matrix("A", N, N, "positive_definite")), []),
    ("gram", lambda: unary("inv", gram()), [Condition("formula", r"\operatorname{rank} X = n")]),
    ("gram of full rank", lambda: unary("inv", gram("full_column_rank")), []),
    (
        "log det",
        lambda: add([fn("log", unary("det", matrix("X"))), unary("tr", unary("inv", matrix("X")))]),
        [Condition("formula", r"\det(X) > 0")],
    ),
    ("log det of positive definite", lambda: fn("log", unary("det", matrix("X", N, N, "positive_definite"))), []),
    (
        "log det of what is positive definite",
        lambda: fn("log", unary("det", add([matrix("S", N, N, "positive_definite"), gram()]))),
        [],
    ),
    ("norm", lambda: power(unary("norm", vector("x")), -1), [Condition("formula", r"x \ne 0")]),
    (
        "quotient",
        lambda: power(mul([transpose(vector("x")), vector("x")]), -1),
        [Condition("formula", r"x \ne 0")],
    ),
    (
        "plain quotient",
        lambda: power(mul([transpose(vector("a")), vector("x")]), -1),
        [Condition("formula", r"a^{T} x \ne 0")],
    ),
    (
        "root",
        lambda: power(inner(vector("a"), vector("x")), Fraction(1, 2)),
        [Condition("formula", r"\langle a, x \rangle > 0")],
    ),
    ("logistic", lambda: fn("log", add([num(1), fn("exp", scalar("t"))])), []),
    ("square and more", lambda: fn("log", add([num(1), power(scalar("t"), 2)])), []),
    ("positive number", lambda: power(scalar("s", "positive"), -1), []),
    ("label", lambda: power(scalar("y", values=(-1, 1)), -1), []),
    ("log of a vector", lambda: fn("log", vector("x")), [Condition("entries_positive", "x")]),
    ("log of a positive vector", lambda: fn("log", vector("x", N, "positive")), []),
    (
        "log and quotient of a vector",
        lambda: add([fn("log", vector("x")), power(vector("x"), -1)]),
        [Condition("entries_positive", "x")],
    ),
    ("one and what is not negative", lambda: fn("log", add([num(1), inner(vector("x"), vector("x"))])), []),
    (
        "one and an absolute value",
        lambda: fn("log", add([num(1), fn("abs", scalar("t"))])),
        [Condition("formula", r"t \ne 0")],
    ),
    ("one-norm", lambda: unary("norm1", vector("x")), [Condition("entries_nonzero", "x")]),
]


@pytest.mark.parametrize(("build", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_conditions(build: Callable[[], Node], expected: list[Condition]) -> None:
    with workspace():
        assert list(conditions([build()], PLAIN)) == expected


def test_conditions_in_the_notation_of_the_page() -> None:
    chosen = replace(PLAIN, determinant="bars", bold=True)
    with workspace():
        needed = [unary("inv", matrix("A")), power(unary("norm", vector("x")), -1)]
        assert [one.latex for one in conditions(needed, chosen)] == [
            r"\lvert \boldsymbol{A} \rvert \ne 0", r"\boldsymbol{x} \ne \boldsymbol{0}",
        ]  # fmt: skip
