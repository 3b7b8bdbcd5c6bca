"""The words around formulas: what is asked for, which problem is cited, which letter the Jacobian matrix has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from docgen.handouts.compose import compose
from docgen.handouts.document import Table
from docgen.handouts.handout import RuleTable
from docgen.handouts.inline import plain
from docgen.handouts.language import load_language
from docgen.handouts.wording import notation_of
from tests.handouts.author import page, prepared
from tests.handouts.pages import handout

SQUARES = r"""
kind: KIND
number: 3
title: Squares
problems:
  - id: first
    name: NAME
    function: '\frac{1}{2}\|y - X\theta\|^2'
    variable: \theta
    shapes: {X: m x n, y: m, \theta: n}
    task: TASK
  - id: second
    name: NAME
    function: '\frac{1}{2}\|y - X\theta\|^2'
    variable: \theta
    shapes: {X: m x n, y: m, \theta: n}
    task: hessian
    method: expand
    reuse: first
"""


def spec(kind: str = "seminar", name: str = "J", task: str = "gradient") -> str:
    return SQUARES.replace("KIND", kind).replace("NAME", name).replace("TASK", task)


@pytest.mark.parametrize(
    ("kind", "language", "cited"),
    [
        ("seminar", "en", "We use the result of Problem [3.1](#first): for"),
        ("homework", "ru", "Воспользуемся результатом задачи [3.1](#first): для"),
        ("seminar", "zh", "利用例 [3.1](#first) 的结果：对"),
        ("lecture", "zh", "利用例 [3.1](#first) 的结果：对"),
        ("homework", "zh", "利用习题 [3.1](#first) 的结果：对"),
        ("exam", "zh", "利用题 [3.1](#first) 的结果：对"),
    ],
)
def test_a_problem_is_cited_as_its_head_calls_it(tmp_path: Path, kind: str, language: str, cited: str) -> None:
    assert cited in page(tmp_path, spec(kind), language=language).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("task", "language", "asked"),
    [
        (
            "[gradient, hessian, definiteness]",
            "en",
            r"Find the gradient $\nabla J(\theta)$ and the Hessian $\nabla^{2} J(\theta)$, and determine whether the "
            "Hessian is positive definite.",
        ),
        (
            "[gradient, hessian, definiteness]",
            "ru",
            r"Найдите градиент $\nabla J(\theta)$ и гессиан $\nabla^{2} J(\theta)$ и исследуйте знакоопределённость "
            "гессиана.",
        ),
        (
            "[gradient, definiteness, gradient_step]",
            "zh",
            r"求梯度 $\nabla J(\boldsymbol{\theta})$ 和学习率为 $\gamma$ 的梯度下降更新公式，并判断黑塞矩阵的定号性。",
        ),
        ("definiteness", "en", "Determine whether the Hessian is positive definite."),
        ("definiteness", "ru", "Исследуйте знакоопределённость гессиана."),
        ("definiteness", "zh", "判断黑塞矩阵的定号性。"),
    ],
)
def test_a_property_is_determined_and_a_formula_found(tmp_path: Path, task: str, language: str, asked: str) -> None:
    assert asked in page(tmp_path, spec(task=task), "worksheet", language).replace("\u00a0", " ")


@pytest.mark.parametrize(("language", "verb"), [("en", "Find the"), ("ru", "Найдите градиент"), ("zh", "求梯度")])
@pytest.mark.parametrize("id", ["a", "b", "c", "d", "e"])
def test_several_goals_begin_with_the_neutral_verb(tmp_path: Path, id: str, language: str, verb: str) -> None:
    text = spec(task="[gradient, hessian]").replace("first", id)
    stated = page(tmp_path, text, "worksheet", language).partition('<a id="second">')[0]
    assert verb in stated and not any(other in stated for other in ("Compute", "Вычислите", "试求"))


@pytest.mark.parametrize(
    ("name", "shapes", "chosen", "letter"),
    [
        ("f", {}, None, "J"),
        ("J", {}, None, "D"),
        ("J_1", {}, None, "D"),
        ("J", {"X": "D"}, None, r"\mathcal{J}"),
        ("f", {"X": "J"}, None, "D"),
        ("D", {}, "D", "J"),
    ],
)
def test_the_jacobian_has_a_letter_of_its_own(
    tmp_path: Path, name: str, shapes: dict[str, str], chosen: str | None, letter: str
) -> None:
    text = spec(name=name)
    for old, new in shapes.items():
        text = text.replace(f"{old}\\theta", f"{new}\\theta").replace(f"{old}: m", f"{new}: m")
    function = prepared(tmp_path, text).sheets[0].solution.function
    assert notation_of(load_language("en"), function, {"jacobian": chosen}).jacobian == letter


def test_a_loss_j_and_its_hessian_share_no_letter(tmp_path: Path) -> None:
    assert r"-(D_{X^{T} y} - D_{X^{T} X \theta})" in page(tmp_path, spec())
    assert r"-(J_{X^{T} y} - J_{X^{T} X \theta})" in page(tmp_path, spec(name="Q"))


@pytest.mark.parametrize("method", ["chain", "coordinates", "differential", "expand"])
def test_every_method_tells_what_maps_to_what(tmp_path: Path, method: str) -> None:
    one = spec().partition("  - id: second")[0] + f"    method: {method}\n"
    words = page(tmp_path, one)
    assert ("$J$ takes vectors to scalars." in words) == (method != "differential")
    assert ("$J$ maps vectors to scalars" in words) == (method == "differential")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "We first expand the brackets in the gradient and then differentiate term by term."),
        ("ru", "Сначала раскроем скобки в градиенте, затем продифференцируем каждое слагаемое."),
        ("zh", "先展开梯度中的括号，再逐项求导。"),
    ],
)
def test_the_gradient_is_expanded_first(tmp_path: Path, language: str, said: str) -> None:
    assert said in page(tmp_path, spec(), language=language).replace("\u00a0", " ")
    linear = spec().replace(r"\frac{1}{2}\|y - X\theta\|^2", r"\theta^T X^T X \theta")
    linear = linear.replace(" y: m,", "")
    assert said not in page(tmp_path, linear, language=language).replace("\u00a0", " "), "there is no bracket"


@pytest.mark.parametrize(("language", "first"), [("en", "D"), ("ru", "О"), ("zh", "s")])
def test_a_name_keeps_its_first_letter_where_the_language_has_no_capitals(language: str, first: str) -> None:
    base = handout("logistic-loss")
    shown = compose(replace(base, items=(RuleTable("rules-1", "1", ("sigmoid_def",)),)), language)
    (table,) = [block for block in shown.blocks if isinstance(block, Table)]
    name = plain(table.rows[0][0])
    assert name[0] == first and name[1:] == plain(load_language(language).rule_name("sigmoid_def"))[1:]


PAGE = r"""
kind: seminar
number: 3
title: Two problems
contents:
  - theory: [conventions, jacobian]
  - text: The losses $J_1(w)$, $J_{reg}$ and $J_i$, the Jacobian matrix $J_g$.
  - problems: [loss, map]
