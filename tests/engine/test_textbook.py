"""The answers have the form in which textbooks print them: equal in value, and at most a tenth longer."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import docgen
from tests.engine.length import length

BOOK: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "textbook.toml").read_text(encoding="utf-8"))
MOST = 1.1


def solve(row: dict[str, Any], **options: Any) -> docgen.Solution:
    asked = {"task": row.get("task", "derivative"), "method": row.get("method", "differential"), **options}
    return docgen.derive(row["formula"], row["by"], row["shapes"], row.get("assume"), **asked)


@pytest.mark.parametrize("name", BOOK)
def test_the_answer_is_the_textbook_s_and_no_longer(name: str) -> None:
    row = BOOK[name]
    answer = solve(row).answer
    assert docgen.equal(row["answer"], answer) == "equal"
    assert length(answer.latex) <= MOST * length(row["answer"]), answer.latex


def test_there_are_enough_and_each_names_its_source() -> None:
    assert len(BOOK) >= 80
    assert all(row["source"] for row in BOOK.values())


@pytest.mark.parametrize(
    ("latex", "count"),
    [
        ("a", 1),
        ("2 X^{T} (X w - y)", 6),
        (r"\frac{1}{2} (A + A^{T})", 5),
        (r"\operatorname{diag}\bigl(\operatorname{softmax}(x)\bigr)", 3),
        (r"(x^{T} x) I_{n} + 2 x x^{T}", 8),
        (r"-\sum_{i=1}^{m} y_i \sigma(-y_i \langle w, x_i \rangle) x_i", 14),
        (r"\mathbf{1}_{n}", 1),
        (r"10 \lambda \|w\|^{2}", 4),
    ],
)
def test_length_counts_symbols_numbers_and_names(latex: str, count: int) -> None:
    assert length(latex) == count
