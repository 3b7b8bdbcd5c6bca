"""The JSON of a solution (CONTRACT section 5): formulas as LaTeX and NumPy source, sentences in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from docgen.algebra.indexed import index_sizes
from docgen.algebra.latex import latex
from docgen.algebra.node import Node, walk
from docgen.algebra.notation import Notation
from docgen.algebra.numpy_code import names, numpy_code
from docgen.calculus.derivation import Derivation, Function, Line, Solution
from docgen.handouts.document import Math
from docgen.handouts.language import Language
from docgen.handouts.wording import slots


def to_dict(solution: Solution, languages: Mapping[str, Language]) -> dict[str, Any]:
    """The solution as plain data. ``languages`` are the catalogues whose sentences go into each line's ``text``."""
    function = solution.function
    sizes = _size_names(solution)
    known = names(function.symbols, sizes)
    variable = function.variable.data.name
    code = _Code(function.formula, known, variable)
    maps = function.maps
    return {
        "function": {
            "name": function.name,
            "latex": latex(function.formula, function.notation),
            "numpy": numpy_code(function.formula, known, variable),
        },
        "variable": variable,
        "names": known,
        "shapes": {symbol.data.name: symbol.shape.json() for symbol in function.symbols},
        "assumptions": {s.data.name: sorted(s.data.assumptions) for s in function.symbols if s.data.assumptions},
        "map": {"from": maps[0], "to": maps[1]},
        "derivations": [_derivation(d, function, code, languages) for d in solution.derivations],
    }


def _size_names(solution: Solution) -> list[str]:
    """The size symbols that occur, which no symbol may be called."""
    found: dict[str, None] = {}
    nodes: Iterator[Node] = (n for s in (solution.function.formula, *solution.function.symbols) for n in walk(s))
    for node in nodes:
        for size in (node.shape.rows, node.shape.cols, *([node.data.count] if node.op == "total" else [])):
            found.update(dict.fromkeys(size.symbols))
    return list(found)


class _Code:
    """NumPy source for the lines of one solution."""

    def __init__(self, formula: Node, known: Mapping[str, str], variable: str) -> None:
        self.known, self.variable = known, variable
        self.formula = numpy_code(formula, known, variable)
        self.scalar = formula.is_scalar

    def line(self, line: Line) -> str:
        """The source of a line; for a statement the pair (left, right)."""
        right = numpy_code(line.expression, self.known, self.variable)
        if line.transposed:
            helper = "G" if self.scalar else "J"
            return f"({helper}(lambda {self.known[self.variable]}: {self.formula}).T, {right})"
        if line.quantity == "statement" and isinstance(line.left, Node):
            left = numpy_code(line.left, self.known, self.variable)
            if not line.indices:
                return f"({left}, {right})"
            sizes = index_sizes(line.left) | index_sizes(line.expression)
            loops = " ".join(f"for {index} in range({sizes[index]})" for index in line.indices)
            return f"([{left} {loops}], [{right} {loops}])"  # at every value of the free indices
        return right


def _derivation(
    derivation: Derivation, function: Function, code: _Code, languages: Mapping[str, Language]
) -> dict[str, Any]:
    answer, notation = derivation.answer, function.notation
    return {
        "task": derivation.task,
        "method": derivation.method,
        "layout": derivation.layout,
        "lines": [
            _line(line, code, slots(line, derivation, function, notation), notation, languages) for line in derivation.lines
        ],
        "answer": {
            "latex": latex(answer, notation),
            "numpy": numpy_code(answer, code.known, code.variable),
            "shape": answer.shape.json(),
        },
        "check": {
            "passed": derivation.check.passed,
            "exact": derivation.check.exact,
            "lines": derivation.check.lines,
        },
    }


def _line(
    line: Line, code: _Code, facts: Mapping[str, Math], notation: Notation, languages: Mapping[str, Language]
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "rule": line.rule,
        "quantity": line.quantity,
        "indices": list(line.indices),
        "latex": latex(line.expression, notation),
        "numpy": code.line(line),
        "text": {name: language.sentence(line.rule, facts) for name, language in languages.items()},
    }
    if line.part is not None:
        found["of"] = numpy_code(line.part, code.known, code.variable)
    return found
