"""The JSON of a solution (CONTRACT section 5): formulas as LaTeX and NumPy source, sentences in every language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docgen.algebra.indexed import index_sizes
from docgen.algebra.latex import latex
from docgen.algebra.node import Node
from docgen.algebra.notation import Notation
from docgen.algebra.numpy_code import names, numpy_code, size_names
from docgen.calculus.abbreviate import written_out
from docgen.calculus.derivation import Derivation, Function, Line, Solution
from docgen.handouts import goals, wording
from docgen.handouts.document import Math
from docgen.handouts.iterates import in_iterates
from docgen.handouts.language import Language
from docgen.handouts.wording import slots


def to_dict(solution: Solution, languages: Mapping[str, Language]) -> dict[str, Any]:
    """The solution as plain data. ``languages`` are the catalogues whose sentences go into each line's ``text``."""
    function = solution.function
    sizes = size_names([function.formula, *function.symbols])
    steps = [one.symbol for d in solution.derivations for one in d.introduced if one.means == "step"]
    symbols = [*function.symbols, *dict.fromkeys(steps)]
    known = names(symbols, sizes)
    variable = function.variable.data.name
    source = numpy_code(function.formula, known, variable)
    maps = function.maps
    return {
        "function": {
            "name": function.name,
            "latex": latex(function.formula, function.notation),
            "numpy": source,
        },
        "variable": variable,
        "names": known,
        "shapes": {symbol.data.name: symbol.shape.json() for symbol in symbols},
        "assumptions": {s.data.name: sorted(s.data.assumptions) for s in function.symbols if s.data.assumptions},
        "map": {"from": maps[0], "to": maps[1]},
        "derivations": [
            _derivation(d, function, _code(d, function, source, known), languages) for d in solution.derivations
        ],
    }


def samples(derivation: Derivation, known: Mapping[str, str]) -> dict[str, str]:
    """What stands in NumPy for the matrices of samples, and the families of rows, that a derivation brings in."""
    found: dict[str, str] = {}
    for one in derivation.introduced:
        if one.means in ("stack", "rows") and one.of is not None:
            source, scalar = known[one.of.data.name], one.of.is_scalar or one.symbol.is_scalar
            rows = {"stack": ("[:, :, 0]", ".reshape(-1, 1)"), "rows": ("[:, :, None]", "[:, 0]")}[one.means]
            found[one.symbol.data.name] = f"{source}{rows[scalar]}"
    return found


@dataclass(frozen=True, slots=True)
class _Code:
    """NumPy source for the lines of a derivation. ``function`` is the source of the function, which is a ``scalar`` or
    not; ``known`` are the names in NumPy, ``x`` that of the variable, ``step`` that of the step length."""

    derivation: Derivation
    variable: str
    function: str
    scalar: bool
    known: Mapping[str, str]
    step: str

    @property
    def x(self) -> str:
        return self.known[self.variable]

    def source(self, node: Node) -> str:
        """The source of a formula, with every part written out that the derivation gives a name."""
        return numpy_code(written_out(node, self.derivation), self.known, self.variable)

    def line(self, line: Line) -> str | None:
        """The source of a line; for a statement the pair (left, right); None for a sentence or an inequality."""
        if line.quantity == "statement" and not line.transposed and (line.left is None or line.relation != "="):
            return None
        right = self.source(line.expression)
        if line.transposed:
            helper = "G" if self.scalar else "J"
            return f"({helper}(lambda {self.x}: {self.function}).T, {right})"
        if line.left == "sgd_step":
            return self.mean(line, right)
        if line.left in ("step", "newton"):
            return f"({self.defined(str(line.left))}, {right})"
        if line.quantity == "statement" and isinstance(line.left, Node):
            left = self.source(line.left)
            if line.at is not None:
                return f"(lambda {self.x}: ({left}, {right}))({self.source(line.at)})"
            if not line.indices:
                return f"({left}, {right})"
            sizes = index_sizes(line.left) | index_sizes(line.expression)
            loops = " ".join(f"for {index} in range({sizes[index]})" for index in line.indices)
            return f"([{left} {loops}], [{right} {loops}])"  # at every value of the free indices
        return right

    def mean(self, line: Line, right: str) -> str:
        """A stochastic step, averaged over the samples, beside the step of gradient descent that it is on average."""
        index, count = str(line.facts["i"]), str(line.facts["count"])
        scale = "" if "mean" in line.facts else f" / ({count})"
        gradient = f"G(lambda {self.x}: {self.function})"
        steps = f"sum({right} for {index} in range({count})) / ({count})"
        return f"({self.x} - {self.step}{scale} * {gradient}, {steps})"

    def defined(self, left: str) -> str:
        """The definition of a step: the current point minus the step length times the gradient there."""
        x = self.x
        gradient = f"G(lambda {x}: {self.function})"
        if left == "step":
            return f"{x} - {self.step} * {gradient}"
        hessian = f"J(lambda {x}: G(lambda {x}: {self.function}, at={x}))"
        solved = f'np.linalg.solve({hessian}, np.reshape({gradient}, (-1, 1), order="F"))'
        return f'{x} - np.reshape({solved}, np.shape({x}), order="F")'


def _code(derivation: Derivation, function: Function, source: str, known: Mapping[str, str]) -> _Code:
    """What writes the lines of a derivation; each symbol that it brings in is written by what it stands for."""
    variable = function.variable.data.name
    d = f"d_{known[variable]}"
    directions = {"direction": d, "symmetric_direction": f"({d} + {d}.T)"}
    brought = {one.symbol.data.name: one.means for one in derivation.introduced}
    more = {**known, **{name: directions[means] for name, means in brought.items() if means in directions}}
    step = next((known[name] for name, means in brought.items() if means == "step"), "")
    more |= samples(derivation, more)
    return _Code(derivation, variable, source, function.formula.is_scalar, more, step)


def _derivation(
    derivation: Derivation, function: Function, code: _Code, languages: Mapping[str, Language]
) -> dict[str, Any]:
    answer, notation = derivation.answer, function.notation
    where = {latex(name, notation): latex(meaning, notation) for name, meaning in goals.parts_in(derivation)}
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
            "latex": latex(in_iterates(answer, None, derivation, function, notation), notation),
            "numpy": code.source(answer),
            "shape": answer.shape.json(),
            **({"where": where} if where else {}),
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
        found["of"] = code.source(line.part)
    return found
