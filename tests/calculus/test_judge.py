"""Verdicts on answers: every kind, in every spelling, and never a wrong one."""

import time

import pytest

import docgen
from docgen.algebra.node import workspace
from docgen.calculus.judge import judge
from docgen.reading import declare, read

QUADRATIC = ("x^T A x", "x", {"x": "n", "A": "n x n"}, None, "gradient")
SQUARES = (r"\|y - Xw\|^2", "w", {"X": r"\ell x d", "y": r"\ell", "w": "d"}, None, "gradient")
LOGISTIC = (
    r"\log(1 + \exp(-y \langle w, x \rangle))",
    "w",
    {"w": "d", "x": "d", "y": "scalar"},
    {"y": "in {-1, 1}"},
    "gradient",
)
LOGDET = (r"\log\det X", "X", {"X": "n x n"}, None, "gradient")
HESSIAN = ("x^T x", "x", {"x": "n"}, None, "hessian")
LINEAR = ("a^T x", "x", {"a": "n", "x": "n"}, None, "hessian")
SINE = (r"\sin(2 t)", "t", {"t": "scalar"}, None, "gradient")
ABSOLUTE = (r"\lvert t^2 + 1 \rvert", "t", {"t": "scalar"}, None, "gradient")
NORM = (r"\|x\|", "x", {"x": "n"}, None, "gradient")
DIFFERENTIAL = ("x^T A x", "x", {"x": "n", "A": "n x n"}, None, "differential")
GREEK = (
    r"\operatorname{tr}(\Theta^T A \Theta)",
    r"\Theta",
    {"A": "n x n", r"\Theta": "n x m"},
    None,
    "differential",
)
SAMPLES = (
    r"\sum_{i=1}^{m} (y_i - \theta^T x_i)^2",
    r"\theta",
    {"x_i": "n", "y_i": "scalar", r"\theta": "n"},
    None,
    "gradient",
)
SKEW = (r"\operatorname{tr}((A - A^T) X)", "X", {"A": "n x n", "X": "n x n"}, None, "gradient")

