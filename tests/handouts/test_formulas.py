"""Formulas with the author's own names: functions, named parts, tied symbols."""

from __future__ import annotations

from pathlib import Path

import pytest

from docgen.algebra.latex import latex
from docgen.algebra.node import workspace
from docgen.calculus.derivation import Function
from docgen.errors import DocgenError
from docgen.handouts.formulas import Formulas
from docgen.handouts.spec import Common, Problem, Symbol
from tests.handouts.author import page, prepared, refused

DATA = {"X": Symbol(shape="m x n", rows="x_i"), "y": Symbol(shape="m", entries="y_i"), r"\theta": Symbol(shape="n")}


def problem(keys: dict[str, object], **common: object) -> Problem:
    symbols = {name: symbol.shape for name, symbol in DATA.items()}
    typed = {"id": "one", **keys}
    typed["shapes"] = {**symbols, **typed.get("shapes", {})}  # type: ignore[dict-item]
    return Problem.model_validate(typed).within(Common(DATA, **common))  # type: ignore[arg-type]


def read(keys: dict[str, object], **common: object) -> Function:
    with workspace():
        return Formulas(problem(keys, **common)).function()


@pytest.mark.parametrize(
    ("keys", "common", "formula", "stated", "named"),
    [
        (
            {"function": r"\sum_{i=1}^{m} (y_i - h_\theta(x_i))^2", "variable": "theta"},
            {"functions": {r"h_\theta(x)": r"\sigma(\theta^T x)"}},
            r"\sum_{i=1}^{m} \bigl(y_i - \sigma(\theta^{T} x_i)\bigr)^{2}",
            r"\sum_{i=1}^{m} \bigl(y_i - h_\theta(x_i)\bigr)^{2}",
            [r"h_\theta(x) = \sigma(\theta^{T} x)"],
        ),
        (
            {"function": r"\|loss(\theta)\|^2", "variable": r"\theta"},
            {"functions": {"loss(u)": "X u - y"}},
            r"\|X \theta - y\|^{2}",
            r"\|\operatorname{loss}(\theta)\|^{2}",
            [r"\operatorname{loss}(u) = X u - y"],
        ),
        (
            {"function": r"-y^T \log p", "variable": r"\theta", "where": {"p": r"\operatorname{softmax}(X \theta)"}},
            {},
            r"-y^{T} \log\bigl(\operatorname{softmax}(X \theta)\bigr)",
            r"-y^{T} \log(p)",
            [r"p = \operatorname{softmax}(X \theta)"],
        ),
        (
            {
                "function": r"\sum_{i=1}^m r_i^2",
                "variable": r"\theta",
                "where": {"r_i": "y_i - z_i", "z_i": r"\theta^T x_i"},
            },
            {},
            r"\sum_{i=1}^{m} (y_i - \theta^{T} x_i)^{2}",
            r"\sum_{i=1}^{m} r_i^{2}",
            ["r_i = y_i - z_i", r"z_i = \theta^{T} x_i"],
        ),
        (
            {"function": r"\norm{X\theta - y}", "variable": r"\theta"},
            {"macros": {"norm": r"\left\|#1\right\|"}},
            r"\|X \theta - y\|",
            r"\|X \theta - y\|",
            [],
        ),
    ],
)
def test_names_are_written_out_and_kept(
    keys: dict[str, object], common: dict[str, object], formula: str, stated: str, named: list[str]
) -> None:
    found = read(keys, **common)
    assert (latex(found.formula), latex(found.typed)) == (formula, stated)
    assert [f"{latex(name)} = {latex(meaning)}" for name, meaning in found.named] == named


def test_rows_and_entries_are_tied() -> None:
    found = read({"function": r"\|X\theta - y\|^2", "variable": r"\theta", "assume": {"y": "in {-1, 1}"}})
    assert {name: (one.data.name, one.shape.kind) for name, one in found.stacked.items()} == {
        "X": ("x_i", "vector"),
        "y": ("y_i", "scalar"),
    }
    assert found.stacked["y"].data.values == (-1, 1)


