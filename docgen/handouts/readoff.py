"""From the canonical form of the differential to the derivative: the reading-off, the transposition, the layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docgen.calculus.derivation import Derivation, Line
from docgen.handouts import goals, wording
from docgen.handouts.document import Math, Row
from docgen.handouts.teller import Teller, is_decisive


def is_reading(line: Line) -> bool:
    """Whether a line reads the derivative off."""
    return line.rule.startswith("read_")


def reading(
    teller: Teller, derivation: Derivation, lines: Sequence[Line], final: bool, of: Derivation, braced: bool
) -> None:
    """From the canonical form to the derivative. The answer itself is left to the box."""
    if not lines:
        return
    rest = list(lines)
    if is_reading(lines[0]):
        head = rest.pop(0)
        if head.rule == "read_differential":
            teller.prose.say(teller.text(derivation, head))
        else:
            _read_off(teller, of, head, lines, braced)
        if head.quantity == "derivative" and not (rest and rest[0].rule == "transpose_answer"):
            rest.insert(0, head)
    layout = [line for line in rest if line.rule.startswith("layout_")]
    derivative = [line for line in rest if line.quantity == "derivative"]
    if derivative and derivative[0].rule.startswith("stack_"):  # the partial derivatives put together
        teller.prose.say(teller.text(derivation, derivative[0]))
    shown = derivative if len(derivative) > 1 or layout else []
    symmetric = next((line for line in derivative if line.rule == "constrained_symmetric"), None)
    if symmetric is not None:  # no equality: the gradient among the symmetric matrices is another one
        _turned(teller, of, derivative[: derivative.index(symmetric)])
        teller.prose.say(teller.text(derivation, symmetric))
        return
    if shown and (final or shown[-1].rule == "symmetry"):
        _turned(teller, of, shown)
    for line in layout:
        teller.prose.say(teller.text(derivation, line))


def _turned(teller: Teller, derivation: Derivation, lines: Sequence[Line]) -> None:
    """The derivative and what is made of it after it was read off."""
    new = [line for line in lines[1:] if teller.memory.first(line.rule) and is_decisive(line.rule)]
    made = teller.equalities(derivation, lines, new)
    named = replace(lines[0], left="derivative")
    left = goals.unconstrained(derivation, teller.function, teller.notation)
    left = left or wording.left(named, derivation, teller.function, teller.notation)
    made[0] = replace(made[0], left=left, reason=())
    teller.lead([teller.text(derivation, line) for line in new], teller.display(made))


def _read_off(teller: Teller, of: Derivation, line: Line, lines: Sequence[Line], braced: bool) -> None:
    """What the coefficient in the canonical form is, in full for the first time on the page; before that the
    coefficient in a display of its own where the chain does not show it."""
    function, notation = teller.function, teller.notation
    kind, inner = goals.kind(of, function), goals.is_inner(of, function, notation)
    second = goals.goal_word(of, function) == "second_derivative"
    first = not second and teller.memory.first(line.rule)
    if not braced:
        name = goals.coefficient_name(of, function, notation)
        row = Row(name, "=", teller.rows(goals.coefficient(of, function, notation, lines)))
        teller.prose.say(teller.phrase("then.coefficient", display=teller.display([row])))
    dx, x = Math(goals.increment(function, notation)), Math(teller.latex(function.variable))
    turned = len(lines) > 1 and lines[1].rule == "transpose_answer" and not inner
    if goals.unconstrained(of, function, notation):
        teller.prose.say(teller.phrase("read.independent", dx=dx, x=x))
    elif first and not inner:
        teller.prose.say(teller.text(of, line))
        if turned:
            teller.prose.say(teller.phrase(f"after.{kind}"))
    elif not turned and not inner and kind.endswith("gradient") and of.layout == "mixed":
        teller.prose.say(teller.phrase("read.symmetric", dx=dx, x=x))
    elif inner:
        teller.prose.say(teller.phrase("read.inner", dx=dx, x=x, form=Math(goals.form(of, function, notation))))
    else:
        teller.prose.say(teller.phrase("read.second_derivative" if second else f"read.{kind}", dx=dx, x=x))
