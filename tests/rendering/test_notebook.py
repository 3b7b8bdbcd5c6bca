"""The notebook: valid, the same every time, and its cells run and agree with finite differences."""

from pathlib import Path
from typing import Any

import nbformat
import pytest

from docgen.rendering.build import build
from docgen.rendering.markdown import two_dollars

SPEC = r"""
title: {en: Cells}
problems:
  - id: quadratic
    function: x^T A x
    variable: x
    shapes: {x: n, A: n x n}
    assume: {A: symmetric}
    task: [gradient, hessian]
  - id: cubic
    function: x x^T x
    variable: x
    shapes: {x: n}
  - id: inverse
    function: A^{-1}
    variable: A
    shapes: {A: n x n}
    assume: {A: [positive_definite]}
    task: differential
  - id: samples
    function: \frac{1}{m}\sum_{i=1}^{m} \log(1 + \exp(-y_i \langle w, x_i\rangle))
    variable: w
    shapes: {w: d, x_i: d, y_i: scalar}
    assume: {y_i: 'in {-1, 1}'}
    task: [gradient, matrix_form, hessian]
  - id: parts
    function: -t^T \log p
    where: {p: '\operatorname{softmax}(z)', z: W v}
    variable: W
    shapes: {W: k x n, v: n, t: k}
    task: [differential, gradient]
  - id: constrained
    function: \operatorname{tr}(S B)
    variable: S
    shapes: {S: n x n, B: n x n}
    assume: {S: symmetric}
    constrained: true
"""


def run(notebook: Any) -> list[bool]:
    """The values of the checks at the ends of the code cells."""
    space: dict[str, Any] = {}
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        *body, last = cell.source.rstrip().split("\n")
        if last.startswith("agree("):
            exec("\n".join(body), space)
            found.append(eval(last, space))
        else:
            exec(cell.source, space)
    return found


@pytest.fixture
def built(tmp_path: Path) -> Path:
    spec = tmp_path / "cells.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    report = build([spec], languages=["en"], formats=["ipynb", "kramdown"], output=tmp_path / "out")
    assert not report.failures
    return tmp_path / "out" / "en"


def test_every_check_of_the_notebook_runs_and_agrees(built: Path) -> None:
    notebook = nbformat.read(built / "cells-handout.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert run(notebook) == [True] * 9


def test_a_worksheet_defines_the_functions_and_gives_no_answer_away(built: Path) -> None:
    notebook = nbformat.read(built / "cells-worksheet.ipynb", as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert run(notebook) == []
    assert sum("def f(" in source for source in code) == 6
    assert not any("gradient_of_f" in source for source in code)


def test_two_notebooks_of_one_spec_are_the_same(built: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    build([tmp_path / "cells.yaml"], languages=["en"], formats=["ipynb"], output=again)
    assert (again / "en" / "cells-handout.ipynb").read_bytes() == (built / "cells-handout.ipynb").read_bytes()


@pytest.mark.parametrize(
    ("github", "dollars"),
    [
        ("where $x$ is", "where $$x$$ is"),
        ("$a$ and $b$", "$$a$$ and $$b$$"),
        ("$$\nx = 1\n$$", "$$\nx = 1\n$$"),
        ("costs 5<span>$</span>, $x$", "costs 5<span>$</span>, $$x$$"),
    ],
)
def test_formulas_between_two_dollar_signs(github: str, dollars: str) -> None:
    assert two_dollars(github) == dollars


def test_the_second_dialect_has_no_single_dollar_sign(built: Path) -> None:
    text = (built / "cells-handout.kramdown.md").read_text(encoding="utf-8").replace("<span>$</span>", "")
    assert "$" not in text.replace("$$", "")
