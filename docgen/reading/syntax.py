"""The syntax tree of a formula: what was typed, before any shape is known.

One class for every operator. ``op`` is one of

====================  ==========================================  =====================================
op                    arguments                                   data
====================  ==========================================  =====================================
num                   none                                        its value, a Fraction
name                  none                                        (name, sample index or None)
component             the symbol                                  (index, count of its sum)
pi                    none                                        none
ones, eye, zeros      none                                        sizes typed with it, or None
commutation           none                                        the two sizes of ``K_{m,n}``
add, mul, kron        the terms or factors                        none
neg                   one                                         none
div                   numerator, denominator                      none
had                   the factors                                 one flag each: whether it divides
T, pow, hadpow        one                                         the exponent of a power, a Fraction
root                  one                                         the exponent, 1/2 for a square root
fn                    one                                         the function's name
norm                  one                                         "", "1", "2" or "F"
inner                 two                                         none
bars                  one: determinant or absolute value          none
total                 the body of a sum over samples              (index, count)
d                     what a differential is taken of             none
grad                  what a gradient is taken of                 (name of the variable, None)
equation              its sides                                   none
tr det inv adj expm   one                                         none
diag vec sum softmax  one                                         none
====================  ==========================================  =====================================
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One operator with its arguments and the span of the text it was typed in (characters from 0)."""

    op: str
    args: tuple[Term, ...]
    data: Any
    start: int
    end: int


@dataclass(slots=True)
class Spelling:
    """How a formula spelled what can be spelled in two ways; None where it does not occur. The first use counts."""

    log: str | None = None
    exp: str | None = None


@dataclass(frozen=True, slots=True)
class Syntax:
    """A formula as typed: its text, its tree, its spelling and the sizes that bound its sums."""

    text: str
    root: Term
    spelling: Spelling = field(default_factory=Spelling)
    sizes: frozenset[str] = frozenset()
    plain: bool = False


def postorder(root: Term) -> Iterator[Term]:
    """Every term at and below ``root``, arguments first, in the order of the text. Never recurses."""
    stack: list[tuple[Term, bool]] = [(root, False)]
    while stack:
        term, ready = stack.pop()
        if ready or not term.args:
            yield term
        else:
            stack.append((term, True))
            stack.extend((arg, False) for arg in reversed(term.args))


def number(term: Term) -> Fraction | None:
    """The value of a term that is a number with signs, or None."""
    sign = 1
    while term.op == "neg":
        sign, term = -sign, term.args[0]
    return sign * term.data if term.op == "num" else None
