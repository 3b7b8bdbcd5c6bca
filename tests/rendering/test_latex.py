"""LaTeX that a colleague would gladly edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from docgen.errors import LanguageError
from docgen.handouts.document import Display, Document, Math, Paragraph, Problem, Row, Solution, Space, Strong, Text
from docgen.rendering.latex import fragment, render
from docgen.rendering.setting import setting
from tests.rendering.samples import sample


def test_a_small_file_in_full() -> None:
    """The whole source of a small handout: no package and no command that it does not use."""
    blocks = (
        Problem("norm", "Problem 1.1.", (Text("Length"),), (Paragraph((Math("f(x)"), Text(" & 5%"))),)),
        Solution("Solution.", (Paragraph((Text("By the rule,"),)), Display((Row("df", "=", ("1",), (), "."),)))),
    )
    source = render(Document("one", "en", "handout", "A_B", blocks, overline="Course"))
    head, _, body = source.partition("\\begin{document}\n")
    assert [line for line in head.split("\n") if line.startswith(("%", "\\use", "\\doc", "\\new"))] == [
        "% !TeX program = xelatex",
        "\\documentclass[12pt,a4paper]{article}",
        "\\usepackage[margin=25mm,headheight=15pt]{geometry}",
        "\\usepackage{mathtools}",
        "\\usepackage{amsthm}",
        "\\usepackage{amssymb}",
        "\\usepackage[no-math]{fontspec}",
        "\\usepackage[english]{babel}",
        "\\usepackage{fancyhdr}",
        "\\usepackage{xcolor}",
        "\\usepackage{microtype}",
        "\\usepackage[unicode,pdfpagelabels=false,colorlinks,allcolors=blue!50!black]{hyperref}",
        "\\usepackage{bookmark}",
        "% CMU Serif is Computer Modern with Cyrillic letters: .otf in TeX Live, .ttf in Debian's fonts-cmu.",
        "% \\begin{problem}{name for links}{head} ... \\end{problem}: stays with what follows it.",
        "\\newenvironment{problem}[2]",
        "% \\begin{solution}{head} ... \\end{solution}: a mark at its end.",
        "\\newenvironment{solution}[1]",
        "% The mark never stands alone on a line.",
    ]
    assert body == (
        "\\thispagestyle{plain}\n"
        "\\begin{center}\n"
        "  {\\small Course\\par}\\vspace{4pt}\n"
        "  {\\Large\\bfseries A\\_B\\par}\n"
        "\\end{center}\n"
        "\\hrule\\vspace{10pt}\n"
        "\n"
        "\\begin{problem}{norm}{Problem 1.1. Length.}\n"
        "$f(x)$ \\& 5\\%\n"
        "\\end{problem}\n"
        "\n"
        "\\begin{solution}{Solution.}\n"
        "By the rule,\n"
        "\\[\n"
        "  df = 1. \\qedhere\n"
        "\\]\n"
        "\\end{solution}\n"
        "\\end{document}\n"
    )


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
@pytest.mark.parametrize("edition", ["worksheet", "handout", "key"])
def test_pages(language: str, edition: str) -> None:
    """The same document gives the same source, and no reference needs a second pass."""
    document = sample(language, edition)
    source = render(document)
    assert source == render(document)
    assert "\\ref{" not in source and "\\label{" not in source and "\\today" not in source
    assert ("\\answer{" in source) == (edition != "worksheet")
    assert ("\\room{" in source.partition("\\begin{document}")[2]) == (edition == "worksheet")


def test_paper() -> None:
    assert "\\documentclass[12pt,letterpaper]{article}" in render(sample(paper="letter"))


def test_room() -> None:
    assert fragment((Space("lines", 5.5), Space("box", 4), Space("page")), "en") == (
        "\\room{5.5cm}\n\n\\roombox{4cm}\n\n\\roompage"
    )


def test_a_chain_with_reasons() -> None:
    chain = Display(
        (
            Row("df", "=", (r"\operatorname{tr}(A\,dX)",), (Text("rule 5%"),), ","),
            Row("", "=", ("x ", "+ y"), (Text("why "), Math("a")), "。"),
        )
    )
    assert fragment((chain,), "en") == (
        "\\begin{align*}\n"
        "  df &= \\tr(A\\,dX), && \\why{rule 5\\%} \\\\\n"
        "     &= x + y\\text{。} && \\why{why $a$}\n"
        "\\end{align*}"
    )


def test_a_chain_may_go_on_over_the_page_between_two_rows_and_two() -> None:
    """A short chain only where the page would be empty otherwise, a long one more freely."""

    short, broken = Row("", "=", ("x",)), Row("", "=", ("a " * 45, "+ " + "b " * 45))

    def marked(mark: str, *rows: Row) -> list[int]:
        """The rows after which the page may end so."""
        lines = fragment((Display(rows),), "en").split("\n")[1:-1]
        return [number for number, line in enumerate(lines, 1) if mark in line]

    assert marked("\\\\ \\maysplit", *[short] * 3) == []
    assert marked("\\\\ \\maysplit", *[short] * 5) == [2, 3]
    assert marked("\\displaybreak[0] \\\\", *[short] * 12) == [4, 5, 6, 7, 8, 9]
    assert marked("\\\\ \\maysplit", broken, broken) == [2]
    source = render(Document("one", "en", "handout", "A", (Display((Row("", "=", ("x",)),) * 4),)))
    assert "\\newcommand{\\maysplit}{\\noalign{\\penalty9999}}" in source


def test_a_head_begins_a_paragraph_even_after_a_display() -> None:
    """Within a paragraph the space before the head would come after its first line."""
    display = Display((Row("f", "=", ("x",)),))
    plain, headed = Paragraph((Text("so."),)), Paragraph((Strong((Text("Rank."),)), Text(" so.")))
    assert "\\]\nso." in fragment((plain, display, plain), "en")
    assert "\\]\n\n\\smallskip\\noindent \\textbf{Rank.}" in fragment((plain, display, headed), "en")


def test_a_head_alone_stays_with_what_follows() -> None:
    head = "\\textbf{Solution 2.}\\enspace \\par\\nopagebreak\n\nso."
    assert head in fragment((Paragraph((), "Solution 2."), Paragraph((Text("so."),))), "en")


def test_a_short_statement_stays_on_one_page_with_its_parts_and_its_room() -> None:
    part, hint = Paragraph((Text("Find it."),), "a)"), Paragraph((Text("Try."),), "Hint.")
    held = "\\par\\nopagebreak\\medskip\\noindent\\textbf{a)}"
    assert fragment((Problem("one", "Problem", (), (part, part)),), "en").count(held) == 2
    assert held not in fragment((Problem("one", "Problem", (), (part,) * 30),), "en")
    assert "\\begin{remark}{Hint.}" in fragment((hint,), "en")
    assert "\\begin{remark}{Hint.}" not in fragment((hint, Space("lines", 4.0)), "en")


def test_russian_repeats_the_sign() -> None:
    row = Row("f", "=", ("a " * 50, "+ " + "b " * 50))
    assert "+ {} \\\\\n" in fragment((Display((row,)),), "ru")
    assert "+ {} \\\\\n" not in fragment((Display((row,)),), "en")


def test_a_language_needs_no_settings(tmp_path: Path) -> None:
    """A folder in front of docgen's own may say how a new language is set; the rest are defaults."""
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "latex.toml").write_text("qed = '\\blacksquare'\npackages = [['babel', 'french']]\n")
    found = setting("xx", tmp_path)
    assert (found.qed, found.packages, found.pdf_language) == ("\\blacksquare", (("babel", "french"),), "xx")
    assert setting("yy").packages == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("qed = 1", "{file}:1: the key qed cannot be used: a str is expected"),
        ("\nreason = ['(']", '{file}:2: the key reason cannot be used: as in ["(", ")"]'),
        ("packages = ['babel']", '{file}:1: the key packages cannot be used: as in [["babel", "english"]]'),
        ("files = [1]", '{file}:1: the key files cannot be used: as in ["cmunrm.otf"]'),
        ("qed = ", "{file}:1: this is not TOML: Invalid value (at end of document)"),
        (
            "quod = ''",
            "{file}:1: the key quod cannot be used: known are pdf_language, packages, preamble, qed, reason, "
            "title, caption, gap, repeat_sign, figure_fonts, files",
        ),
    ],
)
def test_settings_at_fault(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "yy").mkdir()
    (tmp_path / "yy" / "latex.toml").write_text(text)
    with pytest.raises(LanguageError) as caught:
        setting("yy", tmp_path)
    assert str(caught.value) == message.replace("{file}", str(tmp_path / "yy" / "latex.toml"))


def test_a_statement_and_the_head_of_a_solution_are_not_split_off() -> None:
    first, second = Paragraph((Text("First."),)), Paragraph((Text("Second."),))
    source = render(
        Document(
            "one",
            "en",
            "handout",
            "T",
            (Problem("p", "Problem 1.", (), (first,)), Solution("Solution.", (first, second))),
        )
    )
    assert "\\interlinepenalty=10000\\postdisplaypenalty=10000\n" in source
    assert "First.\\nopagebreak\n\nSecond." in source
