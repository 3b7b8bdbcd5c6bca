"""The list of references: numbered as texts cite it, each entry the target of its links; tables with tall formulas."""

from __future__ import annotations

from docgen.handouts.document import Document, Heading, Listing, Math, Paragraph, Reference, Table, Text
from docgen.rendering import latex, markdown

CITED = Paragraph((Text("See "), Reference("cookbook", "[1]"), Text(".")))
LIST = Listing(
    ((Paragraph((Text("The Matrix Cookbook"),)),), (Paragraph((Text("Notes"),)),)), True, ("cookbook", "notes")
)


def test_in_latex() -> None:
    assert latex.fragment([CITED, LIST], "en") == (
        "See \\hyperlink{cookbook}{[1]}.\n\n"
        "\\begin{enumerate}[label={[\\arabic*]}]\n"
        "  \\item \\hypertarget{cookbook}{}The Matrix Cookbook\n"
        "  \\item \\hypertarget{notes}{}Notes\n"
        "\\end{enumerate}"
    )


def test_the_heading_stays_with_the_text_before_it() -> None:
    blocks = (CITED, Heading((Text("References"),), 1), LIST)
    source = latex.render(Document("one", "en", "handout", "T", blocks))
    assert "[1]}.\n\n\\references{References}\n\n\\begin{enumerate}" in source
    assert "\\newcommand{\\references}[1]" in source
    assert "\\references" not in latex.render(Document("one", "en", "handout", "T", (CITED,)))


def test_in_markdown() -> None:
    assert markdown.fragment([CITED, LIST], "en") == (
        "See [\\[1\\]](#cookbook).\n\n"
        '<a id="cookbook"></a>\\[1\\] The Matrix Cookbook\n\n'
        '<a id="notes"></a>\\[2\\] Notes'
    )


def table(*formulas: str) -> str:
    rows = tuple(((Math(formula),),) for formula in formulas)
    return latex.fragment([Table(((Text("f"),),), rows, "l")], "en")


def test_tall_formulas_in_neighbouring_rows_do_not_touch() -> None:
    assert "$\\displaystyle \\frac{a}{b}$\\\\\n  \\addlinespace\n  $\\displaystyle \\frac{c}{d}$\\\\\n" in table(r"\frac{a}{b}", r"\frac{c}{d}")
    assert "addlinespace" not in table("a", "b")
