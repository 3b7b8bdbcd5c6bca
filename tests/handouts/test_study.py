r"""The study of a loss on the page: formulas of its own for every claim, iterates in every place, signs of steps."""

from __future__ import annotations

from typing import Any

import pytest

import docgen
from docgen.handouts import goals
from docgen.handouts.document import Answer, Display, Math, Paragraph, Strong, Text
from docgen.handouts.iterates import iterates
from docgen.handouts.language import languages, load_language
from docgen.handouts.narrate import narrate
from docgen.handouts.wording import notation_of

LS = {"y": "m", "X": "m x n", "w": "n"}
CHAIN = ["gradient", "stationary_point", "hessian", "definiteness", "gradient_step"]


def solved(formula: str, shapes: dict[str, str], task: Any, assume: Any = None, name: str = "Q") -> Any:
    return docgen.derive(formula, "w", shapes, assume, task=task, name=name).record


def told(solution: Any, language: str = "en", **chosen: Any) -> tuple[list[str], list[str], str]:
    """The answers, the rows of all displays, and the words."""
    spoken = load_language(language)
    blocks = narrate(solution, spoken, notation_of(spoken, solution.function, chosen), "least-squares")
    answers = [b.latex for b in blocks if isinstance(b, Answer)]
    displays = [b for b in blocks if isinstance(b, Display)]
    rows = [f"{r.left} {r.relation} {''.join(r.right)}".strip() for b in displays for r in b.rows]
    words = []
    for paragraph in (b for b in blocks if isinstance(b, Paragraph)):
        for piece in paragraph.inlines:
            inside = piece.inlines if isinstance(piece, Strong) else (piece,)
            words += [p.text if isinstance(p, Text) else f"${p.latex}$" for p in inside if isinstance(p, Text | Math)]
        words.append("\n")
    return answers, rows, "".join(words).replace("\xa0", " ")


@pytest.mark.parametrize("language", languages())
def test_the_answers_of_a_chain_stand_in_boxes(language: str) -> None:
    answers, _, _ = told(solved(r"\|y - Xw\|^2", LS, CHAIN), language, bold=False, transpose="T")
    assert answers == [
        r"\nabla Q(w) = -2 X^{T} (y - X w)",
        r"w^{*} = (X^{T} X)^{-1} X^{T} y",
        r"\nabla^{2} Q(w) = 2 X^{T} X",
        r"\nabla^{2} Q(w) = 2 X^{T} X \succ 0",
        r"w_{t} = w_{t-1} + 2 \gamma X^{T} (y - X w_{t-1})",
    ]


@pytest.mark.parametrize("language", languages())
def test_a_sign_on_symmetric_directions_is_that_of_the_form(language: str) -> None:
    shapes, assume = {"S": "n x n", "w": "n x n"}, {"S": "positive_definite", "w": "positive_definite"}
    tasks = ["gradient", "hessian", "stationary_point", "definiteness"]
    solution = solved(r"\operatorname{tr}(S w) - \log\det w", shapes, tasks, assume)
    answers, rows, _ = told(solution, language, bold=False, transpose="T")
    form = r"\operatorname{vec}(Z)^{T}\,\nabla^{2} Q(w)\,\operatorname{vec}(Z)"
    assert answers[2:] == ["w^{*} = S^{-1}", rf"{form} > 0 \quad (Z = Z^{{T}} \ne 0)"]
    assert any(row.startswith(f"{form} = ") for row in rows)


def test_the_gradient_is_set_to_zero_in_a_formula_of_its_own() -> None:
    _, rows, _ = told(solved(r"\|y - Xw\|^2", LS, CHAIN))
    assert "-2 X^{T} (y - X w) = 0" in rows
    assert "X^{T} X w = X^{T} y" in rows
    assert r"z^{T}\,\nabla^{2} Q(w)\,z = z^{T} (2 X^{T} X) z" in rows


def test_the_words_of_a_study_assume_the_rank_and_conclude_a_global_minimum() -> None:
    _, _, words = told(solved(r"\|y - Xw\|^2", LS, CHAIN))
    assert r"invertible exactly when $\operatorname{rank} X = n$, that is, when the columns of $X$ are" in words
    assert r"so $X z = 0$ only for $z = 0$. Hence the inequality is strict for $z \ne 0$" in words
    assert "the stationary point $w^{*}$ is its unique global minimiser." in words
    assert "If the columns of $X$ are linearly dependent, the linear system is singular" in words


def test_a_step_in_coordinates_is_an_update_with_the_whole_sum() -> None:
    _, rows, words = told(solved(r"\|y - Xw\|^2", LS, "gradient_step"))
    assert r"(w_{t})_j = (w_{t-1})_j + 2 \gamma \sum_{i=1}^{m} (y_i - x_i^{T} w_{t-1}) x_{ij}" in rows
    assert "where $x_i^{T}$ is row $i$ of $X$" in words


def test_an_equation_without_a_closed_form_is_not_solved() -> None:
    formula = r"\sum_{i=1}^{m} \log(1 + \exp(-y_i x_i^T w))"
    solution = solved(formula, {"x_i": "n", "y_i": "scalar", "w": "n"}, ["gradient", "stationary_point"])
    answers, _, words = told(solution)
    assert answers[-1] == r"\nabla Q(w) = -\sum_{i=1}^{m} y_i \sigma(-y_i x_i^{T} w) x_i = 0"
    assert "no closed form" in words


@pytest.mark.parametrize(
    ("chosen", "answer"),
    [
        ({"update": ":=", "step": r"\alpha"}, r"w := w + 2 \alpha X^{T} (y - X w)"),
        ({"iterate": "w^{(t)}"}, r"w^{(t)} = w^{(t-1)} + 2 \gamma X^{T} (y - X w^{(t-1)})"),
        ({"iterate": "w_t"}, r"w_{t} = w_{t-1} + 2 \gamma X^{T} (y - X w_{t-1})"),
        ({"step": "y"}, r"w_{t} = w_{t-1} + 2 \gamma X^{T} (y - X w_{t-1})"),
    ],
)
def test_the_letters_of_a_step_are_a_matter_of_notation(chosen: dict[str, str], answer: str) -> None:
    answers, _, _ = told(solved(r"\|y - Xw\|^2", LS, "gradient_step"), **chosen)
    assert answers == [answer]


def test_an_iterate_keeps_clear_of_the_symbols_of_the_function() -> None:
    solution = solved(r"t \|y - Xw\|^2", {**LS, "t": "scalar"}, "gradient_step", {"t": "positive"})
    notation = notation_of(load_language("en"), solution.function)
    assert iterates(solution.function, notation) == ("w_{k}", "w_{k-1}")


def test_the_goal_of_a_study_has_a_name() -> None:
    solution = solved(r"\|y - Xw\|^2", LS, CHAIN)
    notation = notation_of(load_language("en"), solution.function)
    found = [goals.goal(d, solution.function, notation) for d in solution.derivations]
    assert found == [r"\nabla Q(w)", "w^{*}", r"\nabla^{2} Q(w)", r"\nabla^{2} Q(w)", "w_{t}"]
