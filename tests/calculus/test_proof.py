"""The proof accepts what is true and refuses what is false: worked examples, planted errors, non-identities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from docgen.algebra import functions
from docgen.algebra.indexed import entry
from docgen.algebra.node import (
    Node,
    Sum,
    commutation,
    const,
    dim,
    eye,
    fn,
    had,
    inner,
    kron,
    matrix_power,
    mul,
    num,
    ones,
    power,
    total,
    unary,
    workspace,
)
from docgen.calculus.derivation import Check, Function, Line
from docgen.calculus.proof import Prover, prove
from docgen.errors import ProofError, UnsupportedError
from tests.calculus import worked
from tests.calculus.mutants import Numbers, claimed, mutants
from tests.calculus.worked import (
    HALF,
    WORKED,
    K,
    M,
    N,
    P,
    S,
    T,
    Worked,
    column,
    d,
    inv,
    lines,
    matrix,
    minus,
    scalar,
    tr,
)


@pytest.mark.parametrize("make", WORKED, ids=lambda make: make.__name__)
def test_worked_examples_are_proved(make: Callable[[], Worked]) -> None:
    with workspace():
        w = make()
        check = prove(w.function, w.lines, w.answer, w.task, gradient=w.gradient)
    assert check.passed and check.exact
    assert check.lines == len(w.lines)


def claims(w: Worked) -> list[tuple[str, Node, Node]]:
    """(claim, expression, what it is about) for the lines and the answer of a worked example."""
    found = []
    about = w.formula
    for line in w.lines:
        if line.quantity == "differential":
            found.append(("differential", line.expression, about))
        else:
            found.append(("derivative", line.expression, about))
            about = w.answer if w.gradient is None else w.gradient
    return [*found, ("derivative", w.answer, about)]


def planted(make: Callable[[], Worked]) -> tuple[list[str], int, int]:
    """The verdicts that are at fault, and how many wrong and how many equivalent mutants there were."""
    faults, wrong, same = [], 0, 0
    with workspace():
        w = make()
        numbers = [Numbers(w.formula, w.variable, seed) for seed in (1, 2)]
        prover = Prover(w.formula, w.variable)
        for claim, expression, about in claims(w):
            for mutant in dict.fromkeys(mutants(expression)):
                far = sum(claimed(n, claim, mutant, about) for n in numbers)
                verdict = prover.holds(claim, mutant, of=about)  # type: ignore[arg-type]
                if far > 1e-4:  # neither this nor the other where the numbers are undefined
                    wrong += 1
                    if verdict:
                        faults.append(f"accepted: {mutant}")
                elif far < 1e-6:
                    same += 1
                    if not verdict:
                        faults.append(f"refused: {mutant}")
    return faults, wrong, same


@pytest.mark.parametrize("make", WORKED, ids=lambda make: make.__name__)
def test_no_planted_error_is_accepted_and_no_equivalent_refused(make: Callable[[], Worked]) -> None:
    faults, wrong, _ = planted(make)
    assert faults == []
    assert wrong >= 25


# ---- identities of values ------------------------------------------------------------------------------------------


def symbols() -> dict[str, Node]:
    """The symbols of the tables below."""
    return {
        "t": scalar("t"),
        "s": scalar("s"),
        "p": scalar("p", assumptions=frozenset({"positive"})),
        "q": scalar("q", assumptions=frozenset({"positive"})),
        "b": scalar("b", values=(Fraction(-1), Fraction(1))),
        "x": column("x"),
        "y": column("y"),
        "z": column("z", M),
        "h": column("h", assumptions=frozenset({"one_hot"})),
        "A": matrix("A", N, N),
        "B": matrix("B", N, N),
        "X": matrix("X", N, M),
        "C": matrix("C", N, N, "symmetric"),
        "D": matrix("D", N, N, "diagonal"),
        "Q": matrix("Q", N, N, "orthogonal"),
        "R": matrix("R", N, N, "positive_definite"),
        "w": column("w_i", index="i"),
    }


Sides = Callable[..., tuple[Node, Node]]

IDENTITIES: dict[str, Sides] = {
    "root of a square": lambda t, **_: (power(power(t, 2), HALF), fn("abs", t)),
    "softplus": lambda t, **_: (soft(t), S(t, soft(minus(t)))),
    "sigma of -t": lambda t, **_: (S(num(1), minus(fn("sigma", t))), fn("sigma", minus(t))),
    "sigma by tanh": lambda t, **_: (fn("sigma", t), P(HALF, S(num(1), fn("tanh", P(HALF, t))))),
    "tanh and cosh": lambda t, **_: (S(num(1), minus(power(fn("tanh", t), 2))), power(fn("cosh", t), -2)),
    "cosh and sinh": lambda t, **_: (S(power(fn("cosh", t), 2), minus(power(fn("sinh", t), 2))), num(1)),
    "circle": lambda t, **_: (S(power(fn("sin", t), 2), power(fn("cos", t), 2)), num(1)),
    "tan": lambda t, **_: (fn("tan", t), P(fn("sin", t), power(fn("cos", t), -1))),
    "sin is odd": lambda t, **_: (fn("sin", minus(t)), minus(fn("sin", t))),
    "cos is even": lambda t, **_: (fn("cos", minus(t)), fn("cos", t)),
    "exp of a sum": lambda s, t, **_: (fn("exp", S(s, t)), P(fn("exp", s), fn("exp", t))),
    "log of a product": lambda p, q, **_: (fn("log", P(p, q)), S(fn("log", p), fn("log", q))),
    "log of exp": lambda t, **_: (fn("log", fn("exp", t)), t),
    "log e": lambda **_: (fn("log", const("e")), num(1)),
    "root of a product": lambda p, q, **_: (power(P(p, q), HALF), P(power(p, HALF), power(q, HALF))),
    "cube root": lambda p, **_: (power(power(p, Fraction(1, 3)), 3), p),
    "inverse root": lambda p, **_: (P(p, power(p, Fraction(-3, 2))), power(p, -HALF)),
    "norm of a multiple": lambda x, **_: (unary("norm", P(-2, x)), P(2, unary("norm", x))),
    "norm with a scalar": lambda t, x, **_: (unary("norm", P(t, x)), P(fn("abs", t), unary("norm", x))),
    "norm1": lambda x, **_: (unary("norm1", x), P(T(fn("sign", x)), x)),
    "relu": lambda t, **_: (fn("relu", t), P(t, fn("step", t))),
    "abs by relu": lambda t, **_: (fn("abs", t), S(fn("relu", t), fn("relu", minus(t)))),
    "sign of tanh": lambda t, **_: (fn("sign", fn("tanh", t)), fn("sign", t)),
    "softmax": lambda x, **_: (unary("softmax", x), P(fn("exp", x), power(unary("sum", fn("exp", x)), -1))),
    "cyclic": lambda A, X, **_: (tr(P(A, X, T(X))), tr(P(T(X), A, X))),
    "det of a product": lambda A, B, **_: (unary("det", P(A, B)), P(unary("det", A), unary("det", B))),
    "det of rank 1": lambda x, y, **_: (unary("det", S(eye(N), P(x, T(y)))), S(num(1), P(T(y), x))),
    "inverse of a product": lambda A, B, **_: (inv(P(A, B)), P(inv(B), inv(A))),
    "adjugate": lambda A, **_: (P(A, unary("adj", A)), P(unary("det", A), eye(N))),
    "adjugate of rank 1": lambda x, **_: (P(unary("adj", P(x, T(x))), x), mul([num(0), x])),
    "power": lambda A, **_: (P(A, A, A), matrix_power(A, 3)),
    "vec of a product": lambda A, X, **_: (unary("vec", P(A, X)), P(kron(eye(M), A), unary("vec", X))),
    "commutation": lambda X, **_: (P(commutation(N, M), unary("vec", X)), unary("vec", T(X))),
    "trace of kron": lambda A, B, **_: (tr(kron(A, B)), P(tr(A), tr(B))),
    "kron of vectors": lambda x, z, **_: (kron(x, T(z)), P(x, T(z))),
    "inner": lambda A, B, **_: (inner(A, B), tr(P(T(A), B))),
    "diag": lambda x, y, **_: (P(unary("diag", x), y), had([x, y])),
    "dg": lambda x, y, **_: (unary("dg", P(x, T(y))), had([x, y])),
    "trace of I": lambda **_: (tr(eye(N)), dim(N)),
    "sum of ones": lambda x, **_: (P(T(ones(x.shape)), ones(x.shape)), dim(N)),
    "quotient": lambda x, p, **_: (had([x, power(S(power(x, 2), P(p, ones(x.shape))), -1)]), ratio(x, p)),
    "scalars inside": lambda A, x, y, **_: (P(x, T(y), A, x, T(y)), P(P(T(y), A, x), x, T(y))),
    "symmetric": lambda C, **_: (C, T(C)),
    "diagonal": lambda D, x, **_: (P(D, x), had([unary("dg", D), x])),
    "orthogonal": lambda Q, **_: (P(Q, T(Q)), eye(N)),
    "positive definite": lambda R, **_: (power(power(unary("det", R), 2), HALF), unary("det", R)),
    "one hot": lambda h, **_: (P(T(h), ones(h.shape)), num(1)),
    "plus or minus one": lambda b, **_: (power(b, 2), num(1)),
    "sum of samples": lambda w, x, **_: (P(T(x), over(w)), over(P(T(w), x))),
    "sum of a constant": lambda x, **_: (over(x), P(dim(M), x)),
    "matrix exponential": lambda A, **_: (P(unary("expm", A), unary("expm", minus(A))), eye(N)),
    "product with tanh below": lambda t, **_: (P(fn("tanh", t), power(fn("tanh", t), -1)), num(1)),
}

FALSEHOODS: dict[str, Sides] = {
    "root of a square": lambda t, **_: (power(power(t, 2), HALF), t),
    "root of a square of a product": lambda s, t, **_: (power(P(power(s, 2), power(t, 2)), HALF), P(s, t)),
    "root of a squared scalar product": lambda x, y, **_: (power(power(P(T(x), y), 2), HALF), P(T(x), y)),
    "absolute value": lambda t, **_: (fn("abs", t), t),
    "absolute values": lambda x, **_: (fn("abs", x), x),
    "exp by its series": lambda t, **_: (fn("exp", t), taylor(t)),
    "exp is 1": lambda t, **_: (fn("exp", t), num(1)),
    "product of sigmas": lambda t, **_: (P(fn("sigma", t), fn("sigma", minus(t))), num(Fraction(1, 4))),
    "sigma by tanh": lambda t, **_: (fn("sigma", t), P(HALF, S(num(1), fn("tanh", t)))),
    "softplus": lambda t, **_: (soft(t), soft(minus(t))),
    "tanh is sinh": lambda t, **_: (fn("tanh", t), fn("sinh", t)),
    "tanh is the identity": lambda t, **_: (fn("tanh", t), t),
    "sin is the identity": lambda t, **_: (fn("sin", t), t),
    "cos is 1": lambda t, **_: (fn("cos", t), num(1)),
    "arctan is tan": lambda t, **_: (fn("arctan", t), fn("tan", t)),
    "exp of a sum": lambda s, t, **_: (fn("exp", S(s, t)), S(fn("exp", s), fn("exp", t))),
    "log of a product": lambda p, q, **_: (fn("log", P(p, q)), P(fn("log", p), fn("log", q))),
    "log by its series": lambda p, **_: (fn("log", p), S(p, num(-1))),
    "relu": lambda t, **_: (fn("relu", t), t),
    "sign": lambda t, **_: (fn("sign", t), num(1)),
    "step": lambda t, **_: (fn("step", t), num(1)),
    "norm of a negative multiple": lambda x, **_: (unary("norm", P(-2, x)), P(-2, unary("norm", x))),
    "norm with a scalar": lambda t, x, **_: (unary("norm", P(t, x)), P(t, unary("norm", x))),
    "norm with a scalar product": lambda x, y, z, **_: (norm_of(x, y, z), P(T(x), y, unary("norm", z))),
    "norm of a sum": lambda x, y, **_: (unary("norm", S(x, y)), S(unary("norm", x), unary("norm", y))),
    "norm1 is norm": lambda x, **_: (unary("norm1", x), unary("norm", x)),
    "norm is its square": lambda x, **_: (unary("normsq", x), unary("norm", x)),
    "softmax": lambda x, **_: (unary("softmax", x), fn("exp", x)),
    "trace of a product": lambda A, B, **_: (tr(P(A, B)), P(tr(A), tr(B))),
    "det of a sum": lambda A, B, **_: (unary("det", S(A, B)), S(unary("det", A), unary("det", B))),
    "det of a multiple": lambda A, **_: (unary("det", P(2, A)), P(2, unary("det", A))),
    "products commute": lambda A, B, **_: (P(A, B), P(B, A)),
    "inverse of a product": lambda A, B, **_: (inv(P(A, B)), P(inv(A), inv(B))),
    "outer product": lambda x, y, **_: (P(x, T(y)), P(y, T(x))),
    "kron commutes": lambda A, B, **_: (kron(A, B), kron(B, A)),
    "vec of the transpose": lambda A, **_: (unary("vec", A), unary("vec", T(A))),
    "diag commutes": lambda x, A, **_: (P(unary("diag", x), A), P(A, unary("diag", x))),
    "a matrix is symmetric": lambda A, **_: (A, T(A)),
    "a symmetric matrix is diagonal": lambda C, x, **_: (P(C, x), had([unary("dg", C), x])),
    "orthogonal is symmetric": lambda Q, **_: (Q, T(Q)),
    "n = 2": lambda **_: (tr(eye(N)), num(2)),
    "n = 3": lambda **_: (tr(eye(N)), num(3)),
    "n = m": lambda x, z, **_: (P(T(ones(x.shape)), ones(x.shape)), P(T(ones(z.shape)), ones(z.shape))),
    "n = m + 1": lambda X, **_: (S(dim(N), P(0, unary("sum", X))), S(dim(M), num(1))),
    "plus or minus one": lambda b, **_: (b, num(1)),
    "one hot": lambda h, x, **_: (P(T(h), x), unary("sum", x)),
    "pi is 3": lambda **_: (const("pi"), num(3)),
    "e is 3": lambda **_: (const("e"), num(3)),
    "sum of samples": lambda w, x, **_: (over(P(T(w), x)), P(dim(M), unary("normsq", x))),
    "matrix exponential": lambda A, B, **_: (unary("expm", S(A, B)), P(unary("expm", A), unary("expm", B))),
    "tanh below": lambda t, **_: (power(fn("tanh", t), -1), fn("cosh", t)),
}


def soft(u: Node) -> Node:
    return fn("log", S(num(1), fn("exp", u)))


def taylor(t: Node) -> Node:
    return S(num(1), t, P(HALF, power(t, 2)), P(Fraction(1, 6), power(t, 3)))


def ratio(x: Node, p: Node) -> Node:
    return P(inv(S(unary("diag", power(x, 2)), P(p, eye(N)))), x)


def norm_of(x: Node, y: Node, z: Node) -> Node:
    return unary("norm", P(P(T(x), y), z))


def over(body: Node) -> Node:
    return total(Sum("i", M), body)


@pytest.mark.parametrize("name", IDENTITIES)
def test_identities_hold(name: str) -> None:
    with workspace():
        known = symbols()
        left, right = IDENTITIES[name](**known)
        prover = Prover(left, known["t"])
        assert prover.equal(left, right)
        assert prover.holds("statement", right, left=left)
        assert prover.exact is (name not in ("matrix exponential", "product with tanh below"))


@pytest.mark.parametrize("name", FALSEHOODS)
def test_falsehoods_do_not_hold(name: str) -> None:
    with workspace():
        known = symbols()
        left, right = FALSEHOODS[name](**known)
        assert not Prover(left, known["t"]).equal(left, right)


# ---- the derivatives of the table of functions ---------------------------------------------------------------------


#: The functions that have a derivative with a name; every derivative of digamma has one more prime.
DIFFERENTIABLE = {name: row for name, row in functions.FUNCTIONS.items() if name != "tetragamma"}


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_the_derivative_of_every_function_is_proved_and_a_wrong_one_refused(name: str) -> None:
    with workspace():
        t, x = scalar("t"), column("x")
        row = functions.FUNCTIONS[name]
        assert Prover(fn(name, t), t).holds("derivative", row.derivative(t))
        assert Prover(fn(name, x), x).holds("derivative", unary("diag", row.derivative(x)))
        prover = Prover(fn(name, t), t)
        right = row.derivative(t)
        constant = name in ("sign", "step")
        wrong = [S(right, num(1)), S(right, t), *([] if constant else [P(2, right), minus(right)])]
        same = {"sign", "step", name}
        wrong += [f.derivative(t) for n, f in DIFFERENTIABLE.items() if n not in (same if constant else {name})]
        assert [w for w in wrong if prover.holds("derivative", w)] == []


def test_planted_wrong_knowledge_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, row in functions.FUNCTIONS.items():
        monkeypatch.setitem(functions.FUNCTIONS, name, replace(row, derivative=lambda u: mul([num(3), u])))
    with workspace():
        t = scalar("t")
        for name, row in functions.FUNCTIONS.items():
            assert not Prover(fn(name, t), t).holds("derivative", row.derivative(t)), name


# ---- whole derivations -----------------------------------------------------------------------------------------------


def quadratic() -> tuple[Function, Node, Node]:
    """f = xᵀAx, its gradient and its Hessian."""
    x, A = column("x"), matrix("A", N, N)
    both = S(A, T(A))
    return Function("f", P(T(x), A, x), x, (x, A)), P(both, x), both


def message(error: pytest.ExceptionInfo[Exception]) -> str:
    return str(error.value)


HINT = "This is a defect of docgen, not of the formula. Please report it with the formula."


def test_the_first_false_line_is_named() -> None:
    with workspace():
        f, gradient, _ = quadratic()
        x, A = f.symbols
        true = lines(S(P(T(d(x)), A, x), P(T(x), A, d(x))))
        false = lines(P(2, T(x), A, d(x)))
        with pytest.raises(ProofError) as error:
            prove(f, true + false + true, gradient, "gradient")
        assert message(error) == (
            "the derivation of the gradient of f = x^{T} A x is not correct: "
            f"line 2 (rule rule) is false: 2 x^{{T}} A\\,dx\n{HINT}"
        )
        with pytest.raises(ProofError) as error:
            prove(f, true, P(A, x), "gradient")
        assert message(error) == (
            f"the derivation of the gradient of f = x^{{T}} A x is not correct: the answer is false: A x\n{HINT}"
        )
        with pytest.raises(ProofError) as error:
            prove(f, true, A, "hessian", gradient=P(2, A, x))
        assert message(error) == (
            "the derivation of the hessian of f = x^{T} A x is not correct: "
            f"the gradient that it starts from, 2 A x, is false\n{HINT}"
        )
        assert error.value.exit_code == 3


def test_tasks() -> None:
    with workspace():
        f, gradient, hessian = quadratic()
        x, _ = f.symbols
        differential = P(T(x), hessian, d(x))
        twice, mixed = (P(T(second), hessian, d(x)) for second in (d(x), d(x, 2)))
        for task, answer in (
            ("gradient", gradient),
            ("derivative", gradient),
            ("differential", differential),
            ("hessian", hessian),
            ("second_differential", twice),
            ("second_differential", mixed),
        ):
            assert prove(f, [], answer, task, gradient=gradient).passed
        for task, answer in (
            ("gradient", T(gradient)),
            ("gradient", P(2, gradient)),
            ("gradient", hessian),
            ("differential", gradient),
            ("differential", P(2, differential)),
            ("hessian", S(hessian, eye(N))),
            ("second_differential", P(2, mixed)),
            ("second_differential", differential),
        ):
            with pytest.raises(ProofError):
                prove(f, [], answer, task, gradient=gradient)
        with pytest.raises(UnsupportedError, match=r"^the task stationary_point cannot be proved$"):
            prove(f, [], gradient, "stationary_point")
        with pytest.raises(UnsupportedError, match=r"^a Hessian can be proved only from its gradient$"):
            prove(f, [], hessian, "hessian")


def test_a_derivative_must_not_hold_a_differential() -> None:
    with workspace():
        t = scalar("t")
        cube = power(t, 3)
        assert not Prover(cube, t).holds("derivative", P(d(cube), power(d(t), -1)))


def test_lines_of_a_hessian_may_be_about_the_gradient() -> None:
    with workspace():
        f, gradient, hessian = quadratic()
        x, _ = f.symbols
        check = prove(
            f,
            [
                Line("value", "value", f.formula),
                Line("value", "value", gradient),
                *lines(
                    P(T(gradient), d(x)),
                    P(hessian, d(x)),
                    P(T(d(x)), hessian, d(x, 2)),
                    d(gradient),
                    d(d(f.formula), 2),
                ),
                Line("gradient", "derivative", gradient),
                Line("hessian", "derivative", hessian),
                Line("turned", "derivative", T(gradient), transposed=True),
            ],
            hessian,
            "hessian",
            gradient=gradient,
        )
        assert (check.passed, check.exact, check.lines) == (True, True, 10)


def test_layouts() -> None:
    with workspace():
        x, A, c = column("x"), matrix("A", M, N), column("c", M)
        affine = Prover(S(P(A, x), c), x)
        assert affine.holds("derivative", A) and not affine.holds("derivative", T(A))
        assert affine.holds("derivative", A, layout="numerator")
        assert affine.holds("derivative", T(A), layout="denominator")
        assert affine.holds("derivative", T(A), transposed=True) and not affine.holds("derivative", A, transposed=True)
        assert affine.holds("derivative", A, layout="denominator", transposed=True)
        linear = Prover(P(T(c), A, x), x)
        assert linear.holds("derivative", P(T(A), c)) and linear.holds("derivative", P(T(A), c), layout="denominator")
        assert linear.holds("derivative", P(T(c), A), layout="numerator")
        assert not linear.holds("derivative", P(T(A), c), layout="numerator")
        t = scalar("t")
        curve = Prover(P(t, t, x), t)
        assert curve.holds("derivative", P(2, t, x)) and curve.holds("derivative", P(2, t, T(x)), layout="denominator")
        assert not curve.holds("derivative", P(2, t, T(x)))


def test_derivatives_of_and_by_matrices() -> None:
    with workspace():
        X, A, t = matrix("X", N, M), matrix("A", K, N), scalar("t")
        assert Prover(P(A, X), X).holds("derivative", kron(eye(M), A))
        assert not Prover(P(A, X), X).holds("derivative", kron(A, eye(M)))
        assert Prover(T(X), X).holds("derivative", commutation(N, M))
        assert not Prover(T(X), X).holds("derivative", commutation(M, N))
        assert Prover(P(t, X), t).holds("derivative", X)
        row = T(column("r"))
        assert Prover(P(row, T(row)), worked.column("r")).holds("derivative", P(2, T(row)))


def test_a_symmetric_variable() -> None:
    """Its entries are independent, unless the gradient is sought within the symmetric matrices."""
    with workspace():
        X, A = matrix("X", N, N, "symmetric"), matrix("A", N, N)
        f = Function("f", tr(P(A, X)), X, (X, A))
        within = P(HALF, S(A, T(A)))
        assert prove(f, [], T(A), "gradient").passed
        assert prove(f, [Line("read", "derivative", T(A))], within, "gradient", constrained=True).passed
        for answer, constrained in ((within, False), (T(A), True), (A, True)):
            with pytest.raises(ProofError):
                prove(f, [], answer, "gradient", constrained=constrained)


def test_named_parts() -> None:
    with workspace():
        w, X, y = column("w", M), matrix("X", N, M), column("y")
        r = S(y, minus(P(X, w)))
        f = Function("f", unary("normsq", r), w, (y, X, w))
        u = column("u")
        named = [
            Line("name", "statement", r, left=u),
            Line("part", "differential", P(-1, X, d(w)), left=d(u), part=u),
            *lines(P(2, T(u), d(u)), P(-2, T(u), X, d(w))),
            Line("prose", "statement", r, left=None),
        ]
        assert prove(f, named, P(-2, T(X), u), "gradient").passed
        with pytest.raises(ProofError, match="line 2"):
            prove(f, [named[0], replace(named[1], expression=P(X, d(w)))], P(-2, T(X), u), "gradient")
        with pytest.raises(ProofError, match="line 2"):  # a name keeps its meaning
            prove(f, [named[0], Line("name", "statement", y, left=u)], P(-2, T(X), u), "gradient")
        with pytest.raises(ProofError, match="line 1"):  # the left-hand side is checked, too
            prove(f, [replace(named[1], left=d(P(X, w)), part=None)], P(-2, T(X), r), "gradient")
        with pytest.raises(ProofError, match="the answer"):  # a name that nobody explained
            prove(f, [], P(-2, T(X), u), "gradient")


def test_an_index_that_nothing_binds_makes_a_claim_false() -> None:
    with workspace():
        f, gradient, _ = quadratic()
        free = entry(gradient, "i", None)
        for quantity in ("value", "derivative", "differential"):
            assert not Prover(f.formula, f.variable).holds(quantity, free)


def test_a_partial_is_proved_at_every_value_of_its_index() -> None:
    with workspace():
        f, gradient, _ = quadratic()
        prover = Prover(f.formula, f.variable)
        assert prover.holds("partial", entry(gradient, "i", None), indices=("i",))
        assert not prover.holds("partial", P(3, entry(gradient, "i", None)), indices=("i",))
        assert not prover.holds("partial", entry(gradient, "i", None), indices=("i", "j"))
        assert not prover.holds("partial", entry(gradient, "i", None), indices=("k",))


# ---- where a formula has values ------------------------------------------------------------------------------------


def test_a_formula_without_a_value_anywhere() -> None:
    with workspace():
        x, y = column("x"), column("y")
        nothing = S(y, minus(y))
        for formula, fault in (
            (inv(P(x, T(y))), "(x y^{T})^{-1} inverts a matrix that is singular at every point"),
            (
                power(S(P(T(x), y), minus(P(T(y), x))), -1),
                "\\frac{1}{x^{T} y - y^{T} x} divides by zero at every point",
            ),
            (
                power(unary("norm", nothing), -1),
                "\\|y - y\\| is taken of zero at every point, where it has no derivative",
            ),
            (power(num(-2), HALF), "\\sqrt{-2} needs something positive, and it is not positive at any point"),
        ):
            with pytest.raises(UnsupportedError) as error:
                Prover(formula, x).admissible()
            assert message(error) == (
                f"the formula is defined nowhere: {fault}\n"
                "Check the sizes and the signs; x y^T, for one, is singular whatever x and y are."
            )


def test_a_singular_determinant_is_no_obstacle() -> None:
    """det(xyᵀ) is 0 for n > 1, and so is its gradient for n > 2; for n = 2 it is det · inverse that does not exist."""
    with workspace():
        x, y = column("x"), column("y")
        outer = P(x, T(y))
        prover = Prover(unary("det", outer), x)
        assert prover.holds("value", num(0))
        assert prover.holds("derivative", P(T(unary("adj", outer)), y))
        assert not prover.holds("derivative", P(unary("det", outer), T(inv(outer)), y))


def test_rows_and_columns_in_every_order() -> None:
    with workspace():
        X, Y = matrix("X", N, M), matrix("Y", M, N)
        for formula in (tr(inv(P(T(X), X))), tr(inv(P(X, T(X)))), tr(inv(P(T(Y), Y))), tr(inv(P(Y, X)))):
            prover = Prover(formula, X)
            prover.admissible()
            assert prover.exact
        with pytest.raises(UnsupportedError):  # X has either more rows or more columns
            Prover(P(unary("det", inv(P(T(X), X))), unary("det", inv(P(X, T(X))))), X).admissible()


def test_many_norms_settle_term_by_term() -> None:
    with workspace():
        x = column("x")
        centres = [column(f"a_{{{k}}}") for k in range(60)]
        distances = [S(x, minus(a)) for a in centres]
        prover = Prover(S(*[unary("norm", r) for r in distances]), x)
        assert prover.holds("derivative", S(*[P(r, power(unary("norm", r), -1)) for r in distances]))
        assert prover.exact


def test_numbers_where_exact_points_are_missing() -> None:
    """Every exponential is 1 modulo p, so 1/tanh has no exact point."""
    with workspace():
        t, A = scalar("t"), matrix("A", N, N)
        f = Function("f", power(fn("tanh", t), -1), t, (t,))
        slope = S(num(1), minus(power(f.formula, 2)))
        assert prove(f, [], slope, "gradient") == Check(True, False, 0)
        with pytest.raises(ProofError):
            prove(f, [], minus(slope), "gradient")
        flow = Function("f", unary("expm", P(t, A)), t, (t, A))
        assert prove(flow, [], P(A, flow.formula), "derivative") == Check(True, False, 0)
        with pytest.raises(ProofError):
            prove(flow, [], flow.formula, "derivative")
