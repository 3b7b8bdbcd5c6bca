"""The author's own mathematics: proved, or refused with its place, an example and the likely slip."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.handouts.author import page, prepared, refused

SPEC = r"""
language: en
symbols:
  X: {shape: m x n, rows: x_i}
  y: {shape: m, entries: y_i}
contents:
  - claim: 'd(\det A) = \det(A) \langle A^{-T}, dA\rangle'
    shapes: {A: k x k}
    assume: {A: invertible}
    text: Recall the formula of Jacobi.
  - problems: all
problems:
  - id: mse
    function: '\frac{1}{m}\|Xw - y\|^2'
    variable: w
    shapes: {w: n}
    equals: '\frac{1}{m}\sum_{i=1}^{m} (x_i^T w - y_i)^2'
    answer: '\frac{2}{m} X^T (X w - y)'
  - id: quadratic
    function: x^T A x
    variable: x
    shapes: {x: n, A: n x n}
    task: [gradient, hessian]
    special:
      - {when: {A: symmetric}}
      - {set: {A: I}, title: Corollary}
    claim: '\nabla_x (x^T A x) = A x + A^T x'
  - id: inverse
    function: A^{-1}
    variable: A
    shapes: {A: n x n}
    task: differential
    answer: -A^{-1} dA A^{-1}
