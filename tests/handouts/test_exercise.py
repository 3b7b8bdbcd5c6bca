"""Problems with parts, several variables, points, hints, grading: what each edition shows of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from docgen.errors import SpecError
from tests.handouts.author import page, prepared, refused

SPEC = r"""
kind: homework
number: 2
title: Loss functions
date: 2026-10-01
due: 2026-10-08 23:59
contents:
  - section: Solved
  - problems: [ridge]
  - section: Left to you
    editions: {handout: statements}
  - problems: [linear, form, extra]
problems:
  - id: ridge
    name: Q
    function: '\|y - Xw\|^2 + \lambda \|w\|^2'
    variable: w
    shapes: {X: m x n, y: m, w: n, '\lambda': scalar}
    assume: {'\lambda': positive}
    parts:
      - {id: a, task: gradient, points: 1, remark: Both terms are quadratic., hint: Use the product rule.}
      - {id: b, of: a, task: hessian, points: 1.5, grading: [{points: 1, text: gradient}, {points: 0.5, text: rest}]}
      - {id: c, function: '\|w\|^2', task: gradient}
  - id: linear
    name: Q
    function: '\|y - w - b \mathbf{1}\|^2'
    variables: [w, b]
    shapes: {y: n, w: n, b: scalar}
    points: 2
    hint: See {ridge}.
  - id: form
    function: x^T A x
    variable: x
    shapes: {x: n, A: n x n}
    form: show
    points: 3
    grading: [{points: 2, text: differential}, {points: 1, text: transpose}]
  - id: extra
    function: a^T x
    variable: x
    shapes: {a: n, x: n}
    statement: Let {declare}. What is the gradient of {function}?
    points: 1
    bonus: true
"""


def test_the_head_has_the_day_it_is_due_and_the_total(tmp_path: Path) -> None:
    head = page(tmp_path, SPEC).splitlines()[2]
    assert head == (
        "Homework 2 · 1 October 2026 · Due 8 October 2026, 23:59 · 7.5 points in total and a bonus of 1 point"
    ).replace(" points in", "\u00a0points in").replace("of 1 point", "of 1\u00a0point").replace("Homework 2", "Homework\u00a02")


def test_parts_share_what_is_given(tmp_path: Path) -> None:
    told = page(tmp_path, SPEC)
    assert "(2.5\u00a0points)" in told
    assert r"Let $Q(w) = \Vert y - X w\Vert^{2} + \lambda \Vert w\Vert^{2}$ be a function" in told
    assert "**(a)** (1\u00a0point) Find the gradient $\\nabla Q(w)$." in told or "**(a)** (1\u00a0point) Compute" in told
    assert told.count("be a function of the vector $w") + told.count("of the vector $w") >= 2, "part c has its own"
    assert "**Remark.** (a) Both terms are quadratic." in told


def test_a_part_goes_on_from_another(tmp_path: Path) -> None:
    first, second, third = prepared(tmp_path, SPEC).sheets[0].parts
    assert second.solution.derivations[0].lines[0].rule == "reuse_gradient"
    assert (first.goes_on, second.goes_on, third.goes_on) == (True, True, False)


def test_the_numbers_are_the_same_in_every_edition(tmp_path: Path) -> None:
    numbers = [
        [line for line in page(tmp_path, SPEC, edition).splitlines() if line.startswith("### ")]
        for edition in ("worksheet", "handout", "key")
    ]
    assert numbers[0] == numbers[1] == numbers[2] == [f"### Problem\u00a02.{k}." for k in (1, 2, 3, 4)]


def test_a_section_of_statements_has_no_solutions_but_hints(tmp_path: Path) -> None:
    solved, left = page(tmp_path, SPEC).split("Left to you")
    assert solved.count("**Solution.**") == 1
    assert "**Solution.**" not in left
    assert "**Hint.** See [2.1](#ridge)." in left
    assert "**Hint.**" not in solved, "a solution needs no hint"


def test_the_rules_are_those_of_the_solutions_that_are_shown(tmp_path: Path) -> None:
    """A homework without solutions does not show how it is solved."""
    shown = page(tmp_path, SPEC.replace("contents:", "contents:\n  - rules: used", 1))
    assert "| Differential of a squared norm |" in shown and "| Product rule |" not in shown
    hidden = SPEC.replace("Left to you\n    editions: {handout: statements}", "All")
    assert "| Product rule |" in page(tmp_path, hidden.replace("contents:", "contents:\n  - rules: used", 1))


def test_the_statement_names_the_data_of_the_answer(tmp_path: Path) -> None:
    spec = r"""
