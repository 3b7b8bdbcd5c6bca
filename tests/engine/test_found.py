"""Defects that random formulas have found, each by the smallest formula that shows it."""

from __future__ import annotations

import pytest

import docgen
from docgen.algebra.node import workspace
from docgen.calculus import differential
from docgen.calculus.derivation import Function
from docgen.calculus.moves import Move
from docgen.calculus.proof import Prover
from docgen.errors import UnsupportedError
from docgen.reading import declare, read
from tests.engine.verdict import judge

SHAPES = {
    **dict.fromkeys("xyp", "n"), "z": "m", **dict.fromkeys("ABCSD", "n x n"), "W": "n x m", "X": "m x n",
    "t": "scalar", "s": "scalar", "x_i": "n",
}  # fmt: skip
ASSUME = {"S": "symmetric", "C": "positive_definite", "D": "diagonal"}

FOUND = [
    # a scalar piece in the middle of a product
    (r"((p^T D p) A)^{\odot 3}", "p", "differential"),
    (r"(p^T p A)^{\odot 2}", "p", "jacobian"),
    (r"\|(y^T A^T p) z y^T\|", "y", "gradient"),
    (r"\|z (y^T p) y^T\|^2", "y", "gradient"),
    (r"(x^T p z^T \odot z^T) z", "p", "gradient"),
    # a derivative by a scalar that keeps the shape of the value
    (r"\operatorname{diag}(t y)", "t", "jacobian"),
    (r"\operatorname{diag}(\sin(t) y)", "t", "jacobian"),
    # an identity with a scalar differential
    (r"\frac{\operatorname{tr}(B)}{1 + \operatorname{tr}(B)^2}", "B", "hessian"),
    (r"\sqrt{1 + \operatorname{tr}(B)^2}", "B", "hessian"),
    # a matrix value that holds scalar products
    (r"\frac{y^T S y}{(p^T C p)^2}", "C", "hessian"),
    (r"\frac{x^T B y}{x^T B x}", "B", "hessian"),
    (r"\frac{1}{x^T A x} x y^T", "x", "jacobian"),
    # a sum over samples in a sum over the same samples
    (r"\|\sum_{i=1}^{m} (x_i \odot y)\|^2", "y", "hessian"),
    (r"\|\sum_{i=1}^{m} (\sin(x_i) \odot y)\|^2", "y", "gradient"),
    # signs of something that is zero somewhere
    (r"\operatorname{sign}(\operatorname{relu}(t)) t", "t", "gradient"),
    (r"\operatorname{abs}(\operatorname{relu}(t))", "t", "gradient"),
    # the entries of a symmetric variable count as independent
    (r"\operatorname{tr}(S^2)", "S", "hessian"),
    (r"\log\det C", "C", "hessian"),
    (r"\operatorname{tr}((X^T X + C)^{-1})", "C", "hessian"),
    (r"\det D", "D", "hessian"),
    (r"x^T S^2 x", "S", "hessian"),
    # terms that turn out to be zero
    (r"\sin(x)^T (x - x)", "x", "gradient"),
    (r"(y^T - \sin(x)^T) (x^T - x^T)^T", "x", "gradient"),
    # a multiple of the identity that has the terms of a typed scalar sum
    (r"(\|y\|^2 + \|z\|) (\operatorname{diag}(\sin(x)) + t I) A x", "x", "jacobian"),
    (r"\frac{\|y\|^2 + \|z\|_1}{(\frac{x}{y^T C y} + \sin(x))^T C (\frac{x}{y^T C y} + \sin(x))}", "x", "gradient"),
    # a sum of multiples of the identity, each with a sum over samples
    (r"(t + s + 1) x \operatorname{tr}(A) \sum_{i=1}^{m} y^T x_i", "x", "jacobian"),
    # a determinant that depends on the sample
    (r"\sum_{i=1}^{m} \log\det(C + A^T x_i x_i^T A)", "A", "gradient"),
    (r"\sum_{i=1}^{m} (\langle X^T, X^T \rangle - \langle X, X \rangle)", "X", "gradient"),
    # a Kronecker product with a scalar
    (r"\operatorname{sum}(\operatorname{sum}(W) \otimes \|A\|^2) z y^T", "W", "jacobian"),
    # elementwise factors that cancel, all-ones factors, the power of a power
    (r"\operatorname{sum}(A \oslash (A \odot B) \odot \sin(B))", "B", "gradient"),
    (r"\mathbf{1}^T (x - \frac{\mathbf{1}^T x}{n} \mathbf{1}) y^T x", "x", "jacobian"),
    (r"\arctan(\|x\|^2)", "x", "hessian"),
    # one diagonal matrix for several, one bracket for a sum and its multiple by a matrix
    (r"x \odot \sin(x) \odot \cos(x)", "x", "jacobian"),
    (r"-2 \operatorname{diag}(A \operatorname{diag}(x) B)", "x", "jacobian"),
    (r"\frac{x + A x}{\|x + A x\|}", "x", "jacobian"),
    # the trace of a product as a row of vec
    (r"\operatorname{tr}(A B A^T)^2", "A", "hessian"),
    (r"\det(A)^2", "A", "hessian"),
    # quotients of companions, and 1 - u/(1 + u)
    (r"\log(\cos(x^T y)) + \log(\cosh(x^T y))", "x", "hessian"),
    (r"\operatorname{sum}(\sqrt{\mathbf{1} + x \odot x})", "x", "hessian"),
]


