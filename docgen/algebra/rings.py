"""The number systems in which formulas are evaluated: integers modulo a prime power, and long decimals.

A derivation is proved at two neighbouring points X and X' = X + h dX. In Z/p^N with h = p^k the quotient
(e(X') - e(X))/h is *exactly* the differential of e modulo p^k, because the second-order terms carry h². No rule of
differentiation takes part.

Three systems are used, the first that knows every function of a formula:

* ``ALGEBRAIC``: p of 61 bits, N = 2, k = 1. Rational operations, roots, absolute values; sin, cos, tan and arctan
  as opaque values.
* ``ANALYTIC``: p of 31 bits, N = 18, k = 8, compared modulo p^7. Adds exp and log and what is written through them.
* ``REAL``: decimals of 110 digits, h = 10⁻³⁰. Not a proof but a very sharp test; used where the other two have no point
  (1/tanh t, since every exponential is 1 modulo p) and for the matrix exponential.

*Positive* means *quadratic residue*. Both primes are p = 2q + 1 with q prime and p ≡ 7 mod 8: -1 is then not a residue,
so exactly one of u and -u is positive, every square has exactly one positive root, and u^(a/b) obeys all power laws.
All small primes (to 61 and 73) are residues, so that small integers count as positive. The primes were found by
counting down from 2³¹ and 2⁶¹ in steps of 24 until all of this held (SymPy's ``isprime``, Legendre symbols).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from fractions import Fraction
from functools import cache
from typing import Any

from docgen.algebra.series import Series, doubling

#: An element of a ring: an int modulo p^N, or a Decimal (exact small integers may stay ints there).
Number = Any


class Inadmissible(Exception):
    """The formula has no value at this point; another point may do. ``why`` is ``inverse`` or ``sign``.

    ``inverse``: a division by zero or a singular matrix. ``sign``: a root or logarithm of something not positive.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Beyond(Exception):
    """This ring does not know the function; a later one does."""


class Deeper(Exception):
    """A differential of a differential is asked for; a ring of greater depth has one."""