symbols: {X: {shape: m x n, rows: x_i}, y: {shape: m, entries: y_i}, w: n}
problems:
  - {id: a, function: '\sum_{i=1}^{m} (y_i - w^T x_i)^2', variable: w, task: [gradient, matrix_form]}
"""
    assert "$x_i^{T}$ are the rows of $X$" in page(tmp_path, spec, "worksheet")
    assert "rows of" not in page(tmp_path, spec.replace(", matrix_form", ""), "worksheet")


def test_the_second_derivative_by_a_number_is_no_hessian(tmp_path: Path) -> None:
    spec = """
problems:
  - {id: a, function: c t^3, variable: t, shapes: {t: scalar, c: scalar}, task: hessian}
"""
    told = page(tmp_path, spec)
    assert "Find the second derivative $f''(t)$." in told or "Compute the second derivative $f''(t)$." in told
    assert "We begin with the first derivative." in told
    assert "To find the second derivative, we differentiate $f'(t) = 3 c t^{2}$ once more." in told
    assert "is the second derivative." in told and "Hessian" not in told and "gradient" not in told


def test_the_result_stands_in_a_statement_to_show(tmp_path: Path) -> None:
    assert "Show that $\\nabla f(x) = (A + A^{T}) x$." in page(tmp_path, SPEC, "worksheet")


def test_an_authors_statement(tmp_path: Path) -> None:
    told = page(tmp_path, SPEC, "worksheet")
    assert "Let $a \\in \\mathbb{R}^{n}$ and $x \\in \\mathbb{R}^{n}$. What is the gradient of $f(x) = a^{T} x$?" in told
    assert "(1\u00a0point, bonus)" in told


def test_an_authors_statement_with_what_is_assumed(tmp_path: Path) -> None:
    spec = SPEC.replace("    points: 1\n    bonus", "    assume: {a: one_hot}\n    points: 1\n    bonus")
    assert "Assume that one entry of $a$ is 1 and the others are 0." in page(tmp_path, spec, "worksheet")
    assert "Assume" not in page(tmp_path, spec.replace("Let {declare}. ", ""), "worksheet").partition("2.4")[2]


def test_the_points_of_a_bonus_part_are_extra(tmp_path: Path) -> None:
    told = page(tmp_path, SPEC.replace("task: hessian, points: 1.5", "task: hessian, bonus: true, points: 1.5"))
    assert "6\u00a0points in total and a bonus of 2.5\u00a0points" in told
    assert "(1\u00a0point)" in told.partition("**(a)**")[0]
    assert "(1.5\u00a0points, bonus)" in told


def test_each_part_has_room_where_one_asks_for_it(tmp_path: Path) -> None:
    def rooms(spec: str) -> list[bool]:
        first = page(tmp_path, spec, "worksheet").partition("2.2.")[0]
        return ["<br>" in piece for piece in first.split("**(")]

    assert rooms(SPEC) == [False, False, False, True]
    assert rooms(SPEC.replace("task: hessian, points", "task: hessian, space: none, points")) == [False, True, False, True]
    assert rooms(SPEC.replace("task: hessian, points", "task: hessian, space: 3cm, points")) == [False, True, True, True]


def test_the_key_has_the_answers_and_the_grading(tmp_path: Path) -> None:
    key = page(tmp_path, SPEC, "key")
    assert r"\boxed{\nabla_{w} Q(w, b) = " in key and r"\boxed{Q'_{b}(w, b) = " in key
    assert "**(a)**" in key and "**(b)**" in key
    assert "- (b) gradient — 1\u00a0point" in key and "- differential — 2\u00a0points" in key
    assert "Grading" not in page(tmp_path, SPEC)


def test_the_decimal_sign_is_that_of_the_language(tmp_path: Path) -> None:
    assert "(2,5\u00a0балла)" in page(tmp_path, SPEC, language="ru")
    assert "**а)** (1\u00a0балл)" in page(tmp_path, SPEC, language="ru")


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
@pytest.mark.parametrize("edition", ["worksheet", "handout", "key"])
def test_every_page_is_made(tmp_path: Path, language: str, edition: str) -> None:
    assert len(page(tmp_path, SPEC, edition, language)) > 500


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("{points: 2, text: differential}", "{points: 3, text: differential}"),
            "spec.yaml:37: the grading notes add up to 4, and the points are 3\nCorrect one of them.",
        ),
        (
            ("    name: Q\n    function: '\\|y - Xw", "    points: 5\n    name: Q\n    function: '\\|y - Xw"),
            "spec.yaml:15: the points of the parts add up to 2.5, and the problem has 5\n"
            "Leave out the points of the problem: they are added up.",
        ),
        (
            ("    parts:\n", "    answer: 2 w\n    parts:\n"),
            "spec.yaml:20: `answer` stands on a problem that has parts\nPut it on the part that it belongs to.",
        ),
        (
            ("variables: [w, b]", "variables: [w, b]\n    answer: 2 w"),
            "spec.yaml:28: one answer stands for several variables\n"
            "Make each variable a part of its own, with its answer.",
        ),
    ],
)
def test_what_does_not_fit_together(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    assert change[0] in SPEC
    assert refused(tmp_path, SPEC.replace(*change)) == message


SEVERAL = r"""
language: en
problems:
  - id: likelihood
    function: '\frac{1}{2} \log\det S + \frac{1}{2} (z - \mu)^T S^{-1} (z - \mu)'
    variables: ['\mu', S]
    shapes: {z: n, '\mu': n, S: n x n}
    assume: {S: positive_definite}
    constrained: true
