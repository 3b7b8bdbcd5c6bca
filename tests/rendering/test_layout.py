"""Rows of a display: which reason stands beside, which below, where a sum is broken."""

from __future__ import annotations

import pytest

from docgen.handouts.document import Math, Row, Text
from docgen.rendering.formula import width
from docgen.rendering.layout import SetRow, break_formula, inlines_width, lay_out, split_equation

SUM = ("a + b " * 4 + "a ", "+ c ", "- (" + "d + " * 8 + "d) ", "+ e")


def test_short_rows_stand_beside_their_reasons() -> None:
    placed = lay_out([Row("df", "=", ("x ", "+ y"), (Text("why"),)), Row("", "=", ("z",), (), ".")], 38)
    assert placed.rows == (
        SetRow("df", "= x + y", (Text("why"),)),
        SetRow("", "= z", (), "."),
    )
    assert (placed.wide, placed.reasons) == (False, True)


def test_a_reason_that_does_not_fit_goes_below() -> None:
    formula = "x " * 40
    placed = lay_out([Row("df", "=", (formula,), (Text("a rather long reason for it"),), ",")], 38)
    assert placed.rows == (
        SetRow("df", f"= {formula.strip()}", (), ",", lapped=True),
        SetRow("", "", (Text("a rather long reason for it"),)),
    )
    assert placed.wide


def test_a_long_sum_is_broken_before_a_sign() -> None:
    row = Row("f", "=", SUM)
    assert break_formula(row, 24, repeat_sign=False) == [
        "= a + b a + b a + b a + b a + c",
        "- (d + d + d + d + d + d + d + d + d) + e",
    ]
    assert break_formula(row, 24, repeat_sign=True)[0] == "= a + b a + b a + b a + b a + c - {}"


def test_no_piece_is_wider_than_the_line() -> None:
    for line in (14, 18, 22, 30):
        placed = lay_out([Row("f", "=", SUM)], line)
        assert all(width(row.right) <= line for row in placed.rows)
        assert "".join(row.right for row in placed.rows).replace(" ", "") == "=" + "".join(SUM).replace(" ", "")


def test_a_long_reason_goes_on_below_itself() -> None:
    reason = (
        Text("a scalar equals its own transpose, therefore the first term is like the second, "),
        Math("s^{T} = s"),
    )
    placed = lay_out([Row("df", "=", ("x " * 40,), reason)], 38)
    assert [(row.opens, row.closes) for row in placed.rows if row.reason] == [
        (True, False),
        (False, False),
        (False, True),
    ]
    words = " ".join(p.text for row in placed.rows for p in row.reason if isinstance(p, Text))
    assert words.rstrip() == "a scalar equals its own transpose, therefore the first term is like the second,"
    assert all(inlines_width(row.reason) <= 0.42 * 38 / 0.915 for row in placed.rows)


def test_chinese_reasons_break_anywhere() -> None:
    placed = lay_out([Row("df", "=", ("x " * 20,), (Text("标量等于其自身的转置" * 3),))], 38)
    assert (
        "".join(p.text for row in placed.rows for p in row.reason if isinstance(p, Text)) == "标量等于其自身的转置" * 3
    )
    assert len([row for row in placed.rows if row.reason]) == 2


@pytest.mark.parametrize(
    ("equation", "row"),
    [
        (r"\nabla f(x) = A x", Row(r"\nabla f(x)", "=", ("A x",))),
        (r"g(a = b) = c", Row("g(a = b)", "=", ("c",))),
        ("x", Row("", "", ("x",))),
    ],
)
def test_split_equation(equation: str, row: Row) -> None:
    assert split_equation(equation) == row