"""


def test_what_is_true_is_printed(tmp_path: Path) -> None:
    told = page(tmp_path, SPEC)
    assert "Recall the formula of Jacobi.\n\n$$\nd\\bigl(\\det(A)\\bigr) = \\det(A) \\langle A^{-T}, dA \\rangle.\n$$" in told
    assert r"Here $A \in \mathbb{R}^{k \times k}$ is invertible." in told
    assert "**Special case.** If $A$ is symmetric, then" in told
    assert r"\nabla f(x) &= (A + A^{T}) x = 2 A x" in told
    assert "**Corollary.** If $A = I_{n}$, then" in told


def test_the_title_of_a_special_case_keeps_its_formulas(tmp_path: Path) -> None:
    spec = SPEC.replace("title: Corollary", "title: The case $A = I$")
    assert "**The case $A = I$.** If $A = I_{n}$, then" in page(tmp_path, spec)


def test_a_zero_is_sized_as_what_is_set_to_it(tmp_path: Path) -> None:
    assert r"If $A = 0$, then" in page(tmp_path, SPEC.replace("{A: I}", "{A: 0}"))


def test_a_special_case_without_a_value_is_refused(tmp_path: Path) -> None:
    """Both sides of its equation look the same, and neither is anything."""
    text = "problems:\n  - {id: q, function: x^T x / c, variable: x, shapes: {x: n, c: scalar}, special: [{set: {c: 0}}]}\n"
    assert refused(tmp_path, text).startswith("spec.yaml:2: the formula is defined nowhere: ")


def test_a_formula_has_words_before_it(tmp_path: Path) -> None:
    alone = SPEC.replace("    text: Recall the formula of Jacobi.\n", "")
    lead = "The following equality holds:\n\n$$\nd\\bigl("
    assert lead in page(tmp_path, alone)
    assert lead not in page(tmp_path, alone.replace("contents:", "contents:\n  - text: By Jacobi,", 1))


def test_the_answer_is_printed_in_the_authors_form(tmp_path: Path) -> None:
    made = prepared(tmp_path, SPEC.replace(r"\frac{2}{m} X^T (X w - y)", r"\frac{2}{m} (X^T X w - X^T y)"))
    found = made.sheets[0].solution.derivations[0]
    assert found.reached is not None and found.answer is not found.reached
    told = page(tmp_path, SPEC.replace(r"\frac{2}{m} X^T (X w - y)", r"\frac{2}{m} (X^T X w - X^T y)"))
    assert r"\nabla f(w) = \frac{2}{m} X^{T} (X w - y)." in told
    assert "This can be rewritten as follows." in told
    assert r"\boxed{\nabla f(w) = \frac{2}{m} (X^{T} X w - X^{T} y)}" in told


@pytest.mark.parametrize(
    "claim",
    [
        r"\nabla f = (A + A^T) x",
        r"\nabla f(x) = (A + A^T) x",
        r"\nabla_x f = (A + A^T) x",
        r"\nabla (f + x^T x) = (A + A^T) x + 2 x",
        "df = x^T (A + A^T) dx",
        "f(-x) = f(x)",
        r"f(A x) = \operatorname{tr}(A x x^T A^T A)",
    ],
)
def test_a_claim_may_name_the_function_of_its_problem(tmp_path: Path, claim: str) -> None:
    prepared(tmp_path, SPEC.replace(r"\nabla_x (x^T A x) = A x + A^T x", claim))
    with_name = SPEC.replace(r"\nabla_x (x^T A x) = A x + A^T x", claim + " + x")
    assert refused(tmp_path, with_name).startswith("spec.yaml:27: ")


def test_an_answer_that_is_docgens_own_changes_nothing(tmp_path: Path) -> None:
    assert prepared(tmp_path, SPEC).sheets[0].solution.derivations[0].reached is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            (r"\langle A^{-T}, dA\rangle", r"\langle A^{-1}, dA\rangle"),
            "spec.yaml:7: this claim is false\n"
            "    d(\\det A) = \\det(A) \\langle A^{-1}, dA\\rangle\n"
            "                                ^^^^^^\n"
            "There is a transpose too many: with A^{-T} in place of A^{-1} it is true.\n"
            "For example, at A = [-1 1 -2; 2 -2 3; -3 1 -3]; dA = [-2 3 2; 2 3 -2; -1 -3 2]: "
            "the left side is -22, the right side -8",
        ),
        (
            ("(x_i^T w - y_i)^2", "(x_i^T w - y)^2"),
            "spec.yaml:17: a sum of different shapes: - y is m x 1, but x_i^T w is 1 x 1\n"
            "    \\frac{1}{m}\\sum_{i=1}^{m} (x_i^T w - y)^2\n"
            "                               ^^^^^^^\n"
            "An index is missing: with y_i in place of y it is true.",
        ),
        (
            ("(x_i^T w - y_i)^2", "(x_i^T w + y_i)^2"),
            "spec.yaml:17: this second form of the function is false\n"
            "    \\frac{1}{m}\\sum_{i=1}^{m} (x_i^T w + y_i)^2\n"
            "                                         ^^^\n"
            "A sign is wrong: with -y_i in place of y_i it is true.\n"
            "For example, at X = [-2 1; 3 -3; 3 -2]; w = (1, -3); y = (-2, 3, -2): "
            "the function is 70.33, this form 107.7",
        ),
        (
            (r"answer: '\frac{2}{m} X^T", r"answer: '2 X^T"),
            "spec.yaml:18: this answer is false: the gradient of f is \\frac{2}{m} X^{T} (X w - y); it is off by the factor m\n"
            "    2 X^T (X w - y)\n"
            "    ^^^^^^^^^^^^^^^\n"
            "For example, at X = [-2 1; 3 -3; 3 -2]; w = (1, -3); y = (-2, 3, -2): "
            "entry 1 of the gradient is 44, this answer 132",
        ),
        (
            (r"\frac{2}{m} X^T (X w - y)", r"\frac{2}{m} (X w - y)^T X"),
            "spec.yaml:18: this answer is false: the gradient of f is \\frac{2}{m} X^{T} (X w - y); "
            "it is the transpose of what it should be\n"
            "    \\frac{2}{m} (X w - y)^T X\n"
            "    ^^^^^^^^^^^^^^^^^^^^^^^^^\n"
            "Transpose it.",
        ),
        (
            ("= A x + A^T x", "= 2 A x"),
            "spec.yaml:27: this claim is false\n"
            "    \\nabla_x (x^T A x) = 2 A x\n"
            "    ^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
            "It would be true for a symmetric A.\n"
            "For example, at x = (-1, 1, -2); A = [-2 3 -3; 1 -3 2; -3 2 -2]: "
            "entry 1 of the left side is 20, the right side 22",
        ),
        (
            (r"\nabla_x (x^T A x) = A x + A^T x", r"\nabla f = -(A + A^T) x"),
            "spec.yaml:27: this claim is false: its sign is wrong\n"
            "    \\nabla f = -(A + A^T) x\n"
            "    ^^^^^^^^^^^^^^^^^^^^^^^\n"
            "For example, at x = (-2, 1); A = [3 -3; -3 3]: entry 1 of the left side is -18, the right side 18",
        ),
        (
            (r"\nabla_x (x^T A x) = A x + A^T x", r"\nabla g = A x"),
            "spec.yaml:27: the symbol g is not declared\n"
            "    \\nabla_{x} g = A x\n"
            "               ^\n"
            "Declare its shape, as in g: n; or did you mean A?",
        ),
        (
            ("answer: -A^{-1} dA", "answer: A^{-1} dA"),
            "spec.yaml:33: this answer is false: the differential of f is -A^{-1} (dA) A^{-1}; its sign is wrong\n"
            "    A^{-1} dA A^{-1}\n"
            "    ^^^^^^^^^^^^^^^^\n"
            "For example, at A = [-2 1; 1 -3]; dA = [3 -3; 3 -2]: entry (1, 1) of the differential is -1, this answer 1",
        ),
        (
            ("{when: {A: symmetric}}", "{when: {B: symmetric}}"),
            "spec.yaml:25: the function has no symbol B\nIts symbols are: x, A.",
        ),
        (
            ("{set: {A: I}, title: Corollary}", "{set: {x: I}}"),
            "spec.yaml:26: the variable x is set to a value\nSet another symbol, or ask for another task.",
        ),
        (
            ("{set: {A: I}, title: Corollary}", "{set: {A: x}}"),
            "spec.yaml:26: A is n x n, but it is set to something that is n x 1\nCorrect the formula.",
        ),
        (
            ("{when: {A: symmetric}}", "{when: {A: invertible}}"),
            "spec.yaml:25: the special case changes no answer\nLeave it out, or correct it.",
        ),
        (
            ("{set: {A: I}, title: Corollary}", "{set: {A: '(n - n)^{-1} I'}}"),
            "spec.yaml:26: the formula is defined nowhere: \\frac{1}{n - n} divides by zero at every point\n"
            "Check the sizes and the signs; x y^T, for one, is singular whatever x and y are.",
        ),
    ],
)
def test_what_is_false_stops_the_build(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    assert change[0] in SPEC
    assert refused(tmp_path, SPEC.replace(*change)) == message
