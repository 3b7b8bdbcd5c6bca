"""Scalar functions, applied entry by entry: one row each.

A row gives the LaTeX name, the NumPy source (``{}`` is the argument), and the derivative as a formula in the argument
``u``, written with the functions of this table. The derivatives are those of any calculus text (DLMF 4.7, 4.20, 4.34).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from docgen.algebra.node import Node, add, fn, had, mul, num, ones, power

Build = Callable[[Node], Node]


@dataclass(frozen=True, slots=True)
class Function:
    """A scalar function.

    ``latex`` is the operator as printed; ``numpy`` its source; ``derivative`` builds f'(u) from u, or is None where it
    is known only through SymPy. ``plain`` lists other names it may be typed by. ``value`` builds the function from the
    others of this table, so that it can be evaluated; None where the evaluator knows it by itself.
    """

    latex: str
    numpy: str
    derivative: Build
    plain: tuple[str, ...] = ()
    value: Build | None = None


def _one(u: Node) -> Node:
    return ones(u.shape)


def _minus(u: Node) -> Node:
    return mul([num(-1), u])


def _times(a: Node, b: Node) -> Node:
    return mul([a, b]) if a.is_scalar else had([a, b])


#: Every scalar function that may be typed.
FUNCTIONS: dict[str, Function] = {
    "exp": Function(r"\exp", "np.exp({})", lambda u: fn("exp", u)),
    "log": Function(r"\log", "np.log({})", lambda u: power(u, -1), ("ln",)),
    "sin": Function(r"\sin", "np.sin({})", lambda u: fn("cos", u)),
    "cos": Function(r"\cos", "np.cos({})", lambda u: _minus(fn("sin", u))),
    "tan": Function(r"\tan", "np.tan({})", lambda u: add([_one(u), power(fn("tan", u), 2)])),
    "sinh": Function(r"\sinh", "np.sinh({})", lambda u: fn("cosh", u)),
    "cosh": Function(r"\cosh", "np.cosh({})", lambda u: fn("sinh", u)),
    "tanh": Function(r"\tanh", "np.tanh({})", lambda u: add([_one(u), _minus(power(fn("tanh", u), 2))])),
    "arctan": Function(r"\arctan", "np.arctan({})", lambda u: power(add([_one(u), power(u, 2)]), -1), ("atan",)),
    "sigma": Function(
        r"\sigma",
        "(1 / (1 + np.exp(-({}))))",
        lambda u: _times(fn("sigma", u), add([_one(u), _minus(fn("sigma", u))])),
        ("sigmoid",),
    ),
    "relu": Function(r"\operatorname{relu}", "np.maximum({}, 0)", lambda u: fn("step", u)),
    "abs": Function(r"\operatorname{abs}", "np.abs({})", lambda u: fn("sign", u)),
    "sign": Function(r"\operatorname{sign}", "np.sign({})", lambda u: mul([num(0), _one(u)])),
    "step": Function(r"\operatorname{step}", "np.heaviside({}, 0)", lambda u: mul([num(0), _one(u)])),
}

#: The functions by every name they may be typed by.
SPELLED: dict[str, str] = {alias: name for name, f in FUNCTIONS.items() for alias in (name, *f.plain)}


def written_out(node: Node) -> Node | None:
    """The same value written with other functions, where the row of a function says how; None otherwise."""
    if node.op != "fn":
        return None
    value = FUNCTIONS[node.data].value
    if value is None:
        return None
    found: Node | None = node.memo.get("meaning")
    if found is None:
        found = node.memo["meaning"] = value(node.args[0])
    return found
