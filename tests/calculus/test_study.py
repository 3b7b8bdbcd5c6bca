"""The study of a loss: the answers of every task, what is said of them, and that a false one is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import docgen
from docgen.algebra.latex import latex
from docgen.algebra.node import Node, Symbol, mul, num, sym, workspace
from docgen.algebra.sizes import shape, size
from docgen.calculus import study
from docgen.calculus.definite import squares, verdict
from docgen.calculus.derivation import Derivation, Function
from docgen.calculus.derive import derive_all
from docgen.calculus.request import Request
from docgen.errors import ProofError, UnsupportedError
from docgen.reading import declare, read

LS = {"y": "m", "X": "m x n", "w": "n"}
RIDGE = {**LS, r"\lambda": "scalar"}
SUM = {"x_i": "n", "y_i": "scalar", "w": "n"}
QUADRATIC = {"A": "n x n", "b": "n", "x": "n"}
LOGISTIC = r"\sum_{i=1}^{m} \log(1 + \exp(-y_i x_i^T w))"
SQUARES = r"\sum_{i=1}^{m} (y_i - x_i^T w)^2"
POSITIVE = {r"\lambda": "positive"}


def find(formula: str, variable: str, shapes: dict[str, str], task: Any, assume: Any = None) -> Derivation:
    return docgen.derive(formula, variable, shapes, assume, task=task).derivations[-1]


def rules(derivation: Derivation) -> list[str]:
    return [line.rule for line in derivation.lines]


@pytest.mark.parametrize(
    ("formula", "variable", "shapes", "assume", "answer", "reason"),
    [
        (r"(y - Xw)^T (y - Xw)", "w", LS, None, "(X^{T} X)^{-1} X^{T} y", "assume_rank"),
        (r"\|y - Xw\|^2", "w", LS, {"X": "full_column_rank"}, "(X^{T} X)^{-1} X^{T} y", "full_rank_invertible"),
        (r"\frac{1}{2} \|Xw - y\|^2", "w", LS, None, "(X^{T} X)^{-1} X^{T} y", "assume_rank"),
        (r"\frac{1}{m} \|Xw - y\|^2", "w", LS, None, "(X^{T} X)^{-1} X^{T} y", "assume_rank"),
        (
            r"\|y - Xw\|^2 + \lambda \|w\|^2", "w", RIDGE, POSITIVE,
            r"(X^{T} X + \lambda I_{n})^{-1} X^{T} y", "definite_invertible",
        ),
        (
            r"\frac{1}{2m} \|y - Xw\|^2 + \lambda \|w\|^2", "w", RIDGE, POSITIVE,
            r"(X^{T} X + 2 \lambda m I_{n})^{-1} X^{T} y", "definite_invertible",
        ),
        (
            r"\|y - Xw\|^2 + \lambda \|w\|^2", "w", RIDGE, None,
            r"(X^{T} X + \lambda I_{n})^{-1} X^{T} y", "assume_invertible",
        ),
        (
            r"(y - Xw)^T V (y - Xw)", "w", {**LS, "V": "m x m"}, {"V": "positive_definite"},
            "(X^{T} V X)^{-1} X^{T} V y", "assume_rank",
        ),
        (
            r"\|Y - XW\|^2 + \lambda \|W\|^2", "W",
            {"Y": "m x k", "X": "m x n", "W": "n x k", r"\lambda": "scalar"}, POSITIVE,
            r"(X^{T} X + \lambda I_{n})^{-1} X^{T} Y", "definite_invertible",
        ),
        (
            r"\|A X B - C\|^2", "X", {"A": "m x n", "X": "n x k", "B": "k x p", "C": "m x p"}, None,
            "(A^{T} A)^{-1} A^{T} C B^{T} (B B^{T})^{-1}", "assume_rank",
        ),
        (r"\frac12 x^T A x - b^T x", "x", QUADRATIC, {"A": "positive_definite"}, "A^{-1} b", "declared_definite"),
        (r"\frac12 x^T A x - b^T x", "x", QUADRATIC, None, "2 (A + A^{T})^{-1} b", "assume_invertible"),
        (r"\|a - t b\|^2", "t", {"a": "n", "b": "n", "t": "scalar"}, None, r"\frac{a^{T} b}{b^{T} b}", "nonzero"),
        (r"\frac12 \|x - a\|^2", "x", {"a": "n", "x": "n"}, None, "a", "solve_at_once"),
        (
            SQUARES, "w", SUM, None,
            r"\Bigl(\sum_{i=1}^{m} x_i x_i^{T}\Bigr)^{-1} \sum_{i=1}^{m} y_i x_i", "assume_invertible",
        ),
    ],
)
def test_a_linear_equation_is_solved_and_its_assumption_said(
    formula: str, variable: str, shapes: dict[str, str], assume: Any, answer: str, reason: str
) -> None:
    found = find(formula, variable, shapes, "stationary_point", assume)
    assert (latex(found.answer), found.verdict) == (answer, "solved")
    assert reason in rules(found)
    assert found.check.passed and found.check.lines == len(found.lines)


def test_the_gradient_and_the_equation_stand_in_formulas_of_their_own() -> None:
    found = find("(y - Xw)^T (y - Xw)", "w", LS, ["gradient", "stationary_point"])
    written = [(latex(one.left), latex(one.expression)) for one in found.lines if isinstance(one.left, Node)]
    assert written == [
        ("-2 X^{T} (y - X w)", "0"),
        ("X^{T} X w", "X^{T} y"),
        ("w", "(X^{T} X)^{-1} X^{T} y"),
    ]


@pytest.mark.parametrize(
    ("formula", "shapes", "said"),
    [
        (LOGISTIC, SUM, "no_closed_form"),
        (r"\log(1 + \exp(-y \langle w, x\rangle))", {"w": "n", "x": "n", "y": "scalar"}, "no_solution"),
    ],
)
def test_an_equation_that_is_not_linear_is_not_solved(formula: str, shapes: dict[str, str], said: str) -> None:
    assert find(formula, "w", shapes, "stationary_point").verdict == said


@pytest.mark.parametrize(
    ("formula", "variable", "shapes", "assume", "sign", "reason"),
    [
        (r"\|y - Xw\|^2", "w", LS, None, "positive_semidefinite", "strict_if_rank"),
        (r"\|y - Xw\|^2", "w", LS, {"X": "full_column_rank"}, "positive_definite", "strict_rank"),
        (r"-\|y - Xw\|^2", "w", LS, None, "negative_semidefinite", "concave_global"),
        (r"\|y - Xw\|^2 + \lambda \|w\|^2", "w", RIDGE, POSITIVE, "positive_definite", "strict_norm"),
        (r"\|y - Xw\|^2 + \lambda \|w\|^2", "w", RIDGE, None, "undetermined", "undetermined"),
        (r"\|y - Xw\|^2 - \lambda \|w\|^2", "w", RIDGE, POSITIVE, "undetermined", "undetermined"),
        (r"(y - Xw)^T \operatorname{diag}(v) (y - Xw)", "w", {**LS, "v": "m"}, {"v": "positive"},
         "positive_semidefinite", "form_weighted"),
        (r"(y - Xw)^T \operatorname{diag}(v) (y - Xw)", "w", {**LS, "v": "m"}, None, "undetermined", "undetermined"),
        (r"\frac12 x^T A x", "x", QUADRATIC, {"A": "positive_definite"}, "positive_definite", "strict_declared"),
        (r"\frac12 x^T A x", "x", QUADRATIC, {"A": "symmetric"}, "undetermined", "undetermined"),
        (LOGISTIC, "w", SUM, None, "positive_semidefinite", "form_sum"),
        (r"\mathbf{1}^T \log(\mathbf{1} + \exp(-y \odot Xw))", "w", LS, None, "positive_semidefinite", "form_weighted"),
        (r"\log(\mathbf{1}^T \exp(Ax))", "x", {"A": "m x n", "x": "n"}, None, "positive_semidefinite",
         "form_variance"),
        (r"\|Y - XW\|^2", "W", {"Y": "m x k", "X": "m x n", "W": "n x k"}, None, "positive_semidefinite",
         "form_norm"),
        (r"b^T x", "x", QUADRATIC, None, "zero", "zero_hessian"),
        (r"t^4", "t", {"t": "scalar"}, None, "positive_semidefinite", "scalar_sign"),
    ],
)
def test_the_sign_of_a_hessian_is_claimed_only_where_it_is_known(
    formula: str, variable: str, shapes: dict[str, str], assume: Any, sign: str, reason: str
) -> None:
    if "A" in shapes and "A" not in formula:
        shapes = {"b": "n", "x": "n"}
    elif "b" in shapes and "b" not in formula:
        shapes = {name: given for name, given in shapes.items() if name != "b"}
    found = find(formula, variable, shapes, "definiteness", assume)
    assert found.verdict == sign
    assert reason in rules(found)


def test_what_was_assumed_for_the_solution_holds_for_the_hessian() -> None:
    found = find(r"\|y - Xw\|^2", "w", LS, ["stationary_point", "definiteness"])
    assert found.verdict == "positive_definite"
    assert rules(found)[-3:] == ["strict_rank", "convex_unique", "not_unique"]


def test_a_regularised_minimum_is_unique_whatever_the_rank() -> None:
    found = find(r"\|y - Xw\|^2 + \lambda \|w\|^2", "w", RIDGE, ["stationary_point", "definiteness"], POSITIVE)
    assert "convex_unique" in rules(found)
    assert "not_unique" not in rules(found)


@pytest.mark.parametrize(
    ("formula", "shapes", "task", "answer"),
    [
        (r"\|y - Xw\|^2", LS, "gradient_step", r"w + 2 \gamma X^{T} (y - X w)"),
        (r"\frac12 \|Xw - y\|^2", LS, "gradient_step", r"w - \gamma X^{T} (X w - y)"),
        (r"\|\gamma - Xw\|^2", {r"\gamma": "m", "X": "m x n", "w": "n"}, "gradient_step",
         r"w + 2 \eta X^{T} (\gamma - X w)"),
        (r"\|y - Xw\|^2", LS, "newton_step", "w + (X^{T} X)^{-1} X^{T} (y - X w)"),
        (r"\|y - Xw\|^2", LS, "sgd_step", r"w + 2 \gamma (y_i - x_i^{T} w) x_i"),
        (r"\frac{1}{m} \|y - Xw\|^2", LS, "sgd_step", r"w + 2 \gamma (y_i - x_i^{T} w) x_i"),
        (LOGISTIC, SUM, "sgd_step", r"w + \gamma y_i \sigma(-y_i x_i^{T} w) x_i"),
    ],
)
def test_a_step_goes_against_the_gradient(formula: str, shapes: dict[str, str], task: str, answer: str) -> None:
    assert latex(find(formula, "w", shapes, task).answer) == answer


def test_a_step_in_coordinates_sums_over_the_samples() -> None:
    found = find(r"\frac12 \|X\theta - y\|^2", r"\theta", {"X": "m x n", "y": "m", r"\theta": "n"}, "gradient_step")
    shown = next(line.shown for line in found.lines if line.rule == "step_coordinates")
    assert shown is not None
    assert latex(shown[0]) == r"\theta_j"
    assert latex(shown[1]) == r"\theta_j - \gamma \sum_{i=1}^{m} (x_i^{T} \theta - y_i) x_{ij}"


@pytest.mark.parametrize(
    ("formula", "tasks", "answer"),
    [
        (SQUARES, ["matrix_form"], r"\|y - X w\|^{2}"),
        (SQUARES, ["gradient", "matrix_form"], "-2 X^{T} (y - X w)"),
        (LOGISTIC, ["gradient", "matrix_form"], r"-X^{T} \bigl(y \odot \sigma(-y \odot X w)\bigr)"),
        (SQUARES, ["gradient", "hessian", "matrix_form"], "2 X^{T} X"),
        (SQUARES, ["gradient", "matrix_form", "stationary_point"], "(X^{T} X)^{-1} X^{T} y"),
        (r"\sum_{i=1}^{m} v_i (y_i - x_i^T w)^2", ["gradient", "hessian", "matrix_form"],
         r"2 X^{T} \operatorname{diag}(v) X"),
    ],
)
def test_a_sum_over_samples_becomes_a_product_of_data_matrices(formula: str, tasks: list[str], answer: str) -> None:
    shapes = {**SUM, "v_i": "scalar"} if "v_i" in formula else SUM
    assert latex(find(formula, "w", shapes, tasks).answer) == answer


def test_declared_rows_name_the_data_matrix() -> None:
    with workspace():
        reading = read(SQUARES, "w", declare(dict(SUM), None), elementwise=False)
        x_i = next(s for s in reading.symbols if s.data.name == "x_i")
        function = Function("f", reading.formula, reading.variable, reading.symbols, stacked={"D": x_i})
        found = derive_all(function, Request(("matrix_form",)))[-1]
    assert latex(found.answer) == r"\|y - D w\|^{2}"


@pytest.mark.parametrize(
    ("formula", "variable", "shapes", "answer"),
    [
        ("x^T A x", "x", {"x": "n", "A": "n x n"}, r"(dx)^{T} (A + A^{T})\,dx"),
        (r"\|y - Xw\|^2", "w", LS, r"2 (dw)^{T} X^{T} X\,dw"),
        ("t^3", "t", {"t": "scalar"}, r"6 t (dt)^{2}"),
        ("a^T x", "x", {"a": "n", "x": "n"}, "0"),
    ],
)
def test_the_second_differential_is_a_quadratic_form(
    formula: str, variable: str, shapes: dict[str, str], answer: str
) -> None:
    assert latex(find(formula, variable, shapes, "second_differential").answer) == answer


@pytest.mark.parametrize(
    ("formula", "shapes", "task", "message"),
    [
        ("a^T w", {"a": "n", "w": "n"}, "stationary_point",
         "the gradient does not depend on w, so there is no stationary point to find\n"
         "Leave the task 'stationary_point' out."),
        (r"(w^T w)^2", {"w": "n"}, "stationary_point",
         "the equation 4 (w^{T} w) w = 0 is not linear in w, and docgen solves linear ones only\n"
         "Leave the task 'stationary_point' out; 'gradient_step' and 'newton_step' work for every loss."),
        ("w^T A w", {"A": "n x n", "w": "n"}, "sgd_step",
         "a stochastic step needs a loss that is a sum over samples, and the gradient here is none\n"
         r"Type the loss as a sum, \sum_{i=1}^{m} …, or with a data matrix, or leave 'sgd_step' out."),
        ("a^T w", {"a": "n", "w": "n"}, "newton_step",
         "Newton's method needs an invertible Hessian, and 0 is singular\n"
         "Leave the task 'newton_step' out, or add a regularizer to the loss."),
        ("(a^T w)^2", {"a": "n", "w": "n"}, "newton_step",
         "Newton's method needs an invertible Hessian, and 2 a a^{T} is singular\n"
         "Leave the task 'newton_step' out, or add a regularizer to the loss."),
        (r"\|y - Xw\|^2", LS, "matrix_form",
         "the task 'matrix_form' needs a sum over samples, and there is none in the function\n"
         r"Type the function as a sum: \sum_{i=1}^{m} (y_i - x_i^T w)^2, or leave the task out."),
    ],
)
def test_what_cannot_be_studied_says_so(formula: str, shapes: dict[str, str], task: str, message: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        find(formula, "w", shapes, task)
    assert str(caught.value) == message


def test_a_false_solution_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    real = study._solve

    def solve(*given: Any) -> Any:
        answer, reasons = real(*given)
        return mul([num(3), answer]), reasons

    monkeypatch.setattr(study, "_solve", solve)
    with pytest.raises(ProofError):
        find(r"\|y - Xw\|^2", "w", LS, "stationary_point")


def test_a_false_square_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from docgen.calculus import study_sign

    def wrong(matrix: Node, z: Node) -> Any:
        found = squares(matrix, z) or []
        return [replace(square, node=mul([num(3), square.node])) for square in found]

    monkeypatch.setattr(study_sign, "squares", wrong)
    with pytest.raises(ProofError):
        find(r"\|y - Xw\|^2", "w", LS, "definiteness")


def test_a_form_of_unknown_sign_has_no_verdict() -> None:
    with workspace():
        n = size("n")
        a, z = sym(Symbol("A"), shape(n, n)), sym(Symbol("z"), shape(n, size(1)))
        assert verdict(squares(a, z)) == "undetermined"


def test_the_json_of_a_study_evaluates() -> None:
    """The strings use nothing but the names of the solution and the increment."""
    solution = docgen.derive(r"\|y - Xw\|^2", "w", LS, task=["stationary_point", "definiteness", "gradient_step"])
    told = solution.to_dict(["en"])
    assert told["names"] == {"y": "y", "X": "X", "w": "w", r"\gamma": "gamma"}
    first, second, third = told["derivations"]
    lines = {line["rule"]: line["numpy"] for one in (first, second, third) for line in one["lines"]}
    assert lines["set_zero"] == (
        "(lambda w: (-2 * X.T @ (y - X @ w), np.zeros((n, 1))))(np.linalg.inv(X.T @ X) @ X.T @ y)"
    )
    assert lines["form_norm"] == "(d_w.T @ (2 * X.T @ X) @ d_w, 2 * np.sum((X @ d_w)**2))"
    assert lines["gradient_step"] == (
        "(w - gamma * G(lambda w: np.sum((y - X @ w)**2)), w - gamma * (-2 * X.T @ (y - X @ w)))"
    )
    assert lines["convex_unique"] is None
    assert (first["verdict"], second["verdict"]) == ("solved", "positive_definite")
    assert third["answer"]["numpy"] == "w + 2 * gamma * X.T @ (y - X @ w)"
