"""The matrix exponential of a matrix of rank one and of a scalar times a constant matrix."""

from __future__ import annotations

import pytest

import docgen

SHAPES = {"x": "n", "y": "n", "a": "n", "A": "n x n", "t": "scalar"}


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


def test_any_other_exponential_is_refused() -> None:
    with pytest.raises(docgen.DocgenError) as error:
        docgen.derive(r"a^T \operatorname{expm}(A) y", "A", SHAPES)
    assert str(error.value) == (
        "docgen has no rule for the differential of the matrix exponential of A\n"
        "It differentiates expm(tA) with a constant A, and expm(u v^T) with columns u and v."
    )
