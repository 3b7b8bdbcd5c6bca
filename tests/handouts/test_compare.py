"""Two editions of a spec side by side, and a formula beside the answers of a problem."""

from pathlib import Path

import pytest

from docgen.errors import DocgenError
from docgen.handouts.compare import Change, Difference, differences, judged, solutions_of
from docgen.handouts.load import SpecFile, load

OLD = r"""
number: 3
problems:
  - {id: quadratic, function: x^T A x, variable: x, shapes: {x: n, A: n x n}, points: 2}
  - {id: linear, function: a^T x, variable: x, shapes: {x: n, a: n}}
  - id: squares
    title: Least squares
    function: \|y - Xw\|^2
    variable: w
    shapes: {X: m x n, y: m, w: n}
    task: [gradient, hessian]
  - {id: log-det, function: \log\det X, variable: X, shapes: {X: n x n}}
"""


@pytest.fixture
def file(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Writes a spec and loads it."""

    def write(text: str, name: str = "new.yaml") -> SpecFile:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return load(tmp_path / name)

    return write


def compared(file, *swaps: tuple[str, str]) -> list[Difference]:  # type: ignore[no-untyped-def]
    new = OLD
    for old, by in swaps:
        assert old in new
        new = new.replace(old, by)
    return differences(file(OLD, "old.yaml"), file(new))


def changes(found: list[Difference]) -> dict[str, tuple[Change, ...]]:
    return {one.id: one.changes for one in found}


def test_a_file_is_equal_to_itself(file) -> None:  # type: ignore[no-untyped-def]
    assert compared(file) == []


def test_another_function_changes_the_answer(file) -> None:  # type: ignore[no-untyped-def]
    found = compared(file, ("x^T A x", "3 x^T A x"))
    assert found == [
        Difference(
            "quadratic",
            "changed",
            "3.1",
            (
                Change("function", "x^T A x", "3 x^T A x"),
                Change("answer (gradient)", "(A + A^{T}) x", "3 (A + A^{T}) x"),
            ),
        )
    ]


def test_another_spelling_changes_nothing_but_the_spelling(file) -> None:  # type: ignore[no-untyped-def]
    found = changes(compared(file, ("x^T A x", "x'*A*x"), (r"\|y - Xw\|^2", r"\|Xw - y\|^2")))
    assert found["quadratic"] == (Change("function", "x^T A x", "x'*A*x", "the same function"),)
    assert found["squares"] == (
        Change("function", r"\|y - Xw\|^2", r"\|Xw - y\|^2", "the same function"),
        Change("answer (gradient)", "-2 X^{T} (y - X w)", "2 X^{T} (X w - y)", "equal, written otherwise"),
    )


@pytest.mark.parametrize(
    ("old", "new", "id", "expected"),
    [
        ("points: 2", "points: 2.5", "quadratic", (Change("points", "2", "2.5"),)),
        (
            "title: Least squares",
            "title: {en: Least squares, ru: МНК}",
            "squares",
            (
                Change("title", "Least squares", None),
                Change("title (en)", None, "Least squares"),
                Change("title (ru)", None, "МНК"),
            ),
        ),
        (
            "task: [gradient, hessian]",
            "task: gradient",
            "squares",
            (Change("task", "gradient, hessian", "gradient"), Change("answer (hessian)", "2 X^{T} X", None)),
        ),
        (
            "shapes: {x: n, A: n x n}",
            "shapes: {x: n, A: n x n}, assume: {A: symmetric}",
            "quadratic",
            (Change("assume", None, "A: symmetric"), Change("answer (gradient)", "(A + A^{T}) x", "2 A x")),
        ),
        (
            "shapes: {x: n, a: n}",
            "shapes: {x: n, a: n}, layout: numerator",
            "linear",
            (
                Change("layout", "mixed", "numerator"),
                Change("answer (gradient)", "a", None),
                Change("answer (gradient, numerator)", None, "a^{T}"),
            ),
        ),
        ("id: linear", "id: linear-form", "linear-form", (Change("id", "linear", "linear-form"),)),
    ],
)
def test_a_change_is_named(file, old: str, new: str, id: str, expected: tuple[Change, ...]) -> None:  # type: ignore[no-untyped-def]
    assert changes(compared(file, (old, new))) == {id: expected}


def test_problems_come_go_and_move(file) -> None:  # type: ignore[no-untyped-def]
    first = "  - {id: quadratic, function: x^T A x, variable: x, shapes: {x: n, A: n x n}, points: 2}\n"
    fresh = "  - {id: det, function: \\det X, variable: X, shapes: {X: n x n}}\n"
    found = compared(
        file, (first, fresh), ("- {id: log-det, function: \\log\\det X", "- {id: log-det, function: \\log\\det X")
    )
    assert [(one.id, one.kind, one.number) for one in found] == [
        ("det", "added", "3.1"),
        ("quadratic", "removed", "3.1"),
    ]
    found = compared(file, (first, ""))
    assert [(one.id, one.kind, one.number, [c.what for c in one.changes]) for one in found] == [
        ("linear", "changed", "3.1", ["number"]),
        ("squares", "changed", "3.2", ["number"]),
        ("log-det", "changed", "3.3", ["number"]),
        ("quadratic", "removed", "3.1", []),
    ]


def test_parts_are_compared_one_by_one(file) -> None:  # type: ignore[no-untyped-def]
    text = (
        "problems:\n  - id: two\n    variable: x\n    shapes: {x: n, a: n, A: n x n}\n    parts:\n"
        "      - {id: a, function: a^T x}\n      - {id: b, function: x^T A x}\n"
    )
    found = differences(file(text, "old.yaml"), file(text.replace("x^T A x", "x^T A^T x")))
    assert found == [
        Difference("two.b", "changed", "1 b", (Change("function", "x^T A x", "x^T A^T x", "the same function"),))
    ]


def test_the_kindest_of_several_answers_counts(file) -> None:  # type: ignore[no-untyped-def]
    solutions = solutions_of(file(OLD), "squares")
    for formula, task, verdict, of in (
        ("2 X^T (X w - y)", None, "equal", "gradient"),
        ("2 X^T X", None, "equal", "hessian"),
        ("X^T X", None, "off by the factor 1/2", "hessian"),
        ("2 X^T X", "gradient", "wrong shape", "gradient"),
        ("2 X X^T", None, "wrong shape", "gradient"),
    ):
        found = judged(formula, solutions, task)
        assert (str(found.verdict), found.derivation.task) == (verdict, of)
    why = judged("2 X (X w - y)", solutions, "gradient").why
    assert why.splitlines()[0] == "the product of X (m x n) and (X w - y) (m x 1) does not exist"
    with pytest.raises(DocgenError) as caught:
        judged("2 X^T X", solutions, "jacobian")
    assert str(caught.value) == "the problem has no task 'jacobian'\nIt has: gradient, hessian."


SEVERAL = r"""
problems:
  - {id: factors, function: '\|X - U V\|_F^2', variables: [U, V], shapes: {X: m x n, U: m x k, V: k x n}}
  - id: cross-entropy
    function: -y^T \log p
    variable: x
    shapes: {x: n, y: n}
    assume: {y: one_hot}
    where: {p: '\operatorname{softmax}(x)'}
"""


@pytest.mark.parametrize(
    ("id", "formula", "verdict"),
    [
        ("factors", "2 (U V - X) V^T", "equal"),
        ("factors", "2 U^T (U V - X)", "equal"),
        ("factors", "U^T (U V - X)", "off by the factor 1/2"),
        ("cross-entropy", "p - y", "equal"),
        ("cross-entropy", r"\operatorname{softmax}(x) - y", "equal"),
        ("cross-entropy", "y - p", "wrong sign"),
    ],
)
def test_several_variables_and_named_parts(file, id: str, formula: str, verdict: str) -> None:  # type: ignore[no-untyped-def]
    assert str(judged(formula, solutions_of(file(SEVERAL), id)).verdict) == verdict


def test_the_answer_by_each_variable_is_compared(file) -> None:  # type: ignore[no-untyped-def]
    found = differences(file(SEVERAL, "old.yaml"), file(SEVERAL.replace(r"U V\|", r"2 U V\|")))
    assert [(one.id, [change.what for change in one.changes]) for one in found] == [
        ("factors", ["function", "answer (gradient, by U)", "answer (gradient, by V)"])
    ]
