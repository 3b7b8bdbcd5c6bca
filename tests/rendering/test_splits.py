"""Where a formula of a sentence may be broken, and what the sign does there in each language."""

from __future__ import annotations

import pytest

from docgen.handouts.document import Document, Math, Paragraph, Text
from docgen.rendering.latex import render
from docgen.rendering.splits import breakable

LONG = r"\operatorname{tr}(ABC) = \operatorname{tr}(BCA) = \operatorname{tr}(CAB)"


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("f(x) = a^{T} x", "f(x) = a^{T} x"),
        (
            LONG,
            r"\operatorname{tr}(ABC) \splits{=} \operatorname{tr}(BCA) \splits{=} \operatorname{tr}(CAB)",
        ),
        (
            r"\sum_{i=1}^{\ell} (y^{(i)} - \theta^{T} x^{(i)} = 0) \leqslant \alpha \|\theta\|",
            r"\sum_{i=1}^{\ell} (y^{(i)} - \theta^{T} x^{(i)} = 0) \splits{\leqslant} \alpha \|\theta\|",
        ),
        (
            r"\theta := \theta - \alpha X^{T} (X \theta - y) + \beta \theta",
            r"\theta \splits{:=} \theta - \alpha X^{T} (X \theta - y) + \beta \theta",
        ),
        (
            r"A x + B y + C z - (a + b) D x - E y - F z + G x = 0",
            r"A x \splits{+} B y \splits{+} C z \splits{-} (a + b) D x \splits{-} E y \splits{-} F z \splits{+} G x "
            r"\splits{=} 0",
        ),
        (
            r"x^{(1)}, x^{(2)}, \dots, x^{(\ell)} \in \mathbb{R}^{d} = V",
            r"x^{(1)}, x^{(2)}, \dots, x^{(\ell)} \in \mathbb{R}^{d} \splits{=} V",
        ),
        (r"= a b c d e f g h i j k l m n o p \not= 0", r"= a b c d e f g h i j k l m n o p \not= 0"),
    ],
)
def test_only_a_long_formula_may_be_broken(formula: str, shown: str) -> None:
    assert breakable(formula) == shown


@pytest.mark.parametrize(
    ("language", "definition"),
    [
        ("en", r"\newcommand{\splits}[1]{#1\penalty2000 }"),
        ("ru", r"\newcommand{\splits}[1]{#1\discretionary{}{\hbox{$#1$}}{}}\exhyphenpenalty=2000"),
        ("zh", r"\newcommand{\splits}[1]{#1\penalty2000 }"),
    ],
)
def test_russian_begins_the_next_line_with_the_sign(language: str, definition: str) -> None:
    source = render(Document("one", language, "handout", "A", (Paragraph((Text("So "), Math(LONG))),)))
    assert definition in source and r"\relpenalty=10000 \binoppenalty=10000" in source
    assert "splits" not in render(Document("one", language, "handout", "A", (Paragraph((Math("x = y"),)),)))
