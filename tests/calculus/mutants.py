"""Planted errors: one place of a formula changed, and by plain numbers whether the change matters."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from docgen.algebra.node import Node, fn, mul, num, power, rebuild, replace, sym, transpose, unary, walk
from docgen.algebra.node import Symbol as NodeSymbol
from docgen.algebra.sizes import SCALAR, Shape
from docgen.errors import ShapeError
from tests.formulas import value

Array = np.ndarray[Any, Any]
SIZES = {"n": 4, "m": 3, "k": 2}

#: A function that is easily taken for another.
CONFUSED = {"exp": "sinh", "tanh": "sinh", "sigma": "tanh", "log": "arctan", "sin": "cos", "cos": "sin", "abs": "relu"}


def mutants(expression: Node) -> Iterator[Node]:
    """Every expression of the same shape that differs from this one by one mistake of a known kind."""
    for node in list(walk(expression)):
        for wrong in _mistakes(node):
            if wrong is not node and wrong.shape is node.shape:
                yield _changed(expression, node, wrong)


def _changed(expression: Node, node: Node, wrong: Node) -> Node:
    marker = sym(NodeSymbol("mutant place"), node.shape)  # the wrong node may contain the right one
    return replace(replace(expression, node, marker), marker, wrong)


def _mistakes(node: Node) -> Iterator[Node]:
    args = list(node.args)
    yield mul([num(2), node])  # a factor
    yield mul([num(-1), node])  # a sign
    if node.op == "T" and args[0].shape is node.shape:  # a transpose dropped, or one too many
        yield args[0]
    elif node.shape.kind == "matrix" and node.shape.rows is node.shape.cols:
        yield transpose(node)
    if node.op in ("add", "mul", "had") and len(args) > 1:
        for i in range(len(args)):  # a term or a factor forgotten
            yield from _built(node, args[:i] + args[i + 1 :])
    if node.op == "mul":
        for i in range(len(args) - 1):  # the order of two factors
            if SCALAR not in (args[i].shape, args[i + 1].shape):
                yield from _built(node, [*args[:i], args[i + 1], args[i], *args[i + 2 :]])
    if node.op == "pow":
        for exponent in (node.data + 1, -node.data, node.data * Fraction(1, 2)):
            yield power(args[0], exponent)
    if node.op == "fn" and node.data in CONFUSED:
        yield fn(CONFUSED[node.data], args[0])
    if node.op in ("inv", "mpow", "fn"):
        yield args[0]
    if node.op == "normsq":
        yield unary("norm", args[0])


def _built(node: Node, args: list[Node]) -> Iterator[Node]:
    try:
        yield rebuild(node, args) if len(args) > 1 else args[0]
    except ShapeError:
        return


class Numbers:
    """Random numbers for the symbols of a formula, and differentials by central differences."""

    def __init__(self, formula: Node, variable: Node, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self.variable = variable
        self.values: dict[str, Array] = {}
        for node in (*walk(formula), variable):
            if node.op == "sym" and node.data.name not in self.values:
                self.values[node.data.name] = self._drawn(node.data, node.shape)
        self.step = self._normal(variable.shape)

    def _normal(self, given: Shape, count: int = 0) -> Array:
        entries = (given.rows.value(SIZES), given.cols.value(SIZES))
        return self._rng.normal(size=(count, *entries) if count else entries)

    def _drawn(self, symbol: NodeSymbol, given: Shape) -> Array:
        if symbol.index is not None:
            return self._normal(given, SIZES["m"])
        array = self._normal(given)
        if "positive_definite" in symbol.assumptions:
            return array @ array.T + np.eye(len(array))
        return array + array.T if "symmetric" in symbol.assumptions else array

    def value(self, expression: Node, sample: int = 0) -> Array:
        """The value, with differentials along the step."""
        at = self._summed(expression)
        known = dict(self.values)
        for number, node in enumerate([n for n in walk(at) if n.op == "d"]):
            stand_in = sym(NodeSymbol(f"differential {number}"), node.shape)
            known[stand_in.data.name] = self.slope(node.args[0], sample)
            at = replace(at, node, stand_in)
        with np.errstate(all="ignore"):
            return value(at, known, SIZES, sample)

    def _summed(self, expression: Node) -> Node:
        """Sums over samples with differentials inside, worked out term by term."""
        for number, node in enumerate([n for n in walk(expression) if n.op == "total"]):
            stand_in = sym(NodeSymbol(f"total {number}"), node.shape)
            count = node.data.count.value(SIZES)
            self.values[stand_in.data.name] = sum((self.value(node.args[0], i) for i in range(count)), np.zeros(1))
            expression = replace(expression, node, stand_in)
        return expression

    def slope(self, node: Node, sample: int = 0) -> Array:
        """The directional derivative along the step."""
        name, h = self.variable.data.name, 1e-5
        here = self.values[name]
        if node is self.variable:
            return self.step
        with np.errstate(all="ignore"):
            there, back = (value(node, self.values | {name: here + s * self.step}, SIZES, sample) for s in (h, -h))
        return (there - back) / (2 * h)

    def along(self, derivative: Node, scalar: bool) -> Array:
        """What a gradient or a Jacobian gives along the step."""
        array = self.value(derivative)
        if scalar:
            return np.sum(array * self.step).reshape(1, 1)
        return array @ self.step.reshape(-1, 1, order="F")


def error(got: Array, want: Array) -> float:
    """The relative difference; NaN where the numbers are not finite."""
    return float(
        np.max(np.abs(got.reshape(-1, order="F") - want.reshape(-1, order="F"))) / (1e-3 + np.max(np.abs(want)))
    )


def claimed(numbers: Numbers, claim: str, expression: Node, about: Node) -> float:
    """How far an expression is from being what it claims of ``about``."""
    if claim == "derivative":
        return error(numbers.along(expression, about.is_scalar), numbers.slope(about))
    return error(numbers.value(expression), numbers.slope(about))
