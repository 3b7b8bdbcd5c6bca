"""Markdown that renders on GitHub."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docgen.handouts.document import Display, Emphasis, Inlines, Link, Math, Paragraph, Row, Solution, Strong, Text
from docgen.rendering.markdown import escape, fragment, github, inlines, render
from tests.rendering.samples import sample


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"\|x\|^{2}", r"\Vert x\Vert^{2}"),
        (r"A\,dx", r"A\thinspace dx"),
        (r"y \in \{-1, 1\}", r"y \in \lbrace -1, 1\rbrace"),
        (r"\operatorname{tr}(A)", r"\mathop{\mathrm{tr}}(A)"),
        (r"\operatorname{sum}_{i} x", r"\mathop{\mathrm{sum}}\nolimits_{i} x"),
        (r"a < b", r"a \lt b"),
        (r"|x|", r"\vert x\vert"),
        (r"[a](b)", r"[a] (b)"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", r"\begin{pmatrix} a & b \cr c & d \end{pmatrix}"),
    ],
)
def test_formulas_survive_markdown(latex: str, shown: str) -> None:
    """Nothing is left that GitHub would read as Markdown or refuse."""
    assert github(latex, inline=True) == shown


def test_rows_of_a_matrix_end_lines_in_a_display() -> None:
    """GitHub keeps a double backslash only at the end of a line."""
    assert github(r"\begin{cases} a \\ b \end{cases}", inline=False) == "\\begin{cases} a \\\\\nb \\end{cases}"


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        ((Text("由"), Math("A"), Text("得")), "由 $A$ 得"),
        ((Text("其中，"), Math("A"), Text("。")), "其中， $A$。"),
        ((Text("задача\u00a0"), Math("A")), "задача $A$"),
        ((Math("a"), Math("b")), "$a$ $b$"),
        ((Text("("), Math("a"), Text(")")), "($a$)"),
        ((Strong((Text(" bold "),)), Text("x")), " **bold** x"),
        ((Emphasis((Text(" "),)),), " "),
        ((Link((Text("a]b"),), "https://e.org/a b)(<é"),), r"[a\]b](https://e.org/a%20b%29%28%3C%C3%A9)"),
        ((Link((Text("run"),), "javascript:alert(1)"),), "run"),
    ],
)
def test_inline(pieces: Inlines, shown: str) -> None:
    assert inlines(pieces) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a*b_c`d", r"a\*b\_c\`d"),
        ("<script>", r"\<script\>"),
        ("$5", "<span>$</span>5"),
        ("&lt;", "&amp;lt;"),
        ("[a](b)", r"\[a\](b)"),
        ("a\nb\x07c", "a b c"),
        ("<< x >> <% y %>", r"\<\< x \>\> \<% y %\>"),
    ],
)
def test_words_are_data(words: str, shown: str) -> None:
    assert escape(words) == shown


@pytest.mark.parametrize("start", ["# a", "- a", "+ a", "1. a", "12) a", "> a"])
def test_a_paragraph_stays_a_paragraph(start: str) -> None:
    shown = fragment((Paragraph((Text(start),)),), "en")
    assert not re.match(r"(#|-|\+|\d+[.)]|>) ", shown)
    assert shown.replace("\\", "") == start


def test_a_chain() -> None:
    rows = (
        Row("df", "=", ("d(x^{T}) A x ", "+ x^{T} d(A x)"), (Text("see "), Math("s"), Text(" there")), ","),
        Row("", "=", (r"x^{T} (A + A^{T})\,dx",), (), "。"),
    )
    assert fragment((Display(rows),), "en") == (
        "$$\n"
        "\\begin{aligned}\n"
        r"df &= d(x^{T}) A x + x^{T} d(A x), && \text{(see } s \text{ there)} \\" + "\n"
        r"&= x^{T} (A + A^{T})\thinspace dx\text{。}" + "\n"
        "\\end{aligned}\n"
        "$$"
    )


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
@pytest.mark.parametrize("edition", ["worksheet", "handout", "key"])
def test_a_page(language: str, edition: str) -> None:
    """Dollar signs pair up, displays stand alone, and the same document gives the same bytes."""
    document = sample(language, edition)
    page = render(document)
    assert page == render(document)
    lines = page.split("\n")
    fences = [index for index, line in enumerate(lines) if line.strip() == "$$"]
    assert len(fences) % 2 == 0
    for opening, closing in zip(fences[::2], fences[1::2], strict=True):
        assert lines[opening - 1] == "" and lines[closing + 1] == ""
        assert "$" not in "".join(lines[opening + 1 : closing])
    rest = "\n".join(re.split(r"(?m)^\$\$\n[^$]*^\$\$$", page)).replace("<span>$</span>", "")
    assert rest.count("$") % 2 == 0
    assert not re.search(r"[^\s(«\[>*]\$(?=[^$\n]*\$)[^$]", re.sub(r"\$[^$\n]*\$", "", rest))
    assert "\\operatorname" not in page and "\\|" not in page and "\\," not in page
    assert ("\\boxed" in page) == (edition != "worksheet")


def test_an_end_mark_without_a_sign_of_its_own_is_a_formula(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "latex.toml").write_text("qed = '\\diamond'")
    solution = Solution("Solution.", (Paragraph((Text("So."),)),))
    assert fragment((solution,), "en", tmp_path) == "**Solution.** So. $\\diamond$"
