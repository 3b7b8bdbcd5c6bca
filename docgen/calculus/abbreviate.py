"""Names that docgen gives of itself: p := softmax(x) where a long expression comes again and again, f(x) where the
function comes back in its own derivative.

As with the author's names, a derivation is made with everything written out, and the names are put in afterwards, from
the first line that has the expression; each line changed is proved equal to what it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace as changed
from fractions import Fraction
from functools import cached_property

from docgen.algebra.node import Node, Symbol, rebuild, replace, sym, walk
from docgen.algebra.normal import parts
from docgen.algebra.products import Product
from docgen.algebra.properties import has_d, weight
from docgen.algebra.sizes import SCALAR
from docgen.calculus.derivation import Derivation, Function, Introduced, Line
from docgen.calculus.naming import Part, folded, prover_of
from docgen.calculus.proof import Prover
from docgen.errors import DocgenError, ProofError

#: The letters tried for a scalar, a vector, a matrix, and first of all for the softmax.
LETTERS = {"scalar": "sctqh", "vector": "urvpz", "row": "urvpz", "matrix": "MPQSK"}
SOFTMAX = "p"

#: No more names than these are given.
MOST = 3

#: So much shorter, in symbols, an answer has to become by a name, its definition counted; the name of a function is
#: so much longer than a symbol.
SHORTER = 3
FUNCTION = 2

#: The rules of the lines that give the names.
NAMES = NAME, ITSELF = ("abbreviation", "name_function")

#: A function at least as long as this is written f(x) in its own derivative.
LONG = 7

#: The operators that make an expression worth a name. A mere product or power of matrices is none: it is one factor
#: among others.
NAMED = frozenset({"add", "inv", "fn", "softmax", "pow", "had", "expm", "kron", "adj", "total"})

#: What names are given in: the tasks that end with a derivative. A formula of entries keeps its indices and has none.
TASKS = frozenset({"derivative", "gradient", "jacobian", "hessian"})
#: The study that speaks of the derivative as it stands, at any value of the variable.
STUDY = "definiteness"


def give_names(
    derivations: Sequence[Derivation], function: Function, taken: Iterable[str] = ()
) -> tuple[Derivation, ...]:
    """The derivations with names for what repeats in them. No name is one of ``taken`` or a symbol of the function."""
    given = [d for d in derivations if d.task in TASKS and d.reached is None]
    if not given:
        return tuple(derivations)
    sizes = (size for symbol in function.symbols for size in (symbol.shape.rows, symbol.shape.cols))
    known = {function.name, *(symbol.data.name for symbol in function.symbols)}.union(*(size.symbols for size in sizes))
    indices = (node.data.index for node in walk(function.formula) if node.op == "total")
    names = _Names(function, {*taken, *known, *indices})
    names.recognise(given)
    names.choose(given)
    if not names.found:
        return tuple(derivations)
    return tuple(names.put_into(d) if d in given or d.task == STUDY else d for d in derivations)


def names_in(derivation: Derivation) -> dict[Node, Node]:
    """The names that docgen gave in a derivation, each with what it stands for."""
    return {one.symbol: one.of for one in derivation.introduced if one.means == "part" and one.of is not None}


def written_out(node: Node, derivation: Derivation) -> Node:
    """An expression of a derivation without the names that docgen gave."""
    for name, meaning in reversed(names_in(derivation).items()):  # what a name stands for may have earlier names
        if name.data.name in node.free:
            node = replace(node, name, meaning)
    return node


class _Names:
    """The names found so far for one function, and the expressions with them put in."""

    def __init__(self, function: Function, taken: set[str]) -> None:
        self.function, self.taken = function, taken
        self.found: list[Part] = []
        self.itself: Part | None = None
        self.short: dict[int, tuple[Node, Node]] = {}

    @cached_property
    def prover(self) -> Prover:
        """The proof that a name stands for what was there, with the author's names known."""
        return prover_of(self.function)

    def recognise(self, given: Sequence[Derivation]) -> None:
        """f(x) for the function, where its own derivative gets shorter by it."""
        formula = self.function.formula
        if not formula.is_scalar or formula.op not in ("mul", "fn") or weight(formula) < LONG or self.function.named:
            return
        x = self.function.variable
        name = sym(Symbol(f"{self.function.name}({x.data.name})", of=x), SCALAR)
        whole = (name, formula)
        if any(_recognised(d.answer, whole) is not d.answer for d in given):
            self.itself = whole
            self.add(whole)

    def choose(self, given: Sequence[Derivation]) -> None:
        """A name for what repeats most, as long as something repeats enough."""
        while len(self.found) < MOST:
            repeated = (pair for derivation in given for pair in _repeated(self.put(derivation.answer)))
            saved, node = max(repeated, key=lambda pair: pair[0], default=(0, None))
            letter = None if node is None or saved < SHORTER else self.letter(node)
            if node is None or letter is None:
                return
            self.add((sym(Symbol(letter), node.shape), node))

    def letter(self, node: Node) -> str | None:
        """A letter that nothing has yet; None where all are taken."""
        first = SOFTMAX if node.op == "softmax" else ""
        return next((x for x in first + LETTERS[node.shape.kind] if x not in self.taken), None)

    def add(self, part: Part) -> None:
        """Give a name from now on."""
        self.found.append(part)
        self.taken.add(part[0].data.name)
        self.prover.define(part[0].data.name, part[1])
        self.short.clear()

    def put(self, node: Node) -> Node:
        """The expression with the names in it, where they are proved to stand for what was there."""
        if node.indices:
            return node
        kept = self.short.get(id(node))
        if kept is None:
            short = node
            try:
                for part in self.found:
                    short = _recognised(short, part) if part is self.itself else folded(short, (part,))
                kept = (short if short is node or self.prover.equal(short, node) else node), node
            except DocgenError:
                kept = node, node
            self.short[id(node)] = kept
        return kept[0]

    def put_into(self, derivation: Derivation) -> Derivation:
        """A derivation with the names, each defined before the first line that has it."""
        lines = [self.line(line) for line in derivation.lines]
        answer = self.put(derivation.answer)
        answer = derivation.answer if answer.op == "sym" else answer  # a name alone answers nothing
        used = answer.free.union(*(line.expression.free for line in lines))
        for name, meaning in reversed(self.found):  # what a name stands for may have earlier names
            used = used | meaning.free if name.data.name in used else used
        defined = [part for part in self.found if part[0].data.name in used]
        if not defined:
            return derivation
        named = [
            Line(ITSELF if (u, value) == self.itself else NAME, "statement", value, u, {"u": u, "value": value})
            for u, value in defined
        ]
        for line in named:
            if not isinstance(line.left, Node) or not self.prover.equal(line.left, line.expression):
                raise ProofError(f"the name {line.facts['u']} stands for something else")
        check = derivation.check
        check = changed(check, lines=check.lines + len(named), exact=check.exact and self.prover.exact)
        introduced = (*derivation.introduced, *(Introduced(name, "part", meaning) for name, meaning in defined))
        return changed(derivation, lines=(*named, *lines), answer=answer, check=check, introduced=introduced)

    def line(self, line: Line) -> Line:
        """A line with the names on its right-hand side; its left-hand side stays as it was stated. What f(x) is equal
        to is no place for its name."""
        if line.quantity == "value":
            return line
        return changed(
            line,
            expression=self.put(line.expression),
            part=None if line.part is None else self.put(line.part),
            facts={name: self.put(fact) if isinstance(fact, Node) else fact for name, fact in line.facts.items()},
        )


