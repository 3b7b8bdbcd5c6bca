"""The chain rule with nabla: what is told line by line, and what is refused."""

import pytest

import docgen
from docgen.algebra.node import Node, num
from docgen.calculus.chain import Nabla
from docgen.calculus.linear import splice
from docgen.errors import ProofError
from tests.calculus.told import Told, told

CASES: list[tuple[tuple[str, ...], Told]] = [
    (
        (r"\log(1 + \exp(-y \langle w, x \rangle))", "w", "w: d, x: d, y: scalar"),
        [
            (
                "chain_gradient",
                "derivative",
                r"\frac{1}{1 + \exp(-y \langle w, x \rangle)} \nabla\bigl(1 + "
                r"\exp(-y \langle w, x \rangle)\bigr)",
            ),
            (
                "chain_gradient",
                "derivative",
                r"\frac{\exp(-y \langle w, x \rangle)}{1 + \exp(-y \langle w, x "
                r"\rangle)} \nabla(-y \langle w, x \rangle)",
            ),
            ("sigmoid_def", "derivative", r"\sigma(-y \langle w, x \rangle) \nabla(-y \langle w, x \rangle)"),
            ("grad_linear", "derivative", r"-y \sigma(-y \langle w, x \rangle) x"),
        ],
    ),
    (
        (r"\|Ax - b\|", "x", "A: m x n, x: n, b: m"),
        [
            ("chain_vector", "derivative", r"\frac{J_{A x - b}^{T} (A x - b)}{\|A x - b\|}"),
            ("grad_linear", "derivative", r"\frac{A^{T} (A x - b)}{\|A x - b\|}"),
        ],
    ),
    (
        (r"\|y - Xw\|^2", "w", "y: m, X: m x n, w: n"),
        [
            ("chain_vector", "derivative", "2 J_{y - X w}^{T} (y - X w)"),
            ("grad_linear", "derivative", "-2 X^{T} (y - X w)"),
        ],
    ),
    (
        (r"a^T \sin(Ax)", "x", "a: m, A: m x n, x: n"),
        [
            ("chain_vector", "derivative", r"J_{\sin(A x)}^{T} a"),
            ("chain_vector", "derivative", r"J_{A x}^{T} \bigl(a \odot \cos(A x)\bigr)"),
            ("grad_linear", "derivative", r"A^{T} \bigl(a \odot \cos(A x)\bigr)"),
        ],
    ),
    (
        (r"-y x^T w + \log(1 + \exp(x^T w))", "w", "x: n, w: n, y: scalar"),
        [
            ("grad_sum", "derivative", r"\nabla(-y x^{T} w) + \nabla \log\bigl(1 + \exp(x^{T} w)\bigr)"),
            ("grad_linear", "derivative", r"-y x + \nabla \log\bigl(1 + \exp(x^{T} w)\bigr)"),
            (
                "chain_gradient",
                "derivative",
                r"-y x + \frac{1}{1 + \exp(x^{T} w)} \nabla\bigl(1 + \exp(x^{T} "
                r"w)\bigr)",
            ),
            ("chain_gradient", "derivative", r"-y x + \frac{\exp(x^{T} w)}{1 + \exp(x^{T} w)} \nabla(x^{T} w)"),
            ("sigmoid_def", "derivative", r"-y x + \sigma(x^{T} w) \nabla(x^{T} w)"),
            ("grad_linear", "derivative", r"-y x + \sigma(x^{T} w) x"),
            ("factor_out", "derivative", r"\bigl(\sigma(x^{T} w) - y\bigr) x"),
        ],
    ),
    (
        ("x^T A x", "x", "x: n, A: n x n"),
        [
            ("grad_quadratic", "derivative", "(A + A^{T}) x"),
        ],
    ),
    (
        (r"\frac{a^T x}{x^T x}", "x", "a: n, x: n"),
        [
            ("name_function", "statement", r"f(x) = \frac{a^{T} x}{x^{T} x}"),
            ("grad_quotient", "derivative", r"\frac{1}{x^{T} x} \nabla(a^{T} x) - \frac{f(x)}{x^{T} x} \nabla(x^{T} x)"),
            ("grad_linear", "derivative", r"\frac{a}{x^{T} x} - \frac{f(x)}{x^{T} x} \nabla(x^{T} x)"),
            ("grad_quadratic", "derivative", r"\frac{a}{x^{T} x} - \frac{2 f(x)}{x^{T} x} x"),
            ("factor_out", "derivative", r"\frac{1}{x^{T} x} \bigl(a - 2 f(x) x\bigr)"),
        ],
    ),
    (
        (r"(Ax)^T \exp(x)", "x", "A: n x n, x: n"),
        [
            ("grad_inner", "derivative", r"J_{A x}^{T} \exp(x) + J_{\exp(x)}^{T} A x"),
            ("grad_linear", "derivative", r"A^{T} \exp(x) + J_{\exp(x)}^{T} A x"),
            ("chain_vector", "derivative", r"A x \odot \exp(x) + A^{T} \exp(x)"),
        ],
    ),
    (
        (r"v^T \tanh(Wx + b)", "W", "v: m, W: m x n, x: n, b: m"),
        [
            (
                "chain_layer",
                "derivative",
                r"\Bigl(v \odot \bigl(\mathbf{1} - \tanh(W x + b)^{\odot "
                r"2}\bigr)\Bigr) x^{T}",
            ),
        ],
    ),
    (
        (r"v^T \tanh(V \tanh(Wx))", "W", "v: k, V: k x m, W: m x n, x: n"),
        [
            (
                "chain_vector",
                "derivative",
                r"\operatorname{vec}^{-1}\Biggl(J_{V \tanh(W x)}^{T} \biggl(v \odot "
                r"\Bigl(\mathbf{1} - \tanh\bigl(V \tanh(W x)\bigr)^{\odot "
                r"2}\Bigr)\biggr)\Biggr)",
            ),
            (
                "chain_layer",
                "derivative",
                r"\Biggl(V^{T} \biggl(v \odot \Bigl(\mathbf{1} - \tanh\bigl(V \tanh(W "
                r"x)\bigr)^{\odot 2}\Bigr)\biggr) \odot \bigl(\mathbf{1} - \tanh(W "
                r"x)^{\odot 2}\bigr)\Biggr) x^{T}",
            ),
        ],
    ),
    (
        (r"\|X - A\|_F^2", "X", "X: m x n, A: m x n"),
        [
            ("grad_norm_sq", "derivative", "2 (X - A)"),
        ],
    ),
    (
        (r"\tanh(Wx + b)", "x", "W: m x n, x: n, b: m", "jacobian"),
        [
            (
                "chain_jacobian",
                "derivative",
                r"\operatorname{diag}\bigl(\mathbf{1} - \tanh(W x + b)^{\odot "
                r"2}\bigr) J_{W x + b}",
            ),
            ("jac_linear", "derivative", r"\operatorname{diag}\bigl(\mathbf{1} - \tanh(W x + b)^{\odot 2}\bigr) W"),
        ],
    ),
    (
        (r"\exp(t a^T x)", "t", "a: n, x: n, t: scalar"),
        [
            ("chain_gradient", "derivative", r"\exp(t a^{T} x) \frac{d}{dt}(t a^{T} x)"),
            ("grad_linear", "derivative", r"\exp(t a^{T} x) a^{T} x"),
        ],
    ),
    (
        (r"\exp(t a^T x)", "t", "a: n, x: n, t: scalar", "hessian"),
        [
            ("chain_gradient", "derivative", r"\exp(t a^{T} x) \frac{d}{dt}(t a^{T} x)"),
            ("grad_linear", "derivative", r"\exp(t a^{T} x) a^{T} x"),
            ("reuse_gradient", "derivative", r"\exp(t a^{T} x) a^{T} x"),
            ("grad_sum", "derivative", r"a^{T} x \frac{d}{dt}\bigl(\exp(t a^{T} x)\bigr)"),
            ("chain_gradient", "derivative", r"\exp(t a^{T} x) a^{T} x \frac{d}{dt}(t a^{T} x)"),
            ("grad_linear", "derivative", r"\exp(t a^{T} x) (a^{T} x)^{2}"),
        ],
    ),
    (
        (r"\exp(t) \sin(t a)", "t", "a: n, t: scalar", "jacobian"),
        [
            (
                "product",
                "derivative",
                r"\sin(t a) \frac{d}{dt}\bigl(\exp(t)\bigr) + \exp(t) "
                r"\frac{d}{dt}\bigl(\sin(t a)\bigr)",
            ),
            ("chain_jacobian", "derivative", r"\exp(t) \sin(t a) + \exp(t) \frac{d}{dt}\bigl(\sin(t a)\bigr)"),
            (
                "chain_jacobian",
                "derivative",
                r"\exp(t) \sin(t a) + \exp(t) \operatorname{diag}\bigl(\cos(t "
                r"a)\bigr) \frac{d}{dt}(t a)",
            ),
            ("jac_linear", "derivative", r"\exp(t) \sin(t a) + \exp(t) \bigl(a \odot \cos(t a)\bigr)"),
            ("factor_out", "derivative", r"\exp(t) \bigl(\sin(t a) + a \odot \cos(t a)\bigr)"),
        ],
    ),
    (
        (r"\|t x + b\|", "t", "x: n, b: n, t: scalar"),
        [
            ("chain_vector", "derivative", r"\frac{1}{\|t x + b\|} (t x + b)^{T} \frac{d}{dt}(t x + b)"),
            ("grad_linear", "derivative", r"\frac{(t x + b)^{T} x}{\|t x + b\|}"),
        ],
    ),
    (
        (r"\sum_{i=1}^m \exp(\langle w, x_i \rangle)", "w", "w: n, x_i: n"),
        [
            ("grad_sum", "derivative", r"\sum_{i=1}^{m} \nabla \exp(\langle w, x_i \rangle)"),
            (
                "chain_gradient",
                "derivative",
                r"\sum_{i=1}^{m} \exp(\langle w, x_i \rangle) \nabla \langle w, x_i "
                r"\rangle",
            ),
            ("grad_linear", "derivative", r"\sum_{i=1}^{m} \exp(\langle w, x_i \rangle) x_i"),
        ],
    ),
    (
        (r"\log(1 + \exp(a^T x))", "x", "a: n, x: n", "hessian"),
        [
            ("chain_gradient", "derivative", r"\frac{1}{1 + \exp(a^{T} x)} \nabla\bigl(1 + \exp(a^{T} x)\bigr)"),
            ("chain_gradient", "derivative", r"\frac{\exp(a^{T} x)}{1 + \exp(a^{T} x)} \nabla(a^{T} x)"),
            ("sigmoid_def", "derivative", r"\sigma(a^{T} x) \nabla(a^{T} x)"),
            ("grad_linear", "derivative", r"\sigma(a^{T} x) a"),
            ("reuse_gradient", "derivative", r"\sigma(a^{T} x) a"),
            ("jac_sum", "derivative", r"a \bigl(\nabla \sigma(a^{T} x)\bigr)^{T}"),
            (
                "chain_jacobian",
                "derivative",
                r"\sigma(a^{T} x) \bigl(1 - \sigma(a^{T} x)\bigr) a "
                r"\bigl(\nabla(a^{T} x)\bigr)^{T}",
            ),
            (
                "sigmoid_symmetry",
                "derivative",
                r"\sigma(a^{T} x) \sigma(-a^{T} x) a \bigl(\nabla(a^{T} "
                r"x)\bigr)^{T}",
            ),
            ("jac_linear", "derivative", r"\sigma(a^{T} x) \sigma(-a^{T} x) a a^{T}"),
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
        (r"\operatorname{tr}(X^{-1})", "X", "X: n x n"),
        "the method 'chain' goes through scalars and vectors, but here the matrix X^{-1} depends on X"
        "\nUse the method 'differential'.",
    ),
    (
        (r"\log\det(X^T X)", "X", "X: m x n"),
        "the method 'chain' goes through scalars and vectors, but here the matrix X^{T} X depends on X"
        "\nUse the method 'differential'.",
    ),
    (
        ("A^{-1}", "A", "A: n x n", "jacobian"),
        "the method 'chain' finds derivatives of scalars, and of columns by a column; here the value is n x "
        "n and the variable n x n"
        "\nUse the method 'differential'.",
    ),
    (
        ("a^T x", "x", "a: n, x: n", "differential"),
        "the method 'chain' finds gradients and Jacobian matrices\nUse the method 'differential'.",
    ),
    (
        ("x^T A", "x", "x: n, A: n x m", "jacobian"),
        "the method 'chain' finds derivatives of scalars, and of columns by a column; here the value is 1 x "
        "m and the variable n x 1"
        "\nUse the method 'differential'.",
    ),
]


def test_full_detail_shows_what_is_left_out_otherwise() -> None:
    """∇(1 + exp(…)) = ∇ exp(…) is a line of its own."""
    problem = (r"\log(1 + \exp(a^T x))", "x", "a: n, x: n")
    full = told("chain", *problem, detail="full")
    left_out = ("grad_sum", "derivative", r"\frac{1}{1 + \exp(a^{T} x)} \nabla \exp(a^{T} x)")
    assert [line for line in full if line not in told("chain", *problem)] == [left_out]


def test_declared_symmetry_is_a_step() -> None:
    lines = told("chain", r"\exp(x^T A x)", "x", "x: n, A: n x n", assume={"A": "symmetric"})
    assert lines[1:] == [
        ("grad_quadratic", "derivative", r"\exp(x^{T} A x) (A + A^{T}) x"),
        ("symmetry", "derivative", r"2 \exp(x^{T} A x) A x"),
    ]


def test_a_jacobian_that_is_not_transposed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """∇ tells J_u g instead of J_uᵀ g where the shapes allow it."""
    real = Nabla.term

    def wrong(self: Nabla, term: Node) -> Node | None:
        found = real(self, term)
        if found is None or found.op != "mul" or found.args[0].op != "T":
            return found
        return splice([found.args[0].args[0], *found.args[1:]])

    monkeypatch.setattr(Nabla, "term", wrong)
    with pytest.raises(ProofError):
        docgen.derive(r"a^T \sin(Ax)", "x", {"a": "n", "A": "n x n", "x": "n"}, method="chain")


def test_a_wrong_inner_derivative_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Nabla.term

    def wrong(self: Nabla, term: Node) -> Node | None:
        found = real(self, term)
        return found if found is None else splice([num(2), found])

    monkeypatch.setattr(Nabla, "term", wrong)
    with pytest.raises(ProofError):
        docgen.derive("a^T x", "x", {"a": "n", "x": "n"}, method="chain")


def test_the_source_of_a_line_uses_the_helpers() -> None:
    found = docgen.derive(r"\|Ax - b\|", "x", {"A": "m x n", "x": "n", "b": "m"}, method="chain").to_dict([])
    first, second = found["derivations"][0]["lines"]
    assert first["numpy"] == "(J(lambda x: A @ x - b).T @ (A @ x - b)) / np.sqrt(np.sum((A @ x - b)**2))"
    assert second["numpy"] == "(A.T @ (A @ x - b)) / np.sqrt(np.sum((A @ x - b)**2))"
