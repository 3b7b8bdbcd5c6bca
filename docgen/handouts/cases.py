"""Special cases of a result: one assumption more, or a symbol set to a formula; derived from the answer and proved."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as changed

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, replace, sym, walk
from docgen.algebra.renormal import renormal
from docgen.algebra.symmetry import with_symmetry
from docgen.calculus.collect import factor
from docgen.calculus.derivation import Derivation, Solution
from docgen.calculus.judge import judge
from docgen.calculus.recognise import recognise
from docgen.errors import DocgenError, ProofError, SpecError
from docgen.handouts.formulas import Formulas
from docgen.handouts.proofs import At
from docgen.handouts.spec import Special
from docgen.handouts.values import Words
from docgen.reading import canonical, declare


@dataclass(frozen=True, slots=True)
class Result:
    """What one answer becomes in a special case: as it is with the symbols put in, and simplified."""

    derivation: Derivation
    given: Node
    simple: Node


@dataclass(frozen=True, slots=True)
class Case:
    """A special case: symbols with what is assumed of them beside, symbols with what they are set to, the results."""

    when: tuple[tuple[Node, tuple[str, ...]], ...]
    set: tuple[tuple[Node, Node], ...]
    results: tuple[Result, ...]
    title: Words | None = None


def special_cases(formulas: Formulas, solution: Solution, at: At) -> tuple[Case, ...]:
    """The special cases of a problem. Raises DocgenError with the place where one speaks of a symbol that is not there,
    changes nothing, or has no value."""
    return tuple(_case(one, number, formulas, solution, at) for number, one in enumerate(formulas.problem.special))


def _case(special: Special, number: int, formulas: Formulas, solution: Solution, at: At) -> Case:
    function = solution.function
    symbols = {symbol.data.name: symbol for symbol in function.symbols}
    when: list[tuple[Node, tuple[str, ...]]] = []
    put: list[tuple[Node, Node]] = []
    chosen: list[tuple[Node, Node]] = []
    try:
        for name, said in special.when.items():
            symbol = _symbol(name, symbols)
            with_it = declare({name: symbol.shape}, {name: list(said)})
            known = canonical(name)
            assumed = symbol.data.assumptions | with_it.assumptions.get(known, frozenset())
            values = with_it.values.get(known, symbol.data.values)
            put.append((symbol, sym(changed(symbol.data, assumptions=assumed, values=values), symbol.shape)))
            when.append((symbol, said))
        for name, text in special.set.items():
            symbol = _symbol(name, symbols)
            if symbol is function.variable:
                raise SpecError(
                    f"the variable {name} is set to a value", hint="Set another symbol, or ask for another task."
                )
            value = formulas.value(text, symbol)
            if value.shape is not symbol.shape:
                raise SpecError(
                    f"{name} is {symbol.shape}, but it is set to something that is {value.shape}",
                    hint="Correct the formula.",
                )
            put.append((symbol, value))
            chosen.append((symbol, value))
        found = [_result(one, put, solution) for one in _first_of_each(solution)]
        results = tuple(result for result in found if result is not None)
        if not results:
            raise SpecError("the special case changes no answer", hint="Leave it out, or correct it.")
    except DocgenError as error:
        raise error.at(at("special", number)) from None
    return Case(tuple(when), tuple(chosen), results, special.title)


def _symbol(name: str, symbols: dict[str, Node]) -> Node:
    found = symbols.get(canonical(name))
    if found is None:
        raise SpecError(f"the function has no symbol {name}", hint=f"Its symbols are: {', '.join(symbols)}.")
    return found


def _first_of_each(solution: Solution) -> list[Derivation]:
    """The first derivation of each task and layout."""
    found: dict[tuple[str, str], Derivation] = {}
    for one in solution.derivations:
        found.setdefault((one.task, one.layout), one)
    return list(found.values())


def _result(derivation: Derivation, put: list[tuple[Node, Node]], solution: Solution) -> Result | None:
    """One answer in the special case; None where it stays what it is."""
    given = derivation.answer
    base = derivation.answer if derivation.reached is None else derivation.reached
    formula, variable = solution.function.formula, solution.function.variable
    for symbol, value in put:
        given, base = replace(given, symbol, value), replace(base, symbol, value)
        formula = replace(formula, symbol, value)
        variable = value if variable is symbol else variable
    simple = simplified(base)
    if simple is derivation.answer or latex(simple) == latex(derivation.answer):
        return None
    found = judge(simple, given, function=formula, variable=variable, stacked=solution.function.stacked)
    if found.kind != "equal":
        raise ProofError(
            f"a special case of the {derivation.task} was simplified wrongly",
            hint="This is a defect of docgen, not of the formula. Please report it with the problem.",
        )
    return Result(derivation, given, simple)


def simplified(node: Node) -> Node:
    """A formula in normal form, with declared symmetries used and like terms collected."""
    done: dict[int, Node] = {}
    for at in walk(node):
        done[id(at)] = renormal(at, [done[id(arg)] for arg in at.args]) if at.args else at
    found = factor(with_symmetry(done[id(node)]))
    while (better := recognise(found)) is not None:
        found = better.node
    return found