def _repeated(expression: Node) -> Iterator[tuple[int, Node]]:
    """What comes more than once in an expression, with the symbols that a name for it would save."""
    times = Counter({id(expression): 1})
    order = list(walk(expression))
    for node in reversed(order):
        for arg in node.args:
            times[id(arg)] += times[id(node)]
    for node in order:
        if times[id(node)] < 2 or node.op not in NAMED or node.indices or has_d(node) or not node.free:
            continue
        if node.op == "fn" and times[id(node)] < 3:  # σ(u)(1 - σ(u)) is read as it stands
            continue
        if node.op == "pow" and node.data < 0:  # 1/s has the name s for its denominator
            continue
        length = weight(node) + FUNCTION * (node.op in ("fn", "softmax"))
        yield times[id(node)] * (length - 1) - (length + 2), node


def _recognised(node: Node, part: Part) -> Node:
    """A formula with the function written by its name wherever all its factors stand in a product."""
    done: dict[int, Node] = {}
    for at in walk(node):
        if at.op == "d" or not at.args:
            done[id(at)] = at
            continue
        found = _divided(at, part) if at.op in ("mul", "fn", "pow") else None
        done[id(at)] = found or rebuild(at, [done[id(arg)] for arg in at.args])
    return done[id(node)]


def _divided(node: Node, part: Part) -> Node | None:
    """A product with the factors of the function taken out of it and its name put in; None where they are not all
    there."""
    name, meaning = part
    wanted, have = parts(meaning), parts(node)
    powers = {id(base): exponent for base, exponent in have.scalars}
    for base, exponent in wanted.scalars:
        held = powers.get(id(base), Fraction(0))
        if held * exponent <= 0 or abs(held) < abs(exponent):
            return None
        powers[id(base)] = held - exponent
    left = tuple((base, powers[id(base)]) for base, _ in have.scalars if powers[id(base)])
    scalars = ((name, Fraction(1)), *left)
    return Product(have.number / wanted.number, scalars, have.chain, have.shape).node()
