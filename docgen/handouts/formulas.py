"""The formulas of a problem as its author types them: with macros, functions and parts of his own names, and symbols
that are tied to one another (the rows x_i of X).

Macros are written out as text, a function is put in where it is called, a named part is put in as a node and may be
folded back (:mod:`docgen.calculus.naming`). What is printed keeps the names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from dataclasses import replace as changed

from docgen.algebra.node import Node, Symbol, replace, sym, walk, zeros
from docgen.algebra.notation import Notation
from docgen.algebra.sizes import ONE, SCALAR, Shape, shape
from docgen.calculus.derivation import Function
from docgen.errors import DocgenError, FormulaError, Place, SpecError
from docgen.handouts.calls import Call, arguments, counted, head, named_functions, names_in, put, substituted
from docgen.handouts.macros import Macros
from docgen.handouts.spec import Problem
from docgen.reading import Declarations, Notice, Reading, canonical, declare, read, read_equation, read_shape
from docgen.reading.names import names_at, sample_index
from docgen.reading.tokens import Token, tokenize

_SUMS = re.compile(r"\\sum(?:\\limits)?\s*_\s*\{?\s*([a-z])\s*=")
#: A gradient without the variable by which it is taken.
_BY_NOTHING = re.compile(r"\\nabla(?![A-Za-z])(?!\s*[_^])\s*")
#: Named where a formula is read that is a function of nothing.
_NO_VARIABLE = r"\omega_{00}"
#: Names that stand for calls while a formula is read.
_PLACEHOLDERS = tuple(rf"\mathfrak{{{letter}}}" for letter in "zyxwvutsrqponmlkjihgfedcba")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was read: as it is ``printed``, with named parts, as ``written`` out, and how it is spelled."""

    printed: Node
    written: Node
    notation: Notation


