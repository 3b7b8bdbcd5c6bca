"""Zeros of typed formulas: bold where they are vectors or matrices, as in the solutions."""

from __future__ import annotations

import pytest

from docgen.algebra.notation import PLAIN, Notation
from docgen.handouts.spelling import Spelling

BOLD = Notation(bold=True)
ZERO = r"\boldsymbol{0}"


@pytest.mark.parametrize(
    ("typed", "zeros"),
    [
        (r"Xz = 0", 1),
        (r"Xz = 0, \quad z \ne 0", 2),
        (r"Xz = 0 \Rightarrow z = 0", 2),
        (r"dC = 0", 1),
        (r"d(A^{-1} A) = d I_n = 0", 1),
        (r"x^{T} \underset{dA = 0}{(dA)}\, x", 1),
        (r"U + V = 0 \;\Rightarrow\; U = -V", 1),
        (r"\nabla f(x^{*}) = 0", 1),
        (r"\nabla^{2} f = 0", 1),
        (r"0 = X^{T}(Xw - y)", 1),
        (r"(\operatorname{diag}(p) - pp^{T}) \mathbf{1} = 0", 1),
        (r"\frac{\partial f}{\partial x} = 0", 1),
        (r"\boldsymbol{x} = 0", 1),
        (r"x x^{T} = 0", 1),
        (r"x^{T} A = 0", 1),
        (r"x^{T} A x = 0", 0),
        (r"z^{T} H z \ge 0", 0),
        (r"H \succ 0", 0),
        (r"\|Xz\|^{2} = 0", 0),
        (r"\det A \ne 0", 0),
        (r"\operatorname{tr}(A) = 0", 0),
        (r"\frac{\partial M_{ik}}{\partial a_{ij}} = 0", 0),
        (r"f'(x) = 0", 0),
        (r"\nabla f(t) = 0", 0),
        (r"w_0 = 0", 0),
        (r"s \ne 0", 0),
        (r"Xw = 0.5 x", 0),
        (r"\langle x, w \rangle = 0", 0),
    ],
)
def test_the_zeros_of_a_formula(typed: str, zeros: int) -> None:
    spelling = Spelling(BOLD, {"z": True, "t": False})
    assert spelling.formula(typed).count(ZERO) == zeros
    assert spelling.formula(spelling.formula(typed)) == spelling.formula(typed)
    assert ZERO not in Spelling(PLAIN).formula(typed)


def test_what_a_gradient_is_taken_by_is_a_vector() -> None:
    assert Spelling(BOLD).formula(r"\nabla_{z}\, g(z)") == r"\nabla_{\boldsymbol{z}}\, g(\boldsymbol{z})"
