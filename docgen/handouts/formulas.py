"""The formulas of a problem as its author types them: with macros, functions and parts of his own names, and symbols
that are tied to one another (the rows x_i of X).

Macros are written out as text, a function is put in where it is called, a named part is put in as a node and may be
folded back (:mod:`docgen.calculus.naming`). What is printed keeps the names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docgen.algebra.node import Node, Symbol, replace, sym, walk
from docgen.algebra.sizes import ONE, SCALAR, Shape, shape
from docgen.calculus.derivation import Function
from docgen.errors import DocgenError, FormulaError, Place, SpecError
from docgen.handouts.macros import LONGEST, Macros
from docgen.handouts.spec import Problem
from docgen.reading import Declarations, Notice, Reading, canonical, declare, read, read_equation, read_shape
from docgen.reading.names import identifier, names_at, sample_index
from docgen.reading.tokens import Token, tokenize

_CALLED = re.compile(r"\s*(\S.*?)\s*\(([^()]*)\)\s*", re.DOTALL)
_SUMS = re.compile(r"\\sum(?:\\limits)?\s*_\s*\{?\s*([a-z])\s*=")
_PLACEHOLDERS = tuple(rf"\mathfrak{{{letter}}}" for letter in "zyxwvutsrqponmlkjihgfedcba")


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the author's where it is called: its name and arguments as typed, the span in the text, and the
    text that it stands for."""

    name: str
    arguments: tuple[str, ...]
    start: int
    end: int
    meaning: str


