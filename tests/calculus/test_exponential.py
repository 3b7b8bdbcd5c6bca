"""The matrix exponential of a matrix of rank one and of a scalar times a constant matrix."""

from __future__ import annotations

import pytest

import docgen

SHAPES = {"x": "n", "y": "n", "a": "n", "A": "n x n", "X": "n x n", "t": "scalar"}


@pytest.mark.parametrize(
    ("formula", "variable", "answer", "rules"),
    [
        (
            r"x^T \operatorname{expm}(x x^T) x",
            "x",
            r"2 \exp(x^{T} x) (1 + x^{T} x) x",
            ["expm_rank_one", "expand", "product"],
        ),
        (r"\operatorname{tr}(\operatorname{expm}(x x^T))", "x", r"2 \exp(x^{T} x) x", ["expm_rank_one", "expand"]),
        (r"a^T \operatorname{expm}(tA) y", "t", r"a^{T} A \operatorname{expm}(t A) y", ["d_expm"]),
        (r"\operatorname{expm}(2tA)", "t", r"2 A \operatorname{expm}(2 t A)", ["d_expm"]),
    ],
)
def test_the_derivative(formula: str, variable: str, answer: str, rules: list[str]) -> None:
    found = docgen.derive(formula, variable, SHAPES)
    assert found.answer.latex == answer
    assert [line.rule for line in found.derivations[-1].lines][: len(rules)] == rules
    assert found.derivations[-1].check.passed


def test_the_second_derivative_by_a_scalar() -> None:
    found = docgen.derive(r"a^T \operatorname{expm}(tA) y", "t", SHAPES, task=["derivative", "hessian"])
    assert found.answer.latex == r"a^{T} A^{2} \operatorname{expm}(t A) y"


@pytest.mark.parametrize(
    ("formula", "variable", "answer"),
    [
        (r"\operatorname{expm}(tA)", "t", r"A \operatorname{expm}(t A)"),
        (r"\operatorname{expm}(tA) x", "t", r"A \operatorname{expm}(t A) x"),
        (r"\operatorname{expm}(tA) x", "x", r"\operatorname{expm}(t A)"),
        (r"\operatorname{expm}(t x x^T)", "t", r"\exp(t x^{T} x) x x^{T}"),
        (r"y^T \operatorname{expm}(x x^T) y", "t", "0"),
    ],
)
def test_an_exponential_that_is_a_matrix_or_a_column(formula: str, variable: str, answer: str) -> None:
    assert docgen.derive(formula, variable, SHAPES).answer.latex == answer


@pytest.mark.parametrize(
    ("formula", "variable", "answer"),
    [
        (r"\operatorname{tr}(\operatorname{expm}(X))", "X", r"\operatorname{expm}(X)^{T}"),
        (r"\operatorname{tr}(\operatorname{expm}(X)^T)", "X", r"\operatorname{expm}(X)^{T}"),
        (r"\operatorname{tr}(A + 3 \operatorname{expm}(2X))", "X", r"6 \operatorname{expm}(2 X)^{T}"),
        (
            r"\operatorname{tr}(\operatorname{expm}(A + tX))",
            "t",
            r"\operatorname{tr}\bigl(\operatorname{expm}(A + t X) X\bigr)",
        ),
        (r"\operatorname{tr}(\operatorname{expm}(A X))", "X", r"A^{T} \operatorname{expm}(A X)^{T}"),
        (r"\det(\operatorname{expm}(X))", "X", r"\det\bigl(\operatorname{expm}(X)\bigr) I_{n}"),
    ],
)
def test_under_a_trace_any_exponential_is_differentiated(formula: str, variable: str, answer: str) -> None:
    found = docgen.derive(formula, variable, SHAPES)
    assert found.answer.latex == answer
    assert "d_trace_expm" in [line.rule for line in found.derivations[-1].lines]


def test_beside_what_commutes_an_exponential_is_differentiated_under_a_trace() -> None:
    found = docgen.derive(r"\operatorname{tr}(X^2 \operatorname{expm}(-X))", "X", SHAPES)
    right = r"X^T \operatorname{expm}(-X)^T + \operatorname{expm}(-X)^T X^T - (X^2)^T \operatorname{expm}(-X)^T"
    assert docgen.equal(right, found.answer) == "equal"


@pytest.mark.parametrize(
    ("formula", "variable", "of"),
    [
        (r"a^T \operatorname{expm}(A) y", "A", "A"),
        (r"\operatorname{tr}(A \operatorname{expm}(X))", "X", "X"),
        (r"\operatorname{expm}(A + tX) a", "t", "A + t X"),
    ],
)
def test_any_other_exponential_is_refused(formula: str, variable: str, of: str) -> None:
    with pytest.raises(docgen.DocgenError) as error:
        docgen.derive(formula, variable, SHAPES)
    assert str(error.value) == (
        f"docgen cannot differentiate the matrix exponential of {of} here: where a matrix does not commute with its "
        "differential, that of its exponential has no closed form with finitely many terms\n"
        "docgen differentiates expm(tA) with a constant A, expm(u v^T) with columns u and v, and tr(expm(X))."
    )


def test_the_gradient_of_a_trace_is_known_and_its_hessian_is_refused() -> None:
    with pytest.raises(docgen.DocgenError) as error:
        docgen.derive(r"\operatorname{tr}(\operatorname{expm}(X))", "X", SHAPES, task="hessian")
    assert "no closed form with finitely many terms" in str(error.value)