problems:
  - id: loss
    name: NAME
    function: '\|y - Xw\|^2'
    variable: w
    shapes: {X: m x n, y: m, w: n}
    remark: Here $NAME(w)$ is the loss.
  - id: map
    function: A x
    variable: x
    shapes: {A: m x n, x: n}
    task: jacobian
"""


@pytest.mark.parametrize("name", ["J", "J_1", "J_A"])
def test_the_jacobian_has_one_letter_on_a_page(tmp_path: Path, name: str) -> None:
    """A loss J in one problem gives the Jacobian matrix its letter in the notation, the theory and every problem."""
    told = page(tmp_path, PAGE.replace("NAME", name))
    assert "The Jacobian matrix is written $D_f$." in told
    assert r"D_f(x) = \left(" in told and r"\boxed{D_{f}(x) = A}" in told
    assert "The losses $J_1(w)$, $J_{reg}$ and $J_i$, the Jacobian matrix $D_g$." in told
    assert f"Here ${name}(w)$ is the loss." in told
    assert "J_f" not in told and "J_{f}" not in told


def test_without_a_loss_j_the_page_has_the_usual_letter(tmp_path: Path) -> None:
    told = page(tmp_path, PAGE.replace("NAME", "Q"))
    assert "The Jacobian matrix is written $J_f$." in told and "D_" not in told


def test_a_cited_hessian_with_its_sign_comes_once(tmp_path: Path) -> None:
    told = page(tmp_path, spec(task="[gradient, hessian, definiteness]"))
    cited = told[told.index("We use the result") :].partition("\n")[0]
    assert cited.count(r"\nabla^{2} J(\theta) = ") == 1 and r"\nabla^{2} J(\theta) = X^{T} X \succeq 0" in cited


def test_a_second_layout_is_told_by_its_transposition(tmp_path: Path) -> None:
    """Two layouts: one derivation, two answers with the names of their layouts, in the statement, too."""
    text = spec(task="gradient").replace("variable:", "layout: [numerator, denominator]\n    variable:")
    shown = page(tmp_path, text, "handout", "en").replace("\u00a0", " ")
    assert "(numerator layout) and the gradient" in shown and "(denominator layout)." in shown
    assert shown.count("Answer (numerator layout):") == shown.count("Answer (denominator layout):") == 1
    assert "In denominator layout the derivative of a scalar is the gradient itself." in shown
    assert shown.count("canonical form") <= 2  # derived once
    assert "Answer (denominator layout):" in page(tmp_path, text, "key", "en").replace("\u00a0", " ")
