"""The JSON of a solution (CONTRACT section 5): formulas as LaTeX and NumPy source, sentences in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any

from docgen.algebra.indexed import index_sizes
from docgen.algebra.latex import latex
from docgen.algebra.node import Node, walk
from docgen.algebra.notation import Notation
from docgen.algebra.numpy_code import names, numpy_code
from docgen.calculus.derivation import Derivation, Function, Line, Solution
from docgen.handouts import wording
from docgen.handouts.document import Math
from docgen.handouts.iterates import printed as on_page
from docgen.handouts.language import Language
from docgen.handouts.wording import slots


def to_dict(solution: Solution, languages: Mapping[str, Language]) -> dict[str, Any]:
    """The solution as plain data. ``languages`` are the catalogues whose sentences go into each line's ``text``."""
    function = solution.function
    sizes = _size_names(solution)
    steps = [one.symbol for d in solution.derivations for one in d.introduced if one.means == "step"]
    symbols = [*function.symbols, *dict.fromkeys(steps)]
    known = names(symbols, sizes)
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
        "shapes": {symbol.data.name: symbol.shape.json() for symbol in symbols},
        "assumptions": {s.data.name: sorted(s.data.assumptions) for s in function.symbols if s.data.assumptions},
        "map": {"from": maps[0], "to": maps[1]},
        "derivations": [_derivation(d, function, code.knowing(d), languages) for d in solution.derivations],
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
        self.known, self.variable = dict(known), variable
        self.formula = numpy_code(formula, known, variable)
        self.scalar = formula.is_scalar
        self.step = ""

    def knowing(self, derivation: Derivation) -> _Code:
        """The same for a derivation that brings in symbols: each is written by what it stands for."""
        found = copy(self)
        found.known = dict(self.known)
        for one in derivation.introduced:
            name = one.symbol.data.name
            if one.means == "step":
                found.step = self.known[name]
            elif one.means == "direction":
                found.known[name] = f"d_{self.known[self.variable]}"
            elif one.of is not None:
                source = found.known[one.of.data.name]
                if one.means == "stack":
                    found.known[name] = f"{source}.reshape(-1, 1)" if one.of.is_scalar else f"{source}[:, :, 0]"
                else:
                    found.known[name] = f"{source}[:, 0]" if one.symbol.is_scalar else f"{source}[:, :, None]"
        return found

    def line(self, line: Line) -> str | None:
        """The source of a line; for a statement the pair (left, right); None for a sentence or an inequality."""
        if line.quantity == "statement" and not line.transposed and (line.left is None or line.relation != "="):
            return None
        right = numpy_code(line.expression, self.known, self.variable)
        if line.transposed:
            helper = "G" if self.scalar else "J"
            return f"({helper}(lambda {self.known[self.variable]}: {self.formula}).T, {right})"
        if line.left == "sgd_step":
            return self.mean(line, right)
        if line.left in ("step", "newton"):
            return f"({self.defined(str(line.left))}, {right})"
        if line.quantity == "statement" and isinstance(line.left, Node):
            left = numpy_code(line.left, self.known, self.variable)
            if line.at is not None:
                at = numpy_code(line.at, self.known, self.variable)
                return f"(lambda {self.known[self.variable]}: ({left}, {right}))({at})"
            if not line.indices:
                return f"({left}, {right})"
            sizes = index_sizes(line.left) | index_sizes(line.expression)
            loops = " ".join(f"for {index} in range({sizes[index]})" for index in line.indices)
            return f"([{left} {loops}], [{right} {loops}])"  # at every value of the free indices
        return right


    def mean(self, line: Line, right: str) -> str:
        """A stochastic step, averaged over the samples, beside the step of gradient descent that it is on average."""
        x, index, count = self.known[self.variable], str(line.facts["i"]), str(line.facts["count"])
        scale = "" if "mean" in line.facts else f" / ({count})"
        gradient = f"G(lambda {x}: {self.formula})"
        steps = f"sum({right} for {index} in range({count})) / ({count})"
        return f"({x} - {self.step}{scale} * {gradient}, {steps})"

    def defined(self, left: str) -> str:
        """The definition of a step: the current point minus the step length times the gradient there."""
        x = self.known[self.variable]
        gradient = f"G(lambda {x}: {self.formula})"
        if left == "step":
            return f"{x} - {self.step} * {gradient}"
        hessian = f"J(lambda {x}: G(lambda {x}: {self.formula}, at={x}))"
        solved = f'np.linalg.solve({hessian}, np.reshape({gradient}, (-1, 1), order="F"))'
        return f'{x} - np.reshape({solved}, np.shape({x}), order="F")'


def _derivation(
    derivation: Derivation, function: Function, code: _Code, languages: Mapping[str, Language]
) -> dict[str, Any]:
    answer, notation = derivation.answer, function.notation
    return {
        "task": derivation.task,
        "method": derivation.method,
        "layout": derivation.layout,
        "lines": [
            _line(
                line,
                code,
                _latex(line, derivation, function, notation),
                slots(line, derivation, function, notation),
                languages,
            )
            for line in derivation.lines
        ],
        **({"verdict": derivation.verdict} if derivation.verdict else {}),
        "answer": {
            "latex": latex(on_page(answer, None, derivation, function, notation), notation),
            "numpy": numpy_code(answer, code.known, code.variable),
            "shape": answer.shape.json(),
            **({"indices": sorted(answer.indices)} if answer.indices else {}),
        },
        "check": {
            "passed": derivation.check.passed,
            "exact": derivation.check.exact,
            "lines": derivation.check.lines,
        },
    }


def _latex(line: Line, derivation: Derivation, function: Function, notation: Notation) -> str:
    """A line in LaTeX: its expression, and for an equation or inequality of a study both sides."""
    written = latex(wording.right(line, derivation, function, notation), notation)
    if line.at is None and line.relation == "=" and line.shown is None:
        return written
    left = wording.left(line, derivation, function, notation)
    return f"{left} {wording.relation(line, notation)} {written}"


def _line(
    line: Line, code: _Code, shown: str, facts: Mapping[str, Math], languages: Mapping[str, Language]
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "rule": line.rule,
        "quantity": line.quantity,
        "indices": list(line.indices),
        "latex": shown,
        "numpy": code.line(line),
        "text": {name: language.sentence(line.rule, facts) for name, language in languages.items()},
    }
    if line.part is not None:
        found["of"] = numpy_code(line.part, code.known, code.variable)
    return found