"""


def test_the_gradient_of_independent_entries_has_a_letter_of_its_own(tmp_path: Path) -> None:
    shapes = ", ".join(f"{name}: n x n" for name in "GHRSX")
    spec = rf"""
contents: [{{problems: all}}]
problems:
  - id: letters
    function: '\operatorname{{tr}}(G H R S X)'
    variable: X
    shapes: {{{shapes}}}
    assume: {{X: symmetric}}
    constrained: true
"""
    assert "G' = " in page(tmp_path, spec)


def test_of_several_variables_the_symmetric_ones_are_constrained(tmp_path: Path) -> None:
    told = page(tmp_path, SEVERAL)
    assert told.count("symmetric matrices") == 1
    assert refused(tmp_path, SEVERAL.replace("variables: ['\\mu', S]", "variables: ['\\mu', z]")) == (
        "spec.yaml:5: 'constrained' asks for the gradient within symmetric matrices, so the task must be the gradient by "
        "a matrix that is assumed symmetric\nLeave 'constrained' out."
    )


@pytest.mark.parametrize("key", ["title", "statement", "hint", "remark"])
def test_a_fault_in_a_text_is_told_with_the_line_of_the_text(tmp_path: Path, key: str) -> None:
    edition = "worksheet" if key == "hint" else "handout"
    with pytest.raises(SpecError) as error:
        page(tmp_path, f"{SEVERAL}    level: 2\n    {key}: $x^{{2$\n", edition)
    assert str(error.value).endswith("spec.yaml:11: this { is never closed\n    x^{2\n      ^\nAdd the missing }.")


def test_a_function_has_a_name_of_its_own(tmp_path: Path) -> None:
    """The default name gives way to a symbol f; a name that was typed does not."""
    spec = "problems:\n  - id: linear\n    function: f^T x\n    variable: x\n    name: {}\n"
    assert "$g(x) = f^{T} x$" in page(tmp_path, spec.format("f"))
    assert refused(tmp_path, spec.format("x")) == (
        "spec.yaml:5: the function and a symbol in its formula are both called x\n"
        "Name the function otherwise, for example g."
    )


def test_an_assumption_that_does_not_fit_stands_where_it_was_made(tmp_path: Path) -> None:
    spec = "problems:\n  - id: a\n    function: x^T A x\n    variable: x\n    shapes: {x: n, A: n x m}\n    assume: {A: symmetric}\n"
    assert refused(tmp_path, spec) == (
        "spec.yaml:6: symmetric is assumed of A, which is n x m; it needs a square matrix\n"
        "Correct the shape of A, or drop the assumption."
    )
    assert refused(tmp_path, spec.replace("n x m", "matrix")).startswith("spec.yaml:5: the shape of A, 'matrix', cannot")
