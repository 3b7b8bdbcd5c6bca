"""The study of a loss: the answers of every task, what is said of them, and that a false one is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import docgen
from docgen.algebra.latex import latex
from docgen.algebra.node import Node, Symbol, fn, mul, num, sym, workspace
from docgen.algebra.sizes import shape, size
from docgen.calculus import study_point
from docgen.calculus.definite import squares, verdict
from docgen.calculus.derivation import Derivation, Function
from docgen.calculus.derive import derive_all
from docgen.calculus.proof import Prover
from docgen.calculus.request import Request
from docgen.calculus.study_clear import multiplied_out
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


SAMPLES = r"\sum_{i=1}^{n} (x_i - \mu)^T \Sigma^{-1} (x_i - \mu)"
LIKELIHOOD = rf"\frac{{n}}{{2}} \log\det \Sigma + \frac12 {SAMPLES}"
GAUSSIAN = {"x_i": "d", r"\mu": "d", r"\Sigma": "d x d"}
SIGMA = {r"\Sigma": "positive_definite"}
PRECISION = r"\operatorname{tr}(S X) - \log\det X"
SQUARE = {"S": "n x n", "X": "n x n"}


@pytest.mark.parametrize(
    ("formula", "variable", "shapes", "assume", "answer", "reasons"),
    [
        (PRECISION, "X", SQUARE, {"S": "positive_definite", "X": "positive_definite"}, "S^{-1}",
         ["clear_inverse", "declared_definite"]),
        (PRECISION, "X", SQUARE, {"S": "symmetric", "X": "positive_definite"}, "S^{-1}",
         ["clear_inverse", "assume_definite"]),
        (PRECISION, "X", SQUARE, None, "S^{-1}", ["clear_inverse", "assume_invertible"]),
        (r"\operatorname{tr}(S X) - \log\det(X + A)", "X", {**SQUARE, "A": "n x n"}, None, "S^{-1} (I_{n} - S A)",
         ["clear_inverse", "assume_invertible"]),
        (LIKELIHOOD, r"\Sigma", GAUSSIAN, SIGMA, r"\frac{1}{n} \sum_{i=1}^{n} (x_i - \mu) (x_i - \mu)^{T}",
         ["clear_inverse", "assume_definite"]),
        (LIKELIHOOD, r"\Sigma", GAUSSIAN, None, r"\frac{1}{n} \sum_{i=1}^{n} (x_i - \mu) (x_i - \mu)^{T}",
         ["clear_inverse", "assume_invertible"]),
        (LIKELIHOOD, r"\mu", GAUSSIAN, SIGMA, r"\frac{1}{n} \sum_{i=1}^{n} x_i", ["definite_invertible"]),
        (r"n \log v + \frac{1}{v} \|y - Xw\|^2", "v", {"y": "n", "X": "n x d", "w": "d", "v": "scalar"},
         {"v": "positive"}, r"\frac{1}{n} \|y - X w\|^{2}", ["clear_factor", "assume_positive"]),
        (r"n \log \sigma + \frac{1}{2 \sigma^2} \|x - \mu\|^2", r"\sigma",
         {"x": "n", r"\mu": "n", r"\sigma": "scalar"}, {r"\sigma": "positive"},
         r"\frac{1}{\sqrt{n}} \|x - \mu\|", ["clear_factor", "solve_root", "assume_positive"]),
        (r"\sum_{i=1}^{n} (\lambda x_i - \log \lambda)", r"\lambda", {"x_i": "scalar", r"\lambda": "scalar"},
         {"x_i": "positive", r"\lambda": "positive"}, r"\frac{n}{\sum_{i=1}^{n} x_i}", ["clear_factor"]),
        (r"\sum_{i=1}^{n} (\lambda - x_i \log \lambda)", r"\lambda", {"x_i": "scalar", r"\lambda": "scalar"},
         {"x_i": "positive", r"\lambda": "positive"}, r"\frac{1}{n} \sum_{i=1}^{n} x_i", ["clear_factor"]),
        (r"-k \log p - (n - k) \log(1 - p)", "p", {"k": "scalar", "n": "scalar", "p": "scalar"}, None,
         r"\frac{k}{n}", ["clear_factor", "nonzero", "nonzero", "nonzero"]),
        (r"\|Ax - b\|", "x", {"A": "m x n", "x": "n", "b": "m"}, None, "(A^{T} A)^{-1} A^{T} b",
         ["clear_factor", "assume_rank", "nonzero"]),
        (r"\frac12 t^2 - a \log t", "t", {"t": "scalar", "a": "scalar"}, {"t": "positive", "a": "positive"},
         r"\sqrt{a}", ["clear_factor", "solve_root"]),
        (r"\exp(t) - a t", "t", {"t": "scalar", "a": "scalar"}, {"a": "positive"}, r"\log(a)", ["solve_root"]),
        (r"c_1 \exp(t) - c_0 t", "t", {"t": "scalar", "c_0": "scalar", "c_1": "scalar"},
         {"c_0": "positive", "c_1": "positive"}, r"\log\Bigl(\frac{c_0}{c_1}\Bigr)", ["solve_root"]),
        (r"\frac{1}{2s} \|x\|^2 - b^T x", "x", {"x": "n", "b": "n", "s": "scalar"}, None, "s b", []),
        ("(t - a)^3", "t", {"t": "scalar", "a": "scalar"}, None, "a", ["solve_root"]),
        (r"\exp(-\frac12 \|x - m\|^2)", "x", {"x": "n", "m": "n"}, None, "m", ["clear_factor"]),
        (r"\sqrt{1 + \|x - m\|^2}", "x", {"x": "n", "m": "n"}, None, "m", ["clear_factor"]),
    ],
)
def test_an_equation_is_freed_of_inverses_and_solved(
    formula: str, variable: str, shapes: dict[str, str], assume: Any, answer: str, reasons: list[str]
) -> None:
    found = find(formula, variable, shapes, ["gradient", "stationary_point"], assume)
    assert (latex(found.answer), found.verdict) == (answer, "solved")
    assert [rule for rule in rules(found) if rule not in ("set_zero", "solve_linear", "solve_inverse")] == reasons
    assert found.check.passed


@pytest.mark.parametrize(("exponent", "terms"), [(2, 3), (10, 11), (100, 1)])
def test_like_terms_of_a_power_are_collected_as_they_arise_and_a_long_power_stays(exponent: int, terms: int) -> None:
    with workspace():
        shapes = declare({"a": "scalar", "t": "scalar"}, None)
        reading = read(rf"(t - a)^{{{exponent}}}", "t", shapes, elementwise=False)
        assert len(multiplied_out(reading.formula, reading.variable)) == terms


@pytest.mark.parametrize(("letters", "used"), [("i k l s", "p"), ("j k p q", "l")])
def test_an_index_of_a_step_is_a_letter_that_the_loss_leaves_free(letters: str, used: str) -> None:
    shapes = {**LS, **dict.fromkeys(letters.split(), "scalar")}
    line = find(rf"\|y - Xw\|^2 + {' + '.join(letters.split())}", "w", shapes, "gradient_step").lines[-1]
    assert used in (line.facts["i"], line.facts["j"])


def test_an_index_of_samples_is_not_their_number() -> None:
    found = find(r"\|y - Xw\|^2", "w", {"y": "i", "X": "i x n", "w": "n"}, "sgd_step")
    assert found.lines[-1].facts["i"] == "k"


def test_a_symmetric_unknown_has_no_other_solution() -> None:
    with pytest.raises(UnsupportedError) as caught:
        find(PRECISION, "X", SQUARE, "stationary_point", {"X": "positive_definite"})
    assert str(caught.value) == (
        "the gradient vanishes at S^{-T} only, which need not be symmetric as X is\n"
        "Assume the matrices in it symmetric where they are."
    )


def test_a_root_is_claimed_only_where_the_gradient_is_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study_point, "real_roots", lambda *_: [num(2), num(3)])
    with pytest.raises(UnsupportedError, match="no single solution"):
        find(r"\exp(t) - a t", "t", {"t": "scalar", "a": "scalar"}, "stationary_point")


def test_numbers_know_what_the_exact_rings_do_not() -> None:
    with workspace():
        reading = read(r"\log(a)", "a", declare({"a": "scalar"}, None), elementwise=False)
        prover = Prover(reading.formula, reading.variable)
        back = fn("exp", reading.formula)
        assert not prover.equal(back, reading.variable)
        assert prover.exact
        assert prover.agree(back, reading.variable)
        assert not prover.exact
        assert not prover.agree(back, mul([num(2), reading.variable]))


def test_the_sign_on_symmetric_directions() -> None:
    found = find(PRECISION, "X", SQUARE, ["gradient", "hessian", "stationary_point", "definiteness"],
                 {"S": "positive_definite", "X": "positive_definite"})
    assert found.verdict == "positive_definite"
    assert rules(found) == ["form_symmetric", "strict_kronecker", "convex_unique"]
    assert latex(found.answer) == r"(X^{-1} \otimes X^{-1}) K_{n,n}"


def test_without_symmetry_the_same_form_has_no_sign() -> None:
    assert find(PRECISION, "X", SQUARE, "definiteness", {"X": "invertible"}).verdict == "undetermined"


@pytest.mark.parametrize(
    ("formula", "variable", "shapes", "assume", "there", "said"),
    [
        (LIKELIHOOD, r"\Sigma", GAUSSIAN, SIGMA,
         r"\frac{1}{2} n^{3} \biggl(\Bigl(\sum_{i=1}^{n} (x_i - \mu) (x_i - \mu)^{T}\Bigr)^{-1} \otimes "
         r"\Bigl(\sum_{i=1}^{n} (x_i - \mu) (x_i - \mu)^{T}\Bigr)^{-1}\biggr)", "local_minimum"),
        (r"n \log v + \frac{1}{v} \|y\|^2", "v", {"y": "n", "v": "scalar"}, {"v": "positive"},
         r"\frac{n^{3}}{\|y\|^{4}}", "local_minimum"),
        (r"-n \log v - \frac{1}{v} \|y\|^2", "v", {"y": "n", "v": "scalar"}, {"v": "positive"},
         r"-\frac{n^{3}}{\|y\|^{4}}", "local_maximum"),
    ],
)
def test_a_hessian_of_no_sign_is_judged_at_the_stationary_point(
    formula: str, variable: str, shapes: dict[str, str], assume: Any, there: str, said: str
) -> None:
    found = find(formula, variable, shapes, ["gradient", "stationary_point", "definiteness"], assume)
    assert found.verdict == "undetermined"
    assert [line.rule for line in found.lines[-2:]] == ["hessian_at_point", said]
    assert latex(found.lines[-2].expression) == there


def test_definiteness_shows_how_the_hessian_was_found() -> None:
    found = find(r"\|y - Xw\|^2", "w", LS, ["gradient", "stationary_point", "definiteness"])
    assert "read_hessian" in rules(found)


@pytest.mark.parametrize(
    ("formula", "variable", "shapes", "assume"),
    [
        (PRECISION, "X", SQUARE, {"S": "positive_definite", "X": "positive_definite"}),
        (r"n \log v + \frac{1}{v} \|y\|^2", "v", {"y": "n", "v": "scalar"}, {"v": "positive"}),
        (r"\exp(t) - a t", "t", {"t": "scalar", "a": "scalar"}, {"a": "positive"}),
    ],
)
def test_every_equation_of_a_study_holds_in_numpy(
    formula: str, variable: str, shapes: dict[str, str], assume: dict[str, str]
) -> None:
    tasks = ["gradient", "hessian", "stationary_point", "definiteness"]
    told = docgen.derive(formula, variable, shapes, assume, task=tasks).to_dict(["en"])
    rng = np.random.default_rng(7)
    square = [rng.normal(size=(4, 4)) for _ in range(3)]
    matrices = {"S": square[0] @ square[0].T + np.eye(4), "X": square[1] @ square[1].T + np.eye(4), "d_X": square[2]}
    values = matrices | {"y": rng.normal(size=(4, 1)), "v": 1.3, "d_v": 0.7, "t": 0.4, "d_t": 0.9, "a": 1.7, "n": 4}
    pairs = [
        eval(line["numpy"], {"np": np, **values})
        for derivation in told["derivations"][2:]
        for line in derivation["lines"]
        if line["numpy"] is not None
    ]
    assert len(pairs) >= 2
    for left, right in pairs:
        np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-9)


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
         "docgen finds no solution of the equation 4 (w^{T} w) w = 0 in closed form\n"
         "Leave the task 'stationary_point' out; 'gradient_step' works for every loss."),
        ("w^4 - 2 w^2", {"w": "scalar"}, "stationary_point",
         "the equation 4 w (w^{2} - 1) = 0 has several solutions: -1, 0, 1\n"
         "Assume w positive where it is, or leave the task 'stationary_point' out."),
        (r"\cos(w)", {"w": "scalar"}, "stationary_point",
         "the equation -\\sin(w) = 0 has no single solution\n"
         "Assume w positive where it is, or leave the task 'stationary_point' out."),
        ("A w", {"A": "n x n", "w": "n"}, "gradient_step",
         "only a scalar function has stationary points and steps of descent, but the value here is n x 1\n"
         "Ask for the task 'jacobian' or 'differential'."),
        ("w w^T", {"w": "1 x n"}, "stationary_point",
         "docgen solves systems for scalars, columns and matrices, not for the row w\n"
         "Declare w as a column, and write w^T for the row."),
        (r"\log\det w", {"w": "n x n"}, "newton_step",
         "docgen makes a Newton step for a matrix only where the gradient is linear in it\n"
         "Leave the task 'newton_step' out; 'gradient_step' works for every loss."),
        (r"\|w\|", {"w": "n"}, "stationary_point",
         "docgen finds no solution of the equation \\frac{w}{\\|w\\|} = 0 in closed form\n"
         "Leave the task 'stationary_point' out; 'gradient_step' works for every loss."),
        ("w^T A w", {"A": "n x n", "w": "n"}, "sgd_step",
         "a stochastic step needs a loss that is a sum over samples, and here there is no such sum\n"
         r"Type the loss as a sum, \sum_{i=1}^{m} …, or with a data matrix, or leave 'sgd_step' out."),
        ("a^T w", {"a": "n", "w": "n"}, "newton_step",
         "Newton's method needs an invertible Hessian, but the Hessian here, 0, is singular\n"
         "Leave the task 'newton_step' out, or add a regularizer to the loss."),
        ("(a^T w)^2", {"a": "n", "w": "n"}, "newton_step",
         "Newton's method needs an invertible Hessian, but the Hessian here, 2 a a^{T}, is singular\n"
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
    real = study_point.solve

    def solve(*given: Any) -> Any:
        answer, reasons = real(*given)
        return mul([num(3), answer]), reasons

    monkeypatch.setattr(study_point, "solve", solve)
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