class Formulas:
    """Reads the formulas of one problem. It lives in one workspace of nodes."""

    def __init__(self, problem: Problem, place: Place | None = None) -> None:
        self.problem = problem
        self.macros = Macros(problem.common.macros, place)
        self.functions = _functions(problem.common.functions, self.macros, place)
        self.stacked: dict[str, str] = {}  # a matrix or column, and the member of the family of its rows or entries
        shapes, assume = dict(problem.shapes), {name: tuple(said) for name, said in problem.assume.items()}
        self._tie(shapes, assume)
        self.declared = declare(shapes or None, assume or None)
        self.parts = {canonical(name): self.macros.expand(text) for name, text in problem.where.items()}
        self.meanings: dict[str, tuple[Node, Node, Node]] = {}  # a part, what it stands for, and that without names
        self.notices: list[Notice] = []

    # ---- declarations ------------------------------------------------------------------------------------------

    def _tie(self, shapes: dict[str, object], assume: dict[str, tuple[str, ...]]) -> None:
        """Declare the rows and entries of symbols, and carry over what is assumed of the entries.

        A symbol whose shape the problem gives itself is another symbol of that name, and is tied to nothing."""
        for name, symbol in self.problem.common.symbols.items():
            member = symbol.rows if symbol.rows is not None else symbol.entries
            if member is None or symbol.shape is None:
                continue
            given = read_shape(shapes.get(name, symbol.shape), name)
            if given is not read_shape(symbol.shape, name):
                continue
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

    def function(self) -> Function:
        """The problem's function, with the author's names written out in ``formula`` and kept in ``stated``."""
        problem = self.problem
        text = self.macros.expand(problem.function or "")
        calls = self._calls(text)
        reading = self._read(self._put(text, calls), problem.variable or (problem.variables or (None,))[0])
        formula = self.without_names(reading.formula)
        named = self.named(reading.formula)
        stated = None
        if calls:
            stated, headed = self._stated(text, calls)
            named += headed
        elif formula is not reading.formula:
            stated = reading.formula
        self.notices += reading.notices
        symbols = tuple(dict.fromkeys(at for at in walk(formula) if at.op == "sym")) if stated else reading.symbols
        if reading.variable not in symbols:
            symbols = (*symbols, reading.variable)
        return Function(
            problem.name,
            formula,
            reading.variable,
            symbols,
            reading.notation,
            self.families(),
            stated=stated,
            named=tuple(named),
        )

    def second(self, text: str, variable: Node) -> Node:
        """A second form of the function, without names."""
        text = self.macros.expand(text)
        return self.without_names(self._read(self._put(text, self._calls(text)), variable.data.name).formula)

    def answer(self, text: str, variable: Node, like: Node) -> Node:
        """An answer as its author types it, names kept; ``dx`` may stand in it. Its 1, I and 0 are sized as ``like``."""
        return self._beside(text, variable, like)

    def value(self, text: str, of: Node) -> Node:
        """What a symbol is set to; 1, I and 0 are sized as the symbol."""
        return self.without_names(self._beside(text, of, of))

    def equation(self, text: str) -> Reading:
        """An equation, names kept."""
        text = self.macros.expand(text)
        written = self._put(text, self._calls(text))
        return read_equation(
            written, self._with_parts(written), elementwise=self.problem.elementwise, place=Place(formula=written)
        )

    def _beside(self, text: str, variable: Node, like: Node) -> Node:
        """A formula read on its own, or, where its sizes are open, beside a symbol of the shape it must have."""
        text = self.macros.expand(text)
        written = self._put(text, self._calls(text))
        declared = self._with_parts(written, families=True)
        where = Place(formula=written)

        def attempt(text: str, declared: Declarations) -> Node:
            allowed = _allowing(declared)
            return read(text, variable.data.name, allowed, elementwise=self.problem.elementwise, place=where).formula

        if not declared.shapes:  # shapes that were left out: those that the function was read with
            declared = _known(declared, self.symbols)
        try:
            return attempt(written, declared)
        except FormulaError as error:
            beside = next(name for name in _PLACEHOLDERS if name not in declared.shapes)
            try:
                whole = attempt(f"{beside} + ({written})", _with(declared, {beside: like.shape}))
            except DocgenError:
                raise error from None
            return whole.args[1]

    #: The symbols of the function, for formulas that are read later where no shapes are declared.
    symbols: Sequence[Node] = ()

    def _read(self, text: str, variable: str | None) -> Reading:
        reading = read(
            text,
            variable,
            self._with_parts(text),
            elementwise=self.problem.elementwise,
            place=Place(formula=text),
        )
        self.symbols = self.symbols or reading.symbols
        return reading

    # ---- named parts -------------------------------------------------------------------------------------------

    def without_names(self, node: Node) -> Node:
        """A formula with every named part written out."""
        for part, _, written in self._used(node):
            node = replace(node, part, written)
        return node

    def named(self, node: Node) -> list[tuple[Node, Node]]:
        """The named parts of a formula and of what they stand for, each with its formula, the outermost first."""
        found: dict[Node, Node] = {}
        waiting = [node]
        while waiting:
            for part, meaning, _ in self._used(waiting.pop(0)):
                if part not in found:
                    found[part] = meaning
                    waiting.append(meaning)
        return list(found.items())

    def _used(self, node: Node) -> list[tuple[Node, Node, Node]]:
        return [self.meanings[name] for name in self.parts if name in self.meanings and name in node.free]

    def _with_parts(self, text: str, families: bool = False) -> Declarations:
        """What is declared, with the named parts that a text mentions."""
        mentioned = [name for name in names_in(text) if name in self.parts]
        for name in mentioned:
            self._learn(name, ())
        declared = self.declared
        if mentioned:
            declared = _with(declared, {name: self.meanings[name][0].shape for name in mentioned})
        if families:
            members = [name for name in declared.shapes if sample_index(name) in self._indices()]
            declared = declare_families(declared, members)
        return declared

    def _indices(self) -> frozenset[str | None]:
        """The indices that the sums of the function run over, and those of tied families."""
        found = set(_SUMS.findall(self.problem.function or ""))
        return frozenset(found | {sample_index(member) for member in self.stacked.values()}) - {None}

    def _learn(self, name: str, using: tuple[str, ...]) -> None:
        """Read what a part stands for."""
        if name in self.meanings:
            return
        if name in using:
            raise FormulaError(f"the named part {name} uses itself", hint="Write one of the parts out.")
        text = self.parts[name]
        text = self._put(text, self._calls(text))
        for other in names_in(text):
            if other in self.parts:
                self._learn(other, (*using, name))
        declared = self._with_parts(text)
        index = sample_index(name)
        if index is not None:
            declared = declare_families(declared, [n for n in declared.shapes if sample_index(n) == index])
        some = next((n for n in names_in(text) if n in declared.shapes), None)
        reading = read(
            text, some, declared, elementwise=self.problem.elementwise, place=Place(formula=text)
        )
        part = sym(Symbol(name, frozenset(), index), reading.formula.shape)
        self.meanings[name] = part, reading.formula, self.without_names(reading.formula)

    # ---- functions ---------------------------------------------------------------------------------------------

    def _calls(self, text: str, using: tuple[str, ...] = ()) -> list[Call]:
        """The calls of the author's functions in a text, left to right, those inside one another as one."""
        found: list[Call] = []
        if not self.functions:
            return found
        tokens, at = tokenize(text), 0
        while tokens[at].kind != "end":
            named = self._named(text, tokens, at)
            if named is None:
                at += 1
                continue
            name, after = named
            arguments, end = _arguments(text, tokens[after].start)
            parameters, body = self.functions[name]
            if len(arguments) != len(parameters):
                raise FormulaError(
                    f"{name} is called with {len(arguments)} arguments and has {len(parameters)}",
                    hint=f"It was named as {name}({', '.join(parameters)}).",
                    place=Place(formula=text, start=tokens[at].start, end=end),
                )
            if name in using:
                raise FormulaError(f"the function {name} uses itself", hint="Write it out.", place=Place(formula=body))
            inside = [self._put(one, self._calls(one, using)) for one in arguments]
            meaning = _substituted(body, dict(zip(parameters, inside, strict=True)))
            meaning = self._put(meaning, self._calls(meaning, (*using, name)))
            found.append(Call(name, tuple(arguments), tokens[at].start, end, meaning))
            while tokens[at].kind != "end" and tokens[at].start < end:
                at += 1
        return found

    def _named(self, text: str, tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
        """The function whose call begins at a token, and the token of its bracket."""
        if tokens[at].kind != "let":
            return None
        for name, after in names_at(tokens, at):
            if name in self.functions and tokens[after].kind == "(":
                return name, after
        for name in self.functions:  # a word of several letters
            start = tokens[at].start
            if name.isalpha() and text.startswith(name, start) and not text[start - 1 : start].isalpha():
                after = next((k for k in range(at, len(tokens)) if tokens[k].start >= start + len(name)), at)
                if tokens[after].kind == "(":
                    return name, after
        return None

    def _put(self, text: str, calls: Sequence[Call]) -> str:
        """The text with every call written out."""
        for call in reversed(calls):
            text = f"{text[: call.start]}({call.meaning}){text[call.end :]}"
        if len(text) > LONGEST and calls:
            raise FormulaError(
                f"with its functions written out, the formula has more than {LONGEST} characters",
                hint="Name fewer things by formulas.",
            )
        return text

    def _stated(self, text: str, calls: Sequence[Call]) -> tuple[Node | None, list[tuple[Node, Node]]]:
        """The formula with its calls kept, and what each function was named as; None where there are too many."""
        typed = {(call.name, call.arguments): call for call in calls}
        if len(typed) > len(_PLACEHOLDERS):
            return None, []
        bound = frozenset(_SUMS.findall(text))
        shown: dict[str, Node] = {}
        names: dict[tuple[str, tuple[str, ...]], str] = {}
        headed: dict[str, tuple[Node, Node]] = {}
        for number, (key, call) in enumerate(typed.items()):
            inside = [names_in(argument) for argument in call.arguments]
            index = next((i for names in inside for n in names if (i := sample_index(n)) in bound), None)
            declared = self._with_parts(call.meaning)
            members = [n for n in declared.shapes if index is not None and sample_index(n) == index]
            declared = declare_families(_known(declared, self.symbols), members)
            some = next(iter(declared.shapes))
            elementwise = self.problem.elementwise
            value = read(call.meaning, some, declared, elementwise=elementwise).formula
            name = _PLACEHOLDERS[number] + (f"_{index}" if index else "")
            written = f"{call.name}({', '.join(' '.join(one.split()) for one in call.arguments)})"
            names[key] = name
            shown[name] = sym(Symbol(written, frozenset(), index), value.shape)
            if call.name not in headed:
                headed[call.name] = self._head(call, declared, value)
        for call in reversed(calls):
            text = f"{text[: call.start]} {names[call.name, call.arguments]} {text[call.end :]}"
        declared = _with(_known(self._with_parts(text), self.symbols), {n: s.shape for n, s in shown.items()})
        variable = self.problem.variable or (self.problem.variables or (None,))[0]
        node = read(text, variable, declared, elementwise=self.problem.elementwise).formula
        for at in [at for at in walk(node) if at.op == "sym" and at.data.name in shown]:
            node = replace(node, at, shown[at.data.name])
        return node, list(headed.values())

    def _head(self, call: Call, declared: Declarations, value: Node) -> tuple[Node, Node]:
        """A function's name with its parameters, and the formula that it was named for."""
        parameters, body = self.functions[call.name]
        shapes: dict[str, Shape] = {}
        for parameter, typed in zip(parameters, call.arguments, strict=True):
            written = self._put(typed, self._calls(typed))
            argument = read(written, next(iter(declared.shapes)), declared, elementwise=self.problem.elementwise)
            shapes[parameter] = argument.formula.shape
        known = _with(_known(self._with_parts(body), self.symbols), shapes)
        body = self._put(body, self._calls(body, (call.name,)))
        meaning = read(body, next(iter(known.shapes)), known, elementwise=self.problem.elementwise).formula
        head = sym(Symbol(f"{call.name}({', '.join(parameters)})"), value.shape)
        return head, meaning


# ---- small parts -----------------------------------------------------------------------------------------------------


def _functions(
    typed: Mapping[str, str], macros: Macros, place: Place | None
) -> dict[str, tuple[tuple[str, ...], str]]:
    """Functions by name: the names of their parameters, and their text."""
    found = {}
    for key, body in typed.items():
        parts = _CALLED.fullmatch(macros.expand(key))
        if parts is None:
            raise SpecError(
                f"`{key}` names no function: it has no arguments in brackets",
                hint=r"For example: functions: {'h(x)': '\sigma(w^T x)'}. A name without arguments goes under `where`.",
                place=place,
            )
        name = parts[1] if parts[1].isalpha() and parts[1].isascii() and len(parts[1]) > 1 else canonical(parts[1])
        found[name] = tuple(canonical(one) for one in parts[2].split(",")), macros.expand(body)
    return found


def names_in(text: str) -> list[str]:
    """Every name that a formula may mention, in order."""
    found: dict[str, None] = {}
    try:
        tokens = tokenize(text)
    except FormulaError:
        return []
    for at, token in enumerate(tokens):
        if token.kind == "let":
            found.update((name, None) for name, _ in names_at(tokens, at))
    for word in re.findall(r"(?<![\\A-Za-z])[A-Za-z]\w*", text):
        found[identifier(word) if re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*", word) else word] = None
    return list(found)


def _arguments(text: str, at: int) -> tuple[list[str], int]:
    """The arguments in the bracket that opens at ``at``, and the place after it."""
    depth, start, found = 0, at + 1, []
    for place in range(at, len(text)):
        char = text[place]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth == 0:
                return [*found, text[start:place].strip()], place + 1
        elif char == "," and depth == 1:
            found.append(text[start:place].strip())
            start = place + 1
    raise FormulaError(
        "this bracket is never closed", hint="Add the missing ).", place=Place(formula=text, start=at, end=at + 1)
    )


def _substituted(body: str, given: Mapping[str, str]) -> str:
    """The text of a function with its parameters replaced by arguments."""
    tokens, out, last, at = tokenize(body), [], 0, 0
    while tokens[at].kind != "end":
        found = None
        if tokens[at].kind == "let":
            found = next(((n, after) for n, after in names_at(tokens, at) if n in given), None)
        if found is None:
            at += 1
            continue
        name, after = found
        typed = given[name]
        single = any(n == typed.strip() for n in names_in(typed)[:1])
        out += [body[last : tokens[at].start], f" {typed} " if single else f"({typed})"]
        last, at = tokens[after - 1].end, after
    return "".join([*out, body[last:]])


def _with(declared: Declarations, shapes: Mapping[str, Shape]) -> Declarations:
    from dataclasses import replace as changed

    return changed(declared, shapes={**declared.shapes, **shapes})


def _known(declared: Declarations, symbols: Sequence[Node]) -> Declarations:
    """The declarations with symbols whose shape was found by reading."""
    return _with(declared, {s.data.name: s.shape for s in symbols if s.data.name not in declared.shapes})


def _allowing(declared: Declarations) -> Declarations:
    from dataclasses import replace as changed

    return changed(declared, differentials=True)


def declare_families(declared: Declarations, members: Sequence[str]) -> Declarations:
    """The declarations where these names keep their index outside sums, too."""
    from dataclasses import replace as changed

    return changed(declared, families=declared.families | frozenset(members))