VERDICTS = [
    (QUADRATIC, "(A + A^T) x", "equal"),
    (QUADRATIC, "A x + A^T x", "equal"),
    (QUADRATIC, "(A+A')*x", "equal"),
    (QUADRATIC, "x^T (A + A^T)", "equal to the transpose"),
    (QUADRATIC, "-(A + A^T) x", "wrong sign"),
    (QUADRATIC, "2 (A + A^T) x", "off by the factor 2"),
    (QUADRATIC, r"\frac{1}{2n}(A + A^T) x", "off by the factor 1/(2 n)"),
    (QUADRATIC, "-n^2 (A + A^T) x", "off by the factor -n^{2}"),
    (QUADRATIC, "2 A x", "different"),
    (QUADRATIC, "(A^2 + A^T) x", "different"),
    (QUADRATIC, "0 x", "different"),
    (QUADRATIC, "0", "different"),
    (QUADRATIC, "x^T x", "wrong shape"),
    (QUADRATIC, "x^T A", "wrong shape"),
    (QUADRATIC, "A x x", "wrong shape"),
    (SQUARES, "2 X^T (X w - y)", "equal"),
    (SQUARES, "2 X^T X w - 2 X^T y", "equal"),
    (SQUARES, "X^T (X w - y)", "off by the factor 1/2"),
    (SQUARES, r"\frac{2}{\ell} X^T (X w - y)", r"off by the factor 1/\ell"),
    (SQUARES, r"\frac{2}{\ell d} X^T (X w - y)", r"off by the factor 1/(\ell d)"),
    (SQUARES, r"\frac{2 d}{\ell} X^T (X w - y)", r"off by the factor d/\ell"),
    (SQUARES, "2 X^T (y - X w)", "wrong sign"),
    (SQUARES, "2 X (X w - y)", "wrong shape"),
    (LOGISTIC, r"-y x / (1 + \exp(y w^T x))", "equal"),
    (LOGISTIC, r"(\sigma(y w^T x) - 1) y x", "equal"),
    (LOGISTIC, r"-\frac{y}{2} (1 - \tanh(y w^T x / 2)) x", "equal"),
    (LOGISTIC, r"-\sigma(-y w^T x) x", "off by the factor y"),
    (LOGDET, "(X^T)^{-1}", "equal"),
    (LOGDET, r"\frac{1}{\det X} \operatorname{adj}(X)^T", "equal"),
    (LOGDET, "X^{-1}", "equal to the transpose"),
    (LOGDET, "X^T", "different"),
    (HESSIAN, "2 I", "equal"),
    (HESSIAN, "2 I_n", "equal"),
    (HESSIAN, "I", "off by the factor 1/2"),
    (HESSIAN, "2", "wrong shape"),
    (HESSIAN, "2 I + x x^T", "different"),
    (LINEAR, "0", "equal"),
    (LINEAR, "a a^T", "different"),
    (SINE, r"2 \cos^2 t - 2 \sin^2 t", "equal"),
    (SINE, r"2 - 4 \sin^2 t", "equal"),
    (SINE, r"2 - 2 \sin^2 t", "different"),
    (SINE, r"\cos(2 t)", "off by the factor 1/2"),
    (ABSOLUTE, "2 t", "equal"),
    (ABSOLUTE, "-2 t", "wrong sign"),
    (ABSOLUTE, r"2 \lvert t \rvert", "different"),
    (NORM, r"\frac{x}{\sqrt{x^T x}}", "equal"),
    (NORM, "(x x^T)^{-1} x", "different"),
    (DIFFERENTIAL, r"x^T (A + A^T)\,dx", "equal"),
    (DIFFERENTIAL, "dx^T (A + A^T) x", "equal"),
    (DIFFERENTIAL, "x'*(A+A')*dx", "equal"),
    (DIFFERENTIAL, "x^T A dx", "different"),
    (DIFFERENTIAL, "(A + A^T) x", "wrong shape"),
    (GREEK, r"\operatorname{tr}(\Theta^T (A + A^T)\,d\Theta)", "equal"),
    (GREEK, r"2 \operatorname{tr}(\Theta^T (A + A^T)\,d\Theta)", "off by the factor 2"),
    (SAMPLES, r"2 \sum_{i=1}^{m} (\theta^T x_i - y_i) x_i", "equal"),
    (SAMPLES, r"\frac{2}{m} \sum_{i=1}^{m} (\theta^T x_i - y_i) x_i", "off by the factor 1/m"),
    (SAMPLES, r"2 \sum_{i=1}^{m} (\theta^T x_i - y_i) \theta", "different"),
    (SKEW, "A - A^T", "wrong sign"),
    (SKEW, "A^T - A", "equal"),
]


@pytest.mark.parametrize(("problem", "formula", "verdict"), VERDICTS)
def test_the_verdict(
    problem: tuple[str, str, dict[str, str], dict[str, str] | None, str], formula: str, verdict: str
) -> None:
    assert docgen.equal(formula, docgen.derive(*problem).answer) == verdict


