"""A problem of a spec file solved: read with its author's names, derived, and the author's own mathematics proved."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as changed
from functools import partial

from docgen.algebra.node import workspace
from docgen.algebra.symmetry import is_symmetric
from docgen.calculus.abbreviate import give_names
from docgen.calculus.derivation import Assumed, Derivation, Function, Solution
from docgen.calculus.derive import derive_all
from docgen.calculus.naming import folded, keep_names, parts_of
from docgen.calculus.request import Request
from docgen.errors import DocgenError, SpecError
from docgen.handouts.cases import Case, special_cases
from docgen.handouts.formulas import Formulas
from docgen.handouts.proofs import At, prove_answer, prove_claims, prove_equals
from docgen.handouts.spec import Problem
from docgen.reading import declare
from docgen.reading.names import function_name


@dataclass(frozen=True, slots=True)
class Solved:
    """One problem or part: a solution for each of its variables, and its special cases."""

    solutions: tuple[Solution, ...]
    cases: tuple[Case, ...] = ()


def solve_problem(problem: Problem, at: At) -> Solved:
    """A problem without parts. ``at`` gives the place of its keys. Raises DocgenError with the place of the fault."""
    with workspace():
        return _finished(_solved(problem, at), problem)


def solve_parts(problem: Problem, at: At) -> tuple[Solved, ...]:
    """The parts of a problem in order. A part with ``of`` goes on from the results of that part."""
    for key in ("answer", "special"):
        if getattr(problem, key):
            raise SpecError(
                f"`{key}` stands on a problem that has parts", hint="Put it on the part that it belongs to.",
                place=at(key),
            )  # fmt: skip
    if problem.function is not None and (problem.equals or problem.claim):
        with workspace():
            formulas = _formulas(problem, at)
            function = _function(formulas, problem, None, at)
            prove_equals(formulas, function, at)
            prove_claims(formulas, at)
    found: dict[str, Solved] = {}
    for part in problem.parts:
        if part.of is None:
            with workspace():
                chain: dict[str, Solved] = {}
                _follow(problem, part, chain, at)
                found |= {name: _finished(one, problem) for name, one in chain.items()}
    return tuple(found[part.id] for part in problem.parts)


def _follow(problem: Problem, part: Problem, found: dict[str, Solved], at: At) -> None:
    """Enter what is found for a part, and for those that go on from it, in one workspace of nodes."""
    earlier = found[part.of].solutions if part.of is not None else ()
    found[part.id] = _solved(part, partial(at, part=part.id), earlier)
    for other in problem.parts:
        if other.of == part.id:
            _follow(problem, other, found, at)


def _solved(problem: Problem, at: At, earlier: tuple[Solution, ...] = ()) -> Solved:
    formulas = _formulas(problem, at)
    variables = problem.variables or (problem.variable,)
    functions = [_function(formulas, problem, variable, at) for variable in variables]
    if len(functions) > 1:
        arguments = tuple(function.variable for function in functions)
        functions = [changed(function, arguments=arguments) for function in functions]
    prove_equals(formulas, functions[0], at)
    prove_claims(formulas, at)
    within = [problem.constrained and is_symmetric(function.variable) for function in functions]
    solutions = []
    for number, function in enumerate(functions):
        known = earlier[number].derivations if number < len(earlier) else ()
        constrained = within[number] if any(within) else problem.constrained  # refused where no variable is symmetric
        solutions.append(_derived(formulas, function, problem, at, known, constrained))
    if problem.answer is not None and len(solutions) > 1:
        raise SpecError(
            "one answer stands for several variables", hint="Make each variable a part of its own, with its answer.",
            place=at("answer"),
        )  # fmt: skip
    solutions[0] = prove_answer(formulas, solutions[0], at)
    cases = special_cases(formulas, solutions[0], at)
    return Solved(tuple(solutions), cases)


def _finished(solved: Solved, problem: Problem) -> Solved:
    """With the author's names for parts in every line, and docgen's for what repeats, once nothing goes on from it."""
    taken = {*problem.shapes, *problem.where}
    kept = [
        changed(one, derivations=give_names(keep_names(one.derivations, one.function), one.function, taken))
        for one in solved.solutions
    ]
    return Solved(tuple(kept), tuple(_named(case, solved.solutions[0].function) for case in solved.cases))


def _formulas(problem: Problem, at: At) -> Formulas:
    """The formulas of a problem; where its declarations are wrong, the error is placed at those at fault."""
    try:
        return Formulas(problem)
    except DocgenError as error:
        try:
            declare(dict(problem.shapes))
        except DocgenError:
            raise error.at(at("shapes")) from None
        raise error.at(at("assume")) from None


def _function(formulas: Formulas, problem: Problem, variable: str | None, at: At) -> Function:
    try:
        found = formulas.function(variable)
    except DocgenError as error:
        shown = error.place.formula if error.place else None  # the function, or a named part that it is made of
        parts = [name for name, formula in problem.where.items() if formula == shown != problem.function]
        raise error.at(at("where", parts[0]) if parts else at("function")) from None
    symbols = (*found.symbols, *(name for name, _ in found.named))
    taken = [symbol.data.name.partition("(")[0] for symbol in symbols]
    try:
        return changed(found, name=function_name(found.name, taken))
    except DocgenError as error:
        raise error.at(at("name")) from None


def _derived(
    formulas: Formulas, function: Function, problem: Problem, at: At, known: tuple[Derivation, ...],
    constrained: bool,
) -> Solution:
    request = Request(problem.task, problem.method, problem.layout, problem.detail, constrained, known)
    try:
        found = derive_all(function, request)
    except DocgenError as error:
        raise error.at(at("function")) from None
    assumed = tuple(Assumed(notice.id, notice.facts) for notice in formulas.notices)
    return Solution(function, found, assumed, {symbol.data.name: symbol.shape for symbol in function.symbols})


def _named(case: Case, function: Function) -> Case:
    """A special case with the author's names for parts, where nothing in them was set."""
    parts = parts_of(function)
    results = tuple(
        changed(one, given=folded(one.given, parts), simple=folded(one.simple, parts)) for one in case.results
    )
    return changed(case, results=results)
