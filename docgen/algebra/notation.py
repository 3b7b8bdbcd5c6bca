"""How formulas are written: choices that change the look of a formula and never its meaning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notation:
    """Settings of the printer (CONTRACT section 6, ``notation``) and the spellings that a formula was typed with.

    ``transpose`` is what stands in the exponent; ``d`` is ``italic`` or ``upright``; ``determinant`` is ``det`` or
    ``bars``; ``log`` the name of the natural logarithm; ``exp`` is ``function`` (exp(x)) or ``power`` (e^x). ``step`` is the
    letter of a step length, ``iterate`` an iterate of a descent method such as ``w^{(t)}``, ``update`` the sign of a step.
    """

    transpose: str = "T"
    d: str = "italic"
    bold: bool = False
    identity: str = "I"
    determinant: str = "det"
    log: str = r"\log"
    exp: str = "function"
    decimal: str = "."
    step: str = ""
    iterate: str = ""
    update: str = "="


PLAIN = Notation()
