"""Every row of the formula language in LaTeX, and every reading rule."""

from typing import Any

import pytest

from tests.reading.reads import node, reading

ROWS = {
    # products
    "Ax": "mul(A, x)",
    "A x": "mul(A, x)",
    r"A \cdot x": "mul(A, x)",
    r"2 \cdot 3 x": "mul(2, 3, x)",
    "x^T A x": "mul(T(x), A, x)",
    # transposes, inverses, powers
    "x^{T}Ax": "mul(T(x), A, x)",
    r"x^\top A x": "mul(T(x), A, x)",
    r"x^{\top} A x": "mul(T(x), A, x)",
    r"x^{\mathrm T} A x": "mul(T(x), A, x)",
    r"x^{\mathrm{T}} A x": "mul(T(x), A, x)",
    r"x^\mathsf{T} A x": "mul(T(x), A, x)",
    r"x^{\mathsf T} A x": "mul(T(x), A, x)",
    r"x^\intercal A x": "mul(T(x), A, x)",
    "A^{-1} x": "mul(inv(A), x)",
    "A^{-T} x": "mul(T(inv(A)), x)",
    r"A^{-\top} x": "mul(T(inv(A)), x)",
    "(A B)^{-1}": "inv(mul(A, B))",
    "A^{-2}": "mpow(2, inv(A))",
    "A^2": "mpow(2, A)",
    "A^{3} x": "mul(mpow(3, A), x)",
    "A^1": "A",
    "A^0": "eye()",
    "s^2": "pow(2, s)",
    "s^{3/2}": "pow(3/2, s)",
    r"s^{\frac{1}{2}}": "pow(1/2, s)",
    r"s^\frac12": "pow(1/2, s)",
    "s^{-1}": "pow(-1, s)",
    "s^{0.5}": "pow(1/2, s)",
    # Hadamard product, quotient, power
    r"x \odot y": "had(x, y)",
    r"x \odot y \odot a": "had(x, y, a)",
    r"x \oslash y": "had(x, pow(-1, y))",
    r"1 \oslash y": "pow(-1, y)",
    r"x^{\odot 2}": "pow(2, x)",
    r"x^{\odot -1}": "pow(-1, x)",
    r"x^{\odot 1/2}": "pow(1/2, x)",
    # fractions and roots
    r"\frac{x}{2}": "mul(x, 1/2)",
    r"\frac{1}{2} x": "mul(1/2, x)",
    r"\dfrac12 x": "mul(1/2, x)",
    r"\tfrac1{2} x": "mul(1/2, x)",
    r"\frac12 x": "mul(1/2, x)",
    r"\frac{1}{s}": "pow(-1, s)",
    r"\frac{3}{s}": "mul(3, pow(-1, s))",
    r"\frac st x": "mul(s, pow(-1, t), x)",
    r"\frac{\lambda}{2} \|x\|^2": r"mul(\lambda, 1/2, normsq(x))",
    r"\frac{x^T A x}{x^T x}": "mul(mul(T(x), A, x), pow(-1, mul(T(x), x)))",
    "x/2": "mul(x, 1/2)",
    "x^T y/s": "mul(mul(T(x), y), pow(-1, s))",
    "s/2/t": "mul(mul(s, 1/2), pow(-1, t))",
    r"\sqrt{s}": "pow(1/2, s)",
    r"\sqrt s": "pow(1/2, s)",
    r"\sqrt[3]{s}": "pow(1/3, s)",
    r"\sqrt{x}": "pow(1/2, x)",
    # trace and determinant
    r"\operatorname{tr}(A)": "tr(A)",
    r"\operatorname{Tr}(A)": "tr(A)",
    r"\mathrm{tr}(A)": "tr(A)",
    r"\text{tr}(A)": "tr(A)",
    r"\tr(A)": "tr(A)",
    r"\operatorname{tr} A": "tr(A)",
    r"\det A": "det(A)",
    r"\det(A)": "det(A)",
    r"\lvert A\rvert": "det(A)",
    "|A|": "det(A)",
    r"\left|A\right|": "det(A)",
    r"\log\lvert A\rvert": "fn(log, det(A))",
    # inner product and norms
    r"\langle a, x\rangle": "inner(a, x)",
    r"\left\langle A, B\right\rangle": "inner(A, B)",
    r"\|x\|": "norm(x)",
    "||x||": "norm(x)",
    r"\lVert x\rVert": "norm(x)",
    r"\|x\|_2": "norm(x)",
    r"\|x\|_{2}": "norm(x)",
    r"\|x\|_1": "norm1(x)",
    r"\|A\|_F": "norm(A)",
    r"\|x\|^2": "normsq(x)",
    r"\|x\|_2^2": "normsq(x)",
    r"\|x\|^2_2": "normsq(x)",
    r"\|A\|_F^{2}": "normsq(A)",
    r"\|x\|^{5/2}": "pow(5/2, norm(x))",
    r"\|x\|_1^2": "pow(2, norm1(x))",
    # elementwise functions
    r"\exp(x)": "fn(exp, x)",
    "e^{x}": "fn(exp, x)",
    "e^{-s}": "fn(exp, mul(-1, s))",
    "e^2": "fn(exp, 2)",
    r"\mathrm{e}^{s}": "fn(exp, s)",
    r"\log(x)": "fn(log, x)",
    r"\ln(x)": "fn(log, x)",
    **{rf"\{name} s": f"fn({name}, s)" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan")},
    r"\sigma(x)": "fn(sigma, x)",
    r"\sigma\left(x\right)": "fn(sigma, x)",
    r"\operatorname{relu}(x)": "fn(relu, x)",
    r"\operatorname{abs}(x)": "fn(abs, x)",
    r"\operatorname{sign}(x)": "fn(sign, x)",
    r"\lvert x\rvert": "fn(abs, x)",
    "|x^T y||s|": "mul(fn(abs, mul(T(x), y)), fn(abs, s))",
    "|X|": "fn(abs, X)",
    # structure
    r"\operatorname{diag}(x)": "diag(x)",
    r"\operatorname{diag}(A)": "dg(A)",
    r"\operatorname{diag}(y)^{-1} x": "mul(inv(diag(y)), x)",
    r"\operatorname{vec}(X)": "vec(X)",
    r"A \otimes B": "kron(A, B)",
    r"A \otimes B \otimes A": "kron(kron(A, B), A)",
    r"\operatorname{sum}(X)": "sum(X)",
    r"\operatorname{softmax}(x)": "softmax(x)",
    r"\operatorname{adj}(A)": "adj(A)",
    r"\operatorname{expm}(A)": "expm(A)",
    r"\mathbf{1}^T x": "mul(T(ones()), x)",
    r"\mathbf 1^T x": "mul(T(ones()), x)",
    r"\mathbf{1}_n^T x": "mul(T(ones()), x)",
    r"\mathbf{1}_{n}": "ones()",
    r"\mathbf{1}_{m \times n}": "ones()",
    "I x": "mul(eye(), x)",
    "I_n x": "mul(eye(), x)",
    "I_{n} x": "mul(eye(), x)",
    "I_3": "eye()",
    r"K_{m,n} \operatorname{vec}(X)": "mul((Size(number=1, symbols=('m',)), Size(number=1, symbols=('n',))), vec(X))",
    r"\sum_{i=1}^{3} y_i": "total(Sum(index='i', count=Size(number=3, symbols=())), y_i)",
    r"\pi x": "mul(pi, x)",
    # symbols
    "w_0 x": "mul(w_0, x)",
    "w_{0} x": "mul(w_0, x)",
    r"\lambda x": r"mul(\lambda, x)",
    "λ x": r"mul(\lambda, x)",
    r"\hat y^T x": r"mul(T(\hat{y}), x)",
    r"\hat{y}^T x": r"mul(T(\hat{y}), x)",
    r"\widehat{y}^T x": r"mul(T(\hat{y}), x)",
    r"\mathbf w^T x": "mul(T(w), x)",
    r"\mathbf{w}_0 x": "mul(w_0, x)",
    r"\boldsymbol{\theta}^T x": r"mul(T(\theta), x)",
    r"\bm w^T \bm{x}": "mul(T(w), x)",
    "theta^T x": r"mul(T(\theta), x)",
    # what means nothing
    r"\left( x \right)^T \bigl( A\,x \bigr) {} \;": "mul(T(x), mul(A, x))",
    r"\bigl\| x \bigr\|": "norm(x)",
    "{x}^{T} {A} {x}": "mul(T(x), A, x)",
    "{x^T A} x": "mul(T(x), A, x)",
    "x^T\n  A x": "mul(T(x), A, x)",
    # typed order and signs
    "y - Ax": "add(y, mul(-1, A, x))",
    "-Ax + y": "add(mul(-1, A, x), y)",
    "a - 2 x": "add(a, mul(-2, x))",
    r"-\frac12 x": "mul(-1/2, x)",
    "-5": "-5",
    "-(x + y)": "mul(-1, add(x, y))",
    "- (-x)": "mul(-1, mul(-1, x))",
    r"-s\langle w, x\rangle": "mul(-1, s, inner(w, x))",
    "(x^T A x) b": "mul(mul(T(x), A, x), b)",
    "+x": "x",
    # decimals
    "0.5 x": "mul(1/2, x)",
    "0{,}25 x": "mul(1/4, x)",
}


@pytest.mark.parametrize(("text", "expected"), ROWS.items(), ids=ROWS)
def test_row(text: str, expected: str) -> None:
    assert node(text) == expected


RULES: dict[tuple[Any, ...], str] = {
    # declared symbols win, longest first; declared before constant
    ("Xw", ("X", "m x n"), ("w", "n")): "mul(X, w)",
    ("Xw", ("Xw", "n"), ("X", "m x n"), ("w", "n")): "Xw",
    ("Xw x", ("Xw", "n x n"), ("x", "n")): "mul(Xw, x)",
    ("theta^T x", ("theta", "n"), ("x", "n")): r"mul(T(\theta), x)",
    (r"\theta^T x", ("theta", "n"), ("x", "n")): r"mul(T(\theta), x)",
    ("I x", ("I", "n x n"), ("x", "n")): "mul(I, x)",
    (r"\pi x", (r"\pi", "scalar"), ("x", "n")): r"mul(\pi, x)",
    (r"\sigma(x + x)", (r"\sigma", "scalar"), ("x", "n")): r"mul(\sigma, add(x, x))",
    (r"\sigma^2 x", (r"\sigma", "scalar"), ("x", "n")): r"mul(pow(2, \sigma), x)",
    ("e^T x", ("e", "n"), ("x", "n")): "mul(T(e), x)",
    ("c(x+x)", ("c", "scalar"), ("x", "n")): "mul(c, add(x, x))",
    (r"{x'}\, x", ("x'", "scalar"), ("x", "n")): "mul(x', x)",
    (r"x^{(i)} {}", ("x^{(i)}", "n")): "x^{(i)}",
    # a size is a scalar where it is no symbol
    (r"\frac{1}{\ell}\|Xw\|^2", ("X", r"\ell x d"), ("w", "d")): "mul(pow(-1, ell), normsq(mul(X, w)))",
    (r"\frac{1}{m}\|Xw\|^2", ("X", "m x d"), ("w", "d"), ("m", "scalar")): "mul(pow(-1, m), normsq(mul(X, w)))",
}


@pytest.mark.parametrize("case", list(RULES), ids=lambda c: c[0])
def test_declared_symbols_win(case: tuple[Any, ...]) -> None:
    text, *shapes = case
    assert node(text, variable=None if len(shapes) == 1 else "x", shapes=dict(shapes)) == RULES[case]


ARGUMENTS = {
    r"\sin(x)^T y": "mul(T(fn(sin, x)), y)",
    r"\sin x^T y": "fn(sin, mul(T(x), y))",
    r"\operatorname{tr}(A)^2": "pow(2, tr(A))",
    r"\operatorname{tr} A^2": "tr(mpow(2, A))",
    r"\det A B": "det(mul(A, B))",
    r"\det(A) B": "mul(det(A), B)",
    r"\log\det A": "fn(log, det(A))",
    r"\ln \det A B + s": "add(fn(log, det(mul(A, B))), s)",
    r"\sin s \cos t": "mul(fn(sin, s), fn(cos, t))",
    r"\sin s t \cdot t": "mul(fn(sin, mul(s, t)), t)",
    r"\sin s / t": "mul(fn(sin, s), pow(-1, t))",
    r"\exp x \odot y": "had(fn(exp, x), y)",
    r"\exp x \otimes y": "kron(fn(exp, x), y)",
    r"\log s - t": "add(fn(log, s), mul(-1, t))",
    r"\langle \exp x, y \rangle": "inner(fn(exp, x), y)",
    r"\sin^2 s": "pow(2, fn(sin, s))",
    r"\sin^2(s)": "pow(2, fn(sin, s))",
    r"\log^{2} s t": "pow(2, fn(log, mul(s, t)))",
    r"\sigma^2(s)": "pow(2, fn(sigma, s))",
    r"\exp{s} t": "fn(exp, mul(s, t))",
    r"\exp\{s\} t": "mul(fn(exp, s), t)",
    r"\exp\left[s\right] t": "mul(fn(exp, s), t)",
    r"\operatorname{tr}\bigl(A\bigr) B": "mul(tr(A), B)",
    # products of two kinds
    r"y \odot A x": "had(y, mul(A, x))",
    r"-y \odot A x": "mul(-1, had(y, mul(A, x)))",
    r"A x \otimes y": "kron(mul(A, x), y)",
    "1/2 x": "mul(1/2, x)",
    "3/2 x^T x": "mul(3/2, T(x), x)",
    r"s/t \cdot x": "mul(s, pow(-1, t), x)",
    # bars
    r"\left\| \left\|x\right\| x \right\|": "norm(mul(norm(x), x))",
    r"\lVert \|A\|_F x \rVert_1": "norm1(mul(norm(A), x))",
    r"2\|x\|\|y\|": "mul(2, norm(x), norm(y))",
    r"\|(x \|y\|)\|": "norm(mul(x, norm(y)))",
    "||x|| ||y||": "mul(norm(x), norm(y))",
    r"\left| |s| - |t| \right|": "fn(abs, add(fn(abs, s), mul(-1, fn(abs, t))))",
}


@pytest.mark.parametrize(("text", "expected"), ARGUMENTS.items(), ids=ARGUMENTS)
def test_arguments_products_and_bars(text: str, expected: str) -> None:
    assert node(text) == expected


SUMS = {
    r"\sum_{i=1}^{m} y_i^2": "pow(2, y_i)",
    r"\sum_{i=1}^m y_i x_i": "mul(y_i, x_i)",
    r"\sum\limits_{i=1}^{m} (\langle x_i, w\rangle - y_i)^2": "pow(2, add(inner(x_i, w), mul(-1, y_i)))",
    r"\sum^{m}_{i=1} y_i": "y_i",
    r"\sum_{i=1}^{m} y_i \cdot s": "mul(y_i, s)",
    r"\sum_{i=1}^{m} x_i \odot y": "had(x_i, y)",
    r"\sum_{i=1}^{m} \log(1 + \exp(-y_i \langle w, x_i\rangle))": (
        "fn(log, add(1, fn(exp, mul(-1, y_i, inner(w, x_i)))))"
    ),
}


@pytest.mark.parametrize(("text", "body"), SUMS.items(), ids=SUMS)
def test_the_body_of_a_sum(text: str, body: str) -> None:
    assert node(text) == f"total(Sum(index='i', count=Size(number=1, symbols=('m',))), {body})"


def test_the_body_of_a_sum_ends_before_a_plus() -> None:
    assert node(r"\sum_{i=1}^{m} y_i + s").startswith("add(total(")
    assert node(r"\sum_{i=1}^{m} y_i - s").startswith("add(total(")


def test_a_member_is_bound_by_its_sum_and_a_symbol_of_its_own_outside() -> None:
    inside = reading(r"\sum_{i=1}^{m} x_i^T w").symbols[0]
    outside = reading("x_i^T w").symbols[0]
    assert (inside.data.index, outside.data.index) == ("i", None)


def test_the_upper_limit_of_a_sum_is_a_size() -> None:
    assert node(r"\frac{1}{\ell}\sum_{i=1}^{\ell} y_i", shapes={"y_i": "scalar"}, variable="y_0") == (
        "mul(pow(-1, ell), total(Sum(index='i', count=Size(number=1, symbols=('\\\\ell',))), y_i))"
    )
