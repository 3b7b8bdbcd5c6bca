"""Random problems for the engine: a formula over all operators, a variable and a task, drawn from a seed.

Beside the symbols of :mod:`tests.formulas` there are symbols with assumptions: S symmetric, C positive definite, D
diagonal, O orthogonal, h a column with a single 1, p a positive column, q a positive scalar, v a scalar that is 1 or
-1. Quotients, logarithms and roots are of something positive, so that most formulas have a value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np

from docgen.algebra import node as nodes
from docgen.algebra.node import Node, Symbol
from docgen.algebra.sizes import ONE, SCALAR, Shape, shape
from docgen.calculus.derivation import Function
from docgen.reading import declare
from docgen.reading.declarations import Declarations
from tests.formulas import ALL, MEMBERS, SHAPES, SIZES, Draw, M, N, random_values, symbol

Array = np.ndarray[Any, Any]

#: The shape and the assumptions of each symbol that this module adds.
ASSUMED: dict[str, tuple[Shape, Symbol]] = {
    "S": (shape(N, N), Symbol("S", frozenset({"symmetric"}))),
    "C": (shape(N, N), Symbol("C", frozenset({"positive_definite"}))),
    "D": (shape(N, N), Symbol("D", frozenset({"diagonal"}))),
    "O": (shape(N, N), Symbol("O", frozenset({"orthogonal"}))),
    "h": (shape(N, ONE), Symbol("h", frozenset({"one_hot"}))),
    "p": (shape(N, ONE), Symbol("p", frozenset({"positive"}))),
    "q": (SCALAR, Symbol("q", frozenset({"positive"}))),
    "v": (SCALAR, Symbol("v", values=(Fraction(-1), Fraction(1)))),
}


@dataclass
class Wide(Draw):
    """The draw of :mod:`tests.formulas` with quotients, logarithms and roots that textbooks have."""

    def formula(self, result: Shape, depth: int) -> Node:
        if depth > 0 and self.rng.random() < 0.12:
            fitting = [build for fits, build in TEXTBOOK if fits(result)]
            return self.rng.choice(fitting)(self, result, depth - 1)
        return super().formula(result, depth)

    def divisor(self, depth: int) -> Node:
        """Something positive to divide by, a norm or 1 + e²."""
        kind = self.rng.random()
        if kind < 0.3:
            return nodes.unary("norm", self.formula(self.any_shape(), depth))
        if kind < 0.6:
            body = self.formula(shape(N, ONE), depth)
            return nodes.mul([nodes.transpose(body), assumed("C"), body])
        return self.positive(SCALAR, depth)


def assumed(name: str) -> Node:
    given, known = ASSUMED[name]
    return nodes.sym(known, given)


def _quotient(draw: Wide, result: Shape, depth: int) -> Node:
    return nodes.mul([draw.formula(result, depth), nodes.power(draw.divisor(depth), -1)])


def _root(draw: Wide, result: Shape, depth: int) -> Node:
    return nodes.power(draw.divisor(depth), Fraction(1, 2))


def _gram(draw: Wide, depth: int) -> Node:
    """EᵀE + C, positive definite."""
    body = draw.formula(shape(M, N), depth)
    return nodes.add([nodes.mul([nodes.transpose(body), body]), assumed("C")])


def _logarithm(draw: Wide, result: Shape, depth: int) -> Node:
    kind = draw.rng.random()
    if kind < 0.4:
        return nodes.fn("log", nodes.unary("det", _gram(draw, depth)))
    if kind < 0.7:
        return nodes.fn("log", nodes.unary("sum", nodes.fn("exp", draw.formula(shape(N, ONE), depth))))
    inside = draw.formula(SCALAR, depth)
    return nodes.fn("log", nodes.add([nodes.num(1), nodes.fn("exp", inside)]))


def _inverted(draw: Wide, result: Shape, depth: int) -> Node:
    return nodes.unary("inv", _gram(draw, depth))


def _residual(draw: Wide, result: Shape, depth: int) -> Node:
    """‖z - Xe‖² or (z - Xe)ᵀ(z - Xe)."""
    model = nodes.mul([nodes.num(-1), nodes.mul([symbol("X"), draw.formula(shape(N, ONE), depth)])])
    rest = nodes.add([symbol("z"), model])
    squared = nodes.mul([nodes.transpose(rest), rest])
    return squared if draw.rng.random() < 0.5 else nodes.unary("normsq", rest)


def _quadratic(draw: Wide, result: Shape, depth: int) -> Node:
    body = draw.formula(shape(N, ONE), depth)
    return nodes.mul([nodes.transpose(body), assumed(draw.rng.choice("SCD")), body])


Fits = Callable[[Shape], bool]
TEXTBOOK: tuple[tuple[Fits, Callable[[Wide, Shape, int], Node]], ...] = (
    (lambda given: True, _quotient),
    (lambda given: given is SCALAR, _root),
    (lambda given: given is SCALAR, _logarithm),
    (lambda given: given is SCALAR, _residual),
    (lambda given: given is SCALAR, _quadratic),
    (lambda given: given is shape(N, N), _inverted),
)


@dataclass(frozen=True)
class Problem:
    """A function of one variable, and what is asked for."""

    function: Function
    task: str


def random_problem(seed: int) -> Problem | None:
    """The problem of this seed; None where the formula drawn is a constant. Call it inside a workspace."""
    rng = Random(seed)
    result = rng.choice([SCALAR] * 7 + [shape(N, ONE)] * 2 + [shape(M, N), shape(N, N)][: rng.choice([1, 2])])
    operators = ALL - {"expm"} if rng.random() < 0.9 else ALL  # docgen refuses most of them, and says so
    operators = operators - {"zeros"} if rng.random() < 0.9 else operators
    drawn = Wide(rng, operators, symbols={name: assumed(name) for name in ASSUMED})
    formula = drawn.formula(result, rng.choice([1, 2, 2, 2, 3]))
    choices = sorted(formula.free - set(MEMBERS) - {"v"})  # 1 and -1 are not the values of a variable
    if not choices:
        return None
    name = rng.choice(choices)
    variable = assumed(name) if name in ASSUMED else symbol(name)
    if formula.is_scalar:
        task = "hessian" if rng.random() < 0.12 else "gradient"
    else:
        task = "jacobian" if result.kind == "vector" or rng.random() < 0.5 else "differential"
    seen = {node.data.name: node for node in nodes.walk(formula) if node.op == "sym"}
    return Problem(Function("f", formula, variable, tuple({**seen, name: variable}.values())), task)


def values_for(rng: np.random.Generator) -> dict[str, Array]:
    """Values that respect the assumptions."""
    known = {name: 0.7 * value for name, value in random_values(rng).items()}
    n = SIZES["n"]
    free = rng.normal(size=(n, n))
    known["S"] = (free + free.T) / 2
    known["C"] = free @ free.T / n + np.eye(n) / 2
    known["D"] = np.diag(rng.normal(size=n))
    known["O"] = np.linalg.qr(rng.normal(size=(n, n)))[0]
    known["h"] = np.eye(n)[:, [rng.integers(n)]]
    known["p"] = rng.uniform(0.3, 1.5, size=(n, 1))
    known["q"] = rng.uniform(0.3, 1.5, size=(1, 1))
    known["v"] = rng.choice([-1.0, 1.0], size=(1, 1))
    return known


def declaration() -> Declarations:
    """Every symbol that a problem may have, as a user declares it."""
    said: dict[str, object] = {name: sorted(known.assumptions) for name, (_, known) in ASSUMED.items() if name != "v"}
    return declare(SHAPES | MEMBERS | {name: given for name, (given, _) in ASSUMED.items()}, said | {"v": "in {-1, 1}"})