@pytest.mark.parametrize(
    ("formula", "answer", "shapes", "verdict"),
    [
        ("2 X", "X + X", None, "equal"),
        ("2*X", "X + X", None, "equal"),
        ("A^T", "A", {"A": "m x n"}, "equal to the transpose"),
        ("1/2", "0.5", None, "equal"),
        ("A x + b - b", "A x", {"A": "m x n", "x": "n", "b": "m"}, "equal"),
        (r"\lambda x", "x", {"x": "n", r"\lambda": "scalar"}, r"off by the factor \lambda"),
        (r"3 x / \lambda", r"x / \lambda", {"x": "n", r"\lambda": "scalar"}, "off by the factor 3"),
        (r"x / \lambda^2", r"x / \lambda", {"x": "n", r"\lambda": "scalar"}, r"off by the factor 1/\lambda"),
        ("sqrt(t)^2", "t", {"t": "scalar"}, "equal"),
        ("sqrt(t^2)", "t", {"t": "scalar"}, "different"),
        (r"\log(s t)", r"\log s + \log t", {"s": "scalar", "t": "scalar"}, "equal"),
        (r"\exp(s + t)", r"e^s e^t", {"s": "scalar", "t": "scalar"}, "equal"),
        (r"\arctan(t) + \arctan(1/t)", r"\pi / 2", {"t": "scalar"}, "different"),  # for t < 0 it is -π/2
        (r"\operatorname{tr}(A B)", r"\operatorname{tr}(B A)", {"A": "m x n", "B": "n x m"}, "equal"),
        (r"\det(A B)", r"\det A \det B", {"A": "n x n", "B": "n x n"}, "equal"),
        ("(A B)^{-1}", "B^{-1} A^{-1}", {"A": "n x n", "B": "n x n"}, "equal"),
        ("x^T y", "y^T x", {"x": "n", "y": "n"}, "equal"),
        (r"\operatorname{erf}(-t)", r"\operatorname{erf}(t)", {"t": "scalar"}, "wrong sign"),
    ],
)
def test_two_formulas(formula: str, answer: str, shapes: dict[str, str] | None, verdict: str) -> None:
    assert docgen.equal(formula, answer, shapes) == verdict


def test_an_assumption_counts() -> None:
    shapes = {"A": "n x n", "x": "n"}
    assert docgen.equal("2 A x", "(A + A^T) x", shapes) == "different"
    assert docgen.equal("2 A x", "(A + A^T) x", shapes, {"A": "symmetric"}) == "equal"
    solved = docgen.derive("x^T A x", "x", shapes, {"A": "symmetric"})
    assert docgen.equal("(A + A^T) x", solved.answer) == "equal"


def test_entries_of_a_square_matrix_stay_entries() -> None:
    solved = docgen.derive(r"\operatorname{sum}(\exp(A))", "A", {"A": "n x n"}, elementwise=True)
    assert docgen.equal(r"\exp(A)", solved.answer) == "equal"


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (
            "(A + B) x",
            "the symbol B is not declared\n    (A + B) x\n         ^\nDeclare its shape, as in B: n x m; or did you mean A?",
        ),
        ("", "the formula is empty\n    \n    ^\nType a formula, for example x^T A x."),
        (
            "(A + A^T x",
            "this ( is never closed\n    (A + A^T x\n    ^\nAdd the missing ).",
        ),
    ],
)
def test_what_cannot_be_read_is_said(formula: str, message: str) -> None:
    answer = docgen.derive(*QUADRATIC).answer
    with pytest.raises(docgen.FormulaError) as caught:
        docgen.equal(formula, answer)
    assert str(caught.value) == message


def test_a_right_answer_without_a_value_is_refused() -> None:
    with pytest.raises(docgen.UnsupportedError) as caught:
        docgen.equal("x", "(x x^T)^{-1} x", {"x": "n"})
    assert str(caught.value) == (
        "the formula is defined nowhere: (x x^{T})^{-1} inverts a matrix that is singular at every point\n"
        "Check the sizes and the signs; x y^T, for one, is singular whatever x and y are."
    )


def test_rows_of_a_data_matrix_are_the_samples() -> None:
    with workspace():
        declared = declare({"X": "m x n", "w": "n", "x_i": "n"}, families=["x_i"])
        stacked = read("X^T X w", "w", declared).formula
        summed = read(r"\sum_{i=1}^{m} x_i x_i^T w", "w", declared).formula
        member = next(n for n in read("x_i", "x_i", declared).symbols)
        assert str(judge(summed, stacked)) == "different"
        assert str(judge(summed, stacked, stacked={"X": member})) == "equal"


def test_a_verdict_takes_milliseconds() -> None:
    answer = docgen.derive(*SQUARES).answer
    docgen.equal("2 X^T (X w - y)", answer)
    start = time.perf_counter()
    for _ in range(10):
        assert docgen.equal("2 X^T X w - 2 X^T y", answer) == "equal"
    assert (time.perf_counter() - start) / 10 < 0.05
