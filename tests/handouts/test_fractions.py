"""Formulas in the line of a sentence."""

from __future__ import annotations

import pytest

from docgen.handouts.document import Math, Text
from docgen.handouts.fractions import flat, several
from docgen.handouts.language import load_language


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (r"a^{T} x", r"a^{T} x"),
        (r"\frac{1}{2}", r"\frac{1}{2}"),
        (r"(A^{-1})_{ji} = \frac{(-1)^{i+j} M_{ij}}{\det A}", r"(A^{-1})_{ji} = (-1)^{i+j} M_{ij}/\det A"),
        (r"\frac{(-1)^{i+j} M_{ij}}{\det(A)}", r"(-1)^{i+j} M_{ij}/\det(A)"),
        (r"\sigma(z) = \frac{1}{1 + \exp(-z)}", r"\sigma(z) = 1/(1 + \exp(-z))"),
        (r"\frac{\partial x_{j}}{\partial x_{i}} = \delta_{ij}", r"\partial x_{j}/\partial x_{i} = \delta_{ij}"),
        (r"\frac{\exp(s) - 1}{s}\,uv^{T}", r"((\exp(s) - 1)/s)\,uv^{T}"),
        (r"d\sqrt{u} = \frac{du}{2\sqrt{u}}", r"d\sqrt{u} = du/(2\sqrt{u})"),
        (r"d\|u\| = \frac{u^{T} du}{\|u\|}", r"d\|u\| = u^{T} du/\|u\|"),
        (r"\frac{du - \frac{u}{v}\,dv}{v}", r"(du - (u/v)\,dv)/v"),
        (r"\frac{\partial}{\partial x_{i}} \sum_{j} u_{j}", r"\frac{\partial}{\partial x_{i}} \sum_{j} u_{j}"),
        (r"d\frac{u}{v} = \frac{du}{v}", r"d(u/v) = du/v"),
        (r"\nabla\frac{u}{v}", r"\nabla(u/v)"),
        (r"2 \frac{u}{v}", r"2 u/v"),
        (
            r"d\Bigl(\frac{\partial f}{\partial \boldsymbol{x}}\Bigr) = \frac{\partial^{2} f}{\partial x\,\partial x^{T}}\,dx",
            r"d\Bigl(\partial f/\partial \boldsymbol{x}\Bigr) = (\partial^{2} f/(\partial x\,\partial x^{T}))\,dx",
        ),
        (r"\frac12 x", r"\frac12 x"),
    ],
)
def test_a_fraction_becomes_a_quotient(typed: str, shown: str) -> None:
    assert flat(typed) == shown


def test_two_formulas_of_a_rule_are_joined_by_a_word() -> None:
    both = r"\nabla(a^{T} x) = a, \quad \nabla(x^{T} M x) = (M + M^{T}) x"
    assert several(both) == [r"\nabla(a^{T} x) = a", r"\nabla(x^{T} M x) = (M + M^{T}) x"]
    for code, word in (("en", " and "), ("ru", " и "), ("zh", "和")):
        words = load_language(code).rule_text("termwise", {"formula": Math(both)})
        at = words.index(Math(r"\nabla(a^{T} x) = a"))
        between, after = words[at + 1 : at + 3]
        assert isinstance(between, Text) and between.text.strip() == word.strip(), code
        assert after == Math(r"\nabla(x^{T} M x) = (M + M^{T}) x")
