"""How formulas are written: choices that change the look of a formula and never its meaning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notation:
    """Settings of the printer (CONTRACT section 6, ``notation``) and the spellings that a formula was typed with.

    ``transpose`` is what stands in the exponent; ``d`` is ``italic`` or ``upright``; ``bold`` sets vectors and matrices
    in bold; ``determinant`` is ``det`` or ``bars``; ``log`` the name of the natural logarithm; ``exp`` is ``function``
    (exp(x)) or ``power`` (e^x). ``canonical`` is the form of a differential, ``trace`` (tr(G^T dX)) or ``inner``
    (⟨G, dX⟩); ``derivative`` is ``nabla`` (∇f) or ``fraction`` (∂f/∂x); ``jacobian`` the letter of the Jacobian matrix;
    ``leq`` the sign of ≤; ``sizes`` tells how often sizes stand under factors (``once``, ``always``, ``never``);
    ``repeat_sign`` whether a sign comes again where a line is broken (None: the custom of the language). ``step`` is
    the letter of a step length, ``iterate`` an iterate of a descent method such as ``w^{(t)}``, ``update`` the sign of
    a step.
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
    canonical: str = "trace"
    derivative: str = "nabla"
    jacobian: str = "J"
    leq: str = r"\le"
    sizes: str = "once"
    repeat_sign: bool | None = None

    def relation(self, sign: str) -> str:
        """A sign of order as this notation writes it: ``\\ge`` is ``\\geqslant`` where ``\\le`` is ``\\leqslant``."""
        if sign in (r"\le", r"\leq", r"\leqslant"):
            return self.leq
        if sign in (r"\ge", r"\geq", r"\geqslant"):
            return self.leq.replace("l", "g", 1)
        return sign


PLAIN = Notation()
