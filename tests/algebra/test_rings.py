"""The number systems of the proof: what their docstrings promise."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import pytest

from docgen.algebra.rings import ALGEBRAIC, RINGS, Draw, Inadmissible, Residues, ring
from docgen.algebra.series import doubling

SMALL = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61)
ANALYTIC = ring("ANALYTIC", 1)
assert isinstance(ANALYTIC, Residues)


def is_prime(n: int) -> bool:
    """Miller-Rabin with the first 13 primes as bases, which decides every n below 3 · 10²⁴."""
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(
        (x := pow(base, odd, n)) == 1 or any(pow(x, 2**k, n) == n - 1 for k in range(twos)) for base in SMALL[:13]
    )


@pytest.mark.parametrize(("given", "bits"), [(ALGEBRAIC, 61), (ANALYTIC, 31)], ids=["algebraic", "analytic"])
def test_primes(given: Residues, bits: int) -> None:
    p = given.prime
    assert p.bit_length() == bits
    assert is_prime(p) and is_prime((p - 1) // 2)
    assert p % 8 == 7
    assert all(given.sign(q) == 1 and given.sign(-q) == -1 for q in SMALL)


@pytest.mark.parametrize("name", RINGS)
def test_powers_and_inverses(name: str) -> None:
    at = ring(name, 1)
    draw = Draw(11)
    with at.scope():
        u, v = at.draw(draw, True), at.draw(draw, True)
        half, third = Fraction(1, 2), Fraction(-2, 3)

        def same(left: object, right: object) -> bool:
            return at.same([left], [right])

        assert same(at.power(u, half) ** 2, u)
        assert same(at.power(u, third) ** 3 * u**2, 1)
        assert same(at.power(u * v, third), at.power(u, third) * at.power(v, third))
        assert same(at.power(at.power(u, third), half), at.power(u, Fraction(-1, 3)))
        assert same(at.power(u, Fraction(-2)) * u * u, 1)
        assert same(at.inverse(u) * u, 1)
        assert same(at.power(u, Fraction(0)), 1)
        assert (at.sign(u), at.sign(-u), at.sign(at.power(u, half))) == (1, -1, 1)
        for wrong, exponent, why in ((-u, half, "sign"), (0, half, "inverse"), (0, Fraction(-1), "inverse")):
            with pytest.raises(Inadmissible) as error:
                at.power(wrong, exponent)
            assert error.value.why == why


@pytest.mark.parametrize("name", RINGS[1:])
def test_exponential_and_logarithm(name: str) -> None:
    at = ring(name, 1)
    draw = Draw(12)
    with at.scope():
        s, t = at.draw(draw, True), at.draw(draw, True)
        exp, log = (lambda u, f=at.scalars[f]: f(u, u) for f in ("exp", "log"))
        assert at.same([exp(s + t)], [exp(s) * exp(t)])
        assert at.same([log(s * t)], [log(s) + log(t)])
        assert at.same([log(exp(t)), exp(0), log(1)], [t, 1, 0])
        assert at.same([at.constant("e")], [exp(1)])


@pytest.mark.parametrize("name", ["exp", "log", "sin", "cos", "tan", "arctan", "sigma", "cosh", "sinh", "tanh"])
def test_decimals_agree_with_floats(name: str) -> None:
    at = ring("REAL", 1)
    known = {"sigma": lambda u: 1 / (1 + math.exp(-u)), "arctan": math.atan}
    with at.scope():
        for text in ("0.001", "0.7", "3.5", "-2.25"):
            if name == "log" and text.startswith("-"):
                continue
            want = (known.get(name) or getattr(math, name))(float(text))
            assert float(at.scalars[name](Decimal(text), Decimal(text))) == pytest.approx(want, rel=1e-13)


def test_decimals_are_exact_to_many_digits() -> None:
    at = ring("REAL", 1)
    with at.scope():
        third = at.constant("pi") / 3
        assert at.same([at.scalars["cos"](third, third)], [Decimal(1) / 2])
        assert str(at.constant("pi")).startswith(
            "3.14159265358979323846264338327950288419716939937510582097494459230781640"
        )


def test_what_has_no_decimal_value() -> None:
    at = ring("REAL", 1)
    with at.scope():
        for name, value in (("log", -1), ("log", 0), ("exp", 10**6), ("sin", 10**6)):
            with pytest.raises(Inadmissible):
                at.scalars[name](Decimal(value), Decimal(value))


def test_a_slope_is_a_difference_quotient() -> None:
    for name in RINGS:
        at = ring(name, 1)
        with at.scope():
            u, step = at.draw(Draw(3), None), at.draw(Draw(4), None)
            there = at.beside(u, step)
            assert at.same([at.slope(u**3 % at.modulus, there**3 % at.modulus)], [3 * u * u * step])


def test_newton_ladders_end_at_the_precision() -> None:
    assert [doubling(10, n) for n in (2, 3, 18)] == [[100], [100, 1000], [10**2, 10**3, 10**5, 10**9, 10**18]]
