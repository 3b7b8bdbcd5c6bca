"""Random formulas over all operators, judged by plain numbers; many more with ``make fuzz``."""

from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
import pytest

from docgen.algebra import node as nodes
from docgen.algebra.latex import latex
from docgen.algebra.node import Node, add, mul, num, power, rebuild, transpose, unary, walk, workspace
from docgen.calculus.derivation import Function
from docgen.calculus.derive import derive_all
from docgen.calculus.request import Request
from docgen.errors import FormulaError, UnsupportedError
from docgen.reading import read
from tests.engine.fuzz import batch, report, trial
from tests.engine.problems import declaration, random_problem
from tests.engine.verdict import derivative, judge
from tests.formulas import SIZES, symbol, value

SEEDS = range(0, 400)


@pytest.mark.parametrize("start", range(SEEDS.start, SEEDS.stop, 50))
def test_random_formulas_are_derived_right(start: int) -> None:
    bad = [o for o in map(trial, range(start, start + 50)) if o.word in ("wrong", "crash")]
    assert not bad, "\n".join(f"{o.word} {o.seed}: {o.detail}" for o in bad)


def test_few_are_refused_and_few_cannot_be_judged() -> None:
    totals = Counter(o.word for o in batch(SEEDS))
    asked = totals.total() - totals["constant"]
    assert totals["refused"] < 0.02 * asked
    assert totals["nowhere"] + totals["undefined"] < 0.05 * asked
    assert asked > 0.8 * len(SEEDS)


def test_the_problems_cover_everything() -> None:
    seen: set[str] = set()
    tasks: set[str] = set()
    variables: set[str] = set()
    for seed in range(3000):
        with workspace():
            problem = random_problem(seed)
            if problem is not None:
                seen |= {n.op for n in walk(problem.function.formula)}
                tasks.add(problem.task)
                variables.add(problem.function.variable.data.name)
    assert seen >= set(nodes.UNARY) - {"unvec"} | {"add", "mul", "had", "kron", "inner", "total", "fn", "pow", "mpow"}
    assert tasks == {"gradient", "jacobian", "hessian", "differential"}
    assert variables == {*"xyzABXWstSCDOhpq"}


# ---- the judge itself ----------------------------------------------------------------------------------------------


def _quadratic() -> tuple[Function, Node]:
    x, a = symbol("x"), symbol("A")
    return Function("f", mul([transpose(x), a, x]), x, (x, a)), mul([add([a, transpose(a)]), x])


def test_the_judge_accepts_the_derivative_and_nothing_else() -> None:
    with workspace():
        function, gradient = _quadratic()
        assert judge(function, "gradient", gradient, 1).word == "right"
        assert judge(function, "gradient", mul([num(2), symbol("A"), symbol("x")]), 1).word == "wrong"
        assert judge(function, "gradient", mul([num(-1), gradient]), 1).word == "wrong"
        assert judge(function, "gradient", transpose(gradient), 1).word == "wrong"
        assert judge(function, "hessian", add([symbol("A"), transpose(symbol("A"))]), 1).word == "right"
        assert judge(function, "hessian", mul([num(2), symbol("A")]), 1).word == "wrong"


def test_the_judge_passes_over_what_has_no_value() -> None:
    with workspace():
        x = symbol("x")
        root = power(mul([num(-1), unary("normsq", x)]), nodes.Fraction(1, 2))
        assert judge(Function("f", root, x, (x,)), "gradient", x, 1).word == "undefined"


def test_the_complex_step_knows_every_scalar_function() -> None:
    from tests.formulas import FUNCTION_VALUES

    with workspace():
        t = symbol("t")
        for name in FUNCTION_VALUES:
            formula = nodes.fn(name, t)
            here = {"t": np.array([[0.6]])}
            both = [value(formula, {"t": np.array([[0.6 + h]])}, SIZES) for h in (-1e-5, 1e-5)]
            assert derivative(formula, "t", here) == pytest.approx((both[1] - both[0]) / 2e-5, abs=1e-8)


def test_the_report_counts_and_names_the_bad(capsys: pytest.CaptureFixture[str]) -> None:
    from tests.engine.fuzz import Outcome

    totals = report([[Outcome(1, "right"), Outcome(2, "wrong", "x" * 1000)]], 2, shown=5)
    assert totals == {"right": 1, "wrong": 1}
    out, err = capsys.readouterr()
    assert out.startswith("wrong 2: xxx") and len(out) < 450
    assert "2 of 2" in err


# ---- order does not matter -----------------------------------------------------------------------------------------


def shuffled(node: Node, rng: Random) -> Node:
    """The same formula with terms, entrywise factors and scalar factors in another order."""
    done: dict[Node, Node] = {}
    for at in walk(node):
        args = [done[arg] for arg in at.args]
        if at.op in ("add", "had"):
            rng.shuffle(args)
        if at.op == "mul":
            scalars = [a for a in args if a.is_scalar]
            chain = [a for a in args if not a.is_scalar]
            rng.shuffle(scalars)
            whole = [mul(chain)] if at.is_scalar and chain else chain
            cut = rng.randrange(len(scalars) + 1)
            args = [*scalars[:cut], *whole, *scalars[cut:]]
        if at.op == "inner":
            rng.shuffle(args)
        done[at] = rebuild(at, args) if args else at
    return done[node]


@pytest.mark.parametrize("seed", range(1000, 1120))
def test_the_order_of_what_commutes_does_not_change_the_answer(seed: int) -> None:
    with workspace():
        problem = random_problem(seed)
        if problem is None:
            return
        function = problem.function
        other = Function("f", shuffled(function.formula, Random(seed)), function.variable, function.symbols)
        try:
            answers = [derive_all(f, Request((problem.task,)))[0].answer for f in (function, other)]
        except UnsupportedError:
            return
        assert answers[0].shape is answers[1].shape
        assert "wrong" not in [judge(function, problem.task, answer, seed).word for answer in answers]


# ---- what is printed is read back ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2000, 2120))
def test_a_problem_that_is_printed_and_read_again_has_the_same_answer(seed: int) -> None:
    with workspace():
        problem = random_problem(seed)
        if problem is None:
            return
        name = problem.function.variable.data.name
        printed = latex(problem.function.formula)
        try:
            again = read(printed, name, declaration(), elementwise=True)
        except FormulaError as refusal:
            assert "is not clear from the formula" in str(refusal)  # \\mathbf{1} where nothing says its size
            return
        try:
            found = derive_all(Function("f", again.formula, again.variable, again.symbols), Request((problem.task,)))
        except UnsupportedError:
            return
        assert judge(problem.function, problem.task, found[0].answer, seed).word != "wrong"
