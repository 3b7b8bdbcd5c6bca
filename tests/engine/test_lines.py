"""How many lines a derivation takes at each depth, and that each of them is proved."""

from __future__ import annotations

from typing import Any

import pytest

from docgen.calculus.depth import ENOUGH, MOST
from docgen.calculus.rules import RULES
from tests.engine.test_textbook import BOOK, solve

#: The problems of a first seminar on matrix calculus.
SEMINAR: dict[str, dict[str, Any]] = {
    "linear": {"formula": "a^T x", "by": "x", "shapes": {"a": "n", "x": "n"}},
    "quadratic form": {"formula": "x^T A x", "by": "x", "shapes": {"x": "n", "A": "n x n"}},
    "squared norm": {"formula": r"\|x\|^2", "by": "x", "shapes": {"x": "n"}},
    "bilinear": {"formula": "x^T A y", "by": "A", "shapes": {"x": "n", "A": "n x m", "y": "m"}},
    "cubic": {"formula": "x x^T x", "by": "x", "shapes": {"x": "n"}, "task": "jacobian"},
    "inverse": {"formula": "A^{-1}", "by": "A", "shapes": {"A": "n x n"}, "task": "differential", "method": "implicit"},
    "determinant": {"formula": r"\det A", "by": "A", "shapes": {"A": "n x n"}, "assume": {"A": "invertible"}},
    "trace": {"formula": r"\operatorname{tr}(AB)", "by": "A", "shapes": {"A": "n x m", "B": "m x n"}},
    "factorisation": {
        "formula": r"\|X - UV\|_F^2", "by": "U", "shapes": {"X": "m x n", "U": "m x k", "V": "k x n"}
    },
    "least squares": {
        "formula": "(y - Xw)^T (y - Xw)", "by": "w", "shapes": {"y": r"\ell", "X": r"\ell x d", "w": "d"}
    },
    "its Hessian": {
        "formula": r"\|y - Xw\|^2", "by": "w", "shapes": {"y": r"\ell", "X": r"\ell x d", "w": "d"}, "task": "hessian"
    },
    "logistic loss": {
        "formula": r"\log(1 + \exp(-y \langle w, x\rangle))", "by": "w", "shapes": {"w": "d", "x": "d", "y": "scalar"}
    },
}  # fmt: skip
ALL_LINES = [(name, row) for table in (SEMINAR, BOOK) for name, row in table.items()]


@pytest.mark.parametrize("name", SEMINAR)
def test_a_textbook_problem_takes_three_to_eight_lines(name: str) -> None:
    assert 3 <= len(solve(SEMINAR[name]).derivations[-1].lines) <= ENOUGH == 8


@pytest.mark.parametrize("name", BOOK)
def test_no_problem_takes_more_than_fourteen_lines(name: str) -> None:
    assert len(solve(BOOK[name]).derivations[-1].lines) <= MOST == 14


def test_even_the_longest_formula_takes_fourteen_lines() -> None:
    formula = (
        "a^T (A X (X^T B + X A) + B^T X^T (a b^T (X D X^T + X (X^T B + A X) D B - X^T C^T A) B"
        " + B (X D^T + B A X A^T - 3 X D)) B + 42 X B X^T A^T (X + X^T)) b"
    )
    shapes = dict.fromkeys("ABCDX", "n x n") | dict.fromkeys("ab", "n")
    row = {"formula": formula, "by": "X", "shapes": shapes}
    assert 8 < len(solve(row).derivations[-1].lines) <= MOST
    assert len(solve(row, detail="full").derivations[-1].lines) > 40


@pytest.mark.parametrize(("name", "row"), ALL_LINES, ids=[name for name, _ in ALL_LINES])
def test_brief_normal_and_full_come_to_one_answer(name: str, row: dict[str, Any]) -> None:
    brief, normal, full = (solve(row, detail=detail).derivations[-1] for detail in ("brief", "normal", "full"))
    assert brief.check.passed and normal.check.passed and full.check.passed
    assert len(brief.lines) <= len(full.lines) >= len(normal.lines)
    assert brief.answer.shape.json() == normal.answer.shape.json() == full.answer.shape.json()


def test_brief_shows_one_line_for_a_level() -> None:
    row = {"formula": r"\log\det(X^T X)", "by": "X", "shapes": {"X": "m x n"}}
    assert [line.rule for line in solve(row, detail="brief").derivations[0].lines] == [
        "d_logdet", "product", "read_matrix_gradient", "transpose_answer"
    ]  # fmt: skip


def test_full_shows_one_rule_at_one_place() -> None:
    row = {"formula": r"\sin(a^T x) + \cos(b^T x)", "by": "x", "shapes": {"a": "n", "b": "n", "x": "n"}}
    normal, full = (solve(row, detail=detail).derivations[0].lines for detail in ("normal", "full"))
    assert [line.rule for line in normal].count("d_function") == 1
    assert [line.rule for line in full].count("d_function") == 2


def test_a_joined_line_keeps_the_reason_of_the_first() -> None:
    """What is joined is quiet: no rule of differentiation is left unsaid below fourteen lines."""
    row = BOOK["mc126"]
    full, normal = (solve(row, detail=detail).derivations[0].lines for detail in ("full", "normal"))
    assert len(normal) < len(full)
    said = {line.rule for line in full if RULES[line.rule].kind == "differential"} - {"d_linear", "d_trace"}
    assert said <= {line.rule for line in normal}
