r"""LaTeX of formulas: signs, fractions, brackets and thin spaces where a careful typesetter puts them."""

from __future__ import annotations

import re
from fractions import Fraction
from random import Random

import pytest

from docgen.algebra import node as nodes
from docgen.algebra.latex import annotated, latex, rows
from docgen.algebra.node import (
    Node,
    Sum,
    Symbol,
    add,
    differential,
    fn,
    had,
    inner,
    kron,
    matrix_power,
    mul,
    num,
    ones,
    power,
    sym,
    total,
    transpose,
    unary,
    workspace,
)
from docgen.algebra.notation import Notation
from docgen.algebra.numpy_code import numpy_code
from docgen.algebra.sizes import ONE, SCALAR, shape, size
from tests.formulas import MEMBERS, SAMPLES, SHAPES, M, N, random_formula, symbol

HALF = Fraction(1, 2)


def minus(term: Node) -> Node:
    return mul([num(-1), term])


class Letters:
    """The symbols of the table below, made in the workspace of the test."""

    def __init__(self) -> None:
        self.x, self.y, self.z, self.s, self.t = (symbol(name) for name in "xyzst")
        self.A, self.B, self.X = (symbol(name) for name in "ABX")
        self.lam = sym(Symbol(r"\lambda"), SCALAR)
        self.norm, self.normsq = unary("norm", self.x), unary("normsq", self.x)
        self.quadratic = mul([transpose(self.x), self.A, self.x])
        self.gram = mul([transpose(self.x), self.x])
        self.outer = mul([self.x, transpose(self.x)])
        self.Xx = mul([self.X, self.x])
        self.residual = add([self.z, minus(self.Xx)])
        self.ones = ones(shape(N, ONE))


def sums_and_products(v: Letters) -> list[tuple[Node, str]]:
    return [
        (v.quadratic, r"x^{T} A x"),
        (v.residual, r"z - X x"),
        (add([minus(v.x), v.y]), r"-x + y"),
        (add([v.x, add([v.y, v.x])]), r"x + (y + x)"),
        (minus(add([v.x, v.y])), r"-(x + y)"),
        (minus(minus(v.x)), r"-(-x)"),
        (mul([num(-2), transpose(v.X), v.residual]), r"-2 X^{T} (z - X x)"),
        (mul([add([v.A, transpose(v.A)]), v.x]), r"(A + A^{T}) x"),
        (mul([num(1), v.x]), r"x"),
        (mul([num(2), num(3)]), r"2 \cdot 3"),
        (mul([v.x, num(2)]), r"x \cdot 2"),
        (mul([v.A, minus(v.x)]), r"A (-x)"),
        (mul([minus(v.x), transpose(v.y)]), r"-x y^{T}"),
        (mul([v.A, mul([v.B, v.x])]), r"A (B x)"),
        (mul([v.s, mul([v.A, v.x])]), r"s A x"),
        (mul([v.gram, v.y]), r"(x^{T} x) y"),
        (had([v.z, v.Xx]), r"z \odot X x"),
        (had([minus(v.z), v.Xx]), r"-z \odot X x"),
        (minus(had([v.z, v.Xx])), r"-z \odot X x"),
        (mul([num(2), had([v.z, v.Xx])]), r"2 (z \odot X x)"),
        (mul([transpose(v.X), had([v.z, v.Xx])]), r"X^{T} (z \odot X x)"),
        (had([v.x, had([v.y, v.x])]), r"x \odot (y \odot x)"),
        (had([v.x, power(v.y, -1), v.x]), r"x \oslash y \odot x"),
        (had([v.x, power(v.y, -2)]), r"x \oslash y^{\odot 2}"),
        (kron(v.A, v.outer), r"A \otimes x x^{T}"),
        (kron(kron(v.A, v.B), v.X), r"A \otimes B \otimes X"),
        (kron(v.A, kron(v.B, v.X)), r"A \otimes (B \otimes X)"),
        (kron(v.A, had([v.A, v.B])), r"A \otimes (A \odot B)"),
    ]


