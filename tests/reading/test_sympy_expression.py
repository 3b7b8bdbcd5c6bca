"""SymPy expressions as functions, and answers back in SymPy."""

import subprocess
import sys

import numpy as np
import pytest
import sympy as sp

import docgen
from docgen.algebra.node import workspace
from docgen.calculus.judge import judge

n, m = sp.symbols("n m", integer=True, positive=True)
s, t, c, z = sp.symbols("s t c z")
lam = sp.Symbol("lambda", positive=True)
i, j, k = sp.symbols("i j k", integer=True)
x, a, w = (sp.MatrixSymbol(name, n, 1) for name in "xaw")
y = sp.MatrixSymbol("y", m, 1)
A, B = (sp.MatrixSymbol(name, n, n) for name in "AB")
X = sp.MatrixSymbol("X", m, n)
yi = sp.IndexedBase("y")

#: An expression, its variable, the same as a text.
SAME = [
    (x.T * A * x, x, "x^T A x"),
    ((x.T * A * x)[0, 0], x, "x^T A x"),
    (sp.Trace(x.T * A * x), x, "x^T A x"),
    (2 * a.T * x, x, "2 a^T x"),
    (sp.log(sp.det(A)), A, r"\log\det A"),
    (sp.Trace(A * B * A.T), A, r"\operatorname{tr}(A B A^T)"),
    (sp.Trace(A.inv() * B), A, r"\operatorname{tr}(A^{-1} B)"),
    (sp.Trace(A**3), A, r"\operatorname{tr}(A^3)"),
    (sp.Trace(A**-2), A, r"\operatorname{tr}(A^{-2})"),
    (sp.exp(-(x.T * x) / 2), x, r"\exp(-\frac{1}{2} x^T x)"),
    (sp.log(1 + sp.exp(-c * sp.Trace(a.T * x))), x, r"\log(1 + \exp(-c (a^T x)))"),
    ((x.T * x) ** sp.Rational(1, 2), x, r"\sqrt{x^T x}"),
    (x.applyfunc(sp.sin), x, r"\sin(x)"),
    (x.applyfunc(lambda u: u**2), x, r"x^{\odot 2}"),
    (sp.HadamardProduct(x, a), x, r"x \odot a"),
    (sp.HadamardPower(x, 3), x, r"x^{\odot 3}"),
    (sp.DiagMatrix(x) * a, x, r"\operatorname{diag}(x) a"),
    (sp.KroneckerProduct(A, B), A, r"A \otimes B"),
    (x * x.T * x, x, "x x^T x"),
    (sp.Identity(n) * x, x, "I x"),
    (sp.OneMatrix(1, n) * x, x, r"\mathbf{1}^T x"),
    (sp.Sum(x[i, 0], (i, 0, n - 1)), x, r"\mathbf{1}^T x"),
    (sp.Sum(3 * a[i, 0] * x[i, 0], (i, 0, n - 1)), x, "3 a^T x"),
    (sp.Sum(a[i, 0] * x[i, 0] * w[i, 0], (i, 0, n - 1)), x, r"\operatorname{sum}(a \odot x \odot w)"),
    (
        sp.Sum(A[j, i] * B[j, k] * A[i, k], (i, 0, n - 1), (j, 0, n - 1), (k, 0, n - 1)),
        A,
        r"\operatorname{tr}(A^T B A^T)",
    ),
    (sp.Sum(A[i, j], (i, 0, n - 1), (j, 0, n - 1)), A, r"\operatorname{sum}(A)"),
    (sp.Sum(A[i, j] * x[j, 0], (i, 0, n - 1), (j, 0, n - 1)), A, r"\mathbf{1}^T A x"),
    (sp.Sum(x[i, 0] * a[j, 0], (i, 0, n - 1), (j, 0, n - 1)), x, r"\operatorname{sum}(x) \operatorname{sum}(a)"),
    (sp.Sum(sp.exp(x[i, 0]), (i, 0, n - 1)), x, r"\operatorname{sum}(\exp(x))"),
    (sp.Sum(A[i, i], (i, 0, n - 1)), A, r"\operatorname{tr} A"),
    (sp.Sum((yi[i] - t) ** 2, (i, 1, m)), t, r"\sum_{i=1}^{m} (y_i - t)^2"),
    (lam * x.T * x, x, r"\lambda x^T x"),
    (n * x.T * x, x, "n x^T x"),
    (sp.Max(0, t), t, r"\operatorname{relu}(t)"),
    (sp.Abs(t) + sp.pi, t, r"\lvert t \rvert + \pi"),
    (sp.Heaviside(t, 0), t, r"\operatorname{step}(t)"),
    (sp.erf(t) * sp.acos(t), t, r"\operatorname{erf}(t) \arccos(t)"),
    (sp.gamma(t), t, r"\Gamma(t)"),
    (sp.E * t, t, "e^1 t"),
    (t / sp.Integer(3), t, r"\frac{1}{3} t"),
    (sp.Float("0.5") * t, t, "0.5 t"),
]


