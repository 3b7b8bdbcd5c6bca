"""The derivation record: what a method found, line by line, as data without a word of any language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from docgen.algebra.node import Node
from docgen.algebra.notation import PLAIN, Notation
from docgen.algebra.sizes import Shape

#: What a line's expression equals (CONTRACT section 5).
Quantity = Literal["value", "differential", "partial", "derivative", "statement"]

#: What stands at the left of a line, as a name that the printer of a language turns into a formula: ``d`` (df),
#: ``dd`` (d²f), ``dg`` (the differential of the gradient, d(∇f)), ``gradient`` (∇f), ``hessian`` (∇²f),
#: ``derivative`` (what the task asks for: ∇f, J_f, f', ∇²f), ``derivative_t`` (its transpose), ``partial`` (the entry
#: of the derivative at the indices of the line), ``value`` (f(x)), ``step``, ``sgd_step`` and ``newton`` (the next
#: value of the variable by a step of descent, of stochastic descent, of Newton's method).
Left = Literal[
    "d", "dg", "gradient", "derivative", "derivative_t", "partial", "value", "step", "sgd_step", "newton", "dd",
    "hessian",
]

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

    A statement may be a condition on the variable: it is true ``at`` this value of it. ``relation`` is its sign; only
    equations are proved line by line, an inequality follows from what was said before. ``shown`` is the equation as it
    is printed (left, right) where that is more readable than what is proved (entries of vectors).
    """

    rule: str
    quantity: Quantity
    expression: Node
    left: Node | Left | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    indices: tuple[str, ...] = ()
    part: Node | None = None
    transposed: bool = False
    relation: str = "="
    at: Node | None = None
    shown: tuple[Node, Node] | None = None

    def rewritten(self, change: Callable[[Node], Node]) -> Line:
        """The line with every formula of it changed."""
        return replace(
            self,
            expression=change(self.expression),
            left=change(self.left) if isinstance(self.left, Node) else self.left,
            facts={name: change(fact) if isinstance(fact, Node) else fact for name, fact in self.facts.items()},
            part=None if self.part is None else change(self.part),
            at=None if self.at is None else change(self.at),
            shown=None if self.shown is None else (change(self.shown[0]), change(self.shown[1])),
        )


@dataclass(frozen=True, slots=True)
class Check:
    """What the proof found: every line and the answer, exact arithmetic or high-precision numbers."""

    passed: bool
    exact: bool
    lines: int


@dataclass(frozen=True, slots=True)
class Introduced:
    """A symbol that a derivation brings in. ``means`` says what it stands for: ``direction`` (an arbitrary value of the
    variable's shape, in NumPy the increment), ``symmetric_direction`` (a symmetric one), ``step`` (a step length, a
    name of its own), ``stack`` (the matrix whose rows are ``of``), ``rows`` (the family of the rows of ``of``),
    ``part`` (the expression ``of``, by a name that docgen gave)."""

    symbol: Node
    means: Literal["direction", "symmetric_direction", "step", "stack", "rows", "part"]
    of: Node | None = None


@dataclass(frozen=True, slots=True)
class Derivation:
    """One task done by one method: the lines in reading order, the answer and its check.

    ``introduced`` are the symbols that are not in the function. ``verdict`` is what a study found: ``solved``,
    ``no_closed_form``, ``no_solution`` for a stationary point; ``positive_definite``, ``positive_semidefinite``,
    ``negative_definite``, ``negative_semidefinite``, ``zero``, ``undetermined`` for definiteness; what a matrix form is
    of: ``value``, ``gradient``, ``hessian``."""

    task: str
    method: str
    layout: str
    lines: tuple[Line, ...]
    answer: Node
    check: Check
    notices: tuple[str, ...] = ()
    introduced: tuple[Introduced, ...] = ()
    verdict: str = ""
    reached: Node | None = None  # the answer as it was derived, where the author's form of it is printed


@dataclass(frozen=True, slots=True)
class Function:
    """The function of a problem as it was typed: ``name`` (f, Q, …), the formula, and the variable (a ``sym`` node)."""

    name: str
    formula: Node
    variable: Node
    symbols: tuple[Node, ...]  # every symbol of the formula and the variable, in order of appearance
    notation: Notation = PLAIN
    stacked: Mapping[str, Node] = field(default_factory=dict)  # matrices by name, and the family of their rows
    arguments: tuple[Node, ...] = ()  # all variables, where there are several
    stated: Node | None = None  # the formula with the author's own names in it, where some stand for formulas
    named: tuple[tuple[Node, Node], ...] = ()  # what each of those names stands for

    @property
    def typed(self) -> Node:
        """The formula as the author wrote it, names and all."""
        return self.formula if self.stated is None else self.stated

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
