"""The study of a loss in words: equations and the arguments between them, one sentence before each display."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from docgen.algebra.latex import rows
from docgen.calculus.derivation import Derivation, Line
from docgen.calculus.rules import RULES
from docgen.calculus.study import star
from docgen.handouts import goals, wording
from docgen.handouts.document import Row
from docgen.handouts.spelling import of_function

if TYPE_CHECKING:
    from docgen.handouts.narrate import Narrator

#: Rules that a study brings; the lines before the first of them find a derivative.
STUDY = ("study", "argue")

#: A quadratic form that is wider than this is written by the name of its matrix only.
WIDEST_FORM = 30

#: Steps whose definition opens the chain of equalities.
DEFINED = ("gradient_step", "newton_step")


def tell(narrator: Narrator, derivation: Derivation, first: bool) -> None:
    """One study: the derivative that it needs where no earlier task found it, its equations and reasons, the answer."""
    lines = derivation.lines
    start = next((k for k, line in enumerate(lines) if RULES[line.rule].kind in STUDY), len(lines))
    before = lines[:start]
    if before and not (start == 1 < len(lines) and lines[0].rule == "reuse_gradient"):
        second = any(line.rule == "read_hessian" for line in before)
        answer = next(
            (line.expression for line in reversed(before) if line.quantity == "derivative"), derivation.answer
        )
        part = replace(derivation, task="hessian" if second else "gradient", lines=before, answer=answer, verdict="")
        narrator.work(part, first, boxed=False)
        narrator.prose.end_paragraph()
    for group in groups(lines[start:]):
        _group(narrator, derivation, group)
    narrator.prose.put(narrator.answer(derivation))


def groups(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines in displays: a sentence alone, or equations with one left-hand side."""
    found: list[list[Line]] = []
    for line in lines:
        last = found[-1][0] if found else None
        goes_on = (
            last is not None
            and not is_prose(line)
            and not is_prose(last)
            and (line.left is None or (line.left is last.left and line.shown is None))
        )
        if goes_on:
            found[-1].append(line)
        else:
            found.append([line])
    return found


def is_prose(line: Line) -> bool:
    """Whether a line is a sentence without an equation."""
    return line.quantity == "statement" and line.left is None


def _group(narrator: Narrator, derivation: Derivation, group: Sequence[Line]) -> None:
    """One sentence, or equations with the sentence of the first before them."""
    head = group[0]
    text = narrator.text(derivation, head)
    if is_prose(head):
        narrator.prose.say(text)
        return
    function, notation = narrator.function, narrator.notation
    left, made = _opening(narrator, derivation, head)
    alone = not left and not made
    for number, line in enumerate(group):
        reason = narrator.reason(derivation, line) if number else ()
        sign = "=" if made and line.relation == "=" else wording.relation(line, notation)
        shown = rows(wording.right(line, derivation, function, notation), notation)
        made.append(Row("" if number else left, "" if alone else sign, shown, reason))
    if head.rule == "stack_samples" and head is not next(x for x in derivation.lines if x.rule == head.rule):
        narrator.prose.say(narrator.phrase("then.again", display=narrator.display(made)))
        return
    narrator.lead([text], narrator.display(made))
    narrator.memory.known.update(line.rule for line in group)


def _opening(narrator: Narrator, derivation: Derivation, head: Line) -> tuple[str, list[Row]]:
    """The left-hand side of the equations that begin with a line, and a row before them that has it already: the
    definition of a step, a quadratic form by its name. Neither where a formula stands alone."""
    function, notation = narrator.function, narrator.notation
    left = wording.left(head, derivation, function, notation)
    if head.rule == "hessian_at_point":
        at = of_function(function, notation).formula(star(function.variable))
        return "" if "symmetric" in head.facts else goals.hessian(function, notation, at), []
    if head.rule.startswith("form_"):
        named = goals.hessian_form(derivation, function, notation)
        short = goals.width(left) <= WIDEST_FORM and left != named
        return ("", [Row(named, "=", (left,))]) if short else (named, [])
    if head.rule in DEFINED:
        step = wording.slots_of_step(head, derivation, function, notation)["step_formula"]
        defined = step.partition(f" {notation.update} ")[2]
        return "", [Row(left, notation.update, (defined,))]
    return left, []
