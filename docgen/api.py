"""The public API: :func:`derive`, the solution that it returns, and :func:`equal`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, Symbol, sym, walk, workspace
from docgen.algebra.numpy_code import names, numpy_code, size_names
from docgen.algebra.numpy_function import numpy_function
from docgen.algebra.plain import plain
from docgen.calculus import derivation as records
from docgen.calculus.abbreviate import give_names, names_in, written_out
from docgen.calculus.derive import derive_all
from docgen.calculus.given import NO_VARIABLE, read_answer, read_given
from docgen.calculus.judge import judge, judge_answer
from docgen.calculus.request import Request
from docgen.errors import FormulaError, Place, ShapeError
from docgen.reading import Declarations, Reading, declare, read
from docgen.reading.names import function_name

Names = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a derivation: ``latex``, ``numpy`` (source) and ``shape`` (rows and columns). In ``node`` the
    names that the lines give to parts are written out; ``latex`` has them, as the page does."""

    node: Node
    derivation: records.Derivation
    names: Mapping[str, str]
    function: records.Function

    @property
    def latex(self) -> str:
        """The answer in LaTeX."""
        return latex(self.derivation.answer, self.function.notation)

    @property
    def plain(self) -> str:
        """The answer in the plain spelling, as it may be typed again or on matrixcalculus.org.

        Raises UnsupportedError for what that spelling cannot say, such as a sum over samples.
        """
        return plain(self.node, self.function.notation)

    @property
    def numpy(self) -> str:
        """The answer as NumPy source in the identifiers of the JSON's ``names``."""
        return numpy_code(self.node, self.names, self.function.variable.data.name)

    @property
    def shape(self) -> list[int | str]:
        """Rows and columns."""
        return self.node.shape.json()

    def sympy(self) -> Any:
        """The answer as a SymPy expression: a scalar, or a matrix expression of symbols and matrix symbols.

        Raises UnsupportedError for what SymPy has no expression for.
        """
        from docgen.algebra.sympy_out import to_sympy

        return to_sympy(self.node)

    def callable(self) -> Callable[..., Any]:
        """The answer as a function of NumPy arrays, one for each symbol, in the order of ``names`` or by name."""
        symbols = {node.data.name: node for node in (*self.function.symbols, *walk(self.node)) if node.op == "sym"}
        known = [symbols[name] for name in self.names]
        return numpy_function(self.node, known, self.names, self.function.variable)

    def __str__(self) -> str:
        return self.latex


@dataclass(frozen=True, slots=True)
class Solution:
    """A solved problem: one derivation for each task, method and layout that was asked for."""

    record: records.Solution

    @property
    def derivations(self) -> tuple[records.Derivation, ...]:
        """The derivations in the order in which they were asked for."""
        return self.record.derivations

    @property
    def answer(self) -> Answer:
        """The answer of the last derivation."""
        function, last = self.record.function, self.derivations[-1]
        with workspace():
            node = written_out(last.answer, last)
        symbols = [*function.symbols, *(at for at in walk(node) if at.op == "sym")]  # a step length is in no function
        known = names(symbols, size_names([function.formula, *symbols]))
        return Answer(node, last, known, function)

    def to_dict(self, languages: Sequence[str] | None = None) -> dict[str, Any]:
        """The solution as plain data, ready for ``json.dumps`` (CONTRACT section 5), with each line's sentence in
        ``languages`` (default: every language there is)."""
        from docgen.handouts.language import languages as all_languages
        from docgen.handouts.language import load_language
        from docgen.handouts.record import to_dict

        codes = all_languages() if languages is None else languages
        return to_dict(self.record, {code: load_language(code) for code in codes})


def derive(
    function: Any,
    wrt: Any = None,
    shapes: Mapping[str, object] | None = None,
    assume: Mapping[str, object] | None = None,
    task: Names = "derivative",
    method: Names = "differential",
    layout: Names = "mixed",
    name: str = "f",
    detail: str = "normal",
    elementwise: bool = False,
    constrained: bool = False,
) -> Solution:
    """Differentiate a formula, line by line, and prove every line.

    ``function`` is typed in LaTeX or in the plain spelling, or is a SymPy expression, which has its shapes with it.
    ``wrt`` is the variable (a name, or a SymPy symbol), ``shapes`` and ``assume`` are by symbol; ``task``, ``method``
    and ``layout`` take one name or a list.
    Raises a subclass of :class:`docgen.DocgenError` for everything that a user can get wrong.
    """
    with workspace():
        reading = _read(function, wrt, declare(shapes, assume), elementwise)
        called = function_name(name, [symbol.data.name for symbol in reading.symbols])
        about = records.Function(called, reading.formula, reading.variable, reading.symbols, reading.notation)
        request = Request(_several(task), _several(method), _several(layout), detail, constrained)
        found = give_names(derive_all(about, request), about)
    assumed = tuple(records.Assumed(notice.id, notice.facts) for notice in reading.notices)
    shapes_found = {symbol.data.name: symbol.shape for symbol in about.symbols}
    return Solution(records.Solution(about, found, assumed, shapes_found))


def _read(function: Any, wrt: Any, declared: Declarations, elementwise: bool) -> Reading:
    """The function as a formula, from a text or from SymPy."""
    if isinstance(function, str):
        variable = wrt if wrt is None or isinstance(wrt, str) else str(wrt)
        return read(function, variable, declared, elementwise=elementwise, place=Place(formula=function))
    from docgen.algebra.sympy_bridge import is_sympy
    from docgen.reading.sympy_expression import read_sympy

    if not is_sympy(function):
        raise FormulaError(
            f"the function is {function!r}, neither a text nor a SymPy expression",
            hint='Write it as a text: "x^T A x".',
        )
    return read_sympy(function, wrt, declared)


def equal(
    formula: str,
    answer: Answer | str,
    shapes: Mapping[str, object] | None = None,
    assume: Mapping[str, object] | None = None,
) -> str:
    """Judge a formula beside the right answer, which is that of a solution or a formula.

    The verdict reads ``equal``, ``equal to the transpose``, ``wrong sign``, ``off by the factor 2`` (the formula is
    twice the answer), ``wrong shape`` or ``different``. The formula is typed in either spelling and in any form. Beside
    the answer of a solution its symbols are those of the problem; ``shapes`` and ``assume`` declare further ones, and
    all of them where the answer is a formula. A formula whose own sizes do not fit has the wrong shape. Raises a
    subclass of :class:`docgen.DocgenError` where a formula cannot be read.
    """
    with workspace():
        declared = declare(shapes, assume)
        more = tuple(
            sym(Symbol(name, declared.assumptions.get(name, frozenset()), None, declared.values.get(name, ())), shape)
            for name, shape in declared.shapes.items()
        )
        if isinstance(answer, str):
            right = read(answer, NO_VARIABLE, declared, place=Place(formula=answer)).formula
        try:
            if isinstance(answer, str):
                return str(judge(read_given(formula, right, more, None), right))
            given = read_answer(formula, answer.node, answer.function, more, names_in(answer.derivation))
        except ShapeError:
            return "wrong shape"
        return str(judge_answer(given, answer.node, answer.function))


def _several(given: Names) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
