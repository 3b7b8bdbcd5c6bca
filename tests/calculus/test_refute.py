"""Numbers at which a false formula is false, and the slip behind it."""

from __future__ import annotations

import pytest

from docgen.algebra.node import Node, workspace
from docgen.calculus.refute import Slip, counterexample, slip
from docgen.reading import declare, read_equation

SHAPES = {"X": "n x n", "A": "n x n", "x": "n", "y": "m", "W": "m x n", "x_i": "n", "y_i": "scalar"}


def told(text: str, variable: str | None) -> tuple[str, Slip | None]:
    with workspace():
        reading = read_equation(text, declare(SHAPES))
        left, right = reading.sides
        by: Node | None = next((s for s in reading.symbols if s.data.name == variable), None)
        return counterexample(left, right, by), slip(right, left, by)


@pytest.mark.parametrize(
    ("text", "variable", "found"),
    [
        (r"d(\det X) = \det(X) \langle X^{-1}, dX\rangle", "X", Slip("transpose", "X^{-1}", "X^{-T}")),
        (r"d(\det X) = \det(X) \operatorname{tr}(X^{-T} dX)", "X", Slip("transpose", "X^{-T}", "X^{-1}")),
        (r"\nabla_x (x^T A x) = 2 A x", "x", Slip("symmetric", "A", "A")),
        (r"\nabla_x (x^T A x) = (A - A^T) x", "x", Slip("sign", "-A^{T}", "A^{T}")),
        (r"\|y - Wx\|^2 = y^T y - y^T W x + x^T W^T W x", None, Slip("factor", "-y^{T} W x", "-2 y^{T} W x")),
        (r"\|x\|^2 = y^T y", None, None),
    ],
)
def test_the_likely_slip(text: str, variable: str | None, found: Slip | None) -> None:
    assert told(text, variable)[1] == found


def test_the_example_is_one_line_of_small_numbers() -> None:
    example, _ = told(r"d(X^{-1}) = X^{-1} dX X^{-1}", "X")
    assert example == (
        "For example, at X = [-2 1; 1 -3]; dX = [3 -3; 3 -2]: entry (1, 1) of the left side is -1, the right side 1"
    )


def test_the_members_of_a_family_are_listed() -> None:
    example, _ = told(r"\sum_{i=1}^{m} y_i = \sum_{i=1}^{m} y_i^2", None)
    assert example == "For example, at y_i = -2, 1: the left side is -1, the right side 5"


def test_a_true_equation_has_no_example() -> None:
    assert told(r"d(X^{-1}) = -X^{-1} dX X^{-1}", "X")[0] == ""
