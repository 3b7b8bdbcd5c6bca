"""Opening the brackets: what is told line by line, and what is refused."""

import pytest

from docgen.algebra.node import workspace
from docgen.calculus.brackets import opened
from docgen.errors import UnsupportedError
from docgen.reading import declare, read
from tests.calculus.told import Told, told

CASES: list[tuple[tuple[str, ...], Told]] = [
    (
        ("(y - Xw)^T (y - Xw)", "w", "y: m, X: m x n, w: n"),
        [
            ("transpose_brackets", "value", "(y^{T} - w^{T} X^{T}) (y - X w)"),
            ("expand", "value", "y^{T} y - y^{T} X w - w^{T} X^{T} y + w^{T} X^{T} X w"),
            (
                "termwise_sum",
                "derivative",
                r"\nabla(y^{T} y) - \nabla(y^{T} X w) - \nabla(w^{T} X^{T} y) + "
                r"\nabla(w^{T} X^{T} X w)",
            ),
            (
                "termwise_constant",
                "derivative",
                r"-\nabla(y^{T} X w) - \nabla(w^{T} X^{T} y) + \nabla(w^{T} X^{T} X w)",
            ),
            ("termwise", "derivative", r"-X^{T} y - X^{T} y + \bigl(X^{T} X + (X^{T} X)^{T}\bigr) w"),
            ("gram_symmetric", "derivative", "-X^{T} y - X^{T} y + 2 X^{T} X w"),
            ("collect", "derivative", "2 X^{T} X w - 2 X^{T} y"),
            ("factor_out", "derivative", "-2 X^{T} (y - X w)"),
        ],
    ),
    (
        (r"\|y - Xw\|^2", "w", "y: m, X: m x n, w: n"),
        [
            ("norm_as_product", "value", "(y - X w)^{T} (y - X w)"),
            ("transpose_brackets", "value", "(y^{T} - w^{T} X^{T}) (y - X w)"),
            ("expand", "value", "y^{T} y - y^{T} X w - w^{T} X^{T} y + w^{T} X^{T} X w"),
            (
                "termwise_sum",
                "derivative",
                r"\nabla(y^{T} y) - \nabla(y^{T} X w) - \nabla(w^{T} X^{T} y) + "
                r"\nabla(w^{T} X^{T} X w)",
            ),
            (
                "termwise_constant",
                "derivative",
                r"-\nabla(y^{T} X w) - \nabla(w^{T} X^{T} y) + \nabla(w^{T} X^{T} X w)",
            ),
            ("termwise", "derivative", r"-X^{T} y - X^{T} y + \bigl(X^{T} X + (X^{T} X)^{T}\bigr) w"),
            ("gram_symmetric", "derivative", "-X^{T} y - X^{T} y + 2 X^{T} X w"),
            ("collect", "derivative", "2 X^{T} X w - 2 X^{T} y"),
            ("factor_out", "derivative", "-2 X^{T} (y - X w)"),
        ],
    ),
    (
        (r"\frac{1}{2} (X\theta - y)^T (X\theta - y)", r"\theta", r"X: m x n, \theta: n, y: m"),
        [
            ("transpose_brackets", "value", r"\frac{1}{2} (\theta^{T} X^{T} - y^{T}) (X \theta - y)"),
            (
                "expand",
                "value",
                r"\frac{1}{2} (\theta^{T} X^{T} X \theta - \theta^{T} X^{T} y - y^{T} X \theta + "
                "y^{T} y)",
            ),
            (
                "termwise_sum",
                "derivative",
                r"\frac{1}{2} \bigl(\nabla(\theta^{T} X^{T} X \theta) - "
                r"\nabla(\theta^{T} X^{T} y) - \nabla(y^{T} X \theta) + \nabla(y^{T} "
                r"y)\bigr)",
            ),
            (
                "termwise_constant",
                "derivative",
                r"\frac{1}{2} \bigl(\nabla(\theta^{T} X^{T} X \theta) - "
                r"\nabla(\theta^{T} X^{T} y) - \nabla(y^{T} X \theta)\bigr)",
            ),
            (
                "termwise",
                "derivative",
                r"\frac{1}{2} \Bigl(\bigl(X^{T} X + (X^{T} X)^{T}\bigr) \theta - X^{T} y "
                r"- X^{T} y\Bigr)",
            ),
            ("gram_symmetric", "derivative", r"\frac{1}{2} (2 X^{T} X \theta - X^{T} y - X^{T} y)"),
            ("simplify", "derivative", r"X^{T} X \theta - X^{T} y"),
            ("factor_out", "derivative", r"X^{T} (X \theta - y)"),
        ],
    ),
    (
        ("x^T A y", "A", "x: n, A: n x m, y: m"),
        [
            ("scalar_trace", "value", r"\operatorname{tr}(x^{T} A y)"),
            ("trace_cyclic", "value", r"\operatorname{tr}(y x^{T} A)"),
            ("termwise_matrix", "derivative", "x y^{T}"),
        ],
    ),
    (
        (r"\operatorname{tr}(B A) + 2 b^T A^T a", "A", "a: n, A: n x m, b: m, B: m x n"),
        [
            ("scalar_trace", "value", r"\operatorname{tr}(B A) + 2 \operatorname{tr}(b^{T} A^{T} a)"),
            ("trace_cyclic", "value", r"\operatorname{tr}(B A) + 2 \operatorname{tr}(a b^{T} A^{T})"),
            (
                "termwise_sum",
                "derivative",
                r"\nabla \operatorname{tr}(B A) + 2 \nabla \operatorname{tr}(a b^{T} A^{T})",
            ),
            ("termwise_matrix", "derivative", "B^{T} + 2 a b^{T}"),
            ("simplify", "derivative", "2 a b^{T} + B^{T}"),
        ],
    ),
    (
        (r"\|X - UV\|^2", "U", "X: m x n, U: m x k, V: k x n"),
        [
            ("frobenius_trace", "value", r"\operatorname{tr}\bigl((X - U V)^{T} (X - U V)\bigr)"),
            ("transpose_brackets", "value", r"\operatorname{tr}\bigl((X^{T} - V^{T} U^{T}) (X - U V)\bigr)"),
            (
                "expand",
                "value",
                r"\operatorname{tr}(X^{T} X) - \operatorname{tr}(X^{T} U V) - "
                r"\operatorname{tr}(V^{T} U^{T} X) + \operatorname{tr}(V^{T} U^{T} U V)",
            ),
            (
                "termwise_sum",
                "derivative",
                r"\nabla \operatorname{tr}(X^{T} X) - \nabla \operatorname{tr}(X^{T} "
                r"U V) - \nabla \operatorname{tr}(V^{T} U^{T} X) + \nabla "
                r"\operatorname{tr}(V^{T} U^{T} U V)",
            ),
            (
                "termwise_constant",
                "derivative",
                r"-\nabla \operatorname{tr}(X^{T} U V) - \nabla \operatorname{tr}(V^{T} U^{T} X) + \nabla "
                r"\operatorname{tr}(V^{T} U^{T} U V)",
            ),
            ("termwise_matrix", "derivative", "-X V^{T} - X V^{T} + 2 U V V^{T}"),
            ("collect", "derivative", "2 U V V^{T} - 2 X V^{T}"),
            ("factor_out", "derivative", "-2 (X - U V) V^{T}"),
        ],
    ),
    (
        ("(a^T x - b)^2", "x", "a: n, x: n, b: scalar"),
        [
            ("square_as_product", "value", "(a^{T} x - b) (a^{T} x - b)"),
            ("expand", "value", "(a^{T} x)^{2} - b a^{T} x - b a^{T} x + b^{2}"),
            (
                "termwise_sum",
                "derivative",
                r"\nabla\bigl((a^{T} x)^{2}\bigr) - b \nabla(a^{T} x) - b "
                r"\nabla(a^{T} x) + \nabla(b^{2})",
            ),
            (
                "termwise_constant",
                "derivative",
                r"\nabla\bigl((a^{T} x)^{2}\bigr) - b \nabla(a^{T} x) - b \nabla(a^{T} x)",
            ),
            ("termwise", "derivative", "2 (a^{T} x) a - b a - b a"),
            ("collect", "derivative", "2 (a^{T} x) a - 2 b a"),
            ("factor_out", "derivative", "2 (a^{T} x - b) a"),
        ],
    ),
    (
        ("x^T x (a^T x - b)", "x", "x: n, a: n, b: scalar"),
        [
            ("expand", "value", "x^{T} x (a^{T} x) - b x^{T} x"),
            ("termwise_sum", "derivative", r"\nabla\bigl(x^{T} x (a^{T} x)\bigr) - b \nabla(x^{T} x)"),
            ("termwise_product", "derivative", r"\bigl(2 (a^{T} x) x + (x^{T} x) a\bigr) - 2 b x"),
            ("simplify", "derivative", "2 (a^{T} x) x + (x^{T} x) a - 2 b x"),
            ("factor_out", "derivative", "2 (a^{T} x - b) x + (x^{T} x) a"),
        ],
    ),
    (
        (r"\langle x - b, x\rangle", "x", "b: n, x: n"),
        [
            ("inner_as_product", "value", "(x - b)^{T} x"),
            ("transpose_brackets", "value", "(x^{T} - b^{T}) x"),
            ("expand", "value", "x^{T} x - b^{T} x"),
            ("termwise_sum", "derivative", r"\nabla(x^{T} x) - \nabla(b^{T} x)"),
            ("termwise", "derivative", "2 x - b"),
        ],
    ),
    (
        (r"\sum_{i=1}^m (y_i - w^T x_i)^2", "w", "w: n, x_i: n, y_i: scalar"),
        [
            ("square_as_product", "value", r"\sum_{i=1}^{m} (y_i - w^{T} x_i) (y_i - w^{T} x_i)"),
            (
                "expand",
                "value",
                r"\sum_{i=1}^{m} y_i^{2} - \sum_{i=1}^{m} y_i w^{T} x_i - \sum_{i=1}^{m} y_i "
                r"w^{T} x_i + \sum_{i=1}^{m} (w^{T} x_i)^{2}",
            ),
            (
                "termwise_sum",
                "derivative",
                r"\nabla\Bigl(\sum_{i=1}^{m} y_i^{2}\Bigr) - "
                r"\nabla\Bigl(\sum_{i=1}^{m} y_i w^{T} x_i\Bigr) - "
                r"\nabla\Bigl(\sum_{i=1}^{m} y_i w^{T} x_i\Bigr) + "
                r"\nabla\Bigl(\sum_{i=1}^{m} (w^{T} x_i)^{2}\Bigr)",
            ),
            (
                "termwise_constant",
                "derivative",
                r"-\nabla\Bigl(\sum_{i=1}^{m} y_i w^{T} x_i\Bigr) - "
                r"\nabla\Bigl(\sum_{i=1}^{m} y_i w^{T} x_i\Bigr) + "
                r"\nabla\Bigl(\sum_{i=1}^{m} (w^{T} x_i)^{2}\Bigr)",
            ),
            (
                "termwise",
                "derivative",
                r"-\sum_{i=1}^{m} y_i x_i - \sum_{i=1}^{m} y_i x_i + 2 \sum_{i=1}^{m} (w^{T} x_i) x_i",
            ),
            ("collect", "derivative", r"2 \sum_{i=1}^{m} (w^{T} x_i) x_i - 2 \sum_{i=1}^{m} y_i x_i"),
            ("factor_out", "derivative", r"-2 \sum_{i=1}^{m} (y_i - w^{T} x_i) x_i"),
        ],
    ),
    (
        ("A(x - b)", "x", "A: m x n, x: n, b: n", "jacobian"),
        [
            ("expand", "value", "A x - A b"),
            ("termwise_jacobian_sum", "derivative", "J_{A x} - J_{A b}"),
            ("termwise_constant", "derivative", "J_{A x}"),
            ("termwise_jacobian", "derivative", "A"),
        ],
    ),
    (
        (r"\frac{1}{2} \|y - Xw\|^2", "w", "y: m, X: m x n, w: n", "hessian"),
        [
            ("norm_as_product", "value", r"\frac{1}{2} (y - X w)^{T} (y - X w)"),
            ("transpose_brackets", "value", r"\frac{1}{2} (y^{T} - w^{T} X^{T}) (y - X w)"),
            ("expand", "value", r"\frac{1}{2} (y^{T} y - y^{T} X w - w^{T} X^{T} y + w^{T} X^{T} X w)"),
            (
                "termwise_sum",
                "derivative",
                r"\frac{1}{2} \bigl(\nabla(y^{T} y) - \nabla(y^{T} X w) - "
                r"\nabla(w^{T} X^{T} y) + \nabla(w^{T} X^{T} X w)\bigr)",
            ),
            (
                "termwise_constant",
                "derivative",
                r"\frac{1}{2} \bigl(-\nabla(y^{T} X w) - \nabla(w^{T} X^{T} y) + \nabla(w^{T} X^{T} X w)\bigr)",
            ),
            (
                "termwise",
                "derivative",
                r"\frac{1}{2} \Bigl(-X^{T} y - X^{T} y + \bigl(X^{T} X + (X^{T} X)^{T}\bigr) w\Bigr)",
            ),
            ("gram_symmetric", "derivative", r"\frac{1}{2} (-X^{T} y - X^{T} y + 2 X^{T} X w)"),
            ("simplify", "derivative", "X^{T} X w - X^{T} y"),
            ("factor_out", "derivative", "-X^{T} (y - X w)"),
            ("reuse_gradient", "derivative", "-X^{T} (y - X w)"),
            ("expand", "derivative", "-(X^{T} y - X^{T} X w)"),
            ("termwise_jacobian_sum", "derivative", "-(J_{X^{T} y} - J_{X^{T} X w})"),
            ("termwise_constant", "derivative", "J_{X^{T} X w}"),
            ("termwise_jacobian", "derivative", "X^{T} X"),
        ],
    ),
    (
        ("a^T b", "x", "a: n, b: n, x: n"),
        [
            ("d_constant", "derivative", "0"),
        ],
    ),
]

