"""The author's own mathematics, proved before it is printed: a second form of the function, the answer, a claim.

What is false stops the build. The message says which formula it is and where it stands, a numeric example in one line,
and the likely slip where one small change would make the formula true. Every ``prove_`` function raises DocgenError
with the place of the formula, also where it cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as changed
from itertools import pairwise

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, differential, replace, walk, zeros
from docgen.algebra.notation import Notation
from docgen.calculus.derivation import Derivation, Function, Solution
from docgen.calculus.judge import RANK, Verdict, judge, judge_answer
from docgen.calculus.refute import Slip, counterexample, slip
from docgen.errors import DocgenError, FormulaError, Place, SpecError
from docgen.handouts.calls import substituted
from docgen.handouts.formulas import Answer, Formulas
from docgen.reading import Reading

#: Where a key of the problem was typed.
At = Callable[..., Place]

_SAID = {
    "transposed": "it is the transpose of what it should be",
    "sign": "its sign is wrong",
    "factor": "it is off by the factor {}",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """An equation that was proved: its sides, and the symbols that are constant in its differentials."""

    reading: Reading
    constants: tuple[Node, ...] = ()


def prove_equals(formulas: Formulas, function: Function, at: At) -> None:
    """Prove the second forms of the function."""
    for number, text in enumerate(formulas.problem.equals):
        place = at("equals", number)

        def right(text: str) -> Verdict:
            return judge_answer(formulas.second(text, function.variable), function.formula, function)

        found = _judged(right, text, formulas, place)
        if found.kind != "equal":
            second = formulas.second(text, function.variable)
            wrong = "this second form of the function is false"
            names = "the function", "this form"
            raise _false(wrong, text, second, function.formula, found, function, formulas, right, names).at(place)


def prove_answer(formulas: Formulas, solution: Solution, at: At) -> Solution:
    """Prove the author's answer, and print it in his form where it is the answer."""
    text = formulas.problem.answer
    if text is None:
        return solution
    function, place = solution.function, at("answer")

    def beside(text: str) -> list[tuple[Derivation, Answer, Verdict]]:
        """The answer beside that of each derivation."""
        typed = [(one, formulas.answer(text, function.variable, one.answer)) for one in solution.derivations]
        return [(one, given, judge_answer(given.written, one.answer, function)) for one, given in typed]

    def best(text: str) -> Verdict:
        return min((verdict for _, _, verdict in beside(text)), key=lambda verdict: RANK.index(verdict.kind))

    found = _judged(best, text, formulas, place)
    judged = beside(text)
    if found.kind != "equal":
        meant, given, _ = min(reversed(judged), key=lambda one: RANK.index(one[2].kind))
        task = meant.task.replace("_", " ")
        wrong = f"this answer is false: the {task} of {function.name} is {latex(meant.answer, function.notation)}"
        names = f"the {task}", "this answer"
        raise _false(wrong, text, given.written, meant.answer, found, function, formulas, best, names).at(place)
    last, given, _ = [one for one in judged if one[2].kind == "equal"][-1]
    return changed(
        solution,
        function=changed(function, notation=_spelled(function, given.notation)),
        derivations=tuple(
            _in_author_form(one, given) if one.task == last.task and verdict.kind == "equal" else one
            for one, given, verdict in judged
        ),
    )


def _spelled(function: Function, answer: Notation) -> Notation:
    """The spelling of the function, and that of the answer for what the function has not."""
    used = {at.data for at in walk(function.formula) if at.op == "fn"}
    operators = {at.op for at in walk(function.formula)}
    found = function.notation
    if "exp" not in used:
        found = changed(found, exp=answer.exp)
    if "log" not in used:
        found = changed(found, log=answer.log)
    return found if "det" in operators else changed(found, determinant=answer.determinant)


def _in_author_form(derivation: Derivation, given: Answer) -> Derivation:
    if given.written is derivation.answer:
        return derivation
    return changed(derivation, answer=given.printed, reached=derivation.answer)


def prove_claims(formulas: Formulas, at: At) -> tuple[Claim, ...]:
    """Prove the equations that the problem claims."""
    return tuple(prove_claim(formulas, text, at("claim", k)) for k, text in enumerate(formulas.problem.claim))


def prove_claim(formulas: Formulas, text: str, place: Place) -> Claim:
    """Prove one equation, every sign of equality in it."""

    def faults(reading: Reading) -> Iterator[tuple[Verdict, Node | None, Node, Node]]:
        """The equations that do not hold."""
        for variable, left, other in _equations(reading):
            verdict = judge(other, left, variable=variable, stacked=formulas.families())
            if verdict.kind != "equal":
                yield verdict, variable, left, other

    def right(text: str) -> Verdict:
        return next((verdict for verdict, *_ in faults(formulas.equation(text))), Verdict("equal"))

    found = _judged(right, text, formulas, place)
    reading = formulas.equation(text)
    if found.kind != "equal":
        verdict, variable, left, other = next(faults(reading))
        about = None if variable is None else Function("f", left, variable, ())
        raise _false("this claim is false", text, other, left, verdict, about, formulas, right).at(place)
    varied = {at.args[0] for side in reading.sides for at in walk(side) if at.op == "d" and at.args[0].op == "sym"}
    inside = {
        symbol
        for side in reading.sides
        for at in walk(side)
        if at.op == "d" and varied
        for symbol in walk(at.args[0])
        if symbol.op == "sym" and symbol not in varied
    }
    return Claim(reading, tuple(sorted(inside, key=lambda node: node.serial)))