class Draw:
    """Pseudo-random integers, the same on every machine and in every run (splitmix64)."""

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = seed

    def bits(self) -> int:
        """The next integer of 64 bits."""
        self._state = state = (self._state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return state ^ (state >> 31)


#: A function of one number at a point and beside it: f(u, v) is the value at v, known to lie within h of u.
Scalar = Callable[[Number, Number], Number]


class Ring(ABC):
    """What evaluation needs of a number system. ``modulus`` is what results are reduced by (``x % modulus``)."""

    name: str
    exact: bool
    depth: int  # how many differentials may stand inside one another
    modulus: Any
    scalars: dict[str, Scalar]

    def scope(self) -> AbstractContextManager[object]:
        """The context in which the arithmetic of this ring runs."""
        return nullcontext()

    @abstractmethod
    def draw(self, draw: Draw, positive: bool | None) -> Number:
        """A random number: positive, negative, or (None) of any sign."""

    @abstractmethod
    def rational(self, value: Fraction) -> Number:
        """The ring's element for a rational number."""

    @abstractmethod
    def constant(self, name: str) -> Number:
        """The ring's element for ``pi`` or ``e``."""

    @abstractmethod
    def unit(self, candidates: Sequence[Number]) -> int | None:
        """The index of a candidate that may be divided by (the best one), or None."""

    @abstractmethod
    def inverse(self, value: Number) -> Number:
        """1/value; raises Inadmissible when there is none."""

    @abstractmethod
    def power(self, value: Number, exponent: Fraction) -> Number:
        """value^exponent; a fractional exponent needs a positive value."""

    @abstractmethod
    def sign(self, value: Number) -> int:
        """1 or -1; raises Inadmissible at zero, where it jumps."""

    @abstractmethod
    def beside(self, value: Number, direction: Number) -> Number:
        """value + h direction."""

    @abstractmethod
    def slope(self, here: Number, there: Number) -> Number:
        """(there - here)/h."""

    @abstractmethod
    def same(self, left: Sequence[Number], right: Sequence[Number]) -> bool:
        """Whether two rows of numbers are equal as far as the ring can tell."""


class Residues(Ring):
    """Integers modulo p^N, with increments of size p^k, compared modulo p^digits.

    A differential costs k of the N digits, so N is k times the depth, plus ``digits``, plus ``spare`` ones.
    """

    exact = True

    def __init__(self, name: str, prime: int, step: int, digits: int, spare: int, analytic: bool, depth: int) -> None:
        self.name = name
        self.prime = prime
        self.depth = depth
        precision = step * depth + digits + spare
        self.modulus: int = prime**precision
        self.step: int = prime**step
        self.compared: int = prime**digits
        self._half = (prime - 1) // 2
        self._ladder = doubling(prime, precision)
        self._rationals: dict[Fraction, int] = {}
        self._root_exponents: dict[int, int] = {}
        self.scalars = {"sin": self._sin, "cos": self._cos, "tan": self._tan, "arctan": self._arctan}
        half = self._one_half = self.inverse(2)
        if analytic:
            # Two digits more than are compared. What is kept beside the point is continued from these very values, so
            # that differences are exact whatever the precision of the values.
            self._series = Series(prime, digits + 2)
            self.scalars |= {
                "exp": self._exp,
                "log": self._log,
                "sigma": lambda u, v: self.inverse(1 + self._exp(-u, -v)),
                "cosh": lambda u, v: (self._exp(u, v) + self._exp(-u, -v)) * half % self.modulus,
                "sinh": lambda u, v: (self._exp(u, v) - self._exp(-u, -v)) * half % self.modulus,
                "tanh": self._tanh,
            }

    # ---- numbers

    def draw(self, draw: Draw, positive: bool | None) -> int:
        # A residue below p is enough: two different polynomials differ modulo p at a random point.
        root = draw.bits() % (self.prime - 1) + 1
        if positive is None:
            return root
        square = root * root % self.prime
        return square if positive else self.prime - square

    def rational(self, value: Fraction) -> int:
        found = self._rationals.get(value)
        if found is None:
            found = value.numerator * self.inverse(value.denominator) % self.modulus
            if len(self._rationals) < 10_000:
                self._rationals[value] = found
        return found

    def constant(self, name: str) -> int:
        if name == "e":
            if "exp" not in self.scalars:
                raise Beyond
            return self.scalars["exp"](1, 1)  # type: ignore[no-any-return]
        return self._opaque(0, name) ** 2 % self.modulus  # pi: no relation to anything, and positive

    def unit(self, candidates: Sequence[int]) -> int | None:
        for place, value in enumerate(candidates):
            if value % self.prime:
                return place
        return None

    def inverse(self, value: int) -> int:
        try:
            result = pow(value % self.prime, -1, self.prime)
        except ValueError:
            raise Inadmissible("inverse") from None
        for modulus in self._ladder:  # Newton's iteration; several times faster than Euclid's algorithm modulo p^N
            result = result * (2 - value * result) % modulus
        return result

    def power(self, value: int, exponent: Fraction) -> int:
        if exponent.denominator == 1:
            if exponent < 0:
                return pow(self.inverse(value), -exponent.numerator, self.modulus)
            return pow(value, exponent.numerator, self.modulus)
        root, inverse = self._root(value, exponent.denominator)
        if exponent > 0:
            return pow(root, exponent.numerator, self.modulus)
        return pow(inverse, -exponent.numerator, self.modulus)

    def _root(self, value: int, degree: int) -> tuple[int, int]:
        """The positive root of a positive value and its inverse: a power modulo p, lifted by Newton's iteration."""
        prime = self.prime
        exponent = self._root_exponents.get(degree)
        if exponent is None:
            if degree % self._half == 0 or degree % prime == 0:
                raise Inadmissible("sign")
            exponent = pow(degree, -1, self._half)
            # An even exponent makes the result a square also where the value is none, and the test below fails there.
            exponent += self._half if exponent % 2 else 0
            self._root_exponents[degree] = exponent
        low = value % prime
        if low == 0:
            raise Inadmissible("inverse")
        root = pow(low, exponent, prime)
        if pow(root, degree, prime) != low:
            raise Inadmissible("sign")
        inverse = pow(root, -1, prime)
        share = self.rational(Fraction(1, degree))
        for modulus in self._ladder:
            inverse = inverse * (1 + (1 - value * pow(inverse, degree, modulus)) * share) % modulus
        return value * pow(inverse, degree - 1, self.modulus) % self.modulus, inverse

    def sign(self, value: int) -> int:
        # The sign of p^v w is that of w (p itself counts as positive), so that sign(tanh t) = sign(t).
        value %= self.modulus
        if value == 0:
            raise Inadmissible("inverse")
        while value % self.prime == 0:
            value //= self.prime
        return 1 if pow(value, self._half, self.prime) == 1 else -1

    def beside(self, value: int, direction: int) -> int:
        return (value + self.step * direction) % self.modulus

    def slope(self, here: int, there: int) -> int:
        return (there - here) % self.modulus // self.step

    def same(self, left: Sequence[int], right: Sequence[int]) -> bool:
        compared = self.compared
        return not any((a - b) % compared for a, b in zip(left, right, strict=True))

    # ---- functions: known at u, continued to v by their Taylor polynomial of second order, exact modulo h³

    def _opaque(self, value: int, salt: str) -> int:
        """A number that stands for a function value of which nothing is used but that it depends on the argument."""
        from hashlib import blake2b

        text = f"{salt} {value % self.compared}".encode()
        return int.from_bytes(blake2b(text, digest_size=8).digest(), "big") % self.prime

    def _odd(self, value: int, salt: str) -> int:
        """The same with f(-t) = -f(t)."""
        low = value % self.compared
        mirrored = -value % self.compared
        return self._opaque(low, salt) if low <= mirrored else -self._opaque(mirrored, salt)

    def _circle(self, u: int) -> tuple[int, int]:
        """(cos u, sin u) as a point of the circle, in the rational parameter; -1 is no square, so 1 + m² is a unit."""
        m = self._odd(u, "circle") if u % self.compared else 0
        scale = self.inverse(1 + m * m)
        return (1 - m * m) * scale % self.modulus, 2 * m * scale % self.modulus

    def _sin(self, u: int, v: int) -> int:
        cosine, sine = self._circle(u)
        return self._taylor(u, v, sine, cosine, -sine)

    def _cos(self, u: int, v: int) -> int:
        cosine, sine = self._circle(u)
        return self._taylor(u, v, cosine, -sine, -cosine)

    def _tan(self, u: int, v: int) -> int:
        return self._sin(u, v) * self.inverse(self._cos(u, v)) % self.modulus

    def _arctan(self, u: int, v: int) -> int:
        value = self._odd(u, "arctan") if u % self.compared else 0
        if u is v:
            return value
        slope = self.inverse(1 + u * u)
        return self._taylor(u, v, value, slope, -2 * u * slope * slope)

    def _exp(self, u: int, v: int) -> int:
        value = self._series.exp(u)
        return value if u is v else self._taylor(u, v, value, value, value)

    def _log(self, u: int, v: int) -> int:
        if u % self.prime == 0:
            raise Inadmissible("inverse")
        value = self._series.log(u)
        if u is v:
            return value
        slope = self.inverse(u)
        return self._taylor(u, v, value, slope, -slope * slope)

    def _taylor(self, u: int, v: int, value: int, slope: int, curvature: int) -> int:
        by = (v - u) % self.modulus
        if self.depth == 1:  # exact modulo h², and that is enough
            return (value + slope * by) % self.modulus
        return (value + by * (slope + curvature * by * self._one_half)) % self.modulus

    def _tanh(self, u: int, v: int) -> int:
        square = self._exp(2 * u, 2 * v)
        return (square - 1) * self.inverse(square + 1) % self.modulus


ALGEBRAIC = Residues("ALGEBRAIC", 2305843009045133879, step=1, digits=1, spare=0, analytic=False, depth=1)


@cache
def ring(name: str, depth: int) -> Ring:
    """The ring of this name and depth, set up when it is first needed."""
    if name == "ALGEBRAIC":
        prime = ALGEBRAIC.prime
        return ALGEBRAIC if depth == 1 else Residues(name, prime, 1, 1, spare=0, analytic=False, depth=depth)
    if name == "ANALYTIC":
        return Residues(name, 1932740039, step=8, digits=7, spare=3, analytic=True, depth=depth)
    from docgen.algebra.reals import Reals

    return Reals()


#: The rings in the order in which they are tried.
RINGS = ("ALGEBRAIC", "ANALYTIC", "REAL")
