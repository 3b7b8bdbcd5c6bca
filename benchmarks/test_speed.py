"""The engine against SymPy in one run: the process warm, SymPy's cache cleared before every call.

Only formulas are compared whose derivative by SymPy is right; SymPy's result is put in numbers and compared with the
derivative of the formula by a complex step. Reading the formula and building SymPy's expression are not timed.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from benchmarks.clock import seconds
from docgen.algebra.node import workspace
from docgen.algebra.normal import remember_typed
from docgen.calculus import by_differentials
from docgen.calculus.derivation import Function
from docgen.calculus.derive import derive_all
from docgen.calculus.proof import mark_singular
from docgen.calculus.request import Context, Request
from docgen.errors import DocgenError
from docgen.reading import declare, read

SHAPES = dict.fromkeys("xyab", "n") | dict.fromkeys("ABX", "n x n") | {"z": "m", "M": "m x n"}
ROUNDS = 5

#: The formula, the variable, and the same for SymPy.
CASES: tuple[tuple[str, str, str], ...] = (
    ("a^T x", "x", "a.T * x"),
    ("x^T A x", "x", "x.T * A * x"),
    ("x^T A x + b^T x", "x", "x.T * A * x + b.T * x"),
    ("(z - Mx)^T (z - Mx)", "x", "(z - M * x).T * (z - M * x)"),
    ("x^T X y", "X", "x.T * X * y"),
    ("a^T X^T b", "X", "a.T * X.T * b"),
    ("a^T X X^T b", "X", "a.T * X * X.T * b"),
    ("a^T X^T X b", "X", "a.T * X.T * X * b"),
    ("a^T X^{-1} b", "X", "a.T * X.I * b"),
    (r"\operatorname{tr}(X)", "X", "Trace(X)"),
    (r"\operatorname{tr}(A X)", "X", "Trace(A * X)"),
    (r"\operatorname{tr}(A X B)", "X", "Trace(A * X * B)"),
    (r"\operatorname{tr}(A X^T B)", "X", "Trace(A * X.T * B)"),
    (r"\operatorname{tr}(X^T X)", "X", "Trace(X.T * X)"),
    (r"\operatorname{tr}(A X B X)", "X", "Trace(A * X * B * X)"),
    (r"\operatorname{tr}(A X B X^T)", "X", "Trace(A * X * B * X.T)"),
    (r"\operatorname{tr}(A X^{-1} B)", "X", "Trace(A * X.I * B)"),
    (r"\operatorname{tr}(X^{-1})", "X", "Trace(X.I)"),
    (r"\operatorname{tr}(X^2)", "X", "Trace(X**2)"),
    (r"\operatorname{tr}((AXB + X)(AXB + X)^T)", "X", "Trace((A * X * B + X) * (A * X * B + X).T)"),
    (r"\operatorname{tr}(A X B X A X)", "X", "Trace(A * X * B * X * A * X)"),
    (r"\det(X)", "X", "Determinant(X)"),
    ("A x", "x", "A * x"),
    ("A x + b", "x", "A * x + b"),
    ("x x^T x", "x", "x * x.T * x"),
    ("(x^T A x) b", "x", "b * x.T * A * x"),
    ("(A + x x^T) b", "x", "(A + x * x.T) * b"),
)


def function_of(formula: str, variable: str) -> Function:
    """The formula read; call it inside a workspace, so that nothing is known of it from before."""
    reading = read(formula, variable, declare(SHAPES))
    return Function("f", reading.formula, reading.variable, reading.symbols, reading.notation)


def proved(function: Function) -> object:
    return derive_all(function, Request())


def bare(function: Function) -> object:
    """The lines and the answer, not proved."""
    remember_typed(function.formula)
    mark_singular(function)
    return by_differentials.first_order(
        Context(function, Request()), "gradient" if function.formula.is_scalar else "jacobian"
    )


def sympy_case(source: str, variable: str, sizes: tuple[Any, Any] | None = None) -> tuple[Any, Any]:
    """SymPy's expression and variable, with sizes n and m as symbols or as the given numbers."""
    import sympy as sp

    n, m = sizes or sp.symbols("n m", positive=True, integer=True)
    known: dict[str, Any] = {name: sp.MatrixSymbol(name, n, 1) for name in "xyab"}
    known |= {name: sp.MatrixSymbol(name, n, n) for name in "ABX"}
    known |= {"z": sp.MatrixSymbol("z", m, 1), "M": sp.MatrixSymbol("M", m, n)}
    known |= {"Trace": sp.Trace, "Determinant": sp.Determinant}
    return eval(source, known), known[variable]