def _equations(reading: Reading) -> list[tuple[Node | None, Node, Node]]:
    """Each equation as a variable and two sides. Differentials are told apart by their variables: where X and Y both
    vary, the equation must hold for dY = 0 and for dX = 0."""
    pairs = list(pairwise(reading.sides))
    nodes = {node for side in reading.sides for node in walk(side)}
    gradients = {node.data for node in nodes if node.op == "grad"}
    increments = {node.args[0] for node in nodes if node.op == "d" and node.args[0].op == "sym"}
    if not increments:
        increments = {s for node in nodes if node.op == "d" for s in walk(node) if s.op == "sym"}
    if len(gradients) > 1 or (gradients and increments):
        raise FormulaError(
            "a claim speaks of gradients by one variable, or of differentials",
            hint="Split it into several claims.",
        )
    variables = sorted(gradients | increments, key=lambda node: node.serial)
    if not variables:
        return [(None, *pair) for pair in pairs]
    found: list[tuple[Node | None, Node, Node]] = []
    for variable in variables:
        for left, right in pairs:
            for other in increments - {variable}:
                step = differential(other)
                left, right = replace(left, step, zeros(step.shape)), replace(right, step, zeros(step.shape))
            found.append((variable, left, right))
    return found


# ---- messages --------------------------------------------------------------------------------------------------------


def _judged(right: Callable[[str], Verdict], text: str, formulas: Formulas, place: Place) -> Verdict:
    """The verdict on a text; where it cannot be read, the error with its place and the index that may be missing."""
    try:
        return right(text)
    except DocgenError as error:
        missing = _missing_index(right, text, formulas)
        if missing:
            error.hint = missing
        raise error.at(place) from None


def _missing_index(right: Callable[[str], Verdict], text: str, formulas: Formulas) -> str:
    """Where a sum has y instead of y_i: the words that say so."""
    if r"\sum" not in text:
        return ""
    for name, member in formulas.stacked.items():
        first, sums, body = text.partition(r"\sum")
        other = first + sums + substituted(body, {name: member})
        if other != text:
            with suppress(DocgenError):
                if right(other).kind == "equal":
                    return f"An index is missing: with {member} in place of {name} it is true."
    return ""


def _false(
    wrong: str,
    text: str,
    given: Node,
    right: Node,
    verdict: Verdict,
    function: Function | None,
    formulas: Formulas,
    again: Callable[[str], Verdict],
    names: tuple[str, str] = ("the left side", "the right side"),
) -> SpecError:
    """The error for a formula that is not what it claims to be: ``wrong`` says so in general, ``given`` is what
    ``text`` reads as, ``again`` judges a text that is corrected, ``names`` are what the right one and it are called."""
    said = _SAID.get(verdict.kind, "").format(verdict.factor)
    if verdict.kind == "shape":
        said = f"it is {given.shape}, and it should be {right.shape}"
    message = f"{wrong}{'; ' if ':' in wrong else ': '}{said}" if said else wrong
    hints, start, end = [], 0, len(text)
    missing = _missing_index(again, text, formulas)
    variable = None if function is None else function.variable
    if missing:
        hints.append(missing)
    elif verdict.kind == "different" and given.shape is right.shape:
        about = None if function is None or function.formula is right else function.formula
        found = slip(given, right, variable, formulas.families(), None, about)
        if found is not None:
            hints.append(_words(found))
            start, end = _span(found, text)
    if given.shape is right.shape:
        example = counterexample(right, given, variable, formulas.families(), names=names)
        if example:
            hints.append(example)
    hint = "Transpose it." if verdict.kind == "transposed" else "Correct it."
    return SpecError(message, hint="\n".join(hints) or hint, place=Place(formula=text, start=start, end=end))


def _words(found: Slip) -> str:
    if found.kind == "symmetric":
        return f"It would be true for a symmetric {found.wrong}."
    if found.kind == "transpose":
        more = "A transpose is missing" if len(found.right) > len(found.wrong) else "There is a transpose too many"
        return f"{more}: with {found.right} in place of {found.wrong} it is true."
    what = {"sign": "A sign is wrong", "factor": "A factor is wrong"}[found.kind]
    return f"{what}: with {found.right} in place of {found.wrong} it is true."


def _span(found: Slip, text: str) -> tuple[int, int]:
    """Where the slip stands in the typed text, when it stands there once; else the whole."""
    flat = found.wrong.replace("{", "").replace("}", "")
    for shown in dict.fromkeys((found.wrong, flat, flat.replace(" ", ""), flat.lstrip("-").strip())):
        if shown and text.count(shown) == 1:
            return text.index(shown), text.index(shown) + len(shown)
    return 0, len(text)
