"""Twelve derivations of a matrix calculus course, line by line, written down by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from docgen.algebra.node import (
    Node,
    Sum,
    Symbol,
    add,
    differential,
    eye,
    fn,
    had,
    kron,
    mul,
    num,
    ones,
    power,
    sym,
    total,
    transpose,
    unary,
)
from docgen.algebra.sizes import ONE, SCALAR, shape, size
from docgen.calculus.derivation import Function, Line, Quantity

N, M, K = size("n"), size("m"), size("k")
HALF = Fraction(1, 2)
d = differential
T = transpose


def column(name: str, rows: object = N, **more: object) -> Node:
    return sym(Symbol(name, **more), shape(rows, ONE))  # type: ignore[arg-type]


def matrix(name: str, rows: object, cols: object, *assumptions: str) -> Node:
    return sym(Symbol(name, frozenset(assumptions)), shape(rows, cols))  # type: ignore[arg-type]


def scalar(name: str, **more: object) -> Node:
    return sym(Symbol(name, **more), SCALAR)  # type: ignore[arg-type]


def P(*factors: Node | int | Fraction) -> Node:
    return mul([f if isinstance(f, Node) else num(f) for f in factors])


def S(*terms: Node) -> Node:
    return add(terms)


def minus(node: Node) -> Node:
    return P(-1, node)


def inv(node: Node) -> Node:
    return unary("inv", node)


def tr(node: Node) -> Node:
    return unary("tr", node)


@dataclass(frozen=True)
class Worked:
    """A function, its lines, the answer, and the gradient that a Hessian starts from."""

    formula: Node
    variable: Node
    lines: tuple[Line, ...]
    answer: Node
    task: str
    gradient: Node | None = None

    @property
    def function(self) -> Function:
        return Function("f", self.formula, self.variable, (self.variable,))


def lines(*expressions: Node, quantity: Quantity = "differential") -> tuple[Line, ...]:
    return tuple(Line("rule", quantity, e) for e in expressions)


def cubic() -> Worked:
    x = column("x")
    s = P(T(x), x)
    jacobian = S(P(s, eye(N)), P(2, x, T(x)))
    return Worked(
        P(x, T(x), x),
        x,
        lines(
            S(P(d(x), T(x), x), P(x, T(d(x)), x), P(x, T(x), d(x))),
            S(P(s, d(x)), P(x, T(x), d(x)), P(x, T(x), d(x))),
            P(jacobian, d(x)),
        ),
        jacobian,
        "jacobian",
    )


def inverse_trace() -> Worked:
    X, A, C = matrix("X", N, K), matrix("A", K, K), matrix("C", N, N, "symmetric")
    inside = P(T(X), C, X)
    M_ = inv(inside)
    return Worked(
        tr(P(M_, A)),
        X,
        lines(
            minus(tr(P(M_, d(inside), M_, A))),
            minus(tr(P(M_, A, M_, S(P(T(d(X)), C, X), P(T(X), C, d(X)))))),
            minus(tr(P(M_, S(A, T(A)), M_, T(X), C, d(X)))),
        ),
        P(-1, C, X, M_, S(A, T(A)), M_),
        "gradient",
    )


def logistic() -> Worked:
    X, y, w = matrix("X", M, N), column("y", M), column("w")
    one = ones(shape(M, ONE))
    t = had([minus(y), P(X, w)])
    s = fn("sigma", t)
    softplus = fn("log", S(one, fn("exp", t)))
    return Worked(
        P(T(one), softplus),
        w,
        lines(
            P(T(one), d(softplus)),
            P(T(s), d(t)),
            minus(P(T(s), had([y, P(X, d(w))]))),
            P(-1, T(had([y, s])), X, d(w)),
        ),
        P(-1, T(X), had([y, s])),
        "gradient",
    )


def log_sum_exp() -> Worked:
    x = column("x")
    e = fn("exp", x)
    s = P(T(ones(shape(N, ONE))), e)
    p = unary("softmax", x)
    hessian = S(unary("diag", p), minus(P(p, T(p))))
    return Worked(
        fn("log", s),
        x,
        (
            *lines(P(power(s, -1), d(s)), P(T(e), d(x), power(s, -1)), P(T(p), d(x))),
            Line("gradient", "derivative", p),
            *lines(
                S(P(power(s, -1), d(e)), P(-1, power(s, -2), e, d(s))),
                S(had([p, d(x)]), minus(P(p, P(T(p), d(x))))),
                P(hessian, d(x)),
            ),
        ),
        hessian,
        "hessian",
        gradient=p,
    )


def rayleigh() -> Worked:
    x, A = column("x"), matrix("A", N, N, "symmetric")
    top, bottom = P(T(x), A, x), P(T(x), x)
    f = P(top, power(bottom, -1))
    residual = S(P(A, x), P(-1, f, x))
    return Worked(
        f,
        x,
        lines(
            P(S(P(d(top), T(x), x), P(-1, top, d(bottom))), power(bottom, -2)),
            P(S(d(top), P(-1, f, d(bottom))), power(bottom, -1)),
            P(S(P(2, T(x), A, d(x)), P(-2, f, T(x), d(x))), power(bottom, -1)),
            P(2, power(bottom, -1), T(residual), d(x)),
        ),
        P(2, power(bottom, -1), residual),
        "gradient",
    )


def canonical_correlation() -> Worked:
    a, b, C = column("a"), column("b", M), matrix("C", N, M)
    A, B = matrix("A", N, N, "positive_definite"), matrix("B", M, M, "positive_definite")
    aa, bb, ab = P(T(a), A, a), P(T(b), B, b), P(T(a), C, b)
    alpha, beta = power(aa, HALF), power(bb, HALF)
    over = P(power(alpha, -1), power(beta, -1))
    coefficient = S(P(C, b), P(-1, ab, power(aa, -1), A, a))
    return Worked(
        P(ab, power(alpha, -1), power(beta, -1)),
        a,
        lines(
            P(power(beta, -1), d(P(ab, power(alpha, -1)))),
            P(over, S(d(ab), P(-1, ab, power(alpha, -1), d(alpha)))),
            P(over, S(P(T(d(a)), C, b), P(-1, ab, HALF, power(alpha, -2), d(aa)))),
            P(over, T(coefficient), d(a)),
        ),
        P(coefficient, power(alpha, -1), power(beta, -1)),
        "gradient",
    )


def factorisation() -> Worked:
    X, U, V = matrix("X", N, M), matrix("U", N, K), matrix("V", K, M)
    r = S(X, minus(P(U, V)))
    return Worked(
        unary("normsq", r),
        U,
        lines(P(2, tr(P(T(r), d(r)))), P(-2, tr(P(T(r), d(U), V))), P(-2, tr(P(V, T(r), d(U))))),
        P(-2, r, T(V)),
        "gradient",
    )


def neuron() -> Worked:
    W, x, b, v = matrix("W", M, N), column("x"), column("b", M), column("v", M)
    u = S(P(W, x), b)
    slope = S(ones(shape(M, ONE)), minus(power(fn("tanh", u), 2)))
    return Worked(
        P(T(v), fn("tanh", u)),
        W,
        lines(
            P(T(v), had([slope, P(d(W), x)])),
            P(T(had([v, slope])), d(W), x),
            tr(P(x, T(had([v, slope])), d(W))),
        ),
        P(had([v, slope]), T(x)),
        "gradient",
    )


def log_determinant() -> Worked:
    X = matrix("X", N, K)
    G = P(T(X), X)
    det = unary("det", G)
    return Worked(
        fn("log", det),
        X,
        lines(
            P(d(det), power(det, -1)),
            tr(P(inv(G), d(G))),
            tr(P(inv(G), S(P(T(d(X)), X), P(T(X), d(X))))),
            P(2, tr(P(inv(G), T(X), d(X)))),
        ),
        P(2, X, inv(G)),
        "gradient",
    )


def diagonal() -> Worked:
    x, A = column("x"), matrix("A", N, N)
    jacobian = S(unary("diag", P(A, x)), P(unary("diag", x), A))
    return Worked(
        P(unary("diag", x), A, x),
        x,
        lines(
            S(P(unary("diag", d(x)), A, x), P(unary("diag", x), A, d(x))),
            S(P(unary("diag", P(A, x)), d(x)), P(unary("diag", x), A, d(x))),
        ),
        jacobian,
        "jacobian",
    )


def projection() -> Worked:
    X, y = matrix("X", N, K), column("y")
    G = P(T(X), X)
    Q = inv(G)
    R = S(eye(N), P(-1, X, Q, T(X)))
    return Worked(
        P(T(y), R, y),
        X,
        lines(
            P(-1, T(y), d(P(X, Q, T(X))), y),
            S(P(-2, T(y), d(X), Q, T(X), y), P(-1, T(y), X, d(Q), T(X), y)),
            S(P(-2, T(y), d(X), Q, T(X), y), P(T(y), X, Q, d(G), Q, T(X), y)),
            S(P(-2, T(y), d(X), Q, T(X), y), P(2, T(y), X, Q, T(X), d(X), Q, T(X), y)),
            P(-2, T(y), R, d(X), Q, T(X), y),
            P(-2, tr(P(Q, T(X), y, T(y), R, d(X)))),
        ),
        P(-2, R, y, T(y), X, Q),
        "gradient",
    )


def samples() -> Worked:
    w, x, y = column("w"), column("x_i", index="i"), scalar("y_i", index="i")
    over = Sum("i", M)
    t = P(-1, y, T(w), x)
    s = fn("sigma", t)
    loss = fn("log", S(num(1), fn("exp", t)))
    return Worked(
        total(over, loss),
        w,
        lines(total(over, d(loss)), total(over, P(s, d(t))), minus(total(over, P(y, s, T(x), d(w))))),
        minus(total(over, P(y, s, x))),
        "gradient",
    )


def kronecker() -> Worked:
    A, x = matrix("A", M, M), column("x")
    return Worked(
        tr(kron(A, P(x, T(x)))),
        x,
        lines(
            tr(kron(A, d(P(x, T(x))))),
            P(tr(A), tr(d(P(x, T(x))))),
            P(tr(A), tr(S(P(d(x), T(x)), P(x, T(d(x)))))),
            P(2, tr(A), T(x), d(x)),
        ),
        P(2, tr(A), x),
        "gradient",
    )


WORKED: tuple[Callable[[], Worked], ...] = (
    cubic,
    inverse_trace,
    logistic,
    log_sum_exp,
    rayleigh,
    canonical_correlation,
    factorisation,
    neuron,
    log_determinant,
    diagonal,
    projection,
    samples,
    kronecker,
)
