"""Inline markup and authors' texts."""

from __future__ import annotations

import pytest

from docgen.errors import Place, SpecError
from docgen.handouts.document import (
    Display,
    Emphasis,
    Inlines,
    Link,
    Listing,
    Math,
    Paragraph,
    Reference,
    Row,
    Strong,
    Text,
)
from docgen.handouts.inline import inlines, plain, token, without_tokens
from docgen.handouts.language import load_language
from docgen.handouts.mathtext import checked_math
from docgen.handouts.texts import Texts

T, M = Text, Math


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("plain words", (T("plain words"),)),
        ("a *b* c", (T("a "), Emphasis((T("b"),)), T(" c"))),
        ("a **b** c", (T("a "), Strong((T("b"),)), T(" c"))),
        ("**a *b* c**", (Strong((T("a "), Emphasis((T("b"),)), T(" c"))),)),
        ("**注意：**这里", (Strong((T("注意："),)), T("这里"))),
        ("2 * 3 * 4", (T("2 * 3 * 4"),)),
        ("a *b", (T("a *b"),)),
        ("**a *b**", (Strong((T("a *b"),)),)),
        (r"a \*b\* \$1", (T("a *b* $1"),)),
        ("let $x^{T} A$ be", (T("let "), M("x^{T} A"), T(" be"))),
        ("costs $5 and $6", (T("costs $5 and $6"),)),
        ("[the *notes*](https://example.org)", (Link((T("the "), Emphasis((T("notes"),))), "https://example.org"),)),
        ("[no link]", (T("[no link]"),)),
        ("one\ntwo", (T("one two"),)),
        ("一行\n二行", (T("一行二行"),)),
        ("a~b {id}", (T("a~b {id}"),)),
    ],
)
def test_markup(source: str, expected: Inlines) -> None:
    assert inlines(source) == expected


def test_catalogue_tilde_is_a_no_break_space() -> None:
    assert inlines("a~b", tilde=True) == (T("a\u00a0b"),)


def test_values_are_never_markup() -> None:
    evil = "**bold** $x$ [a](b) {id} << x >>"
    assert inlines(f"say {token(0)} and {token(1)}", [evil, M("*")]) == (T(f"say {evil} and "), M("*"))


def test_values_inside_a_formula() -> None:
    assert inlines(f"${token(0)}^{{T}} = {token(1)}$", [M("A"), "100% _"]) == (M(r"A^{T} = \text{100\% \_}"),)


def test_tokens_of_an_author_are_taken_out() -> None:
    assert without_tokens(f"a{token(0)}b") == "ab"


def test_plain_text_of_a_display() -> None:
    display = Display((Row("f(x)", "=", ("a", " + b")),))
    assert plain([T("with "), display]) == "with $f(x) = a + b$"


def _texts() -> Texts:
    return Texts(load_language("en"), lambda target: Reference(target, "3.1"))


def test_blocks_of_a_text() -> None:
    found = _texts().blocks("First, see {p}:\n\n- one $x$\n- two\n\n$$\na\n- b,\n$$\nwhere *c*.\n\n1. end")
    assert found == (
        Paragraph((T("First, see "), Reference("p", "3.1"), T(":"))),
        Listing(((Paragraph((T("one "), M("x"))),), (Paragraph((T("two"),)),))),
        Display((Row("", "", ("a - b",), (), ","),)),
        Paragraph((T("where "), Emphasis((T("c"),)), T("."))),
        Listing(((Paragraph((T("end"),)),),), ordered=True),
    )


def test_html_and_images_stay_words() -> None:
    assert _texts().blocks("<b>x</b> ![i](https://a.b/c.png)") == (
        Paragraph((T("<b>x</b> !"), Link((T("i"),), "https://a.b/c.png"))),
    )


def test_a_link_leads_to_the_web_only() -> None:
    with pytest.raises(SpecError) as error:
        _texts().blocks("[x](javascript:alert(1)) [y](file:///etc/passwd)", Place("spec.yaml", 3))
    assert str(error.value) == (
        "spec.yaml:3: the link leads to 'file:///etc/passwd'\nA link starts with https://, http:// or mailto:"
    )


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{1}{2} x^{T} A x",
        r"\left( \sum_{i=1}^{m} x_i \right)^2",
        r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
        r"\operatorname{tr}\bigl((\nabla f)^{T} dA\bigr), \quad \|x\|",
        r"100\%",
    ],
)
def test_harmless_formulas(latex: str) -> None:
    assert checked_math(latex) == latex


@pytest.mark.parametrize(
    ("latex", "message"),
    [
        (r"\input{x}", r"the command \input cannot be used in a formula of a text"),
        (r"\def\a{b}", r"the command \def cannot be used in a formula of a text"),
        (r"\catcode`\%=12", r"the command \catcode cannot be used in a formula of a text"),
        (r"\csname x\endcsname", r"the command \csname cannot be used in a formula of a text"),
        ("^^5cinput", "the sign ^ stands twice"),
        ("a % b", "the sign % cannot stand in a formula"),
        ("a}b{", "this } closes nothing"),
        ("{a", "this { is never closed"),
        (r"\left( a", r"\left without \right"),
        (r"a \right)", r"\right without \left"),
        (r"\begin{document}", "the environment document cannot be used in a formula of a text"),
        (r"\begin{cases} a", r"\begin{cases} is not ended"),
        (r"\end{cases}", r"\end{cases} without \begin{cases}"),
        (r"a \] b", r"\] cannot stand in a formula"),
    ],
)
def test_refused_formulas(latex: str, message: str) -> None:
    with pytest.raises(SpecError) as error:
        checked_math(latex)
    assert error.value.message == message


def test_a_refused_formula_shows_its_place() -> None:
    with pytest.raises(SpecError) as error:
        _texts().blocks(r"Let $x + \fra{1}{2}$.", Place("spec.yaml", 7))
    assert str(error.value) == (
        "spec.yaml:7: the command \\fra cannot be used in a formula of a text\n"
        "    x + \\fra{1}{2}\n"
        "        ^^^^\n"
        "Did you mean \\frac?"
    )
