"""The author's own mathematics, proved before it is printed: a second form of the function, the answer, a claim.

What is false stops the build. The message says which formula it is and where it stands, a numeric example in one line,
and the likely slip where one small change would make the formula true.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as changed

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, differential, replace, walk, zeros
from docgen.algebra.notation import Notation
from docgen.calculus.derivation import Derivation, Function, Solution
from docgen.calculus.judge import RANK, Verdict, judge
from docgen.calculus.refute import Slip, counterexample, slip
from docgen.errors import DocgenError, FormulaError, Place, SpecError
from docgen.handouts.calls import substituted
from docgen.handouts.formulas import Formulas
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
            second = formulas.second(text, function.variable)
            return judge(
                second,
                function.formula,
                function=function.formula,
                variable=function.variable,
                stacked=function.stacked,
            )

        found = _judged(right, text, formulas, place)
        if found.kind != "equal":
            second = formulas.second(text, function.variable)
            wrong = "this second form of the function is false"
            names = "the function", "this form"
            raise _false(wrong, text, second, function.formula, found, place, function, formulas, right, names)


def prove_answer(formulas: Formulas, solution: Solution, at: At) -> Solution:
    """Prove the author's answer, and print it in his form where it is the answer."""
    text = formulas.problem.answer
    if text is None:
        return solution
    function, place = solution.function, at("answer")
    candidates = list(solution.derivations)

    def verdict(derivation: Derivation, text: str) -> Verdict:
        _, given = formulas.answer(text, function.variable, derivation.answer)
        return judge(
            given,
            derivation.answer,
            function=function.formula,
            variable=function.variable,
            stacked=function.stacked,
        )

    def best(text: str) -> Verdict:
        return min((verdict(one, text) for one in candidates), key=lambda found: RANK.index(found.kind))

    found = _judged(best, text, formulas, place)
    if found.kind != "equal":
        meant = min(reversed(candidates), key=lambda one: RANK.index(verdict(one, text).kind))
        _, given = formulas.answer(text, function.variable, meant.answer)
        shown = latex(meant.answer, function.notation)
        wrong = f"this answer is false: the {meant.task.replace('_', ' ')} of {function.name} is {shown}"
        names = f"the {meant.task.replace('_', ' ')}", "this answer"
        raise _false(wrong, text, given, meant.answer, found, place, function, formulas, best, names)
    found_for = {one.task for one in candidates if verdict(one, text).kind == "equal"}
    task = [one.task for one in candidates if one.task in found_for][-1]
    return changed(
        solution,
        function=changed(function, notation=_spelled(function, formulas.notation)),
        derivations=tuple(
            _in_author_form(one, formulas, function, text)
            if one.task == task and verdict(one, text).kind == "equal"
            else one
            for one in candidates
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


def _in_author_form(derivation: Derivation, formulas: Formulas, function: Function, text: str) -> Derivation:
    printed, given = formulas.answer(text, function.variable, derivation.answer)
    if given is derivation.answer:
        return derivation
    return changed(derivation, answer=printed, reached=derivation.answer)


def prove_claims(formulas: Formulas, at: At) -> tuple[Claim, ...]:
    """Prove the equations that the problem claims."""
    return tuple(prove_claim(formulas, text, at("claim", k)) for k, text in enumerate(formulas.problem.claim))


def prove_claim(formulas: Formulas, text: str, place: Place) -> Claim:
    """Prove one equation, every sign of equality in it."""

    def sides(text: str) -> tuple[Reading, list[tuple[Node | None, Node, Node]]]:
        reading = formulas.equation(text)
        return reading, _equations(reading)

    def right(text: str) -> Verdict:
        worst = Verdict("equal")
        for variable, left, other in sides(text)[1]:
            found = judge(other, left, variable=variable, stacked=formulas.families())
            if found.kind != "equal":
                worst = found
        return worst

    found = _judged(right, text, formulas, place)
    reading, equations = sides(text)
    if found.kind != "equal":
        for variable, left, other in equations:
            verdict = judge(other, left, variable=variable, stacked=formulas.families())
            if verdict.kind != "equal":
                about = None if variable is None else Function("f", left, variable, ())
                wrong = "this claim is false"
                raise _false(wrong, text, other, left, verdict, place, about, formulas, right)
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
    pairs = [(a, b) for a, b in zip(reading.sides, reading.sides[1:], strict=False)]
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
        for pair in pairs:
            left, right = pair
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
    place: Place,
    function: Function | None,
    formulas: Formulas,
    again: Callable[[str], Verdict],
    names: tuple[str, str] = ("the left side", "the right side"),
) -> SpecError:
    """The error for a formula that is not what it claims to be; ``names`` is what it and the right one are called."""
    said = _SAID.get(verdict.kind, "").format(verdict.factor)
    if verdict.kind == "shape":
        said = f"it is {given.shape}, and it should be {right.shape}"
    message = f"{wrong}{'; ' if ':' in wrong else ': '}{said}" if said else wrong
    hints, start, end = [], 0, len(text)
    missing = _missing_index(again, text, formulas)
    found = None
    if missing:
        hints.append(missing)
    elif verdict.kind == "different" and given.shape is right.shape:
        variable = None if function is None else function.variable
        about = None if function is None or function.formula is right else function.formula
        found = slip(given, right, variable, formulas.families(), None, about)
        if found is not None:
            hints.append(_words(found))
            start, end = _span(found, text)
    if given.shape is right.shape:
        variable = None if function is None else function.variable
        example = counterexample(right, given, variable, formulas.families(), names=names)
        if example:
            hints.append(example)
    hint = "Transpose it." if verdict.kind == "transposed" else "Correct it."
    error = SpecError(message, hint="\n".join(hints) or hint, place=Place(formula=text, start=start, end=end))
    error.at(place)
    return error


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