class Formulas:
    """Reads the formulas of one problem. It lives in one workspace of nodes."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        places = problem.common.places
        self.macros = Macros(problem.common.macros, places.get("macros"))
        self.functions = named_functions(problem.common.functions, self.macros, places.get("functions"))
        self.parts = {canonical(name): self.macros.expand(text) for name, text in problem.where.items()}
        self.stacked: dict[str, str] = {}  # a matrix or column, and the member of the family of its rows or entries
        shapes, assume = dict(problem.shapes), {name: tuple(said) for name, said in problem.assume.items()}
        try:
            self._tie(shapes, assume)
        except DocgenError as error:
            raise error.at(places["symbols"]) from None
        self.declared = declare(shapes or None, assume or None)
        self.variable: str | None = None
        self.symbols: tuple[Node, ...] = ()  # those of the function, whose shapes are known once it was read
        self.notices: tuple[Notice, ...] = ()

    # ---- declarations ------------------------------------------------------------------------------------------

    def _tie(self, shapes: dict[str, object], assume: dict[str, tuple[str, ...]]) -> None:
        """Declare the rows and entries of symbols, and carry over what is assumed of the entries.

        A symbol whose shape the problem gives itself is another symbol of that name, and is tied to nothing."""
        for name, symbol in self.problem.common.symbols.items():
            member = symbol.rows if symbol.rows is not None else symbol.entries
            if member is None or symbol.shape is None or not symbol.is_meant(name, shapes):
                continue
            given = read_shape(symbol.shape, name)
            if sample_index(canonical(member)) is None:
                raise SpecError(
                    f"the rows of {name} are called {member}, which has no index",
                    hint=f"Call them by one member: {member}_i.",
                )
            if symbol.entries is not None and given.kind == "matrix":
                raise SpecError(f"the entries of {name} have two indices", hint="Tie its rows: rows: x_i.")
            row = shape(given.cols, ONE) if given.kind == "matrix" else SCALAR
            if read_shape(shapes.setdefault(member, row), member) is not row:
                raise SpecError(
                    f"{member} is declared as {read_shape(shapes[member], member)}, but as a row of {name} it is {row}",
                    hint="Leave its shape out.",
                )
            shapes.setdefault(name, symbol.shape)
            both = tuple(s for s in (*assume.get(name, ()), *assume.get(member, ())) if s == "positive" or "{" in s)
            for one in (name, member):
                said = tuple(dict.fromkeys((*assume.get(one, ()), *both)))
                if said:
                    assume[one] = said
            self.stacked[canonical(name)] = canonical(member)

    def families(self) -> dict[str, Node]:
        """The family of the rows of each tied symbol, as :class:`docgen.calculus.proof.Prover` takes it."""
        found = {}
        for name, member in self.stacked.items():
            if name in self.declared.shapes:
                said = self.declared.assumptions.get(member, frozenset())
                values = self.declared.values.get(member, ())
                found[name] = sym(Symbol(member, said, sample_index(member), values), self.declared.shapes[member])
        return found

    # ---- reading -----------------------------------------------------------------------------------------------

    def function(self, variable: str | None = None) -> Function:
        """The problem's function, with the author's names written out in ``formula`` and kept in ``stated``."""
        problem = self.problem
        text = self.macros.expand(problem.function or "")
        calls = self._calls(text)
        reading = self._read(put(text, calls), variable or problem.variable, self.declared)
        self.symbols, self.notices = reading.symbols, reading.notices
        self.variable = reading.variable.data.name
        stated = self._stated(text, calls, reading.variable) if calls else None
        return Function(
            problem.name,
            reading.formula,
            reading.variable,
            reading.symbols,
            reading.notation,
            self.families(),
            stated=stated,
            named=tuple(self._named_in(calls)) if stated is not None else (),
        )

    def second(self, text: str, variable: Node) -> Node:
        """A second form of the function, without names."""
        text = self._written(text)
        return self._read(text, variable.data.name, self._known()).formula

    def answer(self, text: str, variable: Node, like: Node) -> Answer:
        """An answer as its author types it. ``dx`` may stand in it; its 1, I and 0 are sized as ``like``."""
        text = self.macros.expand(text)
        calls = self._calls(text)
        written, notation = self._beside(put(text, calls), variable, like, {})
        parts = [call for call in calls if not call.arguments]
        if not parts:
            return Answer(written, written, notation)
        others = [call for call in calls if call.arguments]
        printed, notation = self._beside(put(text, others), variable, like, self._shapes(parts))
        return Answer(printed, written, notation)

    def value(self, text: str, of: Node) -> Node:
        """What a symbol is set to; 0, I and the all-ones vector are sized as the symbol."""
        found, _ = self._beside(self._written(text), of, of, {})
        return zeros(of.shape) if found.is_number and found.data == 0 else found

    def equation(self, text: str, place: Place | None = None) -> Reading:
        """An equation, names written out. The problem's own function may stand in it by its name, and a gradient that
        names no variable is taken by the problem's."""
        text = self._knowing_itself()._written(text)
        if self.variable is not None and not self.problem.variables:
            text = _BY_NOTHING.sub(lambda _: rf"\nabla_{{{self.variable}}} ", text)
        entrywise = self.problem.elementwise
        return read_equation(text, self._known(), elementwise=entrywise, place=place or Place(formula=text))

    def _knowing_itself(self) -> Formulas:
        """The same, where the function is one of the author's names, unless a symbol has its name."""
        problem, found = self.problem, copy(self)
        if problem.function is not None and self.variable is not None and problem.name not in self._known().shapes:
            own, arguments = self.macros.expand(problem.function), problem.variables or (self.variable,)
            found.parts = {problem.name: own, **self.parts}
            found.functions = {problem.name: (tuple(map(canonical, arguments)), own), **self.functions}
        return found

    def _written(self, text: str) -> str:
        text = self.macros.expand(text)
        return put(text, self._calls(text))

    def _beside(self, text: str, variable: Node, like: Node, more: Mapping[str, Shape]) -> tuple[Node, Notation]:
        """A formula and its spelling, read on its own, or, where its sizes are open, beside a symbol of the shape that
        it must have."""
        declared = self._known(more)
        members = [name for name in declared.shapes if sample_index(name) in self._indices()]
        declared = changed(declared, families=frozenset(members), differentials=True)
        try:
            found = self._read(text, variable.data.name, declared)
            return found.formula, found.notation
        except FormulaError as error:
            beside = next(name for name in _PLACEHOLDERS if name not in declared.shapes)
            declared = changed(declared, shapes={**declared.shapes, beside: like.shape})
            try:
                found = self._read(f"{beside} + ({text})", variable.data.name, declared)
                return found.formula.args[1], found.notation
            except DocgenError:
                raise error from None

    def _indices(self) -> frozenset[str | None]:
        """The indices that the sums of the function run over, and those of tied families."""
        found = set(_SUMS.findall(self.problem.function or ""))
        return frozenset(found | {sample_index(member) for member in self.stacked.values()}) - {None}

    def _known(self, more: Mapping[str, Shape] | None = None) -> Declarations:
        """What is declared, and what was found by reading the function."""
        found = {symbol.data.name: symbol.shape for symbol in self.symbols}
        return changed(self.declared, shapes={**found, **self.declared.shapes, **(more or {})})

    def _read(self, text: str, variable: str | None, declared: Declarations) -> Reading:
        return read(text, variable, declared, elementwise=self.problem.elementwise, place=Place(formula=text))

    def _value(self, text: str, more: Mapping[str, Shape] | None = None, index: str | None = None) -> Node:
        """A formula of which nothing is differentiated; members with the given index are members of families."""
        declared = self._known(more)
        members = [name for name in declared.shapes if index is not None and sample_index(name) == index]
        return self._read(text, _NO_VARIABLE, changed(declared, families=frozenset(members))).formula

    # ---- names that stand for formulas -------------------------------------------------------------------------

    def _calls(self, text: str, using: tuple[str, ...] = ()) -> list[Call]:
        """The author's functions and named parts where they stand in a text, left to right, an outer one only.

        Raises FormulaError where one of those in ``using`` stands in it, a number of arguments is wrong, or names are
        nested too deeply."""
        try:
            return self._called(text, using)
        except RecursionError:
            message = "the names in this formula stand inside one another too deeply"
            raise FormulaError(message, hint="Write some of them out.") from None

    def _called(self, text: str, using: tuple[str, ...]) -> list[Call]:
        found: list[Call] = []
        if not self.functions and not self.parts:
            return found
        tokens, at = tokenize(text), 0
        while tokens[at].kind != "end":
            named = self._name_at(text, tokens, at)
            if named is None:
                at += 1
                continue
            name, after = named
            start, end = tokens[at].start, tokens[after - 1].end
            if name in using:
                raise FormulaError(
                    f"{name} is named by a formula that uses {name} itself",
                    hint="Name it otherwise, or write the formula out where it stands.",
                    place=Place(formula=text, start=start, end=end),
                )  # fmt: skip
            if name in self.parts and not (name in self.functions and tokens[after].kind == "("):
                found.append(Call(name, (), start, end, self._meaning(self.parts[name], (*using, name))))
                at = after
                continue
            given, end = arguments(text, tokens[after].start)
            parameters, body = self.functions[name]
            if len(given) != len(parameters):
                raise FormulaError(
                    f"{name} is called with {counted(len(given))}, but it has {counted(len(parameters))}",
                    hint=f"It was named as {name}({', '.join(parameters)}).",
                    place=Place(formula=text, start=start, end=end),
                )
            inside = [self._meaning(one, using) for one in given]
            body = substituted(body, dict(zip(parameters, inside, strict=True)))
            found.append(Call(name, tuple(given), start, end, self._meaning(body, (*using, name))))
            while tokens[at].kind != "end" and tokens[at].start < end:
                at += 1
        return found

    def _meaning(self, text: str, using: tuple[str, ...]) -> str:
        return put(text, self._called(text, using))

    def _name_at(self, text: str, tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
        """The function or part whose name begins at a token, and the position after the name."""
        if tokens[at].kind != "let":
            return None
        names = names_at(tokens, at)
        for name, after in names:
            if name in self.functions and tokens[after].kind == "(":
                return name, after
        if names[0][0] in self.parts:
            return names[0]
        start = tokens[at].start
        if text[start - 1 : start].isalpha():
            return None
        for name in sorted((*self.functions, *self.parts), key=len, reverse=True):  # a word of several letters
            word = len(name) > 1 and name.isalpha() and text.startswith(name, start)
            if word and not text[start + len(name) : start + len(name) + 1].isalpha():
                after = next(k for k in range(at, len(tokens)) if tokens[k].start >= start + len(name))
                if name in self.parts or tokens[after].kind == "(":
                    return name, after
        return None

    def _shapes(self, calls: Sequence[Call]) -> dict[str, Shape]:
        """The shapes of the named parts among the calls."""
        parts = {call.name: call.meaning for call in calls if not call.arguments}
        return {name: self._value(meaning, index=sample_index(name)).shape for name, meaning in parts.items()}

    def _stated(self, text: str, calls: Sequence[Call], variable: Node) -> Node | None:
        """The formula with its names kept; None where there are too many."""
        typed = {(call.name, call.arguments): call for call in calls if call.arguments}
        if len(typed) > len(_PLACEHOLDERS):
            return None
        bound = frozenset(_SUMS.findall(text))
        shown: dict[str, Node] = {}
        names: dict[tuple[str, tuple[str, ...]], str] = {}
        for number, (key, call) in enumerate(typed.items()):
            inside = (names_in(argument) for argument in call.arguments)
            index = next((i for some in inside for n in some if (i := sample_index(n)) in bound), None)
            shape = self._value(call.meaning, index=index).shape
            names[key] = _PLACEHOLDERS[number] + (f"_{index}" if index else "")
            shown[names[key]] = sym(Symbol(head(call.name, call.arguments), frozenset(), index), shape)
        for call in reversed(calls):
            if call.arguments:
                text = f"{text[: call.start]} {names[call.name, call.arguments]} {text[call.end :]}"
        more = {**self._shapes(calls), **{name: node.shape for name, node in shown.items()}}
        node = self._read(text, variable.data.name, self._known(more)).formula
        for at in [at for at in walk(node) if at.op == "sym" and at.data.name in shown]:
            node = replace(node, at, shown[at.data.name])
        return node

    def _named_in(self, calls: Sequence[Call]) -> list[tuple[Node, Node]]:
        """What the names in a formula stand for, and the names in those, each once, the outermost first."""
        found: dict[str, tuple[Node, Node]] = {}
        waiting = list(calls)
        while waiting:
            call = waiting.pop(0)
            if call.name in found:
                continue
            if call.arguments:
                found[call.name] = self._defined(call)
            else:
                index, body = sample_index(call.name), self.parts[call.name]
                inner = self._calls(body, (call.name,))
                functions = [one for one in inner if one.arguments]
                meaning = self._value(put(body, functions), self._shapes(inner), index)
                found[call.name] = sym(Symbol(call.name, frozenset(), index), meaning.shape), meaning
                waiting += inner
        return list(found.values())

    def _defined(self, call: Call) -> tuple[Node, Node]:
        """A function's name with its parameters, and the formula that it was named for."""
        parameters, body = self.functions[call.name]
        names = [name for argument in call.arguments for name in names_in(argument)]
        index = next((i for name in names if (i := sample_index(name)) in self._indices()), None)
        shapes = {
            parameter: self._value(self._meaning(typed, ()), index=index).shape
            for parameter, typed in zip(parameters, call.arguments, strict=True)
        }
        meaning = self._value(self._meaning(body, (call.name,)), shapes)
        return sym(Symbol(head(call.name, parameters)), meaning.shape), meaning
