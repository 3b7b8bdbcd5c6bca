"""The derivation record: what a method found, line by line, as data without a word of any language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from docgen.algebra.node import Node
from docgen.algebra.notation import PLAIN, Notation
from docgen.algebra.sizes import Shape

#: What a line's expression equals (CONTRACT section 5).
Quantity = Literal["value", "differential", "partial", "derivative", "statement"]

#: What stands at the left of a line, as a name that the printer of a language turns into a formula: ``d`` (df),
#: ``dg`` (the differential of the gradient, d(∇f)), ``gradient`` (∇f), ``derivative`` (what the task asks for: ∇f, J_f,
#: f', ∇²f), ``derivative_t`` (its transpose), ``vec_d`` (vec of df).
Left = Literal["d", "dg", "gradient", "derivative", "derivative_t", "vec_d"]

#: What a sentence may mention: a formula, or a formula typed as LaTeX.
Fact = Node | str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a derivation.

    ``rule`` is an id of the rules table; ``expression`` the right-hand side. ``left`` is the left-hand side when it is
    printed anew (None: the line goes on with ``=`` from the line before). For a ``statement`` the line is the equation
    left = expression. ``facts`` are the formulas that the rule's sentence mentions, by slot name. ``part`` is the
    named part that a line differentiates instead of the function. ``transposed``: the line states the transpose of the
    derivative, as it is read off before the last step.
    """

    rule: str
    quantity: Quantity
    expression: Node
    left: Node | Left | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    indices: tuple[str, ...] = ()
    part: Node | None = None
    transposed: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """What the proof found: every line and the answer, exact arithmetic or high-precision numbers."""

    passed: bool
    exact: bool
    lines: int


@dataclass(frozen=True, slots=True)
class Derivation:
    """One task done by one method: the lines in reading order, the answer and its check."""

    task: str
    method: str
    layout: str
    lines: tuple[Line, ...]
    answer: Node
    check: Check
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """The function of a problem as it was typed: ``name`` (f, Q, …), the formula, and the variable (a ``sym`` node)."""

    name: str
    formula: Node
    variable: Node
    symbols: tuple[Node, ...]  # every symbol of the formula and the variable, in order of appearance
    notation: Notation = PLAIN

    @property
    def maps(self) -> tuple[str, str]:
        """The kinds it maps from and to: ``scalar``, ``vector``, ``row``, ``matrix``."""
        return self.variable.shape.kind, self.formula.shape.kind


@dataclass(frozen=True, slots=True)
class Assumed:
    """Something docgen assumed that was not said: the shape of a symbol, the reading of a norm. ``id`` names its
    sentence in the language catalogue, ``facts`` the formulas in it."""

    id: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Solution:
    """A problem solved: the function and one derivation per task, method and layout."""

    function: Function
    derivations: tuple[Derivation, ...]
    assumed: tuple[Assumed, ...] = ()
    shapes: Mapping[str, Shape] = field(default_factory=dict)
