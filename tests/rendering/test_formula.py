"""The width of formulas and words, and the places where a sum may be broken."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from docgen.rendering.formula import tokens, width, words_width
from docgen.rendering.layout import breaks
from tests.rendering.tex import needs_tex

FORMULAS = [
    r"x^{T} A x",
    r"(A + A^{T}) x",
    r"d(x^{T}) A x + x^{T} A\,dx",
    r"\frac{1}{2} \|A x - b\|^{2}",
    r"\sum_{i=1}^{m} \log(1 + \exp(-y_{i} \langle w, x_{i} \rangle))",
    r"\operatorname{tr}(A X B X^{T})",
    r"\nabla f(x) = 2 X^{T} (X w - y)",
    r"\underset{[1 \times n]}{x^{T}} \, \underset{[n \times n]}{A} \, \underset{[n \times 1]}{dx}",
    r"\left(\frac{x^{T} A x}{x^{T} x}\right)^{2}",
    r"-\frac{1}{m} \sum_{i=1}^{m} \sigma(-y_{i} \langle w, x_{i} \rangle) y_{i} x_{i} + \lambda w",
    r"\bigl((A + B) x\bigr)^{T} \odot \hat{y}",
    r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
    r"X \in \mathbb{R}^{m \times n}, \quad y \in \{-1, 1\}",
    r"\underbrace{X^{-1}}_{\nabla f(X)}",
    r"\frac{2}{\|x\|^{2}} \left(A - \frac{x^{T} A x}{x^{T} x} I\right) x",
    r"x^{\odot 2} \leqslant \varepsilon",
    r"\sqrt{x^{T} x} \otimes \boldsymbol{w} \mathbf{1}^{T} \operatorname{diag}(x)",
]


@needs_tex
def test_widths_are_those_of_tex(tmp_path: Path) -> None:
    """Every estimate is within five per cent of what XeLaTeX measures."""
    measured = "\n".join(rf"\setbox0\hbox{{$\displaystyle {f}$}}\immediate\write\W{{\the\wd0}}" for f in FORMULAS)
    source = (
        r"\documentclass[12pt]{article}\usepackage{mathtools,amssymb}\begin{document}\newwrite\W"
        rf"\immediate\openout\W=widths.txt {measured} \end{{document}}"
    )
    (tmp_path / "w.tex").write_text(source)
    subprocess.run(["xelatex", "-interaction=batchmode", "w.tex"], cwd=tmp_path, check=True, capture_output=True)
    found = [
        float(line.removesuffix("pt\n")) / 12
        for line in (tmp_path / "widths.txt").read_text().splitlines(keepends=True)
    ]
    assert {f: round(width(f), 2) for f in FORMULAS} == {
        f: pytest.approx(w, rel=0.05) for f, w in zip(FORMULAS, found, strict=True)
    }


def test_tokens_join_to_the_formula() -> None:
    assert tokens(r"\frac{1}{2}\,x") == ["\\frac", "{", "1", "}", "{", "2", "}", "\\,", "x"]
    for formula in FORMULAS:
        assert "".join(tokens(formula)) == formula


@pytest.mark.parametrize(
    ("formula", "where"),
    [
        ("a + b", [(2, 0)]),
        ("-a - b", [(3, 0)]),
        ("x = -a + b", [(7, 0)]),
        ("(a + b) - c", [(3, 1), (8, 0)]),
        (r"\frac{a + b}{c} + d", [(16, 0)]),
        (r"\left(a + b\right) - c", [(19, 0)]),
        (r"\begin{pmatrix} a + b \end{pmatrix} + c", [(36, 0)]),
        (r"\bigl(a - b\bigr)", [(8, 1)]),
        (r"\langle a + b, c \rangle", [(10, 1)]),
        (r"a \cdot -b", []),
    ],
)
def test_breaks(formula: str, where: list[tuple[int, int]]) -> None:
    assert breaks(formula) == where


def test_width_of_words() -> None:
    assert words_width("") == 0
    assert words_width("矩阵") == 2
    assert words_width("матрица", bold=True) > words_width("матрица")


@pytest.mark.parametrize("broken", ["{", "}", "^", r"\frac", r"\left(", r"\begin{pmatrix}", r"a_", r"\sqrt[", "\\"])
def test_a_formula_that_does_not_close_still_has_a_width(broken: str) -> None:
    assert width(broken) >= 0