@pytest.mark.parametrize(("formula", "by", "task"), FOUND)
def test_what_was_found_is_right(formula: str, by: str, task: str) -> None:
    with workspace():
        reading = read(formula, by, declare(SHAPES, ASSUME), elementwise=True)
        function = Function("f", reading.formula, reading.variable, reading.symbols, reading.notation)
    solution = docgen.derive(formula, by, SHAPES, ASSUME, task=task, elementwise=True)
    derivation = solution.derivations[-1]
    assert derivation.check.passed
    assert judge(function, task, solution.answer.node, 7).word == "right"


def test_the_hessian_by_a_symmetric_matrix_says_where_symmetry_is_used() -> None:
    found = docgen.derive(r"\log\det X", "X", {"X": "n x n"}, {"X": "positive_definite"}, task="hessian")
    assert found.answer.latex == r"-(X^{-1} \otimes X^{-1}) K_{n,n}"
    assert [line.rule for line in found.derivations[0].lines][-2:] == ["read_hessian", "symmetry"]


def test_a_division_by_what_turns_out_to_be_zero_is_not_zero() -> None:
    with pytest.raises(docgen.UnsupportedError, match="divides by zero at every point"):
        docgen.derive(r"\frac{x^T x}{y^T 0 y} y \odot x", "x", {"x": "n", "y": "n"})


@pytest.mark.parametrize(
    ("formula", "variable", "task", "answer", "lines"),
    [
        (r"\det(x y^T)", "x", "hessian", "0", 1),
        (r"\det(x x^T)", "x", "second_differential", "0", 1),
        (r"\det(X A)", "X", "hessian", "0", 1),
        (r"s \det(x x^T) + \det(x y^T)^2 + x^T B x", "x", "hessian", "B + B^{T}", 2),
    ],
)
def test_the_determinant_of_a_singular_matrix_drops_out_of_the_second_derivative(
    formula: str, variable: str, task: str, answer: str, lines: int
) -> None:
    shapes = {"x": "n", "y": "n", "s": "scalar", "B": "n x n", "X": "3 x 2", "A": "2 x 3"}
    found = docgen.derive(formula, variable, shapes, task=task)
    assert found.answer.latex == answer
    assert [line.rule for line in found.derivations[-1].lines].count("det_singular") == lines


@pytest.mark.parametrize(
    "formula",
    [r"\log\det(\sum_{i=1}^{m} (a_i^T x) A_i)", r"\operatorname{tr}((\sum_{i=1}^{m} (x^T A_i x) A_i)^2)"],
)
def test_a_trace_of_a_member_beside_a_sum_over_the_same_index(formula: str) -> None:
    found = docgen.derive(formula, "x", {"x": "n", "a_i": "n", "A_i": "n x n"}, task="hessian")
    rules = [line.rule for line in found.derivations[-1].lines]
    assert rules.count("vec_trace") == 1  # the row of vec goes beside the sum, and no move takes it back
    assert found.derivations[-1].check.passed


def test_moves_that_come_to_no_end_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differential, "next_move", lambda term: Move("", term))
    with pytest.raises(UnsupportedError, match="does not come to an end"):
        docgen.derive("x^T A x", "x", SHAPES)


def test_a_sign_is_proved_where_it_has_a_value() -> None:
    with workspace():
        t = read("t", "t", declare({"t": "scalar"})).formula
        sign = read(r"\operatorname{abs}(\operatorname{step}(t))", "t", declare({"t": "scalar"})).formula
        assert Prover(sign, t).holds("derivative", read("0 t", "t", declare({"t": "scalar"})).formula)
        assert not Prover(sign, t).holds("derivative", t)


@pytest.mark.parametrize("method", ["coordinates", "expand"])
def test_a_transpose_of_a_transpose_is_no_declared_symmetry(method: str) -> None:
    found = docgen.derive(r"((x^T)^T)^T a", "x", {"x": "n", "a": "n"}, method=method)
    assert found.derivations[0].check.passed and found.answer.latex == "a"
