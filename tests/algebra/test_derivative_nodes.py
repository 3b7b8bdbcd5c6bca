"""Gradients and Jacobian matrices that are not carried out: printed, as NumPy source, and worked out by definition."""

import pytest

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, add, fn, gradient, jacobian, mul, num, power, rebuild, transpose, unary, workspace
from docgen.algebra.normal import flip, product
from docgen.algebra.notation import Notation
from docgen.algebra.numpy_code import numpy_code
from docgen.calculus.proof import Prover
from docgen.errors import ShapeError
from docgen.reading import declare, read

SHAPES = {"x": "n", "A": "m x n", "B": "n x n", "X": "n x m", "t": "scalar", "a": "n", "b": "m", "r": "1 x n"}

#: A formula, the variable, and its gradient or Jacobian matrix: printed, as source, and what it is equal to.
CASES = [
    ("x^T B x", "x", r"\nabla(x^{T} B x)", "G(lambda x: x.T @ B @ x)", "(B + B^T) x"),
    (r"\|x\|^2", "x", r"\nabla \|x\|^{2}", "G(lambda x: np.sum(x**2))", "2x"),
    (r"a^T X b", "X", r"\nabla(a^{T} X b)", "G(lambda X: a.T @ X @ b)", "a b^T"),
    ("r a", "r", r"\nabla(r a)", "G(lambda r: r @ a)", "a^T"),
    ("t^3", "t", r"\frac{d}{dt}(t^{3})", "G(lambda t: t**3)", "3t^2"),
    ("Ax", "x", "J_{A x}", "J(lambda x: A @ x)", "A"),
    ("t a", "t", r"\frac{d}{dt}(t a)", "J(lambda t: t * a)", "a"),
    ("Xb", "X", "J_{X b}", "J(lambda X: X @ b)", r"b^T \otimes I_n"),
]


def node(formula: str, variable: str) -> tuple[Node, Node]:
    found = read(formula, variable, declare(SHAPES, None))
    return found.formula, found.variable


@pytest.mark.parametrize(("formula", "variable", "printed", "source", "equal"), CASES)
def test_a_derivative_that_is_not_carried_out(
    formula: str, variable: str, printed: str, source: str, equal: str
) -> None:
    with workspace():
        f, x = node(formula, variable)
        found = gradient(f, x) if f.is_scalar else jacobian(f, x)
        value, _ = node(equal, variable)
        assert latex(found) == printed
        assert numpy_code(found, {name: name for name in SHAPES}, variable) == source
        prover = Prover(f, x)
        assert prover.equal(found, value)
        assert not prover.equal(found, product([num(2), value]))


def test_the_transpose_of_a_jacobian_needs_no_bracket() -> None:
    with workspace():
        f, x = node("Ax - b", "x")
        assert latex(transpose(jacobian(f, x))) == "J_{A x - b}^{T}"
        assert latex(transpose(gradient(mul([flip(x), x]), x))) == r"\bigl(\nabla(x^{T} x)\bigr)^{T}"


def test_inside_another_the_point_is_said() -> None:
    """The derivative of a derivative: the inner one is taken where the outer one goes."""
    with workspace():
        f, x = node("x^T B x", "x")
        hessian = jacobian(gradient(f, x), x)
        assert numpy_code(hessian, {"x": "x", "B": "B"}, "x") == "J(lambda x: G(lambda x: x.T @ B @ x, at=x))"
        value, _ = node("B + B^T", "x")
        assert Prover(f, x).equal(hessian, value)


def test_functions_are_worked_out_exactly_too() -> None:
    with workspace():
        f, x = node(r"\log(1 + \exp(a^T x))", "x")
        a = next(n for n in f.args[0].args[1].args[0].args if n.op == "T").args[0]
        sigmoid = power(add([num(1), fn("exp", product([num(-1), flip(a), x]))]), -1)
        prover = Prover(f, x)
        assert prover.equal(gradient(f, x), product([sigmoid, a]))
        assert prover.exact


NOTATIONS = [
    ("x^T B x", "x", Notation(derivative="fraction"), r"\frac{\partial}{\partial x}(x^{T} B x)"),
    ("x^T B x", "x", Notation(bold=True), r"\nabla(\boldsymbol{x}^{T} \boldsymbol{B} \boldsymbol{x})"),
    ("t^3", "t", Notation(d="upright"), r"\frac{\mathrm{d}}{\mathrm{d}t}(t^{3})"),
    ("Ax", "x", Notation(jacobian="D"), "D_{A x}"),
    ("Ax", "x", Notation(bold=True), r"\boldsymbol{J}_{\boldsymbol{A} \boldsymbol{x}}"),
    ("Ax", "x", Notation(bold=True, jacobian=r"\mathfrak{J}"), r"\mathfrak{J}_{\boldsymbol{A} \boldsymbol{x}}"),
]


@pytest.mark.parametrize(("formula", "variable", "notation", "printed"), NOTATIONS)
def test_notations(formula: str, variable: str, notation: Notation, printed: str) -> None:
    with workspace():
        f, x = node(formula, variable)
        assert latex(gradient(f, x) if f.is_scalar else jacobian(f, x), notation) == printed


def test_only_scalars_have_gradients() -> None:
    with workspace():
        f, x = node("Ax", "x")
        with pytest.raises(ShapeError, match="only a scalar has a gradient, but this is m x 1"):
            gradient(f, x)


def test_a_derivative_is_rebuilt_with_other_arguments() -> None:
    with workspace():
        f, x = node("x^T B x", "x")
        other = unary("normsq", x)
        assert rebuild(gradient(f, x), [other]) is gradient(other, x)
        assert rebuild(jacobian(f, x), [other]) is jacobian(other, x)
