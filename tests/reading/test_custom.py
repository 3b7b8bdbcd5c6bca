"""Shapes that are left out: custom, unification, the fewest scalars, and the questions where that is not enough."""

import pytest

from tests.reading.reads import error, reading

ASSUMED = {
    "x^T A x": {"x": "n x 1", "A": "n x n"},
    "x'*A*x": {"x": "n x 1", "A": "n x n"},
    r"\|y - Xw\|^2 + \lambda \|w\|^2": {"y": "n x 1", "X": "n x m", "w": "m x 1", r"\lambda": "1 x 1"},
    r"\operatorname{tr}(A X B)": {"A": "n x m", "X": "m x k", "B": "k x n"},
    r"\log\det X": {"X": "n x n"},
    r"\log\det\Sigma": {r"\Sigma": "n x n"},
    r"|X|": {"X": "n x n"},
    r"\det(A + tB)": {"A": "n x n", "t": "1 x 1", "B": "n x n"},
    r"-\frac{N}{2} \log\det X - \operatorname{tr} X": {"N": "1 x 1", "X": "n x n"},
    "x^T w + b": {"x": "n x 1", "w": "n x 1", "b": "1 x 1"},
    "Xw + b": {"X": "n x m", "w": "m x 1", "b": "n x 1"},
    "w_0 + w^T x": {"w_0": "1 x 1", "w": "n x 1", "x": "n x 1"},
    "x^2 + y^2": {"x": "1 x 1", "y": "1 x 1"},
    r"\frac{1}{n}\|Xw\|^2": {"n": "1 x 1", "X": "m x k", "w": "k x 1"},
    r"\sum_{i=1}^{m} (\langle x_i, w\rangle - y_i)^2": {"x_i": "n x 1", "w": "n x 1", "y_i": "1 x 1"},
    r"\mathbf{1}_n^T x": {"x": "n x 1"},
    r"\operatorname{vec}(X)^T y": {"X": "n x m", "y": "m*n x 1"},
    r"\operatorname{tr}(A \otimes (x x^T))": {"A": "n x n", "x": "m x 1"},
    "x + 1": {"x": "n x 1"},
    r"\hat y^T y": {r"\hat{y}": "n x 1", "y": "n x 1"},
}


@pytest.mark.parametrize("text", ASSUMED)
def test_custom_and_unification(text: str) -> None:
    variable = next(name for name in ASSUMED[text] if not name.endswith("_i"))
    found = reading(text, variable=variable, shapes=None)
    assert {name: str(shape) for name, shape in found.shapes.items()} == ASSUMED[text]
    assert [notice.id for notice in found.notices].count("shape_assumed") == len(ASSUMED[text])


def test_what_was_assumed_is_noted() -> None:
    found = reading("x^T A x + t", variable="x", shapes={"x": "n", "t": "scalar"} | {"A": "n x n"})
    assert found.notices == ()
    left_out = reading("Xw", variable="w", shapes=None)
    facts = [(str(notice.facts["symbol"]), notice.facts["shape"]) for notice in left_out.notices]
    assert facts == [("X", r"\mathbb{R}^{n \times m}"), ("w", r"\mathbb{R}^{m}")]


def test_the_shape_of_the_variable_may_be_left_out() -> None:
    assert str(reading("A x", variable="x", shapes={"A": "n x m"}).variable.shape) == "m x 1"


def test_assumptions_help() -> None:
    found = reading("s^T x", variable="x", shapes=None, assume={"S": "symmetric"})
    assert str(found.shapes["s"]) == "n x 1"
    square = reading(r"\Lambda x", variable="x", shapes=None, assume={r"\Lambda": "diagonal"})
    assert str(square.shapes[r"\Lambda"]) == "n x n"
    assert square.symbols[0].data.assumptions == {"diagonal"}


QUESTIONS = {
    "a x": (
        "the shapes that were left out can be chosen in more than one way: a is a scalar, or x is a scalar\n"
        "    a x\n    ^^^\nDeclare the shape of a or x."
    ),
    "x y z": (
        "the shapes that were left out can be chosen in more than one way: "
        "x and y are scalars, or x and z are scalars, or y and z are scalars\n"
        "    x y z\n    ^^^^^\nDeclare the shape of x or y or z."
    ),
    r"\theta^T x": (
        "a transpose shows that \\theta is not a scalar, but by custom it would be\n"
        "    \\theta^T x\n    ^^^^^^\n"
        "Declare the shape of \\theta. The shapes are not declared: "
        "docgen took \\theta as a scalar, x as a column vector."
    ),
    r"X\theta - y": (
        "a sum of different shapes: X\\theta is ? x ?, but - y is ? x 1\n"
        "    X\\theta - y\n            ^^^\n"
        "Both must have one shape. The shapes are not declared: "
        "docgen took X as a matrix, \\theta as a scalar, y as a column vector."
    ),
    r"\operatorname{vec}(X)^T (A \otimes B) \operatorname{vec}(X)": (
        "the sizes of the Kronecker products or vec here are not clear from the formula\n"
        "    \\operatorname{vec}(X)^T (A \\otimes B) \\operatorname{vec}(X)\n"
        f"    {'^' * 59}\nDeclare the shapes of the symbols."
    ),
    "X(w + v)": (
        "X stands before a bracket and is not declared: it may be a function or a factor\n"
        "    X(w + v)\n    ^\n"
        "Write X \\cdot (…), or declare X, if X(…) is a product; instead of a function, type its formula."
    ),
    "Xw*y": (
        "Xw is not declared, and a name of several letters needs it\n"
        "    Xw*y\n    ^^\nWrite a product with *, as in X*w, or declare the shape of Xw."
    ),
}


@pytest.mark.parametrize("text", QUESTIONS)
def test_where_custom_is_not_enough(text: str) -> None:
    variable = next(name for name in (r"\theta", "x", "w", "X") if name in text)
    assert error(text, variable=variable, shapes=None) == QUESTIONS[text]


def test_an_assumption_that_does_not_fit_the_shape_that_was_found() -> None:
    assert error(r"\log(1 + N^2)", variable="x", shapes={"x": "n"}, assume={"N": "one_hot"}) == (
        "one_hot is assumed of N, which is 1 x 1; it needs a column vector\n"
        "    \\log(1 + N^2)\n    ^^^^^^^^^^^^^\nCorrect the shape of N, or drop the assumption."
    )
