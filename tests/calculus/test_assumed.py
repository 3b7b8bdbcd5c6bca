"""What is assumed of a symbol changes the answer by a step of its own, by every method."""

from __future__ import annotations

import pytest

import docgen

Q = {"Q": "n x n", "x": "n", "b": "n", "A": "n x n"}
T = {"t": "k", "v": "n", "W": "k x n", "z": "k"}

CASES = [
    (r"\|Qx\|^2", "x", Q, {"Q": "orthogonal"}, "gradient", "2 x", "orthogonal"),
    (r"x^T Q^{-1} b", "x", Q, {"Q": "orthogonal"}, "gradient", "Q^{T} b", "orthogonal"),
    (r"b^T Q^{-1} A Q x", "x", Q, {"Q": "orthogonal"}, "gradient", "Q^{T} A^{T} Q b", "orthogonal"),
    (r"\operatorname{tr}(Q X Q^T)", "X", {"Q": "n x n", "X": "n x n"}, {"Q": "orthogonal"}, "gradient", "I_{n}", "orthogonal"),
    (r"\|Q x - b\|^2", "x", Q, {"Q": "orthogonal"}, "hessian", "2 I_{n}", "orthogonal"),
    (r"-t^T \log(\operatorname{softmax}(W v))", "W", T, {"t": "one_hot"}, "gradient",
     r"\bigl(\operatorname{softmax}(W v) - t\bigr) v^{T}", "one_hot"),
    (r"\|t\|^2 z^T z", "z", T, {"t": "one_hot"}, "gradient", "2 z", "one_hot"),
    (r"z^T (t \odot t)", "z", T, {"t": "one_hot"}, "gradient", "t", "one_hot"),
    (r"z^T \operatorname{diag}(t) t", "z", T, {"t": "one_hot"}, "gradient", "t", "one_hot"),
    (r"s^2 z^T z", "z", {"z": "k", "s": "scalar"}, {"s": "in {-1, 1}"}, "gradient", "2 z", "values_squared"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "variable", "shapes", "assume", "task", "answer", "rule"), CASES)
def test_an_assumption_is_a_step(
    formula: str, variable: str, shapes: dict[str, str], assume: dict[str, str], task: str, answer: str, rule: str
) -> None:
    plain = docgen.derive(formula, variable, shapes, task=task)
    found = docgen.derive(formula, variable, shapes, assume, task=task)
    assert found.answer.latex == answer != plain.answer.latex
    rules = [line.rule for line in found.derivations[0].lines]
    assert rule in rules and rule not in [line.rule for line in plain.derivations[0].lines]
    assert found.derivations[0].check.passed


@pytest.mark.parametrize("method", ["coordinates", "chain", "expand"])
def test_by_every_method(method: str) -> None:
    found = docgen.derive(r"\|Qx\|^2", "x", Q, {"Q": "orthogonal"}, method=method)
    assert found.answer.latex == "2 x"
    assert "orthogonal" in [line.rule for line in found.derivations[0].lines]


@pytest.mark.parametrize(
    ("formula", "variable", "shapes", "assume", "task", "answer"),
    [
        (r"y^3 a", "y", {"y": "scalar", "a": "scalar"}, {"y": "in {-1, 1}"}, "gradient", "3 a"),
        (r"y^3 a", "y", {"y": "scalar", "a": "scalar"}, {"y": "in {-1, 1}"}, "hessian", "6 a y"),
        (r"y^3 a", "y", {"y": "scalar", "a": "scalar"}, {"y": "in {-1, 1}"}, "second_differential", r"6 a y (dy)^{2}"),
        (r"\|t\|^4", "t", {"t": "n"}, {"t": "one_hot"}, "gradient", "4 t"),
        (r"\|t\|^4", "t", {"t": "n"}, {"t": "one_hot"}, "hessian", r"4 I_{n} + 8 t t^{T}"),
        (r"\operatorname{tr}(X^T X X^T X)", "X", {"X": "n x n"}, {"X": "orthogonal"}, "gradient", "4 X"),
        (r"\operatorname{tr}(X^T X X^T X)", "X", {"X": "n x n"}, {"X": "orthogonal"}, "hessian",
         r"4 \bigl(2 (I_{n} \otimes I_{n}) + (X^{T} \otimes X) K_{n,n}\bigr)"),
        (r"\operatorname{tr}(X^2)", "X", {"X": "n x n"}, {"X": "symmetric"}, "second_differential",
         r"2 \operatorname{tr}\bigl((dX)\,dX\bigr)"),
    ],
)  # fmt: skip
def test_the_entries_of_an_assumed_variable_count_as_independent(
    formula: str, variable: str, shapes: dict[str, str], assume: dict[str, str], task: str, answer: str
) -> None:
    """What is assumed of the variable is used after the last differentiation only."""
    assert docgen.derive(formula, variable, shapes, assume, task=task).answer.latex == answer
