"""The study of a loss in words: equations and the arguments between them, one sentence before each display."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from docgen.algebra.latex import latex, rows
from docgen.calculus.derivation import Derivation, Line
from docgen.calculus.rules import RULES
from docgen.handouts import goals, wording
from docgen.handouts.document import Row
from docgen.handouts.inline import Piece

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
    lines = list(derivation.lines)
    start = next((k for k, line in enumerate(lines) if RULES[line.rule].kind in STUDY), len(lines))
    before = [
        line for line in lines[:start] if not (start < len(lines) and line.rule == "reuse_gradient" and start == 1)
    ]
    if before:
        second = any(line.rule == "read_hessian" for line in before)
        answer = next(
            (line.expression for line in reversed(before) if line.quantity == "derivative"), derivation.answer
        )
        part = replace(
            derivation, task="hessian" if second else "gradient", lines=tuple(before), answer=answer, verdict=""
        )
        narrator.work(part, first, boxed=False)
    if before:
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


def _named_form(narrator: Narrator, derivation: Derivation) -> str:
    """zᵀ ∇²f(x) z, the Hessian by its name."""
    z = next(one.symbol for one in derivation.introduced if one.means == "direction")
    hessian = goals.hessian(narrator.function, narrator.notation)
    written = latex(z, narrator.notation)
    if z.shape.kind == "matrix":
        written = rf"\operatorname{{vec}}({written})"
    return rf"{written}^{{{narrator.notation.transpose}}}\,{hessian}\,{written}"


def _group(narrator: Narrator, derivation: Derivation, group: Sequence[Line]) -> None:
    head = group[0]
    again = head.rule == "stack_samples" and head is not next(x for x in derivation.lines if x.rule == head.rule)
    text: tuple[Piece, ...] = narrator.text(derivation, head)
    if is_prose(head):
        narrator.prose.say(text)
        return
    function, notation = narrator.function, narrator.notation
    left = wording.left(head, derivation, function, notation)
    made: list[Row] = []
    if head.rule.startswith("form_"):
        named = _named_form(narrator, derivation)
        if goals.width(left) <= WIDEST_FORM and left != named:
            made.append(Row(named, "=", (left,)))
            left = ""
        else:
            left = named
    if head.rule in DEFINED:
        _, sign, defined = wording.slots_of_step(head, derivation, function, notation)["step_formula"].partition(
            f" {notation.update} "
        )
        made.append(Row(left, sign.strip(), (defined,)))
        left = ""
    for number, line in enumerate(group):
        reason = narrator.reason(derivation, line) if number else ()
        sign = wording.relation(line, notation) if not made or line.relation != "=" else "="
        sign = "=" if made and line.relation == "=" else sign
        shown = wording.right(line, derivation, function, notation)
        made.append(Row(left if not number else "", sign, rows(shown, notation), reason))
    if again:
        narrator.prose.say(narrator.phrase("then.again", display=narrator.display(made)))
        return
    narrator.lead(text, narrator.display(made))  # type: ignore[arg-type]
    narrator.memory.known.update(line.rule for line in group)
