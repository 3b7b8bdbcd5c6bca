"""Values of formulas at random points: against NumPy, and between the rings."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from docgen.algebra.evaluate import Failure, Point, Sizes
from docgen.algebra.node import (
    UNARY,
    Node,
    Sum,
    Symbol,
    add,
    differential,
    fn,
    inner,
    mul,
    num,
    power,
    sym,
    total,
    transpose,
    unary,
    walk,
    workspace,
)
from docgen.algebra.operators import OPERATORS
from docgen.algebra.rings import ALGEBRAIC, RINGS, Draw, ring
from docgen.algebra.sizes import ONE, SCALAR, shape, size
from docgen.calculus.proof import Prover
from tests.calculus.mutants import error, mutants
from tests.formulas import ALL, MEMBERS, SHAPES, SIZES, M, N, random_formula, symbol, value

#: The operators whose values are smooth, so that two formulas that agree at some points agree.
SMOOTH = sorted(ALL - {"fn", "norm1", "expm", "norm"})


def point(name: str = "ALGEBRAIC", seed: int = 1, depth: int = 1) -> Point:
    return Point(ring(name, depth), Sizes(SIZES), Draw(seed), symbol("x"))


def as_floats(at: Point, formula: Node) -> dict[str, np.ndarray]:
    """The values that a point has drawn, as the NumPy evaluator of the tests wants them."""
    known = {}
    for node in walk(formula):
        if node.op == "sym":
            samples = [at.value(node, (), {"i": i}) for i in range(SIZES["m"])] if node.indices else [at.value(node)]
            rows, cols = node.shape.rows.value(SIZES), node.shape.cols.value(SIZES)
            stacked = np.array(samples, dtype=float).reshape(len(samples), rows, cols)
            known[node.data.name] = stacked if node.indices else stacked[0]
    return known


@pytest.mark.parametrize("seed", range(300))
def test_decimals_agree_with_numpy(seed: int) -> None:
    rng = Random(seed)
    with workspace():
        given = rng.choice([SCALAR, SHAPES["x"], SHAPES["X"], SHAPES["A"]])
        formula = random_formula(rng, given, 3, sorted(ALL))
        at = point("REAL", seed)
        with at.ring.scope():
            try:
                got = np.array(at.value(formula), dtype=float).reshape(given.rows.value(SIZES), given.cols.value(SIZES))
            except Failure:
                got = np.array([np.nan])
            known = as_floats(at, formula)
        with np.errstate(all="ignore"):
            want = value(formula, known, SIZES) if np.all(np.isfinite(got)) else got
        if np.all(np.isfinite(want)) and np.max(np.abs(want)) < 1e8:
            assert error(got, want) < 1e-6


def test_most_random_formulas_have_a_value() -> None:
    found = 0
    for seed in range(100):
        with workspace():
            at = point("REAL", seed)
            with at.ring.scope():
                try:
                    at.value(random_formula(Random(seed), SCALAR, 3, sorted(ALL)))
                    found += 1
                except Failure:
                    continue
    assert found >= 70


def differences(left: Node, right: Node, seed: int) -> float:
    """How far two formulas are apart in numbers at two choices of sizes; NaN where one of them has no value."""
    far = 0.0
    for order, sizes in enumerate((SIZES, {"n": 4, "m": 3})):
        rng = np.random.default_rng([seed, order])
        known = {name: rng.normal(size=(g.rows.value(sizes), g.cols.value(sizes))) for name, g in SHAPES.items()}
        for name, g in MEMBERS.items():
            known[name] = rng.normal(size=(sizes["m"], g.rows.value(sizes), g.cols.value(sizes)))
        try:
            with np.errstate(divide="raise", invalid="raise", over="raise"):
                far += error(value(left, known, sizes), value(right, known, sizes))
        except (FloatingPointError, np.linalg.LinAlgError):
            return float("nan")
    return far


@pytest.mark.parametrize("seed", range(60))
def test_exact_verdicts_agree_with_numpy(seed: int) -> None:
    """Whether two formulas are equal, asked of the prover and of numbers."""
    rng = Random(seed)
    with workspace():
        formula = random_formula(rng, rng.choice([SCALAR, SHAPES["x"]]), 3, SMOOTH)
        prover = Prover(formula, symbol("x"))
        for mutant in list(dict.fromkeys(mutants(formula)))[:8]:
            far = differences(mutant, formula, seed)
            if far > 1e-5:
                assert not prover.equal(formula, mutant)
            elif far < 1e-9:
                assert prover.equal(formula, mutant)


@pytest.mark.parametrize("name", RINGS)
def test_every_operator_has_a_value(name: str) -> None:
    assert set(UNARY) <= set(OPERATORS)
    with workspace():
        A, x = symbol("A"), symbol("x")
        at = point(name)
        with at.ring.scope():
            for op in sorted(set(UNARY) - {"expm", "softmax", "norm", "diag"}):
                assert at.value(unary(op, A)) is not None, op
            assert len(at.value(unary("diag", x))) == SIZES["n"]


def test_a_differential_is_a_difference_quotient() -> None:
    with workspace():
        x, A = symbol("x"), symbol("A")
        form = mul([transpose(x), A, x])
        d1, d2 = differential(x), differential(x, 2)
        for name in RINGS:
            at = point(name, depth=2)
            with at.ring.scope():
                rule = add([mul([transpose(d1), A, x]), mul([transpose(x), A, d1])])
                assert at.same(at.slope(form), at.value(rule), SCALAR)
                assert at.same(at.value(differential(form)), at.value(rule), SCALAR)
                second = add([mul([transpose(d1), A, d2]), mul([transpose(d2), A, d1])])
                assert at.same(at.slope(rule, 2), at.value(second), SCALAR)
                assert at.same(at.value(differential(differential(form), 2)), at.value(second), SCALAR)
                assert not at.same(at.slope(rule, 1), at.value(second), SCALAR)


@pytest.mark.parametrize("name", ["exp", "log", "sin", "cos", "tan", "arctan", "sigma", "tanh", "cosh", "sinh"])
def test_second_differentials_of_functions(name: str) -> None:
    """d(d f(x)) for a function of a scalar, from its first derivative: f''(t) dt d₂t."""
    from docgen.algebra.functions import FUNCTIONS

    with workspace():
        t = symbol("t")
        first = FUNCTIONS[name].derivative(t)
        at = Point(ring("ANALYTIC", 2), Sizes(), Draw(3), t)
        twice = at.value(differential(differential(fn(name, t)), 2))
        assert at.same(twice, at.slope(mul([first, differential(t)]), 2), SCALAR)


def test_a_sum_of_ten_thousand_terms_and_a_chain_of_three_thousand_functions() -> None:
    with workspace():
        x = symbol("x")
        terms = [mul([num(k), transpose(x), x]) for k in range(1, 10_001)]
        assert Prover(add(terms), x).holds("value", mul([num(10_000 * 10_001 // 2), transpose(x), x]))
        chain = x
        for _ in range(3000):
            chain = fn("sin", chain)
        assert len(point().value(chain)) == SIZES["n"]


def test_points_are_the_same_in_every_run() -> None:
    with workspace():
        first, second = point(), point()
        assert first.value(symbol("A")) == second.value(symbol("A")) != point(seed=2).value(symbol("A"))
    assert [Draw(1).bits() for _ in range(2)] == [10451216379200822465] * 2


def symbol_with(*said: str, given: object = shape(N, N), **more: object) -> Node:
    return sym(Symbol("S", frozenset(said), **more), given)  # type: ignore[arg-type]


def test_assumptions() -> None:
    with workspace():
        at = point(seed=5)
        sign = at.ring.sign
        symmetric = at.value(symbol_with("symmetric"))
        assert symmetric == [list(column) for column in zip(*symmetric, strict=True)]
        diagonal = point(seed=5).value(symbol_with("diagonal"))
        assert all((v == 0) is (i != j) for i, row in enumerate(diagonal) for j, v in enumerate(row))
        assert all(sign(v) == 1 for v in point(seed=5).value(symbol_with("positive", given=shape(N, ONE))))
        definite = symbol_with("positive_definite")
        assert sign(point(seed=5).value(unary("det", definite))) == 1
        hot = point(seed=5).value(symbol_with("one_hot", given=shape(N, ONE)))
        assert sorted(hot) == [0, 0, 1]
        labels = point(seed=5).value(symbol_with(given=shape(M, ONE), values=(num(-1).data, num(1).data)))
        assert {v % ALGEBRAIC.modulus for v in labels} == {1, ALGEBRAIC.modulus - 1}


def test_both_signs_of_a_scalar_and_of_entries_are_seen() -> None:
    with workspace():
        t, x = symbol("t"), symbol("x")
        signs = set()
        for parity in (0, 1):
            at = Point(ALGEBRAIC, Sizes(SIZES), Draw(9), x, parity)
            signs.add(at.ring.sign(at.value(t)))
            assert {at.ring.sign(v) for v in at.value(x)} == {1, -1}
        assert signs == {1, -1}


def test_stacked_samples() -> None:
    """Σ xᵢxᵢᵀ = XᵀX and Σ yᵢxᵢ = Xᵀy when the rows of X are the xᵢᵀ."""
    with workspace():
        x_i, y_i = (sym(Symbol(name, index="i"), given) for name, given in MEMBERS.items())
        X, y = symbol("X"), symbol("z")
        w = symbol("x")
        over = Sum("i", M)
        loss = total(over, power(add([y_i, mul([num(-1), inner(w, x_i)])]), 2))
        residual = add([y, mul([num(-1), X, w])])
        gradient = mul([num(-2), transpose(X), residual])
        assert Prover(loss, w, stacked={"X": x_i, "z": y_i}).holds("derivative", gradient)
        assert not Prover(loss, w).holds("derivative", gradient)


def test_members_of_a_family_are_the_same_under_every_index() -> None:
    with workspace():
        x_i, x_j = (sym(Symbol(f"x_{index}", index=index), shape(N, ONE)) for index in "ij")
        one = total(Sum("i", M), x_i)
        both = total(Sum("i", M), total(Sum("j", M), inner(x_i, x_j)))
        prover = Prover(both, symbol("x"))
        assert prover.holds("value", unary("normsq", one))
        assert prover.holds("value", inner(one, total(Sum("j", M), x_j)))
        norms = total(Sum("i", M), unary("norm", x_i))
        assert Prover(norms, symbol("x")).holds("value", total(Sum("j", M), unary("norm", x_j)))


def test_a_place_without_a_value_is_named() -> None:
    with workspace():
        x = symbol("x")
        inverse = unary("inv", mul([x, transpose(x)]))
        with pytest.raises(Failure) as failure:
            point().value(mul([num(2), inverse]))
        assert (failure.value.node, failure.value.why) == (inverse, "inverse")
        root = power(mul([num(-1), num(2)]), num(1).data / 2)
        with pytest.raises(Failure) as failure:
            point().value(root)
        assert (failure.value.node, failure.value.why) == (root, "sign")


def test_sizes_that_were_not_foreseen_are_new() -> None:
    sizes = Sizes(n=4, m=2)
    assert size("n*r").value(sizes) == 20
    assert sizes == {"n": 4, "m": 2, "r": 5}
