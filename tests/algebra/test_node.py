"""The tree: shapes are checked when a node is built, equal nodes are one object, and nothing changes afterwards."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

import pytest

from docgen.algebra import node as nodes
from docgen.algebra.node import (
    Node,
    Sum,
    Symbol,
    add,
    dim,
    eye,
    had,
    inner,
    kron,
    matrix_power,
    mul,
    num,
    ones,
    power,
    product_shape,
    rebuild,
    replace,
    sym,
    total,
    transpose,
    unary,
    walk,
    workspace,
    zeros,
)
from docgen.algebra.sizes import ONE, SCALAR, Shape, shape, size
from docgen.errors import ShapeError
from tests.formulas import M, N, random_formula, symbol

COLUMN, ROW, SQUARE = shape(N, ONE), shape(ONE, N), shape(N, N)


def test_equal_nodes_are_one_object() -> None:
    with workspace():
        first = mul([transpose(symbol("x")), symbol("A"), symbol("x")])
        assert first is mul([transpose(symbol("x")), symbol("A"), symbol("x")])
        assert first is not mul([transpose(symbol("y")), symbol("A"), symbol("x")])


def test_workspaces_do_not_mix() -> None:
    """Serial numbers start anew in each, so nothing depends on what was derived before; the outer one comes back."""
    with workspace():
        outer = symbol("x")
        with workspace():
            assert symbol("x") is not outer
            assert symbol("y").serial == 1
        assert symbol("x") is outer


def test_a_node_is_immutable() -> None:
    with workspace():
        x = symbol("x")
        with pytest.raises(AttributeError, match=r"^a node is immutable: cannot set op$"):
            x.op = "mul"


def test_a_single_term_or_factor_is_itself() -> None:
    with workspace():
        x = symbol("x")
        assert add([x]) is x and mul([x]) is x and had([x]) is x


def test_small_special_cases() -> None:
    """What has the shape 1 x 1 is a number."""
    with workspace():
        assert eye(ONE) is num(1)
        assert zeros(SCALAR) is num(0)
        assert ones(SCALAR) is num(1)
        assert dim(size(3)) is num(3)
        assert dim(N).op == "dim"
        assert power(symbol("s"), 2).data == Fraction(2)


SHAPED: list[tuple[Callable[[], Node], Shape]] = [
    (lambda: mul([transpose(symbol("x")), symbol("A"), symbol("x")]), SCALAR),
    (lambda: mul([symbol("x"), transpose(symbol("x")), symbol("x")]), COLUMN),
    (lambda: mul([symbol("A"), symbol("s"), symbol("x")]), COLUMN),
    (lambda: mul([transpose(symbol("x")), symbol("x"), symbol("A")]), SQUARE),
    (lambda: kron(symbol("X"), symbol("x")), shape(size("m*n"), N)),
    (lambda: unary("vec", symbol("X")), shape(size("m*n"), ONE)),
    (lambda: unary("diag", symbol("x")), SQUARE),
    (lambda: unary("dg", symbol("A")), COLUMN),
    (lambda: nodes.commutation(M, N), shape(size("m*n"), size("m*n"))),
    (lambda: inner(symbol("X"), symbol("X")), SCALAR),
    (lambda: nodes.differential(symbol("X")), shape(M, N)),
    (lambda: total(Sum("i", M), symbol("x_i")), COLUMN),
]


@pytest.mark.parametrize(("build", "given"), SHAPED)
def test_shapes(build: Callable[[], Node], given: Shape) -> None:
    with workspace():
        assert build().shape is given


REFUSED: list[tuple[Callable[[], Node], str]] = [
    (lambda: add([symbol("x"), symbol("z")]), "a sum of different shapes: n x 1 and m x 1"),
    (lambda: add([symbol("x"), num(1)]), "a sum of different shapes: n x 1 and 1 x 1"),
    (lambda: mul([symbol("A"), symbol("X")]), "the product of n x n and m x n does not exist"),
    (lambda: mul([symbol("x"), symbol("x")]), "the product of n x 1 and n x 1 does not exist"),
    (lambda: had([symbol("x"), symbol("z")]), "a Hadamard product of different shapes: n x 1 and m x 1"),
    (lambda: inner(symbol("x"), symbol("z")), "an inner product of different shapes: n x 1 and m x 1"),
    (lambda: unary("tr", symbol("X")), "the trace needs a square matrix, but this one is m x n"),
    (lambda: unary("det", symbol("X")), "the determinant needs a square matrix, but this one is m x n"),
    (lambda: unary("inv", symbol("X")), "the inverse needs a square matrix, but this one is m x n"),
    (lambda: matrix_power(symbol("X"), 2), "a matrix power needs a square matrix, but this one is m x n"),
    (lambda: unary("softmax", symbol("A")), "softmax needs a column vector, but this is n x n"),
    (
        lambda: unary("diag", symbol("X")),
        "diag of a column is a matrix, and diag of a square matrix a column; this is m x n",
    ),
]


@pytest.mark.parametrize(("build", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_shapes_that_do_not_fit(build: Callable[[], Node], message: str) -> None:
    with workspace():
        with pytest.raises(ShapeError) as caught:
            build()
        assert str(caught.value) == message


def test_a_piece_of_a_product_that_is_1_x_1_is_a_scalar() -> None:
    with workspace():
        x, z = symbol("x"), symbol("z")
        assert product_shape([transpose(x), x, z]) is z.shape
        assert product_shape([]) is SCALAR


def test_free_symbols_and_sample_indices() -> None:
    with workspace():
        term = mul([symbol("y_i"), inner(symbol("x_i"), symbol("x"))])
        assert term.free == {"y_i", "x_i", "x"}
        assert term.indices == {"i"}
        assert total(Sum("i", M), term).indices == frozenset()


def test_walk_gives_arguments_first_and_each_node_once() -> None:
    for seed in range(100):
        with workspace():
            root = random_formula(Random(seed), depth=3)
            order = list(walk(root))
            place = {id(at): k for k, at in enumerate(order)}
            assert len(place) == len(order) and order[-1] is root
            assert all(place[id(arg)] < place[id(at)] for at in order for arg in at.args)


def test_rebuild_and_replace() -> None:
    """Every operator can be rebuilt from its arguments, and a replacement reaches all occurrences."""
    for seed in range(300):
        with workspace():
            root = random_formula(Random(seed), depth=3)
            other = sym(Symbol("q"), COLUMN)
            assert all(rebuild(at, list(at.args)) is at for at in walk(root))
            changed = replace(root, symbol("x"), other)
            assert ("x" in root.free) == ("q" in changed.free) and "x" not in changed.free
            assert replace(changed, other, symbol("x")) is root


def test_depth_costs_no_recursion() -> None:
    with workspace():
        deep = symbol("s")
        for _ in range(5000):
            deep = nodes.fn("tanh", deep)
        assert len(list(walk(deep))) == 5001
        assert replace(deep, symbol("s"), symbol("t")).free == {"t"}


def test_a_node_shows_itself() -> None:
    with workspace():
        assert repr(mul([num(2), power(symbol("x"), 3)])) == "mul(2, pow(3, x))"
        assert repr(eye(N)) == "eye()"
