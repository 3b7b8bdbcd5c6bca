"""NumPy source: it evaluates to the value of the formula, in every arrangement of scalars and products."""

from __future__ import annotations

import keyword
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest

from docgen.algebra import node as nodes
from docgen.algebra.node import (
    Node,
    Sum,
    Symbol,
    add,
    differential,
    fn,
    had,
    mul,
    num,
    power,
    transpose,
    unary,
    workspace,
)
from docgen.algebra.numpy_code import index_name, names, numpy_code
from docgen.algebra.sizes import ONE, SCALAR, shape, size
from tests.formulas import (
    MEMBERS,
    SAMPLES,
    SHAPES,
    SIZES,
    M,
    N,
    exponential,
    random_formula,
    random_values,
    symbol,
    value,
)

NAMES = {name: name for name in (*SHAPES, *MEMBERS)}


def space(values: dict[str, Any]) -> dict[str, Any]:
    """What a user's namespace holds: scalar symbols are floats, families of scalars one-dimensional."""
    user = {
        k: float(v[0, 0]) if v.shape == (1, 1) else v[:, 0, 0] if v.shape[1:] == (1, 1) else v
        for k, v in values.items()
    }
    return {"np": np, "expm": exponential, **SIZES, **user}


def test_random_formulas_evaluate_to_their_value() -> None:
    """Every operator, every shape, against the definition of each operator."""
    compared = 0
    seen: set[str] = set()
    shapes = [*dict.fromkeys(SHAPES.values()), shape(ONE, N), shape(ONE, M), shape(M, M)]
    for seed in range(3000):
        values = random_values(np.random.default_rng(seed))
        with workspace(), np.errstate(all="ignore"):
            rng = Random(seed)
            formula = random_formula(rng, rng.choice(shapes), depth=1 + seed % 4)
            try:
                want = value(formula, values, SIZES)
            except np.linalg.LinAlgError:  # an inverse that is not there
                continue
            if not np.all(np.isfinite(want)) or np.abs(want).max() > 1e12:
                continue
            source = numpy_code(formula, NAMES)
            got = np.asarray(eval(source, space(values)))
            seen.update(at.op for at in nodes.walk(formula))
        if formula.is_scalar:
            assert got.size == 1, source
        else:
            assert got.shape == want.shape, source
        scale = max(1.0, float(np.abs(want).max()))
        # Both routes lose digits where a matrix is nearly singular; a wrong formula is off by far more.
        assert np.allclose(got.reshape(want.shape), want, rtol=1e-6, atol=1e-8 * scale), source
        compared += 1
    assert compared > 2400
    operators = {"add", "mul", "had", "kron", "T", "inner", "fn", "pow", "mpow", "total", "commutation", *nodes.UNARY}
    assert operators | {"sym", "num", "dim", "const", "eye", "ones", "zeros"} == seen


def cases() -> list[tuple[Node, str]]:
    x, y, z, s, t = (symbol(name) for name in "xyzst")
    A, B, X = (symbol(name) for name in "ABX")
    quadratic, gram = mul([transpose(x), A, x]), mul([transpose(x), x])
    residual = add([z, mul([num(-1), mul([X, x])])])
    return [
        (quadratic, "x.T @ A @ x"),
        (mul([add([A, transpose(A)]), x]), "(A + A.T) @ x"),
        (mul([num(Fraction(1, 2)), quadratic]), "1 / 2 * x.T @ A @ x"),
        (mul([num(-2), transpose(X), residual]), "-2 * X.T @ (z - X @ x)"),
        (mul([gram, A]), "(x.T @ x) * A"),
        (mul([transpose(x), x, y]), "(x.T @ x) * y"),
        (mul([A, s, x]), "s * A @ x"),
        (mul([num(-1), x, num(-1)]), "x"),
        (mul([s, t]), "s * t"),
        (mul([num(-1), s]), "-s"),
        (mul([num(2), mul([num(-1), x])]), "2 * (-x)"),
        (mul([quadratic, power(gram, -1)]), "(x.T @ A @ x) / (x.T @ x)"),
        (mul([power(unary("norm", x), -1), x]), "x / np.sqrt(np.sum(x**2))"),
        (mul([num(1), power(s, -1)]), "1 / s"),
        (power(gram, Fraction(5, 2)), "(x.T @ x)**(5 / 2)"),
        (power(s, Fraction(-1, 2)), "1 / np.sqrt(s)"),
        (had([z, mul([X, x])]), "z * (X @ x)"),
        (had([x, power(y, -2)]), "x / y**2"),
        (transpose(s), "s"),
        (transpose(mul([A, B])), "(A @ B).T"),
        (transpose(unary("inv", A)), "np.linalg.inv(A).T"),
        (nodes.matrix_power(A, 3), "np.linalg.matrix_power(A, 3)"),
        (unary("tr", quadratic), "(x.T @ A @ x)"),
        (unary("tr", mul([A, B])), "np.trace(A @ B)"),
        (fn("log", add([num(1), fn("exp", s)])), "np.log(1 + np.exp(s))"),
        (unary("diag", x), "np.diagflat(x)"),
        (unary("dg", A), "np.diag(A).reshape(-1, 1)"),
        (unary("vec", X), 'X.reshape(-1, 1, order="F")'),
        (unary("normsq", residual), "np.sum((z - X @ x)**2)"),
        (nodes.inner(add([x, y]), x), "(x + y).T @ x"),
        (nodes.inner(A, B), "np.sum(A * B)"),
        (nodes.eye(N), "np.eye(n)"),
        (nodes.ones(shape(N, ONE)), "np.ones((n, 1))"),
        (nodes.zeros(shape(M, N)), "np.zeros((m, n))"),
        (nodes.dim(size("m*n")), "m*n"),
        (nodes.total(SAMPLES, mul([symbol("y_i"), symbol("x_i")])), "sum(y_i[i] * x_i[i] for i in range(m))"),
        (differential(x), "d_x"),
        (differential(x, 2), "d2_x"),
        (mul([differential(transpose(x)), A, x]), "D(lambda x: x.T) @ A @ x"),
        (differential(mul([transpose(x), differential(mul([A, x]))])), "D(lambda x: x.T @ D(lambda x: A @ x, at=x))"),
        (differential(A), "D(lambda x: A)"),
    ]


