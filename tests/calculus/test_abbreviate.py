"""The names that docgen gives of itself: what gets one, by which letter, and that nothing changes but the writing."""

from __future__ import annotations

import numpy as np
import pytest

import docgen
from docgen.algebra.node import Symbol, sym, workspace
from docgen.calculus import abbreviate

CASES = {
    "softmax": (
        r"\log(\mathbf{1}^T \exp(x))", "x", {"x": "n"}, {}, "hessian",
        r"\operatorname{diag}(p) - p p^{T}", {"p": r"\operatorname{softmax}(x)"},
    ),
    "inverse": (
        r"\operatorname{tr}((A + X^T C X)^{-1} X^T B X)", "X",
        {"A": "k x k", "X": "n x k", "B": "n x n", "C": "n x n"},
        {"A": "symmetric", "B": "symmetric", "C": "symmetric"}, "gradient",
        r"2 (I_{n} - C X M X^{T}) B X M", {"M": "(A + X^{T} C X)^{-1}"},
    ),
    "four times": (
        r"\|x - a\|", "x", {"x": "n", "a": "n"}, {}, "hessian",
        r"\frac{1}{\|u\|} \Bigl(I_{n} - \frac{u u^{T}}{\|u\|^{2}}\Bigr)", {"u": "x - a"},
    ),
    "quotient": (
        r"\frac{x^T A x}{x^T x}", "x", {"x": "n", "A": "n x n"}, {"A": "symmetric"}, "gradient",
        r"\frac{2}{x^{T} x} \bigl(A x - f(x) x\bigr)", {},
    ),
    "exponential": (
        r"\exp(-\frac12 (x - a)^T A (x - a))", "x", {"x": "n", "a": "n", "A": "n x n"}, {"A": "symmetric"}, "gradient",
        "-f(x) A (x - a)", {},
    ),
    "kept whole": (
        r"\|Ax - b\|", "x", {"A": "m x n", "x": "n", "b": "m"}, {}, "gradient",
        r"\frac{A^{T} (A x - b)}{\|A x - b\|}", {},
    ),
    "determinant": (
        r"\det(X^T A X)", "X", {"X": "n x k", "A": "n x n"}, {"A": "symmetric"}, "gradient",
        r"2 \det(X^{T} A X) A X (X^{T} A X)^{-1}", {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_answer_has_names_for_what_repeats_and_its_numpy_has_none(case: tuple) -> None:  # type: ignore[type-arg]
    formula, variable, shapes, assume, task, answer, where = case
    solution = docgen.derive(formula, variable, shapes, assume, task=task)
    assert solution.answer.latex == answer
    data = solution.to_dict([])["derivations"][-1]
    assert data["answer"].get("where", {}) == where
    assert solution.answer.numpy == data["answer"]["numpy"]
    rng = np.random.default_rng(3)
    sizes = {"n": 3, "m": 4, "k": 2}
    values = {}
    for name, shape in solution.to_dict([])["shapes"].items():
        value = rng.uniform(0.5, 1.5, [sizes.get(size, 1) for size in shape])
        values[name] = value + value.T if "symmetric" in assume.get(name, "") else value
    written = eval(data["answer"]["numpy"], {"np": np, **sizes, **values})  # the names are in no NumPy source
    assert np.allclose(written, solution.answer.callable()(**values))


def test_a_name_is_given_before_the_first_line_that_has_it() -> None:
    lines = docgen.derive(r"\log(\mathbf{1}^T \exp(x))", "x", {"x": "n"}, task="hessian").to_dict(["en"])
    first = lines["derivations"][0]["lines"][0]
    assert first["rule"] == "abbreviation" and first["quantity"] == "statement"
    assert "$p$" in first["text"]["en"] and r"$\operatorname{softmax}(x)$" in first["text"]["en"]


def test_a_name_in_what_another_name_stands_for_is_written_out() -> None:
    formula = r"\operatorname{tr}((X^T C X)^{-1} X^T B X)"
    shapes = {"X": "n x k", "B": "n x n", "C": "n x n"}
    solution = docgen.derive(formula, "X", shapes, {"B": "symmetric", "C": "symmetric"}, task="hessian")
    assert solution.to_dict([])["derivations"][-1]["answer"]["where"] == {
        "M": "(X^{T} C X)^{-1}",
        "P": "I_{n} - C X M X^{T}",
    }
    assert solution.answer.node.free == {"X", "B", "C"}


def test_a_letter_that_means_something_is_not_taken() -> None:
    solution = docgen.derive(r"p^T x + \log(\mathbf{1}^T \exp(x))", "x", {"x": "n", "p": "n"}, task="hessian")
    assert solution.answer.latex == r"\operatorname{diag}(u) - u u^{T}"


def test_a_size_is_a_letter_that_means_something() -> None:
    solution = docgen.derive(r"\log(\mathbf{1}^T \exp(x))", "x", {"x": "p"}, task="hessian")
    assert solution.answer.latex == r"\operatorname{diag}(u) - u u^{T}"


def test_a_name_that_stands_for_something_else_is_not_put_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fold that puts the name where it does not belong leaves the lines as they were derived."""
    with workspace():
        wrong = sym(Symbol("p"), docgen.derive("a^T x", "x", {"x": "n", "a": "n"}).record.function.variable.shape)
    monkeypatch.setattr(abbreviate, "folded", lambda node, parts: wrong)
    solution = docgen.derive(r"\log(\mathbf{1}^T \exp(x))", "x", {"x": "n"}, task="hessian")
    assert solution.answer.latex == (
        r"\operatorname{diag}\bigl(\operatorname{softmax}(x)\bigr) - \operatorname{softmax}(x) \operatorname{softmax}(x)^{T}"
    )


@pytest.mark.parametrize(
    "given",
    [
        r"\frac{2}{x^{T} x} (A x - f(x) x)",
        "2*(A*x - f(x)*x)/(x'*x)",
        r"\frac{2 A x}{x^T x} - \frac{2 x^T A x}{(x^T x)^2} x",
    ],
)
def test_an_answer_with_the_function_in_it_is_read(given: str) -> None:
    shapes, assume = {"x": "n", "A": "n x n"}, {"A": "symmetric"}
    right = docgen.derive(r"\frac{x^T A x}{x^T x}", "x", shapes, assume).answer
    assert docgen.equal(given, right) == "equal"
    assert docgen.equal(given.replace("- f", "+ f"), right) == ("different" if "f(x)" in given else "equal")


def test_an_answer_with_a_name_of_docgen_is_read() -> None:
    right = docgen.derive(r"\log(\mathbf{1}^T \exp(x))", "x", {"x": "n"}, task="hessian").answer
    assert docgen.equal(right.latex, right) == "equal"
    assert docgen.equal(r"p p^T - \operatorname{diag}(p)", right) == "wrong sign"


def test_an_error_after_the_function_points_to_its_place() -> None:
    right = docgen.derive(r"\frac{x^T A x}{x^T x}", "x", {"x": "n", "A": "n x n"}).answer
    with pytest.raises(docgen.DocgenError) as error:
        docgen.equal("f(x) x + q", right)
    assert str(error.value).splitlines()[1:3] == ["    f(x) x + q", "             ^"]


def test_several_methods_come_to_one_answer() -> None:
    """The names are those of the problem, so that two methods end with the same formula."""
    found = docgen.derive(r"\operatorname{softmax}(x)", "x", {"x": "n"}, method=["coordinates", "differential"])
    assert [d["answer"]["latex"] for d in found.to_dict([])["derivations"]] == [r"\operatorname{diag}(p) - p p^{T}"] * 2
    assert found.derivations[0].answer is found.derivations[1].answer


def test_a_letter_of_a_sum_is_not_taken() -> None:
    formula = r"\log(\mathbf{1}^T \exp(x)) + \sum_{p=1}^{m} a_p^T x"
    found = docgen.derive(formula, "x", {"x": "n", "a_p": "n"}, task="hessian")
    assert found.answer.latex == r"\operatorname{diag}(u) - u u^{T}"
