"""A verdict on an answer by plain numbers: no part of docgen but its NumPy source is trusted.

The truth is the derivative of the typed formula, evaluated by :func:`tests.formulas.value` with a complex step; for a
Hessian, central differences of such gradients. How far rounding may carry both is found by moving the point a little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from docgen.algebra.node import Node
from docgen.algebra.numpy_code import names, numpy_code
from docgen.calculus.derivation import Function
from tests.engine.problems import values_for
from tests.formulas import SIZES, exponential, value

Array = np.ndarray[Any, Any]
Values = dict[str, Array]
STEP = 1e-30
POINTS = 8


@dataclass(frozen=True)
class Verdict:
    """``right``, ``wrong`` or ``undefined`` (no point where the formula has a value that rounding leaves alone)."""

    word: str
    detail: str = ""


def slope(formula: Node, name: str, values: Values, direction: Array) -> Array:
    """The directional derivative, by a complex step."""
    moved = values | {name: values[name] + 1j * STEP * direction}
    return np.asarray(value(formula, moved, SIZES).imag / STEP)


def units(like: Array) -> list[Array]:
    """The unit directions of a variable, column by column as vec stacks them."""
    found = []
    for j in range(like.shape[1]):
        for i in range(like.shape[0]):
            unit = np.zeros(like.shape)
            unit[i, j] = 1.0
            found.append(unit)
    return found


def derivative(formula: Node, name: str, values: Values) -> Array:
    """The derivative in the mixed layout: of a scalar in the variable's shape, else ∂ vec f / ∂ vec x."""
    x = values[name]
    columns = [slope(formula, name, values, unit) for unit in units(x)]
    if columns[0].size == 1:
        return np.array([float(c[0, 0]) for c in columns]).reshape(x.shape, order="F")
    if x.size == 1:
        return columns[0]
    return np.column_stack([c.reshape(-1, order="F") for c in columns])


def hessian(formula: Node, name: str, values: Values, step: float = 1e-3) -> Array:
    """Central differences of the gradient, of order four."""
    x = values[name]
    columns = []
    for unit in units(x):
        at = [derivative(formula, name, values | {name: x + k * step * unit}) for k in (-2, -1, 1, 2)]
        change = (at[0] - 8 * at[1] + 8 * at[2] - at[3]) / (12 * step)
        columns.append(change.reshape(-1, order="F"))
    return np.column_stack(columns)


def source(function: Function, answer: Node) -> Any:
    """The answer as a function of the values, from its NumPy source."""
    known = names(function.symbols, SIZES)
    code = numpy_code(answer, known, function.variable.data.name)
    compiled = compile(code, "answer", "eval")

    def call(values: Values, increment: Array | None = None) -> Array:
        given: dict[str, Any] = {"np": np, "expm": exponential, **SIZES}
        for spelled, name in known.items():
            one = values[spelled]
            given[name] = one.reshape(len(one)) if one.ndim == 3 and one.shape[1:] == (1, 1) else one
            if one.shape == (1, 1):
                given[name] = float(one[0, 0])
        if increment is not None:
            step = float(increment[0, 0]) if increment.shape == (1, 1) else increment
            given["d_" + known[function.variable.data.name]] = step
        return np.atleast_2d(np.asarray(eval(compiled, given), dtype=float))

    return call


def judge(function: Function, task: str, answer: Node, seed: int) -> Verdict:
    """Whether the answer is the derivative, at two points at least."""
    formula, name = function.formula, function.variable.data.name
    given = source(function, answer)
    agreed = 0
    worst = ""
    wrong = 0
    for attempt in range(POINTS):
        rng = np.random.default_rng([seed, attempt])
        values = values_for(rng)
        direction = rng.normal(size=values[name].shape)

        def truth(at: Values, along: Array = direction) -> Array:
            if task == "differential":
                return slope(formula, name, at, along)
            return hessian(formula, name, at) if task == "hessian" else derivative(formula, name, at)

        def found(at: Values, along: Array = direction) -> Array:
            return given(at, along if task == "differential" else None)

        with np.errstate(all="ignore"):
            try:
                if not np.all(np.isfinite(value(formula, values, SIZES))):
                    continue
                right, ours = truth(values), found(values)
                if right.shape != ours.shape:
                    return Verdict("wrong", f"shape {ours.shape} for {right.shape}")
                near = {k: v * (1 + 1e-11 * rng.normal(size=v.shape)) for k, v in values.items()}
                for kept in ("S", "C"):
                    near[kept] = (near[kept] + near[kept].T) / 2
                near["v"] = values["v"]
                noise = np.abs(found(near) - ours).max()
                if task == "hessian":  # what differences lose by their step, and by the size of the numbers
                    noise += np.abs(hessian(formula, name, values, 2e-3) - right).max()
                    noise += 1e-11 * np.abs(derivative(formula, name, values)).max()
                    noise += 1e-12 * np.abs(value(formula, values, SIZES)).max()
                else:
                    noise += np.abs(truth(near) - right).max()
            except np.linalg.LinAlgError:
                continue
        gap = np.abs(right - ours).max()
        scale = max(np.abs(right).max(), np.abs(ours).max())
        bound = (1e-5 if task == "hessian" else 1e-9) * scale + 30 * noise + 1e-14
        usable = bound <= 0.01 * scale + 1e-8
        if not np.isfinite(gap) or not usable:
            continue
        if gap <= bound:
            agreed += 1
        else:
            wrong += 1
            worst = f"off by {gap:.3g} of {scale:.3g}"
        if max(agreed, wrong) >= 2:
            break
    if wrong and (wrong > 1 or not agreed):
        return Verdict("wrong", worst)
    return Verdict("right" if agreed else "undefined")


__all__ = ["Verdict", "derivative", "hessian", "judge", "slope", "source"]