def test_a_symbol_of_another_shape_is_another_symbol() -> None:
    assert "X" not in read({"function": r"\det X", "variable": "X", "shapes": {"X": "k x k"}}).stacked


@pytest.mark.parametrize(
    ("keys", "common", "message"),
    [
        (
            {"function": "h(x_1, x_2)", "variable": "x_1"},
            {"functions": {"h(u)": "u^T u"}},
            "h is called with 2 arguments, but it has one argument\n    h(x_1, x_2)\n    ^^^^^^^^^^^\n"
            "It was named as h(u).",
        ),
        (
            {"function": "p^T p", "variable": r"\theta", "where": {"p": "q", "q": "p"}},
            {},
            "p is named by a formula that uses p itself\n    p\n    ^\nName it otherwise, or write the formula out where it stands.",
        ),
        (
            {"function": "h(" * 500 + r"\theta" + ")" * 500, "variable": r"\theta"},
            {"functions": {"h(u)": "u"}},
            "the names in this formula stand inside one another too deeply\nWrite some of them out.",
        ),
        (
            {"function": r"h(\theta)", "variable": r"\theta"},
            {"functions": {"h": "u"}},
            "`h` names no function: it has no arguments in brackets\n"
            "For example: functions: {'h(x)': '\\sigma(w^T x)'}. A name without arguments goes under `where`.",
        ),
    ],
)
def test_a_name_at_fault(keys: dict[str, object], common: dict[str, object], message: str) -> None:
    with pytest.raises(DocgenError) as error:
        read(keys, **common)
    assert str(error.value) == message


SPEC = r"""
macros: {RR: '\mathbb{R}'}
symbols:
  X: {shape: m x n, rows: x_i, says: design matrix}
  w: {shape: n, says: vector of weights}
functions: {'s(v)': '\sigma(v)'}
contents:
  - text: Let $x \in \RR^n$.
  - problems: all
problems:
  - {id: one, function: '\mathbf{1}^T s(X w)', variable: w}
  - {id: two, function: -t^T \log p, variable: W, shapes: {t: k, W: k x n, v: n}, where: {p: '\operatorname{softmax}(W v)'}}
"""


def test_the_page_keeps_the_names(tmp_path: Path) -> None:
    told = page(tmp_path, SPEC)
    assert r"Let $x \in \mathbb{R}^n$." in told
    assert r"$f(w) = \mathbf{1}^{T} s(X w)$" in told
    assert r"where $w$ is the vector of weights and $X \in \mathbb{R}^{m \times n}$ is the design matrix." in told
    assert r"In this formula, $s(v) = \sigma(v)$." in told
    assert r"In this formula, $p = \mathop{\mathrm{softmax}}(W v)$." in told
    assert r"\boxed{\nabla f(W) = \bigl((\mathbf{1}^{T} t) p - t\bigr) v^{T}}" in told


def test_faults_of_the_file_are_told_at_their_place(tmp_path: Path) -> None:
    assert refused(tmp_path, SPEC.replace("{RR:", "{R2:")) == (
        "spec.yaml:2: `R2` is no name of a macro\n    macros: {R2: '\\mathbb{R}'}\n    ^^^^^^\n"
        "A name is letters only: macros: {RR: '\\mathbb{R}'} lets you type \\RR."
    )
    assert refused(tmp_path, SPEC.replace("rows: x_i", "rows: z")) == (
        "spec.yaml:3: the rows of X are called z, which has no index\n    symbols:\n    ^^^^^^^\n"
        "Call them by one member: z_i."
    )


def test_named_parts_are_proved_again(tmp_path: Path) -> None:
    sheet = prepared(tmp_path, SPEC).sheets[1]
    assert "p" in sheet.solution.derivations[0].answer.free
