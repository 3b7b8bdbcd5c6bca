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
        ("https://e.org/a_b?c=1&d=%20#x", r"https://e.org/a_b?c=1\&d=\%20\#x"),
        ("https://e.org/}\\input{x", r"https://e.org/\%7D\%5Cinput\%7Bx"),
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
        ((Link((Text("50%"),), "https://e.org"),), r"\href{https://e.org}{50\%}"),
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
