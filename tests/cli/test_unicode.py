"""Formulas as text for a terminal."""

import pytest

from docgen.cli.unicode import unicode_math


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"x^{T} A x", "xᵀ A x"),
        (r"d(x^{T}) A x + x^{T} A\,dx", "d(xᵀ) A x + xᵀ A dx"),
        (r"\nabla f(x) = (A + A^{T}) x", "∇f(x) = (A + Aᵀ) x"),
        (r"f\colon \mathbb{R}^{n} \to \mathbb{R}", "f: ℝⁿ → ℝ"),
        (r"\mathbb{R}^{n\times m}", "ℝ^(n×m)"),
        (r"\frac{1}{2}\|y - Xw\|^{2}", "1/2‖y - Xw‖²"),
        (r"\frac{u + v}{\sqrt{w}}", "(u + v)/(√w)"),
        (r"\operatorname{tr}\left(A^{-1}\,dX\right)", "tr(A⁻¹ dX)"),
        (r"y\langle w, x\rangle", "y⟨w, x⟩"),
        (r"\langle w, x \rangle", "⟨w, x⟩"),
        (r"\sum_{i=1}^{m} x_{i}", "Σᵢ₌₁ᵐ xᵢ"),
        (r"\hat{y} \in \{-1, 1\}", "ŷ ∈ {-1, 1}"),
        (r"\underset{1\times n}{x^{T}}\,\underset{n\times n}{A}", "xᵀ A"),
        (r"\lambda \odot \Lambda", "λ ∘ Λ"),
        (r"x_{i}^{2}", "xᵢ²"),
        (r"A_{F}", "A_F"),
        (r"\unknown{x}", r"\unknownx"),
        ("", ""),
    ],
)
def test_a_formula_as_text(latex: str, text: str) -> None:
    assert unicode_math(latex) == text
