"""The plain spelling as it is printed: what a user would type, without a bracket too many; that it is read back is
tested in tests/reading/test_round_trip.py."""

import pytest

import docgen
from docgen.algebra.node import workspace
from docgen.algebra.plain import plain
from docgen.errors import UnsupportedError
from docgen.reading import declare, read
from tests.reading.reads import SHAPES

SYMBOLS = SHAPES | {"w_12": "scalar", "x_jk": "scalar", r"\mu_k": "scalar", r"\sigma": "scalar", r"y'": "n"}

AS_TYPED = [
    "x'*A*x",
    "(A*x)'*y",
    "(x'*y)*b",
    "A'^3*x",
    "(A^2)'",
    "A''",
    "inv(A)'*x",
    "-1/2*x'*A*x",
    "-(x + y).*w",
    "(-x).*w",
    "x - (y - w)",
    "s*(-x)",
    "s*(-3/2)*x",
    "x*2 - 3*y",
    "s/t/2*x",
    "s*t/2*x",
    "x'*y/(s*t)",
    "(-s)^2",
    "(1/s)^2*x",
    "1/(s + t)*x",
    "1./x",
    "x./y.*w",
    "x./(y.*w)",
    "2*(x.*y)",
    "A*x.*y",
    "x.*(A*y)*s",
    "(x.*y).*w",
    "x.^(-2)",
    "sqrt(x)",
    "A.^(1/2)",
    "norm2(x)^2*x",
    "norm2(A*x - y)",
    "norm1(x)",
    "sum(abs(A))",
    "log(det(A))",
    "ln(s) + 0*exp(1)",
    "sigmoid(sigma*x)",
    "tgamma(s)",
    "inner(x, y)*kron(A, B)",
    "diag(diag(A))",
    "vector(1)'*x",
    "(A + vector(1)*vector(1)')*x",
    "A - s*eye(n)",
    "lambda*theta + w_12*x",
    "pi*s",
    "s^2",
    "1/s",
    "lambda/2",
]


@pytest.mark.parametrize("text", AS_TYPED)
def test_a_formula_is_printed_as_it_was_typed(text: str) -> None:
    with workspace():
        found = read(text, "x", declare(SYMBOLS), elementwise=True)
        assert plain(found.formula, found.notation) == text


@pytest.mark.parametrize(
    ("latex", "printed"),
    [
        (r"\pi", "1*pi"),
        ("s^{10}", "1*s^10"),
        ("-s^{1/3}", "-1*s^(1/3)"),
        (r"x_{jk} + s", "1*(x_jk + s)"),
        (r"\frac{s}{\mu_k}", "1*s/mu_k"),
    ],
)
def test_what_would_read_otherwise_in_latex_shows_a_plain_sign(latex: str, printed: str) -> None:
    with workspace():
        declared = declare(SYMBOLS)
        assert plain(read(latex, "s", declared).formula) == printed
        read(printed, "s", declared)


@pytest.mark.parametrize(
    ("latex", "missing"),
    [
        (r"\sum_{i=1}^{m} y_i s", "the plain spelling has no sum over samples"),
        (r"K_{m,n} \operatorname{vec}(X)", "the plain spelling has no commutation matrix"),
        (r"\hat y^T x", r"the plain spelling has no name for the symbol \hat{y}"),
        ("y'^{T} x", "the plain spelling has no name for the symbol y'"),
    ],
)
def test_what_the_plain_spelling_cannot_say_is_refused(latex: str, missing: str) -> None:
    with workspace(), pytest.raises(UnsupportedError) as refusal:
        plain(read(latex, "x", declare(SYMBOLS)).formula)
    assert refusal.value.message == missing
    assert "LaTeX" in refusal.value.hint


def test_the_answer_of_a_solution_is_had_in_the_plain_spelling() -> None:
    answer = docgen.derive("norm2(A*x - b)^2", wrt="x").answer
    assert answer.plain == "2*A'*(A*x - b)"
    assert docgen.equal(answer.plain, answer) == "equal"
