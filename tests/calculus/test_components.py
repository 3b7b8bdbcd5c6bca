"""Sums over the components of declared vectors: read as typed, rewritten with the vectors in one proved line."""

from __future__ import annotations

import pytest

import docgen

FAMILIES = {"alpha": "m", "x_i": "n", "y_i": "scalar"}


@pytest.mark.parametrize(
    ("formula", "by", "shapes", "joined", "gradient"),
    [
        (r"\sum_{i=1}^{n} p_i \log\frac{p_i}{q_i}", "q", {"p": "n", "q": "n"}, r"p^T \log(p \oslash q)", r"-p \oslash q"),
        (r"\sum_{i=1}^{n} (x_i - y_i)^2", "x", {"x": "n", "y": "n"}, r"\|x - y\|^2", "2 (x - y)"),
        (r"\sqrt{\sum_{i=1}^{n} x_i^4}", "x", {"x": "n"}, r"\sqrt{\mathbf{1}^T x^{\odot 4}}",
         r"\frac{2}{\sqrt{\mathbf{1}^T x^{\odot 4}}} x^{\odot 3}"),
        (r"\sum_{i=1}^{n} \alpha_i^2", "alpha", None, r"\|\alpha\|^2", r"2 \alpha"),
    ],
)  # fmt: skip
def test_the_sum_is_written_with_vectors(
    formula: str, by: str, shapes: dict[str, str] | None, joined: str, gradient: str
) -> None:
    solution = docgen.derive(formula, by, shapes).to_dict(["en"])
    assert r"\sum_{i=1}^{n}" in solution["function"]["latex"]
    (derivation,) = solution["derivations"]
    first = derivation["lines"][0]
    assert (first["rule"], first["quantity"]) == ("join_components", "value")
    declared = shapes or {by: "n"}
    assert docgen.equal(first["latex"], joined, declared) == "equal"
    assert docgen.equal(gradient, derivation["answer"]["latex"], declared) == "equal"
    assert derivation["check"]["lines"] == len(derivation["lines"])


@pytest.mark.parametrize("method", ["differential", "coordinates", "chain", "expand"])
@pytest.mark.parametrize("task", ["gradient", "hessian"])
def test_every_method_goes_on_from_there(method: str, task: str) -> None:
    solution = docgen.derive(r"\sum_{i=1}^{n} (x_i - y_i)^2", "x", {"x": "n", "y": "n"}, task=task, method=method)
    assert docgen.equal("2 (x - y)" if task == "gradient" else "2 I", solution.answer) == "equal"


def test_samples_beside_components_of_the_variable_are_stacked() -> None:
    formula = r"\sum_{i=1}^{m} \alpha_i - \frac{1}{2} \|\sum_{i=1}^{m} \alpha_i y_i x_i\|^2"
    tasks = ["gradient", "hessian"]
    gradient, hessian = docgen.derive(formula, "alpha", FAMILIES, task=tasks).to_dict(["en"])["derivations"]
    assert gradient["lines"][0]["rule"] == "stack_samples"
    assert gradient["answer"]["latex"] == r"\mathbf{1} - y \odot X X^{T} (\alpha \odot y)"
    assert hessian["lines"][0]["rule"] == "reuse_gradient"
    assert hessian["answer"]["latex"] == r"-\operatorname{diag}(y) X X^{T} \operatorname{diag}(y)"


def test_components_that_do_not_depend_on_the_variable_stay() -> None:
    formula = r"\sum_{i=1}^{m} c_i (a_i^T x - b_i)^2"
    answer = docgen.derive(formula, "x", {"c": "m", "a_i": "n", "b": "m", "x": "n"}).answer.latex
    assert answer == r"2 \sum_{i=1}^{m} c_{i} (a_i^{T} x - b_{i}) a_i"


def test_what_has_no_vector_form_says_so() -> None:
    with pytest.raises(docgen.DocgenError) as error:
        docgen.derive(r"\sum_{i=1}^{n} \sum_{j=1}^{n} (x_i - x_j)^4", "x", {"x": "n"})
    assert str(error.value) == (
        r"docgen cannot write the sum \sum_{i=1}^{n} \sum_{j=1}^{n} (x_{i} - x_{j})^{4} over components with the "
        "vectors themselves\n"
        r"Write it with vectors, as in p^T \log(x) or \mathbf{1}^T \exp(x)."
    )


def test_a_component_needs_a_column_of_the_sum_s_length() -> None:
    with pytest.raises(docgen.DocgenError) as error:
        docgen.derive(r"\sum_{i=1}^{n} c_i x_i", "x", {"c": "scalar", "x": "n"})
    assert str(error.value) == (
        "c_i is a component of c, but c is 1 x 1\n    \\sum_{i=1}^{n} c_i x_i\n                   ^^^\n"
        "Declare c as a column of n entries, c: n; or declare c_i itself, as in c_i: scalar."
    )