def fractions(v: Letters) -> list[tuple[Node, str]]:
    return [
        (mul([num(HALF), v.quadratic]), r"\frac{1}{2} x^{T} A x"),
        (mul([num(-HALF), v.s, v.x]), r"-\frac{1}{2} s x"),
        (mul([v.x, num(HALF)]), r"\frac{x}{2}"),
        (mul([num(-1), v.x, num(-HALF)]), r"\frac{x}{2}"),
        (mul([v.quadratic, power(v.gram, -1)]), r"\frac{x^{T} A x}{x^{T} x}"),
        (mul([num(2), power(v.normsq, -1), v.A, v.x]), r"\frac{2}{\|x\|^{2}} A x"),
        (mul([power(v.norm, -1), v.x]), r"\frac{x}{\|x\|}"),
        (mul([power(v.norm, -1), differential(v.x)]), r"\frac{dx}{\|x\|}"),
        (mul([num(1), power(v.s, -1), v.x]), r"\frac{1}{s} x"),
        (mul([power(v.s, -1), v.normsq]), r"\frac{1}{s} \|x\|^{2}"),
        (mul([power(v.gram, -1), v.quadratic]), r"\frac{x^{T} A x}{x^{T} x}"),
        (mul([mul([v.lam, num(HALF)]), v.normsq]), r"\frac{\lambda}{2} \|x\|^{2}"),
        (mul([num(-HALF), mul([v.lam, power(v.s, -1)])]), r"-\frac{1}{2} \frac{\lambda}{s}"),
        (mul([v.s, power(v.t, -1), v.lam, num(Fraction(1, 3)), v.A, v.x]), r"\frac{s \lambda}{3 t} A x"),
        (mul([power(v.s, -2), power(v.t, -HALF), v.A, v.x]), r"\frac{1}{s^{2} \sqrt{t}} A x"),
        (mul([num(2), v.A, v.x, power(add([v.s, v.t]), -1)]), r"\frac{2 A x}{s + t}"),
        (minus(mul([v.x, power(v.s, -1)])), r"-\frac{x}{s}"),
        (num(Fraction(-2, 3)), r"-\frac{2}{3}"),
        (power(v.s, -1), r"\frac{1}{s}"),
    ]


def exponents(v: Letters) -> list[tuple[Node, str]]:
    inverse = unary("inv", v.A)
    return [
        (power(v.s, HALF), r"\sqrt{s}"),
        (power(v.s, -HALF), r"\frac{1}{\sqrt{s}}"),
        (power(v.norm, Fraction(5, 2)), r"\|x\|^{5/2}"),
        (power(power(v.s, HALF), 3), r"(\sqrt{s})^{3}"),
        (power(v.gram, 2), r"(x^{T} x)^{2}"),
        (power(num(-2), 2), r"(-2)^{2}"),
        (power(fn("sin", v.s), 2), r"\sin^{2}(s)"),
        (power(fn("exp", v.s), 2), r"\exp(s)^{2}"),
        (power(fn("tanh", v.x), 2), r"\tanh(x)^{\odot 2}"),
        (power(unary("tr", v.A), 2), r"\operatorname{tr}(A)^{2}"),
        (power(v.x, 2), r"x^{\odot 2}"),
        (power(v.x, -1), r"x^{\odot -1}"),
        (power(v.x, HALF), r"\sqrt{x}"),
        (power(v.A, HALF), r"A^{\odot 1/2}"),
        (transpose(v.residual), r"(z - X x)^{T}"),
        (transpose(transpose(v.A)), r"(A^{T})^{T}"),
        (inverse, r"A^{-1}"),
        (transpose(inverse), r"A^{-T}"),
        (unary("inv", transpose(v.A)), r"(A^{T})^{-1}"),
        (unary("inv", mul([transpose(v.X), v.X])), r"(X^{T} X)^{-1}"),
        (transpose(unary("inv", mul([v.A, v.B]))), r"(A B)^{-T}"),
        (matrix_power(v.A, 3), r"A^{3}"),
        (matrix_power(inverse, 2), r"A^{-2}"),
        (transpose(matrix_power(v.A, 2)), r"(A^{2})^{T}"),
        (transpose(unary("diag", v.x)), r"\operatorname{diag}(x)^{T}"),
        (transpose(sym(Symbol("x^{(i)}", index="i"), shape(N, ONE))), r"(x^{(i)})^{T}"),
        (transpose(sym(Symbol("x_i", index="i"), shape(N, ONE))), r"x_i^{T}"),
    ]


