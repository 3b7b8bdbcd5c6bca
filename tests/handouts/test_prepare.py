"""From a spec file to a handout."""

from __future__ import annotations

from pathlib import Path

import pytest

from docgen.errors import DocgenError
from docgen.handouts.compose import compose
from docgen.handouts.handout import Handout, ProblemList, RuleTable, Section
from docgen.handouts.load import load
from docgen.handouts.prepare import prepare

SPEC = """\
kind: seminar
number: 3
title: Gradients
contents:
  - section: Rules
  - rules: used
  - section: Problems
  - problems: [second, first]
problems:
  - id: first
    function: a^T x
    variable: x
    shapes: {a: n, x: n}
  - id: second
    function: x^T A x
    variable: x
    shapes: {A: n x n, x: n}
    points: 2
"""


def prepared(folder: Path, text: str, only: tuple[str, ...] = ()) -> Handout:
    file = folder / "spec.yaml"
    file.write_text(text, encoding="utf-8")
    return prepare(load(file), only)


def test_problems_are_numbered_as_the_contents_list_them(tmp_path: Path) -> None:
    made = prepared(tmp_path, SPEC)
    assert [(sheet.id, sheet.number) for sheet in made.sheets] == [("second", "3.1"), ("first", "3.2")]
    assert [type(item) for item in made.items] == [Section, RuleTable, Section, ProblemList]
    assert made.sheets[0].points == 2


def test_only_one_problem_keeps_its_number(tmp_path: Path) -> None:
    made = prepared(tmp_path, SPEC, ("first",))
    assert [(sheet.id, sheet.number) for sheet in made.sheets] == [("first", "3.2")]


def test_a_symbol_with_another_shape_is_another_symbol(tmp_path: Path) -> None:
    """What the file assumes of its own symbol of that name is not assumed of it."""
    symbols = "symbols:\n  A: {shape: n x n, assume: symmetric}\nproblems:\n"
    own = "  - {id: own, function: x^T A y, variable: x, shapes: {A: m x n, x: m, y: n}}\n"
    same = "  - {id: same, function: x^T A x, variable: x, shapes: {A: [n, n], x: n}}\n"
    one, other = (sheet.solution.function.symbols for sheet in prepared(tmp_path, symbols + own + same).sheets)
    assert [symbol.data.assumptions for symbol in one if symbol.data.name == "A"] == [frozenset()]
    assert [symbol.data.assumptions for symbol in other if symbol.data.name == "A"] == [frozenset({"symmetric"})]


def test_the_rules_used_are_those_of_the_solutions(tmp_path: Path) -> None:
    table = prepared(tmp_path, SPEC).items[1]
    assert isinstance(table, RuleTable)
    assert table.rules == ("d_linear", "product", "scalar_transpose")


def test_the_shipped_seminar_composes_in_every_language_and_edition() -> None:
    made = prepare(load(Path(__file__).parents[2] / "problems" / "seminar-03.yaml"))
    for code in ("en", "ru", "zh"):
        for edition in ("worksheet", "handout", "key"):
            assert compose(made, code, edition).blocks


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("a^T x", "a^T z"),
            "{file}:11: the symbol z is not declared\n    a^T z\n        ^\nDeclare its shape, as in z: n; or did you mean x?",
        ),
        (
            ("  - rules: used", "  - rules: [d_linear, prodct]"),
            "{file}:6: there is no rule `prodct`\nDid you mean `product`?",
        ),
    ],
)
def test_faults_have_their_place(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with pytest.raises(DocgenError) as error:
        prepared(tmp_path, SPEC.replace(*change))
    assert str(error.value) == message.format(file=tmp_path / "spec.yaml")


def test_only_an_unknown_problem(tmp_path: Path) -> None:
    with pytest.raises(DocgenError) as error:
        prepared(tmp_path, SPEC, ("third",))
    assert str(error.value) == "spec shows no problem 'third'\nIts problems are: second, first."


REUSED = """\
problems:
  - use: quadratic-form
  - use: quadratic-form-hessian
    reuse: quadratic-form
  - use: quadratic-form-hessian
    id: other
    function: x^T B x
    shapes: {B: n x n}
    reuse: quadratic-form
"""


def test_a_hessian_goes_on_from_the_gradient_of_an_earlier_problem(tmp_path: Path) -> None:
    """Only where it is the same function; elsewhere the gradient is found first."""
    _, same, other = prepared(tmp_path, REUSED).sheets
    assert [[line.rule for line in d.lines] for d in same.solution.derivations] == [
        ["reuse_gradient", "d_linear", "read_hessian"]
    ]
    assert other.solution.derivations[0].lines[0].rule == "product"
