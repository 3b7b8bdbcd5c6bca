"""The table of scalar functions: NumPy source and SymPy form agree, and the derivative is that of the source."""

import numpy as np
import pytest
import sympy

import docgen
from docgen.algebra import functions
from docgen.algebra.functions import FUNCTIONS, by_sympy_name, sympy_form
from docgen.algebra.node import Symbol, fn, sym, workspace
from docgen.algebra.numpy_code import numpy_code
from docgen.algebra.sizes import SCALAR

#: Where a function is looked at, if not at 0.3 and 0.7.
PLACES = {"arcosh": (1.3, 2.5), "loggamma": (0.4, 3.2), "Ei": (0.4, 1.1)}
#: No derivative with a name.
LAST = {"tetragamma"}


def source(name: str, derivative: bool = False) -> str:
    with workspace():
        t = sym(Symbol("t"), SCALAR)
        return numpy_code(FUNCTIONS[name].derivative(t) if derivative else fn(name, t), {"t": "t"})


def evaluated(code: str, t: object) -> complex:
    return complex(np.asarray(eval(code, {"np": np, "t": t})).item())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_source_has_the_value_that_sympy_has(name: str) -> None:
    for place in PLACES.get(name, (0.3, 0.7)):
        expected = complex(sympy.sympify(sympy_form(name), locals={"t": sympy.Float(place, 30)}).evalf(30))
        assert evaluated(source(name), place) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in LAST])
def test_the_derivative_is_that_of_the_source(name: str) -> None:
    for place in PLACES.get(name, (0.3, 0.7)):
        found = evaluated(source(name, derivative=True), place)
        width = 1e-6
        slope = (evaluated(source(name), place + width) - evaluated(source(name), place - width)) / (2 * width)
        assert found == pytest.approx(slope, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", [name for name, row in FUNCTIONS.items() if row.mpmath])
def test_a_special_function_takes_complex_steps_and_arrays(name: str) -> None:
    place = np.array(PLACES.get(name, (0.3, 0.7))).reshape(-1, 1)
    value = eval(source(name), {"np": np, "t": place})
    assert (value.shape, value.dtype) == (place.shape, np.dtype(float))
    stepped = eval(source(name), {"np": np, "t": place + 1e-30j})
    assert stepped.dtype == np.dtype(complex)
    assert stepped.real == pytest.approx(value)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_sympy_names_lead_back(name: str) -> None:
    assert by_sympy_name(sympy_form(name)) == name


@pytest.mark.parametrize(
    ("function", "answer", "exact"),
    [
        (r"\operatorname{erf}(t)", r"\frac{2}{\sqrt{\pi}} \exp(-t^{2})", False),
        ("erf(t)", r"\frac{2}{\sqrt{\pi}} \exp(-t^{2})", False),
        (r"\operatorname{loggamma}(t)", r"\operatorname{digamma}(t)", False),
        ("gammaln(t)", r"\operatorname{digamma}(t)", False),
        (r"\log\Gamma(t)", r"\operatorname{digamma}(t)", False),
        ("gamma(t)", r"\Gamma(t) \operatorname{digamma}(t)", False),
        (r"\operatorname{Si}(t)", r"\frac{1}{t} \sin(t)", False),
        (r"\arcsin t", r"\frac{1}{\sqrt{1 - t^{2}}}", True),
        (r"\arccos(t)", r"-\frac{1}{\sqrt{1 - t^{2}}}", True),
        ("asinh(t)", r"\frac{1}{\sqrt{1 + t^{2}}}", True),
        (r"\operatorname{artanh}(t)", r"\frac{1}{1 - t^{2}}", True),
        (r"\sec t", r"\sec(t) \tan(t)", True),
        ("softplus(t)", r"\sigma(t)", True),
    ],
)
def test_further_functions_are_differentiated(function: str, answer: str, exact: bool) -> None:
    solution = docgen.derive(function, "t", {"t": "scalar"})
    assert (solution.answer.latex, solution.derivations[0].check.exact) == (answer, exact)


def test_entries_and_second_derivatives() -> None:
    shapes = {"a": "m", "A": "m x n", "x": "n", "b": "n"}
    assert docgen.derive("a'*loggamma(A*x)", "x", shapes).answer.latex == (
        r"A^{T} \bigl(a \odot \operatorname{digamma}(A x)\bigr)"
    )
    assert docgen.derive("loggamma(b'*x)", "x", shapes, task="hessian").answer.latex == (
        r"\operatorname{trigamma}(b^{T} x) b b^{T}"
    )


def test_a_letter_that_is_declared_is_no_function() -> None:
    shapes = {"x": "n", r"\Gamma": "scalar"}
    assert docgen.derive(r"\Gamma (x^T x)", "x", shapes).answer.latex == r"2 \Gamma x"
    assert docgen.derive("gamma*x'*x", "x", {"x": "n", "gamma": "scalar"}).answer.latex == r"2 \gamma x"


def test_a_derivative_without_a_name_is_refused() -> None:
    with pytest.raises(docgen.UnsupportedError) as caught:
        docgen.derive("tetragamma(t)", "t", {"t": "scalar"})
    assert str(caught.value) == (
        "docgen has no name for the derivative of polygamma(2, t), which is polygamma(3, t)\n"
        "Only derivatives of lower order can be had."
    )


def test_a_wrong_derivative_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    row = functions.FUNCTIONS["erf"]
    wrong = functions.replace(row, derivative=lambda u: fn("exp", u))
    monkeypatch.setitem(functions.FUNCTIONS, "erf", wrong)
    with pytest.raises(docgen.ProofError):
        docgen.derive("erf(t)", "t", {"t": "scalar"})