@pytest.mark.parametrize(("expression", "variable", "text"), SAME, ids=lambda value: str(value)[:40])
def test_it_means_the_same_as_the_text(expression: sp.Expr, variable: sp.Expr, text: str) -> None:
    solution = docgen.derive(expression, variable)
    shapes = {"x": "n", "a": "n", "w": "n", "A": "n x n", "B": "n x n", "y_i": "scalar"}
    shapes |= {"t": "scalar", "c": "scalar", r"\lambda": "scalar"}
    typed = docgen.derive(text, str(variable), shapes)
    assert solution.derivations[0].task == typed.derivations[0].task
    with workspace():
        about = solution.record.function
        verdict = judge(typed.answer.node, solution.answer.node, function=about.formula, variable=about.variable)
    assert str(verdict) == "equal"


def test_shapes_and_assumptions_come_along() -> None:
    solution = docgen.derive((X * w - y).T * (X * w - y) + lam * w.T * w, w)
    data = solution.to_dict(["en"])
    assert data["shapes"] == {"y": ["m", 1], "w": ["n", 1], "X": ["m", "n"], r"\lambda": [1, 1]}
    assert data["assumptions"] == {r"\lambda": ["positive"]}
    assert docgen.equal(r"2 X^T (X w - y) + 2 \lambda w", solution.answer) == "equal"
    assert docgen.derive(x.T * A * x, "x", assume={"A": "symmetric"}).answer.latex == "2 A x"
    assert docgen.derive(t**2).answer.latex == "2 t"