def functions(v: Letters) -> list[tuple[Node, str]]:
    exponential = fn("exp", mul([minus(v.s), inner(v.x, v.y)]))
    return [
        (fn("log", v.s), r"\log(s)"),
        (fn("log", add([num(1), exponential])), r"\log\bigl(1 + \exp(-s \langle x, y \rangle)\bigr)"),
        (fn("log", unary("det", mul([transpose(v.X), v.X]))), r"\log \det(X^{T} X)"),
        (mul([fn("log", unary("det", v.A)), v.x]), r"\bigl(\log \det(A)\bigr) x"),
        (mul([num(2), fn("log", unary("det", v.A))]), r"2 \log \det(A)"),
        (fn("relu", v.x), r"\operatorname{relu}(x)"),
        (fn("abs", v.s), r"\lvert s \rvert"),
        (fn("abs", v.x), r"\operatorname{abs}(x)"),
        (unary("norm", v.residual), r"\|z - X x\|"),
        (unary("norm", v.A), r"\|A\|_{F}"),
        (unary("normsq", v.A), r"\|A\|_{F}^{2}"),
        (unary("normsq", v.x), r"\|x\|^{2}"),
        (unary("norm1", v.x), r"\|x\|_{1}"),
        (unary("norm1", v.X), r"\operatorname{sum}\bigl(\operatorname{abs}(X)\bigr)"),
        (unary("norm", mul([v.norm, v.x])), r"\lVert \|x\| x \rVert"),
        (inner(v.A, v.B), r"\langle A, B \rangle"),
        (unary("dg", v.A), r"\operatorname{diag}(A)"),
        (unary("vec", v.X), r"\operatorname{vec}(X)"),
        (unary("tr", mul([v.A, transpose(add([v.A, v.B]))])), r"\operatorname{tr}\bigl(A (A + B)^{T}\bigr)"),
        (nodes.eye(N), r"I_{n}"),
        (nodes.zeros(shape(N, ONE)), r"0"),
        (nodes.commutation(M, N), r"K_{m,n}"),
        (v.ones, r"\mathbf{1}_{n}"),
        (mul([num(2), v.ones]), r"2 \mathbf{1}_{n}"),
        (add([v.x, v.ones]), r"x + \mathbf{1}"),
        (mul([transpose(v.ones), v.x]), r"\mathbf{1}^{T} x"),
        (ones(shape(M, N)), r"\mathbf{1} \mathbf{1}^{T}"),
        (nodes.const("pi"), r"\pi"),
        (power(nodes.dim(size("m*n")), 2), r"(mn)^{2}"),
        (total(SAMPLES, power(add([v.s, v.t]), 2)), r"\sum_{i=1}^{m} (s + t)^{2}"),
        (total(SAMPLES, add([v.s, v.t])), r"\sum_{i=1}^{m} (s + t)"),
        (mul([power(nodes.dim(M), -1), total(SAMPLES, mul([v.s, v.x]))]), r"\frac{1}{m} \sum_{i=1}^{m} s x"),
        (mul([total(Sum("i", size(r"\ell")), v.s), v.x]), r"\Bigl(\sum_{i=1}^{\ell} s\Bigr) x"),
        (add([total(SAMPLES, v.s), minus(total(SAMPLES, minus(v.t)))]), r"\sum_{i=1}^{m} s - \sum_{i=1}^{m} (-t)"),
        (mul([add([v.x, mul([power(v.gram, -1), v.y])]), v.s]), r"\Bigl(x + \frac{y}{x^{T} x}\Bigr) s"),
    ]