def test_the_source_of_each_construct() -> None:
    """The text itself: no bracket too many, factors where they belong."""
    with workspace():
        for formula, source in cases():
            assert numpy_code(formula, NAMES, "x") == source


def test_a_second_increment_of_a_compound() -> None:
    """D goes along the first increment, so the second one goes through the Jacobian."""
    rng = np.random.default_rng(0)
    values = random_values(rng)
    values["d2_x"] = rng.normal(size=(3, 1))

    def jacobian(f: Any) -> Any:
        h, at = 1e-6, values["x"]
        columns = [
            (f(at + h * e.reshape(at.shape)) - f(at - h * e.reshape(at.shape))) / (2 * h) for e in np.eye(at.size)
        ]
        return np.stack([c.reshape(-1, order="F") for c in columns], axis=1)

    with workspace():
        x, A = symbol("x"), symbol("A")
        source = numpy_code(differential(mul([A, x, transpose(x)]), 2), NAMES, "x")
    assert source == '(J(lambda x: A @ x @ x.T) @ np.reshape(d2_x, (-1, 1), order="F")).reshape((n, n), order="F")'
    a, at, step = values["A"], values["x"], values["d2_x"]
    got = eval(source, {**space(values), "J": jacobian})
    assert np.allclose(got, a @ step @ at.T + a @ at @ step.T, atol=1e-7)


def test_a_differential_needs_its_variable() -> None:
    with workspace(), pytest.raises(ValueError, match=r"^a differential that is not carried out needs its variable$"):
        numpy_code(differential(mul([symbol("A"), symbol("x")])), NAMES)


def test_a_sum_of_ten_thousand_terms_compiles() -> None:
    """Python's compiler gives up on one long sum, so it is written in groups."""
    with workspace():
        source = numpy_code(add([symbol("s"), symbol("t")] * 5000), NAMES)
    assert eval(source, {"s": 1.0, "t": 2.0}) == 15000.0


def test_the_commutation_matrix() -> None:
    """K vec X = vec of the transpose, for a matrix of unequal sizes."""
    with workspace():
        source = numpy_code(nodes.commutation(size(2), size(5)), {})
    X = np.arange(10.0).reshape(2, 5)
    K = eval(source, {"np": np})
    assert np.array_equal(K @ X.reshape(-1, 1, order="F"), X.T.reshape(-1, 1, order="F"))


def test_the_adjugate_of_a_singular_matrix() -> None:
    with workspace():
        source = numpy_code(unary("adj", symbol("A")), NAMES)
    a = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.0, 1.0, 5.0]])
    got = eval(source, {"np": np, "A": a})
    assert np.allclose(got, [[14, -7, 0], [-10, 5, 0], [2, -1, 0]])


@pytest.mark.parametrize(
    ("spelled", "identifier"),
    [
        ("x", "x"),
        (r"\lambda", "lambda_"),
        (r"\theta", "theta"),
        ("w_0", "w_0"),
        ("x_{ij}", "x_ij"),
        ("x_i", "x_i"),
        ("x^{(i)}", "x_i"),
        (r"\hat y", "y_hat"),
        (r"\bar{x}", "x_bar"),
        (r"\hat{\theta}_1", "theta_hat_1"),
        ("w'", "w_prime"),
        ("n", "n_"),
        (r"\ell", "ell_"),
        ("D", "D_"),
        ("G", "G_"),
        ("np", "np_"),
        ("in", "in_"),
        ("d_1", "d1_"),
        ("d2_x", "d2x_"),
    ],
)
def test_the_identifier_of_a_symbol(spelled: str, identifier: str) -> None:
    with workspace():
        found = names([nodes.sym(Symbol(spelled), SCALAR)], ["n", r"\ell"])
    assert found == {spelled: identifier}
    assert identifier.isidentifier() and not keyword.iskeyword(identifier)


def test_identifiers_do_not_collide() -> None:
    with workspace():
        spellings = ["x_i", "x^{(i)}", "x_{i}", "x_i_"]
        found = names([nodes.sym(Symbol(s), SCALAR) for s in [*spellings, "x_i"]], [])
    assert list(found) == spellings
    assert len(set(found.values())) == 4


def test_the_index_of_a_sum_avoids_symbols_and_sizes() -> None:
    assert index_name("i", {"x": "x"}, ["m"]) == "i"
    assert index_name("i", {"i": "i"}, ["i_"]) == "i__"
    with workspace():
        member = nodes.sym(Symbol("x_k", index="k"), shape(size("k"), ONE))
        source = numpy_code(nodes.total(Sum("k", size("m")), member), {"x_k": "x_k"})
    assert source == "sum(x_k[k_] for k_ in range(m))"
