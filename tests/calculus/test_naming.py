"""The author's names for parts, kept in what was derived."""

from __future__ import annotations

import pytest

from docgen.algebra.latex import latex
from docgen.algebra.node import Symbol, sym, workspace
from docgen.calculus.naming import folded
from docgen.reading import declare, read

SHAPES = {"A": "m x n", "B": "m x m", "x": "n", "b": "m"}


@pytest.mark.parametrize(
    ("formula", "part", "expected"),
    [
        ("(A x)^T B (A x)", "A x", "u^{T} B u"),
        ("x^T A^T B A x", "A x", "u^{T} B u"),
        (r"\|A x - b\|^2", "A x - b", r"\|u\|^{2}"),
        ("x^T A^T b + (A x)^T b", "A x", "u^{T} b + u^{T} b"),
        (r"\exp(b^T A x) b", "A x", r"\exp(b^{T} u) b"),
        (r"x^T x", "A x", "x^{T} x"),
    ],
)
def test_a_part_is_folded_back(formula: str, part: str, expected: str) -> None:
    with workspace():
        whole = read(formula, "x", declare(SHAPES)).formula
        meaning = read(part, "x", declare(SHAPES)).formula
        assert latex(folded(whole, [(sym(Symbol("u"), meaning.shape), meaning)])) == expected