@pytest.mark.parametrize(
    ("expression", "variable", "error", "message"),
    [
        (
            sp.exp(A),
            A,
            docgen.UnsupportedError,
            "exp(A) is a function of a square matrix, which may act on the matrix or on its entries\n"
            "Write A.applyfunc(exp) for the entries.",
        ),
        (
            t**c,
            t,
            docgen.UnsupportedError,
            "t**c is a power whose exponent is not a number\nWrite a**b as exp(b*log(a)), or use a number.",
        ),
        (
            sp.Integral(t, t),
            t,
            docgen.UnsupportedError,
            "docgen has no operator for SymPy's Integral, in Integral(t, t)\n"
            "Write the formula as text, in LaTeX or plainly, if docgen reads it so.",
        ),
        (
            sp.zeta(t),
            t,
            docgen.UnsupportedError,
            "docgen has no operator for SymPy's zeta, in zeta(t)\n"
            "Write the formula as text, in LaTeX or plainly, if docgen reads it so.",
        ),
        (
            A[0, 1],
            A,
            docgen.UnsupportedError,
            "docgen does not read the single entry A[0, 1]\n"
            "Write the formula as text, in LaTeX or plainly, if docgen reads it so.",
        ),
        (
            sp.Matrix([[1, 2]]),
            t,
            docgen.UnsupportedError,
            "docgen has no operator for SymPy's MutableDenseMatrix, in Matrix([[1, 2]])\n"
            "Write the formula as text, in LaTeX or plainly, if docgen reads it so.",
        ),
        (
            sp.MatrixSymbol("v", n + 1, 1),
            t,
            docgen.UnsupportedError,
            "the size n + 1 is not supported\nA size is a symbol, a number or a product.",
        ),
        (
            t**2,
            "z",
            docgen.FormulaError,
            "the variable z is not in the expression t**2\nIts symbols are t; or declare the shape of z.",
        ),
        (
            s * t,
            None,
            docgen.FormulaError,
            "it is not said by which variable to differentiate\nName one of s, t.",
        ),
        (t**2, t**2, docgen.UnsupportedError, "t**2 is not a symbol\nDifferentiate by a Symbol or a MatrixSymbol."),
        (
            5,
            "x",
            docgen.FormulaError,
            'the function is 5, neither a text nor a SymPy expression\nWrite it as a text: "x^T A x".',
        ),
    ],
)
def test_what_cannot_be_read_is_said(
    expression: object, variable: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        docgen.derive(expression, variable)
    assert str(caught.value) == message


def test_a_declaration_must_agree() -> None:
    with pytest.raises(docgen.DocgenError) as caught:
        docgen.derive(x.T * x, x, {"x": "m"})
    assert str(caught.value) == (
        "x is declared as m x 1, but the SymPy expression has it as n x 1\n"
        "A SymPy expression brings its shapes with it; leave the declaration out."
    )


def test_a_variable_that_is_absent() -> None:
    assert docgen.derive(t**2, z).answer.latex == "0"
    assert docgen.derive(t**2, "x", {"x": "n"}).answer.shape == ["n", 1]


#: Functions whose answers SymPy has an expression for.
BACK = [
    ("x^T A x", "x", "gradient"),
    ("x^T A x", "x", "differential"),
    (r"\|A x - a\|^2", "x", "hessian"),
    (r"\log\det A", "A", "gradient"),
    (r"\|x\|", "x", "gradient"),
    (r"\log(1 + \exp(a^T x))", "x", "hessian"),
    (r"a^T \sin(A x)", "x", "gradient"),
    (r"\log(\mathbf{1}^T \exp(x))", "x", "hessian"),
    (r"\|x\|_1", "x", "gradient"),
    (r"a^T (x \odot x)", "x", "gradient"),
    (r"\operatorname{diag}(x) a", "x", "jacobian"),
    (r"a^T \operatorname{diag}(A)", "A", "gradient"),
    (r"\operatorname{tr}(A^3 B)", "A", "gradient"),
    (r"a^T \operatorname{erf}(x)", "x", "gradient"),
    (r"\operatorname{tr}(A^{-1} B)", "A", "gradient"),
    (r"a^T \operatorname{relu}(A x)", "x", "gradient"),
    (r"\langle a, x \rangle^2 \|x\|^2", "x", "gradient"),
    ("A x", "x", "jacobian"),
    ("A^{-1} x", "x", "jacobian"),
]


@pytest.mark.parametrize(("function", "variable", "task"), BACK)
def test_an_answer_goes_back_with_its_value(function: str, variable: str, task: str) -> None:
    """SymPy's expression, with matrices of numbers put in, has the value of the NumPy source."""
    shapes = {"x": "n", "a": "n", "A": "n x n", "B": "n x n"}
    answer = docgen.derive(function, variable, shapes, task=task).answer
    rng = np.random.default_rng(7)
    values = {name: rng.integers(1, 6, (2, 2 if name in "AB" else 1)) / 4 for name in "xaAB"}
    values["A"] = values["A"] + np.diag([2.0, 3.0])
    given = {name: value for name, value in values.items() if name in answer.names}
    if task == "differential":
        given["d_x"] = values["a"]
    expected = answer.callable()(**given)
    found = answer.sympy()
    matrices = {"dx": values["a"], **values}
    order = sp.Symbol("n", integer=True, positive=True)
    found = found.subs(order, 2).subs(
        {
            sp.MatrixSymbol(name, 2, value.shape[1]): sp.ImmutableMatrix(value.tolist())
            for name, value in matrices.items()
        }
    )
    found = found.doit()
    found = found.as_explicit() if hasattr(found, "as_explicit") else found
    assert np.array(sp.N(found), dtype=float) == pytest.approx(np.asarray(expected), rel=1e-9)


def test_scalars_are_sympy_scalars() -> None:
    answer = docgen.derive(r"\lambda t^2 + e^{t}", "t", {"t": "scalar", r"\lambda": "scalar"}).answer
    real = sp.Symbol("t", real=True)
    assert answer.sympy() == 2 * sp.Symbol("lambda", real=True) * real + sp.exp(real)


@pytest.mark.parametrize(
    ("function", "variable", "task", "what"),
    [
        (r"\operatorname{vec}(X) \mathbf{1}_1^T", "X", "differential", "vec"),
        (r"X^T", "X", "jacobian", "the commutation matrix"),
        (r"\sum_{i=1}^{m} (w^T x_i)^2", "w", "gradient", "a sum over samples"),
    ],
)
def test_what_sympy_has_no_expression_for(function: str, variable: str, task: str, what: str) -> None:
    answer = docgen.derive(function, variable, {"X": "m x n", "w": "n", "x_i": "n"}, task=task).answer
    with pytest.raises(docgen.UnsupportedError) as caught:
        answer.sympy()
    assert str(caught.value) == (
        f"SymPy has no expression for {what}\nThe answer as NumPy source, or as a callable, has it."
    )


def test_a_text_needs_no_sympy() -> None:
    code = (
        "import sys, docgen\n"
        "docgen.derive('x^T A x', 'x')\n"
        "assert docgen.equal('2 x', 'x + x') == 'equal'\n"
        "assert not {'sympy', 'mpmath', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
