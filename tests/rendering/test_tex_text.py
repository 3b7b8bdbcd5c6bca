"""Words as LaTeX source: data stays data."""

from __future__ import annotations

import pytest

from docgen.handouts.document import Inlines, Link, Math, Reference, Text
from docgen.rendering.tex_text import address, escape, formula, inlines, plain


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (r"\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("50% & #1 a_b ^ ~ $5", r"50\% \& \#1 a\_b \textasciicircum{} \textasciitilde{} \$5"),
        ("^^5c", r"\textasciicircum{}\textasciicircum{}5c"),
        ("a -- b --- c ''", "a -{}- b -{}-{}- c '{}'"),
        ('well-known [a] "b"', 'well-known [a] "b"'),
        ("задача\u00a01", "задача~1"),
        ("a\n\n\tb\x00c", "a b c"),
        ("表\u3000题", "表\u3000题"),
        ("<< x >> <% y %>", r"<{}< x >{}> <\% y \%>"),
    ],
)
def test_escape(words: str, shown: str) -> None:
    assert escape(words) == shown


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://e.org/a_b?c=1&d=%20#x", "https://e.org/a_b?c=1&d=%20#x"),
        ("https://e.org/}\\input{x", "https://e.org/%7D%5Cinput%7Bx"),
        ("run:/bin/sh", ""),
        ("file:///etc/passwd", ""),
    ],
)
def test_address(url: str, shown: str) -> None:
    assert address(url) == shown


def test_operators_get_names() -> None:
    names: set[str] = set()
    assert formula(r"\operatorname{tr}(A) + \operatorname{tr} B + \operatorname{vec}(C)", names) == (
        r"\tr(A) + \tr B + \operatorname{vec}(C)"
    )
    assert names == {"tr"}


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        ((Text("of "), Math("x"), Text(".")), "of $x$."),
        ((Reference("a-b", "3.1"),), r"\hyperlink{a-b}{3.1}"),
        ((Link((Text("50%"),), "https://e.org/a?b=1&c={#x"),), r"\href{https://e.org/a?b=1\&c=\%7B\#x}{50\%}"),
        ((Link((Text("x"),), "run:x"),), "x"),
    ],
)
def test_inlines(pieces: Inlines, shown: str) -> None:
    assert inlines(pieces, set()) == shown


def test_plain_words_for_bookmarks() -> None:
    assert plain((Text("of "), Math(r"\mathrm{tr}(X^{2})"))) == "of tr(X^2)"


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (
            r"\underset{[1 \times n]}{x^{T}} \, \underset{[n \times 1]}{x}",
            r"\sized{x^{T}}{1 \times n} \sized{x}{n \times 1}",
        ),
        (r"\underbrace{A x}_{(\nabla f)^{T}}\,dx", r"\underbrace{A x}_{\mathclap{(\nabla f)^{T}}}\,dx"),
        (r"\underbrace{A} x", r"\underbrace{A} x"),
        (r"\underset{a}{b}", r"\underset{a}{b}"),
    ],
)
def test_notes_under_a_formula(latex: str, shown: str) -> None:
    assert formula(latex, set()) == shown
    assert formula(" ".join([latex] * 2000), set()).count(shown) == 2000


def test_partial_derivatives_in_a_matrix_are_as_large_as_in_a_display() -> None:
    matrix = r"\begin{pmatrix} \frac{\partial f}{\partial x} & 1 \\ \vdots & \frac{1}{2} \end{pmatrix} = \frac{a}{b}"
    shown = (
        r"\begin{pmatrix} \dfrac{\partial f}{\partial x} & 1 \\[9pt] \vdots & \frac{1}{2} \end{pmatrix} = \frac{a}{b}"
    )
    assert formula(matrix, set()) == shown
    plain_matrix = r"\begin{pmatrix} \frac{1}{2} \\ 1 \end{pmatrix}"
    assert formula(plain_matrix, set()) == plain_matrix