@cache
def right(formula: str, variable: str, source: str) -> bool:
    """Whether SymPy's derivative is right, up to the transpose that its layout makes."""
    import sympy as sp

    from tests.engine.verdict import derivative
    from tests.formulas import SIZES, value

    rng = np.random.default_rng(1)
    with workspace():
        function = function_of(formula, variable)
        names = {s.data.name: s.shape for s in function.symbols}
        values = {name: rng.normal(size=(g.rows.value(SIZES), g.cols.value(SIZES))) for name, g in names.items()}
        assert np.isfinite(value(function.formula, values, SIZES)).all()
        truth = derivative(function.formula, variable, values)
    expression, by = sympy_case(source, variable, (SIZES["n"], SIZES["m"]))
    try:
        numbers = {sp.MatrixSymbol(name, *given.shape): sp.Matrix(given) for name, given in values.items()}
        found = expression.diff(by).subs(numbers).doit()
        given = np.array(sp.Matrix(found.as_explicit() if hasattr(found, "as_explicit") else found), dtype=float)
    except Exception:  # SymPy cannot put its own result in numbers
        return False
    return any(given.shape == other.shape and np.allclose(given, other) for other in (truth, truth.T))


def ratios(ours: Callable[[Function], object]) -> list[float]:
    """Ours divided by SymPy's ``diff``, for every formula that SymPy gets right."""
    from sympy.core.cache import clear_cache

    found = []
    for formula, variable, source in CASES:
        if not right(formula, variable, source):
            continue
        mine, theirs = [], []
        for _ in range(ROUNDS):
            with workspace():
                function = function_of(formula, variable)
                mine.append(seconds(lambda: ours(function)))  # noqa: B023
            expression, by = sympy_case(source, variable)
            clear_cache()
            theirs.append(seconds(lambda: expression.diff(by)))  # noqa: B023
        found.append(statistics.median(mine) / statistics.median(theirs))
        times = (statistics.median(mine) * 1e3, statistics.median(theirs) * 1e3)
        print(f"  {formula:45} {times[0]:7.2f} ms {times[1]:7.2f} ms {found[-1]:.3f}")
    assert len(found) >= 15
    return found


@pytest.mark.parametrize(("ours", "limit"), [(proved, 1 / 5), (bare, 1 / 10)], ids=["proved", "without the proof"])
def test_against_sympy(benchmark: Any, ours: Callable[[Function], object], limit: float) -> None:
    with workspace():
        function = function_of("x^T A x", "x")
        benchmark.pedantic(lambda: ours(function), rounds=5)
    found = ratios(ours)
    middle = statistics.median(found)
    benchmark.extra_info["ratio"] = round(middle, 3)
    print(f"\n  median of {len(found)} ratios: {middle:.3f}, at most {limit:.2f}; the largest {max(found):.2f}")
    assert middle <= limit


def chain_of(count: int) -> tuple[str, dict[str, str]]:
    """tr(A₁X…AₖX) in the plain spelling, with its shapes."""
    names = [f"A{k}" for k in range(1, count + 1)]
    return f"tr({'*'.join(f'{name}*X' for name in names)})", dict.fromkeys([*names, "X"], "n x n")


def derive_time(formula: str, variable: str, shapes: dict[str, str], rounds: int = 3) -> float:
    """The median time to derive and prove."""
    times = []
    for _ in range(rounds):
        with workspace():
            reading = read(formula, variable, declare(shapes))
            function = Function("f", reading.formula, reading.variable, reading.symbols, reading.notation)
            times.append(seconds(lambda: derive_all(function, Request())))  # noqa: B023
    return statistics.median(times)


def test_growth_of_a_trace(benchmark: Any) -> None:
    """The answer for tr(A₁X…AₖX) has k² symbols; the time may grow as they do, not faster."""
    benchmark.pedantic(lambda: derive_time(chain_of(8)[0], "X", chain_of(8)[1], 1), rounds=2)
    times = {}
    for count in (8, 16, 32, 64):
        formula, shapes = chain_of(count)
        times[count] = derive_time(formula, "X", shapes)
    shown = ", ".join(f"k = {count}: {t * 1e3:.0f} ms" for count, t in times.items())
    print(f"\n  {shown}")
    exponent = np.polyfit(np.log(list(times)), np.log(list(times.values())), 1)[0]
    benchmark.extra_info["exponent"] = round(float(exponent), 2)
    assert exponent <= 2.2, shown  # 2 and what the clock may be off


#: Terms by their number: all of one form, all with a symbol of their own, all nested, and one long product.
LONG = {
    "one form": (" + ".join(f"{k} x^T A x" for k in range(1, 10_001)), SHAPES),
    "own symbols": (
        "+".join(f"a{k}'*x" for k in range(1, 10_001)),
        {"x": "n"} | {f"a{k}": "n" for k in range(1, 10_001)},
    ),
    "logarithms": (" + ".join(rf"{k} \log(1 + \exp(a^T x))" for k in range(1, 10_001)), SHAPES),
    "factors": ("x^T " + "A " * 10_000 + "x", SHAPES),
}


@pytest.mark.parametrize("kind", LONG)
def test_ten_thousand_parts_are_answered_or_refused_in_time(kind: str) -> None:
    formula, shapes = LONG[kind]
    start = time.process_time()  # so that a busy machine does not count
    try:
        with workspace():
            reading = read(formula, "x", declare(shapes))
            derive_all(Function("f", reading.formula, reading.variable, reading.symbols, reading.notation), Request())
    except DocgenError as error:
        print(f"\n  refused: {error.args[0][:100]}")
    taken = time.process_time() - start
    print(f"\n  {taken:.1f} s")
    assert taken <= 10