def differentials(v: Letters) -> list[tuple[Node, str]]:
    dx, dA = differential(v.x), differential(v.A)
    return [
        (
            add([mul([differential(transpose(v.x)), v.A, v.x]), mul([transpose(v.x), v.A, dx])]),
            r"d(x^{T}) A x + x^{T} A\,dx",
        ),
        (mul([dA, v.B]), r"(dA) B"),
        (mul([unary("inv", v.A), dA, unary("inv", v.A)]), r"A^{-1} (dA) A^{-1}"),
        (mul([transpose(dx), v.A, v.x]), r"(dx)^{T} A x"),
        (mul([v.gram, nodes.eye(N), dx]), r"(x^{T} x) I_{n}\,dx"),
        (mul([transpose(v.x), differential(mul([v.A, v.x]))]), r"x^{T}\,d(A x)"),
        (minus(dx), r"-dx"),
        (mul([num(2), dx]), r"2\,dx"),
        (add([v.y, dx]), r"y + dx"),
        (had([v.y, dx]), r"y \odot dx"),
        (had([dx, v.y]), r"(dx) \odot y"),
        (differential(unary("det", v.A)), r"d\bigl(\det(A)\bigr)"),
        (differential(unary("inv", v.A)), r"d(A^{-1})"),
        (differential(v.lam), r"d\lambda"),
        (unary("tr", mul([v.A, dA])), r"\operatorname{tr}(A\,dA)"),
        (mul([v.A, differential(v.x, 2)]), r"A\,\delta x"),
        (differential(mul([v.A, v.x]), 2), r"\delta(A x)"),
    ]


TABLES = [sums_and_products, fractions, exponents, functions, differentials]


@pytest.mark.parametrize("table", TABLES)
def test_formulas(table: object) -> None:
    """One formula a row."""
    assert callable(table)
    with workspace():
        for formula, text in table(Letters()):
            assert latex(formula) == text


SETTINGS = [
    (Notation(transpose=r"\top"), r"x^{\top} A^{-\top} x + \log \det(A) + \exp(s)"),
    (Notation(transpose=r"\mathrm T"), r"x^{\mathrm T} A^{-\mathrm T} x + \log \det(A) + \exp(s)"),
    (Notation(log=r"\ln"), r"x^{T} A^{-T} x + \ln \det(A) + \exp(s)"),
    (Notation(determinant="bars"), r"x^{T} A^{-T} x + \log(\lvert A \rvert) + \exp(s)"),
    (Notation(exp="power"), r"x^{T} A^{-T} x + \log \det(A) + e^{s}"),
    (
        Notation(bold=True),
        r"\boldsymbol{x}^{T} \boldsymbol{A}^{-T} \boldsymbol{x} + \log \det(\boldsymbol{A}) + \exp(s)",
    ),
]


@pytest.mark.parametrize(("notation", "text"), SETTINGS)
def test_notation(notation: Notation, text: str) -> None:
    with workspace():
        v = Letters()
        product = mul([transpose(v.x), transpose(unary("inv", v.A)), v.x])
        formula = add([product, fn("log", unary("det", v.A)), fn("exp", v.s)])
        assert latex(formula, notation) == text


def test_notation_of_differentials_and_of_the_identity() -> None:
    with workspace():
        formula = mul([nodes.eye(N), differential(symbol("x"))])
        assert latex(formula, Notation(d="upright", identity="E")) == r"E_{n}\,\mathrm{d}x"
        assert latex(formula, Notation(bold=True)) == r"\boldsymbol{I}_{n}\,d\boldsymbol{x}"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x_i", r"\boldsymbol{x}_i"),
        (r"\theta_j", r"\boldsymbol{\theta}_j"),
        (r"\hat y", r"\hat {\boldsymbol{y}}"),
        (r"\hat{y}_i", r"\hat{\boldsymbol{y}}_i"),
        ("x^{(i)}", r"\boldsymbol{x}^{(i)}"),
    ],
)
def test_bold_is_for_the_letter_alone(name: str, text: str) -> None:
    with workspace():
        assert latex(sym(Symbol(name), shape(N, ONE)), Notation(bold=True)) == text
        assert latex(sym(Symbol(name), SCALAR), Notation(bold=True)) == name


