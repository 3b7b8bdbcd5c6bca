"""Equations: what a claim is typed as, with differentials and gradients in it."""

from __future__ import annotations

import pytest

from docgen.algebra.node import workspace
from docgen.errors import DocgenError
from docgen.reading import declare, read, read_equation

SHAPES = {"A": "n x n", "B": "n x m", "X": "n x n", "x": "n", "a": "n", "x_0": "n", "x_i": "n", "y_i": "scalar"}


def sides(text: str) -> list[str]:
    with workspace():
        return [repr(side) for side in read_equation(text, declare(SHAPES)).sides]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"d(\det X) = \det(X) \operatorname{tr}(X^{-1}\,dX)", ["d(1, det(X))", "mul(det(X), tr(mul(inv(X), d(1, X))))"]),
        (r"\mathrm{d}\ln\det X = 0", ["d(1, fn(log, det(X)))", "0"]),
        (r"\mathrm d(X^{-1}) = -X^{-1} dX X^{-1}", ["d(1, inv(X))", "mul(-1, inv(X), d(1, X), inv(X))"]),
        (r"d\|x\|^2 = 2 x^T dx", ["d(1, normsq(x))", "mul(2, T(x), d(1, x))"]),
        (r"d x_0 = dx_0", ["d(1, x_0)", "d(1, x_0)"]),
        (r"(dX)^T = dX^T", ["T(d(1, X))", "T(d(1, X))"]),
        (r"A^{-1} A = I = A A^{-1}", ["mul(inv(A), A)", "eye()", "mul(A, inv(A))"]),
        (r"\nabla_x (x^T A x) = (A + A^T) x", ["grad(x, mul(T(x), A, x))", "mul(add(A, T(A)), x)"]),
        (r"\nabla_{x} (a^T x) - a = 0", ["add(grad(x, mul(T(a), x)), mul(-1, a))", "zeros()"]),
    ],
)
def test_the_sides_of_an_equation(text: str, expected: list[str]) -> None:
    assert sides(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "x^T A x",
            "this is no equation: it has no sign =\n    x^T A x\n    ^^^^^^^\n"
            "Type both sides, as in A^{-1} A = I.",
        ),
        (
            "x^T A x = x",
            "an equation of different shapes: x^T A x is 1 x 1, but x is n x 1\n    x^T A x = x\n              ^\n"
            "Both must have one shape.",
        ),
        (
            "dX^{-1} = X",
            "dX^{-1} can be read in two ways\n    dX^{-1} = X\n    ^^^^^^^\nWrite d(X^{-1}) or (dX)^{-1}.",
        ),
        (
            r"d(d X) = 0",
            "docgen does not read a differential of a differential\n    d(d X) = 0\n    ^^^^^^\n"
            "State the second differential as a problem: task: second_differential.",
        ),
        (
            r"\nabla (x^T x) = 2x",
            "it is not said by which variable this gradient is taken\n    \\nabla (x^T x) = 2x\n    ^^^^^^\n"
            "Write it below: \\nabla_x (…).",
        ),
        (
            r"\nabla_x x = I",
            "only a scalar has a gradient, but x is n x 1\n    \\nabla_x x = I\n             ^\n"
            "State its differential: d(…) = ….",
        ),
        (
            r"\nabla_z (x^T x) = 2x",
            "the variable z of this gradient does not occur in the equation\n    \\nabla_z (x^T x) = 2x\n    ^^^^^^^^^^^^^^^^\n"
            "Correct its name.",
        ),
    ],
)
def test_what_is_no_equation(text: str, message: str) -> None:
    with pytest.raises(DocgenError) as error:
        sides(text)
    assert str(error.value) == message


def test_a_family_may_stand_first() -> None:
    assert sides(r"\sum_{i=1}^{n} y_i = \sum_{i=1}^{n} (2 y_i - y_i)")[0].startswith("total(")


def test_a_differential_in_a_function_is_refused() -> None:
    with workspace(), pytest.raises(DocgenError) as error:
        read(r"\operatorname{tr}(A dX)", "X", declare(SHAPES))
    assert str(error.value).startswith("the symbol d is not declared")