REFUSED: list[tuple[tuple[str, ...], str]] = [
    (
        (r"\exp(x^T x)", "x", "x: n"),
        r"the method 'expand' opens the brackets of polynomials, but here \exp(x^{T} x) depends on x"
        "\nUse the method 'differential'.",
    ),
    (
        (r"\|x\|", "x", "x: n"),
        r"the method 'expand' opens the brackets of polynomials, but here \|x\| depends on x"
        "\nUse the method 'differential'.",
    ),
    (
        ("a^T x", "x", "a: n, x: n", "differential"),
        "the method 'expand' finds gradients and Jacobian matrices\nUse the method 'differential'.",
    ),
    (
        ("AXB", "X", "A: k x m, X: m x n, B: n x p", "jacobian"),
        "the method 'expand' finds derivatives of scalars, and of columns by a column; here the value is k x "
        "p and the variable m x n"
        "\nUse the method 'differential'.",
    ),
    (
        ("(a^T x + b^T x)^7", "x", "a: n, b: n, x: n"),
        "opening the brackets gives more than 64 terms\nUse the method 'differential'.",
    ),
    (
        (r"\|X - A\|^2", "X", "X: m x n, A: m x n", "hessian"),
        "the method 'expand' finds a Hessian by a vector only\nUse the method 'differential'.",
    ),
]


def test_a_declared_symmetry_is_a_step() -> None:
    lines = told("expand", "(x - b)^T A (x - b)", "x", "x: n, b: n, A: n x n", assume={"A": "symmetric"})
    assert lines[4:] == [
        ("termwise", "derivative", "(A + A^{T}) x - A b - A b"),
        ("symmetry", "derivative", "2 A x - A b - A b"),
        ("collect", "derivative", "2 A x - 2 A b"),
        ("factor_out", "derivative", "2 A (x - b)"),
    ]


def test_the_number_of_terms_is_bounded() -> None:
    """64 terms are written out, 65 are not."""
    with workspace():
        given = declare({"x": "scalar"} | {f"a_{k}": "scalar" for k in range(65)}, None)
        for count, fits in ((64, True), (65, False)):
            found = read("x(" + " + ".join(f"a_{{{k}}} x" for k in range(count)) + ")", "x", given)
            if fits:
                assert len(opened(found.formula, found.variable)) == count
            else:
                with pytest.raises(UnsupportedError):
                    opened(found.formula, found.variable)
