"""Scalar functions, applied entry by entry: one row each.

A row gives the LaTeX name, the NumPy source (``{}`` is the argument), and the derivative as a formula in the argument
``u``, written with the functions of this table. The derivatives are those of any calculus text (DLMF 4.7, 4.20, 4.34).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from docgen.algebra.node import Node, add, const, fn, had, mul, num, ones, power

Build = Callable[[Node], Node]


@dataclass(frozen=True, slots=True)
class Function:
    """A scalar function.

    ``latex`` is the operator as printed; ``numpy`` its source; ``derivative`` builds f'(u) from u. ``plain`` lists
    other names it may be typed by. ``value`` builds the function from the others of this table, so that it can be
    evaluated; None where the evaluator knows it by itself. ``sympy`` is what SymPy calls it, with ``t`` for the
    argument, where that is another name; ``mpmath`` is the source by which long decimals are found, for functions that
    nothing else here evaluates.
    """

    latex: str
    numpy: str
    derivative: Build
    plain: tuple[str, ...] = ()
    value: Build | None = None
    sympy: str = ""
    mpmath: str = ""


def _one(u: Node) -> Node:
    return ones(u.shape)


def _minus(u: Node) -> Node:
    return mul([num(-1), u])


def _times(a: Node, b: Node) -> Node:
    return mul([a, b]) if a.is_scalar else had([a, b])


def _plus(*terms: Node) -> Node:
    return add(list(terms))


def _root(u: Node) -> Node:
    return power(u, Fraction(1, 2))


def _special(latex: str, sympy: str, mpmath: str, *plain: str) -> Function:
    """A function of analysis that is no formula in others: its derivative is taken by SymPy, its values by mpmath."""

    def derivative(u: Node) -> Node:
        from docgen.algebra.sympy_derivative import derivative_of

        return derivative_of(sympy, u)

    # np.vectorize takes the kind of number from its argument, so that complex steps work as well.
    values = f'lambda t: __import__("mpmath").{mpmath}'
    source = f"(lambda u: np.vectorize({values}, otypes=[np.result_type(u, 1.0)])(u))({{}})"
    return Function(rf"\operatorname{{{latex}}}", source, derivative, plain, sympy=sympy, mpmath=mpmath)


#: Every scalar function that may be typed.
FUNCTIONS: dict[str, Function] = {
    "exp": Function(r"\exp", "np.exp({})", lambda u: fn("exp", u)),
    "log": Function(r"\log", "np.log({})", lambda u: power(u, -1), ("ln",)),
    "sin": Function(r"\sin", "np.sin({})", lambda u: fn("cos", u)),
    "cos": Function(r"\cos", "np.cos({})", lambda u: _minus(fn("sin", u))),
    "tan": Function(r"\tan", "np.tan({})", lambda u: _plus(_one(u), power(fn("tan", u), 2)), ("tg",)),
    "sinh": Function(r"\sinh", "np.sinh({})", lambda u: fn("cosh", u)),
    "cosh": Function(r"\cosh", "np.cosh({})", lambda u: fn("sinh", u)),
    "tanh": Function(r"\tanh", "np.tanh({})", lambda u: _plus(_one(u), _minus(power(fn("tanh", u), 2)))),
    "arctan": Function(
        r"\arctan",
        "np.arctan({})",
        lambda u: power(_plus(_one(u), power(u, 2)), -1),
        ("atan", "arctg"),
        sympy="atan(t)",
    ),
    "sigma": Function(
        r"\sigma",
        "(1 / (1 + np.exp(-({}))))",
        lambda u: _times(fn("sigma", u), _plus(_one(u), _minus(fn("sigma", u)))),
        ("sigmoid",),
        sympy="1/(1 + exp(-t))",
    ),
    "relu": Function(
        r"\operatorname{relu}", "np.maximum({}, 0)", lambda u: fn("step", u), ("ReLU",), sympy="Max(0, t)"
    ),
    "abs": Function(r"\operatorname{abs}", "np.abs({})", lambda u: fn("sign", u), sympy="Abs(t)"),
    "sign": Function(r"\operatorname{sign}", "np.sign({})", lambda u: mul([num(0), _one(u)]), ("sgn",)),
    "step": Function(
        r"\operatorname{step}",
        "np.heaviside({}, 0)",
        lambda u: mul([num(0), _one(u)]),
        sympy="Heaviside(t, 0)",
    ),
    # ---- written with the functions above (DLMF 4.14, 4.23, 4.28, 4.37)
    "cot": Function(
        r"\cot",
        "(1 / np.tan({}))",
        lambda u: _minus(_plus(_one(u), power(fn("cot", u), 2))),
        value=lambda u: power(fn("tan", u), -1),
    ),
    "sec": Function(
        r"\sec",
        "(1 / np.cos({}))",
        lambda u: _times(fn("sec", u), fn("tan", u)),
        value=lambda u: power(fn("cos", u), -1),
    ),
    "csc": Function(
        r"\csc",
        "(1 / np.sin({}))",
        lambda u: _minus(_times(fn("csc", u), fn("cot", u))),
        value=lambda u: power(fn("sin", u), -1),
    ),
    "coth": Function(
        r"\coth",
        "(1 / np.tanh({}))",
        lambda u: _plus(_one(u), _minus(power(fn("coth", u), 2))),
        value=lambda u: power(fn("tanh", u), -1),
    ),
    "sech": Function(
        r"\operatorname{sech}",
        "(1 / np.cosh({}))",
        lambda u: _minus(_times(fn("sech", u), fn("tanh", u))),
        value=lambda u: power(fn("cosh", u), -1),
    ),
    "csch": Function(
        r"\operatorname{csch}",
        "(1 / np.sinh({}))",
        lambda u: _minus(_times(fn("csch", u), fn("coth", u))),
        value=lambda u: power(fn("sinh", u), -1),
    ),
    "arcsin": Function(
        r"\arcsin",
        "np.arcsin({})",
        lambda u: power(_plus(_one(u), _minus(power(u, 2))), Fraction(-1, 2)),
        ("asin",),
        lambda u: fn("arctan", _times(u, power(_plus(_one(u), _minus(power(u, 2))), Fraction(-1, 2)))),
        sympy="asin(t)",
    ),
    "arccos": Function(
        r"\arccos",
        "np.arccos({})",
        lambda u: _minus(power(_plus(_one(u), _minus(power(u, 2))), Fraction(-1, 2))),
        ("acos",),
        lambda u: _plus(mul([num(Fraction(1, 2)), const("pi"), _one(u)]), _minus(fn("arcsin", u))),
        sympy="acos(t)",
    ),
    "arsinh": Function(
        r"\operatorname{arsinh}",
        "np.arcsinh({})",
        lambda u: power(_plus(_one(u), power(u, 2)), Fraction(-1, 2)),
        ("asinh", "arcsinh"),
        lambda u: fn("log", _plus(u, _root(_plus(_one(u), power(u, 2))))),
        sympy="asinh(t)",
    ),
    "arcosh": Function(
        r"\operatorname{arcosh}",
        "np.arccosh({})",
        lambda u: power(_plus(power(u, 2), _minus(_one(u))), Fraction(-1, 2)),
        ("acosh", "arccosh"),
        lambda u: fn("log", _plus(u, _root(_plus(power(u, 2), _minus(_one(u)))))),
        sympy="acosh(t)",
    ),
    "artanh": Function(
        r"\operatorname{artanh}",
        "np.arctanh({})",
        lambda u: power(_plus(_one(u), _minus(power(u, 2))), -1),
        ("atanh", "arctanh"),
        lambda u: mul(
            [num(Fraction(1, 2)), _plus(fn("log", _plus(_one(u), u)), _minus(fn("log", _plus(_one(u), _minus(u)))))]
        ),
        sympy="atanh(t)",
    ),
    "softplus": Function(
        r"\operatorname{softplus}",
        "np.log(1 + np.exp({}))",
        lambda u: fn("sigma", u),
        value=lambda u: fn("log", _plus(_one(u), fn("exp", u))),
        sympy="log(1 + exp(t))",
    ),
    # ---- functions that SymPy differentiates
    "erf": _special("erf", "erf(t)", "erf(t)"),
    "erfc": _special("erfc", "erfc(t)", "erfc(t)"),
    "erfi": _special("erfi", "erfi(t)", "erfi(t)"),
    "loggamma": _special("loggamma", "loggamma(t)", "loggamma(t)", "lgamma", "gammaln", "lnGamma"),
    "Gamma": replace(_special("", "gamma(t)", "gamma(t)", "tgamma"), latex=r"\Gamma"),
    "digamma": _special("digamma", "polygamma(0, t)", "psi(0, t)"),
    "trigamma": _special("trigamma", "polygamma(1, t)", "psi(1, t)"),
    "tetragamma": _special("tetragamma", "polygamma(2, t)", "psi(2, t)"),
    "Si": _special("Si", "Si(t)", "si(t)"),
    "Ci": _special("Ci", "Ci(t)", "ci(t)"),
    "Shi": _special("Shi", "Shi(t)", "shi(t)"),
    "Chi": _special("Chi", "Chi(t)", "chi(t)"),
    "Ei": _special("Ei", "Ei(t)", "ei(t)"),
    "fresnels": _special("fresnels", "fresnels(t)", "fresnels(t)"),
    "fresnelc": _special("fresnelc", "fresnelc(t)", "fresnelc(t)"),
    "airyai": _special("airyai", "airyai(t)", "airyai(t)"),
    "airybi": _special("airybi", "airybi(t)", "airybi(t)"),
    "airyaiprime": _special("airyaiprime", "airyaiprime(t)", "airyai(t, derivative=1)"),
    "airybiprime": _special("airybiprime", "airybiprime(t)", "airybi(t, derivative=1)"),
    "LambertW": _special("LambertW", "LambertW(t)", "lambertw(t)"),
    "besselj0": _special("besselj0", "besselj(0, t)", "besselj(0, t)"),
    "besselj1": replace(  # SymPy's derivative is J₀/2 - J₂/2 (DLMF 10.6.1, 10.6.2)
        _special("besselj1", "besselj(1, t)", "besselj(1, t)"),
        derivative=lambda u: _plus(fn("besselj0", u), _minus(_times(fn("besselj1", u), power(u, -1)))),
    ),
}

#: The functions by every name they may be typed by.
SPELLED: dict[str, str] = {alias: name for name, f in FUNCTIONS.items() for alias in (name, *f.plain)}


def in_other_functions(node: Node) -> Node | None:
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


def sympy_form(name: str) -> str:
    """What SymPy calls a function of this table, as a formula in ``t``."""
    return FUNCTIONS[name].sympy or f"{name}(t)"


def by_sympy_name(spelled: str) -> str | None:
    """The function that SymPy calls so (a formula in ``t``); None where it is not in this table."""
    return next((name for name in FUNCTIONS if sympy_form(name) == spelled), None)
