"""The ring of last resort: long decimals, for what has no point modulo a prime power."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext
from fractions import Fraction
from functools import cache, partial
from typing import Any

from docgen.algebra.functions import FUNCTIONS
from docgen.algebra.rings import Draw, Inadmissible, Number, Ring, Scalar


class _NoModulus:
    """What decimals are reduced by: x % NO_MODULUS is x, so that one code serves both kinds of ring."""

    def __rmod__(self, value: Number) -> Number:
        return value


class Reals(Ring):
    """Decimals of 110 digits with increments of size 10⁻³⁰; equal means equal to 18 digits."""

    name = "REAL"
    exact = False
    depth = 2
    modulus = _NoModulus()
    _step = Decimal(10) ** -30
    _tiny = Decimal(10) ** -25
    _tolerance = Decimal(10) ** -18
    _context = Context(prec=110, Emax=10**6, Emin=-(10**6), traps=[DivisionByZero, InvalidOperation, Overflow])

    def __init__(self) -> None:
        functions: dict[str, Callable[[Decimal], Decimal]] = {
            "exp": _exp,
            "log": _log,
            "sin": _sin,
            "cos": _cos,
            "tan": lambda v: _sin(v) / _cos(v),
            "arctan": _arctan,
            "sigma": lambda v: 1 / (1 + _exp(-v)),
            "cosh": lambda v: (_exp(v) + _exp(-v)) / 2,
            "sinh": lambda v: (_exp(v) - _exp(-v)) / 2,
            "tanh": lambda v: 1 - 2 / (_exp(2 * v) + 1),
            **{name: partial(_special, f.mpmath) for name, f in FUNCTIONS.items() if f.mpmath},
        }
        self.scalars = {name: _as_scalar(function) for name, function in functions.items()}

    def scope(self) -> AbstractContextManager[object]:
        return localcontext(self._context)

    def draw(self, draw: Draw, positive: bool | None) -> Decimal:
        bits = draw.bits()
        size = Decimal(bits >> 1) / Decimal(2**63) + Decimal("0.2")
        return -size if positive is False or (positive is None and bits & 1) else size

    def rational(self, value: Fraction) -> Number:
        return value.numerator if value.denominator == 1 else Decimal(value.numerator) / Decimal(value.denominator)

    def constant(self, name: str) -> Decimal:
        return _exp(Decimal(1)) if name == "e" else 4 * _arctan(Decimal(1))

    def unit(self, candidates: Sequence[Number]) -> int | None:
        best = max(range(len(candidates)), key=lambda i: abs(candidates[i]))
        return best if abs(candidates[best]) > self._tiny else None

    def inverse(self, value: Number) -> Decimal:
        if abs(value) < self._tiny:
            raise Inadmissible("inverse")
        return 1 / Decimal(value)

    def power(self, value: Number, exponent: Fraction) -> Number:
        if exponent.denominator == 1:
            whole = value if exponent > 0 else self.inverse(value) if exponent < 0 else 1
            return whole ** abs(exponent.numerator) if exponent else 1
        if abs(value) < self._tiny:
            raise Inadmissible("inverse")
        if value < 0:
            raise Inadmissible("sign")
        return Decimal(value) ** (Decimal(exponent.numerator) / Decimal(exponent.denominator))

    def sign(self, value: Number) -> int:
        if abs(value) < self._tiny:
            raise Inadmissible("inverse")
        return 1 if value > 0 else -1

    def beside(self, value: Number, direction: Number) -> Number:
        return value + self._step * direction

    def slope(self, here: Number, there: Number) -> Number:
        return (there - here) / self._step

    def same(self, left: Sequence[Number], right: Sequence[Number]) -> bool:
        scale = max((abs(v) for row in (left, right) for v in row), default=0)
        return all(abs(a - b) <= self._tolerance * (1 + scale) for a, b in zip(left, right, strict=True))


def _as_scalar(function: Callable[[Decimal], Decimal]) -> Scalar:
    """A function as a ring has it: decimals are evaluated at the second number, without the first."""
    return lambda _, v: function(Decimal(v))


@cache
def _mpmath() -> Any:
    """A context of mpmath with digits to spare."""
    from mpmath import MPContext

    context = MPContext()
    context.dps = 125
    return context


@cache
def _function(source: str) -> Callable[[Any], Any]:
    """The function of mpmath that a row of the table of functions names; the text is never a user's."""
    function: Callable[[Any], Any] = eval(f"lambda t: mpmath.{source}", {"mpmath": _mpmath()})
    return function


def _special(source: str, v: Decimal) -> Decimal:
    context = _mpmath()
    try:
        found = _function(source)(context.mpf(str(v)))
    except (ValueError, ZeroDivisionError, OverflowError):
        raise Inadmissible("sign") from None
    if not context.isfinite(found) or context.im(found):
        raise Inadmissible("sign")
    return Decimal(context.nstr(context.re(found), 120, strip_zeros=False))


def _exp(v: Decimal) -> Decimal:
    if abs(v) > 10_000:  # far outside what a textbook formula reaches at a small point; would take for ever
        raise Inadmissible("sign")
    return v.exp()


def _log(v: Decimal) -> Decimal:
    if v <= 0:
        raise Inadmissible("sign")
    return v.ln()


def _terms(first: Decimal, ratio: Callable[[int], Decimal]) -> Iterator[Decimal]:
    """first, first·ratio(1), first·ratio(1)·ratio(2), ... until they no longer count."""
    n, term = 0, first
    while abs(term) > Decimal(10) ** -115:
        yield term
        n += 1
        term *= ratio(n)


def _sin(v: Decimal) -> Decimal:
    if abs(v) > 100:
        raise Inadmissible("sign")
    if abs(v) > 1:  # sin 3a = 3 sin a - 4 sin³ a keeps the alternating series short
        third = _sin(v / 3)
        return 3 * third - 4 * third**3
    return sum(_terms(v, lambda n: -v * v / ((2 * n) * (2 * n + 1))), Decimal(0))


def _cos(v: Decimal) -> Decimal:
    return 1 - 2 * _sin(v / 2) ** 2


def _arctan(v: Decimal) -> Decimal:
    if abs(v) > Decimal("0.1"):  # arctan v = 2 arctan(v / (1 + sqrt(1 + v²)))
        return 2 * _arctan(v / (1 + (1 + v * v).sqrt()))
    return sum((term / (2 * n + 1) for n, term in enumerate(_terms(v, lambda n: -v * v))), Decimal(0))