def test_rows() -> None:
    """Cut before the signs of the sum, or of the sum inside the outermost bracket; never in a norm or a fraction."""
    with workspace():
        v = Letters()
        both = add([v.A, minus(v.B)])
        assert rows(add([v.x, minus(v.y), mul([both, v.x])])) == ("x", " - y", " + (A - B) x")
        assert rows(unary("tr", both)) == (r"\operatorname{tr}(A", " - B)")
        assert rows(mul([both, v.x])) == ("(A", " - B) x")
        assert rows(unary("norm", v.residual)) == (r"\|z - X x\|",)
        assert rows(inner(v.residual, v.z)) == (r"\langle z - X x, z \rangle",)
        assert rows(mul([v.x, power(add([v.s, v.t]), -1)])) == (r"\frac{x}{s + t}",)
        assert rows(v.x) == ("x",)


def test_annotated() -> None:
    """Sizes stand under the factors they belong to, and the inner ones agree."""
    with workspace():
        v = Letters()
        dx = differential(v.x)
        assert annotated(v.quadratic) == (
            r"\underset{[1 \times n]}{x^{T}} \underset{[n \times n]}{A} \underset{[n \times 1]}{x}"
        )
        assert annotated(mul([v.gram, nodes.eye(N), dx])) == (
            r"\underset{[1 \times 1]}{(x^{T} x)} \underset{[n \times n]}{I_{n}}\,\underset{[n \times 1]}{dx}"
        )
        assert annotated(mul([num(-2), v.s, transpose(v.X), v.residual])) == (
            r"-2 s \underset{[n \times m]}{X^{T}} \underset{[m \times 1]}{(z - X x)}"
        )
        assert annotated(add([v.Xx, minus(v.z)])) == (
            r"\underset{[m \times n]}{X} \underset{[n \times 1]}{x} - \underset{[m \times 1]}{z}"
        )
        assert annotated(unary("tr", mul([v.A, v.B]))) == (
            r"\operatorname{tr}(\underset{[n \times n]}{A} \underset{[n \times n]}{B})"
        )
        assert annotated(mul([v.x, power(v.s, -1)])) == r"\underset{[n \times 1]}{\frac{x}{s}}"


UGLY = re.compile(r"\+ -|- -|\^\{1\}|\^\{[^{}]*\}\^|(?<![\d}])1 \\cdot|--|  ")


def doubled(text: str) -> bool:
    """Whether a bracket holds nothing but a bracket."""
    plain = re.sub(r"\\[bB]igg?[lr]", "", text)
    pairs, stack = set(), []
    for at, mark in enumerate(plain):
        if mark == "(":
            stack.append(at)
        elif mark == ")":
            pairs.add((stack.pop(), at))
    return any((a + 1, b - 1) in pairs for a, b in pairs)


def test_random_formulas_are_clean() -> None:
    """No doubled sign, exponent or bracket anywhere; brackets pair up, and the rows make up the line."""
    for seed in range(1500):
        with workspace():
            formula = random_formula(Random(seed), depth=1 + seed % 4)
            text = latex(formula)
            assert not UGLY.search(text) and not doubled(text), text
            assert "".join(rows(formula)) == text
        assert text.count("(") == text.count(")") and text.count("{") == text.count("}")
        for size_of in (r"\bigl", r"\Bigl", r"\biggl", r"\Biggl"):
            assert text.count(size_of + "(") == text.count(size_of[:-1] + "r)"), text


def test_different_formulas_look_different() -> None:
    """Two formulas that print alike have one NumPy source up to brackets that mean nothing."""
    seen: dict[str, str] = {}
    names = {name: name for name in (*SHAPES, *MEMBERS)}
    strip = str.maketrans("", "", "() ")
    with workspace():
        for seed in range(6000):
            formula = random_formula(Random(seed), depth=2, operators=frozenset({"add", "mul", "T", "inv"}))
            source = numpy_code(formula, names).translate(strip)
            assert seen.setdefault(latex(formula), source) == source
    assert len(seen) > 1500


def test_long_and_deep_formulas() -> None:
    """Ten thousand terms or factors, and a hundred nested functions, cost no recursion."""
    with workspace():
        x, s = symbol("x"), symbol("s")
        assert latex(add([x] * 10_000)) == " + ".join(["x"] * 10_000)
        assert latex(mul([s] * 10_000)) == " ".join(["s"] * 10_000)
        deep = s
        for _ in range(2000):
            deep = fn("tanh", deep)
        assert latex(deep).count(r"\tanh") == 2000
