"""Tables as LaTeX: columns that fit the line, fractions that can be read."""

from __future__ import annotations

import re

from docgen.handouts.document import Inlines, Math, Table, Text
from docgen.rendering.formula import TEXT, width, words_width
from docgen.rendering.latex import fragment


def cells(*words: str) -> tuple[Inlines, ...]:
    return tuple((Text(word),) for word in words)


def test_a_head_takes_two_lines_before_the_words_below_it_do() -> None:
    head = cells("Function of the vector", "Condition", "Numerator layout", "Denominator layout")
    condition = "a long condition on constant matrices"
    row = cells("a", condition, "b", "c")
    columns = re.findall(r"p\{([\d.]+)em\}", fragment([Table(head, (row,), "llll", (), "")], "en"))
    assert len(columns) == 4 and sum(map(float, columns)) < 35
    assert float(columns[1]) > words_width(condition) - 0.1
    assert float(columns[0]) < words_width("Function of the vector")


def test_words_share_the_line_where_all_of_them_are_long() -> None:
    long = "many words in one cell " * 3
    columns = re.findall(
        r"p\{([\d.]+)em\}", fragment([Table(cells("a", "b"), (cells(long, long),), "ll", (), "")], "en")
    )
    assert len(columns) == 2 and 34 < sum(map(float, columns)) < 37


def test_a_fraction_in_a_cell_is_as_large_as_in_a_display() -> None:
    source = fragment([Table(cells("a"), (((Math(r"\frac{a}{b}"),),), ((Math("x"),),)), "l", (), "")], "en")
    assert r"$\displaystyle \frac{a}{b}$" in source and "$x$" in source and r"\addlinespace" in source
    wide = r"\frac{a + b + c}{d}"
    assert width(rf"\displaystyle {wide}", style=TEXT) == width(wide) > width(wide, style=TEXT)
