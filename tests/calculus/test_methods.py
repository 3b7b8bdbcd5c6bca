"""The methods with worked examples of their own: what each tells line by line, and what it refuses."""

import pytest

import docgen
from tests.calculus import test_chain, test_expand, test_implicit
from tests.calculus.told import Told, refused, shapes_of, told

METHODS = {"chain": test_chain, "expand": test_expand, "implicit": test_implicit}
LINES = [(method, *case) for method, module in METHODS.items() for case in module.CASES]
REFUSALS = [(method, *case) for method, module in METHODS.items() for case in module.REFUSED]


def _name(value: object) -> str:
    return str(value[0]) if isinstance(value, tuple) else value if isinstance(value, str) and value in METHODS else ""


@pytest.mark.parametrize(("method", "problem", "lines"), LINES, ids=_name)
def test_the_lines(method: str, problem: tuple[str, ...], lines: Told) -> None:
    assert told(method, *problem) == lines


@pytest.mark.parametrize(("method", "problem", "text"), REFUSALS, ids=_name)
def test_what_is_refused_names_the_way_out(method: str, problem: tuple[str, ...], text: str) -> None:
    assert refused(method, *problem) == text


@pytest.mark.parametrize(
    ("formula", "variable", "shapes", "method", "answer"),
    [
        (r"\operatorname{tr}(c X)", "X", "c: scalar, X: n x n", "chain", "c I_{n}"),
        (r"\sum_{i=1}^{m} s_i^2 p", "p", "p: n, s_i: scalar", "coordinates", r"\Bigl(\sum_{i=1}^{m} s_i^{2}\Bigr) I_{n}"),
    ],
)
def test_a_scalar_coefficient_of_a_matrix_stands_before_the_identity(
    formula: str, variable: str, shapes: str, method: str, answer: str
) -> None:
    assert docgen.derive(formula, variable, shapes_of(shapes), method=method).answer.latex == answer


def test_a_sum_that_stands_twice_in_a_term_is_joined_once() -> None:
    """Σ W inside the norm is not the Σ W that the terms share."""
    formula, shapes = r"(1 + \|\sum_{i=1}^{m} W^T\|_F^2)^2", shapes_of("W: k x n")
    found = docgen.derive(formula, "W", shapes, method="expand")
    direct = docgen.derive(formula, "W", shapes)
    assert docgen.equal(found.answer.latex, direct.answer) == "equal"


@pytest.mark.parametrize("formula", [r"\bigl(\sum_{i=1}^{m} s_i y\bigr) h^T p", r"A \bigl(\sum_{i=1}^{m} s_i y\bigr) h^T p"])
def test_a_scalar_behind_a_sum_is_a_factor(formula: str) -> None:
    shapes = shapes_of("A: n x n, y: n, h: n, p: n, s_i: scalar")
    found = docgen.derive(formula, "y", shapes, method="chain")
    assert docgen.equal(found.answer.latex, docgen.derive(formula, "y", shapes).answer) == "equal"


def test_a_scalar_product_under_a_trace_is_no_link_of_its_chain() -> None:
    shapes = shapes_of("W: n x m, C: n x n, h: n")
    formula = r"\log\det(((\frac{W}{h^T C h})^T)^T (\frac{W}{h^T C h})^T + C)"
    found = docgen.derive(formula, "C", shapes, task="hessian")
    assert found.derivations[0].check.passed and not found.answer.node.free - {"W", "C", "h"}


def test_a_sum_over_scalars_times_an_elementwise_product() -> None:
    shapes = shapes_of("y_i: scalar, q: scalar, u: n, v: n")
    found = docgen.derive(r"\sum_{i=1}^{m} y_i q^2 (u \odot v)", "q", shapes)
    assert docgen.equal(r"2 q \bigl(\sum_{i=1}^{m} y_i\bigr) (u \odot v)", found.answer) == "equal"
